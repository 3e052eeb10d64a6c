//! The record of a goroutine.
//!
//! The head ([`GHeader`]) and the register areas that follow it are addressed by generated code and by the
//! stubs in [`sys::asm`](super::sys::asm) through r15. The rest is for Rust, which runs on a thread's g0 stack
//! and finds its goroutine with [`getg`].
//!
//! Invariant: whenever Rust runs on behalf of a goroutine, `sched_sp` points at a return address into its
//! topmost frame and `sched_fp` is that frame's rbp; at the entry of a function (morestack, preemption there)
//! the argument registers are in `args` and `fargs` and `entering` is the function's index plus 1.

use super::chan::Sudog;
use super::panic::Panic;
use super::segstack::Segment;
use super::stack::StackMem;
use crate::abi::g::GHeader;
use parking_lot::Mutex;
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
pub enum WaitReason {
    None,
    ChanReceive,
    ChanReceiveNil,
    ChanSend,
    ChanSendNil,
    Select,
    SelectNoCases,
    Sleep,
    Semacquire,
    MutexLock,
    RWMutexRLock,
    RWMutexLock,
    WaitGroupWait,
    CondWait,
    /// In a system call, for a descriptor to be ready.
    Io,
    FinalizerWait,
    /// For its turn: see [`coro`](super::coro).
    Coroutine,
}

impl WaitReason {
    /// Go's words.
    pub fn text(self) -> &'static str {
        match self {
            WaitReason::None => "waiting",
            WaitReason::ChanReceive => "chan receive",
            WaitReason::ChanReceiveNil => "chan receive (nil chan)",
            WaitReason::ChanSend => "chan send",
            WaitReason::ChanSendNil => "chan send (nil chan)",
            WaitReason::Select => "select",
            WaitReason::SelectNoCases => "select (no cases)",
            WaitReason::Sleep => "sleep",
            WaitReason::Semacquire => "semacquire",
            WaitReason::MutexLock => "sync.Mutex.Lock",
            WaitReason::RWMutexRLock => "sync.RWMutex.RLock",
            WaitReason::RWMutexLock => "sync.RWMutex.Lock",
            WaitReason::WaitGroupWait => "sync.WaitGroup.Wait",
            WaitReason::CondWait => "sync.Cond.Wait",
            WaitReason::Io => "IO wait",
            WaitReason::FinalizerWait => "finalizer wait",
            WaitReason::Coroutine => "coroutine",
        }
    }
}

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
    /// The registers while stopped in `preempt`; null before the first time.
    pub polled: *mut Polled,

    pub goid: u64,
    pub status: Status,
    pub wait_reason: WaitReason,
    /// Calls of `LockOSThread` that were not undone, for traces: goroutines change threads all the same.
    pub locked: u32,
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
    /// stackstress: stacks that were left, inaccessible, oldest first. A word elsewhere: a record is small.
    #[allow(clippy::box_collection)]
    pub retired: Option<Box<VecDeque<StackMem>>>,
    /// Room for deferred calls.
    pub defer_buffer: super::defers::Buffer,
    /// Panics in progress, newest last.
    pub panics: Vec<Panic>,
    /// What the scheduler calls when it runs this goroutine again.
    pub resume: Option<Resume>,
    /// Wait records of channel operations while parked, linked through their `waitlink`.
    pub waiting: *mut Sudog,
    /// The record of a plain send or receive.
    pub sudog: Sudog,
    /// The records of a select; null before the first.
    #[allow(clippy::box_collection)] // A record is small: there may be millions.
    pub cases: Option<Box<Vec<Sudog>>>,
    /// The wait record that was chosen by whoever woke this goroutine.
    pub param: *mut Sudog,
    /// Set by the first of several channels that wakes a select.
    pub select_done: std::sync::atomic::AtomicBool,
    /// Link of run queues and free lists.
    pub next: *mut G,
    /// Of a coroutine: who is parked, it or the goroutine it runs in turn with. Else null.
    pub peer: *mut G,
    /// Made by the `go` statement at this return address.
    pub gopc: u64,
    pub parent_goid: u64,
    /// The signal of a fault in its code: number, address, pc.
    pub sig: Option<Box<Sig>>,
    /// Runs the runtime's own work: programs do not see it.
    pub system: bool,
    /// Moves and growths of the stack, for reports.
    pub n_moves: u64,
}

/// rax, rcx, rdx, rsi, rdi, r8 to r11, then xmm0 to xmm15.
pub type Polled = [u64; 9 + 32];

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
        let mut g = G {
            h,
            saved: [0; 4],
            args: [0; 6],
            fargs: [0; 8],
            ret: [0; 2],
            polled: std::ptr::null_mut(),
            goid: 0,
            status: Status::Idle,
            wait_reason: WaitReason::None,
            locked: 0,
            wait_since: 0,
            entering: 0,
            stack: StackMem::NONE,
            segments: Vec::new(),
            seg_base: 0,
            last_split: 0,
            retired: None,
            defer_buffer: Default::default(),
            panics: Vec::new(),
            resume: None,
            waiting: std::ptr::null_mut(),
            sudog: Sudog::NONE,
            cases: None,
            param: std::ptr::null_mut(),
            select_done: std::sync::atomic::AtomicBool::new(false),
            next: std::ptr::null_mut(),
            peer: std::ptr::null_mut(),
            gopc: 0,
            parent_goid: 0,
            sig: None,
            system: false,
            n_moves: 0,
        };
        g.init_defers();
        // Many at a time: each by itself would cost the allocator's header.
        struct Slab(Vec<G>);
        // SAFETY: the records in it are nobody's yet.
        unsafe impl Send for Slab {}
        static SLAB: Mutex<Slab> = Mutex::new(Slab(Vec::new()));
        let mut slab = SLAB.lock();
        if slab.0.len() == slab.0.capacity() {
            let full = std::mem::replace(&mut slab.0, Vec::with_capacity(256));
            std::mem::forget(full);
        }
        slab.0.push(g);
        let last = slab.0.len() - 1;
        &raw mut slab.0[last]
    }

    /// The wait records of the operation it is parked in.
    pub fn wait_records(&self) -> impl Iterator<Item = *mut Sudog> {
        // SAFETY: records live while their goroutine is parked.
        let next = |s: *mut Sudog| unsafe { s.as_ref() }.map(|r| r.waitlink);
        std::iter::successors(Some(self.waiting), move |&s| next(s)).take_while(|s| !s.is_null())
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
