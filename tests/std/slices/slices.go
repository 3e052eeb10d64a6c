// Package slices works on slices of any type.
package slices

import (
	"x/cmp"
	"x/math/bits"
	"unsafe"
)

// Equal reports whether s1 and s2 have the same length and equal elements.
func Equal[S ~[]E, E comparable](s1, s2 S) bool {
	if len(s1) != len(s2) {
		return false
	}
	for i := range s1 {
		if s1[i] != s2[i] {
			return false
		}
	}
	return true
}

// EqualFunc is Equal by eq.
func EqualFunc[S1 ~[]E1, S2 ~[]E2, E1, E2 any](s1 S1, s2 S2, eq func(E1, E2) bool) bool {
	if len(s1) != len(s2) {
		return false
	}
	for i, v1 := range s1 {
		if !eq(v1, s2[i]) {
			return false
		}
	}
	return true
}

// Compare compares s1 and s2 lexically.
func Compare[S ~[]E, E cmp.Ordered](s1, s2 S) int {
	for i := 0; i < min(len(s1), len(s2)); i++ {
		if c := cmp.Compare(s1[i], s2[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(s1), len(s2))
}

// CompareFunc is Compare by cmp.
func CompareFunc[S1 ~[]E1, S2 ~[]E2, E1, E2 any](s1 S1, s2 S2, cmp func(E1, E2) int) int {
	for i, v1 := range s1 {
		if i >= len(s2) {
			return +1
		}
		if c := cmp(v1, s2[i]); c != 0 {
			return c
		}
	}
	if len(s1) < len(s2) {
		return -1
	}
	return 0
}

// Index returns the index of the first v in s, -1 if there is none.
func Index[S ~[]E, E comparable](s S, v E) int {
	for i := range s {
		if v == s[i] {
			return i
		}
	}
	return -1
}

// IndexFunc returns the index of the first element for which f is true, -1 if
// there is none.
func IndexFunc[S ~[]E, E any](s S, f func(E) bool) int {
	for i := range s {
		if f(s[i]) {
			return i
		}
	}
	return -1
}

// Contains reports whether v is in s.
func Contains[S ~[]E, E comparable](s S, v E) bool { return Index(s, v) >= 0 }

// ContainsFunc reports whether f is true for an element of s.
func ContainsFunc[S ~[]E, E any](s S, f func(E) bool) bool { return IndexFunc(s, f) >= 0 }

// overlaps reports whether a and b share elements.
func overlaps[E any](a, b []E) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	size := unsafe.Sizeof(a[0])
	if size == 0 {
		return false
	}
	return uintptr(unsafe.Pointer(&a[0])) <= uintptr(unsafe.Pointer(&b[len(b)-1]))+(size-1) &&
		uintptr(unsafe.Pointer(&b[0])) <= uintptr(unsafe.Pointer(&a[len(a)-1]))+(size-1)
}

// Insert inserts v before s[i] and returns the slice; i may be len(s).
//
//go:noinline
func Insert[S ~[]E, E any](s S, i int, v ...E) S {
	_ = s[i:]
	return Replace(s, i, i, v...)
}

// Delete removes s[i:j] and returns the slice; elements behind it become zero.
func Delete[S ~[]E, E any](s S, i, j int) S {
	_ = s[i:j:len(s)]
	if i == j {
		return s
	}
	old := len(s)
	s = append(s[:i], s[j:]...)
	clear(s[len(s):old])
	return s
}

// DeleteFunc removes the elements for which del is true and returns the slice;
// elements behind it become zero.
func DeleteFunc[S ~[]E, E any](s S, del func(E) bool) S {
	i := IndexFunc(s, del)
	if i == -1 {
		return s
	}
	for j := i + 1; j < len(s); j++ {
		if v := s[j]; !del(v) {
			s[i] = v
			i++
		}
	}
	clear(s[i:])
	return s[:i]
}

// Replace replaces s[i:j] by v and returns the slice; elements behind it become zero.
func Replace[S ~[]E, E any](s S, i, j int, v ...E) S {
	_ = s[i:j]
	tail := s[j:]
	if i == j && len(v) == 0 {
		return s
	}
	n := i + len(v) + len(tail)
	if n > cap(s) {
		// The capacity is what append gives.
		s2 := append(s[:i], make(S, n-i)...)
		copy(s2[i:], v)
		copy(s2[i+len(v):], tail)
		return s2
	}
	old := len(s)
	r := s[:n]
	// Moving the tail first would change v if that lies there.
	if i+len(v) != j && overlaps(r[min(i+len(v), j):max(n, old)], v) {
		v = append([]E(nil), v...)
	}
	copy(r[i+len(v):], tail)
	copy(r[i:], v)
	if n < old {
		clear(s[n:old])
	}
	return r
}

// Clone returns a copy of s, nil of nil.
func Clone[S ~[]E, E any](s S) S {
	if s == nil {
		return nil
	}
	return append(S{}, s...)
}

// Compact replaces runs of equal elements by one; elements behind the result
// become zero.
func Compact[S ~[]E, E comparable](s S) S {
	if len(s) < 2 {
		return s
	}
	for n := 1; n < len(s); n++ {
		if s[n] == s[n-1] {
			rest := s[n:]
			for i := 1; i < len(rest); i++ {
				if rest[i] != rest[i-1] {
					s[n] = rest[i]
					n++
				}
			}
			clear(s[n:])
			return s[:n]
		}
	}
	return s
}

// CompactFunc is Compact by eq; the first of a run stays.
func CompactFunc[S ~[]E, E any](s S, eq func(E, E) bool) S {
	if len(s) < 2 {
		return s
	}
	for n := 1; n < len(s); n++ {
		if eq(s[n], s[n-1]) {
			rest := s[n:]
			for i := 1; i < len(rest); i++ {
				if !eq(rest[i], rest[i-1]) {
					s[n] = rest[i]
					n++
				}
			}
			clear(s[n:])
			return s[:n]
		}
	}
	return s
}

// Grow makes room for n more elements behind s.
func Grow[S ~[]E, E any](s S, n int) S {
	if n < 0 {
		panic("cannot be negative")
	}
	if n -= cap(s) - len(s); n > 0 {
		s = append(s[:cap(s)], make([]E, n)...)[:len(s)]
	}
	return s
}

// Clip returns s without room behind it.
func Clip[S ~[]E, E any](s S) S { return s[:len(s):len(s)] }

// Reverse reverses s.
func Reverse[S ~[]E, E any](s S) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

// Concat returns the elements of all slices in a new one.
func Concat[S ~[]E, E any](slices ...S) S {
	n := 0
	for _, s := range slices {
		n += len(s)
		if n < 0 {
			panic("len out of range")
		}
	}
	out := Grow[S](nil, n)
	for _, s := range slices {
		out = append(out, s...)
	}
	return out
}

// Repeat returns count copies of x in a new slice.
func Repeat[S ~[]E, E any](x S, count int) S {
	if count < 0 {
		panic("cannot be negative")
	}
	hi, lo := bits.Mul(uint(len(x)), uint(count))
	if hi > 0 || lo > ^uint(0)>>1 {
		panic("the result of (len(x) * count) overflows")
	}
	out := make(S, int(lo))
	for n := copy(out, x); n < len(out) && n > 0; n *= 2 {
		copy(out[n:], out[:n])
	}
	return out
}
