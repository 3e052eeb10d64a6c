#!/usr/bin/env python3
"""Random programs full of pointers into moving stacks, compared with real Go and under stress.

Usage: fuzz/randprog.py [--mgo PATH] [--go PATH] [--count 1000] [--seed 1] [--batch 100] [--debug SETTINGS …]

Every program is a handful of functions that pass pointers to locals down, store them in outer frames, keep
them in arrays and structs, capture variables in closures, in loops and recursion, and print checksums.
`--batch` of them go into one file, so that compiling is not what takes the time. Each file runs under real
Go and under mgo, once plainly and once for each --debug (default: stackstress=1, and heapcheck=1 with small
stacks). A difference is kept in --keep and reported; exit status 1 then.
"""
import random
import sys

from batches import arguments, compare

INTS = ["int", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]
BASE = INTS + ["bool", "string", "float64"]
KINDS = BASE + ["*int", "*S", "S", "[]int", "[4]*int", "[3]S", "func(int) int", "*[4]*int", "[]*int", "*string", "**int",
                "any", "[]S", "*uint8", "*float64", "L", "[]string", "Big", "*Big"]
PRELUDE = """package main

import "fmt"

type S struct {
	a int
	p *int
	arr [3]int
	q *S
	f func(int) int
}

type L interface{ Sum(int) int }

type Big struct {
	name string
	xs   [6]int
	ps   [2]*int
	any  any
	sub  S
}

func (s S) Get() int { return s.a + s.arr[1] }

func (s *S) Sum(x int) int {
	s.a += x
	t := s.a
	if s.p != nil {
		*s.p ^= x
		t += *s.p
	}
	return t
}

func (b Big) Sum(x int) int { return b.xs[x&3] + len(b.name) + b.sub.a }

var fuel, zero int
var hash uint64

func mix(x int) { hash = hash*1099511628211 + uint64(x) }

func spin(n int, p *int) int {
	var pad [16]int
	pad[n&15] = n
	if n <= 0 {
		*p += 1
		return *p
	}
	r := spin(n-1, p)
	return r + pad[(n+1)&15]
}

func anyInt(v any) int {
	switch x := v.(type) {
	case int:
		return x
	case string:
		return len(x)
	case *int:
		return *x
	case S:
		return x.a
	case *S:
		return x.a + 1
	case uint8:
		return int(x) + 3
	case float64:
		return int(x)
	}
	return -1
}
"""


class Func:
    def __init__(self, name, params, result):
        self.name, self.params, self.result = name, params, result


class Gen:
    """One program: functions named with a prefix of its own."""

    def __init__(self, rng, prefix):
        self.r, self.prefix, self.out, self.n, self.funcs = rng, prefix, [], 0, []
        self.depth = 0
        self.loops = 0

    def fresh(self, base="v"):
        self.n += 1
        return f"{base}{self.n}"

    def vars_of(self, scope, kind):
        return [v for v, k in scope if k == kind]

    def emit(self, indent, text):
        self.out.append("\t" * indent + text)

    # ---- expressions

    def expr(self, scope, kind, d=0):
        r = self.r
        have = self.vars_of(scope, kind)
        if have and (d > 3 or r.random() < 0.45):
            return r.choice(have)
        options = [lambda: self.leaf(scope, kind, d)]
        if d < 3:
            options += [lambda: self.compound(scope, kind, d)] * 3
            calls = [f for f in self.funcs if f.result == kind]
            if calls:
                options.append(lambda: self.call(scope, r.choice(calls), d))
        return r.choice(options)()

    def call(self, scope, f, d):
        return f"{f.name}({', '.join(['d-1'] + [self.expr(scope, k, d + 1) for k in f.params])})"

    def leaf(self, scope, kind, d):
        r = self.r
        if kind == "int":
            n = r.choice([0, 1, 2, 3, 7, 255, 1000003, r.randrange(1 << 20)])
            return f"(zero + {n})" if d else str(n)
        if kind in INTS:
            bits = int("".join(c for c in kind if c.isdigit()) or 64)
            top = 1 << (bits - (0 if kind[0] == "u" else 1))
            return f"({kind}(zero) + {r.randrange(min(top, 1 << 30))})"
        if kind == "bool":
            return r.choice(["true", "false"])
        if kind == "string":
            return r.choice(['"a"', '"xyz"', '"héllo"', '""', '"0123456789abcdef"'])
        if kind == "float64":
            return "(float64(zero) + " + r.choice(["0.5", "2.0", "-3.25", "100.0"]) + ")"
        if kind in ("*int", "*uint8", "*float64", "*string", "*S", "*Big"):
            inner = kind[1:]
            have = self.addressable(scope, inner)
            if have and r.random() < 0.8:
                return "(&" + r.choice(have) + ")"
            if inner == "S":
                return "(&" + self.leaf(scope, "S", d + 1) + ")"
            if inner == "Big":
                return "(&Big{})"
            return f"new({inner})"
        if kind == "**int":
            have = self.addressable(scope, "*int")
            return f"(&{r.choice(have)})" if have else "ptrptr()"
        if kind == "*[4]*int":
            have = self.vars_of(scope, "[4]*int")
            return f"(&{r.choice(have)})" if have else f"(&{self.leaf(scope, '[4]*int', d)})"
        if kind == "S":
            return f"S{{a: {self.expr(scope, 'int', d + 2)}, p: {self.expr(scope, '*int', d + 2)}}}"
        if kind == "[3]S":
            return f"[3]S{{1: {self.expr(scope, 'S', d + 2)}}}"
        if kind == "[]int":
            return r.choice([f"[]int{{1, {self.expr(scope, 'int', d + 2)}, 3}}", "make([]int, 4)", "make([]int, 2, 9)"])
        if kind == "[]S":
            return f"[]S{{{self.expr(scope, 'S', d + 2)}, {{}}}}"
        if kind == "[]string":
            return f"[]string{{{self.expr(scope, 'string', d + 2)}, \"q\"}}"
        if kind == "[]*int":
            return f"[]*int{{{self.expr(scope, '*int', d + 2)}, {self.expr(scope, '*int', d + 2)}}}"
        if kind == "[4]*int":
            return "[4]*int{" + ", ".join(self.expr(scope, "*int", d + 2) for _ in range(4)) + "}"
        if kind == "func(int) int":
            return self.closure(scope, d)
        if kind == "any":
            return f"any({self.expr(scope, r.choice(['int', 'string', '*int', 'S', '*S', 'uint8', 'float64']), d + 2)})"
        if kind == "L":
            return f"L({self.expr(scope, r.choice(['*S', 'Big']), d + 2)})"
        if kind == "Big":
            return f"Big{{name: {self.expr(scope, 'string', d + 2)}, sub: {self.expr(scope, 'S', d + 2)}}}"
        raise AssertionError(kind)

    def addressable(self, scope, kind):
        """Places of a kind whose address can be taken."""
        places = [v for v, k in scope if k == kind]
        if kind == "int":
            places += [f"{v}.a" for v, k in scope if k in ("S", "*S")]
            places += [f"{v}.arr[{self.r.randrange(3)}]" for v, k in scope if k in ("S", "*S")]
            places += [f"{v}[{self.r.randrange(2)}]" for v, k in scope if k == "[]int" and 0]
            places += [f"{v}[{self.r.randrange(3)}].a" for v, k in scope if k == "[3]S"]
            places += [f"{v}.xs[{self.r.randrange(6)}]" for v, k in scope if k in ("Big", "*Big")]
        if kind == "S":
            places += [f"{v}[{self.r.randrange(3)}]" for v, k in scope if k == "[3]S"]
            places += [f"{v}.sub" for v, k in scope if k in ("Big", "*Big")]
        if kind == "*int":
            places += [f"{v}[{self.r.randrange(4)}]" for v, k in scope if k == "[4]*int"]
        return places

    def closure(self, scope, d):
        self.emitted_in_expr = True
        x = self.fresh("x")
        inner = scope + [(x, "int")]
        body = self.expr(inner, "int", max(d, 2))
        writable = [v for v, k in scope if k == "int"]
        if writable and self.r.random() < 0.5:
            v = self.r.choice(writable)
            return f"func({x} int) int {{ {v} += {x}; return {body} + {x} }}"
        return f"func({x} int) int {{ return {body} ^ {x} }}"

    def compound(self, scope, kind, d):
        r, e = self.r, lambda k: self.expr(scope, k, d + 1)
        if kind == "int":
            return r.choice([
                lambda: f"({e('int')} {r.choice('+-*^&|')} {e('int')})",
                lambda: f"({e('int')} {r.choice(['<<', '>>'])} ({e('uint8')} & 31))",
                lambda: f"({e('int')} {r.choice('/%')} ({e('int')} | 1))",
                lambda: f"*{e('*int')}" if self.vars_of(scope, "*int") else e("int"),
                lambda: f"**{r.choice(self.vars_of(scope, '**int'))}" if self.vars_of(scope, "**int") else e("int"),
                lambda: f"int({e(r.choice(INTS[1:]))})",
                lambda: f"len({e('string')})",
                lambda: f"at({e('[]int')}, {e('int')})",
                lambda: f"{e('S')}.Get()",
                lambda: f"{r.choice(self.vars_of(scope, '*S') or ['(&S{a: 4})'])}.Sum({e('int')})",
                lambda: f"{e('L')}.Sum({e('int')})",
                lambda: f"anyInt({e('any')})",
                lambda: f"apply({e('func(int) int')}, {e('int')})",
                lambda: f"spin({e('int')} & 15, {e('*int')})",
                lambda: f"*{r.choice(self.vars_of(scope, '[4]*int'))}[{r.randrange(4)}]" if self.vars_of(scope, "[4]*int") else e("int"),
                lambda: f"min({e('int')}, {e('int')})",
                lambda: f"int({e('float64')} * 4)",
                lambda: f"sumall({e('[]int')}...)",
                lambda: f"sumall({e('int')}, {e('int')})",
            ])()
        if kind in INTS:
            return r.choice([
                lambda: f"({e(kind)} {r.choice('+-*^&|')} {e(kind)})",
                lambda: f"{kind}({e('int')})",
                lambda: f"({e(kind)} >> ({e('uint8')} & 7))",
                lambda: f"({e(kind)} / ({e(kind)} | 1))",
            ])()
        if kind == "bool":
            return r.choice([
                lambda: f"({e('int')} {r.choice(['<', '<=', '==', '!=', '>', '>='])} {e('int')})",
                lambda: f"({e('string')} {r.choice(['<', '==', '!='])} {e('string')})",
                lambda: f"({e('bool')} {r.choice(['&&', '||'])} {e('bool')})",
                lambda: f"!{e('bool')}",
                lambda: f"({e('*int')} == {e('*int')})",
                lambda: f"({e('any')} == {e('any')})",
                lambda: f"({e('uint64')} < {e('uint64')})",
            ])()
        if kind == "string":
            return r.choice([
                lambda: f"cut({e('string')} + {e('string')})",
                lambda: f"string(rune({e('int')} & 1023))",
                lambda: f"cut({e('string')} + {e('string')} + \"-\")",
                lambda: f"string([]byte({e('string')}))",
            ])()
        if kind == "float64":
            return r.choice([
                lambda: f"({e('float64')} {r.choice('+-*')} {e('float64')})",
                lambda: f"float64({e('int32')})",
            ])()
        if kind == "*int":
            return r.choice([
                lambda: f"pick({e('*int')}, {e('*int')}, {e('bool')})",
                lambda: f"{r.choice(self.vars_of(scope, '[4]*int'))}[{e('int')} & 3]" if self.vars_of(scope, "[4]*int") else self.leaf(scope, kind, d),
                lambda: f"{e('*[4]*int')}[{e('int')} & 3]",
                lambda: f"(&{r.choice(self.vars_of(scope, '*S'))}.a)" if self.vars_of(scope, "*S") else self.leaf(scope, kind, d),
                lambda: f"{r.choice(self.vars_of(scope, '[]*int'))}[0]" if self.vars_of(scope, "[]*int") else self.leaf(scope, kind, d),
                lambda: f"*{e('**int')}",
            ])()
        if kind == "S":
            return r.choice([
                lambda: f"S{{a: {e('int')}, p: {e('*int')}, arr: [3]int{{1, {e('int')}, 3}}}}",
                lambda: f"(*{e('*S')})",
                lambda: f"S{{p: {e('*int')}, q: {e('*S')}, f: {e('func(int) int')}}}",
            ])()
        if kind == "[]int":
            return r.choice([
                lambda: f"append({e('[]int')}, {e('int')})",
                lambda: f"append([]int(nil), {e('[]int')}...)",
                lambda: f"tail({e('[]int')})",
            ])()
        if kind == "[]*int":
            return f"append({e('[]*int')}, {e('*int')})"
        if kind == "func(int) int":
            return r.choice([lambda: self.closure(scope, d), lambda: f"compose({e('func(int) int')}, {e('func(int) int')})",
                             lambda: f"{e('*S')}.Sum", lambda: f"{e('L')}.Sum"])()
        return self.leaf(scope, kind, d)

    # ---- statements

    def block(self, scope, indent, n, ret):
        scope = list(scope)
        for _ in range(n):
            self.stmt(scope, indent, ret)
        return scope

    def declare(self, scope, indent, kind):
        v = self.fresh()
        self.emit(indent, f"var {v} {kind} = {self.expr(scope, kind)}")
        self.emit(indent, f"_ = {v}")
        scope.append((v, kind))

    def stmt(self, scope, indent, ret):
        r = self.r
        roll = r.random()
        if roll < 0.28 or indent > 4:
            return self.declare(scope, indent, r.choice(KINDS))
        if roll < 0.50:
            return self.assign(scope, indent)
        if roll < 0.60:
            self.emit(indent, f"if ({self.expr(scope, 'bool')}) {{")
            self.block(scope, indent + 1, r.randrange(1, 3), ret)
            if r.random() < 0.5:
                self.emit(indent, "} else {")
                self.block(scope, indent + 1, r.randrange(1, 3), ret)
            return self.emit(indent, "}")
        if roll < 0.74 and self.loops < 2:
            self.loops += 1
            i = self.fresh("i")
            form = r.randrange(4)
            if form == 0:
                self.emit(indent, f"for {i} := 0; {i} < {r.randrange(1, 5)}; {i}++ {{")
            elif form == 1:
                self.emit(indent, f"for {i} := range {r.randrange(1, 5)} {{")
            elif form == 2:
                self.emit(indent, f"for _, {i} := range ({self.expr(scope, '[]int')}) {{")
            else:
                self.emit(indent, f"for {i} := range ({self.expr(scope, 'string')}) {{")
            self.emit(indent + 1, f"_ = {i}")
            self.emit(indent + 1, "if fuel--; fuel < 0 {\n" + "\t" * (indent + 2) + "break\n" + "\t" * (indent + 1) + "}")
            self.block(scope + [(i, "int")], indent + 1, r.randrange(1, 4), ret)
            if r.random() < 0.2:
                self.emit(indent + 1, f"if ({self.expr(scope, 'bool')}) {{ {r.choice(['break', 'continue'])} }}")
            self.loops -= 1
            return self.emit(indent, "}")
        if roll < 0.80:
            self.emit(indent, f"switch ({self.expr(scope, 'int')}) & 3 {{")
            for c in range(r.randrange(1, 4)):
                self.emit(indent, f"case {c}:")
                self.block(scope, indent + 1, 1, ret)
            self.emit(indent, "default:")
            self.block(scope, indent + 1, 1, ret)
            return self.emit(indent, "}")
        if roll < 0.84:
            return self.emit(indent, f"defer mix({self.expr(scope, 'int')})") if self.use_defer and not self.loops else self.emit(
                indent, f"mix({self.expr(scope, 'int')})")
        if roll < 0.92:
            return self.emit(indent, f"mix({self.expr(scope, 'int')})")
        self.emit(indent, f"mix(apply({self.expr(scope, 'func(int) int')}, {self.expr(scope, 'int')}))")

    def assign(self, scope, indent):
        r, e = self.r, lambda k: self.expr(scope, k)
        choices = []
        for v, k in scope:
            if k in ("int", "S", "*int", "[4]*int", "[]int", "func(int) int", "string", "*S", "any", "L", "Big", "[]*int") and v[0] != "d":
                if v[0] in "vp":
                    choices.append(lambda v=v, k=k: f"{v} = {e(k)}")
            if k == "int" and v[0] in "vp":
                choices.append(lambda v=v: f"{v} {r.choice(['+=', '-=', '^=', '*='])} {e('int')}")
                choices.append(lambda v=v: f"{v}{r.choice(['++', '--'])}")
            if k == "*int":
                choices += [lambda v=v: f"*{v} {r.choice(['=', '+=', '^='])} {e('int')}"] * 2
            if k == "**int":
                choices.append(lambda v=v: f"*{v} = {e('*int')}")
            if k == "[4]*int" and v[0] in "vp":
                choices += [lambda v=v: f"{v}[{e('int')} & 3] = {e('*int')}"] * 2
            if k == "*[4]*int":
                choices += [lambda v=v: f"{v}[{e('int')} & 3] = {e('*int')}"] * 2
            if k == "*S":
                choices += [lambda v=v: f"{v}.p = {e('*int')}", lambda v=v: f"{v}.a = {e('int')}",
                            lambda v=v: f"{v}.arr[{r.randrange(3)}] += {e('int')}", lambda v=v: f"*{v} = {e('S')}",
                            lambda v=v: f"{v}.q = {e('*S')}", lambda v=v: f"{v}.f = {e('func(int) int')}"]
            if k == "S" and v[0] in "vp":
                choices += [lambda v=v: f"{v}.p = {e('*int')}", lambda v=v: f"{v}.arr[{e('int')} & 1] = {e('int')}"]
            if k == "[3]S" and v[0] in "vp":
                choices += [lambda v=v: f"{v}[{r.randrange(3)}].p = {e('*int')}", lambda v=v: f"{v}[{r.randrange(3)}] = {e('S')}"]
            if k == "*Big":
                choices += [lambda v=v: f"{v}.ps[{r.randrange(2)}] = {e('*int')}", lambda v=v: f"{v}.sub = {e('S')}",
                            lambda v=v: f"{v}.any = {e('any')}", lambda v=v: f"{v}.name += {e('string')}; {v}.name = cut({v}.name)"]
        ints = [v for v, k in scope if k == "int" and v[0] in "vp"]
        if len(ints) >= 2:
            a, b = r.sample(ints, 2)
            choices.append(lambda: f"{a}, {b} = {b}, {a}")
        self.emit(indent, r.choice(choices)() if choices else f"mix({e('int')})")

    def function(self, i):
        r = self.r
        params = [r.choice(["int", "*int", "*S", "S", "*[4]*int", "func(int) int", "[]int", "string", "**int", "any", "[4]*int",
                            "float64", "uint8", "*Big", "[3]S"]) for _ in range(r.randrange(0, 5))]
        result = r.choice(["int", "int", "*int", "S", "string", "[]int", "func(int) int", "bool"])
        f = Func(f"{self.prefix}f{i}", params, result)
        scope = [(f"p{n}", k) for n, k in enumerate(params)]
        head = ", ".join(["d int"] + [f"{v} {k}" for v, k in scope])
        self.use_defer = self.defers and r.random() < 0.3
        self.emit(0, f"func {f.name}({head}) {result} {{")
        self.emit(1, "if fuel--; fuel < 0 || d < 0 {")
        self.emit(2, f"return {self.cheap(scope, result)}")
        self.emit(1, "}")
        if r.random() < 0.5:
            self.funcs.append(f)  # may call itself
            added = True
        else:
            added = False
        scope = self.block(scope, 1, r.randrange(2, 8), result)
        self.emit(1, f"return {self.expr(scope, result)}")
        self.emit(0, "}")
        self.emit(0, "")
        if not added:
            self.funcs.append(f)

    def cheap(self, scope, kind):
        have = self.vars_of(scope, kind)
        if have:
            return have[0]
        return {"int": "d", "*int": "new(int)", "S": "S{}", "string": '"z"', "[]int": "[]int{d}", "bool": "false",
                "func(int) int": "func(x int) int { return x }"}[kind]

    def program(self, defers):
        self.defers = defers
        for i in range(self.r.randrange(2, 6)):
            self.function(i)
        self.emit(0, f"func {self.prefix}main() {{")
        self.emit(1, "d := 4")
        self.use_defer = False
        scope = self.block([], 1, self.r.randrange(2, 6), None)
        for f in self.funcs:
            if f.result == "int":
                self.emit(1, f"mix({self.call(scope, f, 1)})")
            else:
                self.emit(1, f"_ = {self.call(scope, f, 1)}")
        self.emit(1, "mix(d)")
        self.emit(0, "}")
        return "\n".join(self.out)


SUPPORT = """
func at(s []int, i int) int {
	if len(s) == 0 {
		return 0
	}
	return s[uint(i)%uint(len(s))]
}

func tail(s []int) []int {
	if len(s) == 0 {
		return s
	}
	return s[1:]
}

func cut(s string) string {
	if len(s) > 40 {
		return s[len(s)-20:]
	}
	return s
}

func pick(a, b *int, c bool) *int {
	if c {
		return a
	}
	return b
}

func ptrptr() **int {
	p := new(int)
	return &p
}

func apply(f func(int) int, x int) int {
	if fuel--; fuel < 0 {
		return x
	}
	return f(x)
}

func compose(f, g func(int) int) func(int) int {
	return func(x int) int { return apply(f, apply(g, x)) }
}

func sumall(xs ...int) int {
	t := 0
	for _, x := range xs {
		t += x
	}
	return t
}
"""


def source(seed, batch, defers):
    parts = [PRELUDE, SUPPORT]
    for i in range(batch):
        parts.append(Gen(random.Random(seed + i), f"q{i}").program(defers))
    parts.append("func main() {")
    for i in range(batch):
        parts.append(f"\tfuel, hash = 3000, 0\n\tq{i}main()\n\tfmt.Println({seed + i}, hash, fuel)")
    parts.append("}")
    return "\n".join(parts) + "\n"


def main():
    p = arguments(__doc__, "randprog", batch=100, timeout=300)
    p.add_argument("--defer", action="store_true", help="with defer statements")
    opt = p.parse_args()
    text = lambda seed, batch: source(seed, batch, opt.defer)
    if opt.print:
        sys.stdout.write(text(opt.seed, 1))
        return 0
    debugs = ["stackstress=1", "heapcheck=1,stackinit=1024"]
    # A line for each program.
    return compare(opt, text, debugs, "-l", {"GO111MODULE": "auto"}, lambda seed, lines: seed + len(lines))


if __name__ == "__main__":
    sys.exit(main())
