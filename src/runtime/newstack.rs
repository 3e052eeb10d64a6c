//! Growing and moving stacks.
//!
//! (Segmented stacks, which do not move, are in [`segstack`](super::segstack).)
//!
//! `newstack` runs on g0 when a function's prologue finds too little stack. It takes a stack of twice the size,
//! copies the used part and relocates, in it and in the goroutine's record, exactly the words that are known
//! to be pointers:
//!
//! * the chain of saved rbps;
//! * per frame, the live words of the call it is in and the pointer words of its slots;
//! * the entering function's pointer arguments, in registers and on the stack;
//! * `g.ctxt`, deferred closures, values of panics in progress, wait records of channel operations.
//!
//! Other words are left alone: they may hold stale stack addresses, which nobody uses. Depths (of defer and
//! panic records) count from the stack's top and need no relocation.

use super::code;
use super::debug::debug;
use super::frames::{Kind, classify};
use super::g::{G, getg};
use super::m::getm;
use super::segstack::newsegment;
use super::stack::{
    Origin, StackMem, resize_in_place, stackalloc, stackalloc_mapping, stackfree, stackpoison, stackunmap,
};
use super::sys::{asm, reflectcall};
use super::{gc, heapcheck, panic, sched};
use crate::abi::stack::{MAX_STACK_DEFAULT, STACK_GUARD, STACK_MIN, STACK_PREEMPT};
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::*};

/// Stacks left under stackstress that stay inaccessible before they are unmapped.
const N_RETIRED: usize = 64;
/// Bytes that count as used when a stack may shrink: the guard and a few small frames.
const STACK_RESERVE: u64 = 2 * STACK_GUARD;

/// Limit of one stack (`debug.SetMaxStack`).
pub static MAX_STACK: AtomicU64 = AtomicU64::new(MAX_STACK_DEFAULT);

/// What a move did.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moved {
    pub frames: u64,
    pub adjusted: u64,
}

/// The value that `stackguard` has when nobody asks for anything.
pub fn plain_guard(g: &G) -> u64 {
    if debug().stackstress { u64::MAX } else { g.h.stack_lo + STACK_GUARD }
}

/// Gives `g` a stack.
///
/// # Safety
/// `g` must have none, or nothing may use it any more.
pub unsafe fn set_stack(g: &mut G, s: StackMem) {
    g.stack = s;
    g.h.stack_lo = s.lo;
    g.h.stack_hi = s.hi;
    g.h.depth_hi = g.seg_base + s.hi;
    g.h.stackguard = plain_guard(g);
}

/// The prologue of function `index` found too little stack, or was made to. Returns where it goes on.
pub extern "C" fn newstack(index: u32) -> u64 {
    let g = getg();
    let Some(f) = code::by_index(index) else { panic::throw("runtime: newstack of an unknown function") };
    // SAFETY: g is this thread's goroutine, stopped at f's entry; nobody else touches its record.
    unsafe {
        let g = &mut *g;
        g.entering = index + 1;
        // It may make the stack smaller.
        gc::poll();
        let sp = g.h.sched_sp;
        let fits = sp - g.h.stack_lo >= f.need + STACK_GUARD;
        if g.h.preempt != 0 || g.h.stackguard == STACK_PREEMPT {
            g.h.preempt = 0;
            g.h.stackguard = plain_guard(g);
            if fits {
                g.h.sched_pc = f.entry + f.prefix as u64;
                g.resume = Some(entered);
                sched::gopreempt(g);
            }
        }
        if debug().segmented {
            newsegment(g, f);
            if debug().stacktrace {
                let (s, n) = (g.stack, g.segments.len());
                let text = format!(
                    "runtime: newsegment goroutine {} in {}: [{:#x}, {:#x}) {} bytes, {n} before it\n",
                    g.goid,
                    f.name,
                    s.lo,
                    s.hi,
                    s.size()
                );
                super::print::write_err(text.as_bytes());
            }
            if debug().heapcheck {
                heapcheck::check(g);
            }
            g.entering = 0;
            return f.entry + f.prefix as u64;
        }
        let old = g.stack;
        let mut size = old.size();
        let used = old.hi - sp;
        if !(fits && debug().stackstress) {
            size *= 2;
        }
        while size < used + f.need + STACK_GUARD {
            size *= 2;
        }
        if size > MAX_STACK.load(Relaxed) {
            overflow(g, sp);
        }
        let moved = match resize_in_place(old, size) {
            Some(new) => {
                set_stack(g, new);
                (*(*getm()).p).stackstats.growths_in_place += 1;
                Moved::default()
            }
            None => {
                let new = if debug().stackstress { stackalloc_mapping(size) } else { stackalloc((*getm()).p, size) };
                copystack(g, new)
            }
        };
        (*(*getm()).p).stackstats.growths += 1;
        if debug().stacktrace {
            report("newstack", g, &format!(" in {}", f.name), old, used, moved);
        }
        if debug().heapcheck {
            heapcheck::check(g);
        }
        g.entering = 0;
        f.entry + f.prefix as u64
    }
}

/// A goroutine that was preempted at a function's entry goes on.
unsafe fn entered(g: *mut G) -> ! {
    // SAFETY: the goroutine is this thread's.
    unsafe {
        (*g).entering = 0;
        asm::gogo(g)
    }
}

/// Moves `g` to a fresh stack of the same size.
///
/// # Safety
/// As for [`copystack`].
pub unsafe fn stressmove(g: &mut G) {
    if debug().segmented {
        return;
    }
    // SAFETY: as the caller says.
    unsafe {
        copystack(g, stackalloc_mapping(g.stack.size()));
        if debug().heapcheck && super::proc::n_procs() == 1 {
            heapcheck::check(g);
        }
    }
}

/// stackstress=2: a call of the runtime is about to return what is in `g.ret`: the stack moves. It may be an
/// address in the stack.
pub extern "C" fn stress_return() {
    // SAFETY: g is this thread's goroutine, stopped at the call.
    unsafe {
        let g = &mut *getg();
        let old = g.stack;
        stressmove(g);
        let mut a = Adjust { lo: old.lo, size: old.size(), delta: g.stack.hi.wrapping_sub(old.hi), n: 0 };
        g.ret = g.ret.map(|v| a.value(v));
    }
}

/// Whether `g` has twice the stack it may keep: less than a quarter of it is in use.
fn may_shrink(g: &G) -> bool {
    let size = g.stack.size();
    let used = g.stack.hi - g.h.sched_sp;
    // What functions need beyond the frames that are there: as much as they have in the smallest stack.
    !debug().segmented && g.stack != StackMem::NONE && size / 2 >= STACK_MIN && used + STACK_RESERVE < size / 4
}

/// Halves `g`'s stack if less than a quarter is in use. Returns the bytes saved.
///
/// # Safety
/// As for [`copystack`].
pub unsafe fn shrinkstack(g: &mut G) -> u64 {
    if !may_shrink(g) {
        return 0;
    }
    let old = g.stack;
    let used = old.hi - g.h.sched_sp;
    let size = old.size() / 2;
    // SAFETY: as the caller says; half the size has room for what is in use.
    unsafe {
        let moved = match resize_in_place(old, size) {
            Some(new) => {
                let preempt = g.h.stackguard == STACK_PREEMPT;
                set_stack(g, new);
                if preempt {
                    g.h.stackguard = STACK_PREEMPT;
                }
                Moved::default()
            }
            None => {
                let new = if debug().stackstress { stackalloc_mapping(size) } else { stackalloc((*getm()).p, size) };
                copystack(g, new)
            }
        };
        (*(*getm()).p).stackstats.shrinks += 1;
        if debug().stacktrace {
            report("shrinkstack", g, "", old, used, moved);
        }
    }
    old.size() - size
}

/// The program dies of too large a stack.
pub fn overflow(g: &G, sp: u64) -> ! {
    let mut s = String::new();
    let _ = write!(
        s,
        "runtime: goroutine stack exceeds {}-byte limit\nruntime: sp={sp:#x} stack=[{:#x}, {:#x}]\n",
        MAX_STACK.load(Relaxed),
        g.h.stack_lo,
        g.h.stack_hi
    );
    super::print::write_err(s.as_bytes());
    panic::throw("stack overflow")
}

fn report(what: &str, g: &G, place: &str, old: StackMem, used: u64, moved: Moved) {
    let mut s = String::new();
    let _ = writeln!(
        s,
        "runtime: {what} goroutine {}{place}: [{:#x}, {:#x}) {} -> [{:#x}, {:#x}) {} bytes, used {used}, {} frames, {} pointers adjusted",
        g.goid,
        old.lo,
        old.hi,
        old.size(),
        g.stack.lo,
        g.stack.hi,
        g.stack.size(),
        moved.frames,
        moved.adjusted
    );
    super::print::write_err(s.as_bytes());
}

/// Relocates words that point into the old stack.
struct Adjust {
    lo: u64,
    size: u64,
    delta: u64,
    n: u64,
}

impl Adjust {
    #[inline(always)]
    fn value(&mut self, v: u64) -> u64 {
        if v.wrapping_sub(self.lo) < self.size {
            self.n += 1;
            v.wrapping_add(self.delta)
        } else {
            v
        }
    }

    /// # Safety
    /// `p` must be a word of the new stack or of g's records.
    #[inline(always)]
    unsafe fn word(&mut self, p: *mut u64) {
        // SAFETY: as the caller says.
        unsafe { *p = self.value(*p) };
    }
}

/// What is known of a return address, kept because recursion comes back to the same ones.
#[derive(Clone, Copy)]
struct Site {
    pc: u64,
    frame_to_fp: u64,
    live: &'static [u32],
    slots: &'static [u32],
}

const NO_SITE: Site = Site { pc: 0, frame_to_fp: 0, live: &[], slots: &[] };

fn lookup(pc: u64) -> Site {
    match classify(pc) {
        Kind::Go(f, c) => Site {
            pc,
            frame_to_fp: f.frame_to_fp as u64,
            // A frame that faulted away from a call has no live words but its slots.
            live: c.map_or(&[][..], |c| &c.live),
            slots: &f.slot_words,
        },
        Kind::Gopanic | Kind::Sigpanic => Site { pc, ..NO_SITE },
        Kind::Unknown => panic::throw("runtime: unexpected return pc while copying a stack"),
    }
}

/// Moves `g`'s stack to `new`, which must be large enough, and gives the old one back.
///
/// # Safety
/// `g` must be stopped in the runtime (see [`G`]'s invariant), and only the caller may touch it.
pub unsafe fn copystack(g: &mut G, new: StackMem) -> Moved {
    let old = g.stack;
    let sp = g.h.sched_sp;
    let used = old.hi - sp;
    let delta = new.hi.wrapping_sub(old.hi);
    // SAFETY: both stacks are ours, and the new one has room for the used part.
    unsafe {
        std::ptr::copy_nonoverlapping(sp as *const u8, (new.hi - used) as *mut u8, used as usize);
        let mut a = Adjust { lo: old.lo, size: old.size(), delta, n: 0 };
        let nsp = sp.wrapping_add(delta);
        adjust_entering(g, nsp, &mut a);
        let frames = adjust_frames(*(nsp as *const u64), a.value(g.h.sched_fp), &mut a);
        g.h.sched_fp = if g.h.sched_fp == 0 { 0 } else { g.h.sched_fp.wrapping_add(delta) };
        g.h.sched_sp = nsp;
        g.h.ctxt = a.value(g.h.ctxt);
        for d in g.defers_mut() {
            d.closure = a.value(d.closure);
        }
        for p in &mut g.panics {
            p.data = a.value(p.data);
        }
        for s in g.wait_records() {
            (*s).elem = a.value((*s).elem);
        }
        let preempt = g.h.stackguard == STACK_PREEMPT;
        set_stack(g, new);
        if preempt {
            g.h.stackguard = STACK_PREEMPT;
        }
        g.n_moves += 1;
        release(g, old);
        let s = &mut (*(*getm()).p).stackstats;
        s.bytes_copied += used;
        s.frames_adjusted += frames;
        s.pointers_adjusted += a.n;
        Moved { frames, adjusted: a.n }
    }
}

/// Gives back a stack that `g` left. Under stackstress it stays inaccessible for a while.
///
/// # Safety
/// Nobody uses it any more.
pub unsafe fn release(g: &mut G, old: StackMem) {
    // SAFETY: as the caller says.
    unsafe {
        if old.origin != Origin::Mapping {
            stackfree((*getm()).p, old);
            return;
        }
        stackpoison(old);
        let retired = g.retired.get_or_insert_default();
        retired.push_back(old);
        if retired.len() > N_RETIRED
            && let Some(s) = retired.pop_front()
        {
            stackunmap(s);
        }
    }
}

/// Relocates the arguments of the function that `g` is entering, if it is.
unsafe fn adjust_entering(g: &mut G, nsp: u64, a: &mut Adjust) {
    if g.entering == 0 {
        return;
    }
    let Some(f) = code::by_index(g.entering - 1) else { return };
    // SAFETY: the goroutine is entering f.
    let (regs, stack) = unsafe { reflectcall::pointer_args(f, g.h.ctxt) };
    for i in 0..6 {
        if regs >> i & 1 != 0 {
            g.args[i] = a.value(g.args[i]);
        }
    }
    for &o in stack {
        // SAFETY: incoming stack arguments lie above the return address.
        unsafe { a.word((nsp + 8 + o as u64) as *mut u64) };
    }
}

/// Relocates all frames from the one at `fp`, which goes on at `pc`. Returns their number.
unsafe fn adjust_frames(mut pc: u64, mut fp: u64, a: &mut Adjust) -> u64 {
    let mut cache = [NO_SITE; 64];
    let mut n = 0;
    let n0 = a.n;
    // SAFETY: frames are as their functions' metadata says; all words are in the new stack.
    unsafe {
        while fp != 0 {
            let c = &mut cache[(pc ^ pc >> 6) as usize & 63];
            if c.pc != pc {
                *c = lookup(pc);
            }
            let sp = fp - c.frame_to_fp;
            for &o in c.live {
                a.word((sp + o as u64) as *mut u64);
            }
            for &o in c.slots {
                a.word((sp + o as u64) as *mut u64);
            }
            pc = *((fp + 8) as *const u64);
            let up = *(fp as *const u64);
            fp = if up == 0 { 0 } else { up.wrapping_add(a.delta) };
            if up != 0 {
                *((sp + c.frame_to_fp) as *mut u64) = fp;
            }
            n += 1;
        }
    }
    debug_assert!(a.n >= n0);
    n
}
