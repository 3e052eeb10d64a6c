//! What the test suites share: finding cases, running `mgo` on them, comparing texts.
//!
//! A case is `tests/ui/<kind>/**/x.mgo`. Its first comment lines may say:
//! `// args: a b` (the program's arguments), `// stdin: text`, `// env: K=V`, `// flags: -m -l` (for
//! `-gcflags`), `// exit: 3`, `// explain: x.mgo:3:5` (a call of `mgo explain`; there may be several).
//! Expectations are siblings: `x.stdout`, `x.stderr`, `x.escape`, `x.explain`, `x.explain.json`; absent = empty.

#![allow(dead_code)]

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a program may run before it counts as hanging.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A test program and what its header says.
#[derive(Debug, Clone)]
pub struct Case {
    /// The program.
    pub path: PathBuf,
    /// Path below `tests/ui`, without extension.
    pub name: String,
    /// First component of `name`.
    pub kind: String,
    pub args: Vec<String>,
    pub stdin: String,
    pub env: Vec<(String, String)>,
    pub flags: Option<String>,
    pub exit: Option<i32>,
    /// Arguments of calls of `mgo explain`.
    pub explain: Vec<String>,
    pub source: String,
}

/// What a run printed.
#[derive(Debug, Default)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
    pub timed_out: bool,
}

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `dir` for which `want` holds, sorted.
pub fn files_below(dir: &Path, want: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let Ok(entries) = std::fs::read_dir(dir) else { return out };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(files_below(&path, want));
        } else if want(&path) {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// All cases below `tests/ui/<kind>`.
pub fn cases(kinds: &[&str]) -> Vec<Case> {
    let ui = root().join("tests/ui");
    let is_program = |p: &Path| p.extension().is_some_and(|e| e == "mgo");
    kinds.iter().flat_map(|k| files_below(&ui.join(k), &is_program)).map(|p| case(&ui, p)).collect()
}

fn case(ui: &Path, path: PathBuf) -> Case {
    let source = String::from_utf8_lossy(&std::fs::read(&path).expect("test programs are readable")).into_owned();
    let name = path.strip_prefix(ui).expect("below tests/ui").with_extension("").display().to_string();
    let kind = name.split('/').next().unwrap_or_default().to_string();
    let mut case = Case {
        path,
        name,
        kind,
        args: Vec::new(),
        stdin: String::new(),
        env: Vec::new(),
        flags: None,
        exit: None,
        explain: Vec::new(),
        source: String::new(),
    };
    for line in source.lines().take_while(|l| l.starts_with("//")) {
        let Some((key, value)) = line[2..].trim().split_once(':') else { continue };
        let value = value.trim();
        match key {
            "args" => case.args = value.split_whitespace().map(String::from).collect(),
            "stdin" => case.stdin = value.replace("\\n", "\n"),
            "env" => case.env.extend(value.split_once('=').map(|(k, v)| (k.to_string(), v.to_string()))),
            "flags" => case.flags = Some(value.to_string()),
            "explain" => case.explain.push(value.to_string()),
            "exit" => case.exit = value.parse().ok(),
            _ => {}
        }
    }
    case.source = source;
    case
}

/// Runs `mgo` with `args`, in `dir`.
pub fn mgo(dir: &Path, args: &[String], stdin: &str, env: &[(String, String)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mgo"));
    command.args(args).current_dir(dir).envs(env.iter().map(|(k, v)| (k, v)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("mgo starts");
    let mut input = child.stdin.take().expect("piped");
    let text = stdin.to_string();
    let feed = std::thread::spawn(move || drop(input.write_all(text.as_bytes())));
    let (mut out, mut err) = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
    let read_out = std::thread::spawn(move || read_lossy(&mut out));
    let read_err = std::thread::spawn(move || read_lossy(&mut err));
    let start = Instant::now();
    let mut timed_out = false;
    let status = loop {
        match child.try_wait().expect("mgo can be waited for") {
            Some(status) => break status,
            None if start.elapsed() > TIMEOUT => {
                timed_out = true;
                let _ = child.kill();
                break child.wait().expect("mgo ends when killed");
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let _ = feed.join();
    Output {
        stdout: read_out.join().expect("reader"),
        stderr: read_err.join().expect("reader"),
        code: status.code(),
        timed_out,
    }
}

fn read_lossy(from: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = from.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Runs a case's program with extra settings of MGODEBUG.
pub fn run_case(case: &Case, debug: &str) -> Output {
    run_case_with(case, &[], debug)
}

/// As [`run_case`], with flags of `mgo run`.
pub fn run_case_with(case: &Case, flags: &[&str], debug: &str) -> Output {
    let file = case.path.file_name().expect("a file").to_string_lossy().into_owned();
    let mut args = vec!["run".to_string()];
    args.extend(flags.iter().map(ToString::to_string));
    args.push(file);
    args.extend(case.args.iter().cloned());
    let mut env = case.env.clone();
    if !debug.is_empty() {
        let own = env.iter().position(|(k, _)| k == "MGODEBUG").map(|i| env.remove(i).1);
        env.push(("MGODEBUG".into(), own.map_or(debug.to_string(), |o| format!("{o},{debug}"))));
    }
    mgo(case.path.parent().expect("in a folder"), &args, &case.stdin, &env)
}

/// Takes out of a trace what differs between machines and builds: directories, code addresses, argument
/// words. Applied to both mgo's output and, by `record.py`, to Go's.
pub fn normalize_trace(text: &str, dir: &Path) -> String {
    let dir = dir.display().to_string();
    let mut out = String::new();
    // Where a stack overflows, and how deep it was then, depends on frame sizes.
    let overflow = "fatal error: stack overflow\n";
    let end = text.find(overflow).map_or(text.len(), |at| at + overflow.len());
    for line in text[..end].lines() {
        let mut line = line.replace(&format!("{dir}/"), "$DIR/");
        let library =
            ["/src/runtime/", "/src/sync/", "/src/internal/sync/", "/src/time/", "/src/internal/runtime/maps/"];
        if let Some(at) = library.iter().find_map(|l| line.find(l)).filter(|_| line.starts_with('\t')) {
            let file = line[at..].split(':').next().unwrap_or_default();
            line = format!("\t$GOROOT{file}");
        }
        line = hide_goroutine(&line);
        if let Some(at) = line.find(" pc=0x") {
            line.truncate(at);
            line.push_str(" pc=0x0]");
        }
        if line.starts_with('\t') {
            if let Some(at) = line.rfind(" +0x") {
                line.truncate(at);
            }
        } else if let Some(open) = line.rfind('(').filter(|_| line.ends_with(')') && is_frame(&line))
            && line[open..] != *"()"
        {
            line.truncate(open);
            line.push_str("(...)");
        }
        line = hide_addresses(&line);
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// `main.f(0x1)`, `main.(*T).m(...)`: a trace's line for a frame.
fn is_frame(line: &str) -> bool {
    let name = line.split('(').next().unwrap_or_default();
    let package = ["main.", "runtime.", "sync.", "internal/sync.", "time.", "internal/runtime/maps."];
    (package.iter().any(|p| name.starts_with(p)) || name == "panic") && !name.contains(' ')
}

/// `goroutine 19` → `goroutine N`, but for the main one: Go's runtime has goroutines of its own.
fn hide_goroutine(line: &str) -> String {
    let mut parts = line.split("goroutine ");
    let mut out = parts.next().unwrap_or_default().to_string();
    for p in parts {
        let digits = p.bytes().take_while(u8::is_ascii_digit).count();
        out.push_str("goroutine ");
        if digits == 0 || &p[..digits] == "1" {
            out.push_str(p);
        } else {
            out.push('N');
            out.push_str(&p[digits..]);
        }
    }
    out
}

/// `0xc000012345` → `0xADDR` (long hexadecimal numbers only).
fn hide_addresses(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("0x") {
        let digits = rest[at + 2..].bytes().take_while(u8::is_ascii_hexdigit).count();
        out.push_str(&rest[..at]);
        out.push_str(if digits >= 6 { "0xADDR" } else { &rest[at..at + 2 + digits] });
        rest = &rest[at + 2 + digits..];
    }
    out.push_str(rest);
    out
}

/// Compares with the sibling of `case` that ends in `.<ext>`, or rewrites it when blessing.
pub fn compare(case: &Case, ext: &str, actual: &str) -> Result<(), String> {
    let path = case.path.with_extension(ext);
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    if blessing() {
        if actual.is_empty() {
            let _ = std::fs::remove_file(&path);
        } else {
            std::fs::write(&path, actual).expect("expectations can be written");
        }
        return Ok(());
    }
    Err(diff(&expected, actual, &format!("{}.{ext}", case.name)))
}

/// Whether expectations are to be rewritten. Never in CI.
pub fn blessing() -> bool {
    std::env::var_os("MGO_BLESS").is_some_and(|v| v == "1") && std::env::var_os("CI").is_none()
}

/// A unified diff, cut to a readable length.
pub fn diff(expected: &str, actual: &str, what: &str) -> String {
    let mut out = format!("{what} differs (- expected, + actual); MGO_BLESS=1 rewrites it:\n");
    let diff = similar::TextDiff::from_lines(expected, actual);
    let text = diff.unified_diff().context_radius(2).to_string();
    for line in text.lines().take(60) {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// Checks the exit status: what the header says, else `default`.
pub fn check_exit(case: &Case, output: &Output, default: i32) -> Result<(), String> {
    if output.timed_out {
        return Err(format!("{}: still running after {} s", case.name, TIMEOUT.as_secs()));
    }
    let want = case.exit.unwrap_or(default);
    if output.code == Some(want) {
        return Ok(());
    }
    let tail = |s: &str| s.lines().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n");
    Err(format!(
        "{}: exit status {:?}, expected {want}\nstdout: {}\nstderr: {}",
        case.name,
        output.code,
        tail(&output.stdout),
        tail(&output.stderr)
    ))
}
