//! Run-time errors as values, and the functions that panic with them.
//!
//! The types are those of the library's package runtime (`src/std/runtime/error.go`), which has their methods
//! and texts; the compiler says where their descriptors are ([`set_error_types`]). The records here have
//! their layout.

use super::heapcheck::leaked;
use super::malloc::{mallocgc, zerobase};
use super::panic::{gopanic, throw};
use super::string::rawstring;
use crate::abi::typedesc::{Str, TypeDesc};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::sync::{LazyLock, OnceLock};

/// Two words in rax and rdx.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Pair(pub u64, pub u64);

/// Descriptors of the runtime's own types.
struct Types {
    bounds: *const TypeDesc,
    string: *const TypeDesc,
    plain: *const TypeDesc,
    assertion: *const TypeDesc,
    panic_nil: *const TypeDesc,
    unhashable: *const TypeDesc,
}

// SAFETY: descriptors are only read.
unsafe impl Send for Types {}
// SAFETY: as above.
unsafe impl Sync for Types {}

#[repr(C)]
struct BoundsError {
    x: i64,
    y: i64,
    signed: bool,
    code: u8,
}

#[repr(C)]
struct TypeAssertionError {
    interface: *const TypeDesc,
    concrete: *const TypeDesc,
    asserted: *const TypeDesc,
    missing_method: Str,
}

/// Kinds of failed bounds checks, as `boundsError.code` has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Bounds {
    Index,
    SliceAlen,
    SliceAcap,
    SliceB,
    Slice3Alen,
    Slice3Acap,
    Slice3B,
    Slice3C,
    Convert,
}

static TYPES: OnceLock<Types> = OnceLock::new();

fn types() -> &'static Types {
    match TYPES.get() {
        Some(types) => types,
        None => throw("runtime: a run-time error before the program was started"),
    }
}

/// Says where the compiler's descriptors of the types are, by name: before the program runs.
pub fn set_error_types(list: &[(&'static str, u64)]) {
    let find = |name| list.iter().find(|t| t.0 == name).map_or(std::ptr::null(), |t| t.1 as *const TypeDesc);
    let types = Types {
        bounds: find("boundsError"),
        string: find("errorString"),
        plain: find("plainError"),
        assertion: find("TypeAssertionError"),
        panic_nil: find("PanicNilError"),
        unhashable: find("unhashableTypeError"),
    };
    let _ = TYPES.set(types);
}

unsafe fn boxed<T>(ty: *const TypeDesc, v: T) -> u64 {
    // SAFETY: this thread runs a goroutine; the object is new and large enough.
    unsafe {
        let p = mallocgc(size_of::<T>() as u64, ty);
        (p as *mut T).write(v);
        p
    }
}

/// The value of `panic(nil)`: a pointer to a type without contents.
pub fn panic_nil() -> (*const TypeDesc, u64) {
    (types().panic_nil, zerobase())
}

/// A string whose text is the runtime's own, as interfaces hold it. Made once for each text: programs may panic
/// with it as often as they like without allocating.
fn constant(text: &'static str) -> u64 {
    struct Strings(FxHashMap<(*const u8, usize), &'static Str>);
    // SAFETY: the strings are static and never written to.
    unsafe impl Send for Strings {}
    static STRINGS: LazyLock<Mutex<Strings>> = LazyLock::new(|| Mutex::new(Strings(FxHashMap::default())));
    let make = || leaked(Box::leak(Box::new(Str { ptr: text.as_ptr(), len: text.len() })));
    std::ptr::from_ref(*STRINGS.lock().0.entry((text.as_ptr(), text.len())).or_insert_with(make)) as u64
}

/// Panics with a text that `Error` prefixes with `runtime error: `.
pub fn panic_error(text: &'static str) -> ! {
    gopanic(types().string, constant(text))
}

/// Panics with a text as it is.
pub fn panic_plain(text: &'static str) -> ! {
    gopanic(types().plain, constant(text))
}

/// Panics with [`panic_plain`]'s text built at run time.
pub fn panic_plain_text(text: &str) -> ! {
    let ty = types().plain;
    // SAFETY: a plainError is a string.
    gopanic(ty, unsafe { boxed(ty, rawstring(text.as_bytes())) })
}

/// Panics with [`panic_error`]'s text built at run time.
pub fn panic_error_text(text: &str) -> ! {
    let ty = types().string;
    // SAFETY: an errorString is a string.
    gopanic(ty, unsafe { boxed(ty, rawstring(text.as_bytes())) })
}

/// A key of a map without entries cannot be hashed; where there are entries, hashing itself panics.
pub fn panic_unhashable(key: *const TypeDesc) -> ! {
    // An unhashableTypeError is a pointer to a descriptor, which the interface holds as it is.
    gopanic(types().unhashable, key as u64)
}

/// A bounds check failed.
pub fn panic_bounds(x: u64, y: u64, signed: bool, code: Bounds) -> ! {
    let ty = types().bounds;
    // SAFETY: the type's size is the record's.
    gopanic(ty, unsafe { boxed(ty, BoundsError { x: x as i64, y: y as i64, signed, code: code as u8 }) })
}

/// nil dereference.
pub fn panicmem() -> ! {
    panic_error("invalid memory address or nil pointer dereference")
}

/// nil dereference found by an explicit check: reported like a fault at address 0.
pub fn panicmem_checked() -> ! {
    // SAFETY: the goroutine is this thread's, stopped at the check's call.
    unsafe {
        let g = &mut *super::g::getg();
        let pc = *(g.h.sched_sp as *const u64);
        g.sig = Some(Box::new(super::g::Sig { name: "SIGSEGV: segmentation violation", code: 1, addr: 0, pc }));
    }
    panicmem()
}

/// Division by zero.
pub fn panicdivide() -> ! {
    panic_error("integer divide by zero")
}

/// The wrapper of a value method was called with a nil pointer.
#[expect(clippy::not_unsafe_ptr_arg_deref, reason = "called by generated code only")]
pub extern "C" fn panicwrap(text: *const u8, len: u64) -> ! {
    // SAFETY: the compiler passes a constant string.
    let text = unsafe { std::slice::from_raw_parts(text, len as usize) };
    panic_plain_text(&String::from_utf8_lossy(text))
}

/// A function ranged over called the loop's body when it must not, or swallowed its panic. States: 0 the loop
/// was left, 2 the body panicked, 3 the function has returned, 4 it returned although the body panicked.
pub extern "C" fn panicrangestate(state: u64) -> ! {
    match state {
        0 => panic_error("range function continued iteration after function for loop body returned false"),
        2 => panic_error("range function continued iteration after loop body panic"),
        3 => panic_error("range function continued iteration after whole loop exit"),
        _ => panic_error("range function recovered a loop body panic and did not resume panicking"),
    }
}

/// A type assertion or conversion failed. Null types and an empty name where there are none.
pub fn panic_assertion(
    interface: *const TypeDesc,
    concrete: *const TypeDesc,
    asserted: *const TypeDesc,
    missing_method: Str,
) -> ! {
    let e = TypeAssertionError { interface, concrete, asserted, missing_method };
    // SAFETY: what the record points to is static.
    gopanic(types().assertion, unsafe { boxed(std::ptr::null(), e) })
}
