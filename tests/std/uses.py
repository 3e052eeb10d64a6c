#!/usr/bin/env python3
"""Compares what real Go reports (-m) of a program that uses Go's library and ours.

usage: tests/std/uses.py

The program is tests/std/uses.go. Prints the lines that differ, once with
inlining and once without. Needs `go` on the PATH or in $GO.
"""

import pathlib
import re
import sys
import tempfile

import lib


def report(directory, flags):
    r = lib.run(["build", f"-gcflags={flags}"], directory)
    lines = [l for l in r.stderr.splitlines() if l.startswith("./uses.go:")]
    if not lines:
        sys.exit(r.stderr)
    # Instances of generic functions carry import paths.
    return [re.sub(r"\bx/", "", l) for l in lines]


def main():
    bad = 0
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        lib.install(tmp, stubs=False)
        text = (lib.HERE / "uses.go").read_text()
        (tmp / "theirs").mkdir()
        (tmp / "theirs/uses.go").write_text(text)
        (tmp / "ours").mkdir()
        (tmp / "ours/uses.go").write_text(re.sub(r'^\t"([\w/]+)"$', r'\t"x/\1"', text, flags=re.M))
        for flags in ("-m -l", "-m"):
            want, got = report(tmp / "theirs", flags), report(tmp / "ours", flags)
            print(f"-gcflags='{flags}': {len(want)} lines")
            source = text.splitlines()
            for l in sorted(set(want) ^ set(got), key=lambda l: [int(n) for n in l.split(":")[1:3]]):
                bad += 1
                at = int(l.split(":")[1])
                print(f"  {'go ' if l in want else 'mgo'} {l}    {source[at - 1].strip()}")
    sys.exit(1 if bad else 0)


main()
