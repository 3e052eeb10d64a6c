//! The graph under construction: blocks, edges and variables.
//!
//! SSA form is made on the fly (Braun et al., "Simple and Efficient Construction of Static Single Assignment
//! Form"): a variable read in a block without a definition asks the predecessors; a block whose
//! predecessors are not all known (not *sealed*) gets a provisional parameter. Parameters that turn out to
//! have one value are replaced by it; [`Graph::finish`] does what is left, drops unreachable blocks and
//! puts the rest into reverse postorder.
//!
//! Invariant: an edge is only added to a block that is not sealed. Termination of [`Graph::read_in`]: every
//! round either finds a definition, makes one, or goes to the only predecessor of a sealed block, and an
//! unsealed block or one with several predecessors lies on every cycle.

#![forbid(unsafe_code)]

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::super::ir::{Block, BlockData, Func, Inst, InstKind, Results, Sig, Target, Term, Ty, Value, ValueList};
use crate::hir::FuncId;
use crate::index::{Id, IndexVec, Symbol};
use crate::source::Pos;

/// A variable of one machine word.
pub(super) type Var = u32;

struct Phi {
    value: Value,
    var: Var,
    ops: ValueList,
}

#[derive(Default)]
struct BlockInfo {
    sealed: bool,
    /// Predecessor and number of its edge, in the order of `Phi::ops`.
    preds: SmallVec<[(Block, u32); 2]>,
    phis: Vec<Phi>,
}

/// See the module's comment.
pub(super) struct Graph {
    pub(super) func: Func,
    /// Position of instructions made now.
    pub(super) pos: Pos,
    cur: Option<Block>,
    /// What is made now cannot be reached.
    dead: bool,
    /// Type of each variable, and whether it holds lengths.
    vars: Vec<(Ty, bool)>,
    /// Values that are lengths or capacities.
    lengths: Vec<bool>,
    defs: FxHashMap<u64, Value>,
    info: IndexVec<Block, BlockInfo>,
    alias: IndexVec<Value, Value>,
    undefs: [Option<Value>; 7],
}

fn key(b: Block, v: Var) -> u64 {
    (u64::from(b.0) << 32) | u64::from(v)
}

impl Graph {
    pub(super) fn new(id: FuncId, name: Symbol) -> Graph {
        let mut g = Graph {
            func: Func {
                id,
                name,
                sig: Sig::default(),
                values: IndexVec::new(),
                blocks: IndexVec::new(),
                slots: IndexVec::new(),
                inlined: Vec::new(),
                nosplit: false,
                recovery: None,
            },
            pos: Pos::NONE,
            cur: None,
            dead: false,
            vars: Vec::new(),
            lengths: Vec::new(),
            defs: FxHashMap::default(),
            info: IndexVec::new(),
            alias: IndexVec::new(),
            undefs: [None; 7],
        };
        let entry = g.new_block();
        g.seal(entry);
        g.cur = Some(entry);
        g
    }

    // ---- blocks

    pub(super) fn new_block(&mut self) -> Block {
        self.info.push(BlockInfo::default());
        self.func.blocks.push(BlockData {
            params: Vec::new(),
            insts: Vec::new(),
            term: Term::None,
            term_pos: Pos::NONE,
            cold: false,
        })
    }

    pub(super) fn new_cold_block(&mut self) -> Block {
        let b = self.new_block();
        self.func.blocks[b].cold = true;
        b
    }

    /// Goes on in `b`.
    pub(super) fn switch_to(&mut self, b: Block) {
        debug_assert!(self.cur.is_none(), "the current block has no end");
        self.cur = Some(b);
        let info = &self.info[b];
        self.dead = info.sealed && info.preds.is_empty() && b.0 != 0;
    }

    /// `seal`, then `switch_to`.
    pub(super) fn start(&mut self, b: Block) {
        self.seal(b);
        self.switch_to(b);
    }

    /// Whether nothing that is made now can be reached.
    pub(super) fn is_dead(&self) -> bool {
        self.dead || self.cur.is_none()
    }

    fn current(&mut self) -> Block {
        if let Some(b) = self.cur {
            return b;
        }
        // Behind a terminator: a block that nothing reaches.
        let b = self.new_block();
        self.info[b].sealed = true;
        self.cur = Some(b);
        self.dead = true;
        b
    }

    /// Where the next instruction will be: block and index.
    pub(super) fn here(&mut self) -> (Block, usize) {
        let b = self.current();
        (b, self.func.blocks[b].insts.len())
    }

    /// All predecessors are known.
    pub(super) fn seal(&mut self, b: Block) {
        if self.info[b].sealed {
            return;
        }
        self.info[b].sealed = true;
        for i in 0..self.info[b].phis.len() {
            self.fill(b, i);
        }
    }

    fn edge(&mut self, from: Block, n: u32, to: Block) {
        debug_assert!(!self.info[to].sealed, "edge to a sealed block");
        self.info[to].preds.push((from, n));
    }

    fn end(&mut self, term: Term) {
        let b = self.current();
        let data = &mut self.func.blocks[b];
        data.term = term;
        data.term_pos = self.pos;
        self.cur = None;
    }

    pub(super) fn jump(&mut self, to: Block) {
        if self.cur.is_none() {
            return;
        }
        let b = self.current();
        self.edge(b, 0, to);
        self.end(Term::Jump(target(to)));
    }

    pub(super) fn branch(&mut self, cond: Value, then: Block, els: Block) {
        let b = self.current();
        self.edge(b, 0, then);
        self.edge(b, 1, els);
        self.end(Term::Branch { cond, then: target(then), els: target(els) });
    }

    pub(super) fn table(&mut self, x: Value, targets: &[Block], default: Block) {
        let b = self.current();
        for (i, &t) in targets.iter().enumerate() {
            self.edge(b, i as u32, t);
        }
        self.edge(b, targets.len() as u32, default);
        self.end(Term::Table { x, targets: targets.iter().map(|&t| target(t)).collect(), default: target(default) });
    }

    pub(super) fn ret(&mut self, values: ValueList) {
        self.end(Term::Return(values));
    }

    /// Leaves a block that nothing reaches.
    pub(super) fn close(&mut self) {
        if self.cur.is_some() {
            self.unreachable();
        }
    }

    pub(super) fn unreachable(&mut self) {
        self.end(Term::Unreachable);
    }

    // ---- values

    pub(super) fn new_value(&mut self, ty: Ty) -> Value {
        let v = self.func.values.push(ty);
        self.alias.push(v);
        v
    }

    /// A parameter of the entry block.
    pub(super) fn entry_param(&mut self, ty: Ty) -> Value {
        let v = self.new_value(ty);
        self.func.blocks[Block(0)].params.push(v);
        self.func.sig.params.push(ty);
        v
    }

    pub(super) fn ty(&self, v: Value) -> Ty {
        self.func.values[v]
    }

    /// Adds an instruction with one result.
    pub(super) fn inst(&mut self, kind: InstKind, ty: Ty) -> Value {
        let v = self.new_value(ty);
        self.push(kind, Results::from_buf_and_len([v, v], 1));
        v
    }

    /// Adds an instruction without result.
    pub(super) fn inst0(&mut self, kind: InstKind) {
        self.push(kind, Results::new());
    }

    pub(super) fn push(&mut self, kind: InstKind, results: Results) {
        let b = self.current();
        let pos = self.pos;
        self.func.blocks[b].insts.push(Inst { kind, results, pos, inl: 0 });
    }

    /// What stands for `v` now.
    pub(super) fn resolve(&mut self, v: Value) -> Value {
        let mut v = v;
        while self.alias[v] != v {
            let next = self.alias[v];
            self.alias[v] = self.alias[next];
            v = next;
        }
        v
    }

    // ---- variables

    pub(super) fn new_var(&mut self, ty: Ty) -> Var {
        self.vars.push((ty, false));
        (self.vars.len() - 1) as Var
    }

    /// A variable that only ever holds lengths or capacities.
    pub(super) fn new_len_var(&mut self) -> Var {
        self.vars.push((Ty::I64, true));
        (self.vars.len() - 1) as Var
    }

    /// Notes that a value is a length or capacity.
    pub(super) fn mark_length(&mut self, v: Value) {
        let i = v.index();
        if self.lengths.len() <= i {
            self.lengths.resize(i + 1, false);
        }
        self.lengths[i] = true;
    }

    pub(super) fn write_var(&mut self, var: Var, v: Value) {
        debug_assert_eq!(self.vars[var as usize].0, self.func.values[v]);
        let b = self.current();
        self.defs.insert(key(b, var), v);
    }

    pub(super) fn read_var(&mut self, var: Var) -> Value {
        let b = self.current();
        self.read_in(var, b)
    }

    fn read_in(&mut self, var: Var, block: Block) -> Value {
        let mut b = block;
        let mut chain: SmallVec<[Block; 16]> = SmallVec::new();
        let v = loop {
            if let Some(&v) = self.defs.get(&key(b, var)) {
                break self.resolve(v);
            }
            let info = &self.info[b];
            if info.sealed && info.preds.len() == 1 {
                chain.push(b);
                b = info.preds[0].0;
                if chain.len() > self.info.len() {
                    break self.undef(self.vars[var as usize].0);
                }
                continue;
            }
            if info.sealed && info.preds.is_empty() {
                break self.undef(self.vars[var as usize].0);
            }
            let (sealed, i) = (info.sealed, info.phis.len());
            let (ty, is_len) = self.vars[var as usize];
            let value = self.new_value(ty);
            if is_len {
                self.mark_length(value);
            }
            self.info[b].phis.push(Phi { value, var, ops: ValueList::new() });
            self.defs.insert(key(b, var), value);
            if sealed {
                self.fill(b, i);
            }
            break self.resolve(value);
        };
        for c in chain {
            self.defs.insert(key(c, var), v);
        }
        v
    }

    /// Asks the predecessors for the operands of a block's parameter.
    fn fill(&mut self, b: Block, i: usize) {
        let var = self.info[b].phis[i].var;
        let mut ops = ValueList::new();
        for p in 0..self.info[b].preds.len() {
            let pred = self.info[b].preds[p].0;
            ops.push(self.read_in(var, pred));
        }
        let phi = self.info[b].phis[i].value;
        if let Some(same) = self.trivial(phi, &ops) {
            self.alias[phi] = same;
        }
        self.info[b].phis[i].ops = ops;
    }

    /// The only value that the operands other than the parameter itself have.
    fn trivial(&mut self, phi: Value, ops: &[Value]) -> Option<Value> {
        let mut same = None;
        for &op in ops {
            let op = self.resolve(op);
            if op == phi || same == Some(op) {
                continue;
            }
            if same.is_some() {
                return None;
            }
            same = Some(op);
        }
        same.or_else(|| Some(self.undef(self.func.values[phi])))
    }

    /// The value of a variable that was not written: zero.
    fn undef(&mut self, ty: Ty) -> Value {
        if let Some(v) = self.undefs[ty as usize] {
            return v;
        }
        let v = self.new_value(ty);
        self.undefs[ty as usize] = Some(v);
        v
    }

    // ---- the end

    /// Completes the function. Also: which values are lengths.
    pub(super) fn finish(mut self) -> (Func, Vec<bool>) {
        if self.cur.is_some() {
            self.unreachable();
        }
        let order = reverse_postorder(&self.func);
        let mut new_id: IndexVec<Block, Option<Block>> = IndexVec::from_elem(None, self.func.blocks.len());
        for (i, &b) in order.iter().enumerate() {
            new_id[b] = Some(Block::new(i));
        }
        self.drop_dead_operands(&order, &new_id);
        self.remove_trivial(&order);

        // Parameters and arguments.
        for &b in &order {
            let phis = std::mem::take(&mut self.info[b].phis);
            let preds = self.info[b].preds.clone();
            for phi in phis {
                if self.alias[phi.value] != phi.value {
                    continue;
                }
                self.func.blocks[b].params.push(phi.value);
                for (&(p, n), &op) in preds.iter().zip(&phi.ops) {
                    let op = self.resolve(op);
                    edge_target(&mut self.func.blocks[p].term, n).args.push(op);
                }
            }
        }
        let mut old = std::mem::take(&mut self.func.blocks);
        let mut blocks = IndexVec::new();
        for &b in &order {
            let none =
                BlockData { params: Vec::new(), insts: Vec::new(), term: Term::None, term_pos: Pos::NONE, cold: false };
            let mut data = std::mem::replace(&mut old[b], none);
            for inst in &mut data.insts {
                inst.kind.for_each_operand_mut(&mut |v| *v = self.resolve(*v));
            }
            data.term.for_each_operand_mut(&mut |v| *v = self.resolve(*v));
            data.term.for_each_target_mut(&mut |t| {
                if let Some(b) = new_id[t.block] {
                    t.block = b;
                }
            });
            blocks.push(data);
        }
        self.func.blocks = blocks;
        self.func.recovery = self.func.recovery.and_then(|b| new_id[b]);
        self.put_undefs();
        (self.func, self.lengths)
    }

    fn drop_dead_operands(&mut self, order: &[Block], new_id: &IndexVec<Block, Option<Block>>) {
        for &b in order {
            let info = &mut self.info[b];
            if info.preds.iter().all(|(p, _)| new_id[*p].is_some()) {
                continue;
            }
            let keep: SmallVec<[bool; 8]> = info.preds.iter().map(|(p, _)| new_id[*p].is_some()).collect();
            let mut i = 0;
            info.preds.retain(|_| {
                i += 1;
                keep[i - 1]
            });
            for phi in &mut info.phis {
                let mut i = 0;
                phi.ops.retain(|_| {
                    i += 1;
                    keep[i - 1]
                });
            }
        }
    }

    /// Replaces parameters with one value until there are none. Each replacement removes a parameter and
    /// only looks again at those that had it as an operand.
    fn remove_trivial(&mut self, order: &[Block]) {
        let mut users: FxHashMap<Value, SmallVec<[(Block, u32); 2]>> = FxHashMap::default();
        let mut work: Vec<(Block, u32)> = Vec::new();
        for &b in order {
            for i in 0..self.info[b].phis.len() {
                let phi = self.info[b].phis[i].value;
                if self.alias[phi] != phi {
                    continue;
                }
                let ops = self.info[b].phis[i].ops.clone();
                for op in ops {
                    let op = self.resolve(op);
                    users.entry(op).or_default().push((b, i as u32));
                }
                work.push((b, i as u32));
            }
        }
        while let Some((b, i)) = work.pop() {
            let phi = &self.info[b].phis[i as usize];
            let (value, ops) = (phi.value, phi.ops.clone());
            if self.alias[value] != value {
                continue;
            }
            if let Some(same) = self.trivial(value, &ops) {
                self.alias[value] = same;
                if let Some(list) = users.remove(&value) {
                    work.extend(list.iter().copied());
                    users.entry(same).or_default().extend(list);
                }
            }
        }
    }

    /// Defines the undefined values that are used, at the start of the entry block.
    fn put_undefs(&mut self) {
        if self.undefs.iter().all(Option::is_none) {
            return;
        }
        let mut used = [false; 7];
        let undefs = self.undefs;
        let mut see = |v: &mut Value| {
            for (i, u) in undefs.iter().enumerate() {
                used[i] |= *u == Some(*v);
            }
        };
        for b in self.func.blocks.iter_mut() {
            b.insts.iter_mut().for_each(|i| i.kind.for_each_operand_mut(&mut see));
            b.term.for_each_operand_mut(&mut see);
        }
        let at = usize::from(self.func.is_closure());
        let entry = &mut self.func.blocks[Block(0)];
        for (i, u) in undefs.iter().enumerate() {
            if let (Some(v), true) = (*u, used[i]) {
                let kind = match self.func.values[v] {
                    Ty::F32 | Ty::F64 => InstKind::FConst(0),
                    _ => InstKind::Const(0),
                };
                let inst = Inst { kind, results: Results::from_slice(&[v]), pos: Pos::NONE, inl: 0 };
                entry.insts.insert(at, inst);
            }
        }
    }
}

fn target(block: Block) -> Target {
    Target { block, args: ValueList::new() }
}

fn edge_target(term: &mut Term, n: u32) -> &mut Target {
    match term {
        Term::Jump(t) => t,
        Term::Branch { then, els, .. } => {
            if n == 0 {
                then
            } else {
                els
            }
        }
        Term::Table { targets, default, .. } => {
            if (n as usize) < targets.len() {
                &mut targets[n as usize]
            } else {
                default
            }
        }
        _ => crate::bug!("ssa", "?", "edge of a block without targets"),
    }
}

/// Reachable blocks, entry first, each (but for loops) behind its predecessors.
pub(crate) fn reverse_postorder(func: &Func) -> Vec<Block> {
    let n = func.blocks.len();
    let mut seen = vec![false; n];
    let mut post = Vec::with_capacity(n);
    let mut stack: Vec<(Block, usize)> = Vec::new();
    // The recovery block is a second root; it comes last.
    for root in func.recovery.into_iter().chain([Block(0)]) {
        if std::mem::replace(&mut seen[root.index()], true) {
            continue;
        }
        stack.push((root, 0));
        while let Some((b, i)) = stack.last_mut() {
            let term = &func.blocks[*b].term;
            // Successors from the last to the first, so that the first comes right behind.
            match term.nth_target_back(*i) {
                Some(t) => {
                    *i += 1;
                    if !std::mem::replace(&mut seen[t.index()], true) {
                        stack.push((t, 0));
                    }
                }
                None => {
                    post.push(*b);
                    stack.pop();
                }
            }
        }
    }
    post.reverse();
    post
}
