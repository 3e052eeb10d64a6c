//! Interfaces: itabs of dynamic conversions, equality and hashing by type.

use super::errors::{panic_assertion, panic_error_text};
use super::m::fastrand;
use crate::abi::typedesc::{Itab, Str, TypeDesc, flag, kind};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicPtr, Ordering::*};

/// Itabs made at run time, by interface and concrete type. Never freed.
static ITABS: LazyLock<RwLock<FxHashMap<(u64, u64), u64>>> = LazyLock::new(Default::default);

/// What conversions found first, by a hash of the two types: read without a lock.
static CACHE: [AtomicPtr<CacheEntry>; 1024] = [const { AtomicPtr::new(std::ptr::null_mut()) }; 1024];

struct CacheEntry {
    key: (u64, u64),
    itab: u64,
}

/// The code of a method `func() string` of a type, if it has one.
///
/// # Safety
/// `ty` must be null or a descriptor.
pub unsafe fn string_method(ty: *const TypeDesc, name: &[u8]) -> Option<u64> {
    // SAFETY: as the caller says.
    unsafe {
        let t = ty.as_ref()?;
        let m = t.methods.get().iter().find(|m| m.name.bytes() == name)?;
        ((*m.ty).string.bytes() == b"func() string").then_some(m.ifn)
    }
}

/// Looks up the methods of `inter` in `ty`. Err: the first one that is missing.
unsafe fn match_methods(inter: *const TypeDesc, ty: *const TypeDesc) -> Result<Vec<u64>, Str> {
    // SAFETY: descriptors live for ever.
    unsafe {
        let have = (*ty).methods.get();
        let mut code = Vec::new();
        // Both lists are sorted by name.
        let mut i = 0;
        'next: for want in (*inter).imethods.get() {
            while i < have.len() {
                let m = &have[i];
                i += 1;
                if m.name.bytes() == want.name.bytes() && m.pkg_path.bytes() == want.pkg_path.bytes() && m.ty == want.ty
                {
                    code.push(m.ifn);
                    continue 'next;
                }
            }
            return Err(want.name);
        }
        Ok(code)
    }
}

/// The itab of (interface, concrete type), or 0 if the type does not implement the interface.
///
/// # Safety
/// Both must be descriptors.
pub unsafe fn getitab(inter: *const TypeDesc, ty: *const TypeDesc) -> u64 {
    let key = (inter as u64, ty as u64);
    let slot = &CACHE[(mix(key.0 ^ K0, key.1 ^ K1) >> 32) as usize % CACHE.len()];
    // SAFETY: entries are never freed or changed.
    if let Some(e) = unsafe { slot.load(Acquire).as_ref() }
        && e.key == key
    {
        return e.itab;
    }
    // SAFETY: as the caller says.
    let itab = unsafe { find_itab(key, inter, ty) };
    // First come, first served: an entry is never replaced, so readers need no lock.
    if slot.load(Relaxed).is_null() {
        let e = Box::into_raw(Box::new(CacheEntry { key, itab }));
        if slot.compare_exchange(std::ptr::null_mut(), e, AcqRel, Relaxed).is_err() {
            // SAFETY: nobody else has seen it.
            drop(unsafe { Box::from_raw(e) });
        }
    }
    itab
}

unsafe fn find_itab(key: (u64, u64), inter: *const TypeDesc, ty: *const TypeDesc) -> u64 {
    if let Some(&t) = ITABS.read().get(&key) {
        return t;
    }
    // SAFETY: as the caller says.
    let t = unsafe {
        match match_methods(inter, ty) {
            Err(_) => 0,
            Ok(code) => {
                let words = size_of::<Itab>() / 8 - 1 + code.len();
                let mem = Box::leak(vec![0u64; words].into_boxed_slice()).as_mut_ptr();
                super::heapcheck::register_static(mem as u64, 8 * words as u64);
                let it = mem as *mut Itab;
                (*it).inter = inter;
                (*it).ty = ty;
                (*it).hash = (*ty).hash;
                let fun = (&raw mut (*it).fun) as *mut u64;
                for (i, c) in code.iter().enumerate() {
                    fun.add(i).write(*c);
                }
                mem as u64
            }
        }
    };
    *ITABS.write().entry(key).or_insert(t)
}

/// Adds an itab that the compiler made. Returns the address of the one to use for its pair of types: there is
/// only one, so that comparing addresses compares pairs.
///
/// # Safety
/// `addr` must be an itab that lives for ever.
pub unsafe fn add_itab(addr: u64) -> u64 {
    // SAFETY: as the caller says.
    let key = unsafe { ((*(addr as *const Itab)).inter as u64, (*(addr as *const Itab)).ty as u64) };
    *ITABS.write().entry(key).or_insert(addr)
}

/// As [`getitab`]; panics if the type is 0 or does not implement the interface.
///
/// # Safety
/// `inter` must be a descriptor, `ty` one or null.
pub unsafe fn assert_e2i(inter: *const TypeDesc, ty: *const TypeDesc) -> u64 {
    if ty.is_null() {
        panic_assertion(std::ptr::null(), std::ptr::null(), inter, Str::EMPTY);
    }
    // SAFETY: as the caller says.
    unsafe {
        let t = getitab(inter, ty);
        if t == 0 {
            let missing = match_methods(inter, ty).err().unwrap_or(Str::EMPTY);
            panic_assertion(std::ptr::null(), ty, inter, missing);
        }
        t
    }
}

fn type_name(t: &TypeDesc) -> String {
    // SAFETY: descriptors live for ever.
    String::from_utf8_lossy(unsafe { t.string.bytes() }).into_owned()
}

/// Whether the interface data words `a` and `b`, both of type `ty`, hold equal values.
///
/// # Safety
/// They must be data words of that type; `ty` may be null (two nil interfaces).
pub unsafe fn efaceeq(ty: *const TypeDesc, a: u64, b: u64) -> bool {
    // SAFETY: as the caller says.
    unsafe {
        let Some(t) = ty.as_ref() else { return true };
        if t.flags & flag::COMPARABLE == 0 {
            panic_error_text(&format!("comparing uncomparable type {}", type_name(t)));
        }
        if t.flags & flag::DIRECT_IFACE != 0 {
            return a == b;
        }
        a == b && t.flags & flag::REGULAR_MEMORY != 0 || typeequal(ty, a, b)
    }
}

/// Whether the values of type `ty` at `a` and `b` are equal.
///
/// # Safety
/// They must be valid values of that type.
pub unsafe fn typeequal(ty: *const TypeDesc, a: u64, b: u64) -> bool {
    // SAFETY: as the caller says.
    unsafe {
        let t = &*ty;
        if t.flags & flag::REGULAR_MEMORY != 0 {
            return memequal(a, b, t.size);
        }
        match t.kind {
            kind::FLOAT32 => *(a as *const f32) == *(b as *const f32),
            kind::FLOAT64 => *(a as *const f64) == *(b as *const f64),
            kind::COMPLEX64 => *(a as *const [f32; 2]) == *(b as *const [f32; 2]),
            kind::COMPLEX128 => *(a as *const [f64; 2]) == *(b as *const [f64; 2]),
            kind::STRING => str_equal(*(a as *const Str), *(b as *const Str)),
            kind::INTERFACE => {
                let (x, y) = (*(a as *const [u64; 2]), *(b as *const [u64; 2]));
                x[0] == y[0] && efaceeq(dynamic_type(t, x[0]), x[1], y[1])
            }
            kind::ARRAY => {
                let size = (*t.elem).size;
                (0..t.len).all(|i| typeequal(t.elem, a + i * size, b + i * size))
            }
            kind::STRUCT => {
                t.fields.get().iter().all(|f| f.name.bytes() == b"_" || typeequal(f.ty, a + f.offset, b + f.offset))
            }
            kind::SLICE | kind::MAP | kind::FUNC => {
                panic_error_text(&format!("comparing uncomparable type {}", type_name(t)))
            }
            _ => memequal(a, b, t.size),
        }
    }
}

/// The dynamic type in an interface's first word: itself for empty interfaces, the itab's otherwise.
///
/// # Safety
/// `word` must be the first word of a value of the interface type `t`.
pub unsafe fn dynamic_type(t: &TypeDesc, word: u64) -> *const TypeDesc {
    if word == 0 || t.imethods.len == 0 {
        return word as *const TypeDesc;
    }
    // SAFETY: as the caller says.
    unsafe { (*(word as *const Itab)).ty }
}

/// Whether two stretches of memory are equal.
///
/// # Safety
/// Both must be readable.
#[inline]
pub unsafe fn memequal(a: u64, b: u64, n: u64) -> bool {
    // SAFETY: as the caller says.
    unsafe { a == b || n == 0 || libc::memcmp(a as *const _, b as *const _, n as usize) == 0 }
}

const K0: u64 = 0x9e37_79b9_7f4a_7c15;
const K1: u64 = 0xa076_1d64_78bd_642f;

/// Mixes two words: both halves of their product.
#[inline(always)]
fn mix(a: u64, b: u64) -> u64 {
    let p = a as u128 * b as u128;
    p as u64 ^ (p >> 64) as u64
}

/// Hash of a word.
#[inline(always)]
pub fn hash_word(x: u64, seed: u64) -> u64 {
    mix(x ^ K0 ^ seed, K1 ^ seed.rotate_left(32))
}

/// Hash of bytes: 16 at a time, the last ones by reads that overlap.
#[inline]
pub fn hash_bytes(b: &[u8], seed: u64) -> u64 {
    let n = b.len();
    let word = |i: usize| b[i..].first_chunk().map_or(0, |w| u64::from_le_bytes(*w));
    let half = |i: usize| b[i..].first_chunk().map_or(0, |w| u64::from(u32::from_le_bytes(*w)));
    let mut h = seed ^ K0;
    let (x, y) = match n {
        0 => (0, 0),
        1..=3 => ((b[0] as u64) << 16 | (b[n / 2] as u64) << 8 | b[n - 1] as u64, 0),
        4..=7 => (half(0), half(n - 4)),
        8..=16 => (word(0), word(n - 8)),
        _ => {
            let mut i = 0;
            while i + 16 < n {
                h = mix(word(i) ^ K1, word(i + 8) ^ h);
                i += 16;
            }
            (word(n - 16), word(n - 8))
        }
    };
    mix(K1 ^ n as u64, mix(x ^ K1, y ^ h))
}

/// Whether two strings are equal.
///
/// # Safety
/// Both must be valid.
#[inline(always)]
pub unsafe fn str_equal(a: Str, b: Str) -> bool {
    // SAFETY: as the caller says.
    unsafe {
        if a.len != b.len {
            return false;
        }
        if a.ptr == b.ptr {
            return true;
        }
        if a.len > 16 {
            return memequal(a.ptr as u64, b.ptr as u64, a.len as u64);
        }
        let word = |s: Str, i: usize| (s.ptr.add(i) as *const u64).read_unaligned();
        let half = |s: Str, i: usize| (s.ptr.add(i) as *const u32).read_unaligned();
        match a.len {
            8.. => word(a, 0) == word(b, 0) && word(a, a.len - 8) == word(b, a.len - 8),
            4.. => half(a, 0) == half(b, 0) && half(a, a.len - 4) == half(b, a.len - 4),
            _ => a.bytes() == b.bytes(),
        }
    }
}

/// The first dynamic type inside the value of type `ty` at `p` that has no equality, and so no hash.
///
/// # Safety
/// `p` must hold a valid value.
pub unsafe fn unhashable(ty: *const TypeDesc, p: u64) -> Option<*const TypeDesc> {
    // SAFETY: as the caller says.
    unsafe {
        let t = &*ty;
        match t.kind {
            kind::INTERFACE => {
                let word = *(p as *const u64);
                let data = p + 8;
                let d = dynamic_type(t, word);
                let dynamic = d.as_ref()?;
                if dynamic.flags & flag::COMPARABLE == 0 {
                    return Some(d);
                }
                let direct = dynamic.flags & flag::DIRECT_IFACE != 0;
                unhashable(d, if direct { data } else { *(data as *const u64) })
            }
            kind::ARRAY => {
                let size = (*t.elem).size;
                (0..t.len).find_map(|i| unhashable(t.elem, p + i * size))
            }
            kind::STRUCT => {
                let mut fields = t.fields.get().iter().filter(|f| f.name.bytes() != b"_");
                fields.find_map(|f| unhashable(f.ty, p + f.offset))
            }
            _ => None,
        }
    }
}

/// Hash of the value of type `ty` at `p`. Panics where a dynamic type inside has no equality.
///
/// # Safety
/// `p` must hold a valid value.
pub unsafe fn typehash(ty: *const TypeDesc, p: u64, seed: u64) -> u64 {
    // SAFETY: as the caller says.
    unsafe {
        let t = &*ty;
        if t.flags & flag::REGULAR_MEMORY != 0 {
            return match t.size {
                8 => hash_word(*(p as *const u64), seed),
                4 => hash_word(*(p as *const u32) as u64, seed),
                n => hash_bytes(std::slice::from_raw_parts(p as *const u8, n as usize), seed),
            };
        }
        match t.kind {
            kind::FLOAT32 => hash_float(*(p as *const f32) as f64, seed),
            kind::FLOAT64 => hash_float(*(p as *const f64), seed),
            kind::COMPLEX64 => {
                let [re, im] = *(p as *const [f32; 2]);
                hash_float(im as f64, hash_float(re as f64, seed))
            }
            kind::COMPLEX128 => {
                let [re, im] = *(p as *const [f64; 2]);
                hash_float(im, hash_float(re, seed))
            }
            kind::STRING => hash_bytes((*(p as *const Str)).bytes(), seed),
            kind::INTERFACE => {
                let [word, data] = *(p as *const [u64; 2]);
                let Some(d) = dynamic_type(t, word).as_ref() else { return hash_word(0, seed) };
                if d.flags & flag::COMPARABLE == 0 {
                    panic_error_text(&format!("hash of unhashable type {}", type_name(d)));
                }
                if d.flags & flag::DIRECT_IFACE != 0 { hash_word(data, seed) } else { typehash(d, data, seed) }
            }
            kind::ARRAY => {
                let size = (*t.elem).size;
                (0..t.len).fold(seed, |h, i| typehash(t.elem, p + i * size, h))
            }
            kind::STRUCT => {
                let fields = t.fields.get().iter().filter(|f| f.name.bytes() != b"_");
                fields.fold(seed, |h, f| typehash(f.ty, p + f.offset, h))
            }
            kind::SLICE | kind::MAP | kind::FUNC => {
                panic_error_text(&format!("hash of unhashable type {}", type_name(t)))
            }
            _ => hash_bytes(std::slice::from_raw_parts(p as *const u8, t.size as usize), seed),
        }
    }
}

fn hash_float(v: f64, seed: u64) -> u64 {
    if v == 0.0 {
        // Both zeros are equal.
        hash_word(0, seed)
    } else if v.is_nan() {
        // Never found again anyway: spread them.
        hash_word(fastrand(), seed)
    } else {
        hash_word(v.to_bits(), seed)
    }
}
