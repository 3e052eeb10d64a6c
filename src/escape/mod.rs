//! Escape analysis: which variables and allocations live in the frame, and which on the heap.
//!
//! # Safety
//! Generated code relies on two invariants, and the moving of stacks on the first:
//! 1. no pointer into a stack is ever stored in the heap or in static data;
//! 2. no pointer to storage in a frame is used after that storage is gone: the function has returned, or a
//!    new iteration of the loop that declares it has begun.
//!
//! # Model
//! All functions of a *batch* (a strongly connected component of the static call graph, literals included
//! that capture variables) make one graph. Its vertices are *locations*: variables, expressions that allocate
//! (`new`, `make`, `&T{…}`, literals of slices and maps, function literals, conversions to interfaces and
//! strings, `append`), and four pseudo-locations: the heap, the *mutator* (addresses that are stored
//! through), the *callee* (functions that are called without anyone following their results) and the blank.
//! An edge `dst ← src` carries a number of dereferences: `p = &q` −1, `p = q` 0, `p = *q` 1. Fields and
//! elements are not told apart from the variable they are in, nor one moment from another.
//!
//! [`solve`] walks backwards from each location. What arrives with −1 has its address there; if that place
//! *outlives* the location (the heap; a result; a variable outside the loop, or outside the literal, that
//! declares the location) it escapes. Parameters record what reaches the heap, results, mutator and callee,
//! and after how many dereferences ([`leaks`]): later batches see only that summary. Batches are analysed
//! callees first ([`crate::hir::scc`]).
//!
//! The pass first removes assignments nobody reads ([`deadlocals`]) and replaces variables that are constant
//! where it matters ([`rewrite`]). Its decisions are binding: they are written into the tree, `esc` of
//! [`Local`](crate::hir::Local) and [`Expr`](crate::hir::Expr) and `by_value` of captured variables, and code
//! generation follows them. `-m` lines come out in the order in which Go's compiler makes them, so they must
//! not be sorted.

#![forbid(unsafe_code)]

mod assign;
mod bounds;
mod build;
mod call;
mod deadlocals;
mod exclusive;
mod expr;
mod fast;
mod graph;
pub mod leaks;
mod limits;
mod loop_log;
mod report;
mod rewrite;
mod solve;
mod stmt;

use self::build::{Builder, Built, State, Summaries};
use self::graph::{HEAP, Hole, LocId, Node, Place, attr};
use self::leaks::Leaks;
pub use self::limits::{MAX_IMPLICIT_STACK_VAR_SIZE, MAX_STACK_VAR_SIZE};
use self::report::Reporter;
pub use self::report::{Decision, FlowStep, Reason, Site};
use self::solve::Solver;
use crate::hir::facts::{Facts, canonical};

use crate::diag::{Diagnostic, LogEntry};
use crate::hir::order::functions;
use crate::hir::print::Printer;
use crate::hir::scc::batches;
use crate::hir::{Esc, ExprKind, FuncId, FuncKind, LocalId, LocalKind, Program, StrConv};
use crate::index::{Id, IndexVec, Symbol};
use crate::source::SourceMap;
use crate::types::{Objects, PkgId, Types};
use rustc_hash::FxHashMap;

/// What to report.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `-m`: 0 nothing, 1 decisions, 2 the ways that led to them too.
    pub m: u8,
    /// `-N`: no optimisations.
    pub no_opt: bool,
    /// Keep the ways in [`Escaped::decisions`] even below `-m=2`.
    pub explain: bool,
    /// Decisions are logged for `-json`.
    pub log: bool,
    /// Import path of the package whose functions are reported: `main` for commands.
    pub pkg: Symbol,
}

impl Options {
    /// Whether reasons must be recorded.
    pub fn explains(&self) -> bool {
        self.m >= 2 || self.explain || self.log
    }

    /// Whether messages about a function are wanted.
    fn reports(&self, prog: &Program, func: FuncId) -> bool {
        let f = &prog.funcs[func];
        let made = matches!(f.kind, FuncKind::Wrapper | FuncKind::MethodValue);
        f.pkg == self.pkg && !f.repeats && (f.shown || !made)
    }
}

/// What the analysis says beside its marks in the tree.
#[derive(Debug, Default)]
pub struct Escaped {
    /// `-m` lines, in Go's order of printing.
    pub notes: Vec<Diagnostic>,
    /// Decisions for `-json`, if [`Options::log`].
    pub log: Vec<LogEntry>,
    /// Why things escape and parameters leak, if [`Options::explains`].
    pub decisions: Vec<Decision>,
    /// Summaries of all functions, per parameter, receiver first.
    pub leaks: IndexVec<FuncId, Vec<Leaks>>,
}

/// Analyses a whole program. `qualify` gives the prefix of a package's names in messages.
pub fn analyze(
    program: &mut Program,
    types: &Types,
    objs: &Objects,
    sources: &SourceMap,
    qualify: &dyn Fn(PkgId) -> String,
    opts: &Options,
) -> Escaped {
    if !opts.no_opt {
        deadlocals::remove(program);
    }
    let facts = Facts::new(program, types);
    settle_addresses(program, &facts);
    let n = program.funcs.len();
    let mut summaries =
        Summaries { state: IndexVec::from_elem(State::Unseen, n), leaks: IndexVec::from_elem(Vec::new(), n) };
    let mut out = Escaped::default();
    let order = batches(program);
    for batch in &order {
        let mut pass = Pass { program, types, objs, sources, qualify, opts, facts: &facts, out: &mut out };
        pass.batch(batch, &mut summaries);
    }
    out.leaks = summaries.leaks;

    let mut notes = (opts.m > 0).then_some(&mut out.notes);
    for func in functions(program) {
        if !program.funcs[func].kind.is_closure() {
            let report = opts.reports(program, func);
            bounds::elide(program, types, func, notes.as_deref_mut().filter(|_| report));
        }
    }
    settle_rest(program);
    if !opts.no_opt {
        exclusive::run(program, types, &facts, &out.leaks);
        rewrite::composites(program, types, &facts);
    }
    if opts.log {
        out.log.extend(loop_log::entries(program, &facts, sources, opts));
    }
    out
}

/// Takes back what inlining made untrue: variables whose address was taken, or that were captured, only by
/// function literals that are gone may live in registers.
fn settle_addresses(program: &mut Program, facts: &Facts) {
    for func in program.funcs.ids() {
        let ids = program.funcs[func].locals.ids();
        for l in ids {
            let local = &mut program.funcs[func].locals[l];
            if !matches!(local.kind, LocalKind::Captured { .. }) {
                local.addr_taken &= facts.get(func, l).addrtaken;
                local.captured_by_ref &= facts.get(func, l).captured;
            }
        }
    }
}

/// In debug builds, batches with fewer locations are solved by both solvers.
const MAX_CHECKED: usize = 2000;

struct Pass<'a> {
    program: &'a mut Program,
    types: &'a Types,
    objs: &'a Objects,
    sources: &'a SourceMap,
    qualify: &'a dyn Fn(PkgId) -> String,
    opts: &'a Options,
    facts: &'a Facts,
    out: &'a mut Escaped,
}

impl Pass<'_> {
    fn batch(&mut self, funcs: &[FuncId], summaries: &mut Summaries) {
        for &f in funcs {
            summaries.state[f] = State::Planned;
        }
        let mut built = {
            let printer = Printer { prog: self.program, types: self.types, objs: self.objs, qualify: self.qualify };
            let mut built = Builder::new(printer, self.facts, summaries, self.opts).build(funcs);
            self.reporter_on(|r| r.events(&mut built.batch));
            built
        };
        rewrite::literals(self.program, self.types, self.facts, &built.batch);
        self.settle_captures(funcs, &built);
        self.force_heap(&mut built);
        self.reporter_on(|r| r.events(&mut built.batch));

        let results: FxHashMap<FuncId, Vec<LocId>> = funcs.iter().map(|&f| (f, self.results(&built, f))).collect();
        if !self.opts.explains() {
            let check = cfg!(debug_assertions) && built.batch.locs.len() < MAX_CHECKED;
            let unsolved = check.then(|| built.batch.clone());
            fast::solve(self.program, &mut built.batch, &results);
            if let Some(mut slow) = unsolved {
                self.solve_slowly(&mut slow, results);
                assert!(
                    fast::agree(&built.batch, &slow),
                    "solvers disagree on {:?}",
                    self.program.funcs[funcs[0]].link_name
                );
            }
        } else {
            let mut batch = built.batch;
            self.solve_slowly(&mut batch, results);
            built.batch = batch;
        }
        self.finish(funcs, &built, summaries);
    }

    fn solve_slowly(&mut self, batch: &mut graph::Batch, results: FxHashMap<FuncId, Vec<LocId>>) {
        {
            let prog: &Program = self.program;
            let printer = Printer { prog, types: self.types, objs: self.objs, qualify: self.qualify };
            let mut reporter = Reporter {
                printer,
                sources: self.sources,
                opts: self.opts,
                notes: &mut self.out.notes,
                decisions: &mut self.out.decisions,
                log: &mut self.out.log,
            };
            Solver::new(prog, batch, results, &mut reporter).walk_all();
        }
    }

    /// Lends a reporter on the program as it is.
    fn reporter_on<R>(&mut self, f: impl FnOnce(&mut Reporter<'_>) -> R) -> R {
        let printer = Printer { prog: self.program, types: self.types, objs: self.objs, qualify: self.qualify };
        f(&mut Reporter {
            printer,
            sources: self.sources,
            opts: self.opts,
            notes: &mut self.out.notes,
            decisions: &mut self.out.decisions,
            log: &mut self.out.log,
        })
    }

    fn results(&self, built: &Built, f: FuncId) -> Vec<LocId> {
        let locs = &built.locals[&f];
        self.program.funcs[f].results.iter().filter_map(|&r| locs[r.index()]).collect()
    }

    /// Writes down which variables the literals of the batch capture by value.
    fn settle_captures(&mut self, funcs: &[FuncId], built: &Built) {
        for &f in funcs {
            if !self.program.funcs[f].kind.is_closure() {
                continue;
            }
            for local in self.program.funcs[f].captures.clone() {
                let (owner, var) = canonical(self.program, f, local);
                let Some(&by_value) = built.by_value.get(&(owner, var)) else { continue };
                if let LocalKind::Captured { by_value: v, .. } = &mut self.program.funcs[f].locals[local].kind {
                    *v = by_value;
                }
                if !by_value {
                    let var = &mut self.program.funcs[owner].locals[var];
                    var.captured_by_ref = true;
                    var.addr_taken = true;
                }
            }
        }
    }

    /// Sends what may not be in a frame, however its address is used, to the heap.
    fn force_heap(&mut self, built: &mut Built) {
        for l in built.batch.all() {
            let node = built.batch.locs[l].node;
            let Some(why) = limits::heap_alloc_reason(self.program, self.types, node) else { continue };
            let place = match node {
                Node::Local(f, l) => Place::Local(f, l),
                Node::Expr(f, x) => Place::Expr(f, x),
                Node::None | Node::Dict(_) | Node::Temp { .. } => continue,
            };
            let k = built.batch.note(Hole::to(HEAP).shift(-1), why, || place);
            built.batch.flow(k, l);
        }
    }

    /// Summaries, messages, and marks in the tree.
    fn finish(&mut self, funcs: &[FuncId], built: &Built, summaries: &mut Summaries) {
        for &f in funcs {
            let params = self.tag_params(f, built);
            self.reporter_on(|r| r.params(&built.batch, f, &params));
            summaries.leaks[f] = params.into_iter().map(|p| p.2).collect();
            summaries.state[f] = State::Tagged;
        }
        self.reporter_on(|r| r.stays(&built.batch));
        for l in built.batch.all() {
            self.reporter_on(|r| r.placement(&built.batch, l));
            let loc = &built.batch.locs[l];
            let esc = if loc.has(attr::ESCAPES) { Esc::Heap } else { Esc::Stack };
            match loc.node {
                Node::Local(f, local) => self.program.funcs[f].locals[local].esc = esc,
                Node::Expr(f, x) => {
                    let e = &mut self.program.funcs[f].exprs[x];
                    e.esc = esc;
                    if let ExprKind::StrConv(kind @ StrConv::StrToBytes, _) = &mut e.kind
                        && !loc.has(attr::MUTATES)
                    {
                        *kind = StrConv::StrAsBytes;
                    }
                }
                Node::None | Node::Dict(_) | Node::Temp { .. } => {}
            }
        }
        for &f in funcs {
            for local in self.program.funcs[f].captures.clone() {
                let (owner, var) = canonical(self.program, f, local);
                self.program.funcs[f].locals[local].esc = self.program.funcs[owner].locals[var].esc;
            }
        }
    }

    fn tag_params(&self, f: FuncId, built: &Built) -> Vec<(LocalId, Option<LocId>, Leaks)> {
        let func = &self.program.funcs[f];
        let tag = |&local: &LocalId| {
            let l = &func.locals[local];
            let loc = built.locals[&f][local.index()];
            let mut leaks = Leaks::default();
            if !self.types.has_pointers(l.ty) {
                return (local, loc, leaks);
            }
            if func.pragma.uintptr_escapes && limits::is_uintptrs(self.types, func, local) {
                leaks.add_heap(0);
                return (local, loc, leaks);
            }
            if func.native {
                // Nothing is known of what native code does, unless it promises.
                if func.pragma.noescape {
                    leaks.add_mutator(0);
                    leaks.add_callee(0);
                } else {
                    leaks.add_heap(0);
                }
                return (local, None, leaks);
            }
            if l.name.is_blank() || l.name.is_empty() {
                return (local, loc, leaks);
            }
            if let Some(loc) = loc {
                leaks = built.batch.locs[loc].leaks;
                leaks.optimize();
            }
            (local, loc, leaks)
        };
        func.params.iter().map(tag).collect()
    }
}

/// Allocations the walk did not meet (static initialisers, literals nobody refers to any more): on the heap.
fn settle_rest(program: &mut Program) {
    for f in program.funcs.iter_mut() {
        for e in f.exprs.iter_mut() {
            let allocates = matches!(
                e.kind,
                ExprKind::New(_)
                    | ExprKind::NewValue(_)
                    | ExprKind::PtrLit(_)
                    | ExprKind::SliceLit { .. }
                    | ExprKind::MapLit(_)
                    | ExprKind::MakeSlice { .. }
                    | ExprKind::MakeMap { .. }
                    | ExprKind::Closure(_)
                    | ExprKind::MethodValue { .. }
                    | ExprKind::ConvIface(_)
                    | ExprKind::StrConv(..)
                    | ExprKind::AddStr(_)
                    | ExprKind::Append { .. }
            );
            if allocates && e.esc == Esc::Unknown {
                e.esc = Esc::Heap;
            }
        }
        for l in f.locals.iter_mut() {
            if l.esc == Esc::Unknown {
                l.esc = if l.addr_taken || l.captured_by_ref { Esc::Heap } else { Esc::Stack };
            }
        }
    }
}
