package sync

import (
	"internal/rt"
	"unsafe"
)

// A Pool keeps objects for reuse, as long as it likes.
type Pool struct {
	noCopy noCopy
	mu     Mutex
	free   []any
	// New makes an object when there is none; it may be nil.
	New func() any
}

// poolMost is how many objects a Pool keeps.
const poolMost = 256

// Put adds x.
func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	p.mu.Lock()
	if len(p.free) < poolMost {
		p.free = append(p.free, x)
	}
	p.mu.Unlock()
}

// Get takes an object out, or makes one.
func (p *Pool) Get() any {
	rt.LeakPointer(unsafe.Pointer(p))
	p.mu.Lock()
	var x any
	if n := len(p.free); n > 0 {
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

// A Map is a map[any]any that goroutines can share.
type Map struct {
	_  noCopy
	mu Mutex
	m  map[any]any
}

// Load returns the value of key, nil if there is none, and whether there is.
func (m *Map) Load(key any) (value any, ok bool) {
	m.mu.Lock()
	value, ok = m.m[key]
	m.mu.Unlock()
	return value, ok
}

// Store sets the value of key.
func (m *Map) Store(key, value any) { m.Swap(key, value) }

// Swap sets the value of key and returns the one before, if any.
func (m *Map) Swap(key, value any) (previous any, loaded bool) {
	m.mu.Lock()
	previous, loaded = m.m[key]
	m.set(key, value)
	m.mu.Unlock()
	return previous, loaded
}

func (m *Map) set(key, value any) {
	if m.m == nil {
		m.m = make(map[any]any)
	}
	m.m[key] = value
}

// LoadOrStore returns the value of key if there is one; else it sets it.
func (m *Map) LoadOrStore(key, value any) (actual any, loaded bool) {
	m.mu.Lock()
	actual, loaded = m.m[key]
	if !loaded {
		m.set(key, value)
		actual = value
	}
	m.mu.Unlock()
	return actual, loaded
}

// LoadAndDelete deletes the value of key and returns it, if any.
func (m *Map) LoadAndDelete(key any) (value any, loaded bool) {
	m.mu.Lock()
	value, loaded = m.m[key]
	delete(m.m, key)
	m.mu.Unlock()
	return value, loaded
}

// Delete deletes the value of key.
func (m *Map) Delete(key any) { m.LoadAndDelete(key) }

// CompareAndSwap sets the value of key to new if it is old, which must be comparable.
func (m *Map) CompareAndSwap(key, old, new any) (swapped bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.m[key]; !ok || v != old {
		return false
	}
	m.m[key] = new
	return true
}

// CompareAndDelete deletes the value of key if it is old, which must be comparable.
func (m *Map) CompareAndDelete(key, old any) (deleted bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.m[key]; !ok || v != old {
		return false
	}
	delete(m.m, key)
	return true
}

// Range calls f with each key and value, until it returns false. Changes
// meanwhile may or may not be seen.
func (m *Map) Range(f func(key, value any) bool) {
	m.mu.Lock()
	keys := make([]any, 0, len(m.m))
	for k := range m.m {
		keys = append(keys, k)
	}
	m.mu.Unlock()
	for _, k := range keys {
		if v, ok := m.Load(k); ok && !f(k, v) {
			return
		}
	}
}

// Clear deletes everything.
func (m *Map) Clear() {
	m.mu.Lock()
	clear(m.m)
	m.mu.Unlock()
}
