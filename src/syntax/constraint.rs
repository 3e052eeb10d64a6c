//! Build constraints: the expression of a `//go:build` line, and which language version it implies.
//!
//! ```text
//! or  = and { "||" and }      and = not { "&&" not }      not = "!" not | "(" or ")" | tag
//! ```

#![forbid(unsafe_code)]

use super::ast::Directive;

/// A constraint on tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    Tag(String),
    Not(Box<Constraint>),
    And(Box<Constraint>, Box<Constraint>),
    Or(Box<Constraint>, Box<Constraint>),
}

/// How deep a constraint may be nested.
const MAX_DEPTH: u32 = 1000;

/// Parses what stands behind `//go:build`.
///
/// # Errors
/// What is wrong with it, in Go's words.
pub fn parse(text: &str) -> Result<Constraint, String> {
    let mut p = Parser { text, at: 0, depth: 0 };
    let c = p.or()?;
    match p.next()? {
        "" => Ok(c),
        tok => Err(format!("unexpected token {tok}")),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl<'a> Parser<'a> {
    /// The next token; empty at the end.
    fn next(&mut self) -> Result<&'a str, String> {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start_matches([' ', '\t']);
        let start = self.text.len() - trimmed.len();
        let len = match trimmed.as_bytes() {
            [] => 0,
            [b'(' | b')' | b'!', ..] => 1,
            [b'&', b'&', ..] | [b'|', b'|', ..] => 2,
            [c @ (b'&' | b'|'), ..] => return Err(format!("invalid syntax at {}", char::from(*c))),
            _ => {
                let is_tag = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
                let len = trimmed.find(|c| !is_tag(c)).unwrap_or(trimmed.len());
                if len == 0 {
                    let c = trimmed.chars().next().unwrap_or(' ');
                    return Err(format!("invalid syntax at {c}"));
                }
                len
            }
        };
        self.at = start + len;
        Ok(&trimmed[..len])
    }

    fn peek(&mut self) -> Result<&'a str, String> {
        let at = self.at;
        let tok = self.next()?;
        self.at = at;
        Ok(tok)
    }

    fn or(&mut self) -> Result<Constraint, String> {
        let mut x = self.and()?;
        while self.peek()? == "||" {
            self.next()?;
            x = Constraint::Or(Box::new(x), Box::new(self.and()?));
        }
        Ok(x)
    }

    fn and(&mut self) -> Result<Constraint, String> {
        let mut x = self.not()?;
        while self.peek()? == "&&" {
            self.next()?;
            x = Constraint::And(Box::new(x), Box::new(self.not()?));
        }
        Ok(x)
    }

    fn not(&mut self) -> Result<Constraint, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("build expression too large".into());
        }
        let x = match self.next()? {
            "!" => {
                if self.peek()? == "!" {
                    return Err("double negation not allowed".into());
                }
                Constraint::Not(Box::new(self.not()?))
            }
            "(" => {
                const END: &str = "unexpected end of expression";
                let x = self.or().map_err(|e| if e == END { "missing close paren".into() } else { e })?;
                if self.next()? != ")" {
                    return Err("missing close paren".into());
                }
                x
            }
            "" => return Err("unexpected end of expression".into()),
            tok @ (")" | "&&" | "||") => return Err(format!("unexpected token {tok}")),
            tag => Constraint::Tag(tag.to_owned()),
        };
        self.depth -= 1;
        Ok(x)
    }
}

impl Constraint {
    /// Whether it holds where `has` says which tags are set.
    pub fn holds(&self, has: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Constraint::Tag(tag) => has(tag),
            Constraint::Not(x) => !x.holds(has),
            Constraint::And(x, y) => x.holds(has) && y.holds(has),
            Constraint::Or(x, y) => x.holds(has) || y.holds(has),
        }
    }

    /// The lowest version 1.N whose tag must be set for it to hold, if there is one.
    pub fn go_version(&self) -> Option<u32> {
        self.min_version(true)
    }

    /// `positive`: the version implied by the constraint; else by its negation.
    fn min_version(&self, positive: bool) -> Option<u32> {
        match self {
            Constraint::Tag(tag) if positive => version_tag(tag),
            Constraint::Tag(_) => None,
            Constraint::Not(x) => x.min_version(!positive),
            Constraint::And(x, y) | Constraint::Or(x, y) => {
                let (x_min, y_min) = (x.min_version(positive), y.min_version(positive));
                let both = matches!(self, Constraint::And(..)) == positive;
                if both { x_min.max(y_min) } else { x_min.min(y_min) }
            }
        }
    }
}

/// N of the tag `go1.N`.
pub fn version_tag(tag: &str) -> Option<u32> {
    match tag {
        "go1" => Some(0),
        _ => tag.strip_prefix("go1.")?.parse().ok(),
    }
}

/// The constraint in a file's `//go:build` line among these directives, the ones in front of its package clause.
pub fn of_file<'a>(directives: impl Iterator<Item = &'a Directive>) -> Option<Result<Constraint, String>> {
    let mut found = None;
    for d in directives {
        if let Some(rest) = d.text.strip_prefix("go:build")
            && rest.starts_with([' ', '\t'])
        {
            found = Some(parse(rest));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let holds = |text: &str| parse(text).map(|c| c.holds(&|t| t == "linux" || t == "go1.18"));
        assert_eq!(holds("linux && !windows"), Ok(true));
        assert_eq!(holds("!(linux || windows)"), Ok(false));
        assert_eq!(holds("windows || linux && go1.18"), Ok(true));
        assert_eq!(holds("linux && ("), Err("missing close paren".into()));
        assert_eq!(holds("linux windows"), Err("unexpected token windows".into()));
        assert_eq!(holds("!!linux"), Err("double negation not allowed".into()));
    }

    #[test]
    fn versions() {
        let version = |text: &str| parse(text).ok().and_then(|c| c.go_version());
        assert_eq!(version("go1.18"), Some(18));
        assert_eq!(version("go1.18 && go1.20"), Some(20));
        assert_eq!(version("go1.18 || go1.20"), Some(18));
        assert_eq!(version("go1.18 || linux"), None);
        assert_eq!(version("!go1.18"), None);
        assert_eq!(version("linux && go1.21"), Some(21));
    }
}
