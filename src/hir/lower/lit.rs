//! Composite literals.

#![forbid(unsafe_code)]

use super::Lower;
use crate::hir::ir::*;
use crate::source::{Pos, Span};
use crate::syntax::ast;
use crate::types::{TypeId, TypeKind, Types};

impl<'a> Lower<'a, '_> {
    /// `T{…}`; an elided `&T` in a literal of pointers becomes a `PtrLit`.
    pub(super) fn composite(&mut self, e: &'a ast::Expr) -> ExprId {
        let ast::ExprKind::CompositeLit { elems, .. } = &e.kind else {
            crate::bug!("hir", self.cur().func.link_name, "not a composite literal");
        };
        let (pos, span) = (e.pos, e.span);
        let raw = self.raw_type(e);
        let outer = self.canon(raw);
        let (ty, raw_base, is_ptr) = match *self.types().underlying_kind(outer) {
            TypeKind::Pointer(elem) => {
                let elem = self.canon_in(elem, None);
                let raw_elem = self.types().pointee(raw).unwrap_or(elem);
                (elem, raw_elem, true)
            }
            _ => (outer, raw, false),
        };
        let kind = match self.types().underlying_kind(ty).clone() {
            TypeKind::Struct(s) => {
                let types: Vec<(crate::index::Symbol, TypeId)> = s.fields.iter().map(|f| (f.name, f.ty)).collect();
                self.struct_lit(ty, &types, elems, pos, span)
            }
            TypeKind::Array { elem, .. } => ExprKind::ArrayLit(self.list_elems(elem, elems).0),
            TypeKind::Slice(elem) => {
                let (elems, len) = self.list_elems(elem, elems);
                ExprKind::SliceLit { elems, len }
            }
            TypeKind::Map { key, elem } => {
                let (key, elem) = (self.canon_in(key, None), self.canon_in(elem, None));
                let mut pairs = Vec::with_capacity(elems.len());
                for pair in elems {
                    let ast::ExprKind::KeyValue(k, v) = &pair.kind else { continue };
                    let k = self.expr_as(k, Some(key));
                    let v = self.expr_as(v, Some(elem));
                    pairs.push((k, v));
                }
                ExprKind::MapLit(pairs)
            }
            _ => crate::bug!("hir", self.cur().func.link_name, "composite literal of a basic type"),
        };
        let (kind, effects) = self.without_blanks(kind, ty);
        let lit = self.add(kind, ty, pos, span);
        self.note_spelling(lit, raw_base);
        let lit = if is_ptr { self.add(ExprKind::PtrLit(lit), outer, pos, span) } else { lit };
        if effects.is_empty() { lit } else { self.add(ExprKind::Init { stmts: effects, x: lit }, outer, pos, span) }
    }

    /// Values given for blank fields are evaluated, and not stored.
    fn without_blanks(&mut self, kind: ExprKind, ty: TypeId) -> (ExprKind, Vec<Stmt>) {
        let ExprKind::StructLit(fields) = kind else { return (kind, Vec::new()) };
        let blank: Vec<bool> =
            self.types().as_struct(ty).map_or_else(Vec::new, |s| s.fields.iter().map(|f| f.name.is_blank()).collect());
        let (blanks, fields): (Vec<_>, Vec<_>) = fields.into_iter().partition(|&(i, _)| blank[i as usize]);
        let mut effects = Vec::new();
        for (_, rhs) in blanks {
            if !matches!(self.x(rhs).kind, ExprKind::Const(_)) {
                let kind = StmtKind::Assign { lhs: None, rhs, def: false };
                effects.push(Stmt { pos: self.x(rhs).pos, kind });
            }
        }
        (ExprKind::StructLit(fields), effects)
    }

    fn struct_lit(
        &mut self,
        ty: TypeId,
        fields: &[(crate::index::Symbol, TypeId)],
        elems: &'a [ast::Expr],
        pos: Pos,
        span: Span,
    ) -> ExprKind {
        let mut out: Vec<(u32, ExprId)> = Vec::with_capacity(elems.len());
        // Fields of embedded structs named directly: by embedded field, literals still to be made.
        let mut promoted: Vec<(Vec<u32>, ExprId)> = Vec::new();
        for (i, elem) in elems.iter().enumerate() {
            if let ast::ExprKind::KeyValue(k, v) = &elem.kind {
                let ast::ExprKind::Name(name) = &k.kind else { continue };
                let by_name = fields.iter().position(|f| f.0 == name.name);
                let path = match (by_name, self.cx.info().field_keys.get(&k.id)) {
                    (_, Some(path)) if path.len() > 1 => path.clone(),
                    (Some(index), _) => vec![index as u32],
                    (None, Some(path)) => path.clone(),
                    (None, None) => continue,
                };
                let fty = self.path_type(ty, &path);
                let v = self.expr_as(v, Some(fty));
                match path.as_slice() {
                    &[index] => out.push((index, v)),
                    _ => promoted.push((path, v)),
                }
            } else {
                let fty = self.canon_in(fields[i].1, None);
                let v = self.expr_as(elem, Some(fty));
                out.push((i as u32, v));
            }
        }
        while let Some((path, _)) = promoted.first() {
            let head = path[0];
            let (mine, rest): (Vec<_>, Vec<_>) = promoted.into_iter().partition(|(p, _)| p[0] == head);
            promoted = rest;
            let inner = mine.into_iter().map(|(p, v)| (p[1..].to_vec(), v)).collect();
            let fty = self.canon_in(fields[head as usize].1, None);
            let lit = self.promoted_lit(fty, inner, pos, span);
            out.push((head, lit));
        }
        ExprKind::StructLit(out)
    }

    /// The type of a field given by its path.
    fn path_type(&mut self, mut ty: TypeId, path: &[u32]) -> TypeId {
        for &i in path {
            let fty = self.types().as_struct(ty).map_or(Types::INVALID, |s| s.fields[i as usize].ty);
            ty = self.canon_in(fty, None);
        }
        ty
    }

    /// The literal of an embedded struct whose fields were given by paths.
    fn promoted_lit(&mut self, ty: TypeId, mut given: Vec<(Vec<u32>, ExprId)>, pos: Pos, span: Span) -> ExprId {
        let mut out = Vec::new();
        while let Some((path, value)) = given.first() {
            let head = path[0];
            if path.len() == 1 {
                out.push((head, *value));
                given.remove(0);
                continue;
            }
            let (mine, rest): (Vec<_>, Vec<_>) = given.into_iter().partition(|(p, _)| p[0] == head);
            given = rest;
            let inner = mine.into_iter().map(|(p, v)| (p[1..].to_vec(), v)).collect();
            let fty = self.types().as_struct(ty).expect("an embedded struct").fields[head as usize].ty;
            let fty = self.canon_in(fty, None);
            let lit = self.promoted_lit(fty, inner, pos, span);
            out.push((head, lit));
        }
        self.add(ExprKind::StructLit(out), ty, pos, span)
    }

    /// Elements of an array or slice literal, and the length they need.
    fn list_elems(&mut self, elem: TypeId, elems: &'a [ast::Expr]) -> (Vec<Elem>, u64) {
        let elem = self.canon_in(elem, None);
        let mut out = Vec::with_capacity(elems.len());
        let (mut index, mut len) = (0u64, 0u64);
        for e in elems {
            let value = match &e.kind {
                ast::ExprKind::KeyValue(k, v) => {
                    if let Some(k) = self.const_value(k).and_then(|v| v.to_bits64()) {
                        index = k;
                    }
                    self.expr_as(v, Some(elem))
                }
                _ => self.expr_as(e, Some(elem)),
            };
            out.push(Elem { index, value });
            index += 1;
            len = len.max(index);
        }
        (out, len)
    }
}
