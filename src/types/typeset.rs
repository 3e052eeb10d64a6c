//! Type sets of interfaces (spec, "Interface types", "General interfaces").
//!
//! A type set is described by the methods all its types have and by terms `T` and `~T`; no terms at all
//! (`None`) means every type. Computed on first use and kept in the interface; an interface that embeds
//! itself (an error reported elsewhere) sees the set of all types while it is being computed.

#![forbid(unsafe_code)]

use std::rc::Rc;

use super::object::is_exported;
use super::repr::{InterfaceId, Method, TypeId, TypeKind, Types, UnionTerm};
use crate::source::Pos;

/// The types that satisfy an interface.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TypeSet {
    /// Sorted: exported names first, then by name and package.
    pub methods: Rc<[Method]>,
    /// `None`: all types; empty: none.
    pub terms: Option<Vec<UnionTerm>>,
    /// Only comparable types; then `terms` is `None`.
    pub comparable: bool,
}

/// The same method from two places: an error unless it is embedded and the types are identical.
#[derive(Debug, Clone)]
pub struct MethodConflict {
    pub explicit: bool,
    pub pos: Pos,
    pub other_pos: Pos,
    pub method: Method,
    pub other: Method,
}

impl TypeSet {
    /// No type at all satisfies it.
    pub fn is_empty(&self) -> bool {
        self.terms.as_ref().is_some_and(Vec::is_empty)
    }

    /// Every type satisfies it.
    pub fn is_all(&self) -> bool {
        self.is_method_set() && self.methods.is_empty()
    }

    /// It can be the type of a variable.
    pub fn is_method_set(&self) -> bool {
        !self.comparable && self.terms.is_none()
    }

    /// The specific types, if it has any.
    pub fn specific(&self) -> Option<&[UnionTerm]> {
        self.terms.as_deref().filter(|t| !t.is_empty())
    }
}

impl Types {
    /// The type set of an interface.
    pub fn type_set(&self, id: InterfaceId) -> Rc<TypeSet> {
        let iface = &self.interfaces[id];
        if let Some(set) = iface.type_set.borrow().as_ref() {
            return set.clone();
        }
        if iface.incomplete {
            return Rc::default();
        }
        *iface.type_set.borrow_mut() = Some(Rc::default());
        let mut methods: Vec<(Method, Pos)> = Vec::new();
        let mut add = |pos: Pos, m: &Method, explicit: bool| {
            let other = methods.iter().find(|(o, _)| o.name == m.name && (is_exported(m.name) || o.pkg == m.pkg));
            match other {
                None => methods.push((m.clone(), pos)),
                Some((other, other_pos)) => self.method_conflicts.borrow_mut().push(MethodConflict {
                    explicit,
                    pos,
                    other_pos: *other_pos,
                    method: m.clone(),
                    other: other.clone(),
                }),
            }
        };
        for m in &iface.methods {
            add(m.pos, m, true);
        }
        let (mut terms, mut comparable): (Option<Vec<UnionTerm>>, bool) = (None, iface.comparable);
        for &(embedded, pos) in &iface.embeds {
            let (eterms, ecomparable) = match self.underlying_kind(embedded) {
                TypeKind::Interface(e) => {
                    let set = self.type_set(*e);
                    for m in set.methods.iter() {
                        add(pos, m, false);
                    }
                    (set.terms.clone(), set.comparable)
                }
                TypeKind::Union(u) => (self.union_terms(u), false),
                _ if self.underlying(embedded) == Types::INVALID => continue,
                _ => (Some(vec![UnionTerm { tilde: false, ty: embedded }]), false),
            };
            terms = self.intersect_terms(terms, eterms);
            comparable |= ecomparable;
            if comparable && let Some(list) = &mut terms {
                list.retain(|t| self.comparable_type(t.ty, false));
                comparable = false;
            }
        }
        methods.sort_by(|(a, _), (b, _)| method_order(a, b));
        let methods: Rc<[Method]> = methods.into_iter().map(|(m, _)| m).collect();
        let set = Rc::new(TypeSet { methods: methods.clone(), terms, comparable });
        *iface.type_set.borrow_mut() = Some(set.clone());
        *iface.all_methods.borrow_mut() = Some(methods);
        set
    }

    /// The terms of a union; `None` for all types.
    pub fn union_terms(&self, union: &[UnionTerm]) -> Option<Vec<UnionTerm>> {
        let mut all: Vec<UnionTerm> = Vec::new();
        for &t in union {
            let under = self.underlying(t.ty);
            if let TypeKind::Interface(i) = self.kind(under) {
                match &self.type_set(*i).terms {
                    None => return None,
                    Some(terms) => all.extend_from_slice(terms),
                }
            } else if under != Types::INVALID && (!t.tilde || self.identical(t.ty, under)) {
                all.push(t);
            }
        }
        // Drop terms that another one includes.
        let mut kept: Vec<UnionTerm> = Vec::new();
        for &t in &all {
            if kept.iter().any(|k| self.term_subset(t, *k)) {
                continue;
            }
            kept.retain(|k| !self.term_subset(*k, t));
            kept.push(t);
        }
        Some(kept)
    }

    fn intersect_terms(&self, a: Option<Vec<UnionTerm>>, b: Option<Vec<UnionTerm>>) -> Option<Vec<UnionTerm>> {
        let (a, b) = match (a, b) {
            (None, other) | (other, None) => return other,
            (Some(a), Some(b)) => (a, b),
        };
        let mut out: Vec<UnionTerm> = Vec::new();
        for &x in &a {
            for &y in &b {
                let both = if self.term_subset(x, y) {
                    x
                } else if self.term_subset(y, x) {
                    y
                } else {
                    continue;
                };
                if !out.iter().any(|o| self.term_subset(both, *o)) {
                    out.push(both);
                }
            }
        }
        Some(out)
    }

    /// Whether every type of `x` is one of `y`.
    pub fn term_subset(&self, x: UnionTerm, y: UnionTerm) -> bool {
        if y.tilde {
            self.identical(self.underlying(x.ty), self.underlying(y.ty))
        } else {
            !x.tilde && self.identical(x.ty, y.ty)
        }
    }

    /// Whether two terms have no type in common.
    pub fn terms_disjoint(&self, x: UnionTerm, y: UnionTerm) -> bool {
        let a = if y.tilde { self.underlying(x.ty) } else { x.ty };
        let b = if x.tilde { self.underlying(y.ty) } else { y.ty };
        !self.identical(a, b)
    }

    /// Whether a term includes a type.
    pub fn term_includes(&self, t: UnionTerm, ty: TypeId) -> bool {
        let ty = if t.tilde { self.underlying(ty) } else { ty };
        self.identical(t.ty, ty)
    }

    /// Whether all terms of `x` are included in terms of `y`.
    pub fn terms_subset(&self, x: Option<&[UnionTerm]>, y: Option<&[UnionTerm]>) -> bool {
        match (x, y) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(x), Some(y)) => x.iter().all(|a| y.iter().any(|b| self.term_subset(*a, *b))),
        }
    }

    /// Whether an interface's types can be compared with `==`, strictly.
    pub fn type_set_comparable(&self, set: &TypeSet, seen: &mut Vec<TypeId>) -> bool {
        match set.specific() {
            None => set.terms.is_none() && set.comparable,
            Some(terms) => terms.iter().all(|t| self.comparable_in(t.ty, false, seen)),
        }
    }

    /// Calls `f` with each specific type and its underlying type: of a type parameter, those of its
    /// constraint, or `None` if it has none; of other types, itself. Stops and returns false when `f` does.
    pub fn all_under(&self, ty: TypeId, mut f: impl FnMut(Option<(TypeId, TypeId)>) -> bool) -> bool {
        if let TypeKind::TypeParam(_) = self.unaliased_kind(ty) {
            let TypeKind::Interface(i) = *self.underlying_kind(ty) else { return f(None) };
            let set = self.type_set(i);
            return match set.specific() {
                None => f(None),
                Some(terms) => terms.iter().all(|t| {
                    let u = if t.tilde { self.unalias(t.ty) } else { self.underlying(t.ty) };
                    f(Some((t.ty, u)))
                }),
            };
        }
        f(Some((ty, self.underlying(ty))))
    }

    /// The specific types of a type parameter, or `None`; empty for other types.
    pub fn type_param_terms(&self, ty: TypeId) -> Option<Vec<UnionTerm>> {
        match *self.underlying_kind(ty) {
            TypeKind::Interface(i) => self.type_set(i).specific().map(<[UnionTerm]>::to_vec),
            _ => None,
        }
    }
}

/// The order of methods in type sets, method tables and messages.
pub fn method_order(a: &Method, b: &Method) -> std::cmp::Ordering {
    let (ea, eb) = (is_exported(a.name), is_exported(b.name));
    eb.cmp(&ea)
        .then_with(|| a.name.as_str().cmp(b.name.as_str()))
        .then_with(|| if ea { std::cmp::Ordering::Equal } else { a.pkg.0.cmp(&b.pkg.0) })
}
