//! `-json`: loops whose variables are copied for each iteration, and where those variables live.
//!
//! A variable that a loop declares needs a copy per iteration if its address is taken or a literal captures
//! it (`Facts`); such loops are entered with the range of the source that they cover.

#![forbid(unsafe_code)]

use super::Options;
use crate::diag::LogEntry;
use crate::hir::facts::Facts;
use crate::hir::visit::{body_stmts, init_stmts, stmt_exprs};
use crate::hir::{Esc, ExprKind, Func, FuncId, LocalId, Program, Stmt, StmtKind};
use crate::source::{Pos, SourceMap};

/// The entries for all functions that are reported on, after escape analysis.
pub fn entries(prog: &Program, facts: &Facts, sources: &SourceMap, opts: &Options) -> Vec<LogEntry> {
    let mut out = Vec::new();
    for (id, func) in prog.funcs.iter_enumerated() {
        if !opts.reports(prog, id) {
            continue;
        }
        let mut all: Vec<&Stmt> = Vec::new();
        body_stmts(&func.body, &mut |s| all.push(s));
        for e in func.exprs.iter() {
            body_stmts(init_stmts(&e.kind), &mut |s| all.push(s));
        }
        all.iter().for_each(|stmt| loop_entries((id, func), stmt, facts, sources, &mut out));
    }
    out
}

fn loop_entries((id, func): (FuncId, &Func), stmt: &Stmt, facts: &Facts, sources: &SourceMap, out: &mut Vec<LogEntry>) {
    let (vars, code): (Vec<LocalId>, _) = match &stmt.kind {
        StmtKind::For { per_iteration, .. } => (per_iteration.clone(), "loop-modified-for"),
        StmtKind::Range { key, value, define: true, .. } => {
            let local = |x| match func.exprs[x].kind {
                ExprKind::Local(local) => Some(local),
                _ => None,
            };
            ([*key, *value].into_iter().flatten().filter_map(local).collect(), "loop-modified-range")
        }
        _ => return,
    };
    let mut modified = false;
    for v in vars.into_iter().filter(|&v| facts.get(id, v).per_iteration) {
        modified = true;
        let local = &func.locals[v];
        let inlined = if sources.inlined_at(local.pos).is_some() { " (from inline)" } else { "" };
        let code = match local.esc {
            Esc::Heap => "iteration-variable-to-heap",
            _ => "iteration-variable-to-stack",
        };
        out.push(LogEntry { message: format!("{}{inlined}", local.name), ..LogEntry::new(local.pos, code) });
    }
    if modified {
        out.push(LogEntry { end: last(func, stmt), ..LogEntry::new(stmt.pos, code) });
    }
}

/// The last place of a loop.
fn last(func: &Func, stmt: &Stmt) -> Pos {
    let mut last = stmt.pos;
    stmt_exprs(func, stmt, &mut |x| last = last.max(func.exprs[x].pos));
    body_stmts(std::slice::from_ref(stmt), &mut |s| last = last.max(s.pos));
    last
}
