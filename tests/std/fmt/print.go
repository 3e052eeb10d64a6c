// Package fmt formats values.
//
// A pp (printer) collects the text of one call. Operands are described by
// rt.Value, not reflect.Value, so that programs that only print do not carry
// package reflect. Formatting goes by kind: printArg and printValue choose,
// number.go and text.go format, verb.go reads format strings.
package fmt

import (
	"x/internal/rt"
	os "x/internal/stdio"
	"x/io"
	"x/unicode/utf8"
	"unsafe"
)

// State is what a Formatter prints to and reads its flags from.
type State interface {
	// Write appends to the text.
	Write(b []byte) (n int, err error)
	// Width returns the width and whether it was given.
	Width() (wid int, ok bool)
	// Precision returns the precision and whether it was given.
	Precision() (prec int, ok bool)
	// Flag reports whether the flag c, one of "+-# 0", was given.
	Flag(c int) bool
}

// A Formatter formats itself.
type Formatter interface {
	Format(f State, verb rune)
}

// A Stringer has a text, which %v, %s, %q, %x and %X use.
type Stringer interface {
	String() string
}

// A GoStringer has a text for %#v.
type GoStringer interface {
	GoString() string
}

// FormatString returns the format that state and verb were made from.
func FormatString(state State, verb rune) string {
	b := []byte{'%'}
	for _, c := range " +-#0" {
		if state.Flag(int(c)) {
			b = append(b, byte(c))
		}
	}
	if w, ok := state.Width(); ok {
		b = Append(b, w)
	}
	if p, ok := state.Precision(); ok {
		b = Append(append(b, '.'), p)
	}
	return string(utf8.AppendRune(b, verb))
}

// flags are the width, precision and flags of a verb.
type flags struct {
	wid, prec                 int
	widPresent, precPresent   bool
	minus, plus, sharp, space bool
	zero                      bool
	plusV, sharpV             bool // %+v and %#v, for which plus and sharp are off
}

// pp is a printer: the text so far and the flags of the verb being formatted.
type pp struct {
	buf []byte
	flags

	erroring   bool  // inside an error text: no methods
	panicking  bool  // printing what a method panicked with
	wrapErrs   bool  // %w is allowed
	wrapped    []int // operands of %w
	reordered  bool  // the format used [n]
	goodArgNum bool  // the last [n] was valid

	digits [72]byte // number being formatted
}

// cache holds idle printers. Each is taken and put back in one atomic step, so
// no two users share it. There are several because methods print in turn.
var cache [8]unsafe.Pointer

const maxKept = 64 << 10 // bytes of the largest buffer worth keeping

func newPrinter() *pp {
	var p *pp
	for i := 0; p == nil && i < len(cache); i++ {
		p = (*pp)(rt.Swap(&cache[i], nil))
	}
	if p == nil {
		p = new(pp)
	}
	p.erroring = false
	p.wrapErrs = false
	p.panicking = false
	p.flags = flags{}
	return p
}

func (p *pp) free() {
	if cap(p.buf) > maxKept {
		p.buf = nil
	}
	p.buf = p.buf[:0]
	p.wrapped = p.wrapped[:0]
	for i := 0; p != nil && i < len(cache); i++ {
		p = (*pp)(rt.Swap(&cache[i], unsafe.Pointer(p)))
	}
}

// str, char and rune append to the text.
func (p *pp) str(s string) { p.buf = append(p.buf, s...) }
func (p *pp) char(c byte)  { p.buf = append(p.buf, c) }
func (p *pp) rune(r rune)  { p.buf = utf8.AppendRune(p.buf, r) }

func (p *pp) Write(b []byte) (n int, err error) {
	p.buf = append(p.buf, b...)
	return len(b), nil
}

func (p *pp) WriteString(s string) (n int, err error) {
	p.str(s)
	return len(s), nil
}

func (p *pp) Width() (wid int, ok bool)      { return p.wid, p.widPresent }
func (p *pp) Precision() (prec int, ok bool) { return p.prec, p.precPresent }

func (p *pp) Flag(c int) bool {
	switch c {
	case '-':
		return p.minus
	case '+':
		return p.plus || p.plusV
	case '#':
		return p.sharp || p.sharpV
	case ' ':
		return p.space
	case '0':
		return p.zero
	}
	return false
}

// Fprintf formats a by format and writes the text to w.
func Fprintf(w io.Writer, format string, a ...any) (n int, err error) {
	p := newPrinter()
	p.format(format, a)
	n, err = w.Write(p.buf)
	p.free()
	return n, err
}

// Printf formats a by format and prints the text.
func Printf(format string, a ...any) (n int, err error) { return Fprintf(os.Stdout, format, a...) }

// Sprintf formats a by format.
func Sprintf(format string, a ...any) string {
	p := newPrinter()
	p.format(format, a)
	s := string(p.buf)
	p.free()
	return s
}

// Appendf formats a by format and appends the text to b.
func Appendf(b []byte, format string, a ...any) []byte {
	p := newPrinter()
	p.format(format, a)
	b = append(b, p.buf...)
	p.free()
	return b
}

// Fprint writes a to w, with spaces between operands when neither is a string.
func Fprint(w io.Writer, a ...any) (n int, err error) {
	p := newPrinter()
	p.print(a)
	n, err = w.Write(p.buf)
	p.free()
	return n, err
}

// Print prints a, with spaces between operands when neither is a string.
func Print(a ...any) (n int, err error) { return Fprint(os.Stdout, a...) }

// Sprint returns the text that Print prints.
func Sprint(a ...any) string {
	p := newPrinter()
	p.print(a)
	s := string(p.buf)
	p.free()
	return s
}

// Append appends the text that Print prints to b.
func Append(b []byte, a ...any) []byte {
	p := newPrinter()
	p.print(a)
	b = append(b, p.buf...)
	p.free()
	return b
}

// Fprintln writes a to w, with spaces between operands and a newline behind.
func Fprintln(w io.Writer, a ...any) (n int, err error) {
	p := newPrinter()
	p.println(a)
	n, err = w.Write(p.buf)
	p.free()
	return n, err
}

// Println prints a, with spaces between operands and a newline behind.
func Println(a ...any) (n int, err error) { return Fprintln(os.Stdout, a...) }

// Sprintln returns the text that Println prints.
func Sprintln(a ...any) string {
	p := newPrinter()
	p.println(a)
	s := string(p.buf)
	p.free()
	return s
}

// Appendln appends the text that Println prints to b.
func Appendln(b []byte, a ...any) []byte {
	p := newPrinter()
	p.println(a)
	b = append(b, p.buf...)
	p.free()
	return b
}

func (p *pp) print(a []any) {
	prevString := false
	for i, x := range a {
		t := rt.TypeOf(x)
		isString := t != nil && t.Kind() == rt.String
		if i > 0 && !isString && !prevString {
			p.char(' ')
		}
		p.printArg(x, 'v')
		prevString = isString
	}
}

func (p *pp) println(a []any) {
	for i, x := range a {
		if i > 0 {
			p.char(' ')
		}
		p.printArg(x, 'v')
	}
	p.char('\n')
}
