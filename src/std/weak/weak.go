// Package weak has pointers that do not keep what they point to alive. Nothing
// is freed yet, so they never become nil.
package weak

import (
	"internal/rt"
	"unsafe"
)

// A Pointer is a weak pointer. Pointers are equal if what they were made from
// was.
type Pointer[T any] struct {
	_ [0]*T
	p unsafe.Pointer
}

// Make returns a weak pointer to what ptr points to.
func Make[T any](ptr *T) Pointer[T] {
	rt.LeakPointer(unsafe.Pointer(ptr))
	return Pointer[T]{p: unsafe.Pointer(ptr)}
}

// Value returns the pointer that p was made from, nil for the zero Pointer.
func (p Pointer[T]) Value() *T { return (*T)(p.p) }
