//! Struct and interface types, unions.

use std::rc::Rc;

use super::{Action, Checker};
use crate::source::Span;
use crate::syntax::ast::{BinOp, Expr, ExprKind, Field, Ident, InterfaceElem, UnOp};
use crate::types::Mode;
use crate::types::identical::same_name;
use crate::types::object::{FuncInfo, ObjKind, PkgId, VarKind};
use crate::types::repr::{Basic, Interface, Method, StructField, StructType, TypeId, TypeKind, Types, UnionTerm};
use crate::types::typeset::method_order;
use crate::types::typestring::type_string;

/// Go's limit on terms of a union.
const MAX_TERMS: usize = 100;

/// The name an embedded field gets from its type.
fn embedded_field_ident(e: &Expr) -> Option<&Ident> {
    match &e.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Star(base) if !matches!(base.kind, ExprKind::Star(_)) => embedded_field_ident(base),
        ExprKind::Selector(_, sel) => Some(sel),
        ExprKind::Index(x, _) => embedded_field_ident(x),
        _ => None,
    }
}

impl<'a> Checker<'a> {
    pub(super) fn struct_type(&mut self, list: &'a [Field]) -> TypeId {
        let mut fields: Vec<StructField> = Vec::new();
        for f in list {
            let ty = self.var_type(&f.ty);
            let tag: Option<Rc<[u8]>> = f.tag.as_ref().map(|(_, t)| Rc::from(t.as_slice()));
            for name in &f.names {
                self.add_field(&mut fields, name, ty, false, tag.clone());
            }
            if f.names.is_empty() {
                let Some(name) = embedded_field_ident(&f.ty) else {
                    let message = format!("invalid embedded field type {}", self.estr(&f.ty));
                    self.err(f.ty.at(), "InvalidSyntaxTree", message);
                    continue;
                };
                self.add_field(&mut fields, name, ty, true, tag);
                self.later(Action::EmbeddedField { span: f.ty.at(), ty });
            }
        }
        self.types.intern(TypeKind::Struct(Rc::new(StructType { fields })))
    }

    fn add_field(
        &mut self,
        fields: &mut Vec<StructField>,
        name: &Ident,
        ty: TypeId,
        embedded: bool,
        tag: Option<Rc<[u8]>>,
    ) {
        let pkg = self.env.pkg;
        if !name.name.is_blank()
            && let Some(alt) = fields.iter().find(|f| same_name(f.name, f.pkg, name.name, pkg))
        {
            let at = Span::new(alt.pos, alt.pos);
            let more = vec![(at, format!("other declaration of {}", name.name))];
            return self.report(name.span, "DuplicateDecl", format!("{} redeclared", name.name), &more);
        }
        let obj = self.new_var(VarKind::Field, name.name, name.span, ty);
        self.record_def(name, obj);
        self.field_objs.insert(name.span.lo, obj);
        fields.push(StructField { name: name.name, pkg, ty, embedded, tag, pos: name.span.lo });
    }

    pub(super) fn check_embedded_field(&mut self, span: Span, ty: TypeId) {
        let (t, is_ptr) = self.types.deref(ty);
        let message = match self.types.underlying_kind(t) {
            TypeKind::Basic(Basic::UnsafePointer) => "embedded field type cannot be unsafe.Pointer",
            TypeKind::Pointer(_) => "embedded field type cannot be a pointer",
            TypeKind::Interface(_) if self.types.is_type_param(t) => {
                let message = "embedded field type cannot be a (pointer to a) type parameter";
                return self.err(span, "MisplacedTypeParam", message);
            }
            TypeKind::Interface(_) if is_ptr => "embedded field type cannot be a pointer to an interface",
            _ => return,
        };
        self.err(span, "InvalidPtrEmbed", message);
    }

    pub(super) fn interface_type(&mut self, elems: &'a [InterfaceElem]) -> TypeId {
        if elems.is_empty() {
            return Types::EMPTY_INTERFACE;
        }
        let id = self.types.interfaces.push(Interface { incomplete: true, ..Interface::default() });
        let ty = self.types.intern(TypeKind::Interface(id));
        let (mut methods, mut embeds) = (Vec::new(), Vec::new());
        for elem in elems {
            match elem {
                InterfaceElem::Embed(e) => {
                    let t = self.parse_union(e);
                    embeds.push((t, e.start_pos()));
                }
                InterfaceElem::Method { name, sig, .. } => {
                    if name.name.is_blank() {
                        let message = "methods must have a unique non-blank name";
                        self.err(name.span, "BlankIfaceMethod", message);
                        continue;
                    }
                    let sig = self.func_type(None, sig).ty;
                    let info = FuncInfo { is_interface_method: true, ..FuncInfo::default() };
                    let obj = self.new_obj(ObjKind::Func(info), name.name, name.span, sig);
                    self.record_def(name, obj);
                    methods.push(Method { name: name.name, pkg: self.env.pkg, sig, pos: name.span.lo, obj });
                }
            }
        }
        methods.sort_by(method_order);
        let iface = &mut self.types.interfaces[id];
        iface.methods = methods;
        iface.embeds = embeds;
        iface.incomplete = false;
        self.later(Action::InterfaceSet(id));
        ty
    }

    /// Checks the elements of an interface; those that cannot be are taken out.
    pub(super) fn interface_set(&mut self, id: crate::types::repr::InterfaceId) {
        for i in 0..self.types.interfaces[id].embeds.len() {
            let (ty, pos) = self.types.interfaces[id].embeds[i];
            let at = Span::new(pos, pos);
            let ok = match self.types.underlying_kind(ty).clone() {
                TypeKind::Interface(_) => true,
                TypeKind::Union(terms) => {
                    let message = "cannot handle more than 100 union terms (implementation limitation)";
                    let too_many = self.types.union_terms(&terms).is_some_and(|t| t.len() > MAX_TERMS);
                    if too_many {
                        self.err(at, "InvalidUnion", message);
                    }
                    self.verify_version(at, 18, |c| format!("embedding interface element {}", c.tstr(ty))) && !too_many
                }
                _ if self.types.underlying(ty) == Types::INVALID => true,
                _ => self.verify_version(at, 18, |c| format!("embedding non-interface type {}", c.tstr(ty))),
            };
            if !ok {
                let iface = &mut self.types.interfaces[id];
                iface.embeds[i].0 = Types::INVALID;
                *iface.type_set.borrow_mut() = None;
                *iface.all_methods.borrow_mut() = None;
            }
        }
        self.types.type_set(id);
        self.report_method_conflicts();
    }

    /// Reports methods that were found twice.
    pub(super) fn report_method_conflicts(&mut self) {
        let conflicts = std::mem::take(&mut *self.types.method_conflicts.borrow_mut());
        for c in conflicts {
            if !c.explicit && self.allow_version(14) && self.types.identical(c.method.sig, c.other.sig) {
                continue;
            }
            let other = Span::new(c.other_pos, c.other_pos);
            let more = vec![(other, format!("other declaration of method {}", c.method.name))];
            let at = Span::new(c.pos, c.pos);
            self.report(at, "DuplicateDecl", format!("duplicate method {}", c.method.name), &more);
        }
    }

    /// An element of an interface: a type, `~T`, or a union of them.
    pub(super) fn parse_union(&mut self, e: &'a Expr) -> TypeId {
        let (mut exprs, mut unions) = (Vec::new(), Vec::new());
        flatten_union(e, &mut exprs, &mut unions);
        let mut terms: Vec<UnionTerm> = Vec::new();
        let mut too_many = false;
        let mut union = Types::INVALID;
        for (i, &x) in exprs.iter().enumerate() {
            let term = self.parse_tilde(x);
            if exprs.len() == 1 && !term.tilde {
                return term.ty;
            }
            if terms.len() >= MAX_TERMS {
                if !too_many {
                    let message =
                        format!("cannot handle more than {MAX_TERMS} union terms (implementation limitation)");
                    self.err(x.at(), "InvalidUnion", message);
                    too_many = true;
                }
                union = Types::INVALID;
            } else {
                terms.push(term);
                union = self.types.intern(TypeKind::Union(terms.as_slice().into()));
            }
            if i > 0 {
                self.record_type(unions[i - 1], Mode::Type, union, None);
            }
        }
        if !too_many {
            self.later(Action::UnionTerms { terms, exprs });
        }
        union
    }

    fn parse_tilde(&mut self, e: &'a Expr) -> UnionTerm {
        let (x, tilde) = match &e.kind {
            ExprKind::Unary(UnOp::Tilde, x) => (&**x, true),
            _ => (e, false),
        };
        let mut ty = self.typ(x);
        if self.types.is_type_param(ty) {
            if tilde {
                let message = format!("type in term {} cannot be a type parameter", self.estr(e));
                self.err(x.at(), "MisplacedTypeParam", message);
            } else {
                self.err(x.at(), "MisplacedTypeParam", "term cannot be a type parameter");
            }
            ty = Types::INVALID;
        }
        let term = UnionTerm { tilde, ty };
        if tilde {
            let union = self.types.intern(TypeKind::Union([term].as_slice().into()));
            self.record_type(e, Mode::Type, union, None);
        }
        term
    }

    pub(super) fn check_union_terms(&mut self, terms: &[UnionTerm], exprs: &[&'a Expr]) {
        for (i, t) in terms.iter().enumerate() {
            if !self.types.is_valid(t.ty) {
                continue;
            }
            let under = self.types.underlying(t.ty);
            let iface = match *self.types.kind(under) {
                TypeKind::Interface(i) => Some(i),
                _ => None,
            };
            let span = exprs[i].at();
            if t.tilde {
                if iface.is_some() {
                    let message = format!("invalid use of ~ ({} is an interface)", self.tstr(t.ty));
                    self.err(span, "InvalidUnion", message);
                    continue;
                }
                if !self.types.identical(under, t.ty) {
                    let message =
                        format!("invalid use of ~ (underlying type of {} is {})", self.tstr(t.ty), self.tstr(under));
                    self.err(span, "InvalidUnion", message);
                    continue;
                }
            }
            if let Some(iface) = iface {
                let set = self.types.type_set(iface);
                let text = self.term_string(*t);
                if !set.methods.is_empty() {
                    self.err(span, "InvalidUnion", format!("cannot use {text} in union ({text} contains methods)"));
                } else if t.ty == self.universe.comparable {
                    self.err(span, "InvalidUnion", "cannot use comparable in union");
                } else if set.comparable {
                    self.err(span, "InvalidUnion", format!("cannot use {text} in union ({text} embeds comparable)"));
                }
                continue;
            }
            let overlap = terms[..i].iter().find(|o| {
                !matches!(self.types.underlying_kind(o.ty), TypeKind::Interface(_))
                    && !self.types.terms_disjoint(**o, *t)
            });
            if let Some(o) = overlap {
                let message = format!("overlapping terms {} and {}", self.term_string(*t), self.term_string(*o));
                self.err(span, "InvalidUnion", message);
            }
        }
    }

    /// A term as Go prints it: names with the paths of their packages.
    pub(super) fn term_string(&self, t: UnionTerm) -> String {
        // Go's compiler knows a package that is no program by its import path.
        let own = |p: &crate::types::info::Package| p.path.as_str() == "main" && p.name.as_str() != "main";
        let qualify = |pkg: PkgId| match &self.info.packages[pkg] {
            p if own(p) => self.sources.label.clone(),
            p => p.path.to_string(),
        };
        let ty = type_string(&self.types, &self.objs, t.ty, &qualify);
        format!("{}{ty}", if t.tilde { "~" } else { "" })
    }
}

fn flatten_union<'a>(e: &'a Expr, terms: &mut Vec<&'a Expr>, unions: &mut Vec<&'a Expr>) {
    match &e.kind {
        ExprKind::Binary { op: BinOp::Or, x, y, .. } => {
            flatten_union(x, terms, unions);
            unions.push(e);
            terms.push(y);
        }
        _ => terms.push(e),
    }
}
