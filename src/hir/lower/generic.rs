//! Instances: types and functions with their type parameters replaced.
//!
//! While the body of an instance is lowered every type read from the checker's tables goes through
//! [`Lower::canon`], which substitutes and makes it canonical.

#![forbid(unsafe_code)]

use std::rc::Rc;

use indexmap::IndexSet;

use super::Lower;
use crate::index::Symbol;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{
    Named, NamedId, Obj, ObjId, ObjKind, PkgId, StructField, StructType, TypeId, TypeKind, TypeParamId, Types, VarKind,
};

/// The type arguments in force.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Subst {
    pub map: Vec<(TypeParamId, TypeId)>,
    /// The arguments in order: of the receiver's type, then the function's own.
    pub targs: Vec<TypeId>,
    /// The same map with the shapes of the arguments, as messages print them.
    pub shapes: Vec<(TypeParamId, TypeId)>,
    /// Types declared in the function: each instance has its own.
    pub locals: Vec<NamedId>,
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
            Some(s) => self.substituted(ty, s),
            None => ty,
        };
        self.cx.types_mut().canonical(ty)
    }

    /// The type as messages print it: as written, with shapes in place of type parameters.
    pub(super) fn spelled(&mut self, ty: TypeId) -> TypeId {
        match self.subst() {
            Some(s) => self.cx.types_mut().subst(ty, &s.shapes),
            None => ty,
        }
    }

    /// The type that stands for a type argument in messages.
    fn shape_type(&mut self, targ: TypeId, name: Symbol) -> TypeId {
        if let Some(&ty) = self.shapes.get(&name) {
            return ty;
        }
        let kind = ObjKind::TypeName { alias: false };
        let obj = Obj { kind, name, pkg: PkgId::UNIVERSE, span: Span::NONE, ty: Types::INVALID };
        let obj = self.cx.objs_mut().push(obj);
        let underlying = self.types().underlying(targ);
        let types = self.cx.types_mut();
        let id = types.named.push(Named {
            obj,
            underlying,
            resolved: true,
            rhs: Some(underlying),
            methods: Vec::new(),
            tparams: Vec::new(),
            origin: None,
            targs: Vec::new(),
        });
        let ty = types.intern(TypeKind::Named(id));
        self.cx.objs_mut()[obj].ty = ty;
        self.shapes.insert(name, ty);
        ty
    }

    fn substituted(&mut self, ty: TypeId, s: &Subst) -> TypeId {
        let ty = if s.locals.is_empty() { ty } else { self.with_local_types(ty, s) };
        self.cx.types_mut().subst(ty, &s.map)
    }

    /// Replaces types declared in the generic function by those of this instance.
    fn with_local_types(&mut self, ty: TypeId, s: &Subst) -> TypeId {
        let kind = self.types().kind(ty).clone();
        let kind = match kind {
            TypeKind::Named(n) if s.locals.contains(&n) => return self.local_type(n, s),
            TypeKind::Named(n) => {
                let named = &self.types().named[n];
                let Some(origin) = named.origin else { return ty };
                let targs = named.targs.clone();
                let targs: Vec<TypeId> = targs.into_iter().map(|t| self.with_local_types(t, s)).collect();
                let mut generic = origin;
                if s.locals.contains(&origin) {
                    // A generic type of the generic function.
                    let ty = self.local_type(origin, s);
                    if let TypeKind::Named(own) = *self.types().kind(ty) {
                        generic = own;
                    }
                }
                return self.cx.types_mut().instantiate_named(generic, &targs);
            }
            TypeKind::Alias(_) => {
                let target = self.types().unalias(ty);
                let new = self.with_local_types(target, s);
                return if new == target { ty } else { new };
            }
            TypeKind::Pointer(e) => TypeKind::Pointer(self.with_local_types(e, s)),
            TypeKind::Slice(e) => TypeKind::Slice(self.with_local_types(e, s)),
            TypeKind::Array { elem, len } => TypeKind::Array { elem: self.with_local_types(elem, s), len },
            TypeKind::Chan { dir, elem } => TypeKind::Chan { dir, elem: self.with_local_types(elem, s) },
            TypeKind::Map { key, elem } => {
                TypeKind::Map { key: self.with_local_types(key, s), elem: self.with_local_types(elem, s) }
            }
            TypeKind::Tuple(list) => TypeKind::Tuple(list.iter().map(|&t| self.with_local_types(t, s)).collect()),
            TypeKind::Struct(st) => {
                let fields = st.fields.iter().map(|f| StructField { ty: self.with_local_types(f.ty, s), ..f.clone() });
                TypeKind::Struct(Rc::new(StructType { fields: fields.collect() }))
            }
            TypeKind::Func(sig) => {
                let mut sig = (*sig).clone();
                for p in sig.params.iter_mut().chain(&mut sig.results) {
                    p.ty = self.with_local_types(p.ty, s);
                }
                TypeKind::Func(Rc::new(sig))
            }
            TypeKind::Basic(_) | TypeKind::Interface(_) | TypeKind::TypeParam(_) | TypeKind::Union(_) => return ty,
        };
        self.cx.types_mut().intern(kind)
    }

    /// This instance's version of a type declared in a generic function. Terminates on recursive types: the
    /// new type is known before its right-hand side is made.
    fn local_type(&mut self, n: NamedId, s: &Subst) -> TypeId {
        let key = (n, s.targs.clone());
        if let Some(&ty) = self.local_types.get(&key) {
            return ty;
        }
        let generic = self.types().named[n].clone();
        let rhs = generic.underlying;
        let types = self.cx.types_mut();
        let id = types.named.push(Named { underlying: Types::INVALID, resolved: false, rhs: None, ..generic });
        let ty = types.intern(TypeKind::Named(id));
        self.local_types.insert(key, ty);
        let rhs = self.substituted(rhs, s);
        self.cx.types_mut().set_rhs(ty, rhs);
        ty
    }

    /// Numbers the types that the program declares in functions, in the order of the source.
    pub(super) fn number_local_types(&mut self) {
        let main = self.main_pkg();
        let mut found: Vec<ObjId> = Vec::new();
        for named in self.types().named.iter().filter(|n| n.origin.is_none()) {
            let obj = &self.cx.objs()[named.obj];
            if obj.pkg == main && self.cx.info().packages[main].scope.get(&obj.name) != Some(&named.obj) {
                found.push(named.obj);
            }
        }
        found.sort_by_key(|&o| self.cx.objs()[o].span.lo);
        found.dedup();
        for (i, obj) in found.into_iter().enumerate() {
            self.cx.types_mut().local_numbers.insert(obj, i as u32 + 1);
        }
    }

    /// Types declared in the body of a function.
    fn types_declared_in(&self, obj: ObjId) -> Vec<NamedId> {
        let Some(decl) = self.decls.get(&obj) else { return Vec::new() };
        let span = decl.tree.span;
        let inside = |named: &Named| {
            let at = self.cx.objs()[named.obj].span.lo;
            named.origin.is_none() && span.lo < at && at < span.hi
        };
        self.types().named.iter_enumerated().filter(|(_, n)| inside(n)).map(|(id, _)| id).collect()
    }

    /// Type parameters of a function: those of its receiver, then its own.
    fn type_params_of(&self, obj: ObjId) -> Vec<TypeId> {
        let o = &self.cx.objs()[obj];
        let mut params = Vec::new();
        if let ObjKind::Func(info) = &o.kind
            && let Some((named, _)) = info.recv
        {
            match self.cx.info().recv_tparams.get(&obj) {
                Some(own) => params.extend(own.iter().copied()),
                None => params.extend(self.types().named[named].tparams.iter().copied()),
            }
        }
        if let TypeKind::Func(sig) = self.types().kind(o.ty) {
            params.extend(sig.tparams.iter().copied());
        }
        params
    }

    /// The substitution for an instance of a function; none if there are no type arguments.
    /// `own`: the shapes of the arguments, where they are not the usual ones.
    pub(super) fn func_subst(&mut self, obj: ObjId, targs: &[TypeId], own: &[Symbol]) -> Option<Rc<Subst>> {
        if targs.is_empty() {
            return None;
        }
        let params = self.type_params_of(obj);
        let map = self.types().subst_map(&params, targs);
        let mut shapes = Vec::new();
        for (i, (&p, &t)) in params.iter().zip(targs).enumerate() {
            let name = match own.get(i) {
                Some(&name) => name,
                None => Symbol::new(&self.shape(t, self.is_basic_constraint(p))),
            };
            shapes.push(self.shape_type(t, name));
        }
        let shapes = self.types().subst_map(&params, &shapes);
        let locals = self.types_declared_in(obj);
        Some(Rc::new(Subst { map, targs: targs.to_vec(), shapes, locals }))
    }

    /// The shapes of type arguments that mention type parameters of the function being lowered; none if they
    /// are those of the arguments themselves.
    pub(super) fn shapes_of(&mut self, obj: ObjId, raw: &[TypeId], targs: &[TypeId]) -> Vec<Symbol> {
        let Some(s) = self.subst() else { return Vec::new() };
        let params = self.type_params_of(obj);
        let mut own = Vec::new();
        let mut differ = false;
        for (i, (&r, &t)) in raw.iter().zip(targs).enumerate() {
            let basic = params.get(i).is_none_or(|&p| self.is_basic_constraint(p));
            let usual = self.shape(t, basic);
            let ty = self.cx.types_mut().subst(r, &s.shapes);
            let is_pointer = basic && matches!(self.types().kind(ty), TypeKind::Pointer(_));
            let name = match *self.types().kind(ty) {
                TypeKind::Named(n) if s.shapes.iter().any(|m| m.1 == ty) => {
                    self.cx.objs()[self.types().named[n].obj].name.as_str().to_owned()
                }
                _ if is_pointer => usual.clone(),
                _ => self.shape(ty, basic),
            };
            differ |= name != usual;
            own.push(Symbol::new(&name));
        }
        if differ { own } else { Vec::new() }
    }

    /// Makes all methods of the program's generic types that it has instances of, as Go's compiler does;
    /// false if there was nothing to make.
    pub(super) fn instantiate_methods(&mut self) -> bool {
        let before = self.jobs.len();
        let main = self.main_pkg();
        let mut found = Vec::new();
        for ty in self.types_in_use(main) {
            let TypeKind::Named(n) = *self.types().kind(ty) else { continue };
            let named = &self.types().named[n];
            let Some(origin) = named.origin else { continue };
            if self.cx.objs()[named.obj].pkg == main {
                found.push((origin, named.targs.clone()));
            }
        }
        for (origin, targs) in found {
            let targs: Vec<TypeId> = targs.into_iter().map(|t| self.canon_in(t, None)).collect();
            for obj in self.types().named[origin].methods.clone() {
                if self.decls.contains_key(&obj) && self.type_params_of(obj).len() == targs.len() {
                    let func = self.declared_func(obj, targs.clone());
                    self.instance(func, obj);
                }
            }
        }
        self.jobs.len() > before
    }

    /// The types that the program's own code uses, and their parts.
    pub(super) fn types_in_use(&self, main: PkgId) -> IndexSet<TypeId> {
        let mut work: Vec<TypeId> = Vec::new();
        for (_, obj) in self.cx.objs().iter_enumerated().filter(|(_, o)| o.pkg == main) {
            let generic = match *self.types().kind(obj.ty) {
                TypeKind::Named(n) => !self.types().named[n].tparams.is_empty(),
                _ => false,
            };
            let read = matches!(obj.kind, ObjKind::TypeName { .. } | ObjKind::Var(VarKind::Package));
            let known = read && obj.ty != Types::INVALID;
            if known && !generic {
                work.push(obj.ty);
            }
        }
        let path = self.pkg_path(main);
        for f in self.prog.funcs.iter().filter(|f| f.pkg == path) {
            work.push(f.sig);
            work.extend(f.locals.iter().map(|l| l.ty));
            work.extend(f.exprs.iter().map(|e| e.ty));
        }
        work.extend(self.prog.globals.iter().filter(|g| g.pkg == path).map(|g| g.ty));
        let mut seen = IndexSet::new();
        while let Some(ty) = work.pop() {
            if !self.is_ground(ty) || !seen.insert(ty) {
                continue;
            }
            let types = self.types();
            match types.kind(ty) {
                TypeKind::Named(n) => {
                    work.extend(&types.named[*n].targs);
                    work.push(types.underlying(ty));
                }
                TypeKind::Alias(_) => work.push(types.unalias(ty)),
                TypeKind::Pointer(e) | TypeKind::Slice(e) => work.push(*e),
                TypeKind::Array { elem, .. } | TypeKind::Chan { elem, .. } => work.push(*elem),
                TypeKind::Map { key, elem } => work.extend([*key, *elem]),
                TypeKind::Struct(s) => work.extend(s.fields.iter().map(|f| f.ty)),
                TypeKind::Func(sig) => work.extend(sig.params.iter().chain(&sig.results).map(|p| p.ty)),
                TypeKind::Interface(_) => work.extend(types.interface_methods(ty).iter().map(|m| m.sig)),
                TypeKind::Tuple(list) => work.extend(list.iter()),
                TypeKind::Basic(_) | TypeKind::TypeParam(_) | TypeKind::Union(_) => {}
            }
        }
        seen
    }

    /// Whether neither type parameters nor shapes are part of a type.
    pub(super) fn is_ground(&self, ty: TypeId) -> bool {
        let types = self.types();
        match types.kind(ty) {
            TypeKind::Basic(_) => true,
            TypeKind::TypeParam(_) | TypeKind::Union(_) => false,
            TypeKind::Named(n) => {
                let named = &types.named[*n];
                let is_shape = self.cx.objs()[named.obj].name.as_str().starts_with("go.shape.");
                !is_shape && named.targs.iter().all(|&t| self.is_ground(t))
            }
            TypeKind::Alias(_) => self.is_ground(types.unalias(ty)),
            TypeKind::Pointer(e) | TypeKind::Slice(e) => self.is_ground(*e),
            TypeKind::Array { elem, .. } | TypeKind::Chan { elem, .. } => self.is_ground(*elem),
            TypeKind::Map { key, elem } => self.is_ground(*key) && self.is_ground(*elem),
            TypeKind::Struct(s) => s.fields.iter().all(|f| self.is_ground(f.ty)),
            TypeKind::Func(sig) => sig.params.iter().chain(&sig.results).all(|p| self.is_ground(p.ty)),
            TypeKind::Interface(_) => types.interface_methods(ty).iter().all(|m| self.is_ground(m.sig)),
            TypeKind::Tuple(list) => list.iter().all(|&t| self.is_ground(t)),
        }
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
