//! Simplifies the graph: branches on constants, jumps through empty blocks, straight lines of blocks.
//! Unreachable blocks are dropped and the rest is renumbered in reverse postorder.

#![forbid(unsafe_code)]

use std::mem;

use super::super::build::reverse_postorder;
use super::super::ir::{Block, BlockData, Func, Target, Term, Value};
use super::{constant, definitions};
use crate::index::{Id, IndexVec};
use crate::source::Pos;

/// Longest chain of empty blocks that is followed. They form no cycles but in endless loops.
const MAX_CHAIN: usize = 64;

/// See the module's comment.
pub fn run(func: &mut Func) {
    fold_branches(func);
    thread_jumps(func);
    merge(func);
}

fn fold_branches(func: &mut Func) {
    let defs = definitions(func);
    for b in func.blocks.ids() {
        let taken = match &func.blocks[b].term {
            Term::Branch { cond, then, els } => match constant(func, &defs, *cond) {
                Some(c) => Some(if c & 1 != 0 { then.clone() } else { els.clone() }),
                None if then.block == els.block && then.args == els.args => Some(then.clone()),
                None => None,
            },
            Term::Table { x, targets, default } => constant(func, &defs, *x)
                .map(|c| usize::try_from(c).ok().and_then(|c| targets.get(c)).unwrap_or(default).clone()),
            _ => None,
        };
        if let Some(t) = taken {
            func.blocks[b].term = Term::Jump(t);
        }
    }
}

/// Redirects edges to blocks that only jump on.
fn thread_jumps(func: &mut Func) {
    // The block and arguments that an empty block without parameters jumps to.
    let mut next: IndexVec<Block, Option<Target>> = IndexVec::from_elem(None, func.blocks.len());
    let mut any = false;
    for (b, data) in func.blocks.iter_enumerated() {
        if data.params.is_empty()
            && data.insts.is_empty()
            && b.index() != 0
            && func.recovery != Some(b)
            && let Term::Jump(t) = &data.term
            && t.block != b
        {
            next[b] = Some(t.clone());
            any = true;
        }
    }
    if !any {
        return;
    }
    for data in func.blocks.iter_mut() {
        data.term.for_each_target_mut(&mut |t| {
            for _ in 0..MAX_CHAIN {
                match &next[t.block] {
                    Some(n) => *t = n.clone(),
                    None => break,
                }
            }
        });
    }
}

/// Joins blocks to their only predecessor that jumps to them.
fn merge(func: &mut Func) {
    let order = reverse_postorder(func);
    let n = func.blocks.len();
    let mut n_preds = vec![0u32; n];
    for &b in &order {
        func.blocks[b].term.for_each_target(&mut |t| n_preds[t.block.index()] += 1);
    }
    let mut alias: IndexVec<Value, Value> = func.values.ids().collect();
    let mut gone = vec![false; n];
    for &b in &order {
        if gone[b.index()] {
            continue;
        }
        while let Term::Jump(t) = &func.blocks[b].term {
            let to = t.block;
            if to == b || n_preds[to.index()] != 1 || to.index() == 0 || func.recovery == Some(to) {
                break;
            }
            let args = t.args.clone();
            let empty = BlockData {
                params: Vec::new(),
                insts: Vec::new(),
                term: Term::Unreachable,
                term_pos: Pos::NONE,
                cold: true,
            };
            let next = mem::replace(&mut func.blocks[to], empty);
            for (&p, &a) in next.params.iter().zip(&args) {
                alias[p] = a;
            }
            gone[to.index()] = true;
            let data = &mut func.blocks[b];
            if data.insts.is_empty() {
                data.insts = next.insts;
            } else {
                data.insts.extend(next.insts);
            }
            data.term = next.term;
            data.term_pos = next.term_pos;
            // What always follows is as frequent as what it follows.
            data.cold &= next.cold || data.cold;
        }
    }
    let mut number: IndexVec<Block, Block> = IndexVec::from_elem(Block(0), n);
    let mut kept = Vec::with_capacity(n);
    for &b in &order {
        if !gone[b.index()] {
            number[b] = super::block(kept.len());
            kept.push(b);
        }
    }
    let mut resolve = |v: &mut Value| {
        while alias[*v] != *v {
            let next = alias[*v];
            alias[*v] = alias[next];
            *v = next;
        }
    };
    let mut old = mem::take(&mut func.blocks);
    for b in kept {
        let none =
            BlockData { params: Vec::new(), insts: Vec::new(), term: Term::None, term_pos: Pos::NONE, cold: false };
        let mut data = mem::replace(&mut old[b], none);
        for inst in &mut data.insts {
            inst.kind.for_each_operand_mut(&mut resolve);
        }
        data.term.for_each_operand_mut(&mut resolve);
        data.term.for_each_target_mut(&mut |t| t.block = number[t.block]);
        func.blocks.push(data);
    }
    func.recovery = func.recovery.map(|b| number[b]);
}
