//! Generic traversal of the typed tree.
//!
//! One place knows what the parts of each node are, and their order: the order in which Go's compiler visits
//! them, since analyses that report along the way depend on it. Bodies of function literals are not parts
//! of the literal's node; a caller that wants them follows [`ExprKind::Closure`] itself.

#![forbid(unsafe_code)]

use super::ir::{Callee, ExprId, ExprKind, Func, LocalId, Stmt, StmtKind};

/// An immediate part of a statement.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// An operand, or the target of an assignment.
    Expr(ExprId),
    /// A variable that the statement declares.
    Decl(LocalId),
    /// A nested statement in the same scope (`comm` of a select case).
    Stmt(&'a Stmt),
    /// A nested list with a scope of its own.
    Body(&'a [Stmt]),
}

/// The statements that run before an expression is evaluated: [`operands`] leaves them out.
pub fn init_stmts(kind: &ExprKind) -> &[Stmt] {
    match kind {
        ExprKind::Init { stmts, .. } => stmts,
        _ => &[],
    }
}

/// Calls `f` with the operands of an expression, in order.
pub fn operands(kind: &ExprKind, f: &mut dyn FnMut(ExprId)) {
    use ExprKind::*;
    match kind {
        Const(_) | Nil | Zero | Local(_) | Global(_) | NameOffset { .. } | Func(_) | New(_) | Recover | Closure(_) => {}
        Unary(_, x)
        | Paren(x)
        | Addr(x)
        | PtrLit(x)
        | Deref(x)
        | Len(x)
        | Cap(x)
        | NewValue(x)
        | Clear(x)
        | Close(x)
        | Panic(x)
        | Real(x)
        | Imag(x)
        | UnsafeSliceData(x)
        | UnsafeStringData(x)
        | Conv(x)
        | ConvIface(x)
        | StrConv(_, x)
        | SliceToArray(x)
        | SliceToArrayPtr(x)
        | Recv(x)
        | Field { x, .. }
        | FieldPtr { x, .. }
        | TypeAssert { x }
        | MethodValue { recv: x, .. } => f(*x),
        Binary(_, x, y)
        | AndAnd(x, y)
        | OrOr(x, y)
        | Complex(x, y)
        | UnsafeAdd(x, y)
        | UnsafeSlice(x, y)
        | UnsafeString(x, y)
        | Copy { dst: x, src: y }
        | Index { x, index: y, .. }
        | IndexMap { x, key: y }
        | Delete { map: x, key: y } => {
            f(*x);
            f(*y);
        }
        AddStr(list) | Min(list) | Max(list) | Print { args: list, .. } => list.iter().for_each(|&x| f(x)),
        Slice { x, lo, hi, max } => {
            f(*x);
            [lo, hi, max].into_iter().flatten().for_each(|&x| f(x));
        }
        Call { callee, args, .. } => {
            match *callee {
                Callee::Static(_) => {}
                Callee::Value(x) => f(x),
                Callee::Interface { recv, .. } => f(recv),
            }
            args.iter().for_each(|&x| f(x));
        }
        Append { slice, args, .. } => {
            f(*slice);
            args.iter().for_each(|&x| f(x));
        }
        MakeSlice { len, cap } => {
            f(*len);
            cap.iter().for_each(|&x| f(x));
        }
        MakeMap { hint } => hint.iter().for_each(|&x| f(x)),
        MakeChan { size } => size.iter().for_each(|&x| f(x)),
        StructLit(fields) => fields.iter().for_each(|&(_, x)| f(x)),
        ArrayLit(elems) | SliceLit { elems, .. } => elems.iter().for_each(|e| f(e.value)),
        MapLit(entries) => {
            for &(k, v) in entries {
                f(k);
                f(v);
            }
        }
        Init { x, .. } => f(*x),
    }
}

/// Calls `f` with the parts of a statement, in order.
pub fn parts<'a>(stmt: &'a Stmt, f: &mut dyn FnMut(Part<'a>)) {
    use StmtKind::*;
    match &stmt.kind {
        Decl(local) => f(Part::Decl(*local)),
        Assign { lhs, rhs, .. } => {
            lhs.iter().for_each(|&x| f(Part::Expr(x)));
            f(Part::Expr(*rhs));
        }
        AssignOp { lhs, rhs, .. } => {
            f(Part::Expr(*lhs));
            f(Part::Expr(*rhs));
        }
        AssignMulti { lhs, rhs, .. } => {
            lhs.iter().flatten().for_each(|&x| f(Part::Expr(x)));
            rhs.iter().for_each(|&x| f(Part::Expr(x)));
        }
        AssignCall { lhs, call, .. } => {
            lhs.iter().flatten().for_each(|&x| f(Part::Expr(x)));
            f(Part::Expr(*call));
        }
        AssignCommaOk { lhs, rhs, .. } => {
            lhs.iter().flatten().for_each(|&x| f(Part::Expr(x)));
            f(Part::Expr(*rhs));
        }
        Expr(x) | Go(x) | Defer(x) | ReturnCall(x) => f(Part::Expr(*x)),
        Block(body) => f(Part::Body(body)),
        If { cond, then, els } => {
            f(Part::Expr(*cond));
            f(Part::Body(then));
            f(Part::Body(els));
        }
        For { cond, post, body, .. } => {
            cond.iter().for_each(|&x| f(Part::Expr(x)));
            f(Part::Body(post));
            f(Part::Body(body));
        }
        Range { key, value, x, body, .. } => {
            f(Part::Expr(*x));
            [key, value].into_iter().flatten().for_each(|&x| f(Part::Expr(x)));
            f(Part::Body(body));
        }
        Switch { tag, cases, .. } => {
            tag.iter().for_each(|&x| f(Part::Expr(x)));
            for case in cases {
                case.values.iter().for_each(|&x| f(Part::Expr(x)));
                f(Part::Body(&case.body));
            }
        }
        TypeSwitch { x, cases, .. } => {
            f(Part::Expr(*x));
            for case in cases {
                case.var.iter().for_each(|&v| f(Part::Decl(v)));
                f(Part::Body(&case.body));
            }
        }
        Select { cases, .. } => {
            for case in cases {
                if let Some(comm) = &case.comm {
                    f(Part::Stmt(comm));
                }
                f(Part::Body(&case.body));
            }
        }
        Send { chan, value } => {
            f(Part::Expr(*chan));
            f(Part::Expr(*value));
        }
        Return(values) => values.iter().for_each(|&x| f(Part::Expr(x))),
        CheckNil(x) => f(Part::Expr(*x)),
        Break(_) | Continue(_) | Goto(_) | Label(_) | MoveToHeap(_) => {}
    }
}

/// Calls `f` with every list of statements of a function, to change it: of each, before the lists in it.
pub fn lists_mut(func: &mut Func, f: &mut dyn FnMut(&mut Func, &mut Vec<Stmt>)) {
    let mut body = std::mem::take(&mut func.body);
    list_mut(func, &mut body, f);
    func.body = body;
    for x in func.exprs.ids() {
        if let ExprKind::Init { stmts, .. } = &mut func.exprs[x].kind {
            let mut list = std::mem::take(stmts);
            list_mut(func, &mut list, f);
            if let ExprKind::Init { stmts, .. } = &mut func.exprs[x].kind {
                *stmts = list;
            }
        }
    }
}

fn list_mut(func: &mut Func, list: &mut Vec<Stmt>, f: &mut dyn FnMut(&mut Func, &mut Vec<Stmt>)) {
    use StmtKind::*;
    f(func, list);
    for stmt in list {
        match &mut stmt.kind {
            Block(body) | Range { body, .. } => list_mut(func, body, f),
            If { then: body, els: other, .. } | For { post: other, body, .. } => {
                list_mut(func, body, f);
                list_mut(func, other, f);
            }
            Switch { cases, .. } => cases.iter_mut().for_each(|case| list_mut(func, &mut case.body, f)),
            TypeSwitch { cases, .. } => cases.iter_mut().for_each(|case| list_mut(func, &mut case.body, f)),
            Select { cases, .. } => cases.iter_mut().for_each(|case| list_mut(func, &mut case.body, f)),
            _ => {}
        }
    }
}

/// Calls `f` with every expression under `x`, itself first, parents before operands.
pub fn preorder(func: &Func, x: ExprId, f: &mut dyn FnMut(ExprId)) {
    f(x);
    body_exprs(func, init_stmts(&func.exprs[x].kind), f);
    operands(&func.exprs[x].kind, &mut |y| preorder(func, y, f));
}

/// Calls `f` with every expression of a list of statements, parents before operands.
pub fn body_exprs(func: &Func, body: &[Stmt], f: &mut dyn FnMut(ExprId)) {
    for stmt in body {
        stmt_exprs(func, stmt, f);
    }
}

/// Calls `f` with every expression of a statement, nested statements included.
pub fn stmt_exprs(func: &Func, stmt: &Stmt, f: &mut dyn FnMut(ExprId)) {
    parts(stmt, &mut |part| match part {
        Part::Expr(x) => preorder(func, x, f),
        Part::Decl(_) => {}
        Part::Stmt(s) => stmt_exprs(func, s, f),
        Part::Body(b) => body_exprs(func, b, f),
    });
}

/// Calls `f` with every statement of a list, nested ones included, those attached to expressions excepted.
pub fn body_stmts<'a>(body: &'a [Stmt], f: &mut dyn FnMut(&'a Stmt)) {
    for stmt in body {
        f(stmt);
        parts(stmt, &mut |part| match part {
            Part::Expr(_) | Part::Decl(_) => {}
            Part::Stmt(s) => body_stmts(std::slice::from_ref(s), f),
            Part::Body(b) => body_stmts(b, f),
        });
    }
}
