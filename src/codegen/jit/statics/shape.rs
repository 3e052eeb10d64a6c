//! Types that a running program makes.
//!
//! They are made the way the compiler makes types, so they are the same as those that the program spells:
//! identical types have one descriptor.

use std::rc::Rc;

use super::Statics;
use crate::abi::typedesc::{FieldShape, TypeShape};
use crate::codegen::jit::{Cx, Linker};
use crate::index::Symbol;
use crate::source::Pos;
use crate::types::repr::{ChanDir, StructField, StructType};
use crate::types::{Param, PkgId, Signature, TypeId, TypeKind};

impl Statics {
    /// The descriptor of a type made of others; 0 if one of them is unknown.
    pub(in crate::codegen) fn make_type(&mut self, cx: &mut Cx<'_>, linker: &mut Linker, shape: &TypeShape) -> u64 {
        let Some(kind) = self.kind_of_shape(cx, shape) else { return 0 };
        let ty = cx.types.intern(kind);
        let ty = cx.types.canonical(ty);
        self.type_desc(cx, linker, ty)
    }

    fn type_at(&self, addr: u64) -> Option<TypeId> {
        self.by_addr.get(&addr).copied()
    }

    fn kind_of_shape(&self, cx: &Cx<'_>, shape: &TypeShape) -> Option<TypeKind> {
        let list = |types: &[u64]| {
            let param = |&t: &u64| Some(Param { name: Symbol::default(), ty: self.type_at(t)? });
            types.iter().map(param).collect::<Option<Vec<_>>>()
        };
        Some(match shape {
            TypeShape::Pointer(elem) => TypeKind::Pointer(self.type_at(*elem)?),
            TypeShape::Slice(elem) => TypeKind::Slice(self.type_at(*elem)?),
            TypeShape::Array { elem, len } => TypeKind::Array { elem: self.type_at(*elem)?, len: *len },
            TypeShape::Chan { elem, dir } => {
                let dir = match dir {
                    1 => ChanDir::Recv,
                    2 => ChanDir::Send,
                    _ => ChanDir::Both,
                };
                TypeKind::Chan { dir, elem: self.type_at(*elem)? }
            }
            TypeShape::Map { key, elem } => TypeKind::Map { key: self.type_at(*key)?, elem: self.type_at(*elem)? },
            TypeShape::Func { params, results, variadic } => TypeKind::Func(Rc::new(Signature {
                tparams: Vec::new(),
                params: list(params)?,
                results: list(results)?,
                variadic: *variadic,
            })),
            TypeShape::Struct(fields) => {
                let fields = fields.iter().map(|f| self.field(cx, f)).collect::<Option<_>>()?;
                TypeKind::Struct(Rc::new(StructType { fields }))
            }
        })
    }

    fn field(&self, cx: &Cx<'_>, f: &FieldShape) -> Option<StructField> {
        // A package that the program does not have cannot tell names apart that the program sees.
        let pkg = cx.packages.iter().find(|p| p.path.as_str() == f.pkg_path).map_or(PkgId::UNIVERSE, |p| p.id);
        Some(StructField {
            name: Symbol::new(&f.name),
            pkg,
            ty: self.type_at(f.ty)?,
            embedded: f.embedded,
            tag: (!f.tag.is_empty()).then(|| f.tag.as_slice().into()),
            pos: Pos::NONE,
        })
    }
}
