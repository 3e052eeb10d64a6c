package json

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// An Unmarshaler sets itself to JSON. It must copy what it wants to keep.
type Unmarshaler interface {
	UnmarshalJSON([]byte) error
}

// An UnmarshalTypeError is a value that does not fit a Go type.
type UnmarshalTypeError struct {
	Value  string // what it is
	Type   reflect.Type
	Offset int64 // where it ends
	Struct string
	Field  string // the path to it
	Err    error
}

func (e *UnmarshalTypeError) Error() string {
	where := "Go value"
	if e.Struct != "" || e.Field != "" {
		where = "Go struct field " + e.Struct + "." + e.Field
	}
	s := "json: cannot unmarshal " + e.Value + " into " + where + " of type " + e.Type.String()
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *UnmarshalTypeError) Unwrap() error { return e.Err }

// An UnmarshalFieldError was an error of old; it is not used.
type UnmarshalFieldError struct {
	Key   string
	Type  reflect.Type
	Field reflect.StructField
}

func (e *UnmarshalFieldError) Error() string {
	return "json: cannot unmarshal object key " + strconv.Quote(e.Key) + " into unexported field " + e.Field.Name + " of type " + e.Type.String()
}

// An InvalidUnmarshalError is an argument of Unmarshal that is no pointer.
type InvalidUnmarshalError struct{ Type reflect.Type }

func (e *InvalidUnmarshalError) Error() string {
	switch {
	case e.Type == nil:
		return "json: Unmarshal(nil)"
	case e.Type.Kind() != reflect.Pointer:
		return "json: Unmarshal(non-pointer " + e.Type.String() + ")"
	}
	return "json: Unmarshal(nil " + e.Type.String() + ")"
}

// UnmarshalJSON sets *m to a copy of data.
func (m *RawMessage) UnmarshalJSON(data []byte) error {
	if m == nil {
		return errors.New("json.RawMessage: UnmarshalJSON on nil pointer")
	}
	*m = append((*m)[:0], data...)
	return nil
}

// Unmarshal stores the value that data stands for where v points to.
func Unmarshal(data []byte, v any) error {
	if err := check(data); err != nil {
		return err
	}
	d := newDecoder(data)
	err := d.run(v)
	d.free()
	return err
}

// decoders have room for paths of before.
var decoders sync.Pool

func newDecoder(data []byte) *decoder {
	d, _ := decoders.Get().(*decoder)
	if d == nil {
		d = new(decoder)
	}
	*d = decoder{data: data, path: d.path[:0]}
	return d
}

func (d *decoder) free() {
	clear(d.path[:cap(d.path)])
	*d = decoder{path: d.path[:0]}
	decoders.Put(d)
}

// A decoder reads a text that was checked. It goes on after values that do
// not fit, and remembers the first.
type decoder struct {
	data      []byte
	i         int
	useNumber bool
	strict    bool
	err       error
	outer     string   // the struct that is read
	path      []string // names of fields and keys on the way
}

func (d *decoder) run(v any) error {
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return &InvalidUnmarshalError{reflect.TypeOf(v)}
	}
	root := p.Type().Elem()
	for root.Kind() == reflect.Pointer {
		root = root.Elem()
	}
	if root.Kind() == reflect.Struct {
		d.outer = root.Name()
	}
	if err := d.value(p, false); err != nil {
		return err
	}
	return d.err
}

func (d *decoder) save(err error) {
	if d.err == nil {
		d.err = err
	}
}

func (d *decoder) mismatch(what string, t reflect.Type) { d.mismatchErr(what, t, nil) }

func (d *decoder) mismatchErr(what string, t reflect.Type, err error) {
	e := &UnmarshalTypeError{Value: what, Type: t, Offset: int64(d.i), Field: strings.Join(d.path, "."), Err: err}
	if e.Field != "" {
		e.Struct = d.outer
	}
	d.save(e)
}

var errString = errors.New("JSON value must be string type")

// note remembers an error of the program's own.
func (d *decoder) note(err error) error {
	if err != nil {
		d.save(err)
	}
	return nil
}

// raw returns the text of the value at i, and goes behind it.
func (d *decoder) raw() []byte {
	start := space(d.data, d.i)
	end, _ := scan(d.data, start, 0)
	d.i = end
	return d.data[start:end]
}

// settle follows pointers, which it makes where they are nil, up to a value
// that converts itself.
func settle(v reflect.Value, null bool) (Unmarshaler, encoding.TextUnmarshaler, reflect.Value) {
	if v.Kind() != reflect.Pointer && v.Type().Name() != "" && v.CanAddr() {
		v = v.Addr()
	}
	for {
		if v.Kind() == reflect.Interface && !v.IsNil() {
			if e := v.Elem(); e.Kind() == reflect.Pointer && !e.IsNil() && (!null || e.Elem().Kind() == reflect.Pointer) {
				v = e
				continue
			}
		}
		if v.Kind() != reflect.Pointer || null && v.CanSet() {
			return nil, nil, v
		}
		if v.Elem().Kind() == reflect.Interface && v.Elem().Elem() == v {
			return nil, nil, v.Elem()
		}
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		if v.Type().NumMethod() > 0 && v.CanInterface() {
			if u, ok := v.Interface().(Unmarshaler); ok {
				return u, nil, reflect.Value{}
			}
			if !null {
				if u, ok := v.Interface().(encoding.TextUnmarshaler); ok {
					return nil, u, reflect.Value{}
				}
			}
		}
		v = v.Elem()
	}
}

// value reads the value at i to v.
func (d *decoder) value(v reflect.Value, quoted bool) error {
	d.i = space(d.data, d.i)
	if quoted && d.data[d.i] != 'n' {
		return d.unquoted(v)
	}
	switch c := d.data[d.i]; c {
	case '{':
		return d.object(v)
	case '[':
		return d.array(v)
	default:
		start := d.i
		return d.literal(d.raw(), start, v)
	}
}

// kindOf names the kind of value that begins with c.
func kindOf(c byte) string {
	switch c {
	case 't', 'f':
		return "bool"
	case '"':
		return "string"
	case '[':
		return "array"
	case '{':
		return "object"
	}
	return "number"
}

// unquoted reads a string whose text is a value, for the option string.
func (d *decoder) unquoted(v reflect.Value) error {
	item := d.raw()
	if item[0] != '"' {
		d.mismatch(kindOf(item[0]), v.Type())
		return nil
	}
	text := []byte(unquote(item))
	wrong := func() {
		what := "string " + string(item)
		if t := v.Type(); v.Kind() != reflect.String && v.Kind() != reflect.Bool || t == numberType {
			what = "number " + string(text)
		}
		d.mismatch(what, v.Type())
	}
	if check(text) != nil || text[0] == '{' || text[0] == '[' {
		wrong()
		return nil
	}
	t := v.Type()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if (text[0] == '"') != (t.Kind() == reflect.String && t != numberType) && text[0] != 'n' {
		wrong()
		return nil
	}
	inner := &decoder{data: text, useNumber: d.useNumber}
	if err := inner.value(v, false); err != nil || inner.err != nil {
		wrong()
	}
	return nil
}

func (d *decoder) literal(item []byte, start int, v reflect.Value) error {
	null := item[0] == 'n'
	u, text, v := settle(v, null)
	if u != nil {
		return d.note(u.UnmarshalJSON(item))
	}
	if text != nil {
		if item[0] != '"' {
			what := "number"
			if item[0] == 't' || item[0] == 'f' {
				what = "bool"
			}
			d.mismatchErr(what, reflect.TypeOf(text).Elem(), errString)
			return nil
		}
		return d.note(text.UnmarshalText([]byte(unquote(item))))
	}
	switch c := item[0]; c {
	case 'n':
		switch v.Kind() {
		case reflect.Interface, reflect.Pointer, reflect.Map, reflect.Slice:
			v.SetZero()
		}
	case 't', 'f':
		switch {
		case v.Kind() == reflect.Bool:
			v.SetBool(c == 't')
		case v.Kind() == reflect.Interface && v.NumMethod() == 0:
			v.Set(reflect.ValueOf(c == 't'))
		default:
			d.mismatch("bool", v.Type())
		}
	case '"':
		s := unquote(item)
		switch {
		case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
			b, err := base64.StdEncoding.DecodeString(s)
			if err != nil {
				d.mismatchErr("string", v.Type(), err)
				break
			}
			v.SetBytes(b)
		case v.Kind() == reflect.String:
			if v.Type() == numberType && !validNumber(s) {
				d.mismatchErr("string "+string(item), v.Type(), strconv.ErrSyntax)
				break
			}
			v.SetString(s)
		case v.Kind() == reflect.Interface && v.NumMethod() == 0:
			v.Set(reflect.ValueOf(s))
		default:
			d.mismatch("string", v.Type())
		}
	default:
		switch {
		case v.Kind() == reflect.Interface && v.NumMethod() == 0:
			n, err := d.number(string(item))
			if err != nil {
				d.save(err)
				n = 0.0
			}
			v.Set(reflect.ValueOf(n))
		case v.CanInt():
			n, err := strconv.ParseInt(string(item), 10, 64)
			if err != nil || v.OverflowInt(n) {
				d.mismatch("number "+string(item), v.Type())
				break
			}
			v.SetInt(n)
		case v.CanUint():
			n, err := strconv.ParseUint(string(item), 10, 64)
			if err != nil || v.OverflowUint(n) {
				d.mismatch("number "+string(item), v.Type())
				break
			}
			v.SetUint(n)
		case v.CanFloat():
			n, err := strconv.ParseFloat(string(item), v.Type().Bits())
			if err != nil || v.OverflowFloat(n) {
				d.mismatch("number "+string(item), v.Type())
				break
			}
			v.SetFloat(n)
		case v.Kind() == reflect.String && v.Type() == numberType:
			v.SetString(string(item))
		default:
			d.mismatch("number", v.Type())
		}
	}
	return nil
}

func (d *decoder) number(s string) (any, error) {
	if d.useNumber {
		return Number(s), nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil, &UnmarshalTypeError{Value: "number " + s, Type: reflect.TypeFor[float64](), Offset: int64(d.i)}
	}
	return f, nil
}

func (d *decoder) array(v reflect.Value) error {
	start := d.i
	u, text, v := settle(v, false)
	if u != nil {
		return d.note(u.UnmarshalJSON(d.raw()))
	}
	if text != nil {
		d.i = start + 1
		d.mismatchErr("array", reflect.TypeOf(text).Elem(), errString)
		d.i = start
		d.raw()
		return nil
	}
	switch {
	case v.Kind() == reflect.Interface && v.NumMethod() == 0:
		x, err := d.any()
		if err != nil {
			return err
		}
		v.Set(reflect.ValueOf(x))
		return nil
	case v.Kind() != reflect.Array && v.Kind() != reflect.Slice:
		d.i = start + 1
		d.mismatch("array", v.Type())
		d.i = start
		d.raw()
		return nil
	}
	n := 0
	err := d.elements(func() error {
		if v.Kind() == reflect.Slice {
			if n >= v.Cap() {
				v.Grow(1)
			}
			if n >= v.Len() {
				v.SetLen(n + 1)
				v.Index(n).SetZero()
			}
		}
		n++
		if n > v.Len() {
			d.raw()
			return nil
		}
		return d.value(v.Index(n-1), false)
	})
	if err != nil {
		return err
	}
	if v.Kind() == reflect.Array {
		for ; n < v.Len(); n++ {
			v.Index(n).SetZero()
		}
		return nil
	}
	v.SetLen(n)
	if n == 0 {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	}
	return nil
}

// elements calls f at each element of the array at i.
func (d *decoder) elements(f func() error) error {
	d.i = space(d.data, d.i+1)
	for d.data[d.i] != ']' {
		if err := f(); err != nil {
			return err
		}
		d.i = space(d.data, d.i)
		if d.data[d.i] == ',' {
			d.i = space(d.data, d.i+1)
		}
	}
	d.i++
	return nil
}

// members calls f at each value of the object at i.
func (d *decoder) members(f func(key []byte, end int) error) error {
	d.i = space(d.data, d.i+1)
	for d.data[d.i] != '}' {
		key := unquoted(d.raw())
		end := d.i
		d.i = space(d.data, space(d.data, d.i)+1)
		if err := f(key, end); err != nil {
			return err
		}
		d.i = space(d.data, d.i)
		if d.data[d.i] == ',' {
			d.i = space(d.data, d.i+1)
		}
	}
	d.i++
	return nil
}

// any reads the value at i as one of Go's own types.
func (d *decoder) any() (any, error) {
	d.i = space(d.data, d.i)
	switch d.data[d.i] {
	case '{':
		m := map[string]any{}
		err := d.members(func(key []byte, _ int) error {
			x, err := d.any()
			m[string(key)] = x
			return err
		})
		return m, err
	case '[':
		list := []any{}
		err := d.elements(func() error {
			x, err := d.any()
			list = append(list, x)
			return err
		})
		return list, err
	}
	switch item := d.raw(); item[0] {
	case 'n':
		return nil, nil
	case 't', 'f':
		return item[0] == 't', nil
	case '"':
		return unquote(item), nil
	default:
		n, err := d.number(string(item))
		if err != nil {
			d.save(err)
		}
		return n, nil
	}
}

func (d *decoder) object(v reflect.Value) error {
	start := d.i
	u, text, v := settle(v, false)
	if u != nil {
		return d.note(u.UnmarshalJSON(d.raw()))
	}
	skip := func(t reflect.Type) error {
		d.i = start + 1
		d.mismatch("object", t)
		d.i = start
		d.raw()
		return nil
	}
	if text != nil {
		d.i = start + 1
		d.mismatchErr("object", reflect.TypeOf(text).Elem(), errString)
		d.i = start
		d.raw()
		return nil
	}
	t := v.Type()
	switch {
	case v.Kind() == reflect.Interface && v.NumMethod() == 0:
		x, err := d.any()
		if err != nil {
			return err
		}
		v.Set(reflect.ValueOf(x))
		return nil
	case v.Kind() == reflect.Map:
		switch t.Key().Kind() {
		case reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
			reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		default:
			if !reflect.PointerTo(t.Key()).Implements(textUnmarshalerType) {
				return skip(t)
			}
		}
		if v.IsNil() {
			v.Set(reflect.MakeMap(t))
		}
		// The map has copies of it.
		var elem reflect.Value
		return d.members(func(text []byte, end int) error {
			key := string(text)
			depth := len(d.path)
			d.path = append(d.path, key)
			defer func() { d.path = d.path[:depth] }()
			k, ok, err := d.key(key, t.Key(), end)
			if !ok {
				d.raw()
				return err
			}
			if elem.IsValid() {
				elem.SetZero()
			} else {
				elem = reflect.New(t.Elem()).Elem()
			}
			if err := d.value(elem, false); err != nil {
				return err
			}
			v.SetMapIndex(k, elem)
			return err
		})
	case v.Kind() == reflect.Struct:
		return d.structure(v)
	}
	return skip(t)
}

func (d *decoder) key(key string, t reflect.Type, end int) (k reflect.Value, ok bool, err error) {
	if reflect.PointerTo(t).Implements(textUnmarshalerType) {
		p := reflect.New(t)
		if err := p.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(key)); err != nil {
			d.save(err)
			return k, false, nil
		}
		return p.Elem(), true, nil
	}
	k = reflect.New(t).Elem()
	switch {
	case t.Kind() == reflect.String:
		k.SetString(key)
		return k, true, nil
	case k.CanInt():
		n, err := strconv.ParseInt(key, 10, 64)
		if err == nil && !k.OverflowInt(n) {
			k.SetInt(n)
			return k, true, nil
		}
	default:
		n, err := strconv.ParseUint(key, 10, 64)
		if err == nil && !k.OverflowUint(n) {
			k.SetUint(n)
			return k, true, nil
		}
	}
	d.mismatch("number "+key, t)
	return k, false, nil
}

func (d *decoder) structure(v reflect.Value) error {
	t := v.Type()
	fields := fieldsOf(t)
	depth := len(d.path)
	err := d.members(func(key []byte, _ int) error {
		i, ok := fields.byName[string(key)]
		if !ok {
			i = -1
			for j := range fields.list {
				if strings.EqualFold(fields.list[j].name, string(key)) {
					i = j
					break
				}
			}
		}
		if i < 0 {
			if d.strict {
				d.save(fmt.Errorf("json: unknown field %q", string(key)))
			}
			d.raw()
			return nil
		}
		f := &fields.list[i]
		fv := v
		for _, j := range f.index {
			if fv.Kind() == reflect.Pointer {
				if fv.IsNil() {
					if !fv.CanSet() {
						d.save(fmt.Errorf("json: cannot set embedded pointer to unexported struct: %v", fv.Type().Elem()))
						d.raw()
						return nil
					}
					fv.Set(reflect.New(fv.Type().Elem()))
				}
				fv = fv.Elem()
			}
			fv = fv.Field(j)
		}
		d.path = append(d.path[:depth], f.name)
		err := d.value(fv, f.quoted)
		d.path = d.path[:depth]
		return err
	})
	return err
}

// unquote returns the text of a string that was checked.
func unquote(item []byte) string { return string(unquoted(item)) }

// unquoted is unquote; it returns a part of item if that has no escapes.
func unquoted(item []byte) []byte {
	item = item[1 : len(item)-1]
	if bytes.IndexByte(item, '\\') < 0 && utf8.Valid(item) {
		return item
	}
	out := make([]byte, 0, len(item))
	four := func(i int) (r rune) {
		for _, c := range item[i : i+4] {
			r = r<<4 | hex(c)
		}
		return r
	}
	for i := 0; i < len(item); {
		c := item[i]
		if c != '\\' {
			r, n := utf8.DecodeRune(item[i:])
			out = utf8.AppendRune(out, r)
			i += n
			continue
		}
		i += 2
		switch c := item[i-1]; c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := four(i)
			i += 4
			if utf16.IsSurrogate(r) {
				pair := utf8.RuneError
				if i+6 <= len(item) && item[i] == '\\' && item[i+1] == 'u' {
					if pair = utf16.DecodeRune(r, four(i+2)); pair != utf8.RuneError {
						i += 6
					}
				}
				r = pair
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, c)
		}
	}
	return out
}
