//! Replaces operands by the constants they always have, where that decides a placement.
//!
//! The length of `make([]T, n)` with a variable that is assigned once, and variables with constant values
//! converted to interfaces: static data instead of an allocation. So are variables that hold a literal of
//! constants, but of these no message knows: [`composites`] comes after them.

#![forbid(unsafe_code)]

use num_traits::Signed;

use super::graph::{Batch, Node};
use crate::hir::facts::Facts;
use crate::hir::{Esc, Expr, ExprId, ExprKind, Func, FuncId, Program, Stmt, StmtKind};
use crate::types::{Basic, ConstValue, TypeId, TypeKind, Types};

/// Rewrites the expressions that the locations of a batch stand for.
pub fn literals(prog: &mut Program, types: &Types, facts: &Facts, batch: &Batch) {
    for l in batch.all() {
        let Node::Expr(f, x) = batch.locs[l].node else { continue };
        match prog.funcs[f].exprs[x].kind {
            ExprKind::MakeSlice { len, cap } => {
                if let Some(lit) = constant_length(prog, types, facts, f, cap.unwrap_or(len)) {
                    let pos = prog.funcs[f].exprs[x].pos;
                    let span = prog.funcs[f].exprs[cap.unwrap_or(len)].span;
                    let (value, ty) = lit;
                    let node = Expr { kind: ExprKind::Const(value), ty, pos, span, esc: Esc::Unknown, implicit: false };
                    let lit = prog.funcs[f].exprs.push(node);
                    let lit = after_effects(prog, f, cap.unwrap_or(len), lit);
                    prog.funcs[f].exprs[x].kind = match cap {
                        Some(_) => ExprKind::MakeSlice { len, cap: Some(lit) },
                        None => ExprKind::MakeSlice { len: lit, cap: None },
                    };
                }
            }
            ExprKind::ConvIface(y) => {
                let func = &prog.funcs[f];
                if matches!(func.exprs[y].kind, ExprKind::Const(_)) || types.is_interface(func.exprs[y].ty) {
                    continue;
                }
                let (g, v) = facts.static_value(prog, types, f, y);
                let ExprKind::Const(value) = &prog.funcs[g].exprs[v].kind else { continue };
                let value = value.clone();
                let old = &prog.funcs[f].exprs[y];
                if !fits(types, &value, old.ty) {
                    continue;
                }
                let node = Expr { kind: ExprKind::Const(value), esc: Esc::Unknown, implicit: false, ..old.clone() };
                let spelled = prog.funcs[f].spelled.get(&y).copied();
                let lit = prog.funcs[f].exprs.push(node);
                if let Some(ty) = spelled {
                    prog.funcs[f].spelled.insert(lit, ty);
                }
                let lit = after_effects(prog, f, y, lit);
                prog.funcs[f].exprs[x].kind = ExprKind::ConvIface(lit);
            }
            _ => {}
        }
    }
}

/// Has conversions to interfaces convert the literals of constants that their variables always hold: what an
/// interface points to then lies in static data (Go: `cmd/compile/internal/walk`, `addrTemp`).
pub fn composites(prog: &mut Program, types: &Types, facts: &Facts) {
    let mut found = Vec::new();
    for f in prog.funcs.ids() {
        for (x, e) in prog.funcs[f].exprs.iter_enumerated() {
            let ExprKind::ConvIface(y) = e.kind else { continue };
            let ty = prog.funcs[f].exprs[y].ty;
            if types.is_direct_iface(ty)
                || !matches!(types.underlying_kind(ty), TypeKind::Struct(_) | TypeKind::Array { .. })
            {
                continue;
            }
            let value = facts.static_value(prog, types, f, y);
            if value != (f, y) && is_static(&prog.funcs[value.0], types, value.1) {
                found.push((f, x, y, value));
            }
        }
    }
    for (f, x, y, (g, literal)) in found {
        let copy = copy_static(prog, g, literal, f);
        let Expr { ty, pos, span, .. } = prog.funcs[f].exprs[y];
        let root = &mut prog.funcs[f].exprs[copy];
        *root = Expr { ty, pos, span, ..root.clone() };
        let copy = after_effects(prog, f, y, copy);
        prog.funcs[f].exprs[x].kind = ExprKind::ConvIface(copy);
    }
}

/// Whether a value is static data, itself or put together of such.
pub fn is_static(func: &Func, types: &Types, x: ExprId) -> bool {
    match &func.exprs[x].kind {
        ExprKind::Const(_) | ExprKind::Nil | ExprKind::Zero => true,
        ExprKind::StructLit(fields) => fields.iter().all(|&(_, x)| is_static(func, types, x)),
        ExprKind::ArrayLit(elems) => elems.iter().all(|e| is_static(func, types, e.value)),
        ExprKind::ConvIface(y) => {
            let y = *y;
            let is_value = !types.is_interface(func.exprs[y].ty) || matches!(func.exprs[y].kind, ExprKind::Nil);
            is_value && is_static(func, types, y)
        }
        _ => false,
    }
}

/// A copy of static data of function `g` in function `f`.
fn copy_static(prog: &mut Program, g: FuncId, x: ExprId, f: FuncId) -> ExprId {
    let mut e = prog.funcs[g].exprs[x].clone();
    match &mut e.kind {
        ExprKind::StructLit(fields) => fields.iter_mut().for_each(|(_, x)| *x = copy_static(prog, g, *x, f)),
        ExprKind::ArrayLit(elems) => elems.iter_mut().for_each(|e| e.value = copy_static(prog, g, e.value, f)),
        ExprKind::ConvIface(x) => *x = copy_static(prog, g, *x, f),
        _ => {}
    }
    prog.funcs[f].exprs.push(e)
}

/// The value `lit`, and before it what evaluating `old` does.
fn after_effects(prog: &mut Program, f: FuncId, old: ExprId, lit: ExprId) -> ExprId {
    let func = &mut prog.funcs[f];
    let mut x = old;
    loop {
        match func.exprs[x].kind {
            ExprKind::Conv(y) | ExprKind::Paren(y) => x = y,
            ExprKind::Init { .. } => break,
            _ => return lit,
        }
    }
    let node = func.exprs[lit].clone();
    let evaluate = Stmt { pos: node.pos, kind: StmtKind::Assign { lhs: None, rhs: old, def: false } };
    func.exprs.push(Expr { kind: ExprKind::Init { stmts: vec![evaluate], x: lit }, ..node })
}

fn constant_length(prog: &Program, types: &Types, facts: &Facts, f: FuncId, n: ExprId) -> Option<(ConstValue, TypeId)> {
    let func = &prog.funcs[f];
    if matches!(func.exprs[n].kind, ExprKind::Const(_)) {
        return None;
    }
    let (g, v) = facts.static_value(prog, types, f, n);
    match &prog.funcs[g].exprs[v].kind {
        ExprKind::Const(value) => {
            let int = value.to_int()?;
            (!int.is_negative()).then_some((ConstValue::Int(int), func.exprs[n].ty))
        }
        ExprKind::Len(s) => {
            let (h, s) = facts.static_value(prog, types, g, *s);
            match prog.funcs[h].exprs[s].kind {
                ExprKind::SliceLit { len, .. } => Some((ConstValue::int(len), Types::INT)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a value is of a kind that constants of this type have.
fn fits(types: &Types, value: &ConstValue, ty: TypeId) -> bool {
    let Some(basic) = types.basic(ty) else { return false };
    match value {
        ConstValue::Unknown => false,
        ConstValue::Bool(_) => basic == Basic::Bool,
        ConstValue::Str(_) => basic == Basic::String,
        ConstValue::Int(_) | ConstValue::Float(_) | ConstValue::Huge(_) | ConstValue::Complex(_) => basic.is_numeric(),
    }
}
