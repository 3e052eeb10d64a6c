// Package rand makes numbers that look random. With a seeded Source they are
// those of Go's package.
package rand

import (
	"x/errors"
	"x/internal/byteorder"
	"x/internal/rt"
	"x/internal/ziggurat"
	"x/math/bits"
	"sync"
)

// A Source yields numbers of 64 random bits.
type Source interface {
	Uint64() uint64
}

// A PCG is a permuted congruential generator with 128 bits of state (O'Neill,
// PCG-DXSM).
type PCG struct{ hi, lo uint64 }

// NewPCG returns a PCG with the seeds.
func NewPCG(seed1, seed2 uint64) *PCG { return &PCG{seed1, seed2} }

// Seed starts p anew.
func (p *PCG) Seed(seed1, seed2 uint64) {
	p.hi = seed1
	p.lo = seed2
}

// next steps the state.
func (p *PCG) next() (hi, lo uint64) {
	const (
		mulHi = 2549297995355413924
		mulLo = 4865540595714422341
		incHi = 6364136223846793005
		incLo = 1442695040888963407
	)
	hi, lo = bits.Mul64(p.lo, mulLo)
	hi += p.hi*mulLo + p.lo*mulHi
	lo, carry := bits.Add64(lo, incLo, 0)
	hi, _ = bits.Add64(hi, incHi, carry)
	p.lo = lo
	p.hi = hi
	return hi, lo
}

func (p *PCG) Uint64() uint64 {
	hi, lo := p.next()
	// DXSM: double xorshift and multiply.
	const mul = 0xda942042e4dd58b5
	hi ^= hi >> 32
	hi *= mul
	hi ^= hi >> 48
	hi *= (lo | 1)
	return hi
}

// AppendBinary appends p's state to b.
func (p *PCG) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, "pcg:"...)
	b = byteorder.BEAppendUint64(b, p.hi)
	b = byteorder.BEAppendUint64(b, p.lo)
	return b, nil
}

// MarshalBinary returns p's state.
func (p *PCG) MarshalBinary() ([]byte, error) { return p.AppendBinary(make([]byte, 0, 20)) }

// UnmarshalBinary sets p's state.
func (p *PCG) UnmarshalBinary(data []byte) error {
	if len(data) != 20 || string(data[:4]) != "pcg:" {
		return errPCG
	}
	p.hi = byteorder.BEUint64(data[4:])
	p.lo = byteorder.BEUint64(data[4+8:])
	return nil
}

var errPCG = errors.New("invalid PCG encoding")

// A Rand makes numbers of a Source.
type Rand struct{ src Source }

// New returns a Rand of src.
func New(src Source) *Rand { return &Rand{src} }

func (r *Rand) Int64() int64 { return int64(r.src.Uint64() &^ (1 << 63)) }

func (r *Rand) Uint32() uint32 { return uint32(r.src.Uint64() >> 32) }

func (r *Rand) Uint64() uint64 { return r.src.Uint64() }

func (r *Rand) Int32() int32 { return int32(r.src.Uint64() >> 33) }

func (r *Rand) Int() int { return int(uint(r.src.Uint64()) << 1 >> 1) }

func (r *Rand) Uint() uint { return uint(r.src.Uint64()) }

// uint64n returns a number in [0, n), by multiplication (Lemire).
func (r *Rand) uint64n(n uint64) uint64 {
	if n&(n-1) == 0 {
		return r.Uint64() & (n - 1)
	}
	hi, lo := bits.Mul64(r.Uint64(), n)
	if lo < n {
		for least := -n % n; lo < least; {
			hi, lo = bits.Mul64(r.Uint64(), n)
		}
	}
	return hi
}

func (r *Rand) Int64N(n int64) int64 {
	if n <= 0 {
		panic("invalid argument to Int64N")
	}
	return int64(r.uint64n(uint64(n)))
}

func (r *Rand) Uint64N(n uint64) uint64 {
	if n == 0 {
		panic("invalid argument to Uint64N")
	}
	return r.uint64n(n)
}

func (r *Rand) Int32N(n int32) int32 {
	if n <= 0 {
		panic("invalid argument to Int32N")
	}
	return int32(r.uint64n(uint64(n)))
}

func (r *Rand) Uint32N(n uint32) uint32 {
	if n == 0 {
		panic("invalid argument to Uint32N")
	}
	return uint32(r.uint64n(uint64(n)))
}

func (r *Rand) IntN(n int) int {
	if n <= 0 {
		panic("invalid argument to IntN")
	}
	return int(r.uint64n(uint64(n)))
}

func (r *Rand) UintN(n uint) uint {
	if n == 0 {
		panic("invalid argument to UintN")
	}
	return uint(r.uint64n(uint64(n)))
}

// Float64 returns a number in [0, 1).
func (r *Rand) Float64() float64 { return float64(r.Uint64()<<11>>11) / (1 << 53) }

// Float32 returns a number in [0, 1).
func (r *Rand) Float32() float32 { return float32(r.Uint32()<<8>>8) / (1 << 24) }

// Perm returns the numbers of [0, n) in random order.
func (r *Rand) Perm(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	r.Shuffle(len(p), func(i, j int) { p[i], p[j] = p[j], p[i] })
	return p
}

// Shuffle puts n elements in random order by calls of swap.
func (r *Rand) Shuffle(n int, swap func(i, j int)) {
	if n < 0 {
		panic("invalid argument to Shuffle")
	}
	for i := n - 1; i > 0; i-- {
		swap(i, int(r.uint64n(uint64(i+1))))
	}
}

// NormFloat64 returns a number of the standard normal distribution.
func (r *Rand) NormFloat64() float64 {
	for {
		u := r.Uint64()
		if x, ok := ziggurat.Normal(int32(u), uint32(u>>32)&0x7F, r.Float64); ok {
			return x
		}
	}
}

// ExpFloat64 returns a number of the exponential distribution with rate 1.
func (r *Rand) ExpFloat64() float64 {
	for {
		u := r.Uint64()
		if x, ok := ziggurat.Exponential(uint32(u), uint32(u>>32)&0xFF, r.Float64); ok {
			return x
		}
	}
}

// shared is the Source of the package's functions, seeded when first used.
type shared struct {
	mu     sync.Mutex
	seeded bool
	pcg    PCG
}

func (s *shared) Uint64() uint64 {
	s.mu.Lock()
	if !s.seeded {
		sec, nsec := rt.Walltime()
		s.pcg.Seed(uint64(rt.Nanotime()), uint64(sec)<<32^uint64(nsec))
		s.seeded = true
	}
	u := s.pcg.Uint64()
	s.mu.Unlock()
	return u
}

var global = New(new(shared))

// The functions uint64n are the methods of a Rand that goroutines may share, with
// a random seed.

func Int64() int64 { return global.Int64() }

func Uint32() uint32 { return global.Uint32() }

func Uint64() uint64 { return global.Uint64() }

func Int32() int32 { return global.Int32() }

func Int() int { return global.Int() }

func Uint() uint { return global.Uint() }

func Int64N(n int64) int64 { return global.Int64N(n) }

func Uint64N(n uint64) uint64 { return global.Uint64N(n) }

func Int32N(n int32) int32 { return global.Int32N(n) }

func Uint32N(n uint32) uint32 { return global.Uint32N(n) }

func IntN(n int) int { return global.IntN(n) }

func UintN(n uint) uint { return global.UintN(n) }

type intType interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// N returns a number in [0, n), of any integer type.
func (r *Rand) N[Int intType](n Int) Int {
	if n <= 0 {
		panic("invalid argument to N")
	}
	return Int(r.uint64n(uint64(n)))
}

// N returns a number in [0, n), of any integer type.
func N[Int intType](n Int) Int {
	return global.N(n)
}

func Float64() float64 { return global.Float64() }

func Float32() float32 { return global.Float32() }

func Perm(n int) []int { return global.Perm(n) }

func Shuffle(n int, swap func(i, j int)) { global.Shuffle(n, swap) }

func NormFloat64() float64 { return global.NormFloat64() }

func ExpFloat64() float64 { return global.ExpFloat64() }
