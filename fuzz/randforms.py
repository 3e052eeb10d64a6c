#!/usr/bin/env python3
"""Random programs full of the language's forms, compared with real Go and under stress.

Usage: fuzz/randforms.py [--mgo PATH] [--go PATH] [--count 1000] [--seed 1] [--batch 20] [--debug SETTINGS …]

Every program has types of its own (structs that embed others, named types with methods, interfaces, maps with
any key, function types), package variables that need each other, and functions made of generics, iterators,
labelled loops, goto, switches, defer, recover and re-panic, method values, slices, strings, complex numbers and
constants. Panics are part of it: their texts are logged. `--batch` programs go into one file; a file runs under
real Go, and under mgo plainly and once for each --debug (default: stackstress, heapcheck, gcstress). A file
that differs is kept in --keep and its first different line is shown; exit status 1 then, 2 if Go refuses a file.
"""
import random
import sys

from batches import arguments, compare
from forms.gen import Gen
from forms.prelude import PRELUDE

LIMIT = 250


def source(seed, batch):
    parts = [PRELUDE] + [Gen(random.Random(seed + i), f"q{i}").program() for i in range(batch)]
    parts.append("func main() {\n\tdefer out.Flush()")
    parts += [f"\tfuel = {LIMIT}\n\tnote(`== {seed + i}`)\n\tq{i}main()" for i in range(batch)]
    return "\n".join(parts) + "\n}\n"


def program_at(seed, lines):
    return next((line[3:] for line in reversed(lines) if line.startswith("== ")), f"{seed}, in initialisation")


def main():
    opt = arguments(__doc__, "randforms", batch=20, timeout=120).parse_args()
    if opt.print:
        sys.stdout.write(source(opt.seed, 1))
        return 0
    debugs = ["stackstress=1", "heapcheck=1", "gcstress=1"]
    return compare(opt, source, debugs, "-e", {"GO111MODULE": "on"}, program_at)


if __name__ == "__main__":
    sys.exit(main())
