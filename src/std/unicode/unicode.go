// Package unicode classifies runes and maps their case.
//
// Tables are kept as text (tables.go), from which the compiler makes data of those
// that a program mentions.
package unicode

const (
	MaxRune         = '\U0010FFFF' // the greatest code point
	ReplacementChar = '\uFFFD'     // stands for invalid ones
	MaxASCII        = '\u007F'
	MaxLatin1       = '\u00FF'
)

// A RangeTable is a set of runes: those in R16 and R32.
type RangeTable struct {
	R16         []Range16
	R32         []Range32
	LatinOffset int // number of entries of R16 with Hi <= MaxLatin1
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

// short is the length up to which ranges are tried in order.
const short = 16

func in16(list []Range16, r uint16) bool {
	i := 0
	if len(list) > short {
		// The first that ends at r or behind.
		for j := len(list); i < j; {
			if m := int(uint(i+j) >> 1); list[m].Hi < r {
				i = m + 1
			} else {
				j = m
			}
		}
	} else {
		for i < len(list) && list[i].Hi < r {
			i++
		}
	}
	if i >= len(list) || r < list[i].Lo {
		return false
	}
	x := &list[i]
	return x.Stride == 1 || (r-x.Lo)%x.Stride == 0
}

func in32(list []Range32, r uint32) bool {
	i := 0
	for j := len(list); i < j; {
		if m := int(uint(i+j) >> 1); list[m].Hi < r {
			i = m + 1
		} else {
			j = m
		}
	}
	if i >= len(list) || r < list[i].Lo {
		return false
	}
	x := &list[i]
	return x.Stride == 1 || (r-x.Lo)%x.Stride == 0
}

// has reports whether r is in the table, but for its first skip ranges.
func (t *RangeTable) has(r rune, skip int) bool {
	if a := t.R16; len(a) > skip && uint32(r) <= uint32(a[len(a)-1].Hi) {
		return in16(a[skip:], uint16(r))
	}
	if a := t.R32; len(a) > 0 && r >= rune(a[0].Lo) {
		return in32(a, uint32(r))
	}
	return false
}

// has reports whether r, which is not in Latin-1, is in the table.
//
//go:noinline
func has(t *RangeTable, r rune) bool { return t.has(r, t.LatinOffset) }

// Is reports whether r is in the table.
//
//go:noinline
func Is(rangeTab *RangeTable, r rune) bool { return rangeTab.has(r, 0) }

// In reports whether r is in one of the tables.
func In(r rune, ranges ...*RangeTable) bool {
	for _, t := range ranges {
		if Is(t, r) {
			return true
		}
	}
	return false
}

// IsOneOf is In with another order of parameters.
func IsOneOf(ranges []*RangeTable, r rune) bool {
	for _, t := range ranges {
		if Is(t, r) {
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
		return class[uint8(r)]&(letter|printing|latinSpace) != 0
	}
	return printable(r) || has(Zs, r)
}

// IsPrint reports whether r is graphic, and of spaces only the ASCII one.
//
//go:noinline
func IsPrint(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&printing != 0
	}
	return printable(r)
}

func printable(r rune) bool {
	return has(L, r) || has(M, r) || has(N, r) || has(P, r) || has(S, r)
}

// IsControl reports whether r is a control character.
func IsControl(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&control != 0
	}
	return false
}

// IsLetter reports whether r is a letter (category L).
func IsLetter(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&letter != 0
	}
	return has(L, r)
}

// IsMark reports whether r is a mark (category M).
func IsMark(r rune) bool { return has(M, r) }

// IsNumber reports whether r is a number (category N).
func IsNumber(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&numeral != 0
	}
	return has(N, r)
}

// IsDigit reports whether r is a decimal digit.
func IsDigit(r rune) bool {
	if r <= MaxLatin1 {
		return '0' <= r && r <= '9'
	}
	return has(Nd, r)
}

// IsPunct reports whether r is punctuation (category P).
func IsPunct(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&punct != 0
	}
	return has(P, r)
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
		return class[uint8(r)]&symbol != 0
	}
	return has(S, r)
}

// IsUpper reports whether r is an upper case letter.
func IsUpper(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&(upper|lower) == upper
	}
	return has(Lu, r)
}

// IsLower reports whether r is a lower case letter.
func IsLower(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&(upper|lower) == lower
	}
	return has(Ll, r)
}

// IsTitle reports whether r is a title case letter.
func IsTitle(r rune) bool {
	if r <= MaxLatin1 {
		return false
	}
	return has(Lt, r)
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
