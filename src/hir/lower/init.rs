//! Package initialisation: variables in dependency order, then `init` functions.
//!
//! The initialisers of a package become statements of one function, `pkg.init`. Those of the main package
//! and of packages that users write are all lowered. The standard library's are lowered on demand: the
//! initialiser of a library variable that nothing refers to is left out (the library promises that its
//! initialisers have no other effect than the value they make).

#![forbid(unsafe_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::func::FuncCx;
use super::{Job, Lower, empty_func};
use crate::hir::ir::*;
use crate::hir::visit;
use crate::index::Symbol;
use crate::source::Pos;
use crate::syntax::ast;
use crate::types::{ObjId, PkgId, Signature, TypeKind};

/// `lhs = rhs` of package variables.
struct VarInit<'a> {
    /// Blank variables included.
    lhs: Vec<ObjId>,
    rhs: &'a ast::Expr,
}

/// A package's initialiser while it grows.
#[derive(Default)]
struct OpenInit {
    /// Absent while an initialiser is being lowered in it.
    cx: Option<FuncCx>,
    /// Statements by number of the initialiser.
    stmts: BTreeMap<usize, Vec<Stmt>>,
}

/// The initialisers of the program.
#[derive(Default)]
pub(super) struct Inits<'a> {
    /// By package: in the order they run, or, for the library, in source order.
    list: FxHashMap<PkgId, Vec<VarInit<'a>>>,
    /// Packages whose initialisers are lowered on demand, and so put in order at the end.
    on_demand: FxHashSet<PkgId>,
    /// Which initialiser makes a variable.
    by_var: FxHashMap<ObjId, (PkgId, usize)>,
    /// Initialisers asked for.
    wanted: FxHashSet<(PkgId, usize)>,
    /// `pkg.init` under construction.
    open: FxHashMap<PkgId, OpenInit>,
    /// `init` functions of each package.
    funcs: FxHashMap<PkgId, Vec<FuncId>>,
}

impl<'a> Lower<'a, '_> {
    /// Finds all initialisers.
    pub(super) fn register_initializers(&mut self) {
        let packages = self.packages;
        for &(pkg, files) in packages {
            let list = self.initializers_in_source(files);
            let on_demand = self.is_std(files);
            let list = if on_demand {
                self.inits.on_demand.insert(pkg);
                list
            } else {
                let mut trees: FxHashMap<ast::NodeId, &'a ast::Expr> =
                    list.into_iter().map(|init| (init.rhs.id, init.rhs)).collect();
                let order = &self.cx.info().packages[pkg].init_order;
                order.iter().filter_map(|i| Some(VarInit { lhs: i.lhs.clone(), rhs: trees.remove(&i.rhs)? })).collect()
            };
            for (i, init) in list.iter().enumerate() {
                for &var in &init.lhs {
                    self.inits.by_var.insert(var, (pkg, i));
                }
            }
            self.inits.list.insert(pkg, list);
        }
    }

    fn is_std(&self, files: &[ast::File]) -> bool {
        files.first().is_some_and(|f| self.sources.file(f.file).name.starts_with("$GOROOT"))
    }

    fn initializers_in_source(&self, files: &'a [ast::File]) -> Vec<VarInit<'a>> {
        let mut list = Vec::new();
        for d in files.iter().flat_map(|f| &f.decls) {
            let ast::Decl::Var(spec) = d else { continue };
            let obj = |n: &ast::Ident| self.cx.info().defs.get(&n.id).copied();
            if spec.values.len() == spec.names.len() {
                for (name, rhs) in spec.names.iter().zip(&spec.values) {
                    list.push(VarInit { lhs: obj(name).into_iter().collect(), rhs });
                }
            } else if let [rhs] = spec.values.as_slice() {
                list.push(VarInit { lhs: spec.names.iter().filter_map(obj).collect(), rhs });
            }
        }
        list
    }

    /// Asks for the initialiser of a variable that something refers to.
    pub(super) fn want_initializer(&mut self, var: ObjId) {
        if let Some(&(pkg, index)) = self.inits.by_var.get(&var) {
            self.want(pkg, index);
        }
    }

    fn want(&mut self, pkg: PkgId, index: usize) {
        if self.inits.wanted.insert((pkg, index)) {
            self.jobs.push_back(Job::Initializer(pkg, index));
        }
    }

    /// Asks for all initialisers of a package.
    pub(super) fn all_initializers(&mut self, pkg: PkgId) {
        for i in 0..self.inits.list.get(&pkg).map_or(0, Vec::len) {
            self.want(pkg, i);
        }
    }

    /// The `init` functions of an imported package, and what it initialises for its effects.
    pub(super) fn init_functions(&mut self, pkg: PkgId, files: &'a [ast::File]) {
        if !self.inits.on_demand.contains(&pkg) {
            self.all_initializers(pkg);
        }
        for file in files {
            for d in &file.decls {
                let ast::Decl::Func(tree) = d else { continue };
                if tree.recv.is_some() || tree.name.name.as_str() != "init" {
                    continue;
                }
                if let Some(&obj) = self.cx.info().defs.get(&tree.name.id) {
                    self.init_function(pkg, obj);
                }
            }
        }
    }

    /// One `init` function: `init.0`, `init.1`, …
    pub(super) fn init_function(&mut self, pkg: PkgId, obj: ObjId) {
        let id = self.declared_func(obj, Vec::new());
        let n = self.n_inits.entry(pkg).or_insert(0);
        let (link, name) = (format!(".init.{n}"), format!("init.{n}"));
        *n += 1;
        let path = self.pkg_path(pkg);
        let name = self.qualified(pkg, &name);
        let func = &mut self.prog.funcs[id];
        func.link_name = Symbol::new(&format!("{path}{link}"));
        func.name = name;
        self.inits.funcs.entry(pkg).or_default().push(id);
    }

    fn open_init(&mut self, pkg: PkgId) -> FuncCx {
        if let Some(open) = self.inits.open.get_mut(&pkg) {
            return open.cx.take().expect("initialisers do not nest");
        }
        let sig = self.cx.types_mut().intern(TypeKind::Func(Rc::new(Signature::default())));
        let path = self.pkg_path(pkg);
        let mut func = empty_func(FuncKind::Init, path, sig);
        func.link_name = Symbol::new(&format!("{path}.init"));
        func.name = self.qualified(pkg, "init");
        let id = self.reserve(func.clone());
        FuncCx::new(id, func, pkg, None)
    }

    /// Lowers one initialiser.
    pub(super) fn lower_initializer(&mut self, pkg: PkgId, index: usize) {
        let init = &self.inits.list[&pkg][index];
        let (lhs, tree) = (init.lhs.clone(), init.rhs);
        for &var in &lhs {
            self.cx.resolve(var);
        }
        let cx = self.open_init(pkg);
        self.stack.push(cx);
        let mut out = Vec::new();
        self.initializer(&lhs, tree, &mut out);
        let cx = self.stack.pop().expect("the init function");
        let entry = self.inits.open.entry(pkg).or_default();
        entry.cx = Some(cx);
        entry.stmts.insert(index, out);
    }

    fn initializer(&mut self, lhs: &[ObjId], tree: &'a ast::Expr, out: &mut Vec<Stmt>) {
        let is_blank = |l: &Self, obj: ObjId| l.cx.objs()[obj].name.is_blank();
        let pos = lhs.first().map_or(tree.pos, |&v| self.cx.objs()[v].pos());
        let mut places = Vec::new();
        for &var in lhs {
            let raw = self.cx.objs()[var].ty;
            let ty = self.canon(raw);
            if is_blank(self, var) {
                places.push(super::assign::Place { x: None, ty: Some(ty), decl: None });
                continue;
            }
            let global = self.global(var);
            let o = self.cx.objs()[var].span;
            let x = self.add(ExprKind::Global(global), ty, o.lo, o);
            places.push(super::assign::Place { x: Some(x), ty: Some(ty), decl: None });
        }
        self.assign_initial(&places, tree, pos, out);
    }

    /// Puts the functions together, in the order they run.
    pub(super) fn finish_inits(&mut self) {
        let packages = self.packages;
        for &(pkg, _) in packages {
            if let Some(OpenInit { cx: Some(mut cx), stmts }) = self.inits.open.remove(&pkg) {
                let order = if self.inits.on_demand.contains(&pkg) {
                    self.dependency_order(pkg, &cx.func, &stmts)
                } else {
                    stmts.keys().copied().collect()
                };
                let mut stmts = stmts;
                cx.func.body = order.into_iter().filter_map(|i| stmts.remove(&i)).flatten().collect();
                cx.func.pos = Pos::NONE;
                let id = cx.id;
                let empty = cx.func.body.is_empty();
                self.prog.funcs[id] = cx.func;
                if !empty {
                    self.prog.inits.push(id);
                }
            }
            self.prog.inits.extend(self.inits.funcs.remove(&pkg).unwrap_or_default());
        }
        debug_assert!(self.stack.is_empty());
    }

    /// The initialisers of a library package so that each comes behind those of the variables it refers to,
    /// itself or in functions it mentions; in source order otherwise. Ends because each is placed once.
    fn dependency_order(&self, pkg: PkgId, init: &Func, stmts: &BTreeMap<usize, Vec<Stmt>>) -> Vec<usize> {
        let mut by_global: FxHashMap<GlobalId, usize> = FxHashMap::default();
        for (&var, &(p, i)) in &self.inits.by_var {
            if let (true, Some(&g)) = (p == pkg, self.globals.get(&var)) {
                by_global.insert(g, i);
            }
        }
        let mut order = Vec::new();
        let mut placed: FxHashSet<usize> = FxHashSet::default();
        for &i in stmts.keys() {
            self.place_initializer(i, init, stmts, &by_global, &mut placed, &mut order);
        }
        order
    }

    fn place_initializer(
        &self,
        i: usize,
        init: &Func,
        stmts: &BTreeMap<usize, Vec<Stmt>>,
        by_global: &FxHashMap<GlobalId, usize>,
        placed: &mut FxHashSet<usize>,
        order: &mut Vec<usize>,
    ) {
        let Some(body) = stmts.get(&i) else { return };
        if !placed.insert(i) {
            return;
        }
        let mut needs: BTreeSet<usize> = BTreeSet::new();
        let mut funcs: Vec<FuncId> = Vec::new();
        references(init, body, by_global, &mut needs, &mut funcs);
        let mut seen: FxHashSet<FuncId> = funcs.iter().copied().collect();
        while let Some(f) = funcs.pop() {
            let func = &self.prog.funcs[f];
            let mut more = Vec::new();
            references(func, &func.body, by_global, &mut needs, &mut more);
            funcs.extend(more.into_iter().filter(|&f| seen.insert(f)));
        }
        for n in needs {
            self.place_initializer(n, init, stmts, by_global, placed, order);
        }
        order.push(i);
    }
}

/// What a function's statements refer to: initialised variables and functions.
fn references(
    func: &Func,
    body: &[Stmt],
    by_global: &FxHashMap<GlobalId, usize>,
    vars: &mut BTreeSet<usize>,
    funcs: &mut Vec<FuncId>,
) {
    visit::body_exprs(func, body, &mut |x| match &func.exprs[x].kind {
        ExprKind::Global(g) => vars.extend(by_global.get(g)),
        ExprKind::Func(f) | ExprKind::Closure(f) | ExprKind::MethodValue { func: f, .. } => funcs.push(*f),
        ExprKind::Call { callee: Callee::Static(f), .. } => funcs.push(*f),
        _ => {}
    });
}
