//! `for … range` (spec, "For statements with range clause").

use super::Checker;
use super::operand::Operand;
use crate::index::Symbol;
use crate::source::Span;
use crate::syntax::ast::{ChanDir, Expr, ExprKind, Stmt, StmtKind};
use crate::types::Mode;
use crate::types::object::{ObjId, VarKind};
use crate::types::repr::{TypeId, TypeKind, Types};

/// Types of the iteration values; the second `None`: there is no such value.
struct RangeTypes {
    key: Option<TypeId>,
    value: Option<TypeId>,
}

impl<'a> Checker<'a> {
    pub(super) fn range_stmt(&mut self, s: &'a Stmt) {
        let StmtKind::Range { key, value, extra, define, x: range, body, .. } = &s.kind else { return };
        self.env.has_call_or_recv = false;
        let mut x = self.expr(None, range);
        if x.is_valid()
            && value.is_none()
            && !self.env.has_call_or_recv
            && let TypeKind::Array { len, .. } =
                *self.types.kind(self.types.array_ptr_deref(self.types.underlying(x.ty)))
        {
            // Only the length matters: the operand is not evaluated.
            let mut e = range;
            while let ExprKind::Paren(inner) = &e.kind {
                e = inner;
            }
            self.record_type(e, Mode::Constant, Types::INT, Some(Self::const_int(len)));
        }
        let mut types = RangeTypes { key: None, value: None };
        if x.is_valid() {
            match self.range_key_val(x.ty) {
                Err(cause) => {
                    let mut message = format!("cannot range over {}", self.opstr(&x));
                    if !cause.is_empty() {
                        message = format!("{message}: {cause}");
                    }
                    self.err(x.span(), "InvalidRangeExpr", message);
                    types = RangeTypes { key: Some(Types::INVALID), value: Some(Types::INVALID) };
                }
                Ok(found) => {
                    types = found;
                    if let (None, Some(k)) = (types.key, key) {
                        let message = format!("range over {} permits no iteration variables", self.opstr(&x));
                        self.err(k.at(), "InvalidIterVar", message);
                    } else if let (None, Some(v)) = (types.value, value) {
                        let message = format!("range over {} permits only one iteration variable", self.opstr(&x));
                        self.err(v.at(), "InvalidIterVar", message);
                    } else if let Some(at) = *extra {
                        let message = "range clause permits at most two iteration variables";
                        self.err(at, "InvalidIterVar", message);
                    }
                }
            }
        }
        self.open_scope();
        let over_int = self.types.is_integer(x.ty);
        let lhs = [(key.as_ref(), types.key), (value.as_ref(), types.value)];
        if *define {
            self.range_define(s.span, &lhs, &mut x, over_int);
        } else if key.is_some() {
            self.range_assign(&lhs, &mut x, over_int);
        } else if over_int {
            self.assignment(&mut x, None, "range clause");
        }
        self.block(&body.stmts);
        self.close_scope();
    }

    fn range_define(
        &mut self,
        at: Span,
        lhs: &[(Option<&'a Expr>, Option<TypeId>); 2],
        x: &mut Operand<'a>,
        over_int: bool,
    ) {
        let mut vars: Vec<ObjId> = Vec::new();
        for &(e, ty) in lhs {
            let Some(e) = e else { continue };
            let obj = if let ExprKind::Name(name) = &e.kind {
                let obj = self.new_var(VarKind::Local, name.name, name.span, Types::UNRESOLVED);
                self.record_def(name, obj);
                if !name.name.is_blank() {
                    vars.push(obj);
                }
                obj
            } else {
                let message = format!("cannot declare {}", self.estr(e));
                self.err(e.at(), "InvalidSyntaxTree", message);
                self.new_var(VarKind::Local, Symbol::new("_"), e.at(), Types::UNRESOLVED)
            };
            let Some(ty) = ty.filter(|&t| t != Types::INVALID) else {
                self.objs[obj].ty = Types::INVALID;
                self.used_vars.insert(obj);
                continue;
            };
            if over_int {
                self.init_var(obj, x, "range clause");
            } else {
                let mut y = Operand::value(e, ty);
                self.init_var(obj, &mut y, "assignment");
            }
            let ty = self.objs[obj].ty;
            self.record_type(e, Mode::Variable, ty, None);
        }
        if vars.is_empty() {
            self.err(at, "NoNewVar", "no new variables on left side of :=");
        }
        let scope = self.env.scope;
        for obj in vars {
            self.declare(scope, None, obj);
        }
    }

    fn range_assign(&mut self, lhs: &[(Option<&'a Expr>, Option<TypeId>); 2], x: &mut Operand<'a>, over_int: bool) {
        for &(e, ty) in lhs {
            let (Some(e), Some(ty)) = (e, ty.filter(|&t| t != Types::INVALID)) else { continue };
            if over_int {
                self.assign_var(e, None, Some(x), "range clause");
                if x.is_valid() && !self.types.is_integer(x.ty) {
                    let message = format!("cannot use iteration variable of type {}", self.tstr(x.ty));
                    self.err(e.at(), "InvalidRangeExpr", message);
                }
            } else {
                let mut y = Operand::value(e, ty);
                self.assign_var(e, None, Some(&mut y), "assignment");
            }
        }
    }

    /// The types that ranging over `ty` gives, or why it cannot be ranged over.
    fn range_key_val(&self, ty: TypeId) -> Result<RangeTypes, String> {
        let t = &self.types;
        let common = self.common_under(ty, &|c, tu| match tu {
            Some((t, u)) if matches!(c.types.kind(u), TypeKind::Chan { dir: ChanDir::Send, .. }) => {
                Some(format!("receive from send-only channel {}", c.tstr(t)))
            }
            _ => None,
        })?;
        let pair = |key, value| Ok(RangeTypes { key: Some(key), value: Some(value) });
        match t.kind(t.array_ptr_deref(common)) {
            TypeKind::Basic(b) if b.is_string() => pair(Types::INT, Types::RUNE),
            TypeKind::Basic(b) if b.is_integer() && !self.allow_version(22) => Err("requires go1.22 or later".into()),
            TypeKind::Basic(b) if b.is_integer() => Ok(RangeTypes { key: Some(ty), value: None }),
            TypeKind::Array { elem, .. } | TypeKind::Slice(elem) => pair(Types::INT, *elem),
            TypeKind::Map { key, elem } => pair(*key, *elem),
            TypeKind::Chan { elem, .. } => Ok(RangeTypes { key: Some(*elem), value: None }),
            TypeKind::Func(sig) => {
                if !self.allow_version(23) {
                    return Err("requires go1.23 or later".into());
                }
                const WANT: &str = "func must be func(yield func(...) bool): ";
                if sig.params.len() != 1 {
                    return Err(format!("{WANT}wrong argument count"));
                }
                if !sig.results.is_empty() {
                    return Err(format!("{WANT}unexpected results"));
                }
                let param = sig.params[0].ty;
                let yield_ty = match self.common_under(param, &|_, _| None) {
                    Ok(u) => u,
                    Err(why) => return Err(format!("{WANT}in yield type, {why}")),
                };
                let TypeKind::Func(cb) = t.kind(yield_ty) else {
                    return Err(format!("{WANT}argument is not func"));
                };
                if cb.params.len() > 2 {
                    return Err(format!("{WANT}yield func has too many parameters"));
                }
                match cb.results.as_slice() {
                    [r] if t.identical(r.ty, Types::BOOL) => {}
                    [r] if t.is_boolean(r.ty) => {
                        return Err(format!("{WANT}yield func returns user-defined boolean, not bool"));
                    }
                    _ => return Err(format!("{WANT}yield func does not return bool")),
                }
                if cb.variadic {
                    return Err(format!("yield func of type {} cannot be variadic", self.tstr(yield_ty)));
                }
                Ok(RangeTypes { key: cb.params.first().map(|p| p.ty), value: cb.params.get(1).map(|p| p.ty) })
            }
            _ => Err(String::new()),
        }
    }
}
