package big

import (
	"x/fmt"
	"x/math"
	"x/math/bits"
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

//go:noinline
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

//go:noinline
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

// A Float is 0.mant * 2**exp, with a sign; its precision is in bits. The zero Float is 0 of precision 0, which takes that of
// what it is set to.
type Float struct {
	prec uint32
	mode RoundingMode
	acc  Accuracy
	form form
	neg  bool
	mant nat // of finite numbers: its highest bit is 1; zeros at the other end may be left out
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
			z.acc = accuracy(z.neg)
			z.form = zero
		}
		return z
	}
	if prec > MaxPrec {
		prec = MaxPrec
	}
	old := z.prec
	z.prec = uint32(prec)
	if z.prec < old {
		z.again()
	}
	return z
}

// accuracy returns Above or Below.
func accuracy(above bool) Accuracy {
	if above {
		return Above
	}
	return Below
}

// SetMode sets the rounding mode.
func (z *Float) SetMode(mode RoundingMode) *Float {
	z.mode = mode
	z.acc = Exact
	return z
}

// Prec returns the precision.
func (x *Float) Prec() uint {
	return uint(x.prec)
}

// MinPrec returns the bits that x needs.
func (x *Float) MinPrec() uint {
	if x.form != finite {
		return 0
	}
	return uint(len(x.mant))*wordBits - x.mant.trailingZeroBits()
}

// Mode returns the rounding mode.
func (x *Float) Mode() RoundingMode {
	return x.mode
}

// Acc returns the accuracy of the last result.
func (x *Float) Acc() Accuracy {
	return x.acc
}

// Sign returns -1, 0 or 1.
func (x *Float) Sign() int {
	if x.form == zero {
		return 0
	}
	if x.neg {
		return -1
	}
	return 1
}

// Signbit reports whether x is negative, or negative 0.
func (x *Float) Signbit() bool {
	return x.neg
}

// IsInf reports whether x is infinite.
func (x *Float) IsInf() bool {
	return x.form == inf
}

// IsInt reports whether x is an integer.
func (x *Float) IsInt() bool {
	if x.form != finite {
		return x.form == zero
	}
	if x.exp <= 0 {
		return false
	}
	return x.prec <= uint32(x.exp) || x.MinPrec() <= uint(x.exp)
}

// align shifts x such that its highest bit is 1, and returns by how much.
func align(x nat) int64 {
	shift := uint(bits.LeadingZeros(uint(x[len(x)-1])))
	if shift > 0 {
		shlVec(x, x, shift)
	}
	return int64(shift)
}

// setNat sets z to x * 2**low, with z's sign, rounded; more says that the exact number is a little larger, and that x has
// more bits than z. x is not 0, lies in a scratch or is z's mantissa, and is destroyed.
func (z *Float) setNat(x nat, low int64, more bool) {
	exp := low + int64(len(x))*wordBits - align(x)
	z.round(x, exp, more)
}

// again rounds z to its precision.
func (z *Float) again() {
	z.acc = Exact
	if z.form == finite && uint(len(z.mant))*wordBits > uint(z.prec) {
		half, rest, n := z.cut(z.mant)
		copy(z.mant, z.mant[len(z.mant)-n:])
		z.mant = z.mant[:n]
		z.end(half, rest)
	}
}

// round sets z to 0.x * 2**exp, with z's sign, rounded; more is as for setNat. x's highest bit is 1; it may be z's mantissa.
func (z *Float) round(x nat, exp int64, more bool) {
	z.acc = Exact
	if exp < MinExp {
		z.acc = accuracy(z.neg)
		z.form = zero
		return
	}
	if exp > MaxExp {
		z.acc = accuracy(!z.neg)
		z.form = inf
		return
	}
	z.form = finite
	z.exp = int32(exp)
	if uint(len(x))*wordBits <= uint(z.prec) {
		z.setMant(x)
		return
	}
	half, rest, n := z.cut(x)
	x = x[len(x)-n:]
	z.mant = z.room(n)
	copy(z.mant, x)
	z.end(half, rest || more)
}

// cut returns the bit that comes after the precision in x, which is longer, whether one below is 1, and the number of digits
// that the precision takes.
func (z *Float) cut(x nat) (half, rest bool, n int) {
	prec := uint(z.prec)
	drop := uint(len(x))*wordBits - prec
	return x.bit(drop-1) != 0, x.sticky(drop-1) != 0, int((prec + wordBits - 1) / wordBits)
}

// end makes the mantissa, which has the digits that the precision takes, end with it, rounded as what is cut off asks for.
func (z *Float) end(half, rest bool) {
	m := z.mant
	unit := Word(1) << (uint(len(m))*wordBits - uint(z.prec))
	m[0] &^= unit - 1
	up := false
	if half || rest {
		switch z.mode {
		case ToNearestEven:
			up = half && (rest || m[0]&unit != 0)
		case ToNearestAway:
			up = half
		case AwayFromZero:
			up = true
		case ToNegativeInf:
			up = z.neg
		case ToPositiveInf:
			up = !z.neg
		}
		z.acc = accuracy(up != z.neg)
	}
	if up && addDigit(m, m, unit) != 0 {
		if z.exp >= MaxExp {
			z.form = inf
			return
		}
		z.exp++
		m[len(m)-1] = 1 << (wordBits - 1)
	}
	// Zeros at the end are left out.
	k := 0
	for m[k] == 0 {
		k++
	}
	if k > 0 {
		copy(m, m[k:])
		z.mant = z.mant[:len(m)-k]
	}
}

// room returns n digits for the mantissa, with room for the precision if there has to be a new one.
func (z *Float) room(n int) nat {
	const most = 64
	if n > cap(z.mant) {
		if full := (int(z.prec) + wordBits - 1) / wordBits; n < full && full <= most {
			return make(nat, n, full)
		}
	}
	return z.mant.make(n)
}

// setMant sets the mantissa to x, without zeros at the end. x is not 0.
func (z *Float) setMant(x nat) {
	for x[0] == 0 {
		x = x[1:]
	}
	z.mant = z.room(len(x))
	copy(z.mant, x)
}

// setBits64 sets z to x.
func (z *Float) setBits64(neg bool, x uint64) *Float {
	if z.prec == 0 {
		z.prec = 64
	}
	z.acc = Exact
	z.neg = neg
	if x == 0 {
		z.form = zero
		return z
	}
	z.one(Word(x), 0)
	return z
}

// one sets z to w * 2**low, for a digit that is not 0.
func (z *Float) one(w Word, low int64) {
	shift := bits.LeadingZeros(uint(w))
	z.mant = z.room(1)
	z.mant[0] = w << shift
	z.form = finite
	z.exp = int32(low + wordBits - int64(shift))
	if z.prec < wordBits {
		z.again()
	}
}

// SetInt64 sets z to x.
func (z *Float) SetInt64(x int64) *Float {
	u := x
	if u < 0 {
		u = -u
	}
	return z.setBits64(x < 0, uint64(u))
}

// SetUint64 sets z to x.
func (z *Float) SetUint64(x uint64) *Float {
	return z.setBits64(false, x)
}

// SetFloat64 sets z to x.
func (z *Float) SetFloat64(x float64) *Float {
	if z.prec == 0 {
		z.prec = 53
	}
	if math.IsNaN(x) {
		panic(ErrNaN{"Float.SetFloat64(NaN)"})
	}
	z.acc = Exact
	z.neg = math.Signbit(x)
	switch {
	case x == 0:
		z.form = zero
	case math.IsInf(x, 0):
		z.form = inf
	default:
		m, e := math.Frexp(math.Abs(x))
		z.one(Word(m*(1<<53)), int64(e)-53)
	}
	return z
}

// SetInt sets z to x.
func (z *Float) SetInt(x *Int) *Float {
	n := x.BitLen()
	if z.prec == 0 {
		z.prec = max(uint32(n), 64)
	}
	z.acc = Exact
	z.neg = x.neg
	switch len(x.abs) {
	case 0:
		z.form = zero
	case 1:
		z.one(x.abs[0], 0)
	default:
		z.setScaled(x.abs)
	}
	return z
}

// setScaled sets z to x, which is not 0, with z's sign.
func (z *Float) setScaled(x nat) {
	var s scratch
	z.setNat(s.take(len(x)).set(x), 0, false)
	s.done()
}

// SetRat sets z to x.
func (z *Float) SetRat(x *Rat) *Float {
	if x.IsInt() {
		return z.SetInt(x.Num())
	}
	if z.prec == 0 {
		z.prec = max(uint32(x.a.BitLen()), uint32(x.b.BitLen()), 64)
	}
	z.acc = Exact
	z.neg = x.a.neg
	if len(x.a.abs) == 0 {
		z.form = zero
		return z
	}
	var s scratch
	z.divide(&s, x.a.abs, 0, x.b.abs, 0)
	s.done()
	return z
}

// divide sets z to (a * 2**alow) / (b * 2**blow), with z's sign.
func (z *Float) divide(s *scratch, a nat, alow int64, b nat, blow int64) {
	// As many zeros as make the quotient longer than the precision.
	zeros := max(int(z.prec/wordBits)+2-(len(a)-len(b)), 0)
	n := len(a) + zeros
	u := s.take(n)
	clear(u[:zeros])
	copy(u[zeros:], a)
	q, r := s.take(n).div(s, s.take(n), u, b)
	z.setNat(q, alow-blow-int64(zeros)*wordBits, len(r) > 0)
}

// SetInf sets z to an infinity.
func (z *Float) SetInf(signbit bool) *Float {
	z.acc = Exact
	z.form = inf
	z.neg = signbit
	return z
}

// Set sets z to x.
func (z *Float) Set(x *Float) *Float {
	z.acc = Exact
	if z != x {
		z.form = x.form
		z.neg = x.neg
		if z.prec == 0 {
			z.prec = x.prec
		}
		if x.form == finite {
			z.round(x.mant, int64(x.exp), false)
		}
	}
	return z
}

// Copy makes z the same as x, precision and all.
func (z *Float) Copy(x *Float) *Float {
	if z != x {
		z.prec = x.prec
		z.mode = x.mode
		z.acc = x.acc
		z.form = x.form
		z.neg = x.neg
		if z.form == finite {
			z.setMant(x.mant)
			z.exp = x.exp
		}
	}
	return z
}

// low returns the exponent of the mantissa's lowest bit.
func (x *Float) low() int64 { return int64(x.exp) - int64(len(x.mant))*wordBits }

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
	return
}

// SetMantExp sets z to mant * 2**exp.
func (z *Float) SetMantExp(mant *Float, exp int) *Float {
	z.Copy(mant)
	if z.form == finite {
		z.round(z.mant, int64(z.exp)+int64(exp), false)
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
