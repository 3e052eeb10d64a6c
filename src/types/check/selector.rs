//! Selectors: qualified names, fields, methods.

use super::Checker;
use super::operand::Operand;
use super::resolve::unparen;
use crate::index::Symbol;
use crate::syntax::ast::{Expr, ExprKind, Ident};
use crate::types::info::Selection;
use crate::types::lookup::{Found, Lookup};
use crate::types::object::{ObjId, ObjKind, PkgId, is_exported};
use crate::types::repr::{Param, Signature, TypeId, TypeKind, Types};
use crate::types::{Mode, SelectionKind};

impl<'a> Checker<'a> {
    /// `x.sel`; `want_type` in type expressions.
    pub(super) fn selector(&mut self, e: &'a Expr, want_type: bool) -> Operand<'a> {
        let ExprKind::Selector(inner, sel) = &e.kind else { return Operand::invalid() };
        let mut invalid = Operand::invalid();
        invalid.set_expr(e);
        if let ExprKind::Name(name) = &inner.kind
            && let Some(obj) = self.lookup(name.name)
            && let ObjKind::PkgName(imported) = self.objs[obj].kind
        {
            self.record_use(name, obj);
            self.record_type(inner, Mode::Package, Types::INVALID, None);
            self.used_pkg_names.insert(obj);
            return self.qualified(e, imported, sel).unwrap_or(invalid);
        }
        let mut x = self.expr_or_type(inner, false);
        match x.mode {
            Mode::Builtin => {
                let message = format!("invalid use of {} in selector expression", self.opstr(&x));
                self.err(Self::at_pos(e), "UncalledBuiltin", message);
                return invalid;
            }
            Mode::Invalid => return invalid,
            _ => {}
        }
        if !self.is_complete(x.ty) {
            return invalid;
        }
        if want_type {
            let message = format!("{} is not a type", self.estr(e));
            self.err(sel.span, "NotAType", message);
            return invalid;
        }
        if let Some(base) = self.types.pointee(x.ty)
            && !self.is_complete(base)
        {
            return invalid;
        }
        let pkg = self.env.pkg;
        let addressable = x.mode == Mode::Variable;
        let found = self.types.lookup_field_or_method(&self.objs, x.ty, addressable, pkg, sel.name, false);
        match found {
            Lookup::Found { what, path, indirect } => {
                if !self.select(&mut x, e, inner, sel, what, path, indirect) {
                    return invalid;
                }
            }
            other => {
                self.selector_error(&x, sel, &other);
                return invalid;
            }
        }
        x.set_expr(e);
        x
    }

    /// A name of an imported package.
    fn qualified(&mut self, e: &'a Expr, imported: PkgId, sel: &'a Ident) -> Option<Operand<'a>> {
        let scope = self.pkgs[imported].scope;
        // Other packages show their exported names only.
        let Some(&obj) = self.scopes[scope].names.get(&sel.name).filter(|_| is_exported(sel.name)) else {
            if !self.pkgs[imported].fake && super::typeexpr::is_valid_name(sel.name.as_str()) {
                let mut message = format!("undefined: {}", self.estr(e));
                let wanted = sel.name.as_str().to_lowercase();
                let mut names: Vec<Symbol> = self.scopes[scope]
                    .names
                    .keys()
                    .copied()
                    .filter(|n| is_exported(*n) && n.as_str().to_lowercase() == wanted)
                    .collect();
                names.sort_by_key(|n| n.as_str());
                if let Some(alt) = names.first() {
                    message = format!("{message} (but have {alt})");
                }
                self.err(sel.span, "UndeclaredImportedName", message);
            }
            return None;
        };
        self.record_use(sel, obj);
        if self.objs[obj].ty == Types::UNRESOLVED {
            self.obj_decl(obj);
        }
        let mut x = Operand { ty: self.objs[obj].ty, ..Operand::invalid() };
        match &self.objs[obj].kind {
            ObjKind::Const(v) => {
                x.mode = Mode::Constant;
                x.val = v.clone();
            }
            ObjKind::TypeName { .. } => x.mode = Mode::Type,
            ObjKind::Var(_) => x.mode = Mode::Variable,
            ObjKind::Func(_) => x.mode = Mode::Value,
            ObjKind::Builtin(b) => {
                x.mode = Mode::Builtin;
                x.builtin = Some(*b);
            }
            _ => return None,
        }
        if x.mode != Mode::Builtin && !self.types.is_valid(x.ty) {
            return None;
        }
        x.set_expr(e);
        Some(x)
    }

    /// Turns `x` into the selected field or method; false after an error.
    #[expect(clippy::too_many_arguments)]
    fn select(
        &mut self,
        x: &mut Operand<'a>,
        e: &'a Expr,
        inner: &'a Expr,
        sel: &'a Ident,
        what: Found,
        path: Vec<u32>,
        indirect: bool,
    ) -> bool {
        let recv = x.ty;
        let (sig, obj, method_index) = match what {
            Found::Field(field) => {
                if x.mode == Mode::Type {
                    let message =
                        format!("operand for field selector {} must be value of type {}", sel.name, self.tstr(x.ty));
                    self.err(inner.at(), "MissingFieldOrMethod", message);
                    return false;
                }
                if let Some(&obj) = self.field_objs.get(&field.pos) {
                    self.record_use(sel, obj);
                }
                let selection =
                    Selection { kind: SelectionKind::Field, recv, path, method: None, method_index: None, indirect };
                self.info.selections.insert(e.id, selection);
                x.mode = if x.mode == Mode::Variable || indirect { Mode::Variable } else { Mode::Value };
                x.ty = field.ty;
                return true;
            }
            Found::Method { obj, recv } => {
                let sig = self.method_type(obj, recv);
                self.add_decl_dep(obj);
                (sig, obj, None)
            }
            Found::InterfaceMethod { method, index } => (method.sig, method.obj, Some(index)),
        };
        self.record_use(sel, obj);
        let kind = if x.mode == Mode::Type { SelectionKind::MethodExpr } else { SelectionKind::Method };
        let selection = Selection { kind, recv, path, method: Some(obj), method_index, indirect };
        self.info.selections.insert(e.id, selection);
        let method_expr = x.mode == Mode::Type;
        x.mode = Mode::Value;
        x.ty = sig;
        if method_expr {
            let Some(sig) = self.signature_of(sig) else {
                self.err(e.at(), "InvalidDeclCycle", "illegal cycle in method declaration");
                return false;
            };
            let name = match sig.params.first() {
                Some(p) if !p.name.is_empty() => self.recv_name(obj),
                _ => Symbol::default(),
            };
            let mut params = vec![Param { name, ty: recv }];
            params.extend_from_slice(&sig.params);
            let sig = Signature {
                tparams: sig.tparams.clone(),
                params,
                results: sig.results.clone(),
                variadic: sig.variadic,
            };
            x.ty = self.types.intern(TypeKind::Func(sig.into()));
        }
        true
    }

    /// The name of a method's receiver, blank if it has none.
    fn recv_name(&self, method: ObjId) -> Symbol {
        self.func_decl_of(method)
            .and_then(|d| d.recv.as_ref()?.first()?.names.first().map(|n| n.name))
            .unwrap_or_else(|| Symbol::new("_"))
    }

    fn selector_error(&mut self, x: &Operand<'a>, sel: &Ident, found: &Lookup) {
        if !self.types.is_valid(self.types.underlying(x.ty)) {
            return;
        }
        let name = sel.name;
        match found {
            Lookup::Ambiguous => {
                let message = format!("ambiguous selector {}.{name}", self.op_expr(x));
                self.err(sel.span, "AmbiguousSelector", message);
            }
            Lookup::NeedsPointer => {
                let ty = self.tstr(x.ty);
                let message = if x.mode == Mode::Type {
                    format!("invalid method expression {ty}.{name} (needs pointer receiver (*{ty}).{name})")
                } else {
                    format!("cannot call pointer method {name} on {ty}")
                };
                self.err(sel.span, "InvalidMethodExpr", message);
            }
            _ => {
                let why = if self.types.is_interface_ptr(x.ty) {
                    self.interface_ptr_error(x.ty)
                } else {
                    let pkg = self.env.pkg;
                    let addressable = x.mode == Mode::Variable;
                    let alt = self.types.lookup_field_or_method(&self.objs, x.ty, addressable, pkg, name, true);
                    self.lookup_error(x.ty, name, &alt, false)
                };
                let message = format!("{}.{name} undefined ({why})", self.op_expr(x));
                self.err(sel.span, "MissingFieldOrMethod", message);
            }
        }
    }

    /// Why a field or method was not found; `alt` is what has its name but for case.
    pub(super) fn lookup_error(&self, ty: TypeId, sel: Symbol, alt: &Lookup, struct_lit: bool) -> String {
        #[derive(PartialEq)]
        enum Why {
            Missing,
            Misspelled,
            Unexported,
            Inaccessible,
        }
        let (alt_name, alt_pkg, what) = match alt {
            Lookup::Found { what, .. } => match what {
                Found::Field(f) => (f.name, f.pkg, "field"),
                Found::Method { obj, .. } => (self.objs[*obj].name, self.objs[*obj].pkg, "method"),
                Found::InterfaceMethod { method, .. } => (method.name, method.pkg, "method"),
            },
            _ => (Symbol::default(), PkgId::UNIVERSE, ""),
        };
        let tail = |s: Symbol| {
            let mut chars = s.as_str().chars();
            chars.next();
            chars.as_str()
        };
        let same_tail = tail(sel) == tail(alt_name);
        let why = if what.is_empty() {
            Why::Missing
        } else if alt_pkg == self.env.pkg {
            Why::Misspelled
        } else if is_exported(sel) {
            if is_exported(alt_name) {
                Why::Misspelled
            } else if same_tail {
                Why::Unexported
            } else {
                Why::Missing
            }
        } else if is_exported(alt_name) {
            if same_tail { Why::Misspelled } else { Why::Missing }
        } else if sel == alt_name {
            Why::Inaccessible
        } else {
            Why::Missing
        };
        let ty = self.tstr(ty);
        if struct_lit {
            return match why {
                Why::Missing => format!("unknown field {sel} in struct literal of type {ty}"),
                Why::Misspelled => {
                    format!("unknown field {sel} in struct literal of type {ty}, but does have {alt_name}")
                }
                Why::Unexported => {
                    format!("unknown field {sel} in struct literal of type {ty}, but does have unexported {alt_name}")
                }
                Why::Inaccessible => {
                    format!("cannot refer to unexported field {alt_name} in struct literal of type {ty}")
                }
            };
        }
        match why {
            Why::Missing => format!("type {ty} has no field or method {sel}"),
            Why::Misspelled => format!("type {ty} has no field or method {sel}, but does have {what} {alt_name}"),
            Why::Unexported => {
                format!("type {ty} has no field or method {sel}, but does have unexported {what} {alt_name}")
            }
            Why::Inaccessible => format!("cannot refer to unexported {what} {alt_name}"),
        }
    }

    /// Evaluates expressions for their uses only; whether all were valid.
    pub(super) fn use_exprs(&mut self, list: &'a [Expr]) -> bool {
        list.iter().filter(|e| !self.use_one(e, false)).count() == 0
    }

    /// As [`use_exprs`](Self::use_exprs) for the left side of assignments: variables are not used by it.
    pub(super) fn use_lhs(&mut self, list: &'a [Expr]) -> bool {
        list.iter().filter(|e| !self.use_one(e, true)).count() == 0
    }

    fn use_one(&mut self, e: &'a Expr, lhs: bool) -> bool {
        match &unparen(e).kind {
            ExprKind::Name(name) if name.name.is_blank() => true,
            ExprKind::Name(name) => {
                let var = if lhs { self.lookup(name.name).filter(|&v| self.is_own_var(v)) } else { None };
                let used = var.is_some_and(|v| self.used_vars.contains(&v));
                let x = self.expr_or_type(unparen(e), true);
                if let Some(v) = var
                    && !used
                {
                    self.used_vars.remove(&v);
                }
                x.is_valid()
            }
            _ => self.raw_expr(None, e, None, true).0.is_valid(),
        }
    }
}
