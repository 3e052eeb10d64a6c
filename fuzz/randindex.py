#!/usr/bin/env python3
"""Random loops over slices, arrays and strings with indices near the bounds, compared with real Go.

Usage: fuzz/randindex.py [--mgo PATH] [--go PATH] [--count 200] [--seed 1] [--funcs 60]

Aims at the removal of bounds checks: every function loops up or down with small and extreme limits, steps and
conditions, over integers of any width, indexes and slices with expressions of its variables and of fields that it
changes in between, and reports its sum or the panic's text. A
check removed wrongly shows as a difference. Exit status 1 then; the program is kept in --keep.
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile

MAX = "9223372036854775807"
MIN = "-9223372036854775808"


CONSTS = """\tk0, k1, k2, k3, k4, k5, k7, k8, k9, k10, km1, km2 := 0, 1, 2, 3, 4, 5, 7, 8, 9, 10, -1, -2
\t_, _, _, _, _, _, _, _, _, _, _, _ = k0, k1, k2, k3, k4, k5, k7, k8, k9, k10, km1, km2
\tkmax, kmin := %s, %s
\t_, _ = kmax, kmin""" % (MAX, MIN)


NARROW = ["int8", "uint8", "int16", "uint16", "int32", "uint32"]


class Gen:
    def __init__(self, rng):
        self.r = rng
        self.n = 0

    def const(self):
        # Variables, since Go rejects wrong constant indices; both compilers see through them.
        return self.r.choice(["k0", "k1", "k2", "k3", "k4", "k5", "k7", "k8", "k9", "k10", "km1", "km2"])

    def atom(self, vs):
        r = self.r
        k = r.randrange(10)
        if k < 5 and vs:
            return r.choice(vs)
        if k < 7:
            return r.choice(["len(s)", "len(t)", "len(str)", "cap(s)", "la", "n", "m", "len(g.s)", "g.i", "g.p.i"])
        return self.const()

    def expr(self, vs, d=2):
        r = self.r
        if d == 0 or r.random() < 0.35:
            return self.atom(vs)
        x, y = self.expr(vs, d - 1), self.expr(vs, d - 1)
        k = r.randrange(14)
        if k < 4:
            return f"{x} + {self.const()}" if r.random() < 0.6 else f"({x} + {y})"
        if k < 7:
            return f"{x} - {r.choice('123')}" if r.random() < 0.6 else f"({x} - {y})"
        if k == 7:
            return f"({x}) / {r.choice('23')}"
        if k == 8:
            return f"({x}) % {r.choice(['3', '4', '8', 'max(1, len(s))'])}"
        if k == 9:
            return f"({x}) & {r.choice(['1', '3', '7', '15', '-2'])}"
        if k == 10:
            return f"({x}) >> {r.choice('123')}"
        if k == 11:
            return f"int(uint({x}) {r.choice(['>> 1', '>> 2', '>> 60', '/ 3', '% 4'])})"
        ty = r.choice(NARROW)
        if k == 12:
            return f"int({ty}({x}))"
        return f"int({ty}({x}) {r.choice(['+ 1', '- 1', '+ 100', '>> 1', '/ 2', '% 5', '& 7', '* 2'])})"

    def cond(self, vs):
        op = self.r.choice(["<", "<=", ">", ">=", "!=", "=="])
        c = f"{self.expr(vs, 1)} {op} {self.expr(vs, 1)}"
        k = self.r.randrange(6)
        if k == 0:
            c = f"{c} && {self.expr(vs, 1)} {self.r.choice(['<', '<=', '>='])} {self.expr(vs, 1)}"
        elif k == 1:
            c = f"{c} || {self.expr(vs, 1)} {self.r.choice(['<', '<=', '>='])} {self.expr(vs, 1)}"
        elif k == 2:
            c = f"uint({self.expr(vs, 1)}) < uint({self.expr(vs, 1)})"
        elif k == 3:
            c = f"!({c})"
        return c

    def use(self, vs):
        r = self.r
        e = self.expr(vs)
        k = r.randrange(18)
        if k == 12:
            return f"h = h*31 + g.s[{e}]"
        if k == 13:
            return f"g.i = {e}"
        if k == 14:
            return f"g.p.i = {e}"
        if k == 15:
            return f"g.s = g.s[{self.expr(vs, 1)}:]"
        if k == 16:
            return f"h += len(g.s[:{e}])"
        if k == 17:
            return f"h = h*31 + s[{r.choice(NARROW)}({e})]"
        if k < 5:
            return f"h = h*31 + s[{e}]"
        if k == 5:
            return f"s[{e}] = h & 255"
        if k == 6:
            return f"h = h*31 + a[{e}]"
        if k == 7:
            return f"h += int(str[{e}])"
        if k == 8:
            return f"h += len(s[{e}:])"
        if k == 9:
            return f"h += len(s[:{e}])"
        if k == 10:
            return f"h += len(t[{e}:{self.expr(vs, 1)}])"
        return f"h += len(str[{e}:{self.expr(vs, 1)}])"

    def block(self, vs, depth, ind):
        r = self.r
        out = []
        tab = "\t" * ind
        for _ in range(r.randint(1, 3)):
            k = r.randrange(10)
            if k < 4 or depth == 0:
                out.append(tab + self.use(vs))
            elif k < 6:
                out.append(f"{tab}if {self.cond(vs)} {{")
                out += self.block(vs, depth - 1, ind + 1)
                if r.random() < 0.4:
                    out.append(f"{tab}}} else {{")
                    out += self.block(vs, depth - 1, ind + 1)
                out.append(f"{tab}}}")
            elif k == 6:
                v = f"x{self.n}"
                self.n += 1
                out.append(f"{tab}{v} := {self.expr(vs)}")
                out.append(f"{tab}_ = {v}")
                vs = vs + [v]
            else:
                out += self.loop(vs, depth - 1, ind)
        return out

    def loop(self, vs, depth, ind):
        r = self.r
        tab = "\t" * ind
        v = f"i{self.n}"
        self.n += 1
        out = []
        body_vs = vs + [v]
        k = r.randrange(11)
        init = self.expr(vs, 1)
        if k > 8:
            # An integer that is not as wide as an index.
            ty, w = r.choice(NARROW), v + "w"
            step = r.choice([f"{w}++", f"{w}++", f"{w}--", f"{w} += 2", f"{w} += 100", f"{w} -= 3"])
            limit = f"{w} {r.choice(['<', '<', '<=', '>', '>=', '!='])} {ty}({self.expr(vs, 1)})"
            out.append(f"{tab}for {w} := {ty}({init}); {limit}; {step} {{")
            out.append(f"{tab}\t{v} := int({w})")
            out.append(f"{tab}\t_ = {v}")
            out.append(f"{tab}\tif fuel--; fuel < 0 {{")
            out.append(f"{tab}\t\tbreak")
            out.append(f"{tab}\t}}")
            if r.random() < 0.5:
                out.append(f"{tab}\th += s[{w}]")
            out += self.block(body_vs, depth, ind + 1)
            out.append(f"{tab}}}")
            return out
        if k == 0:
            head = f"for {v} := range s"
        elif k == 1:
            head = f"for {v} := range {self.expr(vs, 1)}"
        elif k == 2:
            head = f"for {v} := range str"
        elif k < 6:
            step = r.choice([f"{v}++", f"{v}++", f"{v} += 2", f"{v} += 3", f"{v} += kmax / 2 + 1", f"{v}--"])
            op = r.choice(["<", "<", "<=", "!="])
            head = f"for {v} := {init}; {v} {op} {self.expr(vs, 1)}; {step}"
        elif k < 8:
            step = r.choice([f"{v}--", f"{v}--", f"{v} -= 2", f"{v} -= kmax / 2 + 1"])
            op = r.choice([">", ">=", ">=", "!="])
            head = f"for {v} := {init}; {v} {op} {self.expr(vs, 1)}; {step}"
        else:
            head = f"for {v} := {r.choice(['kmax - 2', 'kmin + 2', 'k0'])}; {self.cond(body_vs)}; {v}{r.choice(['++', '--'])}"
        out.append(f"{tab}{head} {{")
        out.append(f"{tab}\t_ = {v}")
        out.append(f"{tab}\tif fuel--; fuel < 0 {{")
        out.append(f"{tab}\t\tbreak")
        out.append(f"{tab}\t}}")
        out += self.block(body_vs, depth, ind + 1)
        out.append(f"{tab}}}")
        return out

    def func(self, i):
        self.n = 0
        out = [f"func f{i}(s, t []int, str string, n, m int) (h int) {{", CONSTS, "\tfuel := 60", "\tvar a [5]int", "\tla := len(a)", "\t_ = la", "\t_ = fuel", "\t_ = a"]
        out += self.loop(["n", "m"], 2, 1)
        if self.r.random() < 0.5:
            out += self.block(["n", "m"], 2, 1)
        out.append("\treturn h")
        out.append("}")
        return "\n".join(out)


HEAD = """package main

type fields struct {
	i int
	s []int
	p *fields
}

var g = &fields{p: &fields{}}

func try(name int, f func([]int, []int, string, int, int) int, s, t []int, str string, n, m int) {
	defer func() {
		if e := recover(); e != nil {
			println(name, len(s), n, m, e.(error).Error())
		}
	}()
	c := append([]int(nil), s...)
	g.s, g.i, g.p.i = c, n, m
	println(name, len(s), n, m, f(c, t, str, n, m))
}

func main() {
	fs := []func([]int, []int, string, int, int) int{%s}
	for i, f := range fs {
		for _, s := range [][]int{nil, {1}, {1, 2, 3}, {5, 6, 7, 8, 9, 10, 11, 12}} {
			for _, n := range []int{-1, 0, 1, 3, 8, 9223372036854775807, -9223372036854775808} {
				try(i, f, s, []int{1, 2, 3, 4}[:len(s)&3], "hello, world"[:len(s)+1], n, len(s)-n&3)
			}
		}
	}
}
"""


def run(words, timeout):
    env = dict(os.environ, GO111MODULE="off")
    try:
        r = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=timeout, env=env,
                           stdin=subprocess.DEVNULL)
        return r.returncode, r.stderr
    except subprocess.TimeoutExpired:
        return "timeout", ""


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--mgo", default="mgo")
    p.add_argument("--go", default="go")
    p.add_argument("--count", type=int, default=200, help="programs")
    p.add_argument("--funcs", type=int, default=60, help="functions a program")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--timeout", type=float, default=60)
    p.add_argument("--keep", default="randindex-failures")
    opt = p.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as tmp:
        for k in range(opt.count):
            g = Gen(random.Random(f"{opt.seed}.{k}"))
            funcs = [g.func(i) for i in range(opt.funcs)]
            text = HEAD % ", ".join(f"f{i}" for i in range(opt.funcs)) + "\n" + "\n\n".join(funcs) + "\n"
            path = os.path.join(tmp, "x.go")
            with open(path, "w") as f:
                f.write(text)
            want = run([opt.go, "run", path], opt.timeout)
            got = run([opt.mgo, "run", path], opt.timeout)
            if want[0] == 1:
                print(f"seed {opt.seed}.{k}: real Go rejects it: {want[1][:300]}", file=sys.stderr)
                continue
            if want != got:
                bad += 1
                os.makedirs(opt.keep, exist_ok=True)
                kept = os.path.join(opt.keep, f"{opt.seed}.{k}.go")
                with open(kept, "w") as f:
                    f.write(text)
                lines = zip(want[1].splitlines(), got[1].splitlines())
                first = next(((a, b) for a, b in lines if a != b), (want[0], got[0]))
                print(f"\n{kept}: Go {first[0]!r}, mgo {first[1]!r}")
            print(f"\r{k + 1} programs, {bad} differ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
