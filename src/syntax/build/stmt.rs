//! Actions for statements: headers are taken apart here, since the grammar lets any simple statement stand in
//! every place of a header.

#![forbid(unsafe_code)]

use crate::source::{Pos, Span};
use crate::syntax::ast::*;
use crate::syntax::build::{Clause, Cx, Header, Node};
use crate::syntax::print::{expr_string, stmt_string};
use crate::syntax::token::Semi;

impl Cx<'_> {
    /// A statement in a header that has to be an expression.
    /// `block` is where its block begins: Go's parser sees the mistake there.
    fn condition(&mut self, cond: Option<Box<Stmt>>, block: Pos) -> Option<Expr> {
        let stmt = cond?;
        match stmt.kind {
            StmtKind::Expr(x) => Some(x),
            // Recovery went on behind the block: it is another statement that lacks its condition.
            _ if ends_badly(&stmt) => Some(*self.bad_expr(stmt.span.lo)),
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
                Some(*self.bad_expr(stmt.span.lo))
            }
        }
    }

    pub fn if_stmt(&mut self, lo: Pos, header: Header, then: Block, els: Option<Box<Stmt>>) -> Box<Stmt> {
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
                *self.bad_expr(then.span.lo)
            }
        };
        let hi = els.as_ref().map_or(then.span.hi, |s| s.span.hi);
        stmt(lo, hi, StmtKind::If { init, cond, then, els })
    }

    pub fn for_stmt(&mut self, lo: Pos, header: Header, body: Block) -> Box<Stmt> {
        let Header { init, cond, post, .. } = header;
        let cond = self.condition(cond, body.span.lo);
        if let Some(Stmt { pos, span, kind: StmtKind::Assign { define: true, .. } }) = post.as_deref() {
            self.syntax_error(Span::new(*pos, span.hi), "cannot declare in post statement of for loop");
            self.seen_at(body.span.lo);
        }
        let hi = body.span.hi;
        stmt(lo, hi, StmtKind::For { init, cond, post, body })
    }

    /// `lhs` is what stands before `=` or `:=`.
    pub fn range_stmt(
        &mut self,
        lo: Pos,
        lhs: Vec<Expr>,
        define: bool,
        (range_pos, x): (Pos, Node),
        body: Block,
    ) -> Box<Stmt> {
        let mut lhs = lhs.into_iter();
        let (key, value) = (lhs.next(), lhs.next());
        let extra = lhs.next().map(|e| e.at());
        let hi = body.span.hi;
        stmt(lo, hi, StmtKind::Range { key, value, extra, define, range_pos, x: *x, body })
    }

    /// `body` begins at the switch's `{`.
    pub fn switch_stmt(
        &mut self,
        lo: Pos,
        header: Header,
        cases: Vec<Clause<Box<CaseClause>>>,
        body: Span,
    ) -> Box<Stmt> {
        let cases = cases.into_iter().map(|(head, body, hi)| {
            let span = Span::new(head.span.lo, hi);
            CaseClause { span, body, ..*head }
        });
        let cases = cases.collect();
        let hi = body.hi;
        let Header { init, cond: tag, .. } = header;
        let rbrace = Pos(hi.0 - 1);
        let kind = match tag.map(type_switch_guard) {
            Some(Ok((bind, x))) => StmtKind::TypeSwitch { init, bind, x, cases, rbrace },
            Some(Err(tag)) => {
                let tag = self.condition(Some(tag), body.lo);
                StmtKind::Switch { init, tag, cases, rbrace }
            }
            None => StmtKind::Switch { init, tag: None, cases, rbrace },
        };
        stmt(lo, hi, kind)
    }

    /// A clause of a switch before its body.
    pub fn case_head(&mut self, lo: Pos, values: Vec<Expr>, is_default: bool, colon: Pos) -> Box<CaseClause> {
        let span = Span::new(lo, colon.offset(1));
        Box::new(CaseClause { span, id: self.id(), values, is_default, colon, body: Vec::new() })
    }
}

/// A statement.
pub fn stmt(lo: Pos, hi: Pos, kind: StmtKind) -> Box<Stmt> {
    Box::new(Stmt { span: Span::new(lo, hi), pos: lo, kind })
}

/// A statement whose position is `pos`.
pub fn stmt_at(pos: Pos, lo: Pos, hi: Pos, kind: StmtKind) -> Box<Stmt> {
    Box::new(Stmt { span: Span::new(lo, hi), pos, kind })
}

pub fn expr_stmt(x: Expr) -> Box<Stmt> {
    Box::new(Stmt { span: x.span, pos: x.pos, kind: StmtKind::Expr(x) })
}

/// `lhs = rhs` or `lhs := rhs`.
pub fn assign(lhs: Vec<Expr>, op: Pos, rhs: Vec<Expr>, define: bool) -> Box<Stmt> {
    let span = list_span(&lhs).to(list_span(&rhs));
    Box::new(Stmt { span, pos: op, kind: StmtKind::Assign { lhs, rhs, define } })
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
fn type_switch_guard(mut tag: Box<Stmt>) -> Result<(Option<Ident>, Expr), Box<Stmt>> {
    let (bind, guard) = match &mut tag.kind {
        StmtKind::Expr(x) => (None, x),
        StmtKind::Assign { lhs, rhs, define: true } => match (lhs.as_slice(), rhs.as_mut_slice()) {
            ([Expr { kind: ExprKind::Name(bind), .. }], [x]) => (Some(*bind), x),
            _ => return Err(tag),
        },
        _ => return Err(tag),
    };
    let ExprKind::TypeSwitchGuard(x) = &mut guard.kind else { return Err(tag) };
    Ok((bind, std::mem::replace(&mut **x, Expr::placeholder())))
}

/// A list of expressions for a message about `=`; a binary expression gets parentheses, so that `=` stands out.
fn emphasize(list: &[Expr]) -> String {
    match list {
        [x] if matches!(x.kind, ExprKind::Binary { .. }) => format!("({})", expr_string(x)),
        list => list.iter().map(expr_string).collect::<Vec<_>>().join(", "),
    }
}

/// `label: stmt`; without a statement the label has an empty one.
pub fn labeled(label: Ident, colon: Pos, inner: Option<Box<Stmt>>, hi: Pos) -> Box<Stmt> {
    let inner = inner.unwrap_or_else(|| stmt(hi, hi, StmtKind::Empty));
    stmt_at(colon, label.span.lo, hi, StmtKind::Labeled { label, stmt: inner })
}

/// A clause of a select before its body.
pub fn comm_head(lo: Pos, comm: Option<Box<Stmt>>, colon: Pos) -> Box<CommClause> {
    Box::new(CommClause { span: Span::new(lo, colon.offset(1)), comm, colon, body: Vec::new() })
}

pub fn select_stmt(lo: Pos, cases: Vec<Clause<Box<CommClause>>>, hi: Pos) -> Box<Stmt> {
    let cases = cases.into_iter().map(|(head, body, hi)| {
        let span = Span::new(head.span.lo, hi);
        CommClause { span, body, ..*head }
    });
    stmt(lo, hi, StmtKind::Select { cases: cases.collect(), rbrace: Pos(hi.0 - 1) })
}
