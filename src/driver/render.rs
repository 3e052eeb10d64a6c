//! Prints diagnostics: as Go does, as source with labels, or as JSON lines.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use codespan_reporting::diagnostic as human;
use codespan_reporting::files::SimpleFiles;
use codespan_reporting::term;
use serde::Serialize;

use super::options::MessageFormat;
use crate::diag::{Diagnostic, Severity};
use crate::source::{FileId, Pos, SourceMap, Span};

/// Errors printed before `too many errors`, unless all are asked for.
const MAX_ERRORS: usize = 10;

/// Go's form: `file:line:col: message`, lines after the first indented.
pub fn short(d: &Diagnostic, sources: &SourceMap) -> String {
    let mut at = sources.describe(d.pos());
    // Go's optimiser keeps columns in eight bits, and leaves out those that do not fit.
    if d.severity == Severity::Note
        && !sources.no_columns
        && let Some((line, col)) = at.rsplit_once(':')
        && col.parse::<u32>().is_ok_and(|col| col >= 255)
    {
        at.truncate(line.len());
    }
    // Steps of a flow, and what they lead to, stand behind a place all the same.
    let is_flow = d.message.ends_with(':') || d.message.starts_with("  ");
    let mut out = if d.pos() == Pos::UNKNOWN && !is_flow { String::new() } else { format!("{at}: ") };
    for (i, line) in d.message.lines().enumerate() {
        if i > 0 {
            out.push_str(if line.starts_with('\t') { "\n" } else { "\n\t" });
        }
        out.push_str(line);
    }
    out
}

#[derive(Serialize)]
pub(super) struct JsonPos<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    offset: u32,
}

#[derive(Serialize)]
pub(super) struct JsonSpan<'a> {
    start: JsonPos<'a>,
    end: JsonPos<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    reason: &'static str,
    severity: &'static str,
    code: &'a str,
    message: &'a str,
    span: Option<JsonSpan<'a>>,
    labels: Vec<JsonSpan<'a>>,
    notes: &'a [String],
    rendered: String,
}

pub(super) fn json_span<'a>(span: Span, label: Option<&'a str>, sources: &'a SourceMap) -> Option<JsonSpan<'a>> {
    let (_, file) = sources.lookup(span.lo)?;
    let pos = |p: crate::source::Pos| {
        let lc = file.line_col(p.max(file.lo).min(file.hi()));
        JsonPos { file: &file.name, line: lc.line, column: lc.col, offset: p.0.saturating_sub(file.lo.0) }
    };
    Some(JsonSpan { start: pos(span.lo), end: pos(span.hi.max(span.lo)), label })
}

/// One JSON object: the message, its code, spans with start and end, notes, and Go's form.
pub fn json(d: &Diagnostic, sources: &SourceMap) -> String {
    let object = JsonDiagnostic {
        reason: "compiler-message",
        severity: severity_name(d.severity),
        code: d.code,
        message: &d.message,
        span: json_span(d.span, None, sources),
        labels: d.labels.iter().filter_map(|l| json_span(l.span, Some(&l.text), sources)).collect(),
        notes: &d.notes,
        rendered: short(d, sources),
    };
    serde_json::to_string(&object).unwrap_or_default()
}

fn severity_name(s: Severity) -> &'static str {
    match s {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Renders diagnostics as source with labels. Files are read in once.
pub struct Human<'a> {
    sources: &'a SourceMap,
    color: bool,
    files: SimpleFiles<String, String>,
    /// By our number: codespan's, and whether the bytes are text as they are.
    ids: BTreeMap<FileId, (usize, bool)>,
}

impl<'a> Human<'a> {
    pub fn new(sources: &'a SourceMap, color: bool) -> Human<'a> {
        Human { sources, color, files: SimpleFiles::new(), ids: BTreeMap::new() }
    }

    /// A place as codespan wants it.
    fn range(&mut self, span: Span) -> Option<(usize, Range<usize>)> {
        let (id, f) = self.sources.lookup(span.lo)?;
        let (file, is_text) = *self.ids.entry(id).or_insert_with(|| {
            let text = String::from_utf8_lossy(&f.text);
            let is_text = matches!(text, Cow::Borrowed(_));
            (self.files.add(f.name.clone(), text.into_owned()), is_text)
        });
        // Invalid bytes became longer replacement characters: find the place in the text shown.
        let at = |p: u32| match ((p - f.lo.0) as usize).min(f.text.len()) {
            p if is_text => p,
            p => String::from_utf8_lossy(&f.text[..p]).len(),
        };
        let (lo, hi) = (at(span.lo.0), at(span.hi.max(span.lo).0));
        Some((file, lo..hi.max(lo)))
    }

    /// One diagnostic.
    pub fn render(&mut self, d: &Diagnostic) -> String {
        let diagnostic = self.diagnostic(d);
        emit(&self.files, &diagnostic, self.color)
    }

    fn diagnostic(&mut self, d: &Diagnostic) -> human::Diagnostic<usize> {
        let mut lines = d.message.lines();
        let first = lines.next().unwrap_or_default().to_string();
        let severity = match d.severity {
            Severity::Error => human::Severity::Error,
            Severity::Warning => human::Severity::Warning,
            Severity::Note => human::Severity::Note,
        };
        let mut labels = Vec::new();
        if let Some((id, r)) = self.range(d.span) {
            // Words about the same place belong to it.
            let words = d.labels.iter().find(|l| l.span == d.span).map_or("", |l| &l.text);
            labels.push(human::Label::primary(id, r).with_message(words));
        }
        for l in d.labels.iter().filter(|l| l.span != d.span) {
            if let Some((id, r)) = self.range(l.span) {
                labels.push(human::Label::secondary(id, r).with_message(&l.text));
            }
        }
        let mut notes: Vec<String> = Vec::new();
        let rest: Vec<&str> = lines.map(|l| l.trim_start_matches('\t')).collect();
        if !rest.is_empty() {
            notes.push(rest.join("\n"));
        }
        notes.extend(d.notes.iter().cloned());
        notes.extend(d.suggestions.iter().map(|s| format!("help: {}: `{}`", s.message, s.replacement)));
        let mut diagnostic = human::Diagnostic::new(severity).with_message(first).with_labels(labels).with_notes(notes);
        if !d.code.is_empty() {
            diagnostic = diagnostic.with_code(d.code);
        }
        diagnostic
    }
}

fn emit(files: &SimpleFiles<String, String>, diagnostic: &human::Diagnostic<usize>, color: bool) -> String {
    let config = term::Config::default();
    let text = if color {
        let mut out = Vec::new();
        term::emit_to_write_style(&mut term::termcolor::Ansi::new(&mut out), &config, files, diagnostic)
            .map(|()| String::from_utf8_lossy(&out).into_owned())
    } else {
        term::emit_into_string(&config, files, diagnostic)
    };
    text.unwrap_or_else(|e| format!("{}: {e}\n", diagnostic.message))
}

/// The format to use on standard error.
pub fn resolve(format: MessageFormat) -> MessageFormat {
    use std::io::IsTerminal;
    match format {
        MessageFormat::Auto if std::io::stderr().is_terminal() => MessageFormat::Human,
        MessageFormat::Auto => MessageFormat::Short,
        f => f,
    }
}

/// All of `diagnostics` (sorted) as text for standard error. Go stops after ten errors, on different lines,
/// unless `all`.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, format: MessageFormat, all: bool) -> String {
    let format = resolve(format);
    let mut out = String::new();
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    if format == MessageFormat::Short && !diagnostics.is_empty() {
        let _ = writeln!(out, "# {}", sources.label);
    }
    let mut human = Human::new(sources, std::env::var_os("NO_COLOR").is_none());
    let (mut printed, mut last) = (0, None);
    for d in diagnostics {
        if d.severity == Severity::Warning && format == MessageFormat::Short {
            continue;
        }
        // Tools take all they are given.
        let all = all || format == MessageFormat::Json;
        if d.severity == Severity::Error && !all && printed == MAX_ERRORS {
            match format {
                MessageFormat::Short => {
                    let last: Option<&Diagnostic> = last;
                    let _ =
                        writeln!(out, "{}: too many errors", sources.describe(last.map_or(d.pos(), Diagnostic::pos)));
                }
                _ => {
                    let _ = writeln!(out, "error: {} more errors; -gcflags=-e shows all", errors - printed);
                }
            }
            break;
        }
        printed += usize::from(d.severity == Severity::Error);
        last = Some(d);
        match format {
            MessageFormat::Json => out.push_str(&json(d, sources)),
            MessageFormat::Short => out.push_str(&short(d, sources)),
            _ => out.push_str(&human.render(d)),
        }
        out.push('\n');
    }
    out
}
