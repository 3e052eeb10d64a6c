//! From bytes to the token vector of a file.
//!
//! Around logos' DFA this inserts semicolons (spec, "Semicolons"), joins `chan` and `<-` into one token,
//! marks the `[` of type parameter lists that begin `[P [`, checks literals and names, collects `//go:`
//! directives, and reports what is not UTF-8.
//!
//! Invariants: tokens do not overlap and lie in order; every token's span is real source, except that an
//! inserted semicolon's is empty or covers the line end; the vector ends with a semicolon unless the file
//! has no token that a semicolon would follow.

#![forbid(unsafe_code)]

use logos::Logos;

use crate::diag::Diagnostic;
use crate::index::Symbol;
use crate::source::{Pos, SourceFile, Span};
use crate::syntax::ast::{Directive, LitKind};
use crate::syntax::literal;
use crate::syntax::token::{RawToken, Semi, Tok, Token};

/// What lexing a file gives.
#[derive(Debug, Default)]
pub struct Lexed {
    pub tokens: Vec<Token>,
    pub directives: Vec<Directive>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Lexes a file. Errors leave usable tokens behind.
pub fn lex(src: &SourceFile) -> Lexed {
    lex_text(&src.text, src.lo, false)
}

/// Lexes `text`, whose first byte is at `lo`.
///
/// With `skip_bodies`, the bodies of functions that are laid out as gofmt does are left out: their braces come
/// one behind the other. Files of the library are so read, most of whose functions a program does not reach.
pub fn lex_text(text: &[u8], lo: Pos, skip_bodies: bool) -> Lexed {
    let mut lexer = Lexer { text, lo, skip_bodies, out: Lexed::default() };
    lexer.check_encoding();
    lexer.run();
    lexer.mark_type_params();
    lexer.out
}

struct Lexer<'s> {
    text: &'s [u8],
    /// Position of the first byte.
    lo: Pos,
    skip_bodies: bool,
    out: Lexed,
}

/// UTF-8's byte order mark.
const BOM: &[u8] = "\u{feff}".as_bytes();

impl Lexer<'_> {
    fn pos(&self, offset: usize) -> Pos {
        self.lo.offset(offset as u32)
    }

    fn error(&mut self, offset: usize, len: usize, message: impl Into<String>) {
        let span = Span::new(self.pos(offset), self.pos((offset + len).min(self.text.len())));
        self.out.diagnostics.push(Diagnostic::error("InvalidSyntaxTree", span, message));
    }

    /// NULs, bytes that are not UTF-8 and byte order marks inside the file, wherever they stand.
    fn check_encoding(&mut self) {
        let text = self.text;
        // Nearly every file is clean, and these three look at many bytes at a time.
        if std::str::from_utf8(text).is_ok() && !text.contains(&0) && !text.contains(&BOM[0]) {
            return;
        }
        for i in 0..text.len() {
            if text[i] == 0 {
                self.error(i, 1, "invalid NUL character");
            } else if text[i] == BOM[0] && i > 0 && text[i..].starts_with(BOM) {
                self.error(i, BOM.len(), "invalid BOM in the middle of the file");
            }
        }
        let mut offset = 0;
        for chunk in text.utf8_chunks() {
            offset += chunk.valid().len();
            for i in 0..chunk.invalid().len() {
                self.error(offset + i, 1, "invalid UTF-8 encoding");
            }
            offset += chunk.invalid().len();
        }
    }

    fn run(&mut self) {
        let text = self.text;
        let start = if text.starts_with(BOM) { BOM.len() } else { 0 };
        self.out.tokens.reserve(if self.skip_bodies { text.len() / 16 } else { text.len() / 4 });
        let mut raw = RawToken::lexer(&text[start..]);
        // The braces of the body to skip.
        let mut body = None;
        // Whether a line end here would be a semicolon.
        let mut nlsemi = false;
        while let Some(result) = raw.next() {
            let (lo, hi) = (raw.span().start + start, raw.span().end + start);
            let Ok(token) = result else {
                self.bad_character(lo, hi);
                continue;
            };
            match token {
                RawToken::Newline => {
                    if nlsemi {
                        self.push(Tok::Semi(Semi::Newline), lo, hi);
                        nlsemi = false;
                    }
                }
                RawToken::LineComment => self.line_comment(lo, hi),
                RawToken::BlockComment => {
                    if !text[lo + 2..hi].ends_with(b"*/") {
                        self.error(lo, 2, "comment not terminated");
                    }
                    let comment = &text[lo + 2..hi];
                    if let Some(line) = comment.strip_suffix(b"*/")
                        && line.starts_with(b"line ")
                        && !line.contains(&b'\n')
                    {
                        self.directive(lo, hi, line);
                    }
                    if nlsemi && text[lo..hi].contains(&b'\n') {
                        self.push(Tok::Semi(Semi::Newline), lo, hi);
                        nlsemi = false;
                    }
                }
                RawToken::Name => {
                    self.name(lo, hi);
                    nlsemi = true;
                }
                RawToken::Number | RawToken::String | RawToken::RawString | RawToken::Rune => {
                    self.literal(token, lo, hi);
                    nlsemi = true;
                }
                RawToken::Arrow if self.out.tokens.last().is_some_and(|t| t.tok == Tok::Chan) => {
                    let hi = self.pos(hi);
                    let chan = self.out.tokens.last_mut().expect("looked at it above");
                    chan.tok = Tok::ChanArrow;
                    chan.span.hi = hi;
                    nlsemi = false;
                }
                RawToken::LBrace if body.is_some_and(|(open, _)| open == lo) => {
                    self.push(Tok::LBrace, lo, hi);
                    raw.bump(body.map_or(hi, |(_, close)| close) - hi);
                    nlsemi = false;
                }
                _ => {
                    if token == RawToken::Func && self.skip_bodies {
                        body = self.body_of(lo);
                    }
                    let tok = simple_token(token);
                    nlsemi = matches!(
                        tok,
                        Tok::RParen
                            | Tok::RBrack
                            | Tok::RBrace
                            | Tok::Inc
                            | Tok::Dec
                            | Tok::Break
                            | Tok::Continue
                            | Tok::Fallthrough
                            | Tok::Return
                    );
                    self.push(tok, lo, hi);
                }
            }
        }
        if nlsemi {
            self.push(Tok::Semi(Semi::Eof), text.len(), text.len());
        }
    }

    /// Where the body of the function declaration at `lo` begins and ends, if gofmt's layout shows it: the brace
    /// ends the first line, and the next line that begins with a brace closes it.
    fn body_of(&self, lo: usize) -> Option<(usize, usize)> {
        if lo > 0 && self.text[lo - 1] != b'\n' {
            return None;
        }
        let line = self.text[lo..].split(|&b| b == b'\n').next()?;
        let head =
            line.strip_suffix(b" {").filter(|head| !head.ends_with(b"struct") && !head.ends_with(b"interface"))?;
        let behind = lo + line.len();
        let close = memchr::memmem::find(&self.text[behind..], b"\n}\n")?;
        Some((lo + head.len() + 1, behind + close + 1))
    }

    fn push(&mut self, tok: Tok, lo: usize, hi: usize) {
        let span = Span::new(self.pos(lo), self.pos(hi));
        self.out.tokens.push(Token { tok, span });
    }

    fn bad_character(&mut self, lo: usize, hi: usize) {
        // What the DFA rejects is ASCII: all else is part of a name.
        for (i, &b) in self.text[lo..hi].iter().enumerate() {
            self.error(lo + i, 1, format!("invalid character {}", literal::unicode_name(char::from(b))));
        }
    }

    fn line_comment(&mut self, lo: usize, hi: usize) {
        let text = &self.text[lo + 2..hi];
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let at_line_start = lo == 0 || self.text[lo - 1] == b'\n';
        if text.starts_with(b"go:") || at_line_start && text.starts_with(b"line ") {
            self.directive(lo, hi, text);
        }
    }

    fn directive(&mut self, lo: usize, hi: usize, text: &[u8]) {
        let span = Span::new(self.pos(lo), self.pos(hi));
        self.out.directives.push(Directive { span, text: String::from_utf8_lossy(text).into_owned() });
    }

    fn name(&mut self, lo: usize, hi: usize) {
        let text = &self.text[lo..hi];
        if text.is_ascii() {
            // ASCII is UTF-8.
            self.push(Tok::Name(Symbol::new(std::str::from_utf8(text).unwrap_or_default())), lo, hi);
            return;
        }
        let mut name = String::new();
        let mut offset = lo;
        for chunk in text.utf8_chunks() {
            for (i, c) in chunk.valid().char_indices() {
                if c == '\u{feff}' {
                    continue;
                }
                match literal::name_character(c) {
                    literal::NameChar::Letter => {}
                    literal::NameChar::Digit if !name.is_empty() => {}
                    literal::NameChar::Digit => {
                        let message = format!("identifier cannot begin with digit {}", literal::unicode_name(c));
                        self.error(offset + i, c.len_utf8(), message);
                    }
                    literal::NameChar::Other => {
                        let message = format!("invalid character {} in identifier", literal::unicode_name(c));
                        self.error(offset + i, c.len_utf8(), message);
                    }
                }
                name.push(c);
            }
            offset += chunk.valid().len() + chunk.invalid().len();
        }
        if !name.is_empty() {
            self.push(Tok::Name(Symbol::new(&name)), lo, hi);
        }
    }

    fn literal(&mut self, token: RawToken, lo: usize, hi: usize) {
        let text = &self.text[lo..hi];
        let (kind, error) = match token {
            RawToken::Number => literal::check_number(text),
            RawToken::Rune => (LitKind::Char, literal::check_rune(text)),
            RawToken::RawString => (LitKind::String, literal::check_raw_string(text)),
            _ => (LitKind::String, None),
        };
        let errors = if token == RawToken::String { literal::check_string(text) } else { error.into_iter().collect() };
        for (offset, message) in errors {
            if !message.is_empty() {
                self.error(lo + offset, 1, message);
            } else if hi < self.text.len() {
                // The DFA stopped before the line end.
                let what = if kind == LitKind::String { "string" } else { "rune literal" };
                self.error(hi, 0, format!("newline in {what}"));
            } else {
                let what = if kind == LitKind::String { "string" } else { "rune literal" };
                self.error(lo, 1, format!("{what} not terminated"));
            }
        }
        let symbol = match std::str::from_utf8(text) {
            Ok(text) => Symbol::new(text),
            Err(_) => Symbol::new(&String::from_utf8_lossy(text)),
        };
        self.push(Tok::Lit(kind, symbol), lo, hi);
    }

    /// Finds `type T[P [` at the start of a type specification, alone or in a group, and makes the first
    /// `[` a [`Tok::LBrackTypeParams`].
    fn mark_type_params(&mut self) {
        let tokens = &mut self.out.tokens;
        // Depth of brackets inside each open `type (` group, innermost last.
        let mut groups: Vec<u32> = Vec::new();
        for i in 0..tokens.len() {
            let starts_spec = match tokens[i].tok {
                Tok::Type => match tokens.get(i + 1).map(|t| t.tok) {
                    Some(Tok::LParen) => {
                        groups.push(0);
                        false
                    }
                    _ => true,
                },
                Tok::LParen | Tok::LBrack | Tok::LBrackTypeParams | Tok::LBrace => {
                    groups.last_mut().is_some_and(|depth| {
                        *depth += 1;
                        *depth == 1
                    })
                }
                Tok::RParen | Tok::RBrack | Tok::RBrace => {
                    if let Some(depth) = groups.last_mut() {
                        *depth -= 1;
                        if *depth == 0 {
                            groups.pop();
                        }
                    }
                    false
                }
                Tok::Semi(_) => groups.last() == Some(&1),
                _ => false,
            };
            if starts_spec
                && let Some([a, b, c, d]) = tokens.get_mut(i + 1..i + 5)
                && matches!((a.tok, c.tok), (Tok::Name(_), Tok::Name(_)))
                && b.tok == Tok::LBrack
                && d.tok == Tok::LBrack
            {
                b.tok = Tok::LBrackTypeParams;
            }
        }
    }
}

/// The grammar's name of a token that carries no text.
fn simple_token(token: RawToken) -> Tok {
    match token {
        RawToken::Break => Tok::Break,
        RawToken::Case => Tok::Case,
        RawToken::Chan => Tok::Chan,
        RawToken::Const => Tok::Const,
        RawToken::Continue => Tok::Continue,
        RawToken::Default => Tok::Default,
        RawToken::Defer => Tok::Defer,
        RawToken::Else => Tok::Else,
        RawToken::Fallthrough => Tok::Fallthrough,
        RawToken::For => Tok::For,
        RawToken::Func => Tok::Func,
        RawToken::Go => Tok::Go,
        RawToken::Goto => Tok::Goto,
        RawToken::If => Tok::If,
        RawToken::Import => Tok::Import,
        RawToken::Interface => Tok::Interface,
        RawToken::Map => Tok::Map,
        RawToken::Package => Tok::Package,
        RawToken::Range => Tok::Range,
        RawToken::Return => Tok::Return,
        RawToken::Select => Tok::Select,
        RawToken::Struct => Tok::Struct,
        RawToken::Switch => Tok::Switch,
        RawToken::Type => Tok::Type,
        RawToken::Var => Tok::Var,
        RawToken::LParen => Tok::LParen,
        RawToken::RParen => Tok::RParen,
        RawToken::LBrack => Tok::LBrack,
        RawToken::RBrack => Tok::RBrack,
        RawToken::LBrace => Tok::LBrace,
        RawToken::RBrace => Tok::RBrace,
        RawToken::Comma => Tok::Comma,
        RawToken::Semi => Tok::Semi(Semi::Semicolon),
        RawToken::Colon => Tok::Colon,
        RawToken::Dot => Tok::Dot,
        RawToken::DotDotDot => Tok::DotDotDot,
        RawToken::Define => Tok::Define,
        RawToken::Assign => Tok::Assign,
        RawToken::Op(op) => Tok::Op(op),
        RawToken::AssignOp(op) => Tok::AssignOp(op),
        RawToken::Not => Tok::Not,
        RawToken::Tilde => Tok::Tilde,
        RawToken::Arrow => Tok::Arrow,
        RawToken::Inc => Tok::Inc,
        RawToken::Dec => Tok::Dec,
        RawToken::Newline
        | RawToken::LineComment
        | RawToken::BlockComment
        | RawToken::Name
        | RawToken::Number
        | RawToken::String
        | RawToken::RawString
        | RawToken::Rune => Tok::Bad,
    }
}
