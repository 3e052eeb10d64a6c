//! Rules for statements.

#![forbid(unsafe_code)]

use super::build::Builder;
use super::graph::{HEAP, Hole, Node, Place};
use crate::hir::facts::received_vars;
use crate::hir::{BinaryOp, CommaOk, ExprId, ExprKind, LocalId, Program, Stmt, StmtKind, TypeCase};
use crate::source::Span;
use crate::types::{Basic, TypeKind};

impl Builder<'_> {
    /// A list with a scope of its own: labels inside count as loops only there.
    pub fn block(&mut self, body: &[Stmt]) {
        let depth = self.loop_depth;
        self.stmts(body);
        self.loop_depth = depth;
    }

    pub fn stmts(&mut self, body: &[Stmt]) {
        for stmt in body {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let prog: &Program = self.prog;
        match &stmt.kind {
            StmtKind::Decl(local) => {
                self.declare(*local);
            }
            StmtKind::Assign { lhs, rhs, .. } => {
                // Go assigns arguments and results of inlined calls as lists.
                let inlined = lhs.is_some_and(|x| prog.funcs[self.curfn].exprs[x].implicit);
                let why = if inlined { "assign-pair" } else { "assign" };
                self.assign_list(&[*lhs], &[*rhs], why, stmt);
            }
            StmtKind::AssignOp { op, lhs, rhs, .. } => {
                // The new string is always on the heap: only reports to people name it.
                let ty = prog.funcs[self.curfn].exprs[*lhs].ty;
                if *op == BinaryOp::Add && self.batch.uses.is_some() && self.types.basic(ty) == Some(Basic::String) {
                    let k = self.note_stmt(Hole::to(HEAP).shift(-1), stmt, "string +=");
                    let loc = self.new_loc(Node::Expr(self.curfn, *lhs), false);
                    self.batch.flow(k, loc);
                }
                self.assign_list(&[Some(*lhs)], &[*rhs], "assign", stmt);
            }
            StmtKind::AssignMulti { lhs, rhs, .. } => self.assign_list(lhs, rhs, "assign-pair", stmt),
            StmtKind::AssignCommaOk { lhs, rhs, kind, .. } => {
                let why = match kind {
                    CommaOk::TypeAssert => "assign-pair-dot-type",
                    CommaOk::Map => "assign-pair-mapr",
                    CommaOk::Recv => "assign-pair-receive",
                };
                self.assign_list(lhs, &[*rhs], why, stmt);
            }
            StmtKind::AssignCall { lhs, call, .. } => {
                let ks = self.addrs(lhs);
                self.call(Some(&ks), *call);
                self.reassigned(&ks, lhs);
            }
            StmtKind::Expr(x) => match prog.funcs[self.curfn].exprs[*x].kind {
                ExprKind::Call { .. } | ExprKind::Init { .. } => self.call(None, *x),
                _ => self.discard(*x),
            },
            StmtKind::Block(body) => self.stmts(body),
            StmtKind::If { cond, then, els } => {
                self.discard(*cond);
                self.block(then);
                self.block(els);
            }
            StmtKind::For { cond, post, body, per_iteration, .. } => {
                self.for_stmt(stmt, *cond, post, body, per_iteration);
            }
            StmtKind::Range { key, value, x, define, body, .. } => {
                self.range_stmt(stmt, [*key, *value], *x, *define, body);
            }
            StmtKind::Switch { tag, cases, .. } => {
                self.discard_opt(*tag);
                for case in cases {
                    for &value in &case.values {
                        self.discard(value);
                    }
                    self.block(&case.body);
                }
            }
            StmtKind::TypeSwitch { x, cases, .. } => self.type_switch(*x, cases),
            StmtKind::Select { cases, .. } => {
                for case in cases {
                    if let Some(comm) = &case.comm {
                        for local in received_vars(&prog.funcs[self.curfn], comm) {
                            self.declare(local);
                        }
                        self.stmt(comm);
                    }
                    self.block(&case.body);
                }
            }
            StmtKind::Send { chan, value } => {
                self.discard(*chan);
                let k = self.note_stmt(Hole::to(HEAP), stmt, "send");
                self.expr(k, *value);
            }
            StmtKind::Go(x) => self.go_defer(*x, false),
            StmtKind::Defer(x) => self.go_defer(*x, true),
            StmtKind::Return(values) => {
                let ks = self.result_holes();
                for (&k, &value) in ks.iter().zip(values) {
                    let k = self.note_stmt(k, stmt, "return");
                    self.expr(k, value);
                }
                self.always_reassigned(&ks);
            }
            StmtKind::ReturnCall(x) => {
                let mut ks = self.result_holes();
                for k in &mut ks {
                    *k = self.note_stmt(*k, stmt, "return");
                }
                self.call(Some(&ks), *x);
                self.always_reassigned(&ks);
            }
            StmtKind::Label(label) => {
                if self.labels.remove(label) == Some(true) {
                    self.loop_depth += 1;
                }
            }
            StmtKind::CheckNil(x) => self.discard(*x),
            StmtKind::MoveToHeap(_) => {}
            StmtKind::Break(_) | StmtKind::Continue(_) | StmtKind::Goto(_) => {}
        }
    }

    fn result_holes(&self) -> Vec<Hole> {
        self.result_locs(self.curfn).into_iter().map(Hole::to).collect()
    }

    fn for_stmt(&mut self, stmt: &Stmt, cond: Option<ExprId>, post: &[Stmt], body: &[Stmt], copied: &[LocalId]) {
        let copied: Vec<LocalId> = copied.iter().copied().filter(|&l| self.is_per_iteration(l)).collect();
        // A variable with a copy per iteration comes into being inside; a hidden one carries its value on.
        let mut carriers = Vec::new();
        for &local in &copied {
            let ty = self.prog.funcs[self.curfn].locals[local].ty;
            carriers.push(self.temp(stmt.pos, ty));
        }
        self.loop_depth += 1;
        let depth = self.loop_depth;
        for (&local, &carrier) in copied.iter().zip(&carriers) {
            let loc = self.local_loc(local);
            self.batch.locs[loc].loop_depth = depth;
            self.batch.locs[loc].nesting = self.nesting();
            let k = self.note_stmt(Hole::to(loc), stmt, "assign");
            self.batch.flow(k, carrier);
            let k = self.note_stmt(Hole::to(carrier), stmt, "assign");
            self.batch.flow(k, loc);
        }
        if copied.is_empty() {
            self.discard_opt(cond);
            self.stmts(post);
        } else {
            // The step of the iteration before, the test, the body: all on the fresh copies.
            self.block(post);
            self.discard_opt(cond);
        }
        self.block(body);
        self.loop_depth = depth - 1;
    }

    fn range_stmt(&mut self, stmt: &Stmt, vars: [Option<ExprId>; 2], x: ExprId, define: bool, body: &[Stmt]) {
        let prog: &Program = self.prog;
        // The operand is evaluated once and lasts as long as the loop.
        let operand = self.new_loc(Node::None, true);
        let local_of = |e: Option<ExprId>| match prog.funcs[self.curfn].exprs[e?].kind {
            ExprKind::Local(local) if define => Some(local),
            _ => None,
        };
        let declared = vars.map(local_of);
        let names = &prog.funcs[self.curfn].locals;
        let temps = declared.into_iter().flatten().filter(|&l| names[l].name.as_str().starts_with(".autotmp"));
        self.range_temps.extend(temps.map(|l| (self.curfn, l)));
        for local in declared.into_iter().flatten() {
            self.declare(local);
        }
        self.expr(Hole::to(operand), x);
        // A variable with a copy per iteration is assigned from a hidden one at the start of the body.
        let mut ks = [Hole::discard(); 2];
        let mut copies = Vec::new();
        for (i, local) in declared.into_iter().enumerate() {
            match local {
                Some(local) if self.is_per_iteration(local) => {
                    let ty = prog.funcs[self.curfn].locals[local].ty;
                    let hidden = self.temp(stmt.pos, ty);
                    self.batch.locs[hidden].loop_depth = 1;
                    ks[i] = Hole::to(hidden);
                    copies.push((local, hidden));
                }
                _ => {}
            }
        }
        self.loop_depth += 1;
        for i in 0..2 {
            if self.is_blank(ks[i]) {
                ks[i] = self.addr(vars[i]);
            }
        }
        let is_array = matches!(self.types.underlying_kind(prog.funcs[self.curfn].exprs[x].ty), TypeKind::Array { .. });
        let k = if is_array {
            self.note_stmt(ks[1], stmt, "range")
        } else {
            self.note_stmt(ks[1].shift(1), stmt, "range-deref")
        };
        self.batch.flow(k, operand);
        self.always_reassigned(&ks);
        for (local, hidden) in copies {
            let loc = self.local_loc(local);
            self.batch.locs[loc].loop_depth = self.loop_depth;
            self.batch.locs[loc].nesting = self.nesting();
            let name = prog.funcs[self.curfn].locals[local].name;
            let Node::Temp { number, .. } = self.batch.locs[hidden].node else { continue };
            let k = self.batch.note(Hole::to(loc), "assign", || Place::Text {
                target: None,
                inlined: false,
                pos: stmt.pos,
                span: Span::new(stmt.pos, stmt.pos),
                text: format!("{name} := .autotmp_{number}"),
            });
            self.batch.flow(k, hidden);
        }
        self.block(body);
        self.loop_depth -= 1;
    }

    fn type_switch(&mut self, x: ExprId, cases: &[TypeCase]) {
        let prog: &Program = self.prog;
        let mut ks = Vec::new();
        for case in cases {
            let Some(var) = case.var else { continue };
            let loc = self.declare(var);
            let ty = prog.funcs[self.curfn].locals[var].ty;
            if self.has_pointers(ty) {
                let k = self.dot_type(Hole::to(loc), ty);
                let printer = self.printer;
                ks.push(self.batch.note(k, "switch case", || Place::Text {
                    inlined: false,
                    target: None,
                    pos: case.pos,
                    span: Span::new(case.pos, case.pos),
                    text: printer.type_case(case),
                }));
            }
        }
        let k = self.tee(&ks);
        self.expr(k, x);
        for case in cases {
            self.block(&case.body);
        }
    }
}
