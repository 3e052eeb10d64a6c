//! `==`, `<` and friends, for all types.

#![forbid(unsafe_code)]

use super::super::ir::{BinOp, Cmp, FCmp, Ty, Value, ValueList};
use super::super::layout::is_regular_memory;
use super::Builder;
use super::arith::is_float;
use super::mem::{Mem, Operand};
use crate::abi::rtfn::RtFn;
use crate::abi::typedesc::ITAB_TYPE;
use crate::hir::{BinaryOp, ExprId, ExprKind};
use crate::source::Pos;
use crate::types::{ConstValue, TypeId, TypeKind};

impl Builder<'_> {
    pub(super) fn comparison(&mut self, op: BinaryOp, x: ExprId, y: ExprId, pos: Pos) -> Value {
        let ty = self.ty_of(x);
        if self.types.basic(ty).is_some_and(|b| b.is_string()) {
            return self.compare_str_exprs(op, x, y, pos);
        }
        let nil = |b: &Self, id: ExprId| matches!(b.expr(id).kind, ExprKind::Nil);
        if nil(self, x) || nil(self, y) {
            // Slices, maps, functions, interfaces and pointers against nil: the first word.
            let v = self.words(if nil(self, x) { y } else { x })[0];
            self.g.pos = pos;
            return self.cmp_c(if op == BinaryOp::Ne { Cmp::Ne } else { Cmp::Eq }, v, 0);
        }
        let a = self.operand(x);
        // A place in memory is read when the comparison is made; operands have no effects.
        let b = self.operand(y);
        self.g.pos = pos;
        let (xt, yt) = (ty, self.ty_of(y));
        match op {
            BinaryOp::Eq | BinaryOp::Ne => {
                let eq = self.equal_mixed(xt, &a, yt, &b);
                if op == BinaryOp::Ne { self.negate(eq) } else { eq }
            }
            _ => {
                let (Operand::Words(a), Operand::Words(b)) = (&a, &b) else {
                    crate::bug!("ssa", self.f.link_name, "ordering of values in memory");
                };
                self.order(op, ty, a[0], b[0])
            }
        }
    }

    /// The negation; a comparison just made is turned around instead.
    fn negate(&mut self, v: Value) -> Value {
        self.not(v)
    }

    fn order(&mut self, op: BinaryOp, ty: TypeId, a: Value, b: Value) -> Value {
        if is_float(self.g.ty(a)) {
            let c = match op {
                BinaryOp::Lt => FCmp::Lt,
                BinaryOp::Le => FCmp::Le,
                BinaryOp::Gt => FCmp::Gt,
                _ => FCmp::Ge,
            };
            return self.fcmp(c, a, b);
        }
        let c = match (op, self.is_signed(ty)) {
            (BinaryOp::Lt, true) => Cmp::SLt,
            (BinaryOp::Le, true) => Cmp::SLe,
            (BinaryOp::Gt, true) => Cmp::SGt,
            (_, true) => Cmp::SGe,
            (BinaryOp::Lt, false) => Cmp::ULt,
            (BinaryOp::Le, false) => Cmp::ULe,
            (BinaryOp::Gt, false) => Cmp::UGt,
            (_, false) => Cmp::UGe,
        };
        self.cmp(c, a, b)
    }

    fn compare_str_exprs(&mut self, op: BinaryOp, x: ExprId, y: ExprId, pos: Pos) -> Value {
        if matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            let literal = |b: &Self, id: ExprId| match &b.expr(id).kind {
                ExprKind::Const(ConstValue::Str(s)) => Some(s.clone()),
                _ => None,
            };
            let (lit, other) = match (literal(self, x), literal(self, y)) {
                (_, Some(s)) => (Some(s), x),
                (Some(s), _) => (Some(s), y),
                _ => (None, x),
            };
            let eq = if let Some(s) = lit {
                let v = self.str_words(other);
                self.g.pos = pos;
                self.equal_literal(&v, &s)
            } else {
                let (a, b) = (self.str_words(x), self.str_words(y));
                self.g.pos = pos;
                self.equal_str(&a, &b)
            };
            return if op == BinaryOp::Ne { self.negate(eq) } else { eq };
        }
        let (a, b) = (self.str_words(x), self.str_words(y));
        self.g.pos = pos;
        let c = self.rt1(RtFn::cmpstring, &[a[0], a[1], b[0], b[1]]);
        match op {
            BinaryOp::Lt => self.cmp_c(Cmp::SLt, c, 0),
            BinaryOp::Le => self.cmp_c(Cmp::SLe, c, 0),
            BinaryOp::Gt => self.cmp_c(Cmp::SGt, c, 0),
            _ => self.cmp_c(Cmp::SGe, c, 0),
        }
    }

    /// Equality with a constant string: short ones by words.
    pub(super) fn equal_literal(&mut self, v: &[Value], s: &[u8]) -> Value {
        let n = s.len() as u64;
        let same_len = self.cmp_c(Cmp::Eq, v[1], n);
        if n == 0 {
            return same_len;
        }
        let (p, bytes) = (v[0], s.to_vec());
        self.if_else(
            same_len,
            |b| {
                if bytes.len() > 16 {
                    let lit = b.g.inst(super::InstKind::StrData(bytes.as_slice().into()), Ty::Ptr);
                    let n = b.int(bytes.len() as u64);
                    let eq = b.rt1(RtFn::memequal, &[p, lit, n]);
                    return Self::one(b.truth(eq));
                }
                let mut acc = None;
                let mut at = 0;
                while at < bytes.len() {
                    let rest = bytes.len() - at;
                    let (step, ty) = match rest {
                        8.. => (8, Ty::I64),
                        4.. => (4, Ty::I32),
                        2.. => (2, Ty::I16),
                        _ => (1, Ty::I8),
                    };
                    let mut word = [0; 8];
                    word[..step].copy_from_slice(&bytes[at..at + step]);
                    let have = b.load_word(Mem::object(p), at as i64, ty);
                    let eq = b.cmp_c(Cmp::Eq, have, u64::from_le_bytes(word));
                    acc = Some(match acc {
                        None => eq,
                        Some(a) => b.bin(BinOp::And, a, eq),
                    });
                    at += step;
                }
                Self::one(acc.expect("bytes"))
            },
            |b| Self::one(b.bool(false)),
        )[0]
    }

    pub(super) fn equal_str(&mut self, a: &[Value], b: &[Value]) -> Value {
        let same_len = self.cmp(Cmp::Eq, a[1], b[1]);
        let (p, q, n) = (a[0], b[0], a[1]);
        self.if_else(
            same_len,
            |s| {
                let eq = s.rt1(RtFn::memequal, &[p, q, n]);
                Self::one(s.truth(eq))
            },
            |s| Self::one(s.bool(false)),
        )[0]
    }

    /// Equality where one side may be an interface and the other a concrete value.
    pub(super) fn equal_mixed(&mut self, xt: TypeId, a: &Operand, yt: TypeId, b: &Operand) -> Value {
        match (self.types.is_interface(xt), self.types.is_interface(yt)) {
            (true, false) => {
                let b = self.iface_words(yt, xt, b.clone(), crate::hir::Esc::Stack);
                self.equal(xt, a, &Operand::Words(b))
            }
            (false, true) => {
                let a = self.iface_words(xt, yt, a.clone(), crate::hir::Esc::Stack);
                self.equal(yt, &Operand::Words(a), b)
            }
            _ => self.equal(xt, a, b),
        }
    }

    /// Equality of two values of type `ty`.
    pub(super) fn equal(&mut self, ty: TypeId, a: &Operand, b: &Operand) -> Value {
        match (a, b) {
            (Operand::Words(a), Operand::Words(b)) => self.equal_words(ty, a, b),
            _ => {
                let (a, b) = (self.spill(a.clone(), ty), self.spill(b.clone(), ty));
                self.equal_mem(ty, a, b)
            }
        }
    }

    fn equal_mem(&mut self, ty: TypeId, a: Mem, b: Mem) -> Value {
        let regular = match self.cache.regular.get(&ty) {
            Some(&r) => r,
            None => {
                let r = is_regular_memory(self.types, ty);
                self.cache.regular.insert(ty, r);
                r
            }
        };
        let (p, q) = (self.addr_value(a), self.addr_value(b));
        let r = if regular {
            let n = self.size_of(ty);
            let n = self.int(n);
            self.rt1(RtFn::memequal, &[p, q, n])
        } else {
            let t = self.type_desc(ty);
            self.rt1(RtFn::typeequal, &[t, p, q])
        };
        self.truth(r)
    }

    fn equal_words(&mut self, ty: TypeId, a: &[Value], b: &[Value]) -> Value {
        match self.under(ty) {
            TypeKind::Interface(_) => self.equal_iface(ty, a, b),
            TypeKind::Basic(basic) if basic.is_string() => self.equal_str(a, b),
            TypeKind::Struct(s) => {
                let mut at = 0;
                let mut parts: Vec<(TypeId, usize, usize)> = Vec::new();
                for f in &s.fields {
                    let n = self.layout(f.ty).leaves.len();
                    if !f.name.is_blank() && n > 0 {
                        parts.push((f.ty, at, n));
                    }
                    at += n;
                }
                self.all_equal(&parts, a, b)
            }
            TypeKind::Array { elem, len } => {
                let n = self.layout(elem).leaves.len();
                if len != 1 || n == 0 {
                    return self.bool(true);
                }
                self.equal_words(elem, a, b)
            }
            _ => {
                let mut acc = None;
                for (&x, &y) in a.iter().zip(b) {
                    let eq = if is_float(self.g.ty(x)) { self.fcmp(FCmp::Eq, x, y) } else { self.cmp(Cmp::Eq, x, y) };
                    acc = Some(match acc {
                        None => eq,
                        Some(acc) => self.bin(BinOp::And, acc, eq),
                    });
                }
                acc.unwrap_or_else(|| self.bool(true))
            }
        }
    }

    /// Conjunction over fields: the first difference ends it, as later ones may panic.
    fn all_equal(&mut self, parts: &[(TypeId, usize, usize)], a: &[Value], b: &[Value]) -> Value {
        let Some(&(ty, at, n)) = parts.first() else {
            return self.bool(true);
        };
        let eq = self.equal_words(ty, &a[at..at + n], &b[at..at + n]);
        if parts.len() == 1 {
            return eq;
        }
        let (a, b): (ValueList, ValueList) = (a.into(), b.into());
        let rest = parts[1..].to_vec();
        self.if_else(eq, |s| Self::one(s.all_equal(&rest, &a, &b)), |s| Self::one(s.bool(false)))[0]
    }

    fn equal_iface(&mut self, ty: TypeId, a: &[Value], b: &[Value]) -> Value {
        let same = self.cmp(Cmp::Eq, a[0], b[0]);
        let f = if self.types.interface_methods(ty).is_empty() { RtFn::efaceeq } else { RtFn::ifaceeq };
        let (t, p, q) = (a[0], a[1], b[1]);
        self.if_else(
            same,
            |s| {
                let eq = s.rt1(f, &[t, p, q]);
                Self::one(s.truth(eq))
            },
            |s| Self::one(s.bool(false)),
        )[0]
    }

    /// The dynamic type of an interface value (`I64`): 0 for nil.
    pub(super) fn dynamic_type(&mut self, iface: TypeId, tab: Value) -> Value {
        if self.types.interface_methods(iface).is_empty() {
            return tab;
        }
        let some = self.is_nonzero(tab);
        self.if_else(
            some,
            |b| Self::one(b.load_word(Mem::object(tab), i64::from(ITAB_TYPE), Ty::I64)),
            |b| Self::one(b.int(0)),
        )[0]
    }
}
