//! Untyped values getting a type, conversions, assignability, implementation of interfaces.

use super::Checker;
use super::constant_ops;
use super::operand::Operand;
use crate::syntax::ast::ChanDir;
use crate::types::lookup::{Found, Lookup};
use crate::types::object::ObjId;
use crate::types::repr::{Basic, Method, NamedId, TypeId, TypeKind, Types, UnionTerm};
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
        let (v, target) = (t.unalias(x.ty), t.unalias(target));
        let (vu, tu) = (t.underlying(v), t.underlying(target));
        let (vp, tp) = (t.is_type_param(v), t.is_type_param(target));
        if !vp && !tp {
            if t.identical_ignore_tags(vu, tu) {
                return true;
            }
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
                TypeKind::Array { elem: e, .. } if t.identical(elem, e) => return true,
                TypeKind::Pointer(p) => {
                    if let TypeKind::Array { elem: e, .. } = *t.underlying_kind(p)
                        && t.identical(elem, e)
                    {
                        return true;
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
        for vt in vterms.unwrap_or_else(|| single(x.ty)) {
            operand.ty = vt.ty;
            for tt in tterms.clone().unwrap_or_else(|| single(target)) {
                let mut inner = String::new();
                if self.convertible_in(&operand, tt.ty, Some(&mut inner)) {
                    continue;
                }
                if let Some(cause) = cause {
                    let from = if vp { format!("{} (in {})", self.tstr(vt.ty), self.tstr(v)) } else { self.tstr(x.ty) };
                    let to =
                        if tp { format!("{} (in {})", self.tstr(tt.ty), self.tstr(target)) } else { self.tstr(target) };
                    let mut message = format!("cannot convert {from} to type {to}");
                    if !inner.is_empty() {
                        message = format!("{message}\n\t{inner}");
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
        if !vp && !tp && (!t.has_name(v) || !t.has_name(target)) && t.identical(vu, tu) {
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

    /// Whether `v` implements (or, as a type argument, satisfies) the interface `t`.
    pub(super) fn implements(&mut self, v: TypeId, t: TypeId, constraint: bool, cause: Option<&mut String>) -> bool {
        self.prepare_methods(v, t);
        self.implements_in(v, t, constraint, cause)
    }

    fn implements_in(&self, v: TypeId, t: TypeId, constraint: bool, cause: Option<&mut String>) -> bool {
        let types = &self.types;
        let (vu, tu) = (types.underlying(v), types.underlying(t));
        if !types.is_valid(vu) || !types.is_valid(tu) {
            return true;
        }
        if let TypeKind::Pointer(base) = *types.kind(vu)
            && !types.is_valid(types.underlying(base))
        {
            return true;
        }
        let verb = if constraint { "satisfy" } else { "implement" };
        let TypeKind::Interface(ti) = *types.kind(tu) else {
            if let Some(cause) = cause {
                let detail = if types.is_interface_ptr(tu) {
                    self.interface_ptr_error(t)
                } else {
                    format!("{} is not an interface", self.tstr(t))
                };
                *cause = format!("{} does not {verb} {} ({detail})", self.tstr(v), self.tstr(t));
            }
            return false;
        };
        let tset = types.type_set(ti);
        if tset.is_all() {
            return true;
        }
        let vset = match *types.kind(vu) {
            TypeKind::Interface(i) => Some(types.type_set(i)),
            _ => None,
        };
        if vset.as_ref().is_some_and(|s| s.is_empty()) {
            return true;
        }
        if tset.is_empty() {
            if let Some(cause) = cause {
                *cause = format!("cannot {verb} {} (empty type set)", self.tstr(t));
            }
            return false;
        }
        let mut inner = String::new();
        let want_cause = cause.is_some();
        if !self.has_all_methods_quiet(v, t, true, want_cause.then_some(&mut inner)) {
            if let Some(cause) = cause {
                *cause = format!("{} does not {verb} {} {inner}", self.tstr(v), self.tstr(t));
            }
            return false;
        }
        let comparability = |cause: Option<&mut String>| {
            if !types.type_set_comparable(&tset, &mut Vec::new())
                || types.comparable_type(v, false)
                || constraint && types.comparable_type(v, true)
            {
                return true;
            }
            if let Some(cause) = cause {
                *cause = format!("{} does not {verb} comparable", self.tstr(v));
            }
            false
        };
        let Some(terms) = tset.specific() else { return comparability(cause) };
        if let Some(vset) = vset {
            if !types.terms_subset(vset.terms.as_deref(), Some(terms)) {
                if let Some(cause) = cause {
                    *cause = format!("{} does not {verb} {}", self.tstr(v), self.tstr(t));
                }
                return false;
            }
            return comparability(cause);
        }
        if !terms.iter().any(|term| types.term_includes(*term, v)) {
            if let Some(cause) = cause {
                let alt = terms.iter().find(|term| {
                    !term.tilde
                        && types.identical(term.ty, types.underlying(term.ty))
                        && types.term_includes(UnionTerm { tilde: true, ty: term.ty }, v)
                });
                let (vs, ts) = (self.tstr(v), self.tstr(t));
                let detail = if let Some(alt) = alt {
                    format!("possibly missing ~ for {} in {ts}", self.tstr(alt.ty))
                } else if self.mentions(tu, v) {
                    format!("{ts} mentions {vs}, but {vs} is not in the type set of {ts}")
                } else {
                    let list: Vec<String> = terms.iter().map(|t| self.term_string(*t)).collect();
                    format!("{vs} missing in {}", list.join(" | "))
                };
                *cause = format!("{vs} does not {verb} {ts} ({detail})");
            }
            return false;
        }
        comparability(cause)
    }

    fn mentions(&self, t: TypeId, ty: TypeId) -> bool {
        match self.types.kind(t) {
            TypeKind::Interface(i) => self.types.interfaces[*i].embeds.iter().any(|&(e, _)| self.mentions(e, ty)),
            TypeKind::Union(terms) => terms.iter().any(|u| self.mentions(u.ty, ty)),
            _ => self.types.identical(t, ty),
        }
    }

    pub(super) fn interface_ptr_error(&self, t: TypeId) -> String {
        let param = self.types.pointee(t).is_some_and(|base| self.types.is_type_param(base));
        if param {
            format!("type {} is pointer to type parameter, not type parameter", self.tstr(t))
        } else {
            format!("type {} is pointer to interface, not interface", self.tstr(t))
        }
    }

    /// Whether `v` has all methods of interface `t`, resolving those that are not resolved yet.
    pub(super) fn has_all_methods(&mut self, v: TypeId, t: TypeId, static_: bool, cause: &mut String) -> bool {
        self.resolve_methods(v, t);
        self.has_all_methods_quiet(v, t, static_, Some(cause))
    }

    /// Resolves what the questions "does `v` implement `t`" and the reverse need to know.
    fn prepare_methods(&mut self, v: TypeId, t: TypeId) {
        for (v, t) in [(v, t), (t, v)] {
            if !matches!(self.types.underlying_kind(t), TypeKind::Interface(_)) {
                continue;
            }
            self.resolve_methods(v, t);
            for ty in [v, t] {
                if self.types.is_type_param(ty) {
                    for term in self.types.type_param_terms(ty).unwrap_or_default() {
                        let (v, t) = if ty == v { (term.ty, t) } else { (v, term.ty) };
                        self.resolve_methods(v, t);
                    }
                }
            }
        }
    }

    /// Resolves the methods of `v` that interface `t` asks for.
    pub(super) fn resolve_methods(&mut self, v: TypeId, t: TypeId) {
        let TypeKind::Interface(i) = *self.types.underlying_kind(t) else { return };
        if matches!(self.types.underlying_kind(v), TypeKind::Interface(_)) {
            return;
        }
        for m in self.types.type_set(i).methods.clone().iter() {
            for fold in [false, true] {
                if let Lookup::Found { what: Found::Method { obj, recv }, .. } =
                    self.types.lookup_impl(&self.objs, v, true, m.pkg, m.name, fold)
                {
                    self.method_type(obj, recv);
                    break;
                }
            }
        }
    }

    /// The type of a method of a defined type, resolved, and instantiated for an instance.
    pub(super) fn method_type(&mut self, obj: ObjId, recv: NamedId) -> TypeId {
        if self.objs[obj].ty == Types::UNRESOLVED {
            self.obj_decl(obj);
        }
        let ty = self.objs[obj].ty;
        if self.types.named[recv].origin.is_none() {
            return ty;
        }
        if let Some(&ty) = self.inst_methods.get(&(obj, recv)) {
            return ty;
        }
        let targs = self.types.named[recv].targs.clone();
        let tparams = self.info.recv_tparams.get(&obj).cloned().unwrap_or_default();
        if tparams.len() != targs.len() {
            return ty;
        }
        let map = self.types.subst_map(&tparams, &targs);
        let ty = self.types.subst(ty, &map);
        self.inst_methods.insert((obj, recv), ty);
        ty
    }

    /// As [`method_type`](Self::method_type), if that was found before.
    fn method_sig_of(&self, obj: ObjId, recv: NamedId) -> Option<TypeId> {
        if self.types.named[recv].origin.is_some()
            && let Some(&ty) = self.inst_methods.get(&(obj, recv))
        {
            return Some(ty);
        }
        let ty = self.objs[obj].ty;
        (ty != Types::UNRESOLVED).then_some(ty)
    }

    fn has_all_methods_quiet(&self, v: TypeId, t: TypeId, static_: bool, cause: Option<&mut String>) -> bool {
        if !self.types.is_valid(v) {
            return true;
        }
        self.missing_method(v, t, static_, cause, &mut |types, a, b| types.identical(a, b)).is_none()
            || self.has_invalid_embedded_fields(v, &mut Vec::new())
    }

    fn has_invalid_embedded_fields(&self, t: TypeId, seen: &mut Vec<TypeId>) -> bool {
        let t = match self.types.pointee(t) {
            Some(base) if self.types.as_struct(base).is_some() => base,
            _ => t,
        };
        let under = self.types.underlying(t);
        if let TypeKind::Struct(s) = self.types.kind(under)
            && !seen.contains(&under)
        {
            seen.push(under);
            return s
                .fields
                .iter()
                .any(|f| f.embedded && (!self.types.is_valid(f.ty) || self.has_invalid_embedded_fields(f.ty, seen)));
        }
        false
    }

    /// The first method of interface `t` that `v` lacks.
    pub(super) fn missing_method(
        &self,
        v: TypeId,
        t: TypeId,
        static_: bool,
        cause: Option<&mut String>,
        equivalent: &mut dyn FnMut(&Types, TypeId, TypeId) -> bool,
    ) -> Option<Method> {
        let TypeKind::Interface(ti) = *self.types.underlying_kind(t) else { return None };
        let methods = self.types.type_set(ti).methods.clone();
        if methods.is_empty() {
            return None;
        }
        if let TypeKind::Interface(vi) = *self.types.underlying_kind(v) {
            let set = self.types.type_set(vi);
            for m in methods.iter() {
                let found =
                    set.methods.iter().find(|f| crate::types::identical::same_name(f.name, f.pkg, m.name, m.pkg));
                match found {
                    None if !static_ => {}
                    None => {
                        if let Some(cause) = cause {
                            *cause = self.not_found_cause(v, t, m);
                        }
                        return Some(m.clone());
                    }
                    Some(f) if !equivalent(&self.types, f.sig, m.sig) => {
                        if let Some(cause) = cause {
                            *cause = self.wrong_signature_cause(m, f.sig);
                        }
                        return Some(m.clone());
                    }
                    Some(_) => {}
                }
            }
            return None;
        }
        for m in methods.iter() {
            let lookup = self.types.lookup_impl(&self.objs, v, false, m.pkg, m.name, false);
            let text = match lookup {
                Lookup::Found { what: Found::Method { obj, recv }, .. } => {
                    let Some(sig) = self.method_sig_of(obj, recv) else { continue };
                    if equivalent(&self.types, sig, m.sig) {
                        continue;
                    }
                    cause.is_some().then(|| self.wrong_signature_cause(m, sig))
                }
                Lookup::Found { what: Found::InterfaceMethod { method, .. }, .. } => {
                    if equivalent(&self.types, method.sig, m.sig) {
                        continue;
                    }
                    cause.is_some().then(|| self.wrong_signature_cause(m, method.sig))
                }
                Lookup::Found { what: Found::Field(_), .. } => {
                    cause.is_some().then(|| format!("({}.{} is a field, not a method)", self.tstr(v), m.name))
                }
                Lookup::Ambiguous => {
                    cause.is_some().then(|| format!("(ambiguous selector {}.{})", self.tstr(v), m.name))
                }
                Lookup::NeedsPointer => cause.is_some().then(|| format!("(method {} has pointer receiver)", m.name)),
                Lookup::NotFound => cause.is_some().then(|| {
                    let alt = self.types.lookup_impl(&self.objs, v, false, m.pkg, m.name, true);
                    let (name, sig) = match alt {
                        Lookup::Found { what: Found::Method { obj, recv }, .. } => {
                            (self.objs[obj].name, self.method_sig_of(obj, recv).unwrap_or(m.sig))
                        }
                        Lookup::Found { what: Found::InterfaceMethod { method, .. }, .. } => (method.name, method.sig),
                        _ => return self.not_found_cause(v, t, m),
                    };
                    if name == m.name {
                        return format!("(unexported method {})", m.name);
                    }
                    format!(
                        "(missing method {})\n\t\thave {}\n\t\twant {}",
                        m.name,
                        self.method_string(name, sig, false),
                        self.method_string(m.name, m.sig, false)
                    )
                }),
            };
            if let (Some(cause), Some(text)) = (cause, text) {
                *cause = text;
            }
            return Some(m.clone());
        }
        None
    }

    fn not_found_cause(&self, v: TypeId, t: TypeId, m: &Method) -> String {
        if self.types.is_interface_ptr(v) {
            format!("({})", self.interface_ptr_error(v))
        } else if self.types.is_interface_ptr(t) {
            format!("({})", self.interface_ptr_error(t))
        } else {
            format!("(missing method {})", m.name)
        }
    }

    fn wrong_signature_cause(&self, m: &Method, have: TypeId) -> String {
        let mut fs = self.method_string(m.name, have, false);
        let mut ms = self.method_string(m.name, m.sig, false);
        if fs == ms {
            fs = self.method_string(m.name, have, true);
            ms = self.method_string(m.name, m.sig, true);
        }
        if fs == ms {
            return format!("(wrong type for method {})", m.name);
        }
        format!("(wrong type for method {})\n\t\thave {fs}\n\t\twant {ms}", m.name)
    }
}
