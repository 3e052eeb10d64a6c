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

use super::atomics::Std;
use super::debug::debug;
use super::g::{G, Status, WaitReason, getg, setg};
use super::m::{M, fastrand, getm};
use super::natives::time::nanotime;
use super::p::P;
use super::sched;
use super::stw;
use super::sys::{asm, signal};
use super::timer;
use super::wakeup::Wakeup;
use crate::abi::stack::STACK_PREEMPT;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::ptr::null_mut;
use std::sync::Once;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering::*};
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
    /// Threads that have a goroutine to go on with, and gave up their ps because the world stopped while they
    /// wanted to stop it: the first ps that are free are theirs.
    pub turns: VecDeque<*mut M>,
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
    turns: VecDeque::new(),
});
/// A recent time: see [`coarse_time`].
static COARSE: AtomicI64 = AtomicI64::new(0);
static WAKEUP: Wakeup<Std> = Wakeup::constant();
static N_PROCS: AtomicUsize = AtomicUsize::new(1);

/// What GOMAXPROCS says; a heap check runs with one p whatever it says.
static ASKED: AtomicUsize = AtomicUsize::new(1);
/// There are at most so many ps, whatever GOMAXPROCS says.
const MAX_PROCS: usize = 1024;

struct Spare(Vec<*mut P>);
// SAFETY: ps are never freed; who takes one out owns it.
unsafe impl Send for Spare {}
/// Ps beyond GOMAXPROCS, for when it grows again.
static SPARE: Mutex<Spare> = Mutex::new(Spare(Vec::new()));

/// The number of ps.
pub fn n_procs() -> usize {
    N_PROCS.load(Relaxed)
}

/// Makes the ps. Returns the first one, for the first thread; the others are idle.
pub fn init() -> *mut P {
    let from_env = std::env::var("GOMAXPROCS").ok().and_then(|s| s.parse::<usize>().ok()).filter(|&n| n > 0);
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    // A heap check looks at every stack: nobody else may run.
    let n = from_env.unwrap_or_else(cores);
    ASKED.store(n, Relaxed);
    let n = if debug().heapcheck { 1 } else { n.min(MAX_PROCS) };
    N_PROCS.store(n, Relaxed);
    let first = P::alloc();
    let mut idle = IDLE.lock();
    for _ in 1..n {
        idle.ps.push(P::alloc());
    }
    WAKEUP.set_idle(n - 1);
    first
}

/// `runtime.GOMAXPROCS`: changes the number of ps, if `n` is positive, and returns the one before.
pub fn set_procs(n: i64) -> u64 {
    let old = ASKED.load(Relaxed);
    if n <= 0 || n as usize == old {
        return old as u64;
    }
    ASKED.store(n as usize, Relaxed);
    let n = (n as usize).min(MAX_PROCS);
    if debug().heapcheck || n == n_procs() {
        return old as u64;
    }
    // SAFETY: the calling goroutine is stopped in the runtime and holds no locks.
    unsafe {
        let mut world = stw::stop_the_world();
        let mut spare = SPARE.lock();
        while world.others.len() + 1 > n
            && let Some(p) = world.others.pop()
        {
            sched::drain(p);
            spare.0.push(p);
        }
        while world.others.len() + 1 < n {
            world.others.push(spare.0.pop().unwrap_or_else(P::alloc));
        }
        drop(spare);
        N_PROCS.store(n, Relaxed);
        stw::start_the_world(world);
    }
    old as u64
}

/// The handle that wakes an m's thread.
fn thread(m: *mut M) -> &'static std::thread::Thread {
    // SAFETY: ms are never freed.
    unsafe { &(*m).thread }
}

/// Sets the number of idle ps. The lock of [`IDLE`] must be held.
pub(super) fn set_n_idle(n: usize) {
    WAKEUP.set_idle(n);
}

/// An idle p, if there is one.
pub(super) fn take_p(idle: &mut Idle) -> Option<*mut P> {
    let p = idle.ps.pop()?;
    WAKEUP.sub_idle();
    Some(p)
}

/// `p` has no thread any more.
pub(super) fn put_p(idle: &mut Idle, p: *mut P) {
    // SAFETY: ps are never freed.
    unsafe { (*p).curg.store(null_mut(), Relaxed) };
    if stw::keep_stopped(idle, p) || stw::give_turn(idle, p) {
        return;
    }
    idle.ps.push(p);
    WAKEUP.add_idle();
}

/// Gives an idle thread, which is in no list any more, a p.
pub(super) fn give_p(m: *mut M, p: *mut P) {
    // SAFETY: the thread waits for a p; records are never freed.
    unsafe { (*m).next_p.store(p, Release) };
    thread(m).unpark();
}

/// A goroutine became runnable: lets an idle p have a thread, unless somebody looks for work already.
pub fn wakep() {
    if !WAKEUP.should_wake() {
        return;
    }
    let mut idle = IDLE.lock();
    match take_p(&mut idle) {
        Some(p) => startm(idle, p, true),
        None => {
            WAKEUP.found_work();
        }
    }
}

/// Gives `p` to an idle thread or a new one. A spinning one is counted already.
pub(super) fn startm(mut idle: parking_lot::MutexGuard<'_, Idle>, p: *mut P, spinning: bool) {
    if let Some(m) = idle.ms.pop() {
        // SAFETY: the thread waits for a p; records are never freed.
        unsafe { (*m).spinning = spinning };
        drop(idle);
        give_p(m, p);
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
            (*m).spinning = WAKEUP.may_spin(n_procs());
        }
        (*m).spinning
    }
}

/// `m` found work, or gave up. Returns whether it was the last that spun.
///
/// # Safety
/// `m` must be this thread's and spinning.
pub unsafe fn stop_spinning(m: *mut M) -> bool {
    // SAFETY: as the caller says.
    unsafe { (*m).spinning = false };
    WAKEUP.found_work()
}

/// Calls `f` with the other ps, from a random one on, until it finds something.
///
/// # Safety
/// `m` must be this thread's and hold a p.
pub unsafe fn for_random_p<T>(m: *mut M, mut f: impl FnMut(*mut P) -> Option<T>) -> Option<T> {
    let n = super::p::n_all();
    let start = fastrand() as usize;
    for i in 0..n {
        let p = super::p::nth((start + i) % n);
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
        let p = std::mem::replace(&mut (*m).p, null_mut());
        let spinning = std::mem::replace(&mut (*m).spinning, false);
        if WAKEUP.give_up(spinning, || put_p(&mut IDLE.lock(), p), sched::work_anywhere) {
            let mut idle = IDLE.lock();
            (*m).spinning = true;
            if let Some(p) = take_p(&mut idle) {
                (*m).p = p;
                return;
            }
            stop_spinning(m);
        }
        wait_idle(m);
    }
}

/// Waits among the idle threads until somebody gives `m` a p, or a timer is due and a p idle.
unsafe fn wait_idle(m: *mut M) {
    let mut idle = IDLE.lock();
    idle.ms.push(m);
    loop {
        // Under the lock: `m` is in the list, or was given a p.
        // SAFETY: the m is this thread's; ms and ps are never freed.
        let given = unsafe { (*m).next_p.swap(null_mut(), AcqRel) };
        if !given.is_null() {
            // SAFETY: as above.
            unsafe { (*m).p = given };
            break;
        }
        let due = timer::earliest();
        if due == i64::MAX && idle.in_syscall == 0 && idle.ps.len() == n_procs() && !sched::work_anywhere() {
            drop(idle);
            sched::deadlock();
        }
        let mut sleep = None;
        if due == i64::MAX {
            if idle.timer_waiter == m {
                idle.timer_waiter = null_mut();
            }
        } else if idle.timer_waiter.is_null() || idle.timer_waiter == m {
            idle.timer_waiter = m;
            let ns = due.saturating_sub(nanotime());
            if ns > 0 {
                sleep = Some(Duration::from_nanos(ns.min(1 << 40) as u64));
            } else if let Some(p) = take_p(&mut idle) {
                idle.ms.retain(|&x| x != m);
                // SAFETY: as above.
                unsafe { (*m).p = p };
                break;
            } else {
                // All ps are busy: who has one runs the timers. Who has none left waits for the next.
                idle.timer_waiter = null_mut();
            }
        }
        drop(idle);
        match sleep {
            Some(d) => std::thread::park_timeout(d),
            None => std::thread::park(),
        }
        idle = IDLE.lock();
    }
    if idle.timer_waiter == m {
        idle.timer_waiter = null_mut();
        wake_for_timers(&idle);
    }
    drop(idle);
    COARSE.store(nanotime(), Relaxed);
}

/// Has an idle thread see to the timers: the one that does already, or another. False: there is none.
fn wake_for_timers(idle: &Idle) -> bool {
    if timer::earliest() == i64::MAX {
        return true;
    }
    let m = if idle.timer_waiter.is_null() { idle.ms.last().copied() } else { Some(idle.timer_waiter) };
    m.map(|m| thread(m).unpark()).is_some()
}

/// A timer became the earliest. Somebody must wait for it, or look at it now and then, whatever the goroutine
/// that set it does next; `parks`: it parks, and if nothing else is to do, its thread will wait.
pub fn wake_timer_waiter(parks: bool) {
    if !parks {
        start_sysmon();
    }
    let mut idle = IDLE.lock();
    if !wake_for_timers(&idle)
        && (!parks || sched::work_anywhere())
        && !stw::stopping()
        && let Some(p) = take_p(&mut idle)
    {
        startm(idle, p, false);
    }
}

/// Whether there is nothing that another thread could do: one goroutine, and no timer.
pub fn alone() -> bool {
    sched::only_one() && timer::earliest() == i64::MAX
}

/// The monotonic time, up to a few time slices old.
pub fn coarse_time() -> i64 {
    match COARSE.load(Relaxed) {
        0 => nanotime(),
        t => t,
    }
}

/// The running goroutine is about to make a system call that may block: others may have the p. `reason` is
/// [`WaitReason::Io`], or none in particular.
pub fn entersyscall(reason: WaitReason) {
    if alone() {
        return;
    }
    let m = getm();
    // SAFETY: the m and its goroutine are this thread's.
    unsafe {
        let g = &mut *getg();
        g.wait_reason = reason;
        g.wait_since = coarse_time();
        g.status = Status::Syscall;
        let p = std::mem::replace(&mut (*m).p, null_mut());
        let mut idle = IDLE.lock();
        idle.in_syscall += 1;
        (*p).curg.store(null_mut(), Relaxed);
        let timers = timer::earliest() != i64::MAX && idle.timer_waiter.is_null();
        if !stw::stopping() && (timers || sched::work_anywhere()) {
            startm(idle, p, false);
            return;
        }
        put_p(&mut idle, p);
        drop(idle);
        // Who queued something before the p was idle woke nobody for it.
        if sched::work_anywhere() {
            wakep();
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
        setg((*m).g0);
        (*g).ret = [ret, 0];
        (*g).status = Status::Runnable;
        // Under the lock: whoever finds all ps idle afterwards finds the goroutine, too, and no deadlock.
        sched::globrunqput(g);
        drop(idle);
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
    if let Some(p) = take_p(&mut IDLE.lock()) {
        // SAFETY: the m is this thread's.
        unsafe { (*m).p = p };
        return;
    }
    // SAFETY: the m is this thread's.
    unsafe { wait_idle(m) }
}

/// Asks goroutines that run for long to make a break. Runs on a thread of its own, once there is a second
/// goroutine or a timer.
pub fn start_sysmon() {
    static START: Once = Once::new();
    START.call_once(|| {
        let _ = std::thread::Builder::new().name("sysmon".into()).spawn(|| {
            let mut last: Vec<(u64, *mut G)> = Vec::new();
            loop {
                std::thread::sleep(SLICE);
                COARSE.store(nanotime(), Relaxed);
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
