package math

// Pow returns x^y.
func Pow(x, y float64) float64 { return pow(x, y) }

// odd reports whether x is an odd integer.
func odd(x float64) bool {
	return Abs(x) < 1<<53 && trunc(x) == x && int64(x)&1 == 1
}

func pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case y == 1:
		return x
	case x != x || y != y:
		return NaN()
	case x == 0:
		r := 0.0
		if y < 0 {
			r = Inf(1)
		}
		if odd(y) {
			return Copysign(r, x)
		}
		return r
	case IsInf(y, 0):
		return extreme(x, y)
	case IsInf(x, 0):
		if x < 0 {
			return pow(1/x, -y)
		}
		if y < 0 {
			return 0
		}
		return x
	case y == 0.5:
		return sqrt(x)
	case y == -0.5:
		return 1 / sqrt(x)
	}
	n, frac := Modf(Abs(y))
	if frac != 0 && x < 0 {
		return NaN()
	}
	if n >= 1<<63 {
		return extreme(x, y)
	}
	// The result is a × 2^e. The fraction of y goes by logarithm, nearest to 0;
	// the integer by squaring.
	a, e := 1.0, 0
	if frac != 0 {
		if frac > 0.5 {
			frac--
			n++
		}
		a = exp(frac * log(x))
	}
	m, me := frexp(x)
	for i := int64(n); i != 0; i >>= 1 {
		if me < -1<<12 || 1<<12 < me {
			// Overflow or underflow is certain.
			e += me
			break
		}
		if i&1 == 1 {
			a *= m
			e += me
		}
		m *= m
		me <<= 1
		if m < .5 {
			m += m
			me--
		}
	}
	if y < 0 {
		a = 1 / a
		e = -e
	}
	return ldexp(a, e)
}

// extreme returns x^y for a huge y.
func extreme(x, y float64) float64 {
	switch {
	case x == -1:
		return 1
	case (Abs(x) < 1) == (y > 0):
		return 0
	}
	return Inf(1)
}

var (
	tens      = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31}
	bigTens   = [...]float64{1e0, 1e32, 1e64, 1e96, 1e128, 1e160, 1e192, 1e224, 1e256, 1e288}
	smallTens = [...]float64{1e-0, 1e-32, 1e-64, 1e-96, 1e-128, 1e-160, 1e-192, 1e-224, 1e-256, 1e-288, 1e-320}
)

// Pow10 returns 10^n.
func Pow10(n int) float64 {
	if 0 <= n && n <= 308 {
		return bigTens[uint(n)/32] * tens[uint(n)%32]
	}
	if -323 <= n && n < 0 {
		return smallTens[uint(-n)/32] / tens[uint(-n)%32]
	}
	if n > 0 {
		return Inf(1)
	}
	return 0
}

// Hypot returns √(p²+q²) without needless overflow.
func Hypot(p, q float64) float64 { return hypot(p, q) }

func hypot(p, q float64) float64 {
	p, q = Abs(p), Abs(q)
	switch {
	case p > MaxFloat64 || q > MaxFloat64:
		return Inf(1)
	case p != p || q != q:
		return NaN()
	}
	if p < q {
		p, q = q, p
	}
	if p == 0 {
		return 0
	}
	q /= p
	return p * sqrt(1+q*q)
}

// Cbrt returns the cube root of x.
func Cbrt(x float64) float64 { return cbrt(x) }

func cbrt(x float64) float64 {
	if x == 0 || x-x != 0 {
		return x
	}
	a := Abs(x)
	// A third of the exponent, to 5 bits.
	t := Float64frombits(Float64bits(a)/3 + 715094163<<32)
	if a < 0x1p-1022 {
		t = Float64frombits(Float64bits(0x1p54*a)/3 + 696219795<<32)
	}
	// To 23 bits, rounded up, and one step of Newton's method.
	r := t * t / a
	s := 5.42857142857142815906e-01 + r*t
	t *= 3.57142857142857150787e-01 + 1.60714285714285720630e+00/(s+1.41428571428571436819e+00+-7.05306122448979611050e-01/s)
	t = Float64frombits(Float64bits(t)&(0xFFFFFFFFC<<28) + 1<<30)
	s = t * t
	r = a / s
	w := t + t
	r = (r - t) / (w + r)
	return Copysign(t+t*r, x)
}
