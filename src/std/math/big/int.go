package big

import "math/rand"

// An Int is an integer. The zero Int is 0. Methods like Add set their
// receiver to the result, and return it.
type Int struct {
	neg bool
	abs nat
}

var intOne = &Int{false, natOne}

// NewInt returns a new Int.
func NewInt(x int64) *Int {
	u := uint64(x)
	if x < 0 {
		u = -u
	}
	var abs []Word
	if x != 0 {
		abs = []Word{Word(u)}
	}
	return &Int{neg: x < 0, abs: abs}
}

// Sign returns -1, 0 or 1.
func (x *Int) Sign() int {
	if len(x.abs) == 0 {
		return 0
	}
	if x.neg {
		return -1
	}
	return 1
}

// SetInt64 sets z to x.
func (z *Int) SetInt64(x int64) *Int {
	neg := false
	if x < 0 {
		neg = true
		x = -x
	}
	z.abs = z.abs.setUint64(uint64(x))
	z.neg = neg
	return z
}

// SetUint64 sets z to x.
func (z *Int) SetUint64(x uint64) *Int {
	z.abs = z.abs.setUint64(x)
	z.neg = false
	return z
}

// Set sets z to x.
func (z *Int) Set(x *Int) *Int {
	if z != x {
		z.abs = z.abs.set(x.abs)
		z.neg = x.neg
	}
	return z
}

// Bits returns the digits of x's absolute value.
func (x *Int) Bits() []Word {
	return x.abs
}

// SetBits sets z to the number with these digits.
func (z *Int) SetBits(abs []Word) *Int {
	z.abs = nat(abs).norm()
	z.neg = false
	return z
}

// Abs sets z to |x|.
func (z *Int) Abs(x *Int) *Int {
	z.Set(x)
	z.neg = false
	return z
}

// Neg sets z to -x.
func (z *Int) Neg(x *Int) *Int {
	z.Set(x)
	z.neg = len(z.abs) > 0 && !z.neg
	return z
}

// Add sets z to x+y.
//
//go:noinline
func (z *Int) Add(x, y *Int) *Int {
	z.sum(x, y, y.neg)
	return z
}

// Sub sets z to x-y.
//
//go:noinline
func (z *Int) Sub(x, y *Int) *Int {
	z.sum(x, y, !y.neg)
	return z
}

// sum sets z to the sum of x and a number with y's magnitude and the sign yneg.
func (z *Int) sum(x, y *Int, yneg bool) {
	neg := x.neg
	switch {
	case neg == yneg:
		z.abs = z.abs.add(x.abs, y.abs)
	case x.abs.cmp(y.abs) >= 0:
		z.abs = z.abs.sub(x.abs, y.abs)
	default:
		neg = yneg
		z.abs = z.abs.sub(y.abs, x.abs)
	}
	z.neg = neg && len(z.abs) > 0
}

// Mul sets z to x*y.
func (z *Int) Mul(x, y *Int) *Int {
	z.mul(nil, x, y)
	return z
}

// mul is Mul with a scratch.
func (z *Int) mul(s *scratch, x, y *Int) {
	neg := x.neg != y.neg
	if x == y {
		z.abs = z.abs.sqr(s, x.abs)
	} else {
		z.abs = z.abs.mul(s, x.abs, y.abs)
	}
	z.neg = neg && len(z.abs) > 0
}

// MulRange sets z to the product of the integers from a to b.
func (z *Int) MulRange(a, b int64) *Int {
	switch {
	case a > b:
		return z.SetInt64(1)
	case a <= 0 && b >= 0:
		return z.SetInt64(0)
	}
	neg := false
	if a < 0 {
		neg = (b-a)&1 == 0
		a, b = -b, -a
	}
	var s scratch
	z.abs = z.abs.mulRange(&s, uint64(a), uint64(b))
	s.done()
	z.neg = neg
	return z
}

// Binomial sets z to n over k.
func (z *Int) Binomial(n, k int64) *Int {
	if k < 0 || k > n {
		return z.SetInt64(0)
	}
	k = min(k, n-k)
	z.abs = z.abs.setWord(1)
	z.neg = false
	for i := int64(1); i <= k; i++ {
		z.abs = z.abs.mulAdd(z.abs, Word(n-i+1), 0)
		divVec(z.abs, z.abs, 0, Word(i))
		z.abs = z.abs.norm()
	}
	return z
}

// Quo sets z to x/y, towards zero.
func (z *Int) Quo(x, y *Int) *Int {
	neg := x.neg != y.neg
	z.abs = z.abs.quo(nil, x.abs, y.abs)
	z.neg = neg && len(z.abs) > 0
	return z
}

// Rem sets z to x - y*(x quo y).
func (z *Int) Rem(x, y *Int) *Int {
	neg := x.neg
	var s scratch
	z.abs = z.abs.rem(&s, x.abs, y.abs)
	s.done()
	z.neg = neg && len(z.abs) > 0
	return z
}

// QuoRem is Quo and Rem.
func (z *Int) QuoRem(x, y, r *Int) (*Int, *Int) {
	neg, rneg := x.neg != y.neg, x.neg
	z.abs, r.abs = z.abs.div(nil, r.abs, x.abs, y.abs)
	z.neg, r.neg = neg && len(z.abs) > 0, rneg && len(r.abs) > 0
	return z, r
}

// Div sets z to x/y such that the remainder is not negative.
func (z *Int) Div(x, y *Int) *Int {
	neg, up := x.neg != y.neg, x.neg
	var s scratch
	if len(y.abs) == 1 {
		d := y.abs[0]
		z.abs = z.abs.make(len(x.abs))
		up = divVec(z.abs, x.abs, 0, d) != 0 && up
		z.abs = z.abs.norm()
	} else {
		var r nat
		z.abs, r = z.abs.div(&s, s.take(len(y.abs)), x.abs, y.abs)
		up = len(r) > 0 && up
	}
	if up {
		z.abs = z.abs.add(z.abs, natOne)
	}
	s.done()
	z.neg = neg && len(z.abs) > 0
	return z
}

// Mod sets z to x - y*(x div y).
func (z *Int) Mod(x, y *Int) *Int {
	xneg := x.neg
	if len(y.abs) == 1 {
		d := y.abs[0]
		r := modVec(x.abs, d)
		if xneg && r != 0 {
			r = d - r
		}
		z.abs = z.abs.setWord(r)
	} else {
		var s scratch
		if !xneg {
			z.abs = z.abs.rem(&s, x.abs, y.abs)
		} else if r := s.take(len(y.abs)).rem(&s, x.abs, y.abs); len(r) > 0 {
			z.abs = z.abs.sub(y.abs, r)
		} else {
			z.abs = z.abs[:0]
		}
		s.done()
	}
	z.neg = false
	return z
}

// DivMod is Div and Mod.
func (z *Int) DivMod(x, y, m *Int) (*Int, *Int) {
	neg, up := x.neg != y.neg, x.neg
	var s scratch
	divisor := y.abs
	if up && (overlap(z.abs, divisor) || overlap(m.abs, divisor)) {
		divisor = s.take(len(divisor)).set(divisor)
	}
	z.abs, m.abs = z.abs.div(&s, m.abs, x.abs, y.abs)
	if up && len(m.abs) > 0 {
		z.abs = z.abs.add(z.abs, natOne)
		m.abs = m.abs.sub(divisor, m.abs)
	}
	s.done()
	z.neg, m.neg = neg && len(z.abs) > 0, false
	return z, m
}

// Rounding modes of Divide.
const (
	Trunc = ToZero
	Floor = ToNegativeInf
	Round = ToNearestEven
	Ceil  = ToPositiveInf
)

// Divide sets z to x/y, rounded as the mode says, and r to x - y*z; either may be nil.
func (z *Int) Divide(x, y, r *Int, mode RoundingMode) (*Int, *Int) {
	var s scratch
	xneg, yneg := x.neg, y.neg
	var q, rest nat
	if z != nil {
		q = z.abs
	}
	if r != nil {
		rest = r.abs
	}
	if z == nil {
		q = s.take(len(x.abs) + 1)
	}
	divisor := y.abs
	if overlap(q, divisor) || overlap(rest, divisor) {
		divisor = s.take(len(divisor)).set(divisor)
	}
	if r == nil {
		rest = s.take(max(len(divisor), len(x.abs)))
	}
	q, rest = q.div(&s, rest, x.abs, y.abs)
	rneg := xneg
	if len(rest) > 0 {
		away := false
		switch mode {
		case Trunc:
		case Floor:
			away = xneg != yneg
		case Ceil:
			away = xneg == yneg
		case Round:
			// The distance to the next number, and that to this one.
			c := s.take(len(divisor)).sub(divisor, rest).cmp(rest)
			away = c < 0 || c == 0 && q.bit(0) != 0
		default:
			panic("unsupported rounding mode")
		}
		if away {
			q = q.add(q, natOne)
			rest = rest.sub(divisor, rest)
			rneg = !xneg
		}
	}
	if z != nil {
		z.abs = q
		z.neg = xneg != yneg && len(q) > 0
	}
	if r != nil {
		r.abs = rest
		r.neg = rneg && len(rest) > 0
	}
	s.done()
	return z, r
}

// Cmp returns -1, 0 or 1 as x is less than, equal to or greater than y.
func (x *Int) Cmp(y *Int) (r int) {
	switch {
	case x == y:
	case x.neg != y.neg:
		r = 1
		if x.neg {
			r = -1
		}
	default:
		r = x.abs.cmp(y.abs)
		if x.neg {
			r = -r
		}
	}
	return r
}

// CmpAbs is Cmp of the absolute values.
func (x *Int) CmpAbs(y *Int) int {
	return x.abs.cmp(y.abs)
}

// low64 returns the 64 lowest bits.
func low64(x nat) uint64 {
	if len(x) == 0 {
		return 0
	}
	v := uint64(x[0])
	if wordBits == 32 && len(x) > 1 {
		return uint64(x[1])<<32 | v
	}
	return v
}

// Int64 returns x; what does not fit is cut off.
func (x *Int) Int64() int64 {
	v := int64(low64(x.abs))
	if x.neg {
		v = -v
	}
	return v
}

// Uint64 returns |x|; what does not fit is cut off.
func (x *Int) Uint64() uint64 {
	return low64(x.abs)
}

// IsInt64 reports whether x fits an int64.
func (x *Int) IsInt64() bool {
	if len(x.abs) <= 64/wordBits {
		w := int64(low64(x.abs))
		return w >= 0 || x.neg && w == -w
	}
	return false
}

// IsUint64 reports whether x fits a uint64.
func (x *Int) IsUint64() bool {
	return !x.neg && len(x.abs) <= 64/wordBits
}

// Float64 returns the nearest float64, and whether it is less, equal or more.
func (x *Int) Float64() (float64, Accuracy) {
	n := x.abs.bitLen()
	if n == 0 {
		return 0, Exact
	}
	if n <= 53 || n < 64 && n-int(x.abs.trailingZeroBits()) <= 53 {
		f := float64(low64(x.abs))
		if x.neg {
			f = -f
		}
		return f, Exact
	}
	top, more := x.abs.top()
	f, acc := nearest(top, more, int64(n), 53, -1074)
	if x.neg {
		return -f, -acc
	}
	return f, acc
}

// BitLen returns the number of bits of |x|.
func (x *Int) BitLen() int {
	return x.abs.bitLen()
}

// TrailingZeroBits returns the number of zero bits at the end of |x|.
func (x *Int) TrailingZeroBits() uint {
	return x.abs.trailingZeroBits()
}

// Exp sets z to x**y mod |m|, without the modulus if m is nil or 0. For y < 0
// it needs an inverse of x; nil if there is none.
func (z *Int) Exp(x, y, m *Int) *Int {
	return z.exp(nil, x, y, m)
}

// exp is Exp with a scratch; without, it makes one.
func (z *Int) exp(s *scratch, x, y, m *Int) *Int {
	if s == nil {
		var own scratch
		defer own.done()
		s = &own
	}
	var modulus nat
	if m != nil {
		modulus = m.abs
		leak(modulus)
	}
	if y.neg && len(modulus) == 0 {
		return z.SetInt64(1)
	}
	base := x.abs
	neg := x.neg && y.abs.bit(0) != 0
	if y.neg {
		var ok bool
		if base, ok = inverse(s, base, modulus); !ok {
			return nil
		}
		if x.neg && len(base) > 0 {
			// Go's, too, takes the sign into account twice.
			base = s.take(len(modulus)).sub(modulus, base)
		}
	}
	if neg && overlap(z.abs, modulus) {
		modulus = s.take(len(modulus)).set(modulus)
	}
	z.abs = z.abs.exp(s, base, y.abs, modulus)
	z.neg = neg && len(z.abs) > 0
	if z.neg && len(modulus) > 0 {
		z.abs = z.abs.sub(modulus, z.abs)
		z.neg = false
	}
	return z
}

// GCD sets z to the greatest common divisor of a and b, and x and y, if they
// are not nil, such that z = a*x + b*y.
func (z *Int) GCD(x, y, a, b *Int) *Int {
	if len(a.abs) == 0 || len(b.abs) == 0 {
		noA, noB, aneg, bneg := len(a.abs) == 0, len(b.abs) == 0, a.neg, b.neg
		if noA {
			z.Set(b)
		} else {
			z.Set(a)
		}
		z.neg = false
		unit(x, noA, aneg)
		unit(y, noB, bneg)
		return z
	}
	var s scratch
	leak(b.abs)
	aneg, bneg := a.neg, b.neg
	g, u, uneg := gcd(&s, a.abs, b.abs, x != nil || y != nil)
	if y != nil {
		// (g - |a|*u) / |b|, where u has its sign.
		n := max(len(a.abs)+len(u), len(g)) + 1
		v := s.take(n).mul(&s, a.abs, u)
		vneg := !uneg
		switch {
		case uneg:
			v = v.add(v, g)
			vneg = false
		case v.cmp(g) >= 0:
			v = v.sub(v, g)
		default:
			v = v.sub(g, v)
			vneg = false
		}
		v = s.take(n).quo(&s, v, b.abs)
		y.abs = y.abs.set(v)
		y.neg = vneg != bneg && len(v) > 0
	}
	if x != nil {
		x.abs = x.abs.set(u)
		x.neg = uneg != aneg && len(u) > 0
	}
	z.abs = z.abs.set(g)
	z.neg = false
	s.done()
	return z
}

// unit sets v, unless it is nil, to 0, or to 1 with the sign.
func unit(v *Int, zero, neg bool) {
	if v == nil {
		return
	}
	v.abs = v.abs[:0]
	if !zero {
		v.abs = v.abs.setWord(1)
	}
	v.neg = neg && !zero
}

// ModInverse sets z to the inverse of g modulo n; nil if there is none.
func (z *Int) ModInverse(g, n *Int) *Int {
	var s scratch
	x := g.abs
	if g.neg {
		if x = s.take(max(len(n.abs), 1)).rem(&s, x, n.abs); len(x) > 0 {
			x = x.sub(n.abs, x)
		}
	} else if len(n.abs) == 0 {
		if x.cmp(natOne) != 0 {
			return nil
		}
		return z.SetInt64(1)
	}
	leak(n.abs)
	u, ok := inverse(&s, x, n.abs)
	if ok {
		z.abs = z.abs.set(u)
		z.neg = false
	}
	s.done()
	if !ok {
		return nil
	}
	return z
}

// Sqrt sets z to the integer part of x's square root.
func (z *Int) Sqrt(x *Int) *Int {
	if x.neg {
		panic("square root of negative number")
	}
	z.neg = false
	z.abs = z.abs.sqrt(nil, x.abs)
	return z
}

// Rand sets z to a random number less than n.
func (z *Int) Rand(rnd *rand.Rand, n *Int) *Int {
	if n.neg || len(n.abs) == 0 {
		z.neg = false
		z.abs = nil
		return z
	}
	z.neg = false
	z.abs = z.abs.random(rnd, n.abs, n.abs.bitLen())
	return z
}

// Bytes returns |x|, the highest byte first.
func (x *Int) Bytes() []byte {
	buf := make([]byte, len(x.abs)*wordBytes)
	return buf[x.abs.bytes(buf):]
}

// FillBytes writes |x| to buf, the highest byte first.
func (x *Int) FillBytes(buf []byte) []byte {
	clear(buf)
	x.abs.bytes(buf)
	return buf
}

// SetBytes sets z to the number with these bytes, the highest first.
func (z *Int) SetBytes(buf []byte) *Int {
	z.abs = z.abs.setBytes(buf)
	z.neg = false
	return z
}
