//! Lowering on top of a checker that has not looked at all of the library yet.

#![forbid(unsafe_code)]

use super::Checked;
use crate::types::check::Checker;
use crate::types::{Info, ObjId, Objects, Types};

impl Checked for Checker<'_> {
    fn types(&self) -> &Types {
        &self.types
    }

    fn types_mut(&mut self) -> &mut Types {
        &mut self.types
    }

    fn objs(&self) -> &Objects {
        &self.objs
    }

    fn objs_mut(&mut self) -> &mut Objects {
        &mut self.objs
    }

    fn info(&self) -> &Info {
        &self.info
    }

    fn resolve(&mut self, obj: ObjId) {
        Checker::resolve(self, obj);
    }

    fn check_body(&mut self, obj: ObjId) {
        Checker::check_body(self, obj);
    }

    fn shared_loop_vars(&self, at: crate::source::Pos) -> bool {
        Checker::shared_loop_vars(self, at)
    }
}
