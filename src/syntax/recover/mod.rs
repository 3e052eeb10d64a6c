//! Syntax errors: what to say, and how to go on.
//!
//! The generated parser stops at the first token that no legal program could have there, and tells which ones
//! could ([`Failure::expected`]). That token begins no error of ours: all before it is a prefix of some legal
//! program, so brackets before it are balanced and a look back at them tells where we are: in an argument
//! list, between a keyword and its block, in a struct type. From both follow Go's words for the error and a
//! [`Repair`]: tokens to drop and to put in so that parsing gets past it, chosen so that what follows is read
//! as Go's parser reads it after the same error (it skips to the next token of a certain set).
//!
//! The parser applies the repair and parses the declaration again. Termination is the parser's concern: it
//! has a budget. Invariant: a repair drops the offending token or puts a token before it.

#![forbid(unsafe_code)]

mod look;

use std::ops::Range;

use crate::index::Symbol;
use crate::source::{Pos, Span};
use crate::syntax::ast::{BinOp, LitKind};
use crate::syntax::token::{Semi, Tok, Token};

/// Where and why the generated parser stopped.
#[derive(Debug)]
pub struct Failure<'a> {
    pub tokens: &'a [Token],
    /// First token of the declaration.
    pub start: usize,
    /// The token that was not expected; the number of tokens at the end of the file.
    pub at: usize,
    /// Names of the terminals that were possible, as in the grammar.
    pub expected: &'a [String],
    /// Position of the end of the file.
    pub eof: Pos,
}

/// A message and a change of the token vector.
#[derive(Debug)]
pub struct Repair {
    pub span: Span,
    /// Behind `syntax error: `, unless `plain`.
    pub message: String,
    /// The message is a parser's, but does not say so.
    pub plain: bool,
    pub drop: Range<usize>,
    pub insert: Vec<Tok>,
}

/// What an open bracket belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Group,
    Params,
    TypeParams,
    Args,
    Index,
    ArrayLen,
    Struct,
    Interface,
    /// A block, composite literal or body of a switch: the expected tokens tell.
    Brace,
    /// Parentheses around an expression or type.
    Paren,
}

/// A statement's keyword whose block has not begun.
#[derive(Debug, Clone, Copy)]
struct Header {
    keyword: Tok,
    n_semis: usize,
    has_range: bool,
}

impl Tok {
    fn opens(self) -> bool {
        matches!(self, Tok::LParen | Tok::LBrack | Tok::LBrackTypeParams | Tok::LBrace)
    }

    fn closes(self) -> bool {
        matches!(self, Tok::RParen | Tok::RBrack | Tok::RBrace)
    }

    /// Keywords that begin a statement: inside functions, skipping stops there.
    fn starts_statement(self) -> bool {
        matches!(
            self,
            Tok::Break
                | Tok::Const
                | Tok::Continue
                | Tok::Defer
                | Tok::Fallthrough
                | Tok::For
                | Tok::Go
                | Tok::Goto
                | Tok::If
                | Tok::Return
                | Tok::Select
                | Tok::Switch
                | Tok::Type
                | Tok::Var
        )
    }

    /// Keywords that begin a top-level declaration.
    pub fn starts_declaration(self) -> bool {
        matches!(self, Tok::Import | Tok::Const | Tok::Type | Tok::Var | Tok::Func)
    }
}

const LIST_CLOSERS: &[Tok] = &[Tok::RParen, Tok::RBrack, Tok::RBrace];
const TYPE_FOLLOW: &[Tok] =
    &[Tok::Comma, Tok::Colon, Tok::Semi(Semi::Semicolon), Tok::RParen, Tok::RBrack, Tok::RBrace];
const SEMI: Tok = Tok::Semi(Semi::Semicolon);

impl Failure<'_> {
    /// The message and the way on.
    pub fn diagnose(&self) -> Repair {
        let opener = self.opener();
        let bracket = opener.map(|i| self.bracket(i));
        self.end_of_file(opener, bracket)
            .or_else(|| self.by_previous_token(bracket))
            .or_else(|| self.statement_start(opener))
            .or_else(|| self.operand(opener, bracket))
            .or_else(|| self.type_start(opener, bracket))
            .or_else(|| self.want(opener, bracket))
            .or_else(|| self.clause(bracket))
            .or_else(|| self.list(opener, bracket))
            .unwrap_or_else(|| self.separator(opener))
    }

    // ---- repairs

    fn span(&self, i: usize) -> Span {
        self.tokens.get(i).map_or(Span::new(self.eof, self.eof), |t| t.span)
    }

    /// The offending token's name in messages.
    fn unexpected(&self) -> String {
        let tok = self.tok(self.at).map_or("EOF".into(), Tok::describe);
        format!("unexpected {tok}")
    }

    fn repair(&self, message: String, drop: Range<usize>, insert: &[Tok]) -> Option<Repair> {
        Some(Repair { span: self.span(self.at), message, plain: false, drop, insert: insert.to_vec() })
    }

    /// `unexpected X, expected what`; the token is replaced by `insert`, as Go's parser goes on behind it.
    fn replace(&self, what: &str, insert: &[Tok]) -> Option<Repair> {
        let end = (self.at + 1).min(self.tokens.len());
        self.repair(format!("{}, expected {what}", self.unexpected()), self.at..end, insert)
    }

    /// `unexpected X, expected what`; tokens up to one of `follow` are replaced by `insert`.
    fn skip(&self, what: &str, follow: &[Tok], insert: &[Tok]) -> Option<Repair> {
        let end = self.advance(self.at, follow);
        self.repair(format!("{}, expected {what}", self.unexpected()), self.at..end, insert)
    }

    /// A message that does not name the token; tokens up to one of `follow` are replaced by `insert`.
    fn say(&self, message: &str, follow: &[Tok], insert: &[Tok]) -> Option<Repair> {
        let end = self.advance(self.at, follow);
        self.repair(message.into(), self.at..end, insert)
    }

    // ---- the cases

    /// Go's parser asks for no further element of a list at the end of the file.
    fn end_of_file(&self, opener: Option<usize>, bracket: Option<Bracket>) -> Option<Repair> {
        if self.at < self.tokens.len() {
            return None;
        }
        let is_list = match bracket? {
            Bracket::Group | Bracket::Params | Bracket::TypeParams | Bracket::Args => true,
            Bracket::Struct | Bracket::Interface => true,
            Bracket::Brace => self.has("{") && self.wants_operand() && !self.has("if"),
            Bracket::Index | Bracket::ArrayLen | Bracket::Paren => false,
        };
        let at_elem = opener.is_some_and(|i| i + 1 == self.at) || matches!(self.back(1)?, Tok::Comma | Tok::Semi(_));
        if !is_list || !at_elem {
            return None;
        }
        let close = match self.tok(opener?)? {
            Tok::LParen => Tok::RParen,
            Tok::LBrace => Tok::RBrace,
            _ => Tok::RBrack,
        };
        self.replace(close.text(), &[close])
    }

    /// Errors that the token before the offending one decides.
    fn by_previous_token(&self, bracket: Option<Bracket>) -> Option<Repair> {
        let here = self.at..self.at;
        let tok = self.tok(self.at);
        match self.back(1)? {
            Tok::Chan | Tok::ChanArrow if self.wants_type() => {
                self.repair("missing channel element type".into(), here, &[Tok::Bad])
            }
            Tok::DotDotDot if self.wants_type() => self.repair("... is missing type".into(), here, &[Tok::Bad]),
            Tok::Else => self.say(
                "else must be followed by if or statement block",
                &[Tok::Name(Symbol::default()), Tok::RBrace],
                &[Tok::LBrace, Tok::RBrace],
            ),
            Tok::If | Tok::For | Tok::Switch if tok == Some(Tok::Var) => {
                let keyword = self.back(1)?.text();
                let message = format!("var declaration not allowed in {keyword} initializer");
                let span = self.span(self.at + 1);
                Some(Repair { span, message, plain: false, drop: self.at..self.at + 1, insert: vec![] })
            }
            Tok::Select if self.has("{") => {
                self.say("missing { after select clause", &[Tok::Case, Tok::Default, Tok::RBrace], &[Tok::LBrace])
            }
            Tok::Func if tok == Some(Tok::LBrack) && self.back(2).is_some() => {
                self.misplaced_type_params("function type must have no type parameters", false, self.at)
            }
            Tok::LBrack if tok == Some(Tok::RBrack) && bracket == Some(Bracket::TypeParams) => {
                let drop = self.at - 1..self.at + 1;
                self.repair("empty type parameter list".into(), drop, &[])
            }
            Tok::Name(_) if bracket == Some(Bracket::Index) => {
                // `m[T any](…)` in an interface: read as an embedded generic type so far.
                let open = self.opener()?;
                let is_elem = matches!(self.tok(open.checked_sub(2)?), Some(Tok::LBrace | Tok::Semi(_)));
                if is_elem && self.in_interface(open) && self.tok(open + 1) != Some(Tok::RBrack) {
                    return self.misplaced_type_params("interface method must have no type parameters", true, open);
                }
                None
            }
            _ => None,
        }
    }

    /// Type parameters in brackets at `open` where there may be none.
    fn misplaced_type_params(&self, message: &str, plain: bool, open: usize) -> Option<Repair> {
        let mut depth = 0;
        let mut end = open;
        for (i, token) in self.tokens.iter().enumerate().skip(open) {
            end = i + 1;
            if token.tok.opens() {
                depth += 1;
            } else if token.tok.closes() {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
        }
        Some(Repair { span: self.span(open), message: message.into(), plain, drop: open..end, insert: vec![] })
    }

    /// A token that begins no statement where one could begin: Go's parser believes the list at its end.
    fn statement_start(&self, opener: Option<usize>) -> Option<Repair> {
        if !(self.has("if") && self.has("for")) {
            return None;
        }
        if self.back(1) == Some(Tok::Colon)
            && matches!(self.back(2), Some(Tok::Name(_)))
            && matches!(self.back(3), Some(Tok::Semi(_) | Tok::LBrace | Tok::Colon))
        {
            let mut repair = self.repair("missing statement after label".into(), self.at..self.at, &[SEMI])?;
            repair.span = self.span(self.at - 1);
            return Some(repair);
        }
        if self.has("case") {
            return self.bad_clause();
        }
        opener?;
        self.replace("}", &[Tok::RBrace])
    }

    /// Something other than a clause in the body of a switch or select.
    fn bad_clause(&self) -> Option<Repair> {
        // Go's parser takes what it skips to for the rest of a clause's head.
        let follow = &[Tok::Colon, Tok::Case, Tok::Default, Tok::RBrace];
        self.skip("case or default or }", follow, &[Tok::Default])
    }

    /// A token that begins no expression where one could begin.
    fn operand(&self, opener: Option<usize>, bracket: Option<Bracket>) -> Option<Repair> {
        if !self.wants_operand() {
            return None;
        }
        let tok = self.tok(self.at);
        let after_open = opener.is_some_and(|i| i + 1 == self.at);
        if matches!(bracket, Some(Bracket::Index)) {
            if after_open && tok == Some(Tok::RBrack) {
                let what = if self.has(":") { "operand" } else { "type argument list" };
                return self.repair(format!("{}, expected {what}", self.unexpected()), self.at..self.at, &[Tok::Bad]);
            }
            if self.back(1) == Some(Tok::Comma) && self.has("]") {
                return self.replace("]", &[Tok::RBrack]);
            }
        }
        if let Some(Tok::Semi(_)) = self.back(1)
            && tok == Some(Tok::LBrace)
            && let Some(Header { keyword: Tok::For, n_semis: 1, .. }) = self.header()
        {
            let message = format!("{}, expected for loop condition", self.unexpected());
            return self.repair(message, self.at..self.at, &[SEMI]);
        }
        if bracket == Some(Bracket::Index) && after_open && !self.has(":") && self.is_strict_index(opener?) {
            return self.skip("type", TYPE_FOLLOW, &[Tok::Bad]);
        }
        self.skip("expression", LIST_CLOSERS, &[Tok::Bad])
    }

    /// Whether the brackets at `open` can only be type arguments: behind the name of a type that is not the first
    /// name of a parameter or field, where they could be an array's.
    fn is_strict_index(&self, open: usize) -> bool {
        let Some(mut name) = open.checked_sub(1).filter(|&i| matches!(self.tok(i), Some(Tok::Name(_)))) else {
            return false;
        };
        if name >= 2 && self.tok(name - 1) == Some(Tok::Dot) {
            name -= 2;
        }
        let before = name.checked_sub(1).and_then(|i| self.tok(i));
        matches!(before, Some(Tok::Name(_) | Tok::Op(BinOp::Mul) | Tok::RBrack | Tok::RParen | Tok::Chan))
    }

    /// A token that begins no type where one could begin.
    fn type_start(&self, opener: Option<usize>, bracket: Option<Bracket>) -> Option<Repair> {
        let previous = self.back(1);
        let at_elem = matches!(previous, Some(Tok::LBrace | Tok::Semi(_)));
        if bracket == Some(Bracket::Struct) && at_elem && self.has("*") {
            let mut repair = self.skip("field name or embedded type", &[SEMI, Tok::RBrace], &[])?;
            if matches!(self.tok(repair.drop.end), Some(Tok::Semi(_))) {
                repair.drop.end += 1;
            }
            return Some(repair);
        }
        if !self.wants_type() {
            return None;
        }
        let tok = self.tok(self.at);
        if self.has("=") && tok == Some(Tok::Define) {
            return self.replace("=", &[Tok::Assign]);
        }
        if self.has("~") && !matches!(previous, Some(Tok::Tilde)) {
            let is_term = previous == Some(Tok::Op(BinOp::Or));
            if is_term || bracket == Some(Bracket::Interface) && at_elem {
                let follow = &[SEMI, Tok::RParen, Tok::RBrack, Tok::RBrace, Tok::Op(BinOp::Or)];
                return self.skip("~ term or type", follow, &[Tok::Bad]);
            }
        }
        if self.in_type_declaration() {
            let message = format!("{} in type declaration", self.unexpected());
            let end = self.advance(self.at, &[SEMI, Tok::RParen]);
            return self.repair(message, self.at..end, &[Tok::Bad]);
        }
        let close = match bracket {
            Some(Bracket::Params) => Some((Tok::RParen, ")")),
            Some(Bracket::TypeParams) => Some((Tok::RBrack, "]")),
            _ => None,
        };
        if let Some((close, text)) = close
            && (previous == Some(Tok::Comma) || opener.is_some_and(|i| i + 1 == self.at))
        {
            return self.skip(text, &[Tok::Comma, close], &[Tok::Bad]);
        }
        // Where something else may follow too, a type is not missed.
        let is_optional = [")", ";", "{", "]"].iter().any(|t| self.has(t)) || self.has(",") && !self.has("=");
        let is_var_or_field =
            matches!(bracket, Some(Bracket::Struct)) && matches!(previous, Some(Tok::Name(_))) && self.has(",");
        if is_optional && !is_var_or_field {
            return None;
        }
        self.skip("type", TYPE_FOLLOW, &[Tok::Bad])
    }

    /// Whether what is missing is the type of a type declaration itself.
    fn in_type_declaration(&self) -> bool {
        match self.back(1) {
            Some(Tok::Name(_)) => self.is_type_spec_name(self.at - 1),
            Some(Tok::Assign) => {
                let name = self.at.checked_sub(2);
                match name.and_then(|i| self.tok(i)) {
                    Some(Tok::Name(_)) => self.is_type_spec_name(self.at - 2),
                    Some(Tok::RBrack) => self.matching(self.at - 2).is_some_and(|i| self.is_type_spec_name(i - 1)),
                    _ => false,
                }
            }
            Some(Tok::RBrack) => self
                .matching(self.at - 1)
                .is_some_and(|i| i + 3 < self.at && i > self.start && self.is_type_spec_name(i - 1) && self.has("=")),
            _ => false,
        }
    }

    /// One certain token is missing.
    fn want(&self, opener: Option<usize>, bracket: Option<Bracket>) -> Option<Repair> {
        let previous = self.back(1);
        let name = Tok::Name(Symbol::new("_"));
        let at_elem = opener.is_some_and(|i| i + 1 == self.at) || matches!(previous, Some(Tok::Semi(_)));
        if bracket == Some(Bracket::Group) && at_elem && !self.has("LIT") {
            return self.replace("name", &[name]);
        }
        if self.has("LIT") && !self.has("}") && (!self.has(";") || at_elem) {
            let empty = Tok::Lit(LitKind::String, Symbol::new("\"\""));
            return self.say("missing import path", &[SEMI, Tok::RParen], &[empty]);
        }
        if self.has("ID") && previous == Some(Tok::Dot) && self.has("(") {
            return self.skip("name or (", &[SEMI, Tok::RParen], &[name]);
        }
        if self.at == self.start + 1 && previous == Some(Tok::Func) {
            return self.skip("name or (", &[Tok::LBrace, SEMI], &[name, Tok::LParen, Tok::RParen]);
        }
        if self.has("ID") && previous == Some(Tok::RParen) && self.is_receiver_end(self.at - 1) {
            return self.skip("name", &[Tok::LBrace, SEMI], &[name, Tok::LParen, Tok::RParen]);
        }
        let only = |terminal: &str| self.has(terminal) && !self.has(";") && !self.has(",");
        match previous? {
            Tok::Func if only("(") => {
                let insert: &[Tok] =
                    if self.tok(self.at + 1) == Some(Tok::LParen) { &[] } else { &[Tok::LParen, Tok::RParen] };
                self.replace("(", insert)
            }
            Tok::Name(_) if self.is_func_name(self.at - 1) => self.replace("(", &[Tok::LParen]),
            Tok::RBrack if only("(") => self.replace("(", &[Tok::LParen]),
            Tok::Map if only("[") => self.replace("[", &[Tok::LBrack]),
            Tok::Struct | Tok::Interface if only("{") => self.replace("{", &[Tok::LBrace]),
            Tok::Default if only(":") => self.replace(":", &[Tok::Colon]),
            Tok::Arrow | Tok::ChanArrow if only("chan") => self.replace("keyword chan", &[Tok::Chan]),
            Tok::DotDotDot if only("]") => self.replace("]", &[Tok::RBrack]),
            _ if self.has("ID") && self.expected.len() <= 2 && !self.has(";") => self.replace("name", &[name]),
            _ => None,
        }
    }

    /// Between a keyword and its block, or in a case.
    fn clause(&self, bracket: Option<Bracket>) -> Option<Repair> {
        if !matches!(bracket, Some(Bracket::Brace)) {
            return None;
        }
        if self.has(":=") && !self.has("++") && !self.has("}") | !self.has(";") | self.in_list_statement() {
            let end = self.advance(self.at, &[SEMI, Tok::RBrace]);
            let message = format!("{}, expected := or = or comma", self.unexpected());
            if !self.has("++") {
                return self.repair(message, self.at..end, &[Tok::Assign, Tok::Bad]);
            }
        }
        if self.has(":") && !self.has("}") {
            return self.replace(":", &[Tok::Colon]);
        }
        if self.has("case") && !self.has(";") {
            return self.bad_clause();
        }
        if self.has("else") || self.has("}") && !self.has("{") {
            return None;
        }
        let header = self.header()?;
        let follow = &[Tok::Name(Symbol::default()), Tok::RBrace];
        match header.keyword {
            Tok::For if header.has_range || header.n_semis >= 2 => {
                self.skip("{ after for clause", follow, &[Tok::LBrace])
            }
            Tok::For if header.n_semis == 1 => self.replace("semicolon or newline", &[SEMI]),
            Tok::If if header.n_semis == 1 => self.skip("{ after if clause", follow, &[Tok::LBrace]),
            Tok::Switch if header.n_semis == 1 => {
                self.say("missing { after switch clause", &[Tok::Case, Tok::Default, Tok::RBrace], &[Tok::LBrace])
            }
            _ => {
                // Go's parser skips one token, and on to the next brace, as if it had seen a semicolon.
                let end = self.advance((self.at + 1).min(self.tokens.len()), &[Tok::LBrace, Tok::RBrace]);
                let has_block = self.tok(end) == Some(Tok::LBrace) && header.keyword != Tok::For;
                let insert: &[Tok] = if has_block { &[] } else { &[SEMI] };
                self.repair(format!("{}, expected {{", self.unexpected()), self.at..end, insert)
            }
        }
    }

    /// Whether the statement so far is a list of expressions.
    fn in_list_statement(&self) -> bool {
        self.has(",") && self.has(":=") && !self.has("++")
    }

    /// After an element of a list in brackets.
    fn list(&self, opener: Option<usize>, bracket: Option<Bracket>) -> Option<Repair> {
        let (context, separator, close) = match bracket? {
            Bracket::Group => ("grouped declaration", "semicolon or newline", Tok::RParen),
            Bracket::Params => ("parameter list", "comma", Tok::RParen),
            Bracket::TypeParams => ("parameter list", "comma", Tok::RBrack),
            Bracket::Args => ("argument list", "comma", Tok::RParen),
            Bracket::Struct => ("struct type", "semicolon or newline", Tok::RBrace),
            Bracket::Interface => ("interface type", "semicolon or newline", Tok::RBrace),
            Bracket::Brace if self.has(",") && self.has("}") && !self.has(";") => {
                ("composite literal", "comma", Tok::RBrace)
            }
            Bracket::Brace => return None,
            Bracket::Paren => return self.replace(")", &[Tok::RParen]),
            Bracket::Index if self.has(":") && self.has(",") => {
                return self.skip("comma, : or ]", &[Tok::Comma, Tok::Colon, Tok::RBrack], &[Tok::Colon]);
            }
            Bracket::ArrayLen if self.tok(self.at) == Some(Tok::Comma) => {
                return self.repair("unexpected comma; expected ]".into(), self.at..self.at + 1, &[]);
            }
            Bracket::Index | Bracket::ArrayLen => return self.replace("]", &[Tok::RBrack]),
        };
        if self.has(")") && !self.has(",") && bracket != Some(Bracket::Group) {
            // `x.(T`
            return self.replace(")", &[Tok::RParen]);
        }
        opener?;
        let message = format!("{} in {context}; possibly missing {separator} or {}", self.unexpected(), close.text());
        let end = self.advance(self.at, LIST_CLOSERS);
        let insert: &[Tok] = if self.tok(end) == Some(close) { &[] } else { &[close] };
        self.repair(message, self.at..end, insert)
    }

    /// After a statement or declaration.
    fn separator(&self, opener: Option<usize>) -> Repair {
        let repair = if opener.is_none() {
            let end = (self.at..self.tokens.len())
                .find(|&i| self.tokens[i].tok.starts_declaration())
                .unwrap_or(self.tokens.len());
            self.repair(format!("{} after top level declaration", self.unexpected()), self.at..end, &[SEMI])
        } else {
            let end = self.advance(self.at, &[SEMI, Tok::RBrace, Tok::Case, Tok::Default]);
            let insert: &[Tok] = if matches!(self.tok(end), Some(Tok::Semi(_))) { &[] } else { &[SEMI] };
            self.repair(format!("{} at end of statement", self.unexpected()), self.at..end, insert)
        };
        repair.expect("repair always gives one")
    }
}
