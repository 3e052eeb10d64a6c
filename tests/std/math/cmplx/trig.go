package cmplx

import (
	"x/math"
	"x/math/bits"
)

// timesI and byI return i·z and z/i.
func timesI(z complex128) complex128 { return complex(-imag(z), real(z)) }
func byI(z complex128) complex128    { return complex(imag(z), -real(z)) }

func bad(x float64) bool { return x-x != 0 } // infinite or NaN

// sinhcosh returns both hyperbolic functions of x.
func sinhcosh(x float64) (sh, ch float64) {
	if math.Abs(x) <= 0.5 {
		return math.Sinh(x), math.Cosh(x)
	}
	e := math.Exp(x)
	half := 0.5 / e
	e *= 0.5
	return e - half, e + half
}

// Sin returns the sine of x.
func Sin(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case im == 0 && bad(re):
		return complex(math.NaN(), im)
	case re == 0 && bad(im):
		return x
	case math.IsInf(im, 0) && bad(re):
		return complex(math.NaN(), im)
	}
	s, c := math.Sincos(re)
	sh, ch := sinhcosh(im)
	return complex(s*ch, c*sh)
}

// Sinh returns the hyperbolic sine of x.
func Sinh(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case re == 0 && bad(im):
		return complex(re, math.NaN())
	case im == 0 && bad(re):
		if re != re {
			re = math.NaN()
		}
		return complex(re, im)
	case math.IsInf(re, 0) && bad(im):
		return complex(re, math.NaN())
	}
	s, c := math.Sincos(im)
	sh, ch := sinhcosh(re)
	return complex(c*sh, s*ch)
}

// Cos returns the cosine of x.
func Cos(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case im == 0 && bad(re):
		return complex(math.NaN(), -im*math.Copysign(0, re))
	case re == 0 && im != im:
		return complex(math.NaN(), 0)
	case re == 0 && bad(im):
		return complex(math.Inf(1), -re*math.Copysign(0, im))
	case bad(re) && math.IsInf(im, 0):
		return complex(math.Inf(1), math.NaN())
	}
	s, c := math.Sincos(re)
	sh, ch := sinhcosh(im)
	return complex(c*ch, -s*sh)
}

// Cosh returns the hyperbolic cosine of x.
func Cosh(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case re == 0 && bad(im):
		return complex(math.NaN(), re*math.Copysign(0, im))
	case im == 0 && re != re:
		return complex(math.NaN(), im)
	case im == 0 && bad(re):
		return complex(math.Inf(1), im*math.Copysign(0, re))
	case math.IsInf(re, 0) && bad(im):
		return complex(math.Inf(1), math.NaN())
	}
	s, c := math.Sincos(im)
	sh, ch := sinhcosh(re)
	return complex(c*ch, s*sh)
}

// over returns (re + im·i)/d, an infinity for d = 0.
func over(re, im, d float64) complex128 {
	if d == 0 {
		return Inf()
	}
	return complex(re/d, im/d)
}

// Tan returns the tangent of x.
func Tan(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case math.IsInf(im, 0):
		if !bad(re) {
			re = math.Sin(2 * re)
		}
		return complex(math.Copysign(0, re), math.Copysign(1, im))
	case re == 0 && im != im:
		return x
	}
	d := math.Cos(2*re) + math.Cosh(2*im)
	if math.Abs(d) < 0.25 {
		d = tanSeries(x)
	}
	return over(math.Sin(2*re), math.Sinh(2*im), d)
}

// Tanh returns the hyperbolic tangent of x.
func Tanh(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case math.IsInf(re, 0):
		if !bad(im) {
			im = math.Sin(2 * im)
		}
		return complex(math.Copysign(1, re), math.Copysign(0, im))
	case im == 0 && re != re:
		return x
	}
	return over(math.Sinh(2*re), math.Sin(2*im), math.Cosh(2*re)+math.Cos(2*im))
}

// Cot returns the cotangent of x.
func Cot(x complex128) complex128 {
	re, im := real(x), imag(x)
	d := math.Cosh(2*im) - math.Cos(2*re)
	if math.Abs(d) < 0.25 {
		d = tanSeries(x)
	}
	return over(math.Sin(2*re), -math.Sinh(2*im), d)
}

// tanSeries returns cosh 2·im - cos 2·re (up to a multiple of π) by its power
// series, where the difference would cancel.
func tanSeries(z complex128) float64 {
	x := reducePi(math.Abs(2 * real(z)))
	y := math.Abs(2 * imag(z))
	x *= x
	y *= y
	px, py, factorial, sum := 1.0, 1.0, 1.0, 0.0
	for n := 1.0; ; n += 4 {
		factorial *= n
		factorial *= n + 1
		px *= x
		py *= y
		sum += (py + px) / factorial
		factorial *= n + 2
		factorial *= n + 3
		px *= x
		py *= y
		t := (py - px) / factorial
		sum += t
		if !(math.Abs(t/sum) > 0x1p-53) {
			return sum
		}
	}
}

// perPi has the bits of 1/π, after a word of zeros.
var perPi = [...]uint64{
	0, 0x517cc1b727220a94, 0xfe13abe8fa9a6ee0, 0x6db14acc9e21c820, 0xff28b1d5ef5de2b0, 0xdb92371d2126e970, 0x0324977504e8c90e,
	0x7f0ef58e5894d39f, 0x74411afa975da242, 0x74ce38135a2fbf20, 0x9cc8eb1cc1a99cfa, 0x4e422fc5defc941d, 0x8ffc4bffef02cc07,
	0xf79788c5ad05368f, 0xb69b3f6793e584db, 0xa7a31fb34f2ff516, 0xba93dd63f5f2f8bd, 0x9e839cfbc5294975, 0x35fdafd88fc6ae84,
	0x2b0198237e3db5d5,
}

// reducePi returns what is left of x >= 0 after the nearest multiple of π.
func reducePi(x float64) float64 {
	if math.Abs(x) < 1<<30 {
		// π in three parts, the first two of few bits.
		const (
			pi1 = 3.141592502593994
			pi2 = 1.5099578831723193e-07
			pi3 = 1.0780605716316238e-14
		)
		n := float64(int64(x/math.Pi + 0.5))
		return ((x - n*pi1) - n*pi2) - n*pi3
	}
	// x is m·2^e; the bits of m/π from the point on are the fraction (Payne, Hanek).
	b := math.Float64bits(x)
	e := int(b>>52&0x7FF) - 1023 - 52
	m := b&(1<<52-1) | 1<<52
	word, shift := uint(e+64)/64, uint(e+64)%64
	a0 := perPi[word]<<shift | perPi[word+1]>>(64-shift)
	a1 := perPi[word+1]<<shift | perPi[word+2]>>(64-shift)
	a2 := perPi[word+2]<<shift | perPi[word+3]>>(64-shift)
	low, _ := bits.Mul64(a2, m)
	high, mid := bits.Mul64(a1, m)
	lo, carry := bits.Add64(mid, low, 0)
	hi := a0*m + high + carry
	zeros := uint(bits.LeadingZeros64(hi)) + 1
	hi = hi<<zeros | lo>>(64-zeros)
	f := math.Float64frombits(hi>>12 | uint64(1023-zeros)<<52)
	if f > 0.5 {
		f--
	}
	return math.Pi * f
}

// Asin returns the inverse sine of x.
func Asin(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case im == 0 && math.Abs(re) <= 1:
		return complex(math.Asin(re), im)
	case re == 0 && math.Abs(im) <= 1:
		return complex(re, math.Asinh(im))
	case im != im && re == 0:
		return complex(re, math.NaN())
	case im != im && math.IsInf(re, 0):
		return complex(math.NaN(), re)
	case im != im:
		return NaN()
	case math.IsInf(im, 0) && re != re:
		return x
	case math.IsInf(im, 0) && bad(re):
		return complex(math.Copysign(math.Pi/4, re), im)
	case math.IsInf(im, 0):
		return complex(math.Copysign(0, re), im)
	case math.IsInf(re, 0):
		return complex(math.Copysign(math.Pi/2, re), math.Copysign(re, im))
	}
	xx := x * x
	return byI(Log(timesI(x) + Sqrt(complex(1-real(xx), -imag(xx)))))
}

// Asinh returns the inverse hyperbolic sine of x.
func Asinh(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case im == 0 && math.Abs(re) <= 1:
		return complex(math.Asinh(re), im)
	case re == 0 && math.Abs(im) <= 1:
		return complex(re, math.Asin(im))
	case math.IsInf(re, 0) && im != im:
		return x
	case math.IsInf(re, 0) && bad(im):
		return complex(re, math.Copysign(math.Pi/4, im))
	case math.IsInf(re, 0):
		return complex(re, math.Copysign(0, im))
	case re != re && im == 0:
		return x
	case re != re && math.IsInf(im, 0):
		return complex(im, re)
	case re != re:
		return NaN()
	case math.IsInf(im, 0):
		return complex(math.Copysign(im, re), math.Copysign(math.Pi/2, im))
	}
	xx := x * x
	return Log(x + Sqrt(complex(1+real(xx), imag(xx))))
}

// Acos returns the inverse cosine of x.
func Acos(x complex128) complex128 {
	w := Asin(x)
	return complex(math.Pi/2-real(w), -imag(w))
}

// Acosh returns the inverse hyperbolic cosine of x.
func Acosh(x complex128) complex128 {
	if x == 0 {
		return complex(0, math.Copysign(math.Pi/2, imag(x)))
	}
	w := Acos(x)
	if imag(w) <= 0 {
		return timesI(w)
	}
	return byI(w)
}

// Atan returns the inverse tangent of x.
func Atan(x complex128) complex128 {
	re, im := real(x), imag(x)
	switch {
	case im == 0:
		return complex(math.Atan(re), im)
	case re == 0 && math.Abs(im) <= 1:
		return complex(re, math.Atanh(im))
	case math.IsInf(im, 0) || math.IsInf(re, 0):
		if re != re {
			return complex(math.NaN(), math.Copysign(0, im))
		}
		return complex(math.Copysign(math.Pi/2, re), math.Copysign(0, im))
	case re != re || im != im:
		return NaN()
	}
	square := re * re
	a := 1 - square - im*im
	b := square + (im-1)*(im-1)
	if a == 0 || b == 0 {
		return NaN()
	}
	w := reducePi(0.5 * math.Atan2(2*re, a))
	return complex(w, 0.25*math.Log((square+(im+1)*(im+1))/b))
}

// Atanh returns the inverse hyperbolic tangent of x.
func Atanh(x complex128) complex128 {
	z := complex(-imag(x), real(x)) // i·x
	z = Atan(z)
	return complex(imag(z), -real(z))
}
