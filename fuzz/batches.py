"""What the generators of whole programs share: files of many programs, under real Go and under mgo.

A file is built by real Go and runs once; mgo runs it once for each setting of MGODEBUG. A file whose output or
exit status differs is kept, and its first different line shown.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile


def run(words, timeout, env=None, cwd=None):
    try:
        r = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=timeout, cwd=cwd,
                           env=dict(os.environ, **(env or {})))
        return r.returncode, r.stdout, r.stderr
    except subprocess.TimeoutExpired:
        return "timeout", "", ""


def arguments(doc, name, batch, timeout):
    """The parser of the options that every generator has."""
    p = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    p.add_argument("--mgo", default=os.path.join(here, "..", "target", "release", "mgo"))
    p.add_argument("--go", default=shutil.which("go") or "go")
    p.add_argument("--count", type=int, default=1000, help="programs")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--batch", type=int, default=batch, help="programs in a file")
    p.add_argument("--debug", action="append", help="MGODEBUG settings of a further run; may be repeated")
    p.add_argument("--keep", default=os.path.join(tempfile.gettempdir(), name), help="where failures go")
    p.add_argument("--timeout", type=float, default=timeout)
    p.add_argument("--print", action="store_true", help="print the program with this seed and stop")
    p.set_defaults(name=name)
    return p


def compare(opt, source, debugs, build_flags, env, program_at):
    """Runs all files; `source(seed, batch)` is the text of one, `program_at(seed, lines)` names the program that
    the line after these belongs to. Returns the exit status: 1 where a run differs, 2 where Go refuses a file."""
    debugs = [""] + (opt.debug if opt.debug is not None else debugs)
    env = {"GOTOOLCHAIN": "local", "CGO_ENABLED": "0"} | env
    mgo = os.path.abspath(opt.mgo)
    failures = done = lines = refused = 0
    for seed in range(opt.seed, opt.seed + opt.count, opt.batch):
        batch = min(opt.batch, opt.seed + opt.count - seed)
        with tempfile.TemporaryDirectory(prefix=f"{opt.name}-") as tmp:
            path = os.path.join(tmp, f"seed{seed}.go")
            with open(path, "w") as f:
                f.write(source(seed, batch))
            code, _, err = run([opt.go, "build", f"-gcflags={build_flags}", "-o", "prog", path], opt.timeout, env, tmp)
            if code != 0:
                refused += 1
                print(f"seed {seed}: real Go does not compile it:\n{err[:1500]}", flush=True)
                shutil.copy(path, os.path.join(tempfile.gettempdir(), f"{opt.name}-bad.go"))
                continue
            want = run([os.path.join(tmp, "prog")], opt.timeout, cwd=tmp)
            lines += want[1].count("\n")
            for debug in debugs:
                got = run([mgo, "run", path], opt.timeout, {"MGODEBUG": debug}, tmp)
                if got[:2] != want[:2]:
                    failures += 1
                    os.makedirs(opt.keep, exist_ok=True)
                    shutil.copy(path, opt.keep)
                    w, g = want[1].split("\n"), got[1].split("\n")
                    first = next((i for i, (a, b) in enumerate(zip(w, g)) if a != b), min(len(w), len(g)))
                    print(f"seed {program_at(seed, w[:first])} [{debug or 'plain'}]: exit {got[0]}, Go {want[0]}; line "
                          f"{first + 1}: Go {w[first:first + 1]}, mgo {g[first:first + 1]}; {got[2][:400]}", flush=True)
            done += batch
            print(f"\r{done} programs, {failures} runs differ", end="", file=sys.stderr, flush=True)
    print(f"\n{done} programs ({lines} lines of output) under {len(debugs)} conditions, {failures} runs differ, "
          f"{refused} files not compiled")
    return 2 if refused else 1 if failures else 0
