package big

import (
	"x/internal/rt"
	"sync"
	"unsafe"
)

// A scratch lends digits to one operation for what lies between its operands and its result.
// What is lent is given back in the reverse order, to a mark; all of it when the operation ends.
// It is a variable of the operation: only its block, which other operations use later, is in the heap.
type scratch struct{ from *block }

// A block is memory for scratches. Invariant: what is lent of words lies below used.
type block struct {
	words []Word
	used  int
}

var blocks sync.Pool // of *block

// leastBlock is the least number of digits of a block.
const leastBlock = 508

// take lends n digits, which are not cleared.
func (s *scratch) take(n int) nat {
	b := s.from
	if b == nil {
		b, _ = blocks.Get().(*block)
		if b == nil {
			b = new(block)
		}
		s.from = b
	}
	if b.used+n > len(b.words) {
		// Who has digits of the old words keeps them alive.
		b.words = make([]Word, max(2*len(b.words), n, leastBlock))
		b.used = 0
	}
	end := b.used + n
	z := b.words[b.used:end:end]
	b.used = end
	return z
}

// zeros lends n zeros.
func (s *scratch) zeros(n int) nat {
	z := s.take(n)
	clear(z)
	return z
}

// mark returns a mark for release.
func (s *scratch) mark() int {
	if s.from == nil {
		return 0
	}
	return s.from.used
}

// release takes back what was lent since the mark. If the words are new since then, all of them are free from the mark on
// at least, for what was lent before is of the old ones.
func (s *scratch) release(mark int) {
	if s.from != nil {
		s.from.used = min(mark, len(s.from.words))
	}
}

// done ends the operation.
func (s *scratch) done() {
	if s.from != nil {
		s.from.used = 0
		blocks.Put(s.from)
		s.from = nil
	}
}

// leak lets x escape as far as the compiler can see, as Go's functions do that keep it for a while.
func leak(x nat) { rt.LeakPointer(unsafe.Pointer(unsafe.SliceData(x))) }
