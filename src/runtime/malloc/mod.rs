//! The allocator: small objects by size class from spans that a p has cached, large ones by pages.
//!
//! ```text
//!   mallocgc ─ Mcache (per p: a span per class) ─ Mcentral (per class: spans) ─ Mheap (pages)
//! ```
//!
//! Memory is handed out zeroed. Which words of an object are pointers is in a bitmap beside the heap, one
//! bit per word, written at allocation; large objects record their element type in the span instead. From
//! any address inside, [`find_object`] finds the object.
//!
//! Invariant: an object's bits are written before anything can find it through a live pointer.

pub mod bitmap;
pub mod mcache;
pub mod mcentral;
pub mod mheap;
pub mod sites;
pub mod sizeclass;

use super::debug::debug;
use super::gc;
use super::m::getm;
use crate::abi::typedesc::TypeDesc;
use mcache::Mcache;
use mheap::{Mspan, mheap, span_of};
use sizeclass::*;

/// Objects without pointers below this size share 16-byte blocks.
const TINY_SIZE: u64 = 16;

/// What all pointers to zero-size objects point to.
pub static ZEROBASE: u64 = 0;

/// Address of [`ZEROBASE`].
pub fn zerobase() -> u64 {
    &raw const ZEROBASE as u64
}

/// The largest size that can be asked for: 48 bits, as in Go.
pub const MAX_ALLOC: u64 = 1 << 48;

/// The cache of the p that this thread holds.
///
/// # Safety
/// The thread must hold a p, and must not give it up while the result is in use.
#[inline(always)]
unsafe fn mcache() -> *mut Mcache {
    // SAFETY: g, m and p of a running thread are valid.
    unsafe { (*getm()).mcache() }
}

/// A zeroed object of `size` bytes: elements of type `ty`, without pointers if `ty` is null.
///
/// # Safety
/// The thread must hold a p.
#[inline(always)]
pub unsafe fn mallocgc(size: u64, ty: *const TypeDesc) -> u64 {
    // SAFETY: as the caller says.
    unsafe { mallocgc_head(size, size, ty) }
}

/// A zeroed object of `size` bytes whose first `head` bytes are elements of type `ty`, the rest without pointers.
///
/// # Safety
/// The thread must hold a p.
pub unsafe fn mallocgc_head(size: u64, head: u64, ty: *const TypeDesc) -> u64 {
    if size == 0 {
        return zerobase();
    }
    if debug().alloccalls {
        sites::count_calls();
    }
    // SAFETY: descriptors live for ever; the caller's thread holds a p.
    unsafe {
        let noscan = ty.is_null() || (*ty).ptrdata == 0;
        let c = mcache();
        (*c).n_malloc += 1;
        if size <= MAX_SMALL - HEADER {
            if noscan {
                if size < TINY_SIZE {
                    return (*c).alloc_tiny(size);
                }
                return (*c).alloc_small(size_to_class(size), true);
            }
            let extra = if size > MIN_FOR_HEADER { HEADER } else { 0 };
            let class = size_to_class(size + extra);
            let p = (*c).alloc_small(class, false);
            bitmap::set_object(p, CLASS_TO_SIZE[class] as u64, head, ty);
            return p;
        }
        let n = size.div_ceil(PAGE_SIZE);
        (*c).total_alloc += n * PAGE_SIZE;
        gc::account(n * PAGE_SIZE);
        mheap().alloc_large(n, head, if noscan { std::ptr::null() } else { ty })
    }
}

/// An object found by an address inside it.
#[derive(Debug, Clone, Copy)]
pub struct Object {
    pub base: u64,
    pub size: u64,
    pub span: *mut Mspan,
    pub index: u64,
}

/// Where in the heap `addr` is.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// In an allocated object.
    Object(Object),
    /// In a slot of a span that is free.
    Free(Object),
    /// In pages that hold no objects, or behind a span's last object.
    None,
    /// Not in the heap's address space.
    Outside,
}

/// What `addr` points into.
pub fn find_object(addr: u64) -> Place {
    let h = mheap();
    if !h.contains(addr) {
        return Place::Outside;
    }
    let span = span_of(addr);
    if span.is_null() {
        return Place::None;
    }
    // SAFETY: span records are never freed, only reused.
    unsafe {
        let s = &*span;
        if s.state != mheap::SpanState::InUse || addr < s.start || addr >= s.start + s.n_elems * s.elem_size {
            return Place::None;
        }
        let index = s.object_index(addr);
        let o = Object { base: s.start + index * s.elem_size, size: s.elem_size, span, index };
        if s.is_allocated(index) { Place::Object(o) } else { Place::Free(o) }
    }
}

/// Totals over all ps.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stats {
    /// Objects allocated since the start.
    pub mallocs: u64,
    /// Those that share a block with one before, and are freed with it.
    pub tiny: u64,
    /// Bytes of all, rounded up to size classes.
    pub total_alloc: u64,
}

/// Adds up all ps' counts.
pub fn stats() -> Stats {
    let mut s = Stats::default();
    super::p::for_each_p(|p| {
        // SAFETY: ps are never freed; counts of running ps may be a little old.
        unsafe {
            s.mallocs += (*p).mcache.n_malloc;
            s.tiny += (*p).mcache.n_tiny;
            s.total_alloc += (*p).mcache.total_alloc;
        }
    });
    s
}
