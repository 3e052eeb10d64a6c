package syntax

import "unicode"

// A hole is an Out or Arg that is not known yet: the instruction's number, doubled,
// plus one for Arg. Holes that get the same value are linked through themselves.
type hole uint32

// Holes are a list of them.
type holes struct{ first, last hole }

// A piece is a part of the program. It begins at instruction start; 0 is a piece
// that matches nothing.
type piece struct {
	start uint32
	out   holes
	empty bool // may match the empty text
}

type compiler struct {
	Prog
}

// Compile makes a program of an expression, which must be simple.
func Compile(re *Regexp) (*Prog, error) {
	c := &compiler{}
	c.NumCap = 2
	c.Inst = make([]Inst, 0, c.count(re)+2)
	c.add(InstFail)
	all := c.piece(re)
	c.fill(all.out, c.add(InstMatch))
	c.Start = int(all.start)
	return &c.Prog, nil
}

// count returns how many instructions re needs at most.
func (c *compiler) count(re *Regexp) int {
	n := 1
	switch re.Op {
	case OpLiteral:
		n = max(len(re.Rune), 1)
	case OpCapture, OpStar:
		n = 2
	case OpConcat:
		n = 0
		if len(re.Sub) == 0 {
			n = 1
		}
	case OpAlternate:
		n = len(re.Sub) - 1
	}
	for _, sub := range re.Sub {
		n += c.count(sub)
	}
	return n
}

func (c *compiler) add(op InstOp) uint32 {
	c.Inst = append(c.Inst, Inst{Op: op})
	return uint32(len(c.Inst) - 1)
}

// at returns the place that a hole stands for.
func (c *compiler) at(h hole) *uint32 {
	if i := &c.Inst[h>>1]; h&1 == 0 {
		return &i.Out
	} else {
		return &i.Arg
	}
}

func (c *compiler) fill(list holes, pc uint32) {
	for h := list.first; h != 0; {
		at := c.at(h)
		h = hole(*at)
		*at = pc
	}
}

func (c *compiler) both(a, b holes) holes {
	if a.first == 0 {
		return b
	}
	if b.first == 0 {
		return a
	}
	*c.at(a.last) = uint32(b.first)
	return holes{a.first, b.last}
}

func outOf(pc uint32) holes { return holes{hole(pc << 1), hole(pc << 1)} }

func argOf(pc uint32) holes { return holes{hole(pc<<1 | 1), hole(pc<<1 | 1)} }

// single adds an instruction that is a piece by itself.
func (c *compiler) single(op InstOp, arg uint32, empty bool) piece {
	pc := c.add(op)
	c.Inst[pc].Arg = arg
	return piece{pc, outOf(pc), empty}
}

func (c *compiler) assertion(op EmptyOp) piece { return c.single(InstEmptyWidth, uint32(op), true) }

func (c *compiler) capture(n int) piece {
	c.NumCap = max(c.NumCap, n+1)
	return c.single(InstCapture, uint32(n), true)
}

var (
	anyRune      = []rune{0, unicode.MaxRune}
	anyRuneNotNL = []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}
)

// rune adds an instruction that takes one.
func (c *compiler) rune(list []rune, flags Flags) piece {
	op := InstRune
	if len(list) != 1 || unicode.SimpleFold(list[0]) == list[0] {
		flags = 0
	}
	switch {
	case flags&FoldCase == 0 && (len(list) == 1 || len(list) == 2 && list[0] == list[1]):
		op = InstRune1
	case len(list) == 2 && list[0] == 0 && list[1] == unicode.MaxRune:
		op = InstRuneAny
	case len(list) == 4 && list[0] == 0 && list[1] == '\n'-1 && list[2] == '\n'+1 && list[3] == unicode.MaxRune:
		op = InstRuneAnyNotNL
	}
	p := c.single(op, uint32(flags&FoldCase), false)
	c.Inst[p.start].Rune = list
	return p
}

func (c *compiler) piece(re *Regexp) piece {
	switch re.Op {
	case OpNoMatch:
		return piece{}
	case OpEmptyMatch:
		return c.single(InstNop, 0, true)
	case OpLiteral:
		if len(re.Rune) == 0 {
			return c.single(InstNop, 0, true)
		}
		all := c.rune(re.Rune[:1], re.Flags)
		for i := 1; i < len(re.Rune); i++ {
			all = c.then(all, c.rune(re.Rune[i:i+1], re.Flags))
		}
		return all
	case OpCharClass:
		return c.rune(re.Rune, re.Flags)
	case OpAnyCharNotNL:
		return c.rune(anyRuneNotNL, 0)
	case OpAnyChar:
		return c.rune(anyRune, 0)
	case OpBeginLine:
		return c.assertion(EmptyBeginLine)
	case OpEndLine:
		return c.assertion(EmptyEndLine)
	case OpBeginText:
		return c.assertion(EmptyBeginText)
	case OpEndText:
		return c.assertion(EmptyEndText)
	case OpWordBoundary:
		return c.assertion(EmptyWordBoundary)
	case OpNoWordBoundary:
		return c.assertion(EmptyNoWordBoundary)
	case OpCapture:
		begin := c.capture(2 * re.Cap)
		begin = c.then(begin, c.piece(re.Sub[0]))
		return c.then(begin, c.capture(2*re.Cap+1))
	case OpStar, OpPlus, OpQuest:
		return c.repetition(re.Op, c.piece(re.Sub[0]), re.Flags&NonGreedy != 0)
	case OpConcat:
		if len(re.Sub) == 0 {
			return c.single(InstNop, 0, true)
		}
		all := c.piece(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			all = c.then(all, c.piece(sub))
		}
		return all
	case OpAlternate:
		var any piece
		for _, sub := range re.Sub {
			any = c.or(any, c.piece(sub))
		}
		return any
	}
	panic("regexp: unhandled case in compile")
}

func (c *compiler) then(a, b piece) piece {
	if a.start == 0 || b.start == 0 {
		return piece{}
	}
	c.fill(a.out, b.start)
	return piece{a.start, b.out, a.empty && b.empty}
}

func (c *compiler) or(a, b piece) piece {
	if a.start == 0 {
		return b
	}
	if b.start == 0 {
		return a
	}
	pc := c.add(InstAlt)
	c.Inst[pc].Out, c.Inst[pc].Arg = a.start, b.start
	return piece{pc, c.both(a.out, b.out), a.empty || b.empty}
}

// branch adds an instruction that prefers x to what is behind, or the other way.
func (c *compiler) branch(x piece, lazy bool) (pc uint32, skip holes) {
	pc = c.add(InstAlt)
	if lazy {
		c.Inst[pc].Arg = x.start
		return pc, outOf(pc)
	}
	c.Inst[pc].Out = x.start
	return pc, argOf(pc)
}

func (c *compiler) repetition(op Op, x piece, lazy bool) piece {
	if op == OpQuest {
		pc, skip := c.branch(x, lazy)
		return piece{pc, c.both(skip, x.out), true}
	}
	pc, skip := c.branch(x, lazy)
	c.fill(x.out, pc)
	switch {
	case op == OpPlus:
		return piece{x.start, skip, x.empty}
	case x.empty:
		// x* prefers as (x+)? does: the empty match of x to none.
		return c.repetition(OpQuest, piece{x.start, skip, true}, lazy)
	}
	return piece{pc, skip, true}
}
