package math

import "x/internal/rt"

// Sqrt returns the square root of x. (intrinsic)
func Sqrt(x float64) float64 { return sqrt(x) }

func sqrt(x float64) float64 { return rt.Sqrt(x) }

// FMA returns x×y+z, rounded once. (intrinsic)
//
//go:noinline
func FMA(x, y, z float64) float64 { return rt.FMA(x, y, z) }

// Trunc returns the integer part of x. (intrinsic)
func Trunc(x float64) float64 { return trunc(x) }

//go:noinline
func trunc(x float64) float64 {
	if Abs(x) < 1<<fracBits {
		return Copysign(float64(int64(x)), x)
	}
	return x
}

// Floor returns the greatest integer that is at most x. (intrinsic)
func Floor(x float64) float64 { return floor(x) }

func floor(x float64) float64 {
	t := trunc(x)
	if t > x {
		t--
	}
	return t
}

// Ceil returns the least integer that is at least x. (intrinsic)
func Ceil(x float64) float64 { return ceil(x) }

//go:noinline
func ceil(x float64) float64 { return -floor(-x) }

// Modf returns the integer and the fractional part of f, both with its sign.
func Modf(f float64) (integer float64, fractional float64) {
	integer = Trunc(f)
	fractional = Copysign(f-integer, f)
	return
}

// Round rounds x to the nearest integer, halves away from zero.
func Round(x float64) float64 {
	b := Float64bits(x)
	e := uint(b>>fracBits) & expMask
	if e < expBias {
		b &= signBit
		if e == expBias-1 {
			b |= expBias << fracBits // from a half on, one
		}
	} else if e < expBias+fracBits {
		// Half a unit carries into the integer part, and the exponent if need be.
		e -= expBias
		b += 1 << (fracBits - 1) >> e
		b &^= fracMask >> e
	}
	return Float64frombits(b)
}

// RoundToEven rounds x to the nearest integer, halves to the even one. (intrinsic)
func RoundToEven(x float64) float64 { return roundToEven(x) }

func roundToEven(x float64) float64 {
	if a := Abs(x); a < 1<<fracBits {
		// Adding 2^52 leaves no room for a fraction.
		return Copysign(a+1<<fracBits-1<<fracBits, x)
	}
	return x
}

// Dim returns the greater of x-y and 0.
func Dim(x, y float64) float64 {
	v := x - y
	if v <= 0 {
		return 0
	}
	return v
}

// Max returns the greater of x and y; +Inf and then NaN win, and +0 over -0.
func Max(x, y float64) float64 { return maximum(x, y) }

func maximum(x, y float64) float64 {
	switch {
	case x > MaxFloat64 || y > MaxFloat64:
		return Inf(1)
	case x != x || y != y:
		return NaN()
	case x == 0 && y == 0:
		return Float64frombits(Float64bits(x) & Float64bits(y))
	case x > y:
		return x
	}
	return y
}

// Min returns the lesser of x and y; -Inf and then NaN win, and -0 over +0.
func Min(x, y float64) float64 { return minimum(x, y) }

func minimum(x, y float64) float64 {
	switch {
	case x < -MaxFloat64 || y < -MaxFloat64:
		return Inf(-1)
	case x != x || y != y:
		return NaN()
	case x == 0 && y == 0:
		return Float64frombits(Float64bits(x) | Float64bits(y))
	case x < y:
		return x
	}
	return y
}

// Mod returns the remainder of x/y with the sign of x.
func Mod(x, y float64) float64 { return mod(x, y) }

func mod(x, y float64) float64 {
	if y == 0 || x-x != 0 || y != y {
		return NaN()
	}
	y = Abs(y)
	if y > MaxFloat64 {
		return x
	}
	fy, ey := frexp(y)
	r := Abs(x)
	for r >= y {
		fr, er := frexp(r)
		if fr < fy {
			er--
		}
		r -= ldexp(y, er-ey)
	}
	return Copysign(r, x)
}

// Remainder returns x minus the multiple of y nearest to it, the even one of two.
func Remainder(x, y float64) float64 { return remainder(x, y) }

func remainder(x, y float64) float64 {
	switch {
	case x-x != 0 || y != y || y == 0:
		return NaN()
	case x == 0 || IsInf(y, 0):
		return x
	}
	r := Abs(x)
	y = Abs(y)
	if r == y {
		return Copysign(0, x)
	}
	if y <= MaxFloat64/2 {
		r = mod(r, y+y)
	}
	// r is below 2y: subtract y until it is at most y/2.
	if y < 0x1p-1021 {
		if r+r > y {
			r -= y
			if r+r >= y {
				r -= y
			}
		}
	} else if half := 0.5 * y; r > half {
		r -= y
		if r >= half {
			r -= y
		}
	}
	if x < 0 {
		r = -r
	}
	return r
}
