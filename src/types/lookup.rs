//! Fields and methods of types (spec, "Selectors", "Method sets").
//!
//! The search goes breadth-first through embedded fields: the shallowest depth with a match decides, two
//! matches there are ambiguous. Terminates: a defined type is searched once.

#![forbid(unsafe_code)]

use super::identical::same_name;
use super::object::{ObjId, ObjKind, Objects, PkgId, is_exported};
use super::repr::{Method, NamedId, StructField, TypeId, TypeKind, Types};
use crate::index::Symbol;

/// What a lookup found.
#[derive(Debug, Clone)]
pub enum Found {
    Field(StructField),
    /// A method declared for a defined type, with that type (perhaps an instance).
    Method {
        obj: ObjId,
        recv: NamedId,
    },
    /// A method of an interface and its index in the interface's list.
    InterfaceMethod {
        method: Method,
        index: u32,
    },
}

/// The result of a lookup.
#[derive(Debug, Clone)]
pub enum Lookup {
    Found {
        what: Found,
        /// Indices of embedded fields on the way; for fields also the field's.
        path: Vec<u32>,
        /// There was a pointer on the way, the type itself included.
        indirect: bool,
    },
    /// Two at the same depth.
    Ambiguous,
    /// A method needs a pointer receiver, and the value is not addressable.
    NeedsPointer,
    NotFound,
}

struct Embedded {
    ty: TypeId,
    path: Vec<u32>,
    indirect: bool,
    multiples: bool,
}

/// Whether a name is the one looked for: equal and visible, or equal but for case when folding.
fn matches(name: Symbol, name_pkg: PkgId, wanted: Symbol, pkg: PkgId, fold: bool) -> bool {
    if fold {
        return name == wanted || name.as_str().to_lowercase() == wanted.as_str().to_lowercase();
    }
    same_name(name, name_pkg, wanted, pkg)
}

/// Whether the method is declared with a pointer receiver.
pub fn has_ptr_recv(objs: &Objects, method: ObjId) -> bool {
    matches!(objs[method].kind, ObjKind::Func(info) if info.recv.is_some_and(|(_, ptr)| ptr))
}

impl Types {
    /// Finds field or method `name`, as code in package `pkg` sees it.
    ///
    /// `addressable`: methods with pointer receivers may be called on the value.
    pub fn lookup_field_or_method(
        &self,
        objs: &Objects,
        ty: TypeId,
        addressable: bool,
        pkg: PkgId,
        name: Symbol,
        fold: bool,
    ) -> Lookup {
        // A defined pointer type has the fields of what it points to, but no methods.
        if self.as_named(ty).is_some() && matches!(self.underlying_kind(ty), TypeKind::Pointer(_)) {
            let found = self.lookup_impl(objs, self.underlying(ty), false, pkg, name, fold);
            return match found {
                Lookup::Found { what: Found::Method { .. } | Found::InterfaceMethod { .. }, .. } => Lookup::NotFound,
                found => found,
            };
        }
        self.lookup_impl(objs, ty, addressable, pkg, name, fold)
    }

    pub(super) fn lookup_impl(
        &self,
        objs: &Objects,
        ty: TypeId,
        addressable: bool,
        pkg: PkgId,
        name: Symbol,
        fold: bool,
    ) -> Lookup {
        if name.is_blank() {
            return Lookup::NotFound;
        }
        let (ty, is_ptr) = self.deref(ty);
        if is_ptr && matches!(self.underlying_kind(ty), TypeKind::Interface(_)) {
            return Lookup::NotFound;
        }
        let mut current = vec![Embedded { ty, path: Vec::new(), indirect: is_ptr, multiples: false }];
        let mut seen: Vec<TypeId> = Vec::new();
        while !current.is_empty() {
            let mut next: Vec<Embedded> = Vec::new();
            let mut found: Option<(Found, Vec<u32>, bool)> = None;
            for e in &current {
                if let Some(n) = self.as_named(e.ty) {
                    let id = self.unalias(e.ty);
                    if seen.iter().any(|&s| self.identical(s, id)) {
                        continue;
                    }
                    seen.push(id);
                    if let Some(obj) = self.declared_method(objs, n, pkg, name, fold) {
                        if found.is_some() || e.multiples {
                            return Lookup::Ambiguous;
                        }
                        found = Some((Found::Method { obj, recv: n }, e.path.clone(), e.indirect));
                        continue;
                    }
                }
                match self.underlying_kind(e.ty) {
                    TypeKind::Struct(s) => {
                        for (i, f) in s.fields.iter().enumerate() {
                            if matches(f.name, f.pkg, name, pkg, fold) {
                                if found.is_some() || e.multiples {
                                    return Lookup::Ambiguous;
                                }
                                let mut path = e.path.clone();
                                path.push(i as u32);
                                found = Some((Found::Field(f.clone()), path, e.indirect));
                                continue;
                            }
                            if found.is_none() && f.embedded {
                                let (ty, is_ptr) = self.deref(f.ty);
                                let mut path = e.path.clone();
                                path.push(i as u32);
                                next.push(Embedded {
                                    ty,
                                    path,
                                    indirect: e.indirect || is_ptr,
                                    multiples: e.multiples,
                                });
                            }
                        }
                    }
                    TypeKind::Interface(i) => {
                        let set = self.type_set(*i);
                        let index = set.methods.iter().position(|m| matches(m.name, m.pkg, name, pkg, fold));
                        if let Some(index) = index {
                            if found.is_some() || e.multiples {
                                return Lookup::Ambiguous;
                            }
                            let method = set.methods[index].clone();
                            let what = Found::InterfaceMethod { method, index: index as u32 };
                            found = Some((what, e.path.clone(), e.indirect));
                        }
                    }
                    _ => {}
                }
            }
            if let Some((what, path, indirect)) = found {
                if let Found::Method { obj, .. } = what
                    && has_ptr_recv(objs, obj)
                    && !indirect
                    && !addressable
                {
                    return Lookup::NeedsPointer;
                }
                return Lookup::Found { what, path, indirect };
            }
            current = Vec::new();
            for e in next {
                match current.iter_mut().find(|c| self.identical(c.ty, e.ty)) {
                    Some(c) => c.multiples = true,
                    None => current.push(e),
                }
            }
        }
        Lookup::NotFound
    }

    /// The method `name` declared for a defined type (for an instance: for its generic type).
    pub fn declared_method(
        &self,
        objs: &Objects,
        named: NamedId,
        pkg: PkgId,
        name: Symbol,
        fold: bool,
    ) -> Option<ObjId> {
        let origin = self.named[named].origin.unwrap_or(named);
        let origin = &self.named[origin];
        let declared_in = objs[origin.obj].pkg;
        if declared_in != pkg && !fold && !is_exported(name) {
            return None;
        }
        origin.methods.iter().copied().find(|&m| {
            let m = objs[m].name;
            m == name || (fold && m.as_str().to_lowercase() == name.as_str().to_lowercase())
        })
    }

    /// The methods of a type's method set (spec, "Method sets"): names as seen from anywhere, with how to
    /// reach them. Sorted as in interfaces.
    pub fn method_set(&self, objs: &Objects, ty: TypeId) -> Vec<(Symbol, PkgId, Lookup)> {
        let mut names: Vec<(Symbol, PkgId)> = Vec::new();
        let mut seen: Vec<TypeId> = Vec::new();
        if !self.is_interface(ty) && self.as_named(ty).is_some() && self.pointee(ty).is_some() {
            return Vec::new();
        }
        self.collect_method_names(objs, self.deref(ty).0, &mut names, &mut seen);
        let mut set: Vec<_> = names
            .into_iter()
            .filter_map(|(name, pkg)| match self.lookup_field_or_method(objs, ty, false, pkg, name, false) {
                Lookup::Found { what: Found::Field(_), .. } => None,
                found @ Lookup::Found { .. } => Some((name, pkg, found)),
                _ => None,
            })
            .collect();
        set.sort_by(|a, b| {
            let (ea, eb) = (is_exported(a.0), is_exported(b.0));
            eb.cmp(&ea).then_with(|| a.0.as_str().cmp(b.0.as_str())).then_with(|| a.1.0.cmp(&b.1.0))
        });
        set
    }

    fn collect_method_names(
        &self,
        objs: &Objects,
        ty: TypeId,
        names: &mut Vec<(Symbol, PkgId)>,
        seen: &mut Vec<TypeId>,
    ) {
        let ty = self.unalias(ty);
        if seen.contains(&ty) {
            return;
        }
        seen.push(ty);
        let mut add = |name: Symbol, pkg: PkgId| {
            if !name.is_blank() && !names.iter().any(|&(n, p)| same_name(n, p, name, pkg)) {
                names.push((name, pkg));
            }
        };
        if let TypeKind::Named(n) = *self.kind(ty) {
            let origin = self.named[n].origin.unwrap_or(n);
            for &m in &self.named[origin].methods {
                add(objs[m].name, objs[m].pkg);
            }
        }
        match self.underlying_kind(ty) {
            TypeKind::Struct(s) => {
                for f in s.fields.iter().filter(|f| f.embedded) {
                    self.collect_method_names(objs, self.deref(f.ty).0, names, seen);
                }
            }
            TypeKind::Interface(i) => {
                for m in self.type_set(*i).methods.iter() {
                    add(m.name, m.pkg);
                }
            }
            _ => {}
        }
    }
}
