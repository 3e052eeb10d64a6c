"""Types of the generated programs, and what can be selected on their values."""

INTS = ["int", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]
FLOATS = ["float32", "float64"]


class Ty:
    """kind: int, float, complex, bool, string, ptr, slice, array, map, struct, func or iface; src: how Go writes it."""

    def __init__(self, kind, src, elem=None, key=None, n=0, fields=(), params=(), result=None, base=None):
        self.kind, self.src, self.elem, self.key, self.n = kind, src, elem, key, n
        self.fields, self.params, self.result, self.base = list(fields), list(params), result, base
        self.methods = {}  # name -> whether the receiver is a pointer
        self.named = False


def basic(name):
    return Ty("int" if name in INTS else "float" if name in FLOATS else "complex" if name == "complex128" else name, name, base=name)


BASIC = {n: basic(n) for n in INTS + FLOATS + ["complex128", "bool", "string"]}
INT, BOOL, STRING = BASIC["int"], BASIC["bool"], BASIC["string"]
ANY = Ty("iface", "any")
# the methods a type may have: parameters and result
SIGS = {"M0": ([], INT), "M1": ([INT], STRING), "M2": ([STRING, INT], INT), "Set": ([INT], None)}


def ptr(t):
    return Ty("ptr", "*" + t.src, elem=t)


def slice_of(t):
    return Ty("slice", "[]" + t.src, elem=t)


def array_of(n, t):
    return Ty("array", f"[{n}]{t.src}", elem=t, n=n)


def map_of(k, t):
    return Ty("map", f"map[{k.src}]{t.src}", key=k, elem=t)


def func_of(params, result):
    return Ty("func", f"func({', '.join(p.src for p in params)}) {result.src}", params=params, result=result)


def struct_of(fields):
    """fields: (name, type, embedded)"""
    text = "; ".join(t.src if e else f"{n} {t.src}" for n, t, e in fields)
    return Ty("struct", f"struct{{ {text} }}", fields=fields)


def comparable(t):
    if t.kind in ("slice", "map", "func"):
        return False
    if t.kind == "array":
        return comparable(t.elem)
    return all(comparable(f) for _, f, _ in t.fields)


def printable(t):
    """Whether %v shows no address and has one order."""
    if t.kind in ("ptr", "func", "iface"):
        return False
    if t.kind in ("slice", "array"):
        return printable(t.elem)
    if t.kind == "map":
        return printable(t.elem) and printable(t.key)
    return all(printable(f) for _, f, _ in t.fields)


def members(t):
    """Fields {name: type} and methods {name: whether an address is needed} that a selector can name."""
    fields, methods, seen, level = {}, {}, set(), [(t, False)]
    while level:
        found, deeper = {}, []
        for ty, through in level:
            if ty.kind == "ptr":
                ty, through = ty.elem, True
            for m, pointer in ty.methods.items():
                found.setdefault(m, []).append((methods, pointer and not through))
            for name, f, embedded in ty.fields:
                if name != "_":
                    found.setdefault(name, []).append((fields, f))
                if embedded:
                    deeper.append((f, through))
        for name, things in found.items():
            if name not in seen and len(things) == 1:
                things[0][0][name] = things[0][1]
            seen.add(name)
        level = deeper
    return fields, methods


def implements(t, iface):
    have = members(t)[1]
    return all(m in have and not have[m] for m in iface.methods)
