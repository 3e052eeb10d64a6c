//! Package-level variables whose initial value Go lays out as data.
//!
//! A literal in a package-level initialiser needs no allocation: its memory is part of the program. Only
//! operands that must be computed are executed, and so analysed and reported, one by one.

#![forbid(unsafe_code)]

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::hir::facts::is_conv_nop;
use crate::hir::visit::operands;
use crate::hir::{BinaryOp, ExprId, ExprKind, Func, FuncId, LocalId, Program, Stmt, StmtKind, StrConv};
use crate::types::{TypeKind, Types};

/// The initialiser function that is looked at.
pub struct StaticInit<'a> {
    pub prog: &'a Program,
    pub types: &'a Types,
    pub func: FuncId,
    /// Parameters of inlined functions, and the arguments they stand for.
    pub params: RefCell<FxHashMap<LocalId, ExprId>>,
}

impl StaticInit<'_> {
    fn func(&self) -> &Func {
        &self.prog.funcs[self.func]
    }

    /// Whether an assignment to `lhs` initialises a package-level variable (or `_`).
    pub fn is_initializer(&self, lhs: Option<ExprId>) -> bool {
        lhs.is_none_or(|lhs| matches!(self.func().exprs[lhs].kind, ExprKind::Global(_)))
    }

    /// Appends the parts of `x` that are computed when the program starts.
    pub fn dynamic_parts(&self, x: ExprId, out: &mut Vec<ExprId>) {
        let f = self.func();
        match &f.exprs[x].kind {
            ExprKind::Const(_) | ExprKind::Nil | ExprKind::Zero | ExprKind::Func(_) | ExprKind::Global(_) => {}
            ExprKind::Paren(y) => self.dynamic_parts(*y, out),
            ExprKind::Conv(y) if is_conv_nop(self.types, f.exprs[*y].ty, f.exprs[x].ty) => self.dynamic_parts(*y, out),
            ExprKind::Addr(y) if self.is_static_place(*y) => {}
            ExprKind::PtrLit(y) => self.dynamic_parts(*y, out),
            ExprKind::StrConv(StrConv::StrToBytes, y) if matches!(f.exprs[*y].kind, ExprKind::Const(_)) => {}
            ExprKind::SliceLit { elems, .. } | ExprKind::ArrayLit(elems) => {
                elems.iter().for_each(|e| self.dynamic_parts(e.value, out));
            }
            ExprKind::StructLit(fields) => fields.iter().for_each(|&(_, v)| self.dynamic_parts(v, out)),
            ExprKind::Closure(c) if self.prog.funcs[*c].captures.is_empty() && !self.prog.funcs[*c].in_instance => {}
            ExprKind::ConvIface(y) => {
                let mut value = *y;
                while let ExprKind::ConvIface(y) | ExprKind::Paren(y) = f.exprs[value].kind {
                    value = y;
                }
                if !self.types.is_interface(f.exprs[value].ty) {
                    self.dynamic_parts(value, out);
                } else if !matches!(f.exprs[value].kind, ExprKind::Nil) {
                    out.push(x);
                }
            }
            ExprKind::Init { stmts, x: result } => match self.inlined_value(stmts, *result) {
                Some(value) => self.dynamic_parts(value, out),
                None => out.push(x),
            },
            ExprKind::Local(local) if self.params.borrow().contains_key(local) => {
                let argument = self.params.borrow()[local];
                self.dynamic_parts(argument, out);
            }
            _ => out.push(x),
        }
    }

    /// The value of an inlined call of a function that only returns something; its arguments must be without
    /// effects.
    fn inlined_value(&self, stmts: &[Stmt], result: ExprId) -> Option<ExprId> {
        let ExprKind::Local(result) = self.func().exprs[result].kind else { return None };
        let (label, rest) = stmts.split_last()?;
        let (block, params) = rest.split_last()?;
        let (StmtKind::Label(_), StmtKind::Block(block)) = (&label.kind, &block.kind) else { return None };
        let [decl, assign, jump] = block.as_slice() else { return None };
        let (StmtKind::Decl(r), StmtKind::Assign { rhs, .. }, StmtKind::Goto(_)) =
            (&decl.kind, &assign.kind, &jump.kind)
        else {
            return None;
        };
        let mut arguments = Vec::new();
        for s in params {
            match &s.kind {
                StmtKind::Decl(_) => {}
                StmtKind::Assign { lhs, rhs, .. } => arguments.push((*lhs, *rhs)),
                StmtKind::AssignMulti { lhs, rhs, .. } => {
                    arguments.extend(lhs.iter().copied().zip(rhs.iter().copied()))
                }
                _ => return None,
            }
        }
        if *r != result || arguments.iter().any(|&(_, x)| self.has_side_effects(x)) {
            return None;
        }
        for (lhs, x) in arguments {
            if let Some(lhs) = lhs
                && let ExprKind::Local(param) = self.func().exprs[lhs].kind
            {
                self.params.borrow_mut().insert(param, x);
            }
        }
        Some(*rhs)
    }

    /// Whether the address of `x` is known before the program starts.
    fn is_static_place(&self, x: ExprId) -> bool {
        let f = self.func();
        match f.exprs[x].kind {
            ExprKind::Global(_) => true,
            ExprKind::Field { x, .. } | ExprKind::Paren(x) => self.is_static_place(x),
            ExprKind::Index { x, index, .. } => {
                matches!(f.exprs[index].kind, ExprKind::Const(_))
                    && matches!(self.types.underlying_kind(f.exprs[x].ty), TypeKind::Array { .. })
                    && self.is_static_place(x)
            }
            _ => false,
        }
    }

    /// Whether `var _ = x` must be executed.
    pub fn has_side_effects(&self, x: ExprId) -> bool {
        use ExprKind::*;
        let f = self.func();
        let own = match &f.exprs[x].kind {
            Const(_)
            | Nil
            | Zero
            | Local(_)
            | Global(_)
            | Func(_)
            | Unary(..)
            | AndAnd(..)
            | OrOr(..)
            | AddStr(_)
            | Paren(_)
            | Addr(_)
            | PtrLit(_)
            | Field { .. }
            | Len(_)
            | Cap(_)
            | New(_)
            | NewValue(_)
            | Complex(..)
            | Real(_)
            | Imag(_)
            | Conv(_)
            | ConvIface(_)
            | StrConv(..)
            | StructLit(_)
            | ArrayLit(_)
            | SliceLit { .. }
            | MapLit(_)
            | Closure(_) => false,
            // Division may panic, unless by a constant.
            Binary(BinaryOp::Div | BinaryOp::Rem, _, y) => !matches!(f.exprs[*y].kind, Const(_)),
            Binary(..) => false,
            MakeMap { hint: size } | MakeChan { size } => size.is_some_and(|s| !matches!(f.exprs[s].kind, Const(_))),
            MakeSlice { len, cap } => {
                let is_const = |s: ExprId| matches!(f.exprs[s].kind, Const(_));
                !(is_const(*len) && cap.is_none_or(is_const))
            }
            _ => true,
        };
        if own {
            return true;
        }
        let mut any = false;
        operands(&f.exprs[x].kind, &mut |y| any |= self.has_side_effects(y));
        any
    }
}
