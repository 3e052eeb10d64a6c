package syntax

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Prog is an expression as a program for a matching machine.
type Prog struct {
	Inst   []Inst
	Start  int // where it begins
	NumCap int // number of positions that captures record
}

// An InstOp is what an Inst does.
type InstOp uint8

const (
	InstAlt          InstOp = iota // goes on at Out, or else at Arg
	InstAltMatch                   // the same; one of them takes any runes, the other matches
	InstCapture                    // records the position as number Arg
	InstEmptyWidth                 // goes on if the assertions Arg, an EmptyOp, hold
	InstMatch                      // the end
	InstFail                       // a dead end
	InstNop                        // just goes on
	InstRune                       // takes a rune of Rune: pairs of bounds, or one that folds if Arg is FoldCase
	InstRune1                      // takes the rune Rune[0]
	InstRuneAny                    // takes any rune
	InstRuneAnyNotNL               // takes any but a newline
)

var instOpNames = []string{
	"InstAlt", "InstAltMatch", "InstCapture", "InstEmptyWidth", "InstMatch", "InstFail", "InstNop",
	"InstRune", "InstRune1", "InstRuneAny", "InstRuneAnyNotNL",
}

func (i InstOp) String() string {
	if uint(i) >= uint(len(instOpNames)) {
		return ""
	}
	return instOpNames[i]
}

// An EmptyOp is a set of assertions.
type EmptyOp uint8

const (
	EmptyBeginLine EmptyOp = 1 << iota
	EmptyEndLine
	EmptyBeginText
	EmptyEndText
	EmptyWordBoundary
	EmptyNoWordBoundary
)

// EmptyOpContext returns the assertions that hold between two runes; -1 stands for
// the ends of the text.
func EmptyOpContext(r1, r2 rune) EmptyOp {
	op := EmptyNoWordBoundary
	if IsWordChar(r1) != IsWordChar(r2) {
		op = EmptyWordBoundary
	}
	if r1 < 0 {
		op |= EmptyBeginText | EmptyBeginLine
	} else if r1 == '\n' {
		op |= EmptyBeginLine
	}
	if r2 < 0 {
		op |= EmptyEndText | EmptyEndLine
	} else if r2 == '\n' {
		op |= EmptyEndLine
	}
	return op
}

// An Inst is an instruction.
type Inst struct {
	Op   InstOp
	Out  uint32 // where to go on
	Arg  uint32
	Rune []rune
}

// takes reports whether the instruction takes a rune.
func (i *Inst) takes() bool { return i.Op >= InstRune && i.Op <= InstRuneAnyNotNL }

// behind returns the first instruction from pc on that does something to the text.
func (p *Prog) behind(pc uint32) *Inst {
	i := &p.Inst[pc]
	for i.Op == InstNop || i.Op == InstCapture {
		i = &p.Inst[i.Out]
	}
	return i
}

// Prefix returns what all matches begin with, and whether that is all.
func (p *Prog) Prefix() (prefix string, complete bool) {
	var b strings.Builder
	i := p.behind(uint32(p.Start))
	// A literal prefix never ends a match early: the empty one is not looked at.
	for i.takes() && len(i.Rune) == 1 && Flags(i.Arg)&FoldCase == 0 && i.Rune[0] != utf8.RuneError {
		b.WriteRune(i.Rune[0])
		i = p.behind(i.Out)
	}
	return b.String(), i.Op == InstMatch
}

// StartCond returns assertions that hold where matches begin; all, if there are no matches.
func (p *Prog) StartCond() EmptyOp {
	var flag EmptyOp
	pc := uint32(p.Start)
	i := &p.Inst[pc]
Loop:
	for {
		switch i.Op {
		case InstEmptyWidth:
			flag |= EmptyOp(i.Arg)
		case InstFail:
			return ^EmptyOp(0)
		case InstCapture, InstNop:
		default:
			break Loop
		}
		pc = i.Out
		i = &p.Inst[pc]
	}
	return flag
}

// MatchRune reports whether an InstRune takes r.
func (i *Inst) MatchRune(r rune) bool {
	return i.MatchRunePos(r) >= 0
}

// MatchRunePos returns the number of the pair of bounds that r is in, -1 if an
// InstRune does not take it.
func (i *Inst) MatchRunePos(r rune) int {
	list := i.Rune
	if len(list) == 1 {
		if r == list[0] || Flags(i.Arg)&FoldCase != 0 && sameFold(r, list[0]) {
			return 0
		}
		return -1
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
			return m
		}
	}
	return -1
}

// sameFold reports whether two different runes are cases of one letter.
func sameFold(r, s rune) bool {
	for f := unicode.SimpleFold(s); f != s; f = unicode.SimpleFold(f) {
		if f == r {
			return true
		}
	}
	return false
}

// MatchEmptyWidth reports whether the assertion of an InstEmptyWidth holds between
// two runes.
func (i *Inst) MatchEmptyWidth(before rune, after rune) bool {
	switch EmptyOp(i.Arg) {
	case EmptyBeginLine:
		return before == '\n' || before == -1
	case EmptyEndLine:
		return after == '\n' || after == -1
	case EmptyBeginText:
		return before == -1
	case EmptyEndText:
		return after == -1
	case EmptyWordBoundary:
		return IsWordChar(before) != IsWordChar(after)
	case EmptyNoWordBoundary:
		return IsWordChar(before) == IsWordChar(after)
	}
	panic("unknown empty width arg")
}

func (p *Prog) String() string {
	var b strings.Builder
	writeProg(&b, p)
	return b.String()
}

func (i *Inst) String() string {
	var b strings.Builder
	writeInst(&b, i)
	return b.String()
}

func writeProg(b *strings.Builder, p *Prog) {
	for pc := range p.Inst {
		n := strconv.Itoa(pc)
		for range 3 - len(n) {
			b.WriteByte(' ')
		}
		b.WriteString(n)
		if pc == p.Start {
			b.WriteByte('*')
		}
		b.WriteByte('\t')
		writeInst(b, &p.Inst[pc])
		b.WriteByte('\n')
	}
}

func writeInst(b *strings.Builder, i *Inst) {
	out := " -> " + number(i.Out)
	switch i.Op {
	case InstAlt:
		b.WriteString("alt" + out + ", " + number(i.Arg))
	case InstAltMatch:
		b.WriteString("altmatch" + out + ", " + number(i.Arg))
	case InstCapture:
		b.WriteString("cap " + number(i.Arg) + out)
	case InstEmptyWidth:
		b.WriteString("empty " + number(i.Arg) + out)
	case InstMatch:
		b.WriteString("match")
	case InstFail:
		b.WriteString("fail")
	case InstNop:
		b.WriteString("nop" + out)
	case InstRune:
		if i.Rune == nil {
			b.WriteString("rune <nil>")
		}
		b.WriteString("rune " + strconv.QuoteToASCII(string(i.Rune)))
		if Flags(i.Arg)&FoldCase != 0 {
			b.WriteString("/i")
		}
		b.WriteString(out)
	case InstRune1:
		b.WriteString("rune1 " + strconv.QuoteToASCII(string(i.Rune)) + out)
	case InstRuneAny:
		b.WriteString("any" + out)
	case InstRuneAnyNotNL:
		b.WriteString("anynotnl" + out)
	}
}

func number(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
