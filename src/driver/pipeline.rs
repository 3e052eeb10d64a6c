//! The order of the phases, and how long each took.

use std::fmt::{self, Write as _};
use std::time::{Duration, Instant};

use super::load::{Loaded, LoadedPackage};
use super::options::GcFlags;
use crate::diag::{Diagnostic, Severity, sort_and_dedup};
use crate::source::SourceMap;

/// A program up to escape analysis.
pub struct Front {
    pub sources: SourceMap,
    pub packages: Vec<LoadedPackage>,
    pub diagnostics: Vec<Diagnostic>,
}

/// How long each phase took, in order.
#[derive(Debug, Default)]
pub struct Timings(Vec<(&'static str, Duration)>);

impl Timings {
    /// Runs a phase and notes its time.
    pub fn time<T>(&mut self, phase: &'static str, body: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let out = body();
        self.0.push((phase, start.elapsed()));
        out
    }
}

impl fmt::Display for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        for (phase, time) in &self.0 {
            writeln!(out, "{phase:>10} {:9.3} ms", time.as_secs_f64() * 1e3)?;
        }
        f.write_str(&out)
    }
}

/// Checks, lowers and analyses a loaded program; stops at the first phase with errors.
pub fn front(loaded: Loaded, _flags: GcFlags, _timings: &mut Timings) -> Front {
    let mut front = Front { sources: loaded.sources, packages: loaded.packages, diagnostics: loaded.diagnostics };
    sort_and_dedup(&mut front.diagnostics);
    front
}

/// Whether there are errors among them.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}
