#![forbid(unsafe_code)]
//! SSA: a control-flow graph of machine-level values, between the typed tree and Cranelift.
//!
//! Input: a function of `hir` after escape analysis. Output: an [`ir::Func`], from which `codegen` makes CLIF
//! one to one. See [`ir`] for the model.

pub mod ir;
