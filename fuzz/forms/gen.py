"""One program: its types, package variables and functions. Statement forms are in stmts.py."""
from .stmts import Statements
from .types import (ANY, BASIC, BOOL, FLOATS, INT, INTS, SIGS, STRING, Ty, array_of, comparable, func_of, implements, map_of,
                    members, printable, ptr, slice_of, struct_of)

class Func:
    def __init__(self, name, params, results, variadic=None):
        self.name, self.params, self.results, self.variadic = name, params, results, variadic


class Gen(Statements):
    def __init__(self, rng, prefix):
        self.r, self.prefix, self.n = rng, prefix, 0
        self.out, self.funcs, self.ctx = [], [], None
        self.types = [INT, INT, STRING, BOOL] + [BASIC[b] for b in rng.sample(sorted(BASIC), 5)]
        self.structs, self.ifaces, self.consts, self.globals = [], [], [], []

    def fresh(self, base="v"):
        self.n += 1
        return f"{base}{self.n}"

    def emit(self, text):
        self.out.append(text)

    # ---- types

    def declare_types(self):
        r = self.r
        for _ in range(r.randrange(3, 7)):
            form, name = r.random(), f"{self.prefix}T{len(self.types)}"
            if form < 0.2:
                name = f"{self.prefix}I{len(self.types)}"
                t = Ty("iface", name)
                chosen = r.sample(sorted(SIGS), r.randrange(1, 3))
                bases = [b for b in self.ifaces if r.random() < 0.5]
                t.methods = {m: False for m in chosen} | {m: False for b in bases for m in b.methods}
                self.emit(f"type {name} interface {{ {'; '.join([b.src for b in bases] + [self.sig(m) for m in chosen])} }}")
                self.ifaces.append(t)
                self.types.append(t)
                continue
            if form < 0.65:
                fields, used = [], set()
                for b in r.sample(self.structs, min(len(self.structs), r.randrange(0, 3))):
                    fields.append((b.src, ptr(b) if r.random() < 0.4 else b, True))
                if self.ifaces and r.random() < 0.25:
                    i = r.choice(self.ifaces)
                    fields.append((i.src, i, True))
                for f in r.sample(["a", "b", "c", "e"], r.randrange(1, 4)):
                    fields.append((f, self.compose() if r.random() < 0.3 else r.choice(self.types), False))
                if r.random() < 0.1:
                    fields.append(("_", r.choice([INT, STRING, BASIC["uint8"]]), False))
                r.shuffle(fields)
                under = struct_of(fields)
            else:
                under = r.choice([BASIC[r.choice(sorted(BASIC))], self.compose()])
                if under.kind in ("ptr", "iface") or under.named:
                    under = INT
            t = Ty(under.kind, name, under.elem, under.key, under.n, under.fields, under.params, under.result, under.base)
            t.named = True
            self.emit(f"type {name} {under.src}")
            taken = {n for n, _, _ in t.fields}
            for m in r.sample(sorted(SIGS), r.randrange(0, 4)):
                if m not in taken:
                    t.methods[m] = m == "Set" or r.random() < 0.3
            if t.kind == "struct":
                self.structs.append(t)
            self.types += [t, t] + ([ptr(t)] if r.random() < 0.5 else [])
        for _ in range(3):
            self.types.append(self.compose())
        self.types.append(ANY)

    def sig(self, m):
        params, result = SIGS[m]
        return f"{m}({', '.join(p.src for p in params)})" + (f" {result.src}" if result else "")

    def compose(self):
        r, t = self.r, self.r.choice(self.types)
        form = r.randrange(9)
        if form == 0:
            return ptr(t) if t.kind != "iface" else slice_of(t)
        if form <= 2:
            return slice_of(t)
        if form == 3:
            return array_of(r.randrange(1, 4), t)
        if form == 4:
            return array_of(2, array_of(2, t))
        if form <= 6:
            keys = [k for k in self.types if comparable(k)]
            return map_of(r.choice(keys), t)
        if form == 7:
            return func_of([r.choice(self.types)], t)
        return struct_of([("x", t, False), ("y", r.choice(self.types), False)])

    def declare_consts(self):
        r, p = self.r, self.prefix
        typ = r.choice(["", " uint8", " int", " float64"])
        first = r.choice(["iota", "1 << iota", "iota * 3 + 1", "(iota + 1) * 'a'" if typ in ("", " int") else "iota + 2"])
        names = [f"{p}c{i}" for i in range(r.randrange(2, 6))]
        self.emit("const (")
        for i, n in enumerate(names):
            self.emit(f"{n}{typ} = {first}" if i == 0 else n if r.random() < 0.85 else f"_\n{n}")
        self.emit(")")
        self.consts = [(n, typ.strip()) for n in names]
        shift = r.randrange(3, 70)
        self.emit(f"const {p}big = 1 << {shift}\nconst {p}back = {p}big >> {shift - r.randrange(0, 4)} * {r.randrange(1, 9)}")
        self.consts += [(f"{p}back", "")]

    def declare_globals(self):
        """Package variables whose initialisers need each other, in an order that is not the one they are written in."""
        r, p = self.r, self.prefix
        lines, n = [], r.randrange(2, 6)
        for i in range(n):
            uses = [f"{p}g{j}" for j in range(i) if r.random() < 0.6]
            lines.append(f'var {p}g{i} = {p}init("g{i}", {", ".join(uses) or "zero"})' if r.random() < 0.8 or not uses else
                         f"var {p}g{i} = func() int {{ return {' + '.join(uses)} + {i} }}()")
        r.shuffle(lines)
        for line in lines:
            self.emit(line)
        self.emit(f'func {p}init(name string, xs ...int) int {{ note("init {p}", name, len(xs)); return Sum(xs...)*2 + 1 }}')
        if r.random() < 0.5:
            self.emit(f'func init() {{ note("init of {p}", {p}g0); {p}g0++ }}')
        self.globals = [(f"{p}g{i}", INT) for i in range(n)]

    # ---- expressions

    def places(self, scope, t, write=False):
        """Expressions of type t reached from a variable by fields, elements and pointers."""
        r, found = self.r, []
        level = [(v, ty) for v, ty in scope]
        for depth in range(3):
            following = []
            for e, ty in level:
                if ty.src == t.src:
                    found.append(e)
                if ty.kind == "struct" or (ty.kind == "ptr" and ty.elem.kind == "struct"):
                    if not (write and "]~" in e):
                        following += [(f"{e}.{n}", f) for n, f in members(ty)[0].items()]
                elif ty.kind == "array":
                    if "]~" not in e or not write:
                        i = r.randrange(ty.n) if r.random() < 0.7 else f"({self.expr(scope, INT, 3)})&1" if ty.n > 1 else 0
                        following.append((f"{e}[{i}]", ty.elem))
                elif ty.kind == "slice":
                    following.append((f"{e}[{self.index(scope, e)}]", ty.elem))
                elif ty.kind == "map" and depth < 2:
                    following.append((f"{e}[{self.expr(scope, ty.key, 3)}]~", ty.elem))
                elif ty.kind == "ptr":
                    following.append((f"(*{e})", ty.elem))
            level = r.sample(following, min(len(following), 8))
        return [f.replace("]~", "]") for f in found if not (write and "]~" in f and not f.endswith("]~"))]

    def index(self, scope, e):
        r = self.r
        if r.random() < 0.85:
            return f"uint({self.expr(scope, INT, 3)})%uint(len({e}))"
        return f"zero+{r.randrange(3)}"

    def expr(self, scope, t, d=0):
        r = self.r
        if d < 4 and r.random() < 0.5:
            have = self.places(scope, t) if d < 3 else [v for v, ty in scope if ty.src == t.src]
            if have:
                return r.choice(have)
        if d < 3 and r.random() < 0.6:
            e = self.compound(scope, t, d + 1)
            if e:
                return e
        return self.leaf(scope, t, d)

    def const(self, t):
        """A constant of a basic type, through a variable so that nothing is folded into an error."""
        r, b = self.r, t.base
        if b in INTS:
            n = r.choice([0, 1, 2, 3, 7, 100, 127, r.randrange(128)])
            return f"({t.src}(zero) + {n})"
        if b in FLOATS:
            return f"({t.src}(zero) + {r.choice(['0.5', '-2.25', '1e10', '3', '1.0/3'])})"
        if b == "complex128":
            return f"({t.src}(complex(float64(zero), {r.randrange(3)})) + {r.choice(['1i', '2 - 0.5i', '3'])})"
        if b == "bool":
            return f"({t.src}(zero == {r.randrange(2)}))"
        text = r.choice(['``', '`a`', '`héλ€`', '`xyzzy`', '`0123456789`', '`q` + `r`', '"\\xff!"'])
        return f"{t.src}({text} + empty)"

    def leaf(self, scope, t, d):
        r, k = self.r, t.kind
        if t.base:
            return self.const(t)
        e = lambda ty: self.expr(scope, ty, d + 2)
        if k == "ptr":
            if d > 5 or r.random() < 0.08:
                return f"({t.src})(nil)"
            own = [v for v, ty in scope if ty.src == t.elem.src and v[0] == "v"]
            return f"&{r.choice(own)}" if own and r.random() < 0.6 else f"new({t.elem.src})" if r.random() < 0.5 else f"new({self.conv(t.elem, e(t.elem))})"
        if k == "slice":
            if d > 4:
                return f"{t.src}(nil)"
            return r.choice([lambda: f"{t.src}{{{e(t.elem)}, {e(t.elem)}}}", lambda: f"{t.src}{{{r.randrange(3)}: {e(t.elem)}}}",
                             lambda: f"make({t.src}, {r.randrange(4)}, {r.randrange(4, 7)})", lambda: f"{t.src}(nil)"])()
        if k == "array":
            return f"{t.src}{{}}" if d > 4 or r.random() < 0.2 else f"{t.src}{{{t.n - 1}: {e(t.elem)}}}"
        if k == "map":
            if d > 4 or r.random() < 0.3:
                return f"make({t.src})" if r.random() < 0.7 else f"{t.src}(nil)"
            return f"{t.src}{{{e(t.key) if t.key.kind != 'bool' else 'zero == 0'}: {e(t.elem)}}}"
        if k == "func":
            return self.conv(t, self.closure(scope, t)) if t.named else self.closure(scope, t)
        if k == "iface":
            able = [ty for ty in self.types if ty.kind != "iface" and (t is ANY or implements(ty, t))]
            return f"{t.src}({e(r.choice(able))})" if able and d < 6 and r.random() < 0.9 else f"{t.src}(nil)"
        if d > 4 or r.random() < 0.2:
            return f"{t.src}{{}}"
        return f"{t.src}{{" + ", ".join(f"{n}: {e(f)}" for n, f, _ in t.fields if n != "_" and r.random() < 0.7) + "}"

    def closure(self, scope, t):
        r = self.r
        names = [self.fresh() for _ in t.params]
        inner = scope + list(zip(names, t.params))
        head = f"func({', '.join(f'{n} {p.src}' for n, p in zip(names, t.params))}) {t.result.src}"
        ints = [v for v, ty in scope if ty is INT and v[0] == "v"]
        step = f"{r.choice(ints)} += 1; " if ints and r.random() < 0.4 else ""
        return f"{head} {{ {step}return {self.expr(inner, t.result, 3)} }}"

    def call(self, scope, f, d):
        args = [self.expr(scope, p, d + 1) for p in f.params]
        if f.variadic:
            args += [self.expr(scope, slice_of(f.variadic), d + 1) + "..."] if self.r.random() < 0.3 else [
                self.expr(scope, f.variadic, d + 1) for _ in range(self.r.randrange(3))]
        return f"{f.name}({', '.join(args)})"

    def compound(self, scope, t, d):
        r = self.r
        e = lambda ty: self.expr(scope, ty, d)
        general = [lambda: f"If({e(BOOL)}, {self.conv(t, e(t))}, {e(t)})", lambda: f"Zero[{t.src}]()",
                   lambda: f"Pair[{(k := r.choice([INT, STRING])).src}, {t.src}]{{{e(k)}, {e(t)}}}.Val"]
        general += [lambda f=f: self.call(scope, f, d) for f in self.funcs if len(f.results) == 1 and f.results[0].src == t.src]
        general += [lambda v=v, ty=ty: f"{v}({', '.join(e(p) for p in ty.params)})" for v, ty in scope if ty.kind == "func" and ty.result.src == t.src]
        for v, ty in scope:
            for m in members(ty)[1]:
                if SIGS[m][1] is t and (v[0] in "vp" or not members(ty)[1][m]):
                    general += [lambda v=v, m=m: f"{v}.{m}({', '.join(e(p) for p in SIGS[m][0])})"] * 2
            if ty.kind == "iface" and t.kind != "iface":
                if ty is ANY or implements(t, ty):
                    general += [lambda v=v: f"{v}.({t.src})"]
        own, b = [], t.base
        if t.kind == "int":
            own = [lambda: f"({e(t)} {r.choice(['+', '-', '*', '&', '|', '^', '&^'])} {e(t)})", lambda: f"(-{e(t)})", lambda: f"(^{e(t)})",
                   lambda: f"({e(t)} {r.choice('/%')} {e(t)})" if r.random() < 0.2 else f"({e(t)} {r.choice('/%')} ({e(t)} | 1))",
                   lambda: f"({e(t)} {r.choice(['<<', '>>'])} ({e(BASIC['uint8'])} % 70))", lambda: f"{t.src}({e(BASIC[r.choice(INTS)])})",
                   lambda: f"Sum({self.conv(t, e(t))}, {e(t)})", lambda: f"Largest({self.conv(t, e(t))}, {e(t)}, {e(t)})", lambda: f"{r.choice(['min', 'max'])}({e(t)}, {e(t)}, {e(t)})",
                   lambda: f"(*Stack[{t.src}]).Push(new(Stack[{t.src}]), {e(t)}, {e(t)}).items[0]", lambda: f"Fold({e(slice_of(t))}, {self.conv(t, e(t))}, func(a, x {t.src}) {t.src} {{ return a*3 + x }})"]
        if t is INT:
            lens = [v for v, ty in scope if ty.kind in ("slice", "map", "array", "string")]
            own += [lambda: f"len({e(STRING)})", lambda: f"toInt({e(BASIC['float64'])})", lambda: f"Bits({e(BASIC[r.choice(INTS)])})",
                    lambda: f"Index({e(slice_of(INT))}, {e(INT)})", lambda: f"len(MakeSet({e(r.choice([INT, STRING]))}))",
                    lambda: f"Cons({e(INT)}, nil).Len()", lambda: f"int({e(STRING)}[0])", lambda: f"copy({e(BYTES)}, {e(STRING)})",
                    lambda: r.choice([f"int({c})" for c, _ in self.consts])]
            own += [lambda: f"len({r.choice(lens)})"] * 2 if lens else []
        if t.kind == "float":
            own = [lambda: f"({e(t)} {r.choice('+-*/')} {e(t)})", lambda: f"{t.src}({e(BASIC[r.choice(INTS)])})", lambda: f"(-{e(t)})", lambda: f"max({e(t)}, {e(t)})"]
            if t.src == "float64":
                own += [lambda: f"{r.choice(['real', 'imag'])}({e(BASIC['complex128'])})", lambda: f"Sum({e(t)}, {e(t)})", lambda: f"float64({e(BASIC['float32'])})"]
        if t.kind == "complex":
            own = [lambda: f"({e(t)} {r.choice('+-*')} {e(t)})", lambda: f"{t.src}(complex({e(BASIC['float64'])}, {e(BASIC['float64'])}))", lambda: f"Sum({self.conv(t, e(t))})"]
        if t.kind == "bool":
            q = r.choice([ty for ty in self.types if comparable(ty)])
            o = r.choice([ty for ty in self.types if ty.kind in ("int", "float", "string")])
            own = [lambda: f"{t.src}({self.conv(q, e(q))} {r.choice(['==', '!='])} {self.conv(q, e(q))})", lambda: f"{t.src}({e(o)} {r.choice(['<', '>='])} {e(o)})",
                   lambda: f"({e(t)} {r.choice(['&&', '||'])} {e(t)})", lambda: f"!{e(t)}", lambda: f"{t.src}(Same[{q.src}]({e(q)}, {e(q)}))",
                   lambda: f"{t.src}(Set[{o.src}]{{}}.Add({e(o)}))"]
        if t.kind == "string":
            own = [lambda: f"{t.src}(short(string({e(t)} + {e(t)})))", lambda: f"{t.src}(string(rune({e(INT)} & 0x3fff)))", lambda: f"{t.src}([]rune({e(t)}))",
                   lambda: f"{t.src}([]byte({e(t)}))", lambda: f"{t.src}(fmt.Sprint({e(INT)}))", lambda: f"{e(t)}[min({e(INT)}&3, len({e(t)}))&0:]",
                   lambda: f"{t.src}(KindOf({e(r.choice(self.types))}))", lambda: f"{t.src}(strings.Repeat({e(STRING)}, 2)[:1])"]
        if t.kind == "slice":
            own = [lambda: f"append({e(t)}, {e(t.elem)})", lambda: f"append({e(t)}[:0:0], {e(t)}...)", lambda: f"{e(t)}[:]",
                   lambda: f"new(Stack[{t.elem.src}]).Push({e(t.elem)}).items" if t.named is False else e(t),
                   lambda: f"slices.Clone({e(t)})"]
        if t.kind == "func" and len(t.params) == 1:
            for v, ty in scope:
                own += [lambda v=v, m=m: f"{v}.{m}" for m in members(ty)[1] if t.params[0] is INT and SIGS[m][0] == [INT] and SIGS[m][1] is t.result and (v[0] == "v" or not members(ty)[1][m])]
        return r.choice(own * 2 + general)() if own else r.choice(general)()

    def conv(self, t, e):
        """e, with a type inference can see."""
        return f"({t.src})({e})" if t.kind in ("ptr", "func", "iface", "map", "slice", "array", "struct") else f"{t.src}({e})"

    # ---- functions

    def methods(self):
        for t in [x for i, x in enumerate(self.types) if x.named and x not in self.types[:i]]:
            for m, pointer in t.methods.items():
                params, result = SIGS[m]
                names = [f"p{i}" for i in range(len(params))]
                self.emit(f"func (v {'*' if pointer else ''}{t.src}) {m}({', '.join(f'{n} {p.src}' for n, p in zip(names, params))}) {result.src if result else ''} {{")
                scope = [("v", ptr(t) if pointer else t)] + list(zip(names, params))
                kept, self.funcs = self.funcs, []
                if m == "Set":
                    self.emit("if !burn() { return }")
                    where = [(f, x) for f in (self.places([scope[0]], INT, True) or ["_"]) for x in [INT]]
                    self.emit(f"{self.r.choice(where)[0]} = p0")
                else:
                    self.emit(f"if !burn() {{ return {self.leaf([], result, 9)} }}")
                    fields = [(f"v.{n}", f) for n, f in members(t)[0].items() if not members(f)[1]] if t.kind == "struct" else [("(*v)" if pointer else "v", Ty(t.kind, t.src, t.elem, t.key, t.n, t.fields, t.params, t.result, t.base))]
                    self.emit(f"return {self.expr(fields + scope[1:], result, 2)}")
                self.funcs = kept
                self.emit("}")

    def function(self, i):
        r = self.r
        params = [r.choice(self.types) for _ in range(r.randrange(0, 4))]
        results = [r.choice(self.types) for _ in range(r.choice([1, 1, 1, 2, 3]))]
        variadic = r.choice(self.types) if r.random() < 0.25 else None
        f = Func(f"{self.prefix}f{i}", params, results, variadic)
        scope = [(self.fresh(), p) for p in params]
        head = [f"{v} {p.src}" for v, p in scope]
        if variadic:
            v = self.fresh()
            head.append(f"{v} ...{variadic.src}")
            scope.append((v, slice_of(variadic)))
        named = [self.fresh() for _ in results] if r.random() < 0.5 else None
        rs = ", ".join(f"{n} {t.src}" for n, t in zip(named, results)) if named else ", ".join(t.src for t in results)
        self.emit(f"func {f.name}({', '.join(head)}) ({rs}) {{")
        self.ctx = {"results": results, "named": named, "labels": [], "loop": 0, "nest": 0}
        self.emit(f"if !burn() {{ return {', '.join(self.leaf([], t, 9) for t in results)} }}")
        scope = self.globals + scope + (list(zip(named, results)) if named else [])
        if r.random() < 0.35:
            self.recovering(scope)
        scope = self.block(scope, r.randrange(3, 8))
        self.ret(scope)
        self.emit("}")
        self.funcs.append(f)

    def program(self):
        self.emit("")
        self.declare_consts()
        self.declare_types()
        self.declare_globals()
        self.methods()
        for i in range(self.r.randrange(3, 7)):
            self.function(i)
        self.emit(f"func {self.prefix}main() {{")
        self.ctx = {"results": [], "named": None, "labels": [], "loop": 0, "nest": 0}
        for f in self.funcs:
            self.emit(f'try("{f.name}", func() {{')
            names = [self.fresh() for _ in f.results]
            self.emit(f"{', '.join(names)} := {self.call(self.globals, f, 1)}")
            for n, t in zip(names, f.results):
                self.emit(f"_ = {n}")
                self.show(n, t)
            self.emit("})")
        self.emit("}")
        return "\n".join(self.out)


BYTES = slice_of(BASIC["uint8"])
