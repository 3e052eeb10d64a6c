// Package weak has pointers that do not keep what they point to alive.
package weak

import (
	"x/internal/rt"
	"unsafe"
)

// A Pointer is a weak pointer: it becomes nil when nothing else refers to the
// object. Pointers are equal if what they were made from was.
type Pointer[T any] struct {
	_ [0]*T
	h *handle
}

// A handle has the address that it was made for, hidden from the collector, which
// clears it.
type handle struct{ p uintptr }

// handleOf returns the only handle of p.
func handleOf(p unsafe.Pointer) *handle { panic("native") }

// Make returns a weak pointer to what ptr points to.
//
//go:noinline
func Make[T any](ptr *T) Pointer[T] {
	rt.LeakPointer(unsafe.Pointer(ptr))
	if ptr == nil {
		return Pointer[T]{}
	}
	return Pointer[T]{h: handleOf(unsafe.Pointer(ptr))}
}

// Value returns the pointer that p was made from, or nil if the object is gone.
func (p Pointer[T]) Value() *T {
	if p.h == nil {
		return nil
	}
	return (*T)(*(*unsafe.Pointer)(unsafe.Pointer(&p.h.p)))
}
