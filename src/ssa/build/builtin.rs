//! Built-in functions without results: print, panic, clear, delete, close.

#![forbid(unsafe_code)]

use super::super::ir::{ConvOp, InstKind, Ty};
use super::Builder;
use super::mem::Operand;
use crate::abi::rtfn::RtFn;
use crate::hir::{ExprId, ExprKind};
use crate::types::{Basic, ConstValue, TypeId, TypeKind};

impl Builder<'_> {
    /// Makes the statement of a built-in function; false where `kind` is something else.
    pub(super) fn builtin_stmt(&mut self, id: ExprId, kind: &ExprKind) -> bool {
        let pos = self.expr(id).pos;
        match kind {
            ExprKind::Panic(x) => {
                let w = self.words(*x);
                self.g.pos = pos;
                self.rt(RtFn::gopanic, &w);
            }
            ExprKind::Print { args, newline } => self.print(id, args, *newline),
            ExprKind::Clear(x) => {
                let ty = self.ty_of(*x);
                let w = self.words(*x);
                self.g.pos = pos;
                match self.under(ty) {
                    TypeKind::Map { .. } => {
                        let t = self.type_desc(ty);
                        self.rt(RtFn::mapclear, &[t, w[0]]);
                    }
                    _ => {
                        let elem = self.elem_of(ty);
                        let size = self.size_of(elem);
                        if size > 0 {
                            let n = self.scale(w[1], size);
                            self.rt(RtFn::memclr, &[w[0], n]);
                        }
                    }
                }
            }
            ExprKind::Delete { map, key } => self.map_delete(id, *map, *key),
            ExprKind::Close(x) => {
                let c = self.word(*x);
                self.g.pos = pos;
                self.rt(RtFn::closechan, &[c]);
            }
            _ => return false,
        }
        true
    }

    fn print(&mut self, id: ExprId, args: &[ExprId], newline: bool) {
        let pos = self.expr(id).pos;
        // Arguments come before the lock.
        enum Item {
            Text(Vec<u8>),
            Value(TypeId, Operand),
        }
        let mut items: Vec<Item> = Vec::with_capacity(args.len() * 2 + 1);
        let text = |items: &mut Vec<Item>, s: &[u8]| match items.last_mut() {
            Some(Item::Text(t)) => t.extend_from_slice(s),
            _ => items.push(Item::Text(s.to_vec())),
        };
        for (i, &x) in args.iter().enumerate() {
            if newline && i > 0 {
                text(&mut items, b" ");
            }
            match &self.expr(x).kind {
                ExprKind::Const(ConstValue::Str(s)) => text(&mut items, s),
                _ => {
                    let v = self.operand(x);
                    items.push(Item::Value(self.ty_of(x), v));
                }
            }
        }
        if newline {
            text(&mut items, b"\n");
        }
        self.g.pos = pos;
        self.rt(RtFn::printlock, &[]);
        for item in items {
            match item {
                Item::Text(t) if t == b" " => {
                    self.rt(RtFn::printsp, &[]);
                }
                Item::Text(t) if t == b"\n" => {
                    self.rt(RtFn::printnl, &[]);
                }
                Item::Text(t) => {
                    let n = self.int(t.len() as u64);
                    let p = self.g.inst(InstKind::StrData(t.into()), Ty::Ptr);
                    self.rt(RtFn::printstring, &[p, n]);
                }
                Item::Value(ty, v) => self.print_value(ty, v),
            }
        }
        self.rt(RtFn::printunlock, &[]);
    }

    fn print_value(&mut self, ty: TypeId, v: Operand) {
        let Operand::Words(w) = v else {
            crate::bug!("ssa", self.f.link_name, "print of a value in memory");
        };
        match self.under(ty) {
            TypeKind::Interface(_) => {
                let f = if self.is_empty_iface(ty) { RtFn::printeface } else { RtFn::printiface };
                self.rt(f, &w);
            }
            TypeKind::Slice(_) => {
                self.rt(RtFn::printslice, &w);
            }
            TypeKind::Basic(b) => {
                let b = b.unalias();
                if b.is_string() {
                    self.rt(RtFn::printstring, &w);
                } else if b.is_boolean() {
                    let v = self.widen(w[0], false);
                    self.rt(RtFn::printbool, &[v]);
                } else if b.is_float() {
                    let v = self.conv(ConvOp::FPromote, w[0], Ty::F64);
                    self.rt(if b == Basic::Float32 { RtFn::printfloat32 } else { RtFn::printfloat }, &[v]);
                } else if b.is_complex() {
                    let re = self.conv(ConvOp::FPromote, w[0], Ty::F64);
                    let im = self.conv(ConvOp::FPromote, w[1], Ty::F64);
                    self.rt(if b == Basic::Complex64 { RtFn::printcomplex64 } else { RtFn::printcomplex }, &[re, im]);
                } else if b.is_unsigned() {
                    let v = self.widen(w[0], false);
                    self.rt(RtFn::printuint, &[v]);
                } else if b.is_integer() {
                    let v = self.widen(w[0], true);
                    self.rt(RtFn::printint, &[v]);
                } else {
                    self.rt(RtFn::printpointer, &w);
                }
            }
            _ => {
                self.rt(RtFn::printpointer, &w);
            }
        }
    }
}
