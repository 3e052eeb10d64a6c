//! Memory operands: an address with an offset, whether it may be nil, and access to values there.

#![forbid(unsafe_code)]

use super::super::ir::{Addr, InstKind, Slot, Ty, Value, ValueList};
use super::{Builder, Symbol};
use crate::abi::rtfn::RtFn;
use crate::hir::GlobalId;
use crate::source::Pos;
use crate::types::{TypeId, TypeKind};

/// Offsets from a nil pointer below this fault (Go: `minZeroPage`).
pub(super) const NIL_PAGE: i64 = 4096;

/// What an address is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// A pointer of the program.
    Ptr(Value),
    /// An address inside static data (`I64`).
    Static(Value),
    Global(GlobalId),
    Slot(Slot),
}

/// A place in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mem {
    pub(super) base: Base,
    pub(super) off: i64,
    /// The base may be nil, and the access is what finds out.
    pub(super) nil: bool,
    /// Then: where the program goes through the pointer.
    pub(super) at: Pos,
    /// A part of what the base points to was selected.
    pub(super) part: bool,
}

impl Mem {
    pub(super) fn slot(slot: Slot) -> Mem {
        Mem { base: Base::Slot(slot), off: 0, nil: false, at: Pos::NONE, part: false }
    }

    /// What a pointer points to that is known not to be nil.
    pub(super) fn object(p: Value) -> Mem {
        Mem { base: Base::Ptr(p), off: 0, nil: false, at: Pos::NONE, part: false }
    }

    /// What a pointer points to.
    pub(super) fn pointee(p: Value) -> Mem {
        Mem { base: Base::Ptr(p), off: 0, nil: true, at: Pos::NONE, part: false }
    }

    /// The same, reached by the expression at `pos`.
    pub(super) fn reached_at(self, pos: Pos) -> Mem {
        if self.nil { Mem { at: pos, ..self } } else { self }
    }

    /// What lies at an address outside of stacks and heap.
    pub(super) fn static_data(at: Value) -> Mem {
        Mem { base: Base::Static(at), off: 0, nil: false, at: Pos::NONE, part: false }
    }

    pub(super) fn global(g: GlobalId) -> Mem {
        Mem { base: Base::Global(g), off: 0, nil: false, at: Pos::NONE, part: false }
    }

    pub(super) fn offset(self, by: i64) -> Mem {
        Mem { off: self.off + by, part: true, ..self }
    }
}

/// A value: words, or where it is in memory.
#[derive(Debug, Clone)]
pub(super) enum Operand {
    Words(ValueList),
    Mem(Mem),
}

impl Builder<'_> {
    /// A new slot for a value of type `ty`.
    pub(super) fn slot_for(&mut self, name: &str, ty: TypeId) -> Slot {
        let size = self.size_of(ty);
        let mut words = Vec::new();
        // Functions with larger slots are rejected, unless the slot turns out to be unused.
        if size < super::MAX_FRAME {
            self.types.pointer_words(ty, 0, &mut |w| words.push(w as u32));
        }
        self.raw_slot(name, size, words)
    }

    pub(super) fn raw_slot(&mut self, name: &str, size: u64, ptr_words: Vec<u32>) -> Slot {
        let size = size.checked_next_multiple_of(8).unwrap_or(size).max(8);
        let data = super::super::ir::SlotData { name: Symbol::new(name), size, ptr_words, addr_taken: false };
        self.g.func.slots.push(data)
    }

    /// A slot of one pointer.
    pub(super) fn pointer_slot(&mut self, name: &str) -> Slot {
        self.raw_slot(name, 8, vec![0])
    }

    /// A temporary of the frame.
    pub(super) fn temp(&mut self, ty: TypeId) -> Mem {
        Mem::slot(self.slot_for(".tmp", ty))
    }

    pub(super) fn slot_addr(&mut self, slot: Slot) -> Value {
        self.g.func.slots[slot].addr_taken = true;
        self.g.inst(InstKind::SlotAddr(slot), Ty::Ptr)
    }

    /// The machine operand for `m + extra`, and whether the access must check for nil.
    fn address(&mut self, m: Mem, extra: i64) -> (Addr, bool) {
        let off = m.off + extra;
        let fits = i32::try_from(off).is_ok();
        match m.base {
            Base::Slot(s) if fits => (Addr::Slot(s, off as i32), false),
            Base::Slot(s) => {
                let p = self.slot_addr(s);
                let d = self.int(off as u64);
                (Addr::Value(self.g.inst(InstKind::PtrAdd(p, d), Ty::Ptr), 0), false)
            }
            Base::Ptr(p) => {
                if m.nil && off < NIL_PAGE {
                    return (Addr::Value(p, off as i32), true);
                }
                self.checked(m);
                if fits {
                    return (Addr::Value(p, off as i32), false);
                }
                let d = self.int(off as u64);
                (Addr::Value(self.g.inst(InstKind::PtrAdd(p, d), Ty::Ptr), 0), false)
            }
            Base::Static(v) => (self.static_address(v, off), false),
            Base::Global(g) => {
                let v = self.g.inst(InstKind::GlobalAddr(g), Ty::I64);
                (self.static_address(v, off), false)
            }
        }
    }

    fn static_address(&mut self, v: Value, off: i64) -> Addr {
        if let Ok(off) = i32::try_from(off) {
            return Addr::Value(v, off);
        }
        let d = self.int(off as u64);
        Addr::Value(self.bin(super::super::ir::BinOp::Add, v, d), 0)
    }

    /// Makes sure that the base is not nil.
    pub(super) fn checked(&mut self, m: Mem) -> Mem {
        if let (Base::Ptr(p), true) = (m.base, m.nil) {
            let pos = self.g.pos;
            if m.at != Pos::NONE {
                self.g.pos = m.at;
            }
            self.nil_check(p);
            self.g.pos = pos;
        }
        Mem { nil: false, ..m }
    }

    /// A value that is there: reading it from memory will not fault. For what must not happen before a fault, such
    /// as an allocation.
    pub(super) fn reachable(&mut self, v: Operand) -> Operand {
        match v {
            Operand::Mem(m) => Operand::Mem(self.checked(m)),
            v => v,
        }
    }

    pub(super) fn nil_check(&mut self, p: Value) {
        self.g.inst0(InstKind::NilCheck(p));
    }

    /// The address as a value of the program (`Ptr`). Faults where the base is nil.
    pub(super) fn addr_value(&mut self, m: Mem) -> Value {
        let m = self.checked(m);
        let base = match m.base {
            Base::Ptr(p) => p,
            Base::Slot(s) => self.slot_addr(s),
            Base::Static(v) => self.as_ptr(v),
            Base::Global(g) => self.g.inst(InstKind::GlobalAddr(g), Ty::Ptr),
        };
        self.ptr_add(base, m.off)
    }

    pub(super) fn ptr_add(&mut self, p: Value, off: i64) -> Value {
        if off == 0 {
            return p;
        }
        let d = self.int(off as u64);
        self.g.inst(InstKind::PtrAdd(p, d), Ty::Ptr)
    }

    /// The place `delta` (`I64`, not past the object) bytes behind `m`.
    pub(super) fn mem_add(&mut self, m: Mem, delta: Value) -> Mem {
        let m = self.checked(m);
        let base = match m.base {
            Base::Ptr(p) => Base::Ptr(self.g.inst(InstKind::PtrAdd(p, delta), Ty::Ptr)),
            Base::Slot(s) => {
                let p = self.slot_addr(s);
                Base::Ptr(self.g.inst(InstKind::PtrAdd(p, delta), Ty::Ptr))
            }
            Base::Static(v) => Base::Static(self.bin(super::super::ir::BinOp::Add, v, delta)),
            Base::Global(g) => {
                let v = self.g.inst(InstKind::GlobalAddr(g), Ty::I64);
                Base::Static(self.bin(super::super::ir::BinOp::Add, v, delta))
            }
        };
        Mem { base, ..m }
    }

    pub(super) fn load_word(&mut self, m: Mem, extra: i64, ty: Ty) -> Value {
        let (addr, nil_check) = self.address(m, extra);
        self.g.inst(InstKind::Load { addr, nil_check }, ty)
    }

    pub(super) fn store_word(&mut self, m: Mem, extra: i64, value: Value) {
        // Stores of pointers have a barrier in Go, and the check is made before it.
        let m = if m.part && self.g.ty(value) == Ty::Ptr { self.checked(m) } else { m };
        let (addr, nil_check) = self.address(m, extra);
        self.g.inst0(InstKind::Store { addr, value, nil_check });
    }

    /// The words of an SSA-able value in memory.
    pub(super) fn load(&mut self, m: Mem, ty: TypeId) -> ValueList {
        let layout = self.layout(ty);
        debug_assert!(layout.ssa);
        let mut m = m;
        if layout.leaves.is_empty() {
            self.checked(m);
        }
        let mut words = ValueList::new();
        for leaf in &layout.leaves {
            let w = self.load_word(m, i64::from(leaf.off), leaf.ty);
            if leaf.len {
                self.g.mark_length(w);
            }
            words.push(w);
            // The first access has found out; large offsets are looked at one by one.
            m.nil &= m.off + i64::from(leaf.off) >= NIL_PAGE;
        }
        words
    }

    /// Stores an SSA-able value.
    pub(super) fn store(&mut self, m: Mem, ty: TypeId, words: &[Value]) {
        let layout = self.layout(ty);
        debug_assert_eq!(layout.leaves.len(), words.len());
        let whole = matches!(self.under(ty), TypeKind::Struct(_) | TypeKind::Array { .. });
        let mut m = m;
        if words.is_empty() || layout.leaves.len() > 1 {
            // A value of several words is stored as a whole or not at all.
            m = self.checked(m);
        }
        // Pointers last, in what is no struct: no barrier comes before the access that finds out about nil.
        let first = |w: Value, b: &Self| whole || b.g.ty(w) != Ty::Ptr;
        for early in [true, false] {
            for (leaf, &w) in layout.leaves.iter().zip(words) {
                if first(w, self) == early {
                    self.store_word(m, i64::from(leaf.off), w);
                }
            }
        }
    }

    /// Loads a value, or says where it is.
    pub(super) fn load_operand(&mut self, m: Mem, ty: TypeId) -> Operand {
        if self.is_ssa(ty) { Operand::Words(self.load(m, ty)) } else { Operand::Mem(m) }
    }

    pub(super) fn store_operand(&mut self, m: Mem, ty: TypeId, v: &Operand) {
        match v {
            Operand::Words(w) => self.store(m, ty, w),
            Operand::Mem(src) => self.copy(m, *src, ty),
        }
    }

    /// Copies a value between places that are equal or disjoint.
    pub(super) fn copy(&mut self, dst: Mem, src: Mem, ty: TypeId) {
        let size = self.size_of(ty);
        let src = self.checked(src);
        let dst = self.checked(dst);
        if dst == src || size == 0 {
            return;
        }
        if let Ok(size) = u32::try_from(size) {
            let (src, _) = self.address(src, 0);
            let (dst, _) = self.address(dst, 0);
            let pointers = self.types.has_pointers(ty);
            self.g.inst0(InstKind::Move { dst, src, size, pointers });
        } else {
            self.copy_overlapping(dst, src, ty);
        }
    }

    /// Copies a value between places that may overlap in any way.
    pub(super) fn copy_overlapping(&mut self, dst: Mem, src: Mem, ty: TypeId) {
        let n = self.size_of(ty);
        let n = self.int(n);
        let s = self.addr_value(src);
        let d = self.addr_value(dst);
        self.rt(RtFn::memmove, &[d, s, n]);
    }

    /// Clears a value.
    pub(super) fn zero(&mut self, m: Mem, ty: TypeId) {
        let layout = self.layout(ty);
        if layout.ssa {
            let words = self.zero_words(ty);
            return self.store(m, ty, &words);
        }
        let m = self.checked(m);
        if let Ok(size) = u32::try_from(layout.size) {
            let (addr, _) = self.address(m, 0);
            let pointers = self.types.has_pointers(ty);
            self.g.inst0(InstKind::Zero { addr, size, pointers });
        } else {
            let n = self.int(layout.size);
            let p = self.addr_value(m);
            self.rt(RtFn::memclr, &[p, n]);
        }
    }

    /// A copy in a temporary, unless the operand is words.
    pub(super) fn detach(&mut self, v: Operand, ty: TypeId) -> Operand {
        match v {
            Operand::Words(_) => v,
            Operand::Mem(m) => {
                let t = self.temp(ty);
                self.copy(t, m, ty);
                Operand::Mem(t)
            }
        }
    }

    /// The operand in memory: where it is, or a temporary with it.
    pub(super) fn spill(&mut self, v: Operand, ty: TypeId) -> Mem {
        match v {
            Operand::Mem(m) => m,
            Operand::Words(w) => {
                let t = self.temp(ty);
                self.store(t, ty, &w);
                t
            }
        }
    }
}
