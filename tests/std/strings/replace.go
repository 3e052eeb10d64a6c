package strings

import (
	"x/internal/rt"
	"x/io"
	"unsafe"
)

// A Replacer replaces several strings at once.
type Replacer struct {
	oldnew []string
	index  unsafe.Pointer // to the index, once made
}

// An index chains the pairs by the first byte of old, in their order.
type index struct {
	pairs   []string // old, new, …
	byFirst [256]int // first pair plus 1
	next    []int    // next pair plus 1
	empty   int      // first pair with an empty old plus 1
}

// NewReplacer returns a Replacer of pairs of old and new strings. At each place
// the first old of the list that fits is taken; replacements do not overlap.
func NewReplacer(oldnew ...string) *Replacer {
	if len(oldnew)%2 == 1 {
		panic("strings.NewReplacer: odd argument count")
	}
	return &Replacer{oldnew: append([]string(nil), oldnew...)}
}

// get returns the index. Should two goroutines make one, either is good.
func (r *Replacer) get() *index {
	if x := (*index)(r.index); x != nil {
		return x
	}
	x := &index{pairs: r.oldnew, next: make([]int, len(r.oldnew)/2)}
	for i := len(x.pairs) - 2; i >= 0; i -= 2 {
		n := i/2 + 1
		if old := x.pairs[i]; old == "" {
			x.empty = n
		} else {
			x.next[n-1] = x.byFirst[old[0]]
			x.byFirst[old[0]] = n
		}
	}
	rt.Swap(&r.index, unsafe.Pointer(x))
	return x
}

// find returns the pair that applies to the begin of s, -1 if none does.
func (r *index) find(s string, allowEmpty bool) int {
	n := 0
	if s != "" {
		n = r.byFirst[s[0]]
		for n != 0 && !HasPrefix(s, r.pairs[2*n-2]) {
			n = r.next[n-1]
		}
	}
	if allowEmpty && r.empty != 0 && (n == 0 || r.empty < n) {
		n = r.empty
	}
	return n - 1
}

// replace calls out with the pieces of the result; it stops when out fails.
func (r *index) replace(s string, out func(string) error) error {
	last := 0
	prevEmpty := false
	for i := 0; i <= len(s); {
		n := r.find(s[i:], !prevEmpty)
		if n < 0 {
			prevEmpty = false
			i++
			continue
		}
		old := r.pairs[2*n]
		if err := out(s[last:i]); err != nil {
			return err
		}
		if err := out(r.pairs[2*n+1]); err != nil {
			return err
		}
		i += len(old)
		last = i
		// Once an empty string is replaced, the byte behind it stays as it is,
		// unless another old fits.
		prevEmpty = old == ""
	}
	return out(s[last:])
}

// Replace returns s with all replacements made.
func (r *Replacer) Replace(s string) string {
	var b []byte
	n := 0
	r.get().replace(s, func(piece string) error {
		if n++; n == 1 {
			if len(piece) == len(s) {
				return nil // it may be all there is
			}
			b = make([]byte, 0, len(s))
		}
		if n == 2 && b == nil {
			b = append(make([]byte, 0, 2*len(s)), s...)
		}
		b = append(b, piece...)
		return nil
	})
	if n == 1 {
		return s
	}
	return own(b)
}

// WriteString writes s to w with all replacements made.
func (r *Replacer) WriteString(w io.Writer, s string) (n int, err error) {
	err = r.get().replace(s, func(piece string) error {
		if piece == "" {
			return nil
		}
		m, err := io.WriteString(w, piece)
		n += m
		return err
	})
	return n, err
}
