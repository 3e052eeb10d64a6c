package rt

import "unsafe"

// ErrorType returns the descriptor of type error.
func ErrorType() *Type { return TypeOf((*error)(nil)).Elem() }

// Comparable reports whether == on values of x's type cannot panic for the
// type's sake.
func Comparable(x any) bool {
	t := TypeOf(x)
	return t == nil || t.Flags&IsComparable != 0
}

// Indirect returns the data word for the value of type t at p.
func Indirect(t *Type, p unsafe.Pointer) unsafe.Pointer {
	if t.Direct() {
		return *(*unsafe.Pointer)(p)
	}
	return p
}

// AssignTo stores x in the variable of type t at p if x's type is t or
// implements t, and reports whether it did.
func AssignTo(x any, p unsafe.Pointer, t *Type) bool {
	if t.Kind() == Interface {
		return StoreInterface(t, p, x)
	}
	if TypeOf(x) != t {
		return false
	}
	data := DataOf(x)
	if t.Direct() {
		*(*unsafe.Pointer)(p) = data
	} else {
		Copy(t, p, data)
	}
	return true
}
