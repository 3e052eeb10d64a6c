//! Expressions: the dispatch on their kinds.

#![forbid(unsafe_code)]

use super::super::ir::{Cmp, InstKind, Ty, UnOp, Value, ValueList};
use super::mem::{Mem, Operand};
use super::{Builder, Place};
use crate::abi::rtfn::RtFn;
use crate::hir::{ExprId, ExprKind, LocalId, UnaryOp};
use crate::types::{ConstValue, TypeId};

impl Builder<'_> {
    /// Evaluates an expression that is no operand of another one.
    pub(super) fn top(&mut self, id: ExprId) -> Operand {
        self.hoist_operands(id);
        self.operand(id)
    }

    /// [`top`](Self::top) for a single word.
    pub(super) fn top_word(&mut self, id: ExprId) -> Value {
        self.hoist_operands(id);
        self.word(id)
    }

    /// [`top`](Self::top) for SSA-able types.
    pub(super) fn top_words(&mut self, id: ExprId) -> ValueList {
        self.hoist_operands(id);
        self.words(id)
    }

    /// Evaluates an expression for its effects.
    pub(super) fn effect(&mut self, id: ExprId) {
        self.hoist_operands(id);
        let e = self.expr(id);
        self.g.pos = e.pos;
        if self.hoisted.contains_key(&id) && !matches!(e.kind, ExprKind::Init { .. }) {
            return;
        }
        match &e.kind {
            ExprKind::Call { .. } => {
                self.call(id);
            }
            ExprKind::Init { x, .. } => self.effect(*x),
            ExprKind::Copy { .. } | ExprKind::Recover | ExprKind::Recv(_) => {
                self.operand(id);
            }
            kind if self.builtin_stmt(id, kind) => {}
            _ => match self.operand(id) {
                Operand::Words(_) => {}
                // `_ = *p` faults where p is nil.
                Operand::Mem(m) => {
                    self.checked(m);
                }
            },
        }
    }

    /// The value of an expression: words, or its place in memory (to be copied before anything changes it).
    pub(super) fn operand(&mut self, id: ExprId) -> Operand {
        if !self.hoisted.is_empty()
            && !matches!(self.expr(id).kind, ExprKind::Init { .. })
            && let Some(v) = self.hoisted.get(&id)
        {
            return v.clone();
        }
        self.operand_now(id)
    }

    pub(super) fn operand_now(&mut self, id: ExprId) -> Operand {
        let ty = self.ty_of(id);
        if self.is_ssa(ty) {
            return Operand::Words(self.words_now(id));
        }
        if let Some(m) = self.try_mem(id) {
            return Operand::Mem(m);
        }
        if let ExprKind::Call { .. } = self.expr(id).kind {
            return self.call_one(id);
        }
        let t = self.temp(ty);
        self.store_expr(id, t, true);
        Operand::Mem(t)
    }

    /// The words of an expression of SSA-able type.
    pub(super) fn words(&mut self, id: ExprId) -> ValueList {
        match self.operand(id) {
            Operand::Words(w) => w,
            Operand::Mem(_) => crate::bug!("ssa", self.f.link_name, "words of an expression in memory"),
        }
    }

    /// The only word of an expression.
    pub(super) fn word(&mut self, id: ExprId) -> Value {
        match self.words(id)[..] {
            [v] => v,
            ref w => {
                crate::bug!("ssa", self.f.link_name, "{} words where one is expected: {:?}", w.len(), self.expr(id))
            }
        }
    }

    /// Evaluates an expression in memory: where its value is.
    pub(super) fn mem_of(&mut self, id: ExprId) -> Mem {
        match self.operand(id) {
            Operand::Mem(m) => m,
            Operand::Words(w) => {
                let ty = self.ty_of(id);
                self.spill(Operand::Words(w), ty)
            }
        }
    }

    fn words_now(&mut self, id: ExprId) -> ValueList {
        use ExprKind::*;
        let e = self.expr(id);
        let ty = e.ty;
        self.g.pos = e.pos;
        match &e.kind {
            Const(c) => self.const_words(c, ty),
            Nil | Zero => self.zero_words(ty),
            Local(l) => self.read_local(*l),
            Global(g) => self.load(Mem::global(*g), ty),
            NameOffset { global, offset } => self.load(Mem::global(*global).offset(*offset as i64), ty),
            Func(f) => Self::one(self.g.inst(InstKind::FuncValue(*f), Ty::Ptr)),
            Unary(op, x) => self.unary(*op, *x, ty),
            Binary(op, x, y) => self.binary(id, *op, *x, *y),
            AndAnd(x, y) => self.and_or(*x, *y, true),
            OrOr(x, y) => self.and_or(*x, *y, false),
            AddStr(list) => self.add_str(id, list),
            Paren(x) => self.words(*x),
            Addr(x) => {
                let m = self.addressable(*x);
                self.g.pos = e.pos;
                Self::one(self.addr_value(m))
            }
            PtrLit(x) => Self::one(self.ptr_lit(id, *x)),
            Deref(_) | FieldPtr { .. } => {
                let m = self.try_mem(id).expect("memory");
                self.g.pos = e.pos;
                self.load(m, ty)
            }
            Field { x, field, .. } => self.field_words(id, *x, *field),
            Index { x, index, bounded } => self.index_words(id, *x, *index, *bounded),
            IndexMap { .. } => match self.map_index(id) {
                (Operand::Words(w), _) => w,
                (Operand::Mem(m), _) => self.load(m, ty),
            },
            Slice { .. } => self.slice_expr(id),
            Call { .. } => match self.call_one(id) {
                Operand::Words(w) => w,
                Operand::Mem(m) => self.load(m, ty),
            },
            Append { slice, args, spread } => self.append(id, *slice, args, *spread),
            Copy { dst, src } => Self::one(self.copy_slice(id, *dst, *src)),
            Len(x) => Self::one(self.len_cap(id, *x, true)),
            Cap(x) => Self::one(self.len_cap(id, *x, false)),
            New(t) => {
                let m = self.alloc(*t, e.esc, e.pos);
                self.zero_fresh(m, *t);
                Self::one(self.addr_value(m))
            }
            NewValue(x) => Self::one(self.ptr_lit(id, *x)),
            MakeSlice { len, cap } => self.make_slice(id, *len, *cap),
            MakeMap { hint } => self.make_map(id, *hint),
            MakeChan { size } => self.make_chan(id, *size),
            Min(list) => self.min_max(id, list, true),
            Max(list) => self.min_max(id, list, false),
            Recover => {
                let fp = self.g.inst(InstKind::FramePtr, Ty::I64);
                self.rt(RtFn::gorecover, &[fp]).as_slice().into()
            }
            Clear(_) | Delete { .. } | Close(_) | Panic(_) | Print { .. } => {
                self.builtin_stmt(id, &e.kind);
                ValueList::new()
            }
            Complex(x, y) => {
                let (x, y) = (self.word(*x), self.word(*y));
                ValueList::from_slice(&[x, y])
            }
            Real(x) => Self::one(self.words(*x)[0]),
            Imag(x) => Self::one(self.words(*x)[1]),
            UnsafeAdd(x, y) => {
                let (p, d) = (self.word(*x), self.index_word(*y).0);
                Self::one(self.g.inst(InstKind::PtrAdd(p, d), Ty::Ptr))
            }
            UnsafeSlice(x, y) => self.unsafe_slice(id, *x, *y, true),
            UnsafeString(x, y) => self.unsafe_slice(id, *x, *y, false),
            UnsafeSliceData(x) | UnsafeStringData(x) => Self::one(self.words(*x)[0]),
            Conv(x) => self.conv_words(*x, ty),
            ConvIface(x) => self.conv_iface(id, *x),
            StrConv(kind, x) => self.str_conv(id, *kind, *x),
            SliceToArray(x) => {
                let p = self.slice_to_array_ptr(id, *x, ty);
                let m = Mem::pointee(p);
                if self.size_of(ty) == 0 { ValueList::new() } else { self.load(m, ty) }
            }
            SliceToArrayPtr(x) => {
                let array = self.elem_of(ty);
                Self::one(self.slice_to_array_ptr(id, *x, array))
            }
            TypeAssert { .. } => match self.type_assert(id) {
                Operand::Words(w) => w,
                Operand::Mem(m) => self.load(m, ty),
            },
            StructLit(_) | ArrayLit(_) => self.lit_words(id),
            SliceLit { elems, len } => self.slice_lit(id, elems, *len),
            MapLit(entries) => self.map_lit(id, entries),
            Closure(f) => Self::one(self.closure_value(id, *f)),
            MethodValue { recv, func } => Self::one(self.method_value(id, *recv, *func)),
            Recv(c) => {
                let (v, _) = self.recv(id, *c);
                match v {
                    Operand::Words(w) => w,
                    Operand::Mem(m) => self.load(m, ty),
                }
            }
            Init { .. } => {
                let x = self.after_init(id);
                self.words(x)
            }
        }
    }

    /// The words of a constant.
    pub(super) fn const_words(&mut self, c: &ConstValue, ty: TypeId) -> ValueList {
        let layout = self.layout(ty);
        let tys: Vec<Ty> = layout.leaves.iter().map(|l| l.ty).collect();
        match (c, &tys[..]) {
            (ConstValue::Str(s), [Ty::Ptr, Ty::I64]) => {
                let (n, p) = (s.len() as u64, s.clone());
                let p = if n == 0 { self.nil() } else { self.g.inst(InstKind::StrData(p), Ty::Ptr) };
                let n = self.int(n);
                ValueList::from_slice(&[p, n])
            }
            (c, &[t @ (Ty::F32 | Ty::F64)]) => Self::one(self.float_const(c.to_f64().unwrap_or(0.0), t)),
            (c, &[t @ (Ty::F32 | Ty::F64), _]) => {
                let (re, im) = c.to_complex().unwrap_or((0.0, 0.0));
                let (re, im) = (self.float_const(re, t), self.float_const(im, t));
                ValueList::from_slice(&[re, im])
            }
            (c, &[t]) => {
                let bits = c.to_bits64().unwrap_or(0);
                Self::one(self.iconst(t, bits))
            }
            _ => self.zero_words(ty),
        }
    }

    pub(super) fn float_const(&mut self, v: f64, ty: Ty) -> Value {
        let bits = if ty == Ty::F32 { u64::from((v as f32).to_bits()) } else { v.to_bits() };
        self.g.inst(InstKind::FConst(bits), ty)
    }

    fn unary(&mut self, op: UnaryOp, x: ExprId, ty: TypeId) -> ValueList {
        let pos = self.g.pos;
        let w = self.words(x);
        self.g.pos = pos;
        match op {
            UnaryOp::Plus => w,
            UnaryOp::Neg => w
                .iter()
                .map(|&v| match self.g.ty(v) {
                    Ty::F32 | Ty::F64 => self.un(UnOp::FNeg, v),
                    _ => self.un(UnOp::Neg, v),
                })
                .collect(),
            UnaryOp::BitNot => Self::one(self.un(UnOp::Not, w[0])),
            UnaryOp::Not => {
                debug_assert_eq!(self.types.basic(ty), Some(crate::types::Basic::Bool));
                Self::one(self.not(w[0]))
            }
        }
    }

    /// `x && y` (`and`) or `x || y`.
    fn and_or(&mut self, x: ExprId, y: ExprId, and: bool) -> ValueList {
        let r = self.g.new_var(Ty::I8);
        let a = self.top_word(x);
        self.g.write_var(r, a);
        let (right, join) = (self.g.new_block(), self.g.new_block());
        if and {
            self.g.branch(a, right, join);
        } else {
            self.g.branch(a, join, right);
        }
        self.g.start(right);
        let b = self.top_word(y);
        self.g.write_var(r, b);
        self.g.jump(join);
        self.g.start(join);
        Self::one(self.g.read_var(r))
    }

    /// Goes to `then` or `els` by the value of a boolean expression.
    pub(super) fn cond(&mut self, id: ExprId, then: super::Block, els: super::Block) {
        let e = self.expr(id);
        match &e.kind {
            ExprKind::Paren(x) => self.cond(*x, then, els),
            ExprKind::Unary(UnaryOp::Not, x) => self.cond(*x, els, then),
            ExprKind::AndAnd(x, y) => {
                let mid = self.g.new_block();
                self.cond(*x, mid, els);
                self.g.start(mid);
                self.cond(*y, then, els);
            }
            ExprKind::OrOr(x, y) => {
                let mid = self.g.new_block();
                self.cond(*x, then, mid);
                self.g.start(mid);
                self.cond(*y, then, els);
            }
            ExprKind::Const(c) => match c.to_bool() {
                Some(true) => self.g.jump(then),
                _ => self.g.jump(els),
            },
            _ => {
                let v = self.top_word(id);
                self.g.pos = e.pos;
                self.g.branch(v, then, els);
            }
        }
    }

    // ---- variables

    fn read_local(&mut self, l: LocalId) -> ValueList {
        let ty = self.f.locals[l].ty;
        match self.place(l) {
            Place::Reg(var) => {
                let n = self.layout(ty).leaves.len();
                self.read_vars(var, n)
            }
            place => {
                let m = self.place_mem(place).expect("memory");
                self.load(m, ty)
            }
        }
    }

    /// Stores the value of an expression. `fresh`: nothing the expression reads is at `dst`.
    pub(super) fn store_expr(&mut self, id: ExprId, dst: Mem, fresh: bool) {
        use ExprKind::*;
        let e = self.expr(id);
        let ty = e.ty;
        if self.is_ssa(ty) {
            let w = self.words(id);
            self.g.pos = e.pos;
            return self.store(dst, ty, &w);
        }
        if let Some(v) = self.hoisted.get(&id).cloned()
            && !matches!(e.kind, Init { .. })
        {
            return self.store_operand(dst, ty, &v);
        }
        self.g.pos = e.pos;
        match &e.kind {
            Zero | Nil => self.zero(dst, ty),
            Paren(x) => self.store_expr(*x, dst, fresh),
            Conv(x) => {
                let src = self.mem_of(*x);
                self.copy(dst, src, ty);
            }
            StructLit(_) | ArrayLit(_) => {
                if fresh {
                    self.lit_into(id, dst);
                } else {
                    let t = self.temp(ty);
                    self.lit_into(id, t);
                    self.copy(dst, t, ty);
                }
            }
            Call { .. } => {
                let v = self.call_one(id);
                self.store_operand(dst, ty, &v);
            }
            IndexMap { .. } => {
                let (v, _) = self.map_index(id);
                self.store_operand(dst, ty, &v);
            }
            TypeAssert { .. } => {
                let v = self.type_assert(id);
                self.store_operand(dst, ty, &v);
            }
            SliceToArray(x) => {
                let p = self.slice_to_array_ptr(id, *x, ty);
                self.copy(dst, Mem::object(p), ty);
            }
            Recv(c) => {
                let (v, _) = self.recv(id, *c);
                self.store_operand(dst, ty, &v);
            }
            Init { .. } => {
                let x = self.after_init(id);
                self.store_expr(x, dst, fresh);
            }
            Const(_) => self.zero(dst, ty),
            _ => match self.try_mem(id) {
                Some(src) => self.copy(dst, src, ty),
                None => crate::bug!("ssa", self.f.link_name, "value in memory of kind {:?}", e.kind),
            },
        }
    }

    /// `x != 0` for words.
    pub(super) fn is_nonzero(&mut self, x: Value) -> Value {
        self.cmp_c(Cmp::Ne, x, 0)
    }
}
