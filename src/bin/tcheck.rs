use mgo::index::Symbol;
use mgo::source::SourceMap;
use mgo::syntax::{ast, parser};
use mgo::types::check::PackageInput;
use std::collections::HashMap;
const ROOT: &str = "/tmp/gov/lib/python3.11/site-packages/go/src";
struct L {
    sm: SourceMap,
    pk: Vec<(Symbol, Vec<ast::File>, bool)>,
    seen: HashMap<String, bool>,
    n: u32,
    diags: Vec<mgo::diag::Diagnostic>,
}
fn tag_ok(t: &str) -> bool {
    matches!(
        t,
        "linux"
            | "amd64"
            | "unix"
            | "gc"
            | "purego_x"
            | "goexperiment.regabiwrappers"
            | "goexperiment.regabiargs"
            | "goexperiment.swissmap"
            | "goexperiment.aliastypeparams"
            | "goexperiment.spinbitmutex"
            | "goexperiment.greenteagc"
            | "goexperiment.randomizedheapbase64"
            | "goexperiment.sizespecializedmalloc"
            | "goexperiment.jsonv2"
            | "goexperiment.synchashtriemap"
            | "goexperiment.loopvar"
            | "goexperiment.coverageredesign"
            | "goexperiment.dwarf5"
    ) || t.strip_prefix("go1.").is_some_and(|v| v.parse::<u32>().is_ok_and(|v| v <= 27))
}
fn eval(s: &str) -> bool {
    // recursive descent
    fn or(c: &[u8], i: &mut usize) -> bool {
        let mut v = and(c, i);
        loop {
            ws(c, i);
            if c[*i..].starts_with(b"||") {
                *i += 2;
                let r = and(c, i);
                v = v || r;
            } else {
                return v;
            }
        }
    }
    fn and(c: &[u8], i: &mut usize) -> bool {
        let mut v = un(c, i);
        loop {
            ws(c, i);
            if c[*i..].starts_with(b"&&") {
                *i += 2;
                let r = un(c, i);
                v = v && r;
            } else {
                return v;
            }
        }
    }
    fn ws(c: &[u8], i: &mut usize) {
        while *i < c.len() && c[*i] == b' ' {
            *i += 1;
        }
    }
    fn un(c: &[u8], i: &mut usize) -> bool {
        ws(c, i);
        if *i >= c.len() {
            return false;
        }
        if c[*i] == b'!' {
            *i += 1;
            return !un(c, i);
        }
        if c[*i] == b'(' {
            *i += 1;
            let v = or(c, i);
            ws(c, i);
            *i += 1;
            return v;
        }
        let s = *i;
        while *i < c.len() && (c[*i].is_ascii_alphanumeric() || c[*i] == b'.' || c[*i] == b'_') {
            *i += 1;
        }
        tag_ok(std::str::from_utf8(&c[s..*i]).unwrap())
    }
    or(s.as_bytes(), &mut 0)
}
const OSES: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "js",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
    "nacl",
    "hurd",
];
const ARCHES: &[&str] = &[
    "386",
    "arm",
    "arm64",
    "loong64",
    "mips",
    "mips64",
    "mips64le",
    "mipsle",
    "ppc64",
    "ppc64le",
    "riscv64",
    "s390x",
    "wasm",
    "sparc64",
    "riscv",
    "ppc",
    "amd64p32",
    "armbe",
    "arm64be",
    "mips64p32",
    "mips64p32le",
    "s390",
    "sparc",
];
fn use_file(p: &std::path::Path, text: &str) -> bool {
    let stem = p.file_stem().unwrap().to_str().unwrap();
    if stem.ends_with("_test") {
        return false;
    }
    let parts: Vec<&str> = stem.split('_').collect();
    for t in parts.iter().skip(1).rev().take(2) {
        if OSES.contains(t) || ARCHES.contains(t) {
            return false;
        }
    }
    for line in text.lines() {
        if let Some(r) = line.strip_prefix("//go:build ") {
            return eval(r);
        }
        if line.starts_with("package ") {
            break;
        }
    }
    true
}
impl L {
    fn load(&mut self, path: &str, files: Vec<std::path::PathBuf>, is_std: bool) {
        self.seen.insert(path.into(), false);
        let mut out = Vec::new();
        for f in files {
            let text = std::fs::read(&f).unwrap();
            if is_std && !use_file(&f, &String::from_utf8_lossy(&text)) {
                continue;
            }
            let name = f.display().to_string();
            let name = if is_std { name } else { format!("./{}", f.file_name().unwrap().to_str().unwrap()) };
            let id = self.sm.add(name.clone(), name, text).unwrap();
            let (file, d) = parser::parse_file(id, self.sm.file(id), &mut self.n);
            self.diags.extend(d);
            out.push(file);
        }
        let imps: Vec<String> =
            out.iter().flat_map(|f| f.imports.iter().map(|i| i.path.as_str().to_string())).collect();
        for i in imps {
            if i != "unsafe" && i != "C" && !self.seen.contains_key(&i) {
                let mut dir = format!("{ROOT}/{i}");
                if !std::path::Path::new(&dir).is_dir() {
                    dir = format!("{ROOT}/vendor/{i}");
                }
                let Ok(rd) = std::fs::read_dir(&dir) else { continue };
                let mut fs: Vec<_> =
                    rd.map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "go")).collect();
                fs.sort();
                if fs.is_empty() {
                    continue;
                }
                self.load(&i, fs, true);
            }
        }
        self.pk.push((Symbol::new(path), out, is_std));
    }
}
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let h = std::thread::Builder::new()
        .stack_size(1 << 30)
        .spawn(move || {
            let mut l = L { sm: SourceMap::default(), pk: vec![], seen: HashMap::new(), n: 0, diags: vec![] };
            if args[0] == "-std" {
                for a in &args[1..] {
                    let mut fs: Vec<_> = std::fs::read_dir(format!("{ROOT}/{a}"))
                        .unwrap()
                        .map(|e| e.unwrap().path())
                        .filter(|p| p.extension().is_some_and(|e| e == "go"))
                        .collect();
                    fs.sort();
                    l.load(a, fs, true);
                }
            } else {
                l.load("main", args.iter().map(Into::into).collect(), false);
            }
            let all = std::env::var("TC_ALL").is_ok();
            let inputs: Vec<PackageInput<'_>> =
                l.pk.iter().map(|p| PackageInput { path: p.0, files: &p.1, is_std: p.2 && !all }).collect();
            let mut diags = l.diags;
            if !diags.iter().any(|d| d.message.starts_with("syntax error")) {
                let t = std::time::Instant::now();
                let lazy = std::env::var("TC_LAZY").is_ok();
                let mut c = mgo::types::check::Checker::new(&inputs, l.n, &l.sm);
                if !diags.is_empty() {
                    c.note_parse_errors();
                }
                c.check_packages();
                if !lazy {
                    c.check_all_bodies();
                }
                let c = c.finish();
                if std::env::var("TC_T").is_ok() {
                    eprintln!("check {:?} nodes {}", t.elapsed(), l.n);
                }
                diags.extend(c.diagnostics);
                mgo::diag::sort_and_dedup(&mut diags);
            } else {
                for i in &inputs {
                    if !i.is_std {
                        for f in i.files {
                            mgo::types::check::check_branches(f, &l.sm, &mut diags);
                        }
                    }
                }
                mgo::diag::sort_and_dedup(&mut diags);
            }
            for d in &diags {
                if d.span.lo.is_some() {
                    println!("{}: {}", l.sm.describe(d.span.lo), d.message);
                } else {
                    println!("{}", d.message);
                }
            }
            if !diags.is_empty() {
                std::process::exit(1);
            }
        })
        .unwrap();
    if h.join().is_err() {
        std::process::exit(101);
    }
}
