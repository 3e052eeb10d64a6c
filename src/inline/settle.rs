//! After inlining: calls that are no calls any more, in statements that want one.
//!
//! A call with one result became an [`ExprKind::Init`] wherever it stood. As a statement its value is not
//! wanted, and several results go to several places.

#![forbid(unsafe_code)]

use super::Inliner;
use crate::hir::{ExprId, ExprKind, FuncId, LocalId, Stmt, StmtKind};
use crate::index::Id;

impl Inliner<'_> {
    /// Puts the statements of all changed functions right.
    pub fn settle(&mut self) {
        let mut changed: Vec<FuncId> = self.changed.iter().copied().collect();
        changed.sort_unstable();
        for f in changed {
            let mut body = std::mem::take(&mut self.prog.funcs[f].body);
            self.list(f, &mut body);
            self.prog.funcs[f].body = body;
            for i in 0..self.prog.funcs[f].exprs.len() {
                let x = ExprId::new(i);
                if let ExprKind::Init { stmts, .. } = &mut self.prog.funcs[f].exprs[x].kind {
                    let mut stmts = std::mem::take(stmts);
                    self.list(f, &mut stmts);
                    if let ExprKind::Init { stmts: place, .. } = &mut self.prog.funcs[f].exprs[x].kind {
                        *place = stmts;
                    }
                }
            }
        }
    }

    fn list(&mut self, f: FuncId, list: &mut [Stmt]) {
        for stmt in list {
            self.one(f, stmt);
        }
    }

    fn one(&mut self, f: FuncId, stmt: &mut Stmt) {
        let pos = stmt.pos;
        match &mut stmt.kind {
            StmtKind::Expr(x) if self.results.contains_key(&(f, *x)) => {
                let results = self.results[&(f, *x)].clone();
                let mut stmts = self.take_stmts(f, *x);
                self.list(f, &mut stmts);
                // The results count as looked at.
                for r in results {
                    let ty = self.prog.funcs[f].locals[r].ty;
                    let rhs = self.add(f, ExprKind::Local(r), ty, pos);
                    stmts.push(Stmt { pos, kind: StmtKind::Assign { lhs: None, rhs, def: false } });
                }
                stmt.kind = StmtKind::Block(stmts);
            }
            StmtKind::AssignCall { lhs, call, def } => {
                if let Some(results) = self.results.get(&(f, *call)).cloned() {
                    let rhs = self.values(f, *call, &results, pos);
                    stmt.kind = StmtKind::AssignMulti { lhs: std::mem::take(lhs), rhs, def: *def };
                }
            }
            StmtKind::ReturnCall(call) => {
                if let Some(results) = self.results.get(&(f, *call)).cloned() {
                    stmt.kind = StmtKind::Return(self.values(f, *call, &results, pos));
                }
            }
            StmtKind::Block(body) | StmtKind::Range { body, .. } => self.list(f, body),
            StmtKind::If { then, els, .. } => {
                self.list(f, then);
                self.list(f, els);
            }
            StmtKind::For { post, body, .. } => {
                self.list(f, post);
                self.list(f, body);
            }
            StmtKind::Switch { cases, .. } => cases.iter_mut().for_each(|c| self.list(f, &mut c.body)),
            StmtKind::TypeSwitch { cases, .. } => cases.iter_mut().for_each(|c| self.list(f, &mut c.body)),
            StmtKind::Select { cases, .. } => {
                for case in cases {
                    if let Some(comm) = &mut case.comm {
                        self.one(f, comm);
                    }
                    self.list(f, &mut case.body);
                }
            }
            _ => {}
        }
    }

    fn take_stmts(&mut self, f: FuncId, x: ExprId) -> Vec<Stmt> {
        match &mut self.prog.funcs[f].exprs[x].kind {
            ExprKind::Init { stmts, .. } => std::mem::take(stmts),
            _ => Vec::new(),
        }
    }

    /// The results as values; the first brings the statements along.
    fn values(&mut self, f: FuncId, call: ExprId, results: &[LocalId], pos: crate::source::Pos) -> Vec<ExprId> {
        let mut values = Vec::new();
        for (i, &r) in results.iter().enumerate() {
            let ty = self.prog.funcs[f].locals[r].ty;
            if i == 0 {
                self.prog.funcs[f].exprs[call].ty = ty;
                values.push(call);
            } else {
                values.push(self.add(f, ExprKind::Local(r), ty, pos));
            }
        }
        values
    }
}
