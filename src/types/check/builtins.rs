//! Predeclared functions and those of package unsafe.

use super::Checker;
use super::call::Call;
use super::constant_ops;
use super::expr::Kind;
use super::format::{INVALID_ARG, INVALID_OP};
use super::operand::Operand;
use crate::syntax::ast::{BinOp, ChanDir, ExprKind};
use crate::types::repr::{Basic, Param, Signature, TypeId, TypeKind, Types};
use crate::types::universe::builtin_info;
use crate::types::{Builtin, ConstValue, Mode};
use num_traits::Zero;

/// Whether a call of the function may be a statement.
pub(super) fn builtin_kind(b: Builtin) -> Kind {
    match b {
        Builtin::Clear
        | Builtin::Close
        | Builtin::Copy
        | Builtin::Delete
        | Builtin::Panic
        | Builtin::Print
        | Builtin::Println
        | Builtin::Recover => Kind::Statement,
        _ => Kind::Expression,
    }
}

impl<'a> Checker<'a> {
    /// Checks a call of a built-in; `x` becomes its result. False after an error.
    pub(super) fn builtin(&mut self, x: &mut Operand<'a>, call: &Call<'a>, id: Builtin) -> bool {
        let (name, min_args, variadic) = builtin_info(id);
        if call.spread && id != Builtin::Append {
            let message = format!("{INVALID_OP}invalid use of ... with built-in {name}");
            self.err(call.expr.at(), "InvalidDotDotDot", message);
            self.use_exprs(call.args);
            return false;
        }
        // Calls in the argument of len and cap decide whether the result is constant.
        let saved = self.env.has_call_or_recv;
        let is_len = matches!(id, Builtin::Len | Builtin::Cap);
        if is_len {
            self.env.has_call_or_recv = false;
        }
        let ok = self.builtin_args(x, call, id, name, min_args, variadic);
        if is_len {
            self.env.has_call_or_recv = saved;
        }
        ok
    }

    fn builtin_args(
        &mut self,
        x: &mut Operand<'a>,
        call: &Call<'a>,
        id: Builtin,
        name: &str,
        min_args: usize,
        variadic: bool,
    ) -> bool {
        let mut args: Vec<Operand<'a>> = Vec::new();
        let nargs = if matches!(id, Builtin::Make | Builtin::New | Builtin::UnsafeOffsetof) {
            call.args.len()
        } else {
            args = self.expr_list(call.args);
            if args.iter().any(|a| !a.is_valid()) {
                return false;
            }
            if let Some(first) = args.first() {
                *x = first.clone();
            }
            args.len()
        };
        let problem = if nargs < min_args {
            "not enough"
        } else if !variadic && nargs > min_args {
            "too many"
        } else {
            ""
        };
        if !problem.is_empty() {
            let text = self.estr(call.expr);
            let message = format!("{INVALID_OP}{problem} arguments for {text} (expected {min_args}, found {nargs})");
            self.err(call.expr.at(), "WrongArgCount", message);
            return false;
        }
        match id {
            Builtin::Append => self.builtin_append(x, call, &mut args),
            Builtin::Len | Builtin::Cap => self.builtin_len(x, call, id, name),
            Builtin::Clear => {
                self.verify_version(call.fun.at(), 21, |_| "clear".into());
                let ok = self.types.all_under(x.ty, |tu| {
                    tu.is_some_and(|(_, u)| matches!(self.types.kind(u), TypeKind::Map { .. } | TypeKind::Slice(_)))
                });
                if !ok {
                    let message = format!(
                        "{INVALID_ARG}cannot clear {}: argument must be (or constrained by) map or slice",
                        self.opstr(x)
                    );
                    self.err(x.span(), "InvalidClear", message);
                    return false;
                }
                self.no_value(x, call, &[x.ty]);
                true
            }
            Builtin::Close => {
                let mut recv_only = false;
                let ok = self.types.all_under(x.ty, |tu| match tu.map(|(_, u)| self.types.kind(u)) {
                    Some(TypeKind::Chan { dir: ChanDir::Recv, .. }) => {
                        recv_only = true;
                        false
                    }
                    Some(TypeKind::Chan { .. }) => true,
                    _ => false,
                });
                if !ok {
                    let what = if recv_only { "receive-only" } else { "non-channel" };
                    let what = if recv_only { format!("{what} channel") } else { what.to_string() };
                    let message = format!("{INVALID_OP}cannot close {what} {}", self.opstr(x));
                    self.err(x.span(), "InvalidClose", message);
                    return false;
                }
                self.no_value(x, call, &[x.ty]);
                true
            }
            Builtin::Complex => self.builtin_complex(x, call, &mut args),
            Builtin::Copy => self.builtin_copy(x, call, &args),
            Builtin::Delete => self.builtin_delete(x, call, &mut args),
            Builtin::Real | Builtin::Imag => self.builtin_real(x, call, id),
            Builtin::Make => self.builtin_make(x, call),
            Builtin::Max | Builtin::Min => self.builtin_max(x, call, id, name, &mut args),
            Builtin::New => self.builtin_new(x, call),
            Builtin::Panic => {
                // Only functions with results care where they end.
                if self.env.func.as_ref().is_some_and(|f| !f.results.is_empty()) {
                    self.is_panic.insert(call.expr.id);
                }
                self.assignment(x, Some(Types::EMPTY_INTERFACE), "argument to panic");
                if !x.is_valid() {
                    return false;
                }
                self.no_value(x, call, &[Types::EMPTY_INTERFACE]);
                true
            }
            Builtin::Print | Builtin::Println => {
                let context = format!("argument to built-in {name}");
                let mut types = Vec::new();
                for a in &mut args {
                    self.assignment(a, None, &context);
                    if !a.is_valid() {
                        return false;
                    }
                    types.push(a.ty);
                }
                self.no_value(x, call, &types);
                true
            }
            Builtin::Recover => {
                x.mode = Mode::Value;
                x.ty = Types::EMPTY_INTERFACE;
                self.record_builtin(call, Some(x.ty), &[]);
                true
            }
            _ => self.builtin_unsafe(x, call, id, &mut args),
        }
    }

    fn no_value(&mut self, x: &mut Operand<'a>, call: &Call<'a>, params: &[TypeId]) {
        x.mode = Mode::NoValue;
        self.record_builtin(call, None, params);
    }

    /// Records the type a built-in has in this call.
    pub(super) fn record_builtin(&mut self, call: &Call<'a>, result: Option<TypeId>, params: &[TypeId]) {
        let param = |types: &Types, ty: TypeId| Param { name: Default::default(), ty: types.default_type(ty) };
        let sig = Signature {
            tparams: Vec::new(),
            params: params.iter().map(|&t| param(&self.types, t)).collect(),
            results: result.into_iter().map(|t| param(&self.types, t)).collect(),
            variadic: false,
        };
        let ty = self.types.intern(TypeKind::Func(sig.into()));
        let mut f = call.fun;
        loop {
            self.record_type(f, Mode::Builtin, ty, None);
            match &f.kind {
                ExprKind::Paren(inner) => f = inner,
                _ => return,
            }
        }
    }

    /// The element type of a slice argument.
    fn slice_elem(&self, x: &Operand<'a>) -> Result<TypeId, String> {
        let mut elem: Option<TypeId> = None;
        let mut problem = None;
        self.types.all_under(x.ty, |tu| {
            let Some(TypeKind::Slice(e)) = tu.map(|(_, u)| self.types.kind(u)) else {
                problem = Some(if x.is_nil() {
                    "argument must be a slice; have untyped nil".to_string()
                } else {
                    format!("argument must be a slice; have {}", self.opstr(x))
                });
                return false;
            };
            match elem {
                None => elem = Some(*e),
                Some(other) if !self.types.identical(other, *e) => {
                    problem = Some(format!(
                        "mismatched slice element types {} and {} in {}",
                        self.tstr(other),
                        self.tstr(*e),
                        self.opstr(x)
                    ));
                    return false;
                }
                _ => {}
            }
            true
        });
        match problem {
            Some(why) => Err(why),
            None => Ok(elem.unwrap_or(Types::INVALID)),
        }
    }

    /// Whether all types are strings or byte slices, with a string among them.
    fn bytes_or_string(&self, ty: TypeId) -> (bool, bool) {
        let mut has_string = false;
        let ok = self.types.all_under(ty, |tu| {
            let Some((_, u)) = tu else { return false };
            if let TypeKind::Slice(e) = *self.types.kind(u)
                && self.types.identical(e, Types::UINT8)
            {
                return true;
            }
            has_string |= self.types.is_string(u);
            self.types.is_string(u)
        });
        (ok, has_string)
    }

    fn builtin_append(&mut self, x: &mut Operand<'a>, call: &Call<'a>, args: &mut [Operand<'a>]) -> bool {
        let elem = match self.slice_elem(x) {
            Ok(elem) => elem,
            Err(why) => {
                self.err(x.span(), "InvalidAppend", format!("invalid append: {why}"));
                return false;
            }
        };
        let result = x.ty;
        let bytes = self.types.slice(Types::BYTE);
        if args.len() == 2 && call.spread && self.assignable_to(x, bytes, None).0 {
            let (ok, has_string) = self.bytes_or_string(args[1].ty);
            if ok && has_string {
                // append([]byte, string...): an untyped string becomes one.
                if self.types.is_untyped(args[1].ty) {
                    let mut y = args[1].clone();
                    self.convert_untyped(&mut y, Types::STRING);
                    args[1] = y;
                }
                let y = args[1].ty;
                x.mode = Mode::Value;
                self.record_builtin(call, Some(result), &[result, y]);
                return true;
            }
        }
        let rest = self.types.slice(elem);
        let param = |ty| Param { name: Default::default(), ty };
        let sig = Signature {
            tparams: Vec::new(),
            params: vec![param(result), param(rest)],
            results: vec![param(result)],
            variadic: true,
        };
        self.arguments(call, sig.into(), Vec::new(), &[], args, &[]);
        x.mode = Mode::Value;
        x.ty = result;
        self.record_builtin(call, Some(result), &[result, rest]);
        true
    }

    fn builtin_len(&mut self, x: &mut Operand<'a>, call: &Call<'a>, id: Builtin, name: &str) -> bool {
        let is_len = id == Builtin::Len;
        let t = &self.types;
        let under = t.array_ptr_deref(t.underlying(x.ty));
        let mut value = None;
        let ok = match t.kind(under) {
            TypeKind::Basic(b) if b.is_string() && is_len => {
                if let (true, ConstValue::Str(s)) = (x.is_const(), &x.val) {
                    value = Some(ConstValue::int(s.len()));
                }
                true
            }
            TypeKind::Array { len, .. } => {
                if !self.env.has_call_or_recv {
                    value = Some(ConstValue::int(*len));
                }
                true
            }
            TypeKind::Slice(_) | TypeKind::Chan { .. } => true,
            TypeKind::Map { .. } => is_len,
            TypeKind::Interface(_) if t.is_type_param(x.ty) => t.all_under(x.ty, |tu| {
                let Some((_, u)) = tu else { return false };
                match t.kind(t.array_ptr_deref(u)) {
                    TypeKind::Basic(b) => b.is_string() && is_len,
                    TypeKind::Array { .. } | TypeKind::Slice(_) | TypeKind::Chan { .. } => true,
                    TypeKind::Map { .. } => is_len,
                    _ => false,
                }
            }),
            _ => false,
        };
        if !ok {
            if self.types.is_valid(self.types.underlying(x.ty)) {
                let code = if is_len { "InvalidLen" } else { "InvalidCap" };
                let message = format!("{INVALID_ARG}{} for built-in {name}", self.opstr(x));
                self.err(x.span(), code, message);
            }
            return false;
        }
        match value {
            Some(v) => {
                x.mode = Mode::Constant;
                x.val = v;
            }
            None => {
                self.record_builtin(call, Some(Types::INT), &[x.ty]);
                x.mode = Mode::Value;
            }
        }
        x.ty = Types::INT;
        true
    }

    /// Maps the types of an operand of `complex`, `real` or `imag`.
    fn apply_type_func(&mut self, x: &Operand<'a>, f: fn(Basic) -> Option<TypeId>, name: &str) -> Option<TypeId> {
        if self.types.is_type_param(x.ty) {
            let ok = self
                .types
                .all_under(x.ty, |tu| tu.is_some_and(|(t, _)| self.types.basic(t).is_some_and(|b| f(b).is_some())));
            if !ok {
                return None;
            }
            let message = format!(
                "{} not supported as argument to built-in {name} for go1.18 (see go.dev/issue/50937)",
                self.opstr(x)
            );
            self.err(x.span(), "InvalidReal", message);
            return Some(Types::INVALID);
        }
        match self.types.underlying_kind(x.ty) {
            TypeKind::Basic(b) => f(*b),
            _ => None,
        }
    }

    fn builtin_complex(&mut self, x: &mut Operand<'a>, call: &Call<'a>, args: &mut [Operand<'a>]) -> bool {
        let mut y = args[1].clone();
        match (self.types.is_untyped(x.ty), self.types.is_untyped(y.ty)) {
            (true, false) => self.convert_untyped(x, y.ty),
            (false, true) => self.convert_untyped(&mut y, x.ty),
            (true, true) => {
                if x.is_const() && y.is_const() {
                    for a in [&mut *x, &mut y] {
                        let real = constant_ops::to_complex(&a.val).is_none_or(|(_, im)| im.is_zero());
                        if self.types.is_numeric(a.ty) && real {
                            a.ty = Types::UNTYPED_FLOAT;
                        }
                    }
                } else {
                    self.convert_untyped(x, Types::FLOAT64);
                    self.convert_untyped(&mut y, Types::FLOAT64);
                }
            }
            (false, false) => {}
        }
        if !x.is_valid() || !y.is_valid() {
            return false;
        }
        if !self.types.identical(x.ty, y.ty) {
            let message = format!(
                "{INVALID_OP}{} (mismatched types {} and {})",
                self.estr(call.expr),
                self.tstr(x.ty),
                self.tstr(y.ty)
            );
            self.err(x.span(), "InvalidComplex", message);
            return false;
        }
        let result = self.apply_type_func(
            x,
            |b| match b {
                Basic::Float32 => Some(Types::COMPLEX64),
                Basic::Float64 => Some(Types::COMPLEX128),
                Basic::UntypedFloat => Some(Types::UNTYPED_COMPLEX),
                _ => None,
            },
            "complex",
        );
        let Some(result) = result else {
            let message = format!("{INVALID_ARG}arguments have type {}, expected floating-point", self.tstr(x.ty));
            self.err(x.span(), "InvalidComplex", message);
            return false;
        };
        if x.is_const() && y.is_const() {
            x.val = match (constant_ops::real_part(&x.val), constant_ops::real_part(&y.val)) {
                (Some(re), Some(im)) => constant_ops::make_complex(re, im),
                _ => ConstValue::Unknown,
            };
        } else {
            x.mode = Mode::Value;
            self.record_builtin(call, Some(result), &[x.ty, x.ty]);
        }
        x.ty = result;
        true
    }

    fn builtin_real(&mut self, x: &mut Operand<'a>, call: &Call<'a>, id: Builtin) -> bool {
        if self.types.is_untyped(x.ty) {
            if x.is_const() {
                if self.types.is_numeric(x.ty) {
                    x.ty = Types::UNTYPED_COMPLEX;
                }
            } else {
                self.convert_untyped(x, Types::COMPLEX128);
                if !x.is_valid() {
                    return false;
                }
            }
        }
        let is_real = id == Builtin::Real;
        let result = self.apply_type_func(
            x,
            |b| match b {
                Basic::Complex64 => Some(Types::FLOAT32),
                Basic::Complex128 => Some(Types::FLOAT64),
                Basic::UntypedComplex => Some(Types::UNTYPED_FLOAT),
                _ => None,
            },
            if is_real { "real" } else { "imag" },
        );
        let Some(result) = result else {
            let code = if is_real { "InvalidReal" } else { "InvalidImag" };
            let message = format!("{INVALID_ARG}argument has type {}, expected complex type", self.tstr(x.ty));
            self.err(x.span(), code, message);
            return false;
        };
        if x.is_const() {
            x.val = match constant_ops::to_complex(&x.val) {
                Some((re, im)) => constant_ops::make_float(if is_real { re } else { im }),
                None => ConstValue::Unknown,
            };
        } else {
            x.mode = Mode::Value;
            self.record_builtin(call, Some(result), &[x.ty]);
        }
        x.ty = result;
        true
    }

    fn builtin_copy(&mut self, x: &mut Operand<'a>, call: &Call<'a>, args: &[Operand<'a>]) -> bool {
        let dst = match self.slice_elem(x) {
            Ok(elem) => elem,
            Err(why) => {
                self.err(x.span(), "InvalidCopy", format!("invalid copy: {why}"));
                return false;
            }
        };
        let mut y = args[1].clone();
        let bytes = self.types.slice(Types::BYTE);
        let special = self.assignable_to(x, bytes, None).0 && self.bytes_or_string(y.ty).0;
        if !special {
            let src = match self.slice_elem(&y) {
                Ok(elem) => elem,
                Err(why) => {
                    if !self.types.all_string(y.ty) {
                        self.err(y.span(), "InvalidCopy", format!("invalid copy: {why}"));
                        return false;
                    }
                    Types::BYTE
                }
            };
            if !self.types.identical(dst, src) {
                let message = format!(
                    "invalid copy: arguments {} and {} have different element types {} and {}",
                    self.opstr(x),
                    self.opstr(&y),
                    self.tstr(dst),
                    self.tstr(src)
                );
                self.err(x.span(), "InvalidCopy", message);
                return false;
            }
        }
        if self.types.is_untyped(y.ty) {
            self.convert_untyped(&mut y, Types::STRING);
        }
        self.record_builtin(call, Some(Types::INT), &[x.ty, y.ty]);
        x.mode = Mode::Value;
        x.ty = Types::INT;
        true
    }

    fn builtin_delete(&mut self, x: &mut Operand<'a>, call: &Call<'a>, args: &mut [Operand<'a>]) -> bool {
        let map = x.ty;
        let mut key: Option<TypeId> = None;
        let mut different = false;
        let ok = self.types.all_under(map, |tu| {
            let Some(TypeKind::Map { key: k, .. }) = tu.map(|(_, u)| self.types.kind(u)) else { return false };
            if key.is_some_and(|other| !self.types.identical(other, *k)) {
                different = true;
                return false;
            }
            key = Some(*k);
            true
        });
        if !ok {
            let message = if different {
                format!("{INVALID_ARG}maps of {} must have identical key types", self.opstr(x))
            } else {
                format!("{INVALID_ARG}{} is not a map", self.opstr(x))
            };
            self.err(x.span(), "InvalidDelete", message);
            return false;
        }
        *x = args[1].clone();
        self.assignment(x, key, "argument to delete");
        if !x.is_valid() {
            return false;
        }
        self.no_value(x, call, &[map, key.unwrap_or(Types::INVALID)]);
        true
    }

    fn builtin_make(&mut self, x: &mut Operand<'a>, call: &Call<'a>) -> bool {
        let arg = &call.args[0];
        let ty = self.var_type(arg);
        if !self.types.is_valid(ty) {
            return false;
        }
        let under = self.common_under(ty, &|c, tu| match tu.map(|(_, u)| c.types.kind(u)) {
            Some(TypeKind::Slice(_) | TypeKind::Map { .. } | TypeKind::Chan { .. }) => None,
            None => Some("no specific type".into()),
            _ => Some("type must be slice, map, or channel".into()),
        });
        let under = match under {
            Ok(u) => u,
            Err(why) => {
                let message = format!("{INVALID_ARG}cannot make {}: {why}", self.estr(arg));
                self.err(arg.at(), "InvalidMake", message);
                return false;
            }
        };
        let min = if matches!(self.types.kind(under), TypeKind::Slice(_)) { 2 } else { 1 };
        let nargs = call.args.len();
        if nargs < min || min + 1 < nargs {
            let message =
                format!("{INVALID_OP}{} expects {min} or {} arguments; found {nargs}", self.estr(call.expr), min + 1);
            self.err(call.expr.at(), "WrongArgCount", message);
            return false;
        }
        let mut types = vec![ty];
        let mut sizes = Vec::new();
        for arg in &call.args[1..] {
            let (ty, size) = self.index(arg, None);
            types.push(ty);
            sizes.extend(size);
        }
        if let [len, cap] = sizes[..]
            && len > cap
        {
            let message = format!("{INVALID_ARG}length and capacity swapped");
            self.err(call.args[1].at(), "SwappedMakeArgs", message);
        }
        x.mode = Mode::Value;
        x.ty = ty;
        self.record_builtin(call, Some(ty), &types);
        true
    }

    fn builtin_max(
        &mut self,
        x: &mut Operand<'a>,
        call: &Call<'a>,
        id: Builtin,
        name: &str,
        args: &mut [Operand<'a>],
    ) -> bool {
        self.verify_version(call.fun.at(), 21, |_| format!("built-in {name}"));
        let op = if id == Builtin::Max { BinOp::Gt } else { BinOp::Lt };
        for (i, a) in args.iter_mut().enumerate() {
            if !self.types.all_ordered(a.ty) {
                let message = format!("{INVALID_ARG}{} cannot be ordered", self.opstr(a));
                self.err(a.span(), "InvalidMinMaxOperand", message);
                return false;
            }
            if i == 0 {
                continue;
            }
            self.match_types(x, a);
            if !x.is_valid() {
                return false;
            }
            if !self.types.identical(x.ty, a.ty) {
                let message = format!(
                    "{INVALID_ARG}mismatched types {} (previous argument) and {} (type of {})",
                    self.tstr(x.ty),
                    self.tstr(a.ty),
                    self.op_expr(a)
                );
                self.err(a.span(), "MismatchedTypes", message);
                return false;
            }
            if x.is_const() && a.is_const() {
                if constant_ops::compare(&a.val, op, &x.val) {
                    *x = a.clone();
                }
            } else {
                x.mode = Mode::Value;
            }
        }
        if !x.is_const() {
            x.mode = Mode::Value;
            let context = format!("argument to built-in {name}");
            self.assignment(x, Some(Types::EMPTY_INTERFACE), &context);
            if !x.is_valid() {
                return false;
            }
        }
        for a in args.iter() {
            self.update_operand_type(a, x.ty, true);
        }
        if !x.is_const() {
            let types = vec![x.ty; args.len()];
            self.record_builtin(call, Some(x.ty), &types);
        }
        true
    }

    fn builtin_new(&mut self, x: &mut Operand<'a>, call: &Call<'a>) -> bool {
        let arg = &call.args[0];
        *x = self.expr_or_type(arg, false);
        self.exclude_builtin(x);
        match x.mode {
            Mode::Invalid => return false,
            Mode::Type => self.valid_var_type(arg, x.ty),
            _ => {
                self.verify_version(call.fun.at(), 26, |c| format!("new({})", c.estr(arg)));
                if self.types.is_untyped(x.ty) {
                    self.assignment(x, None, "argument to new");
                    if !x.is_valid() {
                        return false;
                    }
                }
            }
        }
        let ty = x.ty;
        x.mode = Mode::Value;
        x.ty = self.types.pointer(ty);
        self.record_builtin(call, Some(x.ty), &[ty]);
        true
    }
}
