package regexp

import (
	"x/regexp/syntax"
	"x/strings"
	"x/unicode/utf8"
)

func runeAt(s string, i int) (rune, int) {
	if i >= len(s) {
		return -1, 0
	}
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

func runeBefore(s string, i int) rune {
	if i <= 0 {
		return -1
	}
	if c := s[i-1]; c < utf8.RuneSelf {
		return rune(c)
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r
}

// match finds the leftmost match in s from pos on; nCap words of its captures
// are wanted. It returns nil if there is none.
func (re *Regexp) match(s string, pos, nCap int) []int {
	p := re.prog
	if p.complete && !re.longest && nCap <= 2 {
		i := strings.Index(s[pos:], p.prefix)
		if i < 0 {
			return nil
		}
		return []int{pos + i, pos + i + len(p.prefix)}[:max(nCap, 0)]
	}
	if p.anchored && pos > 0 {
		return nil
	}
	if len(p.insts)*(len(s)-pos+1) <= maxVisited && !re.longest {
		return re.backtrack(s, pos, nCap)
	}
	return re.simulate(s, pos, nCap)
}

// maxVisited is the most pairs of instruction and position that backtracking remembers.
const maxVisited = 256 << 10

// A job is a way not yet tried, or a capture to be restored.
type job struct {
	pc, pos int32
	old     int // of a capture, if pc is negative
}

// backtrack tries ways in order of preference; none is tried twice from the
// same position, so the time is bounded.
func (re *Regexp) backtrack(s string, pos, nCap int) []int {
	p := re.prog
	width := len(s) - pos + 1
	visited := make([]uint32, (len(p.insts)*width+31)/32)
	caps := make([]int, max(nCap, 2))
	var jobs []job
	start := pos
	for ; pos <= len(s); pos++ {
		if p.prefix != "" {
			i := strings.Index(s[pos:], p.prefix)
			if i < 0 {
				return nil
			}
			pos += i
		}
		for i := range caps {
			caps[i] = -1
		}
		jobs = append(jobs[:0], job{pc: p.start, pos: int32(pos)})
		for len(jobs) > 0 {
			j := jobs[len(jobs)-1]
			jobs = jobs[:len(jobs)-1]
			if j.pc < 0 {
				caps[-j.pc-1] = j.old
				continue
			}
			pc, at := j.pc, int(j.pos)
		way:
			for {
				n := int(pc)*width + at - start
				if visited[n/32]&(1<<(n%32)) != 0 {
					break
				}
				visited[n/32] |= 1 << (n % 32)
				i := &p.insts[pc]
				switch i.op {
				case opMatch:
					caps[0], caps[1] = pos, at
					return caps[:max(nCap, 0)]
				case opFail:
					break way
				case opSplit:
					jobs = append(jobs, job{pc: i.arg, pos: int32(at)})
				case opCapture:
					if int(i.arg) < nCap {
						jobs = append(jobs, job{pc: -i.arg - 1, old: caps[i.arg]})
						caps[i.arg] = at
					}
				case opEmpty:
					after, _ := runeAt(s, at)
					if !holds(syntax.Op(i.arg), runeBefore(s, at), after) {
						break way
					}
				case opNop:
				default:
					r, n := runeAt(s, at)
					if !i.matches(r) {
						break way
					}
					at += n
				}
				pc = i.out
			}
		}
		if p.anchored {
			return nil
		}
	}
	return nil
}

// A thread is a way through the program that has come to an instruction that takes a rune.
type thread struct {
	pc   int32
	caps []int
}

// A queue is a set of threads, in order of preference.
type queue struct {
	seen    []uint32 // by instruction: the round it was added in
	round   uint32
	threads []thread
}

func (q *queue) clear() {
	q.round++
	q.threads = q.threads[:0]
}

// A machine goes all ways at once.
type machine struct {
	re     *Regexp
	s      string
	free   [][]int
	before rune
	after  rune
	nCap   int
}

func (m *machine) copy(caps []int) []int {
	var c []int
	if n := len(m.free); n > 0 {
		c, m.free = m.free[n-1], m.free[:n-1]
	} else {
		c = make([]int, m.nCap)
	}
	copy(c, caps)
	return c
}

// add follows the program from pc to instructions that take runes.
func (m *machine) add(q *queue, pc int32, at int, caps []int) {
	for {
		if q.seen[pc] == q.round {
			return
		}
		q.seen[pc] = q.round
		i := &m.re.prog.insts[pc]
		switch i.op {
		case opFail:
			return
		case opSplit:
			m.add(q, i.out, at, caps)
			pc = i.arg
			continue
		case opCapture:
			if int(i.arg) < m.nCap {
				old := caps[i.arg]
				caps[i.arg] = at
				m.add(q, i.out, at, caps)
				caps[i.arg] = old
				return
			}
		case opEmpty:
			if !holds(syntax.Op(i.arg), m.before, m.after) {
				return
			}
		case opNop:
		default:
			q.threads = append(q.threads, thread{pc, m.copy(caps)})
			return
		}
		pc = i.out
	}
}

func (re *Regexp) simulate(s string, pos, nCap int) []int {
	p := re.prog
	m := &machine{re: re, s: s, nCap: max(nCap, 2)}
	now := &queue{seen: make([]uint32, len(p.insts)), round: 1}
	next := &queue{seen: make([]uint32, len(p.insts)), round: 1}
	var best []int
	start := make([]int, m.nCap)
	for {
		if len(now.threads) == 0 {
			if best != nil || p.anchored && pos > 0 {
				break
			}
			if p.prefix != "" && !re.longest {
				i := strings.Index(s[pos:], p.prefix)
				if i < 0 {
					break
				}
				pos += i
			}
		}
		m.before = runeBefore(s, pos)
		r, n := runeAt(s, pos)
		m.after = r
		if best == nil {
			for i := range start {
				start[i] = -1
			}
			start[0] = pos
			m.add(now, p.start, pos, start)
		}
		next.clear()
		m.before = r
		m.after, _ = runeAt(s, pos+n)
		for k, t := range now.threads {
			i := &p.insts[t.pc]
			if i.op == opMatch {
				t.caps[1] = pos
				if re.longest {
					if best == nil || t.caps[0] < best[0] || t.caps[0] == best[0] && t.caps[1] > best[1] {
						best = append(best[:0], t.caps...)
					}
				} else {
					best = append(best[:0], t.caps...)
					// What comes behind is less preferred.
					for _, t := range now.threads[k:] {
						m.free = append(m.free, t.caps)
					}
					break
				}
			} else if !(re.longest && best != nil && t.caps[0] > best[0]) && i.matches(r) {
				m.add(next, i.out, pos+n, t.caps)
			}
			m.free = append(m.free, t.caps)
		}
		now, next = next, now
		if n == 0 {
			break
		}
		pos += n
	}
	if best == nil {
		return nil
	}
	return best[:max(nCap, 0)]
}
