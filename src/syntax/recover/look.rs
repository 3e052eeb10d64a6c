//! Looking around from the offending token: brackets, headers, what was possible.
//!
//! All before that token is a prefix of some legal program, so a look back needs no grammar. Every question
//! takes time linear in the declaration at most.

#![forbid(unsafe_code)]

use crate::syntax::recover::{Bracket, Failure, Header};
use crate::syntax::token::{Tok, Token};

impl Failure<'_> {
    pub(super) fn tok(&self, i: usize) -> Option<Tok> {
        self.tokens.get(i).map(|t| t.tok)
    }

    /// The `n`-th token before the offending one, if it belongs to the declaration.
    pub(super) fn back(&self, n: usize) -> Option<Tok> {
        let i = self.at.checked_sub(n)?;
        if i < self.start { None } else { self.tok(i) }
    }

    pub(super) fn has(&self, terminal: &str) -> bool {
        self.expected.iter().any(|e| e.trim_matches('"') == terminal)
    }

    /// Whether an expression could begin here.
    pub(super) fn wants_operand(&self) -> bool {
        let is_call = matches!(self.back(1), Some(Tok::Go | Tok::Defer));
        self.has("LIT") && self.has("func") && (self.has("!") || is_call)
    }

    /// Whether a type, but not an expression, could begin here.
    pub(super) fn wants_type(&self) -> bool {
        self.has("chan") && self.has("map") && !self.wants_operand()
    }

    /// Index of the innermost bracket that is open before token `end`.
    pub(super) fn opener_before(&self, end: usize) -> Option<usize> {
        let mut depth = 0;
        for i in (self.start..end.min(self.tokens.len())).rev() {
            let tok = self.tokens[i].tok;
            if tok.closes() {
                depth += 1;
            } else if tok.opens() {
                if depth == 0 {
                    return Some(i);
                }
                depth -= 1;
            }
        }
        None
    }

    pub(super) fn opener(&self) -> Option<usize> {
        self.opener_before(self.at)
    }

    /// Index of the bracket that the one at `close` closes.
    pub(super) fn matching(&self, close: usize) -> Option<usize> {
        self.opener_before(close)
    }

    pub(super) fn bracket(&self, open: usize) -> Bracket {
        let before = |n: usize| open.checked_sub(n).filter(|&i| i >= self.start).and_then(|i| self.tok(i));
        match self.tokens[open].tok {
            Tok::LBrackTypeParams => Bracket::TypeParams,
            Tok::LParen => self.parenthesis(open),
            Tok::LBrack => match before(1) {
                Some(Tok::Name(_)) => match before(2) {
                    Some(Tok::Func) => Bracket::TypeParams,
                    Some(Tok::RParen) if self.is_receiver_end(open - 2) => Bracket::TypeParams,
                    _ if self.is_type_spec_name(open - 1) && self.reads_as_type_params(open) => Bracket::TypeParams,
                    _ => Bracket::Index,
                },
                Some(Tok::RParen | Tok::RBrack | Tok::RBrace | Tok::Lit(..) | Tok::Bad) => Bracket::Index,
                _ => Bracket::ArrayLen,
            },
            _ => match before(1) {
                Some(Tok::Struct) => Bracket::Struct,
                Some(Tok::Interface) => Bracket::Interface,
                _ => Bracket::Brace,
            },
        }
    }

    /// Which parenthesis: results follow parameters, so this may look at several lists.
    pub(super) fn parenthesis(&self, open: usize) -> Bracket {
        let mut open = open;
        loop {
            let before = |n: usize| open.checked_sub(n).filter(|&i| i >= self.start).and_then(|i| self.tok(i));
            return match before(1) {
                Some(Tok::Import | Tok::Const | Tok::Var | Tok::Type) => Bracket::Group,
                Some(Tok::Func) => Bracket::Params,
                Some(Tok::Name(_)) => match before(2) {
                    Some(Tok::Func) => Bracket::Params,
                    Some(Tok::RParen) if self.is_receiver_end(open - 2) => Bracket::Params,
                    Some(Tok::LBrace | Tok::Semi(_)) if self.in_interface(open - 1) => Bracket::Params,
                    _ => Bracket::Args,
                },
                Some(Tok::RBrack) => match self.matching(open - 1) {
                    Some(i) if self.bracket_is_func_type_params(i) => Bracket::Params,
                    _ => Bracket::Args,
                },
                Some(Tok::RParen) => {
                    if let Some(i) = self.matching(open - 1) {
                        open = i;
                        continue;
                    }
                    Bracket::Args
                }
                Some(Tok::RBrace | Tok::Lit(..) | Tok::Bad) => Bracket::Args,
                _ => Bracket::Paren,
            };
        }
    }

    /// Whether the name at `i` is what a function declaration declares.
    pub(super) fn is_func_name(&self, i: usize) -> bool {
        let before = i.checked_sub(1).filter(|&i| i >= self.start);
        before.is_some_and(|i| i == self.start && self.tok(i) == Some(Tok::Func) || self.is_receiver_end(i))
    }

    pub(super) fn bracket_is_func_type_params(&self, open: usize) -> bool {
        if open < self.start + 2 || !matches!(self.tok(open - 1), Some(Tok::Name(_))) {
            return false;
        }
        match self.tok(open - 2) {
            Some(Tok::Func) => true,
            Some(Tok::RParen) => self.is_receiver_end(open - 2),
            _ => false,
        }
    }

    /// Whether the `)` at `close` ends the receiver of the declaration.
    pub(super) fn is_receiver_end(&self, close: usize) -> bool {
        self.tok(close) == Some(Tok::RParen)
            && self.tok(self.start) == Some(Tok::Func)
            && self.matching(close) == Some(self.start + 1)
    }

    pub(super) fn in_interface(&self, i: usize) -> bool {
        self.opener_before(i).is_some_and(|open| open > self.start && self.tok(open - 1) == Some(Tok::Interface))
    }

    /// Whether the name at `i` is what a type specification declares.
    pub(super) fn is_type_spec_name(&self, i: usize) -> bool {
        match i.checked_sub(1).and_then(|i| self.tok(i)) {
            Some(Tok::Type) => true,
            Some(Tok::LParen | Tok::Semi(_)) => self
                .opener_before(i)
                .is_some_and(|open| open > self.start.max(1) - 1 && self.tok(open.wrapping_sub(1)) == Some(Tok::Type)),
            _ => false,
        }
    }

    /// Whether what is in the brackets of `type T[…` so far can only be type parameters.
    pub(super) fn reads_as_type_params(&self, open: usize) -> bool {
        let inside = &self.tokens[open + 1..self.at.max(open + 1).min(self.tokens.len())];
        inside.iter().any(|t| t.tok == Tok::Comma)
            || matches!(
                inside,
                [
                    Token { tok: Tok::Name(_), .. },
                    Token {
                        tok: Tok::Name(_)
                            | Tok::Interface
                            | Tok::Struct
                            | Tok::Map
                            | Tok::Chan
                            | Tok::ChanArrow
                            | Tok::Func
                            | Tok::Tilde,
                        ..
                    },
                    ..
                ]
            )
    }

    /// Whether the offending token is inside a function's body.
    pub(super) fn in_function(&self) -> bool {
        let mut end = self.at;
        while let Some(open) = self.opener_before(end) {
            if self.tokens[open].tok == Tok::LBrace {
                let before = open.checked_sub(1).filter(|&i| i >= self.start).and_then(|i| self.tok(i));
                let is_outermost = self.opener_before(open).is_none();
                match before {
                    Some(Tok::Struct | Tok::Interface) => {}
                    // A function literal without results.
                    Some(Tok::RParen) => return true,
                    _ if is_outermost && self.tok(self.start) == Some(Tok::Func) => return true,
                    _ => {}
                }
            }
            end = open;
        }
        false
    }

    /// The `if`, `for`, `switch` or `select` whose block the offending token stands before.
    pub(super) fn header(&self) -> Option<Header> {
        let (mut n_semis, mut has_range) = (0, false);
        let mut i = self.at;
        while i > self.start {
            i -= 1;
            let tok = self.tokens[i].tok;
            if tok.closes() {
                let follows = self.tok(i + 1);
                if tok == Tok::RBrace && i + 1 < self.at && matches!(follows, Some(Tok::Semi(_) | Tok::Else)) {
                    return None;
                }
                i = self.matching(i)?;
                continue;
            }
            match tok {
                Tok::Semi(_) => n_semis += 1,
                Tok::Range => has_range = true,
                Tok::If | Tok::For | Tok::Switch | Tok::Select => {
                    return Some(Header { keyword: tok, n_semis, has_range });
                }
                tok if tok.opens() || tok.starts_statement() => return None,
                Tok::Case | Tok::Default | Tok::Else => return None,
                _ => {}
            }
        }
        None
    }

    /// Index of the first token from `i` on that is one of `follow`, or, inside functions, begins a statement.
    pub(super) fn advance(&self, i: usize, follow: &[Tok]) -> usize {
        let in_function = self.in_function();
        let is_semi = follow.iter().any(|t| matches!(t, Tok::Semi(_)));
        let is_name = follow.iter().any(|t| matches!(t, Tok::Name(_)));
        (i..self.tokens.len())
            .find(|&j| {
                let tok = self.tokens[j].tok;
                match tok {
                    Tok::Semi(_) => is_semi,
                    Tok::Name(_) => is_name,
                    tok => follow.contains(&tok) || in_function && tok.starts_statement(),
                }
            })
            .unwrap_or(self.tokens.len())
    }
}
