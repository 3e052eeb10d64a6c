//! Where ways end, and why that outlives what they begin with.

#![forbid(unsafe_code)]

use super::words::{Target, is_result};
use super::{Cx, Placement};
use crate::escape::{Decision, FlowStep, MAX_IMPLICIT_STACK_VAR_SIZE, MAX_STACK_VAR_SIZE, Reason, Site};
use crate::hir::{Callee, ExprId, ExprKind, FuncId, FuncKind};

/// The end of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sink {
    /// A result of this function.
    Result(FuncId),
    Global(String),
    Pointer,
    Element,
    Map,
    Channel,
    /// A parameter that leaks, of this function.
    Param(FuncId),
    /// A function that is not written in Go.
    Native(FuncId),
    /// A method called through an interface.
    Interface(String),
    /// A function value.
    Value,
    /// A method of a type parameter's type.
    TypeParam,
    Panic,
    /// Elements of a slice that append copies.
    Append,
    Go,
    DeferInLoop,
    /// A variable declared outside the loop.
    Loop(String),
    /// A variable of the function around the literal.
    Outer(String),
    TooLarge,
    ZeroSize,
    /// Channels are there whatever happens to them.
    Shared,
    /// The string that += makes.
    NewString,
    /// Nothing more is known than that it is the heap.
    Heap,
}

impl Sink {
    /// Stable word for tools.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Sink::Result(_) => "result",
            Sink::Global(_) => "package-variable",
            Sink::Pointer => "pointer-store",
            Sink::Element => "slice-element",
            Sink::Map => "map",
            Sink::Channel => "channel",
            Sink::Param(_) => "leaking-parameter",
            Sink::Native(_) => "native-function",
            Sink::Interface(_) => "interface-method",
            Sink::Value => "function-value",
            Sink::TypeParam => "type-parameter-method",
            Sink::Panic => "panic",
            Sink::Append => "append",
            Sink::Go => "goroutine",
            Sink::DeferInLoop => "defer-in-loop",
            Sink::Loop(_) => "outside-loop",
            Sink::Outer(_) => "enclosing-function",
            Sink::TooLarge => "too-large",
            Sink::ZeroSize => "zero-size",
            Sink::Shared => "shared",
            Sink::NewString => "new-string",
            Sink::Heap => "heap",
        }
    }
}

impl Cx<'_> {
    /// What a way of `site` in `func` ends in.
    pub(super) fn sink(&self, site: Site, func: FuncId, flow: &[FlowStep]) -> Sink {
        let Some(step) = flow.last() else { return Sink::Heap };
        match step.to {
            Some(to) if is_result(self, to) => {
                let (Site::Local(f, _) | Site::Expr(f, _) | Site::Param(f, _)) = to;
                Sink::Result(f)
            }
            Some(Site::Local(f, l) | Site::Param(f, l)) => {
                let name = super::words::own_name(self.func(f).locals[l].name.as_str()).to_owned();
                if f == func { Sink::Loop(name) } else { Sink::Outer(name) }
            }
            // A literal or another value that is made further out, and does not escape itself.
            Some(Site::Expr(f, _)) => {
                let made = step.dst.strip_prefix("{storage for ").and_then(|s| s.strip_suffix('}'));
                let held = if step.src.starts_with('{') { made.unwrap_or(&step.dst) } else { &step.src };
                let name = super::words::own_name(held).to_owned();
                if f == func { Sink::Loop(name) } else { Sink::Outer(name) }
            }
            // A `go` or `defer` statement calls a variable: there are no words for that.
            None if step.reasons.is_empty() && !step.src.starts_with('{') => self.called_variable(func),
            None => {
                // Intermediate storage has no reasons of its own.
                let with_reasons = flow.iter().rev().find(|s| !s.reasons.is_empty());
                self.heap_sink(site, with_reasons.map_or(&[], |s| &s.reasons))
            }
        }
    }

    /// How a variable of `func` that holds a function is called, where it is called later.
    fn called_variable(&self, func: FuncId) -> Sink {
        let is_variable = |&(f, x): &(FuncId, ExprId)| f == func && matches!(self.kind(f, x), ExprKind::Local(_));
        let calls = || self.spawned().iter().filter(|(site, _)| is_variable(site)).map(|(_, (is_go, _))| *is_go);
        match (calls().any(|is_go| is_go), calls().any(|is_go| !is_go)) {
            (true, _) => Sink::Go,
            (false, true) => Sink::DeferInLoop,
            (false, false) => Sink::Heap,
        }
    }

    fn heap_sink(&self, site: Site, reasons: &[Reason]) -> Sink {
        let Some(r) = reasons.last() else { return Sink::Heap };
        match r.why {
            "too large for stack" => Sink::TooLarge,
            "zero-sized element" => Sink::ZeroSize,
            "send" => Sink::Channel,
            "channel" => Sink::Shared,
            "string +=" => Sink::NewString,
            "key of map put" | "map literal key" | "map literal value" => Sink::Map,
            "appendee slice" | "appended slice..." | "copied slice" => Sink::Append,
            "assign" | "assign-pair" | "assign-pair-dot-type" | "assign-pair-mapr" | "assign-pair-receive" => {
                match self.target(r) {
                    Some(Target::Global(name)) => Sink::Global(name),
                    Some(Target::Element) => Sink::Element,
                    Some(Target::Map) => Sink::Map,
                    Some(Target::Pointer) => Sink::Pointer,
                    _ => Sink::Heap,
                }
            }
            // Append's own reason is followed by the call's.
            "call parameter" if reasons.iter().rev().nth(1).is_some_and(|r| r.why == "appendee slice") => Sink::Append,
            "call parameter" => self.call_sink(r),
            "spill" => match self.spawned_by(site) {
                Some((true, _)) => Sink::Go,
                Some((false, _)) => Sink::DeferInLoop,
                None => Sink::Heap,
            },
            _ => Sink::Heap,
        }
    }

    fn call_sink(&self, r: &Reason) -> Sink {
        let Some((f, x)) = r.site else { return Sink::Heap };
        match self.kind(f, x) {
            ExprKind::Call { callee: Callee::Static(g), .. } if self.func(*g).native => Sink::Native(*g),
            ExprKind::Call { callee: Callee::Static(_), .. } if self.func(f).exprs[x].implicit => Sink::TypeParam,
            ExprKind::Call { callee: Callee::Static(g), .. } => Sink::Param(*g),
            ExprKind::Call { callee: Callee::Interface { method, .. }, .. } => Sink::Interface(method.to_string()),
            ExprKind::Call { callee: Callee::Value(_), .. } => Sink::Value,
            ExprKind::Panic(_) => Sink::Panic,
            ExprKind::Append { .. } => Sink::Append,
            _ => Sink::Heap,
        }
    }

    /// Why the end of the way outlives `what`.
    pub(super) fn why(&self, sink: &Sink, d: &Decision) -> String {
        match sink {
            Sink::Result(f) => format!("the result of {} outlives the call", self.func_name(*f)),
            Sink::Global(name) => format!("package variable {name} outlives every call"),
            Sink::Pointer => "what is stored through a pointer may be used after this call is over".into(),
            Sink::Element => "the slice's array may be used after this call is over".into(),
            Sink::Map => "what a map holds is always on the heap".into(),
            Sink::Channel => "the receiver may keep what is sent after this call is over".into(),
            Sink::Param(f) => format!("{} keeps what it is passed", self.func_name(*f)),
            Sink::Native(f) => {
                format!("{} is not written in Go: what it does with its arguments is not known", self.func_name(*f))
            }
            Sink::Interface(method) => {
                format!(
                    "which method {method} is called is not known before the program runs, so it may keep its operands"
                )
            }
            Sink::Value => "which function is called is not known, so it may keep what it is passed".into(),
            Sink::TypeParam => {
                "generic code does not know which method is called, so it may keep what it is passed".into()
            }
            Sink::Panic => "the value of a panic is used after this call is over".into(),
            Sink::Append => "the slice's array may be on the heap, or get there when append grows it".into(),
            Sink::Go => "the new goroutine may run after this call is over".into(),
            Sink::DeferInLoop => "a defer statement in a loop may have any number of calls waiting at once".into(),
            Sink::Loop(name) => {
                format!("{name} is declared outside the loop, and holds the address when the iteration is over")
            }
            Sink::Outer(name) => {
                format!("{name} belongs to the function around the literal, and outlives the literal's call")
            }
            Sink::TooLarge => self.too_large(d),
            Sink::ZeroSize => "slices of elements without size are made by the runtime".into(),
            Sink::Shared => "channels are always on the heap: goroutines share them".into(),
            Sink::NewString => "a string cannot be changed: += makes a new one each time".into(),
            Sink::Heap => "what it goes to may be used after this call is over".into(),
        }
    }

    fn too_large(&self, d: &Decision) -> String {
        let max = match d.site {
            Site::Local(..) | Site::Param(..) => MAX_STACK_VAR_SIZE,
            Site::Expr(..) => MAX_IMPLICIT_STACK_VAR_SIZE,
        };
        let kind = match d.site {
            Site::Local(..) | Site::Param(..) => "variables",
            Site::Expr(..) => "make, new and literals",
        };
        format!("{kind} of more than {max} bytes are always on the heap")
    }

    /// What something that stays does not outlive.
    pub(super) fn bound(&self, d: &Decision, placement: Placement) -> String {
        let func = self.func_name(d.func);
        if placement == Placement::Static {
            return "its value is in static data, or needs no space: nothing is allocated when it runs".into();
        }
        if let Some(limit) = self.limit(d.site) {
            return limit;
        }
        match (self.is_plain(d), d.loop_depth) {
            (true, _) => format!("nobody takes its address: it is in registers or in the frame of {func}"),
            (false, 0) => format!("nothing that outlives the call of {func} has its address"),
            (false, _) => {
                let func = self.func_name(self.with_loops(d.func));
                format!("nothing that outlives the iteration of {func}'s loop has its address")
            }
        }
    }

    /// The function that has the loops: the one around the body of a range over a function.
    fn with_loops(&self, f: FuncId) -> FuncId {
        match (self.func(f).kind, self.func(f).parent) {
            (FuncKind::RangeBody, Some(parent)) => self.with_loops(parent),
            _ => f,
        }
    }
}
