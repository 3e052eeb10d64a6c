//! Names of functions: in symbol tables and traces, and as `-m` prints them.

#![forbid(unsafe_code)]

use super::Lower;
use crate::hir::ir::{FuncKind, INSTANCE_SUFFIX};
use crate::index::Symbol;
use crate::types::typestring::link_string;
use crate::types::{ObjId, ObjKind, PkgId, TypeId, TypeKind, Types};

impl Lower<'_, '_> {
    /// The package whose names messages print without a prefix.
    pub(super) fn main_pkg(&self) -> PkgId {
        self.packages.last().map_or(PkgId::UNIVERSE, |p| p.0)
    }

    /// A package's path in link names; a command's is `main`.
    pub(super) fn link_path(&self, pkg: PkgId) -> Symbol {
        if pkg == PkgId::UNIVERSE {
            return Symbol::default();
        }
        let p = &self.cx.info().packages[pkg];
        let has_path = pkg != self.main_pkg() || p.name.as_str() == "main";
        if has_path { p.path } else { Symbol::new(&self.sources.label) }
    }

    /// A package-level name as messages print it.
    pub(super) fn qualified(&self, pkg: PkgId, name: &str) -> Symbol {
        if pkg == self.main_pkg() || pkg == PkgId::UNIVERSE {
            return Symbol::new(name);
        }
        let p = self.cx.info().packages[pkg].name;
        Symbol::new(&format!("{p}.{name}"))
    }

    /// A type as symbol names spell it: with full package paths.
    pub(super) fn link_type(&self, ty: TypeId) -> String {
        let q = |pkg: PkgId| self.link_path(pkg).as_str().to_owned();
        link_string(self.types(), self.cx.objs(), ty, &q)
    }

    /// The shape that stands for a type argument in the names of instances.
    pub(super) fn shape(&self, targ: TypeId, basic: bool) -> String {
        if basic && matches!(self.types().kind(targ), TypeKind::Pointer(_)) {
            return "go.shape.*uint8".to_owned();
        }
        format!("go.shape.{}", self.link_type(self.types().underlying(targ)))
    }

    /// `[int,string]`, or with shapes instead of the types.
    pub(super) fn targs_suffix(&self, tparams: &[TypeId], targs: &[TypeId], shapes: bool) -> String {
        if targs.is_empty() {
            return String::new();
        }
        let texts: Vec<String> = targs
            .iter()
            .enumerate()
            .map(|(i, &t)| {
                if !shapes {
                    return self.link_type(t);
                }
                let basic = tparams.get(i).is_none_or(|&p| self.is_basic_constraint(p));
                self.shape(t, basic)
            })
            .collect();
        format!("[{}]", texts.join(","))
    }

    /// Whether a type parameter is constrained by methods only: such parameters share code for all pointers.
    pub(super) fn is_basic_constraint(&self, tparam: TypeId) -> bool {
        let TypeKind::TypeParam(p) = *self.types().kind(tparam) else { return true };
        let constraint = self.types().type_params[p].constraint;
        match self.types().as_interface(constraint) {
            Some(i) => self.types().type_set(i).is_method_set(),
            None => false,
        }
    }

    /// Link name and `-m` name of a declared function or method.
    pub(super) fn func_names(&self, obj: ObjId, targs: &[TypeId], own: &[Symbol]) -> (Symbol, Symbol) {
        let o = &self.cx.objs()[obj];
        let path = self.pkg_path(o.pkg);
        let recv = match &o.kind {
            ObjKind::Func(info) => info.recv,
            _ => None,
        };
        let text = |shapes: bool| match recv {
            Some((named, ptr)) => {
                let n = &self.types().named[named];
                let n_recv = n.tparams.len().min(targs.len());
                let base = self.cx.objs()[n.obj].name;
                let (args, rest) = if shapes && !own.is_empty() {
                    let n_recv = n_recv.min(own.len());
                    (list_of(&own[..n_recv]), list_of(&own[n_recv..]))
                } else {
                    let args = self.targs_suffix(&n.tparams, &targs[..n_recv], shapes);
                    (args, self.targs_suffix(&[], &targs[n_recv..], shapes))
                };
                let name = o.name;
                if ptr { format!("(*{base}{args}).{name}{rest}") } else { format!("{base}{args}.{name}{rest}") }
            }
            None => {
                let tparams = match self.types().kind(o.ty) {
                    TypeKind::Func(sig) => sig.tparams.clone(),
                    _ => Vec::new(),
                };
                if shapes && !own.is_empty() {
                    return format!("{}{}", o.name, list_of(own));
                }
                format!("{}{}", o.name, self.targs_suffix(&tparams, targs, shapes))
            }
        };
        (Symbol::new(&format!("{path}.{}", text(false))), self.qualified(o.pkg, &text(true)))
    }

    /// Link name and `-m` name of what stands for an instance.
    pub(super) fn instance_stub_names(&self, obj: ObjId, instance: Symbol) -> (Symbol, Symbol) {
        let pkg = self.cx.objs()[obj].pkg;
        let path = self.pkg_path(pkg);
        let own = instance.as_str().strip_prefix(path.as_str()).and_then(|n| n.strip_prefix('.'));
        let link = Symbol::new(&format!("{instance}{INSTANCE_SUFFIX}"));
        (link, self.qualified(pkg, own.unwrap_or(instance.as_str())))
    }

    /// The dictionary of an instance: of the function, or of the type that declares the method.
    pub(super) fn dict_name(&self, obj: ObjId, targs: &[TypeId]) -> Symbol {
        let o = &self.cx.objs()[obj];
        let recv = match &o.kind {
            ObjKind::Func(info) => info.recv,
            _ => None,
        };
        let text = match recv {
            // A generic method has one of its own.
            Some((named, _)) if targs.len() > self.types().named[named].tparams.len() => {
                let (link, _) = self.func_names(obj, targs, &[]);
                let path = self.pkg_path(o.pkg);
                let name = link.as_str().strip_prefix(path.as_str()).unwrap_or(link.as_str());
                format!(".dict{name}")
            }
            _ => {
                let name = recv.map_or(o.name, |(named, _)| self.cx.objs()[self.types().named[named].obj].name);
                format!(".dict.{name}{}", self.targs_suffix(&[], targs, false))
            }
        };
        if o.pkg == self.main_pkg() {
            return Symbol::new(&text);
        }
        Symbol::new(&format!("{}.{text}", self.cx.info().packages[o.pkg].name))
    }

    /// Names of a method of a receiver type that may have no declaration of its own: `T.M`, `(*T).M`.
    pub(super) fn method_names(&self, recv: TypeId, method: Symbol, suffix: &str) -> (Symbol, Symbol) {
        let (base, ptr) = match *self.types().kind(recv) {
            TypeKind::Pointer(elem) => (elem, true),
            _ => (recv, false),
        };
        match *self.types().kind(base) {
            TypeKind::Named(n) => {
                let n = &self.types().named[n];
                let obj = &self.cx.objs()[n.obj];
                let path = self.pkg_path(obj.pkg);
                let text = |shapes: bool| {
                    let args = self.targs_suffix(&n.tparams, &n.targs, shapes);
                    let name = obj.name;
                    if ptr {
                        format!("(*{name}{args}).{method}{suffix}")
                    } else {
                        format!("{name}{args}.{method}{suffix}")
                    }
                };
                let link = if obj.pkg == PkgId::UNIVERSE { text(false) } else { format!("{path}.{}", text(false)) };
                (Symbol::new(&link), self.qualified(obj.pkg, &text(true)))
            }
            _ => {
                let t = self.link_type(recv);
                let text = if ptr { format!("({t}).{method}{suffix}") } else { format!("{t}.{method}{suffix}") };
                (Symbol::new(&text), Symbol::new(&text))
            }
        }
    }

    /// Names of a new closure in the current function.
    pub(super) fn closure_names(&mut self, what: ClosureName) -> (Symbol, Symbol) {
        let cx = self.cur();
        let in_closure = cx.func.kind != FuncKind::Declared && cx.func.kind != FuncKind::Init;
        let suffix = match what {
            ClosureName::FuncLit => {
                cx.n_func_lits += 1;
                if in_closure { format!(".{}", cx.n_func_lits) } else { format!(".func{}", cx.n_func_lits) }
            }
            ClosureName::Range => {
                cx.n_range_lits += 1;
                format!("-range{}", cx.n_range_lits)
            }
            ClosureName::Go => {
                cx.n_go_defers += 1;
                format!(".gowrap{}", cx.n_go_defers)
            }
            ClosureName::Defer => {
                cx.n_go_defers += 1;
                format!(".deferwrap{}", cx.n_go_defers)
            }
        };
        let (link, name) = (cx.func.link_name, cx.func.name);
        (Symbol::new(&format!("{link}{suffix}")), Symbol::new(&format!("{name}{suffix}")))
    }

    /// Whether printing the canonical type differs from printing the type as written.
    pub(super) fn note_spelling(&mut self, x: crate::hir::ir::ExprId, raw: TypeId) {
        let raw = self.spelled(raw);
        if raw != self.x_ty(x) && raw != Types::INVALID {
            self.cur().func.spelled.insert(x, raw);
        }
    }
}

fn list_of(names: &[Symbol]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = names.iter().map(|n| n.as_str()).collect();
    format!("[{}]", names.join(","))
}

/// Why a closure is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ClosureName {
    FuncLit,
    Range,
    Go,
    Defer,
}
