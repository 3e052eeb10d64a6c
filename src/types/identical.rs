//! Type identity (spec, "Type identity") and canonical types.
//!
//! [`Types::identical`] compares structurally. Cycles can only go through defined types, which are compared
//! by declaration, and interfaces, whose pairs under comparison are remembered and taken to be identical.
//!
//! [`Types::canonical`] maps identical types to one id: aliases resolved, parameter names and struct
//! positions dropped, interfaces flat with sorted methods. Cycles go through defined types, whose ids are
//! canonical as they stand; the exception, a literal that embeds the defined interface it occurs in
//! (`type I interface { F() interface{ I } }`), keeps the id of the place where it is written.

#![forbid(unsafe_code)]

use std::rc::Rc;

use super::object::{PkgId, is_exported};
use super::repr::{
    Interface, InterfaceId, Method, Param, Signature, StructField, StructType, TypeId, TypeKind, Types, UnionTerm,
};
use crate::index::Symbol;
use crate::source::Pos;

/// State of one comparison.
#[derive(Default)]
struct Comparer {
    ignore_tags: bool,
    interfaces: Vec<(InterfaceId, InterfaceId)>,
    /// Type parameters of generic signatures under comparison.
    tparams: Vec<(TypeId, TypeId)>,
}

/// Whether two names denote the same field or method.
pub fn same_name(a: Symbol, a_pkg: PkgId, b: Symbol, b_pkg: PkgId) -> bool {
    a == b && (a_pkg == b_pkg || is_exported(a))
}

impl Types {
    /// Whether two types are identical.
    pub fn identical(&self, x: TypeId, y: TypeId) -> bool {
        x == y || self.compare(x, y, &mut Comparer::default())
    }

    /// As [`identical`](Self::identical), struct tags ignored.
    pub fn identical_ignore_tags(&self, x: TypeId, y: TypeId) -> bool {
        x == y || self.compare(x, y, &mut Comparer { ignore_tags: true, ..Comparer::default() })
    }

    fn compare(&self, x: TypeId, y: TypeId, c: &mut Comparer) -> bool {
        let (x, y) = (self.unalias(x), self.unalias(y));
        if x == y {
            return true;
        }
        match (self.kind(x), self.kind(y)) {
            (TypeKind::Basic(a), TypeKind::Basic(b)) => a.unalias() == b.unalias(),
            (TypeKind::Array { elem: a, len: n }, TypeKind::Array { elem: b, len: m }) => {
                n == m && self.compare(*a, *b, c)
            }
            (TypeKind::Slice(a), TypeKind::Slice(b)) | (TypeKind::Pointer(a), TypeKind::Pointer(b)) => {
                self.compare(*a, *b, c)
            }
            (TypeKind::Map { key: a, elem: b }, TypeKind::Map { key: k, elem: e }) => {
                self.compare(*a, *k, c) && self.compare(*b, *e, c)
            }
            (TypeKind::Chan { dir: d, elem: a }, TypeKind::Chan { dir: e, elem: b }) => {
                d == e && self.compare(*a, *b, c)
            }
            (TypeKind::Struct(a), TypeKind::Struct(b)) => {
                a.fields.len() == b.fields.len()
                    && a.fields.iter().zip(&b.fields).all(|(f, g)| {
                        f.embedded == g.embedded
                            && (c.ignore_tags || f.tag.as_deref().unwrap_or(&[]) == g.tag.as_deref().unwrap_or(&[]))
                            && same_name(f.name, f.pkg, g.name, g.pkg)
                            && self.compare(f.ty, g.ty, c)
                    })
            }
            (TypeKind::Tuple(a), TypeKind::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(&a, &b)| self.compare(a, b, c))
            }
            (TypeKind::Func(a), TypeKind::Func(b)) => self.compare_signatures(a, b, c),
            (TypeKind::Union(a), TypeKind::Union(b)) => {
                let subset =
                    |a: &[UnionTerm], b: &[UnionTerm]| a.iter().all(|x| b.iter().any(|y| self.term_subset(*x, *y)));
                subset(a, b) && subset(b, a)
            }
            (TypeKind::Interface(a), TypeKind::Interface(b)) => {
                if c.interfaces.contains(&(*a, *b)) || c.interfaces.contains(&(*b, *a)) {
                    return true;
                }
                let (s, t) = (self.type_set(*a), self.type_set(*b));
                if s.comparable != t.comparable || s.methods.len() != t.methods.len() {
                    return false;
                }
                let (st, tt) = (s.terms.as_deref(), t.terms.as_deref());
                if !self.terms_subset(st, tt) || !self.terms_subset(tt, st) {
                    return false;
                }
                c.interfaces.push((*a, *b));
                let same = s
                    .methods
                    .iter()
                    .zip(t.methods.iter())
                    .all(|(m, n)| same_name(m.name, m.pkg, n.name, n.pkg) && self.compare(m.sig, n.sig, c));
                c.interfaces.pop();
                same
            }
            (TypeKind::Named(a), TypeKind::Named(b)) => {
                let (a, b) = (&self.named[*a], &self.named[*b]);
                a.origin.is_some()
                    && a.origin == b.origin
                    && a.targs.len() == b.targs.len()
                    && a.targs.iter().zip(&b.targs).all(|(&a, &b)| self.compare(a, b, c))
            }
            (TypeKind::TypeParam(_), TypeKind::TypeParam(_)) => c.tparams.contains(&(x, y)),
            _ => false,
        }
    }

    fn compare_signatures(&self, a: &Signature, b: &Signature, c: &mut Comparer) -> bool {
        if a.tparams.len() != b.tparams.len()
            || a.variadic != b.variadic
            || a.params.len() != b.params.len()
            || a.results.len() != b.results.len()
        {
            return false;
        }
        let mark = c.tparams.len();
        c.tparams.extend(a.tparams.iter().copied().zip(b.tparams.iter().copied()));
        let same = a.tparams.iter().zip(&b.tparams).all(|(&p, &q)| match (self.kind(p), self.kind(q)) {
            (TypeKind::TypeParam(p), TypeKind::TypeParam(q)) => {
                self.compare(self.type_params[*p].constraint, self.type_params[*q].constraint, c)
            }
            _ => false,
        }) && a.params.iter().zip(&b.params).all(|(p, q)| self.compare(p.ty, q.ty, c))
            && a.results.iter().zip(&b.results).all(|(p, q)| self.compare(p.ty, q.ty, c));
        c.tparams.truncate(mark);
        same
    }

    /// The one id of all types identical to `ty`. For checked programs only.
    pub fn canonical(&mut self, ty: TypeId) -> TypeId {
        if let Some(&id) = self.canonical.get(&ty) {
            return id;
        }
        let id = self.make_canonical(ty);
        self.canonical.insert(ty, id);
        self.canonical.insert(id, id);
        id
    }

    fn make_canonical(&mut self, ty: TypeId) -> TypeId {
        match self.kind(ty).clone() {
            TypeKind::Basic(b) => TypeId(b.unalias() as u32),
            TypeKind::Alias(_) => self.canonical(self.unalias(ty)),
            TypeKind::Named(n) => match self.named[n].origin {
                None => ty,
                Some(origin) => {
                    let targs: Vec<TypeId> = self.named[n].targs.clone();
                    let targs: Vec<TypeId> = targs.into_iter().map(|t| self.canonical(t)).collect();
                    self.instantiate_named(origin, &targs)
                }
            },
            TypeKind::Pointer(elem) => {
                let elem = self.canonical(elem);
                self.intern(TypeKind::Pointer(elem))
            }
            TypeKind::Slice(elem) => {
                let elem = self.canonical(elem);
                self.intern(TypeKind::Slice(elem))
            }
            TypeKind::Array { elem, len } => {
                let elem = self.canonical(elem);
                self.intern(TypeKind::Array { elem, len })
            }
            TypeKind::Map { key, elem } => {
                let (key, elem) = (self.canonical(key), self.canonical(elem));
                self.intern(TypeKind::Map { key, elem })
            }
            TypeKind::Chan { dir, elem } => {
                let elem = self.canonical(elem);
                self.intern(TypeKind::Chan { dir, elem })
            }
            TypeKind::Tuple(elems) => {
                let elems: Rc<[TypeId]> = elems.iter().map(|&t| self.canonical(t)).collect();
                self.intern(TypeKind::Tuple(elems))
            }
            TypeKind::Struct(s) => {
                let fields = s
                    .fields
                    .iter()
                    .map(|f| StructField {
                        name: f.name,
                        pkg: if is_exported(f.name) { PkgId::UNIVERSE } else { f.pkg },
                        ty: self.canonical(f.ty),
                        embedded: f.embedded,
                        tag: f.tag.clone().filter(|t| !t.is_empty()),
                        pos: Pos::NONE,
                    })
                    .collect();
                self.intern(TypeKind::Struct(Rc::new(StructType { fields })))
            }
            TypeKind::Func(sig) => {
                let list = |types: &mut Types, ps: &[Param]| -> Vec<Param> {
                    ps.iter().map(|p| Param { name: Symbol::default(), ty: types.canonical(p.ty) }).collect()
                };
                let params = list(self, &sig.params);
                let results = list(self, &sig.results);
                let sig = Signature { tparams: sig.tparams.clone(), params, results, variadic: sig.variadic };
                self.intern(TypeKind::Func(Rc::new(sig)))
            }
            TypeKind::Interface(i) => self.canonical_interface(i),
            TypeKind::Union(_) | TypeKind::TypeParam(_) => ty,
        }
    }

    fn canonical_interface(&mut self, id: InterfaceId) -> TypeId {
        let set = self.type_set(id);
        if !set.is_method_set() {
            // Constraints are compared by the checker only.
            return self.intern(TypeKind::Interface(id));
        }
        if self.canonicalizing.contains(&id) {
            // A literal that embeds the defined interface it stands in has no finite flat form: it stays as
            // it is written.
            return self.intern(TypeKind::Interface(id));
        }
        self.canonicalizing.push(id);
        let mut methods: Vec<Method> = set.methods.to_vec();
        for m in &mut methods {
            m.sig = self.canonical(m.sig);
        }
        self.canonicalizing.pop();
        let key: Vec<_> = methods.iter().map(|m| (m.name, (!is_exported(m.name)).then_some(m.pkg), m.sig)).collect();
        if let Some(&found) = self.canonical_interfaces.get(&key) {
            return found;
        }
        let iface = self.interfaces.push(Interface { methods, ..Interface::default() });
        let ty = self.intern(TypeKind::Interface(iface));
        self.canonical_interfaces.insert(key, ty);
        self.type_set(iface);
        ty
    }
}
