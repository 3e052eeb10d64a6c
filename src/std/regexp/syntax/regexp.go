// Package syntax parses regular expressions.
package syntax

import (
	"slices"
	"strconv"
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

var opNames = [...]string{
	OpNoMatch:        "NoMatch",
	OpEmptyMatch:     "EmptyMatch",
	OpLiteral:        "Literal",
	OpCharClass:      "CharClass",
	OpAnyCharNotNL:   "AnyCharNotNL",
	OpAnyChar:        "AnyChar",
	OpBeginLine:      "BeginLine",
	OpEndLine:        "EndLine",
	OpBeginText:      "BeginText",
	OpEndText:        "EndText",
	OpWordBoundary:   "WordBoundary",
	OpNoWordBoundary: "NoWordBoundary",
	OpCapture:        "Capture",
	OpStar:           "Star",
	OpPlus:           "Plus",
	OpQuest:          "Quest",
	OpRepeat:         "Repeat",
	OpConcat:         "Concat",
	OpAlternate:      "Alternate",
	128:              "opPseudo", // Go's parser has it
}

func (i Op) String() string {
	if int(i) < len(opNames) && opNames[i] != "" {
		return opNames[i]
	}
	return "Op(" + strconv.FormatInt(int64(i), 10) + ")"
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
	if x.Op != y.Op {
		return false
	}
	flags := Flags(0) // that matter
	switch x.Op {
	case OpLiteral, OpCharClass:
		return (x.Flags^y.Flags)&FoldCase == 0 && slices.Equal(x.Rune, y.Rune)
	case OpConcat, OpAlternate:
		if len(x.Sub) != len(y.Sub) {
			return false
		}
		for i, sub := range x.Sub {
			if !sub.Equal(y.Sub[i]) {
				return false
			}
		}
		return true
	case OpEndText:
		return (x.Flags^y.Flags)&WasDollar == 0
	case OpCapture:
		if x.Cap != y.Cap || x.Name != y.Name {
			return false
		}
	case OpRepeat:
		if x.Min != y.Min || x.Max != y.Max {
			return false
		}
		flags = NonGreedy
	case OpStar, OpPlus, OpQuest:
		flags = NonGreedy
	default:
		return true
	}
	return (x.Flags^y.Flags)&flags == 0 && x.Sub[0].Equal(y.Sub[0])
}

// IsWordChar reports whether \b takes r for a letter of a word.
func IsWordChar(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_'
}

// Simplify returns an expression of the same meaning without counted repetitions;
// it may be re itself, or share parts with it.
func (re *Regexp) Simplify() *Regexp {
	if re == nil {
		return nil
	}
	switch re.Op {
	case OpCapture, OpConcat, OpAlternate:
		for i, sub := range re.Sub {
			if simple := sub.Simplify(); simple != sub {
				return re.simplified(i, simple)
			}
		}
	case OpStar, OpPlus, OpQuest:
		sub := re.Sub[0].Simplify()
		if sub == re.Sub[0] && sub.Op != OpEmptyMatch && !sameRepetition(sub, re.Op, re.Flags) {
			return re
		}
		return repeated(re.Op, re.Flags, sub)
	case OpRepeat:
		return re.unrolled()
	}
	return re
}

// simplified returns a copy whose part i is simple, as those before are, and the
// others are made so.
func (re *Regexp) simplified(i int, simple *Regexp) *Regexp {
	c := *re
	c.Rune = nil
	if len(re.Sub) == 1 {
		c.Sub0[0] = simple
		out := &c
		out.Sub = out.Sub0[:]
		return out
	}
	c.Sub = make([]*Regexp, len(re.Sub))
	copy(c.Sub, re.Sub[:i])
	c.Sub[i] = simple
	for i++; i < len(re.Sub); i++ {
		c.Sub[i] = re.Sub[i].Simplify()
	}
	return &c
}

func sameRepetition(sub *Regexp, op Op, flags Flags) bool {
	return sub.Op == op && (sub.Flags^flags)&NonGreedy == 0
}

// repeated returns op of sub, which is simple: what is repeated already stays, and
// so does the empty match.
func repeated(op Op, flags Flags, sub *Regexp) *Regexp {
	if sub.Op == OpEmptyMatch || sameRepetition(sub, op, flags) {
		return sub
	}
	re := &Regexp{Op: op, Flags: flags}
	re.Sub0[0] = sub
	re.Sub = re.Sub0[:]
	return re
}

// unrolled returns a counted repetition without counts: x{2,4} is xx(x(x)?)?, x{2,}
// is xx+.
func (re *Regexp) unrolled() *Regexp {
	if re.Min == 0 && re.Max == 0 {
		return &Regexp{Op: OpEmptyMatch}
	}
	x := re.Sub[0].Simplify()
	n := re.Min // how often x stands alone
	var tail *Regexp
	switch {
	case re.Max == -1 && re.Min == 0:
		return repeated(OpStar, re.Flags, x)
	case re.Max == -1:
		tail = repeated(OpPlus, re.Flags, x)
		if n--; n == 0 {
			return tail
		}
	case re.Min == 1 && re.Max == 1:
		return x
	case re.Max > re.Min:
		tail = repeated(OpQuest, re.Flags, x)
		for i := re.Min + 1; i < re.Max; i++ {
			both := &Regexp{Op: OpConcat, Sub: []*Regexp{x, tail}}
			tail = repeated(OpQuest, re.Flags, both)
		}
		if n <= 0 {
			return tail
		}
	case n <= 0:
		return &Regexp{Op: OpNoMatch}
	}
	all := &Regexp{Op: OpConcat}
	if tail == nil {
		all.Sub = make([]*Regexp, n)
	} else {
		all.Sub = make([]*Regexp, n+1)
		all.Sub[n] = tail
	}
	for i := range n {
		all.Sub[i] = x
	}
	return all
}
