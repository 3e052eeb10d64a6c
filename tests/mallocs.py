#!/usr/bin/env python3
"""Count heap allocations of programs under real Go and under mgo: mgo must not make more.

Usage: tests/mallocs.py [--go PATH] [--mgo PATH] [--times 3] [--jobs 1] [--cache FILE] [--all] [PATH ...]

A PATH is a program or a folder of programs (default: tests/ui/run and examples); of .go files those whose first line
says `// run` or that are named. Of each a copy is made in which `main` has another name and a new `main` calls it between
two runtime.ReadMemStats, without collections (GOGC=off); a deferred function reads the second, so that panics and Goexit
are counted too, and calls of os.Exit go through a function that prints the count first; so do calls of log's Fatal. What is compared is the difference
of Mallocs: the least of --times runs, since goroutines and timers may make it vary. `init` is the count when main begins
minus that of an empty program: package variables, also of the library.

Printed are the programs where mgo makes more, worst first, and those of which there is no count. --all prints all.
--cache keeps Go's counts by source in a file (JSON).
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import record

HERE = os.path.dirname(os.path.abspath(__file__))
DEFAULT = [os.path.join(HERE, "ui", "run"), os.path.join(HERE, "..", "examples")]

WRAPPER = """
var mallocsBefore, mallocsAfter mallocsRuntime.MemStats

func mallocsReport() {
	mallocsRuntime.ReadMemStats(&mallocsAfter)
	println("\\n@mallocs", mallocsAfter.Mallocs-mallocsBefore.Mallocs, mallocsBefore.Mallocs)
}

func main() {
	mallocsRuntime.ReadMemStats(&mallocsBefore)
	defer mallocsReport()
	mallocsKernel()
}
"""
EXIT = """
var _ = os.Exit

func mallocsExit(code int) {
	mallocsReport()
	os.Exit(code)
}
"""
EMPTY = "package main\n\nfunc main() {}\n"


def instrument(source):
    """The program with its main between two counts, or None if it is not such a program."""
    if not re.search(r"^package main\b", source, re.M) or not re.search(r"^func main\(\)", source, re.M):
        return None
    if re.search(r'^import "C"', source, re.M):
        return None
    source = re.sub(r"^package main\b", 'package main; import mallocsRuntime "runtime"', source, count=1, flags=re.M)
    source = re.sub(r"(?<!\) )\bmain\(\)", "mallocsKernel()", source)
    source = re.sub(r"^func mallocsKernel\(\)", "//go:noinline\nfunc mallocsKernel()", source, flags=re.M)
    # log's Fatal ends the program inside the library: the count is printed before it.
    source = re.sub(r"^(\s*)((?:log|\w*[lL]ogger|l)\.Fatal)", r"\1mallocsReport(); \2", source, flags=re.M)
    tail = WRAPPER
    if re.search(r"\bos\.Exit\(", source) and re.search(r'"os"', source):
        source = re.sub(r"\bos\.Exit\(", "mallocsExit(", source)
        tail += EXIT
    return source + tail


def programs(paths):
    """(name, path) of all programs that the paths name."""
    for path in paths:
        if os.path.isfile(path):
            yield path
            continue
        for folder, _, files in sorted(os.walk(path)):
            for name in sorted(files):
                full = os.path.join(folder, name)
                if name.endswith(".mgo"):
                    yield full
                elif name.endswith(".go"):
                    with open(full, encoding="utf-8", errors="replace") as f:
                        first = f.read(400)
                    if re.search(r"^// run( |$)(?!-)", first, re.M):
                        yield full


def last_count(text):
    """(kernel, at entry) that a run printed, or None."""
    found = re.findall(r"^@mallocs (\d+) (\d+)$", text, re.M)
    return tuple(map(int, found[-1])) if found else None


class Counter:
    def __init__(self, opt):
        self.opt = opt
        self.cache = {}
        if opt.cache and os.path.exists(opt.cache):
            with open(opt.cache) as f:
                self.cache = json.load(f)
        self.environment = dict(os.environ, GOTOOLCHAIN="local", GO111MODULE="off", GOFLAGS="", CGO_ENABLED="0", GOGC="off")
        self.empty = [self.of_go(instrument(EMPTY), [], "", {}), self.of_mgo(instrument(EMPTY), [], "", {})]
        if not self.empty[0] or not self.empty[1]:
            sys.exit(f"an empty program does not run: Go {self.empty[0]}, mgo {self.empty[1]}")

    def least(self, words, folder, stdin, env):
        """The least counts of several runs; None if there is no count, also of programs that do not end."""
        best = None
        for _ in range(self.opt.times):
            try:
                r = subprocess.run(words, cwd=folder, input=stdin, capture_output=True, text=True, errors="replace",
                                   env=dict(self.environment, **env), timeout=self.opt.timeout)
            except subprocess.TimeoutExpired:
                return best
            n = last_count(r.stderr)
            if n is None:
                return best
            best = n if best is None else tuple(map(min, best, n))
        return best

    def of_go(self, source, args, stdin, env):
        key = hashlib.sha256("\0".join([source, *args, stdin, str(sorted(env.items()))]).encode(errors="replace")).hexdigest()
        if key not in self.cache:
            with tempfile.TemporaryDirectory(prefix="mallocs-") as tmp:
                file = os.path.join(tmp, "x.go")
                with open(file, "w", encoding="utf-8", errors="surrogateescape") as f:
                    f.write(source)
                r = subprocess.run([self.opt.go, "build", "-o", "prog", "x.go"], cwd=tmp, capture_output=True, env=self.environment)
                n = None if r.returncode else self.least([os.path.join(tmp, "prog"), *args], tmp, stdin, env)
            self.cache[key] = n
        n = self.cache[key]
        return tuple(n) if n else None

    def of_mgo(self, source, args, stdin, env):
        with tempfile.TemporaryDirectory(prefix="mallocs-") as tmp:
            file = os.path.join(tmp, "x.mgo")
            with open(file, "w", encoding="utf-8", errors="surrogateescape") as f:
                f.write(source)
            return self.least([self.opt.mgo, "run", "x.mgo", *args], tmp, stdin, env)

    def count(self, path):
        """((kernel, init) of Go, the same of mgo); a string if there is nothing to compare."""
        with open(path, encoding="utf-8", errors="surrogateescape") as f:
            source = f.read()
        copy = instrument(source)
        if copy is None:
            return "not a program with a main of its own"
        says = record.header(source) if path.endswith(".mgo") else {"args": [], "stdin": "", "env": {}}
        rest = (says["args"], says["stdin"], says["env"])
        go = self.of_go(copy, *rest)
        if go is None:
            return "no count under Go"
        mgo = self.of_mgo(copy, *rest)
        if mgo is None:
            return "no count under mgo"
        return tuple((n[0], n[1] - empty[1]) for n, empty in zip((go, mgo), self.empty))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--go", default=shutil.which("go") or "go", help="the real go command (%(default)s)")
    p.add_argument("--mgo", default=os.path.join(HERE, "..", "target", "release", "mgo"))
    p.add_argument("--times", type=int, default=3)
    p.add_argument("--timeout", type=int, default=60, help="seconds for one run")
    p.add_argument("--jobs", type=int, default=1)
    p.add_argument("--cache", help="file that keeps Go's counts")
    p.add_argument("--all", action="store_true", help="print all programs")
    p.add_argument("paths", nargs="*")
    opt = p.parse_args()
    opt.mgo = os.path.abspath(opt.mgo)
    counter = Counter(opt)
    files = list(programs([os.path.abspath(f) for f in opt.paths] or DEFAULT))
    with concurrent.futures.ThreadPoolExecutor(opt.jobs) as pool:
        results = list(zip(files, pool.map(counter.count, files)))
    if opt.cache:
        with open(opt.cache, "w") as f:
            json.dump(counter.cache, f)
    base = os.path.commonpath([os.path.dirname(f) for f in files]) if files else ""
    name = lambda f: os.path.relpath(f, base)
    for f, r in results:
        if isinstance(r, str):
            print(f"{r}: {name(f)}")
    counted = [(f, *r) for f, r in results if not isinstance(r, str)]
    for title, i in (("init", 1), ("main", 0)):
        rows = sorted(((mgo[i] - go[i], go[i], mgo[i], name(f)) for f, go, mgo in counted), reverse=True)
        more, equal = sum(r[0] > 0 for r in rows), sum(r[0] == 0 for r in rows)
        for diff, go, mgo, file in rows:
            if diff > 0 or opt.all:
                print(f"{title} {diff:+9} Go {go:9} mgo {mgo:9}  {file}")
        print(f"{title}: {len(rows)} programs, mgo makes more in {more}, as many in {equal}, fewer in {len(rows) - more - equal}")
    return 1 if any(mgo[0] > go[0] for _, go, mgo in counted) else 0


if __name__ == "__main__":
    sys.exit(main())
