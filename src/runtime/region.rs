//! Address space for large stacks, so that they grow in place.
//!
//! ```text
//!   slot n                                           slot n + 1
//!   |  never touched          lo |  stack      | hi = |        …
//!   |<------------------- REGION_SIZE ------------------>|
//! ```
//!
//! One reservation is cut into slots of 1 GiB. A stack ends where its slot ends; growing it means that a lower
//! part of the slot becomes usable: nothing is copied, nothing relocated. The system gives memory for pages
//! that are touched only, in huge pages where it has them, which is why the smallest size here is one of those.
//!
//! A slot that is given back keeps its memory for the next stack, up to [`WARM`] bytes in all, until a collection.

use super::malloc::mheap::mheap;
use super::sys::mem;
use parking_lot::Mutex;
use std::sync::OnceLock;
use std::sync::atomic::Ordering::*;

/// Bytes of a slot: no stack grows larger in place.
pub const REGION_SIZE: u64 = 1 << 30;
/// Stacks from this size on lie in slots: a huge page.
pub const REGION_MIN: u64 = 2 << 20;
/// Bytes of free slots' memory that are kept.
const WARM: u64 = 128 << 20;
/// Address space to ask for first: 16 TiB of 128.
const RESERVE: u64 = 1 << 44;

#[derive(Debug)]
struct Regions {
    base: u64,
    n_slots: u64,
    /// Slots from here on were never used.
    next: u64,
    /// Free ones, the last freed last.
    free: Vec<u64>,
    /// Per slot that was ever used: bytes below its end that may have memory.
    touched: Vec<u64>,
    /// Sum of `touched` over free slots.
    warm: u64,
}

static REGIONS: Mutex<Option<Regions>> = Mutex::new(None);
/// Bounds of the reservation.
static BOUNDS: OnceLock<(u64, u64)> = OnceLock::new();

fn reserve() -> Regions {
    let mut len = RESERVE;
    while len >= REGION_SIZE {
        if let Some(raw) = mem::try_reserve((len + REGION_SIZE) as usize) {
            let base = raw.next_multiple_of(REGION_SIZE);
            mem::advise_huge(base, len as usize);
            let _ = BOUNDS.set((base, base + len));
            return Regions {
                base,
                n_slots: len / REGION_SIZE,
                next: 0,
                free: Vec::new(),
                touched: Vec::new(),
                warm: 0,
            };
        }
        len /= 2;
    }
    Regions { base: 0, n_slots: 0, next: 0, free: Vec::new(), touched: Vec::new(), warm: 0 }
}

/// Whether `addr` lies in the reservation.
pub fn contains(addr: u64) -> bool {
    BOUNDS.get().is_some_and(|&(lo, hi)| addr >= lo && addr < hi)
}

/// The end of a slot for a stack of `size` bytes. `None`: there is none.
pub fn alloc(size: u64) -> Option<u64> {
    let mut r = REGIONS.lock();
    let r = r.get_or_insert_with(reserve);
    if !(REGION_MIN..=REGION_SIZE).contains(&size) {
        return None;
    }
    let slot = match r.free.pop() {
        Some(s) => {
            r.warm -= r.touched[s as usize];
            s
        }
        None if r.next < r.n_slots => {
            r.touched.push(0);
            r.next += 1;
            r.next - 1
        }
        None => return None,
    };
    let t = &mut r.touched[slot as usize];
    *t = (*t).max(size);
    mheap().stack_in_use.fetch_add(size, Relaxed);
    Some(r.base + (slot + 1) * REGION_SIZE)
}

/// The stack that ends at `hi` has `new` bytes instead of `old` from now on.
///
/// # Safety
/// Nothing may be in use below `hi - new`.
pub unsafe fn resize(hi: u64, old: u64, new: u64) {
    let mut r = REGIONS.lock();
    let Some(r) = &mut *r else { return };
    let t = &mut r.touched[((hi - r.base) / REGION_SIZE - 1) as usize];
    if new > old {
        *t = (*t).max(new);
        mheap().stack_in_use.fetch_add(new - old, Relaxed);
    } else {
        // SAFETY: as the caller says.
        unsafe { mem::discard(hi - *t, (*t - new) as usize) };
        *t = new;
        mheap().stack_in_use.fetch_sub(old - new, Relaxed);
    }
}

/// Gives the slot of a stack back.
///
/// # Safety
/// Nobody uses it any more.
pub unsafe fn free(hi: u64, size: u64) {
    let mut r = REGIONS.lock();
    let Some(r) = &mut *r else { return };
    let slot = (hi - r.base) / REGION_SIZE - 1;
    let t = &mut r.touched[slot as usize];
    let keep = WARM.saturating_sub(r.warm).min(*t);
    if keep < *t {
        // SAFETY: as the caller says.
        unsafe { mem::discard(hi - *t, (*t - keep) as usize) };
        *t = keep;
    }
    r.warm += keep;
    r.free.push(slot);
    mheap().stack_in_use.fetch_sub(size, Relaxed);
}

/// Gives the memory of free slots back to the system.
pub fn release() {
    let mut r = REGIONS.lock();
    let Some(r) = &mut *r else { return };
    r.warm = 0;
    for &slot in &r.free {
        let t = std::mem::take(&mut r.touched[slot as usize]);
        // SAFETY: nobody uses the slot.
        unsafe { mem::discard(r.base + (slot + 1) * REGION_SIZE - t, t as usize) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_disjoint_and_reused() {
        let (a, b) = (alloc(REGION_MIN), alloc(REGION_SIZE));
        let (Some(a), Some(b)) = (a, b) else { panic!("no address space") };
        assert!(a.abs_diff(b) >= REGION_SIZE && contains(a - 1) && contains(b - REGION_SIZE));
        // SAFETY: the slots are ours.
        unsafe {
            *((b - REGION_SIZE) as *mut u64) = 7;
            resize(a, REGION_MIN, 2 * REGION_MIN);
            *((a - 2 * REGION_MIN) as *mut u64) = 8;
            resize(a, 2 * REGION_MIN, REGION_MIN);
            assert_eq!(*((a - 2 * REGION_MIN) as *mut u64), 0);
            free(b, REGION_SIZE);
            let again = alloc(REGION_MIN);
            assert_eq!(again, Some(b));
            free(b, REGION_MIN);
            free(a, REGION_MIN);
        }
        release();
        assert_eq!(alloc(REGION_SIZE + 1), None);
    }
}
