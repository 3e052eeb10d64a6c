//! Calls, checks and polls to CLIF.
//!
//! Program functions use the `Tail` convention; runtime and native ones SystemV, through stubs that switch
//! to the thread's g0 stack. The stubs of functions that are called on cold paths only (`preempt`, `growslice`)
//! preserve all registers and return their results in `g`: otherwise values in hot loops would be kept in
//! frame words because of them. All are called near: the linker (`jit`) fills in the code itself or a stub.
//!
//! Recovery. When a panic was recovered by a function that this frame deferred, the runtime continues at the
//! function's recovery block with the frame's rbp and rsp and nothing else. Since that block uses no values,
//! one way into it is enough for CLIF: the exceptional edge of every call of `deferproc`, which is a
//! `try_call`. No recovery can come before the first of them ran, so everything that dominates the block is
//! computed by then; and in the Tail convention the edge clobbers all registers, so the function saves every
//! callee-saved register for its caller. That is why `deferproc` is called by the Tail convention: for one
//! argument and no result it is the same as SystemV.

#![forbid(unsafe_code)]

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, AbiParam, InstBuilder, MemFlagsData, TrapCode, types};
use cranelift_codegen::isa::CallConv;

use super::func::{Translator, clif_ty, signature, space};
use super::spill::{Class, Point};
use super::uses::is_deferproc;
use crate::abi::g::{G_COLD_RET, G_CTXT, G_PREEMPT};
use crate::abi::meta::trap;
use crate::abi::rtfn::{RtFn, Word};
use crate::ssa::ir::{Callee, CheckKind, FuncId, Inst, Sig, Ty, Value};

impl Translator<'_, '_> {
    /// A callee by name, made once per function.
    fn func_ref(&mut self, space: u32, index: u32, sig: impl FnOnce() -> ir::Signature) -> ir::FuncRef {
        if let Some(&f) = self.funcs.get(&(space, index)) {
            return f;
        }
        let signature = self.b.import_signature(sig());
        let name = self.b.func.declare_imported_user_function(ir::UserExternalName { namespace: space, index });
        let f = self.b.import_function(ir::ExtFuncData {
            name: ir::ExternalName::User(name),
            signature,
            colocated: true,
            patchable: false,
        });
        self.funcs.insert((space, index), f);
        f
    }

    fn sig_ref(&mut self, sig: &Sig) -> ir::SigRef {
        if let Some(&s) = self.sigs.get(sig) {
            return s;
        }
        let s = self.b.import_signature(signature(sig));
        self.sigs.insert(sig.clone(), s);
        s
    }

    fn runtime_ref(&mut self, f: RtFn) -> ir::FuncRef {
        self.func_ref(space::RUNTIME, f as u32, || {
            let word = |w: &Word| AbiParam::new(if *w == Word::d { types::F64 } else { types::I64 });
            let conv = match f {
                RtFn::deferproc => CallConv::Tail,
                _ if f.preserves() => CallConv::PreserveAll,
                _ => CallConv::SystemV,
            };
            let mut s = ir::Signature::new(conv);
            s.params.extend(f.params().iter().map(word));
            if !f.preserves() {
                s.returns.extend(f.results().iter().take(2).map(word));
            }
            s
        })
    }

    /// Calls a runtime function that is no safepoint.
    pub(super) fn runtime_call(&mut self, f: RtFn, args: &[ir::Value]) -> ir::Inst {
        let f = self.runtime_ref(f);
        self.b.ins().call(f, args)
    }

    /// Arguments as whole words.
    fn words(&mut self, args: &[Value]) -> Vec<ir::Value> {
        args.iter()
            .map(|v| {
                let x = self.value(*v);
                match self.f.values[*v] {
                    Ty::F32 | Ty::F64 => x,
                    ty => self.fit(x, ty, Ty::I64),
                }
            })
            .collect()
    }

    /// A call instruction.
    pub(super) fn call(&mut self, inst: &Inst, callee: Callee, args: &[Value], sig: &Sig, point: Option<Point>) {
        let call = match callee {
            Callee::Func(id) if !self.env.is_native(id) => {
                let args = self.values(args);
                let f = self.func_ref(space::FUNC, id.0, || signature(sig));
                self.before(point);
                self.b.ins().call(f, &args)
            }
            Callee::Func(id) => {
                let args = self.words(args);
                let f = self.native_ref(id, sig);
                self.before(point);
                self.b.ins().call(f, &args)
            }
            Callee::Closure(c) => {
                let args = self.values(args);
                let sig = self.sig_ref(sig);
                let c = self.value(c);
                let flags = self.nil_flags();
                let code = self.b.ins().load(types::I64, flags, c, 0);
                self.store_g(c, G_CTXT);
                self.before(point);
                self.b.ins().call_indirect(sig, code, &args)
            }
            Callee::Code(code) => {
                let args = self.values(args);
                let sig = self.sig_ref(sig);
                let code = self.value(code);
                self.before(point);
                self.b.ins().call_indirect(sig, code, &args)
            }
            Callee::Runtime(f) => {
                let args = self.words(args);
                let callee = self.runtime_ref(f);
                self.before(point);
                match self.f.recovery {
                    Some(recovery) if is_deferproc(inst) => {
                        self.try_call(callee, &args, recovery, point);
                        return;
                    }
                    _ => self.b.ins().call(callee, &args),
                }
            }
        };
        self.after(call, point);
        match callee {
            Callee::Runtime(f) if f.preserves() => {
                for (i, r) in inst.results.iter().enumerate() {
                    let x = self.load_g(types::I64, G_COLD_RET + 8 * i as i32);
                    self.define(*r, x);
                }
            }
            _ => self.results(inst, call),
        }
        if let Callee::Runtime(f) = callee
            && f.noreturn()
        {
            self.b.ins().trap(TrapCode::unwrap_user(trap::UNREACHABLE));
            // What follows in this block, its terminator at least, cannot be reached.
            let rest = self.cold_block();
            self.enter(rest);
        }
    }

    fn native_ref(&mut self, id: FuncId, sig: &Sig) -> ir::FuncRef {
        self.func_ref(space::NATIVE, id.0, || {
            let word = |t: &Ty| match t {
                Ty::F32 | Ty::F64 => AbiParam::new(clif_ty(*t)),
                _ => AbiParam::new(types::I64),
            };
            let mut s = ir::Signature::new(CallConv::SystemV);
            s.params.extend(sig.params.iter().map(word));
            s.returns.extend(sig.results.iter().take(2).map(word));
            s
        })
    }

    /// Defines the results. Those of runtime and native functions are whole words.
    fn results(&mut self, inst: &Inst, call: ir::Inst) {
        for (i, r) in inst.results.iter().enumerate() {
            let x = self.b.inst_results(call)[i];
            let (from, to) = (self.b.func.dfg.value_type(x), self.f.values[*r]);
            let x = if from == types::I64 { self.fit(x, Ty::I64, to) } else { x };
            self.define(*r, x);
        }
    }

    /// `deferproc`, with the edge to the recovery block.
    fn try_call(
        &mut self,
        callee: ir::FuncRef,
        args: &[ir::Value],
        recovery: crate::ssa::ir::Block,
        point: Option<Point>,
    ) {
        let next = self.b.create_block();
        let landing = self.clif_block(recovery);
        let sig = self.b.func.dfg.ext_funcs[callee].signature;
        let pool = &mut self.b.func.dfg.value_lists;
        let normal = ir::BlockCall::new(next, [], pool);
        let landing = ir::BlockCall::new(landing, [], pool);
        let table = ir::ExceptionTableData::new(sig, normal, [ir::ExceptionTableItem::Default(landing)]);
        let table = self.b.func.dfg.exception_tables.push(table);
        let call = self.b.ins().try_call(callee, args, table);
        self.map(call, point);
        self.enter(next);
        self.reload_after(point);
        self.edge_done(recovery);
    }

    /// Cold values go to their words.
    fn before(&mut self, point: Option<Point>) {
        let Some(point) = point else { return };
        let plan = self.plan;
        for v in plan.live(point) {
            if plan.class(*v) == Class::Cold {
                self.spill(*v);
            }
        }
    }

    fn after(&mut self, call: ir::Inst, point: Option<Point>) {
        self.map(call, point);
        self.reload_after(point);
    }

    /// Names the words of live values in the call's stack map.
    fn map(&mut self, call: ir::Inst, point: Option<Point>) {
        let Some(point) = point else { return };
        let plan = self.plan;
        for v in plan.live(point) {
            if let Some(slot) = self.map_word(*v) {
                let entry = ir::UserStackMapEntry { ty: types::I64, slot, offset: 0 };
                self.b.func.dfg.append_user_stack_map_entry(call, entry);
            }
        }
    }

    /// Hot values become stale; cold ones are loaded.
    fn reload_after(&mut self, point: Option<Point>) {
        let Some(point) = point else { return };
        let plan = self.plan;
        for v in plan.live(point) {
            match plan.class(*v) {
                Class::Hot => self.fresh.remove(plan.dense(*v)),
                _ => self.reload(*v),
            }
        }
    }

    /// A check: the failing side calls the runtime and does not come back.
    pub(super) fn check(&mut self, kind: CheckKind, x: Value, y: Option<Value>) {
        let (wide_x, wide_y) = (self.f.values[x], y.map(|y| self.f.values[y]));
        let x = self.value(x);
        let y = y.map(|y| self.value(y));
        let (holds, f) = match (kind, y) {
            (CheckKind::ULt(f), Some(y)) => (self.b.ins().icmp(IntCC::UnsignedLessThan, x, y), f),
            (CheckKind::ULe(f), Some(y)) => (self.b.ins().icmp(IntCC::UnsignedLessThanOrEqual, x, y), f),
            (CheckKind::NonZero(f), _) => (self.b.ins().icmp_imm_s(IntCC::NotEqual, x, 0), f),
            (CheckKind::NonNegative(f), _) => (self.b.ins().icmp_imm_s(IntCC::SignedGreaterThanOrEqual, x, 0), f),
            _ => crate::bug!("codegen", self.f.name, "a check without its second operand"),
        };
        let (fail, ok) = (self.cold_block(), self.b.create_block());
        self.b.ins().brif(holds, ok, &[], fail, &[]);
        self.enter(fail);
        let mut args = Vec::with_capacity(2);
        if let (2, Some(y), Some(wide_y)) = (f.params().len(), y, wide_y) {
            args.push(self.fit(x, wide_x, Ty::I64));
            args.push(self.fit(y, wide_y, Ty::I64));
        }
        self.runtime_call(f, &args);
        self.b.ins().trap(TrapCode::unwrap_user(trap::UNREACHABLE));
        self.enter(ok);
    }

    /// `if g.preempt != 0 { preempt() }`. The load is atomic so that it is done anew each time.
    pub(super) fn poll(&mut self, point: Option<Point>) {
        let plan = self.plan;
        let g = self.b.ins().get_pinned_reg(types::I64);
        let addr = self.b.ins().iadd_imm_s(g, i64::from(G_PREEMPT));
        let flag = self.b.ins().atomic_load(types::I64, MemFlagsData::trusted(), addr);
        let (stop, go_on) = (self.cold_block(), self.b.create_block());
        self.b.ins().brif(flag, stop, &[], go_on, &[]);
        self.enter(stop);
        // On both ways the same hot values are fresh: those that were before.
        let fresh = self.fresh.clone();
        self.before(point);
        let call = self.runtime_call(RtFn::preempt, &[]);
        self.map(call, point);
        if let Some(point) = point {
            for v in plan.live(point) {
                if plan.class(*v) == Class::Cold || fresh.contains(plan.dense(*v)) {
                    self.reload(*v);
                }
            }
        }
        self.b.ins().jump(go_on, &[]);
        self.fresh = fresh;
        self.enter(go_on);
    }
}
