// Package utf16 encodes and decodes runes as UTF-16.
package utf16

const (
	replacement = '\uFFFD'
	high        = 0xD800 // first half of a surrogate pair
	low         = 0xDC00 // second half
	end         = 0xE000
	first       = 0x10000 // least rune that needs a pair
	last        = 0x10FFFF
)

// IsSurrogate reports whether r is a half of a pair.
func IsSurrogate(r rune) bool { return high <= r && r < end }

// DecodeRune returns the rune of a pair, U+FFFD if it is none.
func DecodeRune(r1, r2 rune) rune {
	if high <= r1 && r1 < low && low <= r2 && r2 < end {
		return (r1-high)<<10 + (r2 - low) + first
	}
	return replacement
}

// EncodeRune returns the pair of r, U+FFFD twice if it needs or has none.
func EncodeRune(r rune) (r1, r2 rune) {
	if r < first || r > last {
		return replacement, replacement
	}
	r -= first
	return high + (r>>10)&0x3FF, low + r&0x3FF
}

// RuneLen returns the number of words of r's encoding, -1 if it has none.
func RuneLen(r rune) int {
	switch {
	case 0 <= r && r < high, end <= r && r < first:
		return 1
	case first <= r && r <= last:
		return 2
	default:
		return -1
	}
}

// AppendRune appends the encoding of r.
func AppendRune(a []uint16, r rune) []uint16 {
	switch {
	case 0 <= r && r < high, end <= r && r < first:
		return append(a, uint16(r))
	case first <= r && r <= last:
		r1, r2 := EncodeRune(r)
		return append(a, uint16(r1), uint16(r2))
	}
	return append(a, replacement)
}

// Encode encodes s.
//
//go:noinline
func Encode(s []rune) []uint16 {
	a := make([]uint16, 0, len(s))
	for _, r := range s {
		a = AppendRune(a, r)
	}
	return a
}

// Decode decodes s; what is invalid becomes U+FFFD.
func Decode(s []uint16) []rune {
	buf := make([]rune, 0, 64)
	return decode(s, buf)
}

//go:noinline
func decode(s []uint16, a []rune) []rune {
	for i := 0; i < len(s); i++ {
		r := rune(s[i])
		if IsSurrogate(r) {
			if i+1 < len(s) && DecodeRune(r, rune(s[i+1])) != replacement {
				r = DecodeRune(r, rune(s[i+1]))
				i++
			} else {
				r = replacement
			}
		}
		a = append(a, r)
	}
	return a
}
