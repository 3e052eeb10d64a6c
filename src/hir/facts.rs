//! What is known of each variable before the graph is built: one pass over every body.
//!
//! Answers three questions. What is the one value of a variable that is assigned once (for constant lengths
//! and constants in interfaces)? Which functions may a variable of function type hold? Which loop
//! variables need a copy per iteration, by Go's syntactic rule: captured by a function literal or address
//! taken inside the loop, a `return` out of it not counted.
//!
//! Facts of a captured variable are kept with the variable itself: see [`canonical`].

#![forbid(unsafe_code)]

use crate::hir::visit::{Part, init_stmts, operands, parts};
use crate::hir::{Callee, ExprId, ExprKind, FuncId, LocalId, LocalKind, Program, Stmt, StmtKind};
use crate::index::{Id, IndexVec};
use crate::types::{Basic, TypeId, TypeKind, Types};

/// The statement that a variable gets its first value from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Defn {
    /// `var x T`, or a parameter.
    #[default]
    None,
    /// `x := e`: one variable, one value.
    Single(ExprId),
    /// `x, y := e, f`: the value of this one.
    Multi(ExprId),
    /// Anything else: `range`, a call with several results, …
    Other,
}

/// Facts of one variable.
#[derive(Clone, Debug, Default)]
pub struct LocalFacts {
    pub defn: Defn,
    /// The left side in the defining statement.
    pub def_lhs: Option<ExprId>,
    /// Assigned by another statement than the defining one, whole or in part.
    pub assigned: bool,
    /// `&x` occurs somewhere.
    pub addrtaken: bool,
    /// A function literal of the same function captures it. (Alone of all facts, this is one of the captured
    /// variable in a literal for itself.)
    pub captured: bool,
    /// A loop variable, and it needs a copy per iteration.
    pub per_iteration: bool,
    loop_var: bool,
    /// Values of simple assignments, for variables of function type; `None`: it is assigned otherwise too.
    values: Option<Vec<(FuncId, ExprId)>>,
}

impl LocalFacts {
    fn fresh(types: &Types, local: &crate::hir::Local) -> LocalFacts {
        let is_func = local.kind == LocalKind::Auto && matches!(types.underlying_kind(local.ty), TypeKind::Func(_));
        LocalFacts { values: is_func.then(Vec::new), ..LocalFacts::default() }
    }
}

/// Facts of all variables.
#[derive(Debug, Default)]
pub struct Facts {
    locals: IndexVec<FuncId, Vec<LocalFacts>>,
}

/// The variable itself behind a captured one, and its function.
pub fn canonical(prog: &Program, mut func: FuncId, mut local: LocalId) -> (FuncId, LocalId) {
    while let LocalKind::Captured { outer, .. } = prog.funcs[func].locals[local].kind {
        match prog.funcs[func].parent {
            Some(parent) if prog.funcs[func].kind.is_closure() => (func, local) = (parent, outer),
            _ => break,
        }
    }
    (func, local)
}

/// The variable that `x` is part of: fields and array elements, but nothing behind a pointer.
pub fn outer_value(prog: &Program, types: &Types, func: FuncId, mut x: ExprId) -> ExprId {
    let f = &prog.funcs[func];
    loop {
        x = match f.exprs[x].kind {
            ExprKind::Field { x, .. } | ExprKind::Paren(x) => x,
            ExprKind::Conv(y) if is_conv_nop(types, f.exprs[y].ty, f.exprs[x].ty) => y,
            ExprKind::Index { x: y, .. } if matches!(types.underlying_kind(f.exprs[y].ty), TypeKind::Array { .. }) => y,
            _ => return x,
        }
    }
}

/// Whether a conversion changes nothing in memory: same underlying types, or numbers of one representation.
pub fn is_conv_nop(types: &Types, from: TypeId, to: TypeId) -> bool {
    let simple = |b: Basic| match b {
        Basic::Int => Basic::Int64,
        Basic::Uint | Basic::Uintptr => Basic::Uint64,
        b => b,
    };
    match (types.basic(from), types.basic(to)) {
        (Some(Basic::UnsafePointer), Some(Basic::Uintptr)) | (Some(Basic::Uintptr), Some(Basic::UnsafePointer)) => true,
        (Some(a), Some(b)) => simple(a) == simple(b),
        _ => true,
    }
}

impl Facts {
    /// Looks at every function once.
    pub fn new(prog: &Program, types: &Types) -> Facts {
        let locals =
            prog.funcs.iter().map(|f| f.locals.iter().map(|l| LocalFacts::fresh(types, l)).collect()).collect();
        let mut c = Collector {
            prog,
            types,
            facts: Facts { locals },
            func: FuncId(0),
            loop_depth: 0,
            return_depth: 0,
            fresh: Vec::new(),
        };
        for func in prog.funcs.ids() {
            c.func = func;
            c.loop_depth = 0;
            c.return_depth = 0;
            c.body(&prog.funcs[func].body);
        }
        c.facts
    }

    /// Takes in statements that were added to a function, and the variables that go with them.
    pub fn extend(&mut self, prog: &Program, types: &Types, func: FuncId, added: &[Stmt]) {
        let known = self.locals.len();
        self.locals.resize_with(prog.funcs.len(), Vec::new);
        for f in std::iter::once(func).chain((known..prog.funcs.len()).map(FuncId::new)) {
            let list = &mut self.locals[f];
            for local in prog.funcs[f].locals.as_slice().get(list.len()..).unwrap_or_default() {
                list.push(LocalFacts::fresh(types, local));
            }
        }
        let facts = std::mem::take(self);
        let mut c = Collector { prog, types, facts, func, loop_depth: 0, return_depth: 0, fresh: Vec::new() };
        c.body(added);
        for copied in (known..prog.funcs.len()).map(FuncId::new) {
            c.func = copied;
            c.loop_depth = 0;
            c.return_depth = 0;
            c.body(&prog.funcs[copied].body);
        }
        *self = c.facts;
    }

    /// Facts of a variable; `local` must be [`canonical`].
    pub fn get(&self, func: FuncId, local: LocalId) -> &LocalFacts {
        &self.locals[func][local.index()]
    }

    /// The earliest expression that always has the value of `x`, and its function.
    pub fn static_value(&self, prog: &Program, types: &Types, func: FuncId, x: ExprId) -> (FuncId, ExprId) {
        let (mut func, mut x) = (func, x);
        loop {
            let f = &prog.funcs[func];
            match f.exprs[x].kind {
                ExprKind::Paren(y) | ExprKind::Init { x: y, .. } => x = y,
                ExprKind::Conv(y) if is_conv_nop(types, f.exprs[y].ty, f.exprs[x].ty) => x = y,
                ExprKind::Local(local) => {
                    let (owner, local) = canonical(prog, func, local);
                    let facts = self.get(owner, local);
                    let is_auto = prog.funcs[owner].locals[local].kind == LocalKind::Auto;
                    match facts.defn {
                        Defn::Single(rhs) | Defn::Multi(rhs)
                            if is_auto && !facts.addrtaken && !facts.assigned && !facts.per_iteration =>
                        {
                            (func, x) = (owner, rhs);
                        }
                        _ => return (func, x),
                    }
                }
                _ => return (func, x),
            }
        }
    }

    /// The functions that `x`, a callee, may be, where all are known.
    pub fn callees(&self, prog: &Program, types: &Types, func: FuncId, x: ExprId) -> Vec<FuncId> {
        let (func, x) = self.static_value(prog, types, func, x);
        if let Some(callee) = static_callee(prog, func, x) {
            return vec![callee];
        }
        let ExprKind::Local(local) = prog.funcs[func].exprs[x].kind else { return Vec::new() };
        let (owner, local) = canonical(prog, func, local);
        let facts = self.get(owner, local);
        let plain = matches!(facts.defn, Defn::None | Defn::Single(_)) && !facts.addrtaken && !facts.per_iteration;
        match &facts.values {
            Some(values) if plain => {
                values.iter().map(|&(f, x)| static_callee(prog, f, x)).collect::<Option<Vec<_>>>().unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }
}

/// The function that an expression is the value of, if it says so itself.
pub fn static_callee(prog: &Program, func: FuncId, x: ExprId) -> Option<FuncId> {
    match prog.funcs[func].exprs[x].kind {
        ExprKind::Func(f) | ExprKind::Closure(f) => Some(f),
        _ => None,
    }
}

struct Collector<'a> {
    prog: &'a Program,
    types: &'a Types,
    facts: Facts,
    func: FuncId,
    loop_depth: u32,
    return_depth: u32,
    /// Variables whose declarations come immediately before the current statement.
    fresh: Vec<LocalId>,
}

/// How a statement assigns.
#[derive(Clone, Copy)]
enum Assign {
    /// `x = e`.
    Simple(ExprId),
    /// One of several.
    Multi(ExprId),
    Other,
    /// The variables of `for … := range`.
    Range,
}

impl<'a> Collector<'a> {
    fn local_mut(&mut self, local: LocalId) -> &mut LocalFacts {
        let (func, local) = canonical(self.prog, self.func, local);
        &mut self.facts.locals[func][local.index()]
    }

    /// Notes that an address inside variable `x` is taken, or a literal captures it.
    fn leaked(&mut self, local: LocalId) {
        let out_of_loop = self.return_depth >= self.loop_depth;
        let (owner, local) = canonical(self.prog, self.func, local);
        let facts = &mut self.facts.locals[owner][local.index()];
        if facts.loop_var && owner == self.func && !out_of_loop {
            facts.per_iteration = true;
        }
    }

    fn assign(&mut self, lhs: Option<ExprId>, def: bool, how: Assign) {
        let Some(lhs) = lhs else { return };
        let func = &self.prog.funcs[self.func];
        let outer = outer_value(self.prog, self.types, self.func, lhs);
        let ExprKind::Local(local) = func.exprs[outer].kind else { return };
        let here = self.func;
        // A redeclaration (`a, b := …` where `a` exists) is an assignment.
        let fresh = matches!(how, Assign::Range) || self.fresh.contains(&local);
        let facts = self.local_mut(local);
        let defining = def && outer == lhs && facts.def_lhs.is_none() && fresh;
        if defining {
            facts.def_lhs = Some(lhs);
            facts.defn = match how {
                Assign::Simple(rhs) => Defn::Single(rhs),
                Assign::Multi(rhs) => Defn::Multi(rhs),
                Assign::Other | Assign::Range => Defn::Other,
            };
        } else {
            facts.assigned = true;
        }
        match how {
            Assign::Simple(rhs) => {
                if !is_nil(self.prog, here, rhs)
                    && let Some(values) = &mut self.local_mut(local).values
                {
                    values.push((here, rhs));
                }
            }
            Assign::Multi(_) | Assign::Other | Assign::Range => self.local_mut(local).values = None,
        }
    }

    fn body(&mut self, body: &'a [Stmt]) {
        for stmt in body {
            self.stmt(stmt);
            if !matches!(stmt.kind, StmtKind::Decl(_)) {
                self.fresh.clear();
            }
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Decl(local) => self.fresh.push(*local),
            StmtKind::Select { cases, .. } => {
                for case in cases {
                    if let Some(comm) = &case.comm {
                        self.fresh = received_vars(&self.prog.funcs[self.func], comm);
                        self.stmt(comm);
                        self.fresh.clear();
                    }
                    self.body(&case.body);
                }
            }
            StmtKind::Return(_) | StmtKind::ReturnCall(_) => {
                let saved = std::mem::replace(&mut self.return_depth, self.loop_depth);
                self.parts(stmt);
                self.return_depth = saved;
            }
            StmtKind::For { per_iteration, .. } => {
                for &local in per_iteration {
                    self.local_mut(local).loop_var = true;
                }
                self.loop_depth += 1;
                self.parts(stmt);
                self.loop_depth -= 1;
            }
            StmtKind::Range { key, value, x, define, body, .. } => {
                if *define {
                    for lhs in [key, value].into_iter().flatten() {
                        if let ExprKind::Local(local) = self.prog.funcs[self.func].exprs[*lhs].kind {
                            self.local_mut(local).loop_var = true;
                        }
                    }
                }
                self.loop_depth += 1;
                self.expr(*x);
                for lhs in [key, value].into_iter().flatten() {
                    self.expr(*lhs);
                    self.assign(Some(*lhs), *define, Assign::Range);
                }
                self.body(body);
                self.loop_depth -= 1;
            }
            StmtKind::Assign { lhs, rhs, def } => {
                self.assign(*lhs, *def, Assign::Simple(*rhs));
                self.parts(stmt);
            }
            StmtKind::AssignOp { lhs, .. } => {
                self.assign(Some(*lhs), false, Assign::Other);
                self.parts(stmt);
            }
            StmtKind::AssignMulti { lhs, rhs, def } => {
                // Results of an inlined call: Go does not look into those.
                let inlined = self.are_results(rhs);
                for (lhs, rhs) in lhs.iter().zip(rhs) {
                    self.assign(*lhs, *def, if inlined { Assign::Other } else { Assign::Multi(*rhs) });
                }
                self.parts(stmt);
            }
            StmtKind::AssignCall { lhs, def, .. } => {
                for lhs in lhs {
                    self.assign(*lhs, *def, Assign::Other);
                }
                self.parts(stmt);
            }
            StmtKind::AssignCommaOk { lhs, def, .. } => {
                for lhs in lhs {
                    self.assign(*lhs, *def, Assign::Other);
                }
                self.parts(stmt);
            }
            _ => self.parts(stmt),
        }
    }

    /// Whether `list` is the results of one inlined call: the first comes with the call's body, whose
    /// statements end in the label that returns jump to and declare the variables of the others.
    fn are_results(&self, list: &[ExprId]) -> bool {
        let exprs = &self.prog.funcs[self.func].exprs;
        let [first, second, ..] = *list else { return false };
        let init = init_stmts(&exprs[first].kind);
        let ExprKind::Local(result) = exprs[second].kind else { return false };
        matches!(init.last().map(|s| &s.kind), Some(StmtKind::Label(_))) && declares(init, result)
    }

    fn parts(&mut self, stmt: &'a Stmt) {
        parts(stmt, &mut |part| match part {
            Part::Expr(x) => self.expr(x),
            Part::Decl(_) => {}
            Part::Stmt(s) => self.stmt(s),
            Part::Body(b) => self.body(b),
        });
    }

    fn expr(&mut self, x: ExprId) {
        let prog = self.prog;
        let kind = &prog.funcs[self.func].exprs[x].kind;
        match *kind {
            ExprKind::Addr(operand) => {
                let outer = outer_value(prog, self.types, self.func, operand);
                if let ExprKind::Local(local) = prog.funcs[self.func].exprs[outer].kind {
                    self.local_mut(local).addrtaken = true;
                    self.leaked(local);
                }
            }
            ExprKind::Closure(closure) => {
                for &capture in &prog.funcs[closure].captures {
                    if let LocalKind::Captured { outer, .. } = prog.funcs[closure].locals[capture].kind {
                        self.leaked(outer);
                        self.facts.locals[self.func][outer.index()].captured = true;
                    }
                }
            }
            _ => {}
        }
        let init = init_stmts(kind);
        if !init.is_empty() {
            let fresh = std::mem::take(&mut self.fresh);
            self.body(init);
            self.fresh = fresh;
        }
        operands(kind, &mut |y| self.expr(y));
    }
}

/// Whether a declaration of `local` is among statements or in their bodies.
fn declares(list: &[Stmt], local: LocalId) -> bool {
    list.iter().any(|stmt| {
        let mut found = false;
        parts(stmt, &mut |part| {
            found |= match part {
                Part::Expr(_) => false,
                Part::Decl(l) => l == local,
                Part::Stmt(s) => declares(std::slice::from_ref(s), local),
                Part::Body(b) => declares(b, local),
            };
        });
        found
    })
}

/// The variables that the receive statement of a select case declares.
pub fn received_vars(func: &crate::hir::Func, comm: &Stmt) -> Vec<LocalId> {
    let lhs: &[Option<ExprId>] = match &comm.kind {
        StmtKind::Assign { lhs, def: true, .. } => std::slice::from_ref(lhs),
        StmtKind::AssignCommaOk { lhs, def: true, .. } => lhs,
        _ => &[],
    };
    let local = |x: &ExprId| match func.exprs[*x].kind {
        ExprKind::Local(local) => Some(local),
        _ => None,
    };
    lhs.iter().flatten().filter_map(local).collect()
}

fn is_nil(prog: &Program, func: FuncId, mut x: ExprId) -> bool {
    loop {
        match prog.funcs[func].exprs[x].kind {
            ExprKind::Nil | ExprKind::Zero => return true,
            ExprKind::Conv(y) | ExprKind::Paren(y) => x = y,
            _ => return false,
        }
    }
}

/// The method that the body of a method value calls, where it is known.
pub fn method_of(prog: &Program, body: FuncId) -> Option<FuncId> {
    prog.funcs[body].exprs.iter().find_map(|e| match e.kind {
        // Not the function that complains about nil receivers.
        ExprKind::Call { callee: Callee::Static(f), .. } => Some(f).filter(|&f| prog.funcs[f].has_recv),
        _ => None,
    })
}
