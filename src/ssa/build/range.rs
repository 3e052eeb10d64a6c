//! `for range` over integers, arrays, slices, strings, maps and channels.

#![forbid(unsafe_code)]

use super::super::ir::{BinOp, Block, Cmp, Ty, Value};
use super::cfg::Var;
use super::mem::{Mem, Operand};
use super::{Builder, span_of};
use crate::abi::rtfn::{MAP_ITER_PTRS, MAP_ITER_WORDS, RtFn};
use crate::hir::{ExprId, ExprKind, LabelId, Stmt, StmtKind, StrConv};
use crate::types::{TypeId, TypeKind, Types};

/// The parts of a range statement.
#[derive(Clone, Copy)]
struct Range<'a> {
    label: Option<LabelId>,
    key: Option<ExprId>,
    value: Option<ExprId>,
    define: bool,
    body: &'a [Stmt],
    pos: crate::source::Pos,
}

impl Builder<'_> {
    pub(super) fn range(&mut self, s: &Stmt) {
        let StmtKind::Range { label, key, value, x, define, body, .. } = &s.kind else {
            crate::bug!("ssa", self.f.link_name, "not a range statement");
        };
        let r = Range { label: *label, key: *key, value: *value, define: *define, body, pos: s.pos };
        let ty = self.ty_of(*x);
        match self.under(ty) {
            TypeKind::Basic(b) if b.is_string() => self.range_string(r, *x),
            TypeKind::Basic(_) => self.range_int(r, *x),
            TypeKind::Slice(elem) => {
                let s = match self.expr(*x).kind {
                    // Nobody else sees the bytes of a string: they need no copy.
                    ExprKind::StrConv(StrConv::StrToBytes | StrConv::StrAsBytes, s) => self.top_words(s),
                    _ => self.top_words(*x),
                };
                self.range_elems(r, s[0], s[1], elem);
            }
            TypeKind::Array { elem, len } => self.range_array(r, *x, elem, len),
            TypeKind::Pointer(array) => {
                let TypeKind::Array { elem, len } = self.under(array) else {
                    crate::bug!("ssa", self.f.link_name, "range over a pointer");
                };
                let p = self.top_word(*x);
                let n = self.int(len);
                if r.value.is_some() && len > 0 {
                    self.g.pos = r.pos;
                    self.nil_check(p);
                }
                self.range_elems(r, p, n, elem);
            }
            TypeKind::Map { key, elem } => self.range_map(r, *x, ty, key, elem),
            TypeKind::Chan { elem, .. } => self.range_chan(r, *x, elem),
            _ => {
                let e = self.expr(*x);
                self.unsupported(span_of(e), "range over this type");
            }
        }
    }

    /// The variables of an iteration.
    fn iteration(&mut self, r: Range<'_>, key: Option<(TypeId, Operand)>, value: Option<(TypeId, Operand)>) {
        self.g.pos = r.pos;
        if r.define {
            for (x, v) in [(r.key, key), (r.value, value)] {
                let (Some(x), Some((_, v))) = (x, v) else {
                    continue;
                };
                let ExprKind::Local(l) = self.expr(x).kind else {
                    crate::bug!("ssa", self.f.link_name, "range defines something else than a variable");
                };
                self.decl(l, true);
                self.set_local(l, &v);
            }
            return;
        }
        let lhs = [r.key.filter(|_| key.is_some()), r.value.filter(|_| value.is_some())];
        let none = || (Types::BOOL, Operand::Words(Default::default()));
        let values = vec![key.unwrap_or_else(none), value.unwrap_or_else(none)];
        for &l in lhs.iter().flatten() {
            self.hoist_operands(l);
        }
        self.assign_values(&lhs, values);
    }

    /// A loop over `0 <= i < n`: `vars` gives the iteration's variables.
    fn counted(&mut self, r: Range<'_>, n: Value, signed: bool, vars: impl FnOnce(&mut Self, Value)) {
        let ty = self.g.ty(n);
        let i = self.g.new_var(ty);
        let zero = self.iconst(ty, 0);
        self.g.write_var(i, zero);
        let (body, cont, exit) = (self.g.new_block(), self.g.new_block(), self.g.new_block());
        // Tested before the loop and at its end: one branch per iteration.
        let test = |s: &mut Self| {
            s.g.pos = r.pos;
            let iv = s.g.read_var(i);
            let more = s.cmp(if signed { Cmp::SLt } else { Cmp::ULt }, iv, n);
            s.g.branch(more, body, exit);
        };
        test(self);
        self.g.switch_to(body);
        let iv = self.g.read_var(i);
        vars(self, iv);
        self.with_jumps(r.label, exit, Some(cont), |s| s.stmts(r.body));
        self.g.jump(cont);
        self.g.start(cont);
        self.g.pos = r.pos;
        if !self.g.is_dead() {
            self.step(i);
            test(self);
        }
        self.g.close();
        self.g.seal(body);
        self.g.start(exit);
    }

    fn step(&mut self, i: Var) {
        let v = self.g.read_var(i);
        let next = self.bin_c(BinOp::Add, v, 1);
        self.g.write_var(i, next);
    }

    fn range_int(&mut self, r: Range<'_>, x: ExprId) {
        let ty = self.ty_of(x);
        let n = self.top_word(x);
        let signed = self.is_signed(ty);
        self.counted(r, n, signed, |b, i| {
            b.iteration(r, Some((ty, Operand::Words(Self::one(i)))), None);
        });
    }

    fn range_elems(&mut self, r: Range<'_>, p: Value, n: Value, elem: TypeId) {
        self.counted(r, n, true, |b, i| {
            let value = r.value.is_some().then(|| {
                b.g.pos = r.pos;
                let m = b.elem_mem(p, elem, i);
                (elem, b.load_operand(m, elem))
            });
            b.iteration(r, Some((Types::INT, Operand::Words(Self::one(i)))), value);
        });
    }

    fn range_array(&mut self, r: Range<'_>, x: ExprId, elem: TypeId, len: u64) {
        let ty = self.ty_of(x);
        let n = self.int(len);
        if len == 0 {
            return self.effect(x);
        }
        if r.value.is_none() {
            // Only evaluated where it has calls.
            if self.has_calls(x) {
                self.top(x);
            }
            return self.range_elems(r, n, n, elem);
        }
        // The elements are those that the array had before the loop.
        let v = self.top(x);
        match self.detach(v, ty) {
            Operand::Mem(m) => {
                let p = self.addr_value(m);
                self.range_elems(r, p, n, elem);
            }
            Operand::Words(w) => self.counted(r, n, true, |b, i| {
                let key = (Types::INT, Operand::Words(Self::one(i)));
                b.iteration(r, Some(key), Some((elem, Operand::Words(w))));
            }),
        }
    }

    fn range_string(&mut self, r: Range<'_>, x: ExprId) {
        let s = self.top_words(x);
        let (p, n) = (s[0], s[1]);
        let (i, next) = (self.g.new_var(Ty::I64), self.g.new_var(Ty::I64));
        let zero = self.int(0);
        self.g.write_var(i, zero);
        let (body, cont, exit) = (self.g.new_block(), self.g.new_block(), self.g.new_block());
        let head = self.loop_head();
        self.g.pos = r.pos;
        let iv = self.g.read_var(i);
        let more = self.cmp(Cmp::SLt, iv, n);
        self.g.branch(more, body, exit);
        self.g.start(body);
        let m = self.elem_mem(p, Types::UINT8, iv);
        let c = self.load_word(m, 0, Ty::I8);
        let ascii = self.cmp_c(Cmp::ULt, c, 0x80);
        let decoded = self.if_else(
            ascii,
            |b| {
                let rune = b.conv(super::super::ir::ConvOp::ZExt, c, Ty::I32);
                let next = b.bin_c(BinOp::Add, iv, 1);
                super::ValueList::from_slice(&[rune, next])
            },
            |b| {
                let d = b.rt(RtFn::decoderune, &[p, n, iv]);
                let rune = b.conv(super::super::ir::ConvOp::Trunc, d[0], Ty::I32);
                super::ValueList::from_slice(&[rune, d[1]])
            },
        );
        self.g.write_var(next, decoded[1]);
        let rune = Operand::Words(Self::one(decoded[0]));
        self.iteration(r, Some((Types::INT, Operand::Words(Self::one(iv)))), Some((Types::INT32, rune)));
        self.with_jumps(r.label, exit, Some(cont), |s| s.stmts(r.body));
        self.g.jump(cont);
        self.g.start(cont);
        self.g.pos = r.pos;
        let v = self.g.read_var(next);
        self.g.write_var(i, v);
        self.g.jump(head);
        self.g.seal(head);
        self.g.start(exit);
    }

    fn range_map(&mut self, r: Range<'_>, x: ExprId, ty: TypeId, kt: TypeId, et: TypeId) {
        let m = self.top_word(x);
        self.g.pos = r.pos;
        let words = (0..MAP_ITER_PTRS as u32).map(|i| i * 8).collect();
        let iter = Mem::slot(self.raw_slot(".iter", MAP_ITER_WORDS as u64 * 8, words));
        self.clear_slot(iter, MAP_ITER_WORDS as u32 * 8);
        let t = self.type_desc(ty);
        let it = self.addr_value(iter);
        self.rt(RtFn::mapiterinit, &[t, m, it]);
        let (body, cont, exit) = (self.g.new_block(), self.g.new_block(), self.g.new_block());
        let head = self.loop_head();
        let k = self.load_word(iter, 0, Ty::Ptr);
        let end = self.cmp_c(Cmp::Eq, k, 0);
        self.g.branch(end, exit, body);
        self.g.start(body);
        // Both are read before the body can change the map.
        let key = r.key.is_some().then(|| {
            let v = self.load_operand(Mem::object(k), kt);
            (kt, self.detach(v, kt))
        });
        let value = r.value.is_some().then(|| {
            let p = self.load_word(iter, 8, Ty::Ptr);
            let v = self.load_operand(Mem::object(p), et);
            (et, self.detach(v, et))
        });
        self.iteration(r, key, value);
        self.with_jumps(r.label, exit, Some(cont), |s| s.stmts(r.body));
        self.g.jump(cont);
        self.g.start(cont);
        self.g.pos = r.pos;
        let it = self.addr_value(iter);
        self.rt(RtFn::mapiternext, &[it]);
        self.g.jump(head);
        self.g.seal(head);
        self.g.start(exit);
    }

    fn range_chan(&mut self, r: Range<'_>, x: ExprId, elem: TypeId) {
        let ch = self.top_word(x);
        let (body, exit): (Block, Block) = (self.g.new_block(), self.g.new_block());
        let head = self.loop_head();
        self.g.pos = r.pos;
        let (v, ok) = self.recv_from(ch, elem);
        self.g.branch(ok, body, exit);
        self.g.start(body);
        // A range over a channel has one variable, in the key's place.
        self.iteration(r, Some((elem, v)), None);
        self.with_jumps(r.label, exit, Some(head), |s| s.stmts(r.body));
        self.g.jump(head);
        self.g.seal(head);
        self.g.start(exit);
    }
}
