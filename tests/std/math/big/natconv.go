package big

import (
	"x/errors"
	"x/fmt"
	"x/io"
	"x/math"
	"x/math/bits"
	"sync"
)

// MaxBase is the largest base of texts.
const MaxBase = 62

const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

var (
	errNoDigits  = errors.New("number has no digits")
	errSeparator = errors.New("'_' must separate successive digits")
)

// leaf is the number of digits, of either base, up to which numbers are converted one digit after the other. Longer ones
// are split in two.
const leaf = 24

// A radix is the base of a text, with what conversions need.
type radix struct {
	base  Word
	n     int  // so many of its digits fit a Word
	power Word // base to the power of n
	// Squares: power to the power of leaf, 2*leaf, 4*leaf, …
	table []nat
}

func radixOf(base int) radix {
	c := radix{base: Word(base), n: 1, power: Word(base)}
	for {
		hi, lo := bits.Mul(uint(c.power), uint(base))
		if hi != 0 {
			return c
		}
		c.power = Word(lo)
		c.n++
	}
}

// tens has the squares for base 10. They are kept.
var tens struct {
	sync.Mutex
	table [48]nat
	n     int
}

// extend makes squares until the last has more than half of the length of a half, as far as they are missing.
func (c *radix) extend(s *scratch, length int) {
	enough := func(n int) bool { return n > 0 && 8*len(c.table[n-1]) >= 3*length || n == len(c.table) }
	n := 0
	if c.base == 10 {
		tens.Lock()
		defer tens.Unlock()
		c.table = tens.table[:]
		n = tens.n
	} else {
		c.table = make([]nat, bits.Len(uint(length)))
	}
	have := n
	for n = min(n, 1); !enough(n); n++ {
		if n < have {
			continue
		}
		var z nat
		if c.base != 10 {
			z = s.take(leaf << n)
		}
		if n == 0 {
			mark := s.mark()
			z = z.set(powerOf(s, nat{c.power}, leaf))
			s.release(mark)
		} else {
			z = z.sqr(s, c.table[n-1])
		}
		c.table[n] = z
	}
	if c.base == 10 {
		tens.n = max(have, n)
	}
	c.table = c.table[:n]
}

// itoa returns the digits of x, after a minus if neg says so and x is not 0.
func (x nat) itoa(neg bool, base int) []byte {
	if base < 2 || base > MaxBase {
		panic("invalid base")
	}
	if len(x) == 0 {
		return []byte("0")
	}
	n := x.bitLen()
	switch {
	case base == 10:
		n = int(uint64(n)*30103/100000) + 1
	case base&(base-1) == 0:
		shift := bits.TrailingZeros(uint(base))
		n = (n + shift - 1) / shift
	default:
		n = int(float64(n)/math.Log2(float64(base))) + 2
	}
	text := make([]byte, n+1)
	out := text[1:]
	switch {
	case base&(base-1) == 0:
		x.writeBits(out, uint(bits.TrailingZeros(uint(base))))
	case len(x) == 1:
		writeWord(out, x[0], Word(base))
	default:
		var s scratch
		c := radixOf(base)
		if len(x) > leaf {
			c.extend(&s, len(x))
		}
		c.write(&s, out, s.take(len(x)).set(x), len(c.table)-1)
		s.done()
	}
	i := 1
	for text[i] == '0' {
		i++
	}
	if neg {
		i--
		text[i] = '-'
	}
	return text[i:]
}

// writeWord fills out with the digits of w, the lowest at its end.
func writeWord(out []byte, w, base Word) {
	i := len(out) - 1
	if base == 10 {
		for ; i >= 0 && w > 0; i-- {
			q := w / 10
			out[i] = '0' + byte(w-10*q)
			w = q
		}
	} else {
		for ; i >= 0 && w > 0; i-- {
			out[i] = digits[w%base]
			w /= base
		}
	}
	for ; i >= 0; i-- {
		out[i] = '0'
	}
}

// writeBits fills out with the digits of x, of shift bits each, the lowest at its end.
func (x nat) writeBits(out []byte, shift uint) {
	at := uint(0)
	for i := len(out) - 1; i >= 0; i-- {
		w, b := at/wordBits, at%wordBits
		d := x[w] >> b
		if b+shift > wordBits && int(w)+1 < len(x) {
			d |= x[w+1] << (wordBits - b)
		}
		out[i] = digits[d&(1<<shift-1)]
		at += shift
	}
}

// write fills out with the digits of x, the lowest at its end. It destroys x. The squares up to level are tried.
func (c *radix) write(s *scratch, out []byte, x nat, level int) {
	for len(x) > leaf && level >= 0 && c.table[level].cmp(x) > 0 {
		level--
	}
	if len(x) <= leaf || level < 0 {
		for len(x) > 1 {
			w := divVec(x, x, 0, c.power)
			x = x.norm()
			cut := len(out) - c.n
			writeWord(out[cut:], w, c.base)
			out = out[:cut]
		}
		var w Word
		if len(x) > 0 {
			w = x[0]
		}
		writeWord(out, w, c.base)
		return
	}
	mark := s.mark()
	square := c.table[level]
	q, r := s.take(len(x)-len(square)+1).div(s, s.take(len(square)), x, square)
	cut := len(out) - c.n*leaf<<level
	c.write(s, out[cut:], r, level-1)
	c.write(s, out[:cut], q, level)
	s.release(mark)
}

// A source is a text that is being read, or who reads one.
type source struct {
	text string
	at   int
	from io.ByteScanner // instead of text, unless nil
}

func (r *source) next() (byte, error) {
	if r.from != nil {
		return r.from.ReadByte()
	}
	if r.at < len(r.text) {
		r.at++
		return r.text[r.at-1], nil
	}
	return 0, io.EOF
}

// back gives back the last byte, which was not the end.
func (r *source) back() {
	if r.from != nil {
		r.from.UnreadByte()
	} else {
		r.at--
	}
}

// sign reads a sign, if there is one, and reports whether it is a minus.
func (r *source) sign() (neg bool, err error) {
	c, err := r.next()
	if err != nil {
		return false, err
	}
	if c != '-' && c != '+' {
		r.back()
	}
	return c == '-', nil
}

// endIsFine returns err, unless it is the end.
func endIsFine(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// digit returns the value of a digit; one that no base has for others.
func digit(c byte, base int) Word {
	switch {
	case '0' <= c && c <= '9':
		return Word(c - '0')
	case 'a' <= c && c <= 'z':
		return Word(c-'a') + 10
	case 'A' <= c && c <= 'Z' && base <= 36:
		return Word(c-'A') + 10
	case 'A' <= c && c <= 'Z':
		return Word(c-'A') + 36
	}
	return MaxBase
}

// What was read last, for the places where an underscore may stand.
type lastRead int

const (
	lastOther lastRead = iota
	lastDigit
	lastUnderscore
)

// scan reads a number, and returns it with its base and the number of digits; minus that of the digits after the point if
// there is one. Base 0 takes prefixes, and underscores between digits; a point stands only where fraction says so.
func (z nat) scan(s *scratch, r *source, base int, fraction bool) (number nat, b, count int, err error) {
	good := base == 0 || base >= 2 && base <= MaxBase
	if fraction {
		good = base == 0 || base == 2 || base == 8 || base == 10 || base == 16
	}
	if !good {
		panic(fmt.Sprintf("invalid number base %d", base))
	}
	last := lastOther
	ch, err := r.next()
	b = base
	octal := false
	if base == 0 {
		b = 10
		if err == nil && ch == '0' {
			last, count = lastDigit, 1
			if ch, err = r.next(); err == nil {
				switch ch | 0x20 {
				case 'b':
					b = 2
				case 'o':
					b = 8
				case 'x':
					b = 16
				default:
					octal = !fraction
				}
				if b != 10 {
					count = 0
					ch, err = r.next()
				} else if octal {
					b, count = 8, 0
				}
			}
		}
	}
	// The digits are gathered in Words, the highest first.
	c := radixOf(b)
	if b == 16 {
		c.n = 16
	} else if b == 4 {
		c.n = 32
	} else if b == 2 {
		c.n = 64
	}
	var few [8]Word
	words, k := nat(few[:]), 0
	var w Word
	n, point := 0, -1
	misplaced := false
loop:
	for err == nil {
		switch {
		case ch == '.' && fraction:
			fraction = false
			misplaced = misplaced || last == lastUnderscore
			last = lastOther
			point = count
		case ch == '_' && base == 0:
			misplaced = misplaced || last != lastDigit
			last = lastUnderscore
		default:
			d := digit(ch, b)
			if d >= c.base {
				r.back()
				break loop
			}
			last = lastDigit
			count++
			w = w*c.base + d
			if n++; n == c.n {
				if k == len(words) {
					more := s.take(max(2*k, (len(r.text)-r.at)/c.n+k+1))
					copy(more, words)
					words = more
				}
				words[k] = w
				k++
				w, n = 0, 0
			}
		}
		ch, err = r.next()
	}
	if err = endIsFine(err); err == nil && (misplaced || last == lastUnderscore) {
		err = errSeparator
	}
	if count == 0 {
		if octal {
			// Only the 0, which is no prefix then.
			return z[:0], 10, 1, err
		}
		err = errNoDigits
	}
	z = c.number(s, z, words[:k], w, n)
	if point >= 0 {
		count = point - count
	}
	return z, b, count, err
}

// number returns the number with these Words of digits, the highest first, and n digits more that make up w.
func (c *radix) number(s *scratch, z nat, words []Word, w Word, n int) nat {
	k := len(words)
	if k == 0 {
		return z.setWord(w)
	}
	if n > 0 {
		z = z.make(k + 1)
	} else {
		z = z.make(k)
	}
	if c.base&(c.base-1) == 0 && wordBits%c.n == 0 {
		// All bits of the Words are used.
		for i := range words {
			z[i] = words[k-1-i]
		}
		z = z[:k].norm()
		if n > 0 {
			if z = z.lsh(z, uint(n*(wordBits/c.n))); len(z) == 0 {
				return z.setWord(w)
			}
			z[0] |= w
		}
		return z
	}
	if k > 2*leaf {
		c.extend(s, k)
		z = z.set(c.join(s, words))
	} else {
		z = horner(z, words, c.power)
	}
	if n > 0 {
		factor := c.base
		for range n - 1 {
			factor *= c.base
		}
		z = z.mulAdd(z, factor, w)
	}
	return z
}

// horner returns the number with these digits to some base, the highest first.
func horner(z nat, words []Word, base Word) nat {
	z = z[:0]
	for _, w := range words {
		z = z.mulAdd(z, base, w)
	}
	return z
}

// join is horner for many digits to the base c.power, in digits of the scratch.
func (c *radix) join(s *scratch, words []Word) nat {
	n := len(words)
	z := s.take(n + 1)
	if n <= 2*leaf {
		return horner(z, words, c.power)
	}
	level := 0
	for level+1 < len(c.table) && leaf<<(level+1) <= n/2 {
		level++
	}
	cut := n - leaf<<level
	mark := s.mark()
	low := c.join(s, words[cut:])
	z = z.mul(s, c.join(s, words[:cut]), c.table[level])
	z = z.add(z, low)
	s.release(mark)
	return z
}
