//! Types as text: as Go's messages print them, and as link names and run-time type names spell them.

#![forbid(unsafe_code)]

use std::fmt::Write;

use super::object::{Objects, PkgId, is_exported};
use super::repr::{ChanDir, Param, Signature, StructField, TypeId, TypeKind, Types};
use crate::index::Symbol;
use crate::source::Pos;

/// How names are printed.
pub struct TypeWriter<'a> {
    pub types: &'a Types,
    pub objs: &'a Objects,
    /// The prefix of a package's names, without the dot; empty for none.
    pub qualify: &'a dyn Fn(PkgId) -> String,
    /// Names of parameters are printed.
    pub param_names: bool,
    /// Struct fields with unexported names say their package, once.
    pub pkg_info: bool,
    /// Prints where a type parameter that shadows a predeclared name was declared.
    pub declared_at: Option<&'a dyn Fn(Pos) -> String>,
}

/// A type as Go prints it; `qualify` gives the prefix of a package's names.
pub fn type_string(types: &Types, objs: &Objects, ty: TypeId, qualify: &dyn Fn(PkgId) -> String) -> String {
    let writer = TypeWriter { types, objs, qualify, param_names: true, pkg_info: false, declared_at: None };
    let mut out = String::new();
    writer.ty(&mut out, ty);
    out
}

/// A type as link names and run-time type names spell it: canonical, names with their package, parameters
/// without names, `interface {}` with a blank.
pub fn link_string(types: &Types, objs: &Objects, ty: TypeId, qualify: &dyn Fn(PkgId) -> String) -> String {
    let mut out = String::new();
    link(&mut out, types, objs, ty, qualify, qualify, true);
    out
}

/// A type as package reflect names it: packages by their name, but by their path in type arguments.
pub fn runtime_string(
    types: &Types,
    objs: &Objects,
    ty: TypeId,
    name: &dyn Fn(PkgId) -> String,
    path: &dyn Fn(PkgId) -> String,
) -> String {
    let mut out = String::new();
    link(&mut out, types, objs, ty, name, path, false);
    out
}

/// `q` prints packages, `tq` those in type arguments; `field_pkgs`: unexported struct fields have theirs.
fn link(
    out: &mut String,
    types: &Types,
    objs: &Objects,
    ty: TypeId,
    q: &dyn Fn(PkgId) -> String,
    tq: &dyn Fn(PkgId) -> String,
    field_pkgs: bool,
) {
    let list = |out: &mut String, ps: &[Param], variadic: bool| {
        out.push('(');
        for (i, p) in ps.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            match types.kind(p.ty) {
                TypeKind::Slice(elem) if variadic && i + 1 == ps.len() => {
                    out.push_str("...");
                    link(out, types, objs, *elem, q, tq, field_pkgs);
                }
                _ => link(out, types, objs, p.ty, q, tq, field_pkgs),
            }
        }
        out.push(')');
    };
    let sig_text = |out: &mut String, sig: &Signature| {
        list(out, &sig.params, sig.variadic);
        match sig.results.as_slice() {
            [] => {}
            [one] => {
                out.push(' ');
                link(out, types, objs, one.ty, q, tq, field_pkgs);
            }
            many => {
                out.push(' ');
                list(out, many, false);
            }
        }
    };
    match types.kind(ty) {
        TypeKind::Basic(b) => out.push_str(b.unalias().name()),
        TypeKind::Alias(_) => link(out, types, objs, types.unalias(ty), q, tq, field_pkgs),
        TypeKind::Named(n) => {
            let named = &types.named[*n];
            let obj = &objs[named.obj];
            let prefix = q(obj.pkg);
            if !prefix.is_empty() {
                let _ = write!(out, "{prefix}.");
            }
            out.push_str(obj.name.as_str());
            if !named.targs.is_empty() {
                out.push('[');
                for (i, &t) in named.targs.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    link(out, types, objs, t, tq, tq, true);
                }
                out.push(']');
            }
            if let (true, Some(n)) = (field_pkgs, types.local_numbers.get(&named.obj)) {
                let _ = write!(out, "·{n}");
            }
        }
        TypeKind::Pointer(e) => {
            out.push('*');
            link(out, types, objs, *e, q, tq, field_pkgs);
        }
        TypeKind::Slice(e) => {
            out.push_str("[]");
            link(out, types, objs, *e, q, tq, field_pkgs);
        }
        TypeKind::Array { elem, len } => {
            let _ = write!(out, "[{len}]");
            link(out, types, objs, *elem, q, tq, field_pkgs);
        }
        TypeKind::Map { key, elem } => {
            out.push_str("map[");
            link(out, types, objs, *key, q, tq, field_pkgs);
            out.push(']');
            link(out, types, objs, *elem, q, tq, field_pkgs);
        }
        TypeKind::Chan { dir, elem } => {
            let parens =
                *dir == ChanDir::Both && matches!(types.kind(*elem), TypeKind::Chan { dir: ChanDir::Recv, .. });
            out.push_str(match dir {
                ChanDir::Both => "chan ",
                ChanDir::Send => "chan<- ",
                ChanDir::Recv => "<-chan ",
            });
            if parens {
                out.push('(');
            }
            link(out, types, objs, *elem, q, tq, field_pkgs);
            if parens {
                out.push(')');
            }
        }
        TypeKind::Struct(s) => {
            out.push_str("struct {");
            for (i, f) in s.fields.iter().enumerate() {
                out.push_str(if i > 0 { "; " } else { " " });
                let renamed = f.embedded && field_pkgs && is_renamed(types, objs, f);
                if !f.embedded || renamed {
                    let prefix = if field_pkgs && !is_exported(f.name) { q(f.pkg) } else { String::new() };
                    let dot = if prefix.is_empty() { "" } else { "." };
                    let _ = write!(out, "{prefix}{dot}{}{}", f.name, if renamed { " = " } else { " " });
                }
                link(out, types, objs, f.ty, q, tq, field_pkgs);
                if let Some(tag) = f.tag.as_deref().filter(|t| !t.is_empty()) {
                    let _ = write!(out, " {}", quote(tag));
                }
            }
            out.push_str(if s.fields.is_empty() { "}" } else { " }" });
        }
        TypeKind::Func(sig) => {
            out.push_str("func");
            sig_text(out, sig);
        }
        TypeKind::Interface(i) => {
            let methods = types.type_set(*i).methods.clone();
            out.push_str("interface {");
            for (i, m) in methods.iter().enumerate() {
                out.push_str(if i > 0 { "; " } else { " " });
                if !is_exported(m.name) {
                    let _ = write!(out, "{}.", q(m.pkg));
                }
                out.push_str(m.name.as_str());
                if let TypeKind::Func(sig) = types.kind(m.sig) {
                    sig_text(out, sig);
                }
            }
            out.push_str(if methods.is_empty() { "}" } else { " }" });
        }
        TypeKind::Tuple(elems) => {
            let params: Vec<Param> = elems.iter().map(|&ty| Param { name: Default::default(), ty }).collect();
            list(out, &params, false);
        }
        TypeKind::TypeParam(p) => out.push_str(objs[types.type_params[*p].obj].name.as_str()),
        TypeKind::Union(_) => out.push_str("union"),
    }
}

/// Whether an embedded field has another name than its type, through an alias or as the type is of another
/// package.
fn is_renamed(types: &Types, objs: &Objects, f: &StructField) -> bool {
    let ty = types.unalias(f.ty);
    let base = match types.kind(ty) {
        TypeKind::Pointer(elem) => types.unalias(*elem),
        _ => ty,
    };
    let (name, pkg) = match types.kind(base) {
        TypeKind::Named(n) => {
            let obj = &objs[types.named[*n].obj];
            (obj.name, obj.pkg)
        }
        TypeKind::Basic(b) => (Symbol::new(b.unalias().name()), PkgId::UNIVERSE),
        _ => return true,
    };
    f.name != name || !is_exported(name) && f.pkg != pkg
}

impl TypeWriter<'_> {
    /// Appends a type.
    pub fn ty(&self, out: &mut String, ty: TypeId) {
        match self.types.kind(ty) {
            TypeKind::Basic(b) => out.push_str(b.name()),
            TypeKind::Array { elem, len } => {
                let _ = write!(out, "[{len}]");
                self.ty(out, *elem);
            }
            TypeKind::Slice(elem) => {
                out.push_str("[]");
                self.ty(out, *elem);
            }
            TypeKind::Pointer(elem) => {
                out.push('*');
                self.ty(out, *elem);
            }
            TypeKind::Map { key, elem } => {
                out.push_str("map[");
                self.ty(out, *key);
                out.push(']');
                self.ty(out, *elem);
            }
            TypeKind::Chan { dir, elem } => {
                let parens = *dir == ChanDir::Both
                    && matches!(self.types.kind(*elem), TypeKind::Chan { dir: ChanDir::Recv, .. });
                out.push_str(match dir {
                    ChanDir::Both => "chan ",
                    ChanDir::Send => "chan<- ",
                    ChanDir::Recv => "<-chan ",
                });
                if parens {
                    out.push('(');
                }
                self.ty(out, *elem);
                if parens {
                    out.push(')');
                }
            }
            TypeKind::Struct(s) => {
                out.push_str("struct{");
                let mut pkg_info = self.pkg_info;
                for (i, f) in s.fields.iter().enumerate() {
                    if i > 0 {
                        out.push_str("; ");
                    }
                    let annotate = pkg_info && !is_exported(f.name);
                    pkg_info &= !annotate;
                    if !f.embedded {
                        let _ = write!(out, "{} ", f.name);
                    }
                    self.ty(out, f.ty);
                    if annotate {
                        let _ = write!(out, " /* package {} */ ", (self.qualify)(f.pkg));
                    }
                    if let Some(tag) = f.tag.as_deref().filter(|t| !t.is_empty()) {
                        let _ = write!(out, " {}", quote(tag));
                    }
                }
                out.push('}');
            }
            TypeKind::Tuple(elems) => {
                let params: Vec<Param> = elems.iter().map(|&ty| Param { name: Default::default(), ty }).collect();
                self.params(out, &params, false);
            }
            TypeKind::Func(sig) => {
                out.push_str("func");
                self.signature(out, sig);
            }
            TypeKind::Union(terms) => {
                for (i, t) in terms.iter().enumerate() {
                    if i > 0 {
                        out.push_str(" | ");
                    }
                    if t.tilde {
                        out.push('~');
                    }
                    self.ty(out, t.ty);
                }
            }
            TypeKind::Interface(id) => {
                let iface = &self.types.interfaces[*id];
                if iface.comparable {
                    out.push_str("interface{comparable}");
                    return;
                }
                if iface.implicit {
                    if iface.methods.is_empty() && iface.embeds.len() == 1 {
                        return self.ty(out, iface.embeds[0].0);
                    }
                    out.push_str("/* implicit */ ");
                }
                out.push_str("interface{");
                let mut first = true;
                for m in &iface.methods {
                    if !first {
                        out.push_str("; ");
                    }
                    first = false;
                    out.push_str(m.name.as_str());
                    if let TypeKind::Func(sig) = self.types.kind(m.sig) {
                        self.signature(out, sig);
                    }
                }
                for &(t, _) in &iface.embeds {
                    if !first {
                        out.push_str("; ");
                    }
                    first = false;
                    self.ty(out, t);
                }
                out.push('}');
            }
            TypeKind::Named(n) => {
                let named = &self.types.named[*n];
                self.name(out, named.obj);
                if named.origin.is_some() {
                    self.list(out, &named.targs);
                } else if !named.tparams.is_empty() {
                    self.tparams(out, &named.tparams);
                }
            }
            TypeKind::Alias(a) => {
                let alias = &self.types.aliases[*a];
                self.name(out, alias.obj);
                if alias.origin.is_some() {
                    self.list(out, &alias.targs);
                } else if !alias.tparams.is_empty() {
                    self.tparams(out, &alias.tparams);
                }
            }
            TypeKind::TypeParam(p) => {
                let obj = &self.objs[self.types.type_params[*p].obj];
                out.push_str(obj.name.as_str());
                if let Some(at) = self.declared_at
                    && super::universe::is_predeclared(obj.name)
                {
                    let _ = write!(out, " /* with {} declared at {} */", obj.name, at(obj.span.lo));
                }
            }
        }
    }

    fn name(&self, out: &mut String, obj: super::object::ObjId) {
        let obj = &self.objs[obj];
        if obj.pkg != PkgId::UNIVERSE {
            let prefix = (self.qualify)(obj.pkg);
            if !prefix.is_empty() {
                let _ = write!(out, "{prefix}.");
            }
        }
        out.push_str(obj.name.as_str());
    }

    fn list(&self, out: &mut String, list: &[TypeId]) {
        out.push('[');
        for (i, &t) in list.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            self.ty(out, t);
        }
        out.push(']');
    }

    fn tparams(&self, out: &mut String, list: &[TypeId]) {
        out.push('[');
        let bound = |t: TypeId| match *self.types.kind(t) {
            TypeKind::TypeParam(p) => self.types.type_params[p].constraint,
            _ => Types::INVALID,
        };
        for (i, &t) in list.iter().enumerate() {
            if i > 0 {
                if bound(t) != bound(list[i - 1]) {
                    out.push(' ');
                    self.ty(out, bound(list[i - 1]));
                }
                out.push_str(", ");
            }
            self.ty(out, t);
        }
        if let Some(&last) = list.last() {
            out.push(' ');
            self.ty(out, bound(last));
        }
        out.push(']');
    }

    /// Appends parameters in parentheses.
    pub fn params(&self, out: &mut String, list: &[Param], variadic: bool) {
        out.push('(');
        for (i, p) in list.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            if self.param_names && !p.name.is_empty() {
                let _ = write!(out, "{} ", p.name);
            }
            match self.types.kind(p.ty) {
                TypeKind::Slice(elem) if variadic && i + 1 == list.len() => {
                    out.push_str("...");
                    self.ty(out, *elem);
                }
                _ => self.ty(out, p.ty),
            }
        }
        out.push(')');
    }

    /// Appends a signature without `func`.
    pub fn signature(&self, out: &mut String, sig: &Signature) {
        if !sig.tparams.is_empty() {
            self.tparams(out, &sig.tparams);
        }
        self.params(out, &sig.params, sig.variadic);
        match sig.results.as_slice() {
            [] => {}
            [one] if one.name.is_empty() => {
                out.push(' ');
                self.ty(out, one.ty);
            }
            many => {
                out.push(' ');
                self.params(out, many, false);
            }
        }
    }
}

/// Bytes as a Go string literal in double quotes.
pub fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\x07' => out.push_str("\\a"),
                '\x08' => out.push_str("\\b"),
                '\x0c' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\x0b' => out.push_str("\\v"),
                c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                    let _ = write!(out, "\\x{:02x}", c as u32);
                }
                c if c.is_control() || c == '\u{feff}' || (c.is_whitespace() && c != ' ') => {
                    let _ = write!(out, "\\u{:04x}", c as u32);
                }
                c => out.push(c),
            }
        }
        for b in chunk.invalid() {
            let _ = write!(out, "\\x{b:02x}");
        }
    }
    out.push('"');
    out
}
