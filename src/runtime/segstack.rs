//! Segmented stacks (`mgo run -stack=segmented`): the model Go used before 1.4.
//!
//! A goroutine's stack is a chain of segments. A function that finds too little room gets a new segment; when it
//! returns, the segment is freed at once. Nothing ever moves, and a call in a loop that happens to stand at the
//! end of a segment allocates and frees one in every turn: the hot split.
//!
//! ```text
//!   older segment                           newer segment
//!   |  …                      |             | copy of the stack arguments | <- hi
//!   |  caller's frame         | <─ rbp ───  | mgo_lessstack               | <- sp at the function's entry
//!   |  stack arguments        |             | saved rbp, frame, …         |
//!   |  return address         | <- sp at the call; copied to `Segment::ret`
//! ```
//!
//! The function returns to `mgo_lessstack`, popping its copy of the arguments; that frees the segment and goes on
//! where the function was called from, with the arguments popped there. The chain of saved rbps leads through all
//! segments, so walks differ in one point only: a return address of `mgo_lessstack` stands for the one that its
//! segment's record has.
//!
//! Depths count from the top of the oldest segment: a segment begins at a depth that is the size of all older
//! ones together. So frames that are called later are deeper here, too.

use super::debug::debug;
use super::g::G;
use super::m::getm;
use super::malloc::mheap::{SpanState, mheap, span_of};
use super::newstack::{MAX_STACK, overflow, release, set_stack};
use super::stack::{Origin, StackMem, stackalloc, stackalloc_mapping};
use super::sys::{asm, reflectcall};
use super::{region, stackstats};
use crate::abi::meta::FuncMeta;
use crate::abi::stack::{STACK_GUARD, STACK_PREEMPT};
use std::sync::atomic::Ordering::*;

/// Size of a segment, unless a function needs more: what Go 1.1 took.
const SEGMENT: u64 = 4096;

/// What to go back to when the newest segment is left.
#[derive(Debug, Clone, Copy)]
pub struct Segment {
    /// The segment before.
    prev: StackMem,
    /// Where the function that needed the new one returns to.
    pub ret: u64,
    /// Stack pointer there, when it has returned.
    sp: u64,
    /// Depth of the top of the segment before.
    base: u64,
}

/// Whether programs run on segments.
#[inline(always)]
pub fn segmented() -> bool {
    debug().segmented
}

impl G {
    /// Depth of an address in its newest or an older segment. Of a contiguous stack: the distance from its top.
    pub fn depth(&self, addr: u64) -> u64 {
        let (mut mem, mut base) = (&self.stack, self.seg_base);
        for s in self.segments.iter().rev() {
            if addr >= mem.lo && addr < mem.hi {
                break;
            }
            (mem, base) = (&s.prev, s.base);
        }
        base + (mem.hi - addr)
    }

    /// The address that has this depth.
    pub fn at_depth(&self, depth: u64) -> u64 {
        let (mut mem, mut base) = (&self.stack, self.seg_base);
        for s in self.segments.iter().rev() {
            if depth > base {
                break;
            }
            (mem, base) = (&s.prev, s.base);
        }
        mem.hi - (depth - base)
    }

    /// Whether `addr` lies in its stack.
    pub fn on_stack(&self, addr: u64) -> bool {
        if addr >= self.h.stack_lo && addr < self.h.stack_hi {
            return true;
        }
        if self.segments.is_empty() {
            return false;
        }
        if mheap().contains(addr) {
            // Nothing points into the stack of another goroutine.
            let span = span_of(addr);
            // SAFETY: span records are never freed.
            return !span.is_null() && unsafe { (*span).state == SpanState::Stack };
        }
        (debug().stackstress || region::contains(addr))
            && self.segments.iter().any(|s| addr >= s.prev.lo && addr < s.prev.hi)
    }

    /// Calls `f` with the memory of each segment.
    pub fn for_each_segment(&self, mut f: impl FnMut(&StackMem)) {
        f(&self.stack);
        self.segments.iter().for_each(|s| f(&s.prev));
    }
}

/// Puts a new segment below the function `f`, which is being entered.
///
/// # Safety
/// `g` must be this thread's goroutine, stopped at `f`'s entry.
pub unsafe fn newsegment(g: &mut G, f: &FuncMeta) {
    let sp = g.h.sched_sp;
    // SAFETY: the goroutine is entering f.
    let args = unsafe { reflectcall::stack_arg_bytes(f, g.h.ctxt) };
    let mut size = SEGMENT.max(debug().stackmin);
    while size < f.need + STACK_GUARD + args + 16 {
        size *= 2;
    }
    if g.seg_base + g.stack.size() + size > MAX_STACK.load(Relaxed) {
        overflow(g, sp);
    }
    // SAFETY: the arguments lie above the return address that sp points at; the new segment has room for both.
    unsafe {
        let p = (*getm()).p;
        let new = if debug().stackstress { stackalloc_mapping(size) } else { stackalloc(p, size) };
        let nsp = new.hi - args - 8;
        let ret = *(sp as *const u64);
        std::ptr::copy_nonoverlapping((sp + 8) as *const u8, (nsp + 8) as *mut u8, args as usize);
        *(nsp as *mut u64) = asm::lessstack();
        let base = g.seg_base;
        g.segments.push(Segment { prev: g.stack, ret, sp: sp + 8 + args, base });
        g.seg_base = base + g.stack.size();
        set_stack(g, new);
        g.h.sched_sp = nsp;
        let s = &mut (*p).stackstats;
        s.segments_allocated += 1;
        s.bytes_copied += args;
        if g.last_split == ret {
            s.hot_splits += 1;
            stackstats::hot_split(s, ret);
        }
    }
}

/// Frees the newest segment. Returns its record.
///
/// # Safety
/// Nobody uses it any more.
unsafe fn pop(g: &mut G) -> Option<Segment> {
    let seg = g.segments.pop()?;
    let old = g.stack;
    // The function value called last may have lain there: nobody enters it any more.
    if (old.lo..old.hi).contains(&g.h.ctxt) {
        g.h.ctxt = 0;
    }
    let preempt = g.h.stackguard == STACK_PREEMPT;
    // SAFETY: as the caller says.
    unsafe {
        g.seg_base = seg.base;
        set_stack(g, seg.prev);
        if preempt {
            g.h.stackguard = STACK_PREEMPT;
        }
        (*(*getm()).p).stackstats.segments_freed += 1;
        release(g, old);
    }
    Some(seg)
}

/// A function has returned out of the newest segment. Returns where its caller goes on.
pub extern "C" fn oldstack() -> u64 {
    // SAFETY: g is this thread's goroutine; no frame is left in the segment.
    unsafe {
        let g = &mut *super::g::getg();
        let Some(seg) = pop(g) else { super::panic::throw("runtime: return from no segment") };
        g.last_split = seg.ret;
        g.h.sched_sp = seg.sp;
        seg.ret
    }
}

/// Frees all segments newer than the one that `addr` lies in: the frames there are abandoned.
///
/// # Safety
/// The goroutine must go on at `addr` or above.
pub unsafe fn unwind(g: &mut G, addr: u64) {
    while !(addr >= g.stack.lo && addr < g.stack.hi) {
        // SAFETY: as the caller says.
        if unsafe { pop(g) }.is_none() {
            return;
        }
    }
}

/// Frees all but the oldest segment of a goroutine that has ended.
///
/// # Safety
/// Nobody uses its stack any more.
pub unsafe fn unwind_all(g: &mut G) {
    // SAFETY: as the caller says.
    while unsafe { pop(g) }.is_some() {}
    g.last_split = 0;
    debug_assert!(g.seg_base == 0 && g.stack.origin != Origin::None);
}
