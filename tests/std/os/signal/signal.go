// Package signal brings the operating system's signals to channels.
package signal

import (
	"x/context"
	"x/internal/rt"
	"x/os"
	"sync"
	"x/syscall"
)

// nSignals is one more than the largest signal.
const nSignals = 65

type handler struct {
	c    chan<- os.Signal
	want [nSignals]bool
}

var (
	mu       sync.Mutex
	handlers []*handler
	started  bool
	ignored  [nSignals]bool
	initial  [nSignals]int // actions before the first change, and 1
)

func number(s os.Signal) int {
	if n, ok := s.(syscall.Signal); ok && n > 0 && n < nSignals {
		return int(n)
	}
	return -1
}

// each calls f for the given signals, for all if there are none.
func each(list []os.Signal, f func(n int)) {
	if len(list) == 0 {
		for n := 1; n < nSignals; n++ {
			f(n)
		}
	}
	for _, s := range list {
		if n := number(s); n > 0 {
			f(n)
		}
	}
}

func act(n, action int) {
	switch syscall.Signal(n) {
	case syscall.SIGKILL, syscall.SIGSTOP, syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGFPE:
		return
	case 32, 33: // the threads' own
		return
	}
	before := rt.SignalAction(n, action)
	if initial[n] == 0 {
		initial[n] = before + 1
	}
}

func wanted(n int) bool {
	for _, h := range handlers {
		if h.want[n] {
			return true
		}
	}
	return false
}

// Notify sends the given signals, or all, to c as they come. It does not wait:
// c needs a buffer.
func Notify(c chan<- os.Signal, sig ...os.Signal) {
	if c == nil {
		panic("os/signal: Notify using nil channel")
	}
	mu.Lock()
	defer mu.Unlock()
	var h *handler
	for _, have := range handlers {
		if have.c == c {
			h = have
		}
	}
	if h == nil {
		h = &handler{c: c}
		handlers = append(handlers, h)
	}
	each(sig, func(n int) {
		h.want[n] = true
		ignored[n] = false
		act(n, rt.SignalReceived)
	})
	if !started {
		started = true
		go loop()
	}
}

func loop() {
	for {
		n := rt.SignalWait()
		if n <= 0 || n >= nSignals {
			continue
		}
		mu.Lock()
		for _, h := range handlers {
			if h.want[n] {
				select {
				case h.c <- syscall.Signal(n):
				default:
				}
			}
		}
		mu.Unlock()
	}
}

// undo gives a signal its default action back if nobody wants it.
func undo(n int) {
	if !wanted(n) && !ignored[n] && initial[n] != 0 {
		act(n, rt.SignalDefault)
	}
}

// Stop sends no more signals to c.
func Stop(c chan<- os.Signal) {
	mu.Lock()
	defer mu.Unlock()
	for i, h := range handlers {
		if h.c == c {
			handlers = append(handlers[:i:i], handlers[i+1:]...)
			for n, want := range h.want {
				if want {
					undo(n)
				}
			}
			return
		}
	}
}

func forget(n int) {
	for _, h := range handlers {
		h.want[n] = false
	}
}

// Ignore ignores the given signals, or all.
func Ignore(sig ...os.Signal) {
	mu.Lock()
	defer mu.Unlock()
	each(sig, func(n int) {
		forget(n)
		ignored[n] = true
		act(n, rt.SignalIgnored)
	})
}

// Ignored reports whether a signal is ignored.
func Ignored(sig os.Signal) bool {
	n := number(sig)
	return n > 0 && rt.SignalAction(n, rt.SignalAsIs) == rt.SignalIgnored
}

// Reset undoes Notify for the given signals, or all.
func Reset(sig ...os.Signal) {
	mu.Lock()
	defer mu.Unlock()
	each(sig, func(n int) {
		forget(n)
		ignored[n] = false
		undo(n)
	})
}

// NotifyContext returns a context that is done when one of the signals comes.
func NotifyContext(parent context.Context, signals ...os.Signal) (ctx context.Context, stop context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	ch := make(chan os.Signal, 1)
	Notify(ch, signals...)
	if ctx.Err() == nil {
		go func() {
			select {
			case s := <-ch:
				cancel(signalError(s.String() + " signal received"))
			case <-ctx.Done():
			}
		}()
	}
	return ctx, func() {
		cancel(nil)
		Stop(ch)
	}
}

type signalError string

func (s signalError) Error() string { return string(s) }
