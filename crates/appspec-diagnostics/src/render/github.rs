use std::fmt::Write;

use super::Files;
use super::clean::clean;
use super::cut::{cut, cut_help};
use crate::{Diagnostics, Severity};

/// Workflow commands, which GitHub shows beside the lines of a pull request.
///
/// Source: GitHub's documentation of workflow commands; what is escaped follows `@actions/core`.
pub fn github(findings: &Diagnostics, files: &Files<'_>) -> String {
    let mut out = String::new();
    for finding in findings {
        let command = match finding.code.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "notice",
        };
        let _ = write!(out, "::{command} ");
        if let Some(label) = &finding.primary {
            let (line, column) = files.position(label.span);
            let (end_line, end_column) = files.position(label.span.at_end());
            let name = property(&clean(&files.name(label.span.file)));
            let _ = write!(out, "file={name},line={line},endLine={end_line},");
            // Columns are understood within one line only; the end is the last character, not the one behind it.
            if line == end_line {
                let last = end_column.saturating_sub(1).max(column);
                let _ = write!(out, "col={column},endColumn={last},");
            }
        } else if let Some(file) = &finding.whole_file {
            let _ = write!(out, "file={},line=1,", property(&clean(file)));
        }
        let message = match &finding.help {
            Some(help) => format!("{}\n{}", cut(&finding.message), cut_help(help)),
            None => cut(&finding.message).into_owned(),
        };
        let _ = writeln!(
            out,
            "title={}::{}",
            property(finding.code.id),
            data(&clean(&message))
        );
    }
    out
}

/// A message: it ends at the end of the line.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A value among others: it also ends at a comma or colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
