//! The queue of runnable goroutines that a p has: a ring without locks, and one place before it.
//!
//! ```text
//!            head                tail
//!              ▼                  ▼
//!   ring:  . . a  b  c  d  e  f  . .      next: g
//!   taken here, by anybody       added here, by the owner
//! ```
//!
//! `head` and `tail` count up for ever; a place is its number modulo `N`. The owner is the thread that holds the
//! p. Whoever takes goroutines out first reads them and then claims them by moving `head`: if somebody else
//! moved it meanwhile, what was read is not his.
//!
//! Invariants: `tail - head <= N`; only the owner changes `tail`; a goroutine that was added is taken once.
//!
//! `next` is what the running goroutine made ready last: it runs next, in what is left of the time slice, with
//! its data still in the cache.

use super::atomics::{Atomics, Int, Pointer};
use std::ptr::null_mut;
use std::sync::atomic::Ordering::*;

/// See the module. `N` is even.
pub struct RunQueue<T, A: Atomics, const N: usize> {
    head: A::U32,
    tail: A::U32,
    next: A::Ptr<T>,
    ring: [A::Ptr<T>; N],
}

impl<T, A: Atomics, const N: usize> Default for RunQueue<T, A, N> {
    fn default() -> Self {
        RunQueue {
            head: A::U32::new(0),
            tail: A::U32::new(0),
            next: A::Ptr::new(null_mut()),
            ring: std::array::from_fn(|_| A::Ptr::new(null_mut())),
        }
    }
}

impl<T, A: Atomics, const N: usize> RunQueue<T, A, N> {
    #[inline]
    fn place(&self, i: u32) -> &A::Ptr<T> {
        &self.ring[i as usize % N]
    }

    /// Owner only: adds to the end. False: there is no room.
    #[inline]
    pub fn push(&self, t: *mut T) -> bool {
        // Acquire: whoever moved `head` has read the places that are reused now.
        let head = self.head.load(Acquire);
        let tail = self.tail.load(Relaxed);
        if tail.wrapping_sub(head) >= N as u32 {
            return false;
        }
        self.place(tail).store(t, Relaxed);
        // Release: who sees the new tail sees the place, and what is behind the pointer.
        self.tail.store(tail.wrapping_add(1), Release);
        true
    }

    /// Owner only: puts `t` before all others. Returns what was there, which the caller must queue.
    #[inline]
    pub fn set_next(&self, t: *mut T) -> *mut T {
        self.next.swap(t, AcqRel)
    }

    /// Takes out what is to run next.
    fn take_next(&self) -> Option<*mut T> {
        if self.next.load(Relaxed).is_null() {
            return None;
        }
        let t = self.next.swap(null_mut(), AcqRel);
        (!t.is_null()).then_some(t)
    }

    /// Owner only: the next one.
    #[inline]
    pub fn pop(&self) -> Option<*mut T> {
        if let Some(t) = self.take_next() {
            return Some(t);
        }
        loop {
            let head = self.head.load(Acquire);
            if head == self.tail.load(Relaxed) {
                return None;
            }
            let t = self.place(head).load(Relaxed);
            if self.head.cas(head, head.wrapping_add(1), AcqRel) {
                return Some(t);
            }
        }
    }

    /// Owner only: takes out the older half, if the queue is full. `out` has room for `N / 2`.
    pub fn take_half(&self, out: &mut [*mut T]) -> usize {
        let n = N as u32 / 2;
        let head = self.head.load(Acquire);
        if self.tail.load(Relaxed).wrapping_sub(head) < N as u32 {
            return 0;
        }
        for i in 0..n {
            out[i as usize] = self.place(head.wrapping_add(i)).load(Relaxed);
        }
        if self.head.cas(head, head.wrapping_add(n), AcqRel) { n as usize } else { 0 }
    }

    /// Takes half of `from`'s into this queue, whose owner calls and which is empty; returns one of them.
    pub fn steal(&self, from: &Self) -> Option<*mut T> {
        loop {
            let head = from.head.load(Acquire);
            // Acquire: see `push`.
            let n = from.tail.load(Acquire).wrapping_sub(head);
            let n = n - n / 2;
            if n == 0 {
                return None;
            }
            if n > N as u32 / 2 {
                // The two were read at different times.
                continue;
            }
            let tail = self.tail.load(Relaxed);
            for i in 0..n {
                self.place(tail.wrapping_add(i)).store(from.place(head.wrapping_add(i)).load(Relaxed), Relaxed);
            }
            if !from.head.cas(head, head.wrapping_add(n), AcqRel) {
                continue;
            }
            let last = tail.wrapping_add(n - 1);
            let t = self.place(last).load(Relaxed);
            if n > 1 {
                self.tail.store(last, Release);
            }
            return Some(t);
        }
    }

    /// Takes what `from` would run next.
    pub fn steal_next(&self, from: &Self) -> Option<*mut T> {
        from.take_next()
    }

    /// Whether something would run next.
    pub fn has_next(&self) -> bool {
        !self.next.load(Relaxed).is_null()
    }

    /// Whether there is nothing in it, at some moment during the call.
    pub fn is_empty(&self) -> bool {
        loop {
            let head = self.head.load(SeqCst);
            let tail = self.tail.load(SeqCst);
            let next = self.next.load(SeqCst);
            // The owner may have moved something from `next` to the ring meanwhile.
            if tail == self.tail.load(SeqCst) {
                return head == tail && next.is_null();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::atomics::Std;
    use super::*;

    #[test]
    fn order_overflow_and_stealing() {
        let mut items: Vec<u32> = (0..16).collect();
        let p = items.as_mut_ptr();
        // SAFETY: the pointers stay inside the vector.
        let at = |i: usize| unsafe { p.add(i) };
        let number = |t: *mut u32| (t as usize - p as usize) / 4;
        let a = RunQueue::<u32, Std, 8>::default();
        let b = RunQueue::<u32, Std, 8>::default();
        assert!(a.is_empty() && a.pop().is_none());
        for i in 0..8 {
            assert!(a.push(at(i)));
        }
        assert!(!a.push(at(8)));
        let mut half = [null_mut(); 4];
        assert_eq!(a.take_half(&mut half), 4);
        assert_eq!(half.map(number), [0, 1, 2, 3]);
        assert!(a.push(at(8)));
        assert!(a.set_next(at(9)).is_null());
        assert_eq!(a.set_next(at(10)), at(9));
        assert_eq!(a.pop().map(number), Some(10));
        // 4 5 6 7 8: three of them are stolen, the last of which runs.
        assert_eq!(b.steal(&a).map(number), Some(6));
        assert_eq!([b.pop(), b.pop(), b.pop()].map(|t| t.map(number)), [Some(4), Some(5), None]);
        assert_eq!([a.pop(), a.pop(), a.pop()].map(|t| t.map(number)), [Some(7), Some(8), None]);
        a.set_next(at(11));
        assert!(b.steal(&a).is_none() && !a.is_empty());
        assert_eq!(b.steal_next(&a).map(number), Some(11));
        assert!(a.is_empty());
    }
}
