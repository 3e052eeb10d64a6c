//! The runtime: what compiled programs run on.
//!
//! `driver` starts it, hands it what `codegen` makes (function metadata, static roots), and runs the program:
//! [`start`], [`register_code`], [`register_roots`], [`symbol`], [`native`], [`run_main`].
//!
//! Reading order: [`g`], [`m`], [`p`] (the records), [`sys::asm`] (how generated code gets here), [`entry`] (the
//! functions it calls), [`newstack`] and [`frames`] (moving stacks), [`sched`], [`malloc`], [`mod@panic`].
//!
//! Invariants:
//! * Rust runs on a thread's g0 stack only, never on a goroutine's.
//! * Functions entered from generated code do not unwind; those that diverge (`gogo`, `schedule`, panics of the
//!   program) leave nothing behind that needs `Drop`.
//! * Nothing is global to "the" thread: a goroutine is reached through `getg`, its thread and p through it.

pub mod atomics;
pub mod chan;
pub mod code;
pub mod coro;
pub mod debug;
pub mod defers;
pub mod dying;
pub mod entry;
pub mod errors;
pub mod frames;
pub mod g;
pub mod gc;
pub mod heapcheck;
pub mod iface;
pub mod m;
pub mod malloc;
pub mod map;
#[cfg(test)]
mod models;
pub mod natives;
pub mod newstack;
pub mod p;
pub mod panic;
pub mod print;
pub mod proc;
pub mod quit;
pub mod region;
pub mod roots;
pub mod runq;
pub mod sched;
pub mod segstack;
pub mod select;
pub mod sema;
pub mod slice;
pub mod stack;
pub mod stackstats;
pub mod string;
pub mod stw;
pub mod sys;
#[cfg(test)]
mod tests;
pub mod timer;
pub mod traceback;
pub mod waitq;
pub mod wakeup;

pub use errors::set_error_types;
pub use heapcheck::{register_roots, register_static};
pub use natives::native;

use crate::abi::meta::FuncMeta;
use crate::abi::rtfn::RtFn;
use crate::abi::typedesc::TypeShape;
use g::getg;
use m::M;
use parking_lot::Mutex;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::*};

/// Compiles the function with this index, registers it, and returns the address of its entry. Runs on a
/// thread's g0 stack.
pub type LazyHook = extern "C" fn(u32) -> u64;

/// Makes a type and returns the address of its descriptor, 0 if it cannot be made. Runs on a thread's g0 stack.
pub type TypeHook = fn(TypeShape) -> u64;

/// Says where allocation sites are; none if nobody knows any more.
pub type PlacesHook = fn(&[u64]) -> Option<Vec<String>>;

/// What the program is started with.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// `os.Args`, the program's name first.
    pub args: Vec<Vec<u8>>,
    /// See [`debug`].
    pub debug: debug::Debug,
    /// A file for a report on what stacks cost: see [`stackstats`].
    pub stack_report: Option<std::path::PathBuf>,
    /// For functions without code.
    pub lazy: Option<LazyHook>,
    /// For types made at run time.
    pub make_type: Option<TypeHook>,
    /// For the counts of allocations.
    pub places: Option<PlacesHook>,
}

static LAZY: OnceLock<LazyHook> = OnceLock::new();
static MAKE_TYPE: OnceLock<TypeHook> = OnceLock::new();

/// Sets the runtime up. Once, before anything else but [`symbol`] and [`native`].
pub fn start(config: Config) {
    debug::set(config.debug);
    if config.debug.allocsites {
        malloc::sites::enable(config.places);
    }
    if let Some(path) = config.stack_report {
        stackstats::enable(path);
    }
    natives::os::set_args(config.args);
    natives::time::start();
    gc::init();
    if let Some(hook) = config.lazy {
        let _ = LAZY.set(hook);
    }
    if let Some(hook) = config.make_type {
        let _ = MAKE_TYPE.set(hook);
    }
    sys::reflectcall::init();
    sys::signal::init();
    quit::init();
}

/// Makes a compiled function known: before its code can run.
pub fn register_code(meta: FuncMeta) {
    code::register(meta);
}

/// Adds an itab that the compiler made; returns the address of the one to use for its pair of types. The itab
/// must live for ever.
pub fn register_itab(addr: u64) -> u64 {
    // SAFETY: the caller hands over a finished itab.
    unsafe { iface::add_itab(addr) }
}

/// The address that generated code calls for a runtime entry point.
pub fn symbol(f: RtFn) -> *const u8 {
    static STUBS: OnceLock<Vec<usize>> = OnceLock::new();
    let make = || {
        let mut stubs: Vec<usize> = sys::asm::stubs().iter().map(|&p| p as usize).collect();
        if let Some(common) = sys::asm::stress_common() {
            let moves: Vec<&RtFn> = RtFn::ALL.iter().filter(|f| !f.leaf() && !f.noreturn() && !f.preserves()).collect();
            let targets = sys::asm::targets();
            let pairs: Vec<_> = moves.iter().map(|f| (targets[**f as usize], common)).collect();
            for (f, stub) in moves.iter().zip(sys::trampoline::make(&pairs)) {
                stubs[**f as usize] = stub as usize;
            }
        }
        stubs
    };
    STUBS.get_or_init(make)[f as usize] as *const u8
}

/// What the main goroutine calls, in order; it never returns to the caller.
static ENTRIES: Mutex<Vec<u64>> = Mutex::new(Vec::new());
static NEXT_ENTRY: AtomicU64 = AtomicU64::new(0);

/// Runs the functions at these addresses (initialisers, then `main.main`: no parameters, no results) on
/// goroutine 1 and ends the process as the program does.
pub fn run_main(entries: &[u64]) -> ! {
    *ENTRIES.lock() = entries.to_vec();
    stackstats::begin();
    let m = M::enter(0, proc::init());
    sys::signal::minit();
    // SAFETY: the m is this thread's and has a fresh p.
    unsafe {
        let main = sched::new_goroutine(m, sys::asm::mainstart(), 0);
        sched::runqput((*m).p, main, true);
        sys::asm::mstart(m, sched::schedule)
    }
}

/// The next function for the main goroutine; when there is none, the program is over.
pub extern "C" fn main_next() -> u64 {
    let i = NEXT_ENTRY.fetch_add(1, AcqRel) as usize;
    let next = ENTRIES.lock().get(i).copied();
    match next {
        Some(f) => f,
        None => dying::well(),
    }
}

/// A function without code was called.
pub extern "C" fn lazy_compile(index: u32) -> u64 {
    // Somebody may have been faster.
    if let Some(f) = code::by_index(index) {
        return f.entry;
    }
    match LAZY.get() {
        Some(hook) => hook(index),
        None => panic::throw("runtime: call of a function that was not compiled"),
    }
}

/// The descriptor of a type made at run time, 0 if there can be none.
pub fn make_type(shape: TypeShape) -> u64 {
    MAKE_TYPE.get().map_or(0, |hook| hook(shape))
}

/// The running goroutine's number, for messages.
pub fn goid() -> u64 {
    let g = getg();
    // SAFETY: null or a record, which is never freed.
    unsafe { g.as_ref().map_or(0, |g| g.goid) }
}
