//! Literals: their errors in Go's words, and the bytes that strings and runes stand for.
//!
//! The lexer asks for the errors, the checker for the values. Offsets count bytes from the literal's start.
//! Invariant: the `check_*` functions accept exactly what the spec's lexical grammar does; `unquote` takes
//! what they accept and gives something sensible for all else, since a bad literal was reported already.

#![forbid(unsafe_code)]

use logos::Logos;

use crate::syntax::ast::LitKind;

/// A message and the offset it belongs to.
pub type LitError = (usize, String);

/// What a character beyond ASCII may do in a name.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameChar {
    #[regex(r"[\p{L}_]")]
    Letter,
    #[regex(r"\p{Nd}")]
    Digit,
    /// Nothing; the DFA never gives it.
    Other,
}

/// The class of `c` in names.
pub fn name_character(c: char) -> NameChar {
    let mut buf = [0; 4];
    match NameChar::lexer(c.encode_utf8(&mut buf)).next() {
        Some(Ok(class)) => class,
        _ => NameChar::Other,
    }
}

/// `U+0023 '#'`: a character as Go's messages name it; without the picture where it has none.
pub fn unicode_name(c: char) -> String {
    let code = u32::from(c);
    if is_print(c) { format!("U+{code:04X} '{c}'") } else { format!("U+{code:04X}") }
}

fn is_print(c: char) -> bool {
    matches!(c, '\'' | '"' | '\\') || c == ' ' || (!c.is_whitespace() && c.escape_debug().count() == 1)
}

/// A character in single quotes, as Go's `%q` prints it.
pub fn quote_char(c: char) -> String {
    match c {
        '\'' => "'\\''".into(),
        '\\' => "'\\\\'".into(),
        '\n' => "'\\n'".into(),
        '\t' => "'\\t'".into(),
        '\r' => "'\\r'".into(),
        '\x07' => "'\\a'".into(),
        '\x08' => "'\\b'".into(),
        '\x0c' => "'\\f'".into(),
        '\x0b' => "'\\v'".into(),
        c if is_print(c) => format!("'{c}'"),
        c if u32::from(c) < 0x80 => format!("'\\x{:02x}'", u32::from(c)),
        c if u32::from(c) < 0x10000 => format!("'\\u{:04x}'", u32::from(c)),
        c => format!("'\\U{:08x}'", u32::from(c)),
    }
}

fn base_name(base: u32) -> &'static str {
    match base {
        2 => "binary",
        8 => "octal",
        10 => "decimal",
        _ => "hexadecimal",
    }
}

/// The kind of a number literal, and what is wrong with it.
pub fn check_number(text: &[u8]) -> (LitKind, Option<LitError>) {
    if text.iter().all(u8::is_ascii_digit) && (text[0] != b'0' || text.len() == 1) {
        return (LitKind::Int, None);
    }
    let imaginary = text.last() == Some(&b'i');
    let body = if imaginary { &text[..text.len() - 1] } else { text };
    // A prefix other than the old octal's `0`.
    let prefix = match body {
        [b'0', c, ..] if c.is_ascii_alphabetic() => c.to_ascii_lowercase(),
        _ => 0,
    };
    let (base, start) = match prefix {
        b'x' => (16, 2),
        b'o' => (8, 2),
        b'b' => (2, 2),
        _ => (if body[0] == b'0' { 8 } else { 10 }, 0),
    };
    let prefix = if start == 2 { prefix } else { 0 };

    let mantissa_len = |from: usize| {
        body[from..]
            .iter()
            .take_while(|&&b| b == b'_' || if base == 16 { b.is_ascii_hexdigit() } else { b.is_ascii_digit() })
            .count()
    };
    let int_end = start + mantissa_len(start);
    let point = (body.get(int_end) == Some(&b'.')).then_some(int_end);
    let mantissa_end = point.map_or(int_end, |p| p + 1 + mantissa_len(p + 1));
    let exponent = body.get(mantissa_end).map(u8::to_ascii_lowercase);
    let kind = match (imaginary, point.is_some() || exponent.is_some()) {
        (true, _) => LitKind::Imag,
        (false, true) => LitKind::Float,
        (false, false) => LitKind::Int,
    };
    let has_digit = |b: &[u8]| b.iter().any(|&b| b != b'_' && b != b'.');

    let error = || -> Option<LitError> {
        if let Some(p) = point
            && matches!(prefix, b'o' | b'b')
        {
            return Some((p, format!("invalid radix point in {} literal", base_name(base))));
        }
        if !has_digit(&body[start..mantissa_end]) {
            return Some((mantissa_end, format!("{} literal has no digits", base_name(base))));
        }
        if let Some(e) = exponent {
            let written = quote_char(char::from(body[mantissa_end]));
            if e == b'e' && prefix != 0 {
                return Some((mantissa_end, format!("{written} exponent requires decimal mantissa")));
            }
            if e == b'p' && prefix != b'x' {
                return Some((mantissa_end, format!("{written} exponent requires hexadecimal mantissa")));
            }
            let digits = &body[mantissa_end + 1..];
            let digits = digits.strip_prefix(b"+").or(digits.strip_prefix(b"-")).unwrap_or(digits);
            if !has_digit(digits) {
                return Some((body.len(), "exponent has no digits".into()));
            }
        } else if prefix == b'x' && point.is_some() {
            return Some((mantissa_end, "hexadecimal mantissa requires a 'p' exponent".into()));
        }
        if kind == LitKind::Int && base < 10 {
            let invalid = body[start..].iter().position(|b| b.is_ascii_digit() && u32::from(b - b'0') >= base);
            if let Some(i) = invalid {
                let digit = char::from(body[start + i]);
                return Some((start + i, format!("invalid digit '{digit}' in {} literal", base_name(base))));
            }
        }
        misplaced_separator(text, start).map(|i| (i, "'_' must separate successive digits".into()))
    };
    (kind, error())
}

/// The first `_` that does not stand between digits; a prefix (of `start` bytes) counts as a digit.
fn misplaced_separator(text: &[u8], start: usize) -> Option<usize> {
    let hex = text.get(1).is_some_and(|b| b.eq_ignore_ascii_case(&b'x'));
    let is_digit = |i: usize| {
        text.get(i).is_some_and(|b| b.is_ascii_digit() || hex && b.is_ascii_hexdigit()) || (i < start && start > 0)
    };
    (start..text.len()).find(|&i| {
        text[i] == b'_' && !(i > 0 && is_digit(i - 1) && is_digit(i + 1)) && {
            // Of a run of underscores the second one is the misplaced one, if the first follows a digit.
            i == 0 || !is_digit(i - 1) || text.get(i + 1) != Some(&b'_')
        }
    })
}

/// One element of a quoted literal: a character or byte, how far it reaches, or what is wrong with it.
enum Element {
    /// A character as written, or by `\u`, `\U` or a one-letter escape.
    Char(char),
    /// A byte by `\x` or octal escape, or one that is not UTF-8.
    Byte(u8),
    Bad(LitError),
    /// An escape cut off by the end of the file: whoever scans complains about that.
    Cut,
}

/// Reads the element at `i`; gives it and the offset behind it.
fn element(text: &[u8], i: usize, quote: u8) -> (Element, usize) {
    if text[i] != b'\\' {
        let (c, n) = char_at(text, i);
        return (c.map_or(Element::Byte(text[i]), Element::Char), i + n);
    }
    let i = i + 1;
    let Some(&b) = text.get(i) else { return (Element::Cut, i) };
    let simple = match b {
        b'a' => '\x07',
        b'b' => '\x08',
        b'f' => '\x0c',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'v' => '\x0b',
        b'\\' => '\\',
        b if b == quote => char::from(quote),
        b'0'..=b'7' => return number_escape(text, i, 3, 8),
        b'x' => return number_escape(text, i + 1, 2, 16),
        b'u' => return number_escape(text, i + 1, 4, 16),
        b'U' => return number_escape(text, i + 1, 8, 16),
        _ => return (Element::Bad((i, "unknown escape".into())), i),
    };
    (Element::Char(simple), i + 1)
}

fn number_escape(text: &[u8], start: usize, n: usize, base: u32) -> (Element, usize) {
    let mut value = 0u32;
    for i in start..start + n {
        let Some(&b) = text.get(i) else { return (Element::Cut, i) };
        let Some(digit) = char::from(b).to_digit(base) else {
            let c = char_at(text, i).0.unwrap_or(char::REPLACEMENT_CHARACTER);
            let message = format!("invalid character {} in {} escape", quote_char(c), base_name(base));
            return (Element::Bad((i, message)), i);
        };
        value = value.wrapping_mul(base).wrapping_add(digit);
    }
    let end = start + n;
    if n <= 3 {
        return match u8::try_from(value) {
            Ok(byte) => (Element::Byte(byte), end),
            Err(_) => (Element::Bad((end, format!("octal escape value {value} > 255"))), end),
        };
    }
    match char::from_u32(value) {
        Some(c) => (Element::Char(c), end),
        None => (Element::Bad((end, format!("escape is invalid Unicode code point U+{value:04X}"))), end),
    }
}

/// The character at `i` (`None` where the bytes are not UTF-8) and its length.
fn char_at(text: &[u8], i: usize) -> (Option<char>, usize) {
    let rest = &text[i..(i + 4).min(text.len())];
    match rest.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next()) {
        Some(c) => (Some(c), c.len_utf8()),
        None => (None, 1),
    }
}

/// What is wrong with an interpreted string literal: every bad escape, and a missing end.
pub fn check_string(text: &[u8]) -> Vec<LitError> {
    let mut errors = Vec::new();
    let closed = text.len() >= 2 && text.ends_with(b"\"");
    if closed && !text.contains(&b'\\') {
        return errors;
    }
    let mut i = 1;
    while i < text.len() {
        if text[i] == b'"' {
            return errors;
        }
        let (element, end) = element(text, i, b'"');
        if let Element::Bad(error) = element {
            errors.push(error);
        }
        i = end;
    }
    // The lexer cuts the literal before a newline; it cannot tell us which it was.
    errors.push((text.len(), String::new()));
    errors
}

/// What is wrong with a raw string literal.
pub fn check_raw_string(text: &[u8]) -> Option<LitError> {
    let closed = text.len() >= 2 && text.ends_with(b"`");
    (!closed).then(|| (0, "string not terminated".into()))
}

/// What is wrong with a rune literal; an empty message stands for a missing end.
pub fn check_rune(text: &[u8]) -> Option<LitError> {
    let mut i = 1;
    let mut n = 0;
    let mut error = None;
    while i < text.len() {
        if text[i] == b'\'' {
            return error.or_else(|| match n {
                0 => Some((i, "empty rune literal or unescaped '".into())),
                1 => None,
                _ => Some((0, "more than one character in rune literal".into())),
            });
        }
        let (element, end) = element(text, i, b'\'');
        if let Element::Bad(e) = element {
            error = error.or(Some(e));
        }
        i = end;
        n += 1;
    }
    error.or(Some((text.len(), String::new())))
}

/// The bytes of a string literal, raw or interpreted, from its source text with the quotes.
pub fn unquote(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    if let Some(raw) = bytes.strip_prefix(b"`") {
        let raw = raw.strip_suffix(b"`").unwrap_or(raw);
        return raw.iter().copied().filter(|&b| b != b'\r').collect();
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 1;
    while i < bytes.len() && bytes[i] != b'"' {
        let (element, end) = element(bytes, i, b'"');
        match element {
            Element::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Element::Byte(b) => out.push(b),
            Element::Bad(_) | Element::Cut => {}
        }
        i = end;
    }
    out
}

/// The value of a rune literal from its source text with the quotes.
pub fn unquote_rune(text: &str) -> u32 {
    let bytes = text.as_bytes();
    if bytes.len() < 2 {
        return u32::from(char::REPLACEMENT_CHARACTER);
    }
    match element(bytes, 1, b'\'').0 {
        Element::Char(c) => u32::from(c),
        Element::Byte(b) => u32::from(b),
        Element::Bad(_) | Element::Cut => u32::from(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_runes() {
        assert_eq!(unquote(r#""a\n\x41\u00e9\101\"""#), b"a\nA\xc3\xa9A\"");
        assert_eq!(unquote("`a\\n\r\n`"), b"a\\n\n");
        assert_eq!(unquote(r#""\xff\U0001F600""#), b"\xff\xf0\x9f\x98\x80");
        assert_eq!(unquote_rune(r"'\''"), 39);
        assert_eq!(unquote_rune(r"'\xff'"), 255);
        assert_eq!(unquote_rune("'世'"), 0x4e16);
        assert_eq!(unquote_rune(r"'\377'"), 255);
    }

    #[test]
    fn numbers() {
        let error = |text: &str| check_number(text.as_bytes()).1.map(|(i, message)| format!("{i}: {message}"));
        for good in ["0", "1", "1_0", "0x_1f", "017", "0o17", "0b01", "1e3", ".5", "1.", "0x1p-2", "08i", "1.5e+3i"] {
            assert_eq!(error(good), None, "{good}");
        }
        assert_eq!(error("08").as_deref(), Some("1: invalid digit '8' in octal literal"));
        assert_eq!(error("0x").as_deref(), Some("2: hexadecimal literal has no digits"));
        assert_eq!(error("1__0").as_deref(), Some("2: '_' must separate successive digits"));
        assert_eq!(error("1_").as_deref(), Some("1: '_' must separate successive digits"));
        assert_eq!(error("0x1.8").as_deref(), Some("5: hexadecimal mantissa requires a 'p' exponent"));
        assert_eq!(check_number(b"1e3").0, LitKind::Float);
        assert_eq!(check_number(b"1i").0, LitKind::Imag);
    }
}
