//! Assignments and variable declarations.

#![forbid(unsafe_code)]

use super::Lower;
use super::expr::{binary_op, unparen};
use crate::hir::ir::*;
use crate::source::Pos;
use crate::syntax::ast::{self, BinOp};
use crate::types::{ConstValue, TypeId, TypeKind, Types};

/// A left side.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// `None`: blank.
    pub x: Option<ExprId>,
    pub ty: Option<TypeId>,
    /// The variable it declares.
    pub decl: Option<(LocalId, Pos)>,
}

impl<'a> Lower<'a, '_> {
    /// `var a, b T = x, y` in a function.
    pub(super) fn var_decl(&mut self, spec: &'a ast::VarSpec, out: &mut Vec<Stmt>) {
        let places: Vec<Place> = spec.names.iter().map(|n| self.define(n)).collect();
        if spec.values.is_empty() {
            for p in places {
                if let Some((local, pos)) = p.decl {
                    out.push(Stmt { pos, kind: StmtKind::Decl(local) });
                }
            }
            return;
        }
        // Go says such a declaration is at its (first) name.
        let pos = spec.names[0].span.lo;
        self.assign_places(&places, &spec.values, pos, out);
    }

    /// `lhs = rhs` and `lhs := rhs`.
    pub(super) fn assign(
        &mut self,
        lhs: &'a [ast::Expr],
        rhs: &'a [ast::Expr],
        define: bool,
        pos: Pos,
        out: &mut Vec<Stmt>,
    ) {
        let places: Vec<Place> = lhs.iter().map(|e| self.place(e, define)).collect();
        self.assign_places(&places, rhs, pos, out);
    }

    /// Declares a variable at its identifier.
    pub(super) fn define(&mut self, name: &ast::Ident) -> Place {
        let obj = self.cx.info().defs.get(&name.id).copied();
        let Some(obj) = obj else { return Place { x: None, ty: None, decl: None } };
        if name.name.is_blank() {
            let raw = self.cx.objs()[obj].ty;
            let ty = self.canon(raw);
            // Go does not convert to interfaces what it throws away.
            let ty = (!self.types().is_interface(ty)).then_some(ty);
            return Place { x: None, ty, decl: None };
        }
        let local = self.declare(obj, name.span.lo, LocalKind::Auto);
        let ty = self.cur().func.locals[local].ty;
        let x = self.local_expr(local, name.span.lo, name.span);
        Place { x: Some(x), ty: Some(ty), decl: Some((local, name.span.lo)) }
    }

    /// A left side; with `define`, names that declare something do.
    pub(super) fn place(&mut self, e: &'a ast::Expr, define: bool) -> Place {
        let e = unparen(e);
        if let ast::ExprKind::Name(name) = &e.kind {
            if name.name.is_blank() {
                return Place { x: None, ty: None, decl: None };
            }
            if define && self.cx.info().defs.contains_key(&name.id) {
                return self.define(name);
            }
        }
        let x = self.expr(e);
        Place { x: Some(x), ty: Some(self.x_ty(x)), decl: None }
    }

    fn declare_places(&mut self, places: &[Place], out: &mut Vec<Stmt>) -> bool {
        let mut def = false;
        for p in places {
            if let Some((local, pos)) = p.decl {
                out.push(Stmt { pos, kind: StmtKind::Decl(local) });
                def = true;
            }
        }
        def
    }

    /// An initialiser of package variables.
    pub(super) fn assign_initial(&mut self, places: &[Place], rhs: &'a ast::Expr, pos: Pos, out: &mut Vec<Stmt>) {
        let first = out.len();
        self.assign_places(places, std::slice::from_ref(rhs), pos, out);
        for s in &mut out[first..] {
            match &mut s.kind {
                StmtKind::Assign { def, .. }
                | StmtKind::AssignMulti { def, .. }
                | StmtKind::AssignCall { def, .. }
                | StmtKind::AssignCommaOk { def, .. } => *def = true,
                _ => {}
            }
        }
    }

    fn assign_places(&mut self, places: &[Place], rhs: &'a [ast::Expr], pos: Pos, out: &mut Vec<Stmt>) {
        let lhs: Vec<Option<ExprId>> = places.iter().map(|p| p.x).collect();
        if let [p] = places {
            let rhs = self.expr_as(&rhs[0], p.ty);
            let def = self.declare_places(places, out);
            out.push(Stmt { pos, kind: StmtKind::Assign { lhs: p.x, rhs, def } });
            return;
        }
        if rhs.len() == places.len() {
            let rhs = rhs.iter().zip(places).map(|(e, p)| self.expr_as(e, p.ty)).collect();
            let def = self.declare_places(places, out);
            out.push(Stmt { pos, kind: StmtKind::AssignMulti { lhs, rhs, def } });
            return;
        }
        let e = unparen(&rhs[0]);
        if let ast::ExprKind::Call { .. } = e.kind {
            let types = self.multi_value(rhs).unwrap_or_default();
            let same = places.iter().zip(&types).all(|(p, &t)| p.ty.is_none_or(|ty| ty == t));
            // Statements attached to the call run before it, which is too early if the left side has calls.
            let plain = same && !places.iter().any(|p| p.x.is_some_and(|x| self.calls(x)));
            // Where reports are wanted, the temporaries that Go has in any case are there.
            if plain && !self.report {
                let first = self.skip_temps(types.len());
                let call = self.expr(e);
                let call = self.plain_call(call, out);
                self.cur().func.temps.insert(call, first);
                let def = self.declare_places(places, out);
                out.push(Stmt { pos, kind: StmtKind::AssignCall { lhs, call, def } });
                return;
            }
            let dst: Vec<Option<TypeId>> = places.iter().map(|p| p.ty).collect();
            let rhs = self.spread_call(e, &types, &dst, pos);
            let def = self.declare_places(places, out);
            out.push(Stmt { pos, kind: StmtKind::AssignMulti { lhs, rhs, def } });
            return;
        }
        let x = self.expr(e);
        let kind = self.comma_ok_kind(x);
        let value_ty = self.x_ty(x);
        let same = places[0].ty.is_none_or(|t| t == value_ty) && places[1].ty.is_none_or(|t| t == Types::BOOL);
        if same && !self.report {
            self.cur().n_dcl += 2;
            let def = self.declare_places(places, out);
            out.push(Stmt { pos, kind: StmtKind::AssignCommaOk { lhs: [lhs[0], lhs[1]], rhs: x, kind, def } });
            return;
        }
        let rhs = self.comma_ok_temps(x, kind, places, pos);
        let def = self.declare_places(places, out);
        out.push(Stmt { pos, kind: StmtKind::AssignMulti { lhs, rhs, def } });
    }

    /// The two values of a comma-ok expression through temporaries, converted for the places.
    fn comma_ok_temps(&mut self, x: ExprId, kind: CommaOk, places: &[Place], pos: Pos) -> Vec<ExprId> {
        let (value_ty, span) = (self.x_ty(x), self.x(x).span);
        let temps = [self.temp(value_ty, pos), self.temp(Types::BOOL, pos)];
        let mut stmts: Vec<Stmt> = temps.iter().map(|&t| Stmt { pos, kind: StmtKind::Decl(t) }).collect();
        let lhs = temps.map(|t| Some(self.local_expr(t, pos, span)));
        stmts.push(Stmt { pos, kind: StmtKind::AssignCommaOk { lhs, rhs: x, kind, def: true } });
        let mut values = Vec::new();
        for (i, &t) in temps.iter().enumerate() {
            let mut v = self.local_expr(t, pos, span);
            if let Some(ty) = places[i].ty {
                v = self.implicit_conv(v, ty, pos, span);
            }
            if i == 0 {
                let ty = self.x_ty(v);
                v = self.add(ExprKind::Init { stmts: std::mem::take(&mut stmts), x: v }, ty, pos, span);
            }
            values.push(v);
        }
        values
    }

    /// Which comma-ok form an expression has.
    pub(super) fn comma_ok_kind(&mut self, x: ExprId) -> CommaOk {
        match self.x(x).kind {
            ExprKind::TypeAssert { .. } => CommaOk::TypeAssert,
            ExprKind::IndexMap { .. } => CommaOk::Map,
            ExprKind::Recv(_) => CommaOk::Recv,
            _ => crate::bug!("hir", self.cur().func.link_name, "two values from an expression that has one"),
        }
    }

    /// `x++`, `x--`
    pub(super) fn inc_dec(&mut self, x: &'a ast::Expr, inc: bool, pos: Pos, out: &mut Vec<Stmt>) {
        let lhs = self.expr(x);
        let ty = self.x_ty(lhs);
        let rhs = self.constant(ConstValue::int(1), ty, pos, x.span);
        let op = if inc { BinaryOp::Add } else { BinaryOp::Sub };
        out.push(Stmt { pos, kind: StmtKind::AssignOp { op, lhs, rhs, inc_dec: true } });
    }

    /// `lhs op= rhs`
    pub(super) fn assign_op(
        &mut self,
        op: BinOp,
        lhs: &'a ast::Expr,
        rhs: &'a ast::Expr,
        pos: Pos,
        out: &mut Vec<Stmt>,
    ) {
        let lhs = self.expr(lhs);
        let ty = self.x_ty(lhs);
        let rhs = match op {
            BinOp::Shl | BinOp::Shr => self.shift_count(rhs),
            _ => self.expr_as(rhs, Some(ty)),
        };
        out.push(Stmt { pos, kind: StmtKind::AssignOp { op: binary_op(op), lhs, rhs, inc_dec: false } });
    }

    /// Element and key types that a range over a value of this type gives.
    pub(super) fn range_types(&mut self, ty: TypeId) -> (TypeId, Option<TypeId>) {
        let (key, value) = match self.types().underlying_kind(ty).clone() {
            TypeKind::Basic(b) if b.is_string() => (Types::INT, Some(Types::INT32)),
            TypeKind::Basic(_) => (ty, None),
            TypeKind::Array { elem, .. } | TypeKind::Slice(elem) => (Types::INT, Some(elem)),
            TypeKind::Pointer(array) => match *self.types().underlying_kind(array) {
                TypeKind::Array { elem, .. } => (Types::INT, Some(elem)),
                _ => (Types::INVALID, None),
            },
            TypeKind::Map { key, elem } => (key, Some(elem)),
            TypeKind::Chan { elem, .. } => (elem, None),
            _ => (Types::INVALID, None),
        };
        let key = self.canon_in(key, None);
        (key, value.map(|v| self.canon_in(v, None)))
    }
}
