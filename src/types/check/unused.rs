//! Variables and imports that nothing uses.

use super::{Checker, ScopeId};
use crate::types::object::{ObjId, ObjKind, PkgId, VarKind};

impl<'a> Checker<'a> {
    /// Reports unused local variables of a function, those of function literals excepted.
    pub(super) fn usage(&mut self, scope: ScopeId) {
        let mut unused: Vec<ObjId> = self.scopes[scope]
            .names
            .values()
            .copied()
            .filter(|&obj| {
                matches!(self.objs[obj].kind, ObjKind::Var(k) if !matches!(k, VarKind::Recv | VarKind::Param | VarKind::Result))
                    && !self.used_vars.contains(&obj)
            })
            .collect();
        unused.sort_by_key(|&obj| self.objs[obj].span.lo);
        for obj in unused {
            let message = format!("declared and not used: {}", self.objs[obj].name);
            let span = self.objs[obj].span;
            self.err(span, "UnusedVar", message);
        }
        for child in self.scopes[scope].children.clone() {
            if !self.scopes[child].is_func {
                self.usage(child);
            }
        }
    }

    /// Reports unused imports of a package's files.
    pub(super) fn unused_imports(&mut self, pkg: PkgId) {
        for obj in self.pkgs[pkg].imports.clone() {
            let name = self.objs[obj].name;
            let ObjKind::PkgName(imported) = self.objs[obj].kind else { continue };
            if name.is_blank() || self.used_pkg_names.contains(&obj) {
                continue;
            }
            let path = self.info.packages[imported].path.as_str();
            let elem = path.rsplit('/').next().unwrap_or(path);
            let message = if name.is_empty() || name.as_str() == "." || name.as_str() == elem {
                format!("{path:?} imported and not used")
            } else {
                format!("{path:?} imported as {name} and not used")
            };
            let span = self.objs[obj].span;
            self.err(span, "UnusedImport", message);
        }
    }
}
