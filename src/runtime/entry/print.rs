//! Entry points of `print` and `println`.

use crate::runtime::print;

pub extern "C" fn printlock() {
    print::lock()
}

pub extern "C" fn printunlock() {
    print::unlock()
}

pub extern "C" fn printbool(v: u64) {
    print::bytes(if v & 0xff != 0 { b"true" } else { b"false" })
}

pub extern "C" fn printint(v: i64) {
    print::bytes(v.to_string().as_bytes())
}

pub extern "C" fn printuint(v: u64) {
    print::bytes(v.to_string().as_bytes())
}

pub extern "C" fn printfloat(v: f64) {
    print::bytes(print::float64(v).as_bytes())
}

pub extern "C" fn printfloat32(v: f64) {
    print::bytes(print::float32(v as f32).as_bytes())
}

pub extern "C" fn printcomplex(re: f64, im: f64) {
    print::bytes(print::complex128(re, im).as_bytes())
}

pub extern "C" fn printcomplex64(re: f64, im: f64) {
    print::bytes(print::complex64(re as f32, im as f32).as_bytes())
}

pub extern "C" fn printstring(p: *const u8, n: u64) {
    // SAFETY: the words are a valid string.
    print::bytes(unsafe { crate::abi::typedesc::Str { ptr: p, len: n as usize }.bytes() })
}

pub extern "C" fn printpointer(p: u64) {
    print::bytes(format!("{p:#x}").as_bytes())
}

pub extern "C" fn printslice(p: u64, len: u64, cap: u64) {
    print::bytes(format!("[{len}/{cap}]{p:#x}").as_bytes())
}

pub extern "C" fn printeface(ty: u64, data: u64) {
    print::bytes(format!("({ty:#x},{data:#x})").as_bytes())
}

pub extern "C" fn printiface(tab: u64, data: u64) {
    print::bytes(format!("({tab:#x},{data:#x})").as_bytes())
}

pub extern "C" fn printnl() {
    print::bytes(b"\n")
}

pub extern "C" fn printsp() {
    print::bytes(b" ")
}
