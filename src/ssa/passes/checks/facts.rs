//! The facts of the walk over the dominator tree, and queries on them.

#![forbid(unsafe_code)]

use super::super::super::ir::{BinOp, Cmp, ConvOp, InstKind, Ty, Value};
use super::{DEPTH, MAX_LEN, Undo, Walk};

/// Bound on the values whose sums with small constants do not wrap.
pub(super) const SAFE: i64 = 1 << 62;

impl Walk<'_> {
    // ---- facts

    /// `x <= y + c`
    pub(super) fn add_le(&mut self, x: Value, y: Value, c: i64) {
        let (x, y) = (self.leaders[x], self.leaders[y]);
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

    pub(super) fn add_lo(&mut self, x: Value, l: i64) {
        let x = self.leaders[x];
        if self.lo.get(&x).is_none_or(|&o| o < l) {
            let old = self.lo.insert(x, l);
            self.undo.push(Undo::Lo(x, old));
        }
    }

    pub(super) fn add_hi(&mut self, x: Value, h: i64) {
        let x = self.leaders[x];
        if self.hi.get(&x).is_none_or(|&o| o > h) {
            let old = self.hi.insert(x, h);
            self.undo.push(Undo::Hi(x, old));
        }
    }

    pub(super) fn add_nonnil(&mut self, p: Value) {
        let mut p = self.leaders[p];
        while let Some(&InstKind::Conv(ConvOp::ToPtr | ConvOp::FromPtr, q)) = self.kind(p) {
            p = self.leaders[q];
        }
        if self.nonnil.insert(p, ()).is_none() {
            self.undo.push(Undo::NonNil(p));
        }
    }

    /// A branch condition has this value.
    pub(super) fn assume(&mut self, cond: Value, truth: bool, depth: u32) {
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

    pub(super) fn is_one(&self, v: Value) -> bool {
        matches!(self.kind(v), Some(InstKind::Const(1)))
    }

    pub(super) fn compared(&mut self, c: Cmp, x: Value, y: Value, truth: bool) {
        let zero = matches!(self.kind(y), Some(InstKind::Const(0)));
        // Pointers, and the first words of interfaces.
        if zero && ((c == Cmp::Ne && truth) || (c == Cmp::Eq && !truth)) {
            self.add_nonnil(x);
        }
        if !self.is_int(x) {
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
    pub(super) fn burn(&self) -> bool {
        let left = self.fuel.get();
        self.fuel.set(left.saturating_sub(1));
        left > 0
    }

    /// A lower bound.
    pub(super) fn low(&self, x: Value, depth: u32) -> Option<i64> {
        let x = self.leaders[x];
        if let Some(k) = self.int(x) {
            return Some(k);
        }
        let mut best = self.lo.get(&x).copied();
        let mut see = |l: Option<i64>| {
            if l > best {
                best = l;
            }
        };
        let ty = self.func.values[x];
        if matches!(ty, Ty::I8 | Ty::I16 | Ty::I32) {
            see(Some(min_of(ty)));
        }
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
            Some(&InstKind::Conv(ConvOp::ZExt, y)) => {
                see(Some(0));
                see(self.low(y, depth - 1));
            }
            Some(&InstKind::Conv(ConvOp::SExt, y)) => see(self.low(y, depth - 1)),
            Some(&InstKind::Bin(op, a, b)) if self.is_int(x) => match op {
                BinOp::And if [a, b].iter().any(|&v| self.low(v, depth - 1).is_some_and(|l| l >= 0)) => see(Some(0)),
                BinOp::URem if self.low(b, depth - 1).is_some_and(|l| l > 0) => see(Some(0)),
                BinOp::UShr if self.int(b).is_some_and(|k| (1..bits_of(ty)).contains(&k)) => see(Some(0)),
                BinOp::SShr | BinOp::SRem if self.low(a, depth - 1).is_some_and(|l| l >= 0) => see(Some(0)),
                BinOp::SDiv | BinOp::UDiv
                    if self.low(a, depth - 1).is_some_and(|l| l >= 0) && self.int(b).is_some_and(|k| k > 0) =>
                {
                    see(Some(0));
                }
                BinOp::Add => {
                    if self.no_wrap_add(ty, a, b, depth)
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
                    see(self.range_of_difference(ty, a, b, depth - 1).map(|r| r.0));
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
    pub(super) fn high(&self, x: Value, depth: u32) -> Option<i64> {
        let x = self.leaders[x];
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
        let ty = self.func.values[x];
        if matches!(ty, Ty::I8 | Ty::I16 | Ty::I32) {
            see(Some(max_of(ty)));
        }
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
            Some(&InstKind::Conv(ConvOp::ZExt, y)) => {
                see(Some(unsigned_max_of(self.func.values[y])));
                if self.low(y, depth - 1).is_some_and(|l| l >= 0) {
                    see(self.high(y, depth - 1));
                }
            }
            Some(&InstKind::Conv(ConvOp::SExt, y)) => see(self.high(y, depth - 1)),
            Some(&InstKind::Bin(op, a, b)) if self.is_int(x) => match op {
                BinOp::And => {
                    for v in [a, b] {
                        if self.low(v, depth - 1).is_some_and(|l| l >= 0) {
                            see(self.high(v, depth - 1));
                        }
                    }
                }
                BinOp::URem | BinOp::SRem if self.low(b, depth - 1).is_some_and(|l| l > 0) => {
                    see(self.high(b, depth - 1).map(|h| h - 1));
                }
                BinOp::UShr | BinOp::SShr => {
                    if let Some(k) = self.int(b)
                        && (1..bits_of(ty)).contains(&k)
                    {
                        if op == BinOp::UShr {
                            see(Some((u64::MAX >> (64 - bits_of(ty) + k)) as i64));
                        }
                        if self.low(a, depth - 1).is_some_and(|l| l >= 0) {
                            see(self.high(a, depth - 1).map(|h| h >> k));
                        }
                    }
                }
                BinOp::SDiv | BinOp::UDiv if self.low(a, depth - 1).is_some_and(|l| l >= 0) => {
                    if let Some(k) = self.int(b).filter(|&k| k > 0) {
                        see(self.high(a, depth - 1).map(|h| h / k));
                    }
                }
                BinOp::Add => {
                    if self.no_wrap_add(ty, a, b, depth)
                        && let (Some(p), Some(q)) = (self.high(a, depth - 1), self.high(b, depth - 1))
                    {
                        see(p.checked_add(q));
                    }
                }
                BinOp::Sub => see(self.range_of_difference(ty, a, b, depth - 1).map(|r| r.1)),
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
    pub(super) fn range_of_difference(&self, ty: Ty, a: Value, b: Value, depth: u32) -> Option<(i64, i64)> {
        let (la, lb) = (self.low(a, depth)?, self.low(b, depth)?);
        let (ha, hb) = (self.high(a, depth)?, self.high(b, depth)?);
        let (low, high) = (la.checked_sub(hb)?, ha.checked_sub(lb)?);
        (low >= min_of(ty) && high <= max_of(ty)).then_some((low, high))
    }

    /// Whether `a + b` does not wrap around in its type.
    pub(super) fn no_wrap_add(&self, ty: Ty, a: Value, b: Value, depth: u32) -> bool {
        let d = depth.saturating_sub(1);
        let up = match (self.high(a, d), self.high(b, d)) {
            (Some(p), Some(q)) => p.checked_add(q).is_some_and(|s| s <= max_of(ty)),
            (Some(p), None) | (None, Some(p)) => p <= 0,
            (None, None) => false,
        };
        let down = match (self.low(a, d), self.low(b, d)) {
            (Some(p), Some(q)) => p.checked_add(q).is_some_and(|s| s >= min_of(ty)),
            (Some(p), None) | (None, Some(p)) => p >= 0,
            (None, None) => false,
        };
        // x < y for some y, and +1: at most y.
        let step = |x: Value, k: Value| {
            self.int(k) == Some(1) && self.le.get(&self.leaders[x]).is_some_and(|l| l.iter().any(|&(_, c)| c < 0))
        };
        (up || step(a, b) || step(b, a)) && down
    }

    /// `v` as `x + k`, where that does not wrap.
    pub(super) fn as_sum(&self, v: Value, depth: u32) -> Option<(Value, i64)> {
        let v = self.leaders[v];
        match *self.kind(v)? {
            InstKind::Bin(BinOp::Add, a, b) if self.is_int(v) => {
                let (x, k) = match (self.int(a), self.int(b)) {
                    (_, Some(k)) => (a, k),
                    (Some(k), _) => (b, k),
                    _ => return None,
                };
                // A small sum of a small constant did not wrap.
                let ty = self.func.values[v];
                let small = ty == Ty::I64
                    && self.lo.get(&v).is_some_and(|&l| l >= 0)
                    && self.hi.get(&v).is_some_and(|&h| h <= SAFE);
                (k.abs() < SAFE && (small || self.no_wrap_add(ty, a, b, depth))).then_some((x, k))
            }
            InstKind::Bin(BinOp::Sub, a, b) if self.is_int(v) => {
                let (k, least) = (self.int(b)?, min_of(self.func.values[v]));
                // Not below the lowest integer.
                let low = self.low(a, depth.saturating_sub(1));
                let fits = low.is_some_and(|l| l.checked_sub(k).is_some_and(|s| s >= least));
                ((0..SAFE).contains(&k) && fits).then_some((a, -k))
            }
            _ => None,
        }
    }

    /// Whether `x <= y + c`.
    pub(super) fn le_query(&self, x: Value, y: Value, c: i64, depth: u32) -> bool {
        let (x, y) = (self.leaders[x], self.leaders[y]);
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
        // Extensions change nothing where the sign is known.
        let extended = |v: Value| match self.kind(v) {
            Some(&InstKind::Conv(ConvOp::SExt, a)) => Some(a),
            Some(&InstKind::Conv(ConvOp::ZExt, a)) => self.low(a, d).is_some_and(|l| l >= 0).then_some(a),
            _ => None,
        };
        if let Some(a) = extended(x) {
            return self.le_query(a, y, c, d);
        }
        if let Some(b) = extended(y)
            && self.le_query(x, b, c, d)
        {
            return true;
        }
        match self.kind(x) {
            Some(&InstKind::Bin(op, a, b)) if self.is_int(x) => match op {
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
}

/// The predicate that holds where `c` does not.
pub(super) fn negate(c: Cmp) -> Cmp {
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

/// The predicate for exchanged operands.
pub(super) fn swap(c: Cmp) -> Cmp {
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

pub(super) fn bits_of(ty: Ty) -> i64 {
    match ty {
        Ty::I8 => 8,
        Ty::I16 => 16,
        Ty::I32 => 32,
        _ => 64,
    }
}

pub(super) fn min_of(ty: Ty) -> i64 {
    i64::MIN >> (64 - bits_of(ty))
}

pub(super) fn max_of(ty: Ty) -> i64 {
    i64::MAX >> (64 - bits_of(ty))
}

fn unsigned_max_of(ty: Ty) -> i64 {
    match ty {
        Ty::I64 | Ty::Ptr | Ty::F32 | Ty::F64 => i64::MAX,
        _ => (u64::MAX >> (64 - bits_of(ty))) as i64,
    }
}
