//! What Go's compiler checks of directives and of functions without body, once types are right.

use super::Checker;
use crate::index::Symbol;
use crate::source::Span;
use crate::syntax::ast::{File, FuncDecl, Owner};
use crate::syntax::directives::{is_for_functions, misplaced, verb};
use crate::types::object::{ObjKind, PkgId};

impl<'a> Checker<'a> {
    pub(super) fn check_directives(&mut self, pkg: PkgId) {
        let Some(input) = self.pkgs[pkg].input else { return };
        let files: &'a [File] = self.packages[input].files;
        for file in files {
            self.misplaced_directives(file);
            self.linknames(pkg, file);
        }
        for obj in self.pkgs[pkg].objects.clone() {
            let Some(decl) = self.func_decl_of(obj) else { continue };
            let file = files.iter().find(|f| self.sources.lookup(decl.span.lo).is_some_and(|(id, _)| id == f.file));
            let noescape = file.is_some_and(|f| {
                f.directives_of(Span::new(decl.span.lo, decl.name.span.lo)).any(|d| verb(&d.text) == "go:noescape")
            });
            match &decl.body {
                Some(_) if noescape => {
                    let message = "can only use //go:noescape with external func implementations";
                    self.err(self.decl_pos(decl), "MisplacedDirective", message);
                }
                // Nothing can refer to a function without name.
                None if !decl.name.name.is_blank() && !self.info.linknames.contains_key(&obj) => {
                    self.err(self.decl_pos(decl), "MissingBody", "missing function body");
                }
                _ => {}
            }
        }
    }

    /// Go's position of a declaration is behind `func`.
    fn decl_pos(&self, decl: &FuncDecl) -> Span {
        let text = self.sources.text(decl.span);
        let skip = text.iter().skip(4).position(|b| !b.is_ascii_whitespace()).map_or(0, |i| i + 4);
        Span::new(decl.span.lo.offset(skip as u32), decl.span.hi)
    }

    fn misplaced_directives(&mut self, file: &File) {
        let imports_embed = file.imports.iter().any(|i| i.path.as_str() == "embed");
        for placed in &file.placed {
            let mut embedded = false;
            for d in placed.directives.iter().map(|&i| &file.directives[i]) {
                let at = Span::new(d.span.lo.offset(2), d.span.hi);
                let verb = verb(&d.text);
                let allowed = match placed.owner {
                    Owner::File => verb == "go:build",
                    Owner::Func => is_for_functions(verb),
                    Owner::Var(shape) if verb == "go:embed" => {
                        let message = if !imports_embed {
                            "go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)"
                        } else if shape.several {
                            "go:embed cannot apply to multiple vars"
                        } else if shape.initialized {
                            "go:embed cannot apply to var with initializer"
                        } else if !shape.typed {
                            "go:embed cannot apply to var without type"
                        } else if shape.in_func {
                            "go:embed cannot apply to var inside func"
                        } else if self.version_at(d.span.lo) < 16 {
                            "go:embed requires go1.16 or later"
                        } else {
                            ""
                        };
                        if !message.is_empty() && !std::mem::replace(&mut embedded, true) {
                            self.err(at, "MisplacedDirective", message);
                        }
                        true
                    }
                    _ => false,
                };
                if !allowed && let Some(message) = misplaced(&d.text) {
                    self.err(at, "MisplacedDirective", message);
                }
            }
        }
    }

    /// Notes what `//go:linkname` says of functions and variables.
    fn linknames(&mut self, pkg: PkgId, file: &File) {
        let unsafe_imported = file.imports.iter().any(|i| i.path.as_str() == "unsafe");
        for d in &file.directives {
            let words: Vec<&str> = d.text.split_whitespace().collect();
            let (directive, local, remote) = match words[..] {
                [v @ ("go:linkname" | "go:linknamestd"), local] => (v, local, None),
                [v @ ("go:linkname" | "go:linknamestd"), local, remote] => (v, local, Some(remote)),
                _ => continue,
            };
            let at = Span::new(d.span.lo.offset(2), d.span.hi);
            let mut say = |message: String| self.err(at, "MisplacedDirective", message);
            if !unsafe_imported {
                say(format!("//{directive} only allowed in Go files that import \"unsafe\""));
                continue;
            }
            if remote.is_some_and(|r| r.contains('[') && r.contains(']')) {
                say(format!("//{directive} reference of an instantiation is not allowed"));
                continue;
            }
            let scope = self.pkgs[pkg].scope;
            let obj = self.scopes[scope].names.get(&Symbol::new(local)).copied();
            match obj.filter(|&o| matches!(self.objs[o].kind, ObjKind::Func(_) | ObjKind::Var(_))) {
                Some(obj) => {
                    let remote = match remote {
                        Some(remote) => Symbol::new(remote),
                        None => Symbol::new(&format!("{}.{local}", self.info.packages[pkg].path)),
                    };
                    if self.info.linknames.insert(obj, remote).is_some() {
                        self.err(at, "MisplacedDirective", format!("duplicate //{directive} for {local}"));
                    }
                }
                None if self.version_at(d.span.lo) >= 18 => {
                    let message = format!("//{directive} must refer to declared function or variable");
                    self.err(at, "MisplacedDirective", message);
                }
                None => {}
            }
        }
    }
}
