package sync

import (
	"sync/atomic"
	"unsafe"
)

// A Cond lets goroutines wait for a condition that L guards.
type Cond struct {
	noCopy noCopy
	L      Locker
	notify notifyList
	self   uintptr // the Cond's address, from its first use on
}

// A notifyList gives tickets to those who wait, and calls them in their order.
type notifyList struct {
	wait   uint32 // tickets given out
	called uint32
}

// notifyWait waits until the ticket is called.
func notifyWait(l *notifyList, ticket uint32)

// notifyOne calls the next ticket, if there is one.
func notifyOne(l *notifyList)

// notifyAll calls all tickets.
func notifyAll(l *notifyList)

//go:noinline
func runtime_notifyListWait(l *notifyList, ticket uint32) { notifyWait(l, ticket) }

// NewCond returns a Cond with L = l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// check panics if c is a copy of a Cond in use.
func (c *Cond) check() {
	me := uintptr(unsafe.Pointer(c))
	if atomic.LoadUintptr(&c.self) != me && !atomic.CompareAndSwapUintptr(&c.self, 0, me) && atomic.LoadUintptr(&c.self) != me {
		panic("sync.Cond is copied")
	}
}

// Wait unlocks c.L, waits for Signal or Broadcast, and locks c.L again.
func (c *Cond) Wait() {
	c.check()
	ticket := atomic.AddUint32(&c.notify.wait, 1) - 1
	c.L.Unlock()
	runtime_notifyListWait(&c.notify, ticket)
	c.L.Lock()
}

// Signal wakes one goroutine that waits, if there is one.
func (c *Cond) Signal() {
	c.check()
	notifyOne(&c.notify)
}

// Broadcast wakes all goroutines that wait.
func (c *Cond) Broadcast() {
	c.check()
	notifyAll(&c.notify)
}
