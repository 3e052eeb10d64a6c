package fmt

import (
	"x/errors"
	"x/internal/rt"
	os "x/internal/stdio"
	"x/io"
	"x/unicode/utf8"
	"unsafe"
)

// ScanState is what a Scanner reads from.
type ScanState interface {
	// ReadRune reads a rune, io.EOF at the end of the input or of the width.
	ReadRune() (r rune, size int, err error)
	// UnreadRune takes back the last rune read.
	UnreadRune() error
	// SkipSpace skips white space, as the operation treats it.
	SkipSpace()
	// Token skips white space if skipSpace is set, and reads runes for which f
	// (not white space, if nil) is true. The token is valid until the next one.
	Token(skipSpace bool, f func(rune) bool) (token []byte, err error)
	// Width returns the width and whether it was given.
	Width() (wid int, ok bool)
	// Read must not be called.
	Read(buf []byte) (n int, err error)
}

// A Scanner reads itself.
type Scanner interface {
	Scan(state ScanState, verb rune) error
}

// Scan reads values, separated by white space, newlines included, from the
// standard input. It returns how many it read.
func Scan(a ...any) (n int, err error) { return Fscan(os.Stdin, a...) }

// Scanln is Scan that stops at a newline, which must follow the last value.
func Scanln(a ...any) (n int, err error) { return Fscanln(os.Stdin, a...) }

// Scanf reads values as format says from the standard input.
func Scanf(format string, a ...any) (n int, err error) { return Fscanf(os.Stdin, format, a...) }

// stringReader reads a string.
type stringReader string

func (r *stringReader) Read(b []byte) (n int, err error) {
	n = copy(b, *r)
	*r = (*r)[n:]
	if n == 0 {
		err = io.EOF
	}
	return
}

// Sscan is Scan from a string.
func Sscan(str string, a ...any) (n int, err error) { return Fscan((*stringReader)(&str), a...) }

// Sscanln is Scanln from a string.
func Sscanln(str string, a ...any) (n int, err error) { return Fscanln((*stringReader)(&str), a...) }

// Sscanf is Scanf from a string.
func Sscanf(str string, format string, a ...any) (n int, err error) {
	return Fscanf((*stringReader)(&str), format, a...)
}

// Fscan is Scan from r.
func Fscan(r io.Reader, a ...any) (n int, err error) {
	s := newScan(r, true, false)
	n = s.scan(a)
	return n, s.free()
}

// Fscanln is Scanln from r.
func Fscanln(r io.Reader, a ...any) (n int, err error) {
	s := newScan(r, false, true)
	n = s.scan(a)
	return n, s.free()
}

// Fscanf is Scanf from r.
func Fscanf(r io.Reader, format string, a ...any) (n int, err error) {
	s := newScan(r, false, false)
	n = s.scanf(format, a)
	return n, s.free()
}

const (
	eof  = -1
	huge = 1 << 30 // no width
)

// ss is a scan under way. After the first error it reads nothing more: getRune
// returns eof, and whoever reads comes to an end.
type ss struct {
	rs        io.RuneScanner
	buf       []byte // the token
	err       error
	count     int // runes read
	atEOF     bool
	nlIsEnd   bool
	nlIsSpace bool
	argLimit  int // of count, for the operand
	maxWid    int
	runes     readRune // rs, if the reader reads no runes itself
}

// scans holds idle scans, as cache does printers.
var scans [4]unsafe.Pointer

func newScan(r io.Reader, nlIsSpace, nlIsEnd bool) *ss {
	var s *ss
	for i := 0; s == nil && i < len(scans); i++ {
		s = (*ss)(rt.Swap(&scans[i], nil))
	}
	if s == nil {
		s = new(ss)
	}
	*s = ss{buf: s.buf[:0], nlIsSpace: nlIsSpace, nlIsEnd: nlIsEnd, argLimit: huge, maxWid: huge}
	if rs, ok := r.(io.RuneScanner); ok {
		s.rs = rs
	} else {
		s.runes = readRune{reader: r, peek: -1}
		s.rs = &s.runes
	}
	return s
}

// free ends the scan and returns its error.
func (s *ss) free() error {
	err := s.err
	if cap(s.buf) > maxKept {
		s.buf = nil
	}
	*s = ss{buf: s.buf}
	for i := 0; s != nil && i < len(scans); i++ {
		s = (*ss)(rt.Swap(&scans[i], unsafe.Pointer(s)))
	}
	return err
}

// fail notes the first error.
func (s *ss) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *ss) failText(text string) { s.fail(errors.New(text)) }

func (s *ss) Read(buf []byte) (n int, err error) {
	return 0, errors.New("ScanState's Read should not be called. Use ReadRune")
}

func (s *ss) ReadRune() (r rune, size int, err error) {
	if s.atEOF || s.count >= s.argLimit {
		return 0, 0, io.EOF
	}
	r, size, err = s.rs.ReadRune()
	if err == nil {
		s.count++
		if s.nlIsEnd && r == '\n' {
			s.atEOF = true
		}
	} else if err == io.EOF {
		s.atEOF = true
	}
	return
}

func (s *ss) UnreadRune() error {
	s.rs.UnreadRune()
	s.atEOF = false
	s.count--
	return nil
}

func (s *ss) Width() (wid int, ok bool) {
	if s.maxWid == huge {
		return 0, false
	}
	return s.maxWid, true
}

func (s *ss) Token(skipSpace bool, f func(rune) bool) (tok []byte, err error) {
	if f == nil {
		f = notSpace
	}
	s.buf = s.buf[:0]
	if skipSpace {
		s.SkipSpace()
	}
	s.take(f)
	err = s.err
	s.err = nil
	if err != nil {
		return nil, err
	}
	return s.buf, nil
}

// getRune returns the next rune, eof at the end or after an error.
func (s *ss) getRune() rune {
	if s.err != nil {
		return eof
	}
	r, _, err := s.ReadRune()
	if err != nil {
		if err != io.EOF {
			s.fail(err)
		}
		return eof
	}
	return r
}

// mustRune is getRune that fails at the end.
func (s *ss) mustRune() rune {
	r := s.getRune()
	if r == eof {
		s.fail(io.ErrUnexpectedEOF)
	}
	return r
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
		return true
	}
	return 0x2000 <= r && r <= 0x200A
}

func notSpace(r rune) bool { return !isSpace(r) }

func (s *ss) SkipSpace() {
	for {
		r := s.getRune()
		switch {
		case r == eof:
			return
		case r == '\r' && s.peek("\n"):
		case r == '\n':
			if !s.nlIsSpace {
				s.failText("unexpected newline")
				return
			}
		case !isSpace(r):
			s.UnreadRune()
			return
		}
	}
}

// take appends runes to the token as long as f is true.
func (s *ss) take(f func(rune) bool) {
	for {
		r := s.getRune()
		if r == eof {
			return
		}
		if !f(r) {
			s.UnreadRune()
			return
		}
		s.buf = utf8.AppendRune(s.buf, r)
	}
}

func has(set string, r rune) bool {
	for _, c := range set {
		if c == r {
			return true
		}
	}
	return false
}

// accept appends the next rune to the token if it is in the set.
func (s *ss) accept(set string) bool {
	r := s.getRune()
	if r == eof {
		return false
	}
	if has(set, r) {
		s.buf = utf8.AppendRune(s.buf, r)
		return true
	}
	s.UnreadRune()
	return false
}

// consume skips the next rune, and reports whether it is in the set.
func (s *ss) consume(set string) bool {
	r := s.getRune()
	return r != eof && has(set, r)
}

// peek reports whether the next rune is in the set.
func (s *ss) peek(set string) bool {
	r := s.getRune()
	if r == eof {
		return false
	}
	s.UnreadRune()
	return has(set, r)
}

// notEOF fails at the end.
func (s *ss) notEOF() {
	if s.getRune() == eof {
		s.fail(io.EOF)
	} else {
		s.UnreadRune()
	}
}

// begin skips white space before a value.
func (s *ss) begin() {
	s.SkipSpace()
	s.notEOF()
}

func (s *ss) okVerb(verb rune, ok, typ string) bool {
	if has(ok, verb) {
		return true
	}
	s.failText("bad verb '%" + string(verb) + "' for " + typ)
	return false
}

// scan reads the operands.
func (s *ss) scan(a []any) (n int) {
	for _, arg := range a {
		s.scanOne('v', arg)
		if s.err != nil {
			return n
		}
		n++
	}
	for s.nlIsEnd {
		r := s.getRune()
		if r == '\n' || r == eof {
			break
		}
		if !isSpace(r) {
			s.failText("expected newline")
		}
	}
	return n
}

// scanf reads the operands as format says.
func (s *ss) scanf(format string, a []any) (n int) {
	for i := 0; i < len(format); {
		w := s.advance(format[i:])
		if s.err != nil {
			return n
		}
		if w > 0 {
			i += w
			continue
		}
		if format[i] != '%' {
			if w < 0 {
				s.failText("input does not match format")
				return n
			}
			break
		}
		i++
		wid, present, next := scanNumber(format[:len(format)-1], min(i, len(format)-1))
		i = max(next, i)
		s.maxWid = huge
		if present {
			s.maxWid = wid
		}
		verb, w := utf8.DecodeRuneInString(format[i:])
		i += w
		if verb != 'c' {
			s.SkipSpace()
		}
		if verb == '%' {
			s.begin()
			if !s.accept("%") {
				s.failText("missing literal %")
			}
			if s.err != nil {
				return n
			}
			continue
		}
		s.argLimit = min(huge, s.count+s.maxWid)
		if n >= len(a) {
			s.failText("too few operands for format '%" + format[i-w:] + "'")
			return n
		}
		s.scanOne(verb, a[n])
		if s.err != nil {
			return n
		}
		n++
		s.argLimit = huge
	}
	if n < len(a) {
		s.failText("too many operands")
	}
	return n
}

// advance matches the input with format up to the next verb. It returns how
// much of format it used, 0 at a verb, -1 if the input differs.
func (s *ss) advance(format string) (i int) {
	for i < len(format) && s.err == nil {
		c, w := utf8.DecodeRuneInString(format[i:])
		if isSpace(c) {
			// A run of white space: each newline matches one, spaces behind the
			// last match any spaces, at least one if there is no newline.
			newlines, trailing := 0, false
			for isSpace(c) && i < len(format) {
				if c == '\n' {
					newlines++
					trailing = false
				} else {
					trailing = true
				}
				i += w
				c, w = utf8.DecodeRuneInString(format[i:])
			}
			for j := 0; j < newlines; j++ {
				if r := s.spaces(s.getRune()); r != '\n' && r != eof {
					s.failText("newline in format does not match input")
				}
			}
			if trailing {
				r := s.getRune()
				if newlines == 0 {
					if !isSpace(r) && r != eof {
						s.failText("expected space in input to match format")
					}
					if r == '\n' {
						s.failText("newline in input does not match format")
					}
				}
				if s.spaces(r) != eof {
					s.UnreadRune()
				}
			}
			continue
		}
		if c == '%' {
			if i+w == len(format) {
				s.failText("missing verb: % at end of format string")
				return i
			}
			if next, _ := utf8.DecodeRuneInString(format[i+w:]); next != '%' {
				return i
			}
			i += w
		}
		if r := s.mustRune(); r != c {
			if s.err == nil {
				s.UnreadRune()
			}
			return -1
		}
		i += w
	}
	return i
}

// spaces skips white space but newlines, from r on, and returns what follows.
func (s *ss) spaces(r rune) rune {
	for isSpace(r) && r != '\n' {
		r = s.getRune()
	}
	return r
}

// scanOne reads one operand. It is stored only if all went well.
func (s *ss) scanOne(verb rune, arg any) {
	s.buf = s.buf[:0]
	if v, ok := arg.(Scanner); ok {
		err := v.Scan(s, verb)
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			s.fail(err)
		}
		return
	}
	v := rt.ValueOf(arg)
	if v.Kind() != rt.Pointer {
		typ := "<nil>"
		if v.IsValid() {
			typ = v.Typ.String
		}
		s.failText("type not a pointer: " + typ)
		return
	}
	t, p := v.Typ.Elem(), v.Word()
	bits := int(t.Size) * 8
	switch k := t.Kind(); {
	case k == rt.Bool:
		if b := s.scanBool(verb); s.err == nil {
			*(*bool)(p) = b
		}
	case rt.Int <= k && k <= rt.Int64:
		if i := s.scanInt(verb, bits, true); s.err == nil {
			setBits(p, bits, i)
		}
	case rt.Uint <= k && k <= rt.Uintptr:
		if i := s.scanInt(verb, bits, false); s.err == nil {
			setBits(p, bits, i)
		}
	case k == rt.Float32 || k == rt.Float64:
		if t.Flags&rt.Named == 0 && !s.okVerb(verb, floatVerbs, t.String) {
			return
		}
		s.begin()
		if f := s.convertFloat(s.floatToken(), bits); s.err == nil {
			setFloat(p, bits, f)
		}
	case k == rt.Complex64 || k == rt.Complex128:
		if c := s.scanComplex(verb, bits); s.err == nil {
			setFloat(p, bits/2, real(c))
			setFloat(rt.Add(p, t.Size/2), bits/2, imag(c))
		}
	case k == rt.String:
		if x := s.scanString(verb); s.err == nil {
			*(*string)(p) = x
		}
	case k == rt.Slice && t.Elem().Kind() == rt.Uint8:
		if x := s.scanString(verb); s.err == nil {
			*(*[]byte)(p) = []byte(x)
		}
	default:
		s.failText("can't scan type: " + v.Typ.String)
	}
}

func setBits(p unsafe.Pointer, bits int, x uint64) {
	switch bits {
	case 8:
		*(*uint8)(p) = uint8(x)
	case 16:
		*(*uint16)(p) = uint16(x)
	case 32:
		*(*uint32)(p) = uint32(x)
	default:
		*(*uint64)(p) = x
	}
}

func setFloat(p unsafe.Pointer, bits int, f float64) {
	if bits == 32 {
		*(*float32)(p) = float32(f)
	} else {
		*(*float64)(p) = f
	}
}
