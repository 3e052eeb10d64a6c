//! `mgo explain` for tools: JSON, one object a line. `docs/explain.md` describes it.
//!
//! Invariant: fields are only ever added; a change of the meaning of one is a new [`VERSION`].

use serde::Serialize;

use super::render::{JsonSpan, json_span};
use crate::explain::{CalleeStep, CopyOf, Explanation, InlinedCall, Step, Summary};
use crate::source::SourceMap;

/// Of the format.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct JsonCallee<'a> {
    function: &'a str,
    parameter: &'a str,
    leaks_to: &'a str,
    depth: usize,
    sink: &'a str,
    span: Option<JsonSpan<'a>>,
    steps: Vec<JsonSpan<'a>>,
    conclusion: &'a str,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    kind: &'a str,
    text: &'a str,
    to: &'a str,
    from: &'a str,
    derefs: i32,
    span: Option<JsonSpan<'a>>,
    callees: Vec<JsonCallee<'a>>,
}

#[derive(Serialize)]
struct JsonInlined<'a> {
    function: &'a str,
    call: Option<JsonSpan<'a>>,
}

#[derive(Serialize)]
struct JsonCopy<'a> {
    function: &'a str,
    placement: &'a str,
    loop_depth: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    moves: Option<JsonSpan<'a>>,
    inlined: Vec<JsonInlined<'a>>,
}

#[derive(Serialize)]
struct JsonAdvice<'a> {
    code: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonExplanation<'a> {
    reason: &'static str,
    version: u32,
    message: &'a str,
    kind: &'a str,
    text: &'a str,
    placement: &'a str,
    #[serde(rename = "type")]
    ty: &'a str,
    size: Option<u64>,
    loop_depth: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    moves: Option<JsonSpan<'a>>,
    function: &'a str,
    matched: &'static str,
    span: Option<JsonSpan<'a>>,
    inlined: Vec<JsonInlined<'a>>,
    path: Vec<JsonStep<'a>>,
    sink: Option<&'a str>,
    conclusion: &'a str,
    advice: Vec<JsonAdvice<'a>>,
    copies: Vec<JsonCopy<'a>>,
}

#[derive(Serialize)]
struct JsonSummary {
    reason: &'static str,
    version: u32,
    explanations: usize,
    /// Only where a whole file or package was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    heap: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    varies: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stack: Option<usize>,
    #[serde(rename = "static", skip_serializing_if = "Option::is_none")]
    without: Option<usize>,
}

/// One place: its way to the heap step by step, and what there is to do.
pub fn explanation(e: &Explanation, sources: &SourceMap) -> String {
    let object = JsonExplanation {
        reason: "escape-explanation",
        version: VERSION,
        message: &e.report.message,
        kind: e.kind,
        text: &e.text,
        placement: e.placement.word(),
        ty: &e.ty,
        size: e.size,
        loop_depth: e.loop_depth,
        moves: e.moves.and_then(|span| json_span(span, None, sources)),
        function: &e.function,
        matched: if e.passes { "path" } else { "place" },
        span: json_span(e.span, None, sources),
        inlined: e.inlined.iter().map(|i| inlined(i, sources)).collect(),
        path: e.path.iter().map(|s| step(s, sources)).collect(),
        sink: e.sink,
        conclusion: &e.conclusion,
        advice: e.advice.iter().map(|a| JsonAdvice { code: a.code, text: &a.text }).collect(),
        copies: e.copies.iter().map(|c| copy(c, sources)).collect(),
    };
    serde_json::to_string(&object).unwrap_or_default()
}

/// The last line: there is no more to come.
pub fn summary(explanations: usize, counts: Option<Summary>) -> String {
    let object = JsonSummary {
        reason: "explain-finished",
        version: VERSION,
        explanations,
        heap: counts.map(|s| s.heap),
        varies: counts.map(|s| s.varies),
        stack: counts.map(|s| s.stack),
        without: counts.map(|s| s.without),
    };
    serde_json::to_string(&object).unwrap_or_default()
}

fn inlined<'a>(i: &'a InlinedCall, sources: &'a SourceMap) -> JsonInlined<'a> {
    JsonInlined { function: &i.function, call: json_span(i.call, None, sources) }
}

fn copy<'a>(c: &'a CopyOf, sources: &'a SourceMap) -> JsonCopy<'a> {
    JsonCopy {
        function: &c.function,
        placement: c.placement.word(),
        loop_depth: c.loop_depth,
        moves: c.moves.and_then(|span| json_span(span, None, sources)),
        inlined: c.inlined.iter().map(|i| inlined(i, sources)).collect(),
    }
}

fn step<'a>(s: &'a Step, sources: &'a SourceMap) -> JsonStep<'a> {
    let callee = |c: &'a CalleeStep| JsonCallee {
        function: &c.function,
        parameter: &c.parameter,
        leaks_to: c.to,
        depth: c.depth,
        sink: c.sink,
        span: json_span(c.span, None, sources),
        steps: c.steps.iter().filter_map(|(span, text)| json_span(*span, Some(text), sources)).collect(),
        conclusion: &c.conclusion,
    };
    JsonStep {
        kind: s.kind,
        text: &s.text,
        to: &s.to,
        from: &s.from,
        derefs: s.derefs,
        span: json_span(s.span, Some(&s.label), sources),
        callees: s.callees.iter().map(callee).collect(),
    }
}
