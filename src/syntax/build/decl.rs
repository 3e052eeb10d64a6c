//! Actions for declarations and for parameter lists, whose entries only together tell what is a name and what
//! a type.

#![forbid(unsafe_code)]

use crate::index::Symbol;
use crate::source::{Pos, Span};
use crate::syntax::ast::*;
use crate::syntax::build::{Cx, ListKind, Node, Param, TypeBody, unparen};
use crate::syntax::literal::unquote;

impl Cx<'_> {
    /// Shares the types of a parameter list out to its names: either all entries are named or none is.
    /// `close` is the closing bracket.
    pub fn params(&mut self, list: Vec<Param>, kind: ListKind, close: Pos) -> Vec<Field> {
        let is_name = |p: &Param| p.name.is_none() && matches!(p.ty.kind, ExprKind::Name(_));
        let n = list.len();
        let n_named = list.iter().filter(|p| p.name.is_some()).count();
        let n_typed = list.iter().filter(|p| !is_name(p)).count();
        let mut fields: Vec<Field> = Vec::with_capacity(n);
        if n_named == 0 && kind != ListKind::TypeParams {
            fields.extend(list.into_iter().map(|p| Field { span: p.ty.span, names: vec![], ty: *p.ty, tag: None }));
        } else {
            let mut error = None;
            // Names that wait for the type behind them.
            let mut names: Vec<Ident> = Vec::new();
            for p in list {
                match (p.name, p.ty) {
                    (None, ty) if let ExprKind::Name(ident) = ty.kind => names.push(ident),
                    (name, ty) => {
                        let ident = name.unwrap_or_else(|| {
                            error.get_or_insert(ty.start_pos());
                            self.ident(Symbol::new("_"), ty.span.lo, ty.span.lo)
                        });
                        names.push(ident);
                        let span = names[0].span.to(ty.span);
                        fields.push(Field { span, names: std::mem::take(&mut names), ty: *ty, tag: None });
                    }
                }
            }
            if let (Some(first), Some(last)) = (names.first(), names.last()) {
                error.get_or_insert(last.span.lo);
                let span = first.span.to(last.span);
                let ty = self.bad_expr(last.span.hi);
                fields.push(Field { span, names, ty: *ty, tag: None });
            }
            if let Some(pos) = error {
                let is_type_params = kind == ListKind::TypeParams;
                let (pos, message) = match (n_named == n_typed, is_type_params) {
                    (true, true) => (close, "missing type constraint"),
                    (true, false) => (close, "missing parameter type"),
                    (false, true) if n == 1 => (pos, "missing type parameter name or invalid array length"),
                    (false, true) => (pos, "missing type parameter name"),
                    (false, false) => (pos, "missing parameter name"),
                };
                self.syntax_error(Span::new(pos, pos.offset(1)), message);
                // Go's parser sees it when the list is at its end.
                self.seen_at(close.offset(1));
            }
        }
        self.check_variadic(&mut fields, kind);
        fields
    }

    /// `...` only in the last parameter of a function; elsewhere reported and taken away.
    fn check_variadic(&mut self, fields: &mut [Field], kind: ListKind) {
        let n = fields.len();
        let mut reported = false;
        for (i, field) in fields.iter_mut().enumerate() {
            match &field.ty.kind {
                ExprKind::Ellipsis(elem) if !matches!(elem.kind, ExprKind::Bad) => {}
                _ => continue,
            }
            let is_last = i + 1 == n && field.names.len() <= 1;
            if kind == ListKind::Params && is_last {
                continue;
            }
            if !reported {
                let message = match kind {
                    ListKind::Params => "can only use ... with final parameter",
                    _ => "invalid use of ...",
                };
                self.error(Span::new(field.ty.pos, field.ty.pos.offset(3)), message);
                reported = true;
            }
            let kind = std::mem::replace(&mut field.ty.kind, ExprKind::Bad);
            if let ExprKind::Ellipsis(elem) = kind {
                field.ty = *elem;
            }
        }
    }

    /// The body of a type declaration that may turn out to be generic: `type T[P *C] U` reads like an array.
    pub fn type_body(&mut self, alias: Option<Pos>, mut ty: Node) -> TypeBody {
        if alias.is_none()
            && let ExprKind::ArrayType { len: Some(len), .. } = &mut ty.kind
            && let Some((name, constraint)) = split_name(len, false)
            && let Some(constraint) = constraint
            && let ExprKind::ArrayType { elem, .. } = ty.kind
        {
            let close = constraint.span.hi;
            let tparams = self.type_params(name, Some(constraint), Vec::new(), close);
            return TypeBody { tparams, alias, ty: elem };
        }
        TypeBody { tparams: Vec::new(), alias, ty }
    }

    /// `[x, rest]` of a type declaration, where `x` was read as an expression.
    pub fn type_params_from(&mut self, mut x: Node, rest: Vec<Param>, close: Pos) -> Vec<Field> {
        match split_name(&mut x, true) {
            Some((name, constraint)) => self.type_params(name, constraint, rest, close),
            None => {
                let mut list = vec![Param { name: None, ty: x }];
                list.extend(rest);
                self.params(list, ListKind::TypeParams, close)
            }
        }
    }

    fn type_params(&mut self, name: Ident, constraint: Option<Node>, rest: Vec<Param>, close: Pos) -> Vec<Field> {
        let first = match constraint {
            Some(ty) => Param { name: Some(name), ty },
            None => Param { name: None, ty: self.name(name) },
        };
        let mut list = vec![first];
        list.extend(rest);
        self.params(list, ListKind::TypeParams, close)
    }

    /// The receiver comes with the position behind it.
    pub fn func_decl(
        &mut self,
        (lo, hi): (Pos, Pos),
        recv: Option<(Vec<Field>, Pos)>,
        name: Ident,
        (tparams, sig): (Vec<Field>, Box<FuncType>),
        body: Option<Block>,
    ) -> Box<Decl> {
        if let Some((recv, after)) = &recv {
            let n: usize = recv.iter().map(|f| f.names.len().max(1)).sum();
            if n != 1 {
                let message = if n == 0 { "method has no receiver" } else { "method has multiple receivers" };
                self.error(Span::new(*after, name.span.hi), message);
                self.seen_at(*after);
            }
        }
        let recv = recv.map(|(recv, _)| recv);
        let body = body.map(Body::new);
        Box::new(Decl::Func(FuncDecl { span: Span::new(lo, hi), name, recv, tparams, sig: *sig, body }))
    }
}

/// Whether `x` can only be a type (as opposed to something that may also be a value).
fn is_type_elem(x: &Expr) -> bool {
    match &x.kind {
        ExprKind::ArrayType { .. }
        | ExprKind::SliceType(_)
        | ExprKind::StructType { .. }
        | ExprKind::FuncType(_)
        | ExprKind::InterfaceType { .. }
        | ExprKind::MapType(..)
        | ExprKind::ChanType(..) => true,
        ExprKind::Binary { x, y, .. } => is_type_elem(x) || is_type_elem(y),
        ExprKind::Unary(op, x) => *op == UnOp::Tilde || is_type_elem(x),
        ExprKind::Star(x) | ExprKind::Paren(x) => is_type_elem(x),
        _ => false,
    }
}

/// Splits what was read as an expression but may be a type parameter's name and its constraint: `P *C`,
/// `P (C)`, and unions of those. Where both readings make sense, `force` decides for the type parameter.
/// Gives the name, and the constraint if there is one; `x` is whole where it gives `None` or no constraint.
fn split_name(x: &mut Expr, force: bool) -> Option<(Ident, Option<Node>)> {
    let take = |x: &mut Node| std::mem::replace(x, Box::new(Expr::placeholder()));
    let (id, span, pos) = (x.id, x.span, x.pos);
    match &mut x.kind {
        ExprKind::Name(ident) => Some((*ident, None)),
        ExprKind::Binary { op: BinOp::Mul, op_pos, x, y } if force || is_type_elem(y) => {
            let ExprKind::Name(ident) = x.kind else { return None };
            let span = Span::new(*op_pos, y.span.hi);
            Some((ident, Some(Box::new(Expr { id, span, pos, kind: ExprKind::Star(take(y)) }))))
        }
        ExprKind::Binary { op: BinOp::Or, op_pos, x, y } => {
            let (ident, Some(lhs)) = split_name(x, force || is_type_elem(y))? else { return None };
            let span = Span::new(lhs.span.lo, span.hi);
            let kind = ExprKind::Binary { op: BinOp::Or, op_pos: *op_pos, x: lhs, y: take(y) };
            Some((ident, Some(Box::new(Expr { id, span, pos, kind }))))
        }
        ExprKind::Call { fun, args, spread: None, .. } if args.len() == 1 && (force || is_type_elem(&args[0])) => {
            let ExprKind::Name(ident) = fun.kind else { return None };
            let arg = args.pop()?;
            Some((ident, Some(unparen(Box::new(arg)))))
        }
        _ => None,
    }
}

/// A specification of a `const` declaration; `const_group` completes it.
pub fn const_spec(lo: Pos, hi: Pos, names: Vec<Ident>, ty: Option<Node>, values: Vec<Expr>) -> Box<ConstSpec> {
    let ty = ty.map(|ty| *ty);
    Box::new(ConstSpec { span: Span::new(lo, hi), group: lo, iota: 0, names, ty, values })
}

/// A specification of a `var` declaration.
pub fn var_spec(lo: Pos, hi: Pos, names: Vec<Ident>, ty: Option<Node>, values: Vec<Expr>) -> Box<VarSpec> {
    Box::new(VarSpec { span: Span::new(lo, hi), names, ty: ty.map(|ty| *ty), values })
}

/// A specification of a `type` declaration.
pub fn type_spec(lo: Pos, hi: Pos, name: Ident, body: TypeBody) -> Box<TypeSpec> {
    let TypeBody { tparams, alias, ty } = body;
    Box::new(TypeSpec { span: Span::new(lo, hi), name, tparams, alias, ty: *ty })
}

/// The specifications of one `const` declaration whose keyword is at `group`.
pub fn const_group(group: Pos, mut specs: Vec<ConstSpec>) -> Vec<Decl> {
    for (i, spec) in specs.iter_mut().enumerate() {
        spec.group = group;
        spec.iota = i as u32;
    }
    specs.into_iter().map(Decl::Const).collect()
}

/// A struct field.
pub fn field(lo: Pos, hi: Pos, names: Vec<Ident>, ty: Expr, tag: Option<(LitKind, Symbol, Span)>) -> Box<Field> {
    let tag = tag.map(|(_, text, span)| (span, unquote(text.as_str())));
    Box::new(Field { span: Span::new(lo, hi), names, ty, tag })
}
