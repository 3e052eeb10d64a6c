//! Values that one call takes as interfaces, in one report: `fmt.Println(a, b, c)` is one thing to people.

#![forbid(unsafe_code)]

use super::{Cx, Explanation, note};
use crate::diag::{Diagnostic, Label};
use crate::source::Span;

/// The call whose `...` arguments a value is among.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// All of the call.
    pub call: Span,
    /// What is called.
    pub by: String,
}

impl Cx<'_> {
    /// Puts one report in place of those about values that the same call takes.
    pub(super) fn group(&self, list: &mut [Explanation]) {
        let mut i = 0;
        while i < list.len() {
            let alike = |e: &&Explanation| {
                e.taken.is_some() && e.taken == list[i].taken && e.copies.is_empty() && e.inlined.is_empty()
            };
            let n = list[i..].iter().take_while(alike).count();
            if n > 1 {
                let report = self.together(&list[i..i + n]);
                list[i].report_for_all = Some(report);
                for e in &mut list[i + 1..i + n] {
                    e.told = true;
                }
            }
            i += n.max(1);
        }
    }

    fn together(&self, list: &[Explanation]) -> Diagnostic {
        let first = &list[0];
        let by = first.taken.as_ref().map_or("", |t| &t.by);
        let mut report = note(
            first.report.span,
            format!("{} values are copied to the heap, for the interfaces that {by} takes", list.len()),
        );
        for e in list {
            let size = match e.size {
                Some(1) => ", 1 byte".to_owned(),
                Some(n) => format!(", {n} bytes"),
                None => String::new(),
            };
            report.labels.push(Label { span: self.first_line(e.span), text: format!("{}{size}", e.ty) });
        }
        report.notes = first.report.notes.iter().filter(|n| !n.starts_with("help: ")).cloned().collect();
        let help = |e: &Explanation| e.advice.first().map(|a| a.text.clone());
        match help(first) {
            Some(text) if list.iter().all(|e| help(e).as_deref() == Some(&text)) => {
                report.notes.push(format!("help: {text}"));
            }
            Some(_) => report.notes.push(format!(
                "help: {by} takes interfaces: functions that take the values' own types, such as those of strconv and WriteString, need no conversion"
            )),
            None => {}
        }
        report
    }
}
