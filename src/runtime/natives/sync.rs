//! Semaphores, conditions and timers, for packages `sync`, `internal/sync` and `time`.

use crate::runtime::g::WaitReason;
use crate::runtime::sema::{self, NotifyList};
use crate::runtime::timer::{self, Timer};

/// Reasons to wait for a semaphore, by the numbers that the library has for them.
const REASONS: [WaitReason; 5] = [
    WaitReason::Semacquire,
    WaitReason::MutexLock,
    WaitReason::RWMutexRLock,
    WaitReason::RWMutexLock,
    WaitReason::WaitGroupWait,
];

/// `internal/rt.Semacquire`.
pub extern "C" fn semacquire(addr: u64, lifo: u64, reason: u64) {
    sema::semacquire(addr, lifo & 1 != 0, REASONS[reason as usize % REASONS.len()])
}

/// `internal/rt.Semrelease`.
pub extern "C" fn semrelease(addr: u64) {
    sema::semrelease(addr)
}

/// `sync.notifyWait`.
pub extern "C" fn notify_wait(l: &NotifyList, ticket: u64) {
    sema::notify_wait(l, ticket as u32)
}

/// `sync.notifyOne`.
pub extern "C" fn notify_one(l: &NotifyList) {
    sema::notify_one(l)
}

/// `sync.notifyAll`.
pub extern "C" fn notify_all(l: &NotifyList) {
    sema::notify_all(l)
}

/// `time.bindTimer`: the channel belongs to the timer.
pub extern "C" fn bind_timer(c: *mut crate::runtime::chan::Hchan, t: *mut Timer) {
    // SAFETY: the library passes a new channel.
    unsafe { (*c).timer = t };
}

/// `time.resetTimer`.
pub extern "C" fn reset_timer(t: *mut Timer, when: i64, period: i64) -> u64 {
    // SAFETY: the library passes its own timer.
    u64::from(unsafe { timer::reset(t, when, period) })
}

/// `time.stopTimer`.
pub extern "C" fn stop_timer(t: *mut Timer) -> u64 {
    // SAFETY: the library passes its own timer.
    u64::from(unsafe { timer::stop(t) })
}
