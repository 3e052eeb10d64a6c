package fmt

import (
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

const (
	decimalDigits     = "0123456789"
	hexadecimalDigits = "0123456789aAbBcCdDeEfF"
	floatVerbs        = "beEfFgGv"
)

var (
	errComplex = errors.New("syntax error scanning complex number")
	errBool    = errors.New("syntax error scanning boolean")
)

func (s *ss) scanBool(verb rune) bool {
	s.begin()
	if s.err != nil || !s.okVerb(verb, "tv", "boolean") {
		return false
	}
	switch s.getRune() {
	case '1':
		return true
	case 't', 'T':
		if s.accept("rR") && (!s.accept("uU") || !s.accept("eE")) {
			s.fail(errBool)
		}
		return true
	case 'f', 'F':
		if s.accept("aA") && (!s.accept("lL") || !s.accept("sS") || !s.accept("eE")) {
			s.fail(errBool)
		}
	}
	return false
}

// scanChar reads a rune as a number.
func (s *ss) scanChar(bits int) uint64 {
	s.notEOF()
	r := s.getRune()
	n := uint(64 - bits)
	if s.err == nil && int64(r)<<n>>n != int64(r) {
		s.failText("overflow on character value " + string(r))
	}
	return uint64(r)
}

// prefix reads the prefix of a number of any base. It returns the base for
// ParseInt, the digits, and whether there was one already.
func (s *ss) prefix() (base int, digits string, found bool) {
	if !s.peek("0") {
		return 0, decimalDigits + "_", false
	}
	s.accept("0")
	switch {
	case s.accept("bB"):
		return 0, "01_", true
	case s.accept("oO"):
		return 0, "01234567_", true
	case s.accept("xX"):
		return 0, hexadecimalDigits + "_", true
	}
	return 0, "01234567_", true
}

// scanInt reads an integer of the size; its bits are the result.
func (s *ss) scanInt(verb rune, bits int, signed bool) uint64 {
	if verb == 'c' {
		return s.scanChar(bits)
	}
	s.begin()
	if s.err != nil || !s.okVerb(verb, "bdoUxXv", "integer") {
		return 0
	}
	base, digits, found := 10, decimalDigits, false
	switch verb {
	case 'b':
		base, digits = 2, "01"
	case 'o':
		base, digits = 8, "01234567"
	case 'x', 'X', 'U':
		base, digits = 16, hexadecimalDigits
	}
	if verb == 'U' {
		if !s.consume("U") || !s.consume("+") {
			s.failText("bad unicode format ")
		}
	} else {
		if signed {
			s.accept("+-")
		}
		if verb == 'v' {
			base, digits, found = s.prefix()
		}
	}
	if !found {
		s.notEOF()
		if !s.accept(digits) {
			s.failText("expected integer")
		}
	}
	for s.accept(digits) {
	}
	if s.err != nil {
		return 0
	}
	tok := string(s.buf)
	n := uint(64 - bits)
	if signed {
		i, err := strconv.ParseInt(tok, base, 64)
		if err != nil {
			s.fail(err)
		}
		if i<<n>>n != i {
			s.failText("integer overflow on token " + tok)
		}
		return uint64(i)
	}
	u, err := strconv.ParseUint(tok, base, 64)
	if err != nil {
		s.fail(err)
	}
	if u<<n>>n != u {
		s.failText("unsigned integer overflow on token " + tok)
	}
	return u
}

// floatToken reads what looks like a float.
func (s *ss) floatToken() string {
	s.buf = s.buf[:0]
	if s.accept("nN") && s.accept("aA") && s.accept("nN") {
		return string(s.buf)
	}
	s.accept("+-")
	if s.accept("iI") && s.accept("nN") && s.accept("fF") {
		return string(s.buf)
	}
	digits, exp := decimalDigits+"_", "eEpP"
	if s.accept("0") && s.accept("xX") {
		digits, exp = hexadecimalDigits+"_", "pP"
	}
	for s.accept(digits) {
	}
	if s.accept(".") {
		for s.accept(digits) {
		}
	}
	if s.accept(exp) {
		s.accept("+-")
		for s.accept(decimalDigits + "_") {
		}
	}
	return string(s.buf)
}

// convertFloat converts a float; a decimal one may have a binary exponent.
func (s *ss) convertFloat(str string, bits int) float64 {
	if s.err != nil {
		return 0
	}
	hex, p := false, -1
	for i, c := range str {
		hex = hex || c|0x20 == 'x'
		if c == 'p' && p < 0 {
			p = i
		}
	}
	if p < 0 || hex {
		f, err := strconv.ParseFloat(str, bits)
		if err != nil {
			s.fail(err)
		}
		return f
	}
	f, err := strconv.ParseFloat(str[:p], bits)
	m := 0
	if err == nil {
		m, err = strconv.Atoi(str[p+1:])
	}
	if err != nil {
		if e, ok := err.(*strconv.NumError); ok {
			e.Num = str
		}
		s.fail(err)
	}
	return scale(f, m)
}

// scale returns f·2^m. (Package math would be much to load for this.)
func scale(f float64, m int) float64 {
	for m = min(m, 2200); m > 0; m-- {
		f *= 2
	}
	for m = max(m, -2200); m < 0; m++ {
		f /= 2
	}
	return f
}

func (s *ss) scanComplex(verb rune, bits int) complex128 {
	if !s.okVerb(verb, floatVerbs, "complex") {
		return 0
	}
	s.begin()
	parens := s.accept("(")
	re := s.floatToken()
	s.buf = s.buf[:0]
	if !s.accept("+-") {
		s.fail(errComplex)
	}
	sign := string(s.buf)
	im := s.floatToken()
	if !s.accept("i") || parens && !s.accept(")") {
		s.fail(errComplex)
	}
	return complex(s.convertFloat(re, bits/2), s.convertFloat(sign+im, bits/2))
}

func (s *ss) scanString(verb rune) string {
	if !s.okVerb(verb, "svqxX", "string") {
		return ""
	}
	s.begin()
	switch verb {
	case 'q':
		return s.quotedString()
	case 'x', 'X':
		return s.hexString()
	}
	s.take(notSpace)
	return string(s.buf)
}

func (s *ss) quotedString() string {
	s.notEOF()
	quote := s.getRune()
	if quote != '`' && quote != '"' {
		s.failText("expected quoted string")
		return ""
	}
	s.buf = append(s.buf, byte(quote))
	for s.err == nil {
		r := s.mustRune()
		if s.err != nil {
			return ""
		}
		s.buf = append(s.buf, string(r)...)
		if r == quote {
			break
		}
		if r == '\\' && quote == '"' {
			s.buf = append(s.buf, string(s.mustRune())...)
		}
	}
	if quote == '`' {
		return string(s.buf[1 : len(s.buf)-1])
	}
	text, err := strconv.Unquote(string(s.buf))
	if err != nil {
		s.fail(err)
	}
	return text
}

func hexValue(r rune) int {
	switch {
	case '0' <= r && r <= '9':
		return int(r - '0')
	case 'a' <= r|0x20 && r|0x20 <= 'f' && r < 0x80:
		return int(r|0x20-'a') + 10
	}
	return -1
}

func (s *ss) hexString() string {
	s.notEOF()
	for {
		r := s.getRune()
		if r == eof {
			break
		}
		hi := hexValue(r)
		if hi < 0 {
			s.UnreadRune()
			break
		}
		lo := hexValue(s.mustRune())
		if lo < 0 {
			s.failText("illegal hex digit")
			return ""
		}
		s.buf = append(s.buf, byte(hi<<4|lo))
	}
	if len(s.buf) == 0 {
		s.failText("no hex data for %x string")
	}
	return string(s.buf)
}

// readRune reads runes from a reader, byte by byte, so that nothing is read
// ahead.
type readRune struct {
	reader io.Reader
	buf    [utf8.UTFMax]byte // bytes read and not yet returned: the next rune, or the rest of an invalid encoding
	n      int               // how many
	peek   rune              // rune taken back; ^r while r can be taken back
}

func (r *readRune) ReadRune() (c rune, size int, err error) {
	if r.peek >= 0 {
		c = r.peek
		r.peek = ^c
		return c, len(string(c)), nil
	}
	for r.n == 0 || !utf8.FullRune(r.buf[:r.n]) {
		_, err = io.ReadFull(r.reader, r.buf[r.n:r.n+1])
		if err == io.EOF && r.n > 0 {
			break
		}
		if err != nil {
			r.n = 0
			return 0, 0, err
		}
		r.n++
	}
	c, size = utf8.DecodeRune(r.buf[:r.n])
	copy(r.buf[:], r.buf[size:r.n])
	r.n -= size
	r.peek = ^c
	return c, size, nil
}

func (r *readRune) UnreadRune() error {
	if r.peek >= 0 {
		return errors.New("fmt: scanning called UnreadRune with no rune available")
	}
	r.peek = ^r.peek
	return nil
}
