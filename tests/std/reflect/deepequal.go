package reflect

import (
	"x/internal/rt"
	"unsafe"
)

// A visit is a comparison under way, so that cycles end.
type visit struct {
	a, b unsafe.Pointer
	t    *rt.Type
}

// DeepEqual reports whether x and y are equal, or contain deeply equal things.
func DeepEqual(x, y any) bool {
	if x == nil || y == nil {
		return x == y
	}
	v, w := rt.ValueOf(x), rt.ValueOf(y)
	return v.Typ == w.Typ && deepEqual(v, w, map[visit]bool{})
}

func deepEqual(v, w rt.Value, visited map[visit]bool) bool {
	if !v.IsValid() || !w.IsValid() {
		return v.IsValid() == w.IsValid()
	}
	if v.Typ != w.Typ {
		return false
	}
	k := Kind(v.Kind())
	switch k {
	case Pointer, Map, Slice:
		if v.IsNil() || w.IsNil() {
			return v.IsNil() && w.IsNil()
		}
		p, q := v.Word(), w.Word()
		if k != Slice && p == q {
			return true
		}
		if uintptr(p) > uintptr(q) {
			p, q = q, p
		}
		here := visit{p, q, v.Typ}
		if k != Slice {
			if visited[here] {
				return true
			}
			visited[here] = true
		}
	}
	switch k {
	case Array, Slice:
		n := v.Len()
		if n != w.Len() {
			return false
		}
		if k == Slice && v.Address() == w.Address() {
			return true
		}
		for i := 0; i < n; i++ {
			if !deepEqual(v.Index(i), w.Index(i), visited) {
				return false
			}
		}
		return true
	case Interface:
		return deepEqual(v.Elem(), w.Elem(), visited)
	case Pointer:
		return deepEqual(v.Elem(), w.Elem(), visited)
	case Struct:
		for i := 0; i < v.Typ.NumField(); i++ {
			if !deepEqual(v.Field(i), w.Field(i), visited) {
				return false
			}
		}
		return true
	case Map:
		if v.Len() != w.Len() {
			return false
		}
		it := new(rt.MapIter)
		for rt.MapIterInit(v.Typ, v.Word(), it); it.Key != nil; rt.MapIterNext(it) {
			e := rt.MapAccess(w.Typ, w.Word(), it.Key)
			if e == nil || !deepEqual(v.MapEntry(v.Typ.Elem(), it.Elem), w.MapEntry(w.Typ.Elem(), e), visited) {
				return false
			}
		}
		return true
	case Func:
		return v.IsNil() && w.IsNil()
	}
	return rt.Equal(v.Typ, v.At(), w.At())
}
