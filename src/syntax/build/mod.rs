//! The grammar's actions: they make tree nodes, and report what is wrong although the grammar takes it.
//!
//! `grammar/go.lalrpop` keeps to shapes; whatever needs more than one line of Rust is here. The messages and
//! positions are Go's. Invariant: an action never fails; the declaration is complete even when reported.

#![forbid(unsafe_code)]

mod decl;
mod stmt;

use std::cell::Cell;

use crate::diag::Diagnostic;
use crate::index::Symbol;
use crate::source::{Pos, Span};
use crate::syntax::ast::*;
use crate::syntax::literal::unquote;
use crate::syntax::print::expr_string;
use crate::syntax::token::Semi;

pub use decl::{const_group, const_spec, field, type_spec, var_spec};
pub use stmt::{assign, comm_head, expr_stmt, labeled, select_stmt, stmt, stmt_at};

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

/// How the actions hand expressions on: the parser's stack is moved a lot, so what is on it should be small.
pub type Node = Box<Expr>;

/// What a box holds; lists of the grammar are made of boxes and hold what is in them.
pub type Inner<T> = <T as std::ops::Deref>::Target;

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
    pub ty: Node,
}

/// What stands between a keyword and its block: `init; cond; post`.
#[derive(Debug)]
pub struct Header {
    pub init: Option<Box<Stmt>>,
    pub cond: Option<Box<Stmt>>,
    pub post: Option<Box<Stmt>>,
    /// The first semicolon, where there is one.
    pub semi: Option<(Span, Semi)>,
}

/// Type parameters, position of `=`, type: a type declaration without its name.
#[derive(Debug)]
pub struct TypeBody {
    pub tparams: Vec<Field>,
    pub alias: Option<Pos>,
    pub ty: Node,
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
    pub fn expr(&mut self, lo: Pos, hi: Pos, kind: ExprKind) -> Node {
        self.expr_at(lo, lo, hi, kind)
    }

    /// An expression whose position is `pos`.
    pub fn expr_at(&mut self, pos: Pos, lo: Pos, hi: Pos, kind: ExprKind) -> Node {
        Box::new(Expr { id: self.id(), span: Span::new(lo, hi), pos, kind })
    }

    pub fn name(&mut self, ident: Ident) -> Node {
        self.expr(ident.span.lo, ident.span.hi, ExprKind::Name(ident))
    }

    pub fn binary(&mut self, x: Node, op: BinOp, op_pos: Pos, y: Node) -> Node {
        let (lo, hi) = (x.span.lo, y.span.hi);
        self.expr_at(op_pos, lo, hi, ExprKind::Binary { op, op_pos, x, y })
    }

    /// `x op y`. Operators come from left to right: where `x` is an operation that binds less tightly than `op`,
    /// `op` takes over its last operand. That one in turn binds tighter, so this goes down five levels at most.
    pub fn operation(&mut self, mut x: Node, op: BinOp, op_pos: Pos, y: Node) -> Node {
        match &mut x.kind {
            ExprKind::Binary { op: before, y: last, .. } if before.precedence() < op.precedence() => {
                let inner = std::mem::replace(last, Box::new(Expr::placeholder()));
                *last = self.operation(inner, op, op_pos, y);
                x.span.hi = last.span.hi;
                x
            }
            _ => self.binary(x, op, op_pos, y),
        }
    }

    pub fn unary(&mut self, lo: Pos, op: UnOp, x: Node) -> Node {
        let hi = x.span.hi;
        if op == UnOp::Recv && matches!(x.kind, ExprKind::ChanType(..)) {
            return self.receive_type(lo, x);
        }
        // `&(T{})` is `&T{}`.
        let x = if op == UnOp::Addr { unparen(x) } else { x };
        self.expr(lo, hi, ExprKind::Unary(op, x))
    }

    /// `<-` in front of a channel type belongs to the type: `<-(chan<- (chan T))` was meant as
    /// `<-chan (<-chan T)`.
    fn receive_type(&mut self, lo: Pos, mut x: Node) -> Node {
        x.span.lo = lo;
        let mut ty = &mut *x;
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

    pub fn star(&mut self, lo: Pos, x: Node) -> Node {
        let hi = x.span.hi;
        self.expr(lo, hi, ExprKind::Star(x))
    }

    pub fn selector(&mut self, x: Node, dot: Pos, name: Ident) -> Node {
        let lo = x.span.lo;
        self.expr_at(dot, lo, name.span.hi, ExprKind::Selector(x, name))
    }

    pub fn index(&mut self, x: Node, lbrack: Pos, index: Vec<Expr>, hi: Pos) -> Node {
        let lo = x.span.lo;
        self.expr_at(lbrack, lo, hi, ExprKind::Index(x, index))
    }

    /// `x[i:j]`, or `x[i:j:k]` when `full`, with the position of the second colon and of `]`.
    pub fn slice(
        &mut self,
        x: Node,
        lbrack: Pos,
        (lo, hi): (Option<Node>, Option<Node>),
        full: Option<(Pos, Option<Node>, Pos)>,
        end: Pos,
    ) -> Node {
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
        let kind = ExprKind::Slice { x, lo, hi, max, full: is_full };
        self.expr_at(lbrack, start, end, kind)
    }

    pub fn call(&mut self, fun: Node, lparen: Pos, (args, spread): (Vec<Expr>, Option<Pos>), hi: Pos) -> Node {
        let lo = fun.span.lo;
        let rparen = Pos(hi.0 - 1);
        self.expr_at(lparen, lo, hi, ExprKind::Call { fun, args, spread, rparen })
    }

    pub fn composite(&mut self, ty: Option<Node>, lbrace: Pos, elems: Vec<Expr>, hi: Pos) -> Node {
        let lo = ty.as_ref().map_or(lbrace, |t| t.span.lo);
        let rbrace = Pos(hi.0 - 1);
        self.expr_at(lbrace, lo, hi, ExprKind::CompositeLit { ty, elems, rbrace })
    }

    /// A composite literal, if what is before the `{` may be its type; else the position of the `{`.
    pub fn checked_composite(&mut self, ty: Node, lbrace: Pos, elems: Vec<Expr>, hi: Pos) -> Result<Node, Pos> {
        if may_be_literal_type(&ty) { Ok(self.composite(Some(ty), lbrace, elems, hi)) } else { Err(lbrace) }
    }

    /// `(T){…}`
    pub fn paren_composite(&mut self, lbrace: Pos) {
        self.syntax_error(Span::new(lbrace, lbrace.offset(1)), "cannot parenthesize type in composite literal");
    }

    pub fn key_value(&mut self, key: Node, colon: Pos, value: Node) -> Node {
        let (lo, hi) = (key.span.lo, value.span.hi);
        self.expr_at(colon, lo, hi, ExprKind::KeyValue(key, value))
    }

    pub fn array_type(&mut self, lo: Pos, len: Option<Node>, elem: Node) -> Node {
        let hi = elem.span.hi;
        self.expr(lo, hi, ExprKind::ArrayType { len, elem })
    }

    pub fn slice_type(&mut self, lo: Pos, elem: Node) -> Node {
        let hi = elem.span.hi;
        self.expr(lo, hi, ExprKind::SliceType(elem))
    }

    pub fn map_type(&mut self, lo: Pos, key: Node, value: Node) -> Node {
        let hi = value.span.hi;
        self.expr(lo, hi, ExprKind::MapType(key, value))
    }

    pub fn chan_type(&mut self, lo: Pos, dir: ChanDir, elem: Node) -> Node {
        let hi = elem.span.hi;
        self.expr(lo, hi, ExprKind::ChanType(dir, elem))
    }

    pub fn func_type(&mut self, lo: Pos, sig: FuncType) -> Node {
        let Span { lo: pos, hi } = sig.span;
        self.expr_at(pos, lo, hi, ExprKind::FuncType(sig))
    }

    pub fn func_lit(&mut self, lo: Pos, sig: FuncType, body: Block) -> Node {
        let hi = body.span.hi;
        self.expr(lo, hi, ExprKind::FuncLit { sig, body })
    }

    pub fn bad_expr(&mut self, pos: Pos) -> Node {
        self.expr(pos, pos, ExprKind::Bad)
    }

    /// The result of a function that has one unnamed result.
    pub fn result(&mut self, ty: Expr) -> Vec<Field> {
        vec![Field { span: ty.span, names: Vec::new(), ty, tag: None }]
    }

    /// `go` or `defer` and its call.
    pub fn call_operand(&mut self, keyword: &str, x: Node) -> Node {
        if matches!(x.kind, ExprKind::Paren(_)) {
            self.error(x.span, format!("expression in {keyword} must not be parenthesized"));
        }
        unparen(x)
    }

    pub fn embedded_paren(&mut self, lparen: Pos) {
        self.syntax_error(Span::new(lparen, lparen.offset(1)), "cannot parenthesize embedded type");
    }

    /// Dates the last diagnostic.
    fn seen_at(&mut self, pos: Pos) {
        if let Some((when, _)) = self.diagnostics.last_mut() {
            *when = pos;
        }
    }

    pub fn import(&mut self, span: Span, name: ImportName, path: (LitKind, Symbol, Span)) -> Box<Import> {
        let (kind, text, path_span) = path;
        if kind != LitKind::String {
            self.syntax_error(path_span, "import path must be a string");
        }
        let path = Symbol::new(&String::from_utf8_lossy(&unquote(text.as_str())));
        Box::new(Import { span, name, path, path_span })
    }
}

/// The receive-only channel type `x`, whose `<-` is at `lo`; Go's position of it stays at `chan` only where
/// it was read as an expression first.
pub fn receive(lo: Pos, mut x: Node) -> Node {
    x.span.lo = lo;
    x.pos = lo;
    x
}

/// Without the parentheses around it.
pub fn unparen(mut x: Node) -> Node {
    loop {
        match x.kind {
            ExprKind::Paren(inner) => x = inner,
            _ => return x,
        }
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
