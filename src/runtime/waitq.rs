//! Queues of wait records: who waits for a channel, in order.
//!
//! A goroutine that waits for several channels (select) has a record in the queue of each, and one [`Flag`] that
//! all its records share. The first channel that sets the flag completes the operation; the others leave the
//! record out. The goroutine takes the records out of their queues when it runs again.
//!
//! Invariant: a queue and the links of the records in it are used under the lock of its channel.

use super::atomics::{Atomics, Flag};
use std::ptr::null_mut;
use std::sync::atomic::Ordering::*;

/// The links of a record.
#[derive(Debug)]
pub struct Links<W> {
    next: *mut W,
    prev: *mut W,
}

impl<W> Links<W> {
    /// In no queue.
    pub const NONE: Self = Links { next: null_mut(), prev: null_mut() };
}

impl<W> Default for Links<W> {
    fn default() -> Self {
        Self::NONE
    }
}

/// A wait record.
pub trait Waiter<A: Atomics>: Sized {
    /// Its links.
    ///
    /// # Safety
    /// `w` must be a record; the lock of its queue must be held.
    unsafe fn links<'a>(w: *mut Self) -> &'a mut Links<Self>;

    /// The flag that the records of one select share; none: there is only one record.
    ///
    /// # Safety
    /// `w` must be a record.
    unsafe fn done<'a>(w: *mut Self) -> Option<&'a A::Bool>;
}

/// See the module.
#[repr(C)]
#[derive(Debug)]
pub struct Waitq<W> {
    first: *mut W,
    last: *mut W,
}

impl<W> Default for Waitq<W> {
    fn default() -> Self {
        Waitq { first: null_mut(), last: null_mut() }
    }
}

impl<W> Waitq<W> {
    /// Adds a record to the end.
    ///
    /// # Safety
    /// The channel's lock must be held; the record lives until it is taken out.
    pub unsafe fn enqueue<A: Atomics>(&mut self, w: *mut W)
    where
        W: Waiter<A>,
    {
        // SAFETY: as the caller says; records in the queue are live.
        unsafe {
            *W::links(w) = Links { next: null_mut(), prev: self.last };
            if self.last.is_null() {
                self.first = w;
            } else {
                W::links(self.last).next = w;
            }
        }
        self.last = w;
    }

    /// Takes out a record, if it is still in the queue.
    ///
    /// # Safety
    /// The channel's lock must be held, and the record be in this queue or in none.
    pub unsafe fn remove<A: Atomics>(&mut self, w: *mut W)
    where
        W: Waiter<A>,
    {
        // SAFETY: as the caller says; records in the queue are live.
        unsafe {
            let Links { next, prev } = std::mem::take(W::links(w));
            if prev.is_null() {
                if self.first != w {
                    return;
                }
                self.first = next;
            } else {
                W::links(prev).next = next;
            }
            if next.is_null() {
                self.last = prev;
            } else {
                W::links(next).prev = prev;
            }
        }
    }

    /// Takes out the first record whose goroutine still waits: its operation is the caller's to complete.
    ///
    /// # Safety
    /// The channel's lock must be held.
    pub unsafe fn dequeue<A: Atomics>(&mut self) -> *mut W
    where
        W: Waiter<A>,
    {
        while !self.first.is_null() {
            let w = self.first;
            // SAFETY: as the caller says; a record's goroutine takes this lock before it ends the record.
            unsafe {
                self.remove(w);
                // AcqRel: of the channels a select waits for, the first to get here wins.
                if W::done(w).is_none_or(|done| !done.swap(true, AcqRel)) {
                    return w;
                }
            }
        }
        null_mut()
    }
}
