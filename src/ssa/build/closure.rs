//! Closure objects: the code's address, then the captured variables (values or pointers to them).

#![forbid(unsafe_code)]

use super::super::ir::{InstKind, Ty, Value};
use super::Builder;
use super::mem::{Mem, Operand};
use crate::hir::{Esc, ExprId, FuncId, LocalId, LocalKind};
use crate::index::Symbol;
use crate::source::Pos;
use crate::types::sizes::align_up;
use crate::types::{PkgId, StructField, StructType, TypeId, TypeKind, Types};

impl Builder<'_> {
    /// Type of what a closure object has for a captured variable.
    fn capture_type(&mut self, func: FuncId, local: LocalId) -> TypeId {
        let data = &self.program.funcs[func].locals[local];
        match data.kind {
            LocalKind::Captured { by_value: false, .. } => self.types.pointer(data.ty),
            _ => data.ty,
        }
    }

    /// Byte offsets of the captured variables in a closure's object.
    pub(super) fn closure_offsets(&mut self, func: FuncId) -> Vec<u64> {
        let mut at = 8;
        let program = self.program;
        let mut offsets = Vec::with_capacity(program.funcs[func].captures.len());
        for &l in &program.funcs[func].captures {
            let ty = self.capture_type(func, l);
            let (size, align) = self.types.size_align(ty);
            at = align_up(at, align);
            offsets.push(at);
            at += size;
        }
        offsets
    }

    /// The type of a closure's object.
    fn closure_type(&mut self, func: FuncId) -> TypeId {
        if let Some(&t) = self.cache.closure_types.get(&func) {
            return t;
        }
        let program = self.program;
        let field = |name: &str, ty| StructField {
            name: Symbol::new(name),
            pkg: PkgId::UNIVERSE,
            ty,
            embedded: false,
            tag: None,
            pos: Pos::NONE,
        };
        let mut fields = vec![field("F", Types::UINTPTR)];
        for (i, &l) in program.funcs[func].captures.iter().enumerate() {
            let ty = self.capture_type(func, l);
            fields.push(field(&format!("X{i}"), ty));
        }
        let ty = self.types.intern(TypeKind::Struct(std::rc::Rc::new(StructType { fields })));
        self.cache.closure_types.insert(func, ty);
        ty
    }

    fn closure_object(&mut self, func: FuncId, esc: Esc, pos: Pos) -> Mem {
        let ty = self.closure_type(func);
        let m = self.alloc(ty, esc, pos);
        let code = self.g.inst(InstKind::FuncCode(func), Ty::I64);
        self.store_word(m, 0, code);
        m
    }

    /// A function literal.
    pub(super) fn closure_value(&mut self, id: ExprId, func: FuncId) -> Value {
        let e = self.expr(id);
        let program = self.program;
        let captures = &program.funcs[func].captures;
        if captures.is_empty() {
            return self.g.inst(InstKind::FuncValue(func), Ty::Ptr);
        }
        let m = self.closure_object(func, e.esc, e.pos);
        let offsets = self.closure_offsets(func);
        for (&l, off) in captures.iter().zip(offsets) {
            let data = &program.funcs[func].locals[l];
            let LocalKind::Captured { outer, by_value } = data.kind else {
                crate::bug!("ssa", self.f.link_name, "capture {} is not a captured variable", data.name);
            };
            let at = m.offset(off as i64);
            if by_value {
                let v = self.local_operand(outer);
                self.store_operand(at, data.ty, &v);
            } else {
                let Some(var) = self.local_mem(outer) else {
                    crate::bug!("ssa", self.f.link_name, "{} is captured by reference from a register", data.name);
                };
                let p = self.addr_value(var);
                self.store_word(at, 0, p);
            }
        }
        self.addr_value(m)
    }

    /// The value of a variable: words, or its place.
    pub(super) fn local_operand(&mut self, l: LocalId) -> Operand {
        let ty = self.f.locals[l].ty;
        match self.place(l) {
            super::Place::Reg(var) => {
                let n = self.layout(ty).leaves.len();
                Operand::Words(self.read_vars(var, n))
            }
            place => {
                let m = self.place_mem(place).expect("memory");
                self.load_operand(m, ty)
            }
        }
    }

    /// `x.M` as a value: a closure over the receiver.
    pub(super) fn method_value(&mut self, id: ExprId, recv: ExprId, func: FuncId) -> Value {
        let e = self.expr(id);
        let ty = self.ty_of(recv);
        let v = self.operand(recv);
        self.g.pos = e.pos;
        if let (Operand::Words(w), true) = (&v, self.types.is_interface(ty)) {
            // The method value of a nil interface panics now, not when it is called.
            let p = self.as_ptr(w[0]);
            self.nil_check(p);
        }
        let m = self.closure_object(func, e.esc, e.pos);
        let off = self.closure_offsets(func).first().copied().unwrap_or(8);
        self.store_operand(m.offset(off as i64), ty, &v);
        self.addr_value(m)
    }
}
