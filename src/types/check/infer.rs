//! Type inference (spec, "Type inference").
//!
//! Typed arguments are unified with parameter types, then type arguments with their constraints until
//! nothing changes, then untyped arguments give default types to what is still open. Inferred types may
//! mention other type parameters; those are replaced at the end, cycles among them dropped.

use super::Checker;
use super::operand::Operand;
use super::unify::{ASSIGN, EXACT, Unifier};
use crate::source::Span;
use crate::types::repr::{TypeId, TypeKind, TypeParamId, UnionTerm};

/// Why inference failed: where and what; `None` if that was reported already.
pub(super) type InferError = Option<(Span, String)>;

impl<'a> Checker<'a> {
    /// Fresh type parameters in place of declared ones, so that a call inside the function itself does not
    /// confuse them with its own.
    pub(super) fn rename_tparams(&mut self, tparams: &[TypeId]) -> (Vec<TypeId>, Vec<(TypeParamId, TypeId)>) {
        let ids: Vec<TypeParamId> = tparams.iter().filter_map(|&t| self.type_param_id(t)).collect();
        for &t in tparams {
            self.constraint_of(t);
        }
        self.types.rename_type_params(&ids, &[])
    }

    fn type_param_id(&self, t: TypeId) -> Option<TypeParamId> {
        match *self.types.kind(t) {
            TypeKind::TypeParam(p) => Some(p),
            _ => None,
        }
    }

    /// Infers type arguments for `tparams` from those known and from arguments for parameters.
    pub(super) fn infer(
        &mut self,
        at: Span,
        tparams: &[TypeId],
        targs: Vec<Option<TypeId>>,
        params: &[TypeId],
        args: &mut [Operand<'a>],
        reverse: bool,
    ) -> Result<Vec<TypeId>, InferError> {
        if let Some(all) = targs.iter().copied().collect::<Option<Vec<TypeId>>>() {
            return Ok(all);
        }
        if args.iter().any(|a| !a.is_valid()) {
            return Err(None);
        }
        let known: Vec<(TypeParamId, TypeId)> =
            tparams.iter().zip(&targs).filter_map(|(&p, &a)| Some((self.type_param_id(p)?, a?))).collect();
        let params: Vec<TypeId> = params.iter().map(|&t| self.types.subst(t, &known)).collect();
        let mut u = Unifier::new(tparams, &targs);
        let mut untyped = Vec::new();
        for (i, arg) in args.iter().enumerate() {
            let par = params[i];
            if !self.is_parameterized(tparams, par) && !self.is_parameterized(tparams, arg.ty) {
                continue;
            }
            if self.types.is_typed(arg.ty) {
                if !u.unify(self, par, arg.ty, ASSIGN) {
                    return Err(Some(self.mismatch(&u, tparams, par, arg, reverse)));
                }
            } else if matches!(self.types.kind(par), TypeKind::TypeParam(_)) && !arg.is_nil() {
                untyped.push(i);
            }
        }
        self.unify_constraints(at, tparams, &mut u)?;
        // Untyped arguments: the largest kind among those for one type parameter.
        let mut max_untyped: Vec<(TypeId, TypeId)> = Vec::new();
        for i in untyped {
            let tpar = params[i];
            if u.at(tpar).is_some() {
                continue;
            }
            let ty = args[i].ty;
            match max_untyped.iter_mut().find(|(p, _)| *p == tpar) {
                None => max_untyped.push((tpar, ty)),
                Some((_, max)) => match self.types.max_type(*max, ty) {
                    Some(m) => *max = m,
                    None => {
                        let message = format!(
                            "mismatched types {} and {} (cannot infer {})",
                            self.tstr(*max),
                            self.tstr(ty),
                            self.tstr(tpar)
                        );
                        return Err(Some((args[i].span(), message)));
                    }
                },
            }
        }
        for (tpar, ty) in max_untyped {
            let ty = self.types.default_type(ty);
            u.set(tpar, ty);
        }
        self.simplify(at, tparams, &targs, &u)
    }

    /// Unifies type arguments with core types and methods of their constraints until nothing changes.
    fn unify_constraints(&mut self, at: Span, tparams: &[TypeId], u: &mut Unifier) -> Result<(), InferError> {
        loop {
            let unknown = u.unknowns();
            for &tpar in tparams {
                let bound = self.constraint_of(tpar);
                let tx = u.at(tpar);
                if let Some((term, single)) = self.core_term(tpar) {
                    match tx {
                        Some(tx) if !u.unify(self, tx, term.ty, 0) => {
                            let message = format!(
                                "{} (type {}) does not satisfy {}",
                                self.tstr(tpar),
                                self.tstr(tx),
                                self.tstr(bound)
                            );
                            return Err(Some((at, message)));
                        }
                        Some(_) => {}
                        None if single && !term.tilde => u.set(tpar, term.ty),
                        None => {}
                    }
                }
                if let Some(tx) = tx
                    && !self.is_parameterized(tparams, tx)
                {
                    let mut cause = String::new();
                    if !self.unify_methods(u, tx, bound, &mut cause) {
                        let message = format!(
                            "{} (type {}) does not satisfy {} {cause}",
                            self.tstr(tpar),
                            self.tstr(tx),
                            self.tstr(bound)
                        );
                        return Err(Some((at, message)));
                    }
                }
            }
            if u.unknowns() == unknown {
                return Ok(());
            }
        }
    }

    /// Unifies the methods a constraint asks for with those of a type argument.
    fn unify_methods(&mut self, u: &mut Unifier, tx: TypeId, bound: TypeId, cause: &mut String) -> bool {
        self.resolve_methods(tx, bound);
        // First find out which pairs there are, then unify them: unification may resolve declarations.
        let mut pairs = Vec::new();
        let missing = self.missing_method(tx, bound, true, Some(cause), &mut |_, have, want| {
            pairs.push((have, want));
            true
        });
        if missing.is_some() {
            return !self.types.is_valid(tx);
        }
        for (have, want) in pairs {
            if !u.unify(self, have, want, EXACT) {
                self.missing_method(tx, bound, true, Some(cause), &mut |_, h, w| (h, w) != (have, want));
                return false;
            }
        }
        true
    }

    /// The single type, or common underlying type, of a type parameter's set; and whether it is single.
    fn core_term(&self, tpar: TypeId) -> Option<(UnionTerm, bool)> {
        let terms = self.types.type_param_terms(tpar)?;
        if let [one] = terms[..] {
            return Some((one, true));
        }
        let ty = self.core_type(tpar)?;
        Some((UnionTerm { tilde: terms.iter().any(|t| t.tilde), ty }, false))
    }

    fn mismatch(
        &mut self,
        u: &Unifier,
        tparams: &[TypeId],
        par: TypeId,
        arg: &Operand<'a>,
        reverse: bool,
    ) -> (Span, String) {
        let inferred: Vec<Option<TypeId>> = tparams.iter().map(|&p| u.at(p)).collect();
        let (targ, text, par_text) = (self.tstr(arg.ty), self.op_expr(arg), self.tstr(par));
        let message = if inferred.iter().all(Option::is_none) {
            let names: Vec<String> = tparams.iter().map(|&p| self.tstr(p)).collect();
            let names = match names.as_slice() {
                [a] => a.clone(),
                [a, b] => format!("{a} and {b}"),
                [init @ .., last] => format!("{}, and {last}", init.join(", ")),
                [] => String::new(),
            };
            format!("type {targ} of {text} does not match {par_text} (cannot infer {names})")
        } else {
            let map: Vec<(TypeParamId, TypeId)> =
                tparams.iter().zip(&inferred).filter_map(|(&p, &a)| Some((self.type_param_id(p)?, a?))).collect();
            let found = self.types.subst(par, &map);
            if found == par {
                format!("type {targ} of {text} does not match {par_text}")
            } else {
                let found = self.tstr(found);
                if reverse {
                    format!("inferred type {found} for {par_text} does not match type {targ} of {text}")
                } else {
                    format!("type {targ} of {text} does not match inferred type {found} for {par_text}")
                }
            }
        };
        (arg.span(), message)
    }

    /// Replaces type parameters inside inferred types; all must be known in the end.
    fn simplify(
        &mut self,
        at: Span,
        tparams: &[TypeId],
        targs: &[Option<TypeId>],
        u: &Unifier,
    ) -> Result<Vec<TypeId>, InferError> {
        let mut inferred: Vec<Option<TypeId>> = tparams.iter().map(|&p| u.at(p)).collect();
        for i in 0..tparams.len() {
            self.kill_cycles(tparams, &mut inferred, tparams[i], &mut Vec::new());
        }
        let mut dirty: Vec<usize> = (0..tparams.len())
            .filter(|&i| inferred[i].is_some() && targs.get(i).copied().flatten().is_none())
            .collect();
        while !dirty.is_empty() {
            let map: Vec<(TypeParamId, TypeId)> =
                tparams.iter().zip(&inferred).filter_map(|(&p, &a)| Some((self.type_param_id(p)?, a?))).collect();
            dirty.retain(|&i| {
                let Some(old) = inferred[i] else { return false };
                let mut new = self.types.subst(old, &map);
                // A generic function as argument is instantiated when all its parameters are known.
                if let TypeKind::Func(sig) = self.types.kind(new).clone()
                    && !sig.tparams.is_empty()
                    && !self.is_parameterized(tparams, new)
                {
                    let plain = crate::types::Signature { tparams: Vec::new(), ..(*sig).clone() };
                    new = self.types.intern(TypeKind::Func(plain.into()));
                }
                inferred[i] = Some(new);
                new != old
            });
        }
        for (i, ty) in inferred.iter().enumerate() {
            if ty.is_none_or(|t| self.is_parameterized(tparams, t)) {
                let obj = self.type_param_id(tparams[i]).map(|p| self.types.type_params[p].obj);
                let message = match obj {
                    Some(obj) => format!(
                        "cannot infer {} (declared at {})",
                        self.objs[obj].name,
                        self.describe(self.objs[obj].span.lo)
                    ),
                    None => "cannot infer type arguments".into(),
                };
                return Err(Some((at, message)));
            }
        }
        Ok(inferred.into_iter().flatten().collect())
    }

    /// Forgets inferred types through which a type parameter reaches itself.
    fn kill_cycles(&self, tparams: &[TypeId], inferred: &mut [Option<TypeId>], ty: TypeId, path: &mut Vec<TypeId>) {
        let ty = self.types.unalias(ty);
        if path.contains(&ty) {
            if let Some(i) = tparams.iter().position(|&p| p == ty) {
                inferred[i] = None;
            }
            return;
        }
        path.push(ty);
        if let Some(i) = tparams.iter().position(|&p| p == ty) {
            if let Some(t) = inferred[i] {
                self.kill_cycles(tparams, inferred, t, path);
            }
        } else {
            let mut parts = Vec::new();
            self.parts(ty, &mut parts);
            for t in parts {
                self.kill_cycles(tparams, inferred, t, path);
            }
        }
        path.pop();
    }

    /// The types a type is directly made of.
    pub(super) fn parts(&self, ty: TypeId, out: &mut Vec<TypeId>) {
        match self.types.kind(ty) {
            TypeKind::Pointer(e) | TypeKind::Slice(e) | TypeKind::Array { elem: e, .. } => out.push(*e),
            TypeKind::Chan { elem, .. } => out.push(*elem),
            TypeKind::Map { key, elem } => out.extend([*key, *elem]),
            TypeKind::Struct(s) => out.extend(s.fields.iter().map(|f| f.ty)),
            TypeKind::Tuple(list) => out.extend(list.iter()),
            TypeKind::Func(sig) => out.extend(sig.params.iter().chain(&sig.results).map(|p| p.ty)),
            TypeKind::Union(terms) => out.extend(terms.iter().map(|t| t.ty)),
            TypeKind::Interface(i) => {
                let iface = &self.types.interfaces[*i];
                out.extend(iface.methods.iter().map(|m| m.sig));
                out.extend(iface.embeds.iter().map(|e| e.0));
            }
            TypeKind::Named(n) => out.extend(self.types.named[*n].targs.iter()),
            TypeKind::Alias(a) => out.push(self.types.aliases[*a].rhs),
            TypeKind::Basic(_) | TypeKind::TypeParam(_) => {}
        }
    }

    /// Whether a type mentions one of the type parameters.
    pub(super) fn is_parameterized(&self, tparams: &[TypeId], ty: TypeId) -> bool {
        self.mentions_any(tparams, ty, &mut Vec::new())
    }

    fn mentions_any(&self, tparams: &[TypeId], ty: TypeId, seen: &mut Vec<TypeId>) -> bool {
        if tparams.contains(&ty) {
            return true;
        }
        match self.types.kind(ty) {
            TypeKind::Basic(_) | TypeKind::TypeParam(_) => return false,
            TypeKind::Named(n) if self.types.named[*n].targs.is_empty() => return false,
            _ => {}
        }
        if seen.contains(&ty) {
            return false;
        }
        seen.push(ty);
        let mut parts = Vec::new();
        self.parts(ty, &mut parts);
        parts.into_iter().any(|t| self.mentions_any(tparams, t, seen))
    }
}
