//! What a call does with one of its arguments: the summary that replaces the callee's body.
//!
//! For each place a parameter may flow to (the heap, an indirect store's address, a called function value,
//! each of the first results) the least number of dereferences on the way: 0 says the value itself gets
//! there, 1 what it points to, and so on. Eight bytes a parameter.

#![forbid(unsafe_code)]

/// Number of results that are tracked one by one; flows to later ones count as flows to the heap.
pub const MAX_RESULTS: usize = 5;

const HEAP: usize = 0;
const MUTATOR: usize = 1;
const CALLEE: usize = 2;
const RESULT0: usize = 3;

/// The flows of one parameter. Each byte is a number of dereferences plus one; 0 means no flow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Leaks([u8; RESULT0 + MAX_RESULTS]);

impl Leaks {
    /// The summary of a parameter of which nothing is known: its value reaches the heap.
    pub fn unknown() -> Leaks {
        let mut leaks = Leaks::default();
        leaks.add_heap(0);
        leaks
    }

    fn get(self, i: usize) -> Option<u32> {
        self.0[i].checked_sub(1).map(u32::from)
    }

    fn add(&mut self, i: usize, derefs: u32) {
        if self.get(i).is_none_or(|old| derefs < old) {
            // Saturating is safe: fewer dereferences is the stronger claim, and no program has 254 levels.
            self.0[i] = (derefs + 1).min(u32::from(u8::MAX)) as u8;
        }
    }

    /// Least dereferences on a way to the heap.
    pub fn heap(self) -> Option<u32> {
        self.get(HEAP)
    }

    /// Least dereferences on a way to the address of an indirect store.
    pub fn mutator(self) -> Option<u32> {
        self.get(MUTATOR)
    }

    /// Least dereferences on a way to a function value that is called.
    pub fn callee(self) -> Option<u32> {
        self.get(CALLEE)
    }

    /// Least dereferences on a way to result `i`.
    pub fn result(self, i: usize) -> Option<u32> {
        self.get(RESULT0 + i)
    }

    pub fn add_heap(&mut self, derefs: u32) {
        self.add(HEAP, derefs);
    }

    pub fn add_mutator(&mut self, derefs: u32) {
        self.add(MUTATOR, derefs);
    }

    pub fn add_callee(&mut self, derefs: u32) {
        self.add(CALLEE, derefs);
    }

    /// `i` must be below [`MAX_RESULTS`].
    pub fn add_result(&mut self, i: usize, derefs: u32) {
        self.add(RESULT0 + i, derefs);
    }

    /// Drops flows that a way to the heap at least as short makes redundant.
    pub fn optimize(&mut self) {
        if let Some(heap) = self.heap() {
            for i in 1..self.0.len() {
                if self.get(i).is_some_and(|d| d >= heap) {
                    self.0[i] = 0;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_shortest_way() {
        let mut leaks = Leaks::default();
        leaks.add_result(2, 3);
        leaks.add_result(2, 1);
        leaks.add_result(2, 2);
        assert_eq!(leaks.result(2), Some(1));
        assert_eq!(leaks.heap(), None);
    }

    #[test]
    fn heap_makes_longer_ways_redundant() {
        let mut leaks = Leaks::default();
        leaks.add_heap(1);
        leaks.add_result(0, 0);
        leaks.add_result(1, 1);
        leaks.add_mutator(4);
        leaks.optimize();
        assert_eq!((leaks.result(0), leaks.result(1), leaks.mutator()), (Some(0), None, None));
    }
}
