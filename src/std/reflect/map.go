package reflect

import (
	"internal/rt"
	"unsafe"
)

// MakeMap returns a new map of type typ.
func MakeMap(typ Type) Value { return MakeMapWithSize(typ, 0) }

// MakeMapWithSize returns a new map of type typ with room for n entries.
func MakeMapWithSize(typ Type, n int) Value {
	if typ.Kind() != Map {
		panic("reflect.MakeMapWithSize of non-map type")
	}
	return Value{rt.Value{Typ: typ.common(), Ptr: rt.MakeMap(typ.common(), n), Flag: rt.Map}}
}

// MapIndex returns the element of key in the map v, the zero Value if there is none.
func (v Value) MapIndex(key Value) Value {
	v.within(Map, Map, "MapIndex")
	t := &v.rtype().t
	k := key.assign(t.Key(), "reflect.Value.MapIndex")
	p := rt.MapAccess(t, v.v.Word(), k.At())
	if p == nil {
		return Value{}
	}
	e := v.v.MapEntry(t.Elem(), p)
	e.Flag |= key.v.Flag & rt.FlagRO
	return Value{e}
}

// SetMapIndex sets the element of key in the map v, or deletes it if elem is
// the zero Value.
func (v Value) SetMapIndex(key, elem Value) {
	v.within(Map, Map, "SetMapIndex")
	m := &v.rtype().t
	v.exported("SetMapIndex")
	key.exported("SetMapIndex")
	k := key.assign(m.Key(), "reflect.Value.SetMapIndex")
	if !elem.IsValid() {
		rt.MapDelete(m, v.v.Word(), k.At())
		return
	}
	elem.exported("SetMapIndex")
	t := m.Elem()
	e := elem.assign(t, "reflect.Value.SetMapIndex")
	store(t, rt.MapAssign(m, v.v.Word(), k.At()), e)
}

// MapKeys returns the keys of the map v, in no order.
func (v Value) MapKeys() []Value {
	v.within(Map, Map, "MapKeys")
	keys := make([]Value, 0, v.Len())
	it := MapIter{m: v}
	it.m.v.Typ = &v.rtype().t
	for it.Next() {
		keys = append(keys, it.Key())
	}
	return keys
}

// A MapIter walks over a map.
type MapIter struct {
	m       Value
	started bool
	it      rt.MapIter
}

// MapRange returns an iterator over the map v; Next goes to the first entry.
func (v Value) MapRange() *MapIter {
	v.within(Map, Map, "MapRange")
	return &MapIter{m: v}
}

// Next goes to the next entry, and reports whether there is one.
func (iter *MapIter) Next() bool {
	if !iter.m.IsValid() {
		panic("MapIter.Next called on an iterator that does not have an associated map Value")
	}
	if !iter.started {
		iter.started = true
		rt.MapIterInit(iter.m.v.Typ, iter.m.v.Word(), &iter.it)
	} else {
		if iter.it.Key == nil {
			panic("MapIter.Next called on exhausted iterator")
		}
		rt.MapIterNext(&iter.it)
	}
	return iter.it.Key != nil
}

func (iter *MapIter) at(method string) {
	if !iter.started {
		panic("MapIter." + method + " called before Next")
	}
	if iter.it.Key == nil {
		panic("MapIter." + method + " called on exhausted iterator")
	}
}

// Key returns the key of the entry.
func (iter *MapIter) Key() Value {
	iter.at("Key")
	return Value{iter.m.v.MapEntry(iter.m.v.Typ.Key(), iter.it.Key)}
}

// Value returns the element of the entry.
func (iter *MapIter) Value() Value {
	iter.at("Value")
	return Value{iter.m.v.MapEntry(iter.m.v.Typ.Elem(), iter.it.Elem)}
}

// SetIterKey assigns the key of iter's entry to the variable v.
func (v Value) SetIterKey(iter *MapIter) {
	iter.set("SetIterKey")
	v.setEntry(iter, iter.m.v.Typ.Key(), iter.it.Key, "SetIterKey")
}

// SetIterValue assigns the element of iter's entry to the variable v.
func (v Value) SetIterValue(iter *MapIter) {
	iter.set("SetIterValue")
	v.setEntry(iter, iter.m.v.Typ.Elem(), iter.it.Elem, "SetIterValue")
}

func (iter *MapIter) set(method string) {
	if !iter.started {
		panic("reflect: Value." + method + " called before Next")
	}
	if iter.it.Key == nil {
		panic("reflect: Value." + method + " called on exhausted iterator")
	}
}

func (v Value) setEntry(iter *MapIter, t *rt.Type, p unsafe.Pointer, method string) {
	v.settable(method)
	iter.m.exported(method)
	if v.v.Typ == t {
		rt.Copy(t, v.v.Ptr, p)
		return
	}
	x := Value{iter.m.v.MapEntry(t, p)}
	store(v.v.Typ, v.v.Ptr, x.assign(v.v.Typ, "reflect.MapIter."+method))
}

// Reset makes the iterator walk over v.
func (iter *MapIter) Reset(v Value) {
	if v.IsValid() {
		v.within(Map, Map, "MapRange")
	}
	*iter = MapIter{m: v}
}

// Clear removes all entries of a map, or zeroes the elements of a slice.
func (v Value) Clear() {
	rt.LeakPointer(v.v.Ptr)
	switch v.Kind() {
	case Slice:
		for i := 0; i < v.Len(); i++ {
			e := v.Index(i)
			rt.Copy(e.v.Typ, e.v.Ptr, rt.New(e.v.Typ))
		}
	case Map:
		rt.MapClear(v.v.Typ, v.v.Word())
	default:
		v.bad("Clear")
	}
}
