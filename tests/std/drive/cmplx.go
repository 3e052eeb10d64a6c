package main

import (
	"fmt"
	"math"
	"math/cmplx"
	x "x/math/cmplx"
)

func float() float64 {
	switch rnd.Intn(4) {
	case 0:
		return math.Float64frombits(rnd.Uint64())
	case 1:
		return []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(), 5e-324, math.MaxFloat64}[rnd.Intn(9)]
	}
	return (rnd.Float64() - 0.5) * []float64{1, 10, 1000, 1e12, 1e300}[rnd.Intn(5)]
}

var functions = []struct {
	name      string
	want, got func(complex128) complex128
}{
	{"Acos", cmplx.Acos, x.Acos},
	{"Acosh", cmplx.Acosh, x.Acosh},
	{"Asin", cmplx.Asin, x.Asin},
	{"Asinh", cmplx.Asinh, x.Asinh},
	{"Atan", cmplx.Atan, x.Atan},
	{"Atanh", cmplx.Atanh, x.Atanh},
	{"Cos", cmplx.Cos, x.Cos},
	{"Cosh", cmplx.Cosh, x.Cosh},
	{"Cot", cmplx.Cot, x.Cot},
	{"Sin", cmplx.Sin, x.Sin},
	{"Sinh", cmplx.Sinh, x.Sinh},
	{"Tan", cmplx.Tan, x.Tan},
	{"Tanh", cmplx.Tanh, x.Tanh},
	{"Exp", cmplx.Exp, x.Exp},
	{"Log", cmplx.Log, x.Log},
	{"Sqrt", cmplx.Sqrt, x.Sqrt},
}

// bits are the two halves, all NaNs the same.
func bits(c complex128) (b [2]uint64) {
	for i, f := range []float64{real(c), imag(c)} {
		if f != f {
			f = math.NaN()
		}
		b[i] = math.Float64bits(f)
	}
	return b
}

func main() {
	for i := 0; i < 200000; i++ {
		a, b := complex(float(), float()), complex(float(), float())
		what := fmt.Sprint(a, b)
		check("one "+what, []any{cmplx.Abs(a), cmplx.Phase(a), cmplx.Conj(a), cmplx.IsInf(a), cmplx.IsNaN(a), cmplx.Exp(a), cmplx.Log(a), cmplx.Log10(a),
			cmplx.Sqrt(a), cmplx.Rect(real(a), imag(a))},
			[]any{x.Abs(a), x.Phase(a), x.Conj(a), x.IsInf(a), x.IsNaN(a), x.Exp(a), x.Log(a), x.Log10(a), x.Sqrt(a), x.Rect(real(a), imag(a))})
		for _, f := range functions {
			want, got := f.want(a), f.got(a)
			if bits(want) != bits(got) {
				check(f.name+" "+fmt.Sprint(a), fmt.Sprintf("%v %x", want, bits(want)), fmt.Sprintf("%v %x", got, bits(got)))
			}
			checks++
		}
		check("Pow "+what, text(func() string { return fmt.Sprint(cmplx.Pow(a, b)) }), text(func() string { return fmt.Sprint(x.Pow(a, b)) }))
	}
	done()
}
