//! The order in which Go's compiler lists a package's functions.
//!
//! Passes that report as they go follow it: the initialiser of variables and the literals in it, declared
//! functions in source order, then the literals of the last declaration, of the one before, and so on
//! (their bodies are read last in, first out).

#![forbid(unsafe_code)]

use rustc_hash::{FxHashMap, FxHashSet};

use super::ir::{Callee, ExprKind, FuncId, FuncKind, INSTANCE_SUFFIX, Program};
use super::visit::body_exprs;
use crate::index::{Id, Symbol};
use crate::types::TypeId;

/// The declared function, initialiser or wrapper that a closure stands in; others themselves.
pub fn outermost(prog: &Program, mut func: FuncId) -> FuncId {
    while let (true, Some(parent)) = (prog.funcs[func].kind.is_closure(), prog.funcs[func].parent) {
        func = parent;
    }
    func
}

/// All functions, in that order.
pub fn functions(prog: &Program) -> Vec<FuncId> {
    if !prog.listed.is_empty() {
        // Literals that came with inlined code are behind the rest.
        let copies = (prog.listed.len()..prog.funcs.len()).map(FuncId::new);
        return prog.listed.iter().copied().chain(copies).collect();
    }
    let mut all: Vec<FuncId> = prog.funcs.ids().collect();
    if prog.funcs.iter().any(|f| f.kind == FuncKind::Instance) {
        all = with_instances(prog, all);
    } else {
        all.sort_by_key(|&f| {
            let func = &prog.funcs[f];
            let root = &prog.funcs[outermost(prog, f)];
            match (func.kind.is_closure(), root.kind) {
                (false, FuncKind::Init) => (0, 0),
                (true, FuncKind::Init) => (1, 0),
                (false, FuncKind::Declared) if func.dict.is_empty() => (2, func.pos.0),
                (true, _) => (3, u32::MAX - root.pos.0),
                (false, _) => (4, 0),
            }
        });
    }
    all
}

/// The order where there are instances of generic functions: each is listed when its body is read, and bodies
/// to be read are on a stack.
fn with_instances(prog: &Program, all: Vec<FuncId>) -> Vec<FuncId> {
    let by_name: FxHashMap<Symbol, FuncId> = all.iter().map(|&f| (prog.funcs[f].link_name, f)).collect();
    // The function that an instance used as a value calls has its name.
    let instance_of = |stub: FuncId| match prog.funcs[stub].link_name.as_str().strip_suffix(INSTANCE_SUFFIX) {
        Some(name) if prog.funcs[stub].kind == FuncKind::Instance => by_name.get(&Symbol::new(name)).copied(),
        _ => None,
    };
    let mut closures: FxHashMap<FuncId, Vec<FuncId>> = FxHashMap::default();
    let mut stands_for: FxHashMap<FuncId, FuncId> = FxHashMap::default();
    let mut methods: FxHashMap<TypeId, Vec<FuncId>> = FxHashMap::default();
    for &f in &all {
        let func = &prog.funcs[f];
        if func.kind.is_closure() {
            closures.entry(outermost(prog, f)).or_default().push(f);
        }
        if func.kind == FuncKind::Instance {
            stands_for.extend(instance_of(f).map(|of| (of, f)));
            if let (true, Some(&recv)) = (func.has_recv, func.params.first()) {
                methods.entry(func.locals[recv].ty).or_default().push(f);
            }
        }
    }
    let is_root = |f: FuncId, kind: FuncKind| {
        let func = &prog.funcs[f];
        func.kind == kind && !func.kind.is_closure() && func.dict.is_empty()
    };
    let mut out: Vec<FuncId> = all.iter().copied().filter(|&f| is_root(f, FuncKind::Init)).collect();
    let mut declared: Vec<FuncId> = all.iter().copied().filter(|&f| is_root(f, FuncKind::Declared)).collect();
    declared.sort_by_key(|&f| prog.funcs[f].pos.0);
    for f in out.clone() {
        out.extend(closures.remove(&f).unwrap_or_default());
    }
    let mut seen: FxHashSet<FuncId> = out.iter().chain(&declared).copied().collect();
    let inits: Vec<FuncId> = out.iter().copied().filter(|&f| is_root(f, FuncKind::Init)).collect();
    out.extend(&declared);
    let mut stack: Vec<FuncId> = declared.into_iter().chain(inits).collect();
    while let Some(f) = stack.pop() {
        let own = closures.remove(&f).unwrap_or_default();
        for &body in std::iter::once(&f).chain(&own) {
            let func = &prog.funcs[body];
            body_exprs(func, &func.body, &mut |x| {
                let target = match func.exprs[x].kind {
                    ExprKind::Func(g) => g,
                    ExprKind::Call { callee: Callee::Static(g), .. } => g,
                    _ => return,
                };
                let base = instance_of(target).unwrap_or(target);
                if prog.funcs[base].dict.is_empty() {
                    return;
                }
                let stub = stands_for.get(&base).copied();
                let group = match stub.map(|s| &prog.funcs[s]) {
                    Some(s) if s.has_recv => methods.get(&s.locals[s.params[0]].ty).cloned().unwrap_or_default(),
                    _ => stub.into_iter().collect(),
                };
                stack.extend(group.iter().copied().filter(|&s| seen.insert(s)));
                let bases = group.iter().filter_map(|&s| instance_of(s)).chain([base]);
                stack.extend(bases.filter(|&b| seen.insert(b)));
            });
        }
        out.extend(own);
        if !prog.funcs[f].dict.is_empty() || prog.funcs[f].kind == FuncKind::Instance {
            out.push(f);
        }
    }
    let listed: FxHashSet<FuncId> = out.iter().copied().collect();
    out.extend(all.into_iter().filter(|f| !listed.contains(f)));
    out
}
