//! Machine-level signatures: the one place that says how Go parameters and results travel.
//!
//! Program functions: out-pointers first (for results that do not travel in registers), then receiver and
//! parameters. An SSA-able parameter is its leaves in order; another is a `Ptr` to a copy that belongs to
//! the callee. Results are given registers in order while they are SSA-able and fit into eight integer and
//! eight float words; each other result is written through an out-pointer to a slot of the caller, which
//! nothing else refers to.
//!
//! Native functions (bodies in Rust): every leaf is one word, integers extended to 64 bits; results are at
//! most two words of the same shape plus a third integer word in `g.ret2`.

#![forbid(unsafe_code)]

use std::rc::Rc;

use smallvec::SmallVec;

use super::ir::{Sig, Ty};
use super::layout::Layouts;
use crate::types::{TypeId, TypeKind, Types};

/// How a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamAbi {
    /// As its leaves.
    Words,
    /// As a pointer to a copy.
    Copy,
}

/// How a result travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultAbi {
    /// As its leaves, from this index of [`Sig::results`] on.
    Words(u32),
    /// Through the out-pointer with this number.
    Out(u32),
}

/// A signature with the way of every parameter and result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbiSig {
    pub sig: Rc<Sig>,
    /// Number of leading out-pointers.
    pub n_out: u32,
    /// Receiver (if any) and parameters.
    pub params: SmallVec<[(TypeId, ParamAbi); 4]>,
    pub results: SmallVec<[(TypeId, ResultAbi); 2]>,
    pub native: bool,
    /// Native functions: the third result word comes in `g.ret2`.
    pub ret2: bool,
}

/// The word of a leaf in the native convention.
pub fn native_word(ty: Ty) -> Ty {
    match ty {
        Ty::I8 | Ty::I16 | Ty::I32 => Ty::I64,
        t => t,
    }
}

/// The signature for these parameter (receiver included) and result types.
pub fn abi_of(
    types: &Types,
    layouts: &mut Layouts,
    param_types: impl IntoIterator<Item = TypeId>,
    result_types: impl IntoIterator<Item = TypeId>,
    native: bool,
) -> AbiSig {
    let mut sig = Sig::default();
    let mut results = SmallVec::new();
    let (mut n_int, mut n_float, mut n_out) = (0, 0, 0);
    for ty in result_types {
        let l = layouts.get(types, ty);
        let floats = l.leaves.iter().filter(|l| matches!(l.ty, Ty::F32 | Ty::F64)).count();
        let ints = l.leaves.len() - floats;
        if native || (l.ssa && n_int + ints <= 8 && n_float + floats <= 8) {
            n_int += ints;
            n_float += floats;
            results.push((ty, ResultAbi::Words(sig.results.len() as u32)));
            sig.results.extend(l.leaves.iter().map(|l| if native { native_word(l.ty) } else { l.ty }));
        } else {
            results.push((ty, ResultAbi::Out(n_out)));
            sig.params.push(Ty::Ptr);
            n_out += 1;
        }
    }
    let mut params = SmallVec::new();
    for ty in param_types {
        let l = layouts.get(types, ty);
        if l.ssa {
            params.push((ty, ParamAbi::Words));
            sig.params.extend(l.leaves.iter().map(|l| if native { native_word(l.ty) } else { l.ty }));
        } else {
            params.push((ty, ParamAbi::Copy));
            sig.params.push(Ty::Ptr);
        }
    }
    let ret2 = native && sig.results.len() > 2;
    if ret2 {
        sig.results.truncate(2);
    }
    AbiSig { sig: Rc::new(sig), n_out, params, results, native, ret2 }
}

/// The signature of a function type, with a receiver of type `recv` in front.
///
/// # Panics
/// If `func_ty` is not a function type.
pub fn sig_of(types: &Types, layouts: &mut Layouts, func_ty: TypeId, recv: Option<TypeId>) -> AbiSig {
    let TypeKind::Func(sig) = types.underlying_kind(func_ty).clone() else {
        crate::bug!("ssa", "?", "signature of a non-function type");
    };
    let params = recv.into_iter().chain(sig.params.iter().map(|p| p.ty));
    abi_of(types, layouts, params, sig.results.iter().map(|r| r.ty), false)
}
