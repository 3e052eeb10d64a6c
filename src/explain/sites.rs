//! What places are: names, kinds, types, sizes, and which of them need no memory of their own.

#![forbid(unsafe_code)]

use rustc_hash::FxHashSet;

use super::{Cx, Spawned, short_name};
use crate::escape::{Decision, Site};
use crate::hir::visit::{Part, init_stmts, operands, parts};
use crate::hir::{Callee, ExprId, ExprKind, Func, FuncId, FuncKind, LocalKind, Stmt, StmtKind, StrConv};
use crate::types::{Basic, TypeId, TypeKind};

/// Largest literal that interfaces have in static data, in bytes.
const MAX_STATIC_LITERAL: u64 = 1024;
/// Backing store in frames for what has no size before the program runs, in bytes: Go's buffer for short strings.
pub(super) const MAX_BUFFER: u64 = 32;

impl Cx<'_> {
    pub(super) fn func(&self, f: FuncId) -> &Func {
        &self.e.printer.prog.funcs[f]
    }

    pub(super) fn kind(&self, f: FuncId, x: ExprId) -> &ExprKind {
        &self.func(f).exprs[x].kind
    }

    /// As people write it: no package for the program's own, no shapes.
    pub(super) fn func_name(&self, f: FuncId) -> String {
        short_name(self.func(f).link_name.as_str())
    }

    /// What tools are told a place is.
    pub(super) fn kind_of(&self, site: Site) -> &'static str {
        let (f, x) = match site {
            Site::Local(f, l) => {
                let local = &self.func(f).locals[l];
                if local.name.as_str().starts_with('.') {
                    return "new";
                }
                let is_param = matches!(local.kind, LocalKind::Param(_))
                    || self.params.contains(&self.e.sources.original(local.pos));
                return if is_param { "parameter" } else { "variable" };
            }
            Site::Param(..) => return "parameter",
            Site::Expr(f, x) => (f, x),
        };
        let e = &self.func(f).exprs[x];
        match &e.kind {
            ExprKind::New(_) | ExprKind::NewValue(_) => "new",
            ExprKind::PtrLit(_) => "pointer-literal",
            ExprKind::SliceLit { .. } if e.implicit => "variadic-arguments",
            ExprKind::SliceLit { .. } => "slice-literal",
            ExprKind::MapLit(_) => "map-literal",
            ExprKind::MakeSlice { .. } => "make-slice",
            ExprKind::MakeMap { .. } => "make-map",
            ExprKind::MakeChan { .. } => "make-chan",
            ExprKind::Closure(c) if self.func(*c).kind == FuncKind::CallWrapper => "call-operands",
            ExprKind::Closure(_) => "closure",
            ExprKind::MethodValue { .. } => "method-value",
            ExprKind::ConvIface(_) => "interface-conversion",
            ExprKind::StrConv(..) => "string-conversion",
            ExprKind::AddStr(_) => "string-concatenation",
            ExprKind::Append { .. } => "append",
            _ if self.is_string_op(f, x) => "string-append",
            _ => "allocation",
        }
    }

    /// What a site is called: as `-m` prints it, unless that is a name the compiler made up.
    pub(super) fn name_of(&self, d: &Decision) -> String {
        let span = self.span_of(d);
        let made_up = d.text.starts_with('~') || d.text.starts_with('.');
        if made_up && span.hi > span.lo {
            return String::from_utf8_lossy(self.e.sources.text(self.first_line(span))).into_owned();
        }
        match d.site {
            Site::Local(..) | Site::Param(..) => d.text.rsplit('.').next().unwrap_or_default().to_owned(),
            // `([]byte)(s)`, as messages have it, is not how people write it.
            Site::Expr(..) if (d.text.starts_with("([]") || d.text.contains(".dict")) && span.hi > span.lo => {
                String::from_utf8_lossy(self.e.sources.text(self.first_line(span))).into_owned()
            }
            Site::Expr(..) => d.text.replace("go.shape.", ""),
        }
    }

    /// The place in a sentence: what it is, and its name.
    pub(super) fn what(&self, d: &Decision) -> String {
        let name = self.name_of(d);
        match self.kind_of(d.site) {
            "variable" => format!("variable {name}"),
            "parameter" => format!("parameter {name}"),
            "closure" => "this function literal".into(),
            "call-operands" => {
                let defer = self.spawned_by(d.site).is_some_and(|(is_go, _)| !is_go);
                format!("what the {} statement's call needs", if defer { "defer" } else { "go" })
            }
            "method-value" => format!("method value {name}"),
            "interface-conversion" => format!("the interface's copy of {name}"),
            "variadic-arguments" => "the slice of ... arguments".into(),
            "string-append" => format!("the string that {name} += makes"),
            "append" => "the array that append makes when it grows the slice".to_owned(),
            "string-concatenation" => format!("the string {name}"),
            "string-conversion" => format!("the copy that {name} makes"),
            "slice-literal" => format!("the array of {name}"),
            _ => name,
        }
    }

    /// The left side of a `+=` that makes a string.
    fn is_string_op(&self, f: FuncId, x: ExprId) -> bool {
        let e = &self.func(f).exprs[x];
        self.e.printer.types.basic(e.ty) == Some(Basic::String)
    }

    fn elem_size(&self, ty: TypeId) -> u64 {
        match *self.e.printer.types.underlying_kind(ty) {
            TypeKind::Slice(elem) => self.e.printer.types.size_of(elem),
            _ => 0,
        }
    }

    /// The type of the storage itself: what `new`, `&T{}` and conversions to interfaces copy or make.
    pub(super) fn stored(&self, site: Site) -> TypeId {
        let types = self.e.printer.types;
        match site {
            Site::Local(f, l) | Site::Param(f, l) => self.func(f).locals[l].ty,
            Site::Expr(f, x) => {
                let exprs = &self.func(f).exprs;
                let ty = exprs[x].ty;
                match &exprs[x].kind {
                    ExprKind::New(_) | ExprKind::PtrLit(_) | ExprKind::NewValue(_) => types.pointee(ty).unwrap_or(ty),
                    ExprKind::ConvIface(y) => exprs[*y].ty,
                    _ => ty,
                }
            }
        }
    }

    /// Type and size of the storage.
    pub(super) fn type_of(&self, site: Site) -> (String, Option<u64>) {
        let (prog, types) = (self.e.printer.prog, self.e.printer.types);
        let ty = self.stored(site);
        let Site::Expr(f, x) = site else { return (self.type_name(ty), Some(types.size_of(ty))) };
        // As the source spells it, if it does.
        let spelled = self.func(f).spelled.get(&x).filter(|_| ty == self.func(f).exprs[x].ty);
        let text = self.type_name(spelled.copied().unwrap_or(ty));
        let exprs = &prog.funcs[f].exprs;
        let size = match &exprs[x].kind {
            ExprKind::New(_) | ExprKind::PtrLit(_) | ExprKind::NewValue(_) | ExprKind::ConvIface(_) => {
                Some(types.size_of(ty))
            }
            ExprKind::MakeSlice { len, cap } => {
                self.constant(f, cap.unwrap_or(*len)).and_then(|n| n.checked_mul(self.elem_size(ty)))
            }
            ExprKind::SliceLit { len, .. } => len.checked_mul(self.elem_size(ty)),
            ExprKind::Closure(c) => Some(8 + self.captured(*c)),
            ExprKind::MethodValue { recv, .. } => Some(8 + types.size_of(exprs[*recv].ty)),
            _ => None,
        };
        (text, size)
    }

    pub(super) fn type_name(&self, ty: TypeId) -> String {
        self.e.printer.ty(ty).replace("go.shape.", "").replace("interface {}", "any").replace("[]uint8", "[]byte")
    }

    /// The size of what a literal captures.
    fn captured(&self, c: FuncId) -> u64 {
        let func = self.func(c);
        let size = |l: &crate::hir::LocalId| match func.locals[*l].kind {
            LocalKind::Captured { by_value: true, .. } => self.e.printer.types.size_of(func.locals[*l].ty),
            _ => 8,
        };
        func.captures.iter().map(size).sum()
    }

    pub(super) fn constant(&self, f: FuncId, x: ExprId) -> Option<u64> {
        match self.kind(f, x) {
            ExprKind::Const(v) => v.to_bits64(),
            ExprKind::Zero => Some(0),
            ExprKind::Init { x, .. } => self.constant(f, *x),
            _ => None,
        }
    }

    /// Whether nothing is allocated, though `-m` speaks of it: the value is in static data, or needs no space.
    pub(super) fn is_static(&self, f: FuncId, x: ExprId) -> bool {
        let types = self.e.printer.types;
        match self.kind(f, x) {
            ExprKind::Closure(c) => self.func(*c).captures.is_empty(),
            ExprKind::New(_) | ExprKind::PtrLit(_) | ExprKind::NewValue(_) | ExprKind::SliceLit { .. } => {
                self.type_of(Site::Expr(f, x)).1 == Some(0)
            }
            ExprKind::MakeSlice { .. } => self.elem_size(self.func(f).exprs[x].ty) == 0,
            ExprKind::ConvIface(y) => {
                let ty = self.func(f).exprs[*y].ty;
                let size = types.size_of(ty);
                let literal =
                    matches!(self.kind(f, *y), ExprKind::Zero | ExprKind::StructLit(_) | ExprKind::ArrayLit(_));
                matches!(self.kind(f, *y), ExprKind::Const(_))
                    || size <= 1
                    || literal && size <= MAX_STATIC_LITERAL && !types.has_pointers(ty) && self.is_constant(f, *y)
            }
            _ => false,
        }
    }

    fn is_constant(&self, f: FuncId, x: ExprId) -> bool {
        match self.kind(f, x) {
            ExprKind::Const(_) | ExprKind::Zero => true,
            ExprKind::StructLit(fields) => fields.iter().all(|&(_, v)| self.is_constant(f, v)),
            ExprKind::ArrayLit(elems) => elems.iter().all(|e| self.is_constant(f, e.value)),
            _ => false,
        }
    }

    /// For what stays in its frame only while it is small: what is beyond.
    pub(super) fn limit(&self, site: Site) -> Option<String> {
        let Site::Expr(f, x) = site else { return None };
        let bytes = format!("up to {MAX_BUFFER} bytes are in the frame; more are allocated on the heap when it runs");
        match self.kind(f, x) {
            ExprKind::MakeSlice { len, cap } if self.constant(f, cap.unwrap_or(*len)).is_none() => {
                Some(format!("its size is not constant: {bytes}"))
            }
            ExprKind::AddStr(_) => Some(format!("the length is not known: {bytes}")),
            // The string's own bytes serve.
            ExprKind::StrConv(StrConv::StrAsBytes | StrConv::RuneToStr, _) => None,
            ExprKind::StrConv(..) => Some(format!("the length is not known: {bytes}")),
            ExprKind::Append { .. } => {
                Some(format!("how far it grows is not known: a new array of {}", bytes.replacen("are", "is", 1)))
            }
            ExprKind::MakeMap { hint } if hint.is_some_and(|h| self.constant(f, h).is_none_or(|n| n > 8)) => {
                Some("a frame has room for eight entries of a map: its table is on the heap if there are more".into())
            }
            _ => None,
        }
    }

    /// A variable whose address nobody takes: there was nothing to decide.
    pub(super) fn is_plain(&self, d: &Decision) -> bool {
        let Site::Local(f, l) = d.site else { return false };
        let local = &self.func(f).locals[l];
        d.flow.is_empty() && !local.addr_taken && !local.captured_by_ref
    }

    /// Concatenations that are the right side of a `+=` of strings.
    pub(super) fn joined(&self) -> &FxHashSet<Site> {
        self.joined.get_or_init(|| {
            let prog = self.e.printer.prog;
            let mut out = FxHashSet::default();
            for f in prog.funcs.ids().filter(|&f| self.is_own(f)) {
                walk(&prog.funcs[f], &prog.funcs[f].body, &mut |s| {
                    if let StmtKind::AssignOp { rhs, .. } = s.kind
                        && matches!(prog.funcs[f].exprs[rhs].kind, ExprKind::AddStr(_))
                    {
                        out.insert(Site::Expr(f, rhs));
                    }
                });
            }
            out
        })
    }

    /// The `go` (true) or `defer` statement that calls the literal at `site`.
    pub(super) fn spawned_by(&self, site: Site) -> Option<(bool, crate::source::Pos)> {
        let Site::Expr(f, x) = site else { return None };
        self.spawned().get(&(f, x)).copied()
    }

    /// All `go` and `defer` statements of the package.
    pub(super) fn spawned(&self) -> &Spawned {
        self.spawned.get_or_init(|| {
            let prog = self.e.printer.prog;
            let mut out = Spawned::default();
            for f in prog.funcs.ids().filter(|&f| self.is_own(f)) {
                walk(&prog.funcs[f], &prog.funcs[f].body, &mut |s| {
                    let (is_go, mut x) = match s.kind {
                        StmtKind::Go(x) => (true, x),
                        StmtKind::Defer(x) => (false, x),
                        _ => return,
                    };
                    while let ExprKind::Init { x: y, .. } = prog.funcs[f].exprs[x].kind {
                        x = y;
                    }
                    if let ExprKind::Call { callee: Callee::Value(called), .. } = prog.funcs[f].exprs[x].kind {
                        out.insert((f, called), (is_go, s.pos));
                    }
                });
            }
            out
        })
    }
}

/// All statements, those attached to expressions too.
pub(super) fn walk<'a>(func: &'a Func, body: &'a [Stmt], f: &mut dyn FnMut(&'a Stmt)) {
    for stmt in body {
        f(stmt);
        parts(stmt, &mut |part| match part {
            Part::Expr(x) => walk_expr(func, x, f),
            Part::Decl(_) => {}
            Part::Stmt(s) => walk(func, std::slice::from_ref(s), f),
            Part::Body(b) => walk(func, b, f),
        });
    }
}

fn walk_expr<'a>(func: &'a Func, x: ExprId, f: &mut dyn FnMut(&'a Stmt)) {
    walk(func, init_stmts(&func.exprs[x].kind), f);
    operands(&func.exprs[x].kind, &mut |y| walk_expr(func, y, f));
}
