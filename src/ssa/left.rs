//! The checks that are left when the passes are done, for reports: where an index, a slice or a pointer is
//! looked at when the program runs; and large copies.
//!
//! Places and kinds are those that Go's compiler reports (`isInBounds`, `isSliceInBounds`, `nilcheck`, `copy`).
//! There, a nil check goes where an access to the same object that follows it in the block finds out by itself;
//! a store of a pointer does not, because its write barrier stands between. Loads that nobody uses are checks
//! there. Nothing behind a check that always fails is reported.

#![forbid(unsafe_code)]

use rustc_hash::{FxHashMap, FxHashSet};

use super::ir::{Addr, Block, Callee, CheckKind, Func, Inst, InstKind, Ty, Value};
use crate::abi::rtfn::RtFn;
use crate::index::{Id, IndexVec};
use crate::source::Pos;

/// Bytes from which on a copy is reported.
const LARGE_COPY: u32 = 128;
/// Go: offsets from nil below this fault.
const NIL_PAGE: i64 = 4096;

/// What reports need to know of values.
struct Values<'a> {
    func: &'a Func,
    constants: FxHashMap<Value, u64>,
    used: IndexVec<Value, bool>,
    /// Pointers made from others: the other one and the distance, if it is constant.
    sums: FxHashMap<Value, (Value, Option<i64>)>,
}

/// The checks left in a function, with Go's words for them, in the order of its blocks.
pub fn checks_left(func: &Func) -> Vec<(Pos, &'static str, String)> {
    let values = Values::new(func);
    let reached = values.reached();
    let mut out = Vec::new();
    let mut seen = FxHashSet::default();
    for (_, data) in func.blocks.iter_enumerated().filter(|(b, _)| reached[*b]) {
        for (i, inst) in data.insts.iter().enumerate() {
            if values.fails(inst) {
                break;
            }
            let (code, fails) = match inst.kind {
                InstKind::Call { callee: Callee::Runtime(f @ RtFn::panicSliceConvert), .. } => {
                    ("isSliceInBounds", Some(f))
                }
                InstKind::Check { kind: CheckKind::ULt(f), .. } => ("isInBounds", Some(f)),
                InstKind::Check { kind: CheckKind::ULe(f), .. } => ("isSliceInBounds", Some(f)),
                // Go does not know that the place in a map is there.
                InstKind::Call { callee: Callee::Runtime(RtFn::mapassign), .. }
                    if !values.written(inst.results[0], &data.insts[i + 1..]) =>
                {
                    ("nilcheck", None)
                }
                InstKind::NilCheck(p) if !values.found_out(p, &data.insts[i + 1..]) => ("nilcheck", None),
                InstKind::Load { addr: Addr::Value(p, _), nil_check: true }
                    if !values.used[inst.results[0]] && !values.found_out(p, &data.insts[i + 1..]) =>
                {
                    ("nilcheck", None)
                }
                InstKind::Move { size, .. } if size >= LARGE_COPY => ("copy", None),
                _ => continue,
            };
            // A loop's condition is there twice.
            if seen.insert((inst.pos, code, fails.map(|f| f as u32))) {
                let message = match inst.kind {
                    InstKind::Move { size, .. } => format!("{size} bytes"),
                    _ => String::new(),
                };
                out.push((inst.pos, code, message));
            }
        }
    }
    out
}

impl<'a> Values<'a> {
    fn new(func: &'a Func) -> Values<'a> {
        let mut used = IndexVec::from_elem(false, func.values.len());
        for data in &func.blocks {
            data.insts.iter().for_each(|i| i.kind.for_each_operand(&mut |v| used[v] = true));
            data.term.for_each_operand(&mut |v| used[v] = true);
        }
        let mut values = Values { func, used, constants: FxHashMap::default(), sums: FxHashMap::default() };
        for inst in func.blocks.iter().flat_map(|b| &b.insts) {
            let &[v] = inst.results.as_slice() else { continue };
            match inst.kind {
                InstKind::Const(c) => {
                    values.constants.insert(v, c);
                }
                InstKind::PtrAdd(p, d) => {
                    values.sums.insert(v, (p, values.constants.get(&d).map(|&c| c as i64)));
                }
                _ => {}
            }
        }
        values
    }

    /// Whether a check is known to fail.
    fn fails(&self, inst: &Inst) -> bool {
        let InstKind::Check { kind, x, y: Some(y) } = inst.kind else { return false };
        let (x, y) = (self.constants.get(&x), self.constants.get(&y));
        match kind {
            CheckKind::ULt(_) => y == Some(&0) || matches!((x, y), (Some(x), Some(y)) if x >= y),
            CheckKind::ULe(_) => matches!((x, y), (Some(x), Some(y)) if x > y),
            CheckKind::NonZero(_) | CheckKind::NonNegative(_) => false,
        }
    }

    /// Blocks that control gets to.
    fn reached(&self) -> IndexVec<Block, bool> {
        let mut reached = IndexVec::from_elem(false, self.func.blocks.len());
        let mut work = vec![Block::new(0)];
        while let Some(b) = work.pop() {
            if std::mem::replace(&mut reached[b], true) {
                continue;
            }
            let data = &self.func.blocks[b];
            if !data.insts.iter().any(|i| self.fails(i)) {
                data.term.for_each_target(&mut |t| work.push(t.block));
            }
        }
        reached
    }

    /// Where an address is in the object at `p`.
    fn offset(&self, p: Value, at: Value, offset: i64) -> Option<i64> {
        if at == p {
            return Some(offset);
        }
        let &(base, Some(distance)) = self.sums.get(&at)? else { return None };
        (base == p).then_some(distance + offset)
    }

    /// Whether the value of a map's entry is stored in one piece, or as [`Values::found_out`] says.
    fn written(&self, p: Value, rest: &[Inst]) -> bool {
        let mut stores = rest.iter().filter(|i| {
            matches!(i.kind, InstKind::Store { addr: Addr::Value(at, offset), .. }
                if self.offset(p, at, i64::from(offset)).is_some())
        });
        let one = matches!((stores.next().map(|i| &i.kind), stores.next()),
            (Some(&InstKind::Store { addr: Addr::Value(at, offset), .. }), None)
                if self.offset(p, at, i64::from(offset)) == Some(0));
        one || self.found_out(p, rest)
    }

    /// Whether an access that follows in the block faults where `p` is nil.
    fn found_out(&self, p: Value, rest: &[Inst]) -> bool {
        let near = |at: Value, offset: i64| self.offset(p, at, offset).is_some_and(|o| o < NIL_PAGE);
        // Clearing and copying has no offset from the pointer.
        let starts = |a: Addr| a == Addr::Value(p, 0);
        for inst in rest {
            match inst.kind {
                InstKind::Load { addr: Addr::Value(at, offset), .. }
                    if near(at, i64::from(offset)) && self.used[inst.results[0]] =>
                {
                    return true;
                }
                InstKind::Store { addr: Addr::Value(at, offset), value, .. } => {
                    match self.offset(p, at, i64::from(offset)) {
                        Some(o) => return o < NIL_PAGE && self.func.values[value] != Ty::Ptr,
                        None => return false,
                    }
                }
                // Where there are pointers, barriers or the end of a variable's life come first.
                InstKind::Zero { addr, pointers: false, .. } => return starts(addr),
                InstKind::Move { dst, src, pointers: false, .. } => return starts(dst) || starts(src),
                InstKind::AtomicLoad(at)
                | InstKind::AtomicStore(at, _)
                | InstKind::AtomicRmw(_, at, _)
                | InstKind::AtomicCas(at, ..) => return near(at, 0),
                InstKind::Store { .. }
                | InstKind::StoreG(..)
                | InstKind::Zero { .. }
                | InstKind::Move { .. }
                | InstKind::Call { .. }
                | InstKind::Check { .. }
                | InstKind::Poll => return false,
                _ => {}
            }
        }
        false
    }
}
