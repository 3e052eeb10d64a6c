//! The record of a thread.

use super::g::{G, Polled};
use super::malloc::mcache::Mcache;
use super::p::P;
use std::cell::Cell;
use std::sync::atomic::AtomicPtr;

/// A thread that runs goroutines.
#[repr(C)]
#[derive(Debug)]
pub struct M {
    /// Where Rust starts on this thread's own stack. 16-byte aligned.
    pub g0_sp: u64,
    /// Where `preempt` puts the registers first.
    pub polled: Polled,
    pub id: u64,
    /// The p it holds; null in system calls and while idle.
    pub p: *mut P,
    /// The goroutine it runs.
    pub curg: *mut G,
    /// Depth of printlock.
    pub print_depth: u32,
    /// What print and println gathered since the lock was taken.
    pub print_buf: Vec<u8>,
    /// State of its random numbers.
    pub rand: u64,
    /// The record that stands for its own stack.
    pub g0: *mut G,
    /// Looks for work without having any.
    pub spinning: bool,
    /// A p that somebody gave it while it was idle.
    pub next_p: AtomicPtr<P>,
    /// Wakes it.
    pub thread: std::thread::Thread,
}

thread_local! {
    static CURRENT: Cell<*mut M> = const { Cell::new(std::ptr::null_mut()) };
}

/// This thread's record.
#[inline(always)]
pub fn getm() -> *mut M {
    CURRENT.get()
}

impl M {
    /// A record for a thread that is about to start. Never freed.
    pub fn alloc(id: u64) -> *mut M {
        let seed = super::natives::time::nanotime() as u64 ^ (id << 32) ^ (&raw const id as u64);
        Box::into_raw(Box::new(M {
            g0_sp: 0,
            polled: [0; 41],
            id,
            p: std::ptr::null_mut(),
            curg: std::ptr::null_mut(),
            print_depth: 0,
            print_buf: Vec::new(),
            rand: seed | 1,
            g0: std::ptr::null_mut(),
            spinning: false,
            next_p: AtomicPtr::new(std::ptr::null_mut()),
            thread: std::thread::current(),
        }))
    }

    /// A record for this thread, with a g0, made current.
    pub fn enter(id: u64, p: *mut P) -> *mut M {
        let m = M::alloc(id);
        let g0 = G::alloc();
        // SAFETY: fresh records.
        unsafe {
            (*m).g0 = g0;
            (*m).p = p;
            (*g0).h.m = m as u64;
        }
        CURRENT.set(m);
        super::g::setg(g0);
        m
    }

    /// The cache of its p.
    ///
    /// # Safety
    /// It must hold a p.
    #[inline(always)]
    pub unsafe fn mcache(&mut self) -> *mut Mcache {
        // SAFETY: the caller says there is a p; ps are never freed.
        unsafe { &raw mut (*self.p).mcache }
    }

    /// A random number, quickly (splitmix64).
    pub fn fastrand(&mut self) -> u64 {
        self.rand = self.rand.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.rand;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// A random number from the current thread.
pub fn fastrand() -> u64 {
    // SAFETY: a thread that runs the runtime has a goroutine with an m.
    unsafe { (*getm()).fastrand() }
}
