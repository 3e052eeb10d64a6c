//! Built-in functions.

#![forbid(unsafe_code)]

use super::Lower;
use super::call::CallTree;
use crate::hir::ir::*;
use crate::source::Pos;
use crate::syntax::ast;
use crate::types::{Builtin, ConstValue, TypeId, TypeKind, Types};

impl<'a> Lower<'a, '_> {
    /// A call of a built-in that is no constant.
    pub(super) fn builtin(&mut self, b: Builtin, tree: CallTree<'a>) -> ExprId {
        let (e, args) = (tree.e, tree.args);
        let (pos, span) = (e.pos, e.span);
        match b {
            Builtin::Append => self.append(tree),
            Builtin::Make => self.make(tree),
            Builtin::New => self.new_call(tree),
            Builtin::Min | Builtin::Max => {
                let ty = self.type_of(e);
                let args = args.iter().map(|a| self.expr_as(a, Some(ty))).collect();
                self.add(if b == Builtin::Min { ExprKind::Min(args) } else { ExprKind::Max(args) }, ty, pos, span)
            }
            Builtin::Print | Builtin::Println => {
                let args = self.plain_args(args, pos);
                let kind = ExprKind::Print { args, newline: b == Builtin::Println };
                self.add(kind, Types::EMPTY_TUPLE, pos, span)
            }
            Builtin::Recover => {
                self.cur().func.has_recover = true;
                self.add(ExprKind::Recover, Types::EMPTY_INTERFACE, pos, span)
            }
            Builtin::Panic => {
                let x = self.expr_as(&args[0], Some(Types::EMPTY_INTERFACE));
                self.add(ExprKind::Panic(x), Types::EMPTY_TUPLE, pos, span)
            }
            Builtin::Delete => {
                let args = self.plain_args(args, pos);
                let map_ty = self.x_ty(args[0]);
                let key_ty = match self.types().underlying_kind(map_ty) {
                    TypeKind::Map { key, .. } => *key,
                    _ => Types::INVALID,
                };
                let key_ty = self.canon_in(key_ty, None);
                let at = (self.x(args[1]).pos, self.x(args[1]).span);
                let key = self.implicit_conv(args[1], key_ty, at.0, at.1);
                self.add(ExprKind::Delete { map: args[0], key }, Types::EMPTY_TUPLE, pos, span)
            }
            Builtin::UnsafeSizeof | Builtin::UnsafeAlignof | Builtin::UnsafeOffsetof => self.size_of(b, e, &args[0]),
            Builtin::Len | Builtin::Cap => self.len_cap(b, e, args),
            _ => self.simple_builtin(b, tree),
        }
    }

    /// Arguments without conversions; one call with several results is spread.
    fn plain_args(&mut self, args: &'a [ast::Expr], pos: Pos) -> Vec<ExprId> {
        match self.multi_value(args) {
            Some(types) => self.spread_call(&args[0], &types, &[], pos),
            None => args.iter().map(|a| self.expr(a)).collect(),
        }
    }

    fn simple_builtin(&mut self, b: Builtin, tree: CallTree<'a>) -> ExprId {
        let e = tree.e;
        let (pos, span) = (e.pos, e.span);
        let ty = match b {
            Builtin::Clear | Builtin::Close => Types::EMPTY_TUPLE,
            Builtin::Copy => Types::INT,
            _ => self.type_of(e),
        };
        let args = self.plain_args(tree.args, pos);
        let kind = match b {
            Builtin::Clear => ExprKind::Clear(args[0]),
            Builtin::Close => ExprKind::Close(args[0]),
            Builtin::Copy => ExprKind::Copy { dst: args[0], src: args[1] },
            Builtin::Complex => ExprKind::Complex(args[0], args[1]),
            Builtin::Real => ExprKind::Real(args[0]),
            Builtin::Imag => ExprKind::Imag(args[0]),
            Builtin::UnsafeAdd => ExprKind::UnsafeAdd(args[0], args[1]),
            Builtin::UnsafeSlice => ExprKind::UnsafeSlice(args[0], args[1]),
            Builtin::UnsafeString => ExprKind::UnsafeString(args[0], args[1]),
            Builtin::UnsafeSliceData => ExprKind::UnsafeSliceData(args[0]),
            Builtin::UnsafeStringData => ExprKind::UnsafeStringData(args[0]),
            _ => crate::bug!("hir", self.cur().func.link_name, "built-in {b:?} is lowered elsewhere"),
        };
        self.add(kind, ty, pos, span)
    }

    fn append(&mut self, tree: CallTree<'a>) -> ExprId {
        let (e, args) = (tree.e, tree.args);
        let ty = self.type_of(e);
        let elem = match self.types().underlying_kind(ty) {
            TypeKind::Slice(elem) => *elem,
            _ => Types::INVALID,
        };
        let elem = self.canon_in(elem, None);
        let (slice, rest) = match self.multi_value(args) {
            Some(types) => {
                let dst: Vec<Option<TypeId>> =
                    (0..types.len()).map(|i| if i == 0 { None } else { Some(elem) }).collect();
                let mut values = self.spread_call(&args[0], &types, &dst, e.pos);
                let rest = values.split_off(1);
                (values[0], rest)
            }
            None => {
                let slice = self.expr(&args[0]);
                let dst = if tree.spread { None } else { Some(elem) };
                let rest = args[1..].iter().map(|a| self.expr_as(a, dst)).collect();
                (slice, rest)
            }
        };
        if matches!(self.x(slice).kind, ExprKind::Nil) {
            self.cur().func.exprs[slice].ty = ty;
        }
        self.add(ExprKind::Append { slice, args: rest, spread: tree.spread }, ty, e.pos, e.span)
    }

    fn make(&mut self, tree: CallTree<'a>) -> ExprId {
        let (e, args) = (tree.e, tree.args);
        let raw = self.raw_type(&args[0]);
        let ty = self.canon(raw);
        let sizes: Vec<ExprId> = args[1..].iter().map(|a| self.expr(a)).collect();
        let first = sizes.first().copied();
        let kind = match self.types().underlying_kind(ty) {
            TypeKind::Map { .. } => ExprKind::MakeMap { hint: first },
            TypeKind::Chan { .. } => ExprKind::MakeChan { size: first },
            _ => ExprKind::MakeSlice { len: sizes[0], cap: sizes.get(1).copied() },
        };
        let x = self.add(kind, ty, e.pos, e.span);
        self.note_spelling(x, raw);
        x
    }

    /// `new(T)`, and `new(x)` as a temporary and its address.
    fn new_call(&mut self, tree: CallTree<'a>) -> ExprId {
        let (e, arg) = (tree.e, &tree.args[0]);
        let (pos, span) = (e.pos, e.span);
        let ptr = self.type_of(e);
        if self.is_type(arg) {
            let raw = self.raw_type(arg);
            let ty = self.canon(raw);
            let x = self.add(ExprKind::New(ty), ptr, pos, span);
            let raw = self.cx.types_mut().pointer(raw);
            self.note_spelling(x, raw);
            return x;
        }
        let x = self.expr(arg);
        let mut stmts = Vec::new();
        let tmp = self.temp_copy(x, pos, &mut stmts);
        let value = self.local_expr(tmp, pos, span);
        let addr = self.add(ExprKind::Addr(value), ptr, pos, span);
        self.add(ExprKind::Init { stmts, x: addr }, ptr, pos, span)
    }

    fn len_cap(&mut self, b: Builtin, e: &'a ast::Expr, args: &'a [ast::Expr]) -> ExprId {
        let (pos, span) = (e.pos, e.span);
        let x = self.plain_args(args, pos)[0];
        let ty = self.x_ty(x);
        let base = self.types().pointee(ty).unwrap_or(ty);
        if let TypeKind::Array { len, .. } = *self.types().underlying_kind(base) {
            // Not a constant because the operand has calls: they happen, its value does not matter.
            let n = self.int_const(len as i64, pos, span);
            let stmts = vec![Stmt { pos, kind: StmtKind::Assign { lhs: None, rhs: x, def: false } }];
            return self.add(ExprKind::Init { stmts, x: n }, Types::INT, pos, span);
        }
        self.add(if b == Builtin::Len { ExprKind::Len(x) } else { ExprKind::Cap(x) }, Types::INT, pos, span)
    }

    /// Sizes that depend on type arguments.
    fn size_of(&mut self, b: Builtin, e: &'a ast::Expr, arg: &'a ast::Expr) -> ExprId {
        let value = if b == Builtin::UnsafeOffsetof {
            self.offset_of(arg)
        } else {
            let ty = self.type_of(arg);
            let (size, align) = self.types().size_align(ty);
            if b == Builtin::UnsafeSizeof { size } else { align }
        };
        self.constant(ConstValue::int(value), Types::UINTPTR, e.pos, e.span)
    }

    fn offset_of(&mut self, arg: &'a ast::Expr) -> u64 {
        let arg = super::expr::unparen(arg);
        let ast::ExprKind::Selector(x, _) = &arg.kind else { return 0 };
        let Some(sel) = self.cx.info().selections.get(&arg.id).cloned() else { return 0 };
        let mut ty = self.type_of(x);
        ty = self.types().pointee(ty).unwrap_or(ty);
        let mut offset = 0;
        for &field in &sel.path {
            offset += self.types().field_offset(ty, field);
            let fty = self.types().as_struct(ty).expect("a struct").fields[field as usize].ty;
            ty = self.canon_in(fty, None);
        }
        offset
    }
}
