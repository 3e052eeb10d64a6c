//! Runs a program: starts the runtime on a thread of its own and serves it as its compiler.
//!
//! ```text
//!   goroutine calls f (no code yet) ── stub ─▶ lazy stub ─▶ [`lazy_hook`] ── request ─▶ compiler's thread
//!                                   ◀─ jumps to f's code ◀──── entry ◀─────────────────┘
//! ```

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use parking_lot::Mutex;

use super::options::{CommonArgs, RunArgs, StackModel};
use super::pipeline::{Front, Timings};
use super::render;
use super::session::Session;
use super::{optlog, output};
use crate::abi::typedesc::TypeShape;
use crate::diag::{Diagnostic, sort_and_dedup};
use crate::hir::{self, Callee, ExprKind, FuncId};
use crate::runtime;
use crate::source::Pos;

/// What running code wants of the compiler, and where the answer goes.
enum Request {
    /// The entry of a function.
    Code(u32, SyncSender<u64>),
    /// The descriptor of a type.
    Type(TypeShape, SyncSender<u64>),
    /// Where allocation sites are, as messages print it.
    Places(Vec<u64>, SyncSender<Vec<String>>),
}

static REQUESTS: OnceLock<Mutex<Sender<Request>>> = OnceLock::new();

/// Called on a runtime thread's g0 stack by the first call of a function without code.
extern "C" fn lazy_hook(index: u32) -> u64 {
    must_answer(|reply| Request::Code(index, reply))
}

/// Called on a runtime thread's g0 stack by a program that makes a type.
fn type_hook(shape: TypeShape) -> u64 {
    must_answer(|reply| Request::Type(shape, reply))
}

/// Called by a program that ends and has counted its allocations.
fn places_hook(sites: &[u64]) -> Option<Vec<String>> {
    ask(|reply| Request::Places(sites.to_vec(), reply))
}

/// The compiler's answer; none where there is no compiler any more.
fn ask<T>(request: impl FnOnce(SyncSender<T>) -> Request) -> Option<T> {
    let (reply, answer) = sync_channel(1);
    let request = request(reply);
    if let Some(requests) = REQUESTS.get() {
        let _ = requests.lock().send(request);
    }
    answer.recv().ok()
}

fn must_answer(request: impl FnOnce(SyncSender<u64>) -> Request) -> u64 {
    // The compiler's thread ends the process when it cannot compile.
    ask(request).unwrap_or_else(|| {
        loop {
            std::thread::park()
        }
    })
}

/// Compiles and runs the program with these arguments. Returns only when it could not be started; else
/// the process ends as the program does.
pub fn run(front: Box<Front>, files: &[String], args: &[String], options: &RunArgs, mut timings: Timings) -> u8 {
    let common = &options.common;
    let mut debug = runtime::debug::parse(&std::env::var("MGODEBUG").unwrap_or_default());
    debug.gctrace |= std::env::var("GODEBUG").is_ok_and(|s| s.split(',').any(|item| item == "gctrace=1"));
    debug.segmented = options.stack == StackModel::Segmented;
    let name = program_name(files);
    let words = std::iter::once(name).chain(args.iter().map(|a| OsString::from(a).into_vec()));
    runtime::start(runtime::Config {
        args: words.collect(),
        debug,
        stack_report: options.stack_report.clone(),
        lazy: Some(lazy_hook),
        make_type: Some(type_hook),
        places: Some(places_hook),
    });
    let mut session = match Session::new(*front) {
        Ok(session) => session,
        Err(message) => return super::complain(&message),
    };
    if let Some(status) = compile_own(&mut session, common, &mut timings) {
        return status;
    }
    let mut entries = session.front.program.inits.clone();
    entries.extend(session.front.program.main);
    let mut addresses = Vec::new();
    for id in entries {
        match session.compile(id) {
            Ok(entry) => addresses.push(entry),
            Err(d) => return report(&session, &[d], common),
        }
    }
    runtime::set_error_types(&session.error_types());
    session.seal();
    if common.timings {
        output::err(&timings);
        output::err(format_args!("{:>10} {} bytes of code before the start\n", "", session.code_bytes()));
    }
    let (sender, requests) = channel();
    let _ = REQUESTS.set(Mutex::new(sender));
    let started = std::thread::Builder::new().name("m0".into()).spawn(move || runtime::run_main(&addresses));
    if let Err(e) = started {
        return super::complain(&format!("cannot start a thread: {e}"));
    }
    serve(&mut session, &requests, common)
}

/// Compiles the program's own package and runs nothing.
pub fn compile_only(front: Box<Front>, common: &CommonArgs, timings: &mut Timings) -> u8 {
    let mut session = match Session::new(*front) {
        Ok(session) => session,
        Err(message) => return super::complain(&message),
    };
    compile_own(&mut session, common, timings).unwrap_or(0)
}

/// Compiles the program's own package; the exit status where that fails.
fn compile_own(session: &mut Session, common: &CommonArgs, timings: &mut Timings) -> Option<u8> {
    let mut missing = undefined_functions(&session.front);
    if missing.is_empty() {
        let errors = timings.time("code", || session.compile_program());
        if !errors.is_empty() {
            return Some(report(session, &errors, common));
        }
        if let Some(value) = session.front.json {
            let log = session.whole_log();
            let written =
                optlog::directory(value).and_then(|d| optlog::write(&d, "main", &log, &session.front.sources));
            if let Err(message) = written {
                output::err(format_args!("# {}\ncompile: {message}\n", session.front.sources.label));
                return Some(1);
            }
        }
        if session.front.lacks_main {
            missing.push("runtime.main_main·f: function main is undeclared in the main package".into());
        }
    }
    // Only programs are linked.
    let is_program = session.front.checked.info.packages.iter().last().is_some_and(|p| p.name.as_str() == "main");
    if missing.is_empty() || !is_program {
        return None;
    }
    let label = &session.front.sources.label;
    output::err(format_args!("# {label}\n{}\n", missing.join("\n")));
    Some(1)
}

/// Functions of the program without body that nobody provides, in the words of Go's linker.
fn undefined_functions(front: &Front) -> Vec<String> {
    let funcs = &front.program.funcs;
    let mut errors = Vec::new();
    for (id, f) in funcs.iter_enumerated() {
        if !f.native || f.pkg.as_str() != "main" || runtime::native(f.link_name.as_str()).is_some() {
            continue;
        }
        let refers = |g: &&hir::Func| {
            g.exprs.iter().any(|e| match e.kind {
                ExprKind::Func(to) | ExprKind::Call { callee: Callee::Static(to), .. } => to == id,
                _ => false,
            })
        };
        if let Some(user) = funcs.iter().find(refers) {
            errors.push(format!("{}: relocation target {} not defined", user.link_name, f.link_name));
        }
    }
    errors
}

/// `os.Args[0]`: the program's name without extension.
fn program_name(files: &[String]) -> Vec<u8> {
    let first = files.first().map_or("main", String::as_str);
    let stem = std::path::Path::new(first).file_stem().unwrap_or_default();
    std::env::temp_dir().join(stem).into_os_string().into_vec()
}

/// Compiles what running code asks for, until the process ends.
fn serve(session: &mut Session, requests: &Receiver<Request>, common: &CommonArgs) -> u8 {
    while let Ok(request) = requests.recv() {
        match request {
            Request::Code(index, reply) => match session.compile(FuncId(index)) {
                Ok(entry) => {
                    session.seal();
                    let _ = reply.send(entry);
                }
                Err(d) => std::process::exit(i32::from(report(session, &[d], common))),
            },
            Request::Type(shape, reply) => {
                let _ = reply.send(session.make_type(&shape));
            }
            Request::Places(sites, reply) => {
                let sources = &session.front.sources;
                let place = |&site: &u64| match u32::try_from(site) {
                    Ok(pos) => sources.describe(sources.outermost(Pos(pos))),
                    Err(_) => site.to_string(),
                };
                let _ = reply.send(sites.iter().map(place).collect());
            }
        }
    }
    0
}

fn report(session: &Session, errors: &[Diagnostic], common: &CommonArgs) -> u8 {
    let mut errors = errors.to_vec();
    sort_and_dedup(&mut errors);
    output::err(render::render(&errors, &session.front.sources, common.message_format, true));
    1
}
