//! Where pointers are while a call runs: spill slots, stores and reloads.
//!
//! At every safepoint (a call that may move this stack or collect) each live pointer must lie in a frame word
//! that the stack map names, and a register copy of it is worthless afterwards. This pass decides, before
//! CLIF is made, which values need a word and when they are stored and loaded again.
//!
//! Model. Only `Ptr` values that are not the address of static data are *tracked*. A tracked value that lives
//! across a safepoint is
//! * *hot* if one of those safepoints is on a path that runs often: it is stored once, where it is defined,
//!   so its word is always up to date. From then on it is *fresh* (its current register copy is good) or
//!   *stale* (a safepoint came after the last load). Using a stale value loads it first.
//! * *cold* if it only lives across safepoints in cold blocks and polls: it is stored right before such a
//!   call and loaded right after it, so that hot paths pay nothing.
//!
//! Freshness on entry of a block is the conjunction over its predecessors that are not cold, the greatest
//! solution of a monotone system, found by iterating from "all fresh" (each round only clears bits, so it
//! ends). A cold predecessor that is stale where its successor wants fresh loads at its end. Going from fresh
//! to stale costs nothing.
//!
//! Invariant: a value of [`Class::Plain`] is never live across a safepoint, or is not a pointer.
//!
//! A slot's address ([`InstKind::SlotAddr`]) needs no spill word: its home word serves.

#![forbid(unsafe_code)]

use super::uses::{for_each_succ, is_deferproc};
use crate::index::Id;
use crate::ssa::ir::{Block, Callee, ConvOp, Func, Inst, InstKind, Slot, Ty, Value};

/// A set of small integers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct BitSet {
    words: Vec<u64>,
}

impl BitSet {
    fn new(n: usize) -> BitSet {
        BitSet { words: vec![0; n.div_ceil(64)] }
    }

    pub(super) fn contains(&self, i: u32) -> bool {
        self.words.get(i as usize / 64).is_some_and(|w| w >> (i % 64) & 1 != 0)
    }

    pub(super) fn insert(&mut self, i: u32) {
        self.words[i as usize / 64] |= 1 << (i % 64);
    }

    pub(super) fn remove(&mut self, i: u32) {
        self.words[i as usize / 64] &= !(1 << (i % 64));
    }

    fn union(&mut self, other: &BitSet) -> bool {
        let mut changed = false;
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            let new = *a | b;
            changed |= new != *a;
            *a = new;
        }
        changed
    }

    fn intersect(&mut self, other: &BitSet) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a &= b;
        }
    }

    fn fill(&mut self) {
        self.words.fill(!0);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(i, &w)| {
            let mut rest = w;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(i as u32 * 64 + bit)
            })
        })
    }
}

/// How a value survives calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Never live across a safepoint as a pointer.
    Plain,
    Hot,
    Cold,
}

/// The frame word of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Spill slot number.
    Spill(u32),
    /// The home word of a slot.
    Home(Slot),
}

/// A safepoint and what lives across it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// Index of the instruction in its block.
    pub(super) inst: u32,
    start: u32,
    end: u32,
}

/// The decisions for one function.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Reachable blocks in reverse post-order.
    pub(super) rpo: Vec<Block>,
    /// Number of edges from reachable blocks, the recovery edge of each `deferproc` included.
    pub(super) n_preds: Vec<u32>,
    classes: Vec<Class>,
    words: Vec<Word>,
    /// Dense numbers of tracked values; `NONE` for others.
    dense: Vec<u32>,
    tracked: Vec<Value>,
    /// Per block, ascending.
    points: Vec<Vec<Point>>,
    pool: Vec<Value>,
    fresh_in: Vec<BitSet>,
    /// Per block: hot values to load before its terminator.
    pub(super) reload_at_end: Vec<Vec<Value>>,
    pub(super) n_spills: u32,
}

const NONE: u32 = u32::MAX;

impl Plan {
    pub(super) fn class(&self, v: Value) -> Class {
        self.classes[v.index()]
    }

    /// The word of a hot or cold value.
    pub(super) fn word(&self, v: Value) -> Word {
        self.words[self.dense[v.index()] as usize]
    }

    /// Number of a hot value in freshness sets.
    pub(super) fn dense(&self, v: Value) -> u32 {
        self.dense[v.index()]
    }

    pub(super) fn points(&self, block: Block) -> &[Point] {
        &self.points[block.index()]
    }

    /// Hot and cold values that live across `point`.
    pub(super) fn live(&self, point: Point) -> &[Value] {
        &self.pool[point.start as usize..point.end as usize]
    }

    pub(super) fn fresh_in(&self, block: Block) -> &BitSet {
        &self.fresh_in[block.index()]
    }
}

/// Whether generated code may be stopped in this call while its stack moves or the heap is collected.
/// `native` tells whether a function is native.
fn safepoint(inst: &Inst) -> bool {
    match &inst.kind {
        InstKind::Call { callee: Callee::Runtime(f), .. } => !f.leaf() && !f.noreturn(),
        InstKind::Call { .. } | InstKind::Poll => true,
        _ => false,
    }
}

/// Runtime and native functions do not keep their pointer arguments alive themselves: the caller's map does.
fn callee_roots_args(inst: &Inst, is_native: &impl Fn(crate::ssa::ir::FuncId) -> bool) -> bool {
    match &inst.kind {
        InstKind::Call { callee: Callee::Runtime(_), .. } => false,
        InstKind::Call { callee: Callee::Func(f), .. } => !is_native(*f),
        _ => true,
    }
}

/// Values that are addresses of static data: they never move and need no root.
fn static_values(f: &Func, rpo: &[Block]) -> Vec<bool> {
    let mut is_static = vec![false; f.values.len()];
    for &b in rpo {
        for inst in &f.blocks[b].insts {
            let s = match &inst.kind {
                InstKind::Const(_)
                | InstKind::GlobalAddr(_)
                | InstKind::StrData(_)
                | InstKind::StrHeader(_)
                | InstKind::StaticObject(_)
                | InstKind::FuncValue(_)
                | InstKind::TypeDesc(_)
                | InstKind::Itab { .. }
                | InstKind::FuncCode(_)
                | InstKind::Undef => true,
                InstKind::PtrAdd(x, _) => is_static[x.index()],
                InstKind::Conv(ConvOp::ToPtr, x) => is_static[x.index()],
                _ => false,
            };
            if s {
                inst.results.iter().for_each(|r| is_static[r.index()] = true);
            }
        }
    }
    is_static
}

fn reverse_post_order(f: &Func) -> Vec<Block> {
    let mut state = vec![0u8; f.blocks.len()];
    let mut order = Vec::with_capacity(f.blocks.len());
    let mut stack = vec![Block(0)];
    while let Some(&b) = stack.last() {
        match state[b.index()] {
            0 => {
                state[b.index()] = 1;
                let at = stack.len();
                for_each_succ(&f.blocks[b], f.recovery, &mut |s| {
                    if state[s.index()] == 0 {
                        stack.push(s);
                    }
                });
                // Depth first in the order of the targets: the first one is visited first.
                stack[at..].reverse();
            }
            1 => {
                state[b.index()] = 2;
                order.push(b);
                stack.pop();
            }
            _ => {
                stack.pop();
            }
        }
    }
    order.reverse();
    order
}

/// Makes the plan for `f`.
pub(super) fn plan(f: &Func, is_native: impl Fn(crate::ssa::ir::FuncId) -> bool) -> Plan {
    let n_blocks = f.blocks.len();
    let mut plan = Plan {
        rpo: reverse_post_order(f),
        n_preds: vec![0; n_blocks],
        classes: vec![Class::Plain; f.values.len()],
        dense: vec![NONE; f.values.len()],
        points: vec![Vec::new(); n_blocks],
        fresh_in: vec![BitSet::default(); n_blocks],
        reload_at_end: vec![Vec::new(); n_blocks],
        ..Plan::default()
    };
    for &b in &plan.rpo {
        let data = &f.blocks[b];
        data.term.for_each_target(&mut |t| plan.n_preds[t.block.index()] += 1);
        if let Some(r) = f.recovery {
            plan.n_preds[r.index()] += data.insts.iter().filter(|i| is_deferproc(i)).count() as u32;
        }
    }
    if !plan.rpo.iter().any(|&b| f.blocks[b].insts.iter().any(safepoint)) {
        return plan;
    }
    let is_static = static_values(f, &plan.rpo);
    for (v, &ty) in f.values.iter_enumerated() {
        if ty == Ty::Ptr && !is_static[v.index()] {
            plan.dense[v.index()] = plan.tracked.len() as u32;
            plan.tracked.push(v);
        }
    }
    if plan.tracked.is_empty() {
        return plan;
    }
    let live_out = liveness(f, &plan);
    if let Some(r) = f.recovery {
        // The recovery edge leaves from the middle of a block, which `liveness` does not look at.
        let live = live_in(f, &plan, r, &live_out[r.index()]);
        assert!(live.iter().next().is_none(), "the recovery block uses values from outside");
    }
    find_points(f, &mut plan, &live_out, &is_native);
    assign_words(f, &mut plan, &live_out);
    freshness(f, &mut plan, &live_out);
    plan
}

fn kill_or_gen(plan: &Plan, live: &mut BitSet, inst: &Inst) {
    for r in &inst.results {
        let d = plan.dense[r.index()];
        if d != NONE {
            live.remove(d);
        }
    }
    inst.kind.for_each_operand(&mut |v| {
        let d = plan.dense[v.index()];
        if d != NONE {
            live.insert(d);
        }
    });
}

fn term_gen(plan: &Plan, live: &mut BitSet, f: &Func, b: Block) {
    f.blocks[b].term.for_each_operand(&mut |v| {
        let d = plan.dense[v.index()];
        if d != NONE {
            live.insert(d);
        }
    });
}

fn live_in(f: &Func, plan: &Plan, b: Block, live_out: &BitSet) -> BitSet {
    let mut live = live_out.clone();
    term_gen(plan, &mut live, f, b);
    for inst in f.blocks[b].insts.iter().rev() {
        kill_or_gen(plan, &mut live, inst);
    }
    for p in &f.blocks[b].params {
        let d = plan.dense[p.index()];
        if d != NONE {
            live.remove(d);
        }
    }
    live
}

/// Tracked values live at the end of each block, behind its terminator's own uses.
fn liveness(f: &Func, plan: &Plan) -> Vec<BitSet> {
    let n = plan.tracked.len();
    let mut out = vec![BitSet::new(n); f.blocks.len()];
    let mut ins = vec![BitSet::default(); f.blocks.len()];
    let mut dirty = true;
    let mut first = true;
    while dirty {
        dirty = false;
        for &b in plan.rpo.iter().rev() {
            let mut changed = first;
            f.blocks[b].term.for_each_target(&mut |t| {
                if !ins[t.block.index()].words.is_empty() {
                    let set = std::mem::take(&mut ins[t.block.index()]);
                    changed |= out[b.index()].union(&set);
                    ins[t.block.index()] = set;
                }
            });
            if changed {
                ins[b.index()] = live_in(f, plan, b, &out[b.index()]);
                dirty = true;
            }
        }
        first = false;
    }
    out
}

fn find_points(f: &Func, plan: &mut Plan, live_out: &[BitSet], is_native: &impl Fn(crate::ssa::ir::FuncId) -> bool) {
    for i in 0..plan.rpo.len() {
        let b = plan.rpo[i];
        let data = &f.blocks[b];
        if !data.insts.iter().any(safepoint) {
            continue;
        }
        let mut live = live_out[b.index()].clone();
        term_gen(plan, &mut live, f, b);
        let mut points = Vec::new();
        for (n, inst) in data.insts.iter().enumerate().rev() {
            if safepoint(inst) {
                for r in &inst.results {
                    if plan.dense[r.index()] != NONE {
                        live.remove(plan.dense[r.index()]);
                    }
                }
                if !callee_roots_args(inst, is_native) {
                    kill_or_gen(plan, &mut live, inst);
                }
                let class = if data.cold || matches!(inst.kind, InstKind::Poll) { Class::Cold } else { Class::Hot };
                let start = plan.pool.len() as u32;
                for d in live.iter() {
                    let v = plan.tracked[d as usize];
                    plan.pool.push(v);
                    let c = &mut plan.classes[v.index()];
                    if *c != Class::Hot {
                        *c = class;
                    }
                }
                points.push(Point { inst: n as u32, start, end: plan.pool.len() as u32 });
            }
            kill_or_gen(plan, &mut live, inst);
        }
        points.reverse();
        plan.points[b.index()] = points;
    }
}

/// Gives every hot and cold value a word. Values whose extents in block order do not overlap share one.
fn assign_words(f: &Func, plan: &mut Plan, live_out: &[BitSet]) {
    let n = plan.tracked.len();
    plan.words = vec![Word::Spill(0); n];
    let mut extent = vec![(u32::MAX, 0u32); n];
    let mut home = vec![false; n];
    let mut at = 0u32;
    let mut touch = |d: u32, at: u32| {
        if d != NONE {
            let e = &mut extent[d as usize];
            *e = (e.0.min(at), e.1.max(at));
        }
    };
    for &b in &plan.rpo {
        let data = &f.blocks[b];
        let begin = at;
        for p in &data.params {
            touch(plan.dense[p.index()], at);
        }
        for inst in &data.insts {
            at += 1;
            inst.kind.for_each_operand(&mut |v| touch(plan.dense[v.index()], at));
            for r in &inst.results {
                let d = plan.dense[r.index()];
                touch(d, at);
                if d != NONE
                    && let InstKind::SlotAddr(slot) = inst.kind
                {
                    plan.words[d as usize] = Word::Home(slot);
                    home[d as usize] = true;
                }
            }
        }
        at += 1;
        data.term.for_each_operand(&mut |v| touch(plan.dense[v.index()], at));
        for d in live_out[b.index()].iter() {
            touch(d, at);
        }
        for d in live_in(f, plan, b, &live_out[b.index()]).iter() {
            touch(d, begin);
        }
        at += 1;
    }
    let mut order: Vec<u32> = (0..n as u32)
        .filter(|&d| !home[d as usize] && plan.classes[plan.tracked[d as usize].index()] != Class::Plain)
        .collect();
    order.sort_by_key(|&d| extent[d as usize]);
    // (end of extent, slot): slots in use; a free one is reused.
    let mut busy: Vec<(u32, u32)> = Vec::new();
    let mut free: Vec<u32> = Vec::new();
    for d in order {
        let (lo, hi) = extent[d as usize];
        busy.retain(|&(end, slot)| {
            if end < lo {
                free.push(slot);
            }
            end >= lo
        });
        let slot = free.pop().unwrap_or_else(|| {
            plan.n_spills += 1;
            plan.n_spills - 1
        });
        plan.words[d as usize] = Word::Spill(slot);
        busy.push((hi, slot));
    }
}

/// What a block does to freshness: definitions and uses make fresh, safepoints make stale.
fn transfer(f: &Func, plan: &Plan, b: Block, fresh: &mut BitSet) {
    let data = &f.blocks[b];
    let mark = |fresh: &mut BitSet, v: Value| {
        if plan.classes[v.index()] == Class::Hot {
            fresh.insert(plan.dense[v.index()]);
        }
    };
    data.params.iter().for_each(|p| mark(fresh, *p));
    let mut points = plan.points[b.index()].iter();
    let mut next = points.next();
    for (n, inst) in data.insts.iter().enumerate() {
        inst.kind.for_each_operand(&mut |v| mark(fresh, v));
        if let Some(p) = next
            && p.inst as usize == n
        {
            next = points.next();
            if !matches!(inst.kind, InstKind::Poll) {
                for v in plan.live(*p) {
                    if plan.classes[v.index()] == Class::Hot {
                        fresh.remove(plan.dense[v.index()]);
                    }
                }
            }
        }
        inst.results.iter().for_each(|r| mark(fresh, *r));
    }
    data.term.for_each_operand(&mut |v| mark(fresh, v));
}

fn freshness(f: &Func, plan: &mut Plan, live_out: &[BitSet]) {
    let n = plan.tracked.len();
    let n_blocks = f.blocks.len();
    let mut preds: Vec<Vec<Block>> = vec![Vec::new(); n_blocks];
    for &b in &plan.rpo {
        f.blocks[b].term.for_each_target(&mut |t| preds[t.block.index()].push(b));
    }
    let mut all = BitSet::new(n);
    all.fill();
    let mut out = vec![all.clone(); n_blocks];
    for &b in &plan.rpo {
        plan.fresh_in[b.index()] = BitSet::new(n);
    }
    let mut changed = true;
    let mut first = true;
    while changed {
        changed = false;
        for i in 0..plan.rpo.len() {
            let b = plan.rpo[i];
            let mut fresh = all.clone();
            let cold = f.blocks[b].cold;
            let all_cold = preds[b.index()].iter().all(|p| f.blocks[*p].cold);
            for p in &preds[b.index()] {
                if cold || all_cold || !f.blocks[*p].cold {
                    fresh.intersect(&out[p.index()]);
                }
            }
            if !first && fresh == plan.fresh_in[b.index()] {
                continue;
            }
            plan.fresh_in[b.index()] = fresh.clone();
            transfer(f, plan, b, &mut fresh);
            out[b.index()] = fresh;
            changed = true;
        }
        first = false;
    }
    for i in 0..plan.rpo.len() {
        let b = plan.rpo[i];
        let mut wanted: Vec<u32> = Vec::new();
        f.blocks[b].term.for_each_target(&mut |t| {
            let target = &plan.fresh_in[t.block.index()];
            wanted.extend(
                live_out[b.index()]
                    .iter()
                    .filter(|&d| target.contains(d) && !out[b.index()].contains(d))
                    .filter(|&d| plan.classes[plan.tracked[d as usize].index()] == Class::Hot),
            );
        });
        wanted.sort_unstable();
        wanted.dedup();
        plan.reload_at_end[b.index()] = wanted.into_iter().map(|d| plan.tracked[d as usize]).collect();
    }
}
