//! What is attached to heap objects: finalizers, cleanups, weak pointers.
//!
//! ```text
//!   SetFinalizer ─┐                       not marked              ┌─▶ QUEUE ─▶ a goroutine calls them
//!   AddCleanup   ─┼─▶ SPECIALS, by object ────────────▶ collect ──┤
//!   weak.Make    ─┘                                               └─▶ the handle becomes nil
//! ```
//!
//! As in Go: an object with a finalizer is kept for it, with all it refers to, and freed by a later collection if
//! nothing refers to it then; what it refers to counts as reachable, so finalizers run in the order of references.
//! Weak pointers become nil before the finalizer runs. A cleanup runs when its object is freed.
//!
//! A weak pointer is a pointer to a *handle*: a word, not a pointer to the collector, with the address. All weak
//! pointers to one address share it.
//!
//! Invariant: the tables change under [`TABLES`], which is held by no goroutine that can be stopped.

use super::mark::{self, Marker};
use crate::runtime::g::{G, WaitReason, getg};
use crate::runtime::m::getm;
use crate::runtime::malloc::{Place, find_object, mallocgc};
use crate::runtime::roots::Root;
use crate::runtime::sched::{goready, park, schedule};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering::*};

/// A call that the finalizer goroutine makes.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The function value; 0: none.
    f: u64,
    /// A finalizer's type; 0: a cleanup.
    ty: u64,
    /// Its arguments: the object, or an interface that holds it; none for cleanups.
    args: [u64; 2],
    n_args: u64,
}

#[derive(Debug, Clone, Copy)]
enum Special {
    Finalizer(Call),
    /// With the number that [`stop_cleanup`] knows it by.
    Cleanup(u64, u64),
    /// The address inside the object, and its handle.
    Weak(u64, u64),
}

#[derive(Debug)]
struct Tables {
    /// By the address of the object.
    specials: Option<FxHashMap<u64, Vec<Special>>>,
    queue: VecDeque<Call>,
    /// The goroutine that makes the calls, while it waits.
    waiting: *mut G,
    cleanups: u64,
}

// SAFETY: a waiting goroutine belongs to who takes it out.
unsafe impl Send for Tables {}

static TABLES: Mutex<Tables> =
    Mutex::new(Tables { specials: None, queue: VecDeque::new(), waiting: null_mut(), cleanups: 0 });

/// `runtime.setFinalizer`: replaces the finalizer of the object at `p`, or takes it away if `f` is 0. Returns what
/// was wrong: 1: not in the heap; 2: not the beginning of an object; 3: there is one already.
pub extern "C" fn set_finalizer(p: u64, f: u64, ty: u64, arg0: u64, arg1: u64, n_args: u64) -> u64 {
    let Place::Object(o) = find_object(p) else { return 1 };
    // SAFETY: span records are never freed.
    let tiny = unsafe { (*o.span).spanclass == TINY_SPAN };
    if o.base != p && !tiny {
        return 2;
    }
    let mut t = TABLES.lock();
    let list = t.specials.get_or_insert_default().entry(o.base).or_default();
    let old = list.iter().position(|s| matches!(s, Special::Finalizer(c) if !tiny || c.args[n_args as usize / 2] == p));
    if f == 0 {
        if let Some(i) = old {
            list.remove(i);
        }
    } else if old.is_some() {
        return 3;
    } else {
        list.push(Special::Finalizer(Call { f, ty, args: [arg0, arg1], n_args }));
    }
    0
}

/// The class of the blocks that tiny objects share.
const TINY_SPAN: u8 = 2 * 2 + 1;

/// `runtime.addCleanup`: has `f`, without parameters, called when the object is freed. Returns its number, 0 if
/// `p` is not in the heap.
pub extern "C" fn add_cleanup(p: u64, f: u64) -> u64 {
    let Place::Object(o) = find_object(p) else { return 0 };
    let mut t = TABLES.lock();
    t.cleanups += 1;
    let id = t.cleanups;
    t.specials.get_or_insert_default().entry(o.base).or_default().push(Special::Cleanup(id, f));
    id
}

/// `runtime.stopCleanup`. The object is named by the address it has, with all bits inverted.
pub extern "C" fn stop_cleanup(hidden: u64, id: u64) {
    let Place::Object(o) = find_object(!hidden) else { return };
    if let Some(list) = TABLES.lock().specials.as_mut().and_then(|s| s.get_mut(&o.base)) {
        list.retain(|s| !matches!(s, Special::Cleanup(i, _) if *i == id));
    }
}

/// `weak.handleOf`: the handle of an address.
pub extern "C" fn weak_handle(p: u64) -> u64 {
    let base = match find_object(p) {
        Place::Object(o) => o.base,
        // Not in the heap: never freed. Nobody ever looks at what is not an object's.
        _ => p,
    };
    let find = |t: &Tables| {
        let list = t.specials.as_ref()?.get(&base)?;
        list.iter().find_map(|s| if let Special::Weak(q, h) = *s { (q == p).then_some(h) } else { None })
    };
    let mut t = TABLES.lock();
    if let Some(h) = find(&t) {
        return h;
    }
    // SAFETY: this thread runs a goroutine and holds a p; the object is new.
    unsafe {
        let h = mallocgc(8, std::ptr::null());
        *(h as *mut u64) = p;
        t.specials.get_or_insert_default().entry(base).or_default().push(Special::Weak(p, h));
        h
    }
}

/// `runtime.isStatic`.
pub extern "C" fn is_static(p: u64) -> u64 {
    u64::from(p != 0 && matches!(find_object(p), Place::Outside))
}

/// `runtime.firstFinalizer`.
pub extern "C" fn first() -> u64 {
    static DONE: AtomicBool = AtomicBool::new(false);
    u64::from(!DONE.swap(true, Relaxed))
}

/// `runtime.nextFinalizer`: the next call to make goes to `out`; without one, waits for the next collection that
/// finds some, and returns with `f` 0.
pub extern "C" fn next_finalizer(out: &mut Call) {
    let mut t = TABLES.lock();
    if let Some(c) = t.queue.pop_front() {
        *out = c;
        return;
    }
    *out = Call { f: 0, ty: 0, args: [0; 2], n_args: 0 };
    // SAFETY: the goroutine is this thread's.
    unsafe {
        let g = getg();
        if !(*g).system {
            (*g).system = true;
            (*(*getm()).p).n_gs.fetch_sub(1, Relaxed);
        }
        t.waiting = g;
        park(g, WaitReason::FinalizerWait, None);
    }
    drop(t);
    schedule()
}

/// After a collection: wakes the goroutine that makes the calls if there are some.
pub fn wake() {
    let mut t = TABLES.lock();
    if t.queue.is_empty() || t.waiting.is_null() {
        return;
    }
    let g = std::mem::replace(&mut t.waiting, null_mut());
    drop(t);
    // SAFETY: it waited, and is ours now; this thread holds a p.
    unsafe { goready(g) };
}

/// Visits what specials keep alive: functions, their other arguments, handles, and what objects with finalizers
/// refer to, but not these objects.
pub fn roots(m: &mut Marker<'_>) {
    let t = TABLES.lock();
    let call = |m: &mut Marker<'_>, c: &Call, object: bool| {
        m.root(c.f, None, Root::Special);
        for &a in c.args.iter().take(c.n_args as usize).filter(|_| object) {
            m.root(a, None, Root::Special);
        }
    };
    for (&base, list) in t.specials.iter().flatten() {
        for s in list {
            match s {
                Special::Finalizer(c) => {
                    call(m, c, false);
                    if let Place::Object(o) = find_object(base) {
                        // SAFETY: allocated.
                        unsafe { m.scan(&o) };
                    }
                }
                Special::Cleanup(_, f) => m.root(*f, None, Root::Special),
                Special::Weak(_, h) => m.root(*h, None, Root::Special),
            }
        }
    }
    for c in &t.queue {
        call(m, c, true);
    }
}

/// Everything reachable is marked: queues the calls for what is not, and clears its weak pointers. Marks what
/// these calls need.
///
/// # Safety
/// The world must be stopped.
pub unsafe fn after_marking() {
    let mut t = TABLES.lock();
    let Tables { specials: Some(specials), queue, .. } = &mut *t else { return };
    let mut revived: Vec<u64> = Vec::new();
    specials.retain(|&base, list| {
        let Place::Object(o) = find_object(base) else { return true };
        // SAFETY: span records are never freed.
        if unsafe { (*o.span).is_marked(o.index) } {
            return !list.is_empty();
        }
        let finalized = list.iter().any(|s| matches!(s, Special::Finalizer(_)));
        list.retain(|s| match *s {
            Special::Finalizer(c) => {
                queue.push_back(c);
                false
            }
            Special::Cleanup(_, f) if !finalized => {
                queue.push_back(Call { f, ty: 0, args: [0; 2], n_args: 0 });
                false
            }
            Special::Cleanup(..) => true,
            Special::Weak(_, h) => {
                // SAFETY: handles of objects in the table are kept.
                unsafe { *(h as *mut u64) = 0 };
                false
            }
        });
        if finalized {
            revived.push(base);
        }
        !list.is_empty()
    });
    // SAFETY: as the caller says.
    unsafe {
        mark::mark_more(|m| {
            for &o in &revived {
                m.root(o, None, Root::Special);
            }
        });
    }
}
