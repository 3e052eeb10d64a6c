//! Stack traces in Go's form.

use super::code::{self, Location};
use super::frames::{Kind, Walk};
use super::g::{G, Status, WaitReason};
use super::natives::time::nanotime;
use crate::abi::meta::FuncMeta;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::fmt::Write;
use std::rc::Rc;

/// Frames printed at either end of a long trace.
const INNER: usize = 50;
const OUTER: usize = 50;

/// Where Go's `gopanic` is. mgo's has no Go source to name, but readers of traces look for this.
pub const GOPANIC_FILE: &str = "$GOROOT/src/runtime/panic.go";

/// `G::gopc` of goroutines that call the function of a timer: nobody in the program made them.
pub const GOPC_TIMER: u64 = 1;

/// A function's name with type arguments left out.
pub fn func_name_for_print(name: &str) -> String {
    match (name.find('['), name.rfind(']')) {
        (Some(i), Some(j)) if i < j => format!("{}[...]{}", &name[..i], &name[j + 1..]),
        _ => name.to_string(),
    }
}

/// Whether traces show functions of this name.
fn show(name: &str) -> bool {
    match name.strip_prefix("runtime.") {
        // Exported functions of package runtime are what the program called.
        Some(rest) => {
            rest.starts_with(|c: char| c.is_ascii_uppercase())
                || (rest.starts_with("(*") && rest[2..].starts_with(|c: char| c.is_ascii_uppercase()))
        }
        None => name.contains('.'),
    }
}

/// Prints `goroutine N [state]:`.
pub fn header(out: &mut String, g: &G) {
    let _ = write!(out, "goroutine {} [", g.goid);
    state(out, g, false);
}

/// Prints `goroutine N gp=... m=... [state]:`; `running`: whatever its status says now.
pub fn long_header(out: &mut String, g: &G, running: bool) {
    let _ = write!(out, "goroutine {} gp={:#x} m=", g.goid, &raw const *g as u64);
    match (g.status, g.m()) {
        (Status::Running | Status::Syscall, m) if !m.is_null() => {
            // SAFETY: ms are never freed.
            let id = unsafe { (*m).id };
            let _ = write!(out, "{id} mp={:#x} [", m as u64);
        }
        _ => out.push_str("nil ["),
    }
    state(out, g, running);
}

fn state(out: &mut String, g: &G, running: bool) {
    let state = match g.status {
        _ if running => "running",
        Status::Idle => "idle",
        Status::Runnable => "runnable",
        Status::Running => "running",
        Status::Syscall if g.wait_reason == WaitReason::Io => WaitReason::Io.text(),
        Status::Syscall => "syscall",
        Status::Dead => "dead",
        Status::Waiting => g.wait_reason.text(),
    };
    out.push_str(state);
    if matches!(g.status, Status::Waiting | Status::Syscall) && g.wait_since != 0 {
        let minutes = (nanotime() - g.wait_since) / 60_000_000_000;
        if minutes >= 1 {
            let _ = write!(out, ", {minutes} minutes");
        }
    }
    if g.locked != 0 {
        out.push_str(", locked to thread");
    }
    out.push_str("]:\n");
}

/// Where Go has functions that its runtime provides to the library. Readers of traces look for these places.
const PROVIDED: &[(&str, &str)] = &[
    ("internal/sync.runtime_SemacquireMutex", "$GOROOT/src/runtime/sema.go"),
    ("sync.runtime_SemacquireRWMutexR", "$GOROOT/src/runtime/sema.go"),
    ("sync.runtime_SemacquireRWMutex", "$GOROOT/src/runtime/sema.go"),
    ("sync.runtime_SemacquireWaitGroup", "$GOROOT/src/runtime/sema.go"),
    ("sync.runtime_notifyListWait", "$GOROOT/src/runtime/sema.go"),
    ("time.Sleep", "$GOROOT/src/runtime/time.go"),
    ("internal/sync.fatal", "$GOROOT/src/runtime/panic.go"),
    ("sync.fatal", "$GOROOT/src/runtime/panic.go"),
];

fn line(out: &mut String, l: &Location, args: &str, off: Option<u32>) {
    let provided = PROVIDED.iter().find(|p| p.0 == l.func);
    let (file, line) = provided.map_or((l.file.as_str(), l.line), |p| (p.1, 1));
    let _ = write!(out, "{}({args})\n\t{file}:{line}", func_name_for_print(&l.func));
    if let Some(off) = off {
        let _ = write!(out, " +{off:#x}");
    }
    out.push('\n');
}

/// What a trace prints for a place in the code. Wrappers are left out, unless they `panicked` themselves.
fn render(out: &mut Vec<Rc<str>>, m: &FuncMeta, pc: u64, off: u32, panicked: bool) {
    for (i, l) in code::locations(m, off).iter().enumerate() {
        if !show(&l.func) || (m.wrapper && !l.inlined && !(panicked && i == 0)) {
            continue;
        }
        let mut s = String::new();
        if l.inlined {
            line(&mut s, l, "...", None);
        } else {
            let off = (pc - m.entry) as u32;
            line(&mut s, l, if m.has_params { "..." } else { "" }, (off > 0).then_some(off));
        }
        out.push(s.into());
    }
}

/// The lines of a trace: all of the first ones, and the last ones.
#[derive(Default)]
struct Lines {
    head: Vec<Rc<str>>,
    tail: VecDeque<Rc<str>>,
    n: usize,
}

impl Lines {
    fn push(&mut self, s: &Rc<str>) {
        self.n += 1;
        if self.n <= INNER {
            self.head.push(s.clone());
        } else {
            self.tail.push_back(s.clone());
            if self.tail.len() > OUTER {
                self.tail.pop_front();
            }
        }
    }
}

/// Prints the frames of a goroutine, then who made it.
///
/// # Safety
/// `g` must be stopped in the runtime.
pub unsafe fn frames(out: &mut String, g: &G) {
    // SAFETY: as the caller says.
    unsafe { all_frames(out, g, false) }
}

/// As [`frames`], with the addresses of the frames.
///
/// # Safety
/// As for [`frames`].
pub unsafe fn long_frames(out: &mut String, g: &G) {
    // SAFETY: as the caller says.
    unsafe { all_frames(out, g, true) }
}

unsafe fn all_frames(out: &mut String, g: &G, long: bool) {
    let mut lines = Lines::default();
    if g.entering != 0
        && let Some(m) = code::by_index(g.entering - 1)
    {
        let mut v = Vec::new();
        render(&mut v, m, m.entry + m.prefix as u64, 0, false);
        v.last().inspect(|s| lines.push(s));
    }
    // Recursion comes back to the same places millions of times.
    let mut seen: FxHashMap<(u64, bool, bool), Vec<Rc<str>>> = FxHashMap::default();
    let mut panicked = false;
    // SAFETY: as the caller says.
    for f in unsafe { Walk::new(g) } {
        match f.kind {
            Kind::Go(m, _) => {
                let panicked = std::mem::take(&mut panicked);
                let place = seen.entry((f.pc, f.trapped, panicked)).or_insert_with(|| {
                    let mut v = Vec::new();
                    render(&mut v, m, f.pc, f.trace_off(m), panicked);
                    v
                });
                let Some((last, inlined)) = place.split_last().filter(|_| long) else {
                    place.iter().for_each(|s| lines.push(s));
                    continue;
                };
                inlined.iter().for_each(|s| lines.push(s));
                let at = format!("{} fp={:#x} sp={:#x} pc={:#x}\n", last.trim_end(), f.fp + 16, f.sp(), f.pc);
                lines.push(&at.into());
            }
            // The boundary between the program and what runs because of a panic.
            Kind::Gopanic if lines.n > 0 => {
                let off = f.pc - super::sys::asm::gocall_ret();
                let what = if g.is_goexit(f.fp) { "runtime.Goexit()" } else { "panic(...)" };
                lines.push(&format!("{what}\n\t{GOPANIC_FILE}:1 +{off:#x}\n").into());
                panicked = true;
            }
            Kind::Gopanic | Kind::Sigpanic => panicked = true,
            Kind::Unknown => lines.push(&format!("runtime: unexpected return pc {:#x}\n", f.pc).into()),
        }
    }
    lines.head.iter().for_each(|s| out.push_str(s));
    let elided = lines.n - lines.head.len() - lines.tail.len();
    if elided > 0 {
        let _ = writeln!(out, "...{elided} frames elided...");
    }
    lines.tail.iter().for_each(|s| out.push_str(s));
    if g.gopc == GOPC_TIMER {
        out.push_str("created by time.goFunc\n\t$GOROOT/src/time/sleep.go:1\n");
    } else if g.gopc != 0
        && g.goid != 1
        && let Some(m) = code::find(g.gopc)
    {
        let off = (g.gopc - m.entry) as u32;
        let locs = code::locations(m, off.saturating_sub(1));
        if let Some(l) = locs.first() {
            let _ = write!(out, "created by {}", func_name_for_print(&m.name));
            if g.parent_goid != 0 {
                let _ = write!(out, " in goroutine {}", g.parent_goid);
            }
            let _ = writeln!(out, "\n\t{}:{} +{off:#x}", l.file, l.line);
        }
    }
}

/// Header and frames.
///
/// # Safety
/// As for [`frames`].
pub unsafe fn goroutine(out: &mut String, g: &G) {
    header(out, g);
    // SAFETY: as the caller says.
    unsafe { frames(out, g) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(func_name_for_print("main.F[go.shape.int].func1"), "main.F[...].func1");
        assert!(show("main.f") && show("runtime.Gosched") && !show("runtime.main"));
    }
}
