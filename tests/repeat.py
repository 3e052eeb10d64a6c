#!/usr/bin/env python3
"""Run concurrent programs many times, under several conditions, and compare each run with the expectation.

Usage: tests/repeat.py [--mgo target/release/mgo] [--times 100] [--jobs 1] [--quick] [FILTER ...]

The programs are those of tests/ui/run and tests/ui/panic that start goroutines; a filter is a part of a path.
Conditions: GOMAXPROCS 1, 2 and 8, GOMAXPROCS 4 with MGODEBUG=stackstress=1, and segmented stacks (--quick: only the
first run of each). Go programs (.go) may be named instead, with their output in a file of the same name ending in .out; one
without such a file must end with status 0 and the same output every time.
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys

import record

HERE = os.path.dirname(os.path.abspath(__file__))
SEGMENTED = "-stack=segmented"
CONDITIONS = [
    ([], {"GOMAXPROCS": "1"}),
    ([], {"GOMAXPROCS": "2"}),
    ([], {"GOMAXPROCS": "8"}),
    ([], {"GOMAXPROCS": "4", "MGODEBUG": "stackstress=1"}),
    ([SEGMENTED], {"GOMAXPROCS": "4"}),
]


def ui_programs(filters):
    for folder, _, files in sorted(os.walk(record.UI)):
        kind = os.path.relpath(folder, record.UI).split(os.sep)[0]
        for name in sorted(files):
            path = os.path.join(folder, name)
            if kind not in ("run", "panic") or not name.endswith(".mgo") or not all(f in path for f in filters):
                continue
            with open(path, encoding="utf-8", errors="surrogateescape") as f:
                source = f.read()
            if re.search(r"^\s*go |\.Go\(|AfterFunc", source, re.M):
                yield path, source


def expectation(path, source):
    """(arguments, stdin, environment, exit status, stdout, normalized stderr or None) of a program."""
    read = lambda p: open(p, encoding="utf-8", errors="replace").read() if os.path.exists(p) else None
    if path.endswith(".go"):
        return [], "", {}, 0, read(path[:-3] + ".out"), None
    says = record.header(source)
    kind = os.path.relpath(path, record.UI).split(os.sep)[0]
    status = int(says["exit"] or (2 if kind == "panic" else 0))
    stem = path[: -len(".mgo")]
    err = read(stem + ".stderr") or ""
    return says["args"], says["stdin"], dict(says["env"]), status, read(stem + ".stdout") or "", err


def once(mgo, path, want, condition):
    """What is wrong with one run, or None; and what it printed."""
    args, stdin, env, status, out, err = want
    folder = os.path.dirname(path)
    flags, switches = condition
    env = {**os.environ, **switches, **env}
    try:
        r = subprocess.run([mgo, "run", *flags, os.path.basename(path), *args], cwd=folder, input=stdin, env=env,
                           capture_output=True, text=True, errors="replace", timeout=120)
    except subprocess.TimeoutExpired:
        return "timeout", None
    if r.returncode != status:
        return f"exit {r.returncode}, not {status}: {r.stderr[-600:]}", r.stdout
    if out is not None and r.stdout != out:
        return f"stdout differs: {r.stdout[-300:]!r}", r.stdout
    if err is not None:
        text = record.normalize_trace(r.stderr, folder) if status == 2 else r.stderr
        if text != err:
            return f"stderr differs: {text[-300:]!r}", r.stdout
    return None, r.stdout


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--mgo", default=os.path.join(HERE, "..", "target", "release", "mgo"))
    p.add_argument("--times", type=int, default=100)
    p.add_argument("--jobs", type=int, default=1)
    p.add_argument("--quick", action="store_true")
    p.add_argument("filters", nargs="*")
    opt = p.parse_args()
    mgo = os.path.abspath(opt.mgo)
    files = [os.path.abspath(f) for f in opt.filters if f.endswith(".go")]
    programs = [(f, "") for f in files] or list(ui_programs(opt.filters))
    bad = runs = 0
    with concurrent.futures.ThreadPoolExecutor(opt.jobs) as pool:
        for path, source in programs:
            want = expectation(path, source)
            for condition in CONDITIONS:
                flags, switches = condition
                if "// nostress" in source and "MGODEBUG" in switches or "// contiguous" in source and flags:
                    continue
                times = 1 if opt.quick else opt.times
                jobs = [pool.submit(once, mgo, path, want, condition) for _ in range(times)]
                results = [j.result() for j in jobs]
                runs += times
                wrong = [w for w, _ in results if w]
                outputs = {o for _, o in results}
                if not wrong and want[4] is None and len(outputs) > 1:
                    wrong = ["outputs of runs differ"]
                if wrong:
                    bad += 1
                    name = os.path.relpath(path, os.path.join(HERE, ".."))
                    print(f"{name} {flags + [switches]}: {len(wrong)} of {times}: {wrong[0]}", flush=True)
    print(f"{len(programs)} programs, {runs} runs, {bad} conditions with differences")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
