#![forbid(unsafe_code)]
//! The grammar's actions: they make tree nodes, and report what is wrong although the grammar takes it.
//!
//! `grammar/go.lalrpop` keeps to shapes; whatever needs more than one line of Rust is here. The messages and
//! positions are Go's. Invariant: an action never fails; the declaration is complete even when reported.

use std::cell::Cell;

use crate::diag::Diagnostic;
use crate::index::Symbol;
use crate::source::{Pos, Span};
use crate::syntax::ast::*;
use crate::syntax::literal::unquote;
use crate::syntax::print::{expr_string, stmt_string};
use crate::syntax::token::Semi;

/// What the actions share while one declaration is parsed.
#[derive(Debug)]
pub struct Cx<'a> {
    pub next_id: &'a mut u32,
    /// Each with the position that parsing had got to when it was found: of several errors in a line Go tells
    /// the one that it comes to first.
    pub diagnostics: Vec<(Pos, Diagnostic)>,
    /// Start of the token that the generated parser looks at.
    pub now: &'a Cell<Pos>,
}

/// What the grammar's start symbol gives.
#[derive(Debug)]
pub enum Unit {
    Package(Ident),
    Imports(Vec<Import>),
    Decls(Vec<Decl>),
}

/// An entry of a parameter list before types are shared out to names.
#[derive(Debug)]
pub struct Param {
    pub name: Option<Ident>,
    pub ty: Expr,
}

/// What stands between a keyword and its block: `init; cond; post`.
#[derive(Debug)]
pub struct Header {
    pub init: Option<Stmt>,
    pub cond: Option<Stmt>,
    pub post: Option<Stmt>,
    /// The first semicolon, where there is one.
    pub semi: Option<(Span, Semi)>,
}

/// Type parameters, position of `=`, type: a type declaration without its name.
#[derive(Debug)]
pub struct TypeBody {
    pub tparams: Vec<Field>,
    pub alias: Option<Pos>,
    pub ty: Expr,
}

/// A clause of a switch or select: head (without a body), body, end.
pub type Clause<H> = (H, Vec<Stmt>, Pos);

/// Which parameter list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// `...` is allowed.
    Params,
    Results,
    TypeParams,
}

impl Cx<'_> {
    /// A fresh id.
    pub fn id(&mut self) -> NodeId {
        let id = NodeId(*self.next_id);
        *self.next_id += 1;
        id
    }

    /// Reports an error in the words of Go's parser, which says `syntax error: ` before most of them.
    pub fn error(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics.push((self.now.get(), Diagnostic::error("InvalidSyntaxTree", span, message)));
    }

    pub fn syntax_error(&mut self, span: Span, message: impl std::fmt::Display) {
        self.error(span, format!("syntax error: {message}"));
    }

    pub fn ident(&mut self, name: Symbol, lo: Pos, hi: Pos) -> Ident {
        Ident { id: self.id(), name, span: Span::new(lo, hi) }
    }

    /// An expression that is positioned at its first byte.
    pub fn expr(&mut self, lo: Pos, hi: Pos, kind: ExprKind) -> Expr {
        self.expr_at(lo, lo, hi, kind)
    }

    /// An expression whose position is `pos`.
    pub fn expr_at(&mut self, pos: Pos, lo: Pos, hi: Pos, kind: ExprKind) -> Expr {
        Expr { id: self.id(), span: Span::new(lo, hi), pos, kind }
    }

    pub fn name(&mut self, ident: Ident) -> Expr {
        self.expr(ident.span.lo, ident.span.hi, ExprKind::Name(ident))
    }

    pub fn binary(&mut self, x: Expr, op: BinOp, op_pos: Pos, y: Expr) -> Expr {
        let (lo, hi) = (x.span.lo, y.span.hi);
        self.expr_at(op_pos, lo, hi, ExprKind::Binary { op, op_pos, x: Box::new(x), y: Box::new(y) })
    }

    pub fn unary(&mut self, lo: Pos, op: UnOp, x: Expr) -> Expr {
        let hi = x.span.hi;
        if op == UnOp::Recv && matches!(x.kind, ExprKind::ChanType(..)) {
            return self.receive_type(lo, x);
        }
        // `&(T{})` is `&T{}`.
        let x = if op == UnOp::Addr { unparen(x) } else { x };
        self.expr(lo, hi, ExprKind::Unary(op, Box::new(x)))
    }

    /// `<-` in front of a channel type belongs to the type: `<-(chan<- (chan T))` was meant as
    /// `<-chan (<-chan T)`.
    fn receive_type(&mut self, lo: Pos, mut x: Expr) -> Expr {
        x.span.lo = lo;
        let mut ty = &mut x;
        loop {
            let now = Span::new(self.now.get(), self.now.get());
            if !matches!(ty.kind, ExprKind::ChanType(..)) {
                let text = expr_string(ty);
                self.syntax_error(now, format!("unexpected {text}, expected chan"));
                return x;
            }
            let ExprKind::ChanType(dir, elem) = &mut ty.kind else { return x };
            let was = std::mem::replace(dir, ChanDir::Recv);
            match was {
                ChanDir::Both => return x,
                ChanDir::Recv => {
                    self.syntax_error(now, "unexpected <-, expected chan");
                    return x;
                }
                ChanDir::Send => ty = elem,
            }
        }
    }

    pub fn star(&mut self, lo: Pos, x: Expr) -> Expr {
        let hi = x.span.hi;
        self.expr(lo, hi, ExprKind::Star(Box::new(x)))
    }

    pub fn selector(&mut self, x: Expr, dot: Pos, name: Ident) -> Expr {
        let lo = x.span.lo;
        self.expr_at(dot, lo, name.span.hi, ExprKind::Selector(Box::new(x), name))
    }

    pub fn index(&mut self, x: Expr, lbrack: Pos, index: Vec<Expr>, hi: Pos) -> Expr {
        let lo = x.span.lo;
        self.expr_at(lbrack, lo, hi, ExprKind::Index(Box::new(x), index))
    }

    /// `x[i:j]`, or `x[i:j:k]` when `full`, with the position of the second colon and of `]`.
    pub fn slice(
        &mut self,
        x: Expr,
        lbrack: Pos,
        (lo, hi): (Option<Expr>, Option<Expr>),
        full: Option<(Pos, Option<Expr>, Pos)>,
        end: Pos,
    ) -> Expr {
        let start = x.span.lo;
        let is_full = full.is_some();
        let mut max = None;
        if let Some((colon, third, rbrack)) = full {
            if hi.is_none() {
                self.error(Span::new(colon, colon.offset(1)), "middle index required in 3-index slice");
            }
            if third.is_none() {
                self.error(Span::new(rbrack, rbrack.offset(1)), "final index required in 3-index slice");
            }
            max = third;
        }
        let boxed = |e: Option<Expr>| e.map(Box::new);
        let kind = ExprKind::Slice { x: Box::new(x), lo: boxed(lo), hi: boxed(hi), max: boxed(max), full: is_full };
        self.expr_at(lbrack, start, end, kind)
    }

    pub fn call(&mut self, fun: Expr, lparen: Pos, (args, spread): (Vec<Expr>, Option<Pos>), hi: Pos) -> Expr {
        let lo = fun.span.lo;
        let rparen = Pos(hi.0 - 1);
        self.expr_at(lparen, lo, hi, ExprKind::Call { fun: Box::new(fun), args, spread, rparen })
    }

    pub fn composite(&mut self, ty: Option<Expr>, lbrace: Pos, elems: Vec<Expr>, hi: Pos) -> Expr {
        let lo = ty.as_ref().map_or(lbrace, |t| t.span.lo);
        let rbrace = Pos(hi.0 - 1);
        self.expr_at(lbrace, lo, hi, ExprKind::CompositeLit { ty: ty.map(Box::new), elems, rbrace })
    }

    /// A composite literal, if what is before the `{` may be its type; else the position of the `{`.
    pub fn checked_composite(&mut self, ty: Expr, lbrace: Pos, elems: Vec<Expr>, hi: Pos) -> Result<Expr, Pos> {
        if may_be_literal_type(&ty) { Ok(self.composite(Some(ty), lbrace, elems, hi)) } else { Err(lbrace) }
    }

    /// `(T){…}`
    pub fn paren_composite(&mut self, lbrace: Pos) {
        self.syntax_error(Span::new(lbrace, lbrace.offset(1)), "cannot parenthesize type in composite literal");
    }

    pub fn key_value(&mut self, key: Expr, colon: Pos, value: Expr) -> Expr {
        let (lo, hi) = (key.span.lo, value.span.hi);
        self.expr_at(colon, lo, hi, ExprKind::KeyValue(Box::new(key), Box::new(value)))
    }

    pub fn array_type(&mut self, lo: Pos, len: Option<Expr>, elem: Expr) -> Expr {
        let hi = elem.span.hi;
        self.expr(lo, hi, ExprKind::ArrayType { len: len.map(Box::new), elem: Box::new(elem) })
    }

    pub fn slice_type(&mut self, lo: Pos, elem: Expr) -> Expr {
        let hi = elem.span.hi;
        self.expr(lo, hi, ExprKind::SliceType(Box::new(elem)))
    }

    pub fn map_type(&mut self, lo: Pos, key: Expr, value: Expr) -> Expr {
        let hi = value.span.hi;
        self.expr(lo, hi, ExprKind::MapType(Box::new(key), Box::new(value)))
    }

    pub fn chan_type(&mut self, lo: Pos, dir: ChanDir, elem: Expr) -> Expr {
        let hi = elem.span.hi;
        self.expr(lo, hi, ExprKind::ChanType(dir, Box::new(elem)))
    }

    pub fn func_type(&mut self, lo: Pos, sig: FuncType) -> Expr {
        let Span { lo: pos, hi } = sig.span;
        self.expr_at(pos, lo, hi, ExprKind::FuncType(sig))
    }

    pub fn func_lit(&mut self, lo: Pos, sig: FuncType, body: Block) -> Expr {
        let hi = body.span.hi;
        self.expr(lo, hi, ExprKind::FuncLit { sig, body })
    }

    pub fn bad_expr(&mut self, pos: Pos) -> Expr {
        self.expr(pos, pos, ExprKind::Bad)
    }

    /// The result of a function that has one unnamed result.
    pub fn result(&mut self, ty: Expr) -> Vec<Field> {
        vec![Field { span: ty.span, names: Vec::new(), ty, tag: None }]
    }

    /// Shares the types of a parameter list out to its names: either all entries are named or none is.
    /// `close` is the closing bracket.
    pub fn params(&mut self, list: Vec<Param>, kind: ListKind, close: Pos) -> Vec<Field> {
        let is_name = |p: &Param| p.name.is_none() && matches!(p.ty.kind, ExprKind::Name(_));
        let n = list.len();
        let n_named = list.iter().filter(|p| p.name.is_some()).count();
        let n_typed = list.iter().filter(|p| !is_name(p)).count();
        let mut fields: Vec<Field> = Vec::with_capacity(n);
        if n_named == 0 && kind != ListKind::TypeParams {
            fields.extend(list.into_iter().map(|p| Field { span: p.ty.span, names: vec![], ty: p.ty, tag: None }));
        } else {
            let mut error = None;
            // Names that wait for the type behind them.
            let mut names: Vec<Ident> = Vec::new();
            for p in list {
                match (p.name, p.ty) {
                    (None, Expr { kind: ExprKind::Name(ident), .. }) => names.push(ident),
                    (name, ty) => {
                        let ident = name.unwrap_or_else(|| {
                            error.get_or_insert(ty.start_pos());
                            self.ident(Symbol::new("_"), ty.span.lo, ty.span.lo)
                        });
                        names.push(ident);
                        let span = names[0].span.to(ty.span);
                        fields.push(Field { span, names: std::mem::take(&mut names), ty, tag: None });
                    }
                }
            }
            if let (Some(first), Some(last)) = (names.first(), names.last()) {
                error.get_or_insert(last.span.lo);
                let span = first.span.to(last.span);
                let ty = self.bad_expr(last.span.hi);
                fields.push(Field { span, names, ty, tag: None });
            }
            if let Some(pos) = error {
                let is_type_params = kind == ListKind::TypeParams;
                let (pos, message) = match (n_named == n_typed, is_type_params) {
                    (true, true) => (close, "missing type constraint"),
                    (true, false) => (close, "missing parameter type"),
                    (false, true) if n == 1 => (pos, "missing type parameter name or invalid array length"),
                    (false, true) => (pos, "missing type parameter name"),
                    (false, false) => (pos, "missing parameter name"),
                };
                self.syntax_error(Span::new(pos, pos.offset(1)), message);
                // Go's parser sees it when the list is at its end.
                self.seen_at(close.offset(1));
            }
        }
        self.check_variadic(&mut fields, kind);
        fields
    }

    /// `...` only in the last parameter of a function; elsewhere reported and taken away.
    fn check_variadic(&mut self, fields: &mut [Field], kind: ListKind) {
        let n = fields.len();
        let mut reported = false;
        for (i, field) in fields.iter_mut().enumerate() {
            match &field.ty.kind {
                ExprKind::Ellipsis(elem) if !matches!(elem.kind, ExprKind::Bad) => {}
                _ => continue,
            }
            let is_last = i + 1 == n && field.names.len() <= 1;
            if kind == ListKind::Params && is_last {
                continue;
            }
            if !reported {
                let message = match kind {
                    ListKind::Params => "can only use ... with final parameter",
                    _ => "invalid use of ...",
                };
                self.error(Span::new(field.ty.pos, field.ty.pos.offset(3)), message);
                reported = true;
            }
            let kind = std::mem::replace(&mut field.ty.kind, ExprKind::Bad);
            if let ExprKind::Ellipsis(elem) = kind {
                field.ty = *elem;
            }
        }
    }

    /// `go` or `defer` and its call.
    pub fn call_operand(&mut self, keyword: &str, x: Expr) -> Expr {
        if matches!(x.kind, ExprKind::Paren(_)) {
            self.error(x.span, format!("expression in {keyword} must not be parenthesized"));
        }
        unparen(x)
    }

    pub fn embedded_paren(&mut self, lparen: Pos) {
        self.syntax_error(Span::new(lparen, lparen.offset(1)), "cannot parenthesize embedded type");
    }

    /// The body of a type declaration that may turn out to be generic: `type T[P *C] U` reads like an array.
    pub fn type_body(&mut self, alias: Option<Pos>, ty: Expr) -> TypeBody {
        let Expr { id, span, pos, kind } = ty;
        let ExprKind::ArrayType { len: Some(len), elem } = kind else {
            return TypeBody { tparams: Vec::new(), alias, ty: Expr { id, span, pos, kind } };
        };
        let close = len.span.hi;
        match split_name(*len, false) {
            Ok((name, Some(constraint))) if alias.is_none() => {
                let tparams = self.type_params(name, Some(constraint), Vec::new(), close);
                TypeBody { tparams, alias, ty: *elem }
            }
            Ok((name, constraint)) => {
                let len = self.name(name);
                drop(constraint);
                let kind = ExprKind::ArrayType { len: Some(Box::new(len)), elem };
                TypeBody { tparams: Vec::new(), alias, ty: Expr { id, span, pos, kind } }
            }
            Err(len) => {
                let kind = ExprKind::ArrayType { len: Some(Box::new(len)), elem };
                TypeBody { tparams: Vec::new(), alias, ty: Expr { id, span, pos, kind } }
            }
        }
    }

    /// `[x, rest]` of a type declaration, where `x` was read as an expression.
    pub fn type_params_from(&mut self, x: Expr, rest: Vec<Param>, close: Pos) -> Vec<Field> {
        match split_name(x, true) {
            Ok((name, constraint)) => self.type_params(name, constraint, rest, close),
            Err(x) => {
                let mut list = vec![Param { name: None, ty: x }];
                list.extend(rest);
                self.params(list, ListKind::TypeParams, close)
            }
        }
    }

    fn type_params(&mut self, name: Ident, constraint: Option<Expr>, rest: Vec<Param>, close: Pos) -> Vec<Field> {
        let first = match constraint {
            Some(ty) => Param { name: Some(name), ty },
            None => Param { name: None, ty: self.name(name) },
        };
        let mut list = vec![first];
        list.extend(rest);
        self.params(list, ListKind::TypeParams, close)
    }

    /// The receiver comes with the position behind it.
    pub fn func_decl(
        &mut self,
        (lo, hi): (Pos, Pos),
        recv: Option<(Vec<Field>, Pos)>,
        name: Ident,
        (tparams, sig): (Vec<Field>, FuncType),
        body: Option<Block>,
    ) -> Decl {
        if let Some((recv, after)) = &recv {
            let n: usize = recv.iter().map(|f| f.names.len().max(1)).sum();
            if n != 1 {
                let message = if n == 0 { "method has no receiver" } else { "method has multiple receivers" };
                self.error(Span::new(*after, name.span.hi), message);
                self.seen_at(*after);
            }
        }
        let recv = recv.map(|(recv, _)| recv);
        Decl::Func(FuncDecl { span: Span::new(lo, hi), name, recv, tparams, sig, body })
    }
}

/// The receive-only channel type `x`, whose `<-` is at `lo`; Go's position of it stays at `chan` only where
/// it was read as an expression first.
pub fn receive(lo: Pos, mut x: Expr) -> Expr {
    x.span.lo = lo;
    x.pos = lo;
    x
}

/// Without the parentheses around it.
pub fn unparen(mut x: Expr) -> Expr {
    while let ExprKind::Paren(inner) = x.kind {
        x = *inner;
    }
    x
}

/// Whether `x` can only be a type (as opposed to something that may also be a value).
fn is_type_elem(x: &Expr) -> bool {
    match &x.kind {
        ExprKind::ArrayType { .. }
        | ExprKind::SliceType(_)
        | ExprKind::StructType { .. }
        | ExprKind::FuncType(_)
        | ExprKind::InterfaceType { .. }
        | ExprKind::MapType(..)
        | ExprKind::ChanType(..) => true,
        ExprKind::Binary { x, y, .. } => is_type_elem(x) || is_type_elem(y),
        ExprKind::Unary(op, x) => *op == UnOp::Tilde || is_type_elem(x),
        ExprKind::Star(x) | ExprKind::Paren(x) => is_type_elem(x),
        _ => false,
    }
}

/// Whether what stands before a `{` may be the type of a composite literal.
pub fn may_be_literal_type(x: &Expr) -> bool {
    match &x.kind {
        ExprKind::Name(_) | ExprKind::Selector(..) => true,
        ExprKind::Index(..) => !is_value(x),
        ExprKind::ArrayType { .. } | ExprKind::SliceType(_) | ExprKind::StructType { .. } | ExprKind::MapType(..) => {
            true
        }
        ExprKind::Paren(x) => may_be_literal_type(x),
        _ => false,
    }
}

/// Whether `x` can only be a value.
fn is_value(x: &Expr) -> bool {
    match &x.kind {
        ExprKind::BasicLit { .. }
        | ExprKind::CompositeLit { .. }
        | ExprKind::FuncLit { .. }
        | ExprKind::Slice { .. }
        | ExprKind::TypeAssert(..)
        | ExprKind::TypeSwitchGuard(_)
        | ExprKind::Call { .. }
        | ExprKind::Binary { .. }
        | ExprKind::Unary(..) => true,
        ExprKind::Paren(x) => is_value(x),
        // Of several indices Go's parser makes one list, which is no value.
        ExprKind::Index(x, index) => is_value(x) || matches!(index.as_slice(), [one] if is_value(one)),
        _ => false,
    }
}

/// Splits what was read as an expression but may be a type parameter's name and its constraint: `P *C`,
/// `P (C)`, and unions of those. Where both readings make sense, `force` decides for the type parameter.
fn split_name(x: Expr, force: bool) -> Result<(Ident, Option<Expr>), Expr> {
    let Expr { id, span, pos, kind } = x;
    let back = |kind| Err(Expr { id, span, pos, kind });
    match kind {
        ExprKind::Name(ident) => Ok((ident, None)),
        ExprKind::Binary { op: BinOp::Mul, op_pos, x, y }
            if matches!(x.kind, ExprKind::Name(_)) && (force || is_type_elem(&y)) =>
        {
            let ExprKind::Name(ident) = x.kind else { return back(ExprKind::Bad) };
            let span = Span::new(op_pos, y.span.hi);
            Ok((ident, Some(Expr { id, span, pos, kind: ExprKind::Star(y) })))
        }
        ExprKind::Binary { op: BinOp::Or, op_pos, x, y } => {
            let force = force || is_type_elem(&y);
            match split_name(*x, force) {
                Ok((ident, Some(lhs))) => {
                    let span = Span::new(lhs.span.lo, y.span.hi);
                    let kind = ExprKind::Binary { op: BinOp::Or, op_pos, x: Box::new(lhs), y };
                    Ok((ident, Some(Expr { id, span, pos, kind })))
                }
                Ok((ident, None)) => {
                    let span_x = ident.span;
                    let x = Expr { id: ident.id, span: span_x, pos: span_x.lo, kind: ExprKind::Name(ident) };
                    back(ExprKind::Binary { op: BinOp::Or, op_pos, x: Box::new(x), y })
                }
                Err(x) => back(ExprKind::Binary { op: BinOp::Or, op_pos, x: Box::new(x), y }),
            }
        }
        ExprKind::Call { fun, mut args, spread: None, rparen }
            if matches!(fun.kind, ExprKind::Name(_)) && args.len() == 1 && (force || is_type_elem(&args[0])) =>
        {
            match (fun.kind, args.pop()) {
                (ExprKind::Name(ident), Some(arg)) => Ok((ident, Some(unparen(arg)))),
                (kind, _) => {
                    let fun = Box::new(Expr { kind, ..*fun });
                    back(ExprKind::Call { fun, args, spread: None, rparen })
                }
            }
        }
        kind => back(kind),
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

    /// Dates the last diagnostic.
    fn seen_at(&mut self, pos: Pos) {
        if let Some((when, _)) = self.diagnostics.last_mut() {
            *when = pos;
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

impl Cx<'_> {
    pub fn import(&mut self, span: Span, name: ImportName, path: (LitKind, Symbol, Span)) -> Import {
        let (kind, text, path_span) = path;
        if kind != LitKind::String {
            self.syntax_error(path_span, "import path must be a string");
        }
        let path = Symbol::new(&String::from_utf8_lossy(&unquote(text.as_str())));
        Import { span, name, path, path_span }
    }
}

/// A specification of a `const` declaration; `const_group` completes it.
pub fn const_spec(lo: Pos, hi: Pos, names: Vec<Ident>, ty: Option<Expr>, values: Vec<Expr>) -> ConstSpec {
    ConstSpec { span: Span::new(lo, hi), group: lo, iota: 0, names, ty, values }
}

/// The specifications of one `const` declaration whose keyword is at `group`.
pub fn const_group(group: Pos, mut specs: Vec<ConstSpec>) -> Vec<Decl> {
    for (i, spec) in specs.iter_mut().enumerate() {
        spec.group = group;
        spec.iota = i as u32;
    }
    specs.into_iter().map(Decl::Const).collect()
}

/// A struct field.
pub fn field(lo: Pos, hi: Pos, names: Vec<Ident>, ty: Expr, tag: Option<(LitKind, Symbol, Span)>) -> Field {
    let tag = tag.map(|(_, text, span)| (span, unquote(text.as_str())));
    Field { span: Span::new(lo, hi), names, ty, tag }
}

/// `label: stmt`; without a statement the label has an empty one.
pub fn labeled(label: Ident, colon: Pos, inner: Option<Stmt>, hi: Pos) -> Stmt {
    let inner = inner.unwrap_or_else(|| stmt(hi, hi, StmtKind::Empty));
    stmt_at(colon, label.span.lo, hi, StmtKind::Labeled { label, stmt: Box::new(inner) })
}

impl Cx<'_> {
    /// A clause of a switch before its body.
    pub fn case_head(&mut self, lo: Pos, values: Vec<Expr>, is_default: bool, colon: Pos) -> CaseClause {
        let span = Span::new(lo, colon.offset(1));
        CaseClause { span, id: self.id(), values, is_default, colon, body: Vec::new() }
    }
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
