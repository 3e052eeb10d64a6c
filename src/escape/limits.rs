//! Storage that belongs on the heap whatever happens to its address.

#![forbid(unsafe_code)]

use super::graph::Node;
use crate::hir::{ExprId, ExprKind, Func, LocalId, LocalKind, Program};
use crate::types::{Basic, TypeKind, Types};

/// Largest variable in a frame, in bytes.
pub const MAX_STACK_VAR_SIZE: u64 = 128 * 1024;
/// Largest storage in a frame that no declaration names (`new`, `&T{}`, `make`), in bytes.
pub const MAX_IMPLICIT_STACK_VAR_SIZE: u64 = 64 * 1024;

const TOO_LARGE: &str = "too large for stack";

/// Why what `node` stands for must be allocated on the heap, if it must.
pub fn heap_alloc_reason(prog: &Program, types: &Types, node: Node) -> Option<&'static str> {
    match node {
        Node::None | Node::Dict(_) => None,
        Node::Temp { ty, .. } => (types.size_of(ty) > MAX_STACK_VAR_SIZE).then_some(TOO_LARGE),
        Node::Local(f, l) => {
            let local = &prog.funcs[f].locals[l];
            // Parameters and results are where the calling convention puts them.
            let is_auto = !matches!(local.kind, LocalKind::Param(_) | LocalKind::Result(_));
            (is_auto && types.size_of(local.ty) > MAX_STACK_VAR_SIZE).then_some(TOO_LARGE)
        }
        Node::Expr(f, x) => expr_reason(prog, types, &prog.funcs[f], x),
    }
}

fn expr_reason(prog: &Program, types: &Types, func: &Func, x: ExprId) -> Option<&'static str> {
    let e = &func.exprs[x];
    match e.kind {
        ExprKind::New(_) | ExprKind::PtrLit(_) => {
            let size = types.pointee(e.ty).map_or(0, |t| types.size_of(t));
            (size > MAX_IMPLICIT_STACK_VAR_SIZE).then_some(TOO_LARGE)
        }
        ExprKind::Closure(c) => {
            let captures = &prog.funcs[c];
            let size = captures.captures.iter().map(|&l| match captures.locals[l].kind {
                LocalKind::Captured { by_value: true, .. } => types.size_of(captures.locals[l].ty),
                _ => 8,
            });
            (8 + size.sum::<u64>() > MAX_IMPLICIT_STACK_VAR_SIZE).then_some(TOO_LARGE)
        }
        ExprKind::MethodValue { recv, .. } => {
            (8 + types.size_of(func.exprs[recv].ty) > MAX_IMPLICIT_STACK_VAR_SIZE).then_some(TOO_LARGE)
        }
        ExprKind::MakeSlice { len, cap } => {
            let elem = match *types.underlying_kind(e.ty) {
                TypeKind::Slice(elem) => types.size_of(elem),
                _ => return None,
            };
            if elem == 0 {
                return Some("zero-sized element");
            }
            // A length that is not constant is decided at run time: small backing arrays are on the stack.
            let n = const_int(func, cap.unwrap_or(len))?;
            (n > MAX_IMPLICIT_STACK_VAR_SIZE / elem).then_some(TOO_LARGE)
        }
        _ => (types.size_of(e.ty) > MAX_STACK_VAR_SIZE).then_some(TOO_LARGE),
    }
}

/// A constant length that fits the language's 32-bit minimum.
fn const_int(func: &Func, x: ExprId) -> Option<u64> {
    match &func.exprs[x].kind {
        ExprKind::Const(v) => v.to_bits64().filter(|&v| v <= i32::MAX as u64),
        ExprKind::Zero => Some(0),
        ExprKind::Init { x, .. } => const_int(func, *x),
        _ => None,
    }
}

/// Whether a parameter is `...uintptr`.
pub fn is_uintptrs(types: &Types, func: &Func, param: LocalId) -> bool {
    let variadic = types.as_func(func.sig).is_some_and(|s| s.variadic) && func.params.last() == Some(&param);
    let elem = match types.underlying_kind(func.locals[param].ty) {
        TypeKind::Slice(elem) => types.basic(*elem),
        _ => None,
    };
    variadic && elem == Some(Basic::Uintptr)
}
