// Package adler32 has the checksum of zlib.
package adler32

import "x/hash"

// Size is the number of bytes of a checksum.
const Size = 4

const modulus = 65521

// digest holds the sum of sums in its high half.
type digest uint32

// New returns a hash.
func New() hash.Hash32 {
	d := new(digest)
	d.Reset()
	return d
}

func (d *digest) Reset()         { *d = 1 }
func (d *digest) Size() int      { return Size }
func (d *digest) BlockSize() int { return 4 }
func (d *digest) Sum32() uint32  { return uint32(*d) }

func update(d uint32, p []byte) uint32 {
	a, b := d&0xffff, d>>16
	for _, c := range p {
		a = (a + uint32(c)) % modulus
		b = (b + a) % modulus
	}
	return b<<16 | a
}

func (d *digest) Write(p []byte) (int, error) {
	*d = digest(update(uint32(*d), p))
	return len(p), nil
}

func (d *digest) Sum(in []byte) []byte {
	return append(in, byte(*d>>24), byte(*d>>16), byte(*d>>8), byte(*d))
}

// Checksum returns the checksum of data.
func Checksum(data []byte) uint32 { return update(1, data) }
