//! Questions about types: numeric, comparable, nil-able, named and so on.
//!
//! `is_x` asks about the underlying basic type, `all_x` about every type in the type set of a type
//! parameter as well.

#![forbid(unsafe_code)]

use super::repr::{Basic, NamedId, TypeId, TypeKind, Types};

impl Types {
    /// Whether `ty` is no error's leftover.
    pub fn is_valid(&self, ty: TypeId) -> bool {
        self.unalias(ty) != Types::INVALID
    }

    /// Whether the underlying type is basic and `f` holds for it.
    pub fn is_basic(&self, ty: TypeId, f: impl Fn(Basic) -> bool) -> bool {
        matches!(self.underlying_kind(ty), TypeKind::Basic(b) if f(*b))
    }

    /// As [`is_basic`](Self::is_basic), for all types of a type parameter.
    pub fn all_basic(&self, ty: TypeId, f: impl Fn(Basic) -> bool) -> bool {
        if self.is_type_param(ty) {
            return self.all_under(ty, |tu| tu.is_some_and(|(t, _)| self.is_basic(t, &f)));
        }
        self.is_basic(ty, f)
    }

    /// Booleans.
    pub fn is_boolean(&self, ty: TypeId) -> bool {
        self.is_basic(ty, Basic::is_boolean)
    }

    /// Integers.
    pub fn is_integer(&self, ty: TypeId) -> bool {
        self.is_basic(ty, Basic::is_integer)
    }

    /// Unsigned integers.
    pub fn is_unsigned(&self, ty: TypeId) -> bool {
        self.is_basic(ty, Basic::is_unsigned)
    }

    /// Floats.
    pub fn is_float(&self, ty: TypeId) -> bool {
        self.is_basic(ty, Basic::is_float)
    }

    /// Complex numbers.
    pub fn is_complex(&self, ty: TypeId) -> bool {
        self.is_basic(ty, Basic::is_complex)
    }

    /// Numbers.
    pub fn is_numeric(&self, ty: TypeId) -> bool {
        self.is_basic(ty, Basic::is_numeric)
    }

    /// Strings.
    pub fn is_string(&self, ty: TypeId) -> bool {
        self.is_basic(ty, Basic::is_string)
    }

    /// Types constants can have.
    pub fn is_const_type(&self, ty: TypeId) -> bool {
        self.is_basic(ty, |b| b.is_boolean() || b.is_numeric() || b.is_string())
    }

    /// Booleans, in every type of the set.
    pub fn all_boolean(&self, ty: TypeId) -> bool {
        self.all_basic(ty, Basic::is_boolean)
    }

    /// Integers, in every type of the set.
    pub fn all_integer(&self, ty: TypeId) -> bool {
        self.all_basic(ty, Basic::is_integer)
    }

    /// Unsigned integers, in every type of the set.
    pub fn all_unsigned(&self, ty: TypeId) -> bool {
        self.all_basic(ty, |b| b.is_unsigned())
    }

    /// Numbers, in every type of the set.
    pub fn all_numeric(&self, ty: TypeId) -> bool {
        self.all_basic(ty, Basic::is_numeric)
    }

    /// Strings, in every type of the set.
    pub fn all_string(&self, ty: TypeId) -> bool {
        self.all_basic(ty, Basic::is_string)
    }

    /// Ordered by `<`, in every type of the set.
    pub fn all_ordered(&self, ty: TypeId) -> bool {
        self.all_basic(ty, |b| b.is_integer() || b.is_float() || b.is_string())
    }

    /// The types of untyped values.
    pub fn is_untyped(&self, ty: TypeId) -> bool {
        matches!(self.kind(ty), TypeKind::Basic(b) if b.is_untyped())
    }

    /// Not the type of untyped values.
    pub fn is_typed(&self, ty: TypeId) -> bool {
        !self.is_untyped(ty)
    }

    /// Untyped numbers.
    pub fn is_untyped_numeric(&self, ty: TypeId) -> bool {
        matches!(self.kind(ty), TypeKind::Basic(b) if b.is_untyped() && b.is_numeric())
    }

    /// Type parameters.
    pub fn is_type_param(&self, ty: TypeId) -> bool {
        matches!(self.unaliased_kind(ty), TypeKind::TypeParam(_))
    }

    /// The defined type behind aliases.
    pub fn as_named(&self, ty: TypeId) -> Option<NamedId> {
        match *self.unaliased_kind(ty) {
            TypeKind::Named(n) => Some(n),
            _ => None,
        }
    }

    /// Predeclared types, defined types and type parameters (spec, "Types": named types).
    pub fn has_name(&self, ty: TypeId) -> bool {
        matches!(self.unaliased_kind(ty), TypeKind::Basic(_) | TypeKind::Named(_) | TypeKind::TypeParam(_))
    }

    /// Whether the type itself is a pointer to an interface underneath.
    pub fn is_interface_ptr(&self, ty: TypeId) -> bool {
        self.pointee(ty).is_some_and(|base| matches!(self.underlying_kind(base), TypeKind::Interface(_)))
    }

    /// A generic type that lacks its arguments.
    pub fn is_generic(&self, ty: TypeId) -> bool {
        match *self.kind(ty) {
            TypeKind::Alias(a) => {
                let alias = &self.aliases[a];
                if !alias.tparams.is_empty() && alias.origin.is_none() {
                    return true;
                }
                self.is_generic(alias.rhs)
            }
            TypeKind::Named(n) => !self.named[n].tparams.is_empty() && self.named[n].origin.is_none(),
            _ => false,
        }
    }

    /// The types whose zero value is `nil`.
    pub fn has_nil(&self, ty: TypeId) -> bool {
        match self.underlying_kind(ty) {
            TypeKind::Basic(b) => *b == Basic::UnsafePointer,
            TypeKind::Slice(_)
            | TypeKind::Pointer(_)
            | TypeKind::Func(_)
            | TypeKind::Map { .. }
            | TypeKind::Chan { .. } => true,
            TypeKind::Interface(_) => {
                !self.is_type_param(ty) || self.all_under(ty, |tu| tu.is_some_and(|(_, u)| self.has_nil(u)))
            }
            _ => false,
        }
    }

    /// Comparable with `==` (spec, "Comparison operators"); interfaces are.
    pub fn comparable(&self, ty: TypeId) -> bool {
        self.comparable_type(ty, true)
    }

    /// Comparable; interfaces only when `dynamic`.
    pub fn comparable_type(&self, ty: TypeId, dynamic: bool) -> bool {
        self.comparable_in(ty, dynamic, &mut Vec::new())
    }

    pub(super) fn comparable_in(&self, ty: TypeId, dynamic: bool, seen: &mut Vec<TypeId>) -> bool {
        if seen.contains(&ty) {
            return true;
        }
        match self.underlying_kind(ty) {
            TypeKind::Basic(b) => *b != Basic::UntypedNil,
            TypeKind::Pointer(_) | TypeKind::Chan { .. } => true,
            TypeKind::Struct(s) => {
                seen.push(ty);
                s.fields.iter().all(|f| self.comparable_in(f.ty, dynamic, seen))
            }
            TypeKind::Array { elem, .. } => {
                seen.push(ty);
                self.comparable_in(*elem, dynamic, seen)
            }
            TypeKind::Interface(i) => {
                if dynamic && !self.is_type_param(ty) {
                    return true;
                }
                seen.push(ty);
                self.type_set_comparable(&self.type_set(*i), seen)
            }
            _ => false,
        }
    }

    /// The type a value gets when nothing else decides (spec, "Constants").
    pub fn default_type(&self, ty: TypeId) -> TypeId {
        match self.kind(ty) {
            TypeKind::Basic(Basic::UntypedBool) => Types::BOOL,
            TypeKind::Basic(Basic::UntypedInt) => Types::INT,
            TypeKind::Basic(Basic::UntypedRune) => Types::RUNE,
            TypeKind::Basic(Basic::UntypedFloat) => Types::FLOAT64,
            TypeKind::Basic(Basic::UntypedComplex) => Types::COMPLEX128,
            TypeKind::Basic(Basic::UntypedString) => Types::STRING,
            _ => ty,
        }
    }

    /// The larger of two untyped types, if they mix.
    pub fn max_type(&self, x: TypeId, y: TypeId) -> Option<TypeId> {
        if x == y {
            return Some(x);
        }
        (self.is_untyped_numeric(x) && self.is_untyped_numeric(y)).then(|| x.max(y))
    }

    /// `[]byte` or `[]rune` underneath.
    pub fn is_bytes_or_runes(&self, ty: TypeId) -> bool {
        match *self.underlying_kind(ty) {
            TypeKind::Slice(elem) => matches!(self.basic(elem), Some(Basic::Uint8 | Basic::Int32)),
            _ => false,
        }
    }

    /// What a composite type is called in messages; none for basic types.
    pub fn composite_kind(&self, ty: TypeId) -> &'static str {
        match self.underlying_kind(ty) {
            TypeKind::Array { .. } => "array",
            TypeKind::Slice(_) => "slice",
            TypeKind::Struct(_) => "struct",
            TypeKind::Pointer(_) => "pointer",
            TypeKind::Func(_) => "func",
            TypeKind::Interface(_) => "interface",
            TypeKind::Map { .. } => "map",
            TypeKind::Chan { .. } => "chan",
            TypeKind::Tuple(_) => "tuple",
            TypeKind::Union(_) => "union",
            _ => "",
        }
    }

    /// The pointed-to type of a pointer type literal (aliases looked through), and whether it was one.
    pub fn deref(&self, ty: TypeId) -> (TypeId, bool) {
        match *self.unaliased_kind(ty) {
            TypeKind::Pointer(base) => (base, true),
            _ => (ty, false),
        }
    }

    /// The array of a pointer to an array; other types unchanged.
    pub fn array_ptr_deref(&self, ty: TypeId) -> TypeId {
        if let TypeKind::Pointer(base) = *self.unaliased_kind(ty)
            && let TypeKind::Array { .. } = self.underlying_kind(base)
        {
            return self.underlying(base);
        }
        ty
    }
}
