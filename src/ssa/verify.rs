//! Checks the invariants of SSA form: types of operands, arguments of edges, dominance.
//!
//! Runs in debug builds and where the driver asks for it. A failure is a defect of mgo.

#![forbid(unsafe_code)]

use super::ir::{Addr, AtomicOp, BinOp, Block, Callee, ConvOp, Func, Inst, InstKind, Term, Ty, Value};
use crate::abi::rtfn::Word;
use crate::index::{Id, IndexVec};

/// Finds the first violation.
///
/// # Errors
/// A description of the violation.
pub fn verify(func: &Func) -> Result<(), String> {
    let v = Verifier { func, def_block: IndexVec::from_elem(None, func.values.len()) };
    v.run()
}

struct Verifier<'a> {
    func: &'a Func,
    /// Block and index (0: parameter) of each definition.
    def_block: IndexVec<Value, Option<(Block, u32)>>,
}

fn is_int(ty: Ty) -> bool {
    matches!(ty, Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64)
}

macro_rules! ensure {
    ($cond:expr, $($arg:tt)+) => {
        if !$cond {
            return Err(format!($($arg)+));
        }
    };
}

impl Verifier<'_> {
    fn run(mut self) -> Result<(), String> {
        let func = self.func;
        let entry = &func.blocks[Block(0)];
        ensure!(entry.params.len() == func.sig.params.len(), "entry has {} parameters", entry.params.len());
        for (&p, &ty) in entry.params.iter().zip(&func.sig.params) {
            ensure!(func.values[p] == ty, "entry parameter v{} has another type than the signature", p.0);
        }
        for (b, data) in func.blocks.iter_enumerated() {
            for &p in &data.params {
                self.define(p, b, 0)?;
            }
            for (i, inst) in data.insts.iter().enumerate() {
                for &r in &inst.results {
                    self.define(r, b, i as u32 + 1)?;
                }
            }
        }
        let idom = dominators(func);
        for (b, data) in func.blocks.iter_enumerated() {
            for (i, inst) in data.insts.iter().enumerate() {
                self.inst(b, inst)?;
                let mut bad = None;
                inst.kind.for_each_operand(&mut |v| {
                    if !self.dominates(&idom, v, b, i as u32 + 1) {
                        bad.get_or_insert(v);
                    }
                });
                if let Some(v) = bad {
                    return Err(format!("v{} is not defined at instruction {i} of b{}", v.0, b.0));
                }
            }
            let mut bad = None;
            data.term.for_each_operand(&mut |v| {
                if !self.dominates(&idom, v, b, u32::MAX) {
                    bad.get_or_insert(v);
                }
            });
            if let Some(v) = bad {
                return Err(format!("v{} is not defined at the end of b{}", v.0, b.0));
            }
            self.term(b, &data.term)?;
        }
        if let Some(r) = func.recovery {
            ensure!(func.blocks[r].params.is_empty(), "the recovery block has parameters");
        }
        Ok(())
    }

    fn define(&mut self, v: Value, b: Block, at: u32) -> Result<(), String> {
        ensure!(self.def_block[v].is_none(), "v{} is defined twice", v.0);
        self.def_block[v] = Some((b, at));
        Ok(())
    }

    fn dominates(&self, idom: &IndexVec<Block, Option<Block>>, v: Value, b: Block, at: u32) -> bool {
        let Some((def, i)) = self.def_block[v] else {
            return false;
        };
        if def == b {
            return i < at;
        }
        let mut x = b;
        while let Some(up) = idom[x] {
            if up == def {
                return true;
            }
            if up == x {
                return false;
            }
            x = up;
        }
        false
    }

    fn ty(&self, v: Value) -> Ty {
        self.func.values[v]
    }

    fn addr(&self, a: &Addr) -> Result<(), String> {
        match *a {
            Addr::Value(v, _) => {
                ensure!(matches!(self.ty(v), Ty::Ptr | Ty::I64), "address v{} is no pointer", v.0);
            }
            Addr::Slot(s, off) => {
                let size = self.func.slots[s].size;
                ensure!(off >= 0 && (off as u64) < size, "offset {off} is outside slot {}", s.0);
            }
        }
        Ok(())
    }

    fn inst(&self, b: Block, inst: &Inst) -> Result<(), String> {
        self.inst_types(inst).map_err(|e| format!("{e} (b{}: {:?})", b.0, inst.kind))
    }

    fn inst_types(&self, inst: &Inst) -> Result<(), String> {
        let n_results = match &inst.kind {
            InstKind::Store { .. }
            | InstKind::StoreG(..)
            | InstKind::Zero { .. }
            | InstKind::Move { .. }
            | InstKind::NilCheck(_)
            | InstKind::KeepAlive(_)
            | InstKind::AtomicStore(..)
            | InstKind::Check { .. }
            | InstKind::Poll => 0,
            InstKind::Call { callee: Callee::Runtime(f), .. } => f.results().len(),
            InstKind::Call { sig, .. } => sig.results.len(),
            _ => 1,
        };
        ensure!(inst.results.len() == n_results, "{} results", inst.results.len());
        let result = inst.results.first().map(|&v| self.ty(v));
        match &inst.kind {
            InstKind::Const(_) => {
                ensure!(result.is_some_and(|t| is_int(t) || t == Ty::Ptr), "constant of a float type")
            }
            InstKind::FConst(_) => ensure!(result.is_some_and(|t| matches!(t, Ty::F32 | Ty::F64)), "float constant"),
            InstKind::Bin(op, x, y) => {
                let (x, y) = (self.ty(*x), self.ty(*y));
                ensure!(result == Some(x), "result type");
                match op {
                    BinOp::Shl | BinOp::UShr | BinOp::SShr => ensure!(is_int(x) && y == Ty::I64, "shift operands"),
                    BinOp::FAdd | BinOp::FSub | BinOp::FMul | BinOp::FDiv => {
                        ensure!(x == y && !is_int(x) && x != Ty::Ptr, "float operands");
                    }
                    _ => ensure!(x == y && is_int(x), "operands {x:?}, {y:?}"),
                }
            }
            InstKind::Un(_, x) => ensure!(result == Some(self.ty(*x)), "result type"),
            InstKind::Fma(x, y, z) => {
                let t = self.ty(*x);
                ensure!(t == self.ty(*y) && t == self.ty(*z) && result == Some(t), "operands");
            }
            InstKind::Conv(op, x) => {
                let from = self.ty(*x);
                let ok = match (op, from, result.unwrap_or(Ty::I8)) {
                    (ConvOp::ToPtr, Ty::I64, Ty::Ptr) | (ConvOp::FromPtr, Ty::Ptr, Ty::I64) => true,
                    (ConvOp::FPromote, Ty::F32, Ty::F64) | (ConvOp::FDemote, Ty::F64, Ty::F32) => true,
                    (ConvOp::Bitcast, Ty::F32, Ty::I32) | (ConvOp::Bitcast, Ty::I32, Ty::F32) => true,
                    (ConvOp::Bitcast, Ty::F64, Ty::I64) | (ConvOp::Bitcast, Ty::I64, Ty::F64) => true,
                    (ConvOp::SExt | ConvOp::ZExt | ConvOp::Trunc, a, b) => is_int(a) && is_int(b) && a != b,
                    (ConvOp::SIntToF | ConvOp::UIntToF, Ty::I64, Ty::F32 | Ty::F64) => true,
                    (ConvOp::FToSInt, Ty::F32 | Ty::F64, Ty::I32 | Ty::I64) => true,
                    (ConvOp::FToUInt, Ty::F32 | Ty::F64, Ty::I64) => true,
                    _ => false,
                };
                ensure!(ok, "conversion {from:?} to {result:?}");
            }
            InstKind::Cmp(_, x, y) => {
                let (x, y) = (self.ty(*x), self.ty(*y));
                ensure!(x == y && (is_int(x) || x == Ty::Ptr) && result == Some(Ty::I8), "operands {x:?}, {y:?}");
            }
            InstKind::FCmp(_, x, y) => ensure!(self.ty(*x) == self.ty(*y) && result == Some(Ty::I8), "operands"),
            InstKind::Select(c, x, y) => {
                let t = self.ty(*x);
                ensure!(self.ty(*c) == Ty::I8 && t == self.ty(*y) && result == Some(t), "operands");
            }
            InstKind::PtrAdd(x, y) => {
                ensure!(self.ty(*x) == Ty::Ptr && self.ty(*y) == Ty::I64 && result == Some(Ty::Ptr), "operands");
            }
            InstKind::SlotAddr(s) => ensure!(self.func.slots[*s].addr_taken, "slot {} is not marked", s.0),
            InstKind::Load { addr, .. } => self.addr(addr)?,
            InstKind::Store { addr, .. } | InstKind::Zero { addr, .. } => self.addr(addr)?,
            InstKind::Move { dst, src, .. } => {
                self.addr(dst)?;
                self.addr(src)?;
            }
            InstKind::AtomicLoad(p) | InstKind::AtomicStore(p, _) => {
                ensure!(self.ty(*p) == Ty::Ptr, "address v{} is no pointer", p.0)
            }
            InstKind::AtomicRmw(op, p, x) => {
                let t = self.ty(*x);
                let fits = is_int(t) || t == Ty::Ptr && *op == AtomicOp::Swap;
                ensure!(self.ty(*p) == Ty::Ptr && fits && result == Some(t), "operands");
            }
            InstKind::AtomicCas(p, x, y) => {
                let t = self.ty(*x);
                ensure!(self.ty(*p) == Ty::Ptr && t == self.ty(*y) && result == Some(Ty::I8), "operands");
            }
            InstKind::Call { callee, args, sig } => match callee {
                Callee::Runtime(f) => {
                    ensure!(args.len() == f.params().len(), "{} arguments", args.len());
                    for (&a, w) in args.iter().zip(f.params()) {
                        let want = match w {
                            Word::p => Ty::Ptr,
                            Word::i => Ty::I64,
                            Word::d => Ty::F64,
                        };
                        ensure!(self.ty(a) == want, "argument v{} is {:?}, not {want:?}", a.0, self.ty(a));
                    }
                }
                _ => {
                    let same =
                        args.len() == sig.params.len() && args.iter().zip(&sig.params).all(|(&a, &t)| self.ty(a) == t);
                    ensure!(same, "arguments differ from the signature");
                    let same = inst.results.iter().zip(&sig.results).all(|(&r, &t)| self.ty(r) == t);
                    ensure!(same, "results differ from the signature");
                }
            },
            _ => {}
        }
        Ok(())
    }

    fn term(&self, b: Block, term: &Term) -> Result<(), String> {
        let mut bad = None;
        term.for_each_target(&mut |t| {
            let params = &self.func.blocks[t.block].params;
            let same =
                params.len() == t.args.len() && params.iter().zip(&t.args).all(|(&p, &a)| self.ty(p) == self.ty(a));
            if !same || t.block.index() == 0 {
                bad.get_or_insert(t.block);
            }
        });
        if let Some(to) = bad {
            return Err(format!("arguments of the edge from b{} to b{}", b.0, to.0));
        }
        match term {
            Term::None => Err(format!("b{} has no end", b.0)),
            Term::Branch { cond, .. } => {
                ensure!(self.ty(*cond) == Ty::I8, "condition of b{} is no boolean", b.0);
                Ok(())
            }
            Term::Return(values) => {
                let sig = &self.func.sig.results;
                let same = sig.len() == values.len() && values.iter().zip(sig).all(|(&v, &t)| self.ty(v) == t);
                ensure!(same, "b{} returns other types than the signature", b.0);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// Immediate dominators (Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm"). Blocks must be in
/// reverse postorder or close to it. The roots (entry, recovery) have none; what both reach has none either.
pub(crate) fn dominators(func: &Func) -> IndexVec<Block, Option<Block>> {
    let n = func.blocks.len();
    let order = super::build::reverse_postorder(func);
    let mut number = vec![usize::MAX; n];
    for (i, b) in order.iter().enumerate() {
        number[b.index()] = i + 1;
    }
    let mut preds: Vec<Vec<Block>> = vec![Vec::new(); n];
    for &b in &order {
        func.blocks[b].term.for_each_target(&mut |t| preds[t.block.index()].push(b));
    }
    // Numbers: 0 is a virtual root above entry and recovery.
    let mut idom = vec![usize::MAX; order.len() + 1];
    idom[0] = 0;
    let intersect = |idom: &[usize], mut a: usize, mut b: usize| {
        while a != b {
            while a > b {
                a = idom[a];
            }
            while b > a {
                b = idom[b];
            }
        }
        a
    };
    let mut changed = true;
    while changed {
        changed = false;
        for (i, &b) in order.iter().enumerate() {
            let i = i + 1;
            let root = b.index() == 0 || func.recovery == Some(b);
            let mut new = if root { 0 } else { usize::MAX };
            for p in &preds[b.index()] {
                let p = number[p.index()];
                if idom[p] == usize::MAX {
                    continue;
                }
                new = if new == usize::MAX { p } else { intersect(&idom, p, new) };
            }
            if idom[i] != new {
                idom[i] = new;
                changed = true;
            }
        }
    }
    let mut out = IndexVec::from_elem(None, n);
    for (i, &b) in order.iter().enumerate() {
        let up = idom[i + 1];
        if up != 0 && up != usize::MAX {
            out[b] = Some(order[up - 1]);
        }
    }
    out
}
