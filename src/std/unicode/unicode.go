// Package unicode classifies runes and maps their case.
//
// Tables are kept as run lengths in strings (tables.go), which cost nothing at
// start-up; a table is decoded when it is first asked.
package unicode

import (
	"internal/rt"
	"unsafe"
)

const (
	MaxRune         = '\U0010FFFF' // the greatest code point
	ReplacementChar = '\uFFFD'     // stands for invalid ones
	MaxASCII        = '\u007F'
	MaxLatin1       = '\u00FF'
)

// A RangeTable is a set of runes: those in R16 and R32, or, for the tables of
// this package, what code lists.
type RangeTable struct {
	R16         []Range16
	R32         []Range32
	LatinOffset int // number of entries of R16 with Hi <= MaxLatin1

	code   string         // lengths of runs of runes outside and inside, in turn
	bounds unsafe.Pointer // to the decoded []rune: where runs begin, from the second on
}

// A Range16 holds every Stride-th rune from Lo to Hi.
type Range16 struct {
	Lo     uint16
	Hi     uint16
	Stride uint16
}

// A Range32 is a Range16 for greater runes.
type Range32 struct {
	Lo     uint32
	Hi     uint32
	Stride uint32
}

// number decodes a number at s[i:] and returns where it ends. See
// tests/std/gen/unicode.go for the digits.
func number(s string, i int) (n uint32, end int) {
	for shift := uint(0); ; shift += 5 {
		c := s[i]
		i++
		if c > '`' {
			c--
		}
		if c > '\\' {
			c--
		}
		c -= '0'
		n |= uint32(c&31) << shift
		if c < 32 {
			return n, i
		}
	}
}

// signed decodes a number of either sign.
func signed(s string, i int) (n rune, end int) {
	u, end := number(s, i)
	return rune(u>>1) ^ -rune(u&1), end
}

func (t *RangeTable) decode() *[]rune {
	var bounds []rune
	r := rune(0)
	for i := 0; i < len(t.code); {
		var n uint32
		n, i = number(t.code, i)
		r += rune(n)
		bounds = append(bounds, r)
	}
	rt.Swap((*unsafe.Pointer)(rt.NoEscape(unsafe.Pointer(&t.bounds))), unsafe.Pointer(&bounds))
	return &bounds
}

func (t *RangeTable) has(r rune) bool {
	if t.code == "" {
		return t.hasRange(r)
	}
	p := (*[]rune)(t.bounds)
	if p == nil {
		p = t.decode()
	}
	bounds := *p
	// Runs before r that begin inside the set and outside it balance.
	i, j := 0, len(bounds)
	for i < j {
		if m := int(uint(i+j) / 2); bounds[m] <= r {
			i = m + 1
		} else {
			j = m
		}
	}
	return i&1 == 1
}

func (t *RangeTable) hasRange(r rune) bool {
	for i := range t.R16 {
		x := &t.R16[i]
		if rune(x.Lo) <= r && r <= rune(x.Hi) {
			return x.Stride == 1 || (r-rune(x.Lo))%rune(x.Stride) == 0
		}
	}
	for i := range t.R32 {
		x := &t.R32[i]
		if rune(x.Lo) <= r && r <= rune(x.Hi) {
			return x.Stride == 1 || (r-rune(x.Lo))%rune(x.Stride) == 0
		}
	}
	return false
}

// Is reports whether r is in the table.
//
//go:noinline
func Is(rangeTab *RangeTable, r rune) bool { return rangeTab.has(r) }

// In reports whether r is in one of the tables.
func In(r rune, ranges ...*RangeTable) bool {
	for _, t := range ranges {
		if t.has(r) {
			return true
		}
	}
	return false
}

// IsOneOf is In with another order of parameters.
func IsOneOf(ranges []*RangeTable, r rune) bool {
	for _, t := range ranges {
		if t.has(r) {
			return true
		}
	}
	return false
}

// GraphicRanges are the tables of graphic characters.
var GraphicRanges = []*RangeTable{L, M, N, P, S, Zs}

// PrintRanges are the tables of printable characters, but for the ASCII space.
var PrintRanges = []*RangeTable{L, M, N, P, S}

// IsGraphic reports whether r is a letter, mark, number, punctuation, symbol or space (Zs).
func IsGraphic(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[r]&(letter|printing|latinSpace) != 0
	}
	return In(r, GraphicRanges...)
}

// IsPrint reports whether r is graphic, and of spaces only the ASCII one.
func IsPrint(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[r]&printing != 0
	}
	return In(r, PrintRanges...)
}

// IsControl reports whether r is a control character.
func IsControl(r rune) bool { return uint32(r) <= MaxLatin1 && class[r]&control != 0 }

// IsLetter reports whether r is a letter (category L).
func IsLetter(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[r]&letter != 0
	}
	return L.has(r)
}

// IsMark reports whether r is a mark (category M).
func IsMark(r rune) bool { return M.has(r) }

// IsNumber reports whether r is a number (category N).
func IsNumber(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[r]&numeral != 0
	}
	return N.has(r)
}

// IsDigit reports whether r is a decimal digit.
func IsDigit(r rune) bool {
	if r <= MaxLatin1 {
		return '0' <= r && r <= '9'
	}
	return Nd.has(r)
}

// IsPunct reports whether r is punctuation (category P).
func IsPunct(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[r]&punct != 0
	}
	return P.has(r)
}

// IsSpace reports whether r is white space.
//
//go:noinline
func IsSpace(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		switch r {
		case '\t', '\n', '\v', '\f', '\r', ' ', 0x85, 0xA0:
			return true
		}
		return false
	}
	return wideSpace(r)
}

func wideSpace(r rune) bool {
	switch r {
	case 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
		return true
	}
	return 0x2000 <= r && r <= 0x200A
}

// IsSymbol reports whether r is a symbol (category S).
func IsSymbol(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[r]&symbol != 0
	}
	return S.has(r)
}

// IsUpper reports whether r is an upper case letter.
func IsUpper(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[r]&(upper|lower) == upper
	}
	return Lu.has(r)
}

// IsLower reports whether r is a lower case letter.
func IsLower(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[r]&(upper|lower) == lower
	}
	return Ll.has(r)
}

// IsTitle reports whether r is a title case letter.
func IsTitle(r rune) bool {
	if r <= MaxLatin1 {
		return false
	}
	return Lt.has(r)
}

// Bits of class.
const (
	control = 1 << iota
	punct
	numeral
	symbol
	latinSpace // a space that prints
	upper
	lower
	printing
	letter = upper | lower
)

// class classifies Latin-1, one byte a rune. (ª and º are letters without case.)
const class = "" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x90\x82\x82\x82\x88\x82\x82\x82\x82\x82\x82\x88\x82\x82\x82\x82" +
	"\x84\x84\x84\x84\x84\x84\x84\x84\x84\x84\x82\x82\x88\x88\x88\x82" +
	"\x82\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0" +
	"\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\x82\x82\x82\x88\x82" +
	"\x88\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0" +
	"\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\x82\x88\x82\x88\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x10\x82\x88\x88\x88\x88\x88\x82\x88\x88\xe0\x82\x88\x00\x88\x88" +
	"\x88\x88\x84\x84\x88\xc0\x82\x82\x88\x84\xe0\x82\x84\x84\x84\x82" +
	"\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xa0" +
	"\xa0\xa0\xa0\xa0\xa0\xa0\xa0\x88\xa0\xa0\xa0\xa0\xa0\xa0\xa0\xc0" +
	"\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0" +
	"\xc0\xc0\xc0\xc0\xc0\xc0\xc0\x88\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0"
