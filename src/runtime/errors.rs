//! Run-time errors as values: types that satisfy `runtime.Error`, their texts, and the functions that panic
//! with them.
//!
//! The types have no source: their descriptors are made here, and their methods are stubs
//! ([`trampoline`]) that call Rust. A method without a type in these descriptors
//! matches an interface's method by name alone.

use super::heapcheck::leaked;
use super::malloc::mallocgc;
use super::panic::gopanic;
use super::string::rawstring;
use super::sys::{asm, trampoline};
use crate::abi::typedesc::{MethodDesc, Str, Table, TypeDesc, flag, kind};
use std::sync::OnceLock;

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

/// Kinds of failed bounds checks, in the order of [`BOUNDS_TEXTS`].
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

/// Texts for bad values, and for negative ones. `X` and `Y` stand for the values.
const BOUNDS_TEXTS: [(&str, &str); 9] = [
    ("index out of range [X] with length Y", "index out of range [X]"),
    ("slice bounds out of range [:X] with length Y", "slice bounds out of range [:X]"),
    ("slice bounds out of range [:X] with capacity Y", "slice bounds out of range [:X]"),
    ("slice bounds out of range [X:Y]", "slice bounds out of range [X:]"),
    ("slice bounds out of range [::X] with length Y", "slice bounds out of range [::X]"),
    ("slice bounds out of range [::X] with capacity Y", "slice bounds out of range [::X]"),
    ("slice bounds out of range [:X:Y]", "slice bounds out of range [:X:]"),
    ("slice bounds out of range [X:Y:]", "slice bounds out of range [X::]"),
    (
        "cannot convert slice with length Y to array or pointer to array with length X",
        "cannot convert slice with length Y to array or pointer to array with length X",
    ),
];

fn bounds_text(e: &BoundsError) -> String {
    let (text, negative) = BOUNDS_TEXTS[e.code as usize];
    let text = if e.signed && e.x < 0 { negative } else { text };
    let x = if e.signed { e.x.to_string() } else { (e.x as u64).to_string() };
    format!("runtime error: {}", text.replace('X', &x).replace('Y', &e.y.to_string()))
}

unsafe fn type_string(t: *const TypeDesc) -> String {
    // SAFETY: descriptors live for ever.
    unsafe { String::from_utf8_lossy((*t).string.bytes()).into_owned() }
}

unsafe fn assertion_text(e: &TypeAssertionError) -> String {
    // SAFETY: the error's types are descriptors.
    unsafe {
        let inter = if e.interface.is_null() { "interface".into() } else { type_string(e.interface) };
        let want = type_string(e.asserted);
        if e.concrete.is_null() {
            return format!("interface conversion: {inter} is nil, not {want}");
        }
        let have = type_string(e.concrete);
        if e.missing_method.len != 0 {
            let m = String::from_utf8_lossy(e.missing_method.bytes());
            return format!("interface conversion: {have} is not {want}: missing method {m}");
        }
        let mut s = format!("interface conversion: {inter} is {have}, not {want}");
        if have == want {
            let same_package = (*e.concrete).pkg_path.bytes() == (*e.asserted).pkg_path.bytes();
            s.push_str(if same_package {
                " (types from different scopes)"
            } else {
                " (types from different packages)"
            });
        }
        s
    }
}

fn go_string(s: &str) -> Pair {
    let r = rawstring(s.as_bytes());
    Pair(r.ptr as u64, r.len as u64)
}

extern "C" fn bounds_error(data: u64) -> Pair {
    // SAFETY: the receiver is a boundsError.
    go_string(&bounds_text(unsafe { &*(data as *const BoundsError) }))
}

extern "C" fn string_error(data: u64) -> Pair {
    // SAFETY: the receiver is an errorString.
    let s = unsafe { (*(data as *const Str)).bytes() };
    go_string(&format!("runtime error: {}", String::from_utf8_lossy(s)))
}

extern "C" fn plain_error(data: u64) -> Pair {
    // SAFETY: the receiver is a plainError.
    let s = unsafe { *(data as *const Str) };
    Pair(s.ptr as u64, s.len as u64)
}

extern "C" fn assertion_error(data: u64) -> Pair {
    // SAFETY: the receiver is a *TypeAssertionError.
    go_string(&unsafe { assertion_text(&*(data as *const TypeAssertionError)) })
}

extern "C" fn panic_nil_error(_data: u64) -> Pair {
    go_string("runtime error: panic called with nil argument")
}

static STRING_BITS: u8 = 1;

fn make_types() -> Types {
    let leak = |s: &'static str| Str { ptr: s.as_ptr(), len: s.len() };
    let code = trampoline::make(
        &[bounds_error, string_error, plain_error, assertion_error, panic_nil_error]
            .map(|f: extern "C" fn(u64) -> Pair| (f as *const () as u64, asm::tail_string())),
    );
    let new = |string: &'static str, size: u64, k: u8, ifn: u64, ptrdata: u64| -> *const TypeDesc {
        let none = Str::EMPTY;
        let m = |name, ifn| MethodDesc { name: leak(name), pkg_path: none, ty: std::ptr::null(), ifn };
        let methods: &'static [MethodDesc] =
            leaked(Box::leak(Box::new([m("Error", ifn), m("RuntimeError", asm::tail_nop())])));
        let pointer = k == kind::POINTER;
        leaked(Box::leak(Box::new(TypeDesc {
            size,
            ptrdata,
            hash: string.bytes().fold(0x811c_9dc5u32, |h, b| (h ^ b as u32).wrapping_mul(0x0100_0193)),
            flags: flag::COMPARABLE | if pointer { flag::DIRECT_IFACE } else { flag::NAMED },
            align: 8,
            field_align: 8,
            kind: k,
            gcdata: if ptrdata == 0 { std::ptr::null() } else { &STRING_BITS },
            string: leak(string),
            name: if pointer { none } else { leak(&string["runtime.".len()..]) },
            pkg_path: if pointer { none } else { leak("runtime") },
            ptr_to_this: std::ptr::null(),
            elem: std::ptr::null(),
            key: std::ptr::null(),
            len: 0,
            fields: Table::EMPTY,
            params: Table::EMPTY,
            results: Table::EMPTY,
            imethods: Table::EMPTY,
            methods: Table { ptr: methods.as_ptr(), len: methods.len() },
        })))
    };
    Types {
        bounds: new("runtime.boundsError", 24, kind::STRUCT, code[0], 0),
        string: new("runtime.errorString", 16, kind::STRING, code[1], 8),
        plain: new("runtime.plainError", 16, kind::STRING, code[2], 8),
        assertion: new("*runtime.TypeAssertionError", 8, kind::POINTER, code[3], 8),
        panic_nil: new("*runtime.PanicNilError", 8, kind::POINTER, code[4], 8),
    }
}

static TYPES: OnceLock<Types> = OnceLock::new();

fn types() -> &'static Types {
    TYPES.get_or_init(make_types)
}

/// Makes the descriptors, before the program runs.
pub fn init() {
    types();
}

unsafe fn boxed<T>(ty: *const TypeDesc, v: T) -> u64 {
    // SAFETY: this thread runs a goroutine; the object is new and large enough.
    unsafe {
        let p = mallocgc(size_of::<T>() as u64, ty);
        (p as *mut T).write(v);
        p
    }
}

/// The value of `panic(nil)`.
pub fn panic_nil() -> (*const TypeDesc, u64) {
    // SAFETY: a pointer-shaped value to an object without contents that matter.
    unsafe { (types().panic_nil, boxed(std::ptr::null(), 0u64)) }
}

/// Panics with a text that `Error` prefixes with `runtime error: `.
pub fn panic_error(text: &'static str) -> ! {
    let ty = types().string;
    // SAFETY: an errorString is a string.
    gopanic(ty, unsafe { boxed(ty, Str { ptr: text.as_ptr(), len: text.len() }) })
}

/// Panics with a text as it is.
pub fn panic_plain(text: &str) -> ! {
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
        g.sig = Some(super::g::Sig { name: "SIGSEGV: segmentation violation", code: 1, addr: 0, pc });
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
    panic_plain(&String::from_utf8_lossy(text))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_texts() {
        let e = |x: i64, y, signed, code: Bounds| bounds_text(&BoundsError { x, y, signed, code: code as u8 });
        assert_eq!(e(5, 3, true, Bounds::Index), "runtime error: index out of range [5] with length 3");
        assert_eq!(e(-1, 3, true, Bounds::Index), "runtime error: index out of range [-1]");
        assert_eq!(
            e(-1, 3, false, Bounds::SliceB),
            "runtime error: slice bounds out of range [18446744073709551615:3]"
        );
        assert_eq!(
            e(4, 2, true, Bounds::Convert),
            "runtime error: cannot convert slice with length 2 to array or pointer to array with length 4"
        );
    }
}
