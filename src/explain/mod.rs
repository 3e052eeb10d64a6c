//! Facts of the escape analysis as reports for people: `mgo explain`.
//!
//! For each variable or allocation on the heap the way its address takes to what outlives it, as labels in the
//! source, one a step; where the way leads into a call, what the callee does with the parameter; and, for
//! some ways, the change that would keep it on the stack. For what stays, that it does, and within what.

#![forbid(unsafe_code)]

use crate::diag::{Diagnostic, Severity};
use crate::escape::{Decision, Escaped, Reason, Site};
use crate::hir::print::Printer;
use crate::hir::{Callee, Esc, ExprId, ExprKind, FuncId, LocalKind};
use crate::index::Symbol;
use crate::source::{Pos, SourceMap, Span};
use crate::types::{TypeId, TypeKind};

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

/// What is known of one place, for people ([`report`](Explanation::report)) and tools.
#[derive(Debug)]
pub struct Explanation {
    pub report: Diagnostic,
    /// `variable` or `allocation`.
    pub kind: &'static str,
    /// As `-m` prints it.
    pub text: String,
    /// `heap` or `stack`.
    pub placement: &'static str,
    pub ty: String,
    /// In bytes, where it is known before the program runs.
    pub size: Option<u64>,
    pub loop_depth: u32,
    /// The function whose frame it would be in.
    pub function: String,
    /// Calls that were inlined on the way from that function to the place, outermost first: function, call.
    pub inlined: Vec<(String, Span)>,
    pub path: Vec<Step>,
    /// Why the end of the path outlives the place.
    pub conclusion: String,
    pub help: Option<&'static str>,
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
    pub to: String,
    pub span: Span,
    pub depth: usize,
    /// Where in the callee, and how.
    pub steps: Vec<(Span, String)>,
}

/// Callees followed into one another.
const MAX_DEPTH: usize = 8;

impl Explainer<'_> {
    /// Reports on the places asked about, in source order.
    pub fn explain(&self, place: Place) -> Vec<Explanation> {
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
        out.sort_by_key(|e| e.report.span.lo);
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

    fn heap(&self, d: &Decision) -> Explanation {
        let span = self.place_of(d);
        let name = self.name_of(d, span);
        let (kind, what) = match d.site {
            Site::Local(..) => ("variable", format!("variable {name} is on the heap")),
            Site::Expr(f, x) if matches!(self.printer.prog.funcs[f].exprs[x].kind, ExprKind::ConvIface(_)) => {
                ("allocation", format!("{name} is copied to the heap, since it is put in an interface"))
            }
            Site::Expr(..) | Site::Param(..) => ("allocation", format!("{name} is allocated on the heap")),
        };
        let mut report = note(span, what);
        let mut path: Vec<Step> = Vec::new();
        let mut last: Option<Span> = None;
        for flow in &d.flow {
            for reason in &flow.reasons {
                let Some(words) = words_of(reason) else { continue };
                let span = self.written(span_of(reason));
                let label = format!("{}. {words}", path.len() + 1);
                let mut callees = Vec::new();
                if reason.why == "call parameter" {
                    self.callees(reason, (last.unwrap_or(d.span), &flow.src), 0, &mut callees);
                    for line in self.callee_notes(reason, &callees) {
                        report = report.with_note(line);
                    }
                }
                report = report.with_label(span, label.clone());
                path.push(Step {
                    kind: reason.why,
                    span,
                    text: reason.text.clone(),
                    label,
                    to: flow.dst.clone(),
                    from: flow.src.clone(),
                    derefs: flow.derefs,
                    callees,
                });
                last = Some(span_of(reason));
            }
        }
        let conclusion = self.conclusion(d);
        report = report.with_note(conclusion.clone());
        let help = advice(d);
        if let Some(help) = help {
            report = report.with_note(format!("help: {help}"));
        }
        let (ty, size) = self.type_of(d.site);
        Explanation {
            report,
            kind,
            text: d.text.clone(),
            placement: "heap",
            ty,
            size,
            loop_depth: d.loop_depth.saturating_sub(1),
            function: self.printer.prog.funcs[d.func].link_name.to_string(),
            inlined: self.inlined(d.pos),
            path,
            conclusion,
            help,
        }
    }

    /// What a site is called: as `-m` prints it, unless that is a name the compiler made up.
    fn name_of(&self, d: &Decision, span: Span) -> String {
        if d.text.starts_with('~') && span.hi > span.lo {
            return String::from_utf8_lossy(self.sources.text(span)).into_owned();
        }
        d.text.clone()
    }

    /// The calls that were inlined around the code at `pos`.
    fn inlined(&self, mut pos: Pos) -> Vec<(String, Span)> {
        let mut chain = Vec::new();
        while let Some((_, range)) = self.sources.inlined_at(pos) {
            let at = self.sources.original(range.call);
            chain.push((range.func.to_owned(), Span::new(at, at)));
            pos = range.call;
        }
        chain.reverse();
        chain
    }

    /// Type and size of the storage.
    fn type_of(&self, site: Site) -> (String, Option<u64>) {
        let (prog, types) = (self.printer.prog, self.printer.types);
        let sized = |ty: TypeId| (self.printer.ty(ty), Some(types.size_of(ty)));
        match site {
            Site::Local(f, l) | Site::Param(f, l) => sized(prog.funcs[f].locals[l].ty),
            Site::Expr(f, x) => {
                let exprs = &prog.funcs[f].exprs;
                let ty = exprs[x].ty;
                let constant = |n: ExprId| match &exprs[n].kind {
                    ExprKind::Const(v) => v.to_bits64(),
                    _ => None,
                };
                match &exprs[x].kind {
                    ExprKind::New(_) | ExprKind::PtrLit(_) => sized(types.pointee(ty).unwrap_or(ty)),
                    ExprKind::ConvIface(y) => sized(exprs[*y].ty),
                    ExprKind::MakeSlice { len, cap } => {
                        let elem = match *types.underlying_kind(ty) {
                            TypeKind::Slice(elem) => types.size_of(elem),
                            _ => 0,
                        };
                        (self.printer.ty(ty), constant(cap.unwrap_or(*len)).and_then(|n| n.checked_mul(elem)))
                    }
                    ExprKind::SliceLit { len, .. } => {
                        let elem = match *types.underlying_kind(ty) {
                            TypeKind::Slice(elem) => types.size_of(elem),
                            _ => 0,
                        };
                        (self.printer.ty(ty), len.checked_mul(elem))
                    }
                    _ => (self.printer.ty(ty), None),
                }
            }
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
            Some(step) => match step.dst.strip_prefix("{storage for ").and_then(|s| s.strip_suffix('}')) {
                Some(what) => format!("{what} is on the heap itself, so what it holds cannot be on the stack"),
                None => format!("{} outlives it: it is declared further out, or on the heap itself", step.dst),
            },
            None => "its size alone decides".into(),
        }
    }

    /// What a known callee does with the argument at `arg`, and what those do that it passes it on to.
    fn callees(&self, reason: &Reason, (arg, from): (Span, &str), depth: usize, out: &mut Vec<CalleeStep>) {
        let prog = self.printer.prog;
        let Some((f, x)) = reason.site else { return };
        let ExprKind::Call { callee: Callee::Static(callee), args, .. } = &prog.funcs[f].exprs[x].kind else { return };
        let callee = *callee;
        let holds = |span: Span| span.lo <= arg.lo && arg.hi <= span.hi;
        let by_place = args.iter().position(|&a| holds(prog.funcs[f].exprs[a].span));
        let by_name = || args.iter().position(|&a| self.printer.expr(f, a) == from);
        let Some(param) = by_place.or_else(by_name) else { return };
        let Some(&local) = prog.funcs[callee].params.get(param) else { return };
        let leak = self.escaped.decisions.iter().find(|d| d.site == Site::Param(callee, local));
        let Some(leak) = leak else { return };
        let reasons = || leak.flow.iter().flat_map(|f| &f.reasons);
        let steps =
            reasons().filter_map(|r| Some((self.written(span_of(r)), format!("{} ({})", r.text, words_of(r)?))));
        out.push(CalleeStep {
            function: prog.funcs[callee].name.to_string(),
            parameter: prog.funcs[callee].locals[local].name.to_string(),
            to: leak.leaks_to.as_ref().map_or_else(String::new, |l| l.0.clone()),
            span: self.written(leak.span),
            depth,
            steps: steps.collect(),
        });
        if depth < MAX_DEPTH {
            for flow in &leak.flow {
                for inner in flow.reasons.iter().filter(|r| r.why == "call parameter") {
                    self.callees(inner, (leak.span, &flow.src), depth + 1, out);
                }
            }
        }
    }

    fn callee_notes(&self, reason: &Reason, callees: &[CalleeStep]) -> Vec<String> {
        let prog = self.printer.prog;
        if callees.is_empty() {
            let Some((f, x)) = reason.site else { return Vec::new() };
            return match prog.funcs[f].exprs[x].kind {
                ExprKind::Call { callee: Callee::Static(g), .. } if prog.funcs[g].native => {
                    vec![format!(
                        "{} is not written in Go: what it does with its arguments is not known",
                        prog.funcs[g].name
                    )]
                }
                ExprKind::Call { callee: Callee::Value(_) | Callee::Interface { .. }, .. } => {
                    vec!["the function called is not known, so its arguments are taken to escape".into()]
                }
                _ => Vec::new(),
            };
        }
        let mut notes = Vec::new();
        for c in callees {
            let indent = "  ".repeat(c.depth);
            let at = self.sources.describe(c.span.lo);
            let to = if c.to == "{heap}" { "the heap" } else { &c.to };
            notes.push(format!("{indent}{at}: parameter {} of {} leaks to {to}", c.parameter, c.function));
            for (span, text) in &c.steps {
                notes.push(format!("{indent}  {}: {text}", self.sources.describe(span.lo)));
            }
        }
        notes
    }

    fn stays(&self, place: Place, out: &mut Vec<Explanation>) {
        let prog = self.printer.prog;
        for f in prog.funcs.ids().filter(|&f| self.is_own(f)) {
            let func = &prog.funcs[f];
            for (id, local) in func.locals.iter_enumerated() {
                let own =
                    !matches!(local.kind, LocalKind::Captured { .. }) && !local.name.as_str().starts_with(['.', '~']);
                let interesting = own && local.addr_taken && local.esc == Esc::Stack;
                if interesting && self.matches(local.pos, place) {
                    let span = Span::new(local.pos, local.pos.offset(local.name.as_str().len() as u32));
                    let message = format!("variable {} is on the stack", local.name);
                    let why = format!("nothing that outlives {} holds its address", func.name);
                    let report = note(self.written(span), message).with_note(why.clone());
                    let text = local.name.to_string();
                    out.push(self.on_stack(report, "variable", text, Site::Local(f, id), local.pos, why));
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
                    let text = self.printer.expr(f, x);
                    let message = format!("{text} needs no heap");
                    let why = format!("nothing that outlives {} holds its address", func.name);
                    let report = note(self.written(e.span), message).with_note(why.clone());
                    out.push(self.on_stack(report, "allocation", text, Site::Expr(f, x), e.pos, why));
                }
            }
        }
    }
}

impl Explainer<'_> {
    fn on_stack(
        &self,
        report: Diagnostic,
        kind: &'static str,
        text: String,
        site: Site,
        pos: Pos,
        conclusion: String,
    ) -> Explanation {
        let (ty, size) = self.type_of(site);
        let (Site::Local(f, _) | Site::Expr(f, _) | Site::Param(f, _)) = site;
        Explanation {
            report,
            kind,
            text,
            placement: "stack",
            ty,
            size,
            loop_depth: 0,
            function: self.printer.prog.funcs[f].link_name.to_string(),
            inlined: self.inlined(pos),
            path: Vec::new(),
            conclusion,
            help: None,
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

/// A reason in words; `None` for one that goes without saying.
fn words_of(reason: &Reason) -> Option<&str> {
    match reason.inlined {
        true if reason.text.starts_with("~r") => Some("returned by the inlined call here"),
        true => Some("passed here, to a function that is inlined"),
        false => words(reason.why),
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
fn advice(d: &Decision) -> Option<&'static str> {
    let has = |why: &str| d.flow.iter().flat_map(|f| &f.reasons).any(|r| r.why == why);
    let last = d.flow.last().map_or("", |s| s.dst.as_str());
    let text = if has("too large for stack") {
        "variables up to 128 KiB and unnamed storage up to 64 KiB can be on the stack"
    } else if has("send") {
        "sending a copy instead of the address leaves the original on the stack"
    } else if has("callee operand") {
        "a function that is known where it is called does not make its results escape"
    } else if has("interface-converted") && matches!(d.site, Site::Expr(..)) && has("call parameter") {
        "a function that takes the concrete type would not need the conversion"
    } else if has("reference") {
        "pass it as a parameter, or copy it to a variable that is not assigned again, and the literal gets a copy"
    } else if last.starts_with('~') && has("return") {
        "returning the value instead of its address, or storing through a pointer the caller passes, avoids this"
    } else {
        return None;
    };
    Some(text)
}
