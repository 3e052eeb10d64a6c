//! Methods: finding them, adjusting receivers, method values and expressions.

#![forbid(unsafe_code)]

use super::{FuncKey, Job, Lower, empty_func};
use crate::hir::ir::*;
use crate::index::Symbol;
use crate::source::{Pos, Span};
use crate::types::lookup::{Found, Lookup};
use crate::types::object::is_exported;
use crate::types::{ObjId, ObjKind, Param, PkgId, Selection, TypeId, TypeKind};

/// What a method selector arrives at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// A declared method; `ptr`: with a pointer receiver.
    Declared { obj: ObjId, ptr: bool },
    /// Method number `index` of an embedded (or the) interface.
    Interface { index: u32 },
}

/// A method of a type and how to get to it.
#[derive(Debug, Clone)]
pub(super) struct MethodEntry {
    pub name: Symbol,
    pub pkg: PkgId,
    pub target: Target,
    /// Type arguments of the declaring type, and of the method itself if it is generic.
    pub targs: Vec<TypeId>,
    /// How many of them are the method's own.
    pub n_own: usize,
    /// Embedded fields on the way.
    pub path: Vec<u32>,
    /// Canonical, receiver not included.
    pub sig: TypeId,
}

impl MethodEntry {
    /// The package that tells methods of one name apart: only unexported names have one.
    fn key_pkg(&self) -> PkgId {
        if is_exported(self.name) { PkgId::UNIVERSE } else { self.pkg }
    }

    /// The method's own type arguments.
    fn own(&self) -> &[TypeId] {
        &self.targs[self.targs.len() - self.n_own..]
    }
}

impl Lower<'_, '_> {
    /// The method `name` of a canonical type (value or pointer).
    pub(super) fn find_method(&mut self, ty: TypeId, pkg: PkgId, name: Symbol) -> Option<MethodEntry> {
        let found = self.types().lookup_field_or_method(self.cx.objs(), ty, true, pkg, name, false);
        self.method_entry(name, pkg, found)
    }

    pub(super) fn method_entry(&mut self, name: Symbol, pkg: PkgId, found: Lookup) -> Option<MethodEntry> {
        let Lookup::Found { what, path, .. } = found else { return None };
        match what {
            Found::Field(_) => None,
            Found::Method { obj, recv } => {
                self.cx.resolve(obj);
                let targs = self.types().named[recv].targs.clone();
                let targs: Vec<TypeId> = targs.into_iter().map(|t| self.canon_in(t, None)).collect();
                let subst = self.func_subst(obj, &targs, &[]);
                let raw = self.cx.objs()[obj].ty;
                let sig = self.canon_in(raw, subst.as_deref());
                let ptr = matches!(&self.cx.objs()[obj].kind, ObjKind::Func(i) if i.recv.is_some_and(|(_, ptr)| ptr));
                Some(MethodEntry { name, pkg, target: Target::Declared { obj, ptr }, targs, n_own: 0, path, sig })
            }
            Found::InterfaceMethod { method, index } => {
                let sig = self.canon_in(method.sig, None);
                let target = Target::Interface { index };
                Some(MethodEntry { name, pkg, target, targs: Vec::new(), n_own: 0, path, sig })
            }
        }
    }

    /// Selects fields by index, going through pointers as needed.
    pub(super) fn select_path(&mut self, mut x: ExprId, path: &[u32], pos: Pos, span: Span) -> ExprId {
        for &field in path {
            let ty = self.x_ty(x);
            let (base, is_ptr) = match self.types().pointee(ty) {
                Some(elem) => (elem, true),
                None => (ty, false),
            };
            let Some(s) = self.types().as_struct(base) else {
                crate::bug!("hir", self.cur().func.link_name, "field {field} of a type that is no struct");
            };
            let f = &s.fields[field as usize];
            let (name, fty) = (f.name, self.canon_in(f.ty, None));
            let kind = if is_ptr { ExprKind::FieldPtr { x, field, name } } else { ExprKind::Field { x, field, name } };
            x = self.add(kind, fty, pos, span);
        }
        x
    }

    /// The receiver argument for a method: embedded fields selected, address taken or pointer followed.
    pub(super) fn receiver(&mut self, x: ExprId, m: &MethodEntry, pos: Pos, span: Span) -> ExprId {
        let x = self.select_path(x, &m.path, pos, span);
        let Target::Declared { ptr, .. } = m.target else { return x };
        let ty = self.x_ty(x);
        // A defined pointer type has no methods: a pointer here is one to the receiver's base type.
        let is_ptr = matches!(self.types().kind(ty), TypeKind::Pointer(_));
        match (ptr, is_ptr) {
            (true, false) => {
                let pty = self.cx.types_mut().pointer(ty);
                self.add_implicit(ExprKind::Addr(x), pty, pos, span)
            }
            (false, true) => {
                let elem = self.types().pointee(ty).expect("a pointer");
                self.add_implicit(ExprKind::Deref(x), elem, pos, span)
            }
            _ => x,
        }
    }

    /// The function of a method that is declared.
    pub(super) fn method_func(&mut self, m: &MethodEntry) -> Option<FuncId> {
        let Target::Declared { obj, .. } = m.target else { return None };
        Some(self.declared_func(obj, m.targs.clone()))
    }

    /// Makes a generic method one of its instances.
    pub(super) fn instantiate_method(&mut self, m: &mut MethodEntry, own: Vec<TypeId>) {
        if own.is_empty() {
            return;
        }
        m.n_own = own.len();
        m.targs.extend(own);
        let func = self.method_func(m).expect("generic methods are declared");
        m.sig = self.prog.funcs[func].sig;
    }

    /// The type of `T.m`: the method's with the receiver as first parameter.
    pub(super) fn method_expr_type(&mut self, recv: TypeId, sig: TypeId) -> TypeId {
        let mut sig = self.types().as_func(sig).map(|s| (*s).clone()).unwrap_or_default();
        sig.params.insert(0, Param { name: Symbol::default(), ty: recv });
        let ty = self.cx.types_mut().intern(TypeKind::Func(std::rc::Rc::new(sig)));
        self.cx.types_mut().canonical(ty)
    }

    /// The method that a selector names, found anew on the receiver's actual type.
    pub(super) fn selected_method(&mut self, sel: &Selection, recv: TypeId) -> MethodEntry {
        let method = sel.method.expect("a method selector");
        let (name, pkg) = {
            let o = &self.cx.objs()[method];
            (o.name, o.pkg)
        };
        match self.find_method(recv, pkg, name) {
            Some(m) => {
                self.may_reflect(&m);
                m
            }
            None => crate::bug!("hir", self.cur().func.link_name, "method {name} not found"),
        }
    }

    /// `T.m` as a function value: a function whose first parameter is a `T`.
    pub(super) fn method_expr(&mut self, recv: TypeId, m: &MethodEntry) -> FuncId {
        if let (Target::Declared { ptr, .. }, true) = (m.target, m.path.is_empty()) {
            let is_ptr = matches!(self.types().kind(recv), TypeKind::Pointer(_));
            if let (true, Target::Declared { obj, .. }) = (ptr == is_ptr, m.target) {
                let func = self.method_func(m).expect("a declared method");
                let stands = !m.targs.is_empty() && m.n_own == 0 && self.subst().is_none();
                return if stands { self.instance(func, obj) } else { func };
            }
        }
        self.wrapper(recv, m)
    }

    /// The function with receiver `recv` that finds its way to the method.
    pub(super) fn wrapper(&mut self, recv: TypeId, m: &MethodEntry) -> FuncId {
        let key = FuncKey::Wrapper(recv, m.name, m.key_pkg(), m.own().to_vec());
        if let Some(&id) = self.funcs.get(&key) {
            return id;
        }
        let pkg = self.pkg_path(m.pkg);
        let mut func = empty_func(FuncKind::Wrapper, pkg, m.sig);
        func.has_recv = true;
        (func.link_name, func.name) = self.method_names(recv, m.name, &self.targs_suffix(&[], m.own(), false));
        let id = self.reserve(func);
        self.funcs.insert(key, id);
        self.jobs.push_back(Job::Wrapper { id, recv, method: m.clone() });
        id
    }

    /// The closure body behind `x.m`, where `x` is the receiver as the method wants it.
    pub(super) fn method_value_func(&mut self, recv: TypeId, m: &MethodEntry) -> FuncId {
        let key = FuncKey::MethodValue(recv, m.name, m.key_pkg(), m.own().to_vec());
        if let Some(&id) = self.funcs.get(&key) {
            return id;
        }
        let pkg = self.pkg_path(m.pkg);
        let mut func = empty_func(FuncKind::MethodValue, pkg, m.sig);
        (func.link_name, func.name) =
            self.method_names(recv, m.name, &format!("{}-fm", self.targs_suffix(&[], m.own(), false)));
        let id = self.reserve(func);
        self.funcs.insert(key, id);
        let direct = MethodEntry { path: Vec::new(), ..m.clone() };
        self.jobs.push_back(Job::MethodValue { id, recv, method: direct });
        id
    }

    /// Calls the method on a receiver that was adjusted with [`receiver`](Self::receiver).
    pub(super) fn method_callee(&mut self, recv: ExprId, m: &MethodEntry, args: &mut Vec<ExprId>) -> Callee {
        match m.target {
            Target::Declared { .. } => {
                args.insert(0, recv);
                Callee::Static(self.method_func(m).expect("a declared method"))
            }
            Target::Interface { index } => Callee::Interface { recv, index, method: m.name },
        }
    }
}
