package big

import (
	"x/errors"
	"x/fmt"
	"x/internal/rt"
	"x/strconv"
	"x/strings"
	"unsafe"
)

// SetString sets z to the number s: a fraction or a decimal with exponent.
//
//go:noinline
func (z *Rat) SetString(s string) (*Rat, bool) {
	rt.Leak(s)
	if !z.parse(s) {
		return nil, false
	}
	return z, true
}

// parse sets z to the number s, and reports whether it is one. It does not keep s.
func (z *Rat) parse(text string) bool {
	if len(text) == 0 {
		return false
	}
	var s scratch
	defer s.done()
	z.b.neg = false
	if i := strings.IndexByte(text, '/'); i >= 0 {
		if !z.a.parse(text[:i], 0) {
			return false
		}
		r := source{text: text[i+1:]}
		var err error
		z.b.abs, _, _, err = z.b.abs.scan(&s, &r, 0, false)
		if err != nil || r.at < len(r.text) || len(z.b.abs) == 0 {
			return false
		}
		z.reduce(&s)
		return true
	}
	r := source{text: text}
	neg, err := r.sign()
	if err != nil {
		return false
	}
	var d decimal
	if z.a.abs, err = d.scan(&s, z.a.abs, &r, 0, true); err != nil || r.at < len(text) {
		return false
	}
	z.a.neg = neg
	if len(z.a.abs) == 0 {
		z.reduce(&s)
		return true
	}
	if d.exp5 > 1e6 || d.exp5 < -1e6 || d.exp2 > 1e7 || d.exp2 < -1e7 {
		return false
	}
	z.b.abs = z.b.abs.setWord(1)
	if d.exp5 > 0 {
		z.a.abs = z.a.abs.mul(&s, z.a.abs, powerOf(&s, natFive, uint64(d.exp5)))
	} else if d.exp5 < 0 {
		z.b.abs = z.b.abs.set(powerOf(&s, natFive, uint64(-d.exp5)))
	}
	if d.exp2 > 0 {
		z.a.abs = z.a.abs.lsh(z.a.abs, uint(d.exp2))
	} else if d.exp2 < 0 {
		z.b.abs = z.b.abs.lsh(z.b.abs, uint(-d.exp2))
	}
	z.reduce(&s)
	return true
}

// A decimal is how a number is written: its mantissa, which is apart, times 2**exp2 * 5**exp5.
type decimal struct {
	base       int // of the mantissa
	exp2, exp5 int64
}

// scan reads a number after its sign, and returns the mantissa in z's digits. separators allows underscores in the exponent.
func (d *decimal) scan(s *scratch, z nat, r *source, base int, separators bool) (nat, error) {
	z, b, count, err := z.scan(s, r, base, true)
	d.base = b
	if err != nil {
		return z, err
	}
	exp, ebase, err := r.exponent(separators)
	if err != nil {
		return z, err
	}
	if count < 0 {
		// Digits after the point.
		switch b {
		case 10:
			d.exp5, d.exp2 = int64(count), int64(count)
		case 2:
			d.exp2 = int64(count)
		case 8:
			d.exp2 = 3 * int64(count)
		case 16:
			d.exp2 = 4 * int64(count)
		}
	}
	d.exp2 += exp
	if ebase == 10 {
		d.exp5 += exp
	}
	return z, nil
}

// exponent reads an exponent, if there is one, and returns it with the number that it is a power of.
func (r *source) exponent(separators bool) (exp int64, base int, err error) {
	ch, err := r.next()
	if err != nil {
		return 0, 10, endIsFine(err)
	}
	switch ch {
	case 'e', 'E':
		base = 10
	case 'p', 'P':
		base = 2
	default:
		r.back()
		return 0, 10, nil
	}
	var few [24]byte
	text := few[:0]
	ch, err = r.next()
	if err == nil && (ch == '+' || ch == '-') {
		if ch == '-' {
			text = append(text, '-')
		}
		ch, err = r.next()
	}
	last := lastOther
	misplaced, any := false, false
	for err == nil {
		if '0' <= ch && ch <= '9' {
			text = append(text, ch)
			last, any = lastDigit, true
		} else if ch == '_' && separators {
			misplaced = misplaced || last != lastDigit
			last = lastUnderscore
		} else {
			r.back()
			break
		}
		ch, err = r.next()
	}
	if err = endIsFine(err); err != nil {
		return 0, base, err
	}
	if !any {
		return 0, base, errNoDigits
	}
	if exp, err = strconv.ParseInt(string(text), 10, 64); err == nil && (misplaced || last == lastUnderscore) {
		err = errSeparator
	}
	return exp, base, err
}

// String returns x as a fraction.
func (x *Rat) String() string {
	return string(x.marshal(nil))
}

func (x *Rat) marshal(buf []byte) []byte {
	buf = x.a.Append(buf, 10)
	buf = append(buf, '/')
	return append(buf, x.den().itoa(false, 10)...)
}

// RatString is String without a denominator of 1.
func (x *Rat) RatString() string {
	if x.IsInt() {
		return x.a.String()
	}
	return x.String()
}

// FloatString returns x with prec decimals, rounded to the nearest, halves up.
func (x *Rat) FloatString(prec int) string {
	var few [64]byte
	buf := few[:0]
	if x.IsInt() {
		buf = x.a.Append(buf, 10)
		if prec > 0 {
			buf = append(buf, '.')
			buf = appendZeros(buf, prec)
		}
		return string(buf)
	}
	var s scratch
	p := natOne
	if prec > 0 {
		p = powerOf(&s, natTen, uint64(prec))
	}
	a, b := x.a.abs, x.b.abs
	n := len(a) + len(b) + len(p) + 1
	q, r := s.take(n).div(&s, s.take(n), a, b)
	r = r.mul(&s, r, p)
	r, rest := s.take(n).div(&s, s.take(n), r, b)
	if rest = rest.add(rest, rest); rest.cmp(b) >= 0 {
		if r = r.add(r, natOne); r.cmp(p) >= 0 {
			r = r.sub(r, p)
			q = q.add(q, natOne)
		}
	}
	if x.a.neg {
		buf = append(buf, '-')
	}
	buf = append(buf, q.itoa(false, 10)...)
	if prec > 0 {
		buf = append(buf, '.')
		decimals := r.itoa(false, 10)
		buf = appendZeros(buf, prec-len(decimals))
		buf = append(buf, decimals...)
	}
	s.done()
	return string(buf)
}

func appendZeros(buf []byte, n int) []byte {
	for ; n > 0; n-- {
		buf = append(buf, '0')
	}
	return buf
}

// FloatPrec returns how many decimals x needs, and whether they are all.
func (x *Rat) FloatPrec() (n int, exact bool) {
	var s scratch
	d := x.den()
	twos := int(d.trailingZeroBits())
	q, t := s.take(len(d)), s.take(len(d))
	q = q.rsh(d, uint(twos))
	fives := 0
	// Steps of 5**27, which is a digit, then of 5.
	step, k := Word(7450580596923828125), 27
	for {
		t = t[:len(q)]
		if divVec(t, q, 0, step) == 0 {
			q, t = t.norm(), q
			fives += k
		} else if k > 1 {
			step, k = 5, 1
		} else {
			break
		}
	}
	exact = q.cmp(natOne) == 0
	s.done()
	return max(twos, fives), exact
}

// MarshalText returns x as text.
func (x *Rat) MarshalText() (text []byte, err error) {
	return x.AppendText(nil)
}

// AppendText appends x as text.
func (x *Rat) AppendText(b []byte) ([]byte, error) {
	if x.IsInt() {
		return x.a.AppendText(b)
	}
	return x.marshal(b), nil
}

// UnmarshalText sets z to what the text stands for.
func (z *Rat) UnmarshalText(text []byte) error {
	if !z.parse(unsafe.String(unsafe.SliceData(text), len(text))) {
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
	if !z.parse(string(tok)) {
		return errors.New("Rat.Scan: invalid syntax")
	}
	return nil
}
