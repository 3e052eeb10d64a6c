//! Counts of allocations per site, kept when asked for (`MGODEBUG=allocsites=1`): they prove that what is
//! reported to stay on the stack is not allocated. With `allocsites=2` all allocations are counted, also those of
//! `append`, strings, maps and conversions, by the calls that led there.

use crate::runtime::g::getg;
use crate::runtime::{PlacesHook, code};
use parking_lot::Mutex;
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

/// Calls that an allocation is counted by.
const N_CALLS: usize = 6;

/// The innermost call first.
type Calls = [u64; N_CALLS];

static BY_CALLS: Mutex<BTreeMap<Calls, u64>> = Mutex::new(BTreeMap::new());

/// Counts one allocation by the calls of the running goroutine.
#[cold]
#[inline(never)]
pub fn count_calls() {
    let mut calls = Calls::default();
    // SAFETY: a goroutine in the runtime has saved where it is, and its frames are linked by their saved rbp
    // up to its stack's end; no frame is read outside the stack.
    unsafe {
        let g = &*getg();
        let inside = |at: u64| at >= g.h.stack_lo && at + 16 <= g.h.stack_hi;
        let (mut sp, mut fp) = (g.h.sched_sp, g.h.sched_fp);
        for call in &mut calls {
            if !inside(sp) {
                break;
            }
            *call = *(sp as *const u64);
            if !inside(fp) {
                break;
            }
            (sp, fp) = (fp + 8, *(fp as *const u64));
        }
    }
    *BY_CALLS.lock().entry(calls).or_insert(0) += 1;
}

/// All calls that allocated, as text, and how often.
pub fn calls() -> Vec<(String, u64)> {
    let mut out = BTreeMap::new();
    for (calls, n) in BY_CALLS.lock().iter() {
        let mut text = String::new();
        for &pc in calls {
            let Some(f) = code::find(pc) else { break };
            for l in code::locations(f, (pc - f.entry) as u32 - 1) {
                text.push_str(&format!(" {}:{}", l.func, l.line));
            }
        }
        *out.entry(text).or_insert(0) += n;
    }
    out.into_iter().collect()
}
