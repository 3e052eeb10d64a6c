//! What a function costs to inline: the number of nodes Go's compiler has for its body, with corrections.
//!
//! The budget is counted in Go's nodes because its limit decides which calls are inlined, and so what `-m`
//! says and where things live. Where our tree and Go's differ in shape, the comments say what Go has there.

#![forbid(unsafe_code)]

use super::Inliner;
use crate::hir::facts::is_conv_nop;
use crate::hir::order::outermost;
use crate::hir::visit::{init_stmts, operands};
use crate::hir::{Callee, Elem, ExprId, ExprKind, FuncId, LocalId, LocalKind, Stmt, StmtKind};

/// Nodes a function may have to be inlined anywhere.
pub const MAX_BUDGET: i32 = 80;
/// A call that stays a call.
pub const EXTRA_CALL_COST: i32 = 57;
/// A call of a parameter: inlining may make it a direct one.
pub const PARAM_CALL_COST: i32 = 17;
const EXTRA_PANIC_COST: i32 = 1;
const CLOSURE_COST: i32 = 15;
/// A word of a dictionary: dictionary, dereference, index, and its number.
const DICT_WORD_COST: i32 = 4;
/// A function of this many nodes is big: only small functions are inlined into it.
pub const BIG_FUNCTION_NODES: i32 = 5000;
/// Limit for functions inlined into big ones.
pub const BIG_FUNCTION_MAX_COST: i32 = 20;
/// Budget of a literal that is called once.
pub const CLOSURE_CALLED_ONCE_COST: i32 = 10 * MAX_BUDGET;

/// Counts the nodes of one function, parents before operands, and stops when it knows enough: which literals
/// are looked at on the way, and so when they are reported, depends on it.
pub struct Visitor<'a, 'p> {
    pub inliner: &'a mut Inliner<'p>,
    pub func: FuncId,
    pub is_big: bool,
    /// Nodes so far.
    pub cost: i32,
    /// Where counting stops.
    pub limit: i32,
    /// Why the function cannot be inlined at any cost.
    pub reason: Option<String>,
    /// Only nodes are counted: calls cost what any node does.
    pub plain: bool,
}

impl Visitor<'_, '_> {
    fn kind(&self, x: ExprId) -> &ExprKind {
        &self.inliner.prog.funcs[self.func].exprs[x].kind
    }

    fn stopped(&self) -> bool {
        self.cost > self.limit || self.reason.is_some()
    }

    /// Counts the body.
    pub fn count_body(&mut self) {
        let body = std::mem::take(&mut self.inliner.prog.funcs[self.func].body);
        self.stmts(&body);
        self.inliner.prog.funcs[self.func].body = body;
    }

    fn stmts(&mut self, list: &[Stmt]) {
        let mut declared: Vec<LocalId> = Vec::new();
        for stmt in list {
            if self.stopped() {
                return;
            }
            if let StmtKind::Decl(local) = stmt.kind {
                // The declaration and the name.
                self.cost += 2;
                declared.push(local);
                continue;
            }
            let initialised = self.initialised(stmt);
            // `var x T` is an assignment of nothing, too.
            self.cost += 2 * declared.iter().filter(|l| !initialised.contains(l)).count() as i32;
            declared.clear();
            self.stmt(stmt);
        }
        self.cost += 2 * declared.len() as i32;
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

    fn places(&mut self, lhs: &[Option<ExprId>]) {
        for x in lhs {
            match x {
                Some(x) => self.expr(*x),
                // Blanks are names too.
                None => self.cost += 1,
            }
        }
    }

    fn exprs(&mut self, list: &[ExprId]) {
        list.iter().for_each(|&x| self.expr(x));
    }

    fn opt(&mut self, x: Option<ExprId>) {
        if let Some(x) = x {
            self.expr(x);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        use StmtKind::*;
        if self.stopped() {
            return;
        }
        // The statement itself.
        self.cost += match &stmt.kind {
            Decl(_) => 2,
            Expr(_) | Block(_) => 0,
            TypeSwitch { .. } => 2,
            _ => 1,
        };
        match &stmt.kind {
            Decl(_) | Break(_) | Continue(_) | Goto(_) | Label(_) => {}
            Assign { lhs, rhs, .. } => {
                self.places(&[*lhs]);
                self.expr(*rhs);
            }
            AssignOp { lhs, rhs, .. } => {
                self.expr(*lhs);
                self.expr(*rhs);
            }
            AssignMulti { lhs, rhs, .. } => {
                // Results of a call that went through temporaries: Go gives those for nothing.
                if let Some(&first) = rhs.first()
                    && let ExprKind::Init { stmts, .. } = self.kind(first)
                    && matches!(stmts.last().map(|s| &s.kind), Some(AssignCall { .. } | AssignCommaOk { .. }))
                {
                    self.cost -= 4 * lhs.len() as i32 + 1;
                }
                self.places(lhs);
                self.exprs(rhs);
            }
            AssignCall { lhs, call: rhs, .. } => {
                self.places(lhs);
                self.expr(*rhs);
            }
            AssignCommaOk { lhs, rhs, .. } => {
                self.places(lhs);
                self.expr(*rhs);
            }
            Expr(x) | CheckNil(x) => self.expr(*x),
            MoveToHeap(_) => {}
            Block(body) => self.stmts(body),
            If { cond, then, els } => {
                self.expr(*cond);
                self.stmts(then);
                self.stmts(els);
            }
            For { cond, post, body, .. } => {
                self.opt(*cond);
                self.stmts(post);
                self.stmts(body);
            }
            Range { key, value, x, define, blanks, body, .. } => {
                self.cost += i32::from(*blanks);
                if *define {
                    self.cost += 2 * [key, value].into_iter().flatten().count() as i32;
                }
                self.expr(*x);
                self.opt(*key);
                self.opt(*value);
                self.stmts(body);
            }
            Switch { tag, cases, .. } => {
                self.opt(*tag);
                for case in cases {
                    self.cost += 1;
                    self.exprs(&case.values);
                    self.stmts(&case.body);
                }
            }
            TypeSwitch { x, cases, .. } => {
                self.cost += i32::from(cases.iter().any(|c| c.var.is_some()));
                self.expr(*x);
                for case in cases {
                    let nils = case.types.iter().filter(|t| t.is_none()).count() as i32;
                    self.cost += 1 + nils + i32::from(case.var.is_some());
                    self.stmts(&case.body);
                }
            }
            Select { cases, .. } => {
                for case in cases {
                    self.cost += 1;
                    if let Some(comm) = &case.comm {
                        self.cost += 2 * self.initialised(comm).len() as i32;
                        // Go has `x, _ = <-c` for all forms of receiving.
                        self.cost += match comm.kind {
                            Expr(_) => 3,
                            Assign { lhs: Some(lhs), .. } if self.is_late(lhs, &case.body) => -4,
                            Assign { .. } => 1,
                            // Its temporaries, which count where they do not elsewhere.
                            AssignCommaOk { .. } => 9,
                            _ => 0,
                        };
                        self.stmt(comm);
                    }
                    self.stmts(&case.body);
                }
            }
            Send { chan, value } => {
                self.expr(*chan);
                self.expr(*value);
            }
            // Not in Go's tree: the token that follows is, and is refused.
            Defer(x) if self.is_range_defer(*x) => {}
            Go(x) | Defer(x) => {
                if self.plain {
                    self.expr(*x);
                } else {
                    let op = if matches!(stmt.kind, Go(_)) { "GO" } else { "DEFER" };
                    self.reason = Some(format!("unhandled op {op}"));
                }
            }
            Return(values) => self.exprs(values),
            ReturnCall(x) => {
                // The results go through temporaries.
                self.cost += 1 + 4 * self.inliner.prog.funcs[self.func].results.len() as i32;
                self.expr(*x);
            }
        }
    }

    fn elems(&mut self, elems: &[Elem]) {
        let mut next = 0;
        for e in elems {
            // An index that is written is a node, and so is the pair.
            self.cost += if e.index == next { 0 } else { 2 };
            next = e.index + 1;
            self.expr(e.value);
        }
    }

    /// What the node costs by itself.
    fn own_cost(&self, x: ExprId, kind: &ExprKind) -> i32 {
        use ExprKind::*;
        let exprs = &self.inliner.prog.funcs[self.func].exprs;
        match kind {
            // A method as a function value is free, its name apart.
            Func(f) => i32::from(!self.inliner.prog.funcs[*f].has_recv),
            // Values given for blank fields are fields like others in Go.
            Init { stmts, x: y } if matches!(self.kind(*y), StructLit(_)) => {
                let blanks = stmts.iter().filter(|s| matches!(s.kind, StmtKind::Assign { lhs: None, .. }));
                -(blanks.count() as i32)
            }
            Paren(_) | Init { .. } => 0,
            Conv(y) => i32::from(!is_conv_nop(self.inliner.types, exprs[*y].ty, exprs[x].ty)),
            Addr(y) if self.is_first_field(*y) => -1,
            Deref(y) => {
                let mut p = *y;
                while let Conv(q) = *self.kind(p) {
                    p = q;
                }
                i32::from(!matches!(self.kind(p), Addr(_)))
            }
            Panic(y) => {
                let credit = i32::from(exprs[*y].implicit && matches!(self.kind(*y), ConvIface(_)));
                1 + EXTRA_PANIC_COST - credit
            }
            Slice { x: y, lo, hi, .. } => {
                let mut cost = 1;
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
            // A size is made up.
            MakeMap { hint: None } | MakeChan { size: None } => 2,
            New(_) if self.is_dynamic_type(x) => 2 + DICT_WORD_COST,
            // The source's type, for the message.
            TypeAssert { .. } if self.is_dynamic_type(x) => 3 + DICT_WORD_COST,
            StructLit(fields) => 1 + fields.len() as i32,
            MapLit(entries) => 1 + entries.len() as i32,
            SliceLit { .. } | MethodValue { .. } => 1 + i32::from(!self.plain),
            Closure(_) => 1 + if self.plain { 0 } else { CLOSURE_COST },
            _ => 1,
        }
    }

    fn expr(&mut self, x: ExprId) {
        use ExprKind::*;
        if self.stopped() {
            return;
        }
        let kind = self.kind(x).clone();
        self.cost += self.own_cost(x, &kind);
        if self.stopped() {
            return;
        }
        match &kind {
            Recover if !self.plain => self.reason = Some("call to recover".into()),
            Call { callee, args, .. } => self.call(x, *callee, args),
            ArrayLit(elems) => self.elems(elems),
            SliceLit { elems, .. } => {
                if self.inliner.prog.funcs[self.func].exprs[x].implicit {
                    elems.iter().for_each(|e| self.expr(e.value));
                } else {
                    self.elems(elems);
                }
            }
            kind => {
                self.stmts(init_stmts(kind));
                let mut list = Vec::new();
                operands(kind, &mut |y| list.push(y));
                self.exprs(&list);
            }
        }
    }

    /// Whether this deferred call only makes the frame one with deferred calls.
    fn is_range_defer(&self, x: ExprId) -> bool {
        match *self.kind(x) {
            ExprKind::Call { callee: Callee::Static(f), .. } => {
                self.inliner.prog.funcs[f].link_name.as_str() == "runtime.deferrange"
            }
            _ => false,
        }
    }

    fn call(&mut self, x: ExprId, callee: Callee, args: &[ExprId]) {
        if !self.plain {
            self.cost += self.call_cost(x, callee);
        }
        match callee {
            // A pointer to a word of the dictionary, as a function.
            Callee::Static(_) if self.inliner.is_dynamic(self.func, x) => self.cost += 1 + DICT_WORD_COST,
            Callee::Static(f) => {
                let target = &self.inliner.prog.funcs[f];
                // What `defer` in a loop over a function has become.
                match target.link_name.as_str() {
                    "runtime.deferprocat" => self.reason = Some("unhandled op DEFER".into()),
                    "runtime.deferrangefunc" => self.reason = Some("defer call in range func".into()),
                    _ => {}
                }
                self.cost += i32::from(!target.has_recv);
                if !target.dict.is_empty() {
                    // Its dictionary is an argument.
                    self.cost += if self.in_instance() { DICT_WORD_COST } else { 2 };
                }
            }
            Callee::Value(f) => self.expr(f),
            Callee::Interface { recv, .. } => {
                self.cost += 1;
                self.expr(recv);
            }
        }
        self.exprs(args);
    }

    fn call_cost(&mut self, x: ExprId, callee: Callee) -> i32 {
        let mut extra = EXTRA_CALL_COST;
        if let Callee::Value(f) = callee {
            let func = &self.inliner.prog.funcs[self.func];
            if let ExprKind::Local(l) = func.exprs[f].kind
                && matches!(func.locals[l].kind, LocalKind::Param(_) | LocalKind::Captured { .. })
            {
                extra = PARAM_CALL_COST;
            }
        }
        if self.inliner.is_dynamic(self.func, x) {
            return extra;
        }
        if let Callee::Static(f) = callee
            && (self.inliner.is_intrinsic(f) || self.inliner.is_cheap(f))
        {
            return 0;
        }
        let target = self.inliner.callee(self.func, callee, false);
        if let Some(target) = target
            && let Some(inlinable) = self.inliner.inlinable_cost(target)
            && self.inliner.fits(self.func, x, target, self.is_big, false)
        {
            return inlinable;
        }
        extra
    }

    /// Whether what a select case receives is assigned from a temporary at the start of its body, where Go
    /// assigns it at once.
    fn is_late(&self, lhs: ExprId, body: &[Stmt]) -> bool {
        match body.first().map(|s| &s.kind) {
            Some(StmtKind::Assign { rhs, .. }) => match (self.kind(lhs), self.kind(*rhs)) {
                (ExprKind::Local(a), ExprKind::Local(b)) => {
                    let name = self.inliner.prog.funcs[self.func].locals[*a].name;
                    a == b && name.as_str().starts_with(".autotmp")
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the function is an instance, or in one: types come from its dictionary.
    fn in_instance(&self) -> bool {
        let prog = &*self.inliner.prog;
        !prog.funcs[outermost(prog, self.func)].dict.is_empty()
    }

    /// Whether a type that the source spells so comes from the dictionary.
    fn is_dynamic_type(&self, x: ExprId) -> bool {
        let spelled = self.inliner.prog.funcs[self.func].spelled.get(&x);
        spelled.is_some_and(|&ty| self.inliner.printer().has_shape(ty))
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
