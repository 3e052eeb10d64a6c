#![forbid(unsafe_code)]
//! Limits that Go's compiler has behind its checker: types no address space can hold, variables no program can.

use super::ir::Program;
use crate::diag::Diagnostic;
use crate::index::Symbol;
use crate::source::{Pos, Span};
use crate::types::{Objects, PkgId, TypeId, Types};

/// Go's limit for the size of a type, in bytes.
const MAX_TYPE_SIZE: u64 = 1 << 50;

/// Go's limit for the size of a package variable, in bytes.
const MAX_SYMBOL_SIZE: u64 = 2_000_000_000;

/// Reports variables of package `pkg` that are too large.
pub fn check(
    prog: &Program,
    types: &Types,
    objs: &Objects,
    qualify: &dyn Fn(PkgId) -> String,
    pkg: Symbol,
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let too_large = |pos: Pos, ty: TypeId| {
        let name = crate::types::typestring::type_string(types, objs, ty, qualify);
        Diagnostic::error("TypeTooLarge", Span::new(pos, pos), format!("type {name} larger than address space"))
    };
    for global in prog.globals.iter().filter(|g| g.pkg == pkg) {
        let size = types.size_of(global.ty);
        if size >= MAX_TYPE_SIZE {
            out.push(too_large(global.pos, global.ty));
        } else if size > MAX_SYMBOL_SIZE {
            let message = format!("{pkg}.{}: symbol too large ({size} bytes > {MAX_SYMBOL_SIZE} bytes)", global.name);
            out.push(Diagnostic::error("TypeTooLarge", Span::new(global.pos, global.pos), message));
        }
    }
    for local in prog.funcs.iter().filter(|f| f.pkg == pkg).flat_map(|f| f.locals.iter()) {
        if types.size_of(local.ty) >= MAX_TYPE_SIZE {
            out.push(too_large(local.pos, local.ty));
        }
    }
    out
}
