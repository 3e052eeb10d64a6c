// Package hash has the interfaces of hash functions.
package hash

import "x/io"

// A Hash takes data by Write, which never fails, and tells their hash.
type Hash interface {
	io.Writer
	// Sum appends the hash of what was written so far to b.
	Sum(b []byte) []byte
	// Reset forgets what was written.
	Reset()
	// Size is the number of bytes that Sum appends.
	Size() int
	// BlockSize is the number of bytes that Write likes to take at a time.
	BlockSize() int
}

// A Hash32 is a hash of 32 bits.
type Hash32 interface {
	Hash
	Sum32() uint32
}

// A Hash64 is a hash of 64 bits.
type Hash64 interface {
	Hash
	Sum64() uint64
}

// A Cloner is a hash that can be copied with its state.
type Cloner interface {
	Hash
	Clone() (Cloner, error)
}

// An XOF is a function whose output has no fixed length.
type XOF interface {
	io.Writer
	io.Reader
	Reset()
	BlockSize() int
}
