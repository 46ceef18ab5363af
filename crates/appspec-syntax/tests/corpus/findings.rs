//! Findings in a plain form: place, code, message, label, help and edits.

use std::fmt::Write as _;

use appspec_diagnostics::{Diagnostics, LineTable, Span};

/// One line for each finding; its other places and its edits indented below.
pub(crate) fn plain(text: &str, found: &Diagnostics) -> String {
    let table = LineTable::new(text);
    let place = |span: Span| {
        let (line, column) = table.position(text, span.start);
        format!("{line}:{column}")
    };
    let slice = |span: Span| {
        text.get(span.start as usize..span.end as usize)
            .expect("a span fits its file")
    };
    let mut out = String::new();
    for finding in found {
        let label = finding
            .primary
            .as_ref()
            .expect("a mistake in a file has a place");
        let (at, here) = (place(label.span), slice(label.span));
        writeln!(out, "{at} {} {}", finding.code.id, finding.message).expect("written");
        writeln!(out, "  at {here:?}: {}", label.text).expect("written");
        for note in &finding.notes {
            writeln!(out, "  note {}: {}", place(note.span), note.text).expect("written");
        }
        if let Some(help) = &finding.help {
            writeln!(out, "  help: {help}").expect("written");
        }
        for edit in &finding.edits {
            writeln!(
                out,
                "  edit {}: {:?} to {:?}",
                place(edit.span),
                slice(edit.span),
                edit.text
            )
            .expect("written");
        }
    }
    out
}
