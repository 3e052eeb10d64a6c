//! The run-time tests again, under conditions that make a stale pointer fault at once.
//!
//! Every `run` and `panic` program: the stack moves at every prologue check and the old one becomes
//! inaccessible; the stack moves at every call of the runtime, too; roots and heap are checked at every move; the
//! heap is collected at every call of the runtime, and what is freed overwritten; the program runs on segmented stacks, plainly, with a segment for each call, and checked.

mod common;

use common::{Case, cases, check_exit, normalize_trace, run_case_with};
use libtest_mimic::{Arguments, Trial};

/// Name, flags of `mgo run`, settings of MGODEBUG.
type Condition = (&'static str, &'static [&'static str], &'static str);

const SEGMENTED: &[&str] = &["-stack=segmented"];

const CONDITIONS: &[Condition] = &[
    ("stackstress", &[], "stackstress=1"),
    ("rtstress", &[], "stackstress=2"),
    ("heapcheck", &[], "heapcheck=1"),
    ("gcstress", &[], "gcstress=1"),
    ("gcstress-stackstress", &[], "gcstress=1,stackstress=1"),
    ("segmented", SEGMENTED, ""),
    ("segmented-stress", SEGMENTED, "stackstress=1"),
    ("segmented-heapcheck", SEGMENTED, "heapcheck=1"),
];

fn main() {
    let args = Arguments::from_args();
    let mut trials = Vec::new();
    for case in cases(&["run", "panic"]) {
        if case.source.contains("// nostress") {
            continue;
        }
        for &condition in CONDITIONS {
            if !condition.1.is_empty() && case.source.contains("// contiguous") {
                continue;
            }
            if condition.2.contains("gcstress") && case.source.contains("// nogcstress") {
                continue;
            }
            let case = case.clone();
            let name = format!("{}@{}", case.name, condition.0);
            trials.push(Trial::test(name, move || check(&case, condition).map_err(Into::into)));
        }
    }
    libtest_mimic::run(&args, trials).exit();
}

fn check(case: &Case, (name, flags, debug): Condition) -> Result<(), String> {
    let output = run_case_with(case, flags, debug);
    check_exit(case, &output, if case.kind == "panic" { 2 } else { 0 })?;
    let expected = |ext: &str| std::fs::read_to_string(case.path.with_extension(ext)).unwrap_or_default();
    let stderr = if case.kind == "panic" {
        normalize_trace(&output.stderr, case.path.parent().expect("in a folder"))
    } else {
        output.stderr
    };
    for (ext, actual) in [("stdout", &output.stdout), ("stderr", &stderr)] {
        if expected(ext) != *actual {
            return Err(common::diff(&expected(ext), actual, &format!("{}.{ext} under {name}", case.name)));
        }
    }
    Ok(())
}
