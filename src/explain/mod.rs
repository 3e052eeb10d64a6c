#![forbid(unsafe_code)]
//! Facts of the escape analysis as reports for people: `mgo explain`.
//!
//! For each variable or allocation on the heap the way its address takes to what outlives it, as labels in the
//! source, one a step; where the way leads into a call, what the callee does with the parameter; and, for
//! some ways, the change that would keep it on the stack. For what stays, that it does, and within what.

use crate::diag::{Diagnostic, Severity};
use crate::escape::{Decision, Escaped, Reason, Site};
use crate::hir::print::Printer;
use crate::hir::{Callee, Esc, ExprKind, FuncId, LocalKind};
use crate::index::Symbol;
use crate::source::{Pos, SourceMap, Span};

/// Which places are asked about.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    /// 1-based line; `None`: all lines.
    pub line: Option<u32>,
    /// 1-based column.
    pub col: Option<u32>,
}

/// What reports are made from.
pub struct Explainer<'a> {
    pub printer: Printer<'a>,
    pub sources: &'a SourceMap,
    pub escaped: &'a Escaped,
    /// Import path of the package that is reported.
    pub pkg: Symbol,
}

/// Callees followed into one another.
const MAX_DEPTH: usize = 8;

impl Explainer<'_> {
    /// Reports on the places asked about, in source order.
    pub fn explain(&self, place: Place) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        let mut seen = Vec::new();
        for d in &self.escaped.decisions {
            let heap = d.placement == Esc::Heap && !matches!(d.site, Site::Param(..));
            if heap && self.is_own(d.func) && self.matches(d.pos, place) && !seen.contains(&d.site) {
                seen.push(d.site);
                out.push(self.heap(d));
            }
        }
        // What stays is only worth a word where somebody asked.
        if place.line.is_some() {
            self.stays(place, &mut out);
        }
        out.sort_by_key(|d| d.span.lo);
        out
    }

    fn is_own(&self, f: FuncId) -> bool {
        self.printer.prog.funcs[f].pkg == self.pkg
    }

    fn matches(&self, pos: Pos, place: Place) -> bool {
        let pos = self.sources.outermost(pos);
        let Some((_, file)) = self.sources.lookup(pos) else { return false };
        let at = file.line_col(pos);
        place.line.is_none_or(|line| line == at.line) && place.col.is_none_or(|col| col == at.col)
    }

    fn heap(&self, d: &Decision) -> Diagnostic {
        let what = match d.site {
            Site::Local(..) => format!("variable {} is on the heap", d.text),
            Site::Expr(..) | Site::Param(..) => format!("{} is allocated on the heap", d.text),
        };
        let mut report = note(self.place_of(d), what);
        let mut step = 0;
        let mut last: Option<Span> = None;
        for reason in d.flow.iter().flat_map(|f| &f.reasons) {
            let Some(words) = words(reason.why) else { continue };
            step += 1;
            let span = self.written(span_of(reason));
            report = report.with_label(span, format!("{step}. {words}"));
            if reason.why == "call parameter" {
                for line in self.callee_notes(reason, last.unwrap_or(d.span), 0) {
                    report = report.with_note(line);
                }
            }
            last = Some(span_of(reason));
        }
        report = report.with_note(self.conclusion(d));
        match advice(d) {
            Some(advice) => report.with_note(advice),
            None => report,
        }
    }

    /// The site, in the function that it was written in.
    fn place_of(&self, d: &Decision) -> Span {
        let span = if d.span.lo.is_some() { d.span } else { Span::new(d.pos, d.pos) };
        self.written(span)
    }

    fn written(&self, span: Span) -> Span {
        Span::new(self.sources.original(span.lo), self.sources.original(span.hi))
    }

    /// Where the way ends, and why that outlives the site.
    fn conclusion(&self, d: &Decision) -> String {
        let func = self.printer.prog.funcs[d.func].name;
        match d.flow.last() {
            Some(step) if step.dst == "{heap}" => "from there, anything may use it at any time".into(),
            Some(step) if step.dst.starts_with('~') => format!("the result of {func} outlives the call"),
            Some(step) => format!("{} outlives it: it is declared further out, or on the heap itself", step.dst),
            None => "its size alone decides".into(),
        }
    }

    /// What a known callee does with the argument at `arg`.
    fn callee_notes(&self, reason: &Reason, arg: Span, depth: usize) -> Vec<String> {
        let prog = self.printer.prog;
        let Some((f, x)) = reason.site else { return Vec::new() };
        let ExprKind::Call { callee, args, .. } = &prog.funcs[f].exprs[x].kind else { return Vec::new() };
        let Callee::Static(callee) = *callee else {
            return vec!["the function called is not known, so its arguments are taken to escape".into()];
        };
        let holds = |span: Span| span.lo <= arg.lo && arg.hi <= span.hi;
        let Some(param) = args.iter().position(|&a| holds(prog.funcs[f].exprs[a].span)) else { return Vec::new() };
        let Some(&local) = prog.funcs[callee].params.get(param) else { return Vec::new() };
        let callee_name = prog.funcs[callee].name;
        let name = prog.funcs[callee].locals[local].name;
        if prog.funcs[callee].native {
            return vec![format!("{callee_name} is not written in Go: what it does with {name} is not known")];
        }
        let leak = self.escaped.decisions.iter().find(|d| d.site == Site::Param(callee, local));
        let Some(leak) = leak else { return Vec::new() };
        let to = leak.leaks_to.as_ref().map_or("", |l| l.0.as_str());
        let mut notes =
            vec![format!("{}: parameter {name} of {callee_name} leaks to {to}", self.sources.describe(leak.pos))];
        for inner in leak.flow.iter().flat_map(|f| &f.reasons) {
            let Some(words) = words(inner.why) else { continue };
            notes.push(format!("  {}: {} ({words})", self.sources.describe(inner.pos), inner.text));
            if inner.why == "call parameter" && depth < MAX_DEPTH {
                let more = self.callee_notes(inner, leak.span, depth + 1);
                notes.extend(more.into_iter().map(|line| format!("  {line}")));
            }
        }
        notes
    }

    fn stays(&self, place: Place, out: &mut Vec<Diagnostic>) {
        let prog = self.printer.prog;
        for f in prog.funcs.ids().filter(|&f| self.is_own(f)) {
            let func = &prog.funcs[f];
            for local in func.locals.iter() {
                let own =
                    !matches!(local.kind, LocalKind::Captured { .. }) && !local.name.as_str().starts_with(['.', '~']);
                let interesting = own && local.addr_taken && local.esc == Esc::Stack;
                if interesting && self.matches(local.pos, place) {
                    let span = Span::new(local.pos, local.pos.offset(local.name.as_str().len() as u32));
                    let message = format!("variable {} is on the stack", local.name);
                    let why = format!("nothing that outlives {} holds its address", func.name);
                    out.push(note(self.written(span), message).with_note(why));
                }
            }
            for (x, e) in func.exprs.iter_enumerated() {
                let allocates = matches!(
                    e.kind,
                    ExprKind::New(_)
                        | ExprKind::PtrLit(_)
                        | ExprKind::SliceLit { .. }
                        | ExprKind::MapLit(_)
                        | ExprKind::MakeSlice { .. }
                        | ExprKind::MakeMap { .. }
                        | ExprKind::Closure(_)
                        | ExprKind::MethodValue { .. }
                        | ExprKind::StrConv(..)
                        | ExprKind::AddStr(_)
                        | ExprKind::Append { .. }
                );
                if allocates && e.esc == Esc::Stack && self.matches(e.pos, place) {
                    let message = format!("{} needs no heap", self.printer.expr(f, x));
                    let why = format!("nothing that outlives {} holds its address", func.name);
                    out.push(note(self.written(e.span), message).with_note(why));
                }
            }
        }
    }
}

fn note(span: Span, message: String) -> Diagnostic {
    Diagnostic { severity: Severity::Note, ..Diagnostic::error("Escape", span, message) }
}

fn span_of(reason: &Reason) -> Span {
    if reason.span.lo.is_some() && reason.span.hi > reason.span.lo {
        reason.span
    } else {
        Span::new(reason.pos, reason.pos)
    }
}

/// A step in words; `None` for steps that go without saying.
fn words(why: &str) -> Option<&str> {
    Some(match why {
        "spill" => return None,
        "address-of" => "its address is taken here",
        "assign" | "assign-pair" => "assigned here",
        "return" => "returned here",
        "call parameter" => "passed here",
        "captured by a closure" => "captured by this function literal",
        "reference" => "captured by reference: the literal and its surroundings share it",
        "interface-converted" => "converted to an interface here",
        "slice-literal-element" | "struct literal element" | "array literal element" => "stored in this literal",
        "map literal key" | "map literal value" | "key of map put" => "stored in a map, which is on the heap",
        "send" => "sent here: the receiver may keep it",
        "indirection" | "dot of pointer" => "loaded here",
        "dot" | "fixed-array-index-of" => "part of this",
        "slice" | "slice-to-array" => "sliced here",
        "range" | "range-deref" => "an iteration takes it here",
        "switch case" => "the case's variable holds it",
        "appendee slice" | "appended slice..." => "append may copy it to a new array on the heap",
        "copied slice" => "copied here",
        "callee operand" => "called here, and its results are used",
        "too large for stack" => "too large for a frame",
        "zero-sized element" => "elements without size have no place in a frame",
        why => why,
    })
}

/// The change that would keep it on the stack, where one is plain.
fn advice(d: &Decision) -> Option<String> {
    let has = |why: &str| d.flow.iter().flat_map(|f| &f.reasons).any(|r| r.why == why);
    let last = d.flow.last().map_or("", |s| s.dst.as_str());
    let text = if has("too large for stack") {
        "variables up to 128 KiB and unnamed storage up to 64 KiB can be on the stack"
    } else if has("interface-converted") && matches!(d.site, Site::Expr(..)) && has("call parameter") {
        "a function that takes the concrete type would not need the conversion"
    } else if has("reference") {
        "pass it as a parameter, or copy it to a variable that is not assigned again, and the literal gets a copy"
    } else if last.starts_with('~') && has("return") {
        "returning the value instead of its address, or storing through a pointer the caller passes, avoids this"
    } else {
        return None;
    };
    Some(format!("help: {text}"))
}
