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

// TypeOf returns the dynamic type of a, nil for nil.
func TypeOf(a any) *rt.Type {
	return (*rt.Type)(NoEscape(*(*unsafe.Pointer)(unsafe.Pointer(&a))))
}
