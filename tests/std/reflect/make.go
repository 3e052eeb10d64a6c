package reflect

import (
	"x/internal/rt"
	"x/strconv"
	"x/unicode"
	"unsafe"
)

// PointerTo returns the type *t.
func PointerTo(t Type) Type { return (*rtype)(unsafe.Pointer(rt.PointerTo(&t.(*rtype).t))) }

// PtrTo is the old name of PointerTo.
func PtrTo(t Type) Type { return PointerTo(t) }

// SliceOf returns the type []t.
func SliceOf(t Type) Type { return toType(rt.SliceOf(t.common())) }

// ArrayOf returns the type [length]elem.
func ArrayOf(length int, elem Type) Type {
	if length < 0 {
		panic("reflect: negative length passed to ArrayOf")
	}
	e := elem.common()
	if e.Size > 0 && uintptr(length) > ^uintptr(0)/e.Size {
		panic("reflect.ArrayOf: array size would exceed virtual address space")
	}
	return toType(rt.ArrayOf(length, e))
}

// ChanOf returns the channel type with the direction and element type.
func ChanOf(dir ChanDir, t Type) Type {
	if t.Size() >= 1<<16 {
		panic("reflect.ChanOf: element size too large")
	}
	if dir < RecvDir || dir > BothDir {
		panic("reflect.ChanOf: invalid dir")
	}
	return toType(rt.ChanOf(int(dir), t.common()))
}

// MapOf returns the type map[key]elem.
func MapOf(key, elem Type) Type {
	if !key.Comparable() {
		panic("reflect.MapOf: invalid key type " + key.String())
	}
	return toType(rt.MapOf(key.common(), elem.common()))
}

// FuncOf returns the function type with these parameters and results.
func FuncOf(in, out []Type, variadic bool) Type {
	if variadic && (len(in) == 0 || in[len(in)-1].Kind() != Slice) {
		panic("reflect.FuncOf: last arg of variadic func must be slice")
	}
	if len(in)+len(out) > 128 {
		panic("reflect.FuncOf: too many arguments")
	}
	return toType(rt.FuncOf(descriptors(in), descriptors(out), variadic))
}

func descriptors(list []Type) []*rt.Type {
	out := make([]*rt.Type, len(list))
	for i, t := range list {
		out[i] = t.common()
	}
	return out
}

func validFieldName(name string) bool {
	for i, c := range name {
		if c != '_' && !unicode.IsLetter(c) && (i == 0 || !unicode.IsDigit(c)) {
			return false
		}
	}
	return name != ""
}

// StructOf returns the struct type with these fields. It has no methods, even
// if embedded fields have.
func StructOf(fields []StructField) Type {
	list := make([]rt.Field, len(fields))
	seen := map[string]bool{}
	pkg := ""
	size := uintptr(0)
	for i, f := range fields {
		number := strconv.Itoa(i)
		switch {
		case f.Name == "":
			panic("reflect.StructOf: field " + number + " has no name")
		case !validFieldName(f.Name):
			panic("reflect.StructOf: field " + number + " has invalid name")
		case f.Type == nil:
			panic("reflect.StructOf: field " + number + " has no type")
		case f.Anonymous && f.PkgPath != "":
			panic("reflect.StructOf: field \"" + f.Name + "\" is anonymous but has PkgPath set")
		}
		t := f.Type.common()
		if f.PkgPath == "" {
			if c := f.Name[0]; 'a' <= c && c <= 'z' || c == '_' {
				panic("reflect.StructOf: field \"" + f.Name + "\" is unexported but missing PkgPath")
			}
		} else if pkg == "" {
			pkg = f.PkgPath
		} else if pkg != f.PkgPath {
			panic("reflect.StructOf: fields with different PkgPath " + pkg + " and " + f.PkgPath)
		}
		if f.Anonymous {
			checkEmbedded(t, i, len(fields))
		}
		if f.Name != "_" {
			if seen[f.Name] {
				panic("reflect.StructOf: duplicate field " + f.Name)
			}
			seen[f.Name] = true
		}
		start := (size + uintptr(t.Align) - 1) &^ (uintptr(t.Align) - 1)
		if start < size || start+t.Size < start {
			panic("reflect.StructOf: struct size would exceed virtual address space")
		}
		size = start + t.Size
		list[i] = rt.NewField(f.Name, f.PkgPath, t, string(f.Tag), f.Anonymous)
	}
	return toType(rt.StructOf(list))
}

// checkEmbedded panics where Go does not make structs with such embedded fields.
func checkEmbedded(t *rt.Type, i, n int) {
	unexported := func(inter *rt.Type) {
		for _, m := range inter.IMethods() {
			if m.PkgPath != "" {
				panic("reflect: embedded interface with unexported method(s) not implemented")
			}
		}
	}
	switch Kind(t.Kind()) {
	case Pointer:
		if e := t.Elem(); e.Kind() == rt.Pointer || e.Kind() == rt.Interface {
			panic("reflect.StructOf: illegal embedded field type " + t.String)
		}
		if t.NExported > 0 {
			if i > 0 {
				panic("reflect: embedded type with methods not implemented if type is not first field")
			}
			if n > 1 {
				panic("reflect: embedded type with methods not implemented if there is more than one field")
			}
		}
	case Interface:
		unexported(t)
	default:
		if t.NExported > 0 {
			if i > 0 {
				panic("reflect: embedded type with methods not implemented if type is not first field")
			}
			if n > 1 && t.Direct() {
				panic("reflect: embedded type with methods not implemented for non-pointer type")
			}
		}
	}
}

// A SliceHeader is a slice as it lies in memory.
type SliceHeader struct {
	Data uintptr
	Len  int
	Cap  int
}

// A StringHeader is a string as it lies in memory.
type StringHeader struct {
	Data uintptr
	Len  int
}

// SliceAt returns the slice of n elements of type typ at p.
func SliceAt(typ Type, p unsafe.Pointer, n int) Value {
	if n < 0 {
		panic("unsafe.Slice: len out of range")
	}
	if p == nil && n > 0 {
		panic("unsafe.Slice: ptr is nil and len is not zero")
	}
	s := &slice{p, n, n}
	return Value{rt.Value{Typ: rt.SliceOf(typ.common()), Ptr: unsafe.Pointer(s), Flag: rt.Slice | rt.FlagIndir}}
}
