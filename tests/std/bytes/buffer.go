package bytes

import (
	"x/errors"
	"x/io"
	"x/unicode/utf8"
)

// MinRead is how much room ReadFrom makes for each read.
const MinRead = 512

// ErrTooLarge is what a Buffer panics with when it cannot hold its contents.
var ErrTooLarge = errors.New("bytes.Buffer: too large")

var errNegativeRead = errors.New("bytes.Buffer: reader returned negative count from Read")

// readOp is what the last operation read, for the Unread methods: the width of
// a rune, or one of these.
type readOp int8

const (
	opRead    readOp = -1
	opInvalid readOp = 0
)

// A Buffer holds bytes written until they are read.
type Buffer struct {
	buf      []byte // buf[off:] is unread
	off      int
	lastRead readOp
}

// NewBuffer returns a Buffer with the contents buf, which it owns.
func NewBuffer(buf []byte) *Buffer { return &Buffer{buf: buf} }

// NewBufferString returns a Buffer with the contents s.
func NewBufferString(s string) *Buffer { return &Buffer{buf: []byte(s)} }

// Bytes returns what is unread, valid until the next change of b.
func (b *Buffer) Bytes() []byte { return b.buf[b.off:] }

// AvailableBuffer returns an empty slice with room to append to and Write.
func (b *Buffer) AvailableBuffer() []byte { return b.buf[len(b.buf):] }

// String returns what is unread, "<nil>" for a nil b.
func (b *Buffer) String() string {
	if b == nil {
		return "<nil>"
	}
	return string(b.buf[b.off:])
}

// Len returns the number of unread bytes.
func (b *Buffer) Len() int { return len(b.buf) - b.off }

// Cap returns the size of b's memory.
func (b *Buffer) Cap() int { return cap(b.buf) }

// Available returns how many bytes can be written without moving what is there.
func (b *Buffer) Available() int { return cap(b.buf) - len(b.buf) }

func (b *Buffer) empty() bool { return len(b.buf) <= b.off }

// Reset empties b and keeps its memory.
func (b *Buffer) Reset() {
	b.buf = b.buf[:0]
	b.off = 0
	b.lastRead = opInvalid
}

// Truncate drops all but the first n unread bytes.
func (b *Buffer) Truncate(n int) {
	if n == 0 {
		b.Reset()
		return
	}
	b.lastRead = opInvalid
	if n < 0 || n > b.Len() {
		panic("bytes.Buffer: truncation out of range")
	}
	b.buf = b.buf[:b.off+n]
}

// extend makes room for n more bytes behind the contents and returns where. It
// leaves the contents where they are if it can.
func (b *Buffer) extend(n int) int {
	if m := len(b.buf); n <= cap(b.buf)-m {
		b.buf = b.buf[:m+n]
		return m
	}
	return b.grow(n)
}

// grow is extend that moves the contents to the front of their memory first if
// there are none.
func (b *Buffer) grow(n int) int {
	if b.off > 0 && b.empty() {
		b.Reset()
	}
	m := len(b.buf)
	if n <= cap(b.buf)-m {
		b.buf = b.buf[:m+n]
		return m
	}
	size := m - b.off
	if b.buf == nil && n <= 64 {
		b.buf = make([]byte, n, 64)
		return 0
	}
	if c := cap(b.buf); n <= c/2-size {
		// Half of it is free: move the contents to the front.
		copy(b.buf, b.buf[b.off:])
	} else if c > 1<<62-c-n {
		panic(ErrTooLarge)
	} else {
		want := max(size+n, 2*cap(b.buf[b.off:]))
		old := b.buf[b.off:]
		b.buf = append([]byte(nil), make([]byte, want)...)
		copy(b.buf, old)
	}
	b.off = 0
	b.buf = b.buf[:size+n]
	return size
}

// Grow makes room for n more bytes.
func (b *Buffer) Grow(n int) {
	if n < 0 {
		panic("bytes.Buffer.Grow: negative count")
	}
	m := b.grow(n)
	b.buf = b.buf[:m]
}

//go:noinline
func (b *Buffer) Write(p []byte) (n int, err error) {
	b.lastRead = opInvalid
	m := b.extend(len(p))
	return copy(b.buf[m:], p), nil
}

//go:noinline
func (b *Buffer) WriteString(s string) (n int, err error) {
	b.lastRead = opInvalid
	m := b.extend(len(s))
	return copy(b.buf[m:], s), nil
}

//go:noinline
func (b *Buffer) WriteByte(c byte) error {
	b.lastRead = opInvalid
	m := b.extend(1)
	b.buf[m] = c
	return nil
}

func (b *Buffer) WriteRune(r rune) (n int, err error) {
	b.lastRead = opInvalid
	m := b.extend(utf8.UTFMax)
	b.buf = utf8.AppendRune(b.buf[:m], r)
	return len(b.buf) - m, nil
}

// ReadFrom appends all of r.
func (b *Buffer) ReadFrom(r io.Reader) (n int64, err error) {
	b.lastRead = opInvalid
	for {
		i := b.grow(MinRead)
		b.buf = b.buf[:i]
		m, err := r.Read(b.buf[i:cap(b.buf)])
		if m < 0 {
			panic(errNegativeRead)
		}
		b.buf = b.buf[:i+m]
		n += int64(m)
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// WriteTo writes what is unread to w.
func (b *Buffer) WriteTo(w io.Writer) (n int64, err error) {
	b.lastRead = opInvalid
	if size := b.Len(); size > 0 {
		m, err := w.Write(b.buf[b.off:])
		if m > size {
			panic("bytes.Buffer.WriteTo: invalid Write count")
		}
		b.off += m
		n = int64(m)
		if err != nil {
			return n, err
		}
		if m != size {
			return n, io.ErrShortWrite
		}
	}
	b.Reset()
	return n, nil
}

// Peek returns the next n unread bytes, io.EOF with what there is if they are fewer.
func (b *Buffer) Peek(n int) ([]byte, error) {
	if b.Len() < n {
		return b.buf[b.off:], io.EOF
	}
	return b.buf[b.off : b.off+n], nil
}

func (b *Buffer) Read(p []byte) (n int, err error) {
	b.lastRead = opInvalid
	if b.empty() {
		b.Reset()
		if len(p) == 0 {
			return 0, nil
		}
		return 0, io.EOF
	}
	n = copy(p, b.buf[b.off:])
	b.off += n
	if n > 0 {
		b.lastRead = opRead
	}
	return n, nil
}

// Next returns the next n unread bytes, or what there is, valid until the next
// change of b.
func (b *Buffer) Next(n int) []byte {
	b.lastRead = opInvalid
	m := b.Len()
	if n > m {
		n = m
	}
	data := b.buf[b.off : b.off+n]
	b.off += n
	if n > 0 {
		b.lastRead = opRead
	}
	return data
}

func (b *Buffer) ReadByte() (byte, error) {
	if b.empty() {
		b.Reset()
		return 0, io.EOF
	}
	c := b.buf[b.off]
	b.off++
	b.lastRead = opRead
	return c, nil
}

func (b *Buffer) ReadRune() (r rune, size int, err error) {
	if b.empty() {
		b.Reset()
		return 0, 0, io.EOF
	}
	r, size = utf8.DecodeRune(b.buf[b.off:])
	b.off += size
	b.lastRead = readOp(size)
	return r, size, nil
}

func (b *Buffer) UnreadRune() error {
	if b.lastRead <= opInvalid {
		return errors.New("bytes.Buffer: UnreadRune: previous operation was not a successful ReadRune")
	}
	if b.off >= int(b.lastRead) {
		b.off -= int(b.lastRead)
	}
	b.lastRead = opInvalid
	return nil
}

var errUnreadByte = errors.New("bytes.Buffer: UnreadByte: previous operation was not a successful read")

func (b *Buffer) UnreadByte() error {
	if b.lastRead == opInvalid {
		return errUnreadByte
	}
	b.lastRead = opInvalid
	if b.off > 0 {
		b.off--
	}
	return nil
}

// ReadBytes reads to the first delim, included, or to the end with io.EOF.
func (b *Buffer) ReadBytes(delim byte) (line []byte, err error) {
	slice, err := b.readSlice(delim)
	line = append(line, slice...)
	return line, err
}

func (b *Buffer) readSlice(delim byte) (line []byte, err error) {
	end := len(b.buf)
	if i := IndexByte(b.buf[b.off:], delim); i >= 0 {
		end = b.off + i + 1
	} else {
		err = io.EOF
	}
	line = b.buf[b.off:end]
	b.off = end
	b.lastRead = opRead
	return line, err
}

// ReadString is ReadBytes for a string.
func (b *Buffer) ReadString(delim byte) (line string, err error) {
	slice, err := b.readSlice(delim)
	return string(slice), err
}
