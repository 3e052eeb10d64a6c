//! Facts of the escape analysis as reports for people: `mgo explain`.
//!
//! For each variable or allocation on the heap the way its address takes to what outlives it, as labels in the
//! source, one a step; where the way leads into a call, what the callee does with the parameter; why the end
//! of the way outlives the place; and, where one is known, the change that keeps it on the stack. For what
//! stays, where its address goes, and within what.
//!
//! `heap` and `stays` make the reports, `words` has the steps in words, `sink` the ends of ways, `advice` the
//! changes, `sites` the names, types and sizes, `select` what a line and a column mean.
//!
//! Invariants: one report for one place in the source, however often it was inlined or instantiated; reports
//! come in the order of the source.

#![forbid(unsafe_code)]

mod advice;
mod group;
mod heap;
mod select;
mod sink;
mod sites;
mod stays;
mod words;

pub use self::group::Taken;

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Severity};
use crate::escape::{Decision, Escaped, Site};
use crate::hir::print::Printer;
use crate::hir::{Esc, ExprId, ExprKind, FuncId, FuncKind, LocalKind};
use crate::index::Symbol;
use crate::source::{FileId, Pos, SourceMap, Span};

/// Which places are asked about.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    /// `None`: all files of the package.
    pub file: Option<FileId>,
    /// 1-based line; `None`: all lines.
    pub line: Option<u32>,
    /// 1-based column, in bytes.
    pub col: Option<u32>,
    /// What stays on the stack is reported without being asked about by its line, too.
    pub all: bool,
}

/// What reports are made from.
pub struct Explainer<'a> {
    pub printer: Printer<'a>,
    pub sources: &'a SourceMap,
    pub escaped: &'a Escaped,
    /// Import path of the package that is reported.
    pub pkg: Symbol,
}

/// Where something lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placement {
    Heap,
    /// In the frame up to a size that is only known when the program runs, else on the heap.
    Varies,
    /// In the frame, or in registers.
    Stack,
    /// Laid out before the program starts.
    Static,
    /// Where the caller has it: a parameter points to it.
    Caller,
}

impl Placement {
    /// Stable word for it.
    pub fn word(self) -> &'static str {
        match self {
            Placement::Heap => "heap",
            Placement::Varies => "varies",
            Placement::Stack => "stack",
            Placement::Static => "static",
            Placement::Caller => "caller",
        }
    }
}

/// What is known of one place, for people ([`report`](Explanation::report)) and tools.
#[derive(Debug)]
pub struct Explanation {
    pub report: Diagnostic,
    /// All of its source; the report may show less.
    pub span: Span,
    /// `variable`, `parameter`, `new`, `make`, `closure`, …
    pub kind: &'static str,
    /// As `-m` prints it.
    pub text: String,
    pub placement: Placement,
    pub ty: String,
    /// In bytes, where it is known before the program runs.
    pub size: Option<u64>,
    /// Loops of the function around it.
    pub loop_depth: u32,
    /// Of `append`: the statement before which the array, in the frame while it is small, moves to the heap.
    pub moves: Option<Span>,
    /// The function whose frame it would be in.
    pub function: String,
    /// Calls that were inlined on the way from that function to the place, outermost first.
    pub inlined: Vec<InlinedCall>,
    /// The same place as it is in other functions: inlined, or in another instance of a generic function.
    pub copies: Vec<CopyOf>,
    pub path: Vec<Step>,
    /// Stable word for what the path ends in.
    pub sink: Option<&'static str>,
    /// Why the end of the path outlives the place; for what stays, what it does not outlive.
    pub conclusion: String,
    pub advice: Vec<Advice>,
    /// The place asked about is on the path of this explanation only.
    pub passes: bool,
    /// The call that takes it as an interface, among others.
    pub taken: Option<Taken>,
    /// What people read instead of the report: the same for all that the call takes.
    pub report_for_all: Option<Diagnostic>,
    /// Another explanation's report says it.
    pub told: bool,
    /// Where it is in the files asked about, for the order of reports.
    at: Pos,
}

/// A call that was inlined.
#[derive(Debug)]
pub struct InlinedCall {
    pub function: String,
    pub call: Span,
}

/// A copy of a place.
#[derive(Debug)]
pub struct CopyOf {
    pub function: String,
    pub inlined: Vec<InlinedCall>,
    pub placement: Placement,
    pub loop_depth: u32,
    pub moves: Option<Span>,
}

/// A change that keeps it on the stack, or makes it cheaper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// Stable name.
    pub code: &'static str,
    pub text: String,
}

/// A step of the way that an address takes.
#[derive(Debug)]
pub struct Step {
    /// The compiler's word for it, as `-m=2` has it.
    pub kind: &'static str,
    pub span: Span,
    /// What is there, as `-m=2` prints it.
    pub text: String,
    pub label: String,
    /// The storage that is filled, and from which.
    pub to: String,
    pub from: String,
    /// Dereferences between them; −1: the address is taken.
    pub derefs: i32,
    /// For calls: what the callee does with the parameter, and functions that it calls with it.
    pub callees: Vec<CalleeStep>,
}

/// A parameter that leaks.
#[derive(Debug)]
pub struct CalleeStep {
    pub function: String,
    pub parameter: String,
    /// `heap` or `result`.
    pub to: &'static str,
    pub span: Span,
    pub depth: usize,
    /// Where in the callee, and how.
    pub steps: Vec<(Span, String)>,
    /// What its way ends in.
    pub sink: &'static str,
    /// Why its last step keeps what is passed.
    pub conclusion: String,
}

/// How many of each there are in the files asked about.
#[derive(Debug, Default, Clone, Copy)]
pub struct Summary {
    pub heap: usize,
    pub varies: usize,
    pub stack: usize,
    pub without: usize,
}

/// `go` and `defer` statements by the literals they call.
type Spawned = FxHashMap<(FuncId, ExprId), (bool, Pos)>;

/// [`Explainer`] with what is looked up often.
struct Cx<'a> {
    e: &'a Explainer<'a>,
    /// The first decision about each site.
    decided: FxHashMap<Site, &'a Decision>,
    /// Leaks of each parameter.
    leaks: FxHashMap<Site, Vec<&'a Decision>>,
    spawned: OnceCell<Spawned>,
    joined: OnceCell<FxHashSet<Site>>,
    /// Where parameters are declared: inlined copies of them are variables.
    params: FxHashSet<Pos>,
    /// Those of the package.
    files: FxHashSet<FileId>,
    /// Many reports are wanted: what the library does inside is not told.
    brief: bool,
}

impl<'a> Explainer<'a> {
    /// Reports on the places asked about, in source order.
    pub fn explain(&'a self, place: Place) -> (Vec<Explanation>, Summary) {
        let cx = Cx::new(self, place.line.is_none());
        let groups = cx.groups(place);
        let mut summary = Summary::default();
        let mut out = Vec::new();
        if place.line.is_none() {
            for group in &groups {
                let placement = cx.placement(group[0]);
                match placement {
                    Placement::Heap => summary.heap += 1,
                    Placement::Varies => summary.varies += 1,
                    Placement::Stack if cx.goes_without_saying(group) => continue,
                    Placement::Stack | Placement::Caller => summary.stack += 1,
                    Placement::Static => summary.without += 1,
                }
                if placement == Placement::Heap || place.all {
                    out.push(cx.explanation(group));
                }
            }
        } else {
            out.extend(cx.selected(&groups, place).into_iter().map(|group| cx.explanation(group)));
            if out.is_empty() {
                out = cx.passing(&groups, place);
            }
        }
        let key = |e: &Explanation| {
            (e.at, e.span.lo, std::cmp::Reverse(e.span.hi), e.kind, e.function.clone(), e.placement, e.text.clone())
        };
        out.sort_by_cached_key(key);
        if cx.brief {
            cx.group(&mut out);
        }
        (out, summary)
    }
}

impl<'a> Cx<'a> {
    fn new(e: &'a Explainer<'a>, brief: bool) -> Cx<'a> {
        let mut cx = Cx {
            e,
            decided: FxHashMap::default(),
            leaks: FxHashMap::default(),
            spawned: OnceCell::new(),
            joined: OnceCell::new(),
            params: FxHashSet::default(),
            files: FxHashSet::default(),
            brief,
        };
        for f in e.printer.prog.funcs.iter().filter(|f| f.pkg == e.pkg) {
            // Literals that came with inlined code are where they were written.
            if f.kind == FuncKind::Declared && f.pos.is_some() {
                cx.files.extend(e.sources.lookup(f.pos).map(|(id, _)| id));
            }
            cx.params.extend(f.params.iter().map(|&l| f.locals[l].pos));
        }
        for g in e.printer.prog.globals.iter().filter(|g| g.pkg == e.pkg) {
            // Static data of inlined code is at the call.
            cx.files.extend(e.sources.lookup(e.sources.outermost(g.pos)).map(|(id, _)| id));
        }
        for d in &e.escaped.decisions {
            match d.site {
                Site::Param(..) => cx.leaks.entry(d.site).or_default().push(d),
                site => {
                    let known = cx.decided.entry(site).or_insert(d);
                    if known.placement != Esc::Heap && d.placement == Esc::Heap {
                        *known = d;
                    }
                }
            }
        }
        cx
    }

    fn is_own(&self, f: FuncId) -> bool {
        let func = &self.e.printer.prog.funcs[f];
        let made = matches!(func.kind, FuncKind::Wrapper | FuncKind::MethodValue | FuncKind::Instance);
        func.pkg == self.e.pkg && !made
    }

    /// All decisions about places of the files asked about, those about one place together: the one to report
    /// first.
    fn groups(&self, place: Place) -> Vec<Vec<&'a Decision>> {
        let mut index: FxHashMap<(Pos, Pos, &'static str, Pos), usize> = FxHashMap::default();
        let mut groups: Vec<Vec<&Decision>> = Vec::new();
        for d in &self.e.escaped.decisions {
            let known = self.decided.get(&d.site).is_some_and(|&first| std::ptr::eq(first, d));
            if !known || !self.is_own(d.func) || !self.is_source(d) {
                continue;
            }
            let span = self.span_of(d);
            if place.file.is_some() && self.file_of(d) != place.file {
                continue;
            }
            // What was inlined from the library is reported where the program calls it.
            let calls = if self.is_library(span) { self.inlined(d.pos) } else { Vec::new() };
            let call = calls.iter().rfind(|i| !self.is_library(i.call)).map_or(Pos::NONE, |i| i.call.lo);
            let key = (span.lo, span.hi, self.kind_of(d.site), call);
            match index.get(&key) {
                Some(&i) => groups[i].push(d),
                None => {
                    index.insert(key, groups.len());
                    groups.push(vec![d]);
                }
            }
        }
        for group in &mut groups {
            // The function itself before its copies; the worst placement first.
            let inlined = |d: &Decision| self.e.sources.inlined_at(d.pos).is_some();
            group.sort_by_key(|d| (self.placement(d), inlined(d)));
        }
        groups
    }

    /// Whether people would look for the place in the source.
    fn is_source(&self, d: &Decision) -> bool {
        let span = self.span_of(d);
        let (f, l) = match d.site {
            Site::Local(f, l) | Site::Param(f, l) => (f, l),
            // The right side of `+=` is joined with the left at once.
            Site::Expr(..) => return span.lo.is_some() && !self.joined().contains(&d.site),
        };
        let local = &self.e.printer.prog.funcs[f].locals[l];
        let own = !matches!(local.kind, LocalKind::Captured { .. });
        let name = local.name.as_str();
        // `new(x)` is a temporary whose address is taken.
        if name.starts_with('.') {
            return span.hi > span.lo && (local.addr_taken || d.placement == Esc::Heap);
        }
        own && span.lo.is_some() && !name.starts_with(['.', '~', '#']) && !name.is_empty() && name != "_"
    }

    /// A file the place is in: as written, or the one it was inlined into.
    fn file_of(&self, d: &Decision) -> Option<FileId> {
        let written = self.e.sources.lookup(self.span_of(d).lo)?.0;
        match self.e.sources.lookup(self.e.sources.outermost(d.pos)) {
            Some((outer, _)) if !self.files.contains(&written) => Some(outer),
            _ => Some(written),
        }
    }

    fn is_library(&self, span: Span) -> bool {
        self.e.sources.lookup(span.lo).is_some_and(|(_, f)| f.name.starts_with('$'))
    }

    fn written(&self, span: Span) -> Span {
        Span::new(self.e.sources.original(span.lo), self.e.sources.original(span.hi))
    }

    /// The place, in the function that it was written in.
    fn span_of(&self, d: &Decision) -> Span {
        let span = match d.span.lo.is_some() {
            true => d.span,
            false if d.pos == Pos::UNKNOWN => return Span::NONE,
            false => Span::new(d.pos, d.pos),
        };
        let span = self.written(span);
        match d.site {
            Site::Local(..) if span.lo == span.hi => self.new_value(span.lo),
            _ => span,
        }
    }

    /// All of a `new(x)` whose parenthesis is at `at`; nothing if it is something else.
    fn new_value(&self, at: Pos) -> Span {
        let called = self.called(at);
        let nothing = Span::new(at, at);
        let Some((_, file)) = self.e.sources.lookup(at).filter(|_| self.e.sources.text(called) == b"new") else {
            return nothing;
        };
        let mut depth = 0;
        for (i, b) in file.text[(at.0 - file.lo.0) as usize..].iter().enumerate() {
            match b {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Span::new(called.lo, at.offset(i as u32 + 1));
            }
        }
        called
    }

    fn placement(&self, d: &Decision) -> Placement {
        if let Site::Expr(f, x) = d.site
            && self.is_static(f, x)
        {
            return Placement::Static;
        }
        match d.placement {
            Esc::Heap => Placement::Heap,
            Esc::Stack | Esc::Unknown if self.limit(d.site).is_some() => Placement::Varies,
            Esc::Stack | Esc::Unknown => Placement::Stack,
        }
    }

    /// The beginning of the statement before which a slice that grows in the frame moves to the heap.
    fn moves(&self, site: Site) -> Option<Span> {
        let Site::Expr(f, x) = site else { return None };
        let f = self.func(f);
        let ExprKind::Append { slice, .. } = f.exprs[x].kind else { return None };
        let ExprKind::Local(l) = f.exprs[slice].kind else { return None };
        let before = f.locals[l].move_to_heap?.before;
        Some(self.written(Span::new(before, before)))
    }

    fn explanation(&self, group: &[&'a Decision]) -> Explanation {
        let d = group[0];
        let mut e = match self.placement(d) {
            Placement::Heap => self.heap(d),
            placement => self.stays(d, placement),
        };
        e.at = e.span.lo;
        let foreign = self.e.sources.lookup(e.span.lo).is_some_and(|(f, _)| !self.files.contains(&f));
        if foreign && !e.inlined.is_empty() {
            self.show_call(&mut e);
        }
        for copy in &group[1..] {
            e.copies.push(CopyOf {
                function: self.func_name(copy.func),
                inlined: self.inlined(copy.pos),
                placement: self.placement(copy),
                loop_depth: copy.loop_depth,
                moves: self.moves(copy.site),
            });
        }
        self.tell_copies(&mut e);
        e.report.notes.extend(e.advice.iter().map(|a| format!("help: {}", a.text)));
        e
    }

    /// Code of other packages that was inlined: people look at the call in their own.
    fn show_call(&self, e: &mut Explanation) {
        let call = self.first_line(e.inlined[0].call);
        let first = &e.inlined[0].function;
        e.at = call.lo;
        e.report.message.push_str(&format!(" in {first}, which is inlined here"));
        let place = std::mem::replace(&mut e.report.span, call);
        let shown = |l: &crate::diag::Label| l.span != call && (!self.brief || !self.is_library(l.span));
        e.report.labels.retain(shown);
        if !self.brief {
            let steps = e.report.labels.iter_mut().find(|l| l.span == place);
            match steps {
                Some(l) => l.text.insert_str(0, "allocated here; "),
                None => e.report.labels.insert(0, crate::diag::Label { span: place, text: "allocated here".into() }),
            }
        }
    }

    /// A note about copies that live elsewhere than the place itself, or are many.
    fn tell_copies(&self, e: &mut Explanation) {
        const MAX_TOLD: usize = 3;
        let told = |c: &&CopyOf| c.placement != e.placement && e.placement != Placement::Caller;
        let others: Vec<&CopyOf> = e.copies.iter().filter(told).collect();
        let mut notes = Vec::new();
        for c in others.iter().take(MAX_TOLD) {
            let at = c.inlined.first().map(|i| format!(" at {}", self.e.sources.describe(i.call.lo)));
            let place = match c.placement {
                Placement::Heap => "it is on the heap",
                Placement::Varies => "it is on the stack while it is small",
                Placement::Static => "nothing is allocated",
                Placement::Stack | Placement::Caller => "it stays on the stack",
            };
            let how = if at.is_some() { "inlined into" } else { "in" };
            notes.push(format!("{how} {}{}, {place}", c.function, at.unwrap_or_default()));
        }
        if others.len() > MAX_TOLD {
            notes.push(format!("and in {} more copies likewise", others.len() - MAX_TOLD));
        }
        e.report.notes.extend(notes);
    }

    /// The calls that were inlined around the code at `pos`.
    fn inlined(&self, mut pos: Pos) -> Vec<InlinedCall> {
        let mut chain = Vec::new();
        while let Some((_, range)) = self.e.sources.inlined_at(pos) {
            let at = self.e.sources.original(range.call);
            chain.push(InlinedCall { function: short_name(range.func), call: self.called(at) });
            pos = range.call;
        }
        chain.reverse();
        chain
    }

    /// The name of the function that the call at `at`, its parenthesis, calls.
    fn called(&self, at: Pos) -> Span {
        let Some((_, file)) = self.e.sources.lookup(at) else { return Span::new(at, at) };
        let text = &file.text[..((at.0 - file.lo.0) as usize).min(file.text.len())];
        let word = |b: &u8| b.is_ascii_alphanumeric() || b"_.".contains(b) || *b >= 0x80;
        match text.iter().rev().take_while(|b| word(b)).count() {
            0 => self.token(Span::new(at, at)),
            n => Span::new(Pos(at.0 - n as u32), at),
        }
    }

    /// The word or operator that a position stands at, where only that is known.
    fn token(&self, span: Span) -> Span {
        let Some((_, file)) = self.e.sources.lookup(span.lo).filter(|_| span.hi <= span.lo) else { return span };
        let text = &file.text[((span.lo.0 - file.lo.0) as usize).min(file.text.len())..];
        let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
        let n = match text.iter().take_while(|b| word(b)).count() {
            0 => text.iter().take_while(|b| b":=<-+".contains(b)).count().clamp(1, 2),
            n => n,
        };
        Span::new(span.lo, span.lo.offset((n.min(text.len())) as u32))
    }

    /// The part of a span on its first line: what people are shown.
    fn first_line(&self, span: Span) -> Span {
        let text = self.e.sources.text(span);
        match text.iter().position(|&b| b == b'\n') {
            Some(n) => {
                let line = text[..n].trim_ascii_end();
                Span::new(span.lo, span.lo.offset(line.len() as u32))
            }
            None => span,
        }
    }
}

/// `main.f` → `f`, also in type arguments; names of other packages keep their package.
fn short_name(name: &str) -> String {
    let mut out = String::new();
    let mut rest = name;
    while let Some(i) = rest.find("main.") {
        let (before, after) = rest.split_at(i);
        out.push_str(before);
        let inside = out.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '/');
        out.push_str(if inside { "main." } else { "" });
        rest = &after["main.".len()..];
    }
    out.push_str(rest);
    // The package's name says enough of its path.
    let args = out.find('[').unwrap_or(out.len());
    let path = out[..args].rfind('/').map_or(0, |i| i + 1);
    out[path..].replace("go.shape.", "")
}

fn note(span: Span, message: String) -> Diagnostic {
    Diagnostic { severity: Severity::Note, ..Diagnostic::error("Escape", span, message) }
}
