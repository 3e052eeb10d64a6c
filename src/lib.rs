//! mgo: a compiler and runtime for mini-Go.
//!
//! Modules in reading order: the pipeline runs `syntax` → `types` → `hir` → `inline` → `escape` →
//! `ssa` → `codegen`, and what it makes runs on `runtime`. `abi` is all that `codegen` and `runtime`
//! share; `driver` puts the phases together and does all file and terminal I/O.
//! `docs/architecture.md` has the map.

#[macro_use]
pub mod index;
pub mod abi;
pub mod codegen;
pub mod diag;
pub mod driver;
pub mod escape;
pub mod explain;
pub mod hir;
pub mod inline;
pub mod runtime;
pub mod source;
pub mod ssa;
pub mod syntax;
pub mod types;
