//! Coroutines: a goroutine that runs in turn with others, one of them at a time, for `iter.Pull`.
//!
//! [`coroswitch`] runs the coroutine in place of the goroutine that calls it, or the other way round if the
//! coroutine itself calls it: the two change places on their thread, and no queue and no other thread sees
//! either. While one runs the other is parked ([`WaitReason::Coroutine`]). When the coroutine ends, the
//! goroutine that waits for it goes on.
//!
//! Invariant: [`G::peer`] of a coroutine is who is parked of the two: itself, or the goroutine it goes back to.

use super::g::{G, Status, WaitReason, getg};
use super::m::getm;
use super::panic::throw;
use super::sys::asm;
use super::{proc, sched};
use std::ptr::null_mut;

/// A coroutine, as package `iter` has it.
#[repr(C)]
#[derive(Debug)]
pub struct Coro {
    g: *mut G,
    /// Records are used again: whether it is still the same goroutine.
    goid: u64,
}

/// `iter.newcoro`: a goroutine that will run the function `closure`, parked.
pub extern "C" fn newcoro(c: &mut Coro, closure: u64) {
    // SAFETY: this thread runs a goroutine, stopped in the call; the new one is nobody else's.
    unsafe {
        let me = getg();
        let g = sched::new_goroutine(getm(), asm::gostart(), closure);
        (*g).gopc = *((*me).h.sched_sp as *const u64);
        (*g).parent_goid = (*me).goid;
        (*g).status = Status::Waiting;
        (*g).wait_reason = WaitReason::Coroutine;
        (*g).wait_since = proc::coarse_time();
        (*g).peer = g;
        *c = Coro { g, goid: (*g).goid };
    }
    proc::start_sysmon();
}

/// `iter.coroswitch`: changes places with the goroutine that is parked.
pub extern "C" fn coroswitch(c: &Coro) {
    // SAFETY: records are never freed. This thread runs `me`, stopped in the call, and takes who is parked: both
    // are its own then.
    unsafe {
        let me = getg();
        let co = c.g;
        if co.is_null() || (*co).goid != c.goid || (*co).peer.is_null() {
            throw("coroswitch on exited coro");
        }
        let next = std::mem::replace(&mut (*co).peer, me);
        if next == me || (next != co && me != co) {
            throw("coroswitch of a goroutine that is not parked");
        }
        sched::park(me, WaitReason::Coroutine, None);
        sched::switch_to(next)
    }
}

/// The goroutine that goes on when `g` has ended, if `g` is a coroutine.
pub fn take_peer(g: &mut G) -> Option<*mut G> {
    let peer = std::mem::replace(&mut g.peer, null_mut());
    (!peer.is_null()).then_some(peer)
}
