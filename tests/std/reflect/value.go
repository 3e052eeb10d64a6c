package reflect

import (
	"x/errors"
	"x/internal/abi"
	"x/internal/rt"
	"unsafe"
)

// A Value is a value of any type, or a variable. It has the layout of rt.Value.
type Value struct{ v rt.Value }

// flag is the Flag of an rt.Value.
type flag uintptr

func (f flag) kind() Kind { return Kind(f & rt.FlagKind) }

// A ValueError is what a method panics with that does not apply to a value.
type ValueError struct {
	Method string
	Kind   Kind
}

func (e *ValueError) Error() string {
	if e.Kind == 0 {
		return "reflect: call of " + e.Method + " on zero Value"
	}
	return "reflect: call of " + e.Method + " on " + e.Kind.String() + " Value"
}

// ValueOf returns the value in i, the zero Value for nil.
func ValueOf(i any) Value {
	if i == nil {
		return Value{}
	}
	return unpackEface(i)
}

// unpackEface is ValueOf in the shape that reports about callers show.
func unpackEface(i any) Value {
	e := (*abi.EmptyInterface)(unsafe.Pointer(&i))
	t := e.Type
	if t == nil {
		return Value{}
	}
	bits := uintptr(t.Kind())
	if !t.IsDirectIface() {
		bits |= rt.FlagIndir
	}
	return Value{rt.Value{(*rt.Type)(t), e.Data, bits}}
}

// bad panics because method does not apply to v.
func (v Value) bad(method string) { panic(&ValueError{"reflect.Value." + method, v.Kind()}) }

// within panics unless v's kind is from lo to hi.
func (v Value) within(lo, hi Kind, method string) {
	if k := v.Kind(); k < lo || k > hi {
		v.bad(method)
	}
}

// exported panics if v was reached through an unexported field.
func (v Value) exported(method string) {
	if v.v.Flag == 0 {
		v.bad(method)
	}
	if v.v.Flag&rt.FlagRO != 0 {
		panic("reflect: reflect.Value." + method + " using value obtained using unexported field")
	}
}

// settable panics unless v is a variable that may be set.
func (v Value) settable(method string) {
	v.exported(method)
	if v.v.Flag&rt.FlagAddr == 0 {
		panic("reflect: reflect.Value." + method + " using unaddressable value")
	}
}

// Kind returns v's kind, Invalid for the zero Value.
func (v Value) Kind() Kind { return flag(v.v.Flag).kind() }

// IsValid reports whether v is not the zero Value.
func (v Value) IsValid() bool { return v.v.Flag != 0 }

// Type returns v's type.
func (v Value) Type() Type {
	// Neither the zero Value nor a method.
	if v.v.Flag-1 < rt.FlagMethod-1 {
		return (*rtype)(abi.NoEscape(unsafe.Pointer(v.v.Typ)))
	}
	return v.typeSlow()
}

//go:noinline
func (v Value) typeSlow() Type {
	if v.v.Flag == 0 {
		v.bad("Type")
	}
	return toType(v.methodType())
}

// rtype returns the type that v has, or whose method it is.
func (v Value) rtype() *rtype { return (*rtype)(rt.NoEscape(unsafe.Pointer(v.v.Typ))) }

// typ returns the type of v, which is valid.
func (v Value) typ() *rt.Type {
	if v.v.Flag&rt.FlagMethod != 0 {
		return v.methodType()
	}
	return (*rt.Type)(rt.NoEscape(unsafe.Pointer(v.v.Typ)))
}

// CanAddr reports whether v is a variable.
func (v Value) CanAddr() bool { return v.v.Flag&rt.FlagAddr != 0 }

// CanSet reports whether v is a variable that may be set.
func (v Value) CanSet() bool { return v.v.Flag&(rt.FlagAddr|rt.FlagRO) == rt.FlagAddr }

// CanInterface reports whether Interface may be called.
func (v Value) CanInterface() bool {
	if v.v.Flag == 0 {
		panic(&ValueError{"reflect.Value.CanInterface", Invalid})
	}
	return v.v.Flag&rt.FlagRO == 0
}

// CanInt reports whether Int applies.
func (v Value) CanInt() bool {
	switch flag(v.v.Flag).kind() {
	case Int, Int8, Int16, Int32, Int64:
		return true
	}
	return false
}

// CanUint reports whether Uint applies.
func (v Value) CanUint() bool {
	switch flag(v.v.Flag).kind() {
	case Uint, Uint8, Uint16, Uint32, Uint64, Uintptr:
		return true
	}
	return false
}

// CanFloat reports whether Float applies.
func (v Value) CanFloat() bool {
	switch flag(v.v.Flag).kind() {
	case Float32, Float64:
		return true
	}
	return false
}

// CanComplex reports whether Complex applies.
func (v Value) CanComplex() bool {
	switch flag(v.v.Flag).kind() {
	case Complex64, Complex128:
		return true
	}
	return false
}

// Interface returns v's value.
func (v Value) Interface() any { return valueInterface(v) }

//go:noinline
func valueInterface(v Value) any {
	if v.v.Flag == 0 {
		v.bad("Interface")
	}
	if v.v.Flag&rt.FlagRO != 0 {
		panic("reflect.Value.Interface: cannot return value obtained from unexported field or method")
	}
	v = v.bind("Interface")
	if v.v.Flag&rt.FlagAddr != 0 && !v.v.Typ.Direct() && v.Kind() != Interface {
		// A variable may change: an interface needs a copy.
		c := rt.New(v.v.Typ)
		rt.Copy(v.v.Typ, c, v.v.Ptr)
		return rt.MakeAny(v.v.Typ, c)
	}
	return v.v.Interface()
}

// TypeAssert is v.Interface().(T).
func TypeAssert[T any](v Value) (T, bool) {
	if v.v.Flag == 0 {
		panic(&ValueError{"reflect.TypeAssert", Invalid})
	}
	if v.v.Flag&rt.FlagRO != 0 {
		panic("reflect.TypeAssert: cannot return value obtained from unexported field or method")
	}
	x, ok := v.Interface().(T)
	return x, ok
}

func (v Value) Bool() bool {
	if flag(v.v.Flag).kind() != Bool {
		v.notBool()
	}
	return *(*bool)(v.v.Ptr)
}

//go:noinline
func (v Value) notBool() { v.bad("Bool") }

func (v Value) Int() int64 {
	switch at := v.v.Ptr; flag(v.v.Flag).kind() {
	case Int8:
		return int64(*(*int8)(at))
	case Int16:
		return int64(*(*int16)(at))
	case Int32:
		return int64(*(*int32)(at))
	case Int:
		return int64(*(*int)(at))
	case Int64:
		return *(*int64)(at)
	}
	panic(&ValueError{"reflect.Value.Int", flag(v.v.Flag).kind()})
}

func (v Value) Uint() uint64 {
	switch at := v.v.Ptr; flag(v.v.Flag).kind() {
	case Uint8:
		return uint64(*(*uint8)(at))
	case Uint16:
		return uint64(*(*uint16)(at))
	case Uint32:
		return uint64(*(*uint32)(at))
	case Uint:
		return uint64(*(*uint)(at))
	case Uintptr:
		return uint64(*(*uintptr)(at))
	case Uint64:
		return *(*uint64)(at)
	}
	panic(&ValueError{"reflect.Value.Uint", flag(v.v.Flag).kind()})
}

func (v Value) Float() float64 {
	switch flag(v.v.Flag).kind() {
	case Float32:
		return float64(*(*float32)(v.v.Ptr))
	case Float64:
		return *(*float64)(v.v.Ptr)
	}
	panic(&ValueError{"reflect.Value.Float", flag(v.v.Flag).kind()})
}

func (v Value) Complex() complex128 {
	switch flag(v.v.Flag).kind() {
	case Complex64:
		return complex128(*(*complex64)(v.v.Ptr))
	case Complex128:
		return *(*complex128)(v.v.Ptr)
	}
	panic(&ValueError{"reflect.Value.Complex", flag(v.v.Flag).kind()})
}

// String returns the string v, or for other kinds a text like <int Value>.
func (v Value) String() string {
	if flag(v.v.Flag).kind() == String {
		return *(*string)(v.v.Ptr)
	}
	return v.stringNonString()
}

func (v Value) stringNonString() string {
	switch v.Kind() {
	case Invalid:
		return "<invalid Value>"
	case String:
		return v.v.Str()
	}
	return "<" + v.typ().String + " Value>"
}

// Bytes returns the bytes of a slice or an addressable array of bytes.
func (v Value) Bytes() []byte {
	if v.v.Typ == bytesType {
		return *(*[]byte)(v.v.Ptr)
	}
	return v.bytesOther()
}

var bytesType = abi.TypeOf([]byte(nil))

func (v Value) bytesOther() []byte {
	switch v.Kind() {
	case Slice:
		if v.v.Typ.Elem().Kind() != rt.Uint8 {
			panic("reflect.Value.Bytes of non-byte slice")
		}
	case Array:
		if v.v.Typ.Elem().Kind() != rt.Uint8 {
			panic("reflect.Value.Bytes of non-byte array")
		}
		if !v.CanAddr() {
			panic("reflect.Value.Bytes of unaddressable byte array")
		}
		return unsafe.Slice((*byte)(v.v.Ptr), v.v.Typ.Len)
	default:
		v.bad("Bytes")
	}
	return *(*[]byte)(v.v.Ptr)
}

// Len returns the length of an array, channel, map, slice, string or pointer to an array.
func (v Value) Len() int {
	if flag(v.v.Flag).kind() == Slice {
		return (*slice)(v.v.Ptr).n
	}
	return v.lenNonSlice()
}

func (v Value) lenNonSlice() int {
	switch v.Kind() {
	case Array, Map, Slice, String:
		return v.v.Len()
	case Chan:
		return len(v.channel())
	case Pointer:
		if e := v.v.Typ.Elem(); e.Kind() == rt.Array {
			return e.Len
		}
		panic("reflect: call of reflect.Value.Len on ptr to non-array Value")
	}
	v.bad("Len")
	return 0
}

// channel views v, a channel, as one of an element type without meaning: good
// for its length and capacity.
func (v Value) channel() chan struct{} {
	c := v.v.Word()
	return *(*chan struct{})(unsafe.Pointer(&c))
}

// Cap returns the capacity of an array, channel, slice or pointer to an array.
func (v Value) Cap() int {
	if flag(v.v.Flag).kind() == Slice {
		return (*slice)(v.v.Ptr).cap
	}
	return v.capNonSlice()
}

func (v Value) capNonSlice() int {
	switch v.Kind() {
	case Array:
		return v.v.Len()
	case Chan:
		return cap(v.channel())
	case Pointer:
		if e := v.v.Typ.Elem(); e.Kind() == rt.Array {
			return e.Len
		}
		panic("reflect: call of reflect.Value.Cap on ptr to non-array Value")
	}
	v.bad("Cap")
	return 0
}

// IsNil reports whether a channel, function, interface, map, pointer or slice is nil.
func (v Value) IsNil() bool {
	switch at := v.v.Ptr; flag(v.v.Flag).kind() {
	case Interface, Slice:
		// The first word tells.
		return *(*unsafe.Pointer)(at) == nil
	case Chan, Func, Map, Pointer, UnsafePointer:
		if v.v.Flag&rt.FlagMethod != 0 {
			return false
		}
		if v.v.Flag&rt.FlagIndir != 0 {
			at = *(*unsafe.Pointer)(at)
		}
		return at == nil
	}
	panic(&ValueError{"reflect.Value.IsNil", flag(v.v.Flag).kind()})
}

// IsZero reports whether v is the zero value of its type.
func (v Value) IsZero() bool {
	switch k := v.Kind(); k {
	case Invalid:
		v.bad("IsZero")
	case Bool:
		return !v.v.Bool()
	case Float32, Float64:
		f := v.v.Float()
		return f == 0 && 1/f > 0
	case Complex64, Complex128:
		c := v.v.Complex()
		return c == 0 && 1/real(c) > 0 && 1/imag(c) > 0
	case Array:
		for i := 0; i < v.v.Len(); i++ {
			if !v.Index(i).IsZero() {
				return false
			}
		}
		return true
	case Struct:
		for i := 0; i < v.NumField(); i++ {
			if f := v.Field(i); !f.IsZero() && v.v.Typ.Field(i).Name != "_" {
				return false
			}
		}
		return true
	case String:
		return v.v.Str() == ""
	case Chan, Func, Interface, Map, Pointer, Slice, UnsafePointer:
		return v.v.IsNil()
	default:
		if k <= Int64 {
			return v.v.Int() == 0
		}
		return v.v.Uint() == 0
	}
	return false
}

// Pointer returns the pointer in v as a number.
func (v Value) Pointer() uintptr {
	switch v.Kind() {
	case Chan, Func, Map, Pointer, Slice, String, UnsafePointer:
		// The number may become a pointer again.
		rt.LeakPointer(v.v.Ptr)
		if v.v.Flag&rt.FlagMethod != 0 {
			return rt.MakeFuncCode(0)
		}
		return v.v.Address()
	}
	v.bad("Pointer")
	return 0
}

// UnsafePointer returns the pointer in v.
func (v Value) UnsafePointer() unsafe.Pointer {
	switch v.Kind() {
	case Slice, String:
		return *(*unsafe.Pointer)(v.v.Ptr)
	case Func:
		code := rt.MakeFuncCode(0)
		if v.v.Flag&rt.FlagMethod == 0 {
			code = v.v.Address()
		}
		return *(*unsafe.Pointer)(unsafe.Pointer(&code))
	case Chan, Map, Pointer, UnsafePointer:
		return v.v.Word()
	}
	v.bad("UnsafePointer")
	return nil
}

// Elem returns what an interface holds or a pointer points to.
func (v Value) Elem() Value {
	if k := v.Kind(); k != Interface && k != Pointer {
		v.bad("Elem")
	}
	return Value{v.v.Elem()}
}

// Indirect returns what v points to, v if it is no pointer.
func Indirect(v Value) Value {
	if v.Kind() != Pointer {
		return v
	}
	return v.Elem()
}

// Addr returns a pointer to the variable v.
func (v Value) Addr() Value {
	if v.v.Flag&rt.FlagAddr == 0 {
		panic("reflect.Value.Addr of unaddressable value")
	}
	return Value{rt.Value{Typ: rt.PointerTo(&v.rtype().t), Ptr: v.v.Ptr, Flag: v.v.Flag&rt.FlagRO | rt.Pointer}}
}

// UnsafeAddr returns the address of the variable v.
func (v Value) UnsafeAddr() uintptr {
	if v.v.Flag&rt.FlagAddr == 0 {
		panic("reflect.Value.UnsafeAddr of unaddressable value")
	}
	rt.LeakPointer(v.v.Ptr)
	return uintptr(v.v.Ptr)
}

// Index returns element i of an array, slice or string.
func (v Value) Index(i int) Value {
	switch v.Kind() {
	case Array, Slice, String:
	default:
		v.bad("Index")
	}
	if uint(i) >= uint(v.v.Len()) {
		panic("reflect: " + v.Kind().String() + " index out of range")
	}
	return Value{v.v.Index(i)}
}

// NumField returns the number of fields of a struct.
//
//go:noinline
func (v Value) NumField() int {
	v.within(Struct, Struct, "NumField")
	return v.v.Typ.NumField()
}

// Field returns field i of a struct.
func (v Value) Field(i int) Value {
	v.within(Struct, Struct, "Field")
	if uint(i) >= uint(v.v.Typ.NumField()) {
		panic("reflect: Field index out of range")
	}
	return Value{v.v.Field(i)}
}

// FieldByIndex returns the field reached by index, through pointers.
func (v Value) FieldByIndex(index []int) Value {
	for i, x := range index {
		if i > 0 && v.Kind() == Pointer && v.v.Typ.Elem().Kind() == rt.Struct {
			if v.IsNil() {
				panic("reflect: indirection through nil pointer to embedded struct")
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v
}

// FieldByName returns the field of that name, the zero Value if there is none.
func (v Value) FieldByName(name string) Value {
	v.within(Struct, Struct, "FieldByName")
	if f, ok := v.rtype().FieldByName(name); ok {
		return v.FieldByIndex(f.Index)
	}
	return Value{}
}

// FieldByNameFunc returns the field whose name matches, the zero Value if there is none.
func (v Value) FieldByNameFunc(match func(string) bool) Value {
	v.within(Struct, Struct, "FieldByNameFunc")
	if f, ok := v.rtype().FieldByNameFunc(match); ok {
		return v.FieldByIndex(f.Index)
	}
	return Value{}
}

// FieldByIndexErr is FieldByIndex with an error in place of a panic for nil pointers.
func (v Value) FieldByIndexErr(index []int) (Value, error) {
	if len(index) == 1 {
		return v.Field(index[0]), nil
	}
	v.within(Struct, Struct, "FieldByIndexErr")
	for i, x := range index {
		if i > 0 && v.Kind() == Pointer && v.v.Typ.Elem().Kind() == rt.Struct {
			if v.IsNil() {
				return Value{}, errors.New("reflect: indirection through nil pointer to embedded struct field " + v.v.Typ.Elem().Name)
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v, nil
}

// InterfaceData returns the words of the interface v.
//
//go:noinline
func (v Value) InterfaceData() [2]uintptr {
	rt.LeakPointer(v.v.Ptr)
	v.within(Interface, Interface, "InterfaceData")
	return *(*[2]uintptr)(v.v.Ptr)
}

// Slice returns v[i:j] of a slice, string or addressable array.
func (v Value) Slice(i, j int) Value {
	if v.Kind() == String {
		s := v.v.Str()
		if i < 0 || j < i || j > len(s) {
			panic("reflect.Value.Slice: string slice index out of bounds")
		}
		p := new(string)
		*p = s[i:j]
		return Value{rt.Value{Typ: v.v.Typ, Ptr: unsafe.Pointer(p), Flag: v.v.Flag &^ rt.FlagAddr}}
	}
	p, t, n := v.elements("Slice")
	if i < 0 || j < i || j > n {
		panic("reflect.Value.Slice: slice index out of bounds")
	}
	return v.cut(p, t, i, j, n)
}

// Slice3 returns v[i:j:k] of a slice or addressable array.
func (v Value) Slice3(i, j, k int) Value {
	p, t, n := v.elements("Slice3")
	if i < 0 || j < i || k < j || k > n {
		panic("reflect.Value.Slice3: slice index out of bounds")
	}
	return v.cut(p, t, i, j, k)
}

// elements returns where the elements of a slice or addressable array are, the
// type of slices of them, and how many there can be.
func (v Value) elements(method string) (p unsafe.Pointer, t *rt.Type, n int) {
	switch v.Kind() {
	case Array:
		if v.v.Flag&rt.FlagAddr == 0 {
			panic("reflect.Value." + method + ": slice of unaddressable array")
		}
		return v.v.Ptr, rt.SliceOf(v.v.Typ.Elem()), v.v.Typ.Len
	case Slice:
		s := (*slice)(v.v.Ptr)
		return s.at, v.v.Typ, s.cap
	}
	v.bad(method)
	return nil, nil, 0
}

// slice is a slice as it lies in memory.
type slice struct {
	at     unsafe.Pointer
	n, cap int
}

// cut makes the slice [i:j:most] of elements at p.
func (v Value) cut(p unsafe.Pointer, t *rt.Type, i, j, most int) Value {
	s := &slice{p, j - i, most - i}
	if s.cap > 0 {
		s.at = rt.Add(p, uintptr(i)*t.Elem().Size)
	}
	return Value{rt.Value{Typ: t, Ptr: unsafe.Pointer(s), Flag: v.v.Flag&rt.FlagRO | rt.FlagIndir | rt.Slice}}
}

// Comparable reports whether v can be compared without panic.
func (v Value) Comparable() bool {
	rt.LeakPointer(v.v.Ptr)
	switch v.Kind() {
	case Invalid:
		return true
	case Interface:
		return v.IsNil() || v.Elem().Comparable()
	case Array:
		for i := 0; i < v.Len(); i++ {
			if !v.Index(i).Comparable() {
				return false
			}
		}
		return true
	case Struct:
		for i := 0; i < v.NumField(); i++ {
			if !v.Field(i).Comparable() {
				return false
			}
		}
		return true
	}
	return v.v.Typ.Flags&rt.IsComparable != 0
}

// Equal reports whether v == u.
func (v Value) Equal(u Value) bool {
	if v.Kind() == Interface {
		v = v.Elem()
	}
	if u.Kind() == Interface {
		u = u.Elem()
	}
	if !v.IsValid() || !u.IsValid() {
		return v.IsValid() == u.IsValid()
	}
	if v.v.Typ != u.v.Typ {
		return false
	}
	if v.v.Typ.Flags&rt.IsComparable == 0 {
		panic("reflect.Value.Equal: values of type " + v.v.Typ.String + " are not comparable")
	}
	return rt.Equal(v.v.Typ, v.v.At(), u.v.At())
}
