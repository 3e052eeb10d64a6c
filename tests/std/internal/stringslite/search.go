package stringslite

import (
	"x/internal/rt"
	"x/unicode"
	"x/unicode/utf8"
)

// Count returns the number of non-overlapping seps in s; for an empty sep, the
// number of runes plus 1.
func Count(s, sep string) int {
	if sep == "" {
		return utf8.RuneCountInString(s) + 1
	}
	if len(sep) == 1 {
		return rt.CountByte(s, sep[0])
	}
	n := 0
	for {
		i := rt.Index(s, sep)
		if i < 0 {
			return n
		}
		n++
		s = s[i+len(sep):]
	}
}

// IndexRune returns the index of the first r in s; for RuneError, of the first
// U+FFFD or invalid byte.
func IndexRune(s string, r rune) int {
	switch {
	case uint32(r) < utf8.RuneSelf:
		return rt.IndexByte(s, byte(r))
	case r == utf8.RuneError:
		for i, c := range s {
			if c == utf8.RuneError {
				return i
			}
		}
		return -1
	case !utf8.ValidRune(r):
		return -1
	}
	var b [utf8.UTFMax]byte
	n := utf8.EncodeRune(b[:], r)
	return rt.Index(s, View(b[:n]))
}

// Contains reports whether chars has r.
func contains(chars string, r rune) bool { return IndexRune(chars, r) >= 0 }

// IndexAny returns the index of the first rune of s that is in chars.
func IndexAny(s, chars string) int {
	for i, c := range s {
		if contains(chars, c) {
			return i
		}
	}
	return -1
}

// LastIndexAny returns the index of the last rune of s that is in chars.
func LastIndexAny(s, chars string) int {
	for i := len(s); i > 0; {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		i -= n
		if contains(chars, r) {
			return i
		}
	}
	return -1
}

// IndexFunc returns the index of the first rune for which f returns want.
func IndexFunc(s string, f func(rune) bool, want bool) int {
	for i, c := range s {
		if f(c) == want {
			return i
		}
	}
	return -1
}

// LastIndexFunc returns the index of the last rune for which f returns want.
func LastIndexFunc(s string, f func(rune) bool, want bool) int {
	for i := len(s); i > 0; {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		i -= n
		if f(r) == want {
			return i
		}
	}
	return -1
}

// TrimLeft returns the length of the longest prefix of s of runes in cutset.
func TrimLeft(s, cutset string) int {
	if cutset == "" {
		return 0
	}
	for i, c := range s {
		if !inCutset(s[i:], c, cutset) {
			return i
		}
	}
	return len(s)
}

// TrimRight returns where the longest suffix of s of runes in cutset begins.
func TrimRight(s, cutset string) int {
	if cutset == "" {
		return len(s)
	}
	for i := len(s); i > 0; {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if !inCutset(s[i-n:], r, cutset) {
			return i
		}
		i -= n
	}
	return 0
}

// inCutset reports whether cutset has the rune c that s begins with.
func inCutset(s string, c rune, cutset string) bool {
	for _, r := range cutset {
		if r == c {
			return true
		}
	}
	return false
}

// TrimSpace returns the bounds of s without white space around it.
func TrimSpace(s string) (from, to int) {
	to = len(s)
	for from < to {
		if c := s[from]; c < utf8.RuneSelf {
			if !asciiSpace(c) {
				break
			}
			from++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[from:])
		if !unicode.IsSpace(r) {
			break
		}
		from += n
	}
	for from < to {
		if c := s[to-1]; c < utf8.RuneSelf {
			if !asciiSpace(c) {
				break
			}
			to--
			continue
		}
		r, n := utf8.DecodeLastRuneInString(s[from:to])
		if !unicode.IsSpace(r) {
			break
		}
		to -= n
	}
	return from, to
}

func asciiSpace(c byte) bool { return Spaces[c] }

// Spaces tells which ASCII characters are white space.
var Spaces = [256]bool{' ': true, '\t': true, '\n': true, '\v': true, '\f': true, '\r': true}

// NextField returns the bounds of the first run of s, from i on, of runes that
// are no white space; from is len(s) if there is none.
func NextField(s string, i int) (from, to int) {
	for i < len(s) {
		r, n := decode(s, i)
		if !unicode.IsSpace(r) {
			break
		}
		i += n
	}
	from = i
	for i < len(s) {
		r, n := decode(s, i)
		if unicode.IsSpace(r) {
			break
		}
		i += n
	}
	return from, i
}

// NextFieldFunc is NextField with f in place of white space.
func NextFieldFunc(s string, i int, f func(rune) bool) (from, to int) {
	for i < len(s) {
		r, n := decode(s, i)
		if !f(r) {
			break
		}
		i += n
	}
	from = i
	for i < len(s) {
		r, n := decode(s, i)
		if f(r) {
			break
		}
		i += n
	}
	return from, i
}

func decode(s string, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

// EqualFold reports whether s and t are equal but for case.
func EqualFold(s, t string) bool {
	for s != "" && t != "" {
		a, n := utf8.DecodeRuneInString(s)
		b, m := utf8.DecodeRuneInString(t)
		s, t = s[n:], t[m:]
		if a != b && !sameFold(a, b) {
			return false
		}
	}
	return s == t
}

func sameFold(a, b rune) bool {
	if a < utf8.RuneSelf && b < utf8.RuneSelf {
		return a|0x20 == b|0x20 && 'a' <= a|0x20 && a|0x20 <= 'z'
	}
	for r := unicode.SimpleFold(a); r != a; r = unicode.SimpleFold(r) {
		if r == b {
			return true
		}
	}
	return false
}

// Separator reports whether r ends a word in the sense of Title.
func Separator(r rune) bool {
	if r <= 0x7F {
		return !('0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z' || r == '_')
	}
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && unicode.IsSpace(r)
}

// SplitCount returns the number of parts that splitting s into at most n makes.
func SplitCount(s, sep string, n int) int {
	if sep == "" {
		parts := utf8.RuneCountInString(s)
		if n < 0 || n > parts {
			n = parts
		}
		return n
	}
	if n < 0 {
		return Count(s, sep) + 1
	}
	parts := 1
	for parts < n {
		i := rt.Index(s, sep)
		if i < 0 {
			break
		}
		parts++
		s = s[i+len(sep):]
	}
	return parts
}
