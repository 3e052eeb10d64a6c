//! Constants as Go's compiler prints them.

#![forbid(unsafe_code)]

use std::fmt::Write;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::types::{Basic, ConstValue};

/// Longest constant string that is printed whole, in characters with quotes.
const MAX_STRING: usize = 72;

/// A constant's value; `basic` is its type's kind.
pub(super) fn const_text(value: &ConstValue, basic: Option<Basic>) -> String {
    match value {
        ConstValue::Unknown => "unknown".into(),
        ConstValue::Bool(b) => b.to_string(),
        ConstValue::Str(s) => {
            let quoted = quote(s);
            if quoted.chars().count() > MAX_STRING {
                let head: String = quoted.chars().take(MAX_STRING - 3).collect();
                format!("{head}...")
            } else {
                quoted
            }
        }
        ConstValue::Int(v) if basic.is_some_and(Basic::is_complex) => format!("({v} + 0i)"),
        ConstValue::Int(v) if basic.is_some_and(Basic::is_float) => float_text(v.to_f64().unwrap_or(f64::INFINITY)),
        ConstValue::Int(v) => BigInt::to_string(v),
        ConstValue::Float(_) if basic.is_some_and(Basic::is_complex) => {
            format!("({} + 0i)", float_text(value.to_f64().unwrap_or(f64::INFINITY)))
        }
        ConstValue::Float(_) | ConstValue::Huge(_) => float_text(value.to_f64().unwrap_or(f64::INFINITY)),
        ConstValue::Complex(_) => {
            let (re, im) = value.to_complex().unwrap_or((f64::INFINITY, 0.0));
            format!("({} + {}i)", float_text(re), float_text(im))
        }
    }
}

/// As C's `%.6g`, or with all digits where that would look like an integer and is none.
fn float_text(v: f64) -> String {
    let short = format_g(v, 6);
    if v.fract() != 0.0 && !short.contains('.') { format_shortest(v) } else { short }
}

fn format_g(v: f64, digits: usize) -> String {
    if v == 0.0 {
        return "0".into();
    }
    let sci = format!("{:.*e}", digits - 1, v);
    let (mantissa, exp) = sci.split_once('e').unwrap_or((&sci, "0"));
    let exp: i32 = exp.parse().unwrap_or(0);
    if exp < -4 || exp >= digits as i32 {
        return format!("{}e{}", trim_zeros(mantissa), exp_text(exp));
    }
    trim_zeros(&format!("{:.*}", (digits as i32 - 1 - exp).max(0) as usize, v)).to_owned()
}

fn format_shortest(v: f64) -> String {
    let sci = format!("{v:e}");
    let (mantissa, exp) = sci.split_once('e').unwrap_or((&sci, "0"));
    let exp: i32 = exp.parse().unwrap_or(0);
    if (-4..21).contains(&exp) { v.to_string() } else { format!("{mantissa}e{}", exp_text(exp)) }
}

fn exp_text(exp: i32) -> String {
    format!("{}{:02}", if exp < 0 { '-' } else { '+' }, exp.abs())
}

fn trim_zeros(s: &str) -> &str {
    if s.contains('.') { s.trim_end_matches('0').trim_end_matches('.') } else { s }
}

fn escape_char(out: &mut String, c: char, quote: char) {
    match c {
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        '\\' => out.push_str("\\\\"),
        c if c == quote => {
            out.push('\\');
            out.push(c);
        }
        c if c < ' ' || c == '\u{7f}' => {
            let _ = write!(out, "\\x{:02x}", c as u32);
        }
        c if is_print(c) => out.push(c),
        c if (c as u32) < 0x10000 => {
            let _ = write!(out, "\\u{:04x}", c as u32);
        }
        c => {
            let _ = write!(out, "\\U{:08x}", c as u32);
        }
    }
}

/// Whether Go prints the character as itself: letters, marks, numbers, punctuation, symbols and the blank.
fn is_print(c: char) -> bool {
    !(c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c as u32,
        0xad | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xd800..=0xf8ff | 0xfeff | 0xfff0..=0xfffb
        | 0xfffe | 0xffff | 0xe0000..=0x10ffff))
}

/// A Go string literal.
pub(super) fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| escape_char(&mut out, c, '"'));
        chunk.invalid().iter().for_each(|b| {
            let _ = write!(out, "\\x{b:02x}");
        });
    }
    out.push('"');
    out
}

/// A Go character literal.
pub(super) fn quote_rune(v: u32) -> String {
    let mut out = String::from("'");
    escape_char(&mut out, char::from_u32(v).unwrap_or('\u{fffd}'), '\'');
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats() {
        assert_eq!(float_text(1e100), "1e+100");
        assert_eq!(float_text(1.5), "1.5");
        assert_eq!(float_text(0.1), "0.1");
        assert_eq!(float_text(3.0), "3");
        assert_eq!(float_text(1234567.5), "1.23457e+06");
        assert_eq!(float_text(123456.5), "123456.5");
        assert_eq!(float_text(0.00001), "1e-05");
    }

    #[test]
    fn quoting() {
        assert_eq!(quote(b"hi\n\x00\xc3\xa9\xff\""), "\"hi\\n\\x00é\\xff\\\"\"");
        assert_eq!(quote_rune('\'' as u32), "'\\''");
        assert_eq!(quote_rune(0xad), "'\\u00ad'");
    }
}
