//! Interface values: conversion to them, type assertions.
//!
//! An interface is two words: the type descriptor (empty interfaces) or the itab (others), 0 for nil; and
//! the data word, which is the value itself for pointer-shaped types, else points to a copy.

#![forbid(unsafe_code)]

use std::rc::Rc;

use super::super::ir::{Block, Cmp, InstKind, Ty, Value, ValueList};
use super::Builder;
use super::mem::{Mem, Operand};
use crate::abi::rtfn::RtFn;
use crate::hir::{Esc, ExprId, ExprKind};
use crate::types::{Basic, ConstValue, TypeId, TypeKind};

/// Larger values do not get a copy in the frame (Go: `walkConvInterface`).
const MAX_STACK_COPY: u64 = 1024;

impl Builder<'_> {
    pub(super) fn is_empty_iface(&self, ty: TypeId) -> bool {
        self.types.interface_methods(ty).is_empty()
    }

    pub(super) fn conv_iface(&mut self, id: ExprId, x: ExprId) -> ValueList {
        let e = self.expr(id);
        let x = self.after_init(x);
        let from = self.ty_of(x);
        if self.types.is_interface(from) {
            let w = self.words(x);
            self.g.pos = e.pos;
            return self.iface_to_iface(from, e.ty, &w);
        }
        // Constants have their copy in static data.
        if let ExprKind::Const(c) = &self.expr(x).kind
            && !self.types.is_direct_iface(from)
            && let Some(data) = self.static_copy(c, from)
        {
            self.g.pos = e.pos;
            let tab = self.type_word(from, e.ty);
            return ValueList::from_slice(&[tab, data]);
        }
        // So have literals of constants.
        if !self.types.is_direct_iface(from)
            && let Some(data) = self.static_literal(x)
        {
            self.g.pos = e.pos;
            let tab = self.type_word(from, e.ty);
            return ValueList::from_slice(&[tab, data]);
        }
        let v = self.operand(x);
        self.g.pos = e.pos;
        let v = self.reachable(v);
        self.iface_words(from, e.ty, v, e.esc)
    }

    /// First word of an interface of type `iface` that holds a `concrete`.
    fn type_word(&mut self, concrete: TypeId, iface: TypeId) -> Value {
        if self.is_empty_iface(iface) {
            self.type_desc(concrete)
        } else {
            self.g.inst(InstKind::Itab { iface, concrete }, Ty::I64)
        }
    }

    fn static_copy(&mut self, c: &ConstValue, ty: TypeId) -> Option<Value> {
        if let ConstValue::Str(s) = c {
            return Some(self.g.inst(InstKind::StrHeader(s.clone()), Ty::Ptr));
        }
        let mut bytes = self.types.const_bytes(ty, c)?;
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        Some(self.g.inst(InstKind::StrData(bytes.as_slice().into()), Ty::Ptr))
    }

    /// An interface of type `iface` that holds `v` of type `concrete`; `esc` says where a copy goes.
    pub(super) fn iface_words(&mut self, concrete: TypeId, iface: TypeId, v: Operand, esc: Esc) -> ValueList {
        let tab = self.type_word(concrete, iface);
        let data = self.data_word(concrete, v, esc);
        ValueList::from_slice(&[tab, data])
    }

    fn data_word(&mut self, ty: TypeId, v: Operand, esc: Esc) -> Value {
        if self.types.is_direct_iface(ty) {
            let Operand::Words(w) = v else {
                crate::bug!("ssa", self.f.link_name, "pointer-shaped value in memory");
            };
            return w[0];
        }
        let layout = self.layout(ty);
        if layout.size == 0 {
            return self.g.inst(InstKind::StrData(Rc::from([0u8; 8])), Ty::Ptr);
        }
        let kind = self.under(ty);
        if let (Operand::Words(w), [leaf]) = (&v, &layout.leaves[..])
            && leaf.ty == Ty::I8
        {
            // Single bytes are in a static table.
            let bytes = self.cache.static_bytes.get_or_insert_with(|| {
                let mut table = vec![0u8; 256 * 8];
                (0..256).for_each(|i| table[i * 8] = i as u8);
                table.into()
            });
            let bytes = bytes.clone();
            let table = self.g.inst(InstKind::StrData(bytes), Ty::Ptr);
            let i = self.widen(w[0], false);
            let off = self.scale(i, 8);
            return self.g.inst(InstKind::PtrAdd(table, off), Ty::Ptr);
        }
        if esc == Esc::Stack && layout.size <= MAX_STACK_COPY {
            let t = self.temp(ty);
            self.store_operand(t, ty, &v);
            return self.addr_value(t);
        }
        if let Operand::Words(w) = &v {
            match (&kind, &w[..]) {
                (TypeKind::Basic(Basic::String), &[p, n]) => return self.rt1(RtFn::convTstring, &[p, n]),
                (TypeKind::Slice(_), &[p, n, c]) => return self.rt1(RtFn::convTslice, &[p, n, c]),
                (_, &[x]) if self.g.ty(x) != Ty::Ptr => {
                    let f = match layout.size {
                        8 => RtFn::convT64,
                        4 => RtFn::convT32,
                        _ => RtFn::convT16,
                    };
                    let bits = self.word_bits(x, false);
                    return self.rt1(f, &[bits]);
                }
                _ => {}
            }
        }
        let pos = self.g.pos;
        let p = self.new_object(ty, pos);
        self.store_operand(Mem::object(p), ty, &v);
        p
    }

    /// An interface value as another interface type that it is known to implement.
    fn iface_to_iface(&mut self, from: TypeId, to: TypeId, w: &[Value]) -> ValueList {
        let same = self.types.underlying(from) == self.types.underlying(to);
        if same || (self.is_empty_iface(from) && self.is_empty_iface(to)) {
            return w.into();
        }
        let ty = self.dynamic_type(from, w[0]);
        let tab = if self.is_empty_iface(to) { ty } else { self.itab_or_nil(to, ty, RtFn::assertE2I) };
        ValueList::from_slice(&[tab, w[1]])
    }

    /// The itab of a dynamic type, 0 for none.
    fn itab_or_nil(&mut self, iface: TypeId, ty: Value, f: RtFn) -> Value {
        let some = self.is_nonzero(ty);
        self.if_else(
            some,
            |b| {
                let want = b.type_desc(iface);
                Self::one(b.rt1(f, &[want, ty]))
            },
            |b| Self::one(b.int(0)),
        )[0]
    }

    /// The value that an interface's data word stands for.
    fn unpack(&mut self, ty: TypeId, data: Value) -> Operand {
        if self.types.is_direct_iface(ty) {
            return Operand::Words(Self::one(data));
        }
        let layout = self.layout(ty);
        if layout.ssa && layout.leaves.is_empty() {
            return Operand::Words(ValueList::new());
        }
        self.load_operand(Mem::object(data), ty)
    }

    /// `x.(T)` that panics.
    pub(super) fn type_assert(&mut self, id: ExprId) -> Operand {
        let e = self.expr(id);
        let ExprKind::TypeAssert { x } = e.kind else {
            crate::bug!("ssa", self.f.link_name, "not a type assertion");
        };
        let (from, to) = (self.ty_of(x), e.ty);
        let w = self.words(x);
        self.g.pos = e.pos;
        let have = self.dynamic_type(from, w[0]);
        if self.types.is_interface(to) {
            let is_nil = self.cmp_c(Cmp::Eq, have, 0);
            self.if_cold(is_nil, |b| {
                let want = b.type_desc(to);
                b.rt(RtFn::panicnildottype, &[want]);
            });
            let tab = if self.is_empty_iface(to) {
                have
            } else {
                let want = self.type_desc(to);
                self.rt1(RtFn::assertE2I, &[want, have])
            };
            return Operand::Words(ValueList::from_slice(&[tab, w[1]]));
        }
        let want = self.type_desc(to);
        let wrong = self.cmp(Cmp::Ne, have, want);
        self.if_cold(wrong, |b| {
            let iface = b.type_desc(from);
            b.rt(RtFn::panicdottypeE, &[have, want, iface]);
        });
        self.unpack(to, w[1])
    }

    /// `v, ok = x.(T)`.
    pub(super) fn type_assert_ok(&mut self, id: ExprId) -> (Operand, Value) {
        let e = self.expr(id);
        let ExprKind::TypeAssert { x } = e.kind else {
            crate::bug!("ssa", self.f.link_name, "not a type assertion");
        };
        let from = self.ty_of(x);
        let to = match self.under(e.ty) {
            // The expression may have the type of both results.
            TypeKind::Tuple(t) => t[0],
            _ => e.ty,
        };
        let w = self.words(x);
        self.g.pos = e.pos;
        let have = self.dynamic_type(from, w[0]);
        if self.types.is_interface(to) {
            let tab = self.iface_match(to, have);
            let ok = self.is_nonzero(tab);
            let nil = self.nil();
            let data = self.select(ok, w[1], nil);
            return (Operand::Words(ValueList::from_slice(&[tab, data])), ok);
        }
        let want = self.type_desc(to);
        let ok = self.cmp(Cmp::Eq, have, want);
        if self.is_ssa(to) {
            let words = self.if_else(
                ok,
                |b| match b.unpack(to, w[1]) {
                    Operand::Words(w) => w,
                    Operand::Mem(_) => unreachable!("a value in registers"),
                },
                |b| b.zero_words(to),
            );
            return (Operand::Words(words), ok);
        }
        let t = self.temp(to);
        let (yes, no, join) = (self.g.new_block(), self.g.new_block(), self.g.new_block());
        self.g.branch(ok, yes, no);
        self.g.start(yes);
        self.copy(t, Mem::object(w[1]), to);
        self.g.jump(join);
        self.g.start(no);
        self.zero(t, to);
        self.g.jump(join);
        self.g.start(join);
        (Operand::Mem(t), ok)
    }

    /// First word of `to` for a dynamic type, 0 where it does not implement it or is nil.
    fn iface_match(&mut self, to: TypeId, have: Value) -> Value {
        if self.is_empty_iface(to) { have } else { self.itab_or_nil(to, have, RtFn::assertE2I2) }
    }

    /// A case of a type switch: goes to `hit` or `miss`. The words of the interface in the case's type, for
    /// interface types.
    pub(super) fn type_case(&mut self, to: Option<TypeId>, have: Value, hit: Block, miss: Block) -> Option<Value> {
        match to {
            None => {
                let c = self.cmp_c(Cmp::Eq, have, 0);
                self.g.branch(c, hit, miss);
                None
            }
            Some(to) if self.types.is_interface(to) => {
                let tab = self.iface_match(to, have);
                let c = self.is_nonzero(tab);
                self.g.branch(c, hit, miss);
                Some(tab)
            }
            Some(to) => {
                let want = self.type_desc(to);
                let c = self.cmp(Cmp::Eq, have, want);
                self.g.branch(c, hit, miss);
                None
            }
        }
    }

    /// The value of a type switch's variable in a case with one type.
    pub(super) fn case_value(&mut self, to: TypeId, tab: Option<Value>, data: Value) -> Operand {
        match tab {
            Some(tab) => Operand::Words(ValueList::from_slice(&[tab, data])),
            None => self.unpack(to, data),
        }
    }
}
