//! Library functions that are one instruction or a few, by link name.

#![forbid(unsafe_code)]

use rustc_hash::FxHashMap;

use super::super::ir::{AtomicOp, BinOp, Cmp, ConvOp, InstKind, Ty, UnOp, Value, ValueList};
use super::arith::bits;
use super::{Builder, func_abi};
use crate::hir::{ExprId, FuncId};
use crate::index::Symbol;
use crate::source::Pos;

/// What a function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intrinsic {
    Un(UnOp),
    /// To the bits of another register class.
    Cast(Ty),
    Fma,
    Copysign,
    LeadingZeros,
    TrailingZeros,
    OnesCount,
    Len,
    ReverseBytes,
    RotateLeft,
    Mul64,
    Add64,
    Sub64,
    AtomicLoad,
    AtomicStore,
    /// The result is what was there.
    AtomicOld(AtomicOp),
    /// The result is the sum.
    AtomicAdd,
    AtomicCas,
}

const TABLE: &[(&str, Intrinsic)] = {
    use Intrinsic::*;
    &[
        ("math.Sqrt", Un(UnOp::FSqrt)),
        ("math.sqrt", Un(UnOp::FSqrt)),
        ("math.Floor", Un(UnOp::FFloor)),
        ("math.Ceil", Un(UnOp::FCeil)),
        ("math.Trunc", Un(UnOp::FTrunc)),
        ("math.RoundToEven", Un(UnOp::FNearest)),
        ("math.Abs", Un(UnOp::FAbs)),
        ("math.Float64bits", Cast(Ty::I64)),
        ("math.Float64frombits", Cast(Ty::F64)),
        ("math.Float32bits", Cast(Ty::I32)),
        ("math.Float32frombits", Cast(Ty::F32)),
        ("math.FMA", Fma),
        ("math.Copysign", Copysign),
        ("math/bits.LeadingZeros", LeadingZeros),
        ("math/bits.LeadingZeros8", LeadingZeros),
        ("math/bits.LeadingZeros16", LeadingZeros),
        ("math/bits.LeadingZeros32", LeadingZeros),
        ("math/bits.LeadingZeros64", LeadingZeros),
        ("math/bits.TrailingZeros", TrailingZeros),
        ("math/bits.TrailingZeros8", TrailingZeros),
        ("math/bits.TrailingZeros16", TrailingZeros),
        ("math/bits.TrailingZeros32", TrailingZeros),
        ("math/bits.TrailingZeros64", TrailingZeros),
        ("math/bits.OnesCount", OnesCount),
        ("math/bits.OnesCount8", OnesCount),
        ("math/bits.OnesCount16", OnesCount),
        ("math/bits.OnesCount32", OnesCount),
        ("math/bits.OnesCount64", OnesCount),
        ("math/bits.Len", Len),
        ("math/bits.Len8", Len),
        ("math/bits.Len16", Len),
        ("math/bits.Len32", Len),
        ("math/bits.Len64", Len),
        ("math/bits.ReverseBytes", ReverseBytes),
        ("math/bits.ReverseBytes16", ReverseBytes),
        ("math/bits.ReverseBytes32", ReverseBytes),
        ("math/bits.ReverseBytes64", ReverseBytes),
        ("math/bits.RotateLeft", RotateLeft),
        ("math/bits.RotateLeft8", RotateLeft),
        ("math/bits.RotateLeft16", RotateLeft),
        ("math/bits.RotateLeft32", RotateLeft),
        ("math/bits.RotateLeft64", RotateLeft),
        ("math/bits.Mul", Mul64),
        ("math/bits.Mul64", Mul64),
        ("math/bits.Add", Add64),
        ("math/bits.Add64", Add64),
        ("math/bits.Sub", Sub64),
        ("math/bits.Sub64", Sub64),
        ("sync/atomic.LoadInt32", AtomicLoad),
        ("sync/atomic.StoreInt32", AtomicStore),
        ("sync/atomic.SwapInt32", AtomicOld(AtomicOp::Swap)),
        ("sync/atomic.CompareAndSwapInt32", AtomicCas),
        ("sync/atomic.AddInt32", AtomicAdd),
        ("sync/atomic.AndInt32", AtomicOld(AtomicOp::And)),
        ("sync/atomic.OrInt32", AtomicOld(AtomicOp::Or)),
        ("sync/atomic.LoadInt64", AtomicLoad),
        ("sync/atomic.StoreInt64", AtomicStore),
        ("sync/atomic.SwapInt64", AtomicOld(AtomicOp::Swap)),
        ("sync/atomic.CompareAndSwapInt64", AtomicCas),
        ("sync/atomic.AddInt64", AtomicAdd),
        ("sync/atomic.AndInt64", AtomicOld(AtomicOp::And)),
        ("sync/atomic.OrInt64", AtomicOld(AtomicOp::Or)),
        ("sync/atomic.LoadUint32", AtomicLoad),
        ("sync/atomic.StoreUint32", AtomicStore),
        ("sync/atomic.SwapUint32", AtomicOld(AtomicOp::Swap)),
        ("sync/atomic.CompareAndSwapUint32", AtomicCas),
        ("sync/atomic.AddUint32", AtomicAdd),
        ("sync/atomic.AndUint32", AtomicOld(AtomicOp::And)),
        ("sync/atomic.OrUint32", AtomicOld(AtomicOp::Or)),
        ("sync/atomic.LoadUint64", AtomicLoad),
        ("sync/atomic.StoreUint64", AtomicStore),
        ("sync/atomic.SwapUint64", AtomicOld(AtomicOp::Swap)),
        ("sync/atomic.CompareAndSwapUint64", AtomicCas),
        ("sync/atomic.AddUint64", AtomicAdd),
        ("sync/atomic.AndUint64", AtomicOld(AtomicOp::And)),
        ("sync/atomic.OrUint64", AtomicOld(AtomicOp::Or)),
        ("sync/atomic.LoadUintptr", AtomicLoad),
        ("sync/atomic.StoreUintptr", AtomicStore),
        ("sync/atomic.SwapUintptr", AtomicOld(AtomicOp::Swap)),
        ("sync/atomic.CompareAndSwapUintptr", AtomicCas),
        ("sync/atomic.AddUintptr", AtomicAdd),
        ("sync/atomic.AndUintptr", AtomicOld(AtomicOp::And)),
        ("sync/atomic.OrUintptr", AtomicOld(AtomicOp::Or)),
        ("sync/atomic.LoadPointer", AtomicLoad),
        ("sync/atomic.StorePointer", AtomicStore),
        ("sync/atomic.SwapPointer", AtomicOld(AtomicOp::Swap)),
        ("sync/atomic.CompareAndSwapPointer", AtomicCas),
    ]
};

impl Builder<'_> {
    /// The result words of a call of `f`, where it is an intrinsic.
    pub(super) fn intrinsic(&mut self, f: FuncId, args: &[ExprId], pos: Pos) -> Option<ValueList> {
        let pkg = self.program.funcs[f].pkg.as_str();
        if !matches!(pkg, "math" | "math/bits" | "sync/atomic") {
            return None;
        }
        let name = self.program.funcs[f].link_name;
        let table = self
            .cache
            .intrinsics
            .get_or_insert_with(|| TABLE.iter().map(|&(name, i)| (Symbol::new(name), i)).collect::<FxHashMap<_, _>>());
        let which = *table.get(&name)?;
        let a: Vec<Value> = args.iter().flat_map(|&x| self.words(x)).collect();
        self.g.pos = pos;
        Some(self.emit_intrinsic(f, which, &a))
    }

    fn emit_intrinsic(&mut self, f: FuncId, which: Intrinsic, a: &[Value]) -> ValueList {
        let one = Self::one;
        match which {
            Intrinsic::Un(op) => one(self.un(op, a[0])),
            Intrinsic::Cast(ty) => one(self.g.inst(InstKind::Conv(ConvOp::Bitcast, a[0]), ty)),
            Intrinsic::Fma => {
                let ty = self.g.ty(a[0]);
                one(self.g.inst(InstKind::Fma(a[0], a[1], a[2]), ty))
            }
            Intrinsic::Copysign => {
                let x = self.g.inst(InstKind::Conv(ConvOp::Bitcast, a[0]), Ty::I64);
                let s = self.g.inst(InstKind::Conv(ConvOp::Bitcast, a[1]), Ty::I64);
                let x = self.bin_c(BinOp::And, x, !(1 << 63));
                let s = self.bin_c(BinOp::And, s, 1 << 63);
                let r = self.bin(BinOp::Or, x, s);
                one(self.g.inst(InstKind::Conv(ConvOp::Bitcast, r), Ty::F64))
            }
            Intrinsic::LeadingZeros => self.count(UnOp::Clz, a[0]),
            Intrinsic::TrailingZeros => self.count(UnOp::Ctz, a[0]),
            Intrinsic::OnesCount => self.count(UnOp::Popcnt, a[0]),
            Intrinsic::Len => {
                let width = bits(self.g.ty(a[0]));
                let z = self.count(UnOp::Clz, a[0])[0];
                let w = self.int(width);
                one(self.bin(BinOp::Sub, w, z))
            }
            Intrinsic::ReverseBytes => one(self.un(UnOp::Bswap, a[0])),
            Intrinsic::RotateLeft => {
                // Shifts take their count modulo the width, so that -k is the other way round.
                let (x, k) = (a[0], a[1]);
                let width = bits(self.g.ty(x));
                let k = self.bin_c(BinOp::And, k, width - 1);
                let left = self.bin(BinOp::Shl, x, k);
                let neg = self.un(UnOp::Neg, k);
                let right = self.bin(BinOp::UShr, x, neg);
                one(self.bin(BinOp::Or, left, right))
            }
            Intrinsic::Mul64 => {
                let hi = self.g.inst(InstKind::UMulHi(a[0], a[1]), Ty::I64);
                let lo = self.bin(BinOp::Mul, a[0], a[1]);
                ValueList::from_slice(&[hi, lo])
            }
            Intrinsic::Add64 => {
                let s = self.bin(BinOp::Add, a[0], a[1]);
                let c1 = self.cmp(Cmp::ULt, s, a[0]);
                let sum = self.bin(BinOp::Add, s, a[2]);
                let c2 = self.cmp(Cmp::ULt, sum, s);
                let c = self.bin(BinOp::Or, c1, c2);
                let c = self.widen(c, false);
                ValueList::from_slice(&[sum, c])
            }
            Intrinsic::Sub64 => {
                let d = self.bin(BinOp::Sub, a[0], a[1]);
                let b1 = self.cmp(Cmp::ULt, a[0], a[1]);
                let diff = self.bin(BinOp::Sub, d, a[2]);
                let b2 = self.cmp(Cmp::ULt, d, a[2]);
                let b = self.bin(BinOp::Or, b1, b2);
                let b = self.widen(b, false);
                ValueList::from_slice(&[diff, b])
            }
            Intrinsic::AtomicLoad => {
                self.nil_check(a[0]);
                let ty = self.atomic_ty(f);
                one(self.g.inst(InstKind::AtomicLoad(a[0]), ty))
            }
            Intrinsic::AtomicStore => {
                self.nil_check(a[0]);
                self.g.inst0(InstKind::AtomicStore(a[0], a[1]));
                ValueList::new()
            }
            Intrinsic::AtomicOld(op) => {
                self.nil_check(a[0]);
                let ty = self.g.ty(a[1]);
                one(self.g.inst(InstKind::AtomicRmw(op, a[0], a[1]), ty))
            }
            Intrinsic::AtomicAdd => {
                self.nil_check(a[0]);
                let ty = self.g.ty(a[1]);
                let old = self.g.inst(InstKind::AtomicRmw(AtomicOp::Add, a[0], a[1]), ty);
                one(self.bin(BinOp::Add, old, a[1]))
            }
            Intrinsic::AtomicCas => {
                self.nil_check(a[0]);
                one(self.g.inst(InstKind::AtomicCas(a[0], a[1], a[2]), Ty::I8))
            }
        }
    }

    /// The type of the word that an atomic load returns.
    fn atomic_ty(&mut self, f: FuncId) -> Ty {
        let abi = func_abi(self.program, self.types, self.cache, f);
        self.layout(abi.results[0].0).leaves[0].ty
    }

    fn count(&mut self, op: UnOp, x: Value) -> ValueList {
        let n = self.un(op, x);
        Self::one(self.widen(n, false))
    }
}
