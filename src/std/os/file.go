// Package os is the program's view of the operating system: files, arguments,
// environment, exit.
package os

import (
	"errors"
	"internal/rt"
	stdio "internal/stdio"
	"io"
	"io/fs"
	"syscall"
	"unsafe"
)

// The portable errors, for errors.Is.
var (
	ErrInvalid    = fs.ErrInvalid
	ErrPermission = fs.ErrPermission
	ErrExist      = fs.ErrExist
	ErrNotExist   = fs.ErrNotExist
	ErrClosed     = fs.ErrClosed

	ErrNoDeadline       = errors.New("file type does not support deadline")
	ErrDeadlineExceeded = error(timeout{})
)

// errClosing is what Go says instead of ErrClosed in a few places.
var errClosing = errors.New("use of closed file")

// timeout is the error of an operation that lasted beyond its deadline.
type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

// PathError records a failed operation on a path.
type PathError = fs.PathError

// A File is an open file.
type File struct{ *file }

type file struct {
	fd         int // -1: closed
	name       string
	appendOnly bool
	entries    []byte // read from the directory, not yet returned; in buf
	buf        *[8192]byte
	poll       *poller // for files that do not block
}

// The standard streams.
var (
	Stdin  = NewFile(0, "/dev/stdin")
	Stdout = NewFile(1, "/dev/stdout")
	Stderr = NewFile(2, "/dev/stderr")
)

func init() {
	stdio.StdinHook = func() io.Reader { return Stdin }
	stdio.StdoutHook = func() io.Writer { return Stdout }
}

// NewFile returns the File of an open file descriptor.
func NewFile(fd uintptr, name string) *File {
	if int(fd) < 0 {
		return nil
	}
	return &File{&file{fd: int(fd), name: name}}
}

// Name returns the name the file was opened by.
func (f *File) Name() string { return f.name }

// Fd returns the file descriptor, the greatest uintptr if f is closed.
func (f *File) Fd() uintptr {
	if f == nil {
		return ^uintptr(0)
	}
	return f.descriptor()
}

func (f *file) descriptor() uintptr {
	rt.LeakPointer(unsafe.Pointer(f))
	if f.poll != nil {
		f.poll.block(f.fd)
	}
	return uintptr(f.fd)
}

// check returns ErrInvalid for a nil file.
func (f *File) check() error {
	if f == nil {
		return ErrInvalid
	}
	return nil
}

// failed makes the error for a negated errno.
//
//go:noinline
func (f *File) failed(op string, errno int) error {
	err := error(syscall.Errno(-errno))
	if f.fd < 0 {
		err = ErrClosed
	}
	return &PathError{op, f.name, err}
}

// Read reads up to len(b) bytes; at the end of the file it returns 0, io.EOF.
func (f *File) Read(b []byte) (n int, err error) {
	if err := f.check(); err != nil {
		return 0, err
	}
	if len(b) == 0 && f.fd >= 0 {
		return 0, nil
	}
	if f.poll != nil {
		n, err = f.pollRead(b)
	} else {
		n = rt.Read(f.fd, unsafe.Pointer(unsafe.SliceData(b)), len(b))
	}
	if err != nil {
		return 0, err
	}
	if n < 0 {
		return 0, f.failed("read", n)
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// Write writes all of b.
func (f *File) Write(b []byte) (n int, err error) {
	if err := f.check(); err != nil {
		return 0, err
	}
	if f.poll != nil {
		return f.pollWrite(b)
	}
	for {
		m := rt.Write(f.fd, rt.Add(unsafe.Pointer(unsafe.SliceData(b)), uintptr(n)), len(b)-n)
		if m < 0 {
			return n, f.failed("write", m)
		}
		n += m
		if n >= len(b) {
			return n, nil
		}
		if m == 0 {
			return n, &PathError{"write", f.name, io.ErrUnexpectedEOF}
		}
	}
}

// WriteString writes all of s.
func (f *File) WriteString(s string) (n int, err error) {
	return f.Write(unsafe.Slice(unsafe.StringData(s), len(s)))
}

// IsExist reports whether err says that a file exists. errors.Is is better.
func IsExist(err error) bool { return underlyingIs(err, ErrExist) }

// IsNotExist reports whether err says that a file does not exist.
func IsNotExist(err error) bool { return underlyingIs(err, ErrNotExist) }

// IsPermission reports whether err says that permission is denied.
func IsPermission(err error) bool { return underlyingIs(err, ErrPermission) }

func underlyingIs(err, target error) bool {
	err = underlying(err)
	return err == target || isErrno(err, target)
}

func underlying(err error) error {
	switch e := err.(type) {
	case *PathError:
		return e.Err
	case *LinkError:
		return e.Err
	case *SyscallError:
		return e.Err
	}
	return err
}

// IsTimeout reports whether err says that a deadline passed. errors.Is with
// ErrDeadlineExceeded is better.
func IsTimeout(err error) bool { return hasTimedOut(underlying(err)) }

//go:noinline
func hasTimedOut(err error) bool {
	t, ok := err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

//go:noinline
func isErrno(err, target error) bool {
	e, ok := err.(syscall.Errno)
	return ok && e.Is(target)
}

// A SyscallError records a failed system call.
type SyscallError struct {
	Syscall string
	Err     error
}

func (e *SyscallError) Error() string { return e.Syscall + ": " + e.Err.Error() }

func (e *SyscallError) Unwrap() error { return e.Err }

// Timeout reports whether the error is a timeout.
func (e *SyscallError) Timeout() bool { return hasTimedOut(e.Err) }

// NewSyscallError returns a SyscallError, nil if err is nil.
func NewSyscallError(syscall string, err error) error {
	if err == nil {
		return nil
	}
	return &SyscallError{syscall, err}
}
