// Package fnv has the hash functions of Fowler, Noll and Vo.
package fnv

import (
	"x/hash"
	"x/math/bits"
)

const (
	offset32 = 2166136261
	offset64 = 14695981039346656037
	prime32  = 16777619
	prime64  = 1099511628211

	offset128High = 0x6c62272e07bb0142
	offset128Low  = 0x62b821756295c58d
	prime128Low   = 0x13b // and bit 88
)

// appendWord appends the low n bytes of x, the highest first.
func appendWord(b []byte, x uint64, n int) []byte {
	for n > 0 {
		n--
		b = append(b, byte(x>>(8*n)))
	}
	return b
}

// word128 is the state of the hashes of 128 bits.
type word128 struct{ hi, lo uint64 }

func (s *word128) multiply() {
	hi, lo := bits.Mul64(s.lo, prime128Low)
	s.hi, s.lo = hi+s.hi*prime128Low+s.lo<<24, lo
}

func (s *word128) Reset()         { s.hi, s.lo = offset128High, offset128Low }
func (s *word128) Size() int      { return 16 }
func (s *word128) BlockSize() int { return 1 }

func (s *word128) Sum(in []byte) []byte {
	return appendWord(appendWord(in, s.hi, 8), s.lo, 8)
}

type sum32 uint32

// New32 returns a hash of 32 bits, FNV-1.
func New32() hash.Hash32 {
	s := new(sum32)
	s.Reset()
	return s
}

func (s *sum32) Write(data []byte) (int, error) {
	h := uint32(*s)
	for _, c := range data {
		h = h*prime32 ^ uint32(c)
	}
	*s = sum32(h)
	return len(data), nil
}

func (s *sum32) Reset()         { *s = offset32 }
func (s *sum32) Size() int      { return 4 }
func (s *sum32) BlockSize() int { return 1 }

// Sum32 returns the hash.
func (s *sum32) Sum32() uint32 { return uint32(*s) }

func (s *sum32) Sum(in []byte) []byte { return appendWord(in, uint64(*s), 4) }

// Clone returns a copy.
func (s *sum32) Clone() (hash.Cloner, error) {
	c := *s
	return &c, nil
}

type sum32a uint32

// New32a returns a hash of 32 bits, FNV-1a.
func New32a() hash.Hash32 {
	s := new(sum32a)
	s.Reset()
	return s
}

func (s *sum32a) Write(data []byte) (int, error) {
	h := uint32(*s)
	for _, c := range data {
		h = (h ^ uint32(c)) * prime32
	}
	*s = sum32a(h)
	return len(data), nil
}

func (s *sum32a) Reset()         { *s = offset32 }
func (s *sum32a) Size() int      { return 4 }
func (s *sum32a) BlockSize() int { return 1 }

// Sum32 returns the hash.
func (s *sum32a) Sum32() uint32 { return uint32(*s) }

func (s *sum32a) Sum(in []byte) []byte { return appendWord(in, uint64(*s), 4) }

// Clone returns a copy.
func (s *sum32a) Clone() (hash.Cloner, error) {
	c := *s
	return &c, nil
}

type sum64 uint64

// New64 returns a hash of 64 bits, FNV-1.
func New64() hash.Hash64 {
	s := new(sum64)
	s.Reset()
	return s
}

func (s *sum64) Write(data []byte) (int, error) {
	h := uint64(*s)
	for _, c := range data {
		h = h*prime64 ^ uint64(c)
	}
	*s = sum64(h)
	return len(data), nil
}

func (s *sum64) Reset()         { *s = offset64 }
func (s *sum64) Size() int      { return 8 }
func (s *sum64) BlockSize() int { return 1 }

// Sum64 returns the hash.
func (s *sum64) Sum64() uint64 { return uint64(*s) }

func (s *sum64) Sum(in []byte) []byte { return appendWord(in, uint64(*s), 8) }

// Clone returns a copy.
func (s *sum64) Clone() (hash.Cloner, error) {
	c := *s
	return &c, nil
}

type sum64a uint64

// New64a returns a hash of 64 bits, FNV-1a.
func New64a() hash.Hash64 {
	s := new(sum64a)
	s.Reset()
	return s
}

func (s *sum64a) Write(data []byte) (int, error) {
	h := uint64(*s)
	for _, c := range data {
		h = (h ^ uint64(c)) * prime64
	}
	*s = sum64a(h)
	return len(data), nil
}

func (s *sum64a) Reset()         { *s = offset64 }
func (s *sum64a) Size() int      { return 8 }
func (s *sum64a) BlockSize() int { return 1 }

// Sum64 returns the hash.
func (s *sum64a) Sum64() uint64 { return uint64(*s) }

func (s *sum64a) Sum(in []byte) []byte { return appendWord(in, uint64(*s), 8) }

// Clone returns a copy.
func (s *sum64a) Clone() (hash.Cloner, error) {
	c := *s
	return &c, nil
}

type sum128 struct{ word128 }

// New128 returns a hash of 128 bits, FNV-1.
func New128() hash.Hash {
	s := new(sum128)
	s.Reset()
	return s
}

func (s *sum128) Write(data []byte) (int, error) {
	for _, c := range data {
		s.multiply()
		s.lo ^= uint64(c)
	}
	return len(data), nil
}

// Clone returns a copy.
func (s *sum128) Clone() (hash.Cloner, error) {
	c := *s
	return &c, nil
}

type sum128a struct{ word128 }

// New128a returns a hash of 128 bits, FNV-1a.
func New128a() hash.Hash {
	s := new(sum128a)
	s.Reset()
	return s
}

func (s *sum128a) Write(data []byte) (int, error) {
	for _, c := range data {
		s.lo ^= uint64(c)
		s.multiply()
	}
	return len(data), nil
}

// Clone returns a copy.
func (s *sum128a) Clone() (hash.Cloner, error) {
	c := *s
	return &c, nil
}
