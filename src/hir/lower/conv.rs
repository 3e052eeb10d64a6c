//! Conversions, written and implicit.

#![forbid(unsafe_code)]

use super::Lower;
use crate::hir::ir::*;
use crate::source::{Pos, Span};
use crate::syntax::ast;
use crate::types::{Basic, ConstValue, TypeId, TypeKind, Types};

impl<'a> Lower<'a, '_> {
    /// Lowers an expression and converts it implicitly to `dst`, as assignments do. `None`: no conversion.
    pub(super) fn expr_as(&mut self, e: &'a ast::Expr, dst: Option<TypeId>) -> ExprId {
        let x = self.expr(e);
        match dst {
            Some(dst) => self.implicit_conv(x, dst, e.pos, e.span),
            None => x,
        }
    }

    /// Converts a value for an assignment to a `dst`, at `pos`.
    pub(super) fn implicit_conv(&mut self, x: ExprId, dst: TypeId, pos: Pos, span: Span) -> ExprId {
        if self.x_ty(x) == dst {
            return x;
        }
        if self.is_untyped_nil(x) {
            self.cur().func.exprs[x].ty = dst;
            return x;
        }
        self.convert(x, dst, pos, span, true)
    }

    /// Whether this is a `nil` that the checker found no type for.
    pub(super) fn is_untyped_nil(&self, x: ExprId) -> bool {
        let e = self.x(x);
        matches!(e.kind, ExprKind::Nil) && e.ty == Types::UNTYPED_NIL
    }

    /// A conversion between types that are not identical, or an explicit one.
    pub(super) fn convert(&mut self, x: ExprId, dst: TypeId, pos: Pos, span: Span, implicit: bool) -> ExprId {
        let src = self.x_ty(x);
        let kind = self.conversion(x, src, dst);
        if let ExprKind::ConvIface(_) = kind {
            self.uses_interface(dst);
            if !self.types().is_interface(src) {
                self.in_interface(src);
            }
        }
        if implicit { self.add_implicit(kind, dst, pos, span) } else { self.add(kind, dst, pos, span) }
    }

    /// The canonical underlying type.
    pub(super) fn underlying(&mut self, ty: TypeId) -> TypeId {
        let under = self.types().underlying(ty);
        self.cx.types_mut().canonical(under)
    }

    fn conversion(&mut self, x: ExprId, src: TypeId, dst: TypeId) -> ExprKind {
        if self.types().is_interface(dst) {
            // Without methods, all interfaces are the same two words. With methods, the table belongs to the
            // interface type: values of one type compare equal only if theirs come from the same one.
            let empty = |l: &Self, ty: TypeId| l.types().is_interface(ty) && l.types().interface_methods(ty).is_empty();
            let same = empty(self, src) && empty(self, dst);
            return if same { ExprKind::Conv(x) } else { ExprKind::ConvIface(x) };
        }
        let types = self.types();
        let (s, d) = (types.underlying_kind(src), types.underlying_kind(dst));
        match (s, d) {
            (TypeKind::Basic(b), TypeKind::Basic(Basic::String)) if b.is_integer() => {
                ExprKind::StrConv(StrConv::RuneToStr, x)
            }
            (TypeKind::Slice(elem), TypeKind::Basic(Basic::String)) => {
                let bytes = types.basic(*elem) == Some(Basic::Uint8);
                let defined = matches!(types.kind(*elem), TypeKind::Named(_));
                // Go converts elements of other types first.
                let x = if defined { self.plain_elements(x, bytes) } else { x };
                ExprKind::StrConv(if bytes { StrConv::BytesToStr } else { StrConv::RunesToStr }, x)
            }
            (TypeKind::Basic(Basic::String), TypeKind::Slice(elem)) => match types.basic(*elem) {
                Some(Basic::Uint8) => ExprKind::StrConv(StrConv::StrToBytes, x),
                _ => match &self.x(x).kind {
                    // Go makes a literal of it.
                    ExprKind::Const(ConstValue::Str(s)) => {
                        let (s, elem) = (s.clone(), *elem);
                        let elem = self.canon_in(elem, None);
                        self.rune_literal(&s, elem, x)
                    }
                    _ => ExprKind::StrConv(StrConv::StrToRunes, x),
                },
            },
            (TypeKind::Slice(_), TypeKind::Array { .. }) => ExprKind::SliceToArray(x),
            (TypeKind::Slice(_), TypeKind::Pointer(elem))
                if matches!(types.underlying_kind(*elem), TypeKind::Array { .. }) =>
            {
                ExprKind::SliceToArrayPtr(x)
            }
            _ => ExprKind::Conv(x),
        }
    }

    /// `[]byte(x)` or `[]rune(x)` of a slice of a defined type.
    fn plain_elements(&mut self, x: ExprId, bytes: bool) -> ExprId {
        let (pos, span) = (self.x(x).pos, self.x(x).span);
        let elem = if bytes { Types::BYTE } else { Types::RUNE };
        let raw = self.cx.types_mut().slice(elem);
        let ty = self.canon_in(raw, None);
        let x = self.add(ExprKind::Conv(x), ty, pos, span);
        self.note_spelling(x, raw);
        x
    }

    /// The characters of a constant string as a slice literal.
    fn rune_literal(&mut self, s: &[u8], elem: TypeId, x: ExprId) -> ExprKind {
        let (pos, span) = (self.x(x).pos, self.x(x).span);
        let mut elems = Vec::new();
        for chunk in s.utf8_chunks() {
            let invalid = std::iter::repeat_n('\u{fffd}', chunk.invalid().len());
            for c in chunk.valid().chars().chain(invalid) {
                let value = self.constant(ConstValue::int(c as u32), elem, pos, span);
                elems.push(Elem { index: elems.len() as u64, value });
            }
        }
        ExprKind::SliceLit { len: elems.len() as u64, elems }
    }

    /// The type both operands of a binary operator are converted to.
    pub(super) fn common_type(&self, x: TypeId, y: TypeId) -> TypeId {
        if x == y {
            return x;
        }
        let types = self.types();
        match (types.is_interface(x), types.is_interface(y)) {
            (false, true) => y,
            (true, false) => x,
            (true, true) => {
                // The one with fewer methods: the other implements it.
                if types.interface_methods(x).len() < types.interface_methods(y).len() { x } else { y }
            }
            (false, false) => match (types.underlying_kind(x), types.underlying_kind(y)) {
                // A channel of both directions goes into one of either.
                (_, TypeKind::Chan { dir: ast::ChanDir::Both, .. }) => x,
                _ => y,
            },
        }
    }
}
