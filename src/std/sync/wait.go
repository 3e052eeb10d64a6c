package sync

// A WaitGroup waits for a number of goroutines to end.
type WaitGroup struct {
	noCopy noCopy
	mu     Mutex
	n      int
	done   chan struct{} // closed when n becomes 0; nil if nobody waits
}

// Add adds delta, which may be negative, to the number to wait for.
func (wg *WaitGroup) Add(delta int) {
	wg.mu.Lock()
	wg.n += delta
	n := wg.n
	if n == 0 && wg.done != nil {
		close(wg.done)
		wg.done = nil
	}
	wg.mu.Unlock()
	if n < 0 {
		panic("sync: negative WaitGroup counter")
	}
}

// Done subtracts one.
func (wg *WaitGroup) Done() { wg.Add(-1) }

// Wait waits until the number is zero.
func (wg *WaitGroup) Wait() {
	wg.mu.Lock()
	if wg.n == 0 {
		wg.mu.Unlock()
		return
	}
	if wg.done == nil {
		wg.done = make(chan struct{})
	}
	done := wg.done
	wg.mu.Unlock()
	<-done
}

// Go calls f in a new goroutine that wg waits for.
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		f()
	}()
}

// A Cond lets goroutines wait for a condition that L guards.
type Cond struct {
	noCopy noCopy
	L      Locker
	mu     Mutex
	queue  []chan struct{} // of the goroutines that wait, longest first
}

// NewCond returns a Cond with L = l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// Wait unlocks c.L, waits for Signal or Broadcast, and locks c.L again.
func (c *Cond) Wait() {
	me := make(chan struct{})
	c.mu.Lock()
	c.queue = append(c.queue, me)
	c.mu.Unlock()
	c.L.Unlock()
	<-me
	c.L.Lock()
}

// Signal wakes one goroutine that waits, if there is one.
func (c *Cond) Signal() {
	c.mu.Lock()
	if len(c.queue) > 0 {
		close(c.queue[0])
		c.queue = c.queue[1:]
	}
	c.mu.Unlock()
}

// Broadcast wakes all goroutines that wait.
func (c *Cond) Broadcast() {
	c.mu.Lock()
	for _, w := range c.queue {
		close(w)
	}
	c.queue = nil
	c.mu.Unlock()
}
