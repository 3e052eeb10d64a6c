//! Syntax: tokens (logos), the lexer that inserts semicolons, the grammar (LALRPOP), the tree.
//!
//! Input: the bytes of a file. Output: an [`ast::File`] and diagnostics; parsing never fails.

#![forbid(unsafe_code)]

pub mod ast;
pub mod build;
pub mod constraint;
pub mod directives;
pub mod dump;
pub mod lexer;
pub mod literal;
pub mod nesting;
pub mod parser;
pub mod print;
pub mod recover;
pub mod token;

#[cfg(test)]
mod tests;
