//! The syntax tree: what the parser makes and the checker reads.
//!
//! It is the source as written: nothing is resolved, `TypeOrExpr` ambiguities are left to the checker (a
//! type in expression position is an [`Expr`] too, as in Go's own syntax trees), parentheses are kept.
//!
//! Invariants: every [`Expr`] and every [`Ident`] of one compilation has its own [`NodeId`], given by the
//! parser in one sequence over all files, so that the checker's side tables are vectors; spans are real
//! positions in the file; a tree that the parser reported errors for may hold [`ExprKind::Bad`] and
//! [`StmtKind::Bad`] nodes, which later phases skip silently.

#![forbid(unsafe_code)]

use std::cell::{Cell, OnceCell};
use std::fmt;
use std::ops::Deref;

use crate::index::Symbol;
use crate::source::{FileId, Pos, Span};

define_id! {
    /// An expression or identifier; unique in a compilation.
    pub struct NodeId;
}

/// A name where it is declared or used.
#[derive(Debug, Clone, Copy)]
pub struct Ident {
    pub id: NodeId,
    pub name: Symbol,
    pub span: Span,
}

/// One source file.
#[derive(Debug)]
pub struct File {
    pub file: FileId,
    pub package: Ident,
    pub imports: Vec<Import>,
    pub decls: Vec<Decl>,
    /// `//go:` directives, and `//line` and `/*line` comments, in order.
    pub directives: Vec<Directive>,
    /// Which `//go:` directives belong to which declaration, in order.
    pub placed: Vec<Placed>,
    /// N, where a `//go:build` line asks for go1.N.
    pub go_version: Option<u32>,
}

impl File {
    /// The directives of the declaration whose first token behind its keyword lies in `span`.
    pub fn directives_of(&self, span: Span) -> impl Iterator<Item = &Directive> {
        let placed = self.placed.iter().filter(move |p| span.lo <= p.at && p.at <= span.hi);
        placed.flat_map(|p| &p.directives).map(|&i| &self.directives[i])
    }
}

/// What a declaration with directives declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    File,
    Import,
    Const,
    Type,
    Func,
    Var(VarShape),
}

/// What `//go:embed` has to know of a variable's declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VarShape {
    pub several: bool,
    pub initialized: bool,
    pub typed: bool,
    pub in_func: bool,
}

/// Directives in front of a declaration.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The token behind the declaration's keyword, or the first of a specification in a group.
    pub at: Pos,
    pub owner: Owner,
    /// Indices into [`File::directives`].
    pub directives: Vec<usize>,
}

/// `//go:noinline` and friends: the text behind `//`, and where it stands.
#[derive(Debug, Clone)]
pub struct Directive {
    pub span: Span,
    pub text: String,
}

/// How an import binds its package.
#[derive(Debug, Clone, Copy)]
pub enum ImportName {
    /// The package's own name.
    Implicit,
    /// `alias "path"`; also `_`.
    Name(Ident),
    /// `. "path"`, with the span of the dot.
    Dot(Span),
}

/// One import specification.
#[derive(Debug, Clone)]
pub struct Import {
    pub span: Span,
    pub name: ImportName,
    /// The path, unquoted.
    pub path: Symbol,
    /// The path literal.
    pub path_span: Span,
}

/// A declaration: at package level or in a function.
#[derive(Debug)]
pub enum Decl {
    /// One specification of a `const` declaration.
    Const(ConstSpec),
    Var(VarSpec),
    Type(TypeSpec),
    Func(FuncDecl),
    /// A declaration that could not be parsed.
    Bad(Span),
}

/// One line of a `const` declaration. Repetition of the previous type and values is resolved by the
/// checker: an empty `values` takes those of the nearest earlier specification of the same `group`.
#[derive(Debug)]
pub struct ConstSpec {
    pub span: Span,
    /// Position of the keyword of the whole declaration: equal for all specifications of a group.
    pub group: Pos,
    /// Index of this specification in its group.
    pub iota: u32,
    pub names: Vec<Ident>,
    pub ty: Option<Expr>,
    pub values: Vec<Expr>,
}

/// `var a, b T = x, y`.
#[derive(Debug)]
pub struct VarSpec {
    pub span: Span,
    pub names: Vec<Ident>,
    pub ty: Option<Expr>,
    pub values: Vec<Expr>,
}

/// `type T[P any] U` or `type T[P any] = U`.
#[derive(Debug)]
pub struct TypeSpec {
    pub span: Span,
    pub name: Ident,
    pub tparams: Vec<Field>,
    /// Position of `=` of an alias declaration.
    pub alias: Option<Pos>,
    pub ty: Expr,
}

/// A function or method declaration.
#[derive(Debug)]
pub struct FuncDecl {
    /// From `func` to the closing brace.
    pub span: Span,
    pub name: Ident,
    /// As written between the parentheses; one entry in legal programs.
    pub recv: Option<Vec<Field>>,
    pub tparams: Vec<Field>,
    pub sig: FuncType,
    pub body: Option<Body>,
}

/// What makes a deferred body: the block, and one more than the largest [`NodeId`] in it.
type ParseBody = Box<dyn FnOnce() -> (Block, u32)>;

/// The body of a function declaration: parsed with the rest or, in the library, when it is first looked at.
pub struct Body {
    block: OnceCell<Block>,
    parse: Cell<Option<ParseBody>>,
    id_limit: Cell<u32>,
}

impl Body {
    /// A body that is there.
    pub fn new(block: Block) -> Body {
        Body { block: OnceCell::from(block), parse: Cell::new(None), id_limit: Cell::new(0) }
    }

    /// A body that `parse` makes when it is first looked at.
    pub fn deferred(parse: impl FnOnce() -> (Block, u32) + 'static) -> Body {
        Body { block: OnceCell::new(), parse: Cell::new(Some(Box::new(parse))), id_limit: Cell::new(0) }
    }

    /// The block, parsed now if it was not.
    pub fn into_block(self) -> Block {
        let _ = &*self;
        match self.block.into_inner() {
            Some(block) => block,
            None => crate::bug!("parser", "function body", "nothing was parsed"),
        }
    }

    /// For bodies that were deferred and looked at: one more than the largest [`NodeId`] inside. Else 0.
    pub fn id_limit(&self) -> u32 {
        self.id_limit.get()
    }
}

impl Deref for Body {
    type Target = Block;

    fn deref(&self) -> &Block {
        self.block.get_or_init(|| match self.parse.take() {
            Some(parse) => {
                let (block, limit) = parse();
                self.id_limit.set(limit);
                block
            }
            None => crate::bug!("parser", "function body", "looked at while it is being parsed"),
        })
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.block.fmt(f)
    }
}

/// A parameter, result, struct field or type parameter list entry: names (perhaps none) and their type.
#[derive(Debug)]
pub struct Field {
    pub span: Span,
    /// Empty: unnamed parameter, or embedded field.
    pub names: Vec<Ident>,
    pub ty: Expr,
    /// Struct tag: span of the literal and its value.
    pub tag: Option<(Span, Vec<u8>)>,
}

/// A signature.
#[derive(Debug)]
pub struct FuncType {
    pub span: Span,
    pub params: Vec<Field>,
    pub results: Vec<Field>,
}

/// An element of an interface type.
#[derive(Debug)]
pub enum InterfaceElem {
    Method {
        span: Span,
        name: Ident,
        sig: FuncType,
    },
    /// An embedded type or union (an [`ExprKind::Binary`] with `|` and [`ExprKind::Unary`] with `~`).
    Embed(Expr),
}

/// A block in braces.
#[derive(Debug)]
pub struct Block {
    /// From `{` to one past `}`.
    pub span: Span,
    pub stmts: Vec<Stmt>,
}

/// Which literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LitKind {
    Int,
    Float,
    Imag,
    Char,
    String,
}

/// Unary operators of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnOp {
    /// `+x`
    Plus,
    /// `-x`
    Neg,
    /// `!x`
    Not,
    /// `^x`
    BitNot,
    /// `&x`
    Addr,
    /// `<-x`
    Recv,
    /// `~T` (constraints only)
    Tilde,
}

/// Binary operators of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
    AndNot,
    Shl,
    Shr,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    AndAnd,
    OrOr,
}

impl BinOp {
    /// How tightly it binds: 1 to 5, as in the spec ("Operator precedence").
    pub fn precedence(self) -> u8 {
        use BinOp::*;
        match self {
            OrOr => 1,
            AndAnd => 2,
            Eq | Ne | Lt | Le | Gt | Ge => 3,
            Add | Sub | Or | Xor => 4,
            Mul | Div | Rem | Shl | Shr | And | AndNot => 5,
        }
    }

    /// The operator as written.
    pub fn text(self) -> &'static str {
        use BinOp::*;
        match self {
            Add => "+",
            Sub => "-",
            Mul => "*",
            Div => "/",
            Rem => "%",
            And => "&",
            Or => "|",
            Xor => "^",
            AndNot => "&^",
            Shl => "<<",
            Shr => ">>",
            Eq => "==",
            Ne => "!=",
            Lt => "<",
            Le => "<=",
            Gt => ">",
            Ge => ">=",
            AndAnd => "&&",
            OrOr => "||",
        }
    }
}

/// Direction of a channel type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChanDir {
    Both,
    Send,
    Recv,
}

/// An expression or a type.
#[derive(Debug)]
pub struct Expr {
    pub id: NodeId,
    /// All of its source.
    pub span: Span,
    /// Where Go's compiler says the node is (its `syntax` package): the operator of a binary expression,
    /// the opening `(`/`[`/`.`-selector position of calls, index expressions and selectors (see
    /// `docs/internals/positions.md`), the first byte otherwise. Error messages and `-m` use it.
    pub pos: Pos,
    pub kind: ExprKind,
}

/// A key-value element of a composite literal is [`ExprKind::KeyValue`].
#[derive(Debug)]
pub enum ExprKind {
    Bad,
    Name(Ident),
    /// The literal as written.
    BasicLit {
        kind: LitKind,
        text: Symbol,
    },
    /// `T{…}`; `ty` is `None` for an elided inner type.
    CompositeLit {
        ty: Option<Box<Expr>>,
        elems: Vec<Expr>,
        rbrace: Pos,
    },
    KeyValue(Box<Expr>, Box<Expr>),
    FuncLit {
        sig: FuncType,
        body: Block,
    },
    Paren(Box<Expr>),
    Selector(Box<Expr>, Ident),
    /// `x[i]`, and instantiation `x[T1, T2]`.
    Index(Box<Expr>, Vec<Expr>),
    Slice {
        x: Box<Expr>,
        lo: Option<Box<Expr>>,
        hi: Option<Box<Expr>>,
        max: Option<Box<Expr>>,
        full: bool,
    },
    /// `x.(T)`
    TypeAssert(Box<Expr>, Box<Expr>),
    /// `x.(type)`: legal only as the guard of a type switch.
    TypeSwitchGuard(Box<Expr>),
    /// `f(args)`; `spread` is the position of `...`.
    Call {
        fun: Box<Expr>,
        args: Vec<Expr>,
        spread: Option<Pos>,
        rparen: Pos,
    },
    /// `*x`: dereference or pointer type.
    Star(Box<Expr>),
    Unary(UnOp, Box<Expr>),
    /// Also `|` of constraint unions.
    Binary {
        op: BinOp,
        op_pos: Pos,
        x: Box<Expr>,
        y: Box<Expr>,
    },
    /// `[n]T`; `len` is `None` for `[...]T`.
    ArrayType {
        len: Option<Box<Expr>>,
        elem: Box<Expr>,
    },
    SliceType(Box<Expr>),
    StructType {
        fields: Vec<Field>,
    },
    FuncType(FuncType),
    InterfaceType {
        elems: Vec<InterfaceElem>,
    },
    MapType(Box<Expr>, Box<Expr>),
    ChanType(ChanDir, Box<Expr>),
    /// `...T` as the type of a final parameter.
    Ellipsis(Box<Expr>),
}

impl Expr {
    /// The span that messages about the expression point to: from [`Expr::start_pos`] to its end.
    pub fn at(&self) -> Span {
        let start = self.start_pos();
        Span::new(start, self.span.hi.max(start))
    }

    /// Holds a place in a tree while its expression is worked on.
    pub fn placeholder() -> Expr {
        Expr { id: NodeId(0), span: Span::NONE, pos: Pos::NONE, kind: ExprKind::Bad }
    }

    /// Where Go's type checker reports this expression: its first token, except that a slice expression
    /// is reported at its `[` (Go's `syntax.StartPos`).
    pub fn start_pos(&self) -> Pos {
        let mut x = self;
        loop {
            x = match &x.kind {
                ExprKind::CompositeLit { ty: Some(x), .. }
                | ExprKind::KeyValue(x, _)
                | ExprKind::Selector(x, _)
                | ExprKind::Index(x, _)
                | ExprKind::TypeAssert(x, _)
                | ExprKind::TypeSwitchGuard(x)
                | ExprKind::Binary { x, .. }
                | ExprKind::Call { fun: x, .. } => x,
                _ => return x.pos,
            };
        }
    }
}

/// A statement.
#[derive(Debug)]
pub struct Stmt {
    pub span: Span,
    /// Where Go's compiler says the node is: the assignment operator of assignments, the first byte of others.
    pub pos: Pos,
    pub kind: StmtKind,
}

/// The kinds of statements.
#[derive(Debug)]
pub enum StmtKind {
    Bad,
    Empty,
    Decl(Vec<Decl>),
    Expr(Expr),
    Send {
        chan: Expr,
        value: Expr,
    },
    IncDec {
        x: Expr,
        inc: bool,
    },
    /// `lhs = rhs`, and `:=` when `define`.
    Assign {
        lhs: Vec<Expr>,
        rhs: Vec<Expr>,
        define: bool,
    },
    /// `lhs op= rhs`
    AssignOp {
        op: BinOp,
        lhs: Expr,
        rhs: Expr,
    },
    Go(Expr),
    Defer(Expr),
    Return(Vec<Expr>),
    Break(Option<Ident>),
    Continue(Option<Ident>),
    Goto(Ident),
    Fallthrough,
    Block(Block),
    If {
        init: Option<Box<Stmt>>,
        cond: Expr,
        then: Block,
        els: Option<Box<Stmt>>,
    },
    For {
        init: Option<Box<Stmt>>,
        cond: Option<Expr>,
        post: Option<Box<Stmt>>,
        body: Block,
    },
    Range {
        key: Option<Expr>,
        value: Option<Expr>,
        /// A third variable, which there must not be.
        extra: Option<Span>,
        define: bool,
        range_pos: Pos,
        x: Expr,
        body: Block,
    },
    Switch {
        init: Option<Box<Stmt>>,
        tag: Option<Expr>,
        cases: Vec<CaseClause>,
        rbrace: Pos,
    },
    /// `switch init; bind := x.(type)`
    TypeSwitch {
        init: Option<Box<Stmt>>,
        bind: Option<Ident>,
        x: Expr,
        cases: Vec<CaseClause>,
        rbrace: Pos,
    },
    Select {
        cases: Vec<CommClause>,
        rbrace: Pos,
    },
    Labeled {
        label: Ident,
        stmt: Box<Stmt>,
    },
}

/// `case …:` of a switch; `values` empty and `is_default` for `default`.
#[derive(Debug)]
pub struct CaseClause {
    pub span: Span,
    /// Unique, so that the checker can attach the clause's implicit variable.
    pub id: NodeId,
    pub values: Vec<Expr>,
    pub is_default: bool,
    /// Position of the colon: where the clause's scope begins.
    pub colon: Pos,
    pub body: Vec<Stmt>,
}

/// `case` of a select; `comm` is `None` for `default`.
#[derive(Debug)]
pub struct CommClause {
    pub span: Span,
    pub comm: Option<Box<Stmt>>,
    pub colon: Pos,
    pub body: Vec<Stmt>,
}
