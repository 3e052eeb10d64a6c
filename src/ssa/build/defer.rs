//! `go` and `defer`. Their calls have neither operands nor results: others were wrapped in a closure by
//! lowering to the typed tree.

#![forbid(unsafe_code)]

use super::super::ir::{BinOp, Block, Callee, Cmp, InstKind, Results, Ty, Value, ValueList};
use super::Builder;
use super::mem::Mem;
use crate::abi::g::{DEFER_SIZE, G_DEFER_END, G_DEFER_TOP};
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
            ExprKind::Init { .. } => {
                let x = self.after_init(call);
                self.callee_value(x)
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
        let (full, room, done) = (self.g.new_cold_block(), self.g.new_block(), self.g.new_block());
        let top = self.load_g(G_DEFER_TOP);
        let end = self.load_g(G_DEFER_END);
        let no_room = self.cmp(Cmp::Eq, top, end);
        // A nil function panics when it is called: the runtime knows one that does.
        let nil = self.cmp_c(Cmp::Eq, f, 0);
        let slow = self.bin(BinOp::Or, no_room, nil);
        self.g.branch(slow, full, room);
        self.g.start(full);
        self.rt(RtFn::deferproc, &[f]);
        self.g.jump(done);
        self.g.start(room);
        let depth = self.depth();
        self.store_word(Mem::static_data(top), 0, f);
        self.store_word(Mem::static_data(top), 8, depth);
        let top = self.bin_c(BinOp::Add, top, DEFER_SIZE.into());
        self.g.inst0(InstKind::StoreG(G_DEFER_TOP, top));
        // Never taken: tells that the function's end may come here without what only the call computes.
        let never = self.cmp_c(Cmp::Eq, top, 0);
        let exit = self.exit.expect("the function defers");
        self.g.branch(never, exit, done);
        self.g.start(done);
    }

    fn load_g(&mut self, offset: i32) -> Value {
        self.g.inst(InstKind::LoadG(offset), Ty::I64)
    }

    /// At the entry of a function with defer: notes its frame's depth.
    pub(super) fn store_depth(&mut self) {
        let slot = self.raw_slot("depth", 8, Vec::new());
        let depth = self.g.inst(InstKind::FrameDepth, Ty::I64);
        self.store_word(Mem::slot(slot), 0, depth);
        self.depth = Some(slot);
    }

    fn depth(&mut self) -> Value {
        let slot = self.depth.expect("noted at the entry");
        self.load_word(Mem::slot(slot), 0, Ty::I64)
    }

    /// Runs what the function deferred, and returns. Nothing but slots is known here: recovered panics come
    /// here, too.
    pub(super) fn exit_block(&mut self, exit: Block) {
        self.g.close();
        self.g.switch_to(exit);
        self.g.pos = self.f.end;
        let (call, done) = (self.g.new_block(), self.g.new_block());
        let top = self.load_g(G_DEFER_TOP);
        let newest = self.bin_c(BinOp::Sub, top, DEFER_SIZE.into());
        let its = self.load_word(Mem::static_data(newest), 8, Ty::I64);
        let depth = self.depth();
        let mine = self.cmp(Cmp::Eq, its, depth);
        self.g.branch(mine, call, done);
        self.g.start(call);
        let f = self.load_word(Mem::static_data(newest), 0, Ty::Ptr);
        self.g.inst0(InstKind::StoreG(G_DEFER_TOP, newest));
        self.call_deferred(f);
        self.g.jump(exit);
        self.g.seal(exit);
        self.g.start(done);
        let words = self.result_words();
        self.g.ret(words);
    }

    /// Calls a function value without parameters and results.
    pub(super) fn call_deferred(&mut self, f: Value) {
        let sig = self.cache.no_sig.clone();
        self.g.push(InstKind::Call { callee: Callee::Closure(f), args: ValueList::new(), sig }, Results::new());
    }
}
