//! Substitution and instantiation.
//!
//! Instances are made once per generic type and argument list, and expanded (their right-hand side
//! substituted) as soon as the generic type is known. Instances of a type still being declared wait for it.
//! Termination: an expansion nested too deeply in expansions of the same generic type stops, its type stays
//! unresolved; the checker reports such programs as instantiation cycles.

#![forbid(unsafe_code)]

use std::rc::Rc;

use super::repr::{
    Alias, AliasId, Interface, Method, Named, NamedId, Param, Signature, StructField, StructType, TypeId, TypeKind,
    TypeParam, TypeParamId, Types, UnionTerm,
};

/// Nested expansions of one generic type that a program without instantiation cycle stays below.
const MAX_NESTED_EXPANSIONS: usize = 8;

impl Types {
    /// `ty` with type parameters replaced.
    pub fn subst(&mut self, ty: TypeId, map: &[(TypeParamId, TypeId)]) -> TypeId {
        if map.is_empty() {
            return ty;
        }
        match self.kind(ty).clone() {
            TypeKind::Basic(_) => ty,
            TypeKind::TypeParam(p) => map.iter().find(|(from, _)| *from == p).map_or(ty, |m| m.1),
            TypeKind::Alias(a) => {
                let alias = &self.aliases[a];
                match alias.origin {
                    Some(origin) => {
                        let targs = alias.targs.clone();
                        match self.subst_list(&targs, map) {
                            Some(targs) => self.instantiate_alias(origin, &targs),
                            None => ty,
                        }
                    }
                    // A local alias may mention type parameters of its function.
                    None => {
                        let rhs = alias.rhs;
                        let new = self.subst(rhs, map);
                        if new == rhs { ty } else { new }
                    }
                }
            }
            TypeKind::Named(n) => match self.named[n].origin {
                None => ty,
                Some(origin) => {
                    let targs = self.named[n].targs.clone();
                    let want = self.named[origin].tparams.len();
                    if want != 0 && targs.len() != want {
                        // Reported where it is written.
                        return Types::INVALID;
                    }
                    match self.subst_list(&targs, map) {
                        Some(targs) => self.instantiate_named(origin, &targs),
                        None => ty,
                    }
                }
            },
            TypeKind::Pointer(e) => {
                let e = self.subst(e, map);
                self.intern(TypeKind::Pointer(e))
            }
            TypeKind::Slice(e) => {
                let e = self.subst(e, map);
                self.intern(TypeKind::Slice(e))
            }
            TypeKind::Array { elem, len } => {
                let elem = self.subst(elem, map);
                self.intern(TypeKind::Array { elem, len })
            }
            TypeKind::Map { key, elem } => {
                let (key, elem) = (self.subst(key, map), self.subst(elem, map));
                self.intern(TypeKind::Map { key, elem })
            }
            TypeKind::Chan { dir, elem } => {
                let elem = self.subst(elem, map);
                self.intern(TypeKind::Chan { dir, elem })
            }
            TypeKind::Tuple(elems) => match self.subst_list(&elems, map) {
                Some(elems) => self.intern(TypeKind::Tuple(elems.into())),
                None => ty,
            },
            TypeKind::Struct(s) => {
                let types: Vec<TypeId> = s.fields.iter().map(|f| f.ty).collect();
                match self.subst_list(&types, map) {
                    None => ty,
                    Some(types) => {
                        let fields =
                            s.fields.iter().zip(types).map(|(f, ty)| StructField { ty, ..f.clone() }).collect();
                        self.intern(TypeKind::Struct(Rc::new(StructType { fields })))
                    }
                }
            }
            TypeKind::Func(sig) => {
                let new = self.subst_signature(&sig, map);
                if *sig == new { ty } else { self.intern(TypeKind::Func(Rc::new(new))) }
            }
            TypeKind::Union(terms) => {
                let types: Vec<TypeId> = terms.iter().map(|t| t.ty).collect();
                match self.subst_list(&types, map) {
                    None => ty,
                    Some(types) => {
                        let terms: Rc<[UnionTerm]> =
                            terms.iter().zip(types).map(|(t, ty)| UnionTerm { tilde: t.tilde, ty }).collect();
                        self.intern(TypeKind::Union(terms))
                    }
                }
            }
            TypeKind::Interface(i) => {
                let iface = self.interfaces[i].clone();
                let mut changed = false;
                let methods: Vec<Method> = iface
                    .methods
                    .iter()
                    .map(|m| {
                        let sig = self.subst(m.sig, map);
                        changed |= sig != m.sig;
                        Method { sig, ..m.clone() }
                    })
                    .collect();
                let embeds = iface
                    .embeds
                    .iter()
                    .map(|&(t, pos)| {
                        let new = self.subst(t, map);
                        changed |= new != t;
                        (new, pos)
                    })
                    .collect();
                if !changed {
                    return ty;
                }
                let id = self.interfaces.push(Interface {
                    methods,
                    embeds,
                    implicit: iface.implicit,
                    comparable: iface.comparable,
                    ..Interface::default()
                });
                self.intern(TypeKind::Interface(id))
            }
        }
    }

    /// A signature with type parameters replaced. Its own type parameters stay, unless they are replaced
    /// themselves: then they are dropped (the signature is instantiated). Constraints of those that stay are
    /// substituted in fresh copies.
    pub fn subst_signature(&mut self, sig: &Signature, map: &[(TypeParamId, TypeId)]) -> Signature {
        let own: Vec<TypeParamId> = sig
            .tparams
            .iter()
            .filter_map(|&t| match *self.kind(t) {
                TypeKind::TypeParam(p) => Some(p),
                _ => None,
            })
            .collect();
        let instantiating = own.first().is_some_and(|p| map.iter().any(|(from, _)| from == p));
        let mut map = map.to_vec();
        let mut tparams = Vec::new();
        if !own.is_empty() && !instantiating {
            let (fresh, extended) = self.rename_type_params(&own, &map);
            tparams = fresh;
            map = extended;
        }
        let list = |types: &mut Types, ps: &[Param]| -> Vec<Param> {
            ps.iter().map(|p| Param { name: p.name, ty: types.subst(p.ty, &map) }).collect()
        };
        let params = list(self, &sig.params);
        let results = list(self, &sig.results);
        if params == sig.params && results == sig.results && !tparams.is_empty() {
            tparams.clone_from(&sig.tparams);
        }
        Signature { tparams, params, results, variadic: sig.variadic }
    }

    /// Fresh type parameters in place of `own`, with `map` extended to map to them.
    pub fn rename_type_params(
        &mut self,
        own: &[TypeParamId],
        map: &[(TypeParamId, TypeId)],
    ) -> (Vec<TypeId>, Vec<(TypeParamId, TypeId)>) {
        let mut map = map.to_vec();
        let mut fresh = Vec::new();
        for &p in own {
            let copy = TypeParam { ..self.type_params[p].clone() };
            let id = self.type_params.push(copy);
            let ty = self.intern(TypeKind::TypeParam(id));
            fresh.push(ty);
            map.push((p, ty));
        }
        for (i, &p) in own.iter().enumerate() {
            let bound = self.subst(self.type_params[p].constraint, &map);
            if let TypeKind::TypeParam(id) = *self.kind(fresh[i]) {
                self.type_params[id].constraint = bound;
            }
        }
        (fresh, map)
    }

    /// The list with replacements, if anything changes.
    fn subst_list(&mut self, list: &[TypeId], map: &[(TypeParamId, TypeId)]) -> Option<Vec<TypeId>> {
        let new: Vec<TypeId> = list.iter().map(|&t| self.subst(t, map)).collect();
        (new != list).then_some(new)
    }

    /// Pairs the ids of type parameters with arguments.
    pub fn subst_map(&self, tparams: &[TypeId], targs: &[TypeId]) -> Vec<(TypeParamId, TypeId)> {
        tparams
            .iter()
            .zip(targs)
            .filter_map(|(&p, &a)| match *self.kind(p) {
                TypeKind::TypeParam(p) => Some((p, a)),
                _ => None,
            })
            .collect()
    }

    /// The type `origin[targs]`; the number of arguments need not be right (an error reported elsewhere).
    pub fn instantiate_named(&mut self, origin: NamedId, targs: &[TypeId]) -> TypeId {
        let key = (origin, targs.to_vec());
        if let Some(&ty) = self.instances.get(&key) {
            return ty;
        }
        let generic = &self.named[origin];
        let id = NamedId(self.named.len() as u32);
        let named = Named {
            obj: generic.obj,
            underlying: Types::INVALID,
            resolved: false,
            rhs: None,
            methods: Vec::new(),
            tparams: generic.tparams.clone(),
            origin: Some(origin),
            targs: targs.to_vec(),
        };
        self.named.push(named);
        let ty = self.intern(TypeKind::Named(id));
        self.instances.insert(key, ty);
        self.expand(id, ty);
        ty
    }

    /// Finds the right-hand side of an instance, now or when its generic type is known.
    fn expand(&mut self, id: NamedId, ty: TypeId) {
        let origin = self.named[id].origin.expect("an instance");
        let Some(rhs) = self.named[origin].rhs else {
            let generic = self.intern(TypeKind::Named(origin));
            self.waiting.entry(generic).or_default().push(ty);
            return;
        };
        if self.expanding.iter().filter(|&&e| e == origin).count() > MAX_NESTED_EXPANSIONS {
            return;
        }
        self.expanding.push(origin);
        let tparams = self.named[origin].tparams.clone();
        let targs = self.named[id].targs.clone();
        let rhs = if tparams.len() == targs.len() {
            let map = self.subst_map(&tparams, &targs);
            self.subst(rhs, &map)
        } else {
            Types::INVALID
        };
        self.expanding.pop();
        self.named[id].tparams = tparams;
        self.set_rhs(ty, rhs);
    }

    /// The alias instance `origin[targs]`.
    pub fn instantiate_alias(&mut self, origin: AliasId, targs: &[TypeId]) -> TypeId {
        let key = (origin, targs.to_vec());
        if let Some(&ty) = self.alias_instances.get(&key) {
            return ty;
        }
        let generic = &self.aliases[origin];
        let id = AliasId(self.aliases.len() as u32);
        let alias = Alias {
            obj: generic.obj,
            rhs: Types::INVALID,
            resolved: false,
            tparams: generic.tparams.clone(),
            origin: Some(origin),
            targs: targs.to_vec(),
        };
        self.aliases.push(alias);
        let ty = self.intern(TypeKind::Alias(id));
        self.alias_instances.insert(key, ty);
        self.expand_alias(id, ty);
        ty
    }

    fn expand_alias(&mut self, id: AliasId, ty: TypeId) {
        let origin = self.aliases[id].origin.expect("an instance");
        if !self.aliases[origin].resolved {
            let generic = self.intern(TypeKind::Alias(origin));
            self.waiting.entry(generic).or_default().push(ty);
            return;
        }
        let (tparams, rhs) = (self.aliases[origin].tparams.clone(), self.aliases[origin].rhs);
        let targs = self.aliases[id].targs.clone();
        self.aliases[id].tparams.clone_from(&tparams);
        let map = self.subst_map(&tparams, &targs);
        let rhs = self.subst(rhs, &map);
        self.set_rhs(ty, rhs);
    }

    /// Tells what stands behind a defined type or alias, and resolves whatever waited for that.
    pub fn set_rhs(&mut self, ty: TypeId, rhs: TypeId) {
        match *self.kind(ty) {
            TypeKind::Named(n) => self.named[n].rhs = Some(rhs),
            TypeKind::Alias(a) => {
                self.aliases[a].rhs = rhs;
                self.aliases[a].resolved = true;
            }
            _ => return,
        }
        self.resolve_underlying(ty);
        // Instances wait for the generic type's right-hand side, not for its underlying type.
        self.wake(ty);
    }

    /// Sets the underlying type of a defined type if it can be known now.
    fn resolve_underlying(&mut self, ty: TypeId) {
        let TypeKind::Named(n) = *self.kind(ty) else { return };
        if self.named[n].resolved {
            return;
        }
        let Some(mut rhs) = self.named[n].rhs else { return };
        loop {
            match *self.kind(rhs) {
                TypeKind::Alias(a) if self.aliases[a].resolved => rhs = self.aliases[a].rhs,
                TypeKind::Named(m) if self.named[m].resolved => {
                    rhs = self.named[m].underlying;
                    break;
                }
                TypeKind::Alias(_) | TypeKind::Named(_) => {
                    if rhs != ty {
                        self.waiting.entry(rhs).or_default().push(ty);
                    }
                    return;
                }
                _ => break,
            }
        }
        self.named[n].underlying = rhs;
        self.named[n].resolved = true;
    }

    fn wake(&mut self, ty: TypeId) {
        for waiter in self.waiting.remove(&ty).unwrap_or_default() {
            match *self.kind(waiter) {
                TypeKind::Named(n) if self.named[n].rhs.is_none() => self.expand(n, waiter),
                TypeKind::Alias(a) if !self.aliases[a].resolved => self.expand_alias(a, waiter),
                TypeKind::Named(_) => {
                    self.resolve_underlying(waiter);
                    let resolved = matches!(*self.kind(waiter), TypeKind::Named(n) if self.named[n].resolved);
                    if resolved {
                        self.wake(waiter);
                    }
                }
                _ => {}
            }
        }
    }
}
