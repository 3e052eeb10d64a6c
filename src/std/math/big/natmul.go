package big

import "math/bits"

// From these numbers of digits on, products and squares are made of smaller ones.
const (
	leastKaratsuba = 40
	leastSquare    = 64
)

// mul returns x*y. Without a scratch it makes one.
func (z nat) mul(s *scratch, x, y nat) nat {
	if len(x) < len(y) {
		x, y = y, x
	}
	m, n := len(x), len(y)
	switch n {
	case 0:
		return z[:0]
	case 1:
		d := y[0]
		z = z.make(m + 1)
		z[m] = mulVec(z[:m], x, d, 0)
		return z.norm()
	}
	if s == nil {
		var own scratch
		z = z.product(&own, x, y)
		own.done()
		return z
	}
	return z.product(s, x, y)
}

// product is mul for numbers of two digits and more, the longer one first.
func (z nat) product(s *scratch, x, y nat) nat {
	n := len(x) + len(y)
	if cap(z) > 0 && (overlap(z, x) || overlap(z, y)) {
		mark := s.mark()
		t := s.take(n)
		multiply(s, t, x, y)
		z = z.set(t.norm())
		s.release(mark)
		return z
	}
	z = z.make(n)
	multiply(s, z, x, y)
	return z.norm()
}

// mulAdd returns x*y+c.
func (z nat) mulAdd(x nat, y, c Word) nat {
	m := len(x)
	z = z.make(m + 1)
	z[m] = mulVec(z[:m], x, y, c)
	return z.norm()
}

// multiply sets z to x*y. It has as many digits as they have together, and none in common with them; y has one at least,
// and not more than x.
func multiply(s *scratch, z, x, y []Word) {
	m, n := len(x), len(y)
	switch {
	case n < leastKaratsuba:
		z[m] = mulVec(z[:m], x, y[0], 0)
		for i := 1; i < n; i++ {
			z[m+i] = addMulVec(z[i:m+i], x, y[i])
		}
	case m == n:
		karatsuba(s, z, x, y)
	default:
		// Pieces of x that are as long as y.
		karatsuba(s, z[:2*n], x[:n], y)
		clear(z[2*n:])
		mark := s.mark()
		t := s.take(2 * n)
		for i := n; i < m; i += n {
			piece := x[i:min(i+n, m)]
			t := t[:len(piece)+n]
			multiply(s, t, y, piece)
			addAt(z[i:], t)
		}
		s.release(mark)
	}
}

// karatsuba is multiply for x and y of the same length. With halves, and the square of the base of halves as b,
// x*y = x1*y1*b² + (x1*y1 + x0*y0 - (x1-x0)*(y1-y0))*b + x0*y0.
func karatsuba(s *scratch, z, x, y []Word) {
	n := len(x)
	h := (n + 1) / 2
	mark := s.mark()
	mid := s.take(2*h + 1)
	differences := s.take(2 * h)
	// The differences lie in z until they are multiplied.
	negative := distance(z[:h], x[:h], x[h:]) != distance(z[h:2*h], y[:h], y[h:])
	multiply(s, differences, z[:h], z[h:2*h])
	multiply(s, z[:2*h], x[:h], y[:h])
	multiply(s, z[2*h:], x[h:], y[h:])
	join(z, mid, differences, h, negative)
	s.release(mark)
}

// join adds the middle of a product to its ends in z: the sum of the ends and of d, which may be negative.
func join(z, mid, d []Word, h int, minus bool) {
	copy(mid, z[:2*h])
	mid[2*h] = 0
	addAt(mid, z[2*h:])
	if minus {
		addAt(mid, d)
	} else {
		subAt(mid, d)
	}
	addAt(z[h:], nat(mid).norm())
}

// distance sets z to |x-y|, where y may be one digit shorter, and reports whether x is less.
func distance(z, x, y []Word) bool {
	n := len(y)
	if (len(x) == n || x[n] == 0) && nat(x[:n]).cmp(y) < 0 {
		subVec(z[:n], y, x[:n])
		clear(z[n:])
		return true
	}
	c := subVec(z[:n], x[:n], y)
	if n < len(x) {
		z[n] = x[n] - c
	}
	return false
}

// sqr returns x*x. Without a scratch it makes one.
func (z nat) sqr(s *scratch, x nat) nat {
	switch len(x) {
	case 0:
		return z[:0]
	case 1:
		hi, lo := bits.Mul(uint(x[0]), uint(x[0]))
		z = z.make(2)
		z[1], z[0] = Word(hi), Word(lo)
		return z.norm()
	}
	if s == nil {
		var own scratch
		z = z.squared(&own, x)
		own.done()
		return z
	}
	return z.squared(s, x)
}

// squared is sqr for numbers of two digits and more.
func (z nat) squared(s *scratch, x nat) nat {
	if cap(z) > 0 && overlap(z, x) {
		mark := s.mark()
		t := s.take(2 * len(x))
		square(s, t, x)
		z = z.set(t.norm())
		s.release(mark)
		return z
	}
	z = z.make(2 * len(x))
	square(s, z, x)
	return z.norm()
}

// square sets z, which has twice the digits of x and none in common with it, to x*x.
func square(s *scratch, z, x []Word) {
	n := len(x)
	if n >= leastSquare {
		h := (n + 1) / 2
		mark := s.mark()
		mid := s.take(2*h + 1)
		d := s.take(2 * h)
		distance(z[:h], x[:h], x[h:])
		square(s, d, z[:h])
		square(s, z[:2*h], x[:h])
		square(s, z[2*h:], x[h:])
		join(z, mid, d, h, false)
		s.release(mark)
		return
	}
	// The products of different digits, each once; twice that; the squares of the digits.
	z[0] = 0
	z[2*n-1] = 0
	if n > 1 {
		z[n] = mulVec(z[1:n], x[1:], x[0], 0)
		for i := 1; i < n-1; i++ {
			z[n+i] = addMulVec(z[2*i+1:n+i], x[i+1:], x[i])
		}
		z[2*n-1] = 0
	}
	var out, carry uint
	for i, d := range x {
		hi, lo := bits.Mul(uint(d), uint(d))
		a, b := uint(z[2*i]), uint(z[2*i+1])
		twice := a<<1 | out
		out = b >> (wordBits - 1)
		var sum uint
		sum, carry = bits.Add(twice, lo, carry)
		z[2*i] = Word(sum)
		sum, carry = bits.Add(b<<1|a>>(wordBits-1), hi, carry)
		z[2*i+1] = Word(sum)
	}
}

// mulRange returns the product of the numbers from a to b, which is 1 if there are none.
func (z nat) mulRange(s *scratch, a, b uint64) nat {
	switch {
	case a == 0:
		return z[:0]
	case a > b:
		return z.setUint64(1)
	}
	mark := s.mark()
	t := s.take(roomFor(b-a+1, b))
	n := productOf(s, t, a, b)
	z = z.set(t[:n])
	s.release(mark)
	return z
}

// roomFor returns how many digits n factors need that are not larger than most, and one more.
func roomFor(n, most uint64) int {
	hi, lo := bits.Mul64(n, uint64(bits.Len64(most)))
	if hi != 0 || lo>>46 != 0 {
		panic("math/big: number too large")
	}
	return int(lo+wordBits-1)/wordBits + 1
}

// productOf sets z to the product of the numbers from a to b, at least one, and returns the number of its digits.
func productOf(s *scratch, z []Word, a, b uint64) int {
	const few = 16
	if b-a < few {
		z[0] = Word(a)
		n := 1
		for a < b {
			a++
			if c := mulVec(z[:n], z[:n], Word(a), 0); c != 0 {
				z[n] = c
				n++
			}
		}
		return n
	}
	mark := s.mark()
	middle := a + (b-a)/2
	low := s.take(roomFor(middle-a+1, middle))
	low = low[:productOf(s, low, a, middle)]
	high := s.take(roomFor(b-middle, b))
	high = high[:productOf(s, high, middle+1, b)]
	if len(low) < len(high) {
		low, high = high, low
	}
	n := len(low) + len(high)
	multiply(s, z[:n], low, high)
	s.release(mark)
	if z[n-1] == 0 {
		n--
	}
	return n
}
