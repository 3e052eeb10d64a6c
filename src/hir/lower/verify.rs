//! Checks the invariants of the typed tree, in debug builds.

#![forbid(unsafe_code)]

use crate::hir::ir::*;
use crate::hir::visit;
use crate::types::Types;

/// Panics if the program breaks an invariant of [`crate::hir::ir`]: expressions used once, canonical types.
pub fn verify_program(prog: &mut Program, types: &mut Types) {
    for (id, func) in prog.funcs.iter_enumerated() {
        verify_func(prog, id, func, types);
    }
}

fn verify_func(prog: &Program, id: FuncId, func: &Func, types: &mut Types) {
    let mut used = vec![false; func.exprs.len()];
    let mut ids = Vec::new();
    visit::body_exprs(func, &func.body, &mut |x| ids.push(x));
    for x in ids {
        let slot = &mut used[x.0 as usize];
        if *slot {
            crate::bug!("hir", func.link_name, "expression {x:?} is used twice: {:?}", func.exprs[x].kind);
        }
        *slot = true;
        let e = &func.exprs[x];
        if types.canonical(e.ty) != e.ty {
            crate::bug!("hir", func.link_name, "type of {x:?} is not canonical: {:?}", e.kind);
        }
        match e.kind {
            ExprKind::Local(l) if func.locals.get(l).is_none() => {
                crate::bug!("hir", func.link_name, "{x:?} names no local");
            }
            ExprKind::Closure(f) if prog.funcs[f].parent != Some(id) => {
                crate::bug!("hir", func.link_name, "closure {} has another parent", prog.funcs[f].link_name);
            }
            _ => {}
        }
    }
    visit::body_stmts(&func.body, &mut |s| {
        if let StmtKind::AssignCall { call: x, .. } | StmtKind::ReturnCall(x) | StmtKind::Go(x) | StmtKind::Defer(x) =
            s.kind
            && !matches!(func.exprs[x].kind, ExprKind::Call { .. })
        {
            crate::bug!("hir", func.link_name, "{x:?} should be a call: {:?}", func.exprs[x].kind);
        }
    });
    for local in func.locals.iter() {
        if types.canonical(local.ty) != local.ty {
            crate::bug!("hir", func.link_name, "type of variable {} is not canonical", local.name);
        }
    }
}
