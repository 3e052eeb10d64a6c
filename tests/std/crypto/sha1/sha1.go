// Package sha1 has the hash function SHA-1 (RFC 3174), which is no longer safe.
package sha1

import (
	"x/crypto/internal/blocks"
	"x/hash"
	"x/internal/rt"
	"x/math/bits"
)

// Size is the number of bytes of a hash.
const Size = 20

// BlockSize is the number of bytes that are hashed at a time.
const BlockSize = 64

// New returns a hash.
func New() hash.Hash {
	d := new(digest)
	d.Reset()
	return d
}

// Sum returns the hash of data.
func Sum(data []byte) [Size]byte {
	rt.Change(data)
	var d digest
	d.Reset()
	d.Write(data)
	return d.finish()
}

func (d *digest) Reset() {
	*d = digest{in: blocks.Queue{Size: BlockSize}, h: [5]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}}
}

type digest struct {
	h  [5]uint32
	in blocks.Queue
}

func (d *digest) Size() int      { return Size }
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
	return append(in, hash[:]...)
}

// finish pads and returns the hash.
func (d *digest) finish() (out [20]byte) {
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

func (d *digest) block(p []byte) {
	var w [80]uint32
	for i := range 16 {
		q := p[4*i : 4*i+4]
		w[i] = uint32(q[0])<<24 | uint32(q[1])<<16 | uint32(q[2])<<8 | uint32(q[3])
	}
	for i := 16; i < 80; i++ {
		w[i] = bits.RotateLeft32(w[i-3]^w[i-8]^w[i-14]^w[i-16], 1)
	}
	a, b, c, e, f := d.h[0], d.h[1], d.h[2], d.h[3], d.h[4]
	for i, x := range w {
		var g uint32
		switch i / 20 {
		case 0:
			g = (b&c | ^b&e) + 0x5a827999
		case 1:
			g = (b ^ c ^ e) + 0x6ed9eba1
		case 2:
			g = (b&c | b&e | c&e) + 0x8f1bbcdc
		default:
			g = (b ^ c ^ e) + 0xca62c1d6
		}
		g += bits.RotateLeft32(a, 5) + f + x
		a, b, c, e, f = g, a, bits.RotateLeft32(b, 30), c, e
	}
	d.h[0] += a
	d.h[1] += b
	d.h[2] += c
	d.h[3] += e
	d.h[4] += f
}
