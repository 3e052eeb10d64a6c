package main

import (
	"fmt"
	"unicode"
	x "x/unicode"
)

func main() {
	for r := rune(-3); r <= unicode.MaxRune+3; r++ {
		w := [...]bool{unicode.IsControl(r), unicode.IsDigit(r), unicode.IsGraphic(r), unicode.IsLetter(r), unicode.IsLower(r), unicode.IsMark(r),
			unicode.IsNumber(r), unicode.IsPrint(r), unicode.IsPunct(r), unicode.IsSpace(r), unicode.IsSymbol(r), unicode.IsTitle(r), unicode.IsUpper(r)}
		g := [...]bool{x.IsControl(r), x.IsDigit(r), x.IsGraphic(r), x.IsLetter(r), x.IsLower(r), x.IsMark(r), x.IsNumber(r), x.IsPrint(r),
			x.IsPunct(r), x.IsSpace(r), x.IsSymbol(r), x.IsTitle(r), x.IsUpper(r)}
		checks++
		if w != g {
			check(fmt.Sprintf("Is(%U)", r), w, g)
		}
		c := [...]rune{unicode.ToUpper(r), unicode.ToLower(r), unicode.ToTitle(r), unicode.SimpleFold(r), unicode.To(3, r),
			unicode.TurkishCase.ToUpper(r), unicode.TurkishCase.ToLower(r), unicode.TurkishCase.ToTitle(r)}
		d := [...]rune{x.ToUpper(r), x.ToLower(r), x.ToTitle(r), x.SimpleFold(r), x.To(3, r), x.TurkishCase.ToUpper(r), x.TurkishCase.ToLower(r),
			x.TurkishCase.ToTitle(r)}
		if c != d {
			check(fmt.Sprintf("To(%U)", r), c, d)
		}
		t := [...]bool{unicode.Is(unicode.Han, r), unicode.Is(unicode.White_Space, r), unicode.In(r, unicode.Latin, unicode.Greek),
			unicode.Is(unicode.Co, r), unicode.Is(unicode.Space, r), unicode.Is(unicode.ASCII_Hex_Digit, r)}
		h := [...]bool{x.Is(x.Han, r), x.Is(x.White_Space, r), x.In(r, x.Latin, x.Greek), x.Is(x.Co, r), x.Is(x.Space, r), x.Is(x.ASCII_Hex_Digit, r)}
		if t != h {
			check(fmt.Sprintf("Is(table, %U)", r), t, h)
		}
	}
	done()
}
