//! The order of functions where there are instances of generic ones.
//!
//! Go's compiler reads bodies from a stack: the declared functions', in source order, lie on it at first, so
//! that the last is read first. The first mention of an instance puts its functions on top: of a generic
//! function the one that hands over a dictionary and the one for the shapes, of a generic type the methods of
//! both kinds; those for a type's shapes follow when the body is through, unless a call wants one before. An
//! instance is listed when its body is read. This file walks the bodies in the order in which they are
//! written down, and keeps that stack.

#![forbid(unsafe_code)]

use rustc_hash::{FxHashMap, FxHashSet};

use super::ir::{Callee, ExprId, ExprKind, FuncId, FuncKind, INSTANCE_SUFFIX, Program, Stmt};
use super::order::outermost;
use super::visit::{Part, init_stmts, operands, parts};
use crate::index::Symbol;
use crate::types::{TypeId, TypeKind, Types};

/// All functions, in that order.
pub fn with_instances(prog: &Program, types: &Types, all: Vec<FuncId>) -> Vec<FuncId> {
    let mut reader = Reader::new(prog, types, &all);
    let is_root = |f: FuncId, kind: FuncKind| {
        let func = &prog.funcs[f];
        func.kind == kind && !func.kind.is_closure() && func.dict.is_empty()
    };
    let inits: Vec<FuncId> = all.iter().copied().filter(|&f| is_root(f, FuncKind::Init)).collect();
    let mut declared: Vec<FuncId> = all.iter().copied().filter(|&f| is_root(f, FuncKind::Declared)).collect();
    declared.sort_by_key(|&f| prog.funcs[f].pos.0);
    let mut out = inits.clone();
    for f in &inits {
        out.extend(reader.closures.remove(f).unwrap_or_default());
    }
    out.extend(&declared);
    reader.seen.extend(&out);
    for &f in &inits {
        reader.read(f);
    }
    for &f in &declared {
        reader.signature(f, false);
        reader.bodies.push(f);
    }
    loop {
        if let Some(dict) = reader.dicts.pop() {
            reader.shape(dict);
        } else if let Some(f) = reader.bodies.pop() {
            reader.read(f);
            out.extend(reader.closures.remove(&f).unwrap_or_default());
            if !prog.funcs[f].dict.is_empty() || prog.funcs[f].kind == FuncKind::Instance {
                out.push(f);
            }
        } else {
            break;
        }
    }
    let listed: FxHashSet<FuncId> = out.iter().copied().collect();
    out.extend(all.into_iter().filter(|f| !listed.contains(f)));
    out
}

/// What waits for its version with shapes.
#[derive(Clone, Copy)]
enum Dict {
    Func(FuncId),
    Type(TypeId),
}

struct Reader<'a> {
    prog: &'a Program,
    types: &'a Types,
    /// Function literals by the function that they stand in.
    closures: FxHashMap<FuncId, Vec<FuncId>>,
    /// The function with shapes behind each that hands over a dictionary, and back.
    base_of: FxHashMap<FuncId, FuncId>,
    stub_of: FxHashMap<FuncId, FuncId>,
    /// Methods that hand over dictionaries, by the receiver's type.
    methods: FxHashMap<TypeId, Vec<FuncId>>,
    seen: FxHashSet<FuncId>,
    seen_types: FxHashSet<(TypeId, bool)>,
    bodies: Vec<FuncId>,
    dicts: Vec<Dict>,
}

impl<'a> Reader<'a> {
    fn new(prog: &'a Program, types: &'a Types, all: &[FuncId]) -> Self {
        let by_name: FxHashMap<Symbol, FuncId> = all.iter().map(|&f| (prog.funcs[f].link_name, f)).collect();
        let mut reader = Reader {
            prog,
            types,
            closures: FxHashMap::default(),
            base_of: FxHashMap::default(),
            stub_of: FxHashMap::default(),
            methods: FxHashMap::default(),
            seen: FxHashSet::default(),
            seen_types: FxHashSet::default(),
            bodies: Vec::new(),
            dicts: Vec::new(),
        };
        for &f in all {
            let func = &prog.funcs[f];
            if func.kind.is_closure() {
                reader.closures.entry(outermost(prog, f)).or_default().push(f);
            }
            if func.kind != FuncKind::Instance {
                continue;
            }
            // The function that it calls has its name.
            let name = func.link_name.as_str().strip_suffix(INSTANCE_SUFFIX);
            if let Some(&base) = name.and_then(|name| by_name.get(&Symbol::new(name))) {
                reader.base_of.insert(f, base);
                reader.stub_of.insert(base, f);
            }
            if let (true, Some(&recv)) = (func.has_recv, func.params.first()) {
                let ty = func.locals[recv].ty;
                reader.methods.entry(types.pointee(ty).unwrap_or(ty)).or_default().push(f);
            }
        }
        reader
    }

    fn push(&mut self, f: FuncId) {
        if self.seen.insert(f) {
            self.bodies.push(f);
        }
    }

    /// A mention of a type, in a function with shapes or not.
    fn ty(&mut self, ty: TypeId, shaped: bool) {
        if !self.seen_types.insert((ty, shaped)) {
            return;
        }
        match self.types.kind(ty).clone() {
            TypeKind::Named(n) => {
                let named = &self.types.named[n];
                if named.origin.is_none() {
                    return;
                }
                for &arg in &named.targs {
                    self.ty(arg, shaped);
                }
                let written = named.rhs.unwrap_or(named.underlying);
                self.ty(written, shaped);
                if shaped {
                    self.shape(Dict::Type(ty));
                } else {
                    self.dicts.push(Dict::Type(ty));
                    for f in self.methods.get(&ty).cloned().unwrap_or_default() {
                        self.push(f);
                    }
                }
            }
            TypeKind::Pointer(elem) | TypeKind::Slice(elem) => self.ty(elem, shaped),
            TypeKind::Array { elem, .. } | TypeKind::Chan { elem, .. } => self.ty(elem, shaped),
            TypeKind::Map { key, elem } => {
                self.ty(key, shaped);
                self.ty(elem, shaped);
            }
            TypeKind::Struct(fields) => fields.fields.iter().for_each(|f| self.ty(f.ty, shaped)),
            TypeKind::Func(sig) => {
                sig.params.iter().for_each(|p| self.ty(p.ty, shaped));
                sig.results.iter().for_each(|r| self.ty(r.ty, shaped));
            }
            TypeKind::Tuple(list) => list.iter().for_each(|&t| self.ty(t, shaped)),
            _ => {}
        }
    }

    /// Brings in the functions with shapes.
    fn shape(&mut self, dict: Dict) {
        match dict {
            Dict::Func(base) => {
                if !self.seen.contains(&base) {
                    self.signature(base, true);
                    self.push(base);
                }
            }
            Dict::Type(ty) => {
                for stub in self.methods.get(&ty).cloned().unwrap_or_default() {
                    if let Some(&base) = self.base_of.get(&stub) {
                        self.push(base);
                    }
                }
            }
        }
    }

    fn signature(&mut self, f: FuncId, shaped: bool) {
        let func = &self.prog.funcs[f];
        for &l in func.params.iter().chain(&func.results) {
            self.ty(func.locals[l].ty, shaped);
        }
    }

    /// A mention of a function or method.
    fn func(&mut self, target: FuncId, shaped: bool) {
        let base = self.base_of.get(&target).copied().unwrap_or(target);
        if self.prog.funcs[base].dict.is_empty() {
            return;
        }
        let stub = self.stub_of.get(&base).copied();
        let recv = stub.map(|s| &self.prog.funcs[s]).filter(|s| s.has_recv).map(|s| s.locals[s.params[0]].ty);
        if let Some(recv) = recv {
            let recv = self.types.pointee(recv).unwrap_or(recv);
            self.ty(recv, shaped);
            self.shape(Dict::Type(recv));
            return;
        }
        if let (Some(stub), false) = (stub, shaped)
            && !self.seen.contains(&stub)
        {
            self.signature(stub, false);
            self.dicts.push(Dict::Func(base));
            self.push(stub);
        }
        self.shape(Dict::Func(base));
    }

    /// Walks a body, and those of the literals in it.
    fn read(&mut self, f: FuncId) {
        let func = &self.prog.funcs[f];
        if func.kind == FuncKind::Instance {
            return;
        }
        let shaped = !self.prog.funcs[outermost(self.prog, f)].dict.is_empty();
        self.list(f, &func.body, shaped);
    }

    fn list(&mut self, f: FuncId, list: &'a [Stmt], shaped: bool) {
        for stmt in list {
            self.stmt(f, stmt, shaped);
        }
    }

    fn stmt(&mut self, f: FuncId, stmt: &'a Stmt, shaped: bool) {
        parts(stmt, &mut |part| match part {
            Part::Expr(x) => self.expr(f, x, shaped),
            Part::Decl(l) => self.ty(self.prog.funcs[f].locals[l].ty, shaped),
            Part::Stmt(s) => self.stmt(f, s, shaped),
            Part::Body(b) => self.list(f, b, shaped),
        });
    }

    fn expr(&mut self, f: FuncId, x: ExprId, shaped: bool) {
        let prog = self.prog;
        let e = &prog.funcs[f].exprs[x];
        match &e.kind {
            ExprKind::Func(g) | ExprKind::Call { callee: Callee::Static(g), .. } => self.func(*g, shaped),
            ExprKind::Closure(g) => {
                self.signature(*g, shaped);
                self.read(*g);
            }
            ExprKind::MethodValue { func, .. } => {
                if let Some(g) = super::facts::method_of(prog, *func) {
                    self.func(g, shaped);
                }
            }
            ExprKind::Conv(_)
            | ExprKind::ConvIface(_)
            | ExprKind::New(_)
            | ExprKind::NewValue(_)
            | ExprKind::PtrLit(_)
            | ExprKind::StructLit(_)
            | ExprKind::ArrayLit(_)
            | ExprKind::SliceLit { .. }
            | ExprKind::MapLit(_)
            | ExprKind::MakeSlice { .. }
            | ExprKind::MakeMap { .. }
            | ExprKind::MakeChan { .. } => self.ty(e.ty, shaped),
            _ => {}
        }
        self.list(f, init_stmts(&e.kind), shaped);
        operands(&e.kind, &mut |y| self.expr(f, y, shaped));
    }
}
