//! `MGODEBUG=heapcheck=1`: at every stack move, all pointer words of the roots and of the heap objects
//! reachable from them must be nil or point into a live object, a stack of the goroutine itself, or static
//! data. Anything else is reported, with where it was found, and ends the process.
//!
//! Roots are what a collector would use: every goroutine's frames by their maps, the arguments of a function
//! being entered, the goroutine records, and the pointer words of static data. Objects are marked as they are
//! found, so the walk ends.

use super::code;
use super::frames::{Kind, Walk};
use super::g::G;
use super::malloc::{Object, Place, bitmap, find_object};
use super::{print, sched};
use crate::abi::meta::StaticRoots;
use parking_lot::RwLock;
use rustc_hash::FxHashSet;
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering::*};

static ROOTS: RwLock<Vec<StaticRoots>> = RwLock::new(Vec::new());
static STATICS: RwLock<Vec<(u64, u64)>> = RwLock::new(Vec::new());
/// All static data is registered: other addresses outside the heap are errors.
static STRICT: AtomicBool = AtomicBool::new(false);

/// Adds a piece of static data, with its pointer words.
pub fn register_roots(r: StaticRoots) {
    STATICS.write().push((r.addr, r.addr + r.size));
    if !r.words.is_empty() {
        ROOTS.write().push(r);
    }
}

/// Adds static data without pointers into the heap, such as string constants. Once anybody does, pointers to
/// memory that nobody registered are errors.
pub fn register_static(addr: u64, size: u64) {
    STATICS.write().push((addr, addr + size));
    STRICT.store(true, Release);
}

/// Calls `f` with the address of each pointer word of static data.
pub fn for_each_root(mut f: impl FnMut(u64)) {
    for r in ROOTS.read().iter() {
        for &w in &r.words {
            f(r.addr + w as u64);
        }
    }
}

unsafe extern "C" {
    static __executable_start: u8;
    static end: u8;
}

fn is_static(v: u64) -> bool {
    let image = (&raw const __executable_start as u64)..(&raw const end as u64);
    image.contains(&v)
        || code::find(v).is_some()
        || STATICS.read().iter().any(|&(lo, hi)| v >= lo && v < hi)
        || !STRICT.load(Acquire)
}

struct Check {
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
        if let Some(&(_, _, owner)) = self.stacks.iter().find(|s| v >= s.0 && v < s.1) {
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

    unsafe fn goroutine(&mut self, g: &G) {
        let id = g.goid;
        let load = |a: u64| {
            // SAFETY: the caller names words of frames and roots.
            unsafe { *(a as *const u64) }
        };
        if g.entering != 0
            && let Some(f) = code::by_index(g.entering - 1)
        {
            for i in (0..6).filter(|i| f.arg_regs >> i & 1 != 0) {
                self.word(g.args[i], id, &|| format!("argument register {i} of {}", f.name));
            }
            for &o in &f.arg_stack {
                let at = g.h.sched_sp + 8 + o as u64;
                self.word(load(at), id, &|| format!("stack argument +{o} of {}", f.name));
            }
        }
        self.word(g.h.ctxt, id, &|| "g.ctxt".into());
        for d in &g.defers {
            self.word(d.closure, id, &|| "deferred closure".into());
        }
        for p in &g.panics {
            self.word(p.data, id, &|| "value of a panic".into());
        }
        for &s in &g.waiting {
            // SAFETY: wait records live while their goroutine is parked.
            self.word(unsafe { (*s).elem }, id, &|| "element of a channel operation".into());
        }
        // SAFETY: the goroutine is stopped.
        for frame in unsafe { Walk::new(g) } {
            let Kind::Go(f, site) = frame.kind else { continue };
            let where_ = |o: u32, kind: &str| {
                let l = code::locations(f, frame.trace_off(f));
                let at = l.first().map(|l| format!("{}:{}", l.file, l.line)).unwrap_or_default();
                format!("goroutine {id}, {kind} word sp+{o:#x} of {} at {at} (pc +{:#x})", f.name, frame.pc - f.entry)
            };
            let sp = frame.sp();
            if let Some(c) = site {
                for &o in &c.live {
                    self.word(load(sp + o as u64), id, &|| where_(o, "live"));
                }
            } else if !frame.trapped {
                fail(frame.pc, "to no known call", &format!("goroutine {id}, return address in {}", f.name));
            }
            for &o in &f.slot_words {
                self.word(load(sp + o as u64), id, &|| where_(o, "slot"));
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
        c.stacks.push((g.h.stack_lo, g.h.stack_hi, g.goid));
        c.retired.extend(g.retired.iter().map(|s| (s.lo, s.hi)));
    }
    debug_assert!(all.iter().any(|&g| std::ptr::eq(g, current)));
    for &g in &all {
        // SAFETY: every goroutine is stopped.
        unsafe { c.goroutine(&*g) };
    }
    for_each_root(|a| {
        // SAFETY: roots are readable.
        c.word(unsafe { *(a as *const u64) }, 0, &|| format!("static data at {a:#x}"));
    });
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
