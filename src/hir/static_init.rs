//! Static initialisation: which initial values of package variables are data, not code.
//!
//! Runs between inlining and escape analysis. What an initialiser's literals, addresses and conversions to
//! interfaces make lies in memory before the program starts; parts that must be computed are assigned to
//! their places there when `init` runs, one by one ([`ExprKind::NameOffset`]). So no literal of an initialiser
//! is allocated, and analyses see only what is left (Go: `cmd/compile/internal/staticinit`).

#![forbid(unsafe_code)]

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::facts::is_conv_nop;
use super::ir::*;
use super::packed;
use super::static_data::{Reloc, StaticData};
use super::visit::{operands, preorder};
use crate::index::Symbol;
use crate::source::Pos;
use crate::types::{ConstValue, TypeId, TypeKind, Types};

/// Lays out what initialisers assign to package variables.
pub fn run(prog: &mut Program, types: &mut Types) {
    let inits: Vec<FuncId> = prog.inits.iter().copied().filter(|&f| prog.funcs[f].kind == FuncKind::Init).collect();
    let mut temps: FxHashMap<Symbol, u32> = FxHashMap::default();
    for func in inits {
        let body = std::mem::take(&mut prog.funcs[func].body);
        let pkg = prog.funcs[func].pkg;
        let n_temps = temps.entry(pkg).or_default();
        let mut schedule = Schedule { prog, types, func, pkg, n_temps, out: Vec::new() };
        for stmt in body {
            schedule.init(stmt);
        }
        let body = schedule.out;
        prog.funcs[func].body = body;
    }
    let Program { inits, funcs, .. } = prog;
    inits.retain(|&f| funcs[f].kind != FuncKind::Init || !funcs[f].body.is_empty());
}

/// A place in a package variable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) global: GlobalId,
    /// Bytes from its beginning.
    pub(super) offset: u64,
}

impl Place {
    pub(super) fn add(self, by: u64) -> Place {
        Place { offset: self.offset + by, ..self }
    }
}

/// An inlined call that only returns a value.
struct InlinedCall {
    params: FxHashMap<LocalId, ExprId>,
    value: ExprId,
}

/// One initialiser function on its way from what the source says to what is left to do.
pub(super) struct Schedule<'a> {
    prog: &'a mut Program,
    pub(super) types: &'a mut Types,
    func: FuncId,
    pkg: Symbol,
    /// Variables made for what literals of the package point to.
    n_temps: &'a mut u32,
    /// What is done when the program starts.
    out: Vec<Stmt>,
}

impl Schedule<'_> {
    fn f(&self) -> &Func {
        &self.prog.funcs[self.func]
    }

    fn kind(&self, x: ExprId) -> &ExprKind {
        &self.f().exprs[x].kind
    }

    fn ty(&self, x: ExprId) -> TypeId {
        self.f().exprs[x].ty
    }

    fn init(&mut self, stmt: Stmt) {
        let StmtKind::Assign { lhs, rhs, .. } = stmt.kind else {
            self.out.push(stmt);
            return;
        };
        let is_data = match lhs.map(|x| self.kind(x)) {
            // `var _ = x`: for its effects.
            None => !self.has_side_effects(rhs),
            Some(&ExprKind::Global(global)) => self.assign(Place { global, offset: 0 }, rhs),
            Some(_) => {
                self.out.push(stmt);
                return;
            }
        };
        if !is_data {
            self.out.push(Stmt { kind: StmtKind::Assign { lhs, rhs, def: false }, ..stmt });
        }
    }

    /// A variable without a name in the source.
    fn temp(&mut self, name: String, ty: TypeId, pos: Pos) -> GlobalId {
        let name = Symbol::new(&name);
        self.prog.globals.push(Global { name, pkg: self.pkg, ty, pos, init: StaticData::default() })
    }

    /// The variable that a literal's pointer points to.
    pub(super) fn pointee(&mut self, ty: TypeId, pos: Pos) -> GlobalId {
        let n = *self.n_temps;
        *self.n_temps += 1;
        self.temp(format!(".stmp_{n}"), ty, pos)
    }

    pub(super) fn data(&mut self, at: Place) -> &mut StaticData {
        &mut self.prog.globals[at.global].init
    }

    pub(super) fn point(&mut self, at: Place, to: Reloc) {
        self.data(at).reloc(at.offset, to);
    }

    /// Lays out `x` at a place, or has it assigned when the program starts.
    fn part(&mut self, at: Place, x: ExprId) {
        if self.assign(at, x) {
            return;
        }
        let Expr { ty, pos, span, .. } = self.f().exprs[x];
        let kind = ExprKind::NameOffset { global: at.global, offset: at.offset };
        let f = &mut self.prog.funcs[self.func];
        let lhs = Some(f.exprs.push(Expr { kind, ty, pos, span, esc: Esc::Unknown, implicit: false }));
        self.out.push(Stmt { pos, kind: StmtKind::Assign { lhs, rhs: x, def: false } });
    }

    /// Lays out `x` at a place. False, and nothing done, if its value as a whole must be computed; parts of a
    /// literal that must be are scheduled.
    fn assign(&mut self, at: Place, x: ExprId) -> bool {
        let Expr { ty, pos, .. } = self.f().exprs[x];
        match self.kind(x).clone() {
            ExprKind::Nil | ExprKind::Zero => {}
            ExprKind::Const(value) => return self.constant(at, ty, &value),
            ExprKind::Paren(y) => return self.assign(at, y),
            ExprKind::Conv(y) if is_conv_nop(self.types, self.ty(y), ty) => return self.assign(at, y),
            ExprKind::Func(func) => self.point(at, Reloc::Func(func)),
            ExprKind::Closure(func) if self.is_plain(func) => self.point(at, Reloc::Func(func)),
            ExprKind::AddStr(list) => {
                let Some(text) = self.constant_text(&list) else { return false };
                self.data(at).put_str(at.offset, &text);
            }
            ExprKind::Addr(y) | ExprKind::PtrLit(y) => {
                if let Some(to) = self.static_place(y) {
                    self.point(at, Reloc::Global(to.global, to.offset));
                } else if self.is_literal(y) {
                    let global = self.pointee(self.ty(y), pos);
                    self.point(at, Reloc::Global(global, 0));
                    self.part(Place { global, offset: 0 }, y);
                } else {
                    return false;
                }
            }
            ExprKind::StrConv(StrConv::StrToBytes, y) => {
                let ExprKind::Const(value) = self.kind(y) else { return false };
                let Some(text) = value.to_bytes() else { return false };
                let array = self.types.array(Types::UINT8, text.len() as u64);
                let global = self.temp(".gobytes".to_owned(), array, pos);
                self.prog.globals[global].init.put(0, &text);
                self.slice(at, global, text.len() as u64);
            }
            ExprKind::SliceLit { elems, len } => {
                let Some(elem) = self.elem_of(ty) else { return false };
                let array = self.types.array(elem, len);
                let global = self.pointee(array, pos);
                self.slice(at, global, len);
                self.elems(Place { global, offset: 0 }, elem, &elems);
            }
            ExprKind::ArrayLit(elems) => {
                let Some(elem) = self.elem_of(ty) else { return false };
                self.elems(at, elem, &elems);
            }
            ExprKind::StructLit(fields) => {
                for (field, value) in fields {
                    let offset = self.types.field_offset(ty, field);
                    self.part(at.add(offset), value);
                }
            }
            ExprKind::ConvIface(y) => return self.iface(at, ty, y),
            ExprKind::Call { callee: Callee::Static(func), args, .. } if packed::is_packed(&self.prog.funcs[func]) => {
                let [text] = args[..] else { return false };
                let ExprKind::Const(value) = self.kind(text) else { return false };
                let Some(text) = value.to_bytes() else { return false };
                if packed::unpack(self, at, ty, &text, pos).is_none() {
                    crate::bug!("hir", self.f().link_name, "packed data at {pos:?} is not of its type");
                }
            }
            ExprKind::Init { stmts, x: result } => {
                let Some(call) = self.inlined_call(&stmts, result) else { return false };
                if !self.is_static(call.value, &call.params) {
                    return false;
                }
                self.substitute(&call);
                return self.assign(at, call.value);
            }
            _ => return false,
        }
        true
    }

    fn constant(&mut self, at: Place, ty: TypeId, value: &ConstValue) -> bool {
        if let Some(text) = value.to_bytes() {
            self.data(at).put_str(at.offset, &text);
            return true;
        }
        let Some(bytes) = self.types.const_bytes(ty, value) else { return false };
        self.data(at).put(at.offset, &bytes);
        true
    }

    pub(super) fn slice(&mut self, at: Place, array: GlobalId, len: u64) {
        self.point(at, Reloc::Global(array, 0));
        let len = len.to_le_bytes();
        self.data(at).put(at.offset + 8, &[len, len].concat());
    }

    fn elems(&mut self, at: Place, elem: TypeId, elems: &[Elem]) {
        let size = self.types.size_of(elem);
        for e in elems {
            self.part(at.add(e.index * size), e.value);
        }
    }

    /// Lays out an interface of type `iface` with the value of `x`.
    fn iface(&mut self, at: Place, iface: TypeId, x: ExprId) -> bool {
        let x = self.under_ifaces(x);
        let concrete = self.ty(x);
        if self.types.is_interface(concrete) {
            return matches!(self.kind(x), ExprKind::Nil);
        }
        let word = match self.types.interface_methods(iface).is_empty() {
            true => Reloc::Type(concrete),
            false => Reloc::Itab { iface, concrete },
        };
        self.point(at, word);
        if self.types.is_direct_iface(concrete) {
            self.part(at.add(8), x);
        } else {
            let pos = self.f().exprs[x].pos;
            let global = self.pointee(concrete, pos);
            self.part(Place { global, offset: 0 }, x);
            self.point(at.add(8), Reloc::Global(global, 0));
        }
        true
    }

    /// The value that conversions to interfaces, one around the other, begin with.
    fn under_ifaces(&self, mut x: ExprId) -> ExprId {
        while let ExprKind::ConvIface(y) | ExprKind::Paren(y) = *self.kind(x) {
            x = y;
        }
        x
    }

    fn elem_of(&self, ty: TypeId) -> Option<TypeId> {
        match *self.types.underlying_kind(ty) {
            TypeKind::Array { elem, .. } | TypeKind::Slice(elem) => Some(elem),
            _ => None,
        }
    }

    fn is_plain(&self, func: FuncId) -> bool {
        self.prog.funcs[func].captures.is_empty() && !self.prog.funcs[func].in_instance
    }

    fn is_literal(&self, x: ExprId) -> bool {
        match *self.kind(x) {
            ExprKind::Paren(y) => self.is_literal(y),
            ExprKind::StructLit(_) | ExprKind::ArrayLit(_) | ExprKind::SliceLit { .. } | ExprKind::MapLit(_) => true,
            // `T{}`
            ExprKind::Zero => true,
            _ => false,
        }
    }

    fn constant_text(&self, list: &[ExprId]) -> Option<Rc<[u8]>> {
        let mut text = Vec::new();
        for &x in list {
            let ExprKind::Const(value) = self.kind(x) else { return None };
            text.extend_from_slice(&value.to_bytes()?);
        }
        Some(text.into())
    }

    /// Where `x` lies, if that is known before the program starts.
    fn static_place(&self, x: ExprId) -> Option<Place> {
        match *self.kind(x) {
            ExprKind::Global(global) => Some(Place { global, offset: 0 }),
            ExprKind::Paren(x) => self.static_place(x),
            ExprKind::Field { x, field, .. } => {
                Some(self.static_place(x)?.add(self.types.field_offset(self.ty(x), field)))
            }
            ExprKind::Index { x, index, .. } => {
                let ExprKind::Const(index) = self.kind(index) else { return None };
                let TypeKind::Array { elem, .. } = *self.types.underlying_kind(self.ty(x)) else { return None };
                Some(self.static_place(x)?.add(index.to_bits64()? * self.types.size_of(elem)))
            }
            _ => None,
        }
    }

    /// Whether [`assign`](Self::assign) will lay `x` out once arguments stand for parameters.
    fn is_static(&self, x: ExprId, params: &FxHashMap<LocalId, ExprId>) -> bool {
        let is_const = |x: ExprId| match *self.kind(x) {
            ExprKind::Local(p) => params.get(&p).is_some_and(|&y| matches!(self.kind(y), ExprKind::Const(_))),
            ref kind => matches!(kind, ExprKind::Const(_)),
        };
        match self.kind(x) {
            ExprKind::Nil
            | ExprKind::Zero
            | ExprKind::Const(_)
            | ExprKind::Func(_)
            | ExprKind::SliceLit { .. }
            | ExprKind::ArrayLit(_)
            | ExprKind::StructLit(_) => true,
            &ExprKind::Paren(y) => self.is_static(y, params),
            &ExprKind::Conv(y) => is_conv_nop(self.types, self.ty(y), self.ty(x)) && self.is_static(y, params),
            &ExprKind::Closure(func) => self.is_plain(func),
            ExprKind::AddStr(list) => list.iter().all(|&x| is_const(x)),
            &ExprKind::Addr(y) | &ExprKind::PtrLit(y) => self.is_literal(y) || self.static_place(y).is_some(),
            &ExprKind::StrConv(StrConv::StrToBytes, y) => is_const(y),
            &ExprKind::ConvIface(y) => {
                let y = self.under_ifaces(y);
                let y = match *self.kind(y) {
                    ExprKind::Local(p) => params.get(&p).map_or(y, |&x| self.under_ifaces(x)),
                    _ => y,
                };
                !self.types.is_interface(self.ty(y)) || matches!(self.kind(y), ExprKind::Nil)
            }
            ExprKind::Local(p) => params.get(p).is_some_and(|&x| self.is_static(x, &FxHashMap::default())),
            ExprKind::Init { stmts, x } => self.inlined_call(stmts, *x).is_some_and(|call| {
                let mut params = params.clone();
                params.extend(call.params);
                self.is_static(call.value, &params)
            }),
            _ => false,
        }
    }

    /// An inlined call of a function that only returns something, if arguments may stand for parameters: they
    /// have no effects, and each is used once or gives the same whenever it is evaluated.
    fn inlined_call(&self, stmts: &[Stmt], result: ExprId) -> Option<InlinedCall> {
        let ExprKind::Local(result) = *self.kind(result) else { return None };
        let (label, rest) = stmts.split_last()?;
        let (block, init) = rest.split_last()?;
        let (StmtKind::Label(end), StmtKind::Block(block)) = (&label.kind, &block.kind) else { return None };
        let [decl, assign, jump] = block.as_slice() else { return None };
        let (StmtKind::Decl(r), StmtKind::Assign { rhs: value, .. }, StmtKind::Goto(to)) =
            (&decl.kind, &assign.kind, &jump.kind)
        else {
            return None;
        };
        if *r != result || to != end {
            return None;
        }
        // What stands before the block, at the call's own position, gives the parameters their values.
        let mut arguments = Vec::new();
        for s in init {
            match &s.kind {
                _ if s.pos != label.pos => return None,
                StmtKind::Decl(_) => {}
                StmtKind::Assign { lhs, rhs, def: true } => arguments.push((*lhs, *rhs)),
                StmtKind::AssignMulti { lhs, rhs, def: true } => {
                    arguments.extend(lhs.iter().copied().zip(rhs.iter().copied()));
                }
                _ => return None,
            }
        }
        let mut params = FxHashMap::default();
        for (lhs, x) in arguments {
            if self.has_side_effects(x) {
                return None;
            }
            if let Some(lhs) = lhs
                && let ExprKind::Local(param) = *self.kind(lhs)
            {
                if self.f().locals[param].addr_taken {
                    return None;
                }
                params.insert(param, x);
            }
        }
        let mut uses: FxHashMap<LocalId, usize> = FxHashMap::default();
        let mut captures = false;
        preorder(self.f(), *value, &mut |x| match *self.kind(x) {
            ExprKind::Local(l) => *uses.entry(l).or_default() += 1,
            ExprKind::Closure(func) => captures |= !self.is_plain(func),
            _ => {}
        });
        let repeatable = |x: ExprId| {
            matches!(
                self.kind(x),
                ExprKind::Const(_)
                    | ExprKind::Nil
                    | ExprKind::Zero
                    | ExprKind::Func(_)
                    | ExprKind::Global(_)
                    | ExprKind::Local(_)
            )
        };
        let once = params.iter().all(|(p, &x)| uses.get(p).is_none_or(|&n| n < 2) || repeatable(x));
        (once && !captures).then_some(InlinedCall { params, value: *value })
    }

    /// Puts arguments where the value of an inlined call names its parameters.
    fn substitute(&mut self, call: &InlinedCall) {
        let mut uses = Vec::new();
        preorder(self.f(), call.value, &mut |x| {
            if let ExprKind::Local(l) = *self.kind(x)
                && let Some(&argument) = call.params.get(&l)
            {
                uses.push((x, argument));
            }
        });
        let exprs = &mut self.prog.funcs[self.func].exprs;
        for (x, argument) in uses {
            exprs[x] = exprs[argument].clone();
        }
    }

    fn is_zero(&self, x: ExprId) -> bool {
        matches!(self.kind(x), ExprKind::Const(value) if value.to_bits64() == Some(0))
    }

    /// Whether `var _ = x` must be executed.
    fn has_side_effects(&self, x: ExprId) -> bool {
        use ExprKind::*;
        let is_const = |x: ExprId| matches!(self.kind(x), Const(_));
        let own = match self.kind(x) {
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
            Binary(BinaryOp::Div | BinaryOp::Rem, _, y) => !is_const(*y),
            Binary(..) => false,
            // Nor does a size of zero.
            MakeMap { hint: size } | MakeChan { size } => size.is_some_and(|s| !self.is_zero(s)),
            _ => true,
        };
        if own {
            return true;
        }
        let mut any = false;
        operands(self.kind(x), &mut |y| any |= self.has_side_effects(y));
        any
    }
}
