//! Collections: `runtime.GC`.
//!
//! The world stops; all roots are walked precisely; stacks that are mostly unused become half as large; stacks
//! of finished goroutines and unused parts of the pools go back to the page heap, and its free pages to the
//! system. Heap objects are not freed yet.
//!
//! What Go must watch for when it shrinks stacks while other goroutines run cannot happen here, because the world
//! is stopped ([`stw`]): nobody is copying a value into the stack of a parked goroutine, or is about to park.
//! What is left are the words of the record that point into the stack: `elem` of wait records, deferred
//! closures, values of panics. `copystack` relocates them. The array of cases of a select is not looked at after
//! its goroutine parked. Goroutines in system calls keep their stacks: the kernel may be writing to them.

use super::debug::debug;
use super::g::{G, Status, getg};
use super::malloc::mheap::mheap;
use super::malloc::{Place, find_object};
use super::newstack::shrinkstack;
use super::roots::{self, Root};
use super::stack::{StackMem, stackcache_clear, stackfree};
use super::{heapcheck, p, panic, region, sched, stw};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, Ordering::*};

static N_GC: AtomicU64 = AtomicU64::new(0);

/// A root must be nil, or point into the goroutine's own stack, a live object, or outside the heap.
fn check_root(g: Option<&G>, v: u64, root: Root) {
    if v == 0 || g.is_some_and(|g| g.on_stack(v)) {
        return;
    }
    if let Place::Free(_) | Place::None = find_object(v) {
        let id = g.map_or(0, |g| g.goid);
        super::print::write_err(format!("runtime: pointer {v:#x} in goroutine {id}, {root}\n").as_bytes());
        panic::throw("found bad pointer in Go heap (incorrect use of unsafe or cgo?)");
    }
}

/// `runtime.GC`. Returns the number of collections so far.
pub extern "C" fn gc() -> u64 {
    // SAFETY: this thread runs a goroutine, stopped at the call; the world is stopped for all that follows.
    unsafe {
        let world = stw::stop_the_world();
        let me = getg();
        for g in sched::all_goroutines() {
            // SAFETY: records are never freed; nobody uses them while the world is stopped.
            let g = &mut *g;
            roots::goroutine(g, &mut |v, root| check_root(Some(g), v, root));
            if stw::may_move(g.status) || std::ptr::eq(g, me) {
                shrinkstack(g);
            }
        }
        roots::statics(&mut |v, root| check_root(None, v, root));
        free_dead_stacks();
        stackcache_clear();
        mheap().release_free();
        region::release();
        if debug().heapcheck {
            heapcheck::check(&*me);
        }
        stw::start_the_world(world);
    }
    N_GC.fetch_add(1, Relaxed) + 1
}

/// Finished goroutines that wait to be used again need no stack.
///
/// # Safety
/// The world must be stopped.
unsafe fn free_dead_stacks() {
    let free = |g: *mut G| {
        // SAFETY: nobody uses the records in lists of finished goroutines.
        unsafe {
            debug_assert!((*g).status == Status::Dead);
            stackfree(null_mut(), (*g).stack);
            (*g).stack = StackMem::NONE;
            while let Some(s) = (*g).retired.pop_front() {
                super::stack::stackunmap(s);
            }
        }
    };
    // SAFETY: nobody uses any p.
    p::for_each_p(|p| unsafe { (*p).gfree.iter().copied().for_each(free) });
    sched::for_each_free(free);
}
