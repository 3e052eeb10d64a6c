#!/usr/bin/env python3
"""Random programs of goroutines, channels, select and package sync with one possible result, run under mgo and
under real Go.

Usage: fuzz/randchan.py [--count 100] [--seed 1] [--mgo target/release/mgo] [--go go] [--jobs 1] [--keep DIR]
       fuzz/randchan.py --print --seed N

A program is a pipeline of stages over numbers. However its goroutines are interleaved, the multiset of numbers
that leaves a stage depends on those that enter it only; the program prints sums, counts and hashes that do not
depend on order. Each is run by mgo with GOMAXPROCS 1, 2 and 8, with moving stacks, and with heap checks.
"""
import argparse
import concurrent.futures
import os
import random
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CONDITIONS = [
    {"GOMAXPROCS": "1"},
    {"GOMAXPROCS": "2"},
    {"GOMAXPROCS": "8"},
    {"GOMAXPROCS": "4", "MGODEBUG": "stackstress=1"},
    {"MGODEBUG": "heapcheck=1"},
]

PRELUDE = """package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

type item struct {
	n   int
	pad [3]int
	p   *int
}

func mk(n int) item {
	v := n * 7
	return item{n: n, pad: [3]int{n, n + 1, n + 2}, p: &v}
}

func (i item) check() int {
	if *i.p != i.n*7 || i.pad[0] != i.n || i.pad[2] != i.n+2 {
		panic(fmt.Sprint("torn item ", i))
	}
	return i.n
}

// deep uses some stack, so that it grows while others hold pointers into it.
func deep(d int, p *int) int {
	var a [8]int
	a[d&7] = *p
	if d == 0 {
		*p++
		return a[0]
	}
	return deep(d-1, p) + a[d&7]*0
}

var (
	_ = runtime.Gosched
	_ sync.Mutex
	_ atomic.Int64
	_ = time.Now
)
"""


class Program:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.funcs = []
        self.n = 0

    def name(self, what):
        self.n += 1
        return f"{what}{self.n}"

    def chan(self):
        return self.r.choice(["", "", ", 1", ", 2", f", {self.r.randint(3, 40)}"])

    def noise(self):
        r = self.r
        return r.choice([
            "", "", "", "runtime.Gosched()",
            f"if v%{r.randint(3, 9)} == 0 {{ runtime.Gosched() }}",
            f"x := v; deep({r.randint(1, 120)}, &x); if x != v+1 {{ panic(\"deep\") }}",
            f"if v%{r.randint(20, 60)} == 0 {{ time.Sleep({r.randint(1, 200)} * time.Microsecond) }}",
        ])

    def map(self):
        r = self.r
        return r.choice([f"v + {r.randint(1, 99)}", f"v ^ {r.randint(1, 1023)}", f"v*{r.choice([3, 5, 7])} % 100003",
                         "v"])

    # Each stage is a function: it reads `in` to its end and closes its result.
    def stage(self):
        kind = self.r.choice(["workers", "workers", "select", "split", "mutex", "cond", "once", "each", "timer",
                              "rw", "ticket", "defer", "pool"])
        return getattr(self, "stage_" + kind)()

    def func(self, body):
        name = self.name("stage")
        self.funcs.append(f"func {name}(in <-chan item) <-chan item {{\n{body}}}\n")
        return name

    def stage_workers(self):
        k = self.r.randint(1, 6)
        go = self.r.choice(["wg", "Go", "count"])
        loop = f"for i := range in {{ v := i.check(); {self.noise()}\n out <- mk({self.map()}) }}"
        if go == "wg":
            body = f"var wg sync.WaitGroup\nwg.Add({k})\nfor w := 0; w < {k}; w++ {{ go func() {{ defer wg.Done()\n{loop} }}() }}\ngo func() {{ wg.Wait(); close(out) }}()\n"
        elif go == "Go":
            body = f"var wg sync.WaitGroup\nfor w := 0; w < {k}; w++ {{ wg.Go(func() {{ {loop} }}) }}\ngo func() {{ wg.Wait(); close(out) }}()\n"
        else:
            body = f"left := int64({k})\nfor w := 0; w < {k}; w++ {{ go func() {{ {loop}\nif atomic.AddInt64(&left, -1) == 0 {{ close(out) }} }}() }}\n"
        return self.func(f"out := make(chan item{self.chan()})\n{body}return out\n")

    def stage_select(self):
        k = self.r.randint(2, 4)
        sides = "".join(f"c{j} := make(chan item{self.chan()})\n" for j in range(k))
        cases = "".join(f"case c{j} <- x:\n" for j in range(k))
        f = self.map()  # the same whichever channel it came through
        recv = "".join(f"case i, ok := <-d{j}: if !ok {{ d{j} = nil; n--; continue }}\n v := i.check(); {self.noise()}\n out <- mk({f})\n"
                       for j in range(k))
        default = self.r.choice(["", "", "default: runtime.Gosched()\n"])
        closes = "".join(f"close(c{j})\n" for j in range(k))
        decl = "".join(f"d{j} := (<-chan item)(c{j})\n" for j in range(k))
        return self.func(
            f"{sides}out := make(chan item{self.chan()})\ngo func() {{ for x := range in {{ select {{\n{cases}}} }}\n{closes}}}()\n"
            f"go func() {{ defer close(out)\n{decl}n := {k}\nfor n > 0 {{ select {{\n{recv}{default}}} }} }}()\nreturn out\n")

    def stage_split(self):
        a, b = (self.stage_workers() for _ in range(2))
        return self.func(
            f"a, b := make(chan item{self.chan()}), make(chan item{self.chan()})\nout := make(chan item{self.chan()})\n"
            f"go func() {{ for i := range in {{ if i.check()%2 == 0 {{ a <- i }} else {{ b <- i }} }}; close(a); close(b) }}()\n"
            f"var wg sync.WaitGroup\nfor _, c := range []<-chan item{{ {a}(a), {b}(b) }} {{ wg.Add(1); go func() {{ defer wg.Done(); for i := range c {{ out <- i }} }}() }}\n"
            "go func() { wg.Wait(); close(out) }()\nreturn out\n")

    def stage_mutex(self):
        k = self.r.randint(2, 5)
        return self.func(
            f"out := make(chan item{self.chan()})\nvar mu sync.Mutex\nvar wg sync.WaitGroup\nheld, sum := 0, 0\n"
            f"for w := 0; w < {k}; w++ {{ wg.Add(1); go func() {{ defer wg.Done(); for i := range in {{ v := i.check()\nmu.Lock(); held++; if held != 1 {{ panic(\"not exclusive\") }}; {self.noise()}\n sum += v; held--; mu.Unlock()\nout <- mk({self.map()}) }} }}() }}\n"
            "go func() { wg.Wait(); mu.Lock(); out <- mk(sum % 1000); mu.Unlock(); close(out) }()\nreturn out\n")

    def stage_rw(self):
        k = self.r.randint(2, 4)
        return self.func(
            f"out := make(chan item{self.chan()})\nvar mu sync.RWMutex\nvar wg sync.WaitGroup\na, b := 0, 0\n"
            f"for w := 0; w < {k}; w++ {{ wg.Add(1); go func() {{ defer wg.Done(); for i := range in {{ v := i.check()\n"
            f"if v%3 == 0 {{ mu.Lock(); a++; {self.noise()}\n b++; mu.Unlock() }} else {{ mu.RLock(); if a != b {{ panic(\"rw\") }}; mu.RUnlock() }}\n"
            f"out <- mk({self.map()}) }} }}() }}\ngo func() {{ wg.Wait(); out <- mk(a); close(out) }}()\nreturn out\n")

    def stage_cond(self):
        return self.func(
            f"out := make(chan item{self.chan()})\nvar mu sync.Mutex\nc := sync.NewCond(&mu)\nvar q []item\ndone := false\n"
            f"go func() {{ for i := range in {{ mu.Lock(); q = append(q, i); mu.Unlock(); c.{self.r.choice(['Signal', 'Broadcast'])}() }}; mu.Lock(); done = true; mu.Unlock(); c.Broadcast() }}()\n"
            f"var wg sync.WaitGroup\nfor w := 0; w < {self.r.randint(1, 3)}; w++ {{ wg.Add(1); go func() {{ defer wg.Done(); for {{ mu.Lock(); for len(q) == 0 && !done {{ c.Wait() }}\n"
            f"if len(q) == 0 {{ mu.Unlock(); return }}\ni := q[0]; q = q[1:]; mu.Unlock(); v := i.check(); {self.noise()}\n out <- mk({self.map()}) }} }}() }}\n"
            "go func() { wg.Wait(); close(out) }()\nreturn out\n")

    def stage_once(self):
        return self.func(
            f"out := make(chan item{self.chan()})\nvar once sync.Once\nvar wg sync.WaitGroup\nk := 0\n"
            f"for w := 0; w < {self.r.randint(2, 5)}; w++ {{ wg.Add(1); go func() {{ defer wg.Done(); for i := range in {{ v := i.check(); once.Do(func() {{ {self.noise()}\n k += {self.r.randint(1, 50)} }}); out <- mk(v + k) }} }}() }}\n"
            "go func() { wg.Wait(); close(out) }()\nreturn out\n")

    def stage_each(self):
        return self.func(
            f"out := make(chan item{self.chan()})\ngo func() {{ var wg sync.WaitGroup\nfor i := range in {{ wg.Add(1); go func() {{ defer wg.Done(); v := i.check(); {self.noise()}\n out <- mk({self.map()}) }}() }}\nwg.Wait(); close(out) }}()\nreturn out\n")

    def stage_timer(self):
        return self.func(
            f"out := make(chan item{self.chan()})\ngo func() {{ defer close(out); t := time.NewTimer(time.Hour); n := 0\nfor {{ select {{\ncase i, ok := <-in: if !ok {{ t.Stop(); out <- mk(n * 0); return }}\nv := i.check(); out <- mk({self.map()})\n"
            f"if v%{self.r.randint(5, 11)} == 0 {{ t.Reset({self.r.randint(0, 100)} * time.Microsecond) }}\ncase <-t.C: n++\n}} }} }}()\nreturn out\n")

    def stage_ticket(self):
        k = self.r.randint(1, 3)
        return self.func(
            f"out := make(chan item{self.chan()})\nsem := make(chan struct{{}}, {k})\nvar running atomic.Int32\ngo func() {{ var wg sync.WaitGroup\nfor i := range in {{ sem <- struct{{}}{{}}; wg.Add(1); go func() {{ defer wg.Done(); if running.Add(1) > {k} {{ panic(\"too many\") }}; v := i.check(); {self.noise()}\n running.Add(-1); <-sem; out <- mk({self.map()}) }}() }}\nwg.Wait(); close(out) }}()\nreturn out\n")

    def stage_defer(self):
        return self.func(
            f"out := make(chan item{self.chan()})\ngo func() {{ defer close(out)\nfor i := range in {{ func() {{ v := i.check()\ndefer func() {{ r := recover(); if v%5 == 0 {{ v = r.(int) }}; out <- mk({self.map()}) }}()\n"
            f"if v%5 == 0 {{ panic(v + 1) }}\nif v%7 == 0 {{ d := make(chan bool); go func() {{ defer close(d); runtime.Goexit() }}(); <-d }} }}() }} }}()\nreturn out\n")

    def stage_pool(self):
        return self.func(
            f"out := make(chan item{self.chan()})\npool := sync.Pool{{New: func() any {{ return new([4]int) }}}}\nvar m sync.Map\nvar wg sync.WaitGroup\n"
            f"for w := 0; w < {self.r.randint(2, 4)}; w++ {{ wg.Add(1); go func() {{ defer wg.Done(); for i := range in {{ v := i.check(); b := pool.Get().(*[4]int); b[0], b[3] = v, v; {self.noise()}\n if b[0] != b[3] {{ panic(\"pool\") }}; m.Store(v%17, v%17); pool.Put(b); out <- mk({self.map()}) }} }}() }}\n"
            "go func() { wg.Wait(); m.Range(func(k, x any) bool { if k != x { panic(\"map\") }; return true }); close(out) }()\nreturn out\n")

    def source(self):
        r = self.r
        stages = [self.stage() for _ in range(r.randint(1, 4))]
        n = r.randint(20, 300)
        call = "c"
        for s in stages:
            call = f"{s}({call})"
        main = f"""func main() {{
	for round := 0; round < {r.randint(1, 3)}; round++ {{
		c := make(chan item{self.chan()})
		go func() {{
			for i := 0; i < {n}; i++ {{
				c <- mk(i + round)
			}}
			close(c)
		}}()
		count, sum, xor, sq := 0, 0, 0, 0
		for i := range {call} {{
			v := i.check()
			count++
			sum += v
			xor ^= v
			sq += v * v
		}}
		fmt.Println(round, count, sum, xor, sq)
	}}
	{r.choice(['', 'var never chan int; select { case <-never: default: fmt.Println("end") }',
               'func() { defer func() { fmt.Println(recover()) }(); c := make(chan int); close(c); close(c) }()',
               'func() { defer func() { fmt.Println(recover()) }(); c := make(chan int, 1); close(c); c <- 1 }()'])}
}}
"""
        return PRELUDE + "\n" + "\n".join(self.funcs) + "\n" + main


def run(words, cwd, env, timeout):
    try:
        r = subprocess.run(words, cwd=cwd, capture_output=True, text=True, errors="replace", timeout=timeout,
                           env={**os.environ, **env})
        return r.returncode, r.stdout, r.stderr
    except subprocess.TimeoutExpired:
        return "timeout", "", ""


def check(seed, opt, tmp):
    """Descriptions of what differs."""
    folder = os.path.join(tmp, str(seed))
    os.mkdir(folder)
    path = os.path.join(folder, "p.go")
    with open(path, "w") as f:
        f.write(Program(seed).source())
    want = run([opt.go, "run", path], folder, {"GOTOOLCHAIN": "local", "GO111MODULE": "auto"}, 120)
    if want[0] != 0:
        return [f"seed {seed}: Go itself: {want[0]} {want[2][-500:]}"]
    out = []
    for env in CONDITIONS:
        got = run([opt.mgo, "run", path], folder, env, 120)
        if got[:2] != want[:2]:
            out.append(f"seed {seed} {env}: exit {got[0]}\n{got[1][-400:]}--- Go\n{want[1][-400:]}{got[2][-800:]}")
    if out and opt.keep:
        shutil.copy(path, os.path.join(opt.keep, f"randchan{seed}.go"))
    shutil.rmtree(folder)
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--count", type=int, default=100)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--mgo", default=os.path.join(HERE, "..", "target", "release", "mgo"))
    p.add_argument("--go", default=shutil.which("go") or "go")
    p.add_argument("--jobs", type=int, default=1)
    p.add_argument("--keep", help="directory for programs that differ")
    p.add_argument("--print", action="store_true")
    opt = p.parse_args()
    if opt.print:
        print(Program(opt.seed).source())
        return 0
    opt.mgo = os.path.abspath(opt.mgo)
    bad = 0
    with tempfile.TemporaryDirectory(prefix="randchan-") as tmp, concurrent.futures.ThreadPoolExecutor(opt.jobs) as pool:
        for problems in pool.map(lambda s: check(s, opt, tmp), range(opt.seed, opt.seed + opt.count)):
            for text in problems:
                print(text, flush=True)
            bad += bool(problems)
    print(f"{opt.count} programs, {bad} with differences")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
