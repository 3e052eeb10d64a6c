//! Types, objects, constants and the type checker.
//!
//! Input: the syntax trees of a program's packages, in dependency order. Output: [`Types`] (every type),
//! [`Objects`] (every declared thing), an [`Info`] (what the checker found out about each node) per
//! program, and diagnostics in Go's words. Nothing here panics on illegal programs: unusable expressions
//! get the type [`Types::INVALID`] and stay silent from then on.

#![forbid(unsafe_code)]

pub mod bigfloat;
pub mod check;
pub mod constant;
pub mod dump;
pub mod identical;
pub mod info;
pub mod limits;
pub mod lookup;
pub mod object;
pub mod predicates;
pub mod repr;
pub mod sizes;
pub mod subst;
pub mod typeset;
pub mod typestring;
pub mod universe;

pub use constant::ConstValue;
pub use info::{Info, Initializer, Instance, Mode, Package, Selection, SelectionKind, TypeAndValue};
pub use lookup::{Found, Lookup};
pub use object::{Builtin, FuncInfo, Obj, ObjId, ObjKind, Objects, PkgId, VarKind};
pub use repr::{
    Alias, AliasId, Basic, Interface, InterfaceId, Method, Named, NamedId, Param, Signature, StructField, StructType,
    TypeId, TypeKind, TypeParam, TypeParamId, Types, UnionTerm,
};
pub use typeset::TypeSet;
pub use typestring::{TypeWriter, link_string, type_string};
