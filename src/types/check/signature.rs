//! Function types: parameters, results, receivers.

use std::rc::Rc;

use super::format::measure;
use super::resolve::unpack_recv;
use super::{Action, Checker, FuncEnv};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Field, FuncDecl, FuncType, Ident};
use crate::types::Mode;
use crate::types::object::{ObjId, ObjKind, VarKind};
use crate::types::repr::{Basic, Param, Signature, TypeId, TypeKind, TypeParam, Types};

/// Collected parameters or results.
struct Params<'a> {
    names: Vec<Option<&'a Ident>>,
    objs: Vec<ObjId>,
    params: Vec<Param>,
    variadic: bool,
}

impl<'a> Checker<'a> {
    /// Checks a signature in a new function scope; `decl` for function declarations.
    pub(super) fn func_type(&mut self, decl: Option<(ObjId, &'a FuncDecl)>, sig: &'a FuncType) -> FuncEnv {
        let parent = self.env.scope;
        let scope = self.new_scope(parent, true);
        self.env.scope = scope;
        let mut recv = None;
        let mut tparams = Vec::new();
        if let Some((obj, fdecl)) = decl {
            if let Some(list) = &fdecl.recv
                && let Some(field) = list.first()
            {
                recv = Some(self.collect_recv(obj, field));
            }
            if !fdecl.tparams.is_empty() {
                tparams = self.declare_type_params(&fdecl.tparams);
                self.type_param_bounds(&fdecl.tparams, &tparams);
            }
        }
        let params = self.collect_params(VarKind::Param, &sig.params);
        let results = self.collect_params(VarKind::Result, &sig.results);
        if let Some((Some(name), obj)) = recv {
            self.declare(scope, Some(name), obj);
        }
        for list in [&params, &results] {
            for (name, &obj) in list.names.iter().zip(&list.objs) {
                if let Some(name) = name {
                    self.declare(scope, Some(name), obj);
                }
            }
        }
        self.env.scope = parent;
        let signature =
            Signature { tparams, params: params.params, results: results.params, variadic: params.variadic };
        let ty = self.types.intern(TypeKind::Func(Rc::new(signature)));
        FuncEnv { scope, ty, results: results.objs }
    }

    fn collect_params(&mut self, kind: VarKind, list: &'a [Field]) -> Params<'a> {
        let mut out = Params { names: Vec::new(), objs: Vec::new(), params: Vec::new(), variadic: false };
        let last = list.len();
        for (i, field) in list.iter().enumerate() {
            let mut ty_expr = &field.ty;
            if let ExprKind::Ellipsis(elem) = &field.ty.kind {
                ty_expr = elem;
                if kind == VarKind::Param && i + 1 == last && field.names.len() <= 1 {
                    out.variadic = true;
                } else {
                    self.err(field.ty.at(), "InvalidSyntaxTree", "invalid use of ...");
                }
            }
            let mut ty = self.var_type(ty_expr);
            if out.variadic {
                ty = self.types.slice(ty);
                self.record_type(&field.ty, Mode::Type, ty, None);
            }
            if field.names.is_empty() {
                let name = crate::index::Symbol::default();
                out.objs.push(self.new_var(kind, name, field.span, ty));
                out.names.push(None);
                out.params.push(Param { name, ty });
            }
            for name in &field.names {
                out.objs.push(self.new_var(kind, name.name, name.span, ty));
                out.names.push(Some(name));
                out.params.push(Param { name: name.name, ty });
            }
        }
        out
    }

    /// Checks a receiver; its variable, and its name if it has one.
    fn collect_recv(&mut self, method: ObjId, field: &'a Field) -> (Option<&'a Ident>, ObjId) {
        let recv = unpack_recv(&field.ty);
        let mut ty = Types::INVALID;
        if recv.tparams.is_empty() {
            ty = self.var_type(&field.ty);
            // An alias may hide an instantiated type, which cannot get methods.
            let mut at = self.unpointer(ty);
            while let TypeKind::Alias(a) = *self.types.kind(at) {
                at = self.unpointer(self.types.aliases[a].rhs);
                let generic = match *self.types.kind(at) {
                    TypeKind::Alias(b) => !self.types.aliases[b].tparams.is_empty(),
                    TypeKind::Named(n) => !self.types.named[n].tparams.is_empty(),
                    _ => false,
                };
                if generic {
                    let message = format!("cannot define new methods on instantiated type {}", self.tstr(at));
                    self.err(recv.base.at(), "InvalidRecv", message);
                    ty = Types::INVALID;
                    break;
                }
            }
        } else {
            let mut cause = String::new();
            let generic = self.generic_type(recv.base, &mut cause);
            let mut base = None;
            if self.types.is_valid(generic) {
                match *self.types.kind(generic) {
                    TypeKind::Named(n) => base = Some(n),
                    _ => {
                        let message = format!("cannot define new methods on generic alias type {}", self.tstr(generic));
                        self.err(recv.base.at(), "InvalidRecv", message);
                    }
                }
            } else if !cause.is_empty() {
                self.err(recv.base.at(), "InvalidRecv", cause);
            }
            let mut tparams = Vec::new();
            for (i, arg) in recv.tparams.iter().enumerate() {
                let ExprKind::Name(name) = &arg.kind else {
                    let message = format!("receiver type parameter {} must be an identifier", self.estr(arg));
                    self.err(arg.at(), "BadDecl", message);
                    let obj = self.new_obj(
                        ObjKind::TypeName { alias: false },
                        crate::index::Symbol::new("_"),
                        arg.at(),
                        Types::INVALID,
                    );
                    let id = self.types.type_params.push(TypeParam {
                        obj,
                        index: i as u32,
                        constraint: Types::EMPTY_INTERFACE,
                    });
                    let tparam = self.types.intern(TypeKind::TypeParam(id));
                    self.objs[obj].ty = tparam;
                    tparams.push(tparam);
                    continue;
                };
                let tparam = self.declare_type_param(name, i as u32);
                if let Some(&obj) = self.info.defs.get(&name.id) {
                    self.record_use(name, obj);
                }
                self.record_type(arg, Mode::Type, tparam, None);
                tparams.push(tparam);
            }
            if let Some(base) = base {
                let base_tparams = self.types.named[base].tparams.clone();
                if tparams.len() == base_tparams.len() {
                    let map = self.types.subst_map(&base_tparams, &tparams);
                    for (&tparam, &base_tparam) in tparams.iter().zip(&base_tparams) {
                        self.mono.record_canon(tparam, base_tparam);
                        if let TypeKind::TypeParam(p) = *self.types.kind(base_tparam) {
                            let bound = self.types.type_params[p].constraint;
                            let bound = self.types.subst(bound, &map);
                            self.set_bound(tparam, bound);
                        }
                    }
                } else {
                    let message = format!(
                        "receiver declares {}, but receiver base type declares {}",
                        measure(tparams.len(), "type parameter"),
                        base_tparams.len()
                    );
                    self.err(recv.base.at(), "BadRecv", message);
                }
                self.verify_version(recv.base.at(), 18, |_| "type instantiation".into());
                ty = self.types.instantiate_named(base, &tparams);
                self.record_recv_instance(recv.base, &tparams, ty);
                if recv.ptr {
                    ty = self.types.pointer(ty);
                }
                self.record_recv_types(&field.ty, ty);
                self.info.recv_tparams.insert(method, tparams);
            }
        }
        let name = field.names.first();
        let (symbol, span) = name.map_or((Default::default(), field.span), |n| (n.name, n.span));
        let obj = self.new_var(VarKind::Recv, symbol, span, ty);
        self.later(Action::ValidRecv { span: recv.base.at(), recv: ty });
        (name, obj)
    }

    /// The type behind all pointers of a type literal.
    fn unpointer(&self, mut ty: TypeId) -> TypeId {
        while let TypeKind::Pointer(base) = *self.types.kind(ty) {
            ty = base;
        }
        ty
    }

    /// Records the types of a receiver's expression and its parts.
    fn record_recv_types(&mut self, mut e: &'a Expr, mut ty: TypeId) {
        loop {
            self.record_type(e, Mode::Type, ty, None);
            match &e.kind {
                ExprKind::Paren(inner) => e = inner,
                ExprKind::Star(inner) => {
                    e = inner;
                    ty = self.types.deref(ty).0;
                }
                _ => return,
            }
        }
    }

    pub(super) fn valid_recv(&mut self, span: Span, recv: TypeId) {
        let (base, _) = self.types.deref(recv);
        let target = self.types.unalias(base);
        if target == Types::INVALID {
            return;
        }
        match *self.types.kind(target) {
            TypeKind::Named(n) => {
                let obj = self.types.named[n].obj;
                if self.objs[obj].pkg != self.env.pkg {
                    let message = format!("cannot define new methods on non-local type {}", self.tstr(base));
                    return self.err(span, "InvalidRecv", message);
                }
                let cause = match self.types.underlying_kind(target) {
                    TypeKind::Basic(Basic::UnsafePointer) => "unsafe.Pointer",
                    TypeKind::Pointer(_) | TypeKind::Interface(_) => "pointer or interface type",
                    _ => return,
                };
                let message = format!("invalid receiver type {} ({cause})", self.tstr(base));
                self.err(span, "InvalidRecv", message);
            }
            TypeKind::Basic(_) => {
                let message = format!("cannot define new methods on non-local type {}", self.tstr(base));
                self.err(span, "InvalidRecv", message);
            }
            _ => {
                let message = format!("invalid receiver type {}", self.tstr(recv));
                self.err(span, "InvalidRecv", message);
            }
        }
    }
}
