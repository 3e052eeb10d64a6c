#![forbid(unsafe_code)]
//! The typed tree between the checker and everything behind it: see [`ir`] for the model.

pub mod ir;
pub mod print;
pub mod visit;

pub use ir::*;
