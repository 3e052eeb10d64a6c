//! Operators: unary and binary ones, comparisons, shifts (spec, "Operators").

use super::Checker;
use super::constant_ops;
use super::expr::is_comparison;
use super::format::INVALID_OP;
use super::operand::Operand;
use super::resolve::unparen;
use crate::source::Span;
use crate::syntax::ast::{BinOp, Expr, ExprKind, UnOp};
use crate::types::repr::{Basic, TypeId, TypeKind, Types};
use crate::types::{ConstValue, Mode};
use num_traits::Zero;

/// Go's limit on shifts of constants: the smallest float64 can be written.
const SHIFT_BOUND: u64 = 1023 - 1 + 52;
/// Bits of untyped integer constants.
const INT_BITS: u64 = 512;
/// Go's limit on constant strings.
const MAX_STRING: usize = 2_000_000_000;

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
    pub(super) fn unary(&mut self, e: &'a Expr, mut op: UnOp, inner: &'a Expr) -> Operand<'a> {
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
                let len = s.len();
                x.val = ConstValue::Unknown;
                self.string_too_long(e, len);
            }
            _ => {}
        }
    }

    fn string_too_long(&mut self, e: Option<&Expr>, len: usize) {
        let message = format!("constant string too long ({len} bytes > {MAX_STRING} bytes)");
        self.err(op_pos(e), "InvalidConstVal", message);
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

    pub(super) fn incomparable_cause(&mut self, ty: TypeId) -> String {
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

    pub(super) fn shift(&mut self, x: &mut Operand<'a>, y: &mut Operand<'a>, e: Option<&'a Expr>, op: BinOp) {
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
            }
        } else if self.types.all_integer(y.ty) {
            if !self.types.all_unsigned(y.ty) {
                let ok =
                    self.verify_version(y.span(), 13, |c| format!("{INVALID_OP}signed shift count {}", c.opstr(y)));
                if !ok {
                    x.invalidate();
                    return;
                }
            }
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
            let by_zero = y.is_const()
                && if x.is_const() && self.types.is_complex(x.ty) {
                    constant_ops::to_complex(&y.val).is_some_and(|(re, im)| re.is_zero() && im.is_zero())
                } else {
                    constant_ops::sign(&y.val) == 0 && (x.is_const() || self.types.all_integer(x.ty))
                };
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
            // Too long a string is not even built.
            if let (ConstValue::Str(a), ConstValue::Str(b)) = (&x.val, &y.val)
                && a.len() + b.len() > MAX_STRING
            {
                let len = a.len() + b.len();
                x.val = ConstValue::Unknown;
                self.string_too_long(e, len);
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

    pub(super) fn may_convert(&self, x: &Operand<'a>, y: &Operand<'a>) -> bool {
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
}
