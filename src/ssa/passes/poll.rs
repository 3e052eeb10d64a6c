#![forbid(unsafe_code)]
//! Preemption: a loop that could run long without a stack check gets a [`InstKind::Poll`] on its back edges.
//!
//! A function's prologue check is where goroutines are preempted. The blocks between a back edge's source
//! and the loop's head in the dominator tree run in every iteration: if none of them calls a function that
//! checks, the edge polls.

use super::super::ir::{Block, Callee, Func, Inst, InstKind, Results};
use super::super::verify::dominators;
use super::dominates;
use crate::hir::FuncId;

/// See the module's comment.
pub fn run(func: &mut Func, yields: &mut dyn FnMut(FuncId) -> bool) {
    let idom = dominators(func);
    // Blocks are in reverse postorder: a back edge goes to a block that is not behind.
    let mut back: Vec<(Block, Block)> = Vec::new();
    for (b, data) in func.blocks.iter_enumerated() {
        data.term.for_each_target(&mut |t| {
            if t.block <= b {
                back.push((b, t.block));
            }
        });
    }
    let mut yielding = vec![None; func.blocks.len()];
    let mut polls: Vec<Block> = Vec::new();
    for (latch, head) in back {
        if dominates(&idom, head, latch) {
            let mut b = latch;
            let mut found = false;
            loop {
                let y = *yielding[b.0 as usize].get_or_insert_with(|| {
                    func.blocks[b].insts.iter().any(|i| match i.kind {
                        InstKind::Poll => true,
                        InstKind::Call { callee: Callee::Func(f), .. } => yields(f),
                        _ => false,
                    })
                });
                found |= y;
                if found || b == head {
                    break;
                }
                match idom[b] {
                    Some(up) => b = up,
                    None => break,
                }
            }
            if found {
                continue;
            }
        }
        if polls.last() != Some(&latch) {
            polls.push(latch);
        }
    }
    for b in polls {
        let data = &mut func.blocks[b];
        data.insts.push(Inst { kind: InstKind::Poll, results: Results::new(), pos: data.term_pos, inl: 0 });
    }
}
