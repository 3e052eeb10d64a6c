#![forbid(unsafe_code)]
//! Types and the type checker.
