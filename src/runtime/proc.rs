//! Threads and ps: who has which, who is idle, who is woken.
//!
//! There are GOMAXPROCS ps. A thread needs one to run goroutines; a thread in a system call gives its p away.
//! A thread without work *spins* for a while, looking into other ps' queues, then puts its p back and parks.
//!
//! Invariants:
//! * Whoever makes a goroutine runnable calls [`wakep`] afterwards: if a p is idle and nobody spins, a thread
//!   is woken, which spins. A thread that stops spinning looks at all queues once more, after it is no longer
//!   counted. So runnable goroutines and idle ps do not stay together.
//! * Of the idle threads one waits with a timeout for the next timer.
//! * If all ps are idle, all queues empty, no thread is in a system call and there is no timer, nothing will
//!   ever happen again: deadlock.

use super::debug::debug;
use super::g::{G, Status, getg, setg};
use super::m::{M, fastrand, getm};
use super::natives::time::nanotime;
use super::p::P;
use super::sched;
use super::stw;
use super::sys::{asm, signal};
use super::timer;
use crate::abi::stack::STACK_PREEMPT;
use parking_lot::Mutex;
use std::ptr::null_mut;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::*};
use std::time::Duration;

/// A goroutine that runs this long without a break is asked to make one.
const SLICE: Duration = Duration::from_millis(10);

/// What is idle.
pub(super) struct Idle {
    pub ps: Vec<*mut P>,
    ms: Vec<*mut M>,
    /// Threads made so far.
    n_ms: u64,
    /// The idle thread that waits for the next timer.
    timer_waiter: *mut M,
    /// Threads in system calls.
    in_syscall: usize,
    /// Ps that were given up because the world stops: see [`stw`].
    pub stopped: Vec<*mut P>,
}

// SAFETY: records are never freed; who takes one out of a list owns it.
unsafe impl Send for Idle {}

/// See the module.
pub(super) static IDLE: Mutex<Idle> = Mutex::new(Idle {
    ps: Vec::new(),
    ms: Vec::new(),
    n_ms: 1,
    timer_waiter: null_mut(),
    in_syscall: 0,
    stopped: Vec::new(),
});
static N_IDLE_PS: AtomicUsize = AtomicUsize::new(0);
static N_SPINNING: AtomicUsize = AtomicUsize::new(0);
static N_PROCS: AtomicUsize = AtomicUsize::new(1);

/// GOMAXPROCS.
pub fn n_procs() -> usize {
    N_PROCS.load(Relaxed)
}

/// Makes the ps. Returns the first one, for the first thread; the others are idle.
pub fn init() -> *mut P {
    let from_env = std::env::var("GOMAXPROCS").ok().and_then(|s| s.parse::<usize>().ok()).filter(|&n| n > 0);
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    // A heap check looks at every stack: nobody else may run.
    let n = if debug().heapcheck { 1 } else { from_env.unwrap_or_else(cores).min(256) };
    N_PROCS.store(n, Relaxed);
    let first = P::alloc();
    let mut idle = IDLE.lock();
    for _ in 1..n {
        idle.ps.push(P::alloc());
    }
    N_IDLE_PS.store(n - 1, SeqCst);
    first
}

/// The handle that wakes an m's thread.
fn thread(m: *mut M) -> &'static std::thread::Thread {
    // SAFETY: ms are never freed.
    unsafe { &(*m).thread }
}

/// Sets the number of idle ps. The lock of [`IDLE`] must be held.
pub(super) fn set_n_idle(n: usize) {
    N_IDLE_PS.store(n, SeqCst);
}

/// An idle p, if there is one.
pub(super) fn take_p(idle: &mut Idle) -> Option<*mut P> {
    let p = idle.ps.pop()?;
    N_IDLE_PS.fetch_sub(1, SeqCst);
    Some(p)
}

/// `p` has no thread any more.
pub(super) fn put_p(idle: &mut Idle, p: *mut P) {
    // SAFETY: ps are never freed.
    unsafe { (*p).curg.store(null_mut(), Relaxed) };
    if stw::keep_stopped(idle, p) {
        return;
    }
    idle.ps.push(p);
    N_IDLE_PS.fetch_add(1, SeqCst);
}

/// A goroutine became runnable: lets an idle p have a thread, unless somebody looks for work already.
pub fn wakep() {
    if N_IDLE_PS.load(SeqCst) == 0 || N_SPINNING.load(SeqCst) != 0 {
        return;
    }
    if N_SPINNING.compare_exchange(0, 1, SeqCst, Relaxed).is_err() {
        return;
    }
    let mut idle = IDLE.lock();
    match take_p(&mut idle) {
        Some(p) => startm(idle, p, true),
        None => {
            N_SPINNING.fetch_sub(1, SeqCst);
        }
    }
}

/// Gives `p` to an idle thread or a new one. A spinning one is counted already.
pub(super) fn startm(mut idle: parking_lot::MutexGuard<'_, Idle>, p: *mut P, spinning: bool) {
    if let Some(m) = idle.ms.pop() {
        drop(idle);
        // SAFETY: the thread is parked; records are never freed.
        unsafe {
            (*m).spinning = spinning;
            (*m).next_p.store(p, Release);
            thread(m).unpark();
        }
        return;
    }
    let id = idle.n_ms;
    idle.n_ms += 1;
    drop(idle);
    let p = p as usize;
    let started = std::thread::Builder::new().name(format!("m{id}")).spawn(move || {
        let m = M::enter(id, p as *mut P);
        signal::minit();
        // SAFETY: the record is this thread's.
        unsafe {
            (*m).spinning = spinning;
            asm::mstart(m, sched::schedule)
        }
    });
    if started.is_err() {
        super::panic::throw("runtime: cannot start a thread");
    }
}

/// Whether `m` may look into other ps' queues: it is then counted as spinning.
///
/// # Safety
/// `m` must be this thread's.
pub unsafe fn may_spin(m: *mut M) -> bool {
    // SAFETY: as the caller says.
    unsafe {
        if !(*m).spinning {
            let busy = n_procs() - N_IDLE_PS.load(Relaxed).min(n_procs());
            if n_procs() == 1 || 2 * N_SPINNING.load(Relaxed) >= busy {
                return false;
            }
            (*m).spinning = true;
            N_SPINNING.fetch_add(1, SeqCst);
        }
        true
    }
}

/// `m` found work, or gave up.
///
/// # Safety
/// `m` must be this thread's and spinning.
pub unsafe fn stop_spinning(m: *mut M) {
    // SAFETY: as the caller says.
    unsafe { (*m).spinning = false };
    N_SPINNING.fetch_sub(1, SeqCst);
}

/// Calls `f` with the other ps, from a random one on, until it finds something.
///
/// # Safety
/// `m` must be this thread's and hold a p.
pub unsafe fn for_random_p<T>(m: *mut M, mut f: impl FnMut(*mut P) -> Option<T>) -> Option<T> {
    let mut all = Vec::with_capacity(n_procs());
    super::p::for_each_p(|p| all.push(p));
    let start = fastrand() as usize;
    for i in 0..all.len() {
        let p = all[(start + i) % all.len()];
        // SAFETY: as the caller says.
        if p != unsafe { (*m).p }
            && let Some(x) = f(p)
        {
            return Some(x);
        }
    }
    None
}

/// This thread found nothing to do: puts its p back and waits for one with work.
///
/// # Safety
/// `m` must be this thread's and hold a p whose queue is empty.
pub unsafe fn stopm(m: *mut M) {
    // SAFETY: as the caller says; the record is shared with whoever gives it a p.
    unsafe {
        let mut idle = IDLE.lock();
        put_p(&mut idle, (*m).p);
        (*m).p = null_mut();
        drop(idle);
        if (*m).spinning {
            stop_spinning(m);
        }
        // Somebody may have made work between our last look and the p becoming idle.
        if sched::work_anywhere() {
            let mut idle = IDLE.lock();
            if let Some(p) = take_p(&mut idle) {
                (*m).p = p;
                (*m).spinning = true;
                N_SPINNING.fetch_add(1, SeqCst);
                return;
            }
        }
        loop {
            let mut idle = IDLE.lock();
            let due = timer::earliest();
            let wait = due != i64::MAX && idle.timer_waiter.is_null();
            if due == i64::MAX && idle.in_syscall == 0 && idle.ps.len() == n_procs() && !sched::work_anywhere() {
                drop(idle);
                sched::deadlock();
            }
            if wait {
                idle.timer_waiter = m;
            }
            idle.ms.push(m);
            drop(idle);
            // Until somebody gives us a p, or a timer is due.
            let mut p: *mut P = null_mut();
            while p.is_null() {
                if wait {
                    let ns = (timer::earliest().saturating_sub(nanotime())).max(0) as u64;
                    if ns == 0 {
                        break;
                    }
                    std::thread::park_timeout(Duration::from_nanos(ns.min(1 << 40)));
                } else {
                    std::thread::park();
                }
                p = (*m).next_p.swap(null_mut(), AcqRel);
                if wait && p.is_null() {
                    // A new timer may be earlier, or the one we waited for is gone.
                    let due = timer::earliest();
                    if due == i64::MAX || due <= nanotime() {
                        break;
                    }
                }
            }
            let mut idle = IDLE.lock();
            if wait && idle.timer_waiter == m {
                idle.timer_waiter = null_mut();
            }
            if p.is_null() {
                // Nobody gave us one. If we are still in the list, take an idle one.
                match idle.ms.iter().position(|&x| x == m) {
                    Some(i) => {
                        idle.ms.swap_remove(i);
                        match take_p(&mut idle) {
                            Some(q) => p = q,
                            None => {
                                drop(idle);
                                if stw::stopping() {
                                    std::thread::park_timeout(Duration::from_micros(50));
                                }
                                continue;
                            }
                        }
                    }
                    None => {
                        drop(idle);
                        while p.is_null() {
                            p = (*m).next_p.swap(null_mut(), AcqRel);
                            if p.is_null() {
                                std::thread::park();
                            }
                        }
                        (*m).p = p;
                        return;
                    }
                }
            }
            (*m).p = p;
            // Others wait for the timers from now on, if there are any.
            if wait && timer::earliest() != i64::MAX && !idle.ms.is_empty() {
                drop(idle);
                wake_one_idle();
            }
            return;
        }
    }
}

/// Lets an idle thread look whether it should wait for timers.
fn wake_one_idle() {
    let idle = IDLE.lock();
    if idle.timer_waiter.is_null()
        && let Some(&m) = idle.ms.last()
    {
        // Waking a thread for nothing is harmless.
        thread(m).unpark();
    }
}

/// A timer became the earliest: who waits must wait for that one.
pub fn wake_timer_waiter() {
    let idle = IDLE.lock();
    let m = idle.timer_waiter;
    if !m.is_null() {
        thread(m).unpark();
    }
}

/// The running goroutine is about to make a system call that may block: others may have the p.
pub fn entersyscall() {
    if sched::only_one() {
        return;
    }
    let m = getm();
    // SAFETY: the m and its goroutine are this thread's.
    unsafe {
        (*getg()).status = Status::Syscall;
        let p = std::mem::replace(&mut (*m).p, null_mut());
        let mut idle = IDLE.lock();
        idle.in_syscall += 1;
        (*p).curg.store(null_mut(), Relaxed);
        if !stw::stopping() && sched::work_anywhere() {
            startm(idle, p, false);
        } else {
            put_p(&mut idle, p);
        }
    }
}

/// The call is over. Returns when the goroutine may go on here, with `ret` as it was; if there is no p, it is
/// queued, and returns `ret` to its code from another thread.
pub fn exitsyscall(ret: u64) -> u64 {
    let m = getm();
    // SAFETY: the m and its goroutine are this thread's.
    unsafe {
        if !(*m).p.is_null() {
            return ret;
        }
        let g = getg();
        let mut idle = IDLE.lock();
        idle.in_syscall -= 1;
        if let Some(p) = take_p(&mut idle) {
            (*m).p = p;
            (*g).status = Status::Running;
            (*p).curg.store(g, Relaxed);
            return ret;
        }
        drop(idle);
        setg((*m).g0);
        (*g).ret = [ret, 0];
        (*g).status = Status::Runnable;
        sched::globrunqput(g);
        // Without a p: wait for one like any idle thread.
        wait_for_p(m);
    }
    sched::schedule()
}

/// Parks until somebody gives `m` a p.
///
/// # Safety
/// `m` must be this thread's and hold none.
pub unsafe fn wait_for_p(m: *mut M) {
    let mut idle = IDLE.lock();
    // SAFETY: the m is this thread's.
    unsafe {
        if let Some(p) = take_p(&mut idle) {
            (*m).p = p;
            return;
        }
        idle.ms.push(m);
        drop(idle);
        loop {
            let p = (*m).next_p.swap(null_mut(), AcqRel);
            if !p.is_null() {
                (*m).p = p;
                return;
            }
            std::thread::park();
        }
    }
}

/// Asks goroutines that run for long to make a break. Runs on a thread of its own, once there is a second
/// goroutine.
pub fn start_sysmon() {
    static START: Once = Once::new();
    START.call_once(|| {
        let _ = std::thread::Builder::new().name("sysmon".into()).spawn(|| {
            let mut last: Vec<(u64, *mut G)> = Vec::new();
            loop {
                std::thread::sleep(SLICE);
                let mut i = 0;
                super::p::for_each_p(|p| {
                    // SAFETY: ps and goroutine records are never freed.
                    unsafe {
                        let now = ((*p).schedtick.load(Relaxed), (*p).curg.load(Relaxed));
                        if i >= last.len() {
                            last.push(now);
                        } else if last[i] == now && !now.1.is_null() {
                            preempt(now.1);
                        }
                        last[i] = now;
                    }
                    i += 1;
                });
            }
        });
    });
}

/// Asks a running goroutine to yield, at its next check or poll.
///
/// # Safety
/// `g` must be a record. A request to one that no longer runs is harmless.
pub unsafe fn preempt(g: *mut G) {
    // SAFETY: aligned words of a record that is never freed; generated code reads them at any time.
    unsafe {
        AtomicU64::from_ptr(&raw mut (*g).h.preempt).store(1, Release);
        AtomicU64::from_ptr(&raw mut (*g).h.stackguard).store(STACK_PREEMPT, Release);
    }
}
