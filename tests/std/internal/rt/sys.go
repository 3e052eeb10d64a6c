// Package rt is the library's only door to the runtime: native functions,
// type descriptors, the words of interfaces, and values described by both.
//
// A function without a body is native: the runtime binds it by its link name,
// internal/rt.Name. NATIVES.md, at the root of the library, says what each
// does. Natives run on the thread's own stack and keep no pointer.
package rt

import "unsafe"
















// HashOf returns a hash of the value of type t at p: the same for equal values
// while the program runs. It panics where the value has no equality.
//
func HashOf(t *Type, p unsafe.Pointer) uint64 { panic("native") }









// GrowSlice makes room for append: the array at old has oldCap elements of
// type t and shall have newLen, num more than oldCap. It returns the new
// array with the old elements in it, and its length.
//
func GrowSlice(old unsafe.Pointer, newLen, oldCap, num int, t *Type) (unsafe.Pointer, int) { panic("native") }

// MapClear removes all entries of the map m.
//
func MapClear(t *Type, m unsafe.Pointer) { panic("native") }

// MakeChan returns a new channel of type t.
func MakeChan(t *Type, size int) unsafe.Pointer { panic("native") }

// ChanSend sends the value at p.
func ChanSend(c, p unsafe.Pointer) { panic("native") }

// ChanRecv receives to p and reports whether the value was sent.
//
func ChanRecv(c, p unsafe.Pointer) bool { panic("native") }

// ChanClose closes the channel.
//
func ChanClose(c unsafe.Pointer) { panic("native") }

// A SelectCase is a case of Select.
type SelectCase struct {
	Chan unsafe.Pointer
	Elem unsafe.Pointer
	Kind uintptr // 1: send, 2: receive
}

// Select waits for one of n cases; the index is -1 if none is ready and there
// is a default.
func Select(cases *SelectCase, n int, hasDefault bool) (chosen int, received bool) { panic("native") }

// A MapIter walks over a map. Key is nil at the end.
type MapIter struct {
	Key, Elem unsafe.Pointer
	_         [4]unsafe.Pointer
	_         [6]uintptr
}

// NoEscape returns p and hides from escape analysis where it came from.
//
//go:nosplit
func NoEscape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return unsafe.Pointer(x ^ 0)
}

// NoEscapeString is NoEscape for a string.
func NoEscapeString(s string) string {
	return unsafe.String((*byte)(NoEscape(unsafe.Pointer(unsafe.StringData(s)))), len(s))
}

// Add returns p+n.
func Add(p unsafe.Pointer, n uintptr) unsafe.Pointer { return unsafe.Pointer(uintptr(p) + n) }
