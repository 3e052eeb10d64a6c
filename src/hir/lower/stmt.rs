//! Statements.

#![forbid(unsafe_code)]

use super::Lower;
use super::expr::unparen;
use super::func::{FuncCx, Target};
use super::names::ClosureName;
use crate::hir::ir::*;
use crate::index::Symbol;
use crate::source::{Pos, Span};
use crate::syntax::ast;
use crate::types::{Builtin, Mode, ObjKind, Signature, TypeId, TypeKind, Types};

impl<'a> Lower<'a, '_> {
    /// Lowers a statement list. What follows a terminating statement is dropped, up to the last label.
    pub(super) fn stmts(&mut self, list: &'a [ast::Stmt]) -> Vec<Stmt> {
        let mut out = Vec::with_capacity(list.len());
        let last_label = list.iter().rposition(|s| matches!(s.kind, ast::StmtKind::Labeled { .. }));
        let mut dead = false;
        for (i, s) in list.iter().enumerate() {
            let labeled = matches!(s.kind, ast::StmtKind::Labeled { .. });
            if dead && !labeled && last_label.is_none_or(|l| i > l) {
                continue;
            }
            self.stmt(s, &mut out);
            dead = self.terminates(s);
        }
        out
    }

    /// Whether control never gets to the statement behind this one.
    pub(super) fn terminates(&self, s: &ast::Stmt) -> bool {
        match &s.kind {
            ast::StmtKind::Goto(_) | ast::StmtKind::Return(_) => true,
            ast::StmtKind::Expr(e) => {
                let ast::ExprKind::Call { fun, .. } = &unparen(e).kind else { return false };
                let fun = unparen(fun);
                self.tv(fun).is_some_and(|tv| tv.mode == Mode::Builtin)
                    && self
                        .object_of(fun)
                        .is_some_and(|(obj, _)| matches!(self.cx.objs()[obj].kind, ObjKind::Builtin(Builtin::Panic)))
            }
            ast::StmtKind::If { cond, then, els, .. } => {
                let (known, _) = self.static_bool(cond);
                (known < 0 || self.block_terminates(then))
                    && (known > 0 || els.as_ref().is_some_and(|e| self.terminates(e)))
            }
            ast::StmtKind::Block(b) => self.block_terminates(b),
            _ => false,
        }
    }

    fn block_terminates(&self, b: &ast::Block) -> bool {
        b.stmts.iter().rev().find(|s| !matches!(s.kind, ast::StmtKind::Empty)).is_some_and(|s| self.terminates(s))
    }

    pub(super) fn stmt(&mut self, s: &'a ast::Stmt, out: &mut Vec<Stmt>) {
        self.labeled_stmt(s, None, out);
    }

    fn labeled_stmt(&mut self, s: &'a ast::Stmt, label: Option<&'a ast::Ident>, out: &mut Vec<Stmt>) {
        let pos = s.pos;
        match &s.kind {
            ast::StmtKind::Bad | ast::StmtKind::Empty | ast::StmtKind::Fallthrough => {}
            ast::StmtKind::Decl(decls) => {
                for d in decls {
                    if let ast::Decl::Var(spec) = d {
                        self.var_decl(spec, out);
                    }
                }
            }
            ast::StmtKind::Expr(e) => {
                let x = self.expr(e);
                out.push(Stmt { pos: self.x(x).pos, kind: StmtKind::Expr(x) });
            }
            ast::StmtKind::Send { chan, value } => {
                let chan = self.expr(chan);
                let chan_ty = self.x_ty(chan);
                let elem = self.chan_elem(chan_ty);
                let value = self.expr_as(value, Some(elem));
                out.push(Stmt { pos, kind: StmtKind::Send { chan, value } });
            }
            ast::StmtKind::IncDec { x, inc } => self.inc_dec(x, *inc, pos, out),
            ast::StmtKind::Assign { lhs, rhs, define } => self.assign(lhs, rhs, *define, pos, out),
            ast::StmtKind::AssignOp { op, lhs, rhs } => self.assign_op(*op, lhs, rhs, pos, out),
            ast::StmtKind::Go(e) => self.go_defer(e, false, pos, out),
            ast::StmtKind::Defer(e) => self.go_defer(e, true, pos, out),
            ast::StmtKind::Return(values) => self.return_stmt(values, pos, s.span, out),
            ast::StmtKind::Break(target) => self.branch(target.as_ref(), false, pos, out),
            ast::StmtKind::Continue(target) => self.branch(target.as_ref(), true, pos, out),
            ast::StmtKind::Goto(target) => self.goto(target, pos, out),
            ast::StmtKind::Block(b) => {
                let body = self.stmts(&b.stmts);
                out.push(Stmt { pos, kind: StmtKind::Block(body) });
            }
            ast::StmtKind::If { init, cond, then, els } => {
                self.if_stmt(init.as_deref(), cond, then, els.as_deref(), pos, out);
            }
            ast::StmtKind::For { init, cond, post, body } => {
                let tree = (init.as_deref(), cond.as_ref(), post.as_deref(), body);
                self.for_stmt(tree, label, pos, out);
            }
            ast::StmtKind::Range { .. } => self.range_stmt(s, label, out),
            ast::StmtKind::Switch { init, tag, cases, .. } => {
                self.scoped(init.as_deref(), pos, out, |l, out| l.switch(tag.as_ref(), cases, label, pos, out));
            }
            ast::StmtKind::TypeSwitch { init, bind, x, cases, .. } => {
                self.scoped(init.as_deref(), pos, out, |l, out| {
                    l.type_switch(bind.as_ref(), x, cases, label, pos, out);
                });
            }
            ast::StmtKind::Select { cases, .. } => self.select(cases, label, pos, out),
            ast::StmtKind::Labeled { label, stmt } => {
                if !label.name.is_blank() {
                    let id = self.label(label);
                    out.push(Stmt { pos, kind: StmtKind::Label(id) });
                }
                self.labeled_stmt(stmt, Some(label), out);
            }
        }
    }

    /// Lowers `init; rest` as a block if there is an `init`.
    pub(super) fn scoped(
        &mut self,
        init: Option<&'a ast::Stmt>,
        pos: Pos,
        out: &mut Vec<Stmt>,
        rest: impl FnOnce(&mut Self, &mut Vec<Stmt>),
    ) {
        match init {
            Some(init) => {
                let mut inner = Vec::new();
                self.stmt(init, &mut inner);
                rest(self, &mut inner);
                out.push(Stmt { pos, kind: StmtKind::Block(inner) });
            }
            None => rest(self, out),
        }
    }

    /// Lowers the body of a loop, switch or select, where `break` and `continue` mean that statement.
    pub(super) fn in_target<T>(
        &mut self,
        label: Option<&ast::Ident>,
        is_loop: bool,
        f: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let label = label.map(|l| l.name);
        self.cur().targets.push(Target { label, is_loop });
        let result = f(self);
        self.cur().targets.pop();
        result
    }

    fn if_stmt(
        &mut self,
        init: Option<&'a ast::Stmt>,
        cond: &'a ast::Expr,
        then: &'a ast::Block,
        els: Option<&'a ast::Stmt>,
        pos: Pos,
        out: &mut Vec<Stmt>,
    ) {
        self.scoped(init, pos, out, |l, out| {
            let (known, cond) = l.static_bool(cond);
            let x = l.expr(cond);
            let mut then_body = Vec::new();
            if known >= 0 {
                then_body = l.stmts(&then.stmts);
            }
            let mut else_body = Vec::new();
            if known <= 0
                && let Some(els) = els
            {
                l.stmt(els, &mut else_body);
            }
            if known == 0 {
                out.push(Stmt { pos, kind: StmtKind::If { cond: x, then: then_body, els: else_body } });
                return;
            }
            // One branch is dead: flattened, the condition evaluated for its effects.
            if !matches!(l.x(x).kind, ExprKind::Const(_)) {
                out.push(Stmt { pos, kind: StmtKind::Assign { lhs: None, rhs: x, def: false } });
            }
            then_body.append(&mut else_body);
            out.push(Stmt { pos, kind: StmtKind::Block(then_body) });
        });
    }

    fn return_stmt(&mut self, values: &'a [ast::Expr], pos: Pos, span: Span, out: &mut Vec<Stmt>) {
        if self.cur().range_body.is_some() {
            return self.return_from_range(values, pos, span, out);
        }
        let results = self.cur().results.clone();
        if values.is_empty() {
            out.push(Stmt { pos, kind: StmtKind::Return(Vec::new()) });
            return;
        }
        let kind = match self.multi_value(values) {
            Some(types) if types == results => {
                let first = self.skip_temps(types.len());
                let call = self.expr(&values[0]);
                let call = self.plain_call(call, out);
                self.cur().func.temps.insert(call, first);
                StmtKind::ReturnCall(call)
            }
            Some(types) => {
                let dst: Vec<Option<TypeId>> = results.iter().map(|&t| Some(t)).collect();
                StmtKind::Return(self.spread_call(&values[0], &types, &dst, pos))
            }
            None => StmtKind::Return(values.iter().zip(results).map(|(v, ty)| self.expr_as(v, Some(ty))).collect()),
        };
        out.push(Stmt { pos, kind });
    }

    fn branch(&mut self, label: Option<&'a ast::Ident>, is_continue: bool, pos: Pos, out: &mut Vec<Stmt>) {
        let name = label.map(|l| l.name);
        let here = self.cur().targets.iter().any(|t| match name {
            Some(name) => t.label == Some(name),
            None => !is_continue || t.is_loop,
        });
        if !here && self.cur().range_body.is_some() {
            return self.branch_from_range(name, is_continue, pos, out);
        }
        let id = label.map(|l| self.label(l));
        let kind = if is_continue { StmtKind::Continue(id) } else { StmtKind::Break(id) };
        out.push(Stmt { pos, kind });
    }

    fn goto(&mut self, label: &'a ast::Ident, pos: Pos, out: &mut Vec<Stmt>) {
        if self.cur().range_body.is_some() {
            return self.goto_from_range(label, pos, out);
        }
        let id = self.label(label);
        out.push(Stmt { pos, kind: StmtKind::Goto(id) });
    }

    /// `go f(x)` and `defer f(x)`: the call is made one without arguments and results.
    fn go_defer(&mut self, e: &'a ast::Expr, is_defer: bool, pos: Pos, out: &mut Vec<Stmt>) {
        let in_range = self.cur().range_body.is_some();
        if is_defer && !in_range {
            self.cur().func.has_defer = true;
        }
        let call = self.expr(e);
        let call = self.normal_call(call, is_defer, pos, out);
        if is_defer && in_range {
            return self.defer_from_range(call, pos, out);
        }
        out.push(Stmt { pos, kind: if is_defer { StmtKind::Defer(call) } else { StmtKind::Go(call) } });
    }

    /// Wraps a call in a closure unless it is that of a function without parameters and results; operands
    /// are evaluated into temporaries declared in `out`.
    fn normal_call(&mut self, call: ExprId, is_defer: bool, pos: Pos, out: &mut Vec<Stmt>) -> ExprId {
        let call = self.plain_call(call, out);
        if let ExprKind::Call { callee, args, .. } = &self.x(call).kind
            && !matches!(callee, Callee::Interface { .. })
            && args.is_empty()
            && self.x_ty(call) == Types::EMPTY_TUPLE
        {
            return call;
        }
        let (kind, call_pos, call_span, call_ty) = {
            let x = self.x(call);
            (x.kind.clone(), x.pos, x.span, x.ty)
        };
        let sig = self.cx.types_mut().intern(TypeKind::Func(std::rc::Rc::new(Signature::default())));
        let name = if is_defer { ClosureName::Defer } else { ClosureName::Go };
        let id = self.open_closure(FuncKind::CallWrapper, name, sig, pos);
        let mut w = self.stack.pop().expect("the wrapper");
        let mut saved: Vec<(LocalId, ExprId)> = Vec::new();
        let mut check_nil = None;
        let mut mv = |l: &mut Self, w: &mut FuncCx, x: ExprId| l.move_operand(x, w, pos, &mut saved);
        let list = |l: &mut Self,
                    w: &mut FuncCx,
                    args: &[ExprId],
                    mv: &mut dyn FnMut(&mut Self, &mut FuncCx, ExprId) -> ExprId| {
            args.iter().map(|&a| mv(l, w, a)).collect::<Vec<_>>()
        };
        let kind = match kind {
            ExprKind::Call { callee, args, variadic } => {
                let callee = match callee {
                    Callee::Static(f) => Callee::Static(f),
                    Callee::Value(f) => Callee::Value(mv(self, &mut w, f)),
                    Callee::Interface { recv, index, method } => {
                        let (ty, span) = (self.x_ty(recv), self.x(recv).span);
                        let recv = mv(self, &mut w, recv);
                        check_nil = Some((ty, span));
                        Callee::Interface { recv, index, method }
                    }
                };
                let args = list(self, &mut w, &args, &mut mv);
                ExprKind::Call { callee, args, variadic }
            }
            ExprKind::Append { slice, args, spread } => {
                let slice = mv(self, &mut w, slice);
                ExprKind::Append { slice, args: list(self, &mut w, &args, &mut mv), spread }
            }
            ExprKind::Copy { dst, src } => {
                let dst = mv(self, &mut w, dst);
                ExprKind::Copy { dst, src: mv(self, &mut w, src) }
            }
            ExprKind::Delete { map, key } => {
                let map = mv(self, &mut w, map);
                ExprKind::Delete { map, key: mv(self, &mut w, key) }
            }
            ExprKind::Print { args, newline } => ExprKind::Print { args: list(self, &mut w, &args, &mut mv), newline },
            ExprKind::Panic(x) => ExprKind::Panic(mv(self, &mut w, x)),
            ExprKind::Close(x) => ExprKind::Close(mv(self, &mut w, x)),
            ExprKind::Clear(x) => ExprKind::Clear(mv(self, &mut w, x)),
            ExprKind::Recover => {
                w.func.has_recover = true;
                ExprKind::Recover
            }
            _ => crate::bug!("hir", w.func.link_name, "go or defer of something that is no call"),
        };
        self.save_operands(&saved, pos, out);
        if let (Some((ty, span)), Some(&(tmp, _))) = (check_nil, saved.first()) {
            let x = self.add(ExprKind::Local(tmp), ty, pos, span);
            out.push(Stmt { pos, kind: StmtKind::CheckNil(x) });
        }
        let inner = push_expr(&mut w, kind, call_ty, call_pos, call_span, false);
        w.func.body = vec![Stmt { pos: call_pos, kind: StmtKind::Expr(inner) }];
        self.prog.funcs[id] = w.func;
        let closure = self.add(ExprKind::Closure(id), sig, pos, call_span);
        let callee = Callee::Value(closure);
        self.add(ExprKind::Call { callee, args: Vec::new(), variadic: false }, Types::EMPTY_TUPLE, call_pos, call_span)
    }

    /// `tmp1, tmp2 := x, y` for the operands saved.
    fn save_operands(&mut self, saved: &[(LocalId, ExprId)], pos: Pos, out: &mut Vec<Stmt>) {
        for &(tmp, x) in saved {
            out.push(Stmt { pos: self.x(x).pos, kind: StmtKind::Decl(tmp) });
        }
        let mut lhs = Vec::new();
        for &(tmp, x) in saved {
            let span = self.x(x).span;
            lhs.push(Some(self.local_expr(tmp, pos, span)));
        }
        if !saved.is_empty() {
            let kind = StmtKind::AssignMulti { lhs, rhs: saved.iter().map(|s| s.1).collect(), def: true };
            out.push(Stmt { pos, kind });
        }
    }

    /// Brings an operand of the current function into the wrapper: what has no effect is evaluated there,
    /// the rest is saved in a temporary that the wrapper captures.
    fn move_operand(&mut self, x: ExprId, w: &mut FuncCx, stmt_pos: Pos, saved: &mut Vec<(LocalId, ExprId)>) -> ExprId {
        let e = self.x(x).clone();
        let spelled = self.cur().func.spelled.get(&x).copied();
        let keep = |w: &mut FuncCx, kind: ExprKind| {
            let id = push_expr(w, kind, e.ty, e.pos, e.span, e.implicit);
            if let Some(s) = spelled {
                w.func.spelled.insert(id, s);
            }
            id
        };
        match e.kind.clone() {
            kind @ (ExprKind::Const(_) | ExprKind::Nil | ExprKind::Func(_) | ExprKind::New(_)) => keep(w, kind),
            ExprKind::Conv(inner)
                if e.ty == Types::UINTPTR
                    && self.types().basic(self.x_ty(inner)) == Some(crate::types::Basic::UnsafePointer) =>
            {
                let inner = self.move_operand(inner, w, stmt_pos, saved);
                keep(w, ExprKind::Conv(inner))
            }
            ExprKind::ArrayLit(elems) => {
                let elems = self.move_elems(elems, w, stmt_pos, saved);
                keep(w, ExprKind::ArrayLit(elems))
            }
            ExprKind::SliceLit { elems, len } => {
                let elems = self.move_elems(elems, w, stmt_pos, saved);
                keep(w, ExprKind::SliceLit { elems, len })
            }
            ExprKind::StructLit(fields) => {
                let fields = fields.into_iter().map(|(i, v)| (i, self.move_operand(v, w, stmt_pos, saved))).collect();
                keep(w, ExprKind::StructLit(fields))
            }
            kind => {
                // Names have no position of their own in Go's tree.
                let pos = match kind {
                    ExprKind::Local(_) | ExprKind::Global(_) => stmt_pos,
                    _ => e.pos,
                };
                let tmp = self.temp(e.ty, pos);
                saved.push((tmp, x));
                self.stack.push(std::mem::replace(w, placeholder(w)));
                let captured = self.capture(tmp);
                let id = self.local_expr(captured, pos, e.span);
                *w = self.stack.pop().expect("the wrapper");
                id
            }
        }
    }

    fn move_elems(
        &mut self,
        elems: Vec<Elem>,
        w: &mut FuncCx,
        pos: Pos,
        saved: &mut Vec<(LocalId, ExprId)>,
    ) -> Vec<Elem> {
        elems
            .into_iter()
            .map(|el| Elem { index: el.index, value: self.move_operand(el.value, w, pos, saved) })
            .collect()
    }

    /// A variable of the compiler's own, `name` not being legal in source.
    pub(super) fn hidden_local(&mut self, name: &str, ty: TypeId, pos: Pos) -> LocalId {
        self.new_local(Symbol::new(name), ty, pos, LocalKind::Auto)
    }
}

/// Adds an expression to a function that is not on the stack.
fn push_expr(w: &mut FuncCx, kind: ExprKind, ty: TypeId, pos: Pos, span: Span, implicit: bool) -> ExprId {
    w.func.exprs.push(Expr { kind, ty, pos, span, esc: Esc::Unknown, implicit })
}

/// Stands in for a function context while the real one is on the stack.
fn placeholder(w: &FuncCx) -> FuncCx {
    FuncCx::new(w.id, super::empty_func(FuncKind::CallWrapper, w.func.pkg, w.func.sig), w.pkg, None)
}
