#!/usr/bin/env python3
"""Write a Go program of about N lines with deep call chains and large strongly connected components.

Usage: benches/deep.py [--lines N] [--scc N] > deep.go

Most functions call the next of their chain; every chain ends in a group of functions that all may call one
another. Pointers go through parameters, results, fields and closures, so that escape analysis has work in
every function and every component. Time it with `mgo build --timings deep.go`.
"""
import argparse
import random

parser = argparse.ArgumentParser()
parser.add_argument("--lines", type=int, default=50_000)
parser.add_argument("--scc", type=int, default=200, help="functions in a component")
parser.add_argument("--chain", type=int, default=400, help="functions in a chain")
parser.add_argument("--seed", type=int, default=1)
args = parser.parse_args()
rng = random.Random(args.seed)

print("package main\n\ntype node struct {\n\tnext *node\n\tval  *int\n\tn    int\n}\n")
lines = 7
groups = 0
while lines < args.lines:
    group = []
    for i in range(args.scc):
        callee = rng.randrange(args.scc)
        other = (i + 1) % args.scc
        group.append(f"""func scc{groups}_{i}(p *node, depth int) *node {{
	if depth <= 0 {{
		return p
	}}
	x := depth
	q := &node{{next: p, val: &x}}
	if depth%2 == 0 {{
		return scc{groups}_{callee}(q, depth-1)
	}}
	r := scc{groups}_{other}(p, depth-2)
	r.n += q.n
	return r
}}
""")
    for i in range(args.chain):
        call = f"chain{groups}_{i + 1}(l, n+1)" if i + 1 < args.chain else f"scc{groups}_0(l, 3)"
        group.append(f"""func chain{groups}_{i}(p *node, n int) *node {{
	local := node{{n: n}}
	l := &local
	l.next = p
	f := func() int {{ return l.n + n }}
	s := make([]int, 4)
	s[n&3] = f()
	r := {call}
	if r == nil {{
		return p
	}}
	return &node{{next: r.next, n: s[0]}}
}}
""")
    text = "\n".join(group)
    lines += text.count("\n") + 1
    print(text)
    groups += 1
print("func main() {\n\tvar p *node")
for g in range(groups):
    print(f"\tp = chain{g}_0(p, {g})")
print("\tprintln(p.n)\n}")
