//! What packages `runtime` and `runtime/debug` ask about stacks and memory.
//!
//! A program counter that the program gets is a return address; where it stands for several functions, inlined
//! into each other, and the innermost ones were skipped, their number is in its top byte.

use crate::abi::typedesc::Str;
use crate::runtime::debug::debug;
use crate::runtime::frames::{Kind, Walk};
use crate::runtime::g::getg;
use crate::runtime::heapcheck::leaked;
use crate::runtime::malloc::{self, mheap::mheap};
use crate::runtime::sys::asm;
use crate::runtime::{code, dying, frames, gc, newstack, sched, stw, traceback};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use std::sync::atomic::Ordering::*;

const LEVEL_SHIFT: u32 = 56;

/// `runtime.trace`: skips functions, inlined ones counted, then writes program counters.
pub extern "C" fn callers(skip: i64, out: *mut u64, n: i64) -> i64 {
    let mut skip = skip.max(0) as usize;
    let mut len = 0;
    // SAFETY: the goroutine is this thread's, stopped in the runtime; `out` has room for n.
    unsafe {
        for f in Walk::new(getg()) {
            let levels = match f.kind {
                Kind::Go(m, _) if m.wrapper => continue,
                Kind::Go(m, _) => code::locations(m, f.trace_off(m)).len(),
                Kind::Gopanic => 1,
                Kind::Sigpanic => 2,
                Kind::Unknown => break,
            };
            if skip >= levels {
                skip -= levels;
                continue;
            }
            if len == n {
                break;
            }
            // Faults have no return address: the byte behind looks the same.
            let pc = if f.trapped { f.pc + 1 } else { f.pc };
            *out.add(len as usize) = pc | (skip as u64) << LEVEL_SHIFT;
            skip = 0;
            len += 1;
        }
        // What Go's runtime has below: here it is stubs without frames.
        let main = (*getg()).goid == 1;
        for pc in [main.then(|| asm::mainstart() + 1), Some(asm::gostart() + 1)].into_iter().flatten() {
            if skip > 0 {
                skip -= 1;
            } else if len < n {
                *out.add(len as usize) = pc;
                len += 1;
            }
        }
    }
    len
}

/// What a program counter of the runtime's own is, by level: name and file.
fn of_runtime(pc: u64, level: usize) -> Option<(&'static str, &'static str, bool)> {
    let one = |name, file| (level == 0).then_some((name, file, false));
    if pc == asm::mainstart() + 1 {
        return one("runtime.main", "$GOROOT/src/runtime/proc.go");
    }
    if pc == asm::gostart() + 1 {
        return one("runtime.goexit", "$GOROOT/src/runtime/asm_amd64.s");
    }
    match (frames::classify(pc), level) {
        (Kind::Gopanic, 0) => Some(("runtime.gopanic", traceback::GOPANIC_FILE, false)),
        (Kind::Sigpanic, 0) => Some(("runtime.panicmem", traceback::GOPANIC_FILE, true)),
        (Kind::Sigpanic, 1) => Some(("runtime.sigpanic", "$GOROOT/src/runtime/signal_unix.go", false)),
        _ => None,
    }
}

/// A function's name as programs see it: without type arguments.
fn visible(name: &'static str) -> &'static str {
    if !name.contains('[') {
        return name;
    }
    static NAMES: LazyLock<Mutex<FxHashMap<&'static str, &'static str>>> = LazyLock::new(Mutex::default);
    NAMES.lock().entry(name).or_insert_with(|| Box::leak(traceback::func_name_for_print(name).into()))
}

/// `runtime.funcInfo`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct FuncInfo {
    name: Str,
    file: Str,
    line: i64,
    entry: u64,
    start: i64,
    more: bool,
}

/// `runtime.describe`.
pub extern "C" fn describe(pc: u64, level: u64, out: *mut FuncInfo) -> u64 {
    let level = (level + (pc >> LEVEL_SHIFT)) as usize;
    let pc = pc & ((1 << LEVEL_SHIFT) - 1);
    let text = |s: &'static str| {
        if debug().heapcheck {
            crate::runtime::register_static(s.as_ptr() as u64, s.len() as u64);
        }
        Str { ptr: s.as_ptr(), len: s.len() }
    };
    if let Some((name, file, more)) = of_runtime(pc, level) {
        // SAFETY: the program passes its own variable.
        unsafe { out.write(FuncInfo { name: text(name), file: text(file), line: 1, entry: pc, start: 1, more }) };
        return 1;
    }
    // The address of a function itself is no return address.
    let at = if code::find(pc).is_some_and(|f| f.entry == pc) { pc } else { pc.wrapping_sub(1) };
    let Some(f) = code::find(at) else { return 0 };
    let Some(l) = code::pc_line(f, (at - f.entry) as u32) else { return 0 };
    let file = |i: u16| f.files.get(i as usize).map_or(Str::EMPTY, |s| text(s));
    let (mut line, mut file_idx, mut inl) = (l.line, l.file, l.inl);
    let mut name = text(visible(&f.name));
    for i in 0..=level {
        let call = (inl as usize).checked_sub(1).and_then(|k| f.inlined.get(k));
        match call {
            Some(c) if i == level => name = text(visible(&c.name)),
            Some(c) => (line, file_idx, inl) = (c.call_line, c.call_file, c.parent),
            None if i < level => return 0,
            None => {}
        }
    }
    let start = i64::from(f.start_line);
    // SAFETY: the program passes its own variable.
    unsafe {
        out.write(FuncInfo {
            name,
            file: file(file_idx),
            line: i64::from(line),
            entry: f.entry,
            start,
            more: inl != 0,
        });
    }
    1
}

/// `runtime.funcOf`: a `runtime.Func`, one for each function, also of those that are inlined somewhere.
pub extern "C" fn func_of(pc: u64, level: u64) -> u64 {
    struct Funcs(FxHashMap<(u64, *const u8), &'static FuncInfo>);
    // SAFETY: the records are static and never written to.
    unsafe impl Send for Funcs {}
    static FUNCS: LazyLock<Mutex<Funcs>> = LazyLock::new(|| Mutex::new(Funcs(FxHashMap::default())));
    let mut i = FuncInfo { name: Str::EMPTY, file: Str::EMPTY, line: 0, entry: 0, start: 0, more: false };
    if describe(pc, level, &raw mut i) == 0 {
        return 0;
    }
    let mut funcs = FUNCS.lock();
    let f = funcs.0.entry((i.entry, i.name.ptr)).or_insert_with(|| leaked(Box::leak(Box::new(i))));
    std::ptr::from_ref(*f) as u64
}

/// `runtime.Stack`. For all goroutines the world is stopped, so that no stack is out of reach.
pub extern "C" fn stack(buf: *mut u8, len: u64, _cap: u64, all: u64) -> u64 {
    let mut s = String::new();
    // SAFETY: the goroutine is this thread's, stopped in the runtime; the buffer is the program's, and its stack
    // does not move while it is running.
    unsafe {
        let g = &*getg();
        if all & 1 != 0 {
            let world = stw::stop_the_world();
            traceback::goroutine(&mut s, g);
            sched::traceback_others(&mut s, g);
            stw::start_the_world(world);
        } else {
            traceback::goroutine(&mut s, g);
        }
        let n = s.len().min(len as usize);
        std::ptr::copy_nonoverlapping(s.as_ptr(), buf, n);
        n as u64
    }
}

/// `runtime.memStats`.
#[repr(C)]
pub struct MemStats {
    mallocs: u64,
    frees: u64,
    total_alloc: u64,
    alloc: u64,
    heap: u64,
    stacks: u64,
    idle: u64,
    released: u64,
    gcs: u64,
    forced: u64,
    next: u64,
    last_end: u64,
    pause_total: u64,
    pauses: [u64; 256],
    pause_ends: [u64; 256],
}

/// `runtime.readStats`.
pub extern "C" fn read_stats(out: *mut MemStats) {
    let s = malloc::stats();
    let gc = gc::stats();
    let h = mheap();
    let (idle, released) = h.idle();
    let stats = MemStats {
        mallocs: s.mallocs,
        // What shares a block counts as freed: nobody knows when it is.
        frees: gc.frees + s.tiny,
        total_alloc: s.total_alloc,
        alloc: s.total_alloc - gc.freed,
        heap: h.heap_in_use.load(Relaxed),
        stacks: h.stack_in_use.load(Relaxed),
        idle,
        released,
        gcs: gc.n,
        forced: gc.forced,
        next: gc::next(),
        last_end: gc.last_end,
        pause_total: gc.pause_total,
        pauses: gc.pauses,
        pause_ends: gc.pause_ends,
    };
    // SAFETY: the program passes its own variable.
    unsafe { out.write(stats) };
}

/// `runtime/debug.setTraceback`.
pub extern "C" fn set_traceback(text: *const u8, len: u64) {
    // SAFETY: the program names its own text.
    let text = unsafe { Str { ptr: text, len: len as usize }.bytes() };
    dying::set(&String::from_utf8_lossy(text));
}

/// `runtime/debug.setMaxStack`.
pub extern "C" fn set_max_stack(bytes: u64) -> u64 {
    newstack::MAX_STACK.swap(bytes, AcqRel)
}
