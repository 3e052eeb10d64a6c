//! Common subexpressions: values that are computed, or loaded, again where they are there already.
//!
//! Arithmetic is Cranelift's business; what counts here is that [`super::checks`] knows that two values are
//! the same, so that what is known of one holds for the other. So each value gets a *leader*: the first one in
//! the dominator tree that is computed in the same way from the same leaders.
//!
//! A load is equal to an earlier one if the memory is: each instruction that may write makes a new *version*
//! of it, and a block that control reaches with different versions begins with one of its own. A load looks
//! past stores that are to other places. A load that has a leader is replaced by it, so that checks and uses
//! see one value even where another goroutine writes in between; one that reads what was stored, by that.
//!
//! What has only constant operands becomes a constant in the end, so that the next pass over the graph finds
//! branches that are decided.
//!
//! Other instructions are left alone: they cost little, and pointers that live longer must be spilled.
//! The walk visits each instruction once.

#![forbid(unsafe_code)]

use rustc_hash::FxHashMap;

use super::super::build::reverse_postorder;
use super::super::ir::{
    Addr, BinOp, Block, Cmp, ConvOp, Func, FuncId, GlobalId, Inst, InstKind, Slot, Ty, UnOp, Value,
};
use super::{dominator_tree, predecessors};
use crate::index::{Id, IndexVec};
use crate::types::TypeId;

/// How many stores to other places a load looks past for an equal one.
const SKIPPED: usize = 64;
/// How many for the store to its own place (as in Go).
const STORES: usize = 5;

/// A state of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Version {
    /// As it is on entry to a block.
    Entry(Block),
    /// Behind an instruction.
    Behind(Block, u32),
}

/// How a value is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Const(u64, Ty),
    Bin(BinOp, Value, Value),
    Un(UnOp, Value),
    Conv(ConvOp, Value, Ty),
    Cmp(Cmp, Value, Value),
    PtrAdd(Value, Value),
    Select(Value, Value, Value),
    SlotAddr(Slot),
    GlobalAddr(GlobalId),
    TypeDesc(TypeId),
    Itab(TypeId, TypeId),
    FuncValue(FuncId),
    Load(Place, Ty, Version),
}

/// An address: what is constant in it is in the offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    base: Base,
    off: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Base {
    Value(Value),
    Slot(Slot),
    Global(GlobalId),
}

/// See the module's comment.
pub fn run(func: &mut Func, idom: &IndexVec<Block, Option<Block>>, lengths: &[bool]) -> Known {
    let entry = versions(func, idom);
    let (children, roots) = dominator_tree(idom);
    let mut w = Walk {
        leaders: func.values.ids().collect(),
        constants: FxHashMap::default(),
        places: FxHashMap::default(),
        known: FxHashMap::default(),
        undo: Vec::new(),
        lengths,
        replaced: Vec::new(),
        folded: Vec::new(),
        entry,
    };
    // An explicit stack: the tree may be deep.
    let mut stack: Vec<(Block, Option<usize>)> = roots.into_iter().map(|b| (b, None)).collect();
    while let Some((b, mark)) = stack.pop() {
        if let Some(mark) = mark {
            w.undo_to(mark);
            continue;
        }
        stack.push((b, Some(w.undo.len())));
        w.block(func, b);
        stack.extend(children[b].iter().map(|&c| (c, None)));
    }
    let Walk { leaders, constants, replaced, folded, .. } = w;
    if !replaced.is_empty() {
        let mut new: FxHashMap<Value, Value> = FxHashMap::default();
        for &(b, i, by) in &replaced {
            let inst = &mut func.blocks[b].insts[i as usize];
            new.insert(inst.results[0], by);
            // The leader has found out whether the address is nil.
            if let InstKind::Load { nil_check, .. } = &mut inst.kind {
                *nil_check = false;
            }
        }
        let replace = |v: &mut Value| {
            // A store's value may be a load that is replaced itself.
            while let Some(&by) = new.get(v) {
                *v = by;
            }
        };
        for data in func.blocks.iter_mut() {
            data.insts.iter_mut().for_each(|i| i.kind.for_each_operand_mut(&mut { replace }));
            data.term.for_each_operand_mut(&mut { replace });
        }
    }
    Known { leaders, constants, folded }
}

/// What is known of values.
pub struct Known {
    pub leaders: IndexVec<Value, Value>,
    pub constants: FxHashMap<Value, u64>,
    /// Instructions whose result is constant.
    folded: Vec<(Block, u32)>,
}

impl Known {
    /// Turns into constants what is constant. Conditions that hold for a loop's first values say something of the
    /// others, too, so this comes behind [`super::checks`].
    pub fn fold(&self, func: &mut Func) {
        for &(b, i) in &self.folded {
            let inst = &mut func.blocks[b].insts[i as usize];
            if let Some(&c) = inst.results.first().and_then(|v| self.constants.get(v)) {
                inst.kind = InstKind::Const(c);
            }
        }
    }
}

/// Whether memory may be another behind the instruction.
pub(super) fn writes(kind: &InstKind) -> bool {
    matches!(
        kind,
        InstKind::Store { .. }
            | InstKind::Zero { .. }
            | InstKind::Move { .. }
            | InstKind::AtomicLoad(_)
            | InstKind::AtomicStore(..)
            | InstKind::AtomicRmw(..)
            | InstKind::AtomicCas(..)
            | InstKind::Call { .. }
            | InstKind::Poll
    )
}

/// The version of memory on entry to each block: its own where versions meet (in the iterated dominance
/// frontier of the writes), else the one behind its immediate dominator.
fn versions(func: &Func, idom: &IndexVec<Block, Option<Block>>) -> IndexVec<Block, Version> {
    let last: IndexVec<Block, Option<u32>> =
        func.blocks.iter().map(|data| data.insts.iter().rposition(|i| writes(&i.kind)).map(|i| i as u32)).collect();
    let mut frontier: IndexVec<Block, Vec<Block>> = IndexVec::from_elem(Vec::new(), func.blocks.len());
    for (b, preds) in predecessors(func).iter_enumerated().filter(|(_, preds)| preds.len() > 1) {
        for &(p, _) in preds {
            let mut at = Some(p);
            while let Some(x) = at.filter(|_| at != idom[b]) {
                if frontier[x].last() != Some(&b) {
                    frontier[x].push(b);
                }
                at = idom[x];
            }
        }
    }
    let mut own: IndexVec<Block, bool> = idom.iter().map(Option::is_none).collect();
    let mut work: Vec<Block> = func.blocks.ids().filter(|&b| last[b].is_some()).collect();
    while let Some(b) = work.pop() {
        for &f in &frontier[b] {
            if !std::mem::replace(&mut own[f], true) {
                work.push(f);
            }
        }
    }
    let mut entry: IndexVec<Block, Version> = func.blocks.ids().map(Version::Entry).collect();
    for b in reverse_postorder(func) {
        if let (false, Some(up)) = (own[b], idom[b]) {
            entry[b] = last[up].map_or(entry[up], |i| Version::Behind(up, i));
        }
    }
    entry
}

struct Walk<'a> {
    leaders: IndexVec<Value, Value>,
    constants: FxHashMap<Value, u64>,
    /// Addresses that are not their own base.
    places: FxHashMap<Value, Place>,
    known: FxHashMap<Key, Value>,
    undo: Vec<Key>,
    lengths: &'a [bool],
    /// Loads, and what is there already.
    replaced: Vec<(Block, u32, Value)>,
    /// Instructions that are constants.
    folded: Vec<(Block, u32)>,
    /// Memory on entry to blocks.
    entry: IndexVec<Block, Version>,
}

impl Walk<'_> {
    fn undo_to(&mut self, mark: usize) {
        for key in self.undo.drain(mark..) {
            self.known.remove(&key);
        }
    }

    fn is_length(&self, v: Value) -> bool {
        self.lengths.get(v.index()).copied().unwrap_or(false)
    }

    fn block(&mut self, func: &Func, b: Block) {
        let mut memory = self.entry[b];
        for (i, inst) in func.blocks[b].insts.iter().enumerate() {
            if writes(&inst.kind) {
                memory = Version::Behind(b, i as u32);
                continue;
            }
            let &[v] = inst.results.as_slice() else { continue };
            let mut constant = match inst.kind {
                InstKind::Const(c) => Some(c),
                _ => self.fold(func, v, &inst.kind),
            };
            let mut key = None;
            if constant.is_none() {
                self.note(v, &inst.kind);
                key = self.key(func, v, inst, memory);
                if let Some(Key::Load(place, ty, at)) = &mut key {
                    match self.stored(func, *place, *ty, *at) {
                        Some(Stored::Value(stored)) => {
                            if self.is_length(stored) == self.is_length(v) {
                                self.leaders[v] = self.leaders[stored];
                                self.replaced.push((b, i as u32, stored));
                            }
                            continue;
                        }
                        Some(Stored::Zero) => constant = Some(0),
                        None => *at = self.past_stores(func, *place, *ty, *at),
                    }
                }
            }
            if let Some(c) = constant {
                if !matches!(inst.kind, InstKind::Const(_)) {
                    self.folded.push((b, i as u32));
                }
                self.constants.insert(v, c);
                key = Some(Key::Const(c, func.values[v]));
            }
            let Some(key) = key else { continue };
            match self.known.get(&key) {
                Some(&first) => {
                    let load = matches!(key, Key::Load(..));
                    // That one is a length is known where it was read as one.
                    if load && self.is_length(first) != self.is_length(v) {
                        continue;
                    }
                    self.leaders[v] = self.leaders[first];
                    if load {
                        self.replaced.push((b, i as u32, first));
                    }
                }
                None => {
                    self.known.insert(key, v);
                    self.undo.push(key);
                }
            }
        }
    }

    /// Keeps what addresses are made of.
    fn note(&mut self, v: Value, kind: &InstKind) {
        match *kind {
            InstKind::GlobalAddr(g) => {
                self.places.insert(v, Place { base: Base::Global(g), off: 0 });
            }
            InstKind::SlotAddr(s) => {
                self.places.insert(v, Place { base: Base::Slot(s), off: 0 });
            }
            InstKind::PtrAdd(p, d) | InstKind::Bin(BinOp::Add, p, d) => {
                if let Some(&d) = self.constants.get(&d) {
                    let p = self.place(p);
                    self.places.insert(v, Place { off: p.off.wrapping_add(d as i64), ..p });
                }
            }
            InstKind::Conv(ConvOp::ToPtr | ConvOp::FromPtr, p) => {
                let p = self.place(p);
                self.places.insert(v, p);
            }
            _ => {}
        }
    }

    fn place(&self, v: Value) -> Place {
        let own = Place { base: Base::Value(self.leaders[v]), off: 0 };
        self.places.get(&v).copied().unwrap_or(own)
    }

    fn address(&self, addr: Addr) -> Place {
        match addr {
            Addr::Value(v, off) => {
                let p = self.place(v);
                Place { off: p.off.wrapping_add(i64::from(off)), ..p }
            }
            Addr::Slot(s, off) => Place { base: Base::Slot(s), off: i64::from(off) },
        }
    }

    fn key(&self, func: &Func, v: Value, inst: &Inst, memory: Version) -> Option<Key> {
        let l = |v: Value| self.leaders[v];
        let sorted = |x: Value, y: Value| if l(x) <= l(y) { (l(x), l(y)) } else { (l(y), l(x)) };
        Some(match inst.kind {
            InstKind::Bin(op @ (BinOp::Add | BinOp::Mul | BinOp::And | BinOp::Or | BinOp::Xor), x, y) => {
                let (x, y) = sorted(x, y);
                Key::Bin(op, x, y)
            }
            InstKind::Bin(op, x, y) => Key::Bin(op, l(x), l(y)),
            InstKind::Un(op, x) => Key::Un(op, l(x)),
            InstKind::Conv(op, x) => Key::Conv(op, l(x), func.values[v]),
            InstKind::Cmp(op @ (Cmp::Eq | Cmp::Ne), x, y) => {
                let (x, y) = sorted(x, y);
                Key::Cmp(op, x, y)
            }
            InstKind::Cmp(op, x, y) => Key::Cmp(op, l(x), l(y)),
            InstKind::PtrAdd(x, y) => Key::PtrAdd(l(x), l(y)),
            InstKind::Select(c, x, y) => Key::Select(l(c), l(x), l(y)),
            InstKind::SlotAddr(s) => Key::SlotAddr(s),
            InstKind::GlobalAddr(g) if func.values[v] == Ty::I64 => Key::GlobalAddr(g),
            InstKind::TypeDesc(t) => Key::TypeDesc(t),
            InstKind::Itab { iface, concrete } => Key::Itab(iface, concrete),
            InstKind::FuncValue(f) => Key::FuncValue(f),
            InstKind::Load { addr, .. } => Key::Load(self.address(addr), func.values[v], memory),
            _ => return None,
        })
    }

    /// What is at a place because it was stored there.
    fn stored(&self, func: &Func, place: Place, ty: Ty, at: Version) -> Option<Stored> {
        let mut at = at;
        for _ in 0..STORES {
            let Version::Behind(b, i) = at else { return None };
            match func.blocks[b].insts[i as usize].kind {
                InstKind::Store { addr, value, .. } if self.address(addr) == place => {
                    return (func.values[value] == ty).then_some(Stored::Value(value));
                }
                InstKind::Zero { addr, size: n, .. } if !matches!(ty, Ty::F32 | Ty::F64) => {
                    let zeroed = self.address(addr);
                    let end = zeroed.off.wrapping_add(i64::from(n));
                    if zeroed.base == place.base && zeroed.off <= place.off && place.off + size(ty) <= end {
                        return Some(Stored::Zero);
                    }
                }
                _ => {}
            }
            at = self.before(func, place, ty, b, i)?;
        }
        None
    }

    /// The earliest version in which a place has the value it has now, as far as that is easily seen.
    fn past_stores(&self, func: &Func, place: Place, ty: Ty, at: Version) -> Version {
        let mut at = at;
        for _ in 0..SKIPPED {
            let Version::Behind(b, i) = at else { break };
            let Some(before) = self.before(func, place, ty, b, i) else { break };
            at = before;
        }
        at
    }

    /// The version before an instruction that writes to another place.
    fn before(&self, func: &Func, place: Place, ty: Ty, b: Block, i: u32) -> Option<Version> {
        let (addr, n) = match func.blocks[b].insts[i as usize].kind {
            InstKind::Store { addr, value, .. } => (addr, size(func.values[value])),
            InstKind::Zero { addr, size, .. } => (addr, i64::from(size)),
            _ => return None,
        };
        let there = self.address(addr);
        let apart = match (there.base, place.base) {
            (x, y) if x == y => there.off.wrapping_add(n) <= place.off || place.off + size(ty) <= there.off,
            (Base::Slot(_) | Base::Global(_), Base::Slot(_) | Base::Global(_)) => true,
            // The caller cannot have the address of what is in this frame.
            (Base::Slot(_), Base::Value(p)) | (Base::Value(p), Base::Slot(_)) => {
                func.blocks[Block::new(0)].params.contains(&p)
            }
            _ => false,
        };
        if !apart {
            return None;
        }
        let earlier = func.blocks[b].insts[..i as usize].iter().rposition(|i| writes(&i.kind));
        Some(earlier.map_or(self.entry[b], |i| Version::Behind(b, i as u32)))
    }

    /// The value of an instruction whose operands are constants.
    fn fold(&self, func: &Func, v: Value, kind: &InstKind) -> Option<u64> {
        let constant = |v: Value| self.constants.get(&v).copied();
        let bits = |v: Value| 8 * size(func.values[v]) as u32;
        let signed = |v: Value, c: u64| (c << (64 - bits(v))) as i64 >> (64 - bits(v));
        let unsigned = |v: Value, c: u64| c << (64 - bits(v)) >> (64 - bits(v));
        let result = match *kind {
            InstKind::Bin(op, x, y) => {
                let (x, a, b) = (x, constant(x)?, constant(y)?);
                let shift = b as u32 & (bits(x) - 1);
                match op {
                    BinOp::Add => a.wrapping_add(b),
                    BinOp::Sub => a.wrapping_sub(b),
                    BinOp::Mul => a.wrapping_mul(b),
                    BinOp::And => a & b,
                    BinOp::Or => a | b,
                    BinOp::Xor => a ^ b,
                    BinOp::Shl => a << shift,
                    BinOp::UShr => unsigned(x, a) >> shift,
                    BinOp::SShr => (signed(x, a) >> shift) as u64,
                    _ => return None,
                }
            }
            InstKind::Conv(op, x) => {
                let c = constant(x)?;
                match op {
                    ConvOp::SExt => signed(x, c) as u64,
                    ConvOp::ZExt | ConvOp::Trunc => unsigned(x, c),
                    _ => return None,
                }
            }
            InstKind::Cmp(op, x, y) if func.values[x] != Ty::Ptr => {
                let (a, b) = (constant(x)?, constant(y)?);
                let (sa, sb, ua, ub) = (signed(x, a), signed(x, b), unsigned(x, a), unsigned(x, b));
                u64::from(match op {
                    Cmp::Eq => ua == ub,
                    Cmp::Ne => ua != ub,
                    Cmp::SLt => sa < sb,
                    Cmp::SLe => sa <= sb,
                    Cmp::SGt => sa > sb,
                    Cmp::SGe => sa >= sb,
                    Cmp::ULt => ua < ub,
                    Cmp::ULe => ua <= ub,
                    Cmp::UGt => ua > ub,
                    Cmp::UGe => ua >= ub,
                })
            }
            _ => return None,
        };
        Some(unsigned(v, result))
    }
}

/// What a place has.
enum Stored {
    Value(Value),
    Zero,
}

/// Bytes of a value in memory.
fn size(ty: Ty) -> i64 {
    match ty {
        Ty::I8 => 1,
        Ty::I16 => 2,
        Ty::I32 | Ty::F32 => 4,
        Ty::I64 | Ty::F64 | Ty::Ptr => 8,
    }
}
