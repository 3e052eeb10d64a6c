package regexp

import (
	"regexp/syntax"
	"sync"
	"unicode/utf8"
)

// A job is a way not tried yet. Bits of pc say that it is another thing to come back to.
type job struct {
	pc      uint32
	pos, lo int
}

const (
	restore = 1 << 31 // capture pc was pos
	shorten = 1 << 30 // the runes that opStar pc took may end at pos or before, down to lo
)

// Sizes of what a backtracker remembers: at first, and at most. It grows by eights.
const (
	someMarks = 4 << 10 // words of 64
	mostMarks = someMarks << 6
	someJobs  = 256
	mostJobs  = someJobs << 9
)

// A backtracker tries ways in order of preference. None is tried twice from the same
// position, so the time is bounded: instructions to which several ways lead are
// marked, by position. Where the next rune decides, the other branch is no way.
type backtracker struct {
	s     string
	jobs  []job
	caps  []int // of the way that is tried
	found []int // of the best match

	marks  []uint64 // all zero between searches
	nJoins int
	base   int // position of the first marks
	high   int // highest position with marks

	longest bool
	full    bool // there is no room for more

	jobs0  [someJobs]job
	marks0 [someMarks]uint64
}

var backtrackers sync.Pool

// grow makes room for a word of marks.
func (b *backtracker) grow(word int) bool {
	n := someMarks
	for n <= word {
		n *= 8
	}
	if n > mostMarks {
		b.full = true
		return false
	}
	marks := make([]uint64, n)
	copy(marks, b.marks)
	b.marks = marks
	return true
}

// moreJobs returns jobs with room for more, unless there are too many.
func (b *backtracker) moreJobs(jobs []job) []job {
	n := 8 * cap(jobs)
	if n > mostJobs {
		b.full = true
		return jobs
	}
	more := make([]job, len(jobs), n)
	copy(more, jobs)
	return more
}

// wipe removes all marks; the next ones are at pos or behind.
func (b *backtracker) wipe(pos int) {
	if b.high >= b.base {
		n := ((b.high-b.base+1)*b.nJoins + 63) / 64
		clear(b.marks[:min(n, len(b.marks))])
	}
	b.base, b.high = pos, pos-1
}

// pair returns two slices of n words, in the memory of a and b if that is enough.
func pair(a, b []int, n int) ([]int, []int) {
	if cap(a) < n {
		room := make([]int, 2*max(n, 8))
		a, b = room[:len(room)/2:len(room)/2], room[len(room)/2:]
	}
	return a[:n], b[:n]
}

// backtrack finds the leftmost match in s from pos on and appends nCap words of its
// captures to dst. It returns nil if there is none.
func (re *Regexp) backtrack(s string, pos, nCap int, dst []int) []int {
	anchored := re.cond&syntax.EmptyBeginText != 0
	if !anchored {
		if pos = re.seek(s, pos); pos < 0 {
			return nil
		}
	}
	b, _ := backtrackers.Get().(*backtracker)
	if b == nil {
		b = new(backtracker)
		b.jobs, b.marks = b.jobs0[:0], b.marks0[:]
	}
	b.s, b.nJoins, b.longest = s, re.prog.nJoins, re.longest
	b.base, b.high = pos, pos-1
	b.caps, b.found = pair(b.caps, b.found, nCap)
	for i := range b.caps {
		b.caps[i] = -1
	}
	var result []int
	for {
		if nCap > 0 {
			b.caps[0] = pos
		}
		if b.try(re.prog.insts, re.prog.start, pos) {
			result = append(dst, b.found...)
			break
		}
		if b.full {
			result = re.simulate(nil, s, pos, nCap, dst)
			break
		}
		if anchored {
			break
		}
		_, n := runeAt(s, pos)
		if n == 0 {
			break
		}
		if pos = re.seek(s, pos+n); pos < 0 {
			break
		}
		if b.high < pos {
			b.wipe(pos)
		}
	}
	b.wipe(0)
	b.s, b.full = "", false
	backtrackers.Put(b)
	return result
}

// try reports whether there is a match from pos on, and leaves its captures in found.
func (b *backtracker) try(insts []inst, pc uint32, pos int) (matched bool) {
	s, marks, base, nJoins, high := b.s, b.marks, b.base, b.nJoins, b.high
	jobs := b.jobs[:0]
tries:
	for {
		i := &insts[pc]
		if i.join != 0 {
			n := uint((pos-base)*nJoins) + uint(i.join-1)
			if n>>6 >= uint(len(marks)) {
				if !b.grow(int(n >> 6)) {
					break
				}
				marks = b.marks
			}
			m := &marks[n>>6]
			if *m>>(n&63)&1 != 0 {
				goto back
			}
			*m |= 1 << (n & 63)
			high = max(high, pos)
		}
		switch i.op {
		case opByte:
			if pos < len(s) && s[pos] == byte(i.lo) {
				pos++
				pc = i.out
				continue
			}
		case opAlt:
			pc = i.out
			if pos >= len(s) {
				switch i.flags & (outEnd | argEnd) {
				case 0:
					goto back
				case outEnd:
					continue
				case argEnd:
					pc = i.arg
					continue
				}
			} else if c := s[pos]; c < utf8.RuneSelf {
				if i.ascii[c>>6]>>(c&63)&1 == 0 {
					pc = i.arg
					continue
				}
				if i.other[c>>6]>>(c&63)&1 == 0 {
					continue
				}
			} else if i.flags&outWide == 0 {
				pc = i.arg
				continue
			} else if i.flags&argWide == 0 {
				continue
			}
			if len(jobs) == cap(jobs) {
				if jobs = b.moreJobs(jobs); b.full {
					break tries
				}
			}
			jobs = append(jobs, job{pc: i.arg, pos: pos})
			continue
		case opStar:
			if len(jobs) == cap(jobs) {
				if jobs = b.moreJobs(jobs); b.full {
					break tries
				}
			}
			b.high = high
			end := b.takeAll(insts, i, pos)
			if marks, high = b.marks, b.high; b.full {
				break tries
			}
			jobs = append(jobs, job{pc | shorten, end, pos})
		case opClass, opFold:
			if pos < len(s) {
				if c := s[pos]; c < utf8.RuneSelf {
					if i.ascii[c>>6]>>(c&63)&1 != 0 {
						pos++
						pc = i.out
						continue
					}
				} else if r, n := utf8.DecodeRuneInString(s[pos:]); i.takes(r) {
					pos += n
					pc = i.out
					continue
				}
			}
		case opAny, opAnyNotNL:
			if pos < len(s) {
				if c := s[pos]; c < utf8.RuneSelf {
					if c != '\n' || i.op == opAny {
						pos++
						pc = i.out
						continue
					}
				} else {
					_, n := utf8.DecodeRuneInString(s[pos:])
					pos += n
					pc = i.out
					continue
				}
			}
		case opRune:
			if pos < len(s) {
				if r, n := utf8.DecodeRuneInString(s[pos:]); r == i.lo {
					pos += n
					pc = i.out
					continue
				}
			}
		case opCapture:
			if int(i.arg) < len(b.caps) {
				if len(jobs) > 0 {
					if len(jobs) == cap(jobs) {
						if jobs = b.moreJobs(jobs); b.full {
							break tries
						}
					}
					jobs = append(jobs, job{pc: i.arg | restore, pos: b.caps[i.arg]})
				}
				b.caps[i.arg] = pos
			}
			pc = i.out
			continue
		case opEmpty:
			after, _ := runeAt(s, pos)
			if holds(syntax.EmptyOp(i.arg), runeBefore(s, pos), after) {
				pc = i.out
				continue
			}
		case opMatch:
			if len(b.caps) == 0 {
				matched = true
				break tries
			}
			b.caps[1] = pos
			if !matched || pos > b.found[1] {
				copy(b.found, b.caps)
			}
			matched = true
			if !b.longest || pos == len(s) {
				break tries
			}
		}
	back:
		for {
			if len(jobs) == 0 {
				break tries
			}
			j := &jobs[len(jobs)-1]
			switch {
			case j.pc&restore != 0:
				b.caps[j.pc&^restore] = j.pos
			case j.pc&shorten != 0:
				i := &insts[j.pc&^shorten]
				if pos = i.lastEnd(s, j.lo, j.pos); pos < 0 {
					break
				}
				pc = i.arg
				if pos > j.lo {
					j.pos = pos - 1
					if i.flags&outWide != 0 && s[pos-1] >= utf8.RuneSelf {
						_, n := utf8.DecodeLastRuneInString(s[j.lo:pos])
						j.pos = pos - n
					}
					continue tries
				}
				jobs = jobs[:len(jobs)-1]
				continue tries
			default:
				pc, pos = j.pc, j.pos
				jobs = jobs[:len(jobs)-1]
				continue tries
			}
			jobs = jobs[:len(jobs)-1]
		}
	}
	b.jobs, b.high = jobs, high
	// Captures are not restored where there was no other way.
	for i := range b.caps {
		b.caps[i] = -1
	}
	return matched && !b.full
}

// takeAll takes all runes from pos on that i, an opStar that was reached there, can
// take, and returns the last end from which the program may go on. Positions from
// which that was tried before end the run: the one before them is the last then.
func (b *backtracker) takeAll(insts []inst, i *inst, pos int) int {
	s, marks := b.s, b.marks
	body := &insts[i.out]
	n := uint((pos-b.base)*b.nJoins) + uint(i.join-1)
	for pos < len(s) {
		width := 1
		if c := s[pos]; c < utf8.RuneSelf {
			if i.ascii[c>>6]>>(c&63)&1 == 0 {
				break
			}
		} else if i.flags&outWide == 0 {
			break
		} else {
			var r rune
			if r, width = utf8.DecodeRuneInString(s[pos:]); !body.takes(r) {
				break
			}
		}
		n += uint(width * b.nJoins)
		if n>>6 >= uint(len(marks)) {
			if !b.grow(int(n >> 6)) {
				return pos
			}
			marks = b.marks
		}
		m := &marks[n>>6]
		if *m>>(n&63)&1 != 0 {
			break
		}
		*m |= 1 << (n & 63)
		pos += width
	}
	b.high = max(b.high, pos)
	return pos
}

// lastEnd returns the last position from pos down to lo where what follows i, an
// opStar, may go on; -1 if there is none.
func (i *inst) lastEnd(s string, lo, pos int) int {
	for ; pos >= lo; pos-- {
		if pos == len(s) {
			if i.flags&argEnd != 0 {
				return pos
			}
			continue
		}
		c := s[pos]
		if c < utf8.RuneSelf {
			if i.other[c>>6]>>(c&63)&1 != 0 {
				return pos
			}
		} else if i.flags&argWide != 0 && (i.flags&outWide == 0 || pos == lo || boundary(s, lo, pos)) {
			return pos
		}
	}
	return -1
}

// boundary reports whether runes of s, of which one begins at lo, end at pos.
func boundary(s string, lo, pos int) bool {
	for k := pos - 1; k >= lo && k > pos-utf8.UTFMax; k-- {
		if utf8.RuneStart(s[k]) {
			_, n := utf8.DecodeRuneInString(s[k:])
			return k+n <= pos || n == 1
		}
	}
	return true
}
