package runtime

import "internal/rt"

// An Error is a run-time error: what the runtime panics with.
type Error interface {
	error
	// RuntimeError tells run-time errors from other errors.
	RuntimeError()
}

// The runtime makes values of the types in this file itself: it knows their
// layouts.

// A TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct {
	_interface    *rt.Type // nil: not said
	concrete      *rt.Type // nil: the interface was
	asserted      *rt.Type
	missingMethod string // one that concrete lacks
}

func (*TypeAssertionError) RuntimeError() {}

func (e *TypeAssertionError) Error() string {
	from := "interface"
	if e._interface != nil {
		from = e._interface.String
	}
	to := e.asserted.String
	switch {
	case e.concrete == nil:
		return "interface conversion: " + from + " is nil, not " + to
	case e.missingMethod != "":
		return "interface conversion: " + e.concrete.String + " is not " + to + ": missing method " + e.missingMethod
	}
	text := "interface conversion: " + from + " is " + e.concrete.String + ", not " + to
	if e.concrete.String == to {
		if e.concrete.PkgPath == e.asserted.PkgPath {
			text += " (types from different scopes)"
		} else {
			text += " (types from different packages)"
		}
	}
	return text
}

// A PanicNilError is the value of panic(nil).
type PanicNilError struct {
	_ [0]*PanicNilError // no other type is like it
}

func (*PanicNilError) RuntimeError() {}

func (*PanicNilError) Error() string {
	return "runtime error: panic called with nil argument"
}

// An errorString is a text that Error introduces.
type errorString string

func (e errorString) RuntimeError() {}

func (e errorString) Error() string { return "runtime error: " + string(e) }

// An errorAddressString is a fault at an address that is no nil pointer's.
type errorAddressString struct {
	msg  string
	addr uintptr
}

func (e errorAddressString) RuntimeError() {}

func (e errorAddressString) Error() string { return "runtime error: " + e.msg }

// Addr returns the address of the fault.
func (e errorAddressString) Addr() uintptr { return e.addr }

// A plainError is a text as it is.
type plainError string

func (e plainError) RuntimeError() {}

func (e plainError) Error() string { return string(e) }

// An unhashableTypeError says that the key given to an empty map cannot be
// hashed.
type unhashableTypeError struct{ typ *rt.Type }

func (unhashableTypeError) RuntimeError() {}

func (e unhashableTypeError) Error() string { return "hash of unhashable type: " + e.typ.String }

// A boundsError is a failed check of an index or a length.
type boundsError struct {
	x      int64
	y      int
	signed bool // x is
	code   uint8
}

func (e boundsError) RuntimeError() {}

// boundsTexts holds, by code, the texts for values of x that are too large and,
// behind a bar, for negative ones. X and Y stand for the values.
const boundsTexts = "index out of range [X] with length Y|index out of range [X]\n" +
	"slice bounds out of range [:X] with length Y|slice bounds out of range [:X]\n" +
	"slice bounds out of range [:X] with capacity Y|slice bounds out of range [:X]\n" +
	"slice bounds out of range [X:Y]|slice bounds out of range [X:]\n" +
	"slice bounds out of range [::X] with length Y|slice bounds out of range [::X]\n" +
	"slice bounds out of range [::X] with capacity Y|slice bounds out of range [::X]\n" +
	"slice bounds out of range [:X:Y]|slice bounds out of range [:X:]\n" +
	"slice bounds out of range [X:Y:]|slice bounds out of range [X::]\n" +
	"cannot convert slice with length Y to array or pointer to array with length X|\n"

func (e boundsError) Error() string {
	texts := boundsTexts
	for skip := e.code; skip > 0; {
		if texts[0] == '\n' {
			skip--
		}
		texts = texts[1:]
	}
	if e.signed && e.x < 0 {
		for texts[0] != '|' {
			texts = texts[1:]
		}
		texts = texts[1:]
	}
	out := append(make([]byte, 0, 128), "runtime error: "...)
	for ; texts[0] != '|' && texts[0] != '\n'; texts = texts[1:] {
		switch texts[0] {
		case 'X':
			out = appendInt(out, uint64(e.x), e.signed && e.x < 0)
		case 'Y':
			out = appendInt(out, uint64(e.y), e.y < 0)
		default:
			out = append(out, texts[0])
		}
	}
	return string(out)
}

// appendInt appends the digits of x.
func appendInt(b []byte, x uint64, negative bool) []byte {
	if negative {
		b = append(b, '-')
		x = -x
	}
	var digits [20]byte
	i := len(digits)
	for {
		i--
		digits[i] = byte('0' + x%10)
		x /= 10
		if x == 0 {
			return append(b, digits[i:]...)
		}
	}
}
