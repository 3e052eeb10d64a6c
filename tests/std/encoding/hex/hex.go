// Package hex has bytes as hexadecimal digits.
package hex

import (
	"x/errors"
	"x/fmt"
	"x/io"
	"x/strings"
)

const digits = "0123456789abcdef"

// ErrLength says that there is an odd number of digits.
var ErrLength = errors.New("encoding/hex: odd length hex string")

// InvalidByteError is a byte that is no digit.
type InvalidByteError byte

func (e InvalidByteError) Error() string {
	return fmt.Sprintf("encoding/hex: invalid byte: %#U", rune(e))
}

// EncodedLen returns the number of digits of n bytes.
func EncodedLen(n int) int { return n * 2 }

// DecodedLen returns the number of bytes of x digits.
func DecodedLen(x int) int { return x / 2 }

// Encode writes the digits of src to dst and returns their number.
func Encode(dst, src []byte) int {
	for i, c := range src {
		dst[2*i] = digits[c>>4]
		dst[2*i+1] = digits[c&15]
	}
	return 2 * len(src)
}

// AppendEncode appends the digits of src to dst.
//
//go:noinline
func AppendEncode(dst, src []byte) []byte {
	n := len(dst)
	dst = append(dst, make([]byte, EncodedLen(len(src)))...)
	Encode(dst[n:], src)
	return dst
}

// EncodeToString returns the digits of src.
func EncodeToString(src []byte) string { return string(AppendEncode(nil, src)) }

func digit(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// Decode writes the bytes whose digits src has to dst and returns their number.
func Decode(dst, src []byte) (int, error) {
	n := 0
	for i := 0; i+1 < len(src); i += 2 {
		hi, ok := digit(src[i])
		if !ok {
			return n, InvalidByteError(src[i])
		}
		lo, ok := digit(src[i+1])
		if !ok {
			return n, InvalidByteError(src[i+1])
		}
		dst[n] = hi<<4 | lo
		n++
	}
	if len(src)%2 == 1 {
		if c := src[len(src)-1]; true {
			if _, ok := digit(c); !ok {
				return n, InvalidByteError(c)
			}
		}
		return n, ErrLength
	}
	return n, nil
}

// AppendDecode appends the bytes whose digits src has to dst.
func AppendDecode(dst, src []byte) ([]byte, error) {
	out := make([]byte, DecodedLen(len(src)))
	n, err := Decode(out, src)
	return append(dst, out[:n]...), err
}

// DecodeString returns the bytes whose digits s has, as far as it is good.
func DecodeString(s string) ([]byte, error) {
	out := make([]byte, DecodedLen(len(s)))
	n, err := Decode(out, []byte(s))
	return out[:n], err
}

// Dump returns data as hexdump -C prints it.
func Dump(data []byte) string {
	if len(data) == 0 {
		return ""
	}
	var b strings.Builder
	b.Grow((len(data) + 15) / 16 * 80)
	d := Dumper(&b)
	d.Write(data)
	d.Close()
	return b.String()
}

type dumper struct {
	w      io.Writer
	line   [16]byte
	text   [80]byte // of a line
	n      int // bytes in line
	offset int
	closed bool
}

// Dumper returns a writer that writes to w as Dump does; Close writes the last line.
func Dumper(w io.Writer) io.WriteCloser { return &dumper{w: w} }

func (d *dumper) Write(data []byte) (n int, err error) {
	if d.closed {
		return 0, errors.New("encoding/hex: dumper closed")
	}
	for i, c := range data {
		d.line[d.n] = c
		d.n++
		if d.n == 16 {
			if err := d.flush(); err != nil {
				return i, err
			}
		}
	}
	return len(data), nil
}

func (d *dumper) flush() error {
	out := d.text[:0]
	for shift := 28; shift >= 0; shift -= 4 {
		out = append(out, digits[d.offset>>shift&15])
	}
	out = append(out, ' ')
	for i := range 16 {
		if i == 8 {
			out = append(out, ' ')
		}
		if i < d.n {
			out = append(out, ' ', digits[d.line[i]>>4], digits[d.line[i]&15])
		} else {
			out = append(out, "   "...)
		}
	}
	out = append(out, "  |"...)
	for _, c := range d.line[:d.n] {
		if c < ' ' || c > '~' {
			c = '.'
		}
		out = append(out, c)
	}
	out = append(out, "|\n"...)
	d.offset += d.n
	d.n = 0
	_, err := d.w.Write(out)
	return err
}

func (d *dumper) Close() error {
	if d.closed {
		return nil
	}
	d.closed = true
	if d.n == 0 {
		return nil
	}
	return d.flush()
}

type encoder struct{ w io.Writer }

// NewEncoder returns a writer that writes the digits of what it gets to w.
func NewEncoder(w io.Writer) io.Writer { return encoder{w} }

func (e encoder) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		chunk := p[:min(len(p), 512)]
		written, err := e.w.Write(AppendEncode(nil, chunk))
		n += written / 2
		if err != nil {
			return n, err
		}
		p = p[len(chunk):]
	}
	return n, nil
}

type decoder struct {
	r    io.Reader
	err  error
	rest []byte
}

// NewDecoder returns a reader of the bytes whose digits r has.
func NewDecoder(r io.Reader) io.Reader { return &decoder{r: r} }

func (d *decoder) Read(p []byte) (n int, err error) {
	for len(d.rest) < 2 && d.err == nil {
		buf := make([]byte, 1024)
		k := copy(buf, d.rest)
		m, err := d.r.Read(buf[k:])
		d.rest, d.err = buf[:k+m], err
		if d.err == io.EOF && len(d.rest)%2 != 0 {
			if c := d.rest[len(d.rest)-1]; true {
				if _, ok := digit(c); !ok {
					d.err = InvalidByteError(c)
				} else {
					d.err = io.ErrUnexpectedEOF
				}
			}
		}
	}
	k := min(len(p), len(d.rest)/2)
	n, err = Decode(p[:k], d.rest[:2*k])
	d.rest = d.rest[2*n:]
	if err != nil {
		d.rest, d.err = nil, err
	}
	if len(d.rest) < 2 {
		return n, d.err
	}
	return n, nil
}
