// Package syntax parses regular expressions.
package syntax

import (
	"x/strconv"
	"x/strings"
	"x/unicode"
)

// Flags say how an expression is parsed.
type Flags uint16

const (
	FoldCase      Flags = 1 << iota // letters match in either case
	Literal                         // the expression is plain text
	ClassNL                         // [^a] and \D match newlines
	DotNL                           // . matches newlines
	OneLine                         // ^ and $ match at the text's ends only
	NonGreedy                       // repetitions prefer less
	PerlX                           // Perl's extensions
	UnicodeGroups                   // \p{Greek}
	WasDollar                       // OpEndText was $, not \z
	Simple                          // has no counted repetitions

	MatchNL       = ClassNL | DotNL
	Perl          = ClassNL | OneLine | PerlX | UnicodeGroups
	POSIX   Flags = 0
)

// An ErrorCode says what is wrong with an expression.
type ErrorCode string

const (
	ErrInternalError         ErrorCode = "regexp/syntax: internal error"
	ErrInvalidCharClass      ErrorCode = "invalid character class"
	ErrInvalidCharRange      ErrorCode = "invalid character class range"
	ErrInvalidEscape         ErrorCode = "invalid escape sequence"
	ErrInvalidNamedCapture   ErrorCode = "invalid named capture"
	ErrInvalidPerlOp         ErrorCode = "invalid or unsupported Perl syntax"
	ErrInvalidRepeatOp       ErrorCode = "invalid nested repetition operator"
	ErrInvalidRepeatSize     ErrorCode = "invalid repeat count"
	ErrInvalidUTF8           ErrorCode = "invalid UTF-8"
	ErrMissingBracket        ErrorCode = "missing closing ]"
	ErrMissingParen          ErrorCode = "missing closing )"
	ErrMissingRepeatArgument ErrorCode = "missing argument to repetition operator"
	ErrTrailingBackslash     ErrorCode = "trailing backslash at end of expression"
	ErrUnexpectedParen       ErrorCode = "unexpected )"
	ErrNestingDepth          ErrorCode = "expression nests too deeply"
	ErrLarge                 ErrorCode = "expression too large"
)

func (e ErrorCode) String() string { return string(e) }

// An Error is what is wrong with an expression, and where.
type Error struct {
	Code ErrorCode
	Expr string
}

func (e *Error) Error() string {
	return "error parsing regexp: " + e.Code.String() + ": `" + e.Expr + "`"
}

// An Op is what a Regexp does.
type Op uint8

const (
	OpNoMatch        Op = 1 + iota // nothing
	OpEmptyMatch                   // the empty text
	OpLiteral                      // the runes Rune
	OpCharClass                    // a rune in the pairs of bounds Rune
	OpAnyCharNotNL                 // any but a newline
	OpAnyChar                      // any
	OpBeginLine                    // the empty text at a line's beginning
	OpEndLine                      // at a line's end
	OpBeginText                    // at the text's beginning
	OpEndText                      // at the text's end
	OpWordBoundary                 // between a word and others
	OpNoWordBoundary               // elsewhere
	OpCapture                      // Sub[0], which is group Cap
	OpStar                         // Sub[0], any number of times
	OpPlus                         // at least once
	OpQuest                        // at most once
	OpRepeat                       // Min to Max times, Max -1: without limit
	OpConcat                       // all Subs in order
	OpAlternate                    // one of the Subs
)

const opNames = "NoMatch EmptyMatch Literal CharClass AnyCharNotNL AnyChar BeginLine EndLine BeginText EndText " +
	"WordBoundary NoWordBoundary Capture Star Plus Quest Repeat Concat Alternate "

func (i Op) String() string {
	n, start := Op(1), 0
	for j := 0; j < len(opNames); j++ {
		if opNames[j] == ' ' {
			if n == i {
				return opNames[start:j]
			}
			n++
			start = j + 1
		}
	}
	return "Op(" + strconv.Itoa(int(i)) + ")"
}

// A Regexp is a node of a parsed expression.
type Regexp struct {
	Op       Op
	Flags    Flags
	Sub      []*Regexp
	Sub0     [1]*Regexp // room for short Subs
	Rune     []rune
	Rune0    [2]rune // room for short Runes
	Min, Max int
	Cap      int
	Name     string
}

// MaxCap returns the number of the last group.
func (re *Regexp) MaxCap() int {
	m := 0
	if re.Op == OpCapture {
		m = re.Cap
	}
	for _, sub := range re.Sub {
		m = max(m, sub.MaxCap())
	}
	return m
}

// CapNames returns the names of the groups; 0 is the whole expression.
func (re *Regexp) CapNames() []string {
	names := make([]string, re.MaxCap()+1)
	re.capNames(names)
	return names
}

func (re *Regexp) capNames(names []string) {
	if re.Op == OpCapture {
		names[re.Cap] = re.Name
	}
	for _, sub := range re.Sub {
		sub.capNames(names)
	}
}

// Equal reports whether two expressions are the same.
func (x *Regexp) Equal(y *Regexp) bool {
	if x == nil || y == nil {
		return x == y
	}
	if x.Op != y.Op || len(x.Sub) != len(y.Sub) || string(x.Rune) != string(y.Rune) ||
		x.Min != y.Min || x.Max != y.Max || x.Cap != y.Cap || x.Name != y.Name {
		return false
	}
	for i := range x.Sub {
		if !x.Sub[i].Equal(y.Sub[i]) {
			return false
		}
	}
	return (x.Flags^y.Flags)&(FoldCase|NonGreedy|WasDollar) == 0
}

// Simplify returns an expression of the same meaning without counted repetitions.
func (re *Regexp) Simplify() *Regexp {
	if re == nil {
		return nil
	}
	subs := make([]*Regexp, len(re.Sub))
	for i, sub := range re.Sub {
		subs[i] = sub.Simplify()
	}
	out := *re
	out.Sub = subs
	if re.Op != OpRepeat {
		return &out
	}
	x := subs[0]
	one := func(op Op) *Regexp { return &Regexp{Op: op, Flags: re.Flags, Sub: []*Regexp{x}} }
	switch {
	case re.Min == 0 && re.Max == 0:
		return &Regexp{Op: OpEmptyMatch}
	case re.Max == -1 && re.Min == 0:
		return one(OpStar)
	case re.Max == -1 && re.Min == 1:
		return one(OpPlus)
	case re.Min == 1 && re.Max == 1:
		return x
	}
	all := &Regexp{Op: OpConcat}
	for i := 0; i < re.Min; i++ {
		all.Sub = append(all.Sub, x)
	}
	if re.Max == -1 {
		all.Sub[re.Min-1] = one(OpPlus)
		return all
	}
	// The optional ones are nested: each only if those before it are there.
	if re.Max > re.Min {
		tail := one(OpQuest)
		for i := re.Min + 1; i < re.Max; i++ {
			tail = &Regexp{Op: OpQuest, Flags: re.Flags, Sub: []*Regexp{{Op: OpConcat, Sub: []*Regexp{x, tail}}}}
		}
		all.Sub = append(all.Sub, tail)
	}
	if len(all.Sub) == 1 {
		return all.Sub[0]
	}
	return all
}

// IsWordChar reports whether \b takes r for a letter of a word.
func IsWordChar(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_'
}

// String returns an expression that parses to re.
func (re *Regexp) String() string {
	var b strings.Builder
	re.write(&b, 0)
	return b.String()
}

// Precedence of what is around.
const (
	inAlternate = iota
	inConcat
	inRepeat
)

func (re *Regexp) write(b *strings.Builder, around int) {
	group := func(need bool, f func()) {
		if need {
			b.WriteString("(?:")
			f()
			b.WriteString(")")
		} else {
			f()
		}
	}
	switch re.Op {
	case OpNoMatch:
		b.WriteString(`[^\x00-\x{10FFFF}]`)
	case OpEmptyMatch:
		b.WriteString(`(?:)`)
	case OpLiteral:
		fold := re.Flags&FoldCase != 0
		group(!fold && around == inRepeat && len(re.Rune) > 1, func() {
			if fold {
				b.WriteString("(?i:")
			}
			for _, r := range re.Rune {
				escape(b, r, false)
			}
			if fold {
				b.WriteString(")")
			}
		})
	case OpCharClass:
		writeClass(b, re.Rune)
	case OpAnyCharNotNL:
		b.WriteString("(?-s:.)")
	case OpAnyChar:
		b.WriteString("(?s:.)")
	case OpBeginLine:
		b.WriteString("(?m:^)")
	case OpEndLine:
		b.WriteString("(?m:$)")
	case OpBeginText:
		b.WriteString(`\A`)
	case OpEndText:
		if re.Flags&WasDollar != 0 {
			b.WriteString("(?-m:$)")
		} else {
			b.WriteString(`\z`)
		}
	case OpWordBoundary:
		b.WriteString(`\b`)
	case OpNoWordBoundary:
		b.WriteString(`\B`)
	case OpCapture:
		b.WriteString("(")
		if re.Name != "" {
			b.WriteString("?P<" + re.Name + ">")
		}
		if re.Sub[0].Op != OpEmptyMatch {
			re.Sub[0].write(b, inAlternate)
		}
		b.WriteString(")")
	case OpStar, OpPlus, OpQuest, OpRepeat:
		sub := re.Sub[0]
		group(around == inRepeat, func() {
			sub.write(b, inRepeat)
			switch re.Op {
			case OpStar:
				b.WriteString("*")
			case OpPlus:
				b.WriteString("+")
			case OpQuest:
				b.WriteString("?")
			case OpRepeat:
				b.WriteString("{" + strconv.Itoa(re.Min))
				if re.Max != re.Min {
					b.WriteString(",")
					if re.Max >= 0 {
						b.WriteString(strconv.Itoa(re.Max))
					}
				}
				b.WriteString("}")
			}
			if re.Flags&NonGreedy != 0 {
				b.WriteString("?")
			}
		})
	case OpConcat:
		group(around == inRepeat, func() {
			for _, sub := range re.Sub {
				sub.write(b, inConcat)
			}
		})
	case OpAlternate:
		group(around != inAlternate, func() {
			for i, sub := range re.Sub {
				if i > 0 {
					b.WriteString("|")
				}
				sub.write(b, inAlternate)
			}
		})
	}
}

func writeClass(b *strings.Builder, bounds []rune) {
	if len(bounds) == 0 {
		b.WriteString(`[^\x00-\x{10FFFF}]`)
		return
	}
	b.WriteString("[")
	if bounds[0] == 0 && bounds[len(bounds)-1] == unicode.MaxRune && len(bounds) > 2 {
		b.WriteString("^")
		bounds = negate(bounds)
	}
	for i := 0; i < len(bounds); i += 2 {
		escape(b, bounds[i], true)
		if bounds[i+1] != bounds[i] {
			if bounds[i+1] > bounds[i]+1 {
				b.WriteString("-")
			}
			escape(b, bounds[i+1], true)
		}
	}
	b.WriteString("]")
}

const meta = `\.+*?()|[]{}^$`

func escape(b *strings.Builder, r rune, class bool) {
	if unicode.IsPrint(r) {
		if strings.ContainsRune(meta, r) || class && r == '-' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		return
	}
	switch r {
	case '\a':
		b.WriteString(`\a`)
	case '\f':
		b.WriteString(`\f`)
	case '\n':
		b.WriteString(`\n`)
	case '\r':
		b.WriteString(`\r`)
	case '\t':
		b.WriteString(`\t`)
	case '\v':
		b.WriteString(`\v`)
	default:
		s := strconv.FormatInt(int64(r), 16)
		if r < 0x100 {
			b.WriteString(`\x` + "00"[len(s):] + s)
		} else {
			b.WriteString(`\x{` + s + `}`)
		}
	}
}
