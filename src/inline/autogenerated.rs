//! What Go says about the wrappers it makes: methods of values called through pointers, promoted methods.
//!
//! Go makes one for each type of the package and each method that needs one, after all else was inlined, and
//! inlines into it. Such wrappers are made here only where an interface's table needs them, so that what is
//! said of them is found out without them: which calls would be replaced, in the order of replacing.

#![forbid(unsafe_code)]

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use super::Inliner;
use super::cost::MAX_BUDGET;
use crate::diag::{Diagnostic, Severity};
use crate::hir::facts::method_of;
use crate::hir::visit::body_exprs;
use crate::hir::{Callee, ExprKind, FuncId, FuncKind, StmtKind};
use crate::index::Symbol;
use crate::source::Span;
use crate::types::{TypeId, TypeKind};

impl Inliner<'_> {
    /// Reports on the wrappers of the program's types.
    pub(super) fn report_wrappers(&mut self) {
        let main = self.prog.link_paths.iter().position(|p| *p == self.opts.pkg);
        let mut own: Vec<(bool, u32, TypeId)> = Vec::new();
        let mut seen = FxHashSet::default();
        for f in self.prog.funcs.iter() {
            for ty in f.locals.iter().map(|l| l.ty).chain(f.exprs.iter().map(|e| e.ty)) {
                let base = self.types.pointee(ty).unwrap_or(ty);
                if !seen.insert(base) || self.types.is_interface(base) {
                    continue;
                }
                if let TypeKind::Named(n) = *self.types.kind(base) {
                    let named = &self.types.named[n];
                    let obj = &self.objs[named.obj];
                    if Some(obj.pkg.0 as usize) == main {
                        own.push((named.origin.is_some(), obj.span.lo.0, base));
                    }
                }
            }
        }
        own.sort_unstable();
        let mut names: Vec<Symbol> = self.devirtualizer.method_names();
        names.sort_unstable_by_key(|n| n.as_str());
        names.dedup();
        for (is_instance, _, ty) in own {
            for &name in &names {
                let found = self.devirtualizer.find_method(self.prog, self.types, self.objs, ty, name);
                let Some((target, promoted)) = found else { continue };
                let by_pointer = self.takes_pointer(target);
                let n = match (promoted, by_pointer) {
                    // `(*T).m` for a method of `T`; none for one of `*T`.
                    (false, true) => 0,
                    (false, false) | (true, true) => 1,
                    // `T.m` and `(*T).m`.
                    (true, false) => 2,
                };
                for _ in 0..n {
                    self.report_wrapper(target);
                }
                // The type with shapes for arguments has one, too.
                if is_instance && n > 0 && self.prog.funcs[target].kind == FuncKind::Instance {
                    for callee in self.callees_of(target) {
                        self.report_wrapper(callee);
                    }
                }
            }
        }
    }

    /// Wrappers that pass an embedded pointer to a method that is not inlined end in a jump to it: for escape
    /// analysis, they return nothing.
    pub(super) fn tail_calls(&mut self) {
        let shown: Vec<FuncId> = self.prog.funcs.ids().filter(|&f| self.prog.funcs[f].shown).collect();
        for f in shown {
            let func = &self.prog.funcs[f];
            let (Some(&recv), [stmt]) = (func.params.first(), func.body.as_slice()) else { continue };
            let call = match &stmt.kind {
                StmtKind::Return(values) if values.len() == 1 => values[0],
                StmtKind::ReturnCall(call) => *call,
                _ => continue,
            };
            let ExprKind::Call { callee: Callee::Static(method), ref args, .. } = func.exprs[call].kind else {
                continue;
            };
            let passed = args.first().map(|&x| &func.exprs[x]);
            let embedded = passed.is_some_and(|x| {
                matches!(x.kind, ExprKind::Field { .. } | ExprKind::FieldPtr { .. } | ExprKind::Addr(_))
            });
            let is_pointer = |ty| self.types.pointee(ty).is_some();
            let by_pointer = is_pointer(func.locals[recv].ty) && passed.is_some_and(|x| is_pointer(x.ty));
            if embedded && by_pointer && self.inlinable_cost(method).is_none() {
                self.prog.funcs[f].body[0].kind = StmtKind::Expr(call);
            }
        }
    }

    /// Reports on the bodies of method values, which come after the types' wrappers.
    pub(super) fn report_method_values(&mut self) {
        let bodies: Vec<FuncId> = self.prog.funcs.ids().collect();
        for f in bodies {
            let func = &self.prog.funcs[f];
            if func.kind == FuncKind::MethodValue
                && func.pkg == self.opts.pkg
                && let Some(method) = method_of(self.prog, f)
            {
                self.report_wrapper(method);
            }
        }
    }

    fn takes_pointer(&self, f: FuncId) -> bool {
        let func = &self.prog.funcs[f];
        func.params.first().is_some_and(|&l| self.types.pointee(func.locals[l].ty).is_some())
    }

    /// The calls that are replaced in a wrapper of `target`, one after the other.
    fn report_wrapper(&mut self, target: FuncId) {
        let mut queue: VecDeque<(FuncId, Vec<FuncId>)> = [(target, Vec::new())].into();
        while let Some((f, around)) = queue.pop_front() {
            let fits = self.inlinable_cost(f).is_some_and(|cost| cost <= MAX_BUDGET);
            if !fits || around.contains(&f) || self.is_intrinsic(f) {
                continue;
            }
            let message = format!("inlining call to {}", self.prog.funcs[f].name);
            let note = Diagnostic::error("Inline", Span::NONE, message);
            self.report.notes.push(Diagnostic { severity: Severity::Note, ..note });
            let mut path = around;
            path.push(f);
            for callee in self.callees_of(f) {
                queue.push_back((callee, path.clone()));
            }
        }
    }

    /// The functions that a function calls by name, as it was written.
    fn callees_of(&mut self, f: FuncId) -> Vec<FuncId> {
        let source = self.pristine_or_now(f);
        let mut out = Vec::new();
        body_exprs(&source, &source.body, &mut |x| {
            if let (ExprKind::Call { callee: Callee::Static(g), .. }, false) =
                (&source.exprs[x].kind, source.exprs[x].implicit)
            {
                out.push(*g);
            }
        });
        out
    }
}
