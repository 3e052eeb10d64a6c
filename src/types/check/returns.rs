//! Terminating statements (spec, "Terminating statements").

use super::Checker;
use super::resolve::unparen;
use crate::index::Symbol;
use crate::syntax::ast::{ExprKind, Stmt, StmtKind};

impl<'a> Checker<'a> {
    fn is_terminating(&self, s: &Stmt, label: Option<Symbol>) -> bool {
        match &s.kind {
            StmtKind::Labeled { label, stmt } => self.is_terminating(stmt, Some(label.name)),
            StmtKind::Expr(e) => {
                let call = unparen(e);
                matches!(call.kind, ExprKind::Call { .. }) && self.is_panic.contains(&call.id)
            }
            StmtKind::Return(_) | StmtKind::Goto(_) | StmtKind::Fallthrough => true,
            StmtKind::Block(block) => self.is_terminating_list(&block.stmts, None),
            StmtKind::If { then, els: Some(els), .. } => {
                self.is_terminating_list(&then.stmts, None) && self.is_terminating(els, None)
            }
            StmtKind::Switch { cases, .. } | StmtKind::TypeSwitch { cases, .. } => {
                cases.iter().any(|c| c.is_default)
                    && cases
                        .iter()
                        .all(|c| self.is_terminating_list(&c.body, None) && !has_break_list(&c.body, label, true))
            }
            StmtKind::Select { cases, .. } => {
                cases.iter().all(|c| self.is_terminating_list(&c.body, None) && !has_break_list(&c.body, label, true))
            }
            StmtKind::For { cond: None, body, .. } => !has_break_list(&body.stmts, label, true),
            _ => false,
        }
    }

    /// Whether control cannot come behind the statements.
    pub(super) fn is_terminating_list(&self, list: &[Stmt], label: Option<Symbol>) -> bool {
        let last = list.iter().rev().find(|s| !matches!(s.kind, StmtKind::Empty));
        last.is_some_and(|s| self.is_terminating(s, label))
    }
}

/// Whether there is a `break` out of the statement with that label, or an unlabelled one if `implicit`.
fn has_break(s: &Stmt, label: Option<Symbol>, implicit: bool) -> bool {
    match &s.kind {
        StmtKind::Labeled { stmt, .. } => has_break(stmt, label, implicit),
        StmtKind::Break(None) => implicit,
        StmtKind::Break(Some(target)) => Some(target.name) == label,
        StmtKind::Block(block) => has_break_list(&block.stmts, label, implicit),
        StmtKind::If { then, els, .. } => {
            has_break_list(&then.stmts, label, implicit) || els.as_ref().is_some_and(|e| has_break(e, label, implicit))
        }
        StmtKind::Switch { cases, .. } | StmtKind::TypeSwitch { cases, .. } => {
            label.is_some() && cases.iter().any(|c| has_break_list(&c.body, label, false))
        }
        StmtKind::Select { cases, .. } => {
            label.is_some() && cases.iter().any(|c| has_break_list(&c.body, label, false))
        }
        StmtKind::For { body, .. } | StmtKind::Range { body, .. } => {
            label.is_some() && has_break_list(&body.stmts, label, false)
        }
        _ => false,
    }
}

fn has_break_list(list: &[Stmt], label: Option<Symbol>, implicit: bool) -> bool {
    list.iter().any(|s| has_break(s, label, implicit))
}
