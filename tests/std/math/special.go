package math

// Rational approximations of the error function (msun): near 0, near 1, and of
// log(x·e^{x²}·erfc(x)) in 1/x² up to 1/0.35 and beyond.
var (
	erfP = [...]float64{
		-2.37630166566501626084e-05, -5.77027029648944159157e-03, -2.84817495755985104766e-02,
		-3.25042107247001499370e-01, 1.28379167095512558561e-01,
	}
	erfQ = [...]float64{
		-3.96022827877536812320e-06, 1.32494738004321644526e-04, 5.08130628187576562776e-03,
		6.50222499887672944485e-02, 3.97917223959155352819e-01, 1,
	}
	erfPA = [...]float64{
		-2.16637559486879084300e-03, 3.54783043256182359371e-02, -1.10894694282396677476e-01, 3.18346619901161753674e-01,
		-3.72207876035701323847e-01, 4.14856118683748331666e-01, -2.36211856075265944077e-03,
	}
	erfQA = [...]float64{
		1.19844998467991074170e-02, 1.36370839120290507362e-02, 1.26171219808761642112e-01, 7.18286544141962662868e-02,
		5.40397917702171048937e-01, 1.06420880400844228286e-01, 1,
	}
	erfRA = [...]float64{
		-9.81432934416914548592e+00, -8.12874355063065934246e+01, -1.84605092906711035994e+02, -1.62396669462573470355e+02,
		-6.23753324503260060396e+01, -1.05586262253232909814e+01, -6.93858572707181764372e-01, -9.86494403484714822705e-03,
	}
	erfSA = [...]float64{
		-6.04244152148580987438e-02, 6.57024977031928170135e+00, 1.08635005541779435134e+02, 4.29008140027567833386e+02,
		6.45387271733267880336e+02, 4.34565877475229228821e+02, 1.37657754143519042600e+02, 1.96512716674392571292e+01, 1,
	}
	erfRB = [...]float64{
		-4.83519191608651397019e+02, -1.02509513161107724954e+03, -6.37566443368389627722e+02, -1.60636384855821916062e+02,
		-1.77579549177547519889e+01, -7.99283237680523006574e-01, -9.86494292470009928597e-03,
	}
	erfSB = [...]float64{
		-2.24409524465858183362e+01, 4.74528541206955367215e+02, 2.55305040643316442583e+03, 3.19985821950859553908e+03,
		1.53672958608443695994e+03, 3.25792512996573918826e+02, 3.03380607434824582924e+01, 1,
	}
)

const erfOne = 8.45062911510467529297e-01 // erf(1), to 24 bits

// erfTail returns erfc(x) for x >= 1.25.
func erfTail(x float64) float64 {
	s := 1 / (x * x)
	q := 0.0
	if x < 1/0.35 {
		q = poly(s, erfRA[:]) / poly(s, erfSA[:])
	} else {
		q = poly(s, erfRB[:]) / poly(s, erfSB[:])
	}
	z := Float64frombits(Float64bits(x) & 0xffffffff00000000)
	return exp(-z*z-0.5625) * exp((z-x)*(z+x)+q) / x
}

// Erf returns the error function of x.
func Erf(x float64) float64 { return erf(x) }

func erf(x float64) float64 {
	if x != x {
		return x
	}
	a := Abs(x)
	r := 1.0
	switch {
	case a < 2.848094538889218e-306:
		r = 0.125 * (8.0*a + 1.02703333676410069053e+00*a)
	case a < 0x1p-28:
		r = a + 1.28379167095512586316e-01*a
	case a < 0.84375:
		z := a * a
		r = a + a*(poly(z, erfP[:])/poly(z, erfQ[:]))
	case a < 1.25:
		s := a - 1
		r = erfOne + poly(s, erfPA[:])/poly(s, erfQA[:])
	case a < 6:
		r = 1 - erfTail(a)
	}
	return Copysign(r, x)
}

// Erfc returns 1-Erf(x), accurate for large x.
func Erfc(x float64) float64 { return erfc(x) }

func erfc(x float64) float64 {
	if x != x {
		return x
	}
	a := Abs(x)
	switch {
	case a < 0.84375:
		t := a
		if a >= 0x1p-56 {
			z := a * a
			y := poly(z, erfP[:]) / poly(z, erfQ[:])
			if a < 0.25 {
				t = a + a*y
			} else {
				t = 0.5 + (a*y + (a - 0.5))
			}
		}
		if x < 0 {
			return 1 + t
		}
		return 1 - t
	case a < 1.25:
		s := a - 1
		q := poly(s, erfPA[:]) / poly(s, erfQA[:])
		if x < 0 {
			return 1 + erfOne + q
		}
		return 1 - erfOne - q
	case x < -6:
		return 2
	case a < 28:
		if x < 0 {
			return 2 - erfTail(a)
		}
		return erfTail(a)
	}
	return 0
}

// Approximations of Γ on [2, 3], and of Stirling's series (Cephes).
var (
	gammaP = [...]float64{
		1.60119522476751861407e-04, 1.19135147006586384913e-03, 1.04213797561761569935e-02, 4.76367800457137231464e-02,
		2.07448227648435975150e-01, 4.94214826801497100753e-01, 9.99999999999999996796e-01,
	}
	gammaQ = [...]float64{
		-2.31581873324120129819e-05, 5.39605580493303397842e-04, -4.45641913851797240494e-03, 1.18139785222060435552e-02,
		3.58236398605498653373e-02, -2.34591795718243348568e-01, 7.14304917030273074085e-02, 1.00000000000000000320e+00,
	}
	gammaS = [...]float64{
		7.87311395793093628397e-04, -2.29549961613378126380e-04, -2.68132617805781232825e-03,
		3.47222221605458667310e-03, 8.33333333333482257126e-02,
	}
)

// stirling returns two factors of Γ(x), so that their product alone overflows.
func stirling(x float64) (a, b float64) {
	if x > 200 {
		return Inf(1), 1
	}
	w := 1 / x
	w = 1 + w*poly(w, gammaS[:])
	a, b = exp(x), 1
	if x > 143.01608 {
		v := pow(x, 0.5*x-0.25)
		a, b = v, v/a
	} else {
		a = pow(x, x-0.5) / a
	}
	return a, 2.506628274631000502417 * w * b
}

// Gamma returns Γ(x).
//
//go:noinline
func Gamma(x float64) float64 {
	switch {
	case x > MaxFloat64:
		return x
	case x == 0:
		return Copysign(Inf(1), x)
	case x != x || x < -MaxFloat64 || x < 0 && trunc(x) == x:
		return NaN()
	}
	q := Abs(x)
	if q > 33 {
		if x > 0 {
			a, b := stirling(x)
			return a * b
		}
		// Reflection: Γ(x)·Γ(-x) = -π/(x·sin πx).
		p := floor(q)
		sign := 1
		if int64(p)&1 == 0 {
			sign = -1
		}
		z := q - p
		if z > 0.5 {
			p++
			z = q - p
		}
		z = Abs(q * sin(Pi*z))
		if z == 0 {
			return Inf(sign)
		}
		a, b := stirling(q)
		if d := z * a * b; IsInf(d, 0) {
			z = Pi / z / a / b
		} else {
			z = Pi / d
		}
		return float64(sign) * z
	}
	// Γ(x+1) = x·Γ(x) leads to [2, 3].
	z := 1.0
	for x >= 3 {
		x--
		z *= x
	}
	for x < 2 {
		if x > -1e-09 && x < 1e-09 {
			if x == 0 {
				return Inf(1)
			}
			return z / ((1 + 0.57721566490153286060651209008240243104215933593992*x) * x)
		}
		z /= x
		x++
	}
	if x == 2 {
		return z
	}
	x -= 2
	return z * poly(x, gammaP[:]) / poly(x, gammaQ[:])
}
