//! The record of a thread.

use super::g::G;
use super::malloc::mcache::Mcache;
use super::p::P;

/// A thread that runs goroutines.
#[repr(C)]
#[derive(Debug)]
pub struct M {
    /// Where Rust starts on this thread's own stack. 16-byte aligned.
    pub g0_sp: u64,
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
}

impl M {
    /// A record for a thread that is about to start. Never freed.
    pub fn alloc(id: u64) -> *mut M {
        let seed = super::natives::time::nanotime() as u64 ^ (id << 32) ^ (&raw const id as u64);
        Box::into_raw(Box::new(M {
            g0_sp: 0,
            id,
            p: std::ptr::null_mut(),
            curg: std::ptr::null_mut(),
            print_depth: 0,
            print_buf: Vec::new(),
            rand: seed | 1,
        }))
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
    unsafe { (*(*super::g::getg()).m()).fastrand() }
}
