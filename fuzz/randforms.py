#!/usr/bin/env python3
"""Random programs full of the language's forms, compared with real Go and under stress.

Usage: fuzz/randforms.py [--mgo PATH] [--go PATH] [--count 1000] [--seed 1] [--batch 20] [--debug SETTINGS …]

Every program has types of its own (structs that embed others, named types with methods, interfaces, maps with
any key, function types), package variables that need each other, and functions made of generics, iterators,
labelled loops, goto, switches, defer, recover and re-panic, method values, slices, strings, complex numbers and
constants. Panics are part of it: their texts are logged. `--batch` programs go into one file; a file runs under
real Go, and under mgo plainly and once for each --debug (default: stackstress, heapcheck, gcstress). A file
that differs is kept in --keep and its first different line is shown; exit status 1 then.
"""
import argparse
import os
import random
import shutil
import sys
import tempfile

from forms.gen import Gen
from forms.prelude import PRELUDE
from randprog import run

LIMIT = 250


def source(seed, batch):
    parts = [PRELUDE] + [Gen(random.Random(seed + i), f"q{i}").program() for i in range(batch)]
    parts.append("func main() {\n\tdefer out.Flush()")
    parts += [f"\tfuel = {LIMIT}\n\tnote(`== {seed + i}`)\n\tq{i}main()" for i in range(batch)]
    return "\n".join(parts) + "\n}\n"


def compare(seed, debug, want, got):
    w, g = want[1].split("\n"), got[1].split("\n")
    first = next((i for i, (a, b) in enumerate(zip(w, g)) if a != b), min(len(w), len(g)))
    program = next((line[3:] for line in reversed(w[:first]) if line.startswith("== ")), f"{seed}, in initialisation")
    return (f"seed {program} [{debug or 'plain'}]: exit {got[0]}, Go {want[0]}; line {first + 1}: "
            f"Go {w[first:first + 1]}, mgo {g[first:first + 1]}; {got[2][:400]}")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    p.add_argument("--mgo", default=os.path.join(here, "..", "target", "release", "mgo"))
    p.add_argument("--go", default=shutil.which("go") or "go")
    p.add_argument("--count", type=int, default=1000, help="programs")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--batch", type=int, default=20, help="programs in a file")
    p.add_argument("--debug", action="append", help="MGODEBUG settings of a further run; may be repeated")
    p.add_argument("--keep", default=os.path.join(tempfile.gettempdir(), "randforms"), help="where failures go")
    p.add_argument("--timeout", type=float, default=120)
    p.add_argument("--print", action="store_true", help="print the program with this seed and stop")
    opt = p.parse_args()
    if opt.print:
        sys.stdout.write(source(opt.seed, 1))
        return 0
    debugs = [""] + (opt.debug if opt.debug is not None else ["stackstress=1", "heapcheck=1", "gcstress=1"])
    env = {"GOTOOLCHAIN": "local", "GO111MODULE": "on", "CGO_ENABLED": "0"}
    failures = done = lines = refused = 0
    for seed in range(opt.seed, opt.seed + opt.count, opt.batch):
        batch = min(opt.batch, opt.seed + opt.count - seed)
        with tempfile.TemporaryDirectory(prefix="randforms-") as tmp:
            path = os.path.join(tmp, f"seed{seed}.go")
            with open(path, "w") as f:
                f.write(source(seed, batch))
            code, _, err = run([opt.go, "build", "-gcflags=-e", "-o", "prog", path], opt.timeout, env, tmp)
            if code != 0:
                refused += 1
                print(f"seed {seed}: real Go does not compile it:\n{err[:1500]}", flush=True)
                shutil.copy(path, os.path.join(tempfile.gettempdir(), "randforms-bad.go"))
                continue
            want = run([os.path.join(tmp, "prog")], opt.timeout, cwd=tmp)
            lines += want[1].count("\n")
            for debug in debugs:
                got = run([opt.mgo, "run", path], opt.timeout, {"MGODEBUG": debug}, tmp)
                if got[:2] != want[:2]:
                    failures += 1
                    os.makedirs(opt.keep, exist_ok=True)
                    shutil.copy(path, opt.keep)
                    print(compare(seed, debug, want, got), flush=True)
            done += batch
            print(f"\r{done} programs, {failures} runs differ", end="", file=sys.stderr, flush=True)
    print(f"\n{done} programs ({lines} lines of output) under {len(debugs)} conditions, {failures} runs differ, {refused} files not compiled")
    return 1 if failures or refused else 0


if __name__ == "__main__":
    sys.exit(main())
