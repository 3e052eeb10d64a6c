//! Limits that Go's compiler has behind its checker: types no address space can hold, variables no program can.

#![forbid(unsafe_code)]

use super::object::{ObjKind, Objects, PkgId, VarKind};
use super::repr::{TypeId, TypeKind, Types};
use super::typestring::type_string;
use crate::diag::Diagnostic;
use crate::index::Symbol;

/// Go's limit for the size of a type, in bytes.
const MAX_TYPE_SIZE: u64 = 1 << 50;

/// Go's limit for the size of a package variable, in bytes.
const MAX_SYMBOL_SIZE: u64 = 2_000_000_000;

/// Go's limit for the size of a channel's elements, in bytes.
const MAX_CHAN_ELEM: u64 = 1 << 16;

/// Reports variables of package `pkg`, whose path is `path`, that are too large.
pub fn check(
    types: &Types,
    objs: &Objects,
    qualify: &dyn Fn(PkgId) -> String,
    pkg: PkgId,
    path: Symbol,
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for obj in objs.iter().filter(|o| o.pkg == pkg) {
        let ObjKind::Var(kind) = obj.kind else { continue };
        if kind == VarKind::Field {
            continue;
        }
        let size = types.size_of(obj.ty);
        let message = if size >= MAX_TYPE_SIZE {
            format!("type {} larger than address space", type_string(types, objs, obj.ty, qualify))
        } else if kind == VarKind::Package && size > MAX_SYMBOL_SIZE {
            format!("{path}.{}: symbol too large ({size} bytes > {MAX_SYMBOL_SIZE} bytes)", obj.name)
        } else {
            continue;
        };
        out.push(Diagnostic::error("TypeTooLarge", obj.span, message));
    }
    large_elements(types, objs, pkg, &mut out);
    out
}

/// Reports channels of elements that are too large, at the variables, or the functions, that have them.
fn large_elements(types: &Types, objs: &Objects, pkg: PkgId, out: &mut Vec<Diagnostic>) {
    let own = || objs.iter().filter(|o| o.pkg == pkg);
    let mut funcs: Vec<_> = own().filter(|o| matches!(o.kind, ObjKind::Func(_))).map(|o| o.span).collect();
    funcs.sort_by_key(|s| s.lo);
    let mut seen = Vec::new();
    for obj in own() {
        let ObjKind::Var(kind) = obj.kind else { continue };
        let Some(ty) = large_chan(types, obj.ty, &mut Vec::new()) else { continue };
        let in_signature = matches!(kind, VarKind::Param | VarKind::Result | VarKind::Recv);
        if kind == VarKind::Field || seen.contains(&(ty, in_signature)) {
            continue;
        }
        seen.push((ty, in_signature));
        let func = funcs.partition_point(|f| f.lo <= obj.span.lo).checked_sub(1);
        let at = func.filter(|_| in_signature).map_or(obj.span, |i| funcs[i]);
        out.push(Diagnostic::error("TypeTooLarge", at, "channel element type too large (>64kB)"));
    }
}

/// A channel type with large elements that a value of this type leads to.
fn large_chan(types: &Types, ty: TypeId, seen: &mut Vec<TypeId>) -> Option<TypeId> {
    if !types.is_valid(ty) || ty == Types::UNRESOLVED || seen.contains(&ty) {
        return None;
    }
    seen.push(ty);
    let mut look = |t: TypeId| large_chan(types, t, seen);
    match types.underlying_kind(ty) {
        TypeKind::Chan { elem, .. } if types.size_of(*elem) >= MAX_CHAN_ELEM && !types.is_type_param(*elem) => Some(ty),
        TypeKind::Chan { elem, .. }
        | TypeKind::Pointer(elem)
        | TypeKind::Slice(elem)
        | TypeKind::Array { elem, .. } => look(*elem),
        TypeKind::Map { key, elem } => look(*key).or_else(|| look(*elem)),
        TypeKind::Struct(s) => s.fields.iter().find_map(|f| look(f.ty)),
        _ => None,
    }
}
