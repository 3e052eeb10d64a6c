#!/usr/bin/env python3
"""Compares what real Go and mgo report of programs that call a package's functions.

usage: tests/std/wrap.py MGO [--all] [PACKAGE...]

For each exported function and method, wrap.go writes a function that calls it
with its own parameters. Both compilers say which parameters leak (-m -l), what is
inlined (-m), and what it costs (-m=2). Prints the differences: those in the written file,
with --all also those about inlined code in the library's. Needs `go` on the PATH or in $GO; set MGOROOT to try another library.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import lib

PACKAGES = ("fmt errors strings strconv bytes sort slices maps cmp iter math math/bits math/cmplx unicode unicode/utf8 "
            "unicode/utf16 os io io/fs bufio path path/filepath flag log math/rand math/rand/v2 container/heap "
            "container/list container/ring sync sync/atomic time context").split()


def lines(command, directory, env, costs):
    r = subprocess.run(command, cwd=directory, env=env, text=True, capture_output=True)
    out = set()
    for l in r.stderr.splitlines():
        if l.startswith("#"):
            continue
        if costs:
            # Of what -m=2 says, the costs.
            m = re.match(r"(\./wrap.go:\d+:\d+: can(?:not)? inline .*cost \d+)", l)
            if m:
                out.add(m[1])
        else:
            # Where the library's source is differs.
            out.add(re.sub(r"^\S*/src/([\w/]+\.go):\d+:\d+", r"\1", l))
    return out


def present(mgo, text, directory, env):
    """Writes the program without the functions that use what mgo lacks."""
    while True:
        (directory / "wrap.go").write_text(text)
        r = subprocess.run([str(mgo), "build", "-gcflags=-e", "wrap.go"], cwd=directory, env=env, text=True, capture_output=True)
        wrong = {int(n) for n in re.findall(r"^\./wrap\.go:(\d+):.*(?:undefined|imported and not used|could not import)", r.stderr, re.M)}
        if not wrong:
            return text.splitlines()
        text = "\n".join("" if i in wrong else l for i, l in enumerate(text.splitlines(), 1))


def main():
    mgo = pathlib.Path(sys.argv[1]).resolve()
    bad = total = 0
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        for package in [a for a in sys.argv[2:] if a != "--all"] or PACKAGES:
            r = subprocess.run([lib.go(), "run", str(lib.HERE / "wrap.go"), package], text=True, capture_output=True)
            if r.returncode:
                print(package, r.stderr)
                continue
            env = dict(os.environ, GO111MODULE="off")
            source = present(mgo, r.stdout, tmp, env)
            for flags in ("-m -l", "-m", "-m=2"):
                costs = flags == "-m=2"
                want = lines([lib.go(), "build", "-o", "prog", "-gcflags=" + flags, "wrap.go"], tmp, env, costs)
                got = lines([str(mgo), "build", "-gcflags=" + flags, "wrap.go"], tmp, env, costs)
                total += len(want)
                if want == got:
                    continue
                print(f"{package} {flags}")
                differing = [l for l in want ^ got if l.startswith("./wrap.go") or "--all" in sys.argv]
                for l in sorted(differing, key=lambda l: ([int(n) for n in re.findall(r":(\d+)", l)[:2]], l not in want)):
                    bad += 1
                    at = re.match(r"\./wrap.go:(\d+)", l)
                    where = re.match(r"func (\w+)|", source[int(at[1]) - 1])[1] if at else ""
                    print(f"  {'go ' if l in want else 'mgo'} {where} {l}")
    print(f"{total} lines, {bad} differ")
    sys.exit(1 if bad else 0)


main()
