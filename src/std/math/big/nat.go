// Package big has numbers of any size: integers, fractions, and floating-point
// numbers of a chosen precision.
package big

import (
	"internal/byteorder"
	"math/bits"
	"math/rand"
	"unsafe"
)

// A Word is a digit: numbers are written to the base 2^64.
type Word uint

// A nat is a natural number, the lowest digit first, without leading zeros.
//
// Operations are methods of the number whose memory their result may take: z.add(x, y) returns x+y, in z's digits if there
// is room. The operands may be z itself, unless an operation says otherwise.
type nat []Word

// Operands. Nothing writes to them.
var (
	natOne  = nat{1}
	natTwo  = nat{2}
	natFive = nat{5}
	natTen  = nat{10}
)

func (z nat) norm() nat {
	i := len(z)
	for i > 0 && z[i-1] == 0 {
		i--
	}
	return z[0:i]
}

// make returns n digits with any values: z's if it has room for them, else new ones, with room for a few more.
func (z nat) make(n int) nat {
	if n <= cap(z) {
		return z[:n]
	}
	if n == 1 {
		return make(nat, 1)
	}
	const slack = 4
	return make(nat, n, n+slack)
}

func (z nat) setWord(x Word) nat {
	if x == 0 {
		return z[:0]
	}
	z = z.make(1)
	z[0] = x
	return z
}

func (z nat) setUint64(x uint64) nat {
	if w := Word(x); uint64(w) == x {
		return z.setWord(w)
	}
	// Where a digit has 32 bits.
	z = z.make(2)
	z[1] = Word(x >> 32)
	z[0] = Word(x)
	return z
}

func (z nat) set(x nat) nat {
	z = z.make(len(x))
	copy(z, x)
	return z
}

// overlap reports whether x and y have digits in common, counting those that they have room for.
func overlap(x, y nat) bool {
	a, b := uintptr(unsafe.Pointer(unsafe.SliceData(x))), uintptr(unsafe.Pointer(unsafe.SliceData(y)))
	return a < b+uintptr(cap(y))*wordBytes && b < a+uintptr(cap(x))*wordBytes
}

// begins reports whether x and y begin at the same place.
func begins(x, y nat) bool { return unsafe.SliceData(x) == unsafe.SliceData(y) }

func (z nat) add(x, y nat) nat {
	if len(x) < len(y) {
		x, y = y, x
	}
	m, n := len(x), len(y)
	if n == 0 {
		return z.set(x)
	}
	z = z.make(m + 1)
	c := addVec(z[:n], x[:n], y)
	if m > n {
		c = addDigit(z[n:m], x[n:], c)
	}
	z[m] = c
	if c == 0 {
		return z[:m]
	}
	return z
}

// sub returns x-y; x is not less than y.
func (z nat) sub(x, y nat) nat {
	m, n := len(x), len(y)
	if n == 0 {
		return z.set(x)
	}
	if m < n {
		panic("underflow")
	}
	z = z.make(m)
	c := subVec(z[:n], x[:n], y)
	if m > n {
		c = subDigit(z[n:], x[n:], c)
	}
	if c != 0 {
		panic("underflow")
	}
	return z.norm()
}

//go:noinline
func (x nat) cmp(y nat) (r int) {
	if len(x) != len(y) {
		if len(x) < len(y) {
			return -1
		}
		return 1
	}
	for i := len(x) - 1; i >= 0; i-- {
		if a, b := x[i], y[i]; a != b {
			if a < b {
				return -1
			}
			return 1
		}
	}
	return 0
}

func (z nat) lsh(x nat, s uint) nat {
	m := len(x)
	if m == 0 {
		return z[:0]
	}
	if s == 0 {
		if begins(z, x) {
			return z[:m]
		}
		return z.set(x)
	}
	words := int(s / wordBits)
	n := m + words
	z = z.make(n + 1)
	if s %= wordBits; s != 0 {
		z[n] = shlVec(z[words:n], x, s)
	} else {
		copy(z[words:n], x)
		z[n] = 0
	}
	clear(z[:words])
	return z.norm()
}

func (z nat) rsh(x nat, s uint) nat {
	words := s / wordBits
	if words >= uint(len(x)) {
		return z[:0]
	}
	if s == 0 && begins(z, x) {
		return z[:len(x)]
	}
	n := len(x) - int(words)
	z = z.make(n)
	if s %= wordBits; s != 0 {
		shrVec(z, x[words:], s)
	} else {
		copy(z, x[words:])
	}
	return z.norm()
}

// bitLen returns the number of bits, in a time that does not depend on the highest digit: below its first bit that is 1,
// all others are set.
func (x nat) bitLen() int {
	if i := len(x) - 1; i >= 0 {
		top := uint(x[i])
		top |= top >> 1
		top |= top >> 2
		top |= top >> 4
		top |= top >> 8
		top |= top >> 16
		top |= top >> 16 >> 16
		return i*wordBits + bits.Len(top)
	}
	return 0
}

// trailingZeroBits returns the number of zero bits at the end; 0 for 0.
func (x nat) trailingZeroBits() uint {
	if len(x) == 0 {
		return 0
	}
	var i uint
	for x[i] == 0 {
		i++
	}
	return i*wordBits + uint(bits.TrailingZeros(uint(x[i])))
}

// bit returns bit i.
func (x nat) bit(i uint) uint {
	if w := i / wordBits; w < uint(len(x)) {
		return uint(x[w]>>(i%wordBits)) & 1
	}
	return 0
}

// sticky returns 1 if any of the n lowest bits is, else 0.
func (x nat) sticky(n uint) uint {
	if len(x) > 0 && n > 0 && x.trailingZeroBits() < n {
		return 1
	}
	return 0
}

// setBit returns x with bit i set to b.
func (z nat) setBit(x nat, i uint, b uint) nat {
	n, w := len(x), int(i/wordBits)
	bit := Word(1) << (i % wordBits)
	if b == 0 {
		z = z.set(x)
		if w >= n {
			return z
		}
		z[w] &^= bit
		return z.norm()
	}
	if w < n {
		z = z.set(x)
	} else {
		z = z.make(w + 1)
		copy(z, x)
		clear(z[n:])
	}
	z[w] |= bit
	return z
}

// low returns x modulo 2^n.
func (z nat) low(x nat, n uint) nat {
	words := (n + wordBits - 1) / wordBits
	if uint(len(x)) < words {
		return z.set(x)
	}
	z = z.set(x[:words])
	if n %= wordBits; n != 0 {
		z[words-1] &= 1<<n - 1
	}
	return z.norm()
}

func (z nat) and(x, y nat) nat {
	n := min(len(x), len(y))
	z = z.make(n)
	for i := range z {
		z[i] = x[i] & y[i]
	}
	return z.norm()
}

func (z nat) andNot(x, y nat) nat {
	n := min(len(x), len(y))
	z = z.make(len(x))
	for i := range n {
		z[i] = x[i] &^ y[i]
	}
	copy(z[n:], x[n:])
	return z.norm()
}

func (z nat) or(x, y nat) nat {
	if len(x) < len(y) {
		x, y = y, x
	}
	z = z.make(len(x))
	for i := range y {
		z[i] = x[i] | y[i]
	}
	copy(z[len(y):], x[len(y):])
	return z.norm()
}

func (z nat) xor(x, y nat) nat {
	if len(x) < len(y) {
		x, y = y, x
	}
	z = z.make(len(x))
	for i := range y {
		z[i] = x[i] ^ y[i]
	}
	copy(z[len(y):], x[len(y):])
	return z.norm()
}

// random returns a random number less than limit, which has n bits.
func (z nat) random(r *rand.Rand, limit nat, n int) nat {
	if overlap(z, limit) {
		z = nil
	}
	z = z.make(len(limit))
	mask := ^Word(0)
	if n %= wordBits; n != 0 {
		mask = 1<<n - 1
	}
	for {
		for i := range z {
			low := Word(r.Uint32())
			z[i] = low | Word(r.Uint32())<<32
		}
		z[len(z)-1] &= mask
		if z.cmp(limit) < 0 {
			return z.norm()
		}
	}
}

// bytes writes x to the end of buf, the highest byte first, and returns where it begins.
func (x nat) bytes(buf []byte) (i int) {
	i = len(buf)
	for _, w := range x {
		for j := 0; j < wordBytes; j++ {
			i--
			if i >= 0 {
				buf[i] = byte(w)
			} else if byte(w) != 0 {
				panic("math/big: buffer too small to fit value")
			}
			w >>= 8
		}
	}
	if i < 0 {
		i = 0
	}
	for i < len(buf) && buf[i] == 0 {
		i++
	}
	return
}

// setBytes returns the number with these bytes, the highest first.
func (z nat) setBytes(buf []byte) nat {
	z = z.make((len(buf) + wordBytes - 1) / wordBytes)
	i := 0
	for ; len(buf) >= wordBytes; i++ {
		z[i] = Word(byteorder.BEUint64(buf[len(buf)-wordBytes:]))
		buf = buf[:len(buf)-wordBytes]
	}
	if len(buf) > 0 {
		var w Word
		for _, b := range buf {
			w = w<<8 | Word(b)
		}
		z[i] = w
	}
	return z.norm()
}
