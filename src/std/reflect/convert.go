package reflect

import (
	"internal/rt"
	"strconv"
	"unsafe"
)

func isInt(k Kind) bool  { return k >= Int && k <= Int64 }
func isUint(k Kind) bool { return k >= Uint && k <= Uintptr }

func (t *rtype) ConvertibleTo(u Type) bool {
	if u == nil {
		panic("reflect: nil type passed to Type.ConvertibleTo")
	}
	return convertible(&t.t, u.common())
}

// class groups kinds that convert to each other.
func class(k Kind) int {
	switch {
	case isInt(k) || isUint(k) || k == Float32 || k == Float64:
		return 1
	case k == Complex64 || k == Complex128:
		return 2
	}
	return 0
}

func textElem(t *rt.Type) Kind {
	if t.Kind() != rt.Slice || t.Elem().PkgPath != "" {
		return Invalid
	}
	if k := Kind(t.Elem().Kind()); k == Uint8 || k == Int32 {
		return k
	}
	return Invalid
}

func convertible(t, u *rt.Type) bool {
	a, b := Kind(t.Kind()), Kind(u.Kind())
	switch {
	case class(a) != 0 && class(a) == class(b):
		return true
	case b == String && (isInt(a) || isUint(a) || textElem(t) != Invalid):
		return true
	case a == String && textElem(u) != Invalid:
		return true
	case a == Slice && (b == Array || b == Pointer):
		if _, ok := arrayLen(t, u); ok {
			return true
		}
	case a == Pointer && b == Pointer && t.Flags&rt.Named == 0 && u.Flags&rt.Named == 0 && sameUnderlying(t.Elem(), u.Elem(), false):
		return true
	}
	return sameUnderlying(t, u, false) || assignable(t, u)
}

// CanConvert reports whether Convert will do.
func (v Value) CanConvert(t Type) bool {
	if !v.Type().ConvertibleTo(t) {
		return false
	}
	n, ok := arrayLen(v.typ(), t.common())
	return !ok || n <= v.Len()
}

// arrayLen returns the length of the array u, or of what the pointer u points
// to, if the slice type t converts to it.
func arrayLen(t, u *rt.Type) (n int, ok bool) {
	if t.Kind() != rt.Slice {
		return 0, false
	}
	if u.Kind() == rt.Pointer {
		u = u.Elem()
	}
	if u.Kind() != rt.Array || t.Elem() != u.Elem() {
		return 0, false
	}
	return u.Len, true
}

// Convert returns v converted to type t.
func (v Value) Convert(t Type) Value {
	v = v.bind("Convert")
	u := t.common()
	if !convertible(v.v.Typ, u) {
		panic("reflect.Value.Convert: value of type " + v.v.Typ.String + " cannot be converted to type " + u.String)
	}
	a, b := v.Kind(), Kind(u.Kind())
	if b == Interface {
		out := v.assign(u, "reflect.Value.Convert")
		out.Flag |= v.v.Flag & rt.FlagRO
		return Value{out}
	}
	p := rt.New(u)
	out := Value{rt.Value{Typ: u, Ptr: p, Flag: uintptr(b) | rt.FlagIndir | rt.FlagAddr}}
	switch {
	case class(a) == 1 && class(b) == 1:
		switch {
		case isInt(a) && isInt(b):
			out.SetInt(v.Int())
		case isInt(a) && isUint(b):
			out.SetUint(uint64(v.Int()))
		case isInt(a):
			out.SetFloat(float64(v.Int()))
		case isUint(a) && isInt(b):
			out.SetInt(int64(v.Uint()))
		case isUint(a) && isUint(b):
			out.SetUint(v.Uint())
		case isUint(a):
			out.SetFloat(float64(v.Uint()))
		case isInt(b):
			out.SetInt(int64(v.Float()))
		case isUint(b):
			out.SetUint(uint64(v.Float()))
		default:
			out.SetFloat(v.Float())
		}
	case class(a) == 2 && class(b) == 2:
		out.SetComplex(v.Complex())
	case b == String && isInt(a):
		s := "\uFFFD"
		if x := v.Int(); int64(rune(x)) == x {
			s = string(rune(x))
		}
		out.SetString(s)
	case b == String && isUint(a):
		s := "\uFFFD"
		if x := v.Uint(); uint64(rune(x)) == x {
			s = string(rune(x))
		}
		out.SetString(s)
	case b == String && textElem(v.v.Typ) == Uint8:
		out.SetString(string(*(*[]byte)(v.v.Ptr)))
	case b == String && textElem(v.v.Typ) == Int32:
		out.SetString(string(*(*[]rune)(v.v.Ptr)))
	case a == String && textElem(u) == Uint8:
		*(*[]byte)(p) = []byte(v.v.Str())
	case a == String && textElem(u) == Int32:
		*(*[]rune)(p) = []rune(v.v.Str())
	case a == Slice && (b == Array || b == Pointer):
		n, _ := arrayLen(v.v.Typ, u)
		s := (*slice)(v.v.Ptr)
		if n > s.n {
			to := " to array with length "
			if b == Pointer {
				to = " to pointer to array with length "
			}
			panic("reflect: cannot convert slice with length " + strconv.Itoa(s.n) + to + strconv.Itoa(n))
		}
		if b == Pointer {
			*(*unsafe.Pointer)(p) = s.at
		} else {
			rt.Copy(u, p, s.at)
		}
	default:
		x := v.v
		x.Typ = u
		if x.Flag&rt.FlagIndir != 0 {
			rt.Copy(u, p, x.Ptr)
		} else {
			*(*unsafe.Pointer)(p) = x.Ptr
		}
	}
	c := at(u, p)
	c.v.Flag |= v.v.Flag & rt.FlagRO
	return c
}
