//! Which words of the heap are pointers: one bit per word, beside the heap.
//!
//! A span's bits share no 64-bit word with another span's, so that the p that owns a span writes them without
//! a lock. Bits of spans without pointers are never read.

use super::Object;
use super::mheap::mheap;
use crate::abi::typedesc::{TypeDesc, kind};

/// Writes bits one group after another, from a heap address on.
struct Writer {
    word: *mut u64,
    bit: u32,
    acc: u64,
    mask: u64,
}

impl Writer {
    fn at(addr: u64) -> Writer {
        let h = mheap();
        let i = (addr - h.base) / 8;
        // SAFETY: the address is in the heap, so its bit is in the table.
        Writer { word: unsafe { h.bitmap.add((i / 64) as usize) }, bit: (i % 64) as u32, acc: 0, mask: 0 }
    }

    /// Appends the low `n` (at most 64) bits.
    fn put(&mut self, bits: u64, n: u32) {
        let bits = if n < 64 { bits & ((1 << n) - 1) } else { bits };
        let room = 64 - self.bit;
        self.acc |= bits.unbounded_shl(self.bit);
        self.mask |= ones(n.min(room)).unbounded_shl(self.bit);
        if n >= room {
            self.flush();
            let rest = n - room;
            self.acc = bits.unbounded_shr(room);
            self.mask = ones(rest);
            self.bit = rest;
        } else {
            self.bit += n;
        }
    }

    fn zeros(&mut self, mut n: u64) {
        while n > 0 {
            let k = n.min(64);
            self.put(0, k as u32);
            n -= k;
        }
    }

    fn flush(&mut self) {
        // SAFETY: `word` stays inside the bits of the span being written, which the caller owns.
        unsafe {
            if self.mask != 0 {
                *self.word = *self.word & !self.mask | self.acc;
            }
            self.word = self.word.add(1);
        }
        self.acc = 0;
        self.mask = 0;
        self.bit = 0;
    }
}

fn ones(n: u32) -> u64 {
    if n >= 64 { !0 } else { (1 << n) - 1 }
}

/// Calls `f(offset of a group, its bits, their number)` for the pointer words of one value.
///
/// # Safety
/// `ty` must be a descriptor.
pub unsafe fn type_bits(ty: *const TypeDesc, base: u64, f: &mut impl FnMut(u64, u64, u32)) {
    // SAFETY: descriptors and what they point at live for ever.
    unsafe {
        let t = &*ty;
        if t.ptrdata == 0 {
            return;
        }
        if t.gcdata.is_null() {
            if t.kind == kind::ARRAY {
                for i in 0..t.len {
                    type_bits(t.elem, base + i * (*t.elem).size, f);
                }
            }
            return;
        }
        let n = t.ptrdata / 8;
        let mut i = 0;
        while i < n {
            let k = (n - i).min(64);
            let mut bits = 0u64;
            for b in 0..k.div_ceil(8) {
                bits |= (*t.gcdata.add((i / 8 + b) as usize) as u64) << (b * 8);
            }
            f(base + i * 8, bits & ones(k as u32), k as u32);
            i += k;
        }
    }
}

/// Writes the bits of a new object: elements of `ty` in the first `size` bytes, none behind.
///
/// # Safety
/// The slot `[addr, addr+slot)` must be the caller's and `ty` a descriptor with pointers.
pub unsafe fn set_object(addr: u64, slot: u64, size: u64, ty: *const TypeDesc) {
    // SAFETY: as the caller says.
    unsafe {
        let t = &*ty;
        if size == t.size && slot <= 512 && !t.gcdata.is_null() {
            return set_small(addr, slot, t);
        }
        let mut w = Writer::at(addr);
        if t.size == 8 {
            let mut n = size / 8;
            while n > 0 {
                let k = n.min(64);
                w.put(!0, k as u32);
                n -= k;
            }
            w.zeros((slot - size) / 8);
        } else if t.ptrdata <= 512 && !t.gcdata.is_null() {
            let n = t.ptrdata / 8;
            let mut bits = 0u64;
            for b in 0..n.div_ceil(8) {
                bits |= (*t.gcdata.add(b as usize) as u64) << (b * 8);
            }
            let tail = (t.size - t.ptrdata) / 8;
            let mut off = 0;
            while off + t.size <= size {
                w.put(bits, n as u32);
                w.zeros(tail);
                off += t.size;
            }
            w.zeros((slot - off) / 8);
        } else {
            let mut off = 0;
            let mut done = 0;
            while off + t.size <= size {
                type_bits(ty, off, &mut |at, bits, n| {
                    w.zeros((at - done) / 8);
                    w.put(bits, n);
                    done = at + n as u64 * 8;
                });
                off += t.size;
            }
            w.zeros((slot - done) / 8);
        }
        w.flush();
    }
}

/// One value of type `t` in a slot of at most 64 words: its bits lie in one or two words of the bitmap.
#[inline]
unsafe fn set_small(addr: u64, slot: u64, t: &TypeDesc) {
    let h = mheap();
    let i = (addr - h.base) / 8;
    let (b, n) = ((i % 64) as u32, (slot / 8) as u32);
    // SAFETY: the slot is the caller's, so its bits are; the bitmap of a type has a bit per word of `ptrdata`.
    unsafe {
        let mut bits = *t.gcdata as u64;
        for k in 1..t.ptrdata.div_ceil(64) {
            bits |= (*t.gcdata.add(k as usize) as u64) << (k * 8);
        }
        bits &= ones((t.ptrdata / 8) as u32);
        let w = h.bitmap.add((i / 64) as usize);
        *w = *w & !(ones(n) << b) | bits << b;
        if b + n > 64 {
            let rest = ones(n) >> (64 - b);
            *w.add(1) = *w.add(1) & !rest | bits >> (64 - b);
        }
    }
}

/// Calls `f` with the address of each pointer word of an object.
///
/// # Safety
/// The object must be allocated.
#[inline(always)]
pub unsafe fn for_each_pointer(o: &Object, f: &mut impl FnMut(u64)) {
    // SAFETY: as the caller says.
    unsafe {
        let s = &*o.span;
        if s.spanclass & 1 != 0 {
            return;
        }
        if s.spanclass == 0 {
            let n = s.large_size / (*s.large_type).size;
            return for_each_in_array(s.large_type, o.base, n, f);
        }
        for_each_small(o, f);
    }
}

/// The same for `n` values of a type at `base`.
///
/// # Safety
/// They must be there.
pub unsafe fn for_each_in_array(ty: *const TypeDesc, base: u64, n: u64, f: &mut impl FnMut(u64)) {
    // SAFETY: as the caller says.
    unsafe {
        for i in 0..n {
            type_bits(ty, base + i * (*ty).size, &mut |at, bits, _| each_bit(at, bits, f));
        }
    }
}

/// The same for a small object with pointers.
///
/// # Safety
/// The object must be allocated.
#[inline(always)]
pub unsafe fn for_each_small(o: &Object, f: &mut impl FnMut(u64)) {
    let h = mheap();
    // SAFETY: the object is in the heap; span records live for ever.
    unsafe {
        let first = (o.base - h.base) / 8;
        let n = o.size / 8;
        let mut i = 0;
        while i < n {
            let at = first + i;
            let k = (64 - at % 64).min(n - i);
            let bits = *h.bitmap.add((at / 64) as usize) >> (at % 64) & ones(k as u32);
            each_bit(h.base + at * 8, bits, f);
            i += k;
        }
    }
}

#[inline(always)]
fn each_bit(addr: u64, mut bits: u64, f: &mut impl FnMut(u64)) {
    while bits != 0 {
        f(addr + bits.trailing_zeros() as u64 * 8);
        bits &= bits - 1;
    }
}
