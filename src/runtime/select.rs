//! `select`: waits on several channel operations at once.
//!
//! Channels are locked in the order of their addresses, cases are tried in random order. A goroutine that
//! must wait has a wait record in every channel's queue; the channel that comes first sets `select_done`, and
//! the goroutine takes its records out of the others when it goes on.

use super::chan::Hchan;
use super::errors::panic_plain;
use super::g::{G, WaitReason, getg};
use super::m::fastrand;
use super::sched::{park, park_forever, schedule};
use super::sys::asm;
use super::timer;
use smallvec::SmallVec;
use std::sync::atomic::Ordering::*;

/// A case as generated code lays it out.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub c: *mut Hchan,
    /// The value to send, or where to receive, 0: nowhere.
    pub elem: u64,
    /// 1: send, 2: receive.
    pub kind: u64,
}

/// Few enough not to need the heap, usually.
type Chans = SmallVec<[*mut Hchan; 8]>;

fn lock_order(chans: impl Iterator<Item = *mut Hchan>) -> Chans {
    let mut v: Chans = chans.filter(|c| !c.is_null()).collect();
    v.sort_unstable();
    v.dedup();
    v
}

unsafe fn lock_all(chans: &[*mut Hchan]) {
    for &c in chans {
        // SAFETY: the caller names channels.
        unsafe { (*c).lock() };
    }
}

unsafe fn unlock_all(chans: &[*mut Hchan]) {
    for &c in chans {
        // SAFETY: the caller locked them.
        unsafe { (*c).unlock() };
    }
}

/// Returns (index of the case or -1 for default, whether a receive got a sent value).
///
/// # Safety
/// The cases must be valid.
pub unsafe fn selectgo(cases: &[Case], has_default: bool) -> (i64, bool) {
    if cases.is_empty() && !has_default {
        park_forever(WaitReason::SelectNoCases);
    }
    let chans = lock_order(cases.iter().map(|c| c.c));
    if chans.is_empty() && !has_default {
        drop(chans);
        park_forever(WaitReason::Select);
    }
    // SAFETY: as the caller says.
    unsafe {
        // A closed channel's send panics with its own lock released; release the others first.
        let mut order: SmallVec<[usize; 8]> = (0..cases.len()).collect();
        for i in (1..order.len()).rev() {
            order.swap(i, (fastrand() % (i as u64 + 1)) as usize);
        }
        let mut timers = None;
        for &c in &chans {
            if !(*c).timer.is_null() {
                timers = timer::settle(timers, c);
            }
        }
        lock_all(&chans);
        for i in order {
            let Case { c, elem, kind } = cases[i];
            if c.is_null() {
                continue;
            }
            if kind == 1 {
                if (*c).is_closed() {
                    unlock_all(&chans);
                    drop((chans, timers));
                    panic_plain("send on closed channel");
                }
                if (*c).try_send(elem) {
                    unlock_all(&chans);
                    return (i as i64, false);
                }
            } else if let Some(ok) = (*c).try_recv(elem) {
                unlock_all(&chans);
                return (i as i64, ok);
            }
        }
        if has_default {
            unlock_all(&chans);
            return (-1, false);
        }
        let g = getg();
        (*g).select_done.store(false, Release);
        let records = (*g).cases.get_or_insert_default();
        records.clear();
        records.reserve(cases.len());
        for (i, case) in cases.iter().enumerate() {
            if !case.c.is_null() {
                (*case.c).wait_case(g, case.elem, case.kind == 1, i);
            }
        }
        park(g, WaitReason::Select, Some(select_done));
        if let Some(t) = &mut timers {
            for case in cases.iter().filter(|k| !k.c.is_null() && !(*k.c).timer.is_null()) {
                timer::block(t, case.c);
            }
        }
        unlock_all(&chans);
        drop(chans);
        if let Some(t) = timers {
            timer::unlock_blocked(t);
        }
    }
    schedule()
}

unsafe fn select_done(g: *mut G) -> ! {
    // SAFETY: the records are the goroutine's; `param` is the one that woke it.
    unsafe {
        let chans = lock_order((*g).wait_records().map(|s| (*s).c));
        lock_all(&chans);
        let mut chosen = None;
        let mut blocked = Chans::new();
        for s in (*g).wait_records() {
            let c = (*s).c;
            if s == (*g).param {
                chosen = Some(((*s).case_idx, (*s).is_send, (*s).success));
            } else {
                (*c).queue((*s).is_send).remove(s);
            }
            if !(*c).timer.is_null() {
                blocked.push(c);
            }
        }
        (*g).waiting = std::ptr::null_mut();
        unlock_all(&chans);
        drop(chans);
        for &c in &blocked {
            timer::unblock(c);
        }
        drop(blocked);
        (*g).param = std::ptr::null_mut();
        let Some((i, is_send, success)) = chosen else {
            super::panic::throw("runtime: select woken by nobody");
        };
        if is_send && !success {
            panic_plain("send on closed channel");
        }
        (*g).ret = [i as u64, (!is_send && success) as u64];
        asm::gogo(g)
    }
}
