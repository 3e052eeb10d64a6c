//! Searching in texts.

use std::ffi::c_void;

/// Index of `c` in the text, −1 if it is not there.
pub extern "C" fn index_byte(s: *const u8, len: u64, c: u64) -> i64 {
    if len == 0 {
        return -1;
    }
    // SAFETY: the program names its own text.
    let at = unsafe { libc::memchr(s.cast::<c_void>(), i32::from(c as u8), len as usize) };
    if at.is_null() { -1 } else { at as i64 - s as i64 }
}

/// Index of the text `sep`, −1 if it is not there.
pub extern "C" fn index(s: *const u8, len: u64, sep: *const u8, sep_len: u64) -> i64 {
    if sep_len == 0 {
        return 0;
    }
    if sep_len > len {
        return -1;
    }
    // SAFETY: the program names its own texts.
    let at = unsafe { libc::memmem(s.cast::<c_void>(), len as usize, sep.cast::<c_void>(), sep_len as usize) };
    if at.is_null() { -1 } else { at as i64 - s as i64 }
}

/// How often `c` is in the text.
pub extern "C" fn count_byte(s: *const u8, len: u64, c: u64) -> i64 {
    if len == 0 {
        return 0;
    }
    // SAFETY: the program names its own text.
    let text = unsafe { std::slice::from_raw_parts(s, len as usize) };
    text.iter().filter(|&&b| b == c as u8).count() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds() {
        let s = b"banana";
        let index_of = |sep: &[u8]| index(s.as_ptr(), 6, sep.as_ptr(), sep.len() as u64);
        assert_eq!((index_of(b"nan"), index_of(b"x"), index_of(b""), index_of(b"bananas")), (2, -1, 0, -1));
        assert_eq!((index_byte(s.as_ptr(), 6, u64::from(b'n')), index_byte(s.as_ptr(), 6, 0)), (2, -1));
        assert_eq!((index_byte(s.as_ptr(), 0, 0), count_byte(s.as_ptr(), 6, u64::from(b'a'))), (-1, 3));
    }
}
