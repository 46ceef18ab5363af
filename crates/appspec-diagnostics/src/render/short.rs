use std::fmt::Write;

use super::Files;
use super::clean::clean;
use crate::Diagnostics;

/// One line for each finding, as editors and continuous integration read them:
/// `file:line:column: severity[code]: message`.
pub fn short(findings: &Diagnostics, files: &Files<'_>) -> String {
    let mut out = String::new();
    for finding in findings {
        if let Some(label) = &finding.primary {
            let (line, column) = files.position(label.span);
            let name = files.name(label.span.file);
            let _ = write!(out, "{}:{line}:{column}: ", clean(&name));
        }
        let severity = finding.code.severity.word();
        let message = clean(&finding.message).replace('\n', " ");
        let _ = writeln!(out, "{severity}[{}]: {message}", finding.code.id);
    }
    out
}
