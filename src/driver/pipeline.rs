//! The order of the phases, and how long each took.

use std::fmt::{self, Write as _};
use std::time::{Duration, Instant};

use super::gcflags::GcFlags;
use super::load::{Loaded, LoadedPackage};
use crate::diag::{Diagnostic, LogEntry, Severity, sort_and_dedup, sort_as_reported};
use crate::escape::{self, Escaped};
use crate::hir::lower::Report;
use crate::hir::{self, Program};
use crate::index::Symbol;
use crate::inline;
use crate::source::{Pos, SourceMap};
use crate::syntax::ast;
use crate::types::check::{Checked, Checker, PackageInput, check_branches};
use crate::types::{self, Info, ObjId, Objects, PkgId, Types};

/// A program up to escape analysis.
pub struct Front {
    pub sources: SourceMap,
    pub checked: Checked,
    pub program: Program,
    pub escaped: Escaped,
    /// A program without `func main`: an error of the linker.
    pub lacks_main: bool,
    /// What `-json` asks for, so far, and its value.
    pub log: Vec<LogEntry>,
    pub json: Option<&'static str>,
}

/// How far [`front`] came: what there is to print, and the program if it has no errors.
pub struct Outcome {
    pub diagnostics: Vec<Diagnostic>,
    /// Sources to print them with, and the rest unless there were errors.
    pub result: Result<Box<Front>, SourceMap>,
}

/// How long each phase took, in order.
#[derive(Debug, Default)]
pub struct Timings(Vec<(&'static str, Duration)>);

impl Timings {
    /// Runs a phase and notes its time.
    pub fn time<T>(&mut self, phase: &'static str, body: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let out = body();
        self.0.push((phase, start.elapsed()));
        out
    }
}

impl fmt::Display for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        for (phase, time) in &self.0 {
            writeln!(out, "{phase:>10} {:9.3} ms", time.as_secs_f64() * 1e3)?;
        }
        f.write_str(&out)
    }
}

/// The checker as lowering drives it: bodies of the library are checked when they are reached.
struct LazyChecker<'a, 'c>(&'c mut Checker<'a>);

impl hir::lower::Checked for LazyChecker<'_, '_> {
    fn types(&self) -> &Types {
        &self.0.types
    }
    fn types_mut(&mut self) -> &mut Types {
        &mut self.0.types
    }
    fn objs(&self) -> &Objects {
        &self.0.objs
    }
    fn objs_mut(&mut self) -> &mut Objects {
        &mut self.0.objs
    }
    fn info(&self) -> &Info {
        &self.0.info
    }
    fn resolve(&mut self, obj: ObjId) {
        self.0.resolve(obj);
    }
    fn check_body(&mut self, obj: ObjId) {
        self.0.check_body(obj);
    }
    fn shared_loop_vars(&self, at: Pos) -> bool {
        self.0.shared_loop_vars(at)
    }
}

/// Checks, lowers and analyses a loaded program; stops at the first phase with errors.
pub fn front(loaded: Loaded, flags: GcFlags, timings: &mut Timings) -> Outcome {
    let Loaded { mut sources, packages, mut diagnostics, n_nodes, .. } = loaded;
    sources.no_columns = flags.no_columns;
    let stop = |mut diagnostics: Vec<Diagnostic>, sources: SourceMap| {
        sort_as_reported(&mut diagnostics, &sources);
        Outcome { diagnostics, result: Err(sources) }
    };
    // Go looks for imports before it compiles anything.
    if diagnostics.iter().any(|d| d.code == "BrokenImport") {
        return stop(diagnostics, sources);
    }
    if diagnostics.iter().any(|d| d.message.starts_with("syntax error")) {
        let errors: Vec<Pos> = diagnostics.iter().map(|d| d.span.lo).collect();
        for file in packages.iter().filter(|p| !p.is_std).flat_map(|p| &p.files) {
            check_branches(file, &sources, &errors, &mut diagnostics);
        }
        return stop(diagnostics, sources);
    }
    let parse_errors = has_errors(&diagnostics);
    let inputs: Vec<PackageInput<'_>> = packages
        .iter()
        .map(|p| PackageInput { path: p.path, files: &p.files, is_std: p.is_std, lang: p.lang })
        .collect();
    let mut checker = Checker::new(&inputs, n_nodes, &sources);
    if parse_errors {
        checker.note_parse_errors(&diagnostics);
    }
    timings.time("check", || checker.check_packages());
    if parse_errors || has_errors(checker.diagnostics()) {
        diagnostics.extend(checker.finish().diagnostics);
        return stop(diagnostics, sources);
    }
    let trees = package_trees(&packages, &checker.info);
    let report = match flags.m {
        0 | 1 if flags.json.is_some() => Report::Reasons,
        0 => Report::No,
        1 => Report::Decisions,
        _ => Report::Reasons,
    };
    let (mut program, unsupported) =
        timings.time("lower", || hir::lower::lower_program(&trees, &mut LazyChecker(&mut checker), &sources, report));
    let lacks_main = checker.lacks_main();
    let mut checked = checker.finish();
    diagnostics.append(&mut checked.diagnostics);
    diagnostics.extend(unsupported);
    if has_errors(&diagnostics) {
        return stop(diagnostics, sources);
    }
    let main = Symbol::new("main");
    let qualify = qualifier(&checked.info, main);
    if let Some(package) = checked.info.packages.iter().find(|p| p.path == main) {
        diagnostics.extend(types::limits::check(&checked.types, &checked.objs, &qualify, package.id, main));
    }
    if has_errors(&diagnostics) {
        return stop(diagnostics, sources);
    }
    sort_and_dedup(&mut diagnostics);
    let mut log = Vec::new();
    if !flags.no_opt {
        let options = inline::Options { m: flags.m, no_inline: flags.no_inline, log: flags.json.is_some(), pkg: main };
        let report = timings.time("inline", || {
            inline::run(&mut program, &checked.types, &checked.objs, &mut sources, &qualify, options)
        });
        diagnostics.extend(report.notes);
        log = report.log;
    }
    timings.time("data", || hir::static_init::run(&mut program, &mut checked.types));
    let options = escape::Options {
        m: flags.m,
        no_opt: flags.no_opt,
        explain: flags.explain,
        log: flags.json.is_some(),
        pkg: main,
    };
    let mut escaped = timings
        .time("escape", || escape::analyze(&mut program, &checked.types, &checked.objs, &sources, &qualify, &options));
    diagnostics.append(&mut escaped.notes);
    log.append(&mut escaped.log);
    let front = Front { sources, checked, program, escaped, lacks_main, log, json: flags.json };
    Outcome { diagnostics, result: Ok(Box::new(front)) }
}

/// What stands before a package's names in messages about the program's own package.
pub fn qualifier(info: &Info, main: Symbol) -> impl Fn(PkgId) -> String + use<> {
    let names: Vec<(Symbol, Symbol)> = info.packages.iter().map(|p| (p.path, p.name)).collect();
    move |pkg| match names.get(pkg.0 as usize) {
        Some((path, _)) if *path == main => String::new(),
        Some((_, name)) => format!("{name}."),
        None => String::new(),
    }
}

/// The packages' trees by the checker's ids, in the same order.
fn package_trees<'a>(packages: &'a [LoadedPackage], info: &Info) -> Vec<(PkgId, &'a [ast::File])> {
    packages
        .iter()
        .filter_map(|p| {
            let id = info.packages.iter().find(|known| known.path == p.path)?.id;
            Some((id, p.files.as_slice()))
        })
        .collect()
}

/// Whether there are errors among them.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}
