//! Labels and branch statements (spec, "Goto statements" and its neighbours).
//!
//! Go's compiler checks branches while parsing, so their errors come alone, before any type error. One pass
//! per function body; jumps forward wait in a list until their label turns up in an enclosing block.

use rustc_hash::FxHashMap;

use crate::diag::Diagnostic;
use crate::index::Symbol;
use crate::source::{Pos, SourceMap, Span};
use crate::syntax::ast::{Block, Decl, Expr, ExprKind, File, Ident, Stmt, StmtKind};
use crate::syntax::print;

/// Checks the branch statements of all functions of a file that the parser reported no errors in.
pub fn check_branches(file: &File, sources: &SourceMap, parse_errors: &[Pos], diagnostics: &mut Vec<Diagnostic>) {
    let mut finder = Finder { sources, parse_errors, diagnostics };
    for decl in &file.decls {
        finder.decl(decl);
    }
}

/// Finds function bodies, those of literals too.
struct Finder<'s, 'd> {
    sources: &'s SourceMap,
    parse_errors: &'s [Pos],
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Finder<'_, '_> {
    fn decl(&mut self, decl: &Decl) {
        match decl {
            Decl::Const(spec) => spec.values.iter().for_each(|e| self.expr(e)),
            Decl::Var(spec) => spec.values.iter().for_each(|e| self.expr(e)),
            Decl::Func(decl) => {
                if let Some(body) = &decl.body {
                    self.body(body);
                }
            }
            Decl::Type(_) | Decl::Bad(_) => {}
        }
    }

    fn body(&mut self, body: &Block) {
        self.stmts(&body.stmts);
        if self.parse_errors.iter().any(|&p| body.span.lo <= p && p <= body.span.hi) {
            return;
        }
        let mut scope = LabelScope {
            sources: self.sources,
            diagnostics: self.diagnostics,
            labels: FxHashMap::default(),
            blocks: Vec::new(),
        };
        scope.check(body);
    }

    fn stmts(&mut self, list: &[Stmt]) {
        for s in list {
            self.stmt(s);
        }
    }

    fn stmt(&mut self, s: &Stmt) {
        match &s.kind {
            StmtKind::Bad
            | StmtKind::Empty
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Goto(_)
            | StmtKind::Fallthrough => {}
            StmtKind::Decl(list) => list.iter().for_each(|d| self.decl(d)),
            StmtKind::Expr(e) | StmtKind::Go(e) | StmtKind::Defer(e) => self.expr(e),
            StmtKind::Send { chan, value } => {
                self.expr(chan);
                self.expr(value);
            }
            StmtKind::IncDec { x, .. } => self.expr(x),
            StmtKind::Assign { lhs, rhs, .. } => lhs.iter().chain(rhs).for_each(|e| self.expr(e)),
            StmtKind::AssignOp { lhs, rhs, .. } => {
                self.expr(lhs);
                self.expr(rhs);
            }
            StmtKind::Return(list) => list.iter().for_each(|e| self.expr(e)),
            StmtKind::Block(block) => self.stmts(&block.stmts),
            StmtKind::If { init, cond, then, els } => {
                init.iter().for_each(|s| self.stmt(s));
                self.expr(cond);
                self.stmts(&then.stmts);
                els.iter().for_each(|s| self.stmt(s));
            }
            StmtKind::For { init, cond, post, body } => {
                init.iter().for_each(|s| self.stmt(s));
                cond.iter().for_each(|e| self.expr(e));
                post.iter().for_each(|s| self.stmt(s));
                self.stmts(&body.stmts);
            }
            StmtKind::Range { key, value, x, body, .. } => {
                key.iter().chain(value).for_each(|e| self.expr(e));
                self.expr(x);
                self.stmts(&body.stmts);
            }
            StmtKind::Switch { init, tag, cases, .. } => {
                init.iter().for_each(|s| self.stmt(s));
                tag.iter().for_each(|e| self.expr(e));
                for c in cases {
                    c.values.iter().for_each(|e| self.expr(e));
                    self.stmts(&c.body);
                }
            }
            StmtKind::TypeSwitch { init, x, cases, .. } => {
                init.iter().for_each(|s| self.stmt(s));
                self.expr(x);
                cases.iter().for_each(|c| self.stmts(&c.body));
            }
            StmtKind::Select { cases, .. } => {
                for c in cases {
                    c.comm.iter().for_each(|s| self.stmt(s));
                    self.stmts(&c.body);
                }
            }
            StmtKind::Labeled { stmt, .. } => self.stmt(stmt),
        }
    }

    fn expr(&mut self, e: &Expr) {
        match &e.kind {
            ExprKind::FuncLit { body, .. } => self.body(body),
            ExprKind::CompositeLit { elems, .. } => elems.iter().for_each(|e| self.expr(e)),
            ExprKind::KeyValue(a, b) | ExprKind::Binary { x: a, y: b, .. } => {
                self.expr(a);
                self.expr(b);
            }
            ExprKind::Paren(x)
            | ExprKind::Selector(x, _)
            | ExprKind::TypeAssert(x, _)
            | ExprKind::TypeSwitchGuard(x)
            | ExprKind::Star(x)
            | ExprKind::Unary(_, x) => self.expr(x),
            ExprKind::Index(x, list) => {
                self.expr(x);
                list.iter().for_each(|e| self.expr(e));
            }
            ExprKind::Slice { x, lo, hi, max, .. } => {
                self.expr(x);
                for e in [lo, hi, max].into_iter().flatten() {
                    self.expr(e);
                }
            }
            ExprKind::Call { fun, args, .. } => {
                self.expr(fun);
                args.iter().for_each(|e| self.expr(e));
            }
            _ => {}
        }
    }
}

/// Index of a block in [`LabelScope::blocks`].
type BlockIdx = usize;

struct BlockInfo {
    parent: Option<BlockIdx>,
    start: Pos,
    /// The label of the statement the block belongs to.
    label: Option<Symbol>,
}

/// What a labelled statement is.
#[derive(Clone, Copy, PartialEq)]
enum Labeled {
    Loop,
    Breakable,
    Other,
}

struct Label {
    parent: BlockIdx,
    ident: Ident,
    kind: Labeled,
    used: bool,
}

/// What unlabelled branches refer to.
#[derive(Clone, Copy, Default)]
struct Targets {
    breaks: bool,
    continues: bool,
    /// The innermost breakable statement is an expression switch (with that many clauses) or a type switch.
    switch: Option<Switch>,
    /// Index of the clause whose statement list this is.
    case: Option<usize>,
}

#[derive(Clone, Copy)]
enum Switch {
    Expr(usize),
    Type,
}

struct LabelScope<'s, 'd> {
    sources: &'s SourceMap,
    diagnostics: &'d mut Vec<Diagnostic>,
    labels: FxHashMap<Symbol, Label>,
    blocks: Vec<BlockInfo>,
}

impl LabelScope<'_, '_> {
    fn err(&mut self, span: Span, code: &'static str, message: String) {
        self.diagnostics.push(Diagnostic::error(code, span, message));
    }

    fn check(&mut self, body: &Block) {
        let list: Vec<&Stmt> = body.stmts.iter().collect();
        let forward = self.block(None, Targets::default(), None, body.span.lo, &list);
        for jump in forward {
            match self.labels.get_mut(&jump.name) {
                Some(label) => {
                    label.used = true;
                    let start = self.blocks[label.parent].start;
                    let message =
                        format!("goto {} jumps into block starting at {}", jump.name, self.sources.describe(start));
                    self.err(jump.span, "JumpIntoBlock", message);
                }
                None => self.err(jump.span, "UndeclaredLabel", format!("label {} not defined", jump.name)),
            }
        }
        let mut unused: Vec<Ident> = self.labels.values().filter(|l| !l.used).map(|l| l.ident).collect();
        unused.sort_by_key(|i| i.span.lo);
        for label in unused {
            self.err(label.span, "UnusedLabel", format!("label {} defined and not used", label.name));
        }
    }

    fn declare(&mut self, block: BlockIdx, ident: Ident, kind: Labeled) {
        if let Some(alt) = self.labels.get(&ident.name) {
            let message =
                format!("label {} already defined at {}", ident.name, self.sources.describe(alt.ident.span.lo));
            return self.err(ident.span, "DuplicateLabel", message);
        }
        self.labels.insert(ident.name, Label { parent: block, ident, kind, used: false });
    }

    /// Whether the label is in this or an enclosing block.
    fn goto_target(&mut self, block: BlockIdx, name: Symbol) -> bool {
        let Some(label) = self.labels.get_mut(&name) else { return false };
        label.used = true;
        let parent = label.parent;
        let mut at = Some(block);
        while let Some(b) = at {
            if b == parent {
                return true;
            }
            at = self.blocks[b].parent;
        }
        false
    }

    /// What the label's statement is, if that encloses the block; other labels do not count as any.
    fn enclosing_target(&mut self, block: BlockIdx, name: Symbol) -> Option<Labeled> {
        let label = self.labels.get_mut(&name)?;
        label.used = true;
        let kind = label.kind;
        let mut at = Some(block);
        while let Some(b) = at {
            if self.blocks[b].label == Some(name) {
                return Some(kind);
            }
            at = self.blocks[b].parent;
        }
        Some(Labeled::Other)
    }

    /// Checks a block; the jumps forward that found no label yet.
    fn block(
        &mut self,
        parent: Option<BlockIdx>,
        targets: Targets,
        label: Option<Symbol>,
        start: Pos,
        list: &[&Stmt],
    ) -> Vec<Ident> {
        let block = self.blocks.len();
        self.blocks.push(BlockInfo { parent, start, label });
        let mut forward: Vec<Ident> = Vec::new();
        // Jumps that are pending at a variable declaration must not end behind it.
        let mut bad: Vec<Ident> = Vec::new();
        let mut var: Option<(Pos, String)> = None;
        let end = list.iter().rposition(|s| !matches!(s.kind, StmtKind::Empty)).map_or(0, |i| i + 1);
        let list = &list[..end];
        for (i, &stmt) in list.iter().enumerate() {
            let mut label: Option<Symbol> = None;
            let mut stmt = stmt;
            while let StmtKind::Labeled { label: ident, stmt: inner } = &stmt.kind {
                if !ident.name.is_blank() {
                    let kind = match inner.kind {
                        StmtKind::For { .. } | StmtKind::Range { .. } => Labeled::Loop,
                        StmtKind::Switch { .. } | StmtKind::TypeSwitch { .. } | StmtKind::Select { .. } => {
                            Labeled::Breakable
                        }
                        _ => Labeled::Other,
                    };
                    self.declare(block, *ident, kind);
                    for jump in forward.extract_if(.., |j| j.name == ident.name) {
                        if let Some(l) = self.labels.get_mut(&ident.name) {
                            l.used = true;
                        }
                        if let Some((at, name)) = &var
                            && bad.iter().any(|b| b.id == jump.id)
                        {
                            let message = format!(
                                "goto {} jumps over declaration of {name} at {}",
                                jump.name,
                                self.sources.describe(*at)
                            );
                            self.diagnostics.push(Diagnostic::error("JumpOverDecl", jump.span, message));
                        }
                    }
                    label = Some(ident.name);
                }
                stmt = inner;
            }
            let last = i + 1 == list.len();
            match &stmt.kind {
                StmtKind::Decl(decls) => {
                    if let Some(spec) = decls.iter().find_map(|d| match d {
                        Decl::Var(spec) => Some(spec),
                        _ => None,
                    }) {
                        var = Some((spec.span.lo, spec.names.first().map_or(String::new(), |n| n.name.to_string())));
                        bad.clone_from(&forward);
                    }
                }
                StmtKind::Assign { lhs, define: true, .. } => {
                    let names: Vec<String> = lhs.iter().map(print::expr_string).collect();
                    var = Some((stmt.pos, names.join(", ")));
                    bad.clone_from(&forward);
                }
                StmtKind::Break(target) | StmtKind::Continue(target) => {
                    self.branch(block, targets, stmt, target.as_ref());
                }
                StmtKind::Fallthrough => self.fallthrough(targets, stmt, last),
                StmtKind::Goto(target) => {
                    if !self.goto_target(block, target.name) {
                        forward.push(*target);
                    }
                }
                _ => forward.extend(self.inner_blocks(block, targets, label, stmt)),
            }
        }
        forward
    }

    /// Checks the blocks inside a statement.
    fn inner_blocks(&mut self, block: BlockIdx, targets: Targets, label: Option<Symbol>, stmt: &Stmt) -> Vec<Ident> {
        let parent = Some(block);
        let plain = Targets { case: None, ..targets };
        match &stmt.kind {
            StmtKind::Block(b) => {
                let list: Vec<&Stmt> = b.stmts.iter().collect();
                self.block(parent, plain, label, b.span.lo, &list)
            }
            StmtKind::If { then, els, .. } => {
                let list: Vec<&Stmt> = then.stmts.iter().collect();
                let mut forward = self.block(parent, plain, label, then.span.lo, &list);
                if let Some(els) = els {
                    forward.extend(self.block(parent, plain, label, els.span.lo, &[els]));
                }
                forward
            }
            StmtKind::For { body, .. } | StmtKind::Range { body, .. } => {
                let inner = Targets { breaks: true, continues: true, switch: None, case: None };
                let list: Vec<&Stmt> = body.stmts.iter().collect();
                self.block(parent, inner, label, body.span.lo, &list)
            }
            StmtKind::Switch { cases, .. } | StmtKind::TypeSwitch { cases, .. } => {
                let switch = match stmt.kind {
                    StmtKind::Switch { .. } => Switch::Expr(cases.len()),
                    _ => Switch::Type,
                };
                let mut forward = Vec::new();
                for (i, c) in cases.iter().enumerate() {
                    let inner =
                        Targets { breaks: true, continues: targets.continues, switch: Some(switch), case: Some(i) };
                    let list: Vec<&Stmt> = c.body.iter().collect();
                    forward.extend(self.block(parent, inner, label, c.span.lo, &list));
                }
                forward
            }
            StmtKind::Select { cases, .. } => {
                let inner = Targets { breaks: true, continues: targets.continues, switch: None, case: None };
                let mut forward = Vec::new();
                for c in cases {
                    let list: Vec<&Stmt> = c.body.iter().collect();
                    forward.extend(self.block(parent, inner, label, c.span.lo, &list));
                }
                forward
            }
            _ => Vec::new(),
        }
    }

    fn branch(&mut self, block: BlockIdx, targets: Targets, stmt: &Stmt, target: Option<&Ident>) {
        let is_break = matches!(stmt.kind, StmtKind::Break(_));
        let Some(target) = target else {
            if is_break && !targets.breaks {
                let message = "break is not in a loop, switch, or select";
                self.err(stmt.span, "MisplacedBreak", message.into());
            } else if !is_break && !targets.continues {
                self.err(stmt.span, "MisplacedContinue", "continue is not in a loop".into());
            }
            return;
        };
        let word = if is_break { "break" } else { "continue" };
        match self.enclosing_target(block, target.name) {
            None => {
                let message = format!("{word} label not defined: {}", target.name);
                self.err(target.span, "UndeclaredLabel", message);
            }
            Some(Labeled::Loop) => {}
            Some(Labeled::Breakable) if is_break => {}
            Some(_) => {
                let message = format!("invalid {word} label {}", target.name);
                self.err(target.span, "MisplacedLabel", message);
            }
        }
    }

    fn fallthrough(&mut self, targets: Targets, stmt: &Stmt, last: bool) {
        let message = match (targets.switch, targets.case) {
            (Some(Switch::Type), _) => "cannot fallthrough in type switch",
            (Some(Switch::Expr(n)), Some(i)) if last => {
                if i + 1 < n {
                    return;
                }
                "cannot fallthrough final case in switch"
            }
            _ => "fallthrough statement out of place",
        };
        self.err(stmt.span, "MisplacedFallthrough", message.into());
    }
}
