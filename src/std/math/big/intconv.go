package big

import (
	"errors"
	"fmt"
	"internal/rt"
	"io"
	"unsafe"
)

// Text returns the digits of x to a base from 2 to 62.
func (x *Int) Text(base int) string {
	if x == nil {
		return "<nil>"
	}
	return string(x.abs.itoa(x.neg, base))
}

// Append appends the digits of x.
func (x *Int) Append(buf []byte, base int) []byte {
	if x == nil {
		return append(buf, "<nil>"...)
	}
	return append(buf, x.abs.itoa(x.neg, base)...)
}

func (x *Int) String() string {
	return x.Text(10)
}

// SetString sets z to the number s stands for; base 0 takes prefixes and
// underscores.
//
//go:noinline
func (z *Int) SetString(s string, base int) (*Int, bool) {
	rt.Leak(s)
	if !z.parse(s, base) {
		return nil, false
	}
	return z, true
}

// parse sets z to the number s, and reports whether it is one. It does not keep s.
func (z *Int) parse(s string, base int) bool {
	r := source{text: s}
	if err := z.scan(&r, base); err != nil {
		return false
	}
	return r.at == len(s)
}

// scan reads an integer.
func (z *Int) scan(r *source, base int) error {
	neg, err := r.sign()
	if err != nil {
		return err
	}
	var s scratch
	z.abs, _, _, err = z.abs.scan(&s, r, base, false)
	s.done()
	if err != nil {
		return err
	}
	z.neg = neg && len(z.abs) > 0
	return nil
}

// What numbers are padded with.
const (
	blanks = "                                "
	zeros  = "00000000000000000000000000000000"
)

// pad writes n bytes of padding.
func pad(s fmt.State, padding string, n int) {
	for n > 0 {
		k := min(n, len(padding))
		io.WriteString(s, padding[:k])
		n -= k
	}
}

// Format prints x for the verbs b, o, d, x, X, O, s and v.
func (x *Int) Format(s fmt.State, ch rune) {
	base := 10
	switch ch {
	case 'b':
		base = 2
	case 'o', 'O':
		base = 8
	case 'd', 's', 'v':
	case 'x', 'X':
		base = 16
	default:
		fmt.Fprintf(s, "%%!%c(big.Int=%s)", ch, x.String())
		return
	}
	if x == nil {
		fmt.Fprint(s, "<nil>")
		return
	}
	sign := ""
	switch {
	case x.neg:
		sign = "-"
	case s.Flag('+'):
		sign = "+"
	case s.Flag(' '):
		sign = " "
	}
	prefix := ""
	if s.Flag('#') {
		switch ch {
		case 'b':
			prefix = "0b"
		case 'o':
			prefix = "0"
		case 'x':
			prefix = "0x"
		case 'X':
			prefix = "0X"
		}
	}
	if ch == 'O' {
		prefix = "0o"
	}
	text := x.abs.itoa(false, base)
	if ch == 'X' {
		for i, c := range text {
			if c >= 'a' {
				text[i] = c - 'a' + 'A'
			}
		}
	}
	left, more := 0, 0
	precision, hasPrecision := s.Precision()
	if hasPrecision {
		if len(text) < precision {
			more = precision - len(text)
		} else if len(x.abs) == 0 && precision == 0 {
			return
		}
	}
	length := len(sign) + len(prefix) + more + len(text)
	right := 0
	if width, ok := s.Width(); ok && length < width {
		switch d := width - length; {
		case s.Flag('-'):
			right = d
		case s.Flag('0') && !hasPrecision:
			more = d
		default:
			left = d
		}
	}
	pad(s, blanks, left)
	io.WriteString(s, sign)
	io.WriteString(s, prefix)
	pad(s, zeros, more)
	s.Write(text)
	pad(s, blanks, right)
}

// A runeBytes is a fmt.ScanState of bytes.
type runeBytes struct{ fmt.ScanState }

func (r runeBytes) ReadByte() (byte, error) {
	ch, size, err := r.ReadRune()
	if err == nil && size != 1 {
		err = fmt.Errorf("invalid rune %#U", ch)
	}
	return byte(ch), err
}

func (r runeBytes) UnreadByte() error { return r.UnreadRune() }

// Scan reads a number for the verbs of Format.
func (z *Int) Scan(s fmt.ScanState, ch rune) error {
	s.SkipSpace()
	base := 0
	switch ch {
	case 'b':
		base = 2
	case 'o':
		base = 8
	case 'd':
		base = 10
	case 'x', 'X':
		base = 16
	case 's', 'v':
	default:
		return errors.New("Int.Scan: invalid verb")
	}
	return z.scan(&source{from: runeBytes{s}}, base)
}

// MarshalText returns x as text.
func (x *Int) MarshalText() (text []byte, err error) {
	return x.AppendText(nil)
}

// AppendText appends x as text.
func (x *Int) AppendText(b []byte) (text []byte, err error) {
	return x.Append(b, 10), nil
}

// UnmarshalText sets z to what the text stands for.
//
//go:noinline
func (z *Int) UnmarshalText(text []byte) error {
	rt.LeakPointer(unsafe.Pointer(unsafe.SliceData(text)))
	if !z.parse(unsafe.String(unsafe.SliceData(text), len(text)), 0) {
		return fmt.Errorf("math/big: cannot unmarshal %q into a *big.Int", text)
	}
	return nil
}

// MarshalJSON returns x as a number.
func (x *Int) MarshalJSON() ([]byte, error) {
	if x == nil {
		return []byte("null"), nil
	}
	return x.abs.itoa(x.neg, 10), nil
}

// UnmarshalJSON sets z to a number.
func (z *Int) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	return z.UnmarshalText(text)
}
