package rand

import (
	"x/errors"
	"x/internal/byteorder"
	"x/internal/rt"
	"x/math/bits"
	"unsafe"
)

// A ChaCha8 is a cryptographically strong generator: the key stream of ChaCha
// with 8 rounds (see the C2SP specification chacha8rand). Four blocks at once
// fill buf; after four fillings the last words are the next key.
type ChaCha8 struct {
	buf   [32]uint64
	key   [8]uint32
	next  int    // words of buf that were returned,
	limit int    // of those that are numbers, not the next key
	block uint32 // number of the first block in buf

	readBuf [8]byte
	readLen int // last bytes of readBuf that Read has still to return
}

const (
	blocks   = 4
	lastFill = 16 - blocks // the block number of the last filling with a key
	keyWords = 4
)

// NewChaCha8 returns a ChaCha8 with the seed.
func NewChaCha8(seed [32]byte) *ChaCha8 {
	c := new(ChaCha8)
	c.Seed(seed)
	return c
}

// Seed starts c anew.
func (c *ChaCha8) Seed(seed [32]byte) {
	c.start(seed)
	c.readLen = 0
	c.readBuf = [8]byte{}
}

//go:noinline
func (c *ChaCha8) start(seed [32]byte) {
	for i := range c.key {
		c.key[i] = byteorder.LEUint32(seed[4*i:])
	}
	c.fill(0)
}

func (c *ChaCha8) Uint64() uint64 {
	if c.next >= c.limit {
		c.refill()
	}
	x := c.buf[c.next&31]
	c.next++
	return x
}

func (c *ChaCha8) refill() {
	if c.block < lastFill {
		c.fill(c.block + blocks)
		return
	}
	for i, w := range c.buf[len(c.buf)-keyWords:] {
		c.key[2*i], c.key[2*i+1] = uint32(w), uint32(w>>32)
	}
	c.fill(0)
}

// fill makes buf from the key and the block number. Word n of block i is the
// 32-bit word 4n+i of buf.
func (c *ChaCha8) fill(block uint32) {
	rt.LeakPointer(unsafe.Pointer(c))
	c.next, c.limit, c.block = 0, len(c.buf), block
	if block == lastFill {
		c.limit -= keyWords
	}
	for i := uint32(0); i < blocks; i++ {
		s := [16]uint32{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 12: block + i}
		copy(s[4:], c.key[:])
		for round := 0; round < 4; round++ {
			quarter(&s, 0, 4, 8, 12)
			quarter(&s, 1, 5, 9, 13)
			quarter(&s, 2, 6, 10, 14)
			quarter(&s, 3, 7, 11, 15)
			quarter(&s, 0, 5, 10, 15)
			quarter(&s, 1, 6, 11, 12)
			quarter(&s, 2, 7, 8, 13)
			quarter(&s, 3, 4, 9, 14)
		}
		for n, w := range s {
			if 4 <= n && n < 12 {
				w += c.key[n-4]
			}
			p := &c.buf[2*uint32(n)+i/2]
			if i&1 == 0 {
				*p = uint64(w)
			} else {
				*p |= uint64(w) << 32
			}
		}
	}
}

func quarter(s *[16]uint32, a, b, c, d int) {
	wa, wb, wc, wd := s[a&15], s[b&15], s[c&15], s[d&15]
	wa += wb
	wd = bits.RotateLeft32(wd^wa, 16)
	wc += wd
	wb = bits.RotateLeft32(wb^wc, 12)
	wa += wb
	wd = bits.RotateLeft32(wd^wa, 8)
	wc += wd
	wb = bits.RotateLeft32(wb^wc, 7)
	s[a&15], s[b&15], s[c&15], s[d&15] = wa, wb, wc, wd
}

// Read fills p.
func (c *ChaCha8) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if c.readLen == 0 {
			x := c.Uint64()
			for i := range c.readBuf {
				c.readBuf[i] = byte(x >> uint(8*i))
			}
			c.readLen = 8
		}
		m := copy(p[n:], c.readBuf[8-c.readLen:])
		c.readLen -= m
		n += m
	}
	return n, nil
}

// AppendBinary appends c's state to b.
//
//go:noinline
func (c *ChaCha8) AppendBinary(b []byte) ([]byte, error) {
	if c.readLen > 0 {
		b = append(b, "readbuf:"...)
		b = append(b, byte(c.readLen))
		b = append(b, c.readBuf[8-c.readLen:]...)
	}
	b = append(b, "chacha8:"...)
	b = byteorder.BEAppendUint64(b, uint64(int(c.block/blocks)*len(c.buf)+c.next))
	for _, k := range c.key {
		b = byteorder.LEAppendUint32(b, k)
	}
	return b, nil
}

// MarshalBinary returns c's state.
func (c *ChaCha8) MarshalBinary() ([]byte, error) { return c.AppendBinary(make([]byte, 0, 64)) }

// UnmarshalBinary sets c's state.
func (c *ChaCha8) UnmarshalBinary(data []byte) error {
	const tag = "readbuf:"
	if len(data) >= len(tag) && string(data[:len(tag)]) == tag {
		data = data[len(tag):]
		if len(data) == 0 || len(data) < 1+int(data[0]) {
			return errors.New("invalid ChaCha8 Read buffer encoding")
		}
		n := 1 + int(data[0])
		c.readLen = copy(c.readBuf[max(0, 9-n):], data[1:n])
		data = data[n:]
	}
	if len(data) != 48 || string(data[:8]) != "chacha8:" {
		return errInvalid
	}
	used := byteorder.BEUint64(data[8:])
	if used > uint64(blocks*len(c.buf)-keyWords) {
		return errInvalid
	}
	for i := range c.key {
		c.key[i] = byteorder.LEUint32(data[16+4*i:])
	}
	c.fill(uint32(used) / uint32(len(c.buf)) * blocks)
	c.next = int(used) % len(c.buf)
	return nil
}

var errInvalid = errors.New("invalid ChaCha8 encoding")
