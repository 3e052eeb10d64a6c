package syntax

import (
	"strconv"
	"strings"
	"unicode"
)

// modes says what is written around an expression.
type modes uint8

const (
	modeI    modes = 1 << iota // (?i: before it
	modeM                      // (?m:
	modeS                      // (?s:
	modeEnd                    // ) behind it
	modePlain                  // (?: before and ) behind it
	modeNotM                   // (?-m:
	modeNotS                   // (?-s:

	modesOn  = modeI | modeM | modeS
	modesOff = modeNotM | modeNotS
)

// A printer writes an expression. Modes are switched on around the longest runs
// of parts that agree.
type printer struct {
	strings.Builder
	around map[*Regexp]modes
}

// String returns an expression that parses to re.
func (re *Regexp) String() string {
	var p printer
	on, off := p.needs(re)
	if off&modeM != 0 {
		on |= modeNotM
	}
	if off&modeS != 0 {
		on |= modeNotS
	}
	if on != 0 {
		on |= modeEnd
	}
	p.write(re, on)
	return p.Builder.String()
}

// wrap switches modes on from first on and off behind last.
func (p *printer) wrap(first, last *Regexp, on modes) {
	if p.around == nil {
		p.around = make(map[*Regexp]modes)
	}
	p.around[first] = on
	p.around[last] |= modeEnd
}

// needs returns the modes that must be on and those that must be off around re,
// having provided for parts that disagree.
func (p *printer) needs(re *Regexp) (on, off modes) {
	switch re.Op {
	case OpLiteral:
		for _, r := range re.Rune {
			if folds(r) {
				if re.Flags&FoldCase != 0 {
					return modeI, 0
				}
				return 0, modeI
			}
		}
	case OpCharClass:
		if !closed(re.Rune) {
			return 0, modeI
		}
	case OpAnyCharNotNL:
		return 0, modeS
	case OpAnyChar:
		return modeS, 0
	case OpBeginLine, OpEndLine:
		return modeM, 0
	case OpEndText:
		if re.Flags&WasDollar != 0 {
			return 0, modeM
		}
	case OpCapture, OpStar, OpPlus, OpQuest, OpRepeat:
		return p.needs(re.Sub[0])
	case OpConcat, OpAlternate:
		var anyOff modes
		split := false
		first, last := 0, 0 // of the run's parts that need a mode on
		for i, sub := range re.Sub {
			subOn, subOff := p.needs(sub)
			if on&subOff != 0 || subOn&off != 0 {
				if on != 0 {
					p.wrap(re.Sub[first], re.Sub[last], on)
				}
				on, off, first, split = 0, 0, i, true
			}
			on |= subOn
			off |= subOff
			anyOff |= subOff
			if subOn != 0 {
				last = i
			}
			if on == 0 && first == i {
				first++
			}
		}
		if split {
			if on != 0 {
				p.wrap(re.Sub[first], re.Sub[last], on)
			}
			return 0, anyOff
		}
	}
	return on, off
}

// folds reports whether r has another case.
func folds(r rune) bool { return minFold <= r && r <= maxFold && unicode.SimpleFold(r) != r }

// closed reports whether a class has all cases of its runes.
func closed(class []rune) bool {
	for i := 0; i+1 < len(class); i += 2 {
		lo, hi := max(class[i], minFold), min(class[i+1], maxFold)
		for r := lo; r <= hi; r++ {
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				if (f < lo || hi < f) && !has(class, f) {
					return false
				}
			}
		}
	}
	return true
}

func (p *printer) write(re *Regexp, m modes) {
	m |= p.around[re]
	if m&modePlain != 0 && m&modeEnd != 0 && m&(modesOn|modesOff) != 0 {
		m &^= modePlain // there is a group already
	}
	if m&(modesOn|modesOff) != 0 {
		p.WriteString("(?")
		p.letters(m, modeI, modeM, modeS)
		if m&modesOff != 0 {
			p.WriteByte('-')
			p.letters(m, 0, modeNotM, modeNotS)
		}
		p.WriteByte(':')
	}
	if m&modePlain != 0 {
		p.WriteString("(?:")
	}
	p.body(re)
	if m&modePlain != 0 {
		p.WriteByte(')')
	}
	if m&modeEnd != 0 {
		p.WriteByte(')')
	}
}

func (p *printer) letters(m, i, m2, s modes) {
	if m&i != 0 {
		p.WriteByte('i')
	}
	if m&m2 != 0 {
		p.WriteByte('m')
	}
	if m&s != 0 {
		p.WriteByte('s')
	}
}

func (p *printer) body(re *Regexp) {
	switch re.Op {
	case OpNoMatch:
		p.WriteString(`[^\x00-\x{10FFFF}]`)
	case OpEmptyMatch:
		p.WriteString("(?:)")
	case OpLiteral:
		for _, r := range re.Rune {
			p.rune(r, false)
		}
	case OpCharClass:
		p.class(re.Rune)
	case OpAnyCharNotNL, OpAnyChar:
		p.WriteByte('.')
	case OpBeginLine:
		p.WriteByte('^')
	case OpEndLine:
		p.WriteByte('$')
	case OpBeginText:
		p.WriteString(`\A`)
	case OpEndText:
		if re.Flags&WasDollar != 0 {
			p.WriteByte('$')
		} else {
			p.WriteString(`\z`)
		}
	case OpWordBoundary:
		p.WriteString(`\b`)
	case OpNoWordBoundary:
		p.WriteString(`\B`)
	case OpCapture:
		p.WriteByte('(')
		if re.Name != "" {
			p.WriteString("?P<")
			p.WriteString(re.Name)
			p.WriteByte('>')
		}
		if re.Sub[0].Op != OpEmptyMatch {
			p.write(re.Sub[0], 0)
		}
		p.WriteByte(')')
	case OpStar, OpPlus, OpQuest, OpRepeat:
		sub := re.Sub[0]
		if sub.Op > OpCapture || sub.Op == OpLiteral && len(sub.Rune) > 1 {
			p.write(sub, modePlain)
		} else {
			p.write(sub, 0)
		}
		p.repetition(re)
	case OpConcat:
		for _, sub := range re.Sub {
			if sub.Op == OpAlternate {
				p.write(sub, modePlain)
			} else {
				p.write(sub, 0)
			}
		}
	case OpAlternate:
		for i, sub := range re.Sub {
			if i > 0 {
				p.WriteByte('|')
			}
			p.write(sub, 0)
		}
	default:
		p.WriteString("<invalid op" + strconv.Itoa(int(re.Op)) + ">")
	}
}

func (p *printer) repetition(re *Regexp) {
	switch re.Op {
	case OpStar:
		p.WriteByte('*')
	case OpPlus:
		p.WriteByte('+')
	case OpQuest:
		p.WriteByte('?')
	case OpRepeat:
		p.WriteByte('{')
		p.WriteString(strconv.Itoa(re.Min))
		if re.Max != re.Min {
			p.WriteByte(',')
			if re.Max >= 0 {
				p.WriteString(strconv.Itoa(re.Max))
			}
		}
		p.WriteByte('}')
	}
	if re.Flags&NonGreedy != 0 {
		p.WriteByte('?')
	}
}

func (p *printer) class(class []rune) {
	n := len(class)
	if n%2 != 0 {
		p.WriteString("[invalid char class]")
		return
	}
	p.WriteByte('[')
	switch {
	case n == 0:
		p.WriteString(`^\x00-\x{10FFFF}`)
	case class[0] == 0 && class[n-1] == unicode.MaxRune && n > 2:
		p.WriteByte('^')
		for i := 1; i < n-1; i += 2 {
			p.span(class[i]+1, class[i+1]-1)
		}
	default:
		for i := 0; i < n; i += 2 {
			p.span(class[i], class[i+1])
		}
	}
	p.WriteByte(']')
}

func (p *printer) span(lo, hi rune) {
	p.rune(lo, lo == '-')
	if lo == hi {
		return
	}
	if hi != lo+1 {
		p.WriteByte('-')
	}
	p.rune(hi, hi == '-')
}

// rune writes a rune, escaped if it has another meaning.
func (p *printer) rune(r rune, escaped bool) {
	if unicode.IsPrint(r) {
		if escaped || strings.ContainsRune(`\.+*?()|[]{}^$`, r) {
			p.WriteByte('\\')
		}
		p.WriteRune(r)
		return
	}
	const named, letters = "\a\f\n\r\t\v", "afnrtv"
	if i := strings.IndexRune(named, r); i >= 0 && r < 0x20 {
		p.WriteByte('\\')
		p.WriteByte(letters[i])
		return
	}
	hex := strconv.FormatInt(int64(r), 16)
	switch {
	case r >= 0x100:
		p.WriteString(`\x{`)
		p.WriteString(hex)
		p.WriteByte('}')
	case r >= 0x10:
		p.WriteString(`\x`)
		p.WriteString(hex)
	default:
		p.WriteString(`\x`)
		if len(hex) == 1 {
			p.WriteByte('0')
		}
		p.WriteString(hex)
	}
}
