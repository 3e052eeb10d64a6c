//! A processor: what a thread must hold to run goroutines. It owns the caches.

use super::atomics::Std;
use super::g::G;
use super::malloc::mcache::Mcache;
use super::runq::RunQueue;
use super::stack::StackCache;
use super::stackstats::StackStats;
use parking_lot::Mutex;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicI64, AtomicPtr, AtomicU64, AtomicUsize, Ordering::*};

/// See the module. Never freed.
pub struct P {
    pub id: u32,
    pub mcache: Mcache,
    pub stackcache: StackCache,
    pub stackstats: StackStats,
    /// Runnable goroutines. Others steal from it.
    pub runq: Runq,
    /// Counts scheduling rounds, for fairness to the global queue and to see who runs for long.
    pub schedtick: AtomicU64,
    /// What it runs; read by `sysmon`.
    pub curg: AtomicPtr<G>,
    /// Finished goroutines to reuse.
    pub gfree: Vec<*mut G>,
    /// Goroutines made here, less those that ended here.
    pub n_gs: AtomicI64,
}

/// Goroutines a p's queue holds; more go to the global queue.
pub const RUNQ_LEN: usize = 256;
/// The queue of a p.
pub type Runq = RunQueue<G, Std, RUNQ_LEN>;

/// All ps, in the order they were made.
static ALL: [AtomicPtr<P>; MAX_PS] = [const { AtomicPtr::new(null_mut()) }; MAX_PS];
static N_ALL: AtomicUsize = AtomicUsize::new(0);
/// More than GOMAXPROCS can be, for unit tests' sake.
const MAX_PS: usize = 2048;

impl P {
    /// A new p, known to [`for_each_p`].
    pub fn alloc() -> *mut P {
        static LOCK: Mutex<()> = Mutex::new(());
        let _one = LOCK.lock();
        let n = N_ALL.load(Acquire);
        let p = Box::into_raw(Box::new(P {
            id: n as u32,
            mcache: Mcache::default(),
            stackcache: StackCache::default(),
            stackstats: StackStats::default(),
            runq: Runq::default(),
            schedtick: AtomicU64::new(0),
            curg: AtomicPtr::new(null_mut()),
            gfree: Vec::new(),
            n_gs: AtomicI64::new(0),
        }));
        ALL[n].store(p, Release);
        N_ALL.store(n + 1, Release);
        p
    }
}

/// The number of ps there are.
pub fn n_all() -> usize {
    N_ALL.load(Acquire)
}

/// The p with index `i < n_all()`.
pub fn nth(i: usize) -> *mut P {
    ALL[i].load(Acquire)
}

/// Calls `f` with every p.
pub fn for_each_p(mut f: impl FnMut(*mut P)) {
    for i in 0..n_all() {
        f(nth(i));
    }
}
