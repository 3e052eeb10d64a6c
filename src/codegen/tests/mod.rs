//! Hand-made and random SSA functions, run on stacks that grow and move.

mod build;
mod harness;
mod random;

use std::cell::RefCell;
use std::rc::Rc;

use build::{B, named, target};
use harness::G;

use super::{Callbacks, Config, Cx, Jit};
use crate::abi::rtfn::RtFn;
use crate::hir::{FuncKind, Program};
use crate::index::IndexVec;
use crate::source::SourceMap;
use crate::ssa::ir::*;
use crate::types::{Objects, Package, PkgId, TypeId, Types};

/// A program around functions.
struct World {
    program: Program,
    types: Types,
    objects: Objects,
    packages: IndexVec<PkgId, Package>,
    sources: SourceMap,
    jit: Jit,
}

impl World {
    fn new(n_funcs: usize) -> World {
        let mut program = Program::default();
        for i in 0..n_funcs {
            program.funcs.push(named(&format!("main.f{i}"), false));
        }
        let callbacks = Callbacks {
            runtime: Box::new(harness::runtime),
            native: Box::new(|_| None),
            func: Box::new(harness::register),
            statics: Box::new(|_, _| {}),
            roots: Box::new(|_| ()),
            itab: Box::new(|addr| addr),
        };
        let jit = Jit::new(Config { n_funcs, verify: true, fma: true }, callbacks).expect("a supported machine");
        World {
            program,
            types: Types::new(),
            objects: Objects::new(),
            packages: IndexVec::new(),
            sources: SourceMap::default(),
            jit,
        }
    }

    fn compile(&mut self, f: &Func) -> u64 {
        let mut cx = Cx {
            program: &self.program,
            types: &mut self.types,
            objects: &self.objects,
            packages: &self.packages,
            sources: &self.sources,
        };
        if std::env::var_os("MGO_TEST_DUMP").is_some() {
            let texts = self.jit.dump(&mut cx, f);
            println!("{}\n{}\n{}", texts.clif, texts.asm, texts.stackmap);
        }
        let entry = self.jit.compile(&mut cx, f);
        self.jit.seal();
        entry
    }
}

fn run(f: Func, args: &[u64]) -> u64 {
    let mut w = World::new(f.id.0 as usize + 1);
    let entry = w.compile(&f);
    let calm = G::new(1 << 16, false).run(entry, args);
    let stressed = G::new(4096, true).run(entry, args);
    assert_eq!(calm, stressed);
    calm
}

/// `f(n) = n < 2 ? n : f(n-1) + f(n-2)`
fn fib() -> Func {
    let mut b = B::new(0, "fib", &[Ty::I64], &[Ty::I64]);
    let n = b.param(0);
    let (rec, base) = (b.block(&[]), b.block(&[]));
    let two = b.int(2);
    let c = b.cmp(Cmp::SLt, n, two);
    b.branch(c, base, rec);
    b.cur = base;
    b.ret(&[n]);
    b.cur = rec;
    let one = b.int(1);
    let x = b.bin(BinOp::Sub, n, one);
    let x = b.call(0, &[x], &[Ty::I64])[0];
    let y = b.bin(BinOp::Sub, n, two);
    let y = b.call(0, &[y], &[Ty::I64])[0];
    let r = b.add(x, y);
    b.ret(&[r]);
    b.f
}

#[test]
fn fibonacci() {
    assert_eq!(run(fib(), &[20]), 6765);
}

#[test]
fn recursion_grows_the_stack() {
    // f(n, p): s = {n, 0, …, p}; *p += 1; return n == 0 ? 0 : f(n-1, &s) + *&s[8]
    let mut b = B::new(0, "f", &[Ty::I64, Ty::Ptr], &[Ty::I64]);
    let (n, p) = (b.param(0), b.param(1));
    let s = b.slot(24, &[16]);
    let a = b.addr(s);
    let zero = b.int(0);
    b.store(a, 0, n);
    b.store(a, 8, zero);
    b.store(a, 16, p);
    let x = b.load(Ty::I64, p, 8);
    let one = b.int(1);
    let x = b.add(x, one);
    b.store(p, 8, x);
    let (rec, base) = (b.block(&[]), b.block(&[]));
    b.branch_on(n, rec, base);
    b.cur = base;
    b.ret(&[zero]);
    b.cur = rec;
    let m = b.bin(BinOp::Sub, n, one);
    let r = b.call(0, &[m, a], &[Ty::I64])[0];
    let y = b.load(Ty::I64, a, 8);
    let q = b.load(Ty::Ptr, a, 16);
    let z = b.load(Ty::I64, q, 8);
    let r = b.add(r, y);
    let r = b.add(r, z);
    b.ret(&[r]);
    let mut w = World::new(1);
    let entry = w.compile(&b.f);
    let mut cell = [0u64; 3];
    let mut g = G::new(2048, false);
    assert_eq!(g.run(entry, &[10_000, cell.as_mut_ptr() as u64]), 20_000);
    assert!(g.moves >= 8, "{} moves", g.moves);
    let mut cell = [0u64; 3];
    assert_eq!(G::new(4096, true).run(entry, &[100, cell.as_mut_ptr() as u64]), 200);
}

#[test]
fn pointer_comparison_across_a_move() {
    // The comparison's operands must be from the same side of the call.
    let mut b = B::new(0, "f", &[Ty::I64], &[Ty::I64]);
    let c = b.param(0);
    let (s, cell) = (b.slot(8, &[]), b.slot(8, &[0]));
    let (x, y, join) = (b.block(&[]), b.block(&[]), b.block(&[]));
    b.branch_on(c, x, y);
    for (side, nil) in [(x, false), (y, true)] {
        b.cur = side;
        let p = if nil { b.one(InstKind::Const(0), Ty::Ptr) } else { b.addr(s) };
        b.multi(InstKind::Store { addr: Addr::Slot(cell, 0), value: p, nil_check: false }, &[]);
        b.jump(join, &[]);
    }
    b.cur = join;
    let p = b.one(InstKind::Load { addr: Addr::Slot(cell, 0), nil_check: false }, Ty::Ptr);
    let q = b.addr(s);
    let e = b.cmp(Cmp::Eq, p, q);
    let zero = b.int(0);
    b.runtime(RtFn::printint, &[zero], &[]);
    let e = b.one(InstKind::Conv(ConvOp::ZExt, e), Ty::I64);
    b.ret(&[e]);
    assert_eq!(run(b.f.clone(), &[1]), 1);
    assert_eq!(run(b.f, &[0]), 0);
}

#[test]
fn addresses_compared_on_entry() {
    let mut b = B::new(0, "f", &[], &[Ty::I64]);
    let (s, t) = (b.slot(8, &[]), b.slot(8, &[]));
    let (p, q, r) = (b.addr(s), b.addr(t), b.addr(s));
    let x = b.cmp(Cmp::Eq, p, q);
    let y = b.cmp(Cmp::Eq, p, r);
    let x = b.one(InstKind::Conv(ConvOp::ZExt, x), Ty::I64);
    let y = b.one(InstKind::Conv(ConvOp::ZExt, y), Ty::I64);
    let two = b.int(2);
    let y = b.bin(BinOp::Mul, y, two);
    let z = b.add(x, y);
    b.ret(&[z]);
    assert_eq!(run(b.f, &[]), 2);
}

#[test]
fn tight_loop_keeps_pointers_in_registers() {
    // for i := 0; i < n; i++ { poll; s += p[i] }: no load but of the element.
    let mut b = B::new(0, "sum", &[Ty::Ptr, Ty::I64], &[Ty::I64]);
    let (p, n) = (b.param(0), b.param(1));
    let zero = b.int(0);
    let head = b.block(&[Ty::I64, Ty::I64]);
    let (body, end) = (b.block(&[]), b.block(&[]));
    b.jump(head, &[zero, zero]);
    b.cur = head;
    let (i, s) = (b.param(0), b.param(1));
    let c = b.cmp(Cmp::SLt, i, n);
    b.branch(c, body, end);
    b.cur = body;
    let eight = b.int(8);
    let o = b.bin(BinOp::Mul, i, eight);
    let q = b.one(InstKind::PtrAdd(p, o), Ty::Ptr);
    let x = b.load(Ty::I64, q, 0);
    let s2 = b.add(s, x);
    let one = b.int(1);
    let i2 = b.add(i, one);
    b.multi(InstKind::Poll, &[]);
    b.jump(head, &[i2, s2]);
    b.cur = end;
    b.ret(&[s]);
    let data: Vec<u64> = (0..1000).collect();
    let mut w = World::new(1);
    let entry = w.compile(&b.f);
    let args = [data.as_ptr() as u64, 1000];
    assert_eq!(G::new(4096, false).run(entry, &args), 499_500);
    let mut g = G::new(4096, true);
    assert_eq!(g.run(entry, &args), 499_500);
    assert!(g.moves >= 1000);
}

#[test]
fn recovery_restores_the_callers_registers() {
    // g() { panic }; f(x) { s = x; defer; s += 1; g(); … recovery: return s*10 }
    let mut g = B::new(1, "g", &[], &[]);
    let zero = g.int(0);
    let nil = g.one(InstKind::Const(0), Ty::Ptr);
    g.runtime(RtFn::gopanic, &[zero, nil], &[]);
    g.f.blocks[Block(0)].term = Term::Unreachable;
    let mut b = B::new(0, "f", &[Ty::I64], &[Ty::I64]);
    let x = b.param(0);
    let s = b.slot(8, &[]);
    b.multi(InstKind::Store { addr: Addr::Slot(s, 0), value: x, nil_check: false }, &[]);
    let nil = b.one(InstKind::Const(0), Ty::Ptr);
    b.runtime(RtFn::deferproc, &[nil], &[]);
    let one = b.int(1);
    let y = b.add(x, one);
    b.multi(InstKind::Store { addr: Addr::Slot(s, 0), value: y, nil_check: false }, &[]);
    b.call(1, &[], &[]);
    let bad = b.int(999);
    b.ret(&[bad]);
    let recovery = b.block(&[]);
    b.f.recovery = Some(recovery);
    b.cur = recovery;
    let v = b.one(InstKind::Load { addr: Addr::Slot(s, 0), nil_check: false }, Ty::I64);
    let ten = b.int(10);
    let r = b.bin(BinOp::Mul, v, ten);
    b.ret(&[r]);
    // h(x) keeps values in registers across f.
    let mut h = B::new(2, "h", &[Ty::I64, Ty::I64, Ty::I64], &[Ty::I64]);
    let (x, y, z) = (h.param(0), h.param(1), h.param(2));
    let r = h.call(0, &[x], &[Ty::I64])[0];
    let r = h.add(r, y);
    let r = h.add(r, z);
    h.ret(&[r]);
    let mut w = World::new(3);
    w.compile(&g.f);
    w.compile(&b.f);
    let entry = w.compile(&h.f);
    for stress in [false, true] {
        assert_eq!(G::new(4096, stress).run(entry, &[4, 100, 1000]), 1150);
    }
}

#[test]
fn functions_are_compiled_when_called() {
    let n = 3;
    let w = Rc::new(RefCell::new(World::new(n)));
    // f0(x) = f1(x) + 1, f1(x) = f2(x) * 2, f2(x) = x + 5
    let make = |i: u32| {
        let mut b = B::new(i, "f", &[Ty::I64], &[Ty::I64]);
        let x = b.param(0);
        let r = match i {
            0 => {
                let r = b.call(1, &[x], &[Ty::I64])[0];
                let one = b.int(1);
                b.add(r, one)
            }
            1 => {
                let r = b.call(2, &[x], &[Ty::I64])[0];
                b.add(r, r)
            }
            _ => {
                let five = b.int(5);
                b.add(x, five)
            }
        };
        b.ret(&[r]);
        b.f
    };
    let compiled = Rc::new(RefCell::new(Vec::new()));
    let (w2, log) = (w.clone(), compiled.clone());
    harness::LAZY.set(Some(Box::new(move |index| {
        log.borrow_mut().push(index);
        w2.borrow_mut().compile(&make(index))
    })));
    let entry = w.borrow_mut().jit.entry_or_stub(FuncId(0));
    w.borrow_mut().jit.seal();
    let mut g = G::new(4096, false);
    assert_eq!(g.run(entry, &[10]), 31);
    assert_eq!(*compiled.borrow(), [0, 1, 2]);
    assert_eq!(g.run(entry, &[11]), 33);
    assert_eq!(compiled.borrow().len(), 3);
    harness::LAZY.set(None);
}

#[test]
fn closures_find_their_captures() {
    // g() = closure[1]; f(x) { s = {code of g, x}; return s() }
    let mut g = B::new(1, "g", &[], &[Ty::I64]);
    let c = g.one(InstKind::Closure, Ty::Ptr);
    let zero = g.int(0);
    g.runtime(RtFn::printint, &[zero], &[]);
    let x = g.load(Ty::I64, c, 8);
    g.ret(&[x]);
    let mut b = B::new(0, "f", &[Ty::I64], &[Ty::I64]);
    let x = b.param(0);
    let s = b.slot(16, &[]);
    let code = b.one(InstKind::FuncCode(FuncId(1)), Ty::I64);
    b.multi(InstKind::Store { addr: Addr::Slot(s, 0), value: code, nil_check: false }, &[]);
    b.multi(InstKind::Store { addr: Addr::Slot(s, 8), value: x, nil_check: false }, &[]);
    let p = b.addr(s);
    let sig = Rc::new(Sig { params: vec![], results: vec![Ty::I64] });
    let call = InstKind::Call { callee: Callee::Closure(p), args: Default::default(), sig };
    let r = b.one(call, Ty::I64);
    b.ret(&[r]);
    let mut w = World::new(2);
    w.compile(&g.f);
    let entry = w.compile(&b.f);
    for stress in [false, true] {
        assert_eq!(G::new(4096, stress).run(entry, &[77]), 77);
    }
}

fn unary(kind: impl Fn(Value) -> InstKind, from: Ty, to: Ty, x: u64) -> u64 {
    let mut b = B::new(0, "f", &[Ty::I64], &[Ty::I64]);
    let p = b.param(0);
    let x_in = match from {
        Ty::F64 => b.one(InstKind::Conv(ConvOp::Bitcast, p), Ty::F64),
        Ty::F32 => {
            let n = b.one(InstKind::Conv(ConvOp::Trunc, p), Ty::I32);
            b.one(InstKind::Conv(ConvOp::Bitcast, n), Ty::F32)
        }
        Ty::I64 => p,
        ty => b.one(InstKind::Conv(ConvOp::Trunc, p), ty),
    };
    let r = b.one(kind(x_in), to);
    let r = match to {
        Ty::F64 => b.one(InstKind::Conv(ConvOp::Bitcast, r), Ty::I64),
        Ty::I64 => r,
        _ => b.one(InstKind::Conv(ConvOp::SExt, r), Ty::I64),
    };
    b.ret(&[r]);
    run(b.f, &[x])
}

#[test]
fn float_conversions_are_those_of_amd64() {
    let min = i64::MIN as u64;
    for (x, int64, int32, uint64) in [
        (f64::NAN, min, i32::MIN, min),
        (1e20, min, i32::MIN, min),
        (-1e20, min, i32::MIN, min),
        (1e10, 10_000_000_000, i32::MIN, 10_000_000_000),
        (-1e10, -10_000_000_000i64 as u64, i32::MIN, 18_446_744_063_709_551_616),
        (-1.5, -1i64 as u64, -1, u64::MAX),
        (1e19, min, i32::MIN, 10_000_000_000_000_000_000),
        (3e9, 3_000_000_000, i32::MIN, 3_000_000_000),
        (9_223_372_036_854_775_808.0, min, i32::MIN, min),
        (f64::INFINITY, min, i32::MIN, min),
    ] {
        let bits = x.to_bits();
        assert_eq!(unary(|v| InstKind::Conv(ConvOp::FToSInt, v), Ty::F64, Ty::I64, bits), int64, "int64({x})");
        assert_eq!(
            unary(|v| InstKind::Conv(ConvOp::FToSInt, v), Ty::F64, Ty::I32, bits),
            i64::from(int32) as u64,
            "int32({x})"
        );
        assert_eq!(unary(|v| InstKind::Conv(ConvOp::FToUInt, v), Ty::F64, Ty::I64, bits), uint64, "uint64({x})");
    }
    let big = u64::MAX;
    assert_eq!(unary(|v| InstKind::Conv(ConvOp::UIntToF, v), Ty::I64, Ty::F64, big), (big as f64).to_bits());
}

#[test]
fn division_does_not_trap() {
    for (ty, min) in [(Ty::I64, i64::MIN), (Ty::I32, i64::from(i32::MIN)), (Ty::I16, -32768), (Ty::I8, -128)] {
        for (x, y) in [(min, -1), (min, 1), (min, 3), (7, -2), (-7, 2), (100, 7)] {
            for (op, want) in [(BinOp::SDiv, x.wrapping_div(y)), (BinOp::SRem, x.wrapping_rem(y))] {
                let want = match ty {
                    Ty::I64 => want,
                    Ty::I32 => i64::from(want as i32),
                    Ty::I16 => i64::from(want as i16),
                    _ => i64::from(want as i8),
                };
                let mut b = B::new(0, "f", &[Ty::I64, Ty::I64], &[Ty::I64]);
                let (mut p, mut q) = (b.param(0), b.param(1));
                if ty != Ty::I64 {
                    p = b.one(InstKind::Conv(ConvOp::Trunc, p), ty);
                    q = b.one(InstKind::Conv(ConvOp::Trunc, q), ty);
                }
                let r = b.bin(op, p, q);
                let r = if ty == Ty::I64 { r } else { b.one(InstKind::Conv(ConvOp::SExt, r), Ty::I64) };
                b.ret(&[r]);
                assert_eq!(run(b.f, &[x as u64, y as u64]) as i64, want, "{op:?} {ty:?} {x} {y}");
            }
        }
    }
}

#[test]
fn jump_tables() {
    let mut b = B::new(0, "f", &[Ty::I64], &[Ty::I64]);
    let x = b.param(0);
    let arms: Vec<Block> = (0..6).map(|_| b.block(&[])).collect();
    let other = b.block(&[]);
    b.f.blocks[Block(0)].term =
        Term::Table { x, targets: arms.iter().map(|a| target(*a, &[])).collect(), default: target(other, &[]) };
    for (i, arm) in arms.iter().chain([&other]).enumerate() {
        b.cur = *arm;
        let r = b.int(i as u64 * 11);
        b.ret(&[r]);
    }
    for (x, want) in [(0, 0), (3, 33), (5, 55), (6, 66), (1 << 32, 66), (u64::MAX, 66)] {
        assert_eq!(run(b.f.clone(), &[x]), want);
    }
}

#[test]
fn memory_blocks() {
    for size in [1u32, 7, 8, 24, 33, 128, 129, 1000] {
        let mut b = B::new(0, "f", &[Ty::Ptr, Ty::Ptr], &[]);
        let (dst, src) = (b.param(0), b.param(1));
        let s = b.slot(size.next_multiple_of(8), &[]);
        let mv = |dst, src| InstKind::Move { dst, src, size, pointers: false };
        b.multi(mv(Addr::Slot(s, 0), Addr::Value(src, 1)), &[]);
        b.multi(InstKind::Zero { addr: Addr::Value(src, 1), size, pointers: false }, &[]);
        b.multi(mv(Addr::Value(dst, 0), Addr::Slot(s, 0)), &[]);
        b.ret(&[]);
        let mut w = World::new(1);
        let entry = w.compile(&b.f);
        let mut from: Vec<u8> = (0..size + 2).map(|i| i as u8 | 1).collect();
        let mut to = vec![0u8; size as usize];
        let want = from[1..=size as usize].to_vec();
        G::new(1 << 16, false).run(entry, &[to.as_mut_ptr() as u64, from.as_mut_ptr() as u64]);
        assert_eq!(to, want);
        assert!(from[1..=size as usize].iter().all(|b| *b == 0) && from[0] != 0 && from[size as usize + 1] != 0);
    }
}

/// Compiles and runs one random program in all ways.
fn check_random(seed: u64) {
    harness::FUNCS.set(Vec::new());
    let funcs = random::program(seed);
    let mut w = World::new(funcs.len());
    if seed.is_multiple_of(4) {
        // As code that runs once, which is compiled the quick way.
        (0..funcs.len()).for_each(|i| w.program.funcs[FuncId(i as u32)].kind = FuncKind::Init);
    }
    // Callees first, so that most calls are direct; the other order would go through stubs.
    let mut entry = 0;
    for f in funcs.iter().rev() {
        entry = w.compile(f);
    }
    let args = [seed, 3];
    let mut calm = G::new(1 << 20, false);
    let want = calm.run(entry, &args);
    let mut growing = G::new(2048, false);
    let grown = growing.run(entry, &args);
    let mut stressed = G::new(8192, true);
    let moved = stressed.run(entry, &args);
    assert_eq!(want, grown, "seed {seed} while growing");
    assert_eq!(want, moved, "seed {seed} while moving");
    assert!(calm.log == growing.log && calm.log == stressed.log, "seed {seed}: different logs");
}

#[test]
fn random_programs_survive_moves() {
    let env = |name: &str, default: u64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let first = env("MGO_TEST_SEED", 1);
    for seed in first..first + env("MGO_TEST_N", 60) {
        check_random(seed);
    }
}

#[test]
fn descriptors_are_canonical_and_complete() {
    use crate::abi::typedesc::{TypeDesc, flag, kind};
    use crate::types::TypeKind;
    let mut w = World::new(0);
    let slice = w.types.slice(Types::STRING);
    let map = w.types.intern(TypeKind::Map { key: Types::INT, elem: slice });
    let ptr = w.types.pointer(map);
    let mut cx = Cx {
        program: &w.program,
        types: &mut w.types,
        objects: &w.objects,
        packages: &w.packages,
        sources: &w.sources,
    };
    let mut get = |ty: TypeId| w.jit.type_desc(&mut cx, ty) as *const TypeDesc;
    let (p, m, s) = (get(ptr), get(map), get(slice));
    assert_eq!(p, get(ptr));
    // SAFETY: descriptors live for ever.
    unsafe {
        assert_eq!((*p).string.bytes(), b"*map[int][]string");
        assert_eq!(((*p).elem, (*m).elem, (*m).ptr_to_this), (m, s, p));
        assert_eq!(((*p).kind, (*m).kind, (*s).kind), (kind::POINTER, kind::MAP, kind::SLICE));
        assert_eq!(((*s).size, (*s).ptrdata, *(*s).gcdata), (24, 8, 1));
        assert!((*m).flags & flag::DIRECT_IFACE != 0 && (*s).flags & flag::DIRECT_IFACE == 0);
        assert_eq!((*get(Types::INT)).name.bytes(), b"int");
    }
}

#[test]
fn sixteen_results_and_arguments_on_the_stack() {
    let mut tys = vec![Ty::I64; 8];
    tys.extend([Ty::F64; 8]);
    let mut params = vec![Ty::I64; 10];
    params.extend([Ty::F64; 10]);
    let mut g = B::new(1, "g", &params, &tys);
    let results: Vec<Value> = (2..10).chain(12..20).map(|i| g.param(i)).collect();
    g.ret(&results);
    let mut b = B::new(0, "f", &[Ty::I64], &[Ty::I64]);
    let x = b.param(0);
    let mut args = Vec::new();
    for i in 0..10 {
        let n = b.int(i * 3);
        args.push(b.add(x, n));
    }
    for i in 0..10u32 {
        args.push(b.one(InstKind::FConst(f64::from(i).to_bits()), Ty::F64));
    }
    let results = b.call(1, &args, &tys);
    let mut sum = b.int(0);
    for (i, r) in results.into_iter().enumerate() {
        let r = if i < 8 { r } else { b.one(InstKind::Conv(ConvOp::FToSInt, r), Ty::I64) };
        let k = b.int(i as u64 + 1);
        let r = b.bin(BinOp::Mul, r, k);
        sum = b.add(sum, r);
    }
    b.ret(&[sum]);
    let mut w = World::new(2);
    w.compile(&g.f);
    let entry = w.compile(&b.f);
    let want: u64 =
        (0..8).map(|i| (100 + (i + 2) * 3) * (i + 1)).sum::<u64>() + (8..16).map(|i| (i - 6) * (i + 1)).sum::<u64>();
    for stress in [false, true] {
        assert_eq!(G::new(8192, stress).run(entry, &[100]), want);
    }
}

#[test]
fn large_frames_are_checked() {
    // Each frame is larger than the first stack.
    for size in [200u32, 5_000, 3 << 20] {
        let mut b = B::new(0, "f", &[Ty::I64], &[Ty::I64]);
        let n = b.param(0);
        let s = b.slot(size.next_multiple_of(8), &[]);
        b.multi(InstKind::Store { addr: Addr::Slot(s, 0), value: n, nil_check: false }, &[]);
        let (rec, base) = (b.block(&[]), b.block(&[]));
        b.branch_on(n, rec, base);
        b.cur = base;
        b.ret(&[n]);
        b.cur = rec;
        let one = b.int(1);
        let m = b.bin(BinOp::Sub, n, one);
        let r = b.call(0, &[m], &[Ty::I64])[0];
        let x = b.one(InstKind::Load { addr: Addr::Slot(s, 0), nil_check: false }, Ty::I64);
        let r = b.add(r, x);
        b.ret(&[r]);
        let mut w = World::new(1);
        let entry = w.compile(&b.f);
        let mut g = G::new(2048, false);
        assert_eq!(g.run(entry, &[10]), 55);
        assert!(g.moves > 0);
    }
}
