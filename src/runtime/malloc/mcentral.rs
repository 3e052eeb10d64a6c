//! Spans of one class that no p has cached.

use super::mheap::{Mspan, SpanState, mheap};
use super::sizeclass::*;
use crate::runtime::gc;

/// Spans of one span class.
#[derive(Debug, Default)]
pub struct Mcentral {
    /// Spans with free objects.
    partial: Vec<*mut Mspan>,
    /// Spans without.
    full: Vec<*mut Mspan>,
}

// SAFETY: reached under its lock only.
unsafe impl Send for Mcentral {}

/// A span of the class with at least one free object; `old`, if not null, goes back.
///
/// # Safety
/// `old` must be a span of the class that only the caller has.
pub unsafe fn exchange(spanclass: usize, old: *mut Mspan) -> *mut Mspan {
    let h = mheap();
    let mut c = h.central[spanclass].lock();
    if !old.is_null() {
        // SAFETY: the caller owns it.
        if unsafe { (*old).free_index == (*old).n_elems } {
            c.full.push(old);
        } else {
            c.partial.push(old);
        }
    }
    let partial = c.partial.pop();
    drop(c);
    let s = partial.unwrap_or_else(|| {
        let class = spanclass / 2;
        h.alloc_span(CLASS_TO_PAGES[class] as u64, SpanState::InUse, spanclass as u8, CLASS_TO_SIZE[class] as u64)
    });
    // SAFETY: the span is the caller's now.
    unsafe { gc::account(((*s).n_elems - (*s).n_alloc) * (*s).elem_size) };
    s
}

/// Forgets all spans.
pub fn clear() {
    for c in &mheap().central {
        let mut c = c.lock();
        c.partial.clear();
        c.full.clear();
    }
}

/// Takes a span that was swept.
///
/// # Safety
/// The span must be nobody's, and of small objects.
pub unsafe fn add(s: *mut Mspan) {
    // SAFETY: as the caller says.
    unsafe {
        let mut c = mheap().central[(*s).spanclass as usize].lock();
        if (*s).n_alloc == (*s).n_elems {
            c.full.push(s);
        } else {
            c.partial.push(s);
        }
    }
}
