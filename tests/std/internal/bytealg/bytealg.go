// Package bytealg holds searches and comparisons of bytes.
package bytealg

import (
	"x/internal/rt"
	"unsafe"
)

// LastIndexByteString returns the index of the last c in s, -1 if there is none.
func LastIndexByteString(s string, c byte) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// LastIndexByte is LastIndexByteString for bytes.
func LastIndexByte(s []byte, c byte) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// IndexByte returns the index of the first c in b, -1 if there is none.
//
//go:noinline
func IndexByte(b []byte, c byte) int {
	return rt.IndexByte(unsafe.String(unsafe.SliceData(b), len(b)), c)
}

// CompareString returns -1, 0 or 1 as a is less than, equal to or greater than b.
func CompareString(a, b string) int { return compare(a, b) }

// compare lets its parameters escape, as Go's does for want of a body.
//
//go:noinline
func compare(a, b string) int {
	rt.Leak(a)
	rt.Leak(b)
	switch {
	case a == b:
		return 0
	case a < b:
		return -1
	}
	return 1
}
