//! Passes over SSA form: what Cranelift cannot do for lack of knowledge, and what spares it work.
//!
//! * [`checks`]: bounds, nil and divisor checks that always hold.
//! * [`cse`]: values that are there already, for the sake of these.
//! * [`mod@cfg`]: constant branches, jumps to jumps, blocks with one predecessor.
//! * [`dce`]: unused instructions and block parameters.
//! * [`slots`]: slots that are only written, in frames too large to have.
//! * [`nilchecks`]: nil checks that are part of an access.
//! * [`poll`]: preemption in loops without calls.
//!
//! Arithmetic is left to Cranelift's own rules.

#![forbid(unsafe_code)]

pub mod cfg;
pub mod checks;
pub mod cse;
pub mod dce;
pub mod nilchecks;
pub mod poll;
pub mod slots;

use crate::index::{Id, IndexVec};

use super::ir::{Block, Func, InstKind, Value};

/// Runs all passes. `lengths`: values known to be lengths or capacities; `yields`: whether calling a
/// function can preempt its caller.
pub fn run(func: &mut Func, lengths: &[bool], yields: &mut dyn FnMut(crate::hir::FuncId) -> bool) {
    cfg::run(func);
    checks::run(func, lengths);
    dce::run(func);
    cfg::run(func);
    poll::run(func, yields);
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Def {
    None,
    Param(Block, u32),
    Inst(Block, u32),
}

/// The definition of every value.
pub(crate) fn definitions(func: &Func) -> IndexVec<Value, Def> {
    let mut defs = IndexVec::from_elem(Def::None, func.values.len());
    for (b, data) in func.blocks.iter_enumerated() {
        for (i, &p) in data.params.iter().enumerate() {
            defs[p] = Def::Param(b, i as u32);
        }
        for (i, inst) in data.insts.iter().enumerate() {
            for &r in &inst.results {
                defs[r] = Def::Inst(b, i as u32);
            }
        }
    }
    defs
}

/// Predecessors of every block: the block and the number of its edge (in the order of `for_each_target`).
pub(crate) fn predecessors(func: &Func) -> IndexVec<Block, Vec<(Block, u32)>> {
    let mut preds: IndexVec<Block, Vec<(Block, u32)>> = IndexVec::from_elem(Vec::new(), func.blocks.len());
    for (b, data) in func.blocks.iter_enumerated() {
        let mut n = 0;
        data.term.for_each_target(&mut |t| {
            preds[t.block].push((b, n));
            n += 1;
        });
    }
    preds
}

/// Children in the dominator tree, and its roots.
pub(crate) fn dominator_tree(idom: &IndexVec<Block, Option<Block>>) -> (IndexVec<Block, Vec<Block>>, Vec<Block>) {
    let mut children: IndexVec<Block, Vec<Block>> = IndexVec::from_elem(Vec::new(), idom.len());
    let mut roots = Vec::new();
    for b in idom.ids() {
        match idom[b] {
            Some(up) => children[up].push(b),
            None => roots.push(b),
        }
    }
    (children, roots)
}

/// Whether `a` dominates `b`.
pub(crate) fn dominates(idom: &IndexVec<Block, Option<Block>>, a: Block, b: Block) -> bool {
    let mut x = b;
    loop {
        if x == a {
            return true;
        }
        match idom[x] {
            Some(up) => x = up,
            None => return false,
        }
    }
}

/// The constant that a value is.
pub(crate) fn constant(func: &Func, defs: &IndexVec<Value, Def>, v: Value) -> Option<u64> {
    match defs[v] {
        Def::Inst(b, i) => match func.blocks[b].insts[i as usize].kind {
            InstKind::Const(c) => Some(c),
            _ => None,
        },
        _ => None,
    }
}

/// Ids of blocks from 0 on.
pub(crate) fn block(i: usize) -> Block {
    Block::new(i)
}
