package big

import "math/bits"

// Vectors of digits, the lowest first. A destination may be the source itself, at the same place.

const (
	wordBits  = 64
	wordBytes = wordBits / 8
)

// addVec sets z to x+y, as far as z goes, and returns the carry.
func addVec(z, x, y []Word) Word {
	x, y = x[:len(z)], y[:len(z)]
	var c uint
	for i := range z {
		var s uint
		s, c = bits.Add(uint(x[i]), uint(y[i]), c)
		z[i] = Word(s)
	}
	return Word(c)
}

// subVec sets z to x-y, as far as z goes, and returns the borrow.
func subVec(z, x, y []Word) Word {
	x, y = x[:len(z)], y[:len(z)]
	var c uint
	for i := range z {
		var d uint
		d, c = bits.Sub(uint(x[i]), uint(y[i]), c)
		z[i] = Word(d)
	}
	return Word(c)
}

// addDigit sets z to x+c, as far as z goes, and returns the carry.
func addDigit(z, x []Word, c Word) Word {
	x = x[:len(z)]
	for i := range z {
		s := x[i] + c
		z[i] = s
		if s >= c {
			if len(z) > i+1 && &z[0] != &x[0] {
				copy(z[i+1:], x[i+1:])
			}
			return 0
		}
		c = 1
	}
	return c
}

// subDigit sets z to x-c, as far as z goes, and returns the borrow.
func subDigit(z, x []Word, c Word) Word {
	x = x[:len(z)]
	for i := range z {
		d := x[i]
		z[i] = d - c
		if d >= c {
			if len(z) > i+1 && &z[0] != &x[0] {
				copy(z[i+1:], x[i+1:])
			}
			return 0
		}
		c = 1
	}
	return c
}

// addAt adds x to z, which is not shorter, and returns the carry.
func addAt(z, x []Word) Word {
	n := len(x)
	c := addVec(z[:n], z[:n], x)
	if c != 0 {
		c = addDigit(z[n:], z[n:], c)
	}
	return c
}

// subAt subtracts x from z, which is not shorter, and returns the borrow.
func subAt(z, x []Word) Word {
	n := len(x)
	c := subVec(z[:n], z[:n], x)
	if c != 0 {
		c = subDigit(z[n:], z[n:], c)
	}
	return c
}

// shlVec sets z to x<<s for s from 1 to 63, and returns the bits that fell out. z may begin above x.
func shlVec(z, x []Word, s uint) Word {
	if len(z) == 0 {
		return 0
	}
	x = x[:len(z)]
	s %= wordBits
	back := (wordBits - s) % wordBits
	w := x[len(x)-1]
	out := w >> back
	for i := len(z) - 1; i > 0; i-- {
		low := x[i-1]
		z[i] = w<<s | low>>back
		w = low
	}
	z[0] = w << s
	return out
}

// shrVec sets z to x>>s for s from 1 to 63. z may begin below x.
func shrVec(z, x []Word, s uint) {
	if len(z) == 0 {
		return
	}
	x = x[:len(z)]
	s %= wordBits
	back := (wordBits - s) % wordBits
	w := x[0]
	last := len(z) - 1
	for i := range last {
		high := x[i+1]
		z[i] = w>>s | high<<back
		w = high
	}
	z[last] = w >> s
}

// mulVec sets z to x*y+c, as far as z goes, and returns the carry.
func mulVec(z, x []Word, y, c Word) Word {
	x = x[:len(z)]
	for i := range z {
		hi, lo := bits.Mul(uint(x[i]), uint(y))
		lo, k := bits.Add(lo, uint(c), 0)
		z[i] = Word(lo)
		c = Word(hi + k)
	}
	return c
}

// addMulVec adds x*y to z, as far as x goes, and returns the carry.
func addMulVec(z, x []Word, y Word) Word {
	z = z[:len(x)]
	var c uint
	for i := range x {
		hi, lo := bits.Mul(uint(x[i]), uint(y))
		lo, k := bits.Add(lo, uint(z[i]), 0)
		hi += k
		lo, k = bits.Add(lo, c, 0)
		z[i] = Word(lo)
		c = hi + k
	}
	return Word(c)
}

// subMulVec subtracts x*y from z, as far as x goes, and returns the borrow.
func subMulVec(z, x []Word, y Word) Word {
	z = z[:len(x)]
	var c uint
	for i := range x {
		hi, lo := bits.Mul(uint(x[i]), uint(y))
		lo, k := bits.Add(lo, c, 0)
		hi += k
		lo, k = bits.Sub(uint(z[i]), lo, 0)
		z[i] = Word(lo)
		c = hi + k
	}
	return Word(c)
}

// divVec sets z to the quotient of x, with the digit high before it, and y; it returns the remainder.
func divVec(z, x []Word, high, y Word) Word {
	x = x[:len(z)]
	r := uint(high)
	for i := len(z) - 1; i >= 0; i-- {
		var q uint
		q, r = bits.Div(r, uint(x[i]), uint(y))
		z[i] = Word(q)
	}
	return Word(r)
}

// modVec returns the remainder of x and y.
func modVec(x []Word, y Word) Word {
	var r uint
	for i := len(x) - 1; i >= 0; i-- {
		_, r = bits.Div(r, uint(x[i]), uint(y))
	}
	return Word(r)
}
