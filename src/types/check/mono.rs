//! Instantiation cycles: programs that would need infinitely many instances.
//!
//! Vertices are type parameters (and local types that depend on them). An instantiation adds, for each type
//! parameter and each one its argument mentions, an edge: of weight 0 if the argument is that type
//! parameter itself, 1 if it is something built from it. A cycle of positive weight grows without end.
//! Found as in Bellman-Ford: weights only grow, and a path longer than the number of vertices is a cycle.

use rustc_hash::FxHashMap;

use super::Checker;
use crate::source::Span;
use crate::syntax::ast::Expr;
use crate::types::object::ObjId;
use crate::types::repr::{TypeId, TypeKind};

#[derive(Clone, Copy)]
struct Vertex {
    weight: u32,
    pre: Option<usize>,
    len: usize,
    obj: ObjId,
}

#[derive(Clone, Copy)]
struct Edge {
    dst: usize,
    src: usize,
    weight: u32,
    at: Span,
    ty: TypeId,
}

/// See the module documentation.
#[derive(Default)]
pub(super) struct MonoGraph {
    vertices: Vec<Vertex>,
    edges: Vec<Edge>,
    /// Type parameters of receivers stand for those of their type.
    canon: FxHashMap<TypeId, TypeId>,
    by_obj: FxHashMap<ObjId, usize>,
}

impl MonoGraph {
    /// Notes that a receiver's type parameter is its type's.
    pub(super) fn record_canon(&mut self, mine: TypeId, theirs: TypeId) {
        let theirs = self.canon.get(&theirs).copied().unwrap_or(theirs);
        self.canon.insert(mine, theirs);
    }

    fn vertex(&mut self, obj: ObjId) -> usize {
        let vertices = &mut self.vertices;
        *self.by_obj.entry(obj).or_insert_with(|| {
            vertices.push(Vertex { weight: 0, pre: None, len: 0, obj });
            vertices.len() - 1
        })
    }
}

impl<'a> Checker<'a> {
    fn type_param_vertex(&mut self, t: TypeId) -> Option<usize> {
        let t = self.mono.canon.get(&t).copied().unwrap_or(t);
        match *self.types.kind(t) {
            TypeKind::TypeParam(p) => Some(self.mono.vertex(self.types.type_params[p].obj)),
            _ => None,
        }
    }

    /// Notes an instantiation.
    pub(super) fn record_mono_instance(&mut self, at: Span, tparams: &[TypeId], targs: &[TypeId], exprs: &'a [Expr]) {
        for (i, (&tparam, &targ)) in tparams.iter().zip(targs).enumerate() {
            let at = exprs.get(i).map_or(at, Expr::at);
            // Cycles stay inside a package.
            let own = matches!(*self.types.kind(tparam), TypeKind::TypeParam(p)
                if self.objs[self.types.type_params[p].obj].pkg == self.env.pkg);
            if !own {
                continue;
            }
            let Some(dst) = self.type_param_vertex(tparam) else { continue };
            self.mono_edges(at, dst, targ, targ, &mut Vec::new());
        }
    }

    fn mono_edges(&mut self, at: Span, dst: usize, targ: TypeId, ty: TypeId, seen: &mut Vec<TypeId>) {
        let ty = self.types.unalias(ty);
        if seen.contains(&ty) {
            return;
        }
        seen.push(ty);
        let parts: Vec<TypeId> = match self.types.kind(ty).clone() {
            TypeKind::TypeParam(_) => {
                let weight = u32::from(ty != self.types.unalias(targ));
                if let Some(src) = self.type_param_vertex(ty) {
                    self.mono.edges.push(Edge { dst, src, weight, at, ty: targ });
                }
                return;
            }
            TypeKind::Named(n) => self.types.named[n].targs.clone(),
            TypeKind::Array { elem, .. }
            | TypeKind::Slice(elem)
            | TypeKind::Pointer(elem)
            | TypeKind::Chan { elem, .. } => vec![elem],
            TypeKind::Map { key, elem } => vec![key, elem],
            TypeKind::Struct(s) => s.fields.iter().map(|f| f.ty).collect(),
            TypeKind::Func(sig) => sig.params.iter().chain(&sig.results).map(|p| p.ty).collect(),
            TypeKind::Interface(i) => self.types.interfaces[i].methods.iter().map(|m| m.sig).collect(),
            _ => return,
        };
        for t in parts {
            self.mono_edges(at, dst, targ, t, seen);
        }
    }

    /// Reports an instantiation cycle, if there is one.
    pub(super) fn monomorph(&mut self) {
        let mut again = true;
        while again {
            again = false;
            for i in 0..self.mono.edges.len() {
                let edge = self.mono.edges[i];
                let src = self.mono.vertices[edge.src];
                let dst = &mut self.mono.vertices[edge.dst];
                let weight = src.weight + edge.weight;
                if weight <= dst.weight {
                    continue;
                }
                dst.pre = Some(i);
                dst.len = src.len + 1;
                dst.weight = weight;
                if dst.len >= self.mono.vertices.len() {
                    return self.report_instance_loop(edge.dst);
                }
                again = true;
            }
        }
    }

    fn report_instance_loop(&mut self, start: usize) {
        // Walk back until a vertex comes up again: the path from there is the cycle.
        let mut stack: Vec<Edge> = Vec::new();
        let mut seen = vec![false; self.mono.vertices.len()];
        let mut v = start;
        while !seen[v] {
            seen[v] = true;
            let Some(pre) = self.mono.vertices[v].pre else { return };
            let edge = self.mono.edges[pre];
            stack.push(edge);
            v = edge.src;
        }
        while stack.first().is_some_and(|e| e.dst != v) {
            stack.remove(0);
        }
        let obj = self.mono.vertices[v].obj;
        let at = self.objs[obj].span;
        let mut more = Vec::new();
        for edge in &stack {
            let dst = self.objs[self.mono.vertices[edge.dst].obj].name;
            let text = format!("{dst} instantiated as {}", self.tstr(edge.ty));
            more.push((edge.at, text));
        }
        self.report(at, "InvalidInstanceCycle", "instantiation cycle:".into(), &more);
    }
}
