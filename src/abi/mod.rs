//! The contract between generated code and the runtime: all that `codegen` and `runtime` share.
//!
//! * [`rtfn`]: every runtime entry point, its signature and what it may do.
//! * [`g`]: the head of a goroutine's record, which generated code reads through the pinned register r15.
//! * [`meta`]: what the runtime knows of a compiled function: frame size, stack maps, lines.
//! * [`typedesc`]: type descriptors and itabs, as laid out in memory.
//! * [`stack`]: constants of the stack discipline.
//!
//! Calling conventions. Generated functions use Cranelift's `Tail` convention with r15 = `g` and rbp frames.
//! Runtime entry points use SystemV and run on the thread's g0 stack, entered through a stub that saves rsp
//! and rbp in `g`; at most six integer words and eight floats in, at most two words out (rax, rdx); a third
//! word goes through `g.ret2`.
//! A function value is a pointer to a closure object whose first word is the code address; the caller of a
//! function value stores that pointer to `g.ctxt` right before the call, and a closure's body loads it from
//! there first of all (morestack and the lazy-compilation stub keep it, and relocate it with the stack).

pub mod g;
pub mod meta;
pub mod rtfn;
pub mod stack;
pub mod typedesc;
