//! Floating-point numbers with 512 bits of mantissa and a large exponent.
//!
//! Constants too large or small for exact rationals (numerator or denominator beyond 4096 bits) become
//! these, so that constant expressions with huge exponents cost neither time nor memory. Rounding is to
//! nearest even. No constant that a program can use at run time stays one: it would not be representable.

#![forbid(unsafe_code)]

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Bits of mantissa, as Go's compiler keeps.
const PREC: u64 = 512;
/// Exponents beyond this are infinite (or zero, when negative).
const MAX_EXP: i64 = i32::MAX as i64;

/// `mant * 2^exp`; zero has an empty mantissa.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BigFloat {
    mant: BigInt,
    exp: i64,
}

impl BigFloat {
    /// Rounds to the precision; `None` for infinity.
    fn normalised(mant: BigInt, exp: i64, mut sticky: bool) -> Option<BigFloat> {
        if mant.is_zero() {
            return Some(BigFloat { mant, exp: 0 });
        }
        let (sign, mut m) = mant.into_parts();
        let mut exp = exp;
        let bits = m.bits();
        if bits > PREC {
            let drop = bits - PREC;
            let half = (&m >> (drop - 1)) & BigUint::one();
            sticky |= m.trailing_zeros().is_some_and(|z| z < drop - 1);
            m >>= drop;
            exp += drop as i64;
            if half.is_one() && (sticky || m.is_odd()) {
                m += 1u32;
            }
        }
        if let Some(z) = m.trailing_zeros() {
            m >>= z;
            exp += z as i64;
        }
        let top = exp + m.bits() as i64;
        if top > MAX_EXP {
            return None;
        }
        if top < -MAX_EXP {
            return Some(BigFloat { mant: BigInt::zero(), exp: 0 });
        }
        Some(BigFloat { mant: BigInt::from_biguint(sign, m), exp })
    }

    /// The nearest number.
    pub fn from_rational(r: &BigRational) -> BigFloat {
        let num = BigFloat::from_int(r.numer());
        let den = BigFloat::from_int(r.denom());
        num.quo(&den).unwrap_or(BigFloat { mant: BigInt::zero(), exp: 0 })
    }

    /// The nearest number.
    pub fn from_int(v: &BigInt) -> BigFloat {
        BigFloat::normalised(v.clone(), 0, false).unwrap_or(BigFloat { mant: BigInt::zero(), exp: 0 })
    }

    /// `digits * base^exp`; `None` for infinity.
    pub fn scaled(digits: BigInt, base: u32, exp: i64) -> Option<BigFloat> {
        if base == 2 {
            return BigFloat::normalised(digits, exp, false);
        }
        // Square and multiply; a few guard operations lose less than Go's own conversion guarantees.
        let value = BigFloat::normalised(digits, 0, false)?;
        if value.mant.is_zero() {
            return Some(value);
        }
        if exp.unsigned_abs() > 4 * MAX_EXP as u64 {
            return if exp > 0 { None } else { Some(BigFloat { mant: BigInt::zero(), exp: 0 }) };
        }
        let mut power = BigFloat::from_int(&BigInt::one());
        let mut square = BigFloat::from_int(&BigInt::from(base));
        let mut n = exp.unsigned_abs();
        let infinite = |exp: i64| if exp > 0 { None } else { Some(BigFloat { mant: BigInt::zero(), exp: 0 }) };
        while n > 0 {
            if n & 1 == 1 {
                let Some(p) = power.mul(&square) else { return infinite(exp) };
                power = p;
            }
            n >>= 1;
            if n > 0 {
                let Some(s) = square.mul(&square) else { return infinite(exp) };
                square = s;
            }
        }
        if exp >= 0 { value.mul(&power) } else { value.quo(&power) }
    }

    /// The exact value, when numerator and denominator stay below `max_bits`.
    pub fn to_rational(&self, max_bits: u64) -> Option<BigRational> {
        if self.mant.bits() as i64 + self.exp.abs() > max_bits as i64 {
            return None;
        }
        Some(if self.exp >= 0 {
            BigRational::from_integer(&self.mant << self.exp as u64)
        } else {
            BigRational::new(self.mant.clone(), BigInt::one() << self.exp.unsigned_abs())
        })
    }

    /// The nearest `f64`, perhaps infinite or zero.
    pub fn to_f64(&self) -> f64 {
        let top = self.exp + self.mant.bits() as i64;
        if top > 1100 {
            return if self.mant.is_negative() { f64::NEG_INFINITY } else { f64::INFINITY };
        }
        if top < -1200 {
            return 0.0;
        }
        self.to_rational(1 << 14).and_then(|r| r.to_f64()).unwrap_or(0.0)
    }

    /// -1, 0 or 1.
    pub fn sign(&self) -> i32 {
        match self.mant.sign() {
            Sign::Minus => -1,
            Sign::NoSign => 0,
            Sign::Plus => 1,
        }
    }

    /// Whether the value is a whole number.
    pub fn is_integer(&self) -> bool {
        self.exp >= 0 || self.mant.is_zero()
    }

    /// `-x`
    pub fn neg(&self) -> BigFloat {
        BigFloat { mant: -&self.mant, exp: self.exp }
    }

    /// `x + y`; `None` for infinity.
    pub fn add(&self, y: &BigFloat) -> Option<BigFloat> {
        if self.mant.is_zero() {
            return Some(y.clone());
        }
        if y.mant.is_zero() {
            return Some(self.clone());
        }
        let (top_x, top_y) = (self.exp + self.mant.bits() as i64, y.exp + y.mant.bits() as i64);
        // What is far below the last bit of the other cannot change it.
        if top_x - top_y > 2 * PREC as i64 {
            return Some(self.clone());
        }
        if top_y - top_x > 2 * PREC as i64 {
            return Some(y.clone());
        }
        let exp = self.exp.min(y.exp);
        let sum = (&self.mant << (self.exp - exp) as u64) + (&y.mant << (y.exp - exp) as u64);
        BigFloat::normalised(sum, exp, false)
    }

    /// `x * y`; `None` for infinity.
    pub fn mul(&self, y: &BigFloat) -> Option<BigFloat> {
        BigFloat::normalised(&self.mant * &y.mant, self.exp + y.exp, false)
    }

    /// `x / y`, `y` not zero; `None` for infinity.
    pub fn quo(&self, y: &BigFloat) -> Option<BigFloat> {
        let shift = (PREC + 2 + y.mant.bits()).saturating_sub(self.mant.bits());
        let (q, r) = (&self.mant << shift).div_rem(&y.mant);
        // One more bit keeps a non-zero remainder from looking like a tie.
        BigFloat::normalised(q, self.exp - y.exp - shift as i64, !r.is_zero())
    }

    /// Compares values.
    pub fn compare(&self, y: &BigFloat) -> std::cmp::Ordering {
        match self.add(&y.neg()) {
            Some(d) => d.sign().cmp(&0),
            None => self.sign().cmp(&0),
        }
    }

    /// Decimal mantissa and exponent for messages: `m * 10^e` with `1 <= |m| < 10`.
    pub fn decimal(&self) -> (f64, i64) {
        let bits = self.mant.bits();
        let m = BigRational::new(self.mant.clone(), BigInt::one() << bits).to_f64().unwrap_or(0.5);
        let d = (self.exp + bits as i64) as f64 * (std::f64::consts::LN_2 / std::f64::consts::LN_10);
        let mut e = d as i64;
        let mut m = m * 10f64.powf(d - e as f64);
        if m.abs() < 1.0 - 0.5e-6 {
            m *= 10.0;
            e -= 1;
        } else if m.abs() >= 10.0 {
            m /= 10.0;
            e += 1;
        }
        (m, e)
    }
}
