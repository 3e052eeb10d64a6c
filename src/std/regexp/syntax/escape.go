package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// backslash reads what begins with one, outside of brackets.
func (p *parser) backslash() {
	if p.flags&PerlX != 0 && len(p.s) >= 2 {
		op := Op(0)
		switch p.s[1] {
		case 'A':
			op = OpBeginText
		case 'z':
			op = OpEndText
		case 'b':
			op = OpWordBoundary
		case 'B':
			op = OpNoWordBoundary
		case 'C':
			p.fail(ErrInvalidEscape, p.s[:2])
			return
		case 'Q':
			p.quoted()
			return
		}
		if op != 0 {
			p.s = p.s[2:]
			p.op(op, p.flags)
			return
		}
	}
	if c, ok := p.classEscape(p.scratch[:0]); ok {
		p.scratch = c
		p.class(c)
	} else if r := p.escape(); p.err == nil {
		p.literal(r)
	}
}

// quoted reads \Q…\E.
func (p *parser) quoted() {
	text, rest, _ := strings.Cut(p.s[2:], `\E`)
	for p.s = text; p.s != "" && p.err == nil; {
		p.literal(p.next())
	}
	p.s = rest
}

// class pushes a class.
func (p *parser) class(c class) {
	if p.err != nil {
		return
	}
	re := p.node(OpCharClass, p.flags)
	p.keep(re, c)
	p.push(re)
}

// addFolded adds d, or what it has not, and what it folds to if case does not count.
func (p *parser) addFolded(c, d class, not bool) class {
	if p.flags&FoldCase != 0 {
		var room [64]rune
		folded := class(room[:0])
		for _, s := range d.spans() {
			folded = folded.addFold(s.lo, s.hi)
		}
		d = folded.clean()
	}
	if not {
		return c.addNot(d)
	}
	return c.addAll(d)
}

// classEscape adds a class like \d or \pL if one comes; false if not.
func (p *parser) classEscape(c class) (class, bool) {
	if len(p.s) < 2 || p.s[0] != '\\' {
		return c, false
	}
	switch letter := p.s[1]; letter {
	case 'd', 's', 'w', 'D', 'S', 'W':
		if p.flags&PerlX != 0 {
			p.s = p.s[2:]
			return p.addFolded(c, perlClass(letter|0x20), letter < 'a'), true
		}
	case 'p', 'P':
		if p.flags&UnicodeGroups != 0 {
			return p.property(c), true
		}
	}
	return c, false
}

// property adds the class of \pL or \p{Greek}.
func (p *parser) property(c class) class {
	before := p.s
	not := p.s[1] == 'P'
	p.s = p.s[2:]
	r := p.next()
	if p.err != nil {
		return c
	}
	name := before[2 : len(before)-len(p.s)]
	if r == '{' {
		end := strings.IndexByte(before, '}')
		if end < 0 {
			if p.valid(before) {
				p.fail(ErrInvalidCharRange, before)
			}
			return c
		}
		name = before[3:end]
		if !p.valid(name) {
			return c
		}
		p.s = before[end+1:]
	}
	if name != "" && name[0] == '^' {
		not = !not
		name = name[1:]
	}
	tab, fold, complement := unicodeTable(name)
	if tab == nil {
		p.fail(ErrInvalidCharRange, p.since(before))
		return c
	}
	not = not != complement
	if !not && (p.flags&FoldCase == 0 || fold == nil) {
		return c.addTable(tab)
	}
	d := p.other[:0].addTable(tab)
	if p.flags&FoldCase != 0 && fold != nil {
		d = d.addTable(fold)
	}
	p.other = d
	d = d.clean()
	if not {
		return c.addNot(d)
	}
	return c.addAll(d)
}

// escape reads an escaped rune.
func (p *parser) escape() rune {
	before := p.s
	p.s = p.s[1:]
	if p.s == "" {
		p.fail(ErrTrailingBackslash, "")
		return 0
	}
	c := p.next()
	if p.err != nil {
		return 0
	}
	switch c {
	case '1', '2', '3', '4', '5', '6', '7':
		if !p.octal() {
			break // one digit would be a reference
		}
		fallthrough
	case '0':
		r := c - '0'
		for i := 0; i < 2 && p.octal(); i++ {
			r = 8*r + rune(p.s[0]-'0')
			p.s = p.s[1:]
		}
		return r
	case 'x':
		if r := p.hexadecimal(); r >= 0 {
			return r
		}
	case 'a':
		return '\a'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'v':
		return '\v'
	default:
		if c < utf8.RuneSelf && (c == '_' || !IsWordChar(c)) {
			return c
		}
	}
	p.fail(ErrInvalidEscape, p.since(before))
	return 0
}

// octal reports whether an octal digit comes.
func (p *parser) octal() bool { return p.s != "" && '0' <= p.s[0] && p.s[0] <= '7' }

// hexadecimal reads what follows \x; -1 if that is no number.
func (p *parser) hexadecimal() rune {
	if p.s == "" {
		return -1
	}
	c := p.next()
	if c != '{' {
		x, y := digit(c), digit(p.next())
		if x < 0 || y < 0 {
			return -1
		}
		return 16*x + y
	}
	r := rune(-1)
	for p.s != "" {
		c := p.next()
		if c == '}' {
			return r
		}
		d := digit(c)
		if d < 0 {
			return -1
		}
		if r = 16*max(r, 0) + d; r > unicode.MaxRune {
			return -1
		}
	}
	return -1
}

func digit(c rune) rune {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return -1
}

// bracket reads a class in brackets.
func (p *parser) bracket() {
	whole := p.s
	p.s = p.s[1:]
	c := p.scratch[:0]
	not := p.s != "" && p.s[0] == '^'
	if not {
		p.s = p.s[1:]
		if p.flags&ClassNL == 0 {
			c = append(c, '\n', '\n')
		}
	}
	for first := true; first || p.s == "" || p.s[0] != ']'; first = false {
		if p.s != "" && p.s[0] == '-' && p.flags&PerlX == 0 && !first && (len(p.s) == 1 || p.s[1] != ']') {
			// POSIX takes it only at the ends.
			_, n := utf8.DecodeRuneInString(p.s[1:])
			p.fail(ErrInvalidCharRange, p.s[:1+n])
			return
		}
		if named, ok := p.named(c); ok {
			c = named
		} else if escaped, ok := p.classEscape(c); ok {
			c = escaped
		} else {
			before := p.s
			lo := p.bound(whole)
			hi := lo
			if len(p.s) >= 2 && p.s[0] == '-' && p.s[1] != ']' && p.err == nil {
				p.s = p.s[1:]
				if hi = p.bound(whole); hi < lo {
					p.fail(ErrInvalidCharRange, p.since(before))
				}
			}
			if p.err != nil {
				return
			}
			if p.flags&FoldCase != 0 {
				c = c.addFold(lo, hi)
			} else {
				c = c.add(lo, hi)
			}
		}
		if p.err != nil {
			return
		}
	}
	p.s = p.s[1:]
	p.scratch = c
	c = c.clean()
	if not {
		c = c.negate()
	}
	p.class(c)
}

// named adds a class like [:alpha:] if one comes.
func (p *parser) named(c class) (class, bool) {
	if len(p.s) <= 2 || p.s[:2] != "[:" {
		return c, false
	}
	end := strings.Index(p.s[2:], ":]")
	if end < 0 {
		return c, false
	}
	name := p.s[2 : 2+end]
	plain := strings.TrimPrefix(name, "^")
	d := posixClass(plain)
	if d == nil {
		p.fail(ErrInvalidCharRange, p.s[:4+end])
		return c, true
	}
	p.s = p.s[4+end:]
	return p.addFolded(c, d, plain != name), true
}

// bound reads a rune of a class.
func (p *parser) bound(whole string) rune {
	if p.s == "" {
		p.fail(ErrMissingBracket, whole)
		return 0
	}
	if p.s[0] == '\\' {
		return p.escape()
	}
	return p.next()
}
