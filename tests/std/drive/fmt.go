package main

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
	"unsafe"
	x "x/fmt"
)

type (
	named  int
	strng  string
	bytesT []byte
	byteT  byte
	pair   struct{ A, B int }
	nested struct {
		X pair
		y pair
		P *pair
		E error
		a any
		S str
		s str
		M map[string]int
		F func()
		pair
		Emb
		emb
	}
	Emb   struct{ Z str }
	emb   struct{ Q str }
	str   struct{ v int }
	ptr   struct{ v int }
	gos   struct{ v int }
	fail  struct{ v int }
	inner struct{ B []byte }
	one   struct{ p *int }
	empty struct{}
	fmtr  struct{ v int }
)

func (s str) String() string   { return fmt.Sprintf("str<%d>", s.v) }
func (s *ptr) String() string  { return "ptr" }
func (s gos) GoString() string { return "gos!" }
func (s fail) Error() string   { return "fail!" }
func (n byteT) String() string { return "B" }

func (f fmtr) Format(s interface{ Write([]byte) (int, error) }, verb rune) {}

// both formats itself with either package's State.
type goFormatter struct{ n int }
type mgoFormatter struct{ n int }

func (f goFormatter) Format(s fmt.State, verb rune) {
	w, wok := s.Width()
	p, pok := s.Precision()
	fmt.Fprint(s, f.n, w, wok, p, pok, s.Flag('-'), s.Flag('+'), s.Flag('#'), s.Flag(' '), s.Flag('0'), string(verb),
		fmt.FormatString(s, verb))
}

func (f mgoFormatter) Format(s x.State, verb rune) {
	w, wok := s.Width()
	p, pok := s.Precision()
	x.Fprint(s, f.n, w, wok, p, pok, s.Flag('-'), s.Flag('+'), s.Flag('#'), s.Flag(' '), s.Flag('0'), string(verb),
		x.FormatString(s, verb))
}

type (
	panics  struct{ with any }
	nilable struct{ v int }
)

func (p panics) String() string    { panic(p.with) }
func (n *nilable) String() string  { return fmt.Sprint(n.v) }
func (n nilable) GoString() string { panic("gostring") }

func values() []any {
	i := 7
	pi := &i
	ppi := &pi
	e := errors.New("err")
	st := &ptr{1}
	var nilPtr *pair
	var nilMap map[string]int
	var nilSlice []int
	var nilFunc func()
	var nilErr error
	return []any{
		panics{"why"}, panics{5}, panics{e}, []panics{{"x"}}, (*nilable)(nil), &nilable{3}, nilable{}, []*nilable{nil},
		nil, true, false, 0, 1, -1, 42, -42, math.MaxInt64, math.MinInt64, int8(-128), int16(300), int32(65), int64(-5),
		uint(0), uint8(200), uint16(0xbeef), uint32(1 << 31), uint64(math.MaxUint64), uintptr(0xdead), 'x', rune(0x1F600),
		rune(-1), 0x110000, '\n', 0.0, 1.0, -1.5, math.Pi, 1e6, 1e20, 1e21, 123456789.0, 1e-5, 0.000123, math.Inf(1), math.Inf(-1),
		math.NaN(), math.Copysign(0, -1), float32(0.1), float32(16777216), math.MaxFloat64, math.SmallestNonzeroFloat64, 100.0,
		complex(1, 2), complex64(complex(-1.5, 0.1)), complex(math.NaN(), math.Inf(-1)), "", "hello", "héllo, 世界", "a\tb\"c`d", "\xff\xfe",
		"`", strng("strng"), []byte("bytes"), []byte{}, []byte(nil), bytesT("named"), []byteT{1, 2}, [3]byte{1, 2, 3}, &[]byte{1},
		named(5), []int{1, 2, 3}, []int{}, nilSlice, []string{"a", "b c"}, []any{1, "a", nil, 2.5, []int{1}, pair{1, 2}}, [2]bool{true, false},
		[][]int{{1}, {2, 3}, nil}, [0]int{}, pair{1, -2}, &pair{3, 4}, nilPtr, []pair{{1, 2}}, []*pair{nil},
		nested{P: nil, E: e, a: 5, M: map[string]int{"b": 2, "a": 1}}, &nested{E: fail{2}}, nested{a: str{9}, S: str{1}, s: str{2}},
		map[string]int{"z": 1, "a": 2}, map[int]string{3: "c", 1: "a", 2: "b"}, nilMap, map[bool]float64{true: 1, false: 2},
		map[pair]string{{2, 1}: "x", {1, 2}: "y", {1, 1}: "z"}, map[float64]int{2: 1, math.Inf(-1): 2, math.NaN(): 3, 1: 4}, &map[int]int{1: 2},
		map[[2]int]int{{1, 2}: 1, {1, 1}: 2}, map[complex128]int{1i: 1, 0: 2, 1: 3}, map[any]int{"x": 1}, map[str]str{{2}: {1}, {1}: {2}},
		pi, ppi, unsafe.Pointer(pi), nilFunc, e, nilErr, fail{1}, &fail{1}, []error{e, fail{3}}, fmt.Errorf("wrap %w", e),
		str{1}, &str{2}, []str{{1}, {2}}, []*str{{1}}[0], map[string]str{"k": {5}}, ptr{3}, st, []ptr{{1}}, struct{ P *ptr }{st}, gos{1}, &gos{1},
		[]gos{{1}}, struct{ G gos }{}, inner{[]byte("in")}, &inner{}, one{pi}, [1]*int{pi}, empty{}, &empty{}, []empty{{}}, struct{ a, b any }{1, nil},
		struct {
			a error
			B fmt.Stringer
		}{}, make(chan int), (chan int)(nil), struct{}{}, struct{ X []any }{[]any{nil, 1}}, time.Duration(1500), []time.Duration{1, 2e9},
		[]time.Duration(nil), reflect.TypeOf(1), interface{ String() string }(str{3}), reflect.ValueOf(5), reflect.ValueOf(pair{1, 2}), reflect.Value{},
		reflect.ValueOf(&pair{1, 2}), reflect.ValueOf(str{1}), reflect.ValueOf(nested{}).Field(1), []reflect.Value{reflect.ValueOf("a")},
		struct{ u uint }{7}, struct{ b []byte }{[]byte("q")}, struct{ B [2]byte }{}, [][]byte{[]byte("x"), nil}, []uint{1, 2}, []float32{1.5, 2},
		[]complex64{1}, [2][2]bool{}, map[string][]int{"a": {1}, "b": nil}, struct{ Ch chan int }{}, &[2]int{1, 2}, &[]string{"s"}, **ppi,
		struct {
			A int `json:"a"`
			b string
		}{1, "x"}, func(int) string { return "" }, []func(){nil}, struct{ I interface{ M() } }{}, rune(0), "日本", uint8(0), 1 << 40,
	}
}

// equal calls both packages with one format.
func equal(format string, a ...any) {
	want := text(func() string { return fmt.Sprintf(format, a...) })
	got := text(func() string { return x.Sprintf(format, a...) })
	checks++
	if want != got {
		check(fmt.Sprintf("Sprintf(%q, %T)", format, a), want, got)
	}
}

func main() {
	all := values()
	verbs := "vTtbcdoOqxXUeEfFgGspwzé!"
	flags := []string{"", "+", "-", "#", " ", "0", "+#", "-0", "# ", "+0", "0#", " 0", "+ ", "#+0"}
	sizes := []string{"", "1", "8", "20", ".", ".0", ".3", ".10", "12.4", "12.", "100.80"}
	for _, v := range all {
		for _, verb := range verbs {
			for _, f := range flags {
				for _, s := range sizes {
					equal("%"+f+s+string(verb), v)
				}
			}
		}
	}
	pieces := []string{"%", "d", "s", "v", "[1]", "[2]", "[3]", "[x]", "[", "]", "*", ".", "5", "0", "-", "+", "#", " ", "q", "T", "%%", "é", "x",
		"[1]*", ".*", "%[2]v", "[1]*.[2]*[3]f", "1000001", "text", "!"}
	for i := 0; i < 300000; i++ {
		args := make([]any, rnd.Intn(4))
		for j := range args {
			switch rnd.Intn(3) {
			case 0:
				args[j] = rnd.Intn(12) - 3
			case 1:
				args[j] = []any{int8(3), uint64(2), uint8(1), int64(9999999), "s", 1.5, nil, uintptr(1)}[rnd.Intn(8)]
			default:
				args[j] = all[rnd.Intn(len(all))]
			}
		}
		equal(random(pieces, 7), args...)
	}
	for i := 0; i < 100000; i++ {
		args := make([]any, rnd.Intn(5))
		for j := range args {
			args[j] = all[rnd.Intn(len(all))]
		}
		check("Sprint", fmt.Sprint(args...), x.Sprint(args...))
		check("Sprintln", fmt.Sprintln(args...), x.Sprintln(args...))
		check("Append", fmt.Append([]byte("a"), args...), x.Append([]byte("a"), args...))
		check("Appendln", fmt.Appendln(nil, args...), x.Appendln(nil, args...))
		f := random(pieces, 4) + "%w" + random(pieces, 3) + "%w"
		e, E := fmt.Errorf(f, args...), x.Errorf(f, args...)
		check(fmt.Sprintf("Errorf(%q, %T)", f, args), e.Error(), E.Error())
		check(fmt.Sprintf("Errorf(%q, %T) unwraps", f, args), errors.Unwrap(e), errors.Unwrap(E))
		m, ok := e.(interface{ Unwrap() []error })
		M, OK := E.(interface{ Unwrap() []error })
		check(fmt.Sprintf("Errorf(%q, %T) unwraps", f, args), ok, OK)
		if ok && OK {
			check(fmt.Sprintf("Errorf(%q, %T) unwraps", f, args), m.Unwrap(), M.Unwrap())
		}
	}
	for _, f := range flags {
		for _, s := range sizes {
			for _, v := range "vsdxqQ" {
				format := "%" + f + s + string(v)
				check("Formatter "+format, fmt.Sprintf(format, goFormatter{3}), x.Sprintf(format, mgoFormatter{3}))
				check("[]Formatter "+format, strings.ReplaceAll(fmt.Sprintf(format, []goFormatter{{3}}), "main.go", "main.mgo"),
					x.Sprintf(format, []mgoFormatter{{3}}))
			}
		}
	}
	done()
}
