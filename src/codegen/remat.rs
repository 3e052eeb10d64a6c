//! Keeps frame addresses out of registers.
//!
//! To Cranelift `stack_addr` and `get_frame_pointer` are pure: common-subexpression elimination, code motion
//! and elaboration keep or recreate them wherever they like, so that after `Context::optimize` one may be
//! computed before a call and used behind it. When the call moves the stack, that address is stale; and
//! lowering keeps even the address of a spill word in a callee-saved register if the load through it was
//! merged into another instruction.
//!
//! This pass runs after the optimiser. Each instruction with an effect (load, store, call, branch, return)
//! that uses a frame address gets its own copy right before it, so that no such address lives across
//! another instruction.
//!
//! Invariant, checked here: no pure instruction uses a frame address. `func` sees to it by taking the address
//! of a slot, where it is wanted as a value, from the slot's home word.

#![forbid(unsafe_code)]

use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{Function, Inst, InstBuilder, InstructionData, Opcode, Value, ValueDef, types};

/// The instruction that makes `v`, if that is a frame address.
fn frame_addr(func: &Function, v: Value) -> Option<Inst> {
    match func.dfg.value_def(func.dfg.resolve_aliases(v)) {
        ValueDef::Result(inst, _) => {
            matches!(func.dfg.insts[inst].opcode(), Opcode::StackAddr | Opcode::GetFramePointer).then_some(inst)
        }
        _ => None,
    }
}

/// Gives every use its own copy.
///
/// # Errors
/// The first pure instruction that uses a frame address.
pub(super) fn remat_frame_addrs(func: &mut Function) -> Result<(), String> {
    let mut values: Vec<Value> = Vec::new();
    let mut pos = FuncCursor::new(func);
    while pos.next_block().is_some() {
        while let Some(inst) = pos.next_inst() {
            values.clear();
            values.extend(pos.func.dfg.inst_values(inst));
            if !values.iter().any(|v| frame_addr(pos.func, *v).is_some()) {
                continue;
            }
            let op = pos.func.dfg.insts[inst].opcode();
            if !(op.can_load() || op.can_store() || op.is_call() || op.is_terminator() || op.is_branch()) {
                return Err(pos.func.dfg.display_inst(inst).to_string());
            }
            let loc = pos.func.srcloc(inst);
            for v in &mut values {
                let Some(def) = frame_addr(pos.func, *v) else { continue };
                pos.set_srcloc(loc);
                *v = match pos.func.dfg.insts[def] {
                    InstructionData::StackAddr { stack_slot, offset, .. } => {
                        pos.ins().stack_addr(types::I64, stack_slot, offset)
                    }
                    _ => pos.ins().get_frame_pointer(types::I64),
                };
            }
            pos.func.dfg.overwrite_inst_values(inst, values.iter().copied());
        }
    }
    Ok(())
}
