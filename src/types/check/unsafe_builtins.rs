//! The functions of package unsafe.

use super::Checker;
use super::call::Call;
use super::format::INVALID_ARG;
use super::operand::Operand;
use super::resolve::unparen;
use crate::syntax::ast::ExprKind;
use crate::types::info::Selection;
use crate::types::lookup::{Found, Lookup};
use crate::types::repr::{NamedId, TypeId, TypeKind, Types};
use crate::types::{Builtin, ConstValue, Mode, SelectionKind};

impl<'a> Checker<'a> {
    pub(super) fn builtin_unsafe(
        &mut self,
        x: &mut Operand<'a>,
        call: &Call<'a>,
        id: Builtin,
        args: &mut [Operand<'a>],
    ) -> bool {
        let (since, name) = match id {
            Builtin::UnsafeAdd => (17, "Add"),
            Builtin::UnsafeSlice => (17, "Slice"),
            Builtin::UnsafeSliceData => (20, "SliceData"),
            Builtin::UnsafeString => (20, "String"),
            Builtin::UnsafeStringData => (20, "StringData"),
            _ => (0, ""),
        };
        self.verify_version(call.fun.at(), since, |_| format!("unsafe.{name}"));
        match id {
            Builtin::UnsafeAdd => {
                self.assignment(x, Some(Types::UNSAFE_POINTER), "argument to unsafe.Add");
                if !x.is_valid() || !self.is_valid_index(&mut args[1], "InvalidUnsafeAdd", "length", true) {
                    return false;
                }
                self.unsafe_value(x, call, Types::UNSAFE_POINTER, &[Types::UNSAFE_POINTER, args[1].ty]);
            }
            Builtin::UnsafeAlignof | Builtin::UnsafeSizeof => {
                let align = id == Builtin::UnsafeAlignof;
                let what = if align { "argument to unsafe.Alignof" } else { "argument to unsafe.Sizeof" };
                self.assignment(x, None, what);
                if !x.is_valid() {
                    return false;
                }
                if self.has_var_size(x.ty) {
                    let arg = x.ty;
                    self.unsafe_value(x, call, Types::UINTPTR, &[arg]);
                    return true;
                }
                let (size, alignment) = self.types.size_align(x.ty);
                if !align && size > i64::MAX as u64 / 2 {
                    let message = format!("{} is too large", self.opstr(x));
                    self.err(x.span(), "TypeTooLarge", message);
                    return false;
                }
                x.mode = Mode::Constant;
                x.val = ConstValue::int(if align { alignment } else { size });
                x.ty = Types::UINTPTR;
            }
            Builtin::UnsafeOffsetof => return self.builtin_offsetof(x, call),
            Builtin::UnsafeSlice => {
                let base = self.core_type(x.ty).and_then(|u| match *self.types.kind(u) {
                    TypeKind::Pointer(base) => Some(base),
                    _ => None,
                });
                let Some(base) = base else {
                    let message = format!("{INVALID_ARG}{} is not a pointer", self.opstr(x));
                    self.err(x.span(), "InvalidUnsafeSlice", message);
                    return false;
                };
                if !self.is_valid_index(&mut args[1], "InvalidUnsafeSlice", "length", false) {
                    return false;
                }
                let (ptr, result) = (self.types.pointer(base), self.types.slice(base));
                self.unsafe_value(x, call, result, &[ptr, args[1].ty]);
            }
            Builtin::UnsafeSliceData => {
                let elem = self.core_type(x.ty).and_then(|u| match *self.types.kind(u) {
                    TypeKind::Slice(elem) => Some(elem),
                    _ => None,
                });
                let Some(elem) = elem else {
                    let message = format!("{INVALID_ARG}{} is not a slice", self.opstr(x));
                    self.err(x.span(), "InvalidUnsafeSliceData", message);
                    return false;
                };
                let (result, slice) = (self.types.pointer(elem), self.types.slice(elem));
                self.unsafe_value(x, call, result, &[slice]);
            }
            Builtin::UnsafeString => {
                let ptr = self.types.pointer(Types::BYTE);
                self.assignment(x, Some(ptr), "argument to unsafe.String");
                if !x.is_valid() || !self.is_valid_index(&mut args[1], "InvalidUnsafeString", "length", false) {
                    return false;
                }
                self.unsafe_value(x, call, Types::STRING, &[ptr, args[1].ty]);
            }
            _ => {
                self.assignment(x, Some(Types::STRING), "argument to unsafe.StringData");
                if !x.is_valid() {
                    return false;
                }
                let ptr = self.types.pointer(Types::BYTE);
                self.unsafe_value(x, call, ptr, &[Types::STRING]);
            }
        }
        true
    }

    pub(super) fn unsafe_value(&mut self, x: &mut Operand<'a>, call: &Call<'a>, result: TypeId, params: &[TypeId]) {
        x.mode = Mode::Value;
        x.ty = result;
        self.record_builtin(call, Some(result), params);
    }

    pub(super) fn builtin_offsetof(&mut self, x: &mut Operand<'a>, call: &Call<'a>) -> bool {
        let arg = &call.args[0];
        let selector = unparen(arg);
        let ExprKind::Selector(inner, sel) = &selector.kind else {
            let message = format!("{INVALID_ARG}{} is not a selector expression", self.estr(arg));
            self.err(arg.at(), "BadOffsetofSyntax", message);
            self.use_exprs(call.args);
            return false;
        };
        *x = self.expr(None, inner);
        if !x.is_valid() {
            return false;
        }
        let base = match self.types.pointee(x.ty) {
            Some(base) if self.types.as_struct(base).is_some() => base,
            _ => x.ty,
        };
        let pkg = self.env.pkg;
        match self.types.lookup_field_or_method(&self.objs, base, false, pkg, sel.name, false) {
            Lookup::Found { what: Found::Field(field), path, indirect } => {
                if indirect {
                    let message =
                        format!("{INVALID_ARG}field {} is embedded via a pointer in {}", sel.name, self.tstr(base));
                    self.err(x.span(), "InvalidOffsetof", message);
                    return false;
                }
                let selection = Selection {
                    kind: SelectionKind::Field,
                    recv: base,
                    path: path.clone(),
                    method: None,
                    method_index: None,
                    indirect: false,
                };
                self.info.selections.insert(selector.id, selection);
                let mode = if x.mode == Mode::Variable { Mode::Variable } else { Mode::Value };
                self.record_type(selector, mode, field.ty, None);
                if self.has_var_size(base) {
                    self.unsafe_value(x, call, Types::UINTPTR, &[field.ty]);
                    return true;
                }
                let (mut ty, mut offset) = (base, 0u64);
                for i in path {
                    offset += self.types.field_offset(ty, i);
                    ty = self.types.as_struct(ty).map_or(Types::INVALID, |s| s.fields[i as usize].ty);
                }
                if offset > i64::MAX as u64 / 2 {
                    let message = format!("{} is too large", self.opstr(x));
                    self.err(x.span(), "TypeTooLarge", message);
                    return false;
                }
                x.mode = Mode::Constant;
                x.val = ConstValue::int(offset);
                x.ty = Types::UINTPTR;
                true
            }
            Lookup::Found { .. } => {
                let message = format!("{INVALID_ARG}{} is a method value", self.estr(arg));
                self.err(arg.at(), "InvalidOffsetof", message);
                false
            }
            _ => {
                let message = format!("{INVALID_ARG}{} has no single field {}", self.tstr(base), sel.name);
                self.err(x.span(), "MissingFieldOrMethod", message);
                false
            }
        }
    }

    /// Whether the size depends on type arguments. Types that contain themselves are reported and count as
    /// such: they have no size.
    pub(super) fn has_var_size(&mut self, ty: TypeId) -> bool {
        self.var_size_in(ty, &mut Vec::new())
    }

    fn var_size_in(&mut self, ty: TypeId, path: &mut Vec<NamedId>) -> bool {
        match self.types.unaliased_kind(ty).clone() {
            TypeKind::TypeParam(_) => true,
            TypeKind::Named(n) => {
                let named = &self.types.named[n];
                let (obj, under) = (named.obj, named.underlying);
                if let Some(i) = path.iter().position(|&p| p == n) {
                    let cycle = path[i..].to_vec();
                    self.named_cycle_error(&cycle);
                    return true;
                }
                if named.origin.is_none()
                    && let Some(&i) = self.obj_path_idx.get(&obj)
                {
                    let mut cycle = self.obj_path[i..].to_vec();
                    cycle.extend(path.iter().map(|&p| self.types.named[p].obj));
                    self.cycle_error(&cycle, None);
                    return true;
                }
                if !matches!(self.types.kind(under), TypeKind::Array { .. } | TypeKind::Struct(_)) {
                    return false;
                }
                path.push(n);
                let found = self.var_size_in(under, path);
                path.pop();
                found
            }
            TypeKind::Array { elem, .. } => self.var_size_in(elem, path),
            TypeKind::Struct(s) => s.fields.iter().any(|f| self.var_size_in(f.ty, path)),
            _ => false,
        }
    }
}
