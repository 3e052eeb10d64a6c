//! Slices: `make` and the growth of `append`, with Go's capacities.

use super::errors::panic_error;
use super::malloc::sizeclass::roundupsize;
use super::malloc::{MAX_ALLOC, mallocgc, zerobase};
use crate::abi::typedesc::TypeDesc;

/// Above this capacity growth slows down from doubling towards a quarter.
const THRESHOLD: i64 = 256;

/// The capacity before rounding to a size class.
pub fn nextslicecap(new_len: i64, old_cap: i64) -> i64 {
    let double = old_cap.wrapping_add(old_cap);
    if new_len > double {
        return new_len;
    }
    if old_cap < THRESHOLD {
        return double;
    }
    let mut cap = old_cap;
    loop {
        cap = cap.wrapping_add(cap.wrapping_add(3 * THRESHOLD) >> 2);
        // As unsigned numbers, so that an overflow ends the loop.
        if cap as u64 >= new_len as u64 {
            break;
        }
    }
    if cap <= 0 { new_len } else { cap }
}

/// Capacity and bytes of the grown slice; `None`: too large.
pub fn grown(new_len: i64, old_cap: i64, elem_size: u64, noscan: bool) -> Option<(i64, u64)> {
    let cap = nextslicecap(new_len, old_cap) as u64;
    let bytes = cap.checked_mul(elem_size).filter(|&b| b <= MAX_ALLOC)?;
    let cap = roundupsize(bytes, noscan) / elem_size;
    let bytes = cap * elem_size;
    (bytes <= MAX_ALLOC).then_some((cap as i64, bytes))
}

/// See [`RtFn::growslice`](crate::abi::rtfn::RtFn::growslice).
///
/// # Safety
/// The old slice must be valid and `ty` a descriptor.
pub unsafe fn growslice(old: u64, new_len: i64, old_cap: i64, num: i64, ty: *const TypeDesc) -> (u64, i64) {
    if new_len < 0 {
        panic_error("growslice: len out of range");
    }
    // SAFETY: as the caller says.
    unsafe {
        let size = (*ty).size;
        if size == 0 {
            return (zerobase(), new_len);
        }
        let noscan = (*ty).ptrdata == 0;
        let Some((cap, bytes)) = grown(new_len, old_cap, size, noscan) else {
            panic_error("growslice: len out of range");
        };
        let p = mallocgc(bytes, if noscan { std::ptr::null() } else { ty });
        let used = (new_len - num) as u64 * size;
        std::ptr::copy_nonoverlapping(old as *const u8, p as *mut u8, used as usize);
        (p, cap)
    }
}

/// A copy of the first `len` elements of a slice in memory for `cap` elements.
///
/// # Safety
/// The slice must have `len` elements and `ty` be their descriptor.
pub unsafe fn move_slice(old: u64, len: i64, cap: i64, ty: *const TypeDesc) -> u64 {
    if cap == 0 {
        return zerobase();
    }
    // SAFETY: as the caller says; what is new has room for `cap` elements.
    unsafe {
        let size = (*ty).size;
        let p = mallocgc(cap as u64 * size, if (*ty).ptrdata == 0 { std::ptr::null() } else { ty });
        std::ptr::copy_nonoverlapping(old as *const u8, p as *mut u8, (len as u64 * size) as usize);
        p
    }
}

/// The same with as much capacity as the memory for `len` elements has; that too.
///
/// # Safety
/// As [`move_slice`].
pub unsafe fn move_slice_nocap(old: u64, len: i64, ty: *const TypeDesc) -> (u64, i64) {
    // SAFETY: as the caller says.
    let (size, noscan) = unsafe { ((*ty).size, (*ty).ptrdata == 0) };
    let cap = if len == 0 { 0 } else { (roundupsize(len as u64 * size, noscan) / size) as i64 };
    // SAFETY: as the caller says.
    (unsafe { move_slice(old, len, cap, ty) }, cap)
}

/// See [`RtFn::makeslice`](crate::abi::rtfn::RtFn::makeslice).
///
/// # Safety
/// `ty` must be a descriptor.
pub unsafe fn makeslice(ty: *const TypeDesc, len: i64, cap: i64) -> u64 {
    // SAFETY: as the caller says.
    unsafe {
        let size = (*ty).size;
        let fits = |n: i64| n >= 0 && (n as u64).checked_mul(size).is_some_and(|b| b <= MAX_ALLOC);
        if !fits(cap) || len < 0 || len > cap {
            // A bad length is the more likely mistake: `make([]T, n)` passes it as both.
            if !fits(len) {
                panic_error("makeslice: len out of range");
            }
            panic_error("makeslice: cap out of range");
        }
        mallocgc(cap as u64 * size, ty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capacities_as_in_go() {
        // Appending one int at a time.
        let mut caps = vec![];
        let mut cap = 0;
        for n in 1..=2000 {
            if n > cap {
                cap = grown(n, cap, 8, true).map_or(0, |c| c.0);
                caps.push(cap);
            }
        }
        assert_eq!(caps, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792, 2560]);
        // Bytes, strings and a pointer-holding struct of 40 bytes.
        assert_eq!(grown(5, 0, 1, true).map(|c| c.0), Some(8));
        assert_eq!(grown(33, 32, 1, true).map(|c| c.0), Some(64));
        assert_eq!(grown(3, 2, 16, false).map(|c| c.0), Some(4));
        assert_eq!(grown(17, 16, 40, false).map(|c| c.0), Some(35));
        assert_eq!(grown(i64::MAX, 0, 8, true), None);
    }
}
