// Package sync makes goroutines wait for each other.
package sync

import (
	"internal/rt"
	isync "internal/sync"
	"sync/atomic"
)

// noCopy marks types that vet lets nobody copy.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// A Mutex is a lock; the zero Mutex is unlocked.
type Mutex struct {
	_  noCopy
	mu isync.Mutex
}

// A Locker can be locked and unlocked.
type Locker interface {
	Lock()
	Unlock()
}

// Lock locks m; it waits while m is locked.
func (m *Mutex) Lock() { m.mu.Lock() }

// TryLock locks m if it is unlocked, and reports whether it did.
func (m *Mutex) TryLock() bool { return m.mu.TryLock() }

// Unlock unlocks m, by whichever goroutine it was locked.
func (m *Mutex) Unlock() { m.mu.Unlock() }

// A RWMutex is a lock for many readers or one writer. Readers wait for a writer
// that waits, so that it gets its turn.
type RWMutex struct {
	w       Mutex // held by the writer, from its claim on
	mu      Mutex // guards what follows
	readers int
	writing bool          // a writer waits or writes
	drained chan struct{} // closed when the last reader leaves to a waiting writer
	done    chan struct{} // closed when the writer is done
}

// RLock locks rw for reading.
func (rw *RWMutex) RLock() {
	rw.mu.Lock()
	for rw.writing {
		if rw.done == nil {
			rw.done = make(chan struct{})
		}
		done := rw.done
		rw.mu.Unlock()
		<-done
		rw.mu.Lock()
	}
	rw.readers++
	rw.mu.Unlock()
}

// TryRLock locks rw for reading unless it must wait, and reports whether it did.
func (rw *RWMutex) TryRLock() bool {
	rw.mu.Lock()
	ok := !rw.writing
	if ok {
		rw.readers++
	}
	rw.mu.Unlock()
	return ok
}

// RUnlock undoes one RLock.
func (rw *RWMutex) RUnlock() {
	rw.mu.Lock()
	if rw.readers == 0 {
		rt.Fatal("sync: RUnlock of unlocked RWMutex")
	}
	rw.readers--
	if rw.readers == 0 && rw.drained != nil {
		close(rw.drained)
		rw.drained = nil
	}
	rw.mu.Unlock()
}

// Lock locks rw for writing.
func (rw *RWMutex) Lock() {
	rw.w.Lock()
	rw.mu.Lock()
	rw.writing = true
	var drained chan struct{}
	if rw.readers > 0 {
		drained = make(chan struct{})
		rw.drained = drained
	}
	rw.mu.Unlock()
	if drained != nil {
		<-drained
	}
}

// TryLock locks rw for writing unless it must wait, and reports whether it did.
func (rw *RWMutex) TryLock() bool {
	if !rw.w.TryLock() {
		return false
	}
	rw.mu.Lock()
	ok := rw.readers == 0
	if ok {
		rw.writing = true
	}
	rw.mu.Unlock()
	if !ok {
		rw.w.Unlock()
	}
	return ok
}

// Unlock undoes Lock.
func (rw *RWMutex) Unlock() {
	rw.mu.Lock()
	if !rw.writing || rw.readers > 0 {
		rt.Fatal("sync: Unlock of unlocked RWMutex")
	}
	rw.writing = false
	if rw.done != nil {
		close(rw.done)
		rw.done = nil
	}
	rw.mu.Unlock()
	rw.w.Unlock()
}

// RLocker returns a Locker that locks rw for reading.
func (rw *RWMutex) RLocker() Locker { return (*rlocker)(rw) }

type rlocker RWMutex

func (r *rlocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *rlocker) Unlock() { (*RWMutex)(r).RUnlock() }

// A Once calls a function once.
type Once struct {
	_    noCopy
	done atomic.Bool
	m    Mutex
}

// Do calls f if no call of Do on o called a function before; it returns when
// that function has returned.
func (o *Once) Do(f func()) {
	if !o.done.Load() {
		o.doSlow(f)
	}
}

func (o *Once) doSlow(f func()) {
	o.m.Lock()
	defer o.m.Unlock()
	if !o.done.Load() {
		defer o.done.Store(true)
		f()
	}
}
