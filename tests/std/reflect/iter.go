package reflect

import (
	"x/internal/rt"
	"x/iter"
)

// yields reports whether a loop may range over functions of type t, with n variables.
func yields(t *rt.Type, n int) bool {
	if t.Kind() != rt.Func || len(t.Params()) != 1 || len(t.Results()) != 0 {
		return false
	}
	y := t.Params()[0]
	return y.Kind() == rt.Func && len(y.Params()) == n && len(y.Results()) == 1 && y.Results()[0].Kind() == rt.Bool
}

func (t *rtype) CanSeq() bool {
	switch k := t.Kind(); k {
	case Array, Slice, Chan, String, Map:
		return true
	case Func:
		return yields(&t.t, 1)
	case Pointer:
		return t.t.Elem().Kind() == rt.Array
	default:
		return isInt(k) || isUint(k)
	}
}

func (t *rtype) CanSeq2() bool {
	switch t.Kind() {
	case Array, Slice, String, Map:
		return true
	case Func:
		return yields(&t.t, 2)
	case Pointer:
		return t.t.Elem().Kind() == rt.Array
	}
	return false
}

// Seq returns an iterator over the values that range over v gives one variable.
func (v Value) Seq() iter.Seq[Value] {
	if v.IsValid() && yields(v.typ(), 1) {
		return func(yield func(Value) bool) {
			v.Call([]Value{MakeFunc(v.Type().In(0), func(in []Value) []Value {
				return []Value{ValueOf(yield(in[0]))}
			})})
		}
	}
	indices := func(n int) iter.Seq[Value] {
		return func(yield func(Value) bool) {
			for i := 0; i < n && yield(ValueOf(i)); i++ {
			}
		}
	}
	switch k := v.Kind(); k {
	case Array, Slice:
		return indices(v.Len())
	case Pointer:
		if e := v.v.Typ.Elem(); e.Kind() == rt.Array {
			return indices(e.Len)
		}
	case String:
		return func(yield func(Value) bool) {
			for i := range v.String() {
				if !yield(ValueOf(i)) {
					return
				}
			}
		}
	case Map:
		return func(yield func(Value) bool) {
			for it := v.MapRange(); it.Next() && yield(it.Key()); {
			}
		}
	case Chan:
		return func(yield func(Value) bool) {
			for {
				x, ok := v.Recv()
				if !ok || !yield(x) {
					return
				}
			}
		}
	default:
		if !isInt(k) && !isUint(k) {
			break
		}
		return func(yield func(Value) bool) {
			n := uint64(0)
			if isUint(k) {
				n = v.Uint()
			} else if x := v.Int(); x > 0 {
				n = uint64(x)
			}
			for i := uint64(0); i < n; i++ {
				p := rt.New(v.v.Typ)
				setBits(p, v.v.Typ.Size, i)
				if !yield(at(v.v.Typ, p)) {
					return
				}
			}
		}
	}
	panic("reflect: " + v.Type().String() + " cannot produce iter.Seq[Value]")
}

// Seq2 returns an iterator over the values that range over v gives two variables.
func (v Value) Seq2() iter.Seq2[Value, Value] {
	if v.IsValid() && yields(v.typ(), 2) {
		return func(yield func(Value, Value) bool) {
			v.Call([]Value{MakeFunc(v.Type().In(0), func(in []Value) []Value {
				return []Value{ValueOf(yield(in[0], in[1]))}
			})})
		}
	}
	elements := func(yield func(Value, Value) bool) {
		a := Indirect(v)
		for i := 0; i < a.Len() && yield(ValueOf(i), a.Index(i)); i++ {
		}
	}
	switch v.Kind() {
	case Pointer:
		if v.v.Typ.Elem().Kind() == rt.Array {
			return elements
		}
	case Array, Slice:
		return elements
	case String:
		return func(yield func(Value, Value) bool) {
			for i, c := range v.String() {
				if !yield(ValueOf(i), ValueOf(c)) {
					return
				}
			}
		}
	case Map:
		return func(yield func(Value, Value) bool) {
			for it := v.MapRange(); it.Next() && yield(it.Key(), it.Value()); {
			}
		}
	}
	panic("reflect: " + v.Type().String() + " cannot produce iter.Seq2[Value, Value]")
}

func (t *rtype) Fields() iter.Seq[StructField] {
	if t.Kind() != Struct {
		panic("reflect: Fields of non-struct type " + t.String())
	}
	return func(yield func(StructField) bool) {
		for i := 0; i < t.NumField() && yield(t.Field(i)); i++ {
		}
	}
}

func (t *rtype) Methods() iter.Seq[Method] {
	return func(yield func(Method) bool) {
		for i := 0; i < t.NumMethod() && yield(t.Method(i)); i++ {
		}
	}
}

func each(list []*rt.Type) iter.Seq[Type] {
	return func(yield func(Type) bool) {
		for _, t := range list {
			if !yield(toType(t)) {
				return
			}
		}
	}
}

func (t *rtype) Ins() iter.Seq[Type]  { return each(t.need(Func, "Ins").Params()) }
func (t *rtype) Outs() iter.Seq[Type] { return each(t.need(Func, "Outs").Results()) }

// Fields returns an iterator over the fields of the struct v and their values.
func (v Value) Fields() iter.Seq2[StructField, Value] {
	t := v.Type()
	if t.Kind() != Struct {
		panic("reflect: Fields of non-struct type " + t.String())
	}
	return func(yield func(StructField, Value) bool) {
		for i := 0; i < v.NumField() && yield(t.Field(i), v.Field(i)); i++ {
		}
	}
}

// Methods returns an iterator over v's methods, and these bound to v.
//
//go:noinline
func (v Value) Methods() iter.Seq2[Method, Value] {
	return func(yield func(Method, Value) bool) {
		t := v.Type()
		for i := 0; i < v.NumMethod() && yield(t.Method(i), v.Method(i)); i++ {
		}
	}
}
