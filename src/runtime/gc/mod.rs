//! The garbage collector: precise, non-moving, mark and sweep. The world is stopped throughout.
//!
//! ```text
//!   mallocgc ─ account ─▶ over the goal: the goroutine is asked to stop ──▶ prologue or poll ──▶ collect
//!   runtime.GC ───────────────────────────────────────────────────────────────────────────────────▶
//!
//!   collect:  stop the world ─ mark ─ finalizers, weak pointers ─ sweep ─ shrink stacks ─ start the world
//! ```
//!
//! A collection begins where all of a goroutine's pointers are known: at a function's entry, at a poll, or in a
//! call of `runtime.GC`; never in the middle of an allocation. So Rust code may hold addresses of fresh objects
//! in variables for as long as it does not return to generated code, park, or stop the world.
//!
//! [`mark`] finds what is reachable. Sweeping is cheap because it touches spans only, not objects: the marks of a
//! span become its allocation bits, and spans without marks go back to the page heap. Objects are cleared when
//! their memory is allocated again.
//!
//! Pacing is Go's: the next collection begins when the heap has grown by GOGC percent of what the last one left
//! and of the other roots, but not below 4 MiB times GOGC/100; a memory limit brings it forward.
//!
//! What Go must watch for when it shrinks stacks while other goroutines run cannot happen here, because the world
//! is stopped ([`stw`]): nobody is copying a value into the stack of a parked goroutine, or is about to park.
//! What is left are the words of the record that point into the stack: `elem` of wait records, deferred
//! closures, values of panics. `copystack` relocates them. The array of cases of a select is not looked at after
//! its goroutine parked. Goroutines in system calls keep their stacks: the kernel may be writing to them.

mod mark;
pub mod special;

use super::debug::debug;
use super::g::{G, Status, getg};
use super::malloc::mcentral;
use super::malloc::mheap::{Mspan, mheap};
use super::natives::time::{nanotime, walltime_nanos};
use super::newstack::shrinkstack;
use super::proc::{n_procs, preempt};
use super::stack::{StackMem, stackcache_clear, stackfree};
use super::{heapcheck, p, print, region, sched, stw};
use parking_lot::Mutex;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::*};

/// The heap is not collected below this size, at GOGC=100.
const MIN_HEAP: u64 = 4 << 20;
/// Marking less than this is not worth more threads.
const PARALLEL_FROM: u64 = 2 << 20;
/// gcstress: calls that are skipped after a collection, one for so many bytes that live.
const STRESS_BYTES: u64 = 16 << 10;
/// The value of freed memory where a collection happens at every call of the runtime: no address, no length.
const POISON: u8 = 0xdb;

/// Bytes in objects, and in the free parts of spans that ps have: at most what is in use.
static HEAP_LIVE: AtomicU64 = AtomicU64::new(0);
/// The value of [`HEAP_LIVE`] at which a collection begins.
static TRIGGER: AtomicU64 = AtomicU64::new(MIN_HEAP);
/// A collection shall begin.
static WANTED: AtomicBool = AtomicBool::new(false);
/// Percent of growth; negative: none is allowed to trigger a collection.
static PERCENT: AtomicI64 = AtomicI64::new(100);
/// Bytes the program should use at most.
static LIMIT: AtomicU64 = AtomicU64::new(i64::MAX as u64);

/// What collections did, for `runtime.MemStats`.
#[derive(Debug, Clone)]
pub struct Stats {
    /// Collections.
    pub n: u64,
    /// Those that the program asked for.
    pub forced: u64,
    /// Objects freed, without those that shared a block, and their bytes.
    pub frees: u64,
    pub freed: u64,
    /// Bytes of objects that the last collection left.
    pub live: u64,
    /// When the last one ended: nanoseconds since 1970.
    pub last_end: u64,
    pub pause_total: u64,
    /// Nanoseconds of the last 256 pauses and their ends; that of collection `n` is at `(n + 255) % 256`.
    pub pauses: [u64; 256],
    pub pause_ends: [u64; 256],
}

static STATS: Mutex<Stats> = Mutex::new(Stats {
    n: 0,
    forced: 0,
    frees: 0,
    freed: 0,
    live: 0,
    last_end: 0,
    pause_total: 0,
    pauses: [0; 256],
    pause_ends: [0; 256],
});

/// What collections did so far.
pub fn stats() -> Stats {
    STATS.lock().clone()
}

/// The heap size at which the next collection begins.
pub fn next() -> u64 {
    TRIGGER.load(Relaxed)
}

/// Reads GOGC and GOMEMLIMIT. Malformed values are ignored.
pub fn init() {
    if let Ok(s) = std::env::var("GOGC") {
        match s.parse::<i32>() {
            Ok(n) => PERCENT.store(n.into(), Relaxed),
            Err(_) if s == "off" => PERCENT.store(-1, Relaxed),
            Err(_) => {}
        }
    }
    if let Some(n) = std::env::var("GOMEMLIMIT").ok().and_then(|s| parse_bytes(&s)) {
        LIMIT.store(n, Relaxed);
    }
    set_trigger(0);
}

/// A size as GOMEMLIMIT has it: a number with one of Go's units.
fn parse_bytes(s: &str) -> Option<u64> {
    const UNITS: [(&str, u32); 5] = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("B", 0)];
    let (number, shift) =
        UNITS.iter().find_map(|&(unit, shift)| Some((s.strip_suffix(unit)?, shift))).unwrap_or((s, 0));
    number.parse::<u64>().ok()?.checked_mul(1 << shift).filter(|&n| n <= i64::MAX as u64)
}

/// Decides when the next collection begins, with `live` bytes in objects.
fn set_trigger(live: u64) {
    let percent = PERCENT.load(Relaxed);
    let mut goal = u64::MAX;
    if let Ok(percent) = u64::try_from(percent) {
        let stacks = mheap().stack_in_use.load(Relaxed);
        let grown = u128::from(live) + u128::from(live + stacks) * u128::from(percent) / 100;
        goal = u64::try_from(grown).unwrap_or(u64::MAX).max(MIN_HEAP * percent / 100);
    }
    let limit = LIMIT.load(Relaxed);
    if limit < i64::MAX as u64 {
        // Not sooner than it is worth the work, even beyond the limit.
        let room = limit.saturating_sub(mheap().stack_in_use.load(Relaxed));
        goal = goal.min(room.max(live + live / 16 + (1 << 20)));
    }
    TRIGGER.store(goal, Relaxed);
}

/// `debug.SetGCPercent`.
pub extern "C" fn set_percent(percent: i64) -> i64 {
    let old = PERCENT.swap(percent.max(-1), Relaxed);
    set_trigger(STATS.lock().live);
    old
}

/// `debug.SetMemoryLimit`; a negative limit only asks.
pub extern "C" fn set_limit(limit: i64) -> i64 {
    let old = LIMIT.load(Relaxed);
    if let Ok(limit) = u64::try_from(limit) {
        LIMIT.store(limit, Relaxed);
        set_trigger(STATS.lock().live);
    }
    old as i64
}

/// So many bytes were taken for objects. Asks the running goroutine to collect at its next safepoint if the heap
/// has grown enough.
pub fn account(bytes: u64) {
    let live = HEAP_LIVE.fetch_add(bytes, Relaxed) + bytes;
    if live >= TRIGGER.load(Relaxed) {
        WANTED.store(true, Relaxed);
        let g = getg();
        if !g.is_null() {
            // SAFETY: a record.
            unsafe { preempt(g) };
        }
    }
}

/// Collects if the heap has grown enough.
///
/// # Safety
/// As for [`collect`].
pub unsafe fn poll() {
    if WANTED.load(Relaxed) {
        // SAFETY: as the caller says.
        unsafe { collect(Why::Grown) }
    }
}

/// gcstress: collects before a call of the runtime, before every one while the heap is small.
pub extern "C" fn stress() {
    // A large heap would take for ever.
    static SKIP: AtomicU64 = AtomicU64::new(0);
    if SKIP.fetch_update(Relaxed, Relaxed, |n| n.checked_sub(1)).is_ok() {
        return;
    }
    // SAFETY: this thread runs a goroutine, stopped at a call.
    unsafe { collect(Why::Stress) }
    SKIP.store(STATS.lock().live / STRESS_BYTES, Relaxed);
}

/// `runtime.GC`. Returns the number of collections so far.
pub extern "C" fn gc() -> u64 {
    // SAFETY: this thread runs a goroutine, stopped at the call.
    unsafe { collect(Why::Asked) }
    STATS.lock().n
}

/// Why a collection begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// The heap has grown; nothing is left to do if another thread just has collected.
    Grown,
    /// The program wants it.
    Asked,
    /// A call of the runtime is about to begin: its arguments may be addresses in the goroutine's own stack,
    /// which must stay where it is.
    Stress,
}

/// Collects.
///
/// # Safety
/// This thread must run a goroutine, stopped at a safepoint, and hold no locks.
unsafe fn collect(why: Why) {
    let begin = nanotime();
    // SAFETY: as the caller says; the world is stopped for all that follows.
    unsafe {
        let world = stw::stop_the_world();
        if why != Why::Grown || WANTED.load(Relaxed) {
            cycle(why, begin);
        }
        stw::start_the_world(world);
    }
    special::wake();
}

/// # Safety
/// The world must be stopped.
unsafe fn cycle(why: Why, begin: i64) {
    let forced = why == Why::Asked;
    let before = HEAP_LIVE.load(Relaxed);
    let goal = TRIGGER.load(Relaxed);
    // SAFETY: as the caller says.
    unsafe {
        let me = getg();
        p::for_each_p(|p| (*p).mcache.flush());
        mcentral::clear();
        let goroutines = sched::all_goroutines();
        let n = if before < PARALLEL_FROM { 1 } else { threads() };
        mark::mark(&goroutines, n, special::roots);
        special::after_marking();
        let swept = sweep();
        HEAP_LIVE.store(swept.live, Relaxed);
        WANTED.store(false, Relaxed);
        for g in goroutines {
            // SAFETY: records are never freed; nobody uses them while the world is stopped.
            let g = &mut *g;
            if stw::may_move(g.status) || std::ptr::eq(g, me) && why != Why::Stress {
                shrinkstack(g);
            }
        }
        free_dead_stacks();
        stackcache_clear();
        set_trigger(swept.live);
        let (idle, released) = mheap().idle();
        // What the heap may need until the next collection stays.
        if forced || idle - released > TRIGGER.load(Relaxed).saturating_sub(swept.live) / 10 * 11 {
            mheap().release_free();
            region::release();
        }
        if debug().heapcheck {
            heapcheck::check(&*me);
        }
        let end = nanotime();
        let n = record(&swept, forced, (end - begin) as u64);
        if debug().gctrace {
            trace(n, begin, end, before, &swept, goal, forced);
        }
    }
}

/// Threads that mark.
fn threads() -> usize {
    static CORES: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    n_procs().min(*CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from)))
}

/// What a sweep found.
#[derive(Debug, Default)]
struct Swept {
    /// Bytes in objects that live.
    live: u64,
    /// Objects that died, and their bytes.
    frees: u64,
    freed: u64,
}

/// Frees what is not marked.
///
/// # Safety
/// The world must be stopped, everything reachable be marked, and no p have a span.
unsafe fn sweep() -> Swept {
    let mut out = Swept::default();
    // SAFETY: as the caller says: what is not marked is unreachable, and all spans are ours.
    unsafe {
        mheap().for_each_span(&mut |span: *mut Mspan| {
            let s = &mut *span;
            if debug().gcstress {
                poison(s);
            }
            let size = s.elem_size;
            let died = s.sweep();
            out.frees += died;
            out.freed += died * size;
            out.live += s.n_alloc * size;
            if s.n_alloc == 0 {
                mheap().free_span(span);
            } else if s.spanclass > 1 {
                mcentral::add(span);
            } else {
                // The one object is there: nothing is to be found free.
                s.free_index = 1;
                s.alloc_cache = 0;
            }
        });
    }
    out
}

/// Overwrites what is about to be freed.
unsafe fn poison(s: &mut Mspan) {
    for i in (0..s.n_elems).filter(|&i| !s.is_marked(i)) {
        // SAFETY: nobody reaches the object; the memory is the span's.
        unsafe {
            std::ptr::write_bytes((s.start + i * s.elem_size) as *mut u8, POISON, s.elem_size as usize);
        }
    }
}

fn record(swept: &Swept, forced: bool, pause: u64) -> u64 {
    let mut s = STATS.lock();
    let now = walltime_nanos();
    let at = (s.n % 256) as usize;
    s.pauses[at] = pause;
    s.pause_ends[at] = now;
    s.pause_total += pause;
    s.last_end = now;
    s.n += 1;
    s.forced += u64::from(forced);
    s.frees += swept.frees;
    s.freed += swept.freed;
    s.live = swept.live;
    s.n
}

/// The line of GODEBUG=gctrace=1, in Go's form: the world is stopped all the time, so two of the three phases
/// are empty.
fn trace(n: u64, begin: i64, end: i64, before: u64, swept: &Swept, goal: u64, forced: bool) {
    let ms = (end - begin) as f64 / 1e6;
    let since = begin - super::natives::time::start();
    let total = STATS.lock().pause_total;
    let mb = |b: u64| b >> 20;
    let stacks = mheap().stack_in_use.load(Relaxed);
    let text = format!(
        "gc {n} @{:.3}s {}%: {ms:.3}+0+0 ms clock, {ms:.3}+0/0/0+0 ms cpu, {}->{}->{} MB, {} MB goal, {} MB stacks, 0 MB globals, {} P{}\n",
        since as f64 / 1e9,
        100 * total / (end - super::natives::time::start()).max(1) as u64,
        mb(before),
        mb(before),
        mb(swept.live),
        if goal == u64::MAX { 0 } else { mb(goal) },
        mb(stacks),
        n_procs(),
        if forced { " (forced)" } else { "" }
    );
    print::write_err(text.as_bytes());
}

/// Finished goroutines that wait to be used again need no stack.
///
/// # Safety
/// The world must be stopped.
unsafe fn free_dead_stacks() {
    let free = |g: *mut G| {
        // SAFETY: nobody uses the records in lists of finished goroutines.
        unsafe {
            debug_assert!((*g).status == Status::Dead);
            stackfree(null_mut(), (*g).stack);
            (*g).stack = StackMem::NONE;
            for s in (*g).retired.take().into_iter().flat_map(|r| *r) {
                super::stack::stackunmap(s);
            }
        }
    };
    // SAFETY: nobody uses any p.
    p::for_each_p(|p| unsafe { (*p).gfree.iter().copied().for_each(free) });
    sched::for_each_free(free);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_limits() {
        assert_eq!(parse_bytes("100"), Some(100));
        assert_eq!(parse_bytes("7B"), Some(7));
        assert_eq!(parse_bytes("2KiB"), Some(2048));
        assert_eq!(parse_bytes("3GiB"), Some(3 << 30));
        assert_eq!(parse_bytes("3GB"), None);
        assert_eq!(parse_bytes("99999999TiB"), None);
    }
}
