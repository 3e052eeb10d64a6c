//! Assignments.
//!
//! An assignment has two phases (spec, "Assignment statements"): the operands of index expressions and
//! pointer indirections on the left and the expressions on the right are evaluated; then the assignments
//! happen from left to right. A [`Target`] is a left side after the first phase, a [`Dest`] one after its
//! checks.

#![forbid(unsafe_code)]

use smallvec::SmallVec;

use super::super::ir::Value;
use super::cfg::Var;
use super::mem::{Mem, Operand};
use super::{Builder, Place};
use crate::hir::{BinaryOp, CommaOk, Esc, ExprId, ExprKind, LocalId};
use crate::source::Pos;
use crate::types::{TypeId, TypeKind};

enum Root {
    Blank,
    Reg { var: Var, n: usize },
    Mem(Mem),
    Elem { p: Value, len: Value, i: Value, unsigned: bool, bounded: bool, elem: TypeId, pos: Pos },
    Map { ty: TypeId, m: Value, key: Operand, pos: Pos },
}

enum Step {
    Field { strukt: TypeId, field: u32 },
    Index { i: Value, constant: Option<u64>, unsigned: bool, len: u64, elem: TypeId, pos: Pos },
}

/// A left side whose operands are evaluated.
pub(super) struct Target {
    root: Root,
    steps: SmallVec<[Step; 2]>,
    ty: TypeId,
}

/// Where an assignment stores.
pub(super) enum Dest {
    Blank,
    /// Of an array without elements: its check always fails.
    Never,
    Reg {
        var: Var,
        n: usize,
    },
    Mem(Mem),
    Map {
        ty: TypeId,
        m: Value,
        key: Operand,
        pos: Pos,
    },
}

impl Builder<'_> {
    /// First phase for a left side. Calls in it were made already.
    pub(super) fn target(&mut self, lhs: Option<ExprId>) -> Target {
        let Some(id) = lhs else {
            return Target { root: Root::Blank, steps: SmallVec::new(), ty: crate::types::Types::INVALID };
        };
        let mut t = self.target_of(id);
        t.ty = self.ty_of(id);
        t
    }

    fn target_of(&mut self, id: ExprId) -> Target {
        let e = self.expr(id);
        let root = |root| Target { root, steps: SmallVec::new(), ty: e.ty };
        match &e.kind {
            ExprKind::Paren(x) => self.target_of(*x),
            ExprKind::Init { .. } => {
                let x = self.after_init(id);
                self.target_of(x)
            }
            ExprKind::Local(l) => match self.place(*l) {
                Place::Reg(var) => {
                    let n = self.layout(e.ty).leaves.len();
                    root(Root::Reg { var, n })
                }
                place => {
                    let m = self.place_mem(place).expect("memory");
                    root(Root::Mem(m))
                }
            },
            ExprKind::Deref(x) if matches!(self.expr(*x).kind, ExprKind::Addr(_)) => {
                let m = self.pointed(*x);
                root(Root::Mem(m))
            }
            ExprKind::Field { x, field, .. } => {
                let mut t = self.target_of(*x);
                t.steps.push(Step::Field { strukt: self.ty_of(*x), field: *field });
                t
            }
            ExprKind::Index { x, index, bounded } => {
                let xt = self.ty_of(*x);
                match self.under(xt) {
                    TypeKind::Array { elem, len } => {
                        let mut t = self.target_of(*x);
                        let constant = self.const_int(*index);
                        let (i, unsigned) = self.index_word(*index);
                        t.steps.push(Step::Index { i, constant, unsigned, len, elem, pos: e.pos });
                        t
                    }
                    TypeKind::Slice(elem) => {
                        let s = self.words(*x);
                        let (i, unsigned) = self.index_word(*index);
                        let (p, len) = (s[0], s[1]);
                        root(Root::Elem { p, len, i, unsigned, bounded: *bounded, elem, pos: e.pos })
                    }
                    _ => crate::bug!("ssa", self.f.link_name, "assignment to an element of {:?}", xt),
                }
            }
            ExprKind::IndexMap { x, key } => {
                let ty = self.ty_of(*x);
                let m = self.word(*x);
                let k = self.operand(*key);
                let kt = self.ty_of(*key);
                let key = self.detach(k, kt);
                root(Root::Map { ty, m, key, pos: e.pos })
            }
            _ => {
                let m = self.addressable(id);
                root(Root::Mem(m))
            }
        }
    }

    /// Second phase, up to the store: the checks.
    pub(super) fn dest(&mut self, t: Target) -> Dest {
        let mut dest = match t.root {
            Root::Blank => return Dest::Blank,
            Root::Reg { var, n } => Dest::Reg { var, n },
            Root::Mem(m) => Dest::Mem(m),
            Root::Elem { p, len, i, unsigned, bounded, elem, pos } => {
                self.g.pos = pos;
                if !bounded {
                    self.check_index(i, len, unsigned);
                }
                Dest::Mem(self.elem_mem(p, elem, i))
            }
            Root::Map { ty, m, key, pos } => Dest::Map { ty, m, key, pos },
        };
        for step in t.steps {
            dest = match (dest, step) {
                (Dest::Reg { var, .. }, Step::Field { strukt, field }) => {
                    let (at, n) = self.field_leaves(strukt, field);
                    Dest::Reg { var: var + at as Var, n }
                }
                (Dest::Reg { var, .. }, Step::Index { i, unsigned, len, elem, pos, .. }) => {
                    self.g.pos = pos;
                    let bound = self.int(len);
                    self.check_index(i, bound, unsigned);
                    if len == 0 { Dest::Never } else { Dest::Reg { var, n: self.layout(elem).leaves.len() } }
                }
                (Dest::Mem(m), Step::Field { strukt, field }) => {
                    Dest::Mem(m.offset(self.types.field_offset(strukt, field) as i64))
                }
                (Dest::Mem(m), Step::Index { i, constant, unsigned, len, elem, pos }) => {
                    let size = self.size_of(elem);
                    match constant {
                        Some(c) if c < len => Dest::Mem(m.offset((c * size) as i64)),
                        _ => {
                            self.g.pos = pos;
                            let m = self.checked(m);
                            let bound = self.int(len);
                            self.check_index(i, bound, unsigned);
                            if size == 0 {
                                Dest::Mem(m)
                            } else {
                                let delta = self.scale(i, size);
                                Dest::Mem(self.mem_add(m, delta))
                            }
                        }
                    }
                }
                (Dest::Never, _) => Dest::Never,
                (Dest::Map { .. } | Dest::Blank, _) => {
                    crate::bug!("ssa", self.f.link_name, "assignment to a part of a map element")
                }
            };
        }
        dest
    }

    pub(super) fn store_dest(&mut self, d: Dest, ty: TypeId, v: &Operand) {
        match d {
            Dest::Blank | Dest::Never => {}
            Dest::Reg { var, n } => match v {
                Operand::Words(w) => {
                    debug_assert_eq!(w.len(), n);
                    self.write_vars(var, &w[..n.min(w.len())]);
                }
                Operand::Mem(_) => crate::bug!("ssa", self.f.link_name, "value in memory for a register"),
            },
            Dest::Mem(m) => self.store_operand(m, ty, v),
            Dest::Map { ty: map, m, key, pos } => {
                let statement = std::mem::replace(&mut self.g.pos, pos);
                let at = self.map_assign(map, m, key);
                self.g.pos = statement;
                self.store_operand(at, ty, v);
            }
        }
    }

    fn load_dest(&mut self, d: &Dest, ty: TypeId) -> Operand {
        match d {
            Dest::Blank => crate::bug!("ssa", self.f.link_name, "value of the blank identifier"),
            Dest::Never => {
                let m = self.temp(ty);
                self.load_operand(m, ty)
            }
            Dest::Reg { var, n } => Operand::Words(self.read_vars(*var, *n)),
            Dest::Mem(m) => self.load_operand(*m, ty),
            Dest::Map { ty: map, m, key, .. } => {
                let kt = match *self.types.underlying_kind(*map) {
                    TypeKind::Map { key, .. } => key,
                    _ => crate::bug!("ssa", self.f.link_name, "not a map"),
                };
                self.map_read(*map, *m, kt, key.clone(), ty).0
            }
        }
    }

    /// A value assigned to a variable of another type: what is left of assignability here is conversion to
    /// an interface.
    pub(super) fn assignable(&mut self, from: TypeId, to: TypeId, v: Operand) -> Operand {
        if self.types.is_interface(to) && !self.types.is_interface(from) {
            return Operand::Words(self.iface_words(from, to, v, Esc::Heap));
        }
        v
    }

    /// `lhs = rhs`
    pub(super) fn assign(&mut self, lhs: Option<ExprId>, rhs: ExprId, def: bool) {
        let pos = self.g.pos;
        let Some(l) = lhs else {
            return self.effect(rhs);
        };
        self.hoist_targets(&[lhs], &[rhs]);
        self.hoist_operands(rhs);
        let ty = self.ty_of(l);
        if let ExprKind::Local(var) = self.expr(l).kind {
            match self.place(var) {
                Place::Reg(v) => {
                    let w = self.words(rhs);
                    return self.write_vars(v, &w);
                }
                place if def => {
                    let m = self.place_mem(place).expect("memory");
                    return self.store_expr(rhs, m, true);
                }
                _ => {}
            }
        }
        if let ExprKind::Append { slice, .. } = self.expr(rhs).kind
            && self.same_place(l, slice)
        {
            self.append_in_place = Some(rhs);
        }
        if !self.is_ssa(ty) && !matches!(self.expr(l).kind, ExprKind::IndexMap { .. }) && self.reads_no_memory(rhs) {
            // Nothing of the old value is needed: no temporary.
            let t = self.target(lhs);
            if let Dest::Mem(m) = self.dest(t) {
                self.g.pos = pos;
                let m = self.checked(m);
                return self.store_expr(rhs, m, true);
            }
        }
        let v = self.operand(rhs);
        self.g.pos = pos;
        let t = self.target(lhs);
        let d = self.dest(t);
        self.g.pos = pos;
        if let (Dest::Mem(dst), Operand::Mem(src)) = (&d, &v) {
            let array = matches!(self.types.underlying_kind(ty), TypeKind::Array { .. });
            let deref = |b: &Self, x: ExprId| matches!(b.expr(x).kind, ExprKind::Deref(_));
            if array && deref(self, l) && deref(self, rhs) {
                // Pointers made from slices may point into the same array.
                return self.copy_overlapping(*dst, *src, ty);
            }
        }
        self.store_dest(d, ty, &v);
    }

    /// Whether an expression is a literal of constants and variables in registers.
    fn reads_no_memory(&mut self, x: ExprId) -> bool {
        match &self.expr(x).kind {
            ExprKind::Const(_) | ExprKind::Nil | ExprKind::Zero | ExprKind::Func(_) => true,
            ExprKind::Local(l) => self.is_register(*l),
            ExprKind::StructLit(fields) => fields.iter().all(|&(_, x)| self.reads_no_memory(x)),
            ExprKind::ArrayLit(elems) => elems.iter().all(|e| self.reads_no_memory(e.value)),
            ExprKind::Conv(x) => matches!(self.expr(*x).kind, ExprKind::Const(_)),
            _ => false,
        }
    }

    /// Whether two expressions without effects denote the same variable (Go: `SameSafeExpr`).
    fn same_place(&self, a: ExprId, b: ExprId) -> bool {
        use ExprKind::*;
        match (&self.expr(a).kind, &self.expr(b).kind) {
            (Local(x), Local(y)) => x == y,
            (Global(x), Global(y)) => x == y,
            (Deref(x), Deref(y)) | (Paren(x), Paren(y)) => self.same_place(*x, *y),
            (Field { x, field: f, .. }, Field { x: y, field: g, .. })
            | (FieldPtr { x, field: f, .. }, FieldPtr { x: y, field: g, .. }) => f == g && self.same_place(*x, *y),
            (Index { x, index: i, .. }, Index { x: y, index: j, .. }) => {
                self.same_place(*x, *y) && self.same_place(*i, *j)
            }
            (Const(x), Const(y)) => x == y,
            _ => false,
        }
    }

    /// `lhs op= rhs`
    pub(super) fn assign_op(&mut self, op: BinaryOp, lhs: ExprId, rhs: ExprId) {
        let pos = self.g.pos;
        self.hoist_targets(&[Some(lhs)], &[rhs]);
        // The old value is read behind calls on the right side, the right side itself included.
        self.hoist(rhs);
        let ty = self.ty_of(lhs);
        let t = self.target(Some(lhs));
        let d = self.dest(t);
        self.g.pos = pos;
        let Operand::Words(old) = self.load_dest(&d, ty) else {
            crate::bug!("ssa", self.f.link_name, "operator on a value in memory");
        };
        let new = match &self.expr(rhs).kind {
            // One concatenation: nobody sees the right side by itself.
            ExprKind::AddStr(list) if !self.hoisted.contains_key(&rhs) => {
                let mut parts = vec![(old[0], old[1])];
                parts.extend(self.str_parts(&list.clone()));
                self.g.pos = pos;
                self.concat(&parts, Esc::Heap)
            }
            _ => {
                let y = self.words(rhs);
                self.g.pos = pos;
                self.arith(op, ty, &old, &y, rhs)
            }
        };
        self.store_dest(d, ty, &Operand::Words(new));
    }

    /// `a, b = x, y`
    pub(super) fn assign_multi(&mut self, lhs: &[Option<ExprId>], rhs: &[ExprId]) {
        let pos = self.g.pos;
        self.hoist_targets(lhs, rhs);
        self.hoist_list(rhs);
        let targets: Vec<Target> = lhs.iter().map(|&l| self.target(l)).collect();
        let mut values: SmallVec<[Operand; 4]> = SmallVec::new();
        for &r in rhs {
            let v = self.operand(r);
            let ty = self.ty_of(r);
            values.push(self.detach(v, ty));
        }
        for ((t, v), &r) in targets.into_iter().zip(values).zip(rhs) {
            self.g.pos = pos;
            let (from, to) = (self.ty_of(r), t.ty);
            let v = self.assignable(from, to, v);
            let d = self.dest(t);
            self.g.pos = pos;
            self.store_dest(d, to, &v);
        }
    }

    /// Stores values that were just computed: the operands of the left sides are evaluated first.
    pub(super) fn assign_values(&mut self, lhs: &[Option<ExprId>], values: Vec<(TypeId, Operand)>) {
        let pos = self.g.pos;
        let targets: Vec<Target> = lhs.iter().map(|&l| self.target(l)).collect();
        for (t, (from, v)) in targets.into_iter().zip(values) {
            self.g.pos = pos;
            if let Root::Blank = t.root {
                continue;
            }
            let to = t.ty;
            let v = self.assignable(from, to, v);
            let d = self.dest(t);
            self.g.pos = pos;
            self.store_dest(d, to, &v);
        }
    }

    /// `a, b = f()`
    pub(super) fn assign_call(&mut self, lhs: &[Option<ExprId>], call: ExprId) {
        let pos = self.g.pos;
        self.hoist_targets(lhs, &[call]);
        self.hoist_operands(call);
        let results = self.call(call);
        let types = self.call_types(call);
        self.g.pos = pos;
        self.assign_values(lhs, types.into_iter().zip(results).collect());
    }

    /// Result types of a call.
    pub(super) fn call_types(&mut self, call: ExprId) -> Vec<TypeId> {
        let ty = self.ty_of(call);
        match self.types.kind(ty) {
            TypeKind::Tuple(t) => t.to_vec(),
            _ => vec![ty],
        }
    }

    /// `v, ok = …`
    pub(super) fn assign_comma_ok(&mut self, lhs: &[Option<ExprId>; 2], rhs: ExprId, kind: CommaOk) {
        let pos = self.g.pos;
        self.hoist_targets(lhs, &[rhs]);
        self.hoist_operands(rhs);
        let (v, ok) = match (kind, &self.expr(rhs).kind) {
            (CommaOk::TypeAssert, _) => self.type_assert_ok(rhs),
            (CommaOk::Map, _) => self.map_index(rhs),
            (CommaOk::Recv, &ExprKind::Recv(c)) => self.recv(rhs, c),
            _ => crate::bug!("ssa", self.f.link_name, "comma-ok form of another expression"),
        };
        let ty = match self.types.kind(self.ty_of(rhs)) {
            TypeKind::Tuple(t) => t[0],
            _ => self.ty_of(rhs),
        };
        self.g.pos = pos;
        let ok = Operand::Words(Self::one(ok));
        self.assign_values(lhs, vec![(ty, v), (crate::types::Types::BOOL, ok)]);
    }

    /// The variable comes into being. `init`: its value is about to be stored.
    pub(super) fn decl(&mut self, l: LocalId, init: bool) {
        let f = self.f;
        let data = &f.locals[l];
        match self.place(l) {
            Place::Reg(var) => {
                if !init {
                    let zero = self.zero_words(data.ty);
                    self.write_vars(var, &zero);
                }
            }
            Place::Mem(m) => {
                if !init {
                    self.zero(m, data.ty);
                }
            }
            Place::Heap(var) => self.renew_heap_local(l, var),
            Place::Unset => {}
        }
    }

    /// Stores a value in a variable.
    pub(super) fn set_local(&mut self, l: LocalId, v: &Operand) {
        let ty = self.f.locals[l].ty;
        let d = match self.place(l) {
            Place::Reg(var) => Dest::Reg { var, n: self.layout(ty).leaves.len() },
            place => Dest::Mem(self.place_mem(place).expect("memory")),
        };
        self.store_dest(d, ty, v);
    }
}
