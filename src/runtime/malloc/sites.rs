//! Counts of allocations per site, kept when asked for (`MGODEBUG=allocsites=1`): they prove that what is
//! reported to stay on the stack is not allocated.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::*};

/// Sites beyond this number share the last count.
const N_SITES: usize = 1 << 20;

static ON: AtomicBool = AtomicBool::new(false);
static COUNTS: std::sync::OnceLock<usize> = std::sync::OnceLock::new();

/// Starts counting.
pub fn enable() {
    COUNTS.get_or_init(|| crate::runtime::sys::mem::map_table::<AtomicU64>(N_SITES) as usize);
    ON.store(true, Release);
}

fn table() -> &'static [AtomicU64] {
    match COUNTS.get() {
        // SAFETY: the table has N_SITES zeroed counters and is never unmapped.
        Some(&p) => unsafe { std::slice::from_raw_parts(p as *const AtomicU64, N_SITES) },
        None => &[],
    }
}

/// Counts one allocation.
#[inline(always)]
pub fn count(site: u64) {
    if ON.load(Relaxed) {
        table()[(site as usize).min(N_SITES - 1)].fetch_add(1, Relaxed);
    }
}

/// All sites that allocated: (site, number).
pub fn counts() -> Vec<(u64, u64)> {
    table().iter().enumerate().map(|(i, n)| (i as u64, n.load(Relaxed))).filter(|&(_, n)| n != 0).collect()
}
