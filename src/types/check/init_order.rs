//! Order of package initialisation (spec, "Package initialization").
//!
//! Variables are nodes of a graph whose edges are mentions, functions in between contracted. Repeatedly the
//! variable that depends on the fewest others, the earliest declared among those, is next; if it still
//! depends on one, there is a cycle. Constants come first: they only make sure of cycles among them.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Checker, DeclId};
use crate::types::info::Initializer;
use crate::types::object::{ObjId, ObjKind, PkgId};

impl<'a> Checker<'a> {
    /// Computes a package's initialisation order from what was checked so far.
    pub(super) fn init_order(&mut self, pkg: PkgId) {
        let order = self.compute_init_order(pkg);
        self.info.packages[pkg].init_order = order;
    }

    fn compute_init_order(&mut self, pkg: PkgId) -> Vec<Initializer> {
        let objects = self.pkgs[pkg].objects.clone();
        let decl_of = |c: &Self, obj: ObjId| c.obj_decl.get(&obj).copied();
        let nodes: Vec<ObjId> =
            objects.iter().copied().filter(|&o| !matches!(self.objs[o].kind, ObjKind::TypeName { .. })).collect();
        // Nodes that need no ordering are the rule in packages without initialisers.
        let has_init = nodes.iter().any(|&o| matches!(self.objs[o].kind, ObjKind::Var(_)) && self.has_initializer(o));
        let only_consts = !has_init;
        let set: FxHashSet<ObjId> = nodes.iter().copied().collect();
        let mut succ: FxHashMap<ObjId, BTreeSet<ObjId>> = FxHashMap::default();
        let mut pred: FxHashMap<ObjId, BTreeSet<ObjId>> = FxHashMap::default();
        for &n in &nodes {
            let Some(d) = decl_of(self, n) else { continue };
            for &dep in &self.decls[d].deps {
                if set.contains(&dep) {
                    succ.entry(n).or_default().insert(dep);
                    pred.entry(dep).or_default().insert(n);
                }
            }
        }
        let mut funcs: Vec<ObjId> =
            nodes.iter().copied().filter(|&o| matches!(self.objs[o].kind, ObjKind::Func(_))).collect();
        if only_consts {
            // Cycles among constants and variables without functions were found on resolving.
            funcs.retain(|f| pred.contains_key(f) && succ.contains_key(f));
        }
        let size = |m: &FxHashMap<ObjId, BTreeSet<ObjId>>, o: &ObjId| m.get(o).map_or(0, BTreeSet::len);
        funcs.sort_by_key(|f| size(&pred, f) * size(&succ, f));
        for f in funcs {
            let preds = pred.remove(&f).unwrap_or_default();
            let succs = succ.remove(&f).unwrap_or_default();
            for &p in preds.iter().filter(|&&p| p != f) {
                let edges = succ.entry(p).or_default();
                edges.remove(&f);
                for &s in succs.iter().filter(|&&s| s != f) {
                    edges.insert(s);
                    pred.entry(s).or_default().insert(p);
                }
            }
            for s in &succs {
                if let Some(edges) = pred.get_mut(s) {
                    edges.remove(&f);
                }
            }
        }
        let mut ndeps: FxHashMap<ObjId, usize> = FxHashMap::default();
        let mut queue = BinaryHeap::new();
        let is_var = |c: &Self, o: ObjId| matches!(c.objs[o].kind, ObjKind::Var(_));
        for &n in nodes.iter().filter(|&&o| !matches!(self.objs[o].kind, ObjKind::Func(_))) {
            let count = size(&succ, &n);
            ndeps.insert(n, count);
            queue.push(Reverse((is_var(self, n), count, n)));
        }
        let mut done: FxHashSet<ObjId> = FxHashSet::default();
        let mut emitted: FxHashSet<DeclId> = FxHashSet::default();
        let mut order = Vec::new();
        while let Some(Reverse((_, count, n))) = queue.pop() {
            // Outdated entries: the node was taken, or has fewer dependencies by now.
            if ndeps.get(&n) != Some(&count) || !done.insert(n) {
                continue;
            }
            if count > 0
                && let Some(cycle) = self.find_path(n, n, &mut FxHashSet::default())
            {
                self.report_init_cycle(&cycle);
            }
            for &p in pred.get(&n).into_iter().flatten() {
                if let Some(left) = ndeps.get_mut(&p)
                    && *left > 0
                    && !done.contains(&p)
                {
                    *left -= 1;
                    queue.push(Reverse((is_var(self, p), *left, p)));
                }
            }
            if !is_var(self, n) || !self.has_initializer(n) {
                continue;
            }
            let Some(d) = decl_of(self, n) else { continue };
            if emitted.insert(d)
                && let Some(init) = self.decls[d].init
            {
                let lhs = self.decls[d].lhs.to_vec();
                order.push(Initializer { lhs, rhs: init.id });
            }
        }
        order
    }

    fn has_initializer(&self, obj: ObjId) -> bool {
        self.obj_decl.get(&obj).is_some_and(|&d| self.decls[d].init.is_some())
    }

    /// A path of mentions from one object to another, reversed.
    fn find_path(&self, from: ObjId, to: ObjId, seen: &mut FxHashSet<ObjId>) -> Option<Vec<ObjId>> {
        if !seen.insert(from) {
            return None;
        }
        let mut deps: Vec<ObjId> =
            self.obj_decl.get(&from).map(|&d| self.decls[d].deps.iter().copied().collect()).unwrap_or_default();
        deps.sort();
        for d in deps {
            if d == to {
                return Some(vec![d]);
            }
            if let Some(mut path) = self.find_path(d, to, seen) {
                path.push(d);
                return Some(path);
            }
        }
        None
    }

    fn report_init_cycle(&mut self, cycle: &[ObjId]) {
        let mut obj = cycle[0];
        let span = self.objs[obj].span;
        let name = self.objs[obj].name;
        if cycle.len() == 1 {
            return self.err(span, "InvalidInitCycle", format!("initialization cycle: {name} refers to itself"));
        }
        let mut more = Vec::new();
        for &next in cycle.iter().rev() {
            let text = format!("{} refers to {}", self.objs[obj].name, self.objs[next].name);
            more.push((self.objs[obj].span, text));
            obj = next;
        }
        self.report(span, "InvalidInitCycle", format!("initialization cycle for {name}"), &more);
    }
}
