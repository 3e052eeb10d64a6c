#![forbid(unsafe_code)]
//! Package initialisation: variables in dependency order, then `init` functions.
//!
//! The initialisers of a package become statements of one function, `pkg.init`. Those of the main package
//! and of packages that users write are all lowered. The standard library's are lowered on demand: the
//! initialiser of a library variable that nothing refers to is left out (the library promises that its
//! initialisers have no other effect than the value they make).

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::func::FuncCx;
use super::{Job, Lower, empty_func};
use crate::hir::ir::*;
use crate::index::Symbol;
use crate::source::Pos;
use crate::syntax::ast;
use crate::types::{Initializer, ObjId, PkgId, Signature, TypeKind};

/// The initialisers of the program.
#[derive(Default)]
pub(super) struct Inits<'a> {
    /// Right-hand sides by the id of the expression.
    trees: FxHashMap<ast::NodeId, &'a ast::Expr>,
    /// Which initialiser makes a variable.
    by_var: FxHashMap<ObjId, (PkgId, usize)>,
    /// Initialisers asked for.
    wanted: FxHashMap<(PkgId, usize), ()>,
    /// `pkg.init` under construction: its statements by initialiser.
    open: FxHashMap<PkgId, (Option<FuncCx>, BTreeMap<usize, Vec<Stmt>>)>,
    /// `init` functions of each package.
    funcs: FxHashMap<PkgId, Vec<FuncId>>,
}

impl<'a> Lower<'a, '_> {
    /// Finds the trees of all initialisers.
    pub(super) fn register_initializers(&mut self) {
        let packages = self.packages;
        for &(pkg, files) in packages {
            for file in files {
                for d in &file.decls {
                    if let ast::Decl::Var(spec) = d {
                        for v in &spec.values {
                            self.inits.trees.insert(v.id, v);
                        }
                    }
                }
            }
            let order = self.cx.info().packages[pkg].init_order.clone();
            for (i, init) in order.iter().enumerate() {
                for &var in &init.lhs {
                    self.inits.by_var.insert(var, (pkg, i));
                }
            }
        }
    }

    /// Asks for the initialiser of a variable that something refers to.
    pub(super) fn want_initializer(&mut self, var: ObjId) {
        if let Some(&(pkg, index)) = self.inits.by_var.get(&var) {
            self.want(pkg, index);
        }
    }

    fn want(&mut self, pkg: PkgId, index: usize) {
        if self.inits.wanted.insert((pkg, index), ()).is_none() {
            self.jobs.push_back(Job::Initializer(pkg, index));
        }
    }

    /// Asks for all initialisers of a package.
    pub(super) fn all_initializers(&mut self, pkg: PkgId) {
        for i in 0..self.cx.info().packages[pkg].init_order.len() {
            self.want(pkg, i);
        }
    }

    /// The `init` functions of an imported package, and what it initialises for its effects.
    pub(super) fn init_functions(&mut self, pkg: PkgId, files: &'a [ast::File]) {
        let is_std = files.first().is_some_and(|f| self.sources.file(f.file).name.starts_with("$GOROOT"));
        if !is_std {
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
        if let Some((cx, _)) = self.inits.open.get_mut(&pkg) {
            return cx.take().expect("initialisers do not nest");
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
        self.cx.check_initializer(pkg, index);
        let Initializer { lhs, rhs } = self.cx.info().packages[pkg].init_order[index].clone();
        let Some(&tree) = self.inits.trees.get(&rhs) else { return };
        let cx = self.open_init(pkg);
        self.stack.push(cx);
        let mut out = Vec::new();
        self.initializer(&lhs, tree, &mut out);
        let cx = self.stack.pop().expect("the init function");
        let entry = self.inits.open.entry(pkg).or_default();
        entry.0 = Some(cx);
        entry.1.insert(index, out);
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
        // A constant of the variable's own type is static data.
        if let (&[place], &[var]) = (places.as_slice(), lhs)
            && let Some(value) = self.const_value(tree)
        {
            let x = self.expr(tree);
            if place.ty == Some(self.x_ty(x)) {
                if !is_blank(self, var) {
                    let global = self.global(var);
                    self.prog.globals[global].init = Some(value);
                }
                return;
            }
        }
        self.assign_initial(&places, tree, pos, out);
    }

    /// Puts the functions together, in the order they run.
    pub(super) fn finish_inits(&mut self) {
        let packages = self.packages;
        for &(pkg, _) in packages {
            if let Some((Some(mut cx), stmts)) = self.inits.open.remove(&pkg) {
                cx.func.body = stmts.into_values().flatten().collect();
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
}
