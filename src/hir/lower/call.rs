//! Calls and conversions in call form.

#![forbid(unsafe_code)]

use super::Lower;
use super::expr::unparen;
use crate::hir::ir::*;
use crate::hir::visit;
use crate::source::{Pos, Span};
use crate::syntax::ast;
use crate::types::{Mode, ObjKind, SelectionKind, TypeId, TypeKind};

/// The parts of a call expression.
#[derive(Clone, Copy)]
pub(super) struct CallTree<'a> {
    pub e: &'a ast::Expr,
    pub args: &'a [ast::Expr],
    pub spread: bool,
}

impl<'a> Lower<'a, '_> {
    /// A call, conversion or use of a built-in.
    pub(super) fn call(&mut self, e: &'a ast::Expr) -> ExprId {
        let ast::ExprKind::Call { fun, args, spread, .. } = &e.kind else {
            crate::bug!("hir", self.cur().func.link_name, "not a call");
        };
        let tree = CallTree { e, args, spread: spread.is_some() };
        let fun = unparen(fun);
        if self.is_type(fun) {
            return self.explicit_conv(e, fun, &args[0]);
        }
        if self.tv(fun).is_some_and(|tv| tv.mode == Mode::Builtin)
            && let Some((obj, _)) = self.object_of(fun)
            && let ObjKind::Builtin(b) = self.cx.objs()[obj].kind
        {
            return self.builtin(b, tree);
        }
        // `x.m[T](…)`: explicit instance of a generic method.
        let named = match &fun.kind {
            ast::ExprKind::Index(x, indices) if indices.iter().any(|i| self.is_type(i)) => unparen(x),
            _ => fun,
        };
        if let ast::ExprKind::Selector(x, name) = &named.kind
            && let Some(sel) = self.cx.info().selections.get(&named.id).cloned()
            && sel.kind != SelectionKind::Field
        {
            return match sel.kind {
                SelectionKind::Method => self.method_call(tree, named, x, *name, &sel),
                _ => self.method_expr_call(tree, x, *name, &sel),
            };
        }
        if let Some((obj, ident)) = self.object_of(named)
            && let ObjKind::Func(_) = self.cx.objs()[obj].kind
        {
            let func = self.instance_of(obj, ident.id);
            if self.report && self.is_static_instance(func, ident.id) {
                self.instance(func, obj);
            }
            let sig = self.prog.funcs[func].sig;
            let args = self.args(tree, sig, &[]);
            return self.finish_call(Callee::Static(func), args, sig, e.pos, e.span);
        }
        let f = self.expr(fun);
        let fty = self.x_ty(f);
        let sig = self.underlying(fty);
        let args = self.args(tree, sig, &[]);
        self.finish_call(Callee::Value(f), args, sig, e.pos, e.span)
    }

    pub(super) fn finish_call(
        &mut self,
        callee: Callee,
        args: Vec<ExprId>,
        sig: TypeId,
        pos: Pos,
        span: Span,
    ) -> ExprId {
        let results = self.result_types(sig);
        let ty = self.result_type(&results);
        let variadic = self.types().as_func(sig).is_some_and(|s| s.variadic);
        let mut stmts = Vec::new();
        // A function value or interface that is itself computed by a call is saved first.
        let callee = match callee {
            Callee::Value(f) if self.calls(f) => Callee::Value(self.saved(f, pos, &mut stmts)),
            Callee::Interface { recv, index, method } if self.calls(recv) => {
                Callee::Interface { recv: self.saved(recv, pos, &mut stmts), index, method }
            }
            callee => callee,
        };
        let x = self.add(ExprKind::Call { callee, args, variadic }, ty, pos, span);
        if stmts.is_empty() { x } else { self.add(ExprKind::Init { stmts, x }, ty, pos, span) }
    }

    /// The call itself; statements attached to it go to `out`.
    pub(super) fn plain_call(&mut self, mut call: ExprId, out: &mut Vec<Stmt>) -> ExprId {
        while let ExprKind::Init { stmts, x } = &mut self.cur().func.exprs[call].kind {
            out.append(stmts);
            call = *x;
        }
        call
    }

    fn saved(&mut self, x: ExprId, pos: Pos, stmts: &mut Vec<Stmt>) -> ExprId {
        let span = self.x(x).span;
        let tmp = self.temp_copy(x, pos, stmts);
        self.local_expr(tmp, pos, span)
    }

    /// Whether evaluating the expression calls something or uses a channel.
    pub(super) fn calls(&self, x: ExprId) -> bool {
        calls(&self.stack.last().expect("a function is being lowered").func, x)
    }

    fn method_call(
        &mut self,
        tree: CallTree<'a>,
        fun: &'a ast::Expr,
        x: &'a ast::Expr,
        name: ast::Ident,
        sel: &crate::types::Selection,
    ) -> ExprId {
        let raw = self.raw_type(x);
        let of_type_param = self.types().is_type_param(raw);
        let x = self.expr(x);
        let recv_ty = self.x_ty(x);
        let mut m = self.selected_method(sel, recv_ty);
        let own = self.instance_targs(name.id);
        let recv = self.receiver(x, &m, fun.pos, fun.span);
        self.instantiate_method(&mut m, own);
        let sig = m.sig;
        let mut args = self.args(tree, sig, &[]);
        if let super::method::Target::Interface { .. } = m.target {
            let ty = self.x_ty(recv);
            self.uses_interface(ty);
        }
        let callee = self.method_callee(recv, &m, &mut args);
        let result = self.finish_call(callee, args, sig, tree.e.pos, tree.e.span);
        if of_type_param {
            let mut call = result;
            while let ExprKind::Init { x, .. } = self.x(call).kind {
                call = x;
            }
            self.cur().func.exprs[call].implicit = true;
        }
        result
    }

    /// `T.m(x, …)`
    fn method_expr_call(
        &mut self,
        tree: CallTree<'a>,
        t: &'a ast::Expr,
        name: ast::Ident,
        sel: &crate::types::Selection,
    ) -> ExprId {
        let raw = self.raw_type(t);
        let recv = self.canon(raw);
        let mut m = self.selected_method(sel, recv);
        let own = self.instance_targs(name.id);
        self.instantiate_method(&mut m, own);
        let func = self.method_expr(recv, &m);
        let fty = self.method_expr_type(recv, m.sig);
        let args = self.args(tree, fty, &[]);
        self.finish_call(Callee::Static(func), args, m.sig, tree.e.pos, tree.e.span)
    }

    /// Arguments for the parameters of `sig`, after `first`; variadic ones are packed.
    pub(super) fn args(&mut self, tree: CallTree<'a>, sig: TypeId, first: &[ExprId]) -> Vec<ExprId> {
        let params = self.param_types(sig);
        let variadic = self.types().as_func(sig).is_some_and(|s| s.variadic);
        let pos = tree.e.pos;
        let last = params.len().saturating_sub(1);
        let elem = match params.last().map(|&p| self.types().kind(p).clone()) {
            Some(TypeKind::Slice(elem)) if variadic && !tree.spread => Some(elem),
            _ => None,
        };
        let param = |i: usize| match elem {
            Some(elem) if i >= last => elem,
            _ => params[i],
        };
        let mut args: Vec<ExprId> = first.to_vec();
        let n_first = args.len();
        match self.multi_value(tree.args) {
            Some(types) => {
                let dst: Vec<Option<TypeId>> = (0..types.len()).map(|i| Some(param(i))).collect();
                args.extend(self.spread_call(&tree.args[0], &types, &dst, pos));
            }
            None => {
                for (i, a) in tree.args.iter().enumerate() {
                    args.push(self.expr_as(a, Some(param(i))));
                }
            }
        }
        if elem.is_some() {
            let extra = args.split_off((n_first + last).min(args.len()));
            let slice = params[last];
            let arg = if extra.is_empty() {
                self.add(ExprKind::Nil, slice, pos, tree.e.span)
            } else {
                let len = extra.len() as u64;
                let elems = extra.into_iter().enumerate().map(|(i, value)| Elem { index: i as u64, value }).collect();
                self.add_implicit(ExprKind::SliceLit { elems, len }, slice, pos, tree.e.span)
            };
            args.push(arg);
        }
        args
    }

    /// If the list is one call with several results: their types.
    pub(super) fn multi_value(&mut self, list: &[ast::Expr]) -> Option<Vec<TypeId>> {
        let [one] = list else { return None };
        let raw = self.raw_type(one);
        let TypeKind::Tuple(elems) = self.types().kind(raw).clone() else { return None };
        if elems.len() < 2 {
            return None;
        }
        let unparenthesized = unparen(one);
        let is_call = matches!(unparenthesized.kind, ast::ExprKind::Call { .. });
        if !is_call {
            return None;
        }
        Some(elems.iter().map(|&t| self.canon(t)).collect())
    }

    /// The results of a call as separate values: the call's results are saved in temporaries by statements
    /// attached to the first value.
    pub(super) fn spread_call(
        &mut self,
        call: &'a ast::Expr,
        types: &[TypeId],
        dst: &[Option<TypeId>],
        pos: Pos,
    ) -> Vec<ExprId> {
        let span = call.span;
        let call = self.expr(call);
        let mut stmts = Vec::new();
        let temps: Vec<LocalId> = types.iter().map(|&ty| self.temp(ty, pos)).collect();
        let call = self.plain_call(call, &mut stmts);
        for &t in &temps {
            stmts.push(Stmt { pos, kind: StmtKind::Decl(t) });
        }
        let lhs = temps.iter().map(|&t| Some(self.local_expr(t, pos, span))).collect();
        stmts.push(Stmt { pos, kind: StmtKind::AssignCall { lhs, call, def: true } });
        let mut values = Vec::new();
        for (i, &t) in temps.iter().enumerate() {
            let mut x = self.local_expr(t, pos, span);
            if let Some(Some(dst)) = dst.get(i) {
                x = self.implicit_conv(x, *dst, pos, span);
            }
            if i == 0 {
                let ty = self.x_ty(x);
                x = self.add(ExprKind::Init { stmts: std::mem::take(&mut stmts), x }, ty, pos, span);
            }
            values.push(x);
        }
        values
    }

    /// `T(x)`
    fn explicit_conv(&mut self, e: &'a ast::Expr, t: &'a ast::Expr, arg: &'a ast::Expr) -> ExprId {
        let raw = self.raw_type(t);
        let dst = self.canon(raw);
        let x = self.expr(arg);
        match &self.x(x).kind {
            ExprKind::Nil => {
                self.cur().func.exprs[x].ty = dst;
                let x = self.add(ExprKind::Conv(x), dst, arg.pos, e.span);
                self.note_spelling(x, raw);
                return x;
            }
            // A constant converted to a type parameter's type becomes a constant of the type argument.
            ExprKind::Const(_) if self.retypes_const(x, dst) => {
                self.cur().func.exprs[x].ty = dst;
                self.note_spelling(x, raw);
                let x = self.add_implicit(ExprKind::Conv(x), dst, arg.pos, e.span);
                self.note_spelling(x, raw);
                return x;
            }
            _ => {}
        }
        let x = self.convert(x, dst, arg.pos, e.span, false);
        self.note_spelling(x, raw);
        x
    }

    fn retypes_const(&self, x: ExprId, dst: TypeId) -> bool {
        let types = self.types();
        let (Some(s), Some(d)) = (types.basic(self.x_ty(x)), types.basic(dst)) else { return false };
        (s.is_numeric() && d.is_numeric()) || (s.is_string() && d.is_string()) || (s.is_boolean() && d.is_boolean())
    }
}

/// See [`Lower::calls`]. Stops at the first call it finds, so that chains of calls cost nothing.
fn calls(func: &Func, x: ExprId) -> bool {
    use ExprKind::*;
    let kind = &func.exprs[x].kind;
    let is_call = matches!(
        kind,
        Call { .. }
            | Append { .. }
            | Cap(_)
            | Clear(_)
            | Close(_)
            | Complex(..)
            | Copy { .. }
            | Delete { .. }
            | Len(_)
            | Imag(_)
            | Max(_)
            | Min(_)
            | Panic(_)
            | Print { .. }
            | Real(_)
            | Recover
            | Recv(_)
            | UnsafeAdd(..)
            | UnsafeSlice(..)
            | UnsafeSliceData(_)
            | UnsafeString(..)
            | UnsafeStringData(_)
    );
    if is_call {
        return true;
    }
    let mut found = false;
    visit::operands(kind, &mut |y| found = found || calls(func, y));
    if found {
        return true;
    }
    let mut in_init = Vec::new();
    visit::body_exprs(func, visit::init_stmts(kind), &mut |y| in_init.push(y));
    in_init.into_iter().any(|y| calls(func, y))
}
