//! Trees as Go source on one line, as messages quote them.
//!
//! The form is that of Go's `syntax.String`: spaces where a source would have line ends, `…` in place of the
//! bodies of functions and the elements of composite literals, operands in the parentheses they were
//! written with and no others.

#![forbid(unsafe_code)]

use crate::syntax::ast::*;

/// An expression or type, as messages quote it.
pub fn expr_string(x: &Expr) -> String {
    let mut out = String::new();
    expr(&mut out, x);
    out
}

/// A simple statement, as messages quote it.
pub fn stmt_string(s: &Stmt) -> String {
    let mut out = String::new();
    simple_stmt(&mut out, s);
    out
}

/// Expressions with commas between them.
pub fn list_string(list: &[Expr]) -> String {
    let mut out = String::new();
    exprs(&mut out, list);
    out
}

/// The operator as written.
pub fn unary_text(op: UnOp) -> &'static str {
    match op {
        UnOp::Plus => "+",
        UnOp::Neg => "-",
        UnOp::Not => "!",
        UnOp::BitNot => "^",
        UnOp::Addr => "&",
        UnOp::Recv => "<-",
        UnOp::Tilde => "~",
    }
}

fn exprs(out: &mut String, list: &[Expr]) {
    separated(out, ", ", list, expr);
}

fn separated<T>(out: &mut String, separator: &str, list: &[T], print: fn(&mut String, &T)) {
    for (i, x) in list.iter().enumerate() {
        if i > 0 {
            out.push_str(separator);
        }
        print(out, x);
    }
}

fn wrapped(out: &mut String, open: &str, x: &Expr, close: &str) {
    out.push_str(open);
    expr(out, x);
    out.push_str(close);
}

fn expr(out: &mut String, x: &Expr) {
    match &x.kind {
        ExprKind::Bad => out.push_str("<bad expr>"),
        ExprKind::Name(name) => out.push_str(name.name.as_str()),
        ExprKind::BasicLit { text, .. } => out.push_str(text.as_str()),
        ExprKind::CompositeLit { ty, elems, .. } => {
            if let Some(ty) = ty {
                expr(out, ty);
            }
            out.push_str(if elems.is_empty() { "{}" } else { "{…}" });
        }
        ExprKind::KeyValue(key, value) => {
            expr(out, key);
            wrapped(out, ": ", value, "");
        }
        ExprKind::FuncLit { sig, body } => {
            out.push_str("func");
            signature(out, sig);
            out.push_str(if body.stmts.is_empty() { " {}" } else { " {…}" });
        }
        ExprKind::Paren(x) => wrapped(out, "(", x, ")"),
        ExprKind::Selector(x, name) => {
            expr(out, x);
            out.push('.');
            out.push_str(name.name.as_str());
        }
        ExprKind::Index(x, index) => {
            expr(out, x);
            out.push('[');
            exprs(out, index);
            out.push(']');
        }
        ExprKind::Slice { x, lo, hi, max, full } => {
            expr(out, x);
            out.push('[');
            if let Some(lo) = lo {
                expr(out, lo);
            }
            out.push(':');
            if let Some(hi) = hi {
                expr(out, hi);
            } else if *full {
                out.push_str("<bad expr>");
            }
            if *full {
                out.push(':');
                match max {
                    Some(max) => expr(out, max),
                    None => out.push_str("<bad expr>"),
                }
            }
            out.push(']');
        }
        ExprKind::TypeAssert(x, ty) => {
            expr(out, x);
            wrapped(out, ".(", ty, ")");
        }
        ExprKind::TypeSwitchGuard(x) => wrapped(out, "", x, ".(type)"),
        ExprKind::Call { fun, args, spread, .. } => {
            expr(out, fun);
            out.push('(');
            exprs(out, args);
            if spread.is_some() {
                out.push_str("...");
            }
            out.push(')');
        }
        ExprKind::Star(x) => wrapped(out, "*", x, ""),
        ExprKind::Unary(op, x) => wrapped(out, unary_text(*op), x, ""),
        ExprKind::Binary { op, x, y, .. } => {
            expr(out, x);
            out.push(' ');
            out.push_str(op.text());
            wrapped(out, " ", y, "");
        }
        ExprKind::ArrayType { len, elem } => {
            out.push('[');
            match len {
                Some(len) => expr(out, len),
                None => out.push_str("..."),
            }
            wrapped(out, "]", elem, "");
        }
        ExprKind::SliceType(elem) => wrapped(out, "[]", elem, ""),
        ExprKind::StructType { fields } => {
            out.push_str("struct{");
            separated(out, "; ", fields, field);
            out.push('}');
        }
        ExprKind::FuncType(sig) => {
            out.push_str("func");
            signature(out, sig);
        }
        ExprKind::InterfaceType { elems } => {
            out.push_str("interface{");
            separated(out, "; ", elems, |out, elem| match elem {
                InterfaceElem::Method { name, sig, .. } => {
                    out.push_str(name.name.as_str());
                    signature(out, sig);
                }
                InterfaceElem::Embed(x) => expr(out, x),
            });
            out.push('}');
        }
        ExprKind::MapType(key, value) => {
            wrapped(out, "map[", key, "]");
            expr(out, value);
        }
        ExprKind::ChanType(dir, elem) => {
            out.push_str(match dir {
                ChanDir::Both => "chan ",
                ChanDir::Send => "chan<- ",
                ChanDir::Recv => "<-chan ",
            });
            let ambiguous = *dir == ChanDir::Both && matches!(elem.kind, ExprKind::ChanType(ChanDir::Recv, _));
            if ambiguous { wrapped(out, "(", elem, ")") } else { expr(out, elem) }
        }
        ExprKind::Ellipsis(elem) => wrapped(out, "...", elem, ""),
    }
}

/// Names and type; also of parameters.
fn field(out: &mut String, f: &Field) {
    separated(out, ", ", &f.names, |out, name| out.push_str(name.name.as_str()));
    if !f.names.is_empty() {
        out.push(' ');
    }
    expr(out, &f.ty);
    if let Some((_, tag)) = &f.tag {
        out.push_str(&format!(" {:?}", String::from_utf8_lossy(tag)));
    }
}

fn signature(out: &mut String, sig: &FuncType) {
    out.push('(');
    separated(out, ", ", &sig.params, field);
    out.push(')');
    match sig.results.as_slice() {
        [] => {}
        [one] if one.names.is_empty() => wrapped(out, " ", &one.ty, ""),
        results => {
            out.push_str(" (");
            separated(out, ", ", results, field);
            out.push(')');
        }
    }
}

fn simple_stmt(out: &mut String, s: &Stmt) {
    match &s.kind {
        StmtKind::Expr(x) => expr(out, x),
        StmtKind::Send { chan, value } => {
            expr(out, chan);
            wrapped(out, " <- ", value, "");
        }
        StmtKind::IncDec { x, inc } => wrapped(out, "", x, if *inc { "++" } else { "--" }),
        StmtKind::Assign { lhs, rhs, define } => {
            exprs(out, lhs);
            out.push_str(if *define { " := " } else { " = " });
            exprs(out, rhs);
        }
        StmtKind::AssignOp { op, lhs, rhs } => {
            expr(out, lhs);
            out.push(' ');
            out.push_str(op.text());
            wrapped(out, "= ", rhs, "");
        }
        _ => out.push_str("<statement>"),
    }
}
