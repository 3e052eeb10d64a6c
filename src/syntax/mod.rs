#![forbid(unsafe_code)]
//! Syntax: lexer, grammar, AST.
