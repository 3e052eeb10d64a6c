//! Panics, deferred calls, recovery, fatal errors.
//!
//! A panic runs in steps, all on g0. `gopanic` pushes a small frame (`runtime.gopanic`) onto the goroutine's
//! stack and a [`Panic`] record onto `g.panics`. Each step takes the innermost deferred closure of the
//! goroutine and calls it above that frame ([`asm::gocall`]); when it returns, the next step begins. A deferred
//! function that recovers marks the record, and the step after it lands in the recovery code of the frame that
//! deferred it. When no deferred calls are left, the values are turned to text, by their `Error` and `String`
//! methods where they have them (called the same way), printed with a trace, and the process exits with 2.
//!
//! `Goexit` is a panic without a value that no one can recover.
//!
//! Depths are distances from the top of the stack, so they survive moves. A frame that is called later is
//! deeper.
//!
//! Invariant: while a deferred function called by a panic runs, that panic's record is the newest whose frame
//! is still on the stack: recovery drops the records of frames it abandons.

use super::defers::{Defer, GUARD};
use super::errors;
use super::frames::{Frame, Kind, Walk};
use super::g::{G, Sig, getg};
use super::sys::asm;
use super::{code, dying, iface, print, sched, segstack};
use crate::abi::rtfn::RtFn;
use crate::abi::typedesc::{Str, TypeDesc, kind};
use std::fmt::Write;
use std::sync::OnceLock;

/// What a panic is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Running deferred calls.
    Defers,
    /// Turning the value of the record with this index to text.
    Texts(usize),
}

/// A panic in progress.
#[derive(Debug)]
pub struct Panic {
    ty: *const TypeDesc,
    pub data: u64,
    /// Depth of its `runtime.gopanic` frame.
    depth: u64,
    goexit: bool,
    recovered: bool,
    repanicked: bool,
    /// Depth of the frame whose deferred call is running.
    running: u64,
    phase: Phase,
    /// What `Error` or `String` said.
    text: Option<Vec<u8>>,
}

impl G {
    /// Whether the frame `runtime.gopanic` at `fp` is that of a `Goexit`.
    pub fn is_goexit(&self, fp: u64) -> bool {
        self.panics.iter().any(|p| p.goexit && p.depth == self.depth(fp))
    }
}

/// Puts the frame `runtime.gopanic` onto the goroutine's stack.
///
/// # Safety
/// `g` must be stopped at a call. 16 bytes below `sched_sp` are within the guard area.
unsafe fn push_frame(g: &mut G) {
    let sp = g.h.sched_sp;
    // SAFETY: the guard area is the goroutine's and unused.
    unsafe {
        *((sp - 8) as *mut u64) = g.h.sched_fp;
        *((sp - 16) as *mut u64) = asm::gocall_ret();
    }
    g.h.sched_fp = sp - 8;
    g.h.sched_sp = sp - 16;
}

/// `panic(v)` for the running goroutine.
pub fn gopanic(ty: *const TypeDesc, data: u64) -> ! {
    let (ty, data) = if ty.is_null() { errors::panic_nil() } else { (ty, data) };
    start(ty, data, false)
}

/// `runtime.Goexit`.
pub fn goexit() -> ! {
    start(std::ptr::null(), 0, true)
}

fn start(ty: *const TypeDesc, data: u64, goexit: bool) -> ! {
    // SAFETY: the goroutine is this thread's, stopped at the call that brought us here.
    unsafe {
        let g = &mut *getg();
        push_frame(g);
        let depth = g.depth(g.h.sched_fp);
        g.panics.push(Panic {
            ty,
            data,
            depth,
            goexit,
            recovered: false,
            repanicked: false,
            running: 0,
            phase: Phase::Defers,
            text: None,
        });
        step(g)
    }
}

/// A Go function that the runtime called has returned.
pub extern "C" fn after_call() -> ! {
    // SAFETY: the goroutine is this thread's.
    let g = unsafe { &mut *getg() };
    match g.panics.last().map(|p| p.phase) {
        // SAFETY: it is stopped in its `runtime.gopanic` frame.
        Some(Phase::Defers) => unsafe { step(g) },
        Some(Phase::Texts(i)) => {
            // The result of `Error` or `String`.
            let s = Str { ptr: g.ret[0] as *const u8, len: g.ret[1] as usize };
            // SAFETY: the program returned a valid string.
            g.panics[i].text = Some(unsafe { s.bytes() }.to_vec());
            g.pop_defer();
            // SAFETY: as above.
            unsafe { texts(g, i.checked_sub(1)) }
        }
        None => throw("runtime: return to no panic"),
    }
}

/// Goes on with the newest panic.
unsafe fn step(g: &mut G) -> ! {
    let Some(p) = g.panics.last() else { throw("runtime: no panic in progress") };
    let goexit = p.goexit;
    // SAFETY: the goroutine is stopped in this panic's frame.
    unsafe {
        if p.recovered {
            recovery(g);
        }
        match g.pop_defer() {
            Some(d) if d.depth == GUARD => panicked_while_printing(g),
            Some(d) => {
                if let Some(p) = g.panics.last_mut() {
                    p.running = d.depth;
                }
                g.h.ctxt = d.closure;
                asm::gocall(g, *(d.closure as *const u64), 0)
            }
            None if goexit => {
                g.panics.clear();
                sched::goexit0()
            }
            None => {
                let last = g.panics.len() - 1;
                texts(g, Some(last))
            }
        }
    }
}

fn panicked_while_printing(g: &G) -> ! {
    let mut s = String::from("panic while printing panic value");
    if let Some(p) = g.panics.last() {
        // SAFETY: the panic's value is valid.
        unsafe {
            if (*p.ty).kind == kind::STRING && (*p.ty).name.bytes() == b"string" {
                let v = *(p.data as *const Str);
                let _ = write!(s, ": {}", String::from_utf8_lossy(v.bytes()));
            } else {
                let _ = write!(s, ": type {}", String::from_utf8_lossy((*p.ty).string.bytes()));
            }
        }
    }
    throw(&s)
}

/// A deferred function recovered the newest panic: the frame that deferred it returns to its caller.
unsafe fn recovery(g: &mut G) -> ! {
    let target = g.panics.last().map_or(0, |p| p.running);
    // SAFETY: the goroutine is stopped in the panic's frame.
    let found = unsafe { Walk::new(g) }.find(|f| g.depth(f.fp) == target);
    let Some(Frame { fp, kind: Kind::Go(f, site), .. }) = found else {
        throw("runtime: the frame of a deferred call is gone")
    };
    while let Some(p) = g.panics.last() {
        if p.depth <= target {
            break;
        }
        if p.goexit {
            // A recovered panic cannot stop a Goexit that was under way further in.
            g.h.sched_fp = g.at_depth(p.depth);
            g.h.sched_sp = g.h.sched_fp - 8;
            // SAFETY: the Goexit's frame is on the stack, its return address in place.
            unsafe {
                segstack::unwind(g, g.h.sched_sp);
                step(g)
            }
        }
        g.panics.pop();
    }
    if g.panics.is_empty() {
        g.sig = None;
    }
    // A frame that faulted is at no call: all landing places of a function are the same.
    let handler = site.and_then(|c| c.handler).or_else(|| f.calls.iter().find_map(|c| c.handler));
    let Some(h) = handler else { throw("runtime: recovered in a function without recovery code") };
    // SAFETY: the frame is live and the handler belongs to it.
    unsafe {
        segstack::unwind(g, fp);
        asm::land(g, fp - f.frame_to_fp as u64, fp, f.entry + h as u64)
    }
}

/// Turns values to text, from the record with index `next` down, then prints all and exits.
unsafe fn texts(g: &mut G, mut next: Option<usize>) -> ! {
    while let Some(i) = next {
        if i > 0 && g.panics[i - 1].ty == g.panics[i].ty && g.panics[i - 1].data == g.panics[i].data {
            g.panics[i - 1].repanicked = true;
            next = Some(i - 1);
            continue;
        }
        let p = &g.panics[i];
        // SAFETY: the type of a panic's value is a descriptor.
        let method = |name| unsafe { iface::string_method(p.ty, name) };
        if !p.goexit
            && let Some(code) = method(b"Error").or_else(|| method(b"String"))
        {
            let data = p.data;
            if let Some(top) = g.panics.last_mut() {
                top.phase = Phase::Texts(i);
            }
            g.push_defer(Defer { closure: 0, depth: GUARD });
            // SAFETY: the goroutine is stopped in the newest panic's frame.
            unsafe { asm::gocall(g, code, data) }
        }
        next = i.checked_sub(1);
    }
    fatalpanic(g)
}

fn fatalpanic(g: &mut G) -> ! {
    dying::begin();
    let mut out = Vec::new();
    for i in 0..g.panics.len() {
        let p = &g.panics[i];
        if i > 0 {
            if g.panics[i - 1].repanicked {
                continue;
            }
            if !g.panics[i - 1].goexit {
                out.push(b'\t');
            }
        }
        if p.goexit {
            continue;
        }
        out.extend_from_slice(b"panic: ");
        match &p.text {
            Some(t) => indented(&mut out, t),
            // SAFETY: the panic's value is valid.
            None => unsafe { value(&mut out, p.ty, p.data) },
        }
        if p.recovered && p.repanicked {
            out.extend_from_slice(b" [recovered, repanicked]");
        } else if p.recovered {
            out.extend_from_slice(b" [recovered]");
        }
        out.push(b'\n');
    }
    let mut s = String::new();
    if let Some(Sig { name, code, addr, pc }) = g.sig.as_deref() {
        let _ = writeln!(s, "[signal {name} code={code:#x} addr={addr:#x} pc={pc:#x}]");
    }
    dying::trace(&mut s, g, "");
    out.extend_from_slice(s.as_bytes());
    dying::last_words(&out)
}

/// Newlines are followed by tabs, so that a value cannot look like a trace.
fn indented(out: &mut Vec<u8>, s: &[u8]) {
    for &b in s {
        out.push(b);
        if b == b'\n' {
            out.push(b'\t');
        }
    }
}

/// A panic's value as traces print it.
///
/// # Safety
/// `ty` and `data` must be the words of a valid `any`.
unsafe fn value(out: &mut Vec<u8>, ty: *const TypeDesc, data: u64) {
    // SAFETY: as the caller says; basic kinds lie behind `data`.
    unsafe {
        let t = &*ty;
        let p = data;
        let int = |v: i64| v.to_string();
        let uint = |v: u64| v.to_string();
        let basic = match t.kind {
            kind::BOOL => (*(p as *const u8) != 0).to_string(),
            kind::INT | kind::INT64 => int(*(p as *const i64)),
            kind::INT8 => int(*(p as *const i8) as i64),
            kind::INT16 => int(*(p as *const i16) as i64),
            kind::INT32 => int(*(p as *const i32) as i64),
            kind::UINT | kind::UINT64 | kind::UINTPTR => uint(*(p as *const u64)),
            kind::UINT8 => uint(*(p as *const u8) as u64),
            kind::UINT16 => uint(*(p as *const u16) as u64),
            kind::UINT32 => uint(*(p as *const u32) as u64),
            kind::FLOAT32 => print::float32(*(p as *const f32)),
            kind::FLOAT64 => print::float64(*(p as *const f64)),
            kind::COMPLEX64 => print::complex64(*(p as *const f32), *((p + 4) as *const f32)),
            kind::COMPLEX128 => print::complex128(*(p as *const f64), *((p + 8) as *const f64)),
            kind::STRING => String::new(),
            _ => {
                out.push(b'(');
                out.extend_from_slice(t.string.bytes());
                out.extend_from_slice(format!(") {data:#x}").as_bytes());
                return;
            }
        };
        let plain = t.pkg_path.len == 0;
        if t.kind == kind::STRING {
            let s = (*(p as *const Str)).bytes();
            if plain {
                indented(out, s);
                return;
            }
            out.extend_from_slice(t.string.bytes());
            out.extend_from_slice(b"(\"");
            indented(out, s);
            out.extend_from_slice(b"\")");
        } else if plain {
            out.extend_from_slice(basic.as_bytes());
        } else {
            out.extend_from_slice(t.string.bytes());
            let bare = matches!(t.kind, kind::COMPLEX64 | kind::COMPLEX128);
            out.extend_from_slice(if bare { basic } else { format!("({basic})") }.as_bytes());
        }
    }
}

/// `recover()` in the function whose frame is at `fp`: the value of the newest panic, if that function was
/// deferred and called by it directly.
pub fn gorecover() -> (u64, u64) {
    // SAFETY: the goroutine is this thread's, stopped at the call.
    let g = unsafe { &mut *getg() };
    let Some(p) = g.panics.last() else { return (0, 0) };
    if p.goexit || p.recovered {
        return (0, 0);
    }
    // Between the panic and recover there must be exactly one function that is not a wrapper.
    let mut n = 0;
    // SAFETY: as above.
    for f in unsafe { Walk::new(g) } {
        match f.kind {
            Kind::Go(m, _) => {
                n += code::locations(m, f.trace_off(m)).iter().filter(|l| l.inlined || !m.wrapper).count();
                if n > 1 {
                    return (0, 0);
                }
            }
            Kind::Gopanic => {
                if n != 1 || g.depth(f.fp) != p.depth {
                    return (0, 0);
                }
                let r = (p.ty as u64, p.data);
                if let Some(p) = g.panics.last_mut() {
                    p.recovered = true;
                }
                return r;
            }
            _ => return (0, 0),
        }
    }
    (0, 0)
}

/// `defer`, where generated code found no room for it: the closure is called when the calling frame ends.
pub fn deferproc(closure: u64) {
    // SAFETY: the goroutine is this thread's.
    let g = unsafe { &mut *getg() };
    let depth = g.depth(g.h.sched_fp);
    let closure = if closure == 0 { nil_function() } else { closure };
    g.push_defer(Defer { closure, depth });
}

/// Names the calling frame, for [`deferprocat`]: its depth, which moving the stack does not change.
pub extern "C" fn deferrangefunc() -> u64 {
    // SAFETY: the goroutine is this thread's.
    let g = unsafe { &*getg() };
    g.depth(g.h.sched_fp)
}

/// `defer` in the body of a range over a function: for the frame that the loop stands in, below whatever
/// frames further up the stack have deferred.
pub extern "C" fn deferprocat(closure: u64, frame: u64) {
    // SAFETY: the goroutine is this thread's.
    let g = unsafe { &mut *getg() };
    let closure = if closure == 0 { nil_function() } else { closure };
    let at = g.defers().iter().rposition(|d| d.depth <= frame).map_or(0, |i| i + 1);
    g.insert_defer(at, Defer { closure, depth: frame });
}

/// The closure object that stands for a nil function value in a deferred call.
fn nil_function() -> u64 {
    static OBJECT: OnceLock<u64> = OnceLock::new();
    OBJECT.get_or_init(|| super::symbol(RtFn::panicmem) as u64) as *const u64 as u64
}

/// A fault in generated code, on g0 with the faulting frame's state saved: a nil dereference.
pub extern "C" fn sigpanic() -> ! {
    // SAFETY: the goroutine is this thread's; the signal handler filled in `sig`.
    let sig = unsafe { (*getg()).sig.as_deref() };
    match sig {
        Some(Sig { name, .. }) if name.starts_with("SIGFPE") => errors::panicdivide(),
        _ => errors::panicmem(),
    }
}

/// A fatal error: cannot be recovered. Prints Go's `fatal error: ...` with the running goroutine's trace.
pub fn throw(msg: &str) -> ! {
    throw_in(msg, "")
}

/// As [`throw`], with the trace line of a function that Go's runtime has, and mgo's not.
pub fn throw_in(msg: &str, frame: &str) -> ! {
    dying::begin();
    let mut s = format!("fatal error: {msg}\n");
    let g = getg();
    if !g.is_null() {
        // SAFETY: the goroutine is this thread's, stopped in the runtime.
        unsafe {
            if (*g).status == super::g::Status::Running {
                dying::trace(&mut s, &*g, frame);
            }
        }
    }
    dying::last_words(s.as_bytes())
}
