//! Facts about variables: address taken, reassigned, captured and how; which loop variables need a copy per
//! iteration.
//!
//! The rules are those by which Go decides whether a closure captures by value or by reference: by value if
//! the variable's address is never taken, it is not assigned after its first capture (assignments in
//! straight-line code before it do not count) and it has at most 128 bytes. "Straight-line" goes by loop
//! depth, so the walk is in the order of Go's escape analysis and counts loops as it does, unstructured ones
//! (a label with a `goto` behind it) included.
//!
//! A pass of its own, so that it can run again after inlining changed the tree. It ends because it visits
//! every node once.

#![forbid(unsafe_code)]

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::hir::facts::canonical;
use crate::hir::ir::*;
use crate::hir::visit::{self, Part};
use crate::index::Id;
use crate::types::{TypeKind, Types};

/// Variables captured by value have at most this many bytes (Go's limit).
const MAX_BY_VALUE: u64 = 128;

/// A variable: of the function that declares it.
type Var = (FuncId, LocalId);

#[derive(Debug, Clone, Copy, Default)]
struct Fact {
    addr_taken: bool,
    reassigned: bool,
    captured: bool,
    depth: u32,
}

/// What is known of each variable.
struct Facts {
    root: FuncId,
    /// Of the variables of the function itself: nearly all there are.
    of_root: Vec<Fact>,
    /// Of those of the closures in it.
    of_others: FxHashMap<Var, Fact>,
}

impl Facts {
    fn get(&self, var: Var) -> Fact {
        if var.0 == self.root {
            return self.of_root[var.1.index()];
        }
        self.of_others.get(&var).copied().unwrap_or_default()
    }

    fn entry(&mut self, var: Var) -> &mut Fact {
        if var.0 == self.root {
            return &mut self.of_root[var.1.index()];
        }
        self.of_others.entry(var).or_default()
    }
}

/// Sets the flags of the variables of a function and of the closures in it, and the loop variables that need
/// a copy per iteration. `root` must not be a closure itself.
pub fn analyse_variables(prog: &mut Program, root: FuncId, types: &Types) {
    let mut tree = vec![root];
    let mut i = 0;
    while let Some(&id) = tree.get(i) {
        i += 1;
        let func = &prog.funcs[id];
        visit::body_exprs(func, &func.body, &mut |x| {
            if let ExprKind::Closure(f) = func.exprs[x].kind {
                tree.push(f);
            }
        });
    }
    // Range variables that live for one iteration only, by function.
    let mut per_iteration = FxHashSet::default();
    for &id in &tree {
        let mut body = std::mem::take(&mut prog.funcs[id].body);
        let mut pass = LoopVars { prog, types, id, candidates: FxHashMap::default(), depth: 0, return_depth: 0 };
        pass.stmts(&mut body);
        for (local, leaked) in pass.candidates {
            if leaked {
                per_iteration.insert((id, local));
            }
        }
        prog.funcs[id].body = body;
    }
    let facts =
        Facts { root, of_root: vec![Fact::default(); prog.funcs[root].locals.len()], of_others: FxHashMap::default() };
    let mut walk = Walk { prog, types, facts, per_iteration };
    walk.func(root);
    let facts = walk.facts;
    for &id in &tree {
        let n = prog.funcs[id].locals.len();
        for l in 0..n {
            let local = LocalId(l as u32);
            let var = canonical(prog, id, local);
            let fact = facts.get(var);
            let by_ref =
                fact.addr_taken || fact.reassigned || types.size_of(prog.funcs[var.0].locals[var.1].ty) > MAX_BY_VALUE;
            let l = &mut prog.funcs[id].locals[local];
            l.addr_taken = fact.addr_taken;
            l.reassigned = fact.reassigned;
            l.captured_by_ref = fact.captured && by_ref;
            if var.0 != id
                && let LocalKind::Captured { by_value, .. } = &mut l.kind
            {
                *by_value = !by_ref;
            }
        }
    }
}

/// Calls `f` with the expressions that a statement holds itself.
fn direct_exprs(s: &Stmt, f: &mut dyn FnMut(ExprId)) {
    visit::parts(s, &mut |part| {
        if let Part::Expr(x) = part {
            f(x);
        }
    });
}

/// The variable that an addressable expression is part of, not through pointers.
pub fn outer_local(func: &Func, types: &Types, mut x: ExprId) -> Option<LocalId> {
    loop {
        match func.exprs[x].kind {
            ExprKind::Local(l) => return Some(l),
            ExprKind::Field { x: inner, .. } | ExprKind::Paren(inner) | ExprKind::Init { x: inner, .. } => x = inner,
            // Elements of slices and strings lie behind a pointer.
            ExprKind::Index { x: inner, .. }
                if matches!(types.underlying_kind(func.exprs[inner].ty), TypeKind::Array { .. }) =>
            {
                x = inner;
            }
            _ => return None,
        }
    }
}

/// Finds the loop variables that closures capture or whose address is taken inside the loop; those in
/// `return` statements do not count, as the loop ends there.
struct LoopVars<'p> {
    prog: &'p Program,
    types: &'p Types,
    id: FuncId,
    candidates: FxHashMap<LocalId, bool>,
    depth: u32,
    return_depth: u32,
}

impl LoopVars<'_> {
    fn func(&self) -> &Func {
        &self.prog.funcs[self.id]
    }

    fn stmts(&mut self, list: &mut [Stmt]) {
        for s in list {
            self.stmt(s);
        }
    }

    fn stmt(&mut self, s: &mut Stmt) {
        match &mut s.kind {
            StmtKind::For { cond, post, body, per_iteration, .. } => {
                for &v in per_iteration.iter() {
                    self.candidates.insert(v, false);
                }
                self.depth += 1;
                cond.iter().for_each(|&x| self.expr(x));
                self.stmts(post);
                self.stmts(body);
                self.depth -= 1;
                per_iteration.retain(|v| self.candidates[v]);
            }
            StmtKind::Range { key, value, x, define, body, .. } => {
                if *define {
                    for v in [*key, *value].into_iter().flatten() {
                        if let ExprKind::Local(l) = self.func().exprs[v].kind {
                            self.candidates.insert(l, false);
                        }
                    }
                    self.depth += 1;
                }
                self.expr(*x);
                key.iter().for_each(|&x| self.expr(x));
                value.iter().for_each(|&x| self.expr(x));
                self.stmts(body);
                if *define {
                    self.depth -= 1;
                }
            }
            StmtKind::Return(_) | StmtKind::ReturnCall(_) => {
                let saved = std::mem::replace(&mut self.return_depth, self.depth);
                let mut exprs = SmallVec::<[ExprId; 8]>::new();
                direct_exprs(s, &mut |x| exprs.push(x));
                exprs.into_iter().for_each(|x| self.expr(x));
                self.return_depth = saved;
            }
            StmtKind::Block(body) => self.stmts(body),
            StmtKind::If { cond, then, els } => {
                self.expr(*cond);
                self.stmts(then);
                self.stmts(els);
            }
            StmtKind::Switch { tag, cases, .. } => {
                tag.iter().for_each(|&x| self.expr(x));
                for c in cases {
                    c.values.iter().for_each(|&x| self.expr(x));
                    self.stmts(&mut c.body);
                }
            }
            StmtKind::TypeSwitch { x, cases, .. } => {
                self.expr(*x);
                cases.iter_mut().for_each(|c| self.stmts(&mut c.body));
            }
            StmtKind::Select { cases, .. } => {
                for c in cases {
                    if let Some(comm) = &mut c.comm {
                        self.stmt(comm);
                    }
                    self.stmts(&mut c.body);
                }
            }
            _ => {
                let mut exprs = SmallVec::<[ExprId; 8]>::new();
                direct_exprs(s, &mut |x| exprs.push(x));
                exprs.into_iter().for_each(|x| self.expr(x));
            }
        }
    }

    fn expr(&mut self, x: ExprId) {
        if self.candidates.is_empty() {
            return;
        }
        // A child of a `return` that no loop stands between: the iteration is over.
        let returning = self.return_depth >= self.depth;
        let mut leaked = Vec::new();
        let func = self.func();
        visit::preorder(func, x, &mut |x| match func.exprs[x].kind {
            ExprKind::Closure(f) if !returning => {
                for &c in &self.prog.funcs[f].captures {
                    if let LocalKind::Captured { outer, .. } = self.prog.funcs[f].locals[c].kind {
                        leaked.push(outer);
                    }
                }
            }
            ExprKind::Addr(y) if !returning => leaked.extend(outer_local(func, self.types, y)),
            _ => {}
        });
        for l in leaked {
            if let Some(flag) = self.candidates.get_mut(&l) {
                *flag = true;
            }
        }
    }
}

/// The walk in the order of escape analysis.
struct Walk<'p> {
    prog: &'p Program,
    types: &'p Types,
    facts: Facts,
    per_iteration: FxHashSet<Var>,
}

/// Where in a function the walk is.
struct At {
    id: FuncId,
    depth: u32,
    /// Labels that a later `goto` jumps back to.
    looping: FxHashSet<LabelId>,
}

impl Walk<'_> {
    fn fact(&mut self, id: FuncId, local: LocalId) -> &mut Fact {
        let var = canonical(self.prog, id, local);
        self.facts.entry(var)
    }

    fn func(&mut self, id: FuncId) {
        let func = &self.prog.funcs[id];
        for (l, local) in func.locals.iter_enumerated() {
            if !matches!(local.kind, LocalKind::Captured { .. }) {
                self.fact(id, l).depth = 1;
            }
        }
        let mut at = At { id, depth: 1, looping: FxHashSet::default() };
        looping_labels(&func.body, &mut FxHashSet::default(), &mut at.looping);
        self.stmts(&func.body, &mut at);
    }

    fn block(&mut self, list: &[Stmt], at: &mut At) {
        let depth = at.depth;
        self.stmts(list, at);
        at.depth = depth;
    }

    fn stmts(&mut self, list: &[Stmt], at: &mut At) {
        let mut declared: Vec<LocalId> = Vec::new();
        for s in list {
            if let StmtKind::Decl(l) = s.kind {
                declared.push(l);
                self.fact(at.id, l).depth = at.depth;
                continue;
            }
            self.stmt(s, &declared, at);
            declared.clear();
        }
    }

    /// Marks the variable assigned through an expression, unless it is being initialised.
    fn assigned(&mut self, lhs: ExprId, fresh: &[LocalId], at: &At) {
        let func = &self.prog.funcs[at.id];
        if let Some(l) = outer_local(func, self.types, lhs) {
            let whole = matches!(func.exprs[lhs].kind, ExprKind::Local(_));
            if !(whole && fresh.contains(&l)) {
                self.fact(at.id, l).reassigned = true;
            }
        }
    }

    fn stmt(&mut self, s: &Stmt, declared: &[LocalId], at: &mut At) {
        match &s.kind {
            StmtKind::Assign { lhs, rhs, def } => {
                lhs.iter().for_each(|&x| self.expr(x, at));
                self.expr(*rhs, at);
                let fresh = if *def { declared } else { &[] };
                lhs.iter().for_each(|&x| self.assigned(x, fresh, at));
            }
            StmtKind::AssignOp { lhs, rhs, .. } => {
                self.expr(*lhs, at);
                self.expr(*rhs, at);
                self.assigned(*lhs, &[], at);
            }
            StmtKind::AssignMulti { lhs, rhs, def } => {
                lhs.iter().flatten().for_each(|&x| self.expr(x, at));
                rhs.iter().for_each(|&x| self.expr(x, at));
                let fresh = if *def { declared } else { &[] };
                lhs.iter().flatten().for_each(|&x| self.assigned(x, fresh, at));
            }
            StmtKind::AssignCall { lhs, call, def } => {
                lhs.iter().flatten().for_each(|&x| self.expr(x, at));
                self.expr(*call, at);
                let fresh = if *def { declared } else { &[] };
                lhs.iter().flatten().for_each(|&x| self.assigned(x, fresh, at));
            }
            StmtKind::AssignCommaOk { lhs, rhs, def, .. } => {
                lhs.iter().flatten().for_each(|&x| self.expr(x, at));
                self.expr(*rhs, at);
                let fresh = if *def { declared } else { &[] };
                lhs.iter().flatten().for_each(|&x| self.assigned(x, fresh, at));
            }
            StmtKind::Block(body) => self.stmts(body, at),
            StmtKind::If { cond, then, els } => {
                self.expr(*cond, at);
                self.block(then, at);
                self.block(els, at);
            }
            StmtKind::For { cond, post, body, per_iteration, .. } => {
                at.depth += 1;
                for &v in per_iteration {
                    self.fact(at.id, v).depth = at.depth;
                }
                self.stmts(post, at);
                cond.iter().for_each(|&x| self.expr(x, at));
                self.block(body, at);
                at.depth -= 1;
            }
            StmtKind::Range { key, value, x, define, body, .. } => {
                self.expr(*x, at);
                at.depth += 1;
                for &v in [key, value].into_iter().flatten() {
                    self.expr(v, at);
                    match self.prog.funcs[at.id].exprs[v].kind {
                        ExprKind::Local(l) if *define => {
                            if self.per_iteration.contains(&(at.id, l)) {
                                self.fact(at.id, l).depth = at.depth;
                            } else {
                                let outside = at.depth - 1;
                                let fact = self.fact(at.id, l);
                                fact.depth = outside;
                                fact.reassigned = true;
                            }
                        }
                        _ => self.assigned(v, &[], at),
                    }
                }
                self.block(body, at);
                at.depth -= 1;
            }
            StmtKind::Switch { tag, cases, .. } => {
                tag.iter().for_each(|&x| self.expr(x, at));
                for c in cases {
                    c.values.iter().for_each(|&x| self.expr(x, at));
                    self.block(&c.body, at);
                }
            }
            StmtKind::TypeSwitch { x, cases, .. } => {
                for v in cases.iter().filter_map(|c| c.var) {
                    self.fact(at.id, v).depth = at.depth;
                }
                self.expr(*x, at);
                cases.iter().for_each(|c| self.block(&c.body, at));
            }
            StmtKind::Select { cases, .. } => {
                for c in cases {
                    if let Some(comm) = &c.comm {
                        let fresh = self.comm_vars(comm, at);
                        self.stmt(comm, &fresh, at);
                    }
                    self.block(&c.body, at);
                }
            }
            StmtKind::Return(_) | StmtKind::ReturnCall(_) => {
                direct_exprs(s, &mut |x| self.expr(x, at));
                let results = self.prog.funcs[at.id].results.clone();
                results.into_iter().for_each(|r| self.fact(at.id, r).reassigned = true);
            }
            StmtKind::Label(l) => {
                if at.looping.contains(l) {
                    at.depth += 1;
                }
            }
            _ => direct_exprs(s, &mut |x| self.expr(x, at)),
        }
    }

    /// The variables that the communication of a select case defines.
    fn comm_vars(&mut self, comm: &Stmt, at: &At) -> Vec<LocalId> {
        let lhs: Vec<ExprId> = match &comm.kind {
            StmtKind::Assign { lhs, def: true, .. } => lhs.iter().copied().collect(),
            StmtKind::AssignCommaOk { lhs, def: true, .. } => lhs.iter().flatten().copied().collect(),
            _ => Vec::new(),
        };
        let mut vars = Vec::new();
        for x in lhs {
            if let ExprKind::Local(l) = self.prog.funcs[at.id].exprs[x].kind {
                self.fact(at.id, l).depth = at.depth;
                vars.push(l);
            }
        }
        vars
    }

    fn expr(&mut self, x: ExprId, at: &mut At) {
        let func = &self.prog.funcs[at.id];
        match &func.exprs[x].kind {
            ExprKind::Init { stmts, x } => {
                self.stmts(stmts, at);
                self.expr(*x, at);
            }
            ExprKind::Addr(y) => {
                if let Some(l) = outer_local(func, self.types, *y) {
                    self.fact(at.id, l).addr_taken = true;
                }
                self.expr(*y, at);
            }
            ExprKind::Closure(f) => {
                let closure = &self.prog.funcs[*f];
                for &c in &closure.captures {
                    let depth = at.depth;
                    let fact = self.fact(*f, c);
                    if !fact.captured {
                        fact.captured = true;
                        if fact.depth == depth {
                            fact.reassigned = false;
                        }
                    }
                }
                self.func(*f);
            }
            kind => visit::operands(kind, &mut |y| self.expr(y, at)),
        }
    }
}

/// Labels with a `goto` somewhere behind them.
fn looping_labels(list: &[Stmt], seen: &mut FxHashSet<LabelId>, out: &mut FxHashSet<LabelId>) {
    for s in list {
        match &s.kind {
            StmtKind::Label(l) => {
                seen.insert(*l);
            }
            StmtKind::Goto(l) if seen.contains(l) => {
                out.insert(*l);
            }
            _ => visit::parts(s, &mut |part| match part {
                Part::Body(l) => looping_labels(l, seen, out),
                Part::Stmt(s) => looping_labels(std::slice::from_ref(s), seen, out),
                Part::Expr(_) | Part::Decl(_) => {}
            }),
        }
    }
}
