// Package uses calls the library's functions; tests/std/uses.py compares what
// real Go reports of escapes and inlining here with Go's library and with ours.
package uses

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/bits"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

type point struct{ x, y int }

func (p point) String() string { return "p" }

type byX []point

func (a byX) Len() int           { return len(a) }
func (a byX) Less(i, j int) bool { return a[i].x < a[j].x }
func (a byX) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }

func printing(n int, s string, p point, q *point, e error, xs []int, v any) {
	fmt.Println(n, s, p, q, e, xs)
	fmt.Printf("%d %s %v", n, s, p)
	fmt.Print(n, s)
	_ = fmt.Sprintf("%v", p)
	_ = fmt.Sprint(n)
	_ = fmt.Sprintln(xs)
	_ = fmt.Errorf("x %d: %w", n, e)
	_ = fmt.Errorf("plain")
	fmt.Fprintln(os.Stderr, v)
	fmt.Fprintf(os.Stdout, s, v)
	_ = fmt.Append(nil, n)
	_ = fmt.Appendf(nil, "%d", n)
}

func convert(n int, s string, f float64) {
	_ = strconv.Itoa(n)
	_, _ = strconv.Atoi(s)
	_, _ = strconv.ParseInt(s, 10, 64)
	_, _ = strconv.ParseFloat(s, 64)
	_, _ = strconv.ParseBool(s)
	_ = strconv.FormatInt(int64(n), 2)
	_ = strconv.FormatFloat(f, 'g', -1, 64)
	_ = strconv.FormatBool(n > 1)
	_ = strconv.Quote(s)
	_ = strconv.AppendInt(nil, 5, 10)
	_ = strconv.AppendQuote(nil, s)
	_, _ = strconv.Unquote(s)
	_ = strconv.QuoteRune('x')
}

func texts(s, t string, r rune, f func(rune) bool, list []string) {
	_ = strings.Contains(s, t)
	_ = strings.ContainsRune(s, r)
	_ = strings.ContainsAny(s, t)
	_ = strings.Index(s, t)
	_ = strings.IndexByte(s, 'x')
	_ = strings.IndexFunc(s, f)
	_ = strings.LastIndex(s, t)
	_ = strings.LastIndexByte(s, 'x')
	_ = strings.HasPrefix(s, t)
	_ = strings.HasSuffix(s, t)
	_ = strings.Split(s, t)
	_ = strings.SplitN(s, t, 2)
	_ = strings.Fields(s)
	_ = strings.FieldsFunc(s, f)
	_ = strings.Join(list, t)
	_ = strings.Repeat(s, 3)
	_ = strings.Replace(s, t, "x", 1)
	_ = strings.ReplaceAll(s, t, "x")
	_ = strings.ToUpper(s)
	_ = strings.ToLower(s)
	_ = strings.ToTitle(s)
	_ = strings.Title(s)
	_ = strings.Trim(s, t)
	_ = strings.TrimSpace(s)
	_ = strings.TrimLeft(s, t)
	_ = strings.TrimPrefix(s, t)
	_ = strings.TrimSuffix(s, t)
	_ = strings.TrimFunc(s, f)
	_ = strings.TrimLeftFunc(s, f)
	_ = strings.EqualFold(s, t)
	_ = strings.Compare(s, t)
	_ = strings.Count(s, t)
	_, _, _ = strings.Cut(s, t)
	_, _ = strings.CutPrefix(s, t)
	_ = strings.Map(func(r rune) rune { return r + 1 }, s)
	_ = strings.Clone(s)
	_ = strings.NewReplacer("a", "b").Replace(s)
	for l := range strings.Lines(s) {
		_ = l
	}
	for l := range strings.SplitSeq(s, t) {
		_ = l
	}
	for l := range strings.FieldsSeq(s) {
		_ = l
	}
	_ = strings.NewReader(s).Len()
}

func builder(s string) string {
	var b strings.Builder
	b.Grow(10)
	b.WriteString(s)
	b.WriteByte('x')
	b.WriteRune('y')
	b.Write([]byte(s))
	fmt.Fprintf(&b, "%d", b.Len())
	return b.String()
}

func buffer(s string) string {
	var b bytes.Buffer
	b.WriteString(s)
	b.WriteByte('x')
	b.WriteRune('y')
	b.Write([]byte(s))
	_, _ = b.ReadByte()
	_ = b.Len()
	_ = b.Bytes()
	b.Reset()
	return b.String()
}

func slicesOfBytes(a, b []byte) {
	_ = bytes.Equal(a, b)
	_ = bytes.Compare(a, b)
	_ = bytes.Contains(a, b)
	_ = bytes.Index(a, b)
	_ = bytes.IndexByte(a, 'x')
	_ = bytes.HasPrefix(a, b)
	_ = bytes.Split(a, b)
	_ = bytes.TrimSpace(a)
	_ = bytes.ToUpper(a)
	_ = bytes.Clone(a)
	_ = bytes.NewBuffer(a)
	_ = bytes.NewBufferString("x").String()
	_ = bytes.NewReader(a)
}

func sorting(a []int, s []string, f []float64, p []point, less func(a, b point) int) {
	sort.Ints(a)
	sort.Strings(s)
	sort.Float64s(f)
	sort.Slice(p, func(i, j int) bool { return p[i].x < p[j].x })
	sort.SliceStable(p, func(i, j int) bool { return p[i].x < p[j].x })
	sort.Sort(byX(p))
	sort.Sort(sort.Reverse(sort.IntSlice(a)))
	sort.Stable(byX(p))
	_ = sort.SearchInts(a, 3)
	_ = sort.Search(len(a), func(i int) bool { return a[i] > 3 })
	_ = sort.IsSorted(byX(p))
	slices.Sort(a)
	slices.Sort(s)
	slices.SortFunc(p, less)
	slices.SortFunc(p, func(a, b point) int { return cmp.Compare(a.x, b.x) })
	slices.SortStableFunc(p, func(a, b point) int { return a.x - b.x })
}

func generic(a, b []int, s []string, m map[string]int) {
	_ = slices.Contains(a, 3)
	_ = slices.Index(s, "x")
	_ = slices.IndexFunc(a, func(x int) bool { return x > 2 })
	_ = slices.Equal(a, b)
	_ = slices.Compare(a, b)
	_ = slices.Max(a)
	_ = slices.Min(a)
	_ = slices.Clone(a)
	_ = slices.Insert(a, 1, 2, 3)
	_ = slices.Delete(a, 1, 2)
	_ = slices.Compact(a)
	_ = slices.Concat(a, b)
	_ = slices.Repeat(a, 2)
	_ = slices.Grow(a, 5)
	_ = slices.Clip(a)
	slices.Reverse(a)
	_, _ = slices.BinarySearch(a, 5)
	_ = slices.IsSorted(a)
	_ = slices.Sorted(maps.Keys(m))
	_ = slices.Collect(maps.Values(m))
	for i, x := range slices.All(a) {
		_, _ = i, x
	}
	for x := range slices.Values(s) {
		_ = x
	}
	for i, x := range slices.Backward(a) {
		_, _ = i, x
	}
	for c := range slices.Chunk(a, 2) {
		_ = c
	}
	_ = maps.Clone(m)
	maps.Copy(m, m)
	_ = maps.Equal(m, m)
	maps.DeleteFunc(m, func(k string, v int) bool { return v > 1 })
	_ = cmp.Compare(1, 2)
	_ = cmp.Less("a", "b")
	_ = cmp.Or(1, 2)
}

func numbers(x, y float64, n int, u uint64) {
	_ = math.Sqrt(x) + math.Abs(x) + math.Floor(x) + math.Ceil(x) + math.Trunc(x) + math.Round(x)
	_ = math.Pow(x, y) + math.Exp(x) + math.Log(x) + math.Log2(x) + math.Log10(x) + math.Log1p(x)
	_ = math.Sin(x) + math.Cos(x) + math.Tan(x) + math.Atan(x) + math.Atan2(x, y) + math.Asin(x)
	_ = math.Max(x, y) + math.Min(x, y) + math.Mod(x, y) + math.Hypot(x, y) + math.Cbrt(x)
	_ = math.Inf(1) + math.NaN() + math.Copysign(x, y)
	_ = math.IsNaN(x) || math.IsInf(x, 0) || math.Signbit(x)
	_, _ = math.Modf(x)
	_, _ = math.Frexp(x)
	_ = math.Ldexp(x, n)
	_ = math.Float64bits(x)
	_ = math.Float64frombits(u)
	_ = bits.OnesCount64(u) + bits.LeadingZeros64(u) + bits.TrailingZeros(uint(u)) + bits.Len(uint(u))
	_ = bits.RotateLeft64(u, 3) + bits.Reverse64(u) + bits.ReverseBytes64(u)
	_, _ = bits.Mul64(u, u)
	_, _ = bits.Add64(u, u, 0)
}

func failing(e error, p *os.PathError) error {
	var target *os.PathError
	if errors.As(e, &target) || errors.Is(e, io.EOF) {
		return errors.Unwrap(e)
	}
	_ = errors.Join(e, e)
	local := errors.New("local")
	_ = local.Error()
	if e == nil {
		return p
	}
	return errors.New("x")
}

func timing(d time.Duration) {
	t := time.Now()
	_ = time.Since(t)
	_ = time.Since(t).Seconds()
	_ = d.String()
	_ = d.Milliseconds()
	_ = t.Add(d).Sub(t)
	_ = t.Format("15:04")
	_, _ = time.Parse("15", "16")
	_ = t.Unix()
	_ = t.Year()
	_ = t.Weekday().String()
	_ = time.Unix(1, 2).UTC()
	_ = t.Before(t)
	_ = time.Date(1, 2, 3, 4, 5, 6, 7, time.UTC)
}

func runes(r rune, s string, b []byte) {
	_ = unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSpace(r) || unicode.IsUpper(r) || unicode.IsPunct(r)
	_ = unicode.ToUpper(r) + unicode.ToLower(r)
	_ = utf8.RuneCountInString(s) + utf8.RuneLen(r) + utf8.RuneCount(b)
	_, _ = utf8.DecodeRuneInString(s)
	_, _ = utf8.DecodeRune(b)
	_, _ = utf8.DecodeLastRuneInString(s)
	_ = utf8.ValidString(s)
	_ = utf8.AppendRune(nil, r)
	_ = utf8.EncodeRune(b, r)
}

func streams(r io.Reader, w io.Writer, name string) {
	br := bufio.NewReader(r)
	_, _ = br.ReadString('\n')
	_, _ = br.ReadByte()
	sc := bufio.NewScanner(os.Stdin)
	sc.Buffer(nil, 100)
	for sc.Scan() {
		_ = sc.Text()
		_ = sc.Bytes()
	}
	sc.Split(bufio.ScanWords)
	bw := bufio.NewWriter(w)
	defer bw.Flush()
	_, _ = bw.WriteString(name)
	_ = bw.WriteByte('x')
	fmt.Fprintf(bw, "%d", 3)
	_, _ = io.ReadAll(r)
	_, _ = io.Copy(w, r)
	_, _ = io.WriteString(w, name)
	_ = io.LimitReader(r, 3)
	_ = io.MultiWriter(w, w)
	_ = os.Getenv(name)
	_, _ = os.Stdout.WriteString(name)
	_, _ = os.Stdout.Write([]byte(name))
	if len(os.Args) > 5 {
		os.Exit(1)
	}
}
