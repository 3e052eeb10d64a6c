package rand

import "x/math"

// A Zipf makes numbers in [0, imax] with probabilities like (v+k)^-s, by rejection
// from the inverse of the integral of that (Hörmann, Derflinger).
type Zipf struct {
	r              *Rand
	v, s           float64
	e, inv         float64 // 1-s and 1/(1-s)
	low, high, cut float64 // the integral at imax and, less that, at 0; what is accepted at once
}

// integral returns ∫(v+x)^-s, and inverse its inverse.
func (z *Zipf) integral(x float64) float64 { return math.Exp(z.e*math.Log(z.v+x)) * z.inv }
func (z *Zipf) inverse(y float64) float64  { return math.Exp(z.inv*math.Log(z.e*y)) - z.v }

// NewZipf returns a Zipf of r; nil unless s > 1 and v >= 1.
func NewZipf(r *Rand, s float64, v float64, imax uint64) *Zipf {
	if s <= 1 || v < 1 {
		return nil
	}
	z := &Zipf{r: r, v: v, s: s, e: 1 - s}
	z.inv = 1 / z.e
	z.low = z.integral(float64(imax) + 0.5)
	z.high = z.integral(0.5) - math.Exp(math.Log(v)*-s) - z.low
	z.cut = 1 - z.inverse(z.integral(1.5)-math.Exp(-s*math.Log(v+1)))
	return z
}

// Uint64 returns a number.
func (z *Zipf) Uint64() uint64 {
	if z == nil {
		panic("rand: nil Zipf")
	}
	for {
		u := z.low + z.r.Float64()*z.high
		x := z.inverse(u)
		k := math.Floor(x + 0.5)
		if k-x <= z.cut || u >= z.integral(k+0.5)-math.Exp(-math.Log(k+z.v)*z.s) {
			return uint64(k)
		}
	}
}
