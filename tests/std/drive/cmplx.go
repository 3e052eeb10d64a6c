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
	return (rnd.Float64() - 0.5) * []float64{1, 10, 1000}[rnd.Intn(3)]
}

func main() {
	for i := 0; i < 200000; i++ {
		a, b := complex(float(), float()), complex(float(), float())
		what := fmt.Sprint(a, b)
		check("one "+what, []any{cmplx.Abs(a), cmplx.Phase(a), cmplx.Conj(a), cmplx.IsInf(a), cmplx.IsNaN(a), cmplx.Exp(a), cmplx.Log(a), cmplx.Log10(a),
			cmplx.Sqrt(a), cmplx.Rect(real(a), imag(a))},
			[]any{x.Abs(a), x.Phase(a), x.Conj(a), x.IsInf(a), x.IsNaN(a), x.Exp(a), x.Log(a), x.Log10(a), x.Sqrt(a), x.Rect(real(a), imag(a))})
		check("Pow "+what, text(func() string { return fmt.Sprint(cmplx.Pow(a, b)) }), text(func() string { return fmt.Sprint(x.Pow(a, b)) }))
	}
	done()
}
