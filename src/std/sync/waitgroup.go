package sync

import (
	"internal/rt"
	"sync/atomic"
)

// A WaitGroup waits for a number of goroutines to end.
type WaitGroup struct {
	noCopy noCopy
	state  atomic.Uint64 // how many to wait for (upper half), how many wait
	sema   uint32
}

//go:noinline
func runtime_SemacquireWaitGroup(s *uint32, durable bool) {
	rt.Semacquire(s, false, rt.WaitGroup)
}

// Add adds delta, which may be negative, to the number to wait for.
func (wg *WaitGroup) Add(delta int) {
	state := wg.state.Add(uint64(delta) << 32)
	n, waiting := int32(state>>32), uint32(state)
	if n < 0 {
		panic("sync: negative WaitGroup counter")
	}
	if waiting == 0 {
		return
	}
	wg.release(state, delta)
}

// release wakes those who wait if there is nothing to wait for any more.
func (wg *WaitGroup) release(state uint64, delta int) {
	n, waiting := int32(state>>32), uint32(state)
	if delta > 0 && n == int32(delta) {
		panic("sync: WaitGroup misuse: Add called concurrently with Wait")
	}
	if n > 0 {
		return
	}
	// Nobody may change the state now but by misuse.
	if wg.state.Load() != state {
		panic("sync: WaitGroup misuse: Add called concurrently with Wait")
	}
	wg.state.Store(0)
	for ; waiting > 0; waiting-- {
		rt.Semrelease(&wg.sema)
	}
}

// Done subtracts one.
func (wg *WaitGroup) Done() { wg.Add(-1) }

// Wait waits until the number is zero.
func (wg *WaitGroup) Wait() {
	for {
		state := wg.state.Load()
		if state>>32 == 0 {
			return
		}
		if wg.state.CompareAndSwap(state, state+1) {
			runtime_SemacquireWaitGroup(&wg.sema, false)
			if wg.state.Load() != 0 {
				panic("sync: WaitGroup is reused before previous Wait has returned")
			}
			return
		}
	}
}

// Go calls f in a new goroutine that wg waits for.
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	go func() {
		defer func() {
			// A panic ends the program before Wait could return.
			if x := recover(); x != nil {
				panic(x)
			}
			wg.Done()
		}()
		f()
	}()
}
