//! What a line and a column mean: the places there, or those whose ways lead past.

#![forbid(unsafe_code)]

use super::{Cx, Explanation, Place, Placement};
use crate::escape::{Decision, Site};
use crate::hir::ExprKind;
use crate::hir::facts::canonical;
use crate::source::{Pos, Span};

impl<'a> Cx<'a> {
    /// The groups at a line; with a column the narrowest there, or the variable that is used there.
    pub(super) fn selected<'g>(&self, groups: &'g [Vec<&'a Decision>], place: Place) -> Vec<&'g Vec<&'a Decision>> {
        let Some(line) = place.line else { return Vec::new() };
        let mut found: Vec<(u32, &Vec<&Decision>)> = Vec::new();
        let used = place.col.map_or_else(Vec::new, |_| self.used(place));
        for group in groups {
            let width = match place.col {
                None => group.iter().any(|d| self.at_line(d, place, line)).then_some(0),
                Some(_) => group.iter().filter_map(|d| self.width_at(d, place, &used)).min(),
            };
            if let Some(width) = width {
                found.push((width, group));
            }
        }
        if place.col.is_some() {
            let least = found.iter().map(|f| f.0).min();
            found.retain(|f| Some(f.0) == least);
        } else if found.iter().any(|(_, g)| !self.goes_without_saying(g)) {
            // Variables nobody takes the address of are only worth a word where there is nothing else.
            found.retain(|(_, g)| !self.goes_without_saying(g));
        }
        found.into_iter().map(|f| f.1).collect()
    }

    pub(super) fn goes_without_saying(&self, group: &[&Decision]) -> bool {
        self.is_plain(group[0])
            && self.placement(group[0]) == Placement::Stack
            && !matches!(group[0].site, Site::Local(f, l)
                if self.leaks.contains_key(&Site::Param(f, l))
                    || self.kind_of(group[0].site) == "parameter"
                        && self.e.printer.types.has_pointers(self.func(f).locals[l].ty))
    }

    /// Where it begins; for what is allocated also where the compiler says it is, the call that was inlined.
    fn at_line(&self, d: &Decision, place: Place, line: u32) -> bool {
        let at = |pos: Pos| {
            self.e.sources.lookup(pos).is_some_and(|(id, f)| {
                place.file.is_none_or(|file| file == id) && f.line_col(self.e.sources.original(pos)).line == line
            })
        };
        let allocates = matches!(self.placement(d), Placement::Heap | Placement::Varies);
        at(self.span_of(d).lo) || allocates && at(self.e.sources.outermost(d.pos))
    }

    fn holds(&self, span: Span, place: Place) -> bool {
        let Some((id, file)) = self.e.sources.lookup(span.lo) else { return false };
        if place.file.is_some_and(|f| f != id) {
            return false;
        }
        let (lo, hi) = (file.line_col(span.lo), file.line_col(span.hi.max(span.lo).min(file.hi())));
        let Some(line) = place.line else { return false };
        match place.col {
            None => lo.line <= line && line <= hi.line,
            Some(col) => {
                (lo.line, lo.col) <= (line, col)
                    && ((line, col) < (hi.line, hi.col) || lo == hi && (line, col) == (lo.line, lo.col))
            }
        }
    }

    /// How wide the source is that makes `d` the one at the place.
    fn width_at(&self, d: &Decision, place: Place, used: &[Site]) -> Option<u32> {
        let span = self.span_of(d);
        let outer = self.e.sources.outermost(d.pos);
        if self.holds(Span::new(outer, outer), place) || used.contains(&d.site) {
            return Some(0);
        }
        self.holds(span, place).then_some(span.hi.0 - span.lo.0)
    }

    /// The variables that are used at the place.
    fn used(&self, place: Place) -> Vec<Site> {
        let prog = self.e.printer.prog;
        let mut out = Vec::new();
        for f in prog.funcs.ids().filter(|&f| self.is_own(f)) {
            for e in prog.funcs[f].exprs.iter() {
                if let ExprKind::Local(l) = e.kind
                    && e.span.hi > e.span.lo
                    && self.holds(self.written(e.span), place)
                {
                    let (f, l) = canonical(prog, f, l);
                    out.push(Site::Local(f, l));
                }
            }
        }
        out
    }

    /// What is not there, but leads past on its way to the heap.
    pub(super) fn passing(&self, groups: &[Vec<&'a Decision>], place: Place) -> Vec<Explanation> {
        let mut out = Vec::new();
        for group in groups.iter().filter(|g| self.placement(g[0]) == Placement::Heap) {
            let mut e = self.explanation(group);
            if e.path.iter().any(|s| self.holds(s.span, place)) {
                e.passes = true;
                out.push(e);
            }
        }
        out
    }
}
