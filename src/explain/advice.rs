//! Changes that keep something on the stack, or make it cheaper, where one is known.
//!
//! Rule: what is said here must be true of the place it is said of. `tests/ui/escape/advice` has programs
//! before and after each change, with real Go's decisions.

#![forbid(unsafe_code)]

use super::sink::Sink;
use super::sites::walk;
use super::{Advice, Cx};
use crate::escape::{Decision, MAX_IMPLICIT_STACK_VAR_SIZE, MAX_STACK_VAR_SIZE, Site};
use crate::hir::visit::body_exprs;
use crate::hir::{BinaryOp, ExprId, ExprKind, FuncId, LocalId, LocalKind, StmtKind, StrConv};
use crate::types::TypeKind;

/// Largest variable that literals capture by value, in bytes.
const MAX_BY_VALUE: u64 = 128;

/// What the way ends in, callees included.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// Stable word for it.
    pub sink: &'static str,
    /// In a function of the library.
    pub in_library: bool,
}

fn advice(code: &'static str, text: impl Into<String>) -> Advice {
    Advice { code, text: text.into() }
}

impl Cx<'_> {
    /// What helps with `d`, whose way `chain` ends in `sink`; `end`: what the callees'
    /// ways end in.
    pub(super) fn advice(&self, d: &Decision, chain: &[&Decision], sink: &Sink, end: End) -> Vec<Advice> {
        let mut out = Vec::new();
        let whys: Vec<&str> = chain.iter().flat_map(|d| &d.flow).flat_map(|s| &s.reasons).map(|r| r.why).collect();
        // A way through other storage: what holds for its end holds for that storage, not for this place.
        let through = whys.iter().any(|w| {
            matches!(
                *w,
                "slice-literal-element" | "struct literal element" | "array literal element" | "captured by a closure"
            )
        }) || chain.len() > 1;
        let ty = self.type_of(d.site).0;
        if let [.., only] = &self.inlined(d.pos)[..]
            && only.function == "errors.New"
            && !self.is_library(only.call)
            && self.holds_constants(d.site)
        {
            out.push(advice(
                "package-variable",
                "an error that is made once, as a package variable, is not allocated by each call",
            ));
        } else if self.is_library(self.span_of(d)) {
            // The library is not the program's to change.
        } else if let Some(a) = self.by_value(d) {
            out.push(a);
        } else if let (Some(&holder), Sink::Result(_)) = (chain.get(1), sink)
            && matches!(self.kind_of(holder.site), "closure" | "method-value")
        {
            self.of_closure(holder, sink, &mut out);
        } else if whys.contains(&"callee operand") {
            out.push(advice("known-callee", "a function that is named where it is called, or a literal that is assigned once, is followed into its results"));
        } else if !through {
            match self.kind_of(d.site) {
                "variable" | "parameter" | "new" | "pointer-literal" => {
                    self.of_object(chain, sink, end, &whys, &ty, &mut out)
                }
                "interface-conversion" => self.of_interface(chain, sink, end, &ty, &mut out),
                "make-slice" | "slice-literal" => self.of_slice(d, sink, &mut out),
                "make-map" | "map-literal" if matches!(sink, Sink::Result(_)) => {
                    out.push(advice(
                        "fill-callers",
                        "a function that fills a map which the caller passes leaves the map where the caller has it",
                    ));
                }
                "closure" | "method-value" | "call-operands" => self.of_closure(d, sink, &mut out),
                "string-concatenation" | "string-conversion" => self.of_string(d, sink, &mut out),
                _ => {}
            }
        } else {
            self.of_stored(chain, sink, &ty, end, &mut out);
        }
        if let Some(a) = self.growth(d) {
            out.push(a);
        }
        out
    }

    /// What is first stored in a literal: what holds for the literal's elements holds for it.
    fn of_stored(&self, chain: &[&Decision], sink: &Sink, ty: &str, end: End, out: &mut Vec<Advice>) {
        let [d, ..] = *chain else { return };
        let reasons = || chain.iter().flat_map(|d| &d.flow).flat_map(|s| &s.reasons);
        let is_literal = |why: &str| matches!(why, "slice-literal-element" | "struct literal element");
        let Some(literal) = reasons().find(|r| is_literal(r.why)) else { return };
        if self.is_library(self.reason_span(literal)) {
            return;
        }
        let converted = reasons().take_while(|r| !std::ptr::eq(*r, literal)).any(|r| r.why == "interface-converted");
        let is_object = matches!(self.kind_of(d.site), "variable" | "parameter" | "new" | "pointer-literal");
        let is_conversion = self.kind_of(d.site) == "interface-conversion";
        let dots = literal.site.is_some_and(|(f, x)| self.func(f).exprs[x].implicit);
        let ty = if is_object && converted { format!("*{ty}") } else { ty.to_owned() };
        let is_field = literal.why == "struct literal element";
        match (dots, is_object && !converted) {
            (true, true) => {}
            (true, false) if matches!(sink, Sink::Param(_)) => self.of_interface(chain, sink, end, &ty, out),
            (true, false) if is_conversion => {
                if let Some(name) = self.passed_to(chain) {
                    out.push(advice("concrete-type", format!("if {name} took and kept type {ty} instead of an interface, nothing would be converted")));
                }
            }
            (true, false) => {}
            (false, true) if is_field => {
                out.push(advice("store-value", format!("a field of type {ty} instead of a pointer holds the value itself")));
            }
            (false, true) => {
                out.push(advice("store-value", format!("elements of type {ty} instead of pointers hold the values themselves")));
            }
            (false, false) if is_conversion && is_field => {
                out.push(advice("concrete-type", format!("a field of type {ty} instead of an interface needs no conversion")));
            }
            (false, false) if is_conversion => {
                out.push(advice("concrete-type", format!("elements of type {ty} instead of interfaces need no conversion")));
            }
            // The address is kept by nobody, but methods are called on it.
            (false, false) if end.sink == "interface-method" && is_field => out.push(advice("concrete-type", format!(
                "if the field had type {ty} instead of an interface type, only what the methods called on it do would count"
            ))),
            (false, false) => {}
        }
    }

    /// The first inlined function that the way leads into.
    fn passed_to(&self, chain: &[&Decision]) -> Option<String> {
        let mut reasons = chain.iter().flat_map(|d| &d.flow).flat_map(|s| &s.reasons).filter(|r| r.inlined);
        reasons.find_map(|r| {
            let (f, x) = r.target?;
            let ExprKind::Local(l) = *self.kind(f, x) else { return None };
            let (_, range) = self.e.sources.inlined_at(self.func(f).locals[l].pos)?;
            Some(super::short_name(range.func))
        })
    }

    /// A variable, or what `new` and `&T{}` make: an address that need not be one.
    fn of_object(&self, chain: &[&Decision], sink: &Sink, end: End, whys: &[&str], ty: &str, out: &mut Vec<Advice>) {
        let [d, ..] = *chain else { return };
        if whys.contains(&"interface-converted") {
            return self.of_interface(chain, sink, end, &format!("*{ty}"), out);
        }
        // What the address is taken of may be a part.
        let part = self.address_type(d);
        let ty = part.as_deref().unwrap_or(ty);
        // The address of what a slice or a method value is made of is not the program's to give up.
        let sliced = whys.contains(&"slice");
        match sink {
            Sink::Pointer if self.stored_to(d).is_some() => {
                let (name, ty) = self.stored_to(d).unwrap_or_default();
                out.push(advice(
                    "direct-store",
                    format!("stores through pointers are not followed: if {name} were a {ty} itself instead of a pointer to one, this could stay"),
                ));
            }
            Sink::Result(_) if sliced => {
                out.push(advice("fill-callers", "a function that fills a slice which the caller passes leaves the array where the caller has it"));
            }
            Sink::Result(_) => {
                out.push(advice("return-value", format!("returning the value (type {ty}) instead of its address copies it to the caller")));
            }
            _ if sliced => {}
            Sink::Global(name) => {
                out.push(advice("store-value", format!("if {name} had type {ty} instead of a pointer type, the value would be copied to it")));
            }
            Sink::Pointer => {
                out.push(advice("store-value", format!("if what is stored to had type {ty} instead of a pointer type, the value would be copied")));
            }
            Sink::Element | Sink::Append => {
                out.push(advice("store-value", format!("a slice of {ty} instead of pointers holds the values themselves")));
            }
            Sink::Map => {
                out.push(advice("store-value", format!("a map of {ty} instead of pointers holds the values themselves")));
            }
            Sink::Channel => {
                out.push(advice("send-value", format!("a channel of {ty} instead of pointers carries the value itself")));
            }
            Sink::Param(f) if self.is_own(*f) && end.sink == "interface-method" && !end.in_library => {
                out.push(advice("concrete-type", format!(
                    "if what {} calls were a method of a concrete type instead of an interface, only what it does would count",
                    self.func_name(*f)
                )));
            }
            Sink::Param(f) if self.is_own(*f) && end.sink == "function-value" => {
                out.push(advice("known-callee", format!(
                    "if what {} calls were a function by its name, only what it does would count",
                    self.func_name(*f)
                )));
            }
            Sink::Param(f) if self.is_own(*f) && !end.in_library => {
                out.push(advice("pass-value", format!(
                    "if {} kept a copy of the value (type {ty}) instead of its address, it could stay on the stack",
                    self.func_name(*f)
                )));
            }
            Sink::Interface(method) => {
                out.push(advice("concrete-type", format!(
                    "if {method} were called on a value of concrete type instead of an interface, only what the method does would count"
                )));
            }
            Sink::Value => {
                out.push(advice("known-callee", "if a function were called by its name, or a literal that is assigned once, only what it does would count"));
            }
            Sink::TypeParam => out.push(advice(
                "concrete-type",
                "in a function that is not generic, only what the method does would count",
            )),
            Sink::Loop(name) => out.push(advice("scope", format!(
                "if it were declared outside the loop (one for all iterations), or {name} inside, it could stay on the stack"
            ))),
            Sink::TooLarge => self.of_large(d, out),
            _ => {}
        }
    }

    /// Whether what a literal in inlined code is made of are constants that the call passed.
    fn holds_constants(&self, site: Site) -> bool {
        let Site::Expr(f, x) = site else { return false };
        let func = self.func(f);
        let (ExprKind::PtrLit(lit) | ExprKind::Addr(lit)) = func.exprs[x].kind else { return false };
        let ExprKind::StructLit(fields) = &func.exprs[lit].kind else { return false };
        fields.iter().all(|&(_, value)| match func.exprs[value].kind {
            ExprKind::Const(_) => true,
            ExprKind::Local(l) => {
                let mut constant = true;
                let mut given = |lhs: ExprId, rhs: ExprId| {
                    if matches!(func.exprs[lhs].kind, ExprKind::Local(y) if y == l) {
                        constant &= matches!(func.exprs[rhs].kind, ExprKind::Const(_));
                    }
                };
                walk(func, &func.body, &mut |s| match &s.kind {
                    StmtKind::Assign { lhs: Some(lhs), rhs, .. } => given(*lhs, *rhs),
                    StmtKind::AssignMulti { lhs, rhs, .. } => {
                        lhs.iter().zip(rhs).filter_map(|(l, r)| Some(((*l)?, *r))).for_each(|(l, r)| given(l, r));
                    }
                    _ => {}
                });
                constant
            }
            _ => false,
        })
    }

    /// The library's function that the program itself calls, where that is inlined.
    pub(super) fn called_in_source(&self, chain: &[&Decision]) -> Option<String> {
        let mut reasons = chain.iter().flat_map(|d| &d.flow).flat_map(|s| &s.reasons).filter(|r| r.inlined);
        reasons.find_map(|r| {
            let (f, x) = r.target?;
            let ExprKind::Local(l) = *self.kind(f, x) else { return None };
            let (_, range) = self.e.sources.inlined_at(self.func(f).locals[l].pos)?;
            (!range.func.starts_with("main.")).then(|| super::short_name(range.func))
        })
    }

    /// The type of what the address is taken of.
    fn address_type(&self, d: &Decision) -> Option<String> {
        let r = d.flow.first()?.reasons.iter().find(|r| r.why == "address-of")?;
        let (f, x) = r.site?;
        let ExprKind::Addr(y) = *self.kind(f, x) else { return None };
        Some(self.type_name(self.func(f).exprs[y].ty))
    }

    /// The variable of the function itself whose pointer is stored through, and what it points to.
    fn stored_to(&self, d: &Decision) -> Option<(String, String)> {
        let (f, x) = d.flow.last()?.reasons.last()?.target?;
        let y = match *self.kind(f, x) {
            ExprKind::Deref(y) | ExprKind::FieldPtr { x: y, .. } => y,
            _ => return None,
        };
        let ExprKind::Local(l) = *self.kind(f, y) else { return None };
        let local = &self.func(f).locals[l];
        let own = local.kind == LocalKind::Auto && !local.name.as_str().contains(['.', '~']);
        let ty = self.e.printer.types.pointee(local.ty).filter(|_| own && self.is_made_once(f, l))?;
        Some((local.name.to_string(), self.type_name(ty)))
    }

    /// Whether a pointer variable gets one value, the address of something that the function makes.
    fn is_made_once(&self, f: FuncId, l: LocalId) -> bool {
        let func = self.func(f);
        let (mut made, mut other) = (0, self.capturing(f, l).into_iter().any(|c| self.changes_captured(c, f, l)));
        body_exprs(func, &func.body, &mut |x| {
            if let ExprKind::Addr(y) = func.exprs[x].kind {
                other |= matches!(func.exprs[y].kind, ExprKind::Local(z) if z == l);
            }
        });
        walk(func, &func.body, &mut |s| {
            let is_it = |x: &ExprId| matches!(func.exprs[*x].kind, ExprKind::Local(y) if y == l);
            let mut value = |lhs: &ExprId, rhs: ExprId| {
                if is_it(lhs) {
                    match func.exprs[rhs].kind {
                        ExprKind::New(_) | ExprKind::NewValue(_) | ExprKind::PtrLit(_) => made += 1,
                        _ => other = true,
                    }
                }
            };
            match &s.kind {
                StmtKind::Assign { lhs: Some(lhs), rhs, .. } => value(lhs, *rhs),
                StmtKind::AssignMulti { lhs, rhs, .. } => {
                    lhs.iter().zip(rhs).filter_map(|(l, r)| Some((l.as_ref()?, *r))).for_each(|(l, r)| value(l, r));
                }
                StmtKind::AssignCall { lhs, .. } => other |= lhs.iter().flatten().any(is_it),
                StmtKind::AssignCommaOk { lhs, .. } => other |= lhs.iter().flatten().any(is_it),
                StmtKind::Range { key, value, .. } => other |= [key, value].into_iter().flatten().any(is_it),
                _ => {}
            }
        });
        made == 1 && !other
    }

    fn of_large(&self, d: &Decision, out: &mut Vec<Advice>) {
        let size = self.type_of(d.site).1.unwrap_or(u64::MAX);
        if matches!(d.site, Site::Expr(..)) && size <= MAX_STACK_VAR_SIZE {
            out.push(advice("name-it", format!("a variable with a name may have up to {MAX_STACK_VAR_SIZE} bytes")));
        }
    }

    fn of_interface(&self, chain: &[&Decision], sink: &Sink, end: End, ty: &str, out: &mut Vec<Advice>) {
        let text = match sink {
            Sink::Global(name) => {
                format!("if {name} had type {ty} instead of an interface type, nothing would be converted")
            }
            Sink::Result(f) => {
                format!(
                    "if {} returned type {ty} instead of an interface, nothing would be converted",
                    self.func_name(*f)
                )
            }
            Sink::Channel => format!("a channel of {ty} instead of an interface needs no conversion"),
            Sink::Map => format!("a map of {ty} instead of interfaces needs no conversion"),
            Sink::Element | Sink::Append => format!("a slice of {ty} instead of interfaces needs no conversion"),
            Sink::Pointer => {
                format!("if what is stored to had type {ty} instead of an interface type, nothing would be converted")
            }
            Sink::Param(f) => {
                let name =
                    self.called_in_source(chain).filter(|_| !self.is_own(*f)).unwrap_or_else(|| self.func_name(*f));
                match self.func(*f).pkg.as_str() {
                    // What takes an interface in the end is not the function's own.
                    _ if self.is_own(*f) && end.in_library => return,
                    _ if self.is_own(*f) && end.sink == "interface-method" => {
                        format!("if {name} took type {ty} instead of an interface, nothing would be converted")
                    }
                    _ if self.is_own(*f) => {
                        format!("if {name} took and kept type {ty} instead of an interface, nothing would be converted")
                    }
                    "fmt" | "log" => {
                        let other = match ty {
                            "string" => ", such as WriteString of bufio.Writer and os.File,",
                            "float32" | "float64" => ", such as strconv.AppendFloat,",
                            "bool" => ", such as strconv.AppendBool,",
                            "int" | "int8" | "int16" | "int32" | "int64" => ", such as strconv.AppendInt,",
                            "uint" | "uint8" | "uint16" | "uint32" | "uint64" => ", such as strconv.AppendUint,",
                            _ => "",
                        };
                        format!("{name} takes interfaces: functions that take type {ty}{other} need no conversion")
                    }
                    "sort" => "sort's functions take interfaces: those of package slices take the slice itself, and convert nothing".into(),
                    _ => format!("{name} takes an interface: a function that takes type {ty} needs no conversion"),
                }
            }
            _ => return,
        };
        out.push(advice("concrete-type", text));
    }

    fn of_slice(&self, d: &Decision, sink: &Sink, out: &mut Vec<Advice>) {
        match sink {
            Sink::Result(_) => out.push(advice(
                "fill-callers",
                "a function that fills a slice which the caller passes leaves the array where the caller has it",
            )),
            Sink::TooLarge => {
                let size = self.type_of(d.site).1.unwrap_or(u64::MAX);
                if size <= MAX_STACK_VAR_SIZE {
                    out.push(advice("name-it", format!(
                        "slicing an array that is a variable keeps up to {MAX_STACK_VAR_SIZE} bytes in the frame, if the slice does not escape"
                    )));
                }
            }
            _ => {}
        }
    }

    fn of_closure(&self, d: &Decision, sink: &Sink, out: &mut Vec<Advice>) {
        match sink {
            Sink::DeferInLoop => out.push(advice(
                "split-loop",
                "in a function of its own, called in each iteration, the defer statement is in no loop and needs no heap",
            )),
            Sink::Result(_) if self.kind_of(d.site) == "method-value" => out.push(advice(
                "return-value",
                "returning the receiver itself, and calling the method there, needs no method value",
            )),
            Sink::Result(_) if self.is_iterator(d.site) => {}
            Sink::Result(_) => out.push(advice(
                "return-value",
                "a struct with what the literal captures, and a method, can be returned by value",
            )),
            _ => {}
        }
    }

    /// A literal that takes a function: an iterator is what `range` wants.
    fn is_iterator(&self, site: Site) -> bool {
        let Site::Expr(f, x) = site else { return false };
        let ExprKind::Closure(c) = *self.kind(f, x) else { return false };
        let func = self.func(c);
        let takes_func =
            |l: &LocalId| matches!(self.e.printer.types.underlying_kind(func.locals[*l].ty), TypeKind::Func(_));
        func.params.len() == 1 && func.params.iter().all(takes_func) && func.results.is_empty()
    }

    fn of_string(&self, d: &Decision, sink: &Sink, out: &mut Vec<Advice>) {
        let Site::Expr(f, x) = d.site else { return };
        let conv = match self.kind(f, x) {
            ExprKind::StrConv(c, _) => Some(*c),
            _ => None,
        };
        match sink {
            Sink::Result(_) => {
                let elem = if conv == Some(StrConv::StrToRunes) { "rune" } else { "byte" };
                out.push(advice(
                    "fill-callers",
                    format!("a function that appends to a []{elem} which the caller passes, and returns it, leaves the {elem}s where the caller has them"),
                ));
            }
            Sink::Interface(method) if conv == Some(StrConv::StrToBytes) && method == "Write" => out.push(advice(
                "write-string",
                "io.WriteString does not copy the string for writers that have a method WriteString",
            )),
            _ => {}
        }
    }

    /// Allocations that stay where they are, but could be fewer.
    fn growth(&self, d: &Decision) -> Option<Advice> {
        let Site::Expr(f, x) = d.site else { return None };
        if self.is_library(self.span_of(d)) {
            let inlined = self.inlined(d.pos);
            let grows = inlined.iter().any(|i| i.function.starts_with("strings.(*Builder).Write"));
            return (grows && d.loop_depth > 0).then(|| {
                advice(
                    "preallocate",
                    "the Builder's method Grow, called before the loop, allocates once for all that is written",
                )
            });
        }
        match self.kind(f, x) {
            ExprKind::Append { .. } if d.loop_depth > 0 => Some(advice(
                "preallocate",
                "append allocates only when the capacity is used up: a slice made with enough of it is allocated once",
            )),
            _ if d.loop_depth > 0
                && (self.kind_of(d.site) == "string-append"
                    || matches!(self.kind(f, x), ExprKind::AddStr(_)) && self.adds_to_itself(f, x)) =>
            {
                Some(advice(
                    "builder",
                    "each iteration copies the whole string: a strings.Builder declared outside the loop grows now and then only",
                ))
            }
            _ => None,
        }
    }

    /// Whether `x` is the value of `s += …` or `s = s + …`.
    fn adds_to_itself(&self, f: FuncId, x: ExprId) -> bool {
        let func = self.func(f);
        let ExprKind::AddStr(list) = &func.exprs[x].kind else { return false };
        let first = list.first().and_then(|&y| match func.exprs[y].kind {
            ExprKind::Local(l) => Some(l),
            _ => None,
        });
        let mut found = false;
        walk(func, &func.body, &mut |s| {
            let lhs = match s.kind {
                StmtKind::Assign { lhs: Some(lhs), rhs, .. } if rhs == x => lhs,
                StmtKind::AssignOp { op: BinaryOp::Add, lhs, rhs, .. } if rhs == x => {
                    found = true;
                    lhs
                }
                _ => return,
            };
            found |= matches!(func.exprs[lhs].kind, ExprKind::Local(l) if Some(l) == first);
        });
        found
    }

    /// For what is in the frame only while it is small.
    pub(super) fn advice_for_varying(&self, d: &Decision) -> Vec<Advice> {
        let Site::Expr(f, x) = d.site else { return Vec::new() };
        let mut out = Vec::new();
        if let ExprKind::MakeSlice { .. } = self.kind(f, x)
            && let TypeKind::Slice(elem) = *self.e.printer.types.underlying_kind(self.func(f).exprs[x].ty)
        {
            let n = MAX_IMPLICIT_STACK_VAR_SIZE / self.e.printer.types.size_of(elem).max(1);
            let ty = self.e.printer.ty(elem).replace("go.shape.", "");
            out.push(advice(
                "constant-size",
                format!("a constant capacity of at most {n}, as in make([]{ty}, n, {}), is in the frame", n.min(64)),
            ));
        }
        out.extend(self.growth(d));
        out
    }

    /// For a variable that a literal on the heap captures by reference: what makes it a copy.
    fn by_value(&self, d: &Decision) -> Option<Advice> {
        d.flow.first()?.reasons.first().filter(|r| r.why == "captured by a closure")?;
        let Site::Local(f, l) = d.site else { return None };
        let size = self.e.printer.types.size_of(self.func(f).locals[l].ty);
        let literals: Vec<FuncId> = self.capturing(f, l);
        if literals.iter().any(|&c| self.changes_captured(c, f, l)) {
            return None;
        }
        if size > MAX_BY_VALUE {
            return Some(advice(
                "capture-parts",
                format!(
                    "literals capture up to {MAX_BY_VALUE} bytes by value: variables with just the parts that it uses would be copied"
                ),
            ));
        }
        let name = self.func(f).locals[l].name;
        Some(advice(
            "capture-copy",
            format!(
                "the literal only reads {name}: where the value it has by then will do, a copy made before the literal ({name} := {name}) and not assigned again is captured by value"
            ),
        ))
    }

    /// The literals that capture a variable.
    fn capturing(&self, f: FuncId, l: LocalId) -> Vec<FuncId> {
        let prog = self.e.printer.prog;
        let captures =
            |c: FuncId| prog.funcs[c].captures.iter().any(|&x| crate::hir::facts::canonical(prog, c, x) == (f, l));
        prog.funcs.ids().filter(|&c| prog.funcs[c].kind.is_closure() && captures(c)).collect()
    }

    /// Whether literal `c` assigns to variable `l` of `f`, or takes its address.
    fn changes_captured(&self, c: FuncId, f: FuncId, l: LocalId) -> bool {
        let prog = self.e.printer.prog;
        let func = self.func(c);
        let is_it = |x: ExprId| {
            matches!(func.exprs[x].kind, ExprKind::Local(y)
            if matches!(func.locals[y].kind, LocalKind::Captured { .. })
                && crate::hir::facts::canonical(prog, c, y) == (f, l))
        };
        let part_of = |x: ExprId| is_it(crate::hir::facts::outer_value(prog, self.e.printer.types, c, x));
        let mut changes = false;
        walk(func, &func.body, &mut |s| match &s.kind {
            StmtKind::Assign { lhs: Some(lhs), .. } | StmtKind::AssignOp { lhs, .. } => changes |= part_of(*lhs),
            StmtKind::AssignMulti { lhs, .. } | StmtKind::AssignCall { lhs, .. } => {
                changes |= lhs.iter().flatten().any(|&x| part_of(x));
            }
            StmtKind::AssignCommaOk { lhs, .. } => changes |= lhs.iter().flatten().any(|&x| part_of(x)),
            StmtKind::Range { key, value, .. } => {
                changes |= [key, value].into_iter().flatten().any(|&x| part_of(x));
            }
            _ => {}
        });
        body_exprs(func, &func.body, &mut |x| {
            if let ExprKind::Addr(y) = func.exprs[x].kind {
                changes |= part_of(y);
            }
        });
        changes
    }
}
