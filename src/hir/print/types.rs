//! Types as Go's compiler prints them.

#![forbid(unsafe_code)]

use std::fmt::Write;

use super::Printer;
use super::text::quote;
use crate::types::typestring::link_string;
use crate::types::{PkgId, Signature, TypeId, TypeKind};

impl Printer<'_> {
    /// A type.
    pub fn ty(&self, ty: TypeId) -> String {
        let mut out = String::new();
        self.write_ty(&mut out, ty);
        out
    }

    pub(super) fn write_ty(&self, out: &mut String, ty: TypeId) {
        match self.types.kind(ty) {
            TypeKind::Basic(b) => out.push_str(b.name()),
            TypeKind::Named(n) => {
                let named = &self.types.named[*n];
                self.named(out, named.obj);
                if !named.targs.is_empty() {
                    let shaped = named.targs.iter().any(|&t| self.has_shape(t));
                    let list: Vec<String> = named.targs.iter().map(|&t| self.type_argument(t, shaped)).collect();
                    let _ = write!(out, "[{}]", list.join(","));
                }
            }
            TypeKind::Alias(a) => {
                // Only predeclared aliases (`any`) keep their names.
                let alias = &self.types.aliases[*a];
                if self.objs[alias.obj].pkg == PkgId::UNIVERSE {
                    self.named(out, alias.obj);
                } else {
                    self.write_ty(out, alias.rhs);
                }
            }
            TypeKind::Pointer(e) => {
                out.push('*');
                self.write_ty(out, *e);
            }
            TypeKind::Slice(e) => {
                out.push_str("[]");
                self.write_ty(out, *e);
            }
            TypeKind::Array { elem, len } => {
                let _ = write!(out, "[{len}]");
                self.write_ty(out, *elem);
            }
            TypeKind::Map { key, elem } => {
                out.push_str("map[");
                self.write_ty(out, *key);
                out.push(']');
                self.write_ty(out, *elem);
            }
            TypeKind::Chan { dir, elem } => {
                use crate::syntax::ast::ChanDir;
                let receives = matches!(self.types.kind(*elem), TypeKind::Chan { dir: ChanDir::Recv, .. });
                match dir {
                    ChanDir::Recv => out.push_str("<-chan "),
                    ChanDir::Send => out.push_str("chan<- "),
                    ChanDir::Both if receives => {
                        out.push_str("chan (");
                        self.write_ty(out, *elem);
                        return out.push(')');
                    }
                    ChanDir::Both => out.push_str("chan "),
                }
                self.write_ty(out, *elem);
            }
            TypeKind::Struct(s) => {
                out.push_str("struct {");
                for (i, f) in s.fields.iter().enumerate() {
                    out.push_str(if i > 0 { "; " } else { " " });
                    if !f.embedded {
                        let _ = write!(out, "{} ", f.name);
                    }
                    self.write_ty(out, f.ty);
                    if let Some(tag) = &f.tag {
                        let _ = write!(out, " {}", quote(tag));
                    }
                }
                out.push_str(if s.fields.is_empty() { "}" } else { " }" });
            }
            TypeKind::Func(sig) => {
                out.push_str("func");
                self.signature(out, sig);
            }
            TypeKind::Interface(_) => {
                let methods = self.types.interface_methods(ty);
                out.push_str("interface {");
                for (i, m) in methods.iter().enumerate() {
                    out.push_str(if i > 0 { "; " } else { " " });
                    out.push_str(m.name.as_str());
                    if let Some(sig) = self.types.as_func(m.sig) {
                        self.signature(out, &sig);
                    }
                }
                out.push_str(if methods.is_empty() { "}" } else { " }" });
            }
            TypeKind::Tuple(elems) => {
                out.push('(');
                for (i, &e) in elems.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    self.write_ty(out, e);
                }
                out.push(')');
            }
            TypeKind::TypeParam(_) | TypeKind::Union(_) => out.push('?'),
        }
    }

    /// A type argument, as link names spell it; `shaped`: the type stands in an instance's body, where shapes
    /// stand for types.
    pub(super) fn type_argument(&self, ty: TypeId, shaped: bool) -> String {
        let q =
            |pkg: PkgId| self.prog.link_paths.get(pkg.0 as usize).map_or_else(String::new, |p| p.as_str().to_owned());
        if shaped && !self.is_shape(ty) {
            format!("go.shape.{}", link_string(self.types, self.objs, self.types.underlying(ty), &q))
        } else {
            link_string(self.types, self.objs, ty, &q)
        }
    }

    /// Whether a type stands for type arguments with this underlying type.
    pub(super) fn is_shape(&self, ty: TypeId) -> bool {
        match self.types.kind(ty) {
            TypeKind::Named(n) => self.objs[self.types.named[*n].obj].name.as_str().starts_with("go.shape."),
            _ => false,
        }
    }

    /// Whether a shape is part of a type.
    pub fn has_shape(&self, ty: TypeId) -> bool {
        let types = self.types;
        match types.kind(ty) {
            TypeKind::Basic(_) | TypeKind::TypeParam(_) | TypeKind::Union(_) => false,
            TypeKind::Named(n) => self.is_shape(ty) || types.named[*n].targs.iter().any(|&t| self.has_shape(t)),
            TypeKind::Alias(_) => self.has_shape(types.unalias(ty)),
            TypeKind::Pointer(e) | TypeKind::Slice(e) => self.has_shape(*e),
            TypeKind::Array { elem, .. } | TypeKind::Chan { elem, .. } => self.has_shape(*elem),
            TypeKind::Map { key, elem } => self.has_shape(*key) || self.has_shape(*elem),
            TypeKind::Struct(s) => s.fields.iter().any(|f| self.has_shape(f.ty)),
            TypeKind::Func(sig) => sig.params.iter().chain(&sig.results).any(|p| self.has_shape(p.ty)),
            TypeKind::Interface(_) => types.interface_methods(ty).iter().any(|m| self.has_shape(m.sig)),
            TypeKind::Tuple(list) => list.iter().any(|&t| self.has_shape(t)),
        }
    }

    pub(super) fn named(&self, out: &mut String, obj: crate::types::ObjId) {
        let obj = &self.objs[obj];
        let prefix = (self.qualify)(obj.pkg);
        if obj.pkg != PkgId::UNIVERSE && !prefix.is_empty() {
            out.push_str(&prefix);
        }
        out.push_str(obj.name.as_str());
    }

    pub(super) fn signature(&self, out: &mut String, sig: &Signature) {
        out.push('(');
        for (i, p) in sig.params.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            match *self.types.kind(p.ty) {
                TypeKind::Slice(elem) if sig.variadic && i + 1 == sig.params.len() => {
                    out.push_str("...");
                    self.write_ty(out, elem);
                }
                _ => self.write_ty(out, p.ty),
            }
        }
        out.push(')');
        match sig.results.as_slice() {
            [] => {}
            [r] => {
                out.push(' ');
                self.write_ty(out, r.ty);
            }
            results => {
                out.push_str(" (");
                for (i, r) in results.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    self.write_ty(out, r.ty);
                }
                out.push(')');
            }
        }
    }
}
