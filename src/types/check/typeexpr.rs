//! Identifiers and type expressions.

use super::operand::Operand;
use super::{Action, Checker, constant_ops};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Ident};
use crate::types::object::{ObjId, ObjKind};
use crate::types::repr::{Basic, TypeId, TypeKind, Types};
use crate::types::{ConstValue, Mode};

/// Whether the lexer had nothing to say about a name.
pub(super) fn is_valid_name(name: &str) -> bool {
    name.chars().enumerate().all(|(i, c)| c == '_' || c.is_alphabetic() || i > 0 && c.is_numeric())
}

impl<'a> Checker<'a> {
    /// What a name denotes.
    pub(super) fn ident(&mut self, e: &'a Expr, name: &'a Ident, want_type: bool) -> Operand<'a> {
        let mut x = Operand::invalid();
        x.set_expr(e);
        let Some((scope, obj)) = self.lookup_scope(name.name) else {
            if name.name.is_blank() {
                self.err(name.span, "InvalidBlank", "cannot use _ as value or type");
            } else if is_valid_name(name.name.as_str()) {
                self.err(name.span, "UndeclaredName", format!("undefined: {}", name.name));
            }
            return x;
        };
        if scope == self.universe_scope
            && matches!(name.name.as_str(), "any" | "comparable")
            && !self.verify_version(name.span, 18, |_| format!("predeclared {}", name.name))
        {
            return x;
        }
        self.record_use(name, obj);
        let is_type = matches!(self.objs[obj].kind, ObjKind::TypeName { .. });
        if want_type && !is_type {
            let message = format!("{} ({}) is not a type", name.name, self.object_kind(obj));
            self.err(name.span, "NotAType", message);
            if self.is_own_var(obj) {
                self.used_vars.insert(obj);
            }
            return x;
        }
        // Type names are resolved again inside types, so that cycles through them are found.
        if self.objs[obj].ty == Types::UNRESOLVED || (is_type && want_type && self.obj_path_idx.contains_key(&obj)) {
            self.obj_decl(obj);
        }
        let ty = self.objs[obj].ty;
        if let Some(&pkg_name) = self.dot_imports.get(&(scope, name.name)) {
            self.used_pkg_names.insert(pkg_name);
        }
        match &self.objs[obj].kind {
            ObjKind::PkgName(_) => {
                let message = format!("use of package {} not in selector", name.name);
                self.err(name.span, "InvalidPkgUse", message);
                return x;
            }
            ObjKind::Const(value) => {
                let value = value.clone();
                self.add_decl_dep(obj);
                if !self.types.is_valid(ty) {
                    return x;
                }
                if obj == self.universe.iota {
                    match self.env.iota {
                        Some(iota) => x.val = ConstValue::int(iota),
                        None => {
                            self.err(name.span, "InvalidIota", "cannot use iota outside constant declaration");
                            return x;
                        }
                    }
                } else {
                    x.val = value;
                }
                x.mode = Mode::Constant;
            }
            ObjKind::TypeName { .. } => x.mode = Mode::Type,
            ObjKind::Var(_) => {
                if self.is_own_var(obj) {
                    self.used_vars.insert(obj);
                }
                self.add_decl_dep(obj);
                if !self.types.is_valid(ty) {
                    return x;
                }
                x.mode = Mode::Variable;
            }
            ObjKind::Func(_) => {
                self.add_decl_dep(obj);
                x.mode = Mode::Value;
            }
            ObjKind::Builtin(b) => {
                x.builtin = Some(*b);
                x.mode = Mode::Builtin;
            }
            ObjKind::Nil => x.mode = Mode::Nil,
            ObjKind::Label => return x,
        }
        x.ty = ty;
        x
    }

    /// A type expression.
    pub(super) fn typ(&mut self, e: &'a Expr) -> TypeId {
        self.declared_type(e, None)
    }

    /// A type expression for a variable: constraint interfaces are not allowed.
    pub(super) fn var_type(&mut self, e: &'a Expr) -> TypeId {
        let ty = self.declared_type(e, None);
        self.valid_var_type(e, ty);
        ty
    }

    pub(super) fn valid_var_type(&mut self, e: &'a Expr, ty: TypeId) {
        // Only interfaces, and types that may turn out to be some, need a second look.
        let maybe = match self.types.unaliased_kind(ty) {
            TypeKind::Interface(_) => true,
            TypeKind::Named(n) => {
                let named = &self.types.named[*n];
                !named.resolved || matches!(self.types.kind(named.underlying), TypeKind::Interface(_))
            }
            _ => matches!(self.types.kind(ty), TypeKind::Alias(_)),
        };
        if maybe && ty != self.universe.any && ty != self.universe.error {
            self.later(Action::VarType { span: e.at(), ty });
        }
    }

    pub(super) fn check_var_type(&mut self, span: Span, ty: TypeId) {
        if self.types.is_type_param(ty) {
            return;
        }
        if let TypeKind::Interface(i) = *self.types.underlying_kind(ty) {
            let set = self.types.type_set(i);
            self.report_method_conflicts();
            if !set.is_method_set() {
                let why = if set.comparable {
                    "interface is (or embeds) comparable"
                } else {
                    "interface contains type constraints"
                };
                let message = format!("cannot use type {} outside a type constraint: {why}", self.tstr(ty));
                self.err(span, "MisplacedConstraintIface", message);
            }
        }
    }

    pub(super) fn check_map_key(&mut self, span: Span, key: TypeId) {
        if self.types.is_valid(key) && !self.types.comparable(key) && self.types.is_valid(self.types.underlying(key)) {
            let why = if self.types.is_type_param(key) { " (missing comparable constraint)" } else { "" };
            let message = format!("invalid map key type {}{why}", self.tstr(key));
            self.err(span, "IncomparableMapKey", message);
        }
    }

    /// A type expression; `def` is the type name it is declared for.
    pub(super) fn declared_type(&mut self, e: &'a Expr, def: Option<ObjId>) -> TypeId {
        let mut ty = self.typ_internal(e, def);
        if self.types.is_generic(ty) {
            let message = format!("cannot use generic type {} without instantiation", self.tstr(ty));
            self.err(e.at(), "WrongTypeArgCount", message);
            ty = Types::INVALID;
        }
        self.record_type(e, Mode::Type, ty, None);
        ty
    }

    /// A generic type's name.
    pub(super) fn generic_type(&mut self, e: &'a Expr, cause: &mut String) -> TypeId {
        let mut ty = self.typ_internal(e, None);
        if self.types.is_valid(ty) && !self.types.is_generic(ty) {
            *cause = format!("{} is not a generic type", self.tstr(ty));
            ty = Types::INVALID;
        }
        self.record_type(e, Mode::Type, ty, None);
        ty
    }

    fn typ_internal(&mut self, e: &'a Expr, def: Option<ObjId>) -> TypeId {
        match &e.kind {
            ExprKind::Bad => Types::INVALID,
            ExprKind::Name(name) => {
                let x = self.ident(e, name, true);
                self.type_operand(&x)
            }
            ExprKind::Selector(..) => {
                let x = self.selector(e, true);
                self.type_operand(&x)
            }
            ExprKind::Index(x, args) => {
                self.verify_version(e.at(), 18, |_| "type instantiation".into());
                self.instantiated_type(x, args)
            }
            ExprKind::Paren(inner) => self.declared_type(inner, def),
            ExprKind::ArrayType { len, elem } => {
                let n = match len {
                    Some(len) => self.array_length(len),
                    None => {
                        let message = "invalid use of [...] array (outside a composite literal)";
                        self.err(e.at(), "BadDotDotDotSyntax", message);
                        None
                    }
                };
                let elem = self.var_type(elem);
                match n {
                    Some(len) => self.types.array(elem, len),
                    None => Types::INVALID,
                }
            }
            ExprKind::SliceType(elem) => {
                let elem = self.var_type(elem);
                self.types.slice(elem)
            }
            ExprKind::Ellipsis(_) => {
                self.err(e.at(), "InvalidSyntaxTree", "invalid use of ...");
                Types::INVALID
            }
            ExprKind::StructType { fields } => self.struct_type(fields),
            ExprKind::Star(base) => {
                let base = self.var_type(base);
                if base == Types::INVALID {
                    return Types::INVALID;
                }
                self.types.pointer(base)
            }
            ExprKind::FuncType(sig) => self.func_type(None, sig).ty,
            ExprKind::InterfaceType { elems } => {
                let ty = self.interface_type(elems);
                if !elems.is_empty() && !self.pkgs[self.env.pkg].is_std {
                    self.iface_lits.push((e.at(), ty));
                }
                ty
            }
            ExprKind::MapType(key_expr, elem) => {
                let key = self.var_type(key_expr);
                let elem = self.var_type(elem);
                // Basic keys need no second look.
                if !matches!(self.types.kind(key), TypeKind::Basic(_)) {
                    self.later(Action::MapKey { span: key_expr.at(), key });
                }
                self.types.intern(TypeKind::Map { key, elem })
            }
            ExprKind::ChanType(dir, elem) => {
                let elem = self.var_type(elem);
                self.types.intern(TypeKind::Chan { dir: *dir, elem })
            }
            _ => {
                let message = format!("{} is not a type", self.estr(e));
                self.err(e.at(), "NotAType", message);
                self.use_exprs(std::slice::from_ref(e));
                Types::INVALID
            }
        }
    }

    fn type_operand(&mut self, x: &Operand<'a>) -> TypeId {
        match x.mode {
            Mode::Type => x.ty,
            Mode::Invalid => Types::INVALID,
            Mode::NoValue => {
                let message = format!("{} used as type", self.opstr(x));
                self.err(x.span(), "NotAType", message);
                Types::INVALID
            }
            _ => {
                let message = format!("{} is not a type", self.opstr(x));
                self.err(x.span(), "NotAType", message);
                Types::INVALID
            }
        }
    }

    fn array_length(&mut self, e: &'a Expr) -> Option<u64> {
        // A single name might as well be a type parameter that lacks its constraint.
        if let ExprKind::Name(name) = &e.kind {
            match self.lookup(name.name) {
                None => {
                    let message = format!("undefined array length {} or missing type constraint", name.name);
                    self.err(name.span, "InvalidArrayLen", message);
                    return None;
                }
                Some(obj) if !matches!(self.objs[obj].kind, ObjKind::Const(_)) => {
                    self.err(name.span, "InvalidArrayLen", format!("invalid array length {}", name.name));
                    return None;
                }
                _ => {}
            }
        }
        let x = self.expr(None, e);
        if x.mode != Mode::Constant {
            if x.is_valid() {
                let message = format!("array length {} must be constant", self.opstr(&x));
                self.err(x.span(), "InvalidArrayLen", message);
            }
            return None;
        }
        if matches!(x.val, ConstValue::Unknown) {
            return None;
        }
        if (self.types.is_untyped(x.ty) || self.types.is_integer(x.ty))
            && let Some(ConstValue::Int(n)) = constant_ops::representable(&x.val, Basic::Int)
            && let Ok(n) = u64::try_from(&n)
        {
            return Some(n);
        }
        let message = if self.types.is_integer(x.ty) {
            format!("invalid array length {}", self.opstr(&x))
        } else {
            format!("array length {} must be integer", self.opstr(&x))
        };
        self.err(x.span(), "InvalidArrayLen", message);
        None
    }

    /// Type arguments; `None` if one is invalid.
    pub(super) fn type_list(&mut self, list: &'a [Expr]) -> Option<Vec<TypeId>> {
        let types: Vec<TypeId> = list.iter().map(|e| self.var_type(e)).collect();
        types.iter().all(|&t| self.types.is_valid(t)).then_some(types)
    }
}
