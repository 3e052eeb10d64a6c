//! Typed ids, vectors indexed by them, and the string interner.
//!
//! Used by every phase. Invariant: an id is only ever used with the vector (or interner) that made it.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use rustc_hash::FxHashMap;

/// A typed index: a `u32` that only indexes the [`IndexVec`] of its own kind.
pub trait Id: Copy + Eq + fmt::Debug {
    /// The id of the `index`-th element.
    fn new(index: usize) -> Self;
    /// The position this id names.
    fn index(self) -> usize;
}

/// Declares typed ids: `define_id! { /// docs pub struct LocalId; }`.
#[macro_export]
macro_rules! define_id {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(pub u32);

        impl $crate::index::Id for $name {
            #[inline]
            fn new(index: usize) -> Self {
                debug_assert!(index < u32::MAX as usize);
                $name(index as u32)
            }
            #[inline]
            fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )*};
}

/// A vector indexed by a typed id.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IndexVec<I, T> {
    raw: Vec<T>,
    _id: PhantomData<fn(I)>,
}

impl<I: Id, T> IndexVec<I, T> {
    /// An empty vector.
    pub const fn new() -> Self {
        IndexVec { raw: Vec::new(), _id: PhantomData }
    }

    /// A vector of `n` clones of `value`.
    pub fn from_elem(value: T, n: usize) -> Self
    where
        T: Clone,
    {
        IndexVec { raw: vec![value; n], _id: PhantomData }
    }

    /// Appends `value` and returns its id.
    pub fn push(&mut self, value: T) -> I {
        let id = I::new(self.raw.len());
        self.raw.push(value);
        id
    }

    /// The id that the next [`push`](Self::push) returns.
    pub fn next_id(&self) -> I {
        I::new(self.raw.len())
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// The element, or `None` where `id` is out of range.
    pub fn get(&self, id: I) -> Option<&T> {
        self.raw.get(id.index())
    }

    /// The element, or `None` where `id` is out of range.
    pub fn get_mut(&mut self, id: I) -> Option<&mut T> {
        self.raw.get_mut(id.index())
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.raw.len()).map(I::new)
    }

    /// Elements in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.raw.iter()
    }

    /// Elements in order, mutable.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.raw.iter_mut()
    }

    /// Ids and elements, in order.
    pub fn iter_enumerated(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.raw.iter().enumerate().map(|(i, t)| (I::new(i), t))
    }

    /// Makes room for `n` more elements.
    pub fn reserve(&mut self, n: usize) {
        self.raw.reserve(n);
    }

    /// Grows to at least `n` elements, filling with `value()`.
    pub fn resize_with(&mut self, n: usize, value: impl FnMut() -> T) {
        self.raw.resize_with(n, value);
    }

    /// The elements as a slice.
    pub fn as_slice(&self) -> &[T] {
        &self.raw
    }
}

impl<I: Id, T> Default for IndexVec<I, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I: Id, T: fmt::Debug> fmt::Debug for IndexVec<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.raw).finish()
    }
}

impl<I: Id, T> Index<I> for IndexVec<I, T> {
    type Output = T;
    #[inline]
    fn index(&self, id: I) -> &T {
        &self.raw[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for IndexVec<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.raw[id.index()]
    }
}

impl<I: Id, T> FromIterator<T> for IndexVec<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(iter: It) -> Self {
        IndexVec { raw: iter.into_iter().collect(), _id: PhantomData }
    }
}

impl<'a, I: Id, T> IntoIterator for &'a IndexVec<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.raw.iter()
    }
}

/// An interned string. Equal strings have equal symbols for the whole process; comparing and hashing
/// cost one integer operation. `Symbol::default()` is the empty string.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Symbol(u32);

struct Interner {
    names: Vec<&'static str>,
    map: FxHashMap<&'static str, u32>,
}

/// How many symbols there is room for at first: a short program has about 1,500, nearly all the library's.
const N_SYMBOLS: usize = 3000;

thread_local! {
    // Why thread-local: the front end runs on one thread, and later phases only read through `'static`
    // strings. Symbols themselves must not be sent to another thread before `as_str` was called there.
    static INTERNER: RefCell<Interner> = RefCell::new({
        let mut map = FxHashMap::with_capacity_and_hasher(N_SYMBOLS, Default::default());
        map.insert("", 0);
        let mut names = Vec::with_capacity(N_SYMBOLS);
        names.push("");
        Interner { names, map }
    });
}

impl Symbol {
    /// Interns `text`. The bytes live until the process ends.
    pub fn new(text: &str) -> Symbol {
        INTERNER.with_borrow_mut(|i| {
            if let Some(&id) = i.map.get(text) {
                return Symbol(id);
            }
            let id = i.names.len() as u32;
            let owned: &'static str = Box::leak(text.into());
            i.names.push(owned);
            i.map.insert(owned, id);
            Symbol(id)
        })
    }

    /// The text.
    pub fn as_str(self) -> &'static str {
        INTERNER.with_borrow(|i| i.names[self.0 as usize])
    }

    /// Whether this is the empty string.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this is `_`.
    pub fn is_blank(self) -> bool {
        self.as_str() == "_"
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Symbol {
        Symbol::new(text)
    }
}
