package big

import "x/math/bits"

// A pair is two numbers that Euclid's algorithm makes smaller, a not less than b, with the magnitudes of their cofactors:
// a is the first operand times p, plus some multiple of the second, and b the same with q. The signs of cofactors alternate.
// All of them lie in a scratch. The digits of a and b have room for each other, and so have those of p and q.
type pair struct {
	a, b nat
	p, q nat
	neg  bool // whether p's sign is minus; q's is the other
}

// gcd returns the greatest common divisor of x and y, neither of which is 0, and, if wanted, the cofactor u of x and its
// sign. They lie in the scratch.
func gcd(s *scratch, x, y nat, cofactor bool) (g, u nat, neg bool) {
	n := max(len(x), len(y)) + 1
	if n == 2 && !cofactor {
		a, b := x[0], y[0]
		for b != 0 {
			a, b = b, a%b
		}
		return s.take(1).setWord(a), nil, false
	}
	e := pair{a: s.take(n).set(x), b: s.take(n).set(y)}
	t := s.take(n)
	t1, t2 := s.take(n), s.take(n)
	if cofactor {
		e.p, e.q = s.take(n).setWord(1), s.take(n)[:0]
	}
	if e.a.cmp(e.b) < 0 {
		e.a, e.b = e.b, e.a
		e.p, e.q = e.q, e.p
		e.neg = true
	}
	for len(e.b) > 1 {
		if m := simulate(e.a, e.b); m.steps > 0 {
			t, t1 = e.apply(m, t, t1)
			if cofactor {
				t1, t2 = e.cofactors(m, t1, t2)
			}
			if m.steps&1 != 0 {
				e.neg = !e.neg
			}
			continue
		}
		t, t1 = e.step(s, t, t1, cofactor)
	}
	if len(e.b) > 0 && len(e.a) > 1 {
		t, t1 = e.step(s, t, t1, cofactor)
	}
	if len(e.b) == 0 {
		return e.a, e.p, e.neg
	}
	// One digit each.
	a, b := e.a[0], e.b[0]
	m := matrix{a0: 1, b1: 1}
	for b != 0 {
		d := a / b
		a, b = b, a-d*b
		if cofactor {
			m = matrix{m.a1, m.b1, m.a0 + d*m.a1, m.b0 + d*m.b1, m.steps + 1}
		}
	}
	e.a[0] = a
	if cofactor {
		// Only the first row is wanted; the other may be longer than a digit.
		t1 = combine(t1, e.p, m.a0, e.q, m.b0)
		return e.a, t1, e.neg != (m.steps&1 != 0)
	}
	return e.a, nil, false
}

// A matrix stands for steps of Euclid's algorithm. After an even number of them, a becomes a0*a - b0*b and b becomes
// b1*b - a1*a; after an odd number, the signs are the other way round.
type matrix struct {
	a0, b0, a1, b1 Word
	steps          int
}

// simulate does steps with the highest digit's worth of bits of a and b, as long as the quotients are sure to be those of
// the numbers themselves (Collins' condition, as given by Jebelean).
func simulate(a, b nat) matrix {
	n, k := len(a), len(b)
	h := uint(bits.LeadingZeros(uint(a[n-1])))
	back := wordBits - h
	x := a[n-1]<<h | a[n-2]>>back
	var y Word
	switch n - k {
	case 0:
		y = b[k-1]<<h | b[k-2]>>back
	case 1:
		y = b[k-1] >> back
	}
	m := matrix{a0: 1, b1: 1}
	for y != 0 {
		d := x / y
		r := x - d*y
		a2, b2 := m.a0+d*m.a1, m.b0+d*m.b1
		if r < b2 || y-r < m.b1+b2 {
			break
		}
		x, y = y, r
		m = matrix{m.a1, m.b1, a2, b2, m.steps + 1}
	}
	return m
}

// apply does the steps of m on the numbers, and returns the digits that are free then.
func (e *pair) apply(m matrix, t1, t2 nat) (nat, nat) {
	n := len(e.a)
	b := e.b[:n]
	clear(b[len(e.b):])
	t1, t2 = t1[:n], t2[:n]
	if m.steps&1 == 0 {
		mulVec(t1, e.a, m.a0, 0)
		subMulVec(t1, b, m.b0)
		mulVec(t2, b, m.b1, 0)
		subMulVec(t2, e.a, m.a1)
	} else {
		mulVec(t1, b, m.b0, 0)
		subMulVec(t1, e.a, m.a0)
		mulVec(t2, e.a, m.a1, 0)
		subMulVec(t2, b, m.b1)
	}
	t1, e.a = e.a, t1.norm()
	t2, e.b = e.b, t2.norm()
	return t1, t2
}

// cofactors does the steps of m on the cofactors, and returns the digits that are free then.
func (e *pair) cofactors(m matrix, t1, t2 nat) (nat, nat) {
	t1 = combine(t1, e.p, m.a0, e.q, m.b0)
	t2 = combine(t2, e.p, m.a1, e.q, m.b1)
	t1, e.p = e.p, t1
	t2, e.q = e.q, t2
	return t1, t2
}

// combine returns x*a + y*b, in z's digits.
func combine(z, x nat, a Word, y nat, b Word) nat {
	if len(x) < len(y) {
		x, a, y, b = y, b, x, a
	}
	n := len(x)
	z = z[:n+1]
	z[n] = mulVec(z[:n], x, a, 0)
	if c := addMulVec(z, y, b); c != 0 {
		addDigit(z[len(y):], z[len(y):], c)
	}
	return z.norm()
}

// step divides a by b, and returns the digits that are free then.
func (e *pair) step(s *scratch, t1, t2 nat, cofactor bool) (nat, nat) {
	mark := s.mark()
	t1, t2 = t1.div(s, t2, e.a, e.b)
	// The quotient is in t1, the remainder in t2.
	if cofactor {
		p := s.take(max(len(t1)+len(e.q), len(e.p))+1).mul(s, t1, e.q)
		p = p.add(p, e.p)
		e.p, e.q = e.q, e.p.set(p)
		e.neg = !e.neg
	}
	s.release(mark)
	e.a, e.b, t2 = e.b, t2, e.a
	return t1, t2
}

// inverse returns the inverse of x modulo m, which is not 0, in digits of the scratch; false if there is none.
func inverse(s *scratch, x, m nat) (nat, bool) {
	if len(x) == 0 {
		return nil, m.cmp(natOne) == 0
	}
	g, u, neg := gcd(s, x, m, true)
	if g.cmp(natOne) != 0 {
		return nil, false
	}
	if neg && len(u) > 0 {
		u = u.sub(m, u)
	}
	return u, true
}

// jacobi returns the Jacobi symbol of x and the odd number y.
func jacobi(s *scratch, x, y nat) int {
	mark := s.mark()
	n := max(len(x), len(y))
	a, b := s.take(n).set(x), s.take(n).set(y)
	j := 1
	for len(b) > 1 || b[0] != 1 {
		a = a.rem(s, a, b)
		if len(a) == 0 {
			j = 0
			break
		}
		zeros := a.trailingZeroBits()
		if m := b[0] & 7; zeros&1 != 0 && (m == 3 || m == 5) {
			j = -j
		}
		a = a.rsh(a, zeros)
		if a[0]&b[0]&3 == 3 {
			j = -j
		}
		a, b = b, a
	}
	s.release(mark)
	return j
}
