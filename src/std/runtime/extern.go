package runtime

import (
	"internal/rt"
	"unsafe"
)

// Callers fills pc with the program counters of the calling goroutine's
// functions, the innermost first, and returns how many there are. Skip 0 is
// Callers itself, 1 its caller. CallersFrames translates them.
func Callers(skip int, pc []uintptr) int {
	if len(pc) == 0 {
		return 0
	}
	return callers(skip, pc)
}

// callers is Callers for a pc that is not empty.
//
//go:noinline
func callers(skip int, pc []uintptr) int { return trace(skip+1, &pc[0], len(pc)) }

// trace writes at most n program counters to pc; skip counts from the function
// that called it.
//
//go:noescape
func trace(skip int, pc *uintptr, n int) int

// Caller returns where a function of the calling goroutine's stack is; skip 0 is
// Caller's caller.
//
//go:noinline
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var pcs [1]uintptr
	if trace(skip+1, &pcs[0], 1) == 0 {
		return
	}
	var i funcInfo
	if !describe(pcs[0], 0, &i) {
		return
	}
	return pcs[0], i.file, i.line, true
}

type funcInfo struct {
	name  string
	file  string
	line  int
	entry uintptr
	start int
	more  bool
}

// describe fills i with what is known of a program counter from Callers: of
// the innermost of the functions inlined there, or of the one level further out.
//
//go:noescape
func describe(pc uintptr, level int, i *funcInfo) bool

// A Func is a function of the program.
type Func struct {
	info funcInfo
}

// FuncForPC returns the function that contains pc, or nil.
//
//go:noinline
func FuncForPC(pc uintptr) *Func {
	return (*Func)(funcOf(pc, 0))
}

// funcOf returns what describe says as a Func, the same one for the same
// function, or nil.
func funcOf(pc uintptr, level int) unsafe.Pointer

// Name returns the function's name.
//
//go:noinline
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return rt.NoEscapeString(f.info.name)
}

// Entry returns the function's address.
func (f *Func) Entry() uintptr { return f.info.entry }

// FileLine returns the place in the source that pc belongs to.
//
//go:noinline
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	var i funcInfo
	if !describe(pc, 0, &i) {
		return "?", 0
	}
	return i.file, i.line
}

// A Frame is what Frames says of one function.
type Frame struct {
	PC       uintptr
	Func     *Func // nil for inlined functions
	Function string
	File     string
	Line     int
	Entry    uintptr
}

// Frames translates program counters from Callers.
type Frames struct {
	pcs   []uintptr
	level int
	// Room for frames, which nothing uses: Go's points into itself.
	frames     []Frame
	frameStore [2]Frame
}

// CallersFrames returns the functions that the program counters stand for.
func CallersFrames(callers []uintptr) *Frames {
	f := &Frames{pcs: callers}
	f.frames = f.frameStore[:0]
	return f
}

// Next returns the next function and whether there are more.
func (f *Frames) Next() (frame Frame, more bool) {
	rt.LeakPointer(unsafe.Pointer(f))
	for len(f.pcs) > 0 {
		var i funcInfo
		pc := f.pcs[0]
		if !describe(pc, f.level, &i) {
			f.pcs, f.level = f.pcs[1:], 0
			continue
		}
		frame = Frame{PC: pc, Function: i.name, File: i.file, Line: i.line, Entry: i.entry}
		if i.more {
			f.level++
		} else {
			frame.Func = (*Func)(funcOf(pc, f.level))
			f.pcs, f.level = f.pcs[1:], 0
		}
		return frame, len(f.pcs) > 0
	}
	return
}

// Stack writes a trace of the calling goroutine, or of all, to buf and returns
// its length.
func Stack(buf []byte, all bool) int

// LockOSThread would bind the goroutine to its thread. Only traces tell that it
// was called: goroutines change threads all the same.
//
//go:noinline
func LockOSThread() { lockThread(1) }

// UnlockOSThread undoes LockOSThread.
func UnlockOSThread() { lockThread(-1) }

// lockThread counts.
func lockThread(delta int)

// Breakpoint would stop in a debugger.
func Breakpoint() { breakpoint() }

//go:noinline
func breakpoint() {}

// NumCgoCall returns the number of calls of C: none.
func NumCgoCall() int64 { return 0 }

// GOROOT returns where the language is installed: nowhere.
func GOROOT() string { return "" }
