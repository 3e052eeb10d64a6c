//! Arithmetic on constants (spec, "Constants", "Constant expressions").
//!
//! Integers are exact; floats are exact fractions while numerator and denominator stay below 4096 bits and
//! 512-bit floats beyond that, as in Go's compiler. Nothing here can take long: the checker limits integers
//! to 512 bits and shifts to 1074 places.

use std::cmp::Ordering;
use std::fmt::Write;
use std::rc::Rc;

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::syntax::ast::{BinOp, LitKind, UnOp};
use crate::syntax::literal;
use crate::types::bigfloat::BigFloat;
use crate::types::{Basic, ConstValue};

/// Size of the parts of exact fractions, in bits; Go's `maxExp`.
const MAX_RATIONAL_BITS: u64 = 4 << 10;

/// A float value: exact if it is small enough.
pub(super) fn make_float(r: BigRational) -> ConstValue {
    if r.numer().bits() < MAX_RATIONAL_BITS && r.denom().bits() < MAX_RATIONAL_BITS {
        ConstValue::Float(Rc::new(r))
    } else {
        ConstValue::Huge(Rc::new(BigFloat::from_rational(&r)))
    }
}

fn make_huge(f: Option<BigFloat>) -> ConstValue {
    match f {
        None => ConstValue::Unknown,
        Some(f) if f.sign() == 0 => ConstValue::Float(Rc::new(BigRational::zero())),
        Some(f) => ConstValue::Huge(Rc::new(f)),
    }
}

/// The value of a literal; `Unknown` if it cannot be one.
pub(super) fn from_literal(kind: LitKind, text: &str) -> ConstValue {
    match kind {
        LitKind::Int => parse_int(text).map_or(ConstValue::Unknown, ConstValue::Int),
        LitKind::Float => parse_float(text),
        LitKind::Imag => {
            let digits = &text[..text.len() - 1];
            let plain: String = digits.chars().filter(|&c| c != '_').collect();
            // For backward compatibility, a leading zero alone does not make an imaginary literal octal.
            let value = if plain.bytes().all(|b| b.is_ascii_digit()) {
                plain.parse::<BigInt>().ok().map(ConstValue::Int)
            } else if let Some(v) = parse_int(digits) {
                Some(ConstValue::Int(v))
            } else {
                Some(parse_float(digits))
            };
            match value.as_ref().and_then(real_part) {
                Some(im) => ConstValue::Complex(Rc::new((BigRational::zero(), im))),
                None => ConstValue::Unknown,
            }
        }
        LitKind::Char => ConstValue::Int(literal::unquote_rune(text).into()),
        LitKind::String => ConstValue::Str(literal::unquote(text).into()),
    }
}

fn parse_int(text: &str) -> Option<BigInt> {
    let clean: String = text.chars().filter(|&c| c != '_').collect();
    let lower = clean.to_ascii_lowercase();
    let (digits, radix) = if let Some(d) = lower.strip_prefix("0x") {
        (d, 16)
    } else if let Some(d) = lower.strip_prefix("0b") {
        (d, 2)
    } else if let Some(d) = lower.strip_prefix("0o") {
        (d, 8)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (&lower[1..], 8)
    } else {
        (lower.as_str(), 10)
    };
    BigInt::parse_bytes(digits.as_bytes(), radix)
}

fn parse_float(text: &str) -> ConstValue {
    let clean: String = text.chars().filter(|&c| c != '_').collect();
    let lower = clean.to_ascii_lowercase();
    let (digits, exp_char, radix) = match lower.strip_prefix("0x") {
        Some(d) => (d, 'p', 16u32),
        None => (lower.as_str(), 'e', 10u32),
    };
    let (mantissa, exp) = match digits.split_once(exp_char) {
        None => (digits, 0i64),
        Some((m, e)) => {
            let magnitude = e.trim_start_matches(['+', '-']).trim_start_matches('0');
            // An exponent that does not fit is as good as the largest.
            let v = if magnitude.is_empty() { 0 } else { magnitude.parse::<i64>().unwrap_or(i64::MAX / 8) };
            (m, if e.starts_with('-') { -v.min(i64::MAX / 8) } else { v.min(i64::MAX / 8) })
        }
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all: String = whole.chars().chain(fraction.chars()).collect();
    let all = if all.is_empty() { "0" } else { &all };
    let Some(value) = BigInt::parse_bytes(all.as_bytes(), radix) else { return ConstValue::Unknown };
    if value.is_zero() {
        return ConstValue::Float(Rc::new(BigRational::zero()));
    }
    let frac_len = fraction.len() as i64;
    let (base, exp) = if radix == 16 { (2u32, exp - 4 * frac_len) } else { (10u32, exp - frac_len) };
    // Exact when the result is small enough for a fraction.
    let bits = if base == 10 { exp.saturating_mul(10) / 3 } else { exp };
    if bits.unsigned_abs() < 2 * MAX_RATIONAL_BITS {
        let power = BigInt::from(base).pow(exp.unsigned_abs() as u32);
        let r = if exp >= 0 { BigRational::from_integer(value * power) } else { BigRational::new(value, power) };
        return make_float(r);
    }
    make_huge(BigFloat::scaled(value, base, exp))
}

/// A real number as a fraction, if it is small enough to be one.
pub(super) fn real_part(v: &ConstValue) -> Option<BigRational> {
    match v {
        ConstValue::Int(i) => Some(BigRational::from_integer(i.clone())),
        ConstValue::Float(r) => Some((**r).clone()),
        // What is too small for a fraction is nothing beside other numbers.
        ConstValue::Huge(h) => h.to_rational(1 << 16).or_else(|| h.to_f64().eq(&0.0).then(BigRational::zero)),
        ConstValue::Complex(c) if c.1.is_zero() => Some(c.0.clone()),
        _ => None,
    }
}

/// The value as an integer constant, if it is one.
pub(super) fn to_int(v: &ConstValue) -> Option<BigInt> {
    match v {
        ConstValue::Huge(h) if h.is_integer() => h.to_rational(MAX_RATIONAL_BITS).map(|r| r.to_integer()),
        _ => v.to_int(),
    }
}

/// The value as a float constant, if it is one.
pub(super) fn to_float(v: &ConstValue) -> Option<ConstValue> {
    match v {
        ConstValue::Int(i) => Some(make_float(BigRational::from_integer(i.clone()))),
        ConstValue::Float(_) | ConstValue::Huge(_) => Some(v.clone()),
        ConstValue::Complex(c) if c.1.is_zero() => Some(make_float(c.0.clone())),
        _ => None,
    }
}

/// Real and imaginary part of a number.
pub(super) fn to_complex(v: &ConstValue) -> Option<(BigRational, BigRational)> {
    match v {
        ConstValue::Complex(c) => Some((c.0.clone(), c.1.clone())),
        _ => Some((real_part(v)?, BigRational::zero())),
    }
}

/// A complex constant.
pub(super) fn make_complex(re: BigRational, im: BigRational) -> ConstValue {
    ConstValue::Complex(Rc::new((re, im)))
}

/// -1, 0 or 1; of complex numbers and unknown values, 1 unless zero.
pub(super) fn sign(v: &ConstValue) -> i32 {
    match v {
        ConstValue::Int(i) => match i.sign() {
            Sign::Minus => -1,
            Sign::NoSign => 0,
            Sign::Plus => 1,
        },
        ConstValue::Float(r) => r.numer().sign().cmp(&Sign::NoSign) as i32,
        ConstValue::Huge(h) => h.sign(),
        ConstValue::Complex(c) => i32::from(!(c.0.is_zero() && c.1.is_zero())),
        _ => 1,
    }
}

/// `op x`; `prec` is the size in bits of an unsigned type for `^`, else 0.
pub(super) fn unary(op: UnOp, x: &ConstValue, prec: u64) -> ConstValue {
    match (op, x) {
        (UnOp::Plus, _) => x.clone(),
        (UnOp::Neg, ConstValue::Int(v)) => ConstValue::Int(-v),
        (UnOp::Neg, ConstValue::Float(r)) => ConstValue::Float(Rc::new(-&**r)),
        (UnOp::Neg, ConstValue::Huge(h)) => ConstValue::Huge(Rc::new(h.neg())),
        (UnOp::Neg, ConstValue::Complex(c)) => make_complex(-&c.0, -&c.1),
        (UnOp::BitNot, ConstValue::Int(v)) => {
            let v = !v;
            ConstValue::Int(if prec > 0 { v & ((BigInt::one() << prec) - 1) } else { v })
        }
        (UnOp::Not, ConstValue::Bool(b)) => ConstValue::Bool(!b),
        _ => ConstValue::Unknown,
    }
}

/// `x op y` for operands of one type; integers divide to integers when `int_div`.
pub(super) fn binary(x: &ConstValue, op: BinOp, y: &ConstValue, int_div: bool) -> ConstValue {
    use ConstValue::{Bool, Complex, Float, Huge, Int, Str};
    match (x, y) {
        (Bool(a), Bool(b)) => match op {
            BinOp::AndAnd => Bool(*a && *b),
            BinOp::OrOr => Bool(*a || *b),
            _ => ConstValue::Unknown,
        },
        (Str(a), Str(b)) if op == BinOp::Add => {
            let mut joined = Vec::with_capacity(a.len() + b.len());
            joined.extend_from_slice(a);
            joined.extend_from_slice(b);
            Str(joined.into())
        }
        (Int(a), Int(b)) => match op {
            BinOp::Add => Int(a + b),
            BinOp::Sub => Int(a - b),
            BinOp::Mul => Int(a * b),
            BinOp::Div if b.is_zero() => ConstValue::Unknown,
            BinOp::Div if int_div => Int(a / b),
            BinOp::Div => make_float(BigRational::new(a.clone(), b.clone())),
            BinOp::Rem if b.is_zero() => ConstValue::Unknown,
            BinOp::Rem => Int(a % b),
            BinOp::And => Int(a & b),
            BinOp::Or => Int(a | b),
            BinOp::Xor => Int(a ^ b),
            BinOp::AndNot => Int(a & !b),
            _ => ConstValue::Unknown,
        },
        (Complex(_), _) | (_, Complex(_)) => {
            let (Some((a, b)), Some((c, d))) = (to_complex(x), to_complex(y)) else { return ConstValue::Unknown };
            match op {
                BinOp::Add => make_complex(a + c, b + d),
                BinOp::Sub => make_complex(a - c, b - d),
                BinOp::Mul => make_complex(&a * &c - &b * &d, &b * &c + &a * &d),
                BinOp::Div => {
                    let s = &c * &c + &d * &d;
                    if s.is_zero() {
                        return ConstValue::Unknown;
                    }
                    make_complex((&a * &c + &b * &d) / &s, (&b * &c - &a * &d) / &s)
                }
                _ => ConstValue::Unknown,
            }
        }
        (Huge(_), Int(_) | Float(_) | Huge(_)) | (Int(_) | Float(_), Huge(_)) => {
            let (a, b) = (as_big(x), as_big(y));
            match op {
                BinOp::Add => make_huge(a.add(&b)),
                BinOp::Sub => make_huge(a.add(&b.neg())),
                BinOp::Mul => make_huge(a.mul(&b)),
                BinOp::Div if b.sign() != 0 => make_huge(a.quo(&b)),
                _ => ConstValue::Unknown,
            }
        }
        (Int(_) | Float(_), Int(_) | Float(_)) => {
            let (Some(a), Some(b)) = (real_part(x), real_part(y)) else { return ConstValue::Unknown };
            match op {
                BinOp::Add => make_float(a + b),
                BinOp::Sub => make_float(a - b),
                BinOp::Mul => make_float(a * b),
                BinOp::Div if !b.is_zero() => make_float(a / b),
                _ => ConstValue::Unknown,
            }
        }
        _ => ConstValue::Unknown,
    }
}

fn as_big(v: &ConstValue) -> BigFloat {
    match v {
        ConstValue::Int(i) => BigFloat::from_int(i),
        ConstValue::Float(r) => BigFloat::from_rational(r),
        ConstValue::Huge(h) => (**h).clone(),
        _ => BigFloat::from_int(&BigInt::zero()),
    }
}

/// `x << s` or `x >> s`
pub(super) fn shift(x: &BigInt, left: bool, s: u64) -> ConstValue {
    ConstValue::Int(if left { x << s } else { x >> s })
}

/// `x op y` for a comparison; false for unknown values.
pub(super) fn compare(x: &ConstValue, op: BinOp, y: &ConstValue) -> bool {
    use ConstValue::{Bool, Complex, Huge, Int, Str};
    let ordering = match (x, y) {
        (Bool(a), Bool(b)) => a.cmp(b),
        (Str(a), Str(b)) => a.cmp(b),
        (Int(a), Int(b)) => a.cmp(b),
        (Complex(_), _) | (_, Complex(_)) => {
            let equal = to_complex(x).is_some_and(|a| to_complex(y) == Some(a));
            if equal { Ordering::Equal } else { Ordering::Less }
        }
        (Huge(_), _) | (_, Huge(_)) => as_big(x).compare(&as_big(y)),
        _ => match (real_part(x), real_part(y)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => return false,
        },
    };
    match op {
        BinOp::Eq => ordering == Ordering::Equal,
        BinOp::Ne => ordering != Ordering::Equal,
        BinOp::Lt => ordering == Ordering::Less,
        BinOp::Le => ordering != Ordering::Greater,
        BinOp::Gt => ordering == Ordering::Greater,
        _ => ordering != Ordering::Less,
    }
}

/// The nearest float with `mant_bits` of mantissa and least exponent `min_exp`; infinite if too large.
fn round(r: &BigRational, mant_bits: i64, min_exp: i64, max: f64) -> f64 {
    if r.is_zero() {
        return 0.0;
    }
    let (num, den): (&BigUint, &BigUint) = (r.numer().magnitude(), r.denom().magnitude());
    // |r| lies in [2^top-1, 2^top+1).
    let top = num.bits() as i64 - den.bits() as i64;
    if top > 1100 {
        return if r.is_negative() { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    if top < min_exp - 4 {
        return 0.0;
    }
    let mut exp = (top - mant_bits).max(min_exp);
    loop {
        let (n, d) = if exp >= 0 { (num.clone(), den << exp as u64) } else { (num << exp.unsigned_abs(), den.clone()) };
        let (mut q, rem) = n.div_rem(&d);
        if q.bits() as i64 > mant_bits {
            exp += 1;
            continue;
        }
        let twice: BigUint = rem << 1u32;
        match twice.cmp(&d) {
            Ordering::Greater => q += 1u32,
            Ordering::Equal if q.is_odd() => q += 1u32,
            _ => {}
        }
        let m = q.to_u64().unwrap_or(0) as f64;
        // Both factors are exact; splitting the power avoids a subnormal intermediate.
        let half = exp / 2;
        let v = m * 2f64.powi(half as i32) * 2f64.powi((exp - half) as i32);
        let v = if v > max { f64::INFINITY } else { v };
        return if r.is_negative() { -v } else { v };
    }
}

/// The nearest `float64`.
pub(super) fn round_f64(v: &ConstValue) -> Option<f64> {
    match v {
        ConstValue::Huge(h) => Some(h.to_f64()),
        _ => Some(round(&real_part(v)?, 53, -1074, f64::MAX)),
    }
}

/// The nearest `float32`.
pub(super) fn round_f32(v: &ConstValue) -> Option<f64> {
    match v {
        ConstValue::Huge(h) => {
            Some(h.to_rational(1 << 14).map_or(h.to_f64(), |r| round(&r, 24, -149, f32::MAX.into())))
        }
        _ => Some(round(&real_part(v)?, 24, -149, f32::MAX.into())),
    }
}

/// The constant that equals a finite float.
pub(super) fn from_f64(f: f64) -> Option<BigRational> {
    BigRational::from_float(f)
}

/// The value as a constant of a basic type, rounded; `None` if it cannot be represented.
pub(super) fn representable(v: &ConstValue, basic: Basic) -> Option<ConstValue> {
    if matches!(v, ConstValue::Unknown) {
        return Some(ConstValue::Unknown);
    }
    if basic.is_integer() {
        let i = to_int(v)?;
        let bits = |n: u32| -> (BigInt, BigInt) { (-(BigInt::one() << (n - 1)), (BigInt::one() << (n - 1)) - 1) };
        let fits = match basic.unalias() {
            Basic::UntypedInt | Basic::UntypedRune => true,
            Basic::Int | Basic::Int64 => i.to_i64().is_some(),
            Basic::Uint | Basic::Uint64 | Basic::Uintptr => i.to_u64().is_some(),
            Basic::Uint8 => i.to_u8().is_some(),
            Basic::Uint16 => i.to_u16().is_some(),
            Basic::Uint32 => i.to_u32().is_some(),
            Basic::Int8 => {
                let (lo, hi) = bits(8);
                lo <= i && i <= hi
            }
            Basic::Int16 => i.to_i16().is_some(),
            Basic::Int32 => i.to_i32().is_some(),
            _ => false,
        };
        return fits.then_some(ConstValue::Int(i));
    }
    if basic.is_float() {
        let f = to_float(v)?;
        let rounded = match basic {
            Basic::Float32 => round_f32(&f)?,
            Basic::Float64 => round_f64(&f)?,
            _ => return Some(v.clone()),
        };
        return Some(ConstValue::Float(Rc::new(from_f64(rounded)?)));
    }
    if basic.is_complex() {
        let (re, im) = to_complex(v)?;
        let (re, im) = (make_float(re), make_float(im));
        let (re, im) = match basic {
            Basic::Complex64 => (round_f32(&re)?, round_f32(&im)?),
            Basic::Complex128 => (round_f64(&re)?, round_f64(&im)?),
            _ => return Some(v.clone()),
        };
        return Some(make_complex(from_f64(re)?, from_f64(im)?));
    }
    let same = match v {
        ConstValue::Str(_) => basic.is_string(),
        ConstValue::Bool(_) => basic.is_boolean(),
        _ => false,
    };
    same.then(|| v.clone())
}

/// A constant as messages print it.
pub(super) fn format(v: &ConstValue) -> String {
    match v {
        ConstValue::Unknown => "unknown".into(),
        ConstValue::Bool(b) => b.to_string(),
        ConstValue::Int(i) => i.to_string(),
        ConstValue::Str(s) => format_string(s),
        ConstValue::Float(_) | ConstValue::Huge(_) => format_float(v),
        ConstValue::Complex(c) => {
            format!("({} + {}i)", format_float(&make_float(c.0.clone())), format_float(&make_float(c.1.clone())))
        }
    }
}

/// Quoted, and cut after 72 characters.
fn format_string(s: &[u8]) -> String {
    const MAX_LEN: usize = 72;
    let quoted = crate::types::typestring::quote(s);
    if quoted.chars().count() > MAX_LEN {
        let cut: String = quoted.chars().take(MAX_LEN - 3).collect();
        return format!("{cut}...");
    }
    quoted
}

fn format_float(v: &ConstValue) -> String {
    let f = round_f64(v).unwrap_or(0.0);
    let (zero, whole) = match v {
        ConstValue::Float(r) => (r.is_zero(), r.is_integer()),
        ConstValue::Huge(h) => (h.sign() == 0, h.is_integer()),
        _ => (false, true),
    };
    if zero == (f == 0.0) && f.is_finite() {
        let s = format_g(f, Some(6));
        if !whole && !s.contains('.') {
            return format_g(f, None);
        }
        return s;
    }
    let (m, e) = match v {
        ConstValue::Huge(h) => h.decimal(),
        _ => BigFloat::from_rational(&real_part(v).unwrap_or_default()).decimal(),
    };
    let mut out = format_g(m, Some(6));
    let _ = write!(out, "e{e:+}");
    out
}

/// C's `%.6g` (or the shortest form that reads back) as Go prints it.
pub(super) fn format_g(f: f64, precision: Option<usize>) -> String {
    if f == 0.0 {
        return "0".into();
    }
    let text = match precision {
        Some(p) => format!("{:.*e}", p - 1, f),
        None => format!("{f:e}"),
    };
    let (mantissa, exp) = text.split_once('e').unwrap_or((&text, "0"));
    let exp: i32 = exp.parse().unwrap_or(0);
    let negative = mantissa.starts_with('-');
    let mut digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    while digits.len() > 1 && digits.ends_with('0') {
        digits.pop();
    }
    let eprec = match precision {
        Some(p) => p as i32,
        // The shortest form decides as if six digits were wanted.
        None => 6,
    };
    let mut out = String::new();
    if negative {
        out.push('-');
    }
    if exp < -4 || exp >= eprec {
        out.push_str(&digits[..1]);
        if digits.len() > 1 {
            out.push('.');
            out.push_str(&digits[1..]);
        }
        let _ = write!(out, "e{}{:02}", if exp < 0 { '-' } else { '+' }, exp.abs());
    } else if exp < 0 {
        out.push_str("0.");
        out.push_str(&"0".repeat((-exp - 1) as usize));
        out.push_str(&digits);
    } else {
        let whole = exp as usize + 1;
        if digits.len() <= whole {
            out.push_str(&digits);
            out.push_str(&"0".repeat(whole - digits.len()));
        } else {
            out.push_str(&digits[..whole]);
            out.push('.');
            out.push_str(&digits[whole..]);
        }
    }
    out
}
