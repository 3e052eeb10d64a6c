//! Functions without source: method wrappers, bodies of method values; and the method tables of types that
//! end up in interfaces.
//!
//! Tables are filled on demand: a method is in a type's table when some interface type of the program has a
//! method of that name. Both sets grow while functions are lowered, so [`Lower::grow_method_tables`] runs
//! until neither does; it terminates because both are bounded by what the source mentions.

#![forbid(unsafe_code)]

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::func::FuncCx;
use super::method::{MethodEntry, Target};
use super::names::ClosureName;
use super::{FuncKey, Job, Lower, empty_func};
use crate::hir::ir::*;
use crate::index::Symbol;
use crate::source::{Pos, Span};
use crate::syntax::ast;
use crate::types::object::is_exported;
use crate::types::{ConstValue, Method, ObjId, TypeId, TypeKind, Types};

/// The types of package runtime that the runtime panics with, and whether by pointer.
pub const ERROR_TYPES: [(&str, bool); 7] = [
    ("boundsError", false),
    ("errorString", false),
    ("plainError", false),
    ("errorAddressString", false),
    ("TypeAssertionError", true),
    ("PanicNilError", true),
    ("unhashableTypeError", false),
];

impl<'a> Lower<'a, '_> {
    /// `func (recv R) M(params) results { return recv.path.M(params) }`
    pub(super) fn lower_wrapper(&mut self, id: FuncId, recv: TypeId, m: &MethodEntry) {
        self.open_synthetic(id);
        let local = self.new_local(Symbol::new(".this"), recv, Pos::NONE, LocalKind::Param(0));
        self.cur().func.params.push(local);
        self.synthetic_params(m.sig, 1);
        if let (Target::Declared { ptr: false, .. }, true) = (m.target, m.path.is_empty()) {
            self.check_receiver(local, recv, m);
        }
        let x = self.local_expr(local, Pos::NONE, Span::NONE);
        self.forward(x, m);
        self.close_func();
    }

    /// `if recv == nil { panicwrap(…) }`, for a better message than that of the dereference.
    fn check_receiver(&mut self, local: LocalId, recv: TypeId, m: &MethodEntry) {
        let (pos, span) = (Pos::NONE, Span::NONE);
        let Some(base) = self.types().pointee(recv) else { return };
        let link = self.method_names(base, m.name, "").0;
        let short = self.link_type(base);
        let short = short.rsplit('.').next().unwrap_or(&short);
        let text = format!("value method {link} called using nil *{short} pointer");
        let text = self.constant(ConstValue::Str(text.into_bytes().into()), Types::STRING, pos, span);
        let func = self.runtime_func("panicwrap", &[Types::STRING], &[]);
        let kind = ExprKind::Call { callee: Callee::Static(func), args: vec![text], variadic: false };
        let call = self.add(kind, Types::EMPTY_TUPLE, pos, span);
        let x = self.local_expr(local, pos, span);
        let nil = self.add(ExprKind::Nil, recv, pos, span);
        let cond = self.add(ExprKind::Binary(BinaryOp::Eq, x, nil), Types::BOOL, pos, span);
        let then = vec![Stmt { pos, kind: StmtKind::Expr(call) }];
        self.cur().func.body.push(Stmt { pos, kind: StmtKind::If { cond, then, els: Vec::new() } });
    }

    /// `x.M` of a receiver whose type depends on type parameters: a closure like any other.
    pub(super) fn curried(&mut self, recv: ExprId, m: &MethodEntry, dynamic: bool, pos: Pos, span: Span) -> ExprId {
        let mut stmts = Vec::new();
        let tmp = self.temp_copy(recv, pos, &mut stmts);
        let ty = self.x_ty(recv);
        if self.types().is_interface(ty) {
            let x = self.local_expr(tmp, pos, span);
            stmts.push(Stmt { pos, kind: StmtKind::CheckNil(x) });
        }
        let id = self.open_closure(FuncKind::CallWrapper, ClosureName::FuncLit, m.sig, pos);
        self.synthetic_params(m.sig, 0);
        let local = self.capture(tmp);
        let x = self.local_expr(local, pos, span);
        let direct = MethodEntry { path: Vec::new(), ..m.clone() };
        self.forward_to(x, &direct, 0, dynamic, pos, span);
        self.close_func();
        let x = self.add(ExprKind::Closure(id), m.sig, pos, span);
        self.add(ExprKind::Init { stmts, x }, m.sig, pos, span)
    }

    /// `T.M` of a type that depends on type parameters.
    pub(super) fn method_expr_closure(&mut self, m: &MethodEntry, ty: TypeId, pos: Pos, span: Span) -> ExprId {
        let id = self.open_closure(FuncKind::CallWrapper, ClosureName::FuncLit, ty, pos);
        self.synthetic_params(ty, 0);
        let recv = self.cur().func.params[0];
        let x = self.local_expr(recv, pos, span);
        let x = self.receiver(x, m, pos, span);
        let direct = MethodEntry { path: Vec::new(), ..m.clone() };
        self.forward_to(x, &direct, 1, false, pos, span);
        self.close_func();
        self.add(ExprKind::Closure(id), ty, pos, span)
    }

    /// An instance as a function value, where its type arguments depend on type parameters: in Go a closure,
    /// which captures the dictionary.
    pub(super) fn instance_closure(&mut self, func: FuncId, pos: Pos, span: Span) -> ExprId {
        let sig = self.prog.funcs[func].sig;
        let id = self.open_closure(FuncKind::CallWrapper, ClosureName::FuncLit, sig, pos);
        self.synthetic_params(sig, 0);
        let params = self.cur().func.params.clone();
        let args = params.into_iter().map(|p| self.local_expr(p, pos, span)).collect();
        self.return_call(Callee::Static(func), args, sig, pos, span);
        self.close_func();
        self.add(ExprKind::Closure(id), sig, pos, span)
    }

    /// A call as the whole body of the current function; the call.
    fn return_call(&mut self, callee: Callee, args: Vec<ExprId>, sig: TypeId, pos: Pos, span: Span) -> ExprId {
        let results = self.result_types(sig);
        let variadic = self.types().as_func(sig).is_some_and(|s| s.variadic);
        let ty = self.result_type(&results);
        let call = self.add(ExprKind::Call { callee, args, variadic }, ty, pos, span);
        let kind = match results.len() {
            0 => StmtKind::Expr(call),
            1 => StmtKind::Return(vec![call]),
            _ => StmtKind::ReturnCall(call),
        };
        self.cur().func.body.push(Stmt { pos, kind });
        call
    }

    /// The call of the method as the body of the current function, with its parameters from `first` on.
    fn forward_to(&mut self, recv: ExprId, m: &MethodEntry, first: usize, dynamic: bool, pos: Pos, span: Span) {
        let params: Vec<LocalId> = self.cur().func.params[first..].to_vec();
        let mut args: Vec<ExprId> = params.into_iter().map(|p| self.local_expr(p, pos, span)).collect();
        if let Target::Interface { .. } = m.target {
            let ty = self.x_ty(recv);
            self.uses_interface(ty);
        }
        let callee = self.method_callee(recv, m, &mut args);
        let call = self.return_call(callee, args, m.sig, pos, span);
        self.cur().func.exprs[call].implicit = dynamic;
    }

    /// `func(params) results { return recv.M(params) }`, where `recv` is saved in the closure.
    pub(super) fn lower_method_value(&mut self, id: FuncId, recv: TypeId, m: &MethodEntry) {
        self.open_synthetic(id);
        let kind = LocalKind::Captured { outer: LocalId(0), by_value: true };
        let local = self.new_local(Symbol::new(".this"), recv, Pos::NONE, kind);
        self.cur().func.captures.push(local);
        self.synthetic_params(m.sig, 0);
        let x = self.local_expr(local, Pos::NONE, Span::NONE);
        self.forward(x, m);
        self.close_func();
    }

    /// What stands for an instance of a generic function or method that is used as a value.
    pub(super) fn instance(&mut self, of: FuncId, obj: ObjId) -> FuncId {
        let key = FuncKey::Instance(of);
        if let Some(&id) = self.funcs.get(&key) {
            return id;
        }
        let target = &self.prog.funcs[of];
        let (pkg, sig, has_recv, link) = (target.pkg, target.sig, target.has_recv, target.link_name);
        let mut func = empty_func(FuncKind::Instance, pkg, sig);
        func.has_recv = has_recv;
        (func.link_name, func.name) = self.instance_stub_names(obj, link);
        if let Some(decl) = self.decls.get(&obj) {
            // Go says that functions are where the word `func` is followed by something.
            let (_, file) = self.sources.lookup(decl.tree.span.lo).expect("declarations are in files");
            let text = &file.text[(decl.tree.span.lo.0 - file.lo.0) as usize + 4..];
            let blanks = text.iter().take_while(|b| b.is_ascii_whitespace()).count() as u32;
            func.pos = decl.tree.span.lo.offset(4 + blanks);
            func.end = func.pos;
            func.pragma = decl.pragma;
        }
        let id = self.reserve(func);
        self.funcs.insert(key, id);
        self.jobs.push_back(Job::Instance { id, of, obj });
        id
    }

    /// `func F[int](params) results { return F[go.shape.int](params) }`
    pub(super) fn lower_instance(&mut self, id: FuncId, of: FuncId, obj: ObjId) {
        let decl = self.decls[&obj];
        self.open_synthetic(id);
        let (pos, sig) = (self.cur().func.pos, self.cur().func.sig);
        let span = Span::new(pos, pos);
        let mut names: Vec<(Symbol, TypeId, Pos)> = Vec::new();
        if self.cur().func.has_recv {
            let targs = self.targs_of(of);
            let subst = self.func_subst(obj, &targs, &[]);
            let ty = self.recv_type(obj, subst.as_deref()).unwrap_or(Types::INVALID);
            names.push((Symbol::default(), ty, pos));
        }
        let types = self.param_types(sig);
        names.extend(types.into_iter().map(|ty| (Symbol::default(), ty, pos)));
        let declared = decl.tree.recv.iter().flatten().chain(&decl.tree.sig.params);
        let mut i = 0;
        for field in declared {
            for k in 0..field.names.len().max(1) {
                let name = field.names.get(k).map(|n| n.name).filter(|n| !n.is_blank());
                if let Some(entry) = names.get_mut(i) {
                    entry.2 = field.names.get(k).map_or(field.ty.pos, |n| n.span.lo);
                    entry.0 = name.unwrap_or_else(|| Symbol::new(&format!("~p{i}")));
                }
                i += 1;
            }
        }
        let mut args = Vec::new();
        for (i, (name, ty, at)) in names.into_iter().enumerate() {
            let local = self.new_local(name, ty, at, LocalKind::Param(i as u32));
            self.cur().func.params.push(local);
            args.push(self.local_expr(local, pos, span));
        }
        let results = self.result_types(sig);
        for (i, &ty) in results.iter().enumerate() {
            let local = self.new_local(Symbol::new(&format!("~r{i}")), ty, pos, LocalKind::Result(i as u32));
            self.cur().func.results.push(local);
        }
        let variadic = self.types().as_func(sig).is_some_and(|s| s.variadic);
        let ty = self.result_type(&results);
        let call = self.add(ExprKind::Call { callee: Callee::Static(of), args, variadic }, ty, pos, span);
        let kind = match results.len() {
            0 => StmtKind::Expr(call),
            1 => StmtKind::Return(vec![call]),
            _ => StmtKind::ReturnCall(call),
        };
        self.cur().func.body.push(Stmt { pos, kind });
        self.close_func();
    }

    /// Makes the wrappers that Go has for the methods of the program's types, for what is to be said of them.
    pub(super) fn shown_wrappers(&mut self) {
        let main = self.main_pkg();
        let mut own: Vec<(u32, TypeId)> = Vec::new();
        for ty in self.types_in_use(main) {
            if let TypeKind::Named(n) = *self.types().kind(ty) {
                let obj = &self.cx.objs()[self.types().named[n].obj];
                if obj.pkg == main {
                    own.push((obj.span.lo.0, self.canon_in(ty, None)));
                }
            }
        }
        own.sort_unstable();
        own.dedup();
        let trees = self.interface_trees();
        for (_, ty) in own {
            if self.types().is_interface(ty) {
                for (i, m) in self.types().interface_methods(ty).iter().enumerate() {
                    if let Some(tree) = trees.get(&m.pos) {
                        self.shown_interface_method(ty, i as u32, m, tree);
                    }
                }
                continue;
            }
            let pointer = self.cx.types_mut().pointer(ty);
            for recv in [ty, pointer] {
                for m in self.method_set_of(recv).iter() {
                    let Target::Declared { obj, ptr } = m.target else { continue };
                    let direct = m.path.is_empty() && ptr == (recv == pointer);
                    if direct || self.cx.objs()[obj].pkg != main || !m.targs.is_empty() {
                        continue;
                    }
                    let mut func = empty_func(FuncKind::Wrapper, self.pkg_path(main), m.sig);
                    func.has_recv = true;
                    func.shown = true;
                    (func.link_name, func.name) = self.method_names(recv, m.name, "");
                    let id = self.reserve(func);
                    self.jobs.push_back(Job::ShownWrapper { id, recv, method: m.clone(), obj });
                }
            }
        }
    }

    /// The methods that the program's declared interface types list, by their places.
    fn interface_trees(&self) -> FxHashMap<Pos, &'a ast::FuncType> {
        let files = self.packages.last().map_or(&[][..], |p| p.1);
        let mut found = FxHashMap::default();
        for decl in files.iter().flat_map(|f| &f.decls) {
            let ast::Decl::Type(spec) = decl else { continue };
            let ast::ExprKind::InterfaceType { elems } = &spec.ty.kind else { continue };
            for elem in elems {
                if let ast::InterfaceElem::Method { name, sig, .. } = elem {
                    found.insert(name.span.lo, sig);
                }
            }
        }
        found
    }

    /// `I.m` of an interface type, with the names and places of the method's parameters.
    fn shown_interface_method(&mut self, recv: TypeId, index: u32, m: &Method, tree: &'a ast::FuncType) {
        let sig = self.canon_in(m.sig, None);
        let main = self.main_pkg();
        let mut func = empty_func(FuncKind::Wrapper, self.pkg_path(main), sig);
        func.has_recv = true;
        func.shown = true;
        (func.link_name, func.name) = self.method_names(recv, m.name, "");
        let id = self.reserve(func);
        self.open_synthetic(id);
        let this = self.new_local(Symbol::new("~p0"), recv, Pos::NONE, LocalKind::Param(0));
        self.cur().func.params.push(this);
        let mut types = vec![recv];
        types.extend(self.param_types(sig));
        self.shown_params(&tree.params, &types, 1);
        let x = self.local_expr(this, Pos::NONE, Span::NONE);
        let params = self.cur().func.params[1..].to_vec();
        let args = params.into_iter().map(|p| self.local_expr(p, Pos::NONE, Span::NONE)).collect();
        let callee = Callee::Interface { recv: x, index, method: m.name };
        self.shown_results(sig);
        self.return_call(callee, args, sig, Pos::NONE, Span::NONE);
        self.close_func();
    }

    /// Declares parameters from number `n` on as the source names them.
    fn shown_params(&mut self, fields: &'a [ast::Field], types: &[TypeId], mut n: usize) -> usize {
        for field in fields {
            for k in 0..field.names.len().max(1) {
                let name = field.names.get(k);
                let at = name.map_or(field.ty.pos, |n| n.span.lo);
                let name = name.map(|i| i.name).filter(|i| !i.is_blank());
                let name = name.unwrap_or_else(|| Symbol::new(&format!("~p{n}")));
                let local = self.new_local(name, types[n], at, LocalKind::Param(n as u32));
                self.cur().func.params.push(local);
                n += 1;
            }
        }
        n
    }

    fn shown_results(&mut self, sig: TypeId) {
        for (i, ty) in self.result_types(sig).into_iter().enumerate() {
            let local = self.new_local(Symbol::new(&format!("~r{i}")), ty, Pos::NONE, LocalKind::Result(i as u32));
            self.cur().func.results.push(local);
        }
    }

    /// The same wrapper with the names and places of the method's parameters.
    pub(super) fn lower_shown_wrapper(&mut self, id: FuncId, recv: TypeId, m: &MethodEntry, obj: ObjId) {
        self.open_synthetic(id);
        let decl = self.decls[&obj];
        let mut types = vec![recv];
        types.extend(self.param_types(m.sig));
        let recv = decl.tree.recv.as_deref().unwrap_or_default();
        let n = self.shown_params(recv, &types, 0);
        self.shown_params(&decl.tree.sig.params, &types, n);
        self.shown_results(m.sig);
        let this = self.cur().func.params[0];
        let x = self.local_expr(this, Pos::NONE, Span::NONE);
        self.forward(x, m);
        self.close_func();
    }

    /// Type arguments of an instance.
    fn targs_of(&self, of: FuncId) -> Vec<TypeId> {
        let found = self.funcs.iter().find_map(|(key, &id)| match key {
            FuncKey::Declared(_, targs, _) if id == of => Some(targs.clone()),
            _ => None,
        });
        found.unwrap_or_default()
    }

    fn open_synthetic(&mut self, id: FuncId) {
        let func = self.prog.funcs[id].clone();
        let results = self.result_types(func.sig);
        let main = self.main_pkg();
        let mut cx = FuncCx::new(id, func, main, None);
        cx.results = results;
        self.stack.push(cx);
    }

    fn synthetic_params(&mut self, sig: TypeId, first: u32) {
        for (i, ty) in self.param_types(sig).into_iter().enumerate() {
            let name = Symbol::new(&format!("~p{i}"));
            let local = self.new_local(name, ty, Pos::NONE, LocalKind::Param(first + i as u32));
            self.cur().func.params.push(local);
        }
        for (i, ty) in self.result_types(sig).into_iter().enumerate() {
            let name = Symbol::new(&format!("~r{i}"));
            let local = self.new_local(name, ty, Pos::NONE, LocalKind::Result(i as u32));
            self.cur().func.results.push(local);
        }
    }

    /// The body: the same call on the method itself.
    fn forward(&mut self, x: ExprId, m: &MethodEntry) {
        let (pos, span) = (Pos::NONE, Span::NONE);
        let recv = self.receiver(x, m, pos, span);
        let first = usize::from(self.cur().func.has_recv);
        let params: Vec<LocalId> = self.cur().func.params[first..].to_vec();
        let mut args: Vec<ExprId> = params.into_iter().map(|p| self.local_expr(p, pos, span)).collect();
        let callee = self.method_callee(recv, m, &mut args);
        self.return_call(callee, args, m.sig, pos, span);
    }

    /// The type of a call with these results.
    pub(super) fn result_type(&mut self, results: &[TypeId]) -> TypeId {
        match results {
            [] => Types::EMPTY_TUPLE,
            [one] => *one,
            _ => self.cx.types_mut().tuple(results),
        }
    }

    /// Notes that values of a concrete type get into an interface: its methods, and those of the types that
    /// reflection can reach from it, may be called.
    pub(super) fn in_interface(&mut self, ty: TypeId) {
        let mut work = vec![ty];
        while let Some(ty) = work.pop() {
            if self.types().is_interface(ty) {
                if self.reflects {
                    self.uses_interface(ty);
                }
                continue;
            }
            if !self.iface_types.insert(ty) {
                continue;
            }
            if self.reflects && matches!(self.types().kind(ty), TypeKind::Named(_)) {
                work.push(self.cx.types_mut().pointer(ty));
            }
            let parts: Vec<TypeId> = match self.types().underlying_kind(ty).clone() {
                TypeKind::Pointer(e)
                | TypeKind::Slice(e)
                | TypeKind::Array { elem: e, .. }
                | TypeKind::Chan { elem: e, .. } => vec![e],
                TypeKind::Map { key, elem } => vec![key, elem],
                TypeKind::Struct(s) => s.fields.iter().map(|f| f.ty).collect(),
                // Reflection may call what it finds.
                TypeKind::Func(s) if self.reflects => s.params.iter().chain(&s.results).map(|p| p.ty).collect(),
                _ => Vec::new(),
            };
            for p in parts {
                let p = self.canon_in(p, None);
                work.push(p);
            }
        }
    }

    /// Notes that an interface type's methods may be asked for.
    pub(super) fn uses_interface(&mut self, ty: TypeId) {
        let methods = self.types().interface_methods(ty);
        for m in methods.iter() {
            self.iface_methods.insert(m.name);
        }
    }

    /// Notes a call that may be one of reflection's ways to methods.
    pub(super) fn may_reflect(&mut self, m: &MethodEntry) {
        if !self.reflects
            || !matches!(m.name.as_str(), "Method" | "MethodByName" | "Methods")
            || self.cur().func.pkg.as_str() == "reflect"
        {
            return;
        }
        // Either reflect's own, or what may be it: an interface's method with such results.
        let from_reflect = self.pkg_path(m.pkg).as_str() == "reflect";
        let gives_method = || {
            let results = &self.types().as_func(m.sig)?.results;
            let TypeKind::Named(n) = *self.types().kind(results.first()?.ty) else { return None };
            let obj = &self.cx.objs()[self.types().named[n].obj];
            Some(matches!(obj.name.as_str(), "Method" | "Value") && self.pkg_path(obj.pkg).as_str() == "reflect")
        };
        if from_reflect || matches!(m.target, Target::Interface { .. }) && gives_method() == Some(true) {
            self.reflects_methods = true;
        }
    }

    /// What the runtime panics with gets into interfaces without the program's doing.
    pub(super) fn runtime_types(&mut self) {
        let packages = &self.cx.info().packages;
        self.reflects = packages.iter().any(|p| p.path.as_str() == "reflect");
        let Some(runtime) = packages.iter().find(|p| p.path.as_str() == "runtime") else { return };
        let found: Vec<_> = ERROR_TYPES
            .iter()
            .filter_map(|&(name, pointer)| Some((*runtime.scope.get(&Symbol::new(name))?, pointer)))
            .collect();
        self.iface_methods.insert(Symbol::new("RuntimeError"));
        for (obj, pointer) in found {
            self.cx.resolve(obj);
            let ty = self.cx.objs()[obj].ty;
            let ty = if pointer { self.cx.types_mut().pointer(ty) } else { ty };
            let ty = self.canon_in(ty, None);
            self.in_interface(ty);
        }
    }

    fn method_set_of(&mut self, ty: TypeId) -> Rc<[MethodEntry]> {
        if let Some(set) = self.method_sets.get(&ty) {
            return set.clone();
        }
        let found = self.types().method_set(self.cx.objs(), ty);
        let set: Rc<[MethodEntry]> =
            found.into_iter().filter_map(|(name, pkg, l)| self.method_entry(name, pkg, l)).collect();
        self.method_sets.insert(ty, set.clone());
        set
    }

    /// Adds to the method tables what the sets of types and names ask for; false if there was nothing.
    pub(super) fn grow_method_tables(&mut self) -> bool {
        let n_jobs = self.jobs.len();
        let mut grown = false;
        let mut i = 0;
        while let Some(&ty) = self.iface_types.get_index(i) {
            i += 1;
            let set = self.method_set_of(ty);
            for m in set.iter() {
                let reflected = self.reflects_methods && is_exported(m.name);
                if !reflected && !self.iface_methods.contains(&m.name) {
                    continue;
                }
                let pkg = if is_exported(m.name) { Symbol::default() } else { self.pkg_path(m.pkg) };
                let table = self.prog.method_tables.entry(ty).or_default();
                if table.iter().any(|t| t.name == m.name && t.pkg == pkg) {
                    continue;
                }
                let func = self.itab_func(ty, m);
                let entry = MethodImpl { name: m.name, pkg, sig: m.sig, func };
                self.prog.method_tables.entry(ty).or_default().push(entry);
                grown = true;
            }
        }
        grown || self.jobs.len() > n_jobs
    }

    /// The function that takes the data word of an interface holding a `ty`.
    fn itab_func(&mut self, ty: TypeId, m: &MethodEntry) -> FuncId {
        let recv = if self.types().is_direct_iface(ty) { ty } else { self.cx.types_mut().pointer(ty) };
        if let (Target::Declared { ptr, .. }, true) = (m.target, m.path.is_empty()) {
            let is_ptr = matches!(self.types().kind(recv), TypeKind::Pointer(_));
            if ptr == is_ptr {
                return self.method_func(m).expect("a declared method");
            }
        }
        self.wrapper(recv, m)
    }

    /// Sorts tables as the methods of interfaces are.
    pub(super) fn sort_method_tables(&mut self) {
        for table in self.prog.method_tables.values_mut() {
            table.sort_by(|a, b| {
                let (ea, eb) = (is_exported(a.name), is_exported(b.name));
                eb.cmp(&ea)
                    .then_with(|| a.name.as_str().cmp(b.name.as_str()))
                    .then_with(|| a.pkg.as_str().cmp(b.pkg.as_str()))
            });
        }
    }
}
