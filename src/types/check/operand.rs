//! Operands: what an expression was found to be, while it is being checked.

use std::rc::Rc;

use super::Checker;
use super::resolve::unparen;
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind};
use crate::types::repr::{Basic, TypeId, TypeKind, Types};
use crate::types::{Builtin, ConstValue, Mode};

/// The expression an operand stands for.
#[derive(Clone)]
pub(super) enum OperandExpr<'a> {
    None,
    Node(&'a Expr),
    /// Something without an expression of its own: `1st function result`.
    Name(Rc<str>, Span),
}

/// An expression's mode, type and value.
#[derive(Clone)]
pub(super) struct Operand<'a> {
    pub mode: Mode,
    pub ty: TypeId,
    pub expr: OperandExpr<'a>,
    /// With mode `Constant`.
    pub val: ConstValue,
    /// With mode `Builtin`.
    pub builtin: Option<Builtin>,
}

impl<'a> Operand<'a> {
    pub(super) fn invalid() -> Operand<'a> {
        Operand {
            mode: Mode::Invalid,
            ty: Types::INVALID,
            expr: OperandExpr::None,
            val: ConstValue::Unknown,
            builtin: None,
        }
    }

    pub(super) fn value(e: &'a Expr, ty: TypeId) -> Operand<'a> {
        Operand { mode: Mode::Value, ty, expr: OperandExpr::Node(e), ..Operand::invalid() }
    }

    pub(super) fn named(text: &str, span: Span, ty: TypeId) -> Operand<'a> {
        Operand { mode: Mode::Value, ty, expr: OperandExpr::Name(text.into(), span), ..Operand::invalid() }
    }

    pub(super) fn is_valid(&self) -> bool {
        self.mode != Mode::Invalid
    }

    pub(super) fn invalidate(&mut self) {
        self.mode = Mode::Invalid;
    }

    pub(super) fn is_nil(&self) -> bool {
        self.mode == Mode::Nil
    }

    pub(super) fn is_const(&self) -> bool {
        self.mode == Mode::Constant
    }

    pub(super) fn node(&self) -> Option<&'a Expr> {
        match self.expr {
            OperandExpr::Node(e) => Some(e),
            _ => None,
        }
    }

    pub(super) fn set_expr(&mut self, e: &'a Expr) {
        self.expr = OperandExpr::Node(e);
    }

    /// Where errors about it are reported.
    pub(super) fn span(&self) -> Span {
        match &self.expr {
            OperandExpr::None => Span::NONE,
            OperandExpr::Node(e) => e.at(),
            OperandExpr::Name(_, span) => *span,
        }
    }
}

impl<'a> Checker<'a> {
    /// The operand's expression as written.
    pub(super) fn op_expr(&self, x: &Operand<'a>) -> String {
        match &x.expr {
            OperandExpr::None => String::new(),
            OperandExpr::Node(e) => self.estr(e),
            OperandExpr::Name(name, _) => name.to_string(),
        }
    }

    /// The operand's type; results of a call with their names.
    fn result_string(&self, x: &Operand<'a>) -> String {
        if let TypeKind::Tuple(_) = self.types.kind(x.ty)
            && let Some(e) = x.node()
            && let ExprKind::Call { fun, .. } = &unparen(e).kind
            && let Some(tv) = &self.info.exprs[fun.id]
            && let Some(sig) = self.types.as_func(tv.ty)
        {
            let mut out = String::new();
            self.with_writer(false, |w| w.params(&mut out, &sig.results, false));
            return out;
        }
        self.tstr(x.ty)
    }

    /// The operand as messages describe it: `x (variable of type int)`.
    pub(super) fn opstr(&self, x: &Operand<'a>) -> String {
        if x.is_nil() {
            return match x.ty {
                Types::INVALID => "nil (with invalid type)".into(),
                Types::UNTYPED_NIL => "nil".into(),
                ty => format!("nil (of type {})", self.tstr(ty)),
            };
        }
        let mut expr = self.op_expr(x);
        if expr.is_empty() {
            expr = match x.mode {
                Mode::Builtin => {
                    x.builtin.map_or(String::new(), |b| crate::types::universe::builtin_info(b).0.to_string())
                }
                Mode::Type => self.tstr(x.ty),
                Mode::Constant => super::constant_ops::format(&x.val),
                _ => String::new(),
            };
        }
        let mut out = String::new();
        if !expr.is_empty() {
            out.push_str(&expr);
            out.push_str(" (");
        }
        let mut has_type = false;
        if !matches!(x.mode, Mode::Invalid | Mode::NoValue | Mode::Builtin | Mode::Type) {
            match self.types.kind(x.ty) {
                TypeKind::Basic(b) if b.is_untyped() => {
                    out.push_str(b.name());
                    out.push(' ');
                }
                _ => has_type = true,
            }
        }
        out.push_str(match x.mode {
            Mode::Invalid => "invalid operand",
            Mode::NoValue => "no value",
            Mode::Builtin => "built-in",
            Mode::Type => "type",
            Mode::Constant => "constant",
            Mode::Variable => "variable",
            Mode::MapIndex => "map index expression",
            Mode::Value | Mode::Package => "value",
            Mode::Nil => "nil",
            Mode::CommaOk => "comma, ok expression",
        });
        if x.is_const() {
            let value = super::constant_ops::format(&x.val);
            if value != expr {
                out.push(' ');
                out.push_str(&value);
            }
        }
        if has_type {
            if self.types.is_valid(x.ty) {
                out.push_str(" of ");
                if self.types.is_generic(x.ty) {
                    out.push_str("generic ");
                }
                let is_param = self.types.is_type_param(x.ty);
                if !is_param && matches!(self.types.kind(x.ty), TypeKind::Named(_) | TypeKind::Alias(_)) {
                    let what = self.types.composite_kind(x.ty);
                    if what.is_empty() {
                        let basic = match self.types.underlying_kind(x.ty) {
                            TypeKind::Basic(b) => *b,
                            _ => Basic::Invalid,
                        };
                        out.push_str(if basic == Basic::UnsafePointer { "Pointer" } else { basic.name() });
                    } else {
                        out.push_str(what);
                    }
                    out.push(' ');
                }
                out.push_str("type ");
                out.push_str(&self.result_string(x));
                if let TypeKind::TypeParam(p) = *self.types.unaliased_kind(x.ty) {
                    let bound = self.types.type_params[p].constraint;
                    out.push_str(" constrained by ");
                    out.push_str(&self.tstr(bound));
                    if let TypeKind::Interface(i) = *self.types.underlying_kind(bound)
                        && self.types.type_set(i).is_empty()
                    {
                        out.push_str(" with empty type set");
                    }
                }
            } else {
                out.push_str(" with invalid type");
            }
        }
        if !expr.is_empty() {
            out.push(')');
        }
        out
    }
}
