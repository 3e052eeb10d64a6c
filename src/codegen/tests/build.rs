//! SSA functions by hand.

use std::rc::Rc;

use crate::abi::rtfn::RtFn;
use crate::hir;
use crate::index::{IndexVec, Symbol};
use crate::source::Pos;
use crate::ssa::ir::*;
use crate::types::TypeId;

/// A function under construction; instructions go to the end of `cur`.
pub(super) struct B {
    pub(super) f: Func,
    pub(super) cur: Block,
}

impl B {
    pub(super) fn new(id: u32, name: &str, params: &[Ty], results: &[Ty]) -> B {
        let mut b = B {
            f: Func {
                id: FuncId(id),
                name: Symbol::new(name),
                sig: Sig { params: params.to_vec(), results: results.to_vec() },
                values: IndexVec::new(),
                blocks: IndexVec::new(),
                slots: IndexVec::new(),
                inlined: Vec::new(),
                nosplit: false,
                recovery: None,
            },
            cur: Block(0),
        };
        b.block(params);
        b
    }

    pub(super) fn block(&mut self, params: &[Ty]) -> Block {
        let params = params.iter().map(|t| self.f.values.push(*t)).collect();
        self.f.blocks.push(BlockData { params, insts: Vec::new(), term: Term::None, term_pos: Pos::NONE, cold: false })
    }

    pub(super) fn cold(&mut self, b: Block) {
        self.f.blocks[b].cold = true;
    }

    pub(super) fn param(&self, i: usize) -> Value {
        self.f.blocks[self.cur].params[i]
    }

    pub(super) fn slot(&mut self, size: u32, ptr_words: &[u32]) -> Slot {
        self.f.slots.push(SlotData {
            name: Symbol::new("s"),
            size: size.into(),
            ptr_words: ptr_words.to_vec(),
            addr_taken: true,
        })
    }

    pub(super) fn multi(&mut self, kind: InstKind, tys: &[Ty]) -> Vec<Value> {
        let results: Vec<Value> = tys.iter().map(|t| self.f.values.push(*t)).collect();
        self.f.blocks[self.cur].insts.push(Inst {
            kind,
            results: results.iter().copied().collect(),
            pos: Pos::NONE,
            inl: 0,
        });
        results
    }

    pub(super) fn one(&mut self, kind: InstKind, ty: Ty) -> Value {
        self.multi(kind, &[ty])[0]
    }

    pub(super) fn int(&mut self, x: u64) -> Value {
        self.one(InstKind::Const(x), Ty::I64)
    }

    pub(super) fn bin(&mut self, op: BinOp, x: Value, y: Value) -> Value {
        let ty = self.f.values[x];
        self.one(InstKind::Bin(op, x, y), ty)
    }

    pub(super) fn add(&mut self, x: Value, y: Value) -> Value {
        self.bin(BinOp::Add, x, y)
    }

    pub(super) fn cmp(&mut self, op: Cmp, x: Value, y: Value) -> Value {
        self.one(InstKind::Cmp(op, x, y), Ty::I8)
    }

    pub(super) fn load(&mut self, ty: Ty, p: Value, offset: i32) -> Value {
        self.one(InstKind::Load { addr: Addr::Value(p, offset), nil_check: true }, ty)
    }

    pub(super) fn store(&mut self, p: Value, offset: i32, value: Value) {
        self.multi(InstKind::Store { addr: Addr::Value(p, offset), value, nil_check: true }, &[]);
    }

    pub(super) fn addr(&mut self, s: Slot) -> Value {
        self.one(InstKind::SlotAddr(s), Ty::Ptr)
    }

    pub(super) fn call(&mut self, id: u32, args: &[Value], results: &[Ty]) -> Vec<Value> {
        let params = args.iter().map(|v| self.f.values[*v]).collect();
        let sig = Rc::new(Sig { params, results: results.to_vec() });
        self.multi(
            InstKind::Call { callee: Callee::Func(FuncId(id)), args: args.iter().copied().collect(), sig },
            results,
        )
    }

    pub(super) fn runtime(&mut self, f: RtFn, args: &[Value], results: &[Ty]) -> Vec<Value> {
        let sig = Rc::new(Sig::default());
        self.multi(InstKind::Call { callee: Callee::Runtime(f), args: args.iter().copied().collect(), sig }, results)
    }

    pub(super) fn jump(&mut self, to: Block, args: &[Value]) {
        self.f.blocks[self.cur].term = Term::Jump(target(to, args));
    }

    pub(super) fn branch(&mut self, cond: Value, then: Block, els: Block) {
        self.f.blocks[self.cur].term = Term::Branch { cond, then: target(then, &[]), els: target(els, &[]) };
    }

    pub(super) fn ret(&mut self, values: &[Value]) {
        self.f.blocks[self.cur].term = Term::Return(values.iter().copied().collect());
    }
}

pub(super) fn target(block: Block, args: &[Value]) -> Target {
    Target { block, args: args.iter().copied().collect() }
}

/// A `hir` function that is only a name.
pub(super) fn named(name: &str, native: bool) -> hir::Func {
    hir::Func {
        link_name: Symbol::new(name),
        name: Symbol::new(name),
        pkg: Symbol::new("main"),
        kind: hir::FuncKind::Declared,
        pos: Pos::NONE,
        end: Pos::NONE,
        sig: TypeId(0),
        written: TypeId(0),
        written_recv: None,
        params: Vec::new(),
        has_recv: false,
        results: Vec::new(),
        captures: Vec::new(),
        parent: None,
        locals: IndexVec::new(),
        exprs: IndexVec::new(),
        labels: IndexVec::new(),
        body: Vec::new(),
        native,
        pragma: hir::Pragma::default(),
        has_defer: false,
        has_recover: false,
        dict: Default::default(),
        repeats: false,
        in_instance: false,
        shown: false,
        temps: Default::default(),
        inlined_dicts: Default::default(),
        spelled: Default::default(),
    }
}

impl B {
    /// `if x != 0 goto then else goto els`
    pub(super) fn branch_on(&mut self, x: Value, then: Block, els: Block) {
        let zero = self.int(0);
        let c = self.cmp(Cmp::Ne, x, zero);
        self.branch(c, then, els);
    }
}
