//! Array indices that cannot be out of range by their type or form: no check is needed.

#![forbid(unsafe_code)]

use crate::diag::Diagnostic;
use crate::hir::visit::{Part, init_stmts, operands, parts};
use crate::hir::{BinaryOp, ExprId, ExprKind, Func, FuncId, Program, Stmt};
use crate::types::{TypeKind, Types};

/// Marks such indices of a function and its literals, and reports them.
pub fn elide(prog: &mut Program, types: &Types, func: FuncId, notes: Option<&mut Vec<Diagnostic>>) {
    let mut found = Vec::new();
    let mut literals = Vec::new();
    let f = &prog.funcs[func];
    body(f, &f.body, &mut |x| match f.exprs[x].kind {
        ExprKind::Index { x: array, index, bounded: false } => {
            let len = match (types.underlying_kind(f.exprs[array].ty), &f.exprs[array].kind) {
                (TypeKind::Array { len, .. }, _) => *len,
                (_, ExprKind::Const(s)) => s.to_bytes().map_or(0, |s| s.len() as u64),
                _ => return,
            };
            if is_bounded(types, f, index, i64::try_from(len).unwrap_or(i64::MAX)) {
                found.push((x, !matches!(f.exprs[index].kind, ExprKind::Const(_))));
            }
        }
        ExprKind::Closure(c) => literals.push(c),
        _ => {}
    });
    let mut messages = Vec::new();
    for (x, report) in found {
        let e = &mut prog.funcs[func].exprs[x];
        if let ExprKind::Index { bounded, .. } = &mut e.kind {
            *bounded = true;
        }
        if report {
            messages.push(super::report::note(e.pos, "index bounds check elided".into()));
        }
    }
    match notes {
        Some(notes) => {
            notes.append(&mut messages);
            for c in literals.into_iter().rev() {
                elide(prog, types, c, Some(notes));
            }
        }
        None => literals.into_iter().for_each(|c| elide(prog, types, c, None)),
    }
}

fn body(f: &Func, list: &[Stmt], found: &mut dyn FnMut(ExprId)) {
    for stmt in list {
        one(f, stmt, found);
    }
}

fn one(f: &Func, stmt: &Stmt, found: &mut dyn FnMut(ExprId)) {
    parts(stmt, &mut |part| match part {
        Part::Expr(x) => postorder(f, x, found),
        Part::Decl(_) => {}
        Part::Stmt(s) => one(f, s, found),
        Part::Body(b) => body(f, b, found),
    });
}

fn postorder(f: &Func, x: ExprId, found: &mut dyn FnMut(ExprId)) {
    body(f, init_stmts(&f.exprs[x].kind), found);
    operands(&f.exprs[x].kind, &mut |y| postorder(f, y, found));
    found(x);
}

/// A constant that fits 32 bits.
fn small_const(f: &Func, x: ExprId) -> Option<i64> {
    match &f.exprs[x].kind {
        ExprKind::Const(v) => {
            let v = v.to_bits64()? as i64;
            (i64::from(i32::MIN)..=i64::from(i32::MAX)).contains(&v).then_some(v)
        }
        ExprKind::Zero => Some(0),
        _ => None,
    }
}

/// Whether `x` is certainly in `0..max`.
fn is_bounded(types: &Types, f: &Func, x: ExprId, max: i64) -> bool {
    let ty = f.exprs[x].ty;
    let Some(basic) = types.basic(ty) else { return false };
    if !basic.is_integer() {
        return false;
    }
    let signed = !basic.is_unsigned();
    let mut bits = 8 * types.size_of(ty) as i64;
    if let Some(v) = small_const(f, x) {
        return 0 <= v && v < max;
    }
    match f.exprs[x].kind {
        ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::AndNot), y, z) => {
            let v = match (small_const(f, y), small_const(f, z)) {
                (Some(v), _) => Some(v),
                (None, Some(v)) if op == BinaryOp::AndNot => {
                    let v = !v;
                    Some(if signed || bits >= 64 { v } else { v & ((1 << bits) - 1) })
                }
                (None, v) => v,
            };
            if v.is_some_and(|v| 0 <= v && v < max) {
                return true;
            }
        }
        ExprKind::Binary(BinaryOp::Rem, _, z) if !signed && small_const(f, z).is_some_and(|v| 0 <= v && v <= max) => {
            return true;
        }
        ExprKind::Binary(BinaryOp::Div, _, z) if !signed => {
            let mut v = small_const(f, z).unwrap_or(0);
            while bits > 0 && v >= 2 {
                bits -= 1;
                v >>= 1;
            }
        }
        ExprKind::Binary(BinaryOp::Shr, _, z) if !signed => {
            if let Some(v) = small_const(f, z) {
                if v > bits {
                    return max > 0;
                }
                bits -= v;
            }
        }
        _ => {}
    }
    !signed && bits <= 62 && (1 << bits) <= max
}
