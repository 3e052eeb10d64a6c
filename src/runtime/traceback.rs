//! Stack traces in Go's form.

use super::code::{self, Location};
use super::frames::{Kind, Walk};
use super::g::{G, Status};
use super::natives::time::nanotime;
use std::fmt::Write;

/// Frames printed at either end of a long trace.
const INNER: usize = 50;
const OUTER: usize = 50;

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
    let state = match g.status {
        Status::Idle => "idle",
        Status::Runnable => "runnable",
        Status::Running => "running",
        Status::Syscall => "syscall",
        Status::Dead => "dead",
        Status::Waiting if g.wait_reason.0.is_empty() => "waiting",
        Status::Waiting => g.wait_reason.0,
    };
    let _ = write!(out, "goroutine {} [{state}", g.goid);
    if g.status == Status::Waiting && g.wait_since != 0 {
        let minutes = (nanotime() - g.wait_since) / 60_000_000_000;
        if minutes >= 1 {
            let _ = write!(out, ", {minutes} minutes");
        }
    }
    out.push_str("]:\n");
}

fn line(out: &mut String, l: &Location, args: &str, off: Option<u32>) {
    let _ = write!(out, "{}({args})\n\t{}:{}", func_name_for_print(&l.func), l.file, l.line);
    if let Some(off) = off {
        let _ = write!(out, " +{off:#x}");
    }
    out.push('\n');
}

/// Prints the frames of a goroutine, then who made it.
///
/// # Safety
/// `g` must be stopped in the runtime.
pub unsafe fn frames(out: &mut String, g: &G) {
    let mut lines: std::collections::VecDeque<String> = Default::default();
    let mut n = 0usize;
    let mut first = true;
    let mut push = |s: String| {
        n += 1;
        if n <= INNER {
            out.push_str(&s);
        } else {
            lines.push_back(s);
            if lines.len() > OUTER {
                lines.pop_front();
            }
        }
    };
    // SAFETY: as the caller says.
    for f in unsafe { Walk::new(g) } {
        match f.kind {
            Kind::Go(m, _) => {
                let off = f.trace_off(m);
                let locs = code::locations(m, off);
                for l in &locs {
                    if !show(&l.func) || (m.wrapper && !l.inlined) {
                        continue;
                    }
                    let mut s = String::new();
                    if l.inlined {
                        line(&mut s, l, "...", None);
                    } else {
                        let off = (f.pc - m.entry) as u32;
                        line(&mut s, l, if m.has_params { "..." } else { "" }, (off > 0).then_some(off));
                    }
                    push(s);
                    first = false;
                }
            }
            Kind::Gopanic => {
                // The boundary between the program and what runs because of a panic.
                if !first {
                    push(format!(
                        "panic(...)\n\t{}:{} +{:#x}\n",
                        file!(),
                        line!(),
                        f.pc - super::sys::asm::gocall_ret()
                    ));
                }
            }
            Kind::Sigpanic => {}
            Kind::Unknown => push(format!("runtime: unexpected return pc {:#x}\n", f.pc)),
        }
    }
    if n > INNER {
        let elided = n - INNER - lines.len();
        if elided > 0 {
            let _ = writeln!(out, "...{elided} frames elided...");
        }
        for s in lines {
            out.push_str(&s);
        }
    }
    if g.gopc != 0
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
