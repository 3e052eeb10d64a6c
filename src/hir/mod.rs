//! The typed tree between the checker and everything behind it: see [`ir`] for the model, [`lower`] for how
//! it is made.

#![forbid(unsafe_code)]

pub mod dump;
pub mod facts;
pub mod ir;
pub mod lower;
pub mod order;
mod order_instances;
mod packed;
pub mod print;
pub mod scc;
pub mod static_data;
pub mod static_init;
pub mod visit;

pub use ir::*;
pub use lower::ERROR_TYPES;
