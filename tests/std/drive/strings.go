package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	b "x/bytes"
	s "x/strings"
)

var pieces = []string{"a", "b", "ab", "aa", "A", "é", "É", "世", " ", "\t", "\n", "\u00a0", "\u3000", "\xff", "\xe4\xb8", "\ufffd", "k", "\u212a", "ſ",
	"İ", "ß", "ǆ", ",", "_", "1", "Σ", "ς", ""}

func upperA(r rune) rune {
	switch r {
	case 'a':
		return 'A'
	case 'b':
		return -1
	case ' ':
		return 0x4e16
	}
	return r
}

func isA(r rune) bool { return r == 'a' || r == 'é' || r == utf8Error }

const utf8Error = '\uFFFD'

func collect(seq func(func(string) bool)) (out []string) {
	for x := range seq {
		out = append(out, x)
	}
	return out
}

func collectBytes(seq func(func([]byte) bool)) (out []string) {
	for x := range seq {
		out = append(out, string(x))
	}
	return out
}

func show(v ...any) string { return fmt.Sprintf("%q", v) }

func main() {
	runes := []rune{'a', 'é', '世', utf8Error, -1, 0xd800, 'A', ' ', 0x110000}
	for i := 0; i < 60000; i++ {
		t, u, v := random(pieces, 8), random(pieces, 2), random(pieces, 2)
		r := runes[rnd.Intn(len(runes))]
		n := rnd.Intn(6) - 1
		T, U, V := []byte(t), []byte(u), []byte(v)
		three := func(a, b string, ok bool) string { return show(a, b, ok) }
		two := func(a string, ok bool) string { return show(a, ok) }
		threeB := func(a, b []byte, ok bool) string { return show(a, b, ok) }
		twoB := func(a []byte, ok bool) string { return show(a, ok) }
		c := t + u
		if len(c) > 0 {
			c = c[rnd.Intn(len(c)):][:1]
		} else {
			c = "x"
		}
		table := []struct {
			name                   string
			want, got, wantB, gotB any
		}{
			{"Compare", strings.Compare(t, u), s.Compare(t, u), bytes.Compare(T, U), b.Compare(T, U)},
			{"Contains", strings.Contains(t, u), s.Contains(t, u), bytes.Contains(T, U), b.Contains(T, U)},
			{"ContainsAny", strings.ContainsAny(t, u), s.ContainsAny(t, u), bytes.ContainsAny(T, u), b.ContainsAny(T, u)},
			{"ContainsRune", strings.ContainsRune(t, r), s.ContainsRune(t, r), bytes.ContainsRune(T, r), b.ContainsRune(T, r)},
			{"ContainsFunc", strings.ContainsFunc(t, isA), s.ContainsFunc(t, isA), bytes.ContainsFunc(T, isA), b.ContainsFunc(T, isA)},
			{"Count", strings.Count(t, u), s.Count(t, u), bytes.Count(T, U), b.Count(T, U)},
			{"Cut", three(strings.Cut(t, u)), three(s.Cut(t, u)), threeB(bytes.Cut(T, U)), threeB(b.Cut(T, U))},
			{"CutLast", three(strings.CutLast(t, u)), three(s.CutLast(t, u)), threeB(bytes.CutLast(T, U)), threeB(b.CutLast(T, U))},
			{"CutPrefix", two(strings.CutPrefix(t, u)), two(s.CutPrefix(t, u)), twoB(bytes.CutPrefix(T, U)), twoB(b.CutPrefix(T, U))},
			{"CutSuffix", two(strings.CutSuffix(t, u)), two(s.CutSuffix(t, u)), twoB(bytes.CutSuffix(T, U)), twoB(b.CutSuffix(T, U))},
			{"EqualFold", strings.EqualFold(t, u), s.EqualFold(t, u), bytes.EqualFold(T, U), b.EqualFold(T, U)},
			{"EqualFold2", strings.EqualFold(t, strings.ToUpper(t)), s.EqualFold(t, strings.ToUpper(t)), nil, nil},
			{"Fields", strings.Fields(t), s.Fields(t), bytes.Fields(T), b.Fields(T)},
			{"FieldsFunc", strings.FieldsFunc(t, isA), s.FieldsFunc(t, isA), bytes.FieldsFunc(T, isA), b.FieldsFunc(T, isA)},
			{"HasPrefix", strings.HasPrefix(t, u), s.HasPrefix(t, u), bytes.HasPrefix(T, U), b.HasPrefix(T, U)},
			{"HasSuffix", strings.HasSuffix(t, u), s.HasSuffix(t, u), bytes.HasSuffix(T, U), b.HasSuffix(T, U)},
			{"Index", strings.Index(t, u), s.Index(t, u), bytes.Index(T, U), b.Index(T, U)},
			{"IndexAny", strings.IndexAny(t, u), s.IndexAny(t, u), bytes.IndexAny(T, u), b.IndexAny(T, u)},
			{"IndexByte", strings.IndexByte(t, c[0]), s.IndexByte(t, c[0]), bytes.IndexByte(T, c[0]), b.IndexByte(T, c[0])},
			{"IndexFunc", strings.IndexFunc(t, isA), s.IndexFunc(t, isA), bytes.IndexFunc(T, isA), b.IndexFunc(T, isA)},
			{"IndexRune", strings.IndexRune(t, r), s.IndexRune(t, r), bytes.IndexRune(T, r), b.IndexRune(T, r)},
			{"LastIndex", strings.LastIndex(t, u), s.LastIndex(t, u), bytes.LastIndex(T, U), b.LastIndex(T, U)},
			{"LastIndexAny", strings.LastIndexAny(t, u), s.LastIndexAny(t, u), bytes.LastIndexAny(T, u), b.LastIndexAny(T, u)},
			{"LastIndexByte", strings.LastIndexByte(t, c[0]), s.LastIndexByte(t, c[0]), bytes.LastIndexByte(T, c[0]), b.LastIndexByte(T, c[0])},
			{"LastIndexFunc", strings.LastIndexFunc(t, isA), s.LastIndexFunc(t, isA), bytes.LastIndexFunc(T, isA), b.LastIndexFunc(T, isA)},
			{"Map", strings.Map(upperA, t), s.Map(upperA, t), bytes.Map(upperA, T), b.Map(upperA, T)},
			{"Repeat", strings.Repeat(t, n+1), s.Repeat(t, n+1), bytes.Repeat(T, n+1), b.Repeat(T, n+1)},
			{"Replace", strings.Replace(t, u, v, n), s.Replace(t, u, v, n), bytes.Replace(T, U, V, n), b.Replace(T, U, V, n)},
			{"ReplaceAll", strings.ReplaceAll(t, u, v), s.ReplaceAll(t, u, v), bytes.ReplaceAll(T, U, V), b.ReplaceAll(T, U, V)},
			{"Split", strings.Split(t, u), s.Split(t, u), bytes.Split(T, U), b.Split(T, U)},
			{"SplitAfter", strings.SplitAfter(t, u), s.SplitAfter(t, u), bytes.SplitAfter(T, U), b.SplitAfter(T, U)},
			{"SplitN", strings.SplitN(t, u, n), s.SplitN(t, u, n), bytes.SplitN(T, U, n), b.SplitN(T, U, n)},
			{"SplitAfterN", strings.SplitAfterN(t, u, n), s.SplitAfterN(t, u, n), bytes.SplitAfterN(T, U, n), b.SplitAfterN(T, U, n)},
			{"Title", strings.Title(t), s.Title(t), bytes.Title(T), b.Title(T)},
			{"ToLower", strings.ToLower(t), s.ToLower(t), bytes.ToLower(T), b.ToLower(T)},
			{"ToUpper", strings.ToUpper(t), s.ToUpper(t), bytes.ToUpper(T), b.ToUpper(T)},
			{"ToTitle", strings.ToTitle(t), s.ToTitle(t), bytes.ToTitle(T), b.ToTitle(T)},
			{"ToValidUTF8", strings.ToValidUTF8(t, u), s.ToValidUTF8(t, u), bytes.ToValidUTF8(T, U), b.ToValidUTF8(T, U)},
			{"Trim", strings.Trim(t, u), s.Trim(t, u), bytes.Trim(T, u), b.Trim(T, u)},
			{"TrimFunc", strings.TrimFunc(t, unicode.IsSpace), s.TrimFunc(t, unicode.IsSpace), bytes.TrimFunc(T, isA), b.TrimFunc(T, isA)},
			{"TrimLeft", strings.TrimLeft(t, u), s.TrimLeft(t, u), bytes.TrimLeft(T, u), b.TrimLeft(T, u)},
			{"TrimLeftFunc", strings.TrimLeftFunc(t, isA), s.TrimLeftFunc(t, isA), bytes.TrimLeftFunc(T, isA), b.TrimLeftFunc(T, isA)},
			{"TrimPrefix", strings.TrimPrefix(t, u), s.TrimPrefix(t, u), bytes.TrimPrefix(T, U), b.TrimPrefix(T, U)},
			{"TrimRight", strings.TrimRight(t, u), s.TrimRight(t, u), bytes.TrimRight(T, u), b.TrimRight(T, u)},
			{"TrimRightFunc", strings.TrimRightFunc(t, isA), s.TrimRightFunc(t, isA), bytes.TrimRightFunc(T, isA), b.TrimRightFunc(T, isA)},
			{"TrimSpace", strings.TrimSpace(t), s.TrimSpace(t), bytes.TrimSpace(T), b.TrimSpace(T)},
			{"TrimSuffix", strings.TrimSuffix(t, u), s.TrimSuffix(t, u), bytes.TrimSuffix(T, U), b.TrimSuffix(T, U)},
			{"Lines", collect(strings.Lines(t)), collect(s.Lines(t)), collectBytes(bytes.Lines(T)), collectBytes(b.Lines(T))},
			{"SplitSeq", collect(strings.SplitSeq(t, u)), collect(s.SplitSeq(t, u)), collectBytes(bytes.SplitSeq(T, U)), collectBytes(b.SplitSeq(T, U))},
			{"SplitAfterSeq", collect(strings.SplitAfterSeq(t, u)), collect(s.SplitAfterSeq(t, u)), collectBytes(bytes.SplitAfterSeq(T, U)),
				collectBytes(b.SplitAfterSeq(T, U))},
			{"FieldsSeq", collect(strings.FieldsSeq(t)), collect(s.FieldsSeq(t)), collectBytes(bytes.FieldsSeq(T)), collectBytes(b.FieldsSeq(T))},
			{"FieldsFuncSeq", collect(strings.FieldsFuncSeq(t, isA)), collect(s.FieldsFuncSeq(t, isA)), collectBytes(bytes.FieldsFuncSeq(T, isA)),
				collectBytes(b.FieldsFuncSeq(T, isA))},
			{"Join", strings.Join([]string{t, u, v}[:n%3+1], ","), s.Join([]string{t, u, v}[:n%3+1], ","),
				bytes.Join([][]byte{T, U, V}[:n%3+1], U), b.Join([][]byte{T, U, V}[:n%3+1], U)},
			{"Runes", nil, nil, bytes.Runes(T), b.Runes(T)},
		}
		for _, x := range table {
			what := fmt.Sprintf("%s(%q, %q, %q, %d, %q)", x.name, t, u, v, n, r)
			check(what, x.want, x.got)
			check("bytes."+what, x.wantB, x.gotB)
		}
		p := []string{u, v, random(pieces, 1), random(pieces, 2), random(pieces, 1), random(pieces, 2)}
		check(fmt.Sprintf("Replacer(%q)(%q)", p, t), strings.NewReplacer(p...).Replace(t), s.NewReplacer(p...).Replace(t))
	}
	operations()
	done()
}

// operations performs random operations on Builders, Readers and Buffers.
func operations() {
	for i := 0; i < 3000; i++ {
		var wb strings.Builder
		var gb s.Builder
		var w bytes.Buffer
		var g b.Buffer
		text0 := random(pieces, 10)
		wr, gr := strings.NewReader(text0), s.NewReader(text0)
		wr2, gr2 := bytes.NewReader([]byte(text0)), b.NewReader([]byte(text0))
		var log []string
		for j := 0; j < 30; j++ {
			t, n := random(pieces, 3), rnd.Intn(12)-1
			op := rnd.Intn(24)
			do := func(f func() string) string { return text(f) }
			var x, y string
			p, q := make([]byte, max(n, 0)), make([]byte, max(n, 0))
			switch op {
			case 0:
				wb.WriteString(t)
				gb.WriteString(t)
				x, y = wb.String(), gb.String()
			case 1:
				wb.WriteRune('世')
				gb.WriteRune('世')
				wb.WriteByte('x')
				gb.WriteByte('x')
				x, y = fmt.Sprint(wb.Len(), wb.String()), fmt.Sprint(gb.Len(), gb.String())
			case 2:
				wb.Grow(n + 1)
				gb.Grow(n + 1)
			case 3:
				w.WriteString(t)
				g.WriteString(t)
			case 4:
				x = do(func() string { return fmt.Sprint(w.Read(p)) })
				y = do(func() string { return fmt.Sprint(g.Read(q)) })
			case 5:
				x, y = fmt.Sprint(w.ReadByte()), fmt.Sprint(g.ReadByte())
			case 6:
				x, y = fmt.Sprint(w.ReadRune()), fmt.Sprint(g.ReadRune())
			case 7:
				x, y = fmt.Sprint(w.UnreadByte()), fmt.Sprint(g.UnreadByte())
			case 8:
				x, y = fmt.Sprint(w.UnreadRune()), fmt.Sprint(g.UnreadRune())
			case 9:
				x, y = fmt.Sprint(w.ReadString('a')), fmt.Sprint(g.ReadString('a'))
			case 10:
				x = do(func() string { w.Truncate(n); return "" })
				y = do(func() string { g.Truncate(n); return "" })
			case 11:
				x, y = fmt.Sprint(w.Next(n+1)), fmt.Sprint(g.Next(n+1))
			case 12:
				w.WriteRune('é')
				g.WriteRune('é')
				w.WriteByte('z')
				g.WriteByte('z')
			case 13:
				x = do(func() string { return fmt.Sprint(wr.Read(p)) })
				y = do(func() string { return fmt.Sprint(gr.Read(q)) })
			case 14:
				x, y = fmt.Sprint(wr.ReadRune()), fmt.Sprint(gr.ReadRune())
			case 15:
				x, y = fmt.Sprint(wr.UnreadRune()), fmt.Sprint(gr.UnreadRune())
			case 16:
				x, y = fmt.Sprint(wr.UnreadByte()), fmt.Sprint(gr.UnreadByte())
			case 17:
				wh := rnd.Intn(4)
				x, y = fmt.Sprint(wr.Seek(int64(n), wh)), fmt.Sprint(gr.Seek(int64(n), wh))
			case 18:
				x, y = fmt.Sprint(wr.ReadAt(p, int64(n))), fmt.Sprint(gr.ReadAt(q, int64(n)))
			case 19:
				x, y = fmt.Sprint(wr2.ReadRune()), fmt.Sprint(gr2.ReadRune())
			case 20:
				x, y = fmt.Sprint(wr2.UnreadRune()), fmt.Sprint(gr2.UnreadRune())
			case 21:
				wh := rnd.Intn(4)
				x, y = fmt.Sprint(wr2.Seek(int64(n), wh)), fmt.Sprint(gr2.Seek(int64(n), wh))
			case 22:
				x, y = fmt.Sprint(wr2.ReadByte()), fmt.Sprint(gr2.ReadByte())
			case 23:
				w.Grow(n + 1)
				g.Grow(n + 1)
			}
			x = strings.ReplaceAll(x, "bytes.Buffer", "B")
			log = append(log, fmt.Sprint(op, " ", n, t))
			what := fmt.Sprintf("%q", log)
			check(what, x, strings.ReplaceAll(y, "bytes.Buffer", "B"))
			check(what, string(p), string(q))
			check(what, []any{w.Len(), w.String(), wr.Len(), wr2.Len()}, []any{g.Len(), g.String(), gr.Len(), gr2.Len()})
		}
	}
	_ = slices.Equal[[]int]
}
