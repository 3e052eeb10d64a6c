//! Rules of the house that a compiler does not check: who imports whom, headers, where `unsafe` may be.

mod common;

use std::path::Path;

use common::{files_below, root};

/// Module → what of the crate it may name. `abi`, `index`, `source` import nothing of ours.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("index", &[]),
    ("abi", &[]),
    ("diag", &["source", "index"]),
    ("syntax", &["diag", "source", "index"]),
    ("types", &["syntax", "diag", "source", "index"]),
    ("hir", &["types", "syntax", "diag", "source", "index"]),
    ("inline", &["hir", "types", "diag", "source", "index"]),
    ("escape", &["hir", "types", "diag", "source", "index"]),
    ("ssa", &["hir", "types", "abi", "diag", "source", "index"]),
    ("codegen", &["ssa", "hir", "types", "abi", "diag", "source", "index"]),
    ("runtime", &["abi"]),
    ("explain", &["escape", "hir", "types", "diag", "source", "index"]),
];

/// Where `unsafe` may stand.
const UNSAFE: &[&str] = &["src/runtime/", "src/abi/", "src/codegen/jit", "src/codegen/tests"];

fn sources() -> Vec<(String, String)> {
    let rs = |p: &Path| p.extension().is_some_and(|e| e == "rs");
    files_below(&root().join("src"), &rs)
        .into_iter()
        .map(|p| {
            let text = std::fs::read_to_string(&p).expect("sources are readable");
            (p.strip_prefix(root()).expect("below the root").display().to_string(), text)
        })
        .collect()
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn modules_import_what_they_may() {
    let mut problems = Vec::new();
    for (path, text) in sources() {
        let module = path.trim_start_matches("src/").split('/').next().unwrap_or_default();
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(m, _)| *m == module) else { continue };
        for (n, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for (at, _) in code.match_indices("crate::") {
                let name: String =
                    code[at + 7..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                let known = MAY_IMPORT.iter().any(|(m, _)| *m == name) || name == "driver";
                if known && name != module && !allowed.contains(&name.as_str()) {
                    problems.push(format!("{path}:{}: {module} may not use {name}", n + 1));
                }
            }
        }
    }
    report(&problems);
}

#[test]
fn files_open_with_their_purpose() {
    let problems: Vec<String> = sources()
        .iter()
        .filter(|(_, t)| !t.starts_with("//!"))
        .map(|(p, _)| format!("{p} does not open with //!"))
        .collect();
    report(&problems);
}

#[test]
fn unsafe_stays_in_its_rooms() {
    let mut problems = Vec::new();
    for (path, text) in sources() {
        if UNSAFE.iter().any(|u| path.starts_with(u)) {
            continue;
        }
        for (n, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern"].iter().any(|u| code.contains(u)) {
                problems.push(format!("{path}:{}: unsafe outside its rooms", n + 1));
            }
        }
    }
    report(&problems);
}

#[test]
fn nothing_is_left_for_later() {
    let words = [concat!("to", "do!("), concat!("unimple", "mented!("), concat!("FIX", "ME"), concat!("XX", "X")];
    let mut problems = Vec::new();
    for (path, text) in sources() {
        for (n, line) in text.lines().enumerate() {
            if words.iter().any(|w| line.contains(w)) {
                problems.push(format!("{path}:{}: {}", n + 1, line.trim()));
            }
        }
    }
    report(&problems);
}
