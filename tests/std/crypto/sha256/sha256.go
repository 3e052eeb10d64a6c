// Package sha256 has the hash functions SHA-224 and SHA-256 (FIPS 180-4).
package sha256

import (
	"x/crypto/internal/blocks"
	"x/hash"
	"x/internal/rt"
	"x/math/bits"
)

// BlockSize is the number of bytes that are hashed at a time.
const BlockSize = 64

// Numbers of bytes of the hashes.
const (
	Size    = 32
	Size224 = 28
)

// New returns a hash, SHA-256.
func New() hash.Hash {
	d := &digest{size: Size}
	d.Reset()
	return d
}

// Sum256 returns the hash of data, SHA-256.
func Sum256(data []byte) (out [Size]byte) {
	rt.Change(data)
	full := sum(Size, data)
	copy(out[:], full[:])
	return out
}

// New224 returns a hash, SHA-224.
func New224() hash.Hash {
	d := &digest{size: Size224}
	d.Reset()
	return d
}

// Sum224 returns the hash of data, SHA-224.
func Sum224(data []byte) (out [Size224]byte) {
	rt.Change(data)
	full := sum(Size224, data)
	copy(out[:], full[:])
	return out
}

// sum returns the hash of data that has size bytes, and more.
func sum(size int, data []byte) [Size]byte {
	d := digest{size: size}
	d.Reset()
	d.Write(data)
	return d.finish()
}

func (d *digest) Reset() {
	*d = digest{in: blocks.Queue{Size: BlockSize}, size: d.size}
	switch d.size {
	case Size:
		d.h = [8]uint32{
			0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
			0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
		}
	case Size224:
		d.h = [8]uint32{
			0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939,
			0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4,
		}
	}
}

type digest struct {
	h    [8]uint32
	in   blocks.Queue
	size int
}

func (d *digest) Size() int      { return d.size }
func (d *digest) BlockSize() int { return BlockSize }

func (d *digest) Write(p []byte) (int, error) {
	size := len(p)
	for {
		var block []byte
		if block, p = d.in.Next(p); block == nil {
			return size, nil
		}
		d.block(block)
	}
}

// Sum works on a copy, so that more can be written.
func (d *digest) Sum(in []byte) []byte {
	c := *d
	hash := c.finish()
	return append(in, hash[:d.size]...)
}

// finish pads and returns the hash.
func (d *digest) finish() (out [32]byte) {
	pad, n := d.in.Padding(8)
	d.Write(pad[:n])
	for i, x := range d.h {
		for j := range 4 {
			out[4*i+j] = byte(x >> (8 * (3 - j)))
		}
	}
	return out
}

// Clone returns a copy.
func (d *digest) Clone() (hash.Cloner, error) {
	c := *d
	return &c, nil
}

// cubes holds the fractional parts of the cube roots of the first primes.
var cubes = [64]uint32{
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}

func (d *digest) block(p []byte) {
	var w [64]uint32
	for i := range 16 {
		for _, c := range p[4*i : 4*i+4] {
			w[i] = w[i]<<8 | uint32(c)
		}
	}
	for i := 16; i < 64; i++ {
		x, y := w[i-15], w[i-2]
		x = rotate(x, 7) ^ rotate(x, 18) ^ x>>3
		y = rotate(y, 17) ^ rotate(y, 19) ^ y>>10
		w[i] = w[i-16] + x + w[i-7] + y
	}
	v := d.h
	for i := range w {
		a, e := v[0], v[4]
		t := v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (e&v[5] ^ ^e&v[6]) + cubes[i] + w[i]
		u := (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + (a&v[1] ^ a&v[2] ^ v[1]&v[2])
		v = [8]uint32{t + u, v[0], v[1], v[2], v[3] + t, v[4], v[5], v[6]}
	}
	for i, x := range v {
		d.h[i] += x
	}
}

func rotate(x uint32, n int) uint32 { return bits.RotateLeft32(x, -n) }
