//! The record of a goroutine.
//!
//! The head ([`GHeader`]) and the register areas that follow it are addressed by generated code and by the
//! stubs in [`sys::asm`](super::sys::asm) through r15. The rest is for Rust, which runs on a thread's g0 stack
//! and finds its goroutine with [`getg`].
//!
//! Invariant: whenever Rust runs on behalf of a goroutine, `sched_sp` points at a return address into its
//! topmost frame and `sched_fp` is that frame's rbp; at the entry of a function (morestack, preemption there)
//! the argument registers are in `args` and `fargs` and `entering` is the function's index plus 1.

use super::panic::{Defer, Panic};
use super::segstack::Segment;
use super::stack::StackMem;
use crate::abi::g::GHeader;
use std::cell::Cell;
use std::collections::VecDeque;

/// What a goroutine is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Made, or reused, and not yet set up.
    Idle,
    /// In a run queue.
    Runnable,
    /// On a thread.
    Running,
    /// In a system call, without a p.
    Syscall,
    /// Parked: somebody else has it.
    Waiting,
    /// Finished; its record waits to be reused.
    Dead,
}

/// Why a goroutine is parked, as traces say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitReason(pub &'static str);

/// What to do on the thread's g0 when a parked goroutine goes on, before it returns to its code.
pub type Resume = unsafe fn(*mut G) -> !;

/// A goroutine.
#[repr(C)]
#[derive(Debug)]
pub struct G {
    pub h: GHeader,
    /// rbx, r12, r13, r14: what the convention of runtime calls preserves, kept here while parked.
    pub saved: [u64; 4],
    /// rdi, rsi, rdx, rcx, r8, r9 at a function's entry.
    pub args: [u64; 6],
    /// Low halves of xmm0 to xmm7 at a function's entry.
    pub fargs: [u64; 8],
    /// What a runtime call that parked returns; also the results of Go functions the runtime called.
    pub ret: [u64; 2],
    /// rax, rcx, rdx, rsi, rdi, r8 to r11, then xmm0 to xmm15, while stopped in `preempt`.
    pub polled: [u64; 9 + 32],

    pub goid: u64,
    pub status: Status,
    pub wait_reason: WaitReason,
    /// When it was parked (monotonic nanoseconds).
    pub wait_since: i64,
    /// Index plus 1 of the function being entered; 0: none.
    pub entering: u32,
    /// The mapping that the stack lies in.
    pub stack: StackMem,
    /// Segmented stacks: what the segments in use go back to, oldest first. `stack` is the newest segment.
    pub segments: Vec<Segment>,
    /// Depth of the newest segment's top; 0 for contiguous stacks.
    pub seg_base: u64,
    /// Return address of the call for which a segment was freed last.
    pub last_split: u64,
    /// stackstress: stacks that were left, inaccessible, oldest first.
    pub retired: VecDeque<StackMem>,
    /// Deferred calls, innermost last.
    pub defers: Vec<Defer>,
    /// Panics in progress, newest last.
    pub panics: Vec<Panic>,
    /// What the scheduler calls when it runs this goroutine again.
    pub resume: Option<Resume>,
    /// Wait records of channel operations while parked.
    pub waiting: Vec<*mut super::chan::Sudog>,
    /// The wait record that was chosen by whoever woke this goroutine.
    pub param: *mut super::chan::Sudog,
    /// Set by the first of several channels that wakes a select.
    pub select_done: std::sync::atomic::AtomicBool,
    /// Link of run queues and free lists.
    pub next: *mut G,
    /// Made by the `go` statement at this return address.
    pub gopc: u64,
    pub parent_goid: u64,
    /// The signal of a fault in its code: number, address, pc.
    pub sig: Option<Sig>,
    /// Runs the runtime's own work: does not count for deadlock detection.
    pub system: bool,
    /// Moves and growths of the stack, for reports.
    pub n_moves: u64,
}

/// A fault, as traces report it.
#[derive(Debug, Clone, Copy)]
pub struct Sig {
    pub name: &'static str,
    pub code: u64,
    pub addr: u64,
    pub pc: u64,
}

impl G {
    /// A record without a stack. Records are never freed: they are reused.
    pub fn alloc() -> *mut G {
        // SAFETY: GHeader is integers only, for which zero is a value.
        let h: GHeader = unsafe { std::mem::zeroed() };
        Box::into_raw(Box::new(G {
            h,
            saved: [0; 4],
            args: [0; 6],
            fargs: [0; 8],
            ret: [0; 2],
            polled: [0; 41],
            goid: 0,
            status: Status::Idle,
            wait_reason: WaitReason(""),
            wait_since: 0,
            entering: 0,
            stack: StackMem::NONE,
            segments: Vec::new(),
            seg_base: 0,
            last_split: 0,
            retired: VecDeque::new(),
            defers: Vec::new(),
            panics: Vec::new(),
            resume: None,
            waiting: Vec::new(),
            param: std::ptr::null_mut(),
            select_done: std::sync::atomic::AtomicBool::new(false),
            next: std::ptr::null_mut(),
            gopc: 0,
            parent_goid: 0,
            sig: None,
            system: false,
            n_moves: 0,
        }))
    }

    /// The thread it runs on.
    pub fn m(&self) -> *mut super::m::M {
        self.h.m as *mut super::m::M
    }
}

thread_local! {
    static CURRENT: Cell<*mut G> = const { Cell::new(std::ptr::null_mut()) };
}

/// The goroutine that this thread works for; null before the first.
#[inline(always)]
pub fn getg() -> *mut G {
    CURRENT.get()
}

/// Makes `g` this thread's goroutine.
pub fn setg(g: *mut G) {
    CURRENT.set(g);
}
