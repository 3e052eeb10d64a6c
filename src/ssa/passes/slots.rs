//! Slots that are written and never read: they go, with the writes.
//!
//! Cranelift does not remove stores. For frames of usual size that is not worth a pass of ours; a frame that is
//! too large to exist may become possible.

#![forbid(unsafe_code)]

use super::super::ir::{Addr, Func, InstKind, Slot};
use crate::index::IndexVec;

/// See the module's comment.
pub fn run(func: &mut Func) {
    super::dce::run(func);
    let mut read: IndexVec<Slot, bool> = IndexVec::from_elem(false, func.slots.len());
    for inst in func.blocks.iter().flat_map(|b| &b.insts) {
        match &inst.kind {
            InstKind::SlotAddr(s)
            | InstKind::Load { addr: Addr::Slot(s, _), .. }
            | InstKind::Move { src: Addr::Slot(s, _), .. } => read[*s] = true,
            _ => {}
        }
    }
    let dead = |a: &Addr| matches!(a, Addr::Slot(s, _) if !read[*s]);
    for b in func.blocks.ids() {
        func.blocks[b].insts.retain(|inst| match &inst.kind {
            InstKind::Store { addr, .. } | InstKind::Zero { addr, .. } | InstKind::Move { dst: addr, .. } => {
                !dead(addr)
            }
            _ => true,
        });
    }
    for s in func.slots.ids() {
        if !read[s] {
            let slot = &mut func.slots[s];
            slot.size = 8;
            slot.ptr_words.clear();
            slot.addr_taken = false;
        }
    }
}
