package big

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// digits10 returns the decimal digits of |x|, without zeros at the ends, and
// where the point is: 0.d1d2… * 10**point.
func (x *Float) digits10() (d []byte, point int) {
	if x.form != finite {
		return nil, 0
	}
	m, b := x.mant, x.base()
	exp := 0
	if b >= 0 {
		m = m.shl(uint(b))
	} else {
		// m * 2**b is m * 5**-b * 10**b.
		m = m.mul(nat{5}.pow(uint64(-b)))
		exp = int(b)
	}
	d = m.text(nil, 10)
	point = len(d) + exp
	for len(d) > 0 && d[len(d)-1] == '0' {
		d = d[:len(d)-1]
	}
	return d, point
}

// roundDigits keeps n digits, rounded to the nearest, halves to even.
func roundDigits(d []byte, point, n int) ([]byte, int) {
	if n >= len(d) {
		return d, point
	}
	if n < 0 {
		return nil, 0
	}
	up := d[n] > '5' || d[n] == '5' && (n+1 < len(d) || n > 0 && (d[n-1]-'0')&1 != 0)
	d = d[:n]
	if up {
		i := n - 1
		for i >= 0 && d[i] == '9' {
			i--
		}
		if i < 0 {
			return []byte{'1'}, point + 1
		}
		d[i]++
		d = d[:i+1]
	}
	for len(d) > 0 && d[len(d)-1] == '0' {
		d = d[:len(d)-1]
	}
	if len(d) == 0 {
		point = 0
	}
	return d, point
}

// shortest returns the fewest digits that round to x at its precision.
func (x *Float) shortest(d []byte, point int) ([]byte, int) {
	if len(d) == 0 {
		return d, point
	}
	// Bounds: half a unit of the last place to either side.
	m := x.mant.shl(uint(max(int(x.prec)-x.mant.bitLen(), 0)) + 1)
	exp := int64(x.exp) - int64(m.bitLen())
	inclusive := m.bit(1) == 0
	low := m.sub(nat{1})
	lower := Float{form: finite, mant: low, exp: int32(exp + int64(low.bitLen()))}
	high := m.add(nat{1})
	upper := Float{form: finite, mant: high, exp: int32(exp + int64(high.bitLen()))}
	return between(d, point, &lower, &upper, inclusive)
}

func at(d []byte, i int) byte {
	if i >= 0 && i < len(d) {
		return d[i]
	}
	return '0'
}

// between returns the fewest digits, from d's, that lie between the bounds.
func between(d []byte, point int, lower, upper *Float, inclusive bool) ([]byte, int) {
	lo, lp := lower.digits10()
	up, upp := upper.digits10()
	for i := range d {
		// The digit of each bound at this place.
		l := at(lo, i+lp-point)
		u := at(up, i+upp-point)
		m := d[i]
		okdown := l != m || inclusive && i+lp-point+1 >= len(lo)
		okup := m != u && (inclusive || m+1 < u || i+upp-point+1 < len(up))
		switch {
		case okdown && okup:
			return roundDigits(d, point, i+1)
		case okdown:
			r := append([]byte(nil), d[:i+1]...)
			for len(r) > 0 && r[len(r)-1] == '0' {
				r = r[:len(r)-1]
			}
			return r, point
		case okup:
			return roundUp(append([]byte(nil), d[:i+1]...), point)
		}
	}
	return d, point
}

func roundUp(d []byte, point int) ([]byte, int) {
	i := len(d) - 1
	for i >= 0 && d[i] == '9' {
		i--
	}
	if i < 0 {
		return []byte{'1'}, point + 1
	}
	d[i]++
	return d[:i+1], point
}

// Text returns x as text: format e, E, f, g or G with prec digits, the fewest
// that are needed for prec < 0; b or p for mantissa and binary exponent, x for
// a hexadecimal one.
func (x *Float) Text(format byte, prec int) string {
	return string(x.Append(nil, format, prec))
}

func (x *Float) String() string { return x.Text('g', 10) }

// Append appends x as text.
func (x *Float) Append(buf []byte, format byte, prec int) []byte {
	if x.neg {
		buf = append(buf, '-')
	}
	if x.form == inf {
		if !x.neg {
			buf = append(buf, '+')
		}
		return append(buf, "Inf"...)
	}
	switch format {
	case 'b':
		if x.form == zero {
			return append(buf, '0')
		}
		m := x.mant.shl(uint(max(int(x.prec)-x.mant.bitLen(), 0)))
		buf = m.text(buf, 10)
		buf = append(buf, 'p')
		e := int64(x.exp) - int64(x.prec)
		if e >= 0 {
			buf = append(buf, '+')
		}
		return strconv.AppendInt(buf, e, 10)
	case 'p':
		if x.form == zero {
			return append(buf, '0')
		}
		m := x.mant.shl(uint(-x.mant.bitLen()) % 4)
		buf = append(buf, "0x."...)
		buf = append(buf, strings.TrimRight(string(m.text(nil, 16)), "0")...)
		buf = append(buf, 'p')
		if x.exp >= 0 {
			buf = append(buf, '+')
		}
		return strconv.AppendInt(buf, int64(x.exp), 10)
	case 'x':
		return x.hex(buf, prec)
	}
	d, point := x.digits10()
	d = append([]byte(nil), d...)
	short := prec < 0
	if short {
		d, point = x.shortest(d, point)
		switch format {
		case 'e', 'E':
			prec = len(d) - 1
		case 'f':
			prec = max(len(d)-point, 0)
		case 'g', 'G':
			prec = len(d)
		}
	} else {
		switch format {
		case 'e', 'E':
			d, point = roundDigits(d, point, 1+prec)
		case 'f':
			d, point = roundDigits(d, point, point+prec)
		case 'g', 'G':
			if prec == 0 {
				prec = 1
			}
			d, point = roundDigits(d, point, prec)
		}
	}
	switch format {
	case 'e', 'E':
		return exponential(buf, format, prec, d, point)
	case 'f':
		return fixed(buf, prec, d, point)
	case 'g', 'G':
		eprec := prec
		if eprec > len(d) && len(d) >= point {
			eprec = len(d)
		}
		if short {
			eprec = 6
		}
		if exp := point - 1; exp < -4 || exp >= eprec {
			if prec > len(d) {
				prec = len(d)
			}
			return exponential(buf, format+'e'-'g', prec-1, d, point)
		}
		if prec > point {
			prec = len(d)
		}
		return fixed(buf, max(prec-point, 0), d, point)
	}
	if x.neg {
		buf = buf[:len(buf)-1]
	}
	return append(buf, '%', format)
}

func exponential(buf []byte, format byte, prec int, d []byte, point int) []byte {
	buf = append(buf, at(d, 0))
	if prec > 0 {
		buf = append(buf, '.')
		for i := 1; i <= prec; i++ {
			buf = append(buf, at(d, i))
		}
	}
	buf = append(buf, format)
	e := 0
	if len(d) > 0 {
		e = point - 1
	}
	if e < 0 {
		buf = append(buf, '-')
		e = -e
	} else {
		buf = append(buf, '+')
	}
	if e < 10 {
		buf = append(buf, '0')
	}
	return strconv.AppendInt(buf, int64(e), 10)
}

func fixed(buf []byte, prec int, d []byte, point int) []byte {
	if point > 0 {
		for i := range point {
			buf = append(buf, at(d, i))
		}
	} else {
		buf = append(buf, '0')
	}
	if prec > 0 {
		buf = append(buf, '.')
		for i := range prec {
			buf = append(buf, at(d, point+i))
		}
	}
	return buf
}

// hex appends 0x1.mantissa and a binary exponent.
func (x *Float) hex(buf []byte, prec int) []byte {
	if x.form == zero {
		buf = append(buf, "0x0"...)
		if prec > 0 {
			buf = append(buf, '.')
			buf = append(buf, strings.Repeat("0", prec)...)
		}
		return append(buf, "p+00"...)
	}
	n := uint(x.MinPrec()+2)/4*4 + 1
	if prec >= 0 {
		n = 1 + 4*uint(prec)
	}
	y := new(Float).SetPrec(n).SetMode(x.mode).Set(x)
	m := y.mant.shl(n - uint(y.mant.bitLen()))
	text := m.text(nil, 16)
	buf = append(buf, "0x1"...)
	if n > 1 {
		buf = append(buf, '.')
		buf = append(buf, text[1:]...)
	}
	buf = append(buf, 'p')
	e := int64(y.exp) - 1
	if e >= 0 {
		buf = append(buf, '+')
	} else {
		buf = append(buf, '-')
		e = -e
	}
	if e < 10 {
		buf = append(buf, '0')
	}
	return strconv.AppendInt(buf, e, 10)
}

// Format prints x for the verbs of Text, and v, which is g.
func (x *Float) Format(s fmt.State, format rune) {
	prec, hasPrec := s.Precision()
	if !hasPrec {
		prec = 6
	}
	switch format {
	case 'e', 'E', 'f', 'b', 'p', 'x':
	case 'F':
		format = 'f'
	case 'v':
		format = 'g'
		fallthrough
	case 'g', 'G':
		if !hasPrec {
			prec = -1
		}
	case 's':
		fmt.Fprintf(s, "%%!%c(*big.Float=%s)", format, x.String())
		return
	default:
		fmt.Fprintf(s, "%%!%c(*big.Float=%s)", format, x.String())
		return
	}
	text := x.Text(byte(format), prec)
	sign := ""
	switch {
	case text[0] == '-':
		sign, text = "-", text[1:]
	case text[0] == '+':
		sign = "+"
		if s.Flag(' ') {
			sign = " "
		}
		text = text[1:]
	case s.Flag('+'):
		sign = "+"
	case s.Flag(' '):
		sign = " "
	}
	padding := 0
	if width, ok := s.Width(); ok {
		padding = max(width-len(sign)-len(text), 0)
	}
	switch {
	case s.Flag('0') && !x.IsInf():
		io.WriteString(s, sign+strings.Repeat("0", padding)+text)
	case s.Flag('-'):
		io.WriteString(s, sign+text+strings.Repeat(" ", padding))
	default:
		io.WriteString(s, strings.Repeat(" ", padding)+sign+text)
	}
}

// SetString sets z to the number s.
func (z *Float) SetString(s string) (*Float, bool) {
	if f, _, err := z.Parse(s, 0); err == nil {
		return f, true
	}
	return nil, false
}

// Parse sets z to the number s, and returns its base.
func (z *Float) Parse(s string, base int) (f *Float, b int, err error) {
	if z.prec == 0 {
		z.prec = 64
	}
	if s == "" {
		return nil, 0, io.EOF
	}
	d, ok := parseDecimal(s, base, false)
	if !ok {
		return nil, 0, fmt.Errorf("number has no digits or is followed by other text: %q", s)
	}
	b = base
	if b == 0 {
		b = 10
		if t := strings.TrimLeft(s, "+-"); len(t) > 1 && t[0] == '0' {
			switch t[1] | 0x20 {
			case 'x':
				b = 16
			case 'b':
				b = 2
			case 'o':
				b = 8
			}
		}
	}
	switch {
	case d.inf:
		return z.SetInf(d.neg), b, nil
	case d.exp5 >= 0:
		z.setBits(d.neg, d.mant.mul(nat{5}.pow(uint64(d.exp5))), int64(d.exp2), false)
	case len(d.mant) == 0:
		z.setBits(d.neg, nil, 0, false)
	default:
		z.divide(d.neg, d.mant, int64(d.exp2), nat{5}.pow(uint64(-d.exp5)), 0)
	}
	return z, b, nil
}

// ParseFloat returns the number s with the precision and rounding mode.
func ParseFloat(s string, base int, prec uint, mode RoundingMode) (f *Float, b int, err error) {
	return new(Float).SetPrec(prec).SetMode(mode).Parse(s, base)
}

// MarshalText returns x as text.
func (x *Float) MarshalText() (text []byte, err error) { return x.AppendText(nil) }

// AppendText appends x as text.
func (x *Float) AppendText(b []byte) ([]byte, error) {
	if x == nil {
		return append(b, "<nil>"...), nil
	}
	return x.Append(b, 'g', -1), nil
}

// UnmarshalText sets z to what the text stands for.
func (z *Float) UnmarshalText(text []byte) error {
	_, _, err := z.Parse(string(text), 0)
	if err != nil {
		err = fmt.Errorf("math/big: cannot unmarshal %q into a *big.Float (%v)", text, err)
	}
	return err
}
