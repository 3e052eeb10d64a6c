package math

const (
	ln2Hi = 6.93147180369123816490e-01 // the upper bits of ln 2
	ln2Lo = 1.90821492927058770002e-10 // and the rest
)

// poly evaluates the polynomial with coefficients c, highest power first.
func poly(x float64, c []float64) float64 {
	r := c[0]
	for _, k := range c[1:] {
		r = r*x + k
	}
	return r
}

// Exp returns e^x.
func Exp(x float64) float64 { return exp(x) }

// exp evaluates a Taylor series for 1/16 of what is left of x after a multiple
// of ln 2, and squares four times (Shibata, "Efficient evaluation methods of
// elementary functions suitable for SIMD computation", 2010), as Go does on
// amd64 with fused multiply-add.
func exp(x float64) float64 {
	switch {
	case x != x || x > MaxFloat64:
		return x
	case x < -MaxFloat64:
		return 0
	case x > 7.09782712893384e+02:
		return Inf(1)
	case x < -800:
		return 0
	}
	k := roundToEven(x * Log2E)
	x = FMA(-k, 0.69314718055966295651160180568695068359375, x)
	x = FMA(-k, 0.28235290563031577122588448175013436025525412068e-12, x)
	x *= 0.0625
	r := expSeries[0]
	for _, c := range expSeries[1:] {
		r = FMA(r, x, c)
	}
	// x·r is e^x-1. Squared, 1+d is 1+d(d+2).
	d := x * r
	for i := 0; i < 3; i++ {
		d *= d + 2
	}
	d = FMA(d, d+2, 1)
	e := int(k) + expBias
	switch {
	case e >= expMask:
		return Inf(1)
	case e > 0:
		return d * Float64frombits(uint64(e)<<fracBits)
	case e < -fracBits:
		return 0
	}
	return d * Float64frombits(uint64(e+expBias-1)<<fracBits) * 0x1p-1022
}

// expSeries holds 1/8! to 1/1!, with the digits Go has.
var expSeries = [...]float64{
	2.4801587301587301587e-5, 1.9841269841269841270e-4, 1.3888888888888888889e-3, 8.3333333333333333333e-3,
	4.1666666666666666667e-2, 1.6666666666666666667e-1, 0.5, 1,
}

// Exp2 returns 2^x.
func Exp2(x float64) float64 { return exp2(x) }

func exp2(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 1.0239999999999999e+03:
		return Inf(1)
	case x < -1.0740e+03:
		return 0
	}
	k := int(x + Copysign(0.5, x))
	t := x - float64(k)
	hi := t * ln2Hi
	lo := -t * ln2Lo
	// Remez approximation of r·(e^r+1)/(e^r-1) for r = hi-lo.
	r := hi - lo
	s := r * r
	c := r - s*poly(s, exp2Poly[:])
	return ldexp(1-((lo-(r*c)/(2-c))-hi), k)
}

var exp2Poly = [...]float64{
	4.13813679705723846039e-08, -1.65339022054652515390e-06, 6.61375632143793436117e-05,
	-2.77777777770155933842e-03, 1.66666666666666657415e-01,
}

// Expm1 returns e^x-1, accurate for small x.
func Expm1(x float64) float64 { return expm1(x) }

var expm1Poly = [...]float64{
	-2.01099218183624371326e-07, 4.00821782732936239552e-06, -7.93650757867487942473e-05,
	1.58730158725481460165e-03, -3.33333333333331316428e-02, 1,
}

func expm1(x float64) float64 {
	a := Abs(x)
	switch {
	case x != x || x > MaxFloat64:
		return x
	case a >= 3.88162421113569373274e+01: // 56 ln 2
		if x < 0 {
			return -1
		}
		if a >= 7.09782712893383973096e+02 {
			return Inf(1)
		}
	case a < 0x1p-54:
		return x
	}
	k := 0
	c := 0.0
	if a > 3.46573590279972654709e-01 { // ln 2 / 2
		if a < 1.03972077083991796413e+00 { // 3 ln 2 / 2
			k = int(Copysign(1, x))
		} else {
			k = int(1.44269504088896338700e+00*x + Copysign(0.5, x))
		}
		t := float64(k)
		hi := x - t*ln2Hi
		lo := t * ln2Lo
		x = hi - lo
		c = (hi - x) - lo
	}
	half := 0.5 * x
	s := x * half
	r := poly(s, expm1Poly[:])
	t := 3 - r*half
	e := s * ((r - t) / (6 - x*t))
	if k == 0 {
		return x - (x*e - s)
	}
	e = x*(e-c) - c - s
	scaled := func(y float64) float64 { return Float64frombits(Float64bits(y) + uint64(k)<<fracBits) }
	switch {
	case k == -1:
		return 0.5*(x-e) - 0.5
	case k == 1:
		if x < -0.25 {
			return -2 * (e - (x + 0.5))
		}
		return 1 + 2*(x-e)
	case k <= -2 || k > 56:
		return scaled(1-(e-x)) - 1
	case k < 20:
		t = Float64frombits(expBias<<fracBits - 1<<(fracBits+1)>>uint(k))
		return scaled(t - (e - x))
	}
	t = Float64frombits(uint64(expBias-k) << fracBits)
	return scaled(x - (e + t) + 1)
}

// Sinh returns the hyperbolic sine of x.
func Sinh(x float64) float64 { return sinh(x) }

var sinhP = [...]float64{
	-0.2630563213397497062819489e+2, -0.2894211355989563807284660366e+4,
	-0.8991272022039509355398013511e+5, -0.6307673640497716991184787251e+6,
}

var sinhQ = [...]float64{
	1, -0.173678953558233699533450911e+3, 0.1521517378790019070696485176e+5, -0.6307673640497716991212077277e+6,
}

func sinh(x float64) float64 {
	a := Abs(x)
	switch {
	case a > 21:
		a = exp(a) * 0.5
	case a > 0.5:
		e := exp(a)
		a = (e - 1/e) * 0.5
	default:
		s := a * a
		a = poly(s, sinhP[:]) * a / poly(s, sinhQ[:])
	}
	return Copysign(a, x)
}

// Cosh returns the hyperbolic cosine of x.
func Cosh(x float64) float64 { return cosh(x) }

func cosh(x float64) float64 {
	x = Abs(x)
	e := exp(x)
	if x > 21 {
		return e * 0.5
	}
	return (e + 1/e) * 0.5
}

// Tanh returns the hyperbolic tangent of x.
func Tanh(x float64) float64 { return tanh(x) }

var tanhP = [...]float64{-9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3}

var tanhQ = [...]float64{1, 1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3}

func tanh(x float64) float64 {
	z := Abs(x)
	switch {
	case z > 0.5*8.8029691931113054295988e+01:
		return Copysign(1, x)
	case z >= 0.625:
		return Copysign(1-2/(exp(2*z)+1), x)
	case x == 0:
		return x
	}
	s := x * x
	return x + x*s*poly(s, tanhP[:])/poly(s, tanhQ[:])
}
