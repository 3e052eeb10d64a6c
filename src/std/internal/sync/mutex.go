// Package sync has the lock that the exported package of that name is built on.
package sync

import (
	"internal/rt"
	"sync/atomic"
)

// A Mutex is a lock. Who must wait waits at a semaphore; the state says how many
// do. Usually who comes while the lock is free gets it, though others wait:
// that is fast. Who was woken and still could not lock for patience makes the
// lock hungry: then it goes to those who wait, in their order.
type Mutex struct {
	state int32
	sema  uint32
}

// The state: flags, and the number of those who wait times waiter.
const (
	locked = 1 << iota
	woken  // one who waited is about to try: Unlock need not wake another
	hungry // newcomers wait
	waiter

	patience = 1e6 // nanoseconds
)

// Lock locks m; it waits while m is locked.
func (m *Mutex) Lock() {
	if atomic.CompareAndSwapInt32(&m.state, 0, locked) {
		return
	}
	m.lockSlow()
}

// TryLock locks m if it is unlocked, and reports whether it did.
func (m *Mutex) TryLock() bool {
	old := m.state
	if old&(locked|hungry) != 0 {
		return false
	}
	if !atomic.CompareAndSwapInt32(&m.state, old, old|locked) {
		return false
	}
	return true
}

//go:noinline
func runtime_SemacquireMutex(s *uint32, lifo bool, skip int) {
	rt.Semacquire(s, lifo, rt.WaitMutex)
}

// fatal ends the program.
//
//go:noinline
func fatal(text string) { rt.Fatal(text) }

//go:noinline
func (m *Mutex) lockSlow() {
	var since int64 // when it began to wait; 0: it does not yet
	var awake int32 // woken, if that flag stands for this call
	for {
		old := atomic.LoadInt32(&m.state)
		if old&(locked|hungry) == 0 {
			if atomic.CompareAndSwapInt32(&m.state, old, old&^awake|locked) {
				return
			}
			continue
		}
		next := old&^awake + waiter
		if since != 0 && old&locked != 0 && rt.Nanotime()-since > patience {
			next |= hungry
		}
		if !atomic.CompareAndSwapInt32(&m.state, old, next) {
			continue
		}
		again := since != 0
		if !again {
			since = rt.Nanotime()
		}
		runtime_SemacquireMutex(&m.sema, again, 2)
		if state := atomic.LoadInt32(&m.state); state&hungry != 0 {
			// The lock is kept free for this call, which is still counted.
			change := int32(locked - waiter)
			if state/waiter == 1 || rt.Nanotime()-since <= patience {
				change -= hungry
			}
			atomic.AddInt32(&m.state, change)
			return
		}
		awake = woken
	}
}

// Unlock unlocks m, by whichever goroutine it was locked.
func (m *Mutex) Unlock() {
	if state := atomic.AddInt32(&m.state, -locked); state != 0 {
		m.unlockSlow(state)
	}
}

//go:noinline
func (m *Mutex) unlockSlow(state int32) {
	if (state+locked)&locked == 0 {
		fatal("sync: unlock of unlocked mutex")
	}
	if state&hungry != 0 {
		rt.Semrelease(&m.sema)
		return
	}
	for state/waiter > 0 && state&(locked|woken|hungry) == 0 {
		if atomic.CompareAndSwapInt32(&m.state, state, state-waiter|woken) {
			rt.Semrelease(&m.sema)
			return
		}
		state = atomic.LoadInt32(&m.state)
	}
}
