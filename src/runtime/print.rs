//! `print` and `println`, and the words of the runtime itself: straight to standard error.

use super::m::getm;
use super::natives::float;

/// Writes all of it to standard error.
pub fn write_err(mut b: &[u8]) {
    while !b.is_empty() {
        match rustix::io::write(rustix::stdio::stderr(), b) {
            Ok(n) => b = &b[n..],
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
}

/// Between `lock` and `unlock` everything one statement prints is gathered, so that lines of different
/// threads do not mix.
pub fn lock() {
    // SAFETY: the m is this thread's.
    unsafe { (*getm()).print_depth += 1 };
}

/// See [`lock`].
pub fn unlock() {
    // SAFETY: the m is this thread's.
    let m = unsafe { &mut *getm() };
    m.print_depth -= 1;
    if m.print_depth == 0 {
        write_err(&m.print_buf);
        m.print_buf.clear();
    }
}

/// Prints bytes.
pub fn bytes(b: &[u8]) {
    // SAFETY: the m is this thread's.
    let m = unsafe { &mut *getm() };
    if m.print_depth > 0 {
        m.print_buf.extend_from_slice(b);
    } else {
        write_err(b);
    }
}

/// A float64 as `println` writes it.
pub fn float64(v: f64) -> String {
    float::format(v, b'g', -1, 64)
}

/// A float32 as `println` writes it.
pub fn float32(v: f32) -> String {
    float::format(v as f64, b'g', -1, 32)
}

fn with_sign(s: String) -> String {
    if s.starts_with(['+', '-']) { s } else { format!("+{s}") }
}

/// A complex128 as `println` writes it.
pub fn complex128(re: f64, im: f64) -> String {
    format!("({}{}i)", float64(re), with_sign(float64(im)))
}

/// A complex64 as `println` writes it.
pub fn complex64(re: f32, im: f32) -> String {
    format!("({}{}i)", float32(re), with_sign(float32(im)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_as_in_go() {
        for (v, s) in [
            (1.0, "1"),
            (0.0, "0"),
            (-0.0, "-0"),
            (1e-7, "1e-07"),
            (0.0001, "0.0001"),
            (3.14e100, "3.14e+100"),
            (1e20, "1e+20"),
            (200000.0, "200000"),
            (2000000.0, "2e+06"),
            (1e21, "1e+21"),
            (123456789.125, "1.23456789125e+08"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(float64(v), s);
        }
        assert_eq!(float32(0.1), "0.1");
        assert_eq!(complex128(1.0, -2.5), "(1-2.5i)");
    }
}
