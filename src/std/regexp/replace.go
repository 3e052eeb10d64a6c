package regexp

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// replaceAll returns the text, bsrc or src, with each match replaced by what repl
// appends to dst for it.
func (re *Regexp) replaceAll(bsrc []byte, src string, nCap int, repl func(dst []byte, m []int) []byte) []byte {
	if bsrc != nil {
		src = text(bsrc)
	}
	var m, room []int
	var dst []byte
	end := 0 // of the last match
	for pos := 0; pos <= len(src); {
		m = re.find(nil, nil, src, pos, min(nCap, re.prog.nCap), room[:0])
		if m == nil {
			break
		}
		room = m
		dst = append(dst, src[end:m[0]]...)
		// An empty match right behind another one does not count.
		if m[1] > end || m[0] == 0 {
			dst = repl(dst, m)
		}
		end = m[1]
		// On by a rune at least.
		_, n := runeAt(src, pos)
		pos = max(pos+max(n, 1), end)
	}
	return append(dst, src[end:]...)
}

// ReplaceAllString replaces the matches; $1 and ${name} in repl stand for groups.
func (re *Regexp) ReplaceAllString(src, repl string) string {
	n := 2
	if strings.IndexByte(repl, '$') >= 0 {
		n = re.prog.nCap
	}
	return text(re.replaceAll(nil, src, n, func(dst []byte, m []int) []byte {
		return re.expand(dst, repl, nil, src, m)
	}))
}

// ReplaceAllLiteralString replaces the matches by repl as it is.
func (re *Regexp) ReplaceAllLiteralString(src, repl string) string {
	return string(re.replaceAll(nil, src, 2, func(dst []byte, match []int) []byte {
		return append(dst, repl...)
	}))
}

// ReplaceAllStringFunc replaces the matches by what repl makes of them.
func (re *Regexp) ReplaceAllStringFunc(src string, repl func(string) string) string {
	return text(re.replaceAll(nil, src, 2, func(dst []byte, m []int) []byte {
		return append(dst, repl(src[m[0]:m[1]])...)
	}))
}

// ReplaceAll is ReplaceAllString of bytes.
func (re *Regexp) ReplaceAll(src, repl []byte) []byte {
	n := 2
	if bytes.IndexByte(repl, '$') >= 0 {
		n = re.prog.nCap
	}
	return re.replaceAll(src, "", n, func(dst []byte, m []int) []byte {
		return re.expand(dst, text(repl), src, "", m)
	})
}

// ReplaceAllLiteral is ReplaceAllLiteralString of bytes.
func (re *Regexp) ReplaceAllLiteral(src, repl []byte) []byte {
	return re.replaceAll(src, "", 2, func(dst []byte, match []int) []byte {
		return append(dst, repl...)
	})
}

// ReplaceAllFunc is ReplaceAllStringFunc of bytes.
func (re *Regexp) ReplaceAllFunc(src []byte, repl func([]byte) []byte) []byte {
	return re.replaceAll(src, "", 2, func(dst []byte, match []int) []byte {
		return append(dst, repl(src[match[0]:match[1]])...)
	})
}

// Expand appends template to dst; $1 and ${name} in it stand for groups of a match in src.
func (re *Regexp) Expand(dst []byte, template []byte, src []byte, match []int) []byte {
	return re.expand(dst, string(template), src, "", match)
}

// ExpandString is Expand of strings.
func (re *Regexp) ExpandString(dst []byte, template string, src string, match []int) []byte {
	return re.expand(dst, template, nil, src, match)
}

func (re *Regexp) expand(dst []byte, template string, bsrc []byte, src string, match []int) []byte {
	if bsrc != nil {
		src = text(bsrc)
	}
	for {
		before, rest, ok := strings.Cut(template, "$")
		dst = append(dst, before...)
		if !ok {
			return dst
		}
		template = rest
		if strings.HasPrefix(rest, "$") {
			dst = append(dst, '$')
			template = rest[1:]
			continue
		}
		name, after := reference(rest)
		if name == "" {
			dst = append(dst, '$')
			continue
		}
		template = after
		group := number(name)
		if group < 0 {
			for i, known := range re.names {
				if known == name && 2*i+1 < len(match) && match[2*i] >= 0 {
					group = i
					break
				}
			}
		}
		if group >= 0 && 2*group+1 < len(match) && match[2*group] >= 0 {
			dst = append(dst, src[match[2*group]:match[2*group+1]]...)
		}
	}
}

// reference reads the name behind a dollar sign; it is empty if there is none.
func reference(s string) (name, rest string) {
	brace := s != "" && s[0] == '{'
	if brace {
		s = s[1:]
	}
	n := 0
	for n < len(s) {
		r, width := utf8.DecodeRuneInString(s[n:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		n += width
	}
	name, rest = s[:n], s[n:]
	if brace {
		if rest == "" || rest[0] != '}' {
			return "", ""
		}
		rest = rest[1:]
	}
	return name, rest
}

// number returns the number that name is, -1 if it is none.
func number(name string) int {
	if name[0] == '0' && len(name) > 1 {
		return -1
	}
	n := 0
	for i := 0; i < len(name); i++ {
		if name[i] < '0' || '9' < name[i] || n >= 1e8 {
			return -1
		}
		n = 10*n + int(name[i]-'0')
	}
	return n
}
