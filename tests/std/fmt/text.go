package fmt

import (
	"x/internal/rt"
	"x/strconv"
	"x/unicode/utf8"
	"unsafe"
)

const (
	ldigits = "0123456789abcdef"
	udigits = "0123456789ABCDEF"
)

func isPrint(r rune) bool { return strconv.IsPrint(r) }

// padding writes n bytes of padding.
func (p *pp) padding(n int) {
	c := byte(' ')
	if p.zero && !p.minus {
		c = '0'
	}
	for ; n > 0; n-- {
		p.char(c)
	}
}

// pad writes b, padded to the width.
func (p *pp) pad(b []byte) { p.padString(unsafe.String(unsafe.SliceData(b), len(b))) }

// padString writes s, padded to the width.
func (p *pp) padString(s string) {
	if p.widPresent && p.wid != 0 {
		p.padWide(s)
		return
	}
	p.str(s)
}

// padWide is padString where there is a width: a function of its own, since most programs never need it.
func (p *pp) padWide(s string) {
	n := p.wid - utf8.RuneCountInString(s)
	if !p.minus {
		p.padding(n)
		p.str(s)
	} else {
		p.str(s)
		p.padding(n)
	}
}

// truncate cuts s to the precision, in runes.
func (p *pp) truncate(s string) string {
	if p.precPresent {
		n := p.prec
		for i := range s {
			n--
			if n < 0 {
				return s[:i]
			}
		}
	}
	return s
}

func (p *pp) fmtS(s string) { p.padString(p.truncate(s)) }

func (p *pp) fmtQ(s string) {
	s = p.truncate(s)
	switch {
	case p.sharp && strconv.CanBackquote(s):
		p.padString("`" + s + "`")
	case p.plus:
		p.pad(strconv.AppendQuoteToASCII(p.digits[:0], s))
	default:
		p.pad(strconv.AppendQuote(p.digits[:0], s))
	}
}

// runeOf makes a rune of u.
func runeOf(u uint64) rune {
	if u > utf8.MaxRune {
		return utf8.RuneError
	}
	return rune(u)
}

func (p *pp) fmtC(u uint64) { p.pad(utf8.AppendRune(p.digits[:0], runeOf(u))) }

func (p *pp) fmtQc(u uint64) {
	if p.plus {
		p.pad(strconv.AppendQuoteRuneToASCII(p.digits[:0], runeOf(u)))
	} else {
		p.pad(strconv.AppendQuoteRune(p.digits[:0], runeOf(u)))
	}
}

// fmtX formats the bytes of s in base 16.
func (p *pp) fmtX(s string, digits string, x byte) {
	n := len(s)
	if p.precPresent && p.prec < n {
		n = p.prec
	}
	if n <= 0 {
		if p.widPresent {
			p.padding(p.wid)
		}
		return
	}
	width := 2 * n
	if p.space {
		if p.sharp {
			width *= 2
		}
		width += n - 1
	} else if p.sharp {
		width += 2
	}
	if p.widPresent && !p.minus {
		p.padding(p.wid - width)
	}
	for i := 0; i < n; i++ {
		if i > 0 && p.space {
			p.char(' ')
		}
		if p.sharp && (i == 0 || p.space) {
			p.char('0')
			p.char(x)
		}
		p.char(digits[s[i]>>4])
		p.char(digits[s[i]&15])
	}
	if p.widPresent && p.minus {
		p.padding(p.wid - width)
	}
}

func (p *pp) fmtString(v rt.Value, s string, verb rune) {
	switch verb {
	case 'v':
		if p.sharpV {
			p.fmtQ(s)
		} else {
			p.fmtS(s)
		}
	case 's':
		p.fmtS(s)
	case 'x':
		p.fmtX(s, ldigits, 'x')
	case 'X':
		p.fmtX(s, udigits, 'X')
	case 'q':
		p.fmtQ(s)
	default:
		p.badVerb(v, verb)
	}
}

// fmtBytes formats a slice or array of bytes, whose type it calls t.
func (p *pp) fmtBytes(v rt.Value, verb rune, t string) {
	b := v.Bytes()
	switch verb {
	case 'v', 'd':
		if p.sharpV && b == nil {
			p.str(t)
			p.str("(nil)")
			return
		}
		p.open(t, "[")
		for i, c := range b {
			if i > 0 {
				p.sep()
			}
			if p.sharpV {
				p.fmtHex(uint64(c), true)
			} else {
				p.integer(uint64(c), 10, false, verb)
			}
		}
		p.close(']')
	case 's', 'x', 'X', 'q':
		p.fmtString(v, unsafe.String(unsafe.SliceData(b), len(b)), verb)
	default:
		p.printValue(v, verb, 0)
	}
}
