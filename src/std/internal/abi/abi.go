// Package abi holds what the library's packages need of the compiler's insides.
package abi

import (
	"internal/rt"
	"unsafe"
)

// NoEscape returns p and hides from escape analysis where it came from.
//
//go:nosplit
//go:nocheckptr
func NoEscape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return unsafe.Pointer(x ^ 0)
}

// A Type describes a type.
type Type rt.Type

// Kind returns t's kind.
func (t *Type) Kind() uint8 { return t.KindByte }

// IsDirectIface reports whether an interface's data word holds the value itself.
func (t *Type) IsDirectIface() bool { return t.Flags&rt.DirectIface != 0 }

// EmptyInterface is the layout of a value of type any.
type EmptyInterface struct {
	Type *Type
	Data unsafe.Pointer
}

// TypeOf returns the dynamic type of a, nil for nil.
func TypeOf(a any) *rt.Type {
	e := *(*EmptyInterface)(unsafe.Pointer(&a))
	return (*rt.Type)(NoEscape(unsafe.Pointer(e.Type)))
}
