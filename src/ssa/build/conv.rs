//! Conversions between numbers, and between types with the same representation.

#![forbid(unsafe_code)]

use super::super::ir::{ConvOp, Ty, Value, ValueList};
use super::Builder;
use super::arith::{bits, is_float};
use crate::hir::ExprId;
use crate::types::{Basic, TypeId};

impl Builder<'_> {
    pub(super) fn conv_words(&mut self, x: ExprId, to: TypeId) -> ValueList {
        let pos = self.g.pos;
        let from = self.ty_of(x);
        let w = self.words(x);
        self.g.pos = pos;
        let (Some(f), Some(t)) = (self.types.basic(from), self.types.basic(to)) else {
            return self.same_repr(w, to);
        };
        if f == t {
            return w;
        }
        if f.is_complex() && t.is_complex() {
            let ty = self.layout(to).leaves[0].ty;
            return w.iter().map(|&v| self.float_to_float(v, ty)).collect();
        }
        if w.len() != 1 {
            return w;
        }
        let ty = self.layout(to).leaves[0].ty;
        Self::one(self.number(w[0], f, t, ty))
    }

    /// Pointers to and from `uintptr` aside, the words are the same.
    fn same_repr(&mut self, w: ValueList, to: TypeId) -> ValueList {
        if w.len() == 1 {
            let ty = self.layout(to).leaves[0].ty;
            let v = match (self.g.ty(w[0]), ty) {
                (Ty::I64, Ty::Ptr) => self.as_ptr(w[0]),
                (Ty::Ptr, Ty::I64) => self.conv(ConvOp::FromPtr, w[0], Ty::I64),
                _ => w[0],
            };
            return Self::one(v);
        }
        w
    }

    fn float_to_float(&mut self, v: Value, ty: Ty) -> Value {
        match (self.g.ty(v), ty) {
            (Ty::F32, Ty::F64) => self.conv(ConvOp::FPromote, v, ty),
            (Ty::F64, Ty::F32) => self.conv(ConvOp::FDemote, v, ty),
            _ => v,
        }
    }

    fn number(&mut self, v: Value, from: Basic, to: Basic, ty: Ty) -> Value {
        let vt = self.g.ty(v);
        let from_signed = !from.is_unsigned();
        match (is_float(vt), is_float(ty)) {
            (true, true) => self.float_to_float(v, ty),
            (false, true) => {
                if vt == Ty::I64 && !from_signed {
                    return self.conv(ConvOp::UIntToF, v, ty);
                }
                let v = self.widen(v, from_signed);
                self.conv(ConvOp::SIntToF, v, ty)
            }
            (true, false) => {
                if to.is_unsigned() && ty == Ty::I64 {
                    return self.conv(ConvOp::FToUInt, v, ty);
                }
                // Go converts to 32 bits where these hold the target's values, else to 64.
                let wide = if ty == Ty::I64 || to == Basic::Uint32 { Ty::I64 } else { Ty::I32 };
                let i = self.conv(ConvOp::FToSInt, v, wide);
                self.conv(ConvOp::Trunc, i, ty)
            }
            (false, false) => match (vt, ty) {
                (Ty::Ptr, Ty::Ptr) => v,
                (Ty::Ptr, _) => self.conv(ConvOp::FromPtr, v, Ty::I64),
                (_, Ty::Ptr) => self.as_ptr(v),
                _ if bits(vt) > bits(ty) => self.conv(ConvOp::Trunc, v, ty),
                _ if from_signed => self.conv(ConvOp::SExt, v, ty),
                _ => self.conv(ConvOp::ZExt, v, ty),
            },
        }
    }
}
