//! Instructions to CLIF: arithmetic, conversions, memory.

#![forbid(unsafe_code)]

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, types};

use super::func::{Translator, clif_ty};
use super::spill::Point;
use crate::abi::g::{G_COLD_RET, G_CTXT, G_DEPTH_HI, G_RET2};
use crate::abi::rtfn::RtFn;
use crate::ssa::ir::{Addr, AtomicOp, BinOp, Cmp, ConvOp, FCmp, Inst, InstKind, Ty, UnOp, Value};

/// Copies and clears up to this many bytes are done in line.
const INLINE_BYTES: u32 = 128;

/// Flags of atomic accesses: they are aligned, and a check for nil came before.
fn atomic_flags() -> MemFlagsData {
    MemFlagsData::new().with_aligned().with_notrap()
}

impl Translator<'_, '_> {
    /// One instruction; `point` if it is a safepoint.
    pub(super) fn inst(&mut self, inst: &Inst, point: Option<Point>) {
        if let InstKind::Call { callee, args, sig } = &inst.kind {
            self.call(inst, *callee, args, sig, point);
            return;
        }
        match &inst.kind {
            InstKind::Store { addr, value, nil_check } => {
                let x = self.value(*value);
                let (base, offset, flags) = self.addr(*addr, *nil_check);
                self.b.ins().store(flags, x, base, offset);
            }
            InstKind::AtomicStore(p, x) => {
                let (p, x) = (self.value(*p), self.value(*x));
                self.b.ins().atomic_store(atomic_flags(), x, p);
            }
            InstKind::Zero { addr, size, .. } => self.zero(*addr, *size),
            InstKind::Move { dst, src, size, .. } => self.copy(*dst, *src, *size),
            InstKind::NilCheck(p) => {
                let p = self.value(*p);
                let flags = self.nil_flags();
                self.b.ins().load(types::I8, flags, p, 0);
            }
            InstKind::Check { kind, x, y } => self.check(*kind, *x, *y),
            InstKind::StoreG(offset, v) => {
                let v = self.value(*v);
                self.store_g(v, *offset);
            }
            InstKind::Poll => self.poll(point),
            InstKind::KeepAlive(_) => {}
            _ => {
                let [result] = inst.results[..] else {
                    crate::bug!("codegen", self.f.name, "an instruction without its result: {:?}", inst.kind)
                };
                let x = self.compute(inst, result);
                self.define(result, x);
            }
        }
    }

    fn ty(&self, v: Value) -> Ty {
        self.f.values[v]
    }

    fn compute(&mut self, inst: &Inst, result: Value) -> ir::Value {
        if let Some(addr) = self.addr_const(inst) {
            return self.b.ins().iconst(types::I64, addr as i64);
        }
        let ty = self.ty(result);
        match &inst.kind {
            InstKind::Const(bits) => self.constant(ty, *bits),
            InstKind::FConst(bits) => match ty {
                Ty::F32 => self.b.ins().f32const(ir::immediates::Ieee32::with_bits(*bits as u32)),
                _ => self.b.ins().f64const(ir::immediates::Ieee64::with_bits(*bits)),
            },
            InstKind::Undef => self.constant(ty, 0),
            InstKind::Bin(op, x, y) => {
                let (x, y) = (self.value(*x), self.value(*y));
                self.bin(*op, ty, x, y)
            }
            InstKind::Un(op, x) => {
                let from = self.ty(*x);
                let x = self.value(*x);
                let r = self.un(*op, x);
                self.fit(r, from, ty)
            }
            InstKind::Fma(x, y, z) => {
                let (x, y, z) = (self.value(*x), self.value(*y), self.value(*z));
                if self.env.has_fma() {
                    self.b.ins().fma(x, y, z)
                } else {
                    let call = self.runtime_call(RtFn::fma, &[x, y, z]);
                    self.b.inst_results(call)[0]
                }
            }
            InstKind::Conv(op, x) => {
                let from = self.ty(*x);
                let x = self.value(*x);
                self.conv(*op, from, ty, x)
            }
            InstKind::Cmp(cmp, x, y) => {
                let (x, y) = (self.value(*x), self.value(*y));
                self.b.ins().icmp(int_cc(*cmp), x, y)
            }
            InstKind::FCmp(cmp, x, y) => {
                let (x, y) = (self.value(*x), self.value(*y));
                self.b.ins().fcmp(float_cc(*cmp), x, y)
            }
            InstKind::Select(c, x, y) => {
                let (c, x, y) = (self.value(*c), self.value(*x), self.value(*y));
                self.b.ins().select(c, x, y)
            }
            InstKind::UMulHi(x, y) => {
                let (x, y) = (self.value(*x), self.value(*y));
                self.b.ins().umulhi(x, y)
            }
            InstKind::PtrAdd(x, y) => {
                let (x, y) = (self.value(*x), self.value(*y));
                self.b.ins().iadd(x, y)
            }
            InstKind::SlotAddr(slot) => self.slot_addr(*slot),
            InstKind::Closure => self.load_g(types::I64, G_CTXT),
            InstKind::Ret2 => {
                let wide = self.load_g(types::I64, G_RET2);
                self.fit(wide, Ty::I64, ty)
            }
            InstKind::LoadG(offset) => self.load_g(types::I64, *offset),
            InstKind::FrameDepth => self.frame_depth(),
            InstKind::FramePtr => self.b.ins().get_frame_pointer(types::I64),
            InstKind::Load { addr, nil_check } => {
                let (base, offset, flags) = self.addr(*addr, *nil_check);
                self.b.ins().load(clif_ty(ty), flags, base, offset)
            }
            InstKind::AtomicLoad(p) => {
                let p = self.value(*p);
                self.b.ins().atomic_load(clif_ty(ty), atomic_flags(), p)
            }
            InstKind::AtomicRmw(op, p, x) => {
                let op = match op {
                    AtomicOp::Swap => ir::AtomicRmwOp::Xchg,
                    AtomicOp::Add => ir::AtomicRmwOp::Add,
                    AtomicOp::And => ir::AtomicRmwOp::And,
                    AtomicOp::Or => ir::AtomicRmwOp::Or,
                };
                let (p, x) = (self.value(*p), self.value(*x));
                self.b.ins().atomic_rmw(clif_ty(ty), atomic_flags(), op, p, x)
            }
            InstKind::AtomicCas(p, x, y) => {
                let (p, x, y) = (self.value(*p), self.value(*x), self.value(*y));
                let was = self.b.ins().atomic_cas(atomic_flags(), p, x, y);
                self.b.ins().icmp(IntCC::Equal, was, x)
            }
            other => crate::bug!("codegen", self.f.name, "an instruction with a result: {other:?}"),
        }
    }

    fn constant(&mut self, ty: Ty, bits: u64) -> ir::Value {
        match ty {
            Ty::F32 => self.b.ins().f32const(ir::immediates::Ieee32::with_bits(bits as u32)),
            Ty::F64 => self.b.ins().f64const(ir::immediates::Ieee64::with_bits(bits)),
            _ => {
                let clif = clif_ty(ty);
                // CLIF wants the bits above the type's width clear.
                let mask = if clif.bits() == 64 { !0 } else { (1u64 << clif.bits()) - 1 };
                self.b.ins().iconst(clif, (bits & mask) as i64)
            }
        }
    }

    /// The distance of the frame pointer from the stack's top. Pure instructions cannot use the frame pointer
    /// itself, which Cranelift would keep while the stack moves: it goes through memory, and an atomic load is
    /// not replaced by what was stored.
    fn frame_depth(&mut self) -> ir::Value {
        let fp = self.b.ins().get_frame_pointer(types::I64);
        self.store_g(fp, G_COLD_RET);
        let g = self.b.ins().get_pinned_reg(types::I64);
        let addr = self.b.ins().iadd_imm_s(g, i64::from(G_COLD_RET));
        let fp = self.b.ins().atomic_load(types::I64, MemFlagsData::trusted(), addr);
        let hi = self.load_g(types::I64, G_DEPTH_HI);
        self.b.ins().isub(hi, fp)
    }

    /// A field of `g`.
    pub(super) fn load_g(&mut self, ty: ir::Type, offset: i32) -> ir::Value {
        let g = self.b.ins().get_pinned_reg(types::I64);
        self.b.ins().load(ty, MemFlagsData::trusted(), g, offset)
    }

    pub(super) fn store_g(&mut self, x: ir::Value, offset: i32) {
        let g = self.b.ins().get_pinned_reg(types::I64);
        self.b.ins().store(MemFlagsData::trusted(), x, g, offset);
    }

    /// Zero-extends or truncates an integer where the types differ.
    pub(super) fn fit(&mut self, x: ir::Value, from: Ty, to: Ty) -> ir::Value {
        let (from, to) = (clif_ty(from), clif_ty(to));
        if from == to || !from.is_int() || !to.is_int() {
            x
        } else if from.bits() < to.bits() {
            self.b.ins().uextend(to, x)
        } else {
            self.b.ins().ireduce(to, x)
        }
    }

    // ---- arithmetic

    fn bin(&mut self, op: BinOp, ty: Ty, x: ir::Value, y: ir::Value) -> ir::Value {
        let ins = self.b.ins();
        match op {
            BinOp::Add => ins.iadd(x, y),
            BinOp::Sub => ins.isub(x, y),
            BinOp::Mul => ins.imul(x, y),
            BinOp::SDiv => self.sdiv(ty, x, y),
            BinOp::UDiv => ins.udiv(x, y),
            BinOp::SRem => self.srem(ty, x, y),
            BinOp::URem => ins.urem(x, y),
            BinOp::And => ins.band(x, y),
            BinOp::Or => ins.bor(x, y),
            BinOp::Xor => ins.bxor(x, y),
            BinOp::Shl => ins.ishl(x, y),
            BinOp::UShr => ins.ushr(x, y),
            BinOp::SShr => ins.sshr(x, y),
            BinOp::FAdd => ins.fadd(x, y),
            BinOp::FSub => ins.fsub(x, y),
            BinOp::FMul => ins.fmul(x, y),
            BinOp::FDiv => ins.fdiv(x, y),
        }
    }

    fn const_of(&self, x: ir::Value) -> Option<i64> {
        let dfg = &self.b.func.dfg;
        let ir::ValueDef::Result(inst, _) = dfg.value_def(dfg.resolve_aliases(x)) else { return None };
        match dfg.insts[inst] {
            ir::InstructionData::UnaryImm { opcode: ir::Opcode::Iconst, imm } => Some(imm.bits()),
            _ => None,
        }
    }

    /// Narrow division is done in 32 bits, where it cannot overflow; `MIN / -1` is branched around.
    fn sdiv(&mut self, ty: Ty, x: ir::Value, y: ir::Value) -> ir::Value {
        if let Ty::I8 | Ty::I16 = ty {
            return self.narrow(ty, x, y, |t, x, y| t.b.ins().sdiv(x, y));
        }
        let clif = clif_ty(ty);
        let minus_one = if ty == Ty::I32 { i64::from(u32::MAX) } else { -1 };
        if self.const_of(y).is_some_and(|c| c != minus_one) {
            return self.b.ins().sdiv(x, y);
        }
        let (negate, divide, done) = (self.cold_block(), self.b.create_block(), self.b.create_block());
        let result = self.b.append_block_param(done, clif);
        let m1 = self.b.ins().iconst(clif, minus_one);
        let is_m1 = self.b.ins().icmp(IntCC::Equal, y, m1);
        self.b.ins().brif(is_m1, negate, &[], divide, &[]);
        self.enter(negate);
        let n = self.b.ins().ineg(x);
        self.b.ins().jump(done, &[n.into()]);
        self.enter(divide);
        let q = self.b.ins().sdiv(x, y);
        self.b.ins().jump(done, &[q.into()]);
        self.enter(done);
        result
    }

    /// CLIF's `srem` by -1 is 0 already.
    fn srem(&mut self, ty: Ty, x: ir::Value, y: ir::Value) -> ir::Value {
        if let Ty::I8 | Ty::I16 = ty {
            return self.narrow(ty, x, y, |t, x, y| t.b.ins().srem(x, y));
        }
        self.b.ins().srem(x, y)
    }

    fn narrow(
        &mut self,
        ty: Ty,
        x: ir::Value,
        y: ir::Value,
        op: impl FnOnce(&mut Self, ir::Value, ir::Value) -> ir::Value,
    ) -> ir::Value {
        let x = self.b.ins().sextend(types::I32, x);
        let y = self.b.ins().sextend(types::I32, y);
        let r = op(self, x, y);
        self.b.ins().ireduce(clif_ty(ty), r)
    }

    fn un(&mut self, op: UnOp, x: ir::Value) -> ir::Value {
        let ins = self.b.ins();
        match op {
            UnOp::Neg => ins.ineg(x),
            UnOp::Not => ins.bnot(x),
            UnOp::FNeg => ins.fneg(x),
            UnOp::FSqrt => ins.sqrt(x),
            UnOp::FFloor => ins.floor(x),
            UnOp::FCeil => ins.ceil(x),
            UnOp::FTrunc => ins.trunc(x),
            UnOp::FNearest => ins.nearest(x),
            UnOp::FAbs => ins.fabs(x),
            UnOp::Clz => ins.clz(x),
            UnOp::Ctz => ins.ctz(x),
            UnOp::Popcnt => ins.popcnt(x),
            UnOp::Bswap => ins.bswap(x),
        }
    }

    // ---- conversions

    fn conv(&mut self, op: ConvOp, from: Ty, to: Ty, x: ir::Value) -> ir::Value {
        let clif = clif_ty(to);
        let same = clif_ty(from) == clif;
        match op {
            ConvOp::SExt | ConvOp::ZExt | ConvOp::Trunc | ConvOp::Bitcast if same => x,
            ConvOp::SExt => self.b.ins().sextend(clif, x),
            ConvOp::ZExt => self.b.ins().uextend(clif, x),
            ConvOp::Trunc => self.b.ins().ireduce(clif, x),
            ConvOp::SIntToF => {
                let x = if let Ty::I8 | Ty::I16 = from { self.b.ins().sextend(types::I32, x) } else { x };
                self.b.ins().fcvt_from_sint(clif, x)
            }
            ConvOp::UIntToF => match from {
                // The signed conversion of the next size is one instruction.
                Ty::I8 | Ty::I16 | Ty::I32 => {
                    let x = self.b.ins().uextend(types::I64, x);
                    self.b.ins().fcvt_from_sint(clif, x)
                }
                _ => self.b.ins().fcvt_from_uint(clif, x),
            },
            ConvOp::FToSInt => self.float_to_int(from, to, x),
            ConvOp::FToUInt => self.float_to_uint(from, to, x),
            ConvOp::FPromote => self.b.ins().fpromote(clif, x),
            ConvOp::FDemote => self.b.ins().fdemote(clif, x),
            ConvOp::Bitcast => self.b.ins().bitcast(clif, MemFlagsData::new(), x),
            ConvOp::ToPtr | ConvOp::FromPtr => self.fit(x, from, to),
        }
    }

    fn float_const(&mut self, ty: Ty, x: f64) -> ir::Value {
        match ty {
            Ty::F32 => self.b.ins().f32const(x as f32),
            _ => self.b.ins().f64const(x),
        }
    }

    /// As `cvttsd2si`: what does not fit, NaN included, becomes the smallest integer.
    fn float_to_int(&mut self, from: Ty, to: Ty, x: ir::Value) -> ir::Value {
        let (wide, limit) = match to {
            Ty::I64 | Ty::Ptr => (Ty::I64, 9_223_372_036_854_775_808.0),
            _ => (Ty::I32, 2_147_483_648.0),
        };
        // Saturation is right below the range; above it and for NaN the comparison fails.
        let saturated = self.b.ins().fcvt_to_sint_sat(clif_ty(wide), x);
        let limit = self.float_const(from, limit);
        let fits = self.b.ins().fcmp(FloatCC::LessThan, x, limit);
        let min = self.constant(wide, if wide == Ty::I64 { 1 << 63 } else { 1 << 31 });
        let r = self.b.ins().select(fits, saturated, min);
        self.fit(r, wide, to)
    }

    /// Below 2^63 as signed; from there on the upper half: `int64(x - 2^63) | 1<<63`.
    fn float_to_uint(&mut self, from: Ty, to: Ty, x: ir::Value) -> ir::Value {
        let low = self.float_to_int(from, Ty::I64, x);
        let limit = self.float_const(from, 9_223_372_036_854_775_808.0);
        let small = self.b.ins().fcmp(FloatCC::LessThan, x, limit);
        let rest = self.b.ins().fsub(x, limit);
        let high = self.float_to_int(from, Ty::I64, rest);
        let top = self.constant(Ty::I64, 1 << 63);
        let high = self.b.ins().bor(high, top);
        let r = self.b.ins().select(small, low, high);
        self.fit(r, Ty::I64, to)
    }

    // ---- blocks of memory

    /// The address of an operand, as a value for a runtime function that never moves the stack.
    fn address_arg(&mut self, addr: Addr) -> ir::Value {
        let (base, offset, _) = self.addr(addr, false);
        if offset == 0 { base } else { self.b.ins().iadd_imm_s(base, i64::from(offset)) }
    }

    /// Flags for 16-byte accesses: operands need not be 16-byte aligned.
    fn vector_flags(flags: MemFlagsData) -> MemFlagsData {
        MemFlagsData::new().with_notrap().with_alias_region(flags.alias_region())
    }

    /// Address of `bytes` behind the start of `addr`, for one access.
    fn piece(&mut self, addr: Addr, bytes: u32) -> (ir::Value, i32, MemFlagsData) {
        match addr {
            Addr::Value(v, o) => self.addr(Addr::Value(v, o + bytes as i32), false),
            Addr::Slot(s, o) => self.addr(Addr::Slot(s, o + bytes as i32), false),
        }
    }

    pub(super) fn zero(&mut self, addr: Addr, size: u32) {
        if size > INLINE_BYTES {
            let p = self.address_arg(addr);
            let n = self.b.ins().iconst(types::I64, i64::from(size));
            self.runtime_call(RtFn::memclr, &[p, n]);
            return;
        }
        let mut zeros: [Option<ir::Value>; 5] = [None; 5];
        for (at, width) in pieces(size) {
            let x = match zeros[width.ilog2() as usize] {
                Some(x) => x,
                None => {
                    let x = if width == 16 {
                        let c = self.b.func.dfg.constants.insert(vec![0u8; 16].into());
                        self.b.ins().vconst(types::I8X16, c)
                    } else {
                        self.b.ins().iconst(piece_ty(width), 0)
                    };
                    zeros[width.ilog2() as usize] = Some(x);
                    x
                }
            };
            let (base, offset, flags) = self.piece(addr, at);
            let flags = if width == 16 { Self::vector_flags(flags) } else { flags };
            self.b.ins().store(flags, x, base, offset);
        }
    }

    fn copy(&mut self, dst: Addr, src: Addr, size: u32) {
        if size > INLINE_BYTES {
            let (d, s) = (self.address_arg(dst), self.address_arg(src));
            let n = self.b.ins().iconst(types::I64, i64::from(size));
            self.runtime_call(RtFn::memmove, &[d, s, n]);
            return;
        }
        // The regions are equal or disjoint, so the order of the pieces does not matter.
        for (at, width) in pieces(size) {
            let (base, offset, flags) = self.piece(src, at);
            let flags = if width == 16 { Self::vector_flags(flags) } else { flags };
            let x = self.b.ins().load(piece_ty(width), flags, base, offset);
            let (base, offset, flags) = self.piece(dst, at);
            let flags = if width == 16 { Self::vector_flags(flags) } else { flags };
            self.b.ins().store(flags, x, base, offset);
        }
    }
}

/// Cuts `size` bytes into accesses: (offset, width).
fn pieces(size: u32) -> impl Iterator<Item = (u32, u32)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let width = [16, 8, 4, 2, 1].into_iter().find(|w| at + w <= size)?;
        at += width;
        Some((at - width, width))
    })
}

fn piece_ty(width: u32) -> ir::Type {
    match width {
        16 => types::I8X16,
        8 => types::I64,
        4 => types::I32,
        2 => types::I16,
        _ => types::I8,
    }
}

fn int_cc(cmp: Cmp) -> IntCC {
    match cmp {
        Cmp::Eq => IntCC::Equal,
        Cmp::Ne => IntCC::NotEqual,
        Cmp::SLt => IntCC::SignedLessThan,
        Cmp::SLe => IntCC::SignedLessThanOrEqual,
        Cmp::SGt => IntCC::SignedGreaterThan,
        Cmp::SGe => IntCC::SignedGreaterThanOrEqual,
        Cmp::ULt => IntCC::UnsignedLessThan,
        Cmp::ULe => IntCC::UnsignedLessThanOrEqual,
        Cmp::UGt => IntCC::UnsignedGreaterThan,
        Cmp::UGe => IntCC::UnsignedGreaterThanOrEqual,
    }
}

fn float_cc(cmp: FCmp) -> FloatCC {
    match cmp {
        FCmp::Eq => FloatCC::Equal,
        FCmp::Ne => FloatCC::NotEqual,
        FCmp::Lt => FloatCC::LessThan,
        FCmp::Le => FloatCC::LessThanOrEqual,
        FCmp::Gt => FloatCC::GreaterThan,
        FCmp::Ge => FloatCC::GreaterThanOrEqual,
    }
}
