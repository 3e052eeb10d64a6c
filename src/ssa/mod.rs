//! SSA: a control-flow graph of machine-level values, between the typed tree and Cranelift.
//!
//! Input: a function of `hir` after escape analysis. Output: an [`ir::Func`], from which `codegen` makes CLIF
//! one to one. See [`ir`] for the model, [`layout`] and [`abi_sig`] for what types and signatures become.

#![forbid(unsafe_code)]

pub mod abi_sig;
pub mod build;
pub mod ir;
pub mod layout;
pub mod left;
pub mod passes;
pub mod print;
pub mod verify;

pub use build::{Cache, build_func};
pub use left::checks_left;
