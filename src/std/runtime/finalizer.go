package runtime

import (
	"internal/rt"
	"unsafe"
)

// SetFinalizer has finalizer called with obj, on a goroutine of its own, when
// nothing refers to obj any more. A nil finalizer takes it back.
//
//go:noinline
func SetFinalizer(obj any, finalizer any) {
	rt.LeakAny(obj)
	rt.LeakAny(finalizer)
	t := rt.TypeOf(obj)
	if t == nil {
		rt.Fatal("runtime.SetFinalizer: first argument is nil")
	}
	if t.Kind() != rt.Pointer {
		rt.Fatal("runtime.SetFinalizer: first argument is " + t.String + ", not pointer")
	}
	p := rt.DataOf(obj)
	f := rt.TypeOf(finalizer)
	if p != nil && t.Elem().Size == 0 {
		return // such objects may share their address
	}
	var fn unsafe.Pointer
	args, n := [2]unsafe.Pointer{p}, 1
	if f != nil {
		fn = rt.DataOf(finalizer)
		args, n = finalizerArgs(t, f, p)
	}
	switch setFinalizer(p, fn, unsafe.Pointer(f), args[0], args[1], n) {
	case 0:
		if f != nil {
			startFinalizers()
		}
	case 1:
		if !isStatic(p) {
			rt.Fatal("runtime.SetFinalizer: pointer not in allocated block")
		}
	case 2:
		rt.Fatal("runtime.SetFinalizer: pointer not at beginning of allocated block")
	case 3:
		rt.Fatal("runtime.SetFinalizer: finalizer already set")
	}
}

// finalizerArgs returns the words that a finalizer of type f takes for p of type t.
func finalizerArgs(t, f *rt.Type, p unsafe.Pointer) ([2]unsafe.Pointer, int) {
	if f.Kind() != rt.Func {
		rt.Fatal("runtime.SetFinalizer: second argument is " + f.String + ", not a function")
	}
	if f.Flags&rt.Variadic != 0 {
		rt.Fatal(cannotPass(t, f) + " because dotdotdot")
	}
	if len(f.Params()) != 1 {
		rt.Fatal(cannotPass(t, f))
	}
	in := f.Params()[0]
	switch {
	case in == t:
		return [2]unsafe.Pointer{p}, 1
	case in.Kind() == rt.Pointer && in.Elem() == t.Elem() && (in.Name == "" || t.Name == ""):
		return [2]unsafe.Pointer{p}, 1
	case in.Kind() == rt.Interface && len(in.IMethods()) == 0:
		return [2]unsafe.Pointer{unsafe.Pointer(t), p}, 2
	case in.Kind() == rt.Interface:
		if tab := rt.Itab(in, t); tab != nil {
			return [2]unsafe.Pointer{tab, p}, 2
		}
	}
	rt.Fatal(cannotPass(t, f))
	return [2]unsafe.Pointer{}, 0
}

func cannotPass(t, f *rt.Type) string {
	return "runtime.SetFinalizer: cannot pass " + t.String + " to finalizer " + f.String
}

// setFinalizer says what is wrong: 1: p is not in the heap; 2: not the beginning
// of an object; 3: it has a finalizer.
func setFinalizer(p, f, t, arg0, arg1 unsafe.Pointer, n int) int

// isStatic reports whether p points to a variable of a package, which is never
// freed.
func isStatic(p unsafe.Pointer) bool

// A call is what the runtime wants called: a function value, its type if it is a
// finalizer, and the words of its argument.
type call struct {
	f    unsafe.Pointer
	t    *rt.Type
	args [2]unsafe.Pointer
	n    int
}

// nextFinalizer stores the next call to make. It waits if there is none, and then
// leaves c.f nil.
//
//go:noescape
func nextFinalizer(c *call)

// startFinalizers starts the goroutine that makes the calls, once.
func startFinalizers() {
	if firstFinalizer() {
		go runFinalizers()
	}
}

// firstFinalizer reports whether it is called for the first time.
func firstFinalizer() bool

func runFinalizers() {
	for {
		var c call
		nextFinalizer(&c)
		if c.f != nil {
			c.run()
		}
	}
}

// unused is where results of finalizers go. There is one goroutine that runs them.
var unused rt.Room

// run makes the call. Its frame, and what it refers to, is gone while nextFinalizer
// waits.
//
//go:noinline
func (c *call) run() {
	if c.t == nil {
		(*(*func())(unsafe.Pointer(&c.f)))()
		return
	}
	f := rt.NewFrame(2)
	copy(f.Words, c.args[:]) // one after the other, as in an interface
	f.Args[0] = unsafe.Pointer(&f.Words[0])
	f.Unused = &unused
	f.Call(c.t, *(*uintptr)(c.f), c.f, false, nil)
	unused.Clear()
	f.Free()
}

// A Cleanup is a handle of a call that AddCleanup arranged for.
type Cleanup struct {
	id     uint64
	hidden uintptr // the object's address, inverted so that it does not look like one
}

// AddCleanup has cleanup called with arg some time after nothing refers to ptr any
// more. An object can have several cleanups.
//
//go:noinline
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	if ptr == nil {
		panic("runtime.AddCleanup: ptr is nil")
	}
	p := unsafe.Pointer(ptr)
	if t := rt.TypeOf(arg); t != nil && t.Kind() == rt.Pointer && rt.DataOf(arg) == p {
		panic("runtime.AddCleanup: ptr is equal to arg, cleanup will never run")
	}
	f := func() { cleanup(arg) }
	id := addCleanup(p, *(*unsafe.Pointer)(unsafe.Pointer(&f)))
	if id == 0 {
		if isStatic(p) {
			return Cleanup{}
		}
		panic("runtime.AddCleanup: ptr not in allocated block")
	}
	startFinalizers()
	return Cleanup{id, ^uintptr(p)}
}

// addCleanup returns the number of the cleanup, 0 if p is not in the heap.
func addCleanup(p, f unsafe.Pointer) uint64

// Stop takes the cleanup back, if it did not run.
//
//go:noinline
func (c Cleanup) Stop() {
	if c.id != 0 {
		stopCleanup(c.hidden, c.id)
	}
}

func stopCleanup(hidden uintptr, id uint64)
