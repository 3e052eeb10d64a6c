package flag

import (
	"x/encoding"
	"x/fmt"
	"x/reflect"
)

// textValue is the Value of a variable that reads itself from text.
type textValue struct{ p encoding.TextUnmarshaler }

func newTextValue(value encoding.TextMarshaler, p encoding.TextUnmarshaler) textValue {
	to := reflect.ValueOf(p)
	if to.Kind() != reflect.Pointer {
		panic("variable value type must be a pointer")
	}
	from := reflect.ValueOf(value)
	if from.Kind() == reflect.Pointer {
		from = from.Elem()
	}
	if from.Type() != to.Type().Elem() {
		panic(fmt.Sprintf("default type does not match variable type: %v != %v", from.Type(), to.Type().Elem()))
	}
	to.Elem().Set(from)
	return textValue{p}
}

func (v textValue) Set(s string) error { return v.p.UnmarshalText([]byte(s)) }

func (v textValue) Get() any { return v.p }

func (v textValue) String() string {
	if m, ok := v.p.(encoding.TextMarshaler); ok {
		if b, err := m.MarshalText(); err == nil {
			return string(b)
		}
	}
	return ""
}

// TextVar defines a flag that p reads, value at first.
func (f *FlagSet) TextVar(p encoding.TextUnmarshaler, name string, value encoding.TextMarshaler, usage string) {
	f.Var(newTextValue(value, p), name, usage)
}

func TextVar(p encoding.TextUnmarshaler, name string, value encoding.TextMarshaler, usage string) {
	CommandLine.Var(newTextValue(value, p), name, usage)
}
