//! `mgo explain`: why things are on the heap.

use std::io::IsTerminal;

use super::gcflags::GcFlags;
use super::load::{self, LoadError};
use super::options::{ExplainArgs, MessageFormat};
use super::output;
use super::pipeline::{self, Outcome, Timings};
use super::{complain, render};
use crate::explain::{Explainer, Place};
use crate::hir::print::Printer;
use crate::index::Symbol;

/// Explains the places that `args` names, to standard output.
pub fn explain(args: &ExplainArgs, mut flags: GcFlags) -> u8 {
    let (file, place) = split(&args.place);
    flags.m = 0;
    flags.explain = true;
    let loaded = match load::load(&[file], flags.lang) {
        Ok(loaded) => loaded,
        Err(LoadError(message)) => return complain(&message),
    };
    let Outcome { diagnostics, result } = pipeline::front(loaded, flags, &mut Timings::default());
    let front = match result {
        Ok(front) => front,
        Err(sources) => {
            output::err(render::render(&diagnostics, &sources, args.common.message_format, flags.all_errors));
            return 1;
        }
    };
    let main = Symbol::new("main");
    let qualify = pipeline::qualifier(&front.checked.info, main);
    let printer =
        Printer { prog: &front.program, types: &front.checked.types, objs: &front.checked.objs, qualify: &qualify };
    let explainer = Explainer { printer, sources: &front.sources, escaped: &front.escaped, pkg: main };
    let reports = explainer.explain(place);
    if reports.is_empty() {
        output::out(format_args!("nothing is allocated on the heap here\n"));
    }
    for explanation in &reports {
        let report = &explanation.report;
        let text = match args.common.message_format {
            MessageFormat::Json => render::explanation(explanation, &front.sources),
            MessageFormat::Short => render::short(report, &front.sources),
            MessageFormat::Auto | MessageFormat::Human => {
                let color = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
                render::human(report, &front.sources, color)
            }
        };
        output::out(format_args!("{text}\n"));
    }
    0
}

/// The file that a place names.
pub fn file(place: &str) -> String {
    split(place).0
}

/// `FILE[:LINE[:COL]]`
fn split(text: &str) -> (String, Place) {
    let parts: Vec<&str> = text.rsplitn(3, ':').collect();
    match parts.as_slice() {
        [col, line, file] => {
            if let (Ok(line), Ok(col)) = (line.parse(), col.parse()) {
                return ((*file).to_owned(), Place { line: Some(line), col: Some(col) });
            }
        }
        [line, file] => {
            if let Ok(line) = line.parse() {
                return ((*file).to_owned(), Place { line: Some(line), col: None });
            }
        }
        _ => {}
    }
    if let Some((file, line)) = text.rsplit_once(':')
        && let Ok(line) = line.parse()
    {
        return (file.to_owned(), Place { line: Some(line), col: None });
    }
    (text.to_owned(), Place::default())
}
