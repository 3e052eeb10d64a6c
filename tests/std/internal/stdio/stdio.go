// Package os is the standard streams as fmt sees them: package os's Stdin and
// Stdout if the program has that package, which sets the hooks, and else the
// file descriptors. So programs that only print do without package os. The
// package's name is what reports about callers of fmt.Println show.
package os

import (
	"x/errors"
	"x/internal/rt"
	"x/io"
	"unsafe"
)

// Hooks, set by package os before the program begins.
var (
	StdinHook  func() io.Reader
	StdoutHook func() io.Writer
)

// The streams.
var (
	Stdin  = new(in)
	Stdout = new(out)
)

type in struct{}

func (*in) Read(b []byte) (n int, err error) {
	if StdinHook != nil {
		return StdinHook().Read(b)
	}
	n = rt.Read(0, unsafe.Pointer(unsafe.SliceData(b)), len(b))
	switch {
	case n < 0:
		return 0, errors.New("read /dev/stdin: input error")
	case n == 0 && len(b) > 0:
		return 0, io.EOF
	}
	return n, nil
}

type out struct{}

func (*out) Write(b []byte) (n int, err error) {
	if StdoutHook != nil {
		return StdoutHook().Write(b)
	}
	for {
		m := rt.Write(1, rt.Add(unsafe.Pointer(unsafe.SliceData(b)), uintptr(n)), len(b)-n)
		if m < 0 {
			return n, errors.New("write /dev/stdout: output error")
		}
		n += m
		if n >= len(b) {
			return n, nil
		}
	}
}
