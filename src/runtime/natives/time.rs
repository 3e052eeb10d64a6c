//! Clocks.

use crate::runtime::errors::Pair;
use rustix::time::{ClockId, Timespec, clock_gettime};

fn ns(t: Timespec) -> i64 {
    t.tv_sec * 1_000_000_000 + t.tv_nsec
}

/// The monotonic clock in nanoseconds, never 0.
pub fn nanotime() -> i64 {
    ns(clock_gettime(ClockId::Monotonic)).max(1)
}

pub extern "C" fn nanotime_native() -> i64 {
    nanotime()
}

/// Seconds and nanoseconds since 1970.
pub fn wallclock() -> (i64, i64) {
    let t = clock_gettime(ClockId::Realtime);
    (t.tv_sec, t.tv_nsec)
}

/// Nanoseconds since 1970.
pub fn walltime_nanos() -> u64 {
    let (sec, nsec) = wallclock();
    sec as u64 * 1_000_000_000 + nsec as u64
}

/// When the program began (monotonic): the first call's time.
pub fn start() -> i64 {
    static START: std::sync::OnceLock<i64> = std::sync::OnceLock::new();
    *START.get_or_init(nanotime)
}

pub extern "C" fn walltime() -> Pair {
    let (sec, nsec) = wallclock();
    Pair(sec as u64, nsec as u64)
}

/// Puts the thread to sleep.
pub fn thread_sleep(ns: i64) {
    std::thread::sleep(std::time::Duration::from_nanos(ns.max(0) as u64));
}
