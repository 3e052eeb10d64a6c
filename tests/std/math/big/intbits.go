package big

// Negative numbers are in two's complement: -a is the complement of a-1.

// Lsh sets z to x<<n.
func (z *Int) Lsh(x *Int, n uint) *Int {
	z.abs = z.abs.lsh(x.abs, n)
	z.neg = x.neg
	return z
}

// Rsh sets z to x>>n; negative numbers as in two's complement.
func (z *Int) Rsh(x *Int, n uint) *Int {
	if !x.neg {
		z.abs = z.abs.rsh(x.abs, n)
		z.neg = false
		return z
	}
	t := z.abs.sub(x.abs, natOne)
	t = t.rsh(t, n)
	z.abs = t.add(t, natOne)
	z.neg = true
	return z
}

// Bit returns bit i of x in two's complement.
func (x *Int) Bit(i int) uint {
	if i < 0 {
		panic("negative bit index")
	}
	b := x.abs.bit(uint(i))
	if x.neg && uint(i) > x.abs.trailingZeroBits() {
		b ^= 1
	}
	return b
}

// SetBit sets z to x with bit i set to b.
func (z *Int) SetBit(x *Int, i int, b uint) *Int {
	if i < 0 {
		panic("negative bit index")
	}
	if b > 1 {
		panic("set bit is not 0 or 1")
	}
	if x.neg {
		t := z.abs.sub(x.abs, natOne)
		t = t.setBit(t, uint(i), b^1)
		z.abs = t.add(t, natOne)
		z.neg = true
		return z
	}
	z.abs = z.abs.setBit(x.abs, uint(i), b)
	z.neg = false
	return z
}

// Operations on bits.
type operation int

const (
	opAnd operation = iota
	opAndNot
	opOr
	opXor
)

// combine sets z to x and y combined, at least one of which is negative.
func (z *Int) combine(x, y *Int, op operation) {
	var s scratch
	a, b := x.abs, y.abs
	aneg, bneg := x.neg, y.neg
	if aneg {
		a = s.take(len(a)).sub(a, natOne)
	}
	if bneg {
		b = s.take(len(b)).sub(b, natOne)
	}
	t := z.abs
	neg := false
	switch op {
	case opAnd:
		neg = aneg && bneg
	case opAndNot:
		neg = aneg && !bneg
	case opOr:
		neg = true
	case opXor:
		neg = aneg != bneg
	}
	// The digits of the result, or of its complement: by de Morgan's laws.
	switch op {
	case opAnd, opAndNot:
		if op == opAndNot {
			bneg = !bneg
		}
		switch {
		case aneg && bneg:
			t = t.or(a, b)
		case aneg:
			t = t.andNot(b, a)
		case bneg:
			t = t.andNot(a, b)
		default:
			t = t.and(a, b)
		}
	case opOr:
		switch {
		case aneg && bneg:
			t = t.and(a, b)
		case aneg:
			t = t.andNot(a, b)
		default:
			t = t.andNot(b, a)
		}
	case opXor:
		t = t.xor(a, b)
	}
	if neg {
		t = t.add(t, natOne)
	}
	z.abs = t
	z.neg = neg
	s.done()
}

// And sets z to x&y.
func (z *Int) And(x, y *Int) *Int {
	if x.neg || y.neg {
		z.combine(x, y, opAnd)
		return z
	}
	z.abs = z.abs.and(x.abs, y.abs)
	z.neg = false
	return z
}

// AndNot sets z to x&^y.
func (z *Int) AndNot(x, y *Int) *Int {
	if x.neg || y.neg {
		z.combine(x, y, opAndNot)
		return z
	}
	z.abs = z.abs.andNot(x.abs, y.abs)
	z.neg = false
	return z
}

// Or sets z to x|y.
func (z *Int) Or(x, y *Int) *Int {
	if x.neg || y.neg {
		z.combine(x, y, opOr)
		return z
	}
	z.abs = z.abs.or(x.abs, y.abs)
	z.neg = false
	return z
}

// Xor sets z to x^y.
func (z *Int) Xor(x, y *Int) *Int {
	if x.neg || y.neg {
		z.combine(x, y, opXor)
		return z
	}
	z.abs = z.abs.xor(x.abs, y.abs)
	z.neg = false
	return z
}

// Not sets z to ^x.
func (z *Int) Not(x *Int) *Int {
	if x.neg {
		z.abs = z.abs.sub(x.abs, natOne)
		z.neg = false
		return z
	}
	z.abs = z.abs.add(x.abs, natOne)
	z.neg = true
	return z
}
