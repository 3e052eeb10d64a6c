//! A processor: what a thread must hold to run goroutines. It owns the caches.

use super::g::G;
use super::malloc::mcache::Mcache;
use super::stack::StackCache;
use super::stackstats::StackStats;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, AtomicU64};

/// See the module. Never freed.
#[derive(Debug)]
pub struct P {
    pub id: u32,
    pub mcache: Mcache,
    pub stackcache: StackCache,
    pub stackstats: StackStats,
    /// Runs next, before the queue: what the running goroutine just made ready.
    pub runnext: AtomicPtr<G>,
    /// Runnable goroutines. Others steal from it.
    pub runq: Mutex<VecDeque<*mut G>>,
    /// Counts scheduling rounds, for fairness to the global queue and to see who runs for long.
    pub schedtick: AtomicU64,
    /// What it runs; read by `sysmon`.
    pub curg: AtomicPtr<G>,
    /// Finished goroutines to reuse.
    pub gfree: Vec<*mut G>,
}

#[derive(Debug)]
struct Ptr(*mut P);
// SAFETY: the list only hands out addresses; each p has one owner at a time.
unsafe impl Send for Ptr {}

static ALL: Mutex<Vec<Ptr>> = Mutex::new(Vec::new());

impl P {
    /// A new p, known to [`for_each_p`].
    pub fn alloc() -> *mut P {
        let mut all = ALL.lock();
        let p = Box::into_raw(Box::new(P {
            id: all.len() as u32,
            mcache: Mcache::default(),
            stackcache: StackCache::default(),
            stackstats: StackStats::default(),
            runnext: AtomicPtr::new(null_mut()),
            runq: Mutex::new(VecDeque::new()),
            schedtick: AtomicU64::new(0),
            curg: AtomicPtr::new(null_mut()),
            gfree: Vec::new(),
        }));
        all.push(Ptr(p));
        p
    }
}

/// Calls `f` with every p.
pub fn for_each_p(mut f: impl FnMut(*mut P)) {
    for p in ALL.lock().iter() {
        f(p.0);
    }
}
