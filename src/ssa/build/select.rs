//! `select`: an array of cases in the frame for the runtime, then a dispatch on the one it chose.

#![forbid(unsafe_code)]

use super::super::ir::{Block, Cmp, Ty, Value};
use super::Builder;
use super::mem::{Mem, Operand};
use crate::abi::rtfn::RtFn;
use crate::hir::{CommCase, ExprId, ExprKind, LabelId, Stmt, StmtKind};
use crate::source::Pos;
use crate::types::{TypeId, Types};

/// What a case does with its channel.
enum Comm<'a> {
    Send,
    Recv { stmt: &'a Stmt, recv: ExprId, elem: TypeId, into: Mem },
}

impl Builder<'_> {
    pub(super) fn select_stmt(&mut self, pos: Pos, label: Option<LabelId>, cases: &[CommCase]) {
        if cases.is_empty() {
            self.rt(RtFn::block, &[]);
            return;
        }
        let n = cases.iter().filter(|c| c.comm.is_some()).count();
        // Words: channel, element, kind; the first two are pointers.
        let words = (0..n as u32).flat_map(|i| [i * 24, i * 24 + 8]).collect();
        let array = Mem::slot(self.raw_slot(".cases", n as u64 * 24, words));
        let mut comms: Vec<Option<Comm<'_>>> = Vec::with_capacity(cases.len());
        let mut evaluated: Vec<(Value, Option<(TypeId, Operand)>)> = Vec::with_capacity(n);
        for case in cases {
            let Some(stmt) = &case.comm else {
                comms.push(None);
                continue;
            };
            self.g.pos = stmt.pos;
            match &stmt.kind {
                StmtKind::Send { chan, value } => {
                    let elem = self.elem_of(self.ty_of(*chan));
                    let ch = self.top_word(*chan);
                    let v = self.top(*value);
                    let v = self.detach(v, elem);
                    evaluated.push((ch, Some((elem, v))));
                    comms.push(Some(Comm::Send));
                }
                kind => {
                    let recv = self.find_recv(kind);
                    let ExprKind::Recv(c) = self.expr(recv).kind else {
                        crate::bug!("ssa", self.f.link_name, "select case without a receive");
                    };
                    let elem = self.elem_of(self.ty_of(c));
                    let ch = self.top_word(c);
                    evaluated.push((ch, None));
                    let into = self.temp(elem);
                    comms.push(Some(Comm::Recv { stmt, recv, elem, into }));
                }
            }
        }
        self.g.pos = pos;
        for (i, ((ch, send), comm)) in evaluated.into_iter().zip(comms.iter().flatten()).enumerate() {
            let at = i as i64 * 24;
            let (m, kind) = match (send, comm) {
                (Some((elem, v)), _) => (self.spill(v, elem), 1),
                (None, Comm::Recv { into, .. }) => (*into, 2),
                (None, Comm::Send) => crate::bug!("ssa", self.f.link_name, "send without value"),
            };
            let p = self.addr_value(m);
            let kind = self.int(kind);
            self.store_word(array, at, ch);
            self.store_word(array, at + 8, p);
            self.store_word(array, at + 16, kind);
        }
        let has_default = n < cases.len();
        let p = self.addr_value(array);
        let (count, def) = (self.int(n as u64), self.int(u64::from(has_default)));
        let chosen = self.rt(RtFn::selectgo, &[p, count, def]);
        let ok = self.truth(chosen[1]);
        let exit = self.g.new_block();
        let bodies: Vec<Block> = cases.iter().map(|_| self.g.new_block()).collect();
        let mut index = 0;
        let mut default = None;
        for (case, &body) in cases.iter().zip(&bodies) {
            if case.comm.is_none() {
                default = Some(body);
                continue;
            }
            if index + 1 == n && !has_default {
                self.g.jump(body);
            } else {
                let next = self.g.new_block();
                let hit = self.cmp_c(Cmp::Eq, chosen[0], index as u64);
                self.g.branch(hit, body, next);
                self.g.start(next);
            }
            index += 1;
        }
        if let Some(body) = default {
            self.g.jump(body);
        }
        self.with_jumps(label, exit, None, |s| {
            for (i, case) in cases.iter().enumerate() {
                s.g.start(bodies[i]);
                if let Some(Comm::Recv { stmt, recv, elem, into }) = &comms[i] {
                    s.received(stmt, *recv, *elem, *into, ok);
                }
                s.stmts(&case.body);
                s.g.jump(exit);
            }
        });
        self.g.start(exit);
    }

    /// The receive expression of a case's statement.
    fn find_recv(&self, kind: &StmtKind) -> ExprId {
        let mut x = match kind {
            StmtKind::Assign { rhs, .. } | StmtKind::AssignCommaOk { rhs, .. } => *rhs,
            StmtKind::Expr(x) => *x,
            kind => crate::bug!("ssa", self.f.link_name, "select case {:?}", kind),
        };
        loop {
            match self.expr(x).kind {
                ExprKind::Paren(y) | ExprKind::Conv(y) | ExprKind::ConvIface(y) => x = y,
                _ => return x,
            }
        }
    }

    /// Assigns what the chosen case received.
    fn received(&mut self, stmt: &Stmt, recv: ExprId, elem: TypeId, into: Mem, ok: Value) {
        if self.g.is_dead() {
            return;
        }
        self.g.pos = stmt.pos;
        let v = self.load_operand(into, elem);
        let declare = |b: &mut Self, lhs: &[Option<ExprId>]| {
            for &x in lhs.iter().flatten() {
                if let ExprKind::Local(l) = b.expr(x).kind {
                    b.decl(l, true);
                }
            }
        };
        match &stmt.kind {
            StmtKind::Assign { lhs, rhs, def } => {
                if *def {
                    declare(self, &[*lhs]);
                }
                self.hoisted.insert(recv, v);
                self.assign(*lhs, *rhs, *def);
            }
            StmtKind::AssignCommaOk { lhs, def, .. } => {
                if *def {
                    declare(self, lhs);
                }
                for &l in lhs.iter().flatten() {
                    self.hoist_operands(l);
                }
                debug_assert_eq!(self.g.ty(ok), Ty::I8);
                let ok = Operand::Words(Self::one(ok));
                self.assign_values(lhs, vec![(elem, v), (Types::BOOL, ok)]);
            }
            _ => {}
        }
    }
}
