//! `go.mod` files: which module a directory belongs to, and where other modules' packages are.
//!
//! mgo downloads nothing: packages come from the module itself, from directories that `replace` names, and
//! from `vendor`. The rest of a `go.mod` is checked for its form only.

use std::path::{Path, PathBuf};

use super::load::{GO_VERSION, LoadError};

/// The language version of modules that do not say.
const DEFAULT_MODULE_VERSION: u32 = 16;

/// A module, as its `go.mod` has it.
#[derive(Debug, Clone)]
pub struct Module {
    pub root: PathBuf,
    pub path: String,
    /// N of its language version go1.N.
    pub lang: u32,
    /// Modules in directories, by `replace`: path and directory.
    replaced: Vec<(String, PathBuf)>,
}

/// Where a package of a module is.
#[derive(Debug)]
pub struct PackageDir {
    pub dir: PathBuf,
    /// N of the language version of the module it is in.
    pub lang: u32,
}

/// What a `go.mod` says.
#[derive(Debug, Default)]
struct ModFile {
    path: Option<String>,
    go: Option<String>,
    replaced: Vec<(String, String)>,
}

impl Module {
    /// The nearest module at or above `dir`.
    ///
    /// # Errors
    /// What is wrong with its `go.mod`.
    pub fn find(dir: &Path) -> Result<Option<Module>, LoadError> {
        for root in dir.ancestors() {
            if root.join("go.mod").is_file() {
                return Module::read(root).map(Some);
            }
        }
        Ok(None)
    }

    fn read(root: &Path) -> Result<Module, LoadError> {
        let name = root.join("go.mod");
        let text = std::fs::read_to_string(&name).map_err(|e| LoadError(format!("reading {}: {e}", name.display())))?;
        let file = parse(&text, &name)
            .map_err(|errors| LoadError(format!("errors parsing go.mod:\n{}", errors.join("\n"))))?;
        let Some(path) = file.path else {
            return Err(LoadError("error reading go.mod: missing module declaration".into()));
        };
        let lang = file.go.as_deref().map_or(Some(DEFAULT_MODULE_VERSION), minor_version).unwrap_or(GO_VERSION);
        if lang > GO_VERSION {
            let version = file.go.unwrap_or_default();
            return Err(LoadError(format!("go.mod requires go >= {version} (running go 1.{GO_VERSION})")));
        }
        let replaced = file.replaced.into_iter().map(|(path, dir)| (path, root.join(dir))).collect();
        Ok(Module { root: root.to_path_buf(), path, lang, replaced })
    }

    /// The directory of a package, whether or not it is there; `None` if no module here could have it.
    ///
    /// # Errors
    /// What is wrong with the `go.mod` of a module that replaces another.
    pub fn package_dir(&self, path: &str) -> Result<Option<PackageDir>, LoadError> {
        if let Some(rest) = below(path, &self.path) {
            let dir = self.root.join(rest);
            if !is_in_other_module(&dir, &self.root) {
                return Ok(Some(PackageDir { dir, lang: self.lang }));
            }
        }
        // The longest path that fits is the module.
        let fits = self.replaced.iter().filter_map(|(module, root)| Some((module.len(), root, below(path, module)?)));
        if let Some((_, root, rest)) = fits.max_by_key(|f| f.0) {
            let lang = if root.join("go.mod").is_file() { Module::read(root)?.lang } else { self.lang };
            return Ok(Some(PackageDir { dir: root.join(rest), lang }));
        }
        let dir = self.root.join("vendor").join(path);
        if self.root.join("vendor/modules.txt").is_file() && dir.is_dir() {
            return Ok(Some(PackageDir { dir, lang: self.lang }));
        }
        Ok(None)
    }
}

/// The rest of an import path below that of a module.
fn below<'a>(path: &'a str, module: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(module)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Whether a directory between `root` and `dir` has a `go.mod` of its own.
fn is_in_other_module(dir: &Path, root: &Path) -> bool {
    dir.ancestors().take_while(|&d| d != root).any(|d| d.join("go.mod").is_file())
}

/// N of version 1.N.
fn minor_version(v: &str) -> Option<u32> {
    v.strip_prefix("1.")?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Whether this is a version as `go` lines have it: `1.N`, `1.N.M`, `1.NrcM`, `1.NbetaM`.
fn is_go_version(v: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit()) && (s == "0" || !s.starts_with('0'));
    let Some((major, rest)) = v.split_once('.') else { return false };
    let split = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (minor, rest) = rest.split_at(split);
    let tail = ["rc", "beta", "."].iter().find_map(|p| rest.strip_prefix(p));
    digits(major) && digits(minor) && (rest.is_empty() || tail.is_some_and(digits))
}

/// The words of a line, without comment: quoted ones lose their quotes.
fn words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() && !rest.starts_with("//") {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '`'));
        let (word, tail) = match quote.and_then(|q| Some((q, rest[1..].find(q)?))) {
            Some((_, end)) => (&rest[1..=end], &rest[end + 2..]),
            None => {
                let punctuation = ['(', ')', '[', ']', ','];
                let end = match rest.find(|c: char| c.is_whitespace() || punctuation.contains(&c)) {
                    Some(0) => 1,
                    end => end.unwrap_or(rest.len()),
                };
                let end = rest[..end].find("//").unwrap_or(end);
                rest.split_at(end)
            }
        };
        out.push(word.to_owned());
        rest = tail.trim_start();
    }
    out
}

/// Parses a `go.mod` whose full name is `name`.
fn parse(text: &str, name: &Path) -> Result<ModFile, Vec<String>> {
    let mut file = ModFile::default();
    let mut errors = Vec::new();
    // The directive of the block that is open, and its line.
    let mut block: Option<(String, usize)> = None;
    let mut n_lines = 0;
    for (i, line) in text.lines().enumerate() {
        n_lines = i + 1;
        let mut words = words(line);
        let Some(first) = words.first().cloned() else { continue };
        let verb = match &block {
            Some(_) if first == ")" => {
                block = None;
                continue;
            }
            Some((verb, _)) => verb.clone(),
            None => {
                words.remove(0);
                if words.first().is_some_and(|w| w == "(") {
                    match words.get(1).map(String::as_str) {
                        Some(")") => {}
                        _ => block = Some((first.clone(), i + 1)),
                    }
                    if !is_block(&first) {
                        errors.push(format!("go.mod:{}: unknown block type: {first}", i + 1));
                    }
                    continue;
                }
                first
            }
        };
        if let Err(message) = directive(&mut file, &verb, &words) {
            errors.push(format!("go.mod:{}: {message}", i + 1));
        }
    }
    if let Some((_, line)) = block {
        let text = format!("syntax error (unterminated block started at {}:{line}:1)", name.display());
        return Err(vec![format!("go.mod:{}: {text}", n_lines + 1)]);
    }
    if errors.is_empty() { Ok(file) } else { Err(errors) }
}

/// Whether a directive may have a block.
fn is_block(verb: &str) -> bool {
    matches!(verb, "module" | "godebug" | "require" | "exclude" | "replace" | "retract" | "tool" | "ignore")
}

fn directive(file: &mut ModFile, verb: &str, words: &[String]) -> Result<(), String> {
    match (verb, words) {
        ("module", [path]) if file.path.is_none() => file.path = Some(path.clone()),
        ("module", [_]) => return Err("repeated module statement".into()),
        ("module", _) => return Err("usage: module module/path".into()),
        ("go", _) if file.go.is_some() => return Err("repeated go statement".into()),
        ("go", [version]) if is_go_version(version) => file.go = Some(version.clone()),
        ("go", [version]) => return Err(format!("invalid go version '{version}': must match format 1.23.0")),
        ("go", _) => return Err("go directive expects exactly one argument".into()),
        ("toolchain", [_]) => {}
        ("toolchain", _) => return Err("toolchain directive expects exactly one argument".into()),
        ("require" | "exclude", [_, _]) => {}
        ("require" | "exclude", _) => return Err(format!("usage: {verb} module/path v1.2.3")),
        ("replace", [from, version @ .., arrow, to]) if arrow == "=>" && version.len() <= 1 => {
            if !is_directory_path(to) {
                let text =
                    "replacement module without version must be directory path (rooted or starting with . or ..)";
                return Err(text.into());
            }
            file.replaced.push((from.clone(), to.clone()));
        }
        // Of another version of a module, which mgo would have to download.
        ("replace", [_, version @ .., arrow, _, _]) if arrow == "=>" && version.len() <= 1 => {}
        ("replace", _) => {
            return Err(format!(
                "usage: {verb} module/path [v1.2.3] => other/module v1.4\n\t or {verb} module/path [v1.2.3] => ../local/directory"
            ));
        }
        ("retract" | "godebug" | "tool" | "ignore", [_, ..]) => {}
        _ => return Err(format!("unknown directive: {verb}")),
    }
    Ok(())
}

fn is_directory_path(s: &str) -> bool {
    s == "." || s == ".." || ["./", "../", "/"].iter().any(|p| s.starts_with(p))
}
