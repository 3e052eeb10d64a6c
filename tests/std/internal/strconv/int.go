// Package strconv is the part of package strconv that needs no error values:
// conversions between numbers and text, with small integer error codes.
// Low-level packages use it directly.
package strconv

import "x/internal/rt"

// Error says why a text is no number; None (0) is success.
type Error int

const (
	None Error = iota
	ErrRange
	ErrSyntax
	ErrBase
	ErrBitSize
)

const lowerDigits = "0123456789abcdefghijklmnopqrstuvwxyz"

// pairs holds the two-digit numbers 00 to 99.
const pairs = "00010203040506070809101112131415161718192021222324" +
	"25262728293031323334353637383940414243444546474849" +
	"50515253545556575859606162636465666768697071727374" +
	"75767778798081828384858687888990919293949596979899"

// maxDigits is enough for 64 binary digits and a sign.
const maxDigits = 65

// digits writes u in the base to the end of b and returns where it begins.
func digits(b *[maxDigits]byte, u uint64, base int) int {
	i := len(b)
	if base == 10 {
		for u >= 100 {
			r := u % 100 * 2
			u /= 100
			i -= 2
			b[i+1] = pairs[r+1]
			b[i] = pairs[r]
		}
		if u >= 10 {
			i--
			b[i] = pairs[u*2+1]
			u = uint64(pairs[u*2] - '0')
		}
		i--
		b[i] = '0' + byte(u)
		return i
	}
	if base < 2 || base > len(lowerDigits) {
		panic("strconv: illegal AppendInt/FormatInt base")
	}
	n := uint64(base)
	for u >= n {
		i--
		b[i] = lowerDigits[u%n]
		u /= n
	}
	i--
	b[i] = lowerDigits[u]
	return i
}

// small returns the text of u < 100 without allocating.
func small(u uint64) string {
	if u < 10 {
		return pairs[u*2+1 : u*2+2]
	}
	return pairs[u*2 : u*2+2]
}

func FormatUint(u uint64, base int) string {
	if u < 100 && base == 10 {
		return small(u)
	}
	var b [maxDigits]byte
	i := digits(&b, u, base)
	return string(b[i:])
}

func FormatInt(i int64, base int) string {
	if i >= 0 {
		return FormatUint(uint64(i), base)
	}
	var b [maxDigits]byte
	n := digits(&b, -uint64(i), base) - 1
	b[n] = '-'
	return string(b[n:])
}

func Itoa(i int) string { return FormatInt(int64(i), 10) }

//go:noinline
func AppendUint(dst []byte, u uint64, base int) []byte {
	var b [maxDigits]byte
	i := digits(&b, u, base)
	return append(dst, b[i:]...)
}

func AppendInt(dst []byte, i int64, base int) []byte {
	if i >= 0 {
		return AppendUint(dst, uint64(i), base)
	}
	return AppendUint(append(dst, '-'), -uint64(i), base)
}

// digitVal returns the value of the digit c, 99 if it is none.
func digitVal(c byte) uint64 {
	switch {
	case '0' <= c && c <= '9':
		return uint64(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'z':
		return uint64(c|0x20-'a') + 10
	}
	return 99
}

// ParseUint converts s; base 0 means the base its prefix says, and allows
// underscores. Out of range, the result is the largest value of bitSize bits.
func ParseUint(s string, base, bitSize int) (uint64, Error) {
	if s == "" {
		return 0, ErrSyntax
	}
	prefixed := base == 0
	full := s
	switch {
	case 2 <= base && base <= 36:
	case base == 0:
		base = 10
		if s[0] == '0' {
			base = 8
			n := 1
			if len(s) >= 3 {
				switch s[1] | 0x20 {
				case 'b':
					base, n = 2, 2
				case 'o':
					base, n = 8, 2
				case 'x':
					base, n = 16, 2
				}
			}
			s = s[n:]
		}
	default:
		return 0, ErrBase
	}
	if bitSize == 0 {
		bitSize = 64
	} else if bitSize < 0 || bitSize > 64 {
		return 0, ErrBitSize
	}
	most := uint64(1)<<uint(bitSize) - 1
	// cutoff is the least number that overflows 64 bits when a digit is added.
	n, cutoff := uint64(0), ^uint64(0)/uint64(base)+1
	underscores := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '_' && prefixed {
			underscores = true
			continue
		}
		d := digitVal(c)
		if d >= uint64(base) {
			return 0, ErrSyntax
		}
		if n >= cutoff {
			return most, ErrRange
		}
		n *= uint64(base)
		if n+d < n || n+d > most {
			return most, ErrRange
		}
		n += d
	}
	if underscores && !underscoreOK(full) {
		return 0, ErrSyntax
	}
	return n, None
}

// ParseInt is ParseUint for a signed number.
func ParseInt(s string, base, bitSize int) (int64, Error) {
	if s == "" {
		return 0, ErrSyntax
	}
	neg := s[0] == '-'
	if neg || s[0] == '+' {
		s = s[1:]
	}
	u, err := ParseUint(s, base, bitSize)
	if err != None && err != ErrRange {
		return 0, err
	}
	if bitSize == 0 {
		bitSize = 64
	}
	limit := uint64(1) << uint(bitSize-1)
	if neg {
		if u > limit {
			return -int64(limit), ErrRange
		}
		return -int64(u), err
	}
	if u >= limit {
		return int64(limit - 1), ErrRange
	}
	return int64(u), err
}

// Atoi is ParseInt in base 10 for an int, quick for short texts.
func Atoi(s string) (int, Error) {
	if len(s) == 0 || len(s) > 18 {
		i, err := ParseInt(s, 10, 0)
		return int(i), err
	}
	i := 0
	if s[0] == '-' || s[0] == '+' {
		if len(s) == 1 {
			return 0, ErrSyntax
		}
		i = 1
	}
	n := 0
	for ; i < len(s); i++ {
		d := s[i] - '0'
		if d > 9 {
			return 0, ErrSyntax
		}
		n = n*10 + int(d)
	}
	if s[0] == '-' {
		n = -n
	}
	return n, None
}

// underscoreOK reports whether each underscore of the unsigned s stands
// between digits or between a base prefix and a digit.
func underscoreOK(s string) bool {
	hex := false
	// last is what came before: '0' a digit or prefix, '_' an underscore, '!' else.
	last := byte('^')
	if len(s) >= 1 && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	i := 0
	if len(s) >= 2 && s[0] == '0' {
		switch s[1] | 0x20 {
		case 'b', 'o', 'x':
			hex = s[1]|0x20 == 'x'
			last = '0'
			i = 2
		}
	}
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '_':
			if last != '0' {
				return false
			}
			last = '_'
		case '0' <= c && c <= '9' || hex && 'a' <= c|0x20 && c|0x20 <= 'f':
			last = '0'
		default:
			if last == '_' {
				return false
			}
			last = '!'
		}
	}
	return last != '_'
}

func ParseBool(s string) (bool, Error) {
	switch s {
	case "1", "t", "T", "true", "TRUE", "True":
		return true, None
	case "0", "f", "F", "false", "FALSE", "False":
		return false, None
	}
	return false, ErrSyntax
}

// ParseFloat converts all of s.
func ParseFloat(s string, bitSize int) (float64, Error) {
	f, n, err := ParseFloatPrefix(s, bitSize)
	if n != len(s) && err != ErrSyntax {
		return 0, ErrSyntax
	}
	return f, err
}

// ParseFloatPrefix converts the longest prefix of s that is a number and
// returns its length.
func ParseFloatPrefix(s string, bitSize int) (f float64, n int, err Error) {
	n, status := rt.ParseFloat(s, bitSize, &f)
	return f, n, Error(status)
}

// AppendFloat appends f in the form format ('e', 'E', 'f', 'g', 'G', 'b', 'x', 'X').
func AppendFloat(dst []byte, f float64, format byte, prec, bitSize int) []byte {
	if bitSize != 64 && bitSize != 32 {
		panic("strconv: illegal FormatFloat bitSize")
	}
	var b [32]byte
	n := rt.FormatFloat(b[:], f, format, prec, bitSize)
	if n <= len(b) {
		return append(dst, b[:n]...)
	}
	long := make([]byte, n)
	rt.FormatFloat(long, f, format, prec, bitSize)
	return append(dst, long...)
}

//go:noinline
func FormatFloat(f float64, format byte, prec, bitSize int) string {
	var b [32]byte
	return string(AppendFloat(b[:0], f, format, prec, bitSize))
}
