// Package big has numbers of any size: integers, fractions, and floating-point
// numbers of a chosen precision.
package big

import (
	"math/bits"
	"math/rand"
)

// A Word is a digit: numbers are written to the base 2^64.
type Word uint

const wordBits = 64

// A nat is a natural number, the lowest digit first, without leading zeros.
type nat []Word

func (z nat) norm() nat {
	i := len(z)
	for i > 0 && z[i-1] == 0 {
		i--
	}
	return z[:i]
}

func natOf(x uint64) nat {
	if x == 0 {
		return nil
	}
	return nat{Word(x)}
}

func (x nat) clone() nat { return append(nat(nil), x...) }

// make returns n digits, with room for a few more: those of z are never written to, for others may have them.
func (z nat) make(n int) nat {
	if !(n > 0) {
		return z[:n]
	}
	if n == 1 {
		return make(nat, 1)
	}
	const slack = 4
	return make(nat, n, n+slack)
}

// set returns a copy of x.
func (z nat) set(x nat) nat {
	z = z.make(len(x))
	copy(z, x)
	return z
}

// lsh returns x<<s.
//
//go:noinline
func (z nat) lsh(x nat, s uint) nat {
	if s == 0 {
		return z.set(x)
	}
	return x.shl(s)
}

func (x nat) cmp(y nat) int {
	switch {
	case len(x) < len(y):
		return -1
	case len(x) > len(y):
		return 1
	}
	for i := len(x) - 1; i >= 0; i-- {
		switch {
		case x[i] < y[i]:
			return -1
		case x[i] > y[i]:
			return 1
		}
	}
	return 0
}

func (x nat) add(y nat) nat {
	if len(x) < len(y) {
		x, y = y, x
	}
	z := make(nat, len(x)+1)
	var carry uint
	for i, a := range x {
		b := uint(0)
		if i < len(y) {
			b = uint(y[i])
		}
		var s uint
		s, carry = bits.Add(uint(a), b, carry)
		z[i] = Word(s)
	}
	z[len(x)] = Word(carry)
	return z.norm()
}

// sub returns x-y; x is not less than y.
func (x nat) sub(y nat) nat {
	z := make(nat, len(x))
	var borrow uint
	for i, a := range x {
		b := uint(0)
		if i < len(y) {
			b = uint(y[i])
		}
		var d uint
		d, borrow = bits.Sub(uint(a), b, borrow)
		z[i] = Word(d)
	}
	return z.norm()
}

// addMul adds x*y to z, which has room for it.
func addMul(z, x nat, y Word) {
	var carry uint
	for i, a := range x {
		hi, lo := bits.Mul(uint(a), uint(y))
		lo, c := bits.Add(lo, uint(z[i]), 0)
		hi += c
		lo, c = bits.Add(lo, carry, 0)
		z[i] = Word(lo)
		carry = hi + c
	}
	for i := len(x); carry != 0; i++ {
		var s uint
		s, carry = bits.Add(uint(z[i]), carry, 0)
		z[i] = Word(s)
	}
}

// karatsuba is the length from which on products are split.
const karatsuba = 40

func (x nat) mul(y nat) nat {
	if len(x) < len(y) {
		x, y = y, x
	}
	if len(y) == 0 {
		return nil
	}
	if len(y) < karatsuba {
		z := make(nat, len(x)+len(y))
		for i, d := range y {
			addMul(z[i:], x, d)
		}
		return z.norm()
	}
	h := (len(x) + 1) / 2
	if len(y) <= h {
		// Pieces of x as long as y.
		var z nat
		for i := 0; i < len(x); i += len(y) {
			piece := x[i:min(i+len(y), len(x))].norm()
			z = z.add(piece.mul(y).shl(uint(i) * wordBits))
		}
		return z
	}
	x0, x1 := x[:h].norm(), x[h:]
	y0, y1 := y[:h].norm(), y[h:]
	low, high := x0.mul(y0), x1.mul(y1)
	mid := x0.add(x1).mul(y0.add(y1)).sub(low).sub(high)
	z := make(nat, len(x)+len(y)+1)
	copy(z, low)
	addAt(z, high, 2*h)
	addAt(z, mid, h)
	return z.norm()
}

// addAt adds x to the digits of z from i on.
func addAt(z, x nat, i int) {
	var carry uint
	for j, a := range x {
		var s uint
		s, carry = bits.Add(uint(z[i+j]), uint(a), carry)
		z[i+j] = Word(s)
	}
	for j := i + len(x); carry != 0; j++ {
		var s uint
		s, carry = bits.Add(uint(z[j]), 0, carry)
		z[j] = Word(s)
	}
}

// divWord returns x/y and x%y.
func (x nat) divWord(y Word) (nat, Word) {
	z := make(nat, len(x))
	var rest uint
	for i := len(x) - 1; i >= 0; i-- {
		var q uint
		q, rest = bits.Div(rest, uint(x[i]), uint(y))
		z[i] = Word(q)
	}
	return z.norm(), Word(rest)
}

// div returns x/y and x%y.
func (x nat) div(y nat) (q, r nat) {
	switch {
	case len(y) == 0:
		panic("division by zero")
	case x.cmp(y) < 0:
		return nil, x.clone()
	case len(y) == 1:
		q, w := x.divWord(y[0])
		return q, natOf(uint64(w))
	}
	// Long division; y's highest bit is made 1, so that the guess of a digit
	// is at most two too large.
	shift := uint(bits.LeadingZeros(uint(y[len(y)-1])))
	v := y.shl(shift)
	u := make(nat, len(x)+1)
	copy(u, x.shl(shift))
	n, m := len(v), len(x)-len(v)
	q = make(nat, m+1)
	top, second := uint(v[n-1]), uint(v[n-2])
	for j := m; j >= 0; j-- {
		guess := ^uint(0)
		if high := uint(u[j+n]); high < top {
			var rest uint
			guess, rest = bits.Div(high, uint(u[j+n-1]), top)
			for {
				hi, lo := bits.Mul(guess, second)
				if hi < rest || hi == rest && lo <= uint(u[j+n-2]) {
					break
				}
				guess--
				var c uint
				if rest, c = bits.Add(rest, top, 0); c != 0 {
					break
				}
			}
		}
		var carry, borrow uint
		for i := range n {
			hi, lo := bits.Mul(guess, uint(v[i]))
			lo, c := bits.Add(lo, carry, 0)
			carry = hi + c
			var d uint
			d, borrow = bits.Sub(uint(u[j+i]), lo, borrow)
			u[j+i] = Word(d)
		}
		d, b := bits.Sub(uint(u[j+n]), carry, borrow)
		u[j+n] = Word(d)
		if b != 0 {
			guess--
			var c uint
			for i := range n {
				var s uint
				s, c = bits.Add(uint(u[j+i]), uint(v[i]), c)
				u[j+i] = Word(s)
			}
			u[j+n] += Word(c)
		}
		q[j] = Word(guess)
	}
	return q.norm(), u.norm().shr(shift)
}

func (x nat) shl(n uint) nat {
	if len(x) == 0 {
		return nil
	}
	words, n := int(n/wordBits), n%wordBits
	z := make(nat, len(x)+words+1)
	for i, w := range x {
		z[i+words] |= w << n
		z[i+words+1] = w >> (wordBits - n)
	}
	return z.norm()
}

func (x nat) shr(n uint) nat {
	words, n := int(n/wordBits), n%wordBits
	if words >= len(x) {
		return nil
	}
	z := make(nat, len(x)-words)
	for i := range z {
		z[i] = x[i+words] >> n
		if i+words+1 < len(x) {
			z[i] |= x[i+words+1] << (wordBits - n)
		}
	}
	return z.norm()
}

func (x nat) bitLen() int {
	if len(x) == 0 {
		return 0
	}
	return len(x)*wordBits - bits.LeadingZeros(uint(x[len(x)-1]))
}

func (x nat) bit(i uint) uint {
	if w := i / wordBits; w < uint(len(x)) {
		return uint(x[w]>>(i%wordBits)) & 1
	}
	return 0
}

// trailingZeros returns the number of zero bits at the end; 0 for 0.
func (x nat) trailingZeros() uint {
	for i, w := range x {
		if w != 0 {
			return uint(i*wordBits + bits.TrailingZeros(uint(w)))
		}
	}
	return 0
}

// sticky reports whether any of the low n bits is 1.
func (x nat) sticky(n uint) bool {
	return len(x) > 0 && x.trailingZeros() < n
}

func (x nat) setBit(i uint, b uint) nat {
	z := x.clone()
	for uint(len(z)) <= i/wordBits {
		z = append(z, 0)
	}
	z[i/wordBits] = z[i/wordBits]&^(1<<(i%wordBits)) | Word(b)<<(i%wordBits)
	return z.norm()
}

// digits of x and y, as far as one of them goes, combined by f.
func (x nat) combine(y nat, f func(a, b Word) Word) nat {
	z := make(nat, max(len(x), len(y)))
	for i := range z {
		var a, b Word
		if i < len(x) {
			a = x[i]
		}
		if i < len(y) {
			b = y[i]
		}
		z[i] = f(a, b)
	}
	return z.norm()
}

func (x nat) pow(n uint64) nat {
	z := nat{1}
	for i := bits.Len64(n) - 1; i >= 0; i-- {
		z = z.mul(z)
		if n>>i&1 != 0 {
			z = z.mul(x)
		}
	}
	return z
}

// expMod returns x**y mod m.
func (x nat) expMod(y, m nat) nat {
	z := nat{1}
	if m.cmp(z) == 0 {
		return nil
	}
	_, x = x.div(m)
	for i := y.bitLen() - 1; i >= 0; i-- {
		_, z = z.mul(z).div(m)
		if y.bit(uint(i)) != 0 {
			_, z = z.mul(x).div(m)
		}
	}
	return z
}

// sqrt returns the integer part of the square root.
func (x nat) sqrt() nat {
	if len(x) == 0 {
		return nil
	}
	z := nat{1}.shl(uint(x.bitLen()+1) / 2)
	for {
		q, _ := x.div(z)
		next := z.add(q).shr(1)
		if next.cmp(z) >= 0 {
			return z
		}
		z = next
	}
}

func (x nat) uint64() uint64 {
	if len(x) == 0 {
		return 0
	}
	return uint64(x[0])
}

func gcd(a, b nat) nat {
	for len(b) > 0 {
		_, r := a.div(b)
		a, b = b, r
	}
	return a
}

const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// chunk returns the largest power of base that fits a word, and its exponent.
func chunk(base int) (power Word, n int) {
	power, n = Word(base), 1
	for {
		hi, lo := bits.Mul(uint(power), uint(base))
		if hi != 0 {
			return power, n
		}
		power = Word(lo)
		n++
	}
}

// text appends the digits of x.
func (x nat) text(b []byte, base int) []byte {
	if len(x) == 0 {
		return append(b, '0')
	}
	power, n := chunk(base)
	return appendDigits(b, x, base, power, n, 0)
}

// appendDigits appends at least width digits. Long numbers are halved first.
func appendDigits(b []byte, x nat, base int, power Word, n, width int) []byte {
	if len(x) > 32 {
		half := len(x) / 2 * n
		divisor := nat{power}.pow(uint64(len(x) / 2))
		q, r := x.div(divisor)
		b = appendDigits(b, q, base, power, n, max(width-half, 0))
		return appendDigits(b, r, base, power, n, half)
	}
	var buf []byte
	for len(x) > 0 {
		var r Word
		x, r = x.divWord(power)
		for i := 0; i < n && (len(x) > 0 || r > 0); i++ {
			buf = append(buf, digits[r%Word(base)])
			r /= Word(base)
		}
	}
	for len(buf) < width {
		buf = append(buf, '0')
	}
	for i := len(buf) - 1; i >= 0; i-- {
		b = append(b, buf[i])
	}
	return b
}

// digit returns the value of a digit; 255 for others.
func digit(c byte, base int) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'z':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'Z':
		if base <= 36 {
			return int(c-'A') + 10
		}
		return int(c-'A') + 36
	}
	return 255
}

// fromDigits returns the number with these digits, all of which are good.
func fromDigits(s []byte, base int) nat {
	if len(s) > 400 {
		h := len(s) / 2
		low := fromDigits(s[len(s)-h:], base)
		return fromDigits(s[:len(s)-h], base).mul(nat{Word(base)}.pow(uint64(h))).add(low)
	}
	power, n := chunk(base)
	var z nat
	for len(s) > 0 {
		k := len(s) % n
		if k == 0 {
			k = n
		}
		var w Word
		for _, c := range s[:k] {
			w = w*Word(base) + Word(digit(c, base))
		}
		s = s[k:]
		z = z.mul(nat{power}).add(natOf(uint64(w)))
	}
	return z
}

func (x nat) random(r *rand.Rand) nat {
	n := x.bitLen()
	for {
		z := make(nat, len(x))
		for i := range z {
			z[i] = Word(r.Uint64())
		}
		if n%wordBits != 0 {
			z[len(z)-1] &= 1<<(n%wordBits) - 1
		}
		if z = z.norm(); z.cmp(x) < 0 {
			return z
		}
	}
}
