//! `MGODEBUG=heapcheck=1`: at every stack move and every collection, all pointer words of the roots and of the
//! heap objects reachable from them must be nil or point into a live object, a stack of the goroutine itself, or
//! static data. Anything else is reported, with where it was found, and ends the process.
//!
//! Objects are marked as they are found, so the walk ends.
//!
//! Static data is what somebody registered: variables, strings, descriptors, itabs and closure objects of the
//! compiler, and the runtime's own. Everything else outside the heap is an error.

use super::code;
use super::g::G;
use super::malloc::{Object, Place, bitmap, find_object};
use super::roots;
use super::{print, sched};
use crate::abi::meta::StaticRoots;
use parking_lot::RwLock;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Stretches of static data: first address to the one behind the last.
static STATICS: RwLock<BTreeMap<u64, u64>> = RwLock::new(BTreeMap::new());

/// Adds a piece of static data, with its pointer words.
pub fn register_roots(r: StaticRoots) {
    roots::add_static(r);
}

/// Makes static data known. Pieces that touch become one.
pub fn register_static(addr: u64, size: u64) {
    let mut s = STATICS.write();
    match s.range_mut(..=addr).next_back() {
        Some((_, hi)) if *hi >= addr => *hi = (*hi).max(addr + size),
        _ => {
            s.insert(addr, addr + size);
        }
    }
}

/// Makes memory that the runtime itself leaks to the program known.
pub fn leaked<T: ?Sized>(x: &'static T) -> &'static T {
    register_static(std::ptr::from_ref(x).cast::<u8>() as u64, size_of_val(x) as u64);
    x
}

unsafe extern "C" {
    static __executable_start: u8;
    static end: u8;
}

fn is_static(v: u64) -> bool {
    let image = (&raw const __executable_start as u64)..(&raw const end as u64);
    image.contains(&v)
        || code::find(v).is_some()
        // Empty strings and slices may point right behind the last byte.
        || STATICS.read().range(..=v).next_back().is_some_and(|(_, &hi)| v <= hi)
}

struct Check {
    /// Bounds and owners of stacks, ascending.
    stacks: Vec<(u64, u64, u64)>,
    retired: Vec<(u64, u64)>,
    seen: FxHashSet<u64>,
    work: Vec<Object>,
}

impl Check {
    /// Checks one word. `g`: the goroutine in whose frames or record it is, 0 for others.
    fn word(&mut self, v: u64, g: u64, place: &dyn Fn() -> String) {
        if v == 0 {
            return;
        }
        let i = self.stacks.partition_point(|s| s.0 <= v);
        if let Some(&(_, hi, owner)) = i.checked_sub(1).map(|i| &self.stacks[i])
            && v < hi
        {
            if owner != g {
                let what = if g == 0 { "into a stack".into() } else { format!("into the stack of goroutine {owner}") };
                fail(v, &what, &place());
            }
            return;
        }
        match find_object(v) {
            Place::Object(o) => {
                if self.seen.insert(o.base) {
                    self.work.push(o);
                }
            }
            Place::Free(o) => fail(v, &format!("into a free slot of {} bytes", o.size), &place()),
            Place::None => fail(v, "into pages of the heap without objects", &place()),
            Place::Outside => {
                if self.retired.iter().any(|s| v >= s.0 && v < s.1) {
                    fail(v, "into a stack that was left", &place());
                }
                if !is_static(v) {
                    fail(v, "to nothing the runtime knows", &place());
                }
            }
        }
    }
}

fn fail(v: u64, what: &str, place: &str) -> ! {
    let mut s = String::new();
    let _ = writeln!(s, "runtime: heapcheck: bad pointer {v:#x} points {what}\n\tfound in {place}");
    print::write_err(s.as_bytes());
    super::panic::throw("heapcheck failed")
}

/// Checks everything. All goroutines must be stopped; `current` is the one being moved.
///
/// # Safety
/// As said; `current`'s record must describe its new stack.
pub unsafe fn check(current: &G) {
    let all = sched::all_goroutines();
    let mut c = Check { stacks: Vec::new(), retired: Vec::new(), seen: FxHashSet::default(), work: Vec::new() };
    for &g in &all {
        // SAFETY: records are never freed.
        let g = unsafe { &*g };
        g.for_each_segment(|s| c.stacks.push((s.lo, s.hi, g.goid)));
        c.retired.extend(g.retired.iter().flat_map(|r| r.iter()).map(|s| (s.lo, s.hi)));
    }
    c.stacks.sort_unstable();
    debug_assert!(all.iter().any(|&g| std::ptr::eq(g, current)));
    for &g in &all {
        // SAFETY: every goroutine is stopped.
        unsafe {
            let g = &*g;
            let id = g.goid;
            roots::goroutine(g, &mut |v, root| {
                c.word(v, id, &|| format!("goroutine {id}, {root}"));
            });
        }
    }
    roots::statics(&mut |v, root| c.word(v, 0, &|| root.to_string()));
    while let Some(o) = c.work.pop() {
        // SAFETY: only allocated objects are in the list.
        unsafe {
            bitmap::for_each_pointer(&o, &mut |a| {
                c.word(*(a as *const u64), 0, &|| {
                    format!("heap object {:#x} of {} bytes, offset {:#x}", o.base, o.size, a - o.base)
                });
            });
        }
    }
}
