//! Where variables live, and allocation.

#![forbid(unsafe_code)]

use super::super::ir::{Block, InstKind, Ty, Value};
use super::mem::{Mem, Operand};
use super::{Builder, Layout, Place, Var, site};
use crate::abi::rtfn::RtFn;
use crate::hir::{Esc, ExprId, ExprKind, LocalId, LocalKind};
use crate::source::Pos;
use crate::types::{TypeId, Types};

/// Bytes of an object that several variables share (Go: `maxAggregatedHeapAllocation`).
const SHARED_SIZE: u64 = 16;

/// An object that has room for more variables.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shared {
    block: Block,
    /// The instruction of the block that says the object's type.
    inst: usize,
    object: Value,
    /// One bit for each byte that is a variable's.
    used: u16,
}

impl Shared {
    /// Finds room for a variable: its offset.
    fn place(&mut self, size: u64, align: u64) -> Option<u64> {
        let bytes = (1u16 << size) - 1;
        let free = |off: &u64| self.used & bytes << off == 0;
        let off = (0..=SHARED_SIZE - size).step_by(align as usize).find(free)?;
        self.used |= bytes << off;
        Some(off)
    }
}

impl Builder<'_> {
    /// Whether a variable lives in SSA values.
    pub(super) fn is_register(&mut self, l: LocalId) -> bool {
        match self.places[l] {
            Place::Reg(_) => return true,
            Place::Mem(_) | Place::Heap(_) => return false,
            Place::Unset => {}
        }
        let f = self.f;
        let data = &f.locals[l];
        !(data.addr_taken
            || data.captured_by_ref
            || data.esc == Esc::Heap
            || (f.has_defer && matches!(data.kind, LocalKind::Result(_))))
            && self.is_ssa(data.ty)
    }

    /// Where a variable lives.
    pub(super) fn place(&mut self, l: LocalId) -> Place {
        if let Place::Unset = self.places[l] {
            let place = if self.f.locals[l].esc == Esc::Heap && !self.is_register(l) {
                Place::Heap(self.g.new_var(Ty::Ptr))
            } else {
                self.fresh_place(l)
            };
            self.places[l] = place;
        }
        self.places[l]
    }

    /// A place for a variable; an object on the heap is allocated now.
    pub(super) fn fresh_place(&mut self, l: LocalId) -> Place {
        let f = self.f;
        let data = &f.locals[l];
        if self.is_register(l) {
            let layout = self.layout(data.ty);
            return Place::Reg(self.leaf_vars(&layout));
        }
        if data.esc == Esc::Heap {
            return Place::Heap(self.new_heap_local(l));
        }
        Place::Mem(Mem::slot(self.slot_for(data.name.as_str(), data.ty)))
    }

    /// Variables for the leaves of a type; the first one.
    fn leaf_vars(&mut self, layout: &Layout) -> Var {
        let mut first = None;
        for leaf in &layout.leaves {
            let v = if leaf.len { self.g.new_len_var() } else { self.g.new_var(leaf.ty) };
            first.get_or_insert(v);
        }
        // A value without words: any number will do, nothing reads it.
        first.unwrap_or(0)
    }

    /// A variable in registers with these words.
    pub(super) fn reg_place(&mut self, ty: TypeId, words: &[Value]) -> Place {
        let layout = self.layout(ty);
        let var = self.leaf_vars(&layout);
        self.write_vars(var, words);
        Place::Reg(var)
    }

    /// Allocates a variable's object: the variable that holds the pointer.
    pub(super) fn new_heap_local(&mut self, l: LocalId) -> Var {
        let var = self.g.new_var(Ty::Ptr);
        self.renew_heap_local(l, var);
        var
    }

    /// Gives a variable on the heap a new object.
    pub(super) fn renew_heap_local(&mut self, l: LocalId, var: Var) {
        let f = self.f;
        let data = &f.locals[l];
        let p = self.new_variable(data.ty, data.pos);
        self.g.write_var(var, p);
    }

    pub(super) fn heap_mem(&mut self, var: Var) -> Mem {
        Mem::object(self.g.read_var(var))
    }

    /// The memory of a variable that does not live in registers.
    pub(super) fn place_mem(&mut self, place: Place) -> Option<Mem> {
        match place {
            Place::Mem(m) => Some(m),
            Place::Heap(var) => Some(self.heap_mem(var)),
            Place::Reg(_) | Place::Unset => None,
        }
    }

    pub(super) fn local_mem(&mut self, l: LocalId) -> Option<Mem> {
        let place = self.place(l);
        self.place_mem(place)
    }

    /// A zeroed object on the heap.
    pub(super) fn new_object(&mut self, ty: TypeId, pos: Pos) -> Value {
        let t = self.type_desc(ty);
        let s = self.int(site(pos));
        self.rt1(RtFn::newobject, &[t, s])
    }

    /// A variable on the heap. As Go's compiler, several small ones without pointers that come into being in one
    /// block share an object.
    fn new_variable(&mut self, ty: TypeId, pos: Pos) -> Value {
        let size = self.size_of(ty);
        if size == 0 || size >= SHARED_SIZE || self.types.has_pointers(ty) {
            return self.new_object(ty, pos);
        }
        let align = self.layout(ty).align.max(1);
        let (block, at) = self.g.here();
        if let Some(shared) = &mut self.shared
            && shared.block == block
            && let Some(off) = shared.place(size, align)
        {
            let (inst, p) = (shared.inst, shared.object);
            let whole = if shared.used < 1 << 8 { Types::UINT64 } else { Types::COMPLEX128 };
            self.g.func.blocks[block].insts[inst].kind = InstKind::TypeDesc(whole);
            return self.ptr_add(p, off as i64);
        }
        let object = self.new_object(ty, pos);
        let mut shared = Shared { block, inst: at, object, used: 0 };
        shared.place(size, align);
        self.shared = Some(shared);
        object
    }

    /// Memory for a value: zeroed on the heap, with any contents in the frame.
    pub(super) fn alloc(&mut self, ty: TypeId, esc: Esc, pos: Pos) -> Mem {
        if esc == Esc::Stack {
            return self.temp(ty);
        }
        Mem::object(self.new_object(ty, pos))
    }

    /// Clears memory that [`alloc`](Self::alloc) gave.
    pub(super) fn zero_fresh(&mut self, m: Mem, ty: TypeId) {
        if matches!(m.base, super::mem::Base::Slot(_)) {
            self.zero(m, ty);
        }
    }

    /// `&T{…}` or `new(x)`.
    pub(super) fn ptr_lit(&mut self, id: ExprId, x: ExprId) -> Value {
        let e = self.expr(id);
        let ty = self.ty_of(x);
        // Operands first: the object may be one that an earlier iteration of a loop made here.
        if self.is_ssa(ty) {
            let w = self.words(x);
            self.g.pos = e.pos;
            let m = self.alloc(ty, e.esc, e.pos);
            self.store(m, ty, &w);
            return self.addr_value(m);
        }
        let v = match &self.expr(x).kind {
            ExprKind::StructLit(_) | ExprKind::ArrayLit(_) if e.esc != Esc::Stack => None,
            _ => Some(self.operand(x)),
        };
        self.g.pos = e.pos;
        let m = match v {
            // The literal was built in a temporary of its own, which becomes the object.
            Some(Operand::Mem(m)) if e.esc == Esc::Stack && self.is_literal(x) => m,
            Some(v) => {
                let m = self.alloc(ty, e.esc, e.pos);
                self.store_operand(m, ty, &v);
                m
            }
            None => {
                let m = self.alloc(ty, e.esc, e.pos);
                self.store_expr(x, m, true);
                m
            }
        };
        self.addr_value(m)
    }

    fn is_literal(&self, x: ExprId) -> bool {
        matches!(self.expr(x).kind, ExprKind::StructLit(_) | ExprKind::ArrayLit(_))
    }
}
