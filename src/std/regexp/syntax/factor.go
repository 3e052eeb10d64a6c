package syntax

// factor takes out what alternatives have in common: abc|abd|aef is a(?:b[c-d]|ef).
// The result lies where subs did.
func (p *parser) factor(subs []*Regexp) []*Regexp {
	if len(subs) < 2 {
		return subs
	}
	subs = p.factorLiterals(subs)
	subs = p.factorItems(subs)
	subs = p.factorClasses(subs)
	// Of empty alternatives in a row one is enough.
	out := subs[:0]
	for i, sub := range subs {
		if sub.Op != OpEmptyMatch || i+1 == len(subs) || subs[i+1].Op != OpEmptyMatch {
			out = append(out, sub)
		}
	}
	return out
}

// behind returns prefix followed by one of subs.
func (p *parser) behind(prefix *Regexp, subs []*Regexp) *Regexp {
	re := p.node(OpConcat, 0)
	rest := p.collapse(subs, OpAlternate)
	p.measure(rest)
	re.Sub = []*Regexp{prefix, rest}
	p.measure(re)
	return re
}

// factorLiterals takes out text that alternatives begin with.
func (p *parser) factorLiterals(subs []*Regexp) []*Regexp {
	out := subs[:0]
	for i, j := 0, 0; i < len(subs); i = j {
		text, flags := literalOf(subs[i])
		for j = i + 1; j < len(subs); j++ {
			other, otherFlags := literalOf(subs[j])
			n := 0
			for n < len(text) && n < len(other) && text[n] == other[n] {
				n++
			}
			if n == 0 || otherFlags != flags {
				break
			}
			text = text[:n]
		}
		if j == i+1 {
			out = append(out, subs[i])
			continue
		}
		prefix := p.node(OpLiteral, flags)
		p.keep(prefix, text)
		p.measure(prefix)
		n := len(text)
		for k := i; k < j; k++ {
			subs[k] = p.withoutText(subs[k], n)
			p.check(subs[k])
		}
		out = append(out, p.behind(prefix, subs[i:j]))
	}
	return out
}

// factorItems takes out the first item of concatenations, if it matches one rune, or
// so many.
func (p *parser) factorItems(subs []*Regexp) []*Regexp {
	out := subs[:0]
	for i, j := 0, 0; i < len(subs); i = j {
		first := firstOf(subs[i])
		j = i + 1
		if first != nil && (isClass(first) || first.Op == OpRepeat && first.Min == first.Max && isClass(first.Sub[0])) {
			for j < len(subs) && first.Equal(firstOf(subs[j])) {
				j++
			}
		}
		if j == i+1 {
			out = append(out, subs[i])
			continue
		}
		for k := i; k < j; k++ {
			subs[k] = p.withoutFirst(subs[k], k > i)
			p.check(subs[k])
		}
		out = append(out, p.behind(first, subs[i:j]))
	}
	return out
}

// factorClasses makes one class of alternatives that match one rune.
func (p *parser) factorClasses(subs []*Regexp) []*Regexp {
	out := subs[:0]
	for i, j := 0, 0; i < len(subs); i = j {
		most := i
		for j = i; j < len(subs) && isClass(subs[j]); j++ {
			a, b := subs[most], subs[j]
			if a.Op < b.Op || a.Op == b.Op && len(a.Rune) < len(b.Rune) {
				most = j
			}
		}
		if j < i+2 {
			j = i + 1
			out = append(out, subs[i])
			continue
		}
		subs[i], subs[most] = subs[most], subs[i]
		for _, sub := range subs[i+1 : j] {
			merge(subs[i], sub)
			p.reuse(sub)
		}
		tidy(subs[i])
		out = append(out, subs[i])
	}
	return out
}

// literalOf returns the text that re begins with, and the flag that says how it matches.
func literalOf(re *Regexp) ([]rune, Flags) {
	if re.Op == OpConcat && len(re.Sub) > 0 {
		re = re.Sub[0]
	}
	if re.Op != OpLiteral {
		return nil, 0
	}
	return re.Rune, re.Flags & FoldCase
}

// withoutText removes the first n runes of re, which begins with a literal.
func (p *parser) withoutText(re *Regexp, n int) *Regexp {
	if re.Op == OpConcat && len(re.Sub) > 0 {
		first := p.withoutText(re.Sub[0], n)
		re.Sub[0] = first
		if first.Op != OpEmptyMatch {
			p.measure(first)
			return re
		}
		return p.withoutFirst(re, true)
	}
	if re == p.last {
		p.last = nil
	}
	re.Rune = re.Rune[:copy(re.Rune, re.Rune[n:])]
	if len(re.Rune) == 0 {
		re.Op = OpEmptyMatch
	}
	return re
}

// firstOf returns what re begins with, nil if it is empty.
func firstOf(re *Regexp) *Regexp {
	if re.Op == OpConcat && len(re.Sub) > 0 {
		re = re.Sub[0]
	}
	if re.Op == OpEmptyMatch {
		return nil
	}
	return re
}

// withoutFirst removes what re begins with, whose node may be used again if free.
func (p *parser) withoutFirst(re *Regexp, free bool) *Regexp {
	if re.Op != OpConcat || len(re.Sub) == 0 {
		if free {
			p.reuse(re)
		}
		return p.node(OpEmptyMatch, 0)
	}
	if free {
		p.reuse(re.Sub[0])
	}
	re.Sub = re.Sub[:copy(re.Sub, re.Sub[1:])]
	switch len(re.Sub) {
	case 0:
		re.Op, re.Sub = OpEmptyMatch, nil
	case 1:
		only := re.Sub[0]
		p.reuse(re)
		return only
	}
	return re
}
