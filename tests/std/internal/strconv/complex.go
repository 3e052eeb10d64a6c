package strconv

// FormatComplex converts c to (a+bi) with the format and precision of FormatFloat.
func FormatComplex(c complex128, fmt byte, prec, bitSize int) string {
	var buf [64]byte
	return string(AppendComplex(buf[:0], c, fmt, prec, bitSize))
}

// AppendComplex appends what FormatComplex returns.
func AppendComplex(dst []byte, c complex128, fmt byte, prec, bitSize int) []byte {
	if bitSize != 64 && bitSize != 128 {
		panic("invalid bitSize")
	}
	bitSize /= 2
	dst = AppendFloat(append(dst, '('), real(c), fmt, prec, bitSize)
	n := len(dst)
	dst = AppendFloat(dst, imag(c), fmt, prec, bitSize)
	if dst[n] != '+' && dst[n] != '-' {
		// The imaginary part's sign is always written: make room for it.
		dst = append(dst, 0)
		copy(dst[n+1:], dst[n:])
		dst[n] = '+'
	}
	return append(dst, "i)"...)
}

// ParseComplex converts a+bi, with or without parentheses, or one of its parts.
func ParseComplex(s string, bitSize int) (complex128, Error) {
	size := 64
	if bitSize == 64 {
		size = 32
	}
	if n := len(s); n >= 2 && s[0] == '(' && s[n-1] == ')' {
		s = s[1 : n-1]
	}
	re, n, pending := ParseFloatPrefix(s, size)
	if pending == ErrSyntax {
		return 0, pending
	}
	s = s[n:]
	if s == "" {
		return complex(re, 0), pending
	}
	switch s[0] {
	case '+':
		// A '+' followed by a letter or digit belongs to the number; "+NaN"
		// would not parse with its sign, so drop it, but never two signs.
		if len(s) > 1 && s[1] != '+' {
			s = s[1:]
		}
	case '-':
	case 'i':
		if len(s) == 1 {
			return complex(0, re), pending
		}
		return 0, ErrSyntax
	default:
		return 0, ErrSyntax
	}
	im, n, err := ParseFloatPrefix(s, size)
	if err == ErrSyntax {
		return 0, err
	}
	if err != None {
		pending = err
	}
	if s[n:] != "i" {
		return 0, ErrSyntax
	}
	return complex(re, im), pending
}
