//! Source files and positions.
//!
//! All files of a compilation lie one behind the other in one address space, so that a position is one
//! `u32` and a span two. Invariant: a [`Pos`] that [is some](Pos::is_some) belongs to exactly one file;
//! files are separated by at least one position, so `hi` of a file never equals `lo` of the next.

#![forbid(unsafe_code)]

use std::sync::{Arc, OnceLock};

/// A byte position in a [`SourceMap`]. 0 is "no position".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Pos(pub u32);

impl Pos {
    /// No position: compiler-made code.
    pub const NONE: Pos = Pos(0);

    /// No position, and none is shown: variables that Go's compiler makes while it still has the syntax.
    pub const UNKNOWN: Pos = Pos(u32::MAX);

    /// Whether this is a real position.
    pub fn is_some(self) -> bool {
        self != Pos::NONE && self != Pos::UNKNOWN
    }

    /// The position `bytes` further on.
    pub fn offset(self, bytes: u32) -> Pos {
        Pos(self.0 + bytes)
    }
}

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Span {
    /// First byte.
    pub lo: Pos,
    /// One past the last byte.
    pub hi: Pos,
}

impl Span {
    /// No source: compiler-made code.
    pub const NONE: Span = Span { lo: Pos::NONE, hi: Pos::NONE };

    /// The span from `lo` up to `hi`.
    pub fn new(lo: Pos, hi: Pos) -> Span {
        Span { lo, hi }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        if !self.lo.is_some() {
            return other;
        }
        if !other.lo.is_some() {
            return self;
        }
        Span { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    /// The empty span at the start of this one.
    pub fn start(self) -> Span {
        Span { lo: self.lo, hi: self.lo }
    }
}

/// Index of a file in a [`SourceMap`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId(pub u32);

/// A resolved position: 1-based line and 1-based column in bytes, as Go prints them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LineCol {
    pub line: u32,
    pub col: u32,
}

/// One source file.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as messages print it: `./x.go` for files named on the command line, `$GOROOT/src/fmt/print.go`
    /// for the embedded library.
    pub name: String,
    /// Absolute path, as traces print it.
    pub path: String,
    /// The bytes. Not necessarily UTF-8: the lexer reports what is not.
    pub text: Arc<[u8]>,
    /// Position of the first byte.
    pub lo: Pos,
    /// Where lines begin: found out when first asked, since most files of the library never are.
    lines: OnceLock<Vec<u32>>,
    /// `//line` directives, ascending.
    bases: Vec<LineBase>,
}

/// A `//line` directive: from `offset` on, positions are given relative to it.
#[derive(Debug, Clone)]
pub struct LineBase {
    /// Byte offset of what follows the directive.
    pub offset: u32,
    /// As messages print it, and as traces do.
    pub name: String,
    pub path: String,
    pub line: u32,
    /// 0: columns are not known.
    pub col: u32,
}

/// A position as it is told to users: `//line` directives applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presumed<'a> {
    /// As in [`SourceFile::name`] and [`SourceFile::path`].
    pub name: &'a str,
    pub path: &'a str,
    pub line: u32,
    /// 0: not known.
    pub col: u32,
    /// Which directive applies, counted from 1.
    pub base: usize,
}

impl SourceFile {
    /// Offsets of the lines' first bytes.
    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = self.text.iter().enumerate().filter(|(_, b)| **b == b'\n');
            std::iter::once(0).chain(ends.map(|(i, _)| i as u32 + 1)).collect()
        })
    }

    /// Position one past the last byte.
    pub fn hi(&self) -> Pos {
        self.lo.offset(self.text.len() as u32)
    }

    /// Line and column of a position inside this file.
    pub fn line_col(&self, pos: Pos) -> LineCol {
        let offset = pos.0 - self.lo.0;
        let lines = self.lines();
        let line = lines.partition_point(|&start| start <= offset);
        LineCol { line: line as u32, col: offset - lines[line - 1] + 1 }
    }

    /// The position as `//line` directives want it told.
    pub fn presumed(&self, pos: Pos) -> Presumed<'_> {
        let at = self.line_col(pos);
        let base = self.bases.partition_point(|b| b.offset <= pos.0 - self.lo.0);
        let Some(b) = base.checked_sub(1).map(|i| &self.bases[i]) else {
            return Presumed { name: &self.name, path: &self.path, line: at.line, col: at.col, base };
        };
        let from = self.line_col(self.lo.offset(b.offset));
        let col = match b.col {
            0 => 0,
            c if at.line == from.line => c + (at.col - from.col),
            _ => at.col,
        };
        Presumed { name: &b.name, path: &b.path, line: b.line + (at.line - from.line), col, base }
    }

    /// Whether there are `//line` directives.
    pub fn has_line_bases(&self) -> bool {
        !self.bases.is_empty()
    }

    /// The bytes of the 1-based `line`, without its line end.
    pub fn line_text(&self, line: u32) -> &[u8] {
        let lines = self.lines();
        let start = lines[line as usize - 1] as usize;
        let end = lines.get(line as usize).map_or(self.text.len(), |&e| e as usize - 1);
        let text = &self.text[start..end.max(start)];
        text.strip_suffix(b"\r").unwrap_or(text)
    }

    /// Number of lines.
    pub fn n_lines(&self) -> u32 {
        self.lines().len() as u32
    }
}

/// All files of a compilation, and the places that code was copied from when it was inlined.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    inlined: Vec<Inlined>,
    /// What Go calls the package being compiled, in front of messages about it.
    pub label: String,
    /// Places are printed without columns.
    pub no_columns: bool,
}

/// A range of positions, behind those of all files, that stands for a function's source as inlined at one
/// call. Each inlined call has a range of its own, so a position tells how its code got where it is.
#[derive(Debug, Clone)]
pub struct Inlined {
    lo: Pos,
    hi: Pos,
    /// What the positions are ahead of the function's own.
    shift: u32,
    /// The call; itself in such a range where the calling code was inlined.
    pub call: Pos,
    /// The function that was called, as traces name it.
    pub func: &'static str,
    /// The function is made by the compiler and its code has no place in the callers': messages about it are
    /// at the function itself.
    pub synthetic: bool,
}

/// The files of a compilation do not fit the 4 GiB position space.
#[derive(Debug)]
pub struct TooLarge;

impl SourceMap {
    /// Adds a file.
    ///
    /// # Errors
    /// [`TooLarge`] when all files together exceed the position space.
    pub fn add(&mut self, name: String, path: String, text: Vec<u8>) -> Result<FileId, TooLarge> {
        let lo = self.files.last().map_or(1, |f| f.hi().0 + 1);
        if text.len() as u64 + u64::from(lo) + 1 >= u64::from(u32::MAX) {
            return Err(TooLarge);
        }
        let id = FileId(self.files.len() as u32);
        self.files.push(SourceFile {
            name,
            path,
            text: text.into(),
            lo: Pos(lo),
            lines: OnceLock::new(),
            bases: Vec::new(),
        });
        Ok(id)
    }

    /// Notes the `//line` directives of a file.
    pub fn set_line_bases(&mut self, file: FileId, bases: Vec<LineBase>) {
        self.files[file.0 as usize].bases = bases;
    }

    /// Makes a range for the source from `lo` to `hi` inlined at `call`, and returns what to add to positions;
    /// `None` when there are no positions left. No files can be added afterwards.
    pub fn add_inlined(&mut self, lo: Pos, hi: Pos, call: Pos, func: &'static str, synthetic: bool) -> Option<u32> {
        let start = match self.inlined.last() {
            Some(last) => last.hi.0 + 2,
            None => self.files.last().map_or(1, |f| f.hi().0 + 2),
        };
        let len = hi.0.checked_sub(lo.0)?;
        let end = start.checked_add(len)?.checked_add(2)?;
        if end == u32::MAX {
            return None;
        }
        let shift = start - lo.0;
        self.inlined.push(Inlined { lo: Pos(start), hi: Pos(start + len), shift, call, func, synthetic });
        Some(shift)
    }

    /// How the code at `pos` was inlined, if it was: a number for the place, and what is known of it.
    pub fn inlined_at(&self, pos: Pos) -> Option<(usize, &Inlined)> {
        let i = self.inlined.partition_point(|r| r.lo <= pos).checked_sub(1)?;
        let range = &self.inlined[i];
        (pos <= range.hi).then_some((i, range))
    }

    /// Where the code at `pos` was written.
    pub fn original(&self, pos: Pos) -> Pos {
        match self.inlined_at(pos) {
            Some((_, range)) => Pos(pos.0 - range.shift),
            None => pos,
        }
    }

    /// The place in the function that the code at `pos` ended up in: the outermost inlined call.
    pub fn outermost(&self, mut pos: Pos) -> Pos {
        // Ends: a call lies in an earlier range than what was inlined there.
        while let Some((_, range)) = self.inlined_at(pos) {
            if range.synthetic {
                return self.original(pos);
            }
            pos = range.call;
        }
        pos
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files, in the order they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i as u32), f))
    }

    /// The file that holds `pos`, or `None` for what is no position.
    pub fn lookup(&self, pos: Pos) -> Option<(FileId, &SourceFile)> {
        if !pos.is_some() {
            return None;
        }
        let pos = self.original(pos);
        let i = self.files.partition_point(|f| f.lo <= pos).checked_sub(1)?;
        Some((FileId(i as u32), &self.files[i]))
    }

    /// `name:line:col` of a position (of the call, for inlined code), as Go's compiler prints it; `<autogenerated>:1`
    /// for none, `<unknown line number>` for [`Pos::UNKNOWN`].
    pub fn describe(&self, pos: Pos) -> String {
        let pos = self.outermost(pos);
        match self.lookup(pos) {
            Some((_, f)) => {
                let p = f.presumed(pos);
                if p.col == 0 || self.no_columns {
                    format!("{}:{}", p.name, p.line)
                } else {
                    format!("{}:{}:{}", p.name, p.line, p.col)
                }
            }
            None if pos == Pos::UNKNOWN => "<unknown line number>".into(),
            None => "<autogenerated>:1".into(),
        }
    }

    /// The bytes of a span.
    pub fn text(&self, span: Span) -> &[u8] {
        let span = Span { lo: self.original(span.lo), hi: self.original(span.hi) };
        match self.lookup(span.lo) {
            Some((_, f)) => &f.text[(span.lo.0 - f.lo.0) as usize..(span.hi.0 - f.lo.0) as usize],
            None => &[],
        }
    }
}
