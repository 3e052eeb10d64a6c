//! Stopping the world: no other thread runs Go code, or has a p, until it is started again.
//!
//! ```text
//!   stop_the_world: idle ps are taken; running goroutines are asked to stop ──▶ schedule ──▶ stop_here
//!                   until all ps but the caller's are in `Idle::stopped`
//!   start_the_world: ps with work get threads, the others are idle again
//! ```
//!
//! Invariants, while the world is stopped:
//! * Every goroutine but the caller's is stopped at a safepoint with its state in its record: parked, in a queue,
//!   or in a system call. One may be running on a thread that waits in [`stop_the_world`] for its own turn.
//! * Nobody holds a lock of a channel or is between giving up such a lock and parking, because that needs a p.
//! * A goroutine in a system call touches nothing of its own but the memory the call names; it cannot come back
//!   before the world is started, because it needs a p.

use super::g::{G, Status, getg, setg};
use super::m::{M, getm};
use super::p::P;
use super::proc::{self, IDLE, n_procs, preempt, put_p, set_n_idle, startm, take_p, wait_for_p, wakep};
use super::sched;
use parking_lot::Condvar;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};
use std::time::{Duration, Instant};

/// Somebody stops the world or has stopped it.
static HELD: AtomicBool = AtomicBool::new(false);
/// Threads shall give up their ps. Changes under the lock of [`IDLE`].
static STOPPING: AtomicBool = AtomicBool::new(false);
/// A p was given up. Used with the lock of [`IDLE`].
static STOPPED: Condvar = Condvar::new();
/// How many threads are in `Idle::turns`. Changes under the lock of [`IDLE`].
static N_TURNS: AtomicUsize = AtomicUsize::new(0);
/// Goroutines that were started after they were asked to stop are asked again so often.
const ASK_AGAIN: Duration = Duration::from_micros(100);

/// The stopped world: whoever has it must start it again.
#[derive(Debug)]
#[must_use]
pub struct World {
    /// The ps of all others.
    pub others: Vec<*mut P>,
}

/// Whether threads shall give up their ps, because the world stops or for those whose turn was put off: to be
/// asked wherever a thread with a p begins something new.
#[inline(always)]
pub fn stopping() -> bool {
    STOPPING.load(SeqCst) || N_TURNS.load(SeqCst) != 0
}

/// A p comes back while the world is being stopped. The lock of [`IDLE`] must be held. False: it is not.
pub(super) fn keep_stopped(idle: &mut proc::Idle, p: *mut P) -> bool {
    let stopping = STOPPING.load(SeqCst);
    if stopping {
        idle.stopped.push(p);
        STOPPED.notify_one();
    }
    stopping
}

/// A p is free: it goes to the thread that has waited longest with a goroutine of its own, if there is one.
/// The lock of [`IDLE`] must be held.
pub(super) fn give_turn(idle: &mut proc::Idle, p: *mut P) -> bool {
    let Some(m) = idle.turns.pop_front() else { return false };
    N_TURNS.fetch_sub(1, SeqCst);
    proc::give_p(m, p);
    true
}

/// Waits, with its goroutine and without its p, until the world is started and a p is free.
///
/// # Safety
/// As for [`stop_here`].
unsafe fn wait_for_turn(m: *mut M) {
    // SAFETY: as the caller says; ps are never freed.
    unsafe {
        let g = getg();
        let mut idle = IDLE.lock();
        if !STOPPING.load(SeqCst) {
            return;
        }
        setg((*m).g0);
        put_p(&mut idle, (*m).p);
        (*m).p = null_mut();
        idle.turns.push_back(m);
        N_TURNS.fetch_add(1, SeqCst);
        drop(idle);
        loop {
            let given = (*m).next_p.swap(null_mut(), AcqRel);
            if !given.is_null() {
                (*m).p = given;
                break;
            }
            std::thread::park();
        }
        setg(g);
        (*(*m).p).curg.store(g, Relaxed);
    }
}

/// Waits, without its p, until the world is started and somebody gives this thread a p again.
///
/// # Safety
/// `m` must be this thread's and hold a p; nothing that belongs to that p may be in use.
pub unsafe fn stop_here(m: *mut M) {
    // SAFETY: as the caller says.
    unsafe {
        if (*m).spinning {
            proc::stop_spinning(m);
        }
        let mut idle = IDLE.lock();
        put_p(&mut idle, (*m).p);
        (*m).p = null_mut();
        drop(idle);
        wait_for_p(m);
    }
}

/// Stops all other threads that run Go code. The calling goroutine keeps its p, and may have got another one
/// if somebody else stopped the world first. It must not hold addresses into its own stack meanwhile.
///
/// # Safety
/// The caller must be a goroutine's thread with a p, hold no locks, and end with [`start_the_world`].
pub unsafe fn stop_the_world() -> World {
    let m = getm();
    // SAFETY: the m is this thread's.
    unsafe {
        while HELD.compare_exchange(false, true, SeqCst, SeqCst).is_err() {
            if STOPPING.load(SeqCst) {
                wait_for_turn(m);
            } else {
                std::thread::yield_now();
            }
        }
        let own = (*m).p;
        let mut idle = IDLE.lock();
        STOPPING.store(true, SeqCst);
        let ps = std::mem::take(&mut idle.ps);
        idle.stopped.extend(ps);
        set_n_idle(0);
        while idle.stopped.len() + 1 < n_procs() {
            super::p::for_each_p(|p| {
                let g = (*p).curg.load(Relaxed);
                if p != own && !g.is_null() {
                    preempt(g);
                }
            });
            STOPPED.wait_for(&mut idle, ASK_AGAIN);
        }
        World { others: std::mem::take(&mut idle.stopped) }
    }
}

/// Stops all threads that run Go code, as far as they stop in time, for a thread that ends the process.
/// Returns what ran.
pub fn stop_for_good(patience: Duration) -> Vec<*mut G> {
    let end = Instant::now() + patience;
    let mut running = Vec::new();
    let mut idle = IDLE.lock();
    STOPPING.store(true, SeqCst);
    let ps = std::mem::take(&mut idle.ps);
    idle.stopped.extend(ps);
    set_n_idle(0);
    while idle.stopped.len() < n_procs() && Instant::now() < end {
        super::p::for_each_p(|p| {
            // SAFETY: ps and goroutine records are never freed.
            unsafe {
                let g = (*p).curg.load(Relaxed);
                if !g.is_null() {
                    preempt(g);
                    if !running.contains(&g) {
                        running.push(g);
                    }
                }
            }
        });
        STOPPED.wait_for(&mut idle, ASK_AGAIN);
    }
    running
}

/// Lets the others go on.
///
/// # Safety
/// As for [`stop_the_world`]; the caller still has its p.
pub unsafe fn start_the_world(world: World) {
    let mut idle = IDLE.lock();
    STOPPING.store(false, SeqCst);
    let mut busy = 0;
    for p in world.others {
        if give_turn(&mut idle, p) {
            continue;
        }
        // SAFETY: ps are never freed.
        if unsafe { sched::has_work(p) } {
            busy += 1;
            idle.ps.push(p);
        } else {
            idle.ps.insert(0, p);
        }
    }
    set_n_idle(idle.ps.len());
    HELD.store(false, SeqCst);
    while busy > 0
        && let Some(p) = take_p(&mut idle)
    {
        busy -= 1;
        startm(idle, p, false);
        idle = IDLE.lock();
    }
    drop(idle);
    // For the global queue, and so that somebody waits for the timers.
    wakep();
}

/// Whether nothing of `g`'s stack is known to anybody outside it while the world is stopped, so that it may
/// move: it is parked or queued, not in a system call that writes to its stack.
pub fn may_move(status: Status) -> bool {
    matches!(status, Status::Waiting | Status::Runnable)
}
