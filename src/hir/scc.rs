//! The order of analysis: batches of mutually recursive functions, callees first.
//!
//! Tarjan's algorithm, without recursion (call chains may be as deep as the program is long), with one
//! change: a function literal that captures something never roots a component, so it is always in the
//! batch of the function it stands in. The order of batches, and of functions in them, decides the order of
//! messages; therefore edges and roots are visited in Go's order and petgraph's algorithms, which promise
//! none, are not used.

#![forbid(unsafe_code)]

use rustc_hash::FxHashSet;

use super::facts::method_of;
use crate::hir::order::functions;
use crate::hir::visit::body_exprs;
use crate::hir::{Callee, ExprKind, FuncId, Program};
use crate::index::IndexVec;

/// Whether this is a function literal that captures variables.
pub fn is_capturing(prog: &Program, func: FuncId) -> bool {
    let f = &prog.funcs[func];
    f.kind.is_closure() && (!f.captures.is_empty() || f.in_instance)
}

/// Batches in the order of analysis.
pub fn batches(prog: &Program) -> Vec<Vec<FuncId>> {
    let edges: IndexVec<FuncId, Vec<FuncId>> = prog.funcs.ids().map(|f| references(prog, f)).collect();
    let mut tarjan = Tarjan {
        prog,
        edges: &edges,
        number: IndexVec::from_elem(0, prog.funcs.len()),
        last: 0,
        stack: Vec::new(),
        out: Vec::new(),
    };
    for root in functions(prog) {
        if !is_capturing(prog, root) {
            tarjan.visit(root);
        }
    }
    tarjan.out
}

/// The functions a body mentions, each once, in order.
fn references(prog: &Program, func: FuncId) -> Vec<FuncId> {
    let f = &prog.funcs[func];
    let mut seen = FxHashSet::default();
    let mut list = Vec::new();
    body_exprs(f, &f.body, &mut |x| {
        let callee = match f.exprs[x].kind {
            ExprKind::Func(g) | ExprKind::Closure(g) => Some(g),
            ExprKind::Call { callee: Callee::Static(g), .. } if !f.exprs[x].implicit => Some(g),
            ExprKind::MethodValue { func: body, .. } => method_of(prog, body),
            _ => None,
        };
        if let Some(g) = callee
            && seen.insert(g)
        {
            list.push(g);
        }
    });
    list
}

struct Tarjan<'a> {
    prog: &'a Program,
    edges: &'a IndexVec<FuncId, Vec<FuncId>>,
    /// 0: not visited; `u32::MAX`: its component is complete.
    number: IndexVec<FuncId, u32>,
    last: u32,
    stack: Vec<FuncId>,
    out: Vec<Vec<FuncId>>,
}

struct Frame {
    func: FuncId,
    id: u32,
    /// Least number reached.
    min: u32,
    next_edge: usize,
}

impl Tarjan<'_> {
    /// Each function takes two numbers, `id` and `id + 1`, and searches from the second: reaching `id`
    /// again then means recursion, and `min` stays `id + 1` without it.
    fn enter(&mut self, func: FuncId) -> Frame {
        let id = self.last + 1;
        self.last += 2;
        self.number[func] = id;
        self.stack.push(func);
        Frame { func, id, min: id + 1, next_edge: 0 }
    }

    fn visit(&mut self, root: FuncId) {
        if self.number[root] != 0 {
            return;
        }
        let mut frames = vec![self.enter(root)];
        while let Some(frame) = frames.last_mut() {
            if let Some(&callee) = self.edges[frame.func].get(frame.next_edge) {
                frame.next_edge += 1;
                let number = self.number[callee];
                if number == 0 {
                    let callee = self.enter(callee);
                    frames.push(callee);
                } else {
                    frame.min = frame.min.min(number);
                }
                continue;
            }
            let (func, id, min) = (frame.func, frame.id, frame.min);
            frames.pop();
            if let Some(caller) = frames.last_mut() {
                caller.min = caller.min.min(min);
            }
            if min >= id && !is_capturing(self.prog, func) {
                let start = self.stack.iter().rposition(|&f| f == func).unwrap_or(0);
                let batch = self.stack.split_off(start);
                for &f in &batch {
                    self.number[f] = u32::MAX;
                }
                self.out.push(batch);
            }
        }
    }
}
