//! Rules for assignments, and those that assign something to itself.

#![forbid(unsafe_code)]

use super::build::Builder;
use super::graph::{HEAP, Hole, Node};
use crate::hir::facts::{canonical, is_conv_nop};
use crate::hir::{BinaryOp, ExprId, ExprKind, Func, Program, Stmt, UnaryOp};
use crate::types::{TypeKind, Types};

impl Builder<'_> {
    /// The hole that stores into `x`, an addressable expression, a map element or nothing.
    pub fn addr(&mut self, x: Option<ExprId>) -> Hole {
        let Some(x) = x else { return Hole::discard() };
        let prog: &Program = self.prog;
        let func = &prog.funcs[self.curfn];
        match func.exprs[x].kind {
            ExprKind::Local(local) => {
                if func.locals[local].name.is_blank() {
                    return Hole::discard();
                }
                Hole::to(self.local_loc(local))
            }
            ExprKind::Field { x, .. } | ExprKind::Paren(x) | ExprKind::Conv(x) => self.addr(Some(x)),
            ExprKind::Init { ref stmts, x } => {
                self.stmts(stmts);
                self.addr(Some(x))
            }
            ExprKind::Index { x: y, index, .. } => {
                self.discard(index);
                if matches!(self.types.underlying_kind(func.exprs[y].ty), TypeKind::Array { .. }) {
                    self.addr(Some(y))
                } else {
                    self.mutate(y);
                    Hole::to(HEAP)
                }
            }
            ExprKind::Deref(y) | ExprKind::FieldPtr { x: y, .. } => {
                self.mutate(y);
                Hole::to(HEAP)
            }
            ExprKind::IndexMap { x: y, key } => {
                self.discard(y);
                self.assign_heap(key, "key of map put", self.place(x));
                Hole::to(HEAP)
            }
            _ => Hole::to(HEAP),
        }
    }

    pub fn addrs(&mut self, xs: &[Option<ExprId>]) -> Vec<Hole> {
        xs.iter().map(|&x| self.addr(x)).collect()
    }

    /// `dsts… = srcs…`, each source into its destination.
    pub fn assign_list(&mut self, dsts: &[Option<ExprId>], srcs: &[ExprId], why: &'static str, stmt: &Stmt) {
        let ks = self.addrs(dsts);
        for (i, &src) in srcs.iter().enumerate() {
            let Some(&k) = ks.get(i) else { break };
            let mut k = k;
            if dsts[i].is_some_and(|dst| self.is_header_data(dst)) {
                let k = self.note_assign(Hole::to(HEAP), stmt, why, dsts[i], src);
                self.unsafe_value(k, src);
                continue;
            }
            if let Some(dst) = dsts[i]
                && is_self_assign(self.types, &self.prog.funcs[self.curfn], dst, src)
            {
                if self.opts.m > 0 && self.reports(self.curfn) {
                    let func = &self.prog.funcs[self.curfn];
                    let text = self.printer.stmt(self.curfn, stmt);
                    self.message(stmt.pos, format!("{} ignoring self-assignment in {text}", func.name));
                }
                k = Hole::discard();
            }
            let k = self.note_assign(k, stmt, why, dsts[i], src);
            self.expr(k, src);
        }
        self.reassigned(&ks, dsts);
    }

    /// Notes that variables are assigned, but for their definitions.
    pub fn reassigned(&mut self, ks: &[Hole], lhs: &[Option<ExprId>]) {
        for (k, lhs) in ks.iter().zip(lhs) {
            if let Node::Local(func, local) = self.batch.locs[k.dst].node {
                let defining = lhs.is_some() && self.facts.get(func, local).def_lhs == *lhs && func == self.curfn;
                if !defining {
                    self.batch.locs[k.dst].reassigned = true;
                }
            }
        }
    }

    /// Notes that variables are assigned, without exception.
    pub fn always_reassigned(&mut self, ks: &[Hole]) {
        for k in ks {
            self.batch.locs[k.dst].reassigned = true;
        }
    }

    /// Whether a variable of `curfn` is a loop variable with a copy per iteration.
    pub fn is_per_iteration(&self, local: crate::hir::LocalId) -> bool {
        let (func, local) = canonical(self.prog, self.curfn, local);
        self.facts.get(func, local).per_iteration
    }
}

/// Whether an assignment stores nothing that is not there already: `b.buf = b.buf[n:m]`, `x.a = x.b`.
fn is_self_assign(types: &Types, func: &Func, dst: ExprId, src: ExprId) -> bool {
    if is_slice_self_assign(func, dst, src) {
        return true;
    }
    match (&func.exprs[dst].kind, &func.exprs[src].kind) {
        (ExprKind::Field { x, .. }, ExprKind::Field { x: y, .. })
        | (ExprKind::FieldPtr { x, .. }, ExprKind::FieldPtr { x: y, .. }) => same_safe_expr(types, func, *x, *y),
        (ExprKind::Index { x, index: i, .. }, ExprKind::Index { x: y, index: j, .. }) => {
            !may_affect_memory(func, *i) && !may_affect_memory(func, *j) && same_safe_expr(types, func, *x, *y)
        }
        _ => false,
    }
}

/// A variable, local or global, that `x` dereferences.
fn deref_base(func: &Func, x: ExprId) -> Option<&ExprKind> {
    match func.exprs[x].kind {
        ExprKind::Deref(y) | ExprKind::FieldPtr { x: y, .. } => match &func.exprs[y].kind {
            kind @ (ExprKind::Local(_) | ExprKind::Global(_)) => Some(kind),
            _ => None,
        },
        _ => None,
    }
}

fn is_slice_self_assign(func: &Func, dst: ExprId, src: ExprId) -> bool {
    let Some(dst) = deref_base(func, dst) else { return false };
    // Slicing an array held by value makes a new pointer into the object; behind a pointer it does not.
    let ExprKind::Slice { x, .. } = func.exprs[src].kind else { return false };
    match (dst, deref_base(func, x)) {
        (ExprKind::Local(a), Some(ExprKind::Local(b))) => a == b,
        (ExprKind::Global(a), Some(ExprKind::Global(b))) => a == b,
        _ => false,
    }
}

/// Whether both expressions are the same and evaluating one of them is enough.
fn same_safe_expr(types: &Types, func: &Func, l: ExprId, r: ExprId) -> bool {
    let strip = |mut x: ExprId| loop {
        match func.exprs[x].kind {
            ExprKind::Conv(y) if is_conv_nop(types, func.exprs[y].ty, func.exprs[x].ty) => x = y,
            ExprKind::Paren(y) => x = y,
            _ => return x,
        }
    };
    let (l, r) = (strip(l), strip(r));
    if func.exprs[l].ty != func.exprs[r].ty {
        return false;
    }
    let same = |a: ExprId, b: ExprId| same_safe_expr(types, func, a, b);
    use ExprKind::*;
    match (&func.exprs[l].kind, &func.exprs[r].kind) {
        (Local(a), Local(b)) => a == b,
        (Global(a), Global(b)) => a == b,
        (Nil, Nil) => true,
        (Const(a), Const(b)) => a == b,
        (Field { x, field: f, .. }, Field { x: y, field: g, .. })
        | (FieldPtr { x, field: f, .. }, FieldPtr { x: y, field: g, .. }) => f == g && same(*x, *y),
        (Deref(x), Deref(y)) => same(*x, *y),
        (Unary(a, x), Unary(b, y)) => a == b && same(*x, *y),
        (Conv(x), Conv(y)) => types.basic(func.exprs[l].ty).is_some() && same(*x, *y),
        (Index { x, index: i, .. }, Index { x: y, index: j, .. })
        | (IndexMap { x, key: i }, IndexMap { x: y, key: j }) => same(*x, *y) && same(*i, *j),
        (Binary(a, x, y), Binary(b, z, w)) => a == b && is_arithmetic(*a) && same(*x, *z) && same(*y, *w),
        _ => false,
    }
}

fn is_arithmetic(op: BinaryOp) -> bool {
    use BinaryOp::*;
    matches!(op, Add | Sub | Or | Xor | Mul | Shl | Shr | And | AndNot | Div | Rem)
}

/// Whether evaluating `x` may change memory (run-time panics are not counted).
fn may_affect_memory(func: &Func, x: ExprId) -> bool {
    let may = |y: ExprId| may_affect_memory(func, y);
    use ExprKind::*;
    match func.exprs[x].kind {
        Local(_) | Global(_) | Func(_) | Const(_) | Nil | Zero => false,
        Binary(op, y, z) if is_arithmetic(op) => may(y) || may(z),
        Index { x: y, index: z, .. } => may(y) || may(z),
        Conv(y) | Len(y) | Cap(y) | Paren(y) | Deref(y) => may(y),
        Unary(UnaryOp::Not | UnaryOp::BitNot | UnaryOp::Plus | UnaryOp::Neg, y) => may(y),
        Field { x: y, .. } | FieldPtr { x: y, .. } => may(y),
        _ => true,
    }
}
