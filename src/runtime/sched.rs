//! The scheduler: which goroutine a thread runs next, parking, waking, timers, deadlock.
//!
//! ```text
//!   newproc / goready ──▶ p.runnext, p.runq, global queue ──▶ schedule ──▶ execute ──▶ gogo
//!                                   ▲                                        │
//!                                   └───────────── gopark, preempt ◀─────────┘
//! ```
//!
//! Threads, ps and idleness are in [`proc`]. All of it runs on g0. A goroutine that leaves a thread has its
//! state in its record, so `schedule` may be called from any depth: the frames below are abandoned. Nothing
//! that needs `Drop` may be alive then.
//!
//! Invariant: a goroutine is in exactly one place: running, in a queue, in a timer, or with whoever parked it.

use super::debug::debug;
use super::g::{G, Resume, Status, WaitReason, getg, setg};
use super::m::{M, getm};
use super::natives;
use super::newstack::{plain_guard, set_stack, stressmove};
use super::p::P;
use super::proc::{self, wakep};
use super::segstack;
use super::stack::{StackMem, stackalloc, stackfree};
use super::stw;
use super::sys::asm;
use super::{print, timer, traceback};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicUsize, Ordering::*};

/// Of so many rounds, one looks at the global queue first.
const GLOBAL_FIRST: u64 = 61;

#[derive(Default)]
struct Sched {
    runq: VecDeque<*mut G>,
    goidgen: u64,
    /// Every goroutine there ever was, the dead ones included. Records are never freed.
    allgs: Vec<*mut G>,
    main_gone: bool,
}

// SAFETY: goroutine records are passed on by these queues; who takes one out owns it.
unsafe impl Send for Sched {}

static SCHED: Mutex<Sched> =
    Mutex::new(Sched { runq: VecDeque::new(), goidgen: 0, allgs: Vec::new(), main_gone: false });

/// Length of the global queue, to look at without the lock.
static N_GLOBAL: AtomicUsize = AtomicUsize::new(0);

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
        let m = getm();
        let g = new_goroutine(m, asm::gostart(), closure);
        (*g).gopc = *((*me).h.sched_sp as *const u64);
        (*g).parent_goid = (*me).goid;
        proc::start_sysmon();
        runqput((*m).p, g, true);
    }
    wakep();
}

/// The queue of a p.
fn runq(p: *mut P) -> &'static Mutex<VecDeque<*mut G>> {
    // SAFETY: ps are never freed.
    unsafe { &(*p).runq }
}

/// Makes `g` runnable on `p`; `next`: before everything else there.
///
/// # Safety
/// The caller owns `g`; `p` is this thread's.
pub unsafe fn runqput(p: *mut P, mut g: *mut G, next: bool) {
    // SAFETY: as the caller says.
    unsafe {
        if next {
            g = (*p).runnext.swap(g, AcqRel);
            if g.is_null() {
                return;
            }
        }
        runq(p).lock().push_back(g);
    }
}

/// The next goroutine of this thread's `p`.
unsafe fn runqget(p: *mut P) -> Option<*mut G> {
    // SAFETY: ps are never freed.
    unsafe {
        if !(*p).runnext.load(Relaxed).is_null() {
            let g = (*p).runnext.swap(null_mut(), AcqRel);
            if !g.is_null() {
                return Some(g);
            }
        }
        runq(p).lock().pop_front()
    }
}

/// Takes half of another p's goroutines; `all`: what it would run next, too.
unsafe fn runqsteal(p: *mut P, from: *mut P, all: bool) -> Option<*mut G> {
    // SAFETY: ps are never freed; the queues have locks, one of which is held at a time.
    unsafe {
        let mut stolen: VecDeque<*mut G> = {
            let mut q = runq(from).lock();
            let n = q.len().div_ceil(2);
            q.drain(..n).collect()
        };
        if stolen.is_empty() && all {
            let g = (*from).runnext.swap(null_mut(), AcqRel);
            return (!g.is_null()).then_some(g);
        }
        let g = stolen.pop_front();
        if !stolen.is_empty() {
            runq(p).lock().append(&mut stolen);
        }
        g
    }
}

/// Whether `p` has goroutines to run.
///
/// # Safety
/// `p` must be a p.
pub unsafe fn has_work(p: *mut P) -> bool {
    // SAFETY: ps are never freed.
    unsafe { !(*p).runnext.load(SeqCst).is_null() || !runq(p).lock().is_empty() }
}

/// Whether any queue holds a goroutine.
pub fn work_anywhere() -> bool {
    let mut found = N_GLOBAL.load(SeqCst) != 0;
    super::p::for_each_p(|p| {
        // SAFETY: ps are never freed.
        unsafe { found |= has_work(p) };
    });
    found
}

/// Puts `g` at the end of the global queue.
pub fn globrunqput(g: *mut G) {
    let mut s = SCHED.lock();
    s.runq.push_back(g);
    N_GLOBAL.store(s.runq.len(), SeqCst);
}

fn globrunqget() -> Option<*mut G> {
    if N_GLOBAL.load(Acquire) == 0 {
        return None;
    }
    let mut s = SCHED.lock();
    let g = s.runq.pop_front();
    N_GLOBAL.store(s.runq.len(), SeqCst);
    g
}

/// Wakes a parked goroutine.
///
/// # Safety
/// The caller must have taken `g` from where it was parked, and hold a p.
pub unsafe fn goready(g: *mut G) {
    // SAFETY: as the caller says.
    unsafe {
        (*g).status = Status::Runnable;
        runqput((*getm()).p, g, true);
    }
    wakep();
}

/// Marks the running goroutine as parked. The caller then makes it known to whoever shall wake it, lets go of
/// its locks and calls [`schedule`]. From then on it belongs to others.
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
    globrunqput(g);
    schedule()
}

/// The running goroutine has ended.
pub extern "C" fn goexit0() -> ! {
    // SAFETY: the goroutine is this thread's and on g0 now: nobody uses its stack.
    unsafe {
        let g = &mut *getg();
        let p = (*getm()).p;
        g.status = Status::Dead;
        g.defers.clear();
        g.panics.clear();
        g.waiting.clear();
        g.sig = None;
        if g.goid == 1 {
            SCHED.lock().main_gone = true;
        }
        segstack::unwind_all(g);
        if g.stack.size() != debug().stackmin || debug().stackstress {
            stackfree(p, g.stack);
            g.stack = StackMem::NONE;
        }
        (*p).gfree.push(g);
    }
    schedule()
}

/// Runs goroutines for ever.
pub extern "C" fn schedule() -> ! {
    let m = getm();
    // SAFETY: the m is this thread's; what it takes from a queue is its own.
    unsafe {
        setg((*m).g0);
        (*m).curg = null_mut();
        loop {
            if stw::stopping() {
                stw::stop_here(m);
            }
            let p = (*m).p;
            (*p).curg.store(null_mut(), Relaxed);
            timer::run(p);
            let tick = (*p).schedtick.fetch_add(1, Relaxed);
            if tick.is_multiple_of(GLOBAL_FIRST)
                && let Some(g) = globrunqget()
            {
                execute(m, g);
            }
            if let Some(g) = runqget(p) {
                execute(m, g);
            }
            if let Some(g) = globrunqget() {
                execute(m, g);
            }
            if proc::may_spin(m) {
                for round in 0..4 {
                    if let Some(g) = proc::for_random_p(m, |q| runqsteal(p, q, round == 3)) {
                        execute(m, g);
                    }
                }
            }
            proc::stopm(m);
        }
    }
}

unsafe fn execute(m: *mut M, g: *mut G) -> ! {
    // SAFETY: the caller owns g; m is this thread's.
    unsafe {
        if (*m).spinning {
            proc::stop_spinning(m);
            wakep();
        }
        (*m).curg = g;
        (*(*m).p).curg.store(g, Relaxed);
        (*g).status = Status::Running;
        (*g).h.m = m as u64;
        (*g).h.g0_sp = (*m).g0_sp;
        setg(g);
        if debug().rtstress {
            stressmove(&mut *g);
        }
        match (*g).resume.take() {
            Some(f) => f(g),
            None => asm::gogo(g),
        }
    }
}

/// Every goroutine is parked, and no timer will wake one.
pub fn deadlock() -> ! {
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

/// Traces of all goroutines but `me`, as far as they are stopped.
pub fn traceback_others(s: &mut String, me: &G) {
    for g in all_goroutines() {
        if std::ptr::eq(g, me) {
            continue;
        }
        s.push('\n');
        // SAFETY: goroutines that are not running keep their stacks; running ones are only named.
        unsafe {
            if (*g).status == Status::Running {
                traceback::header(s, &*g);
                s.push_str("\tgoroutine running on other thread; stack unavailable\n");
            } else {
                traceback::goroutine(s, &*g);
            }
        }
    }
}

/// Whether only one goroutine was ever made.
pub fn only_one() -> bool {
    SCHED.lock().goidgen == 1
}

/// Number of goroutines that exist.
pub fn gcount() -> usize {
    all_goroutines().len()
}
