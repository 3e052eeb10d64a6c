//! The run-time tests again, under conditions that make a stale pointer fault at once.
//!
//! Every `run` and `panic` program: the stack moves at every prologue check and the old one becomes
//! inaccessible; roots and heap are checked at every move; both together with tiny initial stacks.

mod common;

use common::{Case, cases, check_exit, normalize_trace, run_case};
use libtest_mimic::{Arguments, Trial};

/// Settings of MGODEBUG, by name.
const CONDITIONS: &[(&str, &str)] = &[("stackstress", "stackstress=1"), ("heapcheck", "heapcheck=1,stackinit=1024")];

fn main() {
    let args = Arguments::from_args();
    let mut trials = Vec::new();
    for case in cases(&["run", "panic"]) {
        if case.source.contains("// nostress") {
            continue;
        }
        for &(name, debug) in CONDITIONS {
            let case = case.clone();
            trials.push(Trial::test(format!("{}@{name}", case.name), move || check(&case, debug).map_err(Into::into)));
        }
    }
    libtest_mimic::run(&args, trials).exit();
}

fn check(case: &Case, debug: &str) -> Result<(), String> {
    let output = run_case(case, debug);
    check_exit(case, &output, if case.kind == "panic" { 2 } else { 0 })?;
    let expected = |ext: &str| std::fs::read_to_string(case.path.with_extension(ext)).unwrap_or_default();
    let stderr = if case.kind == "panic" {
        normalize_trace(&output.stderr, case.path.parent().expect("in a folder"))
    } else {
        output.stderr
    };
    for (ext, actual) in [("stdout", &output.stdout), ("stderr", &stderr)] {
        if expected(ext) != *actual {
            return Err(common::diff(&expected(ext), actual, &format!("{}.{ext} under {debug}", case.name)));
        }
    }
    Ok(())
}
