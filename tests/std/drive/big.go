package main

import (
	"fmt"
	"math"
	"math/big"
	"math/rand"
	"reflect"
	"strings"
	xbig "x/math/big"
	xrand "x/math/rand"
)

// A machine has numbers of one type, Go's and ours, on which it calls methods: which are receivers and arguments is left to
// chance, so they share memory in all ways.
type machine struct {
	want, got []reflect.Value
	other     []*machine // of the other types, for arguments
	set       func(m *machine, i int, size int)
	show      func(v reflect.Value) string
	calls     []string
	clear     func()
}

const registers = 5

// pattern returns the hexadecimal digits of a number that has something of the numbers that go wrong.
func pattern(size int) string {
	n := 1 + rnd.Intn(size)
	s := strings.Builder{}
	for s.Len() < n {
		k := 1 + rnd.Intn(40)
		switch rnd.Intn(4) {
		case 0:
			s.WriteString(strings.Repeat("0", k))
		case 1:
			s.WriteString(strings.Repeat("f", k))
		case 2:
			s.WriteString(fmt.Sprintf("%x", 1<<rnd.Intn(60)))
		default:
			s.WriteString(fmt.Sprintf("%016x", rnd.Uint64()))
		}
	}
	return s.String()[:n]
}

func sign() string {
	if rnd.Intn(3) == 0 {
		return "-"
	}
	return ""
}

func call(v reflect.Value, name string, args []reflect.Value, show func(reflect.Value) string) string {
	return text(func() string {
		s := ""
		for _, r := range v.MethodByName(name).Call(args) {
			s += show(r) + " "
		}
		return s
	})
}

// step calls one method of each, and compares results and all numbers.
func (m *machine) step(size int) {
	words := strings.Fields(m.calls[rnd.Intn(len(m.calls))])
	z := rnd.Intn(registers)
	what := fmt.Sprint("z", z, ".", words[0])
	var want, got []reflect.Value
	add := func(x any) {
		want, got = append(want, reflect.ValueOf(x)), append(got, reflect.ValueOf(x))
		what += fmt.Sprintf(" %v", x)
	}
	var at []int
	for _, w := range words[1:] {
		from := m
		switch w {
		case "A", "B":
			from = m.other[w[0]-'A']
			fallthrough
		case "r", "n", "p", "o":
			i := rnd.Intn(registers)
			if w == "o" && (i == z || i == at[1]) {
				return // two results in one, or the second where the divisor is: not defined
			}
			at = append(at, i)
			x, y := from.want[i], from.got[i]
			if w == "n" && rnd.Intn(2) == 0 {
				x, y = reflect.Zero(x.Type()), reflect.Zero(y.Type())
				what += " nil"
			} else {
				what += fmt.Sprintf(" %s%d=%s", w, i, from.show(x))
			}
			want, got = append(want, x), append(got, y)
		case "i":
			add(rnd.Intn(200))
		case "u":
			add(uint(rnd.Intn(300)))
		case "b":
			add(uint(rnd.Intn(2)))
		case "I":
			add(rnd.Int63()>>rnd.Intn(63) - int64(rnd.Intn(1000)))
		case "U":
			add(rnd.Uint64() >> rnd.Intn(64))
		case "F":
			add(math.Ldexp(rnd.Float64()-0.5, rnd.Intn(2200)-1100))
		case "f":
			add(float64(rnd.Intn(2000)-1000) / 8)
		case "d":
			add(rnd.Intn(30) - 1)
		case "base":
			add([]int{0, 2, 3, 8, 10, 10, 10, 16, 36, 62}[rnd.Intn(10)])
		case "tobase":
			add([]int{2, 3, 7, 8, 10, 10, 10, 16, 32, 36, 62}[rnd.Intn(11)])
		case "s":
			add(number())
		case "t":
			add([]byte(number()))
		case "x":
			add([]byte(pattern(100)))
		case "fmt":
			add([]byte("eEfgGbpxq")[rnd.Intn(9)])
		case "prec":
			add(uint([]int{0, 1, 2, 3, 24, 53, 63, 64, 65, 127, 128, 129, 200, 1000}[rnd.Intn(14)]))
		case "mode":
			k := rnd.Intn(6)
			want, got = append(want, reflect.ValueOf(big.RoundingMode(k))), append(got, reflect.ValueOf(xbig.RoundingMode(k)))
			what += fmt.Sprintf(" mode%d", k)
		case "rnd":
			k := rnd.Int63()
			want, got = append(want, reflect.ValueOf(rand.New(rand.NewSource(k)))), append(got, reflect.ValueOf(xrand.New(xrand.NewSource(k))))
		}
	}
	if words[0] == "Exp" && want[2].Interface().(*big.Int).Sign() == 0 {
		return // what has no modulus may be too large
	}
	before := what + " z=" + m.show(m.want[z])
	w, g := call(m.want[z], words[0], want, m.show), call(m.got[z], words[0], got, m.show)
	check(before, w, g)
	if strings.HasPrefix(w, "panic") {
		// The numbers may be in any state.
		for _, m := range append(m.other, m) {
			m.clear()
			for i := range registers {
				m.set(m, i, size)
			}
		}
		return
	}
	for i := range registers {
		w := text(func() string { return m.show(m.want[i]) })
		g := text(func() string { return m.show(m.got[i]) })
		check(before+fmt.Sprint(": z", i), w, g)
		if n, ok := m.want[i].Interface().(*big.Int); ok && n.Sign() == 0 {
			// Some operations leave a sign.
			n.SetInt64(0)
			m.got[i].Interface().(*xbig.Int).SetInt64(0)
		}
		x, ok := m.want[i].Interface().(*big.Float)
		garbage := i == z && (words[0] == "SetString" || words[0][0] == 'U') // if it is no number
		if w != g || garbage || len(w) > 2*size || rnd.Intn(60) == 0 || ok && (x.MantExp(nil) > 3000 || x.MantExp(nil) < -3000) {
			m.set(m, i, size)
		}
	}
}

// number returns a text that is a number, or nearly.
func number() string {
	s := sign()
	if rnd.Intn(3) == 0 {
		return s + random([]string{"0", "1", "9", "7", "_", "x", "b", "o", "a", "F", ".", "e", "E", "p", "+", "-", "/", "12", "345", "0x", "0b", "0o", "00"}, 7)
	}
	n := 1 + rnd.Intn(60)
	if rnd.Intn(30) == 0 {
		n = rnd.Intn(3000)
	}
	for range n {
		s += string("0123456789"[rnd.Intn(10)])
	}
	switch rnd.Intn(6) {
	case 0:
		s += "." + random([]string{"0", "1", "25", "7", "999", "123456789"}, 5)
	case 1:
		s += "/" + random([]string{"0", "1", "25", "7", "999", "123456789"}, 5)
	}
	if rnd.Intn(4) == 0 {
		s += fmt.Sprint(random([]string{"e", "E", "p"}, 1), rnd.Intn(800)-400)
	}
	return s
}

func fresh(m *machine, want, got any) {
	m.clear = func() {
		m.want, m.got = nil, nil
		for range registers {
			m.want = append(m.want, reflect.New(reflect.TypeOf(want)))
			m.got = append(m.got, reflect.New(reflect.TypeOf(got)))
		}
	}
	m.clear()
}

func showAny(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case *big.Int:
		return x.Text(16)
	case *xbig.Int:
		return x.Text(16)
	case *big.Rat:
		if x == nil {
			return "nil"
		}
		return x.Num().Text(16) + "/" + x.Denom().Text(16)
	case *xbig.Rat:
		if x == nil {
			return "nil"
		}
		return x.Num().Text(16) + "/" + x.Denom().Text(16)
	case *big.Float:
		if x == nil {
			return "nil"
		}
		return fmt.Sprint(x.Text('p', 0), " ", x.Prec(), x.Mode(), x.Acc())
	case *xbig.Float:
		if x == nil {
			return "nil"
		}
		return fmt.Sprint(x.Text('p', 0), " ", x.Prec(), x.Mode(), x.Acc())
	case []byte:
		return fmt.Sprintf("%q", x)
	case error:
		return x.Error()
	case big.Accuracy, xbig.Accuracy, float64, float32:
		return fmt.Sprint(x)
	}
	return fmt.Sprintf("%v", v)
}

func main() {
	ints, rats, floats := &machine{show: showAny}, &machine{show: showAny}, &machine{show: showAny}
	ints.other = []*machine{rats, floats}
	rats.other = []*machine{ints, floats}
	floats.other = []*machine{ints, rats}
	fresh(ints, big.Int{}, xbig.Int{})
	fresh(rats, big.Rat{}, xbig.Rat{})
	fresh(floats, big.Float{}, xbig.Float{})
	ints.set = func(m *machine, i, size int) {
		s := sign() + pattern(size)
		m.want[i].Interface().(*big.Int).SetString(s, 16)
		m.got[i].Interface().(*xbig.Int).SetString(s, 16)
	}
	rats.set = func(m *machine, i, size int) {
		s, t := sign()+pattern(size/2), "1"+pattern(size/2)
		a, _ := new(big.Int).SetString(s, 16)
		b, _ := new(big.Int).SetString(t, 16)
		A, _ := new(xbig.Int).SetString(s, 16)
		B, _ := new(xbig.Int).SetString(t, 16)
		m.want[i].Interface().(*big.Rat).SetFrac(a, b)
		m.got[i].Interface().(*xbig.Rat).SetFrac(A, B)
	}
	floats.set = func(m *machine, i, size int) {
		s := sign() + "0x" + pattern(size/2) + "." + pattern(size/2) + fmt.Sprint("p", rnd.Intn(200)-100)
		prec := uint(1 + rnd.Intn(4*size))
		if rnd.Intn(20) == 0 {
			s = sign() + "Inf"
		}
		mode := rnd.Intn(6)
		m.want[i].Interface().(*big.Float).SetPrec(prec).SetMode(big.RoundingMode(mode)).SetString(s)
		m.got[i].Interface().(*xbig.Float).SetPrec(prec).SetMode(xbig.RoundingMode(mode)).SetString(s)
	}
	ints.calls = []string{"Abs r", "Add r r", "And r r", "AndNot r r", "Append x tobase", "Binomial i i", "Bit i", "BitLen", "Bits", "Bytes",
		"Cmp r", "CmpAbs r", "Div r r", "DivMod r r o", "Divide r r o mode", "Exp r r r", "Float64", "GCD n n r r", "Int64", "IsInt64",
		"IsUint64", "Lsh r u", "MarshalJSON", "MarshalText", "Mod r r", "ModInverse r r", "Mul r r", "MulRange i i", "Neg r", "Not r", "Or r r",
		"ProbablyPrime i", "Quo r r", "QuoRem r r o", "Rand rnd r", "Rem r r", "Rsh r u", "Set r", "SetBit r i b", "SetBytes x", "SetInt64 I",
		"SetString s base", "SetUint64 U", "Sign", "Sqrt r", "String", "Sub r r", "Text tobase", "TrailingZeroBits", "Uint64", "UnmarshalText t",
		"UnmarshalJSON t", "Xor r r", "Add r r", "Sub r r", "Mul r r", "Quo r r", "DivMod r r o", "Exp r r r"}
	rats.calls = []string{"Abs r", "Add r r", "AppendText x", "Cmp r", "Denom", "Float32", "Float64", "FloatPrec", "FloatString d", "Inv r", "IsInt", "MarshalText",
		"Mul r r", "Neg r", "Num", "Quo r r", "RatString", "Set r", "SetFloat64 F", "SetFrac A A", "SetFrac64 I I", "SetInt A", "SetInt64 I", "SetString s",
		"SetUint64 U", "Sign", "String", "Sub r r", "UnmarshalText t"}
	floats.calls = []string{"Abs r", "Acc", "Add r r", "Append x fmt d", "AppendText x", "Cmp r", "Copy r", "Float32", "Float64", "Int A", "Int64", "IsInf", "IsInt",
		"MantExp n", "MarshalText", "MinPrec", "Mode", "Mul r r", "Neg r", "Parse s base", "Prec", "Quo r r", "Rat B", "Set r", "SetFloat64 F", "SetFloat64 f", "SetInf true",
		"SetInt A", "SetInt64 I", "SetMantExp r i", "SetMode mode", "SetPrec prec", "SetRat B", "SetString s", "SetUint64 U", "Sign", "Signbit", "Sqrt r",
		"String", "Sub r r", "Text fmt d", "Uint64", "UnmarshalText t", "Add r r", "Sub r r", "Mul r r", "Quo r r"}
	for round, size := range []int{16, 40, 200, 1000, 4000} {
		for _, m := range []*machine{ints, rats, floats} {
			for i := range registers {
				m.set(m, i, size)
			}
		}
		for range 12000 >> (2 * round) {
			ints.step(size)
			rats.step(size)
			floats.step(size)
		}
	}
	done()
}
