//! The assembly between generated code and Rust (x86-64, System V).
//!
//! ```text
//!  generated code ── call ──▶ mgo_rt_NAME ── rsp := g.g0_sp ── call ──▶ entry::NAME   (returns the same way)
//!  prologue slow path ── jmp ──▶ mgo_morestack ── newstack ──▶ entry + prefix
//!  function on a new segment ── ret ──▶ mgo_lessstack ── oldstack ──▶ its caller
//!  code-less function ── jmp ──▶ mgo_lazy ── hook ──▶ its code
//!  scheduler ──▶ mgo_gogo ──▶ where the goroutine was
//!  panic     ──▶ mgo_gocall ── call on the goroutine's stack ──▶ mgo_gocall_ret ──▶ after_call
//! ```
//!
//! r15 is the goroutine throughout; r10 and r11 are free at every call. Rust functions entered here never
//! unwind. They may diverge: whoever enters Rust next starts again at `g0_sp`.

use crate::runtime::debug::debug;
use crate::runtime::g::G;
use crate::runtime::m::M;
use std::arch::global_asm;
use std::mem::offset_of;

const SAVED: usize = offset_of!(G, saved);
const ARGS: usize = offset_of!(G, args);
const FARGS: usize = offset_of!(G, fargs);
const RET: usize = offset_of!(G, ret);
const POLLED: usize = offset_of!(G, polled);

/// One line for each xmm register: text before and behind its number's two places.
macro_rules! xmms {
    ($a:literal, $b:literal, $c:literal) => {
        xmms!(@ $a, $b, $c, "0" "1" "2" "3" "4" "5" "6" "7" "8" "9" "10" "11" "12" "13" "14" "15")
    };
    (@ $a:literal, $b:literal, $c:literal, $($n:literal)*) => {
        concat!($($a, $n, $b, $n, $c, "\n",)*)
    };
}

/// Enters Rust: saves where the goroutine is and changes to the thread's own stack.
macro_rules! to_g0 {
    () => {
        "mov [r15+{sp}], rsp\nmov [r15+{fp}], rbp\nmov rsp, [r15+{g0}]\n"
    };
}

/// Saves what runtime calls preserve, for stubs whose goroutine may park.
macro_rules! save_callee {
    () => {
        "mov [r15+{saved}], rbx\nmov [r15+{saved}+8], r12\nmov [r15+{saved}+16], r13\nmov [r15+{saved}+24], r14\n"
    };
}

/// Saves the float registers that carry arguments and results.
macro_rules! save_floats {
    () => {
        "movsd [r15+{fargs}], xmm0
        movsd [r15+{fargs}+8], xmm1
        movsd [r15+{fargs}+16], xmm2
        movsd [r15+{fargs}+24], xmm3
        movsd [r15+{fargs}+32], xmm4
        movsd [r15+{fargs}+40], xmm5
        movsd [r15+{fargs}+48], xmm6
        movsd [r15+{fargs}+56], xmm7
        "
    };
}

/// Loads what [`save_floats`] saved.
macro_rules! load_floats {
    () => {
        "movsd xmm0, [r15+{fargs}]
        movsd xmm1, [r15+{fargs}+8]
        movsd xmm2, [r15+{fargs}+16]
        movsd xmm3, [r15+{fargs}+24]
        movsd xmm4, [r15+{fargs}+32]
        movsd xmm5, [r15+{fargs}+40]
        movsd xmm6, [r15+{fargs}+48]
        movsd xmm7, [r15+{fargs}+56]
        "
    };
}

macro_rules! save_args {
    () => {
        concat!(
            "mov [r15+{args}], rdi
        mov [r15+{args}+8], rsi
        mov [r15+{args}+16], rdx
        mov [r15+{args}+24], rcx
        mov [r15+{args}+32], r8
        mov [r15+{args}+40], r9
        ",
            save_floats!()
        )
    };
}

global_asm!(
    // The prologue found too little stack. r11d: the function's index.
    ".globl mgo_morestack",
    "mgo_morestack:",
    to_g0!(),
    save_args!(),
    save_callee!(),
    "mov edi, r11d",
    "call {newstack}",
    "mov r11, rax",
    // Continue at a function's entry: r11 is where.
    "mgo_restore_args:",
    "mov rdi, [r15+{args}]",
    "mov rsi, [r15+{args}+8]",
    "mov rdx, [r15+{args}+16]",
    "mov rcx, [r15+{args}+24]",
    "mov r8, [r15+{args}+32]",
    "mov r9, [r15+{args}+40]",
    load_floats!(),
    "mov rsp, [r15+{sp}]",
    "mov rbp, [r15+{fp}]",
    "jmp r11",
    // A function returns out of the newest segment of its stack (segstack.rs), with results in any register
    // of the Tail convention.
    ".globl mgo_lessstack",
    "mgo_lessstack:",
    "mov [r15+{ret}], rax",
    "mov [r15+{ret}+8], rcx",
    "mov [r15+{args}], rdx",
    "mov [r15+{args}+8], rsi",
    "mov [r15+{args}+16], rdi",
    "mov [r15+{args}+24], r8",
    "mov [r15+{args}+32], r9",
    "mov [r15+{args}+40], r10",
    save_floats!(),
    to_g0!(),
    "call {oldstack}",
    "mov r11, rax",
    "mov rax, [r15+{ret}]",
    "mov rcx, [r15+{ret}+8]",
    "mov rdx, [r15+{args}]",
    "mov rsi, [r15+{args}+8]",
    "mov rdi, [r15+{args}+16]",
    "mov r8, [r15+{args}+24]",
    "mov r9, [r15+{args}+32]",
    "mov r10, [r15+{args}+40]",
    load_floats!(),
    "mov rsp, [r15+{sp}]",
    "mov rbp, [r15+{fp}]",
    "jmp r11",
    // A function without code yet was called. r11d: its index.
    ".globl mgo_lazy",
    "mgo_lazy:",
    to_g0!(),
    save_args!(),
    save_callee!(),
    "mov edi, r11d",
    "call {lazy_compile}",
    "mov r11, rax",
    "jmp mgo_restore_args",
    // rdi: the goroutine to go on with.
    ".globl mgo_gogo",
    "mgo_gogo:",
    "mov r15, rdi",
    "mov rbx, [r15+{saved}]",
    "mov r12, [r15+{saved}+8]",
    "mov r13, [r15+{saved}+16]",
    "mov r14, [r15+{saved}+24]",
    "mov rax, [r15+{ret}]",
    "mov rdx, [r15+{ret}+8]",
    "mov r11, [r15+{pc}]",
    "test r11, r11",
    "jz 4f",
    "mov qword ptr [r15+{pc}], 0",
    "jmp mgo_restore_args",
    "4:",
    "mov rsp, [r15+{sp}]",
    "mov rbp, [r15+{fp}]",
    "ret",
    // Lands in a frame's recovery code. rdi: g, rsi: sp, rdx: fp, rcx: pc.
    ".globl mgo_land",
    "mgo_land:",
    "mov r15, rdi",
    "mov rsp, rsi",
    "mov rbp, rdx",
    "xor eax, eax",
    "xor edx, edx",
    "jmp rcx",
    // Calls Go code for the runtime, on the goroutine's stack above the frame that panic.rs pushed, then
    // enters after_call. rdi: g, rsi: code, rdx: the first argument.
    ".globl mgo_gocall",
    "mgo_gocall:",
    "mov r15, rdi",
    "mov rdi, rdx",
    "mov rsp, [r15+{sp}]",
    "add rsp, 8",
    "mov rbp, [r15+{fp}]",
    "call rsi",
    ".globl mgo_gocall_ret",
    "mgo_gocall_ret:",
    "mov [r15+{ret}], rax",
    "mov [r15+{ret}+8], rcx",
    "call 2f",
    "ud2",
    "2:",
    to_g0!(),
    "call {after_call}",
    "ud2",
    ".globl mgo_gocall_end",
    "mgo_gocall_end:",
    // The signal handler sends a goroutine here; the faulting pc lies on the stack like a return address.
    ".globl mgo_sigpanic",
    "mgo_sigpanic:",
    "push rbp",
    "mov rbp, rsp",
    "call 2f",
    ".globl mgo_sigpanic_ret",
    "mgo_sigpanic_ret:",
    "ud2",
    "2:",
    to_g0!(),
    "call {sigpanic}",
    "ud2",
    // A goroutine that was preempted in a loop goes on: all registers are as they were.
    ".globl mgo_poll_resume",
    "mgo_poll_resume:",
    "mov r11, [r15+{polled}]",
    "mov rax, [r11]",
    "mov rcx, [r11+8]",
    "mov rdx, [r11+16]",
    "mov rsi, [r11+24]",
    "mov rdi, [r11+32]",
    "mov r8, [r11+40]",
    "mov r9, [r11+48]",
    "mov r10, [r11+56]",
    xmms!("movups xmm", ", [r11+72+16*", "]"),
    "mov r11, [r11+64]",
    "ret",
    // First code of a goroutine: calls the closure in g.ctxt.
    ".globl mgo_gostart",
    "mgo_gostart:",
    "xor ebp, ebp",
    "sub rsp, 8",
    "mov r11, [r15+{ctxt}]",
    "call [r11]",
    "call 2f",
    "ud2",
    "2:",
    to_g0!(),
    "call {goexit0}",
    "ud2",
    // First code of the main goroutine: calls what main_next names, until it ends the process.
    ".globl mgo_mainstart",
    "mgo_mainstart:",
    "xor ebp, ebp",
    "sub rsp, 8",
    "3:",
    "call 2f",
    "call rax",
    "jmp 3b",
    "2:",
    to_g0!(),
    "call {main_next}",
    "mov rsp, [r15+{sp}]",
    "xor ebp, ebp",
    "ret",
    ".globl mgo_mainstart_end",
    "mgo_mainstart_end:",
    // A thread begins to schedule. rdi: m, rsi: a Rust function that does not return.
    ".globl mgo_mstart",
    "mgo_mstart:",
    "and rsp, -16",
    "mov [rdi+{m_g0}], rsp",
    "xor ebp, ebp",
    "call rsi",
    "ud2",
    // Common part of native stubs. r11: the Rust function.
    ".globl mgo_native",
    "mgo_native:",
    save_callee!(),
    to_g0!(),
    "call r11",
    "mov rsp, [r15+{sp}]",
    "mov rbp, [r15+{fp}]",
    "ret",
    // The same for runtime and native functions under gcstress: a collection comes before the call.
    ".globl mgo_gcstress",
    "mgo_gcstress:",
    save_args!(),
    save_callee!(),
    to_g0!(),
    "push r11",
    "push r11",
    "call {gc_stress}",
    "pop r11",
    "pop r11",
    "mov rdi, [r15+{args}]",
    "mov rsi, [r15+{args}+8]",
    "mov rdx, [r15+{args}+16]",
    "mov rcx, [r15+{args}+24]",
    "mov r8, [r15+{args}+32]",
    "mov r9, [r15+{args}+40]",
    load_floats!(),
    "call r11",
    "mov rsp, [r15+{sp}]",
    "mov rbp, [r15+{fp}]",
    "ret",
    // The same for runtime and native functions under stackstress=2: the stack moves before the return.
    ".globl mgo_stress",
    "mgo_stress:",
    save_callee!(),
    to_g0!(),
    "call r11",
    "mov [r15+{ret}], rax",
    "mov [r15+{ret}+8], rdx",
    "movsd [r15+{fargs}], xmm0",
    "movsd [r15+{fargs}+8], xmm1",
    "call {stress_return}",
    "mov rax, [r15+{ret}]",
    "mov rdx, [r15+{ret}+8]",
    "movsd xmm0, [r15+{fargs}]",
    "movsd xmm1, [r15+{fargs}+8]",
    "mov rsp, [r15+{sp}]",
    "mov rbp, [r15+{fp}]",
    "ret",
    sp = const crate::abi::g::G_SCHED_SP,
    fp = const crate::abi::g::G_SCHED_FP,
    pc = const crate::abi::g::G_SCHED_PC,
    g0 = const crate::abi::g::G_G0_SP,
    ctxt = const crate::abi::g::G_CTXT,
    saved = const SAVED,
    args = const ARGS,
    fargs = const FARGS,
    ret = const RET,
    polled = const POLLED,
    m_g0 = const offset_of!(M, g0_sp),
    oldstack = sym crate::runtime::segstack::oldstack,
    newstack = sym crate::runtime::newstack::newstack,
    gc_stress = sym crate::runtime::gc::stress,
    stress_return = sym crate::runtime::newstack::stress_return,
    lazy_compile = sym crate::runtime::lazy_compile,
    after_call = sym crate::runtime::panic::after_call,
    sigpanic = sym crate::runtime::panic::sigpanic,
    goexit0 = sym crate::runtime::sched::goexit0,
    main_next = sym crate::runtime::main_next,
);

/// One stub per runtime entry point. Those whose goroutine may park also save what calls preserve.
macro_rules! stubs {
    ($($name:ident)*) => {
        $(stubs!(@one $name);)*

        unsafe extern "C" {
            $(#[link_name = concat!("mgo_rt_", stringify!($name))] fn $name();)*
        }

        /// Stub addresses, in the order of [`RtFn::ALL`](crate::abi::rtfn::RtFn::ALL).
        pub fn stubs() -> Vec<*const u8> {
            vec![$($name as *const () as *const u8,)*]
        }

        /// The Rust functions, in the same order.
        pub fn targets() -> Vec<u64> {
            vec![$(crate::runtime::entry::$name as *const () as u64,)*]
        }
    };
    (@one chansend) => { stubs!(@asm chansend save_callee); };
    (@one chanrecv) => { stubs!(@asm chanrecv save_callee); };
    (@one selectgo) => { stubs!(@asm selectgo save_callee); };
    (@one preempt) => {
        global_asm!(
            ".globl mgo_rt_preempt",
            "mgo_rt_preempt:",
            // Into the thread's record; Rust moves them to the goroutine's.
            "push rax",
            "mov rax, [r15+{m}]",
            "mov [rax+{polled}+8], rcx",
            "mov [rax+{polled}+16], rdx",
            "mov [rax+{polled}+24], rsi",
            "mov [rax+{polled}+32], rdi",
            "mov [rax+{polled}+40], r8",
            "mov [rax+{polled}+48], r9",
            "mov [rax+{polled}+56], r10",
            "mov [rax+{polled}+64], r11",
            xmms!("movups [rax+{polled}+72+16*", "], xmm", ""),
            "pop rcx",
            "mov [rax+{polled}], rcx",
            save_callee!(),
            to_g0!(),
            "call {f}",
            "ud2",
            f = sym crate::runtime::entry::preempt,
            sp = const crate::abi::g::G_SCHED_SP,
            fp = const crate::abi::g::G_SCHED_FP,
            g0 = const crate::abi::g::G_G0_SP,
            saved = const SAVED,
            m = const crate::abi::g::G_M,
            polled = const offset_of!(M, polled),
        );
    };
    // Preserves all registers; the results go to g.cold_ret.
    (@one growslice) => {
        global_asm!(
            ".globl mgo_rt_growslice",
            "mgo_rt_growslice:",
            to_g0!(),
            "sub rsp, 336",
            "mov [rsp], rcx",
            "mov [rsp+8], rsi",
            "mov [rsp+16], rdi",
            "mov [rsp+24], r8",
            "mov [rsp+32], r9",
            "mov [rsp+40], r10",
            "mov [rsp+48], r11",
            "mov [rsp+56], rax",
            "mov [rsp+320], rdx",
            xmms!("movups [rsp+64+16*", "], xmm", ""),
            "call {f}",
            "mov [r15+{cold}], rax",
            "mov [r15+{cold}+8], rdx",
            "mov rax, [rsp+56]",
            "mov rdx, [rsp+320]",
            "mov rcx, [rsp]",
            "mov rsi, [rsp+8]",
            "mov rdi, [rsp+16]",
            "mov r8, [rsp+24]",
            "mov r9, [rsp+32]",
            "mov r10, [rsp+40]",
            "mov r11, [rsp+48]",
            xmms!("movups xmm", ", [rsp+64+16*", "]"),
            "mov rsp, [r15+{sp}]",
            "mov rbp, [r15+{fp}]",
            "ret",
            f = sym crate::runtime::entry::growslice,
            sp = const crate::abi::g::G_SCHED_SP,
            fp = const crate::abi::g::G_SCHED_FP,
            cold = const crate::abi::g::G_COLD_RET,
            g0 = const crate::abi::g::G_G0_SP,
        );
    };
    (@one $name:ident) => { stubs!(@asm $name no_save); };
    (@asm $name:ident $save:ident) => {
        global_asm!(
            concat!(".globl mgo_rt_", stringify!($name)),
            concat!("mgo_rt_", stringify!($name), ":"),
            $save!(),
            to_g0!(),
            "call {f}",
            "mov rsp, [r15+{sp}]",
            "mov rbp, [r15+{fp}]",
            "ret",
            "/* {saved} */",
            f = sym crate::runtime::entry::$name,
            sp = const crate::abi::g::G_SCHED_SP,
            fp = const crate::abi::g::G_SCHED_FP,
            g0 = const crate::abi::g::G_G0_SP,
            saved = const SAVED,
        );
    };
}

macro_rules! no_save {
    () => {
        ""
    };
}

crate::abi::rtfn::for_each_rtfn!(stubs);

// Records go by address: their layout matters to nobody here.
#[allow(improper_ctypes)]
unsafe extern "C" {
    fn mgo_morestack();
    fn mgo_lazy();
    fn mgo_lessstack();
    fn mgo_gogo(g: *mut G) -> !;
    fn mgo_land(g: *mut G, sp: u64, fp: u64, pc: u64) -> !;
    fn mgo_gocall(g: *mut G, code: u64, arg: u64) -> !;
    fn mgo_gocall_ret();
    fn mgo_gocall_end();
    fn mgo_sigpanic();
    fn mgo_sigpanic_ret();
    fn mgo_gostart();
    fn mgo_poll_resume();
    fn mgo_mainstart();
    fn mgo_mainstart_end();
    fn mgo_mstart(m: *mut M, f: extern "C" fn() -> !) -> !;
    fn mgo_native();
    fn mgo_stress();
    fn mgo_gcstress();
}

macro_rules! addresses {
    ($($(#[$doc:meta])* $f:ident = $sym:ident;)*) => {
        $($(#[$doc])* pub fn $f() -> u64 { $sym as *const () as u64 })*
    };
}

addresses! {
    /// For `g.morestack`.
    morestack = mgo_morestack;
    /// For `g.lazy`.
    lazy = mgo_lazy;
    /// Return address of functions that got a new segment.
    lessstack = mgo_lessstack;
    /// Return address of Go functions that the runtime calls: the frame there is `runtime.gopanic`.
    gocall_ret = mgo_gocall_ret;
    /// End of the code that belongs to `gocall_ret`'s frame.
    gocall_end = mgo_gocall_end;
    /// Where the signal handler sends a goroutine.
    sigpanic_entry = mgo_sigpanic;
    /// Return address in the frame of `runtime.sigpanic`.
    sigpanic_ret = mgo_sigpanic_ret;
    /// First code of a goroutine.
    gostart = mgo_gostart;
    /// Where a goroutine goes on that was preempted in a loop.
    poll_resume = mgo_poll_resume;
    /// First code of the main goroutine.
    mainstart = mgo_mainstart;
    /// End of the code of goroutine starts.
    start_end = mgo_mainstart_end;
    /// Common part of native stubs.
    native_common = mgo_native;
}

/// Common part of stubs under stackstress=2 or gcstress, if one of these is asked for.
pub fn stress_common() -> Option<u64> {
    let d = debug();
    let f = if d.gcstress { mgo_gcstress } else { mgo_stress };
    (d.gcstress || d.rtstress).then_some(f as *const () as u64)
}

/// Goes on with `g`.
///
/// # Safety
/// `g` must be this thread's, parked at a valid place; g0's frames are abandoned.
pub unsafe fn gogo(g: *mut G) -> ! {
    // SAFETY: as the caller says.
    unsafe { mgo_gogo(g) }
}

/// Goes on at `pc` of the frame with these `sp` and `fp`.
///
/// # Safety
/// They must describe landing code of a live frame of `g`.
pub unsafe fn land(g: *mut G, sp: u64, fp: u64, pc: u64) -> ! {
    // SAFETY: as the caller says.
    unsafe { mgo_land(g, sp, fp, pc) }
}

/// Calls Go code on `g`'s stack; afterwards `panic::after_call` runs on g0, the results in `g.ret`.
///
/// # Safety
/// `g`'s topmost frame must be the one that `panic::push_frame` makes.
pub unsafe fn gocall(g: *mut G, code: u64, arg: u64) -> ! {
    // SAFETY: as the caller says.
    unsafe { mgo_gocall(g, code, arg) }
}

/// Remembers this stack as `m`'s g0 and runs `f` on it.
///
/// # Safety
/// `m` must be this thread's.
pub unsafe fn mstart(m: *mut M, f: extern "C" fn() -> !) -> ! {
    // SAFETY: as the caller says.
    unsafe { mgo_mstart(m, f) }
}
