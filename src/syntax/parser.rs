#![forbid(unsafe_code)]
//! The parser: the only file that touches LALRPOP's types.
//!
//! A file's tokens are cut into top-level constructs, and each is given to the generated parser on its own:
//! an error costs no more than its declaration, however often that has to be parsed again.

use lalrpop_util::{ParseError, lalrpop_mod};

use crate::diag::{self, Diagnostic};
use crate::index::Symbol;
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::ast;
use crate::syntax::build::{Cx, Unit};
use crate::syntax::lexer;
use crate::syntax::token::{Tok, Token};

lalrpop_mod!(
    #[allow(clippy::all, clippy::pedantic, unused)]
    #[rustfmt::skip]
    go
);

/// Parses a file. What could not be parsed is in the tree as `Bad` nodes, and reported.
pub fn parse_file(file: FileId, src: &SourceFile, next_id: &mut u32) -> (ast::File, Vec<Diagnostic>) {
    let lexed = lexer::lex(src);
    let package = ast::Ident { id: ast::NodeId(*next_id), name: Symbol::new("_"), span: Span::new(src.lo, src.lo) };
    *next_id += 1;
    let tree = ast::File { file, package, imports: Vec::new(), decls: Vec::new(), directives: lexed.directives };
    let mut parser =
        Parser { tokens: lexed.tokens, next_id, tree, diagnostics: lexed.diagnostics, start: go::UnitParser::new() };
    parser.run();
    diag::sort_and_dedup(&mut parser.diagnostics);
    (parser.tree, parser.diagnostics)
}

struct Parser<'a> {
    tokens: Vec<Token>,
    next_id: &'a mut u32,
    tree: ast::File,
    diagnostics: Vec<Diagnostic>,
    start: go::UnitParser,
}

impl Parser<'_> {
    fn run(&mut self) {
        let mut i = 0;
        while i < self.tokens.len() {
            let end = unit_end(&self.tokens, i);
            let mut cx = Cx { next_id: self.next_id, diagnostics: Vec::new() };
            let tokens = self.tokens[i..end].iter().map(|t| Ok((t.span.lo, t.tok, t.span.hi)));
            match self.start.parse(&mut cx, tokens) {
                Ok(Unit::Package(name)) => self.tree.package = name,
                Ok(Unit::Imports(list)) => self.tree.imports.extend(list),
                Ok(Unit::Decls(list)) => self.tree.decls.extend(list),
                Err(error) => {
                    let (at, expected) = match error {
                        ParseError::UnrecognizedToken { token: (lo, _, hi), expected } => (Span::new(lo, hi), expected),
                        ParseError::UnrecognizedEof { location, expected } => (Span::new(location, location), expected),
                        _ => (Span::NONE, vec![]),
                    };
                    cx.syntax_error(at, format!("unexpected token, expected one of {expected:?}"));
                    self.tree.decls.push(ast::Decl::Bad(at));
                }
            }
            self.diagnostics.append(&mut cx.diagnostics);
            i = end + 1;
        }
    }
}

/// The index of the semicolon that ends the construct which begins at `start`, or the number of tokens.
fn unit_end(tokens: &[Token], start: usize) -> usize {
    let mut depth = 0u32;
    for (i, token) in tokens.iter().enumerate().skip(start) {
        match token.tok {
            Tok::LParen | Tok::LBrack | Tok::LBrackTypeParams | Tok::LBrace => depth += 1,
            Tok::RParen | Tok::RBrack | Tok::RBrace => depth = depth.saturating_sub(1),
            Tok::Semi(_) if depth == 0 => return i,
            _ => {}
        }
    }
    tokens.len()
}
