package atomic

import (
	"internal/rt"
	"unsafe"
)

// A Value is an atomic variable of any type, always the same.
type Value struct {
	v any // only through the pointer below
}

// slot is where a Value keeps a pointer to what was stored last: in the data
// word of v, whose type word stays nil.
func (v *Value) slot() *unsafe.Pointer { return &(*[2]unsafe.Pointer)(unsafe.Pointer(&v.v))[1] }

// Load returns what was stored last, nil if nothing was.
func (v *Value) Load() (val any) {
	if p := (*any)(LoadPointer(&(*[2]unsafe.Pointer)(unsafe.Pointer(&v.v))[1])); p != nil {
		return *p
	}
	return nil
}

func check(p *any, val any, what string) {
	if val == nil {
		panic("sync/atomic: " + what + " of nil value into Value")
	}
	if p != nil && rt.TypeOf(*p) != rt.TypeOf(val) {
		panic("sync/atomic: " + what + " of inconsistently typed value into Value")
	}
}

// Store stores val, which must not be nil.
//go:noinline
func (v *Value) Store(val any) { v.swap(val, "store") }

// Swap stores new and returns what was there, nil if nothing was.
//
//go:noinline
func (v *Value) Swap(new any) (old any) { return v.swap(new, "swap") }

//go:noinline
func (v *Value) swap(val any, what string) (old any) {
	n := new(any)
	*n = val
	for {
		p := LoadPointer(v.slot())
		check((*any)(p), val, what)
		if CompareAndSwapPointer(v.slot(), p, unsafe.Pointer(n)) {
			if p == nil {
				return nil
			}
			return *(*any)(p)
		}
	}
}

// CompareAndSwap stores new if old, which must be comparable, is there.
func (v *Value) CompareAndSwap(old, new any) (swapped bool) {
	if new == nil {
		panic("sync/atomic: compare and swap of nil value into Value")
	}
	if old != nil && rt.TypeOf(old) != rt.TypeOf(new) {
		panic("sync/atomic: compare and swap of inconsistently typed values")
	}
	n := &new
	for {
		p := LoadPointer(v.slot())
		if p == nil {
			if old != nil {
				return false
			}
		} else {
			if rt.TypeOf(*(*any)(p)) != rt.TypeOf(new) {
				panic("sync/atomic: compare and swap of inconsistently typed value into Value")
			}
			if *(*any)(p) != old {
				return false
			}
		}
		if CompareAndSwapPointer(v.slot(), p, unsafe.Pointer(n)) {
			return true
		}
	}
}
