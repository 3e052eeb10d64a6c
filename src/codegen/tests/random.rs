//! Random programs full of pointers into stacks. Each runs on a stack that never moves, on one that grows
//! from the smallest size, and on one that moves at every check and runtime call; the results must agree.
//!
//! Shape: a function calls functions of higher numbers only, so every program ends. Objects are 64 bytes:
//! words 0 to 3 are integers, words 4 and 5 hold pointers to objects (never nil). *Full* pointers point at an
//! object's start; *inner* ones at its second word, integers only. Pointers to a frame's slots are stored in
//! that frame's slots only, so none outlives its frame.

use super::build::{B, target};
use crate::abi::rtfn::RtFn;
use crate::ssa::ir::*;

const OBJECT: u32 = 64;

pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }
}

struct Sigs(Vec<Vec<Ty>>);

/// What is in scope.
#[derive(Clone, Default)]
struct Scope {
    ints: Vec<Value>,
    full: Vec<Value>,
    inner: Vec<Value>,
}

struct Gen<'a> {
    r: &'a mut Rng,
    b: B,
    sigs: &'a Sigs,
    slots: Vec<Slot>,
    me: usize,
    budget: i32,
}

/// A program: its functions in order; the last ones are leaves. The first takes two integers.
pub(super) fn program(seed: u64) -> Vec<Func> {
    let mut r = Rng::new(seed);
    let n = 2 + r.below(4);
    let mut sigs = vec![vec![Ty::I64, Ty::I64]];
    for _ in 1..n {
        let n_params = 1 + r.below(9);
        sigs.push((0..n_params).map(|_| if r.chance(60) { Ty::Ptr } else { Ty::I64 }).collect());
    }
    let sigs = Sigs(sigs);
    (0..n).map(|i| function(&mut r, &sigs, i)).collect()
}

fn function(r: &mut Rng, sigs: &Sigs, me: usize) -> Func {
    let params = &sigs.0[me];
    let budget = 10 + r.below(40) as i32;
    let mut g = Gen { b: B::new(me as u32, &format!("f{me}"), params, &[Ty::I64]), r, sigs, slots: vec![], me, budget };
    let mut s = Scope::default();
    for (i, ty) in params.iter().enumerate() {
        let v = g.b.param(i);
        if *ty == Ty::Ptr { s.full.push(v) } else { s.ints.push(v) }
    }
    let n_slots = 1 + g.r.below(3);
    for _ in 0..n_slots {
        let slot = g.b.slot(OBJECT, &[32, 40]);
        g.slots.push(slot);
    }
    // Every object's pointers are valid from the start.
    for i in 0..n_slots {
        for w in [32, 40] {
            let p = if s.full.is_empty() || g.r.chance(40) {
                let slot = g.slots[g.r.below(n_slots)];
                g.b.addr(slot)
            } else {
                s.full[g.r.below(s.full.len())]
            };
            let slot = g.slots[i];
            g.b.multi(InstKind::Store { addr: Addr::Slot(slot, w), value: p, nil_check: false }, &[]);
        }
        for w in 0..4 {
            let x = g.b.int((me * 100 + i * 10 + w) as u64);
            let slot = g.slots[i];
            g.b.multi(InstKind::Store { addr: Addr::Slot(slot, w as i32 * 8), value: x, nil_check: false }, &[]);
        }
    }
    let x = g.b.int(7);
    s.ints.push(x);
    g.body(&mut s, 0);
    let mut sum = g.b.int(me as u64);
    for v in s.ints.clone() {
        let k = g.b.int(31);
        sum = g.b.bin(BinOp::Mul, sum, k);
        sum = g.b.add(sum, v);
    }
    for p in s.full.clone().into_iter().chain(s.inner.clone()) {
        let x = g.b.load(Ty::I64, p, 8);
        sum = g.b.add(sum, x);
    }
    for slot in g.slots.clone() {
        for w in 0..4 {
            let x = g.b.one(InstKind::Load { addr: Addr::Slot(slot, w * 8), nil_check: false }, Ty::I64);
            sum = g.b.bin(BinOp::Xor, sum, x);
        }
    }
    g.b.ret(&[sum]);
    g.b.f
}

impl Gen<'_> {
    fn any_int(&mut self, s: &Scope) -> Value {
        s.ints[self.r.below(s.ints.len())]
    }

    fn any_full(&mut self, s: &mut Scope) -> Value {
        if s.full.is_empty() || self.r.chance(25) {
            let slot = self.slots[self.r.below(self.slots.len())];
            let v = self.b.addr(slot);
            s.full.push(v);
            return v;
        }
        s.full[self.r.below(s.full.len())]
    }

    fn body(&mut self, s: &mut Scope, depth: u32) {
        let n = 3 + self.r.below(10);
        for _ in 0..n {
            if self.budget <= 0 {
                return;
            }
            self.budget -= 1;
            self.step(s, depth);
        }
    }

    fn step(&mut self, s: &mut Scope, depth: u32) {
        match self.r.below(18) {
            0 | 1 => {
                let (x, y) = (self.any_int(s), self.any_int(s));
                let op = [BinOp::Add, BinOp::Sub, BinOp::Mul, BinOp::Xor][self.r.below(4)];
                let v = self.b.bin(op, x, y);
                s.ints.push(v);
            }
            2 | 3 => {
                let p = self.any_full(s);
                let w = self.r.below(4) as i32 * 8;
                let v = self.b.load(Ty::I64, p, w);
                s.ints.push(v);
            }
            4 => {
                let (p, x) = (self.any_full(s), self.any_int(s));
                let w = self.r.below(4) as i32 * 8;
                self.b.store(p, w, x);
            }
            5 => {
                let p = self.any_full(s);
                let w = [32, 40][self.r.below(2)];
                let v = self.b.load(Ty::Ptr, p, w);
                s.full.push(v);
            }
            6 => {
                // Pointers go into this frame's own slots only.
                let p = self.any_full(s);
                let slot = self.slots[self.r.below(self.slots.len())];
                let w = [32, 40][self.r.below(2)];
                if self.r.chance(50) {
                    self.b.multi(InstKind::Store { addr: Addr::Slot(slot, w), value: p, nil_check: false }, &[]);
                } else {
                    let a = self.b.addr(slot);
                    self.b.store(a, w, p);
                }
            }
            7 => {
                let p = self.any_full(s);
                let eight = self.b.int(8);
                let v = self.b.one(InstKind::PtrAdd(p, eight), Ty::Ptr);
                s.inner.push(v);
            }
            8 if !s.inner.is_empty() => {
                let p = s.inner[self.r.below(s.inner.len())];
                let v = self.b.load(Ty::I64, p, 8);
                s.ints.push(v);
            }
            9 => {
                let (p, q) = (self.any_full(s), self.any_full(s));
                let c = self.b.cmp([Cmp::Eq, Cmp::Ne][self.r.below(2)], p, q);
                let v = self.b.one(InstKind::Conv(ConvOp::ZExt, c), Ty::I64);
                s.ints.push(v);
            }
            10 => {
                let (p, q) = (self.any_full(s), self.any_full(s));
                let (x, y) = (self.any_int(s), self.any_int(s));
                let c = self.b.cmp(Cmp::SLt, x, y);
                let v = self.b.one(InstKind::Select(c, p, q), Ty::Ptr);
                s.full.push(v);
            }
            11 | 12 if self.me + 1 < self.sigs.0.len() => {
                let f = self.me + 1 + self.r.below(self.sigs.0.len() - self.me - 1);
                let sig = self.sigs.0[f].clone();
                let mut args = Vec::new();
                for ty in sig {
                    args.push(if ty == Ty::Ptr { self.any_full(s) } else { self.any_int(s) });
                }
                let v = self.b.call(f as u32, &args, &[Ty::I64])[0];
                s.ints.push(v);
            }
            13 => {
                let x = self.any_int(s);
                self.b.runtime(RtFn::printint, &[x], &[]);
            }
            14 => {
                let zero = self.b.int(0);
                let p = self.b.runtime(RtFn::newobject, &[zero, zero], &[Ty::Ptr])[0];
                let q = self.any_full(s);
                // A heap object never points into a stack, but it may point to itself.
                let _ = q;
                self.b.store(p, 32, p);
                self.b.store(p, 40, p);
                s.full.push(p);
            }
            15 if depth < 3 => self.diamond(s, depth),
            16 if depth < 3 => self.repeat(s, depth),
            _ => {
                let (src, dst) = (self.slots[0], self.slots[self.r.below(self.slots.len())]);
                self.b.multi(
                    InstKind::Move { dst: Addr::Slot(dst, 0), src: Addr::Slot(src, 0), size: OBJECT, pointers: false },
                    &[],
                );
            }
        }
    }

    fn diamond(&mut self, s: &mut Scope, depth: u32) {
        let (x, y) = (self.any_int(s), self.any_int(s));
        let c = self.b.cmp(Cmp::ULt, x, y);
        let (then, els) = (self.b.block(&[]), self.b.block(&[]));
        let join = self.b.block(&[Ty::Ptr, Ty::I64]);
        if self.r.chance(50) {
            self.b.cold(then);
        }
        self.b.branch(c, then, els);
        for side in [then, els] {
            self.b.cur = side;
            let mut inner = s.clone();
            self.body(&mut inner, depth + 1);
            let (p, i) = (self.any_full(&mut inner), self.any_int(&inner));
            self.b.f.blocks[self.b.cur].term = Term::Jump(target(join, &[p, i]));
        }
        self.b.cur = join;
        let (p, i) = (self.b.param(0), self.b.param(1));
        s.full.push(p);
        s.ints.push(i);
    }

    fn repeat(&mut self, s: &mut Scope, depth: u32) {
        let zero = self.b.int(0);
        let p = self.any_full(s);
        let head = self.b.block(&[Ty::I64, Ty::Ptr]);
        let (body, end) = (self.b.block(&[]), self.b.block(&[]));
        self.b.jump(head, &[zero, p]);
        self.b.cur = head;
        let (i, p) = (self.b.param(0), self.b.param(1));
        let limit = self.b.int(1 + self.r.below(4) as u64);
        let c = self.b.cmp(Cmp::ULt, i, limit);
        self.b.branch(c, body, end);
        self.b.cur = body;
        let mut inner = s.clone();
        inner.full.push(p);
        inner.ints.push(i);
        self.body(&mut inner, depth + 1);
        if self.r.chance(60) {
            self.b.multi(InstKind::Poll, &[]);
        }
        let one = self.b.int(1);
        let next = self.b.add(i, one);
        let q = self.any_full(&mut inner);
        self.b.jump(head, &[next, q]);
        self.b.cur = end;
        s.full.push(p);
        s.ints.push(i);
    }
}
