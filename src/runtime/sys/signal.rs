//! Signals. A fault of generated code at a known instruction, near address 0, becomes a nil-dereference panic
//! of its goroutine; any other fault ends the process.

use super::asm;
use super::mem;
use crate::abi::meta::trap;
use crate::runtime::code;
use crate::runtime::g::{G, Sig};
use crate::runtime::print::write_err;
use std::fmt::Write;

/// Bytes of a thread's signal stack.
const SIGSTACK: usize = 64 << 10;
/// Faults below this address are nil dereferences.
const NIL_LIMIT: u64 = 4096;

/// Gives this thread a signal stack.
pub fn minit() {
    let ss = libc::stack_t { ss_sp: mem::map(SIGSTACK) as *mut _, ss_flags: 0, ss_size: SIGSTACK };
    // SAFETY: the stack is a fresh mapping that is never unmapped.
    unsafe { libc::sigaltstack(&ss, std::ptr::null_mut()) };
}

/// Installs the handlers.
pub fn init() {
    // SAFETY: the handler is async-signal-safe for the faults it handles; the structure is plain data.
    unsafe {
        let mut sa: libc::sigaction = std::mem::zeroed();
        sa.sa_sigaction = handler as *const () as usize;
        sa.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
        libc::sigemptyset(&mut sa.sa_mask);
        for s in [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE] {
            libc::sigaction(s, &sa, std::ptr::null_mut());
        }
        // Writes to closed pipes are errors of the write, except on standard output and error.
        libc::signal(libc::SIGPIPE, libc::SIG_IGN);
    }
}

fn name(sig: i32) -> &'static str {
    match sig {
        libc::SIGSEGV => "SIGSEGV: segmentation violation",
        libc::SIGBUS => "SIGBUS: bus error",
        libc::SIGFPE => "SIGFPE: floating-point exception",
        _ => "signal",
    }
}

extern "C" fn handler(sig: i32, info: *mut libc::siginfo_t, ctx: *mut libc::c_void) {
    // SAFETY: the kernel passes valid records. r15 is the goroutine where the pc is in generated code, and
    // the words below its sp are free.
    unsafe {
        let uc = &mut *(ctx as *mut libc::ucontext_t);
        let regs = &mut uc.uc_mcontext.gregs;
        let pc = regs[libc::REG_RIP as usize] as u64;
        let addr = if sig == libc::SIGFPE { pc } else { (*info).si_addr() as u64 };
        if let Some(f) = code::find(pc)
            && let Some(t) = code::trap_site(f, pc)
            && ((sig == libc::SIGFPE && t.code == trap::DIV) || (t.code == trap::NIL && addr < NIL_LIMIT))
        {
            let g = regs[libc::REG_R15 as usize] as *mut G;
            (*g).sig = Some(Box::new(Sig { name: name(sig), code: (*info).si_code as u64, addr, pc }));
            let sp = regs[libc::REG_RSP as usize] as u64 - 8;
            *(sp as *mut u64) = pc;
            regs[libc::REG_RSP as usize] = sp as i64;
            regs[libc::REG_RIP as usize] = asm::sigpanic_entry() as i64;
            return;
        }
        let mut s = String::new();
        let _ = writeln!(
            s,
            "fatal error: unexpected signal during runtime execution\n[signal {} code={:#x} addr={addr:#x} pc={pc:#x}]",
            name(sig),
            (*info).si_code
        );
        if let Some(f) = code::find(pc) {
            let _ = writeln!(s, "in {} +{:#x}", f.name, pc - f.entry);
            let g = regs[libc::REG_R15 as usize] as *const G;
            let (sp, fp) = (regs[libc::REG_RSP as usize], regs[libc::REG_RBP as usize]);
            let _ = writeln!(s, "sp={sp:#x} fp={fp:#x} stack=[{:#x}, {:#x}]", (*g).h.stack_lo, (*g).h.stack_hi);
            for (n, r) in [
                ("rax", libc::REG_RAX),
                ("rbx", libc::REG_RBX),
                ("rcx", libc::REG_RCX),
                ("rdx", libc::REG_RDX),
                ("rsi", libc::REG_RSI),
                ("rdi", libc::REG_RDI),
                ("r8", libc::REG_R8),
                ("r9", libc::REG_R9),
                ("r10", libc::REG_R10),
                ("r11", libc::REG_R11),
                ("r12", libc::REG_R12),
                ("r13", libc::REG_R13),
                ("r14", libc::REG_R14),
            ] {
                let _ = write!(s, "{n}={:#x} ", regs[r as usize]);
            }
            s.push('\n');
            frame_chain(&mut s, pc, fp as u64, &*g);
        } else {
            let g = crate::runtime::g::getg();
            if !g.is_null() && (*g).h.sched_sp != 0 && (*g).on_stack((*g).h.sched_sp) {
                frame_chain(&mut s, *((*g).h.sched_sp as *const u64), (*g).h.sched_fp, &*g);
            }
        }
        write_err(s.as_bytes());
        libc::_exit(2);
    }
}

/// Prints the functions along the rbp chain, as far as it stays in the stack.
unsafe fn frame_chain(s: &mut String, mut pc: u64, mut fp: u64, g: &G) {
    for _ in 0..50 {
        if let Some(f) = code::find(pc) {
            let _ = writeln!(s, "  {} +{:#x}", f.name, pc - f.entry);
        } else {
            let _ = writeln!(s, "  pc {pc:#x}");
        }
        if !g.on_stack(fp) || !fp.is_multiple_of(8) {
            return;
        }
        // SAFETY: the address is in the goroutine's stack.
        unsafe {
            pc = *((fp + 8) as *const u64);
            fp = *(fp as *const u64);
        }
    }
}
