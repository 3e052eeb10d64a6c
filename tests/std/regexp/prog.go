package regexp

import (
	"x/regexp/syntax"
	"x/unicode"
	"x/unicode/utf8"
)

// An instruction of the matching machine.
type inst struct {
	op     uint8
	out    int32 // where to go on
	arg    int32 // opSplit: the other way, less preferred; opCapture: which
	lo, hi rune  // opRune: one range
	ranges []rune
}

const (
	opMatch = iota
	opFail
	opSplit
	opNop
	opCapture
	opEmpty  // arg: the assertion, a syntax.Op
	opRune   // lo to hi
	opRanges // one of the ranges
	opAny
	opAnyNotNL
)

// A prog is a program for the matching machine.
type prog struct {
	insts    []inst
	start    int32
	nCap     int    // words of captures
	prefix   string // what all matches begin with
	complete bool   // the prefix is all
	anchored bool   // matches begin at the text's beginning
}

// A compiler makes programs from the end: each piece is told where to go on.
type compiler struct {
	insts []inst
}

func (c *compiler) add(i inst) int32 {
	c.insts = append(c.insts, i)
	return int32(len(c.insts) - 1)
}

func compile(re *syntax.Regexp, nCap int) *prog {
	c := &compiler{}
	match := c.add(inst{op: opMatch})
	p := &prog{nCap: 2 * (nCap + 1)}
	p.start = c.piece(re, match)
	p.insts = c.insts
	p.prefix, p.complete = literalPrefix(re)
	p.anchored = anchored(re)
	return p
}

func anchored(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginText:
		return true
	case syntax.OpConcat, syntax.OpCapture, syntax.OpPlus:
		return anchored(re.Sub[0])
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			if !anchored(sub) {
				return false
			}
		}
		return true
	}
	return false
}

// literalPrefix returns the text that re begins with, and whether it is all of re.
func literalPrefix(re *syntax.Regexp) (string, bool) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return "", true
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			for _, r := range re.Rune {
				if r == utf8.RuneError {
					return "", false
				}
			}
			return string(re.Rune), true
		}
	case syntax.OpCapture:
		return literalPrefix(re.Sub[0])
	case syntax.OpPlus:
		s, _ := literalPrefix(re.Sub[0])
		return s, false
	case syntax.OpConcat:
		all := ""
		for _, sub := range re.Sub {
			s, complete := literalPrefix(sub)
			all += s
			if !complete {
				return all, false
			}
		}
		return all, true
	}
	return "", false
}

// piece compiles re; it goes on at next.
func (c *compiler) piece(re *syntax.Regexp, next int32) int32 {
	switch re.Op {
	case syntax.OpNoMatch:
		return c.add(inst{op: opFail})
	case syntax.OpEmptyMatch:
		return next
	case syntax.OpLiteral:
		for i := len(re.Rune) - 1; i >= 0; i-- {
			next = c.literal(re.Rune[i], re.Flags, next)
		}
		return next
	case syntax.OpCharClass:
		return c.ranges(re.Rune, next)
	case syntax.OpAnyChar:
		return c.add(inst{op: opAny, out: next})
	case syntax.OpAnyCharNotNL:
		return c.add(inst{op: opAnyNotNL, out: next})
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return c.add(inst{op: opEmpty, arg: int32(re.Op), out: next})
	case syntax.OpCapture:
		end := c.add(inst{op: opCapture, arg: int32(2*re.Cap + 1), out: next})
		return c.add(inst{op: opCapture, arg: int32(2 * re.Cap), out: c.piece(re.Sub[0], end)})
	case syntax.OpConcat:
		for i := len(re.Sub) - 1; i >= 0; i-- {
			next = c.piece(re.Sub[i], next)
		}
		return next
	case syntax.OpAlternate:
		at := c.piece(re.Sub[len(re.Sub)-1], next)
		for i := len(re.Sub) - 2; i >= 0; i-- {
			at = c.add(inst{op: opSplit, out: c.piece(re.Sub[i], next), arg: at})
		}
		return at
	case syntax.OpQuest:
		return c.split(c.piece(re.Sub[0], next), next, re.Flags)
	case syntax.OpStar:
		loop := c.add(inst{op: opSplit})
		body := c.piece(re.Sub[0], loop)
		c.set(loop, body, next, re.Flags)
		if empty(re.Sub[0]) {
			// (|a)* shall match as (|a)+ does, but for the captures.
			return c.split(body, next, re.Flags)
		}
		return loop
	case syntax.OpPlus:
		loop := c.add(inst{op: opSplit})
		body := c.piece(re.Sub[0], loop)
		c.set(loop, body, next, re.Flags)
		return body
	}
	return c.add(inst{op: opFail})
}

// empty reports whether re can match the empty text.
func empty(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpNoMatch:
		return false
	case syntax.OpCapture, syntax.OpPlus:
		return empty(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if !empty(sub) {
				return false
			}
		}
		return true
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			if empty(sub) {
				return true
			}
		}
		return false
	}
	return true
}

func (c *compiler) split(first, second int32, flags syntax.Flags) int32 {
	at := c.add(inst{op: opSplit})
	c.set(at, first, second, flags)
	return at
}

func (c *compiler) set(at, body, next int32, flags syntax.Flags) {
	if flags&syntax.NonGreedy != 0 {
		body, next = next, body
	}
	c.insts[at].out, c.insts[at].arg = body, next
}

func (c *compiler) literal(r rune, flags syntax.Flags, next int32) int32 {
	if flags&syntax.FoldCase == 0 || unicode.SimpleFold(r) == r {
		return c.add(inst{op: opRune, lo: r, hi: r, out: next})
	}
	list := []rune{r, r}
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		list = append(list, f, f)
	}
	return c.add(inst{op: opRanges, ranges: list, out: next})
}

func (c *compiler) ranges(list []rune, next int32) int32 {
	switch len(list) {
	case 0:
		return c.add(inst{op: opFail})
	case 2:
		return c.add(inst{op: opRune, lo: list[0], hi: list[1], out: next})
	}
	return c.add(inst{op: opRanges, ranges: list, out: next})
}

// matches reports whether the instruction takes r.
func (i *inst) matches(r rune) bool {
	switch i.op {
	case opRune:
		return i.lo <= r && r <= i.hi
	case opAny:
		return r >= 0
	case opAnyNotNL:
		return r >= 0 && r != '\n'
	case opRanges:
		list := i.ranges
		if len(list) <= 8 {
			for j := 0; j < len(list); j += 2 {
				if list[j] <= r && r <= list[j+1] {
					return true
				}
			}
			return false
		}
		lo, hi := 0, len(list)/2
		for lo < hi {
			m := int(uint(lo+hi) >> 1)
			switch {
			case r < list[2*m]:
				hi = m
			case r > list[2*m+1]:
				lo = m + 1
			default:
				return true
			}
		}
	}
	return false
}

// holds reports whether the assertion op holds between the runes before and after; -1 for none.
func holds(op syntax.Op, before, after rune) bool {
	switch op {
	case syntax.OpBeginText:
		return before < 0
	case syntax.OpEndText:
		return after < 0
	case syntax.OpBeginLine:
		return before < 0 || before == '\n'
	case syntax.OpEndLine:
		return after < 0 || after == '\n'
	}
	boundary := syntax.IsWordChar(before) != syntax.IsWordChar(after)
	return boundary == (op == syntax.OpWordBoundary)
}
