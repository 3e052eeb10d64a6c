package regexp

import (
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Operations of the matching machines.
const (
	opFail     = iota
	opMatch
	opAlt      // out, or else arg
	opStar     // the same, where out takes a rune and leads back here
	opCapture  // arg: which
	opEmpty    // arg: assertions, a syntax.EmptyOp
	opByte     // the rune lo, which is ASCII
	opRune     // the rune lo
	opFold     // lo in any case; ascii has those that are ASCII
	opClass    // ascii, or one of ranges
	opAny
	opAnyNotNL
)

// An inst is an instruction. Instructions that do nothing are left out of the way.
type inst struct {
	op       uint8
	join     uint32 // counts from 1 those that several ways lead to; else 0
	out, arg uint32
	lo       rune
	flags    uint32    // of opAlt: see below
	ascii    [2]uint64 // a set; of opAlt: bytes with which out may go on
	other    [2]uint64 // of opAlt: bytes with which arg may go on
	ranges   []rune
}

// What else a branch may go on with.
const (
	outWide = 1 << iota // runes beyond ASCII
	outEnd              // the end of the text
	argWide
	argEnd
)

// A set holds what a part of a program may go on with.
type set struct {
	ascii [2]uint64
	wide  bool // runes beyond ASCII
	end   bool // the end of the text
	open  bool // anything: it need not take a rune
}

// A program is what Compile makes of an expression.
type program struct {
	insts  []inst
	start  uint32
	nJoins int
	nTakes int // instructions that take runes or match
	nCap   int // words of captures
	first  set
}

// skip follows instructions that do nothing.
func skip(p *syntax.Prog, pc uint32) uint32 {
	for p.Inst[pc].Op == syntax.InstNop {
		pc = p.Inst[pc].Out
	}
	return pc
}

func newProgram(p *syntax.Prog) (prog program) {
	prog.insts = make([]inst, len(p.Inst))
	prog.start = skip(p, uint32(p.Start))
	prog.insts[prog.start].join++
	prog.nCap = p.NumCap
	for pc := range p.Inst {
		prog.translate(p, pc)
	}
	for pc := range prog.insts {
		i := &prog.insts[pc]
		switch i.op {
		case opFail, opMatch:
			i.join = 0
		case opAlt:
			prog.branches(i)
			if body := &prog.insts[i.out]; body.op >= opByte && body.out == uint32(pc) {
				i.op = opStar
				i.join++ // it marks where it has been itself
			}
		}
		if i.op == opMatch || i.op >= opByte {
			prog.nTakes++
		}
		if i.join > 1 {
			prog.nJoins++
			i.join = uint32(prog.nJoins)
		} else {
			i.join = 0
		}
	}
	budget := 64
	prog.follow(&prog.first, prog.start, &budget)
	return prog
}

// translate makes instruction pc, and counts the ways that lead to those behind it.
func (prog *program) translate(p *syntax.Prog, pc int) {
	from, i := &p.Inst[pc], &prog.insts[pc]
	i.out = skip(p, from.Out)
	i.arg = from.Arg
	switch from.Op {
	case syntax.InstNop:
		return
	case syntax.InstFail:
		i.op = opFail
		return
	case syntax.InstMatch:
		i.op = opMatch
		return
	case syntax.InstAlt, syntax.InstAltMatch:
		i.op = opAlt
		i.arg = skip(p, from.Arg)
		prog.insts[i.arg].join++
	case syntax.InstCapture:
		i.op = opCapture
	case syntax.InstEmptyWidth:
		i.op = opEmpty
	case syntax.InstRune1:
		i.op, i.lo = opRune, from.Rune[0]
		if i.lo < utf8.RuneSelf {
			i.op = opByte
			i.ascii[i.lo>>6] |= 1 << (i.lo & 63)
		}
	case syntax.InstRuneAny:
		i.op = opAny
		i.ascii = [2]uint64{^uint64(0), ^uint64(0)}
	case syntax.InstRuneAnyNotNL:
		i.op = opAnyNotNL
		i.ascii = [2]uint64{^uint64(1 << '\n'), ^uint64(0)}
	case syntax.InstRune:
		if len(from.Rune) == 1 {
			i.op, i.lo = opFold, from.Rune[0]
			for r := i.lo; ; {
				if r < utf8.RuneSelf {
					i.ascii[r>>6] |= 1 << (r & 63)
				}
				if r = unicode.SimpleFold(r); r == i.lo {
					break
				}
			}
			break
		}
		i.op = opClass
		i.ranges = from.Rune
		for k := 0; k < len(from.Rune) && from.Rune[k] < utf8.RuneSelf; k += 2 {
			for r := from.Rune[k]; r <= min(from.Rune[k+1], unicode.MaxASCII); r++ {
				i.ascii[r>>6] |= 1 << (r & 63)
			}
		}
		// Ranges are only asked beyond ASCII.
		for len(i.ranges) > 0 && i.ranges[1] < utf8.RuneSelf {
			i.ranges = i.ranges[2:]
		}
	}
	prog.insts[i.out].join++
}

// takesWide reports whether i, which takes runes, may take one beyond ASCII.
func (i *inst) takesWide() bool {
	switch i.op {
	case opByte:
		return false
	case opRune:
		return true
	case opFold:
		for r := i.lo; ; {
			if r >= utf8.RuneSelf {
				return true
			}
			if r = unicode.SimpleFold(r); r == i.lo {
				return false
			}
		}
	case opClass:
		return len(i.ranges) > 0
	}
	return true
}

var anything = set{[2]uint64{^uint64(0), ^uint64(0)}, true, true, true}

// follow adds to s what the program may go on with from pc. Programs that would take
// long are taken to go on with anything.
func (prog *program) follow(s *set, pc uint32, budget *int) {
	for !s.open {
		i := &prog.insts[pc]
		*budget--
		switch {
		case *budget < 0 || i.op == opMatch:
			*s = anything
		case i.op == opAlt || i.op == opStar:
			prog.follow(s, i.out, budget)
			pc = i.arg
		case i.op == opCapture:
			pc = i.out
		case i.op == opEmpty:
			// Behind an end there is nothing, or a newline.
			if op := syntax.EmptyOp(i.arg); op&(syntax.EmptyEndText|syntax.EmptyEndLine) != 0 {
				s.end = true
				if op&syntax.EmptyEndText == 0 {
					s.ascii[0] |= 1 << '\n'
				}
				return
			}
			pc = i.out
		case i.op == opFail:
			return
		default:
			s.ascii[0] |= i.ascii[0]
			s.ascii[1] |= i.ascii[1]
			s.wide = s.wide || i.takesWide()
			return
		}
	}
}

// branches finds out with what either branch goes on.
func (prog *program) branches(i *inst) {
	var out, arg set
	budget := 16
	prog.follow(&out, i.out, &budget)
	budget = 16
	prog.follow(&arg, i.arg, &budget)
	i.ascii, i.other = out.ascii, arg.ascii
	if out.wide {
		i.flags |= outWide
	}
	if out.end {
		i.flags |= outEnd
	}
	if arg.wide {
		i.flags |= argWide
	}
	if arg.end {
		i.flags |= argEnd
	}
}

// takes reports whether i takes r, which is not ASCII.
func (i *inst) takes(r rune) bool {
	switch i.op {
	case opRune:
		return r == i.lo
	case opFold:
		if r == i.lo {
			return true
		}
		for f := unicode.SimpleFold(i.lo); f != i.lo; f = unicode.SimpleFold(f) {
			if f == r {
				return true
			}
		}
		return false
	case opClass:
		a := i.ranges
		lo, hi := 0, len(a)/2
		for lo < hi {
			m := int(uint(lo+hi) >> 1)
			switch {
			case r < a[2*m]:
				hi = m
			case r > a[2*m+1]:
				lo = m + 1
			default:
				return true
			}
		}
		return false
	}
	return i.op >= opAny
}

// takesAny is takes for any rune, -1 for none.
func (i *inst) takesAny(r rune) bool {
	if uint32(r) < utf8.RuneSelf {
		return i.ascii[r>>6]>>(r&63)&1 != 0
	}
	return r >= 0 && i.takes(r)
}

// holds reports whether all assertions hold between the runes before and after; -1
// stands for none.
func holds(op syntax.EmptyOp, before, after rune) bool {
	if op&syntax.EmptyBeginText != 0 && before >= 0 ||
		op&syntax.EmptyEndText != 0 && after >= 0 ||
		op&syntax.EmptyBeginLine != 0 && before >= 0 && before != '\n' ||
		op&syntax.EmptyEndLine != 0 && after >= 0 && after != '\n' {
		return false
	}
	const words = syntax.EmptyWordBoundary | syntax.EmptyNoWordBoundary
	if op&words == 0 {
		return true
	}
	if syntax.IsWordChar(before) != syntax.IsWordChar(after) {
		return op&words == syntax.EmptyWordBoundary
	}
	return op&words == syntax.EmptyNoWordBoundary
}

// runeAt returns the rune at s[i:] and its width, -1 and 0 at the end.
func runeAt(s string, i int) (rune, int) {
	if i >= len(s) {
		return -1, 0
	}
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

// runeBefore returns the rune that ends at s[:i], -1 at the beginning.
func runeBefore(s string, i int) rune {
	if i <= 0 {
		return -1
	}
	if c := s[i-1]; c < utf8.RuneSelf {
		return rune(c)
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r
}

// seek returns the first position from pos on where a match may begin, -1 if there
// is none.
func (re *Regexp) seek(s string, pos int) int {
	if re.prefix != "" {
		i := strings.Index(s[pos:], re.prefix)
		if i < 0 {
			return -1
		}
		return pos + i
	}
	first := &re.prog.first
	if first.open {
		return pos
	}
	for ; pos < len(s); pos++ {
		c := s[pos]
		if c < utf8.RuneSelf {
			if first.ascii[c>>6]>>(c&63)&1 != 0 {
				return pos
			}
		} else if first.wide {
			return pos
		}
	}
	if first.end {
		return pos
	}
	return -1
}
