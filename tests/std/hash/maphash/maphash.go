// Package maphash has hash functions for tables in memory. Hashes depend on a
// seed, which differs from run to run.
package maphash

import (
	"x/hash"
	"x/internal/rt"
	"x/math/bits"
	"x/math/rand/v2"
	"unsafe"
)

// A Seed chooses one of many hash functions.
type Seed struct{ s uint64 }

// MakeSeed returns a new random seed.
func MakeSeed() Seed {
	for {
		if s := rand.Uint64(); s != 0 {
			return Seed{s}
		}
	}
}

const bufferSize = 128

// A Hash computes the hash of the bytes written to it. The zero Hash is ready;
// it gets a random seed at its first use.
type Hash struct {
	_     [0]func() // not comparable
	seed  Seed
	state Seed // after the blocks that went through the buffer
	buf   [bufferSize]byte
	n     int
}

const (
	k0 = 0x9e3779b97f4a7c15
	k1 = 0xa0761d6478bd642f
)

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

func load(b []byte) (x uint64) {
	for i := len(b) - 1; i >= 0; i-- {
		x = x<<8 | uint64(b[i])
	}
	return x
}

// sum hashes b from a state on.
func sum(b []byte, state uint64) uint64 {
	n := uint64(len(b))
	h := state ^ k0
	for len(b) > 8 {
		h = mix(load(b[:8])^k1, h^k0)
		b = b[8:]
	}
	return mix(k1^n, mix(load(b)^k1, h))
}

func (h *Hash) start() {
	if h.seed.s == 0 {
		h.SetSeed(MakeSeed())
	}
}

func (h *Hash) flush() {
	h.start()
	h.state.s = sum(h.buf[:h.n], h.state.s)
	h.n = 0
}

// Write adds b.
func (h *Hash) Write(b []byte) (int, error) {
	size := len(b)
	for len(b) > 0 {
		if h.n == bufferSize {
			h.flush()
		}
		n := copy(h.buf[h.n:], b)
		h.n += n
		b = b[n:]
	}
	return size, nil
}

// WriteString adds the bytes of s.
func (h *Hash) WriteString(s string) (int, error) {
	size := len(s)
	for len(s) > 0 {
		if h.n == bufferSize {
			h.flush()
		}
		n := copy(h.buf[h.n:], s)
		h.n += n
		s = s[n:]
	}
	return size, nil
}

// WriteByte adds b; the error is nil.
func (h *Hash) WriteByte(b byte) error {
	if h.n == bufferSize {
		h.flush()
	}
	h.buf[h.n] = b
	h.n++
	return nil
}

// Seed returns h's seed.
func (h *Hash) Seed() Seed {
	h.start()
	return h.seed
}

// SetSeed sets the seed and forgets what was written.
func (h *Hash) SetSeed(seed Seed) {
	if seed.s == 0 {
		panic("maphash: use of uninitialized Seed")
	}
	h.seed = seed
	h.state = seed
	h.n = 0
}

// Reset forgets what was written.
func (h *Hash) Reset() {
	h.start()
	h.state = h.seed
	h.n = 0
}

// Sum64 returns the hash.
func (h *Hash) Sum64() uint64 {
	h.start()
	return sum(h.buf[:h.n], h.state.s)
}

// Sum appends the hash to b.
func (h *Hash) Sum(b []byte) []byte {
	x := h.Sum64()
	for i := 56; i >= 0; i -= 8 {
		b = append(b, byte(x>>i))
	}
	return b
}

// Size returns 8.
func (h *Hash) Size() int { return 8 }

// BlockSize returns the size of the buffer.
func (h *Hash) BlockSize() int { return bufferSize }

// Clone returns a copy.
func (h *Hash) Clone() (hash.Cloner, error) {
	h.start()
	c := *h
	return &c, nil
}

// Bytes returns the hash of b.
//
//go:noinline
func Bytes(seed Seed, b []byte) uint64 {
	return String(seed, unsafe.String(unsafe.SliceData(b), len(b)))
}

// String returns the hash of the bytes of s, which is that of a Hash they are written to.
func String(seed Seed, s string) uint64 {
	if seed.s == 0 {
		panic("maphash: use of uninitialized Seed")
	}
	state := seed.s
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	for len(b) > bufferSize {
		state = sum(b[:bufferSize], state)
		b = b[bufferSize:]
	}
	return sum(b, state)
}

// Comparable returns the hash of v: equal values have equal ones.
func Comparable[T comparable](seed Seed, v T) uint64 {
	if seed.s == 0 {
		panic("maphash: use of uninitialized Seed")
	}
	return mix(seed.s^k0, rt.HashOf(rt.TypeOf(&v).Elem(), unsafe.Pointer(&v)))
}

// WriteComparable adds v to h.
func WriteComparable[T comparable](h *Hash, x T) {
	h.start()
	n := Comparable(h.seed, x)
	for range 8 {
		h.WriteByte(byte(n))
		n >>= 8
	}
}

// A Hasher defines which values are equal, and hashes them.
type Hasher[T any] interface {
	Hash(*Hash, T)
	Equal(x, y T) bool
}

// A ComparableHasher is a Hasher whose Equal is ==.
type ComparableHasher[T comparable] struct {
	_ [0]func(T)
}

// Hash adds v to h.
func (ComparableHasher[T]) Hash(h *Hash, v T) { WriteComparable(h, v) }

// Equal reports whether x == y.
func (ComparableHasher[T]) Equal(x, y T) bool { return x == y }
