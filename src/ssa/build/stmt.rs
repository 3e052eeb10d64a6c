//! Statements.

#![forbid(unsafe_code)]

use super::super::abi_sig::ResultAbi;
use super::super::ir::{Block, Ty, ValueList};
use super::mem::{Mem, Operand};
use super::{Builder, Jumps, Place};
use crate::hir::{ExprId, ExprKind, LabelId, LocalId, Stmt, StmtKind};
use crate::source::Pos;

/// Most nodes of a loop condition that is compiled twice.
const MAX_ROTATED: usize = 16;

impl Builder<'_> {
    pub(super) fn stmts(&mut self, list: &[Stmt]) {
        for (i, s) in list.iter().enumerate() {
            self.g.pos = s.pos;
            if let StmtKind::Decl(l) = s.kind {
                if !self.g.is_dead() {
                    let init = self.is_initialised(l, &list[i + 1..]);
                    self.decl(l, init);
                }
                continue;
            }
            self.stmt(s);
        }
    }

    /// Whether the statements behind a declaration begin with the variable's initialisation.
    fn is_initialised(&self, l: LocalId, rest: &[Stmt]) -> bool {
        let is_l = |x: &Option<ExprId>| x.is_some_and(|x| matches!(self.expr(x).kind, ExprKind::Local(v) if v == l));
        let Some(next) = rest.iter().find(|s| !matches!(s.kind, StmtKind::Decl(_))) else {
            return false;
        };
        match &next.kind {
            StmtKind::Assign { lhs, def: true, .. } => is_l(lhs),
            StmtKind::AssignMulti { lhs, def: true, .. } | StmtKind::AssignCall { lhs, def: true, .. } => {
                lhs.iter().any(is_l)
            }
            StmtKind::AssignCommaOk { lhs, def: true, .. } => lhs.iter().any(is_l),
            _ => false,
        }
    }

    fn stmt(&mut self, s: &Stmt) {
        let pos = s.pos;
        if self.g.is_dead() && !may_have_label(&s.kind) {
            return;
        }
        match &s.kind {
            StmtKind::Decl(l) => self.decl(*l, false),
            StmtKind::Assign { lhs, rhs, def } => self.assign(*lhs, *rhs, *def),
            StmtKind::AssignOp { op, lhs, rhs, .. } => self.assign_op(*op, *lhs, *rhs),
            StmtKind::AssignMulti { lhs, rhs, .. } => self.assign_multi(lhs, rhs),
            StmtKind::AssignCall { lhs, call, .. } => self.assign_call(lhs, *call),
            StmtKind::AssignCommaOk { lhs, rhs, kind, .. } => self.assign_comma_ok(lhs, *rhs, *kind),
            StmtKind::Expr(x) => self.effect(*x),
            StmtKind::Block(list) => self.stmts(list),
            StmtKind::If { cond, then, els } => {
                let t = self.g.new_block();
                let join = self.g.new_block();
                let e = if els.is_empty() { join } else { self.g.new_block() };
                self.cond(*cond, t, e);
                self.g.start(t);
                self.stmts(then);
                self.g.jump(join);
                if !els.is_empty() {
                    self.g.start(e);
                    self.stmts(els);
                    self.g.jump(join);
                }
                self.g.start(join);
            }
            StmtKind::For { label, cond, post, body, per_iteration } => {
                // `for true`, written or computed.
                let always = |x: ExprId| matches!(&self.expr(x).kind, ExprKind::Const(c) if c.to_bool() == Some(true));
                let cond = cond.filter(|&x| !always(x));
                self.for_loop(pos, *label, cond, post, body, per_iteration);
            }
            StmtKind::Range { .. } => self.range(s),
            StmtKind::Switch { label, tag, cases } => self.switch(pos, *label, *tag, cases),
            StmtKind::TypeSwitch { label, x, cases } => self.type_switch(*label, *x, cases),
            StmtKind::Select { label, cases } => self.select_stmt(pos, *label, cases),
            StmtKind::Send { chan, value } => self.send(*chan, *value),
            StmtKind::Go(x) => self.go(*x, pos),
            StmtKind::Defer(x) => self.defer(*x, pos),
            StmtKind::Return(values) => self.return_stmt(values, pos),
            StmtKind::ReturnCall(call) => {
                self.hoist_operands(*call);
                let results = self.call(*call);
                let types = self.call_types(*call);
                self.g.pos = pos;
                let values = types.into_iter().zip(results).collect();
                self.return_values(values);
            }
            StmtKind::Break(label) => {
                if let Some(b) = self.jump_target(*label, false) {
                    self.g.jump(b);
                }
            }
            StmtKind::Continue(label) => {
                if let Some(b) = self.jump_target(*label, true) {
                    self.g.jump(b);
                }
            }
            StmtKind::Goto(l) => {
                let b = self.label_block(*l);
                self.g.jump(b);
            }
            StmtKind::Label(l) => {
                let b = self.label_block(*l);
                self.g.jump(b);
                self.g.close();
                self.g.switch_to(b);
            }
            StmtKind::MoveToHeap(l) => self.move_to_heap(*l),
            StmtKind::CheckNil(x) => {
                let v = self.top_words(*x)[0];
                self.g.pos = pos;
                let p = self.as_ptr(v);
                self.nil_check(p);
            }
        }
    }

    fn label_block(&mut self, l: LabelId) -> Block {
        if let Some(&b) = self.labels.get(&l) {
            return b;
        }
        let b = self.g.new_block();
        self.labels.insert(l, b);
        b
    }

    fn jump_target(&self, label: Option<LabelId>, cont: bool) -> Option<Block> {
        let jumps = self.jumps.iter().rev();
        let mut found = jumps.filter(|j| label.is_none() || j.label == label);
        if cont { found.find_map(|j| j.cont) } else { found.next().map(|j| j.brk) }
    }

    pub(super) fn with_jumps(
        &mut self,
        label: Option<LabelId>,
        brk: Block,
        cont: Option<Block>,
        body: impl FnOnce(&mut Self),
    ) {
        self.jumps.push(Jumps { label, brk, cont });
        body(self);
        self.jumps.pop();
    }

    fn for_loop(
        &mut self,
        pos: Pos,
        label: Option<LabelId>,
        cond: Option<ExprId>,
        post: &[Stmt],
        body: &[Stmt],
        per_iteration: &[LocalId],
    ) {
        let (b, cont, exit) = (self.g.new_block(), self.g.new_block(), self.g.new_block());
        // A small condition is tested before the loop and again at its end: one branch per iteration.
        let rotated = cond.filter(|&c| self.is_small(c));
        let head = if let Some(c) = rotated {
            self.cond(c, b, exit);
            self.g.switch_to(b);
            b
        } else {
            let head = self.loop_head();
            match cond {
                Some(c) => self.cond(c, b, exit),
                None => self.g.jump(b),
            }
            self.g.start(b);
            head
        };
        self.with_jumps(label, exit, Some(cont), |s| s.stmts(body));
        self.g.jump(cont);
        self.g.start(cont);
        self.g.pos = pos;
        for &l in per_iteration {
            // The next iteration has a variable of its own, with the same value.
            if let Place::Heap(var) = self.place(l) {
                let old = self.heap_mem(var);
                let ty = self.f.locals[l].ty;
                let v = self.load_operand(old, ty);
                self.renew_heap_local(l, var);
                let new = self.heap_mem(var);
                self.store_operand(new, ty, &v);
            }
        }
        self.stmts(post);
        match rotated {
            Some(c) if !self.g.is_dead() => {
                self.g.pos = pos;
                self.cond(c, b, exit);
            }
            _ => self.g.jump(head),
        }
        self.g.close();
        self.g.seal(head);
        self.g.start(exit);
    }

    /// Whether an expression is cheap enough to be compiled twice, and has no effects.
    fn is_small(&mut self, x: ExprId) -> bool {
        let mut n = 0;
        crate::hir::visit::preorder(self.f, x, &mut |_| n += 1);
        n <= MAX_ROTATED && !self.has_calls(x)
    }

    // ---- return

    fn return_stmt(&mut self, values: &[ExprId], pos: Pos) {
        if values.is_empty() {
            return self.emit_return();
        }
        if let [x] = *values {
            self.hoist_operands(x);
        } else {
            self.hoist_list(values);
        }
        let f = self.f;
        // An unnamed result in memory is built in place.
        if let ([x], [local]) = (values, &f.results[..])
            && f.locals[*local].name.as_str().starts_with('~')
            && let Place::Mem(m) = self.places[*local]
        {
            self.store_expr(*x, m, true);
            self.g.pos = pos;
            return self.emit_return();
        }
        let mut out = Vec::with_capacity(values.len());
        for &x in values {
            let v = self.operand(x);
            let ty = self.ty_of(x);
            let v = if values.len() > 1 { self.detach(v, ty) } else { v };
            out.push((ty, v));
        }
        self.g.pos = pos;
        self.return_values(out);
    }

    fn return_values(&mut self, values: Vec<(crate::types::TypeId, Operand)>) {
        let f = self.f;
        for (&local, (from, v)) in f.results.iter().zip(values) {
            let v = self.assignable(from, f.locals[local].ty, v);
            self.set_local(local, &v);
        }
        self.emit_return();
    }

    /// Returns what the result variables hold.
    pub(super) fn emit_return(&mut self) {
        if let Some(exit) = self.exit {
            return self.g.jump(exit);
        }
        let words = self.result_words();
        self.g.ret(words);
    }

    pub(super) fn result_words(&mut self) -> ValueList {
        let f = self.f;
        let abi = self.abi.clone();
        let mut words = ValueList::new();
        for (i, (&local, &(ty, way))) in f.results.iter().zip(&abi.results).enumerate() {
            let place = match (self.exit, self.heap_results[i]) {
                // Behind a recovery only memory is known.
                (Some(_), Some(slot)) => {
                    let p = self.load_word(Mem::slot(slot), 0, Ty::Ptr);
                    Place::Mem(Mem::object(p))
                }
                _ => self.places[local],
            };
            match way {
                ResultAbi::Words(_) => match place {
                    Place::Reg(var) => {
                        let n = self.layout(ty).leaves.len();
                        words.extend(self.read_vars(var, n));
                    }
                    place => {
                        let m = self.place_mem(place).expect("memory");
                        words.extend(self.load(m, ty));
                    }
                },
                ResultAbi::Out(n) => {
                    let out = self.outs[n as usize];
                    if let Place::Mem(m) = place
                        && m == Mem::object(out)
                    {
                        continue;
                    }
                    let out = match self.exit {
                        Some(_) => self.load_word(Mem::slot(self.out_slots[n as usize]), 0, Ty::Ptr),
                        None => out,
                    };
                    match place {
                        Place::Reg(var) => {
                            let n = self.layout(ty).leaves.len();
                            let w = self.read_vars(var, n);
                            self.store(Mem::object(out), ty, &w);
                        }
                        place => {
                            let m = self.place_mem(place).expect("memory");
                            let v = self.load_operand(m, ty);
                            self.store_operand(Mem::object(out), ty, &v);
                        }
                    }
                }
            }
        }
        words
    }
}

/// Whether a statement may contain the target of a goto.
fn may_have_label(kind: &StmtKind) -> bool {
    matches!(
        kind,
        StmtKind::Label(_)
            | StmtKind::Block(_)
            | StmtKind::If { .. }
            | StmtKind::For { .. }
            | StmtKind::Range { .. }
            | StmtKind::Switch { .. }
            | StmtKind::TypeSwitch { .. }
            | StmtKind::Select { .. }
    )
}
