//! Reporting: messages, how they print types and expressions, and which follow-on errors stay unsaid.

use super::Checker;
use crate::diag::{Diagnostic, Label};
use crate::source::{Pos, Span};
use crate::syntax::ast::Expr;
use crate::syntax::print;
use crate::types::object::{ObjId, ObjKind, PkgId, VarKind};
use crate::types::repr::{TypeId, TypeKind};
use crate::types::typestring::TypeWriter;
use crate::types::{FuncInfo, Signature};

/// Begins messages about arguments.
pub(super) const INVALID_ARG: &str = "invalid argument: ";
/// Begins messages about operations.
pub(super) const INVALID_OP: &str = "invalid operation: ";

impl<'a> Checker<'a> {
    /// Reports an error.
    pub(super) fn err(&mut self, span: Span, code: &'static str, message: impl Into<String>) {
        self.report(span, code, message.into(), &[]);
    }

    /// Reports an error with further lines: positions (perhaps none) and texts.
    pub(super) fn report(&mut self, span: Span, code: &'static str, message: String, more: &[(Span, String)]) {
        // Consequences of an error already reported.
        if self.first_err && (position_of(&message, "invalid operand") || position_of(&message, "invalid type")) {
            return;
        }
        self.first_err = true;
        let span = self.env.errpos.unwrap_or(span);
        let mut text = message;
        if let Some(hint) = self.version_hint(span.lo, &text) {
            text.push_str(&hint);
        }
        if code == "InvalidSyntaxTree" {
            text.insert_str(0, "invalid syntax tree: ");
        }
        let mut labels = Vec::new();
        for (at, line) in more {
            text.push('\n');
            text.push('\t');
            if at.lo.is_some() {
                text.push_str(&self.describe(at.lo));
                text.push_str(": ");
                labels.push(Label { span: *at, text: line.clone() });
            }
            text.push_str(line);
        }
        // Go drops a message that repeats the one before on the same line.
        if let Some(last) = self.diagnostics.last()
            && last.message == text
            && self.same_line(last.span.lo, span.lo)
        {
            return;
        }
        let mut diagnostic = Diagnostic::error(code, span, text);
        diagnostic.labels = labels;
        self.diagnostics.push(diagnostic);
    }

    fn same_line(&self, a: Pos, b: Pos) -> bool {
        match (self.sources.lookup(a), self.sources.lookup(b)) {
            (Some((f, file)), Some((g, _))) => f == g && file.line_col(a).line == file.line_col(b).line,
            _ => false,
        }
    }

    /// `file:line:col` of a position.
    pub(super) fn describe(&self, pos: Pos) -> String {
        self.sources.describe(pos)
    }

    /// The second line of errors about repeated declarations.
    pub(super) fn alt_decl(&self, alt: ObjId) -> Vec<(Span, String)> {
        let alt = &self.objs[alt];
        if alt.span.lo.is_some() { vec![(alt.span, format!("other declaration of {}", alt.name))] } else { Vec::new() }
    }

    /// An expression as messages print it.
    pub(super) fn estr(&self, e: &Expr) -> String {
        print::expr_string(e)
    }

    /// Prefix of a package's names in messages of the current package.
    pub(super) fn qualifier(&self, pkg: PkgId) -> String {
        if pkg == self.env.pkg || pkg == PkgId::UNIVERSE {
            return String::new();
        }
        let package = &self.info.packages[pkg];
        let ambiguous =
            self.info.packages.iter().any(|p| p.name == package.name && p.path != package.path && p.id != PkgId(0));
        if ambiguous { format!("{:?}", package.path.as_str()) } else { package.name.to_string() }
    }

    /// A type as messages print it.
    pub(super) fn tstr(&self, ty: TypeId) -> String {
        let mut out = String::new();
        self.with_writer(false, |w| w.ty(&mut out, ty));
        out
    }

    pub(super) fn with_writer(&self, pkg_info: bool, f: impl FnOnce(&TypeWriter<'_>)) {
        let qualify = |pkg: PkgId| {
            if pkg_info { self.info.packages[pkg].path.to_string() } else { self.qualifier(pkg) }
        };
        let declared_at = |pos: Pos| self.describe(pos);
        f(&TypeWriter {
            types: &self.types,
            objs: &self.objs,
            qualify: &qualify,
            param_names: true,
            pkg_info,
            declared_at: Some(&declared_at),
        });
    }

    /// A method with its signature, without parameter names.
    pub(super) fn method_string(&self, name: crate::index::Symbol, sig: TypeId, pkg_info: bool) -> String {
        let mut out = name.to_string();
        let qualify = |pkg: PkgId| {
            if pkg_info { self.info.packages[pkg].path.to_string() } else { self.qualifier(pkg) }
        };
        let writer = TypeWriter {
            types: &self.types,
            objs: &self.objs,
            qualify: &qualify,
            param_names: false,
            pkg_info,
            declared_at: None,
        };
        if let TypeKind::Func(sig) = self.types.kind(sig) {
            writer.signature(&mut out, sig);
        }
        out
    }

    /// `(int, string)`: types in messages about counts.
    pub(super) fn types_summary(&self, list: &[TypeId], variadic: bool, has_dots: bool) -> String {
        let mut parts = Vec::new();
        for (i, &t) in list.iter().enumerate() {
            let last = i + 1 == list.len();
            let mut s = match self.types.kind(t) {
                _ if !self.types.is_valid(t) => "unknown type".to_string(),
                TypeKind::Basic(b) if b.is_untyped() => {
                    if b.is_numeric() {
                        "number".into()
                    } else {
                        b.name().replace("untyped ", "")
                    }
                }
                _ => self.tstr(t),
            };
            if last && variadic {
                if let TypeKind::Slice(elem) = *self.types.kind(t) {
                    s = self.tstr(elem);
                }
                s.insert_str(0, "...");
            } else if last && has_dots {
                s.push_str("...");
            }
            parts.push(s);
        }
        format!("({})", parts.join(", "))
    }

    /// What kind of thing an object is, in messages.
    pub(super) fn object_kind(&self, obj: ObjId) -> &'static str {
        let o = &self.objs[obj];
        match &o.kind {
            ObjKind::PkgName(_) => "package name",
            ObjKind::Const(_) => "constant",
            ObjKind::TypeName { alias: true } => "type alias",
            ObjKind::TypeName { .. } if matches!(self.types_kind_opt(o.ty), Some(TypeKind::TypeParam(_))) => {
                "type parameter"
            }
            ObjKind::TypeName { .. } => "defined type",
            ObjKind::Var(kind) => match kind {
                VarKind::Package => "package-level variable",
                VarKind::Local => "local variable",
                VarKind::Recv => "receiver",
                VarKind::Param => "parameter",
                VarKind::Result => "result variable",
                VarKind::Field => "struct field",
            },
            ObjKind::Func(FuncInfo { recv: None, is_interface_method: false, .. }) => "function",
            ObjKind::Func(_) => "method",
            ObjKind::Label => "label",
            ObjKind::Builtin(_) => "built-in function",
            ObjKind::Nil => "untyped nil",
        }
    }

    fn types_kind_opt(&self, ty: TypeId) -> Option<&TypeKind> {
        (ty != crate::types::Types::UNRESOLVED).then(|| self.types.kind(ty))
    }

    /// The signature of a function type.
    pub(super) fn signature_of(&self, ty: TypeId) -> Option<std::rc::Rc<Signature>> {
        match self.types.kind(ty) {
            TypeKind::Func(sig) => Some(sig.clone()),
            _ => None,
        }
    }
}

fn position_of(message: &str, what: &str) -> bool {
    message.find(what).is_some_and(|i| i > 0)
}

/// `1 variable`, `2 variables`
pub(super) fn measure(n: usize, unit: &str) -> String {
    if n == 1 { format!("{n} {unit}") } else { format!("{n} {unit}s") }
}
