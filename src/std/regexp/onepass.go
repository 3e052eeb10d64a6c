package regexp

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// anchoredPrefix returns what follows the begin of the text in all matches of a
// program that begins with that assertion, and whether that is all. It is what
// LiteralPrefix tells of programs that need one pass.
func anchoredPrefix(p *syntax.Prog) (prefix string, complete bool) {
	i := &p.Inst[p.Start]
	if i.Op != syntax.InstEmptyWidth {
		return "", false
	}
	i = &p.Inst[skip(p, i.Out)]
	var b strings.Builder
	for isLiteral(i) {
		b.WriteRune(i.Rune[0])
		i = &p.Inst[i.Out]
	}
	if b.Len() == 0 {
		return "", i.Op == syntax.InstMatch
	}
	complete = i.Op == syntax.InstEmptyWidth && syntax.EmptyOp(i.Arg)&syntax.EmptyEndText != 0 &&
		p.Inst[i.Out].Op == syntax.InstMatch
	return b.String(), complete
}

func isLiteral(i *syntax.Inst) bool {
	switch i.Op {
	case syntax.InstRune, syntax.InstRune1:
		return len(i.Rune) == 1 && syntax.Flags(i.Arg)&syntax.FoldCase == 0 && i.Rune[0] != utf8.RuneError
	}
	return false
}

// onePass finds out whether the next rune always decides which branch of a program
// to take.
type onePass struct {
	insts  []syntax.Inst // a copy
	takes  [][]rune      // by instruction: pairs of bounds of what may come
	states []state
	queue  []uint32
	round  uint32
}

type state struct {
	round   uint32 // in which it was last seen
	matches bool   // a match may be reached without a rune
	queued  bool
	done    bool
}

// isOnePass reports whether p, which begins with the assertion that the text does,
// needs one pass.
func isOnePass(p *syntax.Prog) bool {
	if syntax.EmptyOp(p.Inst[p.Start].Arg)&syntax.EmptyBeginText == 0 || len(p.Inst) >= 1000 {
		return false
	}
	alts := false
	for i := range p.Inst {
		alts = alts || isAlt(&p.Inst[i])
	}
	for k := range p.Inst {
		i := &p.Inst[k]
		ends := p.Inst[i.Out].Op == syntax.InstMatch
		switch i.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			if ends || p.Inst[i.Arg].Op == syntax.InstMatch {
				return false
			}
		case syntax.InstEmptyWidth:
			if ends && syntax.EmptyOp(i.Arg)&syntax.EmptyEndText == 0 {
				return false
			}
		default:
			if ends && alts {
				return false
			}
		}
	}
	if !alts {
		return true
	}
	o := onePass{
		insts:  slices.Clone(p.Inst),
		takes:  make([][]rune, len(p.Inst)),
		states: make([]state, len(p.Inst)),
		queue:  make([]uint32, 0, len(p.Inst)),
	}
	o.untangle()
	o.enqueue(uint32(p.Start))
	for k := 0; k < len(o.queue); k++ {
		o.round++
		if !o.check(o.queue[k]) {
			return false
		}
	}
	return true
}

func isAlt(i *syntax.Inst) bool { return i.Op == syntax.InstAlt || i.Op == syntax.InstAltMatch }

// untangle rewrites pairs of branches of which one leads to the other and back, as
// nested repetitions have them.
func (o *onePass) untangle() {
	for pc := range o.insts {
		a := &o.insts[pc]
		if !isAlt(a) {
			continue
		}
		other, next := &a.Out, &a.Arg
		if !isAlt(&o.insts[*next]) {
			other, next = next, other
		}
		if !isAlt(&o.insts[*next]) || isAlt(&o.insts[*other]) {
			continue
		}
		b := &o.insts[*next]
		back, rest := &b.Out, &b.Arg
		switch uint32(pc) {
		case b.Out:
			*back = *other
		case b.Arg:
			back, rest = rest, back
			*back = *other
		}
		if *other == *back {
			*next = *rest
		}
	}
}

func (o *onePass) enqueue(pc uint32) {
	if !o.states[pc].queued {
		o.states[pc].queued = true
		o.queue = append(o.queue, pc)
	}
}

// check follows the program from pc to instructions that take runes. False if there
// is a branch that the next rune does not decide.
func (o *onePass) check(pc uint32) bool {
	i, st := &o.insts[pc], &o.states[pc]
	if st.round == o.round {
		return true
	}
	st.round = o.round
	switch i.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		if !o.check(i.Out) || !o.check(i.Arg) {
			return false
		}
		out, arg := o.states[i.Out].matches, o.states[i.Arg].matches
		if out && arg {
			return false
		}
		st.matches = st.matches || out || arg
		var ok bool
		o.takes[pc], ok = disjoint(o.takes[i.Out], o.takes[i.Arg])
		return ok
	case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
		ok := o.check(i.Out)
		st.matches = o.states[i.Out].matches
		o.takes[pc] = o.takes[i.Out]
		return ok
	case syntax.InstMatch:
		st.matches = true
	case syntax.InstFail:
	default:
		if !st.done {
			st.done = true
			o.enqueue(i.Out)
			o.takes[pc] = taken(i)
		}
	}
	return true
}

// taken returns the pairs of bounds of what i takes.
func taken(i *syntax.Inst) []rune {
	switch {
	case i.Op == syntax.InstRuneAny:
		return []rune{0, unicode.MaxRune}
	case i.Op == syntax.InstRuneAnyNotNL:
		return []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}
	case len(i.Rune) != 1 && i.Op == syntax.InstRune:
		return i.Rune
	}
	r := i.Rune[0]
	list := []rune{r, r}
	if syntax.Flags(i.Arg)&syntax.FoldCase != 0 {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			list = append(list, f, f)
		}
		slices.Sort(list)
	}
	return list
}

// disjoint returns the union of two classes; false if they overlap.
func disjoint(a, b []rune) ([]rune, bool) {
	all := make([]rune, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		from := &a
		if len(a) == 0 || len(b) > 0 && b[0] < a[0] {
			from = &b
		}
		if n := len(all); n > 0 && (*from)[0] <= all[n-1] {
			return nil, false
		}
		all = append(all, (*from)[0], (*from)[1])
		*from = (*from)[2:]
	}
	return all, true
}
