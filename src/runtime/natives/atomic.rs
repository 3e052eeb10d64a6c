//! `sync/atomic`: one function per operation and width; all are sequentially consistent.
//!
//! 32-bit results are words extended by the type's sign.

use std::sync::atomic::{AtomicI32, AtomicU32, AtomicU64, Ordering::SeqCst};

macro_rules! ops {
    ($atomic:ty, $int:ty, $word:ty, $swap:ident $cas:ident $add:ident $and:ident $or:ident $load:ident $store:ident) => {
        pub extern "C" fn $swap(addr: &$atomic, new: $int) -> $word {
            <$word>::from(addr.swap(new, SeqCst))
        }

        pub extern "C" fn $cas(addr: &$atomic, old: $int, new: $int) -> u64 {
            u64::from(addr.compare_exchange(old, new, SeqCst, SeqCst).is_ok())
        }

        pub extern "C" fn $add(addr: &$atomic, delta: $int) -> $word {
            <$word>::from(addr.fetch_add(delta, SeqCst).wrapping_add(delta))
        }

        pub extern "C" fn $and(addr: &$atomic, mask: $int) -> $word {
            <$word>::from(addr.fetch_and(mask, SeqCst))
        }

        pub extern "C" fn $or(addr: &$atomic, mask: $int) -> $word {
            <$word>::from(addr.fetch_or(mask, SeqCst))
        }

        pub extern "C" fn $load(addr: &$atomic) -> $word {
            <$word>::from(addr.load(SeqCst))
        }

        pub extern "C" fn $store(addr: &$atomic, val: $int) {
            addr.store(val, SeqCst);
        }
    };
}

ops!(AtomicI32, i32, i64, swap_i32 cas_i32 add_i32 and_i32 or_i32 load_i32 store_i32);
ops!(AtomicU32, u32, u64, swap_u32 cas_u32 add_u32 and_u32 or_u32 load_u32 store_u32);
ops!(AtomicU64, u64, u64, swap_64 cas_64 add_64 and_64 or_64 load_64 store_64);
