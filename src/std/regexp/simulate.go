package regexp

import (
	"io"
	"regexp/syntax"
	"sync"
)

// A queue is a set of instructions; those that take runes or match have threads, in
// order of preference.
type queue struct {
	sparse  []uint32 // where an instruction is in dense, if it is
	dense   []uint32
	threads []uint32 // their instructions
	caps    []int    // their captures, nCap words each
}

func (q *queue) clear() {
	q.dense, q.threads, q.caps = q.dense[:0], q.threads[:0], q.caps[:0]
}

// A simulator goes all ways at once.
type simulator struct {
	insts         []inst
	now, next     queue
	before, after rune // around the position where threads are added
	nCap          int
	caps          []int // of the way that is followed
	found         []int // of the best match
	matched       bool

	insts0 [6 * someInsts]uint32
	words0 [someWords]int
}

var simulators sync.Pool

// Sizes of a simulator's own memory.
const (
	someInsts = 128
	someWords = 256
)

func (m *simulator) prepare(prog *program, nCap int) {
	n := len(prog.insts)
	m.insts, m.nCap = prog.insts, nCap
	if cap(m.now.sparse) < n {
		room := m.insts0[:]
		if n > someInsts {
			room = make([]uint32, 6*n)
		}
		size := len(room) / 6
		var parts [6][]uint32
		for k := range parts {
			parts[k] = room[k*size : (k+1)*size : (k+1)*size]
		}
		m.now.sparse, m.now.dense, m.now.threads = parts[0], parts[1], parts[2]
		m.next.sparse, m.next.dense, m.next.threads = parts[3], parts[4], parts[5]
	}
	m.now.sparse, m.next.sparse = m.now.sparse[:n], m.next.sparse[:n]
	m.now.clear()
	m.next.clear()
	// Of captures there are two more than threads.
	if size := nCap * (min(prog.nTakes, 32) + 1); cap(m.caps) < nCap || cap(m.now.caps) < size-nCap {
		room := m.words0[:]
		if 2*size > someWords {
			room = make([]int, 2*size)
		}
		half := len(room) / 2
		m.caps, m.found = room[:nCap:nCap], room[half:half+nCap:half+nCap]
		m.now.caps, m.next.caps = room[nCap:nCap:half], room[half+nCap:half+nCap]
	}
	m.caps, m.found = m.caps[:nCap], m.found[:nCap]
}

// add follows the program from pc to instructions that take runes or match.
func (m *simulator) add(q *queue, pc uint32, pos int) {
	for {
		if j := q.sparse[pc]; j < uint32(len(q.dense)) && q.dense[j] == pc {
			return
		}
		q.sparse[pc] = uint32(len(q.dense))
		q.dense = append(q.dense, pc)
		i := &m.insts[pc]
		switch i.op {
		case opFail:
			return
		case opAlt, opStar:
			m.add(q, i.out, pos)
			pc = i.arg
			continue
		case opCapture:
			if int(i.arg) < m.nCap {
				old := m.caps[i.arg]
				m.caps[i.arg] = pos
				m.add(q, i.out, pos)
				m.caps[i.arg] = old
				return
			}
		case opEmpty:
			if !holds(syntax.EmptyOp(i.arg), m.before, m.after) {
				return
			}
		default:
			q.threads = append(q.threads, pc)
			q.caps = append(q.caps, m.caps...)
			return
		}
		pc = i.out
	}
}

// A source is a text, or what is read.
type source struct {
	r io.RuneReader
	s string
}

// at returns the rune at pos and its width; a reader's come one after the other.
func (t *source) at(pos int) (rune, int) {
	if t.r == nil {
		return runeAt(t.s, pos)
	}
	r, n, err := t.r.ReadRune()
	if err != nil {
		return -1, 0
	}
	return r, n
}

// simulate is backtrack for any text.
func (re *Regexp) simulate(r io.RuneReader, s string, pos, nCap int, dst []int) []int {
	m, _ := simulators.Get().(*simulator)
	if m == nil {
		m = new(simulator)
	}
	m.prepare(&re.prog, nCap)
	text := source{r, s}
	if m.run(re, &text, pos); m.matched {
		dst = append(dst, m.found...)
	} else {
		dst = nil
	}
	m.insts = nil
	simulators.Put(m)
	return dst
}

// run looks for a match from pos on, and leaves its captures in found.
func (m *simulator) run(re *Regexp, text *source, pos int) {
	anchored := re.cond&syntax.EmptyBeginText != 0
	now, next := &m.now, &m.next
	m.matched = false
	m.before = -1
	if text.r == nil {
		m.before = runeBefore(text.s, pos)
	}
	c, n := text.at(pos)
	c1, n1 := rune(-1), 0
	if n > 0 {
		c1, n1 = text.at(pos + n)
	}
	for {
		if len(now.threads) == 0 {
			if m.matched || anchored && pos != 0 {
				return
			}
			if text.r == nil && !anchored {
				at := re.seek(text.s, pos)
				if at < 0 {
					return
				}
				if at > pos {
					pos = at
					m.before = runeBefore(text.s, pos)
					c, n = text.at(pos)
					c1, n1 = text.at(pos + n)
				}
			}
		}
		m.after = c
		if !m.matched {
			for i := range m.caps {
				m.caps[i] = -1
			}
			if m.nCap > 0 {
				m.caps[0] = pos
			}
			m.add(now, re.prog.start, pos)
		}
		// What is added goes on behind c.
		m.before, m.after = c, c1
		m.step(now, next, re.longest, c, pos, pos+n)
		if n == 0 || m.matched && m.nCap == 0 {
			return
		}
		pos += n
		c, n = c1, n1
		if n > 0 {
			c1, n1 = text.at(pos + n)
		}
		now, next = next, now
	}
}

// step moves the threads of now behind the rune c, which is at pos, to next.
func (m *simulator) step(now, next *queue, longest bool, c rune, pos, behind int) {
	next.clear()
	for k, pc := range now.threads {
		i := &m.insts[pc]
		caps := now.caps[k*m.nCap : (k+1)*m.nCap]
		if longest && m.matched && m.nCap > 0 && m.found[0] < caps[0] {
			continue
		}
		if i.op != opMatch {
			if i.takesAny(c) {
				copy(m.caps, caps)
				m.add(next, i.out, behind)
			}
			continue
		}
		if m.nCap > 0 && (!longest || !m.matched || m.found[1] < pos) {
			caps[1] = pos
			copy(m.found, caps)
		}
		m.matched = true
		if !longest {
			break // what comes behind is less preferred
		}
	}
	now.clear()
}
