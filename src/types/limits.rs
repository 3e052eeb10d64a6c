#![forbid(unsafe_code)]
//! Limits that Go's compiler has behind its checker: types no address space can hold, variables no program can.

use super::object::{ObjKind, Objects, PkgId, VarKind};
use super::repr::Types;
use super::typestring::type_string;
use crate::diag::Diagnostic;
use crate::index::Symbol;

/// Go's limit for the size of a type, in bytes.
const MAX_TYPE_SIZE: u64 = 1 << 50;

/// Go's limit for the size of a package variable, in bytes.
const MAX_SYMBOL_SIZE: u64 = 2_000_000_000;

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
    out
}
