//! One SSA function to one CLIF function.
//!
//! Blocks, values and instructions map one to one; what `spill` planned for pointers is put in on the way.
//! A value that lives across safepoints is a frontend variable, since each load from its word gives it a new
//! CLIF value; all others are CLIF values directly.
//!
//! Rules that keep stacks movable (the reasons are in `remat`):
//! * a slot's address as a value is a load of its home word; `stack_addr` is only made as the address of a
//!   load or store, and as an argument of runtime functions that never move the stack;
//! * spill and home words are in an alias region of their own: nothing else can reach them;
//! * no load is marked `readonly` or `can_move`.

#![forbid(unsafe_code)]

use cranelift_codegen::ir::{self, AbiParam, BlockArg, InstBuilder, MemFlagsData, SourceLoc, TrapCode, types};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};
use rustc_hash::FxHashMap;

use super::spill::{BitSet, Class, Plan, Word};
use crate::abi::meta::trap;
use crate::index::Id;
use crate::source::Pos;
use crate::ssa::ir::{
    Addr, Block, Func, FuncId, GlobalId, Inst, InstKind, Sig, Slot, SlotData, StaticObject, Target, Term, Ty, Value,
};
use crate::types::TypeId;

/// Addresses of static data, and facts on callees: what translation asks its surroundings.
pub trait Env {
    /// A package variable.
    fn global(&mut self, id: GlobalId) -> u64;
    /// Constant bytes.
    fn str_data(&mut self, bytes: &std::rc::Rc<[u8]>) -> u64;
    /// A string header for constant bytes.
    fn str_header(&mut self, bytes: &std::rc::Rc<[u8]>) -> u64;
    /// Static data that nobody writes to.
    fn static_object(&mut self, object: &std::rc::Rc<StaticObject>) -> u64;
    /// A type descriptor.
    fn type_desc(&mut self, ty: TypeId) -> u64;
    /// An itab.
    fn itab(&mut self, iface: TypeId, concrete: TypeId) -> u64;
    /// Code of a function, or a stub that compiles it.
    fn func_code(&mut self, id: FuncId) -> u64;
    /// The static closure object of a function.
    fn func_value(&mut self, id: FuncId) -> u64;
    /// Whether the function's body is in Rust.
    fn is_native(&self, id: FuncId) -> bool;
    /// Whether the host has fused multiply-add.
    fn has_fma(&self) -> bool;
}

/// Name spaces of external functions in CLIF.
pub mod space {
    /// Functions of the program, by `FuncId`.
    pub const FUNC: u32 = 0;
    /// Runtime entry points, by `RtFn`.
    pub const RUNTIME: u32 = 1;
    /// Native functions, by `FuncId`.
    pub const NATIVE: u32 = 2;
}

/// Trap codes of nil dereferences at known positions.
pub(super) const FIRST_NIL: u8 = trap::UNREACHABLE + 1;
pub(super) const LAST_NIL: u8 = 240;

/// What the emitter must know beside the CLIF.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Pointer words in the frame: (CLIF slot, byte offset).
    pub(super) ptr_words: Vec<(ir::StackSlot, u32)>,
    /// Source positions: index = `SourceLoc` bits.
    pub(super) locs: Vec<(Pos, u32)>,
    /// For trap codes from [`FIRST_NIL`] on: index in `locs` of the access.
    pub(super) nil_locs: Vec<u32>,
}

/// The CLIF type of a machine type.
pub(super) fn clif_ty(ty: Ty) -> ir::Type {
    match ty {
        Ty::I8 => types::I8,
        Ty::I16 => types::I16,
        Ty::I32 => types::I32,
        Ty::I64 | Ty::Ptr => types::I64,
        Ty::F32 => types::F32,
        Ty::F64 => types::F64,
    }
}

/// The CLIF signature of a program function.
pub(super) fn signature(sig: &Sig) -> ir::Signature {
    let mut s = ir::Signature::new(CallConv::Tail);
    s.params.extend(sig.params.iter().map(|t| AbiParam::new(clif_ty(*t))));
    s.returns.extend(sig.results.iter().map(|t| AbiParam::new(clif_ty(*t))));
    s
}

/// The translation of one function.
pub(super) struct Translator<'a, 'b> {
    pub(super) b: FunctionBuilder<'b>,
    pub(super) f: &'a Func,
    pub(super) env: &'a mut dyn Env,
    pub(super) plan: &'a Plan,
    /// CLIF values of plain values.
    vals: Vec<Option<ir::Value>>,
    /// Variables of hot and cold values.
    vars: Vec<Option<Variable>>,
    blocks: Vec<Option<ir::Block>>,
    preds_left: Vec<u32>,
    pub(super) slots: Vec<ir::StackSlot>,
    homes: Vec<Option<ir::StackSlot>>,
    spills: Vec<ir::StackSlot>,
    /// Hot values whose current CLIF value is good.
    pub(super) fresh: BitSet,
    /// The block being translated.
    pub(super) block: Block,
    private: ir::AliasRegion,
    pub(super) funcs: FxHashMap<(u32, u32), ir::FuncRef>,
    pub(super) sigs: FxHashMap<Sig, ir::SigRef>,
    pub(super) layout: Layout,
}

/// Translates `f` into `out` (empty, but for its name).
pub(super) fn translate(
    f: &Func,
    plan: &Plan,
    env: &mut dyn Env,
    out: &mut ir::Function,
    fctx: &mut FunctionBuilderContext,
    config: cranelift_codegen::isa::TargetFrontendConfig,
) -> Layout {
    out.signature = signature(&f.sig);
    let private =
        out.dfg.alias_regions.insert(ir::AliasRegionData { user_id: 1, description: "spill and home words".into() });
    let n = f.values.len();
    let mut t = Translator {
        b: FunctionBuilder::new(out, fctx),
        f,
        env,
        plan,
        vals: vec![None; n],
        vars: vec![None; n],
        blocks: vec![None; f.blocks.len()],
        preds_left: plan.n_preds.clone(),
        slots: Vec::with_capacity(f.slots.len()),
        homes: Vec::with_capacity(f.slots.len()),
        spills: Vec::with_capacity(plan.n_spills as usize),
        fresh: BitSet::default(),
        block: Block(0),
        private,
        funcs: FxHashMap::default(),
        sigs: FxHashMap::default(),
        layout: Layout::default(),
    };
    t.run();
    t.b.finalize(config);
    t.layout
}

/// Bytes of a slot. Functions whose frames are too large do not come here.
fn slot_size(slot: &SlotData) -> u32 {
    u32::try_from(slot.size.max(8)).expect("frames are smaller than 1 GiB")
}

impl Translator<'_, '_> {
    fn run(&mut self) {
        for slot in self.f.slots.iter() {
            let s = self.new_slot(slot_size(slot));
            self.slots.push(s);
            self.layout.ptr_words.extend(slot.ptr_words.iter().map(|w| (s, *w)));
            let home = slot.addr_taken.then(|| self.new_slot(8));
            self.layout.ptr_words.extend(home.map(|h| (h, 0)));
            self.homes.push(home);
        }
        for _ in 0..self.plan.n_spills {
            let s = self.new_slot(8);
            self.spills.push(s);
        }
        for &b in &self.plan.rpo {
            let clif = self.b.create_block();
            self.blocks[b.index()] = Some(clif);
            if self.f.blocks[b].cold {
                self.b.set_cold_block(clif);
            }
        }
        self.entry();
        for i in 0..self.plan.rpo.len() {
            self.block(self.plan.rpo[i]);
        }
    }

    pub(super) fn new_slot(&mut self, size: u32) -> ir::StackSlot {
        self.b.create_sized_stack_slot(ir::StackSlotData::new(ir::StackSlotKind::ExplicitSlot, size, 3))
    }

    /// The function's entry: home words, and zero in the pointer words of slots.
    fn entry(&mut self) {
        let first = self.clif_block(Block(0));
        let entry = if self.plan.n_preds[0] == 0 { first } else { self.b.create_block() };
        self.b.append_block_params_for_function_params(entry);
        self.b.switch_to_block(entry);
        self.b.seal_block(entry);
        let params = self.b.block_params(entry).to_vec();
        for i in 0..self.slots.len() {
            if let Some(home) = self.homes[i] {
                let addr = self.b.ins().stack_addr(types::I64, self.slots[i], 0);
                self.store_word(home, addr);
            }
        }
        if self.homes.iter().any(Option::is_some) {
            // Keeps the optimiser from taking a home word's content for the address stored above.
            self.b.ins().sequence_point();
        }
        for i in 0..self.slots.len() {
            self.zero_pointers(Slot::new(i));
        }
        if entry == first {
            let data = &self.f.blocks[Block(0)];
            for (p, v) in data.params.iter().zip(params) {
                self.vals[p.index()] = Some(v);
            }
        } else {
            let args: Vec<BlockArg> = params.into_iter().map(BlockArg::from).collect();
            self.b.ins().jump(first, &args);
        }
    }

    /// Without it the stack copier and the collector would follow what the frame's memory held before.
    fn zero_pointers(&mut self, slot: Slot) {
        let data = &self.f.slots[slot];
        if data.ptr_words.len() > 32 {
            self.zero(Addr::Slot(slot, 0), slot_size(data));
            return;
        }
        let clif = self.slots[slot.index()];
        let flags = self.slot_flags(slot);
        for &w in &data.ptr_words {
            let zero = self.b.ins().iconst(types::I64, 0);
            let addr = self.b.ins().stack_addr(types::I64, clif, w as i32);
            self.b.ins().store(flags, zero, addr, 0);
        }
    }

    pub(super) fn clif_block(&self, b: Block) -> ir::Block {
        self.blocks[b.index()].expect("a reachable block")
    }

    fn block(&mut self, b: Block) {
        self.block = b;
        let clif = self.clif_block(b);
        let data = &self.f.blocks[b];
        if b == Block(0) && self.plan.n_preds[0] == 0 {
            // Entered already.
        } else {
            for p in &data.params {
                let v = self.b.append_block_param(clif, clif_ty(self.f.values[*p]));
                self.vals[p.index()] = Some(v);
            }
            self.b.switch_to_block(clif);
            if self.preds_left[b.index()] == 0 {
                self.b.seal_block(clif);
            }
        }
        self.fresh = self.plan.fresh_in(b).clone();
        for p in &data.params {
            let v = self.vals[p.index()].expect("set above");
            self.define(*p, v);
        }
        let mut points = self.plan.points(b).iter().copied();
        let mut next = points.next();
        for (n, inst) in data.insts.iter().enumerate() {
            let point = next.filter(|p| p.inst as usize == n);
            if point.is_some() {
                next = points.next();
            }
            self.loc(inst.pos, inst.inl);
            self.inst(inst, point);
        }
        for v in &self.plan.reload_at_end[b.index()] {
            self.value(*v);
        }
        self.loc(data.term_pos, 0);
        self.term(&data.term);
        data.term.for_each_target(&mut |t| self.edge_done(t.block));
    }

    /// One more edge into `b` exists; a block all of whose edges exist is sealed.
    pub(super) fn edge_done(&mut self, b: Block) {
        self.preds_left[b.index()] -= 1;
        let current = self.clif_block(b);
        if self.preds_left[b.index()] == 0 && self.visited(b) {
            self.b.seal_block(current);
        }
    }

    /// Whether translation of `b` began (its parameters exist).
    fn visited(&self, b: Block) -> bool {
        b == self.block || {
            let clif = self.clif_block(b);
            self.b.func.layout.is_block_inserted(clif)
        }
    }

    fn loc(&mut self, pos: Pos, inl: u32) {
        if self.layout.locs.last() != Some(&(pos, inl)) {
            self.layout.locs.push((pos, inl));
        }
        self.b.set_srcloc(SourceLoc::new(self.layout.locs.len() as u32 - 1));
    }

    // ---- values

    /// The current CLIF value of `v`, loaded from its word if a safepoint made it stale.
    pub(super) fn value(&mut self, v: Value) -> ir::Value {
        match self.plan.class(v) {
            Class::Plain => self.vals[v.index()]
                .unwrap_or_else(|| crate::bug!("codegen", self.f.name, "{v:?} is used before its definition")),
            Class::Hot => {
                if !self.fresh.contains(self.plan.dense(v)) {
                    self.reload(v);
                }
                let var = self.var(v);
                self.b.use_var(var)
            }
            Class::Cold => {
                let var = self.var(v);
                self.b.use_var(var)
            }
        }
    }

    pub(super) fn values(&mut self, vs: &[Value]) -> Vec<ir::Value> {
        vs.iter().map(|v| self.value(*v)).collect()
    }

    fn var(&mut self, v: Value) -> Variable {
        let ty = clif_ty(self.f.values[v]);
        *self.vars[v.index()].get_or_insert_with(|| self.b.declare_var(ty))
    }

    fn word(&self, v: Value) -> ir::StackSlot {
        match self.plan.word(v) {
            Word::Spill(n) => self.spills[n as usize],
            Word::Home(slot) => self.home(slot),
        }
    }

    fn home(&self, slot: Slot) -> ir::StackSlot {
        self.homes[slot.index()].unwrap_or_else(|| {
            crate::bug!("codegen", self.f.name, "the address of {slot:?} is used, but not said to be taken")
        })
    }

    /// Loads `v` from its word.
    pub(super) fn reload(&mut self, v: Value) {
        let word = self.word(v);
        let x = self.load_word(word);
        let var = self.var(v);
        self.b.def_var(var, x);
        if self.plan.class(v) == Class::Hot {
            self.fresh.insert(self.plan.dense(v));
        }
    }

    /// Stores the current value of `v` to its word.
    pub(super) fn spill(&mut self, v: Value) {
        if let Word::Spill(n) = self.plan.word(v) {
            let var = self.var(v);
            let x = self.b.use_var(var);
            self.store_word(self.spills[n as usize], x);
        }
    }

    /// The spill slot that holds `v` at a safepoint, if it is not a home word.
    pub(super) fn map_word(&self, v: Value) -> Option<ir::StackSlot> {
        match self.plan.word(v) {
            Word::Spill(n) => Some(self.spills[n as usize]),
            Word::Home(_) => None,
        }
    }

    /// Makes `x` the value of `v`.
    pub(super) fn define(&mut self, v: Value, x: ir::Value) {
        let class = self.plan.class(v);
        if class == Class::Plain {
            self.vals[v.index()] = Some(x);
            return;
        }
        let var = self.var(v);
        self.b.def_var(var, x);
        if class == Class::Hot {
            self.fresh.insert(self.plan.dense(v));
            if let Word::Spill(n) = self.plan.word(v) {
                self.store_word(self.spills[n as usize], x);
            }
        }
    }

    // ---- private words

    fn private_flags(&self) -> MemFlagsData {
        MemFlagsData::trusted().with_alias_region(Some(self.private))
    }

    fn load_word(&mut self, slot: ir::StackSlot) -> ir::Value {
        let flags = self.private_flags();
        let addr = self.b.ins().stack_addr(types::I64, slot, 0);
        self.b.ins().load(types::I64, flags, addr, 0)
    }

    fn store_word(&mut self, slot: ir::StackSlot, x: ir::Value) {
        let flags = self.private_flags();
        let addr = self.b.ins().stack_addr(types::I64, slot, 0);
        self.b.ins().store(flags, x, addr, 0);
    }

    /// The address of `slot` as a value.
    pub(super) fn slot_addr(&mut self, slot: Slot) -> ir::Value {
        let home = self.home(slot);
        self.load_word(home)
    }

    // ---- memory

    /// For accesses that name a slot: nothing else reaches one whose address is not taken.
    pub(super) fn slot_flags(&self, slot: Slot) -> MemFlagsData {
        if self.f.slots[slot].addr_taken { MemFlagsData::trusted() } else { self.private_flags() }
    }

    /// Flags of an access through a pointer that may be nil: the fault is a nil dereference.
    ///
    /// Cranelift may merge a load into the instruction that uses it, whose line the fault would then be
    /// reported at; so the trap code says which access it is, as long as there are codes.
    pub(super) fn nil_flags(&mut self) -> MemFlagsData {
        let loc = self.layout.locs.len() as u32 - 1;
        let nil_locs = &mut self.layout.nil_locs;
        if nil_locs.last() != Some(&loc) {
            nil_locs.push(loc);
        }
        let code = u8::try_from(nil_locs.len() - 1 + usize::from(FIRST_NIL)).ok().filter(|c| *c <= LAST_NIL);
        let code = TrapCode::unwrap_user(code.unwrap_or(trap::NIL));
        MemFlagsData::new().with_aligned().with_trap_code(Some(code))
    }

    /// Base, offset and flags of an access.
    pub(super) fn addr(&mut self, addr: Addr, nil_check: bool) -> (ir::Value, i32, MemFlagsData) {
        match addr {
            Addr::Value(v, offset) => {
                let flags = if nil_check { self.nil_flags() } else { MemFlagsData::trusted() };
                (self.value(v), offset, flags)
            }
            Addr::Slot(slot, offset) => {
                let base = self.b.ins().stack_addr(types::I64, self.slots[slot.index()], offset);
                (base, 0, self.slot_flags(slot))
            }
        }
    }

    // ---- control flow

    fn target(&mut self, t: &Target) -> (ir::Block, Vec<BlockArg>) {
        let args = t.args.iter().map(|v| BlockArg::from(self.value(*v))).collect();
        (self.clif_block(t.block), args)
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Jump(t) => {
                let (block, args) = self.target(t);
                self.b.ins().jump(block, &args);
            }
            Term::Branch { cond, then, els } => {
                let cond = self.value(*cond);
                let (then, then_args) = self.target(then);
                let (els, els_args) = self.target(els);
                self.b.ins().brif(cond, then, &then_args, els, &els_args);
            }
            Term::Table { x, targets, default } => self.table(*x, targets, default),
            Term::Return(values) => {
                let values = self.values(values);
                self.b.ins().return_(&values);
            }
            Term::Unreachable | Term::None => {
                self.b.ins().trap(TrapCode::unwrap_user(trap::UNREACHABLE));
            }
        }
    }

    fn table(&mut self, x: Value, targets: &[Target], default: &Target) {
        let x = self.value(x);
        let entries: Vec<_> = targets.iter().map(|t| self.target(t)).collect();
        let (default, default_args) = self.target(default);
        // The table's index is 32 bits wide.
        let limit = self.b.ins().iconst(types::I64, targets.len() as i64);
        let inside = self.b.ins().icmp(ir::condcodes::IntCC::UnsignedLessThan, x, limit);
        let jump = self.b.create_block();
        self.b.ins().brif(inside, jump, &[], default, &default_args);
        self.b.switch_to_block(jump);
        self.b.seal_block(jump);
        let x = self.b.ins().ireduce(types::I32, x);
        let pool = &mut self.b.func.dfg.value_lists;
        let entries: Vec<_> = entries.into_iter().map(|(b, args)| ir::BlockCall::new(b, args, pool)).collect();
        let default = ir::BlockCall::new(default, default_args, pool);
        let table = self.b.create_jump_table(ir::JumpTableData::new(default, &entries));
        self.b.ins().br_table(x, table);
    }

    /// A CLIF block that rarely runs, entered from the current one only.
    pub(super) fn cold_block(&mut self) -> ir::Block {
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        block
    }

    pub(super) fn enter(&mut self, block: ir::Block) {
        self.b.switch_to_block(block);
        self.b.seal_block(block);
    }

    /// Address constants.
    pub(super) fn addr_const(&mut self, inst: &Inst) -> Option<u64> {
        Some(match &inst.kind {
            InstKind::GlobalAddr(g) => self.env.global(*g),
            InstKind::StrData(bytes) => self.env.str_data(bytes),
            InstKind::StrHeader(bytes) => self.env.str_header(bytes),
            InstKind::StaticObject(object) => self.env.static_object(object),
            InstKind::TypeDesc(ty) => self.env.type_desc(*ty),
            InstKind::Itab { iface, concrete } => self.env.itab(*iface, *concrete),
            InstKind::FuncCode(f) => self.env.func_code(*f),
            InstKind::FuncValue(f) => self.env.func_value(*f),
            _ => return None,
        })
    }
}
