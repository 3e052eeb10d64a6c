//! Untyped values getting a type, conversions, assignability, implementation of interfaces.

use super::Checker;
use super::constant_ops;
use super::operand::Operand;
use crate::syntax::ast::ChanDir;
use crate::types::repr::{Basic, TypeId, TypeKind, Types, UnionTerm};
use crate::types::{ConstValue, Mode};

/// Why a constant cannot have a type.
const TRUNCATED: &str = "TruncatedFloat";
const OVERFLOW: &str = "NumericOverflow";

impl<'a> Checker<'a> {
    /// Rounds a constant to a type, or reports that it cannot have it.
    pub(super) fn representable(&mut self, x: &mut Operand<'a>, basic: Basic) {
        match self.representation(x, basic) {
            Ok(v) => x.val = v,
            Err(code) => {
                self.invalid_conversion(code, x, TypeId(basic as u32));
                x.invalidate();
            }
        }
    }

    fn representation(&self, x: &Operand<'a>, basic: Basic) -> Result<ConstValue, &'static str> {
        if let Some(v) = constant_ops::representable(&x.val, basic) {
            return Ok(v);
        }
        if self.types.is_numeric(x.ty) && basic.is_numeric() {
            if !self.types.is_integer(x.ty) && basic.is_integer() {
                return Err(TRUNCATED);
            }
            return Err(OVERFLOW);
        }
        Err("InvalidConstVal")
    }

    fn invalid_conversion(&mut self, code: &'static str, x: &Operand<'a>, target: TypeId) {
        let (operand, ty) = (self.opstr(x), self.tstr(target));
        let message = match code {
            TRUNCATED => format!("{operand} truncated to {ty}"),
            OVERFLOW => format!("{operand} overflows {ty}"),
            _ => format!("cannot convert {operand} to type {ty}"),
        };
        self.err(x.span(), code, message);
    }

    /// Gives an untyped operand a type; reports if it cannot have it.
    pub(super) fn convert_untyped(&mut self, x: &mut Operand<'a>, target: TypeId) {
        match self.implicit_type_and_value(x, target) {
            Err(code) => {
                let shown = if self.types.is_type_param(target) { target } else { self.types.underlying(target) };
                self.invalid_conversion(code, x, shown);
                x.invalidate();
            }
            Ok((ty, val)) => self.apply_implicit(x, ty, val),
        }
    }

    fn apply_implicit(&mut self, x: &mut Operand<'a>, ty: TypeId, val: Option<ConstValue>) {
        if let Some(v) = val {
            self.update_expr_val(x.node(), &v);
            x.val = v;
        }
        if ty != x.ty {
            x.ty = ty;
            self.update_operand_type(x, ty, false);
        }
    }

    /// The type, and rounded value, that an untyped operand has as a value of type `target`.
    pub(super) fn implicit_type_and_value(
        &self,
        x: &Operand<'a>,
        target: TypeId,
    ) -> Result<(TypeId, Option<ConstValue>), &'static str> {
        const CODE: &str = "InvalidUntypedConversion";
        let t = &self.types;
        if !x.is_valid() || t.is_typed(x.ty) || !t.is_valid(target) {
            return Ok((x.ty, None));
        }
        if t.is_untyped(target) {
            return t.max_type(x.ty, target).map(|m| (m, None)).ok_or(CODE);
        }
        if x.is_nil() {
            return if t.has_nil(target) { Ok((target, None)) } else { Err(CODE) };
        }
        match t.underlying_kind(target) {
            TypeKind::Basic(basic) => {
                if x.is_const() {
                    return self.representation(x, *basic).map(|v| (target, Some(v)));
                }
                let fits = match t.kind(x.ty) {
                    TypeKind::Basic(Basic::UntypedBool) => t.is_boolean(target),
                    TypeKind::Basic(Basic::UntypedString) => t.is_string(target),
                    TypeKind::Basic(b) if b.is_numeric() => t.is_numeric(target),
                    _ => false,
                };
                if fits { Ok((target, None)) } else { Err(CODE) }
            }
            TypeKind::Interface(i) => {
                if t.is_type_param(target) {
                    let fits =
                        t.all_under(target, |tu| tu.is_some_and(|(_, u)| self.implicit_type_and_value(x, u).is_ok()));
                    return if fits { Ok((target, None)) } else { Err(CODE) };
                }
                if !t.type_set(*i).is_all() {
                    return Err(CODE);
                }
                Ok((t.default_type(x.ty), None))
            }
            _ => Err(CODE),
        }
    }

    /// The conversion `T(x)`.
    pub(super) fn conversion(&mut self, x: &mut Operand<'a>, target: TypeId) {
        let const_arg = x.is_const();
        let mut cause = String::new();
        let ok = if const_arg && self.types.is_const_type(target) {
            match self.const_convertible(x, target) {
                Some(v) => {
                    x.val = v;
                    true
                }
                None if self.types.is_integer(x.ty) && self.types.is_integer(target) => {
                    let value = constant_ops::format(&x.val);
                    let message = format!("constant {value} overflows {}", self.tstr(target));
                    self.err(x.span(), "InvalidConversion", message);
                    x.invalidate();
                    return;
                }
                None => {
                    // As in Go, the value shown is the integer that did not fit.
                    if self.types.is_integer(target)
                        && let Some(v) = constant_ops::to_int(&x.val)
                    {
                        x.val = ConstValue::Int(v);
                    }
                    false
                }
            }
        } else if const_arg && self.types.is_type_param(target) {
            let ok = self.types.all_under(target, |tu| {
                let Some((_, u)) = tu else {
                    cause = format!("{} does not contain specific types", self.tstr(target));
                    return false;
                };
                if self.types.is_string(x.ty) && self.types.is_bytes_or_runes(u) {
                    return true;
                }
                if self.const_convertible(x, u).is_some() {
                    return true;
                }
                let (us, ts) = (self.tstr(u), self.tstr(target));
                cause = if self.types.is_integer(x.ty) && self.types.is_integer(u) {
                    format!("constant {} overflows {us} (in {ts})", constant_ops::format(&x.val))
                } else {
                    format!("cannot convert {} to type {us} (in {ts})", self.opstr(x))
                };
                false
            });
            x.mode = Mode::Value;
            ok
        } else if self.convertible_to(x, target, Some(&mut cause)) {
            x.mode = Mode::Value;
            true
        } else {
            false
        };
        if !ok {
            let mut message = format!("cannot convert {} to type {}", self.opstr(x), self.tstr(target));
            if !cause.is_empty() {
                message = format!("{message}: {cause}");
            }
            self.err(x.span(), "InvalidConversion", message);
            x.invalidate();
            return;
        }
        if self.types.is_untyped(x.ty) {
            let mut final_ = target;
            if x.ty == Types::UNTYPED_NIL {
            } else if self.types.is_interface(target) || const_arg && !self.types.is_const_type(target) {
                final_ = self.types.default_type(x.ty);
            } else if x.is_const() && self.types.is_integer(x.ty) && self.types.all_string(target) {
                final_ = x.ty;
            }
            self.update_operand_type(x, final_, true);
        }
        x.ty = target;
    }

    fn const_convertible(&self, x: &Operand<'a>, target: TypeId) -> Option<ConstValue> {
        let TypeKind::Basic(basic) = *self.types.underlying_kind(target) else { return None };
        if let Some(v) = constant_ops::representable(&x.val, basic) {
            return Some(v);
        }
        if self.types.is_integer(x.ty) && basic.is_string() {
            let c = constant_ops::to_int(&x.val)
                .and_then(|v| u32::try_from(&v).ok())
                .and_then(char::from_u32)
                .unwrap_or('\u{fffd}');
            return Some(ConstValue::Str(c.to_string().into_bytes().into()));
        }
        None
    }

    fn convertible_to(&mut self, x: &Operand<'a>, target: TypeId, cause: Option<&mut String>) -> bool {
        self.prepare_methods(x.ty, target);
        self.convertible_in(x, target, cause)
    }

    fn convertible_in(&self, x: &Operand<'a>, target: TypeId, mut cause: Option<&mut String>) -> bool {
        if self.assignable_in(x, target, cause.as_deref_mut()).0 {
            return true;
        }
        let t = &self.types;
        let orig = target;
        let (v, target) = (t.unalias(x.ty), t.unalias(target));
        let (vu, tu) = (t.underlying(v), t.underlying(target));
        let (vp, tp) = (t.is_type_param(v), t.is_type_param(target));
        if !vp && !tp && t.identical_ignore_tags(vu, tu) {
            return true;
        }
        if let (TypeKind::Pointer(a), TypeKind::Pointer(b)) = (t.kind(v), t.kind(target))
            && t.identical_ignore_tags(t.underlying(*a), t.underlying(*b))
            && !t.is_type_param(*a)
            && !t.is_type_param(*b)
        {
            return true;
        }
        let basic = |ty: TypeId| match t.kind(ty) {
            TypeKind::Basic(b) => *b,
            _ => Basic::Invalid,
        };
        let (vb, tb) = (basic(vu), basic(tu));
        if (vb.is_integer() || vb.is_float()) && (tb.is_integer() || tb.is_float())
            || vb.is_complex() && tb.is_complex()
            || (vb.is_integer() || t.is_bytes_or_runes(vu)) && tb.is_string()
            || vb.is_string() && t.is_bytes_or_runes(tu)
        {
            return true;
        }
        let pointerish = |ty: TypeId, b: Basic| b == Basic::Uintptr || matches!(t.kind(ty), TypeKind::Pointer(_));
        if pointerish(vu, vb) && tb == Basic::UnsafePointer || vb == Basic::UnsafePointer && pointerish(tu, tb) {
            return true;
        }
        if let TypeKind::Slice(elem) = *t.kind(vu) {
            match *t.kind(tu) {
                TypeKind::Array { elem: e, .. } if t.identical(elem, e) => {
                    if !self.allow_version(20)
                        && let Some(cause) = cause
                    {
                        *cause = "conversion of slice to array requires go1.20 or later".into();
                    }
                    return self.allow_version(20);
                }
                TypeKind::Pointer(p) => {
                    if let TypeKind::Array { elem: e, .. } = *t.underlying_kind(p)
                        && t.identical(elem, e)
                    {
                        if !self.allow_version(17)
                            && let Some(cause) = cause
                        {
                            *cause = "conversion of slice to array pointer requires go1.17 or later".into();
                        }
                        return self.allow_version(17);
                    }
                }
                _ => {}
            }
        }
        if !vp && !tp {
            return false;
        }
        let mut operand = x.clone();
        let vterms = if vp { t.type_param_terms(v) } else { None };
        let tterms = if tp { t.type_param_terms(target) } else { None };
        if vp && vterms.is_none() || tp && tterms.is_none() {
            return false;
        }
        let single = |ty: TypeId| vec![UnionTerm { tilde: false, ty }];
        let mut explanation = cause.as_deref().cloned().unwrap_or_default();
        for vt in vterms.unwrap_or_else(|| single(x.ty)) {
            operand.ty = vt.ty;
            for tt in tterms.clone().unwrap_or_else(|| single(target)) {
                if self.convertible_in(&operand, tt.ty, Some(&mut explanation)) {
                    continue;
                }
                if let Some(cause) = cause {
                    let from = if vp { format!("{} (in {})", self.tstr(vt.ty), self.tstr(v)) } else { self.tstr(x.ty) };
                    let to =
                        if tp { format!("{} (in {})", self.tstr(tt.ty), self.tstr(target)) } else { self.tstr(orig) };
                    let mut message = format!("cannot convert {from} to type {to}");
                    if !explanation.is_empty() {
                        message = format!("{message}\n\t{explanation}");
                    }
                    *cause = message;
                }
                return false;
            }
        }
        true
    }

    /// Whether a value can be assigned to a variable of type `target`; else why not, and the error's code.
    pub(super) fn assignable_to(
        &mut self,
        x: &Operand<'a>,
        target: TypeId,
        cause: Option<&mut String>,
    ) -> (bool, &'static str) {
        if x.ty == target {
            return (true, "");
        }
        self.prepare_methods(x.ty, target);
        self.assignable_in(x, target, cause)
    }

    fn assignable_in(&self, x: &Operand<'a>, target: TypeId, mut cause: Option<&mut String>) -> (bool, &'static str) {
        const CODE: &str = "IncompatibleAssign";
        let t = &self.types;
        if !x.is_valid() || !t.is_valid(target) || x.ty == target {
            return (true, "");
        }
        let orig = target;
        let (v, target) = (t.unalias(x.ty), t.unalias(target));
        if t.identical(v, target) {
            return (true, "");
        }
        let (vu, tu) = (t.underlying(v), t.underlying(target));
        let (vp, tp) = (t.is_type_param(v), t.is_type_param(target));
        if t.is_untyped(vu) {
            if tp {
                let terms = t.type_param_terms(target);
                let ok = terms
                    .is_some_and(|terms| terms.iter().all(|term| self.implicit_type_and_value(x, term.ty).is_ok()));
                return (ok, CODE);
            }
            return (self.implicit_type_and_value(x, target).is_ok(), CODE);
        }
        if t.identical(vu, tu) && !vp && !tp && (!t.has_name(v) || !t.has_name(target)) {
            return (true, "");
        }
        let is_iface = |ty: TypeId| matches!(t.kind(ty), TypeKind::Interface(_));
        if is_iface(tu) && !tp || t.is_interface_ptr(tu) {
            if self.implements_in(v, target, false, cause.as_deref_mut()) {
                return (true, "");
            }
            if !vp {
                return (false, "InvalidIfaceAssign");
            }
            if let Some(cause) = cause.as_deref_mut() {
                cause.clear();
            }
        }
        if is_iface(vu) && !vp && self.implements_in(target, v, false, None) {
            if let Some(cause) = cause {
                *cause = "need type assertion".into();
            }
            return (false, CODE);
        }
        if let (TypeKind::Chan { dir: ChanDir::Both, elem: a }, TypeKind::Chan { elem: b, .. }) =
            (t.kind(vu), t.kind(tu))
            && t.identical(*a, *b)
        {
            return (!t.has_name(v) || !t.has_name(target), "InvalidChanAssign");
        }
        if !vp && !tp {
            return (false, CODE);
        }
        let mut explain = |inner: &str, message: String| {
            if let Some(cause) = cause.as_deref_mut() {
                *cause = if inner.is_empty() { message } else { format!("{message}\n\t{inner}") };
            }
        };
        if !t.has_name(v) && tp {
            let Some(terms) = t.type_param_terms(target) else { return (false, CODE) };
            for term in terms {
                let mut inner = String::new();
                let (ok, code) = self.assignable_in(x, term.ty, Some(&mut inner));
                if !ok {
                    let (a, b, c) = (self.tstr(x.ty), self.tstr(term.ty), self.tstr(target));
                    explain(&inner, format!("cannot assign {a} to {b} (in {c})"));
                    return (false, code);
                }
            }
            return (true, "");
        }
        if vp && !t.has_name(target) {
            let Some(terms) = t.type_param_terms(v) else { return (false, CODE) };
            let mut operand = x.clone();
            for term in terms {
                operand.ty = term.ty;
                let mut inner = String::new();
                let (ok, code) = self.assignable_in(&operand, target, Some(&mut inner));
                if !ok {
                    let (a, b, c) = (self.tstr(term.ty), self.tstr(v), self.tstr(orig));
                    explain(&inner, format!("cannot assign {a} (in {b}) to {c}"));
                    return (false, code);
                }
            }
            return (true, "");
        }
        (false, CODE)
    }
}
