//! Order of evaluation: the calls inside an expression come first, in order.

#![forbid(unsafe_code)]

use super::super::ir::ValueList;
use super::Builder;
use super::mem::Operand;
use crate::hir::visit::operands;
use crate::hir::{BinaryOp, ExprId, ExprKind, StrConv};
use crate::types::{TypeId, TypeKind};

/// Flags of an expression, see [`Builder::flags`].
const KNOWN: u8 = 1;
/// It, or an operand, calls something or changes memory.
const CALLS: u8 = 2;
/// It, or an operand, is evaluated in order with calls.
const ORDERED: u8 = 4;
/// It, or an operand, is a type assertion that is evaluated in order with calls, and before other operands.
const ASSERTS: u8 = 8;

impl Builder<'_> {
    /// Whether an expression is evaluated in order with calls (Go: `order.go` copies its value).
    fn is_ordered(&mut self, id: ExprId) -> bool {
        use ExprKind::*;
        match &self.expr(id).kind {
            // The value of most types is copied to be converted.
            ConvIface(x) => {
                let ty = self.ty_of(*x);
                !matches!(self.expr(*x).kind, Const(_))
                    && !self.types.is_interface(ty)
                    && self.is_copied_to_iface(ty)
                    && !self.is_place(*x)
            }
            // As are structs and arrays to be compared.
            Binary(BinaryOp::Eq | BinaryOp::Ne, x, _) => {
                matches!(self.types.underlying_kind(self.ty_of(*x)), TypeKind::Struct(_) | TypeKind::Array { .. })
            }
            // A value that the interface holds itself is looked at late.
            TypeAssert { .. } => !self.types.is_direct_iface(self.expr(id).ty),
            Call { .. }
            | Append { .. }
            | Copy { .. }
            | Recv(_)
            | Recover
            | MapLit(_)
            | AndAnd(..)
            | OrOr(..)
            | Len(_)
            | Cap(_)
            | Min(_)
            | Max(_)
            | MakeSlice { .. }
            | MakeMap { .. }
            | MakeChan { .. }
            | New(_)
            | Slice { .. }
            | Complex(..)
            | Real(_)
            | Imag(_)
            | StrConv(self::StrConv::StrToBytes | self::StrConv::StrAsBytes | self::StrConv::StrToRunes, _) => true,
            _ => false,
        }
    }

    /// Whether an expression is memory whose address may be given to the runtime instead of a copy's, so
    /// that it is read late (Go: `addrTemp`): all that is addressable, but for variables in registers.
    fn is_place(&mut self, id: ExprId) -> bool {
        match self.expr(id).kind {
            ExprKind::Paren(x) | ExprKind::Field { x, .. } => self.is_place(x),
            ExprKind::Global(_) | ExprKind::NameOffset { .. } | ExprKind::Deref(_) | ExprKind::FieldPtr { .. } => true,
            ExprKind::Local(l) => {
                let local = &self.f.locals[l];
                local.addr_taken || local.captured_by_ref || !self.is_ssa(local.ty)
            }
            ExprKind::Index { x, .. } => match self.types.underlying_kind(self.ty_of(x)) {
                TypeKind::Array { .. } => self.is_place(x),
                TypeKind::Slice(_) | TypeKind::Pointer(_) => true,
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the runtime gets the address of a value that is converted to an interface, rather than its
    /// words (Go: `dataWordFuncName`).
    fn is_copied_to_iface(&mut self, ty: TypeId) -> bool {
        let layout = self.layout(ty);
        let number = matches!(layout.size, 2 | 4 | 8) && layout.align == layout.size && !self.types.has_pointers(ty);
        let mut sole = ty;
        loop {
            match self.types.underlying_kind(sole) {
                TypeKind::Struct(s) if s.fields.len() == 1 => sole = s.fields[0].ty,
                TypeKind::Array { elem, len: 1 } => sole = *elem,
                TypeKind::Slice(_) => return false,
                TypeKind::Basic(b) if b.is_string() => return false,
                _ => return !number,
            }
        }
    }

    fn flags(&mut self, id: ExprId) -> u8 {
        use ExprKind::*;
        let known = self.flags[id.0 as usize];
        if known != 0 {
            return known;
        }
        let kind = &self.expr(id).kind;
        let mut flags = KNOWN;
        operands(kind, &mut |x| flags |= self.flags(x));
        match kind {
            Call { .. }
            | Append { .. }
            | Copy { .. }
            | Recv(_)
            | Recover
            | MapLit(_)
            | Init { .. }
            | Delete { .. }
            | Clear(_)
            | Close(_)
            | Panic(_)
            | Print { .. } => flags |= CALLS | ORDERED,
            TypeAssert { .. } if self.is_ordered(id) => flags |= ASSERTS | ORDERED,
            _ if self.is_ordered(id) => flags |= ORDERED,
            _ => {}
        }
        self.flags[id.0 as usize] = flags;
        flags
    }

    /// Evaluates the calls inside an expression, in order, before the rest of it.
    pub(super) fn hoist_operands(&mut self, id: ExprId) {
        // What a select received is known before its operands are asked for again.
        let is_done = self.hoisted.contains_key(&id) && !matches!(self.expr(id).kind, ExprKind::Init { .. });
        if !self.has_sequence(id) || is_done {
            return;
        }
        self.hoist_below(id);
    }

    /// Evaluates the calls in left sides and, if either side calls something, what is evaluated in order with
    /// calls: `a[min(x, y)] = f()` takes the minimum first.
    pub(super) fn hoist_targets(&mut self, lhs: &[Option<ExprId>], rhs: &[ExprId]) {
        if lhs.iter().flatten().chain(rhs).any(|&x| self.has_sequence(x)) {
            lhs.iter().flatten().for_each(|&l| self.hoist_below(l));
        }
    }

    /// Evaluates the calls of several expressions, and what is evaluated in order with them.
    pub(super) fn hoist_list(&mut self, list: &[ExprId]) {
        if list.iter().any(|&x| self.has_sequence(x)) {
            list.iter().for_each(|&x| self.hoist(x));
        }
    }

    /// Whether an expression, or an operand of it, calls something.
    pub(super) fn has_calls(&mut self, id: ExprId) -> bool {
        self.flags(id) & CALLS != 0
    }

    /// Whether something in an expression has its place in the order of evaluation, before the rest of it.
    fn has_sequence(&mut self, id: ExprId) -> bool {
        self.flags(id) & (CALLS | ASSERTS) != 0
    }

    /// The expression that an [`ExprKind::Init`] has the value of, once its statements have run, here or before;
    /// other expressions themselves.
    pub(super) fn after_init(&mut self, mut id: ExprId) -> ExprId {
        while let ExprKind::Init { stmts, x } = &self.expr(id).kind {
            if self.hoisted.insert(id, Operand::Words(ValueList::new())).is_none() {
                self.stmts(stmts);
            }
            id = *x;
        }
        id
    }

    fn hoist_below(&mut self, id: ExprId) {
        match &self.expr(id).kind {
            // Operands are evaluated conditionally, or one entry at a time.
            ExprKind::AndAnd(..) | ExprKind::OrOr(..) | ExprKind::MapLit(_) => {}
            ExprKind::Init { .. } => {
                let x = self.after_init(id);
                self.hoist(x);
            }
            &ExprKind::Append { slice, ref args, spread } => {
                self.hoist(slice);
                match self.appended_make(args, spread) {
                    Some(len) => self.hoist(len),
                    None => args.iter().for_each(|&x| self.hoist(x)),
                }
            }
            kind => operands(kind, &mut |x| self.hoist(x)),
        }
    }

    pub(super) fn hoist(&mut self, id: ExprId) {
        if self.flags(id) & (CALLS | ORDERED) == 0 || self.hoisted.contains_key(&id) {
            return;
        }
        self.hoist_below(id);
        let e = self.expr(id);
        if self.is_ordered(id) && !matches!(self.types.kind(e.ty), TypeKind::Tuple(_)) {
            let v = self.operand_now(id);
            // Calls leave their results in temporaries; anything else in memory may change.
            let v = if matches!(e.kind, ExprKind::Call { .. } | ExprKind::TypeAssert { .. }) {
                v
            } else {
                self.detach(v, e.ty)
            };
            self.hoisted.insert(id, v);
        }
    }
}
