//! Which types implement an interface, and why others do not (spec, "Implementing an interface",
//! "Satisfying a type constraint").
//!
//! The questions themselves change nothing: [`Checker::prepare_methods`] resolves what they need before.

use super::Checker;
use crate::types::lookup::{Found, Lookup};
use crate::types::object::ObjId;
use crate::types::repr::{Method, NamedId, TypeId, TypeKind, Types, UnionTerm};

impl<'a> Checker<'a> {
    /// Whether `v` implements (or, as a type argument, satisfies) the interface `t`.
    pub(super) fn implements(&mut self, v: TypeId, t: TypeId, constraint: bool, cause: Option<&mut String>) -> bool {
        self.prepare_methods(v, t);
        self.implements_in(v, t, constraint, cause)
    }

    pub(super) fn implements_in(&self, v: TypeId, t: TypeId, constraint: bool, cause: Option<&mut String>) -> bool {
        let types = &self.types;
        let (vu, tu) = (types.underlying(v), types.underlying(t));
        if !types.is_valid(vu) || !types.is_valid(tu) {
            return true;
        }
        if let TypeKind::Pointer(base) = *types.kind(vu)
            && !types.is_valid(types.underlying(base))
        {
            return true;
        }
        let verb = if constraint { "satisfy" } else { "implement" };
        let TypeKind::Interface(ti) = *types.kind(tu) else {
            if let Some(cause) = cause {
                let detail = if types.is_interface_ptr(tu) {
                    self.interface_ptr_error(t)
                } else {
                    format!("{} is not an interface", self.tstr(t))
                };
                *cause = format!("{} does not {verb} {} ({detail})", self.tstr(v), self.tstr(t));
            }
            return false;
        };
        let tset = types.type_set(ti);
        if tset.is_all() {
            return true;
        }
        let vset = match *types.kind(vu) {
            TypeKind::Interface(i) => Some(types.type_set(i)),
            _ => None,
        };
        if vset.as_ref().is_some_and(|s| s.is_empty()) {
            return true;
        }
        if tset.is_empty() {
            if let Some(cause) = cause {
                *cause = format!("cannot {verb} {} (empty type set)", self.tstr(t));
            }
            return false;
        }
        let mut inner = String::new();
        let want_cause = cause.is_some();
        if !self.has_all_methods_quiet(v, t, true, want_cause.then_some(&mut inner)) {
            if let Some(cause) = cause {
                *cause = format!("{} does not {verb} {} {inner}", self.tstr(v), self.tstr(t));
            }
            return false;
        }
        let comparability = |cause: Option<&mut String>| {
            if !types.type_set_comparable(&tset, &mut Vec::new()) || types.comparable_type(v, false) {
                return true;
            }
            if constraint && types.comparable_type(v, true) {
                if !self.allow_version(20)
                    && let Some(cause) = cause
                {
                    *cause = format!("{} to {verb} comparable requires go1.20 or later", self.tstr(v));
                }
                return self.allow_version(20);
            }
            if let Some(cause) = cause {
                *cause = format!("{} does not {verb} comparable", self.tstr(v));
            }
            false
        };
        let Some(terms) = tset.specific() else { return comparability(cause) };
        if let Some(vset) = vset {
            if !types.terms_subset(vset.terms.as_deref(), Some(terms)) {
                if let Some(cause) = cause {
                    *cause = format!("{} does not {verb} {}", self.tstr(v), self.tstr(t));
                }
                return false;
            }
            return comparability(cause);
        }
        if !terms.iter().any(|term| types.term_includes(*term, v)) {
            if let Some(cause) = cause {
                let alt = terms.iter().find(|term| {
                    !term.tilde
                        && types.identical(term.ty, types.underlying(term.ty))
                        && types.term_includes(UnionTerm { tilde: true, ty: term.ty }, v)
                });
                let (vs, ts) = (self.tstr(v), self.tstr(t));
                let detail = if let Some(alt) = alt {
                    format!("possibly missing ~ for {} in {ts}", self.tstr(alt.ty))
                } else if self.mentions(tu, v) {
                    format!("{ts} mentions {vs}, but {vs} is not in the type set of {ts}")
                } else {
                    let list: Vec<String> = terms.iter().map(|t| self.term_string(*t)).collect();
                    format!("{vs} missing in {}", list.join(" | "))
                };
                *cause = format!("{vs} does not {verb} {ts} ({detail})");
            }
            return false;
        }
        comparability(cause)
    }

    pub(super) fn mentions(&self, t: TypeId, ty: TypeId) -> bool {
        match self.types.kind(t) {
            TypeKind::Interface(i) => self.types.interfaces[*i].embeds.iter().any(|&(e, _)| self.mentions(e, ty)),
            TypeKind::Union(terms) => terms.iter().any(|u| self.mentions(u.ty, ty)),
            _ => self.types.identical(t, ty),
        }
    }

    pub(super) fn interface_ptr_error(&self, t: TypeId) -> String {
        let param = self.types.pointee(t).is_some_and(|base| self.types.is_type_param(base));
        if param {
            format!("type {} is pointer to type parameter, not type parameter", self.tstr(t))
        } else {
            format!("type {} is pointer to interface, not interface", self.tstr(t))
        }
    }

    /// Whether `v` has all methods of interface `t`, resolving those that are not resolved yet.
    pub(super) fn has_all_methods(&mut self, v: TypeId, t: TypeId, static_: bool, cause: &mut String) -> bool {
        self.resolve_methods(v, t);
        self.has_all_methods_quiet(v, t, static_, Some(cause))
    }

    /// Resolves what the questions "does `v` implement `t`" and the reverse need to know.
    pub(super) fn prepare_methods(&mut self, v: TypeId, t: TypeId) {
        for (v, t) in [(v, t), (t, v)] {
            if !matches!(self.types.underlying_kind(t), TypeKind::Interface(_)) {
                continue;
            }
            self.resolve_methods(v, t);
            for ty in [v, t] {
                if self.types.is_type_param(ty) {
                    for term in self.types.type_param_terms(ty).unwrap_or_default() {
                        let (v, t) = if ty == v { (term.ty, t) } else { (v, term.ty) };
                        self.resolve_methods(v, t);
                    }
                }
            }
        }
    }

    /// Resolves the methods of `v` that interface `t` asks for.
    pub(super) fn resolve_methods(&mut self, v: TypeId, t: TypeId) {
        let TypeKind::Interface(i) = *self.types.underlying_kind(t) else { return };
        if matches!(self.types.underlying_kind(v), TypeKind::Interface(_)) {
            return;
        }
        for m in self.types.type_set(i).methods.clone().iter() {
            for fold in [false, true] {
                if let Lookup::Found { what: Found::Method { obj, recv }, .. } =
                    self.types.lookup_impl(&self.objs, v, true, m.pkg, m.name, fold)
                {
                    self.method_type(obj, recv);
                    break;
                }
            }
        }
    }

    /// The type of a method of a defined type, resolved, and instantiated for an instance.
    pub(super) fn method_type(&mut self, obj: ObjId, recv: NamedId) -> TypeId {
        if self.objs[obj].ty == Types::UNRESOLVED {
            self.obj_decl(obj);
        }
        let ty = self.objs[obj].ty;
        if self.types.named[recv].origin.is_none() {
            return ty;
        }
        if let Some(&ty) = self.inst_methods.get(&(obj, recv)) {
            return ty;
        }
        let targs = self.types.named[recv].targs.clone();
        let tparams = self.info.recv_tparams.get(&obj).cloned().unwrap_or_default();
        if tparams.len() != targs.len() {
            return ty;
        }
        let map = self.types.subst_map(&tparams, &targs);
        let ty = self.types.subst(ty, &map);
        self.inst_methods.insert((obj, recv), ty);
        ty
    }

    /// As [`method_type`](Self::method_type), if that was found before.
    pub(super) fn method_sig_of(&self, obj: ObjId, recv: NamedId) -> Option<TypeId> {
        if self.types.named[recv].origin.is_some()
            && let Some(&ty) = self.inst_methods.get(&(obj, recv))
        {
            return Some(ty);
        }
        let ty = self.objs[obj].ty;
        (ty != Types::UNRESOLVED).then_some(ty)
    }

    pub(super) fn has_all_methods_quiet(
        &self,
        v: TypeId,
        t: TypeId,
        static_: bool,
        cause: Option<&mut String>,
    ) -> bool {
        if !self.types.is_valid(v) {
            return true;
        }
        self.missing_method(v, t, static_, cause, &mut |types, a, b| types.identical(a, b)).is_none()
            || self.has_invalid_embedded_fields(v, &mut Vec::new())
    }

    pub(super) fn has_invalid_embedded_fields(&self, t: TypeId, seen: &mut Vec<TypeId>) -> bool {
        let t = match self.types.pointee(t) {
            Some(base) if self.types.as_struct(base).is_some() => base,
            _ => t,
        };
        let under = self.types.underlying(t);
        if let TypeKind::Struct(s) = self.types.kind(under)
            && !seen.contains(&under)
        {
            seen.push(under);
            return s
                .fields
                .iter()
                .any(|f| f.embedded && (!self.types.is_valid(f.ty) || self.has_invalid_embedded_fields(f.ty, seen)));
        }
        false
    }

    /// The first method of interface `t` that `v` lacks.
    pub(super) fn missing_method(
        &self,
        v: TypeId,
        t: TypeId,
        static_: bool,
        cause: Option<&mut String>,
        equivalent: &mut dyn FnMut(&Types, TypeId, TypeId) -> bool,
    ) -> Option<Method> {
        let TypeKind::Interface(ti) = *self.types.underlying_kind(t) else { return None };
        let methods = self.types.type_set(ti).methods.clone();
        if methods.is_empty() {
            return None;
        }
        if let TypeKind::Interface(vi) = *self.types.underlying_kind(v) {
            let set = self.types.type_set(vi);
            for m in methods.iter() {
                let found =
                    set.methods.iter().find(|f| crate::types::identical::same_name(f.name, f.pkg, m.name, m.pkg));
                match found {
                    None if !static_ => {}
                    None => {
                        if let Some(cause) = cause {
                            *cause = self.not_found_cause(v, t, m);
                        }
                        return Some(m.clone());
                    }
                    Some(f) if !equivalent(&self.types, f.sig, m.sig) => {
                        if let Some(cause) = cause {
                            *cause = self.wrong_signature_cause(m, f.sig);
                        }
                        return Some(m.clone());
                    }
                    Some(_) => {}
                }
            }
            return None;
        }
        for m in methods.iter() {
            let lookup = self.types.lookup_impl(&self.objs, v, false, m.pkg, m.name, false);
            let text = match lookup {
                Lookup::Found { what: Found::Method { obj, recv }, .. } => {
                    let Some(sig) = self.method_sig_of(obj, recv) else { continue };
                    if equivalent(&self.types, sig, m.sig) {
                        continue;
                    }
                    cause.is_some().then(|| self.wrong_signature_cause(m, sig))
                }
                Lookup::Found { what: Found::InterfaceMethod { method, .. }, .. } => {
                    if equivalent(&self.types, method.sig, m.sig) {
                        continue;
                    }
                    cause.is_some().then(|| self.wrong_signature_cause(m, method.sig))
                }
                Lookup::Found { what: Found::Field(_), .. } => {
                    cause.is_some().then(|| format!("({}.{} is a field, not a method)", self.tstr(v), m.name))
                }
                Lookup::Ambiguous => {
                    cause.is_some().then(|| format!("(ambiguous selector {}.{})", self.tstr(v), m.name))
                }
                Lookup::NeedsPointer => cause.is_some().then(|| format!("(method {} has pointer receiver)", m.name)),
                Lookup::NotFound => cause.is_some().then(|| {
                    let alt = self.types.lookup_impl(&self.objs, v, false, m.pkg, m.name, true);
                    let (name, sig) = match alt {
                        Lookup::Found { what: Found::Method { obj, recv }, .. } => {
                            (self.objs[obj].name, self.method_sig_of(obj, recv).unwrap_or(m.sig))
                        }
                        Lookup::Found { what: Found::InterfaceMethod { method, .. }, .. } => (method.name, method.sig),
                        _ => return self.not_found_cause(v, t, m),
                    };
                    if name == m.name {
                        return format!("(unexported method {})", m.name);
                    }
                    format!(
                        "(missing method {})\n\t\thave {}\n\t\twant {}",
                        m.name,
                        self.method_string(name, sig, false),
                        self.method_string(m.name, m.sig, false)
                    )
                }),
            };
            if let (Some(cause), Some(text)) = (cause, text) {
                *cause = text;
            }
            return Some(m.clone());
        }
        None
    }

    pub(super) fn not_found_cause(&self, v: TypeId, t: TypeId, m: &Method) -> String {
        if self.types.is_interface_ptr(v) {
            format!("({})", self.interface_ptr_error(v))
        } else if self.types.is_interface_ptr(t) {
            format!("({})", self.interface_ptr_error(t))
        } else {
            format!("(missing method {})", m.name)
        }
    }

    pub(super) fn wrong_signature_cause(&self, m: &Method, have: TypeId) -> String {
        let mut fs = self.method_string(m.name, have, false);
        let mut ms = self.method_string(m.name, m.sig, false);
        if fs == ms {
            fs = self.method_string(m.name, have, true);
            ms = self.method_string(m.name, m.sig, true);
        }
        if fs == ms {
            return format!("(wrong type for method {})", m.name);
        }
        format!("(wrong type for method {})\n\t\thave {fs}\n\t\twant {ms}", m.name)
    }
}
