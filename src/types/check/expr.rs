//! Expressions.
//!
//! Each check yields an operand. Untyped expressions are remembered when they are left; when a context
//! gives them their type, [`Checker::update_expr_type`] goes down the tree again and records it.

use super::Checker;
use super::constant_ops;
use super::format::{INVALID_ARG, INVALID_OP};
use super::operand::{Operand, OperandExpr};
use crate::source::{Pos, Span};
use crate::syntax::ast::{BinOp, ChanDir, Expr, ExprKind, UnOp};
use crate::types::repr::{TypeId, TypeKind, Types};
use crate::types::{ConstValue, Mode};

/// Objects to one type of a type set, given with its underlying type.
pub(super) type Cond<'c, 'a> = &'c dyn Fn(&Checker<'a>, Option<(TypeId, TypeId)>) -> Option<String>;

/// What an expression is as a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Conversion,
    Expression,
    Statement,
}

/// A function type that a generic function is assigned to.
pub(super) struct Target {
    pub sig: TypeId,
    pub desc: String,
}

pub(super) fn is_comparison(op: BinOp) -> bool {
    matches!(op, BinOp::Eq | BinOp::Ne | BinOp::Lt | BinOp::Le | BinOp::Gt | BinOp::Ge)
}

impl<'a> Checker<'a> {
    /// A single value.
    pub(super) fn expr(&mut self, target: Option<&Target>, e: &'a Expr) -> Operand<'a> {
        let (mut x, _) = self.raw_expr(target, e, None, false);
        self.exclude(&mut x, true, true, true);
        self.single_value(&mut x);
        x
    }

    /// A single value, perhaps a generic function; `hint` is the type of an elided composite literal.
    pub(super) fn generic_expr(&mut self, e: &'a Expr, hint: Option<TypeId>) -> Operand<'a> {
        let (mut x, _) = self.raw_expr(None, e, hint, true);
        self.exclude(&mut x, true, true, true);
        self.single_value(&mut x);
        x
    }

    /// A value or type.
    pub(super) fn expr_or_type(&mut self, e: &'a Expr, allow_generic: bool) -> Operand<'a> {
        let (mut x, _) = self.raw_expr(None, e, None, allow_generic);
        self.exclude(&mut x, true, false, false);
        self.single_value(&mut x);
        x
    }

    /// The values of an expression: results of a call, or with its ok value if that is wanted.
    pub(super) fn multi_expr(&mut self, e: &'a Expr, allow_comma_ok: bool) -> (Vec<Operand<'a>>, bool) {
        let (mut x, _) = self.raw_expr(None, e, None, false);
        self.exclude(&mut x, true, true, true);
        if x.is_valid()
            && let TypeKind::Tuple(types) = self.types.kind(x.ty).clone()
        {
            let list = types
                .iter()
                .enumerate()
                .map(|(i, &ty)| Operand::named(&nth(i + 1, "function result"), e.at(), ty))
                .collect();
            return (list, false);
        }
        if allow_comma_ok && matches!(x.mode, Mode::MapIndex | Mode::CommaOk) {
            let ok = Operand::named("ok value of (comma, ok) expression", e.at(), Types::UNTYPED_BOOL);
            return (vec![x, ok], true);
        }
        (vec![x], false)
    }

    fn exclude(&mut self, x: &mut Operand<'a>, novalue: bool, builtin: bool, typ: bool) {
        let (text, code) = match x.mode {
            Mode::NoValue if novalue && typ => ("used as value", "TooManyValues"),
            Mode::NoValue if novalue => ("used as value or type", "TooManyValues"),
            Mode::Builtin if builtin => ("must be called", "UncalledBuiltin"),
            Mode::Type if typ => ("is not an expression", "NotAnExpr"),
            _ => return,
        };
        let message = format!("{} {text}", self.opstr(x));
        self.err(x.span(), code, message);
        x.invalidate();
    }

    /// As for `new(x)`: types are allowed, functions without result and built-ins are not.
    pub(super) fn exclude_builtin(&mut self, x: &mut Operand<'a>) {
        self.exclude(x, true, true, false);
    }

    pub(super) fn single_value(&mut self, x: &mut Operand<'a>) {
        if x.mode == Mode::Value && matches!(self.types.kind(x.ty), TypeKind::Tuple(_)) {
            let message = format!("multiple-value {} in single-value context", self.opstr(x));
            self.err(x.span(), "TooManyValues", message);
            x.invalidate();
        }
    }

    /// Checks an expression in any position and records it.
    pub(super) fn raw_expr(
        &mut self,
        target: Option<&Target>,
        e: &'a Expr,
        hint: Option<TypeId>,
        allow_generic: bool,
    ) -> (Operand<'a>, Kind) {
        let (mut x, kind) = self.expr_internal(target, e, hint);
        if !allow_generic {
            self.non_generic(target, &mut x);
        }
        self.record(&x);
        (x, kind)
    }

    /// Reports generic types and functions that lack their arguments; infers those of functions.
    pub(super) fn non_generic(&mut self, target: Option<&Target>, x: &mut Operand<'a>) {
        if matches!(x.mode, Mode::Invalid | Mode::NoValue) {
            return;
        }
        let what = match self.types.kind(x.ty) {
            TypeKind::Alias(_) | TypeKind::Named(_) if self.types.is_generic(x.ty) => "type",
            TypeKind::Func(sig) if !sig.tparams.is_empty() => {
                if target.is_some() {
                    self.func_inst(target, x, None, true);
                    return;
                }
                "function"
            }
            _ => return,
        };
        let message = format!("cannot use generic {what} {} without instantiation", self.op_expr(x));
        self.err(x.span(), "WrongTypeArgCount", message);
        x.invalidate();
        x.ty = Types::INVALID;
    }

    fn expr_internal(&mut self, target: Option<&Target>, e: &'a Expr, hint: Option<TypeId>) -> (Operand<'a>, Kind) {
        let mut kind = Kind::Expression;
        let mut x = match &e.kind {
            ExprKind::Bad => Operand::invalid(),
            ExprKind::Name(name) => self.ident(e, name, false),
            ExprKind::BasicLit { kind, text } => self.basic_lit(e, *kind, *text),
            ExprKind::FuncLit { sig, body } => self.func_lit(e, sig, body),
            ExprKind::CompositeLit { .. } => self.composite_lit(e, hint),
            ExprKind::Paren(inner) => {
                let (mut x, kind) = self.raw_expr(None, inner, None, false);
                x.set_expr(e);
                return (x, kind);
            }
            ExprKind::Selector(..) => self.selector(e, false),
            ExprKind::Index(..) => {
                let (mut x, is_func_inst) = self.index_expr(e);
                if is_func_inst {
                    self.func_inst(target, &mut x, Some(e), true);
                }
                x
            }
            ExprKind::Slice { .. } => self.slice_expr(e),
            ExprKind::TypeAssert(inner, ty) => self.type_assert(e, inner, ty),
            ExprKind::TypeSwitchGuard(inner) => {
                self.err(e.at(), "InvalidSyntaxTree", "use of .(type) outside type switch");
                self.use_exprs(std::slice::from_ref(&**inner));
                Operand::invalid()
            }
            ExprKind::Call { .. } => return self.call_expr(e),
            ExprKind::Star(inner) => self.star(inner),
            ExprKind::Unary(op, inner) => {
                if *op == UnOp::Recv {
                    kind = Kind::Statement;
                }
                self.unary(e, *op, inner)
            }
            ExprKind::Binary { op, x, y, .. } => self.binary(Some(e), x, y, *op),
            ExprKind::KeyValue(..) => {
                self.err(e.at(), "InvalidSyntaxTree", "no key:value expected");
                Operand::invalid()
            }
            ExprKind::Ellipsis(_) => {
                self.err(e.at(), "InvalidSyntaxTree", "invalid use of ...");
                Operand::invalid()
            }
            ExprKind::ArrayType { .. }
            | ExprKind::SliceType(_)
            | ExprKind::StructType { .. }
            | ExprKind::FuncType(_)
            | ExprKind::InterfaceType { .. }
            | ExprKind::MapType(..)
            | ExprKind::ChanType(..) => {
                let ty = self.typ(e);
                Operand { mode: Mode::Type, ty, ..Operand::invalid() }
            }
        };
        if !x.is_valid() {
            kind = Kind::Statement;
        }
        x.set_expr(e);
        (x, kind)
    }

    fn star(&mut self, inner: &'a Expr) -> Operand<'a> {
        let mut x = self.expr_or_type(inner, false);
        match x.mode {
            Mode::Invalid => {}
            Mode::Type => {
                self.valid_var_type(inner, x.ty);
                x.ty = self.types.pointer(x.ty);
            }
            _ => {
                let mut base = None;
                let mut problem = None;
                self.types.all_under(x.ty, |tu| {
                    match tu.map(|(_, u)| self.types.kind(u)) {
                        Some(TypeKind::Pointer(b)) => {
                            if base.is_some_and(|other| !self.types.identical(other, *b)) {
                                problem = Some(true);
                                return false;
                            }
                            base = Some(*b);
                        }
                        _ => {
                            problem = Some(false);
                            return false;
                        }
                    }
                    true
                });
                if let Some(different) = problem {
                    let operand = self.opstr(&x);
                    let message = if different {
                        format!("{INVALID_OP}pointers of {operand} must have identical base types")
                    } else {
                        format!("{INVALID_OP}cannot indirect {operand}")
                    };
                    self.err(x.span(), "InvalidIndirection", message);
                    x.invalidate();
                    return x;
                }
                let base = base.unwrap_or(Types::INVALID);
                if !self.is_complete(base) {
                    x.invalidate();
                    return x;
                }
                x.mode = Mode::Variable;
                x.ty = base;
            }
        }
        x
    }

    fn type_assert(&mut self, e: &'a Expr, inner: &'a Expr, ty: &'a Expr) -> Operand<'a> {
        let mut x = self.expr(None, inner);
        if !x.is_valid() {
            return x;
        }
        if self.types.is_type_param(x.ty) {
            let operand = self.opstr(&x);
            let message = format!("{INVALID_OP}cannot use type assertion on type parameter value {operand}");
            self.err(x.span(), "InvalidAssert", message);
            x.invalidate();
            return x;
        }
        if !matches!(self.types.underlying_kind(x.ty), TypeKind::Interface(_)) {
            let message = format!("{INVALID_OP}{} is not an interface", self.opstr(&x));
            self.err(x.span(), "InvalidAssert", message);
            x.invalidate();
            return x;
        }
        let t = self.var_type(ty);
        if !self.types.is_valid(t) || !self.is_complete(t) {
            x.invalidate();
            return x;
        }
        self.type_assertion(e, &x, t, false);
        x.mode = Mode::CommaOk;
        x.ty = t;
        x
    }

    /// Reports assertions and cases that can never hold.
    pub(super) fn type_assertion(&mut self, e: &'a Expr, x: &Operand<'a>, t: TypeId, type_switch: bool) {
        if matches!(self.types.underlying_kind(t), TypeKind::Interface(_)) {
            return;
        }
        let mut cause = String::new();
        if self.has_all_methods(t, x.ty, false, &mut cause) {
            return;
        }
        let (text, ts, xs) = (self.estr(e), self.tstr(t), self.tstr(x.ty));
        let message = if type_switch {
            let operand = self.opstr(x);
            format!("impossible type switch case: {text}\n\t{operand} cannot have dynamic type {ts} {cause}")
        } else {
            format!("impossible type assertion: {text}\n\t{ts} does not implement {xs} {cause}")
        };
        self.err(e.at(), "ImpossibleAssert", message);
    }

    /// The element type of the channel to receive from or send to; reports if it cannot be.
    pub(super) fn chan_elem(&mut self, at: Span, x: &Operand<'a>, recv: bool) -> Option<TypeId> {
        let found = self.common_under(x.ty, &|c, tu| {
            let Some((t, u)) = tu else { return Some("no specific channel type".into()) };
            match c.types.kind(u) {
                TypeKind::Chan { dir: ChanDir::Send, .. } if recv => Some(format!("send-only channel {}", c.tstr(t))),
                TypeKind::Chan { dir: ChanDir::Recv, .. } if !recv => {
                    Some(format!("receive-only channel {}", c.tstr(t)))
                }
                TypeKind::Chan { .. } => None,
                _ => Some(format!("non-channel {}", c.tstr(t))),
            }
        });
        let cause = match found {
            Ok(u) => match *self.types.kind(u) {
                TypeKind::Chan { elem, .. } => return Some(elem),
                _ => return None,
            },
            Err(cause) => cause,
        };
        let (what, code) = if recv { ("receive from", "InvalidReceive") } else { ("send to", "InvalidSend") };
        let operand = self.opstr(x);
        let message = if self.types.is_type_param(x.ty) {
            format!("{INVALID_OP}cannot {what} {operand}: {cause}")
        } else {
            format!("{INVALID_OP}cannot {what} {cause} {operand}")
        };
        self.err(at, code, message);
        None
    }

    /// Gives an untyped expression, and the untyped expressions it is made of, a type; `final_` when an
    /// untyped type shall stay.
    pub(super) fn update_expr_type(&mut self, e: &'a Expr, ty: TypeId, final_: bool) {
        let Some(old) = self.untyped.get(&e.id).cloned() else { return };
        match &e.kind {
            ExprKind::Call { .. } | ExprKind::Name(_) | ExprKind::BasicLit { .. } | ExprKind::Selector(..) => {}
            ExprKind::Paren(inner) => self.update_expr_type(inner, ty, final_),
            // Constant operands keep their own types: only the result matters.
            ExprKind::Unary(_, inner) => {
                if old.val.is_none() {
                    self.update_expr_type(inner, ty, final_);
                }
            }
            ExprKind::Binary { op, x, y, .. } => {
                if old.val.is_none() && !is_comparison(*op) {
                    self.update_expr_type(x, ty, final_);
                    if !matches!(op, BinOp::Shl | BinOp::Shr) {
                        self.update_expr_type(y, ty, final_);
                    }
                }
            }
            _ => return,
        }
        if !final_ && self.types.is_untyped(ty) {
            if let Some(u) = self.untyped.get_mut(&e.id) {
                u.ty = ty;
            }
            return;
        }
        self.untyped.remove(&e.id);
        if old.is_lhs && !self.types.all_integer(ty) {
            let message =
                format!("{INVALID_OP}shifted operand {} (type {}) must be integer", self.estr(e), self.tstr(ty));
            return self.err(e.at(), "InvalidShiftOperand", message);
        }
        let mut val = old.val.clone();
        if let Some(v) = &old.val {
            let mut c =
                Operand { mode: old.mode, ty: old.ty, expr: OperandExpr::Node(e), val: v.clone(), builtin: None };
            self.convert_untyped(&mut c, ty);
            if !c.is_valid() {
                return;
            }
            val = Some(c.val);
        }
        self.record_type(e, old.mode, ty, val);
    }

    pub(super) fn update_expr_val(&mut self, e: Option<&'a Expr>, val: &ConstValue) {
        if let Some(e) = e
            && let Some(u) = self.untyped.get_mut(&e.id)
        {
            u.val = Some(val.clone());
        }
    }

    pub(super) fn update_operand_type(&mut self, x: &Operand<'a>, ty: TypeId, final_: bool) {
        if let Some(e) = x.node() {
            self.update_expr_type(e, ty, final_);
        }
    }

    /// The underlying type common to all types of a type parameter's set; of other types, their own.
    /// `cond` may object to a type.
    pub(super) fn common_under(&self, ty: TypeId, cond: Cond<'_, 'a>) -> Result<TypeId, String> {
        let mut common: Option<(TypeId, TypeId)> = None;
        let mut problem = None;
        self.types.all_under(ty, |tu| {
            if let Some(why) = cond(self, tu) {
                problem = Some(why);
                return false;
            }
            let Some((t, u)) = tu else {
                problem = Some("no specific type".to_string());
                return false;
            };
            let Some((ct, cu)) = common else {
                common = Some((t, u));
                return true;
            };
            if let (TypeKind::Chan { dir: d, elem: a }, TypeKind::Chan { dir, elem: b }) =
                (self.types.kind(cu), self.types.kind(u))
            {
                if !self.types.identical(*a, *b) {
                    problem =
                        Some(format!("channels {} and {} have different element types", self.tstr(ct), self.tstr(t)));
                    return false;
                }
                if d == dir {
                    return true;
                }
                if *d == ChanDir::Both {
                    common = Some((t, u));
                } else if *dir != ChanDir::Both {
                    problem =
                        Some(format!("channels {} and {} have conflicting directions", self.tstr(ct), self.tstr(t)));
                    return false;
                }
                return true;
            }
            if !self.types.identical(cu, u) {
                problem = Some(format!("{} and {} have different underlying types", self.tstr(ct), self.tstr(t)));
                return false;
            }
            true
        });
        match (problem, common) {
            (Some(why), _) => Err(why),
            (None, Some((_, u))) => Ok(u),
            (None, None) => Err("no specific type".into()),
        }
    }

    /// The common underlying type, if there is one.
    pub(super) fn core_type(&self, ty: TypeId) -> Option<TypeId> {
        if ty == Types::UNRESOLVED {
            return None;
        }
        if !self.types.is_type_param(ty) {
            return Some(self.types.underlying(ty));
        }
        self.common_under(ty, &|_, _| None).ok()
    }

    /// What a generic function would be assigned to, if that is a function type.
    pub(super) fn new_target(&self, ty: TypeId, desc: &str) -> Option<Target> {
        let sig = self.core_type(ty)?;
        matches!(self.types.kind(sig), TypeKind::Func(_)).then(|| Target { sig, desc: desc.to_string() })
    }

    /// An index out of a constant's range.
    pub(super) fn index_out_of_bounds(&mut self, x: &Operand<'a>, max: i64) {
        let value = constant_ops::format(&x.val);
        let message = format!("{INVALID_ARG}index {value} out of bounds [0:{max}]");
        self.err(x.span(), "InvalidIndex", message);
    }

    /// The span that begins at a node's own position.
    pub(super) fn at_pos(e: &Expr) -> Span {
        Span::new(e.pos, Pos(e.span.hi.0.max(e.pos.0)))
    }
}

/// `1st function result` and so on.
pub(super) fn nth(n: usize, what: &str) -> String {
    let ext = match n {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
    format!("{n}{ext} {what}")
}
