//! The runtime's entry points: one function per line of the list in [`abi::rtfn`](crate::abi::rtfn), of the
//! same name. They run on g0, called by the stubs in [`sys::asm`](super::sys::asm), and must not unwind.
//!
//! What they are given is as the list says; they trust generated code to keep to it.

// The names are the list's; the pointers come from generated code.
#![allow(non_snake_case, clippy::not_unsafe_ptr_arg_deref)]

pub mod data;
pub mod flow;
mod panics;
mod print;

pub use data::*;
pub use flow::*;
pub use panics::*;
pub use print::*;
