//! How deep the tree of a token sequence can be, at most, before it is built.
//!
//! Recursive phases, and the tree's destructor, need stack in proportion to the tree's depth. The generated
//! parser needs none, so it would happily build a tree that nobody can walk: this looks at the tokens first.
//!
//! The bound is, for each open bracket, the number of tokens before it in its element that can each make the
//! tree one deeper (operators, selectors, closed brackets of calls, keywords of types and statements). Commas,
//! semicolons and cases begin an element anew. Long lists, long files and long blocks are not deep.

#![forbid(unsafe_code)]

use crate::syntax::token::{Tok, Token};

/// The first token at which the tree may get deeper than `limit`.
pub fn too_deep(tokens: &[Token], limit: u32) -> Option<usize> {
    // What the enclosing brackets' elements amount to; `chain` is that of the current element.
    let mut open: Vec<u32> = Vec::new();
    let (mut outer, mut chain) = (0u32, 0u32);
    for (i, token) in tokens.iter().enumerate() {
        match token.tok {
            Tok::LParen | Tok::LBrack | Tok::LBrackTypeParams | Tok::LBrace => {
                chain += 1;
                open.push(chain);
                outer += chain;
                chain = 0;
            }
            Tok::RParen | Tok::RBrack | Tok::RBrace => {
                // What was closed stays an operand: calls of calls, literals of literals.
                if let Some(before) = open.pop() {
                    outer -= before;
                    chain = before;
                }
            }
            Tok::Comma | Tok::Semi(_) | Tok::Case | Tok::Default => chain = 0,
            Tok::Name(_) | Tok::Lit(..) | Tok::Bad => {}
            _ => chain += 1,
        }
        if outer + chain > limit {
            return Some(i);
        }
    }
    None
}
