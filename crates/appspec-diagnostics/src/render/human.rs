use std::fmt;

use miette::ReportHandler;

use super::Files;
use super::fit::fit;
use super::picture::Pictures;
use super::report::Report;
use crate::{Diagnostic, Diagnostics};

/// Pictures for people: errors first, then warnings, then advice.
///
/// Messages, labels and help are set for a terminal of so many columns. The handler decides about colours and characters. It must
/// not wrap lines itself: a note that lies in another file is drawn inside the finding, and wrapping would break the
/// drawing.
pub fn human(
    findings: &Diagnostics,
    files: &Files<'_>,
    handler: &dyn ReportHandler,
    columns: usize,
) -> String {
    let pictures = Pictures::new(files);
    let mut ordered: Vec<&Diagnostic> = findings.iter().collect();
    ordered.sort_by_key(|finding| std::cmp::Reverse(finding.code.severity));
    let mut out = String::new();
    for finding in ordered {
        let report = Report::new(finding, &pictures, columns);
        let mut picture = String::new();
        let _ = fmt::write(
            &mut picture,
            format_args!(
                "{}\n",
                Drawn {
                    report: &report,
                    handler
                }
            ),
        );
        out.push_str(&fit(&picture, columns));
    }
    out
}

/// Lets a handler write into a string.
struct Drawn<'a> {
    report: &'a Report<'a>,
    handler: &'a dyn ReportHandler,
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.handler.debug(self.report, out)
    }
}
