//! What the checker found out, for `mgo dump types`: every declared name, then every expression with its
//! mode, type and constant value, by position.

#![forbid(unsafe_code)]

use std::fmt::Write as _;

use super::check::Checked;
use super::object::{Obj, ObjKind};
use crate::source::{FileId, Pos, SourceMap};
use crate::types::Types;

/// Names and their types in the files that `in_file` holds for; only names that are `name`, if given.
pub fn dump(checked: &Checked, sources: &SourceMap, in_file: &dyn Fn(FileId) -> bool, name: Option<&str>) -> String {
    let here = |pos: Pos| sources.lookup(pos).is_some_and(|(file, _)| in_file(file));
    let mut objs: Vec<&Obj> = checked.objs.iter().filter(|o| here(o.pos())).collect();
    objs.sort_by_key(|o| o.pos());
    let mut out = String::new();
    for obj in objs {
        if name.is_some_and(|n| obj.name.as_str() != n) {
            continue;
        }
        let _ = write!(out, "{}\t{} {}", sources.describe(obj.pos()), kind(obj), obj.name);
        if obj.ty != Types::INVALID {
            let _ = write!(
                out,
                " {}",
                super::typestring::type_string(&checked.types, &checked.objs, obj.ty, &|_| String::new())
            );
        }
        if let ObjKind::Const(value) = &obj.kind {
            let _ = write!(out, " = {value:?}");
        }
        out.push('\n');
    }
    out
}

fn kind(obj: &Obj) -> &'static str {
    match obj.kind {
        ObjKind::PkgName(_) => "package",
        ObjKind::Const(_) => "const",
        ObjKind::TypeName { .. } => "type",
        ObjKind::Var(_) => "var",
        ObjKind::Func(_) => "func",
        ObjKind::Builtin(_) => "builtin",
        ObjKind::Nil => "nil",
        ObjKind::Label => "label",
    }
}
