//! `-json=0,DIR`: the optimiser's decisions as editors read them, one file a source file.
//!
//! The layout is Go's: `DIR/<package>/<file>.json` begins with a line that says what the rest is about; each
//! further line is a diagnostic of the Language Server Protocol, in the order of the source.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::load::{GO_RELEASE, clean, os_error};
use crate::diag::LogEntry;
use crate::source::{Pos, SourceMap};

#[derive(Serialize)]
struct Header<'a> {
    version: u32,
    package: &'a str,
    goos: &'a str,
    goarch: &'a str,
    gc_version: &'a str,
    file: &'a str,
}

#[derive(Serialize, Clone, Copy)]
struct Position {
    line: u32,
    character: u32,
}

#[derive(Serialize, Clone, Copy)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Location {
    uri: String,
    range: Range,
}

impl Location {
    /// Of what has no place at all, as Go names it.
    fn nowhere() -> Location {
        let at = Position { line: 0, character: 0 };
        Location { uri: "file://__unnamed__".into(), range: Range { start: at, end: at } }
    }
}

#[derive(Serialize)]
struct Related {
    location: Location,
    message: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LspDiagnostic<'a> {
    range: Range,
    severity: u32,
    code: &'a str,
    source: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_information: Vec<Related>,
}

/// Go's optimiser keeps columns in eight bits.
const MAX_COLUMN: u32 = 255;

/// LSP's number for information.
const INFORMATION: u32 = 3;

/// The directory that the value of `-json` names.
///
/// # Errors
/// Go's words for values it does not take.
pub fn directory(value: &str) -> Result<PathBuf, String> {
    let form = "-json option should be '<version>,<destination>' where <version> is a number";
    let (version, dest) = value.split_once(',').filter(|(v, _)| !v.is_empty()).ok_or(form)?;
    match version.parse::<i64>() {
        Ok(0) => {}
        Ok(_) => return Err("-json version must be 0".into()),
        Err(_) => return Err(format!("{form}: err=strconv.Atoi: parsing {version:?}: invalid syntax")),
    }
    match dest.strip_prefix("file://") {
        Some(path) => Ok(clean(Path::new(&unescape(path.split(['?', '#']).next().unwrap_or_default())))),
        None if dest.starts_with('/') => Ok(clean(Path::new(dest))),
        None => Err(format!(
            "optimizer logging destination {dest} was neither /-prefixed directory nor file://-prefixed file URI"
        )),
    }
}

/// The directory that the value of `-json` names, made if it is not there.
///
/// # Errors
/// Go's words for values it does not take, and when the directory cannot be made.
pub fn prepare(value: &str) -> Result<PathBuf, String> {
    let dir = directory(value)?;
    make_directory(&dir).map_err(|e| {
        format!("optimizer logging destination '<version>,<directory>' but could not create <directory>: err={e}")
    })?;
    Ok(dir)
}

/// Makes a directory and those it is in; tells, as Go does, which one could not be made.
fn make_directory(dir: &Path) -> Result<(), String> {
    let fail = |what: &str| Err(format!("mkdir {}: {what}", dir.display()));
    match std::fs::metadata(dir) {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => return fail("not a directory"),
        Err(_) => {}
    }
    if let Some(parent) = dir.parent().filter(|p| !p.as_os_str().is_empty()) {
        make_directory(parent)?;
    }
    match std::fs::create_dir(dir) {
        Err(e) if !dir.is_dir() => fail(&os_error(&e)),
        _ => Ok(()),
    }
}

/// Writes the entries under `dir`.
///
/// # Errors
/// When files cannot be written.
pub fn write(dir: &Path, package: &str, entries: &[LogEntry], sources: &SourceMap) -> Result<(), String> {
    let mut files: BTreeMap<&str, Vec<&LogEntry>> = BTreeMap::new();
    for entry in entries {
        if let Some((_, file)) = sources.lookup(sources.outermost(entry.pos)) {
            files.entry(&file.path).or_default().push(entry);
        }
    }
    let dir = dir.join(escape(package));
    let what = "for logging optimizer actions";
    make_directory(&dir).map_err(|e| format!("Could not create directory {} {what}, {e}", dir.display()))?;
    for (path, mut list) in files {
        list.sort_by_key(|e| sources.outermost(e.pos));
        let header = Header { version: 0, package, goos: "linux", goarch: "amd64", gc_version: GO_RELEASE, file: path };
        let mut text = line(&header);
        for e in list {
            let mut related = Vec::new();
            push_inlined(e.pos, sources, &mut related);
            for (pos, message) in &e.related {
                let at = pos.map_or_else(Location::nowhere, |pos| location(sources.outermost(pos), sources));
                related.push(Related { location: at, message: message.clone() });
                if let Some(pos) = *pos {
                    push_inlined(pos, sources, &mut related);
                }
            }
            text += &line(&LspDiagnostic {
                range: Range {
                    start: position(sources.outermost(e.pos), sources),
                    end: position(sources.outermost(e.end), sources),
                },
                severity: INFORMATION,
                code: e.code,
                source: "go compiler",
                message: &e.message,
                related_information: related,
            });
        }
        let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
        let stem = name.strip_suffix(".go").or_else(|| name.strip_suffix(".mgo")).unwrap_or(&name);
        let out = dir.join(format!("{}.json", escape(stem)));
        std::fs::write(&out, text).map_err(|e| {
            let out = out.display();
            format!("Could not create file {out} {what}, open {out}: {}", os_error(&e))
        })?;
    }
    Ok(())
}

/// One line of JSON, with the characters escaped that Go escapes.
fn line(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    text.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e") + "\n"
}

/// The places inside the outermost one where inlined code was written, outermost first.
fn push_inlined(pos: Pos, sources: &SourceMap, out: &mut Vec<Related>) {
    let mut places = Vec::new();
    let mut at = pos;
    while let Some((_, range)) = sources.inlined_at(at) {
        places.push(sources.original(at));
        at = range.call;
    }
    for place in places.into_iter().rev() {
        out.push(Related { location: location(place, sources), message: "inlineLoc".into() });
    }
}

fn position(pos: Pos, sources: &SourceMap) -> Position {
    let (line, character) = sources.lookup(pos).map_or((1, 0), |(_, f)| {
        let at = f.line_col(pos);
        (at.line, at.col.min(MAX_COLUMN))
    });
    Position { line, character }
}

fn location(pos: Pos, sources: &SourceMap) -> Location {
    let path = sources.lookup(pos).map_or("<autogenerated>", |(_, f)| f.path.as_str());
    let escaped: Vec<String> = path.split('/').map(escape).collect();
    let at = position(pos, sources);
    Location { uri: format!("file://{}", escaped.join("/")), range: Range { start: at, end: at } }
}

/// A path segment as URLs spell it.
fn escape(segment: &str) -> String {
    let mut out = String::new();
    for b in segment.bytes() {
        match b {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b'$'
            | b'&'
            | b'+'
            | b'='
            | b':'
            | b'@' => out.push(b as char),
            _ => {
                let _ = write!(out, "%{b:02X}");
            }
        }
    }
    out
}

/// A path with URLs' escapes undone.
fn unescape(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(byte) => {
                out.push(byte);
                rest = &tail[2..];
            }
            None => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories() {
        assert_eq!(directory("0,/tmp/x"), Ok(PathBuf::from("/tmp/x")));
        assert_eq!(directory("0,file:///tmp/x"), Ok(PathBuf::from("/tmp/x")));
        assert_eq!(directory("1,/tmp/x"), Err("-json version must be 0".into()));
        assert!(directory("0").is_err_and(|e| e.ends_with("is a number")));
        assert!(directory("x,/tmp").is_err_and(|e| e.ends_with("parsing \"x\": invalid syntax")));
        assert!(directory("0,rel").is_err_and(|e| e.contains("neither /-prefixed")));
    }
}
