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

use super::files::{PackageFiles, package_files};
use super::gcflags::Target;
use super::module::{Module, PackageDir};
use crate::diag::Diagnostic;
use crate::index::Symbol;
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::constraint;
use crate::syntax::directives::line_bases;
use crate::syntax::{ast, parser};

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

/// The files of a package, and where it is unless it is the library's.
type ReadPackage = (Vec<ast::File>, Option<PackageDir>);

struct Loader {
    loaded: Loaded,
    /// Counts the nodes of the compilation.
    ids: Rc<Cell<u32>>,
    /// `None` while the package is being loaded: an import of it then is a cycle.
    state: FxHashMap<Symbol, bool>,
    module: Option<Module>,
    cwd: PathBuf,
    /// Packages being loaded, each with the file that imports it, from the program's on.
    importing: Vec<(Symbol, String)>,
}

/// The version of the language, and of Go's tags.
pub const GO_VERSION: u32 = 27;

/// The release of Go whose compiler mgo follows.
pub const GO_RELEASE: &str = "go1.27.3";

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
    let module = Module::find(&dir)?;
    // Files that are named belong to no module.
    let named = args.iter().any(|a| is_source_file(a));
    let lang = lang.or(module.as_ref().filter(|_| !named).map(|m| m.lang));
    let mut loader = Loader {
        loaded: Loaded::default(),
        ids: Rc::default(),
        state: FxHashMap::default(),
        module,
        cwd,
        importing: Vec::new(),
    };
    let mut files = Vec::new();
    for path in &paths {
        let text = std::fs::read(path).map_err(|e| LoadError(format!("open {}: {}", path.display(), os_error(&e))))?;
        let (name, absolute) = (loader.display_name(path), loader.cwd.join(path).display().to_string());
        let file = loader.parse(name, absolute, text, false)?;
        loader.check_constraint(&file)?;
        loader.loaded.main_files.push(file.file);
        files.push(file);
    }
    loader.loaded.sources.label = label(loader.module.as_ref().filter(|_| !named), &dir);
    loader.check_same_package(&files, &clean(&dir))?;
    loader.imports(&files, Some(&clean(&dir)))?;
    // The runtime panics with types of this package.
    loader.package(Symbol::new("runtime"), Span::NONE, None)?;
    loader.loaded.packages.push(LoadedPackage { path: Symbol::new("main"), files, is_std: false, lang });
    Ok(loader.loaded)
}

/// What the package in `dir` is called in messages: its import path where it has one.
fn label(module: Option<&Module>, dir: &Path) -> String {
    let Some(module) = module else { return "command-line-arguments".to_owned() };
    let dir = clean(dir);
    let rest = dir.strip_prefix(clean(&module.root)).map(|r| r.display().to_string()).unwrap_or_default();
    if rest.is_empty() { module.path.clone() } else { format!("{}/{rest}", module.path) }
}

/// The package that `args` name, for the patterns of `-gcflags`. What is wrong with `args`, [`load`] says.
pub fn target(args: &[String]) -> Target {
    let cwd = std::env::current_dir().unwrap_or_default();
    let dir = source_paths(args, &cwd).map_or_else(|_| cwd.clone(), |(_, dir)| dir);
    let named = args.iter().any(|a| is_source_file(a));
    let module = if named { None } else { Module::find(&dir).ok().flatten() };
    Target { path: label(module.as_ref(), &dir), in_module: module.is_some(), dir }
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
    for file in package_files(&dir)?.chosen {
        let text = std::fs::read(&file).map_err(|e| LoadError(format!("open {}: {}", file.display(), os_error(&e))))?;
        let name = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
        files.push((name, text));
    }
    Ok(files)
}

/// An error of the system, in Go's words.
pub fn os_error(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        std::io::ErrorKind::IsADirectory => "is a directory".into(),
        _ => {
            // `Not a directory (os error 20)`
            let text = e.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            text[..1].to_ascii_lowercase() + &text[1..]
        }
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
        if dir.exists() {
            return Err(LoadError(format!("{}: is not a .go or .mgo file", dir.display())));
        }
        return Err(LoadError(format!("stat {}: directory not found", clean(&cwd.join(&dir)).display())));
    }
    let absolute = cwd.join(&dir);
    let files = package_files(&dir)?;
    if let Some(message) = lacks(&files, &clean(&absolute)) {
        return Err(LoadError(message));
    }
    Ok((files.chosen, absolute))
}

/// What is wrong with a directory's files, if they make no package that mgo could compile.
fn lacks(files: &PackageFiles, dir: &Path) -> Option<String> {
    let dir = dir.display();
    if let Some(s) = &files.assembly {
        let name = s.file_name().unwrap_or_default().to_string_lossy();
        return Some(format!("not supported yet: assembly ({name} in {dir})"));
    }
    if !files.chosen.is_empty() {
        return None;
    }
    Some(match files {
        PackageFiles { excluded: true, .. } => format!("build constraints exclude all Go files in {dir}"),
        PackageFiles { tests: true, .. } => format!("no non-test Go files in {dir}"),
        _ => format!("no Go files in {dir}"),
    })
}

/// Where `internal` ends the part of an import path that its importers must share, if it does.
fn internal_parent(path: &str) -> Option<&str> {
    let mut at = path.len();
    for part in path.rsplit('/') {
        at -= part.len();
        if part == "internal" {
            return Some(path[..at].trim_end_matches('/'));
        }
        at = at.saturating_sub(1);
    }
    None
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

    fn check_same_package(&self, files: &[ast::File], dir: &Path) -> Result<(), LoadError> {
        let Some(first) = files.first() else { return Ok(()) };
        for f in files {
            if f.package.name != first.package.name && !f.package.name.is_empty() && !first.package.name.is_empty() {
                let name = |f: &ast::File| {
                    let path = Path::new(&self.loaded.sources.file(f.file).name);
                    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
                };
                return Err(LoadError(format!(
                    "found packages {} ({}) and {} ({}) in {}",
                    first.package.name,
                    name(first),
                    f.package.name,
                    name(f),
                    dir.display()
                )));
            }
        }
        Ok(())
    }

    /// Loads what `files` import; `dir` is where they are, unless they are the library's.
    fn imports(&mut self, files: &[ast::File], dir: Option<&Path>) -> Result<(), LoadError> {
        let mut wanted: IndexMap<Symbol, Span> = IndexMap::new();
        for import in files.iter().flat_map(|f| &f.imports) {
            wanted.entry(import.path).or_insert(import.path_span);
        }
        for (path, span) in wanted {
            self.package(path, span, dir)?;
        }
        Ok(())
    }

    fn package(&mut self, path: Symbol, span: Span, from: Option<&Path>) -> Result<(), LoadError> {
        if path.as_str() == "unsafe" || path.is_empty() {
            return Ok(());
        }
        let importer = self.loaded.sources.lookup(span.lo).map(|(_, f)| Path::new(&f.name).file_name());
        let importer = importer.flatten().unwrap_or_default().to_string_lossy().into_owned();
        self.importing.push((path, importer));
        let done = self.loaded_package(path, span, from);
        self.importing.pop();
        done
    }

    fn loaded_package(&mut self, path: Symbol, span: Span, from: Option<&Path>) -> Result<(), LoadError> {
        match self.state.get(&path) {
            Some(true) => {
                let place = self.module_dir(path.as_str())?;
                return self.check_internal(path, span, from, place.as_ref().map(|p| p.dir.as_path()));
            }
            Some(false) => {
                // As Go lists it: every import that leads to the cycle.
                let mut message = format!("import cycle not allowed\n\t{}", self.loaded.sources.label);
                for (path, file) in &self.importing {
                    message += &format!("\n\timports {path} from {file}");
                }
                self.error(span, "BrokenImport", message);
                return Ok(());
            }
            None => {}
        }
        self.state.insert(path, false);
        let found = self.read_package(path, span, from)?;
        if let Some((files, place)) = found {
            self.imports(&files, place.as_ref().map(|p| p.dir.as_path()))?;
            let (is_std, lang) = (place.is_none(), place.map(|p| p.lang));
            self.loaded.packages.push(LoadedPackage { path, files, is_std, lang });
        }
        self.state.insert(path, true);
        Ok(())
    }

    /// Packages below a directory `internal` are for those that share its parent.
    fn check_internal(
        &mut self,
        path: Symbol,
        span: Span,
        from: Option<&Path>,
        dir: Option<&Path>,
    ) -> Result<(), LoadError> {
        let (Some(from), Some(parent)) = (from, internal_parent(path.as_str())) else { return Ok(()) };
        let levels = path.as_str()[parent.len()..].trim_start_matches('/').split('/').count();
        let root = dir.and_then(|d| d.ancestors().nth(levels));
        if !root.is_some_and(|root| from.starts_with(clean(root))) {
            self.error(span, "BrokenImport", format!("use of internal package {path} not allowed"));
        }
        Ok(())
    }

    /// The parsed files of an imported package, and where it is unless it is the library's; reports it where
    /// missing.
    fn read_package(
        &mut self,
        path: Symbol,
        span: Span,
        from: Option<&Path>,
    ) -> Result<Option<ReadPackage>, LoadError> {
        let library = library_files(path.as_str())?;
        if !library.is_empty() {
            self.check_internal(path, span, from, None)?;
            let mut parsed = Vec::new();
            for (name, text) in library {
                let name = format!("{STD_ROOT}/{name}");
                parsed.push(self.parse(name.clone(), name, text, true)?);
            }
            return Ok(Some((parsed, None)));
        }
        let text = path.as_str();
        if text == "C" {
            self.error(span, "BrokenImport", "not supported yet: cgo (import \"C\")".into());
            return Ok(None);
        }
        if text == "embed" {
            self.error(span, "BrokenImport", "not supported yet: embedding files (package embed)".into());
            return Ok(None);
        }
        if text.starts_with("./") || text.starts_with("../") || text == "." || text == ".." {
            let message = format!("\"{path}\" is relative, but relative import paths are not supported in module mode");
            self.error(span, "BrokenImport", message);
            return Ok(None);
        }
        if let Some(place) = self.module_dir(text)? {
            if place.dir.is_dir() {
                self.check_internal(path, span, from, Some(&place.dir))?;
                let files = package_files(&place.dir)?;
                if let Some(message) = lacks(&files, &clean(&place.dir)) {
                    self.error(span, "BrokenImport", message);
                    return Ok(None);
                }
                let mut parsed = Vec::new();
                for p in files.chosen {
                    let text =
                        std::fs::read(&p).map_err(|e| LoadError(format!("open {}: {}", p.display(), os_error(&e))))?;
                    parsed.push(self.parse(self.display_name(&p), p.display().to_string(), text, false)?);
                }
                if let Err(LoadError(message)) = self.check_same_package(&parsed, &clean(&place.dir)) {
                    self.error(span, "BrokenImport", message);
                    return Ok(None);
                }
                if parsed.first().is_some_and(|f| f.package.name.as_str() == "main") {
                    let message = format!("import \"{path}\" is a program, not an importable package");
                    self.error(span, "BrokenImport", message);
                    return Ok(None);
                }
                return Ok(Some((parsed, Some(place))));
            }
            let dir = clean(&place.dir);
            self.error(span, "BrokenImport", format!("package {path} is not in this module ({})", dir.display()));
            return Ok(None);
        }
        let message = if text.split('/').next().is_some_and(|first| first.contains('.')) {
            format!("no required module provides package {path}: mgo has no module downloads")
        } else {
            let mut known = std_packages();
            known.retain(|p| internal_parent(p).is_none());
            format!("package {path} is not in std (mgo has: {})", known.join(", "))
        };
        self.error(span, "BrokenImport", message);
        Ok(None)
    }

    fn module_dir(&self, path: &str) -> Result<Option<PackageDir>, LoadError> {
        self.module.as_ref().map_or(Ok(None), |m| m.package_dir(path))
    }

    fn error(&mut self, span: Span, code: &'static str, message: String) {
        self.loaded.diagnostics.push(Diagnostic::error(code, span, message));
    }
}

/// The path without `.`, `..` and repeated slashes.
pub fn clean(path: &Path) -> PathBuf {
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
