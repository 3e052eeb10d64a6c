//! Memory for stacks: caches per p and a global pool for the small orders, spans of the page heap beyond, and
//! slots of address space ([`region`]) for the largest.

use super::malloc::mheap::{Mspan, SpanState, mheap, span_of};
use super::malloc::sizeclass::PAGE_SIZE;
use super::p::P;
use super::region::{self, REGION_MIN, REGION_SIZE};
use super::stackstats;
use super::sys::mem;
use crate::abi::stack::STACK_MIN;
use parking_lot::Mutex;
use std::sync::atomic::Ordering::*;

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
    /// A slot of address space, which lets it grow in place.
    Region,
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

/// Pool spans of one order that have free pieces.
#[derive(Debug, Default)]
struct Pool {
    partial: Vec<*mut Mspan>,
}

// SAFETY: reached under its lock only.
unsafe impl Send for Pool {}

static POOL: [Mutex<Pool>; N_ORDERS] = [const { Mutex::new(Pool { partial: Vec::new() }) }; N_ORDERS];

impl Pool {
    /// A piece of `size` bytes.
    fn pop(&mut self, size: u64) -> u64 {
        // SAFETY: the pool owns its spans; free pieces are linked through their first words.
        unsafe {
            if self.partial.is_empty() {
                let span = mheap().alloc_span(POOL_SPAN / PAGE_SIZE, SpanState::Stack, 0, size);
                let start = (*span).start;
                let mut x = start + POOL_SPAN;
                (*span).free_pieces = 0;
                while x > start {
                    x -= size;
                    *(x as *mut u64) = (*span).free_pieces;
                    (*span).free_pieces = x;
                }
                self.partial.push(span);
            }
            let Some(&span) = self.partial.last() else { return 0 };
            let x = (*span).free_pieces;
            (*span).free_pieces = *(x as *const u64);
            (*span).n_alloc += 1;
            if (*span).free_pieces == 0 {
                self.partial.pop();
            }
            x
        }
    }

    /// # Safety
    /// `x` must be a piece of this pool that nobody uses.
    unsafe fn push(&mut self, x: u64) {
        // SAFETY: as the caller says.
        unsafe {
            let span = span_of(x);
            if (*span).free_pieces == 0 {
                self.partial.push(span);
            }
            *(x as *mut u64) = (*span).free_pieces;
            (*span).free_pieces = x;
            (*span).n_alloc -= 1;
        }
    }
}

/// Empties the caches of all ps and gives spans that hold no stack back to the page heap.
///
/// # Safety
/// The world must be stopped.
pub unsafe fn stackcache_clear() {
    super::p::for_each_p(|p| {
        for (order, pool) in POOL.iter().enumerate() {
            let mut pool = pool.lock();
            // SAFETY: nobody else uses any p while the world is stopped.
            unsafe {
                let c = &mut (*p).stackcache.list[order];
                while let Some(x) = c.pop(STACK_MIN << order) {
                    pool.push(x);
                }
            }
        }
    });
    for pool in &POOL {
        pool.lock().partial.retain(|&span| {
            // SAFETY: the pool owns its spans; one without stacks has only free pieces.
            unsafe {
                let used = (*span).n_alloc != 0;
                if !used {
                    mheap().free_span(span);
                }
                used
            }
        });
    }
}

/// A stack of `size` bytes, a power of two.
///
/// # Safety
/// `p` must be the thread's own, or null.
pub unsafe fn stackalloc(p: *mut P, size: u64) -> StackMem {
    stackstats::taken(size);
    debug_assert!(size.is_power_of_two() && size >= STACK_MIN);
    let order = (size / STACK_MIN).trailing_zeros() as usize;
    if order < N_ORDERS {
        let lo = if p.is_null() {
            POOL[order].lock().pop(size)
        } else {
            // SAFETY: the p is this thread's.
            let c = unsafe { &mut (*p).stackcache.list[order] };
            match c.pop(size) {
                Some(x) => x,
                None => {
                    // Half a cache at a time.
                    let mut pool = POOL[order].lock();
                    while c.size < CACHE_SIZE / 2 {
                        let x = pool.pop(size);
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
    if let Some(hi) = region::alloc(size) {
        return StackMem { lo: hi - size, hi, origin: Origin::Region };
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
    mheap().stack_in_use.fetch_add(len, Relaxed);
    stackstats::taken(size);
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
    mheap().stack_in_use.fetch_sub(len as u64, Relaxed);
    stackstats::given_back(s.size());
}

/// Makes a stack as large or as small as `size` without moving it. `None`: it must be moved.
///
/// # Safety
/// Nothing may be in use in the part that goes, if it becomes smaller.
pub unsafe fn resize_in_place(s: StackMem, size: u64) -> Option<StackMem> {
    if s.origin != Origin::Region || !(REGION_MIN..=REGION_SIZE).contains(&size) {
        return None;
    }
    // SAFETY: as the caller says.
    unsafe { region::resize(s.hi, s.size(), size) };
    stackstats::taken(size);
    stackstats::given_back(s.size());
    Some(StackMem { lo: s.hi - size, ..s })
}

/// Gives a poisoned stack's address space back.
///
/// # Safety
/// As for [`stackpoison`], which must have come before.
pub unsafe fn stackunmap(s: StackMem) {
    let (base, len) = s.mapping();
    // SAFETY: the mapping is the stack's own.
    unsafe { mem::unmap(base, len) };
}

/// Gives a stack back.
///
/// # Safety
/// Nothing may point into it any more. `p` as for [`stackalloc`].
pub unsafe fn stackfree(p: *mut P, s: StackMem) {
    if s.origin != Origin::Mapping {
        stackstats::given_back(s.size());
    }
    match s.origin {
        Origin::None => {}
        Origin::Mapping => {
            // SAFETY: nobody uses the stack.
            unsafe {
                stackpoison(s);
                stackunmap(s);
            }
        }
        // SAFETY: nobody uses the stack.
        Origin::Region => unsafe { region::free(s.hi, s.size()) },
        Origin::Span => {
            let span: *mut Mspan = span_of(s.lo);
            // SAFETY: the span is the stack's own.
            unsafe { mheap().free_span(span) };
        }
        Origin::Pool(order) => {
            let (order, size) = (order as usize, s.size());
            if p.is_null() {
                // SAFETY: nobody uses the memory.
                unsafe { POOL[order].lock().push(s.lo) };
                return;
            }
            // SAFETY: the p is this thread's; nobody uses the memory.
            unsafe {
                let c = &mut (*p).stackcache.list[order];
                c.push(s.lo, size);
                if c.size > CACHE_SIZE {
                    let mut pool = POOL[order].lock();
                    while c.size > CACHE_SIZE / 2 {
                        let Some(x) = c.pop(size) else { break };
                        pool.push(x);
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
