//! Calls.

#![forbid(unsafe_code)]

use smallvec::SmallVec;

use std::collections::hash_map::Entry;

use super::super::abi_sig::{AbiSig, ParamAbi, ResultAbi, sig_of};
use super::super::ir::{Callee, ConvOp, InstKind, Results, Ty, Value, ValueList};
use super::mem::{Base, Mem, Operand};
use super::{Builder, func_abi};
use crate::abi::typedesc::ITAB_FUN;
use crate::hir::{self, ExprId, ExprKind};
use crate::types::Types;

/// Results of a call, in order.
pub(super) type CallResults = SmallVec<[Operand; 2]>;

impl Builder<'_> {
    /// A call with one result.
    pub(super) fn call_one(&mut self, id: ExprId) -> Operand {
        let mut r = self.call(id);
        match r.len() {
            1 => r.remove(0),
            _ => Operand::Words(ValueList::new()),
        }
    }

    /// A call.
    pub(super) fn call(&mut self, id: ExprId) -> CallResults {
        let e = self.expr(id);
        let (callee, args) = match &e.kind {
            ExprKind::Call { callee, args, .. } => (*callee, args),
            ExprKind::Init { .. } => {
                let x = self.after_init(id);
                return self.call(x);
            }
            ExprKind::Paren(x) => return self.call(*x),
            _ => crate::bug!("ssa", self.f.link_name, "call of something else: {:?}", e.kind),
        };
        match callee {
            hir::Callee::Static(f) => {
                if let Some(r) = self.intrinsic(f, args, e.pos) {
                    let mut out = CallResults::new();
                    let abi = func_abi(self.program, self.types, self.cache, f);
                    let mut at = 0;
                    for &(ty, _) in &abi.results {
                        let n = self.layout(ty).leaves.len();
                        out.push(Operand::Words(r[at..at + n].into()));
                        at += n;
                    }
                    return out;
                }
                let abi = func_abi(self.program, self.types, self.cache, f);
                let (words, kept) = self.args_kept_alive(&abi, args);
                self.g.pos = e.pos;
                let r = self.emit_call(Callee::Func(f), &abi, words, args);
                for p in kept {
                    self.g.inst0(InstKind::KeepAlive(p));
                }
                r
            }
            hir::Callee::Value(x) => {
                let fv = self.word(x);
                let ty = self.ty_of(x);
                let abi = sig_of(self.types, &mut self.cache.layouts, ty, None);
                let words = self.args(&abi, args, None);
                self.g.pos = e.pos;
                self.emit_call(Callee::Closure(fv), &abi, words, args)
            }
            hir::Callee::Interface { recv, index, .. } => {
                let iface = self.ty_of(recv);
                let w = self.words(recv);
                self.g.pos = e.pos;
                let sig = self.types.interface_methods(iface)[index as usize].sig;
                let tab = Mem {
                    base: Base::Ptr(w[0]),
                    off: i64::from(ITAB_FUN) + 8 * i64::from(index),
                    nil: true,
                    at: e.pos,
                    part: true,
                };
                let code = self.load_word(tab, 0, Ty::I64);
                let abi = sig_of(self.types, &mut self.cache.layouts, sig, Some(Types::UNSAFE_POINTER));
                let words = self.args(&abi, args, Some(w[1]));
                self.g.pos = e.pos;
                self.emit_call(Callee::Code(code), &abi, words, args)
            }
        }
    }

    /// Argument words of a static call, and the pointers among the arguments that are converted to integers for
    /// it: what they point to lives until the call returns, as in Go (package unsafe, pattern 4).
    fn args_kept_alive(&mut self, abi: &AbiSig, args: &[ExprId]) -> (ValueList, ValueList) {
        let mut kept = ValueList::new();
        let mut ids: SmallVec<[ExprId; 2]> = SmallVec::new();
        for &arg in args {
            match &self.expr(arg).kind {
                ExprKind::SliceLit { elems, .. } => {
                    elems.iter().for_each(|e| self.keep_alive(e.value, &mut kept, &mut ids));
                }
                _ => self.keep_alive(arg, &mut kept, &mut ids),
            }
        }
        let words = self.args(abi, args, None);
        for id in ids {
            self.hoisted.remove(&id);
        }
        (words, kept)
    }

    /// Evaluates the pointer that `x` converts to an integer, if it is such a conversion: once, for both.
    fn keep_alive(&mut self, x: ExprId, kept: &mut ValueList, ids: &mut SmallVec<[ExprId; 2]>) {
        let e = self.expr(x);
        if let (&ExprKind::Conv(p), Types::UINTPTR) = (&e.kind, e.ty)
            && self.ty_of(p) == Types::UNSAFE_POINTER
        {
            let w = self.words(p);
            kept.extend(w.iter().copied());
            if let Entry::Vacant(hoisted) = self.hoisted.entry(p) {
                hoisted.insert(Operand::Words(w));
                ids.push(p);
            }
        }
    }

    /// Argument words, without out-pointers.
    fn args(&mut self, abi: &AbiSig, args: &[ExprId], recv: Option<Value>) -> ValueList {
        let mut words = ValueList::new();
        let skip = usize::from(recv.is_some());
        words.extend(recv);
        debug_assert_eq!(args.len() + skip, abi.params.len(), "{}", self.f.link_name);
        for (&x, &(ty, way)) in args.iter().zip(&abi.params[skip..]) {
            match way {
                ParamAbi::Words => words.extend(self.words(x)),
                ParamAbi::Copy => {
                    // Literals and results of calls have memory of their own already.
                    let own = matches!(
                        self.expr(x).kind,
                        ExprKind::StructLit(_)
                            | ExprKind::ArrayLit(_)
                            | ExprKind::Zero
                            | ExprKind::Call { .. }
                            | ExprKind::Recv(_)
                    );
                    let v = self.operand(x);
                    let v = if own { v } else { self.detach(v, ty) };
                    let m = self.spill(v, ty);
                    words.push(self.addr_value(m));
                }
            }
        }
        words
    }

    /// Makes the call: out-pointers, extension of native arguments, results.
    pub(super) fn emit_call(
        &mut self,
        callee: Callee,
        abi: &AbiSig,
        words: ValueList,
        _args: &[ExprId],
    ) -> CallResults {
        let mut outs: SmallVec<[Mem; 2]> = SmallVec::new();
        let mut all = ValueList::new();
        for &(ty, way) in &abi.results {
            if let ResultAbi::Out(_) = way {
                let t = self.temp(ty);
                all.push(self.addr_value(t));
                outs.push(t);
            }
        }
        if abi.native {
            self.extend_native(abi, &words, &mut all);
        } else {
            all.extend(words);
        }
        debug_assert_eq!(all.len(), abi.sig.params.len());
        let results: Results = abi.sig.results.iter().map(|&ty| self.g.new_value(ty)).collect();
        self.g.push(InstKind::Call { callee, args: all, sig: abi.sig.clone() }, results.clone());
        let mut words: ValueList = results.as_slice().into();
        if abi.ret2 {
            words.push(self.g.inst(InstKind::Ret2, Ty::I64));
        }
        let mut out = CallResults::new();
        for &(ty, way) in &abi.results {
            out.push(match way {
                ResultAbi::Out(n) => self.load_operand(outs[n as usize], ty),
                ResultAbi::Words(at) => {
                    let layout = self.layout(ty);
                    let at = at as usize;
                    let mut w: ValueList = words[at..at + layout.leaves.len()].into();
                    for (&v, leaf) in w.iter().zip(&layout.leaves) {
                        if leaf.len {
                            self.g.mark_length(v);
                        }
                    }
                    if abi.native {
                        for (v, leaf) in w.iter_mut().zip(&layout.leaves) {
                            *v = match (self.g.ty(*v), leaf.ty) {
                                (Ty::I64, Ty::Ptr) => self.as_ptr(*v),
                                (_, ty) => self.conv(ConvOp::Trunc, *v, ty),
                            };
                        }
                    }
                    Operand::Words(w)
                }
            });
        }
        out
    }

    fn extend_native(&mut self, abi: &AbiSig, words: &[Value], all: &mut ValueList) {
        let mut at = 0;
        for &(ty, way) in &abi.params {
            if way == ParamAbi::Copy {
                all.push(words[at]);
                at += 1;
                continue;
            }
            let layout = self.layout(ty);
            for leaf in &layout.leaves {
                let v = words[at];
                at += 1;
                all.push(match leaf.ty {
                    Ty::I8 | Ty::I16 | Ty::I32 => self.widen(v, leaf.signed),
                    _ => v,
                });
            }
        }
    }
}
