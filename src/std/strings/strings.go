// Package strings works on UTF-8 strings.
//
// What it shares with package bytes is in internal/stringslite.
package strings

import (
	"internal/bytealg"
	"internal/stringslite"
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// Clone returns a copy of s.
func Clone(s string) string { return stringslite.Clone(s) }

// Compare returns -1, 0 or 1 as a is less than, equal to or greater than b.
func Compare(a, b string) int { return bytealg.CompareString(a, b) }

// Contains reports whether substr is in s.
func Contains(s, substr string) bool { return Index(s, substr) >= 0 }

// ContainsAny reports whether one of the runes of chars is in s.
func ContainsAny(s, chars string) bool { return IndexAny(s, chars) >= 0 }

// ContainsRune reports whether r is in s.
func ContainsRune(s string, r rune) bool { return IndexRune(s, r) >= 0 }

// ContainsFunc reports whether f is true for a rune of s.
func ContainsFunc(s string, f func(rune) bool) bool { return IndexFunc(s, f) >= 0 }

// Count returns the number of non-overlapping substrs in s; for an empty one,
// the number of runes plus 1.
//
//go:noinline
func Count(s, substr string) int { return stringslite.Count(s, substr) }

// Index returns the index of the first substr in s, -1 if there is none.
func Index(s, substr string) int { return stringslite.Index(s, substr) }

// IndexByte returns the index of the first c in s, -1 if there is none.
func IndexByte(s string, c byte) int { return stringslite.IndexByte(s, c) }

// IndexRune returns the index of the first r in s; for utf8.RuneError, of the
// first U+FFFD or invalid byte.
//
//go:noinline
func IndexRune(s string, r rune) int { return stringslite.IndexRune(s, r) }

// IndexAny returns the index of the first rune of s that is in chars.
//
//go:noinline
func IndexAny(s, chars string) int { return stringslite.IndexAny(s, chars) }

// IndexFunc returns the index of the first rune of s for which f is true.
func IndexFunc(s string, f func(rune) bool) int { return indexFunc(s, f, true) }

// indexFunc returns the index of the first rune of s for which f returns want.
func indexFunc(s string, f func(rune) bool, want bool) int {
	for i, r := range s {
		if f(r) == want {
			return i
		}
	}
	return -1
}

// LastIndex returns the index of the last substr in s, -1 if there is none.
//
//go:noinline
func LastIndex(s, substr string) int { return stringslite.LastIndex(s, substr) }

// LastIndexByte returns the index of the last c in s, -1 if there is none.
func LastIndexByte(s string, c byte) int { return bytealg.LastIndexByteString(s, c) }

// LastIndexAny returns the index of the last rune of s that is in chars.
//
//go:noinline
func LastIndexAny(s, chars string) int { return stringslite.LastIndexAny(s, chars) }

// LastIndexFunc returns the index of the last rune of s for which f is true.
func LastIndexFunc(s string, f func(rune) bool) int { return lastIndexFunc(s, f, true) }

//go:noinline
func lastIndexFunc(s string, f func(rune) bool, want bool) int {
	return stringslite.LastIndexFunc(s, f, want)
}

// split splits s around sep, keeping the first save bytes of each sep, into at
// most n parts; any number if n is negative.
func split(s, sep string, save, n int) []string {
	if n == 0 {
		return nil
	}
	a := make([]string, stringslite.SplitCount(s, sep, n))
	for i := range a {
		size, skip := len(s), 0
		if i < len(a)-1 {
			if sep == "" {
				_, size = utf8.DecodeRuneInString(s)
			} else {
				size = stringslite.Index(s, sep)
				skip = len(sep) - save
				size += save
			}
		}
		a[i] = s[:size]
		s = s[min(size+skip, len(s)):]
	}
	return a
}

// SplitN splits s around sep into at most n parts, any number if n is negative.
// An empty sep splits s into its runes.
func SplitN(s, sep string, n int) []string { return split(s, sep, 0, n) }

// SplitAfterN is SplitN that leaves sep at the ends of the parts.
func SplitAfterN(s, sep string, n int) []string { return split(s, sep, len(sep), n) }

// Split splits s around sep.
func Split(s, sep string) []string { return split(s, sep, 0, -1) }

// SplitAfter splits s after each sep.
func SplitAfter(s, sep string) []string { return split(s, sep, len(sep), -1) }

// Fields returns the runs of s without white space.
func Fields(s string) []string {
	n := 0
	for from, to := stringslite.NextField(s, 0); from < to; from, to = stringslite.NextField(s, to) {
		n++
	}
	a := make([]string, 0, n)
	for from, to := stringslite.NextField(s, 0); from < to; from, to = stringslite.NextField(s, to) {
		a = append(a, s[from:to])
	}
	return a
}

// FieldsFunc returns the runs of s of runes for which f is false.
func FieldsFunc(s string, f func(rune) bool) []string {
	bounds := make([][2]int, 0, 32)
	for from, to := stringslite.NextFieldFunc(s, 0, f); from < to; from, to = stringslite.NextFieldFunc(s, to, f) {
		bounds = append(bounds, [2]int{from, to})
	}
	a := make([]string, len(bounds))
	for i, b := range bounds {
		a[i] = s[b[0]:b[1]]
	}
	return a
}

// Join joins elems with sep between them.
//
//go:noinline
func Join(elems []string, sep string) string {
	switch len(elems) {
	case 0:
		return ""
	case 1:
		return elems[0]
	}
	n := len(sep) * (len(elems) - 1)
	for _, e := range elems {
		n += len(e)
		if n < 0 {
			panic("strings: Join output length overflow")
		}
	}
	b := make([]byte, 0, n)
	for i, e := range elems {
		if i > 0 {
			b = append(b, sep...)
		}
		b = append(b, e...)
	}
	return own(b)
}

// own makes a string of b, which must not change any more.
func own(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Repeat returns count copies of s.
//
//go:noinline
func Repeat(s string, count int) string {
	switch {
	case count < 0:
		panic("strings: negative Repeat count")
	case count == 0 || s == "":
		return ""
	case count == 1:
		return s
	case len(s) > (1<<63-1)/count:
		panic("strings: Repeat output length overflow")
	}
	b := make([]byte, len(s)*count)
	for n := copy(b, s); n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
	return own(b)
}

// HasPrefix reports whether s begins with prefix.
func HasPrefix(s, prefix string) bool { return stringslite.HasPrefix(s, prefix) }

// HasSuffix reports whether s ends with suffix.
func HasSuffix(s, suffix string) bool { return stringslite.HasSuffix(s, suffix) }

// Map returns s with its runes replaced by what mapping returns for them,
// dropped where that is negative.
func Map(mapping func(rune) rune, s string) string {
	for i, c := range s {
		r := mapping(c)
		if r == c && c != utf8.RuneError {
			continue
		}
		if r == c {
			// An encoded U+FFFD stays; an invalid byte becomes one.
			if _, n := utf8.DecodeRuneInString(s[i:]); n > 1 {
				continue
			}
		}
		// What there is room for is rounded up.
		b := append([]byte(nil), make([]byte, len(s)+utf8.UTFMax)...)
		b = append(b[:0], s[:i]...)
		if r >= 0 {
			b = utf8.AppendRune(b, r)
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		for _, c := range s[i+n:] {
			if r := mapping(c); r >= 0 {
				b = utf8.AppendRune(b, r)
			}
		}
		return own(b)
	}
	return s
}

// ascii reports whether s is ASCII, and whether it has letters of a case.
func ascii(s string) (is, hasUpper, hasLower bool) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			return false, false, false
		}
		hasUpper = hasUpper || 'A' <= c && c <= 'Z'
		hasLower = hasLower || 'a' <= c && c <= 'z'
	}
	return true, hasUpper, hasLower
}

// flip changes the case of the letters of the ASCII string s from first on.
func flip(s string, first byte) string {
	b := []byte(s)
	for i, c := range b {
		if first <= c && c <= first+25 {
			b[i] = c ^ 0x20
		}
	}
	return own(b)
}

// ToUpper returns s in upper case.
func ToUpper(s string) string {
	is, _, hasLower := ascii(s)
	switch {
	case !is:
		return Map(unicode.ToUpper, s)
	case !hasLower:
		return s
	}
	return flip(s, 'a')
}

// ToLower returns s in lower case.
func ToLower(s string) string {
	is, hasUpper, _ := ascii(s)
	switch {
	case !is:
		return Map(unicode.ToLower, s)
	case !hasUpper:
		return s
	}
	return flip(s, 'A')
}

// ToTitle returns s in title case, all of it.
func ToTitle(s string) string { return Map(unicode.ToTitle, s) }

// ToUpperSpecial is ToUpper with the mappings of c first.
func ToUpperSpecial(c unicode.SpecialCase, s string) string { return Map(c.ToUpper, s) }

// ToLowerSpecial is ToLower with the mappings of c first.
func ToLowerSpecial(c unicode.SpecialCase, s string) string { return Map(c.ToLower, s) }

// ToTitleSpecial is ToTitle with the mappings of c first.
func ToTitleSpecial(c unicode.SpecialCase, s string) string { return Map(c.ToTitle, s) }

// ToValidUTF8 returns s with each run of invalid bytes replaced.
func ToValidUTF8(s, replacement string) string {
	if utf8.ValidString(s) {
		return s
	}
	b := make([]byte, 0, len(s)+len(replacement))
	invalid := false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			if !invalid {
				b = append(b, replacement...)
			}
			invalid = true
		} else {
			b = append(b, s[i:i+n]...)
			invalid = false
		}
		i += n
	}
	return own(b)
}

// Title returns s with the first letter of each word in title case. What a word
// is, it takes too simply: it is deprecated.
func Title(s string) string {
	prev := ' '
	return Map(
		func(r rune) rune {
			p := prev
			prev = r
			if stringslite.Separator(p) {
				return unicode.ToTitle(r)
			}
			return r
		},
		s)
}

// TrimLeftFunc returns s without the runes at its begin for which f is true.
func TrimLeftFunc(s string, f func(rune) bool) string {
	i := indexFunc(s, f, false)
	if i < 0 {
		return ""
	}
	return s[i:]
}

// TrimRightFunc returns s without the runes at its end for which f is true.
func TrimRightFunc(s string, f func(rune) bool) string {
	i := lastIndexFunc(s, f, false)
	if i < 0 {
		return ""
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return s[:i+n]
}

// TrimFunc returns s without the runes at both ends for which f is true.
func TrimFunc(s string, f func(rune) bool) string { return TrimRightFunc(TrimLeftFunc(s, f), f) }

// Trim returns s without the runes at both ends that are in cutset.
func Trim(s, cutset string) string {
	s = s[:stringslite.TrimRight(s, cutset)]
	return s[stringslite.TrimLeft(s, cutset):]
}

// TrimLeft returns s without the runes at its begin that are in cutset.
//
//go:noinline
func TrimLeft(s, cutset string) string { return s[stringslite.TrimLeft(s, cutset):] }

// TrimRight returns s without the runes at its end that are in cutset.
//
//go:noinline
func TrimRight(s, cutset string) string { return s[:stringslite.TrimRight(s, cutset)] }

// TrimSpace returns s without white space around it.
//
//go:noinline
func TrimSpace(s string) string {
	from, to := stringslite.TrimSpace(s)
	return s[from:to]
}

// TrimPrefix returns s without prefix, if it begins with it.
func TrimPrefix(s, prefix string) string { return stringslite.TrimPrefix(s, prefix) }

// TrimSuffix returns s without suffix, if it ends with it.
func TrimSuffix(s, suffix string) string { return stringslite.TrimSuffix(s, suffix) }

// Replace returns s with the first n olds replaced by new, all if n is negative.
// An empty old stands before each rune and at the end.
func Replace(s, old, new string, n int) string {
	if old == new || n == 0 {
		return s
	}
	m := Count(s, old)
	if m == 0 {
		return s
	}
	if n < 0 || m < n {
		n = m
	}
	b := make([]byte, 0, len(s)+n*(len(new)-len(old)))
	for i := 0; i < n; i++ {
		at := 0
		if old != "" {
			at = stringslite.Index(s, old)
		} else if i > 0 {
			_, at = utf8.DecodeRuneInString(s)
		}
		b = append(b, s[:at]...)
		b = append(b, new...)
		s = s[at+len(old):]
	}
	b = append(b, s...)
	return own(b)
}

// ReplaceAll returns s with all olds replaced by new.
func ReplaceAll(s, old, new string) string { return Replace(s, old, new, -1) }

// EqualFold reports whether s and t are equal but for case.
//
//go:noinline
func EqualFold(s, t string) bool { return stringslite.EqualFold(s, t) }

// Cut splits s around the first sep; without one, before is s.
func Cut(s, sep string) (before, after string, found bool) { return stringslite.Cut(s, sep) }

// CutLast splits s around the last sep; without one, before is s.
func CutLast(s, sep string) (before, after string, found bool) {
	if i := LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// CutPrefix returns s without prefix and whether it began with it.
func CutPrefix(s, prefix string) (after string, found bool) { return stringslite.CutPrefix(s, prefix) }

// CutSuffix returns s without suffix and whether it ended with it.
func CutSuffix(s, suffix string) (before string, found bool) {
	return stringslite.CutSuffix(s, suffix)
}
