//! Tokens: what logos recognises in the bytes ([`RawToken`]), and what the parser sees ([`Tok`]).
//!
//! The split keeps each simple: [`RawToken`] is context-free (a DFA), [`Tok`] comes out of
//! [`lexer`](super::lexer), which inserts semicolons, joins `chan <-`, and gives names and literals their
//! text. Invariant: a [`Tok`] is `Copy` and small, so a file's tokens are one flat vector.

#![forbid(unsafe_code)]

use logos::Logos;

use crate::index::Symbol;
use crate::source::Span;
use crate::syntax::ast::{BinOp, LitKind};

/// Goes on to the end of a block comment; to the end of the file if it is not closed.
fn block_comment(lex: &mut logos::Lexer<'_, RawToken>) {
    let rest = lex.remainder();
    let n = rest.windows(2).position(|w| w == b"*/").map_or(rest.len(), |i| i + 2);
    lex.bump(n);
}

/// Goes on to the end of a quoted literal: its unescaped quote, or where its line or the file ends.
fn quoted(lex: &mut logos::Lexer<'_, RawToken>) {
    let quote = lex.slice()[0];
    let rest = lex.remainder();
    let mut i = 0;
    while i < rest.len() {
        match rest[i] {
            b'\n' => break,
            b'\\' => i += if rest.get(i + 1).is_some_and(|&b| b != b'\n') { 2 } else { 1 },
            b if b == quote => {
                i += 1;
                break;
            }
            _ => i += 1,
        }
    }
    lex.bump(i.min(rest.len()));
}

/// Goes on to the closing back quote, or to the end of the file.
fn raw_string(lex: &mut logos::Lexer<'_, RawToken>) {
    let rest = lex.remainder();
    let n = rest.iter().position(|&b| b == b'`').map_or(rest.len(), |i| i + 1);
    lex.bump(n);
}

/// What the DFA recognises. Literals may be malformed: [`literal`](super::literal) examines them.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(utf8 = false)]
#[logos(skip r"[ \t\r\x00]+")]
pub enum RawToken {
    #[token("\n")]
    Newline,
    #[regex(r"(?-u://[^\n]*)", allow_greedy = true)]
    LineComment,
    #[token("/*", block_comment)]
    BlockComment,

    // Every byte beyond ASCII counts as part of a name: the lexer looks at its characters afterwards, as
    // Go's scanner does, so that `x⌘` is one bad name and not a name and a bad character.
    #[regex(r"(?-u:[A-Za-z_\x80-\xFF][A-Za-z0-9_\x80-\xFF]*)")]
    Name,
    #[regex(r"[0-9][0-9_]*i?")]
    #[regex(r"0[xX][0-9a-fA-F_]*i?")]
    #[regex(r"0[bBoO][0-9_]*i?")]
    #[regex(r"[0-9][0-9_]*\.[0-9_]*([eEpP][+-]?[0-9_]*)?i?")]
    #[regex(r"[0-9][0-9_]*[eEpP][+-]?[0-9_]*i?")]
    #[regex(r"\.[0-9][0-9_]*([eEpP][+-]?[0-9_]*)?i?")]
    #[regex(r"0[xX][0-9a-fA-F_]*\.[0-9a-fA-F_]*([pP][+-]?[0-9_]*)?i?")]
    #[regex(r"0[xX][0-9a-fA-F_]*[pP][+-]?[0-9_]*i?")]
    #[regex(r"0[bBoO][0-9_]*\.[0-9_]*([eEpP][+-]?[0-9_]*)?i?")]
    #[regex(r"0[bBoO][0-9_]*[eEpP][+-]?[0-9_]*i?")]
    Number,
    #[token("\"", quoted)]
    String,
    #[token("`", raw_string)]
    RawString,
    #[token("'", quoted)]
    Rune,

    #[token("break")]
    Break,
    #[token("case")]
    Case,
    #[token("chan")]
    Chan,
    #[token("const")]
    Const,
    #[token("continue")]
    Continue,
    #[token("default")]
    Default,
    #[token("defer")]
    Defer,
    #[token("else")]
    Else,
    #[token("fallthrough")]
    Fallthrough,
    #[token("for")]
    For,
    #[token("func")]
    Func,
    #[token("go")]
    Go,
    #[token("goto")]
    Goto,
    #[token("if")]
    If,
    #[token("import")]
    Import,
    #[token("interface")]
    Interface,
    #[token("map")]
    Map,
    #[token("package")]
    Package,
    #[token("range")]
    Range,
    #[token("return")]
    Return,
    #[token("select")]
    Select,
    #[token("struct")]
    Struct,
    #[token("switch")]
    Switch,
    #[token("type")]
    Type,
    #[token("var")]
    Var,

    #[token("(")]
    LParen,
    #[token(")")]
    RParen,
    #[token("[")]
    LBrack,
    #[token("]")]
    RBrack,
    #[token("{")]
    LBrace,
    #[token("}")]
    RBrace,
    #[token(",")]
    Comma,
    #[token(";")]
    Semi,
    #[token(":")]
    Colon,
    #[token(".")]
    Dot,
    #[token("...")]
    DotDotDot,
    #[token(":=")]
    Define,
    #[token("=")]
    Assign,

    #[token("+", |_| BinOp::Add)]
    #[token("-", |_| BinOp::Sub)]
    #[token("*", |_| BinOp::Mul)]
    #[token("/", |_| BinOp::Div)]
    #[token("%", |_| BinOp::Rem)]
    #[token("&", |_| BinOp::And)]
    #[token("|", |_| BinOp::Or)]
    #[token("^", |_| BinOp::Xor)]
    #[token("&^", |_| BinOp::AndNot)]
    #[token("<<", |_| BinOp::Shl)]
    #[token(">>", |_| BinOp::Shr)]
    #[token("==", |_| BinOp::Eq)]
    #[token("!=", |_| BinOp::Ne)]
    #[token("<", |_| BinOp::Lt)]
    #[token("<=", |_| BinOp::Le)]
    #[token(">", |_| BinOp::Gt)]
    #[token(">=", |_| BinOp::Ge)]
    #[token("&&", |_| BinOp::AndAnd)]
    #[token("||", |_| BinOp::OrOr)]
    Op(BinOp),
    #[token("+=", |_| BinOp::Add)]
    #[token("-=", |_| BinOp::Sub)]
    #[token("*=", |_| BinOp::Mul)]
    #[token("/=", |_| BinOp::Div)]
    #[token("%=", |_| BinOp::Rem)]
    #[token("&=", |_| BinOp::And)]
    #[token("|=", |_| BinOp::Or)]
    #[token("^=", |_| BinOp::Xor)]
    #[token("&^=", |_| BinOp::AndNot)]
    #[token("<<=", |_| BinOp::Shl)]
    #[token(">>=", |_| BinOp::Shr)]
    AssignOp(BinOp),
    #[token("!")]
    Not,
    #[token("~")]
    Tilde,
    #[token("<-")]
    Arrow,
    #[token("++")]
    Inc,
    #[token("--")]
    Dec,
}

/// Where a semicolon comes from: error messages say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Semi {
    /// Written.
    Semicolon,
    /// Inserted at a line end.
    Newline,
    /// Inserted at the end of the file.
    Eof,
}

/// A token as the grammar sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tok {
    Name(Symbol),
    Lit(LitKind, Symbol),
    Semi(Semi),
    Op(BinOp),
    AssignOp(BinOp),
    Not,
    Tilde,
    Arrow,
    Inc,
    Dec,
    Assign,
    Define,
    LParen,
    RParen,
    LBrack,
    /// The `[` of `type T[P []E] …`: a name and another `[` behind it make a type parameter list, never an
    /// array length. One token of lookahead cannot see that, so the lexer tells.
    LBrackTypeParams,
    RBrack,
    LBrace,
    RBrace,
    Comma,
    Colon,
    Dot,
    DotDotDot,
    Break,
    Case,
    Chan,
    /// `chan` and `<-` behind it.
    ChanArrow,
    Const,
    Continue,
    Default,
    Defer,
    Else,
    Fallthrough,
    For,
    Func,
    Go,
    Goto,
    If,
    Import,
    Interface,
    Map,
    Package,
    Range,
    Return,
    Select,
    Struct,
    Switch,
    Type,
    Var,
    /// Stands for an operand, type or statement that is missing or could not be parsed; put in by error
    /// recovery, never by the lexer.
    Bad,
    /// No grammar rule takes it: given to the generated parser to learn what it would take instead.
    Probe,
}

/// A token and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub tok: Tok,
    pub span: Span,
}

impl Tok {
    /// The token as error messages name it when it was not expected.
    pub fn describe(self) -> String {
        match self {
            Tok::Name(name) => format!("name {name}"),
            Tok::Lit(_, text) => format!("literal {text}"),
            Tok::Semi(Semi::Semicolon) => "semicolon".into(),
            Tok::Semi(Semi::Newline) => "newline".into(),
            Tok::Semi(Semi::Eof) => "EOF".into(),
            Tok::AssignOp(op) => format!("{}=", op.text()),
            Tok::Comma => "comma".into(),
            Tok::ChanArrow => "keyword chan".into(),
            tok if tok.is_keyword() => format!("keyword {}", tok.text()),
            tok => tok.text().into(),
        }
    }

    /// Whether it is a keyword.
    pub fn is_keyword(self) -> bool {
        self.text().as_bytes().first().is_some_and(u8::is_ascii_lowercase)
    }

    /// The source text of tokens that have only one; empty for names, literals and the like.
    pub fn text(self) -> &'static str {
        match self {
            Tok::Name(_) | Tok::Lit(..) | Tok::AssignOp(_) | Tok::Bad | Tok::Probe => "",
            Tok::Semi(_) => ";",
            Tok::Op(op) => op.text(),
            Tok::Not => "!",
            Tok::Tilde => "~",
            Tok::Arrow => "<-",
            Tok::Inc => "++",
            Tok::Dec => "--",
            Tok::Assign => "=",
            Tok::Define => ":=",
            Tok::LParen => "(",
            Tok::RParen => ")",
            Tok::LBrack | Tok::LBrackTypeParams => "[",
            Tok::RBrack => "]",
            Tok::LBrace => "{",
            Tok::RBrace => "}",
            Tok::Comma => ",",
            Tok::Colon => ":",
            Tok::Dot => ".",
            Tok::DotDotDot => "...",
            Tok::Break => "break",
            Tok::Case => "case",
            Tok::Chan => "chan",
            Tok::ChanArrow => "chan<-",
            Tok::Const => "const",
            Tok::Continue => "continue",
            Tok::Default => "default",
            Tok::Defer => "defer",
            Tok::Else => "else",
            Tok::Fallthrough => "fallthrough",
            Tok::For => "for",
            Tok::Func => "func",
            Tok::Go => "go",
            Tok::Goto => "goto",
            Tok::If => "if",
            Tok::Import => "import",
            Tok::Interface => "interface",
            Tok::Map => "map",
            Tok::Package => "package",
            Tok::Range => "range",
            Tok::Return => "return",
            Tok::Select => "select",
            Tok::Struct => "struct",
            Tok::Switch => "switch",
            Tok::Type => "type",
            Tok::Var => "var",
        }
    }
}
