#!/usr/bin/env python3
"""Random calls of the library's functions: real Go and mgo must print the same.

usage: fuzz/randlib.py MGO [--count N] [--seed N] [--calls N] [--print]

Each program makes many calls of functions of fmt, strconv, strings, bytes, sort, slices, math, math/bits, math/cmplx,
unicode and utf8 with random arguments, and prints results and panics. Differences are reported by seed. Needs `go` on
the PATH or in $GO; set MGOROOT to try another library.
"""

import argparse
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

# What arguments are made of, by the letter that signatures below use.
TEXTS = ["", "a", "abc", "ABC", "a,b,,c", " x y  z ", "héllo", "日本語", "\\xff", "\\xe6\\x97", "\\x00", "0", "-17", "+3", "1e10", "0x1F", "1_000", "NaN", "inf", "1.5",
         "%d", "%", "aaaa", "\\n", "\\t\\r\\n", "Σσς", "ſK", "'", "\\\"", "`", "\\\\", "true", "9223372036854775808", "(1+2i)", "3.4e-400", ".", "😀"]
FLOATS = ["0.0", "math.Copysign(0, -1)", "1.0", "-1.0", "0.5", "1.0 / 3", "2.5", "1e10", "1e21", "1e300", "5e-324", "math.MaxFloat64", "math.Inf(1)", "math.Inf(-1)", "math.NaN()", "math.Pi", "-123.456", "0.1", "1e-5"]
INTS = ["0", "1", "-1", "7", "-8", "42", "255", "256", "65535", "1 << 31", "-1 << 63", "1<<63 - 1", "123456789"]
RUNES = ["'a'", "'Z'", "'é'", "'日'", "0x1F600", "-1", "0xd800", "0x10ffff", "0x110000", "0", "' '", "'ǅ'", "0x2028"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def text(self):
        r = self.r
        return '"' + "".join(r.choice(TEXTS) for _ in range(r.randrange(4))) + '"'

    def float(self):
        r = self.r
        if r.random() < 0.4:
            return f"math.Float64frombits({r.getrandbits(64):#x})"
        return r.choice(FLOATS) if r.random() < 0.6 else repr(r.uniform(-1, 1) * 10 ** r.randrange(-10, 20))

    def int(self):
        r = self.r
        return r.choice(INTS) if r.random() < 0.6 else str(r.getrandbits(r.randrange(1, 63)) * r.choice([1, -1]))

    def list(self, element, most=30):
        return "{" + ", ".join(element() for _ in range(self.r.randrange(most))) + "}"

    def arg(self, kind):
        r = self.r
        return {
            "s": lambda: self.text(),
            "b": lambda: f"[]byte({self.text()})",
            "S": lambda: "[]string" + self.list(self.text, 6),
            "f": lambda: self.float(),
            "i": lambda: f"int({self.int()})",
            "n": lambda: str(r.randrange(-2, 12)),
            "u": lambda: f"uint64({r.getrandbits(r.randrange(1, 65))})",
            "r": lambda: f"rune({r.choice(RUNES) if r.random() < 0.7 else r.randrange(0x3000)})",
            "c": lambda: f"complex({self.float()}, {self.float()})",
            "B": lambda: r.choice(["true", "false"]),
            "I": lambda: "[]int" + self.list(lambda: str(r.randrange(50))),
            "F": lambda: "[]float64" + self.list(self.float),
            "p": lambda: str(r.choice([-1, 0, 1, 2, 5, 17, 30])),
            "v": lambda: str(r.choice([2, 8, 10, 16, 36, 0, 3])),
            "z": lambda: r.choice(["0", "8", "16", "32", "64"]),
            "w": lambda: r.choice(["32", "64"]),
            "C": lambda: f"uint64({r.randrange(2)})",
            "e": lambda: f"byte('{r.choice('eEfgGbxX')}')",
            "y": lambda: f"byte({r.choice([97, 0, 255, 32, 44])})",
            "P": lambda: r.choice(["unicode.IsSpace", "unicode.IsUpper", "func(r rune) bool { return r == 'a' || r > 0x100 }"]),
            "M": lambda: r.choice(["unicode.ToUpper", "func(r rune) rune { return r + 1 }", "func(r rune) rune { if r == 'a' { return -1 }; return r }"]),
            "T": lambda: f'"{self.format()}"',
            "A": lambda: ", ".join(self.any() for _ in range(r.randrange(4))),
        }[kind]()

    def format(self):
        r = self.r
        out = ""
        for _ in range(r.randrange(1, 4)):
            out += r.choice(["", "x", "é", "%%"])
            out += "%" + "".join(r.choice("+-# 0") for _ in range(r.randrange(3))) + r.choice(["", "", "3", "10", "*"]) + r.choice(["", "", ".0", ".2", ".", ".*"])
            out += r.choice(["", "", "", "[1]", "[2]", "[9]"]) + r.choice("vvvdxXobcqUeEfgGtsTO!z")
        return out

    def any(self):
        r = self.r
        return r.choice([
            lambda: f"any({self.arg(r.choice('sbSfiurcBIF'))})",
            lambda: "any(nil)",
            lambda: f"any(int8({r.randrange(-128, 128)}))",
            lambda: f"any(uint8({r.randrange(256)}))",
            lambda: f"any(float32({r.choice(FLOATS[2:11])}))" if r.random() < 0.5 else "any(complex64(1 + 2i))",
            lambda: f"any(point{{{r.randrange(9)}, {self.text()}}})",
            lambda: f"any(&point{{{r.randrange(9)}, {self.text()}}})",
            lambda: f"any(map[string]int{{{self.text()}: {r.randrange(9)}}})",
            lambda: f"any([2]bool{{true}})",
            lambda: f"any(named({r.randrange(-5, 5)}))",
            lambda: f"any(errors.New({self.text()}))",
            lambda: f"any([]any{{{self.arg('i')}, nil, {self.text()}}})",
            lambda: f"any(struct{{ a *int; e error }}{{}})",
        ])()


CALLS = """
fmt.Sprintf TA; fmt.Sprint A; fmt.Sprintln A
strconv.Itoa i; strconv.Atoi s; strconv.ParseInt svz; strconv.ParseUint svz; strconv.ParseFloat sw; strconv.ParseBool s
strconv.FormatInt iv; strconv.FormatFloat fepw; strconv.Quote s; strconv.QuoteToASCII s; strconv.Unquote s; strconv.QuoteRune r
strconv.QuoteToGraphic s; strconv.QuotedPrefix s; strconv.CanBackquote s; strconv.IsPrint r; strconv.ParseComplex sw
strings.Contains ss; strings.Index ss; strings.LastIndex ss; strings.Split ss; strings.SplitN ssn; strings.SplitAfter ss; strings.Fields s
strings.Replace sssn; strings.ReplaceAll sss; strings.ToUpper s; strings.ToLower s; strings.Title s; strings.Trim ss; strings.TrimSpace s
strings.TrimLeft ss; strings.TrimRight ss; strings.EqualFold ss; strings.Repeat sn; strings.Join Ss; strings.Count ss; strings.IndexAny ss
strings.LastIndexAny ss; strings.IndexRune sr; strings.IndexByte sy; strings.Map Ms; strings.FieldsFunc sP; strings.IndexFunc sP
strings.TrimFunc sP; strings.ToValidUTF8 ss; strings.Cut ss; strings.CutPrefix ss; strings.Compare ss; strings.ToTitle s; strings.LastIndexFunc sP
bytes.Contains bb; bytes.Index bb; bytes.Split bb; bytes.Fields b; bytes.ToUpper b; bytes.Trim bs; bytes.EqualFold bb; bytes.Count bb
bytes.ReplaceAll bbb; bytes.Runes b; bytes.Map Mb; bytes.Compare bb; bytes.TrimSpace b; bytes.Title b; bytes.LastIndex bb
math.Sqrt f; math.Floor f; math.Ceil f; math.Trunc f; math.Round f; math.RoundToEven f; math.Sin f; math.Cos f; math.Tan f; math.Exp f
math.Log f; math.Log2 f; math.Log10 f; math.Log1p f; math.Exp2 f; math.Expm1 f; math.Pow ff; math.Mod ff; math.Atan2 ff; math.Hypot ff
math.Cbrt f; math.Gamma f; math.Erf f; math.J0 f; math.Y1 f; math.Lgamma f; math.FMA fff; math.Max ff; math.Min ff; math.Remainder ff
math.Frexp f; math.Modf f; math.Ldexp fn; math.Sinh f; math.Asin f; math.Acos f; math.Atan f; math.Abs f; math.Copysign ff; math.Nextafter ff
bits.LeadingZeros64 u; bits.TrailingZeros64 u; bits.OnesCount64 u; bits.RotateLeft64 un; bits.Reverse64 u; bits.ReverseBytes64 u; bits.Len64 u
bits.Mul64 uu; bits.Add64 uuC; bits.Sub64 uuC; bits.Div64 uuu
cmplx.Sqrt c; cmplx.Exp c; cmplx.Log c; cmplx.Sin c; cmplx.Tan c; cmplx.Asin c; cmplx.Abs c; cmplx.Pow cc
unicode.ToUpper r; unicode.ToLower r; unicode.SimpleFold r; unicode.IsLetter r; unicode.IsPrint r; unicode.IsSpace r; unicode.IsPunct r
utf8.RuneCountInString s; utf8.ValidString s; utf8.DecodeRuneInString s; utf8.DecodeLastRuneInString s; utf8.RuneLen r; utf8.AppendRune br
sorted I; sortedFloats F; sortedTexts S; stable I; slices.Max I; slices.Index Ii; slices.Reverse1 I; path.Clean s; path.Match ss; filepath.Rel ss
""".replace("\n", ";")
CALLS = [c.split() for c in CALLS.split(";") if c.strip() and "Reverse1" not in c]

HEAD = """package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/cmplx"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type point struct {
	X int
	S string
}

type named int

func (n named) String() string { return "named" + strconv.Itoa(int(n)) }

func sorted(a []int) []int                { sort.Ints(a); return a }
func sortedFloats(a []float64) []float64  { sort.Float64s(a); return a }
func sortedTexts(a []string) []string     { sort.Strings(a); return a }
func stable(a []int) []int {
	sort.SliceStable(a, func(i, j int) bool { return a[i]%7 < a[j]%7 })
	return a
}

var _ = []any{bytes.Equal, errors.New, math.Abs, bits.Len, cmplx.Abs, path.Clean, filepath.Clean, slices.Contains[[]int], sort.Ints, strconv.Itoa, strings.Contains, unicode.IsLetter, utf8.RuneLen}

func show(i int, f func() []any) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Printf("%d panic: %v\\n", i, e)
		}
	}()
	fmt.Printf("%d", i)
	for _, x := range f() {
		fmt.Printf(" %#v", x)
		if e, ok := x.(error); ok {
			fmt.Printf(" %v", e)
		}
	}
	fmt.Println()
}

func list(x ...any) []any { return x }

func main() {
"""


def program(seed, calls):
    m = Maker(seed)
    out = [HEAD]
    for i in range(calls):
        name, kinds = m.r.choice(CALLS)
        args = [a for a in (m.arg(k) for k in kinds) if a]
        # Arguments are variables, so that neither compiler computes the call.
        names = []
        for j, (a, k) in enumerate(zip(args, kinds)):
            if k == "A" or name.startswith("fmt.") and k != "T":
                names.append(a)
            else:
                typed = {"n": f"int({a})", "p": f"int({a})", "v": f"int({a})", "z": f"int({a})", "w": f"int({a})", "P": a, "M": a}.get(k, a)
                if name == "strconv.FormatInt" and k == "i":
                    typed = f"int64({a})"
                out.append(f"\tv{i}_{j} := {typed}\n")
                names.append(f"v{i}_{j}")
        call = f"{name}({', '.join(names)})"
        # Pointers in results would differ.
        plain = "errors.New" in call and "fmt." in call and ("%#v" in call or "#" in call)
        if "&point" in call and "%" in call and "p" in call or plain:
            out.append("".join(f"\t_ = {n}\n" for n in names if n.startswith("v")))
            continue
        error_results = name in ("strconv.Atoi",) or name.startswith(("strconv.Parse", "strconv.Unq", "strconv.QuotedP", "path.Match", "filepath.Rel"))
        if error_results:
            out.append(f"\tshow({i}, func() []any {{ a, err := {call}; return list(a, fmt.Sprint(err)) }})\n")
        else:
            out.append(f"\tshow({i}, func() []any {{ return list({call}) }})\n")
    out.append("}\n")
    return "".join(out)


def run(command, directory, env=None):
    r = subprocess.run(command, cwd=directory, env=env, capture_output=True, timeout=120)
    return r.returncode, r.stdout + r.stderr


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("mgo")
    p.add_argument("--count", type=int, default=10)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--calls", type=int, default=600)
    p.add_argument("--print", action="store_true", help="print the program of the seed")
    opt = p.parse_args()
    if opt.print:
        print(program(opt.seed, opt.calls))
        return 0
    go = os.environ.get("GO") or shutil.which("go") or "go"
    mgo = str(pathlib.Path(opt.mgo).resolve())
    bad = 0
    with tempfile.TemporaryDirectory(prefix="randlib-") as tmp:
        for seed in range(opt.seed, opt.seed + opt.count):
            text = program(seed, opt.calls)
            (pathlib.Path(tmp) / "x.go").write_text(text)
            code, out = run([go, "build", "-o", "x", "x.go"], tmp, dict(os.environ, GO111MODULE="off"))
            if code:
                print(f"seed {seed}: real Go refuses the program: {out.decode(errors='replace')[:600]}")
                bad += 1
                continue
            want = run(["./x"], tmp)
            got = run([mgo, "run", "x.go"], tmp)
            if want == got:
                continue
            bad += 1
            a, b = want[1].split(b"\n"), got[1].split(b"\n")
            print(f"seed {seed}: differs")
            for x, y in zip(a, b):
                if x != y:
                    print("  go  ", x[:300])
                    print("  mgo ", y[:300])
                    number = x.split(b" ")[0].decode()
                    for l in text.split("\n"):
                        if l.startswith((f"\tv{number}_", f"\tshow({number},")):
                            print("     ", l.strip()[:300])
                    break
            else:
                print("  lengths or exit status differ", want[0], got[0], got[1][-300:])
    print(f"{opt.count} programs, {bad} differ")
    return 1 if bad else 0


sys.exit(main())
