package big

import (
	"fmt"
	"math"
	"math/rand"
	"strings"
)

// An Int is an integer. The zero Int is 0. Methods like Add set their
// receiver to the result, and return it.
type Int struct {
	neg bool
	abs nat
}

// MaxBase is the largest base of texts.
const MaxBase = 62

// NewInt returns a new Int.
func NewInt(x int64) *Int {
	u := uint64(x)
	if x < 0 {
		u = -u
	}
	var abs []Word
	if x != 0 {
		abs = []Word{Word(u)}
	}
	return &Int{neg: x < 0, abs: abs}
}

func (z *Int) set(neg bool, abs nat) *Int {
	z.neg = neg && len(abs) > 0
	z.abs = abs
	return z
}

// Sign returns -1, 0 or 1.
func (x *Int) Sign() int {
	switch {
	case len(x.abs) == 0:
		return 0
	case x.neg:
		return -1
	}
	return 1
}

// SetInt64 sets z to x.
func (z *Int) SetInt64(x int64) *Int {
	u := uint64(x)
	if x < 0 {
		u = -u
	}
	return z.set(x < 0, natOf(u))
}

// SetUint64 sets z to x.
func (z *Int) SetUint64(x uint64) *Int { return z.set(false, natOf(x)) }

// Set sets z to x.
func (z *Int) Set(x *Int) *Int {
	if z != x {
		z.abs = z.abs.set(x.abs)
		z.neg = x.neg
	}
	return z
}

// Bits returns the digits of x's absolute value.
func (x *Int) Bits() []Word { return x.abs }

// SetBits sets z to the number with these digits.
func (z *Int) SetBits(abs []Word) *Int { return z.set(false, nat(abs).norm()) }

// Abs sets z to |x|.
func (z *Int) Abs(x *Int) *Int {
	z.Set(x)
	z.neg = false
	return z
}

// Neg sets z to -x.
func (z *Int) Neg(x *Int) *Int {
	z.Set(x)
	z.neg = !z.neg && len(z.abs) > 0
	return z
}

func (z *Int) sum(x *Int, y *Int, yneg bool) *Int {
	if x.neg == yneg {
		return z.set(x.neg, x.abs.add(y.abs))
	}
	if x.abs.cmp(y.abs) >= 0 {
		return z.set(x.neg, x.abs.sub(y.abs))
	}
	return z.set(yneg, y.abs.sub(x.abs))
}

// Add sets z to x+y.
//
//go:noinline
func (z *Int) Add(x, y *Int) *Int { return z.sum(x, y, y.neg) }

// Sub sets z to x-y.
//
//go:noinline
func (z *Int) Sub(x, y *Int) *Int { return z.sum(x, y, !y.neg) }

// Mul sets z to x*y.
func (z *Int) Mul(x, y *Int) *Int {
	z.mul(nil, x, y)
	return z
}

// mul sets z to x*y. Its first argument has no use: Go's is memory for what comes between.
//
//go:noinline
func (z *Int) mul(_ *nat, x, y *Int) { z.set(x.neg != y.neg, x.abs.mul(y.abs)) }

// MulRange sets z to the product of the integers from a to b.
func (z *Int) MulRange(a, b int64) *Int {
	switch {
	case a > b:
		return z.SetInt64(1)
	case a <= 0 && b >= 0:
		return z.SetInt64(0)
	}
	neg := false
	if a < 0 {
		neg = (b-a)&1 == 0
		a, b = -b, -a
	}
	return z.set(neg, product(uint64(a), uint64(b)))
}

func product(a, b uint64) nat {
	switch {
	case a > b:
		return nat{1}
	case a == b:
		return natOf(a)
	case a+1 == b:
		return natOf(a).mul(natOf(b))
	}
	m := a + (b-a)/2
	return product(a, m).mul(product(m+1, b))
}

// Binomial sets z to n over k.
func (z *Int) Binomial(n, k int64) *Int {
	if k > n {
		return z.SetInt64(0)
	}
	if k > n-k {
		k = n - k
	}
	var a, b Int
	a.MulRange(n-k+1, n)
	b.MulRange(1, k)
	return z.Quo(&a, &b)
}

// Quo sets z to x/y, towards zero.
func (z *Int) Quo(x, y *Int) *Int {
	q, _ := x.abs.div(y.abs)
	return z.set(x.neg != y.neg, q)
}

// Rem sets z to x - y*(x quo y).
func (z *Int) Rem(x, y *Int) *Int {
	_, r := x.abs.div(y.abs)
	return z.set(x.neg, r)
}

// QuoRem is Quo and Rem.
func (z *Int) QuoRem(x, y, r *Int) (*Int, *Int) {
	q, rest := x.abs.div(y.abs)
	xneg := x.neg
	z.set(x.neg != y.neg, q)
	r.set(xneg, rest)
	return z, r
}

// Div sets z to x/y such that the remainder is not negative.
func (z *Int) Div(x, y *Int) *Int {
	z.DivMod(x, y, new(Int))
	return z
}

// Mod sets z to x - y*(x div y).
func (z *Int) Mod(x, y *Int) *Int {
	new(Int).DivMod(x, y, z)
	return z
}

// DivMod is Div and Mod.
func (z *Int) DivMod(x, y, m *Int) (*Int, *Int) {
	divisor := new(Int).Set(y)
	z.QuoRem(x, y, m)
	if m.neg {
		if divisor.neg {
			z.Add(z, NewInt(1))
			m.Sub(m, divisor)
		} else {
			z.Sub(z, NewInt(1))
			m.Add(m, divisor)
		}
	}
	return z, m
}

// Rounding modes of Divide.
const (
	Trunc = ToZero
	Floor = ToNegativeInf
	Round = ToNearestEven
	Ceil  = ToPositiveInf
)

// Divide sets z to x/y, rounded as the mode says, and r to x - y*z; either may be nil.
func (z *Int) Divide(x, y, r *Int, mode RoundingMode) (*Int, *Int) {
	divisor := new(Int).Set(y)
	q, rest := new(Int).QuoRem(x, y, new(Int))
	if len(rest.abs) > 0 {
		negative := rest.neg != divisor.neg
		up := false
		switch mode {
		case Trunc:
		case Floor:
			up = negative
		case Ceil:
			up = !negative
		case Round:
			c := rest.abs.shl(1).cmp(divisor.abs)
			up = c > 0 || c == 0 && q.abs.bit(0) != 0
		default:
			panic("invalid rounding mode: " + mode.String())
		}
		if up {
			one := NewInt(1)
			if negative {
				q.Sub(q, one)
				rest.Add(rest, divisor)
			} else {
				q.Add(q, one)
				rest.Sub(rest, divisor)
			}
		}
	}
	if z != nil {
		z.Set(q)
	}
	if r != nil {
		r.Set(rest)
	}
	return z, r
}

// Cmp returns -1, 0 or 1 as x is less than, equal to or greater than y.
func (x *Int) Cmp(y *Int) int {
	switch {
	case x.neg && !y.neg:
		return -1
	case !x.neg && y.neg:
		return 1
	case x.neg:
		return -x.abs.cmp(y.abs)
	}
	return x.abs.cmp(y.abs)
}

// CmpAbs is Cmp of the absolute values.
func (x *Int) CmpAbs(y *Int) int { return x.abs.cmp(y.abs) }

// Int64 returns x; what does not fit is cut off.
func (x *Int) Int64() int64 {
	v := int64(x.abs.uint64())
	if x.neg {
		v = -v
	}
	return v
}

// Uint64 returns |x|; what does not fit is cut off.
func (x *Int) Uint64() uint64 { return x.abs.uint64() }

// IsInt64 reports whether x fits an int64.
func (x *Int) IsInt64() bool {
	if len(x.abs) <= 1 {
		w := int64(x.abs.uint64())
		return w >= 0 || x.neg && w == -w
	}
	return false
}

// IsUint64 reports whether x fits a uint64.
func (x *Int) IsUint64() bool { return !x.neg && len(x.abs) <= 1 }

// Float64 returns the nearest float64, and whether it is less, equal or more.
func (x *Int) Float64() (float64, Accuracy) {
	f := new(Float).SetPrec(53).SetInt(x)
	v, acc := f.Float64()
	if math.IsInf(v, 0) {
		return v, acc
	}
	return v, f.acc
}

// BitLen returns the number of bits of |x|.
func (x *Int) BitLen() int { return x.abs.bitLen() }

// TrailingZeroBits returns the number of zero bits at the end of |x|.
func (x *Int) TrailingZeroBits() uint { return x.abs.trailingZeros() }

// Exp sets z to x**y mod |m|, without the modulus if m is nil or 0. For y < 0
// it needs an inverse of x; nil if there is none.
func (z *Int) Exp(x, y, m *Int) *Int {
	base := x
	e := y.abs
	if y.neg {
		if m == nil || len(m.abs) == 0 {
			return z.SetInt64(1)
		}
		inverse := new(Int).ModInverse(x, m)
		if inverse == nil {
			return nil
		}
		base = inverse
	}
	if m == nil || len(m.abs) == 0 {
		if len(base.abs) == 1 && base.abs[0] == 1 || len(base.abs) == 0 || len(e) <= 1 {
			return z.set(base.neg && e.bit(0) == 1, base.abs.pow(e.uint64()))
		}
		panic("big: exponent too large")
	}
	neg := base.neg && e.bit(0) == 1
	r := base.abs.expMod(e, m.abs)
	if neg && len(r) > 0 {
		r = m.abs.sub(r)
	}
	return z.set(false, r)
}

// GCD sets z to the greatest common divisor of a and b, and x and y, if they
// are not nil, such that z = a*x + b*y.
func (z *Int) GCD(x, y, a, b *Int) *Int {
	if len(a.abs) == 0 || len(b.abs) == 0 {
		la, lb, na, nb := len(a.abs), len(b.abs), a.neg, b.neg
		if la == 0 {
			z.Set(b)
		} else {
			z.Set(a)
		}
		z.neg = false
		one := func(v *Int, zero, neg bool) {
			if v == nil {
				return
			}
			if zero {
				v.SetInt64(0)
			} else {
				v.SetInt64(1)
				v.neg = neg
			}
		}
		one(x, la == 0, na)
		one(y, lb == 0, nb)
		return z
	}
	r0, r1 := new(Int).Abs(a), new(Int).Abs(b)
	s0, s1 := NewInt(1), NewInt(0)
	A, B := new(Int).Set(a), new(Int).Set(b)
	q, t := new(Int), new(Int)
	for len(r1.abs) > 0 {
		q.Quo(r0, r1)
		r0, r1 = r1, new(Int).Sub(r0, t.Mul(q, r1))
		s0, s1 = s1, new(Int).Sub(s0, t.Mul(q, s1))
	}
	if A.neg {
		s0.Neg(s0)
	}
	if y != nil {
		y.Mul(A, s0)
		y.Sub(r0, y)
		y.Quo(y, B)
	}
	if x != nil {
		x.Set(s0)
	}
	return z.Set(r0)
}

// ModInverse sets z to the inverse of g modulo n; nil if there is none.
func (z *Int) ModInverse(g, n *Int) *Int {
	m := new(Int).Abs(n)
	a := new(Int).Mod(g, m)
	var d, x Int
	d.GCD(&x, nil, a, m)
	if d.Cmp(NewInt(1)) != 0 {
		return nil
	}
	if x.neg {
		x.Add(&x, m)
	}
	return z.Set(&x)
}

// Jacobi returns the Jacobi symbol of x and the odd number y.
func Jacobi(x, y *Int) int {
	if len(y.abs) == 0 || y.abs[0]&1 == 0 {
		panic(fmt.Sprintf("big: invalid 2nd argument to Int.Jacobi: need odd integer but got %s", y.String()))
	}
	a, b := new(Int).Set(x), new(Int).Set(y)
	j := 1
	if b.neg {
		if a.neg {
			j = -1
		}
		b.neg = false
	}
	for {
		if b.Cmp(NewInt(1)) == 0 {
			return j
		}
		if len(a.abs) == 0 {
			return 0
		}
		a.Mod(a, b)
		if len(a.abs) == 0 {
			return 0
		}
		s := a.abs.trailingZeros()
		if s&1 != 0 {
			if m := b.abs[0] & 7; m == 3 || m == 5 {
				j = -j
			}
		}
		c := new(Int).Rsh(a, s)
		if b.abs[0]&3 == 3 && c.abs[0]&3 == 3 {
			j = -j
		}
		a, b = b, c
	}
}

// ModSqrt sets z to a square root of x modulo the odd prime p; nil if there is none.
func (z *Int) ModSqrt(x, p *Int) *Int {
	switch Jacobi(x, p) {
	case -1:
		return nil
	case 0:
		return z.SetInt64(0)
	}
	a := new(Int).Mod(x, p)
	one := NewInt(1)
	// Tonelli and Shanks.
	s := new(Int).Sub(p, one)
	e := s.abs.trailingZeros()
	s.Rsh(s, e)
	n := NewInt(2)
	for Jacobi(n, p) != -1 {
		n.Add(n, one)
	}
	y := new(Int).Add(s, one)
	y.Rsh(y, 1)
	y.Exp(a, y, p)
	b := new(Int).Exp(a, s, p)
	g := new(Int).Exp(n, s, p)
	r := e
	for {
		m := uint(0)
		t := new(Int).Set(b)
		for t.Cmp(one) != 0 {
			t.Mul(t, t).Mod(t, p)
			m++
		}
		if m == 0 {
			return z.Set(y)
		}
		t.SetInt64(0).SetBit(t, int(r-m-1), 1)
		t.Exp(g, t, p)
		g.Mul(t, t).Mod(g, p)
		y.Mul(y, t).Mod(y, p)
		b.Mul(b, g).Mod(b, p)
		r = m
	}
}

// Sqrt sets z to the integer part of x's square root.
func (z *Int) Sqrt(x *Int) *Int {
	if x.neg {
		panic("square root of negative number")
	}
	return z.set(false, x.abs.sqrt())
}

// Rand sets z to a random number less than n.
func (z *Int) Rand(rnd *rand.Rand, n *Int) *Int {
	if n.neg || len(n.abs) == 0 {
		return z.SetInt64(0)
	}
	return z.set(false, n.abs.random(rnd))
}

// ProbablyPrime reports whether x is probably prime: small divisors, then n
// tests of Miller and Rabin with random bases and one with base 2.
func (x *Int) ProbablyPrime(n int) bool {
	if n < 0 {
		panic("negative n for ProbablyPrime")
	}
	if x.neg || len(x.abs) == 0 {
		return false
	}
	if len(x.abs) == 1 && x.abs[0] < 2 {
		return false
	}
	for _, p := range []Word{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53} {
		if _, r := x.abs.divWord(p); r == 0 {
			return len(x.abs) == 1 && x.abs[0] == p
		}
	}
	one := nat{1}
	minus1 := x.abs.sub(one)
	k := minus1.trailingZeros()
	q := minus1.shr(k)
	r := rand.New(rand.NewSource(int64(x.abs[0])))
	bases := []nat{{2}, {3}, {5}, {7}, {11}, {13}, {17}, {19}, {23}, {29}, {31}, {37}}
	if len(x.abs) > 1 {
		for range n {
			bases = append(bases, minus1.sub(nat{2}).random(r).add(nat{2}))
		}
	}
next:
	for _, a := range bases {
		y := a.expMod(q, x.abs)
		if y.cmp(one) == 0 || y.cmp(minus1) == 0 {
			continue
		}
		for i := uint(1); i < k; i++ {
			_, y = y.mul(y).div(x.abs)
			if y.cmp(minus1) == 0 {
				continue next
			}
		}
		return false
	}
	return true
}

// Lsh sets z to x<<n.
func (z *Int) Lsh(x *Int, n uint) *Int {
	z.abs = z.abs.lsh(x.abs, n)
	z.neg = x.neg
	return z
}

// Rsh sets z to x>>n; negative numbers as in two's complement.
func (z *Int) Rsh(x *Int, n uint) *Int {
	if x.neg {
		t := x.abs.sub(nat{1}).shr(n)
		return z.set(true, t.add(nat{1}))
	}
	return z.set(false, x.abs.shr(n))
}

// Bit returns bit i of x in two's complement.
func (x *Int) Bit(i int) uint {
	if i < 0 {
		panic("negative bit index")
	}
	if x.neg {
		return x.abs.sub(nat{1}).bit(uint(i)) ^ 1
	}
	return x.abs.bit(uint(i))
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
		return z.set(true, x.abs.sub(nat{1}).setBit(uint(i), b^1).add(nat{1}))
	}
	return z.set(false, x.abs.setBit(uint(i), b))
}

// logic combines x and y bit by bit, in two's complement: a negative number
// -a is the complement of a-1.
func (z *Int) logic(x, y *Int, f func(a, b Word) Word) *Int {
	part := func(v *Int) (nat, Word) {
		if v.neg {
			return v.abs.sub(nat{1}), ^Word(0)
		}
		return v.abs, 0
	}
	a, am := part(x)
	b, bm := part(y)
	m := f(am, bm)
	r := a.combine(b, func(p, q Word) Word { return f(p^am, q^bm) ^ m })
	if m != 0 {
		return z.set(true, r.add(nat{1}))
	}
	return z.set(false, r)
}

// And sets z to x&y.
//
//go:noinline
func (z *Int) And(x, y *Int) *Int { return z.logic(x, y, func(a, b Word) Word { return a & b }) }

// AndNot sets z to x&^y.
//
//go:noinline
func (z *Int) AndNot(x, y *Int) *Int { return z.logic(x, y, func(a, b Word) Word { return a &^ b }) }

// Or sets z to x|y.
//
//go:noinline
func (z *Int) Or(x, y *Int) *Int { return z.logic(x, y, func(a, b Word) Word { return a | b }) }

// Xor sets z to x^y.
//
//go:noinline
func (z *Int) Xor(x, y *Int) *Int { return z.logic(x, y, func(a, b Word) Word { return a ^ b }) }

// Not sets z to ^x.
func (z *Int) Not(x *Int) *Int {
	return z.Sub(new(Int).Neg(x), NewInt(1))
}

// Bytes returns |x|, the highest byte first.
func (x *Int) Bytes() []byte {
	n := (x.abs.bitLen() + 7) / 8
	return x.FillBytes(make([]byte, n))
}

// FillBytes writes |x| to buf, the highest byte first.
func (x *Int) FillBytes(buf []byte) []byte {
	clear(buf)
	if (x.abs.bitLen()+7)/8 > len(buf) {
		panic("math/big: buffer too small to fit value")
	}
	for i := range buf {
		w := i / 8
		if w >= len(x.abs) {
			break
		}
		buf[len(buf)-1-i] = byte(x.abs[w] >> (8 * (i % 8)))
	}
	return buf
}

// SetBytes sets z to the number with these bytes, the highest first.
func (z *Int) SetBytes(buf []byte) *Int {
	abs := make(nat, (len(buf)+7)/8)
	for i := range buf {
		abs[i/8] |= Word(buf[len(buf)-1-i]) << (8 * (i % 8))
	}
	return z.set(false, abs.norm())
}

// Text returns the digits of x to a base from 2 to 62.
func (x *Int) Text(base int) string {
	if x == nil {
		return "<nil>"
	}
	return string(x.Append(nil, base))
}

// Append appends the digits of x.
func (x *Int) Append(buf []byte, base int) []byte {
	if x == nil {
		return append(buf, "<nil>"...)
	}
	if x.neg {
		buf = append(buf, '-')
	}
	return x.abs.text(buf, base)
}

func (x *Int) String() string { return x.Text(10) }

// SetString sets z to the number s stands for; base 0 takes prefixes and
// underscores.
func (z *Int) SetString(s string, base int) (*Int, bool) {
	neg := strings.HasPrefix(s, "-")
	if neg || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	abs, ok := parseNat(s, base)
	if !ok {
		return nil, false
	}
	return z.set(neg, abs), true
}

func parseNat(s string, base int) (nat, bool) {
	under := false
	if base == 0 {
		base = 10
		under = true
		if len(s) >= 2 && s[0] == '0' {
			switch s[1] {
			case 'x', 'X':
				base, s = 16, s[2:]
			case 'b', 'B':
				base, s = 2, s[2:]
			case 'o', 'O':
				base, s = 8, s[2:]
			default:
				base, s = 8, s[1:]
			}
			s = strings.TrimPrefix(s, "_")
		}
	}
	good := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && under && i > 0 && i+1 < len(s) && s[i-1] != '_' {
			continue
		}
		if digit(s[i], base) >= base {
			return nil, false
		}
		good = append(good, s[i])
	}
	if len(good) == 0 {
		return nil, false
	}
	return fromDigits(good, base), true
}

// Format prints x for the verbs b, o, d, x, X, O, s and v.
func (x *Int) Format(s fmt.State, ch rune) {
	base := 10
	switch ch {
	case 'b':
		base = 2
	case 'o', 'O':
		base = 8
	case 'd', 's', 'v':
	case 'x', 'X':
		base = 16
	default:
		fmt.Fprintf(s, "%%!%c(big.Int=%s)", ch, x.String())
		return
	}
	if x == nil {
		fmt.Fprint(s, "<nil>")
		return
	}
	sign := ""
	switch {
	case x.neg:
		sign = "-"
	case s.Flag('+'):
		sign = "+"
	case s.Flag(' '):
		sign = " "
	}
	prefix := ""
	if s.Flag('#') {
		switch ch {
		case 'b':
			prefix = "0b"
		case 'o':
			prefix = "0"
		case 'x':
			prefix = "0x"
		case 'X':
			prefix = "0X"
		}
	}
	if ch == 'O' {
		prefix = "0o"
	}
	text := string(x.abs.text(nil, base))
	if ch == 'X' {
		text = strings.ToUpper(text)
	}
	left, zeros := 0, 0
	precision, hasPrecision := s.Precision()
	if hasPrecision {
		if len(text) < precision {
			zeros = precision - len(text)
		} else if text == "0" && precision == 0 {
			return
		}
	}
	length := len(sign) + len(prefix) + zeros + len(text)
	right := 0
	if width, ok := s.Width(); ok && length < width {
		switch d := width - length; {
		case s.Flag('-'):
			right = d
		case s.Flag('0') && !hasPrecision:
			zeros = d
		default:
			left = d
		}
	}
	fmt.Fprint(s, strings.Repeat(" ", left), sign, prefix, strings.Repeat("0", zeros), text, strings.Repeat(" ", right))
}

// Scan reads a number for the verbs of Format.
func (z *Int) Scan(s fmt.ScanState, ch rune) error {
	s.SkipSpace()
	base := 0
	switch ch {
	case 'b':
		base = 2
	case 'o':
		base = 8
	case 'd':
		base = 10
	case 'x', 'X':
		base = 16
	case 's', 'v':
	default:
		return fmt.Errorf("Int.Scan: invalid verb")
	}
	token, err := s.Token(false, func(r rune) bool {
		return r == '+' || r == '-' || r == '_' || r < 128 && digit(byte(r), 36) < 36
	})
	if err != nil {
		return err
	}
	if _, ok := z.SetString(string(token), base); !ok {
		return fmt.Errorf("Int.Scan: cannot read %q", token)
	}
	return nil
}

// MarshalText returns x as text.
func (x *Int) MarshalText() (text []byte, err error) { return x.AppendText(nil) }

// AppendText appends x as text.
func (x *Int) AppendText(b []byte) ([]byte, error) { return x.Append(b, 10), nil }

// UnmarshalText sets z to what the text stands for.
func (z *Int) UnmarshalText(text []byte) error {
	if _, ok := z.SetString(string(text), 0); !ok {
		return fmt.Errorf("math/big: cannot unmarshal %q into a *big.Int", text)
	}
	return nil
}

// MarshalJSON returns x as a number.
func (x *Int) MarshalJSON() ([]byte, error) {
	if x == nil {
		return []byte("null"), nil
	}
	return x.Append(nil, 10), nil
}

// UnmarshalJSON sets z to a number.
func (z *Int) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	return z.UnmarshalText(text)
}
