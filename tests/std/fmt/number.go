package fmt

import (
	"x/internal/rt"
	"x/internal/strconv"
	"x/unicode/utf8"
)

func (p *pp) fmtBool(v rt.Value, verb rune) {
	if verb != 't' && verb != 'v' {
		p.badVerb(v, verb)
	} else if v.Bool() {
		p.padString("true")
	} else {
		p.padString("false")
	}
}

// fmtHex formats u in base 16, with 0x in front if leading is set.
func (p *pp) fmtHex(u uint64, leading bool) {
	sharp := p.sharp
	p.sharp = leading
	p.integer(u, 16, false, 'v')
	p.sharp = sharp
}

func (p *pp) fmtInteger(v rt.Value, u uint64, signed bool, verb rune) {
	switch verb {
	case 'v':
		if p.sharpV && !signed {
			p.fmtHex(u, true)
		} else {
			p.integer(u, 10, signed, verb)
		}
	case 'd':
		p.integer(u, 10, signed, verb)
	case 'b':
		p.integer(u, 2, signed, verb)
	case 'o', 'O':
		p.integer(u, 8, signed, verb)
	case 'x', 'X':
		p.integer(u, 16, signed, verb)
	case 'c':
		p.fmtC(u)
	case 'q':
		p.fmtQc(u)
	case 'U':
		p.fmtUnicode(u)
	default:
		p.badVerb(v, verb)
	}
}

// integer formats u, an int64 if signed is set.
func (p *pp) integer(u uint64, base uint64, signed bool, verb rune) {
	neg := signed && int64(u) < 0
	if neg {
		u = -u
	}
	buf := p.digits[:]
	if p.widPresent || p.precPresent {
		if n := 3 + p.wid + p.prec; n > len(buf) {
			buf = make([]byte, n)
		}
	}
	// Zeros up to the width come from the precision, so that signs and
	// prefixes stand before them.
	prec := 0
	if p.precPresent {
		prec = p.prec
		if prec == 0 && u == 0 {
			zero := p.zero
			p.zero = false
			p.padding(p.wid)
			p.zero = zero
			return
		}
	} else if p.zero && !p.minus && p.widPresent {
		prec = p.wid
		if neg || p.plus || p.space {
			prec--
		}
	}
	digits, x := ldigits, byte('x')
	if verb == 'X' {
		digits, x = udigits, 'X'
	}
	i := len(buf)
	for {
		i--
		if base == 10 {
			buf[i] = byte('0' + u%10)
			u /= 10
		} else {
			buf[i] = digits[u%base]
			u /= base
		}
		if u == 0 {
			break
		}
	}
	for i > 0 && prec > len(buf)-i {
		i--
		buf[i] = '0'
	}
	if p.sharp {
		switch base {
		case 2:
			i -= 2
			buf[i], buf[i+1] = '0', 'b'
		case 8:
			if buf[i] != '0' {
				i--
				buf[i] = '0'
			}
		case 16:
			i -= 2
			buf[i], buf[i+1] = '0', x
		}
	}
	if verb == 'O' {
		i -= 2
		buf[i], buf[i+1] = '0', 'o'
	}
	sign := byte(0)
	switch {
	case neg:
		sign = '-'
	case p.plus:
		sign = '+'
	case p.space:
		sign = ' '
	}
	if sign != 0 {
		i--
		buf[i] = sign
	}
	zero := p.zero
	p.zero = false
	p.pad(buf[i:])
	p.zero = zero
}

// fmtUnicode formats u as U+0078, with the character behind it under #.
func (p *pp) fmtUnicode(u uint64) {
	n := 4
	for x := u >> 16; x != 0; x >>= 4 {
		n++
	}
	if p.precPresent && p.prec > n {
		n = p.prec
	}
	buf := append(p.digits[:0], "U+"...)
	for ; n > 0; n-- {
		d := byte('0')
		if n <= 16 {
			d = udigits[u>>uint(4*(n-1))&15]
		}
		buf = append(buf, d)
	}
	if p.sharp && u <= utf8.MaxRune && isPrint(rune(u)) {
		buf = append(buf, " '"...)
		buf = utf8.AppendRune(buf, rune(u))
		buf = append(buf, '\'')
	}
	zero := p.zero
	p.zero = false
	p.pad(buf)
	p.zero = zero
}

func (p *pp) fmtFloat(v rt.Value, f float64, size int, verb rune) {
	switch verb {
	case 'v':
		p.float(f, size, 'g', -1)
	case 'b', 'g', 'G', 'x', 'X':
		p.float(f, size, byte(verb), -1)
	case 'f', 'e', 'E':
		p.float(f, size, byte(verb), 6)
	case 'F':
		p.float(f, size, 'f', 6)
	default:
		p.badVerb(v, verb)
	}
}

// float formats f with the precision prec if none was given.
func (p *pp) float(f float64, size int, verb byte, prec int) {
	if p.precPresent {
		prec = p.prec
	}
	// num always begins with a sign.
	num := strconv.AppendFloat(append(p.digits[:0], '+'), f, verb, prec, size)
	if num[1] == '-' || num[1] == '+' {
		num = num[1:]
	}
	if p.space && !p.plus && num[0] == '+' {
		num[0] = ' '
	}
	if num[1] == 'I' || num[1] == 'N' {
		// Not a number to be padded with zeros; NaN has a sign only on demand.
		if num[1] == 'N' && !p.space && !p.plus {
			num = num[1:]
		}
		zero := p.zero
		p.zero = false
		p.pad(num)
		p.zero = zero
		return
	}
	if p.sharp && verb != 'b' {
		num = sharpFloat(num, verb, prec)
	}
	if !p.plus && num[0] == '+' {
		p.pad(num[1:])
		return
	}
	if p.zero && !p.minus && p.widPresent && p.wid > len(num) {
		// The sign stands before the zeros.
		p.char(num[0])
		p.padding(p.wid - len(num))
		p.buf = append(p.buf, num[1:]...)
		return
	}
	p.pad(num)
}

// sharpFloat makes num, a sign and a number, have a decimal point, and, for
// %g, as many digits as its precision.
func sharpFloat(num []byte, verb byte, prec int) []byte {
	want := 0
	if verb == 'g' || verb == 'G' || verb == 'x' {
		want = prec
		if want < 0 {
			want = 6
		}
	}
	end, point, nonzero := len(num), false, false
	for i := 1; i < end; i++ {
		c := num[i]
		switch {
		case c == '.':
			point = true
		case c|0x20 == 'p' || c|0x20 == 'e' && verb|0x20 != 'x':
			end = i
		default:
			nonzero = nonzero || c != '0'
			if nonzero {
				want--
			}
		}
	}
	var tail [8]byte
	exp := append(tail[:0], num[end:]...)
	num = num[:end]
	if !point {
		if end == 2 && num[1] == '0' {
			want--
		}
		num = append(num, '.')
	}
	for ; want > 0; want-- {
		num = append(num, '0')
	}
	return append(num, exp...)
}

func (p *pp) fmtComplex(v rt.Value, c complex128, size int, verb rune) {
	switch verb {
	case 'v', 'b', 'g', 'G', 'x', 'X', 'f', 'F', 'e', 'E':
		plus := p.plus
		p.char('(')
		p.fmtFloat(v, real(c), size, verb)
		p.plus = true
		p.fmtFloat(v, imag(c), size, verb)
		p.str("i)")
		p.plus = plus
	default:
		p.badVerb(v, verb)
	}
}
