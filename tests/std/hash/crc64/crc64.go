// Package crc64 has cyclic redundancy checks of 64 bits.
package crc64

import "x/hash"

// Size is the number of bytes of a checksum.
const Size = 8

// Polynomials, the lowest bit standing for the highest power.
const (
	ISO  = 0xD800000000000000
	ECMA = 0xC96C5795D7870F42
)

// A Table holds the checksums of all bytes for a polynomial.
type Table [256]uint64

// MakeTable returns the table for a polynomial.
func MakeTable(poly uint64) *Table {
	t := new(Table)
	for i := range t {
		crc := uint64(i)
		for range 8 {
			low := crc & 1
			crc >>= 1
			if low != 0 {
				crc ^= poly
			}
		}
		t[i] = crc
	}
	return t
}

// Update adds the bytes of p to a checksum.
func Update(crc uint64, tab *Table, p []byte) uint64 {
	crc = ^crc
	for _, c := range p {
		crc = tab[byte(crc)^c] ^ crc>>8
	}
	return ^crc
}

// Checksum returns the checksum of data.
func Checksum(data []byte, tab *Table) uint64 { return Update(0, tab, data) }

type digest struct {
	crc uint64
	tab *Table
}

// New returns a hash for the table's polynomial.
func New(tab *Table) hash.Hash64 { return &digest{0, tab} }

func (d *digest) Size() int      { return Size }
func (d *digest) BlockSize() int { return 1 }
func (d *digest) Reset()         { d.crc = 0 }
func (d *digest) Sum64() uint64  { return d.crc }

func (d *digest) Write(p []byte) (int, error) {
	d.crc = Update(d.crc, d.tab, p)
	return len(p), nil
}

func (d *digest) Sum(in []byte) []byte {
	for i := 56; i >= 0; i -= 8 {
		in = append(in, byte(d.crc>>i))
	}
	return in
}
