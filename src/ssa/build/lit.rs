//! Struct and array literals.

#![forbid(unsafe_code)]

use super::super::ir::ValueList;
use super::Builder;
use super::mem::Mem;
use crate::hir::{ExprId, ExprKind};
use crate::types::TypeKind;

impl Builder<'_> {
    /// A literal of SSA-able type.
    pub(super) fn lit_words(&mut self, id: ExprId) -> ValueList {
        let e = self.expr(id);
        match &e.kind {
            ExprKind::StructLit(fields) => {
                let mut words: Option<ValueList> = None;
                let n = self.layout(e.ty).leaves.len();
                let mut given = 0;
                let mut values: Vec<(usize, ValueList)> = Vec::with_capacity(fields.len());
                for &(field, x) in fields {
                    let (at, _) = self.field_leaves(e.ty, field);
                    let w = self.words(x);
                    given += w.len();
                    values.push((at, w));
                }
                if given < n {
                    words = Some(self.zero_words(e.ty));
                }
                values.sort_by_key(|(at, _)| *at);
                match words {
                    None => values.into_iter().flat_map(|(_, w)| w).collect(),
                    Some(mut words) => {
                        for (at, w) in values {
                            words[at..at + w.len()].copy_from_slice(&w);
                        }
                        words
                    }
                }
            }
            ExprKind::ArrayLit(elems) => {
                let mut words = None;
                for el in elems {
                    words = Some(self.words(el.value));
                }
                match words {
                    Some(w) => w,
                    None => self.zero_words(e.ty),
                }
            }
            _ => crate::bug!("ssa", self.f.link_name, "not a literal"),
        }
    }

    /// Builds a literal in memory that nothing in it reads.
    pub(super) fn lit_into(&mut self, id: ExprId, dst: Mem) {
        if self.copy_template(id, dst) {
            return;
        }
        let e = self.expr(id);
        match &e.kind {
            ExprKind::StructLit(fields) => {
                let n_fields = self.types.as_struct(e.ty).map_or(0, |s| s.fields.len());
                if fields.len() < n_fields {
                    self.zero(dst, e.ty);
                }
                for &(field, x) in fields {
                    let off = self.types.field_offset(e.ty, field);
                    self.store_expr(x, dst.offset(off as i64), true);
                }
            }
            ExprKind::ArrayLit(elems) => {
                let TypeKind::Array { elem, len } = self.under(e.ty) else {
                    crate::bug!("ssa", self.f.link_name, "array literal of another type");
                };
                if (elems.len() as u64) < len {
                    self.zero(dst, e.ty);
                }
                let size = self.size_of(elem);
                for el in elems {
                    self.store_expr(el.value, dst.offset((el.index * size) as i64), true);
                }
            }
            _ => crate::bug!("ssa", self.f.link_name, "not a literal"),
        }
    }
}
