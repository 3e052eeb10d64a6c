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
	r, _ = to(_case, r, caseRuns)
	return r
}

// to maps r by runs, and reports whether one has it.
func to(_case int, r rune, runs string) (mapped rune, found bool) {
	if _case < 0 || _case >= MaxCase {
		return ReplacementChar, false
	}
	if uint32(r) <= MaxASCII {
		switch {
		case _case == LowerCase && 'A' <= r && r <= 'Z':
			return r + 'a' - 'A', true
		case _case != LowerCase && 'a' <= r && r <= 'z':
			return r + 'A' - 'a', true
		}
		return r, false
	}
	if r >= caseEnd || r < 0 {
		return r, false
	}
	i, j := 0, len(caseIndex)/2
	for i+1 < j {
		if m := (i + j) / 2; caseIndex[2*m] <= uint32(r) {
			i = m
		} else {
			j = m
		}
	}
	from, at := caseIndex[2*i], int(caseIndex[2*i+1])
	for at < len(runs) {
		var n uint32
		n, at = number(runs, at)
		from += n
		if uint32(r) < from {
			return r, false
		}
		n, at = number(runs, at)
		var delta [MaxCase]rune
		delta[0], at = signed(runs, at)
		alternating := delta[0] == 1
		if !alternating {
			delta[1], at = signed(runs, at)
			delta[2], at = signed(runs, at)
		}
		if uint32(r) < from+n {
			if !alternating {
				return r + delta[_case], true
			}
			isLower := rune(uint32(r)-from) & 1
			if _case == LowerCase {
				return r + 1 - isLower, true
			}
			return r - isLower, true
		}
		from += n
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

// to maps r by special's ranges, if one has it.
func (special SpecialCase) to(_case int, r rune) (rune, bool) {
	for i := range special {
		x := &special[i]
		if uint32(r) < x.Lo || x.Hi < uint32(r) {
			continue
		}
		delta := x.Delta[_case]
		if delta > MaxRune {
			odd := rune(_case & 1)
			return rune(x.Lo) + (r-rune(x.Lo))&^1 | odd, true
		}
		return r + delta, true
	}
	return r, false
}

// ToUpper maps r to upper case, as special says if it does.
func (special SpecialCase) ToUpper(r rune) rune {
	u, ok := special.to(UpperCase, r)
	if !ok {
		u = ToUpper(r)
	}
	return u
}

// ToTitle maps r to title case, as special says if it does.
func (special SpecialCase) ToTitle(r rune) rune {
	u, ok := special.to(TitleCase, r)
	if !ok {
		u = ToTitle(r)
	}
	return u
}

// ToLower maps r to lower case, as special says if it does.
func (special SpecialCase) ToLower(r rune) rune {
	u, ok := special.to(LowerCase, r)
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

// SimpleFold returns the next greater rune that equals r but for case, or else
// the least such rune.
func SimpleFold(r rune) rune {
	if r < 0 || r > MaxRune {
		return r
	}
	at := rune(0)
	for i := 0; i < len(foldRuns) && at <= r; {
		n, next := number(foldRuns, i)
		at += rune(n)
		delta, next := signed(foldRuns, next)
		if at == r {
			return r + delta
		}
		i = next
	}
	if l := ToLower(r); l != r {
		return l
	}
	return ToUpper(r)
}
