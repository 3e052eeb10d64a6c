package big

import "x/math/bits"

// exp returns x**y, or x**y mod m if m is not 0. Without a scratch it makes one.
func (z nat) exp(s *scratch, x, y, m nat) nat {
	switch {
	case len(m) == 1 && m[0] == 1:
		return z[:0]
	case len(y) == 0:
		return z.setWord(1)
	case len(x) == 0:
		return z[:0]
	case len(x) == 1 && x[0] == 1:
		return z.setWord(1)
	}
	if s == nil {
		var own scratch
		z = z.power(&own, x, y, m)
		own.done()
		return z
	}
	return z.power(s, x, y, m)
}

// power is exp for x > 1 and y > 0.
func (z nat) power(s *scratch, x, y, m nat) nat {
	mark := s.mark()
	switch {
	case len(m) == 0:
		if len(y) > 1 {
			panic("big: exponent too large")
		}
		z = z.set(powerOf(s, x, uint64(y[0])))
	case len(y) == 1 && y[0] == 1:
		z = z.rem(s, x, m)
	case m[0]&1 != 0 && y.bitLen() > 8:
		z = z.set(montgomeryPower(s, x, y, m))
	default:
		z = z.set(powerModulo(s, x, y, m))
	}
	s.release(mark)
	return z
}

// powerOf returns x**n, in digits of the scratch.
func powerOf(s *scratch, x nat, n uint64) nat {
	hi, lo := bits.Mul64(uint64(x.bitLen()), n)
	if hi != 0 || lo>>46 != 0 {
		panic("big: exponent too large")
	}
	words := int(lo/wordBits) + 2
	z, other := s.take(words), s.take(words)
	z = z.setWord(1)
	for i := bits.Len64(n) - 1; i >= 0; i-- {
		if len(z) > 1 || z[0] != 1 {
			other = other.sqr(s, z)
			z, other = other, z
		}
		if n>>i&1 != 0 {
			other = other.mul(s, z, x)
			z, other = other, z
		}
	}
	return z
}

// window is how many bits of the exponent are taken at a time.
const window = 4

// powerModulo returns x**y mod m, in digits of the scratch. It divides after each product.
func powerModulo(s *scratch, x, y, m nat) nat {
	n := len(m)
	square := s.take(2 * n)
	z := s.take(n)
	base := s.take(n).rem(s, x, m)
	if y.bitLen() <= 2*window {
		z = z.setWord(1)
		for i := y.bitLen() - 1; i >= 0; i-- {
			square = square.sqr(s, z)
			z = z.rem(s, square, m)
			if y.bit(uint(i)) != 0 {
				square = square.mul(s, z, base)
				z = z.rem(s, square, m)
			}
		}
		return z
	}
	var powers [1 << window]nat
	powers[0] = natOne
	powers[1] = base
	for i := 2; i < len(powers); i++ {
		square = square.mul(s, powers[i-1], base)
		powers[i] = s.take(n).rem(s, square, m)
	}
	z = z.setWord(1)
	for i := len(y) - 1; i >= 0; i-- {
		for j := wordBits - window; j >= 0; j -= window {
			if len(z) != 1 || z[0] != 1 {
				for range window {
					square = square.sqr(s, z)
					z = z.rem(s, square, m)
				}
			}
			if d := y[i] >> j & (1<<window - 1); d != 0 {
				square = square.mul(s, z, powers[d])
				z = z.rem(s, square, m)
			}
		}
	}
	return z
}

// A montgomery multiplies modulo an odd number without dividing. Its numbers have as many digits as the modulus, need
// not be less than it, and stand for themselves times the base to the power of that number of digits.
type montgomery struct {
	m       []Word
	inverse Word   // of -m, modulo the base
	t       []Word // for products
}

func newMontgomery(s *scratch, m nat) montgomery {
	// Each step doubles the number of right bits, of which there are three.
	inverse := m[0]
	for range 5 {
		inverse *= 2 - m[0]*inverse
	}
	return montgomery{m, -inverse, s.take(2 * len(m))}
}

// mul sets z to x*y. z may be one of them.
func (g *montgomery) mul(z, x, y []Word) {
	n := len(g.m)
	t := g.t
	clear(t[:n])
	var carry Word
	for i := range n {
		a := addMulVec(t[i:i+n], x, y[i])
		b := addMulVec(t[i:i+n], g.m, t[i]*g.inverse)
		sum, c := bits.Add(uint(a), uint(b), uint(carry))
		t[n+i], carry = Word(sum), Word(c)
	}
	if carry != 0 {
		subVec(z, t[n:], g.m)
	} else {
		copy(z, t[n:])
	}
}

// square returns the base to the power of twice the number of digits, modulo m: the product with it stands for a number.
func (g *montgomery) square(s *scratch) []Word {
	n := len(g.m)
	z := s.zeros(n)
	mark := s.mark()
	r := s.zeros(2*n + 1)
	r[2*n] = 1
	r = r.rem(s, r, g.m)
	copy(z, r)
	s.release(mark)
	return z
}

// montgomeryPower returns x**y mod m for an odd m, in digits of the scratch.
func montgomeryPower(s *scratch, x, y, m nat) nat {
	n := len(m)
	z := s.take(n)
	g := newMontgomery(s, m)
	square := g.square(s)
	base := s.zeros(n)
	if len(x) > n {
		mark := s.mark()
		copy(base, s.take(n).rem(s, x, m))
		s.release(mark)
	} else {
		copy(base, x)
	}
	one := s.zeros(n)
	one[0] = 1
	var powers [1 << window]nat
	for i := range powers {
		powers[i] = s.take(n)
		switch i {
		case 0:
			g.mul(powers[0], one, square)
		case 1:
			g.mul(powers[1], base, square)
		default:
			g.mul(powers[i], powers[i-1], powers[1])
		}
	}
	copy(z, powers[0])
	begun := false
	for i := len(y) - 1; i >= 0; i-- {
		for j := wordBits - window; j >= 0; j -= window {
			if begun {
				for range window {
					g.mul(z, z, z)
				}
			}
			if d := y[i] >> j & (1<<window - 1); d != 0 {
				begun = true
				g.mul(z, z, powers[d])
			}
		}
	}
	g.mul(z, z, one)
	if z = z.norm(); z.cmp(m) >= 0 {
		z = z.sub(z, m)
	}
	return z
}

// sqrt returns the integer part of the square root. Without a scratch it makes one.
func (z nat) sqrt(s *scratch, x nat) nat {
	if x.cmp(natOne) <= 0 {
		return z.set(x)
	}
	if s == nil {
		var own scratch
		z = z.root(&own, x)
		own.done()
		return z
	}
	return z.root(s, x)
}

// root is sqrt for x > 1: Newton's steps come down to the root from above.
func (z nat) root(s *scratch, x nat) nat {
	mark := s.mark()
	n := len(x) + 2
	q, a, b := s.take(n), s.take(n), s.take(n)
	a = a.lsh(natOne, uint(x.bitLen()+1)/2)
	for {
		q = q.quo(s, x, a)
		b = b.add(q, a)
		b = b.rsh(b, 1)
		if b.cmp(a) >= 0 {
			break
		}
		a, b = b, a
	}
	z = z.set(a)
	s.release(mark)
	return z
}
