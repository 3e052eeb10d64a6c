//! Slices that grow in the frame and move to the heap once they are done.
//!
//! A slice that is built by `append` and then returned escapes, and with it every array it had on the way.
//! But until that moment nobody else may know of its arrays: the variable is *exclusive*. If all the uses of
//! a variable keep it exclusive, except for one statement outside of loops, its first array may lie in the
//! frame, provided that the statement first moves the slice to the heap. Its `append`s then count as not
//! escaping, and [`StmtKind::MoveToHeap`] stands before the statement.
//!
//! As in Go (`cmd/compile/internal/slice`), whose choice of variables shows in programs: a slice that moved has
//! another capacity than one that grew on the heap. (Go also moves slices that are only ranged over and do not
//! escape.) Runs after placements are settled and reported; no message knows of it.

#![forbid(unsafe_code)]

use rustc_hash::FxHashMap;

use super::leaks::Leaks;
use crate::hir::facts::{Facts, static_callee};
use crate::hir::visit::{Part, init_stmts, lists_mut, operands, parts};
use crate::hir::{
    Callee, Esc, ExprId, ExprKind, Func, FuncId, LocalId, LocalKind, MoveToHeap, Program, Stmt, StmtKind,
};
use crate::index::IndexVec;
use crate::source::Pos;
use crate::types::{TypeKind, Types};

/// Larger elements have no array in the frame, in bytes.
const MAX_ELEM: u64 = 32;

/// `append`s, each counted once more for every loop around it, from which on it is worth it.
const MIN_WEIGHT: u32 = 2;

/// Finds such variables in all functions and has them move.
pub fn run(prog: &mut Program, types: &Types, facts: &Facts, leaks: &IndexVec<FuncId, Vec<Leaks>>) {
    for func in prog.funcs.ids() {
        let moved = find(prog, types, facts, leaks, func);
        if !moved.is_empty() {
            apply(&mut prog.funcs[func], moved);
        }
    }
}

/// What is known of a slice variable.
#[derive(Debug, Default)]
struct Slice {
    /// Uses that keep it exclusive, or are the transition.
    understood: u32,
    uses: u32,
    /// The statement after which others know the array.
    transition: Option<Pos>,
    /// A use that others may know the array from at any time.
    dropped: bool,
    appends: Vec<ExprId>,
    weight: u32,
    /// Loops around its declaration.
    depth: u32,
    /// Its capacity, or what lies between length and capacity, may be seen.
    capacity: bool,
}

fn find(
    prog: &Program,
    types: &Types,
    facts: &Facts,
    leaks: &IndexVec<FuncId, Vec<Leaks>>,
    func: FuncId,
) -> Vec<(LocalId, Slice)> {
    let f = &prog.funcs[func];
    let mut slices: FxHashMap<LocalId, Slice> = FxHashMap::default();
    for e in f.exprs.iter() {
        if let ExprKind::Append { slice, .. } = e.kind
            && let ExprKind::Local(l) = f.exprs[slice].kind
            && !matches!(f.locals[l].kind, LocalKind::Captured { .. })
            && let TypeKind::Slice(elem) = *types.underlying_kind(f.locals[l].ty)
            && types.size_of(elem) <= MAX_ELEM
        {
            slices.entry(l).or_default();
        }
    }
    if slices.is_empty() {
        return Vec::new();
    }
    let mut walk = Walk { prog, types, facts, leaks, func, f, slices, depth: 0 };
    walk.body(&f.body);
    // Those that do not escape at all may stay.
    let escapes = |s: &Slice| s.appends.iter().any(|&x| f.exprs[x].esc == Esc::Heap);
    let mut found: Vec<_> = walk.slices.into_iter().filter(|(_, s)| s.moves() && escapes(s)).collect();
    found.sort_unstable_by_key(|&(l, _)| l);
    found
}

impl Slice {
    fn moves(&self) -> bool {
        !self.dropped && self.understood == self.uses && self.transition.is_some() && self.weight >= MIN_WEIGHT
    }
}

struct Walk<'a> {
    prog: &'a Program,
    types: &'a Types,
    facts: &'a Facts,
    leaks: &'a IndexVec<FuncId, Vec<Leaks>>,
    func: FuncId,
    f: &'a Func,
    slices: FxHashMap<LocalId, Slice>,
    /// Loops around the current statement.
    depth: u32,
}

impl<'a> Walk<'a> {
    fn local(&self, x: ExprId) -> Option<LocalId> {
        match self.f.exprs[x].kind {
            ExprKind::Local(l) => Some(l),
            _ => None,
        }
    }

    /// The variable, if `x` is one that is still looked at.
    fn slice(&mut self, x: ExprId) -> Option<&mut Slice> {
        self.slices.get_mut(&self.local(x)?).filter(|s| !s.dropped)
    }

    fn body(&mut self, body: &'a [Stmt]) {
        for stmt in body {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        transitions(self.f, stmt, &mut |l| {
            let depth = self.depth;
            if let Some(s) = self.slices.get_mut(&l) {
                // One is enough to care for, and in a loop there would be one in each iteration.
                s.dropped |= s.transition.is_some() || depth > s.depth;
                s.transition = Some(stmt.pos);
            }
        });
        match &stmt.kind {
            StmtKind::Decl(l) => {
                if let Some(s) = self.slices.get_mut(l) {
                    s.depth = self.depth;
                }
            }
            StmtKind::Assign { lhs: Some(lhs), rhs, .. } => self.assign(*lhs, *rhs),
            StmtKind::AssignMulti { lhs, rhs, .. } => {
                for (&lhs, &rhs) in lhs.iter().zip(rhs) {
                    match lhs {
                        Some(lhs) => self.assign(lhs, rhs),
                        None => self.understood(rhs),
                    }
                }
            }
            StmtKind::Assign { lhs: None, rhs, .. } => self.understood(*rhs),
            StmtKind::Return(values) => values.iter().for_each(|&x| self.understood(x)),
            StmtKind::Range { x, .. } => self.understood(*x),
            _ => {}
        }
        let is_loop = matches!(stmt.kind, StmtKind::For { .. } | StmtKind::Range { .. });
        self.depth += u32::from(is_loop);
        parts(stmt, &mut |part| match part {
            Part::Expr(x) => self.expr(x),
            // A clause's variable, other than by a statement of its own.
            Part::Decl(l) if !matches!(stmt.kind, StmtKind::Decl(_)) => self.mention(l),
            Part::Decl(_) => {}
            Part::Stmt(s) => self.stmt(s),
            Part::Body(b) => self.body(b),
        });
        self.depth -= u32::from(is_loop);
    }

    fn mention(&mut self, l: LocalId) {
        if let Some(s) = self.slices.get_mut(&l) {
            s.uses += 1;
        }
    }

    /// `x` is used in a way that is known.
    fn understood(&mut self, x: ExprId) {
        if let Some(s) = self.slice(x) {
            s.understood += 1;
        }
    }

    fn assign(&mut self, lhs: ExprId, rhs: ExprId) {
        self.understood(rhs);
        let f = self.f;
        let depth = self.depth;
        let Some(var) = self.local(lhs) else { return };
        let is_var = |x: ExprId| matches!(f.exprs[x].kind, ExprKind::Local(l) if l == var);
        let Some(s) = self.slice(lhs) else { return };
        match f.exprs[rhs].kind {
            ExprKind::Nil | ExprKind::Zero => s.understood += 1,
            ExprKind::SliceLit { .. } => {
                s.understood += 1;
                s.capacity = true;
            }
            ExprKind::Slice { x, max: None, .. } if is_var(x) => {
                s.understood += 2;
                s.capacity = true;
            }
            ExprKind::Append { slice, .. } if is_var(slice) => {
                s.understood += 2;
                s.appends.push(rhs);
                s.weight += 1 + depth.saturating_sub(s.depth);
            }
            _ => {}
        }
    }

    fn expr(&mut self, x: ExprId) {
        let f = self.f;
        let kind = &f.exprs[x].kind;
        match kind {
            ExprKind::Local(l) => self.mention(*l),
            ExprKind::Index { x, .. } | ExprKind::Len(x) => self.understood(*x),
            ExprKind::Cap(x) => {
                self.understood(*x);
                if let Some(s) = self.slice(*x) {
                    s.capacity = true;
                }
            }
            ExprKind::Addr(x) => self.address(*x),
            // Of an implicit one Go does not know what it calls.
            ExprKind::Call { callee, args, .. } if !f.exprs[x].implicit => {
                for (i, &x) in args.iter().enumerate() {
                    if self.slice(x).is_some() && !self.leaks(callee, i) {
                        self.understood(x);
                        if let Some(s) = self.slice(x) {
                            s.capacity = true;
                        }
                    }
                }
            }
            ExprKind::Closure(func) => {
                for &captured in &self.prog.funcs[*func].captures {
                    if let LocalKind::Captured { outer, .. } = self.prog.funcs[*func].locals[captured].kind {
                        self.mention(outer);
                    }
                }
            }
            _ => {}
        }
        self.body(init_stmts(kind));
        operands(kind, &mut |y| self.expr(y));
    }

    /// `&x`: what `x` is a part of is known to others.
    fn address(&mut self, mut x: ExprId) {
        loop {
            match self.f.exprs[x].kind {
                ExprKind::Field { x: y, .. } | ExprKind::Paren(y) => x = y,
                ExprKind::Index { x: y, .. } => {
                    if let Some(s) = self.slice(y) {
                        s.dropped = true;
                    }
                    if !matches!(self.types.underlying_kind(self.f.exprs[y].ty), TypeKind::Array { .. }) {
                        return;
                    }
                    x = y;
                }
                _ => return,
            }
        }
    }

    /// Whether an argument may outlive the call, or be written through, as far as is known.
    fn leaks(&self, callee: &Callee, i: usize) -> bool {
        let callee = match *callee {
            Callee::Static(f) => Some(f),
            Callee::Value(x) => {
                let (g, x) = self.facts.static_value(self.prog, self.types, self.func, x);
                static_callee(self.prog, g, x)
            }
            Callee::Interface { .. } => None,
        };
        callee.and_then(|f| self.leaks[f].get(i)).is_none_or(|leaks| *leaks != Leaks::default())
    }
}

/// Calls `found` with the variables whose arrays others know of after a statement.
fn transitions(f: &Func, stmt: &Stmt, found: &mut dyn FnMut(LocalId)) {
    let mut value = |x: ExprId| {
        if let ExprKind::Local(l) = f.exprs[x].kind {
            found(l);
        }
    };
    match &stmt.kind {
        StmtKind::Assign { rhs, .. } => value(*rhs),
        StmtKind::AssignMulti { rhs, .. } => rhs.iter().for_each(|&x| value(x)),
        StmtKind::Range { x, .. } => value(*x),
        // Without values it is the results that are returned.
        StmtKind::Return(values) if values.is_empty() => f.results.iter().for_each(|&l| found(l)),
        StmtKind::Return(values) => values.iter().for_each(|&x| value(x)),
        _ => {}
    }
}

/// Has the variables move before their transitions, and their `append`s use the frame until then.
fn apply(f: &mut Func, slices: Vec<(LocalId, Slice)>) {
    for (l, s) in slices {
        f.locals[l].move_to_heap = s.transition.map(|before| MoveToHeap { before, capacity: s.capacity });
        for x in s.appends {
            f.exprs[x].esc = Esc::Stack;
        }
    }
    lists_mut(f, &mut |f, list| {
        let mut i = 0;
        while i < list.len() {
            let mut moves = Vec::new();
            transitions(f, &list[i], &mut |l| {
                if f.locals[l].move_to_heap.is_some() {
                    moves.push(l);
                }
            });
            // Declarations stay with the assignment that initialises the variables.
            let decls = list[..i].iter().rev().take_while(|s| matches!(s.kind, StmtKind::Decl(_))).count();
            let pos = list[i].pos;
            for l in moves {
                list.insert(i - decls, Stmt { pos, kind: StmtKind::MoveToHeap(l) });
                i += 1;
            }
            i += 1;
        }
    });
}
