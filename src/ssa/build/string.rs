//! Strings: concatenation and conversions.

#![forbid(unsafe_code)]

use std::rc::Rc;

use super::super::ir::{Cmp, Value, ValueList};
use super::Builder;
use super::mem::Mem;
use crate::abi::rtfn::RtFn;
use crate::hir::{Esc, ExprId, ExprKind, StrConv};
use crate::types::{ConstValue, Types};

/// Bytes of the buffer that a string or byte slice which does not escape may use (Go: `tmpStringBufSize`).
const TMP_BUF: u64 = 32;

/// Longest constant that is converted to bytes in the frame (Go: `MaxImplicitStackVarSize`).
const MAX_CONST_BYTES: u64 = 64 << 10;

impl Builder<'_> {
    pub(super) fn add_str(&mut self, id: ExprId, list: &[ExprId]) -> ValueList {
        let e = self.expr(id);
        let parts = self.str_parts(list);
        self.g.pos = e.pos;
        self.concat(&parts, e.esc)
    }

    /// The operands of a concatenation.
    pub(super) fn str_parts(&mut self, list: &[ExprId]) -> Vec<(Value, Value)> {
        let mut parts = Vec::with_capacity(list.len());
        // Concatenation with something copies, so converted bytes need not be.
        let literal = |x: &ExprId| matches!(&self.expr(*x).kind, ExprKind::Const(ConstValue::Str(s)) if !s.is_empty());
        let copies = list.iter().any(literal);
        for &x in list {
            let w = if copies { self.str_words(x) } else { self.words(x) };
            parts.push((w[0], w[1]));
        }
        parts
    }

    /// A string that is only looked at while the operands do not change: bytes converted to it are not copied.
    pub(super) fn str_words(&mut self, x: ExprId) -> ValueList {
        match self.expr(x).kind {
            ExprKind::StrConv(StrConv::BytesToStr, bytes) if !self.hoisted.contains_key(&x) => {
                let w = self.words(bytes);
                w[..2].into()
            }
            _ => self.words(x),
        }
    }

    /// Concatenates strings.
    pub(super) fn concat(&mut self, parts: &[(Value, Value)], esc: Esc) -> ValueList {
        let buf = self.tmp_buf(esc, TMP_BUF);
        let n = parts.len() as u64;
        let words = (0..n as u32).map(|i| i * 16).collect();
        let list = Mem::slot(self.raw_slot(".strs", n * 16, words));
        for (i, &(p, len)) in parts.iter().enumerate() {
            self.store_word(list, i as i64 * 16, p);
            self.store_word(list, i as i64 * 16 + 8, len);
        }
        let list = self.addr_value(list);
        let n = self.int(n);
        self.rt(RtFn::concatstrings, &[buf, list, n]).as_slice().into()
    }

    /// A buffer in the frame for results that stay there, or nil.
    fn tmp_buf(&mut self, esc: Esc, size: u64) -> Value {
        if esc != Esc::Stack {
            return self.nil();
        }
        let slot = self.raw_slot(".buf", size, Vec::new());
        self.slot_addr(slot)
    }

    pub(super) fn str_conv(&mut self, id: ExprId, kind: StrConv, x: ExprId) -> ValueList {
        let e = self.expr(id);
        if let (StrConv::StrToBytes, ExprKind::Const(text)) = (kind, &self.expr(x).kind) {
            let Some(text) = text.to_bytes() else {
                crate::bug!("ssa", self.f.link_name, "not a constant string");
            };
            self.g.pos = e.pos;
            return self.const_bytes(e.esc, &text);
        }
        let w = self.words(x);
        self.g.pos = e.pos;
        match kind {
            StrConv::BytesToStr => {
                let buf = self.tmp_buf(e.esc, TMP_BUF);
                self.rt(RtFn::slicebytetostring, &[buf, w[0], w[1]]).as_slice().into()
            }
            StrConv::RunesToStr => {
                let buf = self.tmp_buf(e.esc, TMP_BUF);
                self.rt(RtFn::slicerunetostring, &[buf, w[0], w[1]]).as_slice().into()
            }
            StrConv::StrAsBytes => {
                // The slice of an empty string is not nil.
                let some = self.g.inst(super::InstKind::StrData(std::rc::Rc::from([0u8; 8])), super::Ty::Ptr);
                let is_empty = self.cmp_c(Cmp::Eq, w[1], 0);
                let data = self.select(is_empty, some, w[0]);
                ValueList::from_slice(&[data, w[1], w[1]])
            }
            StrConv::StrToBytes => {
                let buf = self.tmp_buf(e.esc, TMP_BUF);
                let r = self.rt(RtFn::stringtoslicebyte, &[buf, w[0], w[1]]);
                ValueList::from_slice(&[r[0], w[1], r[1]])
            }
            StrConv::StrToRunes => {
                let buf = self.tmp_buf(e.esc, TMP_BUF * 4);
                let r = self.rt(RtFn::stringtoslicerune, &[buf, w[0], w[1]]);
                let cap = self.g.inst(super::InstKind::Ret2, super::Ty::I64);
                ValueList::from_slice(&[r[0], r[1], cap])
            }
            StrConv::RuneToStr => {
                let signed = self.is_signed(self.ty_of(x));
                let v = self.widen(w[0], signed);
                let buf = self.tmp_buf(e.esc, 4);
                self.rt(RtFn::intstring, &[buf, v]).as_slice().into()
            }
        }
    }

    /// A constant string as bytes, without room for more.
    fn const_bytes(&mut self, esc: Esc, text: &Rc<[u8]>) -> ValueList {
        let len = text.len() as u64;
        let array = self.types.array(Types::UINT8, len);
        let m = if esc == Esc::Stack && len <= MAX_CONST_BYTES {
            self.temp(array)
        } else {
            let pos = self.g.pos;
            Mem::object(self.new_object(array, pos))
        };
        let p = self.addr_value(m);
        if len > 0 {
            let data = self.g.inst(super::InstKind::StrData(text.clone()), super::Ty::Ptr);
            self.copy(m, Mem::object(data), array);
        }
        let len = self.int(len);
        ValueList::from_slice(&[p, len, len])
    }

    /// `len(x)` or `cap(x)`.
    pub(super) fn len_cap(&mut self, id: ExprId, x: ExprId, len: bool) -> Value {
        use crate::types::TypeKind;
        let pos = self.expr(id).pos;
        let ty = self.ty_of(x);
        if let (true, ExprKind::StrConv(StrConv::StrToRunes, s)) = (len, &self.expr(x).kind) {
            // `len([]rune(s))` counts without converting.
            let w = self.words(*s);
            self.g.pos = pos;
            return self.rt1(RtFn::countrunes, &[w[0], w[1]]);
        }
        match self.under(ty) {
            TypeKind::Map { .. } => {
                let m = self.word(x);
                self.g.pos = pos;
                self.rt_length(RtFn::maplen, m)
            }
            TypeKind::Chan { .. } => {
                let c = self.word(x);
                self.g.pos = pos;
                self.rt_length(if len { RtFn::chanlen } else { RtFn::chancap }, c)
            }
            TypeKind::Array { len: n, .. } => {
                // Constant unless the operand has calls or receives, which are evaluated.
                self.operand(x);
                self.int(n)
            }
            TypeKind::Pointer(array) => {
                self.words(x);
                match self.under(array) {
                    TypeKind::Array { len: n, .. } => self.int(n),
                    _ => crate::bug!("ssa", self.f.link_name, "len of a pointer"),
                }
            }
            TypeKind::Slice(_) => {
                // Of a slice in memory only the one word is read.
                if let Some(m) = self.try_mem(x) {
                    self.g.pos = pos;
                    return self.load_length(m, if len { 8 } else { 16 });
                }
                self.words(x)[if len { 1 } else { 2 }]
            }
            _ => {
                if let Some(m) = self.try_mem(x) {
                    self.g.pos = pos;
                    return self.load_length(m, 8);
                }
                self.words(x)[1]
            }
        }
    }

    /// Word `off` of a slice or string in memory.
    fn load_length(&mut self, m: super::mem::Mem, off: i64) -> Value {
        let n = self.load_word(m, off, super::Ty::I64);
        self.g.mark_length(n);
        n
    }

    fn rt_length(&mut self, f: RtFn, of: Value) -> Value {
        let n = self.rt1(f, &[of]);
        self.g.mark_length(n);
        n
    }
}
