//! Spans of one class that no p has cached.

use super::mheap::{Mspan, SpanState, mheap};
use super::sizeclass::*;

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
    if let Some(s) = c.partial.pop() {
        return s;
    }
    drop(c);
    let class = spanclass / 2;
    h.alloc_span(CLASS_TO_PAGES[class] as u64, SpanState::InUse, spanclass as u8, CLASS_TO_SIZE[class] as u64)
}
