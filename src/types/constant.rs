//! Constant values of arbitrary precision.
//!
//! Integers are exact; floating-point constants are exact rationals (spec, "Constants"). After checking, a
//! value is representable in the type of the expression it stands for: floats are rounded to that type.

#![forbid(unsafe_code)]

use std::rc::Rc;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use super::bigfloat::BigFloat;

/// The value of a constant expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ConstValue {
    /// Not known, because of an error reported elsewhere.
    Unknown,
    Bool(bool),
    /// Strings are bytes: they need not be UTF-8.
    Str(Rc<[u8]>),
    Int(BigInt),
    Float(Rc<BigRational>),
    /// A float beyond the range of exact fractions; never left in checked programs where a value is used.
    Huge(Rc<BigFloat>),
    /// Real and imaginary part.
    Complex(Rc<(BigRational, BigRational)>),
}

impl ConstValue {
    /// An integer.
    pub fn int(v: impl Into<BigInt>) -> ConstValue {
        ConstValue::Int(v.into())
    }

    /// The value as an integer, if it is one exactly.
    pub fn to_int(&self) -> Option<BigInt> {
        match self {
            ConstValue::Int(v) => Some(v.clone()),
            ConstValue::Float(r) if r.is_integer() => Some(r.to_integer()),
            ConstValue::Complex(c) if c.1.is_zero() && c.0.is_integer() => Some(c.0.to_integer()),
            _ => None,
        }
    }

    /// The value as the low 64 bits of its two's complement (integers and booleans).
    pub fn to_bits64(&self) -> Option<u64> {
        match self {
            ConstValue::Bool(b) => Some(u64::from(*b)),
            _ => {
                let v = self.to_int()?;
                v.to_i64().map(|v| v as u64).or_else(|| v.to_u64())
            }
        }
    }

    /// The nearest `f64` of a real value.
    pub fn to_f64(&self) -> Option<f64> {
        match self {
            ConstValue::Int(v) => rational_to_f64(&BigRational::from_integer(v.clone())),
            ConstValue::Float(r) => rational_to_f64(r),
            ConstValue::Huge(h) => Some(h.to_f64()),
            ConstValue::Complex(c) if c.1.is_zero() => rational_to_f64(&c.0),
            _ => None,
        }
    }

    /// The nearest `f64`s of a number's real and imaginary part.
    pub fn to_complex(&self) -> Option<(f64, f64)> {
        match self {
            ConstValue::Complex(c) => Some((rational_to_f64(&c.0)?, rational_to_f64(&c.1)?)),
            _ => Some((self.to_f64()?, 0.0)),
        }
    }

    /// The bytes of a string.
    pub fn to_bytes(&self) -> Option<Rc<[u8]>> {
        match self {
            ConstValue::Str(s) => Some(s.clone()),
            _ => None,
        }
    }

    /// A boolean.
    pub fn to_bool(&self) -> Option<bool> {
        match self {
            ConstValue::Bool(b) => Some(*b),
            _ => None,
        }
    }
}

/// Round to nearest even.
fn rational_to_f64(r: &BigRational) -> Option<f64> {
    // `ToPrimitive` for big rationals rounds correctly and saturates to infinity.
    r.to_f64()
}
