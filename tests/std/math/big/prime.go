package big

import (
	"x/fmt"
	"x/math/rand"
)

// Jacobi returns the Jacobi symbol of x and the odd number y.
func Jacobi(x, y *Int) int {
	if len(y.abs) == 0 || y.abs[0]&1 == 0 {
		panic(fmt.Sprintf("big: invalid 2nd argument to Int.Jacobi: need odd integer but got %s", y.String()))
	}
	var s scratch
	a := x.abs
	j := 1
	if x.neg {
		if y.neg {
			j = -1
		}
		a = s.take(len(y.abs)).rem(&s, a, y.abs)
		if len(a) > 0 {
			a = a.sub(y.abs, a)
		}
	}
	j *= jacobi(&s, a, y.abs)
	s.done()
	return j
}

// ModSqrt sets z to a square root of x modulo the odd prime p; nil if there is none.
func (z *Int) ModSqrt(x, p *Int) *Int {
	switch Jacobi(x, p) {
	case -1:
		return nil
	case 0:
		return z.SetInt64(0)
	}
	var s scratch
	n := len(p.abs)
	a := s.take(n).rem(&s, x.abs, p.abs)
	if x.neg && len(a) > 0 {
		a = a.sub(p.abs, a)
	}
	z.neg = false
	z.abs = z.abs.set(squareRoot(&s, a, p.abs))
	s.done()
	return z
}

// A ring multiplies modulo m.
type ring struct {
	s *scratch
	m nat
}

// mul returns x*y, in z's digits.
func (g *ring) mul(z, x, y nat) nat { return g.mulAdd(z, x, y, nil) }

// mulAdd returns x*y + c, in z's digits.
func (g *ring) mulAdd(z, x, y, c nat) nat {
	mark := g.s.mark()
	t := g.s.take(max(len(x)+len(y), len(c)) + 1)
	if len(x) == len(y) && begins(x, y) {
		t = t.sqr(g.s, x)
	} else {
		t = t.mul(g.s, x, y)
	}
	if len(c) > 0 {
		t = t.add(t, c)
	}
	z = z.rem(g.s, t, g.m)
	g.s.release(mark)
	return z
}

// exp returns x**y, in z's digits.
func (g *ring) exp(z, x, y nat) nat { return z.exp(g.s, x, y, g.m) }

// squareRoot returns a square root of the square a modulo the prime p, in digits of the scratch.
func squareRoot(s *scratch, a, p nat) nat {
	n := len(p)
	g := ring{s, p}
	z, e := s.take(n+1), s.take(n+1)
	switch {
	case p[0]&3 == 3:
		// a**((p+1)/4)
		e = e.add(p, natOne)
		return g.exp(z, a, e.rsh(e, 2))
	case p[0]&7 == 5:
		// Atkin's formula: b = (2a)**((p-5)/8), i = 2*a*b*b, a*b*(i-1)
		b, i, twice := s.take(n), s.take(n+2), s.take(n+1)
		twice = twice.lsh(a, 1)
		b = g.exp(b, twice, e.rsh(p, 3))
		i = g.mul(i, b, b)
		i = g.mul(i, i, twice)
		// e is free: i + (p-1) is i-1.
		i = i.add(i, e.sub(p, natOne))
		i = g.mul(i, i, a)
		return g.mul(z, i, b)
	}
	// Tonelli and Shanks: p-1 is e * 2**r for an odd e.
	e = e.sub(p, natOne)
	r := e.trailingZeroBits()
	e = e.rsh(e, r)
	other := s.take(1).setWord(2)
	for jacobi(s, other, p) != -1 {
		other[0]++
	}
	b, c, t := s.take(n+1), s.take(n+1), s.take(n+1)
	c = g.exp(c, other, e)
	b = g.exp(b, a, e)
	e = e.add(e, natOne)
	z = g.exp(z, a, e.rsh(e, 1))
	for {
		m := uint(0)
		for t = t.set(b); t.cmp(natOne) != 0; m++ {
			t = g.mul(t, t, t)
		}
		if m == 0 {
			return z
		}
		t = t.set(c)
		for range r - m - 1 {
			t = g.mul(t, t, t)
		}
		c = g.mul(c, t, t)
		z = g.mul(z, z, t)
		b = g.mul(b, b, c)
		r = m
	}
}

// ProbablyPrime reports whether x is probably prime, by n tests of Miller and Rabin with random bases, one with base 2,
// and a test of Lucas.
func (x *Int) ProbablyPrime(n int) bool {
	if n < 0 {
		panic("negative n for ProbablyPrime")
	}
	if x.neg || len(x.abs) == 0 {
		return false
	}
	const primes = 1<<2 | 1<<3 | 1<<5 | 1<<7 | 1<<11 | 1<<13 | 1<<17 | 1<<19 | 1<<23 | 1<<29 | 1<<31 |
		1<<37 | 1<<41 | 1<<43 | 1<<47 | 1<<53 | 1<<59 | 1<<61
	w := x.abs[0]
	if len(x.abs) == 1 && w < 64 {
		return primes>>w&1 != 0
	}
	if w&1 == 0 {
		return false
	}
	// The product of the odd primes up to 53.
	r := modVec(x.abs, 3*5*7*11*13*17*19*23*29*31*37*41*43*47*53)
	for _, p := range [...]Word{3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53} {
		if r%p == 0 {
			return false
		}
	}
	var s scratch
	prime := millerRabin(&s, x.abs, n) && lucas(&s, x.abs)
	s.done()
	return prime
}

// millerRabin tests the odd number x with n random bases, and 2.
func millerRabin(s *scratch, x nat, n int) bool {
	mark := s.mark()
	size := len(x)
	minus1, most, odd := s.take(size), s.take(size), s.take(size)
	minus1 = minus1.sub(x, natOne)
	k := minus1.trailingZeroBits()
	odd = odd.rsh(minus1, k)
	most = most.sub(minus1, natTwo)
	g := ring{s, x}
	base, y := s.take(size+1), s.take(size+1)
	var rnd *rand.Rand
	if n > 0 {
		rnd = rand.New(rand.NewSource(int64(x[0])))
	}
	prime := true
	for i := 0; i <= n && prime; i++ {
		if i == n {
			base = base.set(natTwo)
		} else {
			base = base.random(rnd, most, most.bitLen())
			base = base.add(base, natTwo)
		}
		y = g.exp(y, base, odd)
		if y.cmp(natOne) == 0 {
			continue
		}
		for j := uint(1); j < k && y.cmp(minus1) != 0; j++ {
			y = g.mul(y, y, y)
		}
		prime = y.cmp(minus1) == 0
	}
	s.release(mark)
	return prime
}

// lucas is the almost extra strong test of Lucas for the odd number x, with Q = 1 and the first P from 3 on for which
// P*P-4 is no square modulo x.
func lucas(s *scratch, x nat) bool {
	mark := s.mark()
	defer s.release(mark)
	p := Word(3)
	for d := s.take(1); ; p++ {
		d = d.setWord(p*p - 4)
		j := jacobi(s, d, x)
		if j == -1 {
			break
		}
		if j == 0 {
			// x and d have a factor in common, which is p+2, for p-2 was tried before.
			return len(x) == 1 && x[0] == p+2
		}
		if p == 40 {
			// There may be none: if x is a square.
			root := s.take(len(x)).sqrt(s, x)
			if square := s.take(2*len(root)).sqr(s, root); square.cmp(x) == 0 {
				return false
			}
		}
		if p > 10000 {
			panic("math/big: internal error: cannot find (D/n) = -1 for " + string(x.itoa(false, 10)))
		}
	}
	n := len(x)
	minus2 := s.take(n).sub(x, natTwo)
	e := s.take(n+1).add(x, natOne)
	r := e.trailingZeroBits()
	e = e.rsh(e, r)
	g := ring{s, x}
	// v and w are V(k) and V(k+1), where V(i+j) = V(i)*V(j) - V(j-i), V(0) = 2 and V(1) = P.
	factor := s.take(1).setWord(p)
	minusP := s.take(n).sub(x, factor)
	v, w := s.take(n+1).setWord(2), s.take(n+1).setWord(p)
	for i := e.bitLen() - 1; i >= 0; i-- {
		if e.bit(uint(i)) != 0 {
			v = g.mulAdd(v, v, w, minusP)
			w = g.mulAdd(w, w, w, minus2)
		} else {
			w = g.mulAdd(w, v, w, minusP)
			v = g.mulAdd(v, v, v, minus2)
		}
	}
	if v.cmp(natTwo) == 0 || v.cmp(minus2) == 0 {
		// U(k) is 0 if P*V(k) is 2*V(k+1).
		a := g.mul(s.take(n), v, factor)
		b := g.mul(s.take(n), w, natTwo)
		if a.cmp(b) == 0 {
			return true
		}
	}
	for range r - 1 {
		if len(v) == 0 {
			return true
		}
		if v.cmp(natTwo) == 0 {
			return false
		}
		v = g.mulAdd(v, v, v, minus2)
	}
	return false
}
