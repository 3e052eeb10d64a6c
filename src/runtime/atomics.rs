//! The atomics that the scheduler's protocols are written with, as a parameter.
//!
//! [`runq`](super::runq), [`wakeup`](super::wakeup) and [`waitq`](super::waitq) are generic over [`Atomics`].
//! The runtime instantiates them with [`Std`]; the tests in `models` instantiate the same code
//! with loom's types, which try every interleaving and every value that the memory model lets a load see.

use std::sync::atomic::Ordering;

/// Operations on an atomic integer, as far as the protocols use them.
pub trait Int<V: Copy>: Send + Sync {
    fn new(v: V) -> Self;
    fn load(&self, o: Ordering) -> V;
    fn store(&self, v: V, o: Ordering);
    fn swap(&self, v: V, o: Ordering) -> V;
    /// Whether the value was `old` and is `new` now.
    fn cas(&self, old: V, new: V, ok: Ordering) -> bool;
    /// The value before.
    fn add(&self, n: V, o: Ordering) -> V;
    /// The value before.
    fn sub(&self, n: V, o: Ordering) -> V;
}

/// Operations on an atomic pointer.
pub trait Pointer<T>: Send + Sync {
    fn new(p: *mut T) -> Self;
    fn load(&self, o: Ordering) -> *mut T;
    fn store(&self, p: *mut T, o: Ordering);
    fn swap(&self, p: *mut T, o: Ordering) -> *mut T;
}

/// Operations on an atomic flag.
pub trait Flag: Send + Sync {
    fn new(v: bool) -> Self;
    fn store(&self, v: bool, o: Ordering);
    fn swap(&self, v: bool, o: Ordering) -> bool;
}

/// A family of atomics.
pub trait Atomics: 'static {
    type U32: Int<u32>;
    type Usize: Int<usize>;
    type Ptr<T>: Pointer<T>;
    type Bool: Flag;
    fn fence(o: Ordering);
}

/// The machine's own.
#[derive(Debug)]
pub struct Std;

/// Implements the traits for types with the methods of `std`'s atomics.
macro_rules! implement {
    ($family:ty, $($m:ident)::*) => {
        implement!(@int $($m)::*::AtomicU32, u32);
        implement!(@int $($m)::*::AtomicUsize, usize);

        impl<T> $crate::runtime::atomics::Pointer<T> for $($m)::*::AtomicPtr<T> {
            #[inline(always)]
            fn new(p: *mut T) -> Self {
                Self::new(p)
            }
            #[inline(always)]
            fn load(&self, o: std::sync::atomic::Ordering) -> *mut T {
                self.load(o)
            }
            #[inline(always)]
            fn store(&self, p: *mut T, o: std::sync::atomic::Ordering) {
                self.store(p, o)
            }
            #[inline(always)]
            fn swap(&self, p: *mut T, o: std::sync::atomic::Ordering) -> *mut T {
                self.swap(p, o)
            }
        }

        impl $crate::runtime::atomics::Flag for $($m)::*::AtomicBool {
            #[inline(always)]
            fn new(v: bool) -> Self {
                Self::new(v)
            }
            #[inline(always)]
            fn store(&self, v: bool, o: std::sync::atomic::Ordering) {
                self.store(v, o)
            }
            #[inline(always)]
            fn swap(&self, v: bool, o: std::sync::atomic::Ordering) -> bool {
                self.swap(v, o)
            }
        }

        impl $crate::runtime::atomics::Atomics for $family {
            type U32 = $($m)::*::AtomicU32;
            type Usize = $($m)::*::AtomicUsize;
            type Ptr<T> = $($m)::*::AtomicPtr<T>;
            type Bool = $($m)::*::AtomicBool;
            #[inline(always)]
            fn fence(o: std::sync::atomic::Ordering) {
                $($m)::*::fence(o)
            }
        }
    };
    (@int $t:ty, $v:ty) => {
        impl $crate::runtime::atomics::Int<$v> for $t {
            #[inline(always)]
            fn new(v: $v) -> Self {
                Self::new(v)
            }
            #[inline(always)]
            fn load(&self, o: std::sync::atomic::Ordering) -> $v {
                self.load(o)
            }
            #[inline(always)]
            fn store(&self, v: $v, o: std::sync::atomic::Ordering) {
                self.store(v, o)
            }
            #[inline(always)]
            fn swap(&self, v: $v, o: std::sync::atomic::Ordering) -> $v {
                self.swap(v, o)
            }
            #[inline(always)]
            fn cas(&self, old: $v, new: $v, ok: std::sync::atomic::Ordering) -> bool {
                self.compare_exchange(old, new, ok, std::sync::atomic::Ordering::Relaxed).is_ok()
            }
            #[inline(always)]
            fn add(&self, n: $v, o: std::sync::atomic::Ordering) -> $v {
                self.fetch_add(n, o)
            }
            #[inline(always)]
            fn sub(&self, n: $v, o: std::sync::atomic::Ordering) -> $v {
                self.fetch_sub(n, o)
            }
        }
    };
}

implement!(Std, std::sync::atomic);

#[cfg(test)]
pub(super) use implement;
