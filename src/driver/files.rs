//! Which files of a directory are its package: by name, and by build constraints.

use std::path::{Path, PathBuf};

use super::load::{GO_VERSION, LoadError, is_source_file, os_error};
use crate::source::SourceMap;
use crate::syntax::constraint::{self, Constraint, version_tag};
use crate::syntax::lexer;

/// The files of a directory.
#[derive(Debug, Default)]
pub struct PackageFiles {
    /// Those of its package on linux/amd64, sorted.
    pub chosen: Vec<PathBuf>,
    /// Whether others are for other systems, or ignored.
    pub excluded: bool,
    /// Whether others are tests.
    pub tests: bool,
    /// A file in assembly.
    pub assembly: Option<PathBuf>,
}

/// Sorts out the files of a directory.
///
/// # Errors
/// When the directory or a file cannot be read, or a build constraint cannot be.
pub fn package_files(dir: &Path) -> Result<PackageFiles, LoadError> {
    let entries = std::fs::read_dir(dir).map_err(|e| LoadError(format!("open {}: {}", dir.display(), os_error(&e))))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    let mut out = PackageFiles::default();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with(['.', '_']) || !path.is_file() {
            continue;
        }
        if name.ends_with(".s") && file_name_matches(&name) {
            out.assembly = Some(path);
            continue;
        }
        if !is_source_file(&name) {
            continue;
        }
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(s, _)| s);
        if stem.ends_with("_test") {
            out.tests = true;
        } else if file_name_matches(&name) && constraint_holds(&path, &name)? {
            out.chosen.push(path);
        } else {
            out.excluded = true;
        }
    }
    Ok(out)
}

/// Whether `name_GOOS_GOARCH.go` is for linux/amd64.
fn file_name_matches(name: &str) -> bool {
    const OTHER_SYSTEMS: &str = "aix android darwin dragonfly freebsd hurd illumos ios js nacl netbsd openbsd plan9 \
         solaris wasip1 windows zos";
    const OTHER_MACHINES: &str = "386 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 \
         mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm";
    let is_in = |list: &str, word: &str| list.split_whitespace().any(|w| w == word);
    let stem = name.split_once('.').map_or(name, |(s, _)| s);
    let mut parts = stem.rsplit('_');
    let n = stem.matches('_').count();
    let (last, before) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    if n == 0 || is_in(OTHER_SYSTEMS, last) || is_in(OTHER_MACHINES, last) {
        return n == 0;
    }
    !(n >= 2 && last == "amd64" && is_in(OTHER_SYSTEMS, before))
}

/// Whether a build tag is set.
fn has_tag(tag: &str) -> bool {
    matches!(tag, "linux" | "amd64" | "gc" | "unix" | "mgo") || version_tag(tag).is_some_and(|n| n <= GO_VERSION)
}

/// Whether a file's `//go:build` line, or without one its `// +build` lines, let it be part of its package.
fn constraint_holds(path: &Path, name: &str) -> Result<bool, LoadError> {
    let Ok(text) = std::fs::read(path) else { return Ok(true) };
    let has = |word: &[u8]| text.windows(word.len()).any(|w| w == word);
    if !has(b"//go:build") && !has(b"+build") {
        return Ok(true);
    }
    let plus = plus_build(&String::from_utf8_lossy(&text));
    let mut sources = SourceMap::default();
    let Ok(id) = sources.add(String::new(), String::new(), text) else { return Ok(true) };
    let lexed = lexer::lex(sources.file(id));
    let package = lexed.tokens.first().map_or(sources.file(id).hi(), |t| t.span.lo);
    let mut lines = lexed.directives.iter().filter(|d| d.span.lo < package && d.text.starts_with("go:build"));
    if lines.by_ref().take(2).count() > 1 {
        return Err(LoadError(format!("{name}: multiple //go:build comments")));
    }
    match constraint::of_file(lexed.directives.iter().filter(|d| d.span.lo < package)) {
        Some(Ok(c)) => Ok(c.holds(&has_tag)),
        Some(Err(message)) => Err(LoadError(format!("{name}: parsing //go:build line: {message}"))),
        None => Ok(plus),
    }
}

/// Whether the `// +build` lines of a file hold: those before its first blank line behind which there is still
/// nothing but comments. A line is alternatives of comma-separated tags that all must be set.
fn plus_build(text: &str) -> bool {
    let mut pending = Vec::new();
    let mut lines = Vec::new();
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        if in_comment {
            in_comment = !line.contains("*/");
        } else if line.is_empty() {
            lines.append(&mut pending);
        } else if let Some(comment) = line.strip_prefix("//") {
            let comment = comment.trim();
            pending.extend(comment.strip_prefix("+build").filter(|r| r.is_empty() || r.starts_with([' ', '\t'])));
        } else if line.starts_with("/*") {
            in_comment = !line.contains("*/");
        } else {
            break;
        }
    }
    let tag = |t: &str| match t.strip_prefix('!') {
        Some(t) => Constraint::Not(Box::new(Constraint::Tag(t.into()))).holds(&has_tag),
        None => has_tag(t),
    };
    lines.iter().all(|line| line.split_whitespace().any(|all| all.split(',').all(tag)))
}
