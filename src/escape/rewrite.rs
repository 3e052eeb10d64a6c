//! Replaces operands by the constants they always have, where that decides a placement.
//!
//! The length of `make([]T, n)` with a variable that is assigned once, and variables with constant values
//! converted to interfaces: static data instead of an allocation.

#![forbid(unsafe_code)]

use num_traits::Signed;

use super::graph::{Batch, Node};
use crate::hir::facts::Facts;
use crate::hir::{Esc, Expr, ExprId, ExprKind, FuncId, Program, Stmt, StmtKind};
use crate::types::{Basic, ConstValue, TypeId, Types};

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

/// The constant `lit`, and before it what evaluating `old` does.
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
