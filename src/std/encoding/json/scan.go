package json

import (
	"bytes"
	"strconv"
)

// A SyntaxError is a text that is no JSON.
type SyntaxError struct {
	msg    string
	Offset int64 // bytes read before the error
}

func (e *SyntaxError) Error() string { return e.msg }

// maxDepth is the most arrays and objects inside each other.
const maxDepth = 10000

// errEnd stands for a text that ends too early.
func errEnd(data []byte) *SyntaxError {
	return &SyntaxError{"unexpected end of JSON input", int64(len(data))}
}

func quoteChar(c byte) string {
	switch c {
	case '\'':
		return `'\''`
	case '"':
		return `'"'`
	}
	s := strconv.Quote(string(c))
	return "'" + s[1:len(s)-1] + "'"
}

func bad(data []byte, i int, where string) *SyntaxError {
	return &SyntaxError{"invalid character " + quoteChar(data[i]) + " " + where, int64(i + 1)}
}

func space(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r') {
		i++
	}
	return i
}

// scan returns where the value that begins at i, behind spaces, ends.
func scan(data []byte, i, depth int) (int, *SyntaxError) {
	i = space(data, i)
	if i == len(data) {
		return i, errEnd(data)
	}
	switch c := data[i]; {
	case c == '{':
		return scanObject(data, i, depth+1)
	case c == '[':
		return scanArray(data, i, depth+1)
	case c == '"':
		return scanString(data, i)
	case c == '-' || '0' <= c && c <= '9':
		return scanNumber(data, i)
	case c == 't':
		return scanWord(data, i, "true")
	case c == 'f':
		return scanWord(data, i, "false")
	case c == 'n':
		return scanWord(data, i, "null")
	}
	return i, bad(data, i, "looking for beginning of value")
}

func scanWord(data []byte, i int, word string) (int, *SyntaxError) {
	for k := 1; k < len(word); k++ {
		if i+k == len(data) {
			return i, errEnd(data)
		}
		if data[i+k] != word[k] {
			return i, bad(data, i+k, "in literal "+word+" (expecting "+quoteChar(word[k])+")")
		}
	}
	return i + len(word), nil
}

func scanString(data []byte, i int) (int, *SyntaxError) {
	for i++; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			return i + 1, nil
		case c < ' ':
			return i, bad(data, i, "in string")
		case c == '\\':
			i++
			if i == len(data) {
				return i, errEnd(data)
			}
			switch data[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				for k := 1; k <= 4; k++ {
					if i+k == len(data) {
						return i, errEnd(data)
					}
					if hex(data[i+k]) < 0 {
						return i, badEscape(data, i-1, 6)
					}
				}
				i += 4
			default:
				return i, badEscape(data, i-1, 2)
			}
		}
	}
	return i, errEnd(data)
}

func badEscape(data []byte, i, n int) *SyntaxError {
	end := min(i+n, len(data))
	return &SyntaxError{"invalid escape sequence `" + string(data[i:end]) + "` in string", int64(end)}
}

func hex(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

func scanDigits(data []byte, i int) (int, *SyntaxError) {
	if i == len(data) {
		return i, errEnd(data)
	}
	if data[i] < '0' || data[i] > '9' {
		return i, bad(data, i, "in numeric literal")
	}
	for i < len(data) && '0' <= data[i] && data[i] <= '9' {
		i++
	}
	return i, nil
}

func scanNumber(data []byte, i int) (int, *SyntaxError) {
	end, err := scanNumberParts(data, i)
	if err != nil && end == len(data) {
		err.Offset = int64(i)
	}
	return end, err
}

func scanNumberParts(data []byte, i int) (int, *SyntaxError) {
	var err *SyntaxError
	if data[i] == '-' {
		i++
	}
	if i < len(data) && data[i] == '0' {
		i++
	} else if i, err = scanDigits(data, i); err != nil {
		return i, err
	}
	if i < len(data) && data[i] == '.' {
		if i, err = scanDigits(data, i+1); err != nil {
			return i, err
		}
	}
	if i < len(data) && (data[i] == 'e' || data[i] == 'E') {
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		if i, err = scanDigits(data, i); err != nil {
			return i, err
		}
	}
	return i, nil
}

func tooDeep(i int) *SyntaxError { return &SyntaxError{"exceeded max depth", int64(i + 1)} }

func scanArray(data []byte, i, depth int) (int, *SyntaxError) {
	if depth > maxDepth {
		return i, tooDeep(i)
	}
	i = space(data, i+1)
	if i < len(data) && data[i] == ']' {
		return i + 1, nil
	}
	for {
		var err *SyntaxError
		if i, err = scan(data, i, depth); err != nil {
			return i, err
		}
		i = space(data, i)
		switch {
		case i == len(data):
			return i, errEnd(data)
		case data[i] == ']':
			return i + 1, nil
		case data[i] != ',':
			return i, bad(data, i, "after array element")
		}
		i++
	}
}

func scanObject(data []byte, i, depth int) (int, *SyntaxError) {
	if depth > maxDepth {
		return i, tooDeep(i)
	}
	i = space(data, i+1)
	if i < len(data) && data[i] == '}' {
		return i + 1, nil
	}
	for {
		i = space(data, i)
		if i == len(data) {
			return i, errEnd(data)
		}
		if data[i] != '"' {
			return i, bad(data, i, "looking for beginning of object key string")
		}
		var err *SyntaxError
		if i, err = scanString(data, i); err != nil {
			return i, err
		}
		i = space(data, i)
		if i == len(data) {
			return i, errEnd(data)
		}
		if data[i] != ':' {
			return i, bad(data, i, "after object key")
		}
		if i, err = scan(data, i+1, depth); err != nil {
			return i, err
		}
		i = space(data, i)
		switch {
		case i == len(data):
			return i, errEnd(data)
		case data[i] == '}':
			return i + 1, nil
		case data[i] != ',':
			return i, bad(data, i, "after object key:value pair")
		}
		i++
	}
}

// check reports what is wrong with a text that should be one value.
func check(data []byte) error {
	i, err := scan(data, 0, 0)
	if err != nil {
		return err
	}
	if i = space(data, i); i < len(data) {
		return bad(data, i, "after top-level value")
	}
	return nil
}

// Valid reports whether data is a JSON value.
func Valid(data []byte) bool { return check(data) == nil }

// Compact appends src to dst without spaces that mean nothing.
func Compact(dst *bytes.Buffer, src []byte) error {
	if err := check(src); err != nil {
		return err
	}
	dst.Grow(len(src))
	dst.Write(compact(dst.AvailableBuffer(), src, false))
	return nil
}

// compact appends src without spaces; with escape, HTML's characters are escaped.
func compact(dst, src []byte, escape bool) []byte {
	inString := false
	for i := 0; i < len(src); i++ {
		c := src[i]
		if !inString {
			if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
				continue
			}
			inString = c == '"'
			dst = append(dst, c)
			continue
		}
		switch {
		case c == '"':
			inString = false
		case c == '\\':
			dst = append(dst, c)
			i++
			c = src[i]
		case escape && (c == '<' || c == '>' || c == '&'):
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
			continue
		case escape && c == 0xe2 && i+2 < len(src) && src[i+1] == 0x80 && src[i+2]&^1 == 0xa8:
			dst = append(dst, '\\', 'u', '2', '0', '2', digits[src[i+2]&15])
			i += 2
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

// HTMLEscape appends src to dst with <, >, &, U+2028 and U+2029 in strings escaped.
func HTMLEscape(dst *bytes.Buffer, src []byte) {
	start := 0
	for i, c := range src {
		switch {
		case c == '<' || c == '>' || c == '&':
			dst.Write(src[start:i])
			dst.Write([]byte{'\\', 'u', '0', '0', digits[c>>4], digits[c&15]})
			start = i + 1
		case c == 0xe2 && i+2 < len(src) && src[i+1] == 0x80 && src[i+2]&^1 == 0xa8:
			dst.Write(src[start:i])
			dst.Write([]byte{'\\', 'u', '2', '0', '2', digits[src[i+2]&15]})
			start = i + 3
		}
	}
	dst.Write(src[start:])
}

// Indent appends src to dst with a line for each element.
func Indent(dst *bytes.Buffer, src []byte, prefix, indent string) error {
	if err := check(src); err != nil {
		return err
	}
	dst.Grow(growth * len(src))
	dst.Write(indented(dst.AvailableBuffer(), src, prefix, indent))
	return nil
}

// growth is how many times as long as before an indented text is thought to be.
const growth = 5

func indented(dst, src []byte, prefix, indent string) []byte {
	depth := 0
	newline := func() {
		dst = append(dst, '\n')
		dst = append(dst, prefix...)
		for range depth {
			dst = append(dst, indent...)
		}
	}
	end := len(bytes.TrimRight(src, " \t\r\n"))
	for i := 0; i < end; i++ {
		switch c := src[i]; c {
		case ' ', '\t', '\n', '\r':
		case '"':
			k, _ := scanString(src, i)
			dst = append(dst, src[i:k]...)
			i = k - 1
		case '{', '[':
			dst = append(dst, c)
			if k := space(src, i+1); src[k] == c+2 {
				dst = append(dst, c+2)
				i = k
				continue
			}
			depth++
			newline()
		case '}', ']':
			depth--
			newline()
			dst = append(dst, c)
		case ',':
			dst = append(dst, c)
			newline()
		case ':':
			dst = append(dst, ':', ' ')
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, src[end:]...)
}
