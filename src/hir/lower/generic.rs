#![forbid(unsafe_code)]
//! Instances: types and functions with their type parameters replaced.
//!
//! While the body of an instance is lowered every type read from the checker's tables goes through
//! [`Lower::canon`], which substitutes and makes it canonical.

use std::rc::Rc;

use super::Lower;
use crate::syntax::ast;
use crate::types::{ObjId, ObjKind, TypeId, TypeKind, TypeParamId};

/// The type arguments in force.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Subst {
    pub map: Vec<(TypeParamId, TypeId)>,
    /// The arguments in order: of the receiver's type, then the function's own.
    pub targs: Vec<TypeId>,
}

impl Lower<'_, '_> {
    /// A type of the checker's as the current function sees it: substituted and canonical.
    pub(super) fn canon(&mut self, ty: TypeId) -> TypeId {
        let subst = self.subst();
        self.canon_in(ty, subst.as_deref())
    }

    /// The same, in a given instance.
    pub(super) fn canon_in(&mut self, ty: TypeId, subst: Option<&Subst>) -> TypeId {
        let ty = match subst {
            Some(s) => self.cx.types_mut().subst(ty, &s.map),
            None => ty,
        };
        self.cx.types_mut().canonical(ty)
    }

    /// The type as written, substituted but not canonical.
    pub(super) fn spelled(&mut self, ty: TypeId) -> TypeId {
        match self.subst() {
            Some(s) => self.cx.types_mut().subst(ty, &s.map),
            None => ty,
        }
    }

    /// Type parameters of a function: those of its receiver, then its own.
    fn type_params_of(&self, obj: ObjId) -> Vec<TypeId> {
        let o = &self.cx.objs()[obj];
        let mut params = Vec::new();
        if let ObjKind::Func(info) = &o.kind
            && let Some((named, _)) = info.recv
        {
            params.extend(self.types().named[named].tparams.iter().copied());
        }
        if let TypeKind::Func(sig) = self.types().kind(o.ty) {
            params.extend(sig.tparams.iter().copied());
        }
        params
    }

    /// The substitution for an instance of a function; none if there are no type arguments.
    pub(super) fn func_subst(&self, obj: ObjId, targs: &[TypeId]) -> Option<Rc<Subst>> {
        if targs.is_empty() {
            return None;
        }
        let params = self.type_params_of(obj);
        let map = self.types().subst_map(&params, targs);
        Some(Rc::new(Subst { map, targs: targs.to_vec() }))
    }

    /// Whether a declaration is generic: it is lowered only in instances.
    pub(super) fn is_generic_func(&self, obj: ObjId, tree: &ast::FuncDecl) -> bool {
        if !tree.tparams.is_empty() {
            return true;
        }
        let ObjKind::Func(info) = &self.cx.objs()[obj].kind else { return false };
        info.recv.is_some_and(|(named, _)| !self.types().named[named].tparams.is_empty())
    }
}
