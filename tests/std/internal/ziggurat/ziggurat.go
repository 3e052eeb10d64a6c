// Package ziggurat makes normally and exponentially distributed numbers from
// uniform ones (Marsaglia, Tsang: "The Ziggurat Method for Generating Random
// Variables"). The area under the density is covered by strips of equal area;
// a number is a place in a random strip, and nearly always under the curve.
package ziggurat

import (
	"x/internal/rt"
	"x/math"
	"unsafe"
)

// Where the lowest strips of the two densities turn into a tail.
const (
	normalTail      = 3.442619855899
	exponentialTail = 7.69711747013104972
)

// A strip has the bound for places that are surely under the curve, the width
// of a unit, and the curve's height at the strip's end.
type strip struct {
	inside uint32
	width  float32
	height float32
}

// build makes n strips of the given area with n-1 of them left of tail, for the
// density f with the inverse inv; places are counted in 1/scale.
func build(n int, area, tail, scale float64, f, inv func(float64) float64) []strip {
	s := make([]strip, n)
	base := area / f(tail)
	s[0] = strip{uint32(tail / base * scale), float32(base / scale), 1}
	s[n-1].width = float32(tail / scale)
	s[n-1].height = float32(f(tail))
	x := tail
	for i := n - 2; i >= 1; i-- {
		last := x
		x = inv(area/x + f(x))
		s[i+1].inside = uint32(x / last * scale)
		s[i].width = float32(x / scale)
		s[i].height = float32(f(x))
	}
	return s
}

// The strips, each a *[]strip that is made when first used.
var normalStrips, exponentialStrips unsafe.Pointer

func makeNormal() *[]strip {
	s := build(128, 9.91256303526217e-3, normalTail, 1<<31,
		func(x float64) float64 { return math.Exp(-0.5 * x * x) },
		func(y float64) float64 { return math.Sqrt(-2 * math.Log(y)) })
	rt.Swap(&normalStrips, unsafe.Pointer(&s))
	return &s
}

func makeExponential() *[]strip {
	s := build(256, 3.949659822581572e-3, exponentialTail, 1<<32,
		func(x float64) float64 { return math.Exp(-x) },
		func(y float64) float64 { return -math.Log(y) })
	rt.Swap(&exponentialStrips, unsafe.Pointer(&s))
	return &s
}

// Normal makes a number of the standard normal distribution: place and index
// choose place and strip, ok is false if new ones are needed. uniform returns
// numbers in [0, 1).
func Normal(place int32, index uint32, uniform func() float64) (x float64, ok bool) {
	p := (*[]strip)(normalStrips)
	if p == nil {
		p = makeNormal()
	}
	strips := *p
	s := &strips[index]
	x = float64(place) * float64(s.width)
	distance := uint32(place)
	if place < 0 {
		distance = -distance
	}
	if distance < s.inside {
		return x, true
	}
	if index == 0 {
		for {
			x = -math.Log(uniform()) * (1 / normalTail)
			y := -math.Log(uniform())
			if y+y >= x*x {
				break
			}
		}
		if place > 0 {
			return normalTail + x, true
		}
		return -normalTail - x, true
	}
	y := s.height + float32(uniform())*(strips[index-1].height-s.height)
	return x, y < float32(math.Exp(-0.5*x*x))
}

// Exponential makes a number of the exponential distribution with rate 1, as
// Normal does.
func Exponential(place, index uint32, uniform func() float64) (x float64, ok bool) {
	p := (*[]strip)(exponentialStrips)
	if p == nil {
		p = makeExponential()
	}
	strips := *p
	s := &strips[index]
	x = float64(place) * float64(s.width)
	if place < s.inside {
		return x, true
	}
	if index == 0 {
		return exponentialTail - math.Log(uniform()), true
	}
	y := s.height + float32(uniform())*(strips[index-1].height-s.height)
	return x, y < float32(math.Exp(-x))
}
