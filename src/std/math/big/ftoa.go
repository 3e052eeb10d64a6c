package big

import (
	"fmt"
	"io"
	"strconv"
)

// decimalDigits returns the decimal digits of m * 2**low, without zeros at the ends, and where the point is:
// 0.d1d2… * 10**point.
func decimalDigits(s *scratch, m nat, low int64) (d []byte, point int) {
	if len(m) == 0 {
		return nil, 0
	}
	mark := s.mark()
	zeros := int64(m.trailingZeroBits())
	m = s.take(len(m)).rsh(m, uint(zeros))
	low += zeros
	exp := 0
	if low >= 0 {
		m = s.take(len(m)+int(low/wordBits)+1).lsh(m, uint(low))
	} else {
		// m * 2**low is m * 5**-low * 10**low.
		p := powerOf(s, natFive, uint64(-low))
		m = s.take(len(m)+len(p)).mul(s, m, p)
		exp = int(low)
	}
	d = m.itoa(false, 10)
	s.release(mark)
	point = len(d) + exp
	return withoutZeros(d), point
}

func withoutZeros(d []byte) []byte {
	for len(d) > 0 && d[len(d)-1] == '0' {
		d = d[:len(d)-1]
	}
	return d
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

// shortest returns the fewest digits, from d's, that round to x at its precision.
func (x *Float) shortest(s *scratch, d []byte, point int) ([]byte, int) {
	if len(d) == 0 {
		return d, point
	}
	// Bounds: half a unit of the last place to either side.
	m := s.take(len(x.mant) + int(x.prec/wordBits) + 2)
	low := x.low()
	if extra := int64(len(x.mant))*wordBits - int64(x.prec) - 1; extra > 0 {
		m = m.rsh(x.mant, uint(extra))
		low += extra
	} else {
		m = m.lsh(x.mant, uint(-extra))
		low += extra
	}
	inclusive := m.bit(1) == 0
	m = m.sub(m, natOne)
	lower, lowerPoint := decimalDigits(s, m, low)
	m = m.add(m, natTwo)
	upper, upperPoint := decimalDigits(s, m, low)
	for i := range d {
		// The digit of each bound at this place.
		l := at(lower, i+lowerPoint-point)
		u := at(upper, i+upperPoint-point)
		c := d[i]
		okdown := l != c || inclusive && i+lowerPoint-point+1 >= len(lower)
		okup := c != u && (inclusive || c+1 < u || i+upperPoint-point+1 < len(upper))
		switch {
		case okdown && okup:
			return roundDigits(d, point, i+1)
		case okdown:
			return withoutZeros(d[:i+1]), point
		case okup:
			return roundUp(d[:i+1], point)
		}
	}
	return d, point
}

func at(d []byte, i int) byte {
	if i >= 0 && i < len(d) {
		return d[i]
	}
	return '0'
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
	cap := 10
	if prec > 0 {
		cap += prec
	}
	return string(x.Append(make([]byte, 0, cap), format, prec))
}

// String returns x with ten digits.
func (x *Float) String() string {
	return x.Text('g', 10)
}

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
	case 'b', 'p', 'x':
		return x.binary(buf, format, prec)
	case 'e', 'E', 'f', 'g', 'G':
	default:
		if x.neg {
			buf = buf[:len(buf)-1]
		}
		return append(buf, '%', format)
	}
	var s scratch
	var d []byte
	var point int
	if x.form == finite {
		d, point = decimalDigits(&s, x.mant, x.low())
	}
	short := prec < 0
	if short {
		d, point = x.shortest(&s, d, point)
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
	s.done()
	switch format {
	case 'e', 'E':
		return exponential(buf, format, prec, d, point)
	case 'f':
		return fixed(buf, prec, d, point)
	}
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

// binary appends x with a binary exponent: for b, with a decimal mantissa that is an integer; for p, with a hexadecimal one
// less than 1; for x, one that begins with 1.
func (x *Float) binary(buf []byte, format byte, prec int) []byte {
	var s scratch
	switch {
	case x.form == zero && format == 'x':
		buf = append(buf, "0x0"...)
		if prec > 0 {
			buf = append(buf, '.')
			buf = appendZeros(buf, prec)
		}
		buf = append(buf, "p+00"...)
	case x.form == zero:
		buf = append(buf, '0')
	case format == 'b':
		m := whole(&s, x.mant, uint(x.prec))
		buf = append(buf, m.itoa(false, 10)...)
		buf = appendExponent(append(buf, 'p'), int64(x.exp)-int64(x.prec), 1)
	case format == 'p':
		buf = append(buf, "0x."...)
		buf = append(buf, withoutZeros(x.mant.itoa(false, 16))...)
		buf = appendExponent(append(buf, 'p'), int64(x.exp), 1)
	default:
		n := (x.MinPrec()+2)/4*4 + 1
		if prec >= 0 {
			n = 1 + 4*uint(prec)
		}
		y := Float{prec: uint32(n), mode: x.mode, mant: s.take(len(x.mant))}
		y.Set(x)
		text := whole(&s, y.mant, n).itoa(false, 16)
		buf = append(buf, "0x1"...)
		if len(text) > 1 {
			buf = append(buf, '.')
			buf = append(buf, text[1:]...)
		}
		buf = appendExponent(append(buf, 'p'), int64(y.exp)-1, 2)
	}
	s.done()
	return buf
}

// whole returns the n highest bits of a mantissa.
func whole(s *scratch, m nat, n uint) nat {
	z := s.take(max(len(m), int(n/wordBits)+1) + 1)
	if have := uint(len(m)) * wordBits; have < n {
		return z.lsh(m, n-have)
	} else {
		return z.rsh(m, have-n)
	}
}

// appendExponent appends a number with its sign, in at least so many digits.
func appendExponent(buf []byte, e int64, least int) []byte {
	if e < 0 {
		buf = append(buf, '-')
		e = -e
	} else {
		buf = append(buf, '+')
	}
	if e < 10 && least > 1 {
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
	default:
		fmt.Fprintf(s, "%%!%c(*big.Float=%s)", format, x.String())
		return
	}
	text := x.Append(nil, byte(format), prec)
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
		io.WriteString(s, sign)
		pad(s, zeros, padding)
		s.Write(text)
	case s.Flag('-'):
		io.WriteString(s, sign)
		s.Write(text)
		pad(s, blanks, padding)
	default:
		pad(s, blanks, padding)
		io.WriteString(s, sign)
		s.Write(text)
	}
}
