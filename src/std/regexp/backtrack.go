package regexp

import (
	"regexp/syntax"
	"sync"
	"unicode/utf8"
)

// A job is a way not tried yet, or a capture to be restored: then pc has the bit restore.
type job struct {
	pc  uint32
	pos int
}

const restore = 1 << 31

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

// visit marks an instruction at a position. False if it was marked, or there is no room.
func (b *backtracker) visit(join uint32, pos int) bool {
	n := uint((pos-b.base)*b.nJoins) + uint(join) - 1
	if n>>6 >= uint(len(b.marks)) && !b.grow(int(n>>6)) {
		return false
	}
	m := &b.marks[n>>6]
	if *m>>(n&63)&1 != 0 {
		return false
	}
	*m |= 1 << (n & 63)
	if pos > b.high {
		b.high = pos
	}
	return true
}

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

// moreJobs returns jobs with room for more, nil if there are too many.
func moreJobs(jobs []job) []job {
	n := 8 * cap(jobs)
	if n > mostJobs {
		return nil
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
func (b *backtracker) try(insts []inst, pc uint32, pos int) bool {
	s := b.s
	jobs := b.jobs[:0]
	matched := false
	for {
		i := &insts[pc]
		if i.join != 0 && !b.visit(i.join, pos) {
			if b.full {
				break
			}
			goto back
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
				if jobs = moreJobs(jobs); jobs == nil {
					b.full = true
					return false
				}
			}
			jobs = append(jobs, job{i.arg, pos})
			continue
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
						if jobs = moreJobs(jobs); jobs == nil {
							b.full = true
							return false
						}
					}
					jobs = append(jobs, job{i.arg | restore, b.caps[i.arg]})
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
				b.jobs = jobs
				return true
			}
			b.caps[1] = pos
			if !matched || pos > b.found[1] {
				copy(b.found, b.caps)
			}
			matched = true
			if !b.longest || pos == len(s) {
				b.jobs = jobs
				b.reset()
				return true
			}
		}
	back:
		for {
			if len(jobs) == 0 {
				b.jobs = jobs
				b.reset()
				return matched
			}
			j := jobs[len(jobs)-1]
			jobs = jobs[:len(jobs)-1]
			if j.pc&restore == 0 {
				pc, pos = j.pc, j.pos
				break
			}
			b.caps[j.pc&^restore] = j.pos
		}
	}
	b.jobs = jobs
	return false
}

// reset forgets captures, which are not restored if there was no other way.
func (b *backtracker) reset() {
	for i := range b.caps {
		b.caps[i] = -1
	}
}
