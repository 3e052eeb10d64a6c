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
}

/// Whether a command-line word names a source file.
pub fn is_source_file(name: &str) -> bool {
    name.ends_with(".go") || name.ends_with(".mgo")
}

/// Loads the package that `args` name: source files, or one directory.
///
/// # Errors
/// When there is nothing to parse: missing files, unreadable ones, directories without source files.
pub fn load(args: &[String]) -> Result<Loaded, LoadError> {
    let cwd = std::env::current_dir().map_err(|e| LoadError(format!("current directory: {}", os_error(&e))))?;
    let (paths, dir) = source_paths(args, &cwd)?;
    let module = find_module(&dir);
    let mut loader = Loader { loaded: Loaded::default(), ids: Rc::default(), state: FxHashMap::default(), module, cwd };
    let mut files = Vec::new();
    for path in &paths {
        let text = std::fs::read(path).map_err(|e| LoadError(format!("open {}: {}", path.display(), os_error(&e))))?;
        let (name, absolute) = (loader.display_name(path), loader.cwd.join(path).display().to_string());
        let file = loader.parse(name, absolute, text, false)?;
        loader.loaded.main_files.push(file.file);
        files.push(file);
    }
    loader.check_same_package(&files)?;
    loader.imports(&files)?;
    // The runtime panics with types of this package.
    loader.package(Symbol::new("runtime"), Span::NONE)?;
    loader.loaded.packages.push(LoadedPackage { path: Symbol::new("main"), files, is_std: false });
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
        is_source_file(&name) && !name.starts_with(['.', '_']) && p.is_file() && file_name_matches(&name)
    });
    paths.sort();
    Ok(paths)
}

/// Whether `name_GOOS_GOARCH.go` is for linux/amd64, and no test.
fn file_name_matches(name: &str) -> bool {
    const OTHERS: &[&str] = &[
        "windows", "darwin", "freebsd", "openbsd", "netbsd", "plan9", "js", "wasm", "arm", "arm64", "386", "riscv64",
        "ppc64", "ppc64le", "s390x", "mips", "mips64", "loong64", "solaris", "android", "ios", "aix", "wasip1",
    ];
    let stem = name.rsplit_once('.').map_or(name, |(s, _)| s);
    let mut parts = stem.split('_').skip(1);
    !stem.ends_with("_test") && !parts.any(|p| OTHERS.contains(&p))
}

/// The nearest `go.mod` at or above `dir`.
fn find_module(dir: &Path) -> Option<Module> {
    for root in dir.ancestors() {
        let Ok(text) = std::fs::read_to_string(root.join("go.mod")) else { continue };
        let path = text.lines().find_map(|l| l.trim().strip_prefix("module "))?;
        let path = path.split("//").next().unwrap_or("").trim().trim_matches('"').to_string();
        return Some(Module { root: root.to_path_buf(), path });
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
        let (file, diagnostics) = if is_std {
            parser::parse_library_file(id, source, &self.ids)
        } else {
            let mut next_id = self.ids.get();
            let out = parser::parse_file(id, source, &mut next_id);
            self.ids.set(next_id);
            out
        };
        self.loaded.n_nodes = self.ids.get();
        self.loaded.diagnostics.extend(diagnostics);
        Ok(file)
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
        let (files, is_std) = match self.read_package(path, span)? {
            Some(found) => found,
            None => {
                self.state.insert(path, true);
                return Ok(());
            }
        };
        self.imports(&files)?;
        self.state.insert(path, true);
        self.loaded.packages.push(LoadedPackage { path, files, is_std });
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
