package fmt

import (
	"x/internal/rt"
	"unsafe"
)

// An entry is a key and an element of a map.
type entry struct{ key, elem rt.Value }

// sortedEntries returns the entries of the map m in the order of their keys.
func sortedEntries(m rt.Value) []entry {
	n := m.Len()
	if n == 0 {
		return nil
	}
	entries := make([]entry, 0, n)
	key, elem := m.Typ.Key(), m.Typ.Elem()
	it := new(rt.MapIter)
	for rt.MapIterInit(m.Typ, m.Word(), it); it.Key != nil; rt.MapIterNext(it) {
		entries = append(entries, entry{m.MapEntry(key, it.Key), m.MapEntry(elem, it.Elem)})
	}
	// Merge sort from runs of one entry on, which keeps equal keys (NaNs) in place.
	from, to := entries, make([]entry, len(entries))
	for run := 1; run < len(from); run *= 2 {
		for lo := 0; lo < len(from); lo += 2 * run {
			mid := min(lo+run, len(from))
			merge(to[lo:], from[lo:mid], from[mid:min(mid+run, len(from))])
		}
		from, to = to, from
	}
	return from
}

// merge merges the sorted a and b into to.
func merge(to, a, b []entry) {
	for i := 0; len(a)+len(b) > 0; i++ {
		if len(a) == 0 || len(b) > 0 && compare(b[0].key, a[0].key) < 0 {
			to[i], b = b[0], b[1:]
		} else {
			to[i], a = a[0], a[1:]
		}
	}
}

func order(less, greater bool) int {
	switch {
	case less:
		return -1
	case greater:
		return 1
	}
	return 0
}

// floats orders floats; NaN is less than all others.
func floats(a, b float64) int { return order(a < b || a != a && b == b, a > b || b != b && a == a) }

// compare orders two keys of one type: numbers and strings as < does, false
// before true, pointers by address, structs and arrays by their parts, nil
// interfaces first and others by type and value.
func compare(a, b rt.Value) int {
	if a.Typ != b.Typ {
		return -1
	}
	switch a.Kind() {
	case rt.Int, rt.Int8, rt.Int16, rt.Int32, rt.Int64:
		x, y := a.Int(), b.Int()
		return order(x < y, x > y)
	case rt.Uint, rt.Uint8, rt.Uint16, rt.Uint32, rt.Uint64, rt.Uintptr:
		x, y := a.Uint(), b.Uint()
		return order(x < y, x > y)
	case rt.String:
		x, y := a.Str(), b.Str()
		return order(x < y, x > y)
	case rt.Float32, rt.Float64:
		return floats(a.Float(), b.Float())
	case rt.Complex64, rt.Complex128:
		x, y := a.Complex(), b.Complex()
		if c := floats(real(x), real(y)); c != 0 {
			return c
		}
		return floats(imag(x), imag(y))
	case rt.Bool:
		x, y := a.Bool(), b.Bool()
		return order(!x && y, x && !y)
	case rt.Pointer, rt.UnsafePointer, rt.Chan:
		x, y := a.Address(), b.Address()
		return order(x < y, x > y)
	case rt.Struct:
		for i := 0; i < a.Typ.NumField(); i++ {
			if c := compare(a.Field(i), b.Field(i)); c != 0 {
				return c
			}
		}
		return 0
	case rt.Array:
		for i := 0; i < a.Len(); i++ {
			if c := compare(a.Index(i), b.Index(i)); c != 0 {
				return c
			}
		}
		return 0
	case rt.Interface:
		x, y := a.Elem(), b.Elem()
		if !x.IsValid() || !y.IsValid() {
			return order(!x.IsValid() && y.IsValid(), x.IsValid() && !y.IsValid())
		}
		if s, t := uintptr(unsafe.Pointer(x.Typ)), uintptr(unsafe.Pointer(y.Typ)); s != t {
			return order(s < t, s > t)
		}
		return compare(x, y)
	}
	panic("bad type in compare: " + a.Typ.String)
}
