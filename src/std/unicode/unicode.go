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

// Is reports whether r is in the table.
//
//go:noinline
func Is(rangeTab *RangeTable, r rune) bool {
	if a := rangeTab.R16; len(a) > 0 && uint32(r) <= uint32(a[len(a)-1].Hi) {
		// The first range that ends at r or behind.
		i := 0
		for j := len(a) - 1; i < j; {
			if m := int(uint(i+j) >> 1); uint32(a[m].Hi) < uint32(r) {
				i = m + 1
			} else {
				j = m
			}
		}
		x := &a[i]
		return x.Lo <= uint16(r) && (x.Stride == 1 || (uint16(r)-x.Lo)%x.Stride == 0)
	}
	if a := rangeTab.R32; len(a) > 0 && r >= rune(a[0].Lo) && uint32(r) <= a[len(a)-1].Hi {
		i := 0
		for j := len(a) - 1; i < j; {
			if m := int(uint(i+j) >> 1); a[m].Hi < uint32(r) {
				i = m + 1
			} else {
				j = m
			}
		}
		x := &a[i]
		return x.Lo <= uint32(r) && (x.Stride == 1 || (uint32(r)-x.Lo)%x.Stride == 0)
	}
	return false
}

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
	return printable(r) || Is(Zs, r)
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
	return Is(L, r) || Is(M, r) || Is(N, r) || Is(P, r) || Is(S, r)
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
	return Is(L, r)
}

// IsMark reports whether r is a mark (category M).
func IsMark(r rune) bool { return Is(M, r) }

// IsNumber reports whether r is a number (category N).
func IsNumber(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&numeral != 0
	}
	return Is(N, r)
}

// IsDigit reports whether r is a decimal digit.
func IsDigit(r rune) bool {
	if r <= MaxLatin1 {
		return '0' <= r && r <= '9'
	}
	return Is(Nd, r)
}

// IsPunct reports whether r is punctuation (category P).
func IsPunct(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&punct != 0
	}
	return Is(P, r)
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
	return Is(S, r)
}

// IsUpper reports whether r is an upper case letter.
func IsUpper(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&(upper|lower) == upper
	}
	return Is(Lu, r)
}

// IsLower reports whether r is a lower case letter.
func IsLower(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&(upper|lower) == lower
	}
	return Is(Ll, r)
}

// IsTitle reports whether r is a title case letter.
func IsTitle(r rune) bool {
	if r <= MaxLatin1 {
		return false
	}
	return Is(Lt, r)
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
