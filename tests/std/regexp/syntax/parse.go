package syntax

import (
	"x/strings"
	"x/unicode"
	"x/unicode/utf8"
)

const (
	maxDepth  = 1000
	maxRepeat = 1000
	maxSize   = 128 << 20 / 40 // instructions
)

// A parser reads an expression from left to right.
type parser struct {
	whole string
	s     string // the rest
	flags Flags
	nCap  int
	depth int
}

// failure is how errors leave the parser.
type failure struct{ err *Error }

func (p *parser) fail(code ErrorCode, expr string) { panic(failure{&Error{code, expr}}) }

// Parse parses an expression.
func Parse(s string, flags Flags) (re *Regexp, err error) {
	defer func() {
		if f := recover(); f != nil {
			e, ok := f.(failure)
			if !ok {
				panic(f)
			}
			re, err = nil, e.err
		}
	}()
	p := &parser{whole: s, s: s, flags: flags}
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				p.fail(ErrInvalidUTF8, s[i:])
			}
		}
	}
	if flags&Literal != 0 {
		re := &Regexp{Op: OpLiteral, Flags: flags & FoldCase, Rune: []rune(s)}
		if s == "" {
			re.Op = OpEmptyMatch
		}
		return re, nil
	}
	re = p.alternate()
	if p.s != "" {
		p.fail(ErrUnexpectedParen, s)
	}
	if size(re) > maxSize {
		p.fail(ErrLarge, s)
	}
	return re, nil
}

// size estimates the number of instructions.
func size(re *Regexp) int {
	n := 1 + len(re.Rune)/2
	for _, sub := range re.Sub {
		n += size(sub)
	}
	if re.Op == OpRepeat {
		n *= max(1, re.Min, re.Max)
	}
	return min(n, 1<<40)
}

func (p *parser) peek() rune {
	if p.s == "" {
		return -1
	}
	r, _ := utf8.DecodeRuneInString(p.s)
	return r
}

func (p *parser) next() rune {
	r, n := utf8.DecodeRuneInString(p.s)
	p.s = p.s[n:]
	return r
}

func (p *parser) alternate() *Regexp {
	p.depth++
	if p.depth > maxDepth {
		p.fail(ErrNestingDepth, p.whole)
	}
	defer func() { p.depth-- }()
	subs := []*Regexp{p.concat()}
	for p.peek() == '|' {
		p.next()
		sub := p.concat()
		if sub.Op == OpEmptyMatch && subs[len(subs)-1].Op == OpEmptyMatch {
			continue
		}
		subs = append(subs, sub)
	}
	if len(subs) == 1 {
		return subs[0]
	}
	return &Regexp{Op: OpAlternate, Flags: p.flags, Sub: subs}
}

func (p *parser) concat() *Regexp {
	var subs []*Regexp
	// start is where the last operand begins, for messages; repeated where its
	// repetitions do.
	repeated := ""
	for p.s != "" && p.s[0] != '|' && p.s[0] != ')' {
		before := p.s
		if op, ok := p.repetition(); ok {
			text := before[:len(before)-len(p.s)]
			if len(subs) == 0 {
				p.fail(ErrMissingRepeatArgument, text)
			}
			if repeated != "" {
				// Two in a row, as in a**.
				if p.flags&PerlX != 0 {
					p.fail(ErrInvalidRepeatOp, repeated[:len(repeated)-len(p.s)])
				}
			}
			repeated = before
			last := subs[len(subs)-1]
			if op.Op == OpRepeat && (op.Min > 1 || op.Max > 1) && !bounded(last, max(op.Min, op.Max)) {
				p.fail(ErrInvalidRepeatSize, text)
			}
			op.Sub = []*Regexp{last}
			subs[len(subs)-1] = op
			continue
		}
		repeated = ""
		if re := p.atom(); re != nil {
			subs = append(subs, re)
		}
	}
	list := subs[:0]
	for _, re := range subs {
		// Adjacent letters are one literal.
		if n := len(list); n > 0 && re.Op == OpLiteral && list[n-1].Op == OpLiteral && re.Flags&FoldCase == list[n-1].Flags&FoldCase {
			list[n-1].Rune = append(list[n-1].Rune, re.Rune...)
			continue
		}
		list = append(list, re)
	}
	switch len(list) {
	case 0:
		return &Regexp{Op: OpEmptyMatch}
	case 1:
		return list[0]
	}
	return &Regexp{Op: OpConcat, Flags: p.flags, Sub: list}
}

// bounded reports whether n repetitions of what may hold repetitions are not too many.
func bounded(re *Regexp, n int) bool {
	if n > maxRepeat {
		return false
	}
	if re.Op == OpRepeat {
		m := re.Max
		if m <= 0 {
			m = re.Min
		}
		if m > 0 {
			n *= m
		}
		if n > maxRepeat {
			return false
		}
	}
	for _, sub := range re.Sub {
		if !bounded(sub, n) {
			return false
		}
	}
	return true
}

// repetition reads an operator like * or {2,3}?.
func (p *parser) repetition() (*Regexp, bool) {
	re := &Regexp{Flags: p.flags}
	before := p.s
	switch p.s[0] {
	case '*':
		re.Op = OpStar
	case '+':
		re.Op = OpPlus
	case '?':
		re.Op = OpQuest
	case '{':
		lo, hi, rest, ok := counts(p.s)
		if !ok {
			return nil, false
		}
		if lo < 0 || lo > maxRepeat || hi > maxRepeat || hi >= 0 && lo > hi {
			p.fail(ErrInvalidRepeatSize, before[:len(before)-len(rest)])
		}
		re.Op, re.Min, re.Max = OpRepeat, lo, hi
		p.s = rest
	default:
		return nil, false
	}
	if re.Op != OpRepeat {
		p.s = p.s[1:]
	}
	if p.flags&PerlX != 0 && p.peek() == '?' {
		p.s = p.s[1:]
		re.Flags ^= NonGreedy
	}
	return re, true
}

// counts reads {n}, {n,} or {n,m}; numbers that are too large are -1.
func counts(s string) (lo, hi int, rest string, ok bool) {
	number := func(s string) (n int, rest string, ok bool) {
		i := 0
		for i < len(s) && '0' <= s[i] && s[i] <= '9' {
			if n < 1e8 {
				n = 10*n + int(s[i]-'0')
			}
			i++
		}
		if i == 0 || i > 1 && s[0] == '0' {
			return 0, s, false
		}
		if n >= 1e8 {
			n = -1
		}
		return n, s[i:], true
	}
	if lo, rest, ok = number(s[1:]); !ok || rest == "" {
		return 0, 0, s, false
	}
	hi = lo
	if rest[0] == ',' {
		rest = rest[1:]
		if rest == "" {
			return 0, 0, s, false
		}
		if rest[0] == '}' {
			hi = -1
		} else {
			if hi, rest, ok = number(rest); !ok {
				return 0, 0, s, false
			}
			if hi < 0 {
				lo = -1
			}
		}
	}
	if rest == "" || rest[0] != '}' {
		return 0, 0, s, false
	}
	return lo, hi, rest[1:], true
}

func (p *parser) literal(r rune) *Regexp {
	re := &Regexp{Op: OpLiteral, Rune: []rune{r}}
	if p.flags&FoldCase != 0 && unicode.SimpleFold(r) != r {
		re.Flags = FoldCase
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			re.Rune[0] = min(re.Rune[0], f)
		}
	}
	return re
}

func (p *parser) op(op Op, flags Flags) *Regexp { return &Regexp{Op: op, Flags: p.flags | flags} }

// atom reads what is no repetition; nil for flags.
func (p *parser) atom() *Regexp {
	switch p.s[0] {
	case '(':
		return p.group()
	case '[':
		return p.bracket()
	case '.':
		p.next()
		if p.flags&DotNL != 0 {
			return p.op(OpAnyChar, 0)
		}
		return p.op(OpAnyCharNotNL, 0)
	case '^':
		p.next()
		if p.flags&OneLine != 0 {
			return p.op(OpBeginText, 0)
		}
		return p.op(OpBeginLine, 0)
	case '$':
		p.next()
		if p.flags&OneLine != 0 {
			return p.op(OpEndText, WasDollar)
		}
		return p.op(OpEndLine, 0)
	case '\\':
		return p.backslash()
	}
	return p.literal(p.next())
}

func (p *parser) class(c class) *Regexp {
	c = c.clean()
	if len(c) == 2 && c[0] == c[1] {
		return &Regexp{Op: OpLiteral, Rune: c[:1]}
	}
	return &Regexp{Op: OpCharClass, Flags: p.flags, Rune: c}
}

func (p *parser) backslash() *Regexp {
	if p.flags&PerlX != 0 && len(p.s) >= 2 {
		switch p.s[1] {
		case 'A':
			p.s = p.s[2:]
			return p.op(OpBeginText, 0)
		case 'z':
			p.s = p.s[2:]
			return &Regexp{Op: OpEndText, Flags: p.flags &^ WasDollar}
		case 'b':
			p.s = p.s[2:]
			return p.op(OpWordBoundary, 0)
		case 'B':
			p.s = p.s[2:]
			return p.op(OpNoWordBoundary, 0)
		case 'C':
			p.fail(ErrInvalidEscape, p.s[:2])
		case 'Q':
			text := p.s[2:]
			rest := ""
			if i := strings.Index(text, `\E`); i >= 0 {
				text, rest = text[:i], text[i+2:]
			}
			p.s = rest
			if text == "" {
				return nil
			}
			re := &Regexp{Op: OpConcat}
			for _, r := range text {
				re.Sub = append(re.Sub, p.literal(r))
			}
			if len(re.Sub) == 1 {
				return re.Sub[0]
			}
			// A repetition behind it is of its last letter.
			if p.s != "" && strings.IndexByte("*+?{", p.s[0]) >= 0 {
				last := re.Sub[len(re.Sub)-1]
				re.Sub = re.Sub[:len(re.Sub)-1]
				if op, ok := p.repetition(); ok {
					op.Sub = []*Regexp{last}
					last = op
				}
				re.Sub = append(re.Sub, last)
			}
			return re
		}
	}
	if c, ok := p.perlClass(); ok {
		return p.class(c)
	}
	return p.literal(p.escaped())
}

// perlClass reads \d, \pL and the like.
func (p *parser) perlClass() (class, bool) {
	if len(p.s) < 2 {
		return nil, false
	}
	switch c := p.s[1]; c {
	case 'd', 's', 'w', 'D', 'S', 'W':
		if p.flags&PerlX == 0 {
			return nil, false
		}
		set, _ := namedClass(strings.ToLower(p.s[:2]))
		if p.flags&FoldCase != 0 {
			set = set.folded()
		}
		if c < 'a' {
			set = p.negated(set)
		}
		p.s = p.s[2:]
		return set, true
	case 'p', 'P':
		if p.flags&UnicodeGroups == 0 {
			return nil, false
		}
		before := p.s
		negative := c == 'P'
		p.s = p.s[2:]
		if p.s == "" {
			p.fail(ErrInvalidCharRange, before)
		}
		name := ""
		if p.s[0] == '{' {
			i := strings.IndexByte(p.s, '}')
			if i < 0 {
				p.fail(ErrInvalidCharRange, before)
			}
			name = p.s[1:i]
			p.s = p.s[i+1:]
		} else {
			name = string(p.next())
		}
		if strings.HasPrefix(name, "^") {
			negative = !negative
			name = name[1:]
		}
		set, ok := unicodeClass(name)
		if !ok {
			p.fail(ErrInvalidCharRange, before[:len(before)-len(p.s)])
		}
		if p.flags&FoldCase != 0 {
			set = set.folded()
		}
		if negative {
			set = negate(set.clean())
		}
		return set, true
	}
	return nil, false
}

func (c class) folded() (out class) {
	for i := 0; i < len(c); i += 2 {
		out.addFold(c[i], c[i+1], true)
	}
	return out.clean()
}

// negated returns what is not in c, without newlines unless these count.
func (p *parser) negated(c class) class {
	if p.flags&ClassNL == 0 {
		c = append(c[:len(c):len(c)], '\n', '\n')
	}
	return negate(c.clean())
}

// escaped reads an escaped rune.
func (p *parser) escaped() rune {
	before := p.s
	p.s = p.s[1:]
	if p.s == "" {
		p.fail(ErrTrailingBackslash, "")
	}
	bad := func() {
		p.fail(ErrInvalidEscape, before[:len(before)-len(p.s)])
	}
	switch c := p.next(); c {
	case '1', '2', '3', '4', '5', '6', '7':
		// One digit would be a reference.
		if p.s == "" || p.s[0] < '0' || p.s[0] > '7' {
			bad()
		}
		fallthrough
	case '0':
		r := c - '0'
		for i := 1; i < 3 && p.s != "" && '0' <= p.s[0] && p.s[0] <= '7'; i++ {
			r = 8*r + rune(p.s[0]-'0')
			p.s = p.s[1:]
		}
		return r
	case 'x':
		if p.s == "" {
			bad()
		}
		digit := func(c rune) rune {
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
		c := p.next()
		if c == '{' {
			r, n := rune(0), 0
			for {
				if p.s == "" {
					bad()
				}
				c := p.next()
				if c == '}' {
					break
				}
				d := digit(c)
				if d < 0 {
					bad()
				}
				r = 16*r + d
				n++
				if r > unicode.MaxRune {
					bad()
				}
			}
			if n == 0 {
				bad()
			}
			return r
		}
		x := digit(c)
		if p.s == "" {
			bad()
		}
		y := digit(p.next())
		if x < 0 || y < 0 {
			bad()
		}
		return 16*x + y
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
		bad()
	}
	return 0
}

// bracket reads a class in brackets.
func (p *parser) bracket() *Regexp {
	before := p.s
	p.s = p.s[1:]
	negative := p.peek() == '^'
	if negative {
		p.next()
	}
	fold := p.flags&FoldCase != 0
	var c class
	for first := true; first || p.peek() != ']'; first = false {
		if p.s == "" {
			p.fail(ErrMissingBracket, before)
		}
		// POSIX takes - only at the ends; Perl anywhere.
		if p.s[0] == '-' && p.flags&PerlX == 0 && !first && (len(p.s) == 1 || p.s[1] != ']') {
			_, n := utf8.DecodeRuneInString(p.s[1:])
			p.fail(ErrInvalidCharRange, p.s[:1+n])
		}
		if strings.HasPrefix(p.s, "[:") {
			if i := strings.Index(p.s[2:], ":]"); i >= 0 {
				name := p.s[:i+4]
				plain := strings.Replace(name, "[:^", "[:", 1)
				set, ok := namedClass(plain)
				if !ok {
					p.fail(ErrInvalidCharRange, name)
				}
				if fold {
					set = set.folded()
				}
				if plain != name {
					set = negate(set.clean())
				}
				c = append(c, set...)
				p.s = p.s[len(name):]
				continue
			}
		}
		if p.s[0] == '\\' {
			if set, ok := p.perlClass(); ok {
				c = append(c, set...)
				continue
			}
		}
		start := p.s
		lo := p.one(before)
		hi := lo
		if len(p.s) >= 2 && p.s[0] == '-' && p.s[1] != ']' {
			p.s = p.s[1:]
			hi = p.one(before)
			if hi < lo {
				p.fail(ErrInvalidCharRange, start[:len(start)-len(p.s)])
			}
		}
		c.addFold(lo, hi, fold)
	}
	p.s = p.s[1:]
	if negative {
		c = p.negated(c)
	}
	return p.class(c)
}

// one reads a rune of a class.
func (p *parser) one(whole string) rune {
	if p.s == "" {
		p.fail(ErrMissingBracket, whole)
	}
	if p.s[0] == '\\' {
		return p.escaped()
	}
	return p.next()
}

func validName(name string) bool {
	for _, c := range name {
		if !IsWordChar(c) {
			return false
		}
	}
	return name != ""
}

func (p *parser) group() *Regexp {
	flags := p.flags
	if p.flags&PerlX != 0 && strings.HasPrefix(p.s, "(?") {
		return p.perlGroup()
	}
	p.s = p.s[1:]
	p.nCap++
	re := &Regexp{Op: OpCapture, Flags: flags, Cap: p.nCap}
	re.Sub = []*Regexp{p.inside()}
	p.flags = flags
	return re
}

// inside reads up to the closing parenthesis.
func (p *parser) inside() *Regexp {
	re := p.alternate()
	if p.s == "" {
		p.fail(ErrMissingParen, p.whole)
	}
	p.s = p.s[1:]
	return re
}

// perlGroup reads a group that begins with (?.
func (p *parser) perlGroup() *Regexp {
	before := p.s
	flags := p.flags
	skip := 0
	if strings.HasPrefix(p.s, "(?P<") {
		skip = 4
	} else if strings.HasPrefix(p.s, "(?<") {
		skip = 3
	}
	if skip > 0 {
		end := strings.IndexByte(p.s, '>')
		if end < 0 {
			p.fail(ErrInvalidNamedCapture, p.s)
		}
		name := p.s[skip:end]
		if !validName(name) {
			p.fail(ErrInvalidNamedCapture, p.s[:end+1])
		}
		p.s = p.s[end+1:]
		p.nCap++
		re := &Regexp{Op: OpCapture, Flags: flags, Cap: p.nCap, Name: name}
		re.Sub = []*Regexp{p.inside()}
		p.flags = flags
		return re
	}
	p.s = p.s[2:]
	set, sign, any := p.flags, 1, false
	bad := func() { p.fail(ErrInvalidPerlOp, before[:len(before)-len(p.s)]) }
	for {
		if p.s == "" {
			bad()
		}
		flag := Flags(0)
		switch c := p.next(); c {
		default:
			bad()
		case 'i':
			flag = FoldCase
		case 'm':
			// The flag says the opposite.
			flag = OneLine
		case 's':
			flag = DotNL
		case 'U':
			flag = NonGreedy
		case '-':
			if sign < 0 {
				bad()
			}
			sign = -1
			any = false
			continue
		case ':', ')':
			if sign < 0 && !any {
				bad()
			}
			if c == ')' {
				p.flags = set
				return nil
			}
			p.flags = set
			re := p.inside()
			p.flags = flags
			return re
		}
		any = true
		if (sign > 0) != (flag == OneLine) {
			set |= flag
		} else {
			set &^= flag
		}
	}
}
