//! What the checker found out: side tables over the syntax tree, read by the lowering to `hir`.
//!
//! Invariant for programs without errors: every expression that denotes a value, type, built-in or package
//! has an entry in `exprs`; every identifier that declares something has one in `defs`, every one that uses
//! something in `uses`. Untyped expressions have their final type (spec, "Constants": default type or the
//! type they are converted to), `untyped nil` excepted: it has the target's type with mode `Nil`. Operands of
//! constant expressions may stay untyped: only the whole expression is a value of the program.

#![forbid(unsafe_code)]

use rustc_hash::FxHashMap;

use super::constant::ConstValue;
use super::object::{ObjId, PkgId};
use super::repr::TypeId;
use crate::index::{IndexVec, Symbol};
use crate::syntax::ast::NodeId;

/// How an expression can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Invalid,
    /// A call without result.
    NoValue,
    Builtin,
    Type,
    Constant,
    /// Addressable.
    Variable,
    /// A map index: assignable, not addressable.
    MapIndex,
    Value,
    Nil,
    /// A value that also has a comma-ok form, used in it: `exprs` then has the tuple type.
    CommaOk,
    /// A package name.
    Package,
}

/// What is known of an expression.
#[derive(Debug, Clone)]
pub struct TypeAndValue {
    pub mode: Mode,
    pub ty: TypeId,
    /// With mode `Constant`.
    pub value: Option<ConstValue>,
}

/// What a selector denotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectionKind {
    /// `x.f`
    Field,
    /// `x.m`
    Method,
    /// `T.m`
    MethodExpr,
}

/// A selector expression that is not a qualified identifier.
#[derive(Debug, Clone)]
pub struct Selection {
    pub kind: SelectionKind,
    /// Type of `x` in `x.f`, or `T`.
    pub recv: TypeId,
    /// Field indices of the embedded fields on the way, then of the field; for methods only the way.
    /// Pointers on the way are dereferenced implicitly.
    pub path: Vec<u32>,
    /// The method (also of interfaces); fields have none.
    pub method: Option<ObjId>,
    /// For interface methods: index in the interface's sorted method list.
    pub method_index: Option<u32>,
    /// There was a pointer on the way, `recv` included.
    pub indirect: bool,
}

/// An instantiated generic function (or method) at a name.
#[derive(Debug, Clone)]
pub struct Instance {
    pub targs: Vec<TypeId>,
    /// The instantiated type.
    pub ty: TypeId,
}

/// `lhs = rhs` of package variables, in initialisation order (spec, "Package initialization").
#[derive(Debug, Clone)]
pub struct Initializer {
    /// Blank variables included.
    pub lhs: Vec<ObjId>,
    /// Id of the right-hand expression.
    pub rhs: NodeId,
}

/// A checked package.
#[derive(Debug, Clone)]
pub struct Package {
    pub id: PkgId,
    /// Import path; `main` for the program's.
    pub path: Symbol,
    pub name: Symbol,
    pub imports: Vec<PkgId>,
    pub scope: FxHashMap<Symbol, ObjId>,
    pub init_order: Vec<Initializer>,
}

/// Everything found out about the nodes of a program.
#[derive(Debug, Default)]
pub struct Info {
    /// By [`NodeId`]: expressions. `None` where nothing was recorded.
    pub exprs: IndexVec<NodeId, Option<TypeAndValue>>,
    /// Declaring identifiers. Blank ones are declared too.
    pub defs: FxHashMap<NodeId, ObjId>,
    /// Using identifiers (fields of selectors excepted).
    pub uses: FxHashMap<NodeId, ObjId>,
    /// By id of the selector expression.
    pub selections: FxHashMap<NodeId, Selection>,
    /// By id of the identifier that names the generic function.
    pub instances: FxHashMap<NodeId, Instance>,
    /// By id of a type switch's clause: its variable.
    pub implicits: FxHashMap<NodeId, ObjId>,
    /// By id of the key *expression* in `T{key: value}` for a struct: field indices of the embedded fields on
    /// the way (none, for most), then of the field. The key's identifier is also in `uses`.
    pub field_keys: FxHashMap<NodeId, Vec<u32>>,
    /// Of methods of generic types: the type parameters their receiver declares, which their signature and
    /// body mention instead of the type's own.
    pub recv_tparams: FxHashMap<ObjId, Vec<TypeId>>,
    /// What `//go:linkname` says functions and variables are called to the linker.
    pub linknames: FxHashMap<ObjId, Symbol>,
    /// By PkgId, in dependency order (imports first). Entry 0 is the universe.
    pub packages: IndexVec<PkgId, Package>,
}
