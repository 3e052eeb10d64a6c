//! Literals of constants: tables that are copied from static data instead of being stored word by word.
//!
//! Code that fills a table element by element is longer than the table, and compiling it takes longer than
//! everything the program does with it.

#![forbid(unsafe_code)]

use std::rc::Rc;

use super::Builder;
use super::mem::Mem;
use crate::hir::{Elem, ExprId, ExprKind};
use crate::ssa::ir::{InstKind, Ty};
use crate::types::TypeId;

/// From how many bytes on a copy is shorter than the stores.
const MIN_SIZE: u64 = 64;

/// No template is larger, in bytes, so that sparse literals do not become large data.
const MAX_SIZE: u64 = 1 << 20;

impl Builder<'_> {
    /// Fills `dst` with an array or struct literal of constants without pointers. False, and nothing done,
    /// where it is not one, or stores are shorter.
    pub(super) fn copy_template(&mut self, id: ExprId, dst: Mem) -> bool {
        let e = self.expr(id);
        if let ExprKind::ArrayLit(elems) = &e.kind {
            return self.copy_elems(elems, e.ty, dst);
        }
        let Some(mut bytes) = self.empty_template(e.ty) else { return false };
        let constant = self.put_constants(id, &mut bytes);
        if constant {
            self.copy_bytes(bytes, dst, e.ty);
        }
        constant
    }

    /// As [`Self::copy_template`], for the elements of an array of type `array`.
    pub(super) fn copy_elems(&mut self, elems: &[Elem], array: TypeId, dst: Mem) -> bool {
        let Some(mut bytes) = self.empty_template(array) else { return false };
        // Where most elements are zero, clearing and storing the others is as short.
        let given: u64 = elems.iter().map(|el| self.types.size_of(self.ty_of(el.value))).sum();
        if given * 8 < bytes.len() as u64 || !self.put_elems(elems, &mut bytes) {
            return false;
        }
        self.copy_bytes(bytes, dst, array);
        true
    }

    fn copy_bytes(&mut self, bytes: Vec<u8>, dst: Mem, ty: TypeId) {
        let data: Rc<[u8]> = bytes.into();
        let src = self.g.inst(InstKind::StrData(data), Ty::Ptr);
        self.copy(dst, Mem::object(src), ty);
    }

    fn empty_template(&self, ty: TypeId) -> Option<Vec<u8>> {
        let size = self.types.size_of(ty);
        let fits = (MIN_SIZE..=MAX_SIZE).contains(&size) && !self.types.has_pointers(ty);
        fits.then(|| vec![0; size as usize])
    }

    fn put_elems(&self, elems: &[Elem], out: &mut [u8]) -> bool {
        elems.iter().all(|el| {
            let size = self.types.size_of(self.ty_of(el.value));
            self.put_part(el.value, el.index * size, out)
        })
    }

    fn put_part(&self, id: ExprId, at: u64, out: &mut [u8]) -> bool {
        let (at, size) = (at as usize, self.types.size_of(self.ty_of(id)) as usize);
        self.put_constants(id, &mut out[at..at + size])
    }

    /// Writes the value of an expression without pointers to zeroed memory of its size, if all in it is constant.
    pub(super) fn put_constants(&self, id: ExprId, out: &mut [u8]) -> bool {
        let e = self.expr(id);
        match &e.kind {
            ExprKind::Zero => true,
            ExprKind::Paren(x) => self.put_constants(*x, out),
            ExprKind::Const(value) => {
                let bytes = self.types.const_bytes(e.ty, value);
                bytes.map(|bytes| out.copy_from_slice(&bytes)).is_some()
            }
            ExprKind::ArrayLit(elems) => self.put_elems(elems, out),
            ExprKind::StructLit(fields) => {
                fields.iter().all(|&(field, x)| self.put_part(x, self.types.field_offset(e.ty, field), out))
            }
            _ => false,
        }
    }
}
