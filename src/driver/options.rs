//! The command line: Go's words where Go has the command, cargo's manners elsewhere.
//!
//! Go writes long flags with one dash (`-gcflags=-m`); clap wants two. [`normalize`] gives the known ones
//! their second dash before clap sees them, up to the first file name of `mgo run`: what follows the files
//! belongs to the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A compiler and runtime for mini-Go: escape analysis you can read, stacks that move.
#[derive(Debug, Parser)]
#[command(
    name = "mgo",
    version,
    max_term_width = 100,
    after_help = "Flags may be written with one dash, as Go writes them: -gcflags=-m.\nMGODEBUG=name=value,… sets run-time debugging options: see docs/debugging.md."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compile a program and run it
    Run(RunArgs),
    /// Compile a program, report errors and what -gcflags asks for, and run nothing
    Build(BuildArgs),
    /// Report errors only
    Check(BuildArgs),
    /// Show what a stage of the compiler makes of a program
    Dump(DumpArgs),
    /// Show why variables and allocations are on the heap, step by step
    Explain(ExplainArgs),
    /// Run a program on contiguous and on segmented stacks and compare what they cost
    Stacks(StacksArgs),
    /// Print the version of mgo and of the language it takes
    Version,
}

/// Flags of every command that compiles.
#[derive(Debug, Args, Default)]
pub struct CommonArgs {
    /// Compiler flags, as Go's: -m (print decisions; twice for reasons), -l (no inlining), -N (no
    /// optimisation), -e (all errors)
    #[arg(long, value_name = "FLAGS", allow_hyphen_values = true)]
    pub gcflags: Vec<String>,
    /// How to print diagnostics
    #[arg(long, value_enum, default_value_t = MessageFormat::Auto, value_name = "FORMAT")]
    pub message_format: MessageFormat,
    /// Print how long each phase took
    #[arg(long)]
    pub timings: bool,
}

/// `mgo run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// How goroutines' stacks grow
    #[arg(long, value_enum, default_value_t = StackModel::Contiguous, value_name = "MODEL")]
    pub stack: StackModel,
    /// Where to write what stacks cost (for `mgo stacks`)
    #[arg(long, hide = true, value_name = "FILE")]
    pub stack_report: Option<PathBuf>,
    /// .go or .mgo files of one package, or its directory; then the program's own arguments
    #[arg(required = true, value_name = "FILES|DIR [ARGS]", trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<String>,
}

/// How stacks grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum StackModel {
    /// One piece, copied to a larger one when it is full: Go since 1.4
    #[default]
    Contiguous,
    /// A chain of segments: Go before 1.4
    Segmented,
}

/// `mgo build` and `mgo check`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// Taken for the sake of scripts made for go, and without effect: mgo makes no object files
    #[arg(short, value_name = "OUTPUT")]
    pub output: Option<PathBuf>,
    /// .go or .mgo files of one package, or its directory
    #[arg(value_name = "FILES|DIR")]
    pub files: Vec<String>,
}

/// `mgo explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// Report on what stays on the stack, too
    #[arg(long)]
    pub all: bool,
    /// A .go or .mgo file, or the package's directory; with a line, and a column (in bytes, from 1), only what
    /// is there
    #[arg(value_name = "FILE[:LINE[:COL]]")]
    pub place: String,
    /// Further files of the package
    #[arg(value_name = "FILES")]
    pub files: Vec<String>,
}

/// `mgo stacks`.
#[derive(Debug, Args)]
pub struct StacksArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// Runs under each model; the fastest counts
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub runs: u32,
    /// .go or .mgo files of one package, or its directory; then the program's own arguments
    #[arg(required = true, value_name = "FILES|DIR [ARGS]", trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<String>,
}

/// `mgo dump`.
#[derive(Debug, Args)]
pub struct DumpArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// The stage
    #[arg(value_enum)]
    pub stage: Stage,
    /// Only this function, by its name in traces (main.f) or without the package
    #[arg(long, value_name = "NAME")]
    pub func: Option<String>,
    /// .go or .mgo files of one package, or its directory
    #[arg(required = true, value_name = "FILES|DIR")]
    pub files: Vec<String>,
}

/// What can be dumped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// What the lexer makes, semicolons inserted
    Tokens,
    /// The syntax tree
    Ast,
    /// What the checker found out about names and expressions
    Types,
    /// The typed tree
    Hir,
    /// Where each variable and allocation lives
    Escape,
    /// The control-flow graph
    Ssa,
    /// What Cranelift gets
    Clif,
    /// Machine code
    Asm,
    /// What the runtime knows of each call's frame
    Stackmap,
}

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Default)]
pub enum MessageFormat {
    /// human on a terminal, short elsewhere
    #[default]
    Auto,
    /// Source with labels
    Human,
    /// As Go prints them: ./file.go:line:col: message
    Short,
    /// One JSON object a line
    Json,
}

/// Long flags that may have one dash.
const LONG: &[&str] = &["gcflags", "message-format", "timings", "func", "help", "version", "stack", "runs"];

/// Gives Go's one-dash long flags their second dash; leaves a program's own arguments alone.
pub fn normalize(args: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut in_program_args = false;
    for arg in args {
        let is_run_file = out.len() >= 2 && matches!(out[1].as_str(), "run" | "stacks") && !arg.starts_with('-');
        let known = arg.strip_prefix('-').is_some_and(|name| LONG.contains(&name.split('=').next().unwrap_or("")));
        if known && !in_program_args {
            out.push(format!("-{arg}"))
        } else {
            out.push(arg)
        }
        // The value of a flag given as two words is not a file.
        let after_flag = out.len() >= 2
            && matches!(out[out.len() - 2].as_str(), "--gcflags" | "--message-format" | "--stack" | "--runs");
        in_program_args |= is_run_file && !after_flag;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(s: &str) -> Vec<String> {
        s.split(' ').map(String::from).collect()
    }

    #[test]
    fn single_dashes_are_doubled_before_the_program() {
        assert_eq!(normalize(words("mgo run -gcflags=-m x.go -func y")), words("mgo run --gcflags=-m x.go -func y"));
        assert_eq!(normalize(words("mgo dump ssa x.go -func f")), words("mgo dump ssa x.go --func f"));
    }
}
