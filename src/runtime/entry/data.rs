//! Entry points on values: allocation, memory, strings, slices, interfaces, maps.

use crate::abi::typedesc::{Str, TypeDesc};
use crate::runtime::debug::debug;
use crate::runtime::errors::Pair;
use crate::runtime::g::getg;
use crate::runtime::gc;
use crate::runtime::malloc::{mallocgc, sites};
use crate::runtime::map::{Iter, Map};
use crate::runtime::string::{buf_or_new, count_runes, decode, encode, rawmem};
use crate::runtime::{iface, map, slice};

type Ty = *const TypeDesc;

/// Bytes of the buffers that callers may pass for strings, and runes of those for rune slices.
const BUF: usize = 32;

/// # Safety
/// The words must be a valid string or byte slice.
unsafe fn bytes<'a>(p: u64, n: u64) -> &'a [u8] {
    // SAFETY: as the caller says.
    unsafe { Str { ptr: p as *const u8, len: n as usize }.bytes() }
}

pub extern "C" fn newobject(ty: Ty, site: u64) -> u64 {
    sites::count(site);
    // SAFETY: `ty` is a descriptor.
    unsafe { mallocgc((*ty).size, ty) }
}

pub extern "C" fn newarray(ty: Ty, n: u64, site: u64) -> u64 {
    sites::count(site);
    // SAFETY: `ty` is a descriptor; the caller checked `n`.
    unsafe { mallocgc((*ty).size * n, ty) }
}

pub extern "C" fn makeslice(ty: Ty, len: i64, cap: i64, site: u64) -> u64 {
    sites::count(site);
    // SAFETY: `ty` is a descriptor.
    unsafe { slice::makeslice(ty, len, cap) }
}

pub extern "C" fn growslice(old: u64, new_len: i64, old_cap: i64, num: i64, ty: Ty) -> Pair {
    if debug().gcstress {
        // Its stub keeps all registers: it has no place for the common one's call.
        gc::stress();
    }
    // SAFETY: the words are a valid slice.
    let (p, cap) = unsafe { slice::growslice(old, new_len, old_cap, num, ty) };
    Pair(p, cap as u64)
}

pub extern "C" fn moveSlice(old: u64, cap: i64, ty: Ty) -> u64 {
    // SAFETY: the words are a valid slice of `ty`.
    unsafe { slice::move_slice(old, cap, cap, ty) }
}

pub extern "C" fn moveSliceNoCap(old: u64, len: i64, ty: Ty) -> Pair {
    // SAFETY: as above.
    let (p, cap) = unsafe { slice::move_slice_nocap(old, len, ty) };
    Pair(p, cap as u64)
}

/// Values below 256 need no object of their own.
static SMALL_INTS: [u64; 256] = {
    let mut t = [0; 256];
    let mut i = 0;
    while i < 256 {
        t[i] = i as u64;
        i += 1;
    }
    t
};

fn conv(v: u64, size: u64) -> u64 {
    if v < 256 {
        return &raw const SMALL_INTS[v as usize] as u64;
    }
    // SAFETY: the object is new and large enough.
    unsafe {
        let p = mallocgc(size, std::ptr::null());
        match size {
            8 => *(p as *mut u64) = v,
            4 => *(p as *mut u32) = v as u32,
            _ => *(p as *mut u16) = v as u16,
        }
        p
    }
}

pub extern "C" fn convT64(v: u64) -> u64 {
    conv(v, 8)
}

pub extern "C" fn convT32(v: u64) -> u64 {
    conv(v & 0xffff_ffff, 4)
}

pub extern "C" fn convT16(v: u64) -> u64 {
    conv(v & 0xffff, 2)
}

static STRING_TYPE: std::sync::LazyLock<Boxed> = std::sync::LazyLock::new(|| Boxed(plain(16)));
static SLICE_TYPE: std::sync::LazyLock<Boxed> = std::sync::LazyLock::new(|| Boxed(plain(24)));
static FIRST_WORD: u8 = 1;

struct Boxed(TypeDesc);
// SAFETY: descriptors are only read.
unsafe impl Send for Boxed {}
// SAFETY: as above.
unsafe impl Sync for Boxed {}

fn plain(size: u64) -> TypeDesc {
    crate::runtime::chan::plain_type(size, 8, &FIRST_WORD)
}

/// What interfaces hold of zero strings and slices.
static ZERO_VALUE: [u64; 3] = [0; 3];

pub extern "C" fn convTstring(p: u64, n: u64) -> u64 {
    if n == 0 {
        return ZERO_VALUE.as_ptr() as u64;
    }
    // SAFETY: the object is new and large enough.
    unsafe {
        let o = mallocgc(16, &STRING_TYPE.0);
        *(o as *mut [u64; 2]) = [p, n];
        o
    }
}

pub extern "C" fn convTslice(p: u64, n: u64, cap: u64) -> u64 {
    if p == 0 {
        return ZERO_VALUE.as_ptr() as u64;
    }
    // SAFETY: the object is new and large enough.
    unsafe {
        let o = mallocgc(24, &SLICE_TYPE.0);
        *(o as *mut [u64; 3]) = [p, n, cap];
        o
    }
}

pub extern "C" fn memmove(dst: u64, src: u64, n: u64) {
    // SAFETY: generated code names memory of its own.
    unsafe { std::ptr::copy(src as *const u8, dst as *mut u8, n as usize) };
}

pub extern "C" fn memclr(p: u64, n: u64) {
    // SAFETY: generated code names memory of its own.
    unsafe { std::ptr::write_bytes(p as *mut u8, 0, n as usize) };
}

pub extern "C" fn memequal(a: u64, b: u64, n: u64) -> u64 {
    // SAFETY: generated code names memory of its own.
    unsafe { iface::memequal(a, b, n) as u64 }
}

pub extern "C" fn concatstrings(buf: *mut u8, list: *const Str, n: u64) -> Pair {
    // SAFETY: the list holds n valid strings; the result has room for all of them.
    unsafe {
        let list = std::slice::from_raw_parts(list, n as usize);
        let mut total = 0usize;
        let mut used = 0;
        let mut last = Str::EMPTY;
        for s in list {
            if s.len != 0 {
                used += 1;
                last = *s;
                total = match total.checked_add(s.len) {
                    Some(t) => t,
                    None => crate::runtime::panic::throw("string concatenation too long"),
                };
            }
        }
        if used == 0 {
            return Pair(0, 0);
        }
        let g = &*getg();
        if used == 1 && (!buf.is_null() || !g.on_stack(last.ptr as u64)) {
            // One string, which does not die with this frame before the result does.
            return Pair(last.ptr as u64, last.len as u64);
        }
        let p = buf_or_new(buf, BUF, total);
        let mut at = p;
        for s in list {
            std::ptr::copy_nonoverlapping(s.ptr, at, s.len);
            at = at.add(s.len);
        }
        Pair(p as u64, total as u64)
    }
}

pub extern "C" fn cmpstring(ap: u64, an: u64, bp: u64, bn: u64) -> i64 {
    // SAFETY: the words are valid strings.
    unsafe { bytes(ap, an).cmp(bytes(bp, bn)) as i64 }
}

fn copied(buf: *mut u8, p: u64, n: u64) -> *mut u8 {
    let to = buf_or_new(buf, BUF, n as usize);
    // SAFETY: both places have n bytes.
    unsafe { std::ptr::copy_nonoverlapping(p as *const u8, to, n as usize) };
    to
}

pub extern "C" fn slicebytetostring(buf: *mut u8, p: u64, n: u64) -> Pair {
    match n {
        0 => Pair(0, 0),
        // SAFETY: the words are a valid byte slice. One byte is the first of such a number, little endian.
        1 => Pair(&raw const SMALL_INTS[unsafe { *(p as *const u8) } as usize] as u64, 1),
        _ => Pair(copied(buf, p, n) as u64, n),
    }
}

pub extern "C" fn stringtoslicebyte(buf: *mut u8, p: u64, n: u64) -> Pair {
    if !buf.is_null() && n as usize <= BUF {
        // SAFETY: the buffer has 32 bytes; what is beyond the length must be zero.
        unsafe { std::ptr::write_bytes(buf, 0, BUF) };
        return Pair(copied(buf, p, n) as u64, BUF as u64);
    }
    let cap = crate::runtime::malloc::sizeclass::roundupsize(n, true);
    let to = rawmem(cap as usize);
    // SAFETY: the object is new and large enough.
    unsafe { std::ptr::copy_nonoverlapping(p as *const u8, to, n as usize) };
    Pair(to as u64, cap)
}

pub extern "C" fn stringtoslicerune(buf: *mut u32, p: u64, n: u64) -> Pair {
    // SAFETY: the words are a valid string; the result has room for its runes.
    unsafe {
        let mut s = bytes(p, n);
        let count = count_runes(s);
        let (to, cap) = if !buf.is_null() && count <= BUF {
            std::ptr::write_bytes(buf, 0, BUF);
            (buf, BUF)
        } else {
            let size = crate::runtime::malloc::sizeclass::roundupsize(count as u64 * 4, true) as usize;
            (rawmem(size) as *mut u32, size / 4)
        };
        let mut i = 0;
        while !s.is_empty() {
            let (r, len) = decode(s);
            *to.add(i) = r;
            i += 1;
            s = &s[len..];
        }
        (*getg()).h.ret2 = cap as u64;
        Pair(to as u64, count as u64)
    }
}

pub extern "C" fn slicerunetostring(buf: *mut u8, p: u64, n: u64) -> Pair {
    // SAFETY: the words are a valid slice of runes; the result has room for their encodings.
    unsafe {
        let runes = if n == 0 { &[][..] } else { std::slice::from_raw_parts(p as *const i32, n as usize) };
        let mut b = [0; 4];
        let total: usize = runes.iter().map(|&r| encode(r as i64, &mut b)).sum();
        if total == 0 {
            return Pair(0, 0);
        }
        let to = buf_or_new(buf, BUF, total);
        let mut at = to;
        for &r in runes {
            let len = encode(r as i64, &mut b);
            std::ptr::copy_nonoverlapping(b.as_ptr(), at, len);
            at = at.add(len);
        }
        Pair(to as u64, total as u64)
    }
}

pub extern "C" fn intstring(buf: *mut u8, r: i64) -> Pair {
    let mut b = [0; 4];
    let len = encode(r, &mut b);
    let to = buf_or_new(buf, 4, len);
    // SAFETY: the place has room for `len` bytes.
    unsafe { std::ptr::copy_nonoverlapping(b.as_ptr(), to, len) };
    Pair(to as u64, len as u64)
}

pub extern "C" fn decoderune(p: u64, n: u64, i: u64) -> Pair {
    // SAFETY: the words are a valid string, and i < n.
    let (r, len) = decode(unsafe { &bytes(p, n)[i as usize..] });
    Pair(r as u64, i + len as u64)
}

pub extern "C" fn countrunes(p: u64, n: u64) -> u64 {
    // SAFETY: the words are a valid string.
    count_runes(unsafe { bytes(p, n) }) as u64
}

pub extern "C" fn efaceeq(ty: Ty, a: u64, b: u64) -> u64 {
    // SAFETY: both data words belong to the type.
    unsafe { iface::efaceeq(ty, a, b) as u64 }
}

pub extern "C" fn ifaceeq(tab: *const crate::abi::typedesc::Itab, a: u64, b: u64) -> u64 {
    // SAFETY: both data words belong to the itab's type.
    unsafe { tab.as_ref().is_none_or(|t| iface::efaceeq(t.ty, a, b)) as u64 }
}

pub extern "C" fn typeequal(ty: Ty, a: u64, b: u64) -> u64 {
    // SAFETY: both are values of the type.
    unsafe { iface::typeequal(ty, a, b) as u64 }
}

pub extern "C" fn assertE2I(inter: Ty, ty: Ty) -> u64 {
    // SAFETY: both are descriptors or null.
    unsafe { iface::assert_e2i(inter, ty) }
}

pub extern "C" fn assertE2I2(inter: Ty, ty: Ty) -> u64 {
    // SAFETY: both are descriptors or null.
    unsafe { if ty.is_null() { 0 } else { iface::getitab(inter, ty) } }
}

pub extern "C" fn makemap(ty: Ty, hint: i64) -> u64 {
    // SAFETY: `ty` is a map type.
    unsafe { map::makemap(ty, hint) }
}

pub extern "C" fn makemapin(ty: Ty, hint: i64, header: *mut Map, group: u64) -> u64 {
    // SAFETY: `ty` is a map type, and the frame has room for both.
    unsafe { map::makemap_in(ty, hint, header, group) }
}

pub extern "C" fn mapaccess(ty: Ty, m: *mut Map, key: u64) -> Pair {
    // SAFETY: map and key belong to the type.
    let (e, ok) = unsafe { map::mapaccess(ty, m, key) };
    Pair(e, ok as u64)
}

pub extern "C" fn mapassign(ty: Ty, m: *mut Map, key: u64) -> u64 {
    // SAFETY: map and key belong to the type.
    unsafe { map::mapassign(ty, m, key) }
}

pub extern "C" fn mapdelete(ty: Ty, m: *mut Map, key: u64) {
    // SAFETY: map and key belong to the type.
    unsafe { map::mapdelete(ty, m, key) }
}

pub extern "C" fn mapclear(_ty: Ty, m: *mut Map) {
    // SAFETY: a map or null.
    unsafe { map::mapclear(m) }
}

pub extern "C" fn maplen(m: *const Map) -> u64 {
    // SAFETY: a map or null.
    unsafe { m.as_ref().map_or(0, |m| m.count) }
}

pub extern "C" fn mapiterinit(ty: Ty, m: *mut Map, it: *mut Iter) {
    // SAFETY: the map belongs to the type; the iterator is zeroed.
    unsafe { map::mapiterinit(ty, m, it) }
}

pub extern "C" fn mapiternext(it: *mut Iter) {
    // SAFETY: the iterator was positioned.
    unsafe { map::mapiternext(it) }
}

pub extern "C" fn fma(x: f64, y: f64, z: f64) -> f64 {
    x.mul_add(y, z)
}

/// A complex number in two float registers.
#[repr(C)]
pub struct Complex(f64, f64);

pub extern "C" fn complex128div(nr: f64, ni: f64, mr: f64, mi: f64) -> Complex {
    // Smith's method: scale by the larger part of the divisor.
    let (e, f) = if mr.abs() >= mi.abs() {
        let ratio = mi / mr;
        let denom = mr + ratio * mi;
        ((nr + ni * ratio) / denom, (ni - nr * ratio) / denom)
    } else {
        let ratio = mr / mi;
        let denom = mi + ratio * mr;
        ((nr * ratio + ni) / denom, (ni * ratio - nr) / denom)
    };
    if !(e.is_nan() && f.is_nan()) {
        return Complex(e, f);
    }
    // Infinities and zeros that the method turned into NaNs (C99, annex G.5.1).
    let unit = |v: f64| f64::copysign(if v.is_infinite() { 1.0 } else { 0.0 }, v);
    let inf = f64::INFINITY;
    if mr == 0.0 && mi == 0.0 && (!nr.is_nan() || !ni.is_nan()) {
        return Complex(inf.copysign(mr) * nr, inf.copysign(mr) * ni);
    }
    if (nr.is_infinite() || ni.is_infinite()) && mr.is_finite() && mi.is_finite() {
        let (a, b) = (unit(nr), unit(ni));
        return Complex(inf * (a * mr + b * mi), inf * (b * mr - a * mi));
    }
    if (mr.is_infinite() || mi.is_infinite()) && nr.is_finite() && ni.is_finite() {
        let (c, d) = (unit(mr), unit(mi));
        return Complex(0.0 * (nr * c + ni * d), 0.0 * (ni * c - nr * d));
    }
    Complex(e, f)
}
