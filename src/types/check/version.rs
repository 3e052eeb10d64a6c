//! Language versions: what a file may use by the `-lang` flag, its module or its `//go:build` line.
//!
//! The version applies to what is being checked, not to what that refers to; [`super::Env`] holds it.

use super::Checker;
use crate::source::{Pos, Span};
use crate::syntax::ast;

/// Stands for files without limit.
pub(super) const NEWEST: u32 = u32::MAX;

/// The language of this compiler is that of go1.N.
const CURRENT: u32 = 27;

/// A `//go:build` line cannot ask for less than this: older releases did not look there.
const OLDEST_OF_FILE: u32 = 21;

impl<'a> Checker<'a> {
    /// Notes the versions of a package's files, in front of their declarations.
    pub(super) fn file_versions(&mut self, lang: Option<u32>, files: &'a [ast::File]) {
        for file in files {
            let version = match file.go_version {
                Some(v) => v.max(OLDEST_OF_FILE),
                None => lang.unwrap_or(NEWEST),
            };
            if version < CURRENT {
                self.versions.insert(file.file, (version, lang, file.go_version));
            }
            if let Some(v) = file.go_version.filter(|&v| v > CURRENT) {
                let message = format!("file requires newer Go version go1.{v}");
                self.err(file.package.span, "TooNew", message);
            }
        }
    }

    /// The version that applies to declarations at `pos`.
    pub(super) fn version_at(&self, pos: Pos) -> u32 {
        if self.versions.is_empty() {
            return NEWEST;
        }
        let file = self.sources.lookup(pos).map(|(id, _)| id);
        file.and_then(|id| self.versions.get(&id)).map_or(NEWEST, |v| v.0)
    }

    /// Whether loops at `pos` have one set of variables for all iterations, as before go1.22.
    pub fn shared_loop_vars(&self, pos: Pos) -> bool {
        self.version_at(pos) < 22
    }

    /// Whether what is being checked may use what came with go1.N.
    pub(super) fn allow_version(&self, want: u32) -> bool {
        self.env.version >= want
    }

    /// Reports the use of something newer than allowed; whether it is allowed.
    pub(super) fn verify_version(&mut self, at: Span, want: u32, what: impl FnOnce(&Self) -> String) -> bool {
        if self.allow_version(want) {
            return true;
        }
        let what = what(self);
        self.version_error(at, want, &what);
        false
    }

    pub(super) fn version_error(&mut self, at: Span, want: u32, what: &str) {
        self.err(at, "UnsupportedFeature", format!("{what} requires go1.{want} or later"));
    }

    /// What is added to messages about versions: where the version comes from.
    pub(super) fn version_hint(&self, at: Pos, message: &str) -> Option<String> {
        if self.versions.is_empty() {
            return None;
        }
        let (_, rest) = message.split_once("requires go1.")?;
        if !rest.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(" or later") {
            return None;
        }
        let (id, _) = self.sources.lookup(at)?;
        let &(version, lang, file) = self.versions.get(&id)?;
        Some(if file == Some(version) {
            format!(" (file declares //go:build go1.{version})")
        } else {
            let lang = lang.unwrap_or(CURRENT);
            let lang = if lang == 0 { "go1".to_owned() } else { format!("go1.{lang}") };
            format!(" (-lang was set to {lang}; check go.mod)")
        })
    }
}
