//! Arithmetic on integers, floats and complex numbers.

#![forbid(unsafe_code)]

use super::super::ir::{BinOp, CheckKind, Cmp, ConvOp, FCmp, InstKind, Ty, UnOp, Value, ValueList};
use super::Builder;
use crate::abi::rtfn::RtFn;
use crate::hir::{BinaryOp, ExprId};
use crate::types::{TypeId, TypeKind};

/// Bits of an integer type.
pub(super) fn bits(ty: Ty) -> u64 {
    match ty {
        Ty::I8 => 8,
        Ty::I16 => 16,
        Ty::I32 | Ty::F32 => 32,
        _ => 64,
    }
}

pub(super) fn is_float(ty: Ty) -> bool {
    matches!(ty, Ty::F32 | Ty::F64)
}

impl Builder<'_> {
    pub(super) fn binary(&mut self, id: ExprId, op: BinaryOp, x: ExprId, y: ExprId) -> ValueList {
        let e = self.expr(id);
        match op {
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                Self::one(self.comparison(op, x, y, e.pos))
            }
            _ => {
                let a = self.words(x);
                let b = self.words(y);
                self.g.pos = e.pos;
                self.arith(op, e.ty, &a, &b, y)
            }
        }
    }

    /// `a op b` for values of type `ty`; `y` is the right operand (its type, and whether it is constant).
    pub(super) fn arith(&mut self, op: BinaryOp, ty: TypeId, a: &[Value], b: &[Value], y: ExprId) -> ValueList {
        if let TypeKind::Basic(basic) = self.under(ty) {
            if basic.is_string() {
                return self.concat(&[(a[0], a[1]), (b[0], b[1])], crate::hir::Esc::Heap);
            }
            if basic.is_complex() {
                return self.complex_arith(op, a, b);
            }
        }
        let t = self.g.ty(a[0]);
        if is_float(t) {
            let op = match op {
                BinaryOp::Add => BinOp::FAdd,
                BinaryOp::Sub => BinOp::FSub,
                BinaryOp::Mul => BinOp::FMul,
                _ => BinOp::FDiv,
            };
            return Self::one(self.bin(op, a[0], b[0]));
        }
        let signed = self.is_signed(ty);
        Self::one(match op {
            BinaryOp::Add => self.bin(BinOp::Add, a[0], b[0]),
            BinaryOp::Sub => self.bin(BinOp::Sub, a[0], b[0]),
            BinaryOp::Mul => self.bin(BinOp::Mul, a[0], b[0]),
            BinaryOp::And => self.bin(BinOp::And, a[0], b[0]),
            BinaryOp::Or => self.bin(BinOp::Or, a[0], b[0]),
            BinaryOp::Xor => self.bin(BinOp::Xor, a[0], b[0]),
            BinaryOp::AndNot => {
                let n = self.un(UnOp::Not, b[0]);
                self.bin(BinOp::And, a[0], n)
            }
            BinaryOp::Div | BinaryOp::Rem => {
                if self.const_int(y).is_none_or(|c| c == 0) {
                    self.check(CheckKind::NonZero(RtFn::panicdivide), b[0], None);
                }
                let op = match (op, signed) {
                    (BinaryOp::Div, true) => BinOp::SDiv,
                    (BinaryOp::Div, false) => BinOp::UDiv,
                    (_, true) => BinOp::SRem,
                    (_, false) => BinOp::URem,
                };
                self.bin(op, a[0], b[0])
            }
            BinaryOp::Shl | BinaryOp::Shr => {
                let count_signed = self.is_signed(self.ty_of(y));
                let constant = self.const_int(y);
                self.shift(op == BinaryOp::Shl, signed, a[0], b[0], count_signed, constant)
            }
            _ => crate::bug!("ssa", self.f.link_name, "operator {:?}", op),
        })
    }

    /// `x << n` or `x >> n` (`signed`: arithmetic). Counts beyond the width shift everything out.
    fn shift(&mut self, left: bool, signed: bool, x: Value, n: Value, n_signed: bool, constant: Option<u64>) -> Value {
        let ty = self.g.ty(x);
        let width = bits(ty);
        let op = match (left, signed) {
            (true, _) => BinOp::Shl,
            (false, true) => BinOp::SShr,
            (false, false) => BinOp::UShr,
        };
        if let Some(c) = constant {
            return match (c < width, op) {
                (true, _) => self.bin_c(op, x, c),
                (false, BinOp::SShr) => self.bin_c(op, x, width - 1),
                (false, _) => self.iconst(ty, 0),
            };
        }
        if n_signed {
            self.check(CheckKind::NonNegative(RtFn::panicshift), n, None);
        }
        // A count that is not negative extends with zeros.
        let n = self.widen(n, false);
        let in_range = self.cmp_c(Cmp::ULt, n, width);
        if op == BinOp::SShr {
            let most = self.int(width - 1);
            let n = self.select(in_range, n, most);
            return self.bin(op, x, n);
        }
        let r = self.bin(op, x, n);
        let zero = self.iconst(ty, 0);
        self.select(in_range, r, zero)
    }

    fn complex_arith(&mut self, op: BinaryOp, a: &[Value], b: &[Value]) -> ValueList {
        let narrow = self.g.ty(a[0]) == Ty::F32;
        match op {
            BinaryOp::Add | BinaryOp::Sub => {
                let op = if op == BinaryOp::Add { BinOp::FAdd } else { BinOp::FSub };
                let (re, im) = (self.bin(op, a[0], b[0]), self.bin(op, a[1], b[1]));
                ValueList::from_slice(&[re, im])
            }
            _ => {
                // In double precision, as Go does.
                let up = |b: &mut Self, v| b.conv(ConvOp::FPromote, v, Ty::F64);
                let (ar, ai) = (up(self, a[0]), up(self, a[1]));
                let (br, bi) = (up(self, b[0]), up(self, b[1]));
                let (re, im) = if op == BinaryOp::Mul {
                    let (p, q) = (self.bin(BinOp::FMul, ar, br), self.bin(BinOp::FMul, ai, bi));
                    let (r, s) = (self.bin(BinOp::FMul, ar, bi), self.bin(BinOp::FMul, ai, br));
                    (self.bin(BinOp::FSub, p, q), self.bin(BinOp::FAdd, r, s))
                } else {
                    let r = self.rt(RtFn::complex128div, &[ar, ai, br, bi]);
                    (r[0], r[1])
                };
                let t = if narrow { Ty::F32 } else { Ty::F64 };
                let (re, im) = (self.conv(ConvOp::FDemote, re, t), self.conv(ConvOp::FDemote, im, t));
                ValueList::from_slice(&[re, im])
            }
        }
    }

    /// `min(…)` or `max(…)`.
    pub(super) fn min_max(&mut self, id: ExprId, list: &[ExprId], min: bool) -> ValueList {
        let e = self.expr(id);
        let values: Vec<ValueList> = list.iter().map(|&x| self.words(x)).collect();
        self.g.pos = e.pos;
        let signed = self.is_signed(e.ty);
        let mut values = values.into_iter();
        let mut acc = values.next().expect("operand");
        for v in values {
            acc = self.min_max2(&acc, &v, min, signed);
        }
        acc
    }

    fn min_max2(&mut self, a: &[Value], b: &[Value], min: bool, signed: bool) -> ValueList {
        if a.len() == 2 {
            // Strings: the first of equal ones.
            let c = self.rt1(RtFn::cmpstring, &[b[0], b[1], a[0], a[1]]);
            let take = self.cmp_c(if min { Cmp::SLt } else { Cmp::SGt }, c, 0);
            let (p, n) = (self.select(take, b[0], a[0]), self.select(take, b[1], a[1]));
            return ValueList::from_slice(&[p, n]);
        }
        let (x, y) = (a[0], b[0]);
        let ty = self.g.ty(x);
        Self::one(if is_float(ty) {
            self.float_min_max(x, y, min)
        } else {
            let c = match (min, signed) {
                (true, true) => Cmp::SLt,
                (true, false) => Cmp::ULt,
                (false, true) => Cmp::SGt,
                (false, false) => Cmp::UGt,
            };
            let c = self.cmp(c, x, y);
            self.select(c, x, y)
        })
    }

    /// NaN if either is; -0 is less than +0.
    fn float_min_max(&mut self, x: Value, y: Value, min: bool) -> Value {
        let ty = self.g.ty(x);
        let int = if ty == Ty::F32 { Ty::I32 } else { Ty::I64 };
        let (first, second) = if min { (FCmp::Lt, FCmp::Gt) } else { (FCmp::Gt, FCmp::Lt) };
        let x_wins = self.fcmp(first, x, y);
        let y_wins = self.fcmp(second, x, y);
        let equal = self.fcmp(FCmp::Eq, x, y);
        // Equal values differ at most in their signs.
        let (xb, yb) = (self.conv(ConvOp::Bitcast, x, int), self.conv(ConvOp::Bitcast, y, int));
        let both = self.bin(if min { BinOp::Or } else { BinOp::And }, xb, yb);
        let both = self.conv(ConvOp::Bitcast, both, ty);
        let nan = self.bin(BinOp::FAdd, x, y);
        let r = self.select(equal, both, nan);
        let r = self.select(y_wins, y, r);
        self.select(x_wins, x, r)
    }

    /// The bits of a scalar as `I64`: what runtime functions take.
    pub(super) fn word_bits(&mut self, v: Value, signed: bool) -> Value {
        match self.g.ty(v) {
            Ty::F32 => {
                let b = self.g.inst(InstKind::Conv(ConvOp::Bitcast, v), Ty::I32);
                self.conv(ConvOp::ZExt, b, Ty::I64)
            }
            Ty::F64 => self.g.inst(InstKind::Conv(ConvOp::Bitcast, v), Ty::I64),
            Ty::Ptr => self.conv(ConvOp::FromPtr, v, Ty::I64),
            _ => self.widen(v, signed),
        }
    }
}
