package big

import (
	"fmt"
	"math"
)

// Limits of a Float.
const (
	MaxExp  = math.MaxInt32
	MinExp  = math.MinInt32
	MaxPrec = math.MaxUint32
)

// A RoundingMode says how results are rounded.
type RoundingMode byte

const (
	ToNearestEven RoundingMode = iota
	ToNearestAway
	ToZero
	AwayFromZero
	ToNegativeInf
	ToPositiveInf
)

func (i RoundingMode) String() string {
	switch i {
	case ToNearestEven:
		return "ToNearestEven"
	case ToNearestAway:
		return "ToNearestAway"
	case ToZero:
		return "ToZero"
	case AwayFromZero:
		return "AwayFromZero"
	case ToNegativeInf:
		return "ToNegativeInf"
	case ToPositiveInf:
		return "ToPositiveInf"
	}
	return fmt.Sprintf("RoundingMode(%d)", byte(i))
}

// An Accuracy says whether a result is less than, equal to or more than the exact one.
type Accuracy int8

const (
	Below Accuracy = -1
	Exact Accuracy = 0
	Above Accuracy = +1
)

func (i Accuracy) String() string {
	switch i {
	case Below:
		return "Below"
	case Exact:
		return "Exact"
	case Above:
		return "Above"
	}
	return fmt.Sprintf("Accuracy(%d)", int8(i))
}

// A form is zero, finite or infinite.
type form byte

const (
	zero form = iota
	finite
	inf
)

// A Float is mant * 2**(exp - bits of mant), with a sign; its precision is in
// bits. The zero Float is 0 of precision 0, which takes that of what it is
// set to.
type Float struct {
	prec uint32
	mode RoundingMode
	acc  Accuracy
	form form
	neg  bool
	mant nat // of finite numbers: odd
	exp  int32
}

// An ErrNaN is what operations panic with that have no result.
type ErrNaN struct{ msg string }

func (err ErrNaN) Error() string { return err.msg }

// NewFloat returns x with a precision of 53.
func NewFloat(x float64) *Float {
	if math.IsNaN(x) {
		panic(ErrNaN{"NewFloat(NaN)"})
	}
	return new(Float).SetFloat64(x)
}

// SetPrec sets the precision and rounds z to it; 0 makes z 0.
func (z *Float) SetPrec(prec uint) *Float {
	z.acc = Exact
	if prec == 0 {
		z.prec = 0
		if z.form == finite {
			z.acc = Above
			if z.neg {
				z.acc = Below
			}
			z.acc = -z.acc
			z.form = zero
			z.mant = nil
		}
		return z
	}
	old := z.prec
	z.prec = uint32(min(prec, MaxPrec))
	if z.prec < old && z.form == finite {
		z.setBits(z.neg, z.mant, int64(z.exp)-int64(z.mant.bitLen()), false)
	}
	return z
}

// SetMode sets the rounding mode.
func (z *Float) SetMode(mode RoundingMode) *Float {
	z.mode = mode
	z.acc = Exact
	return z
}

// Prec returns the precision.
func (x *Float) Prec() uint { return uint(x.prec) }

// MinPrec returns the bits that x needs.
func (x *Float) MinPrec() uint {
	if x.form != finite {
		return 0
	}
	return uint(x.mant.bitLen()) - x.mant.trailingZeros()
}

// Mode returns the rounding mode.
func (x *Float) Mode() RoundingMode { return x.mode }

// Acc returns the accuracy of the last result.
func (x *Float) Acc() Accuracy { return x.acc }

// Sign returns -1, 0 or 1.
func (x *Float) Sign() int {
	switch {
	case x.form == zero:
		return 0
	case x.neg:
		return -1
	}
	return 1
}

// Signbit reports whether x is negative, or negative 0.
func (x *Float) Signbit() bool { return x.neg }

// IsInf reports whether x is infinite.
func (x *Float) IsInf() bool { return x.form == inf }

// IsInt reports whether x is an integer.
func (x *Float) IsInt() bool {
	if x.form != finite {
		return x.form == zero
	}
	return x.lowest() >= 0
}

// lowest returns the exponent of the lowest bit that is 1.
func (x *Float) lowest() int64 {
	return int64(x.exp) - int64(x.mant.bitLen()) + int64(x.mant.trailingZeros())
}

// setBits sets z to mant * 2**exp, rounded; more says that the exact number
// is a little larger.
func (z *Float) setBits(neg bool, mant nat, exp int64, more bool) *Float {
	z.neg = neg
	z.acc = Exact
	if len(mant) == 0 {
		z.form = zero
		z.mant = nil
		return z
	}
	z.form = finite
	n := mant.bitLen()
	if drop := n - int(z.prec); drop > 0 || more {
		if drop <= 0 {
			// Bits to tell how to round.
			mant = mant.shl(uint(2 - drop))
			exp -= int64(2 - drop)
			drop = 2
		}
		half := mant.bit(uint(drop-1)) != 0
		rest := more || mant.sticky(uint(drop-1))
		mant = mant.shr(uint(drop))
		exp += int64(drop)
		if half || rest {
			up := false
			switch z.mode {
			case ToNearestEven:
				up = half && (rest || mant.bit(0) != 0)
			case ToNearestAway:
				up = half
			case AwayFromZero:
				up = true
			case ToNegativeInf:
				up = neg
			case ToPositiveInf:
				up = !neg
			}
			z.acc = Below
			if up {
				mant = mant.add(nat{1})
				z.acc = Above
			}
			if neg {
				z.acc = -z.acc
			}
		}
	}
	zeros := mant.trailingZeros()
	mant = mant.shr(zeros)
	exp += int64(zeros)
	e := exp + int64(mant.bitLen())
	switch {
	case e > MaxExp:
		z.form = inf
		z.mant = nil
		z.acc = Above
		if neg {
			z.acc = Below
		}
	case e < MinExp:
		z.form = zero
		z.mant = nil
		z.acc = Below
		if neg {
			z.acc = Above
		}
	default:
		z.mant, z.exp = mant, int32(e)
	}
	return z
}

// SetInf sets z to an infinity.
func (z *Float) SetInf(signbit bool) *Float {
	z.acc = Exact
	z.form = inf
	z.neg = signbit
	z.mant = nil
	return z
}

func (z *Float) setInteger(neg bool, x uint64) *Float {
	if z.prec == 0 {
		z.prec = 64
	}
	return z.setBits(neg, natOf(x), 0, false)
}

// SetInt64 sets z to x.
func (z *Float) SetInt64(x int64) *Float {
	u := uint64(x)
	if x < 0 {
		u = -u
	}
	return z.setInteger(x < 0, u)
}

// SetUint64 sets z to x.
func (z *Float) SetUint64(x uint64) *Float { return z.setInteger(false, x) }

// SetFloat64 sets z to x.
func (z *Float) SetFloat64(x float64) *Float {
	if z.prec == 0 {
		z.prec = 53
	}
	if math.IsNaN(x) {
		panic(ErrNaN{"Float.SetFloat64(NaN)"})
	}
	if math.IsInf(x, 0) {
		return z.SetInf(x < 0)
	}
	m, e := math.Frexp(math.Abs(x))
	return z.setBits(math.Signbit(x), natOf(uint64(m*(1<<53))), int64(e)-53, false)
}

// SetInt sets z to x.
func (z *Float) SetInt(x *Int) *Float {
	if z.prec == 0 {
		z.prec = uint32(max(x.BitLen(), 64))
	}
	return z.setBits(x.neg, x.abs, 0, false)
}

// SetRat sets z to x.
func (z *Float) SetRat(x *Rat) *Float {
	if x.IsInt() {
		return z.SetInt(x.Num())
	}
	if z.prec == 0 {
		z.prec = uint32(max(x.a.BitLen(), x.b.BitLen(), 64))
	}
	return z.divide(x.a.neg, x.a.abs, 0, x.den(), 0)
}

// divide sets z to (a * 2**ae) / (b * 2**be).
func (z *Float) divide(neg bool, a nat, ae int64, b nat, be int64) *Float {
	shift := max(int(z.prec)+2-(a.bitLen()-b.bitLen()), 0)
	q, r := a.shl(uint(shift)).div(b)
	return z.setBits(neg, q, ae-be-int64(shift), len(r) > 0)
}

// Set sets z to x.
func (z *Float) Set(x *Float) *Float {
	if z == x {
		return z
	}
	z.acc = Exact
	if z.prec == 0 {
		z.prec = x.prec
	}
	z.form, z.neg = x.form, x.neg
	if x.form == finite {
		z.setBits(x.neg, x.mant.clone(), x.base(), false)
	}
	return z
}

// Copy makes z the same as x, precision and all.
func (z *Float) Copy(x *Float) *Float {
	if z != x {
		*z = *x
		z.mant = x.mant.clone()
	}
	return z
}

// base returns the exponent of the mantissa's lowest bit.
func (x *Float) base() int64 { return int64(x.exp) - int64(x.mant.bitLen()) }

// MantExp returns x's exponent, and sets mant, if not nil, to its mantissa,
// from 0.5 up to 1.
func (x *Float) MantExp(mant *Float) (exp int) {
	if x.form == finite {
		exp = int(x.exp)
	}
	if mant != nil {
		mant.Copy(x)
		if mant.form == finite {
			mant.exp = 0
		}
	}
	return exp
}

// SetMantExp sets z to mant * 2**exp.
func (z *Float) SetMantExp(mant *Float, exp int) *Float {
	z.Copy(mant)
	z.acc = Exact
	if z.form == finite {
		z.setBits(z.neg, z.mant, z.base()+int64(exp), false)
	}
	return z
}

// Neg sets z to -x.
func (z *Float) Neg(x *Float) *Float {
	z.Set(x)
	z.neg = !z.neg
	return z
}

// Abs sets z to |x|.
func (z *Float) Abs(x *Float) *Float {
	z.Set(x)
	z.neg = false
	return z
}

func (z *Float) inherit(x, y *Float) {
	if z.prec == 0 {
		z.prec = max(x.prec, y.prec)
	}
}

func (z *Float) add(x, y *Float, yneg bool) *Float {
	z.inherit(x, y)
	switch {
	case x.form == finite && y.form == finite:
		e := min(x.base(), y.base())
		a := new(Int).set(x.neg, x.mant.shl(uint(x.base()-e)))
		b := new(Int).set(yneg, y.mant.shl(uint(y.base()-e)))
		a.Add(a, b)
		z.setBits(a.neg, a.abs, e, false)
		if z.form == zero && z.acc == Exact {
			z.neg = z.mode == ToNegativeInf
		}
		return z
	case x.form == inf && y.form == inf && x.neg != yneg:
		z.acc = Exact
		z.form = zero
		z.neg = false
		return nil
	case x.form == zero && y.form == zero:
		z.acc = Exact
		z.form = zero
		z.neg = x.neg && yneg
		if x.neg != yneg {
			z.neg = z.mode == ToNegativeInf
		}
		return z
	case x.form == inf || y.form == zero:
		return z.Set(x)
	}
	z.Set(y)
	z.neg = yneg
	return z
}

// Add sets z to x+y.
func (z *Float) Add(x, y *Float) *Float {
	if z.add(x, y, y.neg) == nil {
		panic(ErrNaN{"addition of infinities with opposite signs"})
	}
	return z
}

// Sub sets z to x-y.
func (z *Float) Sub(x, y *Float) *Float {
	if z.add(x, y, !y.neg) == nil {
		panic(ErrNaN{"subtraction of infinities with equal signs"})
	}
	return z
}

// Mul sets z to x*y.
func (z *Float) Mul(x, y *Float) *Float {
	z.inherit(x, y)
	neg := x.neg != y.neg
	if x.form == finite && y.form == finite {
		return z.setBits(neg, x.mant.mul(y.mant), x.base()+y.base(), false)
	}
	z.acc = Exact
	if x.form == zero && y.form == inf || x.form == inf && y.form == zero {
		z.form = zero
		z.neg = false
		panic(ErrNaN{"multiplication of zero with infinity"})
	}
	isInf := x.form == inf || y.form == inf
	z.form, z.neg, z.mant = zero, neg, nil
	if isInf {
		z.form = inf
	}
	return z
}

// Quo sets z to x/y.
func (z *Float) Quo(x, y *Float) *Float {
	z.inherit(x, y)
	neg := x.neg != y.neg
	if x.form == finite && y.form == finite {
		return z.divide(neg, x.mant, x.base(), y.mant, y.base())
	}
	z.acc = Exact
	if x.form == y.form {
		z.form = zero
		z.neg = false
		panic(ErrNaN{"division of zero by zero or infinity by infinity"})
	}
	isZero := x.form == zero || y.form == inf
	z.form, z.neg, z.mant = inf, neg, nil
	if isZero {
		z.form = zero
	}
	return z
}

// Sqrt sets z to the square root of x. The mode, too, is x's, as in Go.
func (z *Float) Sqrt(x *Float) *Float {
	if z.prec == 0 {
		z.prec = x.prec
	}
	if x.Sign() == -1 {
		panic(ErrNaN{"square root of negative operand"})
	}
	if x.form != finite {
		z.acc = Exact
		z.form = x.form
		z.neg = x.neg
		return z
	}
	z.mode = x.mode
	m, e := x.mant, x.base()
	shift := max(2*(int64(z.prec)+2)-int64(m.bitLen()), 0)
	if (e-shift)&1 != 0 {
		shift++
	}
	m = m.shl(uint(shift))
	root := m.sqrt()
	return z.setBits(false, root, (e-shift)/2, root.mul(root).cmp(m) != 0)
}

// Cmp compares x and y.
func (x *Float) Cmp(y *Float) int {
	order := func(f *Float) int {
		switch {
		case f.form == zero:
			return 0
		case f.form == finite && f.neg:
			return -1
		case f.form == finite:
			return 1
		case f.neg:
			return -2
		}
		return 2
	}
	a, b := order(x), order(y)
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case x.form != finite:
		return 0
	}
	r := 0
	switch {
	case x.exp < y.exp:
		r = -1
	case x.exp > y.exp:
		r = 1
	default:
		e := min(x.base(), y.base())
		r = x.mant.shl(uint(x.base() - e)).cmp(y.mant.shl(uint(y.base() - e)))
	}
	if x.neg {
		r = -r
	}
	return r
}

// truncated returns the integer part of |x|.
func (x *Float) truncated() nat {
	if b := x.base(); b >= 0 {
		return x.mant.shl(uint(b))
	} else if int64(x.exp) <= 0 {
		return nil
	} else {
		return x.mant.shr(uint(-b))
	}
}

func (x *Float) cut() Accuracy {
	switch {
	case x.form != finite || x.IsInt():
		return Exact
	case x.neg:
		return Above
	}
	return Below
}

// Int returns x's integer part, in z if that is not nil; nil for infinities.
func (x *Float) Int(z *Int) (*Int, Accuracy) {
	if z == nil && x.form <= finite {
		z = new(Int)
	}
	switch x.form {
	case zero:
		return z.SetInt64(0), Exact
	case inf:
		if x.neg {
			return nil, Above
		}
		return nil, Below
	}
	return z.set(x.neg, x.truncated()), x.cut()
}

// Int64 returns x's integer part, or the nearest int64.
func (x *Float) Int64() (int64, Accuracy) {
	if x.form == inf || x.form == finite && x.exp > 63 {
		if x.neg {
			if x.form == finite && x.Cmp(new(Float).SetPrec(64).SetInt64(math.MinInt64)) == 0 {
				return math.MinInt64, Exact
			}
			return math.MinInt64, Above
		}
		return math.MaxInt64, Below
	}
	if x.form == zero {
		return 0, Exact
	}
	v := int64(x.truncated().uint64())
	if x.neg {
		v = -v
	}
	return v, x.cut()
}

// Uint64 is Int64 without sign.
func (x *Float) Uint64() (uint64, Accuracy) {
	switch {
	case x.form == zero:
		return 0, Exact
	case x.neg:
		return 0, Above
	case x.form == inf || x.exp > 64:
		return math.MaxUint64, Below
	}
	// As in Go, what 64 bits can hold counts as exact.
	if x.exp > 0 && x.MinPrec() <= 64 {
		return x.truncated().uint64(), Exact
	}
	return x.truncated().uint64(), x.cut()
}

// Rat returns x as a fraction, in z if that is not nil; nil for infinities.
func (x *Float) Rat(z *Rat) (*Rat, Accuracy) {
	if z == nil && x.form <= finite {
		z = new(Rat)
	}
	switch x.form {
	case zero:
		return z.SetInt64(0), Exact
	case inf:
		if x.neg {
			return nil, Above
		}
		return nil, Below
	}
	num, den := x.mant, nat{1}
	if b := x.base(); b >= 0 {
		num = num.shl(uint(b))
	} else {
		den = den.shl(uint(-b))
	}
	z.a.set(x.neg, num.clone())
	z.b.set(false, den)
	return z.norm(), Exact
}

func (x *Float) nearest(size, low, high int) (float64, Accuracy) {
	switch x.form {
	case zero:
		if x.neg {
			return math.Copysign(0, -1), Exact
		}
		return 0, Exact
	case inf:
		if x.neg {
			return math.Inf(-1), Exact
		}
		return math.Inf(1), Exact
	}
	var f float64
	switch {
	case int64(x.exp) > int64(high):
		f = math.Inf(1)
	case int64(x.exp) < int64(low):
		f = 0
	default:
		r := new(Float)
		*r = *x
		r.neg = false
		q, _ := r.Rat(nil)
		f = quotient(q, size, low, high)
	}
	if x.neg {
		f = math.Copysign(f, -1)
	}
	if math.IsInf(f, 0) {
		if x.neg {
			return f, Below
		}
		return f, Above
	}
	return f, Accuracy(new(Float).SetFloat64(f).Cmp(x))
}

// Float64 returns the nearest float64.
func (x *Float) Float64() (float64, Accuracy) { return x.nearest(53, -1074, 1024) }

// Float32 returns the nearest float32.
func (x *Float) Float32() (float32, Accuracy) {
	f, acc := x.nearest(24, -149, 128)
	return float32(f), acc
}
