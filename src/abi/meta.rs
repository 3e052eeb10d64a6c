//! What the runtime knows of compiled functions.
//!
//! `codegen` makes a [`FuncMeta`] for every function it finishes and hands it to whoever `driver` says (the
//! runtime's table). Plain data, `Send`. Offsets named `pc` are bytes from `entry`.
//!
//! ```text
//!   higher addresses
//!   | stack arguments      |  entry_sp + 8 + i*8
//!   | return address       |  entry_sp
//!   | saved rbp            |  <- rbp (fp)
//!   | ...                  |
//!   | slots, spills        |  fp - frame_to_fp + offset   (offsets of stack maps and slots)
//!   | outgoing arguments   |  <- sp = fp - frame_to_fp
//! ```

/// A return address at which the frame can be walked: every call is one.
#[derive(Debug, Clone, Default)]
pub struct CallSite {
    /// Offset of the return address.
    pub pc: u32,
    /// Offsets from the frame's sp of live tracked words (spilled values), ascending.
    pub live: Box<[u32]>,
    /// Offset of the landing code for panics that this frame recovers from, if the call has one.
    pub handler: Option<u32>,
}

/// An instruction that may fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrapSite {
    /// Offset of the instruction.
    pub pc: u32,
    /// A Cranelift user trap code, or one of [`trap`].
    pub code: u8,
}

/// Trap codes in [`TrapSite`].
pub mod trap {
    /// A load or store through a pointer that may be nil.
    pub const NIL: u8 = 1;
    /// Integer division by zero (hardware).
    pub const DIV: u8 = 2;
    /// Must not be reached: a bug in mgo.
    pub const UNREACHABLE: u8 = 3;
}

/// From `pc` (up to the next entry) the code belongs to this source line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PcLine {
    pub pc: u32,
    pub line: u32,
    /// Index into [`FuncMeta::files`].
    pub file: u16,
    /// Index into [`FuncMeta::inlined`] plus 1; 0: the function itself.
    pub inl: u16,
}

/// A call that was inlined.
#[derive(Debug, Clone)]
pub struct InlinedCall {
    /// As `PcLine::inl`: the frame that made the call.
    pub parent: u16,
    /// The inlined function's name, as traces print it.
    pub name: String,
    /// Where the call stands.
    pub call_line: u32,
    /// Index into [`FuncMeta::files`].
    pub call_file: u16,
}

/// A compiled function.
#[derive(Debug, Clone, Default)]
pub struct FuncMeta {
    /// Index in the program-wide function numbering (`r11d` of morestack and lazy stubs).
    pub index: u32,
    /// As traces print it: `main.f`, `main.(*T).m`, `main.f.func1`.
    pub name: String,
    /// Address of the first byte (of the prologue check).
    pub entry: u64,
    /// Bytes of code, cold parts and slow path included.
    pub size: u32,
    /// Length of the check: execution goes on at `entry + prefix` once the stack is large enough.
    pub prefix: u32,
    /// Bytes below the entry rsp that the function needs.
    pub need: u64,
    /// Distance from sp to fp in the body.
    pub frame_to_fp: u32,
    /// Bit i: integer argument register i (rdi, rsi, rdx, rcx, r8, r9) holds a pointer on entry.
    pub arg_regs: u8,
    /// It is a closure: `g.ctxt` counts as an argument on entry.
    pub uses_ctxt: bool,
    /// Offsets from entry_sp + 8 of pointer words among the stack arguments.
    pub arg_stack: Box<[u32]>,
    /// Bytes of incoming stack arguments (the callee pops them).
    pub arg_stack_size: u32,
    /// Offsets from the frame's sp of pointer words in slots and home words: always live, initialised in
    /// the entry block.
    pub slot_words: Box<[u32]>,
    /// Ascending by pc.
    pub calls: Vec<CallSite>,
    /// Functions with defer: offset of the landing code for recovered panics, wherever in the function they
    /// began (faults included). The same as the `handler` of every call site.
    pub recovery: Option<u32>,
    /// Ascending by pc.
    pub traps: Vec<TrapSite>,
    /// Ascending by pc.
    pub lines: Vec<PcLine>,
    /// Absolute paths.
    pub files: Vec<String>,
    /// Line of the declaration.
    pub start_line: u32,
    pub inlined: Vec<InlinedCall>,
    /// Compiler-made (wrappers): left out of traces as Go does.
    pub wrapper: bool,
    /// Has parameters, a receiver included: traces print `(...)` instead of `()`.
    pub has_params: bool,
}

/// A stretch of static data with pointer words: a root of the heap.
#[derive(Debug, Clone)]
pub struct StaticRoots {
    /// Address of the first byte.
    pub addr: u64,
    /// Bytes.
    pub size: u64,
    /// Byte offsets of pointer words.
    pub words: Vec<u32>,
}
