// Package unicode classifies runes and maps their case.
//
// Tables are kept as text (tables.go). The exported ones are decoded at start-up
// if the program mentions them; those that functions ask are decoded at the
// first call that needs them.
package unicode

import (
	"x/internal/rt"
	"unsafe"
)

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

// table decodes a table: tests/std/gen/unicode.go has the format.
func table(code string) *RangeTable {
	t := new(RangeTable)
	last := uint32(0)
	for i := 0; i < len(code); {
		var gap, count uint32
		stride := uint32(1)
		gap, i = number(code, i)
		if gap&1 != 0 {
			stride, i = number(code, i)
		}
		count, i = number(code, i)
		lo := last + gap>>1
		last = lo + count*stride
		if lo >= 0x10000 {
			t.R32 = append(t.R32, Range32{lo, last, stride})
			continue
		}
		t.R16 = append(t.R16, Range16{uint16(lo), uint16(last), uint16(stride)})
		if last <= MaxLatin1 {
			t.LatinOffset++
		}
	}
	return t
}

// caseRanges decodes CaseRanges.
func caseRanges(code string) (list []CaseRange) {
	last := uint32(0)
	for i := 0; i < len(code); {
		var gap, length uint32
		var c CaseRange
		gap, i = number(code, i)
		length, i = number(code, i)
		for j := range c.Delta {
			c.Delta[j], i = signed(code, i)
		}
		c.Lo = last + gap
		c.Hi = c.Lo + length
		last = c.Hi
		list = append(list, c)
	}
	return list
}

// A lazy is a table that is decoded when it is first asked.
type lazy struct {
	code string
	t    unsafe.Pointer // to a RangeTable
}

var (
	lazyL  = &lazy{code: codeL}
	lazyLl = &lazy{code: codeLl}
	lazyLt = &lazy{code: codeLt}
	lazyLu = &lazy{code: codeLu}
	lazyM  = &lazy{code: codeM}
	lazyN  = &lazy{code: codeN}
	lazyNd = &lazy{code: codeNd}
	lazyP  = &lazy{code: codeP}
	lazyS  = &lazy{code: codeS}
	lazyZs = &lazy{code: codeZs}
)

func has(l *lazy, r rune) bool {
	t := (*RangeTable)(l.t)
	if t == nil {
		t = table(l.code)
		rt.Swap(&l.t, unsafe.Pointer(t))
	}
	return t.has(r)
}

func (t *RangeTable) has(r rune) bool {
	if a := t.R16; len(a) > 0 && uint32(r) <= uint32(a[len(a)-1].Hi) {
		i, j := 0, len(a)
		for i < j {
			m := int(uint(i+j) >> 1)
			switch x := &a[m]; {
			case uint32(r) < uint32(x.Lo):
				j = m
			case uint32(r) > uint32(x.Hi):
				i = m + 1
			default:
				return x.Stride == 1 || (uint16(r)-x.Lo)%x.Stride == 0
			}
		}
		return false
	}
	if a := t.R32; len(a) > 0 && r >= rune(a[0].Lo) {
		i, j := 0, len(a)
		for i < j {
			m := int(uint(i+j) >> 1)
			switch x := &a[m]; {
			case uint32(r) < x.Lo:
				j = m
			case uint32(r) > x.Hi:
				i = m + 1
			default:
				return x.Stride == 1 || (uint32(r)-x.Lo)%x.Stride == 0
			}
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
	return printable(r) || has(lazyZs, r)
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
	return has(lazyL, r) || has(lazyM, r) || has(lazyN, r) || has(lazyP, r) || has(lazyS, r)
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
	return has(lazyL, r)
}

// IsMark reports whether r is a mark (category M).
func IsMark(r rune) bool { return has(lazyM, r) }

// IsNumber reports whether r is a number (category N).
func IsNumber(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&numeral != 0
	}
	return has(lazyN, r)
}

// IsDigit reports whether r is a decimal digit.
func IsDigit(r rune) bool {
	if r <= MaxLatin1 {
		return '0' <= r && r <= '9'
	}
	return has(lazyNd, r)
}

// IsPunct reports whether r is punctuation (category P).
func IsPunct(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&punct != 0
	}
	return has(lazyP, r)
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
	return has(lazyS, r)
}

// IsUpper reports whether r is an upper case letter.
func IsUpper(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&(upper|lower) == upper
	}
	return has(lazyLu, r)
}

// IsLower reports whether r is a lower case letter.
func IsLower(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return class[uint8(r)]&(upper|lower) == lower
	}
	return has(lazyLl, r)
}

// IsTitle reports whether r is a title case letter.
func IsTitle(r rune) bool {
	if r <= MaxLatin1 {
		return false
	}
	return has(lazyLt, r)
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
