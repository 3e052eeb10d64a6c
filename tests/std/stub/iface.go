// Stand-ins under real Go for internal/rt/iface.go: type descriptors are made
// from real reflect types, one per type.
package rt

import (
	"reflect"
	"unsafe"
)

type words struct{ typ, data unsafe.Pointer }

var (
	toDesc   = map[reflect.Type]*Type{}
	fromDesc = map[*Type]reflect.Type{}
	byReal   = map[unsafe.Pointer]*Type{}
)

func realOf(t *Type) reflect.Type { return fromDesc[t] }

func realPtr(t reflect.Type) unsafe.Pointer { return (*words)(unsafe.Pointer(&t)).data }

func list[T any](s []T) table { return table{unsafe.Pointer(unsafe.SliceData(s)), len(s)} }

func direct(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return true
	case reflect.Struct:
		return t.NumField() == 1 && direct(t.Field(0).Type)
	case reflect.Array:
		return t.Len() == 1 && direct(t.Elem())
	}
	return false
}

func desc(t reflect.Type) *Type {
	if t == nil {
		return nil
	}
	if d := toDesc[t]; d != nil {
		return d
	}
	d := &Type{
		Size: t.Size(), KindByte: uint8(t.Kind()), Align: uint8(t.Align()), FieldAlign: uint8(t.FieldAlign()),
		String: t.String(), Name: t.Name(), PkgPath: t.PkgPath(),
	}
	toDesc[t] = d
	fromDesc[d] = t
	byReal[realPtr(t)] = d
	if direct(t) {
		d.Flags |= DirectIface
	}
	if t.Name() != "" && t.PkgPath() != "" || t == reflect.TypeFor[error]() {
		d.Flags |= Named
	}
	if t.Comparable() {
		d.Flags |= IsComparable
	}
	switch t.Kind() {
	case reflect.Array, reflect.Chan, reflect.Map, reflect.Pointer, reflect.Slice:
		d.elem = desc(t.Elem())
	}
	switch t.Kind() {
	case reflect.Array:
		d.Len = t.Len()
	case reflect.Chan:
		d.Len = int(t.ChanDir())
	case reflect.Map:
		d.key = desc(t.Key())
	case reflect.Struct:
		f := make([]Field, t.NumField())
		for i := range f {
			r := t.Field(i)
			f[i] = Field{Name: r.Name, PkgPath: r.PkgPath, Type: desc(r.Type), Offset: r.Offset, Tag: string(r.Tag)}
			if r.Anonymous {
				f[i].embedded = 1
			}
		}
		d.fields = list(f)
	case reflect.Func:
		if t.IsVariadic() {
			d.Flags |= Variadic
		}
		var in, out []*Type
		for i := 0; i < t.NumIn(); i++ {
			in = append(in, desc(t.In(i)))
		}
		for i := 0; i < t.NumOut(); i++ {
			out = append(out, desc(t.Out(i)))
		}
		d.params, d.results = list(in), list(out)
	case reflect.Interface:
		m := make([]IMethod, t.NumMethod())
		for i := range m {
			r := t.Method(i)
			m[i] = IMethod{r.Name, r.PkgPath, desc(r.Type)}
		}
		d.imethods = list(m)
	}
	if t.Kind() != reflect.Interface {
		m := make([]Method, t.NumMethod())
		for i := range m {
			m[i] = Method{Name: t.Method(i).Name, Type: desc(reflect.Zero(t).Method(i).Type())}
		}
		d.methods = list(m)
	}
	return d
}

func TypeOf(x any) *Type { return desc(reflect.TypeOf(x)) }

func DataOf(x any) unsafe.Pointer { return (*words)(unsafe.Pointer(&x)).data }

func MakeAny(t *Type, data unsafe.Pointer) (x any) {
	if t != nil {
		*(*words)(unsafe.Pointer(&x)) = words{realPtr(realOf(t)), data}
	}
	return x
}

func Held(v Value) (Value, bool) {
	if realOf(v.Typ) == reflect.TypeFor[reflect.Value]() {
		r := *(*reflect.Value)(v.Ptr)
		h := *(*Value)(v.Ptr)
		if r.IsValid() {
			h.Typ = desc(r.Type())
		}
		return h, true
	}
	return Value{}, false
}

func LoadInterface(t *Type, p unsafe.Pointer) any {
	return reflect.NewAt(realOf(t), p).Elem().Interface()
}

func StoreInterface(t *Type, p unsafe.Pointer, x any) bool {
	v := reflect.NewAt(realOf(t), p).Elem()
	if x == nil {
		v.SetZero()
		return true
	}
	if !reflect.TypeOf(x).Implements(v.Type()) {
		return false
	}
	v.Set(reflect.ValueOf(x))
	return true
}

func Implements(t, inter *Type) bool { return realOf(t).Implements(realOf(inter)) }
