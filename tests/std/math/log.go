package math

// Log returns the natural logarithm of x.
func Log(x float64) float64 { return log(x) }

// The even and odd coefficients of the approximation of
// (log(1+f) - log(1-f))/s - 2 in s² for s = f/(2+f).
var (
	logOdd  = [...]float64{1.479819860511658591e-01, 1.818357216161805012e-01, 2.857142874366239149e-01, 6.666666666666735130e-01}
	logEven = [...]float64{1.531383769920937332e-01, 2.222219843214978396e-01, 3.999999999940941908e-01}
)

func log(x float64) float64 {
	switch {
	case x != x || x > MaxFloat64:
		return x
	case x == 0:
		return Inf(-1)
	case x < 0:
		return NaN()
	}
	// As Go's amd64 code, this takes subnormal numbers for normal ones.
	b := Float64bits(x)
	k := float64(int(b>>fracBits) - (expBias - 1))
	f := Float64frombits(b&fracMask | (expBias-1)<<fracBits)
	if f < Sqrt2/2 {
		f *= 2
		k--
	}
	f--
	s := f / (2 + f)
	s2 := s * s
	s4 := s2 * s2
	r := s2*poly(s4, logOdd[:]) + s4*poly(s4, logEven[:])
	h := 0.5 * f * f
	return k*ln2Hi - ((h - (s*(h+r) + k*ln2Lo)) - f)
}

// Log10 returns the decimal logarithm of x.
func Log10(x float64) float64 { return log10(x) }

func log10(x float64) float64 { return Log(x) * (1 / Ln10) }

// Log2 returns the binary logarithm of x; it is exact for powers of two.
func Log2(x float64) float64 { return log2(x) }

func log2(x float64) float64 {
	f, e := frexp(x)
	if f == 0.5 {
		return float64(e - 1)
	}
	return Log(f)*(1/Ln2) + float64(e)
}

// Log1p returns log(1+x), accurate for small x.
func Log1p(x float64) float64 { return log1p(x) }

var log1pPoly = [...]float64{
	1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01, 2.222219843214978396e-01,
	2.857142874366239149e-01, 3.999999999940941908e-01, 6.666666666666735130e-01,
}

func log1p(x float64) float64 {
	switch {
	case x < -1 || x != x:
		return NaN()
	case x == -1:
		return Inf(-1)
	case x > MaxFloat64:
		return x
	}
	a := Abs(x)
	f, c := x, 0.0
	k := 0
	fraction := uint64(1) // of f+1; 0 if f is (nearly) 0
	switch {
	case a < 0x1p-54:
		return x
	case a < 0x1p-29:
		return x - x*x*0.5
	case a >= 4.142135623730950488017e-01 || x <= -2.928932188134524755992e-01: // √2-1, √2/2-1
		u := x
		if a < 1<<53 {
			u = 1 + x
			k = exponent(u)
			if k > 0 {
				c = 1 - (u - x)
			} else {
				c = x - (u - 1)
			}
			c /= u
		} else {
			k = exponent(u)
		}
		fraction = Float64bits(u) & fracMask
		if fraction < 0x0006A09E667F3BCD { // √2
			u = Float64frombits(fraction | expBias<<fracBits)
		} else {
			k++
			u = Float64frombits(fraction | (expBias-1)<<fracBits)
			fraction = (1<<fracBits - fraction) >> 2
		}
		f = u - 1
	}
	kf := float64(k)
	h := 0.5 * f * f
	if fraction == 0 {
		if f == 0 {
			if k == 0 {
				return 0
			}
			return kf*ln2Hi + (c + kf*ln2Lo)
		}
		r := h * (1 - 0.66666666666666666*f)
		if k == 0 {
			return f - r
		}
		return kf*ln2Hi - ((r - (kf*ln2Lo + c)) - f)
	}
	s := f / (2 + f)
	z := s * s
	r := z * poly(z, log1pPoly[:])
	if k == 0 {
		return f - (h - s*(h+r))
	}
	return kf*ln2Hi - ((h - (s*(h+r) + (kf*ln2Lo + c))) - f)
}

// Asinh returns the inverse hyperbolic sine of x.
func Asinh(x float64) float64 { return asinh(x) }

func asinh(x float64) float64 {
	if x-x != 0 {
		return x
	}
	a := Abs(x)
	switch {
	case a > 1<<28:
		a = log(a) + Ln2
	case a > 2:
		a = log(2*a + 1/(sqrt(a*a+1)+a))
	case a >= 0x1p-28:
		a = log1p(a + a*a/(1+sqrt(1+a*a)))
	}
	return Copysign(a, x)
}

// Acosh returns the inverse hyperbolic cosine of x.
func Acosh(x float64) float64 { return acosh(x) }

func acosh(x float64) float64 {
	switch {
	case x < 1 || x != x:
		return NaN()
	case x == 1:
		return 0
	case x >= 1<<28:
		return log(x) + Ln2
	case x > 2:
		return log(2*x - 1/(x+sqrt(x*x-1)))
	}
	t := x - 1
	return log1p(t + sqrt(2*t+t*t))
}

// Atanh returns the inverse hyperbolic tangent of x.
func Atanh(x float64) float64 { return atanh(x) }

func atanh(x float64) float64 {
	a := Abs(x)
	switch {
	case a > 1 || x != x:
		return NaN()
	case a == 1:
		return Copysign(Inf(1), x)
	case a < 0x1p-28:
		return x
	case a < 0.5:
		t := a + a
		a = 0.5 * log1p(t+t*a/(1-a))
	default:
		a = 0.5 * log1p((a+a)/(1-a))
	}
	return Copysign(a, x)
}
