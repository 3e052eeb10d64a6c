#!/usr/bin/env python3
"""Run programs under mgo and as real Go's binaries, in turn, and print the ratios.

Usage: benches/compare.py [--mgo target/release/mgo] [--go go] [--runs 5] [PROGRAM ...]

Programs are the .mgo files beside this script unless named. One that prints a line `inner_ns: N` is
compared by that time (its kernel); others by the whole process. Both must print the same otherwise.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def run(words):
    """(stdout without the time line, kernel seconds or None, process seconds)"""
    start = time.perf_counter()
    r = subprocess.run(words, capture_output=True, text=True, timeout=600)
    wall = time.perf_counter() - start
    if r.returncode:
        raise RuntimeError(f"{' '.join(words)}: exit {r.returncode}\n{r.stderr[-2000:]}")
    inner = re.search(r"^inner_ns: (\d+)\n?", r.stdout, re.M)
    text = re.sub(r"^inner_ns: \d+\n?", "", r.stdout, flags=re.M)
    return text, int(inner[1]) / 1e9 if inner else None, wall


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--mgo", default=os.path.join(HERE, "..", "target", "release", "mgo"))
    p.add_argument("--go", default=shutil.which("go") or "go")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("programs", nargs="*")
    opt = p.parse_args()
    programs = opt.programs or sorted(os.path.join(HERE, f) for f in os.listdir(HERE) if f.endswith(".mgo"))
    bad = 0
    print(f"{'program':14} {'go ms':>9} {'mgo ms':>9} {'mgo/go':>7}   (medians of {opt.runs} pairs; ratio of each pair, median)")
    with tempfile.TemporaryDirectory(prefix="bench-") as tmp:
        for path in programs:
            name = re.sub(r"\.m?go$", "", os.path.basename(path))
            source = os.path.join(tmp, name + ".go")
            shutil.copy(path, source)
            binary = os.path.join(tmp, name)
            subprocess.run([opt.go, "build", "-o", binary, source], check=True,
                           env=dict(os.environ, GOTOOLCHAIN="local", GO111MODULE="auto"))
            go_times, mgo_times, ratios = [], [], []
            try:
                for _ in range(opt.runs):
                    text_go, inner_go, wall_go = run([binary])
                    text_mgo, inner_mgo, wall_mgo = run([opt.mgo, "run", path])
                    if text_go != text_mgo:
                        raise RuntimeError(f"outputs differ:\n{text_go}---\n{text_mgo}")
                    go, mgo = (inner_go, inner_mgo) if inner_go and inner_mgo else (wall_go, wall_mgo)
                    go_times.append(go), mgo_times.append(mgo), ratios.append(mgo / go)
            except (RuntimeError, subprocess.TimeoutExpired) as e:
                print(f"{name:14} {e}")
                bad += 1
                continue
            med = statistics.median
            print(f"{name:14} {1e3 * med(go_times):9.1f} {1e3 * med(mgo_times):9.1f} {med(ratios):7.2f}")
    return bad


if __name__ == "__main__":
    sys.exit(main())
