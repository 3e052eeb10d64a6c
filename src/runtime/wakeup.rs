//! When a thread is woken for new work: the counts of idle ps and of threads that look for work (*spin*).
//!
//! Invariant: runnable goroutines and idle ps do not stay together while nobody spins. It follows from two
//! orders, of sequentially consistent steps:
//!
//! ```text
//!   who makes work:   queue it;                      then look for idle ps and spinners   (should_wake)
//!   who gives up:     p is idle, no longer spinning; then look into the queues            (give_up)
//! ```
//!
//! One of the two sees the other. A spinner that finds work wakes another before it runs it, since there may
//! be more.

use super::atomics::{Atomics, Int};
use std::sync::atomic::Ordering::*;

/// See the module.
pub struct Wakeup<A: Atomics> {
    idle: A::Usize,
    spinning: A::Usize,
}

impl Wakeup<super::atomics::Std> {
    /// Nobody is idle or spins.
    pub const fn constant() -> Self {
        use std::sync::atomic::AtomicUsize;
        Wakeup { idle: AtomicUsize::new(0), spinning: AtomicUsize::new(0) }
    }
}

impl<A: Atomics> Wakeup<A> {
    /// With so many idle ps, and spinners.
    pub fn new(idle: usize, spinning: usize) -> Self {
        Wakeup { idle: A::Usize::new(idle), spinning: A::Usize::new(spinning) }
    }

    /// After work was queued: whether the caller must give an idle p a thread. That thread is counted as
    /// spinning already; if there is no p after all, [`Self::found_work`] takes the count back.
    #[inline]
    pub fn should_wake(&self) -> bool {
        A::fence(SeqCst);
        self.idle.load(SeqCst) != 0 && self.spinning.load(SeqCst) == 0 && self.spinning.cas(0, 1, SeqCst)
    }

    /// Becomes a spinner, unless half of the busy ps' threads are already.
    pub fn may_spin(&self, n_procs: usize) -> bool {
        let busy = n_procs.saturating_sub(self.idle.load(Relaxed));
        if n_procs == 1 || 2 * self.spinning.load(Relaxed) >= busy {
            return false;
        }
        self.spin();
        true
    }

    /// Becomes a spinner.
    pub fn spin(&self) {
        self.spinning.add(1, SeqCst);
    }

    /// A spinner stops. Returns whether it was the last: then it must see to it that another one is woken.
    pub fn found_work(&self) -> bool {
        self.spinning.sub(1, SeqCst) == 1
    }

    /// A thread without work gives its p up. `release` makes the p idle, and counts it; `look` whether there is
    /// work. True: there is, and the caller, who is a spinner again, must try to get a p.
    pub fn give_up(&self, spinning: bool, release: impl FnOnce(), look: impl FnOnce() -> bool) -> bool {
        release();
        if spinning {
            self.spinning.sub(1, SeqCst);
        }
        A::fence(SeqCst);
        if look() {
            self.spin();
            return true;
        }
        false
    }

    /// A p became idle.
    pub fn add_idle(&self) {
        self.idle.add(1, SeqCst);
    }

    /// A p is no longer idle.
    pub fn sub_idle(&self) {
        self.idle.sub(1, SeqCst);
    }

    /// Sets the number of idle ps.
    pub fn set_idle(&self, n: usize) {
        self.idle.store(n, SeqCst);
    }

    /// The number of idle ps.
    pub fn n_idle(&self) -> usize {
        self.idle.load(SeqCst)
    }
}
