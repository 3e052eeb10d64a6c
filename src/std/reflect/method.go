package reflect

import (
	"internal/rt"
	"unsafe"
)

// A Method describes a method.
type Method struct {
	Name    string
	PkgPath string // of an unexported name
	Type    Type   // of an interface's method; else with the receiver in front
	Func    Value  // takes the receiver first; not set for interfaces
	Index   int    // for Type.Method
}

// IsExported reports whether the method is exported.
func (m Method) IsExported() bool { return m.PkgPath == "" }

// exported returns the exported methods of a type that is no interface. The
// compiler keeps all of them in programs that can get here.
func (t *rtype) exported() []rt.Method {
	all := t.t.Methods()
	for i := range all {
		if all[i].PkgPath != "" {
			return all[:i]
		}
	}
	return all
}

func (t *rtype) NumMethod() int {
	if t.Kind() == Interface {
		return len(t.t.IMethods())
	}
	return t.t.NExported
}

func (t *rtype) Method(i int) (m Method) {
	if t.Kind() == Interface {
		all := t.t.IMethods()
		if i < 0 || i >= len(all) {
			panic("reflect: Method index out of range")
		}
		return Method{Name: all[i].Name, PkgPath: all[i].PkgPath, Type: toType(all[i].Type), Index: i}
	}
	all := t.exported()
	if i < 0 || i >= len(all) {
		panic("reflect: Method index out of range")
	}
	own := all[i].Type
	params := append([]*rt.Type{&t.t}, own.Params()...)
	typ := rt.FuncOf(params, own.Results(), own.Flags&rt.Variadic != 0)
	f := &methodFunc{recvType: &t.t, code: all[i].Ifn, method: own}
	f.init(typ)
	return Method{
		Name: all[i].Name, Type: toType(typ), Index: i,
		Func: Value{rt.Value{Typ: typ, Ptr: unsafe.Pointer(f), Flag: rt.Func}},
	}
}

func (t *rtype) MethodByName(name string) (m Method, ok bool) {
	i := t.methodIndex(name)
	if i < 0 {
		return Method{}, false
	}
	return t.Method(i), true
}

// methodIndex returns the number of the method with the name, -1 if there is none.
func (t *rtype) methodIndex(name string) int {
	if t.Kind() == Interface {
		all := t.t.IMethods()
		for i := range all {
			if all[i].Name == name {
				return i
			}
		}
		return -1
	}
	all := t.exported()
	for i := range all {
		if all[i].Name == name {
			return i
		}
	}
	return -1
}

// NumMethod returns the number of v's methods: the exported ones, or all of an interface.
//
//go:noinline
func (v Value) NumMethod() int {
	if v.v.Flag == 0 {
		panic(&ValueError{"reflect.Value.NumMethod", Invalid})
	}
	if v.v.Flag&rt.FlagMethod != 0 {
		return 0
	}
	return v.rtype().NumMethod()
}

// Method returns method i of v as a function value bound to v.
func (v Value) Method(i int) Value {
	if v.v.Flag == 0 {
		panic(&ValueError{"reflect.Value.Method", Invalid})
	}
	if v.v.Flag&rt.FlagMethod != 0 || uint(i) >= uint(v.rtype().NumMethod()) {
		panic("reflect: Method index out of range")
	}
	if v.Kind() == Interface && v.v.IsNil() {
		panic("reflect: Method on nil interface value")
	}
	flag := v.v.Flag&rt.FlagIndir | rt.Func | rt.FlagMethod | uintptr(i)<<rt.MethodShift
	if v.v.Flag&rt.FlagRO != 0 {
		flag |= rt.FlagStickyRO
	}
	return Value{rt.Value{Typ: v.v.Typ, Ptr: v.v.Ptr, Flag: flag}}
}

// MethodByName returns the method with the name as a function value bound to
// v, the zero Value if there is none.
func (v Value) MethodByName(name string) Value {
	if v.v.Flag == 0 {
		panic(&ValueError{"reflect.Value.MethodByName", Invalid})
	}
	if v.v.Flag&rt.FlagMethod != 0 {
		return Value{}
	}
	i := v.rtype().methodIndex(name)
	if i < 0 {
		return Value{}
	}
	return v.Method(i)
}

// method returns the type, the code and the receiver of the method that v is.
func (v Value) method(op string) (typ *rt.Type, code uintptr, recv unsafe.Pointer) {
	i := int(v.v.Flag >> rt.MethodShift)
	t := v.v.Typ
	if t.Kind() == rt.Interface {
		m := &t.IMethods()[i]
		if m.PkgPath != "" {
			panic("reflect: " + op + " of unexported method")
		}
		code, recv = rt.InterfaceMethod(v.v.Ptr, i)
		if code == 0 {
			panic("reflect: " + op + " of method on nil interface value")
		}
		return m.Type, code, recv
	}
	m := &(*rtype)(unsafe.Pointer(t)).exported()[i]
	recv = v.v.Ptr
	if v.v.Flag&rt.FlagIndir != 0 && t.Direct() {
		recv = *(*unsafe.Pointer)(recv)
	}
	return m.Type, m.Ifn, recv
}

// methodType returns the type of the method that v is.
func (v Value) methodType() *rt.Type {
	i := int(v.v.Flag >> rt.MethodShift)
	t := v.rtype()
	if t.Kind() == Interface {
		return t.t.IMethods()[i].Type
	}
	return t.exported()[i].Type
}

// A methodFunc is a method as a function value: bound to a receiver, or
// taking it as first parameter.
type methodFunc struct {
	rt.Closure
	recv     unsafe.Pointer // what an interface's data word would be
	recvType *rt.Type       // nil: bound
	code     uintptr
	method   *rt.Type
}

func (f *methodFunc) init(t *rt.Type) {
	if !f.Closure.Init(t, callMethod) {
		panic("reflect: function with too many words of arguments: " + t.String)
	}
}

// callMethod is where calls of a methodFunc arrive.
//
//go:wrapper
//go:noinline
func callMethod(c *rt.Closure, block *rt.Word) {
	f := (*methodFunc)(unsafe.Pointer(c))
	frame := rt.NewFrame(1)
	frame.Forward(&f.Closure, block, f.method, f.code, f.recvType, f.recv)
	frame.Free()
}

// bind turns a method into a function value proper; other values stay as they are.
func (v Value) bind(op string) Value {
	if v.v.Flag&rt.FlagMethod == 0 {
		return v
	}
	typ, code, recv := v.method(op)
	f := &methodFunc{recv: recv, code: code, method: typ}
	f.init(typ)
	return Value{rt.Value{Typ: typ, Ptr: unsafe.Pointer(f), Flag: v.v.Flag&rt.FlagRO | rt.Func}}
}
