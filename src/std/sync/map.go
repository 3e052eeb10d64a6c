package sync

import (
	"internal/rt"
	"unsafe"
)

// A Map is a map[any]any that goroutines can share.
type Map struct {
	_ noCopy
	m lockedMap
}

// Load returns the value of key, nil if there is none, and whether there is.
func (m *Map) Load(key any) (value any, ok bool) { return m.m.Load(key) }

// Store sets the value of key.
func (m *Map) Store(key, value any) { m.m.Store(key, value) }

// Swap sets the value of key and returns the one before, if any.
func (m *Map) Swap(key, value any) (previous any, loaded bool) { return m.m.Swap(key, value) }

// LoadOrStore returns the value of key if there is one; else it sets it.
func (m *Map) LoadOrStore(key, value any) (actual any, loaded bool) {
	return m.m.LoadOrStore(key, value)
}

// LoadAndDelete deletes the value of key and returns it, if any.
func (m *Map) LoadAndDelete(key any) (value any, loaded bool) { return m.m.LoadAndDelete(key) }

// Delete deletes the value of key.
func (m *Map) Delete(key any) { m.m.Delete(key) }

// CompareAndSwap sets the value of key to new if it is old, which must be comparable.
func (m *Map) CompareAndSwap(key, old, new any) (swapped bool) {
	return m.m.CompareAndSwap(key, old, new)
}

// CompareAndDelete deletes the value of key if it is old, which must be comparable.
func (m *Map) CompareAndDelete(key, old any) (deleted bool) {
	return m.m.CompareAndDelete(key, old)
}

// Range calls f with each key and value, until it returns false. Changes
// meanwhile may or may not be seen.
func (m *Map) Range(f func(key, value any) bool) { m.m.Range(f) }

// Clear deletes everything.
func (m *Map) Clear() { m.m.Clear() }

// A lockedMap is a map with a lock, which is unlocked although a key that cannot
// be hashed panics.
type lockedMap struct {
	mu Mutex
	m  map[any]any
}

// find returns the value of key, if any. A key without a hash panics as any
// other use of the hash does, with or without entries.
func (m *lockedMap) find(key any) (value any, ok bool) {
	if len(m.m) == 0 {
		rt.HashOf(rt.TypeOf(&key).Elem(), unsafe.Pointer(&key))
		return nil, false
	}
	value, ok = m.m[key]
	return value, ok
}

//go:noinline
func (m *lockedMap) Load(key any) (value any, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok = m.find(key)
	return value, ok
}

//go:noinline
func (m *lockedMap) Store(key, value any) { m.Swap(key, value) }

//go:noinline
func (m *lockedMap) Swap(key, value any) (previous any, loaded bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	previous, loaded = m.find(key)
	m.set(key, value)
	return previous, loaded
}

//go:noinline
func (m *lockedMap) set(key, value any) {
	if m.m == nil {
		m.m = make(map[any]any)
	}
	m.m[key] = value
}

//go:noinline
func (m *lockedMap) LoadOrStore(key, value any) (actual any, loaded bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	actual, loaded = m.find(key)
	if !loaded {
		m.set(key, value)
		actual = value
	}
	return actual, loaded
}

//go:noinline
func (m *lockedMap) LoadAndDelete(key any) (value any, loaded bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, loaded = m.find(key)
	delete(m.m, key)
	return value, loaded
}

//go:noinline
func (m *lockedMap) Delete(key any) { m.LoadAndDelete(key) }

//go:noinline
func (m *lockedMap) CompareAndSwap(key, old, new any) (swapped bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.find(key); !ok || v != old {
		return false
	}
	m.m[key] = new
	return true
}

//go:noinline
func (m *lockedMap) CompareAndDelete(key, old any) (deleted bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.find(key); !ok || v != old {
		return false
	}
	delete(m.m, key)
	return true
}

//go:noinline
func (m *lockedMap) Range(f func(key, value any) bool) {
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

//go:noinline
func (m *lockedMap) Clear() {
	m.mu.Lock()
	clear(m.m)
	m.mu.Unlock()
}
