//! Cycles among declarations, and types that would have to contain themselves.

use rustc_hash::FxHashMap;

use super::Checker;
use crate::source::Span;
use crate::syntax::ast::ExprKind;
use crate::types::object::{ObjId, ObjKind, PkgId};
use crate::types::repr::{NamedId, TypeId, TypeKind, Types};

impl<'a> Checker<'a> {
    /// Finds `type A B; type B A` before anything is resolved.
    pub(super) fn direct_cycles(&mut self, pkg: PkgId) {
        let scope = self.pkgs[pkg].scope;
        let mut done: Vec<ObjId> = Vec::new();
        for obj in self.pkgs[pkg].objects.clone() {
            let mut path: Vec<ObjId> = Vec::new();
            let mut at = obj;
            loop {
                if done.contains(&at) {
                    break;
                }
                let Some(tdecl) = self.obj_decl.get(&at).and_then(|&d| self.decls[d].tdecl) else { break };
                if let Some(start) = path.iter().position(|&p| p == at) {
                    self.objs[at].ty = Types::INVALID;
                    self.cycle_error(&path[start..], None);
                    break;
                }
                path.push(at);
                let ExprKind::Name(rhs) = &tdecl.ty.kind else { break };
                match self.scopes[scope].names.get(&rhs.name) {
                    Some(&next) if matches!(self.objs[next].kind, ObjKind::TypeName { .. }) => at = next,
                    _ => break,
                }
            }
            done.extend(path);
        }
    }

    /// Whether the cycle from `obj` to the top of the path is legal; reports it if not.
    pub(super) fn valid_cycle(&mut self, obj: ObjId) -> bool {
        let start = self.obj_path_idx[&obj];
        let cycle: Vec<ObjId> = self.obj_path[start..].to_vec();
        let (mut nval, mut ndef) = (0, 0);
        for &o in &cycle {
            match self.objs[o].kind {
                ObjKind::Const(_) | ObjKind::Var(_) => nval += 1,
                ObjKind::TypeName { alias } => {
                    let ty = self.objs[o].ty;
                    if self.env.in_tparam_list && ty != Types::UNRESOLVED && self.types.is_generic(ty) {
                        return true;
                    }
                    if !alias {
                        ndef += 1;
                    }
                }
                _ => {}
            }
        }
        // Values only: initialisation order finds those. Types only: fine if one is defined.
        if nval == cycle.len() || (nval == 0 && ndef > 0) {
            return true;
        }
        self.cycle_error(&cycle, None);
        false
    }

    /// Reports a cycle, beginning with the object that comes first in the source unless `start` says.
    pub(super) fn cycle_error(&mut self, cycle: &[ObjId], start: Option<usize>) {
        let names: Vec<String> = cycle.iter().map(|&o| self.cycle_name(o)).collect();
        let spans: Vec<Span> = cycle.iter().map(|&o| self.objs[o].span).collect();
        self.cycle_error_at(cycle, &names, &spans, start);
    }

    fn cycle_name(&self, obj: ObjId) -> String {
        let o = &self.objs[obj];
        let prefix = self.qualifier(o.pkg);
        if prefix.is_empty() { o.name.to_string() } else { format!("{prefix}.{}", o.name) }
    }

    fn cycle_error_at(&mut self, cycle: &[ObjId], names: &[String], spans: &[Span], start: Option<usize>) {
        let first = (0..cycle.len()).min_by_key(|&i| spans[i].lo).unwrap_or(0);
        let start = start.unwrap_or(first);
        let obj = cycle[start];
        let is_type = matches!(self.objs[obj].kind, ObjKind::TypeName { .. });
        if is_type
            && self.objs[obj].ty != Types::UNRESOLVED
            && let TypeKind::Alias(a) = *self.types.kind(self.objs[obj].ty)
        {
            self.types.aliases[a].rhs = Types::INVALID;
            self.types.aliases[a].resolved = true;
        }
        let span = spans[start];
        let name = &names[start];
        if cycle.len() == 1 {
            let message = if is_type {
                format!("invalid recursive type: {name} refers to itself")
            } else {
                format!("invalid cycle in declaration: {name} refers to itself")
            };
            return self.err(span, "InvalidDeclCycle", message);
        }
        let message = if is_type {
            format!("invalid recursive type {name}")
        } else {
            format!("invalid cycle in declaration of {name}")
        };
        let n = cycle.len();
        let more: Vec<_> = (0..n)
            .map(|i| {
                let (from, to) = ((start + i) % n, (start + i + 1) % n);
                (spans[from], format!("{} refers to {}", names[from], names[to]))
            })
            .collect();
        self.report(span, "InvalidDeclCycle", message, &more);
    }

    /// Reports a cycle of defined types, instances among them.
    pub(super) fn named_cycle_error(&mut self, cycle: &[NamedId]) {
        let objs: Vec<ObjId> = cycle.iter().map(|&n| self.types.named[n].obj).collect();
        let mut names = Vec::new();
        let mut spans = Vec::new();
        for &n in cycle {
            let obj = self.types.named[n].obj;
            if self.types.named[n].origin.is_some() {
                let ty = self.types.intern(TypeKind::Named(n));
                names.push(self.tstr(ty));
                spans.push(self.inst_spans.get(&n).copied().unwrap_or(self.objs[obj].span));
            } else {
                names.push(self.cycle_name(obj));
                spans.push(self.objs[obj].span);
            }
        }
        self.cycle_error_at(&objs, &names, &spans, Some(0));
    }

    /// Whether everything needed to look into the type is known; reports a cycle if not.
    pub(super) fn is_complete(&mut self, mut ty: TypeId) -> bool {
        loop {
            let (obj, rhs) = match *self.types.kind(ty) {
                TypeKind::Alias(a) => (self.types.aliases[a].obj, Some(self.types.aliases[a].rhs)),
                TypeKind::Named(n) => {
                    let named = &self.types.named[n];
                    (named.obj, named.rhs)
                }
                _ => return true,
            };
            if let Some(&i) = self.obj_path_idx.get(&obj)
                && self.types.as_named(ty).is_none_or(|n| self.types.named[n].origin.is_none())
            {
                let cycle = self.obj_path[i..].to_vec();
                self.cycle_error(&cycle, None);
                return false;
            }
            match rhs {
                Some(rhs) if rhs != ty => ty = rhs,
                _ => return true,
            }
        }
    }

    /// Reports a type that contains itself.
    pub(super) fn valid_type(&mut self, obj: ObjId) {
        let ty = self.objs[obj].ty;
        if ty != Types::UNRESOLVED && self.types.as_named(ty).is_some() {
            self.valid_type_in(ty, &mut Vec::new(), &mut Vec::new());
        }
    }

    fn valid_type_in(&mut self, ty: TypeId, nest: &mut Vec<NamedId>, path: &mut Vec<NamedId>) -> bool {
        match self.types.unaliased_kind(ty).clone() {
            TypeKind::Array { elem, .. } => self.valid_type_in(elem, nest, path),
            TypeKind::Struct(s) => s.fields.iter().all(|f| self.valid_type_in(f.ty, nest, path)),
            TypeKind::Union(terms) => terms.iter().all(|t| self.valid_type_in(t.ty, nest, path)),
            TypeKind::Interface(i) => {
                let embeds = self.types.interfaces[i].embeds.clone();
                embeds.iter().all(|&(t, _)| self.valid_type_in(t, nest, path))
            }
            TypeKind::Named(n) => {
                let id = self.types.unalias(ty);
                let same = |c: &Self, list: &[NamedId]| {
                    list.iter().position(|&e| {
                        e == n || {
                            let named = &c.types.named[e];
                            let mine = &c.types.named[n];
                            named.origin.is_some()
                                && named.origin == mine.origin
                                && named.targs.iter().zip(&mine.targs).all(|(&a, &b)| c.types.identical(a, b))
                        }
                    })
                };
                if same(self, nest).is_some() {
                    let origin = self.types.named[n].origin.unwrap_or(n);
                    self.types.named[origin].underlying = Types::INVALID;
                    self.types.named[origin].rhs = Some(Types::INVALID);
                    self.types.named[n].underlying = Types::INVALID;
                    if let Some(start) = same(self, path) {
                        let cycle: Vec<NamedId> = path[start..].to_vec();
                        self.named_cycle_error(&cycle);
                    }
                    return false;
                }
                // Types of other packages were checked with them.
                let origin = self.types.named[n].origin.unwrap_or(n);
                let named = &self.types.named[origin];
                if self.objs[named.obj].pkg != self.env.pkg && named.tparams.is_empty() {
                    return true;
                }
                let Some(rhs) = named.rhs else { return true };
                let _ = id;
                nest.push(n);
                path.push(n);
                let ok = self.valid_type_in(rhs, nest, path);
                nest.pop();
                path.pop();
                ok
            }
            TypeKind::TypeParam(_) => {
                let Some(&inst) = nest.last() else { return true };
                let named = &self.types.named[inst];
                let t = self.types.unalias(ty);
                let index = named.tparams.iter().position(|&p| p == t);
                let Some(&targ) = index.and_then(|i| named.targs.get(i)) else { return true };
                let saved = nest.pop();
                let ok = self.valid_type_in(targ, nest, path);
                nest.extend(saved);
                ok
            }
            _ => true,
        }
    }

    /// Reports interface literals that reach themselves through their methods: Go's compiler does not
    /// support them, and canonical types would have no end.
    pub(super) fn anonymous_interface_cycles(&mut self) {
        let mut literals = std::mem::take(&mut self.iface_lits);
        literals.sort_by_key(|(span, _)| span.lo);
        let mut cyclic: FxHashMap<TypeId, bool> = FxHashMap::default();
        for (span, ty) in literals {
            if self.reaches_itself(ty, &mut cyclic) {
                let message = "invalid recursive type: anonymous interface refers to itself \
                               (see https://go.dev/issue/56103)";
                self.err(span, "InvalidTypeCycle", message);
                // One report for all members of a cycle.
                cyclic.values_mut().for_each(|c| *c = false);
            }
        }
    }

    /// `cyclic` holds true for interfaces being walked, false for those that are done.
    fn reaches_itself(&self, ty: TypeId, cyclic: &mut FxHashMap<TypeId, bool>) -> bool {
        let ty = self.types.unalias(ty);
        match self.types.kind(ty) {
            TypeKind::Interface(i) => {
                if let Some(&on_path) = cyclic.get(&ty) {
                    return on_path;
                }
                cyclic.insert(ty, true);
                if self.types.type_set(*i).methods.iter().any(|m| self.reaches_itself(m.sig, cyclic)) {
                    return true;
                }
                cyclic.insert(ty, false);
                false
            }
            TypeKind::Named(_) | TypeKind::Basic(_) | TypeKind::TypeParam(_) => false,
            _ => {
                let mut parts = Vec::new();
                self.parts(ty, &mut parts);
                parts.into_iter().any(|t| self.reaches_itself(t, cyclic))
            }
        }
    }
}
