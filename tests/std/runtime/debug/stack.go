package debug

import (
	"x/os"
	"runtime"
)

// Stack returns a trace of the calling goroutine.
func Stack() []byte {
	buf := make([]byte, 1024)
	for {
		n := runtime.Stack(buf, false)
		if n < len(buf) {
			return buf[:n]
		}
		buf = make([]byte, 2*len(buf))
	}
}

// PrintStack prints a trace of the calling goroutine to standard error.
func PrintStack() { os.Stderr.Write(Stack()) }
