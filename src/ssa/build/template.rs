#![forbid(unsafe_code)]
//! Literals of constants: tables that are copied from static data instead of being stored word by word.
//!
//! Code that fills a table element by element is longer than the table, and compiling it takes longer than
//! everything the program does with it.

use std::rc::Rc;

use super::Builder;
use super::mem::Mem;
use crate::hir::{Elem, ExprId, ExprKind};
use crate::ssa::ir::{InstKind, Ty};
use crate::types::{Basic, ConstValue, TypeId, TypeKind};

/// From how many bytes on a copy is shorter than the stores.
const MIN_SIZE: u64 = 64;

/// No template is larger, in bytes, so that sparse literals do not become large data.
const MAX_SIZE: u64 = 1 << 20;

impl Builder<'_> {
    /// Fills `dst` with an array or struct literal of constants without pointers. False, and nothing done,
    /// where it is not one, or stores are shorter.
    pub(super) fn copy_template(&mut self, id: ExprId, dst: Mem) -> bool {
        let ty = self.expr(id).ty;
        let Some(mut bytes) = self.empty_template(ty) else { return false };
        if !self.put(id, &mut bytes) {
            return false;
        }
        self.copy_bytes(bytes, dst, ty);
        true
    }

    /// As [`Self::copy_template`], for the elements of an array of type `array`.
    pub(super) fn copy_elems(&mut self, elems: &[Elem], array: TypeId, dst: Mem) -> bool {
        let Some(mut bytes) = self.empty_template(array) else { return false };
        if !self.put_elems(elems, array, &mut bytes) {
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

    fn put_elems(&self, elems: &[Elem], array: TypeId, out: &mut [u8]) -> bool {
        let TypeKind::Array { elem, .. } = self.types.underlying_kind(array) else { return false };
        let size = self.types.size_of(*elem) as usize;
        // Where most elements are zero, clearing and storing the others is as short.
        if (elems.len() * size * 8) < out.len() {
            return false;
        }
        elems.iter().all(|el| {
            let at = el.index as usize * size;
            self.put(el.value, &mut out[at..at + size])
        })
    }

    /// Writes the value of an expression, if it is constant.
    fn put(&self, id: ExprId, out: &mut [u8]) -> bool {
        let e = self.expr(id);
        match &e.kind {
            ExprKind::Zero => true,
            ExprKind::Paren(x) => self.put(*x, out),
            ExprKind::Const(value) => self.put_const(e.ty, value, out),
            ExprKind::ArrayLit(elems) => self.put_elems(elems, e.ty, out),
            ExprKind::StructLit(fields) => fields.iter().all(|&(field, x)| {
                let at = self.types.field_offset(e.ty, field) as usize;
                let size = self.types.size_of(self.expr(x).ty) as usize;
                self.put(x, &mut out[at..at + size])
            }),
            _ => false,
        }
    }

    fn put_const(&self, ty: TypeId, value: &ConstValue, out: &mut [u8]) -> bool {
        let bytes: [u8; 8] = match self.types.basic(ty) {
            Some(Basic::Float32) => {
                out.copy_from_slice(&(value.to_f64().unwrap_or(0.0) as f32).to_le_bytes());
                return true;
            }
            Some(Basic::Float64) => value.to_f64().unwrap_or(0.0).to_le_bytes(),
            Some(Basic::Complex64 | Basic::Complex128 | Basic::String) | None => return false,
            Some(_) => match value.to_bits64() {
                Some(bits) => bits.to_le_bytes(),
                None => return false,
            },
        };
        out.copy_from_slice(&bytes[..out.len()]);
        true
    }
}
