package testing

import (
	"x/fmt"
	"x/math"
	"x/os"
	"runtime"
	"x/slices"
	"x/strings"
	"sync"
	"sync/atomic"
	"x/time"
)

// A B is a benchmark.
type B struct {
	common
	N int

	f         func(*B)
	want      time.Duration
	times     int // fixed number of iterations; 0: by time
	timer     bool
	began     time.Time
	elapsed   time.Duration
	allocs    uint64
	bytes     uint64
	total     uint64 // allocations
	totalB    uint64 // bytes
	perOp     int64  // SetBytes
	showMem   bool
	parallel  int
	extra     map[string]float64
	loopLeft  int
	loopBegan bool
	last      BenchmarkResult
}

// StartTimer goes on measuring.
func (b *B) StartTimer() {
	if b.timer {
		return
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.allocs, b.bytes = m.Mallocs, m.TotalAlloc
	b.began = time.Now()
	b.timer = true
}

// StopTimer stops measuring.
func (b *B) StopTimer() {
	if !b.timer {
		return
	}
	b.elapsed += time.Since(b.began)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.total += m.Mallocs - b.allocs
	b.totalB += m.TotalAlloc - b.bytes
	b.timer = false
}

// ResetTimer forgets what was measured.
func (b *B) ResetTimer() {
	b.extra = map[string]float64{}
	if b.timer {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.allocs, b.bytes = m.Mallocs, m.TotalAlloc
		b.began = time.Now()
	}
	b.elapsed, b.total, b.totalB = 0, 0, 0
}

// Elapsed returns the time measured.
func (b *B) Elapsed() time.Duration {
	d := b.elapsed
	if b.timer {
		d += time.Since(b.began)
	}
	return d
}

// SetBytes says how many bytes an iteration handles.
func (b *B) SetBytes(n int64) { b.perOp = n }

// ReportAllocs shows allocations in the result.
func (b *B) ReportAllocs() { b.showMem = true }

// ReportMetric adds a number to the result.
func (b *B) ReportMetric(n float64, unit string) {
	if unit == "" {
		panic("metric unit must not be empty")
	}
	if strings.ContainsAny(unit, " \t\n\v\f\r") {
		panic("metric unit must not contain whitespace")
	}
	if b.extra == nil {
		b.extra = map[string]float64{}
	}
	b.extra[unit] = n
}

// Loop reports whether the benchmark shall go on; the time before its first
// call does not count.
func (b *B) Loop() bool {
	if !b.loopBegan {
		b.loopBegan = true
		b.N = 0
		b.ResetTimer()
		b.StartTimer()
	}
	if b.loopLeft == 0 {
		if b.times > 0 && b.N >= b.times || b.times == 0 && b.N > 0 && b.Elapsed() >= b.want {
			b.StopTimer()
			return false
		}
		// Look at the clock only now and then.
		b.loopLeft = max(1, min(b.N/5, 1<<20))
		if b.times > 0 {
			b.loopLeft = min(b.loopLeft, b.times-b.N)
		}
	}
	b.loopLeft--
	b.N++
	return true
}

func (b *B) runN(n int) {
	done := make(chan any)
	go func() {
		normal := false
		defer func() {
			e := any(nil)
			if !normal && !b.finished {
				e = recover()
			}
			b.runCleanup()
			done <- e
		}()
		b.N = n
		b.loopBegan, b.loopLeft = false, 0
		b.ResetTimer()
		b.StartTimer()
		b.f(b)
		b.StopTimer()
		normal = true
	}()
	if e := <-done; e != nil {
		panic(e)
	}
}

func (b *B) launch() BenchmarkResult {
	b.runN(1)
	if !b.failed && !b.skipped && !b.loopBegan {
		if b.times > 0 {
			b.runN(b.times)
		} else {
			for n := 1; b.elapsed < b.want && n < 1e9 && !b.failed; {
				last := n
				n = int(float64(b.want) * float64(last) / max(1, float64(b.elapsed)))
				n = min(max(n+n/5, last+1), 100*last, 1e9)
				b.runN(n)
			}
		}
	}
	b.last = BenchmarkResult{b.N, b.elapsed, b.perOp, b.total, b.totalB, b.extra}
	return b.last
}

// Run runs f as a benchmark within b.
func (b *B) Run(name string, f func(b *B)) bool {
	sub := newB(join(b.name, name), f)
	sub.parent = &b.common
	r := sub.launch()
	if !sub.failed {
		fmt.Printf("%s\t%s\n", sub.name, r)
	}
	return !sub.failed
}

func newB(name string, f func(*B)) *B {
	b := &B{common: common{name: name, bench: true}, f: f, want: time.Second, parallel: 1}
	if benchTime != nil {
		b.want = *benchTime
	}
	return b
}

// Benchmark runs f with growing N until that takes a second.
func Benchmark(f func(b *B)) BenchmarkResult {
	b := newB("", f)
	r := b.launch()
	if b.failed {
		os.Stdout.WriteString(b.output.String())
		return BenchmarkResult{}
	}
	return r
}

// A PB hands out the iterations of a parallel benchmark.
type PB struct {
	left  *atomic.Int64
	grain int64
	cache int64
}

// Next reports whether there is another iteration.
func (pb *PB) Next() bool {
	if pb.cache == 0 {
		left := pb.left.Add(-pb.grain)
		switch {
		case left >= 0:
			pb.cache = pb.grain
		case left > -pb.grain:
			pb.cache = left + pb.grain
		default:
			return false
		}
	}
	pb.cache--
	return true
}

// SetParallelism makes RunParallel use p goroutines for each processor.
func (b *B) SetParallelism(p int) {
	if p >= 1 {
		b.parallel = p
	}
}

// RunParallel runs body in several goroutines, which share the iterations.
func (b *B) RunParallel(body func(*PB)) {
	if b.N == 0 {
		return
	}
	var left atomic.Int64
	left.Store(int64(b.N))
	n := b.parallel * runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { body(&PB{left: &left, grain: int64(max(1, min(b.N/n/10, 10000)))}) })
	}
	wg.Wait()
	if left.Load() > 0 && !b.Failed() {
		b.Fatal("RunParallel: body exited without pb.Next() == false")
	}
}

// A BenchmarkResult is what a benchmark measured.
type BenchmarkResult struct {
	N         int           // iterations
	T         time.Duration // for all
	Bytes     int64         // handled by one
	MemAllocs uint64        // for all
	MemBytes  uint64
	Extra     map[string]float64
}

// NsPerOp returns the nanoseconds of an iteration.
func (r BenchmarkResult) NsPerOp() int64 {
	if v, ok := r.Extra["ns/op"]; ok {
		return int64(v)
	}
	if r.N <= 0 {
		return 0
	}
	return r.T.Nanoseconds() / int64(r.N)
}

func (r BenchmarkResult) mbPerSec() float64 {
	if v, ok := r.Extra["MB/s"]; ok {
		return v
	}
	if r.Bytes <= 0 || r.T <= 0 || r.N <= 0 {
		return 0
	}
	return float64(r.Bytes) * float64(r.N) / 1e6 / r.T.Seconds()
}

// AllocsPerOp returns the allocations of an iteration.
func (r BenchmarkResult) AllocsPerOp() int64 {
	if v, ok := r.Extra["allocs/op"]; ok {
		return int64(v)
	}
	if r.N <= 0 {
		return 0
	}
	return int64(r.MemAllocs) / int64(r.N)
}

// AllocedBytesPerOp returns the bytes that an iteration allocates.
func (r BenchmarkResult) AllocedBytesPerOp() int64 {
	if v, ok := r.Extra["B/op"]; ok {
		return int64(v)
	}
	if r.N <= 0 {
		return 0
	}
	return int64(r.MemBytes) / int64(r.N)
}

func (r BenchmarkResult) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%8d", r.N)
	ns, ok := r.Extra["ns/op"]
	if !ok {
		ns = float64(r.T.Nanoseconds()) / float64(r.N)
	}
	if ns != 0 {
		b.WriteByte('\t')
		number(&b, ns, "ns/op")
	}
	if mb := r.mbPerSec(); mb != 0 {
		fmt.Fprintf(&b, "\t%7.2f MB/s", mb)
	}
	var units []string
	for unit := range r.Extra {
		switch unit {
		case "ns/op", "MB/s", "B/op", "allocs/op":
		default:
			units = append(units, unit)
		}
	}
	slices.Sort(units)
	for _, unit := range units {
		b.WriteByte('\t')
		number(&b, r.Extra[unit], unit)
	}
	return b.String()
}

// number prints x with about three significant digits.
func number(b *strings.Builder, x float64, unit string) {
	format := "%10.0f %s"
	switch y := math.Abs(x); {
	case y == 0 || y >= 999.95:
	case y >= 99.995:
		format = "%12.1f %s"
	case y >= 9.9995:
		format = "%13.2f %s"
	case y >= 0.99995:
		format = "%14.3f %s"
	case y >= 0.099995:
		format = "%15.4f %s"
	case y >= 0.0099995:
		format = "%16.5f %s"
	case y >= 0.00099995:
		format = "%17.6f %s"
	default:
		format = "%18.7f %s"
	}
	fmt.Fprintf(b, format, x, unit)
}

// MemString returns the allocations of an iteration as text.
func (r BenchmarkResult) MemString() string {
	return fmt.Sprintf("%8d B/op\t%8d allocs/op", r.AllocedBytesPerOp(), r.AllocsPerOp())
}
