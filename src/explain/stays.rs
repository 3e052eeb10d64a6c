//! Reports on what stays: where its address goes, and what it does not outlive. And on parameters: what
//! becomes of what they point to.

#![forbid(unsafe_code)]

use super::heap::headline;
use super::{Cx, Explanation, Placement, Step, note};
use crate::diag::Diagnostic;
use crate::escape::{Decision, FlowStep, Site};
use crate::hir::{Callee, ExprKind, LocalKind};

/// Uses of an address that are told.
const MAX_USES: usize = 8;

impl<'a> Cx<'a> {
    pub(super) fn stays(&self, d: &'a Decision, placement: Placement) -> Explanation {
        if let Site::Local(f, l) = d.site
            && let LocalKind::Param(_) = self.func(f).locals[l].kind
            && self.e.printer.types.has_pointers(self.func(f).locals[l].ty)
        {
            return self.parameter(d, Site::Param(f, l));
        }
        let verdict = match placement {
            Placement::Static => "needs no allocation",
            Placement::Varies => "is on the stack while it is small",
            _ => "is on the stack",
        };
        let mut path = Vec::new();
        for flow in d.flow.iter().take(MAX_USES) {
            self.use_steps(d, flow, &mut path);
        }
        let conclusion = self.bound(d, placement);
        self.report(d, placement, verdict, path, conclusion)
    }

    fn report(
        &self,
        d: &Decision,
        placement: Placement,
        verdict: &str,
        path: Vec<Step>,
        conclusion: String,
    ) -> Explanation {
        let span = self.span_of(d);
        let (ty, size) = self.type_of(d.site);
        let mut report = note(self.first_line(span), headline(&self.what(d), &ty, size, verdict));
        report.labels = self.labels(&path);
        report = report.with_note(conclusion.clone());
        let advice = if placement == Placement::Varies { self.advice_for_varying(d) } else { Vec::new() };
        Explanation { advice, ..self.explanation_of(d, placement, (ty, size), report, path, conclusion) }
    }

    /// An explanation with what is the same for all places; `ty` and `size` are those of [`Self::type_of`].
    pub(super) fn explanation_of(
        &self,
        d: &Decision,
        placement: Placement,
        (ty, size): (String, Option<u64>),
        report: Diagnostic,
        path: Vec<Step>,
        conclusion: String,
    ) -> Explanation {
        let span = self.span_of(d);
        Explanation {
            report: self.with_inlined_labels(report, d),
            span,
            kind: self.kind_of(d.site),
            text: d.text.clone(),
            placement,
            ty,
            size,
            loop_depth: d.loop_depth,
            moves: self.moves(d.site),
            function: self.func_name(d.func),
            inlined: self.inlined(d.pos),
            copies: Vec::new(),
            path,
            sink: None,
            conclusion,
            advice: Vec::new(),
            passes: false,
            taken: None,
            report_for_all: None,
            told: false,
            at: span.lo,
        }
    }

    /// One use of the address of what stays.
    fn use_steps(&self, d: &Decision, flow: &FlowStep, path: &mut Vec<Step>) {
        let mut last = self.span_of(d);
        for (i, r) in flow.reasons.iter().enumerate() {
            let Some(mut words) = self.words(flow, i, last) else { continue };
            if r.why == "call parameter"
                && let Some((f, x)) = r.site
                && let ExprKind::Call { callee: Callee::Static(_), .. } = self.kind(f, x)
            {
                words.text.push_str(if flow.to.is_some() {
                    ", which may return it"
                } else {
                    ", which does not keep it"
                });
            }
            // The same step on the way of another use says nothing new.
            last = words.span;
            if path.iter().any(|s| s.span == words.span && s.label == words.text) {
                continue;
            }
            path.push(Step {
                kind: r.why,
                span: words.span,
                text: r.text.clone(),
                label: words.text,
                to: flow.dst.clone(),
                from: flow.src.clone(),
                derefs: flow.derefs,
                callees: Vec::new(),
            });
        }
    }

    /// A parameter: whether what it points to must be on the heap in the callers.
    fn parameter(&self, d: &'a Decision, site: Site) -> Explanation {
        let func = self.func_name(d.func);
        let is_heap = |d: &&&'a Decision| self.leaks_to_heap(d);
        let leaks = self.leaks.get(&site).map_or(&[][..], Vec::as_slice);
        let derefs = |d: &&&Decision| d.leaks_to.as_ref().map_or(0, |l| l.1);
        let Some(&leak) = leaks.iter().filter(is_heap).min_by_key(derefs).or_else(|| leaks.iter().min_by_key(derefs))
        else {
            let conclusion = format!("{func} does not keep what it points to: it may be on the stack of the caller");
            return self.report(d, Placement::Caller, "does not escape", Vec::new(), conclusion);
        };
        let chain = self.chain(leak);
        let path = self.steps(&chain, self.span_of(d));
        let end = chain.last().copied().unwrap_or(leak);
        let sink = self.sink(end.site, end.func, &end.flow);
        let content = if derefs(&&leak) > 0 { "what the values it points to point to" } else { "what it points to" };
        let (verdict, conclusion) = if is_heap(&&leak) {
            ("leaks to the heap", format!("{}; so {content} must be on the heap in callers", self.why(&sink, end)))
        } else {
            ("leaks to a result", format!("{content} lives as long as the caller uses the result of {func}"))
        };
        let mut e = self.report(d, Placement::Caller, verdict, path, conclusion);
        e.sink = Some(sink.word());
        e
    }
}
