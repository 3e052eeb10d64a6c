package rt

import "unsafe"

// leaking is never set.
var (
	leaking       bool
	leaked        string
	leakedPointer unsafe.Pointer
	leakedAny     any
)

// Leak makes s escape as far as the compiler can see. Functions call it for a
// parameter that escapes in Go's library, where callers' reports must agree.
func Leak(s string) {
	if leaking {
		leaked = s
	}
}

// LeakPointer is Leak for a pointer.
func LeakPointer(p unsafe.Pointer) {
	if leaking {
		leakedPointer = p
	}
}

// LeakAny is Leak for an interface.
func LeakAny(x any) {
	if leaking {
		leakedAny = x
	}
}

// Change changes b as far as the compiler can see. Functions call it for a
// parameter that Go's library gives to assembly, so that callers' strings are
// copied.
func Change(b []byte) {
	if leaking {
		b[0] = 0
	}
}
