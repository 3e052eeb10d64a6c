//! Constants of the stack discipline (Go: `internal/abi/stack.go`, `runtime/stack.go`).

/// Size of a new goroutine's stack, in bytes.
pub const STACK_MIN: u64 = 2048;
/// Bytes below `stackguard` that a checked function's callees may use without a check: small leaf frames,
/// runtime-call stubs and the words that calls push.
pub const STACK_GUARD: u64 = 256;
/// A frame of at most this many bytes is checked by comparing rsp itself with `stackguard`.
pub const STACK_SMALL: u64 = 96;
/// Leaf functions with frames up to this size make no check. `STACK_SMALL + STACK_LEAF + 32 <= STACK_GUARD`.
pub const STACK_LEAF: u64 = 64;
/// Default limit of one stack: beyond it a goroutine dies of `stack overflow`.
pub const MAX_STACK_DEFAULT: u64 = 1_000_000_000;
/// `stackguard` value that makes every check fail: preemption, forced moves.
pub const STACK_PREEMPT: u64 = 0xffff_ffff_ffff_fade;
