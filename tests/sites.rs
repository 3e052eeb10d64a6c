//! What the report says and what the running program does: nothing is allocated where `-m` does not say heap.
//!
//! Every `run` program runs with its allocations counted per site (`MGODEBUG=allocsites=1`); each site in the
//! program's file that allocated has to be the place of a line `escapes to heap` or `moved to heap`.
//!
//! Go's report is silent at the closures made for `go f(x)` and for `defer f(x)` in loops, and at a `make` of variable
//! size that does not escape but turns out too large for the frame: `go` and `defer` statements, and such a `make`, are
//! let pass wherever they are and whatever they allocate. Interface data, growth by `append`, strings
//! and maps have no sites of their own.
//!
//! `mgo explain` names these, too: with `allocsites=2` each line of the program that allocates anything has to be in
//! one of its reports. It does not name what a map needs to grow, nor errors of the runtime.

mod common;

use common::{Case, cases, mgo, run_case};
use libtest_mimic::{Arguments, Trial};
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Sites that allocated, in all programs.
static CHECKED: AtomicUsize = AtomicUsize::new(0);

fn main() {
    let args = Arguments::from_args();
    let whole = args.filter.is_none() && args.skip.is_empty() && !args.list;
    let trials = cases(&["run"])
        .into_iter()
        .map(|case| Trial::test(case.name.clone(), move || check(&case).map_err(Into::into)))
        .collect();
    let conclusion = libtest_mimic::run(&args, trials);
    let checked = CHECKED.load(Relaxed);
    // Were the counts printed in other words, all programs would pass.
    assert!(!whole || checked > 1000, "only {checked} sites allocated");
    conclusion.exit();
}

fn check(case: &Case) -> Result<(), String> {
    let file = case.path.file_name().expect("a file").to_string_lossy().into_owned();
    let build = ["build".to_string(), "-gcflags=-m".to_string(), file];
    let report = mgo(case.path.parent().expect("in a folder"), &build, "", &case.env);
    let heap: HashSet<&str> = report.stderr.lines().filter_map(heap_place).collect();
    let source: Vec<&str> = case.source.lines().collect();
    let output = run_case(case, "allocsites=2");
    let mut wrong = Vec::new();
    for (place, n) in output.stderr.lines().filter_map(allocating) {
        CHECKED.fetch_add(1, Relaxed);
        if !heap.contains(place) && !is_silent(&source, place, &heap) {
            wrong.push(format!("{place}: {n} allocations, but the report does not say heap\n"));
        }
    }
    let explained = explained_lines(case);
    for line in output.stderr.lines().filter_map(allocating_line) {
        let text = source.get(line as usize - 1).copied().unwrap_or_default();
        // Indexing may panic, or put into a map; assertions and comparisons may panic.
        let may_be_runtime = ["[", ".(", "=="].iter().any(|s| text.contains(s));
        CHECKED.fetch_add(1, Relaxed);
        if !explained.contains(&line) && !may_be_runtime {
            wrong.push(format!("line {line} allocates, but `mgo explain` does not name it: {text}\n"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.concat()) }
}

/// The line of the program for a line on allocations that one of its functions itself asked for.
fn allocating_line(line: &str) -> Option<u64> {
    let (_, calls) = line.strip_prefix("runtime: ")?.split_once(" allocations in ")?;
    let first = calls.split(' ').next()?.strip_prefix("main.")?;
    first.rsplit_once(':')?.1.parse().ok()
}

/// The lines of places that `mgo explain` says are on the heap, or may be; for inlined code those of the calls.
fn explained_lines(case: &Case) -> HashSet<u64> {
    let file = case.path.file_name().expect("a file").to_string_lossy().into_owned();
    let args = ["explain".to_string(), "--all".to_string(), "--message-format=json".to_string(), file];
    let output = mgo(case.path.parent().expect("in a folder"), &args, "", &case.env);
    let mut lines = HashSet::new();
    for text in output.stdout.lines() {
        let e: serde_json::Value = serde_json::from_str(text).expect("one JSON object a line");
        let allocates = |e: &serde_json::Value| e["placement"] == "heap" || e["placement"] == "varies";
        let line = |place: &serde_json::Value| place["line"].as_u64().unwrap_or_default();
        let copies = e["copies"].as_array().map_or(&[][..], Vec::as_slice);
        for e in std::iter::once(&e).chain(copies).filter(|e| allocates(e)) {
            lines.extend(line(&e["span"]["start"])..=line(&e["span"]["end"]));
            lines.insert(line(&e["inlined"][0]["call"]["start"]));
            lines.insert(line(&e["moves"]["start"]));
        }
    }
    lines
}

/// The place of a line of the report that says heap.
fn heap_place(line: &str) -> Option<&str> {
    let (place, message) = line.split_once(": ")?;
    let says = message.starts_with("moved to heap: ") || message.ends_with(" escapes to heap");
    (says || message.strip_suffix(" does not escape").is_some_and(is_variable_make)).then_some(place)
}

/// `make([]T, n)` with a size that is not a constant.
fn is_variable_make(text: &str) -> bool {
    let sizes = text.strip_prefix("make(").and_then(|t| t.strip_suffix(')')).and_then(|t| t.split_once(", "));
    sizes.is_some_and(|(_, sizes)| !sizes.bytes().all(|b| b.is_ascii_digit() || b", ".contains(&b)))
}

/// Whether the report need not say heap for this place: see above.
fn is_silent(source: &[&str], place: &str, heap: &HashSet<&str>) -> bool {
    let mut parts = place.rsplitn(3, ':');
    let mut number = || parts.next().and_then(|p| p.parse::<usize>().ok());
    let (Some(column), Some(line)) = (number(), number()) else { return false };
    // The report has no columns beyond this one.
    if column > 255 {
        return heap.contains(place.rsplit_once(':').expect("a column").0);
    }
    let Some(text) = source.get(line.wrapping_sub(1)) else { return false };
    let rest = text.get(column.saturating_sub(1)..).unwrap_or_default();
    rest.starts_with("go ") || rest.starts_with("defer ")
}

/// The place and count of a line for a site in the program's own file.
fn allocating(line: &str) -> Option<(&str, &str)> {
    let (place, n) = line.strip_prefix("runtime: allocation site ")?.rsplit_once(": ")?;
    place.starts_with("./").then_some((place, n))
}
