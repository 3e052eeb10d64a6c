//! The parser: the only file that touches LALRPOP's types.
//!
//! A file's tokens are cut into top-level constructs, and each is given to the generated parser on its own:
//! an error costs no more than its declaration, however often that has to be parsed again.

#![forbid(unsafe_code)]

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use lalrpop_util::{ParseError, lalrpop_mod};

use crate::diag::{self, Diagnostic};
use crate::index::Symbol;
use crate::source::{FileId, Pos, SourceFile, Span};
use crate::syntax::ast;
use crate::syntax::build::{Cx, Unit};
use crate::syntax::directives;
use crate::syntax::lexer;
use crate::syntax::nesting;
use crate::syntax::recover::Failure;
use crate::syntax::token::{Tok, Token};

lalrpop_mod!(
    #[allow(clippy::all, clippy::pedantic, unused)]
    #[rustfmt::skip]
    go
);

/// How deep a tree may be nested: brackets in brackets, operators on operators, statements in statements. Go
/// has no such limit; ours keeps the recursion of later phases within their stack.
pub const MAX_NESTING: u32 = 10_000;

/// Parses a file. What could not be parsed is in the tree as `Bad` nodes, and reported.
pub fn parse_file(file: FileId, src: &SourceFile, next_id: &mut u32) -> (ast::File, Vec<Diagnostic>) {
    parse(file, src, next_id, None)
}

/// Parses a file of the library: bodies of functions are parsed when they are first looked at, since most
/// programs reach few of them. `ids` counts the nodes of the whole compilation, now and then.
pub fn parse_library_file(file: FileId, src: &SourceFile, ids: &Rc<Cell<u32>>) -> (ast::File, Vec<Diagnostic>) {
    let mut next_id = ids.get();
    let out = parse(file, src, &mut next_id, Some(ids));
    ids.set(next_id);
    out
}

fn parse(
    file: FileId,
    src: &SourceFile,
    next_id: &mut u32,
    deferred_ids: Option<&Rc<Cell<u32>>>,
) -> (ast::File, Vec<Diagnostic>) {
    let lexed = lexer::lex_text(&src.text, src.lo, deferred_ids.is_some());
    let package = ast::Ident { id: ast::NodeId(*next_id), name: Symbol::default(), span: Span::new(src.lo, src.lo) };
    *next_id += 1;
    let directives::Directives { placed, go_version, diagnostics: misplaced } =
        directives::place(src, &lexed.tokens, &lexed.directives);
    let tree = ast::File {
        file,
        package,
        imports: Vec::new(),
        decls: Vec::new(),
        directives: lexed.directives,
        placed,
        go_version,
    };
    let budget = 20_000_000 + 20 * lexed.tokens.len();
    let defer = deferred_ids.map(|ids| Defer { text: src.text.clone(), lo: src.lo, ids: ids.clone() });
    let mut parser = Parser {
        tokens: lexed.tokens,
        next_id,
        tree,
        diagnostics: Vec::new(),
        has_bad_tokens: !lexed.diagnostics.is_empty(),
        start: go::UnitParser::new(),
        eof: src.hi(),
        budget,
        defer,
    };
    parser.run();
    let mut dated = parser.diagnostics;
    dated.extend(lexed.diagnostics.into_iter().map(|d| (d.span.lo, 0, d)));
    if parser.defer.is_none() {
        dated.extend(misplaced.into_iter().map(|d| (d.span.lo, 0, d)));
    }
    dated.sort_by_key(|(when, rank, _)| (*when, *rank));
    let mut diagnostics = dated.into_iter().map(|(_, _, d)| d).collect();
    one_syntax_error_per_line(src, &mut diagnostics);
    diag::sort_and_dedup(&mut diagnostics);
    (parser.tree, diagnostics)
}

/// Further syntax errors in a line are mostly consequences of its first: Go's compiler drops them.
fn one_syntax_error_per_line(src: &SourceFile, diagnostics: &mut Vec<Diagnostic>) {
    let mut last_line = 0;
    diagnostics.retain(|d| {
        if !d.message.starts_with("syntax error") {
            return true;
        }
        let line = src.line_col(d.span.lo).line;
        std::mem::replace(&mut last_line, line) != line
    });
}

/// Order of what was found at the same position: what the lexer and the actions found comes before the error
/// at the token that they looked ahead to.
type Rank = u8;

struct Parser<'a> {
    tokens: Vec<Token>,
    next_id: &'a mut u32,
    tree: ast::File,
    /// Each with the position that parsing had got to when it was found.
    diagnostics: Vec<(Pos, Rank, Diagnostic)>,
    /// Whether the lexer reported something.
    has_bad_tokens: bool,
    start: go::UnitParser,
    /// Position of the end of the file.
    eof: Pos,
    /// How many tokens recovery may still touch: afterwards, each declaration's first error is its only one.
    budget: usize,
    /// Function bodies are left for later.
    defer: Option<Defer>,
}

/// What parsing a body later needs.
#[derive(Clone)]
struct Defer {
    /// The file.
    text: Arc<[u8]>,
    lo: Pos,
    ids: Rc<Cell<u32>>,
}

impl Defer {
    /// Parses the function declaration in `span`; gives its body, and one more than its largest id.
    fn parse(&self, span: Span) -> Option<(ast::Block, u32)> {
        let text = &self.text[(span.lo.0 - self.lo.0) as usize..(span.hi.0 - self.lo.0) as usize];
        let mut next_id = self.ids.get();
        let func = parse_func(&lexer::lex_text(text, span.lo, false).tokens, &mut next_id);
        self.ids.set(next_id);
        match func {
            Some(ast::Decl::Func(ast::FuncDecl { body: Some(body), .. })) => Some((body.into_block(), next_id)),
            _ => None,
        }
    }
}

impl Parser<'_> {
    fn run(&mut self) {
        if self.tokens.first().map(|t| t.tok) != Some(Tok::Package) {
            self.error_at(0, "package statement must be first");
            return;
        }
        let n_errors = self.diagnostics.len();
        let mut i = self.unit(0);
        if self.diagnostics.len() > n_errors {
            return;
        }
        let mut imports_may_follow = true;
        while let Some(token) = self.tokens.get(i) {
            let tok = token.tok;
            if tok == Tok::Import && !imports_may_follow {
                self.error_at(i, "imports must appear before other declarations");
            }
            imports_may_follow = tok == Tok::Import;
            if tok.starts_declaration() {
                i = self.unit(i);
                continue;
            }
            let lost_body =
                tok == Tok::LBrace && matches!(self.tree.decls.last(), Some(ast::Decl::Func(f)) if f.body.is_none());
            self.error_at(
                i,
                if lost_body {
                    "unexpected semicolon or newline before {"
                } else {
                    "non-declaration statement outside function body"
                },
            );
            i = self.next_declaration(i);
        }
    }

    /// Index of the next token from `i` on that begins a declaration.
    fn next_declaration(&self, i: usize) -> usize {
        let found = self.tokens[i..].iter().position(|t| t.tok.starts_declaration());
        found.map_or(self.tokens.len(), |n| i + n)
    }

    fn error_at(&mut self, i: usize, message: &str) {
        let span = self.tokens.get(i).map_or(Span::new(self.eof, self.eof), |t| t.span);
        let diagnostic = Diagnostic::error("InvalidSyntaxTree", span, format!("syntax error: {message}"));
        self.diagnostics.push((span.lo, 1, diagnostic));
    }

    /// Parses the construct that begins at `start`, mending and reporting what is wrong with it; gives the
    /// index of the first token behind it.
    fn unit(&mut self, start: usize) -> usize {
        let (mut last, mut n_here) = (Pos::NONE, 0);
        loop {
            let end = unit_end(&self.tokens, start);
            let first_id = *self.next_id;
            let deep = nesting::too_deep(&self.tokens[start..end], MAX_NESTING).map(|i| start + i);
            if deep.is_none()
                && let Some(decl) = self.deferred_func(start, end)
            {
                self.tree.decls.push(decl);
                return end;
            }
            // What is too deep may be so because of an error before: of that, the generated parser must tell.
            let (result, reported) = match deep {
                None => self.attempt(start, end, None),
                Some(deep) => {
                    let probe = Token { tok: Tok::Probe, span: self.tokens[deep].span };
                    self.attempt(start, deep, Some(probe))
                }
            };
            let stop = match result {
                Ok(unit) => {
                    self.diagnostics.extend(reported.into_iter().map(|(when, d)| (when, 0, d)));
                    match unit {
                        Unit::Package(name) => self.tree.package = name,
                        Unit::Imports(list) => self.tree.imports.extend(list),
                        Unit::Decls(list) => self.tree.decls.extend(list),
                    }
                    return end;
                }
                Err(stop) => stop,
            };
            if deep.is_some_and(|deep| stop.at >= deep) {
                let span = self.tokens[stop.at.min(self.tokens.len() - 1)].span;
                let message = format!("nesting too deep: more than {MAX_NESTING} levels");
                self.diagnostics.push((span.lo, 1, Diagnostic::error("NestingTooDeep", span, message)));
                self.tree.decls.push(ast::Decl::Bad(span));
                return end;
            }
            let Stop { at, expected } = match stop {
                // An action stopped: ask what would be possible there.
                Stop { at, expected } if expected.is_empty() && at < end => {
                    let probe = Token { tok: Tok::Probe, span: self.tokens[at].span };
                    match self.attempt(start, at, Some(probe)).0 {
                        Err(Stop { expected, .. }) => Stop { at, expected },
                        Ok(_) => Stop { at, expected },
                    }
                }
                stop => stop,
            };
            let failure = Failure { tokens: &self.tokens, start, at, expected: &expected, eof: self.eof };
            let repair = failure.diagnose();
            let is_eof = at >= self.tokens.len();
            // At the end of the file all that is open is missing: once something was reported, that says nothing.
            if !is_eof || self.diagnostics.is_empty() && reported.is_empty() && !self.has_bad_tokens {
                let message = if repair.plain { repair.message } else { format!("syntax error: {}", repair.message) };
                let when = self.tokens.get(at).map_or(self.eof, |t| t.span.lo);
                self.diagnostics.push((when, 1, Diagnostic::error("InvalidSyntaxTree", repair.span, message)));
                n_here = if when == last { n_here + 1 } else { 0 };
                last = when;
            }
            // Parsing the construct again, and moving what is behind the repair.
            let work = end - start + 1 + (self.tokens.len() - at.min(self.tokens.len())) / 8;
            // A repair that does not help is a defect of `recover`; it must not become a hang.
            if is_eof || self.budget < work || n_here > 8 {
                self.diagnostics.extend(reported.into_iter().map(|(when, d)| (when, 0, d)));
                self.tree.decls.push(ast::Decl::Bad(repair.span));
                return if is_eof { self.tokens.len() } else { self.next_declaration(end) };
            }
            self.budget -= work;
            *self.next_id = first_id;
            // The first token that is put in stands for all that was dropped.
            let mut span = self.tokens.get(repair.drop.start).map_or(Span::new(self.eof, self.eof), |t| t.span.start());
            span.hi = self.tokens.get(repair.drop.end).map_or(self.eof, |t| t.span.lo).max(span.lo);
            let insert = repair.insert.into_iter().map(|tok| {
                let token = Token { tok, span };
                span = Span::new(span.hi, span.hi);
                token
            });
            let insert: Vec<Token> = insert.collect();
            self.tokens.splice(repair.drop, insert);
        }
    }

    /// The function declaration in tokens `start..end` with its body left for later; `None` where it is none,
    /// has no body, or bodies are not deferred.
    fn deferred_func(&mut self, start: usize, end: usize) -> Option<ast::Decl> {
        let defer = self.defer.clone()?;
        let unit = &self.tokens[start..end];
        if unit.first()?.tok != Tok::Func || end < 2 || unit.get(unit.len().checked_sub(2)?)?.tok != Tok::RBrace {
            return None;
        }
        let lbrace = outermost_brace(unit)?;
        // `func f() struct{}` has no body.
        if matches!(unit[lbrace - 1].tok, Tok::Struct | Tok::Interface) {
            return None;
        }
        let mut head = unit[..=lbrace].to_vec();
        head.extend(&unit[unit.len() - 2..]);
        let Some(ast::Decl::Func(mut func)) = parse_func(&head, self.next_id) else { return None };
        let name = func.name.name;
        let span = unit[0].span.to(unit[unit.len() - 2].span);
        func.body = Some(ast::Body::deferred(move || match defer.parse(span) {
            Some(body) => body,
            None => crate::bug!("parser", name, "the library's function does not parse"),
        }));
        Some(ast::Decl::Func(func))
    }

    /// Gives tokens `start..end`, and `last` behind them, to the generated parser.
    fn attempt(&mut self, start: usize, end: usize, last: Option<Token>) -> Attempt {
        let now = Cell::new(Pos::NONE);
        let mut cx = Cx { next_id: self.next_id, diagnostics: Vec::new(), now: &now };
        let tokens = self.tokens[start..end].iter().copied().chain(last).map(|t| {
            now.set(t.span.lo);
            Ok((t.span.lo, t.tok, t.span.hi))
        });
        let result = self.start.parse(&mut cx, tokens);
        let reported = cx.diagnostics;
        let stop = match result {
            Ok(unit) => return (Ok(unit), reported),
            Err(ParseError::UnrecognizedToken { token: (lo, tok, hi), expected }) => {
                Stop { at: self.find(start, |t| *t == Token { tok, span: Span::new(lo, hi) }, lo), expected }
            }
            Err(ParseError::User { error }) => {
                Stop { at: self.find(start, |t| t.tok == Tok::LBrace, error), expected: Vec::new() }
            }
            Err(ParseError::UnrecognizedEof { expected, .. }) => Stop { at: end, expected },
            Err(ParseError::InvalidToken { .. } | ParseError::ExtraToken { .. }) => {
                Stop { at: end, expected: Vec::new() }
            }
        };
        (Err(stop), reported)
    }

    /// Index of the token at `lo` that `is` it: tokens lie in order of position, but those that recovery put in
    /// are empty, so several may begin there.
    fn find(&self, start: usize, is: impl FnMut(&Token) -> bool, lo: Pos) -> usize {
        let tokens = &self.tokens[start..];
        let first = tokens.partition_point(|t| t.span.lo < lo);
        start + first + tokens[first..].iter().position(is).unwrap_or(0)
    }
}

/// Parses one function declaration without errors.
fn parse_func(tokens: &[Token], next_id: &mut u32) -> Option<ast::Decl> {
    let now = Cell::new(Pos::NONE);
    let mut cx = Cx { next_id, diagnostics: Vec::new(), now: &now };
    let unit = go::UnitParser::new().parse(&mut cx, tokens.iter().map(|t| Ok((t.span.lo, t.tok, t.span.hi))));
    match unit {
        Ok(Unit::Decls(mut list)) if cx.diagnostics.is_empty() => list.pop(),
        _ => None,
    }
}

/// Index of the last opening brace that is inside no other.
fn outermost_brace(tokens: &[Token]) -> Option<usize> {
    let (mut depth, mut last) = (0, None);
    for (i, token) in tokens.iter().enumerate() {
        match token.tok {
            Tok::LBrace => {
                if depth == 0 {
                    last = Some(i);
                }
                depth += 1;
            }
            Tok::RBrace => depth -= 1,
            _ => {}
        }
    }
    last.filter(|&i| i > 0)
}

/// Where and why the generated parser stopped.
struct Stop {
    at: usize,
    /// Empty if an action stopped it.
    expected: Vec<String>,
}

/// What the generated parser made, and what the actions reported meanwhile.
type Attempt = (Result<Unit, Stop>, Vec<(Pos, Diagnostic)>);

/// One past the semicolon that ends the construct which begins at `start`, or the number of tokens. A closing
/// brace closes all that is open inside its block, so that a missing bracket does not swallow what follows.
fn unit_end(tokens: &[Token], start: usize) -> usize {
    let mut open: Vec<Tok> = Vec::new();
    let mut n_braces = 0;
    for (i, token) in tokens.iter().enumerate().skip(start) {
        let opening = match token.tok {
            Tok::LParen | Tok::LBrack | Tok::LBrackTypeParams | Tok::LBrace => {
                open.push(token.tok);
                n_braces += u32::from(token.tok == Tok::LBrace);
                continue;
            }
            Tok::RBrace => {
                if n_braces > 0 {
                    n_braces -= 1;
                    while open.pop().is_some_and(|t| t != Tok::LBrace) {}
                }
                continue;
            }
            Tok::RParen => &[Tok::LParen, Tok::LParen],
            Tok::RBrack => &[Tok::LBrack, Tok::LBrackTypeParams],
            Tok::Semi(_) if open.is_empty() => return i + 1,
            _ => continue,
        };
        if open.last().is_some_and(|t| opening.contains(t)) {
            open.pop();
        }
    }
    tokens.len()
}
