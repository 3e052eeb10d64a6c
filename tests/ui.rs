//! Programs and what mgo makes of them, compared with what real Go made of them.
//!
//! `parse` and `check` are programs with errors: `mgo build -gcflags=-e`, standard error compared.
//! `escape` and `inline` are compared by `-m -l` and `-m`, `log` by the entries of `-json`. `run` programs
//! end well; `panic` programs end in a run-time error, their traces are compared without addresses. `explain` programs are compared by what
//! `mgo explain` says of them, to people and to tools. `tests/record.py` records expectations from a real Go,
//! but for `explain`; `MGO_BLESS=1 cargo test --test ui [filter]` rewrites them from mgo's own output.

mod common;

use common::{Case, cases, check_exit, compare, files_below, mgo, normalize_trace, root, run_case};
use libtest_mimic::{Arguments, Trial};

fn main() {
    let args = Arguments::from_args();
    let mut trials: Vec<Trial> = cases(&["parse", "check", "escape", "inline", "log", "run", "panic", "explain"])
        .into_iter()
        .map(|c| Trial::test(c.name.clone(), move || check(&c).map_err(Into::into)))
        .collect();
    trials.push(Trial::test("no_orphans", || no_orphans().map_err(Into::into)));
    libtest_mimic::run(&args, trials).exit();
}

fn check(case: &Case) -> Result<(), String> {
    match case.kind.as_str() {
        "parse" | "check" => errors(case),
        "escape" => decisions(case, "-m -l"),
        "inline" => decisions(case, "-m"),
        "log" => log(case),
        "run" => run(case),
        "panic" => panics(case),
        "explain" => explain(case),
        kind => Err(format!("tests/ui/{kind}: no such kind of test")),
    }
}

fn build(case: &Case, gcflags: &str) -> common::Output {
    let file = case.path.file_name().expect("a file").to_string_lossy().into_owned();
    let args = ["build".to_string(), format!("-gcflags={gcflags}"), file];
    mgo(case.path.parent().expect("in a folder"), &args, "", &case.env)
}

fn without_heading(text: &str) -> String {
    text.lines().filter(|l| !l.starts_with('#')).map(|l| format!("{l}\n")).collect()
}

fn errors(case: &Case) -> Result<(), String> {
    let output = build(case, case.flags.as_deref().unwrap_or("-e"));
    check_exit(case, &output, 1)?;
    compare(case, "stderr", &without_heading(&output.stderr))
}

fn decisions(case: &Case, flags: &str) -> Result<(), String> {
    let output = build(case, case.flags.as_deref().unwrap_or(flags));
    check_exit(case, &output, 0)?;
    // What is said of the library's own lines is not compared: they are other lines than Go's.
    let own: Vec<&str> = output.stderr.lines().filter(|l| !l.starts_with("$GOROOT")).collect();
    compare(case, "escape", &without_heading(&own.join("\n")))
}

/// What `-json` writes about the program's file, the heading left out; the order of entries is not compared.
fn log(case: &Case) -> Result<(), String> {
    let dir = std::env::temp_dir().join(format!("mgo-log-{}-{}", std::process::id(), case.name.replace('/', "-")));
    let output = build(case, &format!("-json=0,{} {}", dir.display(), case.flags.as_deref().unwrap_or_default()));
    let written = dir.join("main").join(case.path.with_extension("json").file_name().expect("a file"));
    let text = std::fs::read_to_string(&written).map_err(|e| format!("{}: {e}", written.display()));
    let _ = std::fs::remove_dir_all(&dir);
    check_exit(case, &output, 0)?;
    let folder = case.path.parent().expect("in a folder").display().to_string();
    let text = text?.replace(&format!("{folder}/"), "$DIR/");
    let mut lines: Vec<String> = text.lines().skip(1).map(|l| format!("{l}\n")).collect();
    lines.sort_unstable();
    compare(case, "log", &lines.concat())
}

fn run(case: &Case) -> Result<(), String> {
    let output = run_case(case, "");
    check_exit(case, &output, 0)?;
    compare(case, "stdout", &output.stdout)?;
    compare(case, "stderr", &output.stderr)
}

fn panics(case: &Case) -> Result<(), String> {
    let output = run_case(case, "");
    check_exit(case, &output, 2)?;
    compare(case, "stdout", &output.stdout)?;
    compare(case, "stderr", &normalize_trace(&output.stderr, case.path.parent().expect("in a folder")))
}

/// Each call that the header asks for, or one about the whole file: `$ mgo explain …`, then what it prints.
fn explain(case: &Case) -> Result<(), String> {
    let file = case.path.file_name().expect("a file").to_string_lossy().into_owned();
    let calls = if case.explain.is_empty() { vec![file] } else { case.explain.clone() };
    for (ext, format) in [("explain", "human"), ("explain.json", "json")] {
        let mut text = String::new();
        for call in &calls {
            let mut args = vec!["explain".to_string(), format!("--message-format={format}")];
            args.extend(case.flags.iter().map(|f| format!("-gcflags={f}")));
            args.extend(case.args.iter().cloned());
            args.extend(call.split_whitespace().map(String::from));
            let mut env = case.env.clone();
            env.push(("NO_COLOR".into(), "1".into()));
            let output = mgo(case.path.parent().expect("in a folder"), &args, "", &env);
            check_exit(case, &output, 0)?;
            if calls.len() > 1 && format == "human" {
                text.push_str(&format!("$ mgo explain {call}\n"));
            }
            text.push_str(&output.stdout);
            text.push_str(&output.stderr);
        }
        compare(case, ext, &text)?;
    }
    Ok(())
}

/// Every expectation belongs to a program.
fn no_orphans() -> Result<(), String> {
    let orphan = |p: &std::path::Path| {
        let ext = p.extension().unwrap_or_default();
        let program = if ext == "json" { p.with_extension("").with_extension("mgo") } else { p.with_extension("mgo") };
        ["stdout", "stderr", "escape", "log", "explain", "json"].iter().any(|e| ext == *e) && !program.exists()
    };
    let orphans = files_below(&root().join("tests/ui"), &orphan);
    if orphans.is_empty() { Ok(()) } else { Err(format!("expectations without a program: {orphans:?}")) }
}
