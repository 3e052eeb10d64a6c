//! The checks that are left when the passes are done, for reports: where an index, a slice or a pointer is
//! looked at when the program runs; and large copies.
//!
//! Places and kinds are those that Go's compiler reports (`isInBounds`, `isSliceInBounds`, `nilcheck`, `copy`). An
//! access through a pointer is its own check unless it is a store with a write barrier in Go: the barrier
//! stands between the check and the store.

#![forbid(unsafe_code)]

use rustc_hash::FxHashSet;

use super::ir::{Callee, CheckKind, Func, InstKind, Ty};
use crate::abi::rtfn::RtFn;
use crate::source::Pos;

/// Bytes from which on a copy is reported.
const LARGE_COPY: u32 = 128;

/// The checks left in a function, with Go's words for them, in the order of its blocks.
pub fn checks_left(func: &Func) -> Vec<(Pos, &'static str, String)> {
    let mut out = Vec::new();
    let mut seen = FxHashSet::default();
    let mut constants = FxHashSet::default();
    for inst in func.blocks.iter().flat_map(|b| &b.insts) {
        if let (InstKind::Const(_), &[v]) = (&inst.kind, inst.results.as_slice()) {
            constants.insert(v);
        }
    }
    for inst in func.blocks.iter().flat_map(|b| &b.insts) {
        let (code, fails) = match inst.kind {
            // It fails for certain: no check is left, but a panic.
            InstKind::Check { x, y: Some(y), .. } if constants.contains(&x) && constants.contains(&y) => continue,
            InstKind::Call { callee: Callee::Runtime(f @ RtFn::panicSliceConvert), .. } => ("isSliceInBounds", Some(f)),
            InstKind::Check { kind: CheckKind::ULt(f), .. } => ("isInBounds", Some(f)),
            InstKind::Check { kind: CheckKind::ULe(f), .. } => ("isSliceInBounds", Some(f)),
            InstKind::NilCheck(_) => ("nilcheck", None),
            InstKind::Store { value, nil_check: true, .. } if func.values[value] == Ty::Ptr => ("nilcheck", None),
            InstKind::Move { size, .. } if size >= LARGE_COPY => ("copy", None),
            _ => continue,
        };
        // A loop's condition is there twice.
        if seen.insert((inst.pos, code, fails.map(|f| f as u32))) {
            let message = match inst.kind {
                InstKind::Move { size, .. } => format!("{size} bytes"),
                _ => String::new(),
            };
            out.push((inst.pos, code, message));
        }
    }
    out
}
