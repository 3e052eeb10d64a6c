//! The type checker.
//!
//! Works as Go's own does, so that messages, their positions and their order are the same: package-level
//! objects are resolved on first use (a path of objects in progress finds cycles), bodies and other checks
//! that need complete types are delayed, expressions are checked top-down into an [`Operand`], untyped
//! expressions are remembered until their final type is known.
//!
//! One checker serves a whole program. Packages of the standard library are resolved only as far as
//! something uses them, and the bodies of their functions only on [`Checker::check_body`].
//!
//! Invariants: `obj_path` holds exactly the objects being resolved; `delayed` is processed before anything
//! it was delayed for can be relied on (end of a statement, end of a package); an operand with mode
//! `Invalid` was reported already and stays silent.

mod assign;
mod builtins;
mod call;
mod constant_ops;
mod conversion;
mod cycles;
mod decl;
mod directives;
mod expr;
mod format;
mod implements;
mod index;
mod infer;
mod init_order;
mod instantiate;
mod labels;
mod literals;
mod mono;
mod operand;
mod operators;
mod range;
mod resolve;
mod returns;
mod selector;
mod signature;
mod stmt;
mod structs;
#[cfg(test)]
mod tests;
mod typeexpr;
mod unify;
mod unsafe_builtins;
mod unused;
mod version;

use std::rc::Rc;

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::diag::Diagnostic;
use crate::index::{IndexVec, Symbol};
use crate::source::{FileId, Pos, SourceMap, Span};
use crate::syntax::ast::{self, Block, Expr, FuncDecl, NodeId, TypeSpec};
use crate::types::info::{Info, Package, TypeAndValue};
use crate::types::object::{Obj, ObjId, ObjKind, Objects, PkgId, VarKind};
use crate::types::repr::{InterfaceId, NamedId, TypeId, Types, UnionTerm};
use crate::types::universe::{self, Universe};
use crate::types::{ConstValue, Mode};
use operand::Operand;

pub use labels::check_branches;

/// A package to check.
pub struct PackageInput<'a> {
    /// Import path; `main` for the program's.
    pub path: Symbol,
    pub files: &'a [ast::File],
    /// Part of the standard library: checked only as far as it is used.
    pub is_std: bool,
    /// N, where the language is that of go1.N.
    pub lang: Option<u32>,
}

/// A checked program.
pub struct Checked {
    pub types: Types,
    pub objs: Objects,
    pub info: Info,
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a program, all bodies included. Packages come dependencies first, the main package last;
/// `n_nodes` is one more than the largest [`NodeId`].
///
/// Go checks types in spite of the parser's errors unless one of those begins with `syntax error`; call
/// [`Checker::note_parse_errors`] on a [`Checker`] for that.
pub fn check_program(packages: &[PackageInput<'_>], n_nodes: u32, sources: &SourceMap) -> Checked {
    let mut checker = Checker::new(packages, n_nodes, sources);
    checker.check_packages();
    checker.check_all_bodies();
    let mut checked = checker.finish();
    crate::diag::sort_and_dedup(&mut checked.diagnostics);
    checked
}

define_id! {
    /// A block of names.
    struct ScopeId;
    /// A package-level declaration.
    struct DeclId;
}

/// A block's names.
#[derive(Debug, Default)]
struct Scope {
    parent: Option<ScopeId>,
    names: FxHashMap<Symbol, ObjId>,
    children: Vec<ScopeId>,
    /// A function's outermost scope.
    is_func: bool,
}

/// The function being checked.
#[derive(Debug)]
struct FuncEnv {
    /// Holds parameters and results.
    scope: ScopeId,
    /// A [`TypeKind::Func`](crate::types::TypeKind::Func).
    ty: TypeId,
    results: Vec<ObjId>,
}

/// What surrounds the node being checked.
#[derive(Clone)]
struct Env {
    pkg: PkgId,
    scope: ScopeId,
    /// Package-level declaration that dependencies are recorded for.
    decl: Option<DeclId>,
    /// Inside a constant declaration.
    iota: Option<u32>,
    /// Where errors in repeated constant expressions are reported.
    errpos: Option<Span>,
    in_tparam_list: bool,
    func: Option<Rc<FuncEnv>>,
    /// A call or receive operation was seen.
    has_call_or_recv: bool,
    /// N of the language version go1.N.
    version: u32,
}

/// A package-level declaration, or a method's.
struct DeclInfo<'a> {
    pkg: PkgId,
    file_scope: ScopeId,
    /// All variables of `var a, b = f()`.
    lhs: Rc<[ObjId]>,
    vtyp: Option<&'a Expr>,
    init: Option<&'a Expr>,
    /// The expression is repeated from an earlier constant.
    inherited: bool,
    iota: u32,
    tdecl: Option<&'a TypeSpec>,
    fdecl: Option<&'a FuncDecl>,
    /// Package-level objects the initialiser or body mentions.
    deps: IndexSet<ObjId, FxBuildHasher>,
    func: Option<Rc<FuncEnv>>,
    body_checked: bool,
}

/// A check that waits until types are complete.
enum Action<'a> {
    ValidType(ObjId),
    FieldUniqueness(NamedId),
    FuncBody(DeclId),
    FuncLit { decl: Option<DeclId>, iota: Option<u32>, func: Rc<FuncEnv>, body: &'a Block },
    VarType { span: Span, ty: TypeId },
    MapKey { span: Span, key: TypeId },
    EmbeddedField { span: Span, ty: TypeId },
    InterfaceSet(InterfaceId),
    UnionTerms { terms: Vec<UnionTerm>, exprs: Vec<&'a Expr> },
    ValidRecv { span: Span, recv: TypeId },
    TypeInstance { x: &'a Expr, args: &'a [Expr], ty: TypeId },
    FuncInstance { span: Span, tparams: Vec<TypeId>, targs: Vec<TypeId>, args: &'a [Expr] },
}

struct Delayed<'a> {
    pkg: PkgId,
    version: u32,
    action: Action<'a>,
}

/// An expression whose type may still change.
#[derive(Clone)]
struct UntypedExpr<'a> {
    expr: &'a Expr,
    /// The left operand of a shift whose type comes from the context.
    is_lhs: bool,
    mode: Mode,
    ty: TypeId,
    val: Option<ConstValue>,
}

/// State of a package.
struct PkgState {
    /// Index in the input; none for the universe and unsafe.
    input: Option<usize>,
    scope: ScopeId,
    /// Objects with declarations, in source order.
    objects: Vec<ObjId>,
    /// Package names its files import.
    imports: Vec<ObjId>,
    is_std: bool,
    /// Stands for one that could not be imported: every name in it is silently unknown.
    fake: bool,
}

/// See the module documentation.
pub struct Checker<'a> {
    packages: &'a [PackageInput<'a>],
    sources: &'a SourceMap,
    pub types: Types,
    pub objs: Objects,
    pub info: Info,
    diagnostics: Vec<Diagnostic>,
    universe: Universe,
    universe_scope: ScopeId,
    scopes: IndexVec<ScopeId, Scope>,
    pkgs: IndexVec<PkgId, PkgState>,
    by_path: FxHashMap<Symbol, PkgId>,
    decls: IndexVec<DeclId, DeclInfo<'a>>,
    obj_decl: FxHashMap<ObjId, DeclId>,
    /// Methods by their base type's name, until that is resolved.
    methods: FxHashMap<ObjId, Vec<(ObjId, bool)>>,
    /// Fields by position.
    field_objs: FxHashMap<Pos, ObjId>,
    /// Where instances were first written.
    inst_spans: FxHashMap<NamedId, Span>,
    /// Interface literals of the program, for the search for cycles among them.
    iface_lits: Vec<(Span, TypeId)>,
    /// Signatures of methods of instances.
    inst_methods: FxHashMap<(ObjId, NamedId), TypeId>,
    untyped: FxHashMap<NodeId, UntypedExpr<'a>>,
    delayed: Vec<Delayed<'a>>,
    obj_path: Vec<ObjId>,
    obj_path_idx: FxHashMap<ObjId, usize>,
    used_vars: FxHashSet<ObjId>,
    used_pkg_names: FxHashSet<ObjId>,
    dot_imports: FxHashMap<(ScopeId, Symbol), ObjId>,
    /// Calls of `panic` in functions with results.
    is_panic: FxHashSet<NodeId>,
    mono: mono::MonoGraph,
    /// An error was reported: messages about its consequences are dropped.
    first_err: bool,
    /// The parser reported errors: checks that Go makes behind the type checker are left out.
    parse_errors: Vec<Pos>,
    /// Files whose version is limited: to which, and what their package and they themselves ask for.
    versions: FxHashMap<FileId, (u32, Option<u32>, Option<u32>)>,
    env: Env,
}

impl<'a> Checker<'a> {
    /// A checker that has looked at nothing yet.
    pub fn new(packages: &'a [PackageInput<'a>], n_nodes: u32, sources: &'a SourceMap) -> Checker<'a> {
        let mut types = Types::new();
        let mut objs = Objects::new();
        let mut scopes = IndexVec::new();
        let unsafe_pkg = PkgId(1);
        let (universe_names, unsafe_names, universe) = universe::declare(&mut types, &mut objs, unsafe_pkg);
        let universe_scope = scopes.push(Scope { names: universe_names.clone(), ..Scope::default() });
        let unsafe_scope = scopes.push(Scope { names: unsafe_names.clone(), ..Scope::default() });
        let mut pkgs = IndexVec::new();
        let state = |scope| PkgState {
            input: None,
            scope,
            objects: Vec::new(),
            imports: Vec::new(),
            is_std: true,
            fake: false,
        };
        pkgs.push(state(universe_scope));
        pkgs.push(state(unsafe_scope));
        let mut info = Info::default();
        // Bodies that are parsed later add about as many nodes again.
        info.exprs.reserve(2 * n_nodes as usize);
        info.exprs.resize_with(n_nodes as usize, || None);
        let package = |id, name: &str, scope| Package {
            id,
            path: Symbol::new(name),
            name: Symbol::new(name),
            imports: Vec::new(),
            scope,
            init_order: Vec::new(),
        };
        info.packages.push(package(PkgId::UNIVERSE, "", universe_names));
        info.packages.push(package(unsafe_pkg, "unsafe", unsafe_names));
        let mut by_path = FxHashMap::default();
        by_path.insert(Symbol::new("unsafe"), unsafe_pkg);
        Checker {
            packages,
            sources,
            types,
            objs,
            info,
            diagnostics: Vec::new(),
            universe,
            universe_scope,
            scopes,
            pkgs,
            by_path,
            decls: IndexVec::new(),
            obj_decl: FxHashMap::default(),
            methods: FxHashMap::default(),
            field_objs: FxHashMap::default(),
            inst_spans: FxHashMap::default(),
            iface_lits: Vec::new(),
            inst_methods: FxHashMap::default(),
            untyped: FxHashMap::default(),
            delayed: Vec::new(),
            obj_path: Vec::new(),
            obj_path_idx: FxHashMap::default(),
            used_vars: FxHashSet::default(),
            used_pkg_names: FxHashSet::default(),
            dot_imports: FxHashMap::default(),
            is_panic: FxHashSet::default(),
            mono: mono::MonoGraph::default(),
            first_err: false,
            parse_errors: Vec::new(),
            versions: FxHashMap::default(),
            env: Env {
                pkg: PkgId::UNIVERSE,
                scope: universe_scope,
                decl: None,
                iota: None,
                errpos: None,
                in_tparam_list: false,
                func: None,
                has_call_or_recv: false,
                version: version::NEWEST,
            },
        }
    }

    /// Tells that the parser reported errors, none of which kept types from being checked.
    pub fn note_parse_errors(&mut self, errors: &[Diagnostic]) {
        self.parse_errors = errors.iter().map(|d| d.span.lo).collect();
    }

    /// Declares all packages and checks those that are not of the standard library, bodies included.
    pub fn check_packages(&mut self) {
        for input in self.packages.iter().filter(|p| !p.is_std) {
            for file in input.files {
                check_branches(file, self.sources, &self.parse_errors, &mut self.diagnostics);
            }
        }
        let packages = self.packages;
        for (i, input) in packages.iter().enumerate() {
            let pkg = self.declare_package(i, input);
            if !input.is_std {
                self.check_package(pkg);
            }
        }
        self.record_untyped();
        if !self.first_err {
            self.monomorph();
        }
    }

    /// Whether the program's package is called `main` and has no function of this name: no matter for its
    /// compilation, only for what is made of it.
    pub fn lacks_main(&self) -> bool {
        let scope = self.pkgs.iter().last().filter(|p| p.input.is_some() && !p.is_std).map(|p| p.scope);
        self.info.packages.iter().last().is_some_and(|p| p.name.as_str() == "main")
            && scope.is_some_and(|s| !self.scopes[s].names.contains_key(&Symbol::new("main")))
    }

    fn check_package(&mut self, pkg: PkgId) {
        self.env.pkg = pkg;
        self.env.scope = self.pkgs[pkg].scope;
        self.direct_cycles(pkg);
        self.package_objects(pkg);
        self.process_delayed(0);
        self.env.pkg = pkg;
        self.init_order(pkg);
        self.unused_imports(pkg);
        if !self.first_err && self.parse_errors.is_empty() && self.diagnostics.is_empty() {
            self.anonymous_interface_cycles();
            self.check_directives(pkg);
        }
    }

    /// Checks the body of a function or method declaration, if that was not done before. Other functions
    /// it mentions are resolved, but their bodies are not checked.
    pub fn check_body(&mut self, obj: ObjId) {
        let Some(&decl) = self.obj_decl.get(&obj) else { return };
        self.obj_decl(obj);
        self.process_delayed(0);
        self.check_decl_body(decl);
        self.process_delayed(0);
        self.record_untyped();
    }

    /// Resolves a package-level object of the standard library that nothing mentioned yet.
    pub fn resolve(&mut self, obj: ObjId) {
        self.obj_decl(obj);
        self.process_delayed(0);
        self.record_untyped();
    }

    /// Checks whatever is left of the standard library's packages.
    pub fn check_all_bodies(&mut self) {
        for pkg in self.pkgs.ids() {
            if self.pkgs[pkg].is_std && self.pkgs[pkg].input.is_some() {
                self.package_objects(pkg);
                for obj in self.pkgs[pkg].objects.clone() {
                    if matches!(self.objs[obj].kind, ObjKind::Func(_)) {
                        self.check_body(obj);
                    }
                }
                self.process_delayed(0);
                self.init_order(pkg);
            }
        }
        self.record_untyped();
    }

    /// The declaration of a function or method.
    pub fn func_decl_of(&self, obj: ObjId) -> Option<&'a FuncDecl> {
        self.obj_decl.get(&obj).and_then(|&d| self.decls[d].fdecl)
    }

    /// The initialiser of a package variable: all variables it sets, and the expression.
    pub fn initializer_of(&self, obj: ObjId) -> Option<(Rc<[ObjId]>, &'a Expr)> {
        let decl = &self.decls[*self.obj_decl.get(&obj)?];
        Some((decl.lhs.clone(), decl.init?))
    }

    /// All package-level objects with declarations and methods of a package, in source order.
    pub fn package_decls(&self, pkg: PkgId) -> &[ObjId] {
        &self.pkgs[pkg].objects
    }

    /// What was reported so far, in the order of reporting.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Hands over what was found out.
    pub fn finish(mut self) -> Checked {
        self.record_untyped();
        Checked { types: self.types, objs: self.objs, info: self.info, diagnostics: self.diagnostics }
    }

    // Scopes.

    fn new_scope(&mut self, parent: ScopeId, is_func: bool) -> ScopeId {
        let id = self.scopes.push(Scope { parent: Some(parent), is_func, ..Scope::default() });
        self.scopes[parent].children.push(id);
        id
    }

    fn open_scope(&mut self) {
        self.env.scope = self.new_scope(self.env.scope, false);
    }

    fn close_scope(&mut self) {
        if let Some(parent) = self.scopes[self.env.scope].parent {
            self.env.scope = parent;
        }
    }

    fn lookup_scope(&self, name: Symbol) -> Option<(ScopeId, ObjId)> {
        let mut scope = Some(self.env.scope);
        while let Some(s) = scope {
            if let Some(&obj) = self.scopes[s].names.get(&name) {
                return Some((s, obj));
            }
            scope = self.scopes[s].parent;
        }
        None
    }

    fn lookup(&self, name: Symbol) -> Option<ObjId> {
        self.lookup_scope(name).map(|(_, obj)| obj)
    }

    fn new_obj(&mut self, kind: ObjKind, name: Symbol, span: Span, ty: TypeId) -> ObjId {
        self.objs.push(Obj { kind, name, pkg: self.env.pkg, span, ty })
    }

    fn new_var(&mut self, kind: VarKind, name: Symbol, span: Span, ty: TypeId) -> ObjId {
        self.new_obj(ObjKind::Var(kind), name, span, ty)
    }

    /// Whether the object is a variable of the package being checked.
    fn is_own_var(&self, obj: ObjId) -> bool {
        matches!(self.objs[obj].kind, ObjKind::Var(_)) && self.objs[obj].pkg == self.env.pkg
    }

    // Delayed checks.

    fn later(&mut self, action: Action<'a>) {
        self.delayed.push(Delayed { pkg: self.env.pkg, version: self.env.version, action });
    }

    /// Runs delayed checks from `top` on, those they delay included.
    fn process_delayed(&mut self, top: usize) {
        let mut i = top;
        let (pkg, version) = (self.env.pkg, self.env.version);
        while i < self.delayed.len() {
            self.env.pkg = self.delayed[i].pkg;
            self.env.version = self.delayed[i].version;
            // The slot stays until all are done: what is delayed meanwhile comes behind.
            let action = std::mem::replace(
                &mut self.delayed[i].action,
                Action::ValidRecv { span: Span::NONE, recv: Types::INVALID },
            );
            i += 1;
            self.run_delayed(action);
        }
        self.delayed.truncate(top);
        self.env.pkg = pkg;
        self.env.version = version;
    }

    fn run_delayed(&mut self, action: Action<'a>) {
        match action {
            Action::ValidType(obj) => self.valid_type(obj),
            Action::FieldUniqueness(named) => self.check_field_uniqueness(named),
            Action::FuncBody(decl) => self.check_decl_body(decl),
            Action::FuncLit { decl, iota, func, body } => self.func_body(decl, iota, &func, body),
            Action::VarType { span, ty } => self.check_var_type(span, ty),
            Action::MapKey { span, key } => self.check_map_key(span, key),
            Action::EmbeddedField { span, ty } => self.check_embedded_field(span, ty),
            Action::InterfaceSet(iface) => self.interface_set(iface),
            Action::UnionTerms { terms, exprs } => self.check_union_terms(&terms, &exprs),
            Action::ValidRecv { span, recv } => self.valid_recv(span, recv),
            Action::TypeInstance { x, args, ty } => self.check_type_instance(x, args, ty),
            Action::FuncInstance { span, tparams, targs, args } => {
                self.check_func_instance(span, &tparams, &targs, args);
            }
        }
    }

    // Recording.

    fn record_type(&mut self, e: &Expr, mode: Mode, ty: TypeId, val: Option<ConstValue>) {
        if mode != Mode::Invalid {
            self.info.exprs[e.id] = Some(TypeAndValue { mode, ty, value: val });
        }
    }

    fn record_def(&mut self, id: &ast::Ident, obj: ObjId) {
        self.info.defs.insert(id.id, obj);
    }

    fn record_use(&mut self, id: &ast::Ident, obj: ObjId) {
        self.info.uses.insert(id.id, obj);
    }

    /// Remembers or records what an operand's expression is.
    fn record(&mut self, x: &Operand<'a>) {
        let Some(e) = x.node() else { return };
        let (ty, val) = match x.mode {
            Mode::Invalid => return,
            Mode::NoValue => (Types::EMPTY_TUPLE, None),
            Mode::Constant => (x.ty, Some(x.val.clone())),
            _ => (x.ty, None),
        };
        if self.types.is_untyped(ty) {
            self.untyped.insert(e.id, UntypedExpr { expr: e, is_lhs: false, mode: x.mode, ty, val });
        } else {
            self.record_type(e, x.mode, ty, val);
        }
    }

    /// Records expressions that stayed untyped.
    fn record_untyped(&mut self) {
        for (_, u) in std::mem::take(&mut self.untyped) {
            self.record_type(u.expr, u.mode, u.ty, u.val);
        }
    }

    /// Notes that the declaration being checked mentions a package-level object of its package.
    fn add_decl_dep(&mut self, to: ObjId) {
        if let Some(from) = self.env.decl
            && self.obj_decl.contains_key(&to)
            && self.objs[to].pkg == self.decls[from].pkg
        {
            self.decls[from].deps.insert(to);
        }
    }

    fn push(&mut self, obj: ObjId) {
        self.obj_path_idx.insert(obj, self.obj_path.len());
        self.obj_path.push(obj);
    }

    fn pop(&mut self) {
        if let Some(obj) = self.obj_path.pop() {
            self.obj_path_idx.remove(&obj);
        }
    }
}
