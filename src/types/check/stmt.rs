//! Statements.
//!
//! Where `break`, `continue`, `goto` and `fallthrough` may stand was checked before (see `labels`).

use rustc_hash::FxHashMap;

use super::Checker;
use super::constant_ops;
use super::expr::Kind;
use super::format::INVALID_OP;
use super::literals::value_key;
use super::operand::{Operand, OperandExpr};
use super::resolve::unparen;
use crate::source::{Pos, Span};
use crate::syntax::ast::{BinOp, CaseClause, CommClause, Expr, ExprKind, Stmt, StmtKind, UnOp};
use crate::types::object::{ObjId, ObjKind, VarKind};
use crate::types::repr::{TypeId, Types};
use crate::types::{ConstValue, Mode};

/// Values or types of cases seen so far: their type and place.
type Seen<'a> = FxHashMap<Vec<u8>, Vec<(TypeId, Span)>>;

impl<'a> Checker<'a> {
    pub(super) fn stmt_list(&mut self, list: &'a [Stmt]) {
        for s in list {
            self.stmt(s);
        }
    }

    pub(super) fn block(&mut self, list: &'a [Stmt]) {
        self.open_scope();
        self.stmt_list(list);
        self.close_scope();
    }

    pub(super) fn stmt(&mut self, s: &'a Stmt) {
        let top = self.delayed.len();
        self.stmt_inner(s);
        self.process_delayed(top);
    }

    fn stmt_inner(&mut self, s: &'a Stmt) {
        match &s.kind {
            StmtKind::Bad
            | StmtKind::Empty
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Goto(_)
            | StmtKind::Fallthrough => {}
            StmtKind::Decl(list) => self.decl_stmt(list),
            StmtKind::Labeled { stmt, .. } => self.stmt(stmt),
            StmtKind::Expr(e) => self.expr_stmt(e),
            StmtKind::Send { chan, value } => {
                let ch = self.expr(None, chan);
                let mut val = self.generic_expr(value, None);
                if ch.is_valid()
                    && val.is_valid()
                    && let Some(elem) = self.chan_elem(s.span, &ch, false)
                {
                    self.assignment(&mut val, Some(elem), "send");
                }
            }
            StmtKind::IncDec { x, inc } => {
                let mut operand = self.expr(None, x);
                if !operand.is_valid() {
                    return;
                }
                if !self.types.all_numeric(operand.ty) {
                    let op = if *inc { "++" } else { "--" };
                    let message =
                        format!("{INVALID_OP}{}{op} (non-numeric type {})", self.estr(x), self.tstr(operand.ty));
                    self.err(x.at(), "NonNumericIncDec", message);
                    return;
                }
                self.assign_var(x, None, Some(&mut operand), "assignment");
            }
            StmtKind::Assign { lhs, rhs, define: false } => self.assign_vars(lhs, rhs),
            StmtKind::Assign { lhs, rhs, define: true } => {
                self.short_var_decl(Span::new(s.pos, s.span.hi), lhs, rhs);
            }
            StmtKind::AssignOp { op, lhs, rhs } => {
                let mut x = self.binary(None, lhs, rhs, *op);
                self.assign_var(lhs, None, Some(&mut x), "assignment");
            }
            StmtKind::Go(e) => self.suspended_call("go", "InvalidGo", e),
            StmtKind::Defer(e) => self.suspended_call("defer", "InvalidDefer", e),
            StmtKind::Return(results) => self.return_stmt(s.span, results),
            StmtKind::Block(block) => self.block(&block.stmts),
            StmtKind::If { init, cond, then, els } => {
                self.open_scope();
                self.simple_stmt(init.as_deref());
                self.condition(cond, "non-boolean condition in if statement");
                self.block(&then.stmts);
                if let Some(els) = els {
                    self.stmt(els);
                }
                self.close_scope();
            }
            StmtKind::For { init, cond, post, body } => {
                self.open_scope();
                self.simple_stmt(init.as_deref());
                if let Some(cond) = cond {
                    self.condition(cond, "non-boolean condition in for statement");
                }
                self.simple_stmt(post.as_deref());
                if let Some(StmtKind::Assign { lhs, define: true, .. }) = post.as_deref().map(|p| &p.kind) {
                    self.use_exprs(lhs);
                }
                self.block(&body.stmts);
                self.close_scope();
            }
            StmtKind::Range { .. } => self.range_stmt(s),
            StmtKind::Switch { init, tag, cases, rbrace } => {
                self.open_scope();
                self.simple_stmt(init.as_deref());
                self.switch_stmt(tag.as_ref(), cases, *rbrace);
                self.close_scope();
            }
            StmtKind::TypeSwitch { init, bind, x, cases, .. } => {
                self.open_scope();
                self.simple_stmt(init.as_deref());
                self.type_switch_stmt(bind.as_ref(), x, cases);
                self.close_scope();
            }
            StmtKind::Select { cases, .. } => self.select_stmt(cases),
        }
    }

    fn simple_stmt(&mut self, s: Option<&'a Stmt>) {
        if let Some(s) = s {
            self.stmt(s);
        }
    }

    fn condition(&mut self, cond: &'a Expr, message: &str) {
        let x = self.expr(None, cond);
        if x.is_valid() && !self.types.all_boolean(x.ty) {
            self.err(cond.at(), "InvalidCond", message);
        }
    }

    fn expr_stmt(&mut self, e: &'a Expr) {
        let (x, kind) = self.raw_expr(None, e, None, false);
        let (text, code) = match x.mode {
            Mode::Builtin => ("must be called", "UncalledBuiltin"),
            Mode::Type => ("is not an expression", "NotAnExpr"),
            _ if kind == Kind::Statement => return,
            _ => ("is not used", "UnusedExpr"),
        };
        let message = format!("{} {text}", self.opstr(&x));
        self.err(x.span(), code, message);
    }

    fn suspended_call(&mut self, keyword: &str, mut code: &'static str, e: &'a Expr) {
        if !matches!(e.kind, ExprKind::Call { .. }) {
            self.err(e.at(), code, format!("expression in {keyword} must be function call"));
            self.use_exprs(std::slice::from_ref(e));
            return;
        }
        let (x, kind) = self.raw_expr(None, e, None, false);
        let text = match kind {
            Kind::Statement => return,
            Kind::Conversion => "requires function call, not conversion",
            Kind::Expression => {
                code = "UnusedResults";
                "discards result of"
            }
        };
        let message = format!("{keyword} {text} {}", self.opstr(&x));
        self.err(x.span(), code, message);
    }

    fn return_stmt(&mut self, span: Span, results: &'a [Expr]) {
        let Some(func) = self.env.func.clone() else { return };
        let named = func.results.first().is_some_and(|&r| !self.objs[r].name.is_empty());
        if results.is_empty() && named {
            for &obj in &func.results {
                let name = self.objs[obj].name;
                if let Some(alt) = self.lookup(name)
                    && alt != obj
                    && !name.is_blank()
                {
                    let ty = self.tstr(self.objs[obj].ty);
                    let more = vec![(self.objs[alt].span, format!("inner declaration of var {name} {ty}"))];
                    let message = format!("result parameter {name} not in scope at return");
                    self.report(span, "OutOfScopeResult", message, &more);
                }
            }
            return;
        }
        self.init_vars(&func.results, results, Some(span));
    }

    fn multiple_defaults(&mut self, defaults: &[Span]) {
        if let Some((first, rest)) = defaults.split_first() {
            for span in rest {
                let message = format!("multiple defaults (first at {})", self.describe(first.lo));
                self.err(*span, "DuplicateDefault", message);
            }
        }
    }

    fn switch_stmt(&mut self, tag: Option<&'a Expr>, cases: &'a [CaseClause], rbrace: Pos) {
        let mut x;
        match tag {
            Some(tag) => {
                x = self.expr(None, tag);
                self.assignment(&mut x, None, "switch expression");
                if x.is_valid() && !self.types.comparable(x.ty) && !self.types.has_nil(x.ty) {
                    let message =
                        format!("cannot switch on {} ({} is not comparable)", self.opstr(&x), self.tstr(x.ty));
                    self.err(x.span(), "InvalidExprSwitch", message);
                    x.invalidate();
                }
            }
            None => {
                let at = cases.first().map_or(rbrace, |c| c.span.lo);
                x = Operand {
                    mode: Mode::Constant,
                    ty: Types::BOOL,
                    expr: OperandExpr::Name("true".into(), Span::new(at, at)),
                    val: ConstValue::Bool(true),
                    builtin: None,
                };
            }
        }
        let defaults: Vec<Span> = cases.iter().filter(|c| c.is_default).map(|c| c.span).collect();
        self.multiple_defaults(&defaults);
        let mut seen = Seen::default();
        for clause in cases {
            self.case_values(&x, &clause.values, &mut seen);
            self.block(&clause.body);
        }
    }

    fn case_values(&mut self, x: &Operand<'a>, values: &'a [Expr], seen: &mut Seen<'a>) {
        for e in values {
            let mut v = self.expr(None, e);
            if !x.is_valid() || !v.is_valid() {
                continue;
            }
            self.convert_untyped(&mut v, x.ty);
            if !v.is_valid() {
                continue;
            }
            let mut res = v.clone();
            let mut y = x.clone();
            self.comparison(&mut res, &mut y, BinOp::Eq, true);
            if !res.is_valid() || !v.is_const() {
                continue;
            }
            // Booleans may repeat, as in Go's compiler.
            if matches!(v.val, ConstValue::Bool(_)) {
                continue;
            }
            let Some(key) = value_key(&v.val) else { continue };
            let entry = seen.entry(key).or_default();
            match entry.iter().find(|(t, _)| self.types.identical(*t, v.ty)).map(|(_, at)| *at) {
                Some(at) => {
                    let message = format!("duplicate case {} in expression switch", self.opstr(&v));
                    self.report(v.span(), "DuplicateCase", message, &[(at, "previous case".into())]);
                }
                None => entry.push((v.ty, Self::at_pos(e))),
            }
        }
    }

    fn type_switch_stmt(
        &mut self,
        bind: Option<&'a crate::syntax::ast::Ident>,
        guard: &'a Expr,
        cases: &'a [CaseClause],
    ) {
        let mut bind = bind;
        if let Some(name) = bind
            && name.name.is_blank()
        {
            self.err(name.span, "NoNewVar", "no new variable on left side of :=");
            bind = None;
        }
        // The guard may be given with or without `.(type)`.
        let operand = match &guard.kind {
            ExprKind::TypeSwitchGuard(inner) => inner,
            _ => guard,
        };
        let x = self.expr(None, operand);
        let mut valid = false;
        if x.is_valid() {
            if self.types.is_type_param(x.ty) {
                let message = format!("cannot use type switch on type parameter value {}", self.opstr(&x));
                self.err(x.span(), "InvalidTypeSwitch", message);
            } else if self.types.is_interface(x.ty) {
                valid = true;
            } else {
                let message = format!("{} is not an interface", self.opstr(&x));
                self.err(x.span(), "InvalidTypeSwitch", message);
            }
        }
        let defaults: Vec<Span> = cases.iter().filter(|c| c.is_default).map(|c| c.span).collect();
        self.multiple_defaults(&defaults);
        let mut vars: Vec<ObjId> = Vec::new();
        let mut seen: Vec<(Option<TypeId>, Span)> = Vec::new();
        for clause in cases {
            let ty = self.case_types(valid.then_some(&x), &clause.values, &mut seen);
            self.open_scope();
            if let Some(name) = bind {
                let obj = self.new_var(VarKind::Local, name.name, name.span, ty);
                let scope = self.env.scope;
                self.declare(scope, None, obj);
                self.info.implicits.insert(clause.id, obj);
                vars.push(obj);
            }
            self.stmt_list(&clause.body);
            self.close_scope();
        }
        if let Some(name) = bind {
            let mut used = false;
            for v in vars {
                used |= !self.used_vars.insert(v);
            }
            if !used {
                self.err(name.span, "UnusedVar", format!("{} declared and not used", name.name));
            }
        }
    }

    /// Checks the types of a clause; the type of its variable.
    fn case_types(
        &mut self,
        x: Option<&Operand<'a>>,
        types: &'a [Expr],
        seen: &mut Vec<(Option<TypeId>, Span)>,
    ) -> TypeId {
        let mut last: Option<TypeId> = None;
        for e in types {
            last = if self.is_nil_expr(e) {
                self.expr(None, e);
                // `nil` has the type of what is switched on.
                if let Some(x) = x {
                    self.update_expr_type(e, x.ty, true);
                }
                None
            } else {
                let t = self.var_type(e);
                if !self.types.is_valid(t) {
                    last = Some(t);
                    continue;
                }
                Some(t)
            };
            let same = |c: &Self, t: Option<TypeId>| match (last, t) {
                (None, None) => true,
                (Some(a), Some(b)) => c.types.identical(a, b),
                _ => false,
            };
            if let Some(at) = seen.iter().find(|(t, _)| same(self, *t)).map(|(_, at)| *at) {
                let text = last.map_or("nil".into(), |t| self.tstr(t));
                let message = format!("duplicate case {text} in type switch");
                self.report(e.at(), "DuplicateCase", message, &[(at, "previous case".into())]);
                continue;
            }
            seen.push((last, e.at()));
            if let (Some(x), Some(t)) = (x, last) {
                self.type_assertion(e, x, t, true);
            }
        }
        match last {
            Some(t) if types.len() == 1 => t,
            _ => x.map_or(Types::INVALID, |x| x.ty),
        }
    }

    fn is_nil_expr(&self, e: &Expr) -> bool {
        match &unparen(e).kind {
            ExprKind::Name(name) => {
                self.lookup(name.name).is_some_and(|obj| matches!(self.objs[obj].kind, ObjKind::Nil))
            }
            _ => false,
        }
    }

    fn select_stmt(&mut self, cases: &'a [CommClause]) {
        let defaults: Vec<Span> = cases.iter().filter(|c| c.comm.is_none()).map(|c| c.span).collect();
        self.multiple_defaults(&defaults);
        for clause in cases {
            let is_recv = |e: &Expr| matches!(unparen(e).kind, ExprKind::Unary(UnOp::Recv, _));
            let valid = match clause.comm.as_deref().map(|s| &s.kind) {
                None | Some(StmtKind::Send { .. }) => true,
                Some(StmtKind::Assign { rhs, .. }) => rhs.len() == 1 && is_recv(&rhs[0]),
                Some(StmtKind::AssignOp { rhs, .. }) => is_recv(rhs),
                Some(StmtKind::Expr(e)) => is_recv(e),
                _ => false,
            };
            if !valid {
                let span = clause.comm.as_ref().map_or(clause.span, |c| match &c.kind {
                    StmtKind::Expr(e) => Self::at_pos(e),
                    _ => c.span,
                });
                let message = "select case must be send or receive (possibly with assignment)";
                self.err(span, "InvalidSelectCase", message);
                continue;
            }
            self.open_scope();
            if let Some(comm) = &clause.comm {
                self.stmt(comm);
            }
            self.stmt_list(&clause.body);
            self.close_scope();
        }
    }

    /// The value of a constant as a length.
    pub(super) fn const_int(v: u64) -> ConstValue {
        debug_assert!(constant_ops::sign(&ConstValue::int(v)) >= 0);
        ConstValue::int(v)
    }
}
