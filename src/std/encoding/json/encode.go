// Package json converts values to JSON (RFC 8259) and back.
package json

import (
	"encoding"
	"encoding/base64"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

const digits = "0123456789abcdef"

// A Marshaler converts itself to JSON.
type Marshaler interface {
	MarshalJSON() ([]byte, error)
}

// An UnsupportedTypeError is a type that has no JSON form.
type UnsupportedTypeError struct{ Type reflect.Type }

func (e *UnsupportedTypeError) Error() string { return "json: unsupported type: " + e.Type.String() }

// An UnsupportedValueError is a value that has no JSON form.
type UnsupportedValueError struct {
	Value reflect.Value
	Str   string
}

func (e *UnsupportedValueError) Error() string { return "json: unsupported value: " + e.Str }

// InvalidUTF8Error was an error of old; it is not used.
type InvalidUTF8Error struct{ S string }

func (e *InvalidUTF8Error) Error() string {
	return "json: invalid UTF-8 in string: " + strconv.Quote(e.S)
}

// A MarshalerError is an error of MarshalJSON or MarshalText.
type MarshalerError struct {
	Type       reflect.Type
	Err        error
	sourceFunc string
}

func (e *MarshalerError) Error() string {
	f := e.sourceFunc
	if f == "" {
		f = "MarshalJSON"
	}
	return "json: error calling " + f + " for type " + e.Type.String() + ": " + e.Err.Error()
}

func (e *MarshalerError) Unwrap() error { return e.Err }

// RawMessage is JSON that stays as it is.
type RawMessage []byte

// MarshalJSON returns m.
func (m RawMessage) MarshalJSON() ([]byte, error) {
	if m == nil {
		return []byte("null"), nil
	}
	return m, nil
}

// Number is a number as it is written.
type Number string

func (n Number) String() string { return string(n) }

// Float64 returns the number.
func (n Number) Float64() (float64, error) { return strconv.ParseFloat(string(n), 64) }

// Int64 returns the number.
func (n Number) Int64() (int64, error) { return strconv.ParseInt(string(n), 10, 64) }

func validNumber(s string) bool {
	if s == "" || s[0] != '-' && (s[0] < '0' || s[0] > '9') {
		return false
	}
	i, err := scanNumber([]byte(s), 0)
	return err == nil && i == len(s)
}

// Marshal returns v as JSON.
func Marshal(v any) ([]byte, error) { return marshal(v, true) }

func marshal(v any, escape bool) ([]byte, error) {
	e := newEncoder(escape)
	if err := e.value(reflect.ValueOf(v), false); err != nil {
		e.free()
		return nil, err
	}
	out := append([]byte(nil), e.out...)
	e.free()
	return out, nil
}

// encoders have room for texts of before.
var encoders sync.Pool

func newEncoder(escape bool) *encoder {
	e, _ := encoders.Get().(*encoder)
	if e == nil {
		e = new(encoder)
	}
	*e = encoder{escape: escape, out: e.out[:0]}
	return e
}

func (e *encoder) free() {
	const most = 64 << 10
	if cap(e.out) <= most {
		encoders.Put(e)
	}
}

// MarshalIndent is Marshal with a line for each element.
func MarshalIndent(v any, prefix, indent string) ([]byte, error) {
	b, err := Marshal(v)
	if err != nil {
		return nil, err
	}
	return indented(make([]byte, 0, growth*len(b)), b, prefix, indent), nil
}

// An encoder appends values to out.
type encoder struct {
	out    []byte
	escape bool
	depth  int
	seen   map[any]bool // pointers on the way, once it is long
}

var (
	marshalerType       = reflect.TypeFor[Marshaler]()
	textMarshalerType   = reflect.TypeFor[encoding.TextMarshaler]()
	unmarshalerType     = reflect.TypeFor[Unmarshaler]()
	textUnmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()
	numberType          = reflect.TypeFor[Number]()
)

func (e *encoder) text(s string) { e.out = append(e.out, s...) }

// enter notes a pointer, map or slice on the way to find cycles.
func (e *encoder) enter(v reflect.Value) error {
	e.depth++
	if e.depth > 1000 {
		key := keyOf(v)
		if e.seen == nil {
			e.seen = map[any]bool{}
		}
		if e.seen[key] {
			return &UnsupportedValueError{v, "encountered a cycle via " + v.Type().String()}
		}
		e.seen[key] = true
	}
	return nil
}

func (e *encoder) leave(v reflect.Value) {
	if e.depth--; e.seen != nil {
		delete(e.seen, keyOf(v))
	}
}

// keyOf tells a pointer, map or slice from others.
func keyOf(v reflect.Value) any {
	if v.Kind() == reflect.Slice {
		return [2]any{v.UnsafePointer(), v.Len()}
	}
	return v.UnsafePointer()
}

func (e *encoder) value(v reflect.Value, quoted bool) error {
	if !v.IsValid() {
		e.text("null")
		return nil
	}
	t := v.Type()
	if t.Kind() != reflect.Pointer && v.CanAddr() && reflect.PointerTo(t).Implements(marshalerType) {
		return e.marshaler(v.Addr())
	}
	if t.Implements(marshalerType) {
		return e.marshaler(v)
	}
	if t.Kind() != reflect.Pointer && v.CanAddr() && reflect.PointerTo(t).Implements(textMarshalerType) {
		return e.textMarshaler(v.Addr())
	}
	if t.Implements(textMarshalerType) {
		return e.textMarshaler(v)
	}
	quote := func(f func()) error {
		if quoted {
			e.text(`"`)
		}
		f()
		if quoted {
			e.text(`"`)
		}
		return nil
	}
	switch v.Kind() {
	case reflect.Bool:
		return quote(func() { e.out = strconv.AppendBool(e.out, v.Bool()) })
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return quote(func() { e.out = strconv.AppendInt(e.out, v.Int(), 10) })
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return quote(func() { e.out = strconv.AppendUint(e.out, v.Uint(), 10) })
	case reflect.Float32, reflect.Float64:
		f, bits := v.Float(), t.Bits()
		if math.IsInf(f, 0) || math.IsNaN(f) {
			return &UnsupportedValueError{v, strconv.FormatFloat(f, 'g', -1, bits)}
		}
		return quote(func() { e.float(f, bits) })
	case reflect.String:
		if t == numberType {
			s := v.String()
			if s == "" {
				s = "0"
			}
			if !validNumber(s) {
				return plainError("json: invalid number literal " + strconv.Quote(s))
			}
			return quote(func() { e.text(s) })
		}
		if quoted {
			inner := &encoder{escape: e.escape}
			inner.string(v.String())
			e.string(string(inner.out))
			return nil
		}
		e.string(v.String())
		return nil
	case reflect.Struct:
		return e.structure(v)
	case reflect.Map:
		return e.mapping(v)
	case reflect.Slice:
		if v.IsNil() {
			e.text("null")
			return nil
		}
		if elem := t.Elem(); elem.Kind() == reflect.Uint8 {
			p := reflect.PointerTo(elem)
			if !p.Implements(marshalerType) && !p.Implements(textMarshalerType) {
				e.text(`"`)
				e.out = base64.StdEncoding.AppendEncode(e.out, v.Bytes())
				e.text(`"`)
				return nil
			}
		}
		if err := e.enter(v); err != nil {
			return err
		}
		defer e.leave(v)
		return e.array(v)
	case reflect.Array:
		return e.array(v)
	case reflect.Interface:
		if v.IsNil() {
			e.text("null")
			return nil
		}
		return e.value(v.Elem(), false)
	case reflect.Pointer:
		if v.IsNil() {
			e.text("null")
			return nil
		}
		if err := e.enter(v); err != nil {
			return err
		}
		defer e.leave(v)
		return e.value(v.Elem(), quoted)
	}
	return &UnsupportedTypeError{t}
}

type plainError string

func (e plainError) Error() string { return string(e) }

func (e *encoder) marshaler(v reflect.Value) error {
	if v.Kind() == reflect.Pointer && v.IsNil() || v.Kind() == reflect.Interface && v.IsNil() {
		e.text("null")
		return nil
	}
	m, ok := v.Interface().(Marshaler)
	if !ok {
		e.text("null")
		return nil
	}
	b, err := m.MarshalJSON()
	if err == nil {
		if err = check(b); err == nil {
			e.out = compact(e.out, b, e.escape)
			return nil
		}
	}
	return &MarshalerError{v.Type(), err, "MarshalJSON"}
}

func (e *encoder) textMarshaler(v reflect.Value) error {
	if v.Kind() == reflect.Pointer && v.IsNil() || v.Kind() == reflect.Interface && v.IsNil() {
		e.text("null")
		return nil
	}
	b, err := v.Interface().(encoding.TextMarshaler).MarshalText()
	if err != nil {
		return &MarshalerError{v.Type(), err, "MarshalText"}
	}
	e.string(string(b))
	return nil
}

// float appends f as ECMAScript does.
func (e *encoder) float(f float64, bits int) {
	format := byte('f')
	if a := math.Abs(f); a != 0 {
		if bits == 64 && (a < 1e-6 || a >= 1e21) || bits == 32 && (float32(a) < 1e-6 || float32(a) >= 1e21) {
			format = 'e'
		}
	}
	e.out = strconv.AppendFloat(e.out, f, format, -1, bits)
	if n := len(e.out); format == 'e' && n >= 4 && e.out[n-4] == 'e' && (e.out[n-3] == '-' || e.out[n-3] == '+') && e.out[n-2] == '0' {
		e.out[n-2] = e.out[n-1]
		e.out = e.out[:n-1]
	}
}

func (e *encoder) string(s string) {
	e.text(`"`)
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' && !(e.escape && (c == '<' || c == '>' || c == '&')) {
				i++
				continue
			}
			e.text(s[start:i])
			switch c {
			case '"', '\\':
				e.out = append(e.out, '\\', c)
			case '\b':
				e.text(`\b`)
			case '\f':
				e.text(`\f`)
			case '\n':
				e.text(`\n`)
			case '\r':
				e.text(`\r`)
			case '\t':
				e.text(`\t`)
			default:
				e.out = append(e.out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
			}
			i++
			start = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || r == 0x2028 || r == 0x2029 {
			e.text(s[start:i])
			if n == 1 {
				e.text("\ufffd")
			} else {
				e.out = append(e.out, '\\', 'u', '2', '0', '2', digits[r&15])
			}
			start = i + n
		}
		i += n
	}
	e.text(s[start:])
	e.text(`"`)
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct, reflect.Chan, reflect.Func:
		return false
	}
	return v.IsZero()
}

func (e *encoder) structure(v reflect.Value) error {
	e.text("{")
	comma := false
fields:
	for _, f := range fieldsOf(v.Type()).list {
		fv := v
		for _, i := range f.index {
			if fv.Kind() == reflect.Pointer {
				if fv.IsNil() {
					continue fields
				}
				fv = fv.Elem()
			}
			fv = fv.Field(i)
		}
		if f.omitEmpty && isEmpty(fv) || f.omitZero && f.isZero(fv) {
			continue
		}
		if comma {
			e.text(",")
		}
		comma = true
		e.string(f.name)
		e.text(":")
		if err := e.value(fv, f.quoted); err != nil {
			return err
		}
	}
	e.text("}")
	return nil
}

func (e *encoder) mapping(v reflect.Value) error {
	t := v.Type()
	switch t.Key().Kind() {
	case reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
	default:
		if !t.Key().Implements(textMarshalerType) {
			return &UnsupportedTypeError{t}
		}
	}
	if v.IsNil() {
		e.text("null")
		return nil
	}
	if err := e.enter(v); err != nil {
		return err
	}
	defer e.leave(v)
	type entry struct {
		key   string
		value reflect.Value
	}
	entries := make([]entry, 0, v.Len())
	k := reflect.New(t.Key()).Elem()
	for it := v.MapRange(); it.Next(); {
		k.SetIterKey(it)
		k, err := keyText(k)
		if err != nil {
			return plainError("json: encoding error for type " + strconv.Quote(t.String()) + ": " + strconv.Quote(err.Error()))
		}
		entries = append(entries, entry{k, it.Value()})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	e.text("{")
	for i, x := range entries {
		if i > 0 {
			e.text(",")
		}
		e.string(x.key)
		e.text(":")
		if err := e.value(x.value, false); err != nil {
			return err
		}
	}
	e.text("}")
	return nil
}

func keyText(k reflect.Value) (string, error) {
	if k.Kind() == reflect.String {
		return k.String(), nil
	}
	if m, ok := k.Interface().(encoding.TextMarshaler); ok {
		if k.Kind() == reflect.Pointer && k.IsNil() {
			return "", nil
		}
		b, err := m.MarshalText()
		return string(b), err
	}
	if k.CanInt() {
		return strconv.FormatInt(k.Int(), 10), nil
	}
	return strconv.FormatUint(k.Uint(), 10), nil
}

func (e *encoder) array(v reflect.Value) error {
	e.text("[")
	for i := 0; i < v.Len(); i++ {
		if i > 0 {
			e.text(",")
		}
		if err := e.value(v.Index(i), false); err != nil {
			return err
		}
	}
	e.text("]")
	return nil
}
