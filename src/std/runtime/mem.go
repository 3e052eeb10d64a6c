package runtime

// GC frees what nothing refers to, halves stacks that are mostly unused, and gives
// unused memory back to the system. All goroutines stop for it.
//
//go:noinline
func GC() { gc() }

// gc returns how many collections there were.
func gc() uint32

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
	var s memStats
	readStats(&s)
	*m = MemStats{
		Alloc: s.alloc, TotalAlloc: s.totalAlloc, HeapAlloc: s.alloc,
		Mallocs: s.mallocs, Frees: s.frees, HeapObjects: s.mallocs - s.frees,
		HeapInuse: s.heap, HeapSys: s.heap + s.idle, HeapIdle: s.idle, HeapReleased: s.released,
		StackInuse: s.stacks, StackSys: s.stacks, Sys: s.heap + s.stacks + s.idle,
		NextGC: s.next, LastGC: s.lastEnd, PauseTotalNs: s.pauseTotal,
		NumGC: uint32(s.gcs), NumForcedGC: uint32(s.forced), EnableGC: true,
		PauseNs: s.pauses, PauseEnd: s.pauseEnds,
	}
}

// memStats is what the runtime counts, in its order.
type memStats struct {
	mallocs, frees       uint64
	totalAlloc, alloc    uint64
	heap, stacks         uint64 // bytes in use
	idle, released       uint64 // bytes of unused pages; those of them that the system has back
	gcs, forced          uint64
	next, lastEnd        uint64
	pauseTotal           uint64
	pauses, pauseEnds    [256]uint64
}

//go:noescape
func readStats(s *memStats)
