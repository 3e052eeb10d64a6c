#![forbid(unsafe_code)]
//! `go` and `defer`. Their calls have neither operands nor results: others were wrapped in a closure by
//! lowering to the typed tree.

use super::super::ir::{Callee, InstKind, Results, Ty, Value, ValueList};
use super::Builder;
use crate::abi::rtfn::RtFn;
use crate::hir::{self, ExprId, ExprKind};
use crate::source::Pos;

impl Builder<'_> {
    /// The function value that a `go` or `defer` statement calls.
    fn callee_value(&mut self, call: ExprId) -> Value {
        self.hoist_operands(call);
        match &self.expr(call).kind {
            ExprKind::Call { callee: hir::Callee::Value(x), args, .. } if args.is_empty() => self.word(*x),
            ExprKind::Call { callee: hir::Callee::Static(f), args, .. } if args.is_empty() => {
                self.g.inst(InstKind::FuncValue(*f), Ty::Ptr)
            }
            ExprKind::Init { stmts, x } => {
                if self.hoisted.insert(call, super::Operand::Words(ValueList::new())).is_none() {
                    self.stmts(stmts);
                }
                self.callee_value(*x)
            }
            ExprKind::Paren(x) => self.callee_value(*x),
            kind => crate::bug!("ssa", self.f.link_name, "go or defer of {:?}", kind),
        }
    }

    pub(super) fn go(&mut self, call: ExprId, pos: Pos) {
        let f = self.callee_value(call);
        self.g.pos = pos;
        self.rt(RtFn::newproc, &[f]);
    }

    pub(super) fn defer(&mut self, call: ExprId, pos: Pos) {
        let f = self.callee_value(call);
        self.g.pos = pos;
        self.rt(RtFn::deferproc, &[f]);
    }

    /// Calls a function value without parameters and results.
    pub(super) fn call_deferred(&mut self, f: Value) {
        let sig = self.cache.no_sig.clone();
        self.g.push(InstKind::Call { callee: Callee::Closure(f), args: ValueList::new(), sig }, Results::new());
    }
}
