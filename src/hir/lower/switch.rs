//! `switch`, type switches and `select`.

#![forbid(unsafe_code)]

use super::Lower;
use super::expr::unparen;
use crate::hir::ir::*;
use crate::source::{Pos, Span};
use crate::syntax::ast;
use crate::types::{ConstValue, Mode, TypeId, TypeKind, Types};

impl<'a> Lower<'a, '_> {
    pub(super) fn switch(
        &mut self,
        tag: Option<&'a ast::Expr>,
        cases: &'a [ast::CaseClause],
        label: Option<&'a ast::Ident>,
        pos: Pos,
        out: &mut Vec<Stmt>,
    ) {
        let tag_value = match tag {
            Some(tag) => self.const_value(tag),
            None => Some(ConstValue::Bool(true)),
        };
        let known = tag_value.and_then(|v| self.known_case(&v, cases));
        let mut tag_ty = match tag {
            Some(tag) => self.type_of(tag),
            None => Types::BOOL,
        };
        let is_chan = matches!(self.types().underlying_kind(tag_ty), TypeKind::Chan { .. });
        let tag = if known.is_some() { None } else { tag };
        if known.is_none() && !is_chan && self.needs_any(tag_ty, cases) {
            tag_ty = Types::EMPTY_INTERFACE;
        }
        let tag = match tag {
            // `switch { case any(x): }` compares with true as an `any`.
            None if tag_ty == Types::EMPTY_INTERFACE => {
                let at = Span { lo: pos, hi: pos };
                let x = self.constant(ConstValue::Bool(true), Types::BOOL, pos, at);
                Some(self.implicit_conv(x, tag_ty, pos, at))
            }
            tag => tag.map(|t| self.expr_as(t, Some(tag_ty))),
        };
        let mut clauses = Vec::new();
        for (i, c) in cases.iter().enumerate() {
            let mut values = Vec::new();
            match known {
                Some(Some(target)) if target == i => {}
                Some(_) => continue,
                None => {
                    let dst = if is_chan { None } else { Some(tag_ty) };
                    for v in &c.values {
                        values.push(self.expr_as(v, dst));
                    }
                }
            }
            let body = self.in_target(label, false, |l| l.stmts(&c.body));
            let is_default = c.is_default || known.is_some();
            let fallthrough = has_fallthrough(&c.body);
            clauses.push(Case { pos: c.span.lo, values, is_default, body, fallthrough });
        }
        let label = label.map(|id| self.label(id));
        out.push(Stmt { pos, kind: StmtKind::Switch { label, tag, cases: clauses } });
    }

    /// For a constant tag and constant cases: the clause that is taken (`Some(None)`: none is). `None` where
    /// that is not known in advance.
    fn known_case(&self, tag: &ConstValue, cases: &[ast::CaseClause]) -> Option<Option<usize>> {
        let mut target = None;
        'clauses: for (i, c) in cases.iter().enumerate() {
            if c.is_default {
                target = Some(i);
            }
            for v in &c.values {
                let value = self.const_value(v)?;
                if same_const(&value, tag) {
                    target = Some(i);
                    break 'clauses;
                }
            }
        }
        match target {
            Some(i) if has_fallthrough(&cases[i].body) => None,
            _ => Some(target),
        }
    }

    /// Whether some case value can only be compared with the tag as an `any`.
    fn needs_any(&mut self, tag_ty: TypeId, cases: &'a [ast::CaseClause]) -> bool {
        for v in cases.iter().flat_map(|c| &c.values) {
            if self.tv(v).is_some_and(|tv| tv.mode == Mode::Nil) {
                continue;
            }
            let ty = self.type_of(v);
            if ty == tag_ty {
                continue;
            }
            let (case_iface, tag_iface) = (self.types().is_interface(ty), self.types().is_interface(tag_ty));
            // A concrete value, or one with more methods, goes into the tag's interface.
            let assignable = tag_iface && (!case_iface || self.implements(ty, tag_ty));
            if (case_iface || tag_iface) && !assignable {
                return true;
            }
        }
        false
    }

    /// Whether interface `x` has all methods of interface `y`.
    fn implements(&self, x: TypeId, y: TypeId) -> bool {
        let (x, y) = (self.types().interface_methods(x), self.types().interface_methods(y));
        y.iter().all(|m| x.iter().any(|n| n.name == m.name))
    }

    pub(super) fn type_switch(
        &mut self,
        bind: Option<&'a ast::Ident>,
        x: &'a ast::Expr,
        cases: &'a [ast::CaseClause],
        label: Option<&'a ast::Ident>,
        pos: Pos,
        out: &mut Vec<Stmt>,
    ) {
        let x = match &unparen(x).kind {
            ast::ExprKind::TypeSwitchGuard(inner) => inner,
            _ => x,
        };
        let x = self.expr(x);
        let mut clauses = Vec::new();
        for c in cases {
            let mut types = Vec::new();
            for t in &c.values {
                if self.tv(t).is_some_and(|tv| tv.mode == Mode::Nil) {
                    types.push(None);
                    continue;
                }
                let raw = self.raw_type(t);
                let ty = self.canon(raw);
                self.asserted(ty);
                types.push(Some(ty));
            }
            let mut var = None;
            if bind.is_some()
                && let Some(&obj) = self.cx.info().implicits.get(&c.id)
            {
                let at = c.values.last().map_or(c.span.lo, type_end);
                var = Some(self.declare(obj, at, LocalKind::Auto));
            }
            let body = self.in_target(label, false, |l| l.stmts(&c.body));
            clauses.push(TypeCase { pos: c.span.lo, types, is_default: c.is_default, var, body });
        }
        let label = label.map(|id| self.label(id));
        out.push(Stmt { pos, kind: StmtKind::TypeSwitch { label, x, cases: clauses } });
    }

    pub(super) fn select(
        &mut self,
        cases: &'a [ast::CommClause],
        label: Option<&'a ast::Ident>,
        pos: Pos,
        out: &mut Vec<Stmt>,
    ) {
        let mut clauses = Vec::new();
        for c in cases {
            let mut body = Vec::new();
            let comm = c.comm.as_ref().map(|s| Box::new(self.comm(s, &mut body)));
            body.extend(self.in_target(label, false, |l| l.stmts(&c.body)));
            clauses.push(CommCase { pos: c.span.lo, comm, body });
        }
        let label = label.map(|id| self.label(id));
        out.push(Stmt { pos, kind: StmtKind::Select { label, cases: clauses } });
    }

    /// The communication of a select case. A left side that is no plain variable of the received type is
    /// assigned at the start of the body, from a temporary.
    fn comm(&mut self, s: &'a ast::Stmt, body: &mut Vec<Stmt>) -> Stmt {
        let pos = s.pos;
        let ast::StmtKind::Assign { lhs, rhs, define } = &s.kind else {
            let mut out = Vec::new();
            self.stmt(s, &mut out);
            return out.pop().expect("a send or receive");
        };
        let places: Vec<_> = lhs.iter().map(|e| self.place(e, *define)).collect();
        let recv = self.expr(&rhs[0]);
        let span = self.x(recv).span;
        let types = [self.x_ty(recv), Types::BOOL];
        let plain = places.iter().zip(types).all(|(p, ty)| match p.x {
            None => true,
            Some(x) => p.ty == Some(ty) && matches!(self.x(x).kind, ExprKind::Local(_)),
        });
        let mut def = *define && places.iter().any(|p| p.decl.is_some());
        let mut targets: Vec<Option<ExprId>> = places.iter().map(|p| p.x).collect();
        if !plain {
            let mut late = (Vec::new(), Vec::new());
            for (i, p) in places.iter().enumerate() {
                let (Some(x), Some(dst)) = (p.x, p.ty) else { continue };
                let recv_pos = self.x(recv).pos;
                let tmp = self.temp(types[i], pos);
                let value = self.local_expr(tmp, recv_pos, span);
                let value = self.implicit_conv(value, dst, recv_pos, span);
                targets[i] = Some(self.local_expr(tmp, pos, span));
                if let Some((local, at)) = p.decl {
                    body.push(Stmt { pos: at, kind: StmtKind::Decl(local) });
                }
                late.0.push(Some(x));
                late.1.push(value);
            }
            let late_def = def;
            def = true;
            let kind = if late.0.len() == 1 {
                StmtKind::Assign { lhs: late.0[0], rhs: late.1[0], def: late_def }
            } else {
                StmtKind::AssignMulti { lhs: late.0, rhs: late.1, def: late_def }
            };
            body.push(Stmt { pos, kind });
        }
        let kind = match targets.as_slice() {
            &[one] => StmtKind::Assign { lhs: one, rhs: recv, def },
            _ => StmtKind::AssignCommaOk { lhs: [targets[0], targets[1]], rhs: recv, kind: CommaOk::Recv, def },
        };
        Stmt { pos, kind }
    }
}

/// Whether two constants are equal; of types that can be compared.
fn same_const(a: &ConstValue, b: &ConstValue) -> bool {
    if a == b {
        return true;
    }
    match (a.to_int(), b.to_int()) {
        (Some(x), Some(y)) => x == y,
        _ => match (a, b) {
            (ConstValue::Float(_) | ConstValue::Int(_), ConstValue::Float(_) | ConstValue::Int(_)) => {
                a.to_f64() == b.to_f64()
            }
            _ => false,
        },
    }
}

fn has_fallthrough(body: &[ast::Stmt]) -> bool {
    let last = body.iter().rev().find(|s| !matches!(s.kind, ast::StmtKind::Empty));
    last.is_some_and(|s| match &s.kind {
        ast::StmtKind::Labeled { stmt, .. } => matches!(stmt.kind, ast::StmtKind::Fallthrough),
        kind => matches!(kind, ast::StmtKind::Fallthrough),
    })
}

/// Where Go says the variable of a type switch's clause is: near the end of its last type.
fn type_end(mut e: &ast::Expr) -> Pos {
    loop {
        match &e.kind {
            ast::ExprKind::Selector(x, _) => return x.pos,
            ast::ExprKind::Paren(x)
            | ast::ExprKind::Star(x)
            | ast::ExprKind::SliceType(x)
            | ast::ExprKind::ChanType(_, x)
            | ast::ExprKind::Ellipsis(x)
            | ast::ExprKind::MapType(_, x)
            | ast::ExprKind::ArrayType { elem: x, .. } => e = x,
            ast::ExprKind::InterfaceType { elems } => match elems.last() {
                Some(ast::InterfaceElem::Embed(x)) => e = x,
                _ => return e.pos,
            },
            ast::ExprKind::FuncType(sig) => match sig.results.last().or(sig.params.last()) {
                Some(f) => e = &f.ty,
                None => return e.pos,
            },
            ast::ExprKind::Index(_, args) => match args.last() {
                Some(a) => e = a,
                None => return e.pos,
            },
            _ => return e.pos,
        }
    }
}
