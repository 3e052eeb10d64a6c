#!/usr/bin/env python3
"""Compares escape summaries and inlinability of the library with Go's own.

usage: tests/std/leaks.py [PACKAGE...]

What escapes in a user's function is decided by the summaries of the functions
it calls, and which of them are inlined: for every exported function and method
that both libraries have, real Go must say the same of each parameter and of
inlining. Prints the differences. Needs `go` on the PATH or in $GO.
"""

import pathlib
import re
import sys
import tempfile

import lib

FUNC = re.compile(r"^func (?:\((?P<recv>[^)]*)\) )?(?P<name>\w+)(?:\[[^\]]*\])?\(", re.M)


def parameters(text, at):
    """Positions (offsets) of the parameter names in the list that opens before `at`."""
    depth, names, expect = 1, [], True
    while depth:
        c = text[at]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth == 1:
            expect = True
            at += 1
            continue
        if expect and depth == 1 and re.match(r"[A-Za-z_]", c):
            names.append((at, re.match(r"\w+", text[at:]).group()))
            expect = False
        at += 1
    return names


def summaries(directory, args):
    """{(function, parameter index or 'inline'): summary} of the exported functions."""
    r = lib.run(["build", *args], directory)
    out = {}
    by_pos = {}
    for path in directory.glob("*.go"):
        if path.name.endswith("_test.go"):
            continue
        text = path.read_text()
        for m in FUNC.finditer(text):
            recv, name = m["recv"], m["name"]
            if not name[0].isupper():
                continue
            full, index = name, 0
            line = text.count("\n", 0, m.start()) + 1
            bol = text.rfind("\n", 0, m.start()) + 1
            if recv:
                base = re.sub(r"\[.*", "", recv.split()[-1].lstrip("*"))
                if not base[0].isupper():
                    continue
                full = base + "." + name
                if len(recv.split()) > 1:
                    by_pos[path.name, line, m.start("recv") - bol + 1] = (full, "receiver")
            by_pos[path.name, line, m.start("name") - bol + 1] = (full, "inline")
            for at, _ in parameters(text, m.end()):
                pl = text.count("\n", 0, at) + 1
                pb = text.rfind("\n", 0, at) + 1
                by_pos[path.name, pl, at - pb + 1] = (full, index)
                index += 1
    for line in r.stderr.splitlines():
        m = re.match(r"\./([\w.]+):(\d+):(\d+): (.*)", line)
        if not m:
            continue
        key = by_pos.get((m[1], int(m[2]), int(m[3])))
        if not key:
            continue
        what = m[4]
        if what.startswith("can inline"):
            out.setdefault(key, set()).add("can inline")
        elif key[1] != "inline" and re.match(r"leaking param|[\w~]+ does not escape", what):
            what = re.sub(r"(leaking param(?: content)?): \w+", r"\1", what)
            what = re.sub(r"^\w+ does not escape", "does not escape", what)
            # Results are compared by presence, not by name.
            what = re.sub(r"to result [\w~]+", "to result", what)
            out.setdefault(key, set()).add(what)
    return out, {k[0] for k in by_pos.values()}


def main():
    root = pathlib.Path(lib.run(["env", "GOROOT"], lib.HERE).stdout.strip()) / "src"
    n = bad = 0
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        lib.install(tmp, stubs=False)
        for package in sys.argv[1:] or lib.packages():
            if package.startswith("internal/") or not (root / package).is_dir():
                continue
            want, theirs = {}, set()
            got, ours = {}, set()
            for flags in ("-gcflags=-m -l", "-gcflags=-m"):
                inline = flags.endswith("-m")
                w, f = summaries(root / package, [flags])
                g, o = summaries(tmp / package, [flags])
                theirs |= f
                ours |= o
                want.update({k: v for k, v in w.items() if (k[1] == "inline") == inline})
                got.update({k: v for k, v in g.items() if (k[1] == "inline") == inline})
            for key in sorted(set(want) | set(got), key=str):
                if key[0] not in ours & theirs:
                    continue
                n += 1
                if want.get(key) != got.get(key):
                    bad += 1
                    show = lambda s: "; ".join(sorted(s or {"-"}))
                    print(f"{package}.{key[0]} {key[1]}: go {show(want.get(key))} | mgo {show(got.get(key))}")
    print(f"{n} summaries compared, {bad} differ")
    sys.exit(1 if bad else 0)


main()
