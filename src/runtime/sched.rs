//! The scheduler: which goroutine a thread runs next, parking, waking, timers, deadlock.
//!
//! ```text
//!   newproc / goready ──▶ p.runnext, p.runq, global queue ──▶ schedule ──▶ execute ──▶ gogo
//!                                   ▲                                        │
//!                                   └───────────── gopark, preempt ◀─────────┘
//! ```
//!
//! All of it runs on g0. A goroutine that leaves a thread has its state in its record, so `schedule` may be
//! called from any depth: the frames below are abandoned. Nothing that needs `Drop` may be alive then.
//!
//! Invariant: a goroutine is in exactly one place: running, in a queue, in a timer, or with whoever parked it.

use super::debug::debug;
use super::g::{G, Resume, Status, WaitReason, getg, setg};
use super::m::M;
use super::natives;
use super::newstack::{plain_guard, set_stack};
use super::stack::{StackMem, stackalloc, stackfree};
use super::sys::asm;
use super::{print, traceback};
use parking_lot::Mutex;
use std::collections::{BinaryHeap, VecDeque};
use std::ptr::null_mut;

/// Of so many rounds, one looks at the global queue first.
const GLOBAL_FIRST: u64 = 61;

/// What happens at a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Timer {
    when: i64,
    seq: u64,
    g: *mut G,
}

impl Ord for Timer {
    fn cmp(&self, o: &Timer) -> std::cmp::Ordering {
        // The heap's greatest is the earliest.
        (o.when, o.seq).cmp(&(self.when, self.seq))
    }
}

impl PartialOrd for Timer {
    fn partial_cmp(&self, o: &Timer) -> Option<std::cmp::Ordering> {
        Some(self.cmp(o))
    }
}

#[derive(Default)]
struct Sched {
    runq: VecDeque<*mut G>,
    timers: BinaryHeap<Timer>,
    seq: u64,
    goidgen: u64,
    /// Every goroutine there ever was, the dead ones included. Records are never freed.
    allgs: Vec<*mut G>,
    main_gone: bool,
}

// SAFETY: goroutine records are passed on by these queues; who takes one out owns it.
unsafe impl Send for Sched {}

static SCHED: Mutex<Sched> = Mutex::new(Sched {
    runq: VecDeque::new(),
    timers: BinaryHeap::new(),
    seq: 0,
    goidgen: 0,
    allgs: Vec::new(),
    main_gone: false,
});

/// Every goroutine that is not dead.
pub fn all_goroutines() -> Vec<*mut G> {
    let s = SCHED.lock();
    // SAFETY: records are never freed.
    s.allgs.iter().copied().filter(|&g| unsafe { !matches!((*g).status, Status::Dead | Status::Idle) }).collect()
}

/// A goroutine record with a fresh stack, not yet in a queue. It begins at `pc`.
///
/// # Safety
/// The thread must hold `m`'s p.
pub unsafe fn new_goroutine(m: *mut M, pc: u64, closure: u64) -> *mut G {
    // SAFETY: m and its p are this thread's; the record is dead or new.
    unsafe {
        let p = (*m).p;
        let g = (*p).gfree.pop().unwrap_or_else(G::alloc);
        let gr = &mut *g;
        if gr.stack == StackMem::NONE {
            set_stack(gr, stackalloc(p, debug().stackmin));
        }
        gr.h.morestack = asm::morestack();
        gr.h.lazy = asm::lazy();
        gr.h.preempt = 0;
        gr.h.stackguard = plain_guard(gr);
        gr.h.ctxt = closure;
        gr.h.sched_pc = 0;
        gr.h.sched_fp = 0;
        gr.h.sched_sp = gr.h.stack_hi - 16;
        *(gr.h.sched_sp as *mut u64) = pc;
        gr.entering = 0;
        gr.resume = None;
        gr.wait_since = 0;
        let mut s = SCHED.lock();
        if gr.goid == 0 {
            s.allgs.push(g);
        }
        s.goidgen += 1;
        gr.goid = s.goidgen;
        gr.status = Status::Runnable;
        g
    }
}

/// `go f()`.
pub fn newproc(closure: u64) {
    // SAFETY: this thread runs a goroutine, stopped at the go statement.
    unsafe {
        let me = getg();
        let m = (*me).m();
        let g = new_goroutine(m, asm::gostart(), closure);
        (*g).gopc = *((*me).h.sched_sp as *const u64);
        (*g).parent_goid = (*me).goid;
        runqput(m, g, true);
    }
}

/// Makes `g` runnable on `m`'s p; `next`: before everything else there.
///
/// # Safety
/// The caller owns `g`; `m` is this thread's and holds a p.
pub unsafe fn runqput(m: *mut M, g: *mut G, next: bool) {
    // SAFETY: as the caller says.
    unsafe {
        let p = &mut *(*m).p;
        if next {
            let old = std::mem::replace(&mut p.runnext, g);
            if !old.is_null() {
                p.runq.push_back(old);
            }
        } else {
            p.runq.push_back(g);
        }
    }
}

/// Wakes a parked goroutine.
///
/// # Safety
/// The caller must have taken `g` from where it was parked.
pub unsafe fn goready(g: *mut G) {
    // SAFETY: as the caller says.
    unsafe {
        (*g).status = Status::Runnable;
        runqput((*getg()).m(), g, true);
    }
}

/// Marks the running goroutine as parked. The caller then makes it known to whoever shall wake it, lets go of
/// its locks and calls [`schedule`].
///
/// # Safety
/// `g` must be this thread's goroutine.
pub unsafe fn park(g: *mut G, reason: &'static str, resume: Option<Resume>) {
    // SAFETY: as the caller says.
    unsafe {
        (*g).status = Status::Waiting;
        (*g).wait_reason = WaitReason(reason);
        (*g).wait_since = natives::time::nanotime();
        (*g).resume = resume;
    }
}

/// Parks the running goroutine for ever.
pub fn park_forever(reason: &'static str) -> ! {
    // SAFETY: the goroutine is this thread's.
    unsafe { park(getg(), reason, None) };
    schedule()
}

/// Lets others run: the goroutine goes to the end of the global queue. It goes on where its record says.
///
/// # Safety
/// `g` must be this thread's goroutine, stopped in the runtime.
pub unsafe fn gopreempt(g: *mut G) -> ! {
    // SAFETY: as the caller says.
    unsafe { (*g).status = Status::Runnable };
    SCHED.lock().runq.push_back(g);
    schedule()
}

/// `time.Sleep`.
pub fn sleep(ns: i64) -> ! {
    let g = getg();
    // SAFETY: the goroutine is this thread's.
    unsafe { park(g, "sleep", None) };
    let mut s = SCHED.lock();
    s.seq += 1;
    let t = Timer { when: natives::time::nanotime().saturating_add(ns), seq: s.seq, g };
    s.timers.push(t);
    drop(s);
    schedule()
}

/// The running goroutine has ended.
pub extern "C" fn goexit0() -> ! {
    // SAFETY: the goroutine is this thread's and on g0 now: nobody uses its stack.
    unsafe {
        let g = &mut *getg();
        let p = (*g.m()).p;
        g.status = Status::Dead;
        g.defers.clear();
        g.panics.clear();
        g.waiting.clear();
        g.sig = None;
        if g.goid == 1 {
            SCHED.lock().main_gone = true;
        }
        if g.stack.size() != debug().stackmin || debug().stackstress {
            stackfree(p, g.stack);
            g.stack = StackMem::NONE;
        }
        (*p).gfree.push(g);
    }
    schedule()
}

/// Moves goroutines whose time has come to the run queue. Returns when the next one's comes.
fn run_timers(m: *mut M) -> Option<i64> {
    let mut s = SCHED.lock();
    let mut now = 0;
    while let Some(t) = s.timers.peek() {
        if now == 0 {
            now = natives::time::nanotime();
        }
        if t.when > now {
            return Some(t.when - now);
        }
        let g = t.g;
        s.timers.pop();
        // SAFETY: the timer owned the goroutine; m is this thread's.
        unsafe {
            (*g).status = Status::Runnable;
            runqput(m, g, false);
        }
    }
    None
}

fn take_global() -> Option<*mut G> {
    SCHED.lock().runq.pop_front()
}

/// Runs goroutines for ever.
pub extern "C" fn schedule() -> ! {
    // SAFETY: this thread has an m with a p; what it takes from a queue is its own.
    unsafe {
        let m = (*getg()).m();
        (*m).curg = null_mut();
        let p = (*m).p;
        loop {
            let wait = run_timers(m);
            (*p).schedtick += 1;
            if (*p).schedtick % GLOBAL_FIRST == 0
                && let Some(g) = take_global()
            {
                execute(m, g);
            }
            let next = std::mem::replace(&mut (*p).runnext, null_mut());
            if !next.is_null() {
                execute(m, next);
            }
            if let Some(g) = (*p).runq.pop_front() {
                execute(m, g);
            }
            if let Some(g) = take_global() {
                execute(m, g);
            }
            match wait {
                Some(ns) => natives::time::thread_sleep(ns),
                None => deadlock(),
            }
        }
    }
}

unsafe fn execute(m: *mut M, g: *mut G) -> ! {
    // SAFETY: the caller owns g; m is this thread's.
    unsafe {
        (*m).curg = g;
        (*g).status = Status::Running;
        (*g).h.m = m as u64;
        (*g).h.g0_sp = (*m).g0_sp;
        setg(g);
        match (*g).resume.take() {
            Some(f) => f(g),
            None => asm::gogo(g),
        }
    }
}

fn deadlock() -> ! {
    let main_gone = SCHED.lock().main_gone;
    let mut s = String::from(if main_gone {
        "fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n"
    } else {
        "fatal error: all goroutines are asleep - deadlock!\n"
    });
    for g in all_goroutines() {
        s.push('\n');
        // SAFETY: every goroutine is parked.
        unsafe { traceback::goroutine(&mut s, &*g) };
    }
    print::write_err(s.as_bytes());
    natives::os::exit(2)
}

/// Traces of all goroutines but `me`.
pub fn traceback_others(s: &mut String, me: &G) {
    for g in all_goroutines() {
        if !std::ptr::eq(g, me) {
            s.push('\n');
            // SAFETY: with one thread all others are stopped.
            unsafe { traceback::goroutine(s, &*g) };
        }
    }
}

/// Number of goroutines that exist.
pub fn gcount() -> usize {
    all_goroutines().len()
}
