package time

import (
	"internal/rt"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Sleep makes the goroutine wait for at least d.
//
//go:noinline
func Sleep(d Duration) { rt.Sleep(int64(d)) }

// A timer calls f after a while, from a goroutine that sleeps until then. What
// is stopped or set anew leaves its goroutine behind, which finds at the end
// that its number is no longer the current one.
type timer struct {
	current atomic.Int64 // number of the goroutine that is to call f; 0: none
	last    int64        // number given last; guarded by mu
	mu      sync.Mutex
	f       func()
}

// start makes t call f after d, and again and again if repeat is set.
func (t *timer) start(d Duration, repeat bool) {
	t.mu.Lock()
	t.last++
	me := t.last
	t.current.Store(me)
	t.mu.Unlock()
	go func() {
		next := Now().Add(d)
		for {
			Sleep(Until(next))
			if repeat {
				if t.current.Load() != me {
					return
				}
				t.f()
				// Ticks that nobody could have taken are left out.
				next = next.Add(d)
				if late := -Until(next); late > d {
					next = next.Add(late - late%d)
				}
				continue
			}
			if t.current.CompareAndSwap(me, 0) {
				t.f()
			}
			return
		}
	}()
}

// stop reports whether it kept t from calling f.
func (t *timer) stop() bool { return t.current.Swap(0) != 0 }

// A Timer sends the time once, or calls a function.
type Timer struct {
	C <-chan Time
	t *timer
	c chan Time
}

// send returns a function that sends the time to c unless c is full.
func send(c chan Time) func() {
	return func() {
		select {
		case c <- Now():
		default:
		}
	}
}

// NewTimer returns a Timer that sends the time on its channel after d.
func NewTimer(d Duration) *Timer {
	c := make(chan Time, 1)
	t := &Timer{c, &timer{f: send(c)}, c}
	t.t.start(d, false)
	return t
}

// AfterFunc calls f in a goroutine of its own after d.
//
//go:noinline
func AfterFunc(d Duration, f func()) *Timer {
	t := &Timer{t: &timer{f: f}}
	t.t.start(d, false)
	return t
}

// Stop keeps the Timer from firing, and reports whether it was going to.
func (t *Timer) Stop() bool {
	rt.LeakPointer(unsafe.Pointer(t))
	if t.t == nil {
		panic("time: Stop called on uninitialized Timer")
	}
	return t.t.stop() || drain(t.c)
}

// Reset makes the Timer fire after d, and reports whether it was going to.
func (t *Timer) Reset(d Duration) bool {
	rt.LeakPointer(unsafe.Pointer(t))
	if t.t == nil {
		panic("time: Reset called on uninitialized Timer")
	}
	active := t.t.stop() || drain(t.c)
	t.t.start(d, false)
	return active
}

// drain takes back a time that nobody received, and reports whether there was one.
func drain(c chan Time) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// After returns a channel that the time is sent on after d.
func After(d Duration) <-chan Time { return NewTimer(d).C }

// A Ticker sends the time again and again.
type Ticker struct {
	C <-chan Time
	t *timer
	c chan Time
}

// NewTicker returns a Ticker that sends the time each d; it leaves out what
// nobody receives in time.
func NewTicker(d Duration) *Ticker {
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	c := make(chan Time, 1)
	t := &Ticker{c, &timer{f: send(c)}, c}
	t.t.start(d, true)
	return t
}

// Stop ends the Ticker.
func (t *Ticker) Stop() {
	rt.LeakPointer(unsafe.Pointer(t))
	if t.t != nil {
		t.t.stop()
		drain(t.c)
	}
}

// Reset makes the Ticker send each d.
func (t *Ticker) Reset(d Duration) {
	rt.LeakPointer(unsafe.Pointer(t))
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	if t.t == nil {
		panic("time: Reset called on uninitialized Ticker")
	}
	t.t.stop()
	drain(t.c)
	t.t.start(d, true)
}

// Tick returns the channel of a new Ticker, nil if d is not positive.
func Tick(d Duration) <-chan Time {
	if d <= 0 {
		return nil
	}
	return NewTicker(d).C
}
