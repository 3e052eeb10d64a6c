//! Resolving declarations: constants, variables, types, functions; local declarations.

use std::rc::Rc;

use super::operand::Operand;
use super::resolve::ConstGroup;
use super::{Action, Checker, DeclId, Env, FuncEnv, ScopeId};
use crate::source::Span;
use crate::syntax::ast::{BinOp, Block, Decl, Expr, ExprKind, Field, Ident, TypeSpec, UnOp};
use crate::types::object::{ObjId, ObjKind, VarKind};
use crate::types::repr::{Alias, Interface, Named, NamedId, TypeId, TypeKind, TypeParam, Types};
use crate::types::{ConstValue, Mode};

impl<'a> Checker<'a> {
    /// Resolves a package-level object or method: afterwards it has a type.
    pub(super) fn obj_decl(&mut self, obj: ObjId) {
        if self.obj_path_idx.contains_key(&obj) {
            // Reached while being resolved.
            match self.objs[obj].kind {
                ObjKind::Const(_) | ObjKind::Var(_) => {
                    if !self.valid_cycle(obj) || self.objs[obj].ty == Types::UNRESOLVED {
                        self.objs[obj].ty = Types::INVALID;
                    }
                }
                ObjKind::TypeName { .. } => {
                    if !self.valid_cycle(obj) {
                        self.objs[obj].ty = Types::INVALID;
                    }
                }
                _ => {
                    self.valid_cycle(obj);
                }
            }
            if self.objs[obj].ty == Types::UNRESOLVED {
                self.objs[obj].ty = Types::INVALID;
            }
            return;
        }
        if self.objs[obj].ty != Types::UNRESOLVED {
            return;
        }
        let Some(&decl) = self.obj_decl.get(&obj) else {
            self.objs[obj].ty = Types::INVALID;
            return;
        };
        self.push(obj);
        let info = &self.decls[decl];
        let env = Env {
            pkg: info.pkg,
            scope: info.file_scope,
            decl: None,
            iota: None,
            errpos: None,
            in_tparam_list: false,
            func: None,
            has_call_or_recv: false,
            version: self.version_at(self.objs[obj].span.lo),
        };
        let saved = std::mem::replace(&mut self.env, env);
        match self.objs[obj].kind {
            ObjKind::Const(_) => {
                self.env.decl = Some(decl);
                let info = &self.decls[decl];
                let (ty, init, inherited, iota) = (info.vtyp, info.init, info.inherited, info.iota);
                self.const_decl(obj, ty, init, inherited, iota);
            }
            ObjKind::Var(_) => {
                self.env.decl = Some(decl);
                let info = &self.decls[decl];
                let (lhs, ty, init) = (info.lhs.clone(), info.vtyp, info.init);
                self.var_decl(obj, &lhs, ty, init);
            }
            ObjKind::TypeName { .. } => {
                if let Some(spec) = self.decls[decl].tdecl {
                    self.type_decl(obj, spec);
                    self.collect_methods(obj);
                }
            }
            _ => self.func_decl(obj, decl),
        }
        self.env = saved;
        self.pop();
    }

    fn const_decl(&mut self, obj: ObjId, ty: Option<&'a Expr>, init: Option<&'a Expr>, inherited: bool, iota: u32) {
        let saved = (self.env.iota, self.env.errpos);
        self.env.iota = Some(iota);
        self.env.errpos = None;
        if let Some(e) = ty {
            let t = self.typ(e);
            if !self.types.is_const_type(t) {
                if self.types.is_valid(self.types.underlying(t)) {
                    let message = format!("invalid constant type {}", self.tstr(t));
                    self.err(e.at(), "InvalidConstType", message);
                }
                self.objs[obj].ty = Types::INVALID;
                (self.env.iota, self.env.errpos) = saved;
                return;
            }
            self.objs[obj].ty = t;
        }
        let mut x = Operand::invalid();
        if let Some(init) = init {
            if inherited {
                self.env.errpos = Some(self.objs[obj].span);
            }
            x = self.expr(None, init);
        }
        self.init_const(obj, &mut x);
        (self.env.iota, self.env.errpos) = saved;
    }

    fn init_const(&mut self, obj: ObjId, x: &mut Operand<'a>) {
        let ty = self.objs[obj].ty;
        let unset = ty == Types::UNRESOLVED;
        if !x.is_valid() || !self.types.is_valid(x.ty) || (!unset && !self.types.is_valid(ty)) {
            if unset {
                self.objs[obj].ty = Types::INVALID;
            }
            return;
        }
        if x.mode != Mode::Constant {
            let message = format!("{} is not constant", self.opstr(x));
            self.err(x.span(), "InvalidConstInit", message);
            if unset {
                self.objs[obj].ty = Types::INVALID;
            }
            return;
        }
        if unset {
            self.objs[obj].ty = x.ty;
        }
        let ty = self.objs[obj].ty;
        self.assignment(x, Some(ty), "constant declaration");
        if x.is_valid() {
            self.objs[obj].kind = ObjKind::Const(x.val.clone());
        }
    }

    fn var_decl(&mut self, obj: ObjId, lhs: &[ObjId], ty: Option<&'a Expr>, init: Option<&'a Expr>) {
        if let Some(e) = ty {
            let t = self.var_type(e);
            self.objs[obj].ty = t;
        }
        let Some(init) = init else {
            if ty.is_none() {
                self.objs[obj].ty = Types::INVALID;
            }
            return;
        };
        if lhs.len() <= 1 {
            let name = self.objs[obj].name;
            let target = self.new_target(self.objs[obj].ty, name.as_str());
            let mut x = self.expr(target.as_ref(), init);
            self.init_var(obj, &mut x, "variable declaration");
            return;
        }
        if ty.is_some() {
            let t = self.objs[obj].ty;
            for &l in lhs {
                self.objs[l].ty = t;
            }
        }
        self.init_vars(lhs, std::slice::from_ref(init), None);
    }

    /// Resolves a type declaration; the object is on the path.
    fn type_decl(&mut self, obj: ObjId, spec: &'a TypeSpec) {
        self.later(Action::ValidType(obj));
        let generic = !spec.tparams.is_empty();
        let tparam0 = spec.tparams.first().map(|f| f.names.first().map_or(f.span, |n| n.span));
        if spec.alias.is_some() {
            let _ = tparam0.is_none_or(|at| self.verify_version(at, 23, |_| "generic type alias".into()))
                && self.verify_version(spec.name.span, 9, |_| "type alias".into());
        } else if let Some(at) = tparam0 {
            self.verify_version(at, 18, |_| "type parameter".into());
        }
        let ty = if spec.alias.is_some() {
            let alias = Alias {
                obj,
                rhs: Types::INVALID,
                resolved: false,
                tparams: Vec::new(),
                origin: None,
                targs: Vec::new(),
            };
            let id = self.types.aliases.push(alias);
            self.types.intern(TypeKind::Alias(id))
        } else {
            let named = Named {
                obj,
                underlying: Types::INVALID,
                resolved: false,
                rhs: None,
                methods: Vec::new(),
                tparams: Vec::new(),
                origin: None,
                targs: Vec::new(),
            };
            let id = self.types.named.push(named);
            self.types.intern(TypeKind::Named(id))
        };
        if self.objs[obj].ty == Types::UNRESOLVED {
            self.objs[obj].ty = ty;
        }
        if generic {
            self.open_scope();
            let tparams = self.declare_type_params(&spec.tparams);
            match *self.types.kind(ty) {
                TypeKind::Alias(a) => self.types.aliases[a].tparams.clone_from(&tparams),
                TypeKind::Named(n) => self.types.named[n].tparams.clone_from(&tparams),
                _ => {}
            }
            self.type_param_bounds(&spec.tparams, &tparams);
        }
        let mut rhs = self.declared_type(&spec.ty, Some(obj));
        if self.types.is_type_param(rhs) {
            if spec.alias.is_none() {
                let message = "cannot use a type parameter as RHS in type declaration";
                self.err(spec.ty.at(), "MisplacedTypeParam", message);
                rhs = Types::INVALID;
            } else if let TypeKind::Alias(a) = *self.types.kind(ty)
                && self.types.aliases[a].tparams.contains(&rhs)
            {
                let message = "cannot use type parameter declared in alias declaration as RHS";
                self.err(spec.ty.at(), "MisplacedTypeParam", message);
                rhs = Types::INVALID;
            }
        }
        // A cycle through the declaration was reported and made the type invalid.
        let broken = match *self.types.kind(ty) {
            TypeKind::Alias(a) => self.types.aliases[a].resolved,
            _ => false,
        };
        if !broken {
            self.types.set_rhs(ty, rhs);
        }
        if generic {
            self.close_scope();
        }
    }

    /// Declares type parameters; their constraints come later.
    pub(super) fn declare_type_params(&mut self, fields: &'a [Field]) -> Vec<TypeId> {
        let mut tparams = Vec::new();
        for name in fields.iter().flat_map(|f| &f.names) {
            let ty = self.declare_type_param(name, tparams.len() as u32);
            tparams.push(ty);
        }
        tparams
    }

    pub(super) fn declare_type_param(&mut self, name: &Ident, index: u32) -> TypeId {
        let kind = ObjKind::TypeName { alias: false };
        let obj = self.new_obj(kind, name.name, name.span, Types::INVALID);
        let id = self.types.type_params.push(TypeParam { obj, index, constraint: Types::EMPTY_INTERFACE });
        let ty = self.types.intern(TypeKind::TypeParam(id));
        self.objs[obj].ty = ty;
        let scope = self.env.scope;
        self.declare(scope, Some(name), obj);
        ty
    }

    /// Checks the constraints of declared type parameters.
    pub(super) fn type_param_bounds(&mut self, fields: &'a [Field], tparams: &[TypeId]) {
        let saved = std::mem::replace(&mut self.env.in_tparam_list, true);
        let mut i = 0;
        for field in fields {
            let mut bound = self.bound(&field.ty);
            if self.types.is_type_param(bound) {
                self.err(field.ty.at(), "MisplacedTypeParam", "cannot use a type parameter as constraint");
                bound = Types::INVALID;
            }
            for _ in &field.names {
                self.set_bound(tparams[i], bound);
                i += 1;
            }
        }
        self.env.in_tparam_list = saved;
    }

    /// Sets a type parameter's constraint, wrapped in an interface if it is another type.
    pub(super) fn set_bound(&mut self, tparam: TypeId, bound: TypeId) {
        if let TypeKind::TypeParam(p) = *self.types.kind(tparam) {
            self.types.type_params[p].constraint = bound;
        }
    }

    fn bound(&mut self, e: &'a Expr) -> TypeId {
        let is_union = matches!(&e.kind, ExprKind::Binary { op: BinOp::Or, .. }) || Self::is_unary(e, UnOp::Tilde);
        let ty = if is_union { self.parse_union(e) } else { self.typ(e) };
        if is_union || self.needs_wrapping(ty) {
            let embeds = if ty == Types::INVALID { Vec::new() } else { vec![(ty, e.start_pos())] };
            let iface = self.types.interfaces.push(Interface { embeds, implicit: true, ..Interface::default() });
            if is_union {
                self.later(Action::InterfaceSet(iface));
            }
            return self.types.intern(TypeKind::Interface(iface));
        }
        ty
    }

    /// Whether a constraint is certainly no interface. A defined type that is still being resolved is
    /// looked at when it is needed.
    fn needs_wrapping(&self, ty: TypeId) -> bool {
        match self.types.unaliased_kind(ty) {
            TypeKind::Named(n) => {
                self.types.named[*n].resolved
                    && !matches!(self.types.underlying_kind(ty), TypeKind::Interface(_))
                    && self.types.is_valid(self.types.underlying(ty))
            }
            TypeKind::Interface(_) | TypeKind::TypeParam(_) => false,
            _ => self.types.is_valid(ty),
        }
    }

    /// Adds the methods declared for a type name to its type.
    fn collect_methods(&mut self, obj: ObjId) {
        let Some(methods) = self.methods.remove(&obj) else { return };
        let base = self.types.as_named(self.objs[obj].ty);
        if let Some(base) = base {
            self.later(Action::FieldUniqueness(base));
        }
        let mut seen: Vec<ObjId> = Vec::new();
        for (m, ptr) in methods {
            let name = self.objs[m].name;
            if let Some(&alt) = seen.iter().find(|&&a| self.objs[a].name == name) {
                let message = format!(
                    "method {}.{name} already declared at {}",
                    self.objs[obj].name,
                    self.describe(self.objs[alt].span.lo)
                );
                let span = self.objs[m].span;
                self.err(span, "DuplicateMethod", message);
                continue;
            }
            seen.push(m);
            if let Some(base) = base {
                if let ObjKind::Func(info) = &mut self.objs[m].kind {
                    info.recv = Some((base, ptr));
                }
                self.types.named[base].methods.push(m);
            }
        }
    }

    pub(super) fn check_field_uniqueness(&mut self, base: NamedId) {
        let Some(s) = (match self.types.kind(self.types.named[base].underlying) {
            TypeKind::Struct(s) => Some(s.clone()),
            _ => None,
        }) else {
            return;
        };
        for f in s.fields.iter().filter(|f| !f.name.is_blank()) {
            let method = self.types.named[base].methods.iter().copied().find(|&m| self.objs[m].name == f.name);
            if let Some(m) = method {
                let at = Span::new(f.pos, f.pos);
                let more = vec![(at, format!("other declaration of {}", f.name))];
                let span = self.objs[m].span;
                let message = format!("field and method with the same name {}", f.name);
                self.report(span, "DuplicateFieldAndMethod", message, &more);
            }
        }
    }

    fn func_decl(&mut self, obj: ObjId, decl: DeclId) {
        let Some(fdecl) = self.decls[decl].fdecl else { return };
        let func = self.func_type(Some((obj, fdecl)), &fdecl.sig);
        self.objs[obj].ty = func.ty;
        self.decls[decl].func = Some(Rc::new(func));
        if !fdecl.tparams.is_empty() && fdecl.body.is_none() {
            self.err(fdecl.span, "BadDecl", "generic function is missing function body");
        }
        let pkg = self.env.pkg;
        if fdecl.body.is_some() && !self.pkgs[pkg].is_std {
            self.later(Action::FuncBody(decl));
        }
    }

    /// Checks the body of a resolved function declaration.
    pub(super) fn check_decl_body(&mut self, decl: DeclId) {
        let info = &mut self.decls[decl];
        let (Some(func), Some(body)) = (info.func.clone(), info.fdecl.and_then(|f| f.body.as_ref())) else { return };
        if std::mem::replace(&mut info.body_checked, true) {
            return;
        }
        let (saved, pkg) = ((self.env.pkg, self.env.version), info.pkg);
        let at = info.fdecl.map_or(crate::source::Pos::NONE, |f| f.span.lo);
        let block: &'a Block = body;
        // A body of the library that was parsed just now has new nodes.
        let limit = body.id_limit() as usize;
        if limit > self.info.exprs.len() {
            self.info.exprs.resize_with(limit, || None);
        }
        self.env.pkg = pkg;
        self.env.version = self.version_at(at);
        self.func_body(Some(decl), None, &func, block);
        (self.env.pkg, self.env.version) = saved;
    }

    /// Checks a function body.
    pub(super) fn func_body(&mut self, decl: Option<DeclId>, iota: Option<u32>, func: &Rc<FuncEnv>, body: &'a Block) {
        let env = Env {
            pkg: self.env.pkg,
            scope: func.scope,
            decl,
            iota,
            errpos: None,
            in_tparam_list: false,
            func: Some(func.clone()),
            has_call_or_recv: false,
            version: self.env.version,
        };
        let saved = std::mem::replace(&mut self.env, env);
        self.stmt_list(&body.stmts);
        let has_results = !func.results.is_empty() || self.has_results(func.ty);
        if has_results && !self.is_terminating_list(&body.stmts, None) {
            let end = crate::source::Pos(body.span.hi.0.saturating_sub(1));
            self.err(Span::new(end, body.span.hi), "MissingReturn", "missing return");
        }
        if !self.pkgs[self.env.pkg].is_std {
            self.usage(func.scope);
        }
        self.env = saved;
    }

    fn has_results(&self, ty: TypeId) -> bool {
        self.signature_of(ty).is_some_and(|s| !s.results.is_empty())
    }

    /// Local declarations.
    pub(super) fn decl_stmt(&mut self, list: &'a [Decl]) {
        let mut group = ConstGroup::default();
        for decl in list {
            match decl {
                Decl::Const(spec) => {
                    let top = self.delayed.len();
                    let (ty, values, inherited) = group.next(spec);
                    let mut objs = Vec::new();
                    for (i, name) in spec.names.iter().enumerate() {
                        let kind = ObjKind::Const(ConstValue::Unknown);
                        let obj = self.new_obj(kind, name.name, name.span, Types::UNRESOLVED);
                        objs.push(obj);
                        self.const_decl(obj, ty, values.get(i), inherited, spec.iota);
                    }
                    self.arity(spec.span, &spec.names, values, true, inherited);
                    self.process_delayed(top);
                    self.declare_all(&spec.names, &objs);
                }
                Decl::Var(spec) => {
                    let top = self.delayed.len();
                    let objs: Vec<ObjId> = spec
                        .names
                        .iter()
                        .map(|n| self.new_var(VarKind::Local, n.name, n.span, Types::UNRESOLVED))
                        .collect();
                    if spec.values.len() == 1 && spec.names.len() != 1 {
                        self.var_decl(objs[0], &objs, spec.ty.as_ref(), spec.values.first());
                    } else {
                        for (i, &obj) in objs.iter().enumerate() {
                            self.var_decl(obj, &[], spec.ty.as_ref(), spec.values.get(i));
                        }
                    }
                    if spec.ty.is_none() || !spec.values.is_empty() {
                        self.arity(spec.span, &spec.names, &spec.values, false, false);
                    }
                    self.process_delayed(top);
                    self.declare_all(&spec.names, &objs);
                }
                Decl::Type(spec) => {
                    let kind = ObjKind::TypeName { alias: spec.alias.is_some() };
                    let obj = self.new_obj(kind, spec.name.name, spec.name.span, Types::UNRESOLVED);
                    let scope = self.env.scope;
                    self.declare(scope, Some(&spec.name), obj);
                    self.push(obj);
                    self.type_decl(obj, spec);
                    self.pop();
                }
                Decl::Func(_) | Decl::Bad(_) => {}
            }
        }
    }

    fn declare_all(&mut self, names: &[Ident], objs: &[ObjId]) {
        let scope: ScopeId = self.env.scope;
        for (name, &obj) in names.iter().zip(objs) {
            if self.objs[obj].ty == Types::UNRESOLVED {
                self.objs[obj].ty = Types::INVALID;
            }
            self.declare(scope, Some(name), obj);
        }
    }
}
