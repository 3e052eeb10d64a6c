//! Expressions that denote memory, indexing, fields.

#![forbid(unsafe_code)]

use super::super::ir::{BinOp, CheckKind, Ty, Value, ValueList};
use super::Builder;
use super::mem::{Base, Mem, Operand};
use crate::abi::rtfn::RtFn;
use crate::hir::{ExprId, ExprKind};
use crate::types::{ConstValue, TypeId, TypeKind, Types};

impl Builder<'_> {
    /// Where an expression that denotes memory is; evaluates its operands and makes their checks. None for
    /// variables in registers and for values.
    pub(super) fn try_mem(&mut self, id: ExprId) -> Option<Mem> {
        use ExprKind::*;
        if let Some(Operand::Mem(m)) = self.hoisted.get(&id) {
            return Some(*m);
        }
        let e = self.expr(id);
        match &e.kind {
            Paren(x) => self.try_mem(*x),
            Init { stmts, x } => {
                // A variable in a register is looked at without running the statements.
                if let Local(l) = self.expr(*x).kind
                    && self.is_register(l)
                {
                    return None;
                }
                if self.hoisted.insert(id, Operand::Words(ValueList::new())).is_none() {
                    self.stmts(stmts);
                }
                self.try_mem(*x)
            }
            Local(l) => self.local_mem(*l),
            Global(g) => Some(Mem::global(*g)),
            NameOffset { global, offset } => Some(Mem::global(*global).offset(*offset as i64)),
            Deref(x) => {
                let m = self.pointed(*x);
                Some(m.reached_at(e.pos))
            }
            FieldPtr { x, field, .. } => {
                let strukt = self.elem_of(self.ty_of(*x));
                let off = self.types.field_offset(strukt, *field);
                let m = self.pointed(*x);
                self.g.pos = e.pos;
                Some(m.reached_at(e.pos).offset(off as i64))
            }
            Field { x, field, .. } => {
                let ty = self.ty_of(*x);
                let m = if self.is_ssa(ty) { self.try_mem(*x)? } else { self.mem_of(*x) };
                let off = self.types.field_offset(ty, *field);
                Some(m.offset(off as i64))
            }
            Index { x, index, bounded } => {
                let ty = self.ty_of(*x);
                match self.under(ty) {
                    TypeKind::Array { elem, len } => {
                        let mut m = if self.is_ssa(ty) { self.try_mem(*x)? } else { self.mem_of(*x) };
                        if matches!(self.expr(*x).kind, Deref(_)) && self.expr(*x).implicit {
                            m = m.reached_at(e.pos);
                        }
                        Some(self.array_elem(m, elem, len, *index, *bounded, e.pos))
                    }
                    TypeKind::Slice(elem) => {
                        let s = self.words(*x);
                        let (i, unsigned) = self.index_word(*index);
                        self.g.pos = e.pos;
                        if !bounded {
                            self.check_index(i, s[1], unsigned);
                        }
                        Some(self.elem_mem(s[0], elem, i))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What pointer `x` points to: `*&y` is `y`.
    pub(super) fn pointed(&mut self, x: ExprId) -> Mem {
        match &self.expr(x).kind {
            ExprKind::Paren(y) => return self.pointed(*y),
            ExprKind::Addr(y) => return self.addressable(*y),
            _ => {}
        }
        let pos = self.expr(x).pos;
        let p = self.word(x);
        self.g.pos = pos;
        Mem::pointee(p)
    }

    /// Where an addressable expression is.
    pub(super) fn addressable(&mut self, id: ExprId) -> Mem {
        match self.try_mem(id) {
            Some(m) => m,
            None => self.mem_of(id),
        }
    }

    /// Element `i` (checked) of the array at `p`.
    pub(super) fn elem_mem(&mut self, p: Value, elem: TypeId, i: Value) -> Mem {
        let size = self.size_of(elem);
        let m = Mem::object(p);
        if size == 0 {
            return m;
        }
        let delta = self.scale(i, size);
        self.mem_add(m, delta)
    }

    /// `i * size`
    pub(super) fn scale(&mut self, i: Value, size: u64) -> Value {
        match size {
            1 => i,
            n if n.is_power_of_two() => self.bin_c(BinOp::Shl, i, u64::from(n.trailing_zeros())),
            n => self.bin_c(BinOp::Mul, i, n),
        }
    }

    pub(super) fn array_elem(
        &mut self,
        m: Mem,
        elem: TypeId,
        len: u64,
        index: ExprId,
        bounded: bool,
        pos: crate::source::Pos,
    ) -> Mem {
        let size = self.size_of(elem);
        if let Some(i) = self.const_int(index)
            && i < len
        {
            return m.offset((i * size) as i64);
        }
        // The pointer is looked at before the index.
        let m = if matches!(m.base, Base::Ptr(_)) { self.checked(m) } else { m };
        let (i, unsigned) = self.index_word(index);
        self.g.pos = pos;
        if !bounded {
            let n = self.int(len);
            self.check_index(i, n, unsigned);
        }
        if size == 0 {
            return m;
        }
        let delta = self.scale(i, size);
        self.mem_add(m, delta)
    }

    /// The value of a constant integer expression.
    pub(super) fn const_int(&self, id: ExprId) -> Option<u64> {
        match &self.expr(id).kind {
            ExprKind::Const(c @ (ConstValue::Int(_) | ConstValue::Float(_) | ConstValue::Complex(_))) => c.to_bits64(),
            ExprKind::Paren(x) => self.const_int(*x),
            _ => None,
        }
    }

    /// An integer expression as `I64`, and whether its type is unsigned.
    pub(super) fn index_word(&mut self, id: ExprId) -> (Value, bool) {
        let v = self.word(id);
        let signed = self.is_signed(self.ty_of(id));
        (self.widen(v, signed), !signed)
    }

    pub(super) fn is_signed(&self, ty: TypeId) -> bool {
        self.types.basic(ty).is_some_and(|b| b.is_integer() && !b.is_unsigned())
    }

    pub(super) fn check_index(&mut self, i: Value, len: Value, unsigned: bool) {
        let f = if unsigned { RtFn::panicIndexU } else { RtFn::panicIndex };
        self.check(CheckKind::ULt(f), i, Some(len));
    }

    pub(super) fn index_words(&mut self, id: ExprId, x: ExprId, index: ExprId, bounded: bool) -> ValueList {
        let e = self.expr(id);
        let xt = self.ty_of(x);
        match self.under(xt) {
            TypeKind::Basic(_) => {
                let s = self.words(x);
                let (i, unsigned) = self.index_word(index);
                self.g.pos = e.pos;
                if !bounded {
                    self.check_index(i, s[1], unsigned);
                }
                let m = self.elem_mem(s[0], Types::UINT8, i);
                Self::one(self.load_word(m, 0, Ty::I8))
            }
            TypeKind::Array { elem, len } => {
                if let Some(m) = self.try_mem(id) {
                    self.g.pos = e.pos;
                    return self.load(m, elem);
                }
                // An array of at most one element, or of nothing, in registers.
                let words = self.words(x);
                let (i, unsigned) = self.index_word(index);
                self.g.pos = e.pos;
                let n = self.int(len);
                self.check_index(i, n, unsigned);
                if len == 1 { words } else { self.zero_words(elem) }
            }
            _ => {
                let m = self.try_mem(id).expect("slice element");
                self.g.pos = e.pos;
                self.load(m, e.ty)
            }
        }
    }

    pub(super) fn field_words(&mut self, id: ExprId, x: ExprId, field: u32) -> ValueList {
        let e = self.expr(id);
        if let Some(m) = self.try_mem(id) {
            self.g.pos = e.pos;
            return self.load(m, e.ty);
        }
        let words = self.words(x);
        let (at, n) = self.field_leaves(self.ty_of(x), field);
        words[at..at + n].into()
    }

    /// Where the words of a field are among those of its struct.
    pub(super) fn field_leaves(&mut self, strukt: TypeId, field: u32) -> (usize, usize) {
        let s = self.types.as_struct(strukt).expect("struct");
        let mut at = 0;
        for f in &s.fields[..field as usize] {
            at += self.layout(f.ty).leaves.len();
        }
        (at, self.layout(s.fields[field as usize].ty).leaves.len())
    }
}
