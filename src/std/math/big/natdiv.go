package big

import "math/bits"

// leastRecursive is the number of digits of a quotient, and of a divisor, from which on divisions are made of smaller ones.
const leastRecursive = 50

// div returns u/v and u%v, in the digits of z and of r. Without a scratch it makes one.
func (z nat) div(s *scratch, r, u, v nat) (q, rest nat) {
	switch {
	case len(v) == 0:
		panic("division by zero")
	case len(v) == 1:
		d := v[0]
		z = z.make(len(u))
		w := divVec(z, u, 0, d)
		return z.norm(), r.setWord(w)
	case u.cmp(v) < 0:
		return z[:0], r.set(u)
	}
	if s == nil {
		var own scratch
		q, rest = z.divide(&own, r, u, v)
		own.done()
		return q, rest
	}
	return z.divide(s, r, u, v)
}

// divide is div for a divisor of two digits and more that is not larger than u.
func (z nat) divide(s *scratch, r, u, v nat) (nat, nat) {
	mark := s.mark()
	a, b, shift := scaled(s, u, v)
	// Nothing is needed of u and v from here on.
	z = z.make(len(u) - len(v) + 1)
	longDivision(s, z, a, b)
	rest := a[:len(v)].norm()
	r = r.rsh(rest, shift)
	s.release(mark)
	return z.norm(), r
}

// rem returns u%v, in z's digits.
func (z nat) rem(s *scratch, u, v nat) nat {
	switch {
	case len(v) == 0:
		panic("division by zero")
	case len(v) == 1:
		return z.setWord(modVec(u, v[0]))
	case u.cmp(v) < 0:
		return z.set(u)
	}
	mark := s.mark()
	a, b, shift := scaled(s, u, v)
	longDivision(s, s.take(len(u)-len(v)+1), a, b)
	z = z.rsh(a[:len(v)].norm(), shift)
	s.release(mark)
	return z
}

// quo returns u/v, in z's digits. Without a scratch it makes one.
func (z nat) quo(s *scratch, u, v nat) nat {
	switch {
	case len(v) == 0:
		panic("division by zero")
	case len(v) == 1:
		z = z.make(len(u))
		divVec(z, u, 0, v[0])
		return z.norm()
	case u.cmp(v) < 0:
		return z[:0]
	}
	if s == nil {
		var own scratch
		z = z.quotient(&own, u, v)
		own.done()
		return z
	}
	return z.quotient(s, u, v)
}

func (z nat) quotient(s *scratch, u, v nat) nat {
	mark := s.mark()
	a, b, _ := scaled(s, u, v)
	z = z.make(len(u) - len(v) + 1)
	longDivision(s, z, a, b)
	s.release(mark)
	return z.norm()
}

// scaled returns u and v, times such a power of two that v's highest bit is 1, with one more digit before u.
func scaled(s *scratch, u, v nat) (a, b nat, shift uint) {
	n, m := len(v), len(u)
	shift = uint(bits.LeadingZeros(uint(v[n-1])))
	a, b = s.take(m+1), s.take(n)
	if shift == 0 {
		copy(a, u)
		a[m] = 0
		copy(b, v)
	} else {
		a[m] = shlVec(a[:m], u, shift)
		shlVec(b, v, shift)
	}
	return a, b, shift
}

// longDivision sets q to u/v and the lowest digits of u to the remainder, the others to 0. u has as many digits as q and v
// together; the highest ones, as many as v has, are less than v, whose highest bit is 1.
func longDivision(s *scratch, q, u, v []Word) {
	k, n := len(q), len(v)
	switch {
	case n == 1:
		r := divVec(q, u[:k], u[k], v[0])
		clear(u)
		u[0] = r
	case k < leastRecursive || n < leastRecursive:
		schoolDivision(q, u, v)
	case k >= n:
		// In steps of less than n digits, so that each has fewer than the divisor.
		for k > 0 {
			step := k % n
			if step == 0 {
				step = n / 2
			}
			if k == n {
				step = n - n/2
			}
			longDivision(s, q[k-step:k], u[k-step:k+n], v)
			k -= step
		}
	default:
		// The highest k digits of v give a quotient that is not too small.
		t := n - k
		top := v[t:]
		if nat(u[n:]).cmp(top) < 0 {
			longDivision(s, q, u[t:], top)
		} else {
			// All ones; what is left is the digits below, plus top.
			for i := range q {
				q[i] = ^Word(0)
			}
			clear(u[n:])
			u[n] = addVec(u[t:n], u[t:n], top)
		}
		mark := s.mark()
		p := s.take(n)
		if k >= t {
			multiply(s, p, q, v[:t])
		} else {
			multiply(s, p, v[:t], q)
		}
		u[n] -= subVec(u[:n], u[:n], p)
		for u[n] != 0 {
			subDigit(q, q, 1)
			u[n] += addVec(u[:n], u[:n], v)
		}
		s.release(mark)
	}
}

// schoolDivision is longDivision digit by digit, for a divisor of two digits and more.
func schoolDivision(q, u, v []Word) {
	n := len(v)
	top, second := uint(v[n-1]), uint(v[n-2])
	for j := len(q) - 1; j >= 0; j-- {
		// The guess of a digit, from three digits by two, is one too large at most; two if it is the largest digit.
		guess := ^uint(0)
		if high := uint(u[j+n]); high < top {
			var rest uint
			guess, rest = bits.Div(high, uint(u[j+n-1]), top)
			hi, lo := bits.Mul(guess, second)
			for hi > rest || hi == rest && lo > uint(u[j+n-2]) {
				guess--
				var c uint
				if rest, c = bits.Add(rest, top, 0); c != 0 {
					break
				}
				lo, c = bits.Sub(lo, second, 0)
				hi -= c
			}
		}
		part := u[j : j+n]
		for c := subMulVec(part, v, Word(guess)) - u[j+n]; c != 0; {
			guess--
			c -= addVec(part, part, v)
		}
		u[j+n] = 0
		q[j] = Word(guess)
	}
}
