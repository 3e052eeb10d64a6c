//! The SSA form.
//!
//! Blocks have parameters; values are machine words ([`Ty`]). Go's aggregates are gone: strings, slices,
//! interfaces, complex numbers and small structs are several values; what is too large, indexed or has its
//! address taken lives in a [`Slot`] of the frame or in the heap.
//!
//! Invariants:
//! * [`Ty::Ptr`] is for every value that may point into a stack or the heap, interior pointers included,
//!   and such a value never points past its object's end. Addresses of static data are `I64` or `Ptr`.
//! * A slot's address as a value is [`InstKind::SlotAddr`] only; loads and stores that name the slot
//!   directly use [`Addr::Slot`].
//! * Checks are instructions ([`InstKind::Check`]); behind one, its condition holds.
//! * Instructions that may call the runtime or the program are safepoints. Between two of them no stack moves.
//! * Block 0 is the entry; its parameters are the function's. Every block ends in one terminator.
//! * Values are defined before use along every path (dominance); `verify` checks all of this.

#![forbid(unsafe_code)]

use std::rc::Rc;

use smallvec::SmallVec;

use crate::abi::rtfn::RtFn;
pub use crate::hir::static_data::StaticObject;
pub use crate::hir::{FuncId, GlobalId};
use crate::index::{IndexVec, Symbol};
use crate::source::Pos;
use crate::types::TypeId;

define_id! {
    /// A value.
    pub struct Value;
    /// A block.
    pub struct Block;
    /// A piece of the frame.
    pub struct Slot;
}

/// Operands and block arguments: no allocation for the common few.
pub type ValueList = SmallVec<[Value; 4]>;
/// Results of an instruction.
pub type Results = SmallVec<[Value; 2]>;

/// Machine-level types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ty {
    /// Booleans (0 or 1) and 8-bit integers.
    I8,
    I16,
    I32,
    /// Integers, and addresses of static data (type descriptors, itabs, code).
    I64,
    F32,
    F64,
    /// A pointer that the stack copier and the collector must see.
    Ptr,
}

/// A part of the frame.
#[derive(Debug, Clone)]
pub struct SlotData {
    /// For dumps.
    pub name: Symbol,
    /// Bytes, a multiple of 8 (or 0 is 8).
    pub size: u64,
    /// Byte offsets of pointer words. They are zeroed on entry by `codegen`.
    pub ptr_words: Vec<u32>,
    /// `SlotAddr` occurs: the slot has a home word.
    pub addr_taken: bool,
}

/// The address operand of memory instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addr {
    /// `value + offset`. `value` is a `Ptr` or the `I64` address of static data.
    Value(Value, i32),
    /// Inside a slot.
    Slot(Slot, i32),
}

/// Binary operators. Operands have the same type, except shift counts (`I64`, already checked).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinOp {
    Add,
    Sub,
    Mul,
    /// Signed; the divisor is not zero; `MIN / -1` is `MIN`.
    SDiv,
    UDiv,
    /// Signed; the divisor is not zero; `MIN % -1` is 0.
    SRem,
    URem,
    And,
    Or,
    Xor,
    /// Shifts take their count modulo the width.
    Shl,
    UShr,
    SShr,
    FAdd,
    FSub,
    FMul,
    FDiv,
}

/// Unary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnOp {
    Neg,
    Not,
    FNeg,
    /// `math.Sqrt` and friends.
    FSqrt,
    FFloor,
    FCeil,
    FTrunc,
    /// Round half to even.
    FNearest,
    FAbs,
    Clz,
    Ctz,
    Popcnt,
    Bswap,
}

/// Conversions between machine types; the target is the instruction's result type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConvOp {
    /// Sign-extend.
    SExt,
    /// Zero-extend.
    ZExt,
    /// Keep the low bits.
    Trunc,
    /// Signed integer to float.
    SIntToF,
    /// Unsigned integer to float.
    UIntToF,
    /// Float to `I32` or `I64`, as amd64 Go converts out-of-range values (the lowest integer).
    FToSInt,
    /// Float to unsigned 64-bit integer, as amd64 Go.
    FToUInt,
    /// f32 to f64.
    FPromote,
    /// f64 to f32.
    FDemote,
    /// Same bits, other register class (`math.Float64bits`).
    Bitcast,
    /// `I64` to `Ptr` (unsafe.Pointer(uintptr), static addresses).
    ToPtr,
    /// `Ptr` to `I64` (uintptr(unsafe.Pointer)).
    FromPtr,
}

/// Integer comparison predicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cmp {
    Eq,
    Ne,
    SLt,
    SLe,
    SGt,
    SGe,
    ULt,
    ULe,
    UGt,
    UGe,
}

/// Float comparison predicates: all but `Ne` are false on NaN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FCmp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// Run-time checks. Failing ones call the runtime function given, which does not return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckKind {
    /// `x <u y`, else `func(x, y)`: index checks (`panicIndex`).
    ULt(RtFn),
    /// `x <=u y`, else `func(x, y)`: slice bounds.
    ULe(RtFn),
    /// `x != 0`, else `func()`: divisors.
    NonZero(RtFn),
    /// `x >=s 0`, else `func()`: shift counts.
    NonNegative(RtFn),
}

/// What a call calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callee {
    /// A function of the program by its own convention; a native one (body in Rust) directly, by the native
    /// convention: `sig` then has at most six `I64`/`Ptr` and eight float parameters (narrow integers are
    /// extended) and at most two results (plus [`InstKind::Ret2`]). Where a native function is needed as a
    /// code address ([`InstKind::FuncCode`], [`InstKind::FuncValue`], itabs), that is the address of the
    /// wrapper which `build_func` makes for it.
    Func(FuncId),
    /// A function value (`Ptr` to a closure object): the code is at its first word; the call stores it to
    /// `g.ctxt`. A nil one faults as a nil dereference.
    Closure(Value),
    /// A code address (`I64`), from an itab.
    Code(Value),
    /// A runtime entry point.
    Runtime(RtFn),
}

/// A machine-level signature of a program function: `Tail` convention.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Sig {
    pub params: Vec<Ty>,
    /// At most eight integer/pointer and eight float results.
    pub results: Vec<Ty>,
}

/// An instruction.
#[derive(Debug, Clone)]
pub struct Inst {
    pub kind: InstKind,
    /// Zero or one result, several for calls.
    pub results: Results,
    /// Source position, for traces.
    pub pos: Pos,
    /// Index into [`Func::inlined`] plus 1; 0: the function itself.
    pub inl: u32,
}

/// What an instruction does.
#[derive(Debug, Clone)]
pub enum InstKind {
    /// Integer constant of the result's type (low bits), pointer-typed 0 = nil.
    Const(u64),
    /// Float constant by its bits (low 32 for `F32`).
    FConst(u64),
    Bin(BinOp, Value, Value),
    Un(UnOp, Value),
    /// `x*y + z` in one rounding, where the source asks for it (`math.FMA`).
    Fma(Value, Value, Value),
    Conv(ConvOp, Value),
    /// Integers or two pointers; result `I8`.
    Cmp(Cmp, Value, Value),
    /// Result `I8`.
    FCmp(FCmp, Value, Value),
    /// `cond != 0 ? x : y`
    Select(Value, Value, Value),
    /// High 64 bits of the 128-bit product (`bits.Mul64`).
    UMulHi(Value, Value),
    /// Pointer (`Ptr`) plus byte offset (`I64`): stays within the object (`Ptr`).
    PtrAdd(Value, Value),
    /// Address of a slot (`Ptr`).
    SlotAddr(Slot),
    /// Address of a package variable (`I64`, or `Ptr` where the address is a value of the program).
    GlobalAddr(GlobalId),
    /// Address of constant bytes (`Ptr`, static, 8-byte aligned).
    StrData(Rc<[u8]>),
    /// Address of a static string header (pointer, length) for these bytes (`Ptr`): interface data.
    StrHeader(Rc<[u8]>),
    /// Address of static data that nobody writes to (`Ptr`).
    StaticObject(Rc<StaticObject>),
    /// Address of a type's descriptor (`I64`).
    TypeDesc(TypeId),
    /// Address of the itab of (interface, concrete type) (`I64`).
    Itab {
        iface: TypeId,
        concrete: TypeId,
    },
    /// Code address of a function (`I64`): first word of closure objects.
    FuncCode(FuncId),
    /// The static closure object of a function without captures (`Ptr`).
    FuncValue(FuncId),
    /// The closure being executed (`Ptr`): first instruction of closures that capture.
    Closure,
    /// Loads a value of the result's type. `nil_check`: the address may be nil plus a small offset, and the
    /// fault is a nil dereference; without it the address is known good. `readonly` never for stack memory.
    Load {
        addr: Addr,
        nil_check: bool,
    },
    Store {
        addr: Addr,
        value: Value,
        nil_check: bool,
    },
    /// Clears `size` bytes. `pointers`: there may be some, which is for reports.
    Zero {
        addr: Addr,
        size: u32,
        pointers: bool,
    },
    /// Copies `size` bytes; the regions are equal or disjoint.
    Move {
        dst: Addr,
        src: Addr,
        size: u32,
        pointers: bool,
    },
    /// Loads from a pointer known good, in one step and in an order that all goroutines agree on, as the next
    /// three.
    AtomicLoad(Value),
    /// Stores the second value.
    AtomicStore(Value, Value),
    /// Changes what is there; the result is what was there before.
    AtomicRmw(AtomicOp, Value, Value),
    /// Stores the third value if the second is there; result `I8`.
    AtomicCas(Value, Value, Value),
    /// Faults if the pointer is nil (a 1-byte load).
    NilCheck(Value),
    Check {
        kind: CheckKind,
        x: Value,
        y: Option<Value>,
    },
    /// `sig` is empty for [`Callee::Runtime`] (the list in `abi` has it).
    Call {
        callee: Callee,
        args: ValueList,
        sig: Rc<Sig>,
    },
    /// The third result word of the runtime call right before.
    Ret2,
    /// A field of `g` by its offset (`I64`).
    LoadG(i32),
    /// Sets a field of `g`.
    StoreG(i32, Value),
    /// The depth of the frame (`I64`), which stays the same when the stack moves.
    FrameDepth,
    /// Nothing; the pointer is live up to here.
    KeepAlive(Value),
    /// The frame pointer, as an untracked word that is only compared (`recover`).
    FramePtr,
    /// On back edges of loops without calls: `if g.preempt != 0 { preempt() }`.
    Poll,
    /// Value of the poisoned kind for unreachable code.
    Undef,
}

/// What [`InstKind::AtomicRmw`] stores, of what is there and its operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtomicOp {
    Swap,
    Add,
    And,
    Or,
}

/// A jump with its arguments.
#[derive(Debug, Clone)]
pub struct Target {
    pub block: Block,
    pub args: ValueList,
}

/// How a block ends.
#[derive(Debug, Clone)]
pub enum Term {
    Jump(Target),
    /// `cond` is an `I8`, 0 or 1.
    Branch {
        cond: Value,
        then: Target,
        els: Target,
    },
    /// `x` (I64) selects `targets[x]`, or `default` where out of range.
    Table {
        x: Value,
        targets: Vec<Target>,
        default: Target,
    },
    Return(ValueList),
    /// Behind calls that do not return.
    Unreachable,
    /// Not yet filled (during building only).
    None,
}

/// A basic block.
#[derive(Debug, Clone)]
pub struct BlockData {
    pub params: Vec<Value>,
    pub insts: Vec<Inst>,
    pub term: Term,
    pub term_pos: Pos,
    /// Rarely executed.
    pub cold: bool,
}

/// A call that was inlined.
#[derive(Debug, Clone)]
pub struct InlinedCall {
    /// As `Inst::inl`.
    pub parent: u32,
    pub func: FuncId,
    pub pos: Pos,
}

/// A function.
#[derive(Debug, Clone)]
pub struct Func {
    pub id: FuncId,
    pub name: Symbol,
    pub sig: Sig,
    pub values: IndexVec<Value, Ty>,
    pub blocks: IndexVec<Block, BlockData>,
    pub slots: IndexVec<Slot, SlotData>,
    pub inlined: Vec<InlinedCall>,
    /// Its integers may be addresses in the stack, which may not move at its entry: no stack check, and so a
    /// small frame and calls of native functions only.
    pub nosplit: bool,
    /// Functions with defer: where execution goes on, without values, when a panic in a callee was
    /// recovered by a function that this frame deferred. Runs the remaining deferred functions and returns
    /// the results from their slots.
    pub recovery: Option<Block>,
}

impl Func {
    /// Whether it uses the closure it is called through.
    pub fn is_closure(&self) -> bool {
        matches!(self.blocks[Block(0)].insts.first(), Some(Inst { kind: InstKind::Closure, .. }))
    }
}

impl InstKind {
    /// Calls `f` with every operand.
    pub fn for_each_operand(&self, f: &mut impl FnMut(Value)) {
        let addr = |a: &Addr, f: &mut dyn FnMut(Value)| {
            if let Addr::Value(v, _) = a {
                f(*v);
            }
        };
        match self {
            InstKind::Bin(_, x, y)
            | InstKind::Cmp(_, x, y)
            | InstKind::FCmp(_, x, y)
            | InstKind::UMulHi(x, y)
            | InstKind::AtomicStore(x, y)
            | InstKind::AtomicRmw(_, x, y)
            | InstKind::PtrAdd(x, y) => {
                f(*x);
                f(*y);
            }
            InstKind::Un(_, x)
            | InstKind::Conv(_, x)
            | InstKind::NilCheck(x)
            | InstKind::KeepAlive(x)
            | InstKind::AtomicLoad(x)
            | InstKind::StoreG(_, x) => f(*x),
            InstKind::Fma(x, y, z) | InstKind::Select(x, y, z) | InstKind::AtomicCas(x, y, z) => {
                f(*x);
                f(*y);
                f(*z);
            }
            InstKind::Load { addr: a, .. } | InstKind::Zero { addr: a, .. } => addr(a, f),
            InstKind::Store { addr: a, value, .. } => {
                addr(a, f);
                f(*value);
            }
            InstKind::Move { dst, src, .. } => {
                addr(dst, f);
                addr(src, f);
            }
            InstKind::Check { x, y, .. } => {
                f(*x);
                if let Some(y) = y {
                    f(*y);
                }
            }
            InstKind::Call { callee, args, .. } => {
                if let Callee::Closure(v) | Callee::Code(v) = callee {
                    f(*v);
                }
                args.iter().for_each(|v| f(*v));
            }
            InstKind::Const(_)
            | InstKind::FConst(_)
            | InstKind::SlotAddr(_)
            | InstKind::GlobalAddr(_)
            | InstKind::StrData(_)
            | InstKind::StrHeader(_)
            | InstKind::StaticObject(_)
            | InstKind::TypeDesc(_)
            | InstKind::Itab { .. }
            | InstKind::FuncCode(_)
            | InstKind::FuncValue(_)
            | InstKind::Closure
            | InstKind::Ret2
            | InstKind::LoadG(_)
            | InstKind::FrameDepth
            | InstKind::FramePtr
            | InstKind::Poll
            | InstKind::Undef => {}
        }
    }

    /// Calls `f` with every operand, to be changed.
    pub fn for_each_operand_mut(&mut self, f: &mut impl FnMut(&mut Value)) {
        let addr = |a: &mut Addr, f: &mut dyn FnMut(&mut Value)| {
            if let Addr::Value(v, _) = a {
                f(v);
            }
        };
        match self {
            InstKind::Bin(_, x, y)
            | InstKind::Cmp(_, x, y)
            | InstKind::FCmp(_, x, y)
            | InstKind::UMulHi(x, y)
            | InstKind::AtomicStore(x, y)
            | InstKind::AtomicRmw(_, x, y)
            | InstKind::PtrAdd(x, y) => {
                f(x);
                f(y);
            }
            InstKind::Un(_, x)
            | InstKind::Conv(_, x)
            | InstKind::NilCheck(x)
            | InstKind::KeepAlive(x)
            | InstKind::AtomicLoad(x)
            | InstKind::StoreG(_, x) => f(x),
            InstKind::Fma(x, y, z) | InstKind::Select(x, y, z) | InstKind::AtomicCas(x, y, z) => {
                f(x);
                f(y);
                f(z);
            }
            InstKind::Load { addr: a, .. } | InstKind::Zero { addr: a, .. } => addr(a, f),
            InstKind::Store { addr: a, value, .. } => {
                addr(a, f);
                f(value);
            }
            InstKind::Move { dst, src, .. } => {
                addr(dst, f);
                addr(src, f);
            }
            InstKind::Check { x, y, .. } => {
                f(x);
                if let Some(y) = y {
                    f(y);
                }
            }
            InstKind::Call { callee, args, .. } => {
                if let Callee::Closure(v) | Callee::Code(v) = callee {
                    f(v);
                }
                args.iter_mut().for_each(f);
            }
            InstKind::Const(_)
            | InstKind::FConst(_)
            | InstKind::SlotAddr(_)
            | InstKind::GlobalAddr(_)
            | InstKind::StrData(_)
            | InstKind::StrHeader(_)
            | InstKind::StaticObject(_)
            | InstKind::TypeDesc(_)
            | InstKind::Itab { .. }
            | InstKind::FuncCode(_)
            | InstKind::FuncValue(_)
            | InstKind::Closure
            | InstKind::Ret2
            | InstKind::LoadG(_)
            | InstKind::FrameDepth
            | InstKind::FramePtr
            | InstKind::Poll
            | InstKind::Undef => {}
        }
    }

    /// Whether the instruction does nothing but make its results: it may go if these are not used.
    pub fn is_pure(&self) -> bool {
        match self {
            InstKind::Load { nil_check, .. } => !nil_check,
            InstKind::Store { .. }
            | InstKind::StoreG(..)
            | InstKind::Zero { .. }
            | InstKind::Move { .. }
            | InstKind::NilCheck(_)
            | InstKind::KeepAlive(_)
            | InstKind::AtomicLoad(_)
            | InstKind::AtomicStore(..)
            | InstKind::AtomicRmw(..)
            | InstKind::AtomicCas(..)
            | InstKind::Check { .. }
            | InstKind::Call { .. }
            | InstKind::Poll => false,
            _ => true,
        }
    }
}

impl Term {
    /// Calls `f` with every operand, block arguments included.
    pub fn for_each_operand(&self, f: &mut impl FnMut(Value)) {
        match self {
            Term::Jump(t) => t.args.iter().for_each(|v| f(*v)),
            Term::Branch { cond, then, els } => {
                f(*cond);
                then.args.iter().chain(&els.args).for_each(|v| f(*v));
            }
            Term::Table { x, targets, default } => {
                f(*x);
                targets.iter().chain([default]).for_each(|t| t.args.iter().for_each(|v| f(*v)));
            }
            Term::Return(values) => values.iter().for_each(|v| f(*v)),
            Term::Unreachable | Term::None => {}
        }
    }

    /// Calls `f` with every operand, to be changed.
    pub fn for_each_operand_mut(&mut self, f: &mut impl FnMut(&mut Value)) {
        match self {
            Term::Jump(t) => t.args.iter_mut().for_each(f),
            Term::Branch { cond, then, els } => {
                f(cond);
                then.args.iter_mut().chain(&mut els.args).for_each(f);
            }
            Term::Table { x, targets, default } => {
                f(x);
                targets.iter_mut().chain([default]).for_each(|t| t.args.iter_mut().for_each(&mut *f));
            }
            Term::Return(values) => values.iter_mut().for_each(f),
            Term::Unreachable | Term::None => {}
        }
    }

    /// Calls `f` with every target.
    pub fn for_each_target(&self, f: &mut impl FnMut(&Target)) {
        match self {
            Term::Jump(t) => f(t),
            Term::Branch { then, els, .. } => {
                f(then);
                f(els);
            }
            Term::Table { targets, default, .. } => targets.iter().chain([default]).for_each(f),
            Term::Return(_) | Term::Unreachable | Term::None => {}
        }
    }

    /// Calls `f` with every target, to be changed.
    pub fn for_each_target_mut(&mut self, f: &mut impl FnMut(&mut Target)) {
        match self {
            Term::Jump(t) => f(t),
            Term::Branch { then, els, .. } => {
                f(then);
                f(els);
            }
            Term::Table { targets, default, .. } => targets.iter_mut().chain([default]).for_each(f),
            Term::Return(_) | Term::Unreachable | Term::None => {}
        }
    }

    /// Target number `n` counted from the last.
    pub fn nth_target_back(&self, n: usize) -> Option<Block> {
        match self {
            Term::Jump(t) => (n == 0).then_some(t.block),
            Term::Branch { then, els, .. } => match n {
                0 => Some(els.block),
                1 => Some(then.block),
                _ => None,
            },
            Term::Table { targets, default, .. } => match n {
                0 => Some(default.block),
                n if n <= targets.len() => Some(targets[targets.len() - n].block),
                _ => None,
            },
            Term::Return(_) | Term::Unreachable | Term::None => None,
        }
    }
}
