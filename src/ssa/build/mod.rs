//! From the typed tree to SSA form.
//!
//! One [`Builder`] per function walks its statements. Values of SSA-able types (see
//! [`layout`](super::layout)) are vectors of words; others are handled by address ([`Mem`]).
//!
//! Order of evaluation is that of Go's compiler: before an expression is evaluated, the calls (and channel
//! receives, appends, slicings, …) inside it are, in order, each kept as a [`hoisted`](Builder::hoist)
//! operand; then comes the rest. Right operands of `&&` and `||` are expressions of their own.
//!
//! What is not there yet is noted in `error`, and building goes on with zero values.

#![forbid(unsafe_code)]

mod addr;
mod arith;
mod assign;
mod builtin;
mod call;
mod cfg;
mod closure;
mod compare;
mod conv;
mod defer;
mod emit;
mod expr;
mod iface;
mod intrinsics;
mod lit;
mod map_chan;
mod mem;
mod order;
mod place;
mod range;
mod select;
mod slice;
mod stmt;
mod string;
mod switch;
mod template;

use std::rc::Rc;

use rustc_hash::FxHashMap;

use self::cfg::{Graph, Var};
use self::mem::{Mem, Operand};
use super::abi_sig::{AbiSig, ParamAbi, abi_of};
use super::ir::{Block, Callee, Func, InstKind, Sig, Slot, Ty, Value, ValueList};
use super::layout::{Layout, Layouts};
use super::passes;
use crate::diag::Diagnostic;
use crate::hir::{self, Esc, ExprId, FuncId, LabelId, LocalId, LocalKind, Program};
use crate::index::{IndexVec, Symbol};
use crate::source::{Pos, Span};
use crate::types::{TypeId, TypeKind, Types};

pub(crate) use self::cfg::reverse_postorder;

/// Frames of this size and more are errors (Go: `maxStackSize` of the compiler).
const MAX_FRAME: u64 = 1 << 30;

/// What is kept from one function to the next.
#[derive(Debug, Default)]
pub struct Cache {
    pub layouts: Layouts,
    pub(crate) sigs: FxHashMap<FuncId, Rc<AbiSig>>,
    pub(crate) intrinsics: Option<FxHashMap<Symbol, intrinsics::Intrinsic>>,
    pub(crate) no_sig: Rc<Sig>,
    /// 256 words with their own number: interface data of single bytes.
    pub(crate) static_bytes: Option<Rc<[u8]>>,
    pub(crate) closure_types: FxHashMap<FuncId, TypeId>,
    pub(crate) regular: FxHashMap<TypeId, bool>,
    /// By function: whether calling it checks for preemption.
    pub(crate) yields: FxHashMap<FuncId, bool>,
    /// Leave the passes out.
    pub no_passes: bool,
}

/// Whether calling a function checks for preemption: those that call others always have a prologue check.
fn function_yields(program: &Program, cache: &mut FxHashMap<FuncId, bool>, id: FuncId) -> bool {
    *cache.entry(id).or_insert_with(|| {
        let f = &program.funcs[id];
        !f.native && f.exprs.iter().any(|e| matches!(e.kind, hir::ExprKind::Call { .. }))
    })
}

/// Builds the SSA form of function `id`. For a native function: the wrapper that has the convention of the
/// program's functions and calls it.
///
/// # Errors
/// A diagnostic for what is legal Go but not supported yet.
pub fn build_func(program: &Program, types: &mut Types, cache: &mut Cache, id: FuncId) -> Result<Func, Diagnostic> {
    let mut b = Builder::new(program, types, cache, id);
    if b.f.native {
        b.native_wrapper();
    } else {
        b.function();
    }
    if let Some(d) = b.error.take() {
        return Err(d);
    }
    let (mut func, lengths) = b.g.finish();
    if cfg!(debug_assertions) {
        verified(&func, program, "building");
    }
    let frame = func.slots.iter().fold(0u64, |sum, s| sum.saturating_add(s.size));
    let args = arg_bytes(types, cache, program, id);
    if frame.max(args) >= MAX_FRAME {
        let f = &program.funcs[id];
        // What is only written takes no room.
        if !cache.no_passes {
            passes::slots::run(&mut func);
        }
        let frame = func.slots.iter().fold(0u64, |sum, s| sum.saturating_add(s.size));
        if frame.max(args) >= MAX_FRAME {
            let text = format!("stack frame too large (>1GB): {} MB locals + {} MB args", frame >> 20, args >> 20);
            return Err(Diagnostic::error("StackFrameTooLarge", Span { lo: f.pos, hi: f.pos }, text));
        }
    }
    if !cache.no_passes {
        let yields = &mut cache.yields;
        passes::run(&mut func, &lengths, &mut |f| function_yields(program, yields, f));
        if cfg!(debug_assertions) {
            verified(&func, program, "passes");
        }
    }
    Ok(func)
}

/// Bytes of parameters and results that travel in memory.
fn arg_bytes(types: &Types, cache: &mut Cache, program: &Program, id: FuncId) -> u64 {
    let abi = func_abi(program, types, cache, id);
    let copies = abi.params.iter().filter(|p| p.1 == ParamAbi::Copy).map(|p| p.0);
    let outs = abi.results.iter().filter(|r| matches!(r.1, super::abi_sig::ResultAbi::Out(_))).map(|r| r.0);
    copies.chain(outs).fold(0, |sum: u64, ty| sum.saturating_add(types.size_of(ty)))
}

/// Stops with a report where the form is not what it must be.
fn verified(func: &Func, program: &Program, after: &str) {
    if let Err(e) = super::verify::verify(func) {
        let text = super::print::Printer { func, program: Some(program) };
        crate::bug!("ssa", func.name, "after {after}: {e}\n{text}");
    }
}

/// Where a local variable lives.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Not met yet.
    Unset,
    /// Words in variables `var`, `var + 1`, ….
    Reg(Var),
    Mem(Mem),
    /// In the object that this variable points to.
    Heap(Var),
}

/// Where `break` and `continue` go.
struct Jumps {
    label: Option<LabelId>,
    brk: Block,
    /// None for switch and select.
    cont: Option<Block>,
}

/// A function under construction.
struct Builder<'a> {
    program: &'a Program,
    types: &'a mut Types,
    cache: &'a mut Cache,
    f: &'a hir::Func,
    id: FuncId,
    g: Graph,
    abi: Rc<AbiSig>,
    places: IndexVec<LocalId, Place>,
    /// Memo of [`Builder::flags`], by expression.
    flags: Vec<u8>,
    hoisted: FxHashMap<ExprId, Operand>,
    jumps: Vec<Jumps>,
    labels: FxHashMap<LabelId, Block>,
    /// Out-pointers: for results that do not travel in registers.
    outs: Vec<Value>,
    /// In functions with defer: slots that hold the out-pointers.
    out_slots: Vec<Slot>,
    /// In functions with defer: slots that hold pointers to results on the heap, by result number.
    heap_results: Vec<Option<Slot>>,
    /// In functions with defer: runs deferred calls and returns.
    exit: Option<Block>,
    /// In functions with defer: the depth of the frame.
    depth: Option<Slot>,
    /// Variables whose slices may lie in an array of the frame, and the array.
    append_buffers: FxHashMap<LocalId, slice::Buffer>,
    /// An `append` to a slice in memory that its result is assigned to.
    append_in_place: Option<ExprId>,
    /// The object that the next small variable on the heap may share.
    shared: Option<place::Shared>,
    /// The closure object being executed.
    closure: Option<Value>,
    error: Option<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn new(program: &'a Program, types: &'a mut Types, cache: &'a mut Cache, id: FuncId) -> Builder<'a> {
        let f = &program.funcs[id];
        let abi = func_abi(program, types, cache, id);
        let mut g = Graph::new(id, f.link_name);
        g.func.nosplit = f.pragma.uintptr_keep_alive;
        Builder {
            program,
            types,
            cache,
            f,
            id,
            g,
            abi,
            places: IndexVec::from_elem(Place::Unset, f.locals.len()),
            flags: vec![0; f.exprs.len()],
            hoisted: FxHashMap::default(),
            jumps: Vec::new(),
            labels: FxHashMap::default(),
            outs: Vec::new(),
            out_slots: Vec::new(),
            heap_results: Vec::new(),
            exit: None,
            depth: None,
            append_buffers: FxHashMap::default(),
            append_in_place: None,
            shared: None,
            closure: None,
            error: None,
        }
    }

    /// Notes that something is not supported. The first note counts.
    fn unsupported(&mut self, span: Span, what: &str) {
        if self.error.is_none() {
            self.error = Some(Diagnostic::unsupported(span, what));
        }
    }

    fn expr(&self, id: ExprId) -> &'a hir::Expr {
        &self.f.exprs[id]
    }

    fn ty_of(&self, id: ExprId) -> TypeId {
        self.f.exprs[id].ty
    }

    fn layout(&mut self, ty: TypeId) -> Rc<Layout> {
        self.cache.layouts.get(self.types, ty)
    }

    fn is_ssa(&mut self, ty: TypeId) -> bool {
        self.layout(ty).ssa
    }

    fn under(&self, ty: TypeId) -> TypeKind {
        self.types.underlying_kind(ty).clone()
    }

    fn size_of(&mut self, ty: TypeId) -> u64 {
        self.layout(ty).size
    }

    /// Element type of a slice, array, pointer, map or channel; bytes of strings.
    fn elem_of(&self, ty: TypeId) -> TypeId {
        match *self.types.underlying_kind(ty) {
            TypeKind::Slice(e) | TypeKind::Pointer(e) => e,
            TypeKind::Array { elem, .. } | TypeKind::Map { elem, .. } | TypeKind::Chan { elem, .. } => elem,
            _ => Types::UINT8,
        }
    }

    fn native_wrapper(&mut self) {
        let f = self.f;
        self.g.pos = f.pos;
        let native = self.abi.clone();
        let params = native.params.iter().map(|p| p.0);
        let own = abi_of(self.types, &mut self.cache.layouts, params, native.results.iter().map(|r| r.0), false);
        let own = Rc::new(own);
        self.abi = own.clone();
        self.entry_params(&own);
        let mut args = ValueList::new();
        for &(ty, way) in &own.params.clone() {
            let n = if way == ParamAbi::Copy { 1 } else { self.layout(ty).leaves.len() };
            for _ in 0..n {
                let at = own.n_out as usize + args.len();
                args.push(self.g.func.blocks[Block(0)].params[at]);
            }
        }
        let results = self.emit_call(Callee::Func(self.id), &native, args, &[]);
        let mut words = ValueList::new();
        for r in results {
            match r {
                Operand::Words(w) => words.extend(w),
                Operand::Mem(_) => crate::bug!("ssa", f.link_name, "native result in memory"),
            }
        }
        self.g.ret(words);
    }

    /// The entry block's parameters, from the signature.
    fn entry_params(&mut self, abi: &AbiSig) {
        for &ty in &abi.sig.params {
            self.g.entry_param(ty);
        }
        self.g.func.sig = (*abi.sig).clone();
        self.outs = self.g.func.blocks[Block(0)].params[..abi.n_out as usize].to_vec();
    }

    fn function(&mut self) {
        let f = self.f;
        self.g.pos = f.pos;
        let abi = self.abi.clone();
        self.entry_params(&abi);
        if !f.captures.is_empty() {
            self.closure = Some(self.g.inst(InstKind::Closure, Ty::Ptr));
            self.captures();
        }
        if f.has_defer {
            self.store_depth();
            let exit = self.g.new_block();
            self.exit = Some(exit);
            self.g.func.recovery = Some(exit);
            for i in 0..self.outs.len() {
                let slot = self.pointer_slot("out");
                self.out_slots.push(slot);
                let v = self.outs[i];
                self.store_word(Mem::slot(slot), 0, v);
            }
        }
        self.params(&abi);
        self.result_vars();
        self.stmts(&f.body);
        self.g.pos = f.end;
        if !self.g.is_dead() {
            if f.results.is_empty() {
                self.emit_return();
            } else {
                self.rt(crate::abi::rtfn::RtFn::throwunreachable, &[]);
            }
        }
        let labels: Vec<Block> = self.labels.values().copied().collect();
        for b in labels {
            self.g.seal(b);
        }
        if let Some(exit) = self.exit {
            self.exit_block(exit);
        }
    }

    fn captures(&mut self) {
        let base = self.closure.expect("closure");
        let offsets = self.closure_offsets(self.id);
        let f = self.f;
        for (&local, off) in f.captures.iter().zip(offsets) {
            let data = &f.locals[local];
            let at = Mem::object(base).offset(off as i64);
            let LocalKind::Captured { by_value, .. } = data.kind else {
                crate::bug!("ssa", f.link_name, "capture {} is not a captured variable", data.name);
            };
            self.places[local] = if !by_value {
                let p = self.load_word(at, 0, Ty::Ptr);
                Place::Mem(Mem::object(p))
            } else if self.is_ssa(data.ty) && !data.addr_taken && !data.captured_by_ref {
                let words = self.load(at, data.ty);
                self.reg_place(data.ty, &words)
            } else {
                Place::Mem(at)
            };
        }
    }

    fn params(&mut self, abi: &AbiSig) {
        let f = self.f;
        let mut at = abi.n_out as usize;
        for (&local, &(ty, way)) in f.params.iter().zip(&abi.params) {
            let data = &f.locals[local];
            let n = if way == ParamAbi::Copy { 1 } else { self.layout(ty).leaves.len() };
            let words: ValueList = self.g.func.blocks[Block(0)].params[at..at + n].into();
            at += n;
            for (&v, leaf) in words.iter().zip(&self.layout(ty).leaves) {
                if leaf.len {
                    self.g.mark_length(v);
                }
            }
            self.g.pos = data.pos;
            self.places[local] = match way {
                ParamAbi::Copy => {
                    let copy = Mem::object(words[0]);
                    if data.esc == Esc::Heap {
                        let var = self.new_heap_local(local);
                        let dst = self.heap_mem(var);
                        self.copy(dst, copy, ty);
                        Place::Heap(var)
                    } else {
                        Place::Mem(copy)
                    }
                }
                ParamAbi::Words if self.is_register(local) => self.reg_place(ty, &words),
                ParamAbi::Words => {
                    let place = self.fresh_place(local);
                    let dst = self.place_mem(place).expect("memory");
                    self.store(dst, ty, &words);
                    place
                }
            };
        }
        self.g.pos = f.pos;
    }

    fn result_vars(&mut self) {
        let f = self.f;
        let abi = self.abi.clone();
        for (i, (&local, &(ty, way))) in f.results.iter().zip(&abi.results).enumerate() {
            let data = &f.locals[local];
            let named = !data.name.as_str().starts_with('~');
            self.g.pos = data.pos;
            let mut heap = None;
            let place = if data.esc == Esc::Heap {
                let var = self.new_heap_local(local);
                if f.has_defer {
                    let slot = self.pointer_slot("result");
                    let p = self.g.read_var(var);
                    self.store_word(Mem::slot(slot), 0, p);
                    heap = Some(slot);
                }
                Place::Heap(var)
            } else if let (super::abi_sig::ResultAbi::Out(n), false) = (way, self.is_ssa(ty)) {
                let m = Mem::object(self.outs[n as usize]);
                if named || f.has_defer {
                    self.zero(m, ty);
                }
                Place::Mem(m)
            } else if self.is_register(local) {
                let zero = self.zero_words(ty);
                self.reg_place(ty, &zero)
            } else {
                let place = self.fresh_place(local);
                let m = self.place_mem(place).expect("memory");
                self.zero(m, ty);
                place
            };
            self.heap_results.push(heap);
            self.places[local] = place;
            let _ = i;
        }
        self.g.pos = f.pos;
    }
}

/// The signature of a function of the program.
pub(crate) fn func_abi(program: &Program, types: &Types, cache: &mut Cache, id: FuncId) -> Rc<AbiSig> {
    if let Some(a) = cache.sigs.get(&id) {
        return a.clone();
    }
    let f = &program.funcs[id];
    let params = f.params.iter().map(|&l| f.locals[l].ty);
    let results = f.results.iter().map(|&l| f.locals[l].ty);
    let abi = Rc::new(abi_of(types, &mut cache.layouts, params, results, f.native));
    cache.sigs.insert(id, abi.clone());
    abi
}

/// The position of an expression, as a span for messages.
fn span_of(e: &hir::Expr) -> Span {
    if e.span.lo.is_some() { e.span } else { Span { lo: e.pos, hi: e.pos } }
}

/// Allocation sites are numbered by their position.
fn site(pos: Pos) -> u64 {
    u64::from(pos.0)
}
