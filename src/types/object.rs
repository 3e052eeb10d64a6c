//! Objects: what names denote.

#![forbid(unsafe_code)]

use super::constant::ConstValue;
use super::repr::TypeId;
use crate::index::{IndexVec, Symbol};
use crate::source::{Pos, Span};
use crate::syntax::ast::NodeId;

define_id! {
    /// A declared thing.
    pub struct ObjId;
    /// A package. 0 is the universe.
    pub struct PkgId;
}

impl PkgId {
    /// Where predeclared things live.
    pub const UNIVERSE: PkgId = PkgId(0);
}

/// Predeclared functions, and those of package unsafe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Builtin {
    Append,
    Cap,
    Clear,
    Close,
    Complex,
    Copy,
    Delete,
    Imag,
    Len,
    Make,
    Max,
    Min,
    New,
    Panic,
    Print,
    Println,
    Real,
    Recover,
    UnsafeAdd,
    UnsafeAlignof,
    UnsafeOffsetof,
    UnsafeSizeof,
    UnsafeSlice,
    UnsafeSliceData,
    UnsafeString,
    UnsafeStringData,
}

/// What kind of variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VarKind {
    Package,
    Local,
    Recv,
    Param,
    Result,
    Field,
}

/// What is known of a function or method beside its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FuncInfo {
    /// The receiver's defined type (the generic one) for methods, and whether it is behind a pointer.
    pub recv: Option<(super::repr::NamedId, bool)>,
    /// For methods of interfaces: the interface type is the receiver.
    pub is_interface_method: bool,
    /// The declaration has a body.
    pub has_body: bool,
    /// Name of the declaring [`FuncDecl`](crate::syntax::ast::FuncDecl): its `name.id`.
    pub decl: Option<NodeId>,
}

/// What an object is.
#[derive(Debug, Clone)]
pub enum ObjKind {
    /// An imported package, under its local name.
    PkgName(PkgId),
    Const(ConstValue),
    /// A type name; `alias` for alias declarations.
    TypeName {
        alias: bool,
    },
    Var(VarKind),
    Func(FuncInfo),
    Builtin(Builtin),
    Nil,
    Label,
}

/// A declared thing.
#[derive(Debug, Clone)]
pub struct Obj {
    pub kind: ObjKind,
    pub name: Symbol,
    pub pkg: PkgId,
    /// Where its name stands; none for predeclared things.
    pub span: Span,
    pub ty: TypeId,
}

impl Obj {
    /// Position of the name.
    pub fn pos(&self) -> Pos {
        self.span.lo
    }
}

/// Every object of a program.
pub type Objects = IndexVec<ObjId, Obj>;

/// Whether a name is exported (spec, "Exported identifiers").
pub fn is_exported(name: Symbol) -> bool {
    name.as_str().chars().next().is_some_and(char::is_uppercase)
}
