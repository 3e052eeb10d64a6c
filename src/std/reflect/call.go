package reflect

import (
	"internal/rt"
	"runtime"
	"unsafe"
)

// Call calls the function v. Arguments of a variadic parameter are given one
// by one.
func (v Value) Call(in []Value) []Value {
	v.within(Func, Func, "Call")
	v.exported("Call")
	return v.call("Call", in)
}

// CallSlice calls the variadic function v; the last argument is the slice of
// the variadic parameter.
func (v Value) CallSlice(in []Value) []Value {
	v.within(Func, Func, "CallSlice")
	v.exported("CallSlice")
	return v.call("CallSlice", in)
}

func (v Value) call(op string, in []Value) []Value {
	t := v.v.Typ
	var code uintptr
	var ctxt, recv unsafe.Pointer
	isMethod := v.v.Flag&rt.FlagMethod != 0
	if isMethod {
		t, code, recv = v.method(op)
	} else {
		ctxt = v.v.Word()
		if ctxt == nil {
			panic("reflect.Value.Call: call of nil function")
		}
		code = *(*uintptr)(ctxt)
	}
	params := t.Params()
	n := len(params)
	variadic := t.Flags&rt.Variadic != 0
	if op == "CallSlice" {
		switch {
		case !variadic:
			panic("reflect: CallSlice of non-variadic function")
		case len(in) < n:
			panic("reflect: CallSlice with too few input arguments")
		case len(in) > n:
			panic("reflect: CallSlice with too many input arguments")
		}
		variadic = false
	} else {
		if variadic {
			n--
		}
		switch {
		case len(in) < n:
			panic("reflect: Call with too few input arguments")
		case !variadic && len(in) > n:
			panic("reflect: Call with too many input arguments")
		}
	}
	for _, x := range in {
		if x.Kind() == Invalid {
			panic("reflect: " + op + " using zero Value argument")
		}
	}
	for i := 0; i < n; i++ {
		if xt := in[i].typ(); !assignable(xt, params[i]) {
			panic("reflect: " + op + " using " + xt.String + " as type " + params[i].String)
		}
	}
	if variadic {
		more := len(in) - n
		rest := MakeSlice(toType(params[n]), more, more)
		elem := params[n].Elem()
		for i := 0; i < more; i++ {
			x := in[n+i]
			if xt := x.typ(); !assignable(xt, elem) {
				panic("reflect: cannot use " + xt.String + " as type " + elem.String + " in " + op)
			}
			rest.Index(i).Set(x)
		}
		in = append(in[:n:n], rest)
	}
	frame := rt.NewFrame(len(in))
	defer frame.Free() // also if the function panics
	for i, x := range in {
		x.exported(op)
		frame.SetArg(i, x.assign(params[i], "reflect.Value.Call"))
	}
	frame.Call(t, code, ctxt, isMethod, recv)
	var results []Value
	if n := len(frame.Results); n > 0 {
		results = make([]Value, n)
		for i, p := range frame.Results {
			results[i] = at(t.Results()[i], p)
		}
	} else {
		results = []Value{}
	}
	return results
}

// A makeFunc is a function made by MakeFunc.
type makeFunc struct {
	rt.Closure
	fn func([]Value) []Value
}

// MakeFunc returns a function of type typ whose calls fn answers.
func MakeFunc(typ Type, fn func(args []Value) (results []Value)) Value {
	if typ.Kind() != Func {
		panic("reflect: call of MakeFunc with non-Func type")
	}
	f := &makeFunc{fn: fn}
	if !f.Closure.Init(typ.common(), callReflect) {
		panic("reflect: MakeFunc of function with too many words of arguments: " + typ.String())
	}
	return Value{rt.Value{Typ: typ.common(), Ptr: unsafe.Pointer(f), Flag: rt.Func}}
}

// callReflect is where calls of a makeFunc arrive.
//
//go:wrapper
//go:noinline
func callReflect(c *rt.Closure, block *rt.Word) {
	f := (*makeFunc)(unsafe.Pointer(c))
	frame := rt.NewFrame(max(len(f.Type.Params()), len(f.Type.Results())))
	f.give(frame, block, f.fn(f.take(frame, block)))
	frame.Free()
}

//go:noinline
func (f *makeFunc) take(frame *rt.Frame, block *rt.Word) []Value {
	frame.Take(&f.Closure, block)
	types := f.Type.Params()
	in := make([]Value, len(types))
	for i, t := range types {
		in[i] = at(t, frame.Args[i])
	}
	return in
}

//go:noinline
func (f *makeFunc) give(frame *rt.Frame, block *rt.Word, results []Value) {
	types := f.Type.Results()
	if len(results) != len(types) {
		panic("reflect: wrong return count from function created by MakeFunc")
	}
	for i, v := range results {
		if !v.IsValid() {
			panic("reflect: function created by MakeFunc using " + f.name() + " returned zero Value")
		}
		if v.v.Flag&rt.FlagRO != 0 {
			panic("reflect: function created by MakeFunc using " + f.name() + " returned value obtained from unexported field")
		}
		frame.SetArg(i, v.assign(types[i], "reflect.MakeFunc"))
	}
	frame.Give(&f.Closure, block, frame.Args)
}

// name returns the name of the function that answers.
func (f *makeFunc) name() string {
	pc := **(**uintptr)(unsafe.Pointer(&f.fn))
	if fn := runtime.FuncForPC(pc); fn != nil {
		return fn.Name()
	}
	return "closure"
}
