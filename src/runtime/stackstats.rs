//! What stacks cost, counted: for `mgo stacks` and for curiosity.
//!
//! Each p counts for itself. Sizes in use and call sites of hot splits are counted only if a report is wanted
//! ([`Config::stack_report`](super::Config)): they would slow down what they measure.

use super::code;
use super::natives::time::nanotime;
use super::traceback::func_name_for_print;
use rustc_hash::FxHashMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::*};

/// Counts of one p.
#[derive(Debug, Default, Clone)]
pub struct StackStats {
    /// Stacks that became larger.
    pub growths: u64,
    /// Those of them that did not move.
    pub growths_in_place: u64,
    /// Stacks that became smaller.
    pub shrinks: u64,
    /// Of the used parts of stacks that moved, and of arguments that were copied to segments.
    pub bytes_copied: u64,
    pub frames_adjusted: u64,
    pub pointers_adjusted: u64,
    pub segments_allocated: u64,
    pub segments_freed: u64,
    /// Segments allocated by the call for which the goroutine had just freed one.
    pub hot_splits: u64,
    /// Hot splits by return address.
    sites: FxHashMap<u64, u64>,
}

static REPORT: OnceLock<PathBuf> = OnceLock::new();
static START: AtomicI64 = AtomicI64::new(0);
static IN_USE: AtomicU64 = AtomicU64::new(0);
static PEAK: AtomicU64 = AtomicU64::new(0);

/// Has a report written to this file when the program ends.
pub fn enable(path: PathBuf) {
    let _ = REPORT.set(path);
}

/// The program begins.
pub fn begin() {
    START.store(nanotime(), Relaxed);
}

/// A stack or segment was taken.
#[inline]
pub fn taken(bytes: u64) {
    if REPORT.get().is_some() {
        PEAK.fetch_max(IN_USE.fetch_add(bytes, Relaxed) + bytes, Relaxed);
    }
}

/// A stack or segment was given back.
#[inline]
pub fn given_back(bytes: u64) {
    if REPORT.get().is_some() {
        IN_USE.fetch_sub(bytes, Relaxed);
    }
}

/// Counts a hot split at the call that returns to `ret`.
#[inline]
pub fn hot_split(s: &mut StackStats, ret: u64) {
    if REPORT.get().is_some() {
        *s.sites.entry(ret).or_default() += 1;
    }
}

impl StackStats {
    fn add(&mut self, o: &StackStats) {
        self.growths += o.growths;
        self.growths_in_place += o.growths_in_place;
        self.shrinks += o.shrinks;
        self.bytes_copied += o.bytes_copied;
        self.frames_adjusted += o.frames_adjusted;
        self.pointers_adjusted += o.pointers_adjusted;
        self.segments_allocated += o.segments_allocated;
        self.segments_freed += o.segments_freed;
        self.hot_splits += o.hot_splits;
        for (&pc, &n) in &o.sites {
            *self.sites.entry(pc).or_default() += n;
        }
    }
}

/// Sums over all ps.
pub fn total() -> StackStats {
    let mut t = StackStats::default();
    super::p::for_each_p(|p| {
        // SAFETY: ps are never freed; counts of running ps may be a little old.
        t.add(unsafe { &(*p).stackstats });
    });
    t
}

/// Where the call that returns to `pc` stands.
fn site(pc: u64) -> String {
    let Some(f) = code::find(pc) else { return String::from("the runtime") };
    match code::locations(f, (pc - f.entry).saturating_sub(1) as u32).first() {
        Some(l) => format!("{} {}:{}", func_name_for_print(&l.func), l.file, l.line),
        None => f.name.clone(),
    }
}

/// Writes the report, if one is wanted: `name value` lines. The program ends.
pub fn finish() {
    let Some(path) = REPORT.get() else { return };
    let time = nanotime() - START.load(Relaxed);
    let t = total();
    let mut s = String::new();
    for (name, value) in [
        ("growths", t.growths),
        ("growths_in_place", t.growths_in_place),
        ("shrinks", t.shrinks),
        ("bytes_copied", t.bytes_copied),
        ("frames_adjusted", t.frames_adjusted),
        ("pointers_adjusted", t.pointers_adjusted),
        ("segments_allocated", t.segments_allocated),
        ("segments_freed", t.segments_freed),
        ("hot_splits", t.hot_splits),
        ("peak_bytes", PEAK.load(Relaxed)),
        ("final_bytes", IN_USE.load(Relaxed)),
        ("time_ns", time as u64),
    ] {
        s.push_str(&format!("{name} {value}\n"));
    }
    if let Some((&pc, &n)) = t.sites.iter().max_by_key(|(pc, n)| (**n, std::cmp::Reverse(**pc))) {
        s.push_str(&format!("hottest {n} {}\n", site(pc)));
    }
    // Nobody could be told of a failure: whoever wanted the report finds none.
    if let Ok(mut f) = std::fs::File::create(path) {
        let _ = f.write_all(s.as_bytes());
    }
}
