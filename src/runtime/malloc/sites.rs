//! Counts of allocations per site, kept when asked for (`MGODEBUG=allocsites=1`): they prove that what is
//! reported to stay on the stack is not allocated.

use crate::runtime::PlacesHook;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::*};

/// Sites beyond this number share the last count.
const N_SITES: usize = 1 << 26;

/// The highest site that allocated.
static LAST: AtomicUsize = AtomicUsize::new(0);

static ON: AtomicBool = AtomicBool::new(false);
static COUNTS: std::sync::OnceLock<usize> = std::sync::OnceLock::new();

static PLACES: std::sync::OnceLock<PlacesHook> = std::sync::OnceLock::new();

/// Starts counting; `places` names the sites in the end.
pub fn enable(places: Option<PlacesHook>) {
    if let Some(hook) = places {
        let _ = PLACES.set(hook);
    }
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
        let site = (site as usize).min(N_SITES - 1);
        table()[site].fetch_add(1, Relaxed);
        LAST.fetch_max(site, Relaxed);
    }
}

/// All sites that allocated: (site, number).
fn counts() -> Vec<(u64, u64)> {
    let used = table().iter().take(LAST.load(Relaxed) + 1);
    used.enumerate().map(|(i, n)| (i as u64, n.load(Relaxed))).filter(|&(_, n)| n != 0).collect()
}

/// All places that allocated, and how often. Several sites may be at one place: those of a function that was
/// inlined there.
pub fn places() -> Vec<(String, u64)> {
    let counts = counts();
    let sites: Vec<u64> = counts.iter().map(|c| c.0).collect();
    let places = PLACES.get().and_then(|hook| hook(&sites));
    let places = places.unwrap_or_else(|| sites.iter().map(u64::to_string).collect());
    let mut out = BTreeMap::new();
    for (place, (_, n)) in places.into_iter().zip(counts) {
        *out.entry(place).or_insert(0) += n;
    }
    out.into_iter().collect()
}
