//! Directives in comments: which declaration a `//go:` directive belongs to, and what `//line` says.
//!
//! Go's parser collects directives while it scans, gives them to a declaration when it has read its keyword,
//! and reports those that are left at certain tokens as misplaced. [`place`] finds these tokens.

#![forbid(unsafe_code)]

use crate::diag::Diagnostic;
use crate::source::{LineBase, Pos, SourceFile, Span};
use crate::syntax::ast::{Directive, Owner, Placed, VarShape};
use crate::syntax::constraint;
use crate::syntax::token::{Semi, Tok, Token};

/// What the directives of a file come to.
#[derive(Debug, Default)]
pub struct Directives {
    pub placed: Vec<Placed>,
    pub go_version: Option<u32>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Gives the directives of a file to its declarations.
pub fn place(src: &SourceFile, tokens: &[Token], directives: &[Directive]) -> Directives {
    if directives.is_empty() {
        return Directives::default();
    }
    let mut sweep = Sweep { tokens, events: Vec::new() };
    sweep.file();
    let mut out = Directives::default();
    let first = tokens.first().map_or(src.hi(), |t| t.span.lo);
    if let Some(Ok(c)) = constraint::of_file(directives.iter().filter(|d| d.span.lo < first)) {
        out.go_version = c.go_version();
    }
    let usable: Vec<bool> = directives.iter().map(|d| check(src, tokens, d, &mut out.diagnostics)).collect();
    let mut next = 0;
    for (at, owner) in sweep.events {
        let start = next;
        while directives.get(next).is_some_and(|d| d.span.lo < at) {
            next += 1;
        }
        let pending: Vec<usize> = (start..next).filter(|&i| usable[i]).collect();
        if pending.is_empty() {
            continue;
        }
        match owner {
            Some(owner) => out.placed.push(Placed { at, owner, directives: pending }),
            None => {
                for d in pending.into_iter().map(|i| &directives[i]) {
                    if let Some(message) = misplaced(&d.text) {
                        out.diagnostics.push(error(d, message));
                    }
                }
            }
        }
    }
    out
}

/// An error behind the slashes of a directive's comment.
pub fn error(d: &Directive, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("MisplacedDirective", Span::new(d.span.lo.offset(2), d.span.hi), message)
}

/// What to say of a directive where none may be: nothing, for those that Go's compiler does not know.
pub fn misplaced(text: &str) -> Option<&'static str> {
    match verb(text) {
        "go:embed" => Some("misplaced go:embed directive"),
        "go:linkname" | "go:linknamestd" => None,
        v => (is_known(v)).then_some("misplaced compiler directive"),
    }
}

/// The first word of a directive.
pub fn verb(text: &str) -> &str {
    text.split(' ').next().unwrap_or(text)
}

fn is_known(verb: &str) -> bool {
    verb == "go:build" || is_for_functions(verb)
}

/// Whether a directive may stand in front of a function.
pub fn is_for_functions(verb: &str) -> bool {
    const FUNCS: &[&str] = &[
        "go:noescape",
        "go:norace",
        "go:nosplit",
        "go:noinline",
        "go:nocheckptr",
        "go:systemstack",
        "go:nowritebarrier",
        "go:nowritebarrierrec",
        "go:yeswritebarrierrec",
        "go:cgo_unsafe_args",
        "go:uintptrkeepalive",
        "go:uintptrescapes",
        "go:registerparams",
    ];
    FUNCS.contains(&verb)
}

/// Checks a directive for itself; whether a declaration can have it.
fn check(src: &SourceFile, tokens: &[Token], d: &Directive, out: &mut Vec<Diagnostic>) -> bool {
    if d.text.starts_with("line ") {
        return false;
    }
    let before = tokens[..tokens.partition_point(|t| t.span.lo < d.span.lo)]
        .iter()
        .rev()
        .find(|t| !matches!(t.tok, Tok::Semi(Semi::Newline | Semi::Eof)));
    let line = src.line_col(d.span.lo).line;
    if before.is_some_and(|t| src.line_col(t.span.hi).line == line) {
        out.push(error(d, "misplaced compiler directive"));
        return false;
    }
    let fields = d.text.split_whitespace().count();
    let message = match verb(&d.text) {
        "go:wasmimport" if fields != 3 => "usage: //go:wasmimport importmodule importname".to_owned(),
        "go:wasmexport" if fields != 2 => "usage: //go:wasmexport exportname".to_owned(),
        v @ ("go:linkname" | "go:linknamestd") if d.text.len() > v.len() && !(2..=3).contains(&fields) => {
            format!("usage: //{v} localname [linkname]")
        }
        "go:embed" => match embed_patterns(&d.text["go:embed".len()..]) {
            Ok(patterns) if patterns.is_empty() => "usage: //go:embed pattern...".to_owned(),
            Ok(_) => return true,
            Err(message) => {
                out.push(error(d, message));
                "usage: //go:embed pattern...".to_owned()
            }
        },
        v @ ("go:systemstack" | "go:nowritebarrier" | "go:nowritebarrierrec" | "go:yeswritebarrierrec") => {
            format!("//{v} only allowed in runtime")
        }
        "go:uintptrkeepalive" => "//go:uintptrkeepalive is only allowed in the standard library".to_owned(),
        v if v.starts_with("go:cgo_") => format!("//{} only allowed in cgo-generated code", d.text),
        _ => return true,
    };
    out.push(error(d, message));
    verb(&d.text) != "go:embed"
}

/// The patterns of a `//go:embed` directive.
///
/// # Errors
/// Go's text for what is not well-formed.
pub fn embed_patterns(mut args: &str) -> Result<Vec<String>, String> {
    let invalid = |args: &str| format!("invalid quoted string in //go:embed: {args}");
    let mut list = Vec::new();
    loop {
        args = args.trim();
        let (pattern, rest) = match args.as_bytes().first() {
            None => return Ok(list),
            Some(b'`') => {
                let end = args[1..].find('`').ok_or_else(|| invalid(args))?;
                (args[1..=end].to_owned(), &args[end + 2..])
            }
            Some(b'"') => {
                let mut escaped = false;
                let end = args[1..].find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                let end = end.ok_or_else(|| invalid(args))?;
                let quoted = &args[..end + 2];
                if !crate::syntax::literal::check_string(quoted.as_bytes()).is_empty() {
                    return Err(invalid(quoted));
                }
                let text = crate::syntax::literal::unquote(quoted);
                (String::from_utf8_lossy(&text).into_owned(), &args[end + 2..])
            }
            Some(_) => {
                let end = args.find(char::is_whitespace).unwrap_or(args.len());
                (args[..end].to_owned(), &args[end..])
            }
        };
        if rest.chars().next().is_some_and(|c| !c.is_whitespace()) {
            return Err(invalid(rest));
        }
        list.push(pattern);
        args = rest;
    }
}

/// Walks over the tokens of a file for the places where pending directives are taken or thrown out.
struct Sweep<'a> {
    tokens: &'a [Token],
    /// Ascending; without an owner, what is pending is misplaced.
    events: Vec<(Pos, Option<Owner>)>,
}

impl Sweep<'_> {
    fn tok(&self, i: usize) -> Option<Tok> {
        self.tokens.get(i).map(|t| t.tok)
    }

    fn event(&mut self, i: usize, owner: Option<Owner>) {
        let at = self.tokens.get(i).map_or(Pos(u32::MAX), |t| t.span.lo);
        self.events.push((at, owner));
    }

    fn file(&mut self) {
        let mut i = 0;
        if self.tok(0) == Some(Tok::Package) {
            self.event(1, Some(Owner::File));
            i = self.skip(1, false);
        }
        while let Some(tok) = self.tok(i) {
            i = match tok {
                Tok::Import | Tok::Const | Tok::Type | Tok::Var => self.group(i, false),
                Tok::Func => {
                    self.event(i + 1, Some(Owner::Func));
                    self.skip(i + 1, false)
                }
                _ => {
                    // The parser goes on at the next declaration, and so do directives.
                    let next = self.tokens[i + 1..].iter().position(|t| t.tok.starts_declaration());
                    i = next.map_or(self.tokens.len(), |n| i + 1 + n);
                    continue;
                }
            };
            // At the semicolon, or the end.
            self.event(i, None);
            i += 1;
        }
        self.event(self.tokens.len(), None);
    }

    /// A declaration whose keyword is token `i`; the index of the token that ends it.
    fn group(&mut self, i: usize, in_func: bool) -> usize {
        let keyword = self.tok(i);
        if self.tok(i + 1) != Some(Tok::LParen) {
            let owner = self.owner(keyword, i + 1, in_func);
            self.event(i + 1, owner);
            return self.skip(i + 1, in_func);
        }
        self.event(i + 1, None);
        let mut at = i + 2;
        loop {
            match self.tok(at) {
                None => return at,
                Some(Tok::RParen) => return self.skip(at + 1, in_func),
                Some(_) => {
                    let owner = self.owner(keyword, at, in_func);
                    self.event(at, owner);
                    at = self.skip(at, in_func);
                    if matches!(self.tok(at), Some(Tok::Semi(_))) {
                        at += 1;
                    }
                }
            }
        }
    }

    fn owner(&self, keyword: Option<Tok>, spec: usize, in_func: bool) -> Option<Owner> {
        match keyword? {
            Tok::Import => Some(Owner::Import),
            Tok::Const => Some(Owner::Const),
            Tok::Type => Some(Owner::Type),
            _ => {
                let mut at = spec;
                let mut several = false;
                while matches!(self.tok(at), Some(Tok::Name(_))) && self.tok(at + 1) == Some(Tok::Comma) {
                    several = true;
                    at += 2;
                }
                let typed = !matches!(self.tok(at + 1), Some(Tok::Assign | Tok::Semi(_)));
                let mut initialized = false;
                let mut depth = 0;
                while let Some(tok) = self.tok(at) {
                    match tok {
                        Tok::LParen | Tok::LBrack | Tok::LBrace => depth += 1,
                        Tok::RParen | Tok::RBrack | Tok::RBrace if depth > 0 => depth -= 1,
                        Tok::RParen | Tok::RBrack | Tok::RBrace => break,
                        Tok::Semi(_) if depth == 0 => break,
                        Tok::Assign if depth == 0 => initialized = true,
                        _ => {}
                    }
                    at += 1;
                }
                Some(Owner::Var(VarShape { several, initialized, typed, in_func }))
            }
        }
    }

    /// The index of the token that ends what token `i` is in: a semicolon, or a closing bracket that was not
    /// opened. Statements inside have places of their own.
    fn skip(&mut self, mut i: usize, in_func: bool) -> usize {
        let mut open = 0;
        let mut braces = u32::from(in_func);
        while let Some(tok) = self.tok(i) {
            match tok {
                Tok::LParen | Tok::LBrack | Tok::LBrackTypeParams => open += 1,
                Tok::LBrace => {
                    open += 1;
                    braces += 1;
                }
                Tok::RParen | Tok::RBrack | Tok::RBrace if open == 0 => return i,
                Tok::RParen | Tok::RBrack => open -= 1,
                Tok::RBrace => {
                    self.event(i, None);
                    open -= 1;
                    braces -= 1;
                }
                Tok::Semi(_) if open == 0 => return i,
                Tok::Semi(_) if braces > 0 => self.event(i, None),
                Tok::Const | Tok::Type | Tok::Var if braces > 0 && self.tok(i + 1) != Some(Tok::RParen) => {
                    // Ends at the statement's semicolon, or the brace behind the last one.
                    i = self.group(i, true);
                    continue;
                }
                _ => {}
            }
            i += 1;
        }
        i
    }
}

/// What the `//line` directives of a file say. `resolve` makes a file's name and path of what is written.
pub fn line_bases(
    src: &SourceFile,
    directives: &[Directive],
    resolve: &dyn Fn(&str) -> (String, String),
    out: &mut Vec<Diagnostic>,
) -> Vec<LineBase> {
    let mut bases: Vec<LineBase> = Vec::new();
    for d in directives {
        let Some(text) = d.text.strip_prefix("line ") else { continue };
        let Some(colon) = text.rfind(':') else { continue };
        let mut bad = |at: usize, what: &str| {
            let lo = d.span.lo.offset((2 + "line ".len() + at) as u32);
            let message = format!("invalid {what} number: {}", &text[at..]);
            out.push(Diagnostic::error("InvalidLineDirective", Span::new(lo, d.span.hi), message));
        };
        let Some(n) = number(&text[colon + 1..]) else {
            bad(colon + 1, "line");
            continue;
        };
        let second = text[..colon].rfind(':').and_then(|i| Some((i, number(&text[i + 1..colon])?)));
        let (line, line_at, col, name) = match second {
            Some((i, line)) => {
                if n == 0 || n > MAX {
                    bad(colon + 1, "column");
                    continue;
                }
                (line, i + 1, n, &text[..i])
            }
            None => (n, colon + 1, 0, &text[..colon]),
        };
        if line == 0 || line > MAX {
            bad(line_at, "line");
            continue;
        }
        let (name, path) = match (name, second) {
            ("", Some(_)) => match bases.last() {
                Some(last) => (last.name.clone(), last.path.clone()),
                None => (src.name.clone(), src.path.clone()),
            },
            ("", None) => (String::new(), String::new()),
            (name, _) => resolve(name),
        };
        let is_line_comment = src.text[(d.span.lo.0 - src.lo.0) as usize + 1] == b'/';
        let end = d.span.hi.0 - src.lo.0;
        let offset = if is_line_comment { end + 1 } else { end };
        if offset as usize <= src.text.len() {
            bases.push(LineBase { offset, name, path, line: line as u32, col: col as u32 });
        }
    }
    bases
}

/// Largest line and column.
const MAX: u64 = 1 << 30;

fn number(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}
