package bufio

import (
	"x/errors"
	"x/internal/rt"
	"x/internal/stringslite"
	"x/io"
	"x/unicode"
	"x/unicode/utf8"
)

// A Scanner reads tokens, such as lines, one after the other.
type Scanner struct {
	r            io.Reader
	split        SplitFunc
	maxTokenSize int
	token        []byte
	buf          []byte
	start, end   int // buf[start:end] is unscanned
	err          error
	empties      int // tokens in a row that were empty and consumed nothing
	scanCalled   bool
	done         bool
}

// A SplitFunc finds the first token in data. It returns how far to advance, the
// token, nil if there is none yet, and an error, which ends the scan;
// ErrFinalToken makes the token the last one.
type SplitFunc func(data []byte, atEOF bool) (advance int, token []byte, err error)

var (
	ErrTooLong         = errors.New("bufio.Scanner: token too long")
	ErrNegativeAdvance = errors.New("bufio.Scanner: SplitFunc returns negative advance count")
	ErrAdvanceTooFar   = errors.New("bufio.Scanner: SplitFunc returns advance count beyond input")
	ErrBadReadCount    = errors.New("bufio.Scanner: Read returned impossible count")
)

// ErrFinalToken is returned by a SplitFunc with the last token, or with none.
var ErrFinalToken = errors.New("final token")

// MaxScanTokenSize is the greatest size of a token, unless Buffer sets another.
const MaxScanTokenSize = 64 * 1024

const startBufSize = 4096

// NewScanner returns a Scanner of r that splits it into lines.
func NewScanner(r io.Reader) *Scanner {
	return &Scanner{
		r:            r,
		split:        ScanLines,
		maxTokenSize: MaxScanTokenSize,
	}
}

// Err returns the first error, nil for io.EOF.
func (s *Scanner) Err() error {
	if s.err == io.EOF {
		return nil
	}
	return s.err
}

// Bytes returns the token, valid until the next Scan.
func (s *Scanner) Bytes() []byte { return s.token }

// Text returns the token.
func (s *Scanner) Text() string { return string(s.token) }

// Scan goes to the next token, and reports whether there is one.
func (s *Scanner) Scan() bool {
	if s.done {
		return false
	}
	s.scanCalled = true
	for {
		if s.end > s.start || s.err != nil {
			advance, token, err := s.split(s.buf[s.start:s.end], s.err != nil)
			if err != nil {
				if err == ErrFinalToken {
					s.token = token
					s.done = true
					return token != nil
				}
				s.setErr(err)
				return false
			}
			if !s.advance(advance) {
				return false
			}
			s.token = token
			if token != nil {
				if s.err == nil || advance > 0 {
					s.empties = 0
				} else {
					s.empties++
					if s.empties > maxEmpty {
						panic("bufio.Scan: too many empty tokens without progressing")
					}
				}
				return true
			}
		}
		if s.err != nil {
			s.start = 0
			s.end = 0
			return false
		}
		if !s.fill() {
			return false
		}
	}
}

// fill reads more; it makes room first, and reports whether it could.
func (s *Scanner) fill() bool {
	if s.start > 0 && (s.end == len(s.buf) || s.start > len(s.buf)/2) {
		copy(s.buf, s.buf[s.start:s.end])
		s.end -= s.start
		s.start = 0
	}
	if s.end == len(s.buf) {
		if len(s.buf) >= s.maxTokenSize || len(s.buf) > 1<<62 {
			s.setErr(ErrTooLong)
			return false
		}
		size := len(s.buf) * 2
		if size == 0 {
			size = startBufSize
		}
		buf := make([]byte, min(size, s.maxTokenSize))
		copy(buf, s.buf[s.start:s.end])
		s.buf = buf
		s.end -= s.start
		s.start = 0
	}
	for loop := 0; ; {
		n, err := s.r.Read(s.buf[s.end:len(s.buf)])
		if n < 0 || len(s.buf)-s.end < n {
			s.setErr(ErrBadReadCount)
			break
		}
		s.end += n
		if err != nil {
			s.setErr(err)
			break
		}
		if n > 0 {
			s.empties = 0
			break
		}
		loop++
		if loop > maxEmpty {
			s.setErr(io.ErrNoProgress)
			break
		}
	}
	return true
}

func (s *Scanner) advance(n int) bool {
	if n < 0 {
		s.setErr(ErrNegativeAdvance)
		return false
	}
	if n > s.end-s.start {
		s.setErr(ErrAdvanceTooFar)
		return false
	}
	s.start += n
	return true
}

func (s *Scanner) setErr(err error) {
	if s.err == nil || s.err == io.EOF {
		s.err = err
	}
}

// Buffer sets the buffer to begin with and the greatest size of a token.
func (s *Scanner) Buffer(buf []byte, max int) {
	if s.scanCalled {
		panic("Buffer called after Scan")
	}
	s.buf = buf[0:cap(buf)]
	s.maxTokenSize = max
}

// Split sets what the tokens are.
func (s *Scanner) Split(split SplitFunc) {
	if s.scanCalled {
		panic("Split called after Scan")
	}
	s.split = split
}

// ScanBytes makes each byte a token.
func ScanBytes(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if atEOF && len(data) == 0 {
		return 0, nil, nil
	}
	return 1, data[0:1], nil
}

var errorRune = []byte(string(utf8.RuneError))

// ScanRunes makes each rune a token, U+FFFD for an invalid byte.
func ScanRunes(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if atEOF && len(data) == 0 {
		return 0, nil, nil
	}
	if len(data) == 0 || !atEOF && !utf8.FullRune(data) {
		return 0, nil, nil
	}
	r, n := utf8.DecodeRune(data)
	if r == utf8.RuneError && n == 1 {
		return 1, errorRune, nil
	}
	return n, data[:n], nil
}

// ScanLines makes each line a token, without its end (\n or \r\n).
func ScanLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if atEOF && len(data) == 0 {
		return 0, nil, nil
	}
	end := rt.IndexByte(stringslite.View(data), '\n')
	advance = end + 1
	if end < 0 {
		if !atEOF {
			return 0, nil, nil
		}
		end = len(data)
		advance = end
	}
	if end > 0 && data[end-1] == '\r' {
		end--
	}
	return advance, data[:end], nil
}

// ScanWords makes each run without white space a token.
func ScanWords(data []byte, atEOF bool) (advance int, token []byte, err error) {
	start := 0
	for start < len(data) {
		r, n := utf8.DecodeRune(data[start:])
		if !unicode.IsSpace(r) {
			break
		}
		start += n
	}
	for i := start; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if unicode.IsSpace(r) {
			return i + n, data[start:i], nil
		}
		i += n
	}
	if atEOF && len(data) > start {
		return len(data), data[start:], nil
	}
	return start, nil, nil
}
