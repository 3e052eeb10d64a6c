package bytes

import (
	"x/internal/rt"
	"x/internal/stringslite"
	"x/iter"
	"x/unicode"
	"x/unicode/utf8"
)

// Lines returns an iterator over the lines of s, with their newlines.
func Lines(s []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(s) > 0 {
			n := len(s)
			if i := rt.IndexByte(view(s), '\n'); i >= 0 {
				n = i + 1
			}
			line := s[:n:n]
			s = s[n:]
			if !yield(line) {
				return
			}
		}
	}
}

func splitSeq(s, sep []byte, save int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if len(sep) == 0 {
			for len(s) > 0 {
				_, n := utf8.DecodeRune(s)
				if !yield(s[:n:n]) {
					return
				}
				s = s[n:]
			}
			return
		}
		for {
			i := rt.Index(view(s), view(sep))
			if i < 0 {
				break
			}
			if !yield(s[: i+save : i+save]) {
				return
			}
			s = s[i+len(sep):]
		}
		yield(s[:len(s):len(s)])
	}
}

// SplitSeq returns an iterator over what Split returns.
func SplitSeq(s, sep []byte) iter.Seq[[]byte] { return splitSeq(s, sep, 0) }

// SplitAfterSeq returns an iterator over what SplitAfter returns.
func SplitAfterSeq(s, sep []byte) iter.Seq[[]byte] { return splitSeq(s, sep, len(sep)) }

// FieldsSeq returns an iterator over what Fields returns.
func FieldsSeq(s []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		word := -1 // where the one being read begins
		for i, n := 0, 0; i < len(s); i += n {
			c := s[i]
			space := stringslite.Spaces[c]
			n = 1
			if c >= utf8.RuneSelf {
				var r rune
				r, n = utf8.DecodeRune(s[i:])
				space = unicode.IsSpace(r)
			}
			switch {
			case space && word >= 0:
				if !yield(s[word:i:i]) {
					return
				}
				word = -1
			case !space && word < 0:
				word = i
			}
		}
		if word >= 0 {
			yield(s[word:len(s):len(s)])
		}
	}
}

// FieldsFuncSeq returns an iterator over what FieldsFunc returns.
func FieldsFuncSeq(s []byte, f func(rune) bool) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		word := -1 // where the one being read begins
		for i, n := 0, 0; i < len(s); i += n {
			var r rune
			r, n = utf8.DecodeRune(s[i:])
			switch between := f(r); {
			case between && word >= 0:
				if !yield(s[word:i:i]) {
					return
				}
				word = -1
			case !between && word < 0:
				word = i
			}
		}
		if word >= 0 {
			yield(s[word:len(s):len(s)])
		}
	}
}
