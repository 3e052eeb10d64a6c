//! The page heap: runs of 8 KiB pages from one large reservation of address space, and the table from page to
//! span. Stacks take their memory from here too.
//!
//! ```text
//!   base                                   top                         end
//!   | spans and free runs (free, by_size)  | never used: reads zero    |
//! ```

use super::mcentral::Mcentral;
use super::sizeclass::*;
use crate::abi::typedesc::TypeDesc;
use crate::runtime::panic::throw;
use crate::runtime::sys::mem;
use parking_lot::Mutex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering::*};

/// What a span's pages are used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanState {
    /// A record without pages.
    Dead,
    /// Objects.
    InUse,
    /// Stacks.
    Stack,
}

/// A run of pages. Records are never freed: they are reused.
#[derive(Debug)]
pub struct Mspan {
    pub start: u64,
    pub n_pages: u64,
    pub state: SpanState,
    /// Size class * 2 + 1 if its objects have no pointers.
    pub spanclass: u8,
    /// The memory may be dirty: clear objects at allocation.
    pub needs_zero: bool,
    pub elem_size: u64,
    pub n_elems: u64,
    /// Objects below this index are allocated, or were when the span was swept and `alloc_bits` says so.
    pub free_index: u64,
    /// Complement of `alloc_bits` from `free_index` on, shifted so that bit 0 is `free_index`.
    pub alloc_cache: u64,
    /// One bit per object that was live at the last sweep.
    pub alloc_bits: Vec<u64>,
    /// One bit per object that the collection in progress has reached. Clear between collections. Several
    /// threads set bits at once: they are used as atomics.
    pub mark_bits: Vec<u64>,
    /// Objects allocated and not freed.
    pub n_alloc: u64,
    /// ceil(2³² / `elem_size`), 0 for spans of one object: see [`Mspan::object_index`].
    pub div_magic: u64,
    /// Spans of small stacks: the first free piece, 0: none.
    pub free_pieces: u64,
    /// Large objects: the type of the elements; null if they have no pointers.
    pub large_type: *const TypeDesc,
    /// Large objects: the bytes of the elements.
    pub large_size: u64,
}

impl Mspan {
    /// A record without pages.
    pub const DEAD: Mspan = Mspan {
        start: 0,
        n_pages: 0,
        state: SpanState::Dead,
        spanclass: 0,
        needs_zero: false,
        elem_size: 1,
        n_elems: 0,
        free_index: 0,
        alloc_cache: 0,
        alloc_bits: Vec::new(),
        mark_bits: Vec::new(),
        n_alloc: 0,
        div_magic: 0,
        free_pieces: 0,
        large_type: std::ptr::null(),
        large_size: 0,
    };

    /// The number of the object that the byte at `addr`, inside the span, belongs to: a division by
    /// multiplication, exact for all offsets in spans of small objects.
    #[inline(always)]
    pub fn object_index(&self, addr: u64) -> u64 {
        ((addr - self.start) * self.div_magic) >> 32
    }

    /// Sets the object's mark. Returns whether it was not set.
    #[inline(always)]
    pub fn mark(&self, index: u64) -> bool {
        let bit = 1 << (index % 64);
        let word = (&raw const self.mark_bits[index as usize / 64]).cast_mut();
        // SAFETY: an aligned word that all threads use as an atomic while they mark.
        let word = unsafe { AtomicU64::from_ptr(word) };
        word.load(Relaxed) & bit == 0 && word.fetch_or(bit, Relaxed) & bit == 0
    }

    /// Whether the object is marked.
    pub fn is_marked(&self, index: u64) -> bool {
        self.mark_bits[index as usize / 64] >> (index % 64) & 1 != 0
    }

    /// What is marked is what is allocated from now on; the rest is free. Returns how many objects died.
    pub fn sweep(&mut self) -> u64 {
        std::mem::swap(&mut self.alloc_bits, &mut self.mark_bits);
        self.mark_bits.fill(0);
        let live = self.alloc_bits.iter().map(|w| u64::from(w.count_ones())).sum();
        self.free_index = 0;
        self.alloc_cache = !self.alloc_bits[0];
        self.needs_zero = true;
        std::mem::replace(&mut self.n_alloc, live) - live
    }

    /// Whether the object was allocated and not freed.
    pub fn is_allocated(&self, index: u64) -> bool {
        index < self.free_index || self.alloc_bits[index as usize / 64] >> (index % 64) & 1 != 0
    }

    /// The next free object if it is in the cached word of bits.
    #[inline(always)]
    pub fn next_free_fast(&mut self) -> Option<u64> {
        let t = self.alloc_cache.trailing_zeros() as u64;
        if t >= 64 {
            return None;
        }
        let i = self.free_index + t;
        if i >= self.n_elems {
            return None;
        }
        let next = i + 1;
        if next.is_multiple_of(64) && next != self.n_elems {
            return None;
        }
        self.alloc_cache = self.alloc_cache.unbounded_shr(t as u32 + 1);
        self.free_index = next;
        self.n_alloc += 1;
        Some(self.start + i * self.elem_size)
    }

    /// The next free object, or `None`: the span is full.
    pub fn next_free(&mut self) -> Option<u64> {
        loop {
            let t = self.alloc_cache.trailing_zeros() as u64;
            let i = self.free_index + t;
            if t >= 64 {
                // To the next word of bits.
                self.free_index = (self.free_index + 64) & !63;
                if self.free_index >= self.n_elems {
                    self.free_index = self.n_elems;
                    return None;
                }
                self.alloc_cache = !self.alloc_bits[self.free_index as usize / 64];
                continue;
            }
            if i >= self.n_elems {
                self.free_index = self.n_elems;
                return None;
            }
            self.alloc_cache = self.alloc_cache.unbounded_shr(t as u32 + 1);
            self.free_index = i + 1;
            if self.free_index.is_multiple_of(64) && self.free_index != self.n_elems {
                self.alloc_cache = !self.alloc_bits[self.free_index as usize / 64];
            }
            self.n_alloc += 1;
            return Some(self.start + i * self.elem_size);
        }
    }

    fn init(&mut self, state: SpanState, spanclass: u8, elem_size: u64) {
        self.state = state;
        self.spanclass = spanclass;
        self.elem_size = elem_size;
        self.n_elems = self.n_pages * PAGE_SIZE / elem_size;
        self.free_index = 0;
        self.alloc_cache = !0;
        self.alloc_bits.clear();
        self.alloc_bits.resize(self.n_elems.div_ceil(64) as usize, 0);
        self.mark_bits.clear();
        if state == SpanState::InUse {
            self.mark_bits.resize(self.alloc_bits.len(), 0);
        }
        self.div_magic = if self.n_elems == 1 { 0 } else { (1u64 << 32).div_ceil(elem_size) };
        self.n_alloc = 0;
        self.large_type = std::ptr::null();
        self.large_size = 0;
    }
}

/// Free runs and span records.
#[derive(Debug, Default)]
struct Pages {
    /// Start page to length, of runs that nobody uses.
    free: BTreeMap<u64, u64>,
    /// Start pages of those that the system has back: they read as zeros and cost no memory.
    released: BTreeSet<u64>,
    /// The same as (length, start page).
    by_size: BTreeSet<(u64, u64)>,
    /// First page that was never used.
    top: u64,
    /// Span records to reuse.
    dead: Vec<SpanPtr>,
}

#[derive(Debug)]
struct SpanPtr(*mut Mspan);
// SAFETY: records are reached under the heap's lock or by their owner.
unsafe impl Send for SpanPtr {}

/// The heap.
#[derive(Debug)]
pub struct Mheap {
    pub base: u64,
    pub end: u64,
    /// Page index to span; null for pages that are free. Interior pages are set too.
    spans: *mut AtomicPtr<Mspan>,
    /// One bit per word of the heap: see [`super::bitmap`].
    pub bitmap: *mut u64,
    pages: Mutex<Pages>,
    pub central: Vec<Mutex<Mcentral>>,
    /// Bytes in spans of objects, and of stacks.
    pub heap_in_use: AtomicU64,
    pub stack_in_use: AtomicU64,
}

// SAFETY: the raw tables are written under the lock or by the owner of the span they describe.
unsafe impl Send for Mheap {}
// SAFETY: as above.
unsafe impl Sync for Mheap {}

static HEAP: OnceLock<Mheap> = OnceLock::new();

/// The heap, made at first use.
#[inline(always)]
pub fn mheap() -> &'static Mheap {
    match HEAP.get() {
        Some(h) => h,
        None => HEAP.get_or_init(Mheap::new),
    }
}

/// The span that the page of `addr`, in the heap's address space, belongs to, or null.
#[inline(always)]
pub fn span_of(addr: u64) -> *mut Mspan {
    let h = mheap();
    // SAFETY: the caller checked `contains`, so the index is inside the table.
    unsafe { (*h.spans.add(((addr - h.base) >> PAGE_SHIFT) as usize)).load(Acquire) }
}

impl Mheap {
    fn new() -> Mheap {
        // As much address space as the system gives, from 256 GiB down.
        let mut len = 1u64 << 38;
        let raw = loop {
            if let Some(p) = mem::try_reserve(len as usize + PAGE_SIZE as usize) {
                break p;
            }
            len /= 2;
            if len < 1 << 24 {
                throw("runtime: cannot reserve address space for the heap");
            }
        };
        let base = raw.next_multiple_of(PAGE_SIZE);
        Mheap {
            base,
            end: base + len,
            spans: mem::map_table((len >> PAGE_SHIFT) as usize),
            bitmap: mem::map_table((len / 8 / 64) as usize),
            pages: Mutex::default(),
            central: (0..N_CLASSES * 2).map(|_| Mutex::default()).collect(),
            heap_in_use: AtomicU64::new(0),
            stack_in_use: AtomicU64::new(0),
        }
    }

    /// Whether `addr` lies in the heap's address space.
    #[inline(always)]
    pub fn contains(&self, addr: u64) -> bool {
        addr >= self.base && addr < self.end
    }

    fn take_pages(&self, p: &mut Pages, n: u64) -> Option<(u64, bool)> {
        if let Some(&(len, start)) = p.by_size.range((n, 0)..).next() {
            p.by_size.remove(&(len, start));
            p.free.remove(&start);
            let released = p.released.remove(&start);
            if len > n {
                p.free.insert(start + n, len - n);
                p.by_size.insert((len - n, start + n));
                if released {
                    p.released.insert(start + n);
                }
            }
            return Some((start, !released));
        }
        if (p.top + n) << PAGE_SHIFT > self.end - self.base {
            return None;
        }
        let start = p.top;
        p.top += n;
        Some((start, false))
    }

    /// A span of `n` pages.
    pub fn alloc_span(&self, n: u64, state: SpanState, spanclass: u8, elem_size: u64) -> *mut Mspan {
        let mut p = self.pages.lock();
        let Some((page, dirty)) = self.take_pages(&mut p, n) else {
            drop(p);
            throw("runtime: out of memory");
        };
        let span = match p.dead.pop() {
            Some(s) => s.0,
            None => Box::into_raw(Box::new(Mspan::DEAD)),
        };
        drop(p);
        // SAFETY: the record is ours until it is published below; the pages are inside the table.
        unsafe {
            (*span).start = self.base + (page << PAGE_SHIFT);
            (*span).n_pages = n;
            (*span).needs_zero = dirty;
            (*span).init(state, spanclass, elem_size);
            for i in page..page + n {
                (*self.spans.add(i as usize)).store(span, Release);
            }
        }
        let c = if state == SpanState::Stack { &self.stack_in_use } else { &self.heap_in_use };
        c.fetch_add(n << PAGE_SHIFT, Relaxed);
        span
    }

    /// Gives a span's pages back.
    ///
    /// # Safety
    /// Nothing may point into the span any more.
    pub unsafe fn free_span(&self, span: *mut Mspan) {
        // SAFETY: the caller owns the span; the pages are inside the table.
        unsafe {
            let (mut page, mut n) = (((*span).start - self.base) >> PAGE_SHIFT, (*span).n_pages);
            let c = if (*span).state == SpanState::Stack { &self.stack_in_use } else { &self.heap_in_use };
            c.fetch_sub(n << PAGE_SHIFT, Relaxed);
            for i in page..page + n {
                (*self.spans.add(i as usize)).store(std::ptr::null_mut(), Release);
            }
            (*span).state = SpanState::Dead;
            let mut p = self.pages.lock();
            // Join with the neighbours.
            if let Some((&s, &len)) = p.free.range(..page).next_back()
                && s + len == page
            {
                p.free.remove(&s);
                p.released.remove(&s);
                p.by_size.remove(&(len, s));
                page = s;
                n += len;
            }
            if let Some(&len) = p.free.get(&(page + n)) {
                p.free.remove(&(page + n));
                p.released.remove(&(page + n));
                p.by_size.remove(&(len, page + n));
                n += len;
            }
            p.free.insert(page, n);
            p.by_size.insert((n, page));
            p.dead.push(SpanPtr(span));
        }
    }

    /// Gives the memory of all free runs back to the system; their addresses stay ours.
    pub fn release_free(&self) {
        let mut p = self.pages.lock();
        let Pages { free, released, .. } = &mut *p;
        for (&page, &n) in free.iter() {
            if released.insert(page) {
                // SAFETY: nobody uses the pages of a free run.
                unsafe { mem::discard(self.base + (page << PAGE_SHIFT), (n << PAGE_SHIFT) as usize) };
            }
        }
    }

    /// Calls `f` with every span of objects.
    ///
    /// # Safety
    /// The world must be stopped; `f` may free the span.
    pub unsafe fn for_each_span(&self, f: &mut dyn FnMut(*mut Mspan)) {
        let top = self.pages.lock().top;
        let mut page = 0;
        while page < top {
            // SAFETY: the index is inside the table; records are never freed.
            unsafe {
                let s = (*self.spans.add(page as usize)).load(Acquire);
                if s.is_null() {
                    page += 1;
                    continue;
                }
                page += (*s).n_pages;
                if (*s).state == SpanState::InUse {
                    f(s);
                }
            }
        }
    }

    /// Bytes in free runs, and those of them that the system has back.
    pub fn idle(&self) -> (u64, u64) {
        let p = self.pages.lock();
        let all: u64 = p.free.values().sum();
        let released: u64 = p.released.iter().map(|s| p.free[s]).sum();
        (all << PAGE_SHIFT, released << PAGE_SHIFT)
    }

    /// A zeroed object of `n` pages, the first `size` bytes of them elements of type `ty`.
    ///
    /// # Safety
    /// `ty` must be null or a descriptor.
    pub unsafe fn alloc_large(&self, n: u64, size: u64, ty: *const TypeDesc) -> u64 {
        let s = self.alloc_span(n, SpanState::InUse, ty.is_null() as u8, n * PAGE_SIZE);
        // SAFETY: the span is ours; its only object is free.
        unsafe {
            if (*s).needs_zero {
                std::ptr::write_bytes((*s).start as *mut u8, 0, (n * PAGE_SIZE) as usize);
            }
            (*s).large_type = ty;
            (*s).large_size = size;
            (*s).free_index = 1;
            (*s).alloc_cache = 0;
            (*s).n_alloc = 1;
            (*s).start
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_joined_and_reused() {
        let h = Mheap::new();
        let a = h.alloc_span(3, SpanState::Stack, 0, 8192);
        let b = h.alloc_span(2, SpanState::Stack, 0, 8192);
        let c = h.alloc_span(1, SpanState::Stack, 0, 8192);
        // SAFETY: nothing points into the spans.
        unsafe {
            let start = (*a).start;
            h.free_span(b);
            h.free_span(a);
            let d = h.alloc_span(5, SpanState::Stack, 0, 8192);
            assert_eq!((*d).start, start);
            assert!((*d).needs_zero);
            h.free_span(c);
            h.free_span(d);
            assert_eq!(h.pages.lock().free.len(), 1);
            assert_eq!(h.idle(), (6 << PAGE_SHIFT, 0));
            h.release_free();
            assert_eq!(h.idle(), (6 << PAGE_SHIFT, 6 << PAGE_SHIFT));
            let e = h.alloc_span(2, SpanState::Stack, 0, 8192);
            assert!(!(*e).needs_zero);
            assert_eq!(h.idle(), (4 << PAGE_SHIFT, 4 << PAGE_SHIFT));
            h.free_span(e);
            assert_eq!(h.idle(), (6 << PAGE_SHIFT, 0));
        }
    }

    #[test]
    fn free_objects_are_found_once() {
        let h = Mheap::new();
        let s = h.alloc_span(1, SpanState::InUse, 2, 48);
        // SAFETY: the span is ours.
        unsafe {
            (&mut (*s).alloc_bits)[0] = 0b1010;
            (*s).alloc_cache = !0b1010;
            let mut n = 0;
            let mut last = 0;
            while let Some(p) = (*s).next_free_fast().or_else(|| (*s).next_free()) {
                assert!(p > last);
                last = p;
                n += 1;
            }
            assert_eq!(n, 8192 / 48 - 2);
            assert_eq!((*s).free_index, (*s).n_elems);
        }
    }
}
