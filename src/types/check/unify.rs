//! Unification of types (spec, "Type unification").
//!
//! Bound type parameters have slots; joined ones share a slot. Termination: recursion is limited in depth,
//! as in Go, and fails beyond that.

use super::Checker;
use crate::types::identical::same_name;
use crate::types::lookup::{Found, Lookup};
use crate::types::repr::{ChanDir, InterfaceId, TypeId, TypeKind};

/// Top level of an assignment: inexact there, exact inside.
pub(super) const ASSIGN: u8 = 1;
/// Types must be identical after replacement.
pub(super) const EXACT: u8 = 2;

const MAX_DEPTH: u32 = 50;

/// Type parameters and what they were found to be.
pub(super) struct Unifier {
    /// Slot by position of the type parameter.
    handles: Vec<(TypeId, usize)>,
    slots: Vec<Option<TypeId>>,
    depth: u32,
}

impl Unifier {
    pub(super) fn new(tparams: &[TypeId], targs: &[Option<TypeId>]) -> Unifier {
        Unifier {
            handles: tparams.iter().copied().zip(0..).collect(),
            slots: (0..tparams.len()).map(|i| targs.get(i).copied().flatten()).collect(),
            depth: 0,
        }
    }

    fn slot(&self, tparam: TypeId) -> Option<usize> {
        self.handles.iter().find(|(p, _)| *p == tparam).map(|h| h.1)
    }

    /// What a type parameter is, if that is known.
    pub(super) fn at(&self, tparam: TypeId) -> Option<TypeId> {
        self.slots[self.slot(tparam)?]
    }

    pub(super) fn set(&mut self, tparam: TypeId, ty: TypeId) {
        if let Some(slot) = self.slot(tparam) {
            self.slots[slot] = Some(ty);
        }
    }

    /// Number of type parameters that are not known.
    pub(super) fn unknowns(&self) -> usize {
        self.handles.iter().filter(|(_, s)| self.slots[*s].is_none()).count()
    }

    /// Makes two type parameters one; false if both are known already.
    fn join(&mut self, x: usize, y: usize) -> bool {
        if x == y {
            return true;
        }
        let (from, to) = match (self.slots[x], self.slots[y]) {
            (Some(_), Some(_)) => return false,
            (Some(_), None) => (y, x),
            _ => (x, y),
        };
        for h in &mut self.handles {
            if h.1 == from {
                h.1 = to;
            }
        }
        true
    }

    /// Makes two types the same by choosing type arguments; whether that is possible.
    pub(super) fn unify(&mut self, c: &mut Checker<'_>, x: TypeId, y: TypeId, mode: u8) -> bool {
        self.nify(c, x, y, mode, &mut Vec::new())
    }

    fn nify(
        &mut self,
        c: &mut Checker<'_>,
        x: TypeId,
        y: TypeId,
        mode: u8,
        pairs: &mut Vec<(InterfaceId, InterfaceId)>,
    ) -> bool {
        if c.types.unalias(x) == c.types.unalias(y) {
            return true;
        }
        self.depth += 1;
        let ok = self.depth <= MAX_DEPTH && self.nify_inner(c, x, y, mode, pairs);
        self.depth -= 1;
        ok
    }

    fn bound(&self, c: &Checker<'_>, t: TypeId) -> Option<(TypeId, usize)> {
        let t = c.types.unalias(t);
        self.slot(t).map(|s| (t, s))
    }

    fn nify_inner(
        &mut self,
        c: &mut Checker<'_>,
        mut x: TypeId,
        mut y: TypeId,
        mode: u8,
        pairs: &mut Vec<(InterfaceId, InterfaceId)>,
    ) -> bool {
        // A defined type comes second, a bound type parameter first.
        if c.types.as_named(x).is_some() || self.bound(c, y).is_some() {
            std::mem::swap(&mut x, &mut y);
        }
        // A defined type and a type literal: the underlying type decides, unless exactness is asked for.
        let literal = !matches!(c.types.unaliased_kind(x), TypeKind::Named(_) | TypeKind::TypeParam(_));
        if mode & EXACT == 0
            && c.types.as_named(y).is_some()
            && literal
            && !(c.allow_version(21) && matches!(c.types.underlying_kind(x), TypeKind::Interface(_)))
        {
            y = c.types.underlying(y);
            if c.types.unalias(x) == y {
                return true;
            }
        }
        match (self.bound(c, x), self.bound(c, y)) {
            (Some((px, sx)), Some((py, sy))) => {
                if self.join(sx, sy) {
                    return true;
                }
                return match (self.at(px), self.at(py)) {
                    (Some(a), Some(b)) => self.nify(c, a, b, mode, pairs),
                    _ => false,
                };
            }
            (Some((px, _)), None) => return self.nify_bound(c, px, y, mode, pairs),
            _ => {}
        }
        let iface = |c: &Checker<'_>, t: TypeId| c.types.as_interface(t);
        // Since go1.21.
        if mode & EXACT == 0 && c.allow_version(21) {
            match (iface(c, x), iface(c, y)) {
                (Some(a), Some(b)) => return self.nify_interfaces(c, a, b, pairs),
                (Some(i), None) => return self.nify_methods(c, i, y, pairs),
                (None, Some(i)) => return self.nify_methods(c, i, x, pairs),
                (None, None) => {}
            }
        }
        if c.types.is_type_param(y) {
            std::mem::swap(&mut x, &mut y);
        }
        let inner = if mode & ASSIGN != 0 { mode | EXACT } else { mode };
        let (ux, uy) = (c.types.unalias(x), c.types.unalias(y));
        match (c.types.kind(ux).clone(), c.types.kind(uy).clone()) {
            (TypeKind::Basic(a), TypeKind::Basic(b)) => a.unalias() == b.unalias(),
            (TypeKind::Array { elem: a, len: n }, TypeKind::Array { elem: b, len: m }) => {
                n == m && self.nify(c, a, b, inner, pairs)
            }
            (TypeKind::Slice(a), TypeKind::Slice(b)) | (TypeKind::Pointer(a), TypeKind::Pointer(b)) => {
                self.nify(c, a, b, inner, pairs)
            }
            (TypeKind::Map { key: k, elem: e }, TypeKind::Map { key, elem }) => {
                self.nify(c, k, key, inner, pairs) && self.nify(c, e, elem, inner, pairs)
            }
            (TypeKind::Chan { dir: d, elem: a }, TypeKind::Chan { dir, elem: b }) => {
                (mode & EXACT == 0 || d == dir) && self.nify(c, a, b, inner, pairs)
            }
            (TypeKind::Struct(a), TypeKind::Struct(b)) => {
                a.fields.len() == b.fields.len()
                    && a.fields.iter().zip(&b.fields).all(|(f, g)| {
                        f.embedded == g.embedded
                            && f.tag.as_deref().unwrap_or(&[]) == g.tag.as_deref().unwrap_or(&[])
                            && same_name(f.name, f.pkg, g.name, g.pkg)
                            && self.nify(c, f.ty, g.ty, inner, pairs)
                    })
            }
            (TypeKind::Tuple(a), TypeKind::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(&a, &b)| self.nify(c, a, b, mode, pairs))
            }
            (TypeKind::Func(a), TypeKind::Func(b)) => {
                let lists = [(&a.params, &b.params), (&a.results, &b.results)];
                a.variadic == b.variadic
                    && lists.into_iter().all(|(p, q)| {
                        p.len() == q.len() && p.iter().zip(q).all(|(p, q)| self.nify(c, p.ty, q.ty, inner, pairs))
                    })
            }
            (TypeKind::Interface(a), TypeKind::Interface(b)) => self.nify_exact_interfaces(c, a, b, pairs),
            (TypeKind::Named(a), TypeKind::Named(b)) => {
                let (origin_a, targs_a) = (c.types.named[a].origin, c.types.named[a].targs.clone());
                let (origin_b, targs_b) = (c.types.named[b].origin, c.types.named[b].targs.clone());
                origin_a.is_some()
                    && origin_a == origin_b
                    && targs_a.len() == targs_b.len()
                    && targs_a.iter().zip(&targs_b).all(|(&a, &b)| self.nify(c, a, b, mode, pairs))
            }
            (TypeKind::TypeParam(_), _) => match c.core_type(ux) {
                // A type parameter of the surrounding function: its core type stands for it.
                Some(core) if core != ux => self.nify(c, core, y, ASSIGN, pairs),
                _ => false,
            },
            _ => false,
        }
    }

    /// Unifies a bound type parameter with another type.
    fn nify_bound(
        &mut self,
        c: &mut Checker<'_>,
        px: TypeId,
        y: TypeId,
        mode: u8,
        pairs: &mut Vec<(InterfaceId, InterfaceId)>,
    ) -> bool {
        let Some(x) = self.at(px) else {
            self.set(px, y);
            return true;
        };
        if !self.nify(c, x, y, mode, pairs) {
            return false;
        }
        let (xn, yn) = (c.types.as_named(x).is_some(), c.types.as_named(y).is_some());
        match (c.types.as_interface(x), c.types.as_interface(y)) {
            (Some(a), Some(b)) => {
                if xn && yn {
                    return c.types.identical(x, y);
                }
                if c.types.type_set(a).methods.len() != c.types.type_set(b).methods.len() {
                    return false;
                }
            }
            (None, None) => {}
            _ => return false,
        }
        // Keep the better type: a defined one, or the channel with a direction.
        if mode & EXACT == 0 && !xn {
            let directed = matches!(c.types.underlying_kind(y), TypeKind::Chan { dir, .. } if *dir != ChanDir::Both);
            if yn || directed {
                self.set(px, y);
            }
        }
        true
    }

    fn same_sets(c: &Checker<'_>, a: InterfaceId, b: InterfaceId) -> bool {
        let (s, t) = (c.types.type_set(a), c.types.type_set(b));
        s.comparable == t.comparable
            && c.types.terms_subset(s.terms.as_deref(), t.terms.as_deref())
            && c.types.terms_subset(t.terms.as_deref(), s.terms.as_deref())
    }

    /// Inexact: the methods of one must be among those of the other.
    fn nify_interfaces(
        &mut self,
        c: &mut Checker<'_>,
        a: InterfaceId,
        b: InterfaceId,
        pairs: &mut Vec<(InterfaceId, InterfaceId)>,
    ) -> bool {
        if !Self::same_sets(c, a, b) {
            return false;
        }
        if pairs.contains(&(a, b)) || pairs.contains(&(b, a)) {
            return true;
        }
        let (s, t) = (c.types.type_set(a), c.types.type_set(b));
        let (few, many) = if s.methods.len() > t.methods.len() { (t, s) } else { (s, t) };
        pairs.push((a, b));
        let ok = few.methods.iter().all(|m| {
            many.methods
                .iter()
                .find(|o| same_name(o.name, o.pkg, m.name, m.pkg))
                .is_some_and(|o| self.nify(c, m.sig, o.sig, EXACT, pairs))
        });
        pairs.pop();
        ok
    }

    fn nify_exact_interfaces(
        &mut self,
        c: &mut Checker<'_>,
        a: InterfaceId,
        b: InterfaceId,
        pairs: &mut Vec<(InterfaceId, InterfaceId)>,
    ) -> bool {
        if !Self::same_sets(c, a, b) {
            return false;
        }
        let (s, t) = (c.types.type_set(a), c.types.type_set(b));
        if s.methods.len() != t.methods.len() {
            return false;
        }
        if pairs.contains(&(a, b)) || pairs.contains(&(b, a)) {
            return true;
        }
        pairs.push((a, b));
        let ok = s
            .methods
            .iter()
            .zip(t.methods.iter())
            .all(|(m, n)| same_name(m.name, m.pkg, n.name, n.pkg) && self.nify(c, m.sig, n.sig, EXACT, pairs));
        pairs.pop();
        ok
    }

    /// Inexact: the other type must have the interface's methods.
    fn nify_methods(
        &mut self,
        c: &mut Checker<'_>,
        i: InterfaceId,
        y: TypeId,
        pairs: &mut Vec<(InterfaceId, InterfaceId)>,
    ) -> bool {
        let set = c.types.type_set(i);
        set.methods.iter().all(|m| {
            let found = c.types.lookup_field_or_method(&c.objs, y, false, m.pkg, m.name, false);
            let sig = match found {
                Lookup::Found { what: Found::Method { obj, recv }, .. } => c.method_type(obj, recv),
                Lookup::Found { what: Found::InterfaceMethod { method, .. }, .. } => method.sig,
                _ => return false,
            };
            let generic = c.types.as_func(sig).is_some_and(|s| !s.tparams.is_empty());
            !generic && self.nify(c, m.sig, sig, EXACT, pairs)
        })
    }
}
