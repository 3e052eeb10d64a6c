// Package sync makes goroutines wait for each other.
package sync

import isync "internal/sync"

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
