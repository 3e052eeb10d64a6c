//! Expressions.

#![forbid(unsafe_code)]

use super::Lower;
use crate::hir::ir::*;
use crate::source::{Pos, Span};
use crate::syntax::ast::{self, BinOp, UnOp};
use crate::types::{
    Basic, ConstValue, Mode, ObjId, ObjKind, SelectionKind, TypeAndValue, TypeId, TypeKind, Types, VarKind,
};

/// An expression without the parentheses around it.
pub(super) fn unparen(mut e: &ast::Expr) -> &ast::Expr {
    while let ast::ExprKind::Paren(inner) = &e.kind {
        e = inner;
    }
    e
}

impl<'a> Lower<'a, '_> {
    /// What the checker found out about an expression.
    pub(super) fn tv(&self, e: &ast::Expr) -> Option<TypeAndValue> {
        self.cx.info().exprs.get(e.id).cloned().flatten()
    }

    /// The constant value of an expression, if it has one.
    pub(super) fn const_value(&self, e: &ast::Expr) -> Option<ConstValue> {
        self.tv(e).and_then(|tv| tv.value)
    }

    /// Whether an expression denotes a type.
    pub(super) fn is_type(&self, e: &ast::Expr) -> bool {
        self.tv(e).is_some_and(|tv| tv.mode == Mode::Type)
    }

    /// The type the checker gave an expression, as it is written.
    pub(super) fn raw_type(&self, e: &ast::Expr) -> TypeId {
        self.tv(e).map_or(Types::INVALID, |tv| tv.ty)
    }

    /// The canonical type of an expression.
    pub(super) fn type_of(&mut self, e: &ast::Expr) -> TypeId {
        let raw = self.raw_type(e);
        let ty = self.canon(raw);
        self.concrete(ty, None)
    }

    /// Types for what the checker may leave untyped because no typed context needs it.
    fn concrete(&self, ty: TypeId, value: Option<&ConstValue>) -> TypeId {
        let TypeKind::Basic(b) = self.types().kind(ty) else { return ty };
        match b {
            Basic::UntypedBool => Types::BOOL,
            Basic::UntypedInt => Types::INT,
            Basic::UntypedRune => Types::INT32,
            Basic::UntypedFloat => match value {
                Some(v) if v.to_int().is_some() => Types::INT,
                _ => Types::FLOAT64,
            },
            Basic::UntypedComplex => Types::COMPLEX128,
            Basic::UntypedString => Types::STRING,
            _ => ty,
        }
    }

    /// The object that a name or a package's name denotes.
    pub(super) fn object_of(&self, e: &ast::Expr) -> Option<(ObjId, ast::Ident)> {
        let info = self.cx.info();
        let ident = match &e.kind {
            ast::ExprKind::Name(ident) => *ident,
            ast::ExprKind::Selector(x, sel) => {
                let ast::ExprKind::Name(pkg) = &unparen(x).kind else { return None };
                let used = info.uses.get(&pkg.id)?;
                if !matches!(self.cx.objs()[*used].kind, ObjKind::PkgName(_)) {
                    return None;
                }
                *sel
            }
            _ => return None,
        };
        let obj = info.uses.get(&ident.id).or_else(|| info.defs.get(&ident.id))?;
        Some((*obj, ident))
    }

    /// A constant of a canonical type.
    pub(super) fn constant(&mut self, value: ConstValue, ty: TypeId, pos: Pos, span: Span) -> ExprId {
        self.add(ExprKind::Const(value), ty, pos, span)
    }

    /// An `int` constant.
    pub(super) fn int_const(&mut self, v: i64, pos: Pos, span: Span) -> ExprId {
        self.constant(ConstValue::int(v), Types::INT, pos, span)
    }

    /// Lowers an expression that has one value.
    pub(super) fn expr(&mut self, e: &'a ast::Expr) -> ExprId {
        let e = unparen(e);
        let (pos, span) = (e.pos, e.span);
        let tv = self.tv(e);
        if let Some(tv) = &tv {
            if let Some(value) = &tv.value {
                let ty = self.canon(tv.ty);
                let ty = self.concrete(ty, Some(value));
                // A constant of a type parameter's type: an interface only if the argument were one.
                let x = self.constant(value.clone(), ty, pos, span);
                self.note_spelling(x, tv.ty);
                return x;
            }
            if tv.mode == Mode::Nil {
                let ty = self.canon(tv.ty);
                return self.add(ExprKind::Nil, ty, pos, span);
            }
        }
        if let Some((obj, ident)) = self.object_of(e) {
            return self.object_use(e, obj, ident);
        }
        match &e.kind {
            ast::ExprKind::CompositeLit { .. } => self.composite(e),
            ast::ExprKind::FuncLit { sig, body } => self.func_lit(e, sig, body),
            ast::ExprKind::Selector(x, sel) => self.selector(e, x, *sel),
            ast::ExprKind::Index(x, indices) => self.index(e, x, indices),
            ast::ExprKind::Slice { x, lo, hi, max, .. } => {
                let x = self.expr(x);
                let x = self.sliceable(x, pos, span);
                let mut bound = |e: &'a Option<Box<ast::Expr>>| e.as_ref().map(|e| self.expr(e));
                let (lo, hi, max) = (bound(lo), bound(hi), bound(max));
                let ty = self.type_of(e);
                self.add(ExprKind::Slice { x, lo, hi, max }, ty, pos, span)
            }
            ast::ExprKind::TypeAssert(x, t) => {
                let x = self.expr(x);
                let raw = self.raw_type(t);
                let ty = self.canon(raw);
                self.asserted(ty);
                let x = self.add(ExprKind::TypeAssert { x }, ty, pos, span);
                self.note_spelling(x, raw);
                x
            }
            ast::ExprKind::Call { .. } => self.call(e),
            ast::ExprKind::Star(x) => {
                let x = self.expr(x);
                let ty = self.type_of(e);
                self.add(ExprKind::Deref(x), ty, pos, span)
            }
            ast::ExprKind::Unary(op, x) => self.unary(e, *op, x),
            ast::ExprKind::Binary { op, x, y, .. } => self.binary(e, *op, x, y),
            _ => crate::bug!("hir", self.cur().func.link_name, "expression at {pos:?} has no value"),
        }
    }

    /// An interface type that values are asserted to have.
    pub(super) fn asserted(&mut self, ty: TypeId) {
        if self.types().is_interface(ty) {
            self.uses_interface(ty);
        } else {
            self.in_interface(ty);
        }
    }

    fn object_use(&mut self, e: &'a ast::Expr, obj: ObjId, ident: ast::Ident) -> ExprId {
        let (pos, span) = (e.pos, e.span);
        match self.cx.objs()[obj].kind.clone() {
            ObjKind::Var(VarKind::Package) => {
                let global = self.global(obj);
                let ty = self.prog.globals[global].ty;
                self.add(ExprKind::Global(global), ty, pos, span)
            }
            ObjKind::Var(_) => {
                let local = self.captured_at(obj, pos);
                let x = self.local_expr(local, pos, span);
                let raw = self.cx.objs()[obj].ty;
                self.note_spelling(x, raw);
                x
            }
            ObjKind::Func(_) => {
                let mut func = self.instance_of(obj, ident.id);
                if self.is_static_instance(func, ident.id) {
                    func = self.instance(func, obj);
                } else if !self.prog.funcs[func].dict.is_empty() {
                    return self.instance_closure(func, pos, span);
                }
                let ty = self.prog.funcs[func].sig;
                self.add(ExprKind::Func(func), ty, pos, span)
            }
            ObjKind::Nil => {
                let ty = self.type_of(e);
                self.add(ExprKind::Nil, ty, pos, span)
            }
            _ => crate::bug!("hir", self.cur().func.link_name, "`{}` is no value", ident.name),
        }
    }

    /// The function that a name denotes, with the type arguments recorded there.
    pub(super) fn instance_of(&mut self, obj: ObjId, name: ast::NodeId) -> FuncId {
        let targs = self.instance_targs(name);
        if targs.is_empty() {
            return self.declared_func(obj, targs);
        }
        let raw = self.cx.info().instances.get(&name).map(|i| i.targs.clone()).unwrap_or_default();
        let shapes = self.shapes_of(obj, &raw, &targs);
        self.declared_in_shape(obj, targs, shapes)
    }

    /// Whether a name denotes an instance whose type arguments do not depend on those of the function it
    /// stands in.
    pub(super) fn is_static_instance(&self, func: FuncId, name: ast::NodeId) -> bool {
        let targs = self.cx.info().instances.get(&name).map_or(&[][..], |i| &i.targs);
        !self.prog.funcs[func].dict.is_empty() && targs.iter().all(|&t| self.is_ground(t))
    }

    /// Canonical type arguments recorded at a name.
    pub(super) fn instance_targs(&mut self, id: ast::NodeId) -> Vec<TypeId> {
        let Some(inst) = self.cx.info().instances.get(&id) else { return Vec::new() };
        let targs = inst.targs.clone();
        targs.into_iter().map(|t| self.canon(t)).collect()
    }

    fn selector(&mut self, e: &'a ast::Expr, x: &'a ast::Expr, name: ast::Ident) -> ExprId {
        let (pos, span) = (e.pos, e.span);
        let Some(sel) = self.cx.info().selections.get(&e.id).cloned() else {
            crate::bug!("hir", self.cur().func.link_name, "selector .{} was not resolved", name.name);
        };
        match sel.kind {
            SelectionKind::Field => {
                let x = self.expr(x);
                self.select_path(x, &sel.path, pos, span)
            }
            SelectionKind::Method => {
                let raw = self.raw_type(x);
                let x = self.expr(x);
                let recv_ty = self.x_ty(x);
                let mut m = self.selected_method(&sel, recv_ty);
                let own = self.instance_targs(name.id);
                self.instantiate_method(&mut m, own);
                let recv = self.receiver(x, &m, pos, span);
                if self.subst().is_some() && !self.is_ground(raw) {
                    if matches!(m.target, super::method::Target::Declared { .. }) || self.types().is_type_param(raw) {
                        return self.curried(recv, &m, self.types().is_type_param(raw), pos, span);
                    }
                    // The interface type is that of the instance.
                    let ty = self.x_ty(recv);
                    let recv = self.add(ExprKind::Conv(recv), ty, pos, span);
                    self.note_spelling(recv, raw);
                    let func = self.method_value_func(ty, &m);
                    return self.add(ExprKind::MethodValue { recv, func }, m.sig, pos, span);
                }
                let recv_ty = self.x_ty(recv);
                let func = self.method_value_func(recv_ty, &m);
                self.add(ExprKind::MethodValue { recv, func }, m.sig, pos, span)
            }
            SelectionKind::MethodExpr => {
                let raw = self.raw_type(x);
                let recv = self.canon(raw);
                let mut m = self.selected_method(&sel, recv);
                let own = self.instance_targs(name.id);
                self.instantiate_method(&mut m, own);
                let ty = self.method_expr_type(recv, m.sig);
                let derived = self.subst().is_some() && !self.is_ground(raw) && !self.types().is_type_param(raw);
                if derived && matches!(m.target, super::method::Target::Declared { .. }) {
                    return self.method_expr_closure(&m, ty, pos, span);
                }
                let func = self.method_expr(recv, &m);
                self.add(ExprKind::Func(func), ty, pos, span)
            }
        }
    }

    fn index(&mut self, e: &'a ast::Expr, x: &'a ast::Expr, indices: &'a [ast::Expr]) -> ExprId {
        let (pos, span) = (e.pos, e.span);
        // `F[T]`: an instance of a function.
        if indices.iter().any(|i| self.is_type(i)) {
            let fun = unparen(x);
            if let Some((obj, ident)) = self.object_of(fun) {
                return self.object_use(e, obj, ident);
            }
            return self.expr(fun);
        }
        let x = self.expr(x);
        let ty = self.x_ty(x);
        let index = &indices[0];
        match self.types().underlying_kind(ty).clone() {
            TypeKind::Map { key, elem } => {
                let key = self.canon_in(key, None);
                let elem = self.canon_in(elem, None);
                let key = self.expr_as(index, Some(key));
                self.add(ExprKind::IndexMap { x, key }, elem, pos, span)
            }
            TypeKind::Pointer(array) => {
                let array = self.canon_in(array, None);
                let x = self.add_implicit(ExprKind::Deref(x), array, pos, span);
                self.index_elem(x, array, index, pos, span)
            }
            _ => self.index_elem(x, ty, index, pos, span),
        }
    }

    fn index_elem(&mut self, x: ExprId, ty: TypeId, index: &'a ast::Expr, pos: Pos, span: Span) -> ExprId {
        let elem = match self.types().underlying_kind(ty) {
            TypeKind::Array { elem, .. } | TypeKind::Slice(elem) => *elem,
            _ => Types::UINT8,
        };
        let elem = self.canon_in(elem, None);
        let index = self.expr(index);
        self.add(ExprKind::Index { x, index, bounded: false }, elem, pos, span)
    }

    /// The operand of a slice expression: an array is sliced through its address.
    pub(super) fn sliceable(&mut self, x: ExprId, pos: Pos, span: Span) -> ExprId {
        let ty = self.x_ty(x);
        if matches!(self.types().underlying_kind(ty), TypeKind::Array { .. }) {
            let ptr = self.cx.types_mut().pointer(ty);
            return self.add_implicit(ExprKind::Addr(x), ptr, pos, span);
        }
        x
    }

    fn unary(&mut self, e: &'a ast::Expr, op: UnOp, x: &'a ast::Expr) -> ExprId {
        let (pos, span) = (e.pos, e.span);
        let lit = matches!(unparen(x).kind, ast::ExprKind::CompositeLit { .. });
        let x = self.expr(x);
        let ty = self.type_of(e);
        let kind = match op {
            UnOp::Addr if lit => ExprKind::PtrLit(x),
            UnOp::Addr => ExprKind::Addr(x),
            UnOp::Recv => {
                // Used for its one value: the element, whatever the checker recorded.
                let chan = self.x_ty(x);
                let elem = self.chan_elem(chan);
                return self.add(ExprKind::Recv(x), elem, pos, span);
            }
            UnOp::Plus => ExprKind::Unary(UnaryOp::Plus, x),
            UnOp::Neg => ExprKind::Unary(UnaryOp::Neg, x),
            UnOp::Not => ExprKind::Unary(UnaryOp::Not, x),
            UnOp::BitNot | UnOp::Tilde => ExprKind::Unary(UnaryOp::BitNot, x),
        };
        self.add(kind, ty, pos, span)
    }

    /// The element type of a channel.
    pub(super) fn chan_elem(&mut self, ty: TypeId) -> TypeId {
        let elem = match self.types().underlying_kind(ty) {
            TypeKind::Chan { elem, .. } => *elem,
            _ => Types::INVALID,
        };
        self.canon_in(elem, None)
    }

    fn binary(&mut self, e: &'a ast::Expr, op: BinOp, x: &'a ast::Expr, y: &'a ast::Expr) -> ExprId {
        let (pos, span) = (e.pos, e.span);
        let ty = self.type_of(e);
        let lx = self.expr(x);
        if matches!(op, BinOp::Shl | BinOp::Shr) {
            let ly = self.expr(y);
            let raw = self.raw_type(y);
            if matches!(self.types().kind(raw), TypeKind::Basic(b) if b.is_untyped()) {
                // A count without a type is a uint.
                self.cur().func.exprs[ly].ty = Types::UINT;
                self.cur().func.spelled.remove(&ly);
            }
            return self.add(ExprKind::Binary(binary_op(op), lx, ly), ty, pos, span);
        }
        let ly = self.expr(y);
        let common = self.operand_type(lx, ly);
        let lx = self.implicit_conv(lx, common, x.pos, x.span);
        let ly = self.implicit_conv(ly, common, y.pos, y.span);
        match op {
            BinOp::AndAnd => self.add(ExprKind::AndAnd(lx, ly), ty, pos, span),
            BinOp::OrOr => self.add(ExprKind::OrOr(lx, ly), ty, pos, span),
            BinOp::Add if self.types().basic(ty).is_some_and(Basic::is_string) => {
                let parts = self.concat(lx, ly);
                self.add(ExprKind::AddStr(parts), ty, pos, span)
            }
            _ => self.add(ExprKind::Binary(binary_op(op), lx, ly), ty, pos, span),
        }
    }

    /// The right operand of a shift: a constant that is written as a float or character counts too.
    pub(super) fn shift_count(&mut self, y: &'a ast::Expr) -> ExprId {
        let x = self.expr(y);
        let is_integer = self.types().basic(self.x_ty(x)).is_some_and(Basic::is_integer);
        if matches!(self.x(x).kind, ExprKind::Const(_)) && !is_integer {
            self.cur().func.exprs[x].ty = Types::UINT;
        }
        x
    }

    /// The common type of two lowered operands; a nil takes the other's.
    fn operand_type(&self, x: ExprId, y: ExprId) -> TypeId {
        let (tx, ty) = (self.x_ty(x), self.x_ty(y));
        match (self.is_untyped_nil(x), self.is_untyped_nil(y)) {
            (true, _) => ty,
            (_, true) => tx,
            _ => self.common_type(tx, ty),
        }
    }

    /// The operands of a string addition, those of its operands included.
    fn concat(&mut self, x: ExprId, y: ExprId) -> Vec<ExprId> {
        let mut parts = Vec::new();
        for id in [x, y] {
            match &mut self.cur().func.exprs[id].kind {
                ExprKind::AddStr(inner) => parts.append(inner),
                _ => parts.push(id),
            }
        }
        parts
    }

    /// Whether a condition is always true (1), always false (-1) or unknown (0), and the part of it that
    /// needs evaluating.
    pub(super) fn static_bool<'e>(&self, e: &'e ast::Expr) -> (i32, &'e ast::Expr) {
        if let Some(v) = self.const_value(e) {
            return (if v.to_bool() == Some(true) { 1 } else { -1 }, e);
        }
        match &e.kind {
            ast::ExprKind::Unary(UnOp::Not, x) => (-self.static_bool(x).0, e),
            ast::ExprKind::Binary { op: BinOp::AndAnd, x, y, .. } => {
                let (sx, ex) = self.static_bool(x);
                if sx < 0 {
                    return (sx, ex);
                }
                let (sy, ey) = self.static_bool(y);
                if sx > 0 || sy < 0 {
                    return (sy, if self.const_value(x).is_some() { ey } else { e });
                }
                (0, e)
            }
            ast::ExprKind::Binary { op: BinOp::OrOr, x, y, .. } => {
                let (sx, ex) = self.static_bool(x);
                if sx > 0 {
                    return (sx, ex);
                }
                let (sy, ey) = self.static_bool(y);
                if sx < 0 || sy > 0 {
                    return (sy, if self.const_value(x).is_some() { ey } else { e });
                }
                (0, e)
            }
            _ => (0, e),
        }
    }
}

/// The operator of the typed tree.
pub(super) fn binary_op(op: BinOp) -> BinaryOp {
    match op {
        BinOp::Add => BinaryOp::Add,
        BinOp::Sub => BinaryOp::Sub,
        BinOp::Mul => BinaryOp::Mul,
        BinOp::Div => BinaryOp::Div,
        BinOp::Rem => BinaryOp::Rem,
        BinOp::And | BinOp::AndAnd => BinaryOp::And,
        BinOp::Or | BinOp::OrOr => BinaryOp::Or,
        BinOp::Xor => BinaryOp::Xor,
        BinOp::AndNot => BinaryOp::AndNot,
        BinOp::Shl => BinaryOp::Shl,
        BinOp::Shr => BinaryOp::Shr,
        BinOp::Eq => BinaryOp::Eq,
        BinOp::Ne => BinaryOp::Ne,
        BinOp::Lt => BinaryOp::Lt,
        BinOp::Le => BinaryOp::Le,
        BinOp::Gt => BinaryOp::Gt,
        BinOp::Ge => BinaryOp::Ge,
    }
}
