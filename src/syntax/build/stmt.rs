#![forbid(unsafe_code)]
//! Actions for statements: headers are taken apart here, since the grammar lets any simple statement stand in
//! every place of a header.

use crate::source::{Pos, Span};
use crate::syntax::ast::*;
use crate::syntax::build::{Clause, Cx, Header};
use crate::syntax::print::{expr_string, stmt_string};
use crate::syntax::token::Semi;

impl Cx<'_> {
    /// A statement in a header that has to be an expression.
    /// `block` is where its block begins: Go's parser sees the mistake there.
    fn condition(&mut self, cond: Option<Stmt>, block: Pos) -> Option<Expr> {
        let stmt = cond?;
        match stmt.kind {
            StmtKind::Expr(x) => Some(x),
            // Recovery went on behind the block: it is another statement that lacks its condition.
            _ if ends_badly(&stmt) => Some(self.expr(stmt.span.lo, stmt.span.hi, ExprKind::Bad)),
            _ => {
                let text = match &stmt.kind {
                    StmtKind::Assign { lhs, rhs, define: false } => {
                        format!("assignment {} = {}", emphasize(lhs), emphasize(rhs))
                    }
                    _ => stmt_string(&stmt),
                };
                let at = Span::new(stmt.pos, stmt.span.hi);
                self.syntax_error(at, format!("cannot use {text} as value"));
                self.seen_at(block);
                let (lo, hi) = (stmt.span.lo, stmt.span.hi);
                Some(self.expr(lo, hi, ExprKind::Bad))
            }
        }
    }
    pub fn if_stmt(&mut self, lo: Pos, header: Header, then: Block, els: Option<Stmt>) -> Stmt {
        let Header { init, cond, semi, .. } = header;
        let cond = match self.condition(cond, then.span.lo) {
            Some(cond) => cond,
            None => {
                match semi {
                    Some((span, Semi::Semicolon)) => self.syntax_error(span, "missing condition in if statement"),
                    Some((span, _)) => {
                        self.syntax_error(span, "unexpected newline, expected { after if clause");
                    }
                    None => {
                        let at = Span::new(then.span.lo, then.span.lo.offset(1));
                        self.syntax_error(at, "missing condition in if statement");
                    }
                }
                self.seen_at(then.span.lo);
                self.bad_expr(then.span.lo)
            }
        };
        let hi = els.as_ref().map_or(then.span.hi, |s| s.span.hi);
        stmt(lo, hi, StmtKind::If { init: init.map(Box::new), cond, then, els: els.map(Box::new) })
    }

    pub fn for_stmt(&mut self, lo: Pos, header: Header, body: Block) -> Stmt {
        let Header { init, cond, post, .. } = header;
        let cond = self.condition(cond, body.span.lo);
        if let Some(Stmt { pos, span, kind: StmtKind::Assign { define: true, .. } }) = &post {
            self.syntax_error(Span::new(*pos, span.hi), "cannot declare in post statement of for loop");
            self.seen_at(body.span.lo);
        }
        let hi = body.span.hi;
        stmt(lo, hi, StmtKind::For { init: init.map(Box::new), cond, post: post.map(Box::new), body })
    }

    /// `lhs` is what stands before `=` or `:=`.
    pub fn range_stmt(
        &mut self,
        lo: Pos,
        lhs: Vec<Expr>,
        define: bool,
        (range_pos, x): (Pos, Expr),
        body: Block,
    ) -> Stmt {
        let mut lhs = lhs.into_iter();
        let (key, value) = (lhs.next(), lhs.next());
        if let Some(extra) = lhs.next() {
            self.error(extra.span, "range clause permits at most two iteration variables");
        }
        let hi = body.span.hi;
        stmt(lo, hi, StmtKind::Range { key, value, define, range_pos, x, body })
    }

    /// `body` begins at the switch's `{`.
    pub fn switch_stmt(&mut self, lo: Pos, header: Header, cases: Vec<Clause<CaseClause>>, body: Span) -> Stmt {
        let cases = cases.into_iter().map(|(head, body, hi)| {
            let span = Span::new(head.span.lo, hi);
            CaseClause { span, body, ..head }
        });
        let cases = cases.collect();
        let hi = body.hi;
        let Header { init, cond: tag, .. } = header;
        let init = init.map(Box::new);
        let rbrace = Pos(hi.0 - 1);
        let kind = match tag.map(type_switch_guard) {
            Some(Ok((bind, x))) => StmtKind::TypeSwitch { init, bind, x, cases, rbrace },
            Some(Err(tag)) => {
                let tag = self.condition(Some(*tag), body.lo);
                StmtKind::Switch { init, tag, cases, rbrace }
            }
            None => StmtKind::Switch { init, tag: None, cases, rbrace },
        };
        stmt(lo, hi, kind)
    }

    /// A clause of a switch before its body.
    pub fn case_head(&mut self, lo: Pos, values: Vec<Expr>, is_default: bool, colon: Pos) -> CaseClause {
        let span = Span::new(lo, colon.offset(1));
        CaseClause { span, id: self.id(), values, is_default, colon, body: Vec::new() }
    }
}

/// A statement.
pub fn stmt(lo: Pos, hi: Pos, kind: StmtKind) -> Stmt {
    Stmt { span: Span::new(lo, hi), pos: lo, kind }
}

/// A statement whose position is `pos`.
pub fn stmt_at(pos: Pos, lo: Pos, hi: Pos, kind: StmtKind) -> Stmt {
    Stmt { span: Span::new(lo, hi), pos, kind }
}

pub fn expr_stmt(x: Expr) -> Stmt {
    Stmt { span: x.span, pos: x.pos, kind: StmtKind::Expr(x) }
}

/// `lhs = rhs` or `lhs := rhs`.
pub fn assign(lhs: Vec<Expr>, op: Pos, rhs: Vec<Expr>, define: bool) -> Stmt {
    let span = list_span(&lhs).to(list_span(&rhs));
    Stmt { span, pos: op, kind: StmtKind::Assign { lhs, rhs, define } }
}

fn list_span(list: &[Expr]) -> Span {
    match (list.first(), list.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::NONE,
    }
}

/// Whether recovery replaced the end of a simple statement.
fn ends_badly(stmt: &Stmt) -> bool {
    let last = match &stmt.kind {
        StmtKind::Assign { rhs, .. } => rhs.last(),
        StmtKind::AssignOp { rhs: x, .. } | StmtKind::Send { value: x, .. } => Some(x),
        _ => None,
    };
    last.is_some_and(|x| matches!(x.kind, ExprKind::Bad))
}

/// `x.(type)` or `v := x.(type)` as the tag of a switch.
fn type_switch_guard(tag: Stmt) -> Result<(Option<Ident>, Expr), Box<Stmt>> {
    let Stmt { span, pos, kind } = tag;
    match kind {
        StmtKind::Expr(Expr { kind: ExprKind::TypeSwitchGuard(x), .. }) => Ok((None, *x)),
        StmtKind::Assign { mut lhs, mut rhs, define: true }
            if lhs.len() == 1
                && rhs.len() == 1
                && matches!(lhs[0].kind, ExprKind::Name(_))
                && matches!(rhs[0].kind, ExprKind::TypeSwitchGuard(_)) =>
        {
            match (lhs.pop().map(|e| e.kind), rhs.pop().map(|e| e.kind)) {
                (Some(ExprKind::Name(bind)), Some(ExprKind::TypeSwitchGuard(x))) => Ok((Some(bind), *x)),
                _ => Err(Box::new(Stmt { span, pos, kind: StmtKind::Bad })),
            }
        }
        kind => Err(Box::new(Stmt { span, pos, kind })),
    }
}

/// A list of expressions for a message about `=`; a binary expression gets parentheses, so that `=` stands out.
fn emphasize(list: &[Expr]) -> String {
    match list {
        [x] if matches!(x.kind, ExprKind::Binary { .. }) => format!("({})", expr_string(x)),
        list => list.iter().map(expr_string).collect::<Vec<_>>().join(", "),
    }
}

/// `label: stmt`; without a statement the label has an empty one.
pub fn labeled(label: Ident, colon: Pos, inner: Option<Stmt>, hi: Pos) -> Stmt {
    let inner = inner.unwrap_or_else(|| stmt(hi, hi, StmtKind::Empty));
    stmt_at(colon, label.span.lo, hi, StmtKind::Labeled { label, stmt: Box::new(inner) })
}
/// A clause of a select before its body.
pub fn comm_head(lo: Pos, comm: Option<Stmt>, colon: Pos) -> CommClause {
    CommClause { span: Span::new(lo, colon.offset(1)), comm: comm.map(Box::new), colon, body: Vec::new() }
}

pub fn select_stmt(lo: Pos, cases: Vec<Clause<CommClause>>, hi: Pos) -> Stmt {
    let cases = cases.into_iter().map(|(head, body, hi)| {
        let span = Span::new(head.span.lo, hi);
        CommClause { span, body, ..head }
    });
    stmt(lo, hi, StmtKind::Select { cases: cases.collect(), rbrace: Pos(hi.0 - 1) })
}
