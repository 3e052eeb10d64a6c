package sync

import (
	"internal/rt"
	"sync/atomic"
)

// A RWMutex is a lock for many readers or one writer. Readers wait for a writer
// that waits, so that it gets its turn.
//
// A writer takes maxReaders from the number of readers: while it is negative,
// new readers wait at readerSem. The writer waits at writerSem for the readers
// there were, which departing counts.
type RWMutex struct {
	w         Mutex // held by the writer, from its claim on
	writerSem uint32
	readerSem uint32
	readers   atomic.Int32
	departing atomic.Int32
}

const maxReaders = 1 << 30

//go:noinline
func runtime_SemacquireRWMutexR(s *uint32, lifo bool, skip int) {
	rt.Semacquire(s, lifo, rt.WaitRLock)
}

//go:noinline
func runtime_SemacquireRWMutex(s *uint32, lifo bool, skip int) {
	rt.Semacquire(s, lifo, rt.WaitRWLock)
}

// fatal ends the program.
//
//go:noinline
func fatal(text string) { rt.Fatal(text) }

// RLock locks rw for reading.
func (rw *RWMutex) RLock() {
	if rw.readers.Add(1) < 0 {
		runtime_SemacquireRWMutexR(&rw.readerSem, false, 0)
	}
}

// TryRLock locks rw for reading unless it must wait, and reports whether it did.
func (rw *RWMutex) TryRLock() bool {
	for {
		n := rw.readers.Load()
		if n < 0 {
			return false
		}
		if rw.readers.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// RUnlock undoes one RLock.
func (rw *RWMutex) RUnlock() {
	if n := rw.readers.Add(-1); n < 0 {
		rw.rUnlockSlow(n)
	}
}

//go:noinline
func (rw *RWMutex) rUnlockSlow(n int32) {
	if n == -1 || n == -1-maxReaders {
		fatal("sync: RUnlock of unlocked RWMutex")
	}
	// The last of those the writer waits for.
	if rw.departing.Add(-1) == 0 {
		rt.Semrelease(&rw.writerSem)
	}
}

// Lock locks rw for writing.
func (rw *RWMutex) Lock() {
	rw.w.Lock()
	n := rw.readers.Add(-maxReaders) + maxReaders
	// Some of the n may have left already, and were counted below zero.
	if n != 0 && rw.departing.Add(n) != 0 {
		runtime_SemacquireRWMutex(&rw.writerSem, false, 0)
	}
}

// TryLock locks rw for writing unless it must wait, and reports whether it did.
func (rw *RWMutex) TryLock() bool {
	if !rw.w.TryLock() {
		return false
	}
	if !rw.readers.CompareAndSwap(0, -maxReaders) {
		rw.w.Unlock()
		return false
	}
	return true
}

// Unlock undoes Lock.
func (rw *RWMutex) Unlock() {
	n := rw.readers.Add(maxReaders)
	if n >= maxReaders {
		fatal("sync: Unlock of unlocked RWMutex")
	}
	for ; n > 0; n-- {
		rt.Semrelease(&rw.readerSem)
	}
	rw.w.Unlock()
}

// RLocker returns a Locker that locks rw for reading.
func (rw *RWMutex) RLocker() Locker { return (*rlocker)(rw) }

type rlocker RWMutex

func (r *rlocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *rlocker) Unlock() { (*RWMutex)(r).RUnlock() }
