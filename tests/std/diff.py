#!/usr/bin/env python3
"""Compares the library with Go's own, by running both under real Go.

usage: tests/std/diff.py [DRIVER...] [--seed N] [--keep DIR]

Each tests/std/drive/NAME.go is a main program that imports packages p and x/p,
calls both with many arguments and reports differences. Needs `go` on the PATH
or in $GO.
"""

import argparse
import pathlib
import shutil
import sys
import tempfile

import lib


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("drivers", nargs="*")
    p.add_argument("--seed", default="1")
    p.add_argument("--keep", help="leave the module in this directory")
    a = p.parse_args()
    all_drivers = sorted(f.stem for f in (lib.HERE / "drive").glob("*.go") if f.stem != "check")
    bad = 0
    with tempfile.TemporaryDirectory() as tmp:
        root = pathlib.Path(a.keep or tmp)
        root.mkdir(parents=True, exist_ok=True)
        lib.install(root, stubs=True)
        for name in a.drivers or all_drivers:
            d = root / "drive" / name
            d.mkdir(parents=True, exist_ok=True)
            shutil.copy(lib.HERE / "drive" / (name + ".go"), d / "main.go")
            shutil.copy(lib.HERE / "drive" / "check.go", d / "check.go")
            r = lib.run(["run", ".", a.seed], d)
            print(f"{name}: {(r.stdout + r.stderr).strip()}", flush=True)
            bad |= r.returncode
    sys.exit(1 if bad else 0)


main()
