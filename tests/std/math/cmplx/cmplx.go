// Package cmplx has functions of complex numbers.
package cmplx

import "x/math"

// Abs returns |x|.
func Abs(x complex128) float64 { return math.Hypot(real(x), imag(x)) }

// Phase returns the angle of x, in (-π, π].
func Phase(x complex128) float64 { return math.Atan2(imag(x), real(x)) }

// Polar returns Abs(x) and Phase(x).
func Polar(x complex128) (r, θ float64) { return Abs(x), Phase(x) }

// Rect returns the number with absolute value r and angle θ.
func Rect(r, θ float64) complex128 {
	s, c := math.Sincos(θ)
	return complex(r*c, r*s)
}

// Conj returns the conjugate of x.
func Conj(x complex128) complex128 { return complex(real(x), -imag(x)) }

// IsInf reports whether a part of x is infinite.
func IsInf(x complex128) bool { return math.IsInf(real(x), 0) || math.IsInf(imag(x), 0) }

// Inf returns an infinity.
func Inf() complex128 {
	inf := math.Inf(1)
	return complex(inf, inf)
}

// IsNaN reports whether a part of x is NaN and none is infinite.
//
//go:noinline
func IsNaN(x complex128) bool { return !IsInf(x) && (math.IsNaN(real(x)) || math.IsNaN(imag(x))) }

// NaN returns a NaN.
func NaN() complex128 {
	nan := math.NaN()
	return complex(nan, nan)
}

// Exp returns e^x.
func Exp(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case math.IsNaN(re) && im == 0:
		return complex(math.NaN(), im)
	case re > math.MaxFloat64 && im == 0:
		return x
	case math.IsInf(re, 0) && im-im != 0:
		if re < 0 {
			return complex(0, math.Copysign(0, im))
		}
		return complex(math.Inf(1), math.NaN())
	}
	return Rect(math.Exp(re), im)
}

// Log returns the natural logarithm of x.
func Log(x complex128) complex128 { return complex(math.Log(Abs(x)), Phase(x)) }

// Log10 returns the decimal logarithm of x.
func Log10(x complex128) complex128 {
	z := Log(x)
	return complex(math.Log10E*real(z), math.Log10E*imag(z))
}

// Pow returns x^y.
func Pow(x, y complex128) complex128 {
	if x == 0 {
		switch r := real(y); {
		case IsNaN(y):
			return NaN()
		case r == 0:
			return 1
		case r > 0:
			return 0
		case r < 0 && imag(y) == 0:
			return complex(math.Inf(1), 0)
		case r < 0:
			return Inf()
		}
		panic("not reached") // NaN with an infinity, as in Go
	}
	modulus := Abs(x)
	if modulus == 0 {
		return 0
	}
	r := math.Pow(modulus, real(y))
	arg := Phase(x)
	θ := real(y) * arg
	if imag(y) != 0 {
		r *= math.Exp(-imag(y) * arg)
		θ += imag(y) * math.Log(modulus)
	}
	return Rect(r, θ)
}

// Sqrt returns the square root of x with a real part that is not negative.
func Sqrt(x complex128) complex128 {
	a, b := real(x), imag(x)
	switch {
	case b == 0 && a == 0:
		return complex(0, b)
	case b == 0 && a < 0:
		return complex(0, math.Copysign(math.Sqrt(-a), b))
	case b == 0:
		return complex(math.Sqrt(a), b)
	case math.IsInf(b, 0):
		return complex(math.Inf(1), b)
	case a == 0:
		r := math.Sqrt(0.5 * math.Abs(b))
		return complex(r, math.Copysign(r, b))
	}
	// Scaled, so that the intermediate results neither overflow nor underflow.
	scale := 2.0
	if math.Abs(a) > 4 || math.Abs(b) > 4 {
		a *= 0.25
		b *= 0.25
	} else {
		a *= 0x1p54
		b *= 0x1p54
		scale = 0x1p-27
	}
	r := math.Hypot(a, b)
	var t float64
	if a > 0 {
		t = math.Sqrt(0.5*r + 0.5*a)
		r = scale * math.Abs((0.5*b)/t)
		t *= scale
	} else {
		r = math.Sqrt(0.5*r - 0.5*a)
		t = scale * math.Abs((0.5*b)/r)
		r *= scale
	}
	if b < 0 {
		return complex(t, -r)
	}
	return complex(t, r)
}
