//! Rules for calls, built-in functions, `go` and `defer`.
//!
//! Arguments flow to the callee's parameters while caller and callee are in one batch, and otherwise where
//! the callee's summary says; to the heap where the callee is not known.

#![forbid(unsafe_code)]

use super::build::{Builder, State};
use super::graph::{CALLEE, HEAP, Hole, MUTATOR, Node};
use super::leaks::{Leaks, MAX_RESULTS};
use crate::hir::facts::method_of;
use crate::hir::{Callee, ExprId, ExprKind, FuncId, FuncKind, Program};
use crate::types::{Basic, TypeKind};

impl Builder<'_> {
    /// Whether `func` is being analysed now, so that its parameters are in the graph.
    pub fn in_batch(&self, func: FuncId) -> bool {
        match self.summaries.state[func] {
            State::Tagged => false,
            State::Planned => true,
            State::Unseen => {
                crate::bug!("escape", self.prog.funcs[self.curfn].link_name, "callee {func:?} analysed out of order")
            }
        }
    }

    /// The hole for an argument of a known callee's parameter `param`; results flow to `ks`.
    pub fn tag_hole(&mut self, ks: Option<&[Hole]>, func: FuncId, param: usize) -> Hole {
        if self.prog.funcs[func].kind == FuncKind::Wrapper {
            // Go looks at the method behind a method expression, though that may have another receiver.
            return match method_of(self.prog, func) {
                Some(method) if param > 0 || self.receiver_has_pointers(method) => self.tag_hole(ks, method, param),
                _ => Hole::to(HEAP),
            };
        }
        if self.in_batch(func) {
            return self.param_loc(func, param).map_or(Hole::discard(), Hole::to);
        }
        let leaks = self.summaries.leaks[func].get(param).copied().unwrap_or_else(Leaks::unknown);
        let mut holes = Vec::new();
        if let Some(d) = leaks.heap() {
            holes.push(Hole::to(HEAP).shift(d as i32));
        }
        if let Some(d) = leaks.mutator() {
            holes.push(Hole::to(MUTATOR).shift(d as i32));
        }
        if let Some(d) = leaks.callee() {
            holes.push(Hole::to(CALLEE).shift(d as i32));
        }
        if let Some(ks) = ks {
            for (i, k) in ks.iter().enumerate().take(MAX_RESULTS) {
                if let Some(d) = leaks.result(i) {
                    holes.push(k.shift(d as i32));
                }
            }
        }
        self.tee(&holes)
    }

    fn receiver_has_pointers(&mut self, method: FuncId) -> bool {
        let f = &self.prog.funcs[method];
        let recv = f.params.first().filter(|_| f.has_recv).map(|&l| f.locals[l].ty);
        recv.is_some_and(|ty| self.has_pointers(ty))
    }

    fn merged_tag_hole(&mut self, ks: Option<&[Hole]>, callees: &[FuncId], param: usize) -> Hole {
        if callees.is_empty() {
            return Hole::to(HEAP);
        }
        let holes: Vec<Hole> = callees.iter().map(|&f| self.tag_hole(ks, f, param)).collect();
        self.tee(&holes)
    }

    fn argument(&mut self, k: Hole, call: ExprId, arg: ExprId) {
        let k = self.note_expr(k, call, "call parameter");
        self.expr(k, arg);
    }

    /// Evaluates a call; `ks` are the holes of its results, `None` in a statement.
    pub fn call(&mut self, ks: Option<&[Hole]>, x: ExprId) {
        let prog: &Program = self.prog;
        let k0 = ks.and_then(|ks| ks.first().copied()).unwrap_or_else(Hole::discard);
        use ExprKind::*;
        match &prog.funcs[self.curfn].exprs[x].kind {
            Call { callee, args, .. } => {
                let mut args = args.as_slice();
                let callees = match *callee {
                    Callee::Static(_) if prog.funcs[self.curfn].exprs[x].implicit => Vec::new(),
                    Callee::Static(f) => vec![f],
                    Callee::Value(f) => self.value_callees(f),
                    Callee::Interface { .. } => Vec::new(),
                };
                if let Some(ks) = ks {
                    for &f in &callees {
                        if self.in_batch(f) {
                            for (i, loc) in self.result_locs(f).into_iter().enumerate() {
                                let Some(&k) = ks.get(i) else { break };
                                let pointers = self.loc_has_pointers(loc);
                                let k = if k.derefs >= 0 && !pointers { Hole::discard() } else { k };
                                self.batch.flow(k, loc);
                            }
                        }
                    }
                }
                match *callee {
                    Callee::Static(f) => {
                        // The receiver comes first, as in the call.
                        debug_assert_eq!(args.len(), prog.funcs[f].params.len());
                    }
                    Callee::Value(f) => {
                        let mut k = Hole::discard();
                        let wanted = ks.is_some_and(|ks| ks.iter().any(|&k| !self.is_blank(k)));
                        if callees.is_empty() && wanted {
                            // What is called is not known and its results matter: if it is one of our
                            // literals, its results must be taken to escape.
                            k = self.note_expr(Hole::to(CALLEE), x, "callee operand");
                        }
                        self.expr(k, f);
                    }
                    Callee::Interface { recv, .. } => {
                        self.argument(Hole::to(HEAP), x, recv);
                        for &arg in args {
                            self.argument(Hole::to(HEAP), x, arg);
                        }
                        args = &[];
                    }
                }
                for (i, &arg) in args.iter().enumerate() {
                    self.save_pointers(arg, &callees);
                    let k = self.merged_tag_hole(ks, &callees, i);
                    self.argument(k, x, arg);
                }
            }
            Append { slice, args, spread } => {
                // The old backing array may be the result's; or a new one is made and the elements copied.
                let elem = self.elem(*slice);
                let elem_pointers = elem.is_some_and(|e| self.has_pointers(e));
                let mut k = self.tee(&[k0, Hole::to(MUTATOR)]);
                if elem_pointers {
                    let heap = self.note_expr(Hole::to(HEAP).shift(1), x, "appendee slice");
                    k = self.tee(&[k, heap]);
                }
                self.argument(k, x, *slice);
                if *spread {
                    for &arg in args {
                        let mut k = Hole::discard();
                        if self.elem(arg).is_some_and(|e| self.has_pointers(e)) {
                            k = self.note_expr(Hole::to(HEAP).shift(1), x, "appended slice...");
                        }
                        self.argument(k, x, arg);
                    }
                } else {
                    for &arg in args {
                        self.argument(Hole::to(HEAP), x, arg);
                    }
                }
                // A new backing array; a flag at run time keeps loops from using its storage twice.
                let backing = self.spill(k0, x);
                self.batch.locs[backing.dst].loop_depth = 0;
            }
            Copy { dst, src } => {
                self.argument(Hole::to(MUTATOR), x, *dst);
                let mut k = Hole::discard();
                if self.elem(*src).is_some_and(|e| self.has_pointers(e)) {
                    k = self.note_expr(Hole::to(HEAP).shift(1), x, "copied slice");
                }
                self.argument(k, x, *src);
            }
            Panic(y) => self.argument(Hole::to(HEAP), x, *y),
            Clear(y) => self.argument(Hole::to(MUTATOR), x, *y),
            Min(args) | Max(args) => {
                for &arg in args {
                    self.argument(k0, x, arg);
                }
            }
            Print { args, .. } => {
                for &arg in args {
                    self.discard(arg);
                }
            }
            Recover => {}
            UnsafeSliceData(y) | UnsafeStringData(y) => self.argument(k0, x, *y),
            UnsafeAdd(y, z) | UnsafeSlice(y, z) | UnsafeString(y, z) => {
                self.argument(k0, x, *y);
                self.discard(*z);
            }
            Init { stmts, x } => {
                self.stmts(stmts);
                self.call(ks, *x);
            }
            _ => self.expr(k0, x),
        }
    }

    /// Pointers that are converted to integers as arguments of functions that ask for it live, in variables
    /// of their own, until the call is over.
    fn save_pointers(&mut self, arg: ExprId, callees: &[FuncId]) {
        let prog: &Program = self.prog;
        let pragma = |f: &FuncId| prog.funcs[*f].pragma;
        let escapes = callees.iter().any(|f| pragma(f).uintptr_escapes);
        if !escapes && !callees.iter().any(|f| pragma(f).uintptr_keep_alive) {
            return;
        }
        let exprs = &prog.funcs[self.curfn].exprs;
        let values: Vec<ExprId> = match &exprs[arg].kind {
            ExprKind::SliceLit { elems, .. } => elems.iter().map(|e| e.value).collect(),
            _ => vec![arg],
        };
        for x in values {
            let ExprKind::Conv(pointer) = exprs[x].kind else { continue };
            let (from, to) = (self.types.basic(exprs[pointer].ty), self.types.basic(exprs[x].ty));
            if from != Some(Basic::UnsafePointer) || to != Some(Basic::Uintptr) {
                continue;
            }
            let variable = self.temp(exprs[pointer].pos, exprs[pointer].ty);
            let k = self.note_expr(Hole::to(variable), pointer, "assign");
            self.expr(k, pointer);
            let k = match escapes {
                true => self.note_expr(Hole::to(HEAP), x, "//go:uintptrescapes"),
                false => Hole::to(MUTATOR),
            };
            self.batch.flow(k, variable);
            self.saved.insert((self.curfn, x));
        }
    }

    fn loc_has_pointers(&mut self, loc: super::graph::LocId) -> bool {
        match self.batch.locs[loc].node {
            Node::Local(f, l) => {
                let ty = self.prog.funcs[f].locals[l].ty;
                self.has_pointers(ty)
            }
            _ => true,
        }
    }

    /// The functions that a function value may be, where all are known.
    fn value_callees(&mut self, f: ExprId) -> Vec<FuncId> {
        let mut callees = self.facts.callees(self.prog, self.types, self.curfn, f);
        // Literals that are no part of the program any more, since all calls of the function they stand in are
        // inlined, are in no batch, and never called.
        callees.retain(|&f| !matches!(self.summaries.state[f], State::Unseen));
        callees
    }

    /// The element type of a slice.
    fn elem(&self, x: ExprId) -> Option<crate::types::TypeId> {
        match *self.types.underlying_kind(self.prog.funcs[self.curfn].exprs[x].ty) {
            TypeKind::Slice(elem) => Some(elem),
            _ => None,
        }
    }

    /// A `go` or `defer` statement: its call has neither operands nor results.
    pub fn go_defer(&mut self, x: ExprId, is_defer: bool) {
        let prog: &Program = self.prog;
        let k = if is_defer && self.loop_depth == 1 {
            // Runs once, before the frame goes; but what it needs must last until then.
            self.later(Hole::discard())
        } else {
            Hole::to(HEAP)
        };
        match &prog.funcs[self.curfn].exprs[x].kind {
            ExprKind::Call { callee: Callee::Value(f), .. } => self.expr(k, *f),
            ExprKind::Call { callee: Callee::Static(_), args, .. } if args.is_empty() => {}
            ExprKind::Init { stmts, x } => {
                self.stmts(stmts);
                self.go_defer(*x, is_defer);
            }
            _ => crate::bug!("escape", prog.funcs[self.curfn].link_name, "go or defer of a call with operands"),
        }
    }
}
