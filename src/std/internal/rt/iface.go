package rt

import "unsafe"

// eface is an empty interface as it lies in memory.
type eface struct {
	typ  *Type
	data unsafe.Pointer
}

// iface is an interface with methods.
type iface struct {
	tab  *itab
	data unsafe.Pointer
}

type itab struct {
	inter, typ *Type
}

// TypeOf returns the dynamic type of x, nil for nil.
func TypeOf(x any) *Type {
	return (*Type)(NoEscape(unsafe.Pointer((*eface)(unsafe.Pointer(&x)).typ)))
}

// DataOf returns x's data word: the value itself if it is direct, else a
// pointer to it.
func DataOf(x any) unsafe.Pointer { return (*eface)(unsafe.Pointer(&x)).data }

// MakeAny puts an interface together.
func MakeAny(t *Type, data unsafe.Pointer) any {
	e := eface{t, data}
	return *(*any)(unsafe.Pointer(&e))
}

// Held returns the Value that v holds if v is a reflect.Value.
func Held(v Value) (Value, bool) {
	if v.Typ.Name == "Value" && v.Typ.PkgPath == "reflect" {
		return *(*Value)(v.Ptr), true
	}
	return Value{}, false
}

// LoadInterface returns what the interface variable of type t at p holds.
func LoadInterface(t *Type, p unsafe.Pointer) any {
	if t.imethods.n == 0 {
		return *(*any)(p)
	}
	i := (*iface)(p)
	if i.tab == nil {
		return nil
	}
	return MakeAny(i.tab.typ, i.data)
}

// StoreInterface stores x in the interface variable of type t at p and
// reports whether x implements t.
func StoreInterface(t *Type, p unsafe.Pointer, x any) bool {
	typ := TypeOf(x)
	if t.imethods.n == 0 {
		*(*any)(p) = x
		return true
	}
	if typ == nil {
		*(*iface)(p) = iface{}
		return true
	}
	tab := Itab(t, typ)
	if tab == nil {
		return false
	}
	*(*iface)(p) = iface{(*itab)(tab), DataOf(x)}
	return true
}

// InterfaceMethod returns the code of method i of what the interface with
// methods at p holds, and its data word; 0 if it is nil.
func InterfaceMethod(p unsafe.Pointer, i int) (code uintptr, data unsafe.Pointer) {
	x := (*iface)(p)
	if x.tab == nil {
		return 0, nil
	}
	return *(*uintptr)(Add(unsafe.Pointer(x.tab), 24+8*uintptr(i))), x.data
}

// Implements reports whether the type t has the methods of the interface inter.
func Implements(t, inter *Type) bool {
	if inter.imethods.n == 0 {
		return true
	}
	if t.KindByte != Interface {
		return Itab(inter, t) != nil
	}
	have := t.IMethods()
	for _, m := range inter.IMethods() {
		for len(have) > 0 && (have[0].Name != m.Name || have[0].PkgPath != m.PkgPath) {
			have = have[1:]
		}
		if len(have) == 0 || have[0].Type != m.Type {
			return false
		}
	}
	return true
}
