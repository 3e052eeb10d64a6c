//! Rules for expressions that are not calls.

#![forbid(unsafe_code)]

use super::build::{Builder, Capture};
use super::graph::{BLANK, HEAP, Hole, Node};
use crate::hir::facts::{canonical, method_of};
use crate::hir::{ExprId, ExprKind, LocalKind, Program};
use crate::types::{Basic, TypeId, TypeKind, Types};

fn is_array(types: &Types, ty: TypeId) -> bool {
    matches!(types.underlying_kind(ty), TypeKind::Array { .. })
}

impl Builder<'_> {
    fn ty(&self, x: ExprId) -> TypeId {
        self.prog.funcs[self.curfn].exprs[x].ty
    }

    /// Evaluates `x` and flows its value into `k`.
    pub fn expr(&mut self, mut k: Hole, x: ExprId) {
        let prog: &Program = self.prog;
        let node = &prog.funcs[self.curfn].exprs[x];
        // Only pointers matter, except that an address may be one of something without pointers.
        if k.derefs >= 0 && !self.has_pointers(node.ty) {
            k.dst = BLANK;
        }
        use ExprKind::*;
        match &node.kind {
            Const(_) | Nil | Zero | Global(_) | NameOffset { .. } | Func(_) => {}
            Local(local) => {
                let loc = self.local_loc(*local);
                self.batch.flow(k, loc);
            }
            Unary(_, y) | Len(y) | Cap(y) | Close(y) | Real(y) | Imag(y) | Recv(y) => self.discard(*y),
            Binary(_, y, z) | AndAnd(y, z) | OrOr(y, z) | Complex(y, z) | Delete { map: y, key: z } => {
                self.discard(*y);
                self.discard(*z);
            }
            Paren(y) => self.expr(k, *y),
            Addr(y) => {
                let k = self.note_expr(k.shift(-1), x, "address-of");
                self.expr(k, *y);
            }
            Deref(y) => {
                let k = self.note_expr(k.shift(1), x, "indirection");
                self.expr(k, *y);
            }
            Field { x: y, .. } => {
                let k = self.note_expr(k, x, "dot");
                self.expr(k, *y);
            }
            FieldPtr { x: y, .. } => {
                let k = self.note_expr(k.shift(1), x, "dot of pointer");
                self.expr(k, *y);
            }
            TypeAssert { x: y } => {
                let k = self.dot_type(k, node.ty);
                let k = self.note_expr(k, x, "dot");
                self.expr(k, *y);
            }
            Index { x: y, index, .. } => {
                let k = if is_array(self.types, self.ty(*y)) {
                    self.note_expr(k, x, "fixed-array-index-of")
                } else {
                    self.note_expr(k.shift(1), x, "dot of pointer")
                };
                self.expr(k, *y);
                self.discard(*index);
            }
            // Neither map elements nor the keys used to find them are followed: both are on the heap.
            IndexMap { x: y, key } => {
                self.discard(*y);
                self.discard(*key);
            }
            Slice { x: y, lo, hi, max } => {
                let k = self.note_expr(k, x, "slice");
                self.expr(k, *y);
                self.discard_opt(*lo);
                self.discard_opt(*hi);
                self.discard_opt(*max);
            }
            Conv(_) if self.saved.contains(&(self.curfn, x)) => {}
            Conv(y) => {
                let to_pointer = self.types.basic(node.ty) == Some(Basic::UnsafePointer);
                if to_pointer && self.types.basic(self.ty(*y)) == Some(Basic::Uintptr) {
                    self.unsafe_value(k, *y);
                } else {
                    self.expr(k, *y);
                }
            }
            ConvIface(y) => {
                let from = self.ty(*y);
                if !self.types.is_interface(from) && !self.types.is_direct_iface(from) {
                    k = if self.is_range_temp(*y) { self.hidden_spill(k) } else { self.spill(k, x) };
                }
                let k = self.note_expr(k, x, "interface-converted");
                self.expr(k, *y);
            }
            SliceToArray(y) => {
                let k = self.note_expr(k.shift(1), x, "slice-to-array");
                self.expr(k, *y);
            }
            SliceToArrayPtr(y) => self.expr(k, *y),
            New(_) => {
                self.spill(k, x);
            }
            NewValue(y) => {
                let k = self.spill(k, x);
                self.expr(k, *y);
            }
            Init { stmts, x } => {
                self.stmts(stmts);
                self.expr(k, *x);
            }
            MakeSlice { len, cap } => {
                self.spill(k, x);
                self.discard(*len);
                self.discard_opt(*cap);
            }
            MakeChan { size } => {
                // Always on the heap: only reports to people name it.
                if self.batch.uses.is_some() {
                    let k = self.note_expr(Hole::to(HEAP).shift(-1), x, "channel");
                    let loc = self.new_loc(Node::Expr(self.curfn, x), false);
                    self.batch.flow(k, loc);
                }
                self.discard_opt(*size);
            }
            MakeMap { hint } => {
                self.spill(k, x);
                self.discard_opt(*hint);
            }
            PtrLit(y) => {
                let k = self.spill(k, x);
                self.expr(k, *y);
            }
            ArrayLit(elems) => {
                for elem in elems {
                    let k = self.note_expr(k, x, "array literal element");
                    self.expr(k, elem.value);
                }
            }
            SliceLit { elems, .. } => {
                let k = self.spill(k, x);
                for elem in elems {
                    let k = self.note_expr(k, x, "slice-literal-element");
                    self.expr(k, elem.value);
                }
            }
            StructLit(fields) => {
                for &(_, value) in fields {
                    let k = self.note_expr(k, x, "struct literal element");
                    self.expr(k, value);
                }
            }
            MapLit(entries) => {
                self.spill(k, x);
                for &(key, value) in entries {
                    self.assign_heap(key, "map literal key", self.place(x));
                    self.assign_heap(value, "map literal value", self.place(x));
                }
            }
            Closure(func) => self.closure(k, x, *func),
            MethodValue { recv, func } => {
                let closure = self.spill(k, x);
                // Nobody knows who will call it, so its results may go anywhere.
                let param = match method_of(prog, *func) {
                    Some(method) => {
                        let ks = vec![Hole::to(HEAP); prog.funcs[method].results.len()];
                        self.tag_hole(Some(&ks), method, 0)
                    }
                    None => Hole::to(HEAP),
                };
                let k = self.tee(&[param, closure]);
                self.expr(k, *recv);
            }
            StrConv(_, y) => {
                self.spill(k, x);
                self.discard(*y);
            }
            AddStr(list) => {
                self.spill(k, x);
                for &y in list {
                    self.discard(y);
                }
            }
            Call { .. }
            | Append { .. }
            | Copy { .. }
            | Min(_)
            | Max(_)
            | Clear(_)
            | Panic(_)
            | Recover
            | Print { .. }
            | UnsafeAdd(..)
            | UnsafeSlice(..)
            | UnsafeString(..)
            | UnsafeSliceData(_)
            | UnsafeStringData(_) => self.call(Some(&[k]), x),
        }
    }

    /// The storage that `x` allocates: its address flows to `k`; the result is for what is stored in it.
    pub fn spill(&mut self, k: Hole, x: ExprId) -> Hole {
        let loc = self.new_loc(Node::Expr(self.curfn, x), false);
        let k = self.note_expr(k.shift(-1), x, "spill");
        self.batch.flow(k, loc);
        Hole::to(loc)
    }

    /// As [`spill`](Self::spill), for what Go's compiler converts behind escape analysis: nothing is said of it.
    fn hidden_spill(&mut self, k: Hole) -> Hole {
        let loc = self.new_loc(Node::None, false);
        self.batch.flow(k.shift(-1), loc);
        Hole::to(loc)
    }

    fn is_range_temp(&self, x: ExprId) -> bool {
        match self.prog.funcs[self.curfn].exprs[x].kind {
            ExprKind::Local(l) => self.range_temps.contains(&(self.curfn, l)),
            _ => false,
        }
    }

    /// The hole for an interface whose dynamic value, of type `ty`, goes to `k`.
    pub fn dot_type(&self, k: Hole, ty: TypeId) -> Hole {
        if !self.types.is_interface(ty) && !self.types.is_direct_iface(ty) { k.shift(1) } else { k }
    }

    fn closure(&mut self, k: Hole, x: ExprId, func: crate::hir::FuncId) {
        let k = self.spill(k, x);
        self.captures.push(Capture { k, closure: func, pos: self.prog.funcs[self.curfn].exprs[x].pos });
        let prog = self.prog;
        let f = &prog.funcs[func];
        if f.captures.is_empty() && !f.in_instance {
            return;
        }
        for &capture in &f.captures {
            debug_assert!(matches!(f.locals[capture].kind, LocalKind::Captured { .. }));
            let (owner, local) = canonical(prog, func, capture);
            let Some(loc) = self.loc_of(owner, local) else { continue };
            let depth = self.loop_depth;
            let l = &mut self.batch.locs[loc];
            if !l.captured {
                l.captured = true;
                // Assignments before the first capture, in straight-line code, do no harm.
                if l.loop_depth == depth {
                    l.reassigned = false;
                }
            }
        }
        self.walk_func(func);
    }

    /// Evaluates an integer that is to become a pointer, looking for the pointer it was made from.
    pub fn unsafe_value(&mut self, k: Hole, x: ExprId) {
        use crate::hir::BinaryOp::{Add, And, AndNot, Div, Mul, Or, Rem, Shl, Shr, Sub, Xor};
        use crate::hir::UnaryOp::{BitNot, Neg, Plus};
        let prog = self.prog;
        match prog.funcs[self.curfn].exprs[x].kind {
            ExprKind::Conv(y) if self.types.basic(self.ty(y)) == Some(Basic::UnsafePointer) => self.expr(k, y),
            ExprKind::Paren(y) | ExprKind::Unary(Plus | Neg | BitNot, y) => self.unsafe_value(k, y),
            ExprKind::Binary(Add | Sub | Or | Xor | Mul | Div | Rem | And | AndNot, y, z) => {
                self.unsafe_value(k, y);
                self.unsafe_value(k, z);
            }
            ExprKind::Binary(Shl | Shr, y, z) => {
                self.unsafe_value(k, y);
                self.discard(z);
            }
            ExprKind::FieldPtr { x: y, .. } if self.is_header_data(x) => {
                let k = self.note_expr(k.shift(1), x, "reflect.Header.Data");
                self.expr(k, y);
            }
            _ => self.discard(x),
        }
    }

    /// Whether `x` is the data word of a slice or string seen as reflect's header: a pointer in truth.
    pub fn is_header_data(&self, x: ExprId) -> bool {
        let ExprKind::FieldPtr { x, name, .. } = self.prog.funcs[self.curfn].exprs[x].kind else { return false };
        let Some(header) = self.types.pointee(self.ty(x)) else { return false };
        let TypeKind::Named(n) = *self.types.unaliased_kind(header) else { return false };
        let obj = &self.printer.objs[self.types.named[n].obj];
        name.as_str() == "Data"
            && matches!(obj.name.as_str(), "SliceHeader" | "StringHeader")
            && (self.printer.qualify)(obj.pkg) == "reflect."
    }
}
