//! `mgo dump tokens` and `mgo dump ast`: what the lexer and the parser made, as text.
//!
//! One token or node per line. A node's line is its kind, what it carries, and `line:column` of its position
//! as error messages would print it (which is not always its first byte); its parts follow, indented.

#![forbid(unsafe_code)]

use std::fmt::Write;

use crate::source::{Pos, SourceFile};
use crate::syntax::ast::*;
use crate::syntax::lexer;
use crate::syntax::print::{expr_string, unary_text};
use crate::syntax::token::Tok;

/// The tokens of a file: position, what it is, its text.
pub fn dump_tokens(src: &SourceFile) -> String {
    let mut out = String::new();
    for token in lexer::lex(src).tokens {
        let lc = src.line_col(token.span.lo);
        let text = match token.tok {
            Tok::Name(_) => format!("name       {}", token.tok.describe().trim_start_matches("name ")),
            Tok::Lit(kind, text) => format!("{:<10} {text}", format!("{kind:?}").to_lowercase()),
            Tok::Semi(semi) => format!("semi       {}", format!("{semi:?}").to_lowercase()),
            tok if tok.is_keyword() => format!("keyword    {}", tok.text()),
            Tok::AssignOp(op) => format!("op         {}=", op.text()),
            tok => format!("op         {}", tok.text()),
        };
        let _ = writeln!(out, "{:<8} {text}", format!("{}:{}", lc.line, lc.col));
    }
    out
}

/// The tree of a file; with `func`, only the functions and methods of that name.
pub fn dump_file(file: &File, src: &SourceFile, func: Option<&str>) -> String {
    let mut d = Dump { src, out: String::new(), depth: 0 };
    if func.is_none() {
        d.line("package", file.package.name.as_str(), file.package.span.lo);
        for import in &file.imports {
            let name = match import.name {
                ImportName::Implicit => String::new(),
                ImportName::Name(name) => format!("{} ", name.name),
                ImportName::Dot(_) => ". ".into(),
            };
            d.line("import", &format!("{name}{:?}", import.path.as_str()), import.span.lo);
        }
        for directive in &file.directives {
            d.line("directive", &directive.text, directive.span.lo);
        }
    }
    for decl in &file.decls {
        match (func, decl) {
            (None, _) => d.decl(decl),
            (Some(name), Decl::Func(f)) if f.name.name.as_str() == name => d.decl(decl),
            _ => {}
        }
    }
    d.out
}

struct Dump<'a> {
    src: &'a SourceFile,
    out: String,
    depth: usize,
}

impl Dump<'_> {
    fn line(&mut self, kind: &str, detail: &str, pos: Pos) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push_str(kind);
        if !detail.is_empty() {
            self.out.push(' ');
            self.out.push_str(detail);
        }
        if pos >= self.src.lo && pos <= self.src.hi() {
            let lc = self.src.line_col(pos);
            let _ = write!(self.out, " {}:{}", lc.line, lc.col);
        }
        self.out.push('\n');
    }

    fn inside(&mut self, body: impl FnOnce(&mut Self)) {
        self.depth += 1;
        body(self);
        self.depth -= 1;
    }

    /// A labelled part of the node above; nothing if `list` is empty.
    fn part<T>(&mut self, label: &str, list: &[T], print: fn(&mut Self, &T)) {
        if list.is_empty() {
            return;
        }
        self.line(label, "", Pos::NONE);
        self.inside(|d| list.iter().for_each(|x| print(d, x)));
    }

    fn decl(&mut self, decl: &Decl) {
        match decl {
            Decl::Const(c) => {
                self.line("const", &format!("{} iota={}", names(&c.names), c.iota), c.span.lo);
                self.inside(|d| {
                    d.part("type", c.ty.as_slice(), Self::expr);
                    d.part("values", &c.values, Self::expr);
                });
            }
            Decl::Var(v) => {
                self.line("var", &names(&v.names), v.span.lo);
                self.inside(|d| {
                    d.part("type", v.ty.as_slice(), Self::expr);
                    d.part("values", &v.values, Self::expr);
                });
            }
            Decl::Type(t) => {
                let alias = if t.alias.is_some() { " =" } else { "" };
                self.line("type", &format!("{}{alias}", t.name.name), t.span.lo);
                self.inside(|d| {
                    d.part("type parameters", &t.tparams, Self::field);
                    d.expr(&t.ty);
                });
            }
            Decl::Func(f) => {
                self.line("func", f.name.name.as_str(), f.span.lo);
                self.inside(|d| {
                    d.part("receiver", f.recv.as_deref().unwrap_or_default(), Self::field);
                    d.part("type parameters", &f.tparams, Self::field);
                    d.signature(&f.sig);
                    if let Some(body) = &f.body {
                        d.block(body);
                    }
                });
            }
            Decl::Bad(span) => self.line("bad declaration", "", span.lo),
        }
    }

    fn signature(&mut self, sig: &FuncType) {
        self.part("parameters", &sig.params, Self::field);
        self.part("results", &sig.results, Self::field);
    }

    fn field(&mut self, f: &Field) {
        let mut detail = names(&f.names);
        if let Some((_, tag)) = &f.tag {
            let _ = write!(detail, " tag={:?}", String::from_utf8_lossy(tag));
        }
        self.line("field", detail.trim_start(), f.span.lo);
        self.inside(|d| d.expr(&f.ty));
    }

    fn block(&mut self, b: &Block) {
        self.line("block", "", b.span.lo);
        self.inside(|d| b.stmts.iter().for_each(|s| d.stmt(s)));
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        self.inside(|d| stmts.iter().for_each(|s| d.stmt(s)));
    }

    fn labelled(&mut self, label: &str, s: Option<&Stmt>) {
        if let Some(s) = s {
            self.line(label, "", Pos::NONE);
            self.inside(|d| d.stmt(s));
        }
    }

    fn stmt(&mut self, s: &Stmt) {
        let (kind, detail) = stmt_head(&s.kind);
        self.line(kind, &detail, s.pos);
        self.inside(|d| d.stmt_parts(&s.kind));
    }

    fn stmt_parts(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Bad | StmtKind::Empty | StmtKind::Fallthrough => {}
            StmtKind::Break(_) | StmtKind::Continue(_) | StmtKind::Goto(_) => {}
            StmtKind::Decl(decls) => decls.iter().for_each(|x| self.decl(x)),
            StmtKind::Expr(x) | StmtKind::IncDec { x, .. } | StmtKind::Go(x) | StmtKind::Defer(x) => self.expr(x),
            StmtKind::Send { chan: x, value: y } | StmtKind::AssignOp { lhs: x, rhs: y, .. } => {
                self.expr(x);
                self.expr(y);
            }
            StmtKind::Assign { lhs, rhs, .. } => {
                self.part("left", lhs, Self::expr);
                self.part("right", rhs, Self::expr);
            }
            StmtKind::Return(list) => list.iter().for_each(|x| self.expr(x)),
            StmtKind::Block(b) => b.stmts.iter().for_each(|x| self.stmt(x)),
            StmtKind::If { init, cond, then, els } => {
                self.labelled("init", init.as_deref());
                self.expr(cond);
                self.block(then);
                self.labelled("else", els.as_deref());
            }
            StmtKind::For { init, cond, post, body } => {
                self.labelled("init", init.as_deref());
                self.part("condition", cond.as_slice(), Self::expr);
                self.labelled("post", post.as_deref());
                self.block(body);
            }
            StmtKind::Range { key, value, x, body, .. } => {
                self.part("key", key.as_slice(), Self::expr);
                self.part("value", value.as_slice(), Self::expr);
                self.expr(x);
                self.block(body);
            }
            StmtKind::Switch { init, tag, cases, .. } => {
                self.labelled("init", init.as_deref());
                self.part("tag", tag.as_slice(), Self::expr);
                self.cases(cases);
            }
            StmtKind::TypeSwitch { init, x, cases, .. } => {
                self.labelled("init", init.as_deref());
                self.expr(x);
                self.cases(cases);
            }
            StmtKind::Select { cases, .. } => {
                for c in cases {
                    self.line(if c.comm.is_some() { "case" } else { "default" }, "", c.span.lo);
                    self.inside(|d| d.labelled("communication", c.comm.as_deref()));
                    self.stmts(&c.body);
                }
            }
            StmtKind::Labeled { stmt, .. } => self.stmt(stmt),
        }
    }

    fn cases(&mut self, cases: &[CaseClause]) {
        for c in cases {
            self.line(if c.is_default { "default" } else { "case" }, "", c.span.lo);
            self.inside(|d| d.part("values", &c.values, Self::expr));
            self.stmts(&c.body);
        }
    }

    fn expr(&mut self, x: &Expr) {
        let (kind, detail) = expr_head(&x.kind);
        self.line(kind, &detail, x.pos);
        self.inside(|d| d.expr_parts(&x.kind));
    }

    fn exprs<'x>(&mut self, list: impl IntoIterator<Item = &'x Expr>) {
        list.into_iter().for_each(|x| self.expr(x));
    }

    fn expr_parts(&mut self, kind: &ExprKind) {
        match kind {
            ExprKind::Bad | ExprKind::Name(_) | ExprKind::BasicLit { .. } => {}
            ExprKind::CompositeLit { ty, elems, .. } => {
                self.part("type", ty.as_slice(), |d, x| d.expr(x));
                self.exprs(elems);
            }
            ExprKind::KeyValue(x, y) | ExprKind::TypeAssert(x, y) | ExprKind::MapType(x, y) => {
                self.exprs([&**x, &**y]);
            }
            ExprKind::Binary { x, y, .. } => self.exprs([&**x, &**y]),
            ExprKind::FuncLit { sig, body } => {
                self.signature(sig);
                self.block(body);
            }
            ExprKind::FuncType(sig) => self.signature(sig),
            ExprKind::Paren(x)
            | ExprKind::Selector(x, _)
            | ExprKind::TypeSwitchGuard(x)
            | ExprKind::Star(x)
            | ExprKind::Unary(_, x)
            | ExprKind::SliceType(x)
            | ExprKind::ChanType(_, x)
            | ExprKind::Ellipsis(x) => self.expr(x),
            ExprKind::Index(x, index) => {
                self.expr(x);
                self.part("index", index, Self::expr);
            }
            ExprKind::Slice { x, lo, hi, max, .. } => {
                self.expr(x);
                for (label, bound) in [("low", lo), ("high", hi), ("max", max)] {
                    self.part(label, bound.as_slice(), |d, x| d.expr(x));
                }
            }
            ExprKind::Call { fun, args, .. } => {
                self.expr(fun);
                self.part("arguments", args, Self::expr);
            }
            ExprKind::ArrayType { len, elem } => {
                self.part("length", len.as_slice(), |d, x| d.expr(x));
                self.expr(elem);
            }
            ExprKind::StructType { fields } => fields.iter().for_each(|f| self.field(f)),
            ExprKind::InterfaceType { elems } => {
                for elem in elems {
                    match elem {
                        InterfaceElem::Method { name, sig, span } => {
                            self.line("method", name.name.as_str(), span.lo);
                            self.inside(|d| d.signature(sig));
                        }
                        InterfaceElem::Embed(x) => {
                            self.line("embed", &expr_string(x), x.pos);
                            self.inside(|d| d.expr(x));
                        }
                    }
                }
            }
        }
    }
}

fn names(list: &[Ident]) -> String {
    list.iter().map(|n| n.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn stmt_head(kind: &StmtKind) -> (&'static str, String) {
    let label = |l: &Option<Ident>| l.map_or(String::new(), |l| l.name.to_string());
    match kind {
        StmtKind::Bad => ("bad statement", String::new()),
        StmtKind::Empty => ("empty", String::new()),
        StmtKind::Decl(_) => ("declaration", String::new()),
        StmtKind::Expr(_) => ("expression", String::new()),
        StmtKind::Send { .. } => ("send", String::new()),
        StmtKind::IncDec { inc, .. } => ("assign", if *inc { "++".into() } else { "--".into() }),
        StmtKind::Assign { define, .. } => ("assign", if *define { ":=".into() } else { "=".into() }),
        StmtKind::AssignOp { op, .. } => ("assign", format!("{}=", op.text())),
        StmtKind::Go(_) => ("go", String::new()),
        StmtKind::Defer(_) => ("defer", String::new()),
        StmtKind::Return(_) => ("return", String::new()),
        StmtKind::Break(l) => ("break", label(l)),
        StmtKind::Continue(l) => ("continue", label(l)),
        StmtKind::Goto(l) => ("goto", l.name.to_string()),
        StmtKind::Fallthrough => ("fallthrough", String::new()),
        StmtKind::Block(_) => ("block", String::new()),
        StmtKind::If { .. } => ("if", String::new()),
        StmtKind::For { .. } => ("for", String::new()),
        StmtKind::Range { define, .. } => ("range", if *define { ":=".into() } else { String::new() }),
        StmtKind::Switch { .. } => ("switch", String::new()),
        StmtKind::TypeSwitch { bind, .. } => ("type switch", label(bind)),
        StmtKind::Select { .. } => ("select", String::new()),
        StmtKind::Labeled { label, .. } => ("label", label.name.to_string()),
    }
}

fn expr_head(kind: &ExprKind) -> (&'static str, String) {
    match kind {
        ExprKind::Bad => ("bad expression", String::new()),
        ExprKind::Name(name) => ("name", name.name.to_string()),
        ExprKind::BasicLit { text, .. } => ("literal", text.to_string()),
        ExprKind::CompositeLit { .. } => ("composite literal", String::new()),
        ExprKind::KeyValue(..) => ("key and value", String::new()),
        ExprKind::FuncLit { .. } => ("function literal", String::new()),
        ExprKind::Paren(_) => ("parentheses", String::new()),
        ExprKind::Selector(_, name) => ("selector", name.name.to_string()),
        ExprKind::Index(..) => ("index", String::new()),
        ExprKind::Slice { .. } => ("slice", String::new()),
        ExprKind::TypeAssert(..) => ("type assertion", String::new()),
        ExprKind::TypeSwitchGuard(_) => ("type switch guard", String::new()),
        ExprKind::Call { spread, .. } => ("call", if spread.is_some() { "...".into() } else { String::new() }),
        ExprKind::Star(_) => ("star", String::new()),
        ExprKind::Unary(op, _) => ("unary", unary_text(*op).into()),
        ExprKind::Binary { op, .. } => ("binary", op.text().into()),
        ExprKind::ArrayType { .. } => ("array type", String::new()),
        ExprKind::SliceType(_) => ("slice type", String::new()),
        ExprKind::StructType { .. } => ("struct type", String::new()),
        ExprKind::FuncType(_) => ("function type", String::new()),
        ExprKind::InterfaceType { .. } => ("interface type", String::new()),
        ExprKind::MapType(..) => ("map type", String::new()),
        ExprKind::ChanType(dir, _) => ("channel type", format!("{dir:?}").to_lowercase()),
        ExprKind::Ellipsis(_) => ("variadic", String::new()),
    }
}
