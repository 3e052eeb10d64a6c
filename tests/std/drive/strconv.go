package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	x "x/strconv"
)

// reason describes an error: its text, and which of the two reasons it wraps.
func reason(err error, r, s error) string {
	if err == nil {
		return "nil"
	}
	return fmt.Sprint(err, errors.Is(err, r), errors.Is(err, s))
}

func parse(s string) {
	for _, base := range []int{0, 1, 2, 8, 10, 16, 36, 37} {
		for _, bits := range []int{0, 8, 16, 31, 32, 64, 65} {
			i, err := strconv.ParseInt(s, base, bits)
			I, ERR := x.ParseInt(s, base, bits)
			what := fmt.Sprintf("ParseInt(%q, %d, %d)", s, base, bits)
			check(what, i, I)
			check(what, reason(err, strconv.ErrRange, strconv.ErrSyntax), reason(ERR, x.ErrRange, x.ErrSyntax))
			u, err := strconv.ParseUint(s, base, bits)
			U, ERR := x.ParseUint(s, base, bits)
			what = fmt.Sprintf("ParseUint(%q, %d, %d)", s, base, bits)
			check(what, u, U)
			check(what, reason(err, strconv.ErrRange, strconv.ErrSyntax), reason(ERR, x.ErrRange, x.ErrSyntax))
		}
	}
	i, err := strconv.Atoi(s)
	I, ERR := x.Atoi(s)
	check(fmt.Sprintf("Atoi(%q)", s), i, I)
	check(fmt.Sprintf("Atoi(%q)", s), reason(err, strconv.ErrRange, strconv.ErrSyntax), reason(ERR, x.ErrRange, x.ErrSyntax))
	b, err := strconv.ParseBool(s)
	B, ERR := x.ParseBool(s)
	check(fmt.Sprintf("ParseBool(%q)", s), b, B)
	check(fmt.Sprintf("ParseBool(%q)", s), reason(err, strconv.ErrRange, strconv.ErrSyntax), reason(ERR, x.ErrRange, x.ErrSyntax))
}

func floats(s string) {
	for _, bits := range []int{32, 64} {
		f, err := strconv.ParseFloat(s, bits)
		F, ERR := x.ParseFloat(s, bits)
		what := fmt.Sprintf("ParseFloat(%q, %d)", s, bits)
		check(what, math.Float64bits(f), math.Float64bits(F))
		check(what, reason(err, strconv.ErrRange, strconv.ErrSyntax), reason(ERR, x.ErrRange, x.ErrSyntax))
		c, err := strconv.ParseComplex(s, 2*bits)
		C, ERR := x.ParseComplex(s, 2*bits)
		what = fmt.Sprintf("ParseComplex(%q, %d)", s, 2*bits)
		check(what, c, C)
		check(what, reason(err, strconv.ErrRange, strconv.ErrSyntax), reason(ERR, x.ErrRange, x.ErrSyntax))
	}
}

func quote(s string) {
	check(fmt.Sprintf("Quote(%x)", s), strconv.Quote(s), x.Quote(s))
	check(fmt.Sprintf("QuoteToASCII(%x)", s), strconv.QuoteToASCII(s), x.QuoteToASCII(s))
	check(fmt.Sprintf("QuoteToGraphic(%x)", s), strconv.QuoteToGraphic(s), x.QuoteToGraphic(s))
	check(fmt.Sprintf("CanBackquote(%x)", s), strconv.CanBackquote(s), x.CanBackquote(s))
	for _, q := range []string{s, `"` + s + `"`, "'" + s + "'", "`" + s + "`", strconv.Quote(s) + "x"} {
		u, err := strconv.Unquote(q)
		U, ERR := x.Unquote(q)
		check(fmt.Sprintf("Unquote(%q)", q), u, U)
		check(fmt.Sprintf("Unquote(%q)", q), err == nil, ERR == nil)
		u, err = strconv.QuotedPrefix(q)
		U, ERR = x.QuotedPrefix(q)
		check(fmt.Sprintf("QuotedPrefix(%q)", q), u, U)
		check(fmt.Sprintf("QuotedPrefix(%q)", q), err == nil, ERR == nil)
	}
	for _, q := range []byte{0, '"', '\''} {
		v, m, t, err := strconv.UnquoteChar(s, q)
		V, M, T, ERR := x.UnquoteChar(s, q)
		check(fmt.Sprintf("UnquoteChar(%q, %q)", s, q), fmt.Sprint(v, m, t, err), fmt.Sprint(V, M, T, ERR))
	}
}

func main() {
	for i := 0; i < 4000; i++ {
		n := int64(rnd.Uint64() >> rnd.Intn(64))
		if rnd.Intn(2) == 0 {
			n = -n
		}
		for base := 2; base <= 36; base += 1 + rnd.Intn(9) {
			what := fmt.Sprintf("FormatInt(%d, %d)", n, base)
			check(what, strconv.FormatInt(n, base), x.FormatInt(n, base))
			check(what, strconv.FormatUint(uint64(n), base), x.FormatUint(uint64(n), base))
			check(what, strconv.AppendInt(nil, n, base), x.AppendInt(nil, n, base))
			check(what, strconv.AppendUint(nil, uint64(n), base), x.AppendUint(nil, uint64(n), base))
		}
		check("Itoa", strconv.Itoa(int(n)), x.Itoa(int(n)))
		parse(strconv.FormatInt(n, 10))
	}
	for n := -130; n < 1200; n++ {
		check("Itoa", strconv.Itoa(n), x.Itoa(n))
	}
	for _, base := range []int{-1, 0, 1, 37} {
		check("FormatInt base", text(func() string { return strconv.FormatInt(200, base) }),
			text(func() string { return x.FormatInt(200, base) }))
	}
	digits := []string{"0", "1", "7", "8", "9", "f", "F", "x", "0x", "0b", "0o", "X", "_", "-", "+", "z", " ", "é", "true",
		"922337203685477580", "18446744073709551615", "127", "128", "255", "256", "t", "False"}
	for i := 0; i < 6000; i++ {
		parse(random(digits, 5))
	}
	parts := []string{"0", "1", "9", "12345678901234567890", ".", "e", "E", "p", "0x", "-", "+", "_", "inf", "Infinity",
		"nan", "i", "(", ")", "400", "a"}
	for i := 0; i < 40000; i++ {
		floats(random(parts, 7))
	}
	for i := 0; i < 3000; i++ {
		f := math.Float64frombits(rnd.Uint64())
		g := math.Float64frombits(rnd.Uint64())
		for _, fm := range []byte("eEfgGbxXq") {
			for _, prec := range []int{-1, 0, 1, 6, 40} {
				what := fmt.Sprintf("FormatFloat(%v, %q, %d)", f, fm, prec)
				check(what, strconv.FormatFloat(f, fm, prec, 64), x.FormatFloat(f, fm, prec, 64))
				check(what, strconv.FormatComplex(complex(f, g), fm, prec, 128), x.FormatComplex(complex(f, g), fm, prec, 128))
			}
		}
	}
	chars := []string{"a", "\\", "n", "x", "41", "u", "U", "0", "00e9", "7", "8", "'", "\"", "`", "\r", "\n", "\t", "é",
		"\u2028", "\xff", "\xe2\x82", "\U0010ffff", "\ufeff", "\ufffd", "\x00", "\x7f", "\u00a0", "\u3000", "d800", "377", "400"}
	for i := 0; i < 60000; i++ {
		quote(random(chars, 6))
	}
	for r := rune(-2); r < 0x110002; r++ {
		if strconv.IsPrint(r) != x.IsPrint(r) || strconv.IsGraphic(r) != x.IsGraphic(r) {
			check(fmt.Sprintf("IsPrint(%x)", r), strconv.IsPrint(r), x.IsPrint(r))
			check(fmt.Sprintf("IsGraphic(%x)", r), strconv.IsGraphic(r), x.IsGraphic(r))
		}
	}
	for _, r := range []rune{-1, 0, 'a', '\'', '"', 0x7f, 0xa0, 0xd800, 0xfffd, 0x10ffff, 0x110000, 'é', 0x2028} {
		check("QuoteRune", strconv.QuoteRune(r), x.QuoteRune(r))
		check("QuoteRuneToASCII", strconv.QuoteRuneToASCII(r), x.QuoteRuneToASCII(r))
		check("QuoteRuneToGraphic", strconv.QuoteRuneToGraphic(r), x.QuoteRuneToGraphic(r))
	}
	done()
}
