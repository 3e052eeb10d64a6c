package strconv

import "x/unicode/utf8"

const lowerhex = "0123456789abcdef"

func quoteWith(s string, quote byte, ASCIIonly, graphicOnly bool) string {
	return string(appendQuotedWith(make([]byte, 0, 3*len(s)/2), s, quote, ASCIIonly, graphicOnly))
}

func quoteRuneWith(r rune, quote byte, ASCIIonly, graphicOnly bool) string {
	return string(appendQuotedRuneWith(nil, r, quote, ASCIIonly, graphicOnly))
}

func appendQuotedWith(buf []byte, s string, quote byte, ascii, graphic bool) []byte {
	buf = append(buf, quote)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			buf = appendHex(append(buf, `\x`...), uint32(s[i]), 2)
		} else {
			buf = appendEscaped(buf, r, quote, ascii, graphic)
		}
		i += n
	}
	return append(buf, quote)
}

func appendQuotedRuneWith(buf []byte, r rune, quote byte, ascii, graphic bool) []byte {
	if !utf8.ValidRune(r) {
		r = utf8.RuneError
	}
	buf = append(buf, quote)
	buf = appendEscaped(buf, r, quote, ascii, graphic)
	return append(buf, quote)
}

// appendHex appends n hexadecimal digits of x.
func appendHex(buf []byte, x uint32, n int) []byte {
	for n > 0 {
		n--
		buf = append(buf, lowerhex[x>>uint(4*n)&15])
	}
	return buf
}

func appendEscaped(buf []byte, r rune, quote byte, ascii, graphic bool) []byte {
	if r == rune(quote) || r == '\\' {
		return append(buf, '\\', byte(r))
	}
	if r < utf8.RuneSelf || !ascii {
		if IsPrint(r) || graphic && graphicSpace(r) {
			return utf8.AppendRune(buf, r)
		}
	}
	if '\a' <= r && r <= '\r' {
		return append(buf, '\\', "abtnvfr"[r-'\a'])
	}
	switch {
	case r < ' ' || r == 0x7F:
		return appendHex(append(buf, `\x`...), uint32(r), 2)
	case r < 1<<16:
		return appendHex(append(buf, `\u`...), uint32(r), 4)
	}
	return appendHex(append(buf, `\U`...), uint32(r), 8)
}

// Quote returns s as a Go string literal.
func Quote(s string) string { return quoteWith(s, '"', false, false) }

// AppendQuote appends what Quote returns.
func AppendQuote(dst []byte, s string) []byte { return appendQuotedWith(dst, s, '"', false, false) }

// QuoteToASCII is Quote with escapes for all but ASCII.
func QuoteToASCII(s string) string { return quoteWith(s, '"', true, false) }

// AppendQuoteToASCII appends what QuoteToASCII returns.
func AppendQuoteToASCII(dst []byte, s string) []byte {
	return appendQuotedWith(dst, s, '"', true, false)
}

// QuoteToGraphic is Quote that leaves all graphic characters as they are.
func QuoteToGraphic(s string) string { return quoteWith(s, '"', false, true) }

// AppendQuoteToGraphic appends what QuoteToGraphic returns.
func AppendQuoteToGraphic(dst []byte, s string) []byte {
	return appendQuotedWith(dst, s, '"', false, true)
}

// QuoteRune returns r as a Go character literal.
func QuoteRune(r rune) string { return quoteRuneWith(r, '\'', false, false) }

// AppendQuoteRune appends what QuoteRune returns.
func AppendQuoteRune(dst []byte, r rune) []byte {
	return appendQuotedRuneWith(dst, r, '\'', false, false)
}

// QuoteRuneToASCII is QuoteRune with escapes for all but ASCII.
func QuoteRuneToASCII(r rune) string { return quoteRuneWith(r, '\'', true, false) }

// AppendQuoteRuneToASCII appends what QuoteRuneToASCII returns.
func AppendQuoteRuneToASCII(dst []byte, r rune) []byte {
	return appendQuotedRuneWith(dst, r, '\'', true, false)
}

// QuoteRuneToGraphic is QuoteRune that leaves all graphic characters as they are.
func QuoteRuneToGraphic(r rune) string { return quoteRuneWith(r, '\'', false, true) }

// AppendQuoteRuneToGraphic appends what QuoteRuneToGraphic returns.
func AppendQuoteRuneToGraphic(dst []byte, r rune) []byte {
	return appendQuotedRuneWith(dst, r, '\'', false, true)
}

// CanBackquote reports whether s can stand unchanged between backquotes on one line.
func CanBackquote(s string) bool {
	for _, r := range s {
		if r < ' ' && r != '\t' || r == '`' || r == 0x7F || r == '\uFEFF' {
			return false
		}
	}
	return utf8.ValidString(s)
}

// IsPrint reports whether r is printable: a letter, mark, number, punctuation,
// symbol, or the ASCII space.
func IsPrint(r rune) bool {
	switch {
	case r <= 0x7E:
		return r >= ' '
	case r < 0x100:
		return r > 0xA0 && r != 0xAD
	case r >= printEnd:
		return 0xE0100 <= r && r <= 0xE01EF
	}
	i, j := 0, len(printIndex)/2
	for i+1 < j {
		m := (i + j) / 2
		if printIndex[2*m] <= uint32(r) {
			i = m
		} else {
			j = m
		}
	}
	next, at := printIndex[2*i], int(printIndex[2*i+1])
	for printable := false; ; printable = !printable {
		shift := uint(0)
		for ; printRuns[at] >= 0x80; at++ {
			next += uint32(printRuns[at]&0x7F) << shift
			shift += 7
		}
		next += uint32(printRuns[at]) << shift
		at++
		if uint32(r) < next {
			return printable
		}
	}
}

// IsGraphic reports whether r is printable or a Unicode space.
func IsGraphic(r rune) bool { return IsPrint(r) || graphicSpace(r) }

// graphicSpace reports whether r is a space that IsPrint refuses.
func graphicSpace(r rune) bool {
	switch r {
	case 0xA0, 0x1680, 0x202F, 0x205F, 0x3000:
		return true
	}
	return 0x2000 <= r && r <= 0x200A
}
