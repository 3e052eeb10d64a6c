//! `mgo explain`: why things are on the heap.
//!
//! What is asked about is a file or a directory, and a line and a column in it. A file that is not a program by
//! itself is taken together with the others of its directory.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::gcflags::GcFlags;
use super::load::{self, LoadError};
use super::options::{ExplainArgs, MessageFormat};
use super::output;
use super::pipeline::{self, Outcome, Timings};
use super::{complain, explain_json, render};
use crate::explain::{Explainer, Place};
use crate::hir::print::Printer;
use crate::index::Symbol;
use crate::source::{FileId, SourceMap};

/// Explains the places that `args` names, to standard output.
pub fn explain(args: &ExplainArgs, mut flags: GcFlags) -> u8 {
    let (file, line, col) = match split(&args.place) {
        Ok(asked) => asked,
        Err(message) => return complain(&message),
    };
    flags.m = 0;
    flags.explain = true;
    let mut timings = Timings::default();
    let mut files = vec![file.clone()];
    files.extend(args.files.iter().cloned());
    let Outcome { diagnostics, result } = match analyse(&files, flags, &mut timings) {
        Ok(outcome) => outcome,
        Err(LoadError(message)) => return complain(&message),
    };
    let front = match result {
        Ok(front) => front,
        Err(sources) => {
            output::err(render::render(&diagnostics, &sources, args.common.message_format, flags.all_errors));
            return 1;
        }
    };
    let id = find(&front.sources, &file);
    if line.is_some() && id.is_none() {
        return complain(&format!("{}: a line needs a file, and this is none of the program's", args.place));
    }
    if let Some(message) = id.and_then(|id| beyond(&front.sources, id, &args.place, line, col)) {
        return complain(&message);
    }
    let place = Place { file: id, line, col, all: args.all };
    let main = Symbol::new("main");
    let qualify = pipeline::qualifier(&front.checked.info, main);
    let printer =
        Printer { prog: &front.program, types: &front.checked.types, objs: &front.checked.objs, qualify: &qualify };
    let explainer = Explainer { printer, sources: &front.sources, escaped: &front.escaped, pkg: main };
    let (reports, summary) = timings.time("explain", || explainer.explain(place));
    let format = args.common.message_format;
    let color = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let people = matches!(format, MessageFormat::Auto | MessageFormat::Human);
    if people && reports.first().is_some_and(|e| e.passes) {
        output::out(format_args!("nothing is allocated here, but this passes on its way to the heap:\n\n"));
    }
    let mut human = render::Human::new(&front.sources, color);
    let mut out = String::new();
    for explanation in reports.iter().filter(|e| !people || !e.told) {
        let report = explanation.report_for_all.as_ref().filter(|_| people).unwrap_or(&explanation.report);
        match format {
            MessageFormat::Json => out.push_str(&explain_json::explanation(explanation, &front.sources)),
            MessageFormat::Short => out.push_str(&render::short(report, &front.sources)),
            MessageFormat::Auto | MessageFormat::Human => out.push_str(&human.render(report)),
        }
        if !people {
            out.push('\n');
        }
    }
    output::out(out);
    let whole = line.is_none().then_some(summary);
    match (format, whole) {
        (MessageFormat::Json, _) => {
            output::out(format_args!("{}\n", explain_json::summary(reports.len(), whole)));
        }
        (MessageFormat::Short, _) => {}
        (_, Some(s)) => {
            let all = if args.all { "" } else { " (--all shows them)" };
            output::out(format_args!(
                "{} on the heap; {} on the stack while small, {} on the stack, {} without allocation{all}\n",
                s.heap, s.varies, s.stack, s.without
            ));
        }
        (_, None) if reports.is_empty() => output::out(format_args!("nothing is allocated here\n")),
        (_, None) => {}
    }
    if args.common.timings {
        output::err(timings);
    }
    0
}

/// The file or directory that a place names.
pub fn file(place: &str) -> String {
    split(place).map_or_else(|_| place.to_owned(), |asked| asked.0)
}

/// The program made of `files`; of one file that is none by itself, the package in its directory.
fn analyse(files: &[String], flags: GcFlags, timings: &mut Timings) -> Result<Outcome, LoadError> {
    let outcome = load::load(files, flags.lang).map(|loaded| pipeline::front(loaded, flags, timings));
    let failed = outcome.as_ref().is_ok_and(|o| o.result.is_err());
    if let ([file], true) = (files, failed)
        && load::is_source_file(file)
    {
        let dir = match Path::new(file).parent() {
            Some(dir) if !dir.as_os_str().is_empty() => dir.to_string_lossy().into_owned(),
            _ => ".".to_owned(),
        };
        if let Ok(loaded) = load::load(&[dir], flags.lang)
            && find(&loaded.sources, file).is_some()
        {
            let whole = pipeline::front(loaded, flags, timings);
            if whole.result.is_ok() {
                return Ok(whole);
            }
        }
    }
    outcome
}

/// The file of the program that `name` names.
fn find(sources: &SourceMap, name: &str) -> Option<FileId> {
    let canonical = |p: &Path| std::fs::canonicalize(p).ok();
    let wanted: PathBuf = canonical(Path::new(name))?;
    sources.files().find(|(_, f)| canonical(Path::new(&f.path)).is_some_and(|p| p == wanted)).map(|(id, _)| id)
}

/// What is wrong with a line or column that the file does not have.
fn beyond(sources: &SourceMap, id: FileId, asked: &str, line: Option<u32>, col: Option<u32>) -> Option<String> {
    let file = sources.file(id);
    let line = line?;
    if line == 0 || line > file.n_lines() {
        return Some(format!("{asked}: there is no line {line}, the file has {}", file.n_lines()));
    }
    let n = file.line_text(line).len() as u32 + 1;
    match col? {
        col if col == 0 || col > n => Some(format!("{asked}: there is no column {col}, line {line} has {n}")),
        _ => None,
    }
}

/// `FILE[:LINE[:COL]]`. What exists is a file, whatever its name looks like.
fn split(text: &str) -> Result<(String, Option<u32>, Option<u32>), String> {
    let whole = || Ok((text.to_owned(), None, None));
    if Path::new(text).exists() {
        return whole();
    }
    let Some((rest, last)) = text.rsplit_once(':') else { return whole() };
    let number = |what: &str, digits: &str| {
        digits.parse::<u32>().map_err(|_| format!("{text}: \"{digits}\" is not the number of a {what}"))
    };
    if Path::new(rest).exists() {
        return Ok((rest.to_owned(), Some(number("line", last)?), None));
    }
    match rest.rsplit_once(':') {
        Some((file, line)) if Path::new(file).exists() => {
            Ok((file.to_owned(), Some(number("line", line)?), Some(number("column", last)?)))
        }
        // Nothing exists: what looks like a file is told to be missing.
        Some((file, _)) if load::is_source_file(file) => Ok((file.to_owned(), None, None)),
        _ if load::is_source_file(rest) => Ok((rest.to_owned(), None, None)),
        _ => whole(),
    }
}
