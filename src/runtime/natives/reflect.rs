//! Values described by types: what the library needs of the runtime to look into them.

use crate::abi::typedesc::{FieldDesc, FieldShape, Str, Table, TypeDesc, TypeShape, kind};
use crate::runtime::errors::panic_plain;
use crate::runtime::iface;
use crate::runtime::m::fastrand;
use crate::runtime::malloc::{MAX_ALLOC, mallocgc};
use crate::runtime::map::{self, Iter, Map};
use crate::runtime::sys::reflectcall;
use std::sync::OnceLock;
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

/// `internal/rt.HashOf`: the same for equal values, while the program runs.
pub extern "C" fn hash_of(ty: Ty, p: u64) -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    // SAFETY: the place holds a value of the type.
    unsafe { iface::typehash(ty, p, *SEED.get_or_init(fastrand)) }
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

/// `internal/rt.MakeFuncCode`: the code of closures made by reflection with so many words of stack arguments.
pub extern "C" fn make_func_code(words: u64) -> u64 {
    reflectcall::stub(words, true)
}

/// The stubs of calls by reflection run on the goroutine's own stack.
pub fn call_stub(link_name: &str) -> Option<u64> {
    let words = link_name.strip_prefix("internal/rt.call")?.parse().ok()?;
    reflectcall::SIZES.contains(&words).then(|| reflectcall::stub(words, false))
}

/// `internal/rt.typeRequest`.
#[repr(C)]
pub struct TypeRequest {
    kind: u64,
    elem: Ty,
    key: Ty,
    len: u64,
    params: Table<Ty>,
    params_cap: u64,
    results: Table<Ty>,
    results_cap: u64,
    fields: Table<FieldDesc>,
}

/// `internal/rt.makeType`.
pub extern "C" fn make_type(req: *const TypeRequest) -> u64 {
    // SAFETY: the library hands over a valid request.
    let r = unsafe { &*req };
    let list = |t: &Table<Ty>| {
        // SAFETY: as above.
        unsafe { t.get() }.iter().map(|&t| t as u64).collect()
    };
    // SAFETY: as above.
    let text = |s: Str| unsafe { s.bytes() }.to_vec();
    let string = |s: Str| String::from_utf8_lossy(&text(s)).into_owned();
    let (elem, key, len) = (r.elem as u64, r.key as u64, r.len);
    let shape = match r.kind as u8 {
        kind::POINTER => TypeShape::Pointer(elem),
        kind::SLICE => TypeShape::Slice(elem),
        kind::ARRAY => TypeShape::Array { elem, len },
        kind::CHAN => TypeShape::Chan { elem, dir: len },
        kind::MAP => TypeShape::Map { key, elem },
        kind::FUNC => TypeShape::Func { params: list(&r.params), results: list(&r.results), variadic: len != 0 },
        kind::STRUCT => {
            // SAFETY: as above.
            let fields = unsafe { r.fields.get() };
            let field = |f: &FieldDesc| FieldShape {
                name: string(f.name),
                pkg_path: string(f.pkg_path),
                ty: f.ty as u64,
                tag: text(f.tag),
                embedded: f.embedded != 0,
            };
            TypeShape::Struct(fields.iter().map(field).collect())
        }
        _ => return 0,
    };
    crate::runtime::make_type(shape)
}
