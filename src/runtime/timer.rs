//! Timers: what sleeps, and the timers of package `time`.
//!
//! There is one heap of them, ordered by when they are due. A thread between goroutines runs what is due
//! ([`run`]); of the idle threads one sleeps until the earliest ([`proc`]).
//!
//! ```text
//!   time.Sleep          ─▶ Entry::Sleep(g)       due: the goroutine is runnable
//!   time.AfterFunc      ─▶ Entry::Timer, f       due: a goroutine that calls f
//!   time.NewTimer, Tick ─▶ Entry::Timer, c       due: the time goes into c's buffer, or to who waits
//! ```
//!
//! A timer with a channel is in the heap only while a goroutine waits for the channel. Otherwise nobody could
//! tell when it fires: who receives from the channel looks whether it is due ([`settle`]). So a timer that
//! nobody waits for does not keep a program alive that waits for something else.
//!
//! Invariants:
//! * The lock of [`TIMERS`] is taken before the lock of a channel, and guards all fields of all timers.
//! * `Timer::idx` is its place in the heap plus 1, 0 outside.
//! * Who stops or resets a timer under the lock takes the time out of the channel's buffer: no value from before
//!   is received afterwards. The buffer of a timer's channel has one place, but the program sees it as
//!   unbuffered.

use super::chan::Hchan;
use super::g::{G, WaitReason, getg};
use super::m::getm;
use super::natives::time::nanotime;
use super::p::P;
use super::sched::{self, park, schedule};
use super::sys::asm;
use super::{natives, proc};
use parking_lot::{Mutex, MutexGuard};
use std::sync::atomic::{AtomicI64, Ordering::*};

/// A timer, as package `time` declares it (`record`). It lies in the heap.
#[repr(C)]
#[derive(Debug)]
pub struct Timer {
    /// What the program sees: the channel again, and whether the library made the timer.
    head: [u64; 2],
    /// Where the time is sent; null: `f` is called.
    c: *mut Hchan,
    /// A `func()`.
    f: u64,
    /// `time.Local`, for the values sent.
    loc: u64,
    /// When it is due (monotonic); 0: it is not running.
    when: i64,
    /// Nanoseconds between two times; 0: fires once.
    period: i64,
    /// See the module.
    idx: u64,
    /// Goroutines that wait for the channel.
    blocked: i64,
    /// The monotonic clock's value that `time.Time`s count from.
    origin: i64,
}

/// What waits for a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Sleep(*mut G),
    Timer(*mut Timer),
}

#[derive(Debug, Clone, Copy)]
struct Item {
    when: i64,
    /// Order of arrival, for those due at the same time.
    seq: u64,
    what: Entry,
}

impl Item {
    fn before(&self, o: &Item) -> bool {
        (self.when, self.seq) < (o.when, o.seq)
    }
}

/// The heap, as a binary tree in an array: the children of `i` are `2i+1` and `2i+2`.
#[derive(Debug)]
pub struct Timers {
    heap: Vec<Item>,
    seq: u64,
}

// SAFETY: the heap owns the goroutines in it; timers are used under its lock only.
unsafe impl Send for Timers {}

/// See the module.
static TIMERS: Mutex<Timers> = Mutex::new(Timers { heap: Vec::new(), seq: 0 });

/// When the next timer is due, `i64::MAX`: never.
static EARLIEST: AtomicI64 = AtomicI64::new(i64::MAX);

/// When the next timer is due.
pub fn earliest() -> i64 {
    EARLIEST.load(SeqCst)
}

impl Timers {
    fn place(&mut self, i: usize, item: Item) {
        self.heap[i] = item;
        if let Entry::Timer(t) = item.what {
            // SAFETY: timers in the heap are live objects, guarded by the lock that `self` stands for.
            unsafe { (*t).idx = i as u64 + 1 };
        }
    }

    fn sift_up(&mut self, mut i: usize) {
        let item = self.heap[i];
        while i > 0 {
            let up = (i - 1) / 2;
            if !item.before(&self.heap[up]) {
                break;
            }
            self.place(i, self.heap[up]);
            i = up;
        }
        self.place(i, item);
    }

    fn sift_down(&mut self, mut i: usize) {
        let item = self.heap[i];
        loop {
            let mut c = 2 * i + 1;
            if c >= self.heap.len() {
                break;
            }
            if c + 1 < self.heap.len() && self.heap[c + 1].before(&self.heap[c]) {
                c += 1;
            }
            if !self.heap[c].before(&item) {
                break;
            }
            self.place(i, self.heap[c]);
            i = c;
        }
        self.place(i, item);
    }

    fn push(&mut self, when: i64, what: Entry) {
        self.seq += 1;
        self.heap.push(Item { when, seq: self.seq, what });
        self.sift_up(self.heap.len() - 1);
    }

    fn remove(&mut self, i: usize) -> Option<Item> {
        let last = self.heap.pop()?;
        if i == self.heap.len() {
            forget(last.what);
            return Some(last);
        }
        let out = std::mem::replace(&mut self.heap[i], last);
        forget(out.what);
        self.sift_down(i);
        self.sift_up(i);
        Some(out)
    }

    /// Makes the earliest time known. Returns whether it is earlier than before.
    fn publish(&self) -> bool {
        let due = self.heap.first().map_or(i64::MAX, |t| t.when);
        EARLIEST.swap(due, SeqCst) > due
    }

    /// Puts `t` where its `when` and `blocked` say: into the heap, to another place in it, or out of it.
    unsafe fn update(&mut self, t: *mut Timer) {
        // SAFETY: the lock is held.
        unsafe {
            let wanted = (*t).when > 0 && ((*t).c.is_null() || (*t).blocked > 0);
            if (*t).idx > 0 {
                let i = (*t).idx as usize - 1;
                if wanted && self.heap[i].when == (*t).when {
                    return;
                }
                self.remove(i);
            }
            if wanted {
                self.push((*t).when, Entry::Timer(t));
            }
        }
    }

    /// `t` is due: sends the time or starts the function.
    unsafe fn fire(&mut self, t: *mut Timer, now: i64) {
        // SAFETY: the lock is held; the thread holds a p; a timer's channel has elements of type `Time`.
        unsafe {
            let t = &mut *t;
            let late = now - t.when;
            // Times that nobody could have taken are left out.
            t.when = if t.period > 0 { t.when.saturating_add(t.period.saturating_mul(1 + late / t.period)) } else { 0 };
            self.update(t);
            if t.c.is_null() {
                let m = getm();
                let g = sched::new_goroutine(m, asm::gostart(), t.f);
                (*g).gopc = super::traceback::GOPC_TIMER;
                (*g).parent_goid = 0;
                proc::start_sysmon();
                sched::runqput((*m).p, g, false);
                proc::wakep();
                return;
            }
            let value = time_value(t, now - late);
            let c = &mut *t.c;
            c.lock();
            // False: the last time is still there, and this one is left out.
            c.try_send(value.as_ptr() as u64);
            c.unlock();
        }
    }
}

/// `what` left the heap.
fn forget(what: Entry) {
    if let Entry::Timer(t) = what {
        // SAFETY: called under the lock, with a timer that was in the heap.
        unsafe { (*t).idx = 0 };
    }
}

/// A `time.Time` for the monotonic time `at`, which is not long ago.
fn time_value(t: &Timer, at: i64) -> [u64; 3] {
    /// Seconds from 1885 to 1970; from the year 1 to 1970.
    const FROM_1885: i64 = 2_682_288_000;
    const FROM_1: i64 = 62_135_596_800;
    let ago = nanotime() - at;
    let (sec, nsec) = natives::time::wallclock();
    let total = sec * 1_000_000_000 + nsec - ago;
    let (sec, nsec) = (total.div_euclid(1_000_000_000), total.rem_euclid(1_000_000_000));
    let s = sec + FROM_1885;
    if s >> 33 != 0 {
        return [nsec as u64, (sec + FROM_1) as u64, t.loc];
    }
    [1 << 63 | (s as u64) << 30 | nsec as u64, (at - t.origin) as u64, t.loc]
}

fn locked_update(mut timers: MutexGuard<'_, Timers>, t: *mut Timer) {
    // SAFETY: the lock is held.
    unsafe { timers.update(t) };
    let earlier = timers.publish();
    drop(timers);
    if earlier {
        proc::wake_timer_waiter(false);
    }
}

/// `time.Sleep`.
pub fn sleep(ns: i64) -> ! {
    let g = getg();
    let when = nanotime().saturating_add(ns.max(0));
    // SAFETY: the goroutine is this thread's.
    unsafe { park(g, WaitReason::Sleep, None) };
    let mut timers = TIMERS.lock();
    timers.push(when, Entry::Sleep(g));
    let earlier = timers.publish();
    drop(timers);
    if earlier {
        proc::wake_timer_waiter(true);
    }
    schedule()
}

/// Sets a timer, running or not. Returns whether it was going to fire.
///
/// # Safety
/// `t` must be a timer of package `time`, whose channel, if it has one, names it.
pub unsafe fn reset(t: *mut Timer, when: i64, period: i64) -> bool {
    let timers = TIMERS.lock();
    // SAFETY: as the caller says; the lock is held.
    unsafe {
        let pending = stop_locked(t);
        (*t).when = when;
        (*t).period = period;
        locked_update(timers, t);
        pending
    }
}

/// Stops a timer. Returns whether it was going to fire.
///
/// # Safety
/// As for [`reset`].
pub unsafe fn stop(t: *mut Timer) -> bool {
    let timers = TIMERS.lock();
    // SAFETY: as the caller says; the lock is held.
    unsafe {
        let pending = stop_locked(t);
        locked_update(timers, t);
        pending
    }
}

unsafe fn stop_locked(t: *mut Timer) -> bool {
    // SAFETY: the lock is held.
    unsafe {
        let mut pending = (*t).when > 0;
        (*t).when = 0;
        if let Some(c) = (*t).c.as_mut() {
            c.lock();
            pending |= c.drain();
            c.unlock();
        }
        pending
    }
}

/// The lock of all timers, held around operations on a timer's channel.
pub type Lock = MutexGuard<'static, Timers>;

/// Locks all timers, for an operation on channel `c` of a timer, and sends the time if it is due.
///
/// # Safety
/// `c` must be a timer's channel, not locked by this thread.
pub unsafe fn settle(lock: Option<Lock>, c: *mut Hchan) -> Option<Lock> {
    let mut timers = lock.unwrap_or_else(|| TIMERS.lock());
    // SAFETY: as the caller says; the lock is held.
    unsafe {
        let t = (*c).timer;
        if (*t).idx == 0 && (*t).when > 0 {
            let now = nanotime();
            if (*t).when <= now {
                timers.fire(t, now);
            }
        }
    }
    Some(timers)
}

/// The running goroutine is about to wait for a timer's channel.
///
/// # Safety
/// `c` must be a timer's channel.
pub unsafe fn block(timers: &mut Lock, c: *mut Hchan) {
    // SAFETY: as the caller says; the lock is held.
    unsafe {
        let t = (*c).timer;
        (*t).blocked += 1;
        timers.update(t);
    }
}

/// Unlocks after [`block`]. No channel may be locked.
pub fn unlock_blocked(timers: Lock) {
    let earlier = timers.publish();
    drop(timers);
    if earlier {
        proc::wake_timer_waiter(true);
    }
}

/// A goroutine does not wait any more for the channel `c` of a timer.
///
/// # Safety
/// `c` must be a timer's channel.
pub unsafe fn unblock(c: *mut Hchan) {
    let mut timers = TIMERS.lock();
    // SAFETY: as the caller says; the lock is held.
    unsafe {
        let t = (*c).timer;
        (*t).blocked -= 1;
        timers.update(t);
    }
    timers.publish();
}

/// Runs the timers that are due.
///
/// # Safety
/// The thread must hold `p`.
pub unsafe fn run(p: *mut P) {
    if EARLIEST.load(Relaxed) == i64::MAX {
        return;
    }
    let now = nanotime();
    if EARLIEST.load(Acquire) > now {
        return;
    }
    let mut woken = 0;
    let mut timers = TIMERS.lock();
    while let Some(&item) = timers.heap.first()
        && item.when <= now
    {
        // SAFETY: the heap owned the goroutine; p is this thread's.
        unsafe {
            match item.what {
                Entry::Sleep(g) => {
                    timers.remove(0);
                    (*g).status = super::g::Status::Runnable;
                    sched::runqput(p, g, false);
                    woken += 1;
                }
                Entry::Timer(t) => timers.fire(t, now),
            }
        }
    }
    timers.publish();
    drop(timers);
    if woken > 1 {
        proc::wakep();
    }
}

/// Calls `visit` with each timer in the heap.
pub fn for_each(visit: &mut dyn FnMut(u64)) {
    for i in &TIMERS.lock().heap {
        if let Entry::Timer(t) = i.what {
            visit(t as u64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timer(when: i64) -> *mut Timer {
        let t = Timer {
            head: [0; 2],
            c: std::ptr::null_mut(),
            f: 0,
            loc: 0,
            when,
            period: 0,
            idx: 0,
            blocked: 0,
            origin: 0,
        };
        Box::into_raw(Box::new(t))
    }

    #[test]
    fn the_heap_keeps_order_and_places() {
        let mut h = Timers { heap: Vec::new(), seq: 0 };
        let mut x = 12345u64;
        let mut all = Vec::new();
        for _ in 0..200 {
            x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let t = timer(1 + (x >> 40) as i64 % 50);
            all.push(t);
            // SAFETY: the timers are this test's.
            unsafe { h.update(t) };
        }
        // SAFETY: as above.
        unsafe {
            for (i, &t) in all.iter().enumerate() {
                assert_eq!(h.heap[(*t).idx as usize - 1].what, Entry::Timer(t));
                if i % 3 == 0 {
                    (*t).when = 0;
                    h.update(t);
                    assert_eq!((*t).idx, 0);
                }
            }
            let mut last = (0, 0);
            while let Some(i) = h.remove(0) {
                assert!((i.when, i.seq) > last);
                last = (i.when, i.seq);
            }
            assert!(all.iter().all(|&t| (*t).idx == 0));
        }
    }
}
