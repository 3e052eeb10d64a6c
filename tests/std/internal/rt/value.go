package rt

import "unsafe"

// A Value is a value described by its type: what reflect.Value is, in the same
// layout. fmt uses it without the weight of package reflect.
//
// Ptr is the value itself if the type is direct and FlagIndir is not set, else
// a pointer to it. Flag 0 marks the zero Value.
type Value struct {
	Typ  *Type
	Ptr  unsafe.Pointer
	Flag uintptr
}

// Bits of Value.Flag; the low five hold the kind.
const (
	FlagKind     = 1<<5 - 1
	FlagStickyRO = 1 << 5 // reached through an unexported field
	FlagEmbedRO  = 1 << 6 // reached through an unexported embedded field
	FlagRO       = FlagStickyRO | FlagEmbedRO
	FlagIndir    = 1 << 7 // Ptr points to the value
	FlagAddr     = 1 << 8 // the value is a variable
	FlagMethod   = 1 << 9 // a method value; its index is above
	MethodShift  = 10
)

// ValueOf describes x; the zero Value for nil.
func ValueOf(x any) Value {
	t := TypeOf(x)
	if t == nil {
		return Value{}
	}
	f := uintptr(t.KindByte)
	if !t.Direct() {
		f |= FlagIndir
	}
	return Value{t, DataOf(x), f}
}

// ro returns FlagStickyRO if v was reached through any unexported field.
func (v Value) ro() uintptr {
	if v.Flag&FlagRO != 0 {
		return FlagStickyRO
	}
	return 0
}

// Kind returns v's kind.
func (v Value) Kind() int { return int(v.Flag & FlagKind) }

// IsValid reports whether v is not the zero Value.
func (v Value) IsValid() bool { return v.Flag != 0 }

// CanInterface reports whether Interface may be called.
func (v Value) CanInterface() bool { return v.Flag&FlagRO == 0 }

// Word returns the pointer a value of pointer shape consists of.
func (v Value) Word() unsafe.Pointer {
	if v.Flag&FlagIndir != 0 {
		return *(*unsafe.Pointer)(v.Ptr)
	}
	return v.Ptr
}

// Interface returns v as an interface; it does not copy a variable.
func (v Value) Interface() any {
	if v.Kind() == Interface {
		return LoadInterface(v.Typ, v.Ptr)
	}
	if v.Typ.Direct() {
		return MakeAny(v.Typ, v.Word())
	}
	return MakeAny(v.Typ, v.Ptr)
}

// Int returns the value of a signed integer.
func (v Value) Int() int64 {
	switch v.Kind() {
	case Int8:
		return int64(*(*int8)(v.Ptr))
	case Int16:
		return int64(*(*int16)(v.Ptr))
	case Int32:
		return int64(*(*int32)(v.Ptr))
	}
	return *(*int64)(v.Ptr)
}

// Uint returns the value of an unsigned integer.
func (v Value) Uint() uint64 {
	switch v.Kind() {
	case Uint8:
		return uint64(*(*uint8)(v.Ptr))
	case Uint16:
		return uint64(*(*uint16)(v.Ptr))
	case Uint32:
		return uint64(*(*uint32)(v.Ptr))
	}
	return *(*uint64)(v.Ptr)
}

// Float returns the value of a float.
func (v Value) Float() float64 {
	if v.Kind() == Float32 {
		return float64(*(*float32)(v.Ptr))
	}
	return *(*float64)(v.Ptr)
}

// Complex returns the value of a complex number.
func (v Value) Complex() complex128 {
	if v.Kind() == Complex64 {
		return complex128(*(*complex64)(v.Ptr))
	}
	return *(*complex128)(v.Ptr)
}

// Bool returns the value of a boolean.
func (v Value) Bool() bool { return *(*bool)(v.Ptr) }

// Str returns the value of a string.
func (v Value) Str() string { return *(*string)(v.Ptr) }

// slice is a slice as it lies in memory.
type slice struct {
	at     unsafe.Pointer
	n, cap int
}

// Len returns the length of an array, map, slice or string.
func (v Value) Len() int {
	switch v.Kind() {
	case Slice, String:
		return (*slice)(v.Ptr).n
	case Map:
		return MapLen(v.Word())
	}
	return v.Typ.Len
}

// IsNil reports whether a pointer, map, channel, function, interface or slice is nil.
func (v Value) IsNil() bool {
	switch v.Kind() {
	case Interface, Slice:
		return *(*unsafe.Pointer)(v.Ptr) == nil
	}
	return v.Word() == nil
}

// Address returns the pointer in a pointer, map, channel, function, slice or string.
func (v Value) Address() uintptr {
	switch v.Kind() {
	case Slice, String:
		return uintptr((*slice)(v.Ptr).at)
	case Func:
		// A function value points to a closure, whose first word is the code.
		if p := v.Word(); p != nil {
			return *(*uintptr)(p)
		}
		return 0
	}
	return uintptr(v.Word())
}

// Bytes returns the elements of a slice or array of bytes.
func (v Value) Bytes() []byte {
	if v.Kind() == Slice {
		return *(*[]byte)(v.Ptr)
	}
	return unsafe.Slice((*byte)(v.At()), v.Typ.Len)
}

// At returns a pointer to the value. A direct value that lies in v itself is
// copied to the heap.
func (v Value) At() unsafe.Pointer {
	if v.Flag&FlagIndir != 0 {
		return v.Ptr
	}
	p := new(unsafe.Pointer)
	*p = v.Ptr
	return unsafe.Pointer(p)
}

// empty is where parts without contents are.
var empty struct{}

// part describes the part of type t at offset off, or v itself if both are direct.
func (v Value) part(t *Type, off uintptr, flag uintptr) Value {
	f := flag | uintptr(t.KindByte)
	if v.Flag&FlagIndir == 0 {
		// v is one pointer and so is its only non-empty part; an empty part
		// may point anywhere.
		if t.Direct() {
			return Value{t, v.Ptr, f}
		}
		return Value{t, unsafe.Pointer(&empty), f | FlagIndir}
	}
	return Value{t, Add(v.Ptr, off), f | FlagIndir}
}

// Index returns element i of an array, slice or string, unchecked.
func (v Value) Index(i int) Value {
	switch v.Kind() {
	case Slice:
		t := v.Typ.elem
		at := Add((*slice)(v.Ptr).at, uintptr(i)*t.Size)
		return Value{t, at, v.Flag&FlagRO | FlagAddr | FlagIndir | uintptr(t.KindByte)}
	case Array:
		t := v.Typ.elem
		return v.part(t, uintptr(i)*t.Size, v.Flag&(FlagRO|FlagAddr))
	}
	t := TypeOf(byte(0))
	return Value{t, Add((*slice)(v.Ptr).at, uintptr(i)), v.Flag&FlagRO | FlagIndir | Uint8}
}

// Field returns field i of a struct, unchecked.
func (v Value) Field(i int) Value {
	f := v.Typ.Field(i)
	flag := v.Flag & (FlagStickyRO | FlagAddr)
	if f.PkgPath != "" {
		if f.embedded != 0 {
			flag |= FlagEmbedRO
		} else {
			flag |= FlagStickyRO
		}
	}
	return v.part(f.Type, f.Offset, flag)
}

// Elem returns what an interface holds or a pointer points to; the zero Value for nil.
func (v Value) Elem() Value {
	if v.Kind() == Interface {
		x := ValueOf(LoadInterface(v.Typ, v.Ptr))
		if x.Flag != 0 {
			x.Flag |= v.ro()
		}
		return x
	}
	p := v.Word()
	if p == nil {
		return Value{}
	}
	t := v.Typ.elem
	return Value{t, p, v.Flag&FlagRO | FlagIndir | FlagAddr | uintptr(t.KindByte)}
}

// MapEntry describes a copy of the key or element of type t at p, in the map v.
func (v Value) MapEntry(t *Type, p unsafe.Pointer) Value {
	f := v.ro() | uintptr(t.KindByte)
	if t.Direct() {
		return Value{t, *(*unsafe.Pointer)(p), f}
	}
	c := New(t)
	Copy(t, c, p)
	return Value{t, c, f | FlagIndir}
}
