package regexp

import (
	"internal/rt"
	"io"
	"regexp/syntax"
	"strings"
	"unsafe"
)

// find finds the leftmost match from pos on, in what r reads, or else in b or s, and
// appends nCap words of its captures to dstCap. Without a match it returns nil, else
// never.
func (re *Regexp) find(r io.RuneReader, b []byte, s string, pos int, nCap int, dstCap []int) []int {
	rt.LeakPointer(unsafe.Pointer(re))
	if dstCap == nil {
		dstCap = none[:0:0]
	}
	if b != nil {
		s = text(b)
	}
	switch {
	case re.cond == ^syntax.EmptyOp(0), re.cond&syntax.EmptyBeginText != 0 && pos > 0:
		return nil
	case r != nil:
		return re.simulate(r, "", pos, nCap, dstCap)
	case len(s)-pos < re.minLen:
		return nil
	case re.plain && nCap <= 2:
		i := strings.Index(s[pos:], re.prefix)
		if i < 0 {
			return nil
		}
		if nCap == 0 {
			return dstCap
		}
		return append(dstCap, pos+i, pos+i+len(re.prefix))
	}
	return re.backtrack(s, pos, nCap, dstCap)
}

var none [0]int

// pad adds to the captures of a match those that the program leaves out.
func (re *Regexp) pad(a []int) []int {
	if a == nil {
		return nil
	}
	for len(a) < 2*(re.nSub+1) {
		a = append(a, -1)
	}
	return a
}

// FindIndex returns the bounds of the leftmost match, nil if there is none.
func (re *Regexp) FindIndex(b []byte) (m []int) {
	m = re.find(nil, b, "", 0, 2, nil)
	if m == nil {
		return nil
	}
	return m[0:2]
}

// FindStringIndex is FindIndex of a string.
func (re *Regexp) FindStringIndex(s string) (m []int) {
	m = re.find(nil, nil, s, 0, 2, nil)
	if m == nil {
		return nil
	}
	return m[0:2]
}

// FindReaderIndex is FindIndex of what r reads.
func (re *Regexp) FindReaderIndex(r io.RuneReader) (m []int) {
	m = re.find(r, nil, "", 0, 2, nil)
	if m == nil {
		return nil
	}
	return m[0:2]
}

// FindSubmatchIndex returns the bounds of the leftmost match and of its groups.
//
//go:noinline
func (re *Regexp) FindSubmatchIndex(b []byte) []int {
	return re.pad(re.find(nil, b, "", 0, re.prog.nCap, nil))
}

// FindStringSubmatchIndex is FindSubmatchIndex of a string.
//
//go:noinline
func (re *Regexp) FindStringSubmatchIndex(s string) []int {
	return re.pad(re.find(nil, nil, s, 0, re.prog.nCap, nil))
}

// FindReaderSubmatchIndex is FindSubmatchIndex of what r reads.
//
//go:noinline
func (re *Regexp) FindReaderSubmatchIndex(r io.RuneReader) []int {
	return re.pad(re.find(r, nil, "", 0, re.prog.nCap, nil))
}

// Find returns the leftmost match, nil if there is none.
//
//go:noinline
func (re *Regexp) Find(b []byte) []byte {
	var room [2]int
	m := re.find(nil, b, "", 0, 2, room[:0])
	if m == nil {
		return nil
	}
	return b[m[0]:m[1]:m[1]]
}

// FindString is Find of a string.
//
//go:noinline
func (re *Regexp) FindString(s string) string {
	var room [2]int
	m := re.find(nil, nil, s, 0, 2, room[:0])
	if m == nil {
		return ""
	}
	return s[m[0]:m[1]]
}

// FindSubmatch returns the leftmost match and its groups.
func (re *Regexp) FindSubmatch(b []byte) [][]byte {
	var room [16]int
	m := re.find(nil, b, "", 0, re.prog.nCap, room[:0])
	if m == nil {
		return nil
	}
	return re.slices(b, m)
}

// FindStringSubmatch is FindSubmatch of a string.
func (re *Regexp) FindStringSubmatch(s string) []string {
	var room [16]int
	m := re.find(nil, nil, s, 0, re.prog.nCap, room[:0])
	if m == nil {
		return nil
	}
	return re.strings(s, m)
}

func (re *Regexp) strings(s string, m []int) []string {
	out := make([]string, re.nSub+1)
	for i := range out {
		if 2*i < len(m) && m[2*i] >= 0 {
			out[i] = s[m[2*i]:m[2*i+1]]
		}
	}
	return out
}

func (re *Regexp) slices(b []byte, m []int) [][]byte {
	out := make([][]byte, re.nSub+1)
	for i := range out {
		if 2*i < len(m) && m[2*i] >= 0 {
			out[i] = b[m[2*i]:m[2*i+1]:m[2*i+1]]
		}
	}
	return out
}

// A walk goes from match to match.
type walk struct {
	re   *Regexp
	s    string
	n    int // of matches still wanted, negative for all
	nCap int
	pos  int // where to search, behind the text at the end
	last int // where the last match ended
}

func (re *Regexp) walk(s string, n, nCap int) walk {
	return walk{re: re, s: s, n: n, nCap: nCap, last: -1}
}

// next returns the captures of the next match, nil if there is none. They lie in m's
// memory if that is enough.
func (w *walk) next(m []int) []int {
	for w.n != 0 && w.pos <= len(w.s) {
		m = w.re.find(nil, nil, w.s, w.pos, w.nCap, m[:0])
		if m == nil {
			return nil
		}
		// An empty match right behind another one does not count.
		counts := true
		if m[1] == w.pos {
			counts = m[0] != w.last
			_, n := runeAt(w.s, w.pos)
			w.pos += max(n, 1)
		} else {
			w.pos = m[1]
		}
		w.last = m[1]
		if counts {
			w.n--
			return m
		}
	}
	return nil
}

// FindAll returns all matches, n if n is not negative.
func (re *Regexp) FindAll(b []byte, n int) (out [][]byte) {
	var room [2]int
	w := re.walk(text(b), n, 2)
	for m := w.next(room[:0]); m != nil; m = w.next(m) {
		out = append(out, b[m[0]:m[1]:m[1]])
	}
	return out
}

// FindAllString is FindAll of a string.
func (re *Regexp) FindAllString(s string, n int) (out []string) {
	var room [2]int
	w := re.walk(s, n, 2)
	for m := w.next(room[:0]); m != nil; m = w.next(m) {
		out = append(out, s[m[0]:m[1]])
	}
	return out
}

// FindAllIndex returns the bounds of all matches, of n if n is not negative.
//
//go:noinline
func (re *Regexp) FindAllIndex(b []byte, n int) [][]int { return re.FindAllStringIndex(text(b), n) }

// FindAllStringIndex is FindAllIndex of a string.
func (re *Regexp) FindAllStringIndex(s string, n int) (out [][]int) {
	var room [2]int
	var pairs []int // room for results
	w := re.walk(s, n, 2)
	for m := w.next(room[:0]); m != nil; m = w.next(m) {
		if len(pairs) == 0 {
			pairs = make([]int, 2*min(len(out)+1, 32))
		}
		pairs[0], pairs[1] = m[0], m[1]
		out = append(out, pairs[:2:2])
		pairs = pairs[2:]
	}
	return out
}

// FindAllSubmatchIndex returns the bounds of all matches and of their groups.
//
//go:noinline
func (re *Regexp) FindAllSubmatchIndex(b []byte, n int) [][]int {
	return re.FindAllStringSubmatchIndex(text(b), n)
}

// FindAllStringSubmatchIndex is FindAllSubmatchIndex of a string.
func (re *Regexp) FindAllStringSubmatchIndex(s string, n int) (out [][]int) {
	w := re.walk(s, n, re.prog.nCap)
	// The captures are the result: each lie elsewhere.
	for m := w.next(nil); m != nil; m = w.next(nil) {
		out = append(out, re.pad(m))
	}
	return out
}

// FindAllSubmatch returns all matches and their groups.
func (re *Regexp) FindAllSubmatch(b []byte, n int) (out [][][]byte) {
	var room [16]int
	w := re.walk(text(b), n, re.prog.nCap)
	for m := w.next(room[:0]); m != nil; m = w.next(m) {
		out = append(out, re.slices(b, m))
	}
	return out
}

// FindAllStringSubmatch is FindAllSubmatch of a string.
func (re *Regexp) FindAllStringSubmatch(s string, n int) (out [][]string) {
	var room [16]int
	w := re.walk(s, n, re.prog.nCap)
	for m := w.next(room[:0]); m != nil; m = w.next(m) {
		out = append(out, re.strings(s, m))
	}
	return out
}

// Split cuts s at the matches into at most n pieces, if n is not negative.
func (re *Regexp) Split(s string, n int) []string {
	if n == 0 {
		return nil
	}
	if len(re.expr) > 0 && len(s) == 0 {
		return []string{""}
	}
	out := []string{}
	var room [2]int
	begin, end := 0, 0
	w := re.walk(s, n, 2)
	for m := w.next(room[:0]); m != nil; m = w.next(m) {
		if n > 0 && len(out) >= n-1 {
			break
		}
		end = m[0]
		if m[1] != 0 {
			out = append(out, s[begin:end])
		}
		begin = m[1]
	}
	if end != len(s) {
		out = append(out, s[begin:])
	}
	return out
}
