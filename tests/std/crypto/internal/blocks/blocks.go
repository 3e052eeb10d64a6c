// Package blocks cuts what is written to a hash into blocks, as MD5 and the SHA family take it.
package blocks

// A Queue holds what has been written and does not fill a block yet. It is ready to use with a Size.
type Queue struct {
	// Size is the number of bytes of a block, at most 128.
	Size int
	buf  [128]byte
	n    int    // bytes in buf
	len  uint64 // bytes written
}

// Next takes the next block from the queue and p, which is written; rest is what is left of p. Without a
// whole block, which is then nil, all of p is queued.
func (q *Queue) Next(p []byte) (block, rest []byte) {
	if q.n == 0 && len(p) >= q.Size {
		q.len += uint64(q.Size)
		return p[:q.Size], p[q.Size:]
	}
	n := copy(q.buf[q.n:q.Size], p)
	q.len += uint64(n)
	q.n += n
	if q.n < q.Size {
		return nil, nil
	}
	q.n = 0
	return q.buf[:q.Size], p[n:]
}

// Padding returns the n bytes that end the data: a bit, zeros, and the length in bits, in width bytes with the
// greatest first, up to the end of a block.
func (q *Queue) Padding(width int) (pad [128 + 16]byte, n int) {
	pad[0] = 0x80
	n = q.Size - (q.n+width)%q.Size + width
	bits := [...]uint64{q.len << 3, q.len >> 61}
	for i := range width {
		pad[n-1-i] = byte(bits[i/8] >> (8 * (i % 8)))
	}
	return pad, n
}
