// Package io names the ways of reading and writing bytes.
package io

import "x/errors"

// Whence values of Seek.
const (
	SeekStart   = 0 // from the beginning
	SeekCurrent = 1 // from the current offset
	SeekEnd     = 2 // from the end
)

// EOF says that there is no more input. Functions return it unwrapped.
var EOF = errors.New("EOF")

// ErrUnexpectedEOF says that the input ended inside something.
var ErrUnexpectedEOF = errors.New("unexpected EOF")

// ErrShortWrite says that a write took fewer bytes without an error.
var ErrShortWrite = errors.New("short write")

// ErrShortBuffer says that a buffer is smaller than asked for.
var ErrShortBuffer = errors.New("short buffer")

// ErrNoProgress says that many reads returned neither bytes nor an error.
var ErrNoProgress = errors.New("multiple Read calls return no data or error")

// ErrClosedPipe says that a pipe was closed.
var ErrClosedPipe = errors.New("io: read/write on closed pipe")

var (
	errInvalidWrite = errors.New("invalid write result")
	errWhence       = errors.New("Seek: invalid whence")
	errOffset       = errors.New("Seek: invalid offset")
)

// A Reader fills p and returns how many bytes it read.
type Reader interface {
	Read(p []byte) (n int, err error)
}

// A Writer takes all of p or returns an error. It neither keeps nor changes p.
type Writer interface {
	Write(p []byte) (n int, err error)
}

type Closer interface {
	Close() error
}

// A Seeker sets the offset of the next Read or Write.
type Seeker interface {
	Seek(offset int64, whence int) (int64, error)
}

type ReadWriter interface {
	Reader
	Writer
}

type ReadCloser interface {
	Reader
	Closer
}

type WriteCloser interface {
	Writer
	Closer
}

type ReadWriteCloser interface {
	Reader
	Writer
	Closer
}

type ReadSeeker interface {
	Reader
	Seeker
}

type ReadSeekCloser interface {
	Reader
	Seeker
	Closer
}

type WriteSeeker interface {
	Writer
	Seeker
}

type ReadWriteSeeker interface {
	Reader
	Writer
	Seeker
}

// A ReaderFrom reads r to its end.
type ReaderFrom interface {
	ReadFrom(r Reader) (n int64, err error)
}

// A WriterTo writes all it has to w.
type WriterTo interface {
	WriteTo(w Writer) (n int64, err error)
}

type ReaderAt interface {
	ReadAt(p []byte, off int64) (n int, err error)
}

type WriterAt interface {
	WriteAt(p []byte, off int64) (n int, err error)
}

type ByteReader interface {
	ReadByte() (byte, error)
}

// A ByteScanner can take back the last byte read.
type ByteScanner interface {
	ByteReader
	UnreadByte() error
}

type ByteWriter interface {
	WriteByte(c byte) error
}

type RuneReader interface {
	ReadRune() (r rune, size int, err error)
}

// A RuneScanner can take back the last rune read.
type RuneScanner interface {
	RuneReader
	UnreadRune() error
}

type StringWriter interface {
	WriteString(s string) (n int, err error)
}

// WriteString writes s to w, through its WriteString if it has one.
func WriteString(w Writer, s string) (n int, err error) {
	if sw, ok := w.(StringWriter); ok {
		return sw.WriteString(s)
	}
	return w.Write([]byte(s))
}

// ReadAtLeast reads until buf holds min bytes. It returns EOF if there was
// none, ErrUnexpectedEOF if there were fewer, ErrShortBuffer if they do not fit.
func ReadAtLeast(r Reader, buf []byte, min int) (n int, err error) {
	if len(buf) < min {
		return 0, ErrShortBuffer
	}
	for n < min && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	if n >= min {
		return n, nil
	}
	if n > 0 && err == EOF {
		err = ErrUnexpectedEOF
	}
	return n, err
}

// ReadFull fills buf.
func ReadFull(r Reader, buf []byte) (n int, err error) { return ReadAtLeast(r, buf, len(buf)) }

// Copy copies src to its end to dst.
func Copy(dst Writer, src Reader) (written int64, err error) { return copyBuffer(dst, src, nil) }

// CopyBuffer is Copy through buf, which must not be empty.
func CopyBuffer(dst Writer, src Reader, buf []byte) (written int64, err error) {
	if buf != nil && len(buf) == 0 {
		panic("empty buffer in CopyBuffer")
	}
	return copyBuffer(dst, src, buf)
}

// CopyN copies n bytes; it returns EOF if there were fewer.
func CopyN(dst Writer, src Reader, n int64) (written int64, err error) {
	written, err = Copy(dst, LimitReader(src, n))
	if written < n && err == nil {
		err = EOF
	}
	return written, err
}

func copyBuffer(dst Writer, src Reader, buf []byte) (written int64, err error) {
	if w, ok := src.(WriterTo); ok {
		return w.WriteTo(dst)
	}
	if r, ok := dst.(ReaderFrom); ok {
		return r.ReadFrom(src)
	}
	if buf == nil {
		size := 32 << 10
		if l, ok := src.(*LimitedReader); ok && int64(size) > l.N {
			size = max(int(l.N), 1)
		}
		buf = make([]byte, size)
	}
	for {
		n, rerr := src.Read(buf)
		if n > 0 {
			m, werr := dst.Write(buf[:n])
			if m < 0 || m > n {
				m = 0
				if werr == nil {
					werr = errInvalidWrite
				}
			}
			written += int64(m)
			if werr != nil {
				return written, werr
			}
			if m < n {
				return written, ErrShortWrite
			}
		}
		if rerr == EOF {
			return written, nil
		}
		if rerr != nil {
			return written, rerr
		}
	}
}

// ReadAll reads r to its end.
func ReadAll(r Reader) ([]byte, error) {
	b := make([]byte, 0, 512)
	for {
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err != nil {
			if err == EOF {
				err = nil
			}
			return b, err
		}
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
	}
}
