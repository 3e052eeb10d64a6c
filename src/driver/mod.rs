//! Puts the phases together; does all file and terminal I/O.
//!
//! Threads: the compiler lives on a thread of its own with a large stack (its phases recurse over the
//! tree); generated code runs on the threads of the runtime and asks the compiler for functions it calls
//! for the first time. Exit status: 1 for programs with errors, 2 for misuse of the command, 70 for defects
//! of mgo itself; else the program's own.

mod dump;
mod explain;
mod explain_json;
mod files;
mod gcflags;
pub mod load;
mod module;
mod options;
mod optlog;
mod output;
mod pipeline;
mod render;
mod run;
mod session;
mod stacks;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use gcflags::{GcFlags, PerPackage};
use options::{BuildArgs, Cli, Command, CommonArgs, RunArgs};
use pipeline::{Front, Outcome, Timings};

/// Stack of the compiler's thread, in bytes. Reserved, not committed. The parser limits nesting so that
/// this is enough for every phase.
const COMPILER_STACK: usize = 1 << 30;

/// Exit status for defects of mgo.
const INTERNAL_ERROR: u8 = 70;

/// The command line's whole life.
pub fn main(args: impl IntoIterator<Item = String>) -> ExitCode {
    crate::runtime::sys::malloc::tune();
    let cli = match Cli::try_parse_from(options::normalize(args)) {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { 2 } else { 0 });
        }
    };
    match cli.command {
        Command::Version => {
            output::out(format_args!("mgo version {} (Go 1.27) linux/amd64\n", env!("CARGO_PKG_VERSION")));
            ExitCode::SUCCESS
        }
        Command::Run(args) => {
            let files = args.args[..n_files(&args.args)].to_vec();
            start("run", files, args.common.gcflags.clone(), move |flags| run_command(&args, flags))
        }
        Command::Build(args) => {
            start("build", args.files.clone(), args.common.gcflags.clone(), move |flags| build_command(&args, flags))
        }
        Command::Check(args) => {
            start("check", args.files.clone(), args.common.gcflags.clone(), move |flags| build_command(&args, flags))
        }
        Command::Explain(args) => {
            let files = vec![explain::file(&args.place)];
            start("explain", files, args.common.gcflags.clone(), move |flags| explain::explain(&args, flags))
        }
        Command::Stacks(args) => ExitCode::from(stacks::stacks(&args)),
        Command::Dump(args) => {
            start("dump", args.files.clone(), args.common.gcflags.clone(), move |flags| dump::dump(&args, flags))
        }
    }
}

/// Runs a command on the compiler's thread; reports mgo's own defects.
fn start(
    name: &str,
    files: Vec<String>,
    gcflags: Vec<String>,
    command: impl FnOnce(GcFlags) -> u8 + Send + 'static,
) -> ExitCode {
    let values = match PerPackage::parse(&gcflags) {
        Ok(values) => values,
        Err(message) => {
            output::err(format_args!("{message}\n{}\nRun 'mgo help {name}' for details.\n", usage(name)));
            return ExitCode::from(2);
        }
    };
    std::panic::set_hook(Box::new(internal_error_report));
    let with_flags = move || {
        let target = load::target(&files);
        match GcFlags::read(values, &target) {
            Ok(flags) => command(flags),
            // Files are looked for before they are compiled.
            Err(message) => match load::load(&files, None) {
                Ok(_) => {
                    output::err(format_args!("# {}\n{message}\n", target.path));
                    1
                }
                Err(load::LoadError(message)) => complain(&message),
            },
        }
    };
    let body = move || catch_unwind(AssertUnwindSafe(with_flags)).unwrap_or(INTERNAL_ERROR);
    let thread = std::thread::Builder::new().name("compiler".into()).stack_size(COMPILER_STACK).spawn(body);
    let status = match thread {
        Ok(handle) => handle.join().unwrap_or(INTERNAL_ERROR),
        Err(e) => {
            output::err(format_args!("mgo: cannot start the compiler's thread: {e}\n"));
            1
        }
    };
    ExitCode::from(status)
}

/// One line on how a command is used, as Go words it.
fn usage(command: &str) -> String {
    let rest = match command {
        "run" => "[build flags] files [arguments...]",
        "build" => "[-o output] [build flags] [packages]",
        "dump" => "[build flags] stage files",
        "explain" => "[build flags] file[:line[:col]] [files]",
        _ => "[build flags] [packages]",
    };
    format!("usage: mgo {command} {rest}")
}

/// How many of the words of `mgo run` name what is to be run.
fn n_files(args: &[String]) -> usize {
    args.iter().take_while(|a| load::is_source_file(a)).count().max(1).min(args.len())
}

/// Prints what a user should send us. Phase and function are part of `bug!`'s text.
fn internal_error_report(info: &std::panic::PanicHookInfo<'_>) {
    let message = info
        .payload()
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| info.payload().downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    output::err(format_args!("mgo: internal compiler error: {message}\n"));
    if let Some(at) = crate::diag::current_function() {
        output::err(format_args!("  while compiling {at}\n"));
    }
    output::err(format_args!("  at {place}, mgo {}\n", env!("CARGO_PKG_VERSION")));
    output::err(format_args!("  This is a defect of mgo, not of your program: please report it with the program.\n"));
    if std::env::var_os("RUST_BACKTRACE").is_some() {
        output::err(format_args!("{}\n", std::backtrace::Backtrace::force_capture()));
    }
}

/// A message about the command itself.
fn complain(message: &str) -> u8 {
    output::err(format_args!("mgo: {message}\n"));
    1
}

/// Loads and compiles up to escape analysis; prints diagnostics. `Err`: there were errors.
fn front(files: &[String], common: &CommonArgs, flags: GcFlags, timings: &mut Timings) -> Result<Box<Front>, u8> {
    if files.is_empty() {
        return Err(complain("no source files: name .go or .mgo files, or a directory"));
    }
    let loaded = timings
        .time("parse", || load::load(files, flags.lang))
        .map_err(|load::LoadError(message)| complain(&message))?;
    let Outcome { diagnostics, result } = pipeline::front(loaded, flags, timings);
    let show = |sources| {
        output::err(render::render(&diagnostics, sources, common.message_format, flags.all_errors));
    };
    match result {
        Ok(front) => {
            show(&front.sources);
            Ok(front)
        }
        Err(sources) => {
            show(&sources);
            Err(1)
        }
    }
}

fn build_command(args: &BuildArgs, flags: GcFlags) -> u8 {
    let files = if args.files.is_empty() { vec![".".to_string()] } else { args.files.clone() };
    let mut timings = Timings::default();
    let status = match front(&files, &args.common, flags, &mut timings) {
        // All of the program's own package is compiled, so that what cannot be is an error here and not at
        // run time.
        Ok(front) => run::compile_only(front, &args.common, &mut timings),
        Err(status) => status,
    };
    if args.common.timings {
        output::err(&timings);
    }
    status
}

fn run_command(args: &RunArgs, flags: GcFlags) -> u8 {
    let (files, rest) = args.args.split_at(n_files(&args.args));
    if let Some(flag) = files.first().filter(|f| f.starts_with('-')) {
        return complain(&format!("flag provided but not defined: {flag}\nRun 'mgo run --help' for usage."));
    }
    let mut timings = Timings::default();
    match front(files, &args.common, flags, &mut timings) {
        Ok(front) => run::run(front, files, rest, args, timings),
        Err(status) => status,
    }
}
