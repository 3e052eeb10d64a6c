//! Diagnostics as data.
//!
//! Every phase returns `(result, Vec<Diagnostic>)`; nothing but `driver` prints. The message of a
//! diagnostic is Go's text where Go has one: no final period, the first line stands alone, further lines
//! begin with a tab when printed in Go's form.

#![forbid(unsafe_code)]

use crate::source::{Pos, SourceMap, Span};

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The program is not legal Go, or not supported.
    Error,
    /// Legal, but worth a word. Never printed in Go's form.
    Warning,
    /// What `-m` prints.
    Note,
}

/// A span with words, shown under the source by the human renderer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// A replacement that would mend the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    pub message: String,
    pub span: Span,
    pub replacement: String,
}

/// A decision of the optimiser, for `-json`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogEntry {
    pub pos: Pos,
    /// Where what it is about ends; `pos` if it is about one place.
    pub end: Pos,
    /// What was decided, as Go names it: `escape`, `leak`, `canInlineFunction`.
    pub code: &'static str,
    pub message: String,
    /// The reasons, and where they are if they are anywhere.
    pub related: Vec<(Option<Pos>, String)>,
}

impl LogEntry {
    /// An entry about one place, without message.
    pub fn new(pos: Pos, code: &'static str) -> LogEntry {
        LogEntry { pos, end: pos, code, message: String::new(), related: Vec::new() }
    }
}

/// One message about the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Stable name of the kind of error, as in Go's `internal/types/errors` (`UndeclaredName`), or mgo's own.
    pub code: &'static str,
    pub severity: Severity,
    /// Where; `span.lo` is the position that Go's form prints.
    pub span: Span,
    /// Go's text. Lines after the first are indented by a tab when printed.
    pub message: String,
    pub labels: Vec<Label>,
    pub notes: Vec<String>,
    pub suggestions: Vec<Suggestion>,
}

impl Diagnostic {
    /// An error without labels.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            span,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            suggestions: Vec::new(),
        }
    }

    /// The error for legal Go that mgo does not have: `not supported yet: what`.
    pub fn unsupported(span: Span, what: &str) -> Diagnostic {
        Diagnostic::error("Unsupported", span, format!("not supported yet: {what}"))
    }

    /// Adds a labelled span.
    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a note for the human renderer.
    pub fn with_note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// Position Go's form prints.
    pub fn pos(&self) -> Pos {
        self.span.lo
    }
}

/// Sorts by position (stable) and drops repeats: Go prints one message per line and text.
pub fn sort_and_dedup(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(|d| d.span.lo);
    diagnostics.dedup_by(|a, b| a.span.lo == b.span.lo && a.message == b.message);
}

/// Sorts what was reported as Go does: files, and stretches that `//line` renames, come in the order in which
/// something was reported of them first; within these, positions count.
pub fn sort_as_reported(diagnostics: &mut Vec<Diagnostic>, sources: &SourceMap) {
    let mut bases = Vec::new();
    let mut keyed: Vec<(usize, Diagnostic)> = Vec::with_capacity(diagnostics.len());
    for d in diagnostics.drain(..) {
        let base = sources.lookup(d.span.lo).map(|(id, file)| (id, file.presumed(sources.original(d.span.lo)).base));
        let rank = bases.iter().position(|b| *b == base).unwrap_or_else(|| {
            bases.push(base);
            bases.len() - 1
        });
        keyed.push((rank, d));
    }
    keyed.sort_by_key(|(rank, d)| (*rank, d.span.lo));
    diagnostics.extend(keyed.into_iter().map(|(_, d)| d));
    diagnostics.dedup_by(|a, b| a.span.lo == b.span.lo && a.message == b.message);
}

/// A defect of mgo itself: ends the compilation with a report that names the phase and the function being
/// compiled. The driver catches the panic and exits with status 70.
#[macro_export]
macro_rules! bug {
    ($phase:expr, $func:expr, $($arg:tt)+) => {
        panic!("internal error in {} of {}: {}", $phase, $func, format_args!($($arg)+))
    };
}

thread_local! {
    static CURRENT_FUNCTION: std::cell::Cell<Option<crate::index::Symbol>> = const { std::cell::Cell::new(None) };
}

/// Notes which function this thread is compiling, for internal-error reports.
pub fn set_current_function(name: Option<crate::index::Symbol>) {
    CURRENT_FUNCTION.set(name);
}

/// What [`set_current_function`] was told last.
pub fn current_function() -> Option<&'static str> {
    CURRENT_FUNCTION.get().map(crate::index::Symbol::as_str)
}
