// Package bytealg holds searches and comparisons of bytes.
package bytealg

import "internal/rt"

// LastIndexByteString returns the index of the last c in s, -1 if there is none.
func LastIndexByteString(s string, c byte) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == c {
			return i
		}
	}
	return -1
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
