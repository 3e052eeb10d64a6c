//! From SSA to machine code that can move its stack.
//!
//! One function at a time: [`spill`] plans where pointers are during calls, [`func`] (with `inst` and
//! `calls`) makes CLIF, [`emit`] has Cranelift compile it ([`remat`] between optimiser and lowering) and puts
//! the stack check in front, [`jit`] places it and builds what code refers to by address. [`dump`] shows all of
//! it.
//!
//! What must hold so that stacks can move (see the modules for why):
//! * at every call each live pointer is in a frame word that the call's map names, and is loaded from there
//!   before its next use;
//! * frame addresses are never kept across an instruction;
//! * no library calls: whatever is called switches to g0 or checks the stack itself.
//!
//! Imports nothing of `runtime`: [`jit::Callbacks`] bind the two together.

mod calls;
mod dump;
mod emit;
mod func;
mod inst;
pub mod jit;
mod lines;
mod remat;
mod spill;
#[cfg(test)]
mod tests;
mod uses;

pub use jit::{Callbacks, Config, Cx, Jit, Texts};
