use std::fmt::Write;

use super::Files;
use super::clean::clean;
use super::cut::cut;
use crate::{Diagnostics, MOST_KEPT};

/// One line for each finding, as editors and continuous integration read them:
/// `file:line:column: severity[code]: message`.
pub fn short(findings: &Diagnostics, files: &Files<'_>) -> String {
    let mut out = String::new();
    for finding in findings {
        if let Some(label) = &finding.primary {
            let (line, column) = files.position(label.span);
            let name = files.name(label.span.file);
            let _ = write!(out, "{}:{line}:{column}: ", clean(&name));
        } else if let Some(file) = &finding.whole_file {
            let _ = write!(out, "{}:1:1: ", clean(file));
        }
        let severity = finding.code.severity.word();
        let message = clean(&cut(&finding.message)).replace('\n', " ");
        let _ = writeln!(out, "{severity}[{}]: {message}", finding.code.id);
    }
    out.push_str(&unread(findings, files));
    out
}

/// One line for each file with more findings than are kept; empty where all are.
pub fn unread(findings: &Diagnostics, files: &Files<'_>) -> String {
    let mut out = String::new();
    for (file, more) in findings.unread() {
        let name = files.name(file);
        let _ = writeln!(
            out,
            "{}: {more} more findings are not shown; mend the first {MOST_KEPT}, then check again",
            clean(&name)
        );
    }
    out
}
