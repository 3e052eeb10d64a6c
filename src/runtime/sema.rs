//! What package `sync` waits with: semaphores and lists of those who wait for a condition.
//!
//! Both are named by an address of the program's, and exist here only while somebody waits: a table of queues
//! by address, in shards with a lock each. A goroutine waits in one queue at most, so the queues are linked
//! through the goroutines' records.
//!
//! A semaphore is the counter at its address. [`semacquire`] takes one from it, or waits until
//! [`semrelease`] hands it one directly. Invariant, under the shard's lock: goroutines wait only while the
//! counter is 0. Both look at the counter under the lock, so no release is missed.
//!
//! A condition's list counts tickets: those given to who will wait, and those called. Who has a ticket that was
//! called before he came does not wait.

use super::g::{G, WaitReason, getg};
use super::sched::{goready, park, schedule};
use parking_lot::{Mutex, MutexGuard};
use rustc_hash::FxHashMap;
use std::ptr::null_mut;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering::*};

const N_SHARDS: usize = 64;

/// Goroutines in order, linked through [`G::next`].
#[derive(Debug)]
struct Queue {
    first: *mut G,
    last: *mut G,
}

#[derive(Debug, Default)]
struct Shard(FxHashMap<u64, Queue>);

// SAFETY: who takes a goroutine out of a queue owns it.
unsafe impl Send for Shard {}

static SHARDS: LazyLock<[Mutex<Shard>; N_SHARDS]> = LazyLock::new(|| std::array::from_fn(|_| Mutex::default()));

fn shard(addr: u64) -> MutexGuard<'static, Shard> {
    SHARDS[(addr >> 3 ^ addr >> 9) as usize % N_SHARDS].lock()
}

impl Shard {
    unsafe fn push(&mut self, addr: u64, g: *mut G, front: bool) {
        let q = self.0.entry(addr).or_insert(Queue { first: null_mut(), last: null_mut() });
        // SAFETY: the queue owns its goroutines; g is parked by the caller.
        unsafe {
            if q.first.is_null() {
                (*g).next = null_mut();
                *q = Queue { first: g, last: g };
            } else if front {
                (*g).next = q.first;
                q.first = g;
            } else {
                (*g).next = null_mut();
                (*q.last).next = g;
                q.last = g;
            }
        }
    }

    /// Takes out the first goroutine that `want` wants.
    unsafe fn take(&mut self, addr: u64, want: impl Fn(*mut G) -> bool) -> Option<*mut G> {
        let q = self.0.get_mut(&addr)?;
        let (mut prev, mut g) = (null_mut::<G>(), q.first);
        // SAFETY: the queue owns its goroutines.
        unsafe {
            while !want(g) {
                (prev, g) = (g, (*g).next);
                if g.is_null() {
                    return None;
                }
            }
            let next = (*g).next;
            if prev.is_null() {
                q.first = next;
            } else {
                (*prev).next = next;
            }
            if next.is_null() {
                q.last = prev;
            }
            (*g).next = null_mut();
            if q.first.is_null() {
                self.0.remove(&addr);
            }
        }
        Some(g)
    }
}

fn counter(addr: u64) -> &'static AtomicU32 {
    // SAFETY: the program names a word of its own, which lives while it uses the semaphore.
    unsafe { AtomicU32::from_ptr(addr as *mut u32) }
}

fn try_acquire(c: &AtomicU32) -> bool {
    c.fetch_update(SeqCst, Relaxed, |n| n.checked_sub(1)).is_ok()
}

/// Takes one from the semaphore at `addr`, or waits for one; `lifo`: before those who wait already.
pub fn semacquire(addr: u64, lifo: bool, reason: WaitReason) {
    if try_acquire(counter(addr)) {
        return;
    }
    let mut s = shard(addr);
    if try_acquire(counter(addr)) {
        return;
    }
    let g = getg();
    // SAFETY: the goroutine is this thread's.
    unsafe {
        s.push(addr, g, lifo);
        park(g, reason, None);
    }
    drop(s);
    schedule()
}

/// Gives one to the goroutine that waits first, or adds one to the semaphore at `addr`.
pub fn semrelease(addr: u64) {
    let mut s = shard(addr);
    // SAFETY: the queue owned the goroutine.
    match unsafe { s.take(addr, |_| true) } {
        Some(g) => {
            drop(s);
            // SAFETY: it was taken from where it waited; this thread holds a p.
            unsafe { goready(g) };
        }
        None => {
            counter(addr).fetch_add(1, SeqCst);
        }
    }
}

/// The list of who waits for a condition (`sync.notifyList`).
#[repr(C)]
#[derive(Debug)]
pub struct NotifyList {
    /// Tickets given out.
    wait: AtomicU32,
    /// Tickets called.
    notify: AtomicU32,
}

/// Waits until the ticket is called, unless it was.
pub fn notify_wait(l: &NotifyList, ticket: u32) {
    let addr = &raw const *l as u64;
    let mut s = shard(addr);
    if (l.notify.load(SeqCst).wrapping_sub(ticket) as i32) > 0 {
        return;
    }
    let g = getg();
    // SAFETY: the goroutine is this thread's.
    unsafe {
        // No call of the runtime needs the results of this one while it is parked.
        (*g).ret[0] = u64::from(ticket);
        s.push(addr, g, false);
        park(g, WaitReason::CondWait, None);
    }
    drop(s);
    schedule()
}

/// Calls the next ticket.
pub fn notify_one(l: &NotifyList) {
    let addr = &raw const *l as u64;
    let mut s = shard(addr);
    let ticket = l.notify.load(SeqCst);
    if ticket == l.wait.load(SeqCst) {
        return;
    }
    l.notify.store(ticket.wrapping_add(1), SeqCst);
    // SAFETY: the queue owns its goroutines; one that has not come yet finds its ticket called.
    unsafe {
        let g = s.take(addr, |g| (*g).ret[0] == u64::from(ticket));
        drop(s);
        if let Some(g) = g {
            goready(g);
        }
    }
}

/// Calls all tickets.
pub fn notify_all(l: &NotifyList) {
    let addr = &raw const *l as u64;
    let mut s = shard(addr);
    l.notify.store(l.wait.load(SeqCst), SeqCst);
    let q = s.0.remove(&addr);
    drop(s);
    let mut g = q.map_or(null_mut(), |q| q.first);
    while !g.is_null() {
        // SAFETY: the queue owned the goroutines, and now we do.
        unsafe {
            let next = std::mem::replace(&mut (*g).next, null_mut());
            goready(g);
            g = next;
        }
    }
}
