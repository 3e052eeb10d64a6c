//! Removes checks that always hold.
//!
//! Walks the dominator tree with a set of facts that hold on entry to a block and behind its instructions:
//! pointers that are not nil, and inequalities `x <= y + c` between integers, taken as signed (no wrap-around). Facts
//! come from branches, from checks passed, from what instructions compute, and from loops: a variable that
//! only grows stays above its initial value, one that only shrinks below it. A query searches from fact to
//! fact, to a fixed depth. Facts are undone when the walk leaves the block.

#![forbid(unsafe_code)]

mod facts;
mod loops;

use std::cell::Cell;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::super::ir::{Addr, Block, Callee, CheckKind, ConvOp, Func, InstKind, Ty, Value};
use super::super::verify::dominators;
use super::{Def, cse, definitions, dominator_tree, predecessors};
use crate::abi::rtfn::RtFn;
use crate::index::IndexVec;

/// Lengths and capacities are far below this; sums of few of them do not wrap.
const MAX_LEN: i64 = 1 << 48;
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
    let known = cse::run(func, &idom, lengths);
    let (children, roots) = dominator_tree(&idom);
    let removed = {
        let mut w = Walk {
            func,
            defs: definitions(func),
            preds: predecessors(func),
            idom: &idom,
            leaders: &known.leaders,
            constants: &known.constants,
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
    known.fold(func);
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
    /// Facts are about these.
    leaders: &'a IndexVec<Value, Value>,
    constants: &'a FxHashMap<Value, u64>,
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
    pub(super) fn undo_to(&mut self, mark: usize) {
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

    pub(super) fn kind(&self, v: Value) -> Option<&InstKind> {
        match self.defs[v] {
            Def::Inst(b, i) => Some(&self.func.blocks[b].insts[i as usize].kind),
            _ => None,
        }
    }

    /// The integer constant that a value is.
    pub(super) fn int(&self, v: Value) -> Option<i64> {
        let c = *self.constants.get(&v)?;
        match self.func.values[v] {
            Ty::I64 => Some(c as i64),
            Ty::I32 => Some(i64::from(c as i32)),
            Ty::I16 => Some(i64::from(c as i16)),
            Ty::I8 => Some(i64::from(c as i8)),
            _ => None,
        }
    }

    pub(super) fn is_int(&self, v: Value) -> bool {
        matches!(self.func.values[v], Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64)
    }

    // ---- the walk

    pub(super) fn block(&mut self, b: Block) {
        self.fuel.set(FUEL);
        self.enter(b);
        let data = &self.func.blocks[b];
        if b == Block(0) {
            self.slices(&data.params);
        }
        // The length in memory that was read last: of a slice if the word behind is one, too.
        let mut read: Option<(Addr, Value)> = None;
        for (i, inst) in data.insts.iter().enumerate() {
            let i = i as u32;
            self.slices(&inst.results);
            if let InstKind::Load { addr, .. } = inst.kind
                && self.is_length(inst.results[0])
            {
                let v = inst.results[0];
                if let Some((before, len)) = read
                    && self.word_behind(before) == self.word(addr)
                {
                    self.add_le(len, v, 0);
                }
                read = Some((addr, v));
            } else if cse::writes(&inst.kind) {
                read = None;
            }
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

    fn is_length(&self, v: Value) -> bool {
        self.lengths.get(v.0 as usize).copied().unwrap_or(false)
    }

    fn word(&self, addr: Addr) -> Addr {
        match addr {
            Addr::Value(p, off) => Addr::Value(self.leaders[p], off),
            slot => slot,
        }
    }

    fn word_behind(&self, addr: Addr) -> Addr {
        match self.word(addr) {
            Addr::Value(p, off) => Addr::Value(p, off.wrapping_add(8)),
            Addr::Slot(slot, off) => Addr::Slot(slot, off.wrapping_add(8)),
        }
    }

    /// Parameters and results: a capacity comes right behind its length, and nothing else of this kind does.
    fn slices(&mut self, values: &[Value]) {
        for pair in values.windows(2) {
            if self.is_length(pair[0]) && self.is_length(pair[1]) {
                self.add_le(pair[0], pair[1], 0);
            }
        }
    }

    pub(super) fn is_nonnil(&self, p: Value) -> bool {
        let p = self.leaders[p];
        if self.nonnil.contains_key(&p) {
            return true;
        }
        match self.kind(p) {
            Some(
                InstKind::SlotAddr(_)
                | InstKind::GlobalAddr(_)
                | InstKind::StrData(_)
                | InstKind::StrHeader(_)
                | InstKind::StaticObject(_)
                | InstKind::FuncValue(_)
                | InstKind::Closure
                | InstKind::Itab { .. },
            ) => true,
            // Into an object that is there.
            Some(InstKind::PtrAdd(q, _)) => self.is_nonnil(*q),
            Some(InstKind::Conv(ConvOp::ToPtr | ConvOp::FromPtr, q)) => self.is_nonnil(*q),
            Some(InstKind::Call { callee: Callee::Runtime(f), .. }) => {
                matches!(f, RtFn::newobject | RtFn::mapassign)
            }
            _ => false,
        }
    }

    pub(super) fn check(&mut self, b: Block, i: u32, kind: CheckKind, x: Value, y: Option<Value>) {
        self.fuel.set(FUEL);
        let holds = match (kind, y) {
            (CheckKind::ULt(_), Some(y)) => {
                self.low(x, DEPTH).is_some_and(|l| l >= 0) && self.le_query(x, y, -1, DEPTH)
            }
            (CheckKind::ULe(_), Some(y)) => self.low(x, DEPTH).is_some_and(|l| l >= 0) && self.le_query(x, y, 0, DEPTH),
            (CheckKind::NonZero(_), _) => match self.kind(x) {
                Some(InstKind::Const(c)) => *c != 0,
                _ => self.low(x, DEPTH).is_some_and(|l| l > 0),
            },
            (CheckKind::NonNegative(_), _) => self.low(x, DEPTH).is_some_and(|l| l >= 0),
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
            (CheckKind::NonNegative(_), _) => self.add_lo(x, 0),
            (CheckKind::NonZero(_), _) if self.low(x, DEPTH).is_some_and(|l| l >= 0) => self.add_lo(x, 1),
            _ => {}
        }
    }
}
