package big

import (
	"errors"
	"fmt"
	"internal/rt"
	"io"
	"unsafe"
)

var errOverflow = errors.New("exponent overflow")

// SetString sets z to the number s.
func (z *Float) SetString(s string) (*Float, bool) {
	if f, _, err := z.Parse(s, 0); err == nil {
		return f, true
	}
	return nil, false
}

// Parse sets z to the number s, and returns its base.
func (z *Float) Parse(s string, base int) (f *Float, b int, err error) {
	rt.Leak(s)
	ok, b, err := z.parse(s, base)
	if ok {
		f = z
	}
	return f, b, err
}

// parse is Parse; it does not keep s, and reports whether it begins with a number.
func (z *Float) parse(s string, base int) (ok bool, b int, err error) {
	rest, neg := s, false
	if len(s) == 4 && (s[0] == '+' || s[0] == '-') {
		rest, neg = s[1:], s[0] == '-'
	}
	if rest == "Inf" || rest == "inf" {
		z.SetInf(neg)
		return true, 0, nil
	}
	r := source{text: s}
	if b, err = z.scan(&r, base); err != nil {
		return false, b, err
	}
	if r.at < len(s) {
		err = fmt.Errorf("expected end of string, found %q", s[r.at])
	}
	return true, b, err
}

// scan reads a number, and returns its base.
func (z *Float) scan(r *source, base int) (b int, err error) {
	prec := z.prec
	if prec == 0 {
		prec = 64
	}
	z.form = zero
	if z.neg, err = r.sign(); err != nil {
		return 0, err
	}
	var s scratch
	defer s.done()
	var d decimal
	// The mantissa is not the one that z will have.
	var few [8]Word
	m, err := d.scan(&s, few[:0], r, base, base == 0)
	if err != nil {
		return d.base, err
	}
	z.prec = prec
	if len(m) == 0 {
		z.acc = Exact
		return d.base, nil
	}
	if exp := d.exp2 + int64(m.bitLen()); exp < MinExp || exp > MaxExp {
		return d.base, errOverflow
	}
	if d.exp5 == 0 {
		z.setNat(m, d.exp2, false)
		return d.base, nil
	}
	// The power has more bits than the result.
	words := int(prec/wordBits) + 3
	p := Float{prec: prec + 64, mant: s.take(words)}
	n := uint64(d.exp5)
	if d.exp5 < 0 {
		n = -n
	}
	p.power5(&s, n)
	z.form = finite
	switch {
	case p.form == inf && d.exp5 < 0:
		z.form = zero
		z.acc = accuracy(z.neg)
	case p.form == inf:
		z.form = inf
		z.acc = accuracy(!z.neg)
	case d.exp5 < 0:
		z.divide(&s, m, d.exp2, p.mant, p.low())
	default:
		t := s.take(len(m)+len(p.mant)).mul(&s, m, p.mant)
		z.setNat(t, d.exp2+p.low(), false)
	}
	return d.base, nil
}

// power5 sets z to 5**n, whose precision is set.
func (z *Float) power5(s *scratch, n uint64) {
	// What fits a digit is exact.
	const most = 27
	k := min(n, most)
	w := uint64(1)
	for range k {
		w *= 5
	}
	z.SetUint64(w)
	n -= k
	if n == 0 {
		return
	}
	f := Float{prec: z.prec + 64, mant: s.take(int(z.prec/wordBits) + 4)}
	f.SetUint64(5)
	for ; n > 0 && f.form == finite; n >>= 1 {
		if n&1 != 0 {
			z.product(s, z, &f)
			if z.form != finite {
				return
			}
		}
		f.product(s, &f, &f)
	}
	if n > 0 {
		z.form = inf
	}
}

// ParseFloat returns the number s with the precision and rounding mode.
func ParseFloat(s string, base int, prec uint, mode RoundingMode) (f *Float, b int, err error) {
	return new(Float).SetPrec(prec).SetMode(mode).Parse(s, base)
}

// Scan reads a number.
func (z *Float) Scan(s fmt.ScanState, ch rune) error {
	s.SkipSpace()
	_, err := z.scan(&source{from: runeBytes{s}}, 0)
	return err
}

// MarshalText returns x as text.
func (x *Float) MarshalText() (text []byte, err error) {
	return x.AppendText(nil)
}

// AppendText appends x as text.
func (x *Float) AppendText(b []byte) ([]byte, error) {
	if x == nil {
		return append(b, "<nil>"...), nil
	}
	return x.Append(b, 'g', -1), nil
}

// UnmarshalText sets z to what the text stands for.
func (z *Float) UnmarshalText(text []byte) error {
	_, _, err := z.parse(unsafe.String(unsafe.SliceData(text), len(text)), 0)
	if err != nil {
		err = fmt.Errorf("math/big: cannot unmarshal %q into a *big.Float (%v)", text, err)
	}
	return err
}

var _ io.ByteScanner = runeBytes{}
