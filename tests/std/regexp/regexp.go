// Package regexp matches regular expressions, in time that is linear in the
// length of the text.
package regexp

import (
	"x/io"
	"x/regexp/syntax"
	"x/slices"
	"x/strconv"
	"x/strings"
	"x/unicode"
	"x/unicode/utf8"
	"unsafe"
)

// A Regexp is a compiled expression. It may be used by several goroutines at once.
type Regexp struct {
	expr    string
	prog    *prog
	nCap    int // groups
	names   []string
	longest bool
	prefix  string // that all matches begin with
}

// Compile compiles an expression; matches are the first that a backtracking
// search finds.
func Compile(expr string) (*Regexp, error) { return build(expr, syntax.Perl, false) }

// CompilePOSIX compiles an expression of POSIX's syntax; matches are the longest.
func CompilePOSIX(expr string) (*Regexp, error) { return build(expr, syntax.POSIX, true) }

func build(expr string, mode syntax.Flags, longest bool) (*Regexp, error) {
	tree, err := syntax.Parse(expr, mode)
	if err != nil {
		return nil, err
	}
	n := tree.MaxCap()
	names := tree.CapNames()
	p := compile(tree.Simplify(), n)
	return &Regexp{expr: expr, prog: p, nCap: n, names: names, longest: longest, prefix: p.prefix}, nil
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

// String returns the expression.
func (re *Regexp) String() string { return re.expr }

// Copy returns a copy.
func (re *Regexp) Copy() *Regexp {
	c := *re
	return &c
}

// Longest makes matches the longest of the leftmost ones.
func (re *Regexp) Longest() { re.longest = true }

// NumSubexp returns the number of groups.
func (re *Regexp) NumSubexp() int { return re.nCap }

// SubexpNames returns the names of the groups; 0 stands for the whole.
func (re *Regexp) SubexpNames() []string { return re.names }

// SubexpIndex returns the number of the group with the name, -1 if there is none.
func (re *Regexp) SubexpIndex(name string) int {
	if name == "" {
		return -1
	}
	return slices.Index(re.names, name)
}

// LiteralPrefix returns what all matches begin with, and whether that is all.
func (re *Regexp) LiteralPrefix() (prefix string, complete bool) { return re.prefix, re.prog.complete }

// MarshalText returns the expression.
func (re *Regexp) MarshalText() ([]byte, error) { return []byte(re.expr), nil }

// AppendText appends the expression.
func (re *Regexp) AppendText(b []byte) ([]byte, error) { return append(b, re.expr...), nil }

// UnmarshalText compiles the text.
func (re *Regexp) UnmarshalText(text []byte) error {
	c, err := Compile(string(text))
	if err == nil {
		*re = *c
	}
	return err
}

// text views b as a string.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// readAll reads runes; what is no UTF-8 stays one byte long.
func readAll(r io.RuneReader) string {
	var b []byte
	for {
		c, n, err := r.ReadRune()
		if err != nil {
			return text(b)
		}
		if c == utf8.RuneError && n == 1 {
			b = append(b, 0xff)
		} else {
			b = utf8.AppendRune(b, c)
		}
	}
}

// MatchString reports whether s has a match.
func (re *Regexp) MatchString(s string) bool { return re.match(s, 0, 0) != nil }

// Match reports whether b has a match.
func (re *Regexp) Match(b []byte) bool { return re.MatchString(text(b)) }

// MatchReader reports whether what r reads has a match.
func (re *Regexp) MatchReader(r io.RuneReader) bool { return re.MatchString(readAll(r)) }

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

// MatchReader reports whether what r reads has a match of the expression.
func MatchReader(pattern string, r io.RuneReader) (matched bool, err error) {
	re, err := Compile(pattern)
	if err != nil {
		return false, err
	}
	return re.MatchReader(r), nil
}

// QuoteMeta returns an expression that matches s.
func QuoteMeta(s string) string {
	if !strings.ContainsAny(s, "\\.+*?()|[]{}^$") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if strings.IndexByte("\\.+*?()|[]{}^$", s[i]) >= 0 {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return string(b)
}

// all calls f with the captures of successive matches, at most n of them if n
// is not negative.
func (re *Regexp) all(s string, n, nCap int, f func([]int)) {
	if n < 0 {
		n = len(s) + 1
	}
	for pos, last := 0, -1; n > 0 && pos <= len(s); {
		m := re.match(s, pos, max(nCap, 2))
		if m == nil {
			return
		}
		accept := true
		if m[1] == pos {
			// An empty match right behind another one does not count.
			if m[0] == last {
				accept = false
			}
			_, w := runeAt(s, pos)
			if w == 0 {
				w = len(s) + 1 - pos
			}
			pos += w
		} else {
			pos = m[1]
		}
		last = m[1]
		if accept {
			f(m)
			n--
		}
	}
}

// captures is the number of words of all groups.
func (re *Regexp) captures() int { return 2 * (re.nCap + 1) }

// FindStringIndex returns the bounds of the leftmost match, nil if there is none.
func (re *Regexp) FindStringIndex(s string) (loc []int) { return re.match(s, 0, 2) }

// FindIndex is FindStringIndex of bytes.
func (re *Regexp) FindIndex(b []byte) (loc []int) { return re.match(text(b), 0, 2) }

// FindReaderIndex is FindStringIndex of what r reads.
func (re *Regexp) FindReaderIndex(r io.RuneReader) (loc []int) { return re.match(readAll(r), 0, 2) }

// FindStringSubmatchIndex returns the bounds of the leftmost match and of its groups.
func (re *Regexp) FindStringSubmatchIndex(s string) []int { return re.match(s, 0, re.captures()) }

// FindSubmatchIndex is FindStringSubmatchIndex of bytes.
func (re *Regexp) FindSubmatchIndex(b []byte) []int { return re.match(text(b), 0, re.captures()) }

// FindReaderSubmatchIndex is FindStringSubmatchIndex of what r reads.
func (re *Regexp) FindReaderSubmatchIndex(r io.RuneReader) []int {
	return re.match(readAll(r), 0, re.captures())
}

// FindString returns the leftmost match.
func (re *Regexp) FindString(s string) string {
	m := re.match(s, 0, 2)
	if m == nil {
		return ""
	}
	return s[m[0]:m[1]]
}

// Find is FindString of bytes; nil if there is no match.
func (re *Regexp) Find(b []byte) []byte {
	m := re.match(text(b), 0, 2)
	if m == nil {
		return nil
	}
	return b[m[0]:m[1]:m[1]]
}

func strs(s string, m []int) []string {
	out := make([]string, len(m)/2)
	for i := range out {
		if m[2*i] >= 0 {
			out[i] = s[m[2*i]:m[2*i+1]]
		}
	}
	return out
}

func slicesOf(b []byte, m []int) [][]byte {
	out := make([][]byte, len(m)/2)
	for i := range out {
		if m[2*i] >= 0 {
			out[i] = b[m[2*i]:m[2*i+1]:m[2*i+1]]
		}
	}
	return out
}

// FindStringSubmatch returns the leftmost match and its groups.
func (re *Regexp) FindStringSubmatch(s string) []string {
	m := re.match(s, 0, re.captures())
	if m == nil {
		return nil
	}
	return strs(s, m)
}

// FindSubmatch is FindStringSubmatch of bytes.
func (re *Regexp) FindSubmatch(b []byte) [][]byte {
	m := re.match(text(b), 0, re.captures())
	if m == nil {
		return nil
	}
	return slicesOf(b, m)
}

// FindAllStringIndex returns the bounds of all matches, of n if n is not negative.
func (re *Regexp) FindAllStringIndex(s string, n int) (out [][]int) {
	re.all(s, n, 2, func(m []int) { out = append(out, m[:2]) })
	return out
}

// FindAllIndex is FindAllStringIndex of bytes.
func (re *Regexp) FindAllIndex(b []byte, n int) [][]int { return re.FindAllStringIndex(text(b), n) }

// FindAllString returns all matches, n if n is not negative.
func (re *Regexp) FindAllString(s string, n int) (out []string) {
	re.all(s, n, 2, func(m []int) { out = append(out, s[m[0]:m[1]]) })
	return out
}

// FindAll is FindAllString of bytes.
func (re *Regexp) FindAll(b []byte, n int) (out [][]byte) {
	re.all(text(b), n, 2, func(m []int) { out = append(out, b[m[0]:m[1]:m[1]]) })
	return out
}

// FindAllStringSubmatchIndex returns the bounds of all matches and of their groups.
func (re *Regexp) FindAllStringSubmatchIndex(s string, n int) (out [][]int) {
	re.all(s, n, re.captures(), func(m []int) { out = append(out, m) })
	return out
}

// FindAllSubmatchIndex is FindAllStringSubmatchIndex of bytes.
func (re *Regexp) FindAllSubmatchIndex(b []byte, n int) [][]int {
	return re.FindAllStringSubmatchIndex(text(b), n)
}

// FindAllStringSubmatch returns all matches and their groups.
func (re *Regexp) FindAllStringSubmatch(s string, n int) (out [][]string) {
	re.all(s, n, re.captures(), func(m []int) { out = append(out, strs(s, m)) })
	return out
}

// FindAllSubmatch is FindAllStringSubmatch of bytes.
func (re *Regexp) FindAllSubmatch(b []byte, n int) (out [][][]byte) {
	re.all(text(b), n, re.captures(), func(m []int) { out = append(out, slicesOf(b, m)) })
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
	matches := re.FindAllStringIndex(s, n)
	out := make([]string, 0, len(matches))
	begin, end := 0, 0
	for _, m := range matches {
		if n > 0 && len(out) == n-1 {
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

// replace returns s with each match replaced by what f appends; false if
// there is none.
func (re *Regexp) replace(s string, nCap int, f func(out []byte, m []int) []byte) ([]byte, bool) {
	var out []byte
	end := 0
	found := false
	for pos := 0; pos <= len(s); {
		m := re.match(s, pos, max(nCap, 2))
		if m == nil {
			break
		}
		found = true
		out = append(out, s[end:m[0]]...)
		// An empty match right behind another one does not count.
		if m[1] > end || m[0] == 0 {
			out = f(out, m)
		}
		end = m[1]
		_, w := runeAt(s, pos)
		if pos+w > m[1] {
			pos += w
		} else if pos+1 > m[1] {
			pos++
		} else {
			pos = m[1]
		}
	}
	if !found {
		return nil, false
	}
	return append(out, s[end:]...), true
}

func (re *Regexp) replaceString(s string, nCap int, f func([]byte, []int) []byte) string {
	if b, ok := re.replace(s, nCap, f); ok {
		return string(b)
	}
	return s
}

func (re *Regexp) replaceBytes(src []byte, nCap int, f func([]byte, []int) []byte) []byte {
	if b, ok := re.replace(text(src), nCap, f); ok {
		return b
	}
	return append([]byte(nil), src...)
}

// ReplaceAllString replaces the matches; $1 and ${name} in repl stand for groups.
func (re *Regexp) ReplaceAllString(src, repl string) string {
	if strings.IndexByte(repl, '$') < 0 {
		return re.ReplaceAllLiteralString(src, repl)
	}
	return re.replaceString(src, re.captures(), func(out []byte, m []int) []byte { return re.expand(out, repl, src, m) })
}

// ReplaceAllLiteralString replaces the matches by repl as it is.
func (re *Regexp) ReplaceAllLiteralString(src, repl string) string {
	return re.replaceString(src, 2, func(out []byte, m []int) []byte { return append(out, repl...) })
}

// ReplaceAllStringFunc replaces the matches by what repl makes of them.
func (re *Regexp) ReplaceAllStringFunc(src string, repl func(string) string) string {
	return re.replaceString(src, 2, func(out []byte, m []int) []byte { return append(out, repl(src[m[0]:m[1]])...) })
}

// ReplaceAll is ReplaceAllString of bytes.
func (re *Regexp) ReplaceAll(src, repl []byte) []byte {
	s := text(src)
	return re.replaceBytes(src, re.captures(), func(out []byte, m []int) []byte { return re.expand(out, string(repl), s, m) })
}

// ReplaceAllLiteral is ReplaceAllLiteralString of bytes.
func (re *Regexp) ReplaceAllLiteral(src, repl []byte) []byte {
	return re.replaceBytes(src, 2, func(out []byte, m []int) []byte { return append(out, repl...) })
}

// ReplaceAllFunc is ReplaceAllStringFunc of bytes.
func (re *Regexp) ReplaceAllFunc(src []byte, repl func([]byte) []byte) []byte {
	return re.replaceBytes(src, 2, func(out []byte, m []int) []byte { return append(out, repl(src[m[0]:m[1]])...) })
}

// Expand appends template to dst; $1 and ${name} in it stand for groups of a match in src.
func (re *Regexp) Expand(dst []byte, template []byte, src []byte, match []int) []byte {
	return re.expand(dst, string(template), text(src), match)
}

// ExpandString is Expand of strings.
func (re *Regexp) ExpandString(dst []byte, template string, src string, match []int) []byte {
	return re.expand(dst, template, src, match)
}

func (re *Regexp) expand(dst []byte, template, src string, match []int) []byte {
	for {
		before, rest, ok := strings.Cut(template, "$")
		dst = append(dst, before...)
		if !ok {
			return dst
		}
		if strings.HasPrefix(rest, "$") {
			dst = append(dst, '$')
			template = rest[1:]
			continue
		}
		name, after, ok := reference(rest)
		if !ok {
			dst = append(dst, '$')
			template = rest
			continue
		}
		template = after
		group := -1
		if n, err := strconv.Atoi(name); err == nil && name[0] != '+' && name[0] != '-' && (name[0] != '0' || len(name) == 1) {
			group = n
		} else {
			for i, have := range re.names {
				if have == name && 2*i+1 < len(match) && match[2*i] >= 0 {
					group = i
					break
				}
			}
		}
		if group >= 0 && 2*group+1 < len(match) && match[2*group] >= 0 {
			dst = append(dst, src[match[2*group]:match[2*group+1]]...)
		}
	}
}

// reference reads the name behind a dollar sign.
func reference(s string) (name, rest string, ok bool) {
	if s == "" {
		return "", s, false
	}
	brace := s[0] == '{'
	if brace {
		s = s[1:]
	}
	i := 0
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		i += n
	}
	if i == 0 {
		return "", s, false
	}
	name, rest = s[:i], s[i:]
	if brace {
		if !strings.HasPrefix(rest, "}") {
			return "", s, false
		}
		rest = rest[1:]
	}
	return name, rest, true
}
