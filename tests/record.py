#!/usr/bin/env python3
"""Record what real Go does with the programs of tests/ui: the expectations beside them.

Usage: tests/record.py [--go PATH] [--check] [FILTER ...]

Each tests/ui/<kind>/**/x.mgo is copied to a fresh folder as x.go and given to the go command, as the test
harness gives it to mgo; the outputs, with x.go read as x.mgo again, become x.stdout, x.stderr, x.escape, x.log.
A filter is a part of a program's path. --check writes nothing and tells which expectations would change.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

UI = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ui")
EXPECTATIONS = ("stdout", "stderr", "escape", "log")


def header(source):
    """What the first comment lines say: see tests/common/mod.rs."""
    found = {"args": [], "stdin": "", "env": {}, "flags": None, "exit": None}
    for line in source.split("\n"):
        if not line.startswith("//"):
            break
        key, colon, value = line[2:].strip().partition(":")
        value = value.strip()
        if key == "args":
            found["args"] = value.split()
        elif key == "stdin":
            found["stdin"] = value.replace("\\n", "\n")
        elif key == "env":
            name, _, text = value.partition("=")
            found["env"][name] = text
        elif key in ("flags", "exit") and colon:
            found[key] = value
    return found


def normalize_trace(text, directory):
    """As normalize_trace in tests/common/mod.rs."""
    out = []
    if "fatal error: stack overflow" in text:
        text = text[:text.index("fatal error: stack overflow")] + "fatal error: stack overflow\n"
    for line in text.split("\n"):
        line = re.sub(r"^\t.*/src/((?:internal/runtime/maps|runtime|sync|internal/sync|time)/\w+\.go):\d+.*", r"\t$GOROOT/src/\1", line)
        # Go's runtime has goroutines of its own.
        line = re.sub(r"\bgoroutine (?:[2-9]|\d\d+)\b", "goroutine N", line)
        line = line.replace(directory + "/", "$DIR/")
        line = re.sub(r" pc=0x.*", " pc=0x0]", line)
        if line.startswith("\t"):
            line = re.sub(r" \+0x[0-9a-f]+$", "", line)
        elif re.match(r"(main|internal/runtime/maps|runtime|sync|internal/sync|time)\.\S*\(.*\)$|panic\(.*\)$", line) and not line.endswith("()"):
            line = line[:line.rindex("(")] + "(...)"
        line = re.sub(r"0x[0-9a-fA-F]{6,}", "0xADDR", line)
        out.append(line)
    return "\n".join(out)


def normalize_log(text, directory):
    """The entries of an optimiser log, in an order of their own: Go's back end enters them as it comes to them."""
    return "".join(sorted(line + "\n" for line in text.replace(directory + "/", "$DIR/").split("\n")[1:] if line))


class Recorder:
    def __init__(self, go):
        self.go = go
        self.environment = dict(os.environ, GOTOOLCHAIN="local", GO111MODULE="auto", GOFLAGS="", CGO_ENABLED="0")

    def call(self, words, cwd, stdin="", env=()):
        return subprocess.run(words, cwd=cwd, input=stdin, capture_output=True, text=True, errors="replace",
                              env=dict(self.environment, **dict(env)), timeout=120)

    def record(self, path):
        """{extension: text} of a program."""
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as f:
            source = f.read()
        kind = os.path.relpath(path, UI).split(os.sep)[0]
        says = header(source)
        stem = os.path.basename(path).removesuffix(".mgo")
        with tempfile.TemporaryDirectory(prefix="record-") as tmp:
            tmp = os.path.realpath(tmp)
            shutil.copy(path, os.path.join(tmp, stem + ".go"))
            back = lambda text: text.replace(stem + ".go", stem + ".mgo")
            if kind in ("parse", "check", "escape", "inline"):
                flags = says["flags"] or {"escape": "-m -l", "inline": "-m"}.get(kind, "-e")
                r = self.call([self.go, "build", "-o", "prog", "-gcflags=" + flags, stem + ".go"], tmp)
                # What is said of the library's own lines is left out: they are other lines than mgo's.
                text = "".join(l + "\n" for l in back(r.stderr).split("\n")
                               if l and not l.startswith(("#", "/", "../")))
                wrong = (r.returncode == 0) == (kind in ("parse", "check"))
                if wrong:
                    raise ValueError(f"go build exits with {r.returncode}:\n{r.stderr}")
                return {"escape" if kind in ("escape", "inline") else "stderr": text}
            if kind == "log":
                flag = "-gcflags=" + " ".join(["-json=0," + os.path.join(tmp, "log"), says["flags"] or ""])
                r = self.call([self.go, "build", "-o", "prog", flag, stem + ".go"], tmp)
                if r.returncode:
                    raise ValueError(f"does not compile:\n{r.stderr}")
                with open(os.path.join(tmp, "log", "main", stem + ".json"), encoding="utf-8") as f:
                    return {"log": normalize_log(back(f.read()), tmp)}
            r = self.call([self.go, "build", "-o", "prog", stem + ".go"], tmp)
            if r.returncode:
                raise ValueError(f"does not compile:\n{r.stderr}")
            r = self.call([os.path.join(tmp, "prog"), *says["args"]], tmp, says["stdin"], says["env"].items())
            want = int(says["exit"] or (2 if kind == "panic" else 0))
            if r.returncode != want:
                raise ValueError(f"exits with {r.returncode}, header says {want}:\n{r.stderr}")
            err = back(r.stderr)
            return {"stdout": r.stdout, "stderr": normalize_trace(err, tmp) if kind == "panic" else err}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--go", default=shutil.which("go") or "go", help="the real go command (%(default)s)")
    p.add_argument("--check", action="store_true", help="only tell what would change")
    p.add_argument("filters", nargs="*")
    opt = p.parse_args()
    recorder = Recorder(opt.go)
    changed = failed = count = 0
    for folder, _, files in sorted(os.walk(UI)):
        for name in sorted(files):
            path = os.path.join(folder, name)
            # Go has no such command.
            if os.path.relpath(path, UI).split(os.sep)[0] == "explain":
                continue
            if not name.endswith(".mgo") or opt.filters and not any(f in path for f in opt.filters):
                continue
            count += 1
            try:
                found = recorder.record(path)
            except (ValueError, subprocess.TimeoutExpired) as e:
                print(f"{os.path.relpath(path, UI)}: {e}", file=sys.stderr)
                failed += 1
                continue
            for ext in EXPECTATIONS:
                file = path.removesuffix(".mgo") + "." + ext
                old = ""
                if os.path.exists(file):
                    with open(file, encoding="utf-8", errors="replace", newline="") as f:
                        old = f.read()
                new = found.get(ext, "")
                if old == new:
                    continue
                changed += 1
                print(("would change " if opt.check else "recorded ") + os.path.relpath(file, UI))
                if opt.check:
                    continue
                if new:
                    with open(file, "w", encoding="utf-8", newline="") as f:
                        f.write(new)
                else:
                    os.remove(file)
    print(f"{count} programs, {changed} expectations changed, {failed} failed")
    return 1 if failed or opt.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
