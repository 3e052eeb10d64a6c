package main

import (
	"fmt"
	"math"
	"math/bits"
	x "x/math"
	y "x/math/bits"
)

func same(name string, a []float64, want, got float64) {
	checks++
	if math.Float64bits(want) != math.Float64bits(got) && (want == want || got == got) {
		check(fmt.Sprintf("%s(%v)", name, a), want, got)
	}
}

var unary = []struct {
	name     string
	want, is func(float64) float64
}{
	{"Abs", math.Abs, x.Abs}, {"Acos", math.Acos, x.Acos}, {"Acosh", math.Acosh, x.Acosh}, {"Asin", math.Asin, x.Asin},
	{"Asinh", math.Asinh, x.Asinh}, {"Atan", math.Atan, x.Atan}, {"Atanh", math.Atanh, x.Atanh}, {"Cbrt", math.Cbrt, x.Cbrt},
	{"Ceil", math.Ceil, x.Ceil}, {"Cos", math.Cos, x.Cos}, {"Cosh", math.Cosh, x.Cosh}, {"Exp", math.Exp, x.Exp}, {"Exp2", math.Exp2, x.Exp2},
	{"Expm1", math.Expm1, x.Expm1}, {"Floor", math.Floor, x.Floor}, {"Log", math.Log, x.Log}, {"Log10", math.Log10, x.Log10},
	{"Log1p", math.Log1p, x.Log1p}, {"Log2", math.Log2, x.Log2}, {"Logb", math.Logb, x.Logb}, {"Round", math.Round, x.Round},
	{"RoundToEven", math.RoundToEven, x.RoundToEven}, {"Sin", math.Sin, x.Sin}, {"Sinh", math.Sinh, x.Sinh}, {"Sqrt", math.Sqrt, x.Sqrt},
	{"Erf", math.Erf, x.Erf}, {"Erfc", math.Erfc, x.Erfc}, {"Gamma", math.Gamma, x.Gamma},
	{"Erfinv", math.Erfinv, x.Erfinv}, {"Erfcinv", math.Erfcinv, x.Erfcinv}, {"J0", math.J0, x.J0}, {"J1", math.J1, x.J1},
	{"Y0", math.Y0, x.Y0}, {"Y1", math.Y1, x.Y1},
	{"Tan", math.Tan, x.Tan}, {"Tanh", math.Tanh, x.Tanh}, {"Trunc", math.Trunc, x.Trunc},
}

var binary = []struct {
	name     string
	want, is func(a, b float64) float64
}{
	{"Atan2", math.Atan2, x.Atan2}, {"Copysign", math.Copysign, x.Copysign}, {"Dim", math.Dim, x.Dim}, {"Hypot", math.Hypot, x.Hypot},
	{"Max", math.Max, x.Max}, {"Min", math.Min, x.Min}, {"Mod", math.Mod, x.Mod}, {"Nextafter", math.Nextafter, x.Nextafter},
	{"Pow", math.Pow, x.Pow}, {"Remainder", math.Remainder, x.Remainder},
}

func float() float64 {
	switch rnd.Intn(8) {
	case 0:
		return math.Float64frombits(rnd.Uint64())
	case 1:
		return []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), 0.5, -0.5, 2, math.MaxFloat64, 5e-324, 1e-310, 3,
			1.5, 2.5, -2.5, 1 << 52, 1<<52 + 0.5, 1 << 53, 1 << 63, math.Pi, math.Pi / 4, 1 << 29, 709.78, -745, 0.49999999999999994}[rnd.Intn(27)]
	case 2:
		return float64(rnd.Intn(2000) - 1000)
	case 3:
		return math.Ldexp(rnd.Float64()-0.5, rnd.Intn(200)-100)
	}
	return (rnd.Float64() - 0.5) * []float64{1, 4, 30, 1500, 1e6}[rnd.Intn(5)]
}

func main() {
	for i := 0; i < 60000; i++ {
		a, b := float(), float()
		for _, f := range unary {
			same(f.name, []float64{a}, f.want(a), f.is(a))
		}
		for _, f := range binary {
			same(f.name, []float64{a, b}, f.want(a, b), f.is(a, b))
		}
		order := rnd.Intn(80) - 40
		same("Jn", []float64{float64(order), a}, math.Jn(order, a), x.Jn(order, a))
		same("Yn", []float64{float64(order), a}, math.Yn(order, a), x.Yn(order, a))
		lw, lwn := math.Lgamma(a)
		lg, lgn := x.Lgamma(a)
		same("Lgamma", []float64{a}, lw, lg)
		check(fmt.Sprintf("Lgamma(%v) sign", a), lwn, lgn)
		w, n := math.Frexp(a)
		g, m := x.Frexp(a)
		same("Frexp", []float64{a}, w, g)
		check(fmt.Sprintf("Frexp(%v)", a), n, m)
		e := rnd.Intn(3000) - 1500
		same("Ldexp", []float64{a, float64(e)}, math.Ldexp(a, e), x.Ldexp(a, e))
		w, w2 := math.Modf(a)
		g, g2 := x.Modf(a)
		same("Modf", []float64{a}, w, g)
		same("Modf frac", []float64{a}, w2, g2)
		w, w2 = math.Sincos(a)
		g, g2 = x.Sincos(a)
		same("Sincos sin", []float64{a}, w, g)
		same("Sincos cos", []float64{a}, w2, g2)
		check("IsInf", []bool{math.IsInf(a, 0), math.IsInf(a, 1), math.IsInf(a, -1), math.IsNaN(a), math.Signbit(a)},
			[]bool{x.IsInf(a, 0), x.IsInf(a, 1), x.IsInf(a, -1), x.IsNaN(a), x.Signbit(a)})
		check("Ilogb", math.Ilogb(a), x.Ilogb(a))
		s, t := float32(a), float32(b)
		same("Nextafter32", []float64{a, b}, float64(math.Nextafter32(s, t)), float64(x.Nextafter32(s, t)))

		u, v, c := rnd.Uint64()>>rnd.Intn(64), rnd.Uint64()>>rnd.Intn(64), rnd.Uint64()&1
		k := rnd.Intn(200) - 100
		check("bits", []int{bits.LeadingZeros64(u), bits.TrailingZeros64(u), bits.OnesCount64(u), bits.Len64(u), bits.Len32(uint32(u)),
			bits.TrailingZeros32(uint32(u)), bits.TrailingZeros16(uint16(u)), bits.TrailingZeros8(uint8(u)), bits.LeadingZeros8(uint8(u)),
			bits.LeadingZeros16(uint16(u)), bits.LeadingZeros32(uint32(u))},
			[]int{y.LeadingZeros64(u), y.TrailingZeros64(u), y.OnesCount64(u), y.Len64(u), y.Len32(uint32(u)), y.TrailingZeros32(uint32(u)),
				y.TrailingZeros16(uint16(u)), y.TrailingZeros8(uint8(u)), y.LeadingZeros8(uint8(u)), y.LeadingZeros16(uint16(u)),
				y.LeadingZeros32(uint32(u))})
		check("Reverse", []uint64{bits.Reverse64(u), bits.ReverseBytes64(u), bits.RotateLeft64(u, k), uint64(bits.Reverse8(uint8(u))),
			uint64(bits.Reverse16(uint16(u))), uint64(bits.Reverse32(uint32(u))), uint64(bits.ReverseBytes32(uint32(u))),
			uint64(bits.ReverseBytes16(uint16(u))), uint64(bits.RotateLeft32(uint32(u), k)), uint64(bits.RotateLeft16(uint16(u), k)),
			uint64(bits.RotateLeft8(uint8(u), k))},
			[]uint64{y.Reverse64(u), y.ReverseBytes64(u), y.RotateLeft64(u, k), uint64(y.Reverse8(uint8(u))), uint64(y.Reverse16(uint16(u))),
				uint64(y.Reverse32(uint32(u))), uint64(y.ReverseBytes32(uint32(u))), uint64(y.ReverseBytes16(uint16(u))),
				uint64(y.RotateLeft32(uint32(u), k)), uint64(y.RotateLeft16(uint16(u), k)), uint64(y.RotateLeft8(uint8(u), k))})
		two := func(a, b uint64) [2]uint64 { return [2]uint64{a, b} }
		check("Add64", two(bits.Add64(u, v, c)), two(y.Add64(u, v, c)))
		check("Sub64", two(bits.Sub64(u, v, c)), two(y.Sub64(u, v, c)))
		check("Mul64", two(bits.Mul64(u, v)), two(y.Mul64(u, v)))
		s1, c1 := bits.Sub32(uint32(u), uint32(v), uint32(c))
		s2, c2 := y.Sub32(uint32(u), uint32(v), uint32(c))
		check("Sub32", []uint32{s1, c1}, []uint32{s2, c2})
		h := rnd.Uint64() >> rnd.Intn(64)
		check(fmt.Sprintf("Div64(%d, %d, %d)", h, u, v), text(func() string { return fmt.Sprint(bits.Div64(h, u, v)) }),
			text(func() string { return fmt.Sprint(y.Div64(h, u, v)) }))
		check("Rem64", text(func() string { return fmt.Sprint(bits.Rem64(h, u, v)) }), text(func() string { return fmt.Sprint(y.Rem64(h, u, v)) }))
	}
	for n := -400; n < 400; n++ {
		same("Pow10", []float64{float64(n)}, math.Pow10(n), x.Pow10(n))
	}
	done()
}
