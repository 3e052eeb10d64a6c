//! Expressions.
//!
//! Each check yields an operand. Untyped expressions are remembered when they are left; when a context
//! gives them their type, [`Checker::update_expr_type`] goes down the tree again and records it.

use super::Checker;
use super::constant_ops;
use super::format::{INVALID_ARG, INVALID_OP};
use super::operand::{Operand, OperandExpr};
use super::resolve::unparen;
use crate::source::{Pos, Span};
use crate::syntax::ast::{BinOp, ChanDir, Expr, ExprKind, UnOp};
use crate::types::repr::{Basic, TypeId, TypeKind, Types};
use crate::types::{ConstValue, Mode};

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

/// Go's limit on shifts of constants: the smallest float64 can be written.
const SHIFT_BOUND: u64 = 1023 - 1 + 52;
/// Bits of untyped integer constants.
const INT_BITS: u64 = 512;
/// Go's limit on constant strings.
const MAX_STRING: usize = 2_000_000_000;

fn is_comparison(op: BinOp) -> bool {
    matches!(op, BinOp::Eq | BinOp::Ne | BinOp::Lt | BinOp::Le | BinOp::Gt | BinOp::Ge)
}

/// Where Go says a constant operation is.
fn op_pos(e: Option<&Expr>) -> Span {
    match e {
        Some(e) => match e.kind {
            ExprKind::Binary { .. } | ExprKind::Unary(..) | ExprKind::Star(_) => Span::new(e.pos, e.span.hi),
            _ => e.at(),
        },
        None => Span::NONE,
    }
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

    fn unary(&mut self, e: &'a Expr, mut op: UnOp, inner: &'a Expr) -> Operand<'a> {
        let mut x = self.expr(None, inner);
        if !x.is_valid() {
            return x;
        }
        match op {
            UnOp::Addr => {
                let literal = matches!(unparen(inner).kind, ExprKind::CompositeLit { .. });
                if !literal && x.mode != Mode::Variable {
                    let message = format!("{INVALID_OP}cannot take address of {}", self.opstr(&x));
                    self.err(x.span(), "UnaddressableOperand", message);
                    x.invalidate();
                    return x;
                }
                x.mode = Mode::Value;
                x.ty = self.types.pointer(x.ty);
                return x;
            }
            UnOp::Recv => {
                match self.chan_elem(x.span(), &x, true) {
                    Some(elem) if self.is_complete(elem) => {
                        x.mode = Mode::CommaOk;
                        x.ty = elem;
                        self.env.has_call_or_recv = true;
                    }
                    _ => x.invalidate(),
                }
                return x;
            }
            UnOp::Tilde => {
                if !self.types.all_integer(x.ty) {
                    self.err(e.at(), "UndefinedOp", "cannot use ~ outside of interface or type constraint");
                    x.invalidate();
                    return x;
                }
                let message = "cannot use ~ outside of interface or type constraint (use ^ for bitwise complement)";
                self.err(e.at(), "UndefinedOp", message);
                op = UnOp::BitNot;
            }
            _ => {}
        }
        let ok = match op {
            UnOp::BitNot => self.types.all_integer(x.ty),
            UnOp::Not => self.types.all_boolean(x.ty),
            _ => self.types.all_numeric(x.ty),
        };
        if !ok {
            let text = match op {
                UnOp::BitNot => "^",
                UnOp::Not => "!",
                UnOp::Plus => "+",
                _ => "-",
            };
            let message = format!("{INVALID_OP}operator {text} not defined on {}", self.opstr(&x));
            self.err(x.span(), "UndefinedOp", message);
            x.invalidate();
            return x;
        }
        if x.is_const() {
            if matches!(x.val, ConstValue::Unknown) {
                return x;
            }
            let prec = if self.types.is_unsigned(x.ty) { self.types.size_of(x.ty) * 8 } else { 0 };
            x.val = constant_ops::unary(op, &x.val, prec);
            x.set_expr(e);
            self.overflow(&mut x, Some(e));
            return x;
        }
        x.mode = Mode::Value;
        x
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

    /// Reports constants that are out of range.
    pub(super) fn overflow(&mut self, x: &mut Operand<'a>, e: Option<&'a Expr>) {
        if matches!(x.val, ConstValue::Unknown) {
            return self.err(op_pos(e), "InvalidConstVal", "constant result is not representable");
        }
        if self.types.is_typed(x.ty) {
            if let TypeKind::Basic(b) = *self.types.underlying_kind(x.ty) {
                self.representable(x, b);
            }
            return;
        }
        match &x.val {
            ConstValue::Int(v) if v.bits() > INT_BITS => {
                let name = match x.node().map(|e| &e.kind) {
                    Some(ExprKind::Unary(UnOp::BitNot, _)) => "bitwise complement ",
                    Some(ExprKind::Binary { op, .. }) => match op {
                        BinOp::Add => "addition ",
                        BinOp::Sub => "subtraction ",
                        BinOp::Xor => "bitwise XOR ",
                        BinOp::Mul => "multiplication ",
                        BinOp::Shl => "shift ",
                        _ => "",
                    },
                    _ => "",
                };
                self.err(op_pos(e), "InvalidConstVal", format!("constant {name}overflow"));
                x.val = ConstValue::Unknown;
            }
            ConstValue::Str(s) if s.len() > MAX_STRING => {
                let message = format!("constant string too long ({} bytes > {MAX_STRING} bytes)", s.len());
                self.err(op_pos(e), "InvalidConstVal", message);
                x.val = ConstValue::Unknown;
            }
            _ => {}
        }
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

    pub(super) fn comparison(&mut self, x: &mut Operand<'a>, y: &mut Operand<'a>, op: BinOp, switch_case: bool) {
        if !self.types.is_valid(x.ty) || !self.types.is_valid(y.ty) {
            x.invalidate();
            return;
        }
        let op = if switch_case { BinOp::Eq } else { op };
        let mut err_y = false;
        let mut cause = String::new();
        let mut code = "MismatchedTypes";
        let ok = 'check: {
            if !self.assignable_to(x, y.ty, None).0 && !self.assignable_to(y, x.ty, None).0 {
                err_y = true;
                cause = format!("mismatched types {} and {}", self.tstr(x.ty), self.tstr(y.ty));
                break 'check false;
            }
            code = "UndefinedOp";
            if matches!(op, BinOp::Eq | BinOp::Ne) {
                if x.is_nil() || y.is_nil() {
                    let ty = if x.is_nil() { y.ty } else { x.ty };
                    if !self.types.has_nil(ty) {
                        err_y = true;
                        break 'check false;
                    }
                } else if !self.types.comparable(x.ty) {
                    cause = self.incomparable_cause(x.ty);
                    break 'check false;
                } else if !self.types.comparable(y.ty) {
                    err_y = true;
                    cause = self.incomparable_cause(y.ty);
                    break 'check false;
                }
            } else if !self.types.all_ordered(x.ty) {
                break 'check false;
            } else if !self.types.all_ordered(y.ty) {
                err_y = true;
                break 'check false;
            }
            true
        };
        if ok {
            if x.is_const() && y.is_const() {
                x.val = match (&x.val, &y.val) {
                    (ConstValue::Unknown, _) | (_, ConstValue::Unknown) => ConstValue::Unknown,
                    (a, b) => ConstValue::Bool(constant_ops::compare(a, op, b)),
                };
            } else {
                x.mode = Mode::Value;
                let (tx, ty) = (self.types.default_type(x.ty), self.types.default_type(y.ty));
                self.update_operand_type(x, tx, true);
                self.update_operand_type(y, ty, true);
            }
            x.ty = Types::UNTYPED_BOOL;
            return;
        }
        if cause.is_empty() {
            if self.types.is_type_param(x.ty) || self.types.is_type_param(y.ty) {
                if !self.types.is_type_param(x.ty) {
                    err_y = true;
                }
                let ty = if err_y { y.ty } else { x.ty };
                cause = format!("type parameter {} cannot use operator {}", self.tstr(ty), op.text());
            } else {
                let ty = if err_y { y.ty } else { x.ty };
                let kind = self.types.composite_kind(ty);
                let what = if kind.is_empty() { self.tstr(ty) } else { kind.to_string() };
                cause = format!("operator {} not defined on {what}", op.text());
            }
        }
        let (xs, ys) = (self.op_expr(x), self.op_expr(y));
        if switch_case {
            self.err(x.span(), code, format!("invalid case {xs} in switch on {ys} ({cause})"));
        } else {
            let span = if err_y { y.span() } else { x.span() };
            self.err(span, code, format!("{INVALID_OP}{xs} {} {ys} ({cause})", op.text()));
        }
        x.invalidate();
    }

    fn incomparable_cause(&mut self, ty: TypeId) -> String {
        match self.types.underlying_kind(ty).clone() {
            TypeKind::Slice(_) | TypeKind::Func(_) | TypeKind::Map { .. } => {
                format!("{} can only be compared to nil", self.types.composite_kind(ty))
            }
            TypeKind::Struct(s) => s
                .fields
                .iter()
                .find(|f| !self.types.comparable(f.ty))
                .map_or(String::new(), |f| format!("struct containing {} cannot be compared", self.tstr(f.ty))),
            TypeKind::Array { .. } => format!("{} cannot be compared", self.tstr(ty)),
            TypeKind::Interface(i) => {
                if self.types.type_set(i).is_empty() {
                    "empty type set".into()
                } else {
                    "incomparable types in type set".into()
                }
            }
            _ => String::new(),
        }
    }

    fn shift(&mut self, x: &mut Operand<'a>, y: &mut Operand<'a>, e: Option<&'a Expr>, op: BinOp) {
        let xval = if x.is_const() { constant_ops::to_int(&x.val) } else { None };
        let unknown = x.is_const() && matches!(x.val, ConstValue::Unknown);
        if !(self.types.all_integer(x.ty) || self.types.is_untyped(x.ty) && (xval.is_some() || unknown)) {
            let message = format!("{INVALID_OP}shifted operand {} must be integer", self.opstr(x));
            self.err(x.span(), "InvalidShiftOperand", message);
            x.invalidate();
            return;
        }
        let mut yval = None;
        if y.is_const() {
            yval = constant_ops::to_int(&y.val);
            if yval.as_ref().is_some_and(|v| v.sign() == num_bigint::Sign::Minus) {
                let message = format!("{INVALID_OP}negative shift count {}", self.opstr(y));
                self.err(y.span(), "InvalidShiftCount", message);
                x.invalidate();
                return;
            }
            if self.types.is_untyped(y.ty) {
                self.representable(y, Basic::Uint);
                if !y.is_valid() {
                    x.invalidate();
                    return;
                }
            } else if !self.types.all_integer(y.ty) {
                let message = format!("{INVALID_OP}shift count {} must be integer", self.opstr(y));
                self.err(y.span(), "InvalidShiftCount", message);
                x.invalidate();
                return;
            }
        } else if self.types.all_integer(y.ty) {
        } else if self.types.is_untyped(y.ty) {
            self.convert_untyped(y, Types::UINT);
            if !y.is_valid() {
                x.invalidate();
                return;
            }
        } else {
            let message = format!("{INVALID_OP}shift count {} must be integer", self.opstr(y));
            self.err(y.span(), "InvalidShiftCount", message);
            x.invalidate();
            return;
        }
        if x.is_const() {
            if y.is_const() {
                if unknown || matches!(y.val, ConstValue::Unknown) {
                    x.val = ConstValue::Unknown;
                    if !self.types.is_integer(x.ty) {
                        x.ty = Types::UNTYPED_INT;
                    }
                    return;
                }
                let count = yval.and_then(|v| u64::try_from(&v).ok()).filter(|&s| s <= SHIFT_BOUND);
                let Some(s) = count else {
                    let message = format!("{INVALID_OP}invalid shift count {}", self.opstr(y));
                    self.err(y.span(), "InvalidShiftCount", message);
                    x.invalidate();
                    return;
                };
                if !self.types.is_integer(x.ty) {
                    x.ty = Types::UNTYPED_INT;
                }
                if let Some(v) = xval {
                    x.val = constant_ops::shift(&v, op == BinOp::Shl, s);
                }
                if let Some(e) = e {
                    x.set_expr(e);
                }
                self.overflow(x, e);
                return;
            }
            // The type of the shifted constant comes from the context.
            if self.types.is_untyped(x.ty) {
                if let Some(u) = x.node().and_then(|e| self.untyped.get_mut(&e.id)) {
                    u.is_lhs = true;
                }
                x.mode = Mode::Value;
                return;
            }
        }
        if !self.types.all_integer(x.ty) {
            let message = format!("{INVALID_OP}shifted operand {} must be integer", self.opstr(x));
            self.err(x.span(), "InvalidShiftOperand", message);
            x.invalidate();
            return;
        }
        x.mode = Mode::Value;
    }

    /// `lhs op rhs`; `e` is absent for assignment operations.
    pub(super) fn binary(&mut self, e: Option<&'a Expr>, lhs: &'a Expr, rhs: &'a Expr, op: BinOp) -> Operand<'a> {
        let mut x = self.expr(None, lhs);
        let mut y = self.expr(None, rhs);
        if !x.is_valid() {
            return x;
        }
        if !y.is_valid() {
            x.invalidate();
            x.expr = y.expr;
            return x;
        }
        if matches!(op, BinOp::Shl | BinOp::Shr) {
            self.shift(&mut x, &mut y, e, op);
            return x;
        }
        self.match_types(&mut x, &mut y);
        if !x.is_valid() {
            return x;
        }
        if is_comparison(op) {
            self.comparison(&mut x, &mut y, op, false);
            return x;
        }
        if !self.types.identical(x.ty, y.ty) {
            if self.types.is_valid(x.ty) && self.types.is_valid(y.ty) {
                let (tx, ty) = (self.tstr(x.ty), self.tstr(y.ty));
                let text = match e {
                    Some(e) => self.estr(e),
                    None => format!("{} {}= {}", self.estr(lhs), op.text(), self.estr(rhs)),
                };
                let message = format!("{INVALID_OP}{text} (mismatched types {tx} and {ty})");
                self.err(x.span(), "MismatchedTypes", message);
            }
            x.invalidate();
            return x;
        }
        let ok = match op {
            BinOp::Add => self.types.all_basic(x.ty, |b| b.is_numeric() || b.is_string()),
            BinOp::Sub | BinOp::Mul | BinOp::Div => self.types.all_numeric(x.ty),
            BinOp::AndAnd | BinOp::OrOr => self.types.all_boolean(x.ty),
            _ => self.types.all_integer(x.ty),
        };
        if !ok {
            let message = format!("{INVALID_OP}operator {} not defined on {}", op.text(), self.opstr(&x));
            self.err(x.span(), "UndefinedOp", message);
            x.invalidate();
            return x;
        }
        if matches!(op, BinOp::Div | BinOp::Rem) {
            let by_zero =
                y.is_const() && constant_ops::sign(&y.val) == 0 && (x.is_const() || self.types.all_integer(x.ty));
            if by_zero {
                self.err(y.span(), "DivByZero", format!("{INVALID_OP}division by zero"));
                x.invalidate();
                return x;
            }
        }
        if x.is_const() && y.is_const() {
            if matches!(x.val, ConstValue::Unknown) || matches!(y.val, ConstValue::Unknown) {
                x.val = ConstValue::Unknown;
                return x;
            }
            x.val = constant_ops::binary(&x.val, op, &y.val, self.types.is_integer(x.ty));
            if let Some(e) = e {
                x.set_expr(e);
            }
            self.overflow(&mut x, e);
            return x;
        }
        x.mode = Mode::Value;
        x
    }

    /// Converts untyped operands to each other's type where that may succeed.
    pub(super) fn match_types(&mut self, x: &mut Operand<'a>, y: &mut Operand<'a>) {
        if !self.may_convert(x, y) {
            return;
        }
        self.convert_untyped(x, y.ty);
        if !x.is_valid() {
            return;
        }
        self.convert_untyped(y, x.ty);
        if !y.is_valid() {
            x.invalidate();
        }
    }

    fn may_convert(&self, x: &Operand<'a>, y: &Operand<'a>) -> bool {
        let t = &self.types;
        if t.is_typed(x.ty) && t.is_typed(y.ty) {
            return false;
        }
        if t.all_numeric(x.ty) != t.all_numeric(y.ty) {
            return false;
        }
        if t.is_interface(x.ty) || t.is_interface(y.ty) {
            return true;
        }
        if t.all_boolean(x.ty) != t.all_boolean(y.ty) || t.all_string(x.ty) != t.all_string(y.ty) {
            return false;
        }
        if x.is_nil() {
            return t.has_nil(y.ty);
        }
        if y.is_nil() {
            return t.has_nil(x.ty);
        }
        t.pointee(x.ty).is_none() && t.pointee(y.ty).is_none()
    }

    /// The underlying type common to all types of a type parameter's set; of other types, their own.
    /// `cond` may object to a type.
    pub(super) fn common_under(
        &self,
        ty: TypeId,
        cond: &dyn Fn(&Self, Option<(TypeId, TypeId)>) -> Option<String>,
    ) -> Result<TypeId, String> {
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
