package runtime

import "internal/rt"

// GC stops all goroutines, looks through what they refer to, halves stacks that
// are mostly unused, and gives the memory of unused ones back to the system.
// Heap objects are not freed yet.
//
//go:noinline
func GC() { gcCount = gc() }

// gc returns how many collections there were.
func gc() uint32

var gcCount uint32

// MemProfileRate is how often allocations are sampled. They are not.
var MemProfileRate int = 512 * 1024

// A MemStats records statistics about memory.
type MemStats struct {
	Alloc         uint64 // bytes of heap objects in use
	TotalAlloc    uint64 // bytes of heap objects ever allocated
	Sys           uint64 // bytes obtained from the system
	Lookups       uint64
	Mallocs       uint64 // number of heap objects ever allocated
	Frees         uint64
	HeapAlloc     uint64
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// ReadMemStats fills m.
func ReadMemStats(m *MemStats) {
	var s [6]uint64
	readStats(&s)
	*m = MemStats{
		Alloc: s[1], TotalAlloc: s[1], HeapAlloc: s[1], Mallocs: s[0], HeapObjects: s[0],
		HeapInuse: s[2], HeapSys: s[2] + s[4], HeapIdle: s[4], HeapReleased: s[5],
		StackInuse: s[3], StackSys: s[3], Sys: s[2] + s[3] + s[4],
		NumGC: gcCount, NumForcedGC: gcCount, EnableGC: true,
	}
}

// readStats fills s: objects and bytes allocated, bytes of heap and of stacks in
// use, bytes of unused pages, and those of them that the system has back.
//
//go:noescape
func readStats(s *[6]uint64)

// SetFinalizer would have f called when nothing refers to obj any more. Nothing
// is freed yet, so it never is.
//
//go:noinline
//
//go:noinline
func SetFinalizer(obj any, f any) {
	rt.LeakAny(obj)
	rt.LeakAny(f)
}
