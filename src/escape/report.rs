//! What was decided, in Go's words and as data.

#![forbid(unsafe_code)]

use rustc_hash::FxHashMap;

use super::Options;
use super::graph::{Batch, Event, HEAP, LocId, Node, NoteId, Place};
use super::leaks::{Leaks, MAX_RESULTS};
use super::limits::is_uintptrs;
use crate::diag::{Diagnostic, LogEntry, Severity};
use crate::hir::order::outermost;
use crate::hir::print::Printer;
use crate::hir::{Esc, ExprId, ExprKind, FuncId, FuncKind, LocalId};
use crate::source::{Pos, SourceMap, Span};
use crate::types::Basic;

/// A message of `-m`.
pub fn note(pos: Pos, message: String) -> Diagnostic {
    Diagnostic { severity: Severity::Note, ..Diagnostic::error("Escape", Span::new(pos, pos), message) }
}

/// A part of a way in the graph, as the solver knows it.
#[derive(Clone, Copy, Debug)]
pub enum Flow {
    Step {
        dst: LocId,
        src: LocId,
        derefs: i32,
        notes: Option<NoteId>,
    },
    /// The way runs in a circle from here on.
    Truncated,
}

/// What a decision is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Site {
    Local(FuncId, LocalId),
    Expr(FuncId, ExprId),
    /// A parameter, and where its value goes.
    Param(FuncId, LocalId),
}

/// One reason on a way.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The expression, if it is one.
    pub site: Option<(FuncId, ExprId)>,
    pub span: Span,
    pub pos: Pos,
    pub text: String,
    pub why: &'static str,
    /// The function literal that captures the variable.
    pub capturer: Option<FuncId>,
    /// The left side, of an assignment.
    pub target: Option<(FuncId, ExprId)>,
    /// An argument or result of an inlined call.
    pub inlined: bool,
}

/// `dst ← src`, with the dereferences between and the reasons for it.
#[derive(Clone, Debug)]
pub struct FlowStep {
    pub dst: String,
    pub src: String,
    /// The storage that is filled, where it stands for something of the program.
    pub to: Option<Site>,
    /// Where `src` is.
    pub pos: Pos,
    /// −1: the address of `src`.
    pub derefs: i32,
    pub reasons: Vec<Reason>,
}

/// A decision: for people and tools.
#[derive(Clone, Debug)]
pub struct Decision {
    pub site: Site,
    pub func: FuncId,
    pub pos: Pos,
    pub span: Span,
    /// As messages print it.
    pub text: String,
    /// Where it lives; for parameters [`Esc::Unknown`].
    pub placement: Esc,
    /// Loops around it in its function, which has the bodies of its ranges over functions.
    pub loop_depth: u32,
    /// For parameters: the place its value leaks to, and the dereferences on the way.
    pub leaks_to: Option<(String, u32)>,
    /// The way from the site to where it escapes, if that was asked for; of what stays in its frame, each
    /// place that its address goes to.
    pub flow: Vec<FlowStep>,
}

fn site_of(node: Node) -> Option<Site> {
    match node {
        Node::Local(f, l) => Some(Site::Local(f, l)),
        Node::Expr(f, x) => Some(Site::Expr(f, x)),
        Node::None | Node::Dict(_) | Node::Temp { .. } => None,
    }
}

/// Collects messages and decisions.
pub struct Reporter<'a> {
    pub printer: Printer<'a>,
    pub sources: &'a SourceMap,
    pub opts: &'a Options,
    pub notes: &'a mut Vec<Diagnostic>,
    pub decisions: &'a mut Vec<Decision>,
    pub log: &'a mut Vec<LogEntry>,
}

impl Reporter<'_> {
    fn wants(&self, func: FuncId) -> bool {
        self.opts.reports(self.printer.prog, func)
    }

    fn say(&mut self, pos: Pos, message: String) {
        self.notes.push(note(self.sources.outermost(pos), message));
    }

    /// Position of what a location stands for.
    pub fn pos(&self, batch: &Batch, l: LocId) -> Pos {
        let prog = self.printer.prog;
        match batch.locs[l].node {
            Node::None => Pos::NONE,
            Node::Local(f, l) => prog.funcs[f].locals[l].pos,
            Node::Expr(f, x) => prog.funcs[f].exprs[x].pos,
            Node::Dict(pos) | Node::Temp { pos, .. } => pos,
        }
    }

    fn span(&self, batch: &Batch, l: LocId) -> Span {
        let prog = self.printer.prog;
        match batch.locs[l].node {
            Node::Local(f, l) => {
                let local = &prog.funcs[f].locals[l];
                if local.pos == Pos::UNKNOWN {
                    return Span::NONE;
                }
                // Names that the compiler made up are not in the source.
                let name = local.name.as_str();
                let own = name.rsplit('.').next().filter(|_| !name.starts_with(['.', '~', '#'])).unwrap_or_default();
                Span::new(local.pos, local.pos.offset(own.len() as u32))
            }
            Node::Expr(f, x) => prog.funcs[f].exprs[x].span,
            _ => Span::NONE,
        }
    }

    /// Text of what a location stands for.
    pub fn text(&self, batch: &Batch, l: LocId) -> String {
        let prog = self.printer.prog;
        match batch.locs[l].node {
            Node::None => "{temp}".into(),
            Node::Local(f, l) => prog.funcs[f].locals[l].name.as_str().into(),
            Node::Expr(f, x) => self.printer.expr(f, x),
            Node::Dict(_) => ".dict".into(),
            Node::Temp { number, .. } => format!(".autotmp_{number}"),
        }
    }

    fn place_name(&self, batch: &Batch, l: LocId) -> String {
        if l == HEAP {
            return "{heap}".into();
        }
        match batch.locs[l].node {
            Node::Expr(f, x) => format!("{{storage for {}}}", self.printer.expr(f, x)),
            _ => self.text(batch, l),
        }
    }

    fn steps(&self, batch: &Batch, path: &[Flow]) -> Vec<FlowStep> {
        let prog = self.printer.prog;
        let mut steps = Vec::new();
        for flow in path {
            let Flow::Step { dst, src, derefs, notes } = *flow else { break };
            let mut reasons = Vec::new();
            let mut next = notes;
            while let Some(id) = next {
                let n = &batch.notes[id];
                let (pos, span, text) = match &n.place {
                    Place::Expr(f, x) => {
                        let e = &prog.funcs[*f].exprs[*x];
                        (e.pos, e.span, self.printer.expr(*f, *x))
                    }
                    Place::Local(f, l) => {
                        let local = &prog.funcs[*f].locals[*l];
                        (local.pos, Span::new(local.pos, local.pos), local.name.as_str().to_owned())
                    }
                    Place::Text { pos, span, text, .. } => (*pos, *span, text.clone()),
                };
                let (inlined, target) = match n.place {
                    Place::Text { inlined, target, .. } => (inlined, target),
                    Place::Expr(..) | Place::Local(..) => (false, None),
                };
                let site = match n.place {
                    Place::Expr(f, x) => Some((f, x)),
                    Place::Local(..) | Place::Text { .. } => None,
                };
                let capturer = match n.place {
                    Place::Local(f, _) => Some(f),
                    Place::Expr(..) | Place::Text { .. } => None,
                };
                reasons.push(Reason { site, span, pos, text, why: n.why, capturer, target, inlined });
                next = n.next;
            }
            let pos = self.pos(batch, src);
            let to = site_of(batch.locs[dst].node);
            let (dst, src) = (self.place_name(batch, dst), self.place_name(batch, src));
            steps.push(FlowStep { dst, src, to, pos, derefs, reasons });
        }
        steps
    }

    fn say_flow(&mut self, pos: Pos, steps: &[FlowStep], truncated: bool) {
        for step in steps {
            let ops = if step.derefs < 0 { "&".to_owned() } else { "*".repeat(step.derefs as usize) };
            self.say(pos, format!("  flow: {} ← {ops}{}:", step.dst, step.src));
            for r in &step.reasons {
                let at = self.sources.describe(r.pos);
                self.say(pos, format!("    from {} ({}) at {at}", r.text, r.why));
            }
        }
        if truncated {
            let warning = "  warning: truncated explanation due to assignment cycle; see golang.org/issue/35518";
            self.say(pos, warning.into());
        }
    }

    fn log_flow(&mut self, pos: Pos, code: &'static str, message: String, steps: &[FlowStep]) {
        let mut related = Vec::new();
        for step in steps {
            let ops = if step.derefs < 0 { "&".to_owned() } else { "*".repeat(step.derefs as usize) };
            let somewhere = (step.pos != Pos::NONE).then_some(step.pos);
            let at = step.reasons.first().map(|r| r.pos).or(somewhere);
            related.push((at, format!("escflow:    flow: {} ← {ops}{}:", step.dst, step.src)));
            for r in &step.reasons {
                related.push((Some(r.pos), format!("escflow:      from {} ({})", r.text, r.why)));
            }
        }
        self.log.push(LogEntry { message, related, ..LogEntry::new(pos, code) });
    }

    /// The address of `l` reaches something that outlives it; `code`: Go's word for the occasion.
    pub fn escapes(&mut self, batch: &Batch, l: LocId, path: Vec<Flow>, code: &'static str) {
        let func = batch.locs[l].func;
        let steps = self.steps(batch, &path);
        let (pos, text) = (self.pos(batch, l), self.text(batch, l));
        if self.opts.m >= 2 && self.wants(func) {
            let name = self.printer.prog.funcs[func].name;
            self.say(pos, format!("{text} escapes to heap in {name}:"));
            self.say_flow(pos, &steps, matches!(path.last(), Some(Flow::Truncated)));
        }
        if self.opts.log && self.wants(func) {
            self.log_flow(pos, code, format!("{text} escapes to heap"), &steps);
        }
        let Some(site) = site_of(batch.locs[l].node) else { return };
        self.decisions.push(Decision {
            site,
            func,
            pos,
            span: self.span(batch, l),
            text,
            placement: Esc::Heap,
            loop_depth: batch.locs[l].nesting.saturating_sub(1),
            leaks_to: None,
            flow: steps,
        });
    }

    /// What of the batch stays in its frame, and where its address goes.
    pub fn stays(&mut self, batch: &Batch) {
        let Some(uses) = &batch.uses else { return };
        let mut by_src: FxHashMap<LocId, Vec<Flow>> = FxHashMap::default();
        for u in uses.iter().filter(|u| !batch.locs[u.src].has(super::graph::attr::ESCAPES)) {
            let step = Flow::Step { dst: u.dst, src: u.src, derefs: -1, notes: u.notes };
            by_src.entry(u.src).or_default().push(step);
        }
        for l in batch.all() {
            let loc = &batch.locs[l];
            if loc.has(super::graph::attr::ESCAPES) || !self.wants(loc.func) {
                continue;
            }
            let Some(site) = site_of(loc.node) else { continue };
            let flow = self.steps(batch, by_src.get(&l).map_or(&[], Vec::as_slice));
            self.decisions.push(Decision {
                site,
                func: loc.func,
                pos: self.pos(batch, l),
                span: self.span(batch, l),
                text: self.text(batch, l),
                placement: Esc::Stack,
                loop_depth: loc.nesting.saturating_sub(1),
                leaks_to: None,
                flow,
            });
        }
    }

    /// Whether ways are printed or logged as they are found.
    pub fn tells_all(&self) -> bool {
        self.opts.m >= 2 || self.opts.log
    }

    /// The value of parameter `l` reaches `root`, which outlives the call.
    pub fn leaks(&mut self, batch: &Batch, root: LocId, l: LocId, derefs: i32, path: Vec<Flow>) {
        let func = batch.locs[l].func;
        let steps = self.steps(batch, &path);
        let (pos, text, to) = (self.pos(batch, l), self.text(batch, l), self.place_name(batch, root));
        if self.opts.m >= 2 && self.wants(func) {
            let name = self.printer.prog.funcs[func].name;
            self.say(pos, format!("parameter {text} leaks to {to} for {name} with derefs={derefs}:"));
            self.say_flow(pos, &steps, matches!(path.last(), Some(Flow::Truncated)));
        }
        if self.opts.log && self.wants(func) {
            self.log_flow(pos, "leak", format!("parameter {text} leaks to {to} with derefs={derefs}"), &steps);
        }
        if let Node::Local(f, local) = batch.locs[l].node {
            self.decisions.push(Decision {
                site: Site::Param(f, local),
                func,
                pos,
                span: self.span(batch, l),
                text,
                placement: Esc::Unknown,
                loop_depth: batch.locs[l].nesting.saturating_sub(1),
                leaks_to: Some((to, derefs as u32)),
                flow: steps,
            });
        }
    }

    /// Reports what happened while the graph was built.
    pub fn events(&mut self, batch: &mut Batch) {
        for event in std::mem::take(&mut batch.events) {
            match event {
                Event::Message(d) => self.say(d.span.lo, d.message),
                Event::Escape { dst, src, derefs, notes } => {
                    self.escapes(batch, src, vec![Flow::Step { dst, src, derefs, notes }], "escapes");
                }
            }
        }
    }

    /// `-m` lines about the parameters of a function.
    pub fn params(&mut self, batch: &Batch, func: FuncId, params: &[(LocalId, Option<LocId>, Leaks)]) {
        let f = &self.printer.prog.funcs[func];
        let root = &self.printer.prog.funcs[outermost(self.printer.prog, func)];
        let is_instance = !root.dict.is_empty() || root.kind == FuncKind::Instance;
        if self.opts.m == 0 || !self.wants(func) || f.kind == FuncKind::CallWrapper || is_instance || f.shown {
            return;
        }
        for &(local, loc, leaks) in params {
            let l = &f.locals[local];
            if f.native && self.printer.types.basic(l.ty) == Some(Basic::Uintptr) {
                self.say(l.pos, format!("assuming {} is unsafe uintptr", l.name));
            }
            if f.pragma.uintptr_escapes {
                let dots = is_uintptrs(self.printer.types, f, local);
                if dots || self.printer.types.basic(l.ty) == Some(Basic::Uintptr) {
                    let dots = if dots { "..." } else { "" };
                    self.say(l.pos, format!("marking {} as escaping {dots}uintptr", l.name));
                    continue;
                }
            }
            if !self.printer.types.has_pointers(l.ty) || l.name.is_blank() || l.name.is_empty() {
                continue;
            }
            if loc.is_some_and(|loc| batch.locs[loc].has(super::graph::attr::ESCAPES)) {
                continue;
            }
            // Parameters are called by their own names, whatever package they are from.
            let (pos, name) = (l.pos, l.name.as_str().rsplit('.').next().unwrap_or_default());
            let mut warned = false;
            if let Some(derefs) = leaks.heap() {
                let content = if derefs == 0 { "" } else { " content" };
                self.say(pos, format!("leaking param{content}: {name}"));
                warned = true;
            }
            for i in 0..MAX_RESULTS {
                if let Some(level) = leaks.result(i) {
                    let result = f.results.get(i).map_or("?", |&r| f.locals[r].name.as_str());
                    self.say(pos, format!("leaking param: {name} to result {result} level={level}"));
                    warned = true;
                }
            }
            if !warned {
                self.say(pos, format!("{name} does not escape"));
            }
        }
    }

    /// `-m` line about one location.
    pub fn placement(&mut self, batch: &Batch, l: LocId) {
        let loc = &batch.locs[l];
        let is_expr = matches!(loc.node, Node::Expr(..));
        if self.opts.log && is_expr && loc.has(super::graph::attr::ESCAPES) && self.wants(loc.func) {
            let pos = self.pos(batch, l);
            self.log.push(LogEntry::new(pos, "escape"));
        }
        if self.opts.m == 0 || !self.wants(loc.func) {
            return;
        }
        let escapes = loc.has(super::graph::attr::ESCAPES);
        let (pos, prog) = (self.pos(batch, l), self.printer.prog);
        match loc.node {
            Node::None | Node::Dict(_) => {}
            Node::Local(..) | Node::Temp { .. } => {
                if escapes {
                    let text = self.text(batch, l);
                    self.say(pos, format!("moved to heap: {text}"));
                }
            }
            Node::Expr(f, x) => {
                let kind = &prog.funcs[f].exprs[x].kind;
                if let ExprKind::Closure(c) = kind
                    && prog.funcs[*c].kind == FuncKind::CallWrapper
                {
                    return;
                }
                let text = match kind {
                    ExprKind::Append { .. } => "append".to_owned(),
                    _ => self.text(batch, l),
                };
                let what = if escapes { "escapes to heap" } else { "does not escape" };
                self.say(pos, format!("{text} {what}"));
                let to_bytes = matches!(kind, ExprKind::StrConv(crate::hir::StrConv::StrToBytes, _));
                if to_bytes && !loc.has(super::graph::attr::MUTATES) {
                    self.say(pos, "zero-copy string->[]byte conversion".into());
                }
            }
        }
    }
}
