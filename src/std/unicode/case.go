package unicode

// Indices of the mappings.
const (
	UpperCase = iota
	LowerCase
	TitleCase
	MaxCase
)

// UpperLower, as a delta of a CaseRange, says that its runes are upper and
// lower case in turn.
const UpperLower = MaxRune + 1

// A CaseRange maps the runes from Lo to Hi by adding Delta.
type CaseRange struct {
	Lo    uint32
	Hi    uint32
	Delta d
}

type d [MaxCase]rune

// A SpecialCase holds mappings of a language that differ from the usual ones.
type SpecialCase []CaseRange

// To maps r to the case, UpperCase, LowerCase or TitleCase.
func To(_case int, r rune) rune {
	r, _ = to(_case, r, CaseRanges)
	return r
}

// rangeOf returns the range that r is in, nil if there is none.
func rangeOf(r rune, list []CaseRange) *CaseRange {
	i, j := 0, len(list)
	for i < j {
		m := int(uint(i+j) >> 1)
		switch x := &list[m]; {
		case r < rune(x.Lo):
			j = m
		case r > rune(x.Hi):
			i = m + 1
		default:
			return x
		}
	}
	return nil
}

// mapped maps r, which is in the range, to the case.
func (x *CaseRange) mapped(_case int, r rune) rune {
	delta := x.Delta[_case]
	if delta != UpperLower {
		return r + delta
	}
	// The pair that r is of begins at an even distance; its second is lower case.
	pair := r - (r-rune(x.Lo))&1
	return pair + rune(_case&1)
}

// to maps r by the ranges, and reports whether one has it.
func to(_case int, r rune, list []CaseRange) (mapped rune, found bool) {
	if _case < 0 || _case >= MaxCase {
		return ReplacementChar, false
	}
	if x := rangeOf(r, list); x != nil {
		return x.mapped(_case, r), true
	}
	return r, false
}

// ToUpper maps r to upper case.
//
//go:noinline
func ToUpper(r rune) rune {
	if uint32(r) <= MaxASCII {
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}
	return To(UpperCase, r)
}

// ToLower maps r to lower case.
//
//go:noinline
func ToLower(r rune) rune {
	if uint32(r) <= MaxASCII {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	return To(LowerCase, r)
}

// ToTitle maps r to title case.
//
//go:noinline
func ToTitle(r rune) rune {
	if uint32(r) <= MaxASCII {
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}
	return To(TitleCase, r)
}

// ToUpper maps r to upper case, as special says if it does.
func (special SpecialCase) ToUpper(r rune) rune {
	u, ok := to(UpperCase, r, special)
	if !ok {
		u = ToUpper(r)
	}
	return u
}

// ToTitle maps r to title case, as special says if it does.
func (special SpecialCase) ToTitle(r rune) rune {
	u, ok := to(TitleCase, r, special)
	if !ok {
		u = ToTitle(r)
	}
	return u
}

// ToLower maps r to lower case, as special says if it does.
func (special SpecialCase) ToLower(r rune) rune {
	u, ok := to(LowerCase, r, special)
	if !ok {
		u = ToLower(r)
	}
	return u
}

// TurkishCase has the mappings of i with and without dot.
var TurkishCase SpecialCase = SpecialCase{
	{0x49, 0x49, d{0, 0x131 - 0x49, 0}},
	{0x69, 0x69, d{0x130 - 0x69, 0, 0x130 - 0x69}},
	{0x130, 0x130, d{0, 0x69 - 0x130, 0}},
	{0x131, 0x131, d{0x49 - 0x131, 0, 0x49 - 0x131}},
}

// AzeriCase is TurkishCase.
var AzeriCase SpecialCase = TurkishCase

// A foldPair says what a rune folds to.
type foldPair struct{ From, To uint16 }

// SimpleFold returns the next greater rune that equals r but for case, or else
// the least such rune.
func SimpleFold(r rune) rune {
	if r < 0 || r > MaxRune {
		return r
	}
	if r <= MaxASCII {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case r == 'k':
			return '\u212a' // the sign for Kelvin
		case r == 's':
			return '\u017f' // long s
		case 'a' <= r && r <= 'z':
			return r + 'A' - 'a'
		}
		return r
	}
	i, j := 0, len(folds)
	for i < j {
		if m := int(uint(i+j) >> 1); rune(folds[m].From) < r {
			i = m + 1
		} else {
			j = m
		}
	}
	if i < len(folds) && rune(folds[i].From) == r {
		return rune(folds[i].To)
	}
	if x := rangeOf(r, CaseRanges); x != nil {
		if l := x.mapped(LowerCase, r); l != r {
			return l
		}
		return x.mapped(UpperCase, r)
	}
	return r
}
