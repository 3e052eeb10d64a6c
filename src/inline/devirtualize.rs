//! Interface method calls on receivers of which the dynamic type is known.
//!
//! `s.m()` becomes `s.(T).m()` where every value that the variable `s` may hold was converted from `T`. The
//! receiver may still be nil, which is checked before, so that the call fails as it would have.
//!
//! The type of a variable is the one type of all assignments to it; assignments from other variables are
//! followed, each variable once, so the search ends. Variables whose address is taken are not followed.

#![forbid(unsafe_code)]

use std::cell::{Cell, RefCell};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::hir::order::outermost;
use crate::hir::print::Printer;
use crate::hir::visit::{Part, init_stmts, operands, parts};
use crate::hir::{
    Callee, CommaOk, Esc, Expr, ExprId, ExprKind, FuncId, FuncKind, LocalId, LocalKind, Program, Stmt, StmtKind,
};
use crate::index::{Id, Symbol};
use crate::source::SourceMap;
use crate::types::lookup::{Found, Lookup};
use crate::types::{Objects, PkgId, TypeId, TypeKind, Types};

/// A variable: of the function that declares it.
type Var = (FuncId, LocalId);

/// What a variable of interface type is assigned.
#[derive(Clone, Copy)]
enum Value {
    /// An interface from somewhere else.
    Unknown,
    Expr(FuncId, ExprId),
    /// Result of a call with several.
    Result(FuncId, ExprId, usize),
}

/// What is known of a dynamic type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dynamic {
    Unknown,
    /// Always nil, or an assignment to itself: no type yet.
    None,
    Type(TypeId),
}

/// What is known for rewriting calls one by one.
pub struct Devirtualizer {
    methods: FxHashMap<(TypeId, Symbol), FuncId>,
    /// Methods with pointer receivers by what is pointed to, with the receiver's type.
    methods_of_pointers: FxHashMap<(TypeId, Symbol), (FuncId, TypeId)>,
    /// Collected when first needed.
    values: Option<Assignments>,
    /// Types of variables found since assignments were last added.
    known: RefCell<FxHashMap<Var, Dynamic>>,
    /// Functions whose assignments are known.
    n_funcs: usize,
    /// Link names of instances: in code inlined from them, types are those of the dictionary.
    shaped: FxHashSet<Symbol>,
}

impl Devirtualizer {
    pub fn new(prog: &Program, types: &Types) -> Devirtualizer {
        let methods = methods(prog);
        let by_pointee = |(&(ty, name), &f): (&(TypeId, Symbol), &FuncId)| match *types.kind(ty) {
            TypeKind::Pointer(elem) => Some(((elem, name), (f, ty))),
            _ => None,
        };
        let methods_of_pointers = methods.iter().filter_map(by_pointee).collect();
        let shaped = prog.funcs.iter().filter(|f| !f.dict.is_empty()).map(|f| f.link_name).collect();
        Devirtualizer {
            methods,
            methods_of_pointers,
            values: None,
            known: RefCell::default(),
            n_funcs: prog.funcs.len(),
            shaped,
        }
    }

    /// Takes in statements that were added to a function.
    pub fn extend(&mut self, prog: &Program, types: &Types, func: FuncId, added: &[Stmt]) {
        let known = std::mem::replace(&mut self.n_funcs, prog.funcs.len());
        self.known.get_mut().clear();
        if let Some(out) = self.values.take() {
            let mut c = Collector { prog, types, func, out };
            c.body(added);
            for copied in (known..prog.funcs.len()).map(FuncId::new) {
                c.func = copied;
                c.body(&prog.funcs[copied].body);
            }
            self.values = Some(c.out);
        }
    }

    /// The call of an inlined function with several results: their variables.
    pub fn results(&mut self, func: FuncId, call: ExprId, results: Vec<LocalId>) {
        self.known.get_mut().clear();
        if let Some(values) = &mut self.values {
            values.results.insert((func, call), results);
        }
    }

    /// Names of declared methods.
    pub fn method_names(&self) -> Vec<Symbol> {
        self.methods.keys().map(|k| k.1).collect()
    }

    /// The declared method that `name` selects on a `ty` that can be addressed, and whether it is promoted.
    pub fn find_method(
        &self,
        prog: &Program,
        types: &Types,
        objs: &Objects,
        ty: TypeId,
        name: Symbol,
    ) -> Option<(FuncId, bool)> {
        let lookup =
            MethodLookup { prog, types, objs, methods: &self.methods, methods_of_pointers: &self.methods_of_pointers };
        if let Some(found) = lookup.find(ty, name) {
            return match found.target {
                Target::Func(f) => Some((f, !found.path.is_empty())),
                Target::Interface { .. } => None,
            };
        }
        // A method with a pointer receiver of a field held by value.
        let pkg = lookup.package_of(ty);
        let found = types.lookup_field_or_method(objs, ty, true, pkg, name, false);
        let Lookup::Found { what: Found::Method { .. }, path, .. } = found else { return None };
        let mut at = ty;
        for index in &path {
            let base = types.pointee(at).unwrap_or(at);
            at = types.as_struct(base)?.fields.get(*index as usize)?.ty;
        }
        let &(target, _) = self.methods_of_pointers.get(&(at, name))?;
        Some((target, !path.is_empty()))
    }

    /// Makes interface call `x` of function `f` direct if it can be. Returns what to say, if anything.
    pub fn rewrite(
        &mut self,
        prog: &mut Program,
        types: &Types,
        objs: &Objects,
        sources: &SourceMap,
        qualify: &dyn Fn(PkgId) -> String,
        (f, x): (FuncId, ExprId),
    ) -> Option<String> {
        let ExprKind::Call { callee: Callee::Interface { recv, method, .. }, .. } = prog.funcs[f].exprs[x].kind else {
            return None;
        };
        let values = self.values.get_or_insert_with(|| assignments(prog, types));
        let finder = Finder { prog, types, values, known: &self.known, in_cycle: Cell::new(false) };
        let Dynamic::Type(ty) = finder.dynamic_type(f, recv, &mut FxHashSet::default()) else { return None };
        // In instances of generic functions Go calls through dictionaries.
        let shaped = match sources.inlined_at(prog.funcs[f].exprs[x].pos) {
            Some((_, from)) => self.shaped.contains(&Symbol::new(from.func)),
            None => !prog.funcs[outermost(prog, f)].dict.is_empty(),
        };
        if shaped {
            return None;
        }
        let lookup =
            MethodLookup { prog, types, objs, methods: &self.methods, methods_of_pointers: &self.methods_of_pointers };
        let iface = prog.funcs[f].exprs[recv].ty;
        if !lookup.implements(ty, iface) {
            return None;
        }
        let found = lookup.find(ty, method)?;
        let printer = Printer { prog, types, objs, qualify };
        let how = if matches!(found.target, Target::Func(_)) { "devirtualizing" } else { "partially devirtualizing" };
        let message = format!("{how} {}.{method} to {}", printer.operand(f, recv), printer.ty(ty));
        rewrite(prog, types, f, x, recv, ty, &found);
        Some(message)
    }
}

/// Declared methods by receiver type and name.
fn methods(prog: &Program) -> FxHashMap<(TypeId, Symbol), FuncId> {
    let mut out = FxHashMap::default();
    for (id, f) in prog.funcs.iter_enumerated() {
        let declared = matches!(f.kind, FuncKind::Declared | FuncKind::Instance);
        let Some(&recv) = f.params.first().filter(|_| f.has_recv && declared) else { continue };
        let name = f.name.as_str();
        let method = Symbol::new(name.rsplit('.').next().unwrap_or(name));
        out.insert((f.locals[recv].ty, method), id);
    }
    out
}

/// A method, and how to get from a receiver to the one it wants.
struct FoundMethod {
    target: Target,
    /// Embedded fields on the way: number, name, type, and whether it is reached through a pointer.
    path: Vec<(u32, Symbol, TypeId, bool)>,
    /// From what is there in the end to the receiver.
    last: Adjust,
}

#[derive(Clone, Copy)]
enum Target {
    Func(FuncId),
    /// Method number `index` of an interface that is embedded, and its signature.
    Interface {
        index: u32,
        sig: TypeId,
    },
}

#[derive(Clone, Copy)]
enum Adjust {
    None,
    /// The method wants what the pointer points to.
    Deref,
    /// The method wants the address, of this type.
    Addr(TypeId),
}

struct MethodLookup<'a> {
    prog: &'a Program,
    types: &'a Types,
    objs: &'a Objects,
    methods: &'a FxHashMap<(TypeId, Symbol), FuncId>,
    /// Methods with pointer receivers by what is pointed to, with the receiver's type.
    methods_of_pointers: &'a FxHashMap<(TypeId, Symbol), (FuncId, TypeId)>,
}

impl MethodLookup<'_> {
    /// The declared method `name` of a type.
    fn find(&self, ty: TypeId, name: Symbol) -> Option<FoundMethod> {
        let types = self.types;
        let pkg = self.package_of(ty);
        let found = types.lookup_field_or_method(self.objs, ty, true, pkg, name, false);
        let Lookup::Found { what, path, .. } = found else { return None };
        let mut at = ty;
        let mut steps = Vec::new();
        for index in path {
            let (base, through) = types.pointee(at).map_or((at, false), |elem| (elem, true));
            let s = types.as_struct(base)?;
            let field = s.fields.get(index as usize)?;
            steps.push((index, field.name, field.ty, through));
            at = field.ty;
        }
        match what {
            Found::Method { .. } => {}
            Found::InterfaceMethod { method, index } => {
                let target = Target::Interface { index, sig: method.sig };
                return Some(FoundMethod { target, path: steps, last: Adjust::None });
            }
            Found::Field(_) => return None,
        }
        if let Some(&target) = self.methods.get(&(at, name)) {
            return Some(FoundMethod { target: Target::Func(target), path: steps, last: Adjust::None });
        }
        // A field behind a pointer has an address.
        if steps.iter().any(|s| s.3)
            && let Some(&(target, ty)) = self.methods_of_pointers.get(&(at, name))
        {
            return Some(FoundMethod { target: Target::Func(target), path: steps, last: Adjust::Addr(ty) });
        }
        let elem = types.pointee(at)?;
        let &target = self.methods.get(&(elem, name))?;
        Some(FoundMethod { target: Target::Func(target), path: steps, last: Adjust::Deref })
    }

    /// Whether a concrete type has all methods of an interface, with their signatures.
    fn implements(&self, ty: TypeId, iface: TypeId) -> bool {
        self.types.interface_methods(iface).iter().all(|m| {
            self.find(ty, m.name).is_none_or(|found| {
                let sig = match found.target {
                    Target::Func(f) => self.prog.funcs[f].sig,
                    Target::Interface { sig, .. } => sig,
                };
                self.types.identical(sig, m.sig)
            })
        })
    }

    /// The package whose unexported names are meant: that of the type.
    fn package_of(&self, ty: TypeId) -> PkgId {
        let base = self.types.pointee(ty).unwrap_or(ty);
        match *self.types.kind(base) {
            TypeKind::Named(n) => self.objs[self.types.named[n].obj].pkg,
            // A struct without a name has the methods of what is embedded in it.
            TypeKind::Struct(ref s) => {
                let embedded = s.fields.iter().filter(|f| f.embedded).map(|f| self.package_of(f.ty));
                embedded.into_iter().find(|&pkg| pkg != PkgId::UNIVERSE).unwrap_or(PkgId::UNIVERSE)
            }
            _ => PkgId::UNIVERSE,
        }
    }
}

fn rewrite(prog: &mut Program, types: &Types, f: FuncId, x: ExprId, recv: ExprId, ty: TypeId, found: &FoundMethod) {
    let func = &mut prog.funcs[f];
    let (pos, span) = (func.exprs[x].pos, func.exprs[recv].span);
    let mut add = |kind, ty, implicit| func.exprs.push(Expr { kind, ty, pos, span, esc: Esc::Unknown, implicit });
    let mut value = add(ExprKind::TypeAssert { x: recv }, ty, false);
    for &(field, name, ty, through) in &found.path {
        let kind = match through {
            true => ExprKind::FieldPtr { x: value, field, name },
            false => ExprKind::Field { x: value, field, name },
        };
        value = add(kind, ty, false);
    }
    let at = func.exprs[value].ty;
    let last = match found.last {
        Adjust::None => None,
        Adjust::Deref => Some((ExprKind::Deref(value), types.pointee(at).unwrap_or(at))),
        Adjust::Addr(ty) => Some((ExprKind::Addr(value), ty)),
    };
    if let Some((kind, ty)) = last {
        value = func.exprs.push(Expr { kind, ty, pos, span, esc: Esc::Unknown, implicit: true });
    }
    let mut inner = recv;
    while let ExprKind::Conv(y) | ExprKind::Paren(y) = func.exprs[inner].kind {
        inner = y;
    }
    if let ExprKind::Local(local) = func.exprs[inner].kind {
        let again = Expr { kind: ExprKind::Local(local), ..func.exprs[inner].clone() };
        let again = func.exprs.push(again);
        let check = Stmt { pos, kind: StmtKind::CheckNil(again) };
        let ty = func.exprs[value].ty;
        let kind = ExprKind::Init { stmts: vec![check], x: value };
        value = func.exprs.push(Expr { kind, ty, pos, span, esc: Esc::Unknown, implicit: false });
    }
    if let ExprKind::Call { callee, args, .. } = &mut func.exprs[x].kind {
        match (found.target, callee) {
            (Target::Func(f), callee) => {
                *callee = Callee::Static(f);
                args.insert(0, value);
            }
            (Target::Interface { index: own, .. }, Callee::Interface { recv, index, .. }) => {
                (*recv, *index) = (value, own);
            }
            (Target::Interface { .. }, _) => crate::bug!("inline", func.link_name, "no call through an interface"),
        }
    }
}

struct Finder<'a> {
    prog: &'a Program,
    types: &'a Types,
    values: &'a Assignments,
    known: &'a RefCell<FxHashMap<Var, Dynamic>>,
    /// A variable was met again on the way, so that what was found holds only for where the search began.
    in_cycle: Cell<bool>,
}

impl Finder<'_> {
    fn dynamic_type(&self, f: FuncId, mut x: ExprId, seen: &mut FxHashSet<Var>) -> Dynamic {
        let exprs = &self.prog.funcs[f].exprs;
        loop {
            if !self.types.is_interface(exprs[x].ty) {
                return Dynamic::Type(exprs[x].ty);
            }
            match exprs[x].kind {
                ExprKind::Conv(y)
                | ExprKind::ConvIface(y)
                | ExprKind::Paren(y)
                | ExprKind::TypeAssert { x: y }
                | ExprKind::Init { x: y, .. } => x = y,
                _ => break,
            }
        }
        let ExprKind::Local(local) = exprs[x].kind else { return Dynamic::Unknown };
        self.type_of_variable(f, local, seen)
    }

    fn type_of_variable(&self, f: FuncId, local: LocalId, seen: &mut FxHashSet<Var>) -> Dynamic {
        let var @ (owner, local) = canonical(self.prog, f, local);
        if self.prog.funcs[owner].locals[local].kind != LocalKind::Auto || self.values.addr_taken.contains(&var) {
            return Dynamic::Unknown;
        }
        if let Some(&ty) = self.known.borrow().get(&var) {
            return ty;
        }
        if !seen.insert(var) {
            self.in_cycle.set(true);
            return Dynamic::None;
        }
        let ty = self.type_assigned(var, seen);
        if !self.in_cycle.get() {
            self.known.borrow_mut().insert(var, ty);
        }
        ty
    }

    /// The one type of all that a variable is assigned.
    fn type_assigned(&self, var: Var, seen: &mut FxHashSet<Var>) -> Dynamic {
        let mut ty = Dynamic::None;
        for &value in self.values.of.get(&var).into_iter().flatten() {
            let t = match value {
                Value::Unknown => Dynamic::Unknown,
                Value::Expr(f, x) => self.dynamic_type(f, x, seen),
                Value::Result(f, x, i) => match self.values.results.get(&(f, x)).and_then(|r| r.get(i)) {
                    Some(&local) => self.type_of_variable(f, local, seen),
                    None => Dynamic::Unknown,
                },
            };
            match (ty, t) {
                (_, Dynamic::None) => {}
                (_, Dynamic::Unknown) => return Dynamic::Unknown,
                (Dynamic::Type(a), Dynamic::Type(b)) if a != b => return Dynamic::Unknown,
                _ => ty = t,
            }
        }
        ty
    }
}

fn canonical(prog: &Program, mut func: FuncId, mut local: LocalId) -> Var {
    while let LocalKind::Captured { outer, .. } = prog.funcs[func].locals[local].kind {
        match prog.funcs[func].parent {
            Some(parent) if prog.funcs[func].kind.is_closure() => (func, local) = (parent, outer),
            _ => break,
        }
    }
    (func, local)
}

/// All assignments to variables of interface type.
#[derive(Default)]
pub struct Assignments {
    of: FxHashMap<Var, Vec<Value>>,
    /// Of inlined calls with several results.
    results: FxHashMap<(FuncId, ExprId), Vec<LocalId>>,
    addr_taken: FxHashSet<Var>,
}

fn assignments(prog: &Program, types: &Types) -> Assignments {
    let mut c = Collector { prog, types, func: FuncId(0), out: Assignments::default() };
    for f in prog.funcs.ids() {
        c.func = f;
        c.body(&prog.funcs[f].body);
    }
    c.out
}

struct Collector<'a> {
    prog: &'a Program,
    types: &'a Types,
    func: FuncId,
    out: Assignments,
}

impl Collector<'_> {
    fn assign_result(&mut self, lhs: Option<ExprId>, call: ExprId, i: usize) {
        let exprs = &self.prog.funcs[self.func].exprs;
        if let Some(lhs) = lhs
            && let ExprKind::Local(local) = exprs[lhs].kind
            && self.types.is_interface(exprs[lhs].ty)
        {
            let var = canonical(self.prog, self.func, local);
            self.out.of.entry(var).or_default().push(Value::Result(self.func, call, i));
        }
    }

    fn assign(&mut self, lhs: Option<ExprId>, value: Option<ExprId>) {
        let exprs = &self.prog.funcs[self.func].exprs;
        let Some(lhs) = lhs else { return };
        let ExprKind::Local(local) = exprs[lhs].kind else { return };
        if !self.types.is_interface(exprs[lhs].ty) {
            return;
        }
        let value = match value {
            Some(x) => match exprs[x].kind {
                ExprKind::Nil | ExprKind::Zero => return,
                _ => Value::Expr(self.func, x),
            },
            None => Value::Unknown,
        };
        let var = canonical(self.prog, self.func, local);
        self.out.of.entry(var).or_default().push(value);
    }

    fn body(&mut self, body: &[Stmt]) {
        for stmt in body {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign { lhs, rhs, .. } => self.assign(*lhs, Some(*rhs)),
            StmtKind::AssignMulti { lhs, rhs, .. } => {
                for (lhs, rhs) in lhs.iter().zip(rhs) {
                    self.assign(*lhs, Some(*rhs));
                }
            }
            StmtKind::AssignCommaOk { lhs, rhs, kind, .. } => {
                self.assign(lhs[0], (*kind == CommaOk::TypeAssert).then_some(*rhs));
            }
            StmtKind::AssignCall { lhs, call, .. } => {
                for (i, &lhs) in lhs.iter().enumerate() {
                    self.assign_result(lhs, *call, i);
                }
            }
            StmtKind::Range { key, value, .. } => [key, value].into_iter().for_each(|&lhs| self.assign(lhs, None)),
            StmtKind::TypeSwitch { x, cases, .. } => {
                for var in cases.iter().filter_map(|c| c.var) {
                    if self.types.is_interface(self.prog.funcs[self.func].locals[var].ty) {
                        let value = Value::Expr(self.func, *x);
                        self.out.of.entry((self.func, var)).or_default().push(value);
                    }
                }
            }
            _ => {}
        }
        parts(stmt, &mut |part| match part {
            Part::Expr(x) => self.expr(x),
            Part::Decl(_) => {}
            Part::Stmt(s) => self.stmt(s),
            Part::Body(b) => self.body(b),
        });
    }

    fn expr(&mut self, x: ExprId) {
        let kind = &self.prog.funcs[self.func].exprs[x].kind;
        if let ExprKind::Addr(y) = kind
            && let ExprKind::Local(local) = self.prog.funcs[self.func].exprs[*y].kind
        {
            self.out.addr_taken.insert(canonical(self.prog, self.func, local));
        }
        self.body(init_stmts(kind));
        operands(kind, &mut |y| self.expr(y));
    }
}
