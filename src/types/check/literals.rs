//! Literals: basic, function and composite ones.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::constant_ops;
use super::operand::Operand;
use super::{Action, Checker};
use crate::index::Symbol;
use crate::source::Span;
use crate::syntax::ast::{Block, Expr, ExprKind, FuncType, LitKind};
use crate::syntax::literal;
use crate::types::lookup::{Found, Lookup};
use crate::types::object::is_exported;
use crate::types::repr::{StructType, TypeId, TypeKind, Types};
use crate::types::{ConstValue, Mode};

/// Number literals longer than this are refused, as in Go.
const MAX_LITERAL: usize = 10000;

/// Whether the lexer reported an error inside the literal.
fn is_malformed(kind: LitKind, text: &[u8]) -> bool {
    match kind {
        LitKind::Char => literal::check_rune(text).is_some(),
        LitKind::String if text.first() == Some(&b'`') => literal::check_raw_string(text).is_some(),
        LitKind::String => !literal::check_string(text).is_empty(),
        _ => literal::check_number(text).1.is_some(),
    }
}

/// A constant's value as the key of a table of values seen: equal numbers are equal whatever their kind.
pub(super) fn value_key(v: &ConstValue) -> Option<Vec<u8>> {
    let mut key = Vec::new();
    match v {
        ConstValue::Unknown => return None,
        ConstValue::Bool(b) => key.extend([b'b', u8::from(*b)]),
        ConstValue::Str(s) => {
            key.push(b's');
            key.extend_from_slice(s);
        }
        _ => {
            key.push(b'n');
            match constant_ops::to_int(v) {
                Some(i) => key.extend(i.to_signed_bytes_le()),
                None => key.extend(constant_ops::format(v).bytes().chain(format!("{v:?}").bytes())),
            }
        }
    }
    Some(key)
}

impl<'a> Checker<'a> {
    /// Reports notations of numbers that go1.13 brought.
    fn old_number(&mut self, e: &'a Expr, kind: LitKind, text: &str) {
        let what = match text.as_bytes() {
            [_, _, _, ..] if text.contains('_') => "underscore in numeric literal",
            [b'0', b'b' | b'B', _, ..] => "binary literal",
            [b'0', b'o' | b'O', _, ..] => "0o/0O-style octal literal",
            [b'0', b'x' | b'X', _, ..] if kind != LitKind::Int => "hexadecimal floating-point literal",
            _ => return,
        };
        self.version_error(e.at(), 13, what);
    }

    /// The names along a path to a promoted field.
    fn field_path(&self, strukt: TypeId, path: &[u32]) -> String {
        let mut at = strukt;
        let mut names: Vec<String> = Vec::new();
        for &i in path {
            if let TypeKind::Pointer(elem) = *self.types.underlying_kind(at) {
                at = elem;
            }
            let Some(field) = self.types.as_struct(at).and_then(|s| s.fields.get(i as usize).cloned()) else { break };
            names.push(field.name.to_string());
            at = field.ty;
        }
        names.join(".")
    }

    pub(super) fn basic_lit(&mut self, e: &'a Expr, kind: LitKind, text: Symbol) -> Operand<'a> {
        let mut x = Operand::invalid();
        let text = text.as_str();
        if kind != LitKind::String && kind != LitKind::Char && !self.allow_version(13) {
            self.old_number(e, kind, text);
        }
        if matches!(kind, LitKind::Int | LitKind::Float | LitKind::Imag) && text.len() > MAX_LITERAL {
            let message = format!("excessively long constant: {}... ({} chars)", &text[..10], text.len());
            self.err(e.at(), "InvalidConstVal", message);
            return x;
        }
        if !self.parse_errors.is_empty() && is_malformed(kind, text.as_bytes()) {
            return x;
        }
        x.val = constant_ops::from_literal(kind, text);
        if matches!(x.val, ConstValue::Unknown) {
            self.err(e.at(), "InvalidConstVal", format!("malformed constant: {text}"));
            return x;
        }
        x.mode = Mode::Constant;
        x.ty = match kind {
            LitKind::Int => Types::UNTYPED_INT,
            LitKind::Float => Types::UNTYPED_FLOAT,
            LitKind::Imag => Types::UNTYPED_COMPLEX,
            LitKind::Char => Types::UNTYPED_RUNE,
            LitKind::String => Types::UNTYPED_STRING,
        };
        x.set_expr(e);
        self.overflow(&mut x, Some(e));
        x
    }

    pub(super) fn func_lit(&mut self, e: &'a Expr, sig: &'a FuncType, body: &'a Block) -> Operand<'a> {
        let func = self.func_type(None, sig);
        let ty = func.ty;
        // The body waits: variables it captures must have their types.
        self.later(Action::FuncLit { decl: self.env.decl, iota: self.env.iota, func: Rc::new(func), body });
        Operand::value(e, ty)
    }

    pub(super) fn composite_lit(&mut self, e: &'a Expr, hint: Option<TypeId>) -> Operand<'a> {
        let ExprKind::CompositeLit { ty: ty_expr, elems, rbrace } = &e.kind else { return Operand::invalid() };
        let mut x = Operand::invalid();
        let mut open_array = None;
        let mut is_elem = false;
        let (mut ty, base) = match (ty_expr.as_deref(), hint) {
            (Some(t), _) => {
                if let ExprKind::ArrayType { len: None, elem } = &t.kind {
                    let elem = self.var_type(elem);
                    open_array = Some(elem);
                    (Types::INVALID, Types::INVALID)
                } else {
                    let t = self.typ(t);
                    (t, t)
                }
            }
            (None, Some(hint)) => {
                is_elem = true;
                let base = match self.core_type(hint) {
                    Some(core) => match *self.types.kind(core) {
                        TypeKind::Pointer(base) => base,
                        _ => hint,
                    },
                    None => hint,
                };
                (hint, base)
            }
            (None, None) => {
                self.err(e.at(), "UntypedLit", "missing type in composite literal");
                (Types::INVALID, Types::INVALID)
            }
        };
        if let Some(elem) = open_array {
            let n = self.indexed_elts(elems, elem, None);
            ty = self.types.array(elem, n);
            if let Some(t) = ty_expr {
                self.record_type(t, Mode::Type, ty, None);
            }
            x.mode = Mode::Value;
            x.ty = ty;
            return x;
        }
        if !self.is_complete(base) {
            return x;
        }
        let core = self.core_type(base);
        match core.map(|c| self.types.kind(c).clone()) {
            Some(TypeKind::Struct(s)) => {
                let keyed = elems.first().is_some_and(|e| matches!(e.kind, ExprKind::KeyValue(..)));
                if keyed {
                    self.keyed_struct(elems, base, core.unwrap_or(base));
                } else if !elems.is_empty() {
                    self.positional_struct(elems, base, &s, Span::new(*rbrace, rbrace.offset(1)));
                }
            }
            Some(TypeKind::Array { elem, len }) => {
                self.indexed_elts(elems, elem, Some(len));
            }
            Some(TypeKind::Slice(elem)) => {
                self.indexed_elts(elems, elem, None);
            }
            Some(TypeKind::Map { key, elem }) => self.map_lit(elems, key, elem),
            kind => {
                for elem in elems {
                    let value = match &elem.kind {
                        ExprKind::KeyValue(_, value) => value,
                        _ => elem,
                    };
                    self.use_exprs(std::slice::from_ref(value));
                }
                if core.is_none_or(|c| self.types.is_valid(c)) {
                    let qualifier = if is_elem { " element" } else { "" };
                    let cause = if kind.is_none() { " (no common underlying type)" } else { "" };
                    let message = format!("invalid composite literal{qualifier} type {}{cause}", self.tstr(ty));
                    self.err(e.at(), "InvalidLit", message);
                    return x;
                }
            }
        }
        x.mode = Mode::Value;
        x.ty = ty;
        x
    }

    fn keyed_struct(&mut self, elems: &'a [Expr], base: TypeId, core: TypeId) {
        let mut visited: Vec<(Vec<u32>, Symbol)> = Vec::new();
        for e in elems {
            let ExprKind::KeyValue(key_expr, value) = &e.kind else {
                let message = "mixture of field:value and value elements in struct literal";
                self.err(e.at(), "MixedStructLit", message);
                continue;
            };
            let mut x = self.generic_expr(value, None);
            let ExprKind::Name(key) = &key_expr.kind else {
                let message = format!("invalid field name {} in struct literal", self.estr(key_expr));
                self.err(e.at(), "InvalidLitField", message);
                continue;
            };
            let pkg = self.env.pkg;
            let found = self.types.lookup_field_or_method(&self.objs, core, false, pkg, key.name, false);
            let (field, path, indirect) = match found {
                Lookup::Found { what: Found::Field(f), path, indirect } => (f, path, indirect),
                Lookup::Found { .. } => {
                    let message = format!("{} is not a field", key.name);
                    self.err(key_expr.at(), "MissingLitField", message);
                    continue;
                }
                _ => {
                    let alt = self.types.lookup_field_or_method(&self.objs, core, false, pkg, key.name, true);
                    let message = self.lookup_error(base, key.name, &alt, true);
                    self.err(key_expr.at(), "MissingLitField", message);
                    continue;
                }
            };
            if path.len() > 1
                && !self.verify_version(key_expr.at(), 27, |c| {
                    format!(
                        "use of promoted field {} in struct literal of type {}",
                        c.field_path(core, &path),
                        c.tstr(base)
                    )
                })
            {
                continue;
            }
            if indirect {
                let message = format!("invalid implicit pointer indirection to reach {}", key.name);
                self.err(key_expr.at(), "InvalidLitField", message);
                continue;
            }
            if let Some(&obj) = self.field_objs.get(&field.pos) {
                self.record_use(key, obj);
            }
            self.info.field_keys.insert(key_expr.id, path.clone());
            self.assignment(&mut x, Some(field.ty), "struct literal");
            let clash = visited.iter().find(|(other, _)| other.starts_with(&path) || path.starts_with(other));
            if let Some((other, alt)) = clash {
                let message = if *other == path {
                    format!("duplicate field name {} in struct literal", field.name)
                } else if other.len() < path.len() {
                    format!("cannot specify promoted field {} and enclosing embedded field {alt}", field.name)
                } else {
                    format!("cannot specify embedded field {} and enclosed promoted field {alt}", field.name)
                };
                self.err(e.at(), "DuplicateLitField", message);
            } else {
                visited.push((path, field.name));
            }
        }
    }

    fn positional_struct(&mut self, elems: &'a [Expr], base: TypeId, s: &StructType, rbrace: Span) {
        let pkg = self.env.pkg;
        for (i, e) in elems.iter().enumerate() {
            if let ExprKind::KeyValue(..) = e.kind {
                let message = "mixture of field:value and value elements in struct literal";
                self.err(e.at(), "MixedStructLit", message);
                continue;
            }
            let mut x = self.generic_expr(e, None);
            let Some(field) = s.fields.get(i) else {
                let message = format!("too many values in struct literal of type {}", self.tstr(base));
                self.err(x.span(), "InvalidStructLit", message);
                break;
            };
            if !is_exported(field.name) && field.pkg != pkg {
                let message = format!(
                    "implicit assignment to unexported field {} in struct literal of type {}",
                    field.name,
                    self.tstr(base)
                );
                self.err(x.span(), "UnexportedLitField", message);
                continue;
            }
            self.assignment(&mut x, Some(field.ty), "struct literal");
        }
        if elems.len() < s.fields.len() {
            let hidden = s.fields.iter().any(|f| !is_exported(f.name) && f.pkg != pkg);
            let hint = if hidden { " (type has unexported fields - use key:value pairs)" } else { "" };
            let message = format!("too few values in struct literal of type {}{hint}", self.tstr(base));
            self.err(rbrace, "InvalidStructLit", message);
        }
    }

    fn map_lit(&mut self, elems: &'a [Expr], key: TypeId, elem: TypeId) {
        let key_is_interface = self.types.is_interface(key);
        let mut visited: FxHashMap<Vec<u8>, Vec<TypeId>> = FxHashMap::default();
        for e in elems {
            let ExprKind::KeyValue(k, v) = &e.kind else {
                self.err(e.at(), "MissingLitKey", "missing key in map literal");
                continue;
            };
            let mut x = self.generic_expr(k, Some(key));
            self.assignment(&mut x, Some(key), "map literal");
            if !x.is_valid() {
                continue;
            }
            if x.is_const()
                && let Some(value) = value_key(&x.val)
            {
                let seen = visited.entry(value).or_default();
                let duplicate = if key_is_interface {
                    seen.iter().any(|&t| self.types.identical(t, x.ty))
                } else {
                    !seen.is_empty()
                };
                seen.push(x.ty);
                if duplicate {
                    let message = format!("duplicate key {} in map literal", constant_ops::format(&x.val));
                    self.err(x.span(), "DuplicateLitKey", message);
                    continue;
                }
            }
            let mut x = self.generic_expr(v, Some(elem));
            self.assignment(&mut x, Some(elem), "map literal");
        }
    }

    /// Elements of an array or slice literal; one more than the largest index.
    fn indexed_elts(&mut self, elems: &'a [Expr], elem: TypeId, length: Option<u64>) -> u64 {
        let keyed = elems.iter().any(|e| matches!(e.kind, ExprKind::KeyValue(..)));
        let mut visited: FxHashSet<u64> = FxHashSet::default();
        let (mut index, mut max) = (0u64, 0u64);
        for e in elems {
            let mut valid_index = false;
            let mut value = e;
            if let ExprKind::KeyValue(k, v) = &e.kind {
                let (ty, i) = self.index(k, length);
                if self.types.is_valid(ty) {
                    match i {
                        Some(i) => {
                            index = i;
                            valid_index = true;
                        }
                        None => {
                            let message = format!("index {} must be integer constant", self.estr(k));
                            self.err(e.at(), "InvalidLitIndex", message);
                        }
                    }
                }
                value = v;
            } else if let Some(length) = length
                && index >= length
            {
                let message = format!("index {index} is out of bounds (>= {length})");
                self.err(e.at(), "OversizeArrayLit", message);
            } else {
                valid_index = true;
            }
            // Without keys no index can repeat.
            if keyed && valid_index && !visited.insert(index) {
                let message = format!("duplicate index {index} in array or slice literal");
                self.err(e.at(), "DuplicateLitKey", message);
            }
            index = index.saturating_add(1);
            max = max.max(index);
            let mut x = self.generic_expr(value, Some(elem));
            self.assignment(&mut x, Some(elem), "array or slice literal");
        }
        max
    }
}
