//! Small words for making instructions.

#![forbid(unsafe_code)]

use smallvec::smallvec;

use super::super::ir::{
    BinOp, Block, Callee, CheckKind, Cmp, ConvOp, FCmp, InstKind, Results, Ty, UnOp, Value, ValueList,
};
use super::Builder;
use super::cfg::Var;
use crate::abi::rtfn::{RtFn, Word};
use crate::types::TypeId;

impl Builder<'_> {
    /// An `I64` constant.
    pub(super) fn int(&mut self, v: u64) -> Value {
        self.g.inst(InstKind::Const(v), Ty::I64)
    }

    pub(super) fn iconst(&mut self, ty: Ty, v: u64) -> Value {
        self.g.inst(InstKind::Const(v), ty)
    }

    pub(super) fn nil(&mut self) -> Value {
        self.g.inst(InstKind::Const(0), Ty::Ptr)
    }

    pub(super) fn bool(&mut self, v: bool) -> Value {
        self.g.inst(InstKind::Const(u64::from(v)), Ty::I8)
    }

    /// The zero of a machine type.
    pub(super) fn zero_of(&mut self, ty: Ty) -> Value {
        match ty {
            Ty::F32 | Ty::F64 => self.g.inst(InstKind::FConst(0), ty),
            _ => self.g.inst(InstKind::Const(0), ty),
        }
    }

    /// The words of a type's zero value.
    pub(super) fn zero_words(&mut self, ty: TypeId) -> ValueList {
        let layout = self.layout(ty);
        layout.leaves.iter().map(|l| self.zero_of(l.ty)).collect()
    }

    pub(super) fn bin(&mut self, op: BinOp, x: Value, y: Value) -> Value {
        let ty = self.g.ty(x);
        self.g.inst(InstKind::Bin(op, x, y), ty)
    }

    /// `x op c` with a constant of the same type.
    pub(super) fn bin_c(&mut self, op: BinOp, x: Value, c: u64) -> Value {
        let ty = self.g.ty(x);
        let ty_c = if matches!(op, BinOp::Shl | BinOp::UShr | BinOp::SShr) { Ty::I64 } else { ty };
        let y = self.iconst(ty_c, c);
        self.g.inst(InstKind::Bin(op, x, y), ty)
    }

    pub(super) fn un(&mut self, op: UnOp, x: Value) -> Value {
        let ty = self.g.ty(x);
        self.g.inst(InstKind::Un(op, x), ty)
    }

    pub(super) fn conv(&mut self, op: ConvOp, x: Value, ty: Ty) -> Value {
        if self.g.ty(x) == ty && !matches!(op, ConvOp::Bitcast) {
            return x;
        }
        self.g.inst(InstKind::Conv(op, x), ty)
    }

    /// An integer of any width as `I64`.
    pub(super) fn widen(&mut self, x: Value, signed: bool) -> Value {
        self.conv(if signed { ConvOp::SExt } else { ConvOp::ZExt }, x, Ty::I64)
    }

    pub(super) fn as_ptr(&mut self, x: Value) -> Value {
        self.conv(ConvOp::ToPtr, x, Ty::Ptr)
    }

    pub(super) fn cmp(&mut self, c: Cmp, x: Value, y: Value) -> Value {
        self.g.inst(InstKind::Cmp(c, x, y), Ty::I8)
    }

    /// `x c constant`
    pub(super) fn cmp_c(&mut self, c: Cmp, x: Value, y: u64) -> Value {
        let y = self.iconst(self.g.ty(x), y);
        self.cmp(c, x, y)
    }

    pub(super) fn fcmp(&mut self, c: FCmp, x: Value, y: Value) -> Value {
        self.g.inst(InstKind::FCmp(c, x, y), Ty::I8)
    }

    pub(super) fn select(&mut self, cond: Value, x: Value, y: Value) -> Value {
        let ty = self.g.ty(x);
        self.g.inst(InstKind::Select(cond, x, y), ty)
    }

    /// The logical negation of a boolean.
    pub(super) fn not(&mut self, x: Value) -> Value {
        self.bin_c(BinOp::Xor, x, 1)
    }

    /// A boolean from a runtime function's result word.
    pub(super) fn truth(&mut self, word: Value) -> Value {
        self.conv(ConvOp::Trunc, word, Ty::I8)
    }

    pub(super) fn check(&mut self, kind: CheckKind, x: Value, y: Option<Value>) {
        self.g.inst0(InstKind::Check { kind, x, y });
    }

    /// Calls the runtime. Behind a call that does not return, what is made is unreachable.
    pub(super) fn rt(&mut self, f: RtFn, args: &[Value]) -> Results {
        debug_assert_eq!(args.len(), f.params().len(), "{}", f.name());
        let results: Results = f
            .results()
            .iter()
            .map(|w| {
                self.g.new_value(match w {
                    Word::p => Ty::Ptr,
                    Word::i => Ty::I64,
                    Word::d => Ty::F64,
                })
            })
            .collect();
        let sig = self.cache.no_sig.clone();
        let kind = InstKind::Call { callee: Callee::Runtime(f), args: args.into(), sig };
        self.g.push(kind, results.clone());
        if f.noreturn() {
            self.g.unreachable();
        }
        results
    }

    /// The only result of a runtime call.
    pub(super) fn rt1(&mut self, f: RtFn, args: &[Value]) -> Value {
        self.rt(f, args)[0]
    }

    pub(super) fn type_desc(&mut self, ty: TypeId) -> Value {
        self.g.inst(InstKind::TypeDesc(ty), Ty::I64)
    }

    // ---- variables of several words

    /// New variables for words of these types; the first one.
    pub(super) fn new_vars(&mut self, tys: impl IntoIterator<Item = Ty>) -> Var {
        let mut first = None;
        for ty in tys {
            let v = self.g.new_var(ty);
            first.get_or_insert(v);
        }
        // A value without words: any number will do, nothing reads it.
        first.unwrap_or(0)
    }

    pub(super) fn write_vars(&mut self, first: Var, words: &[Value]) {
        for (i, &w) in words.iter().enumerate() {
            self.g.write_var(first + i as Var, w);
        }
    }

    pub(super) fn read_vars(&mut self, first: Var, n: usize) -> ValueList {
        (0..n).map(|i| self.g.read_var(first + i as Var)).collect()
    }

    // ---- shapes of control flow

    /// `if cond { then() } else { els() }` for values: both yield words of the same types.
    pub(super) fn if_else(
        &mut self,
        cond: Value,
        then: impl FnOnce(&mut Self) -> ValueList,
        els: impl FnOnce(&mut Self) -> ValueList,
    ) -> ValueList {
        let (t, e, join) = (self.g.new_block(), self.g.new_block(), self.g.new_block());
        self.g.branch(cond, t, e);
        self.g.start(t);
        let a = then(self);
        let vars = self.new_vars(a.iter().map(|&v| self.g.ty(v)).collect::<Vec<_>>());
        if !self.g.is_dead() {
            self.write_vars(vars, &a);
        }
        self.g.jump(join);
        self.g.start(e);
        let b = els(self);
        if !self.g.is_dead() {
            self.write_vars(vars, &b);
        }
        self.g.jump(join);
        self.g.start(join);
        self.read_vars(vars, a.len())
    }

    /// Runs `body` where `cond` holds, rarely.
    pub(super) fn if_cold(&mut self, cond: Value, body: impl FnOnce(&mut Self)) {
        let (t, join) = (self.g.new_cold_block(), self.g.new_block());
        self.g.branch(cond, t, join);
        self.g.start(t);
        body(self);
        self.g.jump(join);
        self.g.start(join);
    }

    /// A new block that is a loop's head: reached from here, sealed by the caller.
    pub(super) fn loop_head(&mut self) -> Block {
        let head = self.g.new_block();
        self.g.jump(head);
        self.g.switch_to(head);
        head
    }

    pub(super) fn one(v: Value) -> ValueList {
        smallvec![v]
    }
}
