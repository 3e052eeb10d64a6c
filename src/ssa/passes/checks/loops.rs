//! What the edges into a block say: conditions that hold on them, variables of loops.

#![forbid(unsafe_code)]

use smallvec::SmallVec;

use super::super::super::ir::{BinOp, Block, Callee, Cmp, InstKind, Term, Value};
use super::super::{Def, dominates};
use super::facts::{SAFE, max_of, min_of, negate, swap};
use super::{DEPTH, MAX_LEN, Walk};
use crate::abi::rtfn::RtFn;

/// How many conditions on the way to an edge are looked at.
const EDGE_CONDS: usize = 4;

/// `value <= y + k` (`upper`) or `y <= value + k`.
#[derive(Clone, Copy)]
struct Bound {
    upper: bool,
    y: Value,
    k: i64,
}

impl Walk<'_> {
    /// The condition under which edge `n` of `p` is taken.
    pub(super) fn edge_cond(&self, p: Block, n: u32) -> Option<(Value, bool)> {
        match &self.func.blocks[p].term {
            Term::Branch { cond, then, els } if then.block != els.block => Some((*cond, n == 0)),
            _ => None,
        }
    }

    pub(super) fn edge_args(&self, p: Block, n: u32) -> SmallVec<[Value; 4]> {
        let mut out = SmallVec::new();
        let mut at = 0;
        self.func.blocks[p].term.for_each_target(&mut |t| {
            if at == n {
                out = t.args.clone();
            }
            at += 1;
        });
        out
    }

    pub(super) fn enter(&mut self, b: Block) {
        let preds = self.preds[b].clone();
        if let [(p, n)] = preds[..] {
            if let Some((cond, truth)) = self.edge_cond(p, n) {
                self.assume(cond, truth, 4);
            }
            return;
        }
        if preds.is_empty() || self.func.recovery == Some(b) {
            return;
        }
        self.made_slice(&preds);
        let n_params = self.func.blocks[b].params.len();
        if n_params == 0 {
            return;
        }
        let args: Vec<SmallVec<[Value; 4]>> = preds.iter().map(|&(p, n)| self.edge_args(p, n)).collect();
        for i in 0..n_params {
            let param = self.func.blocks[b].params[i];
            if !self.is_int(param) {
                continue;
            }
            self.param_bound(b, param, i, &preds, &args);
            self.loop_variable(b, param, i, &args);
        }
    }

    /// Behind a `make` whose array is in the frame where it is small, and from `makeslice` otherwise: either
    /// way the length and the capacity are in range.
    fn made_slice(&mut self, preds: &[(Block, u32)]) {
        let &[a, b] = preds else {
            return;
        };
        for ((heap, _), frame) in [(a, b), (b, a)] {
            let Some(InstKind::Call { callee: Callee::Runtime(RtFn::makeslice), args, .. }) =
                self.func.blocks[heap].insts.last().map(|i| &i.kind)
            else {
                continue;
            };
            let (n, c) = (args[1], args[2]);
            let (mut small, mut ordered) = (false, n == c);
            for (cond, truth) in self.edge_conds(frame.0, frame.1) {
                match self.kind(cond) {
                    Some(&InstKind::Cmp(Cmp::ULe, x, k)) if truth && x == c => {
                        small |= self.int(k).is_some_and(|k| (0..=MAX_LEN).contains(&k));
                    }
                    Some(&InstKind::Cmp(Cmp::UGt, x, y)) if !truth && x == n && y == c => ordered = true,
                    _ => {}
                }
            }
            if small && ordered {
                self.add_lo(n, 0);
                self.add_lo(c, 0);
                self.add_le(n, c, 0);
                self.add_hi(c, MAX_LEN);
            }
        }
    }

    /// The conditions under which edge `n` of `p` is taken: the branch's own, and those on the only way there.
    pub(super) fn edge_conds(&self, p: Block, n: u32) -> SmallVec<[(Value, bool); 4]> {
        let (mut p, mut n) = (p, n);
        let mut out = SmallVec::new();
        for _ in 0..EDGE_CONDS {
            out.extend(self.edge_cond(p, n));
            match self.preds[p][..] {
                [(up, edge)] => (p, n) = (up, edge),
                _ => break,
            }
        }
        out
    }

    /// What the conditions of an edge say about a value.
    fn edge_bounds(&self, p: Block, n: u32, v: Value) -> SmallVec<[Bound; 4]> {
        let mut out = SmallVec::new();
        for (cond, truth) in self.edge_conds(p, n) {
            let Some(&InstKind::Cmp(c, x, y)) = self.kind(cond) else {
                continue;
            };
            let c = if truth { c } else { negate(c) };
            let (c, y) = if self.same_bound(x, v) {
                (c, y)
            } else if self.same_bound(y, v) {
                (swap(c), x)
            } else {
                continue;
            };
            match c {
                Cmp::SLt => out.push(Bound { upper: true, y, k: -1 }),
                Cmp::SLe => out.push(Bound { upper: true, y, k: 0 }),
                Cmp::SGt => out.push(Bound { upper: false, y, k: -1 }),
                Cmp::SGe => out.push(Bound { upper: false, y, k: 0 }),
                _ => {}
            }
        }
        out
    }

    /// Bounds of a parameter that every edge's conditions give its argument.
    pub(super) fn param_bound(
        &mut self,
        b: Block,
        param: Value,
        i: usize,
        preds: &[(Block, u32)],
        args: &[SmallVec<[Value; 4]>],
    ) {
        let mut common: Option<SmallVec<[Bound; 4]>> = None;
        for (&(p, n), args) in preds.iter().zip(args) {
            let bounds = self.edge_bounds(p, n, args[i]);
            match &mut common {
                None => common = Some(bounds),
                Some(c) => {
                    c.retain(|o| bounds.iter().any(|n| n.upper == o.upper && n.k == o.k && self.same_bound(n.y, o.y)))
                }
            }
            if common.as_ref().is_none_or(|c| c.is_empty()) {
                return;
            }
        }
        for Bound { upper, y, k } in common.into_iter().flatten() {
            // The bound must be known in this block.
            let known = self.int(y).is_some()
                || match self.defs[y] {
                    Def::Inst(d, _) | Def::Param(d, _) => d != b && dominates(self.idom, d, b),
                    Def::None => false,
                };
            if known && upper {
                self.add_le(param, y, k);
            } else if known {
                self.add_le(y, param, k);
            }
        }
    }

    pub(super) fn same_bound(&self, a: Value, b: Value) -> bool {
        self.leaders[a] == self.leaders[b] || (self.int(a).is_some() && self.int(a) == self.int(b))
    }

    /// A loop's variable that only grows is at least what it began with; one that only shrinks at most.
    pub(super) fn loop_variable(&mut self, b: Block, param: Value, i: usize, args: &[SmallVec<[Value; 4]>]) {
        let mut init: Option<Value> = None;
        let mut step: Option<bool> = None;
        for args in args {
            let arg = args[i];
            if arg == param {
                continue;
            }
            if let Some(k) = self.step(param, arg) {
                let up = k > 0;
                if step.is_some_and(|s| s != up) || !self.step_in_range(b, param, arg, k.abs(), up) {
                    return;
                }
                step = Some(up);
            } else if init.is_some_and(|v| !self.same_bound(v, arg)) {
                return;
            } else {
                init = Some(arg);
            }
        }
        let (Some(init), Some(up)) = (init, step) else {
            return;
        };
        if up {
            if let Some(l) = self.low(init, DEPTH) {
                self.add_lo(param, l);
            }
            self.add_le(init, param, 0);
        } else {
            if let Some(h) = self.high(init, DEPTH) {
                self.add_hi(param, h);
            }
            self.add_le(param, init, 0);
        }
    }

    /// The constant other than 0 that is added to `param` to make `next`, in one or a few steps in one direction.
    fn step(&self, param: Value, next: Value) -> Option<i64> {
        let (mut at, mut sum) = (next, 0i64);
        for _ in 0..4 {
            let &InstKind::Bin(op @ (BinOp::Add | BinOp::Sub), x, k) = self.kind(at)? else { return None };
            let k = self.int(k).filter(|k| k.abs() < SAFE / 4)?;
            let k = if op == BinOp::Add { k } else { -k };
            if k == 0 || sum != 0 && (k > 0) != (sum > 0) {
                return None;
            }
            (at, sum) = (x, sum + k);
            if at == param {
                return Some(sum);
            }
        }
        None
    }

    /// Whether the step that makes `next` from `param` happens only where it cannot wrap: under a comparison
    /// of the variable with something.
    pub(super) fn step_in_range(&self, head: Block, param: Value, next: Value, k: i64, up: bool) -> bool {
        let Def::Inst(mut at, _) = self.defs[next] else {
            return false;
        };
        for _ in 0..64 {
            if let [(p, n)] = self.preds[at][..]
                && let Some((cond, truth)) = self.edge_cond(p, n)
                && self.limits(cond, truth, param, k, up, 4)
            {
                return true;
            }
            if at == head {
                // A rotated loop: every edge to the head is taken under a comparison of what it passes.
                return self.head_limits(head, param, k, up);
            }
            match self.idom[at] {
                Some(up) => at = up,
                None => return false,
            }
        }
        false
    }

    pub(super) fn head_limits(&self, head: Block, param: Value, k: i64, up: bool) -> bool {
        let Some(i) = self.func.blocks[head].params.iter().position(|&p| p == param) else {
            return false;
        };
        self.preds[head].iter().all(|&(p, n)| {
            let arg = self.edge_args(p, n)[i];
            self.edge_conds(p, n).into_iter().any(|(cond, truth)| self.limits(cond, truth, arg, k, up, 4))
        })
    }

    /// Whether the condition keeps `x` so far from the end of its range that a step of `k` does not wrap.
    pub(super) fn limits(&self, cond: Value, truth: bool, x: Value, k: i64, up: bool, depth: u32) -> bool {
        if depth == 0 {
            return false;
        }
        match self.kind(cond) {
            Some(&InstKind::Bin(BinOp::Xor, c, one)) if self.is_one(one) => self.limits(c, !truth, x, k, up, depth - 1),
            Some(&InstKind::Bin(BinOp::And, a, b)) if truth => {
                self.limits(a, true, x, k, up, depth - 1) || self.limits(b, true, x, k, up, depth - 1)
            }
            Some(&InstKind::Cmp(c, a, b)) => {
                let c = if truth { c } else { negate(c) };
                let (c, other) = if self.same_bound(a, x) {
                    (c, b)
                } else if self.same_bound(b, x) {
                    (swap(c), a)
                } else {
                    return false;
                };
                let ty = self.func.values[x];
                let above = || self.high(other, 3).is_some_and(|h| h.checked_add(k).is_some_and(|s| s <= max_of(ty)));
                let below = || self.low(other, 3).is_some_and(|l| l.checked_sub(k).is_some_and(|s| s >= min_of(ty)));
                match (c, up) {
                    // x < other: x + 1 is at most other.
                    (Cmp::SLt, true) => k == 1 || above(),
                    (Cmp::SLe, true) => above(),
                    (Cmp::SGt, false) => k == 1 || below(),
                    (Cmp::SGe, false) => below(),
                    _ => false,
                }
            }
            _ => false,
        }
    }
}
