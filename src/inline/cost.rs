#![forbid(unsafe_code)]
//! What a function costs to inline: the number of nodes Go's compiler has for its body, with corrections.
//!
//! The budget is counted in Go's nodes because its limit decides which calls are inlined, and so what `-m`
//! says and where things live. Where our tree and Go's differ in shape, the comments say what Go has there.

use super::Inliner;
use crate::hir::facts::is_conv_nop;
use crate::hir::{Callee, Elem, ExprId, ExprKind, FuncId, LocalId, LocalKind, Stmt, StmtKind};

/// Nodes a function may have to be inlined anywhere.
pub const MAX_BUDGET: i32 = 80;
/// A call that stays a call.
pub const EXTRA_CALL_COST: i32 = 57;
/// A call of a parameter: inlining may make it a direct one.
pub const PARAM_CALL_COST: i32 = 17;
const EXTRA_PANIC_COST: i32 = 1;
const CLOSURE_COST: i32 = 15;
/// A function of this many nodes is big: only small functions are inlined into it.
pub const BIG_FUNCTION_NODES: i32 = 5000;
/// Limit for functions inlined into big ones.
pub const BIG_FUNCTION_MAX_COST: i32 = 20;
/// Budget of a literal that is called once.
pub const CLOSURE_CALLED_ONCE_COST: i32 = 10 * MAX_BUDGET;

/// Counts the nodes of one function.
pub struct Visitor<'a, 'p> {
    pub inliner: &'a mut Inliner<'p>,
    pub func: FuncId,
    pub is_big: bool,
    /// Why the function cannot be inlined at any cost.
    pub reason: Option<String>,
    /// Only nodes are counted: calls cost what any node does.
    pub plain: bool,
}

impl Visitor<'_, '_> {
    fn kind(&self, x: ExprId) -> &ExprKind {
        &self.inliner.prog.funcs[self.func].exprs[x].kind
    }

    /// Cost of the body.
    pub fn body_cost(&mut self) -> i32 {
        let body = std::mem::take(&mut self.inliner.prog.funcs[self.func].body);
        let cost = self.stmts(&body);
        self.inliner.prog.funcs[self.func].body = body;
        cost
    }

    fn stmts(&mut self, list: &[Stmt]) -> i32 {
        let mut cost = 0;
        let mut declared: Vec<LocalId> = Vec::new();
        for stmt in list {
            if let StmtKind::Decl(local) = stmt.kind {
                // The declaration and the name.
                cost += 2;
                declared.push(local);
                continue;
            }
            let initialised = self.initialised(stmt);
            // `var x T` is an assignment of nothing, too.
            cost += 2 * declared.iter().filter(|l| !initialised.contains(l)).count() as i32;
            declared.clear();
            cost += self.stmt(stmt);
        }
        cost + 2 * declared.len() as i32
    }

    fn initialised(&self, stmt: &Stmt) -> Vec<LocalId> {
        let lhs: &[Option<ExprId>] = match &stmt.kind {
            StmtKind::Assign { lhs, def: true, .. } => std::slice::from_ref(lhs),
            StmtKind::AssignMulti { lhs, def: true, .. } | StmtKind::AssignCall { lhs, def: true, .. } => lhs,
            StmtKind::AssignCommaOk { lhs, def: true, .. } => lhs,
            _ => &[],
        };
        let local = |x: &ExprId| match *self.kind(*x) {
            ExprKind::Local(local) => Some(local),
            _ => None,
        };
        lhs.iter().flatten().filter_map(local).collect()
    }

    fn places(&mut self, lhs: &[Option<ExprId>]) -> i32 {
        // Blanks are names too.
        lhs.iter().map(|x| x.map_or(1, |x| self.expr(x))).sum()
    }

    fn exprs(&mut self, list: &[ExprId]) -> i32 {
        list.iter().map(|&x| self.expr(x)).sum()
    }

    fn opt(&mut self, x: Option<ExprId>) -> i32 {
        x.map_or(0, |x| self.expr(x))
    }

    fn stmt(&mut self, stmt: &Stmt) -> i32 {
        use StmtKind::*;
        match &stmt.kind {
            Decl(_) => 2,
            Assign { lhs, rhs, .. } => 1 + self.places(&[*lhs]) + self.expr(*rhs),
            AssignOp { lhs, rhs, .. } => 1 + self.expr(*lhs) + self.expr(*rhs),
            AssignMulti { lhs, rhs, .. } => {
                let mut cost = 1 + self.places(lhs) + self.exprs(rhs);
                // Results of a call that went through temporaries: Go gives those for nothing.
                if let Some(&first) = rhs.first()
                    && let ExprKind::Init { stmts, .. } = self.kind(first)
                    && matches!(
                        stmts.last().map(|s| &s.kind),
                        Some(AssignCall { .. } | AssignCommaOk { .. })
                    )
                {
                    cost -= 4 * lhs.len() as i32 + 1;
                }
                cost
            }
            AssignCall { lhs, call, .. } => 1 + self.places(lhs) + self.expr(*call),
            AssignCommaOk { lhs, rhs, .. } => 1 + self.places(lhs) + self.expr(*rhs),
            Expr(x) => self.expr(*x),
            Block(body) => self.stmts(body),
            If { cond, then, els } => 1 + self.expr(*cond) + self.stmts(then) + self.stmts(els),
            For { cond, post, body, .. } => 1 + self.opt(*cond) + self.stmts(post) + self.stmts(body),
            Range { key, value, x, define, body, .. } => {
                let mut cost = 1 + self.expr(*x) + self.opt(*key) + self.opt(*value);
                if key.is_none() && value.is_some() {
                    cost += 1;
                }
                if *define {
                    cost += 2 * [key, value].into_iter().flatten().count() as i32;
                }
                cost + self.stmts(body)
            }
            Switch { tag, cases, .. } => {
                let mut cost = 1 + self.opt(*tag);
                for case in cases {
                    cost += 1 + self.exprs(&case.values) + self.stmts(&case.body);
                }
                cost
            }
            TypeSwitch { x, cases, .. } => {
                let mut cost = 2 + self.expr(*x) + i32::from(cases.iter().any(|c| c.var.is_some()));
                for case in cases {
                    let nils = case.types.iter().filter(|t| t.is_none()).count() as i32;
                    cost += 1 + nils + i32::from(case.var.is_some()) + self.stmts(&case.body);
                }
                cost
            }
            Select { cases, .. } => {
                let mut cost = 1;
                for case in cases {
                    cost += 1 + self.stmts(&case.body);
                    if let Some(comm) = &case.comm {
                        cost += 2 * self.initialised(comm).len() as i32 + self.stmt(comm);
                    }
                }
                cost
            }
            Send { chan, value } => 1 + self.expr(*chan) + self.expr(*value),
            Go(x) | Defer(x) => {
                let op = if matches!(stmt.kind, Go(_)) { "GO" } else { "DEFER" };
                self.impossible(format!("unhandled op {op}"));
                1 + if self.plain { self.expr(*x) } else { 0 }
            }
            Return(values) => 1 + self.exprs(values),
            ReturnCall(x) => {
                // The results go through temporaries.
                let n = self.inliner.prog.funcs[self.func].results.len() as i32;
                2 + 4 * n + self.expr(*x)
            }
            Break(_) | Continue(_) | Goto(_) | Label(_) => 1,
            CheckNil(x) => 1 + self.expr(*x),
        }
    }

    fn impossible(&mut self, reason: String) {
        if !self.plain {
            self.reason.get_or_insert(reason);
        }
    }

    fn elems(&mut self, elems: &[Elem]) -> i32 {
        let mut cost = 0;
        for (i, e) in elems.iter().enumerate() {
            // An index that is written is a node, and so is the pair.
            cost += if e.index == i as u64 { 0 } else { 2 };
            cost += self.expr(e.value);
        }
        cost
    }

    fn expr(&mut self, x: ExprId) -> i32 {
        use ExprKind::*;
        let node = self.inliner.prog.funcs[self.func].exprs[x].clone();
        match &node.kind {
            Const(_) | Nil | Zero | Local(_) | Global(_) | New(_) => 1,
            // A method as a function value is free, its name apart.
            Func(f) => i32::from(!self.inliner.prog.funcs[*f].has_recv),
            Recover => {
                self.impossible("call to recover".into());
                1
            }
            Unary(_, y) | PtrLit(y) | Len(y) | Cap(y) | NewValue(y) | Clear(y) | Close(y) | Real(y) | Imag(y)
            | UnsafeSliceData(y) | UnsafeStringData(y) | ConvIface(y) | StrConv(_, y) | SliceToArray(y)
            | SliceToArrayPtr(y) | TypeAssert { x: y } | Recv(y) | Field { x: y, .. } | FieldPtr { x: y, .. } => {
                1 + self.expr(*y)
            }
            Paren(y) => self.expr(*y),
            Conv(y) => {
                let exprs = &self.inliner.prog.funcs[self.func].exprs;
                let free = is_conv_nop(self.inliner.types, exprs[*y].ty, node.ty);
                i32::from(!free) + self.expr(*y)
            }
            Addr(y) => 1 + self.expr(*y) - if self.is_first_field(*y) { 2 } else { 0 },
            Deref(y) => {
                let mut p = *y;
                while let Conv(q) = *self.kind(p) {
                    p = q;
                }
                i32::from(!matches!(self.kind(p), Addr(_))) + self.expr(*y)
            }
            Panic(y) => {
                let implicit = self.inliner.prog.funcs[self.func].exprs[*y].implicit;
                let credit = i32::from(implicit && matches!(self.kind(*y), ConvIface(_)));
                1 + EXTRA_PANIC_COST - credit + self.expr(*y)
            }
            Binary(_, y, z) | AndAnd(y, z) | OrOr(y, z) | Complex(y, z) | UnsafeAdd(y, z) | UnsafeSlice(y, z)
            | UnsafeString(y, z) | Copy { dst: y, src: z } | Index { x: y, index: z, .. }
            | IndexMap { x: y, key: z } | Delete { map: y, key: z } => 1 + self.expr(*y) + self.expr(*z),
            AddStr(list) | Min(list) | Max(list) | Print { args: list, .. } => 1 + self.exprs(list),
            Slice { x: y, lo, hi, max } => {
                let mut cost = 1 + self.expr(*y) + self.opt(*lo) + self.opt(*hi) + self.opt(*max);
                if lo.is_some_and(|lo| matches!(self.kind(lo), Const(v) if v.to_bits64() == Some(0))) {
                    cost -= 1;
                }
                if let Some(hi) = hi
                    && let Len(z) = self.kind(*hi)
                    && let (Local(a), Local(b)) = (self.kind(*z), self.kind(*y))
                    && a == b
                {
                    cost -= 2;
                }
                cost
            }
            Append { slice, args, .. } => 1 + self.expr(*slice) + self.exprs(args),
            MakeSlice { len, cap } => 1 + self.expr(*len) + self.opt(*cap),
            MakeMap { hint: size } | MakeChan { size } => 1 + size.map_or(1, |s| self.expr(s)),
            StructLit(fields) => 1 + fields.iter().map(|&(_, v)| 1 + self.expr(v)).sum::<i32>(),
            ArrayLit(elems) => 1 + self.elems(elems),
            SliceLit { elems, .. } => {
                let hack = i32::from(!self.plain);
                1 + hack + if node.implicit { elems.iter().map(|e| self.expr(e.value)).sum() } else { self.elems(elems) }
            }
            MapLit(entries) => 1 + entries.iter().map(|&(k, v)| 1 + self.expr(k) + self.expr(v)).sum::<i32>(),
            Closure(_) => 1 + if self.plain { 0 } else { CLOSURE_COST },
            MethodValue { recv, .. } => 1 + i32::from(!self.plain) + self.expr(*recv),
            Init { stmts, x } => self.stmts(stmts) + self.expr(*x),
            Call { callee, args, .. } => self.call(x, *callee, args),
        }
    }

    fn call(&mut self, x: ExprId, callee: Callee, args: &[ExprId]) -> i32 {
        let mut cost = 1;
        let mut extra = EXTRA_CALL_COST;
        match callee {
            Callee::Static(f) => cost += i32::from(!self.inliner.prog.funcs[f].has_recv),
            Callee::Value(f) => {
                let func = &self.inliner.prog.funcs[self.func];
                if let ExprKind::Local(l) = func.exprs[f].kind
                    && matches!(func.locals[l].kind, LocalKind::Param(_) | LocalKind::Captured { .. })
                {
                    extra = PARAM_CALL_COST;
                }
                cost += self.expr(f);
            }
            Callee::Interface { recv, .. } => cost += 1 + self.expr(recv),
        }
        cost += self.exprs(args);
        if self.plain {
            return cost;
        }
        if let Callee::Static(f) = callee
            && self.inliner.is_intrinsic(f)
        {
            return cost;
        }
        let target = self.inliner.callee(self.func, callee, false);
        if let Some(target) = target
            && let Some(inlinable) = self.inliner.inlinable_cost(target)
            && self.inliner.fits(self.func, x, target, self.is_big, false)
        {
            return cost + inlinable;
        }
        cost + extra
    }

    /// `x.f` where `x` is a name and `f` at its beginning.
    fn is_first_field(&self, x: ExprId) -> bool {
        let func = &self.inliner.prog.funcs[self.func];
        let (base, field, is_ptr) = match func.exprs[x].kind {
            ExprKind::Field { x, field, .. } => (x, field, false),
            ExprKind::FieldPtr { x, field, .. } => (x, field, true),
            _ => return false,
        };
        if self.plain || !matches!(func.exprs[base].kind, ExprKind::Local(_) | ExprKind::Global(_)) {
            return false;
        }
        let types = self.inliner.types;
        let ty = func.exprs[base].ty;
        let ty = if is_ptr { types.pointee(ty).unwrap_or(ty) } else { ty };
        types.field_offset(ty, field) == 0
    }
}
