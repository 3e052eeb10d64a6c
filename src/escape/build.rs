//! Building the graph of a batch: locations for variables, then one walk over each body.
//!
//! Every expression is visited exactly once, even where its value goes nowhere, because parts of it may
//! allocate or assign. `expr.rs`, `call.rs`, `assign.rs` and `stmt.rs` hold the rules per construct.

#![forbid(unsafe_code)]

use rustc_hash::{FxHashMap, FxHashSet};

use super::Options;
use super::graph::{BLANK, Batch, HEAP, Hole, LocId, MUTATOR, Node, Place};
use super::leaks::Leaks;
use crate::hir::facts::{Facts, canonical};
use crate::hir::order::outermost;
use crate::hir::print::Printer;
use crate::hir::scc::is_capturing;
use crate::hir::{ExprId, FuncId, FuncKind, LabelId, LocalId, LocalKind, Program, Stmt, StmtKind};
use crate::index::{Id, IndexVec};
use crate::source::{Pos, Span};
use crate::types::{TypeId, Types};

/// How far a function's analysis is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum State {
    #[default]
    Unseen,
    /// In the batch that is being analysed.
    Planned,
    /// Its parameters have summaries.
    Tagged,
}

/// What the analysis of later batches needs of earlier ones.
#[derive(Debug)]
pub struct Summaries {
    pub state: IndexVec<FuncId, State>,
    /// Per parameter, receiver first.
    pub leaks: IndexVec<FuncId, Vec<Leaks>>,
}

/// A function literal, and the hole that its captured variables flow to.
#[derive(Clone, Copy, Debug)]
pub struct Capture {
    pub k: Hole,
    pub closure: FuncId,
    pub pos: Pos,
}

/// What the builder hands on.
pub struct Built {
    pub batch: Batch,
    /// Locations of the variables of the batch's functions.
    pub locals: FxHashMap<FuncId, Vec<Option<LocId>>>,
    /// For each captured variable: by value?
    pub by_value: FxHashMap<(FuncId, LocalId), bool>,
}

/// State of the construction.
pub struct Builder<'a> {
    pub prog: &'a Program,
    pub types: &'a Types,
    pub printer: Printer<'a>,
    pub facts: &'a Facts,
    pub summaries: &'a Summaries,
    pub opts: &'a Options,
    pub batch: Batch,
    pub captures: Vec<Capture>,
    /// Conversions of pointers to integers whose operands were saved before their calls.
    pub saved: FxHashSet<(FuncId, ExprId)>,
    pub locals: FxHashMap<FuncId, Vec<Option<LocId>>>,
    pub by_value: FxHashMap<(FuncId, LocalId), bool>,
    /// The function whose tree is being walked.
    pub curfn: FuncId,
    pub loop_depth: u32,
    /// Loops around `curfn`, if it is the body of a range over a function: that one, and those around it.
    pub outside: u32,
    /// Labels of `curfn`, and whether a `goto` jumps back to them.
    pub labels: FxHashMap<LabelId, bool>,
    /// Variables that loops are assigned from whose variables have other types than what is ranged over.
    pub range_temps: FxHashSet<(FuncId, LocalId)>,
    /// Number of variables declared so far, per function: temporaries are named after it.
    pub n_decls: FxHashMap<FuncId, u32>,
    /// Dictionaries of instances, by function and place.
    dicts: FxHashMap<(FuncId, Pos), LocId>,
    pointers: Vec<Option<bool>>,
}

impl<'a> Builder<'a> {
    pub fn new(printer: Printer<'a>, facts: &'a Facts, summaries: &'a Summaries, opts: &'a Options) -> Builder<'a> {
        let Printer { prog, types, .. } = printer;
        Builder {
            prog,
            types,
            printer,
            facts,
            summaries,
            opts,
            batch: Batch { uses: opts.explain.then(Vec::new), ..Batch::new(opts.explains()) },
            captures: Vec::new(),
            saved: FxHashSet::default(),
            range_temps: FxHashSet::default(),
            locals: FxHashMap::default(),
            by_value: FxHashMap::default(),
            curfn: FuncId(0),
            loop_depth: 1,
            outside: 0,
            labels: FxHashMap::default(),
            n_decls: FxHashMap::default(),
            dicts: FxHashMap::default(),
            pointers: vec![None; types.len()],
        }
    }

    /// The graph of `batch`.
    pub fn build(mut self, batch: &[FuncId]) -> Built {
        for &func in batch {
            self.init_func(func);
        }
        for &func in batch {
            if !is_capturing(self.prog, func) {
                self.walk_func(func);
            }
        }
        // All assignments have been seen: now each captured variable's way is known.
        for capture in std::mem::take(&mut self.captures) {
            self.flow_closure(capture);
        }
        Built { batch: self.batch, locals: self.locals, by_value: self.by_value }
    }

    fn init_func(&mut self, func: FuncId) {
        let f = &self.prog.funcs[func];
        let mut locs = Vec::with_capacity(f.locals.len());
        for (id, local) in f.locals.iter_enumerated() {
            let hidden = f.kind == FuncKind::MethodValue;
            if matches!(local.kind, LocalKind::Captured { .. }) && !hidden {
                locs.push(None);
                continue;
            }
            let loc = self.batch.new_loc(Node::Local(func, id), func, 1, true);
            let l = &mut self.batch.locs[loc];
            match local.kind {
                LocalKind::Param(_) => l.is_param = true,
                LocalKind::Result(n) => {
                    l.is_result = true;
                    l.result_index = n + 1;
                }
                LocalKind::Auto | LocalKind::Captured { .. } => {}
            }
            locs.push(Some(loc));
        }
        self.locals.insert(func, locs);
        let n_decls = f.locals.iter().filter(|l| !matches!(l.kind, LocalKind::Captured { .. })).count();
        self.n_decls.insert(func, n_decls as u32);
    }

    /// Walks a body; also called for literals, from where they stand.
    pub fn walk_func(&mut self, func: FuncId) {
        let f = &self.prog.funcs[func];
        let saved = (self.curfn, self.loop_depth, self.outside);
        self.outside = match f.kind {
            FuncKind::RangeBody if f.parent == Some(self.curfn) => self.loop_depth + self.outside,
            FuncKind::RangeBody => 1,
            _ => 0,
        };
        (self.curfn, self.loop_depth) = (func, 1);
        let labels = std::mem::take(&mut self.labels);
        find_looping_labels(&f.body, &mut self.labels);
        self.block(&f.body);
        self.labels = labels;
        (self.curfn, self.loop_depth, self.outside) = saved;
    }

    /// Flows what a literal captures into it, by value where that cannot be told from the variable itself.
    fn flow_closure(&mut self, capture: Capture) {
        let f = &self.prog.funcs[capture.closure];
        for &local in &f.captures {
            let (func, var) = canonical(self.prog, capture.closure, local);
            let Some(loc) = self.loc_of(func, var) else { continue };
            let l = &self.batch.locs[loc];
            let ty = self.prog.funcs[func].locals[var].ty;
            let size = self.types.size_of(ty);
            let by_value = !l.addrtaken && !l.reassigned && size <= MAX_CAPTURE_BY_VALUE;
            if self.opts.m > 1 && self.reports(func) {
                let name = self.prog.funcs[func].locals[var].name;
                let message = format!(
                    "{} capturing by {}: {name} (addr={} assign={} width={size})",
                    self.prog.funcs[func].name,
                    if by_value { "value" } else { "ref" },
                    l.addrtaken,
                    l.reassigned,
                );
                self.message(self.prog.funcs[func].locals[var].pos, message);
            }
            self.by_value.insert((func, var), by_value);
            let place = Place::Local(capture.closure, local);
            let mut k = capture.k;
            if !by_value {
                k = self.batch.note(k.shift(-1), "reference", || place.clone());
            }
            k = self.batch.note(k, "captured by a closure", || place);
            self.batch.flow(k, loc);
        }
        if f.in_instance && f.kind != FuncKind::CallWrapper && (self.opts.m > 1 || self.opts.log) {
            self.flow_dict(&capture);
        }
    }

    /// Flows the dictionary of the instance that a literal is in into it, as Go's compiler has it.
    fn flow_dict(&mut self, capture: &Capture) {
        let prog = self.prog;
        let owner = outermost(prog, capture.closure);
        let f = &prog.funcs[owner];
        // A literal that was inlined has the dictionary in a variable, made where the call is.
        let is_param = !f.dict.is_empty() && (f.pos..=f.end).contains(&capture.pos);
        let pos = if is_param { f.pos } else { capture.pos };
        if self.opts.m > 1 && self.reports(owner) {
            self.message(pos, format!("{} capturing by value: .dict (addr=false assign=false width=8)", f.name));
        }
        let loc = *self.dicts.entry((owner, pos)).or_insert_with(|| {
            let loc = self.batch.new_loc(Node::Dict(pos), owner, 1, false);
            self.batch.locs[loc].is_param = is_param;
            loc
        });
        let text = || Place::Text { pos, span: Span::NONE, text: ".dict".into(), target: None, inlined: false };
        let k = self.batch.note(capture.k, "captured by a closure", text);
        self.batch.flow(k, loc);
    }

    /// The location of a variable of the batch; `local` must be [`canonical`].
    pub fn loc_of(&self, func: FuncId, local: LocalId) -> Option<LocId> {
        self.locals.get(&func).and_then(|locs| locs[local.index()])
    }

    /// The location of a variable as seen from `curfn`.
    pub fn local_loc(&self, local: LocalId) -> LocId {
        let (func, local) = canonical(self.prog, self.curfn, local);
        match self.loc_of(func, local) {
            Some(loc) => loc,
            None => crate::bug!("escape", self.prog.funcs[self.curfn].link_name, "variable {local:?} has no location"),
        }
    }

    /// Whether messages about this function are wanted.
    pub fn reports(&self, func: FuncId) -> bool {
        self.opts.reports(self.prog, func)
    }

    /// Whether values of this type hold pointers.
    pub fn has_pointers(&mut self, ty: TypeId) -> bool {
        let types = self.types;
        *self.pointers[ty.index()].get_or_insert_with(|| types.has_pointers(ty))
    }

    pub fn new_loc(&mut self, node: Node, persists: bool) -> LocId {
        let loc = self.batch.new_loc(node, self.curfn, self.loop_depth, persists);
        self.batch.locs[loc].nesting = self.nesting();
        loc
    }

    /// A variable that carries a loop variable from iteration to iteration.
    pub fn temp(&mut self, pos: Pos, ty: TypeId) -> LocId {
        let curfn = self.curfn;
        let count = self.n_decls.entry(curfn).or_default();
        let number = *count;
        *count += 1;
        self.new_loc(Node::Temp { number, pos, ty }, true)
    }

    /// Where `x` stands, for a note.
    pub fn place(&self, x: ExprId) -> Place {
        Place::Expr(self.curfn, x)
    }

    pub fn note_expr(&mut self, k: Hole, x: ExprId, why: &'static str) -> Hole {
        let place = self.place(x);
        self.batch.note(k, why, || place)
    }

    pub fn note_stmt(&mut self, k: Hole, stmt: &Stmt, why: &'static str) -> Hole {
        let (printer, curfn) = (self.printer, self.curfn);
        self.batch.note(k, why, || Place::Text {
            inlined: false,
            pos: stmt.pos,
            span: Span::new(stmt.pos, stmt.pos),
            text: printer.stmt(curfn, stmt),
            target: None,
        })
    }

    /// A reason: `stmt` assigns `src` to `dst`.
    pub fn note_assign(&mut self, k: Hole, stmt: &Stmt, why: &'static str, dst: Option<ExprId>, src: ExprId) -> Hole {
        let (printer, curfn) = (self.printer, self.curfn);
        let exprs = &self.prog.funcs[curfn].exprs;
        let inlined = match &stmt.kind {
            StmtKind::Assign { lhs: Some(lhs), .. } => exprs[*lhs].implicit,
            StmtKind::AssignMulti { lhs, .. } => lhs.iter().flatten().any(|&x| exprs[x].implicit),
            _ => false,
        };
        // Of what the inliner assigns, only the right side is in the source.
        let shown = if inlined { Some(src) } else { dst };
        let span = shown.map(|x| exprs[x].span).filter(|s| s.lo.is_some() && s.hi > s.lo);
        self.batch.note(k, why, || Place::Text {
            inlined,
            pos: stmt.pos,
            span: span.unwrap_or(Span::new(stmt.pos, stmt.pos)),
            text: printer.stmt(curfn, stmt),
            target: dst.map(|x| (curfn, x)),
        })
    }

    /// A hole that flows into each of `ks`, none of which may take the address.
    pub fn tee(&mut self, ks: &[Hole]) -> Hole {
        match *ks {
            [] => Hole::discard(),
            [k] => k,
            _ => {
                let loc = self.new_loc(Node::None, false);
                for &k in ks {
                    debug_assert!(k.derefs >= 0, "tee of an address");
                    self.batch.flow(k, loc);
                }
                Hole::to(loc)
            }
        }
    }

    /// A hole that flows into `k` some time later: what is stored there must last.
    pub fn later(&mut self, k: Hole) -> Hole {
        let loc = self.new_loc(Node::None, true);
        self.batch.flow(k, loc);
        Hole::to(loc)
    }

    /// Notes the place in which variable `local` of `curfn` comes into being.
    pub fn declare(&mut self, local: LocalId) -> LocId {
        let loc = self.local_loc(local);
        self.batch.locs[loc].loop_depth = self.loop_depth;
        self.batch.locs[loc].nesting = self.nesting();
        loc
    }

    /// Loops around what is being walked, and 1.
    pub fn nesting(&self) -> u32 {
        self.loop_depth + self.outside
    }

    pub fn mutate(&mut self, x: ExprId) {
        self.expr(Hole::to(MUTATOR), x);
    }

    pub fn discard(&mut self, x: ExprId) {
        self.expr(Hole::discard(), x);
    }

    pub fn discard_opt(&mut self, x: Option<ExprId>) {
        if let Some(x) = x {
            self.discard(x);
        }
    }

    /// Stores `x` where nothing is known of it.
    pub fn assign_heap(&mut self, x: ExprId, why: &'static str, place: Place) {
        let k = self.batch.note(Hole::to(HEAP), why, || place);
        self.expr(k, x);
    }

    pub fn is_blank(&self, k: Hole) -> bool {
        k.dst == BLANK
    }

    pub fn message(&mut self, pos: Pos, message: String) {
        self.batch.events.push(super::graph::Event::Message(super::report::note(pos, message)));
    }

    /// The locations that stand for the results of a function of this batch.
    pub fn result_locs(&self, func: FuncId) -> Vec<LocId> {
        let f = &self.prog.funcs[func];
        f.results.iter().filter_map(|&r| self.loc_of(func, r)).collect()
    }

    /// The location of a parameter of a function of this batch.
    pub fn param_loc(&self, func: FuncId, param: usize) -> Option<LocId> {
        let f = &self.prog.funcs[func];
        let local = *f.params.get(param)?;
        let name = f.locals[local].name;
        if name.is_empty() || name.is_blank() { None } else { self.loc_of(func, local) }
    }
}

/// Size up to which a variable that is never reassigned is captured by value, in bytes.
pub const MAX_CAPTURE_BY_VALUE: u64 = 128;

/// Finds the labels that a `goto` behind them jumps back to: they begin loops.
fn find_looping_labels(body: &[Stmt], labels: &mut FxHashMap<LabelId, bool>) {
    use crate::hir::visit::{Part, parts};
    for stmt in body {
        match stmt.kind {
            StmtKind::Label(label) => {
                labels.entry(label).or_insert(false);
            }
            StmtKind::Goto(label) => {
                labels.entry(label).and_modify(|looping| *looping = true);
            }
            _ => {}
        }
        parts(stmt, &mut |part| {
            if let Part::Body(body) = part {
                find_looping_labels(body, labels);
            }
        });
    }
}
