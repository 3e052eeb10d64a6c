// Package base64 has bytes as letters, digits and two more characters (RFC 4648).
package base64

import (
	"io"
	"strconv"
)

const (
	StdPadding rune = '='
	NoPadding  rune = -1
)

const (
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	none    = 0xff
)

// An Encoding is an alphabet of 64 characters and a padding.
type Encoding struct {
	alphabet [64]byte
	values   [256]byte
	padding  rune
	strict   bool
}

var (
	// StdEncoding is the usual one.
	StdEncoding = NewEncoding(letters + "+/")
	// URLEncoding is good for URLs and file names.
	URLEncoding = NewEncoding(letters + "-_")
	// RawStdEncoding is StdEncoding without padding.
	RawStdEncoding = StdEncoding.WithPadding(NoPadding)
	// RawURLEncoding is URLEncoding without padding.
	RawURLEncoding = URLEncoding.WithPadding(NoPadding)
)

// NewEncoding returns the encoding with this alphabet and standard padding.
func NewEncoding(encoder string) *Encoding {
	if len(encoder) != 64 {
		panic("encoding alphabet is not 64-bytes long")
	}
	e := &Encoding{padding: StdPadding}
	copy(e.alphabet[:], encoder)
	for i := range e.values {
		e.values[i] = none
	}
	for i := 0; i < 64; i++ {
		c := encoder[i]
		switch {
		case c == '\n' || c == '\r':
			panic("encoding alphabet contains newline character")
		case e.values[c] != none:
			panic("encoding alphabet includes duplicate symbols")
		}
		e.values[c] = byte(i)
	}
	return e
}

// WithPadding returns the encoding with another padding, NoPadding for none.
func (enc Encoding) WithPadding(padding rune) *Encoding {
	switch {
	case padding < NoPadding || padding == '\r' || padding == '\n' || padding > 0xff:
		panic("invalid padding")
	case padding != NoPadding && enc.values[byte(padding)] != none:
		panic("padding contained in alphabet")
	}
	enc.padding = padding
	return &enc
}

// Strict returns the encoding where bits that are left over must be zero.
func (enc Encoding) Strict() *Encoding {
	enc.strict = true
	return &enc
}

// EncodedLen returns the number of characters for n bytes.
func (enc *Encoding) EncodedLen(n int) int {
	if enc.padding == NoPadding {
		return n/3*4 + (n%3*8+5)/6
	}
	return (n + 2) / 3 * 4
}

// DecodedLen returns the most bytes that n characters can stand for.
func (enc *Encoding) DecodedLen(n int) int {
	if enc.padding == NoPadding {
		return n/4*3 + n%4*6/8
	}
	return n / 4 * 3
}

// AppendEncode appends the characters for src to dst.
func (enc *Encoding) AppendEncode(dst, src []byte) []byte {
	for len(src) >= 3 {
		x := uint(src[0])<<16 | uint(src[1])<<8 | uint(src[2])
		dst = append(dst, enc.alphabet[x>>18], enc.alphabet[x>>12&63], enc.alphabet[x>>6&63], enc.alphabet[x&63])
		src = src[3:]
	}
	switch len(src) {
	case 0:
		return dst
	case 1:
		dst = append(dst, enc.alphabet[src[0]>>2], enc.alphabet[src[0]<<4&63])
	case 2:
		x := uint(src[0])<<8 | uint(src[1])
		dst = append(dst, enc.alphabet[x>>10], enc.alphabet[x>>4&63], enc.alphabet[x<<2&63])
	}
	if enc.padding != NoPadding {
		for i := len(src); i < 3; i++ {
			dst = append(dst, byte(enc.padding))
		}
	}
	return dst
}

// Encode writes the characters for src to dst.
func (enc *Encoding) Encode(dst, src []byte) {
	if n := enc.EncodedLen(len(src)); n > 0 {
		_ = dst[n-1]
		enc.AppendEncode(dst[:0], src)
	}
}

// EncodeToString returns the characters for src.
func (enc *Encoding) EncodeToString(src []byte) string {
	return string(enc.AppendEncode(make([]byte, 0, enc.EncodedLen(len(src))), src))
}

// CorruptInputError is where characters are no encoding.
type CorruptInputError int64

func (e CorruptInputError) Error() string {
	return "illegal base64 data at input byte " + strconv.FormatInt(int64(e), 10)
}

// Decode writes the bytes that src stands for to dst and returns their
// number. Line ends are left out.
func (enc *Encoding) Decode(dst, src []byte) (n int, err error) {
	i := 0
	skip := func() {
		for i < len(src) && (src[i] == '\n' || src[i] == '\r') {
			i++
		}
	}
	for {
		var group [4]byte
		var at [4]int
		k := 0
		padded := false
		for k < 4 {
			skip()
			if i == len(src) {
				break
			}
			c := src[i]
			if rune(c) == enc.padding {
				padded = true
				break
			}
			if group[k] = enc.values[c]; group[k] == none {
				return n, CorruptInputError(i)
			}
			at[k] = i
			i++
			k++
		}
		if k == 0 && !padded {
			return n, nil
		}
		if k < 4 {
			switch {
			case k == 1 && !padded || k < 2 && padded:
				if padded {
					return n, CorruptInputError(i)
				}
				return n, CorruptInputError(i - k)
			case !padded && enc.padding != NoPadding:
				return n, CorruptInputError(i - k)
			case padded && k == 2:
				i++
				skip()
				if i == len(src) {
					return n, CorruptInputError(len(src))
				}
				if rune(src[i]) != enc.padding {
					return n, CorruptInputError(i - 1)
				}
			}
			if padded {
				i++
				skip()
				if i < len(src) {
					err = CorruptInputError(i)
				}
			}
		}
		x := uint(group[0])<<18 | uint(group[1])<<12 | uint(group[2])<<6 | uint(group[3])
		switch k {
		case 4:
			dst[n+2] = byte(x)
			fallthrough
		case 3:
			dst[n+1] = byte(x >> 8)
			if enc.strict && k == 3 && byte(x) != 0 {
				return n, CorruptInputError(i - 1)
			}
			fallthrough
		case 2:
			dst[n] = byte(x >> 16)
			if enc.strict && k == 2 && (byte(x>>8) != 0 || byte(x) != 0) {
				return n, CorruptInputError(i - 2)
			}
		}
		n += k - 1
		if k < 4 {
			return n, err
		}
	}
}

// AppendDecode appends the bytes that src stands for to dst.
func (enc *Encoding) AppendDecode(dst, src []byte) ([]byte, error) {
	out := make([]byte, len(src)/4*3+3)
	n, err := enc.Decode(out, src)
	return append(dst, out[:n]...), err
}

// DecodeString returns the bytes that s stands for, as far as it is good.
func (enc *Encoding) DecodeString(s string) ([]byte, error) {
	out := make([]byte, enc.DecodedLen(len(s)))
	n, err := enc.Decode(out, []byte(s))
	return out[:n], err
}

type encoder struct {
	enc  *Encoding
	w    io.Writer
	rest [3]byte // bytes not encoded yet
	n    int     // how many
	err  error
	out  [1024]byte
}

// NewEncoder returns a writer of what it gets to w, encoded; Close writes the rest.
func NewEncoder(enc *Encoding, w io.Writer) io.WriteCloser { return &encoder{enc: enc, w: w} }

func (e *encoder) write(p []byte) {
	_, e.err = e.w.Write(e.enc.AppendEncode(e.out[:0], p))
}

func (e *encoder) Write(p []byte) (n int, err error) {
	if e.err != nil {
		return 0, e.err
	}
	n = len(p)
	if e.n > 0 {
		k := copy(e.rest[e.n:], p)
		e.n += k
		p = p[k:]
		if e.n < len(e.rest) {
			return n, nil
		}
		e.write(e.rest[:])
		e.n = 0
	}
	for len(p) >= 3 && e.err == nil {
		k := min(len(e.out)/4*3, len(p)/3*3)
		e.write(p[:k])
		p = p[k:]
	}
	if e.err != nil {
		return 0, e.err
	}
	e.n = copy(e.rest[:], p)
	return n, nil
}

func (e *encoder) Close() error {
	if e.err == nil && e.n > 0 {
		e.write(e.rest[:e.n])
		e.n = 0
	}
	return e.err
}

type decoder struct {
	enc *Encoding
	r   io.Reader
	n   int    // characters not decoded yet, without line ends, in buf
	out []byte // bytes not given out yet, in bytes
	err error
	pos int64 // of the characters before those in buf

	buf   [1024]byte
	bytes [1024/4*3 + 3]byte
}

// NewDecoder returns a reader of what r's characters stand for.
func NewDecoder(enc *Encoding, r io.Reader) io.Reader { return &decoder{enc: enc, r: r} }

func (d *decoder) Read(p []byte) (n int, err error) {
	for len(d.out) == 0 && d.err == nil {
		k, err := d.r.Read(d.buf[d.n:])
		whole := d.n
		for _, c := range d.buf[d.n : d.n+k] {
			if c != '\n' && c != '\r' {
				d.buf[whole] = c
				whole++
			}
		}
		d.n = whole
		if err == nil {
			whole = whole / 4 * 4
		} else if err == io.EOF && d.enc.padding != NoPadding && whole%4 != 0 {
			err = io.ErrUnexpectedEOF
			whole = whole / 4 * 4
		}
		if whole > 0 {
			k, bad := d.enc.Decode(d.bytes[:], d.buf[:whole])
			d.out = d.bytes[:k]
			if at, ok := bad.(CorruptInputError); ok {
				err = at + CorruptInputError(d.pos)
			}
			d.n = copy(d.buf[:], d.buf[whole:d.n])
			d.pos += int64(whole)
		}
		d.err = err
	}
	n = copy(p, d.out)
	d.out = d.out[n:]
	if n > 0 || len(p) == 0 {
		return n, nil
	}
	return 0, d.err
}
