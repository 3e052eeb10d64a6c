//! Where control goes besides the edges that SSA form has: the queries that `codegen` needs.

#![forbid(unsafe_code)]

use crate::abi::rtfn::RtFn;
use crate::ssa::ir::{Block, BlockData, Callee, Inst, InstKind};

/// Whether the instruction installs a deferred function: from there on a panic may be recovered and
/// execution may go on at the function's recovery block.
pub(super) fn is_deferproc(inst: &Inst) -> bool {
    matches!(inst.kind, InstKind::Call { callee: Callee::Runtime(RtFn::deferproc), .. })
}

/// Calls `f` with every block that control may reach from `data`, `recovery` included.
pub(super) fn for_each_succ(data: &BlockData, recovery: Option<Block>, f: &mut impl FnMut(Block)) {
    data.term.for_each_target(&mut |t| f(t.block));
    if let Some(r) = recovery
        && data.insts.iter().any(is_deferproc)
    {
        f(r);
    }
}
