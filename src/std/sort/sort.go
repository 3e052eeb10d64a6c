// Package sort sorts collections and searches in sorted ones.
package sort

import (
	"internal/rt"
	"math/bits"
	"slices"
	"unsafe"
)

// An Interface is a collection with elements numbered from 0 on.
type Interface interface {
	// Len is the number of elements.
	Len() int
	// Less reports whether element i must come before element j.
	Less(i, j int) bool
	// Swap exchanges two elements.
	Swap(i, j int)
}

// Sort sorts data; equal elements may change places.
func Sort(data Interface) {
	n := data.Len()
	if n <= 1 {
		return
	}
	o := order{data.Less, data.Swap}
	o.sort(0, n, limit(n))
}

// Stable sorts data and keeps equal elements in order.
func Stable(data Interface) {
	o := order{data.Less, data.Swap}
	o.stable(data.Len())
}

// IsSorted reports whether data is sorted.
func IsSorted(data Interface) bool {
	for i := data.Len() - 1; i > 0; i-- {
		if data.Less(i, i-1) {
			return false
		}
	}
	return true
}

type reverse struct{ Interface }

func (r reverse) Less(i, j int) bool { return r.Interface.Less(j, i) }

// Reverse returns data with the order reversed.
func Reverse(data Interface) Interface { return &reverse{data} }

// A valueError says that a function has no use for a value, as reflect does.
type valueError struct {
	method string
	kind   int
}

func (e *valueError) Error() string {
	return "reflect: call of " + e.method + " on " + rt.KindName(e.kind) + " Value"
}

// length returns the length of x.
func length(x any) int {
	v := rt.ValueOf(x)
	switch v.Kind() {
	case rt.Slice:
		return len(*(*[]byte)(v.Ptr))
	case rt.Array:
		return v.Typ.Len
	case rt.String:
		return len(*(*string)(v.Ptr))
	case rt.Map:
		return rt.MapLen(*(*unsafe.Pointer)(v.Ptr))
	}
	panic(&valueError{"reflectlite.Value.Len", v.Kind()})
}

// elements returns the words of the slice x and the type of its elements.
func elements(x any) (at unsafe.Pointer, n int, t *rt.Type) {
	v := rt.ValueOf(x)
	if v.Kind() != rt.Slice {
		panic(&valueError{"Swapper", v.Kind()})
	}
	s := *(*[]byte)(v.Ptr)
	return unsafe.Pointer(unsafe.SliceData(s)), len(s), v.Typ.Elem()
}

// swapper returns a function that swaps elements of a slice.
func swapper(at unsafe.Pointer, n int, t *rt.Type) func(i, j int) {
	switch {
	case n < 2:
		return func(i, j int) {}
	case t.Size == 8 && t.PtrData == 0:
		s := unsafe.Slice((*uint64)(at), n)
		return func(i, j int) { s[i], s[j] = s[j], s[i] }
	case t.Size == 4 && t.PtrData == 0:
		s := unsafe.Slice((*uint32)(at), n)
		return func(i, j int) { s[i], s[j] = s[j], s[i] }
	case t.Size == 8 && t.PtrData == 8:
		s := unsafe.Slice((*unsafe.Pointer)(at), n)
		return func(i, j int) { s[i], s[j] = s[j], s[i] }
	case t.Kind() == rt.String:
		s := unsafe.Slice((*string)(at), n)
		return func(i, j int) { s[i], s[j] = s[j], s[i] }
	}
	tmp := rt.New(t)
	return func(i, j int) {
		a, b := rt.Add(at, uintptr(i)*t.Size), rt.Add(at, uintptr(j)*t.Size)
		rt.Copy(t, tmp, a)
		rt.Copy(t, a, b)
		rt.Copy(t, b, tmp)
	}
}

// Slice sorts the slice x by less, which takes indices; equal elements may
// change places.
func Slice(x any, less func(i, j int) bool) {
	rt.LeakAny(x)
	at, n, t := elements(x)
	o := order{less, swapper(at, n, t)}
	o.sort(0, n, bits.Len(uint(n)))
}

// SliceStable is Slice that keeps equal elements in order.
func SliceStable(x any, less func(i, j int) bool) {
	rt.LeakAny(x)
	at, n, t := elements(x)
	o := order{less, swapper(at, n, t)}
	o.stable(n)
}

// SliceIsSorted reports whether the slice x is sorted by less.
func SliceIsSorted(x any, less func(i, j int) bool) bool {
	for i := length(x) - 1; i > 0; i-- {
		if less(i, i-1) {
			return false
		}
	}
	return true
}

// IntSlice sorts integers.
type IntSlice []int

func (x IntSlice) Len() int           { return len(x) }
func (x IntSlice) Less(i, j int) bool { return x[i] < x[j] }
func (x IntSlice) Swap(i, j int)      { x[i], x[j] = x[j], x[i] }

// Sort sorts x.
func (x IntSlice) Sort() { Sort(x) }

// Float64Slice sorts floats, NaNs first.
type Float64Slice []float64

func (x Float64Slice) Len() int           { return len(x) }
func (x Float64Slice) Less(i, j int) bool { return x[i] < x[j] || (isNaN(x[i]) && !isNaN(x[j])) }
func (x Float64Slice) Swap(i, j int)      { x[i], x[j] = x[j], x[i] }

func isNaN(f float64) bool { return f != f }

// Sort sorts x.
func (x Float64Slice) Sort() { Sort(x) }

// StringSlice sorts strings.
type StringSlice []string

func (x StringSlice) Len() int           { return len(x) }
func (x StringSlice) Less(i, j int) bool { return x[i] < x[j] }
func (x StringSlice) Swap(i, j int)      { x[i], x[j] = x[j], x[i] }

// Sort sorts x.
func (x StringSlice) Sort() { Sort(x) }

// Ints sorts x.
//
//go:noinline
func Ints(x []int) { slices.Sort(x) }

// Float64s sorts x, NaNs first.
//
//go:noinline
func Float64s(x []float64) { slices.Sort(x) }

// Strings sorts x.
//
//go:noinline
func Strings(x []string) { slices.Sort(x) }

// IntsAreSorted reports whether x is sorted.
func IntsAreSorted(x []int) bool { return slices.IsSorted(x) }

// Float64sAreSorted reports whether x is sorted, NaNs first.
func Float64sAreSorted(x []float64) bool { return slices.IsSorted(x) }

// StringsAreSorted reports whether x is sorted.
func StringsAreSorted(x []string) bool { return slices.IsSorted(x) }
