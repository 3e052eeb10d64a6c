package main

import (
	"fmt"
	"unicode/utf8"
	x "x/unicode/utf8"
)

func one(s string) {
	b := []byte(s)
	r, n := utf8.DecodeRuneInString(s)
	R, N := x.DecodeRuneInString(s)
	check(fmt.Sprintf("DecodeRuneInString(%q)", s), [2]int{int(r), n}, [2]int{int(R), N})
	R, N = x.DecodeRune(b)
	check(fmt.Sprintf("DecodeRune(%q)", s), [2]int{int(r), n}, [2]int{int(R), N})
	r, n = utf8.DecodeLastRuneInString(s)
	R, N = x.DecodeLastRuneInString(s)
	check(fmt.Sprintf("DecodeLastRuneInString(%q)", s), [2]int{int(r), n}, [2]int{int(R), N})
	R, N = x.DecodeLastRune(b)
	check(fmt.Sprintf("DecodeLastRune(%q)", s), [2]int{int(r), n}, [2]int{int(R), N})
	check(fmt.Sprintf("FullRune(%q)", s), utf8.FullRune(b), x.FullRune(b))
	check(fmt.Sprintf("FullRuneInString(%q)", s), utf8.FullRuneInString(s), x.FullRuneInString(s))
	check(fmt.Sprintf("RuneCount(%q)", s), utf8.RuneCount(b), x.RuneCount(b))
	check(fmt.Sprintf("RuneCountInString(%q)", s), utf8.RuneCountInString(s), x.RuneCountInString(s))
	check(fmt.Sprintf("Valid(%q)", s), utf8.Valid(b), x.Valid(b))
	check(fmt.Sprintf("ValidString(%q)", s), utf8.ValidString(s), x.ValidString(s))
}

func main() {
	edge := []byte{0, 'a', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
		0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF}
	var rec func(s []byte)
	rec = func(s []byte) {
		one(string(s))
		if len(s) < 3 {
			for _, c := range edge {
				rec(append(s[:len(s):len(s)], c))
			}
		}
	}
	rec(nil)
	for i := 0; i < 20000; i++ {
		b := make([]byte, rnd.Intn(8))
		for j := range b {
			b[j] = edge[rnd.Intn(len(edge))]
		}
		one(string(b))
	}
	for r := rune(-3); r < 0x110010; r += 1 + rune(rnd.Intn(50)) {
		check(fmt.Sprintf("RuneLen(%x)", r), utf8.RuneLen(r), x.RuneLen(r))
		check(fmt.Sprintf("ValidRune(%x)", r), utf8.ValidRune(r), x.ValidRune(r))
		check(fmt.Sprintf("AppendRune(%x)", r), utf8.AppendRune(nil, r), x.AppendRune(nil, r))
		var p, q [4]byte
		check(fmt.Sprintf("EncodeRune(%x)", r), utf8.EncodeRune(p[:], r), x.EncodeRune(q[:], r))
		check(fmt.Sprintf("EncodeRune(%x)", r), p, q)
		one(string(r))
	}
	done()
}
