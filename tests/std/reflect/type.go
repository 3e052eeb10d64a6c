// Package reflect looks into values of any type.
//
// A Type is a type descriptor of the compiler's, a Value an rt.Value: this
// package adds checks and the exported form.
package reflect

import (
	"x/internal/abi"
	"x/internal/rt"
	"x/iter"
	"x/strconv"
	"unsafe"
)

// A Kind is the kind of a type.
type Kind uint

const (
	Invalid Kind = iota
	Bool
	Int
	Int8
	Int16
	Int32
	Int64
	Uint
	Uint8
	Uint16
	Uint32
	Uint64
	Uintptr
	Float32
	Float64
	Complex64
	Complex128
	Array
	Chan
	Func
	Interface
	Map
	Pointer
	Slice
	String
	Struct
	UnsafePointer
)

// Ptr is the old name of Pointer.
const Ptr = Pointer

// kindNames holds the names of the kinds, each ended by a blank.
const kindNames = "invalid bool int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr float32 float64 " +
	"complex64 complex128 array chan func interface map ptr slice string struct unsafe.Pointer "

func (k Kind) String() string {
	start := 0
	n := uint(0)
	for i := 0; i < len(kindNames); i++ {
		if kindNames[i] == ' ' {
			if n == uint(k) {
				return kindNames[start:i]
			}
			n++
			start = i + 1
		}
	}
	return "kind" + strconv.Itoa(int(k))
}

// A ChanDir is the direction of a channel type.
type ChanDir int

const (
	RecvDir ChanDir             = 1 << iota // <-chan
	SendDir                                 // chan<-
	BothDir = RecvDir | SendDir             // chan
)

func (d ChanDir) String() string {
	switch d {
	case SendDir:
		return "chan<-"
	case RecvDir:
		return "<-chan"
	case BothDir:
		return "chan"
	}
	return "ChanDir" + strconv.Itoa(int(d))
}

// A Type is a Go type. Types are equal if they are identical.
type Type interface {
	Align() int
	FieldAlign() int
	Method(int) Method
	MethodByName(string) (Method, bool)
	NumMethod() int
	Name() string
	PkgPath() string
	Size() uintptr
	String() string
	Kind() Kind
	Implements(u Type) bool
	AssignableTo(u Type) bool
	ConvertibleTo(u Type) bool
	Comparable() bool
	Bits() int
	ChanDir() ChanDir
	CanSeq() bool
	CanSeq2() bool
	Fields() iter.Seq[StructField]
	Methods() iter.Seq[Method]
	Ins() iter.Seq[Type]
	Outs() iter.Seq[Type]
	IsVariadic() bool
	Elem() Type
	Field(i int) StructField
	FieldByIndex(index []int) StructField
	FieldByName(name string) (StructField, bool)
	FieldByNameFunc(match func(string) bool) (StructField, bool)
	In(i int) Type
	Key() Type
	Len() int
	NumField() int
	NumIn() int
	NumOut() int
	Out(i int) Type
	OverflowComplex(x complex128) bool
	OverflowFloat(x float64) bool
	OverflowInt(x int64) bool
	OverflowUint(x uint64) bool
	common() *rt.Type
}

// rtype is a type descriptor with the methods of Type.
type rtype struct{ t rt.Type }

func toType(t *rt.Type) Type {
	if t == nil {
		return nil
	}
	return toRType(t)
}

func toRType(t *rt.Type) *rtype { return (*rtype)(unsafe.Pointer(t)) }

// TypeOf returns the dynamic type of i, nil for nil.
func TypeOf(i any) Type { return toType(abi.TypeOf(i)) }

// TypeFor returns the type T.
func TypeFor[T any]() Type { return (*rtype)(unsafe.Pointer(rt.TypeOf((*T)(nil)).Elem())) }

func (t *rtype) common() *rt.Type { return &t.t }

func (t *rtype) Align() int      { return int(t.t.Align) }
func (t *rtype) FieldAlign() int { return int(t.t.FieldAlign) }
func (t *rtype) Name() string    { return t.t.Name }
func (t *rtype) Size() uintptr   { return t.t.Size }
func (t *rtype) Kind() Kind      { return Kind(t.t.Kind()) }

//go:noinline
func (t *rtype) String() string { return t.t.String }

func (t *rtype) PkgPath() string {
	if t.t.Flags&rt.Named == 0 {
		return ""
	}
	return t.t.PkgPath
}

func (t *rtype) Comparable() bool { return t.t.Flags&rt.IsComparable != 0 }
func (t *rtype) IsVariadic() bool { return t.need(Func, "IsVariadic").Flags&rt.Variadic != 0 }

// need returns the descriptor if t has the kind, and panics otherwise.
func (t *rtype) need(k Kind, method string) *rt.Type {
	if t.Kind() != k {
		panic("reflect: " + method + " of non-" + k.String() + " type " + t.String())
	}
	return &t.t
}

func (t *rtype) Bits() int {
	if k := t.Kind(); k < Int || k > Complex128 {
		panic("reflect: Bits of non-arithmetic Type " + t.String())
	}
	return int(t.t.Size) * 8
}

func (t *rtype) ChanDir() ChanDir {
	if t.Kind() != Chan {
		panic("reflect: ChanDir of non-chan type " + t.String())
	}
	return ChanDir(t.t.Len)
}

func (t *rtype) Elem() Type {
	switch t.Kind() {
	case Array, Chan, Map, Pointer, Slice:
		return toType(t.t.Elem())
	}
	panic("reflect: Elem of invalid type " + t.String())
}

func (t *rtype) Key() Type {
	if t.Kind() != Map {
		panic("reflect: Key of non-map type " + t.String())
	}
	return toType(t.t.Key())
}

func (t *rtype) Len() int {
	if t.Kind() != Array {
		panic("reflect: Len of non-array type " + t.String())
	}
	return t.t.Len
}

func (t *rtype) In(i int) Type  { return toType(t.need(Func, "In").Params()[i]) }
func (t *rtype) Out(i int) Type { return toType(t.need(Func, "Out").Results()[i]) }
func (t *rtype) NumIn() int     { return len(t.need(Func, "NumIn").Params()) }
func (t *rtype) NumOut() int    { return len(t.need(Func, "NumOut").Results()) }

func (t *rtype) OverflowComplex(x complex128) bool {
	if k := t.Kind(); k != Complex64 && k != Complex128 {
		panic("reflect: OverflowComplex of non-complex type " + t.String())
	}
	return Value{rt.Value{Typ: &t.t, Flag: uintptr(t.Kind())}}.OverflowComplex(x)
}

func (t *rtype) OverflowFloat(x float64) bool {
	if k := t.Kind(); k != Float32 && k != Float64 {
		panic("reflect: OverflowFloat of non-float type " + t.String())
	}
	return Value{rt.Value{Typ: &t.t, Flag: uintptr(t.Kind())}}.OverflowFloat(x)
}

func (t *rtype) OverflowInt(x int64) bool {
	if !isInt(t.Kind()) {
		panic("reflect: OverflowInt of non-int type " + t.String())
	}
	return Value{rt.Value{Typ: &t.t, Flag: uintptr(t.Kind())}}.OverflowInt(x)
}

func (t *rtype) OverflowUint(x uint64) bool {
	if !isUint(t.Kind()) {
		panic("reflect: OverflowUint of non-uint type " + t.String())
	}
	return Value{rt.Value{Typ: &t.t, Flag: uintptr(t.Kind())}}.OverflowUint(x)
}

func (t *rtype) Implements(u Type) bool {
	if u == nil {
		panic("reflect: nil type passed to Type.Implements")
	}
	if u.Kind() != Interface {
		panic("reflect: non-interface type passed to Type.Implements")
	}
	return rt.Implements(&t.t, u.common())
}

func (t *rtype) AssignableTo(u Type) bool {
	if u == nil {
		panic("reflect: nil type passed to Type.AssignableTo")
	}
	return assignable(&t.t, u.common())
}

// assignable reports whether a value of type t can be assigned to a variable of type u.
func assignable(t, u *rt.Type) bool {
	if t == u {
		return true
	}
	if u.Kind() == rt.Interface {
		return rt.Implements(t, u)
	}
	if t.Flags&u.Flags&rt.Named != 0 || t.Kind() != u.Kind() {
		return false
	}
	if t.Kind() == rt.Chan && t.Len == int(BothDir) && t.Elem() == u.Elem() {
		return true
	}
	return sameUnderlying(t, u, true)
}

// sameUnderlying reports whether the underlying types of t and u are identical,
// but for tags of struct fields unless tags is set.
func sameUnderlying(t, u *rt.Type, tags bool) bool {
	if t == u {
		return true
	}
	if t.Kind() != u.Kind() {
		return false
	}
	switch Kind(t.Kind()) {
	case Array:
		return t.Len == u.Len && same(t.Elem(), u.Elem(), tags)
	case Chan:
		return t.Len == u.Len && same(t.Elem(), u.Elem(), tags)
	case Func:
		return t.Flags&rt.Variadic == u.Flags&rt.Variadic && sameList(t.Params(), u.Params(), tags) &&
			sameList(t.Results(), u.Results(), tags)
	case Interface:
		return rt.Implements(t, u) && rt.Implements(u, t)
	case Map:
		return same(t.Key(), u.Key(), tags) && same(t.Elem(), u.Elem(), tags)
	case Pointer, Slice:
		return same(t.Elem(), u.Elem(), tags)
	case Struct:
		if t.NumField() != u.NumField() {
			return false
		}
		for i := 0; i < t.NumField(); i++ {
			f, g := t.Field(i), u.Field(i)
			if f.Name != g.Name || f.PkgPath != g.PkgPath || f.Embedded() != g.Embedded() || tags && f.Tag != g.Tag ||
				!same(f.Type, g.Type, tags) {
				return false
			}
		}
	}
	return true
}

// same reports whether t and u are identical, but for tags unless tags is set.
func same(t, u *rt.Type, tags bool) bool {
	if tags || t == u {
		return t == u
	}
	return (t.Flags|u.Flags)&rt.Named == 0 && sameUnderlying(t, u, tags)
}

func sameList(t, u []*rt.Type, tags bool) bool {
	if len(t) != len(u) {
		return false
	}
	for i := range t {
		if !same(t[i], u[i], tags) {
			return false
		}
	}
	return true
}
