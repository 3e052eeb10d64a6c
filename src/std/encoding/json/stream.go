package json

import (
	"bytes"
	"io"
	"reflect"
)

// An Encoder writes values to a stream.
type Encoder struct {
	w              io.Writer
	err            error
	noEscape       bool
	prefix, indent string
	buf            []byte // of the last indented text
}

// NewEncoder returns an Encoder that writes to w.
func NewEncoder(w io.Writer) *Encoder { return &Encoder{w: w} }

// Encode writes v and a newline.
func (enc *Encoder) Encode(v any) error {
	if enc.err != nil {
		return enc.err
	}
	e := newEncoder(!enc.noEscape)
	defer e.free()
	if err := e.value(reflect.ValueOf(v), false); err != nil {
		return err
	}
	e.out = append(e.out, '\n')
	b := e.out
	if enc.prefix != "" || enc.indent != "" {
		enc.buf = indented(enc.buf[:0], b, enc.prefix, enc.indent)
		b = enc.buf
	}
	_, enc.err = enc.w.Write(b)
	return enc.err
}

// SetIndent gives each element a line, as Indent does.
func (enc *Encoder) SetIndent(prefix, indent string) { enc.prefix, enc.indent = prefix, indent }

// SetEscapeHTML says whether HTML's characters are escaped; they are at first.
func (enc *Encoder) SetEscapeHTML(on bool) { enc.noEscape = !on }

// A Decoder reads values from a stream.
type Decoder struct {
	r         io.Reader
	buf       []byte // read and not used yet
	offset    int64  // of buf in the stream
	err       error  // of reading
	failed    error  // of the text
	useNumber bool
	strict    bool
	stack     []byte // '[', '{' or ':' around the next token; ':' wants a value
	first     bool   // nothing behind the opening bracket yet
}

// NewDecoder returns a Decoder that reads from r.
func NewDecoder(r io.Reader) *Decoder { return &Decoder{r: r} }

// UseNumber makes numbers in interfaces a Number.
func (dec *Decoder) UseNumber() { dec.useNumber = true }

// DisallowUnknownFields makes object keys without a field errors.
func (dec *Decoder) DisallowUnknownFields() { dec.strict = true }

// Buffered returns what was read and not used.
func (dec *Decoder) Buffered() io.Reader { return bytes.NewReader(dec.buf) }

// InputOffset returns the position behind the last token or value.
func (dec *Decoder) InputOffset() int64 { return dec.offset }

// fill reads more; false if there is none.
func (dec *Decoder) fill() bool {
	if dec.err != nil {
		return false
	}
	var b [4096]byte
	n, err := dec.r.Read(b[:])
	dec.buf = append(dec.buf, b[:n]...)
	dec.err = err
	return n > 0 || err == nil
}

// peek returns the next byte that is no space.
func (dec *Decoder) peek() (byte, error) {
	for {
		if i := space(dec.buf, 0); i < len(dec.buf) {
			return dec.buf[i], nil
		}
		if !dec.fill() {
			return 0, dec.err
		}
	}
}

func (dec *Decoder) skip(n int) {
	dec.buf = dec.buf[n:]
	dec.offset += int64(n)
}

// next returns the text of the next value.
func (dec *Decoder) next() ([]byte, error) {
	for {
		end, err := scan(dec.buf, 0, 0)
		complete := err == nil && (end < len(dec.buf) || dec.err != nil)
		if err == nil && !complete {
			// A number may go on.
			if c := dec.buf[end-1]; c == '}' || c == ']' || c == '"' || c == 'e' || c == 'l' {
				complete = true
			}
		}
		if complete {
			b := dec.buf[:end]
			return b, nil
		}
		if err != nil && err.msg != "unexpected end of JSON input" {
			err.Offset += dec.offset
			return nil, err
		}
		if !dec.fill() {
			if err == nil {
				continue
			}
			if dec.err == io.EOF && space(dec.buf, 0) < len(dec.buf) {
				return nil, io.ErrUnexpectedEOF
			}
			return nil, dec.err
		}
	}
}

// Decode reads the next value to where v points.
func (dec *Decoder) Decode(v any) error {
	if dec.failed != nil {
		return dec.failed
	}
	if err := dec.separator(); err != nil {
		return err
	}
	b, err := dec.next()
	if err != nil {
		dec.failed = err
		return err
	}
	d := newDecoder(b)
	d.useNumber, d.strict = dec.useNumber, dec.strict
	err = d.run(v)
	d.free()
	dec.skip(len(b))
	dec.valueRead()
	return err
}

// separator goes over a comma or colon in front of a value, between tokens.
func (dec *Decoder) separator() error {
	if len(dec.stack) == 0 || dec.first {
		return nil
	}
	c, err := dec.peek()
	if err != nil {
		return err
	}
	switch dec.stack[len(dec.stack)-1] {
	case '[':
		if c != ',' {
			return &SyntaxError{"expected comma after array element", dec.offset}
		}
	case ':':
		if c != ':' {
			return &SyntaxError{"expected colon after object key", dec.offset}
		}
	default:
		return nil
	}
	dec.skip(space(dec.buf, 0) + 1)
	return nil
}

func (dec *Decoder) valueRead() {
	dec.first = false
	if n := len(dec.stack); n > 0 && dec.stack[n-1] == ':' {
		dec.stack = dec.stack[:n-1]
	}
}

// A Token is a Delim, bool, float64, Number, string or nil.
type Token any

// A Delim is a bracket.
type Delim rune

func (d Delim) String() string { return string(d) }

func (dec *Decoder) wrong(c byte, where string) error {
	return &SyntaxError{"invalid character " + quoteChar(c) + " " + where, dec.offset + int64(space(dec.buf, 0)) + 1}
}

// Token returns the next token. At the end it returns nil, io.EOF.
func (dec *Decoder) Token() (Token, error) {
	for {
		c, err := dec.peek()
		if err != nil {
			if err == io.EOF && len(dec.stack) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		top := byte(0)
		if n := len(dec.stack); n > 0 {
			top = dec.stack[n-1]
		}
		take := func() { dec.skip(space(dec.buf, 0) + 1) }
		switch c {
		case '[', '{':
			if top == '{' {
				return nil, dec.wrong(c, "looking for beginning of object key string")
			}
			if err := dec.between(top, c); err != nil {
				return nil, err
			}
			take()
			dec.stack = append(dec.stack, c)
			dec.first = true
			return Delim(c), nil
		case ']', '}':
			if top != c-2 {
				return nil, dec.wrong(c, "looking for beginning of value")
			}
			take()
			dec.stack = dec.stack[:len(dec.stack)-1]
			dec.valueRead()
			return Delim(c), nil
		case ',', ':':
			switch {
			case c == ',' && (top == '[' || top == '{') && !dec.first:
				take()
				dec.first = true
				continue
			case c == ':' && top == ':' && !dec.first:
				take()
				dec.first = true
				continue
			}
			return nil, dec.wrong(c, "looking for beginning of value")
		}
		if top == '{' {
			if c != '"' {
				return nil, dec.wrong(c, "looking for beginning of object key string")
			}
			if !dec.first {
				return nil, dec.wrong(c, "after object key:value pair")
			}
			b, err := dec.next()
			if err != nil {
				return nil, err
			}
			key := unquote(bytes.TrimLeft(b, " \t\r\n"))
			dec.skip(len(b))
			dec.stack = append(dec.stack, ':')
			dec.first = false
			return key, nil
		}
		if err := dec.between(top, c); err != nil {
			return nil, err
		}
		b, err := dec.next()
		if err != nil {
			return nil, err
		}
		d := &decoder{data: b, useNumber: dec.useNumber}
		x, err := d.any()
		if err == nil {
			err = d.err
		}
		dec.skip(len(b))
		dec.valueRead()
		return x, err
	}
}

// between checks that a separator came before a value.
func (dec *Decoder) between(top, c byte) error {
	switch {
	case top == '[' && !dec.first:
		return dec.wrong(c, "after array element")
	case top == ':' && !dec.first:
		return dec.wrong(c, "after object key")
	}
	return nil
}

// More reports whether there is another element in the array or object.
func (dec *Decoder) More() bool {
	c, err := dec.peek()
	return err == nil && c != ']' && c != '}'
}
