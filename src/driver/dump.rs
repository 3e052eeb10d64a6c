//! `mgo dump`: what a stage makes of a program.

use super::gcflags::GcFlags;
use super::load::{self, Loaded};
use super::options::{DumpArgs, Stage};
use super::output;
use super::pipeline::{self, Front, Outcome, Timings};
use super::session::{Session, find_func};
use super::{complain, render};
use crate::hir::{FuncId, FuncKind};
use crate::index::Id;
use crate::{hir, ssa, syntax, types};

/// Runs the phases up to `args.stage` and prints what that one made, to standard output.
pub fn dump(args: &DumpArgs, flags: GcFlags) -> u8 {
    let loaded = match load::load(&args.files, flags.lang) {
        Ok(loaded) => loaded,
        Err(load::LoadError(message)) => return complain(&message),
    };
    let func = args.func.as_deref();
    if let Stage::Tokens | Stage::Ast = args.stage {
        output::out(syntax_text(&loaded, args.stage, func));
        let text = render::render(&loaded.diagnostics, &loaded.sources, args.common.message_format, true);
        output::err(&text);
        return u8::from(pipeline::has_errors(&loaded.diagnostics));
    }
    let main_files = loaded.main_files.clone();
    let Outcome { diagnostics, result } = pipeline::front(loaded, flags, &mut Timings::default());
    let front = match result {
        Ok(front) => front,
        Err(sources) => {
            output::err(render::render(&diagnostics, &sources, args.common.message_format, flags.all_errors));
            return 1;
        }
    };
    match args.stage {
        Stage::Types => {
            let filter = |file| main_files.contains(&file);
            output::out(types::dump::dump(&front.checked, &front.sources, &filter, func));
            0
        }
        Stage::Hir => {
            let front = &*front;
            output::out(hir::dump::program(&front.program, &front.checked.types, &front.checked.objs, func));
            0
        }
        Stage::Escape => {
            output::out(escape_text(&front, func));
            0
        }
        _ => back_half(*front, args.stage, func),
    }
}

fn syntax_text(loaded: &Loaded, stage: Stage, func: Option<&str>) -> String {
    let mut out = String::new();
    for &id in &loaded.main_files {
        let source = loaded.sources.file(id);
        if stage == Stage::Tokens {
            out.push_str(&syntax::dump::dump_tokens(source));
        } else if let Some(file) = loaded.packages.last().and_then(|p| p.files.iter().find(|f| f.file == id)) {
            out.push_str(&syntax::dump::dump_file(file, source, func));
        }
    }
    out
}

/// Functions of the program's own package, or the one that is named.
fn selected(front: &Front, func: Option<&str>) -> Result<Vec<FuncId>, u8> {
    match func {
        Some(name) => match find_func(front, name) {
            Some(id) => Ok(vec![id]),
            None => Err(complain(&format!("no function {name} in the program"))),
        },
        None => {
            let own = |f: &hir::Func| {
                f.pkg.as_str() == "main" && !matches!(f.kind, FuncKind::Wrapper | FuncKind::Instance) && !f.native
            };
            let funcs = &front.program.funcs;
            Ok(funcs.iter().enumerate().filter(|(_, f)| own(f)).map(|(i, _)| FuncId::new(i)).collect())
        }
    }
}

/// Where each variable and allocation lives.
fn escape_text(front: &Front, func: Option<&str>) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let printer = hir::print::Printer {
        prog: &front.program,
        types: &front.checked.types,
        objs: &front.checked.objs,
        qualify: &|_| String::new(),
    };
    let ids = match selected(front, func) {
        Ok(ids) => ids,
        Err(_) => return out,
    };
    for id in ids {
        let f = &front.program.funcs[id];
        let _ = writeln!(out, "func {}", f.link_name);
        for (param, leaks) in f.params.iter().zip(&front.escaped.leaks[id]) {
            let _ = writeln!(out, "\tparameter {}: {leaks:?}", f.locals[*param].name);
        }
        for local in f.locals.iter() {
            let _ = writeln!(out, "\t{}: var {} {:?}", front.sources.describe(local.pos), local.name, local.esc);
        }
        hir::visit::body_exprs(f, &f.body, &mut |x| {
            let e = &f.exprs[x];
            if e.esc != hir::Esc::Unknown {
                let _ = writeln!(out, "\t{}: {} {:?}", front.sources.describe(e.pos), printer.expr(id, x), e.esc);
            }
        });
    }
    out
}

/// SSA and what follows.
fn back_half(front: Front, stage: Stage, func: Option<&str>) -> u8 {
    let ids = match selected(&front, func) {
        Ok(ids) => ids,
        Err(status) => return status,
    };
    let mut session = match Session::new(front) {
        Ok(session) => session,
        Err(message) => return complain(&message),
    };
    for id in ids {
        let text = if stage == Stage::Ssa {
            session.ssa(id).map(|f| ssa::print::Printer { func: &f, program: Some(&session.front.program) }.to_string())
        } else {
            session.dump(id).map(|t| match stage {
                Stage::Clif => t.clif,
                Stage::Asm => t.asm,
                _ => t.stackmap,
            })
        };
        match text {
            Ok(text) => output::out(format_args!("{text}\n")),
            Err(d) => {
                output::err(format_args!("{}\n", render::short(&d, &session.front.sources)));
                return 1;
            }
        }
    }
    0
}
