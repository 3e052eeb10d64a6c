//! Steps in words: what happens to the address, and where in the source.

#![forbid(unsafe_code)]

use super::{Cx, short_name};
use crate::escape::{FlowStep, Reason, Site};
use crate::hir::{Callee, ExprId, ExprKind, FuncId, FuncKind, LocalKind};
use crate::source::Span;
use crate::types::TypeKind;

/// What an assignment assigns to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Local(String),
    /// A part of a local variable.
    Part(String),
    /// A temporary of the compiler's.
    Saved,
    Global(String),
    Pointer,
    Element,
    Map,
}

/// A step as people read it.
pub(super) struct Words {
    pub span: Span,
    pub text: String,
}

impl Cx<'_> {
    /// Step `i` of `flow` in words; `None` for one that goes without saying. `last`: where the step before was.
    pub(super) fn words(&self, flow: &FlowStep, i: usize, last: Span) -> Option<Words> {
        let r = &flow.reasons[i];
        let next = flow.reasons.get(i + 1).map(|r| r.why);
        let here = self.reason_span(r);
        let say = |text: String| Some(Words { span: here, text });
        let at = |span: Span, text: String| Some(Words { span: self.written(span), text });
        if r.inlined {
            return self.inlined_words(r, here, last);
        }
        match r.why {
            "spill" | "slice-to-array" | "channel" | "string +=" => None,
            // What the statement's call needs is captured by a literal that nobody wrote.
            "captured by a closure" if self.is_call_wrapper(r) => None,
            "slice" if i > 0 && flow.reasons[i - 1].why == "address-of" => None,
            "address-of" => say(self.address_words(r, next)),
            // Parts of what the address is taken of are no steps of their own.
            "dot" | "fixed-array-index-of" if flow.reasons[i..].iter().any(|r| r.why == "address-of") => None,
            "dot" if next == Some("assign-pair-dot-type") => None,
            "dot" if r.text.contains(".(") => say("taken out of the interface here".into()),
            "dot" | "fixed-array-index-of" => say("this part of it is used".into()),
            "dot of pointer" | "indirection" => say("read through the pointer here".into()),
            "assign" | "assign-pair" => say(self.assign_words(r)),
            "assign-pair-dot-type" => say(format!("taken out of the interface, and {}", self.assign_words(r))),
            "assign-pair-mapr" | "assign-pair-receive" => say(self.assign_words(r)),
            "return" => say("returned here".into()),
            "call parameter" => {
                let (span, text) = self.call_words(r, &flow.src, last);
                at(span, text)
            }
            // Go's reasons for a capture are two; for people it is one.
            "reference" => None,
            "captured by a closure" if flow.derefs < 0 => {
                say("captured by reference: the function literal uses the variable itself".into())
            }
            "captured by a closure" => say("captured by value: the function literal has a copy".into()),
            "interface-converted" => {
                let ty = r.site.map(|(f, x)| self.type_name(self.func(f).exprs[x].ty));
                say(format!("converted to interface type {}", ty.unwrap_or_default()))
            }
            "slice-literal-element" | "struct literal element" | "array literal element" => {
                let (span, text) = self.literal_words(r, last);
                at(span, text)
            }
            "map literal key" | "key of map put" => say("a key of this map: what maps hold is on the heap".into()),
            "map literal value" => say("a value of this map: what maps hold is on the heap".into()),
            "send" => say("sent on a channel here".into()),
            "slice" => say("sliced here".into()),
            "range" | "range-deref" => say("the iteration takes its elements from it".into()),
            "switch case" => say("held by the variable of this case".into()),
            "appendee slice" => say("append copies the elements to a new array when it grows the slice".into()),
            "appended slice..." => say("append copies the elements".into()),
            "copied slice" => say("copy copies the elements".into()),
            "callee operand" => say("called here: which function it is is not known, and its result is used".into()),
            "too large for stack" => say("too large for a frame".into()),
            "//go:uintptrescapes" => say("passed as an integer to a function that says it may keep it".into()),
            "zero-sized element" => say("its elements have no size".into()),
            why => say(why.to_owned()),
        }
    }

    /// Where a reason is, as written; the word there if only a position is known.
    pub(super) fn reason_span(&self, r: &Reason) -> Span {
        if r.span.lo.is_some() && r.span.hi > r.span.lo {
            return self.written(r.span);
        }
        let at = self.e.sources.original(r.pos);
        self.token(Span::new(at, at))
    }

    /// Whether the literal that captures is one of a `go` or `defer` statement.
    fn is_call_wrapper(&self, r: &Reason) -> bool {
        r.capturer.is_some_and(|f| self.func(f).kind == FuncKind::CallWrapper)
    }

    fn address_words(&self, r: &Reason, next: Option<&str>) -> String {
        let implicit = r.site.is_some_and(|(f, x)| self.func(f).exprs[x].implicit);
        match (implicit, next) {
            (true, Some("slice")) => "sliced here, which takes its address".into(),
            (true, Some("call parameter")) | (true, None) => {
                "its address is taken: the method has a pointer receiver".into()
            }
            _ => "its address is taken here".into(),
        }
    }

    fn assign_words(&self, r: &Reason) -> String {
        match self.target(r) {
            Some(Target::Local(name)) => format!("assigned to {name} here"),
            Some(Target::Part(name)) => format!("assigned to a part of {name} here"),
            Some(Target::Saved) => "kept for the call here".into(),
            Some(Target::Global(name)) => format!("assigned to package variable {name} here"),
            Some(Target::Pointer) => "stored through a pointer here".into(),
            Some(Target::Element) => "stored in an element of a slice here".into(),
            Some(Target::Map) => "stored in a map here: what maps hold is on the heap".into(),
            None if self.is_word(r, "for") => "the loop carries it over to the next iteration".into(),
            None => "assigned here".into(),
        }
    }

    fn is_word(&self, r: &Reason, word: &str) -> bool {
        self.e.sources.text(self.reason_span(r)) == word.as_bytes()
    }

    /// What the assignment `r` assigns to.
    pub(super) fn target(&self, r: &Reason) -> Option<Target> {
        let (f, x) = r.target?;
        Some(self.target_of(f, x, false))
    }

    fn target_of(&self, f: FuncId, x: ExprId, part: bool) -> Target {
        match *self.kind(f, x) {
            ExprKind::Local(l) => {
                let name = self.func(f).locals[l].name.as_str();
                let own = name.rsplit('.').next().unwrap_or_default().to_owned();
                match (name.starts_with(['.', '~', '#']), part) {
                    (true, _) => Target::Saved,
                    (false, true) => Target::Part(own),
                    (false, false) => Target::Local(own),
                }
            }
            ExprKind::Global(g) => Target::Global(self.e.printer.prog.globals[g].name.to_string()),
            ExprKind::Deref(_) | ExprKind::FieldPtr { .. } => Target::Pointer,
            ExprKind::IndexMap { .. } => Target::Map,
            ExprKind::Field { x, .. } => self.target_of(f, x, true),
            ExprKind::Index { x: y, .. } => match self.e.printer.types.underlying_kind(self.func(f).exprs[y].ty) {
                TypeKind::Array { .. } => self.target_of(f, y, true),
                _ => Target::Element,
            },
            ExprKind::Paren(y) | ExprKind::Conv(y) | ExprKind::Init { x: y, .. } => self.target_of(f, y, part),
            _ => Target::Pointer,
        }
    }

    /// Arguments and results of inlined calls: assignments that the inliner made.
    fn inlined_words(&self, r: &Reason, here: Span, last: Span) -> Option<Words> {
        let (f, x) = r.target?;
        let ExprKind::Local(l) = *self.kind(f, x) else { return None };
        let local = &self.func(f).locals[l];
        let name = local.name.as_str();
        let func = self.e.sources.inlined_at(local.pos).map(|(_, range)| short_name(range.func));
        let result = name.starts_with("~r");
        let text = match (result, func) {
            (true, Some(func)) => format!("returned by {func}, which is inlined"),
            (true, None) => "returned by the inlined call".into(),
            (false, Some(func)) => {
                let name = name.rsplit('.').next().unwrap_or_default();
                format!("passed to {func} as {name} (the call is inlined)")
            }
            (false, None) => "passed to a function that is inlined".into(),
        };
        // The slice of `...` arguments spans the whole call: the argument itself says more.
        let dots = r.text.ends_with("... argument");
        let span = if dots && last.lo.is_some() { self.written(last) } else { here };
        Some(Words { span, text })
    }

    /// The argument that `from` at `arg` is, by number, and where it is.
    pub(super) fn argument(&self, r: &Reason, arg: Span, from: &str) -> Option<(usize, ExprId)> {
        let (f, x) = r.site?;
        let args = match self.kind(f, x) {
            ExprKind::Call { args, .. } => args.clone(),
            ExprKind::Append { slice, args, .. } => std::iter::once(*slice).chain(args.iter().copied()).collect(),
            ExprKind::Panic(y) => vec![*y],
            _ => return None,
        };
        let exprs = &self.func(f).exprs;
        let written = self.written(arg);
        let holds = |a: ExprId| {
            let s = self.written(exprs[a].span);
            s.lo <= written.lo && written.hi <= s.hi
        };
        // The narrowest: a receiver's span may hold all arguments, as that of `...` arguments does.
        let by_place = args
            .iter()
            .enumerate()
            .filter(|&(_, &a)| holds(a))
            .min_by_key(|&(_, &a)| exprs[a].span.hi.0 - exprs[a].span.lo.0);
        by_place
            .or_else(|| args.iter().enumerate().find(|&(_, &a)| self.e.printer.expr(f, a) == from))
            .map(|(i, &a)| (i, a))
    }

    fn call_words(&self, r: &Reason, from: &str, last: Span) -> (Span, String) {
        let here = self.reason_span(r);
        let Some((f, x)) = r.site else { return (here, "passed here".into()) };
        let arg = self.argument(r, last, from);
        let span = match arg {
            Some((_, a)) => {
                let e = &self.func(f).exprs[a];
                let dots = e.implicit && matches!(e.kind, ExprKind::SliceLit { .. });
                if dots { last } else { e.span }
            }
            None => here,
        };
        let span = if span.lo.is_some() && span.hi > span.lo { span } else { here };
        match self.kind(f, x) {
            ExprKind::Call { callee: Callee::Static(g), .. } if self.func(f).exprs[x].implicit => {
                let name = self.func_name(*g);
                let method = name.rsplit('.').next().unwrap_or_default();
                (span, format!("passed to method {method} of a type parameter's type"))
            }
            ExprKind::Call { callee: Callee::Static(g), .. } => {
                let name = self.func_name(*g);
                let local = arg.and_then(|(i, _)| self.func(*g).params.get(i)).map(|&l| &self.func(*g).locals[l]);
                let text = match local {
                    Some(_) if arg.is_some_and(|(i, _)| i == 0) && self.func(*g).has_recv => {
                        format!("passed to {name} as the receiver")
                    }
                    Some(l) if !l.name.is_empty() && !l.name.is_blank() => {
                        format!("passed to {name} as {}", own_name(l.name.as_str()))
                    }
                    _ => format!("passed to {name}"),
                };
                (span, text)
            }
            ExprKind::Call { callee: Callee::Interface { method, .. }, .. } => match arg {
                None => (span, format!("method {method} is called on it through an interface")),
                Some(_) => (span, format!("passed to method {method} of an interface")),
            },
            ExprKind::Call { callee: Callee::Value(_), .. } => {
                (span, "passed to a function value: which function it is is not known".into())
            }
            ExprKind::Append { .. } => match arg {
                Some((0, _)) => (span, "appended to here".into()),
                _ => (span, "appended here: the slice's array may be on the heap".into()),
            },
            ExprKind::Panic(_) => (span, "the value of a panic".into()),
            ExprKind::Copy { .. } => (here, "copied here".into()),
            ExprKind::Min(_) | ExprKind::Max(_) => (here, "may be the result".into()),
            _ => (here, "passed here".into()),
        }
    }

    fn literal_words(&self, r: &Reason, last: Span) -> (Span, String) {
        let here = self.reason_span(r);
        let dots = r.site.is_some_and(|(f, x)| self.func(f).exprs[x].implicit);
        let what = match r.why {
            "slice-literal-element" if dots => "put into the slice of ... arguments",
            "slice-literal-element" => "stored in this slice literal",
            "array literal element" => "stored in this array literal",
            _ => "stored in this struct literal",
        };
        let span = if dots && last.lo.is_some() { last } else { here };
        (span, what.into())
    }
}

/// A variable's name without the package that messages put before it.
pub(super) fn own_name(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Whether `site` is a result of its function.
pub(super) fn is_result(cx: &Cx<'_>, site: Site) -> bool {
    matches!(site, Site::Local(f, l) if matches!(cx.func(f).locals[l].kind, LocalKind::Result(_)))
}
