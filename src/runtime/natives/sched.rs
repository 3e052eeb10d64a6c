//! Goroutines and threads, for packages `runtime` and `time`.

use crate::runtime::g::getg;
use crate::runtime::{panic, proc, sched, timer};

/// `time.Sleep`.
pub extern "C" fn sleep(ns: i64) {
    if ns > 0 {
        timer::sleep(ns)
    }
}

/// `runtime.Gosched`.
pub extern "C" fn gosched() {
    // SAFETY: the goroutine is this thread's, stopped in the runtime.
    unsafe { sched::gopreempt(getg()) }
}

/// `runtime.Goexit`.
pub extern "C" fn goexit() {
    panic::goexit()
}

/// `runtime.NumGoroutine`.
pub extern "C" fn num_goroutine() -> u64 {
    sched::gcount() as u64
}

/// `runtime.NumCPU`.
pub extern "C" fn num_cpu() -> u64 {
    std::thread::available_parallelism().map_or(1, |n| n.get() as u64)
}

/// `runtime.GOMAXPROCS`.
pub extern "C" fn maxprocs(n: i64) -> u64 {
    proc::set_procs(n)
}

/// `runtime.lockThread`.
pub extern "C" fn lock_thread(delta: i64) {
    // SAFETY: the goroutine is this thread's.
    let g = unsafe { &mut *getg() };
    g.locked = g.locked.saturating_add_signed(delta as i32);
}
