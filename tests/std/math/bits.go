package math

import "unsafe"

// Float64bits returns the representation of f. (intrinsic)
func Float64bits(f float64) uint64 { return *(*uint64)(unsafe.Pointer(&f)) }

// Float64frombits returns the float that b represents. (intrinsic)
func Float64frombits(b uint64) float64 { return *(*float64)(unsafe.Pointer(&b)) }

// Float32bits returns the representation of f. (intrinsic)
func Float32bits(f float32) uint32 { return *(*uint32)(unsafe.Pointer(&f)) }

// Float32frombits returns the float that b represents. (intrinsic)
func Float32frombits(b uint32) float32 { return *(*float32)(unsafe.Pointer(&b)) }

// Inf returns +Inf, or -Inf if sign is negative.
func Inf(sign int) float64 {
	var b uint64
	if sign >= 0 {
		b = expMask << fracBits
	} else {
		b = signBit | expMask<<fracBits
	}
	return Float64frombits(b)
}

// NaN returns a NaN.
func NaN() float64 { return Float64frombits(0x7FF8000000000001) }

// IsNaN reports whether f is a NaN.
func IsNaN(f float64) (is bool) { return f != f }

// IsInf reports whether f is +Inf (sign > 0), -Inf (sign < 0) or either (sign 0).
func IsInf(f float64, sign int) bool {
	if sign == 0 {
		f = Abs(f)
	} else if sign < 0 {
		f = -f
	}
	return f > MaxFloat64
}

// Abs returns |x|. (intrinsic)
func Abs(x float64) float64 { return Float64frombits(Float64bits(x) &^ signBit) }

// Copysign returns |f| with the sign of sign. (intrinsic)
func Copysign(f, sign float64) float64 {
	return Float64frombits(Float64bits(f)&^signBit | Float64bits(sign)&signBit)
}

// Signbit reports whether x is negative, or negative zero.
func Signbit(x float64) bool { return int64(Float64bits(x)) < 0 }

// split scales a subnormal x by a power of two so that it is normal.
func split(x float64) (y float64, exp int) {
	if Abs(x) < 0x1p-1022 {
		return x * (1 << fracBits), -fracBits
	}
	return x, 0
}

// exponent returns the unbiased exponent of x, -1023 for subnormals.
func exponent(x float64) int { return int(Float64bits(x)>>fracBits&expMask) - expBias }

// Frexp returns f as frac × 2^exp with 0.5 <= |frac| < 1.
func Frexp(f float64) (frac float64, exp int) { return frexp(f) }

func frexp(f float64) (float64, int) {
	if f == 0 || f-f != 0 {
		return f, 0
	}
	f, exp := split(f)
	exp += exponent(f) + 1
	return Float64frombits(Float64bits(f)&^(expMask<<fracBits) | (expBias-1)<<fracBits), exp
}

// Ldexp returns frac × 2^exp.
func Ldexp(frac float64, exp int) float64 { return ldexp(frac, exp) }

func ldexp(frac float64, exp int) float64 {
	if frac == 0 || frac-frac != 0 {
		return frac
	}
	frac, e := split(frac)
	exp += e + exponent(frac)
	if exp < -1075 {
		return Copysign(0, frac)
	}
	if exp > expBias {
		return Copysign(Inf(1), frac)
	}
	scale := 1.0
	if exp < -1022 {
		exp += 53
		scale = 0x1p-53
	}
	b := Float64bits(frac) &^ (expMask << fracBits)
	return scale * Float64frombits(b|uint64(exp+expBias)<<fracBits)
}

// Ilogb returns the binary exponent of x.
//
//go:noinline
func Ilogb(x float64) int {
	switch {
	case x == 0:
		return MinInt32
	case x-x != 0:
		return MaxInt32
	}
	return ilogb(x)
}

func ilogb(x float64) int {
	x, exp := split(x)
	return exponent(x) + exp
}

// Logb returns the binary exponent of x.
func Logb(x float64) float64 {
	switch {
	case x == 0:
		return Inf(-1)
	case IsInf(x, 0):
		return Inf(1)
	case IsNaN(x):
		return x
	}
	return float64(ilogb(x))
}

// Nextafter returns the next float64 after x towards y.
func Nextafter(x, y float64) (r float64) {
	switch {
	case x != x || y != y:
		return NaN()
	case x == y:
		return x
	case x == 0:
		return Copysign(SmallestNonzeroFloat64, y)
	case (y > x) == (x > 0):
		return Float64frombits(Float64bits(x) + 1)
	}
	return Float64frombits(Float64bits(x) - 1)
}

// Nextafter32 returns the next float32 after x towards y.
func Nextafter32(x, y float32) (r float32) {
	switch {
	case x != x || y != y:
		return float32(NaN())
	case x == y:
		return x
	case x == 0:
		return float32(Copysign(SmallestNonzeroFloat32, float64(y)))
	case (y > x) == (x > 0):
		return Float32frombits(Float32bits(x) + 1)
	}
	return Float32frombits(Float32bits(x) - 1)
}
