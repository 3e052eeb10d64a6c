//! The typed tree as text, for `mgo dump hir` and tests: everything explicit, one statement a line.
//!
//! Operations that are not in the source have a `'` behind their name; variables show how they are captured.

#![forbid(unsafe_code)]

use std::fmt::Write;

use super::ir::*;
use super::static_data::{Reloc, StaticData};
use crate::types::typestring::link_string;
use crate::types::{ConstValue, Objects, PkgId, TypeId, Types};

/// Prints a program, or only functions whose link name contains `filter`.
pub fn program(prog: &Program, types: &Types, objs: &Objects, filter: Option<&str>) -> String {
    let mut p = Printer { prog, types, objs, out: String::new(), indent: 0 };
    for g in prog.globals.iter() {
        if filter.is_some() {
            break;
        }
        let ty = p.ty(g.ty);
        p.line(format_args!("var {} {ty}", g.name));
        p.data(&g.init);
    }
    for f in prog.funcs.iter() {
        if filter.is_none_or(|t| f.link_name.as_str().contains(t)) {
            p.func(f);
        }
    }
    for (&ty, table) in &prog.method_tables {
        if filter.is_some() || table.is_empty() {
            continue;
        }
        let ty = p.ty(ty);
        let list: Vec<String> = table.iter().map(|m| format!("{}={}", m.name, prog.funcs[m.func].link_name)).collect();
        p.line(format_args!("methods {ty}: {}", list.join(", ")));
    }
    p.out
}

struct Printer<'a> {
    prog: &'a Program,
    types: &'a Types,
    objs: &'a Objects,
    out: String,
    indent: usize,
}

impl Printer<'_> {
    fn data(&mut self, data: &StaticData) {
        self.indent += 1;
        for (at, bytes) in &data.bytes {
            let bytes: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
            self.line(format_args!("{at}: {}", bytes.join(" ")));
        }
        for (at, to) in &data.relocs {
            let to = match to {
                Reloc::Str(text) => format!("{:?}", String::from_utf8_lossy(text)),
                Reloc::Global(g, offset) => format!("&{}@{offset}", self.prog.globals[*g].name),
                Reloc::Object(object) => format!("&({} bytes)", object.size),
                Reloc::Func(f) => self.prog.funcs[*f].link_name.to_string(),
                Reloc::Type(ty) => format!("type {}", self.ty(*ty)),
                Reloc::Itab { iface, concrete } => format!("itab {}, {}", self.ty(*concrete), self.ty(*iface)),
            };
            self.line(format_args!("{at}: {to}"));
        }
        self.indent -= 1;
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        for _ in 0..self.indent {
            self.out.push('\t');
        }
        let _ = writeln!(self.out, "{text}");
    }

    fn ty(&self, ty: TypeId) -> String {
        // Names alone: dumps are about one program, and package paths make them hard to read.
        link_string(self.types, self.objs, ty, &|_: PkgId| String::new())
    }

    fn func(&mut self, f: &Func) {
        let kind = match f.kind {
            FuncKind::Declared => "func",
            FuncKind::Closure => "closure",
            FuncKind::Init => "init",
            FuncKind::Wrapper => "wrapper",
            FuncKind::Instance => "instance",
            FuncKind::MethodValue => "method value",
            FuncKind::CallWrapper => "call wrapper",
            FuncKind::RangeBody => "range body",
        };
        let vars = |p: &Self, list: &[LocalId]| -> String {
            list.iter().map(|&l| p.local_decl(f, l)).collect::<Vec<_>>().join(", ")
        };
        let mut head = format!("{kind} {}({})", f.link_name, vars(self, &f.params));
        if !f.results.is_empty() {
            let _ = write!(head, " ({})", vars(self, &f.results));
        }
        if !f.captures.is_empty() {
            let _ = write!(head, " captures ({})", vars(self, &f.captures));
        }
        if f.native {
            return self.line(format_args!("{head} native"));
        }
        self.line(format_args!("{head} {{"));
        self.block(f, &f.body);
        self.line(format_args!("}}"));
    }

    fn local_decl(&self, f: &Func, l: LocalId) -> String {
        let local = &f.locals[l];
        let mut text = format!("{} {}", local.name, self.ty(local.ty));
        if let LocalKind::Captured { by_value, .. } = local.kind {
            text.push_str(if by_value { " by value" } else { " by ref" });
        }
        if local.addr_taken {
            text.push_str(" &");
        }
        if local.captured_by_ref {
            text.push_str(" shared");
        }
        text
    }

    fn block(&mut self, f: &Func, list: &[Stmt]) {
        self.indent += 1;
        for s in list {
            self.stmt(f, s);
        }
        self.indent -= 1;
    }

    fn opt(&self, f: &Func, x: Option<ExprId>) -> String {
        x.map_or_else(|| "_".to_owned(), |x| self.expr(f, x))
    }

    fn opts(&self, f: &Func, list: &[Option<ExprId>]) -> String {
        list.iter().map(|&x| self.opt(f, x)).collect::<Vec<_>>().join(", ")
    }

    fn list(&self, f: &Func, list: &[ExprId]) -> String {
        list.iter().map(|&x| self.expr(f, x)).collect::<Vec<_>>().join(", ")
    }

    fn stmt(&mut self, f: &Func, s: &Stmt) {
        let sign = |def: bool| if def { ":=" } else { "=" };
        let label = |l: &Option<LabelId>| l.map_or_else(String::new, |l| format!("{}: ", f.labels[l].name));
        match &s.kind {
            StmtKind::Decl(l) => {
                let decl = self.local_decl(f, *l);
                self.line(format_args!("var {decl}"));
            }
            StmtKind::Assign { lhs, rhs, def } => {
                let (l, r) = (self.opt(f, *lhs), self.expr(f, *rhs));
                self.line(format_args!("{l} {} {r}", sign(*def)));
            }
            StmtKind::AssignOp { op, lhs, rhs, .. } => {
                let (l, r) = (self.expr(f, *lhs), self.expr(f, *rhs));
                self.line(format_args!("{l} {}= {r}", binary(*op)));
            }
            StmtKind::AssignMulti { lhs, rhs, def } => {
                let (l, r) = (self.opts(f, lhs), self.list(f, rhs));
                self.line(format_args!("{l} {} {r}", sign(*def)));
            }
            StmtKind::AssignCall { lhs, call, def } => {
                let (l, r) = (self.opts(f, lhs), self.expr(f, *call));
                self.line(format_args!("{l} {} results {r}", sign(*def)));
            }
            StmtKind::AssignCommaOk { lhs, rhs, def, .. } => {
                let (l, r) = (self.opts(f, lhs), self.expr(f, *rhs));
                self.line(format_args!("{l} {} comma-ok {r}", sign(*def)));
            }
            StmtKind::Expr(x) => {
                let x = self.expr(f, *x);
                self.line(format_args!("{x}"));
            }
            StmtKind::Block(body) => {
                self.line(format_args!("{{"));
                self.block(f, body);
                self.line(format_args!("}}"));
            }
            StmtKind::If { cond, then, els } => {
                let c = self.expr(f, *cond);
                self.line(format_args!("if {c} {{"));
                self.block(f, then);
                if !els.is_empty() {
                    self.line(format_args!("}} else {{"));
                    self.block(f, els);
                }
                self.line(format_args!("}}"));
            }
            StmtKind::For { label: l, cond, post, body, per_iteration } => {
                let c = cond.map_or_else(String::new, |c| format!(" {}", self.expr(f, c)));
                let vars: Vec<&str> = per_iteration.iter().map(|&v| f.locals[v].name.as_str()).collect();
                let vars = if vars.is_empty() { String::new() } else { format!(" copying {}", vars.join(", ")) };
                self.line(format_args!("{}for{c}{vars} {{", label(l)));
                self.block(f, body);
                if !post.is_empty() {
                    self.line(format_args!("}} post {{"));
                    self.block(f, post);
                }
                self.line(format_args!("}}"));
            }
            StmtKind::Range { label: l, key, value, x, define, body, .. } => {
                let (k, v, x) = (self.opt(f, *key), self.opt(f, *value), self.expr(f, *x));
                self.line(format_args!("{}for {k}, {v} {} range {x} {{", label(l), sign(*define)));
                self.block(f, body);
                self.line(format_args!("}}"));
            }
            StmtKind::Switch { label: l, tag, cases } => {
                let t = tag.map_or_else(String::new, |t| format!(" {}", self.expr(f, t)));
                self.line(format_args!("{}switch{t} {{", label(l)));
                for c in cases {
                    let text =
                        if c.is_default { "default".to_owned() } else { format!("case {}", self.list(f, &c.values)) };
                    self.line(format_args!("{text}:"));
                    self.block(f, &c.body);
                    if c.fallthrough {
                        self.line(format_args!("\tfallthrough"));
                    }
                }
                self.line(format_args!("}}"));
            }
            StmtKind::TypeSwitch { label: l, x, cases } => {
                let x = self.expr(f, *x);
                self.line(format_args!("{}switch type {x} {{", label(l)));
                for c in cases {
                    let types: Vec<String> =
                        c.types.iter().map(|t| t.map_or_else(|| "nil".to_owned(), |t| self.ty(t))).collect();
                    let text = if c.is_default { "default".to_owned() } else { format!("case {}", types.join(", ")) };
                    let var = c.var.map_or_else(String::new, |v| format!(" var {}", self.local_decl(f, v)));
                    self.line(format_args!("{text}:{var}"));
                    self.block(f, &c.body);
                }
                self.line(format_args!("}}"));
            }
            StmtKind::Select { label: l, cases } => {
                self.line(format_args!("{}select {{", label(l)));
                for c in cases {
                    match &c.comm {
                        Some(comm) => {
                            self.line(format_args!("case"));
                            self.indent += 2;
                            self.stmt(f, comm);
                            self.indent -= 2;
                        }
                        None => self.line(format_args!("default")),
                    }
                    self.block(f, &c.body);
                }
                self.line(format_args!("}}"));
            }
            StmtKind::Send { chan, value } => {
                let (c, v) = (self.expr(f, *chan), self.expr(f, *value));
                self.line(format_args!("{c} <- {v}"));
            }
            StmtKind::Go(x) => self.prefixed(f, "go", *x),
            StmtKind::Defer(x) => self.prefixed(f, "defer", *x),
            StmtKind::CheckNil(x) => self.prefixed(f, "check nil", *x),
            StmtKind::MoveToHeap(l) => self.line(format_args!("move {} to heap", f.locals[*l].name)),
            StmtKind::ReturnCall(x) => self.prefixed(f, "return results", *x),
            StmtKind::Return(values) => {
                let v = self.list(f, values);
                self.line(format_args!("return{}{v}", if v.is_empty() { "" } else { " " }));
            }
            StmtKind::Break(l) => self.jump(f, "break", *l),
            StmtKind::Continue(l) => self.jump(f, "continue", *l),
            StmtKind::Goto(l) => self.jump(f, "goto", Some(*l)),
            StmtKind::Label(l) => self.line(format_args!("{}:", f.labels[*l].name)),
        }
    }

    fn prefixed(&mut self, f: &Func, word: &str, x: ExprId) {
        let x = self.expr(f, x);
        self.line(format_args!("{word} {x}"));
    }

    fn jump(&mut self, f: &Func, word: &str, l: Option<LabelId>) {
        let l = l.map_or_else(String::new, |l| format!(" {}", f.labels[l].name));
        self.line(format_args!("{word}{l}"));
    }

    /// An expression, fully parenthesised where it is not a call.
    fn expr(&self, f: &Func, x: ExprId) -> String {
        use ExprKind::*;
        let e = &f.exprs[x];
        let ty = || self.ty(e.ty);
        let one = |y: ExprId| self.expr(f, y);
        let mark = if e.implicit { "'" } else { "" };
        let call = |name: &str, args: &[ExprId]| format!("{name}{mark}({})", self.list(f, args));
        match &e.kind {
            Const(v) => match v {
                ConstValue::Int(_) if e.ty == Types::INT => constant(v),
                ConstValue::Str(_) if e.ty == Types::STRING => constant(v),
                ConstValue::Bool(_) if e.ty == Types::BOOL => constant(v),
                _ => format!("{}({})", ty(), constant(v)),
            },
            Nil => format!("nil<{}>", ty()),
            Zero => format!("zero<{}>", ty()),
            Local(l) => f.locals[*l].name.to_string(),
            Global(g) => self.prog.globals[*g].name.to_string(),
            NameOffset { global, offset } => format!("{}@{offset}", self.prog.globals[*global].name),
            Func(id) => self.prog.funcs[*id].name.to_string(),
            Unary(op, y) => {
                let op = match op {
                    UnaryOp::Plus => "+",
                    UnaryOp::Neg => "-",
                    UnaryOp::BitNot => "^",
                    UnaryOp::Not => "!",
                };
                format!("{op}{}", one(*y))
            }
            Binary(op, y, z) => format!("({} {} {})", one(*y), binary(*op), one(*z)),
            AndAnd(y, z) => format!("({} && {})", one(*y), one(*z)),
            OrOr(y, z) => format!("({} || {})", one(*y), one(*z)),
            AddStr(list) => format!("concat({})", self.list(f, list)),
            Paren(y) => format!("({})", one(*y)),
            Addr(y) => format!("&{mark}{}", one(*y)),
            PtrLit(y) => format!("&{}", one(*y)),
            Deref(y) => format!("*{mark}{}", one(*y)),
            Field { x: y, name, .. } => format!("{}.{name}", one(*y)),
            FieldPtr { x: y, name, .. } => format!("{}->{name}", one(*y)),
            Index { x: y, index, .. } => format!("{}[{}]", one(*y), one(*index)),
            IndexMap { x: y, key } => format!("{}[map {}]", one(*y), one(*key)),
            Slice { x: y, lo, hi, max } => {
                let part = |x: &Option<ExprId>| x.map_or_else(String::new, &one);
                let max = max.map_or_else(String::new, |m| format!(":{}", one(m)));
                format!("{}[{}:{}{max}]", one(*y), part(lo), part(hi))
            }
            Call { callee, args, variadic } => {
                let dots = if *variadic { "..." } else { "" };
                let name = match callee {
                    Callee::Static(id) => self.prog.funcs[*id].name.to_string(),
                    Callee::Value(y) => format!("({})", one(*y)),
                    Callee::Interface { recv, method, .. } => format!("{}.{method}", one(*recv)),
                };
                format!("{name}({}{dots})", self.list(f, args))
            }
            Append { slice, args, spread } => {
                let dots = if *spread { "..." } else { "" };
                format!("append({}; {}{dots})", one(*slice), self.list(f, args))
            }
            Copy { dst, src } => call("copy", &[*dst, *src]),
            Len(y) => call("len", &[*y]),
            Cap(y) => call("cap", &[*y]),
            New(t) => format!("new({})", self.ty(*t)),
            NewValue(y) => call("new", &[*y]),
            MakeSlice { len, cap } => {
                let cap = cap.map_or_else(String::new, |c| format!(", {}", one(c)));
                format!("make({}, {}{cap})", ty(), one(*len))
            }
            MakeMap { hint: n } | MakeChan { size: n } => {
                format!("make({}{})", ty(), n.map_or_else(String::new, |n| format!(", {}", one(n))))
            }
            Min(list) => call("min", list),
            Max(list) => call("max", list),
            Clear(y) => call("clear", &[*y]),
            Delete { map, key } => call("delete", &[*map, *key]),
            Close(y) => call("close", &[*y]),
            Panic(y) => call("panic", &[*y]),
            Recover => "recover()".to_owned(),
            Print { args, newline } => call(if *newline { "println" } else { "print" }, args),
            Complex(y, z) => call("complex", &[*y, *z]),
            Real(y) => call("real", &[*y]),
            Imag(y) => call("imag", &[*y]),
            UnsafeAdd(y, z) => call("unsafe.Add", &[*y, *z]),
            UnsafeSlice(y, z) => call("unsafe.Slice", &[*y, *z]),
            UnsafeString(y, z) => call("unsafe.String", &[*y, *z]),
            UnsafeSliceData(y) => call("unsafe.SliceData", &[*y]),
            UnsafeStringData(y) => call("unsafe.StringData", &[*y]),
            Conv(y) => call(&format!("conv<{}>", ty()), &[*y]),
            ConvIface(y) => call(&format!("iface<{}>", ty()), &[*y]),
            StrConv(_, y) => call(&format!("strconv<{}>", ty()), &[*y]),
            SliceToArray(y) | SliceToArrayPtr(y) => call(&format!("array<{}>", ty()), &[*y]),
            TypeAssert { x: y } => format!("{}.({})", one(*y), ty()),
            StructLit(fields) => {
                let list: Vec<String> = fields.iter().map(|(i, v)| format!("{i}: {}", one(*v))).collect();
                format!("{}{mark}{{{}}}", ty(), list.join(", "))
            }
            ArrayLit(elems) | SliceLit { elems, .. } => {
                let list: Vec<String> = elems
                    .iter()
                    .enumerate()
                    .map(|(i, v)| match v.index == i as u64 {
                        true => one(v.value),
                        false => format!("{}: {}", v.index, one(v.value)),
                    })
                    .collect();
                format!("{}{mark}{{{}}}", ty(), list.join(", "))
            }
            MapLit(pairs) => {
                let list: Vec<String> = pairs.iter().map(|(k, v)| format!("{}: {}", one(*k), one(*v))).collect();
                format!("{}{{{}}}", ty(), list.join(", "))
            }
            Closure(id) => format!("closure {}", self.prog.funcs[*id].name),
            MethodValue { recv, func } => format!("bind({}, {})", self.prog.funcs[*func].name, one(*recv)),
            Recv(y) => format!("<-{}", one(*y)),
            Init { stmts, x: y } => {
                let mut inner = Printer { out: String::new(), indent: 0, ..*self };
                for s in stmts {
                    inner.stmt(f, s);
                }
                format!("({}; {})", inner.out.trim_end().replace('\n', "; "), one(*y))
            }
        }
    }
}

fn constant(v: &ConstValue) -> String {
    match v {
        ConstValue::Unknown => "?".to_owned(),
        ConstValue::Bool(b) => b.to_string(),
        ConstValue::Str(s) => format!("{:?}", String::from_utf8_lossy(s)),
        ConstValue::Int(v) => v.to_string(),
        ConstValue::Float(_) | ConstValue::Huge(_) => format!("{:?}", v.to_f64().unwrap_or(f64::NAN)),
        ConstValue::Complex(_) => match v.to_complex() {
            Some((re, im)) => format!("{re:?}+{im:?}i"),
            None => "?".to_owned(),
        },
    }
}

fn binary(op: BinaryOp) -> &'static str {
    use BinaryOp::*;
    match op {
        Add => "+",
        Sub => "-",
        Mul => "*",
        Div => "/",
        Rem => "%",
        And => "&",
        Or => "|",
        Xor => "^",
        AndNot => "&^",
        Shl => "<<",
        Shr => ">>",
        Eq => "==",
        Ne => "!=",
        Lt => "<",
        Le => "<=",
        Gt => ">",
        Ge => ">=",
    }
}
