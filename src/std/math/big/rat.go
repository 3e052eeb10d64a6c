package big

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Rat is a fraction. The zero Rat is 0.
type Rat struct {
	a Int // numerator
	b Int // denominator, positive; 0 stands for 1
}

// NewRat returns a/b.
func NewRat(a, b int64) *Rat { return new(Rat).SetFrac64(a, b) }

func (z *Rat) norm() *Rat {
	switch {
	case len(z.b.abs) == 0:
		z.b.SetInt64(1)
	case len(z.a.abs) == 0:
		z.a.neg = false
		z.b.SetInt64(1)
	default:
		if g := gcd(z.a.abs, z.b.abs); g.cmp(nat{1}) != 0 {
			z.a.abs, _ = z.a.abs.div(g)
			z.b.abs, _ = z.b.abs.div(g)
		}
	}
	z.b.neg = false
	return z
}

// den returns the denominator's digits.
func (x *Rat) den() nat {
	if len(x.b.abs) == 0 {
		return nat{1}
	}
	return x.b.abs
}

// SetFrac sets z to a/b.
func (z *Rat) SetFrac(a, b *Int) *Rat {
	if len(b.abs) == 0 {
		panic("division by zero")
	}
	neg := a.neg != b.neg
	num, den := a.abs.clone(), b.abs.clone()
	z.a.set(neg, num)
	z.b.set(false, den)
	return z.norm()
}

// SetFrac64 sets z to a/b.
func (z *Rat) SetFrac64(a, b int64) *Rat {
	if b == 0 {
		panic("division by zero")
	}
	return z.SetFrac(NewInt(a), NewInt(b))
}

// SetInt sets z to x.
func (z *Rat) SetInt(x *Int) *Rat {
	z.a.Set(x)
	z.b.SetInt64(1)
	return z
}

// SetInt64 sets z to x.
func (z *Rat) SetInt64(x int64) *Rat { return z.SetInt(NewInt(x)) }

// SetUint64 sets z to x.
func (z *Rat) SetUint64(x uint64) *Rat { return z.SetInt(new(Int).SetUint64(x)) }

// SetFloat64 sets z to f exactly; nil if f is not finite.
func (z *Rat) SetFloat64(f float64) *Rat {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return nil
	}
	m, e := math.Frexp(f)
	z.a.SetInt64(int64(m * (1 << 53)))
	z.b.SetInt64(1)
	if e -= 53; e > 0 {
		z.a.Lsh(&z.a, uint(e))
	} else {
		z.b.Lsh(&z.b, uint(-e))
	}
	return z.norm()
}

// Set sets z to x.
func (z *Rat) Set(x *Rat) *Rat {
	if z != x {
		z.a.Set(&x.a)
		z.b.set(false, x.den().clone())
	}
	return z
}

// Abs sets z to |x|.
func (z *Rat) Abs(x *Rat) *Rat {
	z.Set(x)
	z.a.neg = false
	return z
}

// Neg sets z to -x.
func (z *Rat) Neg(x *Rat) *Rat {
	z.Set(x)
	z.a.neg = len(z.a.abs) > 0 && !z.a.neg
	return z
}

// Inv sets z to 1/x.
func (z *Rat) Inv(x *Rat) *Rat {
	if len(x.a.abs) == 0 {
		panic("division by zero")
	}
	neg := x.a.neg
	num, den := x.den().clone(), x.a.abs.clone()
	z.a.set(neg, num)
	z.b.set(false, den)
	return z
}

// Sign returns -1, 0 or 1.
func (x *Rat) Sign() int { return x.a.Sign() }

// IsInt reports whether x is an integer.
func (x *Rat) IsInt() bool { return x.den().cmp(nat{1}) == 0 }

// Num returns the numerator.
func (x *Rat) Num() *Int { return &x.a }

// Denom returns the denominator.
func (x *Rat) Denom() *Int {
	if len(x.b.abs) == 0 {
		return NewInt(1)
	}
	return &x.b
}

func scaled(x *Int, d nat) *Int { return new(Int).set(x.neg, x.abs.mul(d)) }

// Cmp compares x and y.
func (x *Rat) Cmp(y *Rat) int { return scaled(&x.a, y.den()).Cmp(scaled(&y.a, x.den())) }

// Add sets z to x+y.
func (z *Rat) Add(x, y *Rat) *Rat {
	a := new(Int).Add(scaled(&x.a, y.den()), scaled(&y.a, x.den()))
	d := x.den().mul(y.den())
	z.a.Set(a)
	z.b.set(false, d)
	return z.norm()
}

// Sub sets z to x-y.
func (z *Rat) Sub(x, y *Rat) *Rat { return z.Add(x, new(Rat).Neg(y)) }

// Mul sets z to x*y.
func (z *Rat) Mul(x, y *Rat) *Rat {
	d := x.den().mul(y.den())
	z.a.Mul(&x.a, &y.a)
	z.b.set(false, d)
	return z.norm()
}

// Quo sets z to x/y.
func (z *Rat) Quo(x, y *Rat) *Rat {
	if len(y.a.abs) == 0 {
		panic("division by zero")
	}
	return z.Mul(x, new(Rat).Inv(y))
}

// SetString sets z to the number s: a fraction or a decimal with exponent.
func (z *Rat) SetString(s string) (*Rat, bool) {
	if s == "" {
		return nil, false
	}
	if num, den, ok := strings.Cut(s, "/"); ok {
		a, ok := new(Int).SetString(num, 0)
		if !ok {
			return nil, false
		}
		b, ok := parseNat(den, 0)
		if !ok || len(b) == 0 {
			return nil, false
		}
		return z.SetFrac(a, new(Int).set(false, b)), true
	}
	d, ok := parseDecimal(s, 0, true)
	if !ok || d.inf {
		return nil, false
	}
	if d.exp5 > 1e6 || d.exp5 < -1e6 || d.exp2 > 1e7 || d.exp2 < -1e7 {
		return nil, false
	}
	num, den := d.mant, nat{1}
	if d.exp5 > 0 {
		num = num.mul(nat{5}.pow(uint64(d.exp5)))
	} else {
		den = nat{5}.pow(uint64(-d.exp5))
	}
	if d.exp2 > 0 {
		num = num.shl(uint(d.exp2))
	} else {
		den = den.shl(uint(-d.exp2))
	}
	z.a.set(d.neg, num)
	z.b.set(false, den)
	return z.norm(), true
}

// String returns x as a fraction.
func (x *Rat) String() string { return x.a.String() + "/" + x.Denom().String() }

// RatString is String without a denominator of 1.
func (x *Rat) RatString() string {
	if x.IsInt() {
		return x.a.String()
	}
	return x.String()
}

// FloatString returns x with prec decimals, rounded to the nearest, halves up.
func (x *Rat) FloatString(prec int) string {
	if x.IsInt() {
		s := x.a.String()
		if prec > 0 {
			s += "." + strings.Repeat("0", prec)
		}
		return s
	}
	q, r := x.a.abs.div(x.den())
	p := nat{10}.pow(uint64(max(prec, 0)))
	r, rest := r.mul(p).div(x.den())
	if rest.add(rest).cmp(x.den()) >= 0 {
		if r = r.add(nat{1}); r.cmp(p) >= 0 {
			q = q.add(nat{1})
			r = r.sub(p)
		}
	}
	s := ""
	if x.a.neg {
		s = "-"
	}
	s += string(q.text(nil, 10))
	if prec > 0 {
		t := string(r.text(nil, 10))
		s += "." + strings.Repeat("0", prec-len(t)) + t
	}
	return s
}

// FloatPrec returns how many decimals x needs, and whether they are all.
func (x *Rat) FloatPrec() (n int, exact bool) {
	d := x.den()
	twos := int(d.trailingZeros())
	d = d.shr(uint(twos))
	fives := 0
	for {
		q, r := d.divWord(5)
		if r != 0 {
			break
		}
		d = q
		fives++
	}
	return max(twos, fives), d.cmp(nat{1}) == 0
}

func (x *Rat) float(prec uint) *Float {
	f := new(Float).SetPrec(prec)
	return f.SetRat(x)
}

// Float64 returns the nearest float64, and whether it is x.
func (x *Rat) Float64() (f float64, exact bool) {
	f = quotient(x, 53, -1074, 1024)
	y := new(Rat).SetFloat64(f)
	return f, y != nil && y.Cmp(x) == 0
}

// Float32 returns the nearest float32, and whether it is x.
func (x *Rat) Float32() (f float32, exact bool) {
	f = float32(quotient(x, 24, -149, 128))
	y := new(Rat).SetFloat64(float64(f))
	return f, y != nil && y.Cmp(x) == 0
}

// quotient rounds x to a float with size bits, the last not below 2^low; from 2^high on it is infinite.
func quotient(x *Rat, size, low, high int) float64 {
	if len(x.a.abs) == 0 {
		return 0
	}
	d := x.den()
	// Enough bits, and one that says whether there are more.
	shift := size + 2 - (x.a.abs.bitLen() - d.bitLen())
	num := x.a.abs
	if shift > 0 {
		num = num.shl(uint(shift))
	} else {
		d = d.shl(uint(-shift))
	}
	q, r := num.div(d)
	exp := -shift
	drop := max(q.bitLen()-size, low-exp)
	rest := q.sticky(uint(max(drop-1, 0))) || len(r) > 0
	half := drop > 0 && q.bit(uint(drop-1)) != 0
	q = q.shr(uint(max(drop, 0)))
	if half && (rest || q.bit(0) != 0) {
		q = q.add(nat{1})
	}
	exp += drop
	f := math.Ldexp(float64(q.uint64()), exp)
	if q.bitLen()+exp > high {
		f = math.Inf(1)
	}
	if x.a.neg {
		f = -f
	}
	return f
}

// MarshalText returns x as text.
func (x *Rat) MarshalText() (text []byte, err error) { return x.AppendText(nil) }

// AppendText appends x as text.
func (x *Rat) AppendText(b []byte) ([]byte, error) { return append(b, x.RatString()...), nil }

// UnmarshalText sets z to what the text stands for.
func (z *Rat) UnmarshalText(text []byte) error {
	if _, ok := z.SetString(string(text)); !ok {
		return fmt.Errorf("math/big: cannot unmarshal %q into a *big.Rat", text)
	}
	return nil
}

// Scan reads a number for the verbs e, f, g and v.
func (z *Rat) Scan(s fmt.ScanState, ch rune) error {
	tok, err := s.Token(true, func(ch rune) bool { return strings.ContainsRune("+-/0123456789.eE", ch) })
	if err != nil {
		return err
	}
	if !strings.ContainsRune("efgEFGv", ch) {
		return errors.New("Rat.Scan: invalid verb")
	}
	if _, ok := z.SetString(string(tok)); !ok {
		return errors.New("Rat.Scan: invalid syntax")
	}
	return nil
}

// A decimal is a number as it is written: mant * 2**exp2 * 5**exp5.
type decimal struct {
	neg, inf   bool
	mant       nat
	exp2, exp5 int
}

// parseDecimal reads a number; base 0 takes prefixes.
func parseDecimal(s string, base int, rat bool) (d decimal, ok bool) {
	d.neg = strings.HasPrefix(s, "-")
	if d.neg || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	if s == "Inf" || s == "inf" {
		d.inf = true
		return d, true
	}
	prefix := false
	under := base == 0
	if base == 0 {
		base = 10
		if len(s) >= 2 && s[0] == '0' {
			switch s[1] {
			case 'x', 'X':
				base, prefix = 16, true
			case 'b', 'B':
				base, prefix = 2, true
			case 'o', 'O':
				base, prefix = 8, true
			}
			if prefix {
				s = strings.TrimPrefix(s[2:], "_")
			}
		}
	}
	var good []byte
	fraction, dot := 0, false
	i := 0
	for ; i < len(s); i++ {
		c := s[i]
		if c == '.' && !dot {
			dot = true
			continue
		}
		if c == '_' && under && i > 0 && i+1 < len(s) && s[i-1] != '_' && s[i-1] != '.' && s[i+1] != '.' {
			continue
		}
		if base == 10 && (c == 'e' || c == 'E') || c == 'p' || c == 'P' || digit(c, base) >= base {
			break
		}
		good = append(good, c)
		if dot {
			fraction++
		}
	}
	if len(good) == 0 {
		return d, false
	}
	d.mant = fromDigits(good, base)
	switch base {
	case 10:
		d.exp2, d.exp5 = -fraction, -fraction
	case 2:
		d.exp2 = -fraction
	case 8:
		d.exp2 = -3 * fraction
	case 16:
		d.exp2 = -4 * fraction
	default:
		if fraction > 0 {
			return d, false
		}
	}
	if i < len(s) {
		kind := s[i] | 0x20
		if kind != 'p' && (kind != 'e' || base != 10) || rat && kind == 'p' && base == 8 && prefix {
			return d, false
		}
		e, err := strconv.Atoi(strings.ReplaceAll(s[i+1:], "_", ""))
		if err != nil {
			return d, false
		}
		d.exp2 += e
		if kind == 'e' {
			d.exp5 += e
		}
	}
	return d, true
}
