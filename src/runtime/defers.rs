//! The deferred calls of a goroutine: a stack of entries that generated code pushes and pops itself.
//!
//! ```text
//!   buffer:  sentinel │ entry │ entry │ …          entry: closure, depth of its frame
//!                                     ▲ g.defer_top          ▲ g.defer_end
//! ```
//!
//! A function that defers compares the depth in the newest entry with its own to find out whether it has
//! calls left; the sentinel, of depth 0, spares it the question whether there is an entry at all. A goroutine
//! has no buffer before its first `defer`: then both words point behind a sentinel that all share.

use std::sync::OnceLock;

use super::g::G;
use crate::abi::g::DEFER_SIZE;

/// A deferred call.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defer {
    /// The closure, without parameters. May point into the stack.
    pub closure: u64,
    /// Depth of the frame that deferred it; [`GUARD`] where there is none.
    pub depth: u64,
}

/// Not a call: a panic that comes here happened while the runtime printed a panic's value.
pub const GUARD: u64 = u64::MAX;

const SENTINEL: Defer = Defer { closure: 0, depth: 0 };

/// Entries of a goroutine's first buffer, the sentinel included.
const FIRST: usize = 8;

const _: () = assert!(size_of::<Defer>() == DEFER_SIZE as usize);

/// The end of the sentinel of goroutines without buffer.
fn shared() -> u64 {
    static SHARED: OnceLock<[u64; 2]> = OnceLock::new();
    std::ptr::from_ref(SHARED.get_or_init(|| [SENTINEL.closure, SENTINEL.depth])) as u64 + u64::from(DEFER_SIZE)
}

/// The buffer of a goroutine.
#[derive(Debug, Default)]
pub struct Buffer(Vec<Defer>);

impl G {
    /// Makes the record fit for generated code, before its first use.
    pub fn init_defers(&mut self) {
        let end = shared();
        (self.h.defer_top, self.h.defer_end) = (end, end);
    }

    fn defer_base(&self) -> u64 {
        if self.defer_buffer.0.is_empty() {
            shared()
        } else {
            self.defer_buffer.0.as_ptr() as u64 + u64::from(DEFER_SIZE)
        }
    }

    /// The deferred calls, innermost last.
    pub fn defers(&self) -> &[Defer] {
        let n = (self.h.defer_top - self.defer_base()) as usize / size_of::<Defer>();
        self.defer_buffer.0.get(1..=n).unwrap_or(&[])
    }

    /// The deferred calls, to be changed.
    pub fn defers_mut(&mut self) -> &mut [Defer] {
        let n = (self.h.defer_top - self.defer_base()) as usize / size_of::<Defer>();
        self.defer_buffer.0.get_mut(1..=n).unwrap_or(&mut [])
    }

    /// Adds a deferred call.
    pub fn push_defer(&mut self, d: Defer) {
        self.insert_defer(self.defers().len(), d);
    }

    /// Puts a deferred call in front of number `at`.
    pub fn insert_defer(&mut self, at: usize, d: Defer) {
        let n = self.defers().len();
        if self.h.defer_top == self.h.defer_end {
            let size = (2 * self.defer_buffer.0.len()).max(FIRST);
            self.defer_buffer.0.resize(size, SENTINEL);
            let base = self.defer_base();
            self.h.defer_top = base + n as u64 * u64::from(DEFER_SIZE);
            self.h.defer_end = base + (size as u64 - 1) * u64::from(DEFER_SIZE);
        }
        self.h.defer_top += u64::from(DEFER_SIZE);
        let list = self.defers_mut();
        list.copy_within(at..n, at + 1);
        list[at] = d;
    }

    /// Takes the newest deferred call.
    pub fn pop_defer(&mut self) -> Option<Defer> {
        let d = *self.defers().last()?;
        self.h.defer_top -= u64::from(DEFER_SIZE);
        Some(d)
    }

    /// Forgets all of them.
    pub fn clear_defers(&mut self) {
        self.h.defer_top = self.defer_base();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_keep_their_order_over_growth() {
        // SAFETY: records are valid for ever.
        let g = unsafe { &mut *G::alloc() };
        assert_eq!(g.pop_defer(), None);
        for i in 1..40 {
            g.push_defer(Defer { closure: i, depth: 100 * i });
        }
        g.insert_defer(1, Defer { closure: 77, depth: 150 });
        let order: Vec<u64> = g.defers().iter().map(|d| d.closure).take(4).collect();
        assert_eq!(order, [1, 77, 2, 3]);
        assert_eq!(g.pop_defer(), Some(Defer { closure: 39, depth: 3900 }));
        g.clear_defers();
        assert!(g.defers().is_empty());
    }
}
