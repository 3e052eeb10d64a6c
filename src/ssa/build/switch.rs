//! Expression and type switches.

#![forbid(unsafe_code)]

use super::super::ir::{Block, Cmp, Value};
use super::Builder;
use super::mem::Operand;
use crate::hir::{Case, ExprId, ExprKind, LabelId, TypeCase};
use crate::source::Pos;
use crate::types::{ConstValue, TypeId};

/// Fewer integer cases are compared one by one.
const BINARY_SEARCH: usize = 6;

impl Builder<'_> {
    pub(super) fn switch(&mut self, pos: Pos, label: Option<LabelId>, tag: Option<ExprId>, cases: &[Case]) {
        let exit = self.g.new_block();
        let bodies: Vec<Block> = cases.iter().map(|_| self.g.new_block()).collect();
        let default = cases.iter().position(|c| c.is_default).map_or(exit, |i| bodies[i]);
        match tag {
            None => {
                for (case, &body) in cases.iter().zip(&bodies) {
                    for &v in &case.values {
                        let next = self.g.new_block();
                        self.g.pos = case.pos;
                        self.cond(v, body, next);
                        self.g.start(next);
                    }
                }
                self.g.jump(default);
            }
            Some(tag) => {
                let ty = self.ty_of(tag);
                self.hoist_operands(tag);
                let constant = |x: &ExprId| matches!(self.expr(*x).kind, ExprKind::Const(_));
                let v = if cases.iter().all(|c| c.values.iter().all(constant)) && self.is_str(ty) {
                    Operand::Words(self.str_words(tag))
                } else {
                    self.operand(tag)
                };
                let v = self.detach(v, ty);
                self.g.pos = pos;
                self.dispatch(ty, &v, cases, &bodies, default);
            }
        }
        self.with_jumps(label, exit, None, |s| {
            for (i, case) in cases.iter().enumerate() {
                s.g.start(bodies[i]);
                s.stmts(&case.body);
                let next = if case.fallthrough { bodies.get(i + 1).copied() } else { None };
                s.g.jump(next.unwrap_or(exit));
            }
        });
        self.g.start(exit);
    }

    /// Compares the tag with the cases' values, in order where that can be told.
    fn dispatch(&mut self, ty: TypeId, tag: &Operand, cases: &[Case], bodies: &[Block], default: Block) {
        if let (Operand::Words(w), Some(table)) = (tag, self.int_cases(ty, cases, bodies)) {
            let signed = self.is_signed(ty);
            let x = self.widen(w[0], signed);
            return self.search(x, signed, &table, default);
        }
        for (case, &body) in cases.iter().zip(bodies) {
            for &v in &case.values {
                let next = self.g.new_block();
                self.g.pos = case.pos;
                let hit = match (&self.expr(v).kind, tag) {
                    (ExprKind::Const(ConstValue::Str(s)), Operand::Words(w)) if w.len() == 2 && self.is_str(ty) => {
                        let s = s.clone();
                        self.equal_literal(w, &s)
                    }
                    _ => {
                        let value = self.top(v);
                        self.g.pos = case.pos;
                        self.equal_mixed(ty, tag, self.ty_of(v), &value)
                    }
                };
                self.g.branch(hit, body, next);
                self.g.start(next);
            }
        }
        self.g.jump(default);
    }

    fn is_str(&self, ty: TypeId) -> bool {
        self.types.basic(ty).is_some_and(|b| b.is_string())
    }

    /// The cases of a switch over integers, all constant, sorted by value.
    fn int_cases(&self, ty: TypeId, cases: &[Case], bodies: &[Block]) -> Option<Vec<(u64, Block)>> {
        let n: usize = cases.iter().map(|c| c.values.len()).sum();
        if n < BINARY_SEARCH || !self.types.basic(ty)?.is_integer() {
            return None;
        }
        let mut table = Vec::with_capacity(n);
        for (case, &body) in cases.iter().zip(bodies) {
            for &v in &case.values {
                table.push((self.const_int(v)?, body));
            }
        }
        if self.is_signed(ty) {
            table.sort_by_key(|&(v, _)| v as i64);
        } else {
            table.sort_by_key(|&(v, _)| v);
        }
        table.dedup_by_key(|(v, _)| *v);
        Some(table)
    }

    /// Binary search over constants, with jump tables for dense stretches.
    fn search(&mut self, x: Value, signed: bool, table: &[(u64, Block)], default: Block) {
        let (first, last) = (table[0].0, table[table.len() - 1].0);
        let span = last.wrapping_sub(first);
        if table.len() >= BINARY_SEARCH && span < 4 * table.len() as u64 {
            let base = self.bin_c(super::super::ir::BinOp::Sub, x, first);
            let mut targets = vec![default; span as usize + 1];
            for &(v, b) in table {
                targets[v.wrapping_sub(first) as usize] = b;
            }
            return self.g.table(base, &targets, default);
        }
        if table.len() <= 3 {
            for &(v, body) in table {
                let next = self.g.new_block();
                let hit = self.cmp_c(Cmp::Eq, x, v);
                self.g.branch(hit, body, next);
                self.g.start(next);
            }
            return self.g.jump(default);
        }
        let (low, high) = table.split_at(table.len() / 2);
        let (l, h) = (self.g.new_block(), self.g.new_block());
        let less = self.cmp_c(if signed { Cmp::SLt } else { Cmp::ULt }, x, high[0].0);
        self.g.branch(less, l, h);
        self.g.start(l);
        self.search(x, signed, low, default);
        self.g.start(h);
        self.search(x, signed, high, default);
    }

    pub(super) fn type_switch(&mut self, label: Option<LabelId>, x: ExprId, cases: &[TypeCase]) {
        let from = self.ty_of(x);
        let pos = self.g.pos;
        let w = self.top_words(x);
        self.g.pos = pos;
        let have = self.dynamic_type(from, w[0]);
        let exit = self.g.new_block();
        let bodies: Vec<Block> = cases.iter().map(|_| self.g.new_block()).collect();
        let default = cases.iter().position(|c| c.is_default).map_or(exit, |i| bodies[i]);
        let mut tabs = vec![None; cases.len()];
        for (i, case) in cases.iter().enumerate() {
            for &ty in &case.types {
                let next = self.g.new_block();
                self.g.pos = case.pos;
                tabs[i] = self.type_case(ty, have, bodies[i], next);
                self.g.start(next);
            }
        }
        self.g.jump(default);
        self.with_jumps(label, exit, None, |s| {
            for (i, case) in cases.iter().enumerate() {
                s.g.start(bodies[i]);
                if let (Some(var), false) = (case.var, s.g.is_dead()) {
                    s.g.pos = case.pos;
                    let v = match case.types[..] {
                        [Some(ty)] => s.case_value(ty, tabs[i], w[1]),
                        _ => Operand::Words(w.clone()),
                    };
                    s.decl(var, true);
                    s.set_local(var, &v);
                }
                s.stmts(&case.body);
                s.g.jump(exit);
            }
        });
        self.g.start(exit);
    }
}
