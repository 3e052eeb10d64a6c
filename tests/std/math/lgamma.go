package math

// Approximations of log Γ (msun): below 2 around the three places 2, the minimum
// and 1, on [2, 8], and of Stirling's series. Polynomials that the others are
// evaluated in parallel with have the same letter.
var (
	lgammaA0 = [...]float64{
		2.52144565451257326939e-05, 2.20862790713908385557e-04, 1.19270763183362067845e-03, 7.38555086081402883957e-03,
		6.73523010531292681824e-02, 7.72156649015328655494e-02,
	}
	lgammaA1 = [...]float64{
		4.48640949618915160150e-05, 1.08011567247583939954e-04, 5.10069792153511336608e-04, 2.89051383673415629091e-03,
		2.05808084325167332806e-02, 3.22467033424113591611e-01,
	}
	lgammaT0 = [...]float64{
		3.15632070903625950361e-04, -1.40346469989232843813e-03, 6.10053870246291332635e-03, -3.27885410759859649565e-02,
		4.83836122723810047042e-01,
	}
	lgammaT1 = [...]float64{
		-3.12754168375120860518e-04, 8.81081882437654011382e-04, -3.68452016781138256760e-03, 1.79706750811820387126e-02,
		-1.47587722994593911752e-01,
	}
	lgammaT2 = [...]float64{
		3.35529192635519073543e-04, -5.38595305356740546715e-04, 2.25964780900612472250e-03, -1.03142241298341437450e-02,
		6.46249402391333854778e-02,
	}
	lgammaUP = [...]float64{
		1.33810918536787660377e-02, 2.28963728064692451092e-01, 9.77717527963372745603e-01, 1.45492250137234768737e+00,
		6.32827064025093366517e-01, -7.72156649015328655494e-02,
	}
	lgammaUQ = [...]float64{
		3.21709242282423911810e-03, 1.04222645593369134254e-01, 7.69285150456672783825e-01, 2.12848976379893395361e+00,
		2.45597793713041134822e+00, 1,
	}
	lgammaSP = [...]float64{
		3.19475326584100867617e-05, 1.84028451407337715652e-03, 2.66422703033638609560e-02, 1.46350472652464452805e-01,
		3.25778796408930981787e-01, 2.14982415960608852501e-01, -7.72156649015328655494e-02,
	}
	lgammaSQ = [...]float64{
		7.32668430744625636189e-06, 7.77942496381893596434e-04, 1.86459191715652901344e-02, 1.71933865632803078993e-01,
		7.21935547567138069525e-01, 1.39200533467621045958e+00, 1,
	}
	lgammaW = [...]float64{
		-1.63092934096575273989e-03, 8.36339918996282139126e-04, -5.95187557450339963135e-04, 7.93650558643019558500e-04,
		-2.77777777728775536470e-03, 8.33333333333329678849e-02,
	}
)

// Where Γ is least, its logarithm there in two parts, and the constant of
// Stirling's series.
const (
	gammaMin      = 1.461632144968362245
	lgammaMin     = -1.21486290535849611461e-01
	lgammaMinTail = -3.63867699703950536541e-18
	lgammaW0      = 4.18938533204672725052e-01
)

// sinPi returns sin πx for x > 0, negated.
func sinPi(x float64) float64 {
	if x < 0.25 {
		return -Sin(Pi * x)
	}
	eighth := 0 // of a turn
	if Floor(x) != x {
		x = Mod(x, 2)
		eighth = int(x * 4)
	} else {
		x = Mod(x, 2)
		eighth = int(x) * 4
	}
	switch eighth {
	case 0:
		x = Sin(Pi * x)
	case 1, 2:
		x = Cos(Pi * (0.5 - x))
	case 3, 4:
		x = Sin(Pi * (1 - x))
	case 5, 6:
		x = -Cos(Pi * (x - 1.5))
	default:
		x = Sin(Pi * (x - 2))
	}
	return -x
}

// lgammaBelow2 returns log Γ(x) for 0 < x < 2.
func lgammaBelow2(x float64) float64 {
	r := 0.0
	below := 0.0 // 1 if Γ(x) = Γ(x+1)/x is used
	if x <= 0.9 {
		r = -Log(x)
		below = 1
	}
	switch {
	case x >= gammaMin-below+0.27:
		y := 2 - below - x
		z := y * y
		r += y*poly(z, lgammaA0[:]) + z*poly(z, lgammaA1[:]) - 0.5*y
	case x >= gammaMin-below-0.27:
		y := x - (gammaMin - below)
		z := y * y
		w := z * y
		p := poly(w, lgammaT1[:]) + y*poly(w, lgammaT2[:])
		r += lgammaMin + (z*poly(w, lgammaT0[:]) - (lgammaMinTail - w*p))
	default:
		y := x - (1 - below)
		r += -0.5*y + y*poly(y, lgammaUP[:])/poly(y, lgammaUQ[:])
	}
	return r
}

// logGamma returns log Γ(x) for x > 0.
func logGamma(x float64) float64 {
	switch {
	case x == 1 || x == 2:
		return 0
	case x < 2:
		return lgammaBelow2(x)
	case x < 8:
		whole := float64(int(x))
		y := x - whole
		r := 0.5*y + y*poly(y, lgammaSP[:])/poly(y, lgammaSQ[:])
		if whole > 2 {
			z := 1.0
			for ; whole > 2; whole-- {
				z *= y + whole - 1
			}
			r += Log(z)
		}
		return r
	case x < 1<<58:
		z := 1 / x
		w := lgammaW0 + z*poly(z*z, lgammaW[:])
		return (x-0.5)*(Log(x)-1) + w
	}
	return x * (Log(x) - 1)
}

// Lgamma returns the logarithm of |Γ(x)| and the sign of Γ(x).
func Lgamma(x float64) (lgamma float64, sign int) {
	switch {
	case x != x || IsInf(x, 0):
		return x, 1
	case x == 0:
		return Inf(1), 1
	case x > 0:
		return logGamma(x), 1
	case x > -0x1p-70:
		return -Log(-x), -1
	}
	sign = 1
	x = -x
	s := 0.0
	if x < 1<<52 {
		s = sinPi(x)
	}
	if s == 0 {
		return Inf(1), 1 // a pole
	}
	if s < 0 {
		sign = -1
	}
	return Log(Pi/Abs(s*x)) - logGamma(x), sign
}

// Approximations of the inverse error function (Wichura, algorithm AS 241):
// numerators and denominators for small, middle and great arguments.
var (
	erfinvA = [...]float64{
		8.8709406962545514830200e2, 1.1819493347062294404278e4, 2.3782041382114385731252e4, 1.6235862515167575384252e4,
		4.8548868893843886794648e3, 6.9706266534389598238465e2, 4.7072688112383978012285e1, 1.1975323115670912564578e0,
	}
	erfinvB = [...]float64{
		5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
		5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0000000000000000000e0,
	}
	erfinvC = [...]float64{
		7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
		3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0,
	}
	erfinvD = [...]float64{
		1.4859850019840355905497876e-9, 7.7441459065157709165577218e-4, 2.1494160384252876777097297e-2,
		2.0945065210512749128288442e-1, 9.7547832001787427186894837e-1, 2.3707661626024532365971225e0,
		2.9036514445419946173133295e0, 1.4142135623730950488016887e0,
	}
	erfinvE = [...]float64{
		2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
		2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0,
	}
	erfinvF = [...]float64{
		2.891024605872965461538222e-15, 2.010321207683943062279931e-7, 2.611088405080593625138020e-5,
		1.112800997078859844711555e-3, 2.103693768272068968719679e-2, 1.936480946950659106176712e-1,
		8.482908416595164588112026e-1, 1.414213562373095048801689e0,
	}
)

// Erfinv returns the inverse error function of x.
func Erfinv(x float64) float64 {
	a := Abs(x)
	if !(a < 1) {
		if a == 1 {
			return Copysign(Inf(1), x)
		}
		return NaN()
	}
	r := 0.0
	if a <= 0.85 {
		z := 0.180625 - 0.25*a*a
		r = a * poly(z, erfinvA[:]) / poly(z, erfinvB[:])
	} else {
		z := Sqrt(Ln2 - Log(1-a))
		if z <= 5 {
			z -= 1.6
			r = poly(z, erfinvC[:]) / poly(z, erfinvD[:])
		} else {
			z -= 5
			r = poly(z, erfinvE[:]) / poly(z, erfinvF[:])
		}
	}
	return Copysign(r, x)
}

// Erfcinv returns the inverse of Erfc, at x.
func Erfcinv(x float64) float64 { return Erfinv(1 - x) }
