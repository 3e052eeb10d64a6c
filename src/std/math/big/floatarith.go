package big

import "math"

// Add sets z to x+y.
func (z *Float) Add(x, y *Float) *Float {
	if z.prec == 0 {
		z.prec = max(x.prec, y.prec)
	}
	if x.form == finite && y.form == finite {
		var s scratch
		z.sum(&s, x, y, y.neg)
		s.done()
		return z
	}
	if x.form == inf && y.form == inf && x.neg != y.neg {
		z.undefined("addition of infinities with opposite signs")
	}
	if x.form == zero && y.form == zero {
		z.acc = Exact
		z.form = zero
		z.neg = x.neg && y.neg
		return z
	}
	if x.form == inf || y.form == zero {
		return z.Set(x)
	}
	return z.Set(y)
}

// Sub sets z to x-y.
func (z *Float) Sub(x, y *Float) *Float {
	if z.prec == 0 {
		z.prec = max(x.prec, y.prec)
	}
	if x.form == finite && y.form == finite {
		var s scratch
		z.sum(&s, x, y, !y.neg)
		s.done()
		return z
	}
	if x.form == inf && y.form == inf && x.neg == y.neg {
		z.undefined("subtraction of infinities with equal signs")
	}
	if x.form == zero && y.form == zero {
		z.acc = Exact
		z.form = zero
		z.neg = x.neg && !y.neg
		return z
	}
	if x.form == inf || y.form == zero {
		return z.Set(x)
	}
	return z.Neg(y)
}

// undefined sets z to 0 and panics.
func (z *Float) undefined(msg string) {
	z.acc = Exact
	z.form = zero
	z.neg = false
	panic(ErrNaN{msg})
}

// sum sets z to the sum of x and a number with y's magnitude and the sign yneg. Both are finite.
func (z *Float) sum(s *scratch, x, y *Float, yneg bool) {
	mark := s.mark()
	xneg := x.neg
	if x.low() < y.low() {
		x, y = y, x
		xneg, yneg = yneg, xneg
	}
	// x's digits have to be shifted to be added to y's.
	low := y.low()
	shift := uint(x.low() - low)
	m := len(x.mant) + int(shift/wordBits) + 1
	n := max(m, len(y.mant)) + 1
	a, b := s.take(m).lsh(x.mant, shift), y.mant
	t := s.take(n)
	neg := xneg
	if xneg == yneg {
		t = t.add(a, b)
	} else if c := a.cmp(b); c > 0 {
		t = t.sub(a, b)
	} else if c < 0 {
		neg = yneg
		t = t.sub(b, a)
	} else {
		t = t[:0]
	}
	z.neg = neg
	if len(t) == 0 {
		z.acc = Exact
		z.form = zero
		z.neg = z.mode == ToNegativeInf
	} else {
		z.setNat(t, low, false)
	}
	s.release(mark)
}

// Mul sets z to x*y.
func (z *Float) Mul(x, y *Float) *Float {
	if z.prec == 0 {
		z.prec = max(x.prec, y.prec)
	}
	if x.form == finite && y.form == finite {
		var s scratch
		z.product(&s, x, y)
		s.done()
		return z
	}
	if x.form == zero && y.form == inf || x.form == inf && y.form == zero {
		z.undefined("multiplication of zero with infinity")
	}
	isInf := x.form == inf || y.form == inf
	z.acc = Exact
	z.neg = x.neg != y.neg
	z.form = zero
	if isInf {
		z.form = inf
	}
	return z
}

// product sets z to x*y; both are finite.
func (z *Float) product(s *scratch, x, y *Float) {
	mark := s.mark()
	neg, low := x.neg != y.neg, x.low()+y.low()
	t := s.take(len(x.mant) + len(y.mant))
	if x == y {
		t = t.sqr(s, x.mant)
	} else {
		t = t.mul(s, x.mant, y.mant)
	}
	z.neg = neg
	z.setNat(t, low, false)
	s.release(mark)
}

// Quo sets z to x/y.
func (z *Float) Quo(x, y *Float) *Float {
	if z.prec == 0 {
		z.prec = max(x.prec, y.prec)
	}
	if x.form == finite && y.form == finite {
		var s scratch
		z.neg = x.neg != y.neg
		z.divide(&s, x.mant, x.low(), y.mant, y.low())
		s.done()
		return z
	}
	if x.form == y.form {
		z.undefined("division of zero by zero or infinity by infinity")
	}
	isZero := x.form == zero || y.form == inf
	z.acc = Exact
	z.neg = x.neg != y.neg
	z.form = inf
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
	// The root of 0.25 to 2, then half of the exponent. The numbers in between are rounded as Go's are: the last bit of the
	// result depends on it.
	prec := z.prec
	exp := x.MantExp(z)
	z.prec = prec
	z.exp = int32(exp % 2)
	var s scratch
	words := 2*(int(prec/wordBits)+1) + 2
	guess, _ := z.Float64()
	inverse := Float{prec: 53, mant: s.take(words)}
	inverse.SetFloat64(1 / math.Sqrt(guess))
	three := Float{prec: 53, mant: s.take(1)}
	three.SetInt64(3)
	t, u := Float{mant: s.take(words)}, Float{mant: s.take(words)}
	for inverse.prec < prec+32 {
		// Newton's step for 1/i**2 = z: i*(3 - z*i*i)/2.
		inverse.prec *= 2
		t.prec, u.prec = inverse.prec, inverse.prec
		t.product(&s, &inverse, &inverse)
		t.product(&s, z, &t)
		u.sum(&s, &three, &t, true)
		t.product(&s, &inverse, &u)
		t.exp--
		inverse.Set(&t)
	}
	z.product(&s, z, &inverse)
	s.done()
	return z.SetMantExp(z, exp/2)
}

// Cmp compares x and y.
func (x *Float) Cmp(y *Float) int {
	a, b := x.order(), y.order()
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	switch a {
	case -1:
		return y.compare(x)
	case 1:
		return x.compare(y)
	}
	return 0
}

// order returns -2 to 2: for negative infinities, negative numbers, 0, positive numbers and infinities.
func (x *Float) order() int {
	var c int
	switch x.form {
	case finite:
		c = 1
	case inf:
		c = 2
	}
	if x.neg {
		c = -c
	}
	return c
}

// compare compares the magnitudes of finite numbers.
func (x *Float) compare(y *Float) int {
	if x.exp != y.exp {
		if x.exp < y.exp {
			return -1
		}
		return 1
	}
	// From the highest digit on; the shorter one goes on with zeros.
	a, b := x.mant, y.mant
	n := min(len(a), len(b))
	if c := a[len(a)-n:].cmp(b[len(b)-n:]); c != 0 {
		return c
	}
	switch {
	case len(a[:len(a)-n].norm()) > 0:
		return 1
	case len(b[:len(b)-n].norm()) > 0:
		return -1
	}
	return 0
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
		return nil, accuracy(x.neg)
	}
	if x.exp <= 0 {
		return z.SetInt64(0), accuracy(x.neg)
	}
	if low := x.low(); low >= 0 {
		z.abs = z.abs.lsh(x.mant, uint(low))
	} else {
		z.abs = z.abs.rsh(x.mant, uint(-low))
	}
	z.neg = x.neg
	if x.MinPrec() <= uint(x.exp) {
		return z, Exact
	}
	return z, accuracy(x.neg)
}

// Int64 returns x's integer part, or the nearest int64.
func (x *Float) Int64() (int64, Accuracy) {
	switch {
	case x.form == zero:
		return 0, Exact
	case x.form == inf && x.neg:
		return math.MinInt64, Above
	case x.form == inf || x.exp > 63 && !x.neg:
		return math.MaxInt64, Below
	case x.exp <= 0:
		return 0, accuracy(x.neg)
	case x.exp > 63:
		if x.exp == 64 && x.MinPrec() == 1 {
			return math.MinInt64, Exact
		}
		return math.MinInt64, Above
	}
	i := int64(x.mant[len(x.mant)-1] >> (64 - x.exp))
	if x.neg {
		i = -i
	}
	if x.MinPrec() <= uint(x.exp) {
		return i, Exact
	}
	return i, accuracy(x.neg)
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
	case x.exp <= 0:
		return 0, Below
	}
	u := uint64(x.mant[len(x.mant)-1] >> (64 - x.exp))
	// As in Go, what 64 bits can hold counts as exact.
	if x.MinPrec() <= 64 {
		return u, Exact
	}
	return u, Below
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
		return nil, accuracy(x.neg)
	}
	// Without a power of two there is nothing to reduce.
	zeros := x.mant.trailingZeroBits()
	z.a.abs = z.a.abs.rsh(x.mant, zeros)
	z.a.neg = x.neg
	z.b.neg = false
	z.b.abs = z.b.abs.setWord(1)
	if low := x.low() + int64(zeros); low > 0 {
		z.a.abs = z.a.abs.lsh(z.a.abs, uint(low))
	} else {
		z.b.abs = z.b.abs.lsh(z.b.abs, uint(-low))
	}
	return z, Exact
}

// top returns the 64 highest bits of x, which is not 0, from the first that is 1, and whether there are others below.
func (x nat) top() (uint64, bool) {
	n := len(x)
	zeros := uint(n*wordBits - x.bitLen())
	w := x[n-1] << zeros
	if n > 1 && zeros > 0 {
		w |= x[n-2] >> (wordBits - zeros)
	}
	return uint64(w), x.trailingZeroBits() < uint(x.bitLen()-min(x.bitLen(), wordBits))
}

// nearest rounds 0.top * 2**exp to size bits, the last of which is not below 2**low; more says that the number is a little
// larger.
func nearest(top uint64, more bool, exp int64, size, low int) (float64, Accuracy) {
	if exp > math.MaxInt16 {
		return math.Inf(1), Above
	}
	size = int(min(int64(size), exp-int64(low)))
	if size < 0 {
		return 0, Below
	}
	// Size may be 0: then there is only the bit that tells how to round.
	keep := uint64(0)
	if size > 0 {
		keep = top >> (64 - size)
	}
	half := top>>(63-size)&1 != 0
	rest := more || top<<(size+1) != 0
	acc := Exact
	if half && (rest || keep&1 != 0) {
		keep++
		acc = Above
	} else if half || rest {
		acc = Below
	}
	f := math.Ldexp(float64(keep), int(exp)-size)
	if math.IsInf(f, 1) {
		acc = Above
	}
	return f, acc
}

// nearest returns the nearest number of so many bits, the last of which is not below 2**low.
func (x *Float) nearest(size, low int, most float64) (float64, Accuracy) {
	var f float64
	var acc Accuracy
	switch x.form {
	case finite:
		top, more := x.mant.top()
		if f, acc = nearest(top, more, int64(x.exp), size, low); f > most {
			f, acc = math.Inf(1), Above
		}
	case inf:
		f = math.Inf(1)
	}
	if x.neg {
		return -f, -acc
	}
	return f, acc
}

// Float64 returns the nearest float64.
//
//go:noinline
func (x *Float) Float64() (float64, Accuracy) {
	return x.nearest(53, -1074, math.MaxFloat64)
}

// Float32 returns the nearest float32.
//
//go:noinline
func (x *Float) Float32() (float32, Accuracy) {
	f, acc := x.nearest(24, -149, math.MaxFloat32)
	return float32(f), acc
}
