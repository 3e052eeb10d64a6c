package time

import (
	"x/internal/rt"
	"unsafe"
)

// Sleep makes the goroutine wait for at least d.
//
//go:noinline
func Sleep(d Duration) { rt.Sleep(int64(d)) }

// A runtimeTimer is what the runtime knows of a timer, which has the same record.
type runtimeTimer struct {
	c       unsafe.Pointer // a chan Time; nil: f is called
	f       func()
	loc     *Location
	when    int64
	period  int64
	idx     uint64
	blocked int64
	origin  int64
}

// bindTimer makes c t's channel, which the program sees as unbuffered.
func bindTimer(c unsafe.Pointer, t *record) { panic("native") }

// resetTimer has t, the beginning of a record, fire at when, and each period
// after that if it is not 0. It takes back what nobody received. It reports
// whether t was going to fire.
func resetTimer(t *Timer, when, period int64) bool { panic("native") }

// stopTimer stops t as resetTimer does.
func stopTimer(t *Timer) bool { panic("native") }

// when returns the monotonic time in d.
func when(d Duration) int64 {
	now := rt.Nanotime()
	if d <= 0 {
		return now
	}
	if t := now + int64(d); t > 0 {
		return t
	}
	return 1<<63 - 1
}

// A Timer sends the time once, or calls a function.
type Timer struct {
	C     <-chan Time
	valid bool
}

// A Ticker sends the time again and again.
type Ticker struct {
	C     <-chan Time
	valid bool
}

// A record is what a Timer or Ticker is the beginning of.
type record struct {
	C     <-chan Time
	valid bool
	r     runtimeTimer
}

// newRecord makes a record with a channel.
func newRecord() *record {
	c := make(chan Time, 1)
	t := &record{C: c, valid: true}
	t.r = runtimeTimer{c: *(*unsafe.Pointer)(unsafe.Pointer(&c)), loc: Local, origin: start}
	bindTimer(t.r.c, t)
	return t
}

// NewTimer returns a Timer that sends the time on its channel after d.
func NewTimer(d Duration) *Timer {
	t := (*Timer)(unsafe.Pointer(newRecord()))
	resetTimer(t, when(d), 0)
	return t
}

// AfterFunc calls f in a goroutine of its own after d.
//
//go:noinline
func AfterFunc(d Duration, f func()) *Timer {
	r := &record{valid: true}
	r.r.f = f
	t := (*Timer)(unsafe.Pointer(r))
	resetTimer(t, when(d), 0)
	return t
}

// Stop keeps the Timer from firing, and reports whether it was going to. No
// time from before is received afterwards.
func (t *Timer) Stop() bool {
	if !t.valid {
		panic("time: Stop called on uninitialized Timer")
	}
	return stopTimer(t)
}

// Reset makes the Timer fire after d, and reports whether it was going to. No
// time from before is received afterwards.
func (t *Timer) Reset(d Duration) bool {
	if !t.valid {
		panic("time: Reset called on uninitialized Timer")
	}
	return resetTimer(t, when(d), 0)
}

// After returns a channel that the time is sent on after d.
func After(d Duration) <-chan Time { return NewTimer(d).C }

// NewTicker returns a Ticker that sends the time each d; it leaves out what
// nobody receives in time.
func NewTicker(d Duration) *Ticker {
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	t := (*Timer)(unsafe.Pointer(newRecord()))
	resetTimer(t, when(d), int64(d))
	return (*Ticker)(unsafe.Pointer(t))
}

// Stop ends the Ticker. It does not close the channel.
func (t *Ticker) Stop() {
	if t.valid {
		stopTimer((*Timer)(unsafe.Pointer(t)))
	}
}

// Reset makes the Ticker send each d.
func (t *Ticker) Reset(d Duration) {
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	if !t.valid {
		panic("time: Reset called on uninitialized Ticker")
	}
	resetTimer((*Timer)(unsafe.Pointer(t)), when(d), int64(d))
}

// Tick returns the channel of a new Ticker, nil if d is not positive.
func Tick(d Duration) <-chan Time {
	if d <= 0 {
		return nil
	}
	return NewTicker(d).C
}
