// Package rand makes numbers that look random.
//
// A Source with a seed yields the numbers that Go's yields: it is the additive
// lagged Fibonacci generator x[n] = x[n-273] + x[n-607] (Mitchell and Reeds).
package rand

import (
	"x/internal/rt"
	"x/internal/ziggurat"
	"sync"
)

// A Source yields numbers of 63 random bits.
type Source interface {
	Int63() int64
	Seed(seed int64)
}

// A Source64 yields numbers of 64 random bits, too.
type Source64 interface {
	Source
	Uint64() uint64
}

// NewSource returns a Source with the seed. It is not safe for goroutines to share.
func NewSource(seed int64) Source { return newSource(seed) }

func newSource(seed int64) *source {
	var rng source
	rng.Seed(seed)
	return &rng
}

// A Rand makes numbers of a Source.
type Rand struct {
	src     Source
	src64   Source64 // src, if it is one
	readVal int64    // bytes not yet returned by Read
	readPos int8     // and their number
}

// New returns a Rand of src.
func New(src Source) *Rand {
	s64, _ := src.(Source64)
	return &Rand{src: src, src64: s64}
}

// Seed starts the Source anew.
//
//go:noinline
func (r *Rand) Seed(seed int64) {
	r.src.Seed(seed)
	r.readPos = 0
}

func (r *Rand) Int63() int64 { return r.src.Int63() }

func (r *Rand) Uint32() uint32 { return uint32(r.Int63() >> 31) }

func (r *Rand) Uint64() uint64 {
	if r.src64 != nil {
		return r.src64.Uint64()
	}
	return uint64(r.Int63())>>31 | uint64(r.Int63())<<32
}

func (r *Rand) Int31() int32 { return int32(r.Int63() >> 32) }

func (r *Rand) Int() int { return int(uint(r.Int63()) << 1 >> 1) }

// Int63n returns a number in [0, n).
func (r *Rand) Int63n(n int64) int64 {
	if n <= 0 {
		panic("invalid argument to Int63n")
	}
	if n&(n-1) == 0 {
		return r.Int63() & (n - 1)
	}
	// The numbers beyond the last multiple of n would favour small results.
	most := int64(1<<63 - 1 - (1<<63)%uint64(n))
	v := r.Int63()
	for v > most {
		v = r.Int63()
	}
	return v % n
}

// Int31n returns a number in [0, n).
func (r *Rand) Int31n(n int32) int32 {
	if n <= 0 {
		panic("invalid argument to Int31n")
	}
	if n&(n-1) == 0 {
		return r.Int31() & (n - 1)
	}
	most := int32(1<<31 - 1 - (1<<31)%uint32(n))
	v := r.Int31()
	for v > most {
		v = r.Int31()
	}
	return v % n
}

// int31n is Int31n by multiplication (Lemire).
func (r *Rand) int31n(n int32) int32 {
	prod := uint64(r.Uint32()) * uint64(n)
	if low := uint32(prod); low < uint32(n) {
		for least := uint32(-n) % uint32(n); uint32(prod) < least; {
			prod = uint64(r.Uint32()) * uint64(n)
		}
	}
	return int32(prod >> 32)
}

// Intn returns a number in [0, n).
func (r *Rand) Intn(n int) int {
	if n <= 0 {
		panic("invalid argument to Intn")
	}
	if n <= 1<<31-1 {
		return int(r.Int31n(int32(n)))
	}
	return int(r.Int63n(int64(n)))
}

// Float64 returns a number in [0, 1).
func (r *Rand) Float64() float64 {
	for {
		if f := float64(r.Int63()) / (1 << 63); f != 1 {
			return f
		}
	}
}

// Float32 returns a number in [0, 1).
func (r *Rand) Float32() float32 {
	for {
		if f := float32(r.Float64()); f != 1 {
			return f
		}
	}
}

// Perm returns the numbers of [0, n) in random order.
func (r *Rand) Perm(n int) []int {
	m := make([]int, n)
	for i := 0; i < n; i++ {
		j := r.Intn(i + 1)
		m[i] = m[j]
		m[j] = i
	}
	return m
}

// Shuffle puts n elements in random order by calls of swap.
func (r *Rand) Shuffle(n int, swap func(i, j int)) {
	if n < 0 {
		panic("invalid argument to Shuffle")
	}
	for i := n - 1; i > 0; i-- {
		if i > 1<<31-2 {
			swap(i, int(r.Int63n(int64(i+1))))
		} else {
			swap(i, int(r.int31n(int32(i+1))))
		}
	}
}

// Read fills p.
func (r *Rand) Read(p []byte) (n int, err error) {
	for i := range p {
		if r.readPos == 0 {
			r.readVal = r.src.Int63()
			r.readPos = 7
		}
		p[i] = byte(r.readVal)
		r.readVal >>= 8
		r.readPos--
	}
	return len(p), nil
}

// source is the generator: feed and tap move through vec, 273 apart.
type source struct {
	tap, feed int
	vec       [length]uint64
}

const (
	length = 607
	lag    = 273
)

// step is x·48271 mod 2³¹-1.
func step(x int32) int32 { return int32(int64(x) * 48271 % (1<<31 - 1)) }

func (s *source) Seed(seed int64) {
	s.tap = 0
	s.feed = length - lag
	seed %= 1<<31 - 1
	if seed < 0 {
		seed += 1<<31 - 1
	}
	if seed == 0 {
		seed = 89482311
	}
	x := int32(seed)
	for i := -20; i < length; i++ {
		x = step(x)
		if i >= 0 {
			u := uint64(x) << 40
			x = step(x)
			u ^= uint64(x) << 20
			x = step(x)
			u ^= uint64(x)
			s.vec[i] = u ^ start[i]
		}
	}
}

func (s *source) Int63() int64 { return int64(s.Uint64() & (1<<63 - 1)) }

func (s *source) Uint64() uint64 {
	s.tap--
	if s.tap < 0 {
		s.tap += length
	}
	s.feed--
	if s.feed < 0 {
		s.feed += length
	}
	s.vec[s.feed] += s.vec[s.tap]
	return s.vec[s.feed]
}

// shared is the Source of the package's functions, made when first used.
type shared struct {
	mu  sync.Mutex
	src *source
}

func (s *shared) get() *source {
	if s.src == nil {
		_, nsec := rt.Walltime()
		s.src = newSource(rt.Nanotime() ^ nsec<<20)
	}
	return s.src
}

func (s *shared) Int63() int64 { return int64(s.Uint64() & (1<<63 - 1)) }

func (s *shared) Uint64() uint64 {
	s.mu.Lock()
	u := s.get().Uint64()
	s.mu.Unlock()
	return u
}

func (s *shared) Seed(seed int64) {}

var global = New(new(shared))

// The functions below are the methods of a Rand that goroutines may share, with
// a random seed.

// Seed does nothing, as in Go since version 1.24.
//
//go:noinline
func Seed(seed int64) {}

//go:noinline
func Int63() int64 { return global.Int63() }

//go:noinline
func Uint32() uint32 { return global.Uint32() }

//go:noinline
func Uint64() uint64 { return global.Uint64() }

//go:noinline
func Int31() int32 { return global.Int31() }

//go:noinline
func Int() int { return global.Int() }

//go:noinline
func Int63n(n int64) int64 { return global.Int63n(n) }

//go:noinline
func Int31n(n int32) int32 { return global.Int31n(n) }

//go:noinline
func Intn(n int) int { return global.Intn(n) }

//go:noinline
func Float64() float64 { return global.Float64() }

//go:noinline
func Float32() float32 { return global.Float32() }

//go:noinline
func Perm(n int) []int { return global.Perm(n) }

//go:noinline
func Shuffle(n int, swap func(i, j int)) { global.Shuffle(n, swap) }

//go:noinline
func Read(p []byte) (n int, err error) {
	for i := range p {
		p[i] = byte(global.Uint64() >> 32)
	}
	return len(p), nil
}

//go:noinline
func NormFloat64() float64 { return global.NormFloat64() }

//go:noinline
func ExpFloat64() float64 { return global.ExpFloat64() }

// NormFloat64 returns a number of the standard normal distribution.
func (r *Rand) NormFloat64() float64 {
	for {
		u := r.Uint32()
		if x, ok := ziggurat.Normal(int32(u), u&0x7F, r.Float64); ok {
			return x
		}
	}
}

// ExpFloat64 returns a number of the exponential distribution with rate 1.
func (r *Rand) ExpFloat64() float64 {
	for {
		u := r.Uint32()
		if x, ok := ziggurat.Exponential(u, u&0xFF, r.Float64); ok {
			return x
		}
	}
}
