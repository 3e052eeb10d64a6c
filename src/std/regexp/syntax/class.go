package syntax

import (
	"slices"
	"strings"
	"unicode"
	"unsafe"
)

// Runes that have another case lie between these.
const (
	minFold = 'A'
	maxFold = 0x1e943
)

// A class is a list of pairs of bounds; it is clean if they are in order and
// neither touch nor overlap.
type class []rune

// A span is a pair of bounds.
type span struct{ lo, hi rune }

func (c class) spans() []span {
	return unsafe.Slice((*span)(unsafe.Pointer(unsafe.SliceData(c))), len(c)/2)
}

// add adds a range, to one of the last two if it touches them: letters of either
// case come in turn.
func (c class) add(lo, hi rune) class {
	for n := len(c); n > 0 && n+4 > len(c); n -= 2 {
		if lo <= c[n-1]+1 && c[n-2] <= hi+1 {
			c[n-2] = min(c[n-2], lo)
			c[n-1] = max(c[n-1], hi)
			return c
		}
	}
	return append(c, lo, hi)
}

// addFold adds a range and what its runes fold to.
func (c class) addFold(lo, hi rune) class {
	if lo <= minFold && hi >= maxFold || hi < minFold || lo > maxFold {
		return c.add(lo, hi)
	}
	if lo < minFold {
		c = c.add(lo, minFold-1)
		lo = minFold
	}
	if hi > maxFold {
		c = c.add(maxFold+1, hi)
		hi = maxFold
	}
	for r := lo; r <= hi; r++ {
		c = c.add(r, r)
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			c = c.add(f, f)
		}
	}
	return c
}

// addLiteral adds a rune of a literal with the flags.
func (c class) addLiteral(r rune, flags Flags) class {
	if flags&FoldCase != 0 {
		return c.addFold(r, r)
	}
	return c.add(r, r)
}

func (c class) addAll(d class) class {
	for _, s := range d.spans() {
		c = c.add(s.lo, s.hi)
	}
	return c
}

// addNot adds what d, which is clean, has not.
func (c class) addNot(d class) class {
	next := rune(0)
	for _, s := range d.spans() {
		if s.lo > next {
			c = c.add(next, s.lo-1)
		}
		next = s.hi + 1
	}
	if next <= unicode.MaxRune {
		c = c.add(next, unicode.MaxRune)
	}
	return c
}

// addTable adds a table's runes.
func (c class) addTable(t *unicode.RangeTable) class {
	for _, r := range t.R16 {
		c = c.addStrided(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range t.R32 {
		c = c.addStrided(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return c
}

func (c class) addStrided(lo, hi, stride rune) class {
	if stride == 1 {
		return c.add(lo, hi)
	}
	for r := lo; r <= hi; r += stride {
		c = c.add(r, r)
	}
	return c
}

// clean sorts the bounds and joins ranges, in place.
func (c class) clean() class {
	spans := c.spans()
	slices.SortFunc(spans, func(a, b span) int { return int(a.lo - b.lo) })
	n := 0
	for _, s := range spans {
		if n > 0 && s.lo <= spans[n-1].hi+1 {
			spans[n-1].hi = max(spans[n-1].hi, s.hi)
			continue
		}
		spans[n] = s
		n++
	}
	return c[:2*n]
}

// negate turns a clean class into what it has not, in place if there is room.
func (c class) negate() class {
	next, n := rune(0), 0
	for i := 0; i < len(c); i += 2 {
		lo, hi := c[i], c[i+1]
		if lo > next {
			c[n], c[n+1] = next, lo-1
			n += 2
		}
		next = hi + 1
	}
	c = c[:n]
	if next <= unicode.MaxRune {
		c = append(c, next, unicode.MaxRune)
	}
	return c
}

// has reports whether r is in a class, which is clean.
func has(c class, r rune) bool {
	spans := c.spans()
	i, j := 0, len(spans)
	for i < j {
		m := int(uint(i+j) >> 1)
		switch {
		case r < spans[m].lo:
			j = m
		case r > spans[m].hi:
			i = m + 1
		default:
			return true
		}
	}
	return false
}

var (
	alnumClass  = class{'0', '9', 'A', 'Z', 'a', 'z'}
	alphaClass  = class{'A', 'Z', 'a', 'z'}
	asciiClass  = class{0, unicode.MaxASCII}
	blankClass  = class{'\t', '\t', ' ', ' '}
	cntrlClass  = class{0, 0x1f, 0x7f, 0x7f}
	digitClass  = class{'0', '9'}
	graphClass  = class{'!', '~'}
	lowerClass  = class{'a', 'z'}
	perlSpaces  = class{'\t', '\n', '\f', '\r', ' ', ' '}
	printClass  = class{' ', '~'}
	punctClass  = class{'!', '/', ':', '@', '[', '`', '{', '~'}
	spaceClass  = class{'\t', '\r', ' ', ' '}
	upperClass  = class{'A', 'Z'}
	wordClass   = class{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}
	xdigitClass = class{'0', '9', 'A', 'F', 'a', 'f'}
)

// perlClass returns the class of a backslash and the letter.
func perlClass(letter byte) class {
	switch letter {
	case 'd':
		return digitClass
	case 's':
		return perlSpaces
	}
	return wordClass
}

// posixClass returns the class of the name, nil if there is none.
func posixClass(name string) class {
	switch name {
	case "alnum":
		return alnumClass
	case "alpha":
		return alphaClass
	case "ascii":
		return asciiClass
	case "blank":
		return blankClass
	case "cntrl":
		return cntrlClass
	case "digit":
		return digitClass
	case "graph":
		return graphClass
	case "lower":
		return lowerClass
	case "print":
		return printClass
	case "punct":
		return punctClass
	case "space":
		return spaceClass
	case "upper":
		return upperClass
	case "word":
		return wordClass
	case "xdigit":
		return xdigitClass
	}
	return nil
}

// sameName compares names without regard to case, underscores, hyphens and spaces.
func sameName(a, b string) bool {
	i, j := 0, 0
	for {
		for i < len(a) && strings.IndexByte("_- ", a[i]) >= 0 {
			i++
		}
		for j < len(b) && strings.IndexByte("_- ", b[j]) >= 0 {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		x, y := a[i], b[j]
		if 'A' <= x && x <= 'Z' {
			x += 'a' - 'A'
		}
		if 'A' <= y && y <= 'Z' {
			y += 'a' - 'A'
		}
		if x != y {
			return false
		}
		i++
		j++
	}
}

// unicodeTable returns the table that \p{name} means, or else the one whose
// complement it means, and the table of what folds to its runes. tab is nil for
// unknown names.
func unicodeTable(name string) (tab, fold *unicode.RangeTable, not bool) {
	switch {
	case sameName(name, "Any"):
		return anyTable, anyTable, false
	case sameName(name, "Assigned"):
		return unicode.Cn, unicode.Cn, true
	case sameName(name, "ASCII"):
		return asciiTable, asciiFold, false
	}
	if tab = unicode.Categories[name]; tab != nil {
		return tab, unicode.FoldCategory[name], false
	}
	if tab = unicode.Scripts[name]; tab != nil {
		return tab, unicode.FoldScript[name], false
	}
	for known, tab := range unicode.Categories {
		if sameName(name, known) {
			return tab, unicode.FoldCategory[known], false
		}
	}
	for known, tab := range unicode.Scripts {
		if sameName(name, known) {
			return tab, unicode.FoldScript[known], false
		}
	}
	for long, short := range unicode.CategoryAliases {
		if sameName(name, long) {
			return unicode.Categories[short], unicode.FoldCategory[short], false
		}
	}
	return nil, nil, false
}

var (
	anyTable = &unicode.RangeTable{
		R16: []unicode.Range16{{Lo: 0, Hi: 0xffff, Stride: 1}},
		R32: []unicode.Range32{{Lo: 0x10000, Hi: unicode.MaxRune, Stride: 1}},
	}
	asciiTable = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0, Hi: unicode.MaxASCII, Stride: 1}}}
	asciiFold  = &unicode.RangeTable{R16: []unicode.Range16{
		{Lo: 0, Hi: unicode.MaxASCII, Stride: 1},
		{Lo: 0x17f, Hi: 0x17f, Stride: 1},   // ſ folds to s
		{Lo: 0x212a, Hi: 0x212a, Stride: 1}, // the sign for Kelvin folds to k
	}}
)
