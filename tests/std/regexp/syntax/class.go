package syntax

import (
	"x/slices"
	"x/strings"
	"x/unicode"
)

// A class is a list of pairs of bounds.
type class []rune

func (c *class) add(lo, hi rune) { *c = append(*c, lo, hi) }

// addFold adds a range and what its runes fold to.
func (c *class) addFold(lo, hi rune, fold bool) {
	c.add(lo, hi)
	if !fold {
		return
	}
	// Beyond the last letter with two cases nothing folds.
	for r := lo; r <= min(hi, 0x1e943); r++ {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			if f < lo || f > hi {
				c.add(f, f)
			}
		}
	}
}

// clean sorts the bounds and joins ranges.
func (c class) clean() class {
	type span struct{ lo, hi rune }
	spans := make([]span, 0, len(c)/2)
	for i := 0; i < len(c); i += 2 {
		spans = append(spans, span{c[i], c[i+1]})
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.lo - b.lo) })
	out := class{}
	for _, s := range spans {
		if n := len(out); n > 0 && s.lo <= out[n-1]+1 {
			out[n-1] = max(out[n-1], s.hi)
			continue
		}
		out.add(s.lo, s.hi)
	}
	return out
}

// negate returns what a clean class has not.
func negate(c []rune) class {
	out := class{}
	next := rune(0)
	for i := 0; i < len(c); i += 2 {
		if c[i] > next {
			out.add(next, c[i]-1)
		}
		next = c[i+1] + 1
	}
	if next <= unicode.MaxRune {
		out.add(next, unicode.MaxRune)
	}
	return out
}

// Perl's and POSIX's classes, by name.
func namedClass(name string) (class, bool) {
	switch name {
	case `\d`, "[:digit:]":
		return class{'0', '9'}, true
	case `\s`:
		return class{'\t', '\n', '\f', '\r', ' ', ' '}, true
	case `\w`, "[:word:]":
		return class{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}, true
	case "[:alnum:]":
		return class{'0', '9', 'A', 'Z', 'a', 'z'}, true
	case "[:alpha:]":
		return class{'A', 'Z', 'a', 'z'}, true
	case "[:ascii:]":
		return class{0, 0x7f}, true
	case "[:blank:]":
		return class{'\t', '\t', ' ', ' '}, true
	case "[:cntrl:]":
		return class{0, 0x1f, 0x7f, 0x7f}, true
	case "[:graph:]":
		return class{'!', '~'}, true
	case "[:lower:]":
		return class{'a', 'z'}, true
	case "[:print:]":
		return class{' ', '~'}, true
	case "[:punct:]":
		return class{'!', '/', ':', '@', '[', '`', '{', '~'}, true
	case "[:space:]":
		return class{'\t', '\r', ' ', ' '}, true
	case "[:upper:]":
		return class{'A', 'Z'}, true
	case "[:xdigit:]":
		return class{'0', '9', 'A', 'F', 'a', 'f'}, true
	}
	return nil, false
}

// unicodeClass returns the class of \p{name}.
func unicodeClass(name string) (class, bool) {
	if name == "Any" {
		return class{0, unicode.MaxRune}, true
	}
	if name == "Assigned" {
		return assigned(), true
	}
	if name == "ASCII" || strings.EqualFold(name, "ascii") {
		return class{0, 0x7f}, true
	}
	t := unicode.Categories[name]
	if t == nil {
		t = unicode.Scripts[name]
	}
	if t == nil {
		return nil, false
	}
	return tableClass(t), true
}

func assigned() class {
	var c class
	for _, t := range unicode.Categories {
		c = append(c, tableClass(t)...)
	}
	return c.clean()
}

func tableClass(t *unicode.RangeTable) (c class) {
	for _, r := range t.R16 {
		spread(&c, rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range t.R32 {
		spread(&c, rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return c
}

func spread(c *class, lo, hi, stride rune) {
	if stride == 1 {
		c.add(lo, hi)
		return
	}
	for r := lo; r <= hi; r += stride {
		c.add(r, r)
	}
}
