package strings

import (
	"x/internal/stringslite"
	"x/iter"
	"x/unicode"
	"x/unicode/utf8"
)

// Lines returns an iterator over the lines of s, with their newlines.
func Lines(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for s != "" {
			line := s
			if i := IndexByte(s, '\n'); i >= 0 {
				line = s[:i+1]
			}
			s = s[len(line):]
			if !yield(line) {
				return
			}
		}
	}
}

func splitSeq(s, sep string, save int) iter.Seq[string] {
	return func(yield func(string) bool) {
		if sep == "" {
			for s != "" {
				_, n := utf8.DecodeRuneInString(s)
				if !yield(s[:n]) {
					return
				}
				s = s[n:]
			}
			return
		}
		for {
			i := Index(s, sep)
			if i < 0 {
				break
			}
			if !yield(s[:i+save]) {
				return
			}
			s = s[i+len(sep):]
		}
		yield(s)
	}
}

// SplitSeq returns an iterator over what Split returns.
func SplitSeq(s, sep string) iter.Seq[string] { return splitSeq(s, sep, 0) }

// SplitAfterSeq returns an iterator over what SplitAfter returns.
func SplitAfterSeq(s, sep string) iter.Seq[string] { return splitSeq(s, sep, len(sep)) }

// FieldsSeq returns an iterator over what Fields returns.
func FieldsSeq(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		word := -1 // where the one being read begins
		for i, n := 0, 0; i < len(s); i += n {
			c := s[i]
			space := stringslite.Spaces[c]
			n = 1
			if c >= utf8.RuneSelf {
				var r rune
				r, n = utf8.DecodeRuneInString(s[i:])
				space = unicode.IsSpace(r)
			}
			switch {
			case space && word >= 0:
				if !yield(s[word:i]) {
					return
				}
				word = -1
			case !space && word < 0:
				word = i
			}
		}
		if word >= 0 {
			yield(s[word:])
		}
	}
}

// FieldsFuncSeq returns an iterator over what FieldsFunc returns.
func FieldsFuncSeq(s string, f func(rune) bool) iter.Seq[string] {
	return func(yield func(string) bool) {
		word := -1 // where the one being read begins
		for i, n := 0, 0; i < len(s); i += n {
			var r rune
			r, n = utf8.DecodeRuneInString(s[i:])
			switch between := f(r); {
			case between && word >= 0:
				if !yield(s[word:i]) {
					return
				}
				word = -1
			case !between && word < 0:
				word = i
			}
		}
		if word >= 0 {
			yield(s[word:])
		}
	}
}
