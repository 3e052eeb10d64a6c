//! A runtime of the smallest kind: runs compiled functions on a stack of their own, which grows by copying,
//! and in stress mode moves at every check and every runtime call, the old stack becoming inaccessible.

use std::arch::global_asm;
use std::cell::RefCell;
use std::mem::offset_of;

use crate::abi::g::{G_CTXT, G_G0_SP, G_LAZY, G_MORESTACK, G_SCHED_FP, G_SCHED_SP, GHeader};
use crate::abi::meta::FuncMeta;
use crate::abi::rtfn::RtFn;
use crate::abi::stack::STACK_GUARD;

/// A mapping: address, bytes.
#[repr(C)]
#[derive(Clone, Copy)]
struct Map(u64, u64);

#[repr(C)]
pub(super) struct G {
    pub(super) h: GHeader,
    args: [u64; 6],
    fargs: [u64; 8],
    /// rsp, rbp, pc of a landing.
    land: [u64; 3],
    map: Map,
    pub(super) stress: bool,
    pub(super) moves: u64,
    pub(super) frames: u64,
    old: Vec<Map>,
    pub(super) log: Vec<u64>,
}

thread_local! {
    pub(super) static FUNCS: RefCell<Vec<&'static FuncMeta>> = const { RefCell::new(Vec::new()) };
    #[allow(clippy::type_complexity)]
    pub(super) static LAZY: RefCell<Option<Box<dyn FnMut(u32) -> u64>>> = const { RefCell::new(None) };
}

pub(super) fn register(meta: FuncMeta) {
    FUNCS.with_borrow_mut(|f| f.push(Box::leak(Box::new(meta))));
}

fn find(pc: u64) -> &'static FuncMeta {
    FUNCS.with_borrow(|f| {
        f.iter().copied().find(|m| pc >= m.entry && pc < m.entry + u64::from(m.size)).expect("a compiled function")
    })
}

macro_rules! stub {
    ($name:literal, $target:literal) => {
        concat!(
            ".globl ",
            $name,
            "\n",
            $name,
            ":\n",
            "mov [r15+{sp}], rsp\nmov [r15+{fp}], rbp\nmov rsp, [r15+{g0}]\n",
            "call ",
            $target,
            "\n",
            "mov rsp, [r15+{sp}]\nmov rbp, [r15+{fp}]\nret\n"
        )
    };
}

macro_rules! entering {
    ($name:literal, $target:literal) => {
        concat!(
            ".globl ",
            $name,
            "\n",
            $name,
            ":\n",
            "mov [r15+{sp}], rsp\nmov [r15+{fp}], rbp\nmov rsp, [r15+{g0}]\n",
            "mov [r15+{args}], rdi\nmov [r15+{args}+8], rsi\nmov [r15+{args}+16], rdx\nmov [r15+{args}+24], rcx\n",
            "mov [r15+{args}+32], r8\nmov [r15+{args}+40], r9\n",
            "movsd [r15+{fargs}], xmm0\nmovsd [r15+{fargs}+8], xmm1\nmovsd [r15+{fargs}+16], xmm2\n",
            "movsd [r15+{fargs}+24], xmm3\n",
            "mov rdi, r15\nmov esi, r11d\ncall ",
            $target,
            "\nmov r11, rax\n",
            "mov rdi, [r15+{args}]\nmov rsi, [r15+{args}+8]\nmov rdx, [r15+{args}+16]\nmov rcx, [r15+{args}+24]\n",
            "mov r8, [r15+{args}+32]\nmov r9, [r15+{args}+40]\n",
            "movsd xmm0, [r15+{fargs}]\nmovsd xmm1, [r15+{fargs}+8]\nmovsd xmm2, [r15+{fargs}+16]\n",
            "movsd xmm3, [r15+{fargs}+24]\n",
            "mov rsp, [r15+{sp}]\nmov rbp, [r15+{fp}]\njmp r11\n"
        )
    };
}

global_asm!(
    entering!("cgt_morestack", "{newstack}"),
    entering!("cgt_lazy", "{lazy_compile}"),
    ".globl cgt_preempt",
    "cgt_preempt:",
    "mov [r15+{sp}], rsp",
    "mov [r15+{fp}], rbp",
    "mov rsp, [r15+{g0}]",
    "push rax",
    "push rcx",
    "push rdx",
    "push rsi",
    "push rdi",
    "push r8",
    "push r9",
    "push r10",
    "push r11",
    "sub rsp, 40",
    "movups [rsp], xmm0",
    "movups [rsp+16], xmm1",
    "call {preempt}",
    "movups xmm0, [rsp]",
    "movups xmm1, [rsp+16]",
    "add rsp, 40",
    "pop r11",
    "pop r10",
    "pop r9",
    "pop r8",
    "pop rdi",
    "pop rsi",
    "pop rdx",
    "pop rcx",
    "pop rax",
    "mov rsp, [r15+{sp}]",
    "mov rbp, [r15+{fp}]",
    "ret",
    stub!("cgt_newobject", "{newobject}"),
    stub!("cgt_memmove", "{memmove}"),
    stub!("cgt_memclr", "{memclr}"),
    stub!("cgt_printint", "{printint}"),
    stub!("cgt_deferproc", "{preempt}"),
    stub!("cgt_fail", "{fail}"),
    // Ends in the nearest frame with a recovery block.
    ".globl cgt_gopanic",
    "cgt_gopanic:",
    "mov [r15+{sp}], rsp",
    "mov [r15+{fp}], rbp",
    "mov rsp, [r15+{g0}]",
    "call {gopanic}",
    "mov rsp, [r15+{land}]",
    "mov rbp, [r15+{land}+8]",
    // All registers are lost.
    "xor eax, eax",
    "mov rbx, 0x1111",
    "mov r12, 0x2222",
    "mov r13, 0x3333",
    "mov r14, 0x4444",
    "jmp [r15+{land}+16]",
    // rdi = g, rsi = entry, rdx = six arguments
    ".globl cgt_enter",
    "cgt_enter:",
    "push rbx",
    "push rbp",
    "push r12",
    "push r13",
    "push r14",
    "push r15",
    "sub rsp, 8",
    "mov r15, rdi",
    "mov [r15+{g0}], rsp",
    "mov r11, rsi",
    "mov r10, rdx",
    "mov rsp, [r15+{hi}]",
    "xor ebp, ebp",
    "mov rdi, [r10]",
    "mov rsi, [r10+8]",
    "mov rdx, [r10+16]",
    "mov rcx, [r10+24]",
    "mov r8, [r10+32]",
    "mov r9, [r10+40]",
    "movsd xmm0, [r10+48]",
    "mov rbx, 0x5151",
    "call r11",
    "cmp rbx, 0x5151",
    "je 2f",
    "ud2",
    "2:",
    "mov rsp, [r15+{g0}]",
    "add rsp, 8",
    "pop r15",
    "pop r14",
    "pop r13",
    "pop r12",
    "pop rbp",
    "pop rbx",
    "ret",
    sp = const G_SCHED_SP,
    fp = const G_SCHED_FP,
    g0 = const G_G0_SP,
    hi = const crate::abi::g::G_STACK_HI,
    args = const offset_of!(G, args),
    fargs = const offset_of!(G, fargs),
    land = const offset_of!(G, land),
    newstack = sym newstack,
    lazy_compile = sym lazy_compile,
    preempt = sym preempt,
    newobject = sym newobject,
    memmove = sym memmove,
    memclr = sym memclr,
    printint = sym printint,
    gopanic = sym gopanic,
    fail = sym fail,
);

unsafe extern "C" {
    fn cgt_morestack();
    fn cgt_lazy();
    fn cgt_preempt();
    fn cgt_newobject();
    fn cgt_memmove();
    fn cgt_memclr();
    fn cgt_printint();
    fn cgt_deferproc();
    fn cgt_gopanic();
    fn cgt_fail();
    fn cgt_enter(g: *mut GHeader, entry: u64, args: *const u64) -> u64;
}

/// The stub of a runtime function.
pub(super) fn runtime(f: RtFn) -> u64 {
    let f: unsafe extern "C" fn() = match f {
        RtFn::preempt => cgt_preempt,
        RtFn::newobject => cgt_newobject,
        RtFn::memmove => cgt_memmove,
        RtFn::memclr => cgt_memclr,
        RtFn::printint => cgt_printint,
        RtFn::deferproc => cgt_deferproc,
        RtFn::gopanic => cgt_gopanic,
        _ => cgt_fail,
    };
    f as usize as u64
}

fn getg() -> *mut G {
    let g: *mut G;
    // SAFETY: reads a register. Called first thing in functions entered from stubs.
    unsafe { std::arch::asm!("mov {}, r15", out(reg) g) };
    g
}

fn alloc_stack(size: u64) -> (u64, u64, Map) {
    let len = (size + 4095) & !4095;
    // SAFETY: a fresh mapping; its lowest page is a guard.
    unsafe {
        let p = libc::mmap(std::ptr::null_mut(), (len + 4096) as usize, 3, libc::MAP_PRIVATE | libc::MAP_ANON, -1, 0);
        assert!(p != libc::MAP_FAILED);
        libc::mprotect(p, 4096, libc::PROT_NONE);
        let base = p as u64;
        let hi = base + 4096 + len;
        (hi - size, hi, Map(base, len + 4096))
    }
}

impl G {
    pub(super) fn new(size: u64, stress: bool) -> Box<G> {
        let (lo, hi, map) = alloc_stack(size);
        // SAFETY: the header is plain words.
        let mut h: GHeader = unsafe { std::mem::zeroed() };
        h.stackguard = if stress { u64::MAX } else { lo + STACK_GUARD };
        h.morestack = cgt_morestack as *const () as u64;
        h.lazy = cgt_lazy as *const () as u64;
        h.stack_lo = lo;
        h.stack_hi = hi;
        h.preempt = u64::from(stress);
        let _ = (G_CTXT, G_LAZY, G_MORESTACK);
        Box::new(G {
            h,
            args: [0; 6],
            fargs: [0; 8],
            land: [0; 3],
            map,
            stress,
            moves: 0,
            frames: 0,
            old: Vec::new(),
            log: Vec::new(),
        })
    }

    /// Runs a function with integer arguments and one float; returns rax.
    pub(super) fn run(&mut self, entry: u64, args: &[u64]) -> u64 {
        let mut a = [0u64; 7];
        a[..args.len()].copy_from_slice(args);
        // SAFETY: `entry` is a function that takes at most these arguments.
        unsafe { cgt_enter(&raw mut self.h, entry, a.as_ptr()) }
    }
}

impl Drop for G {
    fn drop(&mut self) {
        self.old.push(self.map);
        for Map(base, len) in self.old.drain(..) {
            // SAFETY: our own mappings.
            unsafe { libc::munmap(base as *mut _, len as usize) };
        }
    }
}

/// Moves the stack. `entering`: the function whose check failed, whose arguments are in `g.args`.
unsafe fn copy_stack(g: &mut G, size: u64, entering: Option<&FuncMeta>) {
    let (lo, hi) = (g.h.stack_lo, g.h.stack_hi);
    let used = hi - g.h.sched_sp;
    assert!(size >= used + STACK_GUARD);
    let (new_lo, new_hi, map) = alloc_stack(size);
    let delta = new_hi.wrapping_sub(hi);
    // SAFETY: both stacks are mapped and large enough; maps name words of live frames only.
    unsafe {
        std::ptr::copy_nonoverlapping(g.h.sched_sp as *const u8, (new_hi - used) as *mut u8, used as usize);
        let adjust = |p: *mut u64| {
            if (lo..hi).contains(&*p) {
                *p = (*p).wrapping_add(delta);
            }
        };
        g.moves += 1;
        g.h.sched_sp = g.h.sched_sp.wrapping_add(delta);
        let sp = g.h.sched_sp;
        if let Some(m) = entering {
            for i in 0..6 {
                if m.arg_regs >> i & 1 != 0 {
                    adjust(&mut g.args[i]);
                }
            }
            for &o in &m.arg_stack {
                adjust((sp + 8 + u64::from(o)) as *mut u64);
            }
        }
        adjust(&mut g.h.ctxt);
        let mut pc = *(sp as *const u64);
        if g.h.sched_fp != 0 {
            g.h.sched_fp = g.h.sched_fp.wrapping_add(delta);
        }
        let mut fp = g.h.sched_fp;
        while fp != 0 {
            let m = find(pc);
            let at = m.calls.binary_search_by_key(&((pc - m.entry) as u32), |c| c.pc).expect("a call site");
            let frame = fp - u64::from(m.frame_to_fp);
            for o in m.calls[at].live.iter().chain(&m.slot_words) {
                let word = (frame + u64::from(*o)) as *mut u64;
                assert!(*word == 0 || *word > 4096, "{}: a bad pointer {:#x} at sp+{o}", m.name, *word);
                adjust(word);
            }
            pc = *((fp + 8) as *const u64);
            adjust(fp as *mut u64);
            fp = *(fp as *const u64);
            g.frames += 1;
        }
        if g.stress {
            libc::mprotect(g.map.0 as *mut _, g.map.1 as usize, libc::PROT_NONE);
            g.old.push(g.map);
            if g.old.len() > 200 {
                let Map(base, len) = g.old.remove(0);
                libc::munmap(base as *mut _, len as usize);
            }
        } else {
            libc::munmap(g.map.0 as *mut _, g.map.1 as usize);
            g.h.stackguard = new_lo + STACK_GUARD;
        }
    }
    (g.h.stack_lo, g.h.stack_hi, g.map) = (new_lo, new_hi, map);
}

unsafe extern "C" fn newstack(g: *mut G, index: u32) -> u64 {
    // SAFETY: called from the stub with r15.
    let g = unsafe { &mut *g };
    let m = FUNCS.with_borrow(|f| *f.iter().rev().find(|m| m.index == index).expect("a compiled function"));
    let used = g.h.stack_hi - g.h.sched_sp;
    let mut size = g.h.stack_hi - g.h.stack_lo;
    if !g.stress {
        size *= 2;
    }
    while size < used + m.need + 2 * STACK_GUARD {
        size *= 2;
    }
    // SAFETY: the stub saved where the goroutine is.
    unsafe { copy_stack(g, size, Some(m)) };
    m.entry + u64::from(m.prefix)
}

unsafe extern "C" fn lazy_compile(_: *mut G, index: u32) -> u64 {
    LAZY.with_borrow_mut(|l| (l.as_mut().expect("a lazy compiler"))(index))
}

fn maybe_move(g: *mut G) {
    // SAFETY: as `newstack`.
    unsafe {
        if (*g).stress {
            let size = (*g).h.stack_hi - (*g).h.stack_lo;
            copy_stack(&mut *g, size, None);
        }
    }
}

unsafe extern "C" fn preempt() {
    maybe_move(getg());
}

unsafe extern "C" fn newobject(_ty: u64, _site: u64) -> u64 {
    let g = getg();
    maybe_move(g);
    Box::leak(Box::new([0u64; 8])).as_ptr() as u64
}

unsafe extern "C" fn memmove(dst: *mut u8, src: *const u8, n: usize) {
    // SAFETY: the generated code's regions.
    unsafe { std::ptr::copy(src, dst, n) }
}

unsafe extern "C" fn memclr(dst: *mut u8, n: usize) {
    // SAFETY: the generated code's region.
    unsafe { std::ptr::write_bytes(dst, 0, n) }
}

unsafe extern "C" fn printint(x: u64) {
    let g = getg();
    // SAFETY: r15 is the running goroutine.
    unsafe { (*g).log.push(x) };
    maybe_move(g);
}

unsafe extern "C" fn fail() {
    eprintln!("a runtime function that the harness lacks was called");
    std::process::abort();
}

unsafe extern "C" fn gopanic(_ty: u64, _data: u64) {
    let g = getg();
    maybe_move(g);
    // SAFETY: walks the frames of the stopped goroutine.
    unsafe {
        let g = &mut *g;
        let mut pc = *(g.h.sched_sp as *const u64);
        let mut fp = g.h.sched_fp;
        while fp != 0 {
            let m = find(pc);
            if let Some(r) = m.recovery {
                g.land = [fp - u64::from(m.frame_to_fp), fp, m.entry + u64::from(r)];
                return;
            }
            pc = *((fp + 8) as *const u64);
            fp = *(fp as *const u64);
        }
    }
    eprintln!("nobody recovers");
    std::process::abort();
}
