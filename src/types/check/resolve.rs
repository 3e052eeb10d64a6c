//! Package-level declarations: which names a package and its files declare.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Checker, DeclId, DeclInfo, PackageInput, PkgState, Scope, ScopeId};
use crate::index::Symbol;
use crate::source::Span;
use crate::syntax::ast::{ConstSpec, Decl, Expr, ExprKind, File, FuncDecl, Ident, Import, ImportName, UnOp};
use crate::types::ConstValue;
use crate::types::info::Package;
use crate::types::object::{FuncInfo, ObjId, ObjKind, PkgId, VarKind, is_exported};
use crate::types::repr::Types;

/// The values and type that a constant specification repeats.
#[derive(Default, Clone, Copy)]
pub(super) struct ConstGroup<'a> {
    group: u32,
    last: Option<&'a ConstSpec>,
}

impl<'a> ConstGroup<'a> {
    /// Type and values of the specification, its own or repeated ones, and whether they are repeated.
    pub(super) fn next(&mut self, spec: &'a ConstSpec) -> (Option<&'a Expr>, &'a [Expr], bool) {
        if self.group != spec.group.0 || spec.iota == 0 {
            self.last = None;
            self.group = spec.group.0;
        }
        if spec.ty.is_some() || !spec.values.is_empty() {
            self.last = Some(spec);
            return (spec.ty.as_ref(), &spec.values, false);
        }
        match self.last {
            Some(last) => (last.ty.as_ref(), &last.values, true),
            None => (None, &[], false),
        }
    }
}

/// What a receiver type expression names: its pointer, its base and its type parameters.
pub(super) struct RecvExpr<'a> {
    pub ptr: bool,
    pub base: &'a Expr,
    pub tparams: &'a [Expr],
}

/// An expression without the parentheses around it.
pub(super) fn unparen(mut e: &Expr) -> &Expr {
    while let ExprKind::Paren(inner) = &e.kind {
        e = inner;
    }
    e
}

/// Takes a receiver type apart.
pub(super) fn unpack_recv(ty: &Expr) -> RecvExpr<'_> {
    let mut base = unparen(ty);
    let mut ptr = false;
    if let ExprKind::Star(inner) = &base.kind {
        ptr = true;
        base = unparen(inner);
    }
    match &base.kind {
        ExprKind::Index(x, args) => RecvExpr { ptr, base: x, tparams: args },
        _ => RecvExpr { ptr, base, tparams: &[] },
    }
}

impl<'a> Checker<'a> {
    /// Declares the package's objects; nothing is resolved yet.
    pub(super) fn declare_package(&mut self, index: usize, input: &'a PackageInput<'a>) -> PkgId {
        let pkg = self.pkgs.next_id();
        let scope = self.scopes.push(Scope { parent: Some(self.universe_scope), ..Scope::default() });
        self.pkgs.push(PkgState {
            input: Some(index),
            scope,
            objects: Vec::new(),
            imports: Vec::new(),
            is_std: input.is_std,
            fake: false,
        });
        let name = input.files.first().map_or(input.path, |f| f.package.name);
        self.info.packages.push(Package {
            id: pkg,
            path: input.path,
            name,
            imports: Vec::new(),
            scope: FxHashMap::default(),
            init_order: Vec::new(),
        });
        self.by_path.insert(input.path, pkg);
        self.env.pkg = pkg;
        self.env.scope = scope;
        let mut file_scopes = Vec::new();
        let mut methods = Vec::new();
        self.file_versions(input.lang, input.files);
        for file in input.files {
            self.env.version = self.version_at(file.package.span.lo);
            if file.package.name.is_blank() {
                self.err(file.package.span, "BlankPkgName", "invalid package name _");
            } else if file.package.name != name {
                let message = format!("package {}; expected package {name}", file.package.name);
                self.err(file.package.span, "MismatchedPkgName", message);
                continue;
            }
            let file_scope = self.new_scope(scope, false);
            file_scopes.push(file_scope);
            self.collect_objects(file, file_scope, &mut methods);
        }
        self.env.version = super::version::NEWEST;
        self.check_file_scopes(&file_scopes, scope);
        for (obj, ptr, base) in methods {
            if let Some((ptr, base)) = self.resolve_base_type_name(ptr, base) {
                self.methods.entry(base).or_default().push((obj, ptr));
            }
        }
        self.info.packages[pkg].scope = self.scopes[scope].names.clone();
        pkg
    }

    fn collect_objects(&mut self, file: &'a File, file_scope: ScopeId, methods: &mut Vec<(ObjId, bool, &'a Ident)>) {
        for import in &file.imports {
            self.collect_import(import, file_scope);
        }
        let mut group = ConstGroup::default();
        for decl in &file.decls {
            match decl {
                Decl::Const(spec) => {
                    let (ty, values, inherited) = group.next(spec);
                    for (i, name) in spec.names.iter().enumerate() {
                        let kind = ObjKind::Const(ConstValue::Unknown);
                        let obj = self.new_obj(kind, name.name, name.span, Types::UNRESOLVED);
                        let mut info = self.decl_info(file_scope);
                        info.vtyp = ty;
                        info.init = values.get(i);
                        info.inherited = inherited;
                        info.iota = spec.iota;
                        let info = self.decls.push(info);
                        self.declare_pkg_obj(name, obj, info);
                    }
                    self.arity(spec.span, &spec.names, values, true, inherited);
                }
                Decl::Var(spec) => {
                    let objs: Rc<[ObjId]> = spec
                        .names
                        .iter()
                        .map(|n| self.new_var(VarKind::Package, n.name, n.span, Types::UNRESOLVED))
                        .collect();
                    // One expression for all variables: they share a declaration.
                    let shared = (spec.values.len() == 1 || spec.values.is_empty()).then(|| {
                        let mut info = self.decl_info(file_scope);
                        info.vtyp = spec.ty.as_ref();
                        info.init = spec.values.first();
                        info.lhs = objs.clone();
                        self.decls.push(info)
                    });
                    for (i, name) in spec.names.iter().enumerate() {
                        let info = shared.unwrap_or_else(|| {
                            let mut info = self.decl_info(file_scope);
                            info.vtyp = spec.ty.as_ref();
                            info.init = spec.values.get(i);
                            info.lhs = Rc::from([objs[i]]);
                            self.decls.push(info)
                        });
                        self.declare_pkg_obj(name, objs[i], info);
                    }
                    if spec.ty.is_none() || !spec.values.is_empty() {
                        self.arity(spec.span, &spec.names, &spec.values, false, false);
                    }
                }
                Decl::Type(spec) => {
                    let kind = ObjKind::TypeName { alias: spec.alias.is_some() };
                    let obj = self.new_obj(kind, spec.name.name, spec.name.span, Types::UNRESOLVED);
                    let mut info = self.decl_info(file_scope);
                    info.tdecl = Some(spec);
                    let info = self.decls.push(info);
                    self.declare_pkg_obj(&spec.name, obj, info);
                }
                Decl::Func(decl) => self.collect_func(decl, file_scope, methods),
                Decl::Bad(_) => {}
            }
        }
    }

    fn collect_func(&mut self, decl: &'a FuncDecl, file_scope: ScopeId, methods: &mut Vec<(ObjId, bool, &'a Ident)>) {
        let name = decl.name.name;
        let info = FuncInfo { has_body: decl.body.is_some(), decl: Some(decl.name.id), ..FuncInfo::default() };
        let obj = self.new_obj(ObjKind::Func(info), name, decl.name.span, Types::UNRESOLVED);
        let is_main = self.info.packages[self.env.pkg].name.as_str() == "main";
        match &decl.recv {
            None => {
                let text = name.as_str();
                if text == "init" || text == "main" && is_main {
                    let code = if text == "main" { "InvalidMainDecl" } else { "InvalidInitDecl" };
                    if let Some(tparam) = decl.tparams.first() {
                        self.err(tparam.span, code, format!("func {text} must have no type parameters"));
                    }
                    if !decl.sig.params.is_empty() || !decl.sig.results.is_empty() {
                        let message = format!("func {text} must have no arguments and no return values");
                        self.err(decl.name.span, code, message);
                    }
                } else if let Some(f) = decl.tparams.first() {
                    let at = f.names.first().map_or(f.span, |n| n.span);
                    self.verify_version(at, 18, |_| "type parameter".into());
                }
                if text == "init" {
                    self.record_def(&decl.name, obj);
                    if decl.body.is_none() {
                        self.err(decl.name.span, "MissingInitBody", "func init must have a body");
                    }
                } else {
                    let scope = self.pkgs[self.env.pkg].scope;
                    self.declare(scope, Some(&decl.name), obj);
                }
            }
            Some(recv) => {
                if let Some(field) = recv.first() {
                    let recv = unpack_recv(&field.ty);
                    if let ExprKind::Name(base) = &recv.base.kind
                        && !name.is_blank()
                    {
                        methods.push((obj, recv.ptr, base));
                    }
                }
                if let Some(f) = decl.tparams.first() {
                    let at = f.names.first().map_or(f.span, |n| n.span);
                    self.verify_version(at, 27, |_| "generic method".into());
                }
                self.record_def(&decl.name, obj);
            }
        }
        let mut info = self.decl_info(file_scope);
        info.fdecl = Some(decl);
        let info = self.decls.push(info);
        self.obj_decl.insert(obj, info);
        let pkg = self.env.pkg;
        self.pkgs[pkg].objects.push(obj);
    }

    fn decl_info(&self, file_scope: ScopeId) -> DeclInfo<'a> {
        DeclInfo {
            pkg: self.env.pkg,
            file_scope,
            lhs: Rc::from([]),
            vtyp: None,
            init: None,
            inherited: false,
            iota: 0,
            tdecl: None,
            fdecl: None,
            deps: Default::default(),
            func: None,
            body_checked: false,
        }
    }

    /// Reports a wrong number of initialisers.
    pub(super) fn arity(&mut self, at: Span, names: &[Ident], inits: &[Expr], constant: bool, inherited: bool) {
        let (l, r) = (names.len(), inits.len());
        if l < r {
            let extra = &inits[l];
            if inherited {
                let message = format!("extra init expr at {}", self.describe(extra.pos));
                self.err(at, "WrongAssignCount", message);
            } else {
                let message = format!("extra init expr {}", self.estr(extra));
                self.err(extra.at(), "WrongAssignCount", message);
            }
        } else if l > r && (constant || r != 1) {
            let name = names[r];
            self.err(name.span, "WrongAssignCount", format!("missing init expr for {}", name.name));
        }
    }

    fn declare_pkg_obj(&mut self, name: &Ident, obj: ObjId, decl: DeclId) {
        let pkg = self.env.pkg;
        match name.name.as_str() {
            "init" => return self.err(name.span, "InvalidInitDecl", "cannot declare init - must be func"),
            "main" if self.info.packages[pkg].name.as_str() == "main" => {
                return self.err(name.span, "InvalidMainDecl", "cannot declare main - must be func");
            }
            _ => {}
        }
        let scope = self.pkgs[pkg].scope;
        self.declare(scope, Some(name), obj);
        self.obj_decl.insert(obj, decl);
        self.pkgs[pkg].objects.push(obj);
    }

    /// Puts an object into a scope, unless it is blank or another one has its name.
    pub(super) fn declare(&mut self, scope: ScopeId, name: Option<&Ident>, obj: ObjId) {
        let symbol = self.objs[obj].name;
        if !symbol.is_blank() {
            if let Some(&alt) = self.scopes[scope].names.get(&symbol) {
                let more = self.alt_decl(alt);
                let span = self.objs[obj].span;
                return self.report(span, "DuplicateDecl", format!("{symbol} redeclared in this block"), &more);
            }
            self.scopes[scope].names.insert(symbol, obj);
        }
        if let Some(name) = name {
            self.record_def(name, obj);
        }
    }

    fn collect_import(&mut self, import: &'a Import, file_scope: ScopeId) {
        if let Some(problem) = bad_import_path(import.path.as_str()) {
            return self.err(import.path_span, "BadImportPath", format!("invalid import path ({problem})"));
        }
        let imported = self.import_package(import.path, import.path_span);
        let (name, span) = match import.name {
            ImportName::Implicit => (self.info.packages[imported].name, import.span),
            ImportName::Name(ident) => (ident.name, import.span),
            ImportName::Dot(_) => (Symbol::new("."), import.span),
        };
        if name.as_str() == "init" {
            return self.err(import.span, "InvalidInitDecl", "cannot import package as init - init must be a func");
        }
        let pkg = self.env.pkg;
        if !self.info.packages[pkg].imports.contains(&imported) {
            self.info.packages[pkg].imports.push(imported);
        }
        let obj = self.new_obj(ObjKind::PkgName(imported), name, span, Types::INVALID);
        if let ImportName::Name(ident) = &import.name {
            self.record_def(ident, obj);
        }
        if self.pkgs[imported].fake {
            self.used_pkg_names.insert(obj);
        }
        self.pkgs[pkg].imports.push(obj);
        if let ImportName::Dot(dot) = import.name {
            let mut names: Vec<(Symbol, ObjId)> = self.scopes[self.pkgs[imported].scope]
                .names
                .iter()
                .filter(|(n, _)| is_exported(**n))
                .map(|(&n, &o)| (n, o))
                .collect();
            names.sort_by_key(|(n, _)| n.as_str());
            for (name, exported) in names {
                if let Some(&alt) = self.scopes[file_scope].names.get(&name) {
                    let more = self.alt_decl(alt);
                    self.report(dot, "DuplicateDecl", format!("{name} redeclared in this block"), &more);
                } else {
                    self.scopes[file_scope].names.insert(name, exported);
                    self.dot_imports.insert((file_scope, name), obj);
                }
            }
        } else {
            self.declare(file_scope, None, obj);
        }
    }

    fn import_package(&mut self, path: Symbol, span: Span) -> PkgId {
        if let Some(&pkg) = self.by_path.get(&path) {
            return pkg;
        }
        self.err(span, "BrokenImport", format!("could not import {path} (package {path} is not in std)"));
        let name = path.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or("");
        let pkg = self.pkgs.next_id();
        let scope = self.scopes.push(Scope::default());
        self.pkgs.push(PkgState {
            input: None,
            scope,
            objects: Vec::new(),
            imports: Vec::new(),
            is_std: true,
            fake: true,
        });
        self.info.packages.push(Package {
            id: pkg,
            path,
            name: Symbol::new(name),
            imports: Vec::new(),
            scope: FxHashMap::default(),
            init_order: Vec::new(),
        });
        self.by_path.insert(path, pkg);
        pkg
    }

    /// A file's imports must not have names of the package block.
    fn check_file_scopes(&mut self, file_scopes: &[ScopeId], pkg_scope: ScopeId) {
        for &scope in file_scopes {
            let mut names: Vec<(Symbol, ObjId)> = self.scopes[scope].names.iter().map(|(&n, &o)| (n, o)).collect();
            names.sort_by_key(|&(_, o)| o);
            for (name, obj) in names {
                let Some(&alt) = self.scopes[pkg_scope].names.get(&name) else { continue };
                let message = match self.objs[obj].kind {
                    ObjKind::PkgName(imported) => {
                        let package = &self.info.packages[imported];
                        format!("{name} already declared through import of {}", package_string(package))
                    }
                    _ => {
                        let package = &self.info.packages[self.objs[obj].pkg];
                        format!("{name} already declared through dot-import of {}", package_string(package))
                    }
                };
                let more = self.alt_decl(obj);
                let span = self.objs[alt].span;
                self.report(span, "DuplicateDecl", message, &more);
            }
        }
    }

    /// The type name that a receiver names, aliases looked through, and whether there is a pointer.
    fn resolve_base_type_name(&self, mut ptr: bool, name: &Ident) -> Option<(bool, ObjId)> {
        let scope = self.pkgs[self.env.pkg].scope;
        let mut name = name.name;
        let mut seen = Vec::new();
        loop {
            let &obj = self.scopes[scope].names.get(&name)?;
            let tdecl = self.decls[*self.obj_decl.get(&obj)?].tdecl?;
            if seen.contains(&obj) {
                return None;
            }
            if tdecl.alias.is_none() {
                return Some((ptr, obj));
            }
            if !tdecl.tparams.is_empty() {
                return None;
            }
            seen.push(obj);
            let mut ty = unparen(&tdecl.ty);
            if let ExprKind::Star(inner) = &ty.kind {
                if ptr {
                    return None;
                }
                ptr = true;
                ty = unparen(inner);
            }
            match &ty.kind {
                ExprKind::Name(next) => name = next.name,
                _ => return None,
            }
        }
    }

    /// Resolves everything a package declares: types first, aliases behind them, then the rest.
    pub(super) fn package_objects(&mut self, pkg: PkgId) {
        self.env.pkg = pkg;
        self.env.scope = self.pkgs[pkg].scope;
        let objects = self.pkgs[pkg].objects.clone();
        for alias in [false, true] {
            for &obj in &objects {
                if matches!(self.objs[obj].kind, ObjKind::TypeName { alias: a } if a == alias) {
                    self.obj_decl(obj);
                }
            }
        }
        for &obj in &objects {
            if !matches!(self.objs[obj].kind, ObjKind::TypeName { .. }) {
                self.obj_decl(obj);
            }
        }
    }

    /// Whether the expression is `*x`.
    pub(super) fn is_unary(e: &Expr, op: UnOp) -> bool {
        matches!(&e.kind, ExprKind::Unary(o, _) if *o == op)
    }
}

fn package_string(package: &Package) -> String {
    format!("package {} ({:?})", package.name, package.path.as_str())
}

/// What is wrong with an import path.
fn bad_import_path(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("empty string".into());
    }
    const ILLEGAL: &str = "!\"#$%&'()*,:;<=>?[\\]^{|}`\u{fffd}";
    path.chars()
        .find(|&c| c.is_control() || c.is_whitespace() || ILLEGAL.contains(c))
        .map(|c| format!("invalid character {}", crate::syntax::literal::unicode_name(c)))
}
