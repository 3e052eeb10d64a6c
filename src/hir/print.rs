//! Expressions, statements and types as Go's compiler prints its typed tree: the words of `-m`.
//!
//! Differences to source: implicit operations are left out, parentheses stand where precedence wants them,
//! literals are abbreviated (`T{...}`), constants appear with their values and, where it is not the default
//! for the value, their type.

#![forbid(unsafe_code)]

mod text;
mod types;

use std::fmt::Write;

use num_traits::ToPrimitive;

use self::text::{const_text, quote_rune};
use super::ir::{
    BinaryOp, Callee, Expr, ExprId, ExprKind, Func, FuncId, LabelId, LocalId, Program, Stmt, StmtKind, TypeCase,
    UnaryOp,
};
use crate::types::{Basic, ConstValue, Objects, PkgId, TypeId, TypeKind, Types};

/// What printing needs.
#[derive(Clone, Copy)]
pub struct Printer<'a> {
    pub prog: &'a Program,
    pub types: &'a Types,
    pub objs: &'a Objects,
    /// The prefix of a package's names, with the dot; empty for none.
    pub qualify: &'a dyn Fn(PkgId) -> String,
}

impl<'a> Printer<'a> {
    /// An expression of function `func`.
    pub fn expr(&self, func: FuncId, x: ExprId) -> String {
        let mut out = String::new();
        Writer { p: *self, func: &self.prog.funcs[func] }.expr(&mut out, x, 0);
        out
    }

    /// An expression in front of a selector or index.
    pub fn operand(&self, func: FuncId, x: ExprId) -> String {
        let mut out = String::new();
        Writer { p: *self, func: &self.prog.funcs[func] }.expr(&mut out, x, 8);
        out
    }

    /// A statement of function `func`.
    pub fn stmt(&self, func: FuncId, stmt: &Stmt) -> String {
        let mut out = String::new();
        Writer { p: *self, func: &self.prog.funcs[func] }.stmt(&mut out, stmt);
        out
    }

    /// Statements of function `func`, as Go prints a function's body.
    pub fn body(&self, func: FuncId, body: &[Stmt]) -> String {
        let mut out = String::new();
        Writer { p: *self, func: &self.prog.funcs[func] }.body(&mut out, body);
        out
    }

    /// A case of a type switch.
    pub fn type_case(&self, case: &TypeCase) -> String {
        if case.types.is_empty() {
            return "default: ".into();
        }
        let list: Vec<String> = case.types.iter().map(|t| t.map_or_else(|| "nil".to_owned(), |t| self.ty(t))).collect();
        format!("case {}: ", list.join(", "))
    }
}

struct Writer<'a> {
    p: Printer<'a>,
    func: &'a Func,
}

impl Writer<'_> {
    fn node(&self, x: ExprId) -> &Expr {
        &self.func.exprs[x]
    }

    /// The type as the source spells it.
    fn spelled(&self, x: ExprId) -> TypeId {
        self.func.spelled.get(&x).copied().unwrap_or(self.node(x).ty)
    }

    /// Leaves out operations the source does not show.
    fn skip_implicit(&self, mut x: ExprId) -> ExprId {
        loop {
            let node = self.node(x);
            x = match node.kind {
                ExprKind::Addr(y) | ExprKind::Deref(y) | ExprKind::Conv(y) | ExprKind::ConvIface(y)
                    if node.implicit =>
                {
                    y
                }
                ExprKind::Init { x: y, .. } if !self.holds_results(x) => y,
                _ => return x,
            };
        }
    }

    /// Whether `x`, behind implicit operations, is what an inlined call became.
    fn is_inlined_call(&self, mut x: ExprId) -> bool {
        loop {
            let node = self.node(x);
            x = match &node.kind {
                ExprKind::Addr(y) | ExprKind::Deref(y) | ExprKind::Conv(y) | ExprKind::ConvIface(y)
                    if node.implicit =>
                {
                    *y
                }
                ExprKind::Init { stmts, .. } => {
                    return matches!(stmts.last().map(|s| &s.kind), Some(StmtKind::Label(_)));
                }
                _ => return false,
            };
        }
    }

    /// Whether `x` is the first of several results that were saved in temporaries, with the statements that
    /// save them: Go hangs those on a conversion.
    fn holds_results(&self, x: ExprId) -> bool {
        let ExprKind::Init { stmts, x } = &self.node(x).kind else { return false };
        let ExprKind::Local(local) = self.node(*x).kind else { return false };
        self.func.locals[local].name.as_str().starts_with(".autotmp")
            && matches!(
                stmts.last().map(|s| &s.kind),
                Some(StmtKind::AssignCall { .. } | StmtKind::AssignCommaOk { .. })
            )
    }

    fn list(&self, out: &mut String, list: &[ExprId], sep: &str) {
        for (i, &x) in list.iter().enumerate() {
            if i > 0 {
                out.push_str(sep);
            }
            self.expr(out, x, 0);
        }
    }

    fn call(&self, out: &mut String, name: &str, args: &[ExprId]) {
        out.push_str(name);
        out.push('(');
        self.list(out, args, ", ");
        out.push(')');
    }

    fn opt(&self, out: &mut String, x: Option<ExprId>) {
        if let Some(x) = x {
            self.expr(out, x, 0);
        }
    }

    fn binary(&self, out: &mut String, op: &str, x: ExprId, y: ExprId, prec: u8) {
        self.expr(out, x, prec);
        let _ = write!(out, " {op} ");
        self.expr(out, y, prec + 1);
    }

    fn literal(&self, out: &mut String, x: ExprId, empty: bool) {
        if self.node(x).implicit {
            out.push_str("... argument");
            return;
        }
        self.p.write_ty(out, self.spelled(x));
        out.push_str(if empty { "{}" } else { "{...}" });
    }

    fn conversion(&self, out: &mut String, x: ExprId, y: ExprId) {
        self.converted(out, self.spelled(x), |out| self.expr(out, y, 0));
    }

    fn converted(&self, out: &mut String, ty: TypeId, operand: impl FnOnce(&mut String)) {
        let named = matches!(self.p.types.kind(ty), TypeKind::Named(_) | TypeKind::Basic(_) | TypeKind::Alias(_));
        if named {
            self.p.write_ty(out, ty);
        } else {
            out.push('(');
            self.p.write_ty(out, ty);
            out.push(')');
        }
        out.push('(');
        operand(out);
        out.push(')');
    }

    fn expr(&self, out: &mut String, x: ExprId, prec: u8) {
        // What was inlined is in parentheses wherever an operator binds it.
        if prec > 0 && self.is_inlined_call(x) {
            out.push('(');
            self.expr(out, x, 0);
            out.push(')');
            return;
        }
        let x = self.skip_implicit(x);
        let mut own = precedence(&self.node(x).kind);
        if matches!(self.node(x).kind, ExprKind::TypeAssert { .. }) && self.p.has_shape(self.spelled(x)) {
            own = 0;
        }
        if prec > own {
            out.push('(');
            self.expr(out, x, 0);
            out.push(')');
            return;
        }
        use ExprKind::*;
        match &self.node(x).kind {
            Const(value) => self.constant(out, value, self.spelled(x)),
            Nil => out.push_str("nil"),
            Zero => self.literal(out, x, true),
            Local(local) => {
                let name = self.func.locals[*local].name.as_str();
                out.push_str(if name.starts_with("~b") { "_" } else { name });
            }
            Global(g) => out.push_str(self.p.prog.globals[*g].name.as_str()),
            NameOffset { global, offset } => {
                let crate::hir::Global { pkg, name, .. } = &self.p.prog.globals[*global];
                out.push('(');
                self.p.write_ty(out, self.spelled(x));
                out.push_str(&format!(")({pkg}.{name}@{offset})"));
            }
            Func(f) => out.push_str(self.p.prog.funcs[*f].name.as_str()),
            Unary(op, y) => {
                let op = match op {
                    UnaryOp::Plus => "+",
                    UnaryOp::Neg => "-",
                    UnaryOp::BitNot => "^",
                    UnaryOp::Not => "!",
                };
                out.push_str(op);
                if matches!((&self.node(x).kind, &self.node(*y).kind), (Unary(a, _), Unary(b, _)) if a == b) {
                    out.push(' ');
                }
                self.expr(out, *y, own + 1);
            }
            Binary(op, y, z) => self.binary(out, binary_text(*op), *y, *z, own),
            AndAnd(y, z) => self.binary(out, "&&", *y, *z, own),
            OrOr(y, z) => self.binary(out, "||", *y, *z, own),
            AddStr(list) => {
                for (i, &y) in list.iter().enumerate() {
                    if i > 0 {
                        out.push_str(" + ");
                    }
                    self.expr(out, y, own);
                }
            }
            Paren(y) => {
                out.push('(');
                self.expr(out, *y, 0);
                out.push(')');
            }
            Addr(y) => {
                out.push('&');
                if matches!(self.node(*y).kind, Addr(_)) {
                    out.push(' ');
                }
                self.expr(out, *y, own + 1);
            }
            PtrLit(y) => {
                out.push('&');
                self.expr(out, *y, 0);
            }
            Deref(y) => {
                out.push('*');
                self.expr(out, *y, own + 1);
            }
            Field { x: y, name, .. } | FieldPtr { x: y, name, .. } => {
                self.expr(out, *y, own);
                let _ = write!(out, ".{name}");
            }
            Index { x: y, index, .. } | IndexMap { x: y, key: index } => {
                self.expr(out, *y, own);
                out.push('[');
                self.expr(out, *index, 0);
                out.push(']');
            }
            Slice { x: y, lo, hi, max } => {
                self.expr(out, *y, own);
                out.push('[');
                self.opt(out, *lo);
                out.push(':');
                self.opt(out, *hi);
                if max.is_some() {
                    out.push(':');
                    self.opt(out, *max);
                }
                out.push(']');
            }
            Call { callee, args, variadic } => {
                match *callee {
                    Callee::Static(f) => {
                        // Methods are called as `x.m(…)` only through interfaces; others as `T.m(x, …)`.
                        let name = self.p.prog.funcs[f].name.as_str();
                        match name.split_once(".(*") {
                            // The package goes with the type: `(*strings.Builder).Len`.
                            Some((pkg, rest)) if !pkg.contains(['[', '(']) => {
                                let _ = write!(out, "(*{pkg}.{rest}");
                            }
                            _ => out.push_str(name),
                        }
                    }
                    Callee::Value(f) => self.expr(out, f, own),
                    Callee::Interface { recv, method, .. } => {
                        self.expr(out, recv, own);
                        let _ = write!(out, ".{method}");
                    }
                }
                out.push('(');
                let mut args = &args[..];
                if let Callee::Static(f) = *callee
                    && let func = &self.p.prog.funcs[f]
                    && !func.dict.is_empty()
                {
                    // Go passes instances a dictionary, behind the receiver.
                    if let (true, Some((&recv, rest))) = (func.has_recv, args.split_first()) {
                        self.expr(out, recv, 0);
                        out.push_str(", ");
                        args = rest;
                    }
                    let _ = write!(out, "&{}{}", func.dict, if args.is_empty() { "" } else { ", " });
                }
                self.list(out, args, ", ");
                out.push_str(if *variadic { "...)" } else { ")" });
            }
            Append { slice, args, spread } => {
                let mut all = vec![*slice];
                all.extend(args);
                out.push_str("append(");
                self.list(out, &all, ", ");
                out.push_str(if *spread { "...)" } else { ")" });
            }
            Copy { dst, src } => self.call(out, "copy", &[*dst, *src]),
            Len(y) => self.call(out, "len", &[*y]),
            Cap(y) => self.call(out, "cap", &[*y]),
            New(_) => {
                out.push_str("new(");
                let spelled = self.spelled(x);
                match self.p.types.pointee(spelled) {
                    // Its descriptor comes from the dictionary.
                    Some(elem) if self.p.has_shape(elem) => out.push_str("<node DYNAMICTYPE>"),
                    Some(elem) => self.p.write_ty(out, elem),
                    None => out.push('?'),
                }
                out.push(')');
            }
            NewValue(y) => self.call(out, "new", &[*y]),
            MakeSlice { len, cap } => self.make(out, x, &[Some(*len), *cap]),
            MakeMap { hint } => self.make(out, x, &[*hint]),
            MakeChan { size } => self.make(out, x, &[*size]),
            Min(args) => self.call(out, "min", args),
            Max(args) => self.call(out, "max", args),
            Clear(y) => self.call(out, "clear", &[*y]),
            Delete { map, key } => self.call(out, "delete", &[*map, *key]),
            Close(y) => self.call(out, "close", &[*y]),
            Panic(y) => self.call(out, "panic", &[*y]),
            Recover => out.push_str("recover()"),
            Print { args, newline } => self.call(out, if *newline { "println" } else { "print" }, args),
            Complex(y, z) => self.call(out, "complex", &[*y, *z]),
            Real(y) => self.call(out, "real", &[*y]),
            Imag(y) => self.call(out, "imag", &[*y]),
            UnsafeAdd(y, z) => self.call(out, "unsafe.Add", &[*y, *z]),
            UnsafeSlice(y, z) => self.call(out, "unsafe.Slice", &[*y, *z]),
            UnsafeString(..) => out.push_str("<node UNSAFESTRING>"),
            UnsafeSliceData(_) => out.push_str("<node UNSAFESLICEDATA>"),
            UnsafeStringData(_) => out.push_str("<node UNSAFESTRINGDATA>"),
            Conv(y) | ConvIface(y) | StrConv(_, y) | SliceToArray(y) | SliceToArrayPtr(y) => {
                self.conversion(out, x, *y);
            }
            TypeAssert { .. } if self.p.has_shape(self.spelled(x)) => out.push_str("<node DYNAMICDOTTYPE>"),
            TypeAssert { x: y } => {
                self.expr(out, *y, own);
                out.push_str(".(");
                self.p.write_ty(out, self.spelled(x));
                out.push(')');
            }
            StructLit(fields) => self.literal(out, x, fields.is_empty()),
            ArrayLit(elems) | SliceLit { elems, .. } => self.literal(out, x, elems.is_empty()),
            MapLit(entries) => self.literal(out, x, entries.is_empty()),
            Closure(_) => out.push_str("func literal"),
            MethodValue { recv, func } => {
                self.expr(out, *recv, own);
                let name = self.p.prog.funcs[*func].name.as_str();
                let name = name.strip_suffix("-fm").unwrap_or(name);
                let _ = write!(out, ".{}", name.rsplit('.').next().unwrap_or(name));
            }
            Recv(y) => {
                out.push_str("<-");
                if matches!(self.node(*y).kind, Recv(_)) {
                    out.push(' ');
                }
                self.expr(out, *y, own + 1);
            }
            Init { x: y, .. } => {
                let ty = self.spelled(*y);
                self.converted(out, ty, |out| self.expr(out, *y, 0));
            }
        }
    }

    fn make(&self, out: &mut String, x: ExprId, args: &[Option<ExprId>]) {
        out.push_str("make(");
        self.p.write_ty(out, self.spelled(x));
        for &arg in args.iter().flatten() {
            out.push_str(", ");
            self.expr(out, arg, 0);
        }
        out.push(')');
    }

    fn constant(&self, out: &mut String, value: &ConstValue, ty: TypeId) {
        let types = self.p.types;
        let kind = types.kind(ty);
        if let (TypeKind::Basic(Basic::Rune | Basic::UntypedRune), Some(v)) = (kind, value.to_int())
            && let Some(v) = v.to_u32()
            && v <= 0x10ffff
        {
            out.push_str(&quote_rune(v));
            return;
        }
        let text = const_text(value, types.basic(ty));
        let default = match (kind, value) {
            (TypeKind::Basic(b), _) if b.is_untyped() => true,
            (TypeKind::Basic(b), ConstValue::Str(_)) => *b == Basic::String,
            (TypeKind::Basic(b), ConstValue::Bool(_)) => *b == Basic::Bool,
            (TypeKind::Basic(b), _) => matches!(b, Basic::Int | Basic::Float64 | Basic::Complex128),
            _ => false,
        };
        if default {
            out.push_str(&text);
        } else {
            self.p.write_ty(out, ty);
            let _ = write!(out, "({text})");
        }
    }

    fn opt_list(&self, out: &mut String, list: &[Option<ExprId>]) {
        for (i, x) in list.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            match x {
                Some(x) => self.expr(out, *x, 0),
                None => out.push('_'),
            }
        }
    }

    fn body(&self, out: &mut String, body: &[Stmt]) {
        let mut declared: Vec<LocalId> = Vec::new();
        let mut first = true;
        let mut separate = |out: &mut String| {
            if !std::mem::take(&mut first) {
                out.push_str("; ");
            }
        };
        // A declaration shows in the statement that gives the variable its value, or as one that gives none.
        let zeroed = |out: &mut String, declared: &mut Vec<LocalId>, separate: &mut dyn FnMut(&mut String)| {
            for local in declared.drain(..) {
                separate(out);
                let _ = write!(out, "{} = <nil>", self.func.locals[local].name);
            }
        };
        for stmt in body {
            if let StmtKind::Decl(local) = stmt.kind {
                declared.push(local);
                continue;
            }
            if is_empty(stmt) {
                continue;
            }
            let lhs: &[Option<ExprId>] = match &stmt.kind {
                StmtKind::Assign { lhs, def: true, .. } => std::slice::from_ref(lhs),
                StmtKind::AssignMulti { lhs, def: true, .. } | StmtKind::AssignCall { lhs, def: true, .. } => lhs,
                StmtKind::AssignCommaOk { lhs, def: true, .. } => lhs,
                _ => &[],
            };
            declared
                .retain(|&d| !lhs.iter().flatten().any(|&x| matches!(self.node(x).kind, ExprKind::Local(l) if l == d)));
            zeroed(out, &mut declared, &mut separate);
            separate(out);
            self.stmt(out, stmt);
        }
        zeroed(out, &mut declared, &mut separate);
    }

    /// The temporaries that Go has for the results of a call with several.
    fn temps(&self, out: &mut String, call: ExprId, n: usize) {
        let first = self.func.temps[&call];
        for i in 0..n {
            let name = format!(".autotmp_{}", first as usize + i);
            let types = self.p.types;
            match (i, types.kind(self.node(call).ty)) {
                (0, TypeKind::Tuple(types)) => self.converted(out, types[0], |out| out.push_str(&name)),
                (0, _) => out.push_str(&name),
                _ => {
                    let _ = write!(out, ", {name}");
                }
            }
        }
    }

    fn branch(&self, out: &mut String, word: &str, label: Option<LabelId>) {
        out.push_str(word);
        if let Some(label) = label {
            let _ = write!(out, " {}", self.func.labels[label].name);
        }
    }

    /// The rest of an `if` statement from its condition on.
    fn if_stmt(&self, out: &mut String, cond: ExprId, then: &[Stmt], els: &[Stmt]) {
        self.expr(out, cond, 0);
        out.push_str(" { ");
        self.body(out, then);
        out.push_str(" }");
        if !els.is_empty() {
            out.push_str(" else { ");
            self.body(out, els);
            out.push_str(" }");
        }
    }

    /// Arguments of an inlined call with the dictionary among them.
    fn with_dict(&self, out: &mut String, lhs: &[Option<ExprId>], rhs: &[ExprId]) {
        let Some((before, dict)) = lhs.first().copied().flatten().map(|x| self.func.inlined_dicts[&x]) else { return };
        let (first, rest) = lhs.split_at(before as usize);
        self.opt_list(out, first);
        out.push_str(if first.is_empty() { ".dict" } else { ", .dict" });
        out.push_str(if rest.is_empty() { "" } else { ", " });
        self.opt_list(out, rest);
        let (first, rest) = rhs.split_at(before as usize);
        out.push_str(" := ");
        self.list(out, first, ", ");
        let _ = write!(out, "{}&{dict}", if first.is_empty() { "" } else { ", " });
        out.push_str(if rest.is_empty() { "" } else { ", " });
        self.list(out, rest, ", ");
    }

    fn is_temp(&self, x: ExprId) -> bool {
        matches!(self.node(x).kind, ExprKind::Local(l) if self.func.locals[l].name.as_str().starts_with(".autotmp"))
    }

    fn stmt(&self, out: &mut String, stmt: &Stmt) {
        // Go does not define the results of inlined calls.
        let is_result = |x: ExprId| {
            self.node(x).implicit
                && matches!(self.node(x).kind, ExprKind::Local(l) if self.func.locals[l].name.as_str().starts_with("~r"))
        };
        let sign = |def: bool, lhs: &[Option<ExprId>]| {
            if def && !lhs.iter().flatten().any(|&x| is_result(x)) { " := " } else { " = " }
        };
        match &stmt.kind {
            StmtKind::Assign { lhs: Some(first), rhs, .. } if self.func.inlined_dicts.contains_key(first) => {
                self.with_dict(out, &[Some(*first)], &[*rhs]);
            }
            StmtKind::AssignMulti { lhs, rhs, .. } if matches!(lhs.first(), Some(Some(x)) if self.func.inlined_dicts.contains_key(x)) =>
            {
                self.with_dict(out, lhs, rhs);
            }
            StmtKind::Assign { lhs, rhs, def } => {
                self.opt_list(out, &[*lhs]);
                out.push_str(sign(*def, &[*lhs]));
                self.expr(out, *rhs, 0);
            }
            StmtKind::AssignOp { op, lhs, rhs, inc_dec } => {
                self.expr(out, *lhs, 0);
                if *inc_dec {
                    out.push_str(if *op == BinaryOp::Add { "++" } else { "--" });
                } else {
                    let _ = write!(out, " {}= ", binary_text(*op));
                    self.expr(out, *rhs, 0);
                }
            }
            StmtKind::AssignMulti { lhs, rhs, def } => {
                // Nor what it saves for `go` and `defer`.
                let saved = lhs.iter().flatten().all(|&x| self.is_temp(x));
                self.opt_list(out, lhs);
                out.push_str(sign(*def && !saved, lhs));
                self.list(out, rhs, ", ");
            }
            StmtKind::AssignCall { lhs, call, def } if self.func.temps.contains_key(call) => {
                self.opt_list(out, lhs);
                out.push_str(sign(*def, lhs));
                self.temps(out, *call, lhs.len());
            }
            StmtKind::AssignCall { lhs, call, def } => {
                self.opt_list(out, lhs);
                out.push_str(sign(*def, lhs));
                self.expr(out, *call, 0);
            }
            StmtKind::AssignCommaOk { lhs, rhs, def, .. } => {
                self.opt_list(out, lhs);
                out.push_str(sign(*def, lhs));
                self.expr(out, *rhs, 0);
            }
            StmtKind::Return(values) => {
                out.push_str("return ");
                self.list(out, values, ", ");
            }
            StmtKind::ReturnCall(x) if self.func.temps.contains_key(x) => {
                out.push_str("return ");
                self.temps(out, *x, self.func.results.len());
            }
            StmtKind::ReturnCall(x) => {
                out.push_str("return ");
                self.expr(out, *x, 0);
            }
            StmtKind::Block(body) => match body.last() {
                // What stands before the condition of a statement belongs to it, and is shown if it is one
                // statement in front of `if`.
                Some(last) if last.pos == stmt.pos && is_compound(&last.kind) => {
                    if let ([init, _], StmtKind::If { cond, then, els }) = (body.as_slice(), &last.kind)
                        && !is_empty(init)
                    {
                        out.push_str("if ");
                        self.stmt(out, init);
                        out.push_str("; ");
                        return self.if_stmt(out, *cond, then, els);
                    }
                    self.stmt(out, last);
                }
                _ => self.body(out, body),
            },
            StmtKind::If { cond, then, els } => {
                out.push_str("if ");
                self.if_stmt(out, *cond, then, els);
            }
            StmtKind::Break(label) => self.branch(out, "break", *label),
            StmtKind::Continue(label) => self.branch(out, "continue", *label),
            StmtKind::Goto(label) => self.branch(out, "goto", Some(*label)),
            StmtKind::Label(label) => {
                let _ = write!(out, "{}: ", self.func.labels[*label].name);
            }
            StmtKind::Send { chan, value } => self.binary(out, "<-", *chan, *value, 3),
            StmtKind::For { .. } | StmtKind::Range { .. } => out.push_str("for loop"),
            StmtKind::Switch { .. } | StmtKind::TypeSwitch { .. } => out.push_str("switch statement"),
            StmtKind::Select { .. } => out.push_str("select statement"),
            StmtKind::Expr(x) => self.expr(out, *x, 0),
            StmtKind::Go(x) => {
                out.push_str("go ");
                self.expr(out, *x, 0);
            }
            StmtKind::Defer(x) => {
                out.push_str("defer ");
                self.expr(out, *x, 0);
            }
            _ => {}
        }
    }
}

/// Whether nothing is left of a statement, such as a declaration of types.
fn is_empty(stmt: &Stmt) -> bool {
    matches!(&stmt.kind, StmtKind::Block(body) if body.iter().all(is_empty))
}

fn is_compound(kind: &StmtKind) -> bool {
    use StmtKind::{For, If, Switch, TypeSwitch};
    matches!(kind, If { .. } | For { .. } | Switch { .. } | TypeSwitch { .. })
}

fn precedence(kind: &ExprKind) -> u8 {
    use BinaryOp::*;
    match kind {
        ExprKind::Unary(..) | ExprKind::Addr(_) | ExprKind::Deref(_) | ExprKind::Recv(_) => 7,
        ExprKind::Binary(Mul | Div | Rem | Shl | Shr | And | AndNot, ..) => 6,
        ExprKind::Binary(Add | Sub | Or | Xor, ..) => 5,
        ExprKind::Binary(Eq | Ne | Lt | Le | Gt | Ge, ..) => 4,
        ExprKind::AndAnd(..) => 2,
        ExprKind::OrOr(..) => 1,
        // Concatenations, literals with `&`, functions and some built-ins have none: parentheses always.
        ExprKind::AddStr(_)
        | ExprKind::PtrLit(_)
        | ExprKind::Closure(_)
        | ExprKind::MakeMap { .. }
        | ExprKind::MakeChan { .. }
        | ExprKind::Complex(..)
        | ExprKind::Real(_)
        | ExprKind::Imag(_)
        | ExprKind::Recover => 0,
        _ => 8,
    }
}

fn binary_text(op: BinaryOp) -> &'static str {
    use BinaryOp::*;
    match op {
        Add => "+",
        Sub => "-",
        Mul => "*",
        Div => "/",
        Rem => "%",
        And => "&",
        Or => "|",
        Xor => "^",
        AndNot => "&^",
        Shl => "<<",
        Shr => ">>",
        Eq => "==",
        Ne => "!=",
        Lt => "<",
        Le => "<=",
        Gt => ">",
        Ge => ">=",
    }
}
