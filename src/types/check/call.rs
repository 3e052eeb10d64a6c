//! Calls and conversions written as calls.

use super::expr::{Kind, Target};
use super::operand::Operand;
use super::{Action, Checker};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Ident};
use crate::types::Mode;
use crate::types::info::Instance;
use crate::types::repr::{Param, Signature, TypeId, TypeKind};
use std::rc::Rc;

/// The parts of a call expression.
pub(super) struct Call<'a> {
    pub expr: &'a Expr,
    pub fun: &'a Expr,
    pub args: &'a [Expr],
    pub spread: bool,
}

/// The name that an instantiated function or type expression ends in.
pub(super) fn instantiated_ident(e: &Expr) -> Option<&Ident> {
    match &e.kind {
        ExprKind::Index(x, _) => instantiated_ident(x),
        ExprKind::Paren(x) => instantiated_ident(x),
        ExprKind::Name(name) => Some(name),
        ExprKind::Selector(_, sel) => Some(sel),
        _ => None,
    }
}

impl<'a> Checker<'a> {
    /// A call or conversion.
    pub(super) fn call_expr(&mut self, e: &'a Expr) -> (Operand<'a>, Kind) {
        let ExprKind::Call { fun, args, spread, .. } = &e.kind else {
            return (Operand::invalid(), Kind::Statement);
        };
        let call = Call { expr: e, fun, args, spread: spread.is_some() };
        let mut inst = None;
        let mut x = if let ExprKind::Index(_, targs) = &fun.kind {
            let (mut x, is_func_inst) = self.index_expr(fun);
            if is_func_inst {
                inst = Some(targs.as_slice());
            }
            x.set_expr(fun);
            self.record(&x);
            self.exclude_no_value(&mut x);
            x
        } else {
            self.expr_or_type(fun, true)
        };
        match x.mode {
            Mode::Invalid => {
                self.use_exprs(args);
                x.set_expr(e);
                return (x, Kind::Statement);
            }
            Mode::Type => {
                self.non_generic(None, &mut x);
                if x.is_valid() {
                    let ty = x.ty;
                    x = self.conversion_call(&call, ty);
                }
                x.set_expr(e);
                return (x, Kind::Conversion);
            }
            Mode::Builtin => {
                let Some(id) = x.builtin else { return (x, Kind::Statement) };
                let ok = self.builtin(&mut x, &call, id);
                if !ok {
                    x.invalidate();
                }
                x.set_expr(e);
                if x.is_valid() && !x.is_const() {
                    self.env.has_call_or_recv = true;
                }
                return (x, super::builtins::builtin_kind(id));
            }
            _ => {}
        }
        let common = self.common_under(x.ty, &|c, tu| match tu {
            Some((t, u)) if !matches!(c.types.kind(u), TypeKind::Func(_)) => {
                Some(format!("{} is not a function", c.tstr(t)))
            }
            _ => None,
        });
        let sig_ty = match common {
            Ok(u) => u,
            Err(cause) => {
                let message = format!("invalid operation: cannot call {}: {cause}", self.opstr(&x));
                self.err(x.span(), "InvalidCall", message);
                self.use_exprs(args);
                x.invalidate();
                x.set_expr(e);
                return (x, Kind::Statement);
            }
        };
        let Some(mut sig) = self.signature_of(sig_ty) else { return (Operand::invalid(), Kind::Statement) };
        let was_generic = !sig.tparams.is_empty();
        let mut targs: Vec<TypeId> = Vec::new();
        let mut targ_exprs: &'a [Expr] = &[];
        if let Some(list) = inst {
            let Some(types) = self.type_list(list) else {
                self.use_exprs(args);
                x.invalidate();
                x.set_expr(e);
                return (x, Kind::Statement);
            };
            let (got, want) = (types.len(), sig.tparams.len());
            if got > want {
                let message = format!("got {got} type arguments but want {want}");
                self.err(list[want].at(), "WrongTypeArgCount", message);
                self.use_exprs(args);
                x.invalidate();
                x.set_expr(e);
                return (x, Kind::Statement);
            }
            if got == want && want > 0 {
                self.verify_version(fun.at(), 18, |_| "function instantiation".into());
                sig = self.instantiate_signature(Self::at_pos(fun), fun, &sig, &types, list);
            } else {
                targs = types;
                targ_exprs = list;
            }
        }
        let (mut operands, arg_targs) = self.generic_expr_list(args);
        let sig = self.arguments(&call, sig, targs, targ_exprs, &mut operands, &arg_targs);
        if was_generic && sig.tparams.is_empty() {
            let ty = self.types.intern(TypeKind::Func(sig.clone()));
            self.record_type(fun, Mode::Value, ty, None);
        }
        match sig.results.as_slice() {
            [] => {
                x.mode = Mode::NoValue;
            }
            [one] => {
                x.mode = Mode::Value;
                x.ty = one.ty;
                if !self.is_complete(one.ty) {
                    x.invalidate();
                    x.set_expr(e);
                    return (x, Kind::Statement);
                }
            }
            many => {
                let types: Vec<TypeId> = many.iter().map(|p| p.ty).collect();
                x.mode = Mode::Value;
                x.ty = self.types.tuple(&types);
            }
        }
        x.set_expr(e);
        self.env.has_call_or_recv = true;
        // Inference failed: the result would mention the function's own type parameters.
        if x.mode == Mode::Value && !sig.tparams.is_empty() && self.is_parameterized(&sig.tparams, x.ty) {
            x.invalidate();
        }
        (x, Kind::Statement)
    }

    fn exclude_no_value(&mut self, x: &mut Operand<'a>) {
        self.single_value(x);
    }

    fn conversion_call(&mut self, call: &Call<'a>, ty: TypeId) -> Operand<'a> {
        let mut x = Operand::invalid();
        if !self.is_complete(ty) {
            return x;
        }
        match call.args {
            [] => {
                let message = format!("missing argument in conversion to {}", self.tstr(ty));
                self.err(call.expr.at(), "WrongArgCount", message);
            }
            [arg] => {
                let target = self.new_target(ty, "conversion");
                x = self.expr(target.as_ref(), arg);
                if !x.is_valid() {
                    return x;
                }
                if let TypeKind::Interface(i) = *self.types.underlying_kind(ty)
                    && !self.types.is_type_param(ty)
                    && !self.types.type_set(i).is_method_set()
                {
                    let message = format!(
                        "cannot use interface {} in conversion (contains specific type constraints or is comparable)",
                        self.tstr(ty)
                    );
                    self.err(call.expr.at(), "MisplacedConstraintIface", message);
                    x.invalidate();
                } else if call.spread {
                    let message = format!("invalid use of ... in conversion to {}", self.tstr(ty));
                    self.err(arg.at(), "BadDotDotDotSyntax", message);
                    x.invalidate();
                } else {
                    self.conversion(&mut x, ty);
                }
            }
            [.., last] => {
                self.use_exprs(call.args);
                let message = format!("too many arguments in conversion to {}", self.tstr(ty));
                self.err(last.at(), "WrongArgCount", message);
            }
        }
        x
    }

    /// Values of expressions; of one call, all its results.
    pub(super) fn expr_list(&mut self, list: &'a [Expr]) -> Vec<Operand<'a>> {
        match list {
            [one] => self.multi_expr(one, false).0,
            many => many.iter().map(|e| self.expr(None, e)).collect(),
        }
    }

    /// Arguments, generic functions among them, with type arguments that are given for those.
    fn generic_expr_list(&mut self, list: &'a [Expr]) -> (Vec<Operand<'a>>, Vec<Vec<TypeId>>) {
        let mut operands = Vec::with_capacity(list.len());
        let mut targs = Vec::new();
        for (i, e) in list.iter().enumerate() {
            if let ExprKind::Index(..) = e.kind {
                let (mut x, is_func_inst) = self.index_expr(e);
                if is_func_inst {
                    x.set_expr(e);
                    // Before go1.21, arguments did not take part in each other's inference.
                    let infer = !self.allow_version(21);
                    match self.func_inst(None, &mut x, Some(e), infer) {
                        Some(partial) => {
                            targs.resize(list.len(), Vec::new());
                            targs[i] = partial;
                            x.set_expr(e);
                        }
                        None => self.record(&x),
                    }
                } else {
                    x.set_expr(e);
                    self.record(&x);
                    self.exclude_value_modes(&mut x);
                }
                operands.push(x);
                continue;
            }
            if list.len() == 1 {
                let (mut x, _) = self.raw_expr(None, e, None, true);
                self.exclude_value_modes(&mut x);
                if x.is_valid()
                    && let TypeKind::Tuple(types) = self.types.kind(x.ty).clone()
                {
                    operands.extend(types.iter().map(|&t| Operand::value(e, t)));
                } else {
                    operands.push(x);
                }
            } else {
                operands.push(self.generic_expr(e, None));
            }
        }
        (operands, targs)
    }

    /// Checks arguments against parameters, inferring type arguments; the signature, instantiated.
    pub(super) fn arguments(
        &mut self,
        call: &Call<'a>,
        sig: Rc<Signature>,
        mut targs: Vec<TypeId>,
        targ_exprs: &'a [Expr],
        args: &mut [Operand<'a>],
        arg_targs: &[Vec<TypeId>],
    ) -> Rc<Signature> {
        let nargs = args.len();
        let mut npars = sig.params.len();
        let mut params: Vec<Param> = sig.params.clone();
        if sig.variadic {
            if call.spread {
                if call.args.len() == 1 && nargs > 1 {
                    let message = format!("cannot use ... with {nargs}-valued {}", self.estr(&call.args[0]));
                    self.err(call.expr.at(), "InvalidDotDotDot", message);
                    return sig;
                }
            } else if nargs + 1 >= npars {
                if let Some(last) = params.pop() {
                    let elem = match *self.types.kind(last.ty) {
                        TypeKind::Slice(elem) => elem,
                        _ => last.ty,
                    };
                    while params.len() < nargs {
                        params.push(Param { name: last.name, ty: elem });
                    }
                }
                npars = nargs;
            } else {
                npars -= 1;
            }
        } else if call.spread {
            let message = format!("cannot use ... in call to non-variadic {}", self.estr(call.fun));
            self.err(call.expr.at(), "NonVariadicDotDotDot", message);
            return sig;
        }
        if nargs != npars {
            let (mut at, mut qualifier) = (call.expr.at(), "not enough");
            if nargs > npars {
                at = args[npars].span();
                qualifier = "too many";
            } else if nargs > 0 {
                at = args[nargs - 1].span();
            }
            let have: Vec<TypeId> = args.iter().map(|a| a.ty).collect();
            let want: Vec<TypeId> = sig.params.iter().map(|p| p.ty).collect();
            let more = vec![
                (Span::NONE, format!("have {}", self.types_summary(&have, false, call.spread))),
                (Span::NONE, format!("want {}", self.types_summary(&want, sig.variadic, false))),
            ];
            let message = format!("{qualifier} arguments in call to {}", self.estr(call.fun));
            self.report(at, "WrongArgCount", message, &more);
            return sig;
        }
        let n = sig.tparams.len();
        let mut tparams: Vec<TypeId> = Vec::new();
        let mut slots: Vec<Option<TypeId>> = Vec::new();
        if n > 0 {
            if !self.allow_version(18) {
                match call.fun.kind {
                    ExprKind::Index(..) => self.version_error(call.fun.at(), 18, "function instantiation"),
                    _ => self.version_error(call.fun.at(), 18, "implicit function instantiation"),
                }
            }
            let (fresh, map) = self.rename_tparams(&sig.tparams);
            for p in &mut params {
                p.ty = self.types.subst(p.ty, &map);
            }
            tparams = fresh;
            slots = targs.drain(..).map(Some).collect();
            slots.resize(n, None);
        }
        let mut generic_args: Vec<(usize, usize)> = Vec::new();
        for (i, arg) in args.iter_mut().enumerate() {
            let Some(asig) = self.signature_of(arg.ty).filter(|s| arg.is_valid() && !s.tparams.is_empty()) else {
                continue;
            };
            // New type parameters for the argument, so that two uses do not share them.
            let (fresh, map) = self.rename_tparams(&asig.tparams);
            let mut copy = self.types.subst_signature(&asig, &map);
            copy.tparams.clone_from(&fresh);
            arg.ty = self.types.intern(TypeKind::Func(Rc::new(copy)));
            tparams.extend_from_slice(&fresh);
            slots.extend(arg_targs.get(i).into_iter().flatten().map(|&t| Some(t)));
            slots.resize(tparams.len(), None);
            generic_args.push((i, fresh.len()));
        }
        if let Some(&(i, _)) = generic_args.first() {
            let what = "implicitly instantiated function as argument";
            self.verify_version(args[i].span(), 21, |_| what.into());
        }
        let mut result = sig.clone();
        if !tparams.is_empty() {
            let at = Self::at_pos(call.expr);
            let param_types: Vec<TypeId> = params.iter().map(|p| p.ty).collect();
            let inferred = match self.infer(at, &tparams, slots, &param_types, args, false) {
                Ok(types) => types,
                Err(problem) => {
                    if let Some((at, message)) = problem {
                        let message = format!("in call to {}, {message}", self.estr(call.fun));
                        self.err(at, "CannotInferTypeArgs", message);
                    }
                    return result;
                }
            };
            if n > 0 {
                result = self.instantiate_signature(at, call.fun, &sig, &inferred[..n], targ_exprs);
                let map = self.types.subst_map(&tparams[..n], &inferred[..n]);
                for p in &mut params {
                    p.ty = self.types.subst(p.ty, &map);
                }
            }
            let mut j = n;
            for (i, count) in generic_args {
                let Some(asig) = self.signature_of(args[i].ty) else { continue };
                if let Some(e) = args[i].node() {
                    let inst = self.instantiate_signature(at, e, &asig, &inferred[j..j + count], &[]);
                    args[i].ty = self.types.intern(TypeKind::Func(inst));
                    let arg = args[i].clone();
                    self.record(&arg);
                }
                j += count;
            }
        }
        if !args.is_empty() {
            let quick = args.iter().zip(&params).all(|(a, p)| a.ty == p.ty && a.mode != Mode::NoValue);
            if !quick {
                let context = format!("argument to {}", self.estr(call.fun));
                for (a, p) in args.iter_mut().zip(&params) {
                    self.assignment(a, Some(p.ty), &context);
                }
            }
        }
        result
    }

    /// Instantiates a generic function value: with the type arguments of `inst`, the rest inferred from the
    /// target. Without `infer`, too few arguments are handed back.
    pub(super) fn func_inst(
        &mut self,
        target: Option<&Target>,
        x: &mut Operand<'a>,
        inst: Option<&'a Expr>,
        infer: bool,
    ) -> Option<Vec<TypeId>> {
        let mut targ_exprs: &'a [Expr] = &[];
        let mut targs = Vec::new();
        let mut at = x.node().map_or(Span::NONE, Self::at_pos);
        if let Some(e) = inst
            && let ExprKind::Index(_, list) = &e.kind
        {
            at = Self::at_pos(e);
            x.set_expr(e);
            targ_exprs = list;
            self.verify_version(at, 18, |_| "function instantiation".into());
            match self.type_list(list) {
                Some(types) => targs = types,
                None => {
                    x.invalidate();
                    return None;
                }
            }
        }
        if inst.is_none() {
            self.verify_version(at, 18, |_| "function instantiation".into());
        }
        let Some(sig) = self.types.as_func(x.ty) else {
            x.invalidate();
            return None;
        };
        let (got, want) = (targs.len(), sig.tparams.len());
        if got > want {
            let message = format!("got {got} type arguments but want {want}");
            self.err(targ_exprs[got - 1].at(), "WrongTypeArgCount", message);
            x.invalidate();
            return None;
        }
        if got < want {
            if !infer {
                return Some(targs);
            }
            let (fresh, map) = self.rename_tparams(&sig.tparams);
            let mut params = Vec::new();
            let mut args = Vec::new();
            if let Some(target) = target {
                if self.allow_version(18) {
                    let how = if inst.is_some() { "partially" } else { "implicitly" };
                    self.verify_version(at, 21, |_| format!("{how} instantiated function in assignment"));
                }
                let plain = Signature { tparams: Vec::new(), ..(*sig).clone() };
                let plain = self.types.intern(TypeKind::Func(Rc::new(plain)));
                params.push(self.types.subst(plain, &map));
                args.push(Operand::named(&target.desc, x.span(), target.sig));
            }
            let mut slots: Vec<Option<TypeId>> = targs.into_iter().map(Some).collect();
            slots.resize(want, None);
            match self.infer(at, &fresh, slots, &params, &mut args, true) {
                Ok(types) => targs = types,
                Err(problem) => {
                    if let Some((at, message)) = problem {
                        self.err(at, "CannotInferTypeArgs", message);
                    }
                    x.invalidate();
                    return None;
                }
            }
        }
        let at = x.node().map_or(at, Self::at_pos);
        if let Some(e) = x.node() {
            let inst = self.instantiate_signature(at, e, &sig, &targs, targ_exprs);
            x.ty = self.types.intern(TypeKind::Func(inst));
        }
        x.mode = Mode::Value;
        None
    }

    /// The signature with type arguments; records the instance and has them verified later.
    pub(super) fn instantiate_signature(
        &mut self,
        at: Span,
        e: &'a Expr,
        sig: &Rc<Signature>,
        targs: &[TypeId],
        targ_exprs: &'a [Expr],
    ) -> Rc<Signature> {
        let map = self.types.subst_map(&sig.tparams, targs);
        let mut inst = self.types.subst_signature(sig, &map);
        inst.tparams = Vec::new();
        let inst = Rc::new(inst);
        let ty = self.types.intern(TypeKind::Func(inst.clone()));
        if let Some(name) = instantiated_ident(e) {
            self.info.instances.insert(name.id, Instance { targs: targs.to_vec(), ty });
        }
        self.later(Action::FuncInstance {
            span: at,
            tparams: sig.tparams.clone(),
            targs: targs.to_vec(),
            args: targ_exprs,
        });
        inst
    }

    /// Excludes everything that is not a value.
    fn exclude_value_modes(&mut self, x: &mut Operand<'a>) {
        let (text, code) = match x.mode {
            Mode::NoValue => ("used as value", "TooManyValues"),
            Mode::Builtin => ("must be called", "UncalledBuiltin"),
            Mode::Type => ("is not an expression", "NotAnExpr"),
            _ => return,
        };
        let message = format!("{} {text}", self.opstr(x));
        self.err(x.span(), code, message);
        x.invalidate();
    }
}
