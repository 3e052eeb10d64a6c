// Package utf8 encodes and decodes runes as UTF-8.
//
// Decoding validates by value rather than by tables: continuation bytes are
// gathered, and the result is refused if it is too small for its length
// (overlong), a surrogate, or beyond MaxRune. Every refusal has width 1.
package utf8

import "unsafe"

const (
	RuneError = '\uFFFD'     // replaces what cannot be decoded
	RuneSelf  = 0x80         // below it a byte is its own rune
	MaxRune   = '\U0010FFFF' // largest code point
	UTFMax    = 4            // longest encoding in bytes
)

const (
	surrogateMin = 0xD800
	surrogateMax = 0xDFFF
)

// str views p as a string, so that one body serves both forms.
func str(p []byte) string { return unsafe.String(unsafe.SliceData(p), len(p)) }

// RuneLen returns the number of bytes in the encoding of r, or -1 if r has none.
func RuneLen(r rune) int {
	switch {
	case r < 0:
		return -1
	case r < 1<<7:
		return 1
	case r < 1<<11:
		return 2
	case surrogateMin <= r && r <= surrogateMax:
		return -1
	case r < 1<<16:
		return 3
	case r <= MaxRune:
		return 4
	}
	return -1
}

// ValidRune reports whether r can be encoded.
func ValidRune(r rune) bool {
	switch {
	case 0 <= r && r < surrogateMin:
		return true
	case surrogateMax < r && r <= MaxRune:
		return true
	}
	return false
}

// RuneStart reports whether b could begin an encoding: it is no continuation byte.
func RuneStart(b byte) bool { return b&0xC0 != 0x80 }

// EncodeRune writes r to p and returns the number of bytes written.
func EncodeRune(p []byte, r rune) int {
	if uint32(r) < RuneSelf {
		p[0] = byte(r)
		return 1
	}
	return encode(p, r)
}

func encode(p []byte, r rune) int {
	if !ValidRune(r) {
		r = RuneError
	}
	if r < 1<<11 {
		_ = p[1]
		p[0] = 0xC0 | byte(r>>6)
		p[1] = 0x80 | byte(r)&0x3F
		return 2
	}
	if r < 1<<16 {
		_ = p[2]
		p[0] = 0xE0 | byte(r>>12)
		p[1] = 0x80 | byte(r>>6)&0x3F
		p[2] = 0x80 | byte(r)&0x3F
		return 3
	}
	_ = p[3]
	p[0] = 0xF0 | byte(r>>18)
	p[1] = 0x80 | byte(r>>12)&0x3F
	p[2] = 0x80 | byte(r>>6)&0x3F
	p[3] = 0x80 | byte(r)&0x3F
	return 4
}

// AppendRune appends the encoding of r to p.
func AppendRune(p []byte, r rune) []byte {
	if uint32(r) < RuneSelf {
		return append(p, byte(r))
	}
	return appendEncoded(p, r)
}

//go:noinline
func appendEncoded(p []byte, r rune) []byte {
	var b [UTFMax]byte
	n := encode(b[:], r)
	return append(p, b[:n]...)
}

// lead returns what a leading byte announces: the number of continuation
// bytes, the bits it contributes and the least rune that needs that length.
// A byte that cannot lead yields n = 0.
func lead(c byte) (n int, r, least rune) {
	switch {
	case c < 0xC2:
		return 0, 0, 0
	case c < 0xE0:
		return 1, rune(c & 0x1F), 1 << 7
	case c < 0xF0:
		return 2, rune(c & 0x0F), 1 << 11
	case c < 0xF5:
		return 3, rune(c & 0x07), 1 << 16
	}
	return 0, 0, 0
}

// decode decodes the first rune of s, whose first byte is not ASCII.
func decode(s string) (rune, int) {
	if len(s) == 0 {
		return RuneError, 0
	}
	n, r, least := lead(s[0])
	if n == 0 || n >= len(s) {
		return RuneError, 1
	}
	for i := 1; i <= n; i++ {
		c := s[i]
		if c&0xC0 != 0x80 {
			return RuneError, 1
		}
		r = r<<6 | rune(c&0x3F)
	}
	if r < least || !ValidRune(r) {
		return RuneError, 1
	}
	return r, n + 1
}

// DecodeRuneInString decodes the first rune of s and its width in bytes.
// It returns (RuneError, 0) for an empty and (RuneError, 1) for an invalid string.
func DecodeRuneInString(s string) (r rune, size int) {
	if s != "" && s[0] < RuneSelf {
		return rune(s[0]), 1
	} else {
		r, size = decode(s)
	}
	return
}

// DecodeRune is DecodeRuneInString for bytes.
func DecodeRune(p []byte) (r rune, size int) {
	// A loop over one element costs the inliner less than a test and an index.
	for _, c := range p {
		if c < RuneSelf {
			return rune(c), 1
		}
		break
	}
	r, size = decodeBytes(p)
	return
}

//go:noinline
func decodeBytes(p []byte) (rune, int) { return decode(str(p)) }

// DecodeLastRuneInString decodes the last rune of s and its width in bytes.
func DecodeLastRuneInString(s string) (rune, int) {
	end := len(s)
	if end == 0 {
		return RuneError, 0
	}
	start := end - 1
	if c := s[start]; c < RuneSelf {
		return rune(c), 1
	}
	for start > 0 && start > end-UTFMax && !RuneStart(s[start]) {
		start--
	}
	if r, n := decodeAt(s, start); start+n == end {
		return r, n
	}
	return RuneError, 1
}

func decodeAt(s string, i int) (rune, int) {
	if c := s[i]; c < RuneSelf {
		return rune(c), 1
	}
	return decode(s[i:])
}

// DecodeLastRune is DecodeLastRuneInString for bytes.
//
//go:noinline
func DecodeLastRune(p []byte) (rune, int) { return DecodeLastRuneInString(str(p)) }

// full reports whether more bytes after s could not change how it decodes.
func full(s string) bool {
	if len(s) == 0 {
		return false
	}
	n, r, least := lead(s[0])
	if n < len(s) {
		return true
	}
	// Too short: full only if already invalid. Two bytes decide about overlong
	// forms, surrogates and the maximum: fill the rest with zeros and ones.
	for i := 1; i < len(s); i++ {
		c := s[i]
		if c&0xC0 != 0x80 {
			return true
		}
		r = r<<6 | rune(c&0x3F)
	}
	if len(s) == 1 {
		return false
	}
	missing := uint(6 * (n + 1 - len(s)))
	low := r << missing
	high := low | (1<<missing - 1)
	return high < least || low > MaxRune || surrogateMin <= low && high <= surrogateMax
}

// FullRuneInString reports whether s begins with a full encoding of a rune;
// an invalid one is full, since it decodes as an error of width 1.
func FullRuneInString(s string) bool {
	if len(s) == 0 {
		return false
	}
	return !(len(s) < int(widths[s[0]])) || full(s)
}

// FullRune is FullRuneInString for bytes.
func FullRune(p []byte) bool {
	if len(p) == 0 {
		return false
	}
	return !(len(p) < int(widths[p[0]])) || fullBytes(p)
}

// widths has the number of bytes that a first byte announces, 1 if it is invalid.
const widths = "" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01" +
	"\x01\x01\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02" +
	"\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02" +
	"\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03" +
	"\x04\x04\x04\x04\x04\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"

//go:noinline
func fullBytes(p []byte) bool { return full(str(p)) }

// RuneCountInString returns the number of runes in s; an invalid byte counts as one.
func RuneCountInString(s string) (n int) {
	for range s {
		n++
	}
	return n
}

// RuneCount is RuneCountInString for bytes.
func RuneCount(p []byte) int {
	size := len(p)
	var n int
	for ; n < size; n++ {
		if c := p[n]; c >= RuneSelf {
			return n + RuneCountInString(string(p[n:]))
		}
	}
	return n
}

// ValidString reports whether s consists of valid encodings only.
func ValidString(s string) bool {
	for i := 0; i < len(s); {
		if s[i] < RuneSelf {
			i++
			continue
		}
		_, n := decode(s[i:])
		if n == 1 {
			return false
		}
		i += n
	}
	return true
}

// Valid is ValidString for bytes.
//
//go:noinline
func Valid(p []byte) bool { return ValidString(str(p)) }
