//! Prints SSA form, for `mgo dump ssa` and for messages about defects.
//!
//! One line per instruction: `v7 i64 = add v3, v5`; blocks with their parameters: `b2(v4 ptr, v5 i64):`.

#![forbid(unsafe_code)]

use std::fmt::{self, Display, Formatter, Write};

use super::ir::{Addr, Block, Callee, CheckKind, Func, Inst, InstKind, Target, Term, Ty, Value};
use crate::hir::Program;

/// A function, to be printed. Names of other functions and variables come from the program.
#[derive(Clone, Copy)]
pub struct Printer<'a> {
    pub func: &'a Func,
    pub program: Option<&'a Program>,
}

/// The name of a machine type.
pub fn ty_name(ty: Ty) -> &'static str {
    match ty {
        Ty::I8 => "i8",
        Ty::I16 => "i16",
        Ty::I32 => "i32",
        Ty::I64 => "i64",
        Ty::F32 => "f32",
        Ty::F64 => "f64",
        Ty::Ptr => "ptr",
    }
}

/// A lower-case name from a variant's.
fn lower(x: impl fmt::Debug) -> String {
    format!("{x:?}").to_lowercase()
}

struct List<'a>(&'a [Value]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, v) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write!(f, "v{}", v.0)?;
        }
        Ok(())
    }
}

impl Printer<'_> {
    fn target(&self, f: &mut Formatter<'_>, t: &Target) -> fmt::Result {
        write!(f, "b{}", t.block.0)?;
        if !t.args.is_empty() {
            write!(f, "({})", List(&t.args))?;
        }
        Ok(())
    }

    fn addr(&self, a: &Addr) -> String {
        match *a {
            Addr::Value(v, 0) => format!("[v{}]", v.0),
            Addr::Value(v, off) => format!("[v{}{off:+}]", v.0),
            Addr::Slot(s, off) => format!("[s{}{off:+}]", s.0),
        }
    }

    fn function(&self, id: crate::hir::FuncId) -> String {
        match self.program.and_then(|p| p.funcs.get(id)) {
            Some(f) => f.link_name.to_string(),
            None => format!("func{}", id.0),
        }
    }

    fn block(&self, f: &mut Formatter<'_>, b: Block) -> fmt::Result {
        let data = &self.func.blocks[b];
        write!(f, "b{}", b.0)?;
        if !data.params.is_empty() {
            f.write_char('(')?;
            for (i, &v) in data.params.iter().enumerate() {
                let sep = if i > 0 { ", " } else { "" };
                write!(f, "{sep}v{} {}", v.0, ty_name(self.func.values[v]))?;
            }
            f.write_char(')')?;
        }
        writeln!(f, ":{}", if data.cold { " cold" } else { "" })?;
        for inst in &data.insts {
            self.inst(f, inst)?;
        }
        f.write_str("    ")?;
        match &data.term {
            Term::Jump(t) => {
                f.write_str("jump ")?;
                self.target(f, t)?;
            }
            Term::Branch { cond, then, els } => {
                write!(f, "branch v{}, ", cond.0)?;
                self.target(f, then)?;
                f.write_str(", ")?;
                self.target(f, els)?;
            }
            Term::Table { x, targets, default } => {
                write!(f, "table v{} [", x.0)?;
                for (i, t) in targets.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    self.target(f, t)?;
                }
                f.write_str("], ")?;
                self.target(f, default)?;
            }
            Term::Return(values) => write!(f, "return {}", List(values))?,
            Term::Unreachable => f.write_str("unreachable")?,
            Term::None => f.write_str("?")?,
        }
        f.write_char('\n')
    }

    fn inst(&self, f: &mut Formatter<'_>, inst: &Inst) -> fmt::Result {
        f.write_str("    ")?;
        for (i, &v) in inst.results.iter().enumerate() {
            let sep = if i > 0 { ", " } else { "" };
            write!(f, "{sep}v{} {}", v.0, ty_name(self.func.values[v]))?;
        }
        if !inst.results.is_empty() {
            f.write_str(" = ")?;
        }
        let nil = |n: bool| if n { " nil?" } else { "" };
        match &inst.kind {
            InstKind::Const(c) => write!(f, "const {}", *c as i64)?,
            InstKind::FConst(c) => match inst.results.first().map(|&v| self.func.values[v]) {
                Some(Ty::F32) => write!(f, "const {:?}", f32::from_bits(*c as u32))?,
                _ => write!(f, "const {:?}", f64::from_bits(*c))?,
            },
            InstKind::Bin(op, x, y) => write!(f, "{} v{}, v{}", lower(op), x.0, y.0)?,
            InstKind::Un(op, x) => write!(f, "{} v{}", lower(op), x.0)?,
            InstKind::Fma(x, y, z) => write!(f, "fma v{}, v{}, v{}", x.0, y.0, z.0)?,
            InstKind::Conv(op, x) => write!(f, "{} v{}", lower(op), x.0)?,
            InstKind::Cmp(c, x, y) => write!(f, "cmp.{} v{}, v{}", lower(c), x.0, y.0)?,
            InstKind::FCmp(c, x, y) => write!(f, "fcmp.{} v{}, v{}", lower(c), x.0, y.0)?,
            InstKind::Select(c, x, y) => write!(f, "select v{}, v{}, v{}", c.0, x.0, y.0)?,
            InstKind::UMulHi(x, y) => write!(f, "umulhi v{}, v{}", x.0, y.0)?,
            InstKind::PtrAdd(x, y) => write!(f, "ptradd v{}, v{}", x.0, y.0)?,
            InstKind::SlotAddr(s) => write!(f, "slotaddr s{}", s.0)?,
            InstKind::GlobalAddr(g) => match self.program.and_then(|p| p.globals.get(*g)) {
                Some(g) => write!(f, "globaladdr {}.{}", g.pkg, g.name)?,
                None => write!(f, "globaladdr g{}", g.0)?,
            },
            InstKind::StrData(s) => write!(f, "strdata {:?}", String::from_utf8_lossy(&s[..s.len().min(40)]))?,
            InstKind::StaticObject(object) => write!(f, "static object of {} bytes", object.size)?,
            InstKind::StrHeader(s) => write!(f, "strheader {:?}", String::from_utf8_lossy(&s[..s.len().min(40)]))?,
            InstKind::TypeDesc(t) => write!(f, "typedesc t{}", t.0)?,
            InstKind::Itab { iface, concrete } => write!(f, "itab t{}, t{}", iface.0, concrete.0)?,
            InstKind::FuncCode(id) => write!(f, "funccode {}", self.function(*id))?,
            InstKind::FuncValue(id) => write!(f, "funcvalue {}", self.function(*id))?,
            InstKind::Closure => f.write_str("closure")?,
            InstKind::Load { addr, nil_check } => write!(f, "load {}{}", self.addr(addr), nil(*nil_check))?,
            InstKind::Store { addr, value, nil_check } => {
                write!(f, "store {}, v{}{}", self.addr(addr), value.0, nil(*nil_check))?;
            }
            InstKind::Zero { addr, size, .. } => write!(f, "zero {}, {size}", self.addr(addr))?,
            InstKind::Move { dst, src, size, .. } => write!(f, "move {}, {}, {size}", self.addr(dst), self.addr(src))?,
            InstKind::AtomicLoad(p) => write!(f, "atomic.load v{}", p.0)?,
            InstKind::AtomicStore(p, x) => write!(f, "atomic.store v{}, v{}", p.0, x.0)?,
            InstKind::AtomicRmw(op, p, x) => write!(f, "atomic.{} v{}, v{}", lower(op), p.0, x.0)?,
            InstKind::AtomicCas(p, x, y) => write!(f, "atomic.cas v{}, v{}, v{}", p.0, x.0, y.0)?,
            InstKind::NilCheck(x) => write!(f, "nilcheck v{}", x.0)?,
            InstKind::KeepAlive(x) => write!(f, "keepalive v{}", x.0)?,
            InstKind::Check { kind, x, y } => {
                let (name, func) = match kind {
                    CheckKind::ULt(f) => ("ult", f),
                    CheckKind::ULe(f) => ("ule", f),
                    CheckKind::NonZero(f) => ("nonzero", f),
                    CheckKind::NonNegative(f) => ("nonnegative", f),
                };
                write!(f, "check.{name} v{}", x.0)?;
                if let Some(y) = y {
                    write!(f, ", v{}", y.0)?;
                }
                write!(f, " else {}", func.name())?;
            }
            InstKind::Call { callee, args, .. } => {
                match callee {
                    Callee::Func(id) => write!(f, "call {}", self.function(*id))?,
                    Callee::Closure(v) => write!(f, "call closure v{}", v.0)?,
                    Callee::Code(v) => write!(f, "call code v{}", v.0)?,
                    Callee::Runtime(r) => write!(f, "call runtime.{}", r.name())?,
                }
                write!(f, "({})", List(args))?;
            }
            InstKind::Ret2 => f.write_str("ret2")?,
            InstKind::LoadG(offset) => write!(f, "loadg {offset}")?,
            InstKind::StoreG(offset, v) => write!(f, "storeg {offset}, v{}", v.0)?,
            InstKind::FrameDepth => f.write_str("framedepth")?,
            InstKind::FramePtr => f.write_str("frameptr")?,
            InstKind::Poll => f.write_str("poll")?,
            InstKind::Undef => f.write_str("undef")?,
        }
        f.write_char('\n')
    }
}

impl Display for Printer<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let list = |tys: &[Ty]| tys.iter().map(|&t| ty_name(t)).collect::<Vec<_>>().join(", ");
        let sig = &self.func.sig;
        writeln!(f, "func {}({}) ({}) {{", self.func.name, list(&sig.params), list(&sig.results))?;
        for (id, s) in self.func.slots.iter_enumerated() {
            let taken = if s.addr_taken { " addr" } else { "" };
            writeln!(f, "    s{}: {} bytes, pointers {:?}{taken} // {}", id.0, s.size, s.ptr_words, s.name)?;
        }
        for b in self.func.blocks.ids() {
            self.block(f, b)?;
        }
        if let Some(b) = self.func.recovery {
            writeln!(f, "    recovery b{}", b.0)?;
        }
        f.write_str("}\n")
    }
}
