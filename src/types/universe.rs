//! Predeclared things (spec, "Predeclared identifiers") and package unsafe.

#![forbid(unsafe_code)]

use num_traits::Zero;
use rustc_hash::FxHashMap;

use super::constant::ConstValue;
use super::object::{Builtin, FuncInfo, Obj, ObjId, ObjKind, Objects, PkgId};
use super::repr::{Alias, Basic, Interface, Method, Named, Param, Signature, TypeId, TypeKind, Types};
use crate::index::Symbol;
use crate::source::{Pos, Span};

/// Predeclared functions: name, least number of arguments, whether more are allowed.
pub const BUILTINS: [(&str, Builtin, usize, bool); 18] = [
    ("append", Builtin::Append, 1, true),
    ("cap", Builtin::Cap, 1, false),
    ("clear", Builtin::Clear, 1, false),
    ("close", Builtin::Close, 1, false),
    ("complex", Builtin::Complex, 2, false),
    ("copy", Builtin::Copy, 2, false),
    ("delete", Builtin::Delete, 2, false),
    ("imag", Builtin::Imag, 1, false),
    ("len", Builtin::Len, 1, false),
    ("make", Builtin::Make, 1, true),
    ("max", Builtin::Max, 1, true),
    ("min", Builtin::Min, 1, true),
    ("new", Builtin::New, 1, false),
    ("panic", Builtin::Panic, 1, false),
    ("print", Builtin::Print, 0, true),
    ("println", Builtin::Println, 0, true),
    ("real", Builtin::Real, 1, false),
    ("recover", Builtin::Recover, 0, false),
];

/// The functions of package unsafe.
pub const UNSAFE_BUILTINS: [(&str, Builtin, usize, bool); 8] = [
    ("Add", Builtin::UnsafeAdd, 2, false),
    ("Alignof", Builtin::UnsafeAlignof, 1, false),
    ("Offsetof", Builtin::UnsafeOffsetof, 1, false),
    ("Sizeof", Builtin::UnsafeSizeof, 1, false),
    ("Slice", Builtin::UnsafeSlice, 2, false),
    ("SliceData", Builtin::UnsafeSliceData, 1, false),
    ("String", Builtin::UnsafeString, 2, false),
    ("StringData", Builtin::UnsafeStringData, 1, false),
];

/// Name, least number of arguments and variadicity of a predeclared function.
pub fn builtin_info(b: Builtin) -> (&'static str, usize, bool) {
    BUILTINS
        .iter()
        .chain(UNSAFE_BUILTINS.iter())
        .find(|(_, id, _, _)| *id == b)
        .map_or(("", 0, false), |&(name, _, n, variadic)| (name, n, variadic))
}

/// Whether a name is predeclared.
pub fn is_predeclared(name: Symbol) -> bool {
    let name = name.as_str();
    BUILTINS.iter().any(|(n, ..)| *n == name)
        || Basic::ALL.iter().any(|b| !b.is_untyped() && b.name() == name)
        || matches!(name, "any" | "comparable" | "error" | "false" | "iota" | "nil" | "true")
}

/// Predeclared objects others ask for.
#[derive(Debug, Clone, Copy)]
pub struct Universe {
    pub iota: ObjId,
    /// The type `error`.
    pub error: TypeId,
    /// The type `any`, an alias.
    pub any: TypeId,
    pub comparable: TypeId,
}

/// Declares everything predeclared; returns the scope of the universe, that of package unsafe, and the
/// objects asked for by name.
pub fn declare(
    types: &mut Types,
    objs: &mut Objects,
    unsafe_pkg: PkgId,
) -> (FxHashMap<Symbol, ObjId>, FxHashMap<Symbol, ObjId>, Universe) {
    let mut scope = FxHashMap::default();
    let mut obj = |objs: &mut Objects, name: &str, kind: ObjKind, ty: TypeId| {
        let name = Symbol::new(name);
        let id = objs.push(Obj { kind, name, pkg: PkgId::UNIVERSE, span: Span::NONE, ty });
        scope.insert(name, id);
        id
    };
    for b in Basic::ALL {
        if !b.is_untyped() && !matches!(b, Basic::Invalid | Basic::UnsafePointer) {
            let alias = matches!(b, Basic::Byte | Basic::Rune);
            obj(objs, b.name(), ObjKind::TypeName { alias }, TypeId(b as u32));
        }
    }
    for (name, b, _, _) in BUILTINS {
        obj(objs, name, ObjKind::Builtin(b), Types::INVALID);
    }
    obj(objs, "true", ObjKind::Const(ConstValue::Bool(true)), Types::UNTYPED_BOOL);
    obj(objs, "false", ObjKind::Const(ConstValue::Bool(false)), Types::UNTYPED_BOOL);
    let iota = obj(objs, "iota", ObjKind::Const(ConstValue::Int(num_bigint::BigInt::zero())), Types::UNTYPED_INT);
    obj(objs, "nil", ObjKind::Nil, Types::UNTYPED_NIL);

    let any_obj = obj(objs, "any", ObjKind::TypeName { alias: true }, Types::INVALID);
    let any_alias = types.aliases.push(Alias {
        obj: any_obj,
        rhs: Types::EMPTY_INTERFACE,
        resolved: true,
        tparams: Vec::new(),
        origin: None,
        targs: Vec::new(),
    });
    let any = types.intern(TypeKind::Alias(any_alias));
    objs[any_obj].ty = any;

    let mut named = |types: &mut Types, objs: &mut Objects, name: &str, iface: Interface| {
        let o = obj(objs, name, ObjKind::TypeName { alias: false }, Types::INVALID);
        let i = types.interfaces.push(iface);
        let underlying = types.intern(TypeKind::Interface(i));
        let n = types.named.push(Named {
            obj: o,
            underlying,
            resolved: true,
            rhs: Some(underlying),
            methods: Vec::new(),
            tparams: Vec::new(),
            origin: None,
            targs: Vec::new(),
        });
        let ty = types.intern(TypeKind::Named(n));
        objs[o].ty = ty;
        ty
    };
    let result = Param { name: Symbol::default(), ty: Types::STRING };
    let sig = types.intern(TypeKind::Func(Signature { results: vec![result], ..Signature::default() }.into()));
    let error_name = Symbol::new("Error");
    let info = FuncInfo { is_interface_method: true, ..FuncInfo::default() };
    let method =
        objs.push(Obj { kind: ObjKind::Func(info), name: error_name, pkg: PkgId::UNIVERSE, span: Span::NONE, ty: sig });
    let error = named(
        types,
        objs,
        "error",
        Interface {
            methods: vec![Method { name: error_name, pkg: PkgId::UNIVERSE, sig, pos: Pos::NONE, obj: method }],
            ..Interface::default()
        },
    );
    let comparable = named(types, objs, "comparable", Interface { comparable: true, ..Interface::default() });

    let mut unsafe_scope = FxHashMap::default();
    for (name, b, _, _) in UNSAFE_BUILTINS {
        let name = Symbol::new(name);
        let kind = ObjKind::Builtin(b);
        unsafe_scope.insert(name, objs.push(Obj { kind, name, pkg: unsafe_pkg, span: Span::NONE, ty: Types::INVALID }));
    }
    let name = Symbol::new("Pointer");
    let kind = ObjKind::TypeName { alias: false };
    unsafe_scope
        .insert(name, objs.push(Obj { kind, name, pkg: unsafe_pkg, span: Span::NONE, ty: Types::UNSAFE_POINTER }));
    (scope, unsafe_scope, Universe { iota, error, any, comparable })
}
