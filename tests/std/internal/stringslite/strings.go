// Package stringslite is the part of strings that other packages may use
// without depending on unicode, and what strings and bytes share.
package stringslite

import (
	"x/internal/rt"
	"unsafe"
)

// View views b as a string.
func View(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func HasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && s[:len(prefix)] == prefix
}

func HasSuffix(s, suffix string) bool {
	return len(s) >= len(suffix) && s[len(s)-len(suffix):] == suffix
}

func IndexByte(s string, c byte) int { return rt.IndexByte(s, c) }

//go:noinline
func Index(s, substr string) int { return rt.Index(s, substr) }

// LastIndex returns the index of the last sep in s, -1 if there is none.
func LastIndex(s, sep string) int {
	n := len(sep)
	if n == 0 {
		return len(s)
	}
	// Compare a rolling sum of n bytes first: the work stays linear.
	sum, want := uint32(0), uint32(0)
	for i := 0; i < n; i++ {
		want += uint32(sep[i])
	}
	for i := len(s) - 1; i >= 0; i-- {
		sum += uint32(s[i])
		if i+n > len(s) {
			continue
		}
		if i+n < len(s) {
			sum -= uint32(s[i+n])
		}
		if sum == want && s[i] == sep[0] && s[i:i+n] == sep {
			return i
		}
	}
	return -1
}

func Cut(s, sep string) (before, after string, found bool) {
	if i := Index(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func CutPrefix(s, prefix string) (after string, found bool) {
	if !HasPrefix(s, prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func CutSuffix(s, suffix string) (before string, found bool) {
	if !HasSuffix(s, suffix) {
		return s, false
	}
	return s[:len(s)-len(suffix)], true
}

func TrimPrefix(s, prefix string) string {
	if HasPrefix(s, prefix) {
		return s[len(prefix):]
	}
	return s
}

func TrimSuffix(s, suffix string) string {
	if HasSuffix(s, suffix) {
		return s[:len(s)-len(suffix)]
	}
	return s
}

func Clone(s string) string {
	if len(s) == 0 {
		return ""
	}
	b := make([]byte, len(s))
	copy(b, s)
	return unsafe.String(&b[0], len(b))
}

// Compare returns -1, 0 or 1 as a is less than, equal to or greater than b.
func Compare(a, b string) int {
	switch {
	case a == b:
		return 0
	case a < b:
		return -1
	}
	return 1
}
