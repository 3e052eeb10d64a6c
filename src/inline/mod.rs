#![forbid(unsafe_code)]
//! Calls made cheaper before escape analysis: interface calls whose receiver's type is known become direct,
//! and small functions are put in the place of their calls.
//!
//! Which functions, and where, is Go's decision, taken by its rules: `-m` says so line by line, and where
//! variables live depends on it. A function *can be inlined* if its nodes, counted as Go's compiler has them,
//! stay within a budget ([`cost`]). Calls are replaced callees first, innermost calls first, from the
//! functions' bodies as they were written; calls in what was put in come next, until nothing changes. It ends
//! because a function is not inlined into what came from inlining it.

mod cost;
mod devirtualize;
mod expand;
mod settle;

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use self::cost::{BIG_FUNCTION_MAX_COST, BIG_FUNCTION_NODES, CLOSURE_CALLED_ONCE_COST, MAX_BUDGET, Visitor};
use self::devirtualize::Devirtualizer;
use crate::diag::{Diagnostic, LogEntry, Severity};
use crate::hir::facts::{Facts, static_callee};
use crate::hir::lower::analyse_variables;
use crate::hir::order::{functions, outermost};
use crate::hir::print::Printer;
use crate::hir::scc::batches;
use crate::hir::visit::{Part, init_stmts, operands, parts};
use crate::hir::{Callee, ExprId, ExprKind, Func, FuncId, FuncKind, LocalId, Program, Stmt, StmtKind};
use crate::index::{Id, IndexVec, Symbol};
use crate::source::{Inlined, Pos, SourceMap, Span};
use crate::types::{Objects, PkgId, TypeId, Types};

/// What to do and to report.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// `-m`: 0 nothing, 1 decisions, 2 costs and reasons too.
    pub m: u8,
    /// `-l`: calls are made direct only.
    pub no_inline: bool,
    /// Decisions are logged for `-json`.
    pub log: bool,
    /// Import path of the package whose functions are reported.
    pub pkg: Symbol,
}

impl Options {
    /// Whether costs and reasons are wanted.
    fn details(&self) -> bool {
        self.m > 1 || self.log
    }
}

/// What the pass says.
#[derive(Debug, Default)]
pub struct Report {
    /// `-m` lines, in Go's order.
    pub notes: Vec<Diagnostic>,
    pub log: Vec<LogEntry>,
}

/// Whether a function can be inlined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    No,
    Cost(i32),
}

/// State of the pass.
pub struct Inliner<'p> {
    pub prog: &'p mut Program,
    pub types: &'p Types,
    pub sources: &'p mut SourceMap,
    objs: &'p Objects,
    qualify: &'p dyn Fn(PkgId) -> String,
    opts: Options,
    facts: Facts,
    devirtualizer: Devirtualizer,
    verdicts: FxHashMap<FuncId, Verdict>,
    /// Functions as they were before anything was inlined into them.
    originals: FxHashMap<FuncId, Rc<Func>>,
    /// Inlined calls that are not plain values: the variables of their results.
    results: FxHashMap<(FuncId, ExprId), Vec<LocalId>>,
    changed: FxHashSet<FuncId>,
    report: Report,
    /// Package of the function that is being inlined into.
    pkg_inlined_into: Symbol,
}

/// The calls of a function where inlining is tried.
#[derive(Default)]
struct Sites {
    calls: Vec<ExprId>,
    /// Known callees.
    resolved: Vec<Option<FuncId>>,
    /// Calls of `go` and `defer` statements.
    deferred: FxHashSet<ExprId>,
    is_big: bool,
}

/// Rewrites a whole program.
pub fn run<'p>(
    prog: &'p mut Program,
    types: &'p Types,
    objs: &'p Objects,
    sources: &'p mut SourceMap,
    qualify: &'p dyn Fn(PkgId) -> String,
    opts: Options,
) -> Report {
    let facts = if opts.no_inline { Facts::default() } else { Facts::new(prog, types) };
    let devirtualizer = Devirtualizer::new(prog, types);
    let mut inliner = Inliner {
        prog,
        types,
        sources,
        objs,
        qualify,
        opts,
        facts,
        devirtualizer,
        verdicts: FxHashMap::default(),
        originals: FxHashMap::default(),
        results: FxHashMap::default(),
        changed: FxHashSet::default(),
        report: Report::default(),
        pkg_inlined_into: Symbol::default(),
    };
    inliner.run();
    inliner.report
}

/// A function without anything, to stand where one was taken out.
fn placeholder() -> Func {
    Func {
        link_name: Symbol::default(),
        name: Symbol::default(),
        pkg: Symbol::default(),
        kind: FuncKind::Declared,
        pos: Pos::NONE,
        end: Pos::NONE,
        sig: Types::INVALID,
        written: Types::INVALID,
        params: Vec::new(),
        has_recv: false,
        results: Vec::new(),
        captures: Vec::new(),
        parent: None,
        locals: IndexVec::new(),
        exprs: IndexVec::new(),
        labels: IndexVec::new(),
        body: Vec::new(),
        native: false,
        pragma: crate::hir::Pragma::default(),
        has_defer: false,
        has_recover: false,
        temps: FxHashMap::default(),
        spelled: FxHashMap::default(),
        dict: Symbol::default(),
        repeats: false,
        in_instance: false,
    }
}

impl Inliner<'_> {
    fn run(&mut self) {
        let worked_on = |p: &Program, f: FuncId| {
            !p.funcs[f].native && !matches!(p.funcs[f].kind, FuncKind::Wrapper | FuncKind::MethodValue)
        };
        let order = batches(self.prog);
        if !self.opts.no_inline {
            for &f in order.iter().flatten() {
                if worked_on(self.prog, f) {
                    self.can_inline(f);
                }
            }
        }
        let mut uses: FxHashMap<FuncId, u32> = FxHashMap::default();
        let mut sites: FxHashMap<FuncId, Sites> = FxHashMap::default();
        for f in functions(self.prog) {
            if !worked_on(self.prog, f) {
                continue;
            }
            let mut s = Sites::default();
            collect(&self.prog.funcs[f], &self.prog.funcs[f].body, &mut s, 0);
            s.is_big = !self.opts.no_inline && self.is_big(f);
            if s.is_big && self.opts.m > 1 {
                let message =
                    format!("function {} considered 'big'; reducing max cost of inlinees", self.prog.funcs[f].name);
                self.say(f, self.prog.funcs[f].pos, message);
            }
            for i in 0..s.calls.len() {
                self.resolve(f, &mut s, i, &mut uses);
            }
            sites.insert(f, s);
        }
        if self.opts.no_inline {
            return;
        }
        for batch in &order {
            loop {
                let mut changed = false;
                for &f in batch {
                    let Some(mut s) = sites.remove(&f) else { continue };
                    changed |= self.edit_function(f, &mut s, &mut uses);
                    sites.insert(f, s);
                }
                if !changed {
                    break;
                }
            }
        }
        self.settle();
        let mut roots: Vec<FuncId> = self.changed.iter().map(|&f| outermost(self.prog, f)).collect();
        roots.sort_unstable();
        roots.dedup();
        for root in roots {
            analyse_variables(self.prog, root, self.types);
        }
    }

    /// Adds a message about function `f`.
    fn say(&mut self, f: FuncId, pos: Pos, message: String) {
        if self.opts.m > 0 && self.prog.funcs[f].pkg == self.opts.pkg && !self.prog.funcs[f].repeats {
            let pos = self.sources.outermost(pos);
            let note = Diagnostic::error("Inline", Span::new(pos, pos), message);
            self.report.notes.push(Diagnostic { severity: Severity::Note, ..note });
        }
    }

    /// Logs a decision about function `f`.
    fn log(&mut self, f: FuncId, pos: Pos, code: &'static str, message: String) {
        if self.opts.log && self.prog.funcs[f].pkg == self.opts.pkg && !self.prog.funcs[f].repeats {
            self.report.log.push(LogEntry { pos, code, message, related: Vec::new() });
        }
    }

    /// Decides once and for all whether a function can be inlined.
    fn can_inline(&mut self, f: FuncId) {
        if self.verdicts.contains_key(&f) {
            return;
        }
        let func = &self.prog.funcs[f];
        let (pos, name) = (self.declaration(f), func.name);
        let budget = if func.kind.is_closure() { CLOSURE_CALLED_ONCE_COST } else { MAX_BUDGET };
        let mut reason = None;
        if func.pragma.noinline {
            reason = Some("marked go:noinline".to_owned());
        } else if func.pragma.uintptr_keep_alive && !func.native {
            reason = Some("marked as having a keep-alive uintptr argument".to_owned());
        } else if func.pragma.uintptr_escapes {
            reason = Some("marked as having an escaping uintptr argument".to_owned());
        } else if func.native {
            reason = Some("no function body".to_owned());
        }
        let mut cost = 0;
        if reason.is_none() {
            self.verdicts.insert(f, Verdict::No);
            let is_big = self.is_big(f);
            // For `-m=2` all is counted.
            let limit = if self.opts.details() { i32::MAX } else { budget };
            let mut visitor = Visitor { inliner: self, func: f, is_big, cost: 0, limit, reason: None, plain: false };
            visitor.count_body();
            cost = visitor.cost;
            reason = visitor.reason.take();
            if reason.is_none() && cost > budget {
                reason = Some(format!("function too complex: cost {cost} exceeds budget {budget}"));
            }
        }
        let is_init = self.prog.funcs[f].kind == FuncKind::Init;
        match reason {
            Some(reason) => {
                self.verdicts.insert(f, Verdict::No);
                if self.opts.m > 1 {
                    self.say(f, pos, format!("cannot inline {name}: {reason}"));
                }
                self.log(f, pos, "cannotInlineFunction", reason);
            }
            None => {
                self.verdicts.insert(f, Verdict::Cost(cost));
                if !is_init {
                    let more = if self.opts.m > 1 {
                        format!(" with cost {cost} as: {}", self.as_text(f))
                    } else {
                        String::new()
                    };
                    self.say(f, pos, format!("can inline {name}{more}"));
                    self.log(f, pos, "canInlineFunction", format!("cost: {cost}"));
                }
            }
        }
    }

    /// Where Go says a function is: behind the word `func`.
    fn declaration(&self, f: FuncId) -> Pos {
        let func = &self.prog.funcs[f];
        if func.kind != FuncKind::Declared || !func.has_recv {
            return self.sources.original(func.pos);
        }
        let Some((_, file)) = self.sources.lookup(func.pos) else { return func.pos };
        let head = &file.text[..(self.sources.original(func.pos).0 - file.lo.0) as usize];
        let Some(at) = head.windows(4).rposition(|w| w == b"func") else { return func.pos };
        let blanks = head[at + 4..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        file.lo.offset((at + 4 + blanks) as u32)
    }

    /// A function as `-m=2` prints it.
    fn as_text(&self, f: FuncId) -> String {
        let printer = self.printer();
        let func = &self.prog.funcs[f];
        let recv = match func.params.first() {
            Some(&recv) if func.has_recv => format!("method({}) ", printer.ty(func.locals[recv].ty)),
            _ => String::new(),
        };
        format!("{recv}{} {{ {} }}", printer.ty(func.written), printer.body(f, &func.body))
    }

    pub fn printer(&self) -> Printer<'_> {
        Printer { prog: self.prog, types: self.types, objs: self.objs, qualify: self.qualify }
    }

    fn is_big(&mut self, f: FuncId) -> bool {
        // Every node is an expression or a statement: few expressions, small function.
        if (self.prog.funcs[f].exprs.len() as i32) < BIG_FUNCTION_NODES / 4 {
            return false;
        }
        let limit = BIG_FUNCTION_NODES;
        let mut visitor = Visitor { inliner: self, func: f, is_big: false, cost: 0, limit, reason: None, plain: true };
        visitor.count_body();
        visitor.cost >= BIG_FUNCTION_NODES
    }

    /// The cost of a function that can be inlined.
    pub fn inlinable_cost(&self, f: FuncId) -> Option<i32> {
        match self.verdicts.get(&f) {
            Some(&Verdict::Cost(cost)) => Some(cost),
            _ => None,
        }
    }

    /// The function behind a callee, if there is one and its literal, if it is one, stands in `caller`.
    pub fn callee(&mut self, caller: FuncId, callee: Callee, resolve_only: bool) -> Option<FuncId> {
        let (f, x) = match callee {
            Callee::Static(f) => return Some(f),
            Callee::Interface { .. } => return None,
            Callee::Value(x) => self.facts.static_value(self.prog, self.types, caller, x),
        };
        let target = static_callee(self.prog, f, x)?;
        let func = &self.prog.funcs[target];
        if func.kind.is_closure() {
            if (!func.captures.is_empty() || func.in_instance) && func.parent != Some(caller) {
                return None;
            }
            if !resolve_only {
                self.can_inline(target);
            }
        }
        Some(target)
    }

    /// Whether Go calls the method through the dictionary of an instance.
    pub fn is_dynamic(&self, f: FuncId, call: ExprId) -> bool {
        let e = &self.prog.funcs[f].exprs[call];
        e.implicit && matches!(e.kind, ExprKind::Call { callee: Callee::Static(_), .. })
    }

    /// Calls that count as any other node, though they are inlined: Go's compiler knows that they cost little.
    pub fn is_cheap(&self, f: FuncId) -> bool {
        let func = &self.prog.funcs[f];
        let name = func.link_name.as_str();
        let width = |s: &str| matches!(s, "Uint16" | "Uint32" | "Uint64");
        let access = |s: &str| width(s) || s.strip_prefix("Put").or(s.strip_prefix("Append")).is_some_and(width);
        match func.pkg.as_str() {
            "internal/abi" => name == "internal/abi.NoEscape",
            "encoding/binary" => name
                .strip_prefix("encoding/binary.littleEndian.")
                .or(name.strip_prefix("encoding/binary.bigEndian."))
                .is_some_and(access),
            "internal/byteorder" => name
                .strip_prefix("internal/byteorder.")
                .and_then(|s| s.strip_prefix("LE").or(s.strip_prefix("BE")))
                .is_some_and(access),
            _ => false,
        }
    }

    /// Calls that the compiler replaces by instructions cost nothing and are not inlined.
    pub fn is_intrinsic(&self, f: FuncId) -> bool {
        let func = &self.prog.funcs[f];
        let name = func.link_name.as_str();
        match func.pkg.as_str() {
            "math" => matches!(
                name,
                "math.sqrt" | "math.FMA" | "math.Floor" | "math.Ceil" | "math.Trunc" | "math.RoundToEven"
            ),
            "sync/atomic" => !func.has_recv,
            "math/bits" => matches!(
                name.trim_start_matches("math/bits."),
                "TrailingZeros64"
                    | "TrailingZeros32"
                    | "TrailingZeros16"
                    | "TrailingZeros8"
                    | "Len64"
                    | "Len32"
                    | "Len16"
                    | "Len8"
                    | "Len"
                    | "OnesCount64"
                    | "OnesCount32"
                    | "OnesCount16"
                    | "OnesCount"
                    | "RotateLeft8"
                    | "RotateLeft16"
                    | "RotateLeft32"
                    | "RotateLeft64"
                    | "RotateLeft"
                    | "ReverseBytes64"
                    | "ReverseBytes32"
                    | "Mul64"
                    | "Mul"
                    | "Add64"
                    | "Add"
                    | "Sub64"
                    | "Sub"
                    | "Div64"
                    | "Div"
            ),
            _ => false,
        }
    }

    /// Whether this call of `callee` is cheap enough, and no recursion.
    pub fn fits(&self, caller: FuncId, call: ExprId, callee: FuncId, is_big: bool, called_once: bool) -> bool {
        let Some(cost) = self.inlinable_cost(callee) else { return false };
        if cost > self.max_cost(callee, is_big, called_once) {
            return false;
        }
        let name = self.prog.funcs[callee].link_name.as_str();
        let here = self.prog.funcs[caller].exprs[call].pos;
        let same_place = |p: Pos| self.sources.original(p) == self.sources.original(here);
        !self.inlined_into(here, |range| range.func == name || same_place(range.call))
    }

    /// What a call of `callee` may cost in a function to be replaced.
    fn max_cost(&self, callee: FuncId, is_big: bool, called_once: bool) -> i32 {
        let mut max = if is_big { BIG_FUNCTION_MAX_COST } else { MAX_BUDGET };
        if self.prog.funcs[callee].kind.is_closure() {
            max *= 2;
            if called_once {
                max = max.max(CLOSURE_CALLED_ONCE_COST);
            }
        }
        max
    }

    /// Whether the code at `pos` came from an inlined call that satisfies `what`.
    fn inlined_into(&self, mut pos: Pos, what: impl Fn(&Inlined) -> bool) -> bool {
        while let Some((_, range)) = self.sources.inlined_at(pos) {
            if what(range) {
                return true;
            }
            pos = range.call;
        }
        false
    }

    /// A function as it was written.
    pub fn pristine(&mut self, f: FuncId) -> Rc<Func> {
        self.originals.entry(f).or_insert_with(|| Rc::new(self.prog.funcs[f].clone())).clone()
    }

    /// Takes note of a copied literal.
    fn adopt(&mut self, f: FuncId, old: &Func) {
        debug_assert_eq!(self.prog.funcs[f].exprs.len(), old.exprs.len());
        self.changed.insert(f);
    }

    /// Names a copied literal as Go does: after the function it was inlined from (`around`: or the literal it
    /// is in), with its number there.
    fn name_copy(&self, copy: &mut Func, source: &Func, caller: &Func, around: Option<&Func>) {
        let name = copy.name.as_str();
        let digits = name.len() - name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let number = name[name.len() - digits..].to_owned();
        let suffix = match (copy.kind, around) {
            (FuncKind::RangeBody, _) => format!("-range{number}"),
            (_, Some(_)) => format!(".{number}"),
            (_, None) if caller.kind.is_closure() => format!(".{number}"),
            (_, None) => format!(".func{number}"),
        };
        let outer = around.unwrap_or(source);
        copy.link_name = Symbol::new(&format!("{}{suffix}", outer.link_name));
        copy.name = Symbol::new(&format!("{}{suffix}", outer.name));
    }

    /// Looks for the callee of call number `i`, and counts its use; the number of uses so far.
    fn resolve(
        &mut self,
        f: FuncId,
        s: &mut Sites,
        i: usize,
        uses: &mut FxHashMap<FuncId, u32>,
    ) -> Option<(FuncId, u32)> {
        if let Some(&Some(callee)) = s.resolved.get(i) {
            return Some((callee, uses[&callee]));
        }
        let x = s.calls[i];
        let ExprKind::Call { callee, .. } = self.prog.funcs[f].exprs[x].kind else { return None };
        if s.deferred.contains(&x) {
            return None;
        }
        if let Callee::Interface { .. } = callee {
            self.pristine(f);
            let said =
                self.devirtualizer.rewrite(self.prog, self.types, self.objs, self.sources, self.qualify, (f, x))?;
            self.say(f, self.prog.funcs[f].exprs[x].pos, said);
        }
        if self.opts.no_inline {
            return None;
        }
        let ExprKind::Call { callee, .. } = self.prog.funcs[f].exprs[x].kind else { return None };
        if self.is_dynamic(f, x) {
            return None;
        }
        let callee = self.callee(f, callee, true)?;
        if self.is_intrinsic(callee) {
            return None;
        }
        s.resolved.resize(s.resolved.len().max(i + 1), None);
        s.resolved[i] = Some(callee);
        let count = uses.entry(callee).or_default();
        *count += 1;
        Some((callee, *count))
    }

    /// Inlines what can be in `f`; whether anything changed.
    fn edit_function(&mut self, f: FuncId, s: &mut Sites, uses: &mut FxHashMap<FuncId, u32>) -> bool {
        let mut changed = false;
        let (mut from, mut to) = (0, s.calls.len());
        while from < to {
            for i in from..to {
                changed |= self.edit(f, s, i, uses);
            }
            (from, to) = (to, s.calls.len());
            for i in from..to {
                self.resolve(f, s, i, uses);
            }
        }
        changed
    }

    fn edit(&mut self, f: FuncId, s: &mut Sites, i: usize, uses: &mut FxHashMap<FuncId, u32>) -> bool {
        let x = s.calls[i];
        let Some((callee, count)) = self.resolve(f, s, i, uses) else { return false };
        let ExprKind::Call { callee: how, ref args, .. } = self.prog.funcs[f].exprs[x].kind else { return false };
        let args = args.clone();
        let is_closure = self.prog.funcs[callee].kind.is_closure();
        // Asked again: what was known of function values may have changed.
        if self.callee(f, how, false) != Some(callee) {
            return false;
        }
        if !self.fits(f, x, callee, s.is_big, count == 1 && is_closure) {
            self.say_why_not(f, x, callee, s.is_big, count == 1 && is_closure);
            return false;
        }
        let pos = self.prog.funcs[f].exprs[x].pos;
        if args.len() != self.prog.funcs[callee].params.len() {
            return false;
        }
        self.pristine(f);
        let first_new = self.prog.funcs[f].exprs.len();
        let Some(expansion) = self.expand(f, callee, &args, pos) else { return false };
        let name = self.prog.funcs[callee].name;
        self.say(f, pos, format!("inlining call to {name}"));

        let mut stmts = self.effects_of(f, how);
        stmts.extend(expansion.stmts);
        self.facts.extend(self.prog, self.types, f, &stmts);
        self.devirtualizer.extend(self.prog, self.types, f, &stmts);
        self.devirtualizer.results(f, x, expansion.results.clone());
        collect(&self.prog.funcs[f], &stmts, s, first_new);

        let (result, ty) = match expansion.results.first() {
            Some(&r) => (ExprKind::Local(r), self.prog.funcs[f].locals[r].ty),
            None => (ExprKind::Zero, Types::EMPTY_TUPLE),
        };
        let result = self.add(f, result, ty, pos);
        self.prog.funcs[f].exprs[x].kind = ExprKind::Init { stmts, x: result };
        self.results.insert((f, x), expansion.results);
        self.changed.insert(f);
        true
    }

    /// Reports that a call of a function that can be inlined is not replaced.
    fn say_why_not(&mut self, f: FuncId, call: ExprId, callee: FuncId, is_big: bool, called_once: bool) {
        let Some(cost) = self.inlinable_cost(callee) else { return };
        let pos = self.prog.funcs[f].exprs[call].pos;
        let (name, link) = (self.prog.funcs[callee].name, self.prog.funcs[callee].link_name);
        let max = self.max_cost(callee, is_big, called_once);
        let here = self.sources.original(pos);
        let again = self.inlined_into(pos, |range| self.sources.original(range.call) == here);
        let message = if cost > max {
            format!("cost {cost} of {link} exceeds max caller cost {max}")
        } else if again {
            String::new()
        } else {
            let into = self.prog.funcs[f].name;
            if self.opts.m > 1 {
                self.say(f, pos, format!("cannot inline {name} into {into}: repeated recursive cycle"));
            }
            format!("repeated recursive cycle to {link}")
        };
        self.log(f, pos, "cannotInlineCall", message);
    }

    fn add(&mut self, f: FuncId, kind: ExprKind, ty: TypeId, pos: Pos) -> ExprId {
        let span = Span::new(pos, pos);
        let esc = crate::hir::Esc::Unknown;
        self.prog.funcs[f].exprs.push(crate::hir::Expr { kind, ty, pos, span, esc, implicit: false })
    }

    /// What evaluating the callee does beside naming a function: calls in it that were inlined.
    fn effects_of(&mut self, f: FuncId, callee: Callee) -> Vec<Stmt> {
        let Callee::Value(mut x) = callee else { return Vec::new() };
        let mut stmts = Vec::new();
        loop {
            match &mut self.prog.funcs[f].exprs[x].kind {
                ExprKind::Conv(y) | ExprKind::Paren(y) => x = *y,
                ExprKind::Init { stmts: own, x: y } => {
                    stmts.append(own);
                    x = *y;
                }
                _ => return stmts,
            }
        }
    }
}

/// Appends the calls in a list of statements, innermost first, from expression number `first` on.
fn collect(func: &Func, list: &[Stmt], sites: &mut Sites, first: usize) {
    for stmt in list {
        collect_stmt(func, stmt, sites, first);
    }
}

fn collect_stmt(func: &Func, stmt: &Stmt, sites: &mut Sites, first: usize) {
    if let StmtKind::Go(x) | StmtKind::Defer(x) = stmt.kind {
        sites.deferred.insert(x);
    }
    parts(stmt, &mut |part| match part {
        Part::Expr(x) => collect_expr(func, x, sites, first),
        Part::Decl(_) => {}
        Part::Stmt(s) => collect_stmt(func, s, sites, first),
        Part::Body(b) => collect(func, b, sites, first),
    });
}

fn collect_expr(func: &Func, x: ExprId, sites: &mut Sites, first: usize) {
    if x.index() < first {
        // An argument: its calls are known already.
        return;
    }
    let kind = &func.exprs[x].kind;
    collect(func, init_stmts(kind), sites, first);
    operands(kind, &mut |y| collect_expr(func, y, sites, first));
    if let ExprKind::Call { .. } = kind {
        sites.calls.push(x);
    }
}
