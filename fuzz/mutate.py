#!/usr/bin/env python3
"""Mutated programs: mgo must never crash on them, and take the same ones as real Go.

Usage: fuzz/mutate.py [--mgo PATH] [--go PATH] [--count 1000] [--seed 1] [--corpus DIR …]

Takes a program of the corpus (tests/ui and examples unless told otherwise), changes some tokens (dropped,
doubled, swapped, replaced by others of the corpus, truncated) and gives it to `mgo check`. Exit statuses
other than 0 and 1, and hangs, are reported. With --go, programs that only one of the two takes are
reported too, as are first errors on different lines. Findings are kept in --keep; exit status 1 then.
"""
import argparse
import os
import random
import re
import subprocess
import sys
import tempfile

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|`[^`]*`|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|\w+|[ \t]+|\n|<<=|>>=|&\^=|\.\.\.|&&|\|\||<-|\+\+|--|'
                   r'[-+*/%&|^<>=!:]=|&\^|<<|>>|.', re.S)
SPICE = ["nil", "true", "0", "1", "-1", "1.5", '"s"', "'c'", "int", "string", "[]int", "*", "&", "(", ")", "{", "}", "[", "]", ":=", "=",
         "...", "func", "return", "break", "continue", "goto", "type", "struct", "interface", "map[string]int", "chan int", "<-",
         "for", "range", "if", "else", "switch", "case", "default", "select", "go", "defer", "const", "var", "iota", "_", ";", ",", "."]


def corpus_of(folders):
    texts = []
    for folder in folders:
        for at, _, files in sorted(os.walk(folder)):
            for name in sorted(files):
                if name.endswith((".mgo", ".go")):
                    with open(os.path.join(at, name), encoding="utf-8", errors="replace") as f:
                        texts.append(f.read())
    return texts


def mutate(rng, texts):
    tokens = TOKEN.findall(rng.choice(texts))
    pool = TOKEN.findall(rng.choice(texts))
    for _ in range(rng.choice([1, 1, 1, 2, 3, 8])):
        if not tokens:
            break
        solid = [i for i, t in enumerate(tokens) if not t.isspace() and not t.startswith("//")]
        if not solid:
            break
        i = rng.choice(solid)
        kind = rng.randrange(8)
        if kind == 0:
            del tokens[i]
        elif kind == 1:
            tokens.insert(i, tokens[i])
        elif kind == 2:
            j = rng.choice(solid)
            tokens[i], tokens[j] = tokens[j], tokens[i]
        elif kind == 3:
            tokens[i] = rng.choice(pool)
        elif kind == 4:
            tokens[i] = rng.choice(SPICE)
        elif kind == 5:
            tokens.insert(i, " " + rng.choice(SPICE) + " ")
        elif kind == 6:
            same = [t for t in tokens if re.match(r"\w", t)] if re.match(r"\w", tokens[i]) else SPICE
            tokens[i] = rng.choice(same)
        elif rng.random() < 0.2:
            del tokens[i:]
        else:
            j = rng.choice(solid)
            a, b = min(i, j), max(i, j)
            del tokens[a:min(b, a + rng.randrange(1, 30))]
    return "".join(tokens)


def run(words, cwd, env=None):
    try:
        r = subprocess.run(words, cwd=cwd, capture_output=True, text=True, errors="replace", timeout=30,
                           env=dict(os.environ, **(env or {})))
        return r.returncode, r.stderr
    except subprocess.TimeoutExpired:
        return "timeout", ""


def first_error(text):
    m = re.search(r"x\.go:(\d+):(?:\d+:)? (.*)", text)
    return (int(m[1]), m[2]) if m else (0, text.strip()[:200])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    p.add_argument("--mgo", default=os.path.join(root, "target", "release", "mgo"))
    p.add_argument("--go", help="compare with this real go command")
    p.add_argument("--count", type=int, default=1000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--corpus", action="append")
    p.add_argument("--keep", default=os.path.join(tempfile.gettempdir(), "mutate"))
    opt = p.parse_args()
    texts = corpus_of(opt.corpus or [os.path.join(root, "tests", "ui"), os.path.join(root, "examples")])
    found = 0

    def report(seed, text, what):
        nonlocal found
        found += 1
        os.makedirs(opt.keep, exist_ok=True)
        with open(os.path.join(opt.keep, f"m{seed}.go"), "w", encoding="utf-8", errors="replace") as f:
            f.write(text)
        print(f"m{seed}: {what}", flush=True)

    with tempfile.TemporaryDirectory(prefix="mutate-") as tmp:
        for seed in range(opt.seed, opt.seed + opt.count):
            text = mutate(random.Random(seed), texts)
            with open(os.path.join(tmp, "x.go"), "w", encoding="utf-8", errors="replace") as f:
                f.write(text)
            code, err = run([opt.mgo, "check", "x.go"], tmp)
            if code not in (0, 1):
                report(seed, text, f"mgo check: {code} {err[:300]}")
            elif opt.go and "not supported yet" not in err and "is not in std" not in err:
                go_code, go_err = run([opt.go, "build", "-o", "prog", "x.go"], tmp,
                                      {"GOTOOLCHAIN": "local", "GO111MODULE": "auto", "CGO_ENABLED": "0"})
                if (go_code == 0) != (code == 0):
                    report(seed, text, f"Go {first_error(go_err) if go_code else 'takes it'}; "
                                       f"mgo {first_error(err) if code else 'takes it'}")
                elif code and first_error(go_err)[0] != first_error(err)[0]:
                    report(seed, text, f"first error: Go {first_error(go_err)}; mgo {first_error(err)}")
    print(f"{opt.count} programs, {found} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
