package syntax

import (
	"strings"
	"unicode"
)

// open begins a group.
func (p *parser) open(capture int, name string) {
	p.join()
	p.groups = append(p.groups, group{capture, name, p.flags, p.alts, p.items})
	p.alts = len(p.stack)
	p.items = p.alts
}

// close ends a group.
func (p *parser) close() {
	re := p.alternation()
	n := len(p.groups)
	if n == 0 {
		p.fail(ErrUnexpectedParen, p.whole)
		return
	}
	g := p.groups[n-1]
	p.groups = p.groups[:n-1]
	p.flags, p.alts, p.items = g.flags, g.alts, g.items
	if g.capture != 0 {
		c := p.node(OpCapture, g.flags)
		c.Cap, c.Name = g.capture, g.name
		c.Sub0[0] = re
		c.Sub = c.Sub0[:]
		re = c
	}
	p.push(re)
}

// alternative finishes the concatenation, which becomes one of the alternatives.
func (p *parser) alternative() {
	p.join()
	re := p.collapse(p.stack[p.items:], OpConcat)
	p.stack = p.stack[:p.items]
	p.settle(re)
	p.check(re)
	if n := len(p.stack); n > p.alts {
		before := p.stack[n-1]
		if isClass(before) && isClass(re) {
			if before.Op < re.Op {
				before, re = re, before
				p.stack[n-1] = before
			}
			merge(before, re)
			p.reuse(re)
			return
		}
		tidy(before)
	}
	p.stack = append(p.stack, re)
	p.items = len(p.stack)
}

// alternation finishes a group and takes it from the stack.
func (p *parser) alternation() *Regexp {
	p.alternative()
	tidy(p.stack[len(p.stack)-1])
	re := p.collapse(p.stack[p.alts:], OpAlternate)
	p.stack = p.stack[:p.alts]
	p.items = p.alts
	p.settle(re)
	p.check(re)
	return re
}

// collapse returns op of subs. There is no concatenation of concatenations and no
// alternation of alternations.
func (p *parser) collapse(subs []*Regexp, op Op) *Regexp {
	if len(subs) == 1 {
		return subs[0]
	}
	if len(subs) == 0 {
		return p.node(OpEmptyMatch, 0)
	}
	n := len(subs)
	for _, sub := range subs {
		if sub.Op == op {
			n += len(sub.Sub) - 1
		}
	}
	re := p.node(op, 0)
	re.Sub = make([]*Regexp, 0, n)
	for _, sub := range subs {
		if sub.Op == op {
			re.Sub = append(re.Sub, sub.Sub...)
			p.reuse(sub)
		} else {
			re.Sub = append(re.Sub, sub)
		}
	}
	if op == OpAlternate {
		re.Sub = p.factor(re.Sub)
		if len(re.Sub) == 1 {
			only := re.Sub[0]
			p.reuse(re)
			return only
		}
	}
	p.measure(re)
	return re
}

// isClass reports whether re matches one rune.
func isClass(re *Regexp) bool {
	switch re.Op {
	case OpLiteral:
		return len(re.Rune) == 1
	case OpCharClass, OpAnyCharNotNL, OpAnyChar:
		return true
	}
	return false
}

// merge adds src's runes to dst's; dst has the greater operation.
func merge(dst, src *Regexp) {
	switch dst.Op {
	case OpLiteral:
		if dst.Rune[0] == src.Rune[0] && dst.Flags == src.Flags {
			return
		}
		dst.Op = OpCharClass
		dst.Rune = class(dst.Rune[:0]).addLiteral(dst.Rune[0], dst.Flags).addLiteral(src.Rune[0], src.Flags)
	case OpCharClass:
		if src.Op == OpLiteral {
			dst.Rune = class(dst.Rune).addLiteral(src.Rune[0], src.Flags)
		} else {
			dst.Rune = class(dst.Rune).addAll(src.Rune)
		}
	case OpAnyCharNotNL:
		if matchesNL(src) {
			dst.Op = OpAnyChar
		}
	}
}

func matchesNL(re *Regexp) bool {
	switch re.Op {
	case OpLiteral:
		return re.Rune[0] == '\n'
	case OpCharClass:
		for _, s := range class(re.Rune).spans() {
			if s.lo <= '\n' && '\n' <= s.hi {
				return true
			}
		}
	}
	return re.Op == OpAnyChar
}

// tidy cleans a class to which nothing will be added.
func tidy(re *Regexp) {
	if re.Op != OpCharClass {
		return
	}
	c := class(re.Rune).clean()
	re.Rune = c
	switch {
	case len(c) == 2 && c[0] == 0 && c[1] == unicode.MaxRune:
		re.Rune, re.Op = nil, OpAnyChar
	case len(c) == 4 && c[0] == 0 && c[1] == '\n'-1 && c[2] == '\n'+1 && c[3] == unicode.MaxRune:
		re.Rune, re.Op = nil, OpAnyCharNotNL
	}
}

// perlGroup reads a group that begins with (?, or flags.
func (p *parser) perlGroup() {
	before := p.s
	skip := 0
	if len(before) > 4 && before[2:4] == "P<" {
		skip = 4
	} else if len(before) > 3 && before[2] == '<' {
		skip = 3
	}
	if skip > 0 {
		end := strings.IndexByte(before, '>')
		if end < 0 {
			if p.valid(before) {
				p.fail(ErrInvalidNamedCapture, before)
			}
			return
		}
		name := before[skip:end]
		if !p.valid(name) {
			return
		}
		if !validName(name) {
			p.fail(ErrInvalidNamedCapture, before[:end+1])
			return
		}
		p.s = before[end+1:]
		p.nCap++
		p.open(p.nCap, name)
		return
	}
	p.s = before[2:]
	flags, off, any := p.flags, false, false
	for p.s != "" {
		c := p.next()
		if p.err != nil {
			return
		}
		flag := Flags(0)
		switch c {
		case 'i':
			flag = FoldCase
		case 'm':
			flag = OneLine // which says the opposite
		case 's':
			flag = DotNL
		case 'U':
			flag = NonGreedy
		case '-':
			if off {
				p.fail(ErrInvalidPerlOp, p.since(before))
				return
			}
			off, any = true, false
			continue
		case ':', ')':
			if off && !any {
				p.fail(ErrInvalidPerlOp, p.since(before))
				return
			}
			if c == ':' {
				p.open(0, "")
			}
			p.flags = flags
			return
		default:
			p.fail(ErrInvalidPerlOp, p.since(before))
			return
		}
		any = true
		if off == (flag == OneLine) {
			flags |= flag
		} else {
			flags &^= flag
		}
	}
	p.fail(ErrInvalidPerlOp, p.since(before))
}

func validName(name string) bool {
	for i := 0; i < len(name); i++ {
		if !IsWordChar(rune(name[i])) {
			return false
		}
	}
	return name != ""
}
