// Package sync has the lock that the exported package of that name is built on.
package sync

import (
	"internal/rt"
	"sync/atomic"
	"unsafe"
)

// A Mutex is a lock. A goroutine that must wait does so on a channel, which is
// made for the first one that waits.
type Mutex struct {
	state int32
	event unsafe.Pointer // to a chan struct{} of capacity 1: a token says that the lock was released
}

// States.
const (
	unlocked  = iota
	locked    // and nobody waits
	contended // locked, and somebody may wait
)

// Lock locks m; it waits while m is locked.
func (m *Mutex) Lock() {
	if atomic.CompareAndSwapInt32(&m.state, unlocked, locked) {
		return
	}
	m.lockSlow()
}

// TryLock locks m if it is unlocked, and reports whether it did.
func (m *Mutex) TryLock() bool { return atomic.CompareAndSwapInt32(&m.state, unlocked, locked) }

// channel returns the channel of m.
func (m *Mutex) channel() chan struct{} {
	rt.LeakPointer(unsafe.Pointer(m))
	p := atomic.LoadPointer(&m.event)
	if p == nil {
		c := make(chan struct{}, 1)
		p = *(*unsafe.Pointer)(unsafe.Pointer(&c))
		if !atomic.CompareAndSwapPointer(&m.event, nil, p) {
			p = atomic.LoadPointer(&m.event)
		}
	}
	return *(*chan struct{})(unsafe.Pointer(&p))
}

// lockSlow claims m as contended until it finds it unlocked. The claim makes
// Unlock put a token into the channel, so that no wake-up is lost; a token left
// over costs one more turn.
//go:noinline
func (m *Mutex) lockSlow() {
	c := m.channel()
	for atomic.SwapInt32(&m.state, contended) != unlocked {
		<-c
	}
}

// Unlock unlocks m, by whichever goroutine it was locked.
func (m *Mutex) Unlock() {
	if old := atomic.SwapInt32(&m.state, unlocked); old != locked {
		m.unlockSlow(old)
	}
}

func (m *Mutex) unlockSlow(old int32) {
	if old == unlocked {
		rt.Fatal("sync: unlock of unlocked mutex")
	}
	select {
	case m.channel() <- struct{}{}:
	default:
	}
}
