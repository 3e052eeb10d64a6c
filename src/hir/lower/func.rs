//! Functions being lowered: their variables, expressions and captures; declared functions and methods.

#![forbid(unsafe_code)]

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::generic::Subst;
use super::{FuncKey, Job, Lower, empty_func};
use crate::hir::ir::*;
use crate::hir::static_data::StaticData;
use crate::index::Symbol;
use crate::source::{Pos, Span};
use crate::syntax::ast;
use crate::types::{ObjId, ObjKind, PkgId, TypeId, Types};

/// A function while its body is lowered.
pub(super) struct FuncCx {
    pub id: FuncId,
    pub func: Func,
    pub pkg: PkgId,
    /// Locals by the object or, for compiler-made ones of the enclosing function, by the local captured.
    pub vars: FxHashMap<ObjId, LocalId>,
    pub captured: FxHashMap<LocalId, LocalId>,
    pub labels: FxHashMap<Symbol, LabelId>,
    pub subst: Option<Rc<Subst>>,
    /// Result types, canonical.
    pub results: Vec<TypeId>,
    /// Number of variables declared so far, as Go counts them to number its temporaries.
    pub n_dcl: u32,
    /// Counters for the names of closures.
    pub n_func_lits: u32,
    pub n_range_lits: u32,
    pub n_go_defers: u32,
    /// Statements around the one being lowered that `break` and `continue` can mean.
    pub targets: Vec<Target>,
    /// If this is the body of a range over a function.
    pub range_body: Option<super::range_func::RangeBody>,
    /// In a range over a function: the variable that says where to go on after it, and whether it is used.
    pub next_var: Option<(LocalId, bool)>,
    /// Labels that are branched to out of bodies of ranges over functions.
    pub label_exits: Vec<super::range_func::Exit>,
    /// In a range over a function with `defer` in its body: the variable that names this frame.
    pub defer_token: Option<LocalId>,
    /// Number of ranges over functions, for the names of their states.
    pub n_states: u32,
    /// Number of their bodies that are complete.
    pub n_yields: u32,
}

/// A statement that `break` or `continue` can mean.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub label: Option<Symbol>,
    pub is_loop: bool,
}

impl FuncCx {
    pub(super) fn new(id: FuncId, func: Func, pkg: PkgId, subst: Option<Rc<Subst>>) -> FuncCx {
        FuncCx {
            id,
            func,
            pkg,
            vars: FxHashMap::default(),
            captured: FxHashMap::default(),
            labels: FxHashMap::default(),
            n_dcl: u32::from(subst.is_some()),
            subst,
            results: Vec::new(),
            n_func_lits: 0,
            n_range_lits: 0,
            n_go_defers: 0,
            targets: Vec::new(),
            range_body: None,
            next_var: None,
            label_exits: Vec::new(),
            defer_token: None,
            n_states: 0,
            n_yields: 0,
        }
    }
}

impl<'a> Lower<'a, '_> {
    /// Adds an expression to the current function.
    pub(super) fn add(&mut self, kind: ExprKind, ty: TypeId, pos: Pos, span: Span) -> ExprId {
        self.cur().func.exprs.push(Expr { kind, ty, pos, span, esc: Esc::Unknown, implicit: false })
    }

    /// Adds an expression that is not in the source.
    pub(super) fn add_implicit(&mut self, kind: ExprKind, ty: TypeId, pos: Pos, span: Span) -> ExprId {
        self.cur().func.exprs.push(Expr { kind, ty, pos, span, esc: Esc::Unknown, implicit: true })
    }

    /// An expression of the current function.
    pub(super) fn x(&self, id: ExprId) -> &Expr {
        &self.stack.last().expect("a function is being lowered").func.exprs[id]
    }

    /// The type of an expression of the current function.
    pub(super) fn x_ty(&self, id: ExprId) -> TypeId {
        self.x(id).ty
    }

    /// Declares a local variable of the current function.
    pub(super) fn new_local(&mut self, name: Symbol, ty: TypeId, pos: Pos, kind: LocalKind) -> LocalId {
        let cx = self.cur();
        if !matches!(kind, LocalKind::Captured { .. }) {
            cx.n_dcl += 1;
        }
        cx.func.locals.push(Local {
            name,
            ty,
            pos,
            kind,
            addr_taken: false,
            reassigned: false,
            captured_by_ref: false,
            esc: Esc::Unknown,
            move_to_heap: None,
        })
    }

    /// A temporary, named as Go names it.
    pub(super) fn temp(&mut self, ty: TypeId, pos: Pos) -> LocalId {
        let name = Symbol::new(&format!(".autotmp_{}", self.cur().n_dcl));
        self.new_local(name, ty, pos, LocalKind::Auto)
    }

    /// Counts the temporaries that Go has for the results of a call, which are not needed here; the number of
    /// the first.
    pub(super) fn skip_temps(&mut self, n: usize) -> u32 {
        let cx = self.cur();
        cx.n_dcl += n as u32;
        cx.n_dcl - n as u32
    }

    /// Declares a temporary, initialised with `x`, in `out`.
    pub(super) fn temp_copy(&mut self, x: ExprId, pos: Pos, out: &mut Vec<Stmt>) -> LocalId {
        let (ty, span) = (self.x_ty(x), self.x(x).span);
        let tmp = self.temp(ty, pos);
        out.push(Stmt { pos, kind: StmtKind::Decl(tmp) });
        let lhs = self.local_expr(tmp, pos, span);
        out.push(Stmt { pos, kind: StmtKind::Assign { lhs: Some(lhs), rhs: x, def: true } });
        tmp
    }

    /// A use of a local variable.
    pub(super) fn local_expr(&mut self, local: LocalId, pos: Pos, span: Span) -> ExprId {
        let ty = self.cur().func.locals[local].ty;
        self.add(ExprKind::Local(local), ty, pos, span)
    }

    /// Declares the variable that `obj` is.
    pub(super) fn declare(&mut self, obj: ObjId, pos: Pos, kind: LocalKind) -> LocalId {
        let (name, raw) = {
            let o = &self.cx.objs()[obj];
            (o.name, o.ty)
        };
        let ty = self.canon(raw);
        let local = self.new_local(name, ty, pos, kind);
        self.cur().vars.insert(obj, local);
        local
    }

    /// The local of the current function that stands for a variable, captured if need be.
    pub(super) fn var(&mut self, obj: ObjId) -> LocalId {
        let depth = self.stack.len() - 1;
        self.var_at(depth, obj)
    }

    /// The same for a use at `pos`: the first one is where messages say a literal captures the variable.
    pub(super) fn captured_at(&mut self, obj: ObjId, pos: Pos) -> LocalId {
        if let Some(&local) = self.cur().vars.get(&obj) {
            return local;
        }
        let before: Vec<usize> = self.stack.iter().map(|f| f.func.captures.len()).collect();
        let local = self.var(obj);
        for (cx, n) in self.stack.iter_mut().zip(before) {
            for &captured in &cx.func.captures[n..] {
                cx.func.locals[captured].pos = pos;
            }
        }
        local
    }

    fn var_at(&mut self, depth: usize, obj: ObjId) -> LocalId {
        let cx = &self.stack[depth];
        if let Some(&local) = cx.vars.get(&obj) {
            return local;
        }
        if depth == 0 || !cx.func.kind.is_closure() {
            let name = self.cx.objs()[obj].name;
            crate::bug!("hir", cx.func.link_name, "variable {name} is not declared");
        }
        let outer = self.var_at(depth - 1, obj);
        let local = self.capture_at(depth, outer);
        self.stack[depth].vars.insert(obj, local);
        local
    }

    /// The current function's local for a variable of its parent.
    pub(super) fn capture(&mut self, outer: LocalId) -> LocalId {
        let depth = self.stack.len() - 1;
        self.capture_at(depth, outer)
    }

    /// The current function's local for a variable of the function at `depth`.
    pub(super) fn capture_from(&mut self, depth: usize, mut local: LocalId) -> LocalId {
        for d in depth + 1..self.stack.len() {
            local = self.capture_at(d, local);
        }
        local
    }

    fn capture_at(&mut self, depth: usize, outer: LocalId) -> LocalId {
        if let Some(&local) = self.stack[depth].captured.get(&outer) {
            return local;
        }
        let o = &self.stack[depth - 1].func.locals[outer];
        let captured = Local {
            kind: LocalKind::Captured { outer, by_value: false },
            addr_taken: false,
            reassigned: false,
            captured_by_ref: false,
            ..o.clone()
        };
        let cx = &mut self.stack[depth];
        let local = cx.func.locals.push(captured);
        cx.func.captures.push(local);
        cx.captured.insert(outer, local);
        local
    }

    /// The function of a declared function or method, lowered later if this is the first reference.
    /// `targs`: type arguments of a generic function, or of the receiver's type and then the method's own.
    pub(super) fn declared_func(&mut self, obj: ObjId, targs: Vec<TypeId>) -> FuncId {
        self.declared_in_shape(obj, targs, Vec::new())
    }

    /// The same; `shapes`, if any, are the shapes of the type arguments.
    pub(super) fn declared_in_shape(&mut self, obj: ObjId, targs: Vec<TypeId>, shapes: Vec<Symbol>) -> FuncId {
        let key = FuncKey::Declared(obj, targs.clone(), shapes.clone());
        if let Some(&id) = self.funcs.get(&key) {
            return id;
        }
        let linkname = self.cx.info().linknames.get(&obj).copied();
        let linkname = linkname.filter(|_| self.decls.get(&obj).is_none_or(|d| d.tree.body.is_none()));
        if let Some(target) = linkname.and_then(|name| self.linked_func(name, obj)) {
            return self.declared_func(target, targs);
        }
        self.cx.resolve(obj);
        let o = &self.cx.objs()[obj];
        let (raw, pkg) = (o.ty, o.pkg);
        let subst = self.func_subst(obj, &targs, &shapes);
        let sig = self.canon_in(raw, subst.as_deref());
        let path = self.pkg_path(pkg);
        let mut func = empty_func(FuncKind::Declared, path, sig);
        func.written = match &subst {
            Some(s) => self.cx.types_mut().subst(raw, &s.shapes),
            None => raw,
        };
        let recv = self.recv_type(obj, subst.as_deref());
        func.has_recv = recv.is_some();
        func.written_recv = subst.as_deref().and_then(|s| self.written_recv(obj, s));
        (func.link_name, func.name) = self.func_names(obj, &targs, &shapes);
        if !targs.is_empty() {
            func.dict = self.dict_name(obj, &targs);
            func.repeats = !self.instance_names.insert(func.name);
        }
        if let Some(decl) = self.decls.get(&obj) {
            func.pos = decl.tree.name.span.lo;
            func.pragma = decl.pragma;
            func.end = decl.tree.span.hi;
            func.native = decl.tree.body.is_none();
            func.pragma.uintptr_keep_alive |= func.native;
        }
        if let Some(name) = linkname {
            func.link_name = name;
        }
        let id = self.reserve(func);
        self.funcs.insert(key, id);
        if !shapes.is_empty() {
            self.own_shapes.insert(id, shapes);
        }
        self.jobs.push_back(Job::Declared { id, obj, targs });
        id
    }

    /// The function with a body that the linker knows by this name: a package's own, or one given the name.
    fn linked_func(&self, name: Symbol, but: ObjId) -> Option<ObjId> {
        let has_body = |o: ObjId| self.decls.get(&o).is_some_and(|d| d.tree.body.is_some());
        let (path, local) = name.as_str().rsplit_once('.')?;
        let info = self.cx.info();
        let package = info.packages.iter().find(|p| p.path.as_str() == path);
        let own = package.and_then(|p| p.scope.get(&Symbol::new(local)).copied());
        let pushed = || {
            let mut given = info.linknames.iter().filter(|&(&o, &n)| n == name && o != but && has_body(o));
            given.next().map(|(&o, _)| o)
        };
        own.filter(|&o| o != but && has_body(o)).or_else(pushed)
    }

    /// The receiver's type of a method, as declared.
    pub(super) fn recv_type(&mut self, obj: ObjId, subst: Option<&Subst>) -> Option<TypeId> {
        let ObjKind::Func(info) = self.cx.objs()[obj].kind else { return None };
        let (named, ptr) = info.recv?;
        let mut ty = match subst {
            Some(s) if !self.types().named[named].tparams.is_empty() => {
                let n = self.types().named[named].tparams.len();
                let targs: Vec<TypeId> = s.targs[..n].to_vec();
                self.cx.types_mut().instantiate_named(named, &targs)
            }
            _ => self.cx.types_mut().intern(crate::types::TypeKind::Named(named)),
        };
        ty = self.cx.types_mut().canonical(ty);
        if ptr {
            ty = self.cx.types_mut().pointer(ty);
        }
        Some(ty)
    }

    /// The receiver's type of a method of a generic type, with shapes for type arguments.
    fn written_recv(&mut self, obj: ObjId, s: &Subst) -> Option<TypeId> {
        let ObjKind::Func(info) = self.cx.objs()[obj].kind else { return None };
        let (named, ptr) = info.recv?;
        let n = self.types().named[named].tparams.len();
        let shapes: Vec<TypeId> = s.shapes.iter().take(n).map(|m| m.1).collect();
        if n == 0 || shapes.len() < n {
            return None;
        }
        let types = self.cx.types_mut();
        let ty = types.instantiate_named(named, &shapes);
        Some(if ptr { types.pointer(ty) } else { ty })
    }

    /// Lowers a function declaration.
    pub(super) fn lower_declared(&mut self, id: FuncId, obj: ObjId, targs: &[TypeId]) {
        let Some(&decl) = self.decls.get(&obj) else {
            // Declared by the universe (`error.Error`), or without source: bound natively by its name.
            self.prog.funcs[id].native = true;
            return;
        };
        self.cx.check_body(obj);
        let tree: &'a ast::FuncDecl = decl.tree;
        let shapes = self.own_shapes.get(&id).cloned().unwrap_or_default();
        let subst = self.func_subst(obj, targs, &shapes);
        let mut func = self.prog.funcs[id].clone();
        // About an expression for every six bytes of source: a guess, where growing would copy them all.
        func.exprs.reserve((tree.span.hi.0.saturating_sub(tree.span.lo.0) / 6).min(1000) as usize);
        let sig = func.sig;
        let mut cx = FuncCx::new(id, func, decl.pkg, subst.clone());
        cx.results = self.result_types(sig);
        self.stack.push(cx);
        let mut n = 0;
        if let Some(recv) = &tree.recv {
            let ty = self.recv_type(obj, subst.as_deref()).unwrap_or(Types::INVALID);
            if let Some(field) = recv.first() {
                self.declare_param(field.names.first(), ty, field.ty.pos, &mut n);
            }
        }
        self.declare_params(&tree.sig, sig, n);
        if let Some(body) = &tree.body {
            // `}` is the last byte of the block.
            self.cur().func.end = Pos(body.span.hi.0.saturating_sub(1));
            let stmts = self.stmts(&body.stmts);
            self.cur().func.body = stmts;
        }
        self.close_func();
    }

    /// Takes the finished function off the stack.
    pub(super) fn close_func(&mut self) -> FuncId {
        let cx = self.stack.pop().expect("a function is being lowered");
        self.prog.funcs[cx.id] = cx.func;
        cx.id
    }

    /// Canonical result types of a function type.
    pub(super) fn result_types(&self, sig: TypeId) -> Vec<TypeId> {
        self.types().as_func(sig).map_or_else(Vec::new, |s| s.results.iter().map(|r| r.ty).collect())
    }

    /// Canonical parameter types of a function type.
    pub(super) fn param_types(&self, sig: TypeId) -> Vec<TypeId> {
        self.types().as_func(sig).map_or_else(Vec::new, |s| s.params.iter().map(|p| p.ty).collect())
    }

    fn declare_param(&mut self, name: Option<&ast::Ident>, ty: TypeId, ty_pos: Pos, n: &mut u32) {
        let kind = LocalKind::Param(*n);
        *n += 1;
        let obj = name.and_then(|i| self.cx.info().defs.get(&i.id).copied());
        let (symbol, pos) = match name {
            Some(i) if !i.name.is_blank() => (i.name, i.span.lo),
            Some(i) => (Symbol::new("_"), i.span.lo),
            None => (Symbol::new("_"), ty_pos),
        };
        let local = self.new_local(symbol, ty, pos, kind);
        let cx = self.cur();
        if let Some(obj) = obj {
            cx.vars.insert(obj, local);
        }
        cx.func.params.push(local);
    }

    /// Declares parameters (numbered from `n`) and results as the tree names them.
    pub(super) fn declare_params(&mut self, tree: &ast::FuncType, sig: TypeId, mut n: u32) {
        let types = self.param_types(sig);
        let mut i = 0;
        for field in &tree.params {
            for k in 0..field.names.len().max(1) {
                self.declare_param(field.names.get(k), types[i], field.ty.pos, &mut n);
                i += 1;
            }
        }
        let results = self.result_types(sig);
        let mut i = 0;
        for field in &tree.results {
            for k in 0..field.names.len().max(1) {
                let name = field.names.get(k).filter(|n| !n.name.is_blank());
                let symbol = name.map_or_else(|| Symbol::new(&format!("~r{i}")), |n| n.name);
                let pos = field.names.get(k).map_or(field.ty.pos, |n| n.span.lo);
                let local = self.new_local(symbol, results[i], pos, LocalKind::Result(i as u32));
                let obj = field.names.get(k).and_then(|n| self.cx.info().defs.get(&n.id).copied());
                let cx = self.cur();
                if let Some(obj) = obj {
                    cx.vars.insert(obj, local);
                }
                cx.func.results.push(local);
                i += 1;
            }
        }
    }

    /// The label with this name in the current function.
    pub(super) fn label(&mut self, ident: &ast::Ident) -> LabelId {
        let cx = self.cur();
        if let Some(&id) = cx.labels.get(&ident.name) {
            return id;
        }
        let id = cx.func.labels.push(Label { name: ident.name, pos: ident.span.lo });
        cx.labels.insert(ident.name, id);
        id
    }

    /// The package variable.
    pub(super) fn global(&mut self, obj: ObjId) -> GlobalId {
        if let Some(&id) = self.globals.get(&obj) {
            return id;
        }
        self.cx.resolve(obj);
        let o = self.cx.objs()[obj].clone();
        let ty = self.canon_in(o.ty, None);
        let pkg = self.pkg_path(o.pkg);
        let name = self.qualified(o.pkg, o.name.as_str());
        let id = self.prog.globals.push(Global { name, pkg, ty, pos: o.pos(), init: StaticData::default() });
        self.globals.insert(obj, id);
        self.want_initializer(obj);
        id
    }
}
