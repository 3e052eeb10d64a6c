#!/usr/bin/env python3
"""Compare mgo's -m lines with those of the real Go, or record Go's as expectations.

  tests/escape_diff.py [--flags='-m -l'] FILE...     print missing (-) and extra (+) lines
  tests/escape_diff.py --record FILE...              write FILE's sibling .escape from the real Go

The real Go is $GO, or `go` on the PATH; mgo is $MGO, or the newest build under target/.
"""
import argparse
import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


def mgo():
    root = pathlib.Path(__file__).resolve().parent.parent / "target"
    built = [p for p in (root / "debug/mgo", root / "release/mgo") if p.exists()]
    return os.environ.get("MGO") or str(max(built, key=lambda p: p.stat().st_mtime))


def lines(command, source, name, flags):
    """What a build says, with the header left out and the file under a given name."""
    with tempfile.TemporaryDirectory() as tmp:
        shutil.copy(source, os.path.join(tmp, name))
        run = subprocess.run(command + ["build", "-o", os.devnull, "-gcflags=" + flags, name], cwd=tmp, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    shown = pathlib.Path(source).stem + ".mgo"
    # Wrappers that the compiler makes have no place in the file; mgo makes other ones.
    return [line.replace("./" + name + ":", "./" + shown + ":")
            for line in run.stdout.splitlines() if line.startswith("./")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flags", default="-m -l")
    parser.add_argument("--record", action="store_true", help="write .escape files from the real Go")
    parser.add_argument("--ordered", action="store_true", help="compare the order of lines too")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    go = os.environ.get("GO", "go")
    different = 0
    for path in args.files:
        want = lines([go], path, "x.go", args.flags)
        if args.record:
            pathlib.Path(path).with_suffix(".escape").write_text("".join(line + "\n" for line in want))
            continue
        got = lines([mgo()], path, "x.go", args.flags)
        if not args.ordered:
            want, got = sorted(want), sorted(got)
        if want == got:
            continue
        different += 1
        print(f"{path}: {len(want)} lines from Go, {len(got)} from mgo")
        for line in difflib.unified_diff(want, got, lineterm="", n=0):
            if not line.startswith(("---", "+++", "@@")):
                print("  " + line)
    print(f"{len(args.files) - different} of {len(args.files)} files equal")
    return different > 0


if __name__ == "__main__":
    sys.exit(main())
