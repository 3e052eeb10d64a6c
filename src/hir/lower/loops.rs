//! `for` in its forms.

#![forbid(unsafe_code)]

use super::Lower;
use super::assign::Place;
use crate::hir::ir::*;
use crate::source::Pos;
use crate::syntax::ast;
use crate::types::{TypeId, TypeKind, Types};

/// `init; cond; post { body }`
type ForTree<'a> = (Option<&'a ast::Stmt>, Option<&'a ast::Expr>, Option<&'a ast::Stmt>, &'a ast::Block);

impl<'a> Lower<'a, '_> {
    pub(super) fn for_stmt(
        &mut self,
        (init, cond, post, body): ForTree<'a>,
        label: Option<&'a ast::Ident>,
        pos: Pos,
        out: &mut Vec<Stmt>,
    ) {
        self.scoped(init, pos, out, |l, out| {
            // Every variable that the loop declares; those that need no copy are dropped by `vars`.
            let shared = l.cx.shared_loop_vars(pos);
            let per_iteration: Vec<LocalId> = out
                .iter()
                .filter_map(|s| match s.kind {
                    StmtKind::Decl(v) if init.is_some() && !shared => Some(v),
                    _ => None,
                })
                .collect();
            let known = cond.map_or(1, |c| l.static_bool(c).0);
            if known < 0 && cond.is_some_and(|c| l.const_value(c).is_some()) {
                return;
            }
            let cond = cond.map(|c| {
                let (_, c) = l.static_bool(c);
                l.expr(c)
            });
            let mut post_stmts = Vec::new();
            let mut stmts = Vec::new();
            if known >= 0 {
                if let Some(post) = post {
                    l.stmt(post, &mut post_stmts);
                }
                stmts = l.in_target(label, true, |l| l.stmts(&body.stmts));
            }
            let label = label.map(|id| l.label(id));
            let kind = StmtKind::For { label, cond, post: post_stmts, body: stmts, per_iteration };
            out.push(Stmt { pos, kind });
        });
    }

    pub(super) fn range_stmt(&mut self, s: &'a ast::Stmt, label: Option<&'a ast::Ident>, out: &mut Vec<Stmt>) {
        let ast::StmtKind::Range { key, value, define, range_pos, x, body, .. } = &s.kind else { return };
        let x_ty = self.type_of(x);
        if matches!(self.types().underlying_kind(x_ty), TypeKind::Func(_)) {
            return self.range_func(s, label, out);
        }
        let key = key.as_ref().map(|e| self.place(e, *define));
        let value = value.as_ref().map(|e| self.place(e, *define));
        let blanks = [&key, &value].into_iter().flatten().filter(|p| p.x.is_none()).count() as u8;
        let x = self.expr(x);
        let pos = *range_pos;
        let x_ty = self.x_ty(x);
        let (key_ty, value_ty) = self.range_types(x_ty);
        let fits = |p: &Option<Place>, ty: TypeId| p.is_none_or(|p| p.x.is_none() || p.ty == Some(ty));
        let mut prologue = Vec::new();
        let mut define = *define;
        let (key, value) = if fits(&key, key_ty) && fits(&value, value_ty.unwrap_or(Types::INVALID)) {
            (key.and_then(|p| p.x), value.and_then(|p| p.x))
        } else {
            // The loop assigns to its own variables, the body begins with the assignments written.
            define = true;
            let mut own = |l: &mut Self, place: Option<Place>, ty: TypeId| {
                let (x, dst) = place.and_then(|p| Some((p.x?, p.ty?)))?;
                let (at, span) = (l.x(x).pos, l.x(x).span);
                let tmp = l.temp(ty, at);
                let rhs = l.local_expr(tmp, at, span);
                let rhs = l.implicit_conv(rhs, dst, at, span);
                prologue.push((x, rhs));
                Some(l.local_expr(tmp, at, span))
            };
            let key = own(self, key, key_ty);
            let value = own(self, value, value_ty.unwrap_or(Types::INVALID));
            (key, value)
        };
        let mut stmts: Vec<Stmt> = match prologue.as_slice() {
            [] => Vec::new(),
            &[(lhs, rhs)] => vec![Stmt { pos, kind: StmtKind::Assign { lhs: Some(lhs), rhs, def: false } }],
            many => {
                let lhs = many.iter().map(|p| Some(p.0)).collect();
                let rhs = many.iter().map(|p| p.1).collect();
                vec![Stmt { pos, kind: StmtKind::AssignMulti { lhs, rhs, def: false } }]
            }
        };
        stmts.extend(self.in_target(label, true, |l| l.stmts(&body.stmts)));
        if define && self.cx.shared_loop_vars(pos) {
            define = false;
            for x in [key, value].into_iter().flatten() {
                if let ExprKind::Local(v) = self.x(x).kind {
                    out.push(Stmt { pos, kind: StmtKind::Decl(v) });
                }
            }
        }
        let label = label.map(|id| self.label(id));
        out.push(Stmt { pos, kind: StmtKind::Range { label, key, value, x, define, blanks, body: stmts } });
    }
}
