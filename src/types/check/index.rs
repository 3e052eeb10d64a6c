//! Index and slice expressions.

use super::Checker;
use super::constant_ops;
use super::format::{INVALID_ARG, INVALID_OP};
use super::operand::Operand;
use crate::source::{Pos, Span};
use crate::syntax::ast::{Expr, ExprKind};
use crate::types::repr::{Basic, TypeId, TypeKind, Types};
use crate::types::{ConstValue, Mode};

impl<'a> Checker<'a> {
    /// `x[i]`; also reports whether it is the instantiation of a generic function.
    pub(super) fn index_expr(&mut self, e: &'a Expr) -> (Operand<'a>, bool) {
        let ExprKind::Index(base, indices) = &e.kind else { return (Operand::invalid(), false) };
        let mut x = self.expr_or_type(base, true);
        match x.mode {
            Mode::Invalid => {
                self.use_exprs(indices);
                return (x, false);
            }
            Mode::Type => {
                x.invalidate();
                x.ty = self.var_type(e);
                if self.types.is_valid(x.ty) {
                    x.mode = Mode::Type;
                }
                return (x, false);
            }
            Mode::Value if self.types.as_func(x.ty).is_some_and(|s| !s.tparams.is_empty()) => return (x, true),
            _ => {}
        }
        self.non_generic(None, &mut x);
        if !x.is_valid() || !self.is_complete(x.ty) {
            x.invalidate();
            return (x, false);
        }
        let inner = match *self.types.underlying_kind(x.ty) {
            TypeKind::Pointer(base) => base,
            TypeKind::Map { elem, .. } => elem,
            _ => x.ty,
        };
        if inner != x.ty && !self.is_complete(inner) {
            x.invalidate();
            return (x, false);
        }
        let mut length: Option<u64> = None;
        let mut valid = true;
        match *self.types.underlying_kind(x.ty) {
            TypeKind::Basic(b) if b.is_string() => {
                if let (true, ConstValue::Str(s)) = (x.is_const(), &x.val) {
                    length = Some(s.len() as u64);
                }
                x.mode = Mode::Value;
                x.ty = Types::BYTE;
            }
            TypeKind::Array { elem, len } => {
                length = Some(len);
                if x.mode != Mode::Variable {
                    x.mode = Mode::Value;
                }
                x.ty = elem;
            }
            TypeKind::Pointer(base) => match *self.types.underlying_kind(base) {
                TypeKind::Array { elem, len } => {
                    length = Some(len);
                    x.mode = Mode::Variable;
                    x.ty = elem;
                }
                _ => valid = false,
            },
            TypeKind::Slice(elem) => {
                x.mode = Mode::Variable;
                x.ty = elem;
            }
            TypeKind::Map { key, elem } => {
                self.map_index(&mut x, e, indices, key, elem);
                return (x, false);
            }
            TypeKind::Interface(_) if self.types.is_type_param(x.ty) => match self.type_param_index(&x) {
                Some((Some(key), elem, _, _)) => {
                    self.map_index(&mut x, e, indices, key, elem);
                    return (x, false);
                }
                Some((None, elem, len, mode)) => {
                    length = len;
                    x.mode = mode;
                    x.ty = elem;
                }
                None => valid = false,
            },
            _ => valid = false,
        }
        if !valid {
            let message = format!("cannot index {}", self.opstr(&x));
            self.err(Self::at_pos(e), "NonSliceableOperand", message);
            self.use_exprs(indices);
            x.invalidate();
            return (x, false);
        }
        match self.single_index(indices) {
            Some(index) => {
                self.index(index, length);
            }
            None => x.invalidate(),
        }
        (x, false)
    }

    fn map_index(&mut self, x: &mut Operand<'a>, e: &'a Expr, indices: &'a [Expr], key: TypeId, elem: TypeId) {
        let Some(index) = self.single_index(indices) else { return x.invalidate() };
        let mut k = self.generic_expr(index, None);
        self.assignment(&mut k, Some(key), "map index");
        x.mode = Mode::MapIndex;
        x.ty = elem;
        x.set_expr(e);
    }

    /// Indexing a value of type parameter type: key type if all are maps, element type, least length, mode.
    fn type_param_index(&self, x: &Operand<'a>) -> Option<(Option<TypeId>, TypeId, Option<u64>, Mode)> {
        let t = &self.types;
        let mut found: Option<(Option<TypeId>, TypeId, Option<u64>)> = None;
        let mut mode = Mode::Variable;
        let ok = t.all_under(x.ty, |tu| {
            let Some((_, u)) = tu else { return false };
            let (key, elem, len) = match *t.kind(u) {
                TypeKind::Basic(b) if b.is_string() => {
                    mode = Mode::Value;
                    (None, Types::BYTE, None)
                }
                TypeKind::Array { elem, len } => {
                    if x.mode != Mode::Variable {
                        mode = Mode::Value;
                    }
                    (None, elem, Some(len))
                }
                TypeKind::Pointer(base) => match *t.underlying_kind(base) {
                    TypeKind::Array { elem, len } => (None, elem, Some(len)),
                    _ => return false,
                },
                TypeKind::Slice(elem) => (None, elem, None),
                TypeKind::Map { key, elem } => (Some(key), elem, None),
                _ => return false,
            };
            match &mut found {
                None => found = Some((key, elem, len)),
                Some((k, e, l)) => {
                    let same_key = match (*k, key) {
                        (None, None) => true,
                        (Some(a), Some(b)) => t.identical(a, b),
                        _ => false,
                    };
                    if !same_key || !t.identical(*e, elem) {
                        return false;
                    }
                    if let (Some(a), Some(b)) = (*l, len) {
                        *l = Some(a.min(b));
                    }
                }
            }
            true
        });
        let (key, elem, len) = found?;
        ok.then_some((key, elem, len, mode))
    }

    fn single_index(&mut self, indices: &'a [Expr]) -> Option<&'a Expr> {
        if indices.len() > 1 {
            self.err(indices[1].at(), "InvalidIndex", format!("{INVALID_OP}more than one index"));
        }
        indices.first()
    }

    /// `x[lo:hi:max]`
    pub(super) fn slice_expr(&mut self, e: &'a Expr) -> Operand<'a> {
        let ExprKind::Slice { x: base, lo, hi, max, full } = &e.kind else { return Operand::invalid() };
        let indices = [lo.as_deref(), hi.as_deref(), max.as_deref()];
        let mut x = self.expr(None, base);
        if !x.is_valid() {
            for index in indices.into_iter().flatten() {
                self.use_exprs(std::slice::from_ref(index));
            }
            return x;
        }
        let Some(common) = self.sliced_type(&mut x) else {
            x.invalidate();
            return x;
        };
        if let Some(base) = self.types.pointee(x.ty)
            && !self.is_complete(base)
        {
            x.invalidate();
            return x;
        }
        let mut length: Option<u64> = None;
        let mut valid = true;
        match *self.types.kind(common) {
            TypeKind::Basic(b) if b.is_string() => {
                if *full {
                    let end = Pos(e.span.hi.0.saturating_sub(1));
                    let at = indices[2].map_or(Span::new(end, end), |i| i.at());
                    self.err(at, "InvalidSliceExpr", format!("{INVALID_OP}3-index slice of string"));
                    x.invalidate();
                    return x;
                }
                if let (true, ConstValue::Str(s)) = (x.is_const(), &x.val) {
                    length = Some(s.len() as u64);
                }
                if self.types.is_untyped(x.ty) {
                    let ty = Types::STRING;
                    self.update_operand_type(&x, ty, true);
                    x.ty = ty;
                }
            }
            TypeKind::Array { elem, len } => {
                length = Some(len);
                if x.mode != Mode::Variable {
                    let message = format!("cannot slice unaddressable value {}", self.opstr(&x));
                    self.err(x.span(), "NonSliceableOperand", message);
                    x.invalidate();
                    return x;
                }
                x.ty = self.types.slice(elem);
            }
            TypeKind::Pointer(base) => match *self.types.underlying_kind(base) {
                TypeKind::Array { elem, len } => {
                    length = Some(len);
                    x.ty = self.types.slice(elem);
                }
                _ => valid = false,
            },
            TypeKind::Slice(_) => {}
            _ => valid = false,
        }
        if !valid {
            let message = format!("cannot slice {}", self.opstr(&x));
            self.err(x.span(), "NonSliceableOperand", message);
            x.invalidate();
            return x;
        }
        x.mode = Mode::Value;
        if *full && (hi.is_none() || max.is_none()) {
            // The parser reported the missing index.
            x.invalidate();
            return x;
        }
        let mut known: [Option<u64>; 3] = [None; 3];
        for (i, index) in indices.into_iter().enumerate() {
            known[i] = match index {
                Some(index) => self.index(index, length.map(|l| l + 1)).1,
                None if i == 0 => Some(0),
                None => length,
            };
        }
        'check: for i in 0..2 {
            let Some(a) = known[i].filter(|&a| a > 0) else { continue };
            for j in i + 1..3 {
                if let Some(b) = known[j].filter(|&b| b < a) {
                    let at = indices[j].map_or(e.at(), |i| i.at());
                    self.err(at, "SwappedSliceIndices", format!("invalid slice indices: {b} < {a}"));
                    break 'check;
                }
            }
        }
        x
    }

    /// What kind of thing is sliced: string, array, pointer or slice type.
    fn sliced_type(&mut self, x: &mut Operand<'a>) -> Option<TypeId> {
        if !self.types.is_type_param(x.ty) {
            return Some(self.types.underlying(x.ty));
        }
        let bytes = self.types.slice(Types::BYTE);
        let mut common: Option<(TypeId, TypeId)> = None;
        let mut has_string = false;
        let mut problem = None;
        self.types.all_under(x.ty, |tu| {
            let Some((t, mut u)) = tu else {
                problem = Some(format!("no specific type in {}", self.tstr(x.ty)));
                return false;
            };
            if self.types.is_string(u) {
                u = bytes;
                has_string = true;
            }
            match common {
                None => common = Some((t, u)),
                Some((ct, cu)) if !self.types.identical(cu, u) => {
                    problem = Some(format!("{} and {} have different underlying types", self.tstr(ct), self.tstr(t)));
                    return false;
                }
                _ => {}
            }
            true
        });
        if let Some(why) = problem {
            let message = format!("cannot slice {}: {why}", self.opstr(x));
            self.err(x.span(), "NonSliceableOperand", message);
            return None;
        }
        if has_string { Some(Types::STRING) } else { common.map(|(_, u)| u) }
    }

    /// Checks an index below `max`; its type (invalid after an error) and constant value.
    pub(super) fn index(&mut self, e: &'a Expr, max: Option<u64>) -> (TypeId, Option<u64>) {
        let mut x = self.expr(None, e);
        if !self.is_valid_index(&mut x, "InvalidIndex", "index", false) {
            return (Types::INVALID, None);
        }
        if !x.is_const() {
            return (x.ty, None);
        }
        let ConstValue::Int(v) = &x.val else { return (Types::INVALID, None) };
        let v = u64::try_from(v).unwrap_or(0);
        if let Some(max) = max
            && v >= max
        {
            self.index_out_of_bounds(&x, max as i64);
            return (Types::INVALID, None);
        }
        (x.ty, Some(v))
    }

    /// Checks that an operand can be an index, length or the like.
    pub(super) fn is_valid_index(
        &mut self,
        x: &mut Operand<'a>,
        code: &'static str,
        what: &str,
        allow_negative: bool,
    ) -> bool {
        if !x.is_valid() {
            return false;
        }
        self.convert_untyped(x, Types::INT);
        if !x.is_valid() {
            return false;
        }
        let problem = if !self.types.all_integer(x.ty) {
            "must be integer"
        } else if !x.is_const() {
            return true;
        } else if !allow_negative && constant_ops::sign(&x.val) < 0 {
            "must not be negative"
        } else if let Some(v) = constant_ops::representable(&x.val, Basic::Int) {
            x.val = v;
            return true;
        } else {
            "overflows int"
        };
        let message = format!("{INVALID_ARG}{what} {} {problem}", self.opstr(x));
        self.err(x.span(), code, message);
        false
    }
}
