//! Lowering: checked syntax trees to the typed tree of [`hir`](crate::hir).
//!
//! What comes out is what Go's compiler works on after its front end: conversions, dereferences and embedded
//! fields are explicit, constants folded, variadic arguments packed, generic functions instantiated
//! (monomorphised), operands of `go` and `defer` saved and their calls wrapped, `range` over functions turned
//! into closures.
//!
//! It is driven by demand. The roots are `main.main`, the package initialisers and every function of the
//! main package (`-m` reports on all of them); a function elsewhere, an instance of a generic function, a
//! method wrapper or the initialiser of a library variable is lowered when something lowered earlier refers
//! to it. [`Checked::check_body`] is called before a body is read, so that the checker can be lazy too.
//!
//! Invariants: trees with errors are never lowered; every type that leaves this module is canonical;
//! functions are numbered in the order of their first reference, so that output is deterministic.

#![forbid(unsafe_code)]

mod assign;
mod builtin;
mod call;
mod closure;
mod conv;
mod expr;
mod func;
mod generic;
mod init;
mod lazy;
mod lit;
mod loops;
mod method;
mod names;
mod range_func;
mod stmt;
mod switch;
mod vars;
mod verify;
mod wrapper;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::rc::Rc;

use indexmap::IndexSet;
use rustc_hash::{FxHashMap, FxHashSet};

use self::func::FuncCx;
use self::generic::Subst;
use super::ir::*;
use super::order::list;
use crate::diag::Diagnostic;
use crate::index::{IndexVec, Symbol};
use crate::source::{Pos, SourceMap, Span};
use crate::syntax::{ast, directives};
use crate::types::{Info, NamedId, ObjId, Objects, PkgId, TypeId, Types};

pub use self::vars::analyse_variables;
pub use self::verify::verify_program;
pub use self::wrapper::ERROR_TYPES;

/// What lowering needs of the checker. Implemented by [`AllChecked`] for a program checked in advance.
pub trait Checked {
    fn types(&self) -> &Types;
    fn types_mut(&mut self) -> &mut Types;
    fn objs(&self) -> &Objects;
    fn objs_mut(&mut self) -> &mut Objects;
    fn info(&self) -> &Info;
    /// The type (and initialiser) of this package-level object is about to be read: find it out if that was
    /// put off.
    fn resolve(&mut self, obj: ObjId);
    /// The body of this function or method is about to be lowered: check it if that was put off.
    fn check_body(&mut self, obj: ObjId);
    /// Whether loops at a position have one set of variables for all iterations, as before go1.22.
    fn shared_loop_vars(&self, at: Pos) -> bool;
}

/// One function to be made, as a key: a second reference finds the first one's function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum FuncKey {
    /// A declared function or method with its type arguments (canonical; the receiver's, then its own).
    Declared(ObjId, Vec<TypeId>, Vec<Symbol>),
    /// What stands for an instance used as a value.
    Instance(FuncId),
    /// The wrapper of a method for this receiver type: promoted, through a pointer, or of an interface.
    /// With the method's own type arguments.
    Wrapper(TypeId, Symbol, PkgId, Vec<TypeId>),
    /// The body of a method value, by the type of the saved receiver.
    MethodValue(TypeId, Symbol, PkgId, Vec<TypeId>),
    /// A function of the runtime that lowered code calls.
    Runtime(Symbol),
}

/// A declared function with its tree.
#[derive(Clone, Copy)]
struct Decl<'a> {
    pkg: PkgId,
    tree: &'a ast::FuncDecl,
    pragma: Pragma,
}

/// Work to be done.
enum Job {
    Declared {
        id: FuncId,
        obj: ObjId,
        targs: Vec<TypeId>,
    },
    Instance {
        id: FuncId,
        of: FuncId,
        obj: ObjId,
    },
    ShownWrapper {
        id: FuncId,
        recv: TypeId,
        method: method::MethodEntry,
        obj: ObjId,
    },
    Wrapper {
        id: FuncId,
        recv: TypeId,
        method: method::MethodEntry,
    },
    MethodValue {
        id: FuncId,
        recv: TypeId,
        method: method::MethodEntry,
    },
    /// Initialiser number `.1` of a package.
    Initializer(PkgId, usize),
}

/// The whole lowering: what every function shares.
pub(crate) struct Lower<'a, 'c> {
    cx: &'c mut dyn Checked,
    sources: &'c SourceMap,
    packages: &'a [(PkgId, &'a [ast::File])],
    prog: Program,
    diags: Vec<Diagnostic>,
    /// Functions being lowered: the outermost, closures in it, …
    stack: Vec<FuncCx>,
    decls: FxHashMap<ObjId, Decl<'a>>,
    funcs: FxHashMap<FuncKey, FuncId>,
    globals: FxHashMap<ObjId, GlobalId>,
    jobs: VecDeque<Job>,
    inits: init::Inits<'a>,
    /// Types whose method tables are wanted.
    iface_types: IndexSet<TypeId>,
    /// The program has package reflect.
    reflects: bool,
    /// The program looks methods up by reflection: every exported method may be asked for.
    reflects_methods: bool,
    /// Names of methods that interfaces may ask for.
    iface_methods: IndexSet<Symbol>,
    /// Instances' versions of types declared in generic functions, by type and arguments.
    local_types: FxHashMap<(NamedId, Vec<TypeId>), TypeId>,
    /// Names of the instances made so far, as messages print them.
    instance_names: FxHashSet<Symbol>,
    /// The types that stand for type arguments in messages, by name.
    shapes: FxHashMap<Symbol, TypeId>,
    /// Shapes of instances' type arguments, where they are not those of the arguments themselves: parts of the
    /// arguments are shapes already, since the instance is used in a generic function.
    own_shapes: FxHashMap<FuncId, Vec<Symbol>>,
    /// Go's compiler has more functions than are needed to run a program; they are made, too, where it is to
    /// be reported on.
    report: bool,
    /// Reports tell reasons, also about wrappers: they are still to be made.
    wants_wrappers: bool,
    method_sets: FxHashMap<TypeId, Rc<[method::MethodEntry]>>,
    n_inits: FxHashMap<PkgId, u32>,
}

/// A program all of whose bodies are checked already.
pub struct AllChecked<'t> {
    pub types: &'t mut Types,
    pub objs: &'t mut Objects,
    pub info: &'t Info,
}

/// What is to be told of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    No,
    /// `-m`
    Decisions,
    /// `-m=2`, `-json`
    Reasons,
}

/// Lowers a program.
///
/// `packages` are in dependency order, the main package last. The program must be free of errors. `report`:
/// what messages are wanted.
pub fn lower_program<'a>(
    packages: &'a [(PkgId, &'a [ast::File])],
    checked: &mut dyn Checked,
    sources: &SourceMap,
    report: Report,
) -> (Program, Vec<Diagnostic>) {
    let mut l = Lower::new(packages, checked, sources);
    l.report = report != Report::No;
    l.wants_wrappers = report == Report::Reasons;
    l.prog.link_paths = l.cx.info().packages.ids().map(|p| l.link_path(p)).collect();
    l.number_local_types();
    l.collect_decls();
    l.roots();
    l.run();
    l.finish()
}

impl<'a, 'c> Lower<'a, 'c> {
    fn new(packages: &'a [(PkgId, &'a [ast::File])], cx: &'c mut dyn Checked, sources: &'c SourceMap) -> Lower<'a, 'c> {
        Lower {
            cx,
            sources,
            packages,
            prog: Program::default(),
            diags: Vec::new(),
            stack: Vec::new(),
            decls: FxHashMap::default(),
            funcs: FxHashMap::default(),
            globals: FxHashMap::default(),
            jobs: VecDeque::new(),
            inits: init::Inits::default(),
            iface_types: IndexSet::new(),
            reflects: false,
            reflects_methods: false,
            // The runtime asks panic values for these.
            iface_methods: ["Error", "String"].into_iter().map(Symbol::new).collect(),
            local_types: FxHashMap::default(),
            instance_names: FxHashSet::default(),
            shapes: FxHashMap::default(),
            own_shapes: FxHashMap::default(),
            report: false,
            wants_wrappers: false,
            method_sets: FxHashMap::default(),
            n_inits: FxHashMap::default(),
        }
    }

    fn types(&self) -> &Types {
        self.cx.types()
    }

    /// The function being lowered.
    fn cur(&mut self) -> &mut FuncCx {
        self.stack.last_mut().expect("a function is being lowered")
    }

    /// The instance being lowered, if the current function is generic.
    fn subst(&self) -> Option<Rc<Subst>> {
        self.stack.last().and_then(|f| f.subst.clone())
    }

    fn pkg_path(&self, pkg: PkgId) -> Symbol {
        self.cx.info().packages[pkg].path
    }

    /// Maps declared functions to their trees.
    fn collect_decls(&mut self) {
        let packages = self.packages;
        for &(pkg, files) in packages {
            for file in files {
                for decl in &file.decls {
                    let ast::Decl::Func(tree) = decl else { continue };
                    let Some(&obj) = self.cx.info().defs.get(&tree.name.id) else { continue };
                    let pragma = pragma_of(file, tree);
                    self.decls.insert(obj, Decl { pkg, tree, pragma });
                }
            }
        }
    }

    /// Everything that is lowered whether or not something refers to it.
    fn roots(&mut self) {
        let packages = self.packages;
        self.register_initializers();
        self.runtime_types();
        let Some((&(main_pkg, main_files), deps)) = packages.split_last() else { return };
        for &(pkg, files) in deps {
            self.init_functions(pkg, files);
        }
        self.all_initializers(main_pkg);
        for file in main_files {
            for decl in &file.decls {
                let ast::Decl::Func(tree) = decl else { continue };
                let Some(&obj) = self.cx.info().defs.get(&tree.name.id) else { continue };
                if tree.name.name.is_blank() || self.is_generic_func(obj, tree) {
                    continue;
                }
                if tree.recv.is_none() && tree.name.name.as_str() == "init" {
                    self.init_function(main_pkg, obj);
                    continue;
                }
                let id = self.declared_func(obj, Vec::new());
                if tree.recv.is_none() && tree.name.name.as_str() == "main" {
                    self.prog.main = Some(id);
                }
            }
        }
    }

    /// Does the jobs, and those that come up meanwhile.
    fn run(&mut self) {
        loop {
            while let Some(job) = self.jobs.pop_front() {
                match job {
                    Job::Declared { id, obj, targs } => self.lower_declared(id, obj, &targs),
                    Job::Instance { id, of, obj } => self.lower_instance(id, of, obj),
                    Job::ShownWrapper { id, recv, method, obj } => self.lower_shown_wrapper(id, recv, &method, obj),
                    Job::Wrapper { id, recv, method } => self.lower_wrapper(id, recv, &method),
                    Job::MethodValue { id, recv, method } => self.lower_method_value(id, recv, &method),
                    Job::Initializer(pkg, index) => self.lower_initializer(pkg, index),
                }
            }
            if self.report && self.instantiate_methods() {
                continue;
            }
            // Method tables grow with the types and interface methods that the jobs brought up.
            if self.grow_method_tables() {
                continue;
            }
            if !std::mem::take(&mut self.wants_wrappers) {
                return;
            }
            self.shown_wrappers();
        }
    }

    fn finish(mut self) -> (Program, Vec<Diagnostic>) {
        self.finish_inits();
        self.prog.listed = list(&self.prog, self.cx.types());
        self.sort_method_tables();
        let roots: Vec<FuncId> =
            self.prog.funcs.iter_enumerated().filter(|(_, f)| f.parent.is_none()).map(|(id, _)| id).collect();
        for id in roots {
            analyse_variables(&mut self.prog, id, self.cx.types());
        }
        crate::diag::sort_and_dedup(&mut self.diags);
        if cfg!(debug_assertions) && self.diags.is_empty() {
            verify_program(&mut self.prog, self.cx.types_mut());
        }
        (self.prog, self.diags)
    }

    /// Makes room for a function that `job` fills.
    fn reserve(&mut self, func: Func) -> FuncId {
        self.prog.funcs.push(func)
    }
}

/// A function without contents.
fn empty_func(kind: FuncKind, pkg: Symbol, sig: TypeId) -> Func {
    Func {
        link_name: Symbol::default(),
        name: Symbol::default(),
        pkg,
        kind,
        pos: Pos::NONE,
        end: Pos::NONE,
        sig,
        written: sig,
        written_recv: None,
        params: Vec::new(),
        has_recv: false,
        results: Vec::new(),
        captures: Vec::new(),
        parent: None,
        locals: IndexVec::new(),
        exprs: IndexVec::new(),
        labels: IndexVec::new(),
        body: Vec::new(),
        native: false,
        pragma: Pragma::default(),
        has_defer: false,
        has_recover: false,
        dict: Symbol::default(),
        repeats: false,
        in_instance: false,
        shown: false,
        temps: FxHashMap::default(),
        inlined_dicts: FxHashMap::default(),
        spelled: FxHashMap::default(),
    }
}

/// The `//go:` directives of a declaration.
fn pragma_of(file: &ast::File, decl: &ast::FuncDecl) -> Pragma {
    let mut pragma = Pragma::default();
    for d in file.directives_of(Span::new(decl.span.lo, decl.name.span.lo)) {
        match directives::verb(&d.text) {
            "go:noinline" => pragma.noinline = true,
            "go:noescape" => pragma.noescape = true,
            "go:nosplit" => pragma.nosplit = true,
            "go:norace" => pragma.norace = true,
            "go:wrapper" => pragma.wrapper = true,
            "go:uintptrescapes" => pragma.uintptr_escapes = true,
            "go:uintptrkeepalive" => pragma.uintptr_keep_alive = true,
            _ => {}
        }
    }
    pragma
}

impl Checked for AllChecked<'_> {
    fn types(&self) -> &Types {
        self.types
    }

    fn types_mut(&mut self) -> &mut Types {
        self.types
    }

    fn objs(&self) -> &Objects {
        self.objs
    }

    fn objs_mut(&mut self) -> &mut Objects {
        self.objs
    }

    fn info(&self) -> &Info {
        self.info
    }

    fn resolve(&mut self, _obj: ObjId) {}

    fn check_body(&mut self, _obj: ObjId) {}

    fn shared_loop_vars(&self, _at: Pos) -> bool {
        false
    }
}
