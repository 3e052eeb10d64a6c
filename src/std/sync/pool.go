package sync

import (
	"internal/rt"
	"unsafe"
)

// A Pool keeps objects for reuse, as long as it likes.
type Pool struct {
	noCopy noCopy
	mu     Mutex
	first  any // one object, the others are in free
	free   []any
	// New makes an object when there is none; it may be nil.
	New func() any
}

// poolMost is how many objects a Pool keeps besides the first.
const poolMost = 256

// Put adds x.
func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	p.mu.Lock()
	if p.first == nil {
		p.first = x
	} else if len(p.free) < poolMost {
		if p.free == nil {
			p.free = make([]any, 0, 8)
		}
		p.free = append(p.free, x)
	}
	p.mu.Unlock()
}

// Get takes an object out, or makes one.
func (p *Pool) Get() any {
	rt.LeakPointer(unsafe.Pointer(p))
	p.mu.Lock()
	x := p.first
	if x != nil {
		p.first = nil
	} else if n := len(p.free); n > 0 {
		x = p.free[n-1]
		p.free[n-1] = nil
		p.free = p.free[:n-1]
	}
	p.mu.Unlock()
	if x == nil && p.New != nil {
		x = p.New()
	}
	return x
}
