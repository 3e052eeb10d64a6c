//! `-gcflags`: what Go's command does with its values, and what Go's compiler does with the flags in them.
//!
//! Two layers, as in Go. The command takes `[pattern=]flags` any number of times; for each package the last
//! value whose pattern matches counts ([`PerPackage`]). The compiler reads the flags that come out of that
//! ([`GcFlags::read`]) by the rules of Go's package `flag`. Messages and exit statuses are Go's; a flag of
//! Go's compiler that mgo lacks is refused by name, so that no request is silently ignored.

use std::path::{Path, PathBuf};

use super::load::{self, GO_RELEASE, GO_VERSION};
use super::optlog;

/// The compiler's flags, understood.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GcFlags {
    /// `-m`: 1, `-m=2` or `-m -m`: 2.
    pub m: u8,
    /// `-l`: no inlining.
    pub no_inline: bool,
    /// `-N`: no optimisation.
    pub no_opt: bool,
    /// `-e`: all errors.
    pub all_errors: bool,
    /// `-C`: places without columns.
    pub no_columns: bool,
    /// `-lang=go1.N`: N.
    pub lang: Option<u32>,
    /// Reasons are kept, whether or not they are printed (`mgo explain`).
    pub explain: bool,
    /// `-json`: decisions are written to files.
    pub json: Option<&'static str>,
}

/// The package that flags are for.
#[derive(Debug)]
pub struct Target {
    /// Its import path, or `command-line-arguments`.
    pub path: String,
    pub dir: PathBuf,
    pub in_module: bool,
}

/// The values of `-gcflags`, split into fields.
#[derive(Debug, Default)]
pub struct PerPackage(Vec<(Option<String>, Vec<String>)>);

impl PerPackage {
    /// Splits the values.
    ///
    /// # Errors
    /// What Go's command says before it looks at any file.
    pub fn parse(values: &[String]) -> Result<PerPackage, String> {
        let mut out = Vec::new();
        for raw in values {
            out.push(split_value(raw).map_err(|e| format!("invalid value {} for flag -gcflags: {e}", quote(raw)))?);
        }
        Ok(PerPackage(out))
    }

    /// The flags for a package: those of the last value that is meant for it.
    fn for_package(self, target: &Target) -> Vec<String> {
        let cwd = std::env::current_dir().unwrap_or_default();
        let fits = |pattern: &Option<String>| pattern.as_ref().is_none_or(|p| matches(p, target, &cwd));
        self.0.into_iter().rfind(|(pattern, _)| fits(pattern)).map(|(_, flags)| flags).unwrap_or_default()
    }
}

/// One value: its pattern, if it has one, and its fields.
fn split_value(raw: &str) -> Result<(Option<String>, Vec<String>), String> {
    let value = raw.trim();
    if value.is_empty() || value.starts_with('-') {
        return Ok((None, fields(value)?));
    }
    let (pattern, flags) = value.split_once('=').ok_or("missing =<value> in <pattern>=<value>")?;
    match value.as_bytes()[0] {
        b'=' => Err("missing <pattern> in <pattern>=<value>".into()),
        c @ (b'\'' | b'"') => Err(format!("parameter may not start with quote character {}", char::from(c))),
        _ => Ok((Some(pattern.trim().to_owned()), fields(flags)?)),
    }
}

/// Fields between spaces; quotes at the start of one hold it together.
fn fields(text: &str) -> Result<Vec<String>, String> {
    let space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let mut out = Vec::new();
    let mut rest = text.trim_start_matches(space);
    while let Some(first) = rest.chars().next() {
        if matches!(first, '"' | '\'') {
            let (field, tail) = rest[1..].split_once(first).ok_or_else(|| format!("unterminated {first} string"))?;
            out.push(field.to_owned());
            rest = tail;
        } else {
            let end = rest.find(space).unwrap_or(rest.len());
            out.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        rest = rest.trim_start_matches(space);
    }
    Ok(out)
}

/// Whether a pattern of packages matches the one being compiled.
fn matches(pattern: &str, target: &Target, cwd: &Path) -> bool {
    let is_relative = matches!(pattern, "." | "..") || pattern.starts_with("./") || pattern.starts_with("../");
    if is_relative {
        let (dir, rest) = match pattern.find("...") {
            None => (pattern, None),
            Some(i) => {
                let slash = pattern[..i].rfind('/').unwrap_or(0);
                (&pattern[..slash], Some(&pattern[slash + 1..]))
            }
        };
        let dir = load::clean(&cwd.join(dir));
        let target = load::clean(&cwd.join(&target.dir));
        let Some(rest) = rest else { return target == dir };
        let Ok(below) = target.strip_prefix(&dir) else { return false };
        let below = if below.as_os_str().is_empty() { Path::new(".") } else { below };
        return glob(rest, &below.display().to_string());
    }
    match pattern {
        "all" => true,
        "std" | "cmd" => false,
        "work" if target.in_module => true,
        _ => glob(pattern, &target.path),
    }
}

/// Whether a pattern with `...` matches; `x/...` matches `x` too.
fn glob(pattern: &str, name: &str) -> bool {
    if pattern.strip_suffix("/...").is_some_and(|stem| glob(stem, name)) {
        return true;
    }
    let mut parts = pattern.split("...");
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or("")) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(i) => rest = &rest[i + part.len()..],
            None => return false,
        }
    }
    true
}

/// What kind of value a flag has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    /// Counts how often it is given.
    Count,
    Int,
    Text,
}

/// What mgo does about a flag of Go's compiler.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Support {
    Yes,
    /// About object files, debugging information or how the compiler works: nothing that mgo has.
    NoEffect,
    No,
}

use Kind::{Bool, Count, Int, Text};
use Support::{No, NoEffect, Yes};

/// A flag: its name, its kind, what mgo does about it, the name of its value, and what Go says it is for.
type Flag = (&'static str, Kind, Support, &'static str, &'static str);

/// The flags of Go's compiler, in the order of its list; what mgo lacks has no text.
const FLAGS: &[Flag] = &[
    ("%", Count, No, "", ""),
    ("+", Bool, No, "", ""),
    ("B", Bool, No, "", ""),
    ("C", Count, Yes, "", "disable printing of columns in error messages"),
    ("D", Text, NoEffect, "path", "set relative path for local imports"),
    ("E", Count, No, "", ""),
    ("I", Text, No, "", ""),
    ("K", Count, No, "", ""),
    ("L", Count, No, "", ""),
    ("N", Count, Yes, "", "disable optimizations"),
    ("S", Count, No, "", ""),
    ("V", Bool, No, "", ""),
    ("W", Count, No, "", ""),
    ("asan", Bool, No, "", ""),
    ("asmhdr", Text, No, "", ""),
    ("bench", Text, No, "", ""),
    ("blockprofile", Text, No, "", ""),
    ("buildid", Text, NoEffect, "id", "record id as the build id in the export metadata"),
    ("c", Int, NoEffect, "int", "concurrency during compilation (1 means no concurrency)"),
    ("clobberdead", Bool, No, "", ""),
    ("clobberdeadreg", Bool, No, "", ""),
    ("complete", Bool, NoEffect, "", "compiling complete package (no C or assembly)"),
    ("coveragecfg", Text, No, "", ""),
    ("cpuprofile", Text, No, "", ""),
    ("d", Text, Yes, "value", "enable debugging settings; try -d help"),
    ("dwarf", Bool, NoEffect, "", "generate DWARF symbols (default true)"),
    ("dwarfbasentries", Bool, NoEffect, "", "use base address selection entries in DWARF (default true)"),
    ("dwarflocationlists", Bool, NoEffect, "", "add location lists to DWARF in optimized mode (default true)"),
    ("dynlink", Bool, No, "", ""),
    ("e", Count, Yes, "", "no limit on number of errors reported"),
    ("embedcfg", Text, No, "", ""),
    ("env", Text, No, "", ""),
    ("errorurl", Bool, No, "", ""),
    ("gendwarfinl", Int, NoEffect, "int", "generate DWARF inline info records (default 2)"),
    ("goversion", Text, Yes, "string", "required version of the runtime"),
    ("h", Count, No, "", ""),
    ("importcfg", Text, No, "", ""),
    ("installsuffix", Text, NoEffect, "suffix", "set pkg directory suffix"),
    ("j", Count, No, "", ""),
    ("json", Text, Yes, "string", "version,file for JSON compiler/optimizer detail output"),
    ("l", Count, Yes, "", "disable inlining"),
    ("lang", Text, Yes, "string", "Go language version source code expects"),
    ("linkobj", Text, No, "", ""),
    ("linkshared", Bool, No, "", ""),
    ("live", Count, No, "", ""),
    ("m", Count, Yes, "", "print optimization decisions"),
    ("memprofile", Text, No, "", ""),
    ("memprofilerate", Int, No, "", ""),
    ("msan", Bool, No, "", ""),
    ("mutexprofile", Text, No, "", ""),
    ("nolocalimports", Bool, NoEffect, "", "reject local (relative) imports"),
    ("o", Text, No, "", ""),
    ("p", Text, No, "", ""),
    ("pack", Bool, NoEffect, "", "write to file.a instead of file.o"),
    ("pgoprofile", Text, No, "", ""),
    ("r", Count, No, "", ""),
    ("race", Bool, No, "", ""),
    ("shared", Bool, NoEffect, "", "generate code that can be linked into a shared library"),
    ("smallframes", Bool, No, "", ""),
    ("spectre", Text, No, "", ""),
    ("std", Bool, NoEffect, "", "compiling standard library"),
    ("symabis", Text, No, "", ""),
    ("t", Bool, No, "", ""),
    ("traceprofile", Text, No, "", ""),
    ("trimpath", Text, NoEffect, "prefix", "remove prefix from recorded source file paths"),
    ("u", Count, No, "", ""),
    ("v", Bool, No, "", ""),
    ("w", Count, No, "", ""),
    ("wb", Bool, NoEffect, "", "enable write barrier (default true)"),
];

/// Keys of `-d` whose values are texts; the others' are numbers.
const TEXT_KEYS: &[&str] = &[
    "astdump",
    "converthash",
    "dumpinlfuncprops",
    "fipshash",
    "fmahash",
    "gossahash",
    "inlscoreadj",
    "literalallochash",
    "loopvarhash",
    "maymorestack",
    "mergelocalsdumpfunc",
    "mergelocalshash",
    "pctab",
    "pgohash",
    "pgoinlinecdfthreshold",
    "variablemakehash",
];

/// Keys of `-d`, each with the value that means what mgo does anyway.
const NUMBER_KEYS: &[(&str, i64)] = &[
    ("abiwrap", 0),
    ("alignhot", 1),
    ("append", 0),
    ("checkptr", 0),
    ("closure", 0),
    ("compressinstructions", 1),
    ("defer", 0),
    ("disablenil", 0),
    ("dumpinlcallsitescores", 0),
    ("dumpptrs", 0),
    ("dwarfinl", 0),
    ("escapealias", 0),
    ("escapealiascheck", 0),
    ("escapedebug", 0),
    ("escapemutationscalls", 0),
    ("export", 0),
    ("freeappend", 1),
    ("gcadjust", 0),
    ("gccheck", 0),
    ("gcprog", 0),
    ("gcstart", 0),
    ("inlbudgetslack", 0),
    ("inlfuncswithclosures", 1),
    ("inlstaticinit", 1),
    ("interfacecycles", 0),
    ("libfuzzer", 0),
    ("locationlists", 0),
    ("loopvar", 1),
    ("maxshapelen", 500),
    ("mergelocals", 1),
    ("mergelocalshtrace", 0),
    ("mergelocalstrace", 0),
    ("nil", 0),
    ("nodeadlocals", 0),
    ("noopendefer", 0),
    ("norefname", 0),
    ("panic", 1),
    ("pgodebug", 0),
    ("pgodevirtualize", 2),
    ("pgoinline", 1),
    ("pgoinlinebudget", 0),
    ("rangefunccheck", 1),
    ("reshape", 0),
    ("shapify", 0),
    ("simd", 0),
    ("slice", 0),
    ("softfloat", 0),
    ("staticcopy", 0),
    ("syncframes", -1),
    ("tailcall", 0),
    ("typeassert", 0),
    ("variablemakethreshold", 32),
    ("wb", 0),
    ("wrapglobalmapctl", 0),
    ("wrapglobalmapdbg", 0),
    ("zerocopy", 1),
];

/// What follows the flags where Go's command runs the compiler: a flag that lacks its value takes it.
const NEXT_WORD: &str = "-nolocalimports";

/// The compiler's list of its flags, as Go prints it: those that mgo takes.
fn usage() -> String {
    let mut out = String::from("usage: compile [options] file.go...");
    for (name, kind, support, value, text) in FLAGS {
        if *support == No {
            continue;
        }
        let default = if *name == "c" { format!(" (default {})", concurrency()) } else { String::new() };
        out += &match kind {
            Bool | Count if name.len() == 1 => format!("\n  -{name}\t{text}"),
            Bool | Count => format!("\n  -{name}\n    \t{text}"),
            _ => format!("\n  -{name} {value}\n    \t{text}{default}"),
        };
    }
    out
}

/// What Go's compiler takes for its own concurrency.
fn concurrency() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl GcFlags {
    /// The flags for a package.
    ///
    /// # Errors
    /// What the compiler says about flags it does not take.
    pub fn read(values: PerPackage, target: &Target) -> Result<GcFlags, String> {
        let mut flags = GcFlags::default();
        let (mut m, mut n_l, mut n, mut e, mut columns) = (0, 0, 0, 0, 0);
        let (mut go_version, mut lang, mut json, mut concurrency) = (None, None, None, 1);
        let mut refused = None;
        let mut words = values.for_package(target).into_iter();
        let misuse = |text: String| format!("{text}\n{}", usage());
        while let Some(word) = words.next() {
            let is_flag = word.len() > 1 && word.starts_with('-');
            if !is_flag || word == "--" {
                // What follows the flags are files.
                let file = if is_flag { words.next().unwrap_or_else(|| NEXT_WORD.into()) } else { word };
                let error = std::fs::File::open(&file).err();
                return Err(match error {
                    Some(e) => format!("open {file}: {}", load::os_error(&e)),
                    None => format!("compile: {file}: files are named after the flags"),
                });
            }
            let name = word[1..].strip_prefix('-').unwrap_or(&word[1..]);
            if name.is_empty() || name.starts_with('-') || name.starts_with('=') {
                return Err(misuse(format!("bad flag syntax: {word}")));
            }
            let (name, value) = name.split_once('=').map_or((name, None), |(n, v)| (n, Some(v.to_owned())));
            let Some((_, kind, support, ..)) = FLAGS.iter().find(|f| f.0 == name) else {
                return Err(if name == "help" {
                    usage()
                } else {
                    misuse(format!("flag provided but not defined: -{name}"))
                });
            };
            let boolean =
                |value: &str, e: String| misuse(format!("invalid boolean value {} for -{name}: {e}", quote(value)));
            let invalid =
                |value: &str, e: &str| misuse(format!("invalid value {} for flag -{name}: {e}", quote(value)));
            let (mut times, mut text, mut number) = (0, String::new(), 0);
            match kind {
                Bool => {
                    let value = value.as_deref().unwrap_or("true");
                    parse_bool(value).ok_or_else(|| boolean(value, "parse error".into()))?;
                }
                Count => {
                    let old = match name {
                        "m" => m,
                        "l" => n_l,
                        "N" => n,
                        "e" => e,
                        "C" => columns,
                        _ => 0,
                    };
                    let value = value.as_deref().unwrap_or("true");
                    times = count(old, value).map_err(|e| boolean(value, e))?;
                }
                Int | Text => {
                    text = value.or_else(|| words.next()).unwrap_or_else(|| NEXT_WORD.into());
                    if *kind == Int {
                        number = parse_int(&text).map_err(|e| invalid(&text, e))?;
                    }
                }
            }
            match name {
                "m" => m = times,
                "l" => n_l = times,
                "N" => n = times,
                "e" => e = times,
                "C" => columns = times,
                "c" => concurrency = number,
                "d" => debug_settings(&text).map_err(|e| match e {
                    DebugError::Unknown(key) => invalid(&text, &format!("unknown debug key {key}\n")),
                    DebugError::Other(text) => text,
                })?,
                "goversion" => go_version = Some(text),
                "json" => json = Some(text).filter(|t| !t.is_empty()),
                "lang" => lang = Some(text),
                _ if *support == No => refused = refused.or_else(|| Some(refusal(name))),
                _ => {}
            }
        }
        if let Some(text) = refused {
            return Err(text);
        }
        if let Some(version) = go_version.filter(|v| !v.is_empty() && v != GO_RELEASE) {
            return Err(format!("compile: version {GO_RELEASE:?} does not match go tool version {}", quote(&version)));
        }
        if concurrency < 1 {
            return Err(format!("compile: -c must be at least 1, got {concurrency}"));
        }
        if let Some(value) = json {
            optlog::prepare(&value).map_err(|e| format!("compile: {e}"))?;
            flags.json = Some(value.leak());
        }
        flags.lang = lang.filter(|l| !l.is_empty()).map(|l| parse_lang(&l)).transpose()?;
        flags.m = if m >= 2 { 2 } else { u8::from(m != 0) };
        // More than one `-l` asks for more inlining, not for none.
        flags.no_inline = n_l == 1;
        flags.no_opt = n != 0;
        flags.all_errors = e != 0;
        flags.no_columns = columns != 0;
        Ok(flags)
    }
}

/// What mgo says about a flag that only Go's compiler has.
fn refusal(name: &str) -> String {
    let instead = match name {
        "S" => "; mgo dump asm prints machine code",
        "live" => "; mgo dump stackmap prints what is live at calls",
        "W" | "w" => "; mgo dump types and mgo dump hir print what the checker makes",
        "V" => "; mgo version prints the version",
        "bench" => "; --timings prints how long each phase took",
        _ => "",
    };
    format!("compile: flag -{name} is not supported by mgo{instead}")
}

/// What is wrong with a value of `-d`.
enum DebugError {
    Unknown(String),
    /// The whole text.
    Other(String),
}

/// Reads `-d`'s settings: mgo has none, but takes those that ask for what it does anyway.
fn debug_settings(text: &str) -> Result<(), DebugError> {
    for setting in text.split(',').filter(|s| !s.is_empty()) {
        let (key, value) = setting.split_once(['=', ':']).map_or((setting, None), |(k, v)| (k, Some(v)));
        let number = value.map_or(Some(1), |v| v.parse::<i64>().ok());
        let known = NUMBER_KEYS.iter().find(|(k, _)| *k == key);
        if known.is_some() && number.is_none() {
            return Err(DebugError::Other(format!("compile: invalid debug value {key}")));
        }
        if known.is_some_and(|(_, usual)| number == Some(*usual)) {
            continue;
        }
        let is_known = known.is_some() || TEXT_KEYS.contains(&key) || key == "help" || key.starts_with("ssa/");
        return Err(match is_known {
            true => DebugError::Other(format!("compile: flag -d={setting} is not supported by mgo")),
            false => DebugError::Unknown(key.to_owned()),
        });
    }
    Ok(())
}

/// N of `go1.N`.
fn parse_lang(value: &str) -> Result<u32, String> {
    let number = |s: &str| s.parse::<u32>().ok().filter(|_| s == "0" || !s.starts_with('0'));
    let version = value.strip_prefix("go").and_then(|v| {
        let (major, minor) = v.split_once('.').unwrap_or((v, "0"));
        Some((number(major)?, number(minor)?))
    });
    match version {
        None => Err(format!("compile: invalid value {} for -lang: should be something like \"go1.12\"", quote(value))),
        Some((1, n)) if n <= GO_VERSION => Ok(n),
        Some(_) => {
            Err(format!("compile: invalid value {} for -lang: max known version is \"go1.{GO_VERSION}\"", quote(value)))
        }
    }
}

/// The value of a flag that counts how often it is given.
fn count(n: i64, value: &str) -> Result<i64, String> {
    match value {
        "true" => Ok(n + 1),
        "false" => Ok(0),
        text => text.parse().map_err(|_| format!("invalid count {}", quote(text))),
    }
}

fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// A number as Go's source would have it.
fn parse_int(text: &str) -> Result<i64, &'static str> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (base, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &lower[..]),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return Err("parse error");
    }
    let value = i128::from_str_radix(digits, base).unwrap_or(i128::MAX);
    i64::try_from(if negative { -value } else { value }).map_err(|_| "value out of range")
}

/// A text in quotes, as Go's `%q` has it.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out += "\\n",
            '\t' => out += "\\t",
            '\r' => out += "\\r",
            '\x07' => out += "\\a",
            '\x08' => out += "\\b",
            '\x0b' => out += "\\v",
            '\x0c' => out += "\\f",
            c if c.is_ascii_control() => out += &format!("\\x{:02x}", u32::from(c)),
            c if c.is_control() => out += &format!("\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target {
        Target { path: "command-line-arguments".into(), dir: ".".into(), in_module: false }
    }

    fn parse(values: &[&str]) -> Result<GcFlags, String> {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        GcFlags::read(PerPackage::parse(&values)?, &target())
    }

    #[test]
    fn flags() {
        assert_eq!(parse(&["-m -l"]).map(|f| (f.m, f.no_inline)), Ok((1, true)));
        assert_eq!(parse(&["-m -m"]).map(|f| f.m), Ok(2));
        assert_eq!(parse(&["-m=5 -m=-1"]).map(|f| f.m), Ok(1));
        assert_eq!(parse(&[" '-m' \t--l "]).map_err(|e| e.lines().count()), Err(1));
        assert_eq!(parse(&["-m '-l'"]).map(|f| (f.m, f.no_inline)), Ok((1, true)));
        assert_eq!(parse(&["-l=2"]).map(|f| f.no_inline), Ok(false));
        assert_eq!(parse(&["-lang go1.20 -C"]).map(|f| (f.lang, f.no_columns)), Ok((Some(20), true)));
        assert_eq!(parse(&["-json="]).map(|f| f.json), Ok(None));
    }

    #[test]
    fn the_last_value_that_matches_counts() {
        assert_eq!(parse(&["-m", "-l"]).map(|f| (f.m, f.no_inline)), Ok((0, true)));
        assert_eq!(parse(&["-m", ""]).map(|f| f.m), Ok(0));
        for (pattern, fits) in [
            ("all", true),
            ("std", false),
            ("main", false),
            ("command-line-arguments", true),
            ("command...", true),
            ("...line...", true),
            ("...line", false),
            (".", true),
            ("./...", true),
            ("..", false),
            ("../...", true),
        ] {
            let m = parse(&[&format!("{pattern}=-m")]).map(|f| f.m);
            assert_eq!(m, Ok(u8::from(fits)), "{pattern}");
        }
        assert!(glob("net/...", "net") && glob("net/...", "net/http") && !glob("net/...", "netchan"));
    }

    #[test]
    fn numbers() {
        assert_eq!(parse_int("0x1F"), Ok(31));
        assert_eq!(parse_int("-010"), Ok(-8));
        assert_eq!(parse_int("x"), Err("parse error"));
        assert_eq!(parse_int("99999999999999999999"), Err("value out of range"));
    }
}
