//! Solving the graph: which addresses outlive what they point to.
//!
//! From each location a walk backwards over the edges finds the least number of dereferences between any
//! other location and this root. Negative numbers mean that an address gets there; if the root outlives the
//! location, it escapes. A location whose attributes grow is walked from again.
//!
//! Termination: a walk is Bellman-Ford over weights whose sums are cut off below at −1, so each location
//! improves finitely often; and attributes only grow, four bits a location, so each is a root at most five
//! times.

#![forbid(unsafe_code)]

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::graph::{Batch, CALLEE, HEAP, LocId, MUTATOR, Node, attr};
use super::report::{Flow, Reporter};
use crate::hir::{ExprKind, FuncId, Program};

/// The solver's view of a batch.
pub struct Solver<'a, 'r> {
    pub prog: &'a Program,
    pub batch: &'a mut Batch,
    /// Functions of the batch, with the locations of their results.
    pub results: FxHashMap<FuncId, Vec<LocId>>,
    pub reporter: &'r mut Reporter<'a>,
    /// Literals that may be called where nobody tracks their results.
    pub results_lost: FxHashSet<FuncId>,
    todo: VecDeque<LocId>,
}

impl<'a, 'r> Solver<'a, 'r> {
    pub fn new(
        prog: &'a Program,
        batch: &'a mut Batch,
        results: FxHashMap<FuncId, Vec<LocId>>,
        reporter: &'r mut Reporter<'a>,
    ) -> Self {
        Solver { prog, batch, results, reporter, results_lost: FxHashSet::default(), todo: VecDeque::new() }
    }

    fn enqueue(&mut self, l: LocId) {
        let loc = &mut self.batch.locs[l];
        if !loc.queued_walk_all {
            loc.queued_walk_all = true;
            // What escapes goes first: it lets other walks stop early.
            if loc.has(attr::ESCAPES) { self.todo.push_front(l) } else { self.todo.push_back(l) }
        }
    }

    /// Walks from every location until nothing changes.
    pub fn walk_all(&mut self) {
        for l in self.batch.all() {
            self.todo.push_front(l);
        }
        for l in [MUTATOR, CALLEE, HEAP] {
            self.todo.push_front(l);
        }
        for l in &self.todo {
            self.batch.locs[*l].queued_walk_all = true;
        }
        let mut walkgen = 0;
        let mut queue = VecDeque::new();
        while let Some(root) = self.todo.pop_front() {
            self.batch.locs[root].queued_walk_all = false;
            walkgen += 1;
            self.walk_one(root, walkgen, &mut queue);
        }
    }

    fn walk_one(&mut self, root: LocId, walkgen: u32, queue: &mut VecDeque<LocId>) {
        let r = &mut self.batch.locs[root];
        r.walkgen = walkgen;
        r.derefs = 0;
        r.dst = root;
        if r.has(attr::CALLS) {
            self.lose_results(root);
        }
        queue.push_back(root);
        while let Some(l) = queue.pop_front() {
            let root_attrs = self.batch.locs[root].attrs;
            let outlives = self.outlives(root, l);
            let loc = &mut self.batch.locs[l];
            loc.queued_walk_one = 0;
            let address_of = loc.derefs < 0;
            // For `root = &l; l = x` the address of l arrives, that of x does not: start again from 0.
            let derefs = loc.derefs.max(0);
            let old = loc.attrs;
            let is_param = loc.is_param;
            let mut new = 0;
            if address_of {
                if outlives {
                    if old & attr::ESCAPES == 0 && self.batch.explain {
                        let path = self.path(root, l);
                        self.reporter.escapes(self.batch, l, path, "escape");
                    }
                    new |= attr::ALL;
                } else if root_attrs & attr::PERSISTS != 0 {
                    new |= attr::PERSISTS;
                }
            }
            if derefs == 0 {
                new |= root_attrs & (attr::MUTATES | attr::CALLS);
            }
            if is_param {
                if outlives {
                    let known = self.batch.locs[l].leaks;
                    self.batch.leak_to(l, root, derefs as u32);
                    // Messages tell every way to every root; reports to people those that count.
                    let counts = self.reporter.tells_all() || self.batch.locs[l].leaks != known;
                    if old & attr::ESCAPES == 0 && self.batch.explain && counts {
                        let path = self.path(root, l);
                        self.reporter.leaks(self.batch, root, l, derefs, path);
                    }
                }
                if root_attrs & attr::MUTATES != 0 {
                    self.batch.locs[l].leaks.add_mutator(derefs as u32);
                }
                if root_attrs & attr::CALLS != 0 {
                    self.batch.locs[l].leaks.add_callee(derefs as u32);
                }
            }
            if new & !old != 0 {
                self.batch.locs[l].attrs |= new;
                self.enqueue(l);
                if (old | new) & attr::ESCAPES != 0 {
                    continue;
                }
            }
            for i in 0..self.batch.locs[l].edges.len() {
                let edge = self.batch.locs[l].edges[i];
                let src = &mut self.batch.locs[edge.src];
                if src.has(attr::ESCAPES) {
                    continue;
                }
                let d = derefs + edge.derefs;
                if src.walkgen != walkgen || src.derefs > d {
                    src.walkgen = walkgen;
                    src.derefs = d;
                    src.dst = l;
                    src.dst_edge = i as u32;
                    if src.queued_walk_one != walkgen {
                        src.queued_walk_one = walkgen;
                        queue.push_back(edge.src);
                    }
                }
            }
        }
    }

    /// The literal at `root` may be called where its results are not followed: they count as escaping.
    fn lose_results(&mut self, root: LocId) {
        let func = match self.batch.locs[root].node {
            Node::Expr(f, x) => match self.prog.funcs[f].exprs[x].kind {
                ExprKind::Closure(func) => func,
                _ => return,
            },
            _ => return,
        };
        if let Some(results) = self.results.get(&func)
            && self.results_lost.insert(func)
        {
            for l in results.clone() {
                self.enqueue(l);
            }
        }
    }

    /// Whether what is stored in `l` may be used after `other` is gone.
    fn outlives(&self, l: LocId, other: LocId) -> bool {
        let (a, b) = (&self.batch.locs[l], &self.batch.locs[other]);
        if a.has(attr::ESCAPES) {
            return true;
        }
        if l == MUTATOR || l == CALLEE {
            return false;
        }
        if a.is_result {
            // Callers may do anything with results; but all calls of a literal may be known.
            return !self.contains(b.func, a.func) || self.results_lost.contains(&a.func);
        }
        if a.func == b.func && a.loop_depth < b.loop_depth {
            return true;
        }
        self.contains(a.func, b.func)
    }

    /// Whether `inner` is a literal inside `outer`.
    fn contains(&self, outer: FuncId, inner: FuncId) -> bool {
        if outer == inner {
            return false;
        }
        let mut f = inner;
        while let Some(parent) = self.parent(f) {
            if parent == outer {
                return true;
            }
            f = parent;
        }
        false
    }

    fn parent(&self, f: FuncId) -> Option<FuncId> {
        let f = &self.prog.funcs[f];
        if f.kind.is_closure() { f.parent } else { None }
    }

    /// The way from `src` to the root of the current walk.
    fn path(&self, root: LocId, mut src: LocId) -> Vec<Flow> {
        let mut seen = FxHashSet::default();
        let mut path = Vec::new();
        loop {
            if !seen.insert(src) {
                path.push(Flow::Truncated);
                break;
            }
            let s = &self.batch.locs[src];
            let Some(edge) = self.batch.locs[s.dst].edges.get(s.dst_edge as usize) else { break };
            debug_assert_eq!(edge.src, src, "inconsistent path");
            path.push(Flow::Step { dst: s.dst, src, derefs: edge.derefs, notes: edge.notes });
            if s.dst == root {
                break;
            }
            src = s.dst;
        }
        path
    }
}
