//! The same solution as [`solve`](super::solve)'s, in time that grows with the graph and not its square.
//!
//! Walking from every location is quadratic when thousands of functions call each other. Most walks have
//! the same question, though, so they are done together, with many roots at once:
//!
//! - *Heap*: the heap and everything that escapes outlive everything. One search from all of them; what
//!   escapes on the way becomes a root.
//! - *Other functions' results* outlive a location, unless its function is around the literal they belong to.
//!   A *family* is a declared function and the literals in it. One search from all results keeps, for each
//!   location, the nearest two of different families: one of them is foreign.
//! - *Within a family*: each result by itself, since leaks to results are told apart; for each function with
//!   literals in it all its locations together, since they outlive what is in the literals; and for each
//!   loop depth all locations of a function up to it, since they outlive what is declared deeper.
//!
//! Searches within a family need not leave it. A way out leads through a parameter and the only ways back are
//! results, which are foreign to the location and as near to it or nearer: what the longer way would
//! tell is known from there.
//!
//! That what keeps storage from being reused (`PERSISTS`) is not computed: nothing here depends on it.
//! Explanations need the ways, so they use the slow solver. In debug builds small batches are solved by both
//! and compared.

#![forbid(unsafe_code)]

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::graph::{Batch, CALLEE, HEAP, LocId, MUTATOR, Node, attr};
use super::leaks::MAX_RESULTS;
use crate::hir::order::outermost;
use crate::hir::{ExprKind, FuncId, Program};
use crate::index::Id;

/// Not reached.
const FAR: i32 = i32::MAX;

/// Distances of one search, cleared by counting up.
struct Search {
    dist: Vec<i32>,
    stamp: Vec<u32>,
    now: u32,
    queue: VecDeque<LocId>,
    queued: Vec<bool>,
}

impl Search {
    fn new(n: usize) -> Search {
        Search { dist: vec![FAR; n], stamp: vec![0; n], now: 1, queue: VecDeque::new(), queued: vec![false; n] }
    }

    fn restart(&mut self) {
        debug_assert!(self.queue.is_empty());
        self.now += 1;
    }

    fn get(&self, l: LocId) -> i32 {
        if self.stamp[l.index()] == self.now { self.dist[l.index()] } else { FAR }
    }

    /// Lowers the distance of `l`; whether that was news.
    fn lower(&mut self, l: LocId, d: i32) -> bool {
        if d >= self.get(l) {
            return false;
        }
        self.dist[l.index()] = d;
        self.stamp[l.index()] = self.now;
        if !std::mem::replace(&mut self.queued[l.index()], true) {
            self.queue.push_back(l);
        }
        true
    }

    fn next(&mut self) -> Option<(LocId, i32)> {
        let l = self.queue.pop_front()?;
        self.queued[l.index()] = false;
        Some((l, self.get(l)))
    }
}

/// The solver's state.
pub struct Fast<'a> {
    prog: &'a Program,
    batch: &'a mut Batch,
    results: &'a FxHashMap<FuncId, Vec<LocId>>,
    /// Family of each location, and the locations of each function.
    family: Vec<FuncId>,
    members: FxHashMap<FuncId, Vec<LocId>>,
    heap: Search,
    mutator: Search,
    callee: Search,
    local: Search,
    lost: FxHashSet<FuncId>,
    /// Literals: their location and function.
    literals: Vec<(LocId, FuncId)>,
    /// Functions with literals in them.
    parents: FxHashSet<FuncId>,
}

/// Solves a batch: attributes of locations and leaks of parameters.
pub fn solve(prog: &Program, batch: &mut Batch, results: &FxHashMap<FuncId, Vec<LocId>>) {
    let n = batch.locs.len();
    let nowhere = FuncId(u32::MAX);
    let mut family = vec![nowhere; n];
    let mut members: FxHashMap<FuncId, Vec<LocId>> = FxHashMap::default();
    let mut literals = Vec::new();
    for l in batch.all() {
        let loc = &batch.locs[l];
        family[l.index()] = outermost(prog, loc.func);
        members.entry(loc.func).or_default().push(l);
        if let Node::Expr(f, x) = loc.node
            && let ExprKind::Closure(c) = prog.funcs[f].exprs[x].kind
            && results.contains_key(&c)
        {
            literals.push((l, c));
        }
    }
    let parents = literals.iter().filter_map(|&(_, c)| prog.funcs[c].parent).collect();
    let mut fast = Fast {
        prog,
        batch,
        results,
        family,
        members,
        heap: Search::new(n),
        mutator: Search::new(n),
        callee: Search::new(n),
        local: Search::new(n),
        lost: FxHashSet::default(),
        literals,
        parents,
    };
    fast.run();
}

impl Fast<'_> {
    fn run(&mut self) {
        self.heap.lower(HEAP, 0);
        for l in self.batch.all() {
            if self.batch.locs[l].has(attr::ESCAPES) {
                self.heap.lower(l, 0);
            }
        }
        self.spread_heap();
        for (root, which) in [(MUTATOR, false), (CALLEE, true)] {
            let search = if which { &mut self.callee } else { &mut self.mutator };
            search.lower(root, 0);
            while let Some((l, d)) = search.next() {
                for e in &self.batch.locs[l].edges {
                    search.lower(e.src, d.max(0) + e.derefs);
                }
            }
        }
        self.foreign_results();
        self.within_families();
        self.spread_heap();
        // Literals whose calls are not all known any more: their results outlive what is around them, too.
        loop {
            let mut newly = Vec::new();
            for &(l, c) in &self.literals {
                if self.heap.get(l).min(self.callee.get(l)) <= 0 && self.lost.insert(c) {
                    newly.push(c);
                }
            }
            if newly.is_empty() {
                break;
            }
            newly.sort_unstable();
            for c in newly {
                self.own_results(c);
            }
            self.spread_heap();
        }
        for l in self.batch.all() {
            let heap = self.heap.get(l);
            let (mutator, callee) = (heap.min(self.mutator.get(l)), heap.min(self.callee.get(l)));
            let loc = &mut self.batch.locs[l];
            if mutator <= 0 {
                loc.attrs |= attr::MUTATES;
            }
            if callee <= 0 {
                loc.attrs |= attr::CALLS;
            }
            if loc.is_param {
                let mut add = |d: i32, add: fn(&mut super::leaks::Leaks, u32)| {
                    if d != FAR {
                        add(&mut loc.leaks, d.max(0) as u32);
                    }
                };
                add(heap, super::leaks::Leaks::add_heap);
                add(mutator, super::leaks::Leaks::add_mutator);
                add(callee, super::leaks::Leaks::add_callee);
            }
        }
    }

    /// Goes on from all roots that outlive everything; what has its address there becomes one.
    fn spread_heap(&mut self) {
        while let Some((l, d)) = self.heap.next() {
            if d < 0 {
                self.escape(l);
            }
            for i in 0..self.batch.locs[l].edges.len() {
                let e = self.batch.locs[l].edges[i];
                self.heap.lower(e.src, d.max(0) + e.derefs);
            }
        }
    }

    /// `l` is on the heap: its value is there, undereferenced.
    fn escape(&mut self, l: LocId) {
        let loc = &mut self.batch.locs[l];
        if !loc.has(attr::ESCAPES) {
            loc.attrs |= attr::ALL;
            self.heap.lower(l, 0);
        }
    }

    /// `l`, dereferenced `d` times, is in something that outlives it and that no call's hole stands for.
    fn outlived(&mut self, l: LocId, d: i32) {
        if d < 0 {
            self.escape(l);
        } else if self.batch.locs[l].is_param {
            self.batch.locs[l].leaks.add_heap(d as u32);
        }
        if d < 0 && self.batch.locs[l].is_param {
            self.batch.locs[l].leaks.add_heap(0);
        }
    }

    /// Results of other families.
    fn foreign_results(&mut self) {
        let families: FxHashSet<FuncId> = self.results.keys().map(|&f| outermost(self.prog, f)).collect();
        if families.len() < 2 {
            return;
        }
        // The nearest results of two families.
        let mut near = vec![[(FAR, FuncId(0)); 2]; self.batch.locs.len()];
        let mut queue = VecDeque::new();
        let mut queued = vec![false; near.len()];
        let mut roots: Vec<LocId> = self.results.values().flatten().copied().collect();
        roots.sort_unstable();
        for r in roots {
            near[r.index()][0] = (0, self.family[r.index()]);
            queue.push_back(r);
            queued[r.index()] = true;
        }
        while let Some(l) = queue.pop_front() {
            queued[l.index()] = false;
            let from = near[l.index()];
            for e in &self.batch.locs[l].edges {
                let to = &mut near[e.src.index()];
                let mut news = false;
                for (d, family) in from {
                    if d != FAR {
                        news |= insert(to, d.max(0) + e.derefs, family);
                    }
                }
                if news && !std::mem::replace(&mut queued[e.src.index()], true) {
                    queue.push_back(e.src);
                }
            }
        }
        for l in self.batch.all() {
            let own = self.family[l.index()];
            let foreign = near[l.index()].into_iter().find(|&(d, family)| d != FAR && family != own);
            if let Some((d, _)) = foreign {
                self.outlived(l, d);
            }
        }
    }

    fn within_families(&mut self) {
        let mut funcs: Vec<FuncId> = self.results.keys().copied().collect();
        funcs.sort_unstable();
        for f in funcs {
            self.own_results(f);
            self.around_literals(f);
            self.across_loops(f);
        }
    }

    /// Whether `inner` is a literal inside `outer`.
    fn contains(&self, outer: FuncId, inner: FuncId) -> bool {
        let mut f = inner;
        loop {
            let func = &self.prog.funcs[f];
            match func.parent {
                Some(parent) if func.kind.is_closure() => f = parent,
                _ => return false,
            }
            if f == outer {
                return true;
            }
        }
    }

    /// Searches from `roots` without leaving their family; the locations reached, with their distances.
    fn search_family(&mut self, roots: &[LocId]) -> Vec<(LocId, i32)> {
        let Some(&first) = roots.first() else { return Vec::new() };
        let family = self.family[first.index()];
        self.local.restart();
        let mut reached = Vec::new();
        for &r in roots {
            self.local.lower(r, 0);
            reached.push(r);
        }
        while let Some((l, d)) = self.local.next() {
            for e in &self.batch.locs[l].edges {
                if self.family[e.src.index()] != family {
                    continue;
                }
                let first = self.local.get(e.src) == FAR;
                if self.local.lower(e.src, d.max(0) + e.derefs) && first {
                    reached.push(e.src);
                }
            }
        }
        reached.into_iter().map(|l| (l, self.local.get(l))).collect()
    }

    /// What reaches the results of `f`.
    fn own_results(&mut self, f: FuncId) {
        for (i, &r) in self.results[&f].iter().enumerate() {
            for (l, d) in self.search_family(&[r]) {
                let func = self.batch.locs[l].func;
                if func == f {
                    if d < 0 {
                        self.escape(l);
                    }
                    if self.batch.locs[l].is_param {
                        let leaks = &mut self.batch.locs[l].leaks;
                        if i < MAX_RESULTS {
                            leaks.add_result(i, d.max(0) as u32);
                        } else {
                            leaks.add_heap(d.max(0) as u32);
                        }
                    }
                } else if !self.contains(func, f) || self.lost.contains(&f) {
                    self.outlived(l, d);
                }
            }
        }
    }

    /// The locations of `f` outlive those of the literals in it.
    fn around_literals(&mut self, f: FuncId) {
        if !self.parents.contains(&f) {
            return;
        }
        let roots = self.members.get(&f).cloned().unwrap_or_default();
        for (l, d) in self.search_family(&roots) {
            if self.contains(f, self.batch.locs[l].func) {
                self.outlived(l, d);
            }
        }
    }

    /// The locations of `f` outlive those declared deeper in loops.
    fn across_loops(&mut self, f: FuncId) {
        let members = self.members.get(&f).cloned().unwrap_or_default();
        let mut depths: Vec<u32> = members.iter().map(|&l| self.batch.locs[l].loop_depth).collect();
        depths.sort_unstable();
        depths.dedup();
        for pair in depths.windows(2) {
            let depth = pair[0];
            let roots: Vec<LocId> =
                members.iter().copied().filter(|&l| self.batch.locs[l].loop_depth <= depth).collect();
            if roots.iter().all(|&r| self.batch.locs[r].edges.is_empty()) {
                continue;
            }
            for (l, d) in self.search_family(&roots) {
                let loc = &self.batch.locs[l];
                if loc.func == f && loc.loop_depth > depth {
                    self.outlived(l, d);
                }
            }
        }
    }
}

/// Puts a family's distance among the nearest two; whether that was news.
fn insert(near: &mut [(i32, FuncId); 2], d: i32, family: FuncId) -> bool {
    if near[0].1 == family && near[0].0 != FAR {
        if d < near[0].0 {
            near[0].0 = d;
            return true;
        }
        return false;
    }
    if d < near[0].0 {
        near[1] = near[0];
        near[0] = (d, family);
        return true;
    }
    if d < near[1].0 {
        near[1] = (d, family);
        return true;
    }
    false
}

/// Whether two solutions of one batch say the same.
pub fn agree(a: &Batch, b: &Batch) -> bool {
    let shown = attr::ESCAPES | attr::MUTATES | attr::CALLS;
    a.all().all(|l| {
        let (x, y) = (&a.locs[l], &b.locs[l]);
        let (mut p, mut q) = (x.leaks, y.leaks);
        p.optimize();
        q.optimize();
        x.attrs & shown == y.attrs & shown && p == q
    })
}
