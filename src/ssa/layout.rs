//! How Go types become machine words: which types are vectors of scalars (leaves), and where these lie.
//!
//! A type is *SSA-able* when it flattens to at most [`MAX_LEAVES`] words without arrays of more than one
//! element: scalars, strings, slices, interfaces, complex numbers, small structs. Everything else lives in
//! memory. Both the caller and the callee of every function depend on this, through `abi_sig`.

#![forbid(unsafe_code)]

use std::rc::Rc;

use smallvec::SmallVec;

use super::ir::Ty;
use crate::index::Id;
use crate::types::sizes::align_up;
use crate::types::{Basic, TypeId, TypeKind, Types};

/// Most words of an SSA-able type (Go's `CanSSA` allows four fields and four words).
pub const MAX_LEAVES: usize = 4;

/// One scalar of a flattened type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    pub ty: Ty,
    /// Bytes from the start of the value.
    pub off: u32,
    /// Integers: extend with the sign.
    pub signed: bool,
    /// A length or capacity.
    pub len: bool,
}

/// The machine-level shape of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pub size: u64,
    pub align: u64,
    /// The value is the vector `leaves`; otherwise it lives in memory.
    pub ssa: bool,
    pub leaves: SmallVec<[Leaf; 4]>,
}

/// Layouts by type.
#[derive(Debug, Default)]
pub struct Layouts {
    by_type: Vec<Option<Rc<Layout>>>,
}

impl Layouts {
    /// The layout of `ty`.
    pub fn get(&mut self, types: &Types, ty: TypeId) -> Rc<Layout> {
        let i = ty.index();
        if let Some(Some(l)) = self.by_type.get(i) {
            return l.clone();
        }
        let (size, align) = types.size_align(ty);
        let mut leaves = SmallVec::new();
        let ssa = size <= 8 * MAX_LEAVES as u64 && flatten(types, ty, 0, &mut leaves);
        if !ssa {
            leaves.clear();
        }
        let l = Rc::new(Layout { size, align, ssa, leaves });
        if self.by_type.len() <= i {
            self.by_type.resize(types.len().max(i + 1), None);
        }
        self.by_type[i] = Some(l.clone());
        l
    }
}

/// Appends the leaves of `ty`; false where it is not SSA-able.
fn flatten(types: &Types, ty: TypeId, base: u64, out: &mut SmallVec<[Leaf; 4]>) -> bool {
    let first = out.len();
    let fits = flatten_kind(types, ty, base, out);
    if fits && matches!(types.underlying_kind(ty), TypeKind::Slice(_) | TypeKind::Basic(Basic::String)) {
        out[first + 1..].iter_mut().for_each(|l| l.len = true);
    }
    fits
}

fn flatten_kind(types: &Types, ty: TypeId, base: u64, out: &mut SmallVec<[Leaf; 4]>) -> bool {
    let mut put = |ty: Ty, off: u64, signed: bool| {
        out.push(Leaf { ty, off: off as u32, signed, len: false });
        out.len() <= MAX_LEAVES
    };
    match types.underlying_kind(ty) {
        TypeKind::Basic(b) => match b.unalias() {
            Basic::Bool | Basic::UntypedBool | Basic::Uint8 => put(Ty::I8, base, false),
            Basic::Int8 => put(Ty::I8, base, true),
            Basic::Int16 => put(Ty::I16, base, true),
            Basic::Uint16 => put(Ty::I16, base, false),
            Basic::Int32 | Basic::UntypedRune => put(Ty::I32, base, true),
            Basic::Uint32 => put(Ty::I32, base, false),
            Basic::Int | Basic::Int64 | Basic::UntypedInt => put(Ty::I64, base, true),
            Basic::Uint | Basic::Uint64 | Basic::Uintptr => put(Ty::I64, base, false),
            Basic::Float32 => put(Ty::F32, base, false),
            Basic::Float64 | Basic::UntypedFloat => put(Ty::F64, base, false),
            Basic::Complex64 => put(Ty::F32, base, false) && put(Ty::F32, base + 4, false),
            Basic::Complex128 | Basic::UntypedComplex => put(Ty::F64, base, false) && put(Ty::F64, base + 8, false),
            Basic::String | Basic::UntypedString => put(Ty::Ptr, base, false) && put(Ty::I64, base + 8, true),
            Basic::UnsafePointer | Basic::UntypedNil => put(Ty::Ptr, base, false),
            Basic::Invalid | Basic::Byte | Basic::Rune => false,
        },
        TypeKind::Pointer(_) | TypeKind::Map { .. } | TypeKind::Chan { .. } | TypeKind::Func(_) => {
            put(Ty::Ptr, base, false)
        }
        TypeKind::Slice(_) => {
            put(Ty::Ptr, base, false) && put(Ty::I64, base + 8, true) && put(Ty::I64, base + 16, true)
        }
        TypeKind::Interface(_) => put(Ty::I64, base, false) && put(Ty::Ptr, base + 8, false),
        TypeKind::Array { elem, len } => match len {
            // Without elements it has no words, but indexing it gives elements of this type.
            0 => flatten(types, *elem, base, &mut SmallVec::new()),
            1 => flatten(types, *elem, base, out),
            _ => types.size_of(*elem) == 0 && flatten(types, *elem, base, out),
        },
        TypeKind::Struct(s) => {
            let mut offset = 0;
            for f in &s.fields {
                let (size, align) = types.size_align(f.ty);
                offset = align_up(offset, align);
                if !flatten(types, f.ty, base + offset, out) {
                    return false;
                }
                offset += size;
            }
            true
        }
        _ => false,
    }
}

/// Whether `==` on values of `ty` is equality of their bytes: no floats, strings, interfaces, padding or
/// blank fields.
pub fn is_regular_memory(types: &Types, ty: TypeId) -> bool {
    match types.underlying_kind(ty) {
        TypeKind::Basic(b) => !(b.is_float() || b.is_complex() || b.is_string()),
        TypeKind::Pointer(_) | TypeKind::Chan { .. } => true,
        TypeKind::Array { elem, len } => *len == 0 || is_regular_memory(types, *elem),
        TypeKind::Struct(s) => {
            let mut end = 0;
            for f in &s.fields {
                let (size, align) = types.size_align(f.ty);
                let offset = align_up(end, align);
                if offset != end || f.name.is_blank() || !is_regular_memory(types, f.ty) {
                    return false;
                }
                end = offset + size;
            }
            end == types.size_of(ty)
        }
        _ => false,
    }
}
