#!/usr/bin/env python3
"""Random programs whose -m lines are compared with real Go's.

Usage: fuzz/randescape.py --mgo PATH [--go PATH] [--count N] [--seed N] [--print]

Programs are full of pointers that go through variables, fields, closures, methods, interfaces, generic
functions, deferred calls, maps and channels. For each, `-gcflags='-m -l'` and `-m` of both compilers are
compared line by line; differences are reported by seed. --print shows the program of --seed.
"""
import argparse
import os
import random
import subprocess
import tempfile

HEADER = """package main

type node struct {
	next *node
	val  *int
	n    int
}

type setter interface{ set(p *int) }

type getter interface{ get() *int }

func (n *node) set(p *int) { n.val = p }

func (n *node) get() *int { return n.val }

type cell struct{ p *int }

func (c cell) get() *int { return c.p }

type box[T any] struct{ v T }

func (b *box[T]) put(v T) { b.v = v }

func (b box[T]) take() T { return b.v }

func ident[T any](x T) T { return x }

func pick[T any](a, b T, first bool) T {
	if first {
		return a
	}
	return b
}

var global *int
var sink any
"""


class Program:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.out = [HEADER]
        self.n = 0
        self.funcs = []

    def name(self, prefix):
        self.n += 1
        return f"{prefix}{self.n}"

    def ptr(self, env, depth=0):
        """An expression of type *int."""
        r = self.rng
        ints, ptrs, nodes = env["int"], env["*int"], env["*node"]
        options = [lambda: "new(int)"]
        if ints:
            options += [lambda: "&" + r.choice(ints)] * 3
        if ptrs:
            options += [lambda: r.choice(ptrs)] * 3
        if nodes:
            options += [lambda: r.choice(nodes) + ".val", lambda: r.choice(nodes) + ".get()"]
        if depth < 2:
            options += [
                lambda: f"ident({self.ptr(env, depth + 1)})",
                lambda: f"pick({self.ptr(env, depth + 1)}, {self.ptr(env, depth + 1)}, {self.cond(env)})",
                lambda: f"cell{{{self.ptr(env, depth + 1)}}}.get()",
                lambda: f"func() *int {{ return {self.ptr(env, depth + 1)} }}()",
            ]
            if self.funcs:
                options += [lambda: self.call(env, depth)] * 3
        return r.choice(options)()

    def node(self, env, depth=0):
        r = self.rng
        options = [lambda: "&node{}", lambda: f"&node{{val: {self.ptr(env, 2)}}}"]
        if env["*node"]:
            options += [lambda: r.choice(env["*node"])] * 3
            options += [lambda: r.choice(env["*node"]) + ".next"]
        return r.choice(options)()

    def call(self, env, depth):
        name, params = self.rng.choice(self.funcs)
        args = [self.ptr(env, depth + 1) if p == "*int" else self.node(env) if p == "*node" else self.int(env) for p in params]
        return f"{name}({', '.join(args)})"

    def int(self, env):
        r = self.rng
        options = [lambda: str(r.randrange(10))]
        if env["int"]:
            options += [lambda: r.choice(env["int"])] * 2
        if env["*int"]:
            options += [lambda: "*" + r.choice(env["*int"])]
        return r.choice(options)()

    def cond(self, env):
        return f"{self.int(env)} < {self.int(env)}"

    def block(self, env, indent, depth, budget):
        env = {k: list(v) for k, v in env.items()}
        lines = []
        for _ in range(self.rng.randrange(1, budget)):
            lines += self.stmt(env, indent, depth)
        return lines

    def stmt(self, env, tab, depth):
        r = self.rng
        kind = r.randrange(22)
        t = tab
        if kind < 4:
            v = self.name("x")
            lines = [f"{t}{v} := {self.int(env)}", f"{t}_ = {v}"]
            env["int"].append(v)
            return lines
        if kind < 8:
            v = self.name("p")
            lines = [f"{t}{v} := {self.ptr(env)}", f"{t}_ = {v}"]
            env["*int"].append(v)
            return lines
        if kind < 10:
            v = self.name("n")
            lines = [f"{t}{v} := {self.node(env)}", f"{t}_ = {v}"]
            env["*node"].append(v)
            return lines
        if kind == 10 and env["*int"]:
            return [f"{t}{r.choice(env['*int'])} = {self.ptr(env)}"]
        if kind == 11 and env["*node"]:
            n = r.choice(env["*node"])
            return [r.choice([f"{t}{n}.val = {self.ptr(env)}", f"{t}{n}.next = {self.node(env)}", f"{t}{n}.set({self.ptr(env)})"])]
        if kind == 12 and depth < 2:
            i = self.name("i")
            inner = dict(env, int=env["int"] + [i])
            return [f"{t}for {i} := 0; {i} < {r.randrange(2, 5)}; {i}++ {{"] + self.block(inner, t + "\t", depth + 1, 4) + [t + "}"]
        if kind == 13 and depth < 2:
            return [f"{t}if {self.cond(env)} {{"] + self.block(env, t + "\t", depth + 1, 3) + [t + "}"]
        if kind == 14 and depth < 2:
            f = self.name("f")
            return [f"{t}{f} := func() {{"] + self.block(env, t + "\t", depth + 1, 4) + [t + "}", f"{t}{f}()"]
        if kind == 15:
            return [f"{t}defer func() {{ global = {self.ptr(env, 1)} }}()"] if r.random() < 0.3 else [f"{t}defer ident({self.ptr(env, 1)})" if False else f"{t}defer keep({self.ptr(env, 1)})"]
        if kind == 16:
            m = self.name("m")
            return [f"{t}{m} := map[int]*int{{{self.int(env)}: {self.ptr(env)}}}", f"{t}_ = {m}[{self.int(env)}]"]
        if kind == 17:
            c = self.name("c")
            return [f"{t}{c} := make(chan *int, 1)", f"{t}{c} <- {self.ptr(env)}", f"{t}_ = <-{c}"]
        if kind == 18:
            s = self.name("s")
            return [f"{t}{s} := []*int{{{self.ptr(env)}}}", f"{t}{s} = append({s}, {self.ptr(env)})", f"{t}_ = {s}"]
        if kind == 19:
            g = self.name("g")
            return [f"{t}var {g} getter = {r.choice(['cell{' + self.ptr(env, 1) + '}', self.node(env)])}", f"{t}_ = {g}.get()"]
        if kind == 20:
            b = self.name("b")
            return [f"{t}{b} := box[*int]{{{self.ptr(env)}}}", f"{t}{b}.put({self.ptr(env)})", f"{t}_ = {b}.take()"]
        if kind == 21:
            return [r.choice([f"{t}global = {self.ptr(env)}", f"{t}sink = {self.int(env)}", f"{t}sink = {self.node(env)}"])]
        return []

    def func(self):
        params = [self.rng.choice(["*int", "*node", "int"]) for _ in range(self.rng.randrange(0, 4))]
        env = {"int": [], "*int": [], "*node": []}
        names = []
        for p in params:
            v = self.name("a")
            names.append(f"{v} {p}")
            env[p].append(v)
        name = self.name("fn")
        body = []
        for _ in range(self.rng.randrange(2, 8)):
            body += self.stmt(env, "\t", 0)
        result = self.ptr(env)
        if self.rng.random() < 0.3:
            self.out.append("//go:noinline")
        self.out.append(f"func {name}({', '.join(names)}) *int {{\n" + "\n".join(body) + f"\n\treturn {result}\n}}\n")
        self.funcs.append((name, params))

    def text(self):
        self.out.append("func keep(p *int) { global = p }\n")
        for _ in range(self.rng.randrange(2, 7)):
            self.func()
        env = {"int": [], "*int": [], "*node": []}
        body = []
        for _ in range(6):
            body += self.stmt(env, "\t", 0)
        self.out.append("func main() {\n" + "\n".join(body) + "\n}\n")
        return "\n".join(self.out)


def lines_of(command, flags, folder):
    out = subprocess.run([*command, f"-gcflags={flags}", "x.go"], cwd=folder, capture_output=True, text=True, timeout=60)
    return [line for line in (out.stderr + out.stdout).split("\n") if line and not line.startswith("#")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mgo", default="target/release/mgo")
    parser.add_argument("--go", default="go")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--print", action="store_true", dest="show")
    opt = parser.parse_args()
    if opt.show:
        print(Program(opt.seed).text())
        return
    bad = 0
    mgo = os.path.abspath(opt.mgo)
    for seed in range(opt.seed, opt.seed + opt.count):
        with tempfile.TemporaryDirectory(prefix="randescape-") as folder:
            with open(os.path.join(folder, "x.go"), "w") as f:
                f.write(Program(seed).text())
            for flags in ("-m -l", "-m"):
                real = lines_of([opt.go, "build", "-o", os.path.join(folder, "x")], flags, folder)
                ours = lines_of([mgo, "build"], flags, folder)
                if real != ours:
                    bad += 1
                    missing, extra = set(real) - set(ours), set(ours) - set(real)
                    what = "order" if not missing and not extra else f"missing {sorted(missing)[:4]} extra {sorted(extra)[:4]}"
                    print(f"seed {seed} {flags}: {what}", flush=True)
    print(f"{opt.count} programs, {bad} differences")


if __name__ == "__main__":
    main()
