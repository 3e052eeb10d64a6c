//! How a program dies: what its last words say, and that only one thread says them.
//!
//! `GOTRACEBACK` and `debug.SetTraceback` choose the traces:
//!
//! | | |
//! |---|---|
//! | `none` or 0 | no traces |
//! | `single` (default) | the goroutine that dies |
//! | `all` or 1 | all goroutines |
//! | `system` or 2 | as `all`: the runtime has no goroutines of its own |
//! | `crash` | as `all`, and the process ends by SIGABRT |

use super::g::G;
use super::{natives, print, sched, traceback};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};

const ALL: u32 = 1;
const CRASH: u32 = 2;
/// The level, shifted by this, lies above the flags.
const SHIFT: u32 = 2;

/// What the environment asked for: a program cannot ask for less.
static ENVIRONMENT: OnceLock<u32> = OnceLock::new();
/// What `debug.SetTraceback` asked for.
static SET: AtomicU32 = AtomicU32::new(0);
static SET_CALLED: AtomicBool = AtomicBool::new(false);
/// Somebody is about to say the last words.
static BEGUN: AtomicBool = AtomicBool::new(false);
static SAID: AtomicBool = AtomicBool::new(false);

fn parse(text: &str) -> u32 {
    match text {
        "none" => 0,
        "" | "single" => 1 << SHIFT,
        "all" => 1 << SHIFT | ALL,
        "system" => 2 << SHIFT | ALL,
        "crash" => 2 << SHIFT | ALL | CRASH,
        _ => text.parse::<u32>().map_or(ALL, |n| n << SHIFT | ALL),
    }
}

fn environment() -> u32 {
    *ENVIRONMENT.get_or_init(|| parse(&std::env::var("GOTRACEBACK").unwrap_or_default()))
}

/// `debug.SetTraceback`.
pub fn set(text: &str) {
    SET.store(parse(text), Relaxed);
    SET_CALLED.store(true, Release);
}

fn flags() -> u32 {
    if SET_CALLED.load(Acquire) { SET.load(Relaxed) | environment() } else { environment() }
}

/// Whether there are traces at all.
pub fn traces() -> bool {
    flags() >> SHIFT > 0
}

/// The traces of a dying program: of `g`, with `frame` before its frames, and of all others if they are asked for.
/// The goroutine must be this thread's and stopped in the runtime.
pub fn trace(s: &mut String, g: &G, frame: &str) {
    if !traces() {
        return;
    }
    s.push('\n');
    traceback::header(s, g);
    s.push_str(frame);
    // SAFETY: as said above.
    unsafe { traceback::frames(s, g) };
    if flags() & ALL != 0 {
        sched::traceback_others(s, g);
    }
}

/// The program is about to die: its end by the return of main must wait.
pub fn begin() {
    BEGUN.store(true, SeqCst);
}

/// The last words of a program that dies, and its end. Threads that come to die meanwhile say nothing.
pub fn last_words(b: &[u8]) -> ! {
    if SAID.swap(true, SeqCst) {
        for_ever();
    }
    print::write_err(b);
    if flags() & CRASH != 0 {
        // SAFETY: plain system calls.
        unsafe {
            libc::signal(libc::SIGABRT, libc::SIG_DFL);
            libc::raise(libc::SIGABRT);
        }
    }
    natives::os::exit(2)
}

/// main has returned: the program ends well, unless another goroutine is dying.
pub fn well() -> ! {
    if BEGUN.load(SeqCst) {
        for_ever();
    }
    natives::os::exit(0)
}

fn for_ever() -> ! {
    loop {
        std::thread::park();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        let texts = ["none", "", "single", "all", "system", "crash", "0", "1", "2", "what"];
        let levels = texts.map(|t| (parse(t) >> SHIFT, parse(t) & ALL != 0));
        let want = [(0, false), (1, false), (1, false), (1, true), (2, true), (2, true)];
        assert_eq!(levels[..6], want);
        assert_eq!(levels[6..], [(0, true), (1, true), (2, true), (0, true)]);
    }
}
