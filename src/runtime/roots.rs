//! The roots of the heap: every word outside it that the program may reach an object through.
//!
//! * frames of goroutines, parked ones included: live words of the call each is in, pointer words of its slots;
//! * arguments of a function that is being entered, in registers or on the stack;
//! * what the goroutine's record holds: the closure being called, deferred closures, values of panics in
//!   progress, wait records of channel operations;
//! * pointer words of static data;
//! * the heap of running timers;
//! * finalizers and the like ([`gc::special`](super::gc::special)).
//!
//! The runtime's queues hold goroutines, whose records never move, and nothing of the program's.

use super::code;
use super::frames::{Frame, Kind, Walk};
use super::g::G;
use super::sys::{asm, reflectcall};
use crate::abi::meta::{FuncMeta, StaticRoots};
use parking_lot::RwLock;
use std::fmt;

static ROOTS: RwLock<Vec<StaticRoots>> = RwLock::new(Vec::new());

/// Adds a piece of static data with pointer words.
pub fn add_static(r: StaticRoots) {
    if !r.words.is_empty() {
        ROOTS.write().push(r);
    }
}

/// Where a root is.
#[derive(Debug, Clone, Copy)]
pub enum Root {
    ArgReg(&'static FuncMeta, usize),
    ArgStack(&'static FuncMeta, u32),
    Ctxt,
    Defer,
    Panic,
    Elem,
    /// The channel that a wait record is for.
    Chan,
    /// A live word of the call a frame is in, by its distance from the frame's sp.
    Live(Frame, &'static FuncMeta, u32),
    Slot(Frame, &'static FuncMeta, u32),
    Static(u64),
    /// A timer that is running.
    Timer,
    /// What a finalizer, a cleanup or a weak pointer needs.
    Special,
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |f: &mut fmt::Formatter<'_>, frame: &Frame, m: &'static FuncMeta, o: u32, kind: &str| {
            let l = code::locations(m, frame.trace_off(m));
            let at = l.first().map(|l| format!("{}:{}", l.file, l.line)).unwrap_or_default();
            write!(f, "{kind} word sp+{o:#x} of {} at {at} (pc +{:#x})", m.name, frame.pc - m.entry)
        };
        match self {
            Root::ArgReg(m, i) => write!(f, "argument register {i} of {}", m.name),
            Root::ArgStack(m, o) => write!(f, "stack argument +{o} of {}", m.name),
            Root::Ctxt => f.write_str("g.ctxt"),
            Root::Defer => f.write_str("deferred closure"),
            Root::Panic => f.write_str("value of a panic"),
            Root::Elem => f.write_str("element of a channel operation"),
            Root::Chan => f.write_str("channel waited for"),
            Root::Live(frame, m, o) => word(f, frame, m, *o, "live"),
            Root::Slot(frame, m, o) => word(f, frame, m, *o, "slot"),
            Root::Timer => f.write_str("running timer"),
            Root::Special => f.write_str("finalizer, cleanup or weak pointer"),
            Root::Static(a) => write!(f, "static data at {a:#x}"),
        }
    }
}

/// Calls `visit` with the value and the place of each root that `g` has. Returns the number of its frames.
///
/// # Safety
/// `g` must be stopped in the runtime.
pub unsafe fn goroutine(g: &G, visit: &mut dyn FnMut(u64, Root)) -> u64 {
    // SAFETY: as the caller says; the words are those of frames, arguments and records.
    unsafe {
        let load = |a: u64| *(a as *const u64);
        if g.entering != 0
            && let Some(f) = code::by_index(g.entering - 1)
        {
            if f.uses_ctxt {
                visit(g.h.ctxt, Root::Ctxt);
            }
            let (regs, stack) = reflectcall::pointer_args(f, g.h.ctxt);
            for i in (0..6).filter(|i| regs >> i & 1 != 0) {
                visit(g.args[i], Root::ArgReg(f, i));
            }
            for &o in stack {
                visit(load(g.h.sched_sp + 8 + o as u64), Root::ArgStack(f, o));
            }
        }
        // A closure takes it over as soon as it is entered.
        if load(g.h.sched_sp) == asm::gostart() {
            visit(g.h.ctxt, Root::Ctxt);
        }
        for d in g.defers() {
            visit(d.closure, Root::Defer);
        }
        for p in &g.panics {
            visit(p.data, Root::Panic);
        }
        for s in g.wait_records() {
            visit((*s).elem, Root::Elem);
            visit((*s).c as u64, Root::Chan);
        }
        let mut n = 0;
        for frame in Walk::new(g) {
            n += 1;
            let Kind::Go(f, site) = frame.kind else { continue };
            if site.is_none() && !frame.trapped {
                super::panic::throw(&format!("runtime: goroutine {} is at no known call of {}", g.goid, f.name));
            }
            let sp = frame.sp();
            for &o in site.map_or(&[][..], |c| &c.live) {
                visit(load(sp + o as u64), Root::Live(frame, f, o));
            }
            for &o in &f.slot_words {
                visit(load(sp + o as u64), Root::Slot(frame, f, o));
            }
        }
        n
    }
}

/// Calls `visit` with each pointer word of static data, and with each running timer.
pub fn statics(visit: &mut dyn FnMut(u64, Root)) {
    super::timer::for_each(&mut |t| visit(t, Root::Timer));
    for r in ROOTS.read().iter() {
        for &w in &r.words {
            let a = r.addr + w as u64;
            // SAFETY: static data is readable for ever.
            visit(unsafe { *(a as *const u64) }, Root::Static(a));
        }
    }
}
