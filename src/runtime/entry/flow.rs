//! Entry points that change what runs: defer, goroutines, channels.

use crate::abi::typedesc::TypeDesc;
use crate::runtime::chan::{self, Hchan};
use crate::runtime::errors::Pair;
use crate::runtime::g::{WaitReason, getg};
use crate::runtime::m::getm;
use crate::runtime::newstack::plain_guard;
use crate::runtime::select::{Case, selectgo as select};
use crate::runtime::sys::asm;
use crate::runtime::{gc, panic, sched};

pub extern "C" fn deferproc(closure: u64) {
    panic::deferproc(closure)
}

pub extern "C" fn goexit() -> ! {
    panic::goexit()
}

pub extern "C" fn newproc(closure: u64) {
    sched::newproc(closure)
}

pub extern "C" fn preempt() {
    // SAFETY: the goroutine is this thread's; its stub saved what calls preserve.
    unsafe {
        let g = getg();
        (*g).h.preempt = 0;
        (*g).h.stackguard = plain_guard(&*g);
        (*g).h.sched_pc = asm::poll_resume();
        if (*g).polled.is_null() {
            (*g).polled = Box::into_raw(Box::new([0; 41]));
        }
        *(*g).polled = (*getm()).polled;
        gc::poll();
        sched::gopreempt(g)
    }
}

pub extern "C" fn makechan(ty: *const TypeDesc, n: i64) -> u64 {
    // SAFETY: `ty` is a channel type.
    unsafe { chan::makechan(ty, n) }
}

pub extern "C" fn chansend(c: *mut Hchan, elem: u64) {
    // SAFETY: channel and value belong together.
    unsafe { chan::chansend(c, elem) }
}

pub extern "C" fn chanrecv(c: *mut Hchan, elem: u64) -> u64 {
    // SAFETY: channel and place belong together.
    unsafe { chan::chanrecv(c, elem) as u64 }
}

pub extern "C" fn closechan(c: *mut Hchan) {
    // SAFETY: a channel or null.
    unsafe { chan::closechan(c) }
}

pub extern "C" fn selectgo(cases: *const Case, n: u64, has_default: u64) -> Pair {
    // SAFETY: generated code passes n cases.
    unsafe {
        let cases = if n == 0 { &[][..] } else { std::slice::from_raw_parts(cases, n as usize) };
        let (i, ok) = select(cases, has_default != 0);
        Pair(i as u64, ok as u64)
    }
}

pub extern "C" fn block() -> ! {
    sched::park_forever(WaitReason::SelectNoCases)
}

pub extern "C" fn chanlen(c: *const Hchan) -> u64 {
    // SAFETY: a channel or null.
    unsafe { c.as_ref().map_or(0, |c| if c.timer.is_null() { c.qcount } else { 0 }) }
}

pub extern "C" fn chancap(c: *const Hchan) -> u64 {
    // SAFETY: a channel or null.
    unsafe { c.as_ref().map_or(0, |c| if c.timer.is_null() { c.dataqsiz } else { 0 }) }
}
