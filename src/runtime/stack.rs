//! Memory for stacks: caches per p and a global pool for the small orders, spans of the page heap beyond.

use super::malloc::mheap::{Mspan, SpanState, mheap, span_of};
use super::malloc::sizeclass::PAGE_SIZE;
use super::p::P;
use super::sys::mem;
use crate::abi::stack::STACK_MIN;
use parking_lot::Mutex;

/// Stacks of 2, 4, 8 and 16 KiB are cut from spans; larger ones are spans.
const N_ORDERS: usize = 4;
/// Bytes of a span that small stacks are cut from.
const POOL_SPAN: u64 = 32768;
/// Bytes of one order that a p keeps before it gives half back.
const CACHE_SIZE: u64 = 32768;

/// Where a stack's memory comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    None,
    /// A piece of a pool span, with its order.
    Pool(u8),
    /// A span.
    Span,
    /// A mapping of its own (stackstress).
    Mapping,
}

/// A stack's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StackMem {
    pub lo: u64,
    pub hi: u64,
    pub origin: Origin,
}

impl StackMem {
    /// No stack.
    pub const NONE: StackMem = StackMem { lo: 0, hi: 0, origin: Origin::None };

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.hi - self.lo
    }

    fn mapping(&self) -> (u64, usize) {
        let base = self.lo & !(mem::PAGE as u64 - 1);
        (base, (self.hi - base) as usize)
    }
}

/// Free stacks of each order: linked through their first words.
#[derive(Debug, Default)]
pub struct StackCache {
    list: [FreeList; N_ORDERS],
}

#[derive(Debug, Clone, Copy, Default)]
struct FreeList {
    head: u64,
    size: u64,
}

impl FreeList {
    /// # Safety
    /// `[x, x + size)` must be free stack memory.
    unsafe fn push(&mut self, x: u64, size: u64) {
        // SAFETY: as the caller says.
        unsafe { *(x as *mut u64) = self.head };
        self.head = x;
        self.size += size;
    }

    fn pop(&mut self, size: u64) -> Option<u64> {
        if self.head == 0 {
            return None;
        }
        let x = self.head;
        // SAFETY: entries are free stack memory whose first word is the link.
        self.head = unsafe { *(x as *const u64) };
        self.size -= size;
        Some(x)
    }
}

static POOL: Mutex<[FreeList; N_ORDERS]> = Mutex::new([FreeList { head: 0, size: 0 }; N_ORDERS]);

fn pool_pop(pool: &mut [FreeList; N_ORDERS], order: usize) -> u64 {
    let size = STACK_MIN << order;
    if let Some(x) = pool[order].pop(size) {
        return x;
    }
    let span = mheap().alloc_span(POOL_SPAN / PAGE_SIZE, SpanState::Stack, 0, size);
    // SAFETY: the span is ours and nobody uses its memory.
    unsafe {
        let start = (*span).start;
        let mut x = start + POOL_SPAN;
        while x > start {
            x -= size;
            pool[order].push(x, size);
        }
    }
    // The list cannot be empty now.
    pool[order].pop(size).unwrap_or(0)
}

/// A stack of `size` bytes, a power of two.
///
/// # Safety
/// `p` must be the thread's own, or null.
pub unsafe fn stackalloc(p: *mut P, size: u64) -> StackMem {
    debug_assert!(size.is_power_of_two() && size >= STACK_MIN);
    let order = (size / STACK_MIN).trailing_zeros() as usize;
    if order < N_ORDERS {
        let lo = if p.is_null() {
            pool_pop(&mut POOL.lock(), order)
        } else {
            // SAFETY: the p is this thread's.
            let c = unsafe { &mut (*p).stackcache.list[order] };
            match c.pop(size) {
                Some(x) => x,
                None => {
                    // Half a cache at a time.
                    let mut pool = POOL.lock();
                    while c.size < CACHE_SIZE / 2 {
                        let x = pool_pop(&mut pool, order);
                        // SAFETY: x is free stack memory.
                        unsafe { c.push(x, size) };
                    }
                    drop(pool);
                    c.pop(size).unwrap_or(0)
                }
            }
        };
        return StackMem { lo, hi: lo + size, origin: Origin::Pool(order as u8) };
    }
    let span = mheap().alloc_span(size / PAGE_SIZE, SpanState::Stack, 0, size);
    // SAFETY: the span is ours.
    let lo = unsafe { (*span).start };
    StackMem { lo, hi: lo + size, origin: Origin::Span }
}

/// A stack in a mapping of its own that ends at the mapping's end.
pub fn stackalloc_mapping(size: u64) -> StackMem {
    let len = size.next_multiple_of(mem::PAGE as u64);
    let base = mem::map(len as usize);
    StackMem { lo: base + len - size, hi: base + len, origin: Origin::Mapping }
}

/// Makes a stack of [`Origin::Mapping`] inaccessible.
///
/// # Safety
/// Nobody may use it any more.
pub unsafe fn stackpoison(s: StackMem) {
    let (base, len) = s.mapping();
    // SAFETY: the mapping is the stack's own.
    unsafe { mem::protect_none(base, len) };
}

/// Gives a stack back.
///
/// # Safety
/// Nothing may point into it any more. `p` as for [`stackalloc`].
pub unsafe fn stackfree(p: *mut P, s: StackMem) {
    match s.origin {
        Origin::None => {}
        Origin::Mapping => {
            let (base, len) = s.mapping();
            // SAFETY: the mapping is the stack's own.
            unsafe { mem::unmap(base, len) };
        }
        Origin::Span => {
            let span: *mut Mspan = span_of(s.lo);
            // SAFETY: the span is the stack's own.
            unsafe { mheap().free_span(span) };
        }
        Origin::Pool(order) => {
            let (order, size) = (order as usize, s.size());
            if p.is_null() {
                // SAFETY: nobody uses the memory.
                unsafe { POOL.lock()[order].push(s.lo, size) };
                return;
            }
            // SAFETY: the p is this thread's; nobody uses the memory.
            unsafe {
                let c = &mut (*p).stackcache.list[order];
                c.push(s.lo, size);
                if c.size > CACHE_SIZE {
                    let mut pool = POOL.lock();
                    while c.size > CACHE_SIZE / 2 {
                        let Some(x) = c.pop(size) else { break };
                        pool[order].push(x, size);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_disjoint_and_reused() {
        // SAFETY: no p; nobody points into the stacks.
        unsafe {
            let a: Vec<StackMem> = (0..40).map(|i| stackalloc(std::ptr::null_mut(), STACK_MIN << (i % 6))).collect();
            for (i, x) in a.iter().enumerate() {
                assert_eq!(x.lo % 16, 0);
                for y in &a[..i] {
                    assert!(x.hi <= y.lo || y.hi <= x.lo);
                }
            }
            for x in &a {
                stackfree(std::ptr::null_mut(), *x);
            }
            let m = stackalloc_mapping(2048);
            *(m.lo as *mut u64) = 1;
            *((m.hi - 8) as *mut u64) = 1;
            stackfree(std::ptr::null_mut(), m);
        }
    }
}
