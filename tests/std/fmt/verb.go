package fmt

import (
	"x/internal/rt"
	"x/unicode/utf8"
)

// tooLarge reports whether n is absurd as a width or precision.
func tooLarge(n int) bool { return n > 1e6 || n < -1e6 }

// scanNumber reads digits of s from i on; ok is false if there are none or too
// many, i then is where reading stopped.
func scanNumber(s string, i int) (n int, ok bool, next int) {
	for ; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		if tooLarge(n) {
			return 0, false, len(s)
		}
		n = n*10 + int(s[i]-'0')
		ok = true
	}
	return n, ok, i
}

// argIndex reads an index [n] at s[i], if there is one. It returns the operand
// to use next, where to go on, and whether there was a valid index.
func (p *pp) argIndex(arg int, s string, i, nArgs int) (next, at int, ok bool) {
	if i >= len(s) || s[i] != '[' {
		return arg, i, false
	}
	p.reordered = true
	if len(s)-i < len("[1]") {
		p.goodArgNum = false
		return arg, i + 1, false
	}
	for end := i + 1; end < len(s); end++ {
		if s[end] != ']' {
			continue
		}
		n, ok, stop := scanNumber(s[:end], i+1)
		if ok && stop == end && 1 <= n && n <= nArgs {
			return n - 1, end + 1, true
		}
		p.goodArgNum = false
		return arg, end + 1, ok && stop == end
	}
	p.goodArgNum = false
	return arg, i + 1, false
}

// starArg takes the operand of a '*'.
func starArg(a []any, arg int) (n int, ok bool, next int) {
	if arg >= len(a) {
		return 0, false, arg
	}
	n, ok = intOf(a[arg])
	return n, ok, arg + 1
}

// format formats a by format.
func (p *pp) format(format string, a []any) {
	arg := 0
	indexed := false // the last thing read was an index
	p.reordered = false
	for i, end := 0, len(format); i < end; {
		p.goodArgNum = true
		start := i
		for i < end && format[i] != '%' {
			i++
		}
		if i > start {
			p.str(format[start:i])
		}
		if i >= end {
			break
		}
		i++
		p.flags = flags{}
		i = p.readFlags(format, i)

		arg, i, indexed = p.argIndex(arg, format, i, len(a))
		if i < end && format[i] == '*' {
			i++
			p.wid, p.widPresent, arg = starArg(a, arg)
			if !p.widPresent {
				p.str("%!(BADWIDTH)")
			}
			if p.wid < 0 {
				p.wid = -p.wid
				p.minus = true
				p.zero = false
			}
			indexed = false
		} else {
			p.wid, p.widPresent, i = scanNumber(format, i)
			if indexed && p.widPresent {
				p.goodArgNum = false // "%[3]2d"
			}
		}

		if i+1 < end && format[i] == '.' {
			i++
			if indexed {
				p.goodArgNum = false // "%[3].2d"
			}
			arg, i, indexed = p.argIndex(arg, format, i, len(a))
			if i < end && format[i] == '*' {
				i++
				p.prec, p.precPresent, arg = starArg(a, arg)
				if p.prec < 0 {
					p.prec = 0
					p.precPresent = false
				}
				if !p.precPresent {
					p.str("%!(BADPREC)")
				}
				indexed = false
			} else {
				p.prec, p.precPresent, i = scanNumber(format, i)
				if !p.precPresent {
					p.prec = 0
					p.precPresent = true
				}
			}
		}

		if !indexed {
			arg, i, indexed = p.argIndex(arg, format, i, len(a))
		}
		if i >= end {
			p.str("%!(NOVERB)")
			break
		}
		verb, n := utf8.DecodeRuneInString(format[i:])
		i += n
		arg = p.verb(verb, a, arg)
	}
	if !p.reordered && arg < len(a) {
		p.extra(a[arg:])
	}
}

// readFlags reads the flags at format[i:].
func (p *pp) readFlags(format string, i int) int {
	for ; i < len(format); i++ {
		switch format[i] {
		case '#':
			p.sharp = true
		case '0':
			p.zero = true
		case '+':
			p.plus = true
		case '-':
			p.minus = true
		case ' ':
			p.space = true
		default:
			return i
		}
	}
	return i
}

// verb formats operand arg by verb and returns the next operand.
func (p *pp) verb(verb rune, a []any, arg int) int {
	what := ""
	switch {
	case verb == '%':
		p.char('%')
		return arg
	case !p.goodArgNum:
		what = "(BADINDEX)"
	case arg >= len(a):
		what = "(MISSING)"
	}
	if what != "" {
		p.str("%!")
		p.rune(verb)
		p.str(what)
		return arg
	}
	if verb == 'w' {
		p.wrapped = append(p.wrapped, arg)
	}
	if verb == 'v' || verb == 'w' {
		p.sharpV = p.sharp
		p.sharp = false
		p.plusV = p.plus
		p.plus = false
	}
	p.printArg(a[arg], verb)
	return arg + 1
}

// extra complains about operands that no verb used.
func (p *pp) extra(a []any) {
	p.flags = flags{}
	p.str("%!(EXTRA ")
	for i, x := range a {
		if i > 0 {
			p.str(", ")
		}
		if t := rt.TypeOf(x); t == nil {
			p.str("<nil>")
		} else {
			p.str(t.String)
			p.char('=')
			p.printArg(x, 'v')
		}
	}
	p.char(')')
}
