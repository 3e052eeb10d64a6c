// Package path works on paths with slashes.
package path

import (
	"x/errors"
	"x/internal/bytealg"
	"x/internal/stringslite"
	"x/unicode/utf8"
	"unsafe"
)

// ErrBadPattern says that a pattern is malformed.
var ErrBadPattern = errors.New("syntax error in pattern")

// Clean returns the shortest path that is the same: without double slashes, "."
// and as many ".." as can be done away with.
func Clean(path string) string {
	if path == "" {
		return "."
	}
	if isClean(path) {
		return path
	}
	rooted := path[0] == '/'
	out := result{path: path}
	least := 0 // so many bytes of out cannot be backed out of
	if rooted {
		out.add("/")
		least = 1
	}
	for i := 0; i < len(path); {
		end := i
		for end < len(path) && path[end] != '/' {
			end++
		}
		elem := path[i:end]
		i = end + 1
		switch {
		case elem == "" || elem == ".":
		case elem == ".." && out.n > least:
			out.n--
			for out.n > least && out.at(out.n) != '/' {
				out.n--
			}
		case elem == ".." && rooted:
		default:
			if out.n > 0 && !(rooted && out.n == 1) {
				out.add("/")
			}
			out.add(elem)
			if elem == ".." {
				least = out.n
			}
		}
	}
	switch {
	case out.n == 0:
		return "."
	case out.bytes == nil:
		return path[:out.n]
	}
	return unsafe.String(&out.bytes[0], out.n)
}

// A result is a path no longer than another one. It has bytes of its own once it
// is not the beginning of that one any more.
type result struct {
	path  string
	bytes []byte
	n     int
}

func (r *result) at(i int) byte {
	if r.bytes == nil {
		return r.path[i]
	}
	return r.bytes[i]
}

func (r *result) add(s string) {
	if r.bytes == nil {
		if stringslite.HasPrefix(r.path[r.n:], s) {
			r.n += len(s)
			return
		}
		r.bytes = make([]byte, len(r.path))
		copy(r.bytes, r.path[:r.n])
	}
	r.n += copy(r.bytes[r.n:], s)
}

// isClean reports whether Clean has nothing to do.
func isClean(path string) bool {
	if path == "/" || path == "." {
		return true
	}
	named := path[0] == '/' // an element that ".." could do away with was seen
	for start := 0; ; {
		if start == 0 && path[0] == '/' {
			start = 1
		}
		end := start
		for end < len(path) && path[end] != '/' {
			end++
		}
		switch elem := path[start:end]; {
		case elem == "" || elem == "." || elem == ".." && named:
			return false
		case elem != "..":
			named = true
		}
		if end == len(path) {
			return true
		}
		start = end + 1
	}
}

// Split splits path behind its last slash.
func Split(path string) (dir, file string) {
	i := bytealg.LastIndexByteString(path, '/')
	return path[:i+1], path[i+1:]
}

// Join joins the elements that are not empty with slashes and cleans the path.
func Join(elem ...string) string {
	size := 0
	for _, e := range elem {
		size += len(e) + 1
	}
	if size == len(elem) {
		return ""
	}
	b := make([]byte, 0, size)
	for _, e := range elem {
		if len(b) > 0 || e != "" {
			if len(b) > 0 {
				b = append(b, '/')
			}
			b = append(b, e...)
		}
	}
	return Clean(unsafe.String(&b[0], len(b)))
}

// Ext returns the ending of the last element, with its dot.
func Ext(path string) string {
	for i := len(path) - 1; i >= 0 && path[i] != '/'; i-- {
		if path[i] == '.' {
			return path[i:]
		}
	}
	return ""
}

// Base returns the last element.
func Base(path string) string {
	if path == "" {
		return "."
	}
	for len(path) > 0 && path[len(path)-1] == '/' {
		path = path[0 : len(path)-1]
	}
	if i := bytealg.LastIndexByteString(path, '/'); i >= 0 {
		path = path[i+1:]
	}
	if path == "" {
		return "/"
	}
	return path
}

// IsAbs reports whether path begins at the root.
func IsAbs(path string) bool { return len(path) > 0 && path[0] == '/' }

// Dir returns all but the last element.
func Dir(path string) string {
	dir, _ := Split(path)
	return Clean(dir)
}

// Match reports whether name matches pattern: '*' matches any characters but
// slashes, '?' one, [a-z] one of a class, \c the character c. What a '*' takes is
// decided by the first place where what follows it, up to the next, matches.
func Match(pattern, name string) (matched bool, err error) {
	for pattern != "" {
		star := false
		for pattern != "" && pattern[0] == '*' {
			pattern = pattern[1:]
			star = true
		}
		n := pieceLen(pattern)
		piece := pattern[:n]
		pattern = pattern[n:]
		if star && piece == "" {
			return stringslite.IndexByte(name, '/') < 0, nil
		}
		rest, ok, err := begins(piece, name)
		// The last piece must match all that is left.
		ok = ok && (rest == "" || pattern != "")
		for star && !ok && err == nil && name != "" && name[0] != '/' {
			name = name[1:]
			rest, ok, err = begins(piece, name)
			ok = ok && (rest == "" || pattern != "")
		}
		if err != nil {
			return false, err
		}
		if !ok {
			// What follows must be well formed all the same.
			return false, check(pattern)
		}
		name = rest
	}
	return name == "", nil
}

// pieceLen returns the length of pattern up to a '*' outside of a class.
func pieceLen(pattern string) int {
	inClass := false
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '[':
			inClass = true
		case ']':
			inClass = false
		case '*':
			if !inClass {
				return i
			}
		}
	}
	return len(pattern)
}

// begins matches a piece of a pattern, without '*', with the begin of name and
// returns the rest of that. It looks at all of the piece for errors.
func begins(piece, name string) (rest string, ok bool, err error) {
	ok = true
	for piece != "" {
		if name == "" {
			ok = false
		}
		var r rune
		n := 0
		if ok {
			r, n = utf8.DecodeRuneInString(name)
		}
		switch piece[0] {
		case '?':
			ok = ok && r != '/'
			piece = piece[1:]
		case '[':
			var in bool
			if in, piece, err = inClass(piece[1:], r); err != nil {
				return "", false, err
			}
			ok = ok && in
		default:
			if piece[0] == '\\' {
				if piece = piece[1:]; piece == "" {
					return "", false, ErrBadPattern
				}
			}
			ok = ok && piece[0] == name[0]
			piece = piece[1:]
			n = 1
		}
		if ok {
			name = name[n:]
		}
	}
	return name, ok, nil
}

// inClass reports whether r is in the class that pattern begins with, behind its
// bracket, and returns what follows it.
func inClass(pattern string, r rune) (in bool, rest string, err error) {
	negated := pattern != "" && pattern[0] == '^'
	if negated {
		pattern = pattern[1:]
	}
	for n := 0; ; n++ {
		if pattern != "" && pattern[0] == ']' && n > 0 {
			return in != negated, pattern[1:], nil
		}
		var lo, hi rune
		if lo, pattern, err = class(pattern); err != nil {
			return false, "", err
		}
		hi = lo
		if pattern[0] == '-' {
			if hi, pattern, err = class(pattern[1:]); err != nil {
				return false, "", err
			}
		}
		in = in || lo <= r && r <= hi
	}
}

// class reads a character of a class; something must follow.
func class(pattern string) (r rune, rest string, err error) {
	if pattern == "" || pattern[0] == '-' || pattern[0] == ']' {
		return 0, "", ErrBadPattern
	}
	if pattern[0] == '\\' {
		pattern = pattern[1:]
		if pattern == "" {
			return 0, "", ErrBadPattern
		}
	}
	r, n := utf8.DecodeRuneInString(pattern)
	if r == utf8.RuneError && n == 1 || n == len(pattern) {
		return 0, "", ErrBadPattern
	}
	return r, pattern[n:], nil
}

// check returns ErrBadPattern if pattern is malformed.
func check(pattern string) error {
	for pattern != "" {
		for pattern != "" && pattern[0] == '*' {
			pattern = pattern[1:]
		}
		n := pieceLen(pattern)
		if _, _, err := begins(pattern[:n], ""); err != nil {
			return err
		}
		pattern = pattern[n:]
	}
	return nil
}
