// Package crc32 has cyclic redundancy checks of 32 bits.
package crc32

import (
	"x/hash"
	"x/internal/rt"
	"sync"
	"unsafe"
)

// Size is the number of bytes of a checksum.
const Size = 4

// Polynomials, the lowest bit standing for the highest power.
const (
	IEEE       = 0xedb88320
	Castagnoli = 0x82f63b78
	Koopman    = 0xeb31d82e
)

// A Table holds the checksums of all bytes for a polynomial.
type Table [256]uint32

// IEEETable is the table for IEEE.
var IEEETable = MakeTable(IEEE)

var (
	castagnoli     *Table
	castagnoliOnce sync.Once
	ieee           *Table
	ieeeOnce       sync.Once
)

// MakeTable returns the table for a polynomial. It must not be changed.
func MakeTable(poly uint32) *Table {
	switch poly {
	case IEEE:
		ieeeOnce.Do(func() { ieee = fill(IEEE) })
		return ieee
	case Castagnoli:
		castagnoliOnce.Do(func() { castagnoli = fill(Castagnoli) })
		return castagnoli
	}
	return fill(poly)
}

func fill(poly uint32) *Table {
	t := new(Table)
	for i := range t {
		crc := uint32(i)
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
func Update(crc uint32, tab *Table, p []byte) uint32 {
	rt.LeakPointer(unsafe.Pointer(unsafe.SliceData(p)))
	crc = ^crc
	for _, c := range p {
		crc = tab[byte(crc)^c] ^ crc>>8
	}
	return ^crc
}

// Checksum returns the checksum of data.
func Checksum(data []byte, tab *Table) uint32 { return Update(0, tab, data) }

// ChecksumIEEE returns the checksum of data for IEEE.
//
//go:noinline
func ChecksumIEEE(data []byte) uint32 { return Update(0, IEEETable, data) }

type digest struct {
	crc uint32
	tab *Table
}

// New returns a hash for the table's polynomial.
func New(tab *Table) hash.Hash32 { return &digest{0, tab} }

// NewIEEE returns a hash for IEEE.
func NewIEEE() hash.Hash32 { return New(IEEETable) }

func (d *digest) Size() int      { return Size }
func (d *digest) BlockSize() int { return 1 }
func (d *digest) Reset()         { d.crc = 0 }
func (d *digest) Sum32() uint32  { return d.crc }

func (d *digest) Write(p []byte) (int, error) {
	d.crc = Update(d.crc, d.tab, p)
	return len(p), nil
}

func (d *digest) Sum(in []byte) []byte {
	return append(in, byte(d.crc>>24), byte(d.crc>>16), byte(d.crc>>8), byte(d.crc))
}

// Clone returns a copy.
func (d *digest) Clone() (hash.Cloner, error) {
	c := *d
	return &c, nil
}
