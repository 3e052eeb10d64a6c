//! `range` over a function: the body becomes a closure that is passed to it.
//!
//! ```text
//! for k, v := range f { body }
//!     =>  #state := ready
//!         f(func(k K, v V) bool {
//!             #tmpState := #state
//!             #state = panic
//!             if #tmpState != ready { panicrangestate(#tmpState) }
//!             body
//!             #state = ready
//!             return true
//!         })
//!         if #state == panic { panicrangestate(missing panic) }
//!         #state = exhausted
//! ```
//!
//! `continue` and `break` of the loop itself are `#state = ready; return true` and `#state = done; return
//! false`. Whatever leaves the loop otherwise sets `#next`, marks the innermost loop as done and returns
//! false; behind each call `#next` is looked at. The numbers are Go's (`cmd/compile/internal/rangefunc`):
//!
//! * -1 is `return`, other negative numbers are labels that are not those of such loops;
//! * `2*n` is `break` of the loop at depth n, the outermost being at 1; `2*n - 1` is `continue`.
//!
//! Invariant: what leaves a body notes in all bodies it leaves what their callers must look for
//! ([`RangeBody::checks`]).

#![forbid(unsafe_code)]

use super::Lower;
use super::expr::unparen;
use super::names::ClosureName;
use super::{FuncKey, empty_func};
use crate::hir::ir::*;
use crate::index::Symbol;
use crate::source::{Pos, Span};
use crate::syntax::ast;
use crate::types::{ConstValue, Param, SelectionKind, Signature, TypeId, TypeKind, Types};

/// States of a loop, as the runtime's `panicrangestate` knows them.
const DONE: i64 = 0;
const READY: i64 = 1;
const PANIC: i64 = 2;
const EXHAUSTED: i64 = 3;
const MISSING_PANIC: i64 = 4;

/// `#next` for `return`.
const NEXT_RETURN: i64 = -1;

/// How control leaves a loop body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Out of the function that holds the outermost loop.
    Return,
    /// Of a labeled statement of the function at `depth`.
    Branch { depth: usize, label: Symbol, is_continue: bool },
    /// Of the loop whose body is the function at `depth`.
    Own { depth: usize, is_continue: bool },
    /// To a label of the function at `depth`.
    Goto { depth: usize, label: Symbol },
}

/// What is known of the loop whose body is being lowered as a closure.
pub(super) struct RangeBody {
    /// The parent's `#state`.
    state: LocalId,
    label: Option<Symbol>,
    /// Labels declared in the body itself.
    labels: Vec<Symbol>,
    checks: Checks,
}

/// What the code behind the call must look for in `#next`.
#[derive(Debug, Clone, Default)]
struct Checks {
    /// A number below zero: something else than these loops is meant.
    negative: bool,
    /// `break` of the loop around this one, or of one further out.
    breaks: bool,
    /// `continue` of the loop around this one.
    continues: bool,
    /// Labels of the function that the call stands in.
    labels: Vec<(Exit, i64)>,
}

/// See [`Checks`].
#[derive(Debug, Clone, Copy)]
enum Check {
    Negative,
    Break,
    Continue,
    Label(Exit, i64),
}

impl<'a> Lower<'a, '_> {
    pub(super) fn range_func(&mut self, s: &'a ast::Stmt, label: Option<&'a ast::Ident>, out: &mut Vec<Stmt>) {
        let ast::StmtKind::Range { key, value, define, x, body, .. } = &s.kind else { return };
        let (pos, span) = (s.pos, s.span);
        let outermost = self.cur().range_body.is_none();
        let saved_next = self.cur().next_var.take();
        if outermost {
            // Declared before the state, as Go does, but only if something sets it.
            let local = self.hidden_local("#next", Types::INT, Pos::UNKNOWN);
            self.cur().next_var = Some((local, false));
        }

        let mut block = Vec::new();
        let (callee, mut args, fun_ty) = self.range_callee(x);
        let body_ty = self.param_types(fun_ty).first().copied().unwrap_or(Types::INVALID);
        let owner = self.range_owner();
        self.stack[owner].n_states += 1;
        let n = self.stack[owner].n_states;
        let state = self.hidden_local(&format!("#state{n}"), Types::INT, pos);
        block.push(Stmt { pos, kind: StmtKind::Decl(state) });
        self.set(state, READY, true, pos, &mut block);

        let id = self.open_closure(FuncKind::RangeBody, ClosureName::Range, body_ty, pos);
        let end = Pos(body.span.hi.0.saturating_sub(1));
        self.cur().func.end = end;
        let mut labels = Vec::new();
        collect_labels(&body.stmts, &mut labels);
        let label_name = label.map(|l| l.name);
        self.cur().range_body = Some(RangeBody { state, label: label_name, labels, checks: Checks::default() });
        let mut stmts = Vec::new();
        let prologue = self.range_params(body_ty, [key.as_ref(), value.as_ref()], *define, pos);
        let st = self.capture(state);
        let was = self.hidden_local("#tmpState", Types::INT, pos);
        let lhs = self.local_expr(was, pos, Span::NONE);
        let rhs = self.local_expr(st, pos, Span::NONE);
        stmts.push(Stmt { pos, kind: StmtKind::Decl(was) });
        stmts.push(Stmt { pos, kind: StmtKind::Assign { lhs: Some(lhs), rhs, def: true } });
        self.set(st, PANIC, false, pos, &mut stmts);
        self.check_state(was, BinaryOp::Ne, READY, None, pos, &mut stmts);
        stmts.extend(prologue);
        stmts.extend(self.stmts(&body.stmts));
        let left = matches!(stmts.last().map(|s| &s.kind), Some(StmtKind::Return(_)));
        if !left && !body.stmts.last().is_some_and(|s| self.terminates(s)) {
            self.leave_own(true, pos, &mut stmts);
        }
        self.cur().func.body = stmts;
        let checks = self.cur().range_body.take().map(|b| b.checks).unwrap_or_default();
        self.close_func();

        let closure = self.add(ExprKind::Closure(id), body_ty, pos, span);
        self.stack[owner].n_yields += 1;
        let name = format!("#yield{}", self.stack[owner].n_yields);
        let body_func = self.hidden_local(&name, body_ty, pos);
        let lhs = self.local_expr(body_func, pos, Span::NONE);
        block.push(Stmt { pos, kind: StmtKind::Decl(body_func) });
        block.push(Stmt { pos, kind: StmtKind::Assign { lhs: Some(lhs), rhs: closure, def: true } });
        args.push(self.local_expr(body_func, pos, span));
        let call = self.finish_call(callee, args, fun_ty, pos, x.span);
        block.push(Stmt { pos, kind: StmtKind::Expr(call) });
        self.check_state(state, BinaryOp::Eq, PANIC, Some(MISSING_PANIC), end, &mut block);
        self.set(state, EXHAUSTED, false, end, &mut block);
        self.check_next(checks, end, &mut block);
        if outermost && let Some(token) = self.cur().defer_token.take() {
            let func = self.runtime_func("deferrangefunc", &[], &[Types::INT]);
            let kind = ExprKind::Call { callee: Callee::Static(func), args: Vec::new(), variadic: false };
            let rhs = self.add(kind, Types::INT, pos, Span::NONE);
            let lhs = self.local_expr(token, pos, Span::NONE);
            // A deferred call of the frame's own: where it is made, the frame becomes one that can recover.
            let nothing = self.empty_function();
            let kind = ExprKind::Call { callee: Callee::Static(nothing), args: Vec::new(), variadic: false };
            let call = self.add(kind, Types::EMPTY_TUPLE, pos, Span::NONE);
            let first = [
                Stmt { pos, kind: StmtKind::Defer(call) },
                Stmt { pos, kind: StmtKind::Decl(token) },
                Stmt { pos, kind: StmtKind::Assign { lhs: Some(lhs), rhs, def: true } },
            ];
            block.splice(0..0, first);
        }
        match self.cur().next_var.take() {
            Some((next, true)) => block.insert(0, Stmt { pos, kind: StmtKind::Decl(next) }),
            Some((_, false)) => self.cur().n_dcl -= 1,
            None => {}
        }
        self.cur().next_var = saved_next;
        out.push(Stmt { pos, kind: StmtKind::Block(block) });
    }

    /// The function ranged over, as what to call.
    fn range_callee(&mut self, x: &'a ast::Expr) -> (Callee, Vec<ExprId>, TypeId) {
        let x = unparen(x);
        if let ast::ExprKind::Selector(inner, _) = &x.kind
            && let Some(sel) = self.cx.info().selections.get(&x.id).cloned()
            && sel.kind == SelectionKind::Method
        {
            let recv = self.expr(inner);
            let recv_ty = self.x_ty(recv);
            let m = self.selected_method(&sel, recv_ty);
            let recv = self.receiver(recv, &m, x.pos, x.span);
            let mut args = Vec::new();
            let callee = self.method_callee(recv, &m, &mut args);
            return (callee, args, m.sig);
        }
        let f = self.expr(x);
        let fty = self.x_ty(f);
        let fty = self.underlying(fty);
        match self.x(f).kind {
            ExprKind::Func(id) => (Callee::Static(id), Vec::new(), fty),
            _ => (Callee::Value(f), Vec::new(), fty),
        }
    }

    /// Declares the closure's parameters; what the loop assigns to is assigned by the statements returned.
    fn range_params(
        &mut self,
        body_ty: TypeId,
        places: [Option<&'a ast::Expr>; 2],
        define: bool,
        pos: Pos,
    ) -> Vec<Stmt> {
        let mut prologue = Vec::new();
        for (i, ty) in self.param_types(body_ty).into_iter().enumerate() {
            let kind = LocalKind::Param(i as u32);
            let place = places.get(i).copied().flatten().map(unparen);
            let name = match place.map(|p| &p.kind) {
                Some(ast::ExprKind::Name(n)) => Some(*n),
                _ => None,
            };
            let blank = place.is_none() || name.is_some_and(|n| n.name.is_blank());
            let local = if blank {
                self.new_local(Symbol::new("_"), ty, pos, kind)
            } else if let (true, Some(name)) = (define, name)
                && let Some(&obj) = self.cx.info().defs.get(&name.id)
            {
                self.declare(obj, name.span.lo, kind)
            } else {
                self.new_local(Symbol::new(&format!("#p{}", i + 1)), ty, pos, kind)
            };
            self.cur().func.params.push(local);
            if let (false, false, Some(place)) = (blank, define, place) {
                let lhs = self.expr(place);
                let dst = self.x_ty(lhs);
                let rhs = self.local_expr(local, place.pos, place.span);
                let rhs = self.implicit_conv(rhs, dst, place.pos, place.span);
                prologue.push(Stmt { pos, kind: StmtKind::Assign { lhs: Some(lhs), rhs, def: false } });
            }
        }
        let result = self.new_local(Symbol::new("~r0"), Types::BOOL, pos, LocalKind::Result(0));
        self.cur().func.results.push(result);
        prologue
    }

    /// `local = value`
    fn set(&mut self, local: LocalId, value: i64, def: bool, pos: Pos, out: &mut Vec<Stmt>) {
        let lhs = self.local_expr(local, pos, Span::NONE);
        let rhs = self.int_const(value, pos, Span::NONE);
        out.push(Stmt { pos, kind: StmtKind::Assign { lhs: Some(lhs), rhs, def } });
    }

    fn return_bool(&mut self, value: bool, pos: Pos, out: &mut Vec<Stmt>) {
        let x = self.constant(ConstValue::Bool(value), Types::BOOL, pos, Span::NONE);
        out.push(Stmt { pos, kind: StmtKind::Return(vec![x]) });
    }

    /// `if local op value { … }`
    fn if_equal(&mut self, local: LocalId, op: BinaryOp, value: i64, then: Vec<Stmt>, pos: Pos, out: &mut Vec<Stmt>) {
        let x = self.local_expr(local, pos, Span::NONE);
        let y = self.int_const(value, pos, Span::NONE);
        let cond = self.add(ExprKind::Binary(op, x, y), Types::BOOL, pos, Span::NONE);
        out.push(Stmt { pos, kind: StmtKind::If { cond, then, els: Vec::new() } });
    }

    /// `if #state op value { panicrangestate(arg) }`; the argument is the state itself if not given.
    fn check_state(
        &mut self,
        state: LocalId,
        op: BinaryOp,
        value: i64,
        arg: Option<i64>,
        pos: Pos,
        out: &mut Vec<Stmt>,
    ) {
        let arg = match arg {
            Some(v) => self.int_const(v, pos, Span::NONE),
            None => self.local_expr(state, pos, Span::NONE),
        };
        let func = self.runtime_func("panicrangestate", &[Types::INT], &[]);
        let kind = ExprKind::Call { callee: Callee::Static(func), args: vec![arg], variadic: false };
        let call = self.add(kind, Types::EMPTY_TUPLE, pos, Span::NONE);
        let then = vec![Stmt { pos, kind: StmtKind::Expr(call) }];
        self.if_equal(state, op, value, then, pos, out);
    }

    /// A function of the runtime, bound by its name.
    pub(super) fn runtime_func(&mut self, name: &str, params: &[TypeId], results: &[TypeId]) -> FuncId {
        let symbol = Symbol::new(name);
        if let Some(&id) = self.funcs.get(&FuncKey::Runtime(symbol)) {
            return id;
        }
        let list = |types: &[TypeId]| types.iter().map(|&ty| Param { name: Symbol::default(), ty }).collect::<Vec<_>>();
        let (params, results) = (list(params), list(results));
        let sig = Signature { params: params.clone(), results: results.clone(), ..Signature::default() };
        let sig = self.cx.types_mut().intern(TypeKind::Func(std::rc::Rc::new(sig)));
        let mut func = empty_func(FuncKind::Declared, Symbol::new("runtime"), sig);
        func.link_name = Symbol::new(&format!("runtime.{name}"));
        func.name = func.link_name;
        func.native = true;
        let mut declare = |name: &str, ty: TypeId, kind: LocalKind| {
            func.locals.push(Local {
                name: Symbol::new(name),
                ty,
                pos: Pos::NONE,
                kind,
                addr_taken: false,
                reassigned: false,
                captured_by_ref: false,
                esc: Esc::Unknown,
                move_to_heap: None,
            })
        };
        let params: Vec<LocalId> =
            params.iter().enumerate().map(|(i, p)| declare("_", p.ty, LocalKind::Param(i as u32))).collect();
        let results: Vec<LocalId> =
            results.iter().enumerate().map(|(i, r)| declare("~r0", r.ty, LocalKind::Result(i as u32))).collect();
        (func.params, func.results) = (params, results);
        let id = self.reserve(func);
        self.funcs.insert(FuncKey::Runtime(symbol), id);
        id
    }

    /// A function that does nothing.
    fn empty_function(&mut self) -> FuncId {
        let symbol = Symbol::new("deferrange");
        if let Some(&id) = self.funcs.get(&FuncKey::Runtime(symbol)) {
            return id;
        }
        let sig = self.cx.types_mut().intern(TypeKind::Func(std::rc::Rc::new(Signature::default())));
        let mut func = empty_func(FuncKind::Wrapper, Symbol::new("runtime"), sig);
        func.link_name = Symbol::new("runtime.deferrange");
        func.name = func.link_name;
        let id = self.reserve(func);
        self.funcs.insert(FuncKey::Runtime(symbol), id);
        id
    }

    /// Index of the function that holds the outermost loop.
    fn range_owner(&self) -> usize {
        self.stack.iter().rposition(|f| f.range_body.is_none()).expect("a loop stands in a function")
    }

    /// The current function's view of `#next`.
    fn next_var(&mut self) -> LocalId {
        let owner = self.range_owner();
        let Some((local, used)) = &mut self.stack[owner].next_var else {
            crate::bug!("hir", self.stack[owner].func.link_name, "no range over a function here");
        };
        *used = true;
        let local = *local;
        self.capture_from(owner, local)
    }

    /// `continue` and `break` of the loop whose body is being lowered.
    fn leave_own(&mut self, is_continue: bool, pos: Pos, out: &mut Vec<Stmt>) {
        let Some(state) = self.cur().range_body.as_ref().map(|b| b.state) else { return };
        let state = self.capture(state);
        self.set(state, if is_continue { READY } else { DONE }, false, pos, out);
        self.return_bool(is_continue, pos, out);
    }

    /// Leaves the body being lowered.
    fn leave(&mut self, exit: Exit, pos: Pos, out: &mut Vec<Stmt>) {
        let here = self.stack.len() - 1;
        if let Exit::Own { depth, is_continue } = exit
            && depth == here
        {
            return self.leave_own(is_continue, pos, out);
        }
        let owner = self.range_owner();
        let code = match exit {
            Exit::Return => NEXT_RETURN,
            Exit::Own { depth, is_continue } => 2 * (depth - owner) as i64 - i64::from(is_continue),
            Exit::Branch { .. } | Exit::Goto { .. } => self.label_code(owner, exit),
        };
        // Whoever calls the bodies left looks for what is further out; the outermost for what is there.
        let (first, last) = match exit {
            Exit::Return => (owner + 1, None),
            Exit::Branch { depth, .. } | Exit::Goto { depth, .. } => {
                (depth + 2, Some((depth + 1, Check::Label(exit, code))))
            }
            Exit::Own { depth, is_continue: true } => (depth + 2, Some((depth + 1, Check::Continue))),
            Exit::Own { depth, is_continue: false } => (depth, None),
        };
        let between = if matches!(exit, Exit::Own { .. }) { Check::Break } else { Check::Negative };
        for depth in first..=here {
            self.look_for(depth, between);
        }
        if let Some((depth, check)) = last {
            self.look_for(depth, check);
        }
        let next = self.next_var();
        self.set(next, code, false, pos, out);
        self.leave_own(false, pos, out);
    }

    /// The caller of the body at `depth` must look for something.
    fn look_for(&mut self, depth: usize, check: Check) {
        let Some(body) = self.stack[depth].range_body.as_mut() else { return };
        let checks = &mut body.checks;
        match check {
            Check::Negative => checks.negative = true,
            Check::Break => checks.breaks = true,
            Check::Continue => checks.continues = true,
            Check::Label(exit, code) if !checks.labels.contains(&(exit, code)) => checks.labels.push((exit, code)),
            Check::Label(..) => {}
        }
    }

    /// The number of a branch to a label, in the function at `owner`.
    fn label_code(&mut self, owner: usize, exit: Exit) -> i64 {
        let exits = &mut self.stack[owner].label_exits;
        let i = exits.iter().position(|&e| e == exit).unwrap_or_else(|| {
            exits.push(exit);
            exits.len() - 1
        });
        NEXT_RETURN - 1 - i as i64
    }

    /// Behind the call: what happens if the body was left for something further out.
    fn check_next(&mut self, checks: Checks, pos: Pos, out: &mut Vec<Stmt>) {
        let here = self.stack.len() - 1;
        for (exit, code) in checks.labels {
            let next = self.next_var();
            let mut then = Vec::new();
            self.set(next, 0, false, pos, &mut then);
            let (Exit::Branch { label, .. } | Exit::Goto { label, .. }) = exit else { continue };
            let id = self.label_named(label, pos);
            let kind = match exit {
                Exit::Goto { .. } => StmtKind::Goto(id),
                Exit::Branch { is_continue: true, .. } => StmtKind::Continue(Some(id)),
                _ => StmtKind::Break(Some(id)),
            };
            then.push(Stmt { pos, kind });
            self.if_equal(next, BinaryOp::Eq, code, then, pos, out);
        }
        if self.cur().range_body.is_none() {
            if checks.negative {
                let results = &self.stack[here].func.results;
                debug_assert!(results.iter().all(|&r| !self.stack[here].func.locals[r].name.as_str().starts_with('~')));
                let next = self.next_var();
                let then = vec![Stmt { pos, kind: StmtKind::Return(Vec::new()) }];
                self.if_equal(next, BinaryOp::Eq, NEXT_RETURN, then, pos, out);
            }
            return;
        }
        let next = self.next_var();
        if checks.negative {
            let mut then = Vec::new();
            self.leave_own(false, pos, &mut then);
            self.if_equal(next, BinaryOp::Lt, 0, then, pos, out);
        }
        let depth = 2 * (here - self.range_owner()) as i64;
        self.check_state(next, BinaryOp::Gt, depth, Some(DONE), pos, out);
        for (is_continue, wanted) in [(true, checks.continues), (false, checks.breaks)] {
            if wanted {
                let mut then = Vec::new();
                self.set(next, 0, false, pos, &mut then);
                self.leave_own(is_continue, pos, &mut then);
                self.if_equal(next, BinaryOp::Eq, depth - i64::from(is_continue), then, pos, out);
            }
        }
        if checks.continues || checks.breaks {
            let mut then = Vec::new();
            self.leave_own(false, pos, &mut then);
            self.if_equal(next, BinaryOp::Gt, 0, then, pos, out);
        }
    }

    fn label_named(&mut self, name: Symbol, pos: Pos) -> LabelId {
        let cx = self.cur();
        if let Some(&id) = cx.labels.get(&name) {
            return id;
        }
        let id = cx.func.labels.push(Label { name, pos });
        cx.labels.insert(name, id);
        id
    }

    /// `break` or `continue` whose target is not in the body being lowered.
    pub(super) fn branch_from_range(
        &mut self,
        label: Option<Symbol>,
        is_continue: bool,
        pos: Pos,
        out: &mut Vec<Stmt>,
    ) {
        let mut depth = self.stack.len() - 1;
        let exit = match label {
            None => Exit::Own { depth, is_continue },
            Some(name) => loop {
                let f = &self.stack[depth];
                if f.targets.iter().any(|t| t.label == Some(name)) {
                    break Exit::Branch { depth, label: name, is_continue };
                }
                match &f.range_body {
                    Some(b) if b.label == Some(name) => break Exit::Own { depth, is_continue },
                    Some(_) if depth > 0 => depth -= 1,
                    _ => break Exit::Branch { depth, label: name, is_continue },
                }
            },
        };
        self.leave(exit, pos, out);
    }

    /// `goto` in the body of a range over a function.
    pub(super) fn goto_from_range(&mut self, label: &ast::Ident, pos: Pos, out: &mut Vec<Stmt>) {
        let mut depth = self.stack.len() - 1;
        while let Some(b) = &self.stack[depth].range_body {
            if b.labels.contains(&label.name) {
                break;
            }
            depth -= 1;
        }
        if depth == self.stack.len() - 1 {
            let id = self.label(label);
            out.push(Stmt { pos, kind: StmtKind::Goto(id) });
            return;
        }
        self.leave(Exit::Goto { depth, label: label.name }, pos, out);
    }

    /// `defer` in the body of a range over a function: the call runs when the function around it returns,
    /// which a token made there names.
    pub(super) fn defer_from_range(&mut self, call: ExprId, pos: Pos, out: &mut Vec<Stmt>) {
        let owner = self.range_owner();
        let token = match self.stack[owner].defer_token {
            Some(token) => token,
            None => {
                let inner = self.stack.split_off(owner + 1);
                let token = self.hidden_local("#defers", Types::INT, pos);
                self.cur().defer_token = Some(token);
                self.cur().func.has_defer = true;
                self.stack.extend(inner);
                token
            }
        };
        let token = self.capture_from(owner, token);
        let span = self.x(call).span;
        let sig = self.cx.types_mut().intern(TypeKind::Func(std::rc::Rc::new(Signature::default())));
        let f = match self.x(call).kind {
            ExprKind::Call { callee: Callee::Static(f), .. } => self.add(ExprKind::Func(f), sig, pos, span),
            ExprKind::Call { callee: Callee::Value(x), .. } => self.implicit_conv(x, sig, pos, span),
            _ => crate::bug!("hir", self.cur().func.link_name, "defer of something that is no call"),
        };
        let token = self.local_expr(token, pos, span);
        let func = self.runtime_func("deferprocat", &[sig, Types::INT], &[]);
        let kind = ExprKind::Call { callee: Callee::Static(func), args: vec![f, token], variadic: false };
        let call = self.add(kind, Types::EMPTY_TUPLE, pos, span);
        out.push(Stmt { pos, kind: StmtKind::Expr(call) });
    }

    /// `return` in the body of a range over a function: the results are those of the function around it.
    pub(super) fn return_from_range(&mut self, values: &'a [ast::Expr], pos: Pos, span: Span, out: &mut Vec<Stmt>) {
        let owner = self.range_owner();
        let types = self.stack[owner].results.clone();
        let results = self.stack[owner].func.results.clone();
        if !values.is_empty() {
            // The results are variables now: they get names.
            for (i, &r) in results.iter().enumerate() {
                let name = &mut self.stack[owner].func.locals[r].name;
                if name.as_str().starts_with('~') {
                    *name = Symbol::new(&format!("#rv{}", i + 1));
                }
            }
            let lhs: Vec<Option<ExprId>> = results
                .into_iter()
                .map(|r| {
                    let local = self.capture_from(owner, r);
                    Some(self.local_expr(local, pos, span))
                })
                .collect();
            let kind = match self.multi_value(values) {
                Some(given) if given == types => {
                    let call = self.expr(&values[0]);
                    let call = self.plain_call(call, out);
                    StmtKind::AssignCall { lhs, call, def: false }
                }
                given => {
                    let dst: Vec<Option<TypeId>> = types.iter().map(|&t| Some(t)).collect();
                    let mut rhs = match given {
                        Some(given) => self.spread_call(&values[0], &given, &dst, pos),
                        None => values.iter().zip(dst).map(|(v, t)| self.expr_as(v, t)).collect(),
                    };
                    match (lhs.as_slice(), rhs.len()) {
                        (&[one], 1) => StmtKind::Assign { lhs: one, rhs: rhs.remove(0), def: false },
                        _ => StmtKind::AssignMulti { lhs, rhs, def: false },
                    }
                }
            };
            out.push(Stmt { pos, kind });
        }
        self.leave(Exit::Return, pos, out);
    }
}

/// Labels declared in a statement list, function literals excluded (they hold expressions only).
fn collect_labels(list: &[ast::Stmt], out: &mut Vec<Symbol>) {
    for s in list {
        match &s.kind {
            ast::StmtKind::Labeled { label, stmt } => {
                out.push(label.name);
                collect_labels(std::slice::from_ref(stmt), out);
            }
            ast::StmtKind::Block(b) => collect_labels(&b.stmts, out),
            ast::StmtKind::If { then, els, .. } => {
                collect_labels(&then.stmts, out);
                if let Some(els) = els {
                    collect_labels(std::slice::from_ref(els), out);
                }
            }
            ast::StmtKind::For { body, .. } | ast::StmtKind::Range { body, .. } => collect_labels(&body.stmts, out),
            ast::StmtKind::Switch { cases, .. } | ast::StmtKind::TypeSwitch { cases, .. } => {
                for c in cases {
                    collect_labels(&c.body, out);
                }
            }
            ast::StmtKind::Select { cases, .. } => {
                for c in cases {
                    collect_labels(&c.body, out);
                }
            }
            _ => {}
        }
    }
}
