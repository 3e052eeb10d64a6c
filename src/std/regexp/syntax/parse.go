package syntax

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// Limits, which are Go's.
const (
	maxHeight = 1000
	maxRepeat = 1000
	maxSize   = 128 << 20 / 40 // instructions
	maxRunes  = 128 << 20 / 4

	maxKept = 1 << 14 // runes of a parser that is used again
)

// A node is a Regexp that the parser made, with what it knows of it.
type node struct {
	Regexp
	height int
	size   int64 // of the program, in instructions; an estimate
}

func nodeOf(re *Regexp) *node { return (*node)(unsafe.Pointer(re)) }

// A group is one that is not closed yet.
type group struct {
	capture     int // 0: does not capture
	name        string
	flags       Flags // outside
	alts, items int   // of what is around it
}

// A parser reads an expression from left to right.
//
// On the stack lie, for every open group, its finished alternatives and the items
// of its last one, which is not finished. Of adjacent literals the last two may
// be apart: the last may still be repeated.
type parser struct {
	whole string
	s     string // the rest
	flags Flags
	err   *Error

	stack       []*Regexp
	alts, items int // where those of the innermost group begin
	groups      []group
	nCap        int

	free    *Regexp // nodes that are used again, linked by Sub0
	block   []node  // nodes not used yet
	nNodes  int
	nRunes  int
	repeats int64 // product of all repetitions
	scratch class // the class that is read
	other   class // one that is added to it
	text    []rune // room for literals
	last    *Regexp // the literal whose runes end where text does
}

var parsers sync.Pool

// Parse parses an expression.
func Parse(s string, flags Flags) (*Regexp, error) { return parse(s, flags) }

func parse(s string, flags Flags) (*Regexp, error) {
	p, _ := parsers.Get().(*parser)
	if p == nil {
		p = new(parser)
	}
	p.whole, p.s, p.flags = s, s, flags
	re := p.parse()
	err := p.err
	clear(p.stack[:cap(p.stack)])
	clear(p.groups)
	*p = parser{stack: p.stack[:0], groups: p.groups[:0], scratch: p.scratch[:0], other: p.other[:0]}
	if cap(p.scratch) > maxKept {
		p.scratch = nil
	}
	parsers.Put(p)
	if err != nil {
		return nil, err
	}
	return re, nil
}

// fail notes an error; the first counts.
func (p *parser) fail(code ErrorCode, expr string) {
	if p.err == nil {
		p.err = &Error{code, expr}
	}
}

// since returns what was read of before, a rest.
func (p *parser) since(before string) string { return before[:len(before)-len(p.s)] }

func (p *parser) node(op Op, flags Flags) *Regexp {
	re := p.free
	if re != nil {
		p.free = re.Sub0[0]
		*nodeOf(re) = node{}
	} else {
		if len(p.block) == 0 {
			p.block = make([]node, min(4+p.nNodes, 64))
		}
		re = &p.block[0].Regexp
		p.block = p.block[1:]
		p.nNodes++
	}
	re.Op, re.Flags = op, flags
	return re
}

func (p *parser) reuse(re *Regexp) {
	if re == p.last {
		p.last = nil
	}
	re.Sub0[0] = p.free
	p.free = re
}

// measure computes re's height and size from those of its parts.
func (p *parser) measure(re *Regexp) {
	n := nodeOf(re)
	n.height, n.size = 1, 0
	for _, sub := range re.Sub {
		s := nodeOf(sub)
		n.height = max(n.height, s.height+1)
		n.size += s.size
	}
	switch re.Op {
	case OpLiteral:
		n.size = int64(len(re.Rune))
	case OpCapture, OpStar:
		n.size += 2
	case OpPlus, OpQuest:
		n.size++
	case OpAlternate:
		n.size += int64(len(re.Sub)) - 1
	case OpRepeat:
		lo, hi, sub := int64(re.Min), int64(re.Max), n.size
		switch {
		case hi >= 0:
			n.size = hi*sub + hi - lo
		case lo == 0:
			n.size = 2 + sub
		default:
			n.size = 1 + lo*sub
		}
	}
	n.size = max(n.size, 1)
}

// check measures re and reports an expression that is too large.
func (p *parser) check(re *Regexp) {
	p.measure(re)
	if re.Op == OpRepeat {
		n := int64(re.Max)
		if n < 0 {
			n = int64(re.Min)
		}
		p.repeats = min(max(p.repeats, 1)*max(n, 1), maxSize)
	}
	n := nodeOf(re)
	switch {
	case p.nRunes > maxRunes, n.size > maxSize && int64(p.nNodes)*max(p.repeats, 1) >= maxSize:
		p.fail(ErrLarge, p.whole)
	case n.height > maxHeight:
		p.fail(ErrNestingDepth, p.whole)
	}
}

// keep gives re a copy of the runes.
func (p *parser) keep(re *Regexp, runes []rune) {
	if len(runes) <= len(re.Rune0) {
		re.Rune = re.Rune0[:copy(re.Rune0[:], runes)]
		return
	}
	re.Rune = make([]rune, len(runes))
	copy(re.Rune, runes)
}

// extend appends runes to a literal's. All literals of an expression lie in one
// piece of memory, unless they are short.
func (p *parser) extend(re *Regexp, runes []rune) {
	n := len(re.Rune) + len(runes)
	if n <= len(re.Rune0) {
		re.Rune = append(re.Rune, runes...)
		return
	}
	if re != p.last || cap(p.text)-len(p.text) < len(runes) {
		if cap(p.text)-len(p.text) < n {
			// The rest of the expression may be part of it.
			p.text = make([]rune, 0, n+len(p.s))
		}
		at := len(p.text)
		p.text = append(p.text, re.Rune...)
		p.text = append(p.text, runes...)
		re.Rune = p.text[at:n+at : n+at]
		p.last = re
		return
	}
	at := len(p.text) - len(re.Rune)
	p.text = append(p.text, runes...)
	re.Rune = p.text[at:n+at : n+at]
}

// join makes one literal of the last two items, if they are literals.
func (p *parser) join() {
	n := len(p.stack)
	if n < p.items+2 {
		return
	}
	a, b := p.stack[n-2], p.stack[n-1]
	if a.Op != OpLiteral || b.Op != OpLiteral || (a.Flags^b.Flags)&FoldCase != 0 {
		return
	}
	p.extend(a, b.Rune)
	p.measure(a)
	p.stack = p.stack[:n-1]
	p.reuse(b)
}

// settle turns a class of one letter, or of one letter in both cases, into a literal.
func (p *parser) settle(re *Regexp) {
	p.nRunes += len(re.Rune)
	if re.Op != OpCharClass {
		return
	}
	c := re.Rune
	switch {
	case len(c) == 2 && c[0] == c[1]:
		re.Flags = p.flags &^ FoldCase
	case len(c) == 4 && c[0] == c[1] && c[2] == c[3] && pair(c[0], c[2]),
		len(c) == 2 && c[0]+1 == c[1] && pair(c[0], c[1]):
		re.Flags = p.flags | FoldCase
	default:
		return
	}
	re.Op = OpLiteral
	re.Rune = c[:1]
}

// pair reports whether two runes are the two cases of a letter.
func pair(a, b rune) bool { return unicode.SimpleFold(a) == b && unicode.SimpleFold(b) == a }

// push adds an item to the concatenation.
func (p *parser) push(re *Regexp) {
	p.settle(re)
	p.join()
	p.stack = append(p.stack, re)
	p.check(re)
}

func (p *parser) op(op Op, flags Flags) { p.push(p.node(op, flags)) }

func (p *parser) literal(r rune) {
	re := p.node(OpLiteral, p.flags)
	if p.flags&FoldCase != 0 && minFold <= r && r <= maxFold {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		r = least
	}
	re.Rune0[0] = r
	re.Rune = re.Rune0[:1]
	p.push(re)
}

// next reads a rune, of s.
func (p *parser) next() rune {
	r, n := utf8.DecodeRuneInString(p.s)
	if r == utf8.RuneError && n == 1 {
		p.fail(ErrInvalidUTF8, p.s)
	}
	p.s = p.s[n:]
	return r
}

// valid reports text that is no UTF-8.
func (p *parser) valid(text string) bool {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(text[i:]); n == 1 {
				p.fail(ErrInvalidUTF8, text[i:])
				return false
			}
		}
	}
	return true
}

func (p *parser) parse() *Regexp {
	if p.flags&Literal != 0 {
		re := p.node(OpLiteral, p.flags)
		if !p.valid(p.s) {
			return nil
		}
		if utf8.RuneCountInString(p.s) > len(re.Rune0) {
			re.Rune = []rune(p.s)
			return re
		}
		re.Rune = re.Rune0[:0]
		for _, r := range p.s {
			re.Rune = append(re.Rune, r)
		}
		return re
	}
	repeated := "" // from the operator on that was just read
	for p.s != "" && p.err == nil {
		before := p.s
		if p.item() {
			p.repeat(before, repeated)
			repeated = before
		} else {
			repeated = ""
		}
	}
	if p.err != nil {
		return nil
	}
	re := p.alternation()
	if len(p.groups) > 0 {
		p.fail(ErrMissingParen, p.whole)
	}
	return re
}

// item reads what is no repetition; if one comes, it reports true and leaves that.
func (p *parser) item() (repetition bool) {
	c := p.s[0]
	switch c {
	default:
		p.literal(p.next())
		return false
	case '*', '+', '?':
		return true
	case '{':
		if _, _, _, ok := counts(p.s); ok {
			return true
		}
		p.literal('{')
	case '(':
		if p.flags&PerlX != 0 && strings.HasPrefix(p.s, "(?") {
			p.perlGroup()
			return false
		}
		p.nCap++
		p.open(p.nCap, "")
	case '|':
		p.alternative()
	case ')':
		p.close()
	case '^':
		if p.flags&OneLine != 0 {
			p.op(OpBeginText, p.flags)
		} else {
			p.op(OpBeginLine, p.flags)
		}
	case '$':
		if p.flags&OneLine != 0 {
			p.op(OpEndText, p.flags|WasDollar)
		} else {
			p.op(OpEndLine, p.flags)
		}
	case '.':
		if p.flags&DotNL != 0 {
			p.op(OpAnyChar, p.flags)
		} else {
			p.op(OpAnyCharNotNL, p.flags)
		}
	case '[':
		p.bracket()
		return false
	case '\\':
		p.backslash()
		return false
	}
	if p.err == nil {
		p.s = p.s[1:]
	}
	return false
}

// repeat reads a repetition and applies it to the last item. repeated is where one
// begins that was read just before, if any.
func (p *parser) repeat(before, repeated string) {
	op, lo, hi := OpStar, 0, 0
	switch p.s[0] {
	case '+':
		op = OpPlus
	case '?':
		op = OpQuest
	case '{':
		op = OpRepeat
		var rest string
		lo, hi, rest, _ = counts(p.s)
		p.s = rest
		if lo < 0 || lo > maxRepeat || hi > maxRepeat || hi >= 0 && lo > hi {
			p.fail(ErrInvalidRepeatSize, p.since(before))
			return
		}
	}
	if op != OpRepeat {
		p.s = p.s[1:]
	}
	flags := p.flags
	if flags&PerlX != 0 {
		if p.s != "" && p.s[0] == '?' {
			p.s = p.s[1:]
			flags ^= NonGreedy
		}
		if repeated != "" {
			p.fail(ErrInvalidRepeatOp, p.since(repeated))
			return
		}
	}
	n := len(p.stack)
	if n == p.items {
		p.fail(ErrMissingRepeatArgument, p.since(before))
		return
	}
	re := p.node(op, flags)
	re.Min, re.Max = lo, hi
	re.Sub0[0] = p.stack[n-1]
	re.Sub = re.Sub0[:]
	p.stack[n-1] = re
	p.check(re)
	if op == OpRepeat && (lo >= 2 || hi >= 2) && !bounded(re, maxRepeat) {
		p.fail(ErrInvalidRepeatSize, p.since(before))
	}
}

// bounded reports whether nested repetitions of re ask for at most n copies.
func bounded(re *Regexp, n int) bool {
	if re.Op == OpRepeat {
		m := re.Max
		switch {
		case m == 0:
			return true
		case m < 0:
			m = re.Min
		}
		if m > n {
			return false
		}
		if m > 0 {
			n /= m
		}
	}
	for _, sub := range re.Sub {
		if !bounded(sub, n) {
			return false
		}
	}
	return true
}

// counts reads {n}, {n,} or {n,m}; lo is -1 if a number is too large, hi if there is none.
func counts(s string) (lo, hi int, rest string, ok bool) {
	lo, rest, ok = decimal(s[1:])
	if !ok || rest == "" {
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
			if hi, rest, ok = decimal(rest); !ok {
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

// decimal reads a number without leading zeros; it is -1 if too large.
func decimal(s string) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		if n >= 1e8 {
			n = -1
		} else if n >= 0 {
			n = 10*n + int(s[i]-'0')
		}
		i++
	}
	if i == 0 || i > 1 && s[0] == '0' {
		return 0, s, false
	}
	return n, s[i:], true
}
