#![forbid(unsafe_code)]
//! Interface method calls on receivers of which the dynamic type is known.
//!
//! `s.m()` becomes `s.(T).m()` where every value that the variable `s` may hold was converted from `T`. The
//! receiver may still be nil, which is checked before, so that the call fails as it would have.
//!
//! The type of a variable is the one type of all assignments to it; assignments from other variables are
//! followed, each variable once, so the search ends. Variables whose address is taken are not followed.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Severity};
use crate::hir::order::functions;
use crate::hir::print::Printer;
use crate::hir::visit::{Part, body_exprs, init_stmts, operands, parts};
use crate::hir::{
    Callee, CommaOk, Esc, Expr, ExprId, ExprKind, FuncId, FuncKind, LocalId, LocalKind, Program, Stmt, StmtKind,
};
use crate::index::Symbol;
use crate::source::Span;
use crate::types::{Objects, PkgId, TypeId, TypeKind, Types};

/// A variable: of the function that declares it.
type Var = (FuncId, LocalId);

/// What a variable of interface type is assigned.
#[derive(Clone, Copy)]
enum Value {
    /// An interface from somewhere else.
    Unknown,
    Expr(FuncId, ExprId),
}

/// What is known of a dynamic type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dynamic {
    Unknown,
    /// Always nil, or an assignment to itself: no type yet.
    None,
    Type(TypeId),
}

/// Rewrites the calls of a whole program; `-m` lines for functions of `report`, if given.
pub fn devirtualize(
    prog: &mut Program,
    types: &Types,
    objs: &Objects,
    qualify: &dyn Fn(PkgId) -> String,
    report: Option<Symbol>,
) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    let mut known = None;
    let methods = methods(prog);
    for f in functions(prog) {
        let func = &prog.funcs[f];
        let mut calls = Vec::new();
        body_exprs(func, &func.body, &mut |x| {
            if let ExprKind::Call { callee: Callee::Interface { recv, method, .. }, .. } = func.exprs[x].kind {
                calls.push((x, recv, method));
            }
        });
        for (x, recv, method) in calls {
            let values = known.get_or_insert_with(|| assignments(prog, types));
            let finder = Finder { prog, types, values };
            let Dynamic::Type(ty) = finder.dynamic_type(f, recv, &mut FxHashSet::default()) else { continue };
            let Some((target, deref)) = find(&methods, types, ty, method) else { continue };
            if report == Some(prog.funcs[f].pkg) {
                let printer = Printer { prog, types, objs, qualify };
                let pos = prog.funcs[f].exprs[x].pos;
                let message = format!("devirtualizing {}.{method} to {}", printer.operand(f, recv), printer.ty(ty));
                let note = Diagnostic::error("Devirtualize", Span::new(pos, pos), message);
                notes.push(Diagnostic { severity: Severity::Note, ..note });
            }
            rewrite(prog, types, f, x, recv, ty, target, deref);
        }
    }
    notes
}

/// Methods and their wrappers by receiver type and name.
fn methods(prog: &Program) -> FxHashMap<(TypeId, Symbol), FuncId> {
    let mut out = FxHashMap::default();
    for (id, f) in prog.funcs.iter_enumerated() {
        let Some(&recv) = f.params.first().filter(|_| f.has_recv) else { continue };
        if !matches!(f.kind, FuncKind::Declared | FuncKind::Wrapper) {
            continue;
        }
        let name = f.name.as_str();
        let method = Symbol::new(name.rsplit('.').next().unwrap_or(name));
        let key = (f.locals[recv].ty, method);
        if f.kind == FuncKind::Declared {
            out.insert(key, id);
        } else {
            out.entry(key).or_insert(id);
        }
    }
    out
}

/// The method of a type, and whether its receiver is what the pointer points to.
fn find(
    methods: &FxHashMap<(TypeId, Symbol), FuncId>,
    types: &Types,
    ty: TypeId,
    name: Symbol,
) -> Option<(FuncId, bool)> {
    let pointee = match *types.kind(ty) {
        TypeKind::Pointer(elem) => methods.get(&(elem, name)).map(|&f| (f, true)),
        _ => None,
    };
    let direct = methods.get(&(ty, name)).map(|&f| (f, false));
    // `*T` gets at a method of `T` through the pointer rather than a wrapper.
    pointee.or(direct)
}

#[allow(clippy::too_many_arguments, reason = "one call, all of it needed")]
fn rewrite(
    prog: &mut Program,
    types: &Types,
    f: FuncId,
    x: ExprId,
    recv: ExprId,
    ty: TypeId,
    target: FuncId,
    deref: bool,
) {
    let func = &mut prog.funcs[f];
    let (pos, span) = (func.exprs[x].pos, func.exprs[recv].span);
    let mut add = |kind, ty, implicit| func.exprs.push(Expr { kind, ty, pos, span, esc: Esc::Unknown, implicit });
    let mut value = add(ExprKind::TypeAssert { x: recv }, ty, false);
    if deref {
        let elem = types.pointee(ty).unwrap_or(ty);
        value = add(ExprKind::Deref(value), elem, true);
    }
    let mut inner = recv;
    while let ExprKind::Conv(y) | ExprKind::Paren(y) = func.exprs[inner].kind {
        inner = y;
    }
    if let ExprKind::Local(local) = func.exprs[inner].kind {
        let again = Expr { kind: ExprKind::Local(local), ..func.exprs[inner].clone() };
        let again = func.exprs.push(again);
        let check = Stmt { pos, kind: StmtKind::CheckNil(again) };
        let ty = func.exprs[value].ty;
        let kind = ExprKind::Init { stmts: vec![check], x: value };
        value = func.exprs.push(Expr { kind, ty, pos, span, esc: Esc::Unknown, implicit: false });
    }
    if let ExprKind::Call { callee, args, .. } = &mut func.exprs[x].kind {
        *callee = Callee::Static(target);
        args.insert(0, value);
    }
}

struct Finder<'a> {
    prog: &'a Program,
    types: &'a Types,
    values: &'a Assignments,
}

impl Finder<'_> {
    fn dynamic_type(&self, f: FuncId, mut x: ExprId, seen: &mut FxHashSet<Var>) -> Dynamic {
        let exprs = &self.prog.funcs[f].exprs;
        loop {
            if !self.types.is_interface(exprs[x].ty) {
                return Dynamic::Type(exprs[x].ty);
            }
            match exprs[x].kind {
                ExprKind::Conv(y) | ExprKind::ConvIface(y) | ExprKind::Paren(y) | ExprKind::TypeAssert { x: y } => {
                    x = y
                }
                _ => break,
            }
        }
        let ExprKind::Local(local) = exprs[x].kind else { return Dynamic::Unknown };
        let var @ (owner, local) = canonical(self.prog, f, local);
        if self.prog.funcs[owner].locals[local].kind != LocalKind::Auto || self.values.addr_taken.contains(&var) {
            return Dynamic::Unknown;
        }
        if !seen.insert(var) {
            return Dynamic::None;
        }
        let mut ty = Dynamic::None;
        for &value in self.values.of.get(&var).into_iter().flatten() {
            let t = match value {
                Value::Unknown => Dynamic::Unknown,
                Value::Expr(f, x) => self.dynamic_type(f, x, seen),
            };
            match (ty, t) {
                (_, Dynamic::None) => {}
                (_, Dynamic::Unknown) => return Dynamic::Unknown,
                (Dynamic::Type(a), Dynamic::Type(b)) if a != b => return Dynamic::Unknown,
                _ => ty = t,
            }
        }
        ty
    }
}

fn canonical(prog: &Program, mut func: FuncId, mut local: LocalId) -> Var {
    while let LocalKind::Captured { outer, .. } = prog.funcs[func].locals[local].kind {
        match prog.funcs[func].parent {
            Some(parent) if prog.funcs[func].kind.is_closure() => (func, local) = (parent, outer),
            _ => break,
        }
    }
    (func, local)
}

/// All assignments to variables of interface type.
#[derive(Default)]
struct Assignments {
    of: FxHashMap<Var, Vec<Value>>,
    addr_taken: FxHashSet<Var>,
}

fn assignments(prog: &Program, types: &Types) -> Assignments {
    let mut c = Collector { prog, types, func: FuncId(0), out: Assignments::default() };
    for f in prog.funcs.ids() {
        c.func = f;
        c.body(&prog.funcs[f].body);
    }
    c.out
}

struct Collector<'a> {
    prog: &'a Program,
    types: &'a Types,
    func: FuncId,
    out: Assignments,
}

impl Collector<'_> {
    fn assign(&mut self, lhs: Option<ExprId>, value: Option<ExprId>) {
        let exprs = &self.prog.funcs[self.func].exprs;
        let Some(lhs) = lhs else { return };
        let ExprKind::Local(local) = exprs[lhs].kind else { return };
        if !self.types.is_interface(exprs[lhs].ty) {
            return;
        }
        let value = match value {
            Some(x) => match exprs[x].kind {
                ExprKind::Nil | ExprKind::Zero => return,
                ExprKind::Call { .. } => Value::Unknown,
                _ => Value::Expr(self.func, x),
            },
            None => Value::Unknown,
        };
        let var = canonical(self.prog, self.func, local);
        self.out.of.entry(var).or_default().push(value);
    }

    fn body(&mut self, body: &[Stmt]) {
        for stmt in body {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign { lhs, rhs, .. } => self.assign(*lhs, Some(*rhs)),
            StmtKind::AssignMulti { lhs, rhs, .. } => {
                for (lhs, rhs) in lhs.iter().zip(rhs) {
                    self.assign(*lhs, Some(*rhs));
                }
            }
            StmtKind::AssignCommaOk { lhs, rhs, kind, .. } => {
                self.assign(lhs[0], (*kind == CommaOk::TypeAssert).then_some(*rhs));
            }
            StmtKind::AssignCall { lhs, .. } => lhs.iter().for_each(|&lhs| self.assign(lhs, None)),
            StmtKind::Range { key, value, .. } => [key, value].into_iter().for_each(|&lhs| self.assign(lhs, None)),
            StmtKind::TypeSwitch { x, cases, .. } => {
                for var in cases.iter().filter_map(|c| c.var) {
                    if self.types.is_interface(self.prog.funcs[self.func].locals[var].ty) {
                        let value = Value::Expr(self.func, *x);
                        self.out.of.entry((self.func, var)).or_default().push(value);
                    }
                }
            }
            _ => {}
        }
        parts(stmt, &mut |part| match part {
            Part::Expr(x) => self.expr(x),
            Part::Decl(_) => {}
            Part::Stmt(s) => self.stmt(s),
            Part::Body(b) => self.body(b),
        });
    }

    fn expr(&mut self, x: ExprId) {
        let kind = &self.prog.funcs[self.func].exprs[x].kind;
        if let ExprKind::Addr(y) = kind
            && let ExprKind::Local(local) = self.prog.funcs[self.func].exprs[*y].kind
        {
            self.out.addr_taken.insert(canonical(self.prog, self.func, local));
        }
        self.body(init_stmts(kind));
        operands(kind, &mut |y| self.expr(y));
    }
}
