//! The head of a goroutine's record: the part that generated code and assembly stubs address off r15.

use std::mem::offset_of;

/// First fields of `runtime::g::G`, in this order. All in bytes or addresses.
#[repr(C)]
#[derive(Debug)]
pub struct GHeader {
    /// A function's prologue compares its stack pointer with this: lowest address a checked frame may
    /// reach, or [`STACK_PREEMPT`](super::stack::STACK_PREEMPT).
    pub stackguard: u64,
    /// Address of the morestack stub. The prologue's slow path jumps here with the function's index in r11d.
    pub morestack: u64,
    /// Stack pointer of the thread's g0 where runtime functions run. 16-byte aligned.
    pub g0_sp: u64,
    /// Saved rsp while in the runtime: points at the return address of the stub's call.
    pub sched_sp: u64,
    /// Saved rbp while in the runtime.
    pub sched_fp: u64,
    /// Where the goroutine goes on; 0: at the return address at `sched_sp`.
    pub sched_pc: u64,
    /// Bounds of the stack: lowest address, one past the highest.
    pub stack_lo: u64,
    /// See `stack_lo`.
    pub stack_hi: u64,
    /// The closure being called (a pointer; may point into the stack).
    pub ctxt: u64,
    /// Third result word of runtime functions.
    pub ret2: u64,
    /// Address of the lazy-compilation stub: the first call of a function that has no code yet arrives
    /// there with the function's index in r11d.
    pub lazy: u64,
    /// Non-zero: loops without calls shall call the poll function (`preempt`).
    pub preempt: u64,
    /// The thread's record (`runtime::m::M`).
    pub m: u64,
    /// Small-object allocation fast path: address of the p's `mcache` array, 0 where there is none.
    pub mcache: u64,
    /// Results of runtime functions that preserve all registers.
    pub cold_ret: [u64; 2],
    /// What an address in the newest part of the stack is subtracted from to give its depth, which moving the
    /// stack does not change.
    pub depth_hi: u64,
    /// End of the entries for deferred calls, each [`DEFER_SIZE`] bytes: closure, depth of the frame that
    /// deferred it. In front of them is one of depth 0.
    pub defer_top: u64,
    /// End of the room for them.
    pub defer_end: u64,
}

/// Bytes of an entry for a deferred call.
pub const DEFER_SIZE: u32 = 16;

/// Byte offset of [`GHeader::stackguard`].
pub const G_STACKGUARD: i32 = offset_of!(GHeader, stackguard) as i32;
/// Byte offset of [`GHeader::morestack`].
pub const G_MORESTACK: i32 = offset_of!(GHeader, morestack) as i32;
/// Byte offset of [`GHeader::g0_sp`].
pub const G_G0_SP: i32 = offset_of!(GHeader, g0_sp) as i32;
/// Byte offset of [`GHeader::sched_sp`].
pub const G_SCHED_SP: i32 = offset_of!(GHeader, sched_sp) as i32;
/// Byte offset of [`GHeader::sched_fp`].
pub const G_SCHED_FP: i32 = offset_of!(GHeader, sched_fp) as i32;
/// Byte offset of [`GHeader::sched_pc`].
pub const G_SCHED_PC: i32 = offset_of!(GHeader, sched_pc) as i32;
/// Byte offset of [`GHeader::stack_lo`].
pub const G_STACK_LO: i32 = offset_of!(GHeader, stack_lo) as i32;
/// Byte offset of [`GHeader::stack_hi`].
pub const G_STACK_HI: i32 = offset_of!(GHeader, stack_hi) as i32;
/// Byte offset of [`GHeader::ctxt`].
pub const G_CTXT: i32 = offset_of!(GHeader, ctxt) as i32;
/// Byte offset of [`GHeader::ret2`].
pub const G_RET2: i32 = offset_of!(GHeader, ret2) as i32;
/// Byte offset of [`GHeader::lazy`].
pub const G_LAZY: i32 = offset_of!(GHeader, lazy) as i32;
/// Byte offset of [`GHeader::preempt`].
pub const G_PREEMPT: i32 = offset_of!(GHeader, preempt) as i32;
/// Byte offset of [`GHeader::m`].
pub const G_M: i32 = offset_of!(GHeader, m) as i32;
/// Byte offset of [`GHeader::mcache`].
pub const G_MCACHE: i32 = offset_of!(GHeader, mcache) as i32;
/// Byte offset of [`GHeader::cold_ret`].
pub const G_COLD_RET: i32 = offset_of!(GHeader, cold_ret) as i32;
/// Byte offset of [`GHeader::depth_hi`].
pub const G_DEPTH_HI: i32 = offset_of!(GHeader, depth_hi) as i32;
/// Byte offset of [`GHeader::defer_top`].
pub const G_DEFER_TOP: i32 = offset_of!(GHeader, defer_top) as i32;
/// Byte offset of [`GHeader::defer_end`].
pub const G_DEFER_END: i32 = offset_of!(GHeader, defer_end) as i32;
