//! Showing what was found.

use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostics, Severity, codes, render};

use crate::cli::Format;
use crate::spec::SpecFiles;
use crate::terminal::Terminal;

/// More pictures than this nobody reads.
const MOST_PICTURES: usize = 100;

/// How findings are to be shown.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    /// As pictures or as data.
    pub(crate) format: Format,
    /// At most so many; without a number all of them as data, and a hundred as pictures.
    pub(crate) limit: Option<usize>,
    /// Whether matters of taste are among them.
    pub(crate) advice: bool,
}

impl Shown {
    /// As commands show them whose answer is something else.
    pub(crate) const IN_PASSING: Self = Self {
        format: Format::Human,
        limit: None,
        advice: false,
    };
}

/// Shows the findings: pictures to standard error, data to standard output.
pub(crate) fn show(
    findings: &Diagnostics,
    spec: &SpecFiles,
    shown: Shown,
    terminal: &mut Terminal,
) {
    let files = spec.for_rendering();
    let mut listed = findings.clone();
    if !shown.advice {
        listed.without_advice();
    }
    let total = total(&listed);
    let most = match shown.format {
        Format::Human => MOST_PICTURES,
        _ => usize::MAX,
    };
    let omitted = listed.keep_worst(shown.limit.unwrap_or(most));
    match shown.format {
        Format::Short => terminal.out(&render::short(&listed, &files)),
        Format::Json => terminal.out(&render::json(&listed, &files)),
        Format::Sarif => terminal.out(&render::sarif(&listed, &files)),
        Format::Github => terminal.out(&render::github(&listed, &files)),
        Format::Human => {
            let paint = terminal.paint_err();
            let pictures = render::human(&listed, &files, &paint.handler(), terminal.columns());
            terminal.err(&pictures);
            if listed.is_empty() {
                return;
            }
            if omitted > 0 {
                terminal.err(&format!(
                    "… and {omitted} more; `appspecc check --format short` lists them\n\n"
                ));
            }
            terminal.err(&render::unread(findings, &files));
            terminal.err(&if findings.has_errors() {
                format!("{}\n", paint.red(&total))
            } else {
                format!("{}\n", paint.yellow(&total))
            });
            if !terminal.quiet {
                terminal.err(&format!("{}\n", paint.dim(&hint(&listed))));
            }
        }
    }
}

/// `2 errors, 1 warning in 3 files`
fn total(findings: &Diagnostics) -> String {
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Advice]
        .into_iter()
        .filter_map(|severity| {
            let count = findings.count(severity);
            let word = severity.word();
            match (count, severity) {
                (0, _) => None,
                (1, Severity::Advice) => Some("1 piece of advice".to_owned()),
                (_, Severity::Advice) => Some(format!("{count} pieces of advice")),
                (1, _) => Some(format!("1 {word}")),
                (_, _) => Some(format!("{count} {word}s")),
            }
        })
        .collect();
    let files: BTreeSet<_> = findings
        .iter()
        .filter_map(|finding| finding.primary.as_ref())
        .map(|label| label.span.file)
        .collect();
    let whole = findings
        .iter()
        .filter_map(|finding| finding.whole_file.as_ref());
    let place = match files.len() + whole.collect::<BTreeSet<_>>().len() {
        0 => String::new(),
        1 => " in 1 file".to_owned(),
        count => format!(" in {count} files"),
    };
    format!("{}{place}{}", parts.join(", "), acknowledged(findings))
}

/// `, 2 acknowledged`
pub(crate) fn acknowledged(findings: &Diagnostics) -> String {
    match findings.acknowledged().len() {
        0 => String::new(),
        count => format!(", {count} acknowledged"),
    }
}

/// How to read more.
fn hint(findings: &Diagnostics) -> String {
    let codes: BTreeSet<&str> = findings.iter().map(|finding| finding.code.id).collect();
    let (more, code) = match (codes.len(), codes.first()) {
        (1, Some(code)) => (format!("For more about it: appspecc explain {code}"), *code),
        _ => (
            "For more about a finding: appspecc explain CODE".to_owned(),
            "CODE",
        ),
    };
    let needless = findings
        .iter()
        .all(|it| it.code == &codes::suppression::UNUSED || it.primary.is_none());
    if findings.has_errors() || needless {
        more
    } else {
        format!("{more}\nWhere it is meant, say so above it: suppress {code} \"reason\"")
    }
}

#[cfg(test)]
mod tests {
    use appspec_diagnostics::Diagnostic;

    use super::*;

    #[test]
    fn one_of_a_kind_is_told_in_the_singular() {
        let mut findings = Diagnostics::new();
        let codes = [
            &codes::world::NOT_UTF8,
            &codes::suppression::UNUSED,
            &codes::invariant::REDUNDANT,
        ];
        for code in codes {
            findings.push(Diagnostic::without_place(code, "one"));
        }
        assert_eq!(total(&findings), "1 error, 1 warning, 1 piece of advice");
        for code in codes {
            findings.push(Diagnostic::without_place(code, "another"));
        }
        assert_eq!(total(&findings), "2 errors, 2 warnings, 2 pieces of advice");
    }
}
