package strconv

import "x/unicode/utf8"

// UnquoteChar decodes the first character or byte of the escaped text s. It
// returns its value, whether encoding it needs more than one byte, the rest of
// s, and ErrSyntax if s is malformed. quote says which quote mark may not
// occur unescaped and may occur escaped.
func UnquoteChar(s string, quote byte) (value rune, multibyte bool, tail string, err error) {
	value, multibyte, n := unquoteChar(s, quote)
	if n == 0 {
		return 0, false, "", ErrSyntax
	}
	return value, multibyte, s[n:], nil
}

// unquoteChar is UnquoteChar that returns the width instead of the rest, 0 on error.
func unquoteChar(s string, quote byte) (value rune, multibyte bool, width int) {
	if s == "" {
		return 0, false, 0
	}
	c := s[0]
	if c == quote && (quote == '\'' || quote == '"') {
		return 0, false, 0
	}
	if c >= utf8.RuneSelf {
		r, n := utf8.DecodeRuneInString(s)
		return r, true, n
	}
	if c != '\\' {
		return rune(c), false, 1
	}
	if len(s) < 2 {
		return 0, false, 0
	}
	c = s[1]
	switch c {
	case 'a', 'b', 't', 'n', 'v', 'f', 'r':
		for i := 0; i < 7; i++ {
			if "abtnvfr"[i] == c {
				return rune('\a' + i), false, 2
			}
		}
	case '\\':
		return '\\', false, 2
	case '\'', '"':
		if c != quote {
			return 0, false, 0
		}
		return rune(c), false, 2
	case 'x', 'u', 'U':
		n := 2
		if c == 'u' {
			n = 4
		} else if c == 'U' {
			n = 8
		}
		v, ok := number(s[2:], n, 16)
		if !ok || c != 'x' && !utf8.ValidRune(rune(v)) {
			return 0, false, 0
		}
		return rune(v), c != 'x', 2 + n
	case '0', '1', '2', '3', '4', '5', '6', '7':
		v, ok := number(s[1:], 3, 8)
		if !ok || v > 255 {
			return 0, false, 0
		}
		return rune(v), false, 4
	}
	return 0, false, 0
}

// number reads n digits of the base.
func number(s string, n int, base uint32) (v uint32, ok bool) {
	if len(s) < n {
		return 0, false
	}
	for i := 0; i < n; i++ {
		c := s[i]
		d := uint32(c - '0')
		if c|0x20 >= 'a' {
			d = uint32(c|0x20-'a') + 10
		} else if c > '9' {
			return 0, false
		}
		if d >= base {
			return 0, false
		}
		v = v*base + d
	}
	// A value of 32 bits must not pass for a negative rune.
	return v, int32(v) >= 0
}

// scanQuoted returns the length of the quoted literal s begins with, 0 if it
// begins with none, and whether its text can be used as it stands.
func scanQuoted(s string) (end int, plain bool) {
	if len(s) < 2 {
		return 0, false
	}
	quote := s[0]
	switch quote {
	case '`':
		plain = true
		for i := 1; i < len(s); i++ {
			if s[i] == '`' {
				return i + 1, plain
			}
			if s[i] == '\r' {
				plain = false
			}
		}
		return 0, false
	case '"', '\'':
		plain = true
		count := 0
		for i := 1; i < len(s); {
			if s[i] == quote {
				if quote == '\'' && count > 1 {
					return 0, false
				}
				return i + 1, plain
			}
			if s[i] == '\n' {
				return 0, false
			}
			r, _, n := unquoteChar(s[i:], quote)
			if n == 0 {
				return 0, false
			}
			if s[i] == '\\' || r == utf8.RuneError && n == 1 {
				plain = false
			}
			i += n
			count++
		}
	}
	return 0, false
}

// QuotedPrefix returns the quoted literal that s begins with, quotes included.
func QuotedPrefix(s string) (string, error) {
	n, _ := scanQuoted(s)
	if n == 0 {
		return "", ErrSyntax
	}
	return s[:n], nil
}

// Unquote returns the text that the Go string or character literal s stands for.
func Unquote(s string) (string, error) {
	end, plain := scanQuoted(s)
	if end == 0 || end != len(s) {
		return "", ErrSyntax
	}
	quote := s[0]
	s = s[1 : end-1]
	if plain {
		return s, nil
	}
	buf := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if quote == '`' {
			if s[i] != '\r' {
				buf = append(buf, s[i])
			}
			i++
			continue
		}
		r, multibyte, n := unquoteChar(s[i:], quote)
		if multibyte {
			buf = utf8.AppendRune(buf, r)
		} else {
			buf = append(buf, byte(r))
		}
		i += n
	}
	return string(buf), nil
}
