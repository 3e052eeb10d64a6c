//! The order in which Go's compiler lists a package's functions.
//!
//! Passes that report as they go follow it: the initialiser of variables and the literals in it, declared
//! functions in source order, then the literals of the last declaration, of the one before, and so on
//! (their bodies are read last in, first out).

#![forbid(unsafe_code)]

use super::ir::{FuncId, FuncKind, Program};
use super::order_instances::with_instances;
use crate::index::Id;
use crate::types::Types;

/// The declared function, initialiser or wrapper that a closure stands in; others themselves.
pub fn outermost(prog: &Program, mut func: FuncId) -> FuncId {
    while let (true, Some(parent)) = (prog.funcs[func].kind.is_closure(), prog.funcs[func].parent) {
        func = parent;
    }
    func
}

/// All functions, in that order.
pub fn functions(prog: &Program) -> Vec<FuncId> {
    // Literals that came with inlined code are behind the rest.
    let copies = (prog.listed.len()..prog.funcs.len()).map(FuncId::new);
    prog.listed.iter().copied().chain(copies).collect()
}

/// Finds that order.
pub fn list(prog: &Program, types: &Types) -> Vec<FuncId> {
    let mut all: Vec<FuncId> = prog.funcs.ids().collect();
    if prog.funcs.iter().any(|f| f.kind == FuncKind::Instance) {
        all = with_instances(prog, types, all);
    } else {
        all.sort_by_key(|&f| {
            let func = &prog.funcs[f];
            let root = &prog.funcs[outermost(prog, f)];
            match (func.kind.is_closure(), root.kind) {
                (false, FuncKind::Init) => (0, 0),
                (true, FuncKind::Init) => (1, 0),
                (false, FuncKind::Declared) if func.dict.is_empty() => (2, func.pos.0),
                (true, _) => (3, u32::MAX - root.pos.0),
                (false, _) => (4, 0),
            }
        });
    }
    all
}
