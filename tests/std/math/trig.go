package math

import "x/math/bits"

var (
	sinPoly = [...]float64{
		1.58962301576546568060e-10, -2.50507477628578072866e-8, 2.75573136213857245213e-6,
		-1.98412698295895385996e-4, 8.33333333332211858878e-3, -1.66666666666666307295e-1,
	}
	cosPoly = [...]float64{
		-1.13585365213876817300e-11, 2.08757008419747316778e-9, -2.75573141792967388112e-7,
		2.48015872888517045348e-5, -1.38888888888730564116e-3, 4.16666666666665929218e-2,
	}
	tanP = [...]float64{-1.30936939181383777646e4, 1.15351664838587416140e6, -1.79565251976484877988e7}
	tanQ = [...]float64{1, 1.36812963470692954678e4, -1.32089234440210967447e6, 2.50083801823357915839e7, -5.38695755929454629881e7}
)

// fourOverPi holds the binary digits of 4/π, the integer 1 first.
var fourOverPi = [...]uint64{
	0x0000000000000001, 0x45f306dc9c882a53, 0xf84eafa3ea69bb81, 0xb6c52b3278872083, 0xfca2c757bd778ac3,
	0x6e48dc74849ba5c0, 0x0c925dd413a32439, 0xfc3bd63962534e7d, 0xd1046bea5d768909, 0xd338e04d68befc82,
	0x7323ac7306a673e9, 0x3908bf177bf25076, 0x3ff12fffbc0b301f, 0xde5e2316b414da3e, 0xda6cfd9e4f96136e,
	0x9e8c7ecd3cbfd45a, 0xea4f758fd7cbe2f6, 0x7a0e73ef14a525d4, 0xd7f6bf623f1aba10, 0xac06608df8f6d757,
}

// octant returns the number j modulo 8, rounded up to even, of eighths of a
// turn in x >= 0, and what is left of x.
func octant(x float64) (j uint64, z float64) {
	if x >= 1<<29 {
		return octantLarge(x)
	}
	j = uint64(x * (4 / Pi))
	j += j & 1
	y := float64(j)
	// π/4 in three parts (Cody and Waite).
	z = ((x - y*7.85398125648498535156e-1) - y*3.77489470793079817668e-8) - y*2.69515142907905952645e-15
	return j & 7, z
}

// octantLarge multiplies by enough digits of 4/π (Payne and Hanek).
func octantLarge(x float64) (j uint64, z float64) {
	m := Float64bits(x)&fracMask | 1<<fracBits
	at := uint(exponent(x) - fracBits + 61)
	digits := func(i uint) uint64 {
		i += at / 64
		return fourOverPi[i]<<(at%64) | fourOverPi[i+1]>>(64-at%64)
	}
	carried, _ := bits.Mul64(digits(2), m)
	mid, low := bits.Mul64(digits(1), m)
	lo, carry := bits.Add64(low, carried, 0)
	hi, _ := bits.Add64(digits(0)*m, mid, carry)
	j = hi >> 61
	hi = hi<<3 | lo>>61
	// The rest is a fraction: make a float of its leading bits.
	shift := uint(bits.LeadingZeros64(hi)) + 1
	frac := (hi<<shift | lo>>(64-shift)) >> (64 - fracBits)
	z = Float64frombits(uint64(expBias-shift)<<fracBits | frac)
	if j&1 == 1 {
		j = (j + 1) & 7
		z--
	}
	return j, z * (Pi / 4)
}

// sinOf and cosOf are for |z| <= π/4; zz is z².
func sinOf(z, zz float64) float64 { return z + z*zz*poly(zz, sinPoly[:]) }

func cosOf(zz float64) float64 { return 1 - 0.5*zz + zz*zz*poly(zz, cosPoly[:]) }

// Sin returns the sine of x in radians.
func Sin(x float64) float64 { return sin(x) }

//go:noinline
func sin(x float64) float64 {
	if x == 0 || x != x {
		return x
	}
	s, _ := Sincos(x)
	return s
}

// Cos returns the cosine of x in radians.
func Cos(x float64) float64 { return cos(x) }

//go:noinline
func cos(x float64) float64 {
	_, c := Sincos(x)
	return c
}

// Sincos returns Sin(x) and Cos(x).
func Sincos(x float64) (sin, cos float64) {
	if x == 0 {
		return x, 1
	}
	if x-x != 0 {
		return NaN(), NaN()
	}
	j, z := octant(Abs(x))
	zz := z * z
	sin, cos = sinOf(z, zz), cosOf(zz)
	if j&2 != 0 {
		sin, cos = cos, -sin
	}
	if j&4 != 0 {
		sin, cos = -sin, -cos
	}
	if x < 0 {
		sin = -sin
	}
	return sin, cos
}

// Tan returns the tangent of x in radians.
func Tan(x float64) float64 { return tan(x) }

func tan(x float64) float64 {
	switch {
	case x == 0 || x != x:
		return x
	case IsInf(x, 0):
		return NaN()
	}
	j, z := octant(Abs(x))
	zz := z * z
	y := z
	if zz > 1e-14 {
		y = z + z*(zz*poly(zz, tanP[:])/poly(zz, tanQ[:]))
	}
	if j&2 == 2 {
		y = -1 / y
	}
	if x < 0 {
		y = -y
	}
	return y
}

var (
	atanP = [...]float64{
		-8.750608600031904122785e-01, -1.615753718733365076637e+01, -7.500855792314704667340e+01,
		-1.228866684490136173410e+02, -6.485021904942025371773e+01,
	}
	atanQ = [...]float64{
		1, 2.485846490142306297962e+01, 1.650270098316988542046e+02, 4.328810604912902668951e+02,
		4.853903996359136964868e+02, 1.945506571482613964425e+02,
	}
)

// atanSmall is for x in [0, 0.66].
func atanSmall(x float64) float64 {
	z := x * x
	z = z * poly(z, atanP[:]) / poly(z, atanQ[:])
	return x*z + x
}

// atanPositive reduces x >= 0 by arctangents of 1 and infinity.
func atanPositive(x float64) float64 {
	const rest = 6.123233995736765886130e-17 // π/2 minus its float64
	switch {
	case x <= 0.66:
		return atanSmall(x)
	case x > 2.41421356237309504880: // tan 3π/8
		return Pi/2 - atanSmall(1/x) + rest
	}
	return Pi/4 + atanSmall((x-1)/(x+1)) + 0.5*rest
}

// Atan returns the arctangent of x.
func Atan(x float64) float64 { return atan(x) }

func atan(x float64) float64 {
	switch {
	case x == 0:
		return x
	case x > 0:
		return atanPositive(x)
	}
	return -atanPositive(-x)
}

// Asin returns the arcsine of x.
func Asin(x float64) float64 { return asin(x) }

func asin(x float64) float64 {
	if x == 0 {
		return x
	}
	a := Abs(x)
	if a > 1 {
		return NaN()
	}
	t := sqrt(1 - a*a)
	if a > 0.7 {
		t = Pi/2 - atanPositive(t/a)
	} else {
		t = atanPositive(a / t)
	}
	if x < 0 {
		t = -t
	}
	return t
}

// Acos returns the arccosine of x.
func Acos(x float64) float64 { return acos(x) }

func acos(x float64) float64 { return Pi/2 - Asin(x) }

// Atan2 returns the angle of the point (x, y), in [-π, π].
func Atan2(y, x float64) float64 { return atan2(y, x) }

func atan2(y, x float64) float64 {
	a := 0.0
	switch {
	case y != y || x != x:
		return NaN()
	case y == 0:
		if Signbit(x) {
			a = Pi
		}
	case x == 0:
		a = Pi / 2
	case IsInf(y, 0):
		a = Pi / 2
		if x > MaxFloat64 {
			a = Pi / 4
		} else if x < -MaxFloat64 {
			a = 3 * Pi / 4
		}
	case IsInf(x, 0):
		if x < 0 {
			a = Pi
		}
	default:
		a = atan(y / x)
		if x < 0 {
			if a <= 0 {
				return a + Pi
			}
			return a - Pi
		}
		return a
	}
	return Copysign(a, y)
}
