//! Walking a goroutine's stack: from the frame that called the runtime outwards along the rbp chain.
//!
//! Besides frames of Go functions there are two kinds that the runtime makes: `runtime.gopanic`, below
//! functions it calls, and `runtime.sigpanic`, above a frame that faulted. Both are a saved rbp and a return
//! address and hold no pointers. On segmented stacks a return address of `lessstack` stands for the one its segment
//! has ([`segstack`](super::segstack)). The walk ends where rbp is 0.

use super::code;
use super::g::G;
use super::sys::asm;
use crate::abi::meta::{CallSite, FuncMeta};

/// What a frame is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A compiled function, and the call it is in (none where it faulted at no call).
    Go(&'static FuncMeta, Option<&'static CallSite>),
    /// See the module.
    Gopanic,
    /// See the module.
    Sigpanic,
    /// A return address that belongs to nothing: a bug.
    Unknown,
}

/// A frame.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Where it goes on: a return address, or the faulting instruction.
    pub pc: u64,
    pub fp: u64,
    pub kind: Kind,
    /// Stopped by a fault at `pc`, not by a call before it.
    pub trapped: bool,
}

impl Frame {
    /// Lowest address of a Go frame.
    pub fn sp(&self) -> u64 {
        match self.kind {
            Kind::Go(f, _) => self.fp - f.frame_to_fp as u64,
            _ => self.fp,
        }
    }

    /// Offset of the instruction that traces show.
    pub fn trace_off(&self, f: &FuncMeta) -> u32 {
        let off = (self.pc - f.entry) as u32;
        if self.trapped { off } else { off.saturating_sub(1) }
    }
}

/// What kind of frame goes on at `pc`.
pub fn classify(pc: u64) -> Kind {
    if let Some(f) = code::find(pc) {
        return Kind::Go(f, code::call_site(f, pc));
    }
    if pc >= asm::gocall_ret() && pc < asm::gocall_end() {
        return Kind::Gopanic;
    }
    if pc == asm::sigpanic_ret() {
        return Kind::Sigpanic;
    }
    Kind::Unknown
}

/// Iterator over frames, innermost first.
#[derive(Debug)]
pub struct Walk {
    pc: u64,
    fp: u64,
    trapped: bool,
    g: *const G,
    /// Segments between the frame and the oldest one.
    n_segments: usize,
}

impl Walk {
    /// From the frame that called the runtime.
    ///
    /// # Safety
    /// `g` must be stopped in the runtime (see [`G`]'s invariant) for as long as the walk lasts.
    pub unsafe fn new(g: *const G) -> Walk {
        // SAFETY: as the caller says, sched_sp points at a return address.
        unsafe {
            let segments = &(*g).segments;
            let mut w = Walk { pc: 0, fp: (*g).h.sched_fp, trapped: false, g, n_segments: segments.len() };
            w.pc = w.resolve(*((*g).h.sched_sp as *const u64));
            w
        }
    }

    /// The return address that stands for `pc`: where a segment ends, its record has it.
    #[inline]
    fn resolve(&mut self, pc: u64) -> u64 {
        if pc != asm::lessstack() || self.n_segments == 0 {
            return pc;
        }
        self.n_segments -= 1;
        // SAFETY: the goroutine is stopped for as long as the walk lasts.
        unsafe { (&(*self.g).segments)[self.n_segments].ret }
    }
}

impl Iterator for Walk {
    type Item = Frame;

    fn next(&mut self) -> Option<Frame> {
        if self.fp == 0 {
            return None;
        }
        let f = Frame { pc: self.pc, fp: self.fp, kind: classify(self.pc), trapped: self.trapped };
        self.trapped = matches!(f.kind, Kind::Sigpanic);
        if matches!(f.kind, Kind::Unknown) {
            self.fp = 0;
            return Some(f);
        }
        // SAFETY: rbp frames: the saved rbp and the return address are at fp and fp + 8.
        unsafe {
            self.pc = self.resolve(*((self.fp + 8) as *const u64));
            self.fp = *(self.fp as *const u64);
        }
        Some(f)
    }
}
