//! Floats as text and back: `strconv.FormatFloat` and `strconv.ParseFloat`.
//!
//! Rust's formatting of floats is exact at any precision and shortest without one, and its parser rounds
//! correctly; what remains is Go's layout.

use crate::runtime::errors::Pair;
use std::f64::consts::LOG10_2;
use std::fmt::Write;

/// Digits `d.ddd` without the point, decimal exponent of the first digit.
struct Decimal {
    digits: String,
    exp: i32,
}

fn split(sci: &str) -> Decimal {
    let (mant, exp) = sci.split_once('e').unwrap_or((sci, "0"));
    Decimal { digits: mant.chars().filter(|c| *c != '.').collect(), exp: exp.parse().unwrap_or(0) }
}

/// The shortest digits that read back as the same float of this size.
fn shortest(f: f64, bits: u64) -> Decimal {
    let a = f.abs();
    let mut d = split(&if bits == 32 { format!("{:e}", a as f32) } else { format!("{a:e}") });
    if may_be_tie(a, d.digits.len()) {
        // Exactly between two decimals of this length that both mean `a`: Go takes the even one.
        let n = d.digits.len();
        let exact = split(&format!("{:.*e}", n + 30, a));
        let (lower, rest) = exact.digits.split_at(n);
        let even = lower.as_bytes()[n - 1] % 2 == 0;
        if rest.starts_with('5') && rest[1..].bytes().all(|c| c == b'0') && even && exact.exp == d.exp {
            let text = format!("{}e{}", lower, exact.exp - (n as i32 - 1));
            let same = if bits == 32 { text.parse() == Ok(a as f32) } else { text.parse() == Ok(a) };
            if same {
                d.digits = lower.to_owned();
            }
        }
    }
    d
}

/// Whether the exact decimal value of `a` could have just one digit more than `n`, a 5: a filter, since the exact
/// value costs time.
fn may_be_tie(a: f64, n: usize) -> bool {
    if a == 0.0 || !a.is_finite() || n < 6 {
        return false;
    }
    let bits = a.to_bits();
    let exp = (bits >> 52) as i32;
    let (mut m, mut q) =
        if exp == 0 { (bits & ((1 << 52) - 1), -1074) } else { (bits & ((1 << 52) - 1) | 1 << 52, exp - 1075) };
    let zeros = m.trailing_zeros();
    m >>= zeros;
    q += zeros as i32;
    if q < 0 {
        // m * 5^-q is the number without its point.
        let digits = (64 - m.leading_zeros()) as f64 * LOG10_2 + f64::from(-q) * (1.0 - LOG10_2);
        return digits < n as f64 + 2.0;
    }
    m % 5 == 0
}

fn exp_form(out: &mut String, d: &Decimal, frac: usize, e: char) {
    out.push_str(&d.digits[..1]);
    if frac > 0 {
        out.push('.');
        let have = &d.digits[1..];
        out.push_str(&have[..frac.min(have.len())]);
        for _ in have.len()..frac {
            out.push('0');
        }
    }
    let zero = d.digits.bytes().all(|b| b == b'0');
    let exp = if zero { 0 } else { d.exp };
    let _ = write!(out, "{e}{}{:02}", if exp < 0 { '-' } else { '+' }, exp.abs());
}

fn fixed_form(out: &mut String, d: &Decimal, frac: usize) {
    let digit = |i: i32| match usize::try_from(i).ok().and_then(|i| d.digits.as_bytes().get(i)) {
        Some(&b) => b as char,
        None => '0',
    };
    if d.exp < 0 {
        out.push('0');
    } else {
        for i in 0..=d.exp {
            out.push(digit(i));
        }
    }
    if frac > 0 {
        out.push('.');
        for i in 0..frac as i32 {
            out.push(digit(d.exp + 1 + i));
        }
    }
}

/// `%x` and `%X`: hexadecimal mantissa, binary exponent.
fn hex_form(f: f64, upper: bool, prec: i64, bits: u64, out: &mut String) {
    let (raw, mant_bits, bias) =
        if bits == 32 { ((f as f32).to_bits() as u64, 23, 127) } else { (f.to_bits(), 52, 1023) };
    let mut exp = (raw >> mant_bits & ((1 << (if bits == 32 { 8 } else { 11 })) - 1)) as i64;
    let mut mant = raw & ((1u64 << mant_bits) - 1);
    if exp == 0 {
        exp += 1;
    } else {
        mant |= 1 << mant_bits;
    }
    exp -= bias;
    if mant == 0 {
        exp = 0;
    } else {
        // One hexadecimal digit before the point, in bits 60 to 63.
        mant <<= 60 - mant_bits;
        while mant & (1 << 60) == 0 {
            mant <<= 1;
            exp -= 1;
        }
    }
    if (0..15).contains(&prec) {
        let shift = prec as u32 * 4;
        let extra = (mant << shift) & ((1 << 60) - 1);
        mant >>= 60 - shift;
        if extra | (mant & 1) > 1 << 59 {
            mant += 1;
        }
        mant <<= 60 - shift;
        if mant & (1 << 61) != 0 {
            mant >>= 1;
            exp += 1;
        }
    }
    let hex = |n: u64| {
        let c = char::from_digit(n as u32, 16).unwrap_or('0');
        if upper { c.to_ascii_uppercase() } else { c }
    };
    out.push_str(if upper { "0X" } else { "0x" });
    out.push(hex(mant >> 60 & 15));
    mant <<= 4;
    if prec < 0 && mant != 0 {
        out.push('.');
        while mant != 0 {
            out.push(hex(mant >> 60 & 15));
            mant <<= 4;
        }
    } else if prec > 0 {
        out.push('.');
        for _ in 0..prec {
            out.push(hex(mant >> 60 & 15));
            mant <<= 4;
        }
    }
    let _ = write!(out, "{}{}{:02}", if upper { 'P' } else { 'p' }, if exp < 0 { '-' } else { '+' }, exp.abs());
}

/// `strconv.FormatFloat(f, fmt, prec, bits)`.
pub fn format(f: f64, fmt: u8, prec: i64, bits: u64) -> String {
    let f = if bits == 32 { f as f32 as f64 } else { f };
    if f.is_nan() {
        return "NaN".into();
    }
    if f.is_infinite() {
        return if f > 0.0 { "+Inf" } else { "-Inf" }.into();
    }
    let mut out = String::new();
    if f.is_sign_negative() {
        out.push('-');
    }
    let a = f.abs();
    let p = prec.clamp(0, 1 << 30) as usize;
    // No float has more digits than this; what is behind them is zeros.
    let exact = p.min(1100);
    let zeros = "0".repeat(p - exact);
    match fmt {
        b'e' | b'E' => {
            let mut d = if prec < 0 { shortest(f, bits) } else { split(&format!("{a:.exact$e}")) };
            d.digits.push_str(if prec < 0 { "" } else { &zeros });
            let frac = if prec < 0 { d.digits.len() - 1 } else { p };
            exp_form(&mut out, &d, frac, fmt as char);
        }
        b'f' => {
            if prec < 0 {
                let d = shortest(f, bits);
                let frac = (d.digits.len() as i32 - 1 - d.exp).max(0) as usize;
                fixed_form(&mut out, &d, frac);
            } else {
                let _ = write!(out, "{a:.exact$}{zeros}");
            }
        }
        b'g' | b'G' => {
            let short = prec < 0;
            let p = if short { 6 } else { p.max(1) };
            let mut d = if short { shortest(f, bits) } else { split(&format!("{a:.*e}", exact.max(1) - 1)) };
            if !short {
                // Trailing zeros are not digits.
                let n = d.digits.trim_end_matches('0').len().max(1);
                d.digits.truncate(n);
            }
            let n = d.digits.len() as i32;
            // Large exponents use %e; the limit is the precision, or 6 for the shortest form.
            let mut limit = p.min(1 << 20) as i32;
            if limit > n && n > d.exp {
                limit = n;
            }
            if short {
                limit = 6;
            }
            if a != 0.0 && (d.exp < -4 || d.exp >= limit) {
                exp_form(&mut out, &d, n as usize - 1, if fmt == b'g' { 'e' } else { 'E' });
            } else {
                fixed_form(&mut out, &d, (n - 1 - d.exp).max(0) as usize);
            }
        }
        b'b' => {
            let (mant, exp) = if bits == 32 {
                let r = (a as f32).to_bits() as u64;
                let e = (r >> 23) as i64;
                if e == 0 { (r, 1 - 127 - 23) } else { (r & 0x7f_ffff | 1 << 23, e - 127 - 23) }
            } else {
                let r = a.to_bits();
                let e = (r >> 52) as i64;
                let low = r & ((1 << 52) - 1);
                if e == 0 { (low, 1 - 1023 - 52) } else { (low | 1 << 52, e - 1023 - 52) }
            };
            let _ = write!(out, "{mant}p{exp:+}");
        }
        b'x' | b'X' => hex_form(a, fmt == b'X', prec, bits, &mut out),
        _ => {
            out.clear();
            out.push('%');
            out.push(fmt as char);
        }
    }
    out
}

pub extern "C" fn format_float(buf: *mut u8, len: u64, _cap: u64, fmt: u64, prec: i64, bits: u64, f: f64) -> u64 {
    let s = format(f, fmt as u8, prec, bits);
    if s.len() as u64 <= len {
        // SAFETY: the text fits the program's buffer.
        unsafe { std::ptr::copy_nonoverlapping(s.as_ptr(), buf, s.len()) };
    }
    s.len() as u64
}

/// Outcome of [`parse`].
#[derive(Debug, PartialEq)]
pub enum Parsed {
    Good(f64, usize),
    /// Out of range: an infinity.
    Range(f64, usize),
    None,
}

fn prefix_fold(s: &[u8], word: &[u8]) -> bool {
    s.len() >= word.len() && s[..word.len()].eq_ignore_ascii_case(word)
}

/// Reads the longest prefix that `strconv.ParseFloat` accepts.
pub fn parse(s: &[u8], bits: u64) -> Parsed {
    let mut i = 0;
    let mut neg = false;
    if let Some(&c) = s.first()
        && (c == b'+' || c == b'-')
    {
        neg = c == b'-';
        i = 1;
    }
    let sign = |v: f64| if neg { -v } else { v };
    for (word, v) in [(&b"infinity"[..], f64::INFINITY), (b"inf", f64::INFINITY)] {
        if prefix_fold(&s[i..], word) {
            return Parsed::Good(sign(v), i + word.len());
        }
    }
    if i == 0 && prefix_fold(s, b"nan") {
        return Parsed::Good(f64::NAN, 3);
    }
    if prefix_fold(&s[i..], b"0x") {
        return parse_hex(s, i + 2, neg, bits);
    }
    let start = i;
    let (mut digits, mut dot, mut under) = (false, false, false);
    while let Some(&c) = s.get(i) {
        match c {
            b'0'..=b'9' => digits = true,
            b'_' => under = true,
            b'.' if !dot => dot = true,
            _ => break,
        }
        i += 1;
    }
    if !digits {
        return Parsed::None;
    }
    if let Some(b'e' | b'E') = s.get(i) {
        i += 1;
        if let Some(b'+' | b'-') = s.get(i) {
            i += 1;
        }
        let Some(end) = exponent_end(s, i, &mut under) else { return Parsed::None };
        i = end;
    }
    if under && !underscores_ok(&s[start..i]) {
        return Parsed::None;
    }
    let text: String = s[start..i].iter().filter(|&&c| c != b'_').map(|&c| c as char).collect();
    let v = if bits == 32 { text.parse::<f32>().map(f64::from) } else { text.parse::<f64>() }.unwrap_or(0.0);
    if v.is_infinite() { Parsed::Range(sign(v), i) } else { Parsed::Good(sign(v), i) }
}

/// Where the digits of an exponent end that begin at `i`; `None` if there is none.
fn exponent_end(s: &[u8], i: usize, under: &mut bool) -> Option<usize> {
    s.get(i).filter(|c| c.is_ascii_digit())?;
    let n = s[i..].iter().take_while(|&&c| c.is_ascii_digit() || c == b'_').count();
    *under |= s[i..i + n].contains(&b'_');
    Some(i + n)
}

/// Whether underscores in a number without sign stand between digits, or between prefix and digit.
fn underscores_ok(t: &[u8]) -> bool {
    let hex = prefix_fold(t, b"0x");
    let digit = |k: usize| t.get(k).is_some_and(|c| if hex { c.is_ascii_hexdigit() } else { c.is_ascii_digit() });
    let after = |k: usize| k > 0 && (digit(k - 1) || hex && k == 2);
    (0..t.len()).all(|k| t[k] != b'_' || (after(k) && digit(k + 1)))
}

/// A hexadecimal float; the exponent is mandatory. Digits beyond 64 bits only leave a trace.
fn parse_hex(s: &[u8], mut i: usize, neg: bool, bits: u64) -> Parsed {
    let (mut mant, mut exp, mut sticky) = (0u64, 0i64, false);
    let (mut digits, mut dot, mut under) = (false, false, false);
    let begin = i;
    while let Some(&c) = s.get(i) {
        match c {
            b'_' => under = true,
            b'.' if !dot => dot = true,
            _ => {
                let Some(d) = (c as char).to_digit(16) else { break };
                digits = true;
                if mant >> 60 == 0 {
                    mant = mant << 4 | d as u64;
                    exp -= if dot { 4 } else { 0 };
                } else {
                    sticky |= d != 0;
                    exp += if dot { 0 } else { 4 };
                }
            }
        }
        i += 1;
    }
    if !digits || !matches!(s.get(i), Some(b'p' | b'P')) {
        return Parsed::None;
    }
    i += 1;
    let mut eneg = false;
    if let Some(&c) = s.get(i)
        && (c == b'+' || c == b'-')
    {
        eneg = c == b'-';
        i += 1;
    }
    let Some(end) = exponent_end(s, i, &mut under) else { return Parsed::None };
    if under && !underscores_ok(&s[begin - 2..end]) {
        return Parsed::None;
    }
    let mut e = 0i64;
    for c in s[i..end].iter().filter(|c| c.is_ascii_digit()) {
        e = (e * 10 + (c - b'0') as i64).min(100_000);
    }
    i = end;
    exp += if eneg { -e } else { e };
    let v = scale(mant, sticky, exp, bits);
    let v = if neg { -v } else { v };
    if v.is_infinite() { Parsed::Range(v, i) } else { Parsed::Good(v, i) }
}

/// `mant * 2^exp`, rounded once, half to even.
fn scale(mut mant: u64, sticky: bool, mut exp: i64, bits: u64) -> f64 {
    if mant == 0 {
        return 0.0;
    }
    let (mant_bits, min_exp) = if bits == 32 { (24, -149) } else { (53, -1074) };
    let lead = mant.leading_zeros() as i64;
    mant <<= lead;
    exp -= lead;
    // Keep mant_bits bits, fewer for subnormal results.
    let mut drop = 64 - mant_bits;
    if exp + drop < min_exp {
        drop = min_exp - exp;
    }
    let rounded = if drop > 64 {
        0
    } else {
        let kept = if drop == 64 { 0 } else { mant >> drop };
        let rest = if drop == 64 { mant } else { mant & ((1 << drop) - 1) };
        let half = 1u64 << (drop - 1);
        let up = rest > half || (rest == half && (sticky || kept & 1 == 1));
        kept + up as u64
    };
    exp += drop;
    // Exact in an f64; two steps, so that the power of two itself does not overflow.
    let p2 = |e: i64| 2f64.powi(e as i32);
    let v = if exp > 2000 {
        f64::INFINITY
    } else if exp < -1074 {
        0.0
    } else {
        rounded as f64 * p2(exp / 2) * p2(exp - exp / 2)
    };
    if bits == 32 && v > f32::MAX as f64 { f64::INFINITY } else { v }
}

pub extern "C" fn parse_float(p: *const u8, n: u64, bits: u64, out: *mut f64) -> Pair {
    // SAFETY: the words are a valid string; `out` is the program's variable.
    unsafe {
        match parse(crate::abi::typedesc::Str { ptr: p, len: n as usize }.bytes(), bits) {
            Parsed::Good(v, n) => {
                *out = v;
                Pair(n as u64, 0)
            }
            Parsed::Range(v, n) => {
                *out = v;
                Pair(n as u64, 1)
            }
            Parsed::None => Pair(0, 2),
        }
    }
}

pub extern "C" fn sqrt(x: f64) -> f64 {
    x.sqrt()
}

pub extern "C" fn fma(x: f64, y: f64, z: f64) -> f64 {
    x.mul_add(y, z)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_as_in_go() {
        for (f, fmt, prec, bits, want) in [
            (1.0, b'e', 5, 64, "1.00000e+00"),
            (1.0, b'f', 5, 64, "1.00000"),
            (1.0, b'g', 5, 64, "1"),
            (1.0, b'g', -1, 64, "1"),
            (1.0, b'x', -1, 64, "0x1p+00"),
            (20.0, b'x', -1, 64, "0x1.4p+04"),
            (1234567.8, b'x', -1, 64, "0x1.2d687cccccccdp+20"),
            (1234567.8, b'x', 0, 64, "0x1p+20"),
            (20.0, b'g', -1, 64, "20"),
            (1234567.8, b'g', -1, 64, "1.2345678e+06"),
            (200000.0, b'g', -1, 64, "200000"),
            (2000000.0, b'g', -1, 64, "2e+06"),
            (1e10, b'g', -1, 64, "1e+10"),
            (400.0, b'g', 2, 64, "4e+02"),
            (40.0, b'g', 2, 64, "40"),
            (0.0, b'e', 5, 64, "0.00000e+00"),
            (0.0, b'g', -1, 64, "0"),
            (-1.0, b'b', -1, 64, "-4503599627370496p-52"),
            (1e23, b'e', 17, 64, "9.99999999999999916e+22"),
            (5e-324, b'g', -1, 64, "5e-324"),
            (3.999999999, b'f', 2, 64, "4.00"),
            (0.000001, b'g', -1, 64, "1e-06"),
            (0.0001, b'g', -1, 64, "0.0001"),
            (1.1f32 as f64, b'g', -1, 32, "1.1"),
            (0.3f32 as f64, b'f', -1, 32, "0.3"),
            (100.0, b'f', -1, 64, "100"),
            (123456.0, b'g', 3, 64, "1.23e+05"),
        ] {
            assert_eq!(format(f, fmt, prec, bits), want, "{f} {} {prec}", fmt as char);
        }
    }

    #[test]
    fn parses_as_in_go() {
        assert_eq!(parse(b"1.5e3x", 64), Parsed::Good(1500.0, 5));
        assert_eq!(parse(b"-.5", 64), Parsed::Good(-0.5, 3));
        assert_eq!(parse(b".", 64), Parsed::None);
        assert_eq!(parse(b"1e400", 64), Parsed::Range(f64::INFINITY, 5));
        assert_eq!(parse(b"1e39", 32), Parsed::Range(f64::INFINITY, 4));
        assert_eq!(parse(b"Infinity", 64), Parsed::Good(f64::INFINITY, 8));
        assert_eq!(parse(b"0x1.8p1", 64), Parsed::Good(3.0, 7));
        assert_eq!(parse(b"0x1p-1074", 64), Parsed::Good(5e-324, 9));
        assert_eq!(parse(b"0x1.fffffffffffff8p0", 64), Parsed::Good(2.0, 20));
        assert_eq!(parse(b"0x_1_0p0", 64), Parsed::Good(16.0, 8));
        assert_eq!(parse(b"0x1", 64), Parsed::None);
        assert_eq!(parse(b"1_000", 64), Parsed::Good(1000.0, 5));
        assert_eq!(parse(b"1__0", 64), Parsed::None);
        assert_eq!(format(682_364_460_872_183.3, b'g', -1, 64), "6.823644608721832e+14");
    }
}
