//! Function literals.

#![forbid(unsafe_code)]

use super::func::FuncCx;
use super::names::ClosureName;
use super::{Lower, empty_func};
use crate::hir::ir::*;
use crate::source::Pos;
use crate::syntax::ast;
use crate::types::TypeId;

impl<'a> Lower<'a, '_> {
    /// `func(…) … { … }`
    pub(super) fn func_lit(&mut self, e: &'a ast::Expr, tree: &'a ast::FuncType, body: &'a ast::Block) -> ExprId {
        let ty = self.type_of(e);
        let id = self.open_closure(FuncKind::Closure, ClosureName::FuncLit, ty, e.pos);
        let raw = self.raw_type(e);
        self.cur().func.written = self.spelled(raw);
        self.declare_params(tree, self.sig_of(ty), 0);
        self.cur().func.end = Pos(body.span.hi.0.saturating_sub(1));
        let stmts = self.stmts(&body.stmts);
        self.cur().func.body = stmts;
        self.close_func();
        self.add(ExprKind::Closure(id), ty, e.pos, e.span)
    }

    /// The function type underneath.
    pub(super) fn sig_of(&self, ty: TypeId) -> TypeId {
        self.types().underlying(ty)
    }

    /// Begins a closure of the current function.
    pub(super) fn open_closure(&mut self, kind: FuncKind, name: ClosureName, ty: TypeId, pos: Pos) -> FuncId {
        let sig = self.underlying(ty);
        let (link_name, short) = self.closure_names(name);
        let cx = self.cur();
        let (parent, pkg, pkg_name, subst, pragma) = (cx.id, cx.pkg, cx.func.pkg, cx.subst.clone(), cx.func.pragma);
        let repeats = self.cur().func.repeats;
        let mut func = empty_func(kind, pkg_name, sig);
        func.repeats = repeats;
        func.in_instance = subst.is_some();
        func.link_name = link_name;
        func.name = short;
        func.pos = pos;
        func.end = pos;
        func.parent = Some(parent);
        func.pragma.nosplit = pragma.nosplit;
        let id = self.reserve(func.clone());
        let mut cx = FuncCx::new(id, func, pkg, subst);
        cx.n_dcl = 0;
        cx.results = self.result_types(sig);
        self.stack.push(cx);
        id
    }
}
