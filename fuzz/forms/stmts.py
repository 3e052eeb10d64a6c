"""The statement forms of the generator: each method writes one form with random parts."""
from .types import ANY, BASIC, BOOL, INT, SIGS, STRING, array_of, comparable, implements, map_of, members, printable, slice_of


class Statements:
    def block(self, scope, n):
        scope = list(scope)
        self.ctx["nest"] += 1
        for _ in range(n):
            self.stmt(scope)
        self.ctx["nest"] -= 1
        return scope

    def show(self, e, t, depth=0):
        """Logs a value without showing addresses or an order that is random."""
        if printable(t):
            self.emit(f'note("{t.kind}", fmt.Sprintf("%v", {e}))' if t.kind in ("struct", "array", "slice", "map") else f"note({e})")
        elif t.kind == "iface":
            self.emit(f"note(say({e}))")
        elif t.kind in ("slice", "map"):
            self.emit(f"note(len({e}))")
        elif t.kind in ("ptr", "func"):
            self.emit(f"note({e} == nil)")
        elif t.kind == "array" and depth < 2:
            self.show(f"{e}[0]", t.elem, depth + 1)
        elif t.kind == "struct" and depth < 2:
            for n, f, _ in t.fields:
                if n != "_":
                    self.show(f"{e}.{n}", f, depth + 1)

    def declare(self, scope, t=None, value=None):
        v, t = self.fresh(), t or self.r.choice(self.types)
        self.emit(f"var {v} {t.src} = {value or self.expr(scope, t)}\n_ = {v}")
        scope.append((v, t))
        return v

    def ret(self, scope):
        c = self.ctx
        if c["named"] and self.r.random() < 0.3 and not c["nest"]:
            self.emit("return")
        else:
            self.emit(f"return {', '.join(self.expr(scope, t) for t in c['results'])}")

    def assign(self, scope):
        r = self.r
        t = r.choice([ty for _, ty in scope] or [INT]) if r.random() < 0.6 else r.choice(self.types)
        targets = [x for x in self.places([(v, ty) for v, ty in scope if v[0] in "vq"], t, True) if x[0] != "("]
        if not targets:
            return self.declare(scope, t)
        x = r.choice(targets)
        if len(targets) > 1 and r.random() < 0.2:
            y = r.choice(targets)
            return self.emit(f"{x}, {y} = {y}, {x}")
        if t.kind == "int" and r.random() < 0.6:
            return self.emit(r.choice([f"{x}++", f"{x} {r.choice(['+=', '-=', '*=', '^=', '&^=', '|='])} {self.expr(scope, t)}", f"{x} <<= {r.randrange(8)}"]))
        if t.kind == "string" and r.random() < 0.3:
            return self.emit(f"{x} += {t.src}(short(string({self.expr(scope, t)})))")
        self.emit(f"{x} = {self.expr(scope, t)}")

    def stmt(self, scope):
        r = self.r
        deep = self.ctx["nest"] > 3
        simple = [(self.declare, 6), (self.assign, 6), (self.log, 4), (self.mapping, 3), (self.slicing, 3), (self.asserting, 3),
                  (self.variables, 2), (self.calls, 3), (self.shadow, 1), (self.jump, 3), (self.consts_here, 1), (self.texts, 2), (self.equal, 2)]
        nested = [(self.cond, 3), (self.loop, 5), (self.switch, 3), (self.typeswitch, 2), (self.literal, 3), (self.iterate, 4),
                  (self.gotos, 1), (self.trying, 3), (self.capture, 1), (self.generic, 2), (self.pull, 1), (self.goexit, 1)]
        forms = simple + ([] if deep else nested)
        r.choices([f for f, _ in forms], [w for _, w in forms])[0](scope)

    def log(self, scope):
        if scope:
            v, t = self.r.choice(scope)
            self.show(v, t)

    # ---- plain forms

    def cond(self, scope):
        v = self.fresh()
        t = self.r.choice(self.types)
        self.emit(f"if {v} := {self.conv(t, self.expr(scope, t))}; {self.paren_bool(scope)} {{\n_ = {v}")
        self.block(scope + [(v, t)], self.r.randrange(1, 3))
        if self.r.random() < 0.5:
            self.emit(f"}} else if {self.paren_bool(scope)} {{" if self.r.random() < 0.3 else "} else {")
            self.block(scope + [(v, t)], self.r.randrange(1, 3))
        self.emit("}")

    def paren_bool(self, scope):
        return f"({self.expr(scope, BOOL)})"

    def labelled(self, kind, head, scope, n, tail="}"):
        """A loop or switch, with a label if its body uses one."""
        label, kept = self.fresh("L"), self.out
        self.out = []
        self.ctx["labels"].append((label, kind))
        self.ctx["loop"] += kind == "loop"
        self.emit("if !burn() { break }" if kind == "loop" else "")
        self.block(scope, n)
        self.ctx["loop"] -= kind == "loop"
        self.ctx["labels"].pop()
        body, self.out = self.out, kept
        if any(f" {label}" in line for line in body):
            self.emit(f"{label}:")
        self.out += [head] + body + [tail]

    def loop(self, scope):
        r, v, w = self.r, self.fresh("i"), self.fresh("w")
        form = r.randrange(7)
        if form == 0:
            return self.labelled("loop", f"for {v} := {r.randrange(2)}; {v} < {r.randrange(2, 5)}; {v}++ {{", scope + [(v, INT)], r.randrange(1, 4))
        if form == 1:
            t = r.choice([x for x in self.types if x.kind == "int"])
            return self.labelled("loop", f"for {v} := range {t.src}({self.expr(scope, t)}) & 3 {{\n_ = {v}", scope + [(v, t)], r.randrange(1, 4))
        if form == 2:
            return self.labelled("loop", f"for {v}, {w} := range {self.conv(STRING, self.expr(scope, STRING))} {{\n_, _ = {v}, {w}", scope + [(v, INT), (w, BASIC["int32"])], r.randrange(1, 3))
        if form == 3:
            return self.labelled("loop", f"for {self.paren_bool(scope)} {{", scope, r.randrange(1, 3))
        t = r.choice([x for x in self.types if x.kind in ("slice", "array")] or [slice_of(INT)])
        self.labelled("loop", f"for {v}, {w} := range {self.conv(t, self.expr(scope, t))} {{\n_, _ = {v}, {w}", scope + [(v, INT), (w, t.elem)], r.randrange(1, 4))

    def iterate(self, scope):
        r, v, w = self.r, self.fresh("i"), self.fresh("w")
        t = r.choice(self.types)
        form = r.randrange(7)
        e = lambda ty: self.conv(ty, self.expr(scope, ty, 1))
        if form == 0:
            return self.labelled("loop", f"for {v} := range upto({e(INT)} & 3) {{\n_ = {v}", scope + [(v, INT)], r.randrange(1, 4))
        if form == 1:
            return self.labelled("loop", f"for {v}, {w} := range new(Stack[{t.src}]).Push({e(t)}, {e(t)}).All() {{\n_, _ = {v}, {w}", scope + [(v, INT), (w, t)], r.randrange(1, 4))
        if form == 2:
            return self.labelled("loop", f"for {v} := range only(upto(4), func(x int) bool {{ return {self.expr(scope + [('x', INT)], BOOL, 1)} }}) {{\n_ = {v}", scope + [(v, INT)], r.randrange(1, 4))
        if form == 3:
            return self.labelled("loop", "for range twice {", scope, r.randrange(1, 4))
        if form == 4:
            return self.labelled("loop", f"for {v} := range Cons({e(t)}, Cons({e(t)}, nil)).Each {{\n_ = {v}", scope + [(v, t)], r.randrange(1, 4))
        if form == 5:
            return self.labelled("loop", f"for {v}, {w} := range slices.Backward({e(slice_of(t))}) {{\n_, _ = {v}, {w}", scope + [(v, INT), (w, t)], r.randrange(1, 4))
        n = self.fresh()
        head = f"for {v} := range func(yield func({t.src}) bool) {{ for {n} := range 3 {{ _ = {n}; if !yield({self.expr(scope + [(n, INT)], t, 1)}) {{ note(`stopped`); return }} }} }} {{\n_ = {v}"
        self.labelled("loop", head, scope + [(v, t)], r.randrange(1, 4))

    def jump(self, scope):
        r, c = self.r, self.ctx
        if not c["nest"] > 1:
            return self.assign(scope)
        options = []
        if c["loop"]:
            options += ["continue", "break"]
        for label, kind in c["labels"]:
            options += [f"break {label}"] + ([f"continue {label}"] if kind == "loop" else []) if kind != "goto" else [f"goto {label}"]
        self.emit(f"if {self.paren_bool(scope)} {{")
        if options and r.random() < 0.75:
            self.emit(r.choice(options))
        elif r.random() < 0.8:
            self.ret(scope)
        else:
            self.emit(f"panic({self.expr(scope, ANY)})")
        self.emit("}")

    def gotos(self, scope):
        r, label, v = self.r, self.fresh("L"), self.fresh("n")
        kept, self.out = self.out, []
        self.ctx["labels"].append((label, "goto"))
        self.emit("{")
        self.block(scope, 2)
        self.emit(f"if {self.paren_bool(scope)} {{ goto {label} }}")
        self.block(scope, 1)
        self.emit("}")
        self.ctx["labels"].pop()
        body, self.out = self.out, kept
        if r.random() < 0.5:
            self.out += ["{"] + body + [f"{label}:", f"note(`at {label}`)", "}"]
        else:
            self.out += ["{", f"{v} := 0", f"{label}:", f"if {v}++; {v} < 4 && burn() {{"] + body + ["}", "}"]

    def switch(self, scope):
        r = self.r
        t = r.choice([x for x in self.types if x.kind in ("int", "string")])
        label, kept = self.fresh("L"), self.out
        self.out = []
        self.ctx["labels"].append((label, "switch"))
        tagged, n = r.random() < 0.6, r.randrange(2, 5)
        default = r.randrange(n + 2)
        for i in range(n):
            if i == default:
                self.emit("default:")
            elif tagged:
                self.emit(f"case {self.expr(scope, t)}, {self.expr(scope, t)}:")
            else:
                self.emit(f"case {self.paren_bool(scope)}:")
            self.block(scope, r.randrange(1, 3))
            if i < n - 1 and r.random() < 0.25:
                self.emit("fallthrough")
        self.ctx["labels"].pop()
        body, self.out = self.out, kept
        if any(f" {label}" in line for line in body):
            self.emit(f"{label}:")
        self.out += [f"switch {self.conv(t, self.expr(scope, t))} {{" if tagged else "switch {"] + body + ["}"]

    def typeswitch(self, scope):
        r, v = self.r, self.fresh()
        cases = []
        for t in r.sample(self.types, 4):
            if t.src not in [c.src for c in cases] and t is not ANY and t.src not in ("int32", "uint8"):
                cases.append(t)
        self.emit(f"switch {v} := {self.conv(ANY, self.expr(scope, ANY))}.(type) {{")
        for t in cases:
            self.emit(f"case {t.src}:\n_ = {v}")
            self.show(v, t)
            self.block(scope + [(v, t)], 1)
        self.emit(f"case nil, error:\nnote(`nil or error`, say({v}))\ndefault:\nnote(say({v}))\n}}")

    # ---- values

    def mapping(self, scope):
        r = self.r
        maps = [(v, t) for v, t in scope if t.kind == "map"]
        if not maps or r.random() < 0.2:
            keys = [k for k in self.types if comparable(k)]
            k, t = r.choice(keys), r.choice(self.types)
            return self.declare(scope, map_of(k, t), f"make(map[{k.src}]{t.src})")
        m, t = r.choice(maps)
        e, v, ok = lambda ty: self.expr(scope, ty, 1), self.fresh(), self.fresh()
        form = r.randrange(7)
        if form <= 1:
            return self.emit(f"{m}[{e(t.key)}] = {e(t.elem)}")
        if form == 2:
            return self.emit(f"delete({m}, {e(t.key)})")
        if form == 3 and r.random() < 0.4:
            return self.emit(f"clear({m})")
        if form == 4:
            self.emit(f"for {v} := range {m} {{ if {r.choice(['true', 'len(' + m + ') > 1', 'false'])} {{ delete({m}, {v}) }} }}\nnote(len({m}))")
            return None
        if form == 5 and t.key.base and t.key.kind in ("int", "float", "string"):
            self.emit(f"for _, {v} := range sortedKeys({m}) {{\nnote({v})")
            self.show(f"{m}[{v}]", t.elem)
            return self.emit("}")
        if form == 6:
            return self.emit(f"{{ {v} := 0; for range {m} {{ {v}++ }}; note(`entries`, {v} == len({m})) }}")
        self.emit(f"if {v}, {ok} := {m}[{e(t.key)}]; {ok} {{\n_ = {v}")
        self.show(v, t.elem)
        self.emit("} else { note(`absent`) }")

    def slicing(self, scope):
        r = self.r
        slices = [(v, t) for v, t in scope if t.kind == "slice" and v[0] == "v"]
        if not slices or r.random() < 0.2:
            return self.declare(scope, slice_of(r.choice(self.types)))
        s, t = r.choice(slices)
        e = lambda ty: self.expr(scope, ty, 1)
        v, i = self.fresh(), f"min({r.randrange(4)}, len({s}))"
        form = r.randrange(9)
        if form == 0:
            self.emit(f"{v} := {s}[:{i}:{i}]\n{v} = append({v}, {e(t.elem)})")
        elif form == 1:
            self.emit(f"{v} := append({s}[:{i}], {e(t.elem)})")
        elif form == 2:
            return self.emit(f"note(copy({s}[{i}:], {self.conv(t, e(t))}))")
        elif form == 3:
            return self.emit(f"clear({s}[{i}:])")
        elif form == 4:
            n = r.randrange(0, 3)
            self.emit(f"{v} := [{n}]{t.elem.src}({s})\n_ = {v}")
            return scope.append((v, array_of(n, t.elem))) if n else None
        elif form == 5:
            return self.emit(f"{s} = {s}[{r.choice([i, 'zero+' + str(r.randrange(3))])}:]")
        elif form == 6:
            self.emit(f"{v} := {s}[zero+{r.randrange(3)}:len({s}):cap({s})&{r.choice([7, 15])}]")
        elif form == 7:
            return self.emit(f"note(`ends`, len({s}), len({s}[:cap({s})]) == cap({s}), {s} == nil)")
        else:
            return self.emit(f"for i := range {s} {{ {s}[i], {s}[len({s})-1-i] = {s}[len({s})-1-i], {s}[i] }}")
        self.emit(f"_ = {v}")
        self.show(v, t)
        scope.append((v, t))

    def asserting(self, scope):
        r = self.r
        things = [(v, t) for v, t in scope if t.kind == "iface"]
        if not things:
            return self.declare(scope, ANY)
        x, xt = r.choice(things)
        t = r.choice([t for t in self.types if (xt is ANY or t.kind == "iface" or implements(t, xt))] or [ANY])
        v, ok = self.fresh(), self.fresh()
        if r.random() < 0.25:
            self.emit(f"{v} := {x}.({t.src})\n_ = {v}")
        else:
            self.emit(f"{v}, {ok} := {x}.({t.src})\nnote({ok})\n_ = {v}")
        self.show(v, t)
        scope.append((v, t))

    def equal(self, scope):
        r = self.r
        t = r.choice([ty for ty in self.types + [ty for _, ty in scope] if comparable(ty)])
        a, b = self.conv(t, self.expr(scope, t, 1)), self.conv(t, self.expr(scope, t, 1))
        self.emit(r.choice([f"note(`equal`, {a} == {b})", f"note(`unlike`, any({a}) != any({b}))", f"note(`same`, Same[{t.src}]({a}, {b}))"]))

    def variables(self, scope):
        r, names = self.r, [self.fresh() for _ in range(2)]
        fs = [f for f in self.funcs if len(f.results) == 2]
        if fs and r.random() < 0.6:
            f = r.choice(fs)
            self.emit(f"{', '.join(names)} := {self.call(scope, f, 1)}\n_, _ = {', '.join(names)}")
            return scope.extend(zip(names, f.results))
        a, b = r.choice(self.types), r.choice(self.types)
        self.emit(f"var {names[0]}, {names[1]} = {self.conv(a, self.expr(scope, a))}, {self.conv(b, self.expr(scope, b))}\n_, _ = {', '.join(names)}")
        scope.extend(zip(names, (a, b)))

    def calls(self, scope):
        """Methods by value, by expression, on interfaces; go through what is promoted."""
        r = self.r
        things = [(v, t, m, addr) for v, t in scope for m, addr in members(t)[1].items() if v[0] == "v" or not addr]
        if not things:
            return self.declare(scope)
        v, t, m, addr = r.choice(things)
        params, result = SIGS[m]
        args, f = ", ".join(self.expr(scope, p, 1) for p in params), self.fresh()
        form = r.randrange(4)
        call = f"{v}.{m}({args})"
        if form == 1:
            self.emit(f"{f} := {v}.{m}")
            call = f"{f}({args})"
            if r.random() < 0.5:
                self.assign(scope)
        elif form == 2 and t.kind != "ptr":
            recv = f"(*{t.src})" if addr else t.src
            call = f"{recv}.{m}({'&' if addr else ''}{v}{', ' + args if args else ''})"
        elif form == 3 and not self.ctx["loop"]:
            return self.emit(f"defer {v}.{m}({args})")
        self.emit(f"note({call})" if result else call)

    def shadow(self, scope):
        if not scope:
            return
        v, t = self.r.choice(scope)
        if v[0] == "v":
            self.emit(f"{{\n{v} := {v}\n_ = {v}")
            self.block(scope, 1)
            self.emit("}")

    def consts_here(self, scope):
        r, a, b = self.r, self.fresh("c"), self.fresh("c")
        self.emit(f"const {a}, {b} = {r.choice(['1 << 40', '1.5', '2i * 2i', repr(chr(97)), '7 / 2', '7 / 2.0', '-5 % 3'])}, 1 << {r.randrange(60)} >> {r.randrange(60)}")
        self.emit(f"note({a}, {b}, uint64({b}), int64(1)<<({r.randrange(70)}+zero), uint8(1<<(zero+{r.randrange(9)})))")

    def texts(self, scope):
        r, v = self.r, self.fresh()
        s = self.conv(STRING, self.expr(scope, STRING))
        self.emit(r.choice([
            f"{v} := []rune({s}); slices.Reverse({v}); note(string({v}), len({v}))", f"{v} := []byte({s}); if len({v}) > 1 {{ {v}[1] ^= 32 }}; note(fmt.Sprintf(`%q`, {v}))",
            f"{v} := {s}; {v} += {v} + `-`; note(short({v}), {v} < {s}, len({v}))", f"{v} := append([]byte(`ab`), {s}...); note(string({v}[1:]))",
            f"{v} := {s}; note({v}[zero+{r.randrange(3)}:], {v}[:min(len({v}), {r.randrange(4)})])", f"for _, {v} := range []byte({s}) {{ note({v}); break }}",
            f"switch {v} := {s}; {{ case {v} == `a`: note(`a`); case len({v}) > 2 && {v}[2] > 'y': note({v}[2]); default: note(`neither`) }}"]))

    # ---- functions within functions

    def inside(self, results, named, scope, n):
        """Statements in the context of a function literal."""
        kept, self.ctx = self.ctx, {"results": results, "named": named, "labels": [], "loop": 0, "nest": self.ctx["nest"] + 1}
        scope = self.block(scope, n)
        self.ret(scope)
        self.ctx = kept

    def recovering(self, scope):
        """A deferred function that may recover, change named results, panic again or defer more."""
        r, e, c = self.r, self.fresh("e"), self.ctx
        self.emit("defer func() {")
        form = r.randrange(6)
        if form == 0:
            self.emit("note(`helper`, say(helperRecovers()))")
        elif form == 1:
            self.emit(f"func() {{ note(`nested`, say(recover())) }}()\ndefer func() {{ note(`deferred in deferred`, say(recover())) }}()")
        if form != 0 or r.random() < 0.5:
            self.emit(f"if {e} := recover(); {e} != nil {{\nnote(`recovered`, say({e}))")
            if form == 2:
                self.emit(f"panic(fmt.Sprint(`again `, say({e})))")
            elif form == 3:
                self.emit(f"panic({e})")
            self.emit("}")
        if c["named"]:
            for n, t in zip(c["named"], c["results"]):
                if r.random() < 0.5:
                    self.emit(f"{n} = {self.expr(scope, t, 2)}")
        self.emit("}()")

    def literal(self, scope):
        r = self.r
        results = [r.choice(self.types) for _ in range(r.randrange(0, 3))]
        named = [self.fresh() for _ in results] if r.random() < 0.6 else None
        rs = ", ".join(f"{n} {t.src}" for n, t in zip(named, results)) if named else ", ".join(t.src for t in results)
        got = [self.fresh() for _ in results]
        self.emit((f"{', '.join(got)} := " if got else "") + f"func() ({rs}) {{")
        inner = scope + (list(zip(named, results)) if named else [])
        kept, self.ctx = self.ctx, {"results": results, "named": named, "labels": [], "loop": 0, "nest": 0}
        if r.random() < 0.7:
            self.recovering(inner)
        self.ctx = kept
        if r.random() < 0.3:
            i = self.fresh("i")
            self.emit(f"for {i} := range {r.randrange(1, 4)} {{ defer note(`deferred`, {i}) }}")
        self.inside(results, named, inner, r.randrange(1, 4))
        self.emit("}()")
        for g, t in zip(got, results):
            self.emit(f"_ = {g}")
            self.show(g, t)
            scope.append((g, t))

    def trying(self, scope):
        self.emit("try(`inner`, func() {")
        self.inside([], None, scope, self.r.randrange(1, 4))
        self.emit("})")

    def goexit(self, scope):
        self.emit("exits(func() {")
        self.inside([], None, scope, 1)
        self.emit("})")

    def capture(self, scope):
        fs, i, f = self.fresh("fs"), self.fresh("i"), self.fresh("f")
        t = self.r.choice(self.types)
        self.emit(f"var {fs} []func() {t.src}\nfor {i} := 0; {i} < 3; {i}++ {{ {fs} = append({fs}, func() {t.src} {{ {i} += 2; return {self.expr(scope + [(i, INT)], t, 1)} }}) }}")
        self.emit(f"for _, {f} := range {fs} {{\n{f}()")
        v = self.fresh()
        self.emit(f"{v} := {f}()\n_ = {v}")
        self.show(v, t)
        self.emit("}")

    def generic(self, scope):
        r, v, w, x = self.r, self.fresh(), self.fresh(), self.fresh()
        t, u = r.choice(self.types), r.choice(self.types)
        e = lambda ty: self.conv(ty, self.expr(scope, ty, 1))
        form = r.randrange(5)
        if form == 0:
            self.emit(f"{v} := Map({e(slice_of(t))}, func({x} {t.src}) {u.src} {{ return {self.expr(scope + [(x, t)], u, 1)} }})\n_ = {v}")
            self.show(v, slice_of(u))
            scope.append((v, slice_of(u)))
        elif form == 1:
            k = r.choice([ty for ty in self.types if comparable(ty)])
            self.emit(f"{v} := MakeSet({e(k)}, {e(k)})\nnote(`set`, {v}.Add({e(k)}), len({v}))\n{w} := Pair[{k.src}, {t.src}]{{Val: {e(t)}}}\nnote({w}.Is({e(k)}), Pair[{k.src}, {t.src}].Is({w}, {e(k)}))")
        elif form == 2:
            self.emit(f"{v} := Stack[{t.src}]{{}}\n{v}.Push({e(t)}).Push({e(t)}, {e(t)})\nif {w}, ok := {v}.Pop(); ok {{\n_ = {w}")
            self.show(w, t)
            self.emit(f"}}\n{w} := {v}.Push\nnote({w}({e(t)}).Max, len({v}.items))")
        elif form == 3:
            sets = [ty for ty in self.types if ty.named and ty.methods.get("Set")]
            if sets:
                s = r.choice(sets)
                self.emit(f"{v} := Reset[{s.src}]({self.expr(scope, INT)})\n_ = {v}")
                return self.show(v, s)
            self.emit(f"note(KindOf({e(t)}), KindOf({e(u)}))")
        else:
            self.emit(f"{v} := Fold({e(slice_of(t))}, {e(u)}, func({w} {u.src}, {x} {t.src}) {u.src} {{ return {self.expr(scope + [(x, t), (w, u)], u, 1)} }})\n_ = {v}")
            self.show(v, u)
            scope.append((v, u))

    def pull(self, scope):
        n, s, v, ok = (self.fresh() for _ in range(4))
        self.emit(f"{{\n{n}, {s} := iter.Pull(upto({self.conv(INT, self.expr(scope, INT, 1))} & 3))\n{v}, {ok} := {n}()\nnote({v}, {ok})")
        self.block(scope + [(v, INT)], 1)
        self.emit(f"{v}, {ok} = {n}()\nnote({v}, {ok})\n{s}()\n}}")
