//! Assignments and initialisation of variables.

use super::expr::Target;
use super::format::measure;
use super::operand::Operand;
use super::resolve::unparen;
use super::{Checker, ScopeId};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind};
use crate::types::object::{ObjId, ObjKind, VarKind};
use crate::types::repr::{TypeId, TypeKind, Types};
use crate::types::{ConstValue, Mode};

impl<'a> Checker<'a> {
    /// Checks that a value can be assigned to a variable of type `target`, or to a new one; converts
    /// untyped values.
    pub(super) fn assignment(&mut self, x: &mut Operand<'a>, target: Option<TypeId>, context: &str) {
        self.single_value(x);
        match x.mode {
            Mode::Invalid => return,
            Mode::Nil | Mode::Constant | Mode::Variable | Mode::MapIndex | Mode::Value | Mode::CommaOk => {}
            _ => {
                let ty = target.map_or("<nil>".into(), |t| self.tstr(t));
                let message = format!("cannot assign {} to {ty} in {context}", self.opstr(x));
                self.err(x.span(), "IncompatibleAssign", message);
                x.invalidate();
                return;
            }
        }
        if self.types.is_untyped(x.ty) {
            let mut to = target;
            if x.is_nil() {
                if target.is_none() {
                    self.err(x.span(), "UntypedNilUse", format!("use of untyped nil in {context}"));
                    x.invalidate();
                    return;
                }
            } else if target.is_none_or(|t| self.types.is_interface(t)) {
                to = Some(self.types.default_type(x.ty));
            }
            let to = to.unwrap_or(Types::INVALID);
            match self.implicit_type_and_value(x, to) {
                Err(mut code) => {
                    let mut message = format!("cannot use {} as {} value in {context}", self.opstr(x), self.tstr(to));
                    match code {
                        "TruncatedFloat" => message.push_str(" (truncated)"),
                        "NumericOverflow" => message.push_str(" (overflows)"),
                        _ => code = "IncompatibleAssign",
                    }
                    self.err(x.span(), code, message);
                    x.invalidate();
                    return;
                }
                Ok((ty, val)) => {
                    if let Some(v) = val {
                        self.update_expr_val(x.node(), &v);
                        x.val = v;
                    }
                    if ty != x.ty {
                        x.ty = ty;
                        self.update_operand_type(x, ty, false);
                    }
                }
            }
        }
        if let TypeKind::Func(sig) = self.types.kind(x.ty)
            && !sig.tparams.is_empty()
        {
            let goal = target.and_then(|t| self.new_target(t, context));
            self.non_generic(goal.as_ref(), x);
        } else {
            self.non_generic(None, x);
        }
        if !x.is_valid() {
            return;
        }
        let Some(target) = target else { return };
        if x.ty == target {
            return;
        }
        let mut cause = String::new();
        let (ok, code) = self.assignable_to(x, target, Some(&mut cause));
        if !ok {
            let mut message = format!("cannot use {} as {} value in {context}", self.opstr(x), self.tstr(target));
            if !cause.is_empty() {
                message = format!("{message}: {cause}");
            }
            self.err(x.span(), code, message);
            x.invalidate();
        }
    }

    /// Initialises a variable, which takes the value's type if it has none yet.
    pub(super) fn init_var(&mut self, lhs: ObjId, x: &mut Operand<'a>, context: &str) {
        let ty = self.objs[lhs].ty;
        let unset = ty == Types::UNRESOLVED;
        if !x.is_valid() || !self.types.is_valid(x.ty) || (!unset && !self.types.is_valid(ty)) {
            if unset {
                self.objs[lhs].ty = Types::INVALID;
            }
            x.invalidate();
            return;
        }
        if unset {
            let mut ty = x.ty;
            if self.types.is_untyped(ty) {
                if ty == Types::UNTYPED_NIL {
                    self.err(x.span(), "UntypedNilUse", format!("use of untyped nil in {context}"));
                    self.objs[lhs].ty = Types::INVALID;
                    x.invalidate();
                    return;
                }
                ty = self.types.default_type(ty);
            }
            self.objs[lhs].ty = ty;
        }
        let ty = self.objs[lhs].ty;
        self.assignment(x, Some(ty), context);
    }

    /// The type of what is assigned to; `None` for the blank identifier, invalid after an error.
    fn lhs_var(&mut self, lhs: &'a Expr) -> Option<TypeId> {
        let name = match &unparen(lhs).kind {
            ExprKind::Name(name) => Some(name),
            _ => None,
        };
        if name.is_some_and(|n| n.name.is_blank()) {
            return None;
        }
        // Assigning to a variable does not use it.
        let var = name.and_then(|n| self.lookup(n.name)).filter(|&obj| self.is_own_var(obj));
        let used = var.is_some_and(|v| self.used_vars.contains(&v));
        let x = self.expr(None, lhs);
        if let Some(v) = var
            && !used
        {
            self.used_vars.remove(&v);
        }
        if !x.is_valid() || !self.types.is_valid(x.ty) {
            return Some(Types::INVALID);
        }
        if !matches!(x.mode, Mode::Variable | Mode::MapIndex) {
            if let Some(ExprKind::Selector(inner, _)) = x.node().map(|e| &e.kind) {
                let op = self.expr(None, inner);
                if op.mode == Mode::MapIndex {
                    let message = format!("cannot assign to struct field {} in map", self.op_expr(&x));
                    self.err(x.span(), "UnaddressableFieldAssign", message);
                    return Some(Types::INVALID);
                }
            }
            let message =
                format!("cannot assign to {} (neither addressable nor a map index expression)", self.op_expr(&x));
            self.err(x.span(), "UnassignableOperand", message);
            return Some(Types::INVALID);
        }
        Some(x.ty)
    }

    /// `lhs = rhs`, or `lhs =` the operand.
    pub(super) fn assign_var(
        &mut self,
        lhs: &'a Expr,
        rhs: Option<&'a Expr>,
        x: Option<&mut Operand<'a>>,
        context: &str,
    ) {
        let ty = self.lhs_var(lhs);
        if ty == Some(Types::INVALID) {
            match (x, rhs) {
                (Some(x), _) => x.invalidate(),
                (None, Some(rhs)) => {
                    self.use_exprs(std::slice::from_ref(rhs));
                }
                _ => {}
            }
            return;
        }
        let context = if ty.is_none() && context == "assignment" { "assignment to _ identifier" } else { context };
        match (x, rhs) {
            (Some(x), _) => self.assignment(x, ty, context),
            (None, Some(rhs)) => {
                let mut target: Option<Target> = None;
                if let Some(t) = ty
                    && matches!(self.types.underlying_kind(t), TypeKind::Func(_))
                {
                    target = self.new_target(t, &self.estr(lhs));
                }
                let mut x = self.expr(target.as_ref(), rhs);
                self.assignment(&mut x, ty, context);
            }
            _ => {}
        }
    }

    fn assign_error(&mut self, rhs: &'a [Expr], l: usize, r: usize) {
        let (vars, vals) = (measure(l, "variable"), measure(r, "value"));
        let first = &rhs[0];
        if rhs.len() == 1
            && let ExprKind::Call { fun, .. } = &unparen(first).kind
        {
            let message = format!("assignment mismatch: {vars} but {} returns {vals}", self.estr(fun));
            return self.err(first.at(), "WrongAssignCount", message);
        }
        self.err(first.at(), "WrongAssignCount", format!("assignment mismatch: {vars} but {vals}"));
    }

    fn return_error(&mut self, at: Span, lhs: &[ObjId], rhs: &[Operand<'a>]) {
        let (l, r) = (lhs.len(), rhs.len());
        let (mut at, mut qualifier) = (at, "not enough");
        if r > l {
            at = rhs[l].span();
            qualifier = "too many";
        } else if r > 0 {
            at = rhs[r - 1].span();
        }
        let have: Vec<TypeId> = rhs.iter().map(|x| x.ty).collect();
        let want: Vec<TypeId> = lhs.iter().map(|&v| self.objs[v].ty).collect();
        let more = vec![
            (Span::NONE, format!("have {}", self.types_summary(&have, false, false))),
            (Span::NONE, format!("want {}", self.types_summary(&want, false, false))),
        ];
        self.report(at, "WrongResultCount", format!("{qualifier} return values"), &more);
    }

    /// Initialises variables (also results, at a return statement with that span).
    pub(super) fn init_vars(&mut self, lhs: &[ObjId], rhs: &'a [Expr], return_at: Option<Span>) {
        let (l, r) = (lhs.len(), rhs.len());
        let context = match return_at {
            Some(_) => "return statement",
            None if l > 1 => "multiple assignment",
            None => "assignment",
        };
        let is_call = r == 1 && matches!(unparen(&rhs[0]).kind, ExprKind::Call { .. });
        if l == r && !is_call {
            for (&v, e) in lhs.iter().zip(rhs) {
                let name = self.objs[v].name;
                let desc = if return_at.is_some() && name.is_empty() { "result variable" } else { name.as_str() };
                let target = self.new_target(self.objs[v].ty, desc);
                let mut x = self.expr(target.as_ref(), e);
                self.init_var(v, &mut x, context);
            }
            return;
        }
        if r != 1 {
            if self.use_exprs(rhs) {
                match return_at {
                    Some(at) => {
                        let operands = self.expr_list(rhs);
                        self.return_error(at, lhs, &operands);
                    }
                    None => self.assign_error(rhs, l, r),
                }
            }
            self.invalidate_unset(lhs);
            return;
        }
        let (mut values, comma_ok) = self.multi_expr(&rhs[0], l == 2 && return_at.is_none());
        if values.len() == l {
            for (&v, x) in lhs.iter().zip(&mut values) {
                self.init_var(v, x, context);
            }
            if comma_ok && values.iter().all(Operand::is_valid) {
                self.record_comma_ok(&rhs[0], &values);
            }
            return;
        }
        if values[0].is_valid() {
            match return_at {
                Some(at) => self.return_error(at, lhs, &values),
                None => self.assign_error(rhs, l, values.len()),
            }
        }
        self.invalidate_unset(lhs);
    }

    fn invalidate_unset(&mut self, lhs: &[ObjId]) {
        for &v in lhs {
            if self.objs[v].ty == Types::UNRESOLVED {
                self.objs[v].ty = Types::INVALID;
            }
        }
    }

    /// The type of an expression used with its ok value is a pair.
    fn record_comma_ok(&mut self, mut e: &'a Expr, values: &[Operand<'a>]) {
        let pair = self.types.tuple(&[values[0].ty, values[1].ty]);
        loop {
            if let Some(tv) = &mut self.info.exprs[e.id] {
                tv.ty = pair;
                tv.mode = Mode::CommaOk;
            }
            match &e.kind {
                ExprKind::Paren(inner) => e = inner,
                _ => return,
            }
        }
    }

    /// `a, b = x, y`
    pub(super) fn assign_vars(&mut self, lhs: &'a [Expr], rhs: &'a [Expr]) {
        let (l, r) = (lhs.len(), rhs.len());
        let context = if l > 1 { "multiple assignment" } else { "assignment" };
        let is_call = r == 1 && matches!(unparen(&rhs[0]).kind, ExprKind::Call { .. });
        if l == r && !is_call {
            for (v, e) in lhs.iter().zip(rhs) {
                self.assign_var(v, Some(e), None, context);
            }
            return;
        }
        if r != 1 {
            let ok_lhs = self.use_lhs(lhs);
            let ok_rhs = self.use_exprs(rhs);
            if ok_lhs && ok_rhs {
                self.assign_error(rhs, l, r);
            }
            return;
        }
        let (mut values, comma_ok) = self.multi_expr(&rhs[0], l == 2);
        if values.len() == l {
            for (v, x) in lhs.iter().zip(&mut values) {
                self.assign_var(v, None, Some(x), context);
            }
            if comma_ok && values.iter().all(Operand::is_valid) {
                self.record_comma_ok(&rhs[0], &values);
            }
            return;
        }
        if values[0].is_valid() {
            self.assign_error(rhs, l, values.len());
        }
        self.use_lhs(lhs);
    }

    /// `a, b := x, y`
    pub(super) fn short_var_decl(&mut self, at: Span, lhs: &'a [Expr], rhs: &'a [Expr]) {
        let top = self.delayed.len();
        let scope: ScopeId = self.env.scope;
        let mut vars: Vec<ObjId> = Vec::new();
        let mut new_vars: Vec<ObjId> = Vec::new();
        let mut seen = Vec::new();
        let mut has_err = false;
        for e in lhs {
            let dummy =
                |c: &mut Self| c.new_var(VarKind::Local, crate::index::Symbol::new("_"), e.at(), Types::UNRESOLVED);
            let ExprKind::Name(name) = &e.kind else {
                self.use_lhs(std::slice::from_ref(e));
                let message = format!("non-name {} on left side of :=", self.estr(e));
                self.err(e.at(), "BadDecl", message);
                has_err = true;
                vars.push(dummy(self));
                continue;
            };
            if !name.name.is_blank() {
                if seen.contains(&name.name) {
                    let message = format!("{} repeated on left side of :=", name.name);
                    self.err(e.at(), "RepeatedDecl", message);
                    has_err = true;
                    vars.push(dummy(self));
                    continue;
                }
                seen.push(name.name);
            }
            if let Some(&alt) = self.scopes[scope].names.get(&name.name) {
                self.record_use(name, alt);
                if matches!(self.objs[alt].kind, ObjKind::Var(_)) {
                    vars.push(alt);
                } else {
                    self.err(e.at(), "UnassignableOperand", format!("cannot assign to {}", name.name));
                    has_err = true;
                    vars.push(dummy(self));
                }
                continue;
            }
            let obj = self.new_var(VarKind::Local, name.name, name.span, Types::UNRESOLVED);
            if !name.name.is_blank() {
                new_vars.push(obj);
            }
            self.record_def(name, obj);
            vars.push(obj);
        }
        self.init_vars(&vars, rhs, None);
        for (e, &v) in lhs.iter().zip(&vars) {
            let ty = self.objs[v].ty;
            if ty != Types::UNRESOLVED {
                self.record_type(e, Mode::Variable, ty, None::<ConstValue>);
            }
        }
        self.process_delayed(top);
        if new_vars.is_empty() && !has_err {
            return self.err(at, "NoNewVar", "no new variables on left side of :=");
        }
        for obj in new_vars {
            self.declare(scope, None, obj);
        }
    }
}
