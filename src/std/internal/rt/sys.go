// Package rt is the library's only door to the runtime: native functions,
// type descriptors, the words of interfaces, and values described by both.
//
// A function without a body is native: the runtime binds it by its link name,
// internal/rt.Name. NATIVES.md, at the root of the library, says what each
// does. Natives run on the thread's own stack and keep no pointer.
package rt

import "unsafe"

// Write writes n bytes at p to the file descriptor and returns how many it
// wrote, or the negated errno.
//
//go:noescape
func Write(fd int, p unsafe.Pointer, n int) int

// Read reads up to n bytes into p; it returns how many, 0 at the end of the
// file, or the negated errno.
//
//go:noescape
func Read(fd int, p unsafe.Pointer, n int) int

// Exit ends the program.
func Exit(code int)

// Argc returns the number of program arguments, the program's name included.
func Argc() int

// Arg returns argument i, which lives as long as the program.
func Arg(i int) string

// Environ returns entry i of the initial environment, "" beyond its end.
func Environ(i int) string

// Nanotime returns the monotonic clock in nanoseconds; never 0.
func Nanotime() int64

// Walltime returns seconds and nanoseconds since 1970 UTC.
func Walltime() (sec int64, nsec int64)

// FormatFloat writes f as strconv.FormatFloat formats it to buf and returns
// the length of the text; if that exceeds len(buf), it wrote nothing useful.
//
//go:noescape
func FormatFloat(buf []byte, f float64, format byte, prec, bitSize int) int

// ParseFloat parses the longest prefix of s that strconv.ParseFloat accepts,
// stores its value (of bitSize 32 or 64 bits) and returns the prefix's length
// and 0, 1 (out of range: *f is the infinity) or 2 (no such prefix).
//
//go:noescape
func ParseFloat(s string, bitSize int, f *float64) (n, status int)

// Swap stores p in *addr and returns what was there, as one atomic step.
func Swap(addr *unsafe.Pointer, p unsafe.Pointer) unsafe.Pointer

// New returns a zeroed variable of type t.
//
//go:noescape
func New(t *Type) unsafe.Pointer

// NewArray returns n zeroed variables of type t in a row.
//
//go:noescape
func NewArray(t *Type, n int) unsafe.Pointer

// Copy copies a value of type t.
//
//go:noescape
func Copy(t *Type, dst, src unsafe.Pointer)

// Zero makes the variable of type t at p its zero value.
func Zero(t *Type, p unsafe.Pointer) { clear(unsafe.Slice((*byte)(p), t.Size)) }

// Equal compares two values of type t; it panics where == does.
//
//go:noescape
func Equal(t *Type, a, b unsafe.Pointer) bool

// HashOf returns a hash of the value of type t at p: the same for equal values
// while the program runs. It panics where the value has no equality.
//
//go:noescape
func HashOf(t *Type, p unsafe.Pointer) uint64

// Itab returns the itab of the concrete type t for the interface type inter,
// nil if t does not implement it.
//
//go:noescape
func Itab(inter, t *Type) unsafe.Pointer

// MapLen returns the number of entries of the map m.
//
//go:noescape
func MapLen(m unsafe.Pointer) int

// MapAccess returns where the element of the key at k lies in the map m, nil
// if there is none.
//
//go:noescape
func MapAccess(t *Type, m, k unsafe.Pointer) unsafe.Pointer

// MakeMap returns a new map with room for n entries.
func MakeMap(t *Type, n int) unsafe.Pointer

// MapAssign returns where the element of the key at k lies in the map m; the
// entry is made if there is none, with a copy of the key.
//
//go:noescape
func MapAssign(t *Type, m, k unsafe.Pointer) unsafe.Pointer

// MapDelete removes the entry of the key at k from the map m.
//
//go:noescape
func MapDelete(t *Type, m, k unsafe.Pointer)

// MapIterInit positions it at the first entry of m.
//
//go:noescape
func MapIterInit(t *Type, m unsafe.Pointer, it *MapIter)

// MapIterNext moves it to the next entry.
//
//go:noescape
func MapIterNext(it *MapIter)

// GrowSlice makes room for append: the array at old has oldCap elements of
// type t and shall have newLen, num more than oldCap. It returns the new
// array with the old elements in it, and its length.
//
//go:noescape
func GrowSlice(old unsafe.Pointer, newLen, oldCap, num int, t *Type) (unsafe.Pointer, int)

// MapClear removes all entries of the map m.
//
//go:noescape
func MapClear(t *Type, m unsafe.Pointer)

// MakeChan returns a new channel of type t.
func MakeChan(t *Type, size int) unsafe.Pointer

// ChanSend sends the value at p.
func ChanSend(c, p unsafe.Pointer)

// ChanRecv receives to p and reports whether the value was sent.
//
//go:noescape
func ChanRecv(c, p unsafe.Pointer) bool

// ChanClose closes the channel.
//
//go:noescape
func ChanClose(c unsafe.Pointer)

// A SelectCase is a case of Select.
type SelectCase struct {
	Chan unsafe.Pointer
	Elem unsafe.Pointer
	Kind uintptr // 1: send, 2: receive
}

// Select waits for one of n cases; the index is -1 if none is ready and there
// is a default.
func Select(cases *SelectCase, n int, hasDefault bool) (chosen int, received bool)

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
