// Package log writes lines with prefixes and times.
package log

import (
	"x/fmt"
	"x/io"
	"x/os"
	"runtime"
	"sync"
	"sync/atomic"
	"x/time"
)

// What stands before a line.
const (
	Ldate         = 1 << iota // the date: 2009/01/23
	Ltime                     // the time: 01:23:23
	Lmicroseconds             // with microseconds: 01:23:23.123123
	Llongfile                 // file and line: /a/b/c/d.go:23
	Lshortfile                // only the last element: d.go:23
	LUTC                      // date and time in UTC
	Lmsgprefix                // the prefix directly before the message
	LstdFlags     = Ldate | Ltime
)

// A Logger writes lines.
type Logger struct {
	mu     sync.Mutex // guards out
	out    io.Writer
	prefix atomic.Pointer[string]
	flag   atomic.Int32
}

// New returns a Logger that writes to out, with prefix and flags.
//
//go:noinline
func New(out io.Writer, prefix string, flag int) *Logger {
	l := &Logger{out: out}
	l.prefix.Store(&prefix)
	l.flag.Store(int32(flag))
	return l
}

var std = New(os.Stderr, "", LstdFlags)

// Default returns the Logger that the package's functions use.
func Default() *Logger { return std }

// pad appends i with at least n digits.
func pad(b []byte, i, n int) []byte {
	var a [20]byte
	k := len(a)
	for i > 0 || n > 0 {
		k--
		a[k] = byte('0' + i%10)
		i /= 10
		n--
	}
	return append(b, a[k:]...)
}

func header(b []byte, t time.Time, prefix string, flag int, file string, line int) []byte {
	if flag&Lmsgprefix == 0 {
		b = append(b, prefix...)
	}
	if flag&LUTC != 0 {
		t = t.UTC()
	}
	if flag&Ldate != 0 {
		year, month, day := t.Date()
		b = append(pad(b, year, 4), '/')
		b = append(pad(b, int(month), 2), '/')
		b = append(pad(b, day, 2), ' ')
	}
	if flag&(Ltime|Lmicroseconds) != 0 {
		hour, min, sec := t.Clock()
		b = append(pad(b, hour, 2), ':')
		b = append(pad(b, min, 2), ':')
		b = pad(b, sec, 2)
		if flag&Lmicroseconds != 0 {
			b = pad(append(b, '.'), t.Nanosecond()/1e3, 6)
		}
		b = append(b, ' ')
	}
	if flag&(Lshortfile|Llongfile) != 0 {
		if flag&Lshortfile != 0 {
			for i := len(file) - 1; i > 0; i-- {
				if file[i] == '/' {
					file = file[i+1:]
					break
				}
			}
		}
		b = append(append(b, file...), ':')
		b = pad(b, line, 1)
		b = append(b, ": "...)
	}
	if flag&Lmsgprefix != 0 {
		b = append(b, prefix...)
	}
	return b
}

// Output writes the line s; calldepth says which caller's file and line to
// show, 1 for the one of Output.
func (l *Logger) Output(calldepth int, s string) error {
	return l.output(0, calldepth+1, func(b []byte) []byte { return append(b, s...) })
}

// buffers are for lines.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

const maxKept = 64 << 10 // bytes of the largest buffer worth keeping

// output writes the line that text appends. pc is nothing: Go has it, and the cost
// of calls shows in reports on inlining.
//
//go:noinline
func (l *Logger) output(pc uintptr, calldepth int, text func([]byte) []byte) error {
	now := time.Now()
	flag := l.Flags()
	file, line := "", 0
	if flag&(Lshortfile|Llongfile) != 0 {
		var ok bool
		_, file, line, ok = runtime.Caller(calldepth)
		if !ok {
			file, line = "???", 0
		}
	}
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	b := text(header((*buf)[:0], now, l.Prefix(), flag, file, line))
	if len(b) == 0 || b[len(b)-1] != '\n' {
		b = append(b, '\n')
	}
	if cap(b) <= maxKept {
		*buf = b
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.out.Write(b)
	return err
}

func (l *Logger) Print(v ...any) {
	l.output(0, 2, func(b []byte) []byte { return fmt.Append(b, v...) })
}

func (l *Logger) Printf(format string, v ...any) {
	l.output(0, 2, func(b []byte) []byte { return fmt.Appendf(b, format, v...) })
}

func (l *Logger) Println(v ...any) {
	l.output(0, 2, func(b []byte) []byte { return fmt.Appendln(b, v...) })
}

// Fatal is Print and the end of the program, with status 1.
func (l *Logger) Fatal(v ...any) {
	l.output(0, 2, func(b []byte) []byte { return fmt.Append(b, v...) })
	os.Exit(1)
}

func (l *Logger) Fatalf(format string, v ...any) {
	l.output(0, 2, func(b []byte) []byte { return fmt.Appendf(b, format, v...) })
	os.Exit(1)
}

func (l *Logger) Fatalln(v ...any) {
	l.output(0, 2, func(b []byte) []byte { return fmt.Appendln(b, v...) })
	os.Exit(1)
}

// Panic is Print and a panic with the text.
func (l *Logger) Panic(v ...any) {
	s := fmt.Sprint(v...)
	l.output(0, 2, func(b []byte) []byte { return append(b, s...) })
	panic(s)
}

func (l *Logger) Panicf(format string, v ...any) {
	s := fmt.Sprintf(format, v...)
	l.output(0, 2, func(b []byte) []byte { return append(b, s...) })
	panic(s)
}

func (l *Logger) Panicln(v ...any) {
	s := fmt.Sprintln(v...)
	l.output(0, 2, func(b []byte) []byte { return append(b, s...) })
	panic(s)
}

func (l *Logger) Flags() int { return int(l.flag.Load()) }

func (l *Logger) SetFlags(flag int) { l.flag.Store(int32(flag)) }

func (l *Logger) Prefix() string {
	if p := l.prefix.Load(); p != nil {
		return *p
	}
	return ""
}

func (l *Logger) SetPrefix(prefix string) { l.prefix.Store(&prefix) }

func (l *Logger) Writer() io.Writer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out
}

func (l *Logger) SetOutput(w io.Writer) {
	l.mu.Lock()
	l.out = w
	l.mu.Unlock()
}

// The functions below are the methods of the default Logger.

func SetOutput(w io.Writer) { std.SetOutput(w) }

func Flags() int { return std.Flags() }

func SetFlags(flag int) { std.SetFlags(flag) }

func Prefix() string { return std.Prefix() }

func SetPrefix(prefix string) { std.SetPrefix(prefix) }

func Writer() io.Writer { return std.Writer() }

func Print(v ...any) { std.output(0, 2, func(b []byte) []byte { return fmt.Append(b, v...) }) }

func Printf(format string, v ...any) {
	std.output(0, 2, func(b []byte) []byte { return fmt.Appendf(b, format, v...) })
}

func Println(v ...any) { std.output(0, 2, func(b []byte) []byte { return fmt.Appendln(b, v...) }) }

func Fatal(v ...any) {
	std.output(0, 2, func(b []byte) []byte { return fmt.Append(b, v...) })
	os.Exit(1)
}

func Fatalf(format string, v ...any) {
	std.output(0, 2, func(b []byte) []byte { return fmt.Appendf(b, format, v...) })
	os.Exit(1)
}

func Fatalln(v ...any) {
	std.output(0, 2, func(b []byte) []byte { return fmt.Appendln(b, v...) })
	os.Exit(1)
}

func Panic(v ...any) {
	s := fmt.Sprint(v...)
	std.output(0, 2, func(b []byte) []byte { return append(b, s...) })
	panic(s)
}

func Panicf(format string, v ...any) {
	s := fmt.Sprintf(format, v...)
	std.output(0, 2, func(b []byte) []byte { return append(b, s...) })
	panic(s)
}

func Panicln(v ...any) {
	s := fmt.Sprintln(v...)
	std.output(0, 2, func(b []byte) []byte { return append(b, s...) })
	panic(s)
}

func Output(calldepth int, s string) error {
	return std.output(0, calldepth+1, func(b []byte) []byte { return append(b, s...) })
}
