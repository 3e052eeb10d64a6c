#![forbid(unsafe_code)]
//! Removes checks that always hold.
//!
//! Walks the dominator tree with a set of facts that hold on entry to a block and behind its instructions:
//! pointers that are not nil, and inequalities `x <= y + c` between 64-bit integers (no wrap-around). Facts
//! come from branches, from checks passed, from what instructions compute, and from loops: a variable that
//! only grows stays above its initial value, one that only shrinks below it. A query searches from fact to
//! fact, to a fixed depth. Facts are undone when the walk leaves the block.

use std::cell::Cell;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::super::ir::{Addr, BinOp, Block, Callee, CheckKind, Cmp, ConvOp, Func, InstKind, Term, Ty, Value};
use super::super::verify::dominators;
use super::{Def, definitions, dominator_tree, predecessors};
use crate::abi::rtfn::RtFn;
use crate::index::IndexVec;

/// Lengths and capacities are far below this; sums of few of them do not wrap.
const MAX_LEN: i64 = 1 << 48;
/// Bound on the values whose sums with small constants do not wrap.
const SAFE: i64 = 1 << 62;
/// How many conditions on the way to an edge are looked at.
const EDGE_CONDS: usize = 4;
/// Steps that all queries for one instruction or edge may take together.
const FUEL: u32 = 400;
/// How far queries search.
const DEPTH: u32 = 7;

/// See the module's comment. `lengths`: by value, whether it is a length or capacity.
pub fn run(func: &mut Func, lengths: &[bool]) {
    let has_checks = func.blocks.iter().any(|b| {
        b.insts.iter().any(|i| {
            matches!(
                i.kind,
                InstKind::Check { .. }
                    | InstKind::NilCheck(_)
                    | InstKind::Load { nil_check: true, .. }
                    | InstKind::Store { nil_check: true, .. }
            )
        })
    });
    if !has_checks {
        return;
    }
    let idom = dominators(func);
    let (children, roots) = dominator_tree(&idom);
    let removed = {
        let mut w = Walk {
            func,
            defs: definitions(func),
            preds: predecessors(func),
            idom: &idom,
            lengths,
            le: FxHashMap::default(),
            ge: FxHashMap::default(),
            lo: FxHashMap::default(),
            hi: FxHashMap::default(),
            nonnil: FxHashMap::default(),
            undo: Vec::new(),
            removed: Vec::new(),
            fuel: Cell::new(0),
        };
        // An explicit stack: the tree may be deep.
        let mut stack: Vec<(Block, Option<usize>)> = roots.into_iter().map(|b| (b, None)).collect();
        while let Some((b, mark)) = stack.pop() {
            if let Some(mark) = mark {
                w.undo_to(mark);
                continue;
            }
            stack.push((b, Some(w.undo.len())));
            w.block(b);
            stack.extend(children[b].iter().map(|&c| (c, None)));
        }
        w.removed
    };
    for (b, i) in removed {
        let kind = &mut func.blocks[b].insts[i as usize].kind;
        match kind {
            InstKind::Load { nil_check, .. } | InstKind::Store { nil_check, .. } => *nil_check = false,
            // Without operands and result: dropped below.
            _ => *kind = InstKind::Undef,
        }
    }
    for data in func.blocks.iter_mut() {
        data.insts.retain(|i| !(matches!(i.kind, InstKind::Undef) && i.results.is_empty()));
    }
}

/// `value <= y + k` (`upper`) or `y <= value + k`.
#[derive(Clone, Copy)]
struct Bound {
    upper: bool,
    y: Value,
    k: i64,
}

enum Undo {
    Le(Value),
    Ge(Value),
    Lo(Value, Option<i64>),
    Hi(Value, Option<i64>),
    NonNil(Value),
}

struct Walk<'a> {
    func: &'a Func,
    defs: IndexVec<Value, Def>,
    preds: IndexVec<Block, Vec<(Block, u32)>>,
    idom: &'a IndexVec<Block, Option<Block>>,
    lengths: &'a [bool],
    /// `x <= y + c`, by x.
    le: FxHashMap<Value, SmallVec<[(Value, i64); 2]>>,
    /// The same facts, by y.
    ge: FxHashMap<Value, SmallVec<[(Value, i64); 2]>>,
    lo: FxHashMap<Value, i64>,
    hi: FxHashMap<Value, i64>,
    nonnil: FxHashMap<Value, ()>,
    undo: Vec<Undo>,
    removed: Vec<(Block, u32)>,
    /// What is left of the effort for one check.
    fuel: Cell<u32>,
}

impl Walk<'_> {
    fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark {
            match self.undo.pop().expect("undo") {
                Undo::Le(x) => {
                    self.le.get_mut(&x).expect("facts").pop();
                }
                Undo::Ge(y) => {
                    self.ge.get_mut(&y).expect("facts").pop();
                }
                Undo::Lo(x, old) => {
                    match old {
                        Some(o) => self.lo.insert(x, o),
                        None => self.lo.remove(&x),
                    };
                }
                Undo::Hi(x, old) => {
                    match old {
                        Some(o) => self.hi.insert(x, o),
                        None => self.hi.remove(&x),
                    };
                }
                Undo::NonNil(p) => {
                    self.nonnil.remove(&p);
                }
            }
        }
    }

    fn kind(&self, v: Value) -> Option<&InstKind> {
        match self.defs[v] {
            Def::Inst(b, i) => Some(&self.func.blocks[b].insts[i as usize].kind),
            _ => None,
        }
    }

    fn int(&self, v: Value) -> Option<i64> {
        match self.kind(v) {
            Some(InstKind::Const(c)) if self.func.values[v] == Ty::I64 => Some(*c as i64),
            _ => None,
        }
    }

    // ---- facts

    /// `x <= y + c`
    fn add_le(&mut self, x: Value, y: Value, c: i64) {
        if x == y || c.checked_abs().is_none_or(|c| c > MAX_LEN) {
            return;
        }
        if let Some(k) = self.int(y) {
            if let Some(h) = k.checked_add(c) {
                self.add_hi(x, h);
            }
            return;
        }
        if let Some(k) = self.int(x) {
            if let Some(l) = k.checked_sub(c) {
                self.add_lo(y, l);
            }
            return;
        }
        self.le.entry(x).or_default().push((y, c));
        self.undo.push(Undo::Le(x));
        self.ge.entry(y).or_default().push((x, c));
        self.undo.push(Undo::Ge(y));
    }

    fn add_lo(&mut self, x: Value, l: i64) {
        if self.lo.get(&x).is_none_or(|&o| o < l) {
            let old = self.lo.insert(x, l);
            self.undo.push(Undo::Lo(x, old));
        }
    }

    fn add_hi(&mut self, x: Value, h: i64) {
        if self.hi.get(&x).is_none_or(|&o| o > h) {
            let old = self.hi.insert(x, h);
            self.undo.push(Undo::Hi(x, old));
        }
    }

    fn add_nonnil(&mut self, p: Value) {
        if self.nonnil.insert(p, ()).is_none() {
            self.undo.push(Undo::NonNil(p));
        }
    }

    /// A branch condition has this value.
    fn assume(&mut self, cond: Value, truth: bool, depth: u32) {
        if depth == 0 {
            return;
        }
        match self.kind(cond).cloned() {
            Some(InstKind::Bin(BinOp::Xor, x, one)) if self.is_one(one) => self.assume(x, !truth, depth - 1),
            Some(InstKind::Bin(BinOp::And, x, y)) if truth => {
                self.assume(x, true, depth - 1);
                self.assume(y, true, depth - 1);
            }
            Some(InstKind::Bin(BinOp::Or, x, y)) if !truth => {
                self.assume(x, false, depth - 1);
                self.assume(y, false, depth - 1);
            }
            Some(InstKind::Cmp(c, x, y)) => self.compared(c, x, y, truth),
            _ => {}
        }
    }

    fn is_one(&self, v: Value) -> bool {
        matches!(self.kind(v), Some(InstKind::Const(1)))
    }

    fn compared(&mut self, c: Cmp, x: Value, y: Value, truth: bool) {
        let zero = matches!(self.kind(y), Some(InstKind::Const(0)));
        if self.func.values[x] == Ty::Ptr {
            if zero && ((c == Cmp::Ne && truth) || (c == Cmp::Eq && !truth)) {
                self.add_nonnil(x);
            }
            return;
        }
        if self.func.values[x] != Ty::I64 {
            return;
        }
        let c = if truth { c } else { negate(c) };
        match c {
            Cmp::SLt => self.add_le(x, y, -1),
            Cmp::SLe => self.add_le(x, y, 0),
            Cmp::SGt => self.add_le(y, x, -1),
            Cmp::SGe => self.add_le(y, x, 0),
            Cmp::Eq => {
                self.add_le(x, y, 0);
                self.add_le(y, x, 0);
            }
            Cmp::Ne => {
                for (x, y) in [(x, y), (y, x)] {
                    if let Some(k) = self.int(y) {
                        if self.low(x, DEPTH) == Some(k) {
                            self.add_lo(x, k.saturating_add(1));
                        }
                        if self.high(x, DEPTH) == Some(k) {
                            self.add_hi(x, k.saturating_sub(1));
                        }
                    }
                }
            }
            // x below a y that is not negative is not negative either.
            Cmp::ULt | Cmp::ULe => {
                if self.low(y, DEPTH).is_some_and(|l| l >= 0) {
                    self.add_lo(x, 0);
                    self.add_le(x, y, if c == Cmp::ULt { -1 } else { 0 });
                }
            }
            Cmp::UGt | Cmp::UGe => {
                if self.low(x, DEPTH).is_some_and(|l| l >= 0) {
                    self.add_lo(y, 0);
                    self.add_le(y, x, if c == Cmp::UGt { -1 } else { 0 });
                }
            }
        }
    }

    // ---- queries

    /// Takes a step; false where there was none left.
    fn burn(&self) -> bool {
        let left = self.fuel.get();
        self.fuel.set(left.saturating_sub(1));
        left > 0
    }

    /// A lower bound.
    fn low(&self, x: Value, depth: u32) -> Option<i64> {
        if let Some(k) = self.int(x) {
            return Some(k);
        }
        let mut best = self.lo.get(&x).copied();
        let mut see = |l: Option<i64>| {
            if l > best {
                best = l;
            }
        };
        if self.lengths.get(x.0 as usize).copied().unwrap_or(false) {
            see(Some(0));
        }
        if depth == 0 || !self.burn() {
            return best;
        }
        for &(z, c) in self.ge.get(&x).into_iter().flatten() {
            // z <= x + c
            see(self.low(z, depth - 1).and_then(|l| l.checked_sub(c)));
        }
        match self.kind(x) {
            Some(&InstKind::Conv(ConvOp::ZExt, _)) => see(Some(0)),
            Some(&InstKind::Conv(ConvOp::SExt, y)) => see(Some(min_of(self.func.values[y]))),
            Some(&InstKind::Bin(op, a, b)) if self.func.values[x] == Ty::I64 => match op {
                BinOp::And if [a, b].iter().any(|&v| self.low(v, depth - 1).is_some_and(|l| l >= 0)) => see(Some(0)),
                BinOp::URem if self.low(b, depth - 1).is_some_and(|l| l > 0) => see(Some(0)),
                BinOp::UShr if self.int(b).is_some_and(|k| k > 0) => see(Some(0)),
                BinOp::SShr | BinOp::SRem if self.low(a, depth - 1).is_some_and(|l| l >= 0) => see(Some(0)),
                BinOp::SDiv | BinOp::UDiv
                    if self.low(a, depth - 1).is_some_and(|l| l >= 0) && self.int(b).is_some_and(|k| k > 0) =>
                {
                    see(Some(0));
                }
                BinOp::Add => {
                    if self.no_wrap_add(a, b, depth)
                        && let (Some(p), Some(q)) = (self.low(a, depth - 1), self.low(b, depth - 1))
                    {
                        see(p.checked_add(q));
                    }
                }
                BinOp::Sub => {
                    // a - b >= 0 where b <= a, both not negative.
                    if self.low(b, depth - 1).is_some_and(|l| l >= 0) && self.le_query(b, a, 0, depth - 1) {
                        see(Some(0));
                    }
                    see(self.range_of_difference(a, b, depth - 1).map(|r| r.0));
                }
                _ => {}
            },
            Some(&InstKind::Select(_, a, b)) => {
                if let (Some(p), Some(q)) = (self.low(a, depth - 1), self.low(b, depth - 1)) {
                    see(Some(p.min(q)));
                }
            }
            _ => {}
        }
        best
    }

    /// An upper bound.
    fn high(&self, x: Value, depth: u32) -> Option<i64> {
        if let Some(k) = self.int(x) {
            return Some(k);
        }
        let mut best = self.hi.get(&x).copied();
        let mut see = |h: Option<i64>| {
            if let Some(h) = h
                && best.is_none_or(|b| h < b)
            {
                best = Some(h);
            }
        };
        if self.lengths.get(x.0 as usize).copied().unwrap_or(false) {
            see(Some(MAX_LEN));
        }
        if depth == 0 || !self.burn() {
            return best;
        }
        for &(y, c) in self.le.get(&x).into_iter().flatten() {
            see(self.high(y, depth - 1).and_then(|h| h.checked_add(c)));
        }
        match self.kind(x) {
            Some(&InstKind::Conv(ConvOp::ZExt, y)) => see(Some(unsigned_max_of(self.func.values[y]))),
            Some(&InstKind::Conv(ConvOp::SExt, y)) => see(Some(-(min_of(self.func.values[y]) + 1))),
            Some(&InstKind::Bin(op, a, b)) if self.func.values[x] == Ty::I64 => match op {
                BinOp::And => {
                    for v in [a, b] {
                        if self.low(v, depth - 1).is_some_and(|l| l >= 0) {
                            see(self.high(v, depth - 1));
                        }
                    }
                }
                BinOp::URem | BinOp::SRem => {
                    if self.low(b, depth - 1).is_some_and(|l| l > 0) {
                        see(self.high(b, depth - 1).map(|h| h - 1));
                    }
                }
                BinOp::UShr => {
                    if let Some(k) = self.int(b)
                        && (1..64).contains(&k)
                    {
                        see(Some((u64::MAX >> k) as i64));
                    }
                }
                BinOp::SShr | BinOp::SDiv => {
                    if self.low(a, depth - 1).is_some_and(|l| l >= 0) && self.int(b).is_some_and(|k| k > 0) {
                        see(self.high(a, depth - 1));
                    }
                }
                BinOp::Add => {
                    if self.no_wrap_add(a, b, depth)
                        && let (Some(p), Some(q)) = (self.high(a, depth - 1), self.high(b, depth - 1))
                    {
                        see(p.checked_add(q));
                    }
                }
                BinOp::Sub => see(self.range_of_difference(a, b, depth - 1).map(|r| r.1)),
                _ => {}
            },
            Some(&InstKind::Select(_, a, b)) => {
                if let (Some(p), Some(q)) = (self.high(a, depth - 1), self.high(b, depth - 1)) {
                    see(Some(p.max(q)));
                }
            }
            _ => {}
        }
        best
    }

    /// The range of `a - b`, where the operands' ranges are known and it does not wrap around.
    fn range_of_difference(&self, a: Value, b: Value, depth: u32) -> Option<(i64, i64)> {
        let (la, lb) = (self.low(a, depth)?, self.low(b, depth)?);
        let (ha, hb) = (self.high(a, depth)?, self.high(b, depth)?);
        Some((la.checked_sub(hb)?, ha.checked_sub(lb)?))
    }

    /// Whether `a + b` does not wrap around.
    fn no_wrap_add(&self, a: Value, b: Value, depth: u32) -> bool {
        let d = depth.saturating_sub(1);
        let up = match (self.high(a, d), self.high(b, d)) {
            (Some(p), Some(q)) => p.checked_add(q).is_some(),
            (Some(p), None) | (None, Some(p)) => p <= 0,
            (None, None) => false,
        };
        let down = match (self.low(a, d), self.low(b, d)) {
            (Some(p), Some(q)) => p.checked_add(q).is_some(),
            (Some(p), None) | (None, Some(p)) => p >= 0,
            (None, None) => false,
        };
        // x < y for some y, and +1: at most y.
        let step = |x: Value, k: Value| {
            self.int(k) == Some(1) && self.le.get(&x).is_some_and(|l| l.iter().any(|&(_, c)| c < 0))
        };
        (up || step(a, b) || step(b, a)) && down
    }

    /// `v` as `x + k`, where that does not wrap.
    fn as_sum(&self, v: Value, depth: u32) -> Option<(Value, i64)> {
        match *self.kind(v)? {
            InstKind::Bin(BinOp::Add, a, b) if self.func.values[v] == Ty::I64 => {
                let (x, k) = match (self.int(a), self.int(b)) {
                    (_, Some(k)) => (a, k),
                    (Some(k), _) => (b, k),
                    _ => return None,
                };
                // A small sum of a small constant did not wrap.
                let small = self.lo.get(&v).is_some_and(|&l| l >= 0) && self.hi.get(&v).is_some_and(|&h| h <= SAFE);
                (k.abs() < SAFE && (small || self.no_wrap_add(a, b, depth))).then_some((x, k))
            }
            InstKind::Bin(BinOp::Sub, a, b) if self.func.values[v] == Ty::I64 => {
                let k = self.int(b)?;
                // Not below the lowest integer.
                let fits = self.low(a, depth.saturating_sub(1)).is_some_and(|l| l.checked_sub(k).is_some());
                ((0..SAFE).contains(&k) && fits).then_some((a, -k))
            }
            _ => None,
        }
    }

    /// Whether `x <= y + c`.
    fn le_query(&self, x: Value, y: Value, c: i64, depth: u32) -> bool {
        if x == y {
            return c >= 0;
        }
        if let (Some(h), Some(l)) = (self.high(x, 1), self.low(y, 1))
            && l.checked_add(c).is_some_and(|l| h <= l)
        {
            return true;
        }
        if depth == 0 || !self.burn() {
            return false;
        }
        let d = depth - 1;
        for &(z, k) in self.le.get(&x).into_iter().flatten() {
            if c.checked_sub(k).is_some_and(|c| self.le_query(z, y, c, d)) {
                return true;
            }
        }
        if let Some((a, k)) = self.as_sum(x, d)
            && c.checked_sub(k).is_some_and(|c| self.le_query(a, y, c, d))
        {
            return true;
        }
        if let Some((b, k)) = self.as_sum(y, d)
            && c.checked_add(k).is_some_and(|c| self.le_query(x, b, c, d))
        {
            return true;
        }
        match self.kind(x) {
            Some(&InstKind::Bin(op, a, b)) if self.func.values[x] == Ty::I64 => match op {
                // a - b with b not negative is at most a.
                BinOp::Sub => {
                    let (la, lb) = (self.low(a, d), self.low(b, d));
                    lb.is_some_and(|l| l >= 0) && la.is_some_and(|l| l >= 0) && self.le_query(a, y, c, d)
                }
                BinOp::SShr | BinOp::UShr | BinOp::SDiv | BinOp::UDiv | BinOp::SRem | BinOp::URem
                    if self.low(a, d).is_some_and(|l| l >= 0) && self.int(b).is_none_or(|k| k > 0) =>
                {
                    // Shifts and divisions of what is not negative do not grow it.
                    let shrinks = !matches!(op, BinOp::SDiv | BinOp::SRem) || self.low(b, d).is_some_and(|l| l > 0);
                    shrinks && self.le_query(a, y, c, d)
                }
                BinOp::And => {
                    [a, b].iter().any(|&v| self.low(v, d).is_some_and(|l| l >= 0) && self.le_query(v, y, c, d))
                }
                _ => false,
            },
            Some(&InstKind::Select(_, a, b)) => self.le_query(a, y, c, d) && self.le_query(b, y, c, d),
            _ => false,
        }
    }

    // ---- the walk

    fn block(&mut self, b: Block) {
        self.fuel.set(FUEL);
        self.from_edges(b);
        let data = &self.func.blocks[b];
        for (i, inst) in data.insts.iter().enumerate() {
            let i = i as u32;
            match inst.kind {
                InstKind::Check { kind, x, y } => self.check(b, i, kind, x, y),
                InstKind::Call { callee: Callee::Runtime(RtFn::makeslice), ref args, .. } => {
                    // It returned, so the length and the capacity are in range.
                    let (n, c) = (args[1], args[2]);
                    self.add_lo(n, 0);
                    self.add_le(n, c, 0);
                    self.add_hi(c, MAX_LEN);
                }
                InstKind::NilCheck(p) => {
                    if self.is_nonnil(p) {
                        self.removed.push((b, i));
                    } else {
                        self.add_nonnil(p);
                    }
                }
                InstKind::Load { addr: Addr::Value(p, _), nil_check: true }
                | InstKind::Store { addr: Addr::Value(p, _), nil_check: true, .. } => {
                    if self.is_nonnil(p) {
                        self.removed.push((b, i));
                    } else {
                        self.add_nonnil(p);
                    }
                }
                _ => {}
            }
        }
    }

    fn is_nonnil(&self, p: Value) -> bool {
        if self.nonnil.contains_key(&p) {
            return true;
        }
        match self.kind(p) {
            Some(
                InstKind::SlotAddr(_)
                | InstKind::GlobalAddr(_)
                | InstKind::StrData(_)
                | InstKind::StrHeader(_)
                | InstKind::FuncValue(_)
                | InstKind::Closure
                | InstKind::Itab { .. },
            ) => true,
            Some(InstKind::PtrAdd(q, _)) => self.nonnil.contains_key(q),
            Some(InstKind::Call { callee: Callee::Runtime(f), .. }) => {
                matches!(f, RtFn::newobject | RtFn::mapassign)
            }
            _ => false,
        }
    }

    fn check(&mut self, b: Block, i: u32, kind: CheckKind, x: Value, y: Option<Value>) {
        self.fuel.set(FUEL);
        let holds = match (kind, y) {
            (CheckKind::ULt(_), Some(y)) => {
                self.low(x, DEPTH).is_some_and(|l| l >= 0) && self.le_query(x, y, -1, DEPTH)
            }
            (CheckKind::ULe(_), Some(y)) => self.low(x, DEPTH).is_some_and(|l| l >= 0) && self.le_query(x, y, 0, DEPTH),
            (CheckKind::NonZero(_), _) => match self.kind(x) {
                Some(InstKind::Const(c)) => *c != 0,
                _ => self.func.values[x] == Ty::I64 && self.low(x, DEPTH).is_some_and(|l| l > 0),
            },
            (CheckKind::NonNegative(_), _) => {
                self.func.values[x] == Ty::I64 && self.low(x, DEPTH).is_some_and(|l| l >= 0)
            }
            _ => false,
        };
        if holds {
            self.removed.push((b, i));
            return;
        }
        match (kind, y) {
            // Bounds are never negative.
            (CheckKind::ULt(_), Some(y)) => {
                self.add_lo(x, 0);
                self.add_le(x, y, -1);
            }
            (CheckKind::ULe(_), Some(y)) => {
                self.add_lo(x, 0);
                self.add_le(x, y, 0);
            }
            (CheckKind::NonNegative(_), _) if self.func.values[x] == Ty::I64 => self.add_lo(x, 0),
            (CheckKind::NonZero(_), _)
                if self.func.values[x] == Ty::I64 && self.low(x, DEPTH).is_some_and(|l| l >= 0) =>
            {
                self.add_lo(x, 1);
            }
            _ => {}
        }
    }

    /// The condition under which edge `n` of `p` is taken.
    fn edge_cond(&self, p: Block, n: u32) -> Option<(Value, bool)> {
        match &self.func.blocks[p].term {
            Term::Branch { cond, then, els } if then.block != els.block => Some((*cond, n == 0)),
            _ => None,
        }
    }

    fn edge_args(&self, p: Block, n: u32) -> SmallVec<[Value; 4]> {
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

    fn from_edges(&mut self, b: Block) {
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
        let n_params = self.func.blocks[b].params.len();
        if n_params == 0 {
            return;
        }
        let args: Vec<SmallVec<[Value; 4]>> = preds.iter().map(|&(p, n)| self.edge_args(p, n)).collect();
        for i in 0..n_params {
            let param = self.func.blocks[b].params[i];
            if self.func.values[param] != Ty::I64 {
                continue;
            }
            self.param_bound(b, param, i, &preds, &args);
            self.loop_variable(b, param, i, &preds, &args);
        }
    }

    /// The conditions under which edge `n` of `p` is taken: the branch's own, and those on the only way there.
    fn edge_conds(&self, p: Block, n: u32) -> SmallVec<[(Value, bool); 4]> {
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
    fn param_bound(&mut self, b: Block, param: Value, i: usize, preds: &[(Block, u32)], args: &[SmallVec<[Value; 4]>]) {
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
                    Def::Inst(d, _) | Def::Param(d, _) => d != b && super::dominates(self.idom, d, b),
                    Def::None => false,
                };
            if known && upper {
                self.add_le(param, y, k);
            } else if known {
                self.add_le(y, param, k);
            }
        }
    }

    fn same_bound(&self, a: Value, b: Value) -> bool {
        a == b || (self.int(a).is_some() && self.int(a) == self.int(b))
    }

    /// A loop's variable that only grows is at least what it began with; one that only shrinks at most.
    fn loop_variable(
        &mut self,
        b: Block,
        param: Value,
        i: usize,
        preds: &[(Block, u32)],
        args: &[SmallVec<[Value; 4]>],
    ) {
        let mut init: Option<Value> = None;
        let mut step: Option<bool> = None;
        for (&(p, n), args) in preds.iter().zip(args) {
            let arg = args[i];
            if arg == param {
                continue;
            }
            if let Some(&InstKind::Bin(op @ (BinOp::Add | BinOp::Sub), x, k)) = self.kind(arg)
                && x == param
                && let Some(k) = self.int(k)
                && k != 0
                && k.abs() < SAFE
            {
                let up = (op == BinOp::Add) == (k > 0);
                if step.is_some_and(|s| s != up) || !self.step_in_range(b, param, arg, k.abs(), up, (p, n)) {
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

    /// Whether the step that makes `next` from `param` happens only where it cannot wrap: under a comparison
    /// of the variable with something.
    fn step_in_range(&self, head: Block, param: Value, next: Value, k: i64, up: bool, _edge: (Block, u32)) -> bool {
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

    fn head_limits(&self, head: Block, param: Value, k: i64, up: bool) -> bool {
        let Some(i) = self.func.blocks[head].params.iter().position(|&p| p == param) else {
            return false;
        };
        self.preds[head].iter().all(|&(p, n)| {
            let arg = self.edge_args(p, n)[i];
            self.edge_conds(p, n).into_iter().any(|(cond, truth)| self.limits(cond, truth, arg, k, up, 4))
        })
    }

    /// Whether the condition keeps `x` so far from the end of its range that a step of `k` does not wrap.
    fn limits(&self, cond: Value, truth: bool, x: Value, k: i64, up: bool, depth: u32) -> bool {
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
                let same = |v: Value| v == x || (self.int(v).is_some() && self.int(v) == self.int(x));
                let (c, other) = if same(a) {
                    (c, b)
                } else if same(b) {
                    (swap(c), a)
                } else {
                    return false;
                };
                let high = self.high(other, 3);
                let low = self.low(other, 3);
                match (c, up) {
                    // x < other: x + 1 is at most other.
                    (Cmp::SLt, true) => k == 1 || high.is_some_and(|h| h.checked_add(k).is_some()),
                    (Cmp::SLe, true) => high.is_some_and(|h| h.checked_add(k).is_some()),
                    (Cmp::SGt, false) => k == 1 || low.is_some_and(|l| l.checked_sub(k).is_some()),
                    (Cmp::SGe, false) => low.is_some_and(|l| l.checked_sub(k).is_some()),
                    _ => false,
                }
            }
            _ => false,
        }
    }
}

fn negate(c: Cmp) -> Cmp {
    match c {
        Cmp::Eq => Cmp::Ne,
        Cmp::Ne => Cmp::Eq,
        Cmp::SLt => Cmp::SGe,
        Cmp::SLe => Cmp::SGt,
        Cmp::SGt => Cmp::SLe,
        Cmp::SGe => Cmp::SLt,
        Cmp::ULt => Cmp::UGe,
        Cmp::ULe => Cmp::UGt,
        Cmp::UGt => Cmp::ULe,
        Cmp::UGe => Cmp::ULt,
    }
}

fn swap(c: Cmp) -> Cmp {
    match c {
        Cmp::SLt => Cmp::SGt,
        Cmp::SLe => Cmp::SGe,
        Cmp::SGt => Cmp::SLt,
        Cmp::SGe => Cmp::SLe,
        Cmp::ULt => Cmp::UGt,
        Cmp::ULe => Cmp::UGe,
        Cmp::UGt => Cmp::ULt,
        Cmp::UGe => Cmp::ULe,
        c => c,
    }
}

fn min_of(ty: Ty) -> i64 {
    match ty {
        Ty::I8 => i64::from(i8::MIN),
        Ty::I16 => i64::from(i16::MIN),
        Ty::I32 => i64::from(i32::MIN),
        _ => i64::MIN,
    }
}

fn unsigned_max_of(ty: Ty) -> i64 {
    match ty {
        Ty::I8 => i64::from(u8::MAX),
        Ty::I16 => i64::from(u16::MAX),
        Ty::I32 => i64::from(u32::MAX),
        _ => i64::MAX,
    }
}
