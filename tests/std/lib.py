"""Puts the library into a temporary module `x`, so that real Go can compile it.

Import paths of our packages get the prefix `x/`. With `stubs`, what is native
or depends on the memory layout of type descriptors (internal/rt) is replaced
by stand-ins that work under real Go; without, the package is only compiled.
"""

import os
import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
STD = HERE.parent.parent / "src" / "std"


def go():
    return os.environ.get("GO") or shutil.which("go") or "go"


def packages():
    """Import paths of the library."""
    return sorted({str(p.parent.relative_to(STD)) for p in STD.rglob("*.go")})


def without_body(declaration):
    """A native function for real Go."""
    return declaration.replace("//go:noescape\n", "").rstrip() + ' { panic("native") }\n'


def install(to, stubs):
    """Writes the module to the directory `to`, which must not lie in the source tree."""
    if HERE.parent.parent in (to.resolve() / "go.mod").parents:
        raise SystemExit(f"{to} lies in the source tree: the module would be committed with it")
    ours = set(packages())
    if stubs:
        ours -= {"sync/atomic", "sync", "runtime"}  # native
    standins = {name for path in (HERE / "stub").glob("*.go") for name in re.findall(r"^func (\w+)", path.read_text(), re.M)}
    (to / "go.mod").write_text("module x\n\ngo 1.27\n")
    for path in STD.rglob("*.go"):
        rel = path.relative_to(STD)
        if rel.parent.as_posix() not in ours:
            continue
        text = path.read_text()
        text = re.sub(r'^((?:import )?\s*(?:[\w.]+ )?)"([\w/]+)"$',
                      lambda m: f'{m[1]}"x/{m[2]}"' if m[2] in ours else m[0], text, flags=re.M)
        if stubs:
            if str(rel) == "internal/rt/iface.go":
                continue
            if (HERE / "stub" / rel).exists():
                text = (HERE / "stub" / rel).read_text()
            # Native declarations: a func line that opens no body. What has no stand-in is not called.
            names = standins if rel.parent.as_posix() == "internal/rt" else ()
            text = re.sub(r"(?:^//.*\n)*^func (\w+)[^{\n]*$\n",
                          lambda m: "" if m[1] in names else without_body(m[0]), text, flags=re.M)
        out = to / rel
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text)
    if stubs:
        for path in (HERE / "stub").glob("*.go"):
            shutil.copy(path, to / "internal/rt" / ("stub_" + path.name))
    else:
        for d in {p.parent for p in to.rglob("*.go")}:
            (d / "empty.s").write_text("")


def run(args, cwd, **kw):
    env = dict(os.environ, GOFLAGS="-mod=mod", GO111MODULE="on", GOWORK="off")
    return subprocess.run([go(), *args], cwd=cwd, env=env, text=True, capture_output=True, **kw)
