// Package bytes works on slices of bytes as package strings does on strings.
//
// What the two share is in internal/stringslite and works on strings: view
// makes one of a slice without copying.
package bytes

import (
	"x/internal/bytealg"
	"x/internal/rt"
	"x/internal/stringslite"
	"x/unicode"
	"x/unicode/utf8"
	"unsafe"
)

func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Equal reports whether a and b have the same bytes; nil equals empty.
func Equal(a, b []byte) bool { return string(a) == string(b) }

// Compare returns -1, 0 or 1 as a is less than, equal to or greater than b.
func Compare(a, b []byte) int { return compare(a, b) }

//go:noinline
func compare(a, b []byte) int { return stringslite.Compare(view(a), view(b)) }

// Clone returns a copy of b, nil of nil.
func Clone(b []byte) []byte {
	if b == nil {
		return nil
	}
	return append([]byte{}, b...)
}

// Contains reports whether subslice is in b.
func Contains(b, subslice []byte) bool { return Index(b, subslice) != -1 }

// ContainsAny reports whether one of the runes of chars is in b.
func ContainsAny(b []byte, chars string) bool { return IndexAny(b, chars) >= 0 }

// ContainsRune reports whether r is in b.
func ContainsRune(b []byte, r rune) bool { return IndexRune(b, r) >= 0 }

// ContainsFunc reports whether f is true for a rune of b.
func ContainsFunc(b []byte, f func(rune) bool) bool { return IndexFunc(b, f) >= 0 }

// Count returns the number of non-overlapping seps in s; for an empty one, the
// number of runes plus 1.
//
//go:noinline
func Count(s, sep []byte) int { return stringslite.Count(view(s), view(sep)) }

// Index returns the index of the first sep in s, -1 if there is none.
//
//go:noinline
func Index(s, sep []byte) int { return rt.Index(view(s), view(sep)) }

// IndexByte returns the index of the first c in b, -1 if there is none.
func IndexByte(b []byte, c byte) int {
	return bytealg.IndexByte(b, c)
}

// IndexRune returns the index of the first r in s; for utf8.RuneError, of the
// first U+FFFD or invalid byte.
//
//go:noinline
func IndexRune(s []byte, r rune) int { return stringslite.IndexRune(view(s), r) }

// IndexAny returns the index of the first rune of s that is in chars.
//
//go:noinline
func IndexAny(s []byte, chars string) int { return stringslite.IndexAny(view(s), chars) }

// IndexFunc returns the index of the first rune of s for which f is true.
func IndexFunc(s []byte, f func(r rune) bool) int { return indexFunc(s, f, true) }

//go:noinline
func indexFunc(s []byte, f func(r rune) bool, want bool) int {
	return stringslite.IndexFunc(view(s), f, want)
}

// LastIndex returns the index of the last sep in s, -1 if there is none.
//
//go:noinline
func LastIndex(s, sep []byte) int { return stringslite.LastIndex(view(s), view(sep)) }

// LastIndexByte returns the index of the last c in s, -1 if there is none.
func LastIndexByte(s []byte, c byte) int { return bytealg.LastIndexByte(s, c) }

// LastIndexAny returns the index of the last rune of s that is in chars.
//
//go:noinline
func LastIndexAny(s []byte, chars string) int { return stringslite.LastIndexAny(view(s), chars) }

// LastIndexFunc returns the index of the last rune of s for which f is true.
func LastIndexFunc(s []byte, f func(r rune) bool) int { return lastIndexFunc(s, f, true) }

//go:noinline
func lastIndexFunc(s []byte, f func(r rune) bool, want bool) int {
	return stringslite.LastIndexFunc(view(s), f, want)
}

// split splits s around sep, keeping the first save bytes of each sep, into at
// most n parts; any number if n is negative.
func split(s, sep []byte, save, n int) [][]byte {
	if n == 0 {
		return nil
	}
	a := make([][]byte, stringslite.SplitCount(view(s), view(sep), n))
	for i := range a {
		if i == len(a)-1 {
			a[i] = s
			break
		}
		size, skip := 0, 0
		if len(sep) == 0 {
			_, size = utf8.DecodeRune(s)
		} else {
			size = rt.Index(view(s), view(sep)) + save
			skip = len(sep) - save
		}
		a[i] = s[:size:size]
		s = s[size+skip:]
	}
	if n := len(a); n > 0 && len(sep) == 0 {
		last := a[n-1]
		a[n-1] = last[:len(last):len(last)]
	}
	return a
}

// SplitN splits s around sep into at most n parts, any number if n is negative.
// An empty sep splits s into its runes.
func SplitN(s, sep []byte, n int) [][]byte { return split(s, sep, 0, n) }

// SplitAfterN is SplitN that leaves sep at the ends of the parts.
func SplitAfterN(s, sep []byte, n int) [][]byte { return split(s, sep, len(sep), n) }

// Split splits s around sep.
func Split(s, sep []byte) [][]byte { return split(s, sep, 0, -1) }

// SplitAfter splits s after each sep.
func SplitAfter(s, sep []byte) [][]byte { return split(s, sep, len(sep), -1) }

// Fields returns the runs of s without white space.
func Fields(s []byte) [][]byte {
	n := 0
	for from, to := stringslite.NextField(view(s), 0); from < to; from, to = stringslite.NextField(view(s), to) {
		n++
	}
	a := make([][]byte, 0, n)
	for from, to := stringslite.NextField(view(s), 0); from < to; from, to = stringslite.NextField(view(s), to) {
		a = append(a, s[from:to:to])
	}
	return a
}

// FieldsFunc returns the runs of s of runes for which f is false.
func FieldsFunc(s []byte, f func(rune) bool) [][]byte {
	bounds := make([][2]int, 0, 32)
	for from, to := stringslite.NextFieldFunc(view(s), 0, f); from < to; from, to = stringslite.NextFieldFunc(view(s), to, f) {
		bounds = append(bounds, [2]int{from, to})
	}
	a := make([][]byte, len(bounds))
	for i, b := range bounds {
		a[i] = s[b[0]:b[1]:b[1]]
	}
	return a
}

// Join joins s with sep between them.
//
//go:noinline
func Join(s [][]byte, sep []byte) []byte {
	if len(s) == 0 {
		return []byte{}
	}
	if len(s) == 1 {
		return append([]byte(nil), s[0]...)
	}
	n := len(sep) * (len(s) - 1)
	for _, e := range s {
		n += len(e)
		if n < 0 {
			panic("bytes: Join output length overflow")
		}
	}
	b := make([]byte, 0, n)
	for i, e := range s {
		if i > 0 {
			b = append(b, sep...)
		}
		b = append(b, e...)
	}
	return b
}

// Repeat returns count copies of b.
//
//go:noinline
func Repeat(b []byte, count int) []byte {
	switch {
	case count < 0:
		panic("bytes: negative Repeat count")
	case count == 0 || len(b) == 0:
		return []byte{}
	case len(b) > (1<<63-1)/count:
		panic("bytes: Repeat output length overflow")
	}
	r := make([]byte, len(b)*count)
	for n := copy(r, b); n < len(r); n *= 2 {
		copy(r[n:], r[:n])
	}
	return r
}

// HasPrefix reports whether s begins with prefix.
func HasPrefix(s, prefix []byte) bool {
	return len(s) >= len(prefix) && Equal(s[:len(prefix)], prefix)
}

// HasSuffix reports whether s ends with suffix.
func HasSuffix(s, suffix []byte) bool {
	return len(s) >= len(suffix) && Equal(s[len(s)-len(suffix):], suffix)
}

// Map returns s with its runes replaced by what mapping returns for them,
// dropped where that is negative.
func Map(mapping func(r rune) rune, s []byte) []byte {
	b := make([]byte, 0, len(s))
	for _, c := range view(s) {
		if r := mapping(c); r >= 0 {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// ascii reports whether s is ASCII.
func ascii(s []byte) bool {
	for _, c := range s {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// flip returns a copy of the ASCII s with the case of its letters from first on changed.
func flip(s []byte, first byte) []byte {
	b := append([]byte{}, s...)
	for i, c := range b {
		if first <= c && c <= first+25 {
			b[i] = c ^ 0x20
		}
	}
	return b
}

// ToUpper returns s in upper case.
func ToUpper(s []byte) []byte {
	if !ascii(s) {
		return Map(unicode.ToUpper, s)
	}
	return flip(s, 'a')
}

// ToLower returns s in lower case.
func ToLower(s []byte) []byte {
	if !ascii(s) {
		return Map(unicode.ToLower, s)
	}
	return flip(s, 'A')
}

// ToTitle returns s in title case, all of it.
func ToTitle(s []byte) []byte { return Map(unicode.ToTitle, s) }

// ToUpperSpecial is ToUpper with the mappings of c first.
func ToUpperSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToUpper, s) }

// ToLowerSpecial is ToLower with the mappings of c first.
func ToLowerSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToLower, s) }

// ToTitleSpecial is ToTitle with the mappings of c first.
func ToTitleSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToTitle, s) }

// ToValidUTF8 returns s with each run of invalid bytes replaced.
func ToValidUTF8(s, replacement []byte) []byte {
	b := make([]byte, 0, len(s)+len(replacement))
	invalid := false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRune(s[i:])
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
	return b
}

// Title returns s with the first letter of each word in title case. What a word
// is, it takes too simply: it is deprecated.
func Title(s []byte) []byte {
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
func TrimLeftFunc(s []byte, f func(r rune) bool) []byte {
	i := indexFunc(s, f, false)
	if i < 0 {
		return nil
	}
	return s[i:]
}

// TrimRightFunc returns s without the runes at its end for which f is true.
func TrimRightFunc(s []byte, f func(r rune) bool) []byte {
	i := lastIndexFunc(s, f, false)
	if i < 0 {
		return s[:0]
	}
	_, n := utf8.DecodeRune(s[i:])
	return s[:i+n]
}

// TrimFunc returns s without the runes at both ends for which f is true.
func TrimFunc(s []byte, f func(r rune) bool) []byte { return TrimRightFunc(TrimLeftFunc(s, f), f) }

// cut returns s[from:to], nil if it is empty.
func cut(s []byte, from, to int) []byte {
	if from == to {
		return nil
	}
	return s[from:to]
}

// Trim returns s without the runes at both ends that are in cutset.
//
//go:noinline
func Trim(s []byte, cutset string) []byte {
	if len(s) == 0 {
		return nil
	}
	if cutset == "" {
		return s
	}
	to := stringslite.TrimRight(view(s), cutset)
	return cut(s, stringslite.TrimLeft(view(s[:to]), cutset), to)
}

// TrimLeft returns s without the runes at its begin that are in cutset.
//
//go:noinline
func TrimLeft(s []byte, cutset string) []byte {
	if len(s) == 0 {
		return nil
	}
	if cutset == "" {
		return s
	}
	return cut(s, stringslite.TrimLeft(view(s), cutset), len(s))
}

// TrimRight returns s without the runes at its end that are in cutset.
//
//go:noinline
func TrimRight(s []byte, cutset string) []byte { return s[:stringslite.TrimRight(view(s), cutset)] }

// TrimSpace returns s without white space around it, nil if nothing is left.
//
//go:noinline
func TrimSpace(s []byte) []byte {
	from, to := stringslite.TrimSpace(view(s))
	return cut(s, from, to)
}

// TrimPrefix returns s without prefix, if it begins with it.
func TrimPrefix(s, prefix []byte) []byte {
	if HasPrefix(s, prefix) {
		return s[len(prefix):]
	}
	return s
}

// TrimSuffix returns s without suffix, if it ends with it.
func TrimSuffix(s, suffix []byte) []byte {
	if HasSuffix(s, suffix) {
		return s[:len(s)-len(suffix)]
	}
	return s
}

// Runes returns the runes of s.
//
//go:noinline
func Runes(s []byte) []rune {
	t := make([]rune, utf8.RuneCount(s))
	i := 0
	for _, r := range view(s) {
		t[i] = r
		i++
	}
	return t
}

// Replace returns a copy of s with the first n olds replaced by new, all if n is
// negative. An empty old stands before each rune and at the end.
func Replace(s, old, new []byte, n int) []byte {
	m := 0
	if n != 0 {
		m = Count(s, old)
	}
	if m == 0 {
		return append([]byte(nil), s...)
	}
	if n < 0 || m < n {
		n = m
	}
	b := make([]byte, 0, len(s)+n*(len(new)-len(old)))
	for i := 0; i < n; i++ {
		at := 0
		if len(old) > 0 {
			at = rt.Index(view(s), view(old))
		} else if i > 0 {
			_, at = utf8.DecodeRune(s)
		}
		b = append(b, s[:at]...)
		b = append(b, new...)
		s = s[at+len(old):]
	}
	return append(b, s...)
}

// ReplaceAll returns a copy of s with all olds replaced by new.
func ReplaceAll(s, old, new []byte) []byte { return Replace(s, old, new, -1) }

// EqualFold reports whether s and t are equal but for case.
//
//go:noinline
func EqualFold(s, t []byte) bool { return stringslite.EqualFold(view(s), view(t)) }

// Cut splits s around the first sep; without one, before is s.
//
//go:noinline
func Cut(s, sep []byte) (before, after []byte, found bool) {
	if i := Index(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, nil, false
}

// CutLast splits s around the last sep; without one, before is s.
//
//go:noinline
func CutLast(s, sep []byte) (before, after []byte, found bool) {
	if i := LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, nil, false
}

// CutPrefix returns s without prefix and whether it began with it.
func CutPrefix(s, prefix []byte) (after []byte, found bool) {
	if !HasPrefix(s, prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// CutSuffix returns s without suffix and whether it ended with it.
func CutSuffix(s, suffix []byte) (before []byte, found bool) {
	if !HasSuffix(s, suffix) {
		return s, false
	}
	return s[:len(s)-len(suffix)], true
}
