//! What the rest of the runtime needs of the machine and the kernel: pages of memory ([`mem`]), the C library's heap
//! ([`malloc`]), the assembly stubs between generated code and Rust ([`asm`]), stubs for native functions
//! ([`trampoline`]), calls by reflection ([`reflectcall`]) and signals ([`signal`]). Assembly is written here and
//! nowhere else.

pub mod asm;
pub mod malloc;
pub mod mem;
pub mod reflectcall;
pub mod signal;
pub mod trampoline;
