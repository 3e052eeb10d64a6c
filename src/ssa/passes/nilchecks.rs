//! Nil checks that an access finds out about anyway become part of it.
//!
//! A check is a load of its own. Where the next thing that a block does to memory is to load from or store to
//! the object near its beginning, that access faults just as well; it takes over the check's position. Only
//! instructions without effects may stand between, so that nothing happens before the fault that would not have.
//!
//! This comes last: reports of what checks are left ([`super::super::checks_left`]) have rules of their own.

#![forbid(unsafe_code)]

use super::super::ir::{Addr, Func, Inst, InstKind, Value};

/// See the module's comment.
pub fn run(func: &mut Func) {
    for data in func.blocks.iter_mut() {
        let mut any = false;
        for i in 0..data.insts.len() {
            if let InstKind::NilCheck(p) = data.insts[i].kind {
                let pos = data.insts[i].pos;
                let inl = data.insts[i].inl;
                if let Some(access) = access(p, &mut data.insts[i + 1..]) {
                    let (InstKind::Load { nil_check, .. } | InstKind::Store { nil_check, .. }) = &mut access.kind
                    else {
                        continue;
                    };
                    *nil_check = true;
                    (access.pos, access.inl) = (pos, inl);
                    data.insts[i].kind = InstKind::Undef;
                    any = true;
                }
            }
        }
        if any {
            data.insts.retain(|i| !(matches!(i.kind, InstKind::Undef) && i.results.is_empty()));
        }
    }
}

/// The access behind a check of `p` that faults where it is nil.
fn access(p: Value, rest: &mut [Inst]) -> Option<&mut Inst> {
    let at = rest.iter().position(|i| !i.kind.is_pure() || near(p, &i.kind))?;
    near(p, &rest[at].kind).then(|| &mut rest[at])
}

fn near(p: Value, kind: &InstKind) -> bool {
    /// Offsets from nil below this fault.
    const NIL_PAGE: i32 = 4096;
    matches!(
        kind,
        InstKind::Load { addr: Addr::Value(q, 0..NIL_PAGE), .. }
            | InstKind::Store { addr: Addr::Value(q, 0..NIL_PAGE), .. }
            if *q == p
    )
}
