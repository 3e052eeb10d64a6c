//! Literals of constants: static data, copied where a program needs a variable of its own.
//!
//! Code that fills a table element by element is longer than the table, and compiling it takes longer than
//! everything the program does with it.

#![forbid(unsafe_code)]

use std::rc::Rc;

use super::Builder;
use super::mem::Mem;
use crate::hir::static_data::{Reloc, StaticData, StaticObject};
use crate::hir::{Elem, ExprId, ExprKind};
use crate::ssa::ir::{InstKind, Ty, Value};
use crate::types::TypeId;

/// From how many bytes on a copy is shorter than the stores.
const MIN_SIZE: u64 = 64;

/// No template is larger, in bytes, so that sparse literals do not become large data.
const MAX_SIZE: u64 = 1 << 20;

impl Builder<'_> {
    /// Fills `dst` with an array or struct literal of constants. False, and nothing done, where it is not one,
    /// or stores are shorter.
    pub(super) fn copy_template(&mut self, id: ExprId, dst: Mem) -> bool {
        let e = self.expr(id);
        if let ExprKind::ArrayLit(elems) = &e.kind {
            return self.copy_elems(elems, e.ty, dst);
        }
        let mut data = StaticData::default();
        self.fits_template(e.ty) && self.put_static(id, 0, &mut data) && self.copy_data(data, dst, e.ty)
    }

    /// As [`Self::copy_template`], for the elements of an array of type `array`.
    pub(super) fn copy_elems(&mut self, elems: &[Elem], array: TypeId, dst: Mem) -> bool {
        let mut data = StaticData::default();
        self.fits_template(array) && self.put_elems(elems, 0, &mut data) && self.copy_data(data, dst, array)
    }

    fn copy_data(&mut self, data: StaticData, dst: Mem, ty: TypeId) -> bool {
        // Where most of it is zero, clearing and storing the rest is as short.
        let given = data.bytes.iter().map(|b| b.1.len()).sum::<usize>() + 8 * data.relocs.len();
        if (given as u64) * 8 < self.types.size_of(ty) {
            return false;
        }
        let src = self.static_object(data, ty);
        self.copy(dst, Mem::object(src), ty);
        true
    }

    fn fits_template(&self, ty: TypeId) -> bool {
        (MIN_SIZE..=MAX_SIZE).contains(&self.types.size_of(ty))
    }

    /// The address of a static `ty`.
    fn static_object(&mut self, data: StaticData, ty: TypeId) -> Value {
        let object = StaticObject { size: self.types.size_of(ty), data };
        self.g.inst(InstKind::StaticObject(Rc::new(object)), Ty::Ptr)
    }

    /// The address of static data with the value of a literal of constants, if it is one.
    pub(super) fn static_literal(&mut self, id: ExprId) -> Option<Value> {
        let e = self.expr(id);
        if !matches!(e.kind, ExprKind::Zero | ExprKind::StructLit(_) | ExprKind::ArrayLit(_))
            || self.types.size_of(e.ty) == 0
        {
            return None;
        }
        let mut data = StaticData::default();
        let ty = e.ty;
        self.put_static(id, 0, &mut data).then(|| self.static_object(data, ty))
    }

    fn put_elems(&self, elems: &[Elem], at: u64, out: &mut StaticData) -> bool {
        elems.iter().all(|el| {
            let size = self.types.size_of(self.ty_of(el.value));
            self.put_static(el.value, at + el.index * size, out)
        })
    }

    /// Lays out the value of an expression, if all in it is constant.
    fn put_static(&self, id: ExprId, at: u64, out: &mut StaticData) -> bool {
        let e = self.expr(id);
        match &e.kind {
            ExprKind::Zero | ExprKind::Nil => true,
            ExprKind::Paren(x) => self.put_static(*x, at, out),
            ExprKind::Const(value) => {
                if let Some(text) = value.to_bytes() {
                    out.put_str(at, &text);
                    return true;
                }
                let bytes = self.types.const_bytes(e.ty, value);
                bytes.map(|bytes| out.put(at, &bytes)).is_some()
            }
            ExprKind::ArrayLit(elems) => self.put_elems(elems, at, out),
            ExprKind::StructLit(fields) => {
                fields.iter().all(|&(field, x)| self.put_static(x, at + self.types.field_offset(e.ty, field), out))
            }
            &ExprKind::ConvIface(x) => self.put_iface(e.ty, x, at, out),
            _ => false,
        }
    }

    /// Lays out an interface of type `iface` with the value of `x`.
    fn put_iface(&self, iface: TypeId, x: ExprId, at: u64, out: &mut StaticData) -> bool {
        let concrete = self.ty_of(x);
        if self.types.is_interface(concrete) {
            // From one interface type to another: nil, or what has a method table of its own.
            return matches!(self.expr(x).kind, ExprKind::Nil);
        }
        let word = if self.is_empty_iface(iface) { Reloc::Type(concrete) } else { Reloc::Itab { iface, concrete } };
        let data_word = at + 8;
        if self.types.is_direct_iface(concrete) {
            if !self.put_static(x, data_word, out) {
                return false;
            }
        } else {
            let mut data = StaticData::default();
            if !self.put_static(x, 0, &mut data) {
                return false;
            }
            out.reloc(data_word, Reloc::Object(Rc::new(StaticObject { size: self.types.size_of(concrete), data })));
        }
        out.reloc(at, word);
        true
    }
}
