//! Signals that nobody asked for. SIGQUIT and some others end the program with the traces of all goroutines and exit
//! status 2; many do nothing, as in Go; the rest does what the system does.
//!
//! The handler only notes which signal came and where, and wakes a thread that waits for it, since it may have
//! interrupted anything. That thread has all others stop, as far as they do within a while, prints, and ends the
//! process.
//!
//! The form is Go's for signals: headers with the addresses of records, frames with theirs, and the registers
//! at the signal. Frames of the runtime's own do not exist here: it does not run on goroutines' stacks.

use super::g::{G, Status};
use super::{code, dying, print, sched, stw, traceback};
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, Ordering::*};
use std::time::Duration;

/// Goroutines get so long to stop.
const PATIENCE: Duration = Duration::from_millis(200);

/// Signals that end the program with traces.
const ENDING: [(i32, &str); 6] = [
    (libc::SIGQUIT, "SIGQUIT: quit"),
    (libc::SIGILL, "SIGILL: illegal instruction"),
    (libc::SIGTRAP, "SIGTRAP: trace trap"),
    (libc::SIGABRT, "SIGABRT: abort"),
    (libc::SIGSTKFLT, "SIGSTKFLT: stack fault"),
    (libc::SIGSYS, "SIGSYS: bad system call"),
];

/// Signals that do nothing, besides those from [`FIRST_REALTIME`] on.
const IDLE: [i32; 9] = [
    libc::SIGUSR1,
    libc::SIGUSR2,
    libc::SIGALRM,
    libc::SIGXCPU,
    libc::SIGXFSZ,
    libc::SIGVTALRM,
    libc::SIGPROF,
    libc::SIGIO,
    libc::SIGPWR,
];
/// The two before are used by the C library.
const FIRST_REALTIME: i32 = 34;
const LAST_REALTIME: i32 = 64;

/// Names and places of the registers, in the order they are printed.
const REGISTERS: [(&str, i32); 18] = [
    ("rax", libc::REG_RAX),
    ("rbx", libc::REG_RBX),
    ("rcx", libc::REG_RCX),
    ("rdx", libc::REG_RDX),
    ("rdi", libc::REG_RDI),
    ("rsi", libc::REG_RSI),
    ("rbp", libc::REG_RBP),
    ("rsp", libc::REG_RSP),
    ("r8", libc::REG_R8),
    ("r9", libc::REG_R9),
    ("r10", libc::REG_R10),
    ("r11", libc::REG_R11),
    ("r12", libc::REG_R12),
    ("r13", libc::REG_R13),
    ("r14", libc::REG_R14),
    ("r15", libc::REG_R15),
    ("rip", libc::REG_RIP),
    ("rflags", libc::REG_EFL),
];

/// What the handler noted: the registers, the signal's code, and its number.
static NOTED: [AtomicI64; REGISTERS.len() + 2] = [const { AtomicI64::new(0) }; REGISTERS.len() + 2];

struct Semaphore(std::cell::UnsafeCell<libc::sem_t>);
// SAFETY: made for several threads.
unsafe impl Sync for Semaphore {}
// SAFETY: a semaphore is plain data, set up in `init`.
static ARRIVED: Semaphore = Semaphore(std::cell::UnsafeCell::new(unsafe { std::mem::zeroed() }));

/// Installs the handlers and starts the thread.
pub fn init() {
    // SAFETY: the semaphore is initialised before anybody can use it.
    unsafe { libc::sem_init(ARRIVED.0.get(), 0, 0) };
    let started = std::thread::Builder::new().name("signals".into()).stack_size(256 << 10).spawn(wait);
    let ending = ENDING.iter().filter(|_| started.is_ok()).map(|e| e.0);
    ending.chain(IDLE).chain(FIRST_REALTIME..=LAST_REALTIME).for_each(default_action);
    // Unlike SIGHUP and SIGINT, it ends the program even if it was ignored when the program was started.
    default_action(libc::SIGTERM);
}

/// Has a signal do what it does in a program that did not ask for it.
pub fn default_action(sig: i32) {
    let handler = if ENDING.iter().any(|e| e.0 == sig) {
        ending as *const () as usize
    } else if IDLE.contains(&sig) || (FIRST_REALTIME..=LAST_REALTIME).contains(&sig) {
        idle as *const () as usize
    } else {
        libc::SIG_DFL
    };
    // SAFETY: the structure is plain data; the handlers are async-signal-safe.
    unsafe {
        let mut sa: libc::sigaction = std::mem::zeroed();
        sa.sa_sigaction = handler;
        sa.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        libc::sigemptyset(&mut sa.sa_mask);
        libc::sigaction(sig, &sa, std::ptr::null_mut());
    }
}

extern "C" fn idle(_sig: i32, _info: *mut libc::siginfo_t, _ctx: *mut libc::c_void) {}

extern "C" fn ending(sig: i32, info: *mut libc::siginfo_t, ctx: *mut libc::c_void) {
    // SAFETY: the kernel passes valid records; what is called here may be called from handlers.
    unsafe {
        if (*info).si_code > 0 {
            // Not sent by anybody: mgo's own code is wrong. Without a handler it ends at once.
            libc::signal(sig, libc::SIG_DFL);
            return;
        }
        let regs = &(*(ctx as *const libc::ucontext_t)).uc_mcontext.gregs;
        for (noted, (_, i)) in NOTED.iter().zip(REGISTERS) {
            noted.store(regs[i as usize], Relaxed);
        }
        NOTED[REGISTERS.len()].store(i64::from((*info).si_code), Relaxed);
        NOTED[REGISTERS.len() + 1].store(i64::from(sig), Relaxed);
        libc::sem_post(ARRIVED.0.get());
    }
}

fn wait() {
    // SAFETY: the semaphore is initialised.
    unsafe { while libc::sem_wait(ARRIVED.0.get()) != 0 {} }
    let running = stw::stop_for_good(PATIENCE);
    let rip = NOTED[REGISTERS.len() - 2].load(Relaxed);
    let sig = NOTED[REGISTERS.len() + 1].load(Relaxed);
    let name = ENDING.iter().find(|e| i64::from(e.0) == sig).map_or("", |e| e.1);
    let mut s = String::new();
    let _ = writeln!(s, "{name}\nPC={rip:#x} m=0 sigcode={}", NOTED[REGISTERS.len()].load(Relaxed));
    // The one that the signal interrupted, if it did one, comes first; then all in their order.
    let all = sched::all_goroutines();
    // SAFETY: records are never freed.
    let interrupted =
        |&&g: &&*mut G| unsafe { code::find(rip as u64).is_some() && r15() == g as u64 && (*g).goid != 0 };
    let first = all.iter().find(interrupted).copied();
    for g in first.into_iter().chain(all.iter().copied().filter(|g| Some(*g) != first)) {
        s.push('\n');
        // SAFETY: records are never freed; those that do not run keep their stacks.
        unsafe {
            let stopped = (*g).status != Status::Running;
            traceback::long_header(&mut s, &*g, running.contains(&g));
            if stopped {
                traceback::long_frames(&mut s, &*g);
            } else {
                s.push_str("\tgoroutine running on other thread; stack unavailable\n");
            }
        }
        if s.len() > 1 << 16 {
            print::write_err(s.as_bytes());
            s.clear();
        }
    }
    s.push('\n');
    for (noted, (name, _)) in NOTED.iter().zip(REGISTERS) {
        let _ = writeln!(s, "{name:6} {:#x}", noted.load(Relaxed));
    }
    dying::last_words(s.as_bytes())
}

/// r15 at the signal: in generated code, the goroutine.
fn r15() -> u64 {
    NOTED[15].load(Relaxed) as u64
}
