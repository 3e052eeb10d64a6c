//! The representation of types: one table, [`Types`], for a whole program.
//!
//! Structural types are hash-consed by how they are written, so equal ids mean identical types, but
//! identical types may have different ids: parameter names, the spelling of interfaces and aliases make no
//! difference to identity (spec, "Type identity"). The checker asks [`Types::identical`].
//!
//! Invariant behind the checker: `hir` and later phases see only *canonical* ids, made by
//! [`Types::canonical`]: there, equal ids and identical types are the same thing; interfaces are flat and
//! their methods sorted by name.

#![forbid(unsafe_code)]

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::object::{ObjId, PkgId};
use super::typeset::TypeSet;
use crate::index::{IndexVec, Symbol};
use crate::source::Pos;
pub use crate::syntax::ast::ChanDir;

define_id! {
    /// A type.
    pub struct TypeId;
    /// A defined type, generic or instantiated or neither.
    pub struct NamedId;
    /// An interface type.
    pub struct InterfaceId;
    /// A type parameter.
    pub struct TypeParamId;
    /// An alias, generic or instantiated or neither.
    pub struct AliasId;
}

/// Predeclared types and the kinds of untyped constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Basic {
    Invalid,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    String,
    UnsafePointer,
    UntypedBool,
    UntypedInt,
    UntypedRune,
    UntypedFloat,
    UntypedComplex,
    UntypedString,
    UntypedNil,
    /// `byte`: identical to `Uint8`, printed differently.
    Byte,
    /// `rune`: identical to `Int32`, printed differently.
    Rune,
}

impl Basic {
    /// All of them, in order of their discriminants.
    pub const ALL: [Basic; 28] = {
        use Basic::*;
        [
            Invalid,
            Bool,
            Int,
            Int8,
            Int16,
            Int32,
            Int64,
            Uint,
            Uint8,
            Uint16,
            Uint32,
            Uint64,
            Uintptr,
            Float32,
            Float64,
            Complex64,
            Complex128,
            String,
            UnsafePointer,
            UntypedBool,
            UntypedInt,
            UntypedRune,
            UntypedFloat,
            UntypedComplex,
            UntypedString,
            UntypedNil,
            Byte,
            Rune,
        ]
    };

    /// The type behind the aliases `byte` and `rune`.
    pub fn unalias(self) -> Basic {
        match self {
            Basic::Byte => Basic::Uint8,
            Basic::Rune => Basic::Int32,
            b => b,
        }
    }

    /// As Go prints it.
    pub fn name(self) -> &'static str {
        use Basic::*;
        match self {
            Invalid => "invalid type",
            Bool => "bool",
            Int => "int",
            Int8 => "int8",
            Int16 => "int16",
            Int32 => "int32",
            Int64 => "int64",
            Uint => "uint",
            Uint8 => "uint8",
            Uint16 => "uint16",
            Uint32 => "uint32",
            Uint64 => "uint64",
            Uintptr => "uintptr",
            Float32 => "float32",
            Float64 => "float64",
            Complex64 => "complex64",
            Complex128 => "complex128",
            String => "string",
            UnsafePointer => "unsafe.Pointer",
            UntypedBool => "untyped bool",
            UntypedInt => "untyped int",
            UntypedRune => "untyped rune",
            UntypedFloat => "untyped float",
            UntypedComplex => "untyped complex",
            UntypedString => "untyped string",
            UntypedNil => "untyped nil",
            Byte => "byte",
            Rune => "rune",
        }
    }

    /// Integers, typed or untyped.
    pub fn is_integer(self) -> bool {
        use Basic::*;
        matches!(
            self,
            Int | Int8
                | Int16
                | Int32
                | Int64
                | Uint
                | Uint8
                | Uint16
                | Uint32
                | Uint64
                | Uintptr
                | UntypedInt
                | UntypedRune
                | Byte
                | Rune
        )
    }

    /// Unsigned integers.
    pub fn is_unsigned(self) -> bool {
        use Basic::*;
        matches!(self, Uint | Uint8 | Uint16 | Uint32 | Uint64 | Uintptr | Byte)
    }

    /// Floats, typed or untyped.
    pub fn is_float(self) -> bool {
        matches!(self, Basic::Float32 | Basic::Float64 | Basic::UntypedFloat)
    }

    /// Complex numbers, typed or untyped.
    pub fn is_complex(self) -> bool {
        matches!(self, Basic::Complex64 | Basic::Complex128 | Basic::UntypedComplex)
    }

    /// Strings, typed or untyped.
    pub fn is_string(self) -> bool {
        matches!(self, Basic::String | Basic::UntypedString)
    }

    /// Booleans, typed or untyped.
    pub fn is_boolean(self) -> bool {
        matches!(self, Basic::Bool | Basic::UntypedBool)
    }

    /// Integers, floats, complex numbers.
    pub fn is_numeric(self) -> bool {
        self.is_integer() || self.is_float() || self.is_complex()
    }

    /// The kinds of untyped values, nil included.
    pub fn is_untyped(self) -> bool {
        use Basic::*;
        matches!(
            self,
            UntypedBool | UntypedInt | UntypedRune | UntypedFloat | UntypedComplex | UntypedString | UntypedNil
        )
    }
}

/// A parameter or result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Param {
    /// Empty where unnamed.
    pub name: Symbol,
    pub ty: TypeId,
}

/// A function type. The receiver of a method is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Signature {
    /// Type parameters of a generic function (ids of [`TypeKind::TypeParam`]).
    pub tparams: Vec<TypeId>,
    /// The last one has slice type where `variadic`.
    pub params: Vec<Param>,
    pub results: Vec<Param>,
    pub variadic: bool,
}

/// A field of a struct type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StructField {
    pub name: Symbol,
    /// Package of an unexported name; identity depends on it. Also set for exported ones.
    pub pkg: PkgId,
    pub ty: TypeId,
    pub embedded: bool,
    pub tag: Option<Rc<[u8]>>,
    pub pos: Pos,
}

/// A struct type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct StructType {
    pub fields: Vec<StructField>,
}

/// A method of an interface.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Method {
    pub name: Symbol,
    pub pkg: PkgId,
    /// A [`TypeKind::Func`].
    pub sig: TypeId,
    pub pos: Pos,
    /// The declared method; instances share the generic type's.
    pub obj: ObjId,
}

/// One term of a union: `~T` or `T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnionTerm {
    pub tilde: bool,
    pub ty: TypeId,
}

/// An interface type.
#[derive(Debug, Clone, Default)]
pub struct Interface {
    /// Explicitly declared; in canonical interfaces: all, sorted by name.
    pub methods: Vec<Method>,
    /// Embedded interfaces, types and unions, as written; empty in canonical interfaces without type set.
    pub embeds: Vec<(TypeId, Pos)>,
    /// A constraint literal without `interface{}` around it (`[T ~int]`).
    pub implicit: bool,
    /// The predeclared `comparable`.
    pub comparable: bool,
    /// All methods, embedded ones included, sorted by name; filled when the type set is computed.
    pub all_methods: RefCell<Option<Rc<[Method]>>>,
    /// Being declared: its type set is not known yet.
    pub incomplete: bool,
    /// The type set, once computed.
    pub type_set: RefCell<Option<Rc<TypeSet>>>,
}

/// A defined type.
#[derive(Debug, Clone)]
pub struct Named {
    /// The declaring [`ObjKind::TypeName`](super::ObjKind::TypeName); of the generic type for instances.
    pub obj: ObjId,
    /// Never a `Named` once resolved; [`Types::INVALID`] until then.
    pub underlying: TypeId,
    /// Whether `underlying` is final.
    pub resolved: bool,
    /// The type as written behind the name, once known; of instances: substituted.
    pub rhs: Option<TypeId>,
    /// Declared methods ([`ObjKind::Func`](super::ObjKind::Func)), in source order; instances share the
    /// generic type's and substitute.
    pub methods: Vec<ObjId>,
    pub tparams: Vec<TypeId>,
    /// For an instance: the generic type and its arguments.
    pub origin: Option<NamedId>,
    pub targs: Vec<TypeId>,
}

/// An alias declaration's name. Kept as a type of its own because messages print it; everything else looks
/// through it with [`Types::unalias`]. Canonical types hold no aliases.
#[derive(Debug, Clone)]
pub struct Alias {
    pub obj: ObjId,
    /// What it stands for; [`Types::INVALID`] until known.
    pub rhs: TypeId,
    pub resolved: bool,
    pub tparams: Vec<TypeId>,
    /// For an instance: the generic alias and its arguments.
    pub origin: Option<AliasId>,
    pub targs: Vec<TypeId>,
}

/// A type parameter.
#[derive(Debug, Clone)]
pub struct TypeParam {
    pub obj: ObjId,
    pub index: u32,
    /// The constraint: an interface (after wrapping).
    pub constraint: TypeId,
}

/// What a type is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TypeKind {
    Basic(Basic),
    Named(NamedId),
    Pointer(TypeId),
    Slice(TypeId),
    Array {
        elem: TypeId,
        len: u64,
    },
    Map {
        key: TypeId,
        elem: TypeId,
    },
    Chan {
        dir: ChanDir,
        elem: TypeId,
    },
    Struct(Rc<StructType>),
    Func(Rc<Signature>),
    Interface(InterfaceId),
    /// Several results of a call.
    Tuple(Rc<[TypeId]>),
    TypeParam(TypeParamId),
    /// Another name of a type. Never canonical.
    Alias(AliasId),
    /// Only inside constraints.
    Union(Rc<[UnionTerm]>),
}

/// Every type of a program.
#[derive(Debug)]
pub struct Types {
    kinds: IndexVec<TypeId, TypeKind>,
    interned: FxHashMap<TypeKind, TypeId>,
    pub named: IndexVec<NamedId, Named>,
    pub interfaces: IndexVec<InterfaceId, Interface>,
    pub type_params: IndexVec<TypeParamId, TypeParam>,
    pub aliases: IndexVec<AliasId, Alias>,
    /// Numbers of the program's types that are declared in functions: link names tell them apart by these.
    pub local_numbers: FxHashMap<ObjId, u32>,
    /// Instances by generic type and arguments (as written, not canonical).
    pub(super) instances: FxHashMap<(NamedId, Vec<TypeId>), TypeId>,
    pub(super) alias_instances: FxHashMap<(AliasId, Vec<TypeId>), TypeId>,
    /// Types whose underlying type depends on one that is not resolved yet.
    pub(super) waiting: FxHashMap<TypeId, Vec<TypeId>>,
    /// Instances that are being expanded, to stop infinite ones.
    pub(super) expanding: Vec<NamedId>,
    /// Methods found twice while type sets were computed; the checker reports them.
    pub(super) method_conflicts: RefCell<Vec<super::typeset::MethodConflict>>,
    pub(super) canonical: FxHashMap<TypeId, TypeId>,
    /// Interfaces being made canonical.
    pub(super) canonicalizing: Vec<InterfaceId>,
    /// Canonical flat interfaces by their sorted methods (name, package of unexported names, signature).
    pub(super) canonical_interfaces: FxHashMap<Vec<(Symbol, Option<PkgId>, TypeId)>, TypeId>,
}

macro_rules! basic_ids {
    ($($name:ident = $basic:ident;)*) => {
        $(
            #[doc = concat!("The type `", stringify!($basic), "`.")]
            pub const $name: TypeId = TypeId(Basic::$basic as u32);
        )*
    };
}

impl Types {
    basic_ids! {
        INVALID = Invalid; BOOL = Bool; INT = Int; INT8 = Int8; INT16 = Int16; INT32 = Int32; INT64 = Int64;
        UINT = Uint; UINT8 = Uint8; UINT16 = Uint16; UINT32 = Uint32; UINT64 = Uint64; UINTPTR = Uintptr;
        FLOAT32 = Float32; FLOAT64 = Float64; COMPLEX64 = Complex64; COMPLEX128 = Complex128; STRING = String;
        UNSAFE_POINTER = UnsafePointer; UNTYPED_BOOL = UntypedBool; UNTYPED_INT = UntypedInt;
        UNTYPED_RUNE = UntypedRune; UNTYPED_FLOAT = UntypedFloat; UNTYPED_COMPLEX = UntypedComplex;
        UNTYPED_STRING = UntypedString; UNTYPED_NIL = UntypedNil; BYTE = Byte; RUNE = Rune;
    }
    /// `interface{}`, canonical.
    pub const EMPTY_INTERFACE: TypeId = TypeId(28);
    /// The type of calls without results.
    pub const EMPTY_TUPLE: TypeId = TypeId(29);
    /// Not a type: an object whose declaration was not looked at yet.
    pub const UNRESOLVED: TypeId = TypeId(u32::MAX);

    /// A table with the predeclared types.
    pub fn new() -> Types {
        let mut types = Types {
            kinds: IndexVec::new(),
            interned: FxHashMap::default(),
            named: IndexVec::new(),
            interfaces: IndexVec::new(),
            type_params: IndexVec::new(),
            aliases: IndexVec::new(),
            local_numbers: FxHashMap::default(),
            instances: FxHashMap::default(),
            alias_instances: FxHashMap::default(),
            waiting: FxHashMap::default(),
            expanding: Vec::new(),
            method_conflicts: RefCell::default(),
            canonical: FxHashMap::default(),
            canonicalizing: Vec::new(),
            canonical_interfaces: FxHashMap::default(),
        };
        for basic in Basic::ALL {
            types.intern(TypeKind::Basic(basic));
        }
        let empty = types.interfaces.push(Interface::default());
        let any = types.intern(TypeKind::Interface(empty));
        debug_assert_eq!(any, Types::EMPTY_INTERFACE);
        types.canonical_interfaces.insert(Vec::new(), any);
        let tuple = types.intern(TypeKind::Tuple(Rc::from([])));
        debug_assert_eq!(tuple, Types::EMPTY_TUPLE);
        types
    }

    /// The id of `kind`, made if it is new.
    pub fn intern(&mut self, kind: TypeKind) -> TypeId {
        if let Some(&id) = self.interned.get(&kind) {
            return id;
        }
        let id = self.kinds.push(kind.clone());
        self.interned.insert(kind, id);
        id
    }

    /// What `id` is, neither aliases nor defined types looked through.
    pub fn kind(&self, id: TypeId) -> &TypeKind {
        &self.kinds[id]
    }

    /// What `id` is, aliases looked through.
    pub fn unaliased_kind(&self, id: TypeId) -> &TypeKind {
        &self.kinds[self.unalias(id)]
    }

    /// The type an alias stands for; other types unchanged.
    pub fn unalias(&self, mut id: TypeId) -> TypeId {
        // Bound: alias declarations cannot form a cycle (the checker breaks them).
        while let TypeKind::Alias(a) = self.kinds[id] {
            id = self.aliases[a].rhs;
        }
        id
    }

    /// What `id` is underneath (spec, "Underlying types").
    pub fn underlying_kind(&self, id: TypeId) -> &TypeKind {
        &self.kinds[self.underlying(id)]
    }

    /// The underlying type; of a type parameter, its constraint interface.
    pub fn underlying(&self, id: TypeId) -> TypeId {
        match self.kinds[id] {
            TypeKind::Named(n) => self.named[n].underlying,
            TypeKind::TypeParam(p) => self.underlying(self.type_params[p].constraint),
            TypeKind::Alias(_) => self.underlying(self.unalias(id)),
            _ => id,
        }
    }

    /// The basic type underneath, aliases resolved.
    pub fn basic(&self, id: TypeId) -> Option<Basic> {
        match self.underlying_kind(id) {
            TypeKind::Basic(b) => Some(b.unalias()),
            _ => None,
        }
    }

    /// `*elem`.
    pub fn pointer(&mut self, elem: TypeId) -> TypeId {
        self.intern(TypeKind::Pointer(elem))
    }

    /// `[]elem`.
    pub fn slice(&mut self, elem: TypeId) -> TypeId {
        self.intern(TypeKind::Slice(elem))
    }

    /// `[len]elem`.
    pub fn array(&mut self, elem: TypeId, len: u64) -> TypeId {
        self.intern(TypeKind::Array { elem, len })
    }

    /// A tuple of result types.
    pub fn tuple(&mut self, elems: &[TypeId]) -> TypeId {
        self.intern(TypeKind::Tuple(elems.into()))
    }

    /// Number of types; ids are below it.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Never: the predeclared types are always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The element type of a pointer, looking through definitions.
    pub fn pointee(&self, id: TypeId) -> Option<TypeId> {
        match *self.underlying_kind(id) {
            TypeKind::Pointer(elem) => Some(elem),
            _ => None,
        }
    }

    /// The struct underneath.
    pub fn as_struct(&self, id: TypeId) -> Option<Rc<StructType>> {
        match self.underlying_kind(id) {
            TypeKind::Struct(s) => Some(s.clone()),
            _ => None,
        }
    }

    /// The signature underneath.
    pub fn as_func(&self, id: TypeId) -> Option<Rc<Signature>> {
        match self.underlying_kind(id) {
            TypeKind::Func(s) => Some(s.clone()),
            _ => None,
        }
    }

    /// The interface underneath (type parameters are not interfaces).
    pub fn as_interface(&self, id: TypeId) -> Option<InterfaceId> {
        if let TypeKind::TypeParam(_) = self.unaliased_kind(id) {
            return None;
        }
        match *self.underlying_kind(id) {
            TypeKind::Interface(i) => Some(i),
            _ => None,
        }
    }

    /// Whether values of this type are interface values.
    pub fn is_interface(&self, id: TypeId) -> bool {
        self.as_interface(id).is_some()
    }

    /// The complete, sorted method list of an interface type (checker done).
    pub fn interface_methods(&self, id: TypeId) -> Rc<[Method]> {
        self.as_interface(id).map_or_else(|| Rc::from([]), |i| self.type_set(i).methods.clone())
    }
}

impl Default for Types {
    fn default() -> Types {
        Types::new()
    }
}
