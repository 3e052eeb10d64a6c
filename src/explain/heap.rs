//! Reports on what is on the heap: the way from the place to what outlives it.
//!
//! A decision's way ends in the heap, in something that outlives the place, or in storage that is itself on the
//! heap; then its way is the rest. Ways that lead into calls of functions whose summaries are known are
//! explained by the ways of the callees' parameters.

#![forbid(unsafe_code)]

use rustc_hash::FxHashSet;

use super::advice::End;
use super::sink::Sink;
use super::{CalleeStep, Cx, Explanation, Step, Taken, note};
use crate::diag::{Diagnostic, Label};
use crate::escape::{Decision, FlowStep, Reason, Site};
use crate::hir::{Callee, Esc, ExprKind};
use crate::source::Span;

/// Callees followed into one another.
const MAX_DEPTH: usize = 8;
/// Sites on the heap followed into one another.
const MAX_CHAIN: usize = 16;

impl<'a> Cx<'a> {
    pub(super) fn heap(&self, d: &'a Decision) -> Explanation {
        let span = self.span_of(d);
        let (ty, size) = self.type_of(d.site);
        let mut report = note(self.first_line(span), headline(&self.what(d), &ty, size, "is on the heap"));
        let chain = self.chain(d);
        let path = self.steps(&chain, self.first_line(span));
        report.labels = self.labels(&path);
        report.notes = path.iter().flat_map(|step| self.callee_notes(&step.callees)).collect();
        let told = path.last().is_some_and(|step| step.callees.iter().any(|c| !c.conclusion.is_empty()));
        let last = chain.last().copied().unwrap_or(d);
        let sink = self.sink(last.site, last.func, &last.flow);
        let conclusion = self.why(&sink, last);
        // What the callees do is the conclusion.
        if !(told && matches!(sink, Sink::Param(_))) {
            report = report.with_note(conclusion.clone());
        }
        if let Some(at) = self.moves(d.site) {
            let at = self.e.sources.describe(at.lo);
            report =
                report.with_note(format!("while it is small it is in the frame: before {at} it moves to the heap"));
        } else if d.loop_depth > 0 {
            let each = match self.kind_of(d.site) {
                "append" => "each iteration may allocate",
                _ => "each iteration allocates",
            };
            report = report.with_note(format!(
                "{each} ({} around it)",
                if d.loop_depth == 1 { "one loop".to_owned() } else { format!("{} loops", d.loop_depth) }
            ));
        }
        let last_callee = path.last().and_then(|s| s.callees.last());
        let end = End {
            sink: last_callee.map_or(sink.word(), |c| c.sink),
            in_library: last_callee.is_some_and(|c| self.is_library(c.span)),
        };
        let advice = self.advice(d, &chain, &sink, end);
        let taken = self.taken(d, &chain, &sink);
        Explanation {
            sink: Some(sink.word()),
            advice,
            taken,
            ..self.explanation_of(d, super::Placement::Heap, (ty, size), report, path, conclusion)
        }
    }

    /// The call among whose `...` arguments a value is converted.
    fn taken(&self, d: &Decision, chain: &[&Decision], sink: &Sink) -> Option<Taken> {
        let Sink::Param(f) = sink else { return None };
        let r = d.flow.first()?.reasons.iter().find(|r| r.why == "slice-literal-element")?;
        let (g, x) = r.site.filter(|&(g, x)| self.func(g).exprs[x].implicit)?;
        if self.kind_of(d.site) != "interface-conversion" {
            return None;
        }
        let by = self.called_in_source(chain).unwrap_or_else(|| self.func_name(*f));
        Some(Taken { call: self.written(self.func(g).exprs[x].span), by })
    }

    /// Steps as labels: those at one place in one.
    pub(super) fn labels(&self, path: &[Step]) -> Vec<Label> {
        let mut labels: Vec<Label> = Vec::new();
        for step in path {
            let span = self.first_line(step.span);
            // What the library does inside is for those who ask about the line.
            if self.brief && self.is_library(span) {
                continue;
            }
            match labels.iter_mut().find(|l| l.span == span) {
                Some(l) => {
                    l.text.push_str("; ");
                    l.text.push_str(&step.label);
                }
                None => labels.push(Label { span, text: step.label.clone() }),
            }
        }
        labels
    }

    /// Marks the calls that brought the place where it is.
    pub(super) fn with_inlined_labels(&self, mut report: Diagnostic, d: &Decision) -> Diagnostic {
        for i in self.inlined(d.pos) {
            report = report.with_label(self.first_line(i.call), format!("{} is inlined here", i.function));
        }
        report
    }

    /// The decision, and those about what its way ends in, as long as that is on the heap itself.
    pub(super) fn chain(&self, d: &'a Decision) -> Vec<&'a Decision> {
        let mut chain = vec![d];
        let mut seen = FxHashSet::from_iter([d.site]);
        while chain.len() < MAX_CHAIN {
            let to = chain.last().and_then(|d| d.flow.last()).and_then(|step| step.to);
            let next = to.and_then(|to| self.decided.get(&to)).filter(|d| d.placement == Esc::Heap);
            match next {
                Some(&next) if seen.insert(next.site) => chain.push(next),
                _ => break,
            }
        }
        chain
    }

    pub(super) fn steps(&self, chain: &[&Decision], start: Span) -> Vec<Step> {
        let mut path: Vec<Step> = Vec::new();
        let mut last = start;
        for (flow, target) in flows(chain) {
            for (i, reason) in flow.reasons.iter().enumerate() {
                let Some(words) = self.words(flow, i, last) else { continue };
                let mut callees = Vec::new();
                if reason.why == "call parameter" && !reason.inlined {
                    let mut seen = FxHashSet::default();
                    self.callees((flow, target), reason, last, 0, &mut seen, &mut callees);
                }
                path.push(Step {
                    kind: reason.why,
                    span: words.span,
                    text: reason.text.clone(),
                    label: format!("{}. {}", path.len() + 1, words.text),
                    to: flow.dst.clone(),
                    from: flow.src.clone(),
                    derefs: flow.derefs,
                    callees,
                });
                last = words.span;
            }
        }
        path
    }

    /// The leak of the parameter that `reason` of `flow` passes an argument for, if its function's summary says
    /// where the way goes on.
    fn leak(&self, (flow, target): (&FlowStep, &FlowStep), reason: &Reason, arg: Span) -> Option<&'a Decision> {
        let (f, x) = reason.site?;
        let ExprKind::Call { callee: Callee::Static(callee), .. } = *self.kind(f, x) else { return None };
        if self.func(f).exprs[x].implicit {
            return None;
        }
        // In a function analysed together with the caller the way itself goes on.
        if matches!(target.to, Some(Site::Local(g, _)) if g == callee) {
            return None;
        }
        let (param, _) = self.argument(reason, arg, &flow.src)?;
        let &local = self.func(callee).params.get(param)?;
        let leaks = self.leaks.get(&Site::Param(callee, local))?;
        let to_heap = |d: &&&Decision| self.leaks_to_heap(d);
        let derefs = |d: &&&Decision| d.leaks_to.as_ref().map_or(0, |l| l.1);
        let heap = leaks.iter().filter(to_heap).min_by_key(derefs);
        let other = leaks.iter().filter(|d| !to_heap(d)).min_by_key(derefs);
        // A way to the heap ends there; another goes on from the call's result.
        let wanted = if target.dst == "{heap}" { heap.or(other) } else { other.or(heap) };
        wanted.copied()
    }

    /// Whether the value of a parameter gets to the heap, and not only to results.
    pub(super) fn leaks_to_heap(&self, leak: &'a Decision) -> bool {
        let end = self.chain(leak).last().copied().unwrap_or(leak);
        !matches!(self.sink(end.site, end.func, &end.flow), Sink::Result(_))
    }

    /// What a known callee does with the argument at `arg`, and what those do that it passes it on to.
    fn callees(
        &self,
        flow: (&FlowStep, &FlowStep),
        reason: &Reason,
        arg: Span,
        depth: usize,
        seen: &mut FxHashSet<Site>,
        out: &mut Vec<CalleeStep>,
    ) {
        let Some(leak) = self.leak(flow, reason, arg) else { return };
        if !seen.insert(leak.site) {
            return;
        }
        let Site::Param(callee, local) = leak.site else { return };
        let mut steps = Vec::new();
        let mut last = self.span_of(leak);
        let mut inner = Vec::new();
        let chain = self.chain(leak);
        for (flow, target) in flows(&chain) {
            for (i, r) in flow.reasons.iter().enumerate() {
                let Some(words) = self.words(flow, i, last) else { continue };
                if r.why == "call parameter" && !r.inlined {
                    inner.push(((flow, target), r, last));
                }
                last = words.span;
                steps.push((words.span, words.text));
            }
        }
        let end = chain.last().copied().unwrap_or(leak);
        let sink = self.sink(end.site, end.func, &end.flow);
        out.push(CalleeStep {
            function: self.func_name(callee),
            parameter: super::words::own_name(self.func(callee).locals[local].name.as_str()).to_owned(),
            to: if self.leaks_to_heap(leak) { "heap" } else { "result" },
            span: self.span_of(leak),
            depth,
            sink: sink.word(),
            steps,
            conclusion: match sink {
                Sink::Param(_) | Sink::Result(_) => String::new(),
                _ => self.why(&sink, end),
            },
        });
        if depth < MAX_DEPTH {
            for (flow, r, last) in inner {
                self.callees(flow, r, last, depth + 1, seen, out);
            }
        }
    }

    fn callee_notes(&self, callees: &[CalleeStep]) -> Vec<String> {
        let mut notes = Vec::new();
        if self.brief
            && let [c, .., last] = callees
            && self.is_library(c.span)
        {
            notes.push(format!(
                "parameter {} of {} leaks to the heap, {} further on:",
                c.parameter,
                c.function,
                if callees.len() == 2 { "one call".to_owned() } else { format!("{} calls", callees.len() - 1) }
            ));
            if let Some((span, text)) = last.steps.last() {
                notes.push(format!("  {}: {text}", self.e.sources.describe(span.lo)));
            }
            notes.push(format!("  {}", last.conclusion));
            return notes;
        }
        for c in callees {
            let indent = "  ".repeat(c.depth);
            let at = self.e.sources.describe(c.span.lo);
            let to = if c.to == "heap" { "the heap" } else { "a result" };
            notes.push(format!("{indent}{at}: parameter {} of {} leaks to {to}:", c.parameter, c.function));
            for (span, text) in &c.steps {
                notes.push(format!("{indent}  {}: {text}", self.e.sources.describe(span.lo)));
            }
            if !c.conclusion.is_empty() {
                notes.push(format!("{indent}  {}", c.conclusion));
            }
        }
        notes
    }
}

/// The steps of a way, each with the one that reaches storage of the program: intermediate storage stands between.
fn flows<'d>(chain: &[&'d Decision]) -> Vec<(&'d FlowStep, &'d FlowStep)> {
    let all: Vec<&FlowStep> = chain.iter().flat_map(|d| &d.flow).collect();
    let target = |i: usize| all[i..].iter().find(|s| s.dst != "{temp}").copied().unwrap_or(all[i]);
    (0..all.len()).map(|i| (all[i], target(i))).collect()
}

/// `what (type, size) verdict`.
pub(super) fn headline(what: &str, ty: &str, size: Option<u64>, verdict: &str) -> String {
    match size {
        Some(1) => format!("{what} ({ty}, 1 byte) {verdict}"),
        Some(size) => format!("{what} ({ty}, {size} bytes) {verdict}"),
        None => format!("{what} ({ty}) {verdict}"),
    }
}
