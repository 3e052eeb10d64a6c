//! Putting a function's body in the place of a call.
//!
//! Arguments are assigned to fresh variables in the caller, `return` becomes an assignment to result variables
//! and a jump to the end. Function literals in the body are copied, too: each copy is a function of its own.
//! Positions are mapped to a range that stands for "inlined here" (see [`SourceMap::add_inlined`]).
//!
//! [`SourceMap::add_inlined`]: crate::source::SourceMap::add_inlined

#![forbid(unsafe_code)]

use rustc_hash::FxHashMap;

use super::Inliner;
use crate::hir::visit::body_exprs;
use crate::hir::{
    Callee, Case, CommCase, Esc, Expr, ExprId, ExprKind, Func, FuncId, FuncKind, Label, LabelId, LocalId, LocalKind,
    Stmt, StmtKind, TypeCase,
};
use crate::index::{Id, Symbol};
use crate::source::{Pos, Span};

/// The result of an expansion.
pub struct Expansion {
    /// Arguments, body, end label.
    pub stmts: Vec<Stmt>,
    pub results: Vec<LocalId>,
}

/// Numbers of a function's parts in the function that they are copied into.
struct Copier<'a> {
    /// The function copied.
    source: &'a Func,
    locals: FxHashMap<LocalId, LocalId>,
    first_expr: usize,
    first_label: usize,
    /// Where the function's source begins.
    lo: Pos,
    /// Added to positions in the source.
    shift: u32,
    funcs: FxHashMap<FuncId, FuncId>,
    /// `return`s become assignments to these and jumps to the label.
    inlined: Option<(&'a [LocalId], LabelId, bool, Pos)>,
}

impl Copier<'_> {
    fn expr(&self, x: ExprId) -> ExprId {
        ExprId::new(x.index() + self.first_expr)
    }

    fn opt(&self, x: Option<ExprId>) -> Option<ExprId> {
        x.map(|x| self.expr(x))
    }

    fn list(&self, xs: &[ExprId]) -> Vec<ExprId> {
        xs.iter().map(|&x| self.expr(x)).collect()
    }

    fn local(&self, l: LocalId) -> LocalId {
        self.locals[&l]
    }

    fn label(&self, l: LabelId) -> LabelId {
        LabelId::new(l.index() + self.first_label)
    }

    fn func(&self, f: FuncId) -> FuncId {
        self.funcs.get(&f).copied().unwrap_or(f)
    }

    fn pos(&self, pos: Pos) -> Pos {
        source_pos(self.source, self.lo, pos, self.shift)
    }

    fn span(&self, span: Span) -> Span {
        Span { lo: self.pos(span.lo), hi: self.pos(span.hi) }
    }

    fn node(&mut self, e: &Expr, out: &mut Func) -> Expr {
        Expr {
            kind: self.kind(&e.kind, out),
            ty: e.ty,
            pos: self.pos(e.pos),
            span: self.span(e.span),
            esc: Esc::Unknown,
            implicit: e.implicit,
        }
    }

    fn kind(&mut self, kind: &ExprKind, out: &mut Func) -> ExprKind {
        use ExprKind::*;
        match *kind {
            Const(_) | Nil | Zero | Global(_) | NameOffset { .. } | Func(_) | New(_) | Recover => kind.clone(),
            Local(l) => Local(self.local(l)),
            Unary(op, y) => Unary(op, self.expr(y)),
            Binary(op, y, z) => Binary(op, self.expr(y), self.expr(z)),
            AndAnd(y, z) => AndAnd(self.expr(y), self.expr(z)),
            OrOr(y, z) => OrOr(self.expr(y), self.expr(z)),
            AddStr(ref list) => AddStr(self.list(list)),
            Paren(y) => Paren(self.expr(y)),
            Addr(y) => Addr(self.expr(y)),
            PtrLit(y) => PtrLit(self.expr(y)),
            Deref(y) => Deref(self.expr(y)),
            Field { x, field, name } => Field { x: self.expr(x), field, name },
            FieldPtr { x, field, name } => FieldPtr { x: self.expr(x), field, name },
            Index { x, index, bounded } => Index { x: self.expr(x), index: self.expr(index), bounded },
            IndexMap { x, key } => IndexMap { x: self.expr(x), key: self.expr(key) },
            Slice { x, lo, hi, max } => {
                Slice { x: self.expr(x), lo: self.opt(lo), hi: self.opt(hi), max: self.opt(max) }
            }
            Call { callee, ref args, variadic } => {
                let callee = match callee {
                    Callee::Static(f) => Callee::Static(f),
                    Callee::Value(f) => Callee::Value(self.expr(f)),
                    Callee::Interface { recv, index, method } => {
                        Callee::Interface { recv: self.expr(recv), index, method }
                    }
                };
                Call { callee, args: self.list(args), variadic }
            }
            Append { slice, ref args, spread } => Append { slice: self.expr(slice), args: self.list(args), spread },
            Copy { dst, src } => Copy { dst: self.expr(dst), src: self.expr(src) },
            Len(y) => Len(self.expr(y)),
            Cap(y) => Cap(self.expr(y)),
            NewValue(y) => NewValue(self.expr(y)),
            MakeSlice { len, cap } => MakeSlice { len: self.expr(len), cap: self.opt(cap) },
            MakeMap { hint } => MakeMap { hint: self.opt(hint) },
            MakeChan { size } => MakeChan { size: self.opt(size) },
            Min(ref list) => Min(self.list(list)),
            Max(ref list) => Max(self.list(list)),
            Clear(y) => Clear(self.expr(y)),
            Delete { map, key } => Delete { map: self.expr(map), key: self.expr(key) },
            Close(y) => Close(self.expr(y)),
            Panic(y) => Panic(self.expr(y)),
            Print { ref args, newline } => Print { args: self.list(args), newline },
            Complex(y, z) => Complex(self.expr(y), self.expr(z)),
            Real(y) => Real(self.expr(y)),
            Imag(y) => Imag(self.expr(y)),
            UnsafeAdd(y, z) => UnsafeAdd(self.expr(y), self.expr(z)),
            UnsafeSlice(y, z) => UnsafeSlice(self.expr(y), self.expr(z)),
            UnsafeString(y, z) => UnsafeString(self.expr(y), self.expr(z)),
            UnsafeSliceData(y) => UnsafeSliceData(self.expr(y)),
            UnsafeStringData(y) => UnsafeStringData(self.expr(y)),
            Conv(y) => Conv(self.expr(y)),
            ConvIface(y) => ConvIface(self.expr(y)),
            StrConv(c, y) => StrConv(c, self.expr(y)),
            SliceToArray(y) => SliceToArray(self.expr(y)),
            SliceToArrayPtr(y) => SliceToArrayPtr(self.expr(y)),
            TypeAssert { x } => TypeAssert { x: self.expr(x) },
            StructLit(ref fields) => StructLit(fields.iter().map(|&(i, v)| (i, self.expr(v))).collect()),
            ArrayLit(ref elems) => ArrayLit(self.elems(elems)),
            SliceLit { ref elems, len } => SliceLit { elems: self.elems(elems), len },
            MapLit(ref entries) => MapLit(entries.iter().map(|&(k, v)| (self.expr(k), self.expr(v))).collect()),
            Closure(f) => Closure(self.func(f)),
            MethodValue { recv, func } => MethodValue { recv: self.expr(recv), func },
            Recv(y) => Recv(self.expr(y)),
            Init { ref stmts, x } => Init { stmts: self.stmts(stmts, out), x: self.expr(x) },
        }
    }

    fn elems(&self, elems: &[crate::hir::Elem]) -> Vec<crate::hir::Elem> {
        elems.iter().map(|e| crate::hir::Elem { index: e.index, value: self.expr(e.value) }).collect()
    }

    fn places<const N: usize>(&self, lhs: [Option<ExprId>; N]) -> [Option<ExprId>; N] {
        lhs.map(|x| self.opt(x))
    }

    fn stmts(&mut self, list: &[Stmt], out: &mut Func) -> Vec<Stmt> {
        list.iter().map(|s| self.stmt(s, out)).collect()
    }

    fn stmt(&mut self, stmt: &Stmt, out: &mut Func) -> Stmt {
        use StmtKind::*;
        let kind = match &stmt.kind {
            Decl(l) => Decl(self.local(*l)),
            Assign { lhs, rhs, def } => Assign { lhs: self.opt(*lhs), rhs: self.expr(*rhs), def: *def },
            AssignOp { op, lhs, rhs, inc_dec } => {
                AssignOp { op: *op, lhs: self.expr(*lhs), rhs: self.expr(*rhs), inc_dec: *inc_dec }
            }
            AssignMulti { lhs, rhs, def } => {
                AssignMulti { lhs: lhs.iter().map(|&x| self.opt(x)).collect(), rhs: self.list(rhs), def: *def }
            }
            AssignCall { lhs, call, def } => {
                AssignCall { lhs: lhs.iter().map(|&x| self.opt(x)).collect(), call: self.expr(*call), def: *def }
            }
            AssignCommaOk { lhs, rhs, kind, def } => {
                AssignCommaOk { lhs: self.places(*lhs), rhs: self.expr(*rhs), kind: *kind, def: *def }
            }
            Expr(x) => Expr(self.expr(*x)),
            Block(body) => Block(self.stmts(body, out)),
            If { cond, then, els } => {
                If { cond: self.expr(*cond), then: self.stmts(then, out), els: self.stmts(els, out) }
            }
            For { label, cond, post, body, per_iteration } => For {
                label: label.map(|l| self.label(l)),
                cond: self.opt(*cond),
                post: self.stmts(post, out),
                body: self.stmts(body, out),
                per_iteration: per_iteration.iter().map(|&l| self.local(l)).collect(),
            },
            Range { label, key, value, x, define, blanks, body } => Range {
                label: label.map(|l| self.label(l)),
                key: self.opt(*key),
                value: self.opt(*value),
                x: self.expr(*x),
                define: *define,
                blanks: *blanks,
                body: self.stmts(body, out),
            },
            Switch { label, tag, cases } => Switch {
                label: label.map(|l| self.label(l)),
                tag: self.opt(*tag),
                cases: cases
                    .iter()
                    .map(|c| Case {
                        pos: self.pos(c.pos),
                        values: self.list(&c.values),
                        is_default: c.is_default,
                        body: self.stmts(&c.body, out),
                        fallthrough: c.fallthrough,
                    })
                    .collect(),
            },
            TypeSwitch { label, x, cases } => TypeSwitch {
                label: label.map(|l| self.label(l)),
                x: self.expr(*x),
                cases: cases
                    .iter()
                    .map(|c| TypeCase {
                        pos: self.pos(c.pos),
                        types: c.types.clone(),
                        is_default: c.is_default,
                        var: c.var.map(|v| self.local(v)),
                        body: self.stmts(&c.body, out),
                    })
                    .collect(),
            },
            Select { label, cases } => Select {
                label: label.map(|l| self.label(l)),
                cases: cases
                    .iter()
                    .map(|c| CommCase {
                        pos: self.pos(c.pos),
                        comm: c.comm.as_ref().map(|s| Box::new(self.stmt(s, out))),
                        body: self.stmts(&c.body, out),
                    })
                    .collect(),
            },
            Send { chan, value } => Send { chan: self.expr(*chan), value: self.expr(*value) },
            Go(x) => Go(self.expr(*x)),
            Defer(x) => Defer(self.expr(*x)),
            Return(values) => match self.inlined {
                Some(target) => {
                    let values = self.list(values);
                    self.inlined_return(values, target, out)
                }
                None => Return(self.list(values)),
            },
            ReturnCall(x) => match self.inlined {
                Some((results, label, delay, pos)) => {
                    let mut block = Vec::new();
                    let lhs = assign_targets(out, results, delay, pos, &mut block);
                    block.push(Stmt { pos, kind: AssignCall { lhs, call: self.expr(*x), def: delay } });
                    block.push(Stmt { pos, kind: Goto(label) });
                    Block(block)
                }
                None => ReturnCall(self.expr(*x)),
            },
            Break(l) => Break(l.map(|l| self.label(l))),
            Continue(l) => Continue(l.map(|l| self.label(l))),
            Goto(l) => Goto(self.label(*l)),
            Label(l) => Label(self.label(*l)),
            CheckNil(x) => CheckNil(self.expr(*x)),
            MoveToHeap(l) => MoveToHeap(*l),
        };
        Stmt { pos: self.pos(stmt.pos), kind }
    }

    /// `return values`, in the caller.
    fn inlined_return(
        &self,
        values: Vec<ExprId>,
        (results, label, delay, pos): (&[LocalId], LabelId, bool, Pos),
        out: &mut Func,
    ) -> StmtKind {
        let mut block = Vec::new();
        if !values.is_empty() {
            let lhs = assign_targets(out, results, delay, pos, &mut block);
            let kind = match (lhs.as_slice(), values.as_slice()) {
                (&[lhs], &[rhs]) => StmtKind::Assign { lhs, rhs, def: delay },
                _ => StmtKind::AssignMulti { lhs, rhs: values, def: delay },
            };
            block.push(Stmt { pos, kind });
        }
        block.push(Stmt { pos, kind: StmtKind::Goto(label) });
        StmtKind::Block(block)
    }
}

/// The result variables as left sides; declared here if that was put off.
fn assign_targets(
    out: &mut Func,
    results: &[LocalId],
    delay: bool,
    pos: Pos,
    block: &mut Vec<Stmt>,
) -> Vec<Option<ExprId>> {
    if delay {
        block.extend(results.iter().map(|&l| Stmt { pos, kind: StmtKind::Decl(l) }));
    }
    results.iter().map(|&l| Some(local_expr(out, l, pos))).collect()
}

fn local_expr(out: &mut Func, l: LocalId, pos: Pos) -> ExprId {
    let (kind, ty) = (ExprKind::Local(l), out.locals[l].ty);
    // Not written: messages tell these assignments from the source's.
    out.exprs.push(Expr { kind, ty, pos, span: Span::new(pos, pos), esc: Esc::Unknown, implicit: true })
}

/// Whether results can come into being at the one `return`, because they have no names.
fn can_delay_results(func: &Func) -> bool {
    let mut returns = 0;
    count_returns(&func.body, &mut returns);
    returns == 1 && func.results.iter().all(|&r| func.locals[r].name.as_str().starts_with('~'))
}

fn count_returns(body: &[Stmt], n: &mut u32) {
    use crate::hir::visit::{Part, parts};
    for stmt in body {
        match &stmt.kind {
            StmtKind::Return(values) => *n += if values.is_empty() { 2 } else { 1 },
            StmtKind::ReturnCall(_) => *n += 1,
            _ => parts(stmt, &mut |part| match part {
                Part::Body(b) => count_returns(b, n),
                Part::Stmt(s) => count_returns(std::slice::from_ref(s), n),
                Part::Expr(_) | Part::Decl(_) => {}
            }),
        }
    }
}

/// The package name that variables of `source` carry in code of the package `pkg`: Go's messages name them so.
fn foreign(source: &Func, pkg: Symbol) -> Option<String> {
    let package = || source.name.as_str().split('.').next().unwrap_or_default().to_owned();
    (source.pkg != pkg).then(package)
}

fn qualified(qualifier: &Option<String>, name: Symbol) -> Symbol {
    match qualifier {
        Some(q) if !name.is_blank() && !name.is_empty() && !name.as_str().starts_with(['~', '.']) => {
            Symbol::new(&format!("{q}.{name}"))
        }
        _ => name,
    }
}

impl Inliner<'_> {
    /// The body of `callee` for a call at `pos` in `caller`.
    pub fn expand(&mut self, caller: FuncId, callee: FuncId, args: &[ExprId], pos: Pos) -> Option<Expansion> {
        let source = self.pristine(callee);
        // The receiver stands before the name.
        let lo = self.declaration(callee);
        let shift = self.sources.add_inlined(
            lo,
            source.end,
            pos,
            source.link_name.as_str(),
            source.kind == FuncKind::CallWrapper,
        )?;
        self.expanded.push(callee);
        let mut out = std::mem::replace(&mut self.prog.funcs[caller], super::placeholder());
        let delay = can_delay_results(&source);
        self.pkg_inlined_into = out.pkg;

        let qualifier = foreign(&source, out.pkg);
        let mut locals = FxHashMap::default();
        for (id, local) in source.locals.iter_enumerated() {
            let own = match local.kind {
                // A literal called by the function around it: its captured variables are at hand.
                LocalKind::Captured { outer, .. } => outer,
                _ => {
                    let mut copy = local.clone();
                    copy.name = qualified(&qualifier, local.name);
                    copy.kind = LocalKind::Auto;
                    copy.esc = Esc::Unknown;
                    copy.name = foreign_name(copy.name, &source, &out);
                    copy.pos = source_pos(&source, lo, local.pos, shift);
                    out.locals.push(copy)
                }
            };
            locals.insert(id, own);
        }
        let results: Vec<LocalId> = source.results.iter().map(|r| locals[r]).collect();
        let label = out.labels.push(Label { name: Symbol::new(".i"), pos });

        let mut stmts = Vec::new();
        let mut lhs = Vec::new();
        for (i, &p) in source.params.iter().enumerate() {
            let local = locals[&p];
            let name = source.locals[p].name;
            if name.is_blank() || name.is_empty() {
                out.locals[local].name = Symbol::new(&format!("~p{i}"));
            }
            stmts.push(Stmt { pos, kind: StmtKind::Decl(local) });
            lhs.push(Some(local_expr(&mut out, local, pos)));
        }
        if let (false, Some(Some(first))) = (source.dict.is_empty(), lhs.first()) {
            out.inlined_dicts.insert(*first, (u32::from(source.has_recv), source.dict));
        }
        match (lhs.as_slice(), args) {
            ([], []) => {}
            (&[lhs], &[rhs]) => stmts.push(Stmt { pos, kind: StmtKind::Assign { lhs, rhs, def: lhs.is_some() } }),
            _ => {
                let def = lhs.iter().any(Option::is_some);
                stmts.push(Stmt { pos, kind: StmtKind::AssignMulti { lhs, rhs: args.to_vec(), def } });
            }
        }
        if !delay {
            stmts.extend(results.iter().map(|&r| Stmt { pos, kind: StmtKind::Decl(r) }));
        }

        let funcs = self.copy_closures(&source, (caller, &out), &locals, None);
        let mut copier = Copier {
            source: &source,
            locals,
            first_expr: out.exprs.len(),
            first_label: out.labels.len(),
            lo,
            shift,
            funcs,
            inlined: Some((&results, label, delay, pos)),
        };
        for l in source.labels.iter() {
            out.labels.push(Label { name: l.name, pos: copier.pos(l.pos) });
        }
        // Expressions keep their order and distance; those that returns and initialisers need come behind.
        let blank = ExprKind::Nil;
        for e in source.exprs.iter() {
            out.exprs.push(Expr { kind: blank.clone(), ..e.clone() });
        }
        for (id, e) in source.exprs.iter_enumerated() {
            let node = copier.node(e, &mut out);
            let id = copier.expr(id);
            out.exprs[id] = node;
        }
        for (&x, &ty) in &source.spelled {
            out.spelled.insert(copier.expr(x), ty);
        }
        for (&x, &n) in &source.temps {
            out.temps.insert(copier.expr(x), n);
        }
        let body = copier.stmts(&source.body, &mut out);
        stmts.extend(body);
        stmts.push(Stmt { pos, kind: StmtKind::Label(label) });
        self.prog.funcs[caller] = out;
        Some(Expansion { stmts, results })
    }

    /// Copies the literals of an inlined body, and those in them, as literals of `parent`. They are functions
    /// of their own, so their positions stay what they are.
    fn copy_closures(
        &mut self,
        source: &Func,
        (parent, caller): (FuncId, &Func),
        locals: &FxHashMap<LocalId, LocalId>,
        around: Option<&Func>,
    ) -> FxHashMap<FuncId, FuncId> {
        let mut found = Vec::new();
        let pkg = self.pkg_inlined_into;
        body_exprs(source, &source.body, &mut |x| {
            if let ExprKind::Closure(f) = source.exprs[x].kind {
                found.push(f);
            }
        });
        let mut funcs = FxHashMap::default();
        for f in found {
            let old = self.pristine(f);
            let qualifier = foreign(&old, pkg);
            let id = self.prog.funcs.push(super::placeholder());
            let mut copy = (*old).clone();
            self.name_copy(&mut copy, source, caller, around);
            copy.pkg = pkg;
            copy.parent = Some(parent);
            let mut own = FxHashMap::default();
            for (l, local) in copy.locals.iter_enumerated() {
                own.insert(l, l);
                debug_assert!(local.esc == Esc::Unknown);
            }
            for l in copy.locals.iter_mut() {
                l.name = qualified(&qualifier, l.name);
                if let LocalKind::Captured { outer, .. } = &mut l.kind {
                    *outer = locals[outer];
                }
            }
            let inner = self.copy_closures(&old, (id, caller), &own, Some(&copy));
            let mut copier = Copier {
                source,
                locals: own,
                first_expr: 0,
                first_label: 0,
                lo: source.pos,
                shift: 0,
                funcs: inner,
                inlined: None,
            };
            let mut scratch = super::placeholder();
            for (x, e) in old.exprs.iter_enumerated() {
                copy.exprs[x] = copier.node(e, &mut scratch);
            }
            copy.body = copier.stmts(&old.body, &mut scratch);
            (copy.pos, copy.end) = (copier.pos(old.pos), copier.pos(old.end));
            self.prog.funcs[id] = copy;
            self.adopt(id, &old);
            funcs.insert(f, id);
        }
        funcs
    }
}

/// The name of a variable from a function of another package, as messages print it.
fn foreign_name(name: Symbol, source: &Func, caller: &Func) -> Symbol {
    let own = source.pkg == caller.pkg || name.is_blank() || name.as_str().starts_with(['.', '~']);
    match source.name.as_str().split_once('.') {
        Some((pkg, _)) if !own && !name.as_str().contains('.') && !pkg.starts_with('(') => {
            Symbol::new(&format!("{pkg}.{name}"))
        }
        _ => name,
    }
}

fn source_pos(source: &Func, lo: Pos, pos: Pos, shift: u32) -> Pos {
    if pos >= lo && pos <= source.end { pos.offset(shift) } else { pos }
}
