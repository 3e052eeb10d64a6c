//! Finds and reads the files of a program: the package named on the command line and what it imports.
//!
//! Imports are looked up in the library inside the binary (`src/std`) and, where a `go.mod` says which
//! module the program is, among the module's own directories. The result is in dependency order.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use include_dir::{Dir, include_dir};
use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use crate::diag::Diagnostic;
use crate::index::Symbol;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::constraint::{self, version_tag};
use crate::syntax::directives::line_bases;
use crate::syntax::{ast, lexer, parser};

static STD: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/std");

/// Where Go's own files would be; the library's files are named by it in traces.
const STD_ROOT: &str = "$GOROOT/src";

/// A package with its files parsed.
#[derive(Debug)]
pub struct LoadedPackage {
    pub path: Symbol,
    pub files: Vec<ast::File>,
    pub is_std: bool,
    /// N of the language version go1.N that its module asks for.
    pub lang: Option<u32>,
}

/// Everything read.
#[derive(Debug, Default)]
pub struct Loaded {
    pub sources: SourceMap,
    /// Dependencies first, the program's package last.
    pub packages: Vec<LoadedPackage>,
    pub diagnostics: Vec<Diagnostic>,
    /// Number of syntax nodes so far; bodies of the library that are parsed later add to them.
    pub n_nodes: u32,
    /// Files of the program's package.
    pub main_files: Vec<FileId>,
}

/// Why nothing could be loaded: printed as `mgo: message`.
#[derive(Debug)]
pub struct LoadError(pub String);

struct Loader {
    loaded: Loaded,
    /// Counts the nodes of the compilation.
    ids: Rc<Cell<u32>>,
    /// `None` while the package is being loaded: an import of it then is a cycle.
    state: FxHashMap<Symbol, bool>,
    module: Option<Module>,
    cwd: PathBuf,
}

/// A `go.mod`.
#[derive(Debug)]
struct Module {
    root: PathBuf,
    path: String,
    /// N of its language version go1.N.
    lang: u32,
}

/// The version of the language, and of Go's tags.
pub const GO_VERSION: u32 = 27;

/// The language version of modules that do not say.
const DEFAULT_MODULE_VERSION: u32 = 16;

/// Whether a command-line word names a source file.
pub fn is_source_file(name: &str) -> bool {
    name.ends_with(".go") || name.ends_with(".mgo")
}

/// Loads the package that `args` name: source files, or one directory.
///
/// # Errors
/// When there is nothing to parse: missing files, unreadable ones, directories without source files.
pub fn load(args: &[String], lang: Option<u32>) -> Result<Loaded, LoadError> {
    let cwd = std::env::current_dir().map_err(|e| LoadError(format!("current directory: {}", os_error(&e))))?;
    let (paths, dir) = source_paths(args, &cwd)?;
    let module = find_module(&dir)?;
    // Files that are named belong to no module.
    let named = args.iter().any(|a| is_source_file(a));
    let lang = lang.or(module.as_ref().filter(|_| !named).map(|m| m.lang));
    let mut loader = Loader { loaded: Loaded::default(), ids: Rc::default(), state: FxHashMap::default(), module, cwd };
    let mut files = Vec::new();
    for path in &paths {
        let text = std::fs::read(path).map_err(|e| LoadError(format!("open {}: {}", path.display(), os_error(&e))))?;
        let (name, absolute) = (loader.display_name(path), loader.cwd.join(path).display().to_string());
        let file = loader.parse(name, absolute, text, false)?;
        loader.check_constraint(&file)?;
        loader.loaded.main_files.push(file.file);
        files.push(file);
    }
    loader.loaded.sources.label = match &loader.module {
        Some(module) if !named => {
            let dir = clean(&dir);
            let rest = dir.strip_prefix(clean(&module.root)).map(|r| r.display().to_string()).unwrap_or_default();
            if rest.is_empty() { module.path.clone() } else { format!("{}/{rest}", module.path) }
        }
        _ => "command-line-arguments".to_owned(),
    };
    loader.check_same_package(&files)?;
    loader.imports(&files)?;
    // The runtime panics with types of this package.
    loader.package(Symbol::new("runtime"), Span::NONE)?;
    loader.loaded.packages.push(LoadedPackage { path: Symbol::new("main"), files, is_std: false, lang });
    Ok(loader.loaded)
}

/// The library's packages, by import path.
pub fn std_packages() -> Vec<String> {
    fn walk(dir: &Dir<'_>, out: &mut Vec<String>) {
        if dir.files().any(|f| f.path().extension().is_some_and(|e| e == "go" || e == "mgo")) {
            out.push(dir.path().display().to_string());
        }
        dir.dirs().for_each(|d| walk(d, out));
    }
    let mut out = Vec::new();
    walk(&STD, &mut out);
    out.sort();
    out
}

/// The files of a library package, in order of their names; none where the library lacks it.
///
/// `MGOROOT` names a directory to read the library from instead of the binary, for work on the library.
fn library_files(path: &str) -> Result<Vec<(String, Vec<u8>)>, LoadError> {
    let Some(root) = std::env::var_os("MGOROOT") else {
        let Some(dir) = STD.get_dir(path) else { return Ok(Vec::new()) };
        let sources = dir.files().filter(|f| f.path().to_str().is_some_and(is_source_file));
        let mut files: Vec<_> = sources.map(|f| (f.path().display().to_string(), f.contents().to_vec())).collect();
        files.sort();
        return Ok(files);
    };
    let dir = Path::new(&root).join(path);
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for file in package_files(&dir)? {
        let text = std::fs::read(&file).map_err(|e| LoadError(format!("open {}: {}", file.display(), os_error(&e))))?;
        let name = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
        files.push((name, text));
    }
    Ok(files)
}

fn os_error(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        std::io::ErrorKind::IsADirectory => "is a directory".into(),
        _ => e.to_string(),
    }
}

/// The files to compile, and the directory they are in.
fn source_paths(args: &[String], cwd: &Path) -> Result<(Vec<PathBuf>, PathBuf), LoadError> {
    if args.iter().any(|a| is_source_file(a)) {
        if let Some(odd) = args.iter().find(|a| !is_source_file(a)) {
            return Err(LoadError(format!("named files must all be .go or .mgo files: {odd}")));
        }
        let paths: Vec<PathBuf> = args.iter().map(PathBuf::from).collect();
        for p in &paths {
            if p.is_dir() {
                return Err(LoadError(format!("{} is a directory, should be a source file", p.display())));
            }
            if !p.exists() {
                return Err(LoadError(format!("stat {}: no such file or directory", p.display())));
            }
        }
        let dir = cwd.join(&paths[0]).parent().unwrap_or(cwd).to_path_buf();
        return Ok((paths, dir));
    }
    let dir = PathBuf::from(args.first().map_or(".", String::as_str));
    if args.len() > 1 {
        return Err(LoadError("one package at a time: name its files, or one directory".into()));
    }
    if !dir.is_dir() {
        let what = if dir.exists() { "is not a .go or .mgo file" } else { "no such file or directory" };
        return Err(LoadError(format!("{}: {what}", dir.display())));
    }
    let paths = package_files(&dir)?;
    if paths.is_empty() {
        return Err(LoadError(format!("no Go files in {}", cwd.join(&dir).display())));
    }
    let absolute = cwd.join(&dir);
    Ok((paths, absolute))
}

/// Source files of a directory that belong to its package on linux/amd64, sorted.
fn package_files(dir: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let entries = std::fs::read_dir(dir).map_err(|e| LoadError(format!("open {}: {}", dir.display(), os_error(&e))))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.retain(|p| {
        let name = p.file_name().unwrap_or_default().to_string_lossy().into_owned();
        is_source_file(&name)
            && !name.starts_with(['.', '_'])
            && p.is_file()
            && file_name_matches(&name)
            && constraint_holds(p)
    });
    paths.sort();
    Ok(paths)
}

/// Whether `name_GOOS_GOARCH.go` is for linux/amd64, and no test.
fn file_name_matches(name: &str) -> bool {
    const OTHER_SYSTEMS: &[&str] = &[
        "aix",
        "android",
        "darwin",
        "dragonfly",
        "freebsd",
        "hurd",
        "illumos",
        "ios",
        "js",
        "nacl",
        "netbsd",
        "openbsd",
        "plan9",
        "solaris",
        "wasip1",
        "windows",
        "zos",
    ];
    const OTHER_MACHINES: &[&str] = &[
        "386",
        "amd64p32",
        "arm",
        "armbe",
        "arm64",
        "arm64be",
        "loong64",
        "mips",
        "mipsle",
        "mips64",
        "mips64le",
        "mips64p32",
        "mips64p32le",
        "ppc",
        "ppc64",
        "ppc64le",
        "riscv",
        "riscv64",
        "s390",
        "s390x",
        "sparc",
        "sparc64",
        "wasm",
    ];
    let stem = name.split_once('.').map_or(name, |(s, _)| s);
    if stem.ends_with("_test") {
        return false;
    }
    let mut parts = stem.rsplit('_');
    let n = stem.matches('_').count();
    let (last, before) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    if n == 0 || OTHER_SYSTEMS.contains(&last) || OTHER_MACHINES.contains(&last) {
        return n == 0;
    }
    !(n >= 2 && last == "amd64" && OTHER_SYSTEMS.contains(&before))
}

/// Whether a build tag is set.
fn has_tag(tag: &str) -> bool {
    matches!(tag, "linux" | "amd64" | "gc" | "unix" | "mgo") || version_tag(tag).is_some_and(|n| n <= GO_VERSION)
}

/// Whether a file's `//go:build` line lets it be part of its package.
fn constraint_holds(path: &Path) -> bool {
    let Ok(text) = std::fs::read(path) else { return true };
    if !text.windows(10).any(|w| w == b"//go:build") {
        return true;
    }
    let mut sources = SourceMap::default();
    let Ok(id) = sources.add(String::new(), String::new(), text) else { return true };
    let lexed = lexer::lex(sources.file(id));
    let package = lexed.tokens.first().map_or(sources.file(id).hi(), |t| t.span.lo);
    let directives = lexed.directives.iter().filter(|d| d.span.lo < package);
    constraint::of_file(directives).is_none_or(|c| c.is_ok_and(|c| c.holds(&has_tag)))
}

/// The nearest `go.mod` at or above `dir`.
fn find_module(dir: &Path) -> Result<Option<Module>, LoadError> {
    for root in dir.ancestors() {
        let Ok(text) = std::fs::read_to_string(root.join("go.mod")) else { continue };
        let word = |verb: &str| {
            let lines = text.lines().map(|l| l.split("//").next().unwrap_or("").trim());
            let mut values = lines.filter_map(|l| l.strip_prefix(verb)?.strip_prefix([' ', '\t']).map(str::trim));
            values.next().map(|v| v.trim_matches('"').to_owned())
        };
        let Some(path) = word("module") else { return Ok(None) };
        let version = word("go");
        let minor = |v: &str| v.strip_prefix("1.")?.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok();
        let lang = version.as_deref().map_or(Some(DEFAULT_MODULE_VERSION), minor).unwrap_or(GO_VERSION);
        if lang > GO_VERSION {
            let version = version.unwrap_or_default();
            return Err(LoadError(format!("go.mod requires go >= {version} (running go 1.{GO_VERSION})")));
        }
        return Ok(Some(Module { root: root.to_path_buf(), path, lang }));
    }
    Ok(None)
}

impl Loader {
    /// `./x.go` for files of the current directory, else the path as given.
    fn display_name(&self, path: &Path) -> String {
        let shown = path.strip_prefix(&self.cwd).unwrap_or(path);
        let shown = shown.strip_prefix(".").unwrap_or(shown);
        if shown.parent().is_some_and(|p| p.as_os_str().is_empty()) {
            format!("./{}", shown.display())
        } else {
            shown.display().to_string()
        }
    }

    fn parse(&mut self, name: String, path: String, text: Vec<u8>, is_std: bool) -> Result<ast::File, LoadError> {
        let too_large = |_| LoadError("the program's files exceed 4 GiB".into());
        let id = self.loaded.sources.add(name, path, text).map_err(too_large)?;
        let source = self.loaded.sources.file(id);
        let (file, mut diagnostics) = if is_std {
            parser::parse_library_file(id, source, &self.ids)
        } else {
            let mut next_id = self.ids.get();
            let out = parser::parse_file(id, source, &mut next_id);
            self.ids.set(next_id);
            out
        };
        self.loaded.n_nodes = self.ids.get();
        if !is_std && file.directives.iter().any(|d| d.text.starts_with("line ")) {
            let dir = Path::new(&source.path).parent().unwrap_or(Path::new("/")).to_path_buf();
            let resolve = |name: &str| {
                let path = clean(&dir.join(name));
                let shown = match path.strip_prefix(&self.cwd) {
                    Ok(rest) if dir == self.cwd => format!("./{}", rest.display()),
                    _ => self.display_name(&path),
                };
                (shown, path.display().to_string())
            };
            let bases = line_bases(source, &file.directives, &resolve, &mut diagnostics);
            self.loaded.sources.set_line_bases(id, bases);
        }
        self.loaded.diagnostics.extend(diagnostics);
        Ok(file)
    }

    /// Files that are named are compiled whatever their constraints say, but these must be well-formed.
    fn check_constraint(&self, file: &ast::File) -> Result<(), LoadError> {
        let package = file.package.span.lo;
        match constraint::of_file(file.directives.iter().filter(|d| d.span.lo < package)) {
            Some(Err(message)) => {
                let name = &self.loaded.sources.file(file.file).name;
                let name = name.strip_prefix("./").unwrap_or(name);
                Err(LoadError(format!("{name}: parsing //go:build line: {message}")))
            }
            _ => Ok(()),
        }
    }

    fn check_same_package(&self, files: &[ast::File]) -> Result<(), LoadError> {
        let Some(first) = files.first() else { return Ok(()) };
        for f in files {
            if f.package.name != first.package.name && !f.package.name.is_empty() && !first.package.name.is_empty() {
                let name = |f: &ast::File| {
                    let name = &self.loaded.sources.file(f.file).name;
                    name.strip_prefix("./").unwrap_or(name).to_string()
                };
                return Err(LoadError(format!(
                    "found packages {} ({}) and {} ({})",
                    first.package.name,
                    name(first),
                    f.package.name,
                    name(f)
                )));
            }
        }
        Ok(())
    }

    /// Loads what `files` import.
    fn imports(&mut self, files: &[ast::File]) -> Result<(), LoadError> {
        let mut wanted: IndexMap<Symbol, Span> = IndexMap::new();
        for import in files.iter().flat_map(|f| &f.imports) {
            wanted.entry(import.path).or_insert(import.path_span);
        }
        for (path, span) in wanted {
            self.package(path, span)?;
        }
        Ok(())
    }

    fn package(&mut self, path: Symbol, span: Span) -> Result<(), LoadError> {
        if path.as_str() == "unsafe" || path.is_empty() {
            return Ok(());
        }
        match self.state.get(&path) {
            Some(true) => return Ok(()),
            Some(false) => {
                self.error(span, "ImportCycle", format!("import cycle not allowed: import of {path} within itself"));
                return Ok(());
            }
            None => {}
        }
        self.state.insert(path, false);
        let lang = self.module.as_ref().map(|m| m.lang);
        let (files, is_std) = match self.read_package(path, span)? {
            Some(found) => found,
            None => {
                self.state.insert(path, true);
                return Ok(());
            }
        };
        self.imports(&files)?;
        self.state.insert(path, true);
        self.loaded.packages.push(LoadedPackage { path, files, is_std, lang: lang.filter(|_| !is_std) });
        Ok(())
    }

    /// The parsed files of an imported package, and whether it is the library's; reports it where missing.
    fn read_package(&mut self, path: Symbol, span: Span) -> Result<Option<(Vec<ast::File>, bool)>, LoadError> {
        let library = library_files(path.as_str())?;
        if !library.is_empty() {
            let mut parsed = Vec::new();
            for (name, text) in library {
                let name = format!("{STD_ROOT}/{name}");
                parsed.push(self.parse(name.clone(), name, text, true)?);
            }
            return Ok(Some((parsed, true)));
        }
        if let Some(dir) = self.module_dir(path.as_str()) {
            if dir.is_dir() {
                let mut parsed = Vec::new();
                for p in package_files(&dir)? {
                    let text =
                        std::fs::read(&p).map_err(|e| LoadError(format!("open {}: {}", p.display(), os_error(&e))))?;
                    parsed.push(self.parse(self.display_name(&p), p.display().to_string(), text, false)?);
                }
                if !parsed.is_empty() {
                    self.check_same_package(&parsed)?;
                    return Ok(Some((parsed, false)));
                }
            }
            self.error(span, "BrokenImport", format!("package {path} is not in this module ({})", dir.display()));
            return Ok(None);
        }
        let message = if path.as_str().split('/').next().is_some_and(|first| first.contains('.')) {
            format!("no required module provides package {path}: mgo has no module downloads")
        } else {
            format!("package {path} is not in std (mgo has: {})", std_packages().join(", "))
        };
        self.error(span, "BrokenImport", message);
        Ok(None)
    }

    fn module_dir(&self, path: &str) -> Option<PathBuf> {
        let module = self.module.as_ref()?;
        let rest = path.strip_prefix(&module.path)?;
        match rest.strip_prefix('/') {
            Some(rest) => Some(module.root.join(rest)),
            None if rest.is_empty() => Some(module.root.clone()),
            None => None,
        }
    }

    fn error(&mut self, span: Span, code: &'static str, message: String) {
        self.loaded.diagnostics.push(Diagnostic::error(code, span, message));
    }
}

/// The path without `.`, `..` and repeated slashes.
fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}
