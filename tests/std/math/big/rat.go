package big

import "x/math"

// A Rat is a fraction. The zero Rat is 0.
type Rat struct {
	// The numerator, and the denominator, whose sign does not count; 0 stands for 1.
	a, b Int
}

// NewRat returns a/b.
func NewRat(a, b int64) *Rat {
	return new(Rat).SetFrac64(a, b)
}

// norm makes numerator and denominator as small as they can be.
func (z *Rat) norm() *Rat {
	var s scratch
	z.reduce(&s)
	s.done()
	return z
}

func (z *Rat) reduce(s *scratch) {
	z.b.neg = false
	switch {
	case len(z.a.abs) == 0:
		z.a.neg = false
		z.b.abs = z.b.abs.setWord(1)
		return
	case len(z.b.abs) == 0:
		z.b.abs = z.b.abs.setWord(1)
		return
	case len(z.b.abs) == 1 && z.b.abs[0] == 1:
		return
	case len(z.a.abs) == 1 && len(z.b.abs) == 1:
		g, b := z.a.abs[0], z.b.abs[0]
		for b != 0 {
			g, b = b, g%b
		}
		z.a.abs[0] /= g
		z.b.abs[0] /= g
		return
	}
	mark := s.mark()
	if g, _, _ := gcd(s, z.a.abs, z.b.abs, false); g.cmp(natOne) != 0 {
		z.a.abs = z.a.abs.quo(s, z.a.abs, g)
		z.b.abs = z.b.abs.quo(s, z.b.abs, g)
	}
	s.release(mark)
}

// den returns the denominator's digits.
func (x *Rat) den() nat {
	if len(x.b.abs) == 0 {
		return natOne
	}
	return x.b.abs
}

// SetFrac sets z to a/b.
func (z *Rat) SetFrac(a, b *Int) *Rat {
	den := b.abs
	neg := a.neg != b.neg
	if len(den) == 0 {
		z.a.neg = neg
		panic("division by zero")
	}
	var s scratch
	if overlap(z.a.abs, den) {
		den = s.take(len(den)).set(den)
	}
	z.a.abs = z.a.abs.set(a.abs)
	z.a.neg = neg
	z.b.abs = z.b.abs.set(den)
	z.reduce(&s)
	s.done()
	return z
}

// SetFrac64 sets z to a/b.
func (z *Rat) SetFrac64(a, b int64) *Rat {
	if b == 0 {
		panic("division by zero")
	}
	z.a.SetInt64(a)
	if b < 0 {
		b = -b
		z.a.neg = !z.a.neg
	}
	z.b.abs = z.b.abs.setUint64(uint64(b))
	return z.norm()
}

// SetInt sets z to x.
func (z *Rat) SetInt(x *Int) *Rat {
	z.a.Set(x)
	z.b.abs = z.b.abs.setWord(1)
	return z
}

// SetInt64 sets z to x.
func (z *Rat) SetInt64(x int64) *Rat {
	z.a.SetInt64(x)
	z.b.abs = z.b.abs.setWord(1)
	return z
}

// SetUint64 sets z to x.
func (z *Rat) SetUint64(x uint64) *Rat {
	z.a.SetUint64(x)
	z.b.abs = z.b.abs.setWord(1)
	return z
}

// SetFloat64 sets z to f exactly; nil if f is not finite.
func (z *Rat) SetFloat64(f float64) *Rat {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return nil
	}
	m, e := math.Frexp(f)
	z.a.SetInt64(int64(m * (1 << 53)))
	e -= 53
	if len(z.a.abs) > 0 {
		// Without a power of two there is nothing to reduce.
		zeros := z.a.abs.trailingZeroBits()
		z.a.abs[0] >>= zeros
		e += int(zeros)
	}
	z.b.neg = false
	z.b.abs = z.b.abs.setWord(1)
	if e > 0 {
		z.a.abs = z.a.abs.lsh(z.a.abs, uint(e))
	} else if len(z.a.abs) > 0 {
		z.b.abs = z.b.abs.lsh(z.b.abs, uint(-e))
	}
	return z
}

// Set sets z to x.
func (z *Rat) Set(x *Rat) *Rat {
	if z != x {
		z.a.Set(&x.a)
		z.b.Set(&x.b)
	}
	if len(z.b.abs) == 0 {
		z.b.abs = z.b.abs.setWord(1)
	}
	return z
}

// Abs sets z to |x|.
func (z *Rat) Abs(x *Rat) *Rat {
	z.Set(x)
	z.a.neg = false
	return z
}

// Neg sets z to -x.
func (z *Rat) Neg(x *Rat) *Rat {
	z.Set(x)
	z.a.neg = len(z.a.abs) > 0 && !z.a.neg
	return z
}

// Inv sets z to 1/x.
func (z *Rat) Inv(x *Rat) *Rat {
	if len(x.a.abs) == 0 {
		panic("division by zero")
	}
	z.Set(x)
	z.a.abs, z.b.abs = z.b.abs, z.a.abs
	return z
}

// Sign returns -1, 0 or 1.
func (x *Rat) Sign() int {
	return x.a.Sign()
}

// IsInt reports whether x is an integer.
func (x *Rat) IsInt() bool {
	return len(x.b.abs) == 0 || x.b.abs.cmp(natOne) == 0
}

// Num returns the numerator.
func (x *Rat) Num() *Int {
	return &x.a
}

// Denom returns the denominator.
func (x *Rat) Denom() *Int {
	if len(x.b.abs) == 0 {
		return &Int{abs: nat{1}}
	}
	return &x.b
}

// scaled returns x's numerator times y's denominator, in digits of the scratch if it is not the numerator itself.
func (x *Rat) scaled(s *scratch, y *Rat) nat {
	d := y.b.abs
	if len(d) == 0 || len(d) == 1 && d[0] == 1 {
		return x.a.abs
	}
	return s.take(len(x.a.abs)+len(d)).mul(s, x.a.abs, d)
}

// setDenominators sets z's denominator to the product of those of x and y.
func (z *Rat) setDenominators(s *scratch, x, y *Rat) {
	switch {
	case len(x.b.abs) == 0:
		z.b.abs = z.b.abs.set(y.den())
	case len(y.b.abs) == 0:
		z.b.abs = z.b.abs.set(x.b.abs)
	default:
		z.b.abs = z.b.abs.mul(s, x.b.abs, y.b.abs)
	}
}

// Cmp compares x and y.
func (x *Rat) Cmp(y *Rat) int {
	var s scratch
	a := Int{x.a.neg, x.scaled(&s, y)}
	b := Int{y.a.neg, y.scaled(&s, x)}
	c := a.Cmp(&b)
	s.done()
	return c
}

// Add sets z to x+y.
func (z *Rat) Add(x, y *Rat) *Rat {
	var s scratch
	z.add(&s, x, y, false)
	s.done()
	return z
}

// Sub sets z to x-y.
func (z *Rat) Sub(x, y *Rat) *Rat {
	var s scratch
	z.add(&s, x, y, true)
	s.done()
	return z
}

// add sets z to x+y, or to x-y.
func (z *Rat) add(s *scratch, x, y *Rat, minus bool) {
	a := Int{x.a.neg, x.scaled(s, y)}
	b := Int{y.a.neg, y.scaled(s, x)}
	z.a.sum(&a, &b, b.neg != minus)
	z.setDenominators(s, x, y)
	z.reduce(s)
}

// Mul sets z to x*y.
func (z *Rat) Mul(x, y *Rat) *Rat {
	var s scratch
	z.a.mul(&s, &x.a, &y.a)
	if x == y {
		// There is nothing to reduce.
		z.b.abs = z.b.abs.sqr(&s, x.den())
		z.b.neg = false
	} else {
		z.setDenominators(&s, x, y)
		z.reduce(&s)
	}
	s.done()
	return z
}

// Quo sets z to x/y.
func (z *Rat) Quo(x, y *Rat) *Rat {
	if len(y.a.abs) == 0 {
		panic("division by zero")
	}
	var s scratch
	neg := x.a.neg != y.a.neg
	a, b := x.scaled(&s, y), y.scaled(&s, x)
	if overlap(z.a.abs, b) {
		b = s.take(len(b)).set(b)
	}
	z.a.abs = z.a.abs.set(a)
	z.a.neg = neg && len(a) > 0
	z.b.abs = z.b.abs.set(b)
	z.reduce(&s)
	s.done()
	return z
}

// Float64 returns the nearest float64, and whether it is x.
func (x *Rat) Float64() (f float64, exact bool) {
	f, acc := x.nearest(53, -1074)
	return f, acc == Exact && !math.IsInf(f, 0)
}

// Float32 returns the nearest float32, and whether it is x.
func (x *Rat) Float32() (f float32, exact bool) {
	v, acc := x.nearest(24, -149)
	f = float32(v)
	return f, acc == Exact && !math.IsInf(float64(f), 0)
}

// nearest rounds x to size bits, the last of which is not below 2**low.
func (x *Rat) nearest(size, low int) (float64, Accuracy) {
	if len(x.a.abs) == 0 {
		if x.a.neg {
			return math.Copysign(0, -1), Exact
		}
		return 0, Exact
	}
	var s scratch
	a, b := x.a.abs, x.den()
	// As many zeros as make the quotient longer than a digit.
	zeros := max(len(b)-len(a)+2, 0)
	n := len(a) + zeros
	u := s.take(n)
	clear(u[:zeros])
	copy(u[zeros:], a)
	q, r := s.take(n).div(&s, s.take(n), u, b)
	top, more := q.top()
	f, acc := nearest(top, more || len(r) > 0, int64(q.bitLen()-zeros*wordBits), size, low)
	s.done()
	if x.a.neg {
		return -f, -acc
	}
	return f, acc
}
