#![forbid(unsafe_code)]
//! What an instruction reads, and where control goes: the queries on SSA that `codegen` needs.

use crate::abi::rtfn::RtFn;
use crate::ssa::ir::{Addr, Block, BlockData, Callee, Inst, InstKind, Target, Term, Value};

fn addr_use(addr: &Addr, f: &mut impl FnMut(Value)) {
    if let Addr::Value(v, _) = *addr {
        f(v);
    }
}

/// Calls `f` with every value that `inst` reads.
pub(super) fn for_each_use(inst: &Inst, f: &mut impl FnMut(Value)) {
    match &inst.kind {
        InstKind::Bin(_, x, y)
        | InstKind::Cmp(_, x, y)
        | InstKind::FCmp(_, x, y)
        | InstKind::UMulHi(x, y)
        | InstKind::PtrAdd(x, y) => {
            f(*x);
            f(*y);
        }
        InstKind::Un(_, x) | InstKind::Conv(_, x) | InstKind::NilCheck(x) => f(*x),
        InstKind::Fma(x, y, z) | InstKind::Select(x, y, z) => {
            f(*x);
            f(*y);
            f(*z);
        }
        InstKind::Load { addr, .. } | InstKind::Zero { addr, .. } => addr_use(addr, f),
        InstKind::Store { addr, value, .. } => {
            addr_use(addr, f);
            f(*value);
        }
        InstKind::Move { dst, src, .. } => {
            addr_use(dst, f);
            addr_use(src, f);
        }
        InstKind::Check { x, y, .. } => {
            f(*x);
            if let Some(y) = y {
                f(*y);
            }
        }
        InstKind::Call { callee, args, .. } => {
            if let Callee::Closure(v) | Callee::Code(v) = callee {
                f(*v);
            }
            args.iter().for_each(|v| f(*v));
        }
        InstKind::Const(_)
        | InstKind::FConst(_)
        | InstKind::SlotAddr(_)
        | InstKind::GlobalAddr(_)
        | InstKind::StrData(_)
        | InstKind::StrHeader(_)
        | InstKind::TypeDesc(_)
        | InstKind::Itab { .. }
        | InstKind::FuncCode(_)
        | InstKind::FuncValue(_)
        | InstKind::Closure
        | InstKind::Ret2
        | InstKind::FramePtr
        | InstKind::Poll
        | InstKind::Undef => {}
    }
}

/// Calls `f` with every jump target of `term`.
pub(super) fn for_each_target(term: &Term, f: &mut impl FnMut(&Target)) {
    match term {
        Term::Jump(t) => f(t),
        Term::Branch { then, els, .. } => {
            f(then);
            f(els);
        }
        Term::Table { targets, default, .. } => {
            targets.iter().for_each(&mut *f);
            f(default);
        }
        Term::Return(_) | Term::Unreachable | Term::None => {}
    }
}

/// Calls `f` with every value that the terminator reads, arguments of targets included.
pub(super) fn for_each_term_use(term: &Term, f: &mut impl FnMut(Value)) {
    match term {
        Term::Branch { cond, .. } => f(*cond),
        Term::Table { x, .. } => f(*x),
        Term::Return(values) => values.iter().for_each(|v| f(*v)),
        Term::Jump(_) | Term::Unreachable | Term::None => {}
    }
    for_each_target(term, &mut |t| t.args.iter().for_each(|v| f(*v)));
}

/// Whether the instruction installs a deferred function: from there on a panic may be recovered and
/// execution may go on at the function's recovery block.
pub(super) fn is_deferproc(inst: &Inst) -> bool {
    matches!(inst.kind, InstKind::Call { callee: Callee::Runtime(RtFn::deferproc), .. })
}

/// Calls `f` with every block that control may reach from `data`, `recovery` included.
pub(super) fn for_each_succ(data: &BlockData, recovery: Option<Block>, f: &mut impl FnMut(Block)) {
    for_each_target(&data.term, &mut |t| f(t.block));
    if let Some(r) = recovery
        && data.insts.iter().any(is_deferproc)
    {
        f(r);
    }
}
