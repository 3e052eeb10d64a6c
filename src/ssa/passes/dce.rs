//! Dead code: instructions without effects whose results are not used, and block parameters likewise.
//!
//! Liveness starts at effects and terminators; a live parameter makes its arguments on every edge live.
//! Each value is marked at most once.

#![forbid(unsafe_code)]

use super::super::ir::{Block, Func, Value};
use super::{Def, definitions, predecessors};
use crate::index::IndexVec;

/// See the module's comment.
pub fn run(func: &mut Func) {
    let defs = definitions(func);
    let preds = predecessors(func);
    let mut live: IndexVec<Value, bool> = IndexVec::from_elem(false, func.values.len());
    let mut work: Vec<Value> = Vec::new();
    let mut mark = |v: Value, work: &mut Vec<Value>| {
        if !live[v] {
            live[v] = true;
            work.push(v);
        }
    };
    for (_, data) in func.blocks.iter_enumerated() {
        for inst in &data.insts {
            if !inst.kind.is_pure() {
                inst.kind.for_each_operand(&mut |v| mark(v, &mut work));
            }
        }
        match &data.term {
            super::super::ir::Term::Branch { cond, .. } => mark(*cond, &mut work),
            super::super::ir::Term::Table { x, .. } => mark(*x, &mut work),
            super::super::ir::Term::Return(values) => values.iter().for_each(|&v| mark(v, &mut work)),
            _ => {}
        }
    }
    while let Some(v) = work.pop() {
        match defs[v] {
            Def::None => {}
            Def::Inst(b, i) => {
                func.blocks[b].insts[i as usize].kind.for_each_operand(&mut |v| mark(v, &mut work));
            }
            Def::Param(b, i) => {
                for &(p, n) in &preds[b] {
                    let mut at = 0;
                    func.blocks[p].term.for_each_target(&mut |t| {
                        if at == n {
                            mark(t.args[i as usize], &mut work);
                        }
                        at += 1;
                    });
                }
            }
        }
    }
    // The entry's parameters are the signature.
    let keep: IndexVec<Block, Option<Vec<bool>>> = func
        .blocks
        .iter_enumerated()
        .map(|(b, data)| {
            if b == Block(0) || data.params.iter().all(|&p| live[p]) {
                return None;
            }
            Some(data.params.iter().map(|&p| live[p]).collect())
        })
        .collect();
    for b in func.blocks.ids() {
        let data = &mut func.blocks[b];
        if let Some(keep) = &keep[b] {
            let mut i = 0;
            data.params.retain(|_| {
                i += 1;
                keep[i - 1]
            });
        }
        data.insts.retain(|inst| !inst.kind.is_pure() || inst.results.iter().any(|&r| live[r]));
        data.term.for_each_target_mut(&mut |t| {
            if let Some(keep) = &keep[t.block] {
                let mut i = 0;
                t.args.retain(|_| {
                    i += 1;
                    keep[i - 1]
                });
            }
        });
    }
}
