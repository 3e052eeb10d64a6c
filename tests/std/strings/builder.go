package strings

import (
	"x/internal/abi"
	"x/unicode/utf8"
	"unsafe"
)

// A Builder builds a string piece by piece. It must not be copied once used.
type Builder struct {
	addr *Builder // the Builder itself once used: shows copies
	buf  []byte
}

func (b *Builder) copyCheck() {
	if b.addr == nil {
		// A pointer to itself does not make b escape.
		b.addr = (*Builder)(abi.NoEscape(unsafe.Pointer(b)))
	} else if b.addr != b {
		panic("strings: illegal use of non-zero Builder copied by value")
	}
}

// String returns what was written.
func (b *Builder) String() string { return unsafe.String(unsafe.SliceData(b.buf), len(b.buf)) }

// Len returns the number of bytes written.
func (b *Builder) Len() int { return len(b.buf) }

// Cap returns how many bytes fit without another allocation.
func (b *Builder) Cap() int { return cap(b.buf) }

// Reset empties b.
func (b *Builder) Reset() {
	b.addr = nil
	b.buf = nil
}

// Grow makes room for n more bytes.
//
//go:noinline
func (b *Builder) Grow(n int) {
	b.copyCheck()
	if n < 0 {
		panic("strings.Builder.Grow: negative count")
	}
	if cap(b.buf)-len(b.buf) < n {
		b.grow(n)
	}
}

func (b *Builder) grow(n int) {
	old := b.buf
	// Appending rounds the capacity up to what the allocator has.
	b.buf = append([]byte(nil), make([]byte, 2*cap(old)+n)...)[:len(old)]
	copy(b.buf, old)
}

func (b *Builder) Write(p []byte) (int, error) {
	b.copyCheck()
	b.buf = append(b.buf, p...)
	return len(p), nil
}

func (b *Builder) WriteByte(c byte) error {
	b.copyCheck()
	b.buf = append(b.buf, c)
	return nil
}

func (b *Builder) WriteRune(r rune) (int, error) {
	b.copyCheck()
	n := len(b.buf)
	b.buf = utf8.AppendRune(b.buf, r)
	return len(b.buf) - n, nil
}

func (b *Builder) WriteString(s string) (int, error) {
	b.copyCheck()
	b.buf = append(b.buf, s...)
	return len(s), nil
}
