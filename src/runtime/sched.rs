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
use super::p::{P, RUNQ_LEN, Runq};
use super::proc::{self, wakep};
use super::segstack;
use super::stack::{StackMem, stackalloc, stackfree};
use super::stw;
use super::sys::asm;
use super::{coro, dying, timer, traceback};
use parking_lot::Mutex;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::*};

/// Of so many rounds, one looks at the global queue first.
const GLOBAL_FIRST: u64 = 61;

/// The global queue, linked through [`G::next`].
struct Global {
    first: *mut G,
    last: *mut G,
    len: usize,
}

// SAFETY: goroutine records are passed on by this queue; who takes one out owns it.
unsafe impl Send for Global {}

static GLOBAL: Mutex<Global> = Mutex::new(Global { first: null_mut(), last: null_mut(), len: 0 });

/// Length of the global queue, to look at without the lock.
static N_GLOBAL: AtomicUsize = AtomicUsize::new(0);

/// Goroutine records.
struct Gs(Vec<*mut G>);

// SAFETY: records are never freed.
unsafe impl Send for Gs {}

/// Every goroutine there ever was, the dead ones included.
static ALLGS: Mutex<Gs> = Mutex::new(Gs(Vec::new()));
/// Finished goroutines that ps had too many of.
static GFREE: Mutex<Gs> = Mutex::new(Gs(Vec::new()));
/// So many finished goroutines a p keeps at most; half of them go to others or come from there.
const GFREE_LEN: usize = 64;
/// The number given last.
static GOID: AtomicU64 = AtomicU64::new(0);

/// Every goroutine that is not dead.
pub fn all_goroutines() -> Vec<*mut G> {
    let all = ALLGS.lock();
    // SAFETY: records are never freed.
    all.0.iter().copied().filter(|&g| unsafe { !matches!((*g).status, Status::Dead | Status::Idle) }).collect()
}

/// A goroutine record with a fresh stack, not yet in a queue. It begins at `pc`.
///
/// # Safety
/// The thread must hold `m`'s p.
pub unsafe fn new_goroutine(m: *mut M, pc: u64, closure: u64) -> *mut G {
    // SAFETY: m and its p are this thread's; the record is dead or new.
    unsafe {
        let p = (*m).p;
        let g = gfree_get(p);
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
        gr.locked = 0;
        gr.peer = null_mut();
        if gr.goid == 0 {
            ALLGS.lock().0.push(g);
        }
        gr.goid = GOID.fetch_add(1, Relaxed) + 1;
        gr.status = Status::Runnable;
        // Only the owner of the p writes it.
        (*p).n_gs.store((*p).n_gs.load(Relaxed) + 1, Relaxed);
        g
    }
}

/// A goroutine record to reuse, or a new one.
unsafe fn gfree_get(p: *mut P) -> *mut G {
    // SAFETY: the p is this thread's.
    let free = unsafe { &mut (*p).gfree };
    if free.is_empty() {
        let mut all = GFREE.lock();
        let rest = all.0.len().saturating_sub(GFREE_LEN / 2);
        free.extend(all.0.drain(rest..));
    }
    free.pop().unwrap_or_else(G::alloc)
}

/// Calls `f` with the finished goroutines that no p has.
pub fn for_each_free(mut f: impl FnMut(*mut G)) {
    for &g in &GFREE.lock().0 {
        f(g);
    }
}

/// Keeps a finished goroutine's record.
unsafe fn gfree_put(p: *mut P, g: *mut G) {
    // SAFETY: the p is this thread's.
    let free = unsafe { &mut (*p).gfree };
    free.push(g);
    if free.len() >= GFREE_LEN {
        GFREE.lock().0.extend(free.drain(GFREE_LEN / 2..));
    }
}

/// `go f()`.
pub fn newproc(closure: u64) {
    if closure == 0 {
        super::panic::throw("go of nil func value");
    }
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
fn runq(p: *mut P) -> &'static Runq {
    // SAFETY: ps are never freed.
    unsafe { &(*p).runq }
}

/// Makes `g` runnable on `p`; `next`: before everything else there.
///
/// # Safety
/// The caller owns `g`; `p` is this thread's.
pub unsafe fn runqput(p: *mut P, mut g: *mut G, next: bool) {
    if next {
        g = runq(p).set_next(g);
        if g.is_null() {
            return;
        }
    }
    while !runq(p).push(g) {
        // Half of the queue goes to the global one.
        let mut half = [null_mut(); RUNQ_LEN / 2];
        let n = runq(p).take_half(&mut half);
        globrunqput_all(&half[..n]);
    }
}

/// Moves all goroutines of `p` to the global queue.
///
/// # Safety
/// The world must be stopped.
pub unsafe fn drain(p: *mut P) {
    while let Some(g) = runq(p).pop() {
        globrunqput(g);
    }
}

/// Takes half of another p's goroutines; `last`: if there are none, what it would run next.
unsafe fn runqsteal(p: *mut P, from: *mut P, last: bool) -> Option<*mut G> {
    let g = runq(p).steal(runq(from));
    if g.is_some() || !last || !runq(from).has_next() {
        return g;
    }
    // A goroutine that made another one ready is usually about to wait: then the other one runs at once where
    // the data is. Only if it does not is it worth taking.
    // SAFETY: ps are never freed.
    if unsafe { !(*from).curg.load(Relaxed).is_null() } {
        natives::time::thread_sleep(3000);
    }
    runq(p).steal(runq(from)).or_else(|| runq(p).steal_next(runq(from)))
}

/// Whether `p` has goroutines to run.
///
/// # Safety
/// `p` must be a p.
pub unsafe fn has_work(p: *mut P) -> bool {
    !runq(p).is_empty()
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
    globrunqput_all(&[g]);
}

fn globrunqput_all(gs: &[*mut G]) {
    let mut q = GLOBAL.lock();
    for &g in gs {
        // SAFETY: the caller owned the goroutines, the queue owns what is in it.
        unsafe {
            (*g).next = null_mut();
            if q.last.is_null() {
                q.first = g;
            } else {
                (*q.last).next = g;
            }
        }
        q.last = g;
    }
    q.len += gs.len();
    N_GLOBAL.store(q.len, SeqCst);
}

/// The first of the global queue; `p`, if its queue is empty, takes its share of the rest.
unsafe fn globrunqget(p: *mut P, share: bool) -> Option<*mut G> {
    if N_GLOBAL.load(Acquire) == 0 {
        return None;
    }
    let mut q = GLOBAL.lock();
    let n = if share { (q.len / proc::n_procs() + 1).min(RUNQ_LEN / 2) } else { 1 };
    let mut out = None;
    for _ in 0..n {
        let g = q.first;
        if g.is_null() {
            break;
        }
        // SAFETY: the queue owned it, now we do.
        unsafe { q.first = std::mem::replace(&mut (*g).next, null_mut()) };
        if q.first.is_null() {
            q.last = null_mut();
        }
        q.len -= 1;
        if out.is_none() {
            out = Some(g);
        } else {
            runq(p).push(g);
        }
    }
    N_GLOBAL.store(q.len, SeqCst);
    out
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
pub unsafe fn park(g: *mut G, reason: WaitReason, resume: Option<Resume>) {
    // SAFETY: as the caller says.
    unsafe {
        (*g).status = Status::Waiting;
        (*g).wait_reason = reason;
        (*g).wait_since = proc::coarse_time();
        (*g).resume = resume;
    }
}

/// Parks the running goroutine for ever.
pub fn park_forever(reason: WaitReason) -> ! {
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

/// Runs a parked goroutine at once, in place of the one that this thread had.
///
/// # Safety
/// The caller owns `g`; the thread's goroutine is parked or has ended.
pub unsafe fn switch_to(g: *mut G) -> ! {
    let m = getm();
    // SAFETY: as the caller says.
    unsafe {
        if stw::stopping() {
            (*g).status = Status::Runnable;
            runqput((*m).p, g, true);
            schedule();
        }
        execute(m, g)
    }
}

/// The running goroutine has ended.
pub extern "C" fn goexit0() -> ! {
    // SAFETY: the goroutine is this thread's and on g0 now: nobody uses its stack.
    unsafe {
        let g = &mut *getg();
        let peer = coro::take_peer(g);
        let p = (*getm()).p;
        g.status = Status::Dead;
        g.clear_defers();
        g.panics.clear();
        g.sig = None;
        segstack::unwind_all(g);
        if g.stack.size() != debug().stackmin || debug().stackstress {
            stackfree(p, g.stack);
            g.stack = StackMem::NONE;
        }
        (*p).n_gs.store((*p).n_gs.load(Relaxed) - 1, Relaxed);
        gfree_put(p, g);
        if let Some(peer) = peer {
            switch_to(peer);
        }
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
            let tick = (*p).schedtick.load(Relaxed);
            (*p).schedtick.store(tick + 1, Relaxed);
            if tick.is_multiple_of(GLOBAL_FIRST)
                && let Some(g) = globrunqget(p, false)
            {
                execute(m, g);
            }
            if let Some(g) = runq(p).pop() {
                execute(m, g);
            }
            if let Some(g) = globrunqget(p, true) {
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
        if (*m).spinning && proc::stop_spinning(m) {
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
    dying::begin();
    let all = all_goroutines();
    let mut s = String::from(if all.is_empty() {
        "fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n"
    } else {
        "fatal error: all goroutines are asleep - deadlock!\n"
    });
    if dying::traces() {
        // SAFETY: records are never freed.
        for g in all.into_iter().filter(|&g| unsafe { !(*g).system }) {
            s.push('\n');
            // SAFETY: every goroutine is parked.
            unsafe { traceback::goroutine(&mut s, &*g) };
        }
    }
    dying::last_words(s.as_bytes())
}

/// Traces of all goroutines but `me`, as far as they are stopped.
pub fn traceback_others(s: &mut String, me: &G) {
    for g in all_goroutines() {
        // SAFETY: records are never freed.
        if std::ptr::eq(g, me) || unsafe { (*g).system } {
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
    GOID.load(Relaxed) == 1
}

/// Number of goroutines that exist.
pub fn gcount() -> usize {
    let mut n = 0;
    super::p::for_each_p(|p| {
        // SAFETY: ps are never freed.
        n += unsafe { (*p).n_gs.load(Relaxed) };
    });
    n.max(1) as usize
}
