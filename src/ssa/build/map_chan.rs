//! Maps and channels: everything is a call of the runtime, with keys and elements in memory.

#![forbid(unsafe_code)]

use super::super::ir::{Addr, InstKind, Value, ValueList};
use super::Builder;
use super::mem::{Mem, Operand};
use crate::abi::rtfn::{MAP_GROUP, MAP_WORDS, RtFn};
use crate::hir::{Esc, ExprId, ExprKind};
use crate::types::sizes::align_up;
use crate::types::{TypeId, TypeKind};

/// Largest slot of a map whose first group is in the frame, in bytes.
const MAX_SLOT_IN_FRAME: u64 = 256;

impl Builder<'_> {
    fn map_types(&self, map: TypeId) -> (TypeId, TypeId) {
        match *self.types.underlying_kind(map) {
            TypeKind::Map { key, elem } => (key, elem),
            _ => crate::bug!("ssa", self.f.link_name, "not a map type"),
        }
    }

    pub(super) fn make_map(&mut self, id: ExprId, hint: Option<ExprId>) -> ValueList {
        let e = self.expr(id);
        let n = match hint {
            Some(h) => self.index_word(h).0,
            None => self.int(0),
        };
        self.g.pos = e.pos;
        let known = match hint.map(|h| &self.expr(h).kind) {
            None => Some(0),
            Some(ExprKind::Const(v)) => v.to_bits64(),
            Some(_) => None,
        };
        Self::one(self.new_map(e.ty, e.esc, n, known))
    }

    /// A new map for `n` entries; `known`: their number, if it is constant.
    fn new_map(&mut self, ty: TypeId, esc: Esc, n: Value, known: Option<u64>) -> Value {
        let t = self.type_desc(ty);
        if esc != Esc::Stack {
            return self.rt1(RtFn::makemap, &[t, n]);
        }
        let header = self.raw_slot(".map", MAP_WORDS * 8, vec![0, 8]);
        let (kt, et) = self.map_types(ty);
        let (k, e) = (self.types.size_align(kt), self.types.size_align(et));
        // As the runtime lays slots out.
        let elem_off = align_up(k.0, e.1.max(1));
        let align = k.1.max(e.1).max(1);
        let slot_size = align_up(elem_off + e.0, align).max(align);
        let group = if known.is_some_and(|n| n <= MAP_GROUP) && slot_size <= MAX_SLOT_IN_FRAME {
            let mut words = Vec::new();
            for i in 0..MAP_GROUP {
                let at = MAP_GROUP + i * slot_size;
                self.types.pointer_words(kt, at, &mut |w| words.push(w as u32));
                self.types.pointer_words(et, at + elem_off, &mut |w| words.push(w as u32));
            }
            words.sort_unstable();
            let slot = self.raw_slot(".group", MAP_GROUP + MAP_GROUP * slot_size, words);
            self.slot_addr(slot)
        } else {
            self.nil()
        };
        let header = self.slot_addr(header);
        self.rt1(RtFn::makemapin, &[t, n, header, group])
    }

    /// Address of a key: a temporary, or where it is.
    pub(super) fn key_addr(&mut self, key_ty: TypeId, key: Operand) -> Value {
        let m = self.spill(key, key_ty);
        self.addr_value(m)
    }

    /// `m[k]` read: the element, and whether it is there.
    pub(super) fn map_index(&mut self, id: ExprId) -> (Operand, Value) {
        let e = self.expr(id);
        let ExprKind::IndexMap { x, key } = e.kind else {
            crate::bug!("ssa", self.f.link_name, "not a map index");
        };
        let ty = self.ty_of(x);
        let (kt, et) = self.map_types(ty);
        let m = self.word(x);
        let k = match self.expr(key).kind {
            ExprKind::StrConv(..) => Operand::Words(self.str_words(key)),
            _ => self.operand(key),
        };
        self.g.pos = e.pos;
        self.map_read(ty, m, kt, k, et)
    }

    pub(super) fn map_read(&mut self, ty: TypeId, m: Value, kt: TypeId, k: Operand, et: TypeId) -> (Operand, Value) {
        let k = self.key_addr(kt, k);
        let t = self.type_desc(ty);
        let r = self.rt(RtFn::mapaccess, &[t, m, k]);
        let ok = self.truth(r[1]);
        // The element is read before the map can change.
        let v = self.load_operand(Mem::object(r[0]), et);
        (self.detach(v, et), ok)
    }

    /// The element of `m[k]` for writing, inserted where it is new.
    pub(super) fn map_assign(&mut self, ty: TypeId, m: Value, key: Operand) -> Mem {
        let (kt, _) = self.map_types(ty);
        let k = self.key_addr(kt, key);
        let t = self.type_desc(ty);
        Mem::object(self.rt1(RtFn::mapassign, &[t, m, k]))
    }

    pub(super) fn map_delete(&mut self, id: ExprId, map: ExprId, key: ExprId) {
        let ty = self.ty_of(map);
        let (kt, _) = self.map_types(ty);
        let m = self.word(map);
        let k = self.operand(key);
        self.g.pos = self.expr(id).pos;
        let k = self.key_addr(kt, k);
        let t = self.type_desc(ty);
        self.rt(RtFn::mapdelete, &[t, m, k]);
    }

    pub(super) fn map_lit(&mut self, id: ExprId, entries: &[(ExprId, ExprId)]) -> ValueList {
        let e = self.expr(id);
        let (_, et) = self.map_types(e.ty);
        let n = self.int(entries.len() as u64);
        let m = self.new_map(e.ty, e.esc, n, Some(entries.len() as u64));
        for &(k, v) in entries {
            // Entry by entry, each like an assignment.
            self.hoist_operands(k);
            let key = self.top(k);
            let kt = self.ty_of(k);
            let key = self.detach(key, kt);
            let value = self.top(v);
            self.g.pos = self.expr(v).pos;
            let at = self.map_assign(e.ty, m, key);
            self.store_operand(at, et, &value);
        }
        Self::one(m)
    }

    // ---- channels

    pub(super) fn make_chan(&mut self, id: ExprId, size: Option<ExprId>) -> ValueList {
        let e = self.expr(id);
        let n = match size {
            Some(x) => self.index_word(x).0,
            None => self.int(0),
        };
        self.g.pos = e.pos;
        let t = self.type_desc(e.ty);
        Self::one(self.rt1(RtFn::makechan, &[t, n]))
    }

    /// `<-c`: the value, and whether it was sent.
    pub(super) fn recv(&mut self, id: ExprId, c: ExprId) -> (Operand, Value) {
        let e = self.expr(id);
        let elem = self.elem_of(self.ty_of(c));
        let ch = self.word(c);
        self.g.pos = e.pos;
        self.recv_from(ch, elem)
    }

    pub(super) fn recv_from(&mut self, ch: Value, elem: TypeId) -> (Operand, Value) {
        let t = self.temp(elem);
        let p = self.addr_value(t);
        let ok = self.rt1(RtFn::chanrecv, &[ch, p]);
        let ok = self.truth(ok);
        (self.load_operand(t, elem), ok)
    }

    pub(super) fn send(&mut self, chan: ExprId, value: ExprId) {
        let pos = self.g.pos;
        self.hoist_operands(chan);
        self.hoist_operands(value);
        let elem = self.elem_of(self.ty_of(chan));
        let ch = self.word(chan);
        let v = self.operand(value);
        self.g.pos = pos;
        let m = self.spill(v, elem);
        let p = self.addr_value(m);
        self.rt(RtFn::chansend, &[ch, p]);
    }

    /// Clears the words of a slot.
    pub(super) fn clear_slot(&mut self, m: Mem, size: u32) {
        let super::mem::Base::Slot(slot) = m.base else {
            crate::bug!("ssa", self.f.link_name, "not a slot");
        };
        self.g.inst0(InstKind::Zero { addr: Addr::Slot(slot, 0), size, pointers: false });
    }
}
