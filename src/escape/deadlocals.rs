//! Removes assignments to variables that nothing reads.
//!
//! Not an optimisation for its own sake: what is assigned to a variable nobody looks at would otherwise
//! flow, and be reported, as Go does not report it. Only values without effects go: names, constants and
//! function literals. The assignment becomes `_ = 0`.

#![forbid(unsafe_code)]

use rustc_hash::{FxHashMap, FxHashSet};

use crate::hir::facts::canonical;
use crate::hir::scc::is_capturing;
use crate::hir::visit::{Part, init_stmts, operands, parts};
use crate::hir::{ExprId, ExprKind, FuncId, LocalId, LocalKind, Program, Stmt, StmtKind};
use crate::types::{ConstValue, Types};

/// Works on all functions; literals that capture are part of those around them.
pub fn remove(prog: &mut Program) {
    for func in prog.funcs.ids() {
        if is_capturing(prog, func) {
            continue;
        }
        let dead = find(prog, func);
        if dead.is_empty() {
            continue;
        }
        let mut funcs: Vec<FuncId> = dead.iter().map(|d| d.func).collect();
        funcs.sort_unstable();
        funcs.dedup();
        for f in funcs {
            let mine: FxHashSet<ExprId> = dead.iter().filter(|d| d.func == f).map(|d| d.rhs).collect();
            let func = &mut prog.funcs[f];
            clear_stmts(&mut func.body, &mine);
            for e in func.exprs.iter_mut() {
                if let ExprKind::Init { stmts, .. } = &mut e.kind {
                    clear_stmts(stmts, &mine);
                }
            }
            for x in mine {
                func.exprs[x].kind = ExprKind::Const(ConstValue::int(0));
                func.exprs[x].ty = Types::INT;
            }
        }
    }
}

/// An assignment nobody sees, by its right side.
#[derive(Clone, Copy)]
struct Dead {
    func: FuncId,
    rhs: ExprId,
}

fn find(prog: &Program, func: FuncId) -> Vec<Dead> {
    let mut v = Visitor { prog, func, vars: FxHashMap::default(), order: Vec::new(), discarded: Vec::new() };
    v.body(&prog.funcs[func].body);
    let unused = v.order.iter().filter_map(|key| v.vars[key].clone()).flatten();
    unused.chain(v.discarded.iter().copied()).collect()
}

struct Visitor<'a> {
    prog: &'a Program,
    func: FuncId,
    /// Assignments so far; `None`: the variable is used.
    vars: FxHashMap<(FuncId, LocalId), Option<Vec<Dead>>>,
    order: Vec<(FuncId, LocalId)>,
    /// Values of blanks beside other variables.
    discarded: Vec<Dead>,
}

impl Visitor<'_> {
    fn key(&self, local: LocalId) -> Option<(FuncId, LocalId)> {
        let key @ (f, l) = canonical(self.prog, self.func, local);
        let is_local = matches!(self.prog.funcs[f].locals[l].kind, LocalKind::Auto | LocalKind::Param(_));
        is_local.then_some(key)
    }

    fn body(&mut self, body: &[Stmt]) {
        for stmt in body {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign { lhs, rhs, .. } => match *lhs {
                Some(lhs) => self.assign(lhs, *rhs),
                // `_ = x` alone is a use.
                None => self.expr(*rhs),
            },
            StmtKind::AssignMulti { lhs, rhs, .. } => {
                // All blank: uses, as with one. Some blank: those values are thrown away.
                let some_named = lhs.iter().any(Option::is_some);
                for (lhs, &rhs) in lhs.iter().zip(rhs) {
                    match *lhs {
                        Some(lhs) => self.assign(lhs, rhs),
                        None if some_named && self.has_no_effects(rhs) => {
                            self.discarded.push(Dead { func: self.func, rhs });
                        }
                        None => self.expr(rhs),
                    }
                }
            }
            _ => parts(stmt, &mut |part| match part {
                Part::Expr(x) => self.expr(x),
                Part::Decl(_) => {}
                Part::Stmt(s) => self.stmt(s),
                Part::Body(b) => self.body(b),
            }),
        }
    }

    fn has_no_effects(&self, x: ExprId) -> bool {
        use ExprKind::{Closure, Const, Func, Global, Local, Nil, Zero};
        matches!(
            self.prog.funcs[self.func].exprs[x].kind,
            Local(_) | Global(_) | Func(_) | Const(_) | Nil | Zero | Closure(_)
        )
    }

    fn assign(&mut self, lhs: ExprId, rhs: ExprId) {
        let exprs = &self.prog.funcs[self.func].exprs;
        let ExprKind::Local(local) = exprs[lhs].kind else {
            self.expr(lhs);
            self.expr(rhs);
            return;
        };
        if self.has_no_effects(rhs)
            && let Some(key) = self.key(local)
        {
            let func = self.func;
            let order = &mut self.order;
            let entry = self.vars.entry(key).or_insert_with(|| {
                order.push(key);
                Some(Vec::new())
            });
            if let Some(dead) = entry {
                // What it holds is looked at when, and if, the variable turns out to be used.
                dead.push(Dead { func, rhs });
                return;
            }
        }
        self.expr(rhs);
    }

    fn expr(&mut self, x: ExprId) {
        let prog = self.prog;
        match &prog.funcs[self.func].exprs[x].kind {
            ExprKind::Local(local) => {
                let Some(key) = self.key(*local) else { return };
                let order = &mut self.order;
                let entry = self.vars.entry(key).or_insert_with(|| {
                    order.push(key);
                    None
                });
                for dead in entry.take().unwrap_or_default() {
                    let saved = std::mem::replace(&mut self.func, dead.func);
                    self.expr(dead.rhs);
                    self.func = saved;
                }
            }
            ExprKind::Closure(func) => {
                let saved = std::mem::replace(&mut self.func, *func);
                for &capture in &prog.funcs[*func].captures {
                    let Some(key) = self.key(capture) else { continue };
                    let order = &mut self.order;
                    let entry = self.vars.entry(key).or_insert_with(|| {
                        order.push(key);
                        None
                    });
                    for dead in entry.take().unwrap_or_default() {
                        let inner = std::mem::replace(&mut self.func, dead.func);
                        self.expr(dead.rhs);
                        self.func = inner;
                    }
                }
                self.body(&prog.funcs[*func].body);
                self.func = saved;
            }
            kind => {
                self.body(init_stmts(kind));
                operands(kind, &mut |y| self.expr(y));
            }
        }
    }
}

/// Blanks the left sides of the values in `dead`.
fn clear_stmts(body: &mut [Stmt], dead: &FxHashSet<ExprId>) {
    for stmt in body {
        match &mut stmt.kind {
            StmtKind::Assign { lhs, rhs, .. } if dead.contains(rhs) => *lhs = None,
            StmtKind::AssignMulti { lhs, rhs, .. } => {
                for (lhs, rhs) in lhs.iter_mut().zip(rhs) {
                    if dead.contains(rhs) {
                        *lhs = None;
                    }
                }
            }
            StmtKind::Block(b) => clear_stmts(b, dead),
            StmtKind::If { then, els, .. } => {
                clear_stmts(then, dead);
                clear_stmts(els, dead);
            }
            StmtKind::For { post, body, .. } => {
                clear_stmts(post, dead);
                clear_stmts(body, dead);
            }
            StmtKind::Range { body, .. } => clear_stmts(body, dead),
            StmtKind::Switch { cases, .. } => cases.iter_mut().for_each(|c| clear_stmts(&mut c.body, dead)),
            StmtKind::TypeSwitch { cases, .. } => cases.iter_mut().for_each(|c| clear_stmts(&mut c.body, dead)),
            StmtKind::Select { cases, .. } => cases.iter_mut().for_each(|c| clear_stmts(&mut c.body, dead)),
            _ => {}
        }
    }
}
