//! The command line: Go's words where Go has the command, cargo's manners elsewhere.
//!
//! Go writes long flags with one dash (`-gcflags=-m`); clap wants two. [`normalize`] gives the known ones
//! their second dash before clap sees them, up to the first file name of `mgo run`: what follows the files
//! belongs to the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::optlog;

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
    /// A .go or .mgo file, or the package's directory; with a line, and a column, only what is there
    #[arg(value_name = "FILE[:LINE[:COL]]")]
    pub place: String,
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

/// `-gcflags`, understood.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GcFlags {
    /// `-m`: 1, `-m=2` or `-m -m`: 2.
    pub m: u8,
    /// `-l`: no inlining.
    pub no_inline: bool,
    /// `-N`: no optimisation.
    pub no_opt: bool,
    /// `-e`: all errors.
    pub all_errors: bool,
    /// `-lang=go1.N`: N.
    pub lang: Option<u32>,
    /// Reasons are kept, whether or not they are printed (`mgo explain`).
    pub explain: bool,
    /// `-json`: decisions are written to files.
    pub json: Option<&'static str>,
}

impl GcFlags {
    /// Reads the flags of `-gcflags` options.
    ///
    /// # Errors
    /// The text Go prints for flags it does not know; flags that Go knows and mgo has no use for are taken.
    pub fn parse(values: &[String]) -> Result<GcFlags, String> {
        let mut flags = GcFlags::default();
        let mut n_l = 0;
        for word in values.iter().flat_map(|v| v.split_whitespace()) {
            // `all=-m` and `pattern=-m` apply to the program as well.
            let word = if word.starts_with('-') { word } else { word.split_once('=').map_or(word, |(_, flag)| flag) };
            let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-')).unwrap_or(word);
            let (name, value) = name.split_once('=').map_or((name, None), |(n, v)| (n, Some(v)));
            match name {
                "m" => flags.m = count(i64::from(flags.m), name, value)?.clamp(-1, 2).unsigned_abs().min(2) as u8,
                "l" => n_l = count(n_l, name, value)?,
                "N" => flags.no_opt = count(i64::from(flags.no_opt), name, value)? != 0,
                "e" => flags.all_errors = count(i64::from(flags.all_errors), name, value)? != 0,
                "json" => {
                    let value = value.unwrap_or("true");
                    optlog::directory(value).map_err(|e| format!("compile: {e}"))?;
                    if flags.json.is_some() {
                        return Err("compile: Cannot repeat -json flag".into());
                    }
                    flags.json = Some(value.to_owned().leak());
                }
                "lang" => flags.lang = Some(parse_lang(value.unwrap_or_default())?),
                // Known to Go, without effect here.
                "c" | "d" | "p" | "B" | "C" | "S" | "w" | "W" | "wb" | "complete" | "std" | "+" | "t" | "v"
                | "live" | "dwarf" | "race" | "trimpath" | "goversion" => {}
                _ => return Err(format!("flag provided but not defined: -{name}\n{USAGE}")),
            }
        }
        // More than one `-l` asks for more inlining, not for none.
        flags.no_inline = n_l == 1;
        Ok(flags)
    }
}

/// N of `go1.N`.
fn parse_lang(value: &str) -> Result<u32, String> {
    const MAX: u32 = super::load::GO_VERSION;
    let number = |s: &str| s.parse::<u32>().ok().filter(|_| s == "0" || !s.starts_with('0'));
    let version = value.strip_prefix("go").and_then(|v| {
        let (major, minor) = v.split_once('.').unwrap_or((v, "0"));
        Some((number(major)?, number(minor)?))
    });
    match version {
        None => Err(format!("compile: invalid value \"{value}\" for -lang: should be something like \"go1.12\"")),
        Some((1, n)) if n <= MAX => Ok(n),
        Some(_) => Err(format!("compile: invalid value \"{value}\" for -lang: max known version is \"go1.{MAX}\"")),
    }
}

const USAGE: &str = "usage: compile [options] file.go...";

/// The value of a flag that counts how often it is given.
fn count(n: i64, name: &str, value: Option<&str>) -> Result<i64, String> {
    match value {
        None | Some("true") => Ok(n + 1),
        Some("false") => Ok(0),
        Some(text) => text
            .parse()
            .map_err(|_| format!("invalid boolean value {text:?} for -{name}: invalid count {text:?}\n{USAGE}")),
    }
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

    #[test]
    fn gcflags() {
        let parse = |s: &str| GcFlags::parse(&[s.to_string()]);
        assert_eq!(parse("-m -l").map(|f| (f.m, f.no_inline)), Ok((1, true)));
        assert_eq!(parse("-m -m").map(|f| f.m), Ok(2));
        assert_eq!(parse("all=-m=2").map(|f| f.m), Ok(2));
        assert!(parse("-frob").is_err_and(|e| e.starts_with("flag provided but not defined: -frob")));
        assert!(parse("-m=x").is_err_and(|e| e.starts_with("invalid boolean value \"x\" for -m: invalid count")));
        assert_eq!(parse("-l=2").map(|f| f.no_inline), Ok(false));
        assert!(parse("-json=0,/tmp/x").is_ok_and(|f| f.json.is_some()));
        assert!(parse("-json=1,/tmp/x").is_err());
    }
}
