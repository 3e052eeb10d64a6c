//! Slices: slicing, `make`, `append`, `copy`, conversion to arrays.

#![forbid(unsafe_code)]

use super::super::ir::{Addr, BinOp, Block, CheckKind, Cmp, InstKind, Slot, Ty, Value, ValueList};
use super::cfg::Var;
use super::mem::{Mem, Operand};
use super::{Builder, Place, site};
use crate::abi::rtfn::RtFn;
use crate::hir::{Elem, Esc, ExprId, ExprKind, LocalId};
use crate::types::{TypeId, TypeKind, Types};

/// A `make` of variable size that does not escape uses the frame up to this many bytes (Go:
/// `VariableMakeThreshold`).
const VARIABLE_MAKE: u64 = 32;

/// Largest array of the frame that a `make` may have; escape analysis has larger ones on the heap.
const MAX_FRAME_ARRAY: u64 = 1 << 20;

/// An array of the frame for the first elements of a slice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Buffer {
    slot: Slot,
    /// In elements.
    len: u64,
    /// Says whether the array is in use, which it can be once. `None`: it is used again and again, as nobody
    /// else knows of it.
    used: Option<Var>,
    /// There is an `append` for it.
    taken: bool,
}

/// A slicing operand with whether its type is unsigned.
type Bound = Option<(Value, bool)>;

impl Builder<'_> {
    pub(super) fn slice_expr(&mut self, id: ExprId) -> ValueList {
        let e = self.expr(id);
        let ExprKind::Slice { x, lo, hi, max } = e.kind else {
            crate::bug!("ssa", self.f.link_name, "not a slice expression");
        };
        let xt = self.ty_of(x);
        let x_words = match self.under(xt) {
            TypeKind::Pointer(array) => {
                let TypeKind::Array { len, .. } = self.under(array) else {
                    crate::bug!("ssa", self.f.link_name, "slice of a pointer to no array");
                };
                // `&a` of an addressable array, or a pointer that must not be nil.
                let m = self.pointed(x);
                self.g.pos = e.pos;
                let p = self.addr_value(m);
                let n = self.int(len);
                ValueList::from_slice(&[p, n, n])
            }
            _ => self.words(x),
        };
        let bound = |b: &mut Self, x: Option<ExprId>| x.map(|x| b.index_word(x));
        let lo_const = lo.and_then(|x| self.const_int(x));
        let (i, j, k) = (bound(self, lo), bound(self, hi), bound(self, max));
        self.g.pos = e.pos;
        let (elem, is_slice, is_str) = match self.under(xt) {
            TypeKind::Pointer(array) => (self.elem_of(array), false, false),
            TypeKind::Slice(elem) => (elem, true, false),
            _ => (Types::UINT8, false, true),
        };
        let i = if lo_const == Some(0) { None } else { i };
        let (ptr, len) = (x_words[0], x_words[1]);
        let cap = if is_str { len } else { x_words[2] };
        self.slice_words(ptr, len, cap, elem, [i, j, k], is_slice, is_str)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one slice expression")]
    fn slice_words(
        &mut self,
        ptr: Value,
        len: Value,
        cap: Value,
        elem: TypeId,
        [i, j, k]: [Bound; 3],
        is_slice: bool,
        is_str: bool,
    ) -> ValueList {
        let check = |b: &mut Self, x: (Value, bool), y: Value, signed: RtFn, unsigned: RtFn| {
            b.check(CheckKind::ULe(if x.1 { unsigned } else { signed }), x.0, Some(y));
        };
        let mut end_cap = cap;
        let end;
        if let Some(k) = k {
            if is_slice {
                check(self, k, cap, RtFn::panicSlice3Acap, RtFn::panicSlice3AcapU);
            } else {
                check(self, k, cap, RtFn::panicSlice3Alen, RtFn::panicSlice3AlenU);
            }
            end_cap = k.0;
            end = match j {
                Some(j) => {
                    check(self, j, k.0, RtFn::panicSlice3B, RtFn::panicSlice3BU);
                    j.0
                }
                None => len,
            };
            if let Some(i) = i {
                check(self, i, end, RtFn::panicSlice3C, RtFn::panicSlice3CU);
            }
        } else {
            end = match j {
                Some(j) => {
                    if is_slice {
                        check(self, j, cap, RtFn::panicSliceAcap, RtFn::panicSliceAcapU);
                    } else {
                        check(self, j, cap, RtFn::panicSliceAlen, RtFn::panicSliceAlenU);
                    }
                    j.0
                }
                None => len,
            };
            if let Some(i) = i {
                check(self, i, end, RtFn::panicSliceB, RtFn::panicSliceBU);
            }
        }
        let Some((i, _)) = i else {
            return if is_str {
                ValueList::from_slice(&[ptr, end])
            } else {
                ValueList::from_slice(&[ptr, end, end_cap])
            };
        };
        let n = self.bin(BinOp::Sub, end, i);
        let room = if is_str { n } else { self.bin(BinOp::Sub, end_cap, i) };
        let size = self.size_of(elem);
        let p = if size == 0 {
            ptr
        } else {
            // Without room the pointer stays: it must not point past its object.
            let neg = self.un(super::super::ir::UnOp::Neg, room);
            let mask = self.bin_c(BinOp::SShr, neg, 63);
            let delta = self.scale(i, size);
            let delta = self.bin(BinOp::And, delta, mask);
            self.g.inst(InstKind::PtrAdd(ptr, delta), Ty::Ptr)
        };
        if is_str { ValueList::from_slice(&[p, n]) } else { ValueList::from_slice(&[p, n, room]) }
    }

    pub(super) fn make_slice(&mut self, id: ExprId, len: ExprId, cap: Option<ExprId>) -> ValueList {
        let e = self.expr(id);
        let elem = self.elem_of(e.ty);
        let const_cap = self.const_int(cap.unwrap_or(len));
        let n = self.index_word(len).0;
        let c = match cap {
            Some(cap) => self.index_word(cap).0,
            None => n,
        };
        self.g.pos = e.pos;
        let size = self.size_of(elem);
        if e.esc == Esc::Stack {
            if let Some(k) = const_cap.filter(|k| k.checked_mul(size).is_some_and(|bytes| bytes <= MAX_FRAME_ARRAY)) {
                if self.const_int(len).is_none_or(|n| n > k) {
                    self.check_make(n, c);
                }
                let p = self.frame_array(elem, k);
                return ValueList::from_slice(&[p, n, c]);
            }
            let k = VARIABLE_MAKE.checked_div(size).unwrap_or(0);
            if k > 0 {
                let small = self.cmp_c(Cmp::ULe, c, k);
                let p = self.if_else(
                    small,
                    |b| {
                        b.check_make(n, c);
                        Self::one(b.frame_array(elem, k))
                    },
                    |b| Self::one(b.makeslice(elem, n, c, site(e.pos))),
                );
                return ValueList::from_slice(&[p[0], n, c]);
            }
        }
        let p = self.makeslice(elem, n, c, site(e.pos));
        ValueList::from_slice(&[p, n, c])
    }

    fn makeslice(&mut self, elem: TypeId, n: Value, c: Value, site: u64) -> Value {
        let t = self.type_desc(elem);
        let s = self.int(site);
        self.rt1(RtFn::makeslice, &[t, n, c, s])
    }

    /// Panics unless `0 <= n <= c`, for a capacity in range.
    fn check_make(&mut self, n: Value, c: Value) {
        let bad = self.cmp(Cmp::UGt, n, c);
        self.if_cold(bad, |b| {
            let negative = b.cmp_c(Cmp::SLt, n, 0);
            b.if_cold(negative, |b| {
                b.rt(RtFn::panicmakeslicelen, &[]);
            });
            b.rt(RtFn::panicmakeslicecap, &[]);
        });
    }

    /// A zeroed array of the frame; its address.
    fn frame_array(&mut self, elem: TypeId, n: u64) -> Value {
        let array = self.types.array(elem, n);
        let slot = self.slot_for(".array", array);
        self.zeroed_slot(slot, array)
    }

    fn zeroed_slot(&mut self, slot: Slot, ty: TypeId) -> Value {
        if let Ok(size @ 1..) = u32::try_from(self.size_of(ty)) {
            self.g.inst0(InstKind::Zero { addr: Addr::Slot(slot, 0), size, pointers: false });
        }
        self.slot_addr(slot)
    }

    /// A slice literal: its array, filled.
    pub(super) fn slice_lit(&mut self, id: ExprId, elems: &[Elem], len: u64) -> ValueList {
        let e = self.expr(id);
        let elem = self.elem_of(e.ty);
        let n = self.int(len);
        if len == 0 {
            let p = self.g.inst(InstKind::StrData(std::rc::Rc::from([0u8; 8])), Ty::Ptr);
            return ValueList::from_slice(&[p, n, n]);
        }
        let array = self.types.array(elem, len);
        let on_stack = e.esc == Esc::Stack;
        let m = if on_stack {
            Mem::slot(self.slot_for(".array", array))
        } else {
            let p = self.new_object(array, e.pos);
            Mem::object(p)
        };
        if !self.copy_elems(elems, array, m) {
            if on_stack && (elems.len() as u64) < len {
                self.zero_bytes(m, array);
            }
            let size = self.size_of(elem);
            for el in elems {
                self.store_expr(el.value, m.offset((el.index * size) as i64), true);
            }
        }
        self.g.pos = e.pos;
        let p = self.addr_value(m);
        ValueList::from_slice(&[p, n, n])
    }

    /// Clears memory, whatever type it has.
    pub(super) fn zero_bytes(&mut self, m: Mem, ty: TypeId) {
        self.zero(m, ty);
    }

    // ---- append and copy

    pub(super) fn append(&mut self, id: ExprId, slice: ExprId, args: &[ExprId], spread: bool) -> ValueList {
        let e = self.expr(id);
        let elem = self.elem_of(e.ty);
        let s = self.words(slice);
        if spread {
            if let Some(len) = self.appended_make(args, spread) {
                return self.append_zeros(e.pos, elem, &s, len);
            }
            let t = self.words(args[0]);
            self.g.pos = e.pos;
            let (p, n, c) = self.grow(elem, &s, t[1], None);
            let at = self.elem_at_end(p, s[1], elem);
            let size = self.size_of(elem);
            let bytes = self.scale(t[1], size.max(1));
            if size > 0 {
                self.rt(RtFn::memmove, &[at, t[0], bytes]);
            }
            return ValueList::from_slice(&[p, n, c]);
        }
        if args.is_empty() {
            return s;
        }
        let values: Vec<Operand> = args.iter().map(|&a| self.operand(a)).collect();
        self.g.pos = e.pos;
        let mut values: Vec<Operand> = values.into_iter().map(|v| self.reachable(v)).collect();
        let num = self.int(args.len() as u64);
        let buf = self.append_buffer(id, slice, elem);
        if matches!(buf, Some(Buffer { used: None, .. })) {
            // What lies in the array may move in it.
            values = values.into_iter().map(|v| self.moved_out(v, elem)).collect();
        }
        let (p, n, c) = self.grow(elem, &s, num, buf);
        let at = self.elem_at_end(p, s[1], elem);
        let size = self.size_of(elem);
        for (i, v) in values.iter().enumerate() {
            self.store_operand(Mem::object(at).offset((i as u64 * size) as i64), elem, v);
        }
        ValueList::from_slice(&[p, n, c])
    }

    /// The length in `append(s, make([]T, len)...)`.
    pub(super) fn appended_make(&self, args: &[ExprId], spread: bool) -> Option<ExprId> {
        match self.expr(*args.first()?).kind {
            ExprKind::MakeSlice { len, cap: None } if spread => Some(len),
            _ => None,
        }
    }

    /// `append(s, make([]T, len)...)`: as Go, without making the second slice. Its length is checked like that of
    /// `make`, what is too large is an error of the growth.
    fn append_zeros(&mut self, pos: crate::source::Pos, elem: TypeId, s: &[Value], len: ExprId) -> ValueList {
        let num = self.index_word(len).0;
        self.g.pos = pos;
        let negative = self.cmp_c(Cmp::SLt, num, 0);
        self.if_cold(negative, |b| {
            b.rt(RtFn::panicmakeslicelen, &[]);
        });
        let (p, n, c) = self.grow(elem, s, num, None);
        let size = self.size_of(elem);
        if size > 0 {
            let at = self.elem_at_end(p, s[1], elem);
            let bytes = self.scale(num, size);
            self.rt(RtFn::memclr, &[at, bytes]);
        }
        ValueList::from_slice(&[p, n, c])
    }

    fn moved_out(&mut self, v: Operand, ty: TypeId) -> Operand {
        match v {
            Operand::Mem(_) => {
                let t = self.temp(ty);
                self.store_operand(t, ty, &v);
                Operand::Mem(t)
            }
            v => v,
        }
    }

    /// The frame's array for the first elements of a slice that does not escape. As Go, for the first `append`
    /// to a variable, none for assignments to a slice in memory from itself.
    fn append_buffer(&mut self, id: ExprId, slice: ExprId, elem: TypeId) -> Option<Buffer> {
        if self.expr(id).esc != Esc::Stack || self.append_in_place == Some(id) {
            return None;
        }
        let ExprKind::Local(l) = self.expr(slice).kind else {
            return self.new_buffer(elem, true);
        };
        let in_steps = self.f.locals[l].move_to_heap.is_some_and(|m| m.capacity);
        if let Some(buf) = self.append_buffers.get_mut(&l) {
            return (in_steps || !std::mem::replace(&mut buf.taken, true)).then_some(*buf);
        }
        let buf = self.new_buffer(elem, !in_steps)?;
        self.append_buffers.insert(l, Buffer { taken: true, ..buf });
        Some(buf)
    }

    fn new_buffer(&mut self, elem: TypeId, once: bool) -> Option<Buffer> {
        let len = VARIABLE_MAKE.checked_div(self.size_of(elem)).filter(|&k| k > 0)?;
        let array = self.types.array(elem, len);
        let slot = self.slot_for(".array", array);
        // Not yet written, a variable reads as 0.
        let used = once.then(|| self.g.new_var(Ty::I8));
        Some(Buffer { slot, len, used, taken: false })
    }

    /// Makes room for `num` more elements: pointer, new length, capacity.
    fn grow(&mut self, elem: TypeId, s: &[Value], num: Value, buffer: Option<Buffer>) -> (Value, Value, Value) {
        let n = self.bin(BinOp::Add, s[1], num);
        let (vp, vc) = (self.g.new_var(Ty::Ptr), self.g.new_var(Ty::I64));
        self.g.write_var(vp, s[0]);
        self.g.write_var(vc, s[2]);
        let full = self.cmp(Cmp::UGt, n, s[2]);
        self.if_cold(full, |b| {
            let done = b.g.new_block();
            if let Some(buf) = buffer {
                let (fits, call) = (b.g.new_block(), b.g.new_block());
                let c = b.cmp_c(Cmp::SLe, n, buf.len);
                b.g.branch(c, fits, call);
                b.g.start(fits);
                let (p, c) = match buf.used {
                    Some(used) => b.take_buffer(elem, buf, used, s[1], call),
                    None => b.step_in_buffer(elem, buf, s, n),
                };
                b.g.write_var(vp, p);
                b.g.write_var(vc, c);
                b.g.jump(done);
                b.g.start(call);
            }
            let t = b.type_desc(elem);
            let r = b.rt(RtFn::growslice, &[s[0], n, s[2], num, t]);
            b.g.write_var(vp, r[0]);
            b.g.write_var(vc, r[1]);
            b.g.jump(done);
            b.g.start(done);
        });
        (self.g.read_var(vp), n, self.g.read_var(vc))
    }

    /// All of the array, if it was not used before and the slice has no elements yet; else goes to `call`.
    fn take_buffer(&mut self, elem: TypeId, buf: Buffer, used: Var, old_len: Value, call: Block) -> (Value, Value) {
        let (free, take) = (self.g.new_block(), self.g.new_block());
        let u = self.g.read_var(used);
        self.g.branch(u, call, free);
        self.g.start(free);
        let empty = self.cmp_c(Cmp::Eq, old_len, 0);
        self.g.branch(empty, take, call);
        self.g.start(take);
        let array = self.types.array(elem, buf.len);
        let p = self.zeroed_slot(buf.slot, array);
        let one = self.bool(true);
        self.g.write_var(used, one);
        (p, self.int(buf.len))
    }

    /// As much of the array as `n` elements would get on the heap, so that nothing is wasted when they move
    /// there. Nobody else knows of the array; the old elements go to its beginning.
    fn step_in_buffer(&mut self, elem: TypeId, buf: Buffer, s: &[Value], n: Value) -> (Value, Value) {
        let size = self.size_of(elem);
        let p = self.slot_addr(buf.slot);
        let old = self.scale(s[1], size);
        self.rt(RtFn::memmove, &[p, s[0], old]);
        // Size classes up to that of the array are 8 bytes apart.
        let bytes = self.scale(n, size);
        let room = self.bin_c(BinOp::Add, bytes, 7);
        let cap = self.bin_c(BinOp::UDiv, room, 8);
        let cap = self.scale(cap, 8);
        let cap = self.bin_c(BinOp::UDiv, cap, size);
        let end = self.g.inst(InstKind::PtrAdd(p, bytes), Ty::Ptr);
        let free = self.bin(BinOp::Sub, cap, n);
        let free = self.scale(free, size);
        self.rt(RtFn::memclr, &[end, free]);
        (p, cap)
    }

    /// The slice of a variable, if it lies in the frame, moves to the heap.
    pub(super) fn move_to_heap(&mut self, l: LocalId) {
        // In memory it never lies in the frame.
        let (Place::Reg(var), Some(how)) = (self.place(l), self.f.locals[l].move_to_heap) else { return };
        let elem = self.elem_of(self.f.locals[l].ty);
        let buf = match self.append_buffers.get(&l) {
            Some(buf) => *buf,
            None => {
                let Some(buf) = self.new_buffer(elem, !how.capacity) else { return };
                self.append_buffers.insert(l, buf);
                buf
            }
        };
        let s = self.read_vars(var, 3);
        let first = self.slot_addr(buf.slot);
        let bytes = buf.len * self.size_of(elem);
        let last = self.ptr_add(first, bytes as i64 - 1);
        let from = self.cmp(Cmp::UGe, s[0], first);
        let to = self.cmp(Cmp::ULe, s[0], last);
        let inside = self.bin(BinOp::And, from, to);
        self.if_cold(inside, |b| {
            let t = b.type_desc(elem);
            let (p, c) = if how.capacity {
                (b.rt1(RtFn::moveSlice, &[s[0], s[2], t]), s[2])
            } else {
                let r = b.rt(RtFn::moveSliceNoCap, &[s[0], s[1], t]);
                (r[0], r[1])
            };
            b.write_vars(var, &[p, s[1], c]);
        });
    }

    /// The element behind the first `len`. With nothing to store there the address is not used.
    fn elem_at_end(&mut self, p: Value, len: Value, elem: TypeId) -> Value {
        let size = self.size_of(elem);
        if size == 0 {
            return p;
        }
        let delta = self.scale(len, size);
        self.g.inst(InstKind::PtrAdd(p, delta), Ty::Ptr)
    }

    /// `copy(dst, src)`: the number of elements.
    pub(super) fn copy_slice(&mut self, id: ExprId, dst: ExprId, src: ExprId) -> Value {
        let e = self.expr(id);
        let d = self.words(dst);
        let s = self.words(src);
        self.g.pos = e.pos;
        let less = self.cmp(Cmp::SLt, d[1], s[1]);
        let n = self.select(less, d[1], s[1]);
        let elem = self.elem_of(self.ty_of(dst));
        let size = self.size_of(elem);
        if size > 0 {
            let bytes = self.scale(n, size);
            self.rt(RtFn::memmove, &[d[0], s[0], bytes]);
        }
        n
    }

    /// The pointer of a slice that is at least as long as `array`.
    pub(super) fn slice_to_array_ptr(&mut self, id: ExprId, x: ExprId, array: TypeId) -> Value {
        let e = self.expr(id);
        let s = self.words(x);
        self.g.pos = e.pos;
        let TypeKind::Array { len, .. } = self.under(array) else {
            crate::bug!("ssa", self.f.link_name, "conversion of a slice to no array");
        };
        let n = self.int(len);
        // The failing call takes (length of the slice, length of the array).
        let short = self.cmp(Cmp::SLt, s[1], n);
        self.if_cold(short, |b| {
            b.rt(RtFn::panicSliceConvert, &[s[1], n]);
        });
        s[0]
    }

    /// `unsafe.Slice(p, n)` or `unsafe.String(p, n)`.
    pub(super) fn unsafe_slice(&mut self, id: ExprId, x: ExprId, y: ExprId, slice: bool) -> ValueList {
        let e = self.expr(id);
        let p = self.word(x);
        let (n, unsigned) = self.index_word(y);
        self.g.pos = e.pos;
        let (bad_len, bad_nil) = if slice {
            (RtFn::panicunsafeslicelen, RtFn::panicunsafeslicenilptr)
        } else {
            (RtFn::panicunsafestringlen, RtFn::panicunsafestringnilptr)
        };
        let size = if slice { self.size_of(self.elem_of(e.ty)) } else { 1 };
        let _ = unsigned;
        let most = (1u64 << 48).checked_div(size).unwrap_or(i64::MAX as u64);
        let too_long = self.cmp_c(Cmp::UGt, n, most);
        self.if_cold(too_long, |b| {
            b.rt(bad_len, &[]);
        });
        let (is_nil, some) = (self.cmp_c(Cmp::Eq, p, 0), self.cmp_c(Cmp::Ne, n, 0));
        let bad = self.bin(BinOp::And, is_nil, some);
        self.if_cold(bad, |b| {
            b.rt(bad_nil, &[]);
        });
        if slice { ValueList::from_slice(&[p, n, n]) } else { ValueList::from_slice(&[p, n]) }
    }
}
