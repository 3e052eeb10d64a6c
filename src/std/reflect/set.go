package reflect

import (
	"internal/rt"
	"unsafe"
)

// assign returns v as a value of type t.
func (v Value) assign(t *rt.Type, context string) rt.Value {
	v = v.bind(context)
	x := v.v
	switch {
	case x.Typ == t:
		return x
	case t.Kind() == rt.Interface:
		p := rt.New(t)
		var held any
		if v.Kind() != Interface || !v.IsNil() {
			held = v.Interface()
		}
		if rt.StoreInterface(t, p, held) {
			return rt.Value{Typ: t, Ptr: p, Flag: rt.Interface | rt.FlagIndir}
		}
	case assignable(x.Typ, t):
		x.Typ = t
		return x
	}
	panic(context + ": value of type " + x.Typ.String + " is not assignable to type " + t.String)
}

// store copies x to the place p.
func store(t *rt.Type, p unsafe.Pointer, x rt.Value) {
	if x.Flag&rt.FlagIndir != 0 {
		rt.Copy(t, p, x.Ptr)
	} else {
		*(*unsafe.Pointer)(p) = x.Ptr
	}
}

// Set assigns x to the variable v.
func (v Value) Set(x Value) {
	v.settable("Set")
	x.exported("Set")
	store(v.v.Typ, v.v.Ptr, x.assign(v.v.Typ, "reflect.Set"))
}

// SetZero sets v to the zero value of its type.
func (v Value) SetZero() {
	v.settable("SetZero")
	rt.Zero(v.v.Typ, v.v.Ptr)
}

func (v Value) SetBool(x bool) {
	v.settable("SetBool")
	v.within(Bool, Bool, "SetBool")
	*(*bool)(v.v.Ptr) = x
}

func (v Value) SetInt(x int64) {
	v.settable("SetInt")
	v.within(Int, Int64, "SetInt")
	setBits(v.v.Ptr, v.v.Typ.Size, uint64(x))
}

func (v Value) SetUint(x uint64) {
	v.settable("SetUint")
	v.within(Uint, Uintptr, "SetUint")
	setBits(v.v.Ptr, v.v.Typ.Size, x)
}

func setBits(p unsafe.Pointer, size uintptr, x uint64) {
	switch size {
	case 1:
		*(*uint8)(p) = uint8(x)
	case 2:
		*(*uint16)(p) = uint16(x)
	case 4:
		*(*uint32)(p) = uint32(x)
	default:
		*(*uint64)(p) = x
	}
}

func (v Value) SetFloat(x float64) {
	v.settable("SetFloat")
	v.within(Float32, Float64, "SetFloat")
	if v.Kind() == Float32 {
		*(*float32)(v.v.Ptr) = float32(x)
	} else {
		*(*float64)(v.v.Ptr) = x
	}
}

func (v Value) SetComplex(x complex128) {
	v.settable("SetComplex")
	v.within(Complex64, Complex128, "SetComplex")
	if v.Kind() == Complex64 {
		*(*complex64)(v.v.Ptr) = complex64(x)
	} else {
		*(*complex128)(v.v.Ptr) = x
	}
}

func (v Value) SetString(x string) {
	v.settable("SetString")
	v.within(String, String, "SetString")
	*(*string)(v.v.Ptr) = x
}

func (v Value) SetBytes(x []byte) {
	v.settable("SetBytes")
	v.within(Slice, Slice, "SetBytes")
	if v.v.Typ.Elem().Kind() != rt.Uint8 {
		panic("reflect.Value.SetBytes of non-byte slice")
	}
	*(*[]byte)(v.v.Ptr) = x
}

func (v Value) SetPointer(x unsafe.Pointer) {
	v.settable("SetPointer")
	v.within(UnsafePointer, UnsafePointer, "SetPointer")
	*(*unsafe.Pointer)(v.v.Ptr) = x
}

// SetLen sets the length of the slice v.
func (v Value) SetLen(n int) {
	v.settable("SetLen")
	v.within(Slice, Slice, "SetLen")
	s := (*slice)(v.v.Ptr)
	if uint(n) > uint(s.cap) {
		panic("reflect: slice length out of range in SetLen")
	}
	s.n = n
}

// SetCap sets the capacity of the slice v.
func (v Value) SetCap(n int) {
	v.settable("SetCap")
	v.within(Slice, Slice, "SetCap")
	s := (*slice)(v.v.Ptr)
	if n < s.n || n > s.cap {
		panic("reflect: slice capacity out of range in SetCap")
	}
	s.cap = n
}

func (v Value) OverflowInt(x int64) bool {
	switch flag(v.v.Flag).kind() {
	case Int, Int8, Int16, Int32, Int64:
		n := 64 - 8*v.v.Typ.Size
		return x != x<<n>>n
	}
	panic(&ValueError{"reflect.Value.OverflowInt", flag(v.v.Flag).kind()})
}

func (v Value) OverflowUint(x uint64) bool {
	switch flag(v.v.Flag).kind() {
	case Uint, Uint8, Uint16, Uint32, Uint64, Uintptr:
		n := 64 - 8*v.v.Typ.Size
		return x != x<<n>>n
	}
	panic(&ValueError{"reflect.Value.OverflowUint", flag(v.v.Flag).kind()})
}

func overflowFloat32(x float64) bool {
	if x < 0 {
		x = -x
	}
	return 0x1.fffffep127 < x && x <= 0x1.fffffffffffffp1023
}

func (v Value) OverflowFloat(x float64) bool {
	switch flag(v.v.Flag).kind() {
	case Float32:
		return overflowFloat32(x)
	case Float64:
		return false
	}
	panic(&ValueError{"reflect.Value.OverflowFloat", flag(v.v.Flag).kind()})
}

func (v Value) OverflowComplex(x complex128) bool {
	switch flag(v.v.Flag).kind() {
	case Complex64:
		return overflowFloat32(real(x)) || overflowFloat32(imag(x))
	case Complex128:
		return false
	}
	panic(&ValueError{"reflect.Value.OverflowComplex", flag(v.v.Flag).kind()})
}

// at returns the value of type t at p, not a variable.
func at(t *rt.Type, p unsafe.Pointer) Value {
	if t.Direct() {
		return Value{rt.Value{Typ: t, Ptr: *(*unsafe.Pointer)(p), Flag: uintptr(t.Kind())}}
	}
	return Value{rt.Value{Typ: t, Ptr: p, Flag: uintptr(t.Kind()) | rt.FlagIndir}}
}

// Zero returns the zero value of type typ.
func Zero(typ Type) Value {
	if typ == nil {
		panic("reflect: Zero(nil)")
	}
	t := &typ.(*rtype).t
	switch {
	case t.Direct():
		return Value{rt.Value{Typ: t, Flag: uintptr(t.Kind())}}
	case t.Size <= unsafe.Sizeof(zeros):
		return at(t, unsafe.Pointer(&zeros))
	}
	return at(t, rt.New(t))
}

// zeros is never written to.
var zeros [1024 / 8]uintptr

// New returns a pointer to a new zeroed variable of type typ.
func New(typ Type) Value {
	if typ == nil {
		panic("reflect: New(nil)")
	}
	return NewAt(typ, rt.New(typ.common()))
}

// NewAt returns p as a pointer to a variable of type typ.
func NewAt(typ Type, p unsafe.Pointer) Value {
	return Value{rt.Value{Typ: rt.PointerTo(&typ.(*rtype).t), Ptr: p, Flag: rt.Pointer}}
}

// MakeSlice returns a new slice of type typ.
func MakeSlice(typ Type, len, cap int) Value {
	if typ.Kind() != Slice {
		panic("reflect.MakeSlice of non-slice type")
	}
	if len < 0 {
		panic("reflect.MakeSlice: negative len")
	}
	if cap < 0 {
		panic("reflect.MakeSlice: negative cap")
	}
	if len > cap {
		panic("reflect.MakeSlice: len > cap")
	}
	s := &slice{rt.NewArray(typ.common().Elem(), cap), len, cap}
	return Value{rt.Value{Typ: typ.common(), Ptr: unsafe.Pointer(s), Flag: rt.Slice | rt.FlagIndir}}
}

// grow makes room for n more elements behind those of s, of elements of type t.
func (s *slice) grow(n int, t *rt.Type) {
	if s.n+n <= s.cap {
		return
	}
	s.at, s.cap = rt.GrowSlice(s.at, s.n+n, s.cap, s.n+n-s.cap, t)
}

// Grow makes room for n more elements in the slice v.
func (v Value) Grow(n int) {
	v.settable("Grow")
	v.within(Slice, Slice, "Grow")
	if n < 0 {
		panic("reflect.Value.Grow: negative len")
	}
	s := (*slice)(v.v.Ptr)
	if s.n+n < 0 {
		panic("reflect.Value.Grow: slice overflow")
	}
	s.grow(n, v.v.Typ.Elem())
}

// grown returns a slice of s's elements with room for n more behind them.
func grown(s Value, n int) Value {
	old := (*slice)(s.v.Ptr)
	out := &slice{old.at, old.n, old.cap}
	out.grow(n, s.v.Typ.Elem())
	return Value{rt.Value{Typ: s.v.Typ, Ptr: unsafe.Pointer(out), Flag: rt.Slice | rt.FlagIndir}}
}

// Append appends x to the slice s.
func Append(s Value, x ...Value) Value {
	s.within(Slice, Slice, "Append")
	s.exported("Append")
	out := grown(s, len(x))
	p := (*slice)(out.v.Ptr)
	for _, v := range x {
		p.n++
		e := out.Index(p.n - 1)
		store(e.v.Typ, e.v.Ptr, v.assign(e.v.Typ, "reflect.Append"))
	}
	return out
}

// AppendSlice appends the elements of t to the slice s.
func AppendSlice(s, t Value) Value {
	rt.LeakPointer(s.v.Ptr)
	s.within(Slice, Slice, "AppendSlice")
	t.within(Slice, Slice, "AppendSlice")
	if s.v.Typ != t.v.Typ {
		panic("reflect.AppendSlice: " + s.v.Typ.String + " != " + t.v.Typ.String)
	}
	out := grown(s, t.Len())
	p := (*slice)(out.v.Ptr)
	n := p.n
	p.n += t.Len()
	for i := 0; i < t.Len(); i++ {
		rt.Copy(s.v.Typ.Elem(), out.Index(n+i).v.Ptr, t.Index(i).v.Ptr)
	}
	return out
}

// Copy copies elements of src to dst until either ends, and returns their number.
func Copy(dst, src Value) int {
	if k := dst.Kind(); k != Array && k != Slice {
		panic(&ValueError{"reflect.Copy", k})
	}
	if dst.Kind() == Array {
		dst.settable("Copy")
	}
	dst.exported("Copy")
	k := src.Kind()
	text := k == String && dst.v.Typ.Elem().Kind() == rt.Uint8
	if !text {
		if k != Array && k != Slice {
			panic(&ValueError{"reflect.Copy", k})
		}
		src.exported("Copy")
		if a, b := dst.v.Typ.Elem(), src.v.Typ.Elem(); a != b {
			panic("reflect.Copy: " + a.String + " != " + b.String)
		}
	}
	n := min(dst.Len(), src.Len())
	if n == 0 {
		return 0
	}
	t := dst.v.Typ.Elem()
	from := src.Index(0).v
	a, b := dst.Index(0).v.Ptr, from.Ptr
	if from.Flag&rt.FlagIndir == 0 {
		b = rt.NoEscape(unsafe.Pointer(&from.Ptr))
	}
	if uintptr(a) <= uintptr(b) {
		for i := 0; i < n; i++ {
			rt.Copy(t, rt.Add(a, uintptr(i)*t.Size), rt.Add(b, uintptr(i)*t.Size))
		}
	} else {
		for i := n - 1; i >= 0; i-- {
			rt.Copy(t, rt.Add(a, uintptr(i)*t.Size), rt.Add(b, uintptr(i)*t.Size))
		}
	}
	return n
}

// Swapper returns a function that swaps elements of a slice.
func Swapper(list any) func(i, j int) {
	v := ValueOf(list)
	if v.Kind() != Slice {
		panic(&ValueError{Method: "Swapper", Kind: v.Kind()})
	}
	s := (*slice)(v.v.Ptr)
	t := v.v.Typ.Elem()
	tmp := rt.New(t)
	return func(i, j int) {
		if uint(i) >= uint(s.n) || uint(j) >= uint(s.n) {
			panic("reflect: slice index out of range")
		}
		a, b := rt.Add(s.at, uintptr(i)*t.Size), rt.Add(s.at, uintptr(j)*t.Size)
		rt.Copy(t, tmp, a)
		rt.Copy(t, a, b)
		rt.Copy(t, b, tmp)
	}
}
