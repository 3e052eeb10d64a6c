// Package regexp matches regular expressions, in time that is linear in the
// length of the text.
package regexp

import (
	"io"
	"regexp/syntax"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// A Regexp is a compiled expression. It may be used by several goroutines at once.
type Regexp struct {
	expr     string
	prog     program
	nSub     int // groups
	names    []string
	prefix   string // that all matches begin with, but for \A
	complete bool   // it is all of a match
	plain    bool   // a match is the prefix and nothing else
	cond     syntax.EmptyOp
	minLen   int // bytes that a match has at least
	longest  bool
}

// String returns the expression.
func (re *Regexp) String() string { return re.expr }

// Copy returns a copy.
func (re *Regexp) Copy() *Regexp {
	re2 := *re
	return &re2
}

// Compile compiles an expression; matches are the first that a backtracking
// search finds.
func Compile(expr string) (*Regexp, error) { return compile(expr, syntax.Perl, false) }

// CompilePOSIX compiles an expression of POSIX's syntax; matches are the longest.
func CompilePOSIX(expr string) (*Regexp, error) { return compile(expr, syntax.POSIX, true) }

// Longest makes matches the longest of the leftmost ones.
func (re *Regexp) Longest() { re.longest = true }

func compile(expr string, mode syntax.Flags, longest bool) (*Regexp, error) {
	tree, err := syntax.Parse(expr, mode)
	if err != nil {
		return nil, err
	}
	names := tree.CapNames()
	tree = tree.Simplify()
	prog, err := syntax.Compile(tree)
	if err != nil {
		return nil, err
	}
	re := &Regexp{
		expr:    expr,
		prog:    newProgram(prog),
		nSub:    len(names) - 1,
		names:   names,
		cond:    prog.StartCond(),
		minLen:  shortest(tree),
		longest: longest,
	}
	re.prefix, re.complete = prog.Prefix()
	re.plain = re.complete && re.cond == 0
	if re.cond&syntax.EmptyBeginText != 0 && prog.Start != 0 {
		if prefix, complete := anchoredPrefix(prog); (prefix != "" || complete) && isOnePass(prog) {
			re.prefix, re.complete = prefix, complete
		}
	}
	return re, nil
}

// shortest returns how many bytes a match has at least.
func shortest(re *syntax.Regexp) int {
	n := 0
	switch re.Op {
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpCharClass:
		return 1
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if r == utf8.RuneError {
				n++ // or an invalid byte
			} else {
				n += max(utf8.RuneLen(r), 0)
			}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return shortest(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			n += shortest(sub)
		}
	case syntax.OpAlternate:
		n = shortest(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			n = min(n, shortest(sub))
		}
	}
	return n
}

func quote(s string) string {
	if strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

// MustCompile is Compile that panics on errors.
func MustCompile(str string) *Regexp {
	re, err := Compile(str)
	if err != nil {
		panic(`regexp: Compile(` + quote(str) + `): ` + err.Error())
	}
	return re
}

// MustCompilePOSIX is CompilePOSIX that panics on errors.
func MustCompilePOSIX(str string) *Regexp {
	re, err := CompilePOSIX(str)
	if err != nil {
		panic(`regexp: CompilePOSIX(` + quote(str) + `): ` + err.Error())
	}
	return re
}

// NumSubexp returns the number of groups.
func (re *Regexp) NumSubexp() int { return re.nSub }

// SubexpNames returns the names of the groups; 0 stands for the whole.
func (re *Regexp) SubexpNames() []string { return re.names }

// SubexpIndex returns the number of the group with the name, -1 if there is none.
func (re *Regexp) SubexpIndex(name string) int {
	if name != "" {
		for i, s := range re.names {
			if name == s {
				return i
			}
		}
	}
	return -1
}

// LiteralPrefix returns what all matches begin with, and whether that is all.
func (re *Regexp) LiteralPrefix() (prefix string, complete bool) { return re.prefix, re.complete }

// AppendText appends the expression.
func (re *Regexp) AppendText(b []byte) ([]byte, error) { return append(b, re.String()...), nil }

// MarshalText returns the expression.
func (re *Regexp) MarshalText() ([]byte, error) { return re.AppendText(nil) }

// UnmarshalText compiles the text.
func (re *Regexp) UnmarshalText(text []byte) error {
	c, err := Compile(string(text))
	if err != nil {
		return err
	}
	*re = *c
	return nil
}

// MatchReader reports whether what r reads has a match.
func (re *Regexp) MatchReader(r io.RuneReader) bool { return re.doMatch(r, nil, "") }

// MatchString reports whether s has a match.
func (re *Regexp) MatchString(s string) bool { return re.doMatch(nil, nil, s) }

// Match reports whether b has a match.
func (re *Regexp) Match(b []byte) bool { return re.doMatch(nil, b, "") }

func (re *Regexp) doMatch(r io.RuneReader, b []byte, s string) bool {
	return re.find(r, b, s, 0, 0, nil) != nil
}

// MatchReader reports whether what r reads has a match of the expression.
func MatchReader(pattern string, r io.RuneReader) (matched bool, err error) {
	re, err := Compile(pattern)
	if err != nil {
		return false, err
	}
	return re.MatchReader(r), nil
}

// MatchString reports whether s has a match of the expression.
func MatchString(pattern string, s string) (matched bool, err error) {
	re, err := Compile(pattern)
	if err != nil {
		return false, err
	}
	return re.MatchString(s), nil
}

// Match reports whether b has a match of the expression.
func Match(pattern string, b []byte) (matched bool, err error) {
	re, err := Compile(pattern)
	if err != nil {
		return false, err
	}
	return re.Match(b), nil
}

// QuoteMeta returns an expression that matches s.
func QuoteMeta(s string) string {
	n := 0
	for i := 0; i < len(s); i++ {
		if special(s[i]) {
			n++
		}
	}
	if n == 0 {
		return s
	}
	b := make([]byte, 0, len(s)+n)
	for i := 0; i < len(s); i++ {
		if special(s[i]) {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return text(b)
}

func special(c byte) bool {
	switch c {
	case '\\', '.', '+', '*', '?', '(', ')', '|', '[', ']', '{', '}', '^', '$':
		return true
	}
	return false
}

// text views b as a string.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
