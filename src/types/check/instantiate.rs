//! Instantiated types, and whether type arguments satisfy their constraints.

use super::call::instantiated_ident;
use super::{Action, Checker};
use crate::source::Span;
use crate::syntax::ast::Expr;
use crate::types::info::Instance;
use crate::types::repr::{Interface, TypeId, TypeKind, Types};

impl<'a> Checker<'a> {
    /// `x[args]` as a type.
    pub(super) fn instantiated_type(&mut self, x: &'a Expr, args: &'a [Expr]) -> TypeId {
        let mut cause = String::new();
        let generic = self.generic_type(x, &mut cause);
        if !cause.is_empty() {
            let list: Vec<String> = args.iter().map(|e| self.estr(e)).collect();
            let message = format!("invalid operation: {}[{}] ({cause})", self.estr(x), list.join(", "));
            self.err(x.at(), "NotAGenericType", message);
        }
        if !self.types.is_valid(generic) {
            return generic;
        }
        let Some(targs) = self.type_list(args) else { return Types::INVALID };
        let ty = match *self.types.kind(generic) {
            TypeKind::Named(n) => self.types.instantiate_named(n, &targs),
            TypeKind::Alias(a) => {
                let (name, want) = (self.objs[self.types.aliases[a].obj].name, self.types.aliases[a].tparams.len());
                if !self.check_targ_count(Self::at_pos(x), name.as_str(), want, targs.len()) {
                    return Types::INVALID;
                }
                self.types.instantiate_alias(a, &targs)
            }
            _ => return Types::INVALID,
        };
        if let TypeKind::Named(n) = *self.types.kind(ty) {
            self.inst_spans.entry(n).or_insert_with(|| Self::at_pos(x));
        }
        if let Some(name) = instantiated_ident(x) {
            self.info.instances.insert(name.id, Instance { targs, ty });
        }
        self.later(Action::TypeInstance { x, args, ty });
        ty
    }

    pub(super) fn record_recv_instance(&mut self, base: &'a Expr, targs: &[TypeId], ty: TypeId) {
        if let Some(name) = instantiated_ident(base) {
            self.info.instances.insert(name.id, Instance { targs: targs.to_vec(), ty });
        }
    }

    fn check_targ_count(&mut self, at: Span, name: &str, want: usize, got: usize) -> bool {
        let qualifier = match got.cmp(&want) {
            std::cmp::Ordering::Less => "not enough",
            std::cmp::Ordering::Greater => "too many",
            std::cmp::Ordering::Equal => return true,
        };
        let message = format!("{qualifier} type arguments for type {name}: have {got}, want {want}");
        self.err(at, "WrongTypeArgCount", message);
        false
    }

    /// Verifies an instantiated type's arguments.
    pub(super) fn check_type_instance(&mut self, x: &'a Expr, args: &'a [Expr], ty: TypeId) {
        let (obj, tparams, targs) = match *self.types.kind(ty) {
            TypeKind::Named(n) => {
                let named = &self.types.named[n];
                let generic = &self.types.named[named.origin.unwrap_or(n)];
                (named.obj, generic.tparams.clone(), named.targs.clone())
            }
            TypeKind::Alias(a) => {
                let alias = &self.types.aliases[a];
                let generic = &self.types.aliases[alias.origin.unwrap_or(a)];
                (alias.obj, generic.tparams.clone(), alias.targs.clone())
            }
            _ => return,
        };
        let at = Self::at_pos(x);
        let name = self.objs[obj].name;
        if self.check_targ_count(at, name.as_str(), tparams.len(), targs.len()) {
            self.verify_instance(at, &tparams, &targs, args);
        }
    }

    /// Verifies an instantiated function's arguments.
    pub(super) fn check_func_instance(&mut self, at: Span, tparams: &[TypeId], targs: &[TypeId], args: &'a [Expr]) {
        self.verify_instance(at, tparams, targs, args);
    }

    fn verify_instance(&mut self, at: Span, tparams: &[TypeId], targs: &[TypeId], args: &'a [Expr]) {
        match self.verify(tparams, targs) {
            Some((i, cause)) => {
                let span = args.get(i).map_or(at, |e| e.at());
                self.err(span, "InvalidTypeArg", cause);
            }
            None => self.record_mono_instance(at, tparams, targs, args),
        }
    }

    /// The first type argument that does not satisfy its constraint, and why.
    pub(super) fn verify(&mut self, tparams: &[TypeId], targs: &[TypeId]) -> Option<(usize, String)> {
        let map = self.types.subst_map(tparams, targs);
        for (i, (&tparam, &targ)) in tparams.iter().zip(targs).enumerate() {
            let bound = self.constraint_of(tparam);
            let bound = self.types.subst(bound, &map);
            let mut cause = String::new();
            if !self.implements(targ, bound, true, Some(&mut cause)) {
                return Some((i, cause));
            }
        }
        None
    }

    /// A type parameter's constraint, wrapped in an interface if that was not possible earlier.
    pub(super) fn constraint_of(&mut self, tparam: TypeId) -> TypeId {
        let TypeKind::TypeParam(p) = *self.types.kind(tparam) else { return Types::INVALID };
        let bound = self.types.type_params[p].constraint;
        let under = self.types.underlying(bound);
        if under == Types::INVALID || matches!(self.types.kind(under), TypeKind::Interface(_)) {
            return bound;
        }
        let iface = Interface { embeds: vec![(bound, Default::default())], implicit: true, ..Interface::default() };
        let iface = self.types.interfaces.push(iface);
        let ty = self.types.intern(TypeKind::Interface(iface));
        self.types.type_params[p].constraint = ty;
        ty
    }
}
