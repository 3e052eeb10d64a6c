//! Values described by types: what the library needs of the runtime to look into them.

use crate::abi::typedesc::TypeDesc;
use crate::runtime::errors::panic_plain;
use crate::runtime::iface;
use crate::runtime::malloc::{MAX_ALLOC, mallocgc};
use crate::runtime::map::{self, Iter, Map};
use std::sync::atomic::{AtomicU64, Ordering::*};

type Ty = *const TypeDesc;

pub extern "C" fn swap(addr: *const AtomicU64, p: u64) -> u64 {
    // SAFETY: the program names a pointer variable.
    unsafe { (*addr).swap(p, AcqRel) }
}

pub extern "C" fn new(ty: Ty) -> u64 {
    // SAFETY: `ty` is a descriptor.
    unsafe { mallocgc((*ty).size, ty) }
}

pub extern "C" fn new_array(ty: Ty, n: i64) -> u64 {
    // SAFETY: `ty` is a descriptor.
    unsafe {
        match u64::try_from(n).ok().and_then(|n| n.checked_mul((*ty).size)).filter(|&b| b <= MAX_ALLOC) {
            Some(b) => mallocgc(b, ty),
            None => panic_plain("runtime: allocation size out of range"),
        }
    }
}

pub extern "C" fn copy(ty: Ty, dst: u64, src: u64) {
    // SAFETY: both places hold values of the type.
    unsafe { std::ptr::copy(src as *const u8, dst as *mut u8, (*ty).size as usize) };
}

pub extern "C" fn equal(ty: Ty, a: u64, b: u64) -> u64 {
    // SAFETY: both places hold values of the type.
    unsafe { iface::typeequal(ty, a, b) as u64 }
}

pub extern "C" fn itab(inter: Ty, ty: Ty) -> u64 {
    // SAFETY: descriptors or null.
    unsafe { if ty.is_null() { 0 } else { iface::getitab(inter, ty) } }
}

pub extern "C" fn map_len(m: *const Map) -> u64 {
    // SAFETY: a map or null.
    unsafe { m.as_ref().map_or(0, |m| m.count) }
}

pub extern "C" fn map_access(ty: Ty, m: *mut Map, key: u64) -> u64 {
    // SAFETY: map and key belong to the type.
    unsafe { map::lookup(ty, m, key).unwrap_or(0) }
}

pub extern "C" fn map_iter_init(ty: Ty, m: *mut Map, it: *mut Iter) {
    // SAFETY: the map belongs to the type; the iterator is zeroed.
    unsafe { map::mapiterinit(ty, m, it) }
}

pub extern "C" fn map_iter_next(it: *mut Iter) {
    // SAFETY: the iterator was positioned.
    unsafe { map::mapiternext(it) }
}
