//! Strings: concatenation, conversions, UTF-8 as Go decodes it.

use super::malloc::mallocgc;
use crate::abi::typedesc::Str;

/// What invalid bytes decode to.
pub const RUNE_ERROR: u32 = 0xfffd;

/// Memory without pointers.
pub fn rawmem(n: usize) -> *mut u8 {
    // SAFETY: this thread runs a goroutine.
    unsafe { mallocgc(n as u64, std::ptr::null()) as *mut u8 }
}

/// A new string.
pub fn rawstring(b: &[u8]) -> Str {
    if b.is_empty() {
        return Str::EMPTY;
    }
    let p = rawmem(b.len());
    // SAFETY: the object is new and large enough.
    unsafe { std::ptr::copy_nonoverlapping(b.as_ptr(), p, b.len()) };
    Str { ptr: p, len: b.len() }
}

/// A buffer of `cap` bytes in the caller's frame, if large enough, or new memory.
pub fn buf_or_new(buf: *mut u8, cap: usize, n: usize) -> *mut u8 {
    if !buf.is_null() && n <= cap { buf } else { rawmem(n) }
}

/// The rune at the front of `s`, not empty, and its length.
pub fn decode(s: &[u8]) -> (u32, usize) {
    let b0 = s[0];
    if b0 < 0x80 {
        return (b0 as u32, 1);
    }
    // Valid ranges of the second byte rule out overlong forms, surrogates and values above 0x10ffff.
    let (len, lo, hi, init) = match b0 {
        0xc2..=0xdf => (2, 0x80, 0xbf, b0 as u32 & 0x1f),
        0xe0 => (3, 0xa0, 0xbf, 0),
        0xed => (3, 0x80, 0x9f, b0 as u32 & 0xf),
        0xe1..=0xef => (3, 0x80, 0xbf, b0 as u32 & 0xf),
        0xf0 => (4, 0x90, 0xbf, 0),
        0xf4 => (4, 0x80, 0x8f, b0 as u32 & 7),
        0xf1..=0xf3 => (4, 0x80, 0xbf, b0 as u32 & 7),
        _ => return (RUNE_ERROR, 1),
    };
    if s.len() < len || s[1] < lo || s[1] > hi {
        return (RUNE_ERROR, 1);
    }
    let mut r = init;
    for (i, &b) in s[1..len].iter().enumerate() {
        if i > 0 && b & 0xc0 != 0x80 {
            return (RUNE_ERROR, 1);
        }
        r = r << 6 | (b as u32 & 0x3f);
    }
    (r, len)
}

/// Appends a rune's encoding; invalid ones become U+FFFD. Returns its length.
pub fn encode(r: i64, out: &mut [u8; 4]) -> usize {
    let c = u32::try_from(r).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
    c.encode_utf8(out).len()
}

/// Number of runes in `s`.
pub fn count_runes(mut s: &[u8]) -> usize {
    let mut n = 0;
    while !s.is_empty() {
        s = &s[decode(s).1..];
        n += 1;
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding() {
        assert_eq!(decode("é".as_bytes()), (0xe9, 2));
        assert_eq!(decode("\u{10ffff}".as_bytes()), (0x10ffff, 4));
        assert_eq!(decode(b"\xed\xa0\x80"), (RUNE_ERROR, 1));
        assert_eq!(decode(b"\xe2\x82"), (RUNE_ERROR, 1));
        assert_eq!(decode(b"\xf0\x80\x80\x80"), (RUNE_ERROR, 1));
        assert_eq!(count_runes(b"a\xff\xc3\xa9"), 3);
        let mut b = [0; 4];
        assert_eq!((encode(0xd800, &mut b), &b[..3]), (3, &b"\xef\xbf\xbd"[..]));
        assert_eq!(encode(-1, &mut b), 3);
    }
}
