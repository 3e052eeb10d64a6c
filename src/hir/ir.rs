//! The typed tree: what inlining and escape analysis work on, and what SSA is built from.
//!
//! Its nodes are those of Go's compiler after type checking (its `ir` package), since the words and
//! positions of `-m` come from them: implicit conversions, dereferences and embedded-field paths are
//! explicit, constants are folded, generic functions are instantiated, variadic arguments are packed into
//! a slice literal; but `range`, `switch` and friends are still themselves.
//!
//! Invariants: every expression of a function lives in that function's `exprs` and is used by exactly one
//! parent; types are concrete (no type parameters, no untyped kinds except `untyped nil`, which becomes
//! [`ExprKind::Nil`] with its target's type); a closure is a [`Func`] of its own whose captured variables
//! are its [`LocalKind::Captured`] locals.
//!
//! What lowering never makes, though the model has it: [`ExprKind::Paren`] (parentheses are dropped, as in
//! Go's tree) and [`ExprKind::NewValue`] (`new(x)` is a temporary initialised in an [`ExprKind::Init`], and
//! its address). `go` and `defer` statements hold a call without arguments and results: others are wrapped
//! in a closure ([`FuncKind::CallWrapper`]) after their operands were saved in temporaries.

#![forbid(unsafe_code)]

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::static_data::StaticData;
use crate::index::{IndexVec, Symbol};
use crate::source::{Pos, Span};
use crate::types::{ConstValue, TypeId};

define_id! {
    /// A function, method, closure or wrapper of the program.
    pub struct FuncId;
    /// A package-level variable.
    pub struct GlobalId;
    /// A variable of one function.
    pub struct LocalId;
    /// An expression of one function.
    pub struct ExprId;
    /// A label of one function, and the statement it names.
    pub struct LabelId;
}

/// A whole program: what is reachable from `main.main`, the package initialisers and nothing else.
#[derive(Debug, Default)]
pub struct Program {
    pub funcs: IndexVec<FuncId, Func>,
    pub globals: IndexVec<GlobalId, Global>,
    /// `main.main`.
    pub main: Option<FuncId>,
    /// Package initialisers (variables, then `init` functions), in the order they run.
    pub inits: Vec<FuncId>,
    /// For every concrete type that may end up in an interface (converted to one, or reachable from such a
    /// type by reflection): the methods that some interface of the program may ask for, sorted as the
    /// methods of interfaces are. What is not in here cannot be found by a dynamic assertion.
    pub method_tables: IndexMap<TypeId, Vec<MethodImpl>>,
    /// Paths of packages as link names spell them, by number; empty for the universe.
    pub link_paths: Vec<Symbol>,
    /// The functions that lowering made, in Go's order: what the inliner adds are copies of literals.
    pub listed: Vec<FuncId>,
}

/// A method as interface tables need it.
#[derive(Debug, Clone, Copy)]
pub struct MethodImpl {
    pub name: Symbol,
    /// Import path of the package of an unexported name; empty for exported ones.
    pub pkg: Symbol,
    /// The canonical method type, receiver not included.
    pub sig: TypeId,
    /// Called with the interface's data word as its receiver: for a type `T` that is not pointer-shaped a
    /// function with receiver `*T`, for others the receiver is the value itself.
    pub func: FuncId,
}

/// A package-level variable.
#[derive(Debug, Clone)]
pub struct Global {
    /// As `-m` prints it: `x`, or `pkg.x` where another package is meant.
    pub name: Symbol,
    /// Import path of its package (`main` for the program's).
    pub pkg: Symbol,
    pub ty: TypeId,
    pub pos: Pos,
    /// Its value when the program starts; what must be computed is assigned by an initialiser.
    pub init: StaticData,
}

/// Why a function exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FuncKind {
    /// Declared in source.
    Declared,
    /// A function literal inside `parent`.
    Closure,
    /// A package initialiser.
    Init,
    /// Made by the compiler: `(*T).M` for a value method `M`, promoted methods, method expressions.
    Wrapper,
    /// What stands for an instance of a generic function or method where it is used as a value: calls the
    /// instance. Go's compiler has it to pass the dictionary of the type arguments, and reports on it.
    Instance,
    /// The closure body of a method value `x.M`; its receiver is captured. It has no parent: the captured
    /// local's `outer` means nothing, the receiver's value is stored in the closure.
    MethodValue,
    /// The closure around the call of a `go` or `defer` statement that has operands or results. Traces and
    /// `-m` do not show it.
    CallWrapper,
    /// The closure made of the body of a `range` over a function.
    RangeBody,
}

/// What link names of [`FuncKind::Instance`] end in: the function they call has the name without it.
pub const INSTANCE_SUFFIX: &str = "-instance";

impl FuncKind {
    /// Whether functions of this kind are closures in a parent function: they capture its variables.
    pub fn is_closure(self) -> bool {
        matches!(self, FuncKind::Closure | FuncKind::CallWrapper | FuncKind::RangeBody)
    }
}

/// `//go:` directives that change decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pragma {
    pub noinline: bool,
    pub noescape: bool,
    pub nosplit: bool,
    pub norace: bool,
    /// The library's own: traces leave the function out, and `recover` looks through it.
    pub wrapper: bool,
    /// Pointers converted to `uintptr` arguments of calls are on the heap.
    pub uintptr_escapes: bool,
    /// Pointers converted to `uintptr` arguments of calls live until they return.
    pub uintptr_keep_alive: bool,
}

/// A function.
#[derive(Debug, Clone)]
pub struct Func {
    /// Name in traces and symbol tables: `main.f`, `main.(*T).m`, `main.f.func1`, `main.F[...]`.
    pub link_name: Symbol,
    /// Name as `-m` prints it: `f`, `(*T).m`, `f.func1`.
    pub name: Symbol,
    /// Import path of the package.
    pub pkg: Symbol,
    pub kind: FuncKind,
    /// Position of the declaration's name, or of the `func` keyword of a literal.
    pub pos: Pos,
    /// Position of the closing brace.
    pub end: Pos,
    /// The function type, receiver not included.
    pub sig: TypeId,
    /// The same with the names of types that the source uses, for messages.
    pub written: TypeId,
    /// The receiver's type, likewise.
    pub written_recv: Option<TypeId>,
    /// Receiver (first, if any) and parameters, in order.
    pub params: Vec<LocalId>,
    /// Whether `params[0]` is the receiver.
    pub has_recv: bool,
    /// Result variables, named or not.
    pub results: Vec<LocalId>,
    /// For closures: captured variables in order of first use; locals of kind [`LocalKind::Captured`].
    pub captures: Vec<LocalId>,
    /// For closures: the function that the literal stands in.
    pub parent: Option<FuncId>,
    pub locals: IndexVec<LocalId, Local>,
    pub exprs: IndexVec<ExprId, Expr>,
    pub labels: IndexVec<LabelId, Label>,
    pub body: Vec<Stmt>,
    /// No Go body: a native function of the runtime, bound by `link_name`.
    pub native: bool,
    pub pragma: Pragma,
    /// Uses `defer` (so results live in memory and the frame has a recovery entry).
    pub has_defer: bool,
    /// Calls `recover` directly.
    pub has_recover: bool,
    /// For instances of generic functions and methods: the dictionary that Go's compiler passes to them, as
    /// messages print it (`.dict.F[int]`). Nothing is passed here: every instance is a function of its own.
    pub dict: Symbol,
    /// Another instance with the same shapes of type arguments, or a closure in one, has the same `name`: Go
    /// has one function for both, and messages about it come once.
    pub repeats: bool,
    /// A wrapper that is there for what is to be said of it, and is not called.
    pub shown: bool,
    /// A closure of an instance: in Go it captures the dictionary, whatever else it captures.
    pub in_instance: bool,
    /// Calls with several results: the number of the first temporary that Go has for them.
    pub temps: FxHashMap<ExprId, u32>,
    /// Dictionaries among the arguments of inlined calls of instances, by the first variable that is assigned:
    /// how many arguments come before, and the dictionary. For messages, as `dict`.
    pub inlined_dicts: FxHashMap<ExprId, (u32, Symbol)>,
    /// Types as the source spells them, for messages, of expressions whose canonical type prints
    /// differently (`[]byte` and `[]uint8`, `any` and `interface {}`).
    pub spelled: FxHashMap<ExprId, TypeId>,
}

/// What a local variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalKind {
    /// Receiver or parameter number `n`.
    Param(u32),
    /// Result number `n`.
    Result(u32),
    /// Declared in the body, or a temporary.
    Auto,
    /// Captured from `parent`'s local `outer`. By value where the variable is never reassigned after its
    /// capture, its address is not taken and its size is at most 128 bytes; by reference otherwise.
    Captured { outer: LocalId, by_value: bool },
}

/// Where an allocation or variable lives; the escape analysis decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Esc {
    /// Not analysed, or nothing to decide.
    #[default]
    Unknown,
    /// In the frame (or registers).
    Stack,
    /// Allocated by the runtime.
    Heap,
}

/// How a slice that grows in the frame moves to the heap ([`StmtKind::MoveToHeap`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoveToHeap {
    /// The statement before which it moves.
    pub before: Pos,
    /// With its capacity, and what lies behind its elements: the program may look at them. Else the capacity
    /// is what fits.
    pub capacity: bool,
}

/// A variable of a function.
#[derive(Debug, Clone)]
pub struct Local {
    /// Source name; `~r0`, … for unnamed results, `_` for blanks, `.autotmp` for temporaries.
    pub name: Symbol,
    pub ty: TypeId,
    pub pos: Pos,
    pub kind: LocalKind,
    /// `&x` occurs, explicitly or implicitly (method call, slicing an array), in this function or through
    /// a by-reference capture.
    pub addr_taken: bool,
    /// Assigned other than at its declaration.
    pub reassigned: bool,
    /// Captured by reference by some closure.
    pub captured_by_ref: bool,
    /// `Heap`: moved to heap.
    pub esc: Esc,
    /// Whether the slice in it grows in the frame first.
    pub move_to_heap: Option<MoveToHeap>,
}

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: TypeId,
    /// Where Go's compiler says this node is.
    pub pos: Pos,
    /// All of its source, for people.
    pub span: Span,
    /// For allocation sites: where the memory comes from.
    pub esc: Esc,
    /// Made by the compiler rather than written (implicit conversion, `&` of a receiver, `...` slice):
    /// `-m` prints some of them differently.
    pub implicit: bool,
}

/// Unary operators on numbers and booleans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    Plus,
    Neg,
    BitNot,
    Not,
}

/// Binary operators that evaluate both operands. String `+` is [`ExprKind::AddStr`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
    AndNot,
    Shl,
    Shr,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// What a call calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callee {
    /// A function or method known at compile time; a method's receiver is the first argument.
    Static(FuncId),
    /// A function value.
    Value(ExprId),
    /// Method number `index` (in the sorted method set) of interface value `recv`.
    Interface { recv: ExprId, index: u32, method: Symbol },
}

/// Which conversion between strings and slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StrConv {
    BytesToStr,
    RunesToStr,
    StrToBytes,
    /// The same, where nobody writes to the result: the string's own bytes.
    StrAsBytes,
    StrToRunes,
    /// `string(rune)`.
    RuneToStr,
}

/// One element of an array or slice literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elem {
    pub index: u64,
    pub value: ExprId,
}

/// The kinds of expressions. Operand types are already converted to what the operation needs.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// A constant of the expression's type.
    Const(ConstValue),
    /// The nil of the expression's type.
    Nil,
    /// The zero value of the expression's type.
    Zero,
    Local(LocalId),
    Global(GlobalId),
    /// So many bytes into a package variable: what an initialiser assigns to ([`static_init`](super::static_init)).
    NameOffset {
        global: GlobalId,
        offset: u64,
    },
    /// A declared function (or method expression's wrapper) as a value.
    Func(FuncId),
    Unary(UnaryOp, ExprId),
    Binary(BinaryOp, ExprId, ExprId),
    AndAnd(ExprId, ExprId),
    OrOr(ExprId, ExprId),
    /// `a + b + …` of strings, flattened.
    AddStr(Vec<ExprId>),
    /// Parentheses as written.
    Paren(ExprId),
    /// `&x` of an addressable operand.
    Addr(ExprId),
    /// `&T{…}`: the operand is a composite literal.
    PtrLit(ExprId),
    /// `*p`.
    Deref(ExprId),
    /// Field number `field` of a struct value.
    Field {
        x: ExprId,
        field: u32,
        name: Symbol,
    },
    /// Field number `field` of the struct that `x` points to.
    FieldPtr {
        x: ExprId,
        field: u32,
        name: Symbol,
    },
    /// Array (value), slice or string element. Arrays behind pointers are `Index(Deref(p))` with the
    /// dereference implicit.
    Index {
        x: ExprId,
        index: ExprId,
        bounded: bool,
    },
    IndexMap {
        x: ExprId,
        key: ExprId,
    },
    /// `x[lo:hi:max]`; an array is sliced through its address: `x` is then a pointer to it.
    Slice {
        x: ExprId,
        lo: Option<ExprId>,
        hi: Option<ExprId>,
        max: Option<ExprId>,
    },
    /// `implicit` on the node of a static call: a method of a type parameter's type, found because instances
    /// are functions of their own; Go's compiler does not know it, so analyses must take it for unknown.
    Call {
        callee: Callee,
        args: Vec<ExprId>,
        variadic: bool,
    },
    /// `append(s, elems…)`, or `append(s, t...)` when `spread` (t may be a string).
    Append {
        slice: ExprId,
        args: Vec<ExprId>,
        spread: bool,
    },
    Copy {
        dst: ExprId,
        src: ExprId,
    },
    Len(ExprId),
    Cap(ExprId),
    New(TypeId),
    /// `new(x)` of a value.
    NewValue(ExprId),
    MakeSlice {
        len: ExprId,
        cap: Option<ExprId>,
    },
    MakeMap {
        hint: Option<ExprId>,
    },
    MakeChan {
        size: Option<ExprId>,
    },
    Min(Vec<ExprId>),
    Max(Vec<ExprId>),
    Clear(ExprId),
    Delete {
        map: ExprId,
        key: ExprId,
    },
    Close(ExprId),
    /// Operand is an `any`.
    Panic(ExprId),
    Recover,
    Print {
        args: Vec<ExprId>,
        newline: bool,
    },
    Complex(ExprId, ExprId),
    Real(ExprId),
    Imag(ExprId),
    UnsafeAdd(ExprId, ExprId),
    UnsafeSlice(ExprId, ExprId),
    UnsafeString(ExprId, ExprId),
    UnsafeSliceData(ExprId),
    UnsafeStringData(ExprId),
    /// Between numbers, or between types with the same underlying representation.
    Conv(ExprId),
    /// Concrete (or other interface) value to interface.
    ConvIface(ExprId),
    StrConv(StrConv, ExprId),
    SliceToArray(ExprId),
    SliceToArrayPtr(ExprId),
    /// `x.(T)`; in a comma-ok assignment see [`StmtKind::AssignCommaOk`].
    TypeAssert {
        x: ExprId,
    },
    /// Fields that are given, by index; the rest is zero.
    StructLit(Vec<(u32, ExprId)>),
    ArrayLit(Vec<Elem>),
    /// `len` = largest index + 1. `implicit` on the node: the `...` argument of a variadic call.
    SliceLit {
        elems: Vec<Elem>,
        len: u64,
    },
    MapLit(Vec<(ExprId, ExprId)>),
    /// A function literal.
    Closure(FuncId),
    /// `x.M` not called: a closure over the receiver; `func` is its body ([`FuncKind::MethodValue`]). A nil
    /// interface as the receiver panics here, not when the closure is called.
    MethodValue {
        recv: ExprId,
        func: FuncId,
    },
    /// `<-c`.
    Recv(ExprId),
    /// The statements run, then the value is that of `x` (addressable if `x` is). Stands for the statements
    /// attached to an expression in Go's tree: several results of a call passed on as arguments, `new(x)`.
    /// Messages print `x`.
    Init {
        stmts: Vec<Stmt>,
        x: ExprId,
    },
}

/// A label and how it is used.
#[derive(Debug, Clone)]
pub struct Label {
    pub name: Symbol,
    pub pos: Pos,
}

/// A statement.
#[derive(Debug, Clone)]
pub struct Stmt {
    pub pos: Pos,
    pub kind: StmtKind,
}

/// `case` of a switch: values, or types (`None` = `nil`).
#[derive(Debug, Clone)]
pub struct Case {
    pub pos: Pos,
    /// Empty and `is_default`: the default clause.
    pub values: Vec<ExprId>,
    pub is_default: bool,
    pub body: Vec<Stmt>,
    /// Ends in `fallthrough`.
    pub fallthrough: bool,
}

/// `case` of a type switch.
#[derive(Debug, Clone)]
pub struct TypeCase {
    pub pos: Pos,
    /// `None` is the `nil` case.
    pub types: Vec<Option<TypeId>>,
    pub is_default: bool,
    /// The clause's own variable.
    pub var: Option<LocalId>,
    pub body: Vec<Stmt>,
}

/// What a comma-ok assignment takes its two values from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommaOk {
    /// `v, ok = x.(T)`: the expression is a `TypeAssert`.
    TypeAssert,
    /// `v, ok = m[k]`: an `IndexMap`.
    Map,
    /// `v, ok = <-c`: a `Recv`.
    Recv,
}

/// `case` of a select.
#[derive(Debug, Clone)]
pub struct CommCase {
    pub pos: Pos,
    /// A `Send`, or an `Assign`, `AssignCommaOk` or `Expr` statement whose source is a `Recv`; `None` =
    /// default. The left sides are local variables or blank; where `def`, their `Decl`s are implied.
    pub comm: Option<Box<Stmt>>,
    pub body: Vec<Stmt>,
}

/// The kinds of statements. `None` on a left side is the blank identifier.
#[derive(Debug, Clone)]
pub enum StmtKind {
    /// The variable comes into being, zero. (An initial value is a following assignment with `def`: it
    /// initialises those variables of its left side whose `Decl`s come immediately before it in the same
    /// list; the others are assigned as usual.)
    Decl(LocalId),
    /// `lhs = rhs`; `def`: it initialises the variable just declared.
    Assign {
        lhs: Option<ExprId>,
        rhs: ExprId,
        def: bool,
    },
    /// `lhs op= rhs`, `x++` (rhs 1, `inc_dec`). String `+=` too.
    AssignOp {
        op: BinaryOp,
        lhs: ExprId,
        rhs: ExprId,
        inc_dec: bool,
    },
    /// `a, b = x, y`: all operands of the left and the right are evaluated before any assignment.
    AssignMulti {
        lhs: Vec<Option<ExprId>>,
        rhs: Vec<ExprId>,
        def: bool,
    },
    /// `a, b = f()`.
    AssignCall {
        lhs: Vec<Option<ExprId>>,
        call: ExprId,
        def: bool,
    },
    /// `v, ok = …`.
    AssignCommaOk {
        lhs: [Option<ExprId>; 2],
        rhs: ExprId,
        kind: CommaOk,
        def: bool,
    },
    Expr(ExprId),
    Block(Vec<Stmt>),
    If {
        cond: ExprId,
        then: Vec<Stmt>,
        els: Vec<Stmt>,
    },
    /// `per_iteration`: loop variables of the init statement that need a copy per iteration (captured by
    /// reference or address taken).
    For {
        label: Option<LabelId>,
        cond: Option<ExprId>,
        post: Vec<Stmt>,
        body: Vec<Stmt>,
        per_iteration: Vec<LocalId>,
    },
    /// `for key, value = range x`; `define`: key and value are declared per iteration (their `Decl`s are
    /// implied).
    Range {
        label: Option<LabelId>,
        key: Option<ExprId>,
        value: Option<ExprId>,
        x: ExprId,
        define: bool,
        /// Blank identifiers written for key and value: they are nodes, when costs are counted.
        blanks: u8,
        body: Vec<Stmt>,
    },
    Switch {
        label: Option<LabelId>,
        tag: Option<ExprId>,
        cases: Vec<Case>,
    },
    TypeSwitch {
        label: Option<LabelId>,
        x: ExprId,
        cases: Vec<TypeCase>,
    },
    Select {
        label: Option<LabelId>,
        cases: Vec<CommCase>,
    },
    Send {
        chan: ExprId,
        value: ExprId,
    },
    Go(ExprId),
    Defer(ExprId),
    /// Values are converted to the result types; empty with named results returns these. One call with
    /// several results is `ReturnCall`.
    Return(Vec<ExprId>),
    ReturnCall(ExprId),
    /// `None`: the innermost loop, switch or select.
    Break(Option<LabelId>),
    Continue(Option<LabelId>),
    Goto(LabelId),
    /// Target of gotos.
    Label(LabelId),
    /// Panics if the interface or pointer is nil (`go` and `defer` of interface methods, method values).
    CheckNil(ExprId),
    /// The slice in a variable, if its array is one of this frame, gets an array on the heap, as
    /// [`Local::move_to_heap`] says. Made by escape analysis.
    MoveToHeap(LocalId),
}
