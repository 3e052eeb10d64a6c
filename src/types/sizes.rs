//! Sizes, alignments and offsets as Go's compiler lays types out on amd64.

#![forbid(unsafe_code)]

use smallvec::SmallVec;

use super::constant::ConstValue;
use super::repr::{Basic, TypeId, TypeKind, Types};

impl Types {
    /// Size in bytes and alignment of a type's values.
    ///
    /// Sizes saturate at `u64::MAX / 2`: the checker reports types that are too large.
    pub fn size_align(&self, ty: TypeId) -> (u64, u64) {
        match self.underlying_kind(ty) {
            TypeKind::Basic(b) => match b.unalias() {
                Basic::Bool | Basic::Int8 | Basic::Uint8 | Basic::UntypedBool => (1, 1),
                Basic::Int16 | Basic::Uint16 => (2, 2),
                Basic::Int32 | Basic::Uint32 | Basic::Float32 | Basic::UntypedRune => (4, 4),
                Basic::Complex64 => (8, 4),
                Basic::Complex128 | Basic::UntypedComplex | Basic::String | Basic::UntypedString => (16, 8),
                Basic::Invalid => (0, 1),
                _ => (8, 8),
            },
            TypeKind::Pointer(_) | TypeKind::Map { .. } | TypeKind::Chan { .. } | TypeKind::Func(_) => (8, 8),
            TypeKind::Slice(_) => (24, 8),
            TypeKind::Interface(_) => (16, 8),
            TypeKind::Array { elem, len } => {
                let (size, align) = self.size_align(*elem);
                (size.saturating_mul(*len).min(u64::MAX / 2), align)
            }
            TypeKind::Struct(s) => {
                let (mut offset, mut max_align, mut last_zero) = (0u64, 1, false);
                for f in &s.fields {
                    let (size, align) = self.size_align(f.ty);
                    offset = align_up(offset, align).saturating_add(size).min(u64::MAX / 2);
                    max_align = max_align.max(align);
                    last_zero = size == 0;
                }
                // A pointer to a final zero-size field must not point past the object.
                if last_zero && offset > 0 {
                    offset += 1;
                }
                (align_up(offset, max_align), max_align)
            }
            TypeKind::Tuple(elems) => {
                let mut offset = 0u64;
                for &e in elems.iter() {
                    let (size, align) = self.size_align(e);
                    offset = align_up(offset, align).saturating_add(size);
                }
                (align_up(offset, 8), 8)
            }
            TypeKind::Named(_) | TypeKind::TypeParam(_) | TypeKind::Union(_) | TypeKind::Alias(_) => (0, 1),
        }
    }

    /// Size in bytes.
    pub fn size_of(&self, ty: TypeId) -> u64 {
        self.size_align(ty).0
    }

    /// Byte offset of field `index` of a struct type.
    ///
    /// # Panics
    /// If `ty` is not a struct with that field.
    pub fn field_offset(&self, ty: TypeId, index: u32) -> u64 {
        let s = self.as_struct(ty).expect("field_offset of a struct");
        let mut offset = 0u64;
        for (i, f) in s.fields.iter().enumerate() {
            let (size, align) = self.size_align(f.ty);
            offset = align_up(offset, align);
            if i == index as usize {
                return offset;
            }
            offset = offset.saturating_add(size);
        }
        panic!("struct has no field {index}")
    }

    /// Whether values hold pointers (to the collector and the stack copier).
    pub fn has_pointers(&self, ty: TypeId) -> bool {
        match self.underlying_kind(ty) {
            TypeKind::Basic(b) => {
                matches!(b, Basic::String | Basic::UnsafePointer | Basic::UntypedString | Basic::UntypedNil)
            }
            TypeKind::Array { elem, len } => *len > 0 && self.has_pointers(*elem),
            TypeKind::Struct(s) => s.fields.iter().any(|f| self.has_pointers(f.ty)),
            TypeKind::Tuple(elems) => elems.iter().any(|&e| self.has_pointers(e)),
            _ => true,
        }
    }

    /// Whether values are one pointer word, which interfaces hold directly.
    pub fn is_direct_iface(&self, ty: TypeId) -> bool {
        self.size_of(ty) == 8 && self.has_pointers(ty)
    }

    /// A number or truth value of type `ty` as it lies in memory: [`size_of`](Self::size_of) bytes. `None` for
    /// values of other types, strings among them.
    pub fn const_bytes(&self, ty: TypeId, value: &ConstValue) -> Option<SmallVec<[u8; 16]>> {
        let mut out = SmallVec::new();
        match self.basic(ty)? {
            Basic::Float32 => out.extend((value.to_f64()? as f32).to_le_bytes()),
            Basic::Float64 => out.extend(value.to_f64()?.to_le_bytes()),
            Basic::Complex64 => {
                let (re, im) = value.to_complex()?;
                out.extend([re, im].into_iter().flat_map(|x| (x as f32).to_le_bytes()));
            }
            Basic::Complex128 => {
                let (re, im) = value.to_complex()?;
                out.extend([re, im].into_iter().flat_map(f64::to_le_bytes));
            }
            _ => out.extend_from_slice(&value.to_bits64()?.to_le_bytes()[..self.size_of(ty).min(8) as usize]),
        }
        Some(out)
    }

    /// Calls `word` with the byte offset of every pointer word of a value that begins at `base`.
    ///
    /// Pointer words: pointers, maps, channels, functions, unsafe pointers, the first word of strings and
    /// slices, the second word of interfaces (the first names static data).
    pub fn pointer_words(&self, ty: TypeId, base: u64, word: &mut dyn FnMut(u64)) {
        match self.underlying_kind(ty) {
            TypeKind::Basic(Basic::String | Basic::UnsafePointer | Basic::UntypedString) => word(base),
            TypeKind::Basic(_) => {}
            TypeKind::Pointer(_)
            | TypeKind::Map { .. }
            | TypeKind::Chan { .. }
            | TypeKind::Func(_)
            | TypeKind::Slice(_) => word(base),
            TypeKind::Interface(_) => word(base + 8),
            TypeKind::Array { elem, len } if self.has_pointers(*elem) => {
                let size = self.size_of(*elem);
                for i in 0..*len {
                    self.pointer_words(*elem, base + i * size, word);
                }
            }
            TypeKind::Struct(s) => {
                let mut offset = 0;
                for f in &s.fields {
                    let (size, align) = self.size_align(f.ty);
                    offset = align_up(offset, align);
                    self.pointer_words(f.ty, base + offset, word);
                    offset += size;
                }
            }
            _ => {}
        }
    }
}

/// `n` rounded up to a multiple of `align`, a power of two.
pub fn align_up(n: u64, align: u64) -> u64 {
    n.saturating_add(align - 1) & !(align - 1)
}
