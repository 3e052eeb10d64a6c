//! Preemption: a loop that could run long without a stack check gets a [`InstKind::Poll`] on its back edges.
//!
//! A function's prologue check is where goroutines are preempted. The blocks between a back edge's source
//! and the loop's head in the dominator tree run in every iteration: if none of them calls a function that
//! checks, the edge polls. Loops that count to a small constant do not, if they do not allocate: they end soon, and
//! nothing is there for a collection that waits.

#![forbid(unsafe_code)]

use super::super::ir::{BinOp, Block, Callee, Cmp, Func, Inst, InstKind, Results, Term, Ty, Value};
use super::super::verify::dominators;
use super::{Def, constant, definitions, dominates, predecessors};
use crate::hir::FuncId;
use crate::index::IndexVec;

/// Most iterations of a loop that need not poll.
const FEW: i64 = 1024;

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
    let defs = definitions(func);
    let preds = predecessors(func);
    let mut yielding = vec![None; func.blocks.len()];
    let mut polls: Vec<Block> = Vec::new();
    for (latch, head) in back {
        if dominates(&idom, head, latch) {
            if is_short(func, &defs, &preds[head], latch, head) && !allocates(func, head, latch) {
                continue;
            }
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

/// Whether a block between a loop's head and the back edge's source calls the runtime.
fn allocates(func: &Func, head: Block, latch: Block) -> bool {
    (head.0..=latch.0).any(|b| {
        func.blocks[Block(b)].insts.iter().any(|i| match i.kind {
            InstKind::Call { callee: Callee::Runtime(f), .. } => !f.leaf() && !f.noreturn(),
            InstKind::Call { .. } => true,
            _ => false,
        })
    })
}

/// Whether a loop counts up by a constant, from a constant to a constant not far from it, and the only edge
/// back is that of the comparison.
fn is_short(func: &Func, defs: &IndexVec<Value, Def>, preds: &[(Block, u32)], latch: Block, head: Block) -> bool {
    let int = |v: Value| match func.values[v] {
        Ty::I64 => constant(func, defs, v).map(|c| c as i64),
        _ => None,
    };
    let kind = |v: Value| match defs[v] {
        Def::Inst(b, i) => Some(&func.blocks[b].insts[i as usize].kind),
        _ => None,
    };
    let Term::Branch { cond, then, els } = &func.blocks[latch].term else {
        return false;
    };
    if then.block != head || els.block == head {
        return false;
    }
    let Some(&InstKind::Cmp(Cmp::SLt | Cmp::SLe, next, limit)) = kind(*cond) else {
        return false;
    };
    let Some(&InstKind::Bin(BinOp::Add, var, step)) = kind(next) else {
        return false;
    };
    let (Some(limit), Some(1..=FEW)) = (int(limit), int(step)) else {
        return false;
    };
    let Some(i) = func.blocks[head].params.iter().position(|&p| p == var) else {
        return false;
    };
    if then.args[i] != next || !(-FEW..=FEW).contains(&limit) {
        return false;
    }
    // Where the loop is entered.
    preds.iter().all(|&(p, n)| {
        if p == latch {
            return true;
        }
        let mut from = None;
        let mut at = 0;
        func.blocks[p].term.for_each_target(&mut |t| {
            if at == n {
                from = int(t.args[i]);
            }
            at += 1;
        });
        from.is_some_and(|c| (-FEW..=FEW).contains(&c))
    })
}
